"""Maximising a function without derivatives: several covariance matrix adaptation searches side by side.

N. Hansen, "The CMA Evolution Strategy: A Tutorial" (arXiv:1604.00772), with the usual constants. All searches of a
batch advance together, so that the function is evaluated at many points at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np

Array = Any
BAD = -1e9
"""The merit of a point at which the function has no value."""


def maximise(function: Callable[[Array], Array], starts: Array, spread: Array, generations: int, seed: int,
             deadline: float, mask: Array | None = None) -> tuple[Array, Array]:  # fmt: skip
    """Return the best point and value of each search; `starts` is ``[search, number]``, `mask` holds numbers at 0.

    >>> x, value = maximise(lambda x: -((x - 3) ** 2).sum(axis=1), np.zeros((1, 2)), np.ones(1), 80, 0, 1e18)
    >>> x.round(3).tolist()
    [[3.0, 3.0]]
    """
    draw = np.random.Generator(np.random.PCG64(seed))
    runs, n = starts.shape
    kept = np.ones(n) if mask is None else mask
    size = 8 + int(3 * np.log(n + 1))
    half = size // 2
    weights = np.log(half + 0.5) - np.log(np.arange(1, half + 1))
    weights /= weights.sum()
    mass = 1 / (weights**2).sum()
    c_sigma = (mass + 2) / (n + mass + 5)
    damping = 1 + c_sigma + 2 * max(0.0, np.sqrt((mass - 1) / (n + 1)) - 1)
    c_path = (4 + mass / n) / (n + 4 + 2 * mass / n)
    c_one = 2 / ((n + 1.3) ** 2 + mass)
    c_mass = min(1 - c_one, 2 * (mass - 2 + 1 / mass) / ((n + 2) ** 2 + mass))
    length = np.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n))

    mean, sigma = starts * kept, spread.astype(float).copy()
    covariance = np.broadcast_to(np.eye(n), (runs, n, n)).copy()
    path, path_sigma = np.zeros((runs, n)), np.zeros((runs, n))
    best, best_value = mean.copy(), function(mean)
    axes, scales = np.broadcast_to(np.eye(n), (runs, n, n)), np.ones((runs, n))
    for generation in range(generations):
        if time.monotonic() > deadline:
            break
        if generation % max(1, n // 8) == 0:
            values, axes = np.linalg.eigh(covariance)
            scales = np.sqrt(np.maximum(values, 1e-20))
        z = draw.standard_normal((runs, size, n))
        steps = np.einsum("rij,rsj->rsi", axes * scales[:, None, :], z)
        points = (mean[:, None] + sigma[:, None, None] * steps) * kept
        merit = function(points.reshape(-1, n)).reshape(runs, size)
        order = np.argsort(-merit, axis=1, kind="stable")[:, :half]
        chosen = np.take_along_axis(steps, order[:, :, None], axis=1)
        top = np.take_along_axis(points, order[:, :1, None], axis=1)[:, 0]
        value = np.take_along_axis(merit, order[:, :1], axis=1)[:, 0]
        better = value > best_value
        best[better], best_value[better] = top[better], value[better]

        step = np.einsum("h,rhn->rn", weights, chosen)
        mean = (mean + sigma[:, None] * step) * kept
        whitened = np.einsum("rij,rj->ri", axes, np.einsum("rji,rj->ri", axes, step) / scales)
        path_sigma = (1 - c_sigma) * path_sigma + np.sqrt(c_sigma * (2 - c_sigma) * mass) * whitened
        norm = np.linalg.norm(path_sigma, axis=1)
        slow = norm / np.sqrt(1 - (1 - c_sigma) ** (2 * generation + 2)) < (1.4 + 2 / (n + 1)) * length
        path = (1 - c_path) * path + slow[:, None] * np.sqrt(c_path * (2 - c_path) * mass) * step
        rank_one = path[:, :, None] * path[:, None, :]
        rank_mass = np.einsum("h,rhi,rhj->rij", weights, chosen, chosen)
        covariance = (1 - c_one - c_mass) * covariance + c_one * rank_one + c_mass * rank_mass
        sigma = np.clip(sigma * np.exp(np.clip((c_sigma / damping) * (norm / length - 1), -1, 1)), 1e-9, 1e5)
    return best, best_value
