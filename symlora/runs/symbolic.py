"""The facts of a proof at one choice of sizes, all entries of its matrices being indeterminates.

Definitions of the statement and of the proof are unfolded, loops run over their indices. What a citation says to exist,
and what is chosen one after another, is no function of the entries here: facts about it are not decided.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from symlora.domains.execution import Bring, Check, Choose, Define, Either, Loop, Operation, Program, checks
from symlora.domains.ground import Graph, Indices, Scope, Unassigned, Unmeasured
from symlora.domains.identities import Decided, decide_equation
from symlora.domains.polynomial import Limits, NotPolynomial
from symlora.domains.rational import NaturalFamily
from symlora.domains.sampling import about_naturals
from symlora.domains.setup import Definition, Setup
from symlora.kernel.facts import Fact

LIMITS = Limits(indeterminates=200, work=4_000_000, exponents=100_000_000, inverted=6, instances=200)
"""Bounds for one fact: less than a second each."""


@dataclass(frozen=True)
class Symbolic:
    """What became of the fact at `path` at these values of the indices around it.

    `state` is that of `Decided`, or ``naturals`` for a relation between naturals, which has no entries and holds.
    """

    path: str
    at: dict[str, int]
    state: str
    reason: str = ""
    instances: int = 0
    indeterminates: int = 0
    witness: Mapping[str, Any] | None = None


def decide_all(code: Program, sizes: Mapping[str, int], families: Mapping[str, NaturalFamily]) -> Iterator[Symbolic]:
    """Yield what becomes of each fact of a proof, in order; `sizes` and `families` give every natural."""
    yield from _Walk(families).body(code.body, code.setup, dict(sizes), {}, assumed=False)


def _opaque(name: str, why: str) -> Definition:
    def function(indices: Indices, rows: int, cols: int) -> Any:
        raise NotPolynomial(f"{name} is {why}")

    return Definition(function=function)


class _Walk:
    """One walk through a proof."""

    def __init__(self, families: Mapping[str, NaturalFamily]) -> None:
        self.families = families

    def scope(self, setup: Setup, sizes: Mapping[str, int]) -> Scope:
        def natural(name: str, indices: Indices) -> int:
            if not indices and name in sizes:
                return sizes[name]
            family = self.families.get(name)
            if family is None:
                raise Unassigned(name, indices)
            return family(indices) if callable(family) else family.get(indices, 0)

        return Scope(Graph(), natural, max(sizes.values(), default=0), setup.definitions)

    def body(self, body: Sequence[Operation], setup: Setup, sizes: dict[str, int], local: dict[str, int],
             assumed: bool) -> Iterator[Symbolic]:  # fmt: skip
        """Yield what becomes of the facts of a block; `assumed` says that hypotheses hold which entries may break."""
        for operation in body:
            if isinstance(operation, Check):
                yield self.fact(operation, setup, sizes, local, assumed)
            elif isinstance(operation, Define):
                setup = _with(setup, operation.definitions)
            elif isinstance(operation, Bring):
                names = operation.new.values()
                setup = _with(setup, {name: _opaque(name, "what a citation says to exist") for name in names})
            elif isinstance(operation, Choose):
                why = "chosen one index after another"
                setup = _with(setup, {name: _opaque(name, why) for name in operation.start})
                yield from self.choice(operation, setup, sizes, local)
            elif isinstance(operation, Either):
                for guard, side, _ in operation.sides:
                    yield from self.loop(Loop((), _always(guard), (), side), setup, sizes, local, assumed)
                why = "made by a distinction of cases"
                setup = _with(setup, {name: _opaque(name, why) for name in operation.sides[0][2]})
            else:
                yield from self.loop(operation, setup, sizes, local, assumed)

    def loop(self, loop: Loop, setup: Setup, sizes: dict[str, int], local: dict[str, int], assumed: bool,
             ) -> Iterator[Symbolic]:  # fmt: skip
        """Yield what becomes of the facts of a loop at each of its indices."""
        try:
            values = list(self.scope(setup, sizes).ranges(loop.range, []))
        except (Unmeasured, NotPolynomial):
            for check in checks(loop.body):
                yield Symbolic(check.path, local, "not-applicable", "its range depends on the rank of a matrix")
            return
        for indices in values:
            here = dict(zip(loop.names, indices, strict=True))
            inner = assumed or bool(loop.assumed)
            yield from self.body(loop.body, setup, {**sizes, **here}, {**local, **here}, inner)

    def choice(self, choose: Choose, setup: Setup, sizes: dict[str, int], local: dict[str, int]) -> Iterator[Symbolic]:
        """Yield what becomes of the facts at each index of a choice."""
        scope = self.scope(setup, sizes)
        for value in range(scope.number(choose.first, {}), scope.number(choose.last, {})):
            here = {choose.index: value}
            yield from self.body(choose.body, setup, {**sizes, **here}, {**local, **here}, True)

    def fact(self, check: Check, setup: Setup, sizes: dict[str, int], local: dict[str, int], assumed: bool) -> Symbolic:
        """Return what becomes of one fact."""
        if about_naturals(check.fact):
            about_ranks = Symbolic(check.path, local, "not-applicable", "it speaks of the rank of a matrix")
            try:
                found = list(self.scope(setup, sizes).instances(check.fact, []))
            except (Unmeasured, NotPolynomial):
                return about_ranks
            if any(one.nodes for one in found):
                return about_ranks
            state = "naturals" if all(one.true for one in found) else "fails"
            return Symbolic(check.path, local, state, "a relation between naturals", len(found))
        decided = decide_equation(setup, check.fact, sizes, self.families, LIMITS)
        return _told(check.path, local, decided, assumed)


def _told(path: str, local: dict[str, int], decided: Decided, assumed: bool) -> Symbolic:
    state, reason = str(decided.state), decided.reason
    if decided.state == "fails" and assumed:
        state, reason = "not-applicable", "it rests on a hypothesis of its sub-proof, which is not used here"
    elif decided.assumed:
        state, reason = "not-applicable" if state == "holds" else state, f"only if {'; '.join(decided.assumed)}"
    witness = decided.witness if state == "fails" else None
    return Symbolic(path, local, state, reason, decided.instances, decided.indeterminates, witness)


def _with(setup: Setup, definitions: Mapping[str, Definition]) -> Setup:
    return replace(setup, definitions={**setup.definitions, **definitions})


def _always(guard: Fact) -> Fact:
    """Return a fact without variables whose condition is that a guard holds."""
    return Fact((), (guard.body,), guard.body)
