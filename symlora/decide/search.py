"""The smallest counterexample on the grid of entries 0, 1, -1.

Order of size: the sum of the sizes and naturals, then the number of nonzero entries, then the height (the largest
numerator or denominator, 1 on this grid), then the number of negative entries, then the order of the letters and of the
places in them. What a hypothesis ``X = …`` determines is computed and does not count.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from symlora.claims.statement import Statement
from symlora.decide.problem import Problem, Values, grid, natural_names

Level = tuple[int, int]
KEPT_ENTRIES = 9
QUOTAS = (400, 4_000, 40_000)


@dataclass
class Found:
    """A counterexample at some sizes; `minimal` says that everything smaller on the grid was ruled out."""

    naturals: dict[str, int]
    values: Values
    minimal: bool = False


@dataclass
class Looked:
    """What a search covered: values tried, choices of sizes, whether hypotheses were ever met, values left open."""

    tried: int = 0
    sizes: int = 0
    met: bool = False
    open: int = 0
    largest: int = 0
    exhausted: bool = False
    notes: list[str] = field(default_factory=list)


class Attempt:
    """The resumable search at one choice of sizes."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.level: Level = (0, 0)
        self.finished = not problem.possible
        self.found: Values | None = None
        self.first_open: Level | None = None
        """The first level at which something was passed over because it was left open."""
        self._levels = _Domains(problem)
        self._steps = self._walk()

    def advance(self, quota: int, deadline: float) -> None:
        """Go on until something is found, everything is covered, or the quota or time is used up."""
        stop = self.problem.work + quota
        while not self.finished and self.problem.work < stop:
            if self.problem.work % 64 == 0 and time.monotonic() > deadline:
                return
            item = next(self._steps, False)
            if self.problem.open and self.first_open is None:
                self.first_open = self.level
            if item is False:
                self.finished = True
            elif isinstance(item, dict):
                self.found, self.finished = item, True

    def _walk(self) -> Iterator[Values | None]:
        """Yield None after every value tried, and values that break the goal, simplest first."""
        problem = self.problem
        values: Values = {}
        if not problem.run(0, values):
            return
        sizes = [problem.shapes[x.name][0] * problem.shapes[x.name][1] for x in problem.free]
        rest = [sum(sizes[i:]) for i in range(len(sizes) + 1)]

        def assign(i: int, nonzeros: int, negatives: int) -> Iterator[Values | None]:
            if i == len(sizes):
                if problem.breaks(values):
                    yield dict(values)
                return
            name = problem.free[i].name
            for k in range(max(0, nonzeros - rest[i + 1]), min(sizes[i], nonzeros) + 1):
                for minus in range(max(0, negatives - (nonzeros - k)), min(k, negatives) + 1):
                    for value in self._levels.at(i, k, minus):
                        problem.work += 1
                        yield None
                        values[name] = value
                        if problem.run(i + 1, values):
                            yield from assign(i + 1, nonzeros - k, negatives - minus)

        for nonzeros in range(rest[0] + 1):
            for negatives in range(nonzeros + 1):
                self.level = (nonzeros, negatives)
                yield from assign(0, nonzeros, negatives)


class _Domains:
    """The values of single letters that satisfy what concerns the letter alone."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.alone = [problem.alone(x.name) for x in problem.free]
        self.kept: dict[tuple[int, int, int], list[Any]] = {}

    def at(self, i: int, nonzeros: int, negatives: int) -> Any:
        letter = self.problem.free[i]
        rows, cols = self.problem.shapes[letter.name]
        if rows * cols > KEPT_ENTRIES:
            return grid(rows, cols, nonzeros, negatives)
        key = (i, nonzeros, negatives)
        if key not in self.kept:
            self.kept[key] = [
                value for value in grid(rows, cols, nonzeros, negatives)
                if all(self.problem.truth(claim, {letter.name: value}) is True for claim in self.alone[i])
            ]  # fmt: skip
        return self.kept[key]


def choices(statement: Statement, largest: int) -> list[dict[str, int]]:
    """Return the choices of sizes and naturals up to `largest`, by their sum, then in order of their names."""
    names = natural_names(statement)
    found: list[dict[str, int]] = [{}]
    for name, least in names:
        found = [{**one, name: value} for one in found for value in range(least, largest + 1)]
        if len(found) > 4_000:
            largest = min(largest, 2)
            found = [one for one in found if max(one.values()) <= 2][:4_000]
    return sorted(found, key=lambda one: (sum(one.values()), tuple(-v for v in one.values())))


def search(statement: Statement, deadline: float, looked: Looked, largest: int = 3, quotas: tuple[int, ...] = QUOTAS,
           make: Callable[[Statement, dict[str, int]], Problem] = Problem) -> Found | None:  # fmt: skip
    """Look for a smallest counterexample until a time (of `time.monotonic`); `looked` notes what was covered.

    `make` returns the problem at chosen sizes, which says what breaks the goal.
    """
    attempts: list[Attempt] = []
    looked.largest = largest
    source = choices(statement, largest)
    for number, quota in enumerate(quotas):
        if number == 0:
            for naturals in source:
                if time.monotonic() > deadline:
                    break
                attempt = Attempt(make(statement, naturals))
                attempts.append(attempt)
                attempt.advance(quota, deadline)
                if attempt.found is not None:
                    break
        else:
            for attempt in attempts:
                attempt.advance(quota, deadline)
                if attempt.found is not None:
                    break
        if any(attempt.found is not None for attempt in attempts) or all(attempt.finished for attempt in attempts):
            break
    best = _best(attempts)
    if best is not None:
        # What is smaller is looked through once more, as far as a bound of work allows.
        limit = min(deadline, time.monotonic() + 1.5)
        for naturals in source[len(attempts) :]:
            if sum(naturals.values()) <= best.problem.total:
                attempts.append(Attempt(make(statement, naturals)))
        for attempt in attempts:
            if attempt.problem.total <= best.problem.total and not attempt.finished:
                attempt.advance(30_000, limit)
        best = _best(attempts)
    looked.tried += sum(attempt.problem.work for attempt in attempts)
    looked.sizes = len(attempts)
    looked.met = looked.met or any(attempt.problem.met for attempt in attempts)
    looked.open += sum(attempt.problem.open for attempt in attempts)
    looked.exhausted = len(attempts) == len(source) and all(attempt.finished for attempt in attempts)
    if best is None or best.found is None:
        return None
    key = _key(best)
    smaller = [a for a in attempts if a.problem.total <= best.problem.total]
    covered = all(a is best or a.finished or (a.problem.total, *a.level) > key for a in smaller)
    decided = all(a.first_open is None or (a.problem.total, *a.first_open) > key for a in smaller)
    return Found(best.problem.naturals, best.found, covered and decided)


def _key(attempt: Attempt) -> tuple[int, int, int]:
    return (attempt.problem.total, *attempt.level)


def _best(attempts: list[Attempt]) -> Attempt | None:
    return min((a for a in attempts if a.found is not None), key=_key, default=None)
