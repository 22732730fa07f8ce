"""Every assignment of small integers that satisfies a system of constraints, simplest first.

The free members are assigned one after the other; a hypothesis is evaluated as soon as its members are known and cuts
the branch when it fails, and so does an inverse of a singular matrix. Members that a hypothesis determines are computed
instead of enumerated, so their entries may lie outside the grid.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any

from flint import fmpq_mat

from symlora.domains.constraints import Assignment, Constraint, System
from symlora.domains.ground import Graph, Instance

Level = tuple[int, int]
"""Number of nonzero entries and of negative entries."""


def entries(count: int, nonzeros: int, negatives: int) -> Iterator[list[int]]:
    """Yield all vectors of 0, 1, -1 with these numbers of nonzeros and negatives, early positions first.

    >>> list(entries(2, 1, 1))
    [[-1, 0], [0, -1]]
    """
    for places in combinations(range(count), nonzeros):
        for minus in combinations(places, negatives):
            vector = [0] * count
            for place in places:
                vector[place] = 1
            for place in minus:
                vector[place] = -1
            yield vector


class Problem(System):
    """Hypotheses at fixed sizes; `enumerate` looks for assignments that satisfy them.

    `work` counts the values tried for members so far, `first_open` is the least level at which one was passed over.
    """

    def __init__(self, graph: Graph, hypotheses: Sequence[Instance]) -> None:
        super().__init__(graph, hypotheses)
        self.work = 0
        self.level: Level = (0, 0)
        self.first_open: Level | None = None

    def left_open(self) -> None:
        """Take note that an assignment of the current level, or a larger one, is passed over."""
        super().left_open()
        self.first_open = self.level if self.first_open is None else min(self.first_open, self.level)

    def enumerate(self, constraints: Sequence[Constraint]) -> Iterator[tuple[Level, Any]]:
        """Yield (level, values of the free members) for every assignment that satisfies the constraints.

        Order: number of nonzero entries, number of negative ones, then the assignments in order of the members.
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
                yield (0, 0), None
        least = [domain.least for domain in domains]
        rest_least = [sum(least[i:]) for i in range(len(order) + 1)]
        rest_most = [sum(sizes[i:]) for i in range(len(order) + 1)]

        def assign(i: int, level: Level, nonzeros: int, negatives: int) -> Iterator[tuple[Level, Any]]:
            if i == len(order):
                yield level, {x: values[x] for x in order}
                return
            low, high = max(least[i], nonzeros - rest_most[i + 1]), min(sizes[i], nonzeros - rest_least[i + 1])
            for k in range(low, high + 1):
                for minus in range(max(0, negatives - (nonzeros - k)), min(k, negatives) + 1):
                    for value in domains[i].values(k, minus):
                        self.work += 1
                        yield level, None
                        values[order[i]] = value
                        self.level = level
                        if self.run(*plans[i + 1], values):
                            yield from assign(i + 1, level, nonzeros - k, negatives - minus)

        for nonzeros in range(rest_least[0], rest_most[0] + 1):
            for negatives in range(nonzeros + 1):
                yield from assign(0, (nonzeros, negatives), nonzeros, negatives)


class _Domain:
    """The values of one free member, by numbers of nonzeros and negatives, that satisfy what concerns it alone.

    `least` is a lower bound for the number of nonzeros, found by `growing`, which returns whether it is still at work.
    Large grids are neither filtered nor kept.
    """

    KEPT_ENTRIES = 6

    def __init__(self, problem: Problem, leaf: int, checks: list[Constraint], values: Assignment) -> None:
        self.problem, self.leaf, self.checks, self.least = problem, leaf, checks, 0
        self.scratch = values
        node = problem.graph.nodes[leaf]
        self.rows, self.cols, self.size = node.rows, node.cols, node.rows * node.cols
        self.nodes = [n for n in problem.below([n for c in checks for n in c.nodes]) if n != leaf]
        self.kept: dict[Level, list[Any]] = {}

    def values(self, nonzeros: int, negatives: int) -> Iterator[Any]:
        """Yield the values with these numbers of nonzeros and negatives."""
        key = (nonzeros, negatives)
        if key in self.kept:
            return iter(self.kept[key])
        grid = (fmpq_mat(self.rows, self.cols, vector) for vector in entries(self.size, nonzeros, negatives))
        if self.size > self.KEPT_ENTRIES:
            return grid
        self.problem.level = key
        self.kept[key] = [value for value in grid if self._fits(value)]
        return iter(self.kept[key])

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
        if any(next(self.values(self.least, minus), None) is not None for minus in range(self.least + 1)):
            return False
        self.least += 1
        return True
