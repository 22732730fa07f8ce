"""The package as a whole: version, lazy import, and the two commands that the README promises."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

import symlora

ROOT = Path(__file__).resolve().parent.parent


def test_version_is_a_release_number():
    assert re.fullmatch(r"\d+\.\d+\.\d+", symlora.__version__)


def test_version_agrees_with_the_installed_distribution():
    try:
        installed = metadata.version("symlora")
    except metadata.PackageNotFoundError:
        pytest.skip("symlora is not installed here, only importable")
    assert installed == symlora.__version__


def test_version_agrees_with_citation_and_changelog():
    assert f'version: "{symlora.__version__}"' in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"## {symlora.__version__}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_import_loads_no_third_party_package():
    heavy = ["sympy", "numpy", "networkx", "flint", "typer", "rich", "jinja2", "msgspec"]
    code = f"import symlora, sys; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "[]", "")


def test_import_needs_only_the_standard_library():
    code = "import symlora; print(symlora.__version__)"
    done = subprocess.run([sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, symlora.__version__, "")


def test_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="module 'symlora' has no attribute 'no_such_name'"):
        _ = symlora.no_such_name


def test_every_exported_name_can_be_fetched():
    for name in symlora._EXPORTS:
        assert getattr(symlora, name) is not None
        assert name in dir(symlora)


def test_exported_name_is_fetched_from_its_module(monkeypatch):
    monkeypatch.setitem(symlora._EXPORTS, "Fraction", "fractions")
    try:
        assert "Fraction" in dir(symlora)
        assert symlora.Fraction(1, 2) * 2 == 1
    finally:
        vars(symlora).pop("Fraction", None)


def test_ci_runs_the_commands_of_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = [line.strip() for line in readme.splitlines() if line.lstrip().startswith("python3.11 -m venv ")]
    assert len(commands) == 2
    ci_lines = [line.strip() for line in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()]
    for command in commands:
        assert command in ci_lines
