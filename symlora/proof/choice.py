"""What exists: families chosen step by step, and matrices given by a case distinction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sympy import Expr

from symlora.kernel.context import Context, Symbol
from symlora.language import (
    AtMost,
    Claim,
    Family,
    Matrix,
    MatrixFamily,
    Member,
    as_claim,
    as_natural,
    nat_text,
    natural,
    zero,
)
from symlora.language import matrix as make_matrix
from symlora.language.families import parameters
from symlora.language.matrices import as_matrix
from symlora.proof.errors import ProofError
from symlora.rules.ranges import Ranges

if TYPE_CHECKING:
    from symlora.proof.steps import Proof

Statement = Callable[..., Any]


class At(Family):
    """A family with another member at one index."""

    def __init__(self, family: MatrixFamily, index: Expr, value: Matrix) -> None:
        self.family, self.index, self.value = family, index, value

    def __getitem__(self, index: Any) -> Matrix:
        return self.value if as_natural(index) == self.index else self.family[index]


def choose(
    proof: Proof, names: str, over: tuple[object, object], shape: Any, start: Mapping[str, Any],
    invariants: Mapping[str, Statement], relations: Mapping[str, Statement], base: Mapping[str, Any], step: Statement,
) -> tuple[MatrixFamily, ...]:  # fmt: skip
    """Carry out `Proof.choose`."""
    scope, writer = proof.scope, proof.names
    labels = names.split()
    low, high = (as_natural(end) for end in over)
    label = parameters(step, len(labels) + 2)[1]
    index = natural(label if label not in scope.context.symbols else writer.table.fresh(label))
    families = {name: MatrixFamily(name, shape, (index.name,)) for name in labels}
    for name in labels:
        writer.table.declare(name, f"the family {name} of matrices with 1 index")
    starts = {name: as_matrix(start[name]) if name in start else zero(*families[name][low].shape) for name in labels}
    origin = Ranges(scope).nonnegative(scope.context.nat(nat_text(low)))
    if origin is None:
        raise ProofError(f"choose {names!r}: the range from {low} does not start at a natural")
    ranges = [scope.name() for _ in range(3)]
    hypotheses = [scope.name() for _ in invariants]
    state = [{"name": name, "shape": [nat_text(size) for size in families[name][index].shape],
              "start": writer.expression(starts[name], scope), "as": f"{name}.start"} for name in labels]  # fmt: skip

    template = scope.context.templates([index.name])

    def read(statement: Statement, at: Expr, members: Mapping[str, Family]) -> Claim:
        return as_claim(statement(at, *members.values()))

    def in_base(context: Context) -> None:
        context.add(ranges[0], context.read(f"{nat_text(low)} <= {nat_text(high)}"))

    def in_step(context: Context) -> None:
        context.declare_natural(index.name)
        for item in state:
            context.declare(str(item["name"]), Symbol("matrix", 1, *template.shape(list(item["shape"]))))
        context.add(ranges[1], context.read(f"{nat_text(low)} <= {index.name}"))
        context.add(ranges[2], context.read(f"{index.name} <= {nat_text(high - 1)}"))

    writing = scope.child(in_step)
    texts = {key: writer.claim(read(statement, index, families), writing) for key, statement in invariants.items()}
    linked = {key: writer.claim(read(statement, index, families), writing) for key, statement in relations.items()}
    first = proof.child(scope.child(in_base), None, f"{names} (base)")
    at_low = {name: At(families[name], low, starts[name]) for name in labels}
    base_done = [first.due(read(statement, low, at_low), base[key]) for key, statement in invariants.items()]

    def known(context: Context) -> None:
        in_step(context)
        for name, text in zip(hypotheses, texts.values(), strict=True):
            context.add(name, context.read(text))

    inner = proof.child(scope.child(known), None, f"{names} (step)")
    inner.hypotheses = tuple(hypotheses)
    found, why = step(inner, index, *families.values())
    values = {name: as_matrix(found[name]) for name in labels}
    later = {name: At(families[name], index + 1, values[name]) for name in labels}
    step_done = [inner.due(read(statement, index + 1, later), why[key]) for key, statement in invariants.items()]
    step_done += [inner.due(read(statement, index, later), why[key]) for key, statement in relations.items()]
    scope.add({
        "rule": "choose", "index": index.name, "from": nat_text(low), "to": nat_text(high), "origin": origin,
        "range": ranges,
        "state": [{**item, "next": writer.expression(values[name], inner.scope)}
                  for name, item in zip(labels, state, strict=True)],
        "goals": [{"fact": text, "hypothesis": hypothesis, "as": key}
                  for (key, text), hypothesis in zip(texts.items(), hypotheses, strict=True)],
        "relations": [{"fact": text, "as": key} for key, text in linked.items()],
        "base": {"steps": first.scope.steps, "done": base_done},
        "step": {"steps": inner.scope.steps, "done": step_done},
    })  # fmt: skip
    for key, text in {**texts, **linked}.items():
        proof.record(key, text, f"{names} chosen step by step", "choose")
    return tuple(families.values())


def either(
    proof: Proof, shapes: Mapping[str, Any], on: AtMost, goals: Mapping[str, Statement], sides: Mapping[str, Statement]
) -> tuple[Member, ...]:
    """Carry out `Proof.either`."""
    scope, writer = proof.scope, proof.names
    made = {name: make_matrix(name, *shape) for name, shape in shapes.items()}
    for name in shapes:
        writer.table.declare(name, f"the matrix {name}")
    items = [{"matrix": name, "shape": [nat_text(size) for size in m.shape]} for name, m in made.items()]

    def declared(context: Context) -> None:
        for item in items:
            context.declare(str(item["matrix"]), Symbol("matrix", 0, *context.shape(list(item["shape"]))))

    writing = scope.child(declared)
    texts = {key: writer.claim(as_claim(goal(*made.values())), writing) for key, goal in goals.items()}
    guards = [scope.name(), scope.name()]
    blocks = {}
    conditions = (on, AtMost(on.right + 1, on.left))
    for guard, condition, (side, function) in zip(guards, conditions, sides.items(), strict=True):

        def prepare(context: Context, guard: str = guard, condition: AtMost = condition) -> None:
            context.add(guard, context.read(writer.claim(condition, scope)))

        inner = proof.child(scope.child(prepare), None, f"{next(iter(goals))} ({side})")
        found, why = function(inner)
        values = {name: as_matrix(found[name]) for name in made}
        done = [inner.due(as_claim(goal(*values.values())), why[key]) for key, goal in goals.items()]
        witness = {name: writer.expression(value, inner.scope) for name, value in values.items()}
        blocks[side] = {"steps": inner.scope.steps, "done": done, "witness": witness}
    scope.add({"rule": "either", "on": writer.claim(on, scope), "assume": guards, "exists": items,
               "goals": [{"fact": text, "as": key} for key, text in texts.items()], **blocks})  # fmt: skip
    for key, text in texts.items():
        proof.record(key, text, f"cases {on} or not", "either")
    return tuple(made.values())
