"""`exists … for all …` by projection: what speaks against outer values is a union of polyhedra; are there others?

The polyhedra of all points at which the inner claim fails are projected on the outer letters by Fourier and Motzkin's
elimination, which keeps strict inequalities exact. Outer values that do lie outside of all projections.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symlora.claims.patterns import Leaves, Region, Stopped, Tree, Wanted
from symlora.claims.piecewise import Form, add, scale
from symlora.claims.terms import Letter
from symlora.claims.values import Instance

MAX_HALVES = 400
Half = tuple[Form, str]


def project(halves: Sequence[Half], place: int) -> list[Half]:
    """Return the half-spaces of the projection along one variable; raises `Stopped` if they are too many.

    >>> from flint import fmpq
    >>> one, zero = fmpq(1), fmpq(0)
    >>> project([((one, zero, zero), ">="), ((-one, one, zero), ">")], 0)  # 0 <= x < y
    [((0, 1, 0), '>')]
    """
    equation = next((form for form, relation in halves if relation == "=" and form[place] != 0), None)
    if equation is not None:
        return _simple(
            [(add(f, scale(equation, -f[place] / equation[place])), r) for f, r in halves if f is not equation]
        )
    out = [(form, relation) for form, relation in halves if form[place] == 0]
    lower = [half for half in halves if half[0][place] > 0]
    upper = [half for half in halves if half[0][place] < 0]
    for f, r in lower:
        for g, s in upper:
            form = add(scale(f, 1 / f[place]), scale(g, -1 / g[place]))
            out.append((form, ">" if ">" in (r, s) else ">="))
    return _simple(out)


def _simple(halves: Sequence[Half]) -> list[Half]:
    """Return half-spaces without those that hold everywhere, each once."""
    found: dict[Half, None] = {}
    for form, relation in halves:
        constant = all(c == 0 for c in form[:-1])
        if constant and (form[-1] > 0 or (form[-1] == 0 and relation != ">")) and relation != "=":
            continue
        lead = next((abs(c) for c in form if c != 0), None)
        if lead is None and relation != ">":
            continue
        found.setdefault((form if lead is None else scale(form, 1 / lead), relation))
    if len(found) > MAX_HALVES:
        raise Stopped
    return list(found)


def outside(at: Instance, outer: Sequence[Letter], limits: Sequence[Wanted], inner: Sequence[Letter],
            against: Sequence[Wanted], leaves: Leaves) -> dict[str, Any] | None:  # fmt: skip
    """Return values of the outer letters within limits for which no inner ones have the truths, None if there are none.

    Raises `Stopped`, `NotPiecewise` or `Undefined`.
    """
    tree = Tree(at, (*outer, *inner), leaves)
    tree.all = []
    tree.search(Region(), against)
    own = Tree(at, outer, leaves)
    own.all = []
    own.search(Region(), limits)
    shadows = []
    for region in tree.all:
        halves = region.halves(tree.forms.count)
        for place in range(own.forms.count, tree.forms.count):
            halves = project(halves, place)
        shadows.append([((*form[: own.forms.count], form[-1]), relation) for form, relation in halves])
    if any(not shadow for shadow in shadows):
        return None  # one of them is everywhere
    for region in own.all:
        point = _avoid(region, sorted(shadows, key=len), own)
        if point is not None:
            return own.forms.assignment(point)
    return None


def _avoid(region: Region, shadows: list[list[Half]], tree: Tree) -> list[Any] | None:
    """Return a point of a region outside of all shadows."""
    point = region.point(tree.forms.count, tree.leaves)
    if point is None:
        tree.leaves.close()
        return None
    if not shadows:
        return point
    for form, relation in shadows[0]:
        for sign in (1, -1) if relation == "=" else (-1,):
            beyond = region.copy()
            if beyond.require(scale(form, sign), ">=" if relation == ">" else ">"):
                found = _avoid(beyond, shadows[1:], tree)
                if found is not None:
                    return found
    return None
