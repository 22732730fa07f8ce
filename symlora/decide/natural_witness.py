"""A natural number that exists: ranks, sizes and numbers are tried on instances, and put in its place.

The kernel states that matrices exist. For a natural it is shown the body with the witness written in.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, product

from symlora.claims.statement import Statement, conjuncts, definedness
from symlora.claims.terms import Claim, Letter, Term, names_of, number, size_names
from symlora.claims.values import Instance, Undefined
from symlora.decide.clauses import replaced
from symlora.decide.existence import drawn
from symlora.domains.values import NotRepresentable
from symlora.kernel.naturals import ONE, Nat

SECONDS, INSTANCES, WITNESSES, TRIED = 0.5, 8, 4, 400


def with_naturals(statement: Statement) -> Iterator[Statement]:
    """Yield statements that imply a goal `exists k: natural: …`, with terms in place of the naturals.

    >>> from symlora.claims.statement import read
    >>> claim = "exists k: natural: k <= n and rank(A) = k"
    >>> [str(one.goal) for one in with_naturals(read(claim, ["A: m x n"]))]
    ['rank(A) <= n and rank(A) = rank(A)']
    """
    goal = statement.goal
    naturals = [letter for letter in goal.letters if letter.kind == "natural"]
    names = {letter.name for letter in naturals}
    if not naturals or any(names.intersection(size_names(size)) for size in _sizes(goal)):
        return
    bound = [x.name for part in goal.walk() for x in part.letters]
    bound += {str(term.data) for term in goal.all_terms() if term.kind == "sum"}
    declared = {*statement.letters, *statement.sizes}
    if declared.intersection(bound) or len(set(bound)) < len(bound):
        return  # a name means two things
    seen = list(islice(drawn(statement, time.monotonic() + SECONDS), INSTANCES))
    pools = [[term for term in candidates(statement, goal, x) if _names(term) <= declared] for x in naturals]
    found = 0
    for values in islice(product(*pools), TRIED) if seen else ():
        claim = _written(statement, goal, dict(zip((x.name for x in naturals), values, strict=True)))
        if claim.kind == "exists" or all(_true(at, claim) for at in seen):
            yield replace(statement, goal=claim)
            found += 1
        if found == WITNESSES:
            return


def candidates(statement: Statement, goal: Claim, letter: Letter) -> list[Term]:
    """Return terms with integer values: what the body equates the natural with, ranks, sizes, small numbers."""
    found: dict[Term, None] = {}
    for part in goal.walk():
        if part.kind == "=":
            for side, other in (part.terms, part.terms[::-1]):
                if side.kind == "nat" and side.data == letter.name and other.natural:
                    found[other] = None
                if side.kind == "plus" and other.natural:  # what the other summands leave
                    rest = [x for x in side.args if x.kind != "nat" or x.data != letter.name]
                    if len(rest) == len(side.args) - 1 and all(x.natural for x in rest):
                        left = [Term("minus", (x,), ONE, ONE, None, True) for x in rest]
                        found[Term("plus", (other, *left), ONE, ONE, None, True)] = None
    claims = [goal, *(one.claim for one in statement.hypotheses)]
    found |= {term: None for one in claims for term in one.all_terms() if term.kind == "rank"}
    sizes = [name for name in statement.sizes if name in statement.used()]
    sizes += [x.name for x in statement.letters.values() if x.kind == "natural" and x.name in statement.used()]
    found |= {Term("nat", (), ONE, ONE, name, True): None for name in sizes}
    found |= {number(value): None for value in (0, 1, 2)}
    found |= {Term("plus", (x, number(1)), ONE, ONE, None, True): None for x in list(found) if x.kind == "rank"}
    return list(found)


def _written(statement: Statement, goal: Claim, values: dict[str, Term]) -> Claim:
    """Return the goal with terms in place of naturals, and what has to hold beside it."""

    def change(term: Term) -> Term | None:
        return values.get(term.data) if term.kind == "nat" else None

    def inside(claim: Claim) -> Claim:
        terms, parts = (replaced(x, change) for x in claim.terms), (inside(x) for x in claim.parts)
        return replace(claim, terms=tuple(terms), parts=tuple(parts))

    body = inside(goal.parts[0] if len(goal.parts) == 1 else Claim("and", (), goal.parts))
    rest = tuple(x for x in goal.letters if x.kind != "natural")
    if rest:
        body = Claim("exists", (), (body,), rest)
    signs = [Claim("<=", (number(0), x)) for x in values.values() if x.kind not in ("rank", "nat")]
    needed = [*signs, *definedness(body, statement.sizes)]
    return Claim("and", (), (*needed, *conjuncts(body))) if needed else body


def _sizes(goal: Claim) -> Iterator[Nat]:
    for part in goal.walk():
        yield from (size for x in part.letters for size in (x.rows, x.cols))
    for term in goal.all_terms():
        yield from (term.rows, term.cols)


def _names(term: Term) -> set[str]:
    return {name for part in term.walk() for name in names_of(part)}


def _true(at: Instance, claim: Claim) -> bool:
    try:
        return at.truth(claim) is True
    except (Undefined, NotRepresentable):
        return False
