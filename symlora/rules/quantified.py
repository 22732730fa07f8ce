"""A fact of any kind from named facts: quantifiers are opened, the body goes to the engine for its kind."""

from __future__ import annotations

from collections.abc import Sequence

from symlora.kernel.context import Context
from symlora.kernel.facts import Fact, Relation, instance
from symlora.kernel.naturals import atom
from symlora.kernel.printing import fact_text
from symlora.rules.algebra import prove_equation
from symlora.rules.nonsingular import transfer_nonsingular
from symlora.rules.order import search_psd
from symlora.rules.ranges import prove_relation
from symlora.rules.rank import prove_rank
from symlora.rules.scope import Failure, Scope


def prove_body(scope: Scope, body: Relation, names: Sequence[str], name: str) -> Failure | None:
    """Add a relation without variables as fact `name`, or return why it was not proved."""
    if body.kind == "=":
        return prove_equation(scope, body, names, name)
    if body.kind == "psd":
        return search_psd(scope, body, names, name)
    if body.kind == "nonsingular":
        return transfer_nonsingular(scope, body, names, name)
    if prove_relation(scope, body, name) is None:
        return None
    return prove_rank(scope, body, names, name)


def prove_fact(scope: Scope, fact: Fact, names: Sequence[str], name: str) -> Failure | None:
    """Add a fact, quantified or not, as `name`; or return why it was not proved."""
    if not fact.hints and not fact.conditions:
        return prove_body(scope, fact.body, names, name)
    symbols = scope.context.symbols
    hints: list[str] = []
    for hint in fact.hints:
        fresh = hint
        while fresh in symbols or fresh in hints:
            fresh += "0"
        hints.append(fresh)
    renamed = fact._replace(hints=tuple(hints))
    at = instance(renamed, tuple(map(atom, hints)))
    assume = [scope.name() for _ in at.conditions]

    def prepare(context: Context) -> None:
        for hint in hints:
            context.declare_natural(hint)
        for label, condition in zip(assume, at.conditions, strict=True):
            context.add(label, Fact((), (), condition))

    inner = scope.child(prepare)
    shown = inner.name()
    failure = prove_body(inner, at.body, names, shown)
    if failure is None:
        proof = {"steps": inner.steps, "done": [shown]}
        scope.add({"rule": "have", "fact": fact_text(renamed), "assume": assume, "proof": proof, "as": name})
    return failure
