"""Combinations of matrix terms with coefficients some of which are >= 0, by exact linear programming."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

from symlora.kernel.words import Key, Matrix
from symlora.rules import simplex

MAX_PIVOTS = 400


def combine(target: Matrix, columns: Sequence[Matrix], nonnegative: int) -> dict[int, Fraction] | None:
    """Return coefficients with ``target = sum c_j columns_j``, those of the first `nonnegative` columns >= 0."""
    keys: dict[Key, int] = {}
    for m in (target, *columns):
        for key, _ in m.terms:
            keys.setdefault(key, len(keys))
    rows: list[dict[int, Fraction]] = [{} for _ in keys]
    right = [Fraction(0)] * len(keys)
    for key, c in target.terms:
        right[keys[key]] = c
    for j, m in enumerate(columns):
        for key, c in m.terms:
            rows[keys[key]][j] = c
    whole_rows, whole_right = [], []
    for row, value in zip(rows, right, strict=True):
        if not row and value:
            return None
        scale = lcm(value.denominator, *(c.denominator for c in row.values()))
        whole_rows.append({j: int(c * scale) for j, c in row.items()})
        whole_right.append(int(value * scale))
    free = [j >= nonnegative for j in range(len(columns))]
    answer = simplex.solve(whole_rows, whole_right, [True] * len(whole_rows), free, MAX_PIVOTS)
    if not isinstance(answer, simplex.Solution):
        return None
    return {j: Fraction(value, answer.denominator) for j, value in sorted(answer.values.items()) if value}
