"""Times of the batched float check of Lemma 1's construction, beside loops over the instances.

Three ways to evaluate the same 1,000 random instances (width 32, depth 4, rank 8):

- *batched*: every fact of the proof on all instances at once, with the figures of `symlora.domains.floating`;
- *same check, one by one*: the same evaluator called once for every instance;
- *hand-written loop*: plain NumPy in a Python loop over the instances, and *hand-written, batched*: the same lines with
  all instances in one array. Both compute the goals alone (product, ranks, distance), without conditioning figures.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable

# The number of threads is read when NumPy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy

from symlora.domains.backend import backend
from symlora.domains.floating import run
from symlora.networks.linear import float_model, floats
from symlora.sweep.linear import theorem_program


def by_hand(weights: numpy.ndarray, rank: int) -> tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray]:
    """Return errors of the product, ranks of the adapters and distances; `weights` has any leading dimensions."""
    depth, width = weights.shape[-3] - 1, weights.shape[-1]
    layers = [weights[..., l, :, :] for l in range(depth)]
    suffixes = [numpy.eye(width)]
    for layer in layers[:0:-1]:
        suffixes.insert(0, suffixes[0] @ layer)
    product = suffixes[0] @ layers[0]
    distance = weights[..., depth, :, :] - product
    _, sizes, right = numpy.linalg.svd(distance)
    adapted, ranks = numpy.eye(width), []
    for l, layer in enumerate(layers):
        columns = numpy.swapaxes(right[..., l * rank : (l + 1) * rank, :], -1, -2)
        piece = distance @ columns @ numpy.swapaxes(columns, -1, -2)
        change = numpy.linalg.inv(suffixes[l]) @ piece @ numpy.linalg.inv(adapted)
        ranks.append(numpy.linalg.matrix_rank(change, rtol=1e-6))
        adapted = (layer + change) @ adapted
    kept = numpy.swapaxes(right[..., : rank * depth, :], -1, -2)
    reached = product + distance @ kept @ numpy.swapaxes(kept, -1, -2)
    error = numpy.linalg.norm(adapted - reached, axis=(-2, -1)) / numpy.linalg.norm(adapted, axis=(-2, -1))
    far = numpy.linalg.norm(adapted - weights[..., depth, :, :], 2, axis=(-2, -1))
    least = sizes[..., rank * depth] if rank * depth < width else 0
    return error, numpy.stack(ranks, axis=-1), far - least


def seconds(work: Callable[[], object], times: int) -> float:
    """Return the least of a few wall-clock times."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found)


def main() -> None:
    """Print the times and their ratios."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, value in (("width", 32), ("depth", 4), ("rank", 8), ("instances", 1000), ("chunk", 250), ("times", 3)):
        arguments.add_argument(f"--{name}", type=int, default=value)
    given = arguments.parse_args()
    code, device = theorem_program()[0], backend("numpy")
    weights = floats(given.width, given.depth, 0, given.instances, seed=0)

    def check(size: int, most: int) -> int:
        facts = 0
        for first in range(0, most, size):
            part = weights[first : min(first + size, most)]
            found = run(code, float_model(code.setup, part, given.rank, device))
            facts += sum(record.evaluated for record in found.records.values()) * len(part)
        return facts

    few = min(100, given.instances)
    facts = check(given.chunk, given.instances)
    batched = seconds(lambda: check(given.chunk, given.instances), given.times)
    single = seconds(lambda: check(1, few), given.times) * given.instances / few
    loop = seconds(lambda: [by_hand(one, given.rank) for one in weights], given.times)
    whole = seconds(lambda: by_hand(weights, given.rank), given.times)
    print(f"width {given.width}, depth {given.depth}, rank {given.rank}, {given.instances} instances, {facts} facts")
    print(f"batched, every fact                {batched:8.2f} s")
    print(f"same check, one by one             {single:8.2f} s   {single / batched:6.1f} times as long")
    print(f"hand-written loop, goals only      {loop:8.2f} s   {loop / batched:6.2f} times as long")
    print(f"hand-written, batched, goals only  {whole:8.2f} s   the loop takes {loop / whole:.2f} times as long")
    matrices = weights[:, 0]
    for name in ("inv", "svd"):
        function = getattr(numpy.linalg, name)
        stack = seconds(lambda f=function: f(matrices), given.times)
        each = seconds(lambda f=function: [f(m) for m in matrices], given.times)
        print(f"numpy.linalg.{name} alone: stack {stack:.3f} s, loop {each:.3f} s, {each / stack:.2f} times as long")


if __name__ == "__main__":
    main()
