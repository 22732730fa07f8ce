"""The command line. What a command needs is imported when it runs, so that ``--help`` is fast.

Exit status of every command: 0 all is proved or reaches what the script declares, 1 something is not, 2 bad usage or
unreadable input, with one line that says what was expected and what was found.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

import symlora

if TYPE_CHECKING:
    from symlora.runs.report import Run, ScriptReport, TheoremReport
    from symlora.runs.terminal import Style


class Usage(Exception):
    """Bad usage or unreadable input."""


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        """Raise `Usage` with the message and where help is."""
        raise Usage(f"{message}; {self.prog} --help shows an example")


def write(text: str) -> None:
    """Write a line to standard output."""
    sys.stdout.write(text + "\n")


def complain(text: str) -> None:
    """Write a line to standard error."""
    encoding = sys.stderr.encoding or "ascii"
    sys.stderr.write(f"symlora: {text}".encode(encoding, "replace").decode(encoding) + "\n")


def run_checks(paths: Sequence[str], select: str, jobs: int, no_cache: bool, show: bool = True) -> Run:
    """Check scripts with progress on a terminal; print each script's report if `show`."""
    from symlora.runs.check import Options, check
    from symlora.runs.errors import RunError, plain
    from symlora.runs.terminal import script_lines, style

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
        run = check([Path(path) for path in paths], Options(select, jobs, not no_cache), progress)
    except RunError as error:
        raise Usage(str(error)) from None
    finally:
        if live:
            sys.stderr.write("\r\x1b[K")
    for warning in run.warnings:
        complain(warning)
    return run


def command_check(arguments: argparse.Namespace) -> int:
    """Check scripts and print what was found."""
    from symlora.runs.terminal import style, summary

    target = arguments.json
    if target and target != "-" and not (Path(target).absolute().parent.is_dir() and not Path(target).is_dir()):
        raise Usage(f"expected a file that can be written for --json, found {target}")
    run = run_checks(arguments.paths, arguments.k, arguments.jobs, arguments.no_cache, target != "-")
    if target:
        write_json(run, target)
    if target != "-":
        write(summary(run, style(sys.stdout)))
    if run.interrupted:
        complain("expected to check everything, found an interrupt; what was finished is kept")
    return run.status


def write_json(run: Run, target: str) -> None:
    """Write the JSON report to a file, or to standard output for ``-``."""
    import json

    text = json.dumps(run.to_json(symlora.__version__), indent=1, ensure_ascii=False)
    if target == "-":
        write(text)
        return
    try:
        Path(target).write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise Usage(f"expected a file that can be written for --json, found {target}: {error.strerror}") from None


def command_verify(arguments: argparse.Namespace) -> int:
    """Replay a certificate with the kernel alone."""
    from symlora.kernel.errors import Rejected, Unreadable
    from symlora.kernel.form import load_file
    from symlora.kernel.replay import replay

    if arguments.where:
        write(str(Path(symlora.__file__).resolve().parent.parent))
        return 0
    if arguments.certificate is None:
        raise Usage("expected a certificate file or --where, found neither")
    try:
        theorems = replay(load_file(Path(arguments.certificate)))
    except Unreadable as error:
        raise Usage(str(error)) from None
    except (Rejected, RecursionError) as error:
        complain(f"rejected: {error}")
        return 1
    last = theorems[-1]
    write(f"{last.statement}\nsha256 {last.digest}")
    write(f"axioms used: {', '.join(last.axioms) or 'none'}")
    write(f"cites, all replayed here: {', '.join(t.name for t in theorems[:-1]) or 'nothing'}")
    if arguments.statement and arguments.statement.lower() != last.digest:
        complain(f"rejected: expected a proof of statement {arguments.statement}, found one of {last.digest}")
        return 1
    write(f"open holes: {'; '.join(last.holes)}" if last.holes else "proved, with nothing left open")
    return 1 if last.holes else 0


