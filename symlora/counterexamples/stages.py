"""The search for a counterexample in stages: the small grid, larger entries, larger sizes, structured random instances.

Each stage is bounded by the number of values tried, and random ones are seeded, so that the same claim gives the same
answer everywhere; a time limit, where one is given, can only end the search earlier.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from symlora.counterexamples import grid, sampled
from symlora.counterexamples.counterexample import Counterexample, NoneFound, read_goal
from symlora.counterexamples.report import GRIDS
from symlora.counterexamples.structured import Search
from symlora.domains.ground import Unmeasured
from symlora.domains.setup import read_setup
from symlora.kernel.facts import Fact
from symlora.kernel.replay import Theorem

Outcome = Counterexample | NoneFound
LARGER = grid.Limits(models=20_000, height=3)
BIGGER = grid.Limits(models=30_000, largest=3, least=3)


@dataclass(frozen=True)
class Effort:
    """How far a search goes: values on the grid, random instances and their largest size, and seconds if bounded."""

    models: int = grid.Limits().models
    random: int = 160
    largest: int = 4
    seconds: float | None = None


def search(setup_items: Sequence[dict[str, Any]], assumptions: Sequence[dict[str, Any]], goal: Fact | str,
           known: Mapping[str, Theorem] | None = None, effort: Effort | None = None) -> Outcome:  # fmt: skip
    """Look for a small model in which the hypotheses hold and `goal` fails, on one grid after another.

    The arguments are those of `symlora.counterexamples.grid.search`. `grid` of the counterexample says where it is the
    smallest, if `minimal`. Raises the kernel's `Rejected` when an argument is malformed.

    >>> items = [{"natural": "n"}, {"matrix": "A", "index": [], "shape": ["n", "n"]},
    ...          {"given": "h", "fact": "A*A*A = zero(n, n)"}]
    >>> found = search(items, [], "A*A = zero(n, n)")
    >>> found.matrices["A", ()][0], found.minimal, found.grid
    ((Fraction(0, 1), Fraction(1, 1), Fraction(0, 1)), True, 'of sizes up to 3')
    """
    effort = Effort() if effort is None else effort
    end = None if effort.seconds is None else time.monotonic() + effort.seconds
    try:
        first = grid.search(setup_items, assumptions, goal, grid.Limits(models=effort.models), known)
    except Unmeasured:
        # Sizes depend on ranks: no grid, but models whose matrices come first.
        return sampled.search(setup_items, assumptions, goal, known=known)
    if isinstance(first, Counterexample):
        return first
    stages: list[Callable[[], Outcome]] = [
        lambda: larger(grid.search(setup_items, assumptions, goal, LARGER, known)),
        lambda: bigger(grid.search(setup_items, assumptions, goal, BIGGER, known), first),
        lambda: structured(setup_items, assumptions, goal, known, effort),
    ]
    tried, untested, left_open = first.models, first.untested, first.open
    for stage in stages:
        if end is not None and time.monotonic() > end:
            break
        found = stage()
        tried += found.models
        if isinstance(found, Counterexample):
            return replace(found, models=tried)
        untested = untested and found.untested
        left_open += found.open
    return replace(first, models=tried, untested=untested, open=left_open, random=effort.random)


def larger(found: Outcome) -> Outcome:
    """Return a result with the name of the grid of larger entries."""
    return replace(found, grid=GRIDS[0]) if isinstance(found, Counterexample) else found


def bigger(found: Outcome, first: NoneFound) -> Outcome:
    """Return a result with the name of the grid of larger sizes, the smallest only if the first grid was covered."""
    if isinstance(found, NoneFound):
        return found
    return replace(found, grid=GRIDS[1], minimal=found.minimal and first.exhausted and not first.open)


def structured(setup_items: Sequence[dict[str, Any]], assumptions: Sequence[dict[str, Any]], goal: Fact | str,
               known: Mapping[str, Theorem] | None, effort: Effort) -> Outcome:  # fmt: skip
    """Return the smallest counterexample that is found from random instances of the hypotheses."""
    setup = read_setup([*setup_items, *assumptions], known)
    fact, text = read_goal(setup.context, goal)
    look = Search(setup, fact)
    hit = look.first(effort.random, effort.largest if len(setup.naturals) < 3 and not setup.families else 3)
    if hit is None:
        return NoneFound(text, look.tried, False, not look.met, look.open)
    hit = look.smallest(hit)
    return grid.witness(setup, fact, text, hit.sizes, hit.target, hit.values, False, look.tried)
