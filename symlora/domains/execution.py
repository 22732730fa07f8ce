"""Proofs run as programs: every fact that a proof derives is evaluated in exact models of its statement.

An induction is a loop, a case split an ``if``, a definition a function; what a citation says to exist is computed, by
exact linear algebra for an axiom and by running the cited proof for a theorem. The kernel has accepted each step; here
its facts are computed, with junk wherever the statement promises nothing, so an unsound step, or a hypothesis that no
model satisfies, shows up without any reasoning. This is a check of the kernel, never a reason for a verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from symlora.domains.ground import Indices
from symlora.domains.rational import Leaf, Model
from symlora.domains.sampling import models
from symlora.domains.setup import WITNESSES, Definition, Setup, assigned, definition, general, read_setup, witnesses
from symlora.domains.values import NotRepresentable, need_exact
from symlora.kernel import naturals
from symlora.kernel.citation import Substitution
from symlora.kernel.context import Context, Symbol
from symlora.kernel.facts import Fact, Relation, Values, fact_in, instance, relation_in
from symlora.kernel.naturals import ZERO, Nat, atom, number
from symlora.kernel.printing import fact_text
from symlora.kernel.replay import Library, state
from symlora.kernel.rules import apply
from symlora.kernel.words import Matrix

ALWAYS = Relation("<=", (ZERO, ZERO))
EXTRA = 5
"""How many models are tried for every one that is run to its end."""


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
class Bring:
    """Compute what the theorem of `program` says to exist, under `new` names, its symbols having these `values`."""

    program: Program
    values: Substitution
    new: dict[str, str]

    def outside(self, outer: Any) -> tuple[dict[str, int], dict[str, Callable[[Indices], int]], Leaf]:
        """Return the naturals, families of naturals and matrices that the theorem's symbols stand for in a model."""
        values, setup = self.values, self.program.setup

        def leaf(name: str, indices: Indices, rows: int, cols: int) -> Any:
            return outer.value(outer.scope.matrix(values.matrices[name], template(indices)))

        def family(name: str) -> Callable[[Indices], int]:
            return lambda indices: outer.scope.number(values.naturals[name], template(indices))

        plain = {name: outer.scope.number(values.naturals[name], {}) for name in setup.naturals}
        return plain, {name: family(name) for name in setup.families}, leaf


@dataclass(frozen=True)
class Loop:
    """Run `body` for all values of `names` in `range`, a fact over them that is always true under its conditions,
    where the `assumed` facts hold as well."""

    names: tuple[str, ...]
    range: Fact
    assumed: tuple[Fact, ...]
    body: tuple[Operation, ...]


@dataclass(frozen=True)
class Choose:
    """Compute families one index after another: ``start`` at the first index, then `next` after `body`, for all values
    of `index` from `first` on up to `last`."""

    index: str
    first: Nat
    last: Nat
    start: dict[str, Matrix]
    next: dict[str, Matrix]
    assumed: tuple[Fact, ...]
    body: tuple[Operation, ...]


@dataclass(frozen=True)
class Either:
    """Compute matrices by the first of the sides (guard, operations, values) whose guard holds."""

    sides: tuple[tuple[Fact, tuple[Operation, ...], dict[str, Matrix]], ...]


Operation = Check | Define | Bring | Loop | Choose | Either


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
    """`facts` counts the evaluated instances of derived facts, `open` those that irrational values leave
    undecided, `reached` how often each step's fact had one; failures are in the order of the proof, so the first one is
    the step to look at. `left_out` says why the run ended early: something that has to be exact is irrational."""

    facts: int = 0
    open: int = 0
    left_out: str = ""
    failures: list[Failure] = field(default_factory=list)
    reached: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Program:
    """A theorem ready to run: its statement, the operations of its proof, its goals, and what it says to exist."""

    name: str
    setup: Setup
    body: tuple[Operation, ...]
    witness: dict[str, Matrix]

    def run(self, model: Model) -> Execution:
        """Run the proof on one model of the givens."""
        result = Execution()
        try:
            _run(self.body, model.inner({}), {}, result)
        except NotRepresentable as error:
            result.left_out = str(error)
        return result


