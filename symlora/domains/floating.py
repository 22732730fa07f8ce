"""Proofs run as programs on a batch of float instances: how far each fact is off, and what explains it.

The walk is that of `symlora.domains.execution`. An equation is measured by the Frobenius norm of its difference,
relative to the largest norm among the terms that were added up; an inequality by its violation, relative in the same
way. The conditioning figure estimates the rounding error in units of epsilon, on the same scale (see
`symlora.domains.batch`): an error below a small multiple of it is rounding, one above it is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, NamedTuple

from symlora.domains.batch import BatchModel, Stored, Value
from symlora.domains.execution import Bring, Check, Choose, Define, Either, Loop, Operation, Program, template
from symlora.domains.ground import Indices, Instance
from symlora.domains.setup import Definition
from symlora.kernel.printing import fact_text
from symlora.kernel.words import Matrix

MARGIN = 8.0
"""An error up to this multiple of size, epsilon and conditioning figure counts as rounding."""
MOST = 400
"""How many values of its variables a fact is evaluated at; a longer range is cut."""
Nodes = dict[tuple[str, Indices], int]
"""Members and the nodes that are their values."""


class Measure(NamedTuple):
    """NumPy arrays of shape (count,): relative error, conditioning figure, largest condition number of an inverse.

    An entry is NaN where an instance has no value: a singular matrix was inverted, or a number overflowed.
    """

    error: Any
    figure: Any
    condition: Any


@dataclass
class Record:
    """What became of one derived fact, for each instance of the batch the worst over the values of its variables.

    `error` and `figure` belong together, `condition` is the largest one met. Counted in instances: `left_out` had no
    value, `open` were too ill-conditioned for floats to tell, `unexplained` are off by more than rounding explains.
    `evaluated` counts the values of the variables; `at` are those with the first unexplained error.
    """

    path: str
    fact: str
    kind: str
    error: Any
    figure: Any
    condition: Any
    left_out: Any
    open: Any
    unexplained: Any
    evaluated: int = 0
    cut: bool = False
    at: Indices = ()

    def add(self, measure: Measure, limit: float, at: Indices) -> None:
        """Take in the fact at one more choice of its variables; `limit` turns a figure into the error it explains."""
        import numpy

        missing = ~(numpy.isfinite(measure.error))
        error = numpy.where(missing, 0.0, measure.error)
        explained = numpy.where(numpy.isnan(measure.figure), numpy.inf, measure.figure) * limit
        bad = (error > explained) & ~missing
        if bad.any() and not self.unexplained.any():
            self.at = at
        worse = (error > self.error) | ((error == self.error) & (explained > self.figure * limit))
        self.error = numpy.where(worse, error, self.error)
        self.figure = numpy.where(worse, measure.figure, self.figure)
        self.condition = numpy.fmax(self.condition, measure.condition)
        self.left_out |= missing
        self.open |= (explained >= 1) & ~missing
        self.unexplained |= bad
        self.evaluated += 1

    @property
    def worst(self) -> int:
        """Return the number of the instance with the largest error."""
        return int(self.error.argmax()) if self.error.size else 0

    def __str__(self) -> str:
        if not self.error.size:
            return f"{self.path}: {self.fact}: no instances"
        k = self.worst
        return (f"{self.path}: {self.fact}: error {self.error[k]:.1e}, conditioning {self.figure[k]:.1e}, "
                f"{int(self.unexplained.sum())} unexplained of {self.error.size}")  # fmt: skip


@dataclass
class Floats:
    """What running a proof on a batch gave: a record for every derived fact that had an instance, in order.

    `stopped` says why the run ended early, if it did.
    """

    count: int
    eps: float
    records: dict[str, Record] = field(default_factory=dict)
    stopped: str = ""

    @property
    def unexplained(self) -> list[Record]:
        """Return the facts that are off by more than rounding explains."""
        return [record for record in self.records.values() if record.unexplained.any()]


def run(program: Program, model: BatchModel, givens: bool = True, most: int = MOST) -> Floats:
    """Evaluate the givens of a program and every fact that its proof derives, on all instances of `model` at once.

    Givens that hold by the way in which things are computed are left out. Raises `symlora.domains.batch.Mixed` where a
    size or a choice depends on a rank that the instances do not share.

    >>> from symlora.domains.backend import backend
    >>> from symlora.domains.execution import program
    >>> from symlora.kernel.replay import Library
    >>> square = {"matrix": "A", "index": [], "shape": ["n", "n"]}
    >>> forged = {"rule": "hole", "fact": "A = A'", "as": "t"}
    >>> theorem = {"name": "t", "setup": [{"natural": "n"}, square], "goals": [{"name": "t", "fact": "A = A'"}],
    ...            "proof": [forged], "done": ["t"]}
    >>> code = program(theorem, Library())
    >>> [int(r.unexplained.sum()) for r in run(code, BatchModel(code.setup, {"n": 2}, 5, backend("numpy"))).unexplained]
    [5, 5]
    """
    walk = Walk(Floats(model.count, model.eps), most)
    with model.device.quiet():
        inner = model.inner({})
        if givens:
            kept = [(n, f) for n, f in program.setup.givens.items() if n not in program.setup.made]
            walk.run([Check(f"given {name}", fact) for name, fact in kept], inner)
        walk.run(program.body, inner)
    return walk.floats


@dataclass
class Walk:
    """A run under way; facts that are one and the same node pair are measured once."""

    floats: Floats
    most: int
    known: dict[tuple[str, tuple[int, ...]], Measure] = field(default_factory=dict)

    def run(self, body: Iterable[Operation], model: BatchModel) -> None:
        """Run operations in a scope."""
        for operation in body:
            if isinstance(operation, Check):
                self._check(operation, model)
            elif isinstance(operation, Loop):
                for values in model.scope.ranges(operation.range, [], 0):
                    self.run(operation.body, model.inner(dict(zip(operation.names, values, strict=True))))
            else:
                self._compute(operation, model)

    def _compute(self, operation: Operation, model: BatchModel) -> None:
        if isinstance(operation, Define):
            model.scope.definitions.update(operation.definitions)
        elif isinstance(operation, Bring):
            model.scope.definitions.update(_brought(operation, model))
        elif isinstance(operation, Choose):
            self._choose(operation, model)
        elif isinstance(operation, Either):
            self._either(operation, model)

    def _choose(self, operation: Choose, model: BatchModel) -> None:
        first, last = (model.scope.number(end, {}) for end in (operation.first, operation.last))
        found: Nodes = {(name, (first,)): model.scope.matrix(term, {}) for name, term in operation.start.items()}
        model.scope.definitions.update({name: _table(name, found) for name in operation.start})
        for value in range(first, last):
            inner = model.inner({operation.index: value})
            self.run(operation.body, inner)
            new: Nodes = {(name, (value + 1,)): inner.scope.matrix(term, {}) for name, term in operation.next.items()}
            found.update(new)

    def _either(self, operation: Either, model: BatchModel) -> None:
        for guard, body, values in operation.sides:
            if model.scope.true(guard.body, {}):
                inner = model.inner({})
                self.run(body, inner)
                found: Nodes = {(name, ()): inner.scope.matrix(term, {}) for name, term in values.items()}
                model.scope.definitions.update({name: _table(name, found) for name in values})
                return

    def _check(self, check: Check, model: BatchModel) -> None:
        cut: list[str] = []
        instances = model.scope.instances(check.fact, cut, 0)
        for instance in islice(instances, self.most):
            record = self.floats.records.get(check.path)
            if record is None:
                record = blank(check, instance.kind, model.count)
                self.floats.records[check.path] = record
            record.add(self._measure(instance, model), MARGIN * max(8, model.widest) * model.eps, instance.values)
            record.cut = bool(cut) or record.evaluated == self.most

    def _measure(self, instance: Instance, model: BatchModel) -> Measure:
        key = (instance.kind, instance.nodes)
        found = self.known.get(key) if instance.nodes else None
        if found is None:
            found = self.known[key] = measured(instance, model)
            model.release()
        return found


def blank(check: Check, kind: str, count: int) -> Record:
    """Return the record of a fact of which nothing is evaluated yet."""
    import numpy

    off, figure, condition = numpy.zeros(count), numpy.zeros(count), numpy.ones(count)
    missing, unsure, bad = (numpy.zeros(count, dtype=bool) for _ in range(3))
    return Record(check.path, fact_text(check.fact), kind, off, figure, condition, missing, unsure, bad)


def measured(instance: Instance, model: BatchModel) -> Measure:
    """Return how far a fact at one choice of its variables is off in every instance of the batch."""
    import numpy

    if not instance.nodes:
        parts: tuple[Any, ...] = (float(not instance.true), 1.0, 1.0)
        return Measure(*(numpy.full(model.count, part) for part in parts))
    values = [model.value(node) for node in instance.nodes]
    parts = _nonsingular(instance.nodes[0], model) if instance.kind == "nonsingular" else _compared(
        instance.kind, values, model)  # fmt: skip
    return Measure(*(numpy.broadcast_to(model.device.host(part), (model.count,)) for part in parts))


def _compared(kind: str, values: Sequence[Value], model: BatchModel) -> tuple[Any, Any, Any]:
    """Return error, figure and condition of a relation other than ``nonsingular``."""
    xp = model.xp
    a, b = values[0], values[-1]
    scale = xp.maximum(xp.maximum(a.scale, b.scale), xp.maximum(a.norm, b.norm))
    safe = xp.where(scale > 0, scale, xp.ones_like(scale))
    if kind == "psd":
        off = _semidefinite(a, model)
        rounding = model.norm(a.tangent)
    else:
        gap = a.array - b.array
        off = xp.maximum(gap[:, 0, 0], xp.zeros_like(gap[:, 0, 0])) if kind == "<=" else model.norm(gap)
        # Errors that both sides share cancel in an equation; those of numbers are bounds, which do not.
        one = gap.shape[1] == gap.shape[2] == 1
        rounding = model.norm(a.tangent) + model.norm(b.tangent) if one else model.norm(a.tangent - b.tangent)
    return off / safe, rounding / safe + 1, xp.maximum(a.condition, b.condition)


def _semidefinite(a: Value, model: BatchModel) -> Any:
    """Return how far matrices are from positive semidefinite: the least eigenvalue below 0, or the asymmetry."""
    xp = model.xp
    m, bad = model.clean(a)
    turned = xp.matrix_transpose(m)
    off = model.norm(m - turned)
    if m.shape[1]:
        least = xp.linalg.eigvalsh((m + turned) / 2)[:, 0]
        off = xp.maximum(off, -least)
    return xp.where(bad, xp.full_like(off, float("nan")), off)


def _nonsingular(node: int, model: BatchModel) -> tuple[Any, Any, Any]:
    """Return error 1 for what elimination finds singular, else 0; the figure is the condition number."""
    xp = model.xp
    m = model.value(node)
    inverse = model.value(model.graph.inverse(node))
    lost = xp.isnan(inverse.norm) & xp.isfinite(m.norm)
    safe = xp.where(m.norm > 0, m.norm, xp.ones_like(m.norm))
    own = model.norm(m.tangent) / safe + 1
    ones = xp.ones_like(inverse.norm)
    error = xp.where(lost, ones, xp.where(xp.isfinite(m.norm), 0 * ones, inverse.norm))
    figure = xp.where(lost, own * ones, own * m.norm * inverse.norm)
    return error, figure, xp.where(lost, float("inf") * ones, inverse.condition)


def _table(name: str, nodes: Nodes) -> Definition:
    """Return how a family is computed whose members are nodes of the model's graph, junk where there is none."""

    def function(indices: Indices, rows: int, cols: int) -> Stored | None:
        node = nodes.get((name, indices))
        return None if node is None else Stored("node", node)

    return Definition(function=function)


