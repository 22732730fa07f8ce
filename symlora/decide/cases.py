"""The ways in which a goal may be proved: each a list of statements without connectives in the goal that imply it.

``P or Q`` follows if Q follows from what is opposite to P, and the other way round; what implies Q is also shown by its
contrapositive; a hypothesis ``P or Q`` leaves two cases; a natural number that exists is a term such as ``rank(A)``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, product

from symlora.claims.statement import Hypothesis, Statement, conjuncts
from symlora.claims.terms import Claim, Letter
from symlora.decide.natural_witness import with_naturals
from symlora.decide.translate import NoKernelForm, negated

MAX_WAYS, MAX_CASES, TURNED, DEPTH = 12, 8, 2, 4
Way = list[Statement]
"""Statements that together imply a statement."""


def alternatives(statement: Statement) -> list[Way]:
    """Return the ways in which a statement may be proved, each a list of statements that together imply it.

    >>> from symlora.claims.statement import read
    >>> [[str(one.goal) for one in way] for way in alternatives(read("a <= b or b <= a", ["a, b: scalar"]))]
    [['a <= b'], ['b <= a']]
    """
    found: dict[str, Way] = {}
    for way in islice(_ways(statement, DEPTH), MAX_WAYS):
        found.setdefault(str([key(one) for one in way]), way)
    return list(found.values()) or [[statement]]


def key(statement: Statement) -> str:
    """Return a text that tells the statements of one claim apart."""
    return str((sorted(statement.letters), [str(one.claim) for one in statement.hypotheses], str(statement.goal)))


def _ways(statement: Statement, depth: int) -> Iterator[Way]:
    yield from _direct(statement, depth)
    if depth:
        yield from _by_cases(statement, depth - 1)
        yield from _contrapositives(statement, depth - 1)


def _direct(statement: Statement, depth: int) -> Iterator[Way]:
    goal = statement.goal
    if goal.kind == "iff":
        left, right = goal.parts
        yield from _together([_under(statement, left, right), _under(statement, right, left)], depth)
    elif goal.kind == "implies":
        yield from _together([_under(statement, *goal.parts)], depth)
    elif goal.kind == "not" and goal.parts[0].kind == "exists":
        inner = goal.parts[0]
        if clash(statement, inner.letters):
            yield [statement]
            return
        more = replace(statement, letters={**statement.letters, **{x.name: x for x in inner.letters}})
        yield [_under(more, Claim("and", (), inner.parts), Claim("false"))]
    elif goal.kind == "exists" and any(x.kind == "natural" for x in goal.letters):
        for one in with_naturals(statement):
            yield from _together([one], depth)
    elif goal.kind == "not":
        other = opposite(goal.parts[0])
        if other is not None:
            yield from _together([with_goal(statement, other)], depth)
        yield [_under(statement, goal.parts[0], Claim("false"))]
    elif goal.kind == "or":
        for part in goal.parts:
            others = [no for other in goal.parts if other is not part and (no := opposite(other)) is not None]
            yield from _together([_under(statement, Claim("and", (), tuple(others)), part)], depth)
    elif goal.kind == "and" and any(part.kind in ("iff", "implies", "exists", "or", "not") for part in conjuncts(goal)):
        yield from _together([with_goal(statement, part) for part in conjuncts(goal)], depth)
    else:
        yield [statement]


def _together(statements: list[Statement], depth: int) -> Iterator[Way]:
    """Yield the ways to prove all of some statements."""
    if not depth:
        yield statements
        return
    ways = [list(islice(_ways(one, depth - 1), MAX_CASES)) for one in statements]
    for chosen in islice(product(*ways), MAX_CASES):
        yield [one for way in chosen for one in way]


def _by_cases(statement: Statement, depth: int) -> Iterator[Way]:
    """Yield the cases that the first hypothesis with `or` leaves."""
    for place, one in enumerate(statement.hypotheses):
        claim = one.claim
        if claim.kind == "not":
            claim = opposite(claim.parts[0]) or claim
        if claim.kind == "or":
            rest = (*statement.hypotheses[:place], *statement.hypotheses[place + 1 :])
            left = replace(statement, hypotheses=rest)
            yield from _together([_under(left, part, statement.goal) for part in claim.parts], depth)
            return


def _contrapositives(statement: Statement, depth: int) -> Iterator[Way]:
    """Yield the proofs of what is opposite to a hypothesis from what is opposite to the goal."""
    goal = statement.goal
    if goal.kind in ("iff", "implies", "and", "or", "exists", "forall", "false"):
        return
    if goal.kind == "not" and goal.parts[0].kind == "exists":
        return
    other = opposite(goal)
    if other is None:
        return
    turned = 0
    for place, one in reversed(list(enumerate(statement.hypotheses))):
        no = opposite(one.claim) if one.origin == "if" else None
        if no is None or turned == TURNED:
            continue
        turned += 1
        rest = (*statement.hypotheses[:place], *statement.hypotheses[place + 1 :])
        wanted = _under(replace(statement, hypotheses=rest), other, no)
        yield from _direct(wanted, depth)


def opposite(claim: Claim) -> Claim | None:
    """Return what holds where a claim does not, in words that proofs know, or None."""
    try:
        return negated(claim)
    except NoKernelForm:
        return None


def clash(statement: Statement, letters: tuple[Letter, ...]) -> bool:
    """Return whether bound letters have names of which the hypotheses or sizes speak with another meaning."""
    spoken = {*statement.sizes}.union(*(one.claim.names() for one in statement.hypotheses))
    return any(letter.name in spoken for letter in letters)


def with_goal(statement: Statement, goal: Claim) -> Statement:
    """Return the statement with another goal."""
    return replace(statement, goal=goal)


def _under(statement: Statement, condition: Claim, goal: Claim) -> Statement:
    more = [Hypothesis(part, "if") for part in conjuncts(condition)]
    return replace(statement, hypotheses=(*statement.hypotheses, *more), goal=goal)
