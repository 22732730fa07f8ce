"""The documentation says what is: its examples run, its tables agree with the code, and nothing is left out."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from pygments.lexers import find_lexer_class_by_name

from symlora.kernel.rules import RULES
from symlora.proof.reasons import By
from symlora.proof.theorem import Theorem

ROOT = Path(__file__).resolve().parent.parent
SPEC = importlib.util.spec_from_file_location("docs_pages", ROOT / "docs" / "pages.py")
assert SPEC is not None
assert SPEC.loader is not None
pages = importlib.util.module_from_spec(SPEC)
sys.modules["docs_pages"] = pages
SPEC.loader.exec_module(pages)


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


def said(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", pages.PAGES, ids=lambda path: path.name)
def test_examples_print_what_the_page_shows(path, cache):
    page = pages.read(path)
    printed = pages.run(page, cache)
    assert len(printed) == len(page.outputs)
    for (first, end), lines in zip(page.outputs, printed, strict=True):
        shown = [line.rstrip() for line in page.lines[first:end]]
        assert pages.agrees(shown, lines), "\n".join(
            [page.lines[first - 1], *lines, "-- but the page shows --", *shown]
        )


@pytest.mark.parametrize("path", pages.PAGES, ids=lambda path: path.name)
def test_tables_agree_with_the_code(path):
    page = pages.read(path)
    for first, end, what in page.tables:
        assert page.lines[first:end] == pages.table(what), f"{what}: run python docs/pages.py"


@pytest.mark.parametrize("path", pages.PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        assert "://" in target or (path.parent / target).exists(), target


@pytest.mark.parametrize("path", pages.PAGES, ids=lambda path: path.name)
def test_every_block_has_a_language_that_sphinx_can_show(path):
    conf = runpy.run_path(str(ROOT / "docs" / "conf.py"))
    found = set(re.findall(r"^```([a-z]+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE))
    unknown = {name for name in found - set(conf["PLAIN"]) if find_lexer_class_by_name(name) is None}
    assert not unknown


def test_the_documentation_is_built_without_a_warning(tmp_path):
    pytest.importorskip("sphinx")
    pytest.importorskip("myst_parser")
    pytest.importorskip("furo")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "html", "-d", str(tmp_path / "trees"), str(ROOT / "docs"),
         str(tmp_path / "html")],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=200, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "html" / "trusted.html").is_file()


def test_no_room_imports_one_below_it():
    for place, room in enumerate(pages.ROOMS):
        wrong = {used: by for used, by in pages.imports()[room].items() if used not in pages.ROOMS[:place]}
        assert not wrong, f"{room} imports {wrong}"


def test_the_kernel_imports_only_the_standard_library():
    for path in sorted((ROOT / "symlora" / "kernel").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for name in names:
                assert name.partition(".")[0] in sys.stdlib_module_names or name.startswith("symlora.kernel"), path.name


def test_the_architecture_names_every_folder():
    text = said("architecture.md")
    package = [path for path in (ROOT / "symlora").iterdir() if (path / "__init__.py").is_file()]
    assert {path.name for path in package} <= set(pages.ROOMS)
    for path in package:
        assert f"symlora/{path.name}/" in text
    for name in ("proofs/", "tests/", "docs/", "benchmarks/", "symlora/cli.py", "symlora/pytest_plugin.py"):
        assert name in text


def test_every_rule_and_total_function_is_explained():
    text = said("trusted.md")
    for rule in RULES:
        assert f"| `{rule}` |" in text
    for word in ("inv", "sqrt", "sigma", "norm2", "rank", "tr", "nat"):
        assert f"`{word}(" in text


def test_every_word_of_the_proof_language_is_shown():
    text = said("check-a-proof.md")
    words = [name for name, _ in inspect.getmembers(Theorem, callable) if not name.startswith("_")]
    for word in set(words) - {
        "record",
        "leave_hole",
        "child",
        "due",
        "finished",
        "engine",
    }:  # for steps themselves, not for scripts
        assert f"t.{word}(" in text or f"proof.{word}(" in text, word
    for word, _ in inspect.getmembers(By):
        if not word.startswith("_"):
            assert f"by.{word}" in text, word


def test_the_library_page_has_every_theorem():
    listed = re.findall(r"^\| `([^`]+)` \|", said("library.md"), re.MULTILINE)
    assert listed == [name for _, name, _, _ in pages.theorems()]


def test_an_ellipsis_stands_for_any_lines_and_times_may_differ():
    assert pages.agrees(["a", "...", "b (0.10 s)"], ["a", "x", "y", "b (9.99 s)"])
    assert pages.agrees(["...", "b"], ["b"])
    assert not pages.agrees(["a", "..."], ["b", "a"])
    assert not pages.agrees([], ["a"])
    assert pages.agrees([], [])


def test_code_lines_are_those_with_code():
    text = '"""One."""\n\nx = 1  # said\n\n\ndef f():\n    """Two.\n\n    Three."""\n    # 4\n    return """a\nb"""\n'
    assert pages.code_lines(text) == 4
