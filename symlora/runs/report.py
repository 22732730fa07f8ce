"""What a run found, as data: theorems, their steps and their evidence."""

from __future__ import annotations

from dataclasses import dataclass, field
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
class TheoremReport:
    """One theorem as the kernel replayed it; `notes` say what could be left out."""

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

    @property
    def passed(self) -> bool:
        """Whether the theorem reaches what the script declares, `proved` unless it says otherwise."""
        return self.verdict.reaches(self.expect)

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
