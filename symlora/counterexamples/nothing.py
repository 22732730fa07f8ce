"""The smallest instance of the hypotheses at which nothing exists that has the properties stated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Any, NamedTuple

from symlora.counterexamples.absence import Absence, Question, absence
from symlora.counterexamples.counterexample import (
    BEYOND,
    Member,
    Missing,
    build,
    label,
    member,
    scalars,
)
from symlora.counterexamples.problem import Problem
from symlora.counterexamples.structured import Drawer
from symlora.domains.constraints import Assignment, Constraint
from symlora.domains.ground import Graph, Instance, Scope, Unassigned, Unmeasured
from symlora.domains.rational import Model
from symlora.domains.setup import Setup, read_setup
from symlora.domains.values import NotRepresentable, Rows, fractions
from symlora.kernel.errors import Rejected
from symlora.kernel.facts import Fact
from symlora.kernel.replay import Theorem


@dataclass(frozen=True)
class Nothing:
    """An instance of the hypotheses at which no values of the `unknown` families satisfy the goals, and why.

    `minimal` says that the same is not shown for any smaller instance of the grid; smaller ones at which nothing exists
    for another reason are not excluded by that.
    """

    naturals: dict[Member, int]
    matrices: dict[Member, Rows]
    unknown: tuple[str, ...]
    absence: Absence
    minimal: bool
    models: int
    scalars: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the instance as JSON data with exact strings."""
        return {
            "naturals": {label(*one): value for one, value in self.naturals.items()},
            "matrices": {label(*one): [[str(x) for x in row] for row in rows] for one, rows in self.matrices.items()},
            "unknown": list(self.unknown), "goal": self.absence.goal, "because": self.absence.because,
            "minimal": self.minimal, "models": self.models,
        }  # fmt: skip


class _Sizes:
    """The hypotheses at one choice of naturals, with the members that the goals ask for besides."""

    def __init__(self, setup: Setup, goals: Mapping[str, Fact], unknown: frozenset[str],
                 naturals: dict[Member, int]) -> None:  # fmt: skip
        self.naturals, self.total = naturals, sum(naturals.values())
        self.possible = True
        graph = Graph()
        largest = max((v for (_, i), v in naturals.items() if not i), default=0)
        scope = Scope(graph, self._natural, largest, setup.definitions)
        for name in setup.naturals:
            self._natural(name, ())
        hypotheses: list[Instance] = []
        kept = [given for name, given in setup.givens.items() if name not in setup.made]
        for given in sorted(kept, key=lambda f: f.body.kind not in ("<=", "==")):
            for one in scope.instances(given, [], BEYOND):
                if one.nodes:
                    hypotheses.append(one)
                elif not one.true:
                    self.possible = False
                    return
        roots: list[int] = []
        for goal in goals.values():
            try:
                roots += [node for one in scope.instances(goal, []) for node in one.nodes]
            except Unmeasured:
                roots += [node for one in scope.instances(Fact((), (), goal.body), []) for node in one.nodes]
        self.problem = Problem(graph, hypotheses)
        leaves = sorted(frozenset[int]().union(*map(self.problem.leaves, roots)))
        plain = [leaf for leaf in leaves if graph.nodes[leaf].args[0] not in unknown]
        asked = [Constraint("=", (leaf, leaf)) for leaf in plain]
        near = self.problem.component(frozenset(plain), self.problem.hypotheses)
        self.constraints = [*near, *asked]
        self.others = self.problem.components([c for c in self.problem.hypotheses if c not in near])

    def _natural(self, name: str, indices: tuple[int, ...]) -> int:
        value = self.naturals.get((name, indices))
        if value is None:
            raise Unassigned(name, indices)
        return value

    def members(self, values: Assignment, others: Assignment) -> dict[Member, Any]:
        """Return the values of the members by name."""
        known = self.problem.complete({**others, **values})
        return {self.problem.graph.nodes[node].args: value for node, value in known.items()}

    def rest(self) -> Assignment | None:
        """Return a smallest assignment for hypotheses that share no member with the goals."""
        total: Assignment = {}
        for group in self.others:
            found = next((one for _, one in self.problem.enumerate(group) if one is not None), None)
            if found is None:
                return None
            total.update(found)
        return total


