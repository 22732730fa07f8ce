"""``symlora verify``, ``axioms`` and ``export``: what the kernel sees."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import symlora
from symlora.commands.output import Usage, complain, write


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
    from symlora.commands.check import find_theorem
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


def command_export(arguments: argparse.Namespace) -> int:
    """Write the closed certificate of a theorem."""
    from symlora.commands.check import find_theorem

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
