"""What a run found, as data: theorems, their steps and their evidence."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from symlora.proof.verdicts import Verdict


@dataclass(frozen=True)
class Evidence:
    """Why a verdict was given: `kind` names the means; `seconds` is None where the time was not measured."""

    kind: str
    verdict: Verdict
    detail: str
    seconds: float | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the evidence as JSON data."""
        seconds = None if self.seconds is None else round(self.seconds, 6)
        return {"kind": self.kind, "verdict": self.verdict.word, "detail": self.detail, "seconds": seconds}


@dataclass(frozen=True)
class Trouble:
    """A claim without proof: what was expected, found and tried (empty for `sorry`), and what the search said."""

    claim: str
    expected: str
    found: str
    tried: str
    search: str
    counterexample: dict[str, Any] | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class StepReport:
    """One step; `claim` is the certificate's text, `path` the sub-proofs around it, `line` where the script has it."""

    name: str
    claim: str
    verdict: Verdict
    by: str
    uses: tuple[str, ...]
    path: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    line: int | None = None

    @property
    def counterexample(self) -> dict[str, Any] | None:
        """The first confirmed counterexample of the step."""
        return next((t.counterexample for t in self.troubles if t.counterexample is not None), None)

    def to_json(self) -> dict[str, Any]:
        """Return the step as JSON data."""
        return {
            "name": self.name,
            "claim": self.claim,
            "verdict": self.verdict.word,
            "by": self.by,
            "uses": list(self.uses),
            "evidence": [one.to_json() for one in self.evidence],
            "counterexample": self.counterexample,
            "inside": list(self.path),
            "line": self.line,
        }


@dataclass(frozen=True)
class InstanceReport:
    """What running a proof on exact instances gave: evidence for every step at once, never a verdict of the theorem.

    `models` of `asked` instances were run to the end, of `sizes`; `left_out` more met something irrational that had to
    be exact; none was found where all are 0, after `tried` candidates. `facts` and `hypotheses` count evaluations, of
    which irrational values left `open` facts undecided. `idle` are the steps without an instance. `failure` is a fact
    that is false on an instance, as data; `alarm` says that the kernel had accepted it without an open claim. `vacuous`
    says that the kernel has replayed a contradiction from the hypotheses.
    """

    asked: int
    seed: int
    models: int = 0
    left_out: int = 0
    tried: int = 0
    sizes: tuple[dict[str, int], ...] = ()
    facts: int = 0
    open: int = 0
    hypotheses: int = 0
    idle: tuple[str, ...] = ()
    failure: dict[str, Any] | None = None
    alarm: bool = False
    vacuous: bool = False
    stopped: str = ""
    seconds: float = 0.0

    @property
    def verdict(self) -> Verdict:
        """What the instances say."""
        if self.failure is not None:
            return Verdict.REFUTED
        if self.vacuous:
            return Verdict.VACUOUS
        return Verdict.HOLDS_ON_INSTANCES if self.facts > self.open else Verdict.UNTESTED

    @property
    def why_untested(self) -> str:
        """Why nothing was decided."""
        if self.stopped:
            return self.stopped
        if self.facts:
            return f"irrational values left all {self.facts} facts open"
        if self.left_out:
            return f"all {self.left_out} instances met something irrational that had to be exact"
        return f"no instance of the hypotheses was found among {self.tried} candidates"

    def to_json(self) -> dict[str, Any]:
        """Return the evidence as JSON data."""
        data = {one.name: getattr(self, one.name) for one in fields(self)}
        shown = {"sizes": list(self.sizes), "idle": list(self.idle), "seconds": round(self.seconds, 6)}
        return {"verdict": self.verdict.word, **data, **shown}


@dataclass(frozen=True)
class TheoremReport:
    """One theorem as the kernel replayed it; `notes` say what could be left out, `instances` what running it gave."""

    id: str
    title: str
    source: str
    statement: str
    digest: str
    verdict: Verdict
    expect: Verdict
    script: Path
    steps: tuple[StepReport, ...]
    axioms: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    holes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    rejected: str = ""
    bundle: bytes = b""
    instances: InstanceReport | None = None

    @property
    def passed(self) -> bool:
        """Whether the theorem reaches what the script declares, `proved` unless it says otherwise, without an alarm."""
        alarm = self.instances is not None and self.instances.alarm
        return self.verdict.reaches(self.expect) and not alarm

    def to_json(self) -> dict[str, Any]:
        """Return the theorem as JSON data."""
        return {
            "id": self.id,
            "title": self.title,
            "source": self.source,
            "statement": self.statement,
            "verdict": self.verdict.word,
            "steps": [step.to_json() for step in self.steps],
            "sha256": self.digest,
            "expect": self.expect.word,
            "script": str(self.script),
            "axioms": list(self.axioms),
            "cites": list(self.cites),
            "holes": list(self.holes),
            "notes": list(self.notes),
            "seconds": round(self.seconds, 6),
            "rejected": self.rejected,
            "instances": None if self.instances is None else self.instances.to_json(),
        }


@dataclass
class ScriptReport:
    """What came of one script: its theorems, and the one line that says why it was not read to its end."""

    path: Path
    theorems: list[TheoremReport] = field(default_factory=list)
    error: str = ""
    printed: str = ""
    cached: bool = False


@dataclass
class Run:
    """What came of a run; `warnings` are lines that do not change the verdicts."""

    scripts: list[ScriptReport] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    interrupted: bool = False
    cache_failed: bool = False
    """Whether a cache that was asked for by name cannot be written."""
    seconds: float = 0.0

    @property
    def theorems(self) -> list[TheoremReport]:
        """All theorems in order."""
        return [theorem for script in self.scripts for theorem in script.theorems]

    @property
    def errors(self) -> list[str]:
        """The lines of scripts that could not be read to their ends."""
        return [script.error for script in self.scripts if script.error]

    @property
    def status(self) -> int:
        """0 if everything reaches what it declares, 1 if something does not, 2 for unreadable input or an interrupt."""
        if self.interrupted or self.errors or self.cache_failed:
            return 2
        return 0 if all(theorem.passed for theorem in self.theorems) else 1

    def to_json(self, version: str) -> dict[str, Any]:
        """Return the run as JSON data."""
        return {
            "symlora": version,
            "seconds": round(self.seconds, 3),
            "theorems": [theorem.to_json() for theorem in self.theorems],
            "errors": self.errors,
            "warnings": list(self.warnings),
            "interrupted": self.interrupted,
        }
