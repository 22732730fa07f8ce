"""Singular values from exact characteristic polynomials, and decompositions that axioms promise, over the rationals.

A unit vector of a rational subspace may be irrational; such a model is left out (`NotRepresentable`). Completing
rational orthonormal columns to a basis always succeeds: reflections are rational.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cmp_to_key
from itertools import product as tuples
from random import Random
from typing import Any

from flint import fmpq, fmpq_mat, fmpz_mat

from symlora.domains.algebraic import NotRepresentable, exact_root, polynomial_root, rational
from symlora.domains.values import root

COMBINATIONS = 3_000
"""How many combinations of a basis are tried for a unit vector."""


def identity(n: int) -> Any:
    """Return the n x n identity."""
    return inclusion(n, n, 0)


def inclusion(rows: int, cols: int, offset: int) -> Any:
    """Return columns ``offset, …, offset + cols - 1`` of the identity with that many rows."""
    return fmpq_mat(rows, cols, [int(i == j + offset) for i in range(rows) for j in range(cols)])


def columns(m: Any, first: int, count: int) -> Any:
    """Return `count` columns of `m` from `first` on, 0 past the last one."""
    return m * inclusion(m.ncols(), count, first)


def eigenvalues(m: Any) -> list[Any]:
    """Return the eigenvalues of a symmetric exact matrix, largest first: rational (fmpq), or a `Number` each.

    Equal ones are one object or equal rational numbers, since different irreducible factors share no root.

    >>> eigenvalues(fmpq_mat(2, 2, [2, 1, 1, 2]))
    [3, 1]
    """
    found: list[Any] = []
    if m.nrows() == 0:
        return found
    _, factors = m.charpoly().numer().factor()
    for factor, times in factors:
        coefficients = tuple(int(c) for c in factor.coeffs())
        for position in range(factor.degree()):
            number = polynomial_root(coefficients, position)
            found += [number if (value := number.rational()) is None else value] * times
    return sorted(found, key=cmp_to_key(_descending))


def _descending(a: Any, b: Any) -> int:
    if isinstance(a, fmpq) and isinstance(b, fmpq):
        return int(a < b) - int(a > b)
    left, right = (rational(x) if isinstance(x, fmpq) else x for x in (a, b))
    sign = 0 if left is right else (right - left).sign()
    if sign is None:
        raise NotRepresentable("eigenvalues that are not told apart")
    return sign


def singular_value(m: Any, k: int) -> Any:
    """Return the k-th singular value (k >= 1; 0 past the smaller size) of an exact matrix as a 1 x 1 value.

    >>> singular_value(fmpq_mat(2, 2, [3, 0, 0, -4]), 1)
    [4]
    """
    wide = m.ncols() > m.nrows()
    squares = eigenvalues(m * m.transpose() if wide else m.transpose() * m)
    return root(squares[k - 1]) if k <= len(squares) else fmpq_mat(1, 1)


def null_space(m: Any) -> Any:
    """Return a basis, as columns, of the vectors that an exact matrix sends to 0."""
    reduced, rank = m.rref()
    size = m.ncols()
    pivots = pivot_columns(reduced, rank)
    free = [j for j in range(size) if j not in pivots]
    basis = fmpq_mat(size, len(free))
    for place, j in enumerate(free):
        basis[j, place] = fmpq(1)
        for i, pivot in enumerate(pivots):
            basis[pivot, place] = -reduced[i, j]
    return basis


def pivot_columns(reduced: Any, rank: int) -> list[int]:
    """Return the columns of the leading ones of a matrix in reduced row echelon form."""
    return [next(j for j in range(reduced.ncols()) if reduced[i, j] != 0) for i in range(rank)]


def rank_factors(m: Any) -> dict[str, Any]:
    """Return U, V, X, Y with ``m = U V`` and ``X m Y = 1``, the inner size being the rank.

    >>> rank_factors(fmpq_mat(2, 2, [1, 2, 2, 4]))["V"]
    [1, 2]
    """
    reduced, rank = m.rref()
    pivots = pivot_columns(reduced, rank)
    chosen = fmpq_mat(m.ncols(), rank, [int(i == j) for i in range(m.ncols()) for j in pivots])
    left = m * chosen
    back = (left.transpose() * left).inv() * left.transpose()
    return {"U": left, "V": inclusion(rank, m.nrows(), 0) * reduced, "X": back, "Y": chosen}


def unit_vector(basis: Any) -> Any:
    """Return a rational vector of length 1 in the span of these columns; raises `NotRepresentable` if none is found.

    >>> unit_vector(fmpq_mat(2, 1, [3, 4]))
    [3/5]
    [4/5]
    """
    size, count = basis.nrows(), basis.ncols()
    whole, _ = basis.transpose().numer_denom()
    short = fmpq_mat(fmpz_mat(whole).lll()).transpose()
    for combination in _combinations(count):
        vector = short * fmpq_mat(count, 1, combination)
        length = exact_root((vector.transpose() * vector)[0, 0])
        if length:
            return vector * (1 / length)
    raise NotRepresentable(f"no rational unit vector was found in {count} dimensions of {size}")


def _combinations(count: int) -> Iterator[tuple[int, ...]]:
    """Yield coefficients, small ones first, the first that is not 0 being positive."""
    left = COMBINATIONS
    for most in range(1, 40):
        if count == 0 or left < 0:
            return
        for found in tuples(range(-most, most + 1), repeat=count):
            if max(map(abs, found)) == most and next(x for x in found if x) > 0:
                yield found
                left -= 1
                if left < 0:
                    return


def orthonormal(basis: Any) -> Any:
    """Return an orthonormal basis, as columns, of the span of independent columns."""
    found = fmpq_mat(basis.nrows(), 0)
    while basis.ncols():
        vector = unit_vector(basis)
        found = beside(found, vector)
        basis = basis * null_space(vector.transpose() * basis)
    return found


def beside(a: Any, b: Any) -> Any:
    """Return the columns of two matrices side by side."""
    p, s = a.ncols(), b.ncols()
    return a * inclusion(p + s, p, 0).transpose() + b * inclusion(p + s, s, p).transpose()


def complement(j: Any) -> Any:
    """Return orthonormal columns K that complete orthonormal columns j to a basis (Householder reflections).

    >>> complement(fmpq_mat(2, 1, [fmpq(3, 5), fmpq(4, 5)]))
    [ 4/5]
    [-3/5]
    """
    size, count = j.nrows(), j.ncols()
    if j.transpose() * j != identity(count):
        raise NotRepresentable("columns that are not orthonormal")
    turned = identity(size)
    for i in range(count):
        w = inclusion(size, 1, i) - turned.transpose() * columns(j, i, 1)
        square = (w.transpose() * w)[0, 0]
        if square:
            turned = turned * (identity(size) - w * w.transpose() * (2 / square))
    return columns(turned, count, size - count)


def square_factor(p: Any) -> Any:
    """Return a square F with F'F = p for a positive semidefinite p; raises `NotRepresentable` if none is found.

    The rows are x'p for vectors x with x'py = 1 or 0; if some rational F exists, then any first one will do (Witt).

    >>> f = square_factor(fmpq_mat(2, 2, [2, 3, 3, 5]))
    >>> f.transpose() * f
    [2, 3]
    [3, 5]
    """
    size = p.nrows()
    space = rank_factors(p)["Y"]
    found = fmpq_mat(size, 0)
    while space.ncols():
        form = space.transpose() * p * space
        vector, length = None, None
        for combination in _combinations(space.ncols()):
            vector = fmpq_mat(space.ncols(), 1, combination)
            square = (vector.transpose() * form * vector)[0, 0]
            length = exact_root(square) if square > 0 else None
            if length:
                break
        if not length:
            raise NotRepresentable("no rational factor of a semidefinite matrix was found")
        x = space * vector * (1 / length)
        found = beside(found, x)
        space = space * null_space(x.transpose() * p * space)
    return inclusion(size, found.ncols(), 0) * found.transpose() * p


def right_singular(m: Any, draw: Random | None = None) -> Any:
    """Return an orthogonal V whose columns are right singular vectors of m, in the order of its singular values.

    With `draw`, bases of equal singular values are turned at random. Raises `NotRepresentable` if some square of a
    singular value, or every basis that was tried, is irrational.

    >>> right_singular(fmpq_mat(1, 2, [3, 4]))
    [3/5, -4/5]
    [4/5,  3/5]
    """
    gram = m.transpose() * m
    size = gram.nrows()
    values = eigenvalues(gram)
    if not all(isinstance(value, fmpq) for value in values):
        raise NotRepresentable("irrational squares of singular values")
    groups = [value for i, value in enumerate(values) if i == 0 or value != values[i - 1]]
    last = max(groups, key=values.count, default=None)
    spaces = {v: orthonormal(null_space(gram - identity(size) * v)) for v in groups if v != last}
    others = fmpq_mat(size, 0)
    for value in spaces:
        others = beside(others, spaces[value])
    found = fmpq_mat(size, 0)
    for value in groups:
        space = complement(others) if value == last else spaces[value]
        if draw is not None and space.ncols() > 1:
            space = space * reflections(draw, space.ncols())
        found = beside(found, space)
    return found


def reflections(draw: Random, n: int) -> Any:
    """Return a product of reflections of R^n along small integer vectors, a rational orthogonal matrix."""
    found = identity(n)
    for _ in range(min(n, 2)):
        w = fmpq_mat(n, 1, [draw.choice((0, 1, 1, -1, 2)) for _ in range(n)])
        square = (w.transpose() * w)[0, 0]
        if square:
            found = found * (identity(n) - w * w.transpose() * (2 / square))
    return found


def draw_decomposed(draw: Random, rows: int, cols: int) -> Any:
    """Return a matrix with a rational singular value decomposition, often with ties or rank-deficient."""
    values = [fmpq(draw.choice((0, 1, 1, 2, 2, 3)), draw.choice((1, 1, 2))) for _ in range(min(rows, cols))]
    middle = fmpq_mat(rows, cols)
    for i, value in enumerate(values):
        middle[i, i] = value
    return reflections(draw, rows) * middle * reflections(draw, cols).transpose()
