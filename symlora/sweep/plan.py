"""How large a chunk of a sweep may be: memory counted before anything is computed."""

from __future__ import annotations

import os
from dataclasses import dataclass

from symlora.domains.backend import Backend
from symlora.domains.execution import Program
from symlora.domains.floating import Sizes, peak
from symlora.networks.linear import families, naturals, sizes_problem
from symlora.runs.errors import RunError

LARGEST_CHUNK = 250
DEEPEST = 64
GIB = 1 << 30


@dataclass(frozen=True)
class Plan:
    """Bytes that one instance needs at most, and how many instances make a chunk."""

    bytes_each: int
    chunk: int

    def __str__(self) -> str:
        return f"chunks of {self.chunk} instances, about {readable(self.bytes_each * self.chunk)} each"


def readable(size: int) -> str:
    """Return a number of bytes in words.

    >>> readable(3 << 29), readable(1 << 20)
    ('1.5 GiB', '1.0 MiB')
    """
    return f"{size / GIB:,.1f} GiB" if size >= GIB else f"{size / (1 << 20):.1f} MiB"


def free_memory(device: Backend) -> int:
    """Return the bytes that are free on the device."""
    if device.name == "cupy":
        import cupy

        return int(cupy.cuda.runtime.memGetInfo()[0])
    try:
        with open("/proc/meminfo", encoding="ascii") as file:
            lines = dict(line.split(":", 1) for line in file)
        return int(lines["MemAvailable"].split()[0]) << 10
    except (OSError, KeyError, ValueError):
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_AVPHYS_PAGES")


def plan(code: Program, width: int, depth: int, rank: int, instances: int, device: Backend, dtype: str,
         memory: float) -> Plan:  # fmt: skip
    """Return the plan of a sweep; raises `RunError` for sizes that make no sense or do not fit into `memory` GiB."""
    problem = sizes_problem(width, depth, rank)
    if not problem and depth > DEEPEST:
        problem = f"expected a depth of at most {DEEPEST}, found {depth}"
    if not problem and instances < 1:
        problem = f"expected at least 1 instance, found {instances}"
    bound, free = int(memory * GIB), free_memory(device)
    if not problem and bound > free:
        problem = f"expected --memory of at most the {readable(free)} that are free, found {readable(bound)}"
    if problem:
        raise RunError(problem)
    model = Sizes(code.setup, naturals(width, depth, rank), 1, device, None, families(depth, rank), reach=depth)
    numbers = peak(code, model) + 2 * (depth + 1) * width * width
    each = numbers * (4 if dtype == "float32" else 8)
    if each > bound:
        found = f"width {width} and depth {depth}, where it needs about {readable(each)}"
        raise RunError(f"expected sizes of which one instance fits into {readable(bound)} (--memory), found {found}")
    return Plan(each, min(instances, LARGEST_CHUNK, bound // each))
