"""What a step hands back."""

from __future__ import annotations

from dataclasses import dataclass

from symlora.language import Claim


@dataclass(frozen=True)
class Done:
    """A fact that a step has put in scope; stands for its name wherever a reason names a fact."""

    name: str
    claim: Claim | None = None

    def __str__(self) -> str:
        return self.name
