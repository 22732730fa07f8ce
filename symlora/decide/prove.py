"""Proofs of claims for all sizes: the engines and lemmas are tried in turn, the kernel replays what they find."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from typing import Any

from symlora.claims.statement import Statement
from symlora.claims.terms import Claim, number
from symlora.decide.absurd import prove_false
from symlora.decide.cases import alternatives, key, with_goal
from symlora.decide.engines import search
from symlora.decide.entries import Entries
from symlora.decide.existence import prove_exists
from symlora.decide.introduce import introduced
from symlora.decide.library import closure, fetch
from symlora.decide.translate import NoKernelForm, Translation
from symlora.kernel.context import Context
from symlora.kernel.errors import Rejected
from symlora.kernel.form import FORMAT, VERSION
from symlora.kernel.replay import Library, add_item, replay
from symlora.rules.nullstellensatz import contradiction as scalar_contradiction
from symlora.rules.pruning import prune
from symlora.rules.scope import Scope

MAX_SHAPES = 8
MINORS = 1.5
"""Seconds for a proof from principal minors where factors can be tried too."""
FIRST_SHARE = 0.75
"""What a case gets of the time that is left where there are other ways."""


@dataclass(frozen=True)
class Outcome:
    """A certificate with the statement that it proves, or what was tried."""

    bundle: dict[str, Any] | None
    statement: str
    detail: str


@dataclass
class _Tried:
    reasons: list[str] = field(default_factory=list)


def prove(statement: Statement, deadline: float) -> Outcome:
    """Look for a proof of a statement until a time; return a certificate that the kernel replayed, or what was tried.

    >>> from symlora.claims.statement import read
    >>> prove(read("tr(A B) = tr(B A)", ["A: m x n", "B: n x m"]), time.monotonic() + 5).detail
    '1 theorem'
    """
    tried = _Tried()
    for theorems in proofs(statement, "claim", deadline, tried.reasons):
        outcome = bundled(theorems, tried.reasons)
        if outcome is not None:
            return outcome
    return Outcome(None, "", "; ".join(dict.fromkeys(tried.reasons)) or "no form of the claim that the kernel can read")


def proofs(statement: Statement, name: str, deadline: float, reasons: list[str]) -> Iterator[list[dict[str, Any]]]:
    """Yield lists of theorems, not replayed yet, that together show a statement: one list for each way that works."""
    tried = _Tried(reasons)
    ways = alternatives(statement)
    found: dict[str, dict[str, Any] | None] = {}
    for way, cases in enumerate(ways, 1):
        theorems: list[dict[str, Any]] = []
        for place, case in enumerate(cases, 1):
            now = time.monotonic()
            limit = deadline if way == len(ways) else now + FIRST_SHARE * (deadline - now)
            if key(case) not in found:
                found[key(case)] = _theorem(case, name, limit, tried)
            data = found[key(case)]
            if data is None:
                break
            theorems.append({**data, "name": f"{name}/{place}"} if len(cases) > 1 else data)
        else:
            yield theorems


def bundled(theorems: list[dict[str, Any]], reasons: list[str]) -> Outcome | None:
    """Return the certificate of theorems with what they cite, replayed by the kernel."""
    order: dict[str, dict[str, Any]] = {}
    for data in theorems:
        order.update({one["name"]: one for one in closure(data)})
    bundle = {"format": FORMAT, "version": VERSION, "theorems": list(order.values())}
    try:
        replayed = {one.name: one for one in replay(bundle)}
    except Rejected as error:
        reasons.append(f"the kernel refused a certificate: {error}")
        return None
    mine = [replayed[data["name"]] for data in theorems]
    if any(one.holes for one in mine):
        return None
    count = f"{len(mine)} theorem{'s' * (len(mine) > 1)}"
    return Outcome(bundle, "\n".join(one.statement for one in mine), count)


def _theorem(statement: Statement, name: str, deadline: float, tried: _Tried) -> dict[str, Any] | None:
    """Return a theorem with its proof as data, or None."""
    translation = Translation(statement)
    translation.hypotheses()
    goal = statement.goal
    if goal.kind == "exists":
        return prove_exists(statement, translation, partial(theorem, name), deadline, tried.reasons)
    if goal.kind == "false":
        return prove_false(translation, name, deadline, tried.reasons)
    try:
        facts = translation.facts(goal)
    except NoKernelForm as error:
        tried.reasons.append(f"{error} is not in the kernel's language")
        return None
    try:
        found = theorem(name, statement, translation, facts, deadline, tried.reasons)
        if found is None and time.monotonic() < deadline:
            new = introduced(translation, [])
            if new.steps:
                found = theorem(name, statement, translation, facts, deadline, tried.reasons, prelude=new.steps)
    except Rejected as error:
        tried.reasons.append(str(error))
        return None
    return found


def theorem(name: str, statement: Statement, translation: Translation | Entries, facts: list[str], deadline: float,
            reasons: list[str], stated: list[str] | None = None, exists: list[dict[str, Any]] | None = None,
            witness: dict[str, str] | None = None, prelude: Sequence[dict[str, Any]] = (),
            ) -> dict[str, Any] | None:  # fmt: skip
    """Return a theorem as data with a proof of all facts; `stated` are the goals if they differ (with what exists).

    The proof begins with the steps in `prelude`; what they cite may be used.
    """
    library = Library()
    scope = Scope(Context(), library, "s", fetch=lambda one: fetch(one, library))
    for item in translation.setup:
        add_item(scope.context, item)
    givens = list(translation.givens)
    for step in prelude:
        if step["rule"] == "cite":
            scope.fetch(step["theorem"])
            givens += step["as"].values()
        scope.add(step)
    done = []
    for place, text in enumerate(facts, 1):
        label = f"goal{place}"
        if not search(scope, givens, text, label, deadline, reasons):
            return None
        done.append(label)
    goals = [{"name": f"g{k}", "fact": text} for k, text in enumerate(stated or facts, 1)]
    data: dict[str, Any] = {
        "name": name, "title": "", "source": "", "setup": translation.setup, "goals": goals,
        "proof": prune(scope.steps, set(done)), "done": done,
    }  # fmt: skip
    if exists:
        data["exists"], data["witness"] = exists, witness or {}
    return data


def prove_at_shapes(statement: Statement, deadline: float) -> tuple[Outcome, tuple[str, ...]]:
    """Look for proofs with all sizes 1 or 2 (or those that are fixed), entry by entry; return these shapes.

    A shape at which no proof is found ends the search without a result: a proof for size 1 alone would say little.
    """
    names = [name for name in statement.sizes if name in statement.used()]
    theorems: list[dict[str, Any]] = []
    shapes: list[str] = []
    tried: list[str] = []
    ways = alternatives(statement)
    for values in product((1, 2), repeat=len(names)):
        shape = ", ".join(f"{name} = {value}" for name, value in zip(names, values, strict=True))
        if time.monotonic() > deadline or len(shapes) == MAX_SHAPES:
            break
        label = "claim" + "".join(f"/{name}-{value}" for name, value in zip(names, values, strict=True))
        sizes = dict(zip(names, values, strict=True))
        while ways:  # the way that worked for other sizes is the first
            cases: list[dict[str, Any]] = []
            for place, case in enumerate(ways[0], 1):
                now = time.monotonic()
                limit = deadline if len(ways) == 1 else now + FIRST_SHARE * (deadline - now)
                data = _in_entries(case, sizes, f"{label}/{place}", limit, tried)
                if data is None:
                    break
                cases.append(data)
            if len(cases) == len(ways[0]):
                break
            ways = ways[1:]
        if not ways:
            theorems = []
            break
        theorems += cases
        shapes.append(shape)
    if not theorems:
        return Outcome(None, "", "; ".join(dict.fromkeys(tried))[:300]), ()
    outcome = bundled(theorems, tried)
    return (outcome, tuple(shapes)) if outcome is not None else (Outcome(None, "", "; ".join(tried)[:300]), ())


def _in_entries(case: Statement, sizes: dict[str, int], label: str, deadline: float, tried: list[str],
                ) -> dict[str, Any] | None:  # fmt: skip
    """Return a theorem about entries as data, or None; what is assumed semidefinite has minors >= 0, or is factored."""
    if case.goal.kind == "false":
        try:
            entries = Entries(case, sizes)
            entries.hypotheses()
            return scalar_contradiction(label, entries.setup, deadline)
        except (NoKernelForm, Rejected) as error:
            tried.append(f"{error}")
            return None
    ways = [False]
    if any(part.kind in ("psd", "pd") for one in case.hypotheses for part in one.claim.walk()):
        ways.append(True)
    for factored in ways:
        limit = deadline if factored or len(ways) == 1 else min(deadline, time.monotonic() + MINORS)
        try:
            entries = Entries(case, sizes, factored)
            facts = entries.facts(case.goal)
            entries.hypotheses()
            data = theorem(label, case, entries, facts, limit, tried) if facts else None
        except (NoKernelForm, Rejected) as error:
            tried.append(f"{error}")
            continue
        if data is not None:
            return data
    return None


def contradiction(statement: Statement, deadline: float) -> Outcome:
    """Look for a proof that nothing satisfies the hypotheses."""
    return prove(with_goal(statement, Claim("<=", (number(1), number(0)))), deadline)
