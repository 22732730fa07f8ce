"""Random letters: `A generic` is taken out of the hypotheses, and `almost surely( … )` binds the generic letters.

Generic means that the entries of all generic letters together have a distribution that is absolutely continuous with
respect to Lebesgue measure. ``almost surely(Q)`` says: for every value of the other letters that satisfies the
hypotheses, the values of the generic letters at which Q fails (or has no value) form a set of Lebesgue measure 0.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from symlora.claims.errors import ClaimError
from symlora.claims.shapes import Scope
from symlora.claims.terms import Claim, Letter

if TYPE_CHECKING:
    from symlora.claims.statement import Hypothesis

Generic = tuple[tuple[Letter, str], ...]


def bound_surely(source: str, scope: Scope, hypotheses: list[Hypothesis], goal: Claim,
                 ) -> tuple[list[Hypothesis], Claim, Generic]:  # fmt: skip
    """Return the hypotheses without `generic`, the goal in which `almost surely` binds, and the generic letters.

    The generic letters leave the scope. Raises `ClaimError` where one is not a letter, stands outside `almost surely`,
    or is constrained by a hypothesis: what a hypothesis determines or restricts has no free distribution.
    """
    generic: dict[str, tuple[Letter, str]] = {}
    rest: list[Hypothesis] = []
    for one in hypotheses:
        if one.claim.kind != "generic":
            rest.append(one)
            continue
        (term,) = one.claim.terms
        if term.kind != "letter":
            raise ClaimError(source, 0, "a letter before generic", repr(str(term)))
        generic.setdefault(term.data, (scope.letters[term.data], one.origin))
    letters = {name: letter for name, (letter, _) in generic.items()}
    goal = _bind(goal, letters)
    rest = [replace(one, claim=_bind(one.claim, letters)) for one in rest]
    for claim in (goal, *(one.claim for one in rest)):
        for part in claim.walk():
            if part.kind == "generic":
                raise ClaimError(source, 0, "generic as a hypothesis about a letter", f"{str(claim)!r}")
            if part.kind == "surely" and not part.letters:
                raise ClaimError(source, 0, "a generic letter inside almost surely, as in A generic", f"{str(part)!r}")
    for one in rest:
        both = sorted(one.claim.names() & letters.keys())
        if both:
            found = f"{str(one.claim)!r} about {both[0]}, which is generic"
            raise ClaimError(source, 0, "hypotheses about letters that are not generic", found)
    outside = sorted(goal.names() & letters.keys())
    if outside:
        expected = f"what is said of the generic {outside[0]} inside almost surely( )"
        raise ClaimError(source, 0, expected, f"{str(goal)!r}")
    every = [goal, *(one.claim for one in rest)]
    if letters and not any(part.kind == "surely" for claim in every for part in claim.walk()):
        raise ClaimError(source, 0, f"a claim almost surely( ) about the generic {min(letters)}", f"{str(goal)!r}")
    for name in letters:
        del scope.letters[name]
    return rest, goal, tuple(generic.values())


def _bind(claim: Claim, generic: dict[str, Letter]) -> Claim:
    """Return a claim in which every `almost surely` binds the generic letters that occur in it."""
    parts = tuple(_bind(part, generic) for part in claim.parts)
    if claim.kind == "surely":
        inside = claim.names()
        return replace(claim, parts=parts, letters=tuple(x for name, x in generic.items() if name in inside))
    return replace(claim, parts=parts) if parts != claim.parts else claim
