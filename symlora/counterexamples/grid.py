"""The smallest exact counterexample on a grid of small sizes and entries.

Order of size ("simplest first"): the sum of the naturals, then the number of nonzero entries among the enumerated
members, the largest numerator or denominator, the number of negative entries. Members that a hypothesis determines are
computed, and do not count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Any

from symlora.counterexamples.counterexample import (
    BEYOND,
    Counterexample,
    Member,
    NoneFound,
    build,
    claim,
    computed_members,
    read_goal,
    scalars,
)
from symlora.counterexamples.problem import NOTHING, Level, Problem, together
from symlora.domains.constraints import Assignment, Constraint
from symlora.domains.ground import Graph, Indices, Instance, Scope, Unassigned
from symlora.domains.setup import Setup, read_setup
from symlora.domains.values import fractions
from symlora.kernel.facts import Fact
from symlora.kernel.replay import Theorem

Key = tuple[int, int, int, int]


@dataclass(frozen=True)
class Limits:
    """`models`: how many values may be tried for members, about 100 000 a second; as many again to make sure that a
    counterexample is the smallest. `largest`: the largest natural; where the hypotheses exclude all sizes up to it, the
    next two are tried as well. `height`: the largest numerator or denominator of an entry. `least`: only sizes of which
    one is at least that."""

    models: int = 100_000
    largest: int = 2
    height: int = 1
    least: int = 0


class Sizes:
    """The hypotheses and the goal at one choice of the naturals."""

    COST = 20
    """Work that stands for setting up one choice of sizes."""

    def __init__(self, setup: Setup, goal: Fact, naturals: dict[Member, int], height: int = 1) -> None:
        self.naturals = naturals
        self.total = sum(naturals.values())
        self.cut: list[str] = []
        self.apart = False
        """Whether hypotheses that share no member with the goal have nonzero entries as well."""
        graph = Graph()
        self.scope = Scope(graph, self._natural, max((v for (_, i), v in naturals.items() if not i), default=0),
                           setup.definitions)  # fmt: skip
        hypotheses: list[Instance] = []
        self.possible = True
        kept = [given for name, given in setup.givens.items() if name not in setup.made]
        for given in sorted(kept, key=lambda f: f.body.kind not in ("<=", "==")):
            for h in self.scope.instances(given, self.cut, BEYOND):
                if h.nodes:
                    hypotheses.append(h)
                elif not h.true:
                    self.possible = False
                    return
        instances = list(self.scope.instances(goal, []))
        self.problem = Problem(graph, hypotheses, height)
        telling = [i for i in instances if not i.nodes or _entries(graph, i.nodes[0])]
        self.says_something = len(telling) > 0
        self.targets = [i for i in telling if not i.true and len(set(i.nodes)) == len(i.nodes)]

    def _natural(self, name: str, indices: Indices) -> int:
        value = self.naturals.get((name, indices))
        if value is None:
            raise Unassigned(name, indices)
        return value

    def members(self, values: Assignment) -> dict[Member, Any]:
        """Return all members that occur in the hypotheses or the claim: the assigned ones and those determined."""
        problem = self.problem
        return {problem.graph.nodes[n].args: value for n, value in problem.complete(values).items()}

    def against(self, target: Instance) -> list[Constraint]:
        """Return what makes the goal fail at one instance, every inverse in it being defined."""
        if not target.nodes:
            return []
        return [*self.problem.defined(target.nodes), Constraint(target.kind, target.nodes, False)]

    def rest(self, without: Sequence[Constraint]) -> Iterator[tuple[Level, Assignment | None]]:
        """Yield like `Problem.enumerate`, ending with a smallest assignment for all other hypotheses if there is one.

        They fall into groups that share no members, so a smallest one for each is a smallest one for all.
        """
        total: Assignment = {}
        level = NOTHING
        for group in self.problem.components([c for c in self.problem.hypotheses if c not in without]):
            for reached, found in self.problem.enumerate(group):
                if found is not None:
                    total.update(found)
                    level = together(level, reached)
                    break
                yield level, None
            else:
                return
        yield level, total

    def refutations(self, target: Instance) -> Iterator[tuple[Level, Assignment | None]]:
        """Yield (level, assignment) of the whole problem in order, or (level reached, None) in between."""
        against = self.against(target)
        members = frozenset().union(*map(self.problem.needs, against))
        near = self.problem.component(members, self.problem.hypotheses)
        other: tuple[Level, Assignment] | None = None
        for level, found in self.problem.enumerate([*near, *against]):
            if found is None:
                yield level, None
                continue
            if other is None:
                for rest_level, rest in self.rest(near):
                    yield level, None
                    if rest is not None:
                        other = (rest_level, rest)
                        self.apart = rest_level != NOTHING
                if other is None:
                    return
            yield together(level, other[0]), {**other[1], **found}


def _entries(graph: Graph, node: int) -> int:
    return graph.nodes[node].rows * graph.nodes[node].cols


class Attempt:
    """A resumable search at one choice of sizes and one instance of the goal."""

    def __init__(self, sizes: Sizes, target: Instance) -> None:
        self.sizes, self.target = sizes, target
        self.finished = False
        self.best: tuple[Key, Assignment] | None = None
        self.floor: Key = (sizes.total, *NOTHING)
        self._results = sizes.refutations(target)

    def advance(self, work: int, below: Key | None) -> int:
        """Go on until something is found, `work` is used up, or nothing below that key can come; return work done."""
        problem = self.sizes.problem
        start = problem.work
        while not self.finished and problem.work - start < work:
            if below is not None and self.floor >= below:
                self.finished = True
                break
            item = next(self._results, None)
            if item is None:
                self.finished = True
                break
            self.floor = (self.sizes.total, *item[0])
            if item[1] is not None:
                self.best = (self.floor, item[1])
                self.finished = True
        return problem.work - start


def choices(setup: Setup, goal: Fact, limits: Limits, largest: int) -> Iterator[tuple[int, Sizes | None]]:
    """Yield the choices of the naturals that occur, in order of their sum, where the hypotheses on naturals hold.

    With each comes that sum. None stands for a choice that was examined and dropped. Only naturals that the hypotheses
    and the goal ask for are varied.
    """
    queue: list[tuple[int, tuple[int, ...], dict[Member, int]]] = [(0, (), {})]
    while queue:
        total, order, naturals = heappop(queue)
        try:
            sizes = Sizes(setup, goal, naturals, limits.height)
        except Unassigned as missing:
            for value in range(largest + 1):
                more = {**naturals, (missing.name, missing.indices): value}
                heappush(queue, (total + value, (*order, value), more))
            yield total, None
            continue
        yield total, sizes if sizes.possible and max(naturals.values(), default=0) >= limits.least else None


def uniform(setup: Setup, goal: Fact, value: int, height: int = 1) -> Sizes | None:
    """Return the choice in which every natural that occurs has this value, or None where the hypotheses exclude it."""
    naturals: dict[Member, int] = {}
    while True:
        try:
            sizes = Sizes(setup, goal, naturals, height)
        except Unassigned as missing:
            naturals = {**naturals, (missing.name, missing.indices): value}
            continue
        return sizes if sizes.possible else None


def search(setup_items: Sequence[dict[str, Any]], assumptions: Sequence[dict[str, Any]], goal: Fact | str,
           limits: Limits | None = None, known: Mapping[str, Theorem] | None = None,
           ) -> Counterexample | NoneFound:  # fmt: skip
    """Look for the smallest model in which the hypotheses hold and `goal` fails.

    `setup_items` is the ``setup`` of a theorem, `assumptions` more items of the same form (naturals, families and
    givens in scope where the goal stands), `goal` a kernel fact of that scope or its text, `known` the theorems to
    which they may refer. Raises the kernel's `Rejected` when one of them is malformed, `Unmeasured` when a size, an
    index or a range depends on a rank.

    >>> setup = [{"natural": "n"}, {"matrix": "A", "index": [], "shape": ["n", "n"]},
    ...          {"matrix": "B", "index": [], "shape": ["n", "n"]}]
    >>> found = search(setup, [], "A*B = B*A").to_json()
    >>> found["naturals"], found["matrices"], found["minimal"]
    ({'n': 2}, {'A': [['1', '0'], ['0', '0']], 'B': [['0', '1'], ['0', '0']]}, True)
    >>> search(setup, [], "(A*B)' = B'*A'")
    NoneFound(goal="(A*B)' = B'*A'", models=..., exhausted=True, untested=False, open=0, ...)
    """
    limits = Limits() if limits is None else limits
    setup = read_setup([*setup_items, *assumptions], known)
    return _Search(setup, *read_goal(setup.context, goal), limits).result()


class _Search:
    """The schedule of one search: a first look at all sizes in order, longer looks in turn, then what is smaller."""

    QUOTA = 100

    def __init__(self, setup: Setup, goal: Fact, text: str, limits: Limits) -> None:
        self.setup, self.goal, self.text, self.limits = setup, goal, text, limits
        self.work = 0
        self.sizes: list[Sizes] = []
        self.attempts: list[Attempt] = []
        self.source = choices(setup, goal, limits, limits.largest)
        self.drained = False
        self.best: Attempt | None = None

    def result(self) -> Counterexample | NoneFound:
        """Run the schedule."""
        limit = self.limits.models
        for largest in range(self.limits.largest, self.limits.largest + 3):
            self.source, self.drained = choices(self.setup, self.goal, self.limits, largest), False
            self.look(limit // 2)
            if self.sizes or self.work >= limit // 2:
                break
        if self.best is None and not self.drained:
            self.probe()
            self.look(limit)
        self.deepen(limit)
        if self.best is None or self.best.best is None:
            exhausted = self.drained and all(a.finished for a in self.attempts)
            return NoneFound(self.text, self.work, exhausted, not self.tested(), self.open())
        minimal = self.minimise(self.work + limit)
        return witness(
            self.setup, self.goal, self.text, self.best.sizes, self.best.target, self.best.best[1], minimal, self.work
        )  # fmt: skip

    def look(self, limit: int) -> None:
        """Take up choices of sizes in order, with a first look at each, until something is found."""
        while self.best is None and self.work < limit and not self.drained:
            for attempt in self.meet():
                self.advance(attempt, min(self.QUOTA, limit - self.work))

    def probe(self) -> None:
        """Where there are very many sizes, look at the uniform ones out of turn: errors show at generic sizes."""
        for value in range(max(1, self.limits.least), self.limits.largest + 1):
            sizes = uniform(self.setup, self.goal, value, self.limits.height)
            if sizes is None or self.best is not None:
                continue
            for target in sizes.targets:
                self.advance(Attempt(sizes, target), self.limits.models // 8)

    def deepen(self, limit: int) -> None:
        """Go on with all attempts in turn, ever longer, until something is found where nothing was."""
        quota, none = self.QUOTA, self.best is None
        while self.work < limit and any(not a.finished for a in self.attempts):
            quota *= 4
            for attempt in self.attempts:
                self.advance(attempt, min(quota, limit - self.work))
                if none and self.best is not None:
                    return

    def meet(self) -> list[Attempt]:
        """Take up the next choice of sizes; return the new attempts."""
        self.work += Sizes.COST
        item = next(self.source, None)
        if item is None:
            self.drained = True
            return []
        sizes = item[1]
        if sizes is None:
            return []
        self.sizes.append(sizes)
        new = [Attempt(sizes, target) for target in sizes.targets]
        self.attempts += new
        return new

    def advance(self, attempt: Attempt, work: int) -> None:
        """Go on with one attempt; keep what it finds if that is smaller than the best so far."""
        best = None if self.best is None or self.best.best is None else self.best.best[0]
        self.work += attempt.advance(work, best)
        if attempt.best is not None and (best is None or attempt.best[0] < best):
            self.best = attempt

    def minimise(self, limit: int) -> bool:
        """Look at everything smaller than the best so far; return whether all of it was covered."""
        while not self.drained and self.work < limit and self.best is not None:
            for attempt in self.meet():
                self.advance(attempt, min(self.QUOTA, limit - self.work))
            if self.sizes and self.sizes[-1].total > self.best.sizes.total:
                self.drained = True
        self.deepen(limit)
        best = None if self.best is None or self.best.best is None else self.best.best[0]
        opened = [(sizes.total, *sizes.problem.first_open) for sizes in self.sizes if sizes.problem.first_open]
        below = best is not None and any(key < best for key in opened)
        # Parts that share no member are minimised one by one: a larger height could still spare negative entries.
        traded = self.best is not None and self.best.sizes.apart and best is not None and best[2] > 1 and best[3] > 0
        return self.drained and all(a.finished for a in self.attempts) and not below and not traded

    def open(self) -> int:
        """Return how many values were passed over because of something irrational."""
        return sum(sizes.problem.open for sizes in self.sizes)

    def tested(self) -> bool:
        """Return whether some instance of the hypotheses is found at sizes where the goal says something."""
        useful = [sizes for sizes in self.sizes if sizes.says_something]
        for sizes in useful:
            start = sizes.problem.work
            for _, found in sizes.rest([]):
                if found is not None:
                    return True
                if sizes.problem.work - start > self.limits.models // (2 * len(useful)):
                    break
        return False


def witness(setup: Setup, goal: Fact, text: str, sizes: Sizes, target: Instance, values: Assignment, minimal: bool,
            models: int) -> Counterexample:  # fmt: skip
    """Return the model found, both sides of the goal evaluated in it once more by `Model`."""
    matrices = sizes.members(values)
    model = build(setup, sizes.naturals, matrices)
    there = model.scope.instance(goal, target.values)
    left, right = model.sides(there)
    return Counterexample(
        goal=text,
        claim=claim(goal, text, target.values),
        naturals=dict(sorted(sizes.naturals.items())),
        matrices={member: fractions(value) for member, value in sorted(matrices.items())},
        at=dict(zip(goal.hints, target.values, strict=True)),
        left=left,
        right=right,
        minimal=minimal,
        models=models,
        scalars=scalars(setup),
        computed=computed_members(model, setup),
        cut=tuple(sizes.cut),
    )
