"""That nothing satisfies the hypotheses, for all sizes: bounds for ranks, traces of equations, and squares."""

from __future__ import annotations

import time
from typing import Any

from symlora.decide.enrich import Enrichment
from symlora.decide.library import fetch
from symlora.decide.linear import prove_by_squares
from symlora.decide.translate import Translation
from symlora.kernel import naturals
from symlora.kernel.context import Context
from symlora.kernel.naturals import ONE
from symlora.kernel.printing import matrix_text
from symlora.kernel.replay import Library, add_item
from symlora.kernel.words import Matrix
from symlora.rules.algebra import prove_equation
from symlora.rules.pruning import prune
from symlora.rules.ranges import Ranges
from symlora.rules.rank import prove_rank
from symlora.rules.scope import Scope

Theorem = dict[str, Any]


def prove_false(translation: Translation, name: str, deadline: float, reasons: list[str]) -> Theorem | None:
    """Return a theorem as data whose goal is ``1 = 0``, or None."""
    if not any("given" in item for item in translation.setup):
        return None
    library = Library()
    scope = Scope(Context(), library, "s", fetch=lambda one: fetch(one, library))
    for item in translation.setup:
        add_item(scope.context, item)
    more = Enrichment(scope, translation.givens, scope.fetch, lambda: time.monotonic() > deadline)
    for attempt in (_equation, _ranks, _traces, _strict):
        if time.monotonic() < deadline and attempt(scope, more, translation):
            return {
                "name": name, "title": "", "source": "", "setup": translation.setup,
                "goals": [{"name": "g1", "fact": "1 = 0"}], "proof": prune(scope.steps, {"false"}), "done": ["false"],
            }  # fmt: skip
    reasons.append(f"no contradiction from {len(more.names)} facts")
    return None


def _equation(scope: Scope, more: Enrichment, translation: Translation) -> bool:
    more.hypotheses()
    goal = scope.context.read("1 = 0").body
    return more.attempt(lambda: prove_equation(scope, goal, more.names, "false"))


def _ranks(scope: Scope, more: Enrichment, translation: Translation) -> bool:
    """Contradict bounds for the ranks of both sides of the equations."""
    found: dict[Matrix, None] = {}
    for name in list(more.givens):
        body = more.fact(name).body
        if body.kind == "=":
            left, right = body.sides
            more.cite("axiom/rank-congruence", {"m": left.rows, "n": left.cols}, {"M": left, "N": right}, (name,))
            found.update({left: None, right: None})
    more.ranks(list(found))
    goal = scope.context.read("1 <= 0").body
    if not more.attempt(lambda: prove_rank(scope, goal, more.names, "below")):
        return False
    return _absurd(scope)


def _absurd(scope: Scope) -> bool:
    scope.add({"rule": "absurd", "of": "below", "fact": "1 = 0", "as": "false"})
    return True


def _traces(scope: Scope, more: Enrichment, translation: Translation) -> bool:
    """Prove ``psd(-1)`` from traces of the equations, squares, and sizes that are at least 1."""
    for fact in list(more.givens):
        body = more.fact(fact).body
        if body.kind == "=" and body.sides[0].rows == body.sides[0].cols != ONE:
            left, right = body.sides
            more.cite("axiom/trace-congruence", {"n": left.rows}, {"M": left, "N": right}, (fact,))
    for item in translation.setup:
        if "natural" in item:
            _size_as_scalar(scope, more, item["natural"])
        elif "matrix" in item:
            m = scope.context.matrix(item["matrix"])
            if m.rows != ONE or m.cols != ONE:
                more.cite("claims/square-sign", {"m": m.rows, "n": m.cols}, {"M": m})
    goal = scope.context.read("psd(-1)").body
    return more.attempt(lambda: prove_by_squares(scope, goal, more.names, "below")) and _absurd(scope)


def _strict(scope: Scope, more: Enrichment, translation: Translation) -> bool:
    """Contradict ``0 < c`` by ``c <= 0``."""
    bodies = [(name, more.fact(name).body) for name in more.givens]
    regular = {body.sides[0]: name for name, body in bodies if body.kind == "nonsingular"}
    for name, body in bodies:
        if body.kind != "psd" or body.sides[0].rows != ONE or body.sides[0] not in regular:
            continue
        (c,) = body.sides
        text = matrix_text(c)
        goal = scope.context.read(f"psd(-({text}))").body
        if not more.attempt(lambda goal=goal: prove_by_squares(scope, goal, more.names, "below")):  # type: ignore[misc]
            continue
        labels = [scope.name(), scope.name(), scope.name()]
        scope.cite("axiom/antisymmetric", {"n": "1"}, {"P": text}, [name, "below"], labels[:1])
        scope.cite("axiom/inverse", {"n": "1"}, {"M": text}, [regular[c]], labels[1:])
        by = [[f"inv({text})", labels[0], "1"], ["-1", labels[1], "1"]]
        scope.add({"rule": "eq", "fact": "1 = 0", "by": by, "as": "false"})
        return True
    return False


def _size_as_scalar(scope: Scope, more: Enrichment, size: str) -> None:
    """Add ``0 <= nat(n - 1)`` for a size, and ``0 <= nat(n)``."""
    for value in (naturals.minus(naturals.atom(size), ONE), naturals.atom(size)):
        proof = Ranges(scope).nonnegative(value)
        if proof is not None:
            label = scope.name()
            text = {"n": size if value == naturals.atom(size) else f"{size} - 1"}
            scope.cite("axiom/natural-scalar", text, {}, [], [label], natural={"n": proof} if proof else {})
            more.names.append(label)
            return
