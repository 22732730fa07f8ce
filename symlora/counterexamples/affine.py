"""The values of one member for which equations hold in which it occurs to the first degree, as an affine space."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from flint import fmpq, fmpq_mat

from symlora.counterexamples.kinds import scalar
from symlora.domains.constraints import Assignment, Constraint, System
from symlora.domains.spectrum import null_space, pivot_columns
from symlora.domains.values import is_exact

MOST_ENTRIES = 16


@dataclass(frozen=True)
class Solutions:
    """All solutions of linear equations: one of them, and as columns a basis of what may be added."""

    rows: int
    cols: int
    one: Any
    basis: Any

    def draw(self, draw: Random) -> Any:
        """Return a random solution with mostly small coefficients."""
        count = self.basis.ncols()
        coefficients = fmpq_mat(count, 1, [scalar(draw) if draw.random() < 0.6 else 0 for _ in range(count)])
        return self._matrix(self.one + self.basis * coefficients)

    def least(self) -> Any:
        """Return the solution whose squares of entries have the least sum: the one orthogonal to the basis."""
        if not self.basis.ncols():
            return self._matrix(self.one)
        gram = self.basis.transpose() * self.basis
        return self._matrix(self.one - self.basis * gram.solve(self.basis.transpose() * self.one))

    def _matrix(self, column: Any) -> Any:
        return fmpq_mat(self.rows, self.cols, column.entries())


def solutions(system: System, leaf: int, nodes: Sequence[int], equations: Sequence[Constraint],
              values: Assignment) -> Solutions | None:  # fmt: skip
    """Return the values of `leaf` that satisfy those of the equations that are affine in it, or None without any.

    `nodes` are what has to be computed once the leaf is known; `values` holds everything before it, and is changed.

    >>> from symlora.domains.ground import Graph, Instance
    >>> graph = Graph()
    >>> x = graph.add("leaf", ("X", ()), 2, 2)
    >>> system = System(graph, [Instance((), "=", (graph.product(x, x), graph.flip(x)))])
    >>> symmetric = [Constraint("=", (x, graph.flip(x)))]
    >>> solutions(system, x, [graph.flip(x)], symmetric, {}).basis.ncols()
    3
    """
    node = system.graph.nodes[leaf]
    size = node.rows * node.cols
    if not 0 < size <= MOST_ENTRIES:
        return None

    def residuals(entries: Sequence[Any]) -> list[list[Any]] | None:
        values[leaf] = fmpq_mat(node.rows, node.cols, list(entries))
        if not system.run(nodes, [], values):
            return None
        sides = [[values[n] for n in equation.nodes] for equation in equations]
        if not all(is_exact(side) for pair in sides for side in pair):
            return None
        return [(left - right).entries() for left, right in sides]

    base = residuals([0] * size)
    steps = [residuals([int(i == k) for i in range(size)]) for k in range(size)]
    probe = [fmpq(k % 3 + 1, k % 2 + 1) for k in range(size)]
    seen = residuals(probe)
    if base is None or seen is None or None in steps:
        return None
    matrix: list[list[Any]] = []
    for place, start in enumerate(base):
        for row, constant in enumerate(start):
            line = [step[place][row] - constant for step in steps if step is not None]
            if sum((c * x for c, x in zip(line, probe, strict=True)), constant) == seen[place][row]:
                matrix.append([*line, -constant])
    if not matrix:
        return None
    whole = fmpq_mat(len(matrix), size + 1, [x for line in matrix for x in line])
    reduced, rank = whole.rref()
    pivots = pivot_columns(reduced, rank)
    if size in pivots:
        return None
    one = fmpq_mat(size, 1)
    for row, pivot in enumerate(pivots):
        one[pivot, 0] = reduced[row, size]
    left = fmpq_mat(len(matrix), size, [x for line in matrix for x in line[:-1]])
    return Solutions(node.rows, node.cols, one, null_space(left))
