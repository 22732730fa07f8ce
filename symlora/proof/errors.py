"""What can go wrong in a proof script."""

from __future__ import annotations


class ProofError(ValueError):
    """A proof script that cannot be read as a proof; the message names what was expected and what was found."""
