"""Fixtures that several test files share."""

from __future__ import annotations

import pytest


@pytest.fixture
def without_proofs(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proof is found, so that a true claim stays undecided unless a search's or solver's word were taken."""
    for name in ("proved", "proved_at_shapes"):
        monkeypatch.setattr(f"symlora.decide.verdict._Run.{name}", lambda *arguments, **more: None)
