"""Statements by cases of their sizes: a minimum of two sizes is one of them, and a larger size is a sum."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from symlora.claims.statement import Hypothesis, Statement, size_term
from symlora.claims.terms import Claim, Letter, Term
from symlora.kernel import naturals
from symlora.kernel.naturals import ONE, Nat

MAX_DEPTH = 4
Change = Callable[[Term], Term]


def common(a: Nat, b: Nat) -> Nat:
    """Return the part that two sizes share by their form.

    >>> from symlora.kernel.naturals import add, atom
    >>> common(add(atom("m"), atom("s")), add(atom("m"), atom("t"))) == atom("m")
    True
    """
    other = dict(b)
    return tuple((monomial, min(c, other[monomial])) for monomial, c in a if c > 0 and other.get(monomial, 0) > 0)


def cases(statement: Statement, depth: int = 0) -> Iterator[Statement]:
    """Yield statements that together say the same, without minima and maxima of naturals, with larger sizes as sums."""
    statement = resized(statement)
    found = next((term for term in statement.goal.all_terms() if _choice(term)), None)
    if found is None or depth == MAX_DEPTH:
        yield statement
        return
    a, b = found.args
    least = found.kind == "min"
    for low, high in ((a, b), (b, a)):
        chosen = low if least else high
        goal = mapped(statement.goal, lambda term, chosen=chosen: chosen if term == found else term)  # type: ignore[misc]
        more = Hypothesis(Claim("<=", (low, high)), "if")
        yield from cases(replace(statement, goal=goal, hypotheses=(*statement.hypotheses, more)), depth + 1)


def _choice(term: Term) -> bool:
    return term.kind in ("min", "max") and all(part.kind in ("nat", "number") for part in term.args)


def resized(statement: Statement) -> Statement:
    """Return a statement in which a size with a lower bound ``a <= b`` or ``a < b`` is the sum of it and a new natural.

    The bound is made of sizes, which are at least 1, and numbers from 1 on: then ``b = a + s`` for one natural s.
    """
    for place, one in enumerate(statement.hypotheses):
        claim = one.claim
        if claim.kind not in ("<=", "<") or claim.terms[1].kind != "nat":
            continue
        low, large = size_of(claim.terms[0], statement.sizes), claim.terms[1].data
        if low is None or large not in statement.sizes or large in _names(low):
            continue
        low = naturals.add(low, ONE) if claim.kind == "<" else low
        rest = statement.hypotheses[:place] + statement.hypotheses[place + 1 :]
        return resized(_with_sum(replace(statement, hypotheses=rest), large, low))
    return statement


def based(statement: Statement) -> Statement:
    """Return a statement in which every size that occurs is ``1 + s`` for a natural s."""
    for name in statement.sizes:
        if name in statement.used():
            statement = _with_sum(statement, name, ONE)
    return statement


def size_of(term: Term, sizes: tuple[str, ...]) -> Nat | None:
    """Return a term made of sizes and numbers from 1 on as a size, None if it is no such term."""
    if term.kind == "number" and term.data.denominator == 1 and term.data >= 1:
        return naturals.number(int(term.data))
    if term.kind == "nat" and term.data in sizes:
        return naturals.atom(term.data)
    if term.kind not in ("plus", "times"):
        return None
    total = naturals.ZERO if term.kind == "plus" else ONE
    for part in term.args:
        inner = size_of(part, sizes)
        if inner is None:
            return None
        total = (naturals.add if term.kind == "plus" else naturals.times)(total, inner)
    return total


def _names(size: Nat) -> set[str]:
    return {name for monomial, _ in size for name, _ in monomial}


def _fresh(statement: Statement) -> str:
    claims = (statement.goal, *(one.claim for one in statement.hypotheses))
    bound = {letter.name for whole in claims for claim in whole.walk() for letter in claim.letters}
    taken = {*statement.letters, *statement.sizes, *statement.goal.names(), *bound}
    return next(name for name in ("s", "t", "q", *(f"s{k}" for k in range(1, 99))) if name not in taken)


def _with_sum(statement: Statement, large: str, low: Nat) -> Statement:
    """Return a statement with `low` and a new natural together in place of a size."""
    new = _fresh(statement)
    total = naturals.add(low, naturals.atom(new))
    term_of_total = size_term(total)

    def size(value: Nat) -> Nat:
        out: Nat = naturals.ZERO
        for monomial, c in value:
            factor = naturals.number(c)
            for name, _ in monomial:
                factor = naturals.times(factor, total if name == large else naturals.atom(name))
            out = naturals.add(out, factor)
        return out

    def change(term: Term) -> Term:
        if term.kind == "nat" and term.data == large:
            return term_of_total
        return replace(term, rows=size(term.rows), cols=size(term.cols))

    def letter(one: Letter) -> Letter:
        return replace(one, rows=size(one.rows), cols=size(one.cols))

    letters = {name: letter(one) for name, one in statement.letters.items()}
    return replace(
        statement,
        letters={**letters, new: Letter(new, "natural", ONE, ONE)},
        sizes=tuple(name for name in statement.sizes if name != large),
        hypotheses=tuple(replace(one, claim=mapped(one.claim, change, letter)) for one in statement.hypotheses),
        goal=mapped(statement.goal, change, letter),
        generic=tuple((letter(one), origin) for one, origin in statement.generic),
    )


def mapped(claim: Claim, change: Change, letter: Callable[[Letter], Letter] | None = None) -> Claim:
    """Return a claim with every term changed, from the inside out, and every bound letter."""
    return replace(
        claim,
        terms=tuple(_mapped(term, change) for term in claim.terms),
        parts=tuple(mapped(part, change, letter) for part in claim.parts),
        letters=tuple(map(letter, claim.letters)) if letter else claim.letters,
    )


def _mapped(term: Term, change: Change) -> Term:
    return change(replace(term, args=tuple(_mapped(part, change) for part in term.args)))
