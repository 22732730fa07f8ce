"""Counterexamples among random exact models, where sizes depend on ranks and so no grid can be laid out beforehand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from symlora.counterexamples.counterexample import (
    BEYOND,
    Counterexample,
    NoneFound,
    build,
    claim,
    computed_members,
    read_goal,
    scalars,
)
from symlora.domains.rational import Model
from symlora.domains.sampling import models
from symlora.domains.setup import Setup, read_setup
from symlora.domains.values import NotRepresentable, Rows, fractions
from symlora.kernel.facts import Fact
from symlora.kernel.replay import Theorem

MODELS = 60


def search(setup_items: Sequence[dict[str, Any]], assumptions: Sequence[dict[str, Any]], goal: Fact | str,
           count: int = MODELS, known: Mapping[str, Theorem] | None = None) -> Counterexample | NoneFound:  # fmt: skip
    """Look for a model in which the hypotheses hold and `goal` fails; return the smallest among `count` random ones.

    The arguments are those of `symlora.counterexamples.grid.search`. Smallest: the sum of the naturals, then the number
    of nonzero entries. Raises the kernel's `Rejected` when an argument is malformed.

    >>> items = [{"natural": "n"}, {"matrix": "A", "index": [], "shape": ["n", "n"]}]
    >>> found = search(items, [], "zero(rank(A), rank(A)) = eye(rank(A))")
    >>> found.naturals, found.left, found.minimal
    ({('n', ()): 1}, ((Fraction(0, 1),),), False)
    """
    setup = read_setup([*setup_items, *assumptions], known)
    fact, text = read_goal(setup.context, goal)
    tried, best = 0, None
    for model in models(setup, count):
        tried += 1
        found = _refuted(setup, model, fact, text, tried)
        if found is not None and (best is None or _size(found) < _size(best)):
            best = found
    return NoneFound(text, tried, False, tried == 0, sampled=True) if best is None else best


def _size(found: Counterexample) -> tuple[int, int]:
    entries = [x for rows in found.matrices.values() for row in rows for x in row]
    return sum(found.naturals.values()), sum(x != 0 for x in entries)


def _refuted(setup: Setup, drawn: Model, goal: Fact, text: str, tried: int) -> Counterexample | None:
    """Return the counterexample that a random model is, evaluated once more from its data alone."""
    try:
        cut = [name for given in setup.givens.values() for name in drawn.holds(given, BEYOND).cut]
        drawn.holds(goal)
        matrices: dict[tuple[str, tuple[int, ...]], Rows] = {m: fractions(v) for m, v in drawn.leaves().items()}
        naturals = {member: value for member, value in drawn.naturals.items() if not member[0].startswith(("#", "%"))}
        model = build(setup, naturals, matrices)
        for given in setup.givens.values():
            result = model.holds(given, BEYOND)
            if not result.true or result.undefined or result.open:
                return None
        for there in model.scope.instances(goal, []):
            if model.decide(there) is False and not any(map(model.undefined, there.nodes)):
                left, right = model.sides(there)
                return Counterexample(
                    goal=text, claim=claim(goal, text, there.values), naturals=dict(sorted(naturals.items())),
                    matrices=matrices, at=dict(zip(goal.hints, there.values, strict=True)), left=left, right=right,
                    minimal=False, models=tried, scalars=scalars(setup), computed=computed_members(model, setup),
                    cut=tuple(dict.fromkeys(cut)),
                )  # fmt: skip
    except (NotRepresentable, LookupError):
        return None
    return None
