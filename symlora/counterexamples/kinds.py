"""Random exact matrices of the kinds about which hypotheses speak: projections, nilpotent, orthogonal, of low rank."""

from __future__ import annotations

from random import Random
from typing import Any

from flint import fmpq, fmpq_mat

from symlora.domains.sampling import draw_matrix, orthogonal, triangular
from symlora.domains.spectrum import identity

SCALARS = ((0, 1), (1, 1), (-1, 1), (2, 1), (-2, 1), (1, 2), (-1, 2), (3, 1), (3, 2), (1, 3), (-3, 1))
SQUARE = (
    "any", "any", "any", "idempotent", "projector", "nilpotent", "shift", "involution", "permutation", "orthogonal",
    "skew", "diagonal", "rank", "simple",
)  # fmt: skip
OTHER = ("any", "any", "any", "rank", "rank", "simple", "partial")


def scalar(draw: Random) -> Any:
    """Return a small rational number."""
    return fmpq(*draw.choice(SCALARS))


def diagonal(entries: list[Any]) -> Any:
    """Return the diagonal matrix with these entries.

    >>> diagonal([1, 2])
    [1, 0]
    [0, 2]
    """
    n = len(entries)
    return fmpq_mat(n, n, [entries[i] if i == j else 0 for i in range(n) for j in range(n)])


def permutation(draw: Random, n: int) -> Any:
    """Return a permutation matrix with random signs."""
    places = list(range(n))
    draw.shuffle(places)
    return fmpq_mat(n, n, [draw.choice((1, -1)) * int(places[i] == j) for i in range(n) for j in range(n)])


def of_rank(draw: Random, rows: int, cols: int) -> Any:
    """Return a product through a random number of dimensions."""
    k = draw.randint(0, min(rows, cols))
    left = fmpq_mat(rows, k, [draw.randint(-1, 1) for _ in range(rows * k)])
    return left * fmpq_mat(k, cols, [draw.randint(-2, 2) for _ in range(k * cols)])


def projector(draw: Random, n: int) -> Any:
    """Return the orthogonal projection on the span of small integer vectors.

    >>> p = projector(Random(2), 3)
    >>> p * p == p == p.transpose()
    True
    """
    span = of_rank(draw, n, n).transpose()
    reduced, rank = span.rref()
    basis = fmpq_mat(n, rank, [reduced[j, i] for i in range(n) for j in range(rank)])
    return basis * (basis.transpose() * basis).inv() * basis.transpose() if rank else fmpq_mat(n, n)


def draw_kind(draw: Random, rows: int, cols: int) -> Any:
    """Return a random matrix of a random kind.

    >>> from symlora.domains.values import is_exact
    >>> draw = Random(1)
    >>> all(is_exact(draw_kind(draw, 2, 3)) for _ in range(20))
    True
    """
    if rows == cols == 1:
        return fmpq_mat(1, 1, [scalar(draw)])
    if not rows or not cols:
        return fmpq_mat(rows, cols)
    kind = draw.choice(SQUARE if rows == cols else OTHER)
    if kind == "any":
        return draw_matrix(draw, rows, cols, draw.random() < 0.5)
    if kind == "rank":
        return of_rank(draw, rows, cols)
    if kind == "simple":
        return fmpq_mat(rows, cols, [draw.choice((0, 0, 0, 1)) for _ in range(rows * cols)])
    if kind == "partial":
        large = orthogonal(draw, max(rows, cols))
        return fmpq_mat(rows, cols, [large[i, j] for i in range(rows) for j in range(cols)])
    return _square(draw, kind, rows)


def _square(draw: Random, kind: str, n: int) -> Any:
    if kind == "orthogonal":
        return orthogonal(draw, n)
    if kind == "projector":
        return projector(draw, n)
    if kind == "permutation":
        return permutation(draw, n)
    if kind == "diagonal":
        return diagonal([scalar(draw) for _ in range(n)])
    if kind == "skew":
        half = fmpq_mat(n, n, [draw.randint(-1, 1) for _ in range(n * n)])
        return half - half.transpose()
    if kind == "shift":
        return fmpq_mat(n, n, [int(j == i + 1) for i in range(n) for j in range(n)])
    change = triangular(draw, n) if draw.random() < 0.5 else identity(n)
    if kind == "nilpotent":
        core = fmpq_mat(n, n, [draw.randint(-1, 1) if i < j else 0 for i in range(n) for j in range(n)])
    else:
        core = diagonal([draw.choice((0, 1) if kind == "idempotent" else (1, -1)) for _ in range(n)])
    return change * core * change.inv()
