"""Families of matrices, and products and sums of them over a range of indices.

A bound variable is called `#0`, `#1`, ... after the number of binders nested inside its own, which no user can write.
So families written alike are equal, and nothing that is put in can be captured.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

from sympy import Basic, Expr, Symbol

from symlora.language.errors import RangeError, ShapeError, StatementError
from symlora.language.matrices import Matrix, Member, as_matrix, written
from symlora.language.names import check_name
from symlora.language.naturals import (
    as_natural,
    as_size,
    check_arity,
    constant_difference,
    nat_text,
    same_polynomial,
    unchecked_natural,
)

_numbers = count()  # tells placeholders apart while a family is being read; no number survives in the result


def placeholder(name: str) -> Symbol:
    """Return a natural that differs from every other and that messages show as `name`.

    >>> nat_text(placeholder("k") + 1), placeholder("k") == placeholder("k")
    ('k + 1', False)
    """
    return unchecked_natural(f"#{name}.{next(_numbers)}")


class Abstraction(Basic):  # type: ignore[misc]
    """A matrix expression as a function of one index.

    >>> from symlora.language.naturals import natural
    >>> W = MatrixFamily("W", (2, 2))
    >>> Abstraction.of(lambda k: W[k - 1]).at(natural("L"))
    W[L - 1]
    """

    __slots__ = ()

    def __new__(cls, variable: Any, body: Any) -> Abstraction:
        inner = [int(found.variable.name[1:]) for found in body.atoms(Abstraction)]
        own = unchecked_natural(f"#{max(inner) + 1 if inner else 0}")
        if own != variable:
            body = body.xreplace({variable: own})
        made: Abstraction = Basic.__new__(cls, own, body)
        return made

    @classmethod
    def of(cls, function: Callable[[Any], Any], name: str = "k") -> Abstraction:
        """Return the abstraction that `function` computes; messages call the index `name`."""
        variable = placeholder(name)
        return cls(variable, as_matrix(function(variable)))

    @property
    def variable(self) -> Symbol:
        """The bound variable."""
        return self.args[0]

    @property
    def body(self) -> Matrix:
        """The expression, in which the bound variable occurs."""
        body: Matrix = self.args[1]
        return body

    def at(self, index: object) -> Matrix:
        """Return the expression at a natural expression."""
        value: Matrix = self.body.xreplace({self.variable: as_natural(index)})
        return value

    @property
    def free_symbols(self) -> set[Symbol]:
        """The naturals of the body without the bound variable."""
        free: set[Symbol] = self.body.free_symbols - {self.variable}
        return free

    def _xreplace(self, rule: Any) -> tuple[Basic, bool]:
        # SymPy would replace the bound variable too; and what comes in may hold binders, which renumbers this one.
        own = self.variable
        outside = {old: new for old, new in rule.items() if old != own}
        opened = placeholder("k")
        body, changed = self.at(opened)._xreplace(outside) if self._meets(outside) else (self.body, False)
        return (Abstraction(opened, body), True) if changed else (self, False)

    def _meets(self, rule: Any) -> bool:
        """Whether something of the body is replaced; if not, nothing has to be opened (and opening ends)."""
        return any(self.body.has(old) for old in rule)


class Family:
    """Matrices indexed by naturals; `+`, `-`, `*`, `.T` and unary minus act member by member.

    >>> from symlora.language.naturals import natural
    >>> l = natural("l")
    >>> W, X = MatrixFamily("W", (2, 2)), MatrixFamily("X", (2, 2))
    >>> (W + 2*X)[l]
    W[l] + 2*X[l]
    """

    is_matrix_family = True
    arity = 1
    __array_ufunc__ = None

    def __getitem__(self, index: Any) -> Matrix:
        raise NotImplementedError(f"{type(self).__name__} has no members")

    def __add__(self, other: object) -> Family:
        return self._with(other, lambda mine, theirs: mine + theirs)

    def __radd__(self, other: object) -> Family:
        return self._with(other, lambda mine, theirs: theirs + mine)

    def __sub__(self, other: object) -> Family:
        return self._with(other, lambda mine, theirs: mine - theirs)

    def __rsub__(self, other: object) -> Family:
        return self._with(other, lambda mine, theirs: theirs - mine)

    def __mul__(self, other: object) -> Family:
        return self._with(other, lambda mine, theirs: mine * theirs)

    def __rmul__(self, other: object) -> Family:
        return self._with(other, lambda mine, theirs: theirs * mine)

    def __neg__(self) -> Family:
        return self._with(None, lambda mine, _: -mine)

    @property
    def T(self) -> Family:
        """The family of the transposes."""
        return self._with(None, lambda mine, _: mine.T)

    def _with(self, other: object, combine: Callable[[Any, Any], Matrix]) -> Family:
        for family in (self, other):
            if isinstance(family, Family) and family.arity != 1:
                raise StatementError(f"{family} has {family.arity} indices: write its members, such as {family}[l, i]")
        if isinstance(other, Family):
            theirs: Callable[[Any], Any] = other.__getitem__
        else:
            constant = None if other is None else as_matrix(other)

            def theirs(_: Any) -> Any:
                return constant

        return Pointwise(lambda index: combine(self[index], theirs(index)))

    def __iter__(self) -> Any:
        raise TypeError(f"{self} is a family over a symbolic range; it cannot be iterated: use prod or total")


class Pointwise(Family):
    """A family given by a function of one index; it is read once when it is made, so that shapes are checked."""

    def __init__(self, function: Callable[[Any], Any], name: str | None = None) -> None:
        self._function = function
        self.abstraction = Abstraction.of(function, "k" if name is None else name)

    def __getitem__(self, index: Any) -> Matrix:
        if isinstance(index, tuple):
            check_arity(str(self), 1, len(index))
        return as_matrix(self._function(as_natural(index)))

    def __repr__(self) -> str:
        return f"({self.abstraction.at(unchecked_natural('k'))} as a family in k)"


class MatrixFamily(Family):
    """A family of matrix letters.

    `shape` is a pair of sizes, or a function of the indices that returns one. `over` is the pair of the first and
    last index, one pair for each index where there are several, or None for no declared range.

    >>> from symlora.language.naturals import NaturalFamily, naturals
    >>> L, l = naturals("L l")
    >>> d = NaturalFamily("d")
    >>> W = MatrixFamily("W", lambda l: (d[l], d[l - 1]), over=(1, L))
    >>> W[l].shape
    (d[l], d[l - 1])
    >>> W[0]
    Traceback (most recent call last):
        ...
    symlora.language.errors.RangeError: index 0 of W is outside its range 1 <= l <= L
    """

    def __init__(
        self,
        name: str,
        shape: Callable[..., Sequence[Any]] | Sequence[Any],
        index: Sequence[str] = ("l",),
        over: Sequence[Any] | None = None,
    ) -> None:
        self.name = check_name(name)
        self.index = tuple(check_name(one) for one in index)
        self.arity = len(self.index)
        if not self.index or len(set(self.index)) != len(self.index):
            raise StatementError(f"the family {name} needs one or more different indices, not {', '.join(index)!r}")
        self._shape = shape
        pairs = None if over is None else (over,) if self.arity == 1 else tuple(over)
        if pairs is not None and (len(pairs) != self.arity or any(len(pair) != 2 for pair in pairs)):
            raise RangeError(f"the range of {name} is one pair (first, last) for each of its indices {self.index}")
        self.over = None if pairs is None else tuple((as_natural(low), as_natural(high)) for low, high in pairs)
        self._shape_at(tuple(placeholder(one) for one in self.index))

    def _shape_at(self, indices: tuple[Expr, ...]) -> tuple[Expr, Expr]:
        shape = self._shape(*indices) if callable(self._shape) else self._shape
        if not isinstance(shape, (tuple, list)) or len(shape) != 2:
            raise StatementError(f"the shape of {self.name} is a pair (rows, columns), not {shape!r}")
        return as_size(shape[0]), as_size(shape[1])

    def __getitem__(self, index: Any) -> Member:
        indices = tuple(as_natural(one) for one in (index if isinstance(index, tuple) else (index,)))
        check_arity(self.name, self.arity, len(indices))
        for position, (name, value) in enumerate(zip(self.index, indices, strict=True)):
            if self.over is None:
                break
            low, high = self.over[position]
            below, above = constant_difference(value, low), constant_difference(value, high)
            if (below is not None and below < 0) or (above is not None and above > 0):
                raise RangeError(
                    f"index {nat_text(value)} of {self.name} is outside its range "
                    f"{nat_text(low)} <= {name} <= {nat_text(high)}"
                )
        return Member(self.name, indices, *self._shape_at(indices))

    def __repr__(self) -> str:
        return self.name


def as_family(value: object) -> Family:
    """Return a family of one index: itself, or a Python function of an index read as one.

    >>> from symlora.language.naturals import natural
    >>> W = MatrixFamily("W", (2, 2))
    >>> as_family(lambda k: W[k].T*W[k])[natural("l")]
    W[l]'*W[l]
    """
    if isinstance(value, Family):
        if value.arity != 1:
            raise StatementError(f"{value} has {value.arity} indices: write lambda k: with its member at k")
        return value
    if callable(value) and not isinstance(value, type):
        return Pointwise(value, parameters(value, 1)[0])
    raise StatementError(f"{value!r} is not a family of matrices, nor a function of an index")


def parameters(function: Callable[..., Any], expected: int) -> tuple[str, ...]:
    """Return the names of the parameters of a function that is read as a statement about indices.

    >>> parameters(lambda l, i: None, 2)
    ('l', 'i')
    """
    names = tuple(check_name(name) for name in inspect.signature(function).parameters)
    if len(names) != expected:
        raise StatementError(f"the function has the parameters {names}, but {expected} index(es) are wanted")
    return names


class _Range(Matrix):
    """The members of a family over a range of indices, combined."""

    __slots__ = ()

    @property
    def family(self) -> Abstraction:
        """The family as a function of the index; `family.at(i)` is its member."""
        family: Abstraction = self.args[0]
        return family

    @property
    def lower(self) -> Expr:
        """The first index."""
        return self.args[1]

    @property
    def upper(self) -> Expr:
        """The last index; `lower - 1` makes the range empty."""
        return self.args[2]


class RangeProduct(_Range):
    """The product of F over a range with the last index on the left, `F[b]*...*F[a]`; the identity when b = a - 1.

    >>> from symlora.language.naturals import NaturalFamily, natural
    >>> d, L = NaturalFamily("d"), natural("L")
    >>> prod(MatrixFamily("W", lambda l: (d[l], d[l - 1])), 1, L).shape
    (d[L], d[0])
    """

    __slots__ = ()

    def __new__(cls, family: Any, lower: Any, upper: Any) -> RangeProduct:
        bounds = as_natural(lower), as_natural(upper)
        here, next_one = family.body, family.at(family.variable + 1)
        if not same_polynomial(here.rows, next_one.cols):
            shown = unchecked_natural(_shown_index(family, *bounds))
            here, next_one = family.at(shown), family.at(shown + 1)
            raise ShapeError(
                f"cannot multiply neighbours: {next_one} has {nat_text(next_one.cols)} columns and {here} has "
                f"{nat_text(here.rows)} rows, in {written(cls, family, *bounds)}"
            )
        made: RangeProduct = Basic.__new__(cls, family, *bounds)
        return made

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.family.at(self.upper).rows, self.family.at(self.lower).cols


class RangeSum(_Range):
    """The sum of F over a range; the zero matrix when b = a - 1."""

    __slots__ = ()

    def __new__(cls, family: Any, lower: Any, upper: Any) -> RangeSum:
        bounds = as_natural(lower), as_natural(upper)
        here = family.body
        if family.variable in here.rows.free_symbols | here.cols.free_symbols:
            shown = unchecked_natural(_shown_index(family, *bounds))
            here = family.at(shown)
            raise ShapeError(
                f"cannot add members of different shapes: {here} ({nat_text(here.rows)} x {nat_text(here.cols)}) "
                f"depends on the index {shown}, in {written(cls, family, *bounds)}"
            )
        made: RangeSum = Basic.__new__(cls, family, *bounds)
        return made

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.family.body.shape


def _shown_index(*parts: Basic) -> str:
    from symlora.language.text import shown_index  # printing reads this file

    return shown_index(parts)


def _bounds(family: Family, lower: object, upper: object) -> tuple[Expr, Expr]:
    first, last = as_natural(lower), as_natural(upper)
    length = constant_difference(last, first)
    if length is not None and length < -1:
        raise RangeError(
            f"the range from {nat_text(first)} to {nat_text(last)} runs backwards; "
            f"an empty range ends at {nat_text(first - 1)}"
        )
    if length != -1:
        for end in (first, last):
            family[end]  # raises where an end is outside the declared range
    return first, last


def prod(family: Any, lower: object, upper: object) -> RangeProduct:
    """Return `F[upper]*...*F[lower]`, the last index on the left; the identity when `upper = lower - 1`.

    `family` is a family of one index or a function of an index. Raises `ShapeError` when neighbours do not fit, and
    `RangeError` when an end is outside the declared range.

    >>> from symlora.language.naturals import naturals
    >>> D, L = naturals("D L")
    >>> W, X = MatrixFamily("W", (D, D), over=(1, L)), MatrixFamily("X", (D, D), over=(1, L))
    >>> prod(W + X, 1, L)
    prod(W[k] + X[k], k = 1..L)
    """
    read = as_family(family)
    return RangeProduct(_abstraction(read), *_bounds(read, lower, upper))


def total(family: Any, lower: object, upper: object) -> RangeSum:
    """Return `F[lower] + ... + F[upper]`; the zero matrix when `upper = lower - 1`.

    >>> from symlora.language.naturals import natural
    >>> total(MatrixFamily("E", (2, 3)), 1, natural("L")).shape
    (2, 3)
    """
    read = as_family(family)
    return RangeSum(_abstraction(read), *_bounds(read, lower, upper))


def _abstraction(family: Family) -> Abstraction:
    return family.abstraction if isinstance(family, Pointwise) else Abstraction.of(family.__getitem__)
