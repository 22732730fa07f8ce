"""The opposite of a claim, in words that claims have."""

from __future__ import annotations

from symlora.claims.almost import equations
from symlora.claims.statement import size_term
from symlora.claims.terms import Claim, Term
from symlora.kernel.naturals import ONE


def denied(claim: Claim) -> Claim | None:
    """Return what is true where a condition is false, or None if there is no word for it."""
    kind, terms, parts = claim.kind, claim.terms, claim.parts
    if kind == "not":
        return parts[0]
    if kind in ("and", "or"):
        return Claim("or" if kind == "and" else "and", (), tuple(Claim("not", (), (part,)) for part in parts))
    if kind == "implies":
        return Claim("and", (), (parts[0], Claim("not", (), (parts[1],))))
    if kind == "iff":
        return Claim("iff", (), (parts[0], Claim("not", (), (parts[1],))))
    if kind in ("=", "!="):
        return Claim("!=" if kind == "=" else "=", terms)
    if kind in ("<", "<="):
        return Claim("<=" if kind == "<" else "<", terms[::-1])
    if kind == "nonsingular":
        return Claim("<", (Term("rank", terms, ONE, ONE, None, True), size_term(terms[0].rows)))
    equal = equations(claim)
    if equal is not None and len(equal) == 1 and equal[0][1] is not None:
        return Claim("!=", (equal[0][0], equal[0][1]))
    return None
