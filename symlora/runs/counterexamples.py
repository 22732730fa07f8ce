"""Joining a claim without proof with the search for a counterexample: the worker searches, the parent evaluates again.

What is assumed where a claim stands is read off the certificate on both sides, so that a worker cannot leave out a
condition and refute a true claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from symlora.kernel.replay import Theorem
from symlora.proof.graph import blocks
from symlora.runs.bound import TooLong, bounded

Items = list[dict[str, Any]]


@dataclass(frozen=True)
class Place:
    """A hole of a certificate, the user's step to which it belongs, and the items in scope besides the statement."""

    step: dict[str, Any]
    owner: str
    items: Items

    @property
    def fact(self) -> str:
        """The claim without proof, as the certificate writes it."""
        return str(self.step["fact"])


def places(data: dict[str, Any]) -> list[Place]:
    """Return the holes of a theorem's certificate in order.

    What a citation says to exist is an item ``{"exists": step}``, as `symlora.domains.setup` reads it.
    """
    return list(_places(data["proof"], [], ""))


def _places(steps: Items, above: Items, owner: str) -> Iterator[Place]:
    items = list(above)
    for step in steps:
        label = owner
        if step["rule"] == "define":
            items.append({key: value for key, value in step.items() if key != "rule"})
        elif step["rule"] == "cite":
            if step["new"]:
                items.append({"exists": step})
            continue
        elif "goals" in step:
            label = next((str(goal["as"]) for goal in step["goals"]), owner)
        elif "." not in step["as"]:
            label = step["as"]
        if step["rule"] == "hole":
            yield Place(step, label, list(items))
        for part, block in blocks(step):
            inner = [{"given": f"here-{len(items) + k}", "fact": text} for k, text in enumerate(_assumed(step, part))]
            yield from _places(block["steps"], [*items, *_naturals(step, part), *_inside(step, part), *inner], label)
        new = _brought(step)
        items += [*new, *({"given": f"here-{len(items) + k}", "fact": text} for k, text in enumerate(_promised(step)))]


def head(fact: str) -> tuple[list[str], list[str]]:
    """Return the variables and conditions of a fact's text.

    >>> head("for l, k if 1 <= d[l, k], l <= L: A[l] = B[k]")
    (['l', 'k'], ['1 <= d[l, k]', 'l <= L'])
    >>> head("A = B")
    ([], [])
    """
    text, colon, _ = fact.partition(":")
    if not colon:
        return [], []
    words = text.split()
    cut = words.index("if") if "if" in words else len(words)
    variables = " ".join(words[1:cut]) if words[0] == "for" else ""
    conditions: list[str] = []
    depth, current = 0, ""
    for c in " ".join(words[cut + 1 :]):
        depth += (c in "([") - (c in ")]")
        if c == "," and depth == 0:
            conditions.append(current.strip())
            current = ""
        else:
            current += c
    return [v.strip() for v in variables.split(",") if v.strip()], [
        *conditions,
        *([current.strip()] if current else []),
    ]


def _naturals(step: dict[str, Any], part: str) -> Items:
    names = [step["index"]] if part == "step" else head(step["fact"])[0] if step["rule"] == "have" else []
    return [{"natural": name} for name in names]


def _inside(step: dict[str, Any], part: str) -> Items:
    """Return the families that the second sub-proof of a choice speaks of."""
    return _brought(step) if step["rule"] == "choose" and part == "step" else []


def _brought(step: dict[str, Any]) -> Items:
    """Return the families that a step brings by cases or by a choice."""
    if step["rule"] == "choose":
        return [{"matrix": one["name"], "index": [step["index"]], "shape": one["shape"]} for one in step["state"]]
    both = step["exists"] if step["rule"] == "either" else []
    return [{"matrix": one["matrix"], "index": [], "shape": one["shape"]} for one in both]


