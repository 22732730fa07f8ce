"""Proofs run as programs: every fact that a proof derives is evaluated in exact models of its statement.

An induction is a loop, a case split an ``if``, a definition a function. The kernel has accepted each step; here its
facts are computed, with junk wherever the statement promises nothing, so an unsound step, or a hypothesis that no model
satisfies, shows up without any reasoning. This is a check of the kernel, never a reason for a verdict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from symlora.domains.rational import Model
from symlora.domains.sampling import models
from symlora.domains.setup import Definition, Setup, definition, read_setup
from symlora.kernel import naturals
from symlora.kernel.context import Context
from symlora.kernel.facts import Fact, Relation, bound, ground, instance, substitute
from symlora.kernel.naturals import ZERO, Nat, atom, number
from symlora.kernel.printing import fact_text
from symlora.kernel.replay import Library
from symlora.kernel.rules import apply

ALWAYS = Relation("<=", (ZERO, ZERO))


@dataclass(frozen=True)
class Check:
    """Evaluate a derived fact; `path` names the step."""

    path: str
    fact: Fact


@dataclass(frozen=True)
class Define:
    """Compute these families from now on."""

    definitions: dict[str, Definition]


@dataclass(frozen=True)
class Loop:
    """Run `body` for all values of `names` in `range`, a fact over them that is always true under its conditions,
    where the `assumed` facts hold as well."""

    names: tuple[str, ...]
    range: Fact
    assumed: tuple[Fact, ...]
    body: tuple[Operation, ...]


Operation = Check | Define | Loop


@dataclass(frozen=True)
class Failure:
    """A derived fact that is false in a model: where it stands, what it says, and both sides there."""

    path: str
    fact: str
    naturals: dict[str, int]
    left: Any
    right: Any

    def __str__(self) -> str:
        place = ", ".join(f"{name} = {value}" for name, value in self.naturals.items())
        return f"{self.path}: {self.fact} is false" + (f" for {place}" if place else "")


@dataclass
class Execution:
    """`facts` counts the evaluated instances of derived facts, `reached` how often each step's fact had one; failures
    are in the order of the proof, so the first one is the step to look at."""

    facts: int = 0
    failures: list[Failure] = field(default_factory=list)
    reached: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Program:
    """A theorem ready to run: its statement, the operations of its proof, and its goals."""

    name: str
    setup: Setup
    body: tuple[Operation, ...]

    def run(self, model: Model) -> Execution:
        """Run the proof on one model of the givens."""
        result = Execution()
        _run(self.body, model.inner({}), {}, result)
        return result


def program(theorem: dict[str, Any], library: Library) -> Program:
    """Return a theorem of a certificate as a program.

    `library` holds the theorems it cites, replayed. Raises the kernel's `Rejected` where a step is refused.
    """
    setup = read_setup(theorem["setup"])
    known = list(setup.context.facts)
    context = Context(setup.context.symbols, setup.context.facts)
    body: list[Operation] = [Check(name, setup.context.facts[name]) for name in known if name not in setup.givens]
    body += _steps(context, theorem["proof"], library, "")
    body += [Check(f"goal {goal['name']}", setup.context.read(goal["fact"])) for goal in theorem["goals"]]
    return Program(theorem["name"], setup, tuple(body))


def execute(theorem: dict[str, Any], library: Library, model: Model) -> Execution:
    """Run the proof of a theorem on a model of its givens; return what was evaluated and what failed."""
    return program(theorem, library).run(model)


@dataclass(frozen=True)
class Report:
    """What running one theorem on `models` models gave; `untested` says that no model of its givens was found.

    `idle` are steps whose fact had no instance in any model.
    """

    name: str
    models: int
    facts: int
    failures: tuple[Failure, ...]
    idle: tuple[str, ...]

    @property
    def untested(self) -> bool:
        """Return whether no model was found."""
        return self.models == 0


def run_bundle(certificate: dict[str, Any], count: int = 10, seed: int = 0) -> list[Report]:
    """Run every theorem of a certificate bundle on up to `count` models each, and replay it on the way.

    Raises the kernel's `Rejected` where a step is refused.

    >>> square = {"matrix": "A", "index": [], "shape": ["n", "n"]}
    >>> forged = {"rule": "hole", "fact": "A = A'", "as": "t"}
    >>> theorem = {"name": "t", "setup": [{"natural": "n"}, square], "goals": [{"name": "t", "fact": "A = A'"}],
    ...            "proof": [forged], "done": ["t"]}
    >>> (report,) = run_bundle({"theorems": [theorem]}, count=3)
    >>> report.models, report.facts, str(report.failures[0])
    (3, 6, "1 hole t: A = A' is false")
    """
    library, reports = Library(), []
    for theorem in certificate["theorems"]:
        code = program(theorem, library)
        runs = [code.run(model) for model in models(code.setup, count, seed)]
        library.check(theorem)
        reached: dict[str, int] = dict.fromkeys(_paths(code.body), 0)
        for run in runs:
            for path, times in run.reached.items():
                reached[path] += times
        failures = tuple(failure for run in runs for failure in run.failures)
        idle = tuple(path for path, times in reached.items() if not times)
        reports.append(Report(code.name, len(runs), sum(run.facts for run in runs), failures, idle))
    return reports


def _paths(body: Sequence[Operation]) -> list[str]:
    """Return the names of all checks."""
    found: list[str] = []
    for operation in body:
        if isinstance(operation, Check):
            found.append(operation.path)
        elif isinstance(operation, Loop):
            found += _paths(operation.body)
    return found


def _run(body: Sequence[Operation], model: Model, local: Mapping[str, int], result: Execution) -> None:
    for operation in body:
        if isinstance(operation, Define):
            model.scope.definitions.update(operation.definitions)
        elif isinstance(operation, Check):
            found = model.holds(operation.fact)
            result.facts += found.instances
            result.reached[operation.path] = result.reached.get(operation.path, 0) + found.instances
            if not found.true:
                there = dict(zip(operation.fact.hints, found.at, strict=True))
                text = fact_text(operation.fact)
                result.failures.append(Failure(operation.path, text, {**local, **there}, found.left, found.right))
        else:
            for values in model.scope.ranges(operation.range, []):
                here = dict(zip(operation.names, values, strict=True))
                inner = model.inner(here)
                if all(inner.holds(fact).true for fact in operation.assumed):
                    _run(operation.body, inner, {**local, **here}, result)


def _steps(context: Context, steps: Sequence[dict[str, Any]], library: Library, path: str) -> list[Operation]:
    """Return the operations of these steps; their facts are added to `context`."""
    body: list[Operation] = []
    for position, step in enumerate(steps, 1):
        place = f"{path}{position} {step['rule']}"
        inner = NESTED.get(step["rule"])
        if inner is not None:
            body += inner(context, step, library, f"{place} / ")
        before = list(context.facts)
        apply(context, step, library)
        new = [name for name in context.facts if name not in before]
        definitions = _definitions(context, step)
        if definitions:
            body.append(Define(definitions))
        body += [Check(f"{place} {name}", context.facts[name]) for name in new]
    return body


def _definitions(context: Context, step: dict[str, Any]) -> dict[str, Definition]:
    """Return the families that a step introduces."""
    if step["rule"] == "split":
        return {name: Definition(inclusion=position) for position, name in enumerate(step["split"], 1)}
    names = [family["name"] for family in step["define"]] if step["rule"] == "define" else []
    rules = {name: definition(context.facts, name) for name in names}
    return {name: rule for name, rule in rules.items() if rule is not None}


def _loop(names: Sequence[str], guards: Sequence[Relation], assumed: Sequence[Fact], body: list[Operation]) -> Loop:
    """Return a loop over local naturals that satisfy the guards."""
    values: dict[str, Nat] = {name: atom(bound(i)) for i, name in enumerate(names)}
    conditions = substitute(Fact((), tuple(guards), ALWAYS), values).conditions
    return Loop(tuple(names), Fact(tuple(names), conditions, ALWAYS), tuple(assumed), tuple(body))


def _have(context: Context, step: dict[str, Any], library: Library, path: str) -> list[Operation]:
    goal = context.read(step["fact"])
    inner = context.child()
    for hint in goal.hints:
        inner.declare_natural(hint)
    conditions, _ = instance(goal, tuple(atom(hint) for hint in goal.hints))
    for name, condition in zip(step["assume"], conditions, strict=True):
        inner.add(name, ground(condition))
    return [_loop(goal.hints, conditions, (), _steps(inner, step["proof"]["steps"], library, path))]


def _cases(context: Context, step: dict[str, Any], library: Library, path: str) -> list[Operation]:
    a, b = (on := context.relation(step["on"])).sides
    guards = (on, Relation("<=", (naturals.add(b, number(1)), a)))
    body: list[Operation] = []
    for side, name, guard in zip(("left", "right"), step["assume"], guards, strict=True):
        inner = context.child()
        inner.add(name, ground(guard))
        body.append(_loop((), (guard,), (), _steps(inner, step[side]["steps"], library, f"{path}{side} ")))
    return body


def _induction(context: Context, step: dict[str, Any], library: Library, path: str) -> list[Operation]:
    name, down = step["index"], step.get("down", 0) == 1
    low, high, here, one = context.nat(step["from"]), context.nat(step["to"]), atom(step["index"]), number(1)
    base = context.child()
    meets = Relation("<=", (low, high))
    base.add(step["range"][0], ground(meets))
    start = _loop((), (meets,), (), _steps(base, step["base"]["steps"], library, f"{path}base "))
    inner = context.child()
    inner.declare_natural(name)
    first, last = (naturals.add(low, one), high) if down else (low, naturals.minus(high, one))
    guards = (Relation("<=", (first, here)), Relation("<=", (here, last)))
    for label, guard in zip(step["range"][1:], guards, strict=True):
        inner.add(label, ground(guard))
    assumed = [inner.read(goal["fact"]) for goal in step["goals"]]
    for goal, fact in zip(step["goals"], assumed, strict=True):
        inner.add(goal["hypothesis"], fact)
    return [start, _loop((name,), guards, assumed, _steps(inner, step["step"]["steps"], library, f"{path}step "))]


NESTED = {"have": _have, "cases": _cases, "induction": _induction}
