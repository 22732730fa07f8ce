"""Counterexamples among random exact instances that satisfy the hypotheses by construction, made smaller afterwards.

Members are drawn one after the other. A member that occurs to the first degree in hypotheses whose other members are
known is taken from the solutions of these linear equations; otherwise it is of a kind about which hypotheses speak.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from flint import fmpq, fmpq_mat

from symlora.counterexamples.affine import Solutions, solutions
from symlora.counterexamples.grid import Key, Sizes
from symlora.counterexamples.kinds import diagonal, draw_kind
from symlora.domains.constraints import Assignment, Constraint, System
from symlora.domains.ground import Graph, Indices, Instance, Scope, Unassigned, Unmeasured
from symlora.domains.sampling import Numbers, about_naturals
from symlora.domains.setup import Setup
from symlora.domains.spectrum import identity
from symlora.kernel.facts import Fact

TRIES = 24
SHRINKS, SMALLER = 120, 40
"""How many more instances are drawn at the sizes of a hit, and at each smaller choice of sizes."""


class Drawer:
    """Draws values of the free members that satisfy constraints."""

    def __init__(self, system: System, constraints: Sequence[Constraint]) -> None:
        self.system = system
        constraints = list(dict.fromkeys(constraints))
        self.order = system.order(constraints)
        self.plans = system.plans(self.order, constraints)
        self.equations = [[c for c in checks if c.kind == "=" and c.wanted] for _, checks in self.plans]
        self.nodes: list[list[int]] = []
        for (nodes, _), equations in zip(self.plans, self.equations, strict=True):
            below = set(system.below([n for c in equations for n in c.nodes]))
            self.nodes.append([n for n in nodes if n in below])

    def draw(self, draw: Random) -> Assignment | None:
        """Return random values that satisfy the constraints, or None after a dead end."""
        values: Assignment = {}
        if not self.system.run(*self.plans[0], values):
            return None
        for position in range(1, len(self.order) + 1):
            if not any(True for value in self._values(position, values, draw) if self._fits(position, value, values)):
                return None
        return {leaf: values[leaf] for leaf in self.order}

    def fits(self, chosen: Assignment) -> bool:
        """Return whether these values of the free members satisfy the constraints."""
        values: Assignment = {}
        return self.system.run(*self.plans[0], values) and all(
            self._fits(position, chosen[leaf], values) for position, leaf in enumerate(self.order, 1)
        )

    def completed(self, chosen: Assignment, draw: Random) -> Assignment | None:
        """Return values that begin with the chosen ones; the members after them are solved for, or drawn."""
        values: Assignment = {}
        if not self.system.run(*self.plans[0], values):
            return None
        for position, leaf in enumerate(self.order, 1):
            tries = iter([chosen[leaf]]) if leaf in chosen else self._values(position, values, draw)
            if not any(True for value in tries if self._fits(position, value, values)):
                return None
        return {leaf: values[leaf] for leaf in self.order}

    def _fits(self, position: int, value: Any, values: Assignment) -> bool:
        values[self.order[position - 1]] = value
        return self.system.run(*self.plans[position], values)

    def _values(self, position: int, values: Assignment, draw: Random) -> Iterator[Any]:
        """Yield values to be tried for a member when those before it are known."""
        leaf = self.order[position - 1]
        node = self.system.graph.nodes[leaf]
        known: Solutions | None = None
        if self.equations[position]:
            known = solutions(self.system, leaf, self.nodes[position], self.equations[position], values)
        for attempt in range(TRIES):
            if known is None or attempt % 2:
                yield draw_kind(draw, node.rows, node.cols)
            elif attempt % 6 == 2:
                yield known.least()
            else:
                yield known.draw(draw)


@dataclass(frozen=True)
class Hit:
    """Values of the free members at which the goal fails at one instance."""

    sizes: Sizes
    target: Instance
    values: Assignment
    key: Key


class Search:
    """A search for one goal under one statement; `tried` counts instances, `met` those that satisfy the hypotheses."""

    def __init__(self, setup: Setup, goal: Fact, seed: int = 0) -> None:
        self.setup, self.goal = setup, goal
        self.draw = Random(f"structured {seed}")
        self.tried = self.met = self.open = 0

    def first(self, count: int, largest: int) -> Hit | None:
        """Return what is found among that many instances with naturals up to `largest`."""
        for number in range(count):
            sizes = self.sizes(number, largest)
            found = None if sizes is None else self.at(sizes)
            if found is not None:
                return found
        return None

    def smallest(self, hit: Hit) -> Hit:
        """Return a smaller counterexample, as far as one is found: smaller sizes first, then simpler entries."""
        best = self.simpler(hit)
        descended = True
        while descended:
            descended = False
            for sizes in self.below(best.sizes):
                found = next((one for _ in range(SMALLER) if (one := self.at(sizes)) is not None), None)
                if found is not None:
                    best, descended = self.simpler(found), True
                    break
        for _ in range(SHRINKS):
            again = self.at(best.sizes)
            if again is not None:
                best = min(best, self.simpler(again), key=lambda one: one.key)
        return best

    def at(self, sizes: Sizes) -> Hit | None:
        """Return one random attempt at these sizes."""
        if not sizes.targets:
            return None
        self.tried += 1
        target = self.draw.choice(sizes.targets)
        before = sizes.problem.open
        drawer = Drawer(sizes.problem, [*sizes.problem.hypotheses, *sizes.against(target)])
        values = drawer.draw(self.draw)
        self.open += sizes.problem.open - before
        if values is None:
            return None
        return Hit(sizes, target, values, key(sizes, values))

    def satisfied(self, sizes: Sizes) -> bool:
        """Return whether one random attempt satisfies the hypotheses alone."""
        return Drawer(sizes.problem, sizes.problem.hypotheses).draw(self.draw) is not None

    def simpler(self, hit: Hit) -> Hit:
        """Return a counterexample at the same sizes with simpler members and entries."""
        drawer = Drawer(hit.sizes.problem, [*hit.sizes.problem.hypotheses, *hit.sizes.against(hit.target)])
        best, changed = hit, True
        while changed:
            changed = False
            for candidate in self._simpler(drawer, best):
                level = key(hit.sizes, candidate)
                if level < best.key and drawer.fits(candidate):
                    best, changed = Hit(hit.sizes, hit.target, candidate, level), True
                    break
        return best

    def _simpler(self, drawer: Drawer, hit: Hit) -> Iterator[Assignment]:
        """Yield candidates: whole members first, those that come later solved for anew, then single entries."""
        for place, leaf in enumerate(drawer.order):
            value = hit.values[leaf]
            earlier = {x: hit.values[x] for x in drawer.order[:place]}
            for whole in plain(value.nrows(), value.ncols()):
                if whole == value:
                    break
                yield {**hit.values, leaf: whole}
                found = drawer.completed({**earlier, leaf: whole}, Random(f"again {place}"))
                if found is not None:
                    yield found
        for leaf, value in hit.values.items():
            for at, x in enumerate(value.entries()):
                for other in simpler_numbers(x):
                    entries = value.entries()
                    entries[at] = other
                    yield {**hit.values, leaf: fmpq_mat(value.nrows(), value.ncols(), entries)}

    def sizes(self, number: int, largest: int) -> Sizes | None:
        """Return a choice of sizes: all alike at first, then random ones; None where the hypotheses exclude it."""
        names, draw = self.setup.naturals, self.draw
        alike = [value for value in (2, 3, 1) if value <= largest]
        if number % 8 < len(alike):
            plain_values = dict.fromkeys(names, alike[number % 8])
        else:
            plain_values = {name: draw.choice((0, 1, 1, 2, 2, 3, 3, 4)) for name in names}
            plain_values = {name: min(value, largest) for name, value in plain_values.items()}
        return self.with_naturals(plain_values, draw.randrange(5))

    def with_naturals(self, plain_values: dict[str, int], style: int) -> Sizes | None:
        """Return the sizes with these naturals, families of naturals as the hypotheses ask for or drawn."""
        numbers = Numbers(self.setup, plain_values, style, self.draw.randrange(10**9))
        scope = Scope(Graph(), numbers, max(plain_values.values(), default=0), self.setup.definitions)
        for given in self.setup.givens.values():
            if about_naturals(given):
                try:
                    numbers.settle(scope, given)
                except Unmeasured:
                    continue
        naturals: dict[tuple[str, Indices], int] = {}
        while True:
            try:
                sizes = Sizes(self.setup, self.goal, naturals)
            except Unassigned as missing:
                naturals[missing.name, missing.indices] = max(0, numbers(missing.name, missing.indices))
                continue
            return sizes if sizes.possible else None

    def below(self, sizes: Sizes) -> Iterator[Sizes]:
        """Yield sizes with one natural less."""
        plain_values = {name: value for (name, i), value in sizes.naturals.items() if not i}
        for name in self.setup.naturals:
            if plain_values.get(name, 0) > 0:
                smaller = {other: plain_values.get(other, 0) for other in self.setup.naturals}
                found = self.with_naturals({**smaller, name: plain_values[name] - 1}, 3)
                if found is not None and found.total < sizes.total:
                    yield found


def key(sizes: Sizes, values: Assignment) -> Key:
    """Return the place of values in the documented order."""
    entries = [x for value in values.values() for x in value.entries() if x != 0]
    height = max((max(abs(int(x.p)), int(x.q)) for x in entries), default=0)
    return sizes.total, len(entries), height, sum(x < 0 for x in entries)


def plain(rows: int, cols: int) -> Iterator[Any]:
    """Yield simple matrices, simplest first.

    >>> len(list(plain(2, 2)))
    9
    """
    yield fmpq_mat(rows, cols)
    for i in range(rows):
        for j in range(cols):
            one = fmpq_mat(rows, cols)
            one[i, j] = fmpq(1)
            yield one
    if rows == cols:
        for k in range(2, rows + 1):
            yield diagonal([int(i < k) for i in range(rows)])
        shift = fmpq_mat(rows, cols, [int((i + 1) % max(rows, 1) == j) for i in range(rows) for j in range(cols)])
        yield shift
        yield identity(rows) * fmpq(2)
        yield -identity(rows)


def simpler_numbers(x: Any) -> Iterator[Any]:
    """Yield simpler numbers in place of x, simplest first.

    >>> [str(y) for y in simpler_numbers(fmpq(-7, 2))]
    ['0', '1', '-1', '2', '1/2', '-2', '-1/2', '-4', '-3']
    """
    if x == 0:
        return
    yield fmpq(0)
    for other in (fmpq(1), fmpq(-1), fmpq(2), fmpq(1, 2), fmpq(-2), fmpq(-1, 2)):
        if other == x:
            return
        yield other
    if x.q != 1:
        yield fmpq(int(x.p) // int(x.q))
        yield fmpq(int(x.p) // int(x.q) + 1)
