"""The command ``symlora refute``.

Exit status: 0 proved or proved-at-shape, 1 refuted, 3 unknown, 2 bad input or hypotheses that
contradict each other, with one line on standard error.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import NoReturn

STATUS = {"proved": 0, "proved-at-shape": 0, "refuted": 1, "vacuous": 2, "unknown": 3, "untested": 3}
EXAMPLE = """example:
  symlora refute "rank(A + B) = rank(A) + rank(B)" --let "A, B: m x n"
  symlora refute "A X = B implies rank(B) <= rank(A)" --let "A: m x n" --let "X: n x p" --let "B: m x p"
"""


class _Usage(Exception):
    """Bad usage."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _Usage(f"{message}; {self.prog} --help shows an example")


def arguments() -> argparse.ArgumentParser:
    """Return the parser of the arguments of ``symlora refute``."""
    parser = _Parser(
        prog="symlora refute",
        description="Decide a claim: a certificate if it is true, a counterexample if it is false.",
        epilog=EXAMPLE, formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("claim", help='the claim, such as "A B = B A"')
    parser.add_argument("--let", action="append", default=[], metavar="DECLARATION",
                        help='letters and their shapes: "A, B: m x n", "x: n", "s: scalar", "k: natural"')  # fmt: skip
    parser.add_argument("--given", action="append", default=[], metavar="HYPOTHESIS", help="a claim that is assumed")
    parser.add_argument("--dims", metavar="SIZES", help='fixed sizes, such as "m=2, n=3"')
    parser.add_argument("--time", type=float, default=30.0, metavar="S", help="seconds (default 30)")
    parser.add_argument("--smt", action="store_true",
                        help="insist on SMT solvers (extra smt), otherwise asked where installed")  # fmt: skip
    parser.add_argument("--no-smt", action="store_true", help="ask no SMT solver")
    parser.add_argument("--json", action="store_true", help="write JSON to standard output")
    return parser


def refute_command(argv: Sequence[str]) -> int:
    """Run ``symlora refute`` with these arguments and return its exit status."""
    from symlora.claims.errors import ClaimError
    from symlora.claims.statement import read
    from symlora.decide.refute import declarations
    from symlora.decide.report import render
    from symlora.decide.smt import HINT, installed
    from symlora.decide.verdict import decide

    live = sys.stderr.isatty()

    def progress(what: str) -> None:
        if live:
            sys.stderr.write(f"\r\x1b[K{what}")
            sys.stderr.flush()

    try:
        options = arguments().parse_args(argv)
        if not 0 < options.time <= 86_400:
            raise _Usage(f"expected a number of seconds above 0 for --time, found {options.time}")
        if options.smt and (options.no_smt or not installed()):
            found_here = "--no-smt" if options.no_smt else "none installed"
            raise _Usage(f"expected an SMT solver for --smt, found {found_here}; install with: {HINT}")
        let = declarations(options.let)
        statement = read(options.claim, let, options.given, options.dims)
        found = decide(options.claim, let, options.given, options.dims, options.time, progress,
                       smt=not options.no_smt)  # fmt: skip
    except (_Usage, ClaimError) as error:
        sys.stderr.write(f"symlora: {error}\n".encode("ascii", "backslashreplace").decode())
        return 2
    finally:
        if live:
            sys.stderr.write("\r\x1b[K")
    if found.verdict == "vacuous":
        sys.stderr.write("symlora: vacuous: expected hypotheses that something satisfies, found a contradiction\n")
    text = json.dumps(found.to_json(), indent=1) if options.json else render(found, statement)
    sys.stdout.write(text + "\n")
    return STATUS[found.verdict]