def _brought(operation: Bring, outer: BatchModel) -> dict[str, Definition]:
    """Return what a theorem says to exist as functions that run its proof, its symbols having values of `outer`."""
    code = operation.program
    plain, families, leaf = operation.outside(outer)
    inner = BatchModel(replace(code.setup, definitions={}), plain, outer.count, outer.device, leaf, families,
                       outer.reach, outer.seed, outer.precision)  # fmt: skip
    walk = Walk(Floats(outer.count, outer.eps), 0)
    walk.run([one for one in code.body if not isinstance(one, (Check, Loop))], inner)

    def function(name: str) -> Definition:
        def stored(indices: Indices, rows: int, cols: int) -> Stored:
            term: Matrix = code.witness[name]
            outer.calls.append(lambda: inner.value(inner.scope.matrix(term, template(indices))))
            return Stored("call", len(outer.calls) - 1)

        return Definition(function=stored)

    return {new: function(name) for name, new in operation.new.items()}


class Sizes(BatchModel):
    """A model that computes nothing; `tally` holds the numbers that one instance keeps now, and the most so far."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tally = [0, 0]

    def rank(self, node: int) -> int:
        """Return the full rank, the largest there can be."""
        n = self.graph.nodes[node]
        return min(n.rows, n.cols)

    def value(self, node: int) -> Value:
        """Return no value, and note what would be held while it is computed."""
        if node not in self.values:
            for argument in self.graph.arguments(node):
                self.value(argument)
            n = self.graph.nodes[node]
            size = n.rows * n.cols
            self.values[node] = Value(None, None, None, None, None)
            # A copy, and what LAPACK and a comparison need beside it.
            work = 3 * max(
                [size, *(self.graph.nodes[a].rows * self.graph.nodes[a].cols for a in self.graph.arguments(node))]
            )
            self.tally[0] += 2 * size
            if (
                n.kind in ("projector", "vectors", "factor", "null", "complement", "gram")
                and n.args[0] not in self._svd
            ):
                of = self.graph.nodes[n.args[0]]
                self._svd[n.args[0]] = (None, None, None)
                self.tally[0] += of.rows**2 + of.cols**2
            self.tally[1] = max(self.tally[1], self.tally[0] + work)
        return self.values[node]

    def release(self) -> None:
        """Forget what a computing model forgets."""
        before = set(self.values)
        super().release()
        nodes = self.graph.nodes
        self.tally[0] -= sum(2 * nodes[node].rows * nodes[node].cols for node in before - self.values.keys())


class Sizing(Walk):
    """A walk that only asks for the values of facts."""

    def _check(self, check: Check, model: BatchModel) -> None:
        for instance in islice(model.scope.instances(check.fact, [], 0), self.most):
            for node in instance.nodes:
                model.value(node if instance.kind != "nonsingular" else model.graph.inverse(node))
            model.release()


def peak(program: Program, model: Sizes, most: int = MOST) -> int:
    """Return the most numbers that one instance holds at a time while `run` evaluates a program."""
    inner = model.inner({})
    walk = Sizing(Floats(1, model.eps), most)
    kept = [fact for name, fact in program.setup.givens.items() if name not in program.setup.made]
    walk.run([Check("given", fact) for fact in kept], inner)
    walk.run(program.body, inner)
    return model.tally[1]
