"""Values of matrix terms: exact over the rationals, or enclosed in balls where a root is irrational.

A value is an ``fmpq_mat``, or an ``arb_mat`` whose entries certainly contain the true ones. What balls leave open is
reported as undecided, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from math import isqrt
from typing import Any

from flint import arb, arb_mat, ctx, fmpq, fmpq_mat

PRECISION = 192
"""Bits of the balls."""
Rows = tuple[tuple[Fraction | str, ...], ...]


class NotRepresentable(ArithmeticError):
    """A value that a model needs exactly is irrational, or does not exist; the model has to be left out."""


@contextmanager
def precise() -> Iterator[None]:
    """Compute with balls of `PRECISION` bits in the block."""
    before = ctx.prec
    ctx.prec = PRECISION
    try:
        yield
    finally:
        ctx.prec = before


def is_exact(m: Any) -> bool:
    """Return whether a value is exact."""
    return isinstance(m, fmpq_mat)


def need_exact(m: Any) -> Any:
    """Return an exact value; raises `NotRepresentable` for balls."""
    if not is_exact(m):
        raise NotRepresentable("an irrational value where an exact one is due")
    return m


def _both(a: Any, b: Any) -> tuple[Any, Any]:
    if is_exact(a) and is_exact(b):
        return a, b
    return arb_mat(a), arb_mat(b)


def product(a: Any, b: Any) -> Any:
    """Return the product."""
    with precise():
        left, right = _both(a, b)
        return left * right


def add(a: Any, b: Any) -> Any:
    """Return the sum."""
    with precise():
        left, right = _both(a, b)
        return left + right


def scale(m: Any, c: Fraction) -> Any:
    """Return a rational multiple."""
    if c == 1:
        return m
    with precise():
        factor = fmpq(c.numerator, c.denominator)
        return m * factor if is_exact(m) else m * arb(factor)


def multiple(c: Any, m: Any) -> Any:
    """Return the multiple of `m` by the 1 x 1 value `c`."""
    with precise():
        left, right = _both(c, m)
        return right * left[0, 0]


def trace(m: Any) -> Any:
    """Return the trace as a 1 x 1 value."""
    size = m.nrows()
    if is_exact(m):
        return fmpq_mat(1, 1, [sum((m[i, i] for i in range(size)), fmpq(0))])
    with precise():
        return arb_mat(1, 1, [sum((m[i, i] for i in range(size)), arb(0))])


def determinant(m: Any) -> Any:
    """Return the determinant as a 1 x 1 value."""
    with precise():
        return (fmpq_mat if is_exact(m) else arb_mat)(1, 1, [m.det()])


def exact_root(x: Any) -> Any | None:
    """Return the root of a rational number >= 0 if it is rational.

    >>> exact_root(fmpq(9, 4)), exact_root(fmpq(2))
    (3/2, None)
    """
    top, bottom = isqrt(int(x.p)), isqrt(int(x.q))
    return fmpq(top, bottom) if top * top == x.p and bottom * bottom == x.q else None


def root(x: Any) -> Any:
    """Return the root of a number that is certainly >= 0 as a 1 x 1 value; raises `NotRepresentable` otherwise."""
    if isinstance(x, fmpq):
        found = exact_root(x)
        if found is not None:
            return fmpq_mat(1, 1, [found])
    with precise():
        ball = arb(x)
        if not ball >= 0:
            raise NotRepresentable("a root of what may be negative")
        return arb_mat(1, 1, [ball.sqrt()])


def inverse(m: Any) -> Any:
    """Return the inverse of a matrix that is certainly nonsingular; raises `NotRepresentable` where that is open."""
    if is_exact(m):
        return m.inv()
    try:
        with precise():
            return m.inv()
    except ZeroDivisionError:
        raise NotRepresentable("an inverse of what may be singular") from None


def decide(kind: str, values: list[Any]) -> bool | None:
    """Return whether a relation holds, None where balls leave it open.

    The values of ``=``, ``==`` and ``<=`` are two sides, those of ``nonsingular`` and ``psd`` one square matrix;
    ``==`` and ``<=`` are between 1 x 1 values.
    """
    if kind in ("=", "=="):
        return _equal(*values)
    if kind == "<=":
        return _psd(add(values[1], scale(values[0], Fraction(-1))))
    (m,) = values
    if kind == "psd":
        return _psd(m)
    if is_exact(m):
        return bool(m.det() != 0)
    with precise():
        return None if m.det().contains(0) else True


def _equal(a: Any, b: Any) -> bool | None:
    if is_exact(a) and is_exact(b):
        return bool(a == b)
    with precise():
        left, right = _both(a, b)
        return None if left.overlaps(right) else False


def _psd(m: Any) -> bool | None:
    """Return whether m is positive semidefinite: symmetric, with no negative coefficient of det(x + m).

    The coefficients are the sums of principal minors of each size; the roots of a symmetric matrix are real, so all
    are >= 0 exactly when no coefficient is negative.
    """
    size = m.nrows()
    if is_exact(m):
        if m != m.transpose():
            return False
        return all(c * (-1) ** (size - k) >= 0 for k, c in enumerate(m.charpoly().coeffs()))
    with precise():
        if not m.overlaps(m.transpose()):
            return False
        if any(c * (-1) ** (size - k) < 0 for k, c in enumerate(m.charpoly().coeffs())):
            return False
        # Balls cannot show that a larger matrix is symmetric.
        return True if size == 1 and m[0, 0] >= 0 else None


def negative_direction(m: Any) -> list[Fraction] | None:
    """Return a vector x with x'mx < 0 for a symmetric exact matrix, None if there is none.

    By elimination: a negative diagonal entry, a zero one beside a nonzero entry, or the Schur complement of a positive
    one.

    >>> negative_direction(fmpq_mat(2, 2, [1, 2, 2, 1]))
    [Fraction(-2, 1), Fraction(1, 1)]
    """
    size = m.nrows()
    rows = [[Fraction(int(x.p), int(x.q)) for x in row] for row in m.tolist()]
    return _negative(rows) if size else None


def _negative(rows: list[list[Fraction]]) -> list[Fraction] | None:
    size = len(rows)
    if not size:
        return None
    corner = rows[0][0]
    if corner < 0:
        return [Fraction(int(i == 0)) for i in range(size)]
    if corner == 0:
        beside = next((j for j in range(size) if rows[0][j]), None)
        if beside is not None:
            x = [Fraction(int(i == beside)) for i in range(size)]
            x[0] = -(rows[beside][beside] + 1) / (2 * rows[0][beside])
            return x
        rest = _negative([row[1:] for row in rows[1:]])
        return None if rest is None else [Fraction(0), *rest]
    schur = [[rows[i][j] - rows[i][0] * rows[0][j] / corner for j in range(1, size)] for i in range(1, size)]
    rest = _negative(schur)
    if rest is None:
        return None
    return [-sum((a * b for a, b in zip(rows[0][1:], rest, strict=True)), Fraction(0)) / corner, *rest]


def fractions(m: Any) -> Rows:
    """Return the rows of a value: fractions, or the text of a ball where an entry is irrational.

    >>> fractions(fmpq_mat(1, 2, [fmpq(1, 2), 3]))
    ((Fraction(1, 2), Fraction(3, 1)),)
    """
    if is_exact(m):
        return tuple(tuple(Fraction(int(x.p), int(x.q)) for x in row) for row in m.tolist())
    with precise():
        return tuple(tuple(m[i, j].str(20).strip("[]") for j in range(m.ncols())) for i in range(m.nrows()))
