"""Block matrices: written as blocks, and read by the kernel as a sum over coordinate inclusions."""

from __future__ import annotations

from typing import Any

from sympy import Basic, Expr, Tuple

from symlora.language.errors import ShapeError, StatementError
from symlora.language.matrices import Matrix, as_matrix, shape_text, written
from symlora.language.naturals import as_natural, nat_text, same_polynomial


class Block(Matrix):
    """A 2 x 2 block matrix.

    >>> from symlora.language.matrices import eye, zero
    >>> Block([eye(2), zero(2, 1)], [zero(1, 2), eye(1)]).row_sizes
    (2, 1)
    """

    __slots__ = ()

    def __new__(cls, *rows: Any) -> Block:
        if len(rows) != 2 or any(len(row) != 2 for row in rows):
            raise StatementError("a block matrix has two rows of two blocks: block([[A, B], [C, D]])")
        entries = Tuple(*(Tuple(*(as_matrix(entry) for entry in row)) for row in rows))
        (a, b), (c, d) = entries
        for first, second, side in ((a, b, "rows"), (c, d, "rows"), (a, c, "columns"), (b, d, "columns")):
            sizes = (first.rows, second.rows) if side == "rows" else (first.cols, second.cols)
            if not same_polynomial(*sizes):
                place = "beside" if side == "rows" else "above"
                raise ShapeError(
                    f"cannot put {first} ({shape_text(first)}) {place} {second} ({shape_text(second)}): the numbers "
                    f"of {side} {nat_text(sizes[0])} and {nat_text(sizes[1])} differ, in {written(cls, *entries)}"
                )
        made: Block = Basic.__new__(cls, *entries)
        return made

    @property
    def row_sizes(self) -> tuple[Expr, Expr]:
        """The numbers of rows of the upper and of the lower blocks."""
        return self.args[0][0].rows, self.args[1][0].rows

    @property
    def col_sizes(self) -> tuple[Expr, Expr]:
        """The numbers of columns of the left and of the right blocks."""
        return self.args[0][0].cols, self.args[0][1].cols

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return as_natural(sum(self.row_sizes)), as_natural(sum(self.col_sizes))


def block(rows: list[list[Any]]) -> Block:
    """Return the 2 x 2 block matrix with the given rows of blocks.

    >>> from symlora.language.matrices import eye, zero
    >>> block([[eye(2), zero(2, 1)], [zero(1, 2), eye(1)]]).shape
    (3, 3)
    """
    if not isinstance(rows, (list, tuple)) or not all(isinstance(row, (list, tuple)) for row in rows):
        raise StatementError("a block matrix has two rows of two blocks: block([[A, B], [C, D]])")
    return Block(*rows)
