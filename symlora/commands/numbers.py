"""``symlora numbers``: a theorem at one exact instance."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from dataclasses import asdict
from typing import Any

import symlora
from symlora.commands.check import find_theorem
from symlora.commands.output import Usage, write
from symlora.runs.errors import RunError
from symlora.runs.report import TheoremReport
from symlora.runs.terminal import style

DIGITS = 20
"""How many digits of irrational values are shown unless ``--digits`` says otherwise."""
MOST_DIGITS = 1_000


def command_numbers(arguments: argparse.Namespace) -> int:
    """Evaluate every fact of a proof at one exact instance of its givens, and print it."""
    from symlora.runs.bound import TooLong, bounded
    from symlora.teaching.numbers import numbers_lines, polynomial_lines

    if arguments.digits is not None and not 1 <= arguments.digits <= MOST_DIGITS:
        raise Usage(f"expected from 1 to {MOST_DIGITS} digits, found {arguments.digits}")
    theorem = find_theorem(arguments.theorem, arguments.paths)
    if not theorem.bundle:
        raise Usage(f"expected a certificate that the kernel accepts, found: {theorem.rejected}")
    try:
        with bounded():
            found, symbolic = _computed(theorem, arguments)
    except RunError as error:
        raise Usage(str(error)) from None
    except TooLong:
        raise Usage("expected sizes that can be evaluated in time, found more work; see SYMLORA_CPU_SECONDS") from None
    except MemoryError:
        raise Usage("expected sizes that can be evaluated in memory, found more") from None
    command = _replay(arguments)
    if arguments.json:
        write(json.dumps(_json(theorem, found, symbolic, command), indent=1, ensure_ascii=False))
    else:
        out = style(sys.stdout)
        lines = numbers_lines(theorem, found, out, arguments.digits or 0)
        if symbolic is not None:
            lines += ["", *polynomial_lines(found, symbolic, out)]
        write("\n".join([*lines, f"replay: {command}"]))
    failed = found.count("fails") or any(one.state == "fails" for one in symbolic or ())
    return 0 if found.found and not failed and theorem.passed else 1


def _computed(theorem: TheoremReport, arguments: argparse.Namespace) -> tuple[Any, Any]:
    """Return what the instance says, and with ``--polynomial`` what is known for all entries at its sizes."""
    from symlora.runs.instances import Bundles
    from symlora.runs.numbers import tell
    from symlora.runs.sizes import check_sizes, check_work, read_sizes
    from symlora.runs.symbolic import decide_all

    data, code = Bundles().read(theorem.bundle.decode())
    fixed = {} if arguments.sizes is None else read_sizes(arguments.sizes, code.setup)
    check_sizes(code.setup, fixed)
    check_work(code, fixed)
    found = tell(data, code, arguments.seed, fixed, arguments.digits or DIGITS)
    if not (arguments.polynomial and found.model is not None):
        return found, None
    return found, list(decide_all(code, found.model.plain, found.model.families))


def _replay(arguments: argparse.Namespace) -> str:
    """Return the command that prints the same again."""
    words = ["symlora", "numbers", arguments.theorem, *arguments.paths, "--seed", str(arguments.seed)]
    words += [] if arguments.sizes is None else ["--sizes", arguments.sizes]
    words += [] if arguments.digits is None else ["--digits", str(arguments.digits)]
    words += [f"--{name}" for name in ("polynomial", "json") if getattr(arguments, name)]
    return shlex.join(words)


def _json(theorem: TheoremReport, found: Any, symbolic: Any, command: str) -> dict[str, Any]:
    """Return everything as JSON data; matrices are rows of exact strings, or of digits followed by dots."""
    data = {
        "symlora": symlora.__version__, "theorem": theorem.id, "verdict": theorem.verdict.word, "seed": found.seed,
        "replay": command, "found": found.found, "tried": found.tried, "naturals": found.sizes,
        "matrices": found.matrices, "computed": found.computed, "ended": found.ended,
        "counts": {word: found.count(word) for word in ("holds", "fails", "open")},
    }  # fmt: skip
    for name in ("givens", "facts"):
        data[name] = [{"verdict": told.verdict, **asdict(told)} for told in getattr(found, name)]
    if symbolic is not None:
        data["polynomial"] = [
            {
                **asdict(one),
                "witness": {k: [[str(x) for x in row] for row in m] for k, m in (one.witness or {}).items()},
            }
            for one in symbolic
        ]
    return data
