"""Proofs by activation patterns: the kernel splits on which part of a pair is 0, each leaf is linear arithmetic.

A pair p, q >= 0 with p q = 0 stands for a ReLU. The step `cases` on ``rank(p) <= 0`` gives p = 0 on one side, and on
the other, where p has an inverse, q = 0. Where a sign needs no cases, no cases are made.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from symlora.claims.statement import Hypothesis, Statement, conjuncts, definedness
from symlora.decide.biases import with_biases
from symlora.decide.cases import alternatives
from symlora.decide.leaves import Leaves, OutOfLeaves
from symlora.decide.library import fetch
from symlora.decide.monomials import Zeros, letters_of
from symlora.decide.prove import MAX_SHAPES, Outcome, bundled
from symlora.decide.rectified import Pair, Rectified
from symlora.decide.translate import NoKernelForm, Translation
from symlora.kernel import words
from symlora.kernel.context import Context
from symlora.kernel.errors import Rejected
from symlora.kernel.facts import Relation, difference
from symlora.kernel.printing import matrix_text, relation_text
from symlora.kernel.replay import Library, add_item
from symlora.kernel.words import Letter
from symlora.rules.pruning import prune
from symlora.rules.scope import Scope, Step


class Patterns(Leaves):
    """The proof of goals by cases on the pairs of a claim; `closed` counts the leaves."""

    def __init__(self, scope: Scope, givens: Iterable[str], pairs: Sequence[Pair], deadline: float,
                 points: Iterable[Letter]) -> None:  # fmt: skip
        super().__init__(scope, givens, pairs, deadline)
        self.points = set(points)
        self.zeros: Zeros = {}
        self.closed = 0

    def settle(self) -> None:
        """Prove, for each pair, that one part is 0 if that needs no cases."""
        for pair in self.pairs:
            for off, other, names in ((pair.q, pair.p, pair.names), (pair.p, pair.q, pair.names)):
                if pair.p in self.zeros or pair.q in self.zeros:
                    break
                name = self.scope.name()
                goal = self.scope.context.read(f"{matrix_text(words.letter(off))} = 0").body
                zero = self.scope.name()
                inside = {**self.zeros, other: zero}
                left = self.leaf(goal, inside, name) or self.contradiction(relation_text(goal), inside, name)
                if left is not None:
                    self.scope.add(self._split(other, off, names[1], goal, zero, left, name, None))
                    self.zeros[off] = name

    def prove(self, goal: Relation, label: str) -> bool:
        """Add a goal as fact `label`; return whether it was proved. Raises `OutOfLeaves`."""
        steps = self._tree(goal, self.zeros, self._relevant(goal), label)
        if steps is None:
            return False
        for step in steps:
            self.scope.add(step)
        return True

    def _relevant(self, goal: Relation) -> list[Pair]:
        """Return the pairs on which the goal depends, inner ones first, then the others, those of weights last."""
        seen: set[Letter] = set(letters_of(difference(goal)))
        chosen: list[Pair] = []
        for pair in reversed(self.pairs):
            if pair.p in seen or pair.q in seen:
                chosen.insert(0, pair)
                seen |= set(letters_of(pair.t))
        moving = set(self.points)
        for pair in self.pairs:
            if moving.intersection(letters_of(pair.t)):
                moving |= {pair.p, pair.q}
        ordered = [*chosen, *(pair for pair in self.pairs if pair not in chosen)]
        return sorted(ordered, key=lambda pair: bool(moving) and pair.p not in moving)

    def _tree(self, goal: Relation, zeros: Zeros, pairs: list[Pair], label: str) -> list[Step] | None:
        steps = self.leaf(goal, zeros, label)
        if steps is None:
            steps = self.contradiction(relation_text(goal), zeros, label)
        if steps is not None:
            self.closed += 1
            return steps
        left = [pair for pair in pairs if pair.p not in zeros and pair.q not in zeros]
        if not left:
            return None
        pair, rest = left[0], left[1:]
        first, second = self.scope.name(), self.scope.name()
        down = self._tree(goal, {**zeros, pair.p: first}, rest, label)
        up = None if down is None else self._tree(goal, {**zeros, pair.q: second}, rest, label)
        if down is None or up is None:
            return None
        return [self._split(pair.p, pair.q, pair.names[1], goal, first, down, label, (second, up))]

    def _split(self, p: Letter, q: Letter, product_fact: str, goal: Relation, zero: str, left: list[Step], label: str,
               right: tuple[str, list[Step]] | None) -> Step:  # fmt: skip
        """Return the step that proves a goal where p = 0, and where q = 0; without `right` the goal is ``q = 0``."""
        low, high, inverse = self.scope.name(), self.scope.name(), self.scope.name()
        one, other = matrix_text(words.letter(p)), matrix_text(words.letter(q))
        other_zero, more = right or (label, [])
        sizes = {"m": "1", "n": "1"}
        down = [self.cited("matrix/zero-rank", {"M": one}, [low], [zero], **sizes), *left]
        up = [
            self.cited("matrix/scalar-inverse", {"c": one}, [high], [inverse]),
            {"rule": "eq", "fact": f"{other} = 0",
             "by": [[f"-{other}", inverse, "1"], [f"inv({one})", product_fact, "1"]], "as": other_zero},
            *more,
        ]  # fmt: skip
        return {
            "rule": "cases", "on": f"rank({one}) <= 0", "fact": relation_text(goal), "assume": [low, high],
            "left": {"steps": down, "done": [label]}, "right": {"steps": up, "done": [label]}, "as": label,
        }  # fmt: skip


def prove_by_patterns(statement: Statement, deadline: float) -> tuple[Outcome, tuple[str, ...]]:
    """Look for proofs with all sizes 1 or 2 (or those that are fixed), by activation patterns; return these shapes.

    >>> from symlora.claims.statement import read
    >>> claim = read("for all x: 2 in box(-1, 1): relu([1, 2] x + 3) = [1, 2] x + 3")
    >>> prove_by_patterns(claim, time.monotonic() + 20)[0].detail
    '1 theorem, 1 leaf of activation patterns'
    """
    for one, text in with_biases(statement):
        outcome, at = prove_by_patterns(one, deadline)
        return replace(outcome, detail=f"with {text}: {outcome.detail}"), at
    names = [name for name in statement.sizes if name in statement.used()]
    theorems: list[dict[str, Any]] = []
    shapes: list[str] = []
    leaves = 0
    for values in list(product((1, 2), repeat=len(names)))[:MAX_SHAPES]:
        sizes = dict(zip(names, values, strict=True))
        label = "claim" + "".join(f"/{name}-{value}" for name, value in sizes.items())
        shape = ", ".join(f"{name} = {value}" for name, value in sizes.items())
        for place, case in enumerate(alternatives(statement)[0], 1):
            try:
                found, count = _theorem(case, sizes, f"{label}/{place}", deadline)
            except (NoKernelForm, Rejected) as error:
                return Outcome(None, "", f"{error}"), ()
            leaves += count
            if found is None:
                late = "stopped by the time" if time.monotonic() > deadline else "another one was not proved"
                at_shape = f" at {shape}" if shape else ""
                return Outcome(None, "", f"{_counted(leaves)} closed{at_shape}, {late}"), ()
            theorems.append(found)
        shapes.append(shape)
    reasons: list[str] = []
    proved = bundled(theorems, reasons)
    if proved is None:
        return Outcome(None, "", "; ".join(reasons)[:300]), ()
    return Outcome(proved.bundle, proved.statement, f"{proved.detail}, {_counted(leaves)}"), tuple(shapes)


def no_scalars(statement: Statement, deadline: float) -> Outcome:
    """Look for a proof, for all sizes, that what the hypotheses say of scalars is contradictory, as for an empty box.

    >>> from symlora.claims.statement import read
    >>> no_scalars(read("for all x: n in box(1, -1): x = 0"), time.monotonic() + 5).detail
    '1 theorem'
    """
    entries = Translation(statement)
    entries.hypotheses()
    scope = with_setup(entries)
    fact = "1 <= 0"
    try:
        steps = Leaves(scope, entries.givens, [], deadline).contradiction(fact, {}, "goal1")
        for step in steps or []:
            scope.add(step)
    except (OutOfLeaves, Rejected):
        steps = None
    if steps is None:
        return Outcome(None, "", "no contradiction between scalars")
    data = stated("claim", entries, scope, [fact], ["goal1"])
    return bundled([data], []) or Outcome(None, "", "refused by the kernel")


def with_setup(entries: Translation | Rectified) -> Scope:
    """Return a scope with what a setup declares and assumes."""
    library = Library()
    scope = Scope(Context(), library, "s", fetch=lambda one: fetch(one, library))
    for item in entries.setup:
        add_item(scope.context, item)
    return scope


def stated(label: str, entries: Translation | Rectified, scope: Scope, facts: list[str], done: list[str],
          ) -> dict[str, Any]:  # fmt: skip
    """Return a theorem as data."""
    return {
        "name": label, "title": "", "source": "", "setup": entries.setup,
        "goals": [{"name": f"g{k}", "fact": text} for k, text in enumerate(facts, 1)],
        "proof": prune(scope.steps, set(done)), "done": done,
    }  # fmt: skip


def _counted(leaves: int) -> str:
    return f"{leaves} lea{'f' if leaves == 1 else 'ves'} of activation patterns"


def _theorem(case: Statement, sizes: dict[str, int], label: str, deadline: float) -> tuple[dict[str, Any] | None, int]:
    """Return a theorem as data, or None, and the number of leaves."""
    while case.goal.kind == "forall":
        if any(x.name in case.letters or x.name in case.sizes or x.kind == "natural" for x in case.goal.letters):
            raise NoKernelForm("for all with a name in use")
        if any(True for part in case.goal.parts for _ in definedness(part, case.sizes)):
            raise NoKernelForm("for all over what may have no value")
        more = [Hypothesis(part, "if") for limit in case.goal.parts[1:] for part in conjuncts(limit)]
        case = replace(case, letters={**case.letters, **{x.name: x for x in case.goal.letters}},
                       hypotheses=(*case.hypotheses, *more), goal=case.goal.parts[0])  # fmt: skip
    entries = Rectified(case, sizes)
    facts = list(dict.fromkeys(entries.facts(case.goal)))
    entries.hypotheses()
    scope = with_setup(entries)
    goals = [scope.context.read(text).body for text in facts]
    tree = Patterns(scope, entries.givens, entries.made(), deadline, entries.points())
    done = []
    try:
        tree.enrich([difference(goal) for goal in goals])
        tree.settle()
        for place, goal in enumerate(goals, 1):
            if not tree.prove(goal, f"goal{place}"):
                return None, tree.closed
            done.append(f"goal{place}")
    except OutOfLeaves:
        return None, tree.closed
    return stated(label, entries, scope, facts, done), tree.closed
