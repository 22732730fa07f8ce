"""A claim with its declarations and hypotheses, ready to be decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import prod

from symlora.claims.errors import ClaimError
from symlora.claims.generic import bound_surely
from symlora.claims.grammar import RESERVED, tokens
from symlora.claims.shapes import Scope
from symlora.claims.terms import Claim, Letter, Term, declaration, number, size_names
from symlora.kernel.naturals import ONE, Nat

MAX_SIZE = 12


@dataclass(frozen=True)
class Hypothesis:
    """Something assumed: `origin` is ``given``, ``if`` (it stands in the claim) or ``added`` (the claim needs it)."""

    claim: Claim
    origin: str


@dataclass(frozen=True)
class Statement:
    """What is to be decided: for all values of the letters that satisfy the hypotheses, the goal holds.

    `sizes` are at least 1, naturals at least 0. `source` is the text of the claim, `lets` and `givens` the other texts,
    `fixed` the sizes that were fixed.
    """

    source: str
    lets: tuple[str, ...]
    givens: tuple[str, ...]
    fixed: dict[str, int]
    letters: dict[str, Letter]
    sizes: tuple[str, ...]
    hypotheses: tuple[Hypothesis, ...]
    goal: Claim
    claim: Claim = field(compare=False)
    generic: tuple[tuple[Letter, str], ...] = ()
    """The letters that are random, each with the origin of the hypothesis that says so; `almost surely` binds them."""

    def text(self) -> str:
        """Return the statement as it was understood, in one line."""
        parts = [f"generic({letter.name})" for letter, origin in self.generic if origin != "if"]
        parts += [str(one.claim) for one in self.hypotheses if one.origin != "if"]
        return f"{self.claim}" + (f", given {'; '.join(parts)}" if parts else "")

    def declared(self) -> list[str]:
        """Return the declarations of the letters."""
        return [declaration(x) for x in (*self.letters.values(), *(letter for letter, _ in self.generic))]

    def assumptions(self) -> list[tuple[str, str]]:
        """Return what is assumed, as texts with their origins."""
        random = [(f"generic({letter.name})", origin) for letter, origin in self.generic]
        return random + [(str(one.claim), one.origin) for one in self.hypotheses]

    def used(self) -> set[str]:
        """Return the names that occur in the goal or a hypothesis, sizes of what occurs included."""
        found = self.goal.names().union(*(one.claim.names() for one in self.hypotheses))
        for name in sorted(found):
            letter = self.letters.get(name)
            if letter is not None:
                found |= {*size_names(letter.rows), *size_names(letter.cols)}
        return found


def read(claim: str, let: Sequence[str] = (), given: Sequence[str] = (), dims: str | Mapping[str, int] | None = None,
         ) -> Statement:  # fmt: skip
    """Return the statement that texts make; raises `ClaimError`, whose text is one line with the column.

    >>> found = read("A^-1 B = B A^-1", ["A, B: n x n"], ["A B = B A"])
    >>> [f"{one.origin}: {one.claim}" for one in found.hypotheses]
    ['given: A B = B A', 'added: nonsingular(A)']
    >>> read("A B = 0 implies B A = 0", ["A, B: n x n"]).text()
    'A B = 0 implies B A = 0'
    """
    scope = Scope()
    scope.fixed = dimensions(dims)
    for source in let:
        scope.declare(source)
    hypotheses = [Hypothesis(part, "given") for source in given for part in conjuncts(scope.claim(source))]
    whole = goal = scope.claim(claim)
    while goal.kind in ("implies", "forall"):
        if goal.kind == "forall":
            spoken = set[str]().union(*(one.claim.names() for one in hypotheses))
            if any(_taken(letter, scope, spoken) for letter in goal.letters):
                break
            scope.letters.update({letter.name: letter for letter in goal.letters})
            limits, goal = goal.parts[1:], goal.parts[0]
        else:
            limits, goal = goal.parts[:1], goal.parts[1]
        hypotheses += [Hypothesis(part, "if") for limit in limits for part in conjuncts(limit)]
    hypotheses, goal, generic = bound_surely(claim, scope, hypotheses, goal)
    sizes = tuple(name for name in scope.sizes if name not in scope.letters)
    known = [one.claim for one in hypotheses]
    for one in [*known, goal]:
        for needed in definedness(one, sizes):
            if needed not in known:
                known.append(needed)
                hypotheses.append(Hypothesis(needed, "added"))
    return Statement(claim, tuple(let), tuple(given), scope.fixed, dict(scope.letters), sizes, tuple(hypotheses), goal,
                     whole, generic)  # fmt: skip


def _taken(letter: Letter, scope: Scope, spoken: set[str]) -> bool:
    """Return whether a bound name already means something else: a size, another letter, one of the hypotheses."""
    declared = scope.letters.get(letter.name)
    return letter.name in scope.sizes or letter.name in spoken or declared not in (None, letter)


def dimensions(dims: str | Mapping[str, int] | None) -> dict[str, int]:
    """Return fixed sizes from a text such as ``m=2, n=3``; raises `ClaimError`.

    >>> dimensions("m=2, n = 3")
    {'m': 2, 'n': 3}
    """
    if dims is None:
        return {}
    text = dims if isinstance(dims, str) else ", ".join(f"{name}={value}" for name, value in dims.items())
    parts = tokens(text)
    found: dict[str, int] = {}
    for i in range(0, len(parts), 4):
        words = [part.text for part in parts[i : i + 4]]
        shaped = len(words) >= 3 and words[1] == "=" and words[0][0].isalpha() and words[0] not in RESERVED
        if not shaped or not words[2].isdigit() or words[3:] not in ([], [","]) or (words[3:] and i + 4 == len(parts)):
            raise ClaimError(text, parts[i].at, "sizes such as m=2, n=3", f"{' '.join(words)!r}")
        if not 1 <= int(words[2]) <= MAX_SIZE:
            raise ClaimError(text, parts[i + 2].at, f"a size from 1 to {MAX_SIZE}", words[2])
        if words[0] in found:
            raise ClaimError(text, parts[i].at, "each size once", f"{words[0]!r} again")
        found[words[0]] = int(words[2])
    return found


def conjuncts(claim: Claim) -> Iterator[Claim]:
    """Yield the claims of which a claim is the conjunction."""
    if claim.kind == "and":
        for part in claim.parts:
            yield from conjuncts(part)
    else:
        yield claim


def definedness(claim: Claim, sizes: tuple[str, ...]) -> Iterator[Claim]:
    """Yield what has to hold so that the terms of a claim have values; bound letters are left to the quantifier."""
    if claim.kind == "surely":  # what concerns generic letters has to hold almost surely, the rest is assumed
        generic = {letter.name for letter in claim.letters}
        yield from (one for one in definedness(claim.parts[0], sizes) if one.names().isdisjoint(generic))
        return
    if claim.kind in ("exists", "forall"):
        return
    for term in claim.terms:
        yield from _defined(term, sizes)
    for part in claim.parts:
        yield from definedness(part, sizes)


def _defined(term: Term, sizes: tuple[str, ...]) -> Iterator[Claim]:
    if term.kind == "sum":
        return
    for part in term.args:
        yield from _defined(part, sizes)
    if term.kind == "inv":
        yield Claim("nonsingular", (term.args[0],))
    elif term.kind == "over" and not _positive(term.args[1], sizes):
        below = term.args[1]
        if below.kind != "number":
            yield Claim("!=", (below, number(0)))
    elif term.kind == "sqrt" and not _at_least(term.args[0], 0, sizes):
        yield Claim("<=", (number(0), term.args[0]))
    elif term.kind == "sigma" and not _at_least(term.args[1], 1, sizes):
        yield Claim("<=", (number(1), term.args[1]))
    elif term.kind == "slice":
        for part, whole in zip(term.args[1:], (term.args[0].rows, term.args[0].cols), strict=True):
            if part.kind == "whole":
                continue
            low, high = part.args if part.kind == "range" else (part, part)
            size = size_term(whole)
            if not _at_least(low, 1, sizes):
                yield Claim("<=", (number(1), low))
            if high != size and not (high.kind == size.kind == "number" and high.data <= size.data):
                yield Claim("<=", (high, size))


def _at_least(term: Term, bound: int, sizes: tuple[str, ...]) -> bool:
    """Return whether a term is at least a number by its form: numbers, sizes and naturals, added and multiplied.

    >>> from symlora.claims.terms import Term, number
    >>> from symlora.kernel.naturals import ONE
    >>> k = Term("nat", (), ONE, ONE, "k")
    >>> _at_least(Term("plus", (k, number(1)), ONE, ONE), 1, ()), _at_least(k, 1, ()), _at_least(k, 1, ("k",))
    (True, False, True)
    """
    least = _least(term, sizes)
    return least is not None and least >= bound


def _least(term: Term, sizes: tuple[str, ...]) -> Fraction | None:
    if term.kind == "number":
        return Fraction(term.data)
    if term.kind == "nat":
        return Fraction(1 if term.data in sizes else 0)
    if term.kind not in ("plus", "times") or not term.args:
        return None
    parts = [_least(part, sizes) for part in term.args]
    if any(part is None or (term.kind == "times" and part < 0) for part in parts):
        return None
    known = [part for part in parts if part is not None]
    return sum(known, Fraction(0)) if term.kind == "plus" else Fraction(prod(known))


def _positive(term: Term, sizes: tuple[str, ...]) -> bool:
    """Return whether a term is >= 1 by its form: a size, or a product of such."""
    if term.kind == "nat":
        return term.data in sizes
    return term.kind == "times" and all(_positive(part, sizes) for part in term.args)


def size_term(size: Nat) -> Term:
    """Return a size as a term.

    >>> str(size_term(ONE))
    '1'
    """
    parts: list[Term] = []
    for monomial, c in size:
        factors = [Term("nat", (), ONE, ONE, name, True) for name, _ in monomial]
        if c != 1 or not factors:
            factors.insert(0, number(c))
        parts.append(factors[0] if len(factors) == 1 else Term("times", tuple(factors), ONE, ONE, None, True))
    if not parts:
        return number(0)
    return parts[0] if len(parts) == 1 else Term("plus", tuple(parts), ONE, ONE, None, True)
