"""``symlora explain``, ``graph`` and ``ledger``: pages and pictures of checked proofs."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from symlora.commands.check import find_theorem, run_checks
from symlora.commands.output import Usage, complain, save, write
from symlora.runs.check import Options
from symlora.runs.report import TheoremReport
from symlora.runs.terminal import style


def theorems_of(name: str, paths: Sequence[str]) -> tuple[list[TheoremReport], int]:
    """Return the theorem of this id, or all in the script or folder of this name, and the exit status."""
    if not (Path(name).exists() and (name.endswith(".py") or Path(name).is_dir())):
        found = find_theorem(name, paths)
        return [found], 0 if found.passed else 1
    run = run_checks([name], Options(), show=False)
    for error in run.errors:
        complain(error)
    return run.theorems, run.status


def command_explain(arguments: argparse.Namespace) -> int:
    """Print the statement and every step of one theorem, or of all in a script."""
    from symlora.teaching.latex import explain_latex
    from symlora.teaching.markdown import explain_markdown
    from symlora.teaching.page import proof_page
    from symlora.teaching.text import explain_text

    theorems, status = theorems_of(arguments.theorem, arguments.paths)
    if arguments.format == "latex" and len(theorems) != 1:
        ids = ", ".join(theorem.id for theorem in theorems) or "none"
        raise Usage(f"expected one theorem for --format latex, which makes a document, found {ids}")
    pages = [proof_page(theorem) for theorem in theorems]
    if arguments.format == "text":
        out = style(sys.stdout)
        write("\n\n".join(explain_text(page, out) for page in pages))
    else:
        render = explain_latex if arguments.format == "latex" else explain_markdown
        write("\n\n".join(map(render, pages)))
    return status


def command_graph(arguments: argparse.Namespace) -> int:
    """Draw the proof of one theorem, or the theorems of scripts and what they cite."""
    from symlora.teaching.graph import library_graph, theorem_graph
    from symlora.teaching.graph_dot import graph_dot
    from symlora.teaching.graph_svg import graph_svg
    from symlora.teaching.page import proof_page

    name, target = arguments.theorem, arguments.output
    one = name is not None and not Path(name).exists()
    if one:
        theorem = find_theorem(name, arguments.paths)
        graph, status = theorem_graph(proof_page(theorem)), 0 if theorem.passed else 1
    else:
        run = run_checks([name, *arguments.paths] if name else [], Options(), show=False)
        for error in run.errors:
            complain(error)
        graph, status = library_graph(run.theorems, arguments.axioms), run.status
    dot = arguments.format == "dot" or (arguments.format is None and target.endswith(".dot"))
    save(graph_dot(graph) if dot else graph_svg(graph), target, "-o")
    if target != "-":
        write(f"wrote {target}: {len(graph.vertices)} nodes, {len(graph.edges)} edges")
    return status


def command_ledger(arguments: argparse.Namespace) -> int:
    """Print for each given of a theorem whether and how its proof uses it."""
    from symlora.kernel.form import load
    from symlora.proof.ledger import ledger, render

    if not 0 < arguments.time <= 86_400:
        raise Usage(f"expected a number of seconds above 0 for --time, found {arguments.time}")
    theorem = find_theorem(arguments.theorem, arguments.paths)
    if not theorem.bundle:
        raise Usage(f"expected a certificate that the kernel accepts, found: {theorem.rejected}")
    if arguments.drop:
        return _drop(theorem, arguments)
    found = ledger(load(theorem.bundle))
    write(json.dumps(found.to_json(), indent=1, ensure_ascii=False) if arguments.json else render(found))
    return 0 if theorem.passed else 1


def _drop(theorem: TheoremReport, arguments: argparse.Namespace) -> int:
    """Print what becomes of a theorem without each of its givens."""
    from symlora.decide.drop import drop
    from symlora.decide.drop_report import render
    from symlora.kernel.form import load

    if theorem.holes:
        raise Usage(f"expected a theorem that is proved, found one with claims left open: {theorem.id}")
    live = sys.stderr.isatty()

    def progress(what: str) -> None:
        if live:
            sys.stderr.write(f"\r\x1b[K{what}")
            sys.stderr.flush()

    try:
        found = drop(load(theorem.bundle), arguments.time, progress)
    finally:
        if live:
            sys.stderr.write("\r\x1b[K")
    write(json.dumps(found.to_json(), indent=1, ensure_ascii=False) if arguments.json else render(found))
    return 0 if theorem.passed else 1
