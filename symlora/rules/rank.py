"""A rank calculus: bounds for ranks of sums, products and transposes, found from the expression and from what is known.

Every bound is a citation of a theorem of the library (`matrix/rank-…`); what is left is arithmetic of naturals.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from symlora.kernel import words
from symlora.kernel.facts import Relation
from symlora.kernel.naturals import ONE, Atom, Nat
from symlora.kernel.printing import matrix_text, nat_text, relation_text
from symlora.kernel.words import Key, Matrix
from symlora.rules import bounds
from symlora.rules.instances import DEFINITIONS, Offer, Offers, bindings, letters_of, nat_patterns
from symlora.rules.ranges import Ranges, prove_index, prove_relation
from symlora.rules.scope import Failure, Scope

ROUNDS, MAX_FACTS = 4, 160


def has_rank(relation: Relation) -> bool:
    """Return whether a relation between naturals speaks of ranks."""
    return relation.kind in ("<=", "==") and any(name == "rank" for name, _ in _atoms(relation))


def _atoms(relation: Relation) -> Iterator[Atom]:
    for side in relation.sides:
        for monomial, _ in side:
            yield from monomial


class Calculus:
    """Bounds for the ranks that occur in a goal, added to a scope as facts."""

    def __init__(self, scope: Scope, names: Sequence[str]) -> None:
        self.scope, self.names = scope, names
        self.done: dict[Matrix, None] = {}
        self.pool: dict[Atom, None] = {}
        self.count = 0
        self.instances: dict[tuple[str, tuple[Nat, ...]], None] = {}

    def bound(
        self, text: str, naturals: dict[str, Nat], matrices: dict[str, Matrix], facts: Sequence[str] = ()
    ) -> None:
        """Cite one theorem about ranks and note the atoms of what it says."""
        if self.count >= MAX_FACTS:
            return
        self.count += 1
        self.scope.fetch(text)
        goals = len(self.scope.library.theorems[text].goals)
        names = [self.scope.name() for _ in range(goals)]
        ranges = Ranges(self.scope)
        proofs = {n: ranges.nonnegative(value) for n, value in naturals.items()}
        if any(proof is None for proof in proofs.values()):
            return
        self.scope.cite(
            text, {n: nat_text(v) for n, v in naturals.items()}, {n: matrix_text(m) for n, m in matrices.items()},
            list(facts), names, natural={n: p for n, p in proofs.items() if p},
        )  # fmt: skip
        for name in names:
            self.pool.update(dict.fromkeys(_atoms(self.scope.fact(name).body)))

    def expand(self, m: Matrix) -> None:
        """Add the bounds that the form of a matrix gives for its rank."""
        if m in self.done:
            return
        self.done[m] = None
        sizes = {"m": m.rows, "n": m.cols}
        self.bound(bounds.SIZE, sizes, {"A": m})
        if len(m.terms) > 1:
            first, rest = _part(m, m.terms[:1]), _part(m, m.terms[1:])
            self.bound(bounds.SUM, sizes, {"A": first, "B": rest})
        elif m.terms:
            self._product(m)
        else:
            self.bound(bounds.ZERO, sizes, {"A": m})
        self._equal(m)

    def _product(self, m: Matrix) -> None:
        ((loops, word), c) = m.terms[0]
        for at, x in enumerate(word):
            if len(word) == 1 and not x.flipped and c == 1 and not loops:
                return
            middle = words.letter(x)
            before = words.times(_monomial((loops, ()), c), words.identity(m.rows))
            for y in word[:at]:
                before = words.times(before, words.letter(y))
            after = words.identity(x.cols)
            for y in word[at + 1 :]:
                after = words.times(after, words.letter(y))
            sizes = {"m": m.rows, "n": x.rows, "p": x.cols, "q": m.cols}
            self.bound(bounds.MIDDLE, sizes, {"A": before, "B": middle, "C": after})
            if 0 < at < len(word) - 1:
                self._parts(before, middle, after)
            if x.flipped:
                self.bound(bounds.TRANSPOSE, {"m": x.cols, "n": x.rows}, {"A": words.transpose(middle)})

    def _parts(self, before: Matrix, middle: Matrix, after: Matrix) -> None:
        """Bound the rank of a product by those of its longer parts, on both sides of a letter."""
        one = words.identity
        for a, b, c in (
            (one(before.rows), words.times(before, middle), after),
            (before, words.times(middle, after), one(after.cols)),
        ):
            sizes = {"m": a.rows, "n": b.rows, "p": b.cols, "q": c.cols}
            self.bound(bounds.MIDDLE, sizes, {"A": a, "B": b, "C": c})

    def _equal(self, m: Matrix) -> None:
        """Carry the rank over to what equations in scope say the matrix equals, if that is simpler or a definition."""
        offers = Offers(self.scope)
        for name in self.names:
            offers.ground(name)
        offers.match(self.names, letters_of([m]), leading=True)
        for offer in list(offers.found):
            if offer.side or (offer.value.rows, offer.value.cols) != (m.rows, m.cols):
                continue
            for sign in (1, -1):
                gap = words.scale(offer.value, Fraction(sign))
                other = words.minus(m, gap)
                unfolds = len(m.terms) == 1 and offer.of.endswith((".step", ".def", ".start"))
                defined = unfolds and m.terms[0] in gap.terms
                shared = any(term in gap.terms for term in m.terms) and len(other.terms) <= len(m.terms)
                named = shared and offer.values is None and not offer.of.endswith(DEFINITIONS)
                if len(other.terms) < len(m.terms) or named or (defined and m.terms[0] not in other.terms):
                    self._same_rank(m, other, offers, offer, sign)

    def _same_rank(self, m: Matrix, other: Matrix, offers: Offers, offer: Offer, sign: int) -> None:
        fact = offers.emit(offer, {})
        equal = self.scope.name()
        text = f"{matrix_text(m)} = {matrix_text(other)}"
        self.scope.add({"rule": "eq", "fact": text, "by": [[str(sign), fact, "1"]], "as": equal})
        self.bound("axiom/rank-congruence", {"m": m.rows, "n": m.cols}, {"M": m, "N": other}, [equal])

    def instantiate(self) -> None:
        """Use the named quantified facts about naturals at the indices that occur in the atoms met so far."""
        offers = Offers(self.scope)
        for name in self.names:
            fact = self.scope.fact(name)
            if not fact.hints or fact.body.kind not in ("<=", "=="):
                continue
            for values in bindings(nat_patterns(fact.body), list(self.pool), len(fact.hints)):
                if (name, values) in self.instances or self.count >= MAX_FACTS:
                    continue
                self.instances[name, values] = None
                made = offers.instance(name, values)
                if made:
                    self.count += 1
                    self.pool.update(dict.fromkeys(_atoms(self.scope.fact(made).body)))


def prove_rank(scope: Scope, goal: Relation, names: Sequence[str], name: str) -> Failure | None:
    """Add a relation that speaks of ranks as fact `name`, or return why it was not proved."""
    calculus = Calculus(scope, names)
    calculus.pool.update(dict.fromkeys(_atoms(goal)))
    for fact in scope.context.facts.values():
        if not fact.hints and not fact.conditions and fact.body.kind in ("<=", "=="):
            calculus.pool.update(dict.fromkeys(_atoms(fact.body)))
    for _ in range(ROUNDS):
        calculus.instantiate()
        if Ranges(scope).relation(goal) is not None:
            break
        for found in list(calculus.pool):
            if found[0] == "rank":
                calculus.expand(found[1][0])
    if Ranges(scope).relation(goal) is None:
        known = ", ".join(f"rank({matrix_text(m)})" for m in calculus.done)
        return Failure(relation_text(goal), f"no such bound from {calculus.count} facts about {known}", "rank calculus")
    return prove_relation(scope, goal, name)


def _part(m: Matrix, terms: tuple[tuple[Key, Fraction], ...]) -> Matrix:
    return Matrix(m.rows, m.cols, terms)


def _monomial(key: Key, c: Fraction) -> Matrix:
    return words.collect(ONE, ONE, [(key, c)])


def prove_index_from(scope: Scope, goal: Relation, names: Sequence[str], name: str) -> Failure | None:
    """Add ``X[a] = X[b]`` as fact `name`, with instances of the named facts at what occurs in a and b."""
    calculus = Calculus(scope, names)
    for side in goal.sides:
        for x in words.letters(side):
            for arg in x.args:
                calculus.pool.update(dict.fromkeys(a for monomial, _ in arg for a in monomial))
    calculus.instantiate()
    return prove_index(scope, goal, name)
