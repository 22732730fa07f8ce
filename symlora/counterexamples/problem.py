"""Every assignment of small rationals that satisfies a system of constraints, simplest first.

The free members are assigned one after the other; a hypothesis is evaluated as soon as its members are known and cuts
the branch when it fails, and so does an inverse of a singular matrix. Members that a hypothesis determines are computed
instead of enumerated, so their entries may lie outside the grid.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations, product
from math import comb, gcd
from typing import Any

from flint import fmpq, fmpq_mat

from symlora.domains.constraints import Assignment, Constraint, System
from symlora.domains.ground import Graph, Instance

Level = tuple[int, int, int]
"""Number of nonzero entries, largest numerator or denominator, number of negative entries."""
NOTHING: Level = (0, 0, 0)


@cache
def magnitudes(height: int) -> tuple[Any, ...]:
    """Return the positive rationals whose larger of numerator and denominator is `height`, whole numbers first.

    >>> magnitudes(1), magnitudes(3)
    ((1,), (3, 3/2, 1/3, 2/3))
    """
    rest = [k for k in range(1, height) if gcd(k, height) == 1]
    return tuple([fmpq(height, k) for k in rest or [1]] + [fmpq(k, height) for k in rest if height > 1])


def entries(count: int, nonzeros: int, height: int, negatives: int) -> Iterator[list[Any]]:
    """Yield all vectors of a level, early positions first.

    >>> list(entries(2, 1, 1, 1))
    [[-1, 0], [0, -1]]
    >>> list(entries(1, 1, 2, 0)), list(entries(1, 0, 0, 0))
    ([[2], [1/2]], [[0]])
    """
    pool = [x for h in range(1, height + 1) for x in magnitudes(h)]
    top = set(magnitudes(height)) if height else set()
    for places in combinations(range(count), nonzeros):
        for sizes in product(pool, repeat=nonzeros):
            if top and top.isdisjoint(sizes):
                continue
            for minus in combinations(range(nonzeros), negatives):
                vector: list[Any] = [0] * count
                for place, x in zip(places, sizes, strict=True):
                    vector[place] = x
                for k in minus:
                    vector[places[k]] = -sizes[k]
                yield vector


def together(first: Level, second: Level) -> Level:
    """Return the level of two assignments that share no member."""
    return first[0] + second[0], max(first[1], second[1]), first[2] + second[2]


class Problem(System):
    """Hypotheses at fixed sizes; `enumerate` looks for assignments that satisfy them.

    Entries go up to that `height`. `work` counts the values tried for members so far, `first_open` is the least level
    at which one was passed over.
    """

    def __init__(self, graph: Graph, hypotheses: Sequence[Instance], height: int = 1) -> None:
        super().__init__(graph, hypotheses)
        self.height = height
        self.work = 0
        self.level: Level = NOTHING
        self.first_open: Level | None = None

    def left_open(self) -> None:
        """Take note that an assignment of the current level, or a larger one, is passed over."""
        super().left_open()
        self.first_open = self.level if self.first_open is None else min(self.first_open, self.level)

    def enumerate(self, constraints: Sequence[Constraint]) -> Iterator[tuple[Level, Any]]:
        """Yield (level, values of the free members) for every assignment that satisfies the constraints.

        Order: that of the levels, then the assignments in order of the members.
        Between results, (level, None) is yielded after every value tried, so that the caller can stop or interleave.
        """
        constraints = list(dict.fromkeys(constraints))
        order = self.order(constraints)
        plans = self.plans(order, constraints)
        sizes = [self.graph.nodes[x].rows * self.graph.nodes[x].cols for x in order]
        values: Assignment = {}
        if not self.run(*plans[0], values):
            return
        alone = [[c for c in constraints if self.needs(c) == {x}] for x in order]
        domains = [_Domain(self, leaf, checks, values) for leaf, checks in zip(order, alone, strict=True)]
        for domain in domains:
            while domain.growing():
                yield NOTHING, None
        least = [domain.least for domain in domains]
        rest_least = [sum(least[i:]) for i in range(len(order) + 1)]
        rest_most = [sum(sizes[i:]) for i in range(len(order) + 1)]

        def assign(i: int, level: Level, nonzeros: int, reached: int, negatives: int) -> Iterator[tuple[Level, Any]]:
            """Assign member i and the later ones; the members before it reach that height."""
            if i == len(order):
                if reached == level[1]:
                    yield level, {x: values[x] for x in order}
                return
            low, high = max(least[i], nonzeros - rest_most[i + 1]), min(sizes[i], nonzeros - rest_least[i + 1])
            for k in range(low, high + 1):
                for height in range(1, level[1] + 1) if k else (0,):
                    if reached < level[1] and height < level[1] and nonzeros == k:
                        continue  # no later member has an entry that could reach the height of the level
                    for minus in range(max(0, negatives - (nonzeros - k)), min(k, negatives) + 1):
                        for value in domains[i].values((k, height, minus)):
                            self.work += 1
                            yield level, None
                            values[order[i]] = value
                            self.level = level
                            if self.run(*plans[i + 1], values):
                                yield from assign(
                                    i + 1, level, nonzeros - k, max(reached, height), negatives - minus
                                )  # fmt: skip

        for nonzeros in range(rest_least[0], rest_most[0] + 1):
            for height in range(1, self.height + 1) if nonzeros else (0,):
                for negatives in range(nonzeros + 1):
                    yield from assign(0, (nonzeros, height, negatives), nonzeros, 0, negatives)


class _Domain:
    """The values of one free member, by levels, that satisfy what concerns it alone.

    `least` is a lower bound for the number of nonzeros, found by `growing`, which returns whether it is still at work.
    Large grids are neither filtered nor kept.
    """

    KEPT_ENTRIES, KEPT_VALUES = 6, 5_000

    def __init__(self, problem: Problem, leaf: int, checks: list[Constraint], values: Assignment) -> None:
        self.problem, self.leaf, self.checks, self.least = problem, leaf, checks, 0
        self.scratch = values
        node = problem.graph.nodes[leaf]
        self.rows, self.cols, self.size = node.rows, node.cols, node.rows * node.cols
        self.nodes = [n for n in problem.below([n for c in checks for n in c.nodes]) if n != leaf]
        self.kept: dict[Level, list[Any]] = {}

    def values(self, level: Level) -> Iterator[Any]:
        """Yield the values of a level."""
        if level in self.kept:
            return iter(self.kept[level])
        grid = (fmpq_mat(self.rows, self.cols, vector) for vector in entries(self.size, *level))
        if self.size > self.KEPT_ENTRIES or (level[1] > 1 and self._most(level) > self.KEPT_VALUES):
            return grid
        self.problem.level = level
        self.kept[level] = [value for value in grid if self._fits(value)]
        return iter(self.kept[level])

    def _most(self, level: Level) -> int:
        """Return a bound on the number of values of a level."""
        nonzeros, height, negatives = level
        pool = sum(len(magnitudes(h)) for h in range(1, height + 1))
        return int(comb(self.size, nonzeros) * pool**nonzeros * comb(nonzeros, negatives))

    def _fits(self, value: Any) -> bool:
        if not self.checks:
            return True
        self.problem.work += 1
        self.scratch[self.leaf] = value
        return self.problem.run(self.nodes, self.checks, self.scratch)

    def growing(self) -> bool:
        """Raise `least` by one unless some value has that many nonzeros; return whether to go on."""
        if self.size > self.KEPT_ENTRIES or self.least > self.size:
            return False
        heights = range(1, self.problem.height + 1) if self.least else (0,)
        levels = ((self.least, height, minus) for height in heights for minus in range(self.least + 1))
        if any(next(self.values(level), None) is not None for level in levels):
            return False
        self.least += 1
        return True