Programs = Mapping[str, Program]


def program(theorem: dict[str, Any], library: Library, programs: Programs | None = None) -> Program:
    """Return a theorem of a certificate as a program.

    `library` holds the theorems it cites, replayed, `programs` those among them that say that something exists. Raises
    the kernel's `Rejected` where a step is refused.
    """
    setup = read_setup(theorem["setup"], library.theorems)
    known = list(setup.context.facts)
    context = Context(setup.context.symbols, setup.context.facts)
    body: list[Operation] = [Check(name, setup.context.facts[name]) for name in known if name not in setup.givens]
    body += _Reader(library, programs or {}).steps(context, theorem["proof"], "")
    stated = state(theorem)[1]
    values = assigned(context, {"naturals": {}, "matrices": theorem.get("witness", {})}, stated.exists)
    body += [Check(f"goal {name}", fact_in(goal, values)) for name, goal in stated.goals.items()]
    return Program(theorem["name"], setup, tuple(body), values.matrices)


def execute(theorem: dict[str, Any], library: Library, model: Model, programs: Programs | None = None) -> Execution:
    """Run the proof of a theorem on a model of its givens; return what was evaluated and what failed."""
    return program(theorem, library, programs).run(model)


@dataclass(frozen=True)
class Report:
    """What running one theorem on `models` models gave; `untested` says that no model of its givens was found.

    `left_out` counts models in which something irrational had to be exact, so that the run ended early, `open` the
    instances that irrational values left undecided. `idle` are steps whose fact had no instance in any model.
    """

    name: str
    models: int
    left_out: int
    facts: int
    open: int
    failures: tuple[Failure, ...]
    idle: tuple[str, ...]

    @property
    def untested(self) -> bool:
        """Return whether no model was run to its end."""
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
    programs: dict[str, Program] = {}
    for theorem in certificate["theorems"]:
        code = programs[theorem["name"]] = program(theorem, library, programs)
        runs: list[Execution] = []
        whole = 0
        for model in models(code.setup, count * EXTRA, seed):
            if whole == count:
                break
            runs.append(code.run(model))
            whole += not runs[-1].left_out
        library.check(theorem)
        reached: dict[str, int] = dict.fromkeys((check.path for check in checks(code.body)), 0)
        for run in runs:
            for path, times in run.reached.items():
                reached[path] += times
        failures = tuple(failure for run in runs for failure in run.failures)
        idle = tuple(path for path, times in reached.items() if not times)
        counts = (sum(run.facts for run in runs), sum(run.open for run in runs))
        reports.append(Report(code.name, whole, len(runs) - whole, *counts, failures, idle))
    return reports


def checks(body: Sequence[Operation]) -> Iterator[Check]:
    """Yield the facts that a program evaluates."""
    for operation in body:
        if isinstance(operation, Check):
            yield operation
        elif isinstance(operation, (Loop, Choose)):
            yield from checks(operation.body)
        elif isinstance(operation, Either):
            for _, side, _ in operation.sides:
                yield from checks(side)


def _run(body: Sequence[Operation], model: Model, local: Mapping[str, int], result: Execution) -> None:
    for operation in body:
        if isinstance(operation, Define):
            model.scope.definitions.update(operation.definitions)
        elif isinstance(operation, Bring):
            model.scope.definitions.update(_brought(operation, model))
        elif isinstance(operation, Choose):
            _choose(operation, model, local, result)
        elif isinstance(operation, Either):
            _either(operation, model, local, result)
        elif isinstance(operation, Check):
            found = model.holds(operation.fact)
            result.facts += found.instances
            result.open += found.open
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


