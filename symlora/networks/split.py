"""Two factors that reach a target within their ranks, without any condition on partial sums.

For a square N and a target M the change ``M - N`` of rank g is shared between a left factor near 1 and a right factor
near N: ``M = (1 + X) * (N + Y)`` with rank Y = r and rank X <= g - r. Such X and Y exist exactly when the kernel of N
leaves room: ``dim M(ker N) <= r``. Layer by layer this gives adapters for nonsingular layers and every target within
the sum of the ranks (theorem ``linear/multi-factor``, there rank by rank; here r ranks at once, which keeps the numbers
small).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from random import Random
from typing import Any

from flint import fmpq_mat

from symlora.domains.spectrum import identity, inclusion, null_space
from symlora.networks.pieces import Factors, nonsingular, rank_split, selection, solve, suffixes


def from_split(frozen: Sequence[Any], target: Any, ranks: Sequence[int], seed: int = 0) -> Factors:
    """Return exact adapters of these ranks for layers 2, …, L nonsingular.

    Needs ``rank(target - product) <= sum(ranks)`` and ``dim target(ker W[1]) <= ranks[0]``.
    """
    s = suffixes(frozen)
    found: Factors = []
    goal = target
    for l, (w, r) in enumerate(zip(frozen, ranks, strict=True), 1):
        if l == len(frozen):
            u, v, _ = rank_split(goal - w)
            found.append((u, v))
            break
        x, b, a = split(solve(s[l], goal), w, sum(ranks[l:]), r, Random(f"{seed}|split|{l}"))
        found.append((b, a))
        goal = s[l] + s[l] * x
    return found


def split(m: Any, n: Any, left: int, right: int, draw: Random) -> tuple[Any, Any, Any]:
    """Return X, B, A with ``m = (1 + X) * (n + B*A)``, rank X <= left and inner size of B*A <= right.

    Needs ``rank(m - n) <= left + right`` and ``dim m(ker n) <= right``. For nonsingular n that is all.

    >>> turn, one = fmpq_mat(2, 2, [0, -1, 1, 0]), fmpq_mat(2, 2, [1, 0, 0, 1])
    >>> x, b, a = split(turn, one, 1, 1, Random(0))
    >>> (one + x) * (one + b * a) == turn, x.rank(), b.ncols()
    (True, 1, 1)
    """
    u, v, _ = rank_split(m - n)
    g = u.ncols()
    r = min(right, g)
    if r == g:
        return fmpq_mat(m.nrows(), m.nrows()), u, v
    keep, drop, keep_rows, drop_rows = _projection(n, u, v, r, draw)
    b, a = u * keep, keep_rows * v
    return (u * drop) * (drop_rows * v * _loose_inverse(n + b * a)), b, a


def _projection(n: Any, u: Any, v: Any, r: int, draw: Random) -> tuple[Any, Any, Any, Any]:
    """Return bases X, W of two complementary spaces of dimensions r and g - r, and the rows of ``[X W]^-1``.

    They are chosen so that ``n + u*X*X'*v`` (X' the rows that belong to X) kills only what m kills: with
    ``T = {(c, v*z - c) : n*z + u*c = 0}``, W has to avoid the image T(X), and X is chosen to make that image small:
    first inside the kernel of T and outside its domain.
    """
    g = u.ncols()
    pairs = null_space(_beside(n, u))
    size = n.ncols()
    domain = inclusion(size + g, g, size).transpose() * pairs
    image = v * (inclusion(size + g, size, 0).transpose() * pairs) - domain
    killed = _independent(domain * null_space(image))
    inside = _independent(_beside(killed, domain))
    whole = _independent(_beside(inside, identity(g)))
    kernel, reach = killed.ncols(), inside.ncols()
    order = [*range(kernel), *range(reach, g), *range(kernel, reach)]
    keep = whole * selection(g, order[:r])
    # What T sends X to: the images of all pairs whose first half lies in X.
    within = null_space(_beside(domain, keep))
    sent = _independent(image * (inclusion(pairs.ncols() + r, pairs.ncols(), 0).transpose() * within))
    for bound in count(1):
        drop = fmpq_mat(g, g - r, [draw.randint(-bound, bound) for _ in range(g * (g - r))])
        basis = _beside(keep, drop)
        if nonsingular(basis) and _beside(sent, drop).rank() == sent.ncols() + g - r:
            break
    back = basis.inv()
    return keep, drop, inclusion(r, g, 0) * back, inclusion(g, g - r, r).transpose() * back


def _beside(a: Any, b: Any) -> Any:
    """Return the matrix [a b]."""
    width = a.ncols() + b.ncols()
    return a * inclusion(width, a.ncols(), 0).transpose() + b * inclusion(width, b.ncols(), a.ncols()).transpose()


def _independent(m: Any) -> Any:
    """Return the first columns of m that are independent of those before them."""
    return rank_split(m)[0]


def _loose_inverse(m: Any) -> Any:
    """Return H with ``m*H*m = m``, the inverse of m if there is one."""
    if nonsingular(m):
        return m.inv()
    columns = rank_split(m)[2]
    rows = rank_split(m.transpose())[2]
    at, down = selection(m.ncols(), columns), selection(m.nrows(), rows).transpose()
    return at * (down * m * at).inv() * down
