"""Matrices of real algebraic numbers, for values that no matrix of rational numbers is.

Determinants and inverses follow from the characteristic polynomial by Faddeev and Le Verrier, which divides by integers
alone, so that an entry is short enough to be compared with zero exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import arb_mat, fmpq, fmpq_mat

from symlora.domains.algebraic import Number, combined, precise, rational

Grid = list[list[Number]]
ONE, ZERO = fmpq(1), rational(0)


class Irrational:
    """A matrix of algebraic numbers with the methods of python-flint's matrices that values are asked for.

    >>> from symlora.domains.algebraic import square_root
    >>> m = Irrational(1, 1, [[square_root(rational(2))]])
    >>> (m * m).settled(), (m * fmpq_mat(1, 1, [3])).rows[0][0].sign()
    ([2], 1)
    """

    def __init__(self, rows: int, cols: int, grid: Grid) -> None:
        self.size, self.rows = (rows, cols), grid

    def nrows(self) -> int:
        """Return the number of rows."""
        return self.size[0]

    def ncols(self) -> int:
        """Return the number of columns."""
        return self.size[1]

    def __getitem__(self, place: tuple[int, int]) -> Number:
        return self.rows[place[0]][place[1]]

    def transpose(self) -> Irrational:
        """Return the transpose."""
        rows, cols = self.size
        return Irrational(cols, rows, [[self.rows[i][j] for i in range(rows)] for j in range(cols)])

    def map(self, function: Callable[[Number], Number]) -> Irrational:
        """Return the matrix of the values of a function at the entries."""
        return Irrational(*self.size, [[function(x) for x in row] for row in self.rows])

    def __mul__(self, other: Any) -> Irrational:
        right = lifted(other)
        cols = list(zip(*right.rows, strict=True)) if right.rows else [()] * right.ncols()
        grid = [[combined([(ONE, x * y) for x, y in zip(row, col, strict=True)]) for col in cols] for row in self.rows]
        return Irrational(self.nrows(), right.ncols(), grid)

    def __add__(self, other: Any) -> Irrational:
        grid = [[x + y for x, y in zip(*rows, strict=True)] for rows in zip(self.rows, lifted(other).rows, strict=True)]
        return Irrational(*self.size, grid)

    def settled(self) -> Any:
        """Return the matrix as an fmpq_mat if all entries are written as rational numbers."""
        entries: list[Any] = [x.rational() for row in self.rows for x in row]
        return self if None in entries else fmpq_mat(*self.size, entries)

    def balls(self) -> Any:
        """Return the matrix of first enclosures as an arb_mat."""
        with precise():
            return arb_mat(*self.size, [x.ball for row in self.rows for x in row])

    def symmetric(self) -> bool | None:
        """Return whether the matrix equals its transpose."""
        found: bool | None = True
        for i, row in enumerate(self.rows):
            for j in range(i):
                sign = 0 if row[j] is self.rows[j][i] else (row[j] - self.rows[j][i]).sign()
                if sign:
                    return False
                found = None if sign is None else found
        return found

    def characteristic(self) -> tuple[list[Number], Irrational]:
        """Return the coefficients of det(x - m), the highest first, and the adjugate up to its sign."""
        size = self.nrows()
        found, shifted = [rational(1)], lifted(fmpq_mat(size, size))
        last = shifted
        for k in range(1, size + 1):
            one = [[found[-1] if i == j else ZERO for j in range(size)] for i in range(size)]
            last = shifted + Irrational(size, size, one)
            shifted = self * last
            found.append(combined([(fmpq(-1, k), shifted.rows[i][i]) for i in range(size)]))
        return found, last

    def determinant(self) -> Number:
        """Return the determinant."""
        last = self.characteristic()[0][-1]
        return last if self.nrows() % 2 == 0 else last.times(-1)

    def inverse(self) -> Irrational:
        """Return the inverse; raises `NotRepresentable` for a matrix that is not shown to be nonsingular."""
        coefficients, last = self.characteristic()
        if not self.nrows():
            return self
        scale = coefficients[-1].times(-1).inverse()
        return last.map(lambda x: x * scale)


def lifted(m: Any) -> Irrational:
    """Return a value, exact or not, as a matrix of algebraic numbers."""
    return m if isinstance(m, Irrational) else Irrational(
        m.nrows(), m.ncols(), [[rational(x) for x in row] for row in m.tolist()])  # fmt: skip
