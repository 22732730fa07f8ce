"""Adapters in floats, with the pieces of the distance chosen so that rounding errors stay small.

Any pieces will do exactly, and the suffixes S[l] are ill-conditioned for many layers. So layer 1 takes the part of the
distance that lies in the leading left singular directions of S[1], where dividing by S[1] is harmless; layer 2 does the
same for S[2] inside what is left, and so on. This works if the ranks add up to D. If they do not, the prefixes stay
ill-conditioned as well, and what remains is a heuristic: several ways are tried, and the measured error decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from symlora.networks.pieces import Factors
from symlora.networks.reading import AdaptError

CUTOFFS = (1e-8, 1e-9, 1e-10, 1e-11)
"""Singular values below this part of the largest one are taken for 0 when the ranks add up to less than D."""


@dataclass(frozen=True)
class StableAdapters:
    """Adapters ``dW = B @ A`` in float64 with what they achieve.

    `factors` has for each layer B (D x k) and A (k x D), k at most its rank. `error` is the Frobenius norm of the
    adapted product minus the target over that of the target (over 1 if the target is 0), `least` the smallest value
    that any adapters of these ranks could have in exact arithmetic (0 if the ranks add up to D).
    """

    factors: tuple[tuple[Any, Any], ...]
    error: float
    least: float


def stable_adapters(frozen: Sequence[Any], target: Any, ranks: Sequence[int]) -> StableAdapters:
    """Return adapters of these ranks for float64 matrices, all D x D.

    If the ranks add up to less than D, the error is near the least one for a few layers, and larger for many. Raises
    `AdaptError` where the pieces need the inverse of something singular.

    >>> done = stable_adapters([np.eye(2), np.eye(2)], np.array([[3.0, 1.0], [1.0, 2.0]]), [1, 1])
    >>> done.error < 1e-15, [b.shape for b, _ in done.factors]
    (True, [(2, 1), (2, 1)])
    """
    with np.errstate(all="ignore"):  # overflow becomes infinity, and infinity is refused
        suffixes = [np.eye(len(target))]
        for w in reversed(frozen):
            suffixes.append(suffixes[-1] @ w)
        suffixes.reverse()
        distance = _finite(target - suffixes[0], "the product of the frozen weights")
        directions, values, _ = np.linalg.svd(distance)
        ways: list[Callable[[], Factors]] = []
        ways.append(partial(_pieces, frozen, distance, suffixes, ranks, directions[:, : sum(ranks)]))
        if sum(ranks) < len(target):
            ways += [partial(_greedy, frozen, target, suffixes, ranks, cutoff) for cutoff in CUTOFFS]
        scale = float(np.linalg.norm(target)) or 1.0
        least = float(np.linalg.norm(values[sum(ranks) :])) / scale
        found, refused = [], []
        for way in ways:
            try:
                factors = way()
            except AdaptError as error:
                refused.append(error)
            else:
                error_left = float(np.linalg.norm(_adapted(frozen, factors) - target))
                found.append(StableAdapters(tuple(factors), error_left / scale, least))
    if not found:
        raise refused[0]
    return min(found, key=lambda one: one.error)


def _pieces(frozen: Sequence[Any], distance: Any, suffixes: Sequence[Any], ranks: Sequence[int], left: Any) -> Factors:
    """Return adapters for the part of the distance whose columns lie in the span of the orthonormal columns `left`."""
    factors: Factors = []
    adapted = np.eye(len(distance))
    for l, (w, r) in enumerate(zip(frozen, ranks, strict=True), 1):
        turned = left @ np.linalg.svd(left.T @ suffixes[l])[0]
        chosen, left = turned[:, :r], turned[:, r:]
        b = _solve(suffixes[l], chosen, f"the product of the frozen weights after layer {l}")
        a = _solve(adapted.T, distance.T @ chosen, f"the adapted product up to layer {l - 1}").T
        factors.append((b, a))
        adapted = _finite((w + b @ a) @ adapted, f"the adapted product up to layer {l}")
    return factors


def _greedy(frozen: Sequence[Any], target: Any, suffixes: Sequence[Any], ranks: Sequence[int],
            cutoff: float) -> Factors:  # fmt: skip
    """Return adapters that each take the most of what is left, where S[l] and A[l-1] are not too small."""
    factors: Factors = []
    adapted = np.eye(len(target))
    for l, (w, r) in enumerate(zip(frozen, ranks, strict=True), 1):
        left, s, right = _leading(suffixes[l], cutoff)
        inner_left, t, inner_right = _leading(adapted, cutoff)
        u, values, v = np.linalg.svd(left.T @ (target - suffixes[l] @ w @ adapted) @ inner_right.T)
        b, a = (right.T / s) @ (u[:, :r] * values[:r]), v[:r] @ (inner_left / t).T
        factors.append((b, a))
        adapted = _finite((w + b @ a) @ adapted, f"the adapted product up to layer {l}")
    return factors


def _leading(m: Any, cutoff: float) -> tuple[Any, Any, Any]:
    """Return the singular value decomposition of m without the small singular values."""
    u, s, v = np.linalg.svd(m)
    count = int((s > cutoff * s[0]).sum())
    return u[:, :count], s[:count], v[:count]


def _adapted(frozen: Sequence[Any], factors: Factors) -> Any:
    product = np.eye(len(frozen[0]))
    for w, (b, a) in zip(frozen, factors, strict=True):
        product = (w + b @ a) @ product
    return product


def _solve(a: Any, b: Any, name: str) -> Any:
    if b.shape[1] == 0:
        return b
    try:
        found = np.linalg.solve(a, b)
    except np.linalg.LinAlgError:
        found = np.full_like(b, np.inf)
    if not np.isfinite(found).all():
        raise AdaptError(f"stable adapters: expected a nonsingular matrix, found {name} singular (try exact=True)")
    return found


def _finite(m: Any, name: str) -> Any:
    if not np.isfinite(m).all():
        raise AdaptError(f"stable adapters: expected numbers in the range of floats, found larger ones in {name}")
    return m
