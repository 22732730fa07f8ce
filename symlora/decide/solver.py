"""``python -m symlora.decide.solver``: solvers of polynomial arithmetic in a process of their own.

A solver can take more time and memory than it was given, or end the process; so it is asked in one that can be stopped.
On standard input stands one question as JSON (see `smt.asked`), on standard output one line of JSON for each answer.
"""

from __future__ import annotations

import json
import sys
from fractions import Fraction
from importlib import import_module
from typing import Any

from symlora.claims.statement import read
from symlora.decide.encoding import Encoding, Expr, NoForm, formula

MEMORY = 1_500
"""MB that the process may use."""
MODULES = {"z3": "z3", "cvc5": "cvc5.pythonic"}


def ask(name: str, api: Any, encoding: Encoding, claims: list[Expr], seconds: float) -> tuple[str, dict[str, Any]]:
    """Return ``sat``, ``unsat`` or ``unknown``, and for ``sat`` the entries of the letters as exact strings.

    Irrational entries are approximated; a question mark stands behind such a number.
    """
    solver = api.SolverFor("QF_NRA") if name == "z3" else api.Solver()
    if name == "z3":
        solver.set("timeout", max(1, int(1000 * seconds)))
        solver.set("random_seed", 0)
    else:
        solver.setOption("tlimit-per", max(1, int(1000 * seconds)))
        solver.setOption("seed", 0)
    solver.add(*claims)
    found = str(solver.check())
    if found != "sat":
        return found, {}
    model = solver.model()
    return "sat", {
        letter: [[_rational(model, x) for x in row] for row in table] for letter, table in encoding.tables.items()
    }


def _rational(model: Any, x: Expr) -> str:
    """Return the value of an entry in a model, or a rational number close to it and a question mark."""
    value = model.eval(x, True) if hasattr(model, "eval") else model[x]
    near = hasattr(value, "approx")
    text = str(value.approx(30) if near else value)
    number = text.rstrip("?").replace("(", "").replace(")", "").replace(" ", "")
    top, _, bottom = number.partition("/")
    return f"{Fraction(top) / Fraction(bottom or '1')}{'?' * (near or text.endswith('?'))}"


def limit_memory() -> None:
    """Bound the memory of this process, where the system allows it."""
    try:
        import resource
    except ImportError:  # not on every system
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY << 20, MEMORY << 20))


def main() -> None:
    """Answer one question."""
    asked = json.load(sys.stdin)
    statement = read(asked["claim"], asked["let"], asked["given"], asked["dims"] or None)
    limit_memory()
    told: list[Any] = []
    for name in asked["solvers"]:
        api = import_module(MODULES[name])
        for naturals in asked["sizes"]:
            if naturals in told:
                continue
            tables: dict[str, Any] = {}
            try:
                encoding, claims = formula(api, statement, naturals)
                answer, tables = ask(name, api, encoding, claims, asked["seconds"])
            except NoForm as error:
                answer = f"no form for {error}"
            # Whatever a solver raises, it gave no answer.
            except Exception as error:
                answer = f"failed ({type(error).__name__})"
            line = {"solver": name, "naturals": naturals, "answer": answer, "tables": tables}
            sys.stdout.write(json.dumps(line) + "\n")
            sys.stdout.flush()
            if answer in ("sat", "unsat"):
                told.append(naturals)
            if answer == "sat" and not any("?" in x for table in tables.values() for row in table for x in row):
                return


if __name__ == "__main__":
    main()