def rule_lines() -> list[str]:
    """Return each inference rule with its docstring."""
    from inspect import getdoc

    from symlora.kernel import citation, definitions, rules

    lines = []
    for name, rule in rules.RULES.items():
        function = {"define": definitions.define, "cite": citation.cite}.get(name, rule)
        lines += ["", name, *(f"  {line}" if line else "" for line in (getdoc(function) or "").splitlines())]
    return lines


def axiom_lines(names: Sequence[str]) -> list[str]:
    """Return each axiom with its title and its statement as the kernel prints it."""
    from symlora.kernel.replay import axioms

    lines = []
    for name in names:
        axiom = axioms()[name]
        lines += ["", f"{name}: {axiom.title}", *axiom.statement.splitlines()[1:]]
    return lines


def command_axioms(arguments: argparse.Namespace) -> int:
    """Print the facts taken without proof and the inference rules, or the facts that a theorem stands on."""
    from symlora.kernel.replay import axioms

    if arguments.theorem is None:
        write("facts taken without proof, as symlora.kernel states them; every matrix is real, sizes are naturals:")
        for line in axiom_lines(list(axioms())):
            write(line)
        write("\ninference rules, replayed by symlora.kernel with exact arithmetic of Python's integers and fractions:")
        for line in rule_lines():
            write(line)
        return 0
    theorem = find_theorem(arguments.theorem, arguments.paths)
    write(f"{theorem.id} stands on {'these' if theorem.axioms else 'no'} facts taken without proof:")
    for line in axiom_lines(theorem.axioms):
        write(line)
    write(f"\ntheorems cited, proved in its certificate: {', '.join(theorem.cites) or 'none'}")
    write(f"claims without proof: {'; '.join(theorem.holes) or 'none'}")
    return 1 if theorem.holes else 0


def find_theorem(name: str, paths: Sequence[str]) -> TheoremReport:
    """Check the script that states a theorem and return its report."""
    run = run_checks(paths, name, 0, False, show=False)
    found = [theorem for theorem in run.theorems if theorem.id == name]
    if found:
        return found[0]
    if run.errors:
        raise Usage(run.errors[0])
    alike = ", ".join(theorem.id for theorem in run.theorems)
    raise Usage(f"expected the id of a theorem, found {name!r}" + (f"; like it: {alike}" if alike else ""))


def explanation(theorem: TheoremReport, style: Style) -> list[str]:
    """Return the statement as the kernel prints it, then each step."""
    from symlora.runs.terminal import step_lines, theorem_lines

    lines = [*theorem_lines(theorem, style)[:1], ""]
    lines += ([f"source: {theorem.source}"] if theorem.source else []) + theorem.statement.splitlines()
    lines += [f"sha256 {theorem.digest}", "", "proof"]
    for step in theorem.steps:
        margin = "  " * (1 + len(step.path))
        inside = f"  [in {step.path[-1]}]" if step.path else ""
        lines.append(f"{margin}{style.paint(step.name, 'bold')}: {step.claim}{inside}")
        uses = f"; uses {', '.join(step.uses)}" if step.uses else ""
        lines.append(f"{margin}  {style.verdict(step.verdict)} by {step.by}{uses}")
        if step.troubles:
            lines += [margin + line for line in step_lines(step, style)[1:]]
    return [*lines, *(f"note: {note}" for note in theorem.notes)]


def command_explain(arguments: argparse.Namespace) -> int:
    """Print the statement and every step of one theorem, or of all in a script."""
    from symlora.runs.terminal import style

    name, out = arguments.theorem, style(sys.stdout)
    if Path(name).exists() and (name.endswith(".py") or Path(name).is_dir()):
        run = run_checks([name], "", 0, False, show=False)
        theorems = run.theorems
        for error in run.errors:
            complain(error)
        status = run.status
    else:
        theorems = [find_theorem(name, arguments.paths)]
        status = 0 if theorems[0].passed else 1
    write("\n\n".join("\n".join(explanation(theorem, out)) for theorem in theorems))
    return status


