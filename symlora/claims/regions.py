"""Quantifiers over boxes, and over all matrices, with a piecewise affine body: decided exactly at an instance.

One block of quantifiers goes to the tree of activation patterns. Two alternating blocks are decided by counterexamples:
values of the outer letters that do at all points found so far are tried on the inner ones, which either are all right
or give another point; if no outer values do at these points, there are none. Where that goes on, as it may without a
box, all the points that speak against outer values are projected on these (`projection.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from symlora.claims.patterns import Leaves, Stopped, Wanted, find, fits
from symlora.claims.piecewise import NotPiecewise
from symlora.claims.projection import outside
from symlora.claims.terms import Claim, Letter, Term
from symlora.claims.values import Instance, Undefined
from symlora.domains.values import NotRepresentable

ROUNDS, LEAVES = 12, 2_000
Values = dict[str, Any]


@dataclass(frozen=True)
class Known:
    """Whether a quantified claim holds, and the values that show it (of `exists` true, of `for all` false)."""

    holds: bool
    point: Values | None
    leaves: int


def everywhere(at: Instance, claim: Claim, limit: int = LEAVES) -> Known | None:
    """Return whether a claim `for all …` or `exists …` holds at an instance, None if that is not decided here.

    >>> from symlora.claims.statement import read
    >>> claim = read("not (for all x: 2 in box(-1, 1/2): relu(x) = x)").goal.parts[0]
    >>> everywhere(Instance({}, {}), claim).point["x"].entries()
    [-1, -1]
    """
    leaves = Leaves(limit=limit)
    letters, wanted = block(claim)
    try:
        if any(letter.kind == "natural" for letter in letters):
            return None
        names = {letter.name for letter in letters}
        if all(fits(part, names) for part, _ in wanted):
            point = find(at, letters, wanted, leaves)
        else:
            point = _alternating(at, letters, wanted, leaves)
    except (Stopped, NotPiecewise, NotRepresentable, Undefined):
        return None
    return Known((point is None) == (claim.kind == "forall"), point, leaves.closed)


def block(claim: Claim) -> tuple[tuple[Letter, ...], list[Wanted]]:
    """Return what a chain of like quantifiers binds, and which truths of its claims decide it.

    These are the values at which `for all` fails, or that `exists` asks for.
    """
    letters = list(claim.letters)
    wanted: list[Wanted] = [(limit, True) for limit in claim.parts[1:]]
    body = claim.parts[0]
    while body.kind == claim.kind:
        spoken = {letter.name for letter in letters}.union(*(part.names() for part, _ in wanted))
        if any(letter.name in spoken for letter in body.letters):
            break
        letters += body.letters
        wanted += [(limit, True) for limit in body.parts[1:]]
        body = body.parts[0]
    return tuple(letters), [*wanted, (body, claim.kind == "exists")]


def _alternating(at: Instance, letters: Sequence[Letter], wanted: Sequence[Wanted], leaves: Leaves) -> Values | None:
    """Find values for `exists … for all …` (wanted true) or `for all … exists …` (wanted false), by counterexamples."""
    *limits, (body, truth) = wanted
    names = {letter.name for letter in letters}
    if body.kind != ("forall" if truth else "exists") or not all(fits(part, names) for part, _ in limits):
        raise NotPiecewise
    inner, against = block(body)
    inside = {letter.name for letter in inner}
    if names & inside or any(letter.kind == "natural" for letter in inner):
        raise NotPiecewise
    if not all(fits(part, names) and fits(part, inside) for part, _ in against):
        raise NotPiecewise
    points: Values = {}
    tasks: list[Wanted] = list(limits)
    for number in range(ROUNDS):
        values = find(at.with_matrices(points), letters, tasks, leaves)
        if values is None:
            return None
        here = at.with_matrices(values)
        point = find(here, inner, against, leaves)
        if point is None:
            return values
        point = _pushed(here, inner, against, point)
        renamed = {name: f"{name}#{number}" for name in point}
        points.update({renamed[name]: value for name, value in point.items()})
        # Not all of the truths that spoke against the values may be had at this point.
        tasks.append((Claim("and", (), tuple(_as_claim(_at(part, renamed), held) for part, held in against)), False))
    if not all(fits(part, names | inside) for part, _ in against):
        raise Stopped
    return outside(at, letters, limits, inner, against, leaves)


def _as_claim(claim: Claim, truth: bool) -> Claim:
    return claim if truth else Claim("not", (), (claim,))


def _pushed(at: Instance, letters: Sequence[Letter], wanted: Sequence[Wanted], point: Values) -> Values:
    """Return a counterexample moved to the ends of its boxes as far as it stays one: corners say most."""
    for low, high, name in _ends(at, wanted):
        if name not in point:
            continue
        for place in range(point[name].nrows() * point[name].ncols()):
            i, j = divmod(place, point[name].ncols())
            for bound in (low, high):
                one = bound.nrows() == bound.ncols() == 1
                moved = point[name] * 1
                moved[i, j] = bound[0, 0] if one else bound[i, j]
                there = {**point, name: moved}
                if all(at.with_matrices(there).truth(part) is truth for part, truth in wanted):
                    point = there
                    break
    return point


def _ends(at: Instance, wanted: Sequence[Wanted]) -> Iterator[tuple[Any, Any, str]]:
    for claim, truth in wanted:
        for part in claim.parts if claim.kind == "and" else (claim,):
            if truth and part.kind == "box" and part.terms[0].kind == "letter":
                yield at.value(part.terms[1]), at.value(part.terms[2]), part.terms[0].data


def _at(claim: Claim, names: Mapping[str, str]) -> Claim:
    """Return a claim with letters renamed."""
    return replace(
        claim, terms=tuple(_term_at(term, names) for term in claim.terms),
        parts=tuple(_at(part, names) for part in claim.parts),
    )  # fmt: skip


def _term_at(term: Term, names: Mapping[str, str]) -> Term:
    if term.kind == "letter":
        return replace(term, data=names.get(term.data, term.data))
    return replace(term, args=tuple(_term_at(part, names) for part in term.args))
