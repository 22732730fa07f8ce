"""Steps with sub-proofs: opened quantifiers, inductions and case distinctions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sympy import Expr, Symbol

from symlora.kernel.context import Context
from symlora.kernel.facts import Fact, instance
from symlora.kernel.naturals import atom
from symlora.kernel.printing import relation_text
from symlora.language import AtMost, Claim, ForAll, nat_text, natural
from symlora.rules.ranges import Ranges
from symlora.rules.scope import Failure, Scope

if TYPE_CHECKING:
    from symlora.proof.reasons import Reason
    from symlora.proof.steps import Proof


def told(proof: Proof, name: str, claim: Claim, text: str, reason: Any) -> None:
    """Prove a claim without variables by a function of a sub-proof."""
    inner = proof.child(proof.scope.child(), claim)
    reason(inner)
    _have(proof.scope, text, [], inner.scope, inner.finished(), name)


def opened(proof: Proof, name: str, claim: Claim, fact: Fact, text: str, reason: Any) -> None:
    """Prove a quantified claim: its indices become naturals, its conditions facts."""
    scope = proof.scope
    assume = [scope.name() for _ in fact.conditions]
    at = instance(fact, tuple(atom(hint) for hint in fact.hints))

    def prepare(context: Context) -> None:
        for hint in fact.hints:
            context.declare_natural(hint)
        for label, condition in zip(assume, at.conditions, strict=True):
            context.add(label, Fact((), (), condition))

    stated = claim.body if isinstance(claim, ForAll) else claim
    inner = proof.child(scope.child(prepare), stated)
    inner.indices = list(fact.hints)
    inner.assumed = [relation_text(condition) for condition in at.conditions]
    shown = inner.scope.name()
    if callable(reason):
        reason(inner, *(natural(hint) for hint in fact.hints))
        shown = inner.finished()
    else:
        failure = inner.engine(shown, Fact((), (), at.body), reason)
        if failure is not None:
            inner.leave_hole(shown, relation_text(at.body), str(stated), failure)
    _have(scope, text, assume, inner.scope, shown, name)


def induct(proof: Proof, name: str, index: Symbol, claim: Claim, over: tuple[Expr, Expr], base: Reason, step: Reason,
           down: bool) -> Failure | None:  # fmt: skip
    """Carry out `Proof.induction`."""
    scope, (low, high) = proof.scope, over
    origin = Ranges(scope).nonnegative(scope.context.nat(nat_text(low)))
    if origin is None:
        return Failure(f"0 <= {nat_text(low)}", "no proof", "an induction starts at a natural number")
    ranges = [scope.name() for _ in range(3)]
    hypothesis = scope.name()
    text = proof.names.claim(claim, scope.with_naturals([index.name]))
    first, last = (low + 1, high) if down else (low, high - 1)
    limits = [f"{nat_text(first)} <= {index.name}", f"{index.name} <= {nat_text(last)}"]
    whole = f"{nat_text(low)} <= {nat_text(high)}"

    def in_base(context: Context) -> None:
        context.add(ranges[0], context.read(whole))

    def in_step(context: Context) -> None:
        context.declare_natural(index.name)
        for label, limit in zip(ranges[1:], limits, strict=True):
            context.add(label, context.read(limit))
        context.add(hypothesis, context.read(text))

    start = proof.child(scope.child(in_base), claim.at({index: high if down else low}), f"{name} (base)")
    start.assumed = [whole]
    start_done = _part(start, base)
    new = index - 1 if down else index + 1
    inner = proof.child(scope.child(in_step), claim.at({index: new}), f"{name} (step)")
    inner.indices, inner.assumed, inner.hypotheses = [index.name], [*limits, text], (hypothesis,)
    inner_done = _part(inner, step, index)
    item = {
        "rule": "induction", "index": index.name, "from": nat_text(low), "to": nat_text(high), "origin": origin,
        "range": ranges, "goals": [{"fact": text, "hypothesis": hypothesis, "as": name}],
        "base": {"steps": start.scope.steps, "done": [start_done]},
        "step": {"steps": inner.scope.steps, "done": [inner_done]},
    }  # fmt: skip
    if down:
        item["down"] = 1
    scope.add(item)
    return None


def split(proof: Proof, name: str, claim: Claim, on: AtMost, left: Reason, right: Reason) -> None:
    """Carry out `Proof.cases`."""
    scope, text = proof.scope, proof.names.claim(claim, proof.scope)
    guards = [scope.name(), scope.name()]
    blocks = []
    sides = ((on, left, "left"), (AtMost(on.right + 1, on.left), right, "right"))
    for guard, (condition, reason, side) in zip(guards, sides, strict=True):

        def prepare(context: Context, guard: str = guard, condition: AtMost = condition) -> None:
            context.add(guard, context.read(proof.names.claim(condition, scope)))

        inner = proof.child(scope.child(prepare), claim, f"{name} ({side})")
        inner.assumed = [proof.names.claim(condition, scope)]
        blocks.append({"steps": inner.scope.steps, "done": [_part(inner, reason)]})
    scope.add({"rule": "cases", "on": proof.names.claim(on, scope), "fact": text, "assume": guards, "left": blocks[0],
               "right": blocks[1], "as": name})  # fmt: skip


def _part(inner: Proof, reason: Any, *index: Symbol) -> str:
    """Prove the goal of a sub-proof by a reason or a function of it; return the name of the fact."""
    if not callable(reason):
        return inner.show(reason).name
    reason(inner, *index)
    return inner.finished()


def _have(scope: Scope, text: str, assume: list[str], inner: Scope, shown: str, name: str) -> None:
    """Add a fact that a sub-proof has shown."""
    proof = {"steps": inner.steps, "done": [shown]}
    scope.add({"rule": "have", "fact": text, "assume": assume, "proof": proof, "as": name})