def _choose(operation: Choose, model: Model, local: Mapping[str, int], result: Execution) -> None:
    """Choose the members one after the other; past the last one the families are junk."""
    first, last = (model.scope.number(end, {}) for end in (operation.first, operation.last))
    table: dict[tuple[str, tuple[int, ...]], Any] = {
        (name, (first,)): _exact(model, value) for name, value in operation.start.items()
    }

    def function(name: str) -> Definition:
        return Definition(function=lambda indices, rows, cols: table.get((name, indices)))

    model.scope.definitions.update({name: function(name) for name in operation.start})
    for value in range(first, last):
        inner = model.inner({operation.index: value})
        if not all(inner.holds(fact).true for fact in operation.assumed):
            return
        _run(operation.body, inner, {**local, operation.index: value}, result)
        table.update({(name, (value + 1,)): _exact(inner, term) for name, term in operation.next.items()})


def _either(operation: Either, model: Model, local: Mapping[str, int], result: Execution) -> None:
    for guard, body, values in operation.sides:
        if model.holds(guard):
            inner = model.inner({})
            _run(body, inner, local, result)
            found = {name: _exact(inner, term) for name, term in values.items()}
            model.scope.definitions.update((name, _constant(value)) for name, value in found.items())
            return


def _constant(value: Any) -> Definition:
    return Definition(function=lambda indices, rows, cols: value)


def _exact(model: Model, term: Matrix) -> Any:
    return need_exact(model.value(model.scope.matrix(term, {})))


def _brought(operation: Bring, outer: Model) -> dict[str, Definition]:
    """Return what a theorem says to exist as functions that run its proof, its symbols having values of `outer`."""
    code = operation.program
    plain, families, leaf = operation.outside(outer)
    # Every symbol has the value it has outside, defined ones included: they may differ where nothing defines them.
    inner = Model(replace(code.setup, definitions={}), plain, families, seed=outer.seed, leaf=leaf)
    for one in code.body:
        if isinstance(one, Define):
            inner.scope.definitions.update(one.definitions)
        elif isinstance(one, Bring):
            inner.scope.definitions.update(_brought(one, inner))
        elif isinstance(one, Choose):
            _choose(one, inner, {}, Execution())
        elif isinstance(one, Either):
            _either(one, inner, {}, Execution())

    def function(name: str) -> Definition:
        def value(indices: Indices, rows: int, cols: int) -> Any:
            return need_exact(inner.value(inner.scope.matrix(code.witness[name], template(indices))))

        return Definition(function=value)

    return {new: function(name) for name, new in operation.new.items()}


def template(indices: Indices) -> dict[str, int]:
    """Return the values of the template variables ``%0, %1, …`` at these indices."""
    return {f"%{k}": value for k, value in enumerate(indices)}


def _loop(names: Sequence[str], guards: Sequence[Relation], assumed: Sequence[Fact], body: list[Operation]) -> Loop:
    """Return a loop over local naturals that satisfy the guards."""
    new = Values({name: atom(f"#{i}") for i, name in enumerate(names)})
    conditions = tuple(relation_in(guard, new) for guard in guards)
    return Loop(tuple(names), Fact(tuple(names), conditions, ALWAYS), tuple(assumed), tuple(body))


def _added(context: Context, name: str, relation: Relation) -> None:
    context.add(name, Fact((), (), relation))


