"""What was found about a claim, and what was done to find it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Evidence:
    """One thing that was done: ``search``, ``proof`` or ``witness``; what came of it, and how long it took."""

    kind: str
    result: str
    detail: str
    seconds: float


@dataclass(frozen=True)
class Decision:
    """What was found about a claim.

    `verdict` is ``proved`` (for all sizes), ``proved-at-shape`` (for the sizes in `shape`), ``refuted``, ``vacuous``
    (the hypotheses contradict each other), ``unknown`` or ``untested`` (nothing satisfied the hypotheses). The
    `certificate` replays with the kernel alone; the `witness` was evaluated again from its exact strings.
    """

    verdict: str
    claim: str
    declared: tuple[str, ...]
    hypotheses: tuple[tuple[str, str], ...]
    seconds: float
    witness: dict[str, Any] | None = None
    evaluated: dict[str, Any] | None = None
    minimal: bool = False
    shape: tuple[str, ...] = ()
    certificate: dict[str, Any] | None = None
    statement: str = ""
    evidence: tuple[Evidence, ...] = ()
    almost: tuple[str, ...] = ()
    """For a claim that holds almost surely: what each theorem of the certificate says of it."""

    def __bool__(self) -> bool:
        raise TypeError(f"the decision about {self.claim} has no truth value; look at its verdict")

    def to_json(self) -> dict[str, Any]:
        """Return the decision as JSON data."""
        return {
            "verdict": self.verdict, "claim": self.claim, "declared": list(self.declared),
            "hypotheses": [{"claim": text, "origin": origin} for text, origin in self.hypotheses],
            "witness": self.witness, "evaluated": self.evaluated, "minimal": self.minimal, "shape": list(self.shape),
            "statement": self.statement, "almost": list(self.almost), "certificate": self.certificate,
            "evidence": [{"kind": e.kind, "result": e.result, "detail": e.detail, "seconds": round(e.seconds, 4)}
                         for e in self.evidence],
            "seconds": round(self.seconds, 4),
        }  # fmt: skip
