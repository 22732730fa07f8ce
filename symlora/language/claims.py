"""Claims: what a theorem may say. A claim is never true or false by itself; only a checked proof gives it a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from sympy import Basic, Eq, Expr, Symbol
from sympy.core.relational import GreaterThan, LessThan, Relational, StrictGreaterThan, StrictLessThan
from sympy.logic.boolalg import BooleanAtom

from symlora.language.errors import ShapeError, StatementError, TruthError
from symlora.language.letters import check_letters
from symlora.language.matrices import Matrix, as_matrix, is_scalar, same_shape, shape_text
from symlora.language.naturals import as_natural, nat_text, same_polynomial
from symlora.language.text import Inclusion, Resolve, expr_text, readable
from symlora.language.typeset import expr_latex, nat_latex


class Claim(Basic):  # type: ignore[misc]
    """A statement. `==` asks whether two claims are written alike; `bool()` of a claim is an error."""

    __slots__ = ()

    def text(self, resolve: Resolve | None = None, inclusion: Inclusion | None = None) -> str:
        """Return the kernel text; `resolve` and `inclusion` as for `expr_text`."""
        raise NotImplementedError(f"{type(self).__name__} has no text")

    def latex(self) -> str:
        """Return the LaTeX."""
        raise NotImplementedError(f"{type(self).__name__} has no LaTeX")

    def _readable(self) -> str:
        return self.text()

    def at(self, values: Mapping[Symbol, object]) -> Claim:
        """Return the claim with naturals replaced by natural expressions, all at once.

        >>> from symlora.language.naturals import naturals
        >>> a, b = naturals("a b")
        >>> le(a, 2*b).at({a: b, b: a + 1})
        b <= 2*a + 2
        """
        claim: Claim = self.xreplace({symbol: as_natural(value) for symbol, value in values.items()})
        return claim

    def __bool__(self) -> NoReturn:
        raise TruthError(f"the claim {self} is neither true nor false until it is checked")

    def _sympystr(self, printer: object) -> str:
        return self._readable()

    _sympyrepr = _sympystr

    def _latex(self, printer: object) -> str:
        return self.latex()


def _refuse_decided(value: object, wanted: str) -> None:
    if isinstance(value, (bool, BooleanAtom)):
        raise TruthError(
            f"a {wanted} was expected, but it was already decided to be {bool(value)}: "
            "== compares how expressions are written, and SymPy decides some comparisons by itself; "
            "write eq(A, B) for matrices, and le(a, b), lt(a, b) or same(a, b) for naturals"
        )


class _Relation(Claim):
    """Two matrices in a relation, written with a sign between them."""

    __slots__ = ()
    sign = ""
    latex_sign = ""

    @property
    def left(self) -> Matrix:
        """The left side."""
        left: Matrix = self.args[0]
        return left

    @property
    def right(self) -> Matrix:
        """The right side."""
        right: Matrix = self.args[1]
        return right

    def text(self, resolve: Resolve | None = None, inclusion: Inclusion | None = None) -> str:
        return f"{expr_text(self.left, resolve, inclusion)} {self.sign} {expr_text(self.right, resolve, inclusion)}"

    def latex(self) -> str:
        return f"{expr_latex(self.left)} {self.latex_sign} {expr_latex(self.right)}"

    def _readable(self) -> str:
        return f"{readable(self.left)} {self.sign} {readable(self.right)}"


class Equal(_Relation):
    """Two matrices of one shape are equal."""

    __slots__ = ()
    sign = latex_sign = "="

    def __new__(cls, left: Any, right: Any) -> Equal:
        for side in (left, right):
            _refuse_decided(side, "matrix")
        left, right = as_matrix(left), as_matrix(right)
        if not same_shape(left, right):
            raise ShapeError(
                f"cannot equate {left} ({shape_text(left)}) and {right} ({shape_text(right)}): "
                f"the shapes differ, in {left} = {right}"
            )
        check_letters(left, right)
        made: Equal = Basic.__new__(cls, left, right)
        return made


class AtMostScalar(_Relation):
    """One scalar, which is a 1 x 1 matrix or an exact number, is at most another."""

    __slots__ = ()
    sign = "<="
    latex_sign = r"\le"

    def __new__(cls, left: Any, right: Any) -> AtMostScalar:
        for side, other in ((left, right), (right, left)):
            _refuse_decided(side, "scalar")
            if isinstance(side, Expr) and not side.is_Number:
                raise StatementError(
                    f"cannot compare the natural {side} with the matrix {other}: "
                    f"write scalar({side}) for the real number"
                )
        left, right = as_matrix(left), as_matrix(right)
        if not (is_scalar(left) and is_scalar(right)):
            raise ShapeError(
                f"cannot compare {left} ({shape_text(left)}) with {right} ({shape_text(right)}): "
                f"only 1 x 1 matrices are ordered by <=, in {left} <= {right}"
            )
        check_letters(left, right)
        made: AtMostScalar = Basic.__new__(cls, left, right)
        return made


class _Property(Claim):
    """A square matrix has a property."""

    __slots__ = ()
    word = ""
    sign = ""

    def __new__(cls, operand: Any) -> _Property:
        _refuse_decided(operand, "matrix")
        operand = as_matrix(operand)
        if not same_polynomial(operand.rows, operand.cols):
            raise ShapeError(
                f"{cls.word} needs a square matrix, but {operand} is {shape_text(operand)}, in {cls.word}({operand})"
            )
        check_letters(operand)
        made: _Property = Basic.__new__(cls, operand)
        return made

    @property
    def operand(self) -> Matrix:
        """The matrix."""
        operand: Matrix = self.args[0]
        return operand

    def text(self, resolve: Resolve | None = None, inclusion: Inclusion | None = None) -> str:
        return f"{self.word}({expr_text(self.operand, resolve, inclusion)})"

    def latex(self) -> str:
        return f"{expr_latex(self.operand)} {self.sign}"

    def _readable(self) -> str:
        return f"{self.word}({readable(self.operand)})"


class Nonsingular(_Property):
    """A square matrix has an inverse."""

    __slots__ = ()
    word = "nonsingular"
    sign = r"\text{ is nonsingular}"


class PositiveSemidefinite(_Property):
    """A square matrix M is symmetric, and x'Mx >= 0 for every vector x."""

    __slots__ = ()
    word = "psd"
    sign = r"\succeq 0"


