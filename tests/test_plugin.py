"""Pytest collects each step of a proof script as a test."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

SCRIPT = """
\"\"\"A script; importing it would fail, so it must not be imported here.\"\"\"
import sys
if "pytest" in sys.modules:
    raise RuntimeError("imported")
from symlora import by, eq, theorem

with theorem("test/good") as t:
    n = t.natural("n")
    A, B = t.matrices("A B", (n, n))
    t.given("h", eq(A, B))
    t.have("square", eq(A*A, B*A), by.algebra("h"))
    t.show(eq(A*A, B*B), by.algebra("square", "h"))
with theorem("test/wrong") as t:
    n = t.natural("n")
    A, B = t.matrices("A B", (n, n))
    t.show(eq(A*B, B*A), by.algebra())
"""


def pytest_run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    installed = any(point.value == "symlora.pytest_plugin" for point in entry_points(group="pytest11"))
    plugin = [] if installed else ["-p", "symlora.pytest_plugin"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--doctest-modules", *plugin, *arguments],
        cwd=folder, capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "SYMLORA_CACHE": str(folder / "cache")},
    )  # fmt: skip


def test_steps_are_tests_and_failures_are_reports(tmp_path):
    (tmp_path / "proofs").mkdir()
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "proofs" / "mixed.py").write_text(SCRIPT)
    (tmp_path / "proofs" / "broken.py").write_text("with theorem('test/broken') as t:\n    pass\n")
    (tmp_path / "other.py").write_text("def f():\n    '''\n    >>> 1 + 1\n    2\n    '''\n")
    done = pytest_run(tmp_path, "-v", "-s", ".")
    assert done.returncode == 1
    assert "proofs/mixed.py::test/good::square PASSED" in done.stdout
    assert "proofs/mixed.py::test/good::goal1 PASSED" in done.stdout
    assert "proofs/mixed.py::test/wrong::goal1 FAILED" in done.stdout
    assert "other.py::other.f PASSED" in done.stdout
    assert "✗ refuted: step goal1, line 17, by algebra" in done.stdout
    assert "counterexample (the smallest on the grid)" in done.stdout
    assert "broken.py:1: NameError: name 'theorem' is not defined" in done.stdout
    assert "Traceback" not in done.stdout
    assert "2 failed, 3 passed" in done.stdout


def test_scripts_elsewhere_are_collected_on_request(tmp_path):
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "mine.py").write_text(SCRIPT.partition('with theorem("test/wrong")')[0])
    done = pytest_run(tmp_path, "-q", "--symlora", "mine.py")
    assert (done.returncode, "2 passed" in done.stdout) == (0, True)
