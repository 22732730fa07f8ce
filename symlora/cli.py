"""The command line. What a command needs is imported when it runs, so that ``--help`` is fast.

Exit status of every command: 0 all is proved or reaches what the script declares, 1 something is not, 2 bad usage or
unreadable input, with one line that says what was expected and what was found.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from types import FrameType
from typing import NoReturn

import symlora
from symlora.commands.output import Usage, complain

INSTANCES = 20
"""How many instances ``--instances`` means."""


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        """Raise `Usage` with the message and where help is."""
        raise Usage(f"{message}; {self.prog} --help shows an example")


def lazy(name: str, module: str = "") -> Callable[[argparse.Namespace], int]:
    """Return the command `name`, whose module is imported when it runs."""

    def run(arguments: argparse.Namespace) -> int:
        command = getattr(import_module(f"symlora.commands.{module or name}"), f"command_{name}")
        status: int = command(arguments)
        return status

    return run


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
              "  symlora check proofs/linear -k lemma-1 --json report.json\n"
              "  symlora check proofs/linear --instances 50 --seed 1\n\n"
              "exit status: 0 every step is proved or reaches what its script declares; 1 otherwise; 2 bad input\n"
              "environment: NO_COLOR, SYMLORA_CACHE (folder), SYMLORA_CPU_SECONDS (bound for one script)")  # fmt: skip
    one.add_argument("paths", nargs="*", metavar="PATH", help="a script, or a folder of scripts")
    one.add_argument("-k", default="", metavar="NAME", help="only theorems whose id contains NAME")
    one.add_argument("--json", metavar="FILE", help="write a report as JSON (- for standard output)")
    one.add_argument("--jobs", type=_count, default=0, metavar="N", help="how many scripts at a time")
    one.add_argument("--no-cache", action="store_true", help="neither read nor write the cache of certificates")
    one.add_argument("--instances", type=_count, nargs="?", const=INSTANCES, default=0, metavar="N",
                     help=f"also run every proof on N exact instances ({INSTANCES} without a number)")  # fmt: skip
    one.add_argument("--seed", type=_seed, default=0, metavar="N", help="seed of the instances (0)")
    one.set_defaults(run=lazy("check"))

    one = add("verify", "Replay a certificate with the kernel alone.",
              "  symlora export linear/lemma-1 -o lemma-1.json\n  symlora verify lemma-1.json\n"
              "  PYTHONPATH=$(symlora verify --where) python3 -S -m symlora.kernel lemma-1.json")  # fmt: skip
    one.add_argument("certificate", nargs="?", metavar="CERTIFICATE", help="the file to replay")
    one.add_argument("--statement", metavar="SHA", help="refuse unless the statement has this SHA-256")
    one.add_argument("--where", action="store_true", help="print the folder that contains the package")
    one.set_defaults(run=lazy("verify", "certificates"))

    one = add("axioms", "Print the inference rules and the facts taken without proof, or what one theorem uses.",
              "  symlora axioms matrix/push-through")  # fmt: skip
    one.add_argument("theorem", nargs="?", metavar="THEOREM", help="the id of a theorem")
    one.add_argument("paths", nargs="*", metavar="PATH", help="scripts to look in, the library if none")
    one.set_defaults(run=lazy("axioms", "certificates"))

    one = add("explain", "Print a statement as the kernel prints it, and every step of the proof.",
              "  symlora explain matrix/push-through\n"
              "  symlora explain linear/lemma-1 --format latex > lemma-1.tex")  # fmt: skip
    one.add_argument("theorem", metavar="THEOREM|PATH", help="the id of a theorem, or a script")
    one.add_argument("paths", nargs="*", metavar="PATH", help="scripts to look in, the library if none")
    one.add_argument("--format", choices=["text", "markdown", "latex"], default="text", help="text if not given")
    one.set_defaults(run=lazy("explain", "pages"))

    one = add("graph", "Draw what depends on what in a proof, or in a library of theorems, with its status.",
              "  symlora graph linear/lemma-1 -o lemma-1.svg\n"
              "  symlora graph proofs/linear --format dot | dot -Tpdf > library.pdf")  # fmt: skip
    one.add_argument("theorem", nargs="?", metavar="THEOREM|PATH", help="the id of a theorem, or a script or folder, "
                     "the library if not given")  # fmt: skip
    one.add_argument("paths", nargs="*", metavar="PATH", help="scripts to look in, the library if none")
    one.add_argument("--format", choices=["svg", "dot"], help="from the name of the file, svg if that says nothing")
    one.add_argument("--axioms", action="store_true", help="in a library, also the facts taken without proof")
    one.add_argument("-o", "--output", default="-", metavar="FILE", help="the file to write, - for standard output (-)")
    one.set_defaults(run=lazy("graph", "pages"))

    one = add("ledger", "Print for each given of a theorem whether and how its proof uses it.",
              "  symlora ledger linear/lemma-1\n"
              "  symlora ledger matrix/moore-penrose-unique --drop")  # fmt: skip
    one.add_argument("theorem", metavar="THEOREM", help="the id of a theorem")
    one.add_argument("paths", nargs="*", metavar="PATH", help="scripts to look in, the library if none")
    one.add_argument("--json", action="store_true", help="as JSON")
    one.add_argument("--drop", action="store_true", help="leave out each given in turn: still proved, needed with "
                     "an exact counterexample, undefined, or unknown")  # fmt: skip
    one.add_argument("--time", type=float, default=60.0, metavar="S", help="with --drop, seconds of work (60)")
    one.set_defaults(run=lazy("ledger", "pages"))

    one = add("numbers", "Draw one exact instance of a theorem's givens and evaluate every fact of its proof on it.",
              "  symlora numbers linear/lemma-1 --sizes \"D=3, L=2, R=1\"\n"
              "  symlora numbers matrix/norm-product --digits 50\n"
              "  symlora numbers matrix/woodbury --polynomial\n\n"
              "exit status: 0 every fact holds or is left open, and the theorem is proved; 1 one fails, or no\n"
              "instance was found; 2 bad input")  # fmt: skip
    one.add_argument("theorem", metavar="THEOREM", help="the id of a theorem")
    one.add_argument("paths", nargs="*", metavar="PATH", help="scripts to look in, the library if none")
    one.add_argument("--sizes", metavar="SIZES", help='values of naturals, such as "D=3, d[0]=2"; others are chosen')
    one.add_argument("--seed", type=_seed, default=0, metavar="N", help="seed of the instance (0)")
    one.add_argument("--digits", type=int, metavar="N", help="digits of irrational values (20)")
    one.add_argument("--polynomial", action="store_true",
                     help="also decide equations for all entries of the matrices at these sizes")  # fmt: skip
    one.add_argument("--json", action="store_true", help="as JSON, with every value")
    one.set_defaults(run=lazy("numbers"))

    one = add("new", "Write a commented starting point for a proof script.",
              "  symlora new my_proof.py && symlora check my_proof.py")  # fmt: skip
    one.add_argument("file", metavar="FILE.py", help="the file to write; it must not exist")
    one.set_defaults(run=lazy("new"))

    one = add("export", "Write the certificate of a theorem, with everything that it cites.",
              "  symlora export matrix/push-through -o push-through.json")  # fmt: skip
    one.add_argument("theorem", metavar="THEOREM", help="the id of a theorem")
    one.add_argument("paths", nargs="*", metavar="PATH", help="scripts to look in, the library if none")
    one.add_argument("-o", "--output", required=True, metavar="FILE", help="the file to write, - for standard output")
    one.set_defaults(run=lazy("export", "certificates"))

    # `main` hands the words of these over as they are.
    commands.add_parser("refute", help="Decide a claim typed as text: a certificate, or a counterexample.")
    commands.add_parser("sweep", help="Evaluate every fact of a proof on many float instances, on a CPU or a GPU.")
    return top


def _count(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 1024:
        raise argparse.ArgumentTypeError(f"expected a number from 1 to 1024, found {text!r}")
    return int(text)


def _seed(text: str) -> int:
    if not text.isdecimal() or len(text) > 18:
        raise argparse.ArgumentTypeError(f"expected a number from 0 on of at most 18 digits, found {text!r}")
    return int(text)


def words(arguments: Sequence[str]) -> list[str]:
    """Return the words of a command line, the number of instances written out where it is left out before a path.

    >>> words(["check", "--instances", "proofs/linear"])
    ['check', '--instances', '20', 'proofs/linear']
    """
    found = list(arguments)
    for place, word in enumerate(found[:-1]):
        following = found[place + 1]
        if word == "--instances" and not (following.startswith("-") or following.isdecimal()):
            return [*found[: place + 1], str(INSTANCES), *found[place + 1 :]]
    return found


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
        given = words(sys.argv[1:] if arguments is None else arguments)
        if given[:1] == ["sweep"]:
            from symlora.sweep.linear import sweep_command

            return sweep_command(given[1:])
        if given[:1] == ["refute"]:
            from symlora.decide.command import refute_command

            return refute_command(given[1:])
        found = top.parse_args(given)
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
