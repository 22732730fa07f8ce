"""Counterexamples from solvers of polynomial arithmetic (the extra ``smt``: z3 and cvc5), at small sizes.

The negated claim with its hypotheses is written out in entries. A model is rounded to rational values where it is not
rational, and counts only if the exact evaluation says so. That a solver finds none is noted as its word: it proves
nothing here.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from fractions import Fraction
from importlib.util import find_spec
from typing import Any

from flint import fmpq, fmpq_mat

from symlora.claims.statement import Statement
from symlora.decide.problem import Problem, Values
from symlora.decide.search import Found, Looked, choices
from symlora.decide.simpler import fewer_signs, lower, placed

SOLVERS = ("z3", "cvc5")
"""The solvers, in the order in which they are asked."""
HINT = "pip install 'symlora[smt]'"
MAX_ENTRIES = 30
SIMPLER = 1.0
SAID = {"unsat": "no counterexample", "sat": "a model that is not confirmed by rational values"}
Answer = dict[str, Any]
"""``solver``, ``naturals``, ``answer`` (``sat``, ``unsat`` or another text), ``tables`` (for ``sat``, the entries, with
a question mark where one is close to an irrational number)."""


def installed() -> list[str]:
    """Return the names of the solvers that are installed."""
    return [name for name in SOLVERS if find_spec(name) is not None]


def answers(statement: Statement, sizes: Sequence[Mapping[str, int]], names: Sequence[str], seconds: float,
            ) -> list[Answer]:  # fmt: skip
    """Ask solvers at each of some sizes, in a process that is stopped after that many seconds; return what came."""
    asked = {
        "claim": statement.source, "let": statement.lets, "given": statement.givens, "dims": statement.fixed,
        "sizes": sizes, "solvers": names, "seconds": round(max(0.1, seconds / 3), 2),
    }  # fmt: skip
    command = [sys.executable, "-m", "symlora.decide.solver"]
    try:
        done = subprocess.run(
            command, input=json.dumps(asked).encode(), capture_output=True, timeout=seconds, check=False
        )
        out = done.stdout
    except subprocess.TimeoutExpired as stopped:
        out = stopped.output or b""
    except OSError:
        return []
    found = []
    for line in out.splitlines():
        try:
            answer = json.loads(line)
        except ValueError:  # the process was stopped in the middle of a line
            continue
        if isinstance(answer, dict) and answer.keys() >= {"solver", "naturals", "answer", "tables"}:
            found.append(answer)
    return found


def exact_values(problem: Problem, tables: Mapping[str, list[list[str]]]) -> Values | None:
    """Return exact values near a model that satisfy the hypotheses and break the goal, or None."""
    for bound in (1, 2, 4, 10, 100, 10_000, 10**8, 10**16, 0):
        given = {}
        for letter in problem.free:
            rows, cols = problem.shapes[letter.name]
            entries = [Fraction(x.rstrip("?")) for row in tables[letter.name] for x in row]
            entries = [x.limit_denominator(bound) if bound else x for x in entries]
            given[letter.name] = fmpq_mat(rows, cols, [fmpq(x.numerator, x.denominator) for x in entries])
        values = placed(problem, given)
        if values is not None and problem.breaks(values):
            return values
    return None


def solve(statement: Statement, deadline: float, looked: Looked, names: Sequence[str] | None = None,
          largest: int = 2) -> Found | None:  # fmt: skip
    """Ask solvers (those installed, if no others are named) for a counterexample with sizes up to `largest`.

    `looked` notes what they answer.
    """
    chosen = installed() if names is None else names
    limit = deadline - time.monotonic()
    sizes = []
    for naturals in choices(statement, largest):
        problem = Problem(statement, naturals)
        if problem.possible and sum(rows * cols for rows, cols in problem.shapes.values()) <= MAX_ENTRIES:
            sizes.append(naturals)
    if not sizes or not chosen or limit <= 0.1:
        return None
    told: set[str] = set()
    silent: dict[str, int] = {}
    for answer in answers(statement, sizes, chosen, limit):
        naturals = {name: int(value) for name, value in answer["naturals"].items()}
        shape = ", ".join(f"{name} = {value}" for name, value in naturals.items())
        where = f" at {shape}" if shape else ""
        looked.tried += 1
        problem = Problem(statement, naturals)
        try:
            values = exact_values(problem, answer["tables"]) if answer["answer"] == "sat" else None
        except (ArithmeticError, LookupError, TypeError, ValueError):
            values = None
        if values is not None:
            end = min(deadline, time.monotonic() + SIMPLER)
            looked.notes.append(f"{answer['solver']}: a counterexample{where}")
            looked.met = True
            return Found(naturals, fewer_signs(problem, lower(problem, values, end), end))
        said = f"{answer['solver']}: {SAID.get(answer['answer'], answer['answer'])}"
        if answer["answer"] not in SAID:
            silent[said] = silent.get(said, 0) + 1
        elif where not in told:
            looked.notes.append(f"{said}{where}")
            told.add(where)
    looked.notes += [f"{said} at {count} choice{'s' * (count > 1)} of sizes" for said, count in silent.items()]
    if len(told) < len(sizes):
        looked.notes.append(f"no answer at {len(sizes) - len(told)} of {len(sizes)} choices of sizes")
    return None
