"""What a step hands back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from symlora.language import Claim
from symlora.proof.errors import ProofError


@dataclass(frozen=True)
class Done:
    """A fact that a step has put in scope; stands for its name wherever a reason names a fact.

    After a citation, ``done["A"]`` is the matrix or family that stands for A of the cited theorem.
    """

    name: str
    claim: Claim | None = None
    symbols: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def __str__(self) -> str:
        return self.name

    def __getitem__(self, symbol: str) -> Any:
        if symbol not in self.symbols:
            known = ", ".join(self.symbols) or "none"
            raise ProofError(f"the citation {self.name!r} has no matrix or family {symbol!r}; it has {known}")
        return self.symbols[symbol]
