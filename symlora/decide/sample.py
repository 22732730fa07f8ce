"""Counterexamples beyond the grid: entries 2 and 1/2 at small shapes, then random exact instances.

Random letters are drawn in the shapes that hypotheses tend to ask for (low rank, orthogonal, definite, triangular,
projections), each checked as soon as a hypothesis can be evaluated. What is found is made smaller: entries become 0,
then 1 or -1, then whole numbers, as long as it stays a counterexample.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import product
from random import Random
from typing import Any

from flint import fmpq, fmpq_mat

from symlora.claims.statement import Statement
from symlora.decide.problem import Problem, Values, natural_names
from symlora.decide.search import Found, Looked, choices
from symlora.domains.sampling import draw_matrix

ENTRIES = tuple(fmpq(*x) for x in ((0, 1), (1, 1), (-1, 1), (2, 1), (-2, 1), (1, 2), (-1, 2), (3, 1), (-3, 1)))
MOST_ENTRIES, TRIES = 5, 12


def wider(statement: Statement, deadline: float, looked: Looked) -> Found | None:
    """Look through small shapes with entries 0, 1, -1, 2, -2, 1/2, -1/2, 3, -3, up to five entries in all."""
    for naturals in choices(statement, 2):
        problem = Problem(statement, naturals)
        sizes = [problem.shapes[x.name][0] * problem.shapes[x.name][1] for x in problem.free]
        if not problem.possible or sum(sizes) > MOST_ENTRIES:
            continue
        count = 9 if sum(sizes) < 4 else 5
        vectors = sorted(product(range(count), repeat=sum(sizes)), key=lambda v: (sum(i > 0 for i in v), sum(v)))
        for vector in vectors:
            if time.monotonic() > deadline:
                return None
            looked.tried += 1
            values = _place(problem, [ENTRIES[i] for i in vector])
            if values is not None and problem.breaks(values):
                looked.met = True
                return Found(naturals, shrink(problem, values))
        looked.met = looked.met or problem.met
    return None


def _place(problem: Problem, entries: list[Any]) -> Values | None:
    """Return the values with these entries if they satisfy the hypotheses."""
    values: Values = {}
    at = 0
    if not problem.run(0, values):
        return None
    for i, letter in enumerate(problem.free, 1):
        rows, cols = problem.shapes[letter.name]
        values[letter.name] = fmpq_mat(rows, cols, entries[at : at + rows * cols])
        at += rows * cols
        if not problem.run(i, values):
            return None
    return values


def random_search(statement: Statement, deadline: float, looked: Looked, count: int = 3_000, largest: int = 4,
                  seed: int = 0, make: Callable[[Statement, dict[str, int]], Problem] = Problem,
                  ) -> Found | None:  # fmt: skip
    """Look among random instances until a time, or until that many were tried; return the smallest of a few."""
    draw = Random(f"claim {seed}")
    names = natural_names(statement)
    hits: list[Found] = []
    for number in range(count):
        if time.monotonic() > deadline or len(hits) == 3 or (hits and number > 400):
            break
        most = min(largest, 2 + number // 100)
        naturals = {name: draw.randint(least, max(least, most)) for name, least in names}
        problem = make(statement, naturals)
        if not problem.possible:
            continue
        looked.tried += 1
        values = assigned(problem, draw)
        if values is None:
            continue
        looked.met = True
        if problem.breaks(values):
            hits.append(Found(naturals, shrink(problem, values)))
    return min(hits, key=_size, default=None)


def _size(found: Found) -> tuple[int, int]:
    entries = [x for value in found.values.values() for x in value.entries()]
    return sum(found.naturals.values()), sum(x != 0 for x in entries)


def assigned(problem: Problem, draw: Random) -> Values | None:
    """Return random values that satisfy the hypotheses, or None after a dead end."""
    values: Values = {}
    if not problem.run(0, values):
        return None
    for i, letter in enumerate(problem.free, 1):
        rows, cols = problem.shapes[letter.name]
        for attempt in range(TRIES):
            if rows * cols == 1:
                values[letter.name] = fmpq_mat(1, 1, [fmpq(draw.randint(-4, 4), draw.choice((1, 1, 2, 3, 4)))])
            else:
                values[letter.name] = draw_matrix(draw, rows, cols, attempt > 1)
            if problem.run(i, values):
                break
        else:
            return None
    return values


def shrink(problem: Problem, values: Values) -> Values:
    """Return a counterexample with simpler entries: every step keeps the hypotheses true and the goal false."""
    names = [letter.name for letter in problem.free]
    entries = [x for name in names for x in values[name].entries()]
    best, changed, deadline = values, True, time.monotonic() + 1.0
    while changed and time.monotonic() < deadline:
        changed = False
        for place, old in enumerate(entries):
            for new in _simpler(old):
                tried = [*entries[:place], new, *entries[place + 1 :]]
                placed = _place(problem, tried)
                if placed is not None and problem.breaks(placed):
                    entries, best, changed = tried, placed, True
                    break
    return best


def _simpler(x: Any) -> Iterator[Any]:
    """Yield simpler numbers in place of x, simplest first."""
    if x == 0:
        return
    yield fmpq(0)
    for other in (fmpq(1), fmpq(-1)):
        if x == other:
            return
        yield other
    if x.q != 1:
        yield fmpq(int(x.p) // int(x.q))
    elif abs(x) > 2:
        yield fmpq(2 if x > 0 else -2)
