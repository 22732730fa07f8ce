"""Equations that facts in scope offer to the algebra: ground ones, instances of quantified ones, and inverses.

An offer is virtual: it becomes kernel steps only if the search uses it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from symlora.kernel import words
from symlora.kernel.facts import Fact, Relation, Values, difference, instance
from symlora.kernel.naturals import ZERO, Atom, Nat, minus, number, times
from symlora.kernel.printing import matrix_text, nat_text
from symlora.kernel.words import FUNCTIONS, Letter, Matrix
from symlora.rules.ranges import Ranges
from symlora.rules.scope import Scope

MAX_OFFERS = 120
DEFINITIONS = (".step", ".start", ".def", ".g1", ".g2", ".g3", ".g4")
"""How the names of facts end that define families or coordinate inclusions; engines may use them unnamed."""


@dataclass(frozen=True)
class Offer:
    """An equation ``value = 0`` from the fact `of`, at `values` unless it is ground.

    `side` is 1 or 2 for the two identities of ``nonsingular( )``, 0 for an equation.
    """

    value: Matrix
    of: str
    values: tuple[Nat, ...] | None = None
    proofs: tuple[object, ...] = ()
    side: int = 0


class Offers:
    """Collects the equations offered by named facts, nearest to the goal first."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.ranges = Ranges(scope)
        self.found: list[Offer] = []
        self._seen: set[tuple[str, tuple[Nat, ...] | None]] = set()

    def ground(self, name: str) -> None:
        """Offer a fact that has no variables and no conditions."""
        fact = self.scope.fact(name)
        if not fact.hints and not fact.conditions:
            self._offer(name, None, (), fact.body)

    def at(self, name: str, values: tuple[Nat, ...]) -> bool:
        """Offer an instance if its range is proved; return whether it is."""
        fact = self.scope.fact(name)
        if (name, values) in self._seen or len(self.found) >= MAX_OFFERS:
            return (name, values) in self._seen
        at = instance(fact, values)
        needed = [Relation("<=", (ZERO, value)) for value in values] + list(at.conditions)
        proofs = []
        for relation in needed:
            proof = self.ranges.relation(relation)
            if proof is None:
                return False
            proofs.append(proof)
        self._offer(name, values, tuple(proofs), at.body)
        return True

    def _offer(self, name: str, values: tuple[Nat, ...] | None, proofs: tuple[object, ...], body: Relation) -> None:
        if (name, values) in self._seen:
            return
        self._seen.add((name, values))
        if body.kind == "=":
            self.found.append(Offer(difference(body), name, values, proofs))
        elif body.kind == "nonsingular":
            (m,) = body.sides
            one, inverse = words.identity(m.rows), words.apply("inv", (m,))
            for side, pair in ((1, (m, inverse)), (2, (inverse, m))):
                self.found.append(Offer(words.minus(words.times(*pair), one), name, values, proofs, side))

    def match(self, names: Iterable[str], pool: list[Letter], leading: bool) -> None:
        """Offer instances of quantified facts at indices that occur in `pool`.

        With `leading`, a definition is used only from its left side (unfolding).
        """
        for name in names:
            fact = self.scope.fact(name)
            if fact.hints or fact.conditions:
                for values in self._values(name, fact, pool, leading):
                    self.at(name, values)
            elif not leading or name.endswith((".g1", ".g2", ".g3", ".g4")) or _meets(fact, pool):
                self.ground(name)

    def _values(self, name: str, fact: Fact, pool: list[Letter], leading: bool) -> Iterator[tuple[Nat, ...]]:
        if not fact.hints:
            yield ()
            return
        if fact.body.kind not in ("=", "nonsingular"):
            return
        unfold = leading and name.endswith((".step", ".def"))
        sides = fact.body.sides[:1] if unfold else fact.body.sides
        patterns = list(dict.fromkeys(x for side in sides for x in words.letters(side) if indexed(x)))
        heads = [(x.head, x.args) for x in patterns]
        yield from bindings(heads, [(x.head, x.args) for x in pool], len(fact.hints))

    def instance(self, name: str, values: tuple[Nat, ...], label: str = "") -> str:
        """Add an instance of any fact as `label` to the scope; return its name, empty if its range is not proved."""
        at = instance(self.scope.fact(name), values)
        proofs = []
        for relation in (*(Relation("<=", (ZERO, value)) for value in values), *at.conditions):
            proofs.append(self.ranges.relation(relation))
        if any(proof is None for proof in proofs):
            return ""
        made = label or self.scope.name()
        at_text = [nat_text(v) for v in values]
        self.scope.add({"rule": "instance", "of": name, "at": at_text, "proofs": proofs, "as": made})
        return made

    def emit(self, offer: Offer, made: dict[tuple[str, tuple[Nat, ...] | None], str]) -> str:
        """Add the kernel steps of an offer and return the name of its equation; `made` remembers what was added."""
        name = offer.of
        if offer.values is not None:
            key: tuple[str, tuple[Nat, ...] | None] = (offer.of, offer.values)
            if key not in made:
                made[key] = self.scope.name()
                at = [nat_text(v) for v in offer.values]
                step = {"rule": "instance", "of": offer.of, "at": at, "proofs": list(offer.proofs), "as": made[key]}
                self.scope.add(step)
            name = made[key]
        if not offer.side:
            return name
        key = (f"{name} inverse", None)
        if key not in made:
            pair = [self.scope.name(), self.scope.name()]
            (m,) = self.scope.fact(name).body.sides
            self.scope.cite("axiom/inverse", {"n": nat_text(m.rows)}, {"M": matrix_text(m)}, [name], pair)
            made[key] = " ".join(pair)
        return made[key].split(" ")[offer.side - 1]


