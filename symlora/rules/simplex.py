"""Exact feasibility of small linear systems, with a proof either way.

The method is the simplex for feasibility of Dutertre and de Moura, "A fast linear-arithmetic solver for DPLL(T)"
(CAV 2006): no objective and no artificial columns, and Bland's smallest index on both choices, so it ends. Rows are
sparse and hold integers only; each is kept up to a positive factor and divided by its content.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import gcd, lcm

_RIGHT = -1


@dataclass(frozen=True, slots=True)
class Solution:
    """A feasible point: variable j is ``values[j] / denominator``; variables not listed are 0; denominator > 0."""

    denominator: int
    values: dict[int, int]


@dataclass(frozen=True, slots=True)
class Infeasible:
    """Row multipliers y (Farkas): y·A >= 0, exactly 0 at free columns, y·b < 0, y_i >= 0 unless row i is an equation.

    Rows not listed have multiplier 0.
    """

    multipliers: dict[int, int]


@dataclass(frozen=True, slots=True)
class Stopped:
    """The pivot limit was reached; nothing is known about the system."""

    pivots: int


def solve(
    rows: Sequence[Mapping[int, int]],
    right: Sequence[int],
    equation: Sequence[bool],
    free: Sequence[bool],
    max_pivots: int,
) -> Solution | Infeasible | Stopped:
    """Return x with ``rows[i]·x <= right[i]`` (``=`` where ``equation[i]``) and ``x[j] >= 0`` unless ``free[j]``.

    ``rows[i]`` maps column numbers, all in ``range(len(free))``, to integers. The answer depends only on the numbers,
    not on the order inside the mappings.

    >>> solve([{0: 1, 1: 1}, {0: -2, 1: -1}], [3, -5], [False, False], [False, False], 10)
    Solution(denominator=2, values={0: 5})
    >>> solve([{0: 1}, {0: -1}], [1, -2], [False, False], [False], 10)
    Infeasible(multipliers={0: 1, 1: 1})
    """
    columns = len(free)
    basis: list[int] = []
    tableau: list[dict[int, int]] = []
    for i, coefficients in enumerate(rows):
        row = {j: c for j, c in coefficients.items() if c}
        row[columns + i] = 1
        if right[i]:
            row[_RIGHT] = right[i]
        tableau.append(row)
        basis.append(columns + i)

    for _ in range(max_pivots + 1):
        leaving = _violated(tableau, basis, equation, free)
        if leaving is None:
            return _point(tableau, basis, columns)
        row = tableau[leaving]
        sign = 1 if row[_RIGHT] > 0 else -1
        entering = _entering(row, sign, basis[leaving], equation, free)
        if entering is None:
            found = {j - columns: -sign * c for j, c in row.items() if j >= columns}
            return Infeasible(dict(sorted(found.items())))
        _pivot(tableau, leaving, entering)
        basis[leaving] = entering
    return Stopped(max_pivots)


def _violated(
    tableau: list[dict[int, int]], basis: list[int], equation: Sequence[bool], free: Sequence[bool]
) -> int | None:
    """Position of the row whose basic variable is outside its bounds and has the smallest number."""
    columns = len(free)
    chosen: int | None = None
    for i, row in enumerate(tableau):
        value = row.get(_RIGHT, 0)
        variable = basis[i]
        if value == 0 or (variable < columns and free[variable]):
            continue
        if (value < 0 or (variable >= columns and equation[variable - columns])) and (
            chosen is None or variable < basis[chosen]
        ):
            chosen = i
    return chosen


def _entering(
    row: dict[int, int], sign: int, leaving: int, equation: Sequence[bool], free: Sequence[bool]
) -> int | None:
    """The smallest column that can move the basic variable of ``row`` to 0; a free one, which never leaves, first."""
    columns = len(free)
    best: tuple[int, int] | None = None
    for j, c in row.items():
        if j in (_RIGHT, leaving):
            continue
        if j < columns and free[j]:
            rank = (0, j)
        elif c * sign < 0 or (j >= columns and equation[j - columns]):
            continue
        else:
            rank = (1, j)
        if best is None or rank < best:
            best = rank
    return None if best is None else best[1]


def _pivot(tableau: list[dict[int, int]], leaving: int, entering: int) -> None:
    """Solve row ``leaving`` for column ``entering`` and eliminate that column from the other rows."""
    row = tableau[leaving]
    if row[entering] < 0:
        row = {j: -c for j, c in row.items()}
        tableau[leaving] = row
    pivot = row[entering]
    for i, other in enumerate(tableau):
        factor = other.get(entering)
        if i == leaving or factor is None:
            continue
        common = gcd(pivot, factor)
        keep, take = pivot // common, factor // common
        mixed = {j: keep * c for j, c in other.items()} if keep != 1 else other
        for j, c in row.items():
            value = mixed.get(j, 0) - take * c
            if value:
                mixed[j] = value
            else:
                mixed.pop(j, None)
        content = gcd(*mixed.values())
        tableau[i] = {j: c // content for j, c in mixed.items()} if content > 1 else mixed


def _point(tableau: list[dict[int, int]], basis: list[int], columns: int) -> Solution:
    """The values of the basic columns over their common denominator."""
    entries = sorted((basis[i], row[_RIGHT], row[basis[i]]) for i, row in enumerate(tableau) if _RIGHT in row)
    entries = [entry for entry in entries if entry[0] < columns]
    denominator = lcm(*(bottom // gcd(top, bottom) for _, top, bottom in entries))
    return Solution(denominator, {j: top * denominator // bottom for j, top, bottom in entries})