class NaturalRelation(Claim):
    """A relation between two naturals; these alone can be conditions."""

    __slots__ = ()
    word = ""
    sign = ""

    def __new__(cls, left: Any, right: Any) -> NaturalRelation:
        left, right = as_natural(left), as_natural(right)
        check_letters(left, right)
        made: NaturalRelation = Basic.__new__(cls, left, right)
        return made

    @property
    def left(self) -> Expr:
        """The left side."""
        return self.args[0]

    @property
    def right(self) -> Expr:
        """The right side."""
        return self.args[1]

    def text(self, resolve: Resolve | None = None, inclusion: Inclusion | None = None) -> str:
        left, right = (nat_text(side, lambda M: expr_text(M, resolve, inclusion)) for side in self.args)
        return f"{left} {self.word} {right}"

    def _readable(self) -> str:
        return f"{nat_text(self.left)} {self.word} {nat_text(self.right)}"

    def latex(self) -> str:
        return f"{nat_latex(self.left)} {self.sign} {nat_latex(self.right)}"


class AtMost(NaturalRelation):
    """One natural is at most another."""

    __slots__ = ()
    word = "<="
    sign = r"\le"


class SameNatural(NaturalRelation):
    """Two naturals are equal."""

    __slots__ = ()
    word = "=="
    sign = "="


def as_claim(value: object) -> Claim:
    """Return a claim: itself, or a relation between naturals that SymPy left undecided.

    >>> as_claim(True)
    Traceback (most recent call last):
        ...
    symlora.language.errors.TruthError: a claim was expected, but it was already decided to be True: == compares \
how expressions are written, and SymPy decides some comparisons by itself; write eq(A, B) for matrices, and le(a, b), \
lt(a, b) or same(a, b) for naturals
    """
    if isinstance(value, Claim):
        return value
    if isinstance(value, Relational):
        return as_condition(value)
    _refuse_decided(value, "claim")
    raise StatementError(f"{value} ({type(value).__name__}) is not a claim")


