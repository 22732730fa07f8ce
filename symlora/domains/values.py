"""Values of matrix terms: exact over the rationals, or over real algebraic numbers where a root is irrational.

A value is an ``fmpq_mat``, or an `Irrational` whose entries are enclosed in balls and compared exactly. What passes the
bound on precision is reported as undecided, never guessed.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from flint import fmpq, fmpq_mat

from symlora.domains.algebraic import NotRepresentable as NotRepresentable  # named from here elsewhere
from symlora.domains.algebraic import Number, combined, precise, rational, square_root
from symlora.domains.irrational import Irrational, lifted

LARGEST = 6
"""The largest irrational matrix whose characteristic polynomial is computed exactly, as a large expression."""
Rows = tuple[tuple[Fraction | str, ...], ...]


def is_exact(m: Any) -> bool:
    """Return whether a value is exact."""
    return isinstance(m, fmpq_mat)


def need_exact(m: Any) -> Any:
    """Return an exact value; raises `NotRepresentable` for one with irrational entries."""
    if not is_exact(m):
        raise NotRepresentable("an irrational value where an exact one is due")
    return m


def product(a: Any, b: Any) -> Any:
    """Return the product."""
    return a * b if is_exact(a) and is_exact(b) else (lifted(a) * lifted(b)).settled()


def add(a: Any, b: Any) -> Any:
    """Return the sum."""
    return a + b if is_exact(a) and is_exact(b) else (lifted(a) + lifted(b)).settled()


def scale(m: Any, c: Fraction) -> Any:
    """Return a rational multiple."""
    if c == 1:
        return m
    factor = fmpq(c.numerator, c.denominator)
    return m * factor if is_exact(m) else m.map(lambda x: x.times(factor)).settled()


def multiple(c: Any, m: Any) -> Any:
    """Return the multiple of `m` by the 1 x 1 value `c`."""
    if is_exact(c) and is_exact(m):
        return m * c[0, 0]
    factor = lifted(c)[0, 0]
    return lifted(m).map(lambda x: x * factor).settled()


def trace(m: Any) -> Any:
    """Return the trace as a 1 x 1 value."""
    places = range(m.nrows())
    if is_exact(m):
        return fmpq_mat(1, 1, [sum((m[i, i] for i in places), fmpq(0))])
    return scalar(combined([(fmpq(1), m[i, i]) for i in places]))


def scalar(x: Number) -> Any:
    """Return a number as a 1 x 1 value."""
    return Irrational(1, 1, [[x]]).settled()


def determinant(m: Any) -> Any:
    """Return the determinant as a 1 x 1 value."""
    return fmpq_mat(1, 1, [m.det()]) if is_exact(m) else scalar(m.determinant())


def root(x: Any) -> Any:
    """Return the root of a number (fmpq or `Number`) as a 1 x 1 value.

    Raises `NotRepresentable` for one that is not shown to be >= 0.
    """
    return scalar(square_root(x if isinstance(x, Number) else rational(x)))


def inverse(m: Any) -> Any:
    """Return the inverse of a nonsingular matrix; raises `NotRepresentable` for one that is not shown to be so."""
    if is_exact(m):
        return m.inv()
    if m.nrows() > LARGEST:
        raise NotRepresentable(f"an irrational inverse of a matrix larger than {LARGEST} x {LARGEST}")
    return m.inverse().settled()


def decide(kind: str, values: list[Any]) -> bool | None:
    """Return whether a relation holds, None where more precision were needed than is allowed.

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
        if not m.balls().det().contains(0):
            return True
    if m.nrows() > LARGEST:
        return None
    sign = m.determinant().sign()
    return None if sign is None else sign != 0


def _equal(a: Any, b: Any) -> bool | None:
    if is_exact(a) and is_exact(b):
        return bool(a == b)
    left, right = lifted(a), lifted(b)
    with precise():
        if not left.balls().overlaps(right.balls()):
            return False
    signs = [(x - y).sign() for rows in zip(left.rows, right.rows, strict=True) for x, y in zip(*rows, strict=True)]
    if any(signs):
        return False
    return None if None in signs else True


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
    if size == 1:
        sign: int | None = m[0, 0].sign()
        return None if sign is None else sign >= 0
    with precise():
        balls = m.balls()
        enclosed = [c * (-1) ** (size - k) for k, c in enumerate(balls.charpoly().coeffs())]
        if not balls.overlaps(balls.transpose()) or any(c < 0 for c in enclosed):
            return False
    symmetric: bool | None = m.symmetric()
    if not symmetric or all(c > 0 for c in enclosed):
        return symmetric
    if size > LARGEST:
        return None
    signs = [c.sign() for c in m.characteristic()[0]]
    if any(sign is not None and sign * (-1) ** k < 0 for k, sign in enumerate(signs)):
        return False
    return None if None in signs else True


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
    """Return the rows of a value: fractions, or the text of an enclosure where an entry is irrational.

    >>> fractions(fmpq_mat(1, 2, [fmpq(1, 2), 3]))
    ((Fraction(1, 2), Fraction(3, 1)),)
    """
    if is_exact(m):
        return tuple(tuple(Fraction(int(x.p), int(x.q)) for x in row) for row in m.tolist())
    return tuple(tuple(_shown(x) for x in row) for row in m.rows)


def _shown(x: Number) -> Fraction | str:
    value = x.rational()
    return str(x) if value is None else Fraction(int(value.p), int(value.q))