Pattern = tuple[str, tuple[Any, ...]]


def bindings(
    patterns: Sequence[Pattern], pool: Sequence[Pattern], count: int, known: dict[str, Nat] | None = None
) -> Iterator[tuple[Nat, ...]]:
    """Yield values for the bound variables that make patterns equal entries of the pool.

    Patterns and entries are heads with arguments: letters, or atoms of naturals.
    """
    known = known or {}
    if len(known) == count:
        yield tuple(known[f"#{i}"] for i in range(count))
        return
    for position, (head, args) in enumerate(patterns):
        for other, due in pool:
            if other == head:
                found = _unify(args, due, known)
                if found is not None and len(found) > len(known):
                    yield from bindings(patterns[position + 1 :], pool, count, found)


def _unify(args: tuple[Any, ...], due: tuple[Any, ...], known: dict[str, Nat]) -> dict[str, Nat] | None:
    """Return `known` extended so that `args` become `due`; indices must be linear, matrices single words."""
    found: dict[str, Nat] | None = dict(known)
    for mine, other in zip(args, due, strict=True):
        if found is None:
            return None
        if isinstance(mine, Matrix):
            found = _unify_matrix(mine, other, found)
            continue
        inside = _one_atom(mine), _one_atom(other)
        if inside[0] is not None and inside[1] is not None and inside[0][1] and inside[0][0] == inside[1][0]:
            found = _unify(inside[0][1], inside[1][1], found)
            continue
        gap = minus(other, Values(found).size(mine))
        free = [(m, c) for m, c in gap if any(name.startswith("#") for name, _ in m)]
        if len(free) > 1 or (free and (len(free[0][0]) != 1 or abs(free[0][1]) != 1 or free[0][0][0][1])):
            return None
        if free:
            ((name, _),), coefficient = free[0]
            found[name] = times(number(-coefficient), minus(gap, (free[0],)))
        elif gap:
            return None
    return found


def _one_atom(n: Nat) -> Atom | None:
    """Return the atom that a term is, if it is one."""
    return n[0][0][0] if len(n) == 1 and n[0][1] == 1 and len(n[0][0]) == 1 else None


def _unify_matrix(mine: Matrix, other: Matrix, known: dict[str, Nat]) -> dict[str, Nat] | None:
    """Match two matrices through one letter of each, and keep what makes them equal."""
    if Values(known).matrix(mine) == other:
        return known
    for x in letters_of([mine]):
        for y in letters_of([other]):
            found = _unify(x.args, y.args, known) if x.head == y.head else None
            if found is not None and found != known and Values(found).matrix(mine) == other:
                return found
    return None


def nat_patterns(body: Relation) -> list[Pattern]:
    """Return the atoms with arguments of a relation between naturals."""
    found = (a for side in body.sides for monomial, _ in side for a in monomial if a[1])
    return list(dict.fromkeys(found))


def _meets(fact: Fact, pool: Sequence[Letter]) -> bool:
    """Return whether a letter on the left of a ground definition occurs in the pool."""
    return any(x in pool for x in words.letters(fact.body.sides[0])) if fact.body.kind == "=" else False


def indexed(x: Letter) -> bool:
    """Return whether a letter has indices that an instance can match: a member of a family, or a singular value."""
    return x.head not in FUNCTIONS or x.head == "sigma"


def letters_of(values: Iterable[Matrix]) -> list[Letter]:
    """Return the family letters that occur, in order, each once."""
    return list(dict.fromkeys(x for m in values for x in words.letters(m) if indexed(x)))
