"""One entry of the corpus."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Case:
    """A certificate that must be refused by `check` with `fragment` in the message.

    `without` says what happens once exactly that check is removed: a ``false`` statement is accepted, a ``malformed``
    one (it has no meaning, or shows something else than what was checked), or a ``harmless`` one (true: the check
    guards form or size). Left empty, nothing is claimed.
    """

    id: str
    attack: str
    certificate: dict[str, Any] | bytes
    check: str
    fragment: str
    without: Literal["", "false", "malformed", "harmless"] = ""

    def data(self) -> bytes:
        """Return the bytes of the certificate."""
        return self.certificate if isinstance(self.certificate, bytes) else json.dumps(self.certificate).encode()