def choices(setup: Setup, goals: Mapping[str, Fact], unknown: frozenset[str], largest: int) -> Iterator[_Sizes]:
    """Yield the choices of naturals, in order of their sum, that the hypotheses allow."""
    order = count()
    queue: list[tuple[int, int, dict[Member, int]]] = [(0, next(order), {})]
    while queue:
        total, _, naturals = heappop(queue)
        try:
            sizes = _Sizes(setup, goals, unknown, naturals)
        except Unassigned as missing:
            for value in range(largest + 1):
                more = {**naturals, (missing.name, missing.indices): value}
                heappush(queue, (total + value, next(order), more))
            continue
        if sizes.possible:
            yield sizes


def search(setup_items: Sequence[dict[str, Any]], goals: Mapping[str, str], unknown: Sequence[str],
           known: Mapping[str, Theorem] | None = None, models: int = 6_000, largest: int = 2,
           random: int = 60) -> Nothing | int:  # fmt: skip
    """Return an instance at which nothing exists, the first in the order of the grid, or how many were looked at.

    The `unknown` families are declared among the items, and no hypothesis speaks of them. Every instance is evaluated
    again from its exact values by `recheck` before it is returned. Raises the kernel's `Rejected` for malformed input.

    >>> items = [{"natural": "n"}, {"matrix": "A", "index": [], "shape": ["n", "n"]},
    ...          {"matrix": "X", "index": [], "shape": ["n", "n"]}]
    >>> found = search(items, {"inverse": "A*X = eye(n)"}, ["X"])
    >>> found.naturals, found.absence.because, found.minimal
    ({('n', ()): 1}, 'A*X = eye(n) asks for rank 1, and what it stands for has rank at most 0', True)
    """
    setup = read_setup(setup_items, known)
    facts = {name: setup.context.read(text) for name, text in goals.items()}
    looked = 0
    questions: dict[tuple[tuple[Member, int], ...], Question] = {}
    for one in instances(setup, facts, frozenset(unknown), models, largest, random):
        looked += 1
        found = _absent(setup, facts, frozenset(unknown), one, questions)
        if found is None:
            continue
        exact = {member: fractions(value) for member, value in sorted(one.members.items()) if member[0] not in unknown}
        result = Nothing(dict(sorted(one.naturals.items())), exact, tuple(unknown), found, one.covered, looked,
                         scalars(setup))  # fmt: skip
        if recheck(result.to_json(), setup_items, goals, known):
            return result
    return looked


class Candidate(NamedTuple):
    """Naturals and members that satisfy the hypotheses; `covered` says that all smaller ones came before."""

    naturals: dict[Member, int]
    members: dict[Member, Any]
    covered: bool


