"""Matrix expressions: what is written stays as written, and shapes are checked when an expression is built.

The nodes are SymPy `Basic` objects, so that `.xreplace`, `.args`, `.free_symbols` and structural equality work; they
are no `MatrixExpr`, whose operators rewrite (`A*A.inv()*B` becomes `B`) and accept shapes that do not fit.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any, NoReturn

from sympy import Basic, Expr, Float, Integer, Rational, Tuple
from sympy.core.symbol import Str

from symlora.language.errors import ShapeError, StatementError, TruthError
from symlora.language.names import check_name
from symlora.language.naturals import as_natural, as_size, nat_text, same_polynomial


class Matrix(Basic):  # type: ignore[misc]
    """A matrix expression with a shape, real entries, and operators that build and never rewrite.

    `==` asks whether two expressions are written alike; `eq` makes the claim that they are equal.
    `free_symbols` are the naturals in shapes and indices; the matrix letters are `.atoms(Member)`.

    >>> from symlora.language.naturals import naturals
    >>> m, n = naturals("m n")
    >>> A, B = matrix("A", m, n), matrix("B", n, n)
    >>> A*inv(B)*B
    A*inv(B)*B
    >>> (A*B).shape
    (m, n)
    """

    __slots__ = ()
    __array_ufunc__ = None  # NumPy arrays leave the operators to this class, which refuses them

    @property
    def shape(self) -> tuple[Expr, Expr]:
        """Rows and columns, as expanded polynomials."""
        raise NotImplementedError(f"{type(self).__name__} has no shape")

    @property
    def rows(self) -> Expr:
        """The number of rows."""
        return self.shape[0]

    @property
    def cols(self) -> Expr:
        """The number of columns."""
        return self.shape[1]

    @property
    def T(self) -> Transpose:
        """The transpose."""
        return Transpose(self)

    def __add__(self, other: object) -> Matrix:
        return NotImplemented if _is_family(other) else Plus(self, as_matrix(other))

    def __radd__(self, other: object) -> Matrix:
        return Plus(as_matrix(other), self)

    def __sub__(self, other: object) -> Matrix:
        return NotImplemented if _is_family(other) else Minus(self, as_matrix(other))

    def __rsub__(self, other: object) -> Matrix:
        return Minus(as_matrix(other), self)

    def __mul__(self, other: object) -> Matrix:
        return NotImplemented if _is_family(other) else Product(self, as_matrix(other))

    def __rmul__(self, other: object) -> Matrix:
        return Product(as_matrix(other), self)

    def __neg__(self) -> Matrix:
        return Negative(self)

    def __pos__(self) -> Matrix:
        return self

    def __truediv__(self, other: object) -> NoReturn:
        raise StatementError(
            "matrices are not divided: write Fraction(1, 2)*A for half of A, A*inv(B) or inv(B)*A for a matrix B"
        )

    __rtruediv__ = __truediv__

    def __pow__(self, other: object) -> NoReturn:
        raise StatementError("powers are not written: write A*A for a square and inv(A) for the inverse")

    def __matmul__(self, other: object) -> NoReturn:
        raise StatementError("the product of matrices is written A*B")

    __rmatmul__ = __matmul__

    def __getitem__(self, index: object) -> NoReturn:
        raise StatementError(f"{self} is one matrix, not a family of matrices: it takes no index")

    def __iter__(self) -> NoReturn:
        raise TypeError(f"the matrix {self} cannot be iterated")

    def __lt__(self, other: object) -> NoReturn:
        raise StatementError(
            "matrices are not ordered by <, <=, > or >=: write le(a, b) for scalars, and psd(B - A) for the order of "
            "symmetric matrices"
        )

    __le__ = __gt__ = __ge__ = __lt__

    def __bool__(self) -> NoReturn:
        raise TruthError(f"the matrix expression {self} has no truth value; state a claim with eq(left, right)")

    def _sympystr(self, printer: object) -> str:
        from symlora.language.text import readable  # printing reads this file

        return readable(self)

    _sympyrepr = _sympystr

    def _latex(self, printer: object) -> str:
        from symlora.language.typeset import expr_latex  # typesetting reads this file

        return expr_latex(self)


def _is_family(value: object) -> bool:
    """Families combine with matrices themselves, in `families`."""
    return getattr(value, "is_matrix_family", False)


def shape_text(M: Matrix) -> str:
    """Return the shape of M for a message.

    >>> from symlora.language.naturals import natural
    >>> shape_text(eye(natural("n")))
    'n x n'
    """
    return f"{nat_text(M.rows)} x {nat_text(M.cols)}"


def written(kind: type[Matrix], *args: Basic) -> str:
    """Return the text of an expression whose shapes do not fit, for a message.

    >>> written(Product, eye(2), eye(3))
    'eye(2)*eye(3)'
    """
    return str(Basic.__new__(kind, *args))


def is_scalar(M: Matrix) -> bool:
    """Return whether the shape of M is literally 1 x 1: only then is M a scalar.

    >>> is_scalar(Number(2)), is_scalar(eye(2))
    (True, False)
    """
    return bool(M.rows == 1 and M.cols == 1)


def same_shape(left: Matrix, right: Matrix) -> bool:
    """Return whether two shapes are equal as polynomials.

    >>> same_shape(eye(2), zero(1, 2))
    False
    """
    return same_polynomial(left.rows, right.rows) and same_polynomial(left.cols, right.cols)


def as_matrix(value: object) -> Matrix:
    """Return a matrix expression: itself, or an exact number as a scalar; raise `StatementError` for anything else.

    >>> as_matrix(Fraction(-1, 2))
    -1/2
    >>> as_matrix(0.5)
    Traceback (most recent call last):
        ...
    symlora.language.errors.StatementError: 0.5 is a float, which is not exact: write Fraction(1, 2)
    """
    if isinstance(value, Matrix):
        return value
    if isinstance(value, (float, Float)):
        try:
            nearest = Fraction(float(value)).limit_denominator(10**6)
        except (OverflowError, ValueError):
            raise StatementError(f"{value} is a float, which is not exact: matrices take exact numbers") from None
        raise StatementError(
            f"{value} is a float, which is not exact: write Fraction({nearest.numerator}, {nearest.denominator})"
        )
    if isinstance(value, (int, Fraction, Integer, Rational)) and not isinstance(value, bool):
        number = Rational(value.numerator, value.denominator)
        return Number(number) if number >= 0 else Negative(Number(-number))
    if isinstance(value, Expr):
        raise StatementError(f"the natural {value} is used as a matrix: write scalar({value}) for the real number")
    if _is_family(value):
        raise StatementError(f"{value} is a family of matrices: write one of its members, such as {value}[l]")
    raise StatementError(f"{value!r} ({type(value).__name__}) is not a matrix expression")


class Number(Matrix):
    """An exact number that is not negative, as a 1 x 1 matrix.

    >>> Number(Fraction(1, 2)).value
    Fraction(1, 2)
    """

    __slots__ = ()

    def __new__(cls, value: Any) -> Number:
        if isinstance(value, (bool, float, Float)) or not isinstance(value, (int, Fraction, Rational)) or value < 0:
            raise StatementError(f"{value!r} is not an exact number >= 0")
        made: Number = Basic.__new__(cls, Rational(value.numerator, value.denominator))
        return made

    @property
    def value(self) -> Fraction:
        """The number."""
        return Fraction(int(self.args[0].p), int(self.args[0].q))

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return Integer(1), Integer(1)


class Member(Matrix):
    """A matrix letter, or the member of a family at given indices; name, indices and shape make its identity.

    >>> Member("W", [0], 2, 3)
    W[0]
    """

    __slots__ = ()

    def __new__(cls, name: Any, indices: Any, rows: Any, cols: Any) -> Member:
        label = name if isinstance(name, Str) else Str(check_name(name))
        made: Member = Basic.__new__(
            cls, label, Tuple(*(as_natural(index) for index in indices)), as_natural(rows), as_natural(cols)
        )
        return made

    @property
    def name(self) -> str:
        """The name of the matrix or of its family."""
        return str(self.args[0].name)

    @property
    def indices(self) -> tuple[Expr, ...]:
        """The indices, as expanded polynomials; empty for a single matrix."""
        return tuple(self.args[1])

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.args[2], self.args[3]


class Identity(Matrix):
    """The identity matrix."""

    __slots__ = ()

    def __new__(cls, size: Any) -> Identity:
        made: Identity = Basic.__new__(cls, as_natural(size))
        return made

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.args[0], self.args[0]


class Zero(Matrix):
    """The zero matrix."""

    __slots__ = ()

    def __new__(cls, rows: Any, cols: Any) -> Zero:
        made: Zero = Basic.__new__(cls, as_natural(rows), as_natural(cols))
        return made

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.args[0], self.args[1]


class _Sum(Matrix):
    """Two matrices of one shape, added or subtracted."""

    __slots__ = ()

    def __new__(cls, left: Any, right: Any) -> _Sum:
        left, right = as_matrix(left), as_matrix(right)
        if not same_shape(left, right):
            first, second = f"{left} ({shape_text(left)})", f"{right} ({shape_text(right)})"
            what = f"add {first} and {second}" if cls is Plus else f"subtract {second} from {first}"
            hint = ""
            for number, other in ((left, right), (right, left)):
                if isinstance(number, Number) and number.value == 0:
                    hint = (
                        f"; a number is 1 x 1, the zero matrix is zero({nat_text(other.rows)}, {nat_text(other.cols)})"
                    )
                elif isinstance(number, Number) and same_polynomial(other.rows, other.cols):
                    hint = f"; a number is 1 x 1, the identity is eye({nat_text(other.rows)})"
            raise ShapeError(f"cannot {what}: the shapes differ, in {written(cls, left, right)}{hint}")
        made: _Sum = Basic.__new__(cls, left, right)
        return made

    @property
    def shape(self) -> tuple[Expr, Expr]:
        shape: tuple[Expr, Expr] = self.args[0].shape
        return shape


class Plus(_Sum):
    """A sum of two matrices."""

    __slots__ = ()


class Minus(_Sum):
    """A difference of two matrices."""

    __slots__ = ()


class Product(Matrix):
    """A product of two matrices, or a scalar multiple when one of the two is 1 x 1 and the inner sizes differ."""

    __slots__ = ()

    def __new__(cls, left: Any, right: Any) -> Product:
        left, right = as_matrix(left), as_matrix(right)
        if not (same_polynomial(left.cols, right.rows) or is_scalar(left) or is_scalar(right)):
            raise ShapeError(
                f"cannot multiply {left} ({shape_text(left)}) by {right} ({shape_text(right)}): the inner sizes "
                f"{nat_text(left.cols)} and {nat_text(right.rows)} differ, in {written(cls, left, right)}"
            )
        made: Product = Basic.__new__(cls, left, right)
        return made

    @property
    def shape(self) -> tuple[Expr, Expr]:
        left, right = (factor.shape for factor in self.args)  # each once: a shape is found by going down the tree
        if same_polynomial(left[1], right[0]):
            return left[0], right[1]
        shape: tuple[Expr, Expr] = right if left == (1, 1) else left
        return shape


class Negative(Matrix):
    """A matrix with its sign changed."""

    __slots__ = ()

    def __new__(cls, operand: Any) -> Negative:
        made: Negative = Basic.__new__(cls, as_matrix(operand))
        return made

    @property
    def shape(self) -> tuple[Expr, Expr]:
        shape: tuple[Expr, Expr] = self.args[0].shape
        return shape


class Transpose(Matrix):
    """A transposed matrix."""

    __slots__ = ()

    def __new__(cls, operand: Any) -> Transpose:
        made: Transpose = Basic.__new__(cls, as_matrix(operand))
        return made

    @property
    def shape(self) -> tuple[Expr, Expr]:
        rows, cols = self.args[0].shape
        return cols, rows


class Inverse(Matrix):
    """The inverse of a square matrix where it has one, and some fixed matrix of that shape where it has none."""

    __slots__ = ()

    def __new__(cls, operand: Any) -> Inverse:
        operand = as_matrix(operand)
        if not same_polynomial(operand.rows, operand.cols):
            raise ShapeError(
                f"cannot invert {operand} ({shape_text(operand)}): inv needs a square matrix, "
                f"in {written(cls, operand)}"
            )
        made: Inverse = Basic.__new__(cls, operand)
        return made

    @property
    def shape(self) -> tuple[Expr, Expr]:
        shape: tuple[Expr, Expr] = self.args[0].shape
        return shape


def matrix(name: str, rows: object, cols: object) -> Member:
    """Return the matrix letter `name` of the given shape.

    >>> matrix("A", 2, 3).shape
    (2, 3)
    """
    return Member(check_name(name), (), as_size(rows), as_size(cols))


def eye(size: object) -> Identity:
    """Return the identity matrix.

    >>> eye(3)
    eye(3)
    """
    return Identity(as_size(size))


def zero(rows: object, cols: object) -> Zero:
    """Return the zero matrix.

    >>> zero(2, 3).shape
    (2, 3)
    """
    return Zero(as_size(rows), as_size(cols))


def inv(M: object) -> Inverse:
    """Return the inverse of a square matrix, as written; its identities come only from a fact `nonsingular(M)`.

    >>> inv(eye(2))*eye(2)
    inv(eye(2))*eye(2)
    >>> inv(zero(2, 3))
    Traceback (most recent call last):
        ...
    symlora.language.errors.ShapeError: cannot invert zero(2, 3) (2 x 3): inv needs a square matrix, in inv(zero(2, 3))
    """
    return Inverse(M)
