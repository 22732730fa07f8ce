"""Adapters in floats, with the pieces of the distance chosen so that rounding errors stay small.

Any pieces will do exactly, and the suffixes S[l] are ill-conditioned for many layers. So layer 1 takes the part of the
distance that lies in the leading left singular directions of S[1], where dividing by S[1] is harmless; layer 2 does the
same for S[2] inside what is left, and so on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from symlora.networks.reading import AdaptError


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

    If the ranks add up to less than D, the product is led to the best approximation within reach. Raises `AdaptError`
    where the pieces need the inverse of something singular.

    >>> done = stable_adapters([np.eye(2), np.eye(2)], np.array([[3.0, 1.0], [1.0, 2.0]]), [1, 1])
    >>> done.error < 1e-15, [b.shape for b, _ in done.factors]
    (True, [(2, 1), (2, 1)])
    """
    # Overflow becomes infinity, and infinity is refused.
    with np.errstate(all="ignore"):
        return _adapters(frozen, target, ranks)


def _adapters(frozen: Sequence[Any], target: Any, ranks: Sequence[int]) -> StableAdapters:
    width = len(target)
    suffixes = [np.eye(width)]
    for w in reversed(frozen):
        suffixes.append(suffixes[-1] @ w)
    suffixes.reverse()
    distance = _finite(target - suffixes[0], "the product of the frozen weights")
    directions, values, _ = np.linalg.svd(distance)
    left = directions[:, : sum(ranks)]
    factors: list[tuple[Any, Any]] = []
    adapted = np.eye(width)
    for l, (w, r) in enumerate(zip(frozen, ranks, strict=True), 1):
        turned = left @ np.linalg.svd(left.T @ suffixes[l])[0]
        chosen, left = turned[:, :r], turned[:, r:]
        b = _solve(suffixes[l], chosen, f"the product of the frozen weights after layer {l}")
        a = _solve(adapted.T, distance.T @ chosen, f"the adapted product up to layer {l - 1}").T
        factors.append((b, a))
        adapted = _finite((w + b @ a) @ adapted, f"the adapted product up to layer {l}")
    scale = float(np.linalg.norm(target)) or 1.0
    error, least = float(np.linalg.norm(adapted - target)), float(np.linalg.norm(values[sum(ranks) :]))
    return StableAdapters(tuple(factors), error / scale, least / scale)


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
