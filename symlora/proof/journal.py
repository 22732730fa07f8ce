"""What a theorem remembers of its steps for the report: claims as written, reasons, and holes."""

from __future__ import annotations

from dataclasses import dataclass, field

from symlora.rules.scope import Failure


@dataclass
class Record:
    """One step: its name, the claim as written, the reason; `inside` is the sub-proof that it belongs to, or empty."""

    name: str
    claim: str
    by: str
    kind: str
    inside: str = ""


@dataclass
class Hole:
    """A claim without proof: why (None for `sorry`), and where it stands, so that it can be refuted.

    `fact` is its kernel text; `naturals` and `assumptions` are the indices and conditions of the sub-proofs around it.
    """

    step: str
    fact: str
    claim: str
    failure: Failure | None
    naturals: list[str] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)


@dataclass
class Journal:
    """The steps and holes of one theorem, in order."""

    records: list[Record] = field(default_factory=list)
    holes: list[Hole] = field(default_factory=list)
