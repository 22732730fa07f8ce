"""A proof of a theorem without some of its givens: the old one where it does not need them, or a mended one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from symlora.kernel.errors import Rejected
from symlora.kernel.facts import Fact, Relation
from symlora.kernel.replay import Library, Theorem, state
from symlora.proof.errors import ProofError
from symlora.proof.narrowing import replays, without
from symlora.proof.uses import Reading, direct
from symlora.rules.nonsingular import GUESS, prove_nonsingular
from symlora.rules.pruning import prune
from symlora.rules.quantified import prove_fact
from symlora.rules.scope import Scope, Step

MOST_FACTS = 16
Attempt = Callable[[Callable[[], bool]], bool]
"""Runs one attempt of an engine, within a limit of time; a stopped attempt has failed."""


class Repair:
    """Looks for proofs of one theorem without some of its givens; `tried` says what was done.

    `attempt` bounds the engines, `fetch` brings in theorems that they want to cite.
    """

    def __init__(self, data: dict[str, Any], library: Library, reading: Reading, attempt: Attempt,
                 fetch: Callable[[str, Library], None]) -> None:  # fmt: skip
        self.data, self.library, self.reading = data, library, reading
        self.attempt, self.fetch = attempt, fetch
        self.tried: list[str] = []

    def proof(self, names: Sequence[str]) -> tuple[dict[str, Any], str] | None:
        """Return a theorem without these givens that the kernel accepts, and how it was found, or None.

        The statement is otherwise the same. Three ways are tried: the proof as it is, the givens derived from the
        others, and new proofs of the steps that used them.
        """
        self.tried = ["the proof as it is"]
        plain = without(self.data, self.reading, names)
        if replays(plain, self.library) is not None:
            return plain, "the proof replays without it"
        for how, build in (
            ("from the other givens", self._derived),
            ("with new proofs of the steps that used it", self._mended),
        ):
            self.tried.append(how)
            found = build(names)
            if found is not None and self._accepted(found, names) is not None:
                return found, f"proved {how}"
        return None

    def _accepted(self, data: dict[str, Any], names: Sequence[str]) -> Theorem | None:
        """Return the theorem if the kernel replays it, without holes, with the statement that is due."""
        theorem = replays(data, self.library)
        kept = [item for item in self.data["setup"] if item.get("given", item.get("as")) not in names]
        same = data["setup"] == kept and data["goals"] == self.data["goals"]
        return theorem if theorem is not None and same and not theorem.holes else None

    def _start(self, names: Sequence[str]) -> tuple[Scope, list[str]] | None:
        """Return a scope with the statement without these givens, and the names of the facts that are left."""
        setup = [item for item in self.data["setup"] if item.get("given", item.get("as")) not in names]
        try:
            context, stated = state({**self.data, "setup": setup})
        except Rejected:
            return None
        return Scope(context, self.library, "without", fetch=lambda one: self.fetch(one, self.library)), list(
            stated.givens
        )

    def _derived(self, names: Sequence[str]) -> dict[str, Any] | None:
        """Return the theorem with the dropped givens as first steps of the proof, proved from the others."""
        start = self._start(names)
        if start is None or any(name not in self.reading.stated.givens for name in names):
            return None
        scope, known = start
        for name in names:
            if not self._proved(scope, self.reading.stated.givens[name], known, name):
                return None
            known.append(name)
        return self._finished(scope, names, [*scope.steps, *self.data["proof"]], self.data["done"])

    def _mended(self, names: Sequence[str]) -> dict[str, Any] | None:
        """Return the theorem with new proofs of the steps that the kernel no longer accepts."""
        start = self._start(names)
        if start is None or self.data.get("exists"):
            return None
        scope, known = start
        for node in self.reading.proof.nodes:
            try:
                scope.add(node.step)
            except Rejected:
                self._again(scope, node.step, node.names, node.live, known)
        done = []
        for place, (goal, old) in enumerate(zip(self.reading.stated.goals.items(), self.data["done"], strict=True)):
            if old not in scope.context.facts:
                old = f"without.goal{place}"
                if not self._proved(scope, goal[1], self._near(scope, known), old):
                    return None
            done.append(old)
        return self._finished(scope, names, scope.steps, done)

    def _again(self, scope: Scope, step: Step, made: Iterable[str], live: bool, known: Sequence[str]) -> None:
        """Prove what a step made by the engines, as far as they can; what is left out may not be needed."""
        if not live:
            return
        facts = self.reading.proof.context.facts
        used = [name for name, _ in direct(step) if name in scope.context.facts]
        for name in made:
            if name in facts and name not in scope.context.facts:
                offers = list(dict.fromkeys([*used, *self._near(scope, known)]))
                self._proved(scope, facts[name], offers, name)

    def _near(self, scope: Scope, known: Sequence[str]) -> list[str]:
        """Return the givens that are left, then the user's own steps, at most so many."""
        steps = [name for name in scope.context.facts if "." not in name and name not in known]
        return [*known, *steps][:MOST_FACTS]

    def _proved(self, scope: Scope, fact: Fact, names: Sequence[str], name: str) -> bool:
        """Add a fact to a scope if an engine proves it; otherwise leave the scope as it was."""
        count, before = len(scope.steps), set(scope.context.facts)

        def engine() -> bool:
            try:
                if prove_fact(scope, fact, list(names), name) is None:
                    return True
                return not fact.hints and not fact.conditions and _by_inverse(scope, fact.body, names, name)
            except (Rejected, ProofError, KeyError, ValueError, RecursionError):
                return False

        if self.attempt(engine) and name in scope.context.facts:
            return True
        del scope.steps[count:]
        for new in [one for one in scope.context.facts if one not in before]:
            del scope.context.facts[new]
        return False

    def _finished(self, scope: Scope, names: Sequence[str], steps: list[Step], done: Sequence[str]) -> dict[str, Any]:
        setup = [item for item in self.data["setup"] if item.get("given", item.get("as")) not in names]
        return {**self.data, "setup": setup, "proof": prune(steps, set(done)), "done": list(done)}


def _by_inverse(scope: Scope, body: Relation, names: Sequence[str], name: str) -> bool:
    """Prove that a matrix is nonsingular with one of the matrices of its shape in scope as its inverse."""
    if body.kind != "nonsingular":
        return False
    (m,) = body.sides
    shape = m.rows, m.cols
    plain = [
        one for one, symbol in scope.context.symbols.items()
        if symbol.kind == "matrix" and not symbol.arity and (symbol.rows, symbol.cols) == shape
    ]  # fmt: skip
    return any(prove_nonsingular(scope, body, one, names, name, GUESS) is None for one in plain[:MOST_FACTS])
