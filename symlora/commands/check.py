"""``symlora check``, and checking on behalf of the other commands."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import symlora
from symlora.commands.output import Usage, complain, save, write
from symlora.runs.check import Options, check
from symlora.runs.errors import RunError, plain
from symlora.runs.report import Run, ScriptReport, TheoremReport
from symlora.runs.terminal import script_lines, style, summary


def run_checks(paths: Sequence[str], options: Options, show: bool = True) -> Run:
    """Check scripts with progress on a terminal; print each script's report if `show`."""
    out = style(sys.stdout)
    live = sys.stderr.isatty()

    def progress(report: ScriptReport, done: int, count: int) -> None:
        if live:
            sys.stderr.write("\r\x1b[K")
        if show:
            for line in script_lines(report, out):
                write(line)
        if report.printed.strip():
            sys.stderr.write("".join(f"  | {plain(line)}\n" for line in report.printed.splitlines()))
        if live and done < count:
            sys.stdout.flush()
            sys.stderr.write(f"{done} of {count} scripts")
            sys.stderr.flush()

    try:
        if live:
            sys.stderr.write("starting")
            sys.stderr.flush()
        run = check([Path(path) for path in paths], options, progress)
    except RunError as error:
        raise Usage(str(error)) from None
    finally:
        if live:
            sys.stderr.write("\r\x1b[K")
    for warning in run.warnings:
        complain(warning)
    return run


def find_theorem(name: str, paths: Sequence[str]) -> TheoremReport:
    """Check the script that states a theorem and return its report."""
    try:
        run = run_checks(paths, Options(name), show=False)
    except Usage as error:
        expected = "expected the id of a theorem"
        raise Usage(str(error).replace("expected -k to be part of a theorem's id", expected)) from None
    found = [theorem for theorem in run.theorems if theorem.id == name]
    if found:
        return found[0]
    if run.errors:
        raise Usage(run.errors[0])
    alike = ", ".join(theorem.id for theorem in run.theorems)
    raise Usage(f"expected the id of a theorem, found {name!r}" + (f"; like it: {alike}" if alike else ""))


def command_check(arguments: argparse.Namespace) -> int:
    """Check scripts and print what was found."""
    target = arguments.json
    if target and target != "-" and not (Path(target).absolute().parent.is_dir() and not Path(target).is_dir()):
        raise Usage(f"expected a file that can be written for --json, found {target}")
    options = Options(arguments.k, arguments.jobs, not arguments.no_cache, arguments.instances, arguments.seed)
    run = run_checks(arguments.paths, options, target != "-")
    if target:
        save(json.dumps(run.to_json(symlora.__version__), indent=1, ensure_ascii=False), target, "--json")
    if target != "-":
        write(summary(run, style(sys.stdout)))
    if run.interrupted:
        complain("expected to check everything, found an interrupt; what was finished is kept")
    return run.status
