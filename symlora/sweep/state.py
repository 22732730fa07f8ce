"""What a sweep keeps on disk: its configuration and one file for every finished chunk."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from symlora.kernel.form import matches
from symlora.runs.errors import RunError

ROW = {
    "fact": str, "statement": str, "kind": str, "evaluated": int, "max_error": float, "median_error": float,
    "instance": int, "figure": float, "condition": float, "open": int, "left_out": int, "unexplained": int,
}  # fmt: skip
CHUNK = {"first": int, "count": int, "rows": [ROW], "goals": {"*": {"error": [float], "figure": [float]}}}


class State:
    """A folder with ``sweep.json`` and ``chunk-….json``; files appear whole or not at all."""

    def __init__(self, folder: Path, configuration: Mapping[str, Any], resume: bool) -> None:
        """Open or start a sweep; raises `RunError` for a folder that belongs to another one, or is damaged."""
        self.folder = folder
        place = folder / "sweep.json"
        if place.exists() and not resume:
            raise RunError(f"expected a folder without a sweep, or --resume, found {place}")
        if not place.exists():
            if resume:
                raise RunError(f"expected a sweep to resume, found no {place}")
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise RunError(f"expected a folder that can be written, found {folder}: {error.strerror}") from None
            self._write(place, configuration)
            return
        found = _read(place, "start the sweep in another folder")
        if found != configuration:
            known = found if isinstance(found, dict) else {}
            other = [key for key in configuration if known.get(key) != configuration[key]]
            shown = f"{other[0]} = {known.get(other[0])!s:.100}" if other else "another one"
            wanted = f"{other[0]} = {configuration[other[0]]}" if other else "this one"
            raise RunError(f"expected a sweep with {wanted} in {place}, found {shown}")

    def path(self, number: int) -> Path:
        """Return where a chunk is kept."""
        return self.folder / f"chunk-{number:05}.json"

    def load(self, number: int, first: int, count: int) -> dict[str, Any] | None:
        """Return a finished chunk, None if there is none; raises `RunError` for a damaged file."""
        place = self.path(number)
        if not place.exists():
            return None
        advice = "remove it to have that chunk computed again"
        found: dict[str, Any] = _read(place, advice)
        wrong = matches(found, CHUNK)
        if not wrong and (found["first"], found["count"]) != (first, count):
            wrong = f"instances {found['first']} to {found['first'] + found['count'] - 1}"
        if not wrong and any(len(x) != count for goal in found["goals"].values() for x in goal.values()):
            wrong = "a list of another length"
        if wrong:
            raise RunError(f"expected a finished chunk in {place}, found {wrong}; {advice}")
        return found

    def save(self, number: int, chunk: Mapping[str, Any]) -> None:
        """Keep a finished chunk."""
        self._write(self.path(number), chunk)

    def _write(self, place: Path, value: Mapping[str, Any]) -> None:
        beside = place.with_suffix(".part")
        try:
            beside.write_text(json.dumps(value), encoding="utf-8")
            os.replace(beside, place)
        except OSError as error:
            raise RunError(f"expected a file that can be written, found {place}: {error.strerror}") from None


def _read(place: Path, advice: str) -> Any:
    try:
        return json.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no whole JSON"
        raise RunError(f"expected a state file of a sweep in {place}, found {reason}; {advice}") from None