def _promised(step: dict[str, Any]) -> list[str]:
    """Return what holds of the families that a step has brought."""
    if step["rule"] == "either":
        return [goal["fact"] for goal in step["goals"]]
    if step["rule"] != "choose":
        return []
    index, low, high = step["index"], step["from"], step["to"]
    texts = [f"{one['name']}[{low}] = {one['start']}" for one in step["state"]]
    texts += [between(goal["fact"], index, low, high) for goal in step["goals"]]
    return texts + [between(goal["fact"], index, low, f"{high} - 1") for goal in step["relations"]]


def between(fact: str, index: str, low: str, high: str) -> str:
    """Return the text of a fact for all values of one more variable in a range.

    >>> between("for k if k <= l: A[l, k] = B", "l", "1", "L")
    'for l, k if 1 <= l, l <= L, k <= l: A[l, k] = B'
    """
    names, conditions = head(fact)
    ends = [f"{low} <= {index}", f"{index} <= {high}", *conditions]
    return f"for {', '.join([index, *names])} if {', '.join(ends)}: {fact.rpartition(':')[2].strip()}"


def _assumed(step: dict[str, Any], part: str) -> list[str]:
    """Return what the rule assumes in one of its sub-proofs."""
    if step["rule"] == "have":
        return head(step["fact"])[1]
    if step["rule"] in ("cases", "either"):
        left, _, right = step["on"].partition("<=")
        return [step["on"]] if part == "left" else [f"{right} + 1 <= {left}"]
    index, low, high = step["index"], step["from"], step["to"]
    if part == "base":
        return [f"{low} <= {high}"]
    first, last = (f"{low} + 1", high) if step.get("down") == 1 else (low, f"{high} - 1")
    return [f"{first} <= {index}", f"{index} <= {last}", *(goal["fact"] for goal in step["goals"])]


def search(data: dict[str, Any], place: Place, known: dict[str, Theorem]) -> dict[str, Any]:
    """Return what the search finds at a hole: ``{"counterexample": …}``, how far it looked, or why it did not.

    `known` are the theorems to which the certificate may refer.
    """
    from symlora.counterexamples import stages
    from symlora.counterexamples.counterexample import Counterexample
    from symlora.kernel.errors import Rejected

    try:
        found = stages.search(data["setup"], place.items, place.fact, known)
    except Rejected as error:
        return {"skipped": str(error)}
    if isinstance(found, Counterexample):
        return {"counterexample": found.to_json()}
    return {
        "models": found.models, "exhausted": found.exhausted, "untested": found.untested, "open": found.open,
        "sampled": found.sampled, "random": found.random,
    }  # fmt: skip


NUMBER = re.compile(r"-?[0-9]{1,400}(/[0-9]{1,400})?")
MAX_NATURAL = 50


def _small(claimed: dict[str, Any]) -> bool:
    """Return whether a claimed counterexample can be evaluated in little time: small sizes, short numbers."""
    try:
        sizes = [*claimed["naturals"].values(), *claimed["at"].values()]
        entries = [x for rows in claimed["matrices"].values() for row in rows for x in row]
        entries += claimed["scalars"].values()
    except (LookupError, TypeError, AttributeError):
        return False
    plain = all(type(size) is int and 0 <= size <= MAX_NATURAL for size in sizes)
    return plain and all(isinstance(x, str) and NUMBER.fullmatch(x) is not None for x in entries)


def confirmed(data: dict[str, Any], place: Place, found: dict[str, Any],
              known: dict[str, Theorem] | None = None) -> dict[str, Any] | None:  # fmt: skip
    """Return the counterexample in `found` if it is one when evaluated again here; `data` is the replayed theorem."""
    claimed = found.get("counterexample")
    if not isinstance(claimed, dict) or not _small(claimed):
        return None
    from symlora.counterexamples.counterexample import recheck

    try:
        with bounded():
            true = recheck(claimed, data["setup"], place.items, place.fact, known)
    except (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, MemoryError, TooLong):
        return None
    return claimed if true else None
