"""Functions of matrices: real numbers as 1 x 1 matrices, and the rank as a natural.

Like everything written they are never evaluated; what is known about them comes from facts alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Basic, Expr, Integer

from symlora.language.errors import RangeError, ShapeError
from symlora.language.matrices import Matrix, as_matrix, is_scalar, shape_text, written
from symlora.language.naturals import NaturalAtom, as_natural, same_polynomial


class _Scalar(Matrix):
    """A real number made from something else."""

    __slots__ = ()

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return Integer(1), Integer(1)


class SpectralNorm(_Scalar):
    """The largest factor by which a matrix stretches a vector; written `norm2(M)`."""

    __slots__ = ()

    def __new__(cls, operand: Any) -> SpectralNorm:
        made: SpectralNorm = Basic.__new__(cls, as_matrix(operand))
        return made


class SingularValue(_Scalar):
    """A singular value of a matrix by its number, the first being the largest; written `sigma(M, k)`."""

    __slots__ = ()

    def __new__(cls, operand: Any, number: Any) -> SingularValue:
        made: SingularValue = Basic.__new__(cls, as_matrix(operand), as_natural(number))
        return made

    @property
    def number(self) -> Expr:
        """The number of the singular value, counted from 1."""
        return self.args[1]


class SquareRoot(_Scalar):
    """The root of a scalar that is not negative, and some fixed number otherwise; written `sqrt(c)`."""

    __slots__ = ()

    def __new__(cls, operand: Any) -> SquareRoot:
        operand = as_matrix(operand)
        if not is_scalar(operand):
            raise ShapeError(
                f"cannot take the root of {operand} ({shape_text(operand)}): sqrt needs a 1 x 1 matrix, "
                f"in {written(cls, operand)}"
            )
        made: SquareRoot = Basic.__new__(cls, operand)
        return made


class Trace(_Scalar):
    """The trace of a square matrix; written `tr(M)`."""

    __slots__ = ()

    def __new__(cls, operand: Any) -> Trace:
        operand = as_matrix(operand)
        if not same_polynomial(operand.rows, operand.cols):
            raise ShapeError(
                f"cannot take the trace of {operand} ({shape_text(operand)}): tr needs a square matrix, "
                f"in {written(cls, operand)}"
            )
        made: Trace = Basic.__new__(cls, operand)
        return made


class NaturalScalar(_Scalar):
    """A natural as a real number; written `nat(n)` for the kernel."""

    __slots__ = ()

    def __new__(cls, value: Any) -> NaturalScalar:
        made: NaturalScalar = Basic.__new__(cls, as_natural(value))
        return made

    @property
    def value(self) -> Expr:
        """The natural, as an expanded polynomial."""
        return self.args[0]


class Rank(NaturalAtom):
    """The rank of a matrix, as a natural."""

    is_nonnegative = True

    def __new__(cls, operand: Any) -> Rank:
        made: Rank = Expr.__new__(cls, as_matrix(operand))
        return made

    @property
    def operand(self) -> Matrix:
        """The matrix."""
        operand: Matrix = self.args[0]
        return operand

    def text(self, matrix: Callable[[Any], str]) -> str:
        return f"rank({matrix(self.operand)})"


def norm2(M: object) -> SpectralNorm:
    """Return the spectral norm of a matrix, as a 1 x 1 matrix.

    >>> from symlora.language.matrices import matrix
    >>> norm2(matrix("A", 2, 3)).shape
    (1, 1)
    """
    return SpectralNorm(M)


def sigma(M: object, k: object) -> SingularValue:
    """Return the k-th singular value of a matrix, as a 1 x 1 matrix; `k` is a natural expression, counted from 1.

    Beyond the smaller size of M the singular values are 0. Raises `RangeError` for a number below 1.

    >>> from symlora.language.matrices import matrix
    >>> from symlora.language.naturals import natural
    >>> sigma(matrix("A", 2, 3), natural("r") + 1)
    sigma(A, r + 1)
    """
    number = as_natural(k)
    if number.is_Integer and number < 1:
        raise RangeError(f"{number} is not the number of a singular value: they are counted from 1")
    return SingularValue(M, number)


def sqrt(c: object) -> SquareRoot:
    """Return the square root of a 1 x 1 matrix, or of an exact number; raises `ShapeError` for another shape.

    >>> sqrt(2)
    sqrt(2)
    """
    return SquareRoot(c)


def tr(M: object) -> Trace:
    """Return the trace of a square matrix, as a 1 x 1 matrix; raises `ShapeError` if it is not square.

    >>> from symlora.language.matrices import eye
    >>> tr(eye(2))
    tr(eye(2))
    """
    return Trace(M)


def normF(M: object) -> SquareRoot:
    """Return the Frobenius norm of a matrix, which is the root of the trace of M'M.

    >>> from symlora.language.matrices import matrix
    >>> normF(matrix("A", 2, 3))
    sqrt(tr(A'*A))
    """
    operand = as_matrix(M)
    return SquareRoot(Trace(operand.T * operand))


def scalar(n: object) -> NaturalScalar:
    """Return a natural expression as a real number, which is a 1 x 1 matrix.

    >>> from symlora.language.matrices import eye
    >>> from symlora.language.naturals import natural
    >>> scalar(natural("n"))*eye(2)
    nat(n)*eye(2)
    """
    return NaturalScalar(n)


def rank(M: object) -> Rank:
    """Return the rank of a matrix, a natural that sizes, indices and relations may contain.

    >>> from symlora.language.matrices import matrix
    >>> A, B = matrix("A", 2, 3), matrix("B", 3, 4)
    >>> rank(A*B) + 1, matrix("U", 2, rank(A)).shape
    (rank(A*B) + 1, (2, rank(A)))
    """
    return Rank(M)