def as_condition(value: object) -> NaturalRelation:
    """Return a relation between naturals; SymPy's `<=`, `<`, `>=`, `>` and `Eq` are read, its decisions are refused.

    >>> from symlora.language.naturals import naturals
    >>> L, l = naturals("L l")
    >>> as_condition(l < L)
    l + 1 <= L
    """
    if isinstance(value, NaturalRelation):
        return value
    if isinstance(value, Relational):
        left, right = value.args
        if isinstance(value, LessThan):
            return AtMost(left, right)
        if isinstance(value, GreaterThan):
            return AtMost(right, left)
        if isinstance(value, StrictLessThan):
            return lt(left, right)
        if isinstance(value, StrictGreaterThan):
            return lt(right, left)
        if isinstance(value, Eq):
            return same(left, right)
        raise StatementError(f"{value} cannot be a condition: conditions are a <= b, a < b and a == b of naturals")
    _refuse_decided(value, "condition")
    raise StatementError(f"{value} ({type(value).__name__}) cannot be a condition: conditions relate naturals")


def eq(left: object, right: object) -> Equal:
    """Return the claim that two matrices are equal; raises `ShapeError` if their shapes differ.

    >>> from symlora.language.matrices import eye, inv, matrix
    >>> A = matrix("A", 2, 2)
    >>> eq(A*inv(A), eye(2))
    A*inv(A) = eye(2)
    """
    return Equal(left, right)


def nonsingular(M: object) -> Nonsingular:
    """Return the claim that a square matrix has an inverse; raises `ShapeError` if it is not square.

    >>> from symlora.language.matrices import eye
    >>> nonsingular(eye(2))
    nonsingular(eye(2))
    """
    return Nonsingular(M)


def psd(M: object) -> PositiveSemidefinite:
    """Return the claim that a square matrix is symmetric and positive semidefinite; raises `ShapeError` if not square.

    >>> from symlora.language.matrices import matrix
    >>> A = matrix("A", 2, 3)
    >>> psd(A.T*A)
    psd(A'*A)
    """
    return PositiveSemidefinite(M)


def le(left: object, right: object) -> AtMost | AtMostScalar:
    """Return the claim `left <= right` of naturals, or of scalars where one side is a 1 x 1 matrix.

    Raises `ShapeError` for matrices of another shape, and `StatementError` for a natural against a matrix.

    >>> from symlora.language.functions import norm2
    >>> from symlora.language.matrices import matrix
    >>> from symlora.language.naturals import natural
    >>> le(0, natural("D")), le(norm2(matrix("A", 2, 3)), 1)
    (0 <= D, norm2(A) <= 1)
    """
    return AtMostScalar(left, right) if isinstance(left, Matrix) or isinstance(right, Matrix) else AtMost(left, right)


def lt(left: object, right: object) -> AtMost:
    """Return the claim `left < right` of naturals, which is `left + 1 <= right`.

    >>> from symlora.language.naturals import naturals
    >>> lt(*naturals("l L"))
    l + 1 <= L
    """
    _refuse_matrices(left, right, "lt(a, b) compares naturals: write le(a, b) for scalars")
    return AtMost(as_natural(left) + 1, right)


def same(left: object, right: object) -> SameNatural:
    """Return the claim that two naturals are equal.

    >>> from symlora.language.naturals import naturals
    >>> same(*naturals("m n"))
    m == n
    """
    _refuse_matrices(left, right, "same(a, b) compares naturals: write eq(a, b) for matrices")
    return SameNatural(left, right)


def _refuse_matrices(left: object, right: object, advice: str) -> None:
    for side in (left, right):
        if isinstance(side, Matrix):
            raise StatementError(f"{side} is a matrix, but {advice}")