def instances(setup: Setup, goals: Mapping[str, Fact], unknown: frozenset[str], models: int, largest: int,
              random: int) -> Iterator[Candidate]:  # fmt: skip
    """Yield up to that many instances of the hypotheses: those of the grid in order, then larger random ones."""
    looked, complete = 0, True
    for draw in (None, Random("nothing")):
        for sizes in choices(setup, goals, unknown, largest if draw is None else largest + 1):
            others = sizes.rest() if looked < models else None
            if others is None:
                continue
            for values in _assignments(sizes, max(200, (models - looked) // 8), draw, random):
                if values is None:
                    complete = False
                else:
                    looked += 1
                    yield Candidate(sizes.naturals, sizes.members(values, others), draw is None and complete)


def _assignments(sizes: _Sizes, budget: int, draw: Random | None, random: int) -> Iterator[Assignment | None]:
    """Yield assignments in the order of the grid, or random ones; None where the grid was not covered."""
    if draw is not None:
        drawer = Drawer(sizes.problem, sizes.constraints)
        for _ in range(random):
            values = drawer.draw(draw)
            if values is not None:
                yield values
        return
    start, given = sizes.problem.work, 0
    for _, values in sizes.problem.enumerate(sizes.constraints):
        if values is not None:
            given += 1
            yield values
        if given > budget or sizes.problem.work - start > 20 * budget:
            yield None
            return


def _absent(setup: Setup, goals: Mapping[str, Fact], unknown: frozenset[str], one: Candidate,
            questions: dict[tuple[tuple[Member, int], ...], Question]) -> Absence | None:  # fmt: skip
    """Return why nothing exists at a candidate; what depends on its naturals alone is kept in `questions`."""
    key = tuple(sorted(one.naturals.items()))
    try:
        if key not in questions:
            questions[key] = Question(build(setup, one.naturals, dict(one.members)), goals, unknown)
        return questions[key].at(one.members).answer()
    except (Missing, Unassigned, LookupError):
        return None


def undefined(setup_items: Sequence[dict[str, Any]], goals: Mapping[str, str], divides: Sequence[str],
              known: Mapping[str, Theorem] | None = None, models: int = 2_000) -> dict[str, Any] | None:  # fmt: skip
    """Return the first instance of the hypotheses at which a goal, or one of the givens in `divides`, has no value.

    The givens in `divides` are among the items, and are left out where they have no value; all others hold.

    >>> items = [{"natural": "n"}, {"matrix": "A", "index": [], "shape": ["n", "n"]}]
    >>> undefined(items, {"goal": "inv(A)*A = eye(n)"}, [])
    {'naturals': {'n': 1}, 'matrices': {'A': [['0']]}, 'undefined': 'goal goal'}
    """
    plain = [item for item in setup_items if item.get("given") not in divides]
    setup, whole = read_setup(plain, known), read_setup(setup_items, known)
    facts = {name: setup.context.read(text) for name, text in goals.items()}
    asked = {**facts, **{name: whole.givens[name] for name in divides}}
    for one in instances(setup, asked, frozenset(), models, 2, 20):
        model = build(whole, one.naturals, dict(one.members))
        try:
            said = [(f"given {name}", model.holds(whole.givens[name], BEYOND)) for name in divides]
            said += [(f"goal {name}", model.holds(fact, BEYOND)) for name, fact in facts.items()]
            broken = next((name for name, found in said if found.undefined), None)
            if broken is None:
                continue
            given = {name: model.holds(fact, BEYOND) for name, fact in whole.givens.items()}
        except (Missing, Unassigned, NotRepresentable, LookupError):
            continue
        holding = all(
            (found.true and not found.open) or (found.undefined and name in divides) for name, found in given.items()
        )
        if holding:
            return {
                "naturals": {label(*k): value for k, value in sorted(one.naturals.items())},
                "matrices": {label(*k): [[str(x) for x in row] for row in fractions(value)]
                             for k, value in sorted(one.members.items())},
                "undefined": broken,
            }  # fmt: skip
    return None


def recheck(data: Mapping[str, Any], setup_items: Sequence[dict[str, Any]], goals: Mapping[str, str],
            known: Mapping[str, Theorem] | None = None) -> bool:  # fmt: skip
    """Return whether the instance in `data` is one at which nothing exists, from its JSON and the statement alone.

    Every hypothesis is evaluated again, all of them have to be defined, and the reason has to come out the same.
    """
    try:
        setup = read_setup(setup_items, known)
        facts = {name: setup.context.read(text) for name, text in goals.items()}
        naturals = {member(text): int(value) for text, value in data["naturals"].items()}
        matrices: dict[Member, Any] = {member(text): rows for text, rows in data["matrices"].items()}
        unknown = frozenset(data["unknown"])
        model: Model = build(setup, naturals, matrices)
        if min(naturals.values(), default=0) < 0 or any(name in unknown for name, _ in matrices):
            return False
        for name, given in setup.givens.items():
            found = model.holds(given, BEYOND)
            # What an axiom says of its own things holds at all indices; a hypothesis was looked at up to a bound.
            if not found.true or found.undefined or found.open or (found.cut and "." not in name):
                return False
        again = absence(build(setup, naturals, matrices), facts, unknown)
    except (Rejected, NotRepresentable, LookupError, ValueError, TypeError):
        return False
    return again is not None and (again.goal, again.because) == (data["goal"], data["because"])
