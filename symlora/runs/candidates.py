"""Exact instances of a statement: models in which its hypotheses hold by construction, and are evaluated all the same.

Degenerate sizes come first. Statements about linear networks also get instances with a prescribed rational
decomposition, ties and low ranks among them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count, islice
from random import Random
from types import MappingProxyType
from typing import Any, Self

from symlora.domains.ground import BEYOND, Indices
from symlora.domains.rational import Evaluated, Model, junk
from symlora.domains.sampling import GIVEN_BEYOND, Numbers, satisfying, size_choices
from symlora.domains.setup import Setup
from symlora.domains.values import NotRepresentable
from symlora.kernel.facts import Fact
from symlora.networks.linear import KINDS, edge_instances, exact_instance, families, naturals, prescribed, sizes_problem

Fixed = Mapping[tuple[str, Indices], int]
"""Values of naturals, and of members of families of naturals."""
FREE: Fixed = MappingProxyType({})
LARGER = (1, 2, 3, 4, 5)
"""Sizes beyond the degenerate ones."""


class Seen:
    """What was evaluated of one derived fact."""

    def __init__(self) -> None:
        self.facts = self.open = 0
        self.models: set[int] = set()
        self.ends: dict[str, tuple[int, int]] = {}
        self.cut: dict[str, None] = {}

    def at(self, values: Mapping[str, int]) -> None:
        """Take note of the values of indices."""
        for name, value in values.items():
            low, high = self.ends.get(name, (value, value))
            self.ends[name] = (min(low, value), max(high, value))

    def where(self) -> str:
        """Return the indices in words, empty for a fact without any."""
        parts = [f"{name} = {low}" if low == high else f"{name} = {low}, …, {high}"
                 for name, (low, high) in self.ends.items()]  # fmt: skip
        ends = f" (no end to {', '.join(self.cut)}: followed to {BEYOND} past the largest size)" if self.cut else ""
        return ", ".join(parts) + ends


class Watched(Model):
    """A model that keeps account of the facts in `seen`, which are known by identity."""

    seen: Mapping[int, Seen] = MappingProxyType({})
    local: Mapping[str, int] = MappingProxyType({})
    number = 0

    def inner(self, naturals: Mapping[str, int]) -> Self:
        """Return this model with more natural variables."""
        model = object.__new__(type(self))
        model.__dict__.update(super().inner(naturals).__dict__)
        model.local = {**self.local, **naturals}
        return model

    def holds(self, fact: Fact, beyond: int = BEYOND) -> Evaluated:
        """Return whether a fact holds at all values of its range."""
        found = super().holds(fact, beyond)
        seen = self.seen.get(id(fact))
        if seen is not None and found.instances:
            seen.facts += found.instances
            seen.open += found.open
            seen.models.add(self.number)
            seen.at(self.local)
            seen.cut.update(dict.fromkeys(found.cut))
            for values in self.scope.ranges(fact, [], beyond) if fact.hints else ():
                seen.at(dict(zip(fact.hints, values, strict=True)))
        return found


def sizes_of(setup: Setup, model: Model) -> dict[str, int]:
    """Return the naturals that were asked for, those of the statement in its order."""
    plain = {name: model.naturals[name, ()] for name in setup.naturals if (name, ()) in model.naturals}
    members = {member(*key): value for key, value in model.naturals.items() if min(key[1], default=-1) >= 0}
    return {**plain, **members}


def member(name: str, indices: Indices) -> str:
    """Return the name of a member of a family.

    >>> member("d", (0,)), member("n", ())
    ('d[0]', 'n')
    """
    return f"{name}[{', '.join(map(str, indices))}]" if indices else name


def sizes(names: list[str], draw: Random) -> Iterator[dict[str, int]]:
    """Yield values for the naturals: degenerate ones first, then small and larger ones in turn, without end.

    >>> [one["n"] for one in islice(sizes(["n"], Random(0)), 9)]
    [2, 1, 0, 3, 4, 2, 5, 2, 1]
    """
    seen: list[dict[str, int]] = []
    for plain in islice(size_choices(names, draw), 3 * len(names) + 3):
        if plain not in seen:
            seen.append(plain)
            yield plain
    small = islice(size_choices(names, draw), 3 * len(names) + 3, None)
    unseen = [value for value in LARGER if value > 3]
    while True:
        if len(names) == 1 and unseen:
            yield {names[0]: unseen.pop(0)}
        else:
            yield {name: draw.choice(LARGER) for name in names}
        yield next(small)


def drawn(setup: Setup, seed: int, fixed: Fixed = FREE) -> Iterator[Watched | None]:
    """Yield models of any statement, None where no values were found for the chosen sizes.

    `fixed` prescribes naturals, and members of families of naturals.
    """
    draw = Random(f"instances {seed}")
    asked = {name: value for (name, indices), value in fixed.items() if not indices}
    members = {key: value for key, value in fixed.items() if key[1]}
    for chosen in sizes(setup.naturals, draw):
        plain = {**chosen, **asked}
        numbers = Numbers(setup, plain, draw.randrange(5), draw.randrange(10**9))
        numbers.drawn.update(members)
        matrices = satisfying(setup, numbers, draw, [])
        fill = draw.randrange(10**9)
        yield None if matrices is None else Watched(setup, plain, numbers.families, matrices, seed=fill)


def about_linear_networks(setup: Setup) -> bool:
    """Return whether a statement speaks of the letters of `symlora.networks.linear`: L layers W[l], all square."""
    return (
        "L" in setup.naturals and "W" in setup.matrices and set(setup.naturals) <= {"D", "L", "R"}
        and set(setup.families) <= {"d", "r", "s"} and "D" in {*setup.naturals, *(n.upper() for n in setup.families)}
    )  # fmt: skip


def networks(setup: Setup, seed: int) -> Iterator[Watched]:
    """Yield models of a statement about linear networks, whose distance to the target has a rational decomposition."""
    known = prescribed(setup)
    for turn in count():
        groups: dict[tuple[int, int, int], list[Any]] = {}
        for one in edge_instances(seed + 1000 * turn):
            groups.setdefault((one.width, one.depth, one.rank), []).append(one)
        for k in range(max(map(len, groups.values()))):
            for place, group in enumerate(groups.values()):
                if k < len(group):
                    one = group[(k + place) % len(group)]
                    plain = {n: v for n, v in naturals(one.width, one.depth, one.rank).items() if n in setup.naturals}
                    ladder = {**families(one.depth, one.rank), "d": _constant(one.width)}
                    yield Watched(known, plain, ladder, seed=seed, leaf=_members(one, seed + place))


def _constant(width: int) -> Any:
    return lambda indices: width


def _members(one: Any, seed: int) -> Any:
    """Return the members of an instance; other adapters X have the rank that is allowed, targets are the target."""

    def leaf(name: str, indices: Indices, rows: int, cols: int) -> Any:
        if not indices and name in ("T", "M") and (rows, cols) == (one.width, one.width):
            return one.target
        value = one.member(name, indices, rows, cols)
        if value is not None:
            return value
        key = f"{name}{list(indices)}"
        if name == "X":
            return junk(seed, f"{key} left", rows, one.rank) * junk(seed, f"{key} right", one.rank, cols)
        return junk(seed, key, rows, cols)

    return leaf


def networks_of(setup: Setup, seed: int, fixed: Fixed) -> Iterator[Watched]:
    """Yield models as `networks` does, of one width, depth and rank: those prescribed, and otherwise 2, 2 and 1."""
    width, depth, rank = (fixed.get((name, ()), least) for name, least in (("D", 2), ("L", 2), ("R", 1)))
    if sizes_problem(width, depth, rank) or any(indices for _, indices in fixed):
        return
    known = prescribed(setup)
    plain = {n: v for n, v in naturals(width, depth, rank).items() if n in setup.naturals}
    ladder = {**families(depth, rank), "d": _constant(width)}
    for turn in count():
        for kind in KINDS:
            try:
                one = exact_instance(width, depth, rank, kind, seed + 1000 * turn)
            except ValueError:
                continue
            yield Watched(known, plain, ladder, seed=seed, leaf=_members(one, seed + turn))


def candidates(setup: Setup, seed: int) -> Iterator[Watched | None]:
    """Yield models to be tried, those of the two kinds in turn."""
    special = networks(setup, seed) if about_linear_networks(setup) else iter(())
    for one in drawn(setup, seed):
        found = next(special, None)
        if found is not None:
            yield found
        yield one


def fits(model: Watched, setup: Setup) -> int | None:
    """Return how many instances of the hypotheses were evaluated, None unless all of them certainly hold."""
    total = 0
    try:
        for name, given in setup.givens.items():
            found = model.holds(given, BEYOND if name in setup.made else GIVEN_BEYOND)
            if not found.true or found.open:
                return None
            total += found.instances
    except NotRepresentable:
        return None
    return total
