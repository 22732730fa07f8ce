"""Identities from hypotheses, for all sizes: equations go to the cofactor search, its answer to the kernel."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from symlora.kernel import words
from symlora.kernel.facts import Relation, difference
from symlora.kernel.naturals import ONE, Nat
from symlora.kernel.printing import matrix_text, nat_text, relation_text
from symlora.kernel.words import FUNCTIONS, Letter, Matrix, Replacement
from symlora.rules.alphabet import Alphabet, Monomial, Polynomial
from symlora.rules.cofactors import Cofactor, Limits, NotFound, find_cofactors
from symlora.rules.instances import DEFINITIONS, Offer, Offers, letters_of
from symlora.rules.scope import Failure, Scope

ROUNDS = 3
QUICK = Limits(candidates=500, monomials=500, rounds=8)
"""While instances are still being added: a search with too few equations should fail soon."""
FIRST = Limits(candidates=150, monomials=150, rounds=6)
WIDER = Limits(candidates=2500, monomials=2500, rounds=10)


class Coding:
    """Letters of the kernel as the small integers of the search."""

    def __init__(self) -> None:
        self.alphabet = Alphabet([], [], [])
        self.letters: list[Letter] = []
        self._codes: dict[Letter, int] = {}
        self._sizes: dict[Nat, int] = {ONE: 0}

    def size(self, n: Nat) -> int:
        """Return the vertex number of a size; 0 is the literal 1."""
        return self._sizes.setdefault(n, len(self._sizes))

    def code(self, x: Letter) -> int:
        """Return the code of a letter; its transpose gets one as well."""
        if x not in self._codes:
            flipped = Letter(x.head, x.args, not x.flipped, x.cols, x.rows)
            first = len(self.letters)
            for y, other in ((x, first + 1), (flipped, first)):
                self._codes[y] = len(self.letters)
                self.letters.append(y)
                self.alphabet.rows.append(self.size(y.rows))
                self.alphabet.cols.append(self.size(y.cols))
                self.alphabet.transposed.append(other)
        return self._codes[x]

    def polynomial(self, m: Matrix) -> Polynomial:
        """Return a kernel matrix in the form of the search."""
        transposed = self.alphabet.transposed
        terms = {}
        for (loops, word), c in m.terms:
            scalars = []
            for loop in loops:
                w = tuple(self.code(x) for x in loop)
                scalars.append(min(w, tuple(transposed[x] for x in reversed(w))))
            terms[(tuple(sorted(scalars)), tuple(self.code(x) for x in word))] = c
        return Polynomial(self.size(m.rows), self.size(m.cols), terms)

    def text(self, coefficient: Fraction, monomial: Monomial) -> str:
        """Return the kernel text of a multiple; an empty word is left to the scalar coefficient."""
        scalars, word = monomial
        parts = [self.letters[x] for w in (*scalars, word) for x in w]
        plain = words.scalar(coefficient)
        if not parts:
            return matrix_text(plain)
        sign = "" if coefficient == 1 else "-" if coefficient == -1 else f"{matrix_text(plain)}*"
        factors = ["*".join(_text(self.letters[x]) for x in w) for w in (*scalars, word) if w]
        # A scalar word keeps its brackets: read from the left, x*y'*M would not be typed for (y'*x)*M.
        brackets = [f"({f})" if len(factors) > 1 and "*" in f else f for f in factors]
        return sign + "*".join(brackets)


def _text(x: Letter) -> str:
    shown = matrix_text(words.letter(x._replace(flipped=False, rows=x.cols, cols=x.rows) if x.flipped else x))
    return shown + "'" * x.flipped


def prove_equation(
    scope: Scope, goal: Relation, names: Sequence[str], name: str, limits: Limits | None = None
) -> Failure | None:
    """Add the equation as fact `name`, from the named facts and their instances; or return why it was not proved."""
    by = multiples(scope, difference(goal), names, relation_text(goal), limits)
    if isinstance(by, Failure):
        return by
    scope.add({"rule": "eq", "fact": relation_text(goal), "by": by, "as": name})
    return None


def multiples(
    scope: Scope, gap: Matrix, names: Sequence[str], goal: str, limits: Limits | None = None
) -> list[list[str]] | Failure:
    """Return `gap` as a sum of multiples of equations ``[left, fact, right]``; the facts are in scope then.

    Facts may be equations, ``nonsingular( )`` (its two identities are used), or quantified (instances at the indices
    that occur, as far as their ranges can be proved). Bounds count offers and multiples, never seconds.
    """
    if not gap.terms:
        return []
    offers, tried = Offers(scope), -1
    named = [fact for fact in names if not fact.endswith(DEFINITIONS)]
    for fact in named:
        offers.ground(fact)
    # What is named comes first, then definitions from left to right, then everything at all indices that occur.
    stages = ((named, True, 2, FIRST), (names, True, ROUNDS, QUICK), (names, False, ROUNDS, QUICK))
    for chosen, leading, rounds, bound in stages:
        for _ in range(rounds):
            if len(offers.found) != tried:
                tried = len(offers.found)
                found = _attempt(scope, gap, offers, bound)
                if isinstance(found, list):
                    return found
            offers.match(chosen, letters_of([gap, *(offer.value for offer in offers.found)]), leading)
    for wider in (WIDER, limits):
        found = _attempt(scope, gap, offers, wider)
        if isinstance(found, list):
            return found
    rest = unfolded(gap, offers.found)
    return Failure(
        goal,
        f"left minus right is {matrix_text(rest)}, which is not shown to be zero",
        f"{len(offers.found)} equations from {', '.join(names) or 'no facts'}; {found}",
    )


def _attempt(scope: Scope, gap: Matrix, offers: Offers, limits: Limits | None) -> list[list[str]] | NotFound:
    """Search once with what is offered; return the multiples on success, their facts added to the scope."""
    coding = Coding()
    target = coding.polynomial(gap)
    facts = [coding.polynomial(offer.value) for offer in offers.found]
    found = find_cofactors(target, facts, coding.alphabet, limits)
    if isinstance(found, NotFound):
        return found
    made: dict[tuple[str, tuple[Nat, ...] | None], str] = {}
    items = []
    for cofactor in found:
        item = _item(coding, cofactor, offers.emit(offers.found[cofactor.fact], made))
        value = offers.found[cofactor.fact].value
        if value.rows == value.cols == ONE != gap.rows and not cofactor.left[1] and not cofactor.right[1]:
            item[2] = f"{item[2]}*eye({nat_text(gap.rows)})"  # a scalar equation stands for a multiple of the identity
        items.append(item)
    return items


def _item(coding: Coding, cofactor: Cofactor, fact: str) -> list[str]:
    """Return a cofactor as the kernel reads it."""
    left = coding.text(cofactor.coefficient, cofactor.left)
    return [left, fact + "'" * cofactor.transposed, coding.text(Fraction(1), cofactor.right)]


class _Rewriting(Replacement):
    """Replaces letters by the right sides of their definitions."""

    def __init__(self, rules: dict[Letter, Matrix]) -> None:
        self.rules = rules

    def member(self, x: Letter) -> Matrix:
        """Return the right side for a letter, or the letter."""
        return self.rules.get(x, words.letter(x))


def unfolded(gap: Matrix, offers: Sequence[Offer], rounds: int = 6) -> Matrix:
    """Return the difference with leading letters of equations ``letter = …`` replaced: what a reader sees left over."""
    rewriting: dict[Letter, Matrix] = {}
    for offer in offers:
        for key, c in offer.value.terms:
            if c == 1 and not key[0] and len(key[1]) == 1 and not offer.side and not key[1][0].flipped:
                x = key[1][0]
                rest = words.minus(words.letter(x), offer.value)
                defining = x.head not in FUNCTIONS and offer.of.endswith((".step", ".start"))
                if defining and x not in set(words.letters(rest)):
                    rewriting.setdefault(x, rest)
    for _ in range(rounds):
        new = _Rewriting(rewriting).matrix(gap)
        if new == gap:
            break
        gap = new
    return gap