def command_ledger(arguments: argparse.Namespace) -> int:
    """Print for each given of a theorem whether and how its proof uses it."""
    import json

    from symlora.kernel.form import load
    from symlora.proof.ledger import ledger, render

    theorem = find_theorem(arguments.theorem, arguments.paths)
    if not theorem.bundle:
        raise Usage(f"expected a certificate that the kernel accepts, found: {theorem.rejected}")
    found = ledger(load(theorem.bundle))
    write(json.dumps(found.to_json(), indent=1, ensure_ascii=False) if arguments.json else render(found))
    return 0 if theorem.passed else 1


TEMPLATE = '''"""A proof script: run it with `symlora check THIS_FILE`.

Each theorem is a statement, then steps. A step is a claim and the reason for it; the reason is searched by machine,
and what is found is checked by a small kernel. Change a sign and check again: the step that is wrong is named, with
the smallest matrices that break it.
"""

from symlora import by, eq, inv, nonsingular, theorem

with theorem("my/first-theorem", title="The inverse of a product") as t:
    # The statement: sizes, matrices, and what is given about them.
    n = t.natural("n")
    A, B = t.matrices("A B", (n, n))
    t.given("A", nonsingular(A))
    t.given("B", nonsingular(B))

    # The proof: each step has a name, a claim and a reason that names the facts it needs.
    t.have("product", nonsingular(A*B), by.inverse(inv(B)*inv(A), "A", "B"))

    # What the theorem says. Write `by.sorry` for a reason that is not known yet.
    t.show(eq(inv(A*B), inv(B)*inv(A)), by.algebra("product", "A", "B"))
'''


def command_new(arguments: argparse.Namespace) -> int:
    """Write a commented starting point that checks as it is."""
    path = Path(arguments.file)
    if path.suffix != ".py":
        raise Usage(f"expected a file name that ends in .py, found {path}")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(TEMPLATE)
    except FileExistsError:
        raise Usage(f"expected the name of a new file, found {path}, which exists") from None
    except OSError as error:
        raise Usage(f"expected a file that can be written, found {path}: {error.strerror}") from None
    write(f"wrote {path}; check it with: symlora check {path}")
    return 0


def command_export(arguments: argparse.Namespace) -> int:
    """Write the closed certificate of a theorem."""
    theorem = find_theorem(arguments.theorem, arguments.paths)
    if not theorem.bundle:
        raise Usage(f"expected a certificate that the kernel accepts, found: {theorem.rejected}")
    if arguments.output == "-":
        sys.stdout.buffer.write(theorem.bundle + b"\n")
    else:
        try:
            Path(arguments.output).write_bytes(theorem.bundle + b"\n")
        except OSError as error:
            raise Usage(f"expected a file that can be written, found {arguments.output}: {error.strerror}") from None
        write(f"wrote {arguments.output}: {theorem.id}, {theorem.verdict.word}, sha256 {theorem.digest}")
    if theorem.holes:
        complain(f"the certificate has claims without proof: {'; '.join(theorem.holes)}")
    return 1 if theorem.holes else 0