class _Reader:
    """Reads the steps of one proof into operations, the kernel checking each."""

    def __init__(self, library: Library, programs: Programs) -> None:
        self.library, self.programs = library, programs
        self.nested = {
            "have": self._have, "cases": self._cases, "either": self._cases, "induction": self._induction,
            "choose": self._induction,
        }  # fmt: skip

    def steps(self, context: Context, steps: Sequence[dict[str, Any]], path: str) -> list[Operation]:
        """Return the operations of these steps; their facts are added to `context`."""
        body: list[Operation] = []
        for position, step in enumerate(steps, 1):
            place = f"{path}{position} {step['rule']}"
            inner = self.nested.get(step["rule"])
            if inner is not None:
                body += inner(context, step, f"{place} / ")
            before = list(context.facts)
            apply(context, step, self.library)
            new = [name for name in context.facts if name not in before]
            body += self._introduced(context, step)
            body += [Check(f"{place} {name}", context.facts[name]) for name in new]
        return body

    def _introduced(self, context: Context, step: dict[str, Any]) -> list[Operation]:
        """Return how the families that a step introduces are computed."""
        if step["rule"] == "define":
            rules = {family["name"]: definition(context.facts, family["name"]) for family in step["define"]}
            found = {name: rule for name, rule in rules.items() if rule is not None}
            return [Define(found)] if found else []
        if step["rule"] != "cite" or not step["new"]:
            return []
        theorem = self.library.theorems[step["theorem"]]
        values = assigned(context, step, theorem.symbols)
        if theorem.name not in WITNESSES:
            return [Bring(self.programs[theorem.name], values, dict(step["new"]))]
        for name, symbol in theorem.exists.items():
            values.matrices[name] = context.member(step["new"][name], general(name, symbol))
        return [Define(witnesses(theorem, values))]

    def _have(self, context: Context, step: dict[str, Any], path: str) -> list[Operation]:
        goal = context.read(step["fact"])
        inner = context.child()
        for hint in goal.hints:
            inner.declare_natural(hint)
        conditions = instance(goal, tuple(atom(hint) for hint in goal.hints)).conditions
        for name, condition in zip(step["assume"], conditions, strict=True):
            _added(inner, name, condition)
        return [_loop(goal.hints, conditions, (), self.steps(inner, step["proof"]["steps"], path))]

    def _cases(self, context: Context, step: dict[str, Any], path: str) -> list[Operation]:
        a, b = (on := context.body(step["on"], "<=")).sides
        guards = (on, Relation("<=", (naturals.add(b, number(1)), a)))
        body: list[Operation] = []
        sides = []
        for side, name, guard in zip(("left", "right"), step["assume"], guards, strict=True):
            inner = context.child()
            _added(inner, name, guard)
            found = self.steps(inner, step[side]["steps"], f"{path}{side} ")
            body.append(_loop((), (guard,), (), found))
            values = {new: inner.matrix(text) for new, text in step[side].get("witness", {}).items()}
            sides.append((Fact((), (), guard), tuple(found), values))
        return body if step["rule"] == "cases" else [Either(tuple(sides))]

    def _induction(self, context: Context, step: dict[str, Any], path: str) -> list[Operation]:
        name, down = step["index"], step.get("down", 0) == 1
        low, high, here, one = context.nat(step["from"]), context.nat(step["to"]), atom(step["index"]), number(1)
        base = context.child()
        meets = Relation("<=", (low, high))
        _added(base, step["range"][0], meets)
        start = _loop((), (meets,), (), self.steps(base, step["base"]["steps"], f"{path}base "))
        inner = context.child()
        inner.declare_natural(name)
        first, last = (naturals.add(low, one), high) if down else (low, naturals.minus(high, one))
        guards = (Relation("<=", (first, here)), Relation("<=", (here, last)))
        for label, guard in zip(step["range"][1:], guards, strict=True):
            _added(inner, label, guard)
        first_ones = {one["name"]: context.matrix(one["start"]) for one in step.get("state", [])}
        for one in step.get("state", []):
            inner.declare(one["name"], Symbol("matrix", 1, *context.templates([name]).shape(one["shape"])))
        assumed = [inner.read(goal["fact"]) for goal in step["goals"]]
        for goal, fact in zip(step["goals"], assumed, strict=True):
            inner.add(goal["hypothesis"], fact)
        body = self.steps(inner, step["step"]["steps"], f"{path}step ")
        if step["rule"] == "induction":
            return [start, _loop((name,), guards, assumed, body)]
        chosen = {one["name"]: inner.matrix(one["next"]) for one in step["state"]}
        return [start, Choose(name, low, high, first_ones, chosen, tuple(assumed), tuple(body))]
