"""Removing the steps of a proof that nothing uses: what a search has added on the way."""

from __future__ import annotations

from typing import Any

from symlora.rules.scope import Step


def prune(steps: list[Step], needed: set[str]) -> list[Step]:
    """Return the steps without those whose facts all have automatic names and are not used later.

    `needed` are names used outside. A name is used if it occurs as a string anywhere in a later step that is kept;
    definitions and what brings in new symbols stay.

    >>> steps = [{"rule": "eq", "fact": "", "by": [], "as": "x.1"}, {"rule": "eq", "fact": "", "by": [], "as": "x"}]
    >>> [step["as"] for step in prune(steps, {"x"})]
    ['x']
    """
    kept: list[Step] = []
    for step in reversed(steps):
        made = _made(step)
        automatic = bool(made) and all("." in name for name in made) and not step.get("new")
        if automatic and needed.isdisjoint(made):
            continue
        step = _pruned_inside(step, needed)
        kept.append(step)
        needed.update(_strings(step))
    return kept[::-1]


def _made(step: Step) -> list[str]:
    if step.get("rule") in ("induction", "choose", "either"):
        return [goal["as"] for goal in step["goals"]]
    made = step.get("as", [])
    return [made] if isinstance(made, str) else list(made.values()) if isinstance(made, dict) else list(made)


def _pruned_inside(step: Step, needed: set[str]) -> Step:
    """Return the step with its sub-proofs pruned."""
    new = dict(step)
    for part in ("proof", "base", "step", "left", "right"):
        block = step.get(part)
        if isinstance(block, dict) and "steps" in block:
            new[part] = {**block, "steps": prune(block["steps"], {*block["done"], *needed})}
    return new


def _strings(value: Any) -> set[str]:
    """Return every string inside a step that could be the name of a fact."""
    if isinstance(value, str):
        return {value, value.removesuffix("'")}
    if isinstance(value, dict):
        return set().union(*map(_strings, value.values()))
    return set().union(*map(_strings, value)) if isinstance(value, list) else set()
