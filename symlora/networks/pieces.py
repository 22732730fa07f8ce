"""Adapters from pieces of the target's distance: ``dW[l] = S[l]^-1 * E[l] * A[l-1]^-1``, exactly.

The pieces ``E[1] + ... + E[L] = E`` come from one exact factorisation ``E = U*V``, so no singular value decomposition
is needed. What has to be nonsingular are the suffixes S[l] of frozen layers and the partial sums
``G[l] = P + E[1] + ... + E[l]``, as far as they do not already reach the target (theorem ``linear/construction``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from flint import fmpq_mat

from symlora.domains.spectrum import identity, inclusion, pivot_columns

TURNS = 4
"""How many bases of the distance's column space are tried: as found, in another order, then generic ones."""

Factors = list[tuple[Any, Any]]
"""For each layer B and A with ``dW = B*A``; the inner size is at most the layer's rank."""


def suffixes(frozen: Sequence[Any]) -> list[Any]:
    """Return ``S[0], …, S[L]``: S[l] is the product of the layers after layer l, S[0] that of all layers."""
    found = [identity(frozen[0].nrows())]
    for w in reversed(frozen):
        found.append(found[-1] * w)
    return found[::-1]


def rank_split(m: Any) -> tuple[Any, Any, list[int]]:
    """Return U, V and the pivot columns with ``m = U*V``: U are these columns of m, V is reduced; exact.

    >>> rank_split(fmpq_mat(2, 2, [1, 2, 2, 4]))
    ([1]
    [2], [1, 2], [0])
    """
    reduced, rank = m.rref()
    pivots = pivot_columns(reduced, rank)
    if rank == m.ncols():
        return m, identity(rank), pivots
    return m * selection(m.ncols(), pivots), inclusion(rank, m.nrows(), 0) * reduced, pivots


def selection(size: int, chosen: Sequence[int]) -> Any:
    """Return these columns of the identity of that size."""
    return fmpq_mat(size, len(chosen), [int(i == j) for i in range(size) for j in chosen])


def solve(a: Any, b: Any) -> Any:
    """Return ``a^-1 * b`` for a nonsingular a, also where b has no columns."""
    return a.solve(b) if b.ncols() else b


def nonsingular(m: Any) -> bool:
    """Return whether a square exact matrix has an inverse."""
    return bool(m.rank() == m.nrows())


def shares(size: int, ranks: Sequence[int]) -> list[list[int]]:
    """Return ways to spread `size` over layers of these ranks: the first layers full, and the last layers full.

    >>> shares(3, [2, 2])
    [[2, 1], [1, 2]]
    """
    found = []
    for order in (1, -1):
        left, share = size, []
        for r in ranks[::order]:
            share.append(min(r, left))
            left -= share[-1]
        if share[::order] not in found:
            found.append(share[::order])
    return found


def _turns(size: int, seed: int) -> Iterator[tuple[Any, Any]]:
    """Yield nonsingular T with its inverse: the identity, a permutation, products of random triangles."""
    one = identity(size)
    yield one, one
    for turn in range(1, TURNS):
        draw = Random(f"{seed}|{turn}|{size}")
        order = draw.sample(range(size), size)
        found = selection(size, order)
        if turn > 1:
            for lower in (True, False):
                found *= fmpq_mat(size, size, [
                    1 if i == j else draw.randint(-1, 1) if (i > j) == lower else 0
                    for i in range(size) for j in range(size)
                ])  # fmt: skip
        yield found, found.inv()


def from_pieces(frozen: Sequence[Any], target: Any, ranks: Sequence[int], seed: int = 0) -> Factors | None:
    """Return exact adapters of these ranks, or None if no choice of pieces that was tried keeps the sums nonsingular.

    Layers 2, …, L have to be nonsingular, and the ranks have to add up to rank(target - product) at least. Layer 1 may
    be singular.
    """
    s = suffixes(frozen)
    u, v, _ = rank_split(target - s[0])
    for turn, back in _turns(u.ncols(), seed):
        left, right = u * turn, back * v
        for share in shares(u.ncols(), ranks):
            sums = _partial_sums(s[0], left, right, share)
            if sums is not None:
                return _adapters(s, left, right, share, sums)
    return None


def _partial_sums(product: Any, u: Any, v: Any, share: Sequence[int]) -> list[Any] | None:
    """Return G[1], …, G[l], the last one before the target is reached, or None if one of them is singular."""
    sums: list[Any] = []
    total, first = product, 0
    for size in share:
        first += size
        if first == u.ncols():
            break
        block = inclusion(u.ncols(), size, first - size)
        total = total + (u * block) * (block.transpose() * v)
        if not nonsingular(total):
            return None
        sums.append(total)
    return sums


def _adapters(s: Sequence[Any], u: Any, v: Any, share: Sequence[int], sums: Sequence[Any]) -> Factors:
    """Return ``B = S[l]^-1 * U[l]`` and ``A = V[l] * A[l-1]^-1``, where ``A[l-1]^-1 = G[l-1]^-1 * S[l-1]``."""
    found: Factors = []
    first = 0
    for l, size in enumerate(share, 1):
        block = inclusion(u.ncols(), size, first)
        first += size
        b, a = solve(s[l], u * block), block.transpose() * v
        if l > 1 and size:
            a = solve(sums[l - 2].transpose(), a.transpose()).transpose() * s[l - 1]
        found.append((b, a))
    return found
