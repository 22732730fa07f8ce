"""Time exact adapters beside python-flint and SymPy, and measure what floats lose: `python benchmarks/adapt.py`.

All in one run; the compared programs take turns, and medians and their ratios are printed. Only numbers are printed,
nothing is asserted. ``--largest 0`` leaves out the longest exact run.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import flint
import numpy as np
import sympy
from flint import fmpq_mat, fmpz_mat

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from symlora.networks.adapt import Adapters, adapt
from symlora.networks.certificate import check_certificate

DRAWS = 20


def instance(width: int, depth: int, seed: int) -> tuple[list[Any], Any]:
    """Return weights and a target with small integer entries."""
    draw = Random(seed)
    found = [fmpq_mat(fmpz_mat(width, width, [draw.randint(-9, 9) for _ in range(width * width)]))
             for _ in range(depth + 1)]  # fmt: skip
    return found[:-1], found[-1]


def with_flint(frozen: list[Any], target: Any, rank: int) -> bool:
    """The construction of Lemma 1 for two layers and its check, written out for python-flint.

    The pieces are columns of the distance, which has full rank here, as in `adapt`; the same ranks are computed.
    """
    w1, w2 = frozen
    width = w1.nrows()
    product = w2 * w1
    distance = target - product
    if distance.rank() < width or w1.rank() < width or w2.rank() < width:
        return False
    left = fmpq_mat(width, rank, [int(i == j) for i in range(width) for j in range(rank)])
    right = fmpq_mat(width, width - rank, [int(i == j + rank) for i in range(width) for j in range(width - rank)])
    u, v = distance, distance.rref()[0]
    u1, u2, v1, v2 = u * left, u * right, left.transpose() * v, right.transpose() * v
    partial = product + u1 * v1
    if partial.rank() < width:
        return False
    b1, a1 = w2.solve(u1), v1
    b2, a2 = u2, partial.transpose().solve(v2.transpose()).transpose() * w2
    changes = b1 * a1, b2 * a2
    return bool((w2 + changes[1]) * (w1 + changes[0]) == target)


def with_sympy(frozen: list[Any], target: Any, rank: int) -> bool:
    """The same for SymPy's Matrix, without ranks."""
    w1, w2 = frozen
    width = w1.rows
    product = w2 * w1
    distance = target - product
    u1, u2 = distance[:, :rank], distance[:, rank:]
    v1, v2 = sympy.eye(width)[:rank, :], sympy.eye(width)[rank:, :]
    partial = product + u1 * v1
    b1, a1 = w2.LUsolve(u1), v1
    b2, a2 = u2, partial.T.LUsolve(v2.T).T * w2
    return bool(((w2 + b2 * a2) * (w1 + b1 * a1) - target).expand().is_zero_matrix)


def medians(rounds: int, *ways: Callable[[], Any]) -> list[float]:
    """Return the median time of each way in seconds; they take turns."""
    taken: list[list[float]] = [[] for _ in ways]
    for _ in range(rounds):
        for way, times in zip(ways, taken, strict=True):
            start = time.perf_counter()
            if not way():
                raise SystemExit("a construction did not reach its target")
            times.append(time.perf_counter() - start)
    return [statistics.median(times) for times in taken]


def exact(largest: int) -> None:
    print("exact, L = 2, integer entries up to 9, R = D/2; medians\n")
    print(f"{'D':>4} {'adapt':>10} {'python-flint':>13} {'ratio':>6} {'SymPy':>10} {'ratio':>8}")
    for width, rounds in ((12, 9), (16, 9), (32, 9), (64, 7)):
        frozen, target = instance(width, 2, width)
        rank = width // 2
        ways = [partial(way, frozen, target, rank) for way in (adapt, with_flint)]
        if width == 12:
            matrices = [sympy.Matrix(width, width, [int(x.p) for x in m.entries()]) for m in (*frozen, target)]
            ways.append(partial(with_sympy, matrices[:2], matrices[2], rank))
        times = medians(rounds, *ways)
        line = f"{width:>4} {times[0] * 1e3:>7.1f} ms {times[1] * 1e3:>10.1f} ms {times[0] / times[1]:>6.2f}"
        print(line + (f" {times[2] * 1e3:>7.0f} ms {times[2] / times[0]:>8.0f}" if len(times) > 2 else ""))
    print("\nonce each")
    for what, width, depth in (("integers", 64, 4), ("integers", largest, 2), ("floats", 32, 2), ("floats", 64, 2)):
        if not width:
            continue
        frozen, target = instance(width, depth, width) if what == "integers" else uniform(width, depth, width)
        rank = width // depth
        start = time.perf_counter()
        found = adapt(frozen, target, rank)
        taken = time.perf_counter() - start
        if not isinstance(found, Adapters):
            raise SystemExit(str(found))
        bits = max(max(int(x.p).bit_length(), int(x.q).bit_length()) for m in found.changes for x in m.entries())
        line = f"  D = {width}, L = {depth}, R = {rank}, {what}: {taken:.2f} s, entries of up to {bits} bits"
        if width <= 64:
            start = time.perf_counter()
            check_certificate(found.certificate())
            line += f"; certificate and its check {time.perf_counter() - start:.2f} s"
        print(line)


def uniform(width: int, depth: int, seed: int) -> tuple[list[Any], Any]:
    """Return weights and a target as layers are initialised by default."""
    rng, bound = np.random.default_rng(seed), width**-0.5
    found = [rng.uniform(-bound, bound, (width, width)) for _ in range(depth + 1)]
    return found[:-1], found[-1]


def plain(frozen: list[Any], target: Any, rank: int) -> float:
    """Return the relative error of the lemma's formulas in float64, with singular vectors and solves."""
    width = len(target)
    suffixes = [np.eye(width)]
    for w in reversed(frozen):
        suffixes.append(suffixes[-1] @ w)
    suffixes.reverse()
    distance = target - suffixes[0]
    right = np.linalg.svd(distance)[2]
    adapted = np.eye(width)
    for l, w in enumerate(frozen, 1):
        rows = right[rank * (l - 1) : rank * l]
        b = np.linalg.solve(suffixes[l], distance @ rows.T)
        adapted = (w + b @ np.linalg.solve(adapted.T, rows.T).T) @ adapted
    return float(np.linalg.norm(adapted - target) / np.linalg.norm(target))


def floats() -> None:
    print(f"\nfloat64, uniform initialisation, relative error of the adapted product, {DRAWS} draws\n")
    print("   D   L   R  stable: median     worst  plain: median     worst    stable")
    for width, depth, rank in ((16, 4, 4), (64, 4, 16), (64, 8, 8), (64, 16, 4)):
        ours, theirs, times = [], [], []
        for seed in range(DRAWS):
            frozen, target = uniform(width, depth, seed)
            start = time.perf_counter()
            ours.append(adapt(frozen, target, rank, stable=True).error)
            times.append(time.perf_counter() - start)
            theirs.append(plain(frozen, target, rank))
        numbers = f"{statistics.median(ours):>15.1e} {max(ours):>9.1e}"
        numbers += f" {statistics.median(theirs):>14.1e} {max(theirs):>9.1e}"
        print(f"{width:>4} {depth:>3} {rank:>3} {numbers} {statistics.median(times) * 1e3:>6.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--largest", type=int, default=128, metavar="D", help="width of the longest exact run")
    largest = parser.parse_args().largest
    print(f"Python {platform.python_version()}, python-flint {flint.__version__}, NumPy {np.__version__}, "
          f"SymPy {sympy.__version__}\n")  # fmt: skip
    exact(largest)
    floats()


if __name__ == "__main__":
    main()
