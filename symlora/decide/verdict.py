"""Deciding a claim: the smallest counterexample, or a certificate, or what was tried."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from symlora.claims.statement import Statement, read
from symlora.decide.decision import Decision, Evidence
from symlora.decide.limit import OutOfTime, at_most
from symlora.decide.nonexistence import certificate
from symlora.decide.optimise import optimise
from symlora.decide.regions import has_patterns, region_search, solved_for
from symlora.decide.sample import random_search, wider
from symlora.decide.search import Found, Looked, search
from symlora.decide.witness import evaluated, instance, recheck, to_json
from symlora.domains.values import NotRepresentable
from symlora.kernel.errors import Rejected

if TYPE_CHECKING:
    from symlora.decide.prove import Outcome

SECONDS = 30.0
GRACE = 0.25
"""Seconds after which a step that does not look at the clock is stopped."""
REDUCE = 1.0
"""Seconds for a smaller counterexample once one is known."""


@dataclass
class _Run:
    """One decision under way."""

    statement: Statement
    start: float
    deadline: float
    progress: Callable[[str], None]
    evidence: list[Evidence] = field(default_factory=list)
    met: bool = False
    open: int = 0

    def ordered(self) -> bool:
        """Return whether the goal says something of the order: what only equations say needs no optimisation."""
        return any(part.kind in ("<=", "<", "psd", "pd", "nonneg") for part in self.statement.goal.walk())

    def sizes(self) -> bool:
        """Return whether the claim is about all values of some size."""
        return any(name in self.statement.used() for name in self.statement.sizes)

    def decision(self, verdict: str, **more: Any) -> Decision:
        """Return the decision with what every verdict has."""
        s = self.statement
        return Decision(
            verdict, s.text(), tuple(s.declared()), tuple(s.assumptions()),
            time.monotonic() - self.start, evidence=tuple(self.evidence), **more,
        )  # fmt: skip

    def searched(self, what: str, look: Callable[[float, Looked], Found | None], seconds: float,
                 unit: str = "values") -> Decision | None:  # fmt: skip
        """Carry out one search; return the refutation that it leads to, if any."""
        self.progress(what)
        begin = time.monotonic()
        looked = Looked()
        try:
            with at_most(3 * seconds + GRACE):
                found = look(min(self.deadline, begin + seconds), looked)
        except OutOfTime:
            spent = time.monotonic() - begin
            self.met, self.open = self.met or looked.met, self.open + looked.open
            self.evidence.append(Evidence("search", "stopped", f"{what}: one step used up its time", spent))
            return None
        self.met = self.met or looked.met
        self.open += looked.open
        spent = time.monotonic() - begin
        detail = f"{what}: {looked.tried} {unit}"
        if looked.sizes:
            detail += f" at {looked.sizes} choices of sizes up to {looked.largest}"
        if looked.notes:
            detail += f" ({'; '.join(looked.notes)})"
        if looked.open:
            detail += f", {looked.open} left open by irrational values or quantifiers"
        if found is None:
            everything = " (everything there was covered)" if looked.exhausted else ""
            self.evidence.append(Evidence("search", "nothing found", detail + everything, spent))
            return None
        if not looked.sizes:  # not found on the grid, which may still have a smaller one at these sizes
            total = sum(found.naturals.values())
            smaller = search(self.statement, min(self.deadline, time.monotonic() + REDUCE), Looked(),
                             max(found.naturals.values(), default=1), (2_000, 20_000))  # fmt: skip
            if smaller is not None and sum(smaller.naturals.values()) <= total:
                found = smaller
        try:
            data = to_json(self.statement, found.naturals, found.values)
        except NotRepresentable as error:
            self.evidence.append(Evidence("witness", "not confirmed", f"{detail}: {error}", spent))
            return None
        if not recheck(read(self.statement.source, self.statement.lets, self.statement.givens, self.statement.fixed),
                       data):  # fmt: skip
            self.evidence.append(Evidence("witness", "not confirmed", detail, spent))
            return None
        self.evidence.append(Evidence("search", "counterexample", detail, spent))
        why, stated = certificate(self.statement, instance(self.statement, data))
        return self.decision(
            "refuted", witness=data, evaluated=evaluated(self.statement, data), minimal=found.minimal, certificate=why,
            statement=stated,
        )  # fmt: skip

    def optimised(self, what: str, seconds: float) -> Decision | None:
        """Look for a counterexample by numerical optimisation."""
        return self.searched(what, lambda end, seen: optimise(self.statement, end, seen), seconds, "points")

    def solved(self, seconds: float, again: bool = False) -> Decision | None:
        """Ask SMT solvers for a counterexample, where they are installed; what they answer is no proof."""
        from symlora.decide import smt  # which needs an extra

        if not smt.installed():
            if not again:
                self.evidence.append(Evidence("search", "not run", f"SMT solvers: not installed ({smt.HINT})", 0.0))
            return None
        if again and not any("no answer at" in e.detail for e in self.evidence):
            return None
        return self.searched(
            "SMT solvers", lambda end, seen: smt.solve(self.statement, end, seen), seconds, "questions"
        )

    def proved(self, seconds: float, how: Callable[[Statement, float], Outcome] | None = None, again: bool = False,
               ) -> Decision | None:  # fmt: skip
        """Try to prove the claim, by `how` if given; return the verdict if a certificate was replayed.

        With `again`, this is tried again later, for longer: that nothing was found is noted then.
        """
        from symlora.decide.patterns import no_scalars  # the engines take a moment to import
        from symlora.decide.prove import contradiction, prove

        if again and not self.met:  # from hypotheses that contradict each other everything follows
            return None
        if not self.met:
            begin = time.monotonic()
            empty = no_scalars(self.statement, min(self.deadline, begin + 2))
            if empty.bundle is None:
                empty = contradiction(self.statement, min(self.deadline, begin + 2))
            if empty.bundle is not None:
                spent = time.monotonic() - begin
                self.evidence.append(Evidence("proof", "the hypotheses contradict each other", empty.detail, spent))
                return self.decision("vacuous", certificate=empty.bundle, statement=empty.statement)

        self.progress("looking for a proof")
        begin = time.monotonic()
        try:
            # Most steps look at the clock; the bound is for those that do not.
            with at_most(3 * seconds + GRACE):
                outcome = (how or prove)(self.statement, min(self.deadline, begin + seconds))
        except OutOfTime:
            if not again:
                raise
            return None
        except (RecursionError, Rejected) as error:
            self.evidence.append(Evidence("proof", "stopped", f"{type(error).__name__}: {error}", 0.0))
            return None
        spent = time.monotonic() - begin
        if outcome.bundle is None:
            if not again:
                self.evidence.append(Evidence("proof", "not found", outcome.detail, spent))
            return None
        self.evidence.append(Evidence("proof", "replayed by the kernel", outcome.detail, spent))
        fixed = dict(self.statement.fixed)
        verdict = "proved-at-shape" if fixed else "proved"
        shape = tuple(f"{name} = {value}" for name, value in fixed.items())
        return self.decision(verdict, certificate=outcome.bundle, statement=outcome.statement, shape=shape)

    def surely(self, seconds: float, at_shapes: bool) -> Decision | None:
        """Try to prove a claim that holds almost surely: for all sizes, or at small sizes."""
        from symlora.decide.generic import prove_surely
        from symlora.decide.pointwise import prove_surely_at_shapes

        self.progress("looking for values at which polynomials do not vanish")
        begin = time.monotonic()
        search = prove_surely_at_shapes if at_shapes else prove_surely
        outcome, notes, shape = search(self.statement, min(self.deadline, begin + seconds))
        spent = time.monotonic() - begin
        if outcome.bundle is None:
            self.evidence.append(Evidence("proof", "not found", outcome.detail, spent))
            return None
        self.evidence.append(Evidence("proof", "replayed by the kernel", outcome.detail, spent))
        fixed = ", ".join(f"{name} = {value}" for name, value in self.statement.fixed.items())
        named = tuple(filter(None, (", ".join(filter(None, (fixed, one))) for one in shape or ("",))))
        return self.decision("proved-at-shape" if named else "proved", certificate=outcome.bundle, almost=notes,
                             statement=outcome.statement, shape=named)  # fmt: skip

    def proved_at_shapes(self, seconds: float, patterns: bool = False) -> Decision | None:
        """Try to prove the claim at small sizes, by activation patterns if those are meant."""
        from symlora.decide.patterns import prove_by_patterns
        from symlora.decide.prove import prove_at_shapes

        self.progress("looking for a proof at small sizes")
        begin = time.monotonic()
        how = prove_by_patterns if patterns else prove_at_shapes
        outcome, shapes = how(self.statement, min(self.deadline, begin + seconds))
        spent = time.monotonic() - begin
        if outcome.bundle is None:
            self.evidence.append(Evidence("proof", "not found", f"at small sizes: {outcome.detail}", spent))
            return None
        self.evidence.append(Evidence("proof", "replayed by the kernel", outcome.detail, spent))
        fixed = ", ".join(f"{name} = {value}" for name, value in self.statement.fixed.items())
        shape = tuple(", ".join(filter(None, (fixed, one))) for one in shapes)
        if not any(shape):
            return self.decision("proved", certificate=outcome.bundle, statement=outcome.statement)
        return self.decision("proved-at-shape", certificate=outcome.bundle, statement=outcome.statement, shape=shape)


def parts(statement: Statement, deadline: float) -> Outcome:
    """Look for a proof by inner products of positive parts."""
    from symlora.decide.parts import prove_by_parts  # the engines take a moment to import

    return prove_by_parts(statement, deadline)


def nothing(what: str) -> None:
    """Take no notice of progress."""


def decide(claim: str, let: Sequence[str] = (), given: Sequence[str] = (),
           dims: str | Mapping[str, int] | None = None, seconds: float = SECONDS,
           progress: Callable[[str], None] = nothing, smt: bool = True) -> Decision:  # fmt: skip
    """Decide a claim in the text syntax of `docs/claims.md`, within about that many seconds.

    `let` declares letters, `given` are hypotheses, `dims` fixes sizes; without `smt` no solver is asked, also if one is
    installed. Raises `ClaimError` for a text that is no claim.

    >>> found = decide("A B = B A", ["A, B: n x n"])
    >>> found.verdict, found.witness["dims"], found.minimal
    ('refuted', {'n': 2}, True)
    """
    start = time.monotonic()
    run = _Run(read(claim, let, given, dims), start, start + max(seconds, 0.1), progress)
    s = run.statement
    for_boxes: list[Callable[[], Decision | None]] = [
        lambda: run.searched("points of boxes", lambda end, seen: region_search(s, end, seen), seconds * 0.2)
    ]
    for_networks: list[Callable[[], Decision | None]] = [
        lambda: run.proved(max(2.0, seconds * 0.1), parts),
        lambda: run.proved(max(2.0, seconds * 0.1)),
        lambda: run.proved_at_shapes(max(2.0, seconds * 0.5), True),
    ]
    for_generic: list[Callable[[], Decision | None]] = [lambda: run.surely(seconds * 0.4, False)]
    for_all_sizes: list[Callable[[], Decision | None]] = [
        lambda: run.proved(1.0, again=True),
        lambda: run.optimised("numerical optimisation", 0.7) if run.ordered() else None,
        lambda: run.solved(1.5) if smt else None,
        lambda: run.proved(max(4.0, seconds * 0.6)),
        # Without sizes that are left open, the entries are all there is to the claim.
        lambda: run.proved_at_shapes(max(4.0, seconds * 0.3)) if not run.sizes() else None,
    ]
    longer: list[Callable[[], Decision | None]] = [
        lambda: run.optimised("numerical optimisation, longer", seconds * 0.15),
        lambda: run.solved(seconds * 0.1, again=True) if smt else None,
    ]
    stages: list[Callable[[], Decision | None]] = [
        *(for_boxes if solved_for(s) else []),
        lambda: run.searched("the grid of 0, 1, -1", lambda end, seen: search(s, end, seen, 2, (300, 2_000)), 1.0),
        lambda: run.searched("entries 2, 3, 1/2 at small shapes", lambda end, seen: wider(s, end, seen), 0.5),
        lambda: run.searched("random instances", lambda end, seen: random_search(s, end, seen, 400), 1.0),
        *(for_networks if has_patterns(s) else []),
        *(for_generic if s.generic else for_all_sizes),
        *([] if s.generic else longer),
        lambda: run.searched("the grid, longer", lambda end, seen: search(s, end, seen), seconds * 0.2),
        lambda: run.searched(
            "more random instances", lambda end, seen: random_search(s, end, seen, 20_000, 5, 1), seconds * 0.2
        ),
        lambda: run.surely(seconds * 0.3, True) if s.generic else None,
        lambda: run.proved_at_shapes(max(2.0, seconds * 0.3)) if run.sizes() and not s.generic else None,
    ]
    for stage in stages:
        left = run.deadline - time.monotonic()
        if left <= 0:
            break
        try:
            with at_most(min(left, 0.75 * seconds) + GRACE):
                found = stage()
        except OutOfTime:
            run.evidence.append(Evidence("search", "stopped", "one step used up its time", 0.75 * seconds))
            continue
        except ValueError as error:
            if "integer string conversion" not in str(error):  # Python writes no integers of thousands of digits
                raise
            run.evidence.append(Evidence("search", "stopped", "a number with too many digits", 0.0))
            continue
        if found is not None:
            return found
    return run.decision("unknown" if run.met or run.open else "untested")
