"""Proofs of claims for all sizes: the engines and lemmas are tried in turn, the kernel replays what they find."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from itertools import product
from typing import Any

from symlora.claims.statement import Hypothesis, Statement, conjuncts
from symlora.claims.terms import Claim, number
from symlora.decide.absurd import prove_false
from symlora.decide.enrich import Enrichment
from symlora.decide.entries import Entries
from symlora.decide.existence import prove_exists
from symlora.decide.inverses import prove_unipotent
from symlora.decide.library import closure, fetch
from symlora.decide.linear import prove_by_squares
from symlora.decide.lower import prove_lower_rank
from symlora.decide.sos import about_numbers, prove_sum_of_squares
from symlora.decide.translate import NoKernelForm, Translation
from symlora.kernel.context import Context
from symlora.kernel.errors import Rejected
from symlora.kernel.facts import Fact, Relation, difference
from symlora.kernel.form import FORMAT, VERSION
from symlora.kernel.naturals import ONE
from symlora.kernel.printing import matrix_text, nat_text
from symlora.kernel.replay import Library, add_item, replay
from symlora.kernel.words import Matrix
from symlora.rules.nullstellensatz import contradiction as scalar_contradiction
from symlora.rules.order import prove_psd
from symlora.rules.pruning import prune
from symlora.rules.quantified import prove_body
from symlora.rules.scope import Scope

MAX_SHAPES = 8
FIRST = 1.0
"""Seconds for sums of squares before anything else, where a fact is about numbers alone."""
MINORS = 1.5
"""Seconds for a proof from principal minors where factors can be tried too."""


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
    for cases in alternatives(statement):
        theorems: list[dict[str, Any]] = []
        for place, case in enumerate(cases, 1):
            data = _theorem(case, f"{name}/{place}" if len(cases) > 1 else name, deadline, tried)
            if data is None:
                break
            theorems.append(data)
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


def alternatives(statement: Statement) -> list[list[Statement]]:
    """Return the ways in which a goal may be proved, each a list of statements that together imply it."""
    goal = statement.goal
    if goal.kind == "iff":
        left, right = goal.parts
        return [[_under(statement, left, right), _under(statement, right, left)]]
    if goal.kind == "implies":
        return [[_under(statement, *goal.parts)]]
    if goal.kind == "not" and goal.parts[0].kind == "exists":
        inner = goal.parts[0]
        more = replace(statement, letters={**statement.letters, **{x.name: x for x in inner.letters}})
        return [[_under(more, Claim("and", (), inner.parts), Claim("false"))]]
    if goal.kind == "or":
        return [[_with(statement, part)] for part in goal.parts]
    if goal.kind == "and" and any(part.kind in ("iff", "implies", "exists", "or") for part in conjuncts(goal)):
        found: list[list[Statement]] = [[]]
        for part in conjuncts(goal):
            found = [[*one, *more] for one in found for more in alternatives(_with(statement, part))]
        return found[:8]
    return [[statement]]


def _with(statement: Statement, goal: Claim) -> Statement:
    return replace(statement, goal=goal)


def _under(statement: Statement, condition: Claim, goal: Claim) -> Statement:
    more = [Hypothesis(part, "if") for part in conjuncts(condition)]
    return replace(statement, hypotheses=(*statement.hypotheses, *more), goal=goal)


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
        return theorem(name, statement, translation, facts, deadline, tried.reasons)
    except Rejected as error:
        tried.reasons.append(str(error))
        return None


def theorem(name: str, statement: Statement, translation: Translation | Entries, facts: list[str], deadline: float,
            reasons: list[str], stated: list[str] | None = None, exists: list[dict[str, Any]] | None = None,
            witness: dict[str, str] | None = None) -> dict[str, Any] | None:  # fmt: skip
    """Return a theorem as data with a proof of all facts; `stated` are the goals if they differ (with what exists)."""
    library = Library()
    scope = Scope(Context(), library, "s", fetch=lambda one: fetch(one, library))
    for item in translation.setup:
        add_item(scope.context, item)
    done = []
    for place, text in enumerate(facts, 1):
        label = f"goal{place}"
        if not search(scope, translation.givens, text, label, deadline, reasons):
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
    for values in product((1, 2), repeat=len(names)):
        shape = ", ".join(f"{name} = {value}" for name, value in zip(names, values, strict=True))
        if time.monotonic() > deadline or len(shapes) == MAX_SHAPES:
            break
        label = "claim" + "".join(f"/{name}-{value}" for name, value in zip(names, values, strict=True))
        cases: list[dict[str, Any] | None] = []
        for place, case in enumerate(alternatives(statement)[0], 1):
            sizes = dict(zip(names, values, strict=True))
            cases.append(_in_entries(case, sizes, f"{label}/{place}", deadline, tried))
        if None in cases:
            theorems = []
            break
        theorems += [data for data in cases if data is not None]
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
    return prove(_with(statement, Claim("<=", (number(1), number(0)))), deadline)


def search(scope: Scope, givens: list[str], text: str, label: str, deadline: float, reasons: list[str]) -> bool:
    """Prove one fact in a scope by the engines, with more and more lemmas; return whether it was proved."""
    fact = scope.context.read(text)

    def late() -> bool:
        return time.monotonic() > deadline

    more = Enrichment(scope, givens, scope.fetch, late)
    body = fact.body

    def engines() -> bool:
        if more.attempt(lambda: prove_body(scope, body, more.names, label)):
            return True
        if body.kind == "psd":
            return more.attempt(lambda: prove_by_squares(scope, body, more.names, label))
        return False

    blocks = body.kind == "nonsingular" and body.sides[0].rows != ONE and any(name.endswith(".g1") for name in givens)
    if blocks and prove_unipotent(scope, more, body, label):
        return True
    if about_numbers(body) and prove_sum_of_squares(scope, more, body, label, min(deadline, time.monotonic() + FIRST)):
        return True
    stages: list[Callable[[], object]] = [
        lambda: None,
        more.hypotheses,
        lambda: _terms(more, fact),
    ]
    for stage in stages:
        before = len(more.names)
        stage()
        if late():
            break
        if (stage is stages[0] or len(more.names) > before) and engines():
            return True
    if not late() and _both_ways(scope, more, body, label):
        return True
    if not late() and body.kind == "nonsingular" and body.sides[0].rows == ONE and _positive(scope, more, body, label):
        return True
    if not late() and body.kind == "psd" and _inequality(scope, more, body, label):
        return True
    if not late() and (prove_lower_rank(scope, more, body, label) or prove_unipotent(scope, more, body, label)):
        return True
    if not late() and prove_sum_of_squares(scope, more, body, label, deadline):
        return True
    reasons.append(f"no proof of {text} from {len(more.names)} facts")
    return False


def _terms(more: Enrichment, fact: Fact) -> None:
    more.terms(fact)
    more.congruences(fact)
    if fact.body.kind in ("<=", "=="):
        found: dict[Matrix, None] = {}
        relations = [fact.body, *(more.fact(name).body for name in more.givens)]
        for relation in relations:
            if relation.kind in ("<=", "=="):
                for side in relation.sides:
                    for monomial, _ in side:
                        found.update({args[0]: None for head, args in monomial if head == "rank"})
        more.ranks(list(found))


def _both_ways(scope: Scope, more: Enrichment, body: Relation, label: str) -> bool:
    """Prove an equation between scalars as two inequalities."""
    if body.kind != "=" or body.sides[0].rows != ONE or body.sides[0].cols != ONE:
        return False
    left, right = body.sides
    names = []
    for a, b in ((left, right), (right, left)):
        name = scope.name()
        goal = scope.context.read(f"psd({matrix_text(b)} - {matrix_text(a)})").body
        if not _inequality(scope, more, goal, name):
            return False
        names.append(name)
    scope.fetch("matrix/order-antisymmetric")

    def step() -> None:
        scope.cite("matrix/order-antisymmetric", {}, {"a": matrix_text(left), "b": matrix_text(right)}, names, [label])

    return more.attempt(step)


def _positive(scope: Scope, more: Enrichment, body: Relation, label: str) -> bool:
    """Prove that a scalar is not 0 because it, or its negative, is at least a positive scalar."""
    known = [(name, more.fact(name).body) for name in more.names]
    for regular, fact in known:
        if fact.kind != "nonsingular" or fact.sides[0].rows != ONE:
            continue
        p = fact.sides[0]
        sign = next((name for name, other in known if other.kind == "psd" and other.sides[0] == p), None)
        if sign is None:
            continue
        above = scope.name()
        (r,) = body.sides
        goal = scope.context.read(f"psd({matrix_text(r)} - ({matrix_text(p)}))").body
        if _inequality(scope, more, goal, above):
            scope.fetch("claims/positive")

            values = {"p": matrix_text(p), "r": matrix_text(r)}

            def step(values: dict[str, str] = values, facts: tuple[str, ...] = (sign, regular, above)) -> None:
                scope.cite("claims/positive", {}, values, list(facts), [label])

            if more.attempt(step):
                return True
    return False


def _inequality(scope: Scope, more: Enrichment, goal: Relation, name: str) -> bool:
    """Prove psd(M) by squares, with products of inequalities or the least bound of a norm if need be."""

    def attempt() -> bool:
        return more.attempt(lambda: prove_by_squares(scope, goal, more.names, name))

    return (
        attempt()
        or (_products(scope, more, goal) and attempt())
        or (_least_norm(scope, more, goal) and attempt())
        or _cut(scope, more, goal, name)
    )


def _cut(scope: Scope, more: Enrichment, goal: Relation, name: str) -> bool:
    """Prove psd(M) because M is a block of a matrix that is known to be semidefinite."""
    (m,) = goal.sides
    heads = [head for one in more.givens if one.endswith(".g1") for head in one.removesuffix(".g1").split("-")]
    for q in map(scope.context.matrix, heads):
        for fact in more.givens:
            body = more.fact(fact).body
            if body.kind == "psd" and q.cols == m.rows and q.rows == body.sides[0].rows:
                square = (Fraction(1), q, fact)
                if more.attempt(lambda s=square: prove_psd(scope, goal, [s], more.names, name)):  # type: ignore[misc]
                    return True
    return False


def _products(scope: Scope, more: Enrichment, body: Relation) -> bool:
    """Add products of known inequalities between scalars with known nonnegative scalars."""
    if body.kind != "psd" or body.sides[0].rows != ONE:
        return False
    known = [(name, more.fact(name).body) for name in more.names]
    scalars = [(name, b.sides[0]) for name, b in known if b.kind == "psd" and b.sides[0].rows == ONE]
    wanted = {loop for (loops, _), _ in body.sides[0].terms for loop in loops}
    signs = [(name, m) for name, m in scalars if len(m.terms) == 1]
    signs.sort(key=lambda item: not wanted.intersection(item[1].terms[0][0][0]))
    others = sorted(scalars, key=lambda item: (len(item[1].terms) == 1, len(item[1].terms)))
    for sign, c in signs[:5]:
        for other, p in others[:12]:
            if other != sign:
                more.cite("axiom/multiple", {"n": ONE}, {"c": c, "P": p}, (sign, other))
    return True


def _least_norm(scope: Scope, more: Enrichment, body: Relation) -> bool:
    """For ``norm2(X) <= t``: show that t >= 0 and t^2 - X'X is semidefinite, then use that the norm is least."""
    if body.kind != "psd" or body.sides[0].rows != ONE:
        return False
    m = difference(body)
    for (loops, word), c in m.terms:
        if c != -1 or word or len(loops) != 1 or len(loops[0]) != 1 or loops[0][0].head != "norm2":
            continue
        x: Matrix = loops[0][0].args[0]
        text = f"norm2({matrix_text(x)})"
        bound = f"({matrix_text(m)} + {text})"
        sign, square = scope.name(), scope.name()
        first = scope.context.read(f"psd({bound})").body
        second = scope.context.read(
            f"psd({bound}*{bound}*eye({_size(x)}) - ({matrix_text(x)})'*({matrix_text(x)}))"
        ).body
        if not more.attempt(lambda g=first, n=sign: prove_by_squares(scope, g, more.names, n)):  # type: ignore[misc]
            continue
        if not (
            more.attempt(lambda g=second, n=square: prove_by_squares(scope, g, more.names, n))  # type: ignore[misc]
            or more.attempt(lambda g=second, n=square: prove_body(scope, g, more.names, n))  # type: ignore[misc]
        ):
            continue
        t = scope.context.matrix(bound)
        return bool(more.cite("axiom/norm-least", {"m": x.rows, "n": x.cols}, {"M": x, "t": t}, (sign, square)))
    return False


def _size(x: Matrix) -> str:
    return nat_text(x.cols)
