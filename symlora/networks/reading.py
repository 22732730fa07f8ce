"""What a user brings, read as exact matrices or as floats: lists, NumPy arrays, python-flint matrices."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from numbers import Rational
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat, fmpz, fmpz_mat


class AdaptError(ValueError):
    """Weights, a target or ranks that cannot be used; the message says what was expected and what was found."""


def exact_matrix(value: Any, name: str) -> Any:
    """Return a matrix as ``fmpq_mat``: of numbers in rows, a 2-dimensional NumPy array, or a python-flint matrix.

    A finite float is the rational number that it stands for. Raises `AdaptError` for NaN, infinity, ragged rows and
    entries that are no real numbers.

    >>> from fractions import Fraction
    >>> exact_matrix([[0.5, 1], [Fraction(1, 3), 0]], "W")
    [1/2, 1]
    [1/3, 0]
    """
    if isinstance(value, fmpq_mat | fmpz_mat):
        return fmpq_mat(value)
    rows = _rows(value, name)
    width = len(rows[0]) if rows else 0
    for i, row in enumerate(rows):
        if len(row) != width:
            raise AdaptError(f"{name}: expected rows of {width} entries, found {len(row)} in row {i}")
    return fmpq_mat(len(rows), width, [_number(x, name, i, j) for i, row in enumerate(rows) for j, x in enumerate(row)])


def float_matrix(value: Any, name: str) -> Any:
    """Return a matrix as a float64 array; raises `AdaptError` where `exact_matrix` does, and for numbers too large.

    >>> from fractions import Fraction
    >>> float_matrix([[Fraction(1, 2), 1]], "W")
    array([[0.5, 1. ]])
    """
    if isinstance(value, np.ndarray) and value.ndim == 2 and value.dtype.kind in "iuf":
        found = value.astype(np.float64)
    else:
        found = as_floats(exact_matrix(value, name), name)
    bad = np.argwhere(~np.isfinite(found))
    if len(bad):
        i, j = bad[0]
        raise AdaptError(f"{name}: expected finite numbers, found {value[i][j]} at row {i}, column {j}")
    return found


def check_memory(count: int, width: int, bits: int, memory: float) -> None:
    """Raise `AdaptError`, with the estimate, if exact adapters would take more than so many GiB.

    Entries of exact adapters have about ``1.8*D*L`` times as many bits as those of the weights and the target (measured
    for widths up to 64), and about three matrices of them are kept for every layer.

    >>> check_memory(8, 64, 53, memory=8.0)
    """
    long = 1.8 * width * count * (bits + width.bit_length())
    needed = 3 * count * width**2 * long / 8 / 2**30
    if needed > memory:
        raise AdaptError(f"exact adapters: expected a model that takes at most {memory:g} GiB (memory=), found {count} "
                         f"layers of width {width}, which take about {needed:,.0f} GiB or more; stable=True computes "
                         "in floats")  # fmt: skip


def entry_bits(matrices: Iterable[Any]) -> int:
    """Return how many bits numerators and denominators of exact matrices have at most, over common denominators.

    >>> entry_bits([fmpq_mat(1, 2, [fmpq(1, 3), 5])])
    6
    """
    found = 0
    for m in matrices:
        whole, below = m.numer_denom()
        largest = max((abs(int(x)) for x in whole.entries()), default=0)
        found = max(found, largest.bit_length() + int(below).bit_length())
    return found


def as_floats(m: Any, name: str) -> Any:
    """Return an ``fmpq_mat`` as a float64 array, correctly rounded; raises `AdaptError` for numbers too large."""
    try:
        flat = [int(x.p) / int(x.q) for x in m.entries()]
    except OverflowError:
        raise AdaptError(f"{name}: expected numbers in the range of floats, found a larger one") from None
    return np.array(flat, dtype=np.float64).reshape(m.nrows(), m.ncols())


def _rows(value: Any, name: str) -> list[list[Any]]:
    if isinstance(value, np.ndarray):
        if value.ndim != 2:
            raise AdaptError(f"{name}: expected a matrix, found an array with {value.ndim} axes")
        if value.dtype.kind not in "iufO":
            raise AdaptError(f"{name}: expected real numbers, found entries of type {value.dtype}")
        return [[*row] for row in value.tolist()]
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise AdaptError(f"{name}: expected a matrix (rows of numbers, an array, fmpq_mat), found {_kind(value)}")
    for i, row in enumerate(value):
        if not isinstance(row, Sequence | np.ndarray) or isinstance(row, str):
            raise AdaptError(f"{name}: expected rows of numbers, found {_kind(row)} as row {i}")
    return [[*row] for row in value]


def _number(x: Any, name: str, i: int, j: int) -> Any:
    if isinstance(x, fmpq | fmpz):
        return x
    if isinstance(x, Rational | np.integer) and not isinstance(x, bool):
        return fmpq(int(x.numerator), int(x.denominator))
    if isinstance(x, float | np.floating):
        if not math.isfinite(x):
            raise AdaptError(f"{name}: expected finite numbers, found {x} at row {i}, column {j}")
        p, q = x.as_integer_ratio()
        return fmpq(int(p), int(q))
    raise AdaptError(f"{name}: expected rational numbers or floats, found {_kind(x)} at row {i}, column {j}")


def _kind(x: Any) -> str:
    return f"{type(x).__name__} {x!r:.40}"


def layers(frozen: Any) -> list[Any]:
    """Return the frozen weights one by one; raises `AdaptError` for none, or for a single matrix instead of a list."""
    if not isinstance(frozen, Iterable) or isinstance(frozen, str | fmpq_mat | fmpz_mat):
        raise AdaptError(f"frozen weights: expected a list of matrices, found {_kind(frozen)}")
    found = [*frozen]
    if not found:
        raise AdaptError("frozen weights: expected at least one matrix, found none")
    return found


def check_shapes(shapes: Sequence[tuple[int, int]], target: tuple[int, int]) -> int:
    """Return D >= 1; raises `AdaptError` unless all layers and the target are D x D."""
    rows, cols = shapes[0]
    if rows != cols or rows == 0:
        raise AdaptError(f"frozen weight 1: expected a square matrix, found {rows} x {cols}")
    named = [(f"frozen weight {l}", shape) for l, shape in enumerate(shapes, 1)]
    for name, shape in [*named, ("target", target)]:
        if shape != (rows, rows):
            raise AdaptError(f"{name}: expected {rows} x {rows} as frozen weight 1, found {shape[0]} x {shape[1]}")
    return rows


def check_ranks(rank: Any, ranks: Any, width: int, depth: int) -> tuple[int, ...]:
    """Return one rank for each layer, from `rank` or `ranks`; raises `AdaptError` unless each is between 1 and `width`.

    >>> check_ranks(2, None, 4, 3)
    (2, 2, 2)
    """
    if (rank is None) == (ranks is None):
        raise AdaptError(f"expected either rank or ranks, found {'neither' if rank is None else 'both'}")
    found = [rank] * depth if ranks is None else [*ranks] if isinstance(ranks, Iterable) else [ranks]
    if ranks is not None and len(found) != depth:
        raise AdaptError(f"ranks: expected {depth}, one for each layer, found {len(found)}")
    for one in found:
        if isinstance(one, bool) or not isinstance(one, int | np.integer) or not 1 <= one <= width:
            raise AdaptError(f"expected ranks between 1 and the width {width}, found {one!r}")
    return tuple(int(one) for one in found)
