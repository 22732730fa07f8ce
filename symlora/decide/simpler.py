"""Smaller counterexamples from known ones, each step evaluated exactly.

The order is that of the search on the grid: fewer nonzero entries, then less height (the largest numerator or
denominator), then fewer negative entries.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from math import gcd, lcm
from typing import Any

from flint import fmpq, fmpq_mat

from symlora.decide.problem import Problem, Values

BOUNDS = (1, 2, 3, 5, 10, 30, 100, 1_000, 10_000, 100_000)
"""Heights that are tried for single numbers."""


def size_of(problem: Problem, values: Values) -> tuple[int, int, int]:
    """Return the size of values: nonzero entries, height, negative entries."""
    entries = [x for letter in problem.free for x in values[letter.name].entries()]
    return sum(x != 0 for x in entries), max(map(_height, entries), default=0), sum(x < 0 for x in entries)


def _height(x: Any) -> int:
    return max(abs(int(x.p)), int(x.q)) if x != 0 else 0


def _weight(problem: Problem, values: Values) -> tuple[int, int]:
    """Return the number of nonzero entries and the sum of their heights."""
    entries = [x for letter in problem.free for x in values[letter.name].entries()]
    return sum(x != 0 for x in entries), sum(map(_height, entries))


def simpler(problem: Problem, entries: list[Any], best: Values, build: Callable[[list[Any]], Values | None],
            limit: float) -> tuple[list[Any], Values]:  # fmt: skip
    """Put simpler numbers in place of single ones as long as what is built from them stays a counterexample."""
    changed = True
    while changed:
        changed = False
        for place, old in enumerate(entries):
            for new in _near(old):
                if time.monotonic() > limit:
                    return entries, best
                tried = [*entries[:place], new, *entries[place + 1 :]]
                values = build(tried)
                if values is not None and _weight(problem, values) < _weight(problem, best) and problem.breaks(values):
                    entries, best, changed = tried, values, True
                    break
    return entries, best


def _near(x: Any) -> Iterator[Any]:
    """Yield numbers of less height in place of x: 0, then by their height near ones, and those between x and 0."""
    if x == 0:
        return
    yield fmpq(0)
    exact, height, sign = Fraction(int(x.p), int(x.q)), _height(x), 1 if x > 0 else -1
    for bound in BOUNDS:
        if bound >= height:
            return
        between = Fraction(sign * bound) if abs(exact) > bound else Fraction(sign, bound)
        for near in dict.fromkeys((exact.limit_denominator(bound), between)):
            if near and max(abs(near.numerator), near.denominator) < height:
                yield fmpq(near.numerator, near.denominator)


def lower(problem: Problem, best: Values, limit: float) -> Values:
    """Divide letters by what their entries have in common, then put simpler numbers in place of single entries."""
    names = [letter.name for letter in problem.free]
    for group in (names, *([name] for name in names)):
        entries = [abs(x) for name in group for x in best[name].entries() if x != 0]
        for c in (_content(entries), max(entries, default=fmpq(1))):
            values = placed(problem, {**best, **{name: best[name] * (1 / c) for name in group}})
            if values is not None and _weight(problem, values) < _weight(problem, best) and problem.breaks(values):
                best = values
                break

    def build(entries: list[Any]) -> Values | None:
        values, at = {}, 0
        for name in names:
            rows, cols = problem.shapes[name]
            values[name] = fmpq_mat(rows, cols, entries[at : at + rows * cols])
            at += rows * cols
        return placed(problem, values)

    return simpler(problem, [x for name in names for x in best[name].entries()], best, build, limit)[1]


def _content(entries: list[Any]) -> Any:
    """Return the greatest number of which all entries are whole multiples."""
    return fmpq(gcd(*(int(x.p) for x in entries)) or 1, lcm(*(int(x.q) for x in entries)))


def fewer_signs(problem: Problem, best: Values, limit: float) -> Values:
    """Turn the signs of letters, rows and columns where that leaves fewer negative entries."""
    changed = True
    while changed and time.monotonic() < limit:
        changed = False
        for letter in problem.free:
            rows, cols = problem.shapes[letter.name]
            lines = [[(i, j) for j in range(cols)] for i in range(rows)]
            lines += [[(i, j) for i in range(rows)] for j in range(cols)]
            for line in [[place for row in lines[:rows] for place in row], *lines]:
                m = fmpq_mat(best[letter.name])
                for i, j in line:
                    m[i, j] = -m[i, j]
                values = placed(problem, {**best, letter.name: m})
                if values is not None and size_of(problem, values) < size_of(problem, best) and problem.breaks(values):
                    best, changed = values, True
    return best


def placed(problem: Problem, given: Values) -> Values | None:
    """Return values with what is computed computed again, if they satisfy the hypotheses."""
    values: Values = {}
    if not problem.run(0, values):
        return None
    for place, letter in enumerate(problem.free, 1):
        values[letter.name] = given[letter.name]
        if not problem.run(place, values):
            return None
    return values
