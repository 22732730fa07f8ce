"""The certificate beside a counterexample to `exists …`: why at this instance no values satisfy the body."""

from __future__ import annotations

from typing import Any

from symlora.claims.quantified import absent
from symlora.claims.statement import Statement, conjuncts
from symlora.claims.terms import Claim
from symlora.claims.values import Instance, Undefined
from symlora.domains.values import NotRepresentable
from symlora.kernel.errors import Rejected
from symlora.kernel.form import FORMAT, VERSION
from symlora.kernel.replay import replay


def certificate(statement: Statement, at: Instance) -> tuple[dict[str, Any] | None, str]:
    """Return a certificate, replayed by the kernel, with the statements that it proves; or None.

    It covers the parts `exists …` of the goal that fail at the instance and the hypotheses `for all …`.
    """
    claims = [part for part in conjuncts(statement.goal) if part.kind == "exists" and _truth(at, part) is False]
    claims += [one.claim for one in statement.hypotheses if one.claim.kind == "forall"]
    theorems: list[dict[str, Any]] = []
    for claim in claims:
        body = claim.parts[0]
        if claim.kind == "forall":
            body = Claim("not", (), (body,))
        found = absent(at, claim.letters, Claim("and", (), (*claim.parts[1:], body)))
        if found is None:
            return None, ""
        for data in found:
            theorems.append({**data, "name": f"absent/{len(theorems) + 1}"})
    if not theorems:
        return None, ""
    bundle = {"format": FORMAT, "version": VERSION, "theorems": theorems}
    try:
        replayed = replay(bundle)
    except Rejected:
        return None, ""
    return bundle, "\n".join(one.statement for one in replayed if not one.holes)


def _truth(at: Instance, claim: Claim) -> bool | None:
    try:
        return at.truth(claim)
    except (Undefined, NotRepresentable):
        return None
