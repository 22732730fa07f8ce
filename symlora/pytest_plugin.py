"""Pytest collects each step of a proof script as a test: ``pytest proofs/``.

A script is a Python file below a folder called ``proofs`` that states a theorem; with ``--symlora``, any such file that
is not a test module. The plugin takes these files over from the other collectors, which would import them: scripts run
in workers only.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from symlora.runs.report import StepReport, TheoremReport

STATES = re.compile(rb"^\s*with\b.*\btheorem\(", re.MULTILINE)


class NotProvedError(Exception):
    """A step does not reach what its script declares; carries the report as text."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--symlora``."""
    group = parser.getgroup("symlora")
    group.addoption("--symlora", action="store_true", help="collect proof scripts outside folders called proofs, too")


def is_script(path: Path, everywhere: bool) -> bool:
    """Return whether a file is a proof script to be collected here."""
    if path.suffix != ".py" or path.name == "conftest.py" or path.name.startswith("test_"):
        return False
    if not everywhere and not any(folder.name == "proofs" for folder in path.parents):
        return False
    try:
        return STATES.search(path.read_bytes()) is not None
    except OSError:
        return False


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> Generator[None, list[Any], list[Any]]:
    """Return the steps of a proof script instead of what other plugins make of the file."""
    if is_script(file_path, bool(parent.config.getoption("symlora"))):
        # The others' collectors are made but never asked, so none of them imports the script.
        yield
        return [ScriptFile.from_parent(parent, path=file_path)]
    return (yield)


class ScriptFile(pytest.File):
    """A proof script."""

    def collect(self) -> Iterable[pytest.Item]:
        """Check the script in a worker and yield an item for every step."""
        from symlora.runs.check import Options, check
        from symlora.runs.errors import RunError

        try:
            run = check([self.path], Options(jobs=1))
        except RunError as error:
            raise self.CollectError(str(error)) from None
        for theorem in run.theorems:
            if theorem.rejected:
                yield StepItem.from_parent(self, name=theorem.id, theorem=theorem, step=None)
            for step in theorem.steps:
                inside = "".join(f"{part}: " for part in step.path[-1:])
                yield StepItem.from_parent(self, name=f"{theorem.id}::{inside}{step.name}", theorem=theorem, step=step)
        for line in run.errors:
            yield ErrorItem.from_parent(self, name="script", text=line)


class _Item(pytest.Item):
    """An item that fails with a text, not with a traceback."""

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return the report as text."""
        if isinstance(excinfo.value, NotProvedError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)


class StepItem(_Item):
    """One step; passes if its verdict reaches what the script declares."""

    def __init__(self, *, theorem: TheoremReport, step: StepReport | None, **rest: Any) -> None:
        super().__init__(**rest)
        self.theorem, self.step = theorem, step

    def runtest(self) -> None:
        """Raise `NotProvedError` with the report if the step does not reach the declared level."""
        from symlora.runs.terminal import Style, step_lines

        if self.step is None:
            raise NotProvedError(f"{self.theorem.id}: the certificate was refused: {self.theorem.rejected}")
        if not self.step.verdict.reaches(self.theorem.expect):
            detail = [evidence.detail for evidence in self.step.evidence] if not self.step.troubles else []
            raise NotProvedError("\n".join([self.theorem.id, *step_lines(self.step, Style()), *detail]))

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return where the step is written."""
        line = self.step.line if self.step is not None else None
        return self.path, None if line is None else line - 1, self.name


class ErrorItem(_Item):
    """A script that was not read to its end; always fails."""

    def __init__(self, *, text: str, **rest: Any) -> None:
        super().__init__(**rest)
        self.text = text

    def runtest(self) -> None:
        """Raise `NotProvedError` with the one line that says why."""
        raise NotProvedError(self.text)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return the script."""
        return self.path, None, self.name