def parser() -> Parser:
    """Return the parser of the command line."""
    top = Parser(
        prog="symlora",
        description="Machine-checked mathematics of low-rank adaptation.",
        epilog="example:\n  symlora new my_proof.py && symlora check my_proof.py",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"symlora {symlora.__version__}")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", dest="command", parser_class=Parser)

    def add(name: str, text: str, example: str) -> Parser:
        made: Parser = commands.add_parser(
            name, help=text, description=text, epilog=f"example:\n{example}", allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )  # fmt: skip
        return made

    one = add("check", "Check proof scripts, the library if no path is given.",
              "  symlora check proofs/linear -k lemma-1 --json report.json\n\n"
              "exit status: 0 every step is proved or reaches what its script declares; 1 otherwise; 2 bad input\n"
              "environment: NO_COLOR, SYMLORA_CACHE (folder), SYMLORA_CPU_SECONDS (bound for one script)")  # fmt: skip
    one.add_argument("paths", nargs="*", metavar="PATH", help="a script, or a folder of scripts")
    one.add_argument("-k", default="", metavar="NAME", help="only theorems whose id contains NAME")
    one.add_argument("--json", metavar="FILE", help="write a report as JSON (- for standard output)")
    one.add_argument("--jobs", type=_count, default=0, metavar="N", help="how many scripts at a time")
    one.add_argument("--no-cache", action="store_true", help="neither read nor write the cache of certificates")
    one.set_defaults(run=command_check)

    one = add("verify", "Replay a certificate with the kernel alone.",
              "  symlora export linear/lemma-1 -o lemma-1.json\n  symlora verify lemma-1.json\n"
              "  PYTHONPATH=$(symlora verify --where) python3 -S -m symlora.kernel lemma-1.json")  # fmt: skip
    one.add_argument("certificate", nargs="?", metavar="CERTIFICATE", help="the file to replay")
    one.add_argument("--statement", metavar="SHA", help="refuse unless the statement has this SHA-256")
    one.add_argument("--where", action="store_true", help="print the folder that contains the package")
    one.set_defaults(run=command_verify)

    one = add("axioms", "Print the inference rules and the facts taken without proof, or what one theorem uses.",
              "  symlora axioms matrix/push-through")  # fmt: skip
    one.add_argument("theorem", nargs="?", metavar="THEOREM", help="the id of a theorem")
    one.add_argument("paths", nargs="*", metavar="PATH", help="scripts to look in, the library if none")
    one.set_defaults(run=command_axioms)

    one = add("explain", "Print a statement as the kernel prints it, and every step of the proof.",
              "  symlora explain matrix/push-through\n  symlora explain my_proof.py")  # fmt: skip
    one.add_argument("theorem", metavar="THEOREM|PATH", help="the id of a theorem, or a script")
    one.add_argument("paths", nargs="*", metavar="PATH", help="scripts to look in, the library if none")
    one.set_defaults(run=command_explain)

    one = add("ledger", "Print for each given of a theorem whether and how its proof uses it.",
              "  symlora ledger linear/lemma-1")  # fmt: skip
    one.add_argument("theorem", metavar="THEOREM", help="the id of a theorem")
    one.add_argument("paths", nargs="*", metavar="PATH", help="scripts to look in, the library if none")
    one.add_argument("--json", action="store_true", help="as JSON")
    one.set_defaults(run=command_ledger)

    one = add("new", "Write a commented starting point for a proof script.",
              "  symlora new my_proof.py && symlora check my_proof.py")  # fmt: skip
    one.add_argument("file", metavar="FILE.py", help="the file to write; it must not exist")
    one.set_defaults(run=command_new)

    one = add("export", "Write the certificate of a theorem, with everything that it cites.",
              "  symlora export matrix/push-through -o push-through.json")  # fmt: skip
    one.add_argument("theorem", metavar="THEOREM", help="the id of a theorem")
    one.add_argument("paths", nargs="*", metavar="PATH", help="scripts to look in, the library if none")
    one.add_argument("-o", "--output", required=True, metavar="FILE", help="the file to write, - for standard output")
    one.set_defaults(run=command_export)
    return top


def _count(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 1024:
        raise argparse.ArgumentTypeError(f"expected a number from 1 to 1024, found {text!r}")
    return int(text)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    top = parser()
    signal.signal(signal.SIGTERM, _interrupt)
    for stream in (sys.stdout, sys.stderr):
        # A stream that cannot show a letter shows it escaped instead of stopping the command.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        found = top.parse_args(arguments)
        if found.command is None:
            raise Usage("expected a command, found none; symlora --help lists them")
        status: int = found.run(found)
        sys.stdout.flush()
    except Usage as error:
        complain(str(error))
        return 2
    except BrokenPipeError:
        # The reader has gone away, as in `symlora check | head`; nothing more can be said to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    except KeyboardInterrupt:
        complain("expected to run to the end, found an interrupt")
        return 2
    except OSError as error:
        complain(f"expected a file or process that can be used, found {error}")
        return 2
    return status


if __name__ == "__main__":
    sys.exit(main())
