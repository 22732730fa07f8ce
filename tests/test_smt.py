"""SMT solvers: a model counts only if it is confirmed exactly, and that there is none proves nothing."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import Any

import pytest
from flint import fmpq, fmpq_mat

from symlora.claims.statement import read
from symlora.decide import smt
from symlora.decide.command import refute_command
from symlora.decide.search import Looked
from symlora.decide.verdict import decide
from symlora.decide.witness import recheck, to_json

z3 = pytest.mark.skipif("z3" not in smt.installed(), reason="z3 is not installed")
both = [pytest.param(name, marks=pytest.mark.skipif(name not in smt.installed(), reason=f"no {name}"))
        for name in smt.SOLVERS]  # fmt: skip


def solve(claim: str, let: str, *given: str, names: Any = None) -> tuple[Any, Looked]:
    looked = Looked()
    return smt.solve(read(claim, let.split("; "), given), time.monotonic() + 30, looked, names), looked


@z3
@pytest.mark.parametrize(
    ("claim", "let"),
    [
        ("a^4 - 4 a^2 + 399/100 >= 0", "a: scalar"),
        ("1000 a < 1234 or 1000 a > 1235", "a: scalar"),
        ("psd(A) and psd(B) implies psd(A B + B A)", "A, B: n x n"),
        ("rank(A) <= 1 implies normF(A - [7, 3; 5, 2])^2 >= 1/50", "A: 2 x 2"),
        ("A idempotent implies norm2(A) <= 30", "A: n x n"),
        ("pd(A) implies norm2(A) norm2(inv(A)) <= 1000", "A: n x n"),
        ("norm1(A) <= normInf(A)", "A: n x n"),
        ("relu(a - 7/5) + relu(8/5 - a) >= 11/50 or a <= 0", "a: scalar"),
        ("max(a, b) min(a, b) <= 1 or a != 1234 b", "a, b: scalar"),
        ("kron(A, B) = kron(B, A)", "A, B: 2 x 2"),
        ("A nilpotent implies A = 0", "A: n x n"),
        ("A skew implies A orthogonal or A = 0", "A: n x n"),
        ("a b = 1 iff a = b", "a, b: scalar"),
        ("diag(x) = diag(y) or diagpart(x y') = 0", "x, y: n"),
    ],
)
def test_a_model_is_confirmed(claim: str, let: str) -> None:
    statement = read(claim, let.split("; "))
    found, _ = solve(claim, let)
    assert found is not None
    assert recheck(read(claim, let.split("; ")), to_json(statement, found.naturals, found.values))


@pytest.mark.parametrize("name", both)
def test_solvers_find_no_counterexample_of_a_true_claim(name: str) -> None:
    found, looked = solve("a <= b implies 2 a <= 2 b + 1", "a, b: scalar", names=[name])
    assert found is None
    assert looked.notes == [f"{name}: no counterexample"]


@pytest.mark.parametrize("name", both)
def test_solvers_find_a_rational_model(name: str) -> None:
    found, looked = solve("7 a != 5", "a: scalar", names=[name])
    assert found.values["a"] == fmpq_mat(1, 1, [fmpq(5, 7)])
    assert looked.notes == [f"{name}: a counterexample"]


@z3
def test_an_irrational_model_is_not_enough() -> None:
    found, looked = solve("a^2 != 2", "a: scalar")
    assert found is None
    assert "not confirmed by rational values" in looked.notes[0]


@z3
def test_a_claim_without_form_is_named() -> None:
    found, looked = solve("normNuc(A) <= 1", "A: n x n")
    assert found is None
    assert looked.notes[0] == "z3: no form for normNuc at 2 choices of sizes"


def says(answer: str, tables: dict[str, Any] | None = None) -> Any:
    def lie(statement: Any, sizes: Any, names: Any, seconds: float) -> Any:
        return [{"solver": "z3", "naturals": one, "answer": answer, "tables": tables or {}} for one in sizes]

    return lie


@pytest.fixture
def pretend(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Where answers are replaced, no solver needs to be installed."""
    monkeypatch.setattr(smt, "installed", lambda: ["z3"])
    return monkeypatch


def test_a_solver_that_lies_proves_nothing(pretend: pytest.MonkeyPatch) -> None:
    pretend.setattr(smt, "answers", says("unsat"))
    # False, but beyond the grid; whatever else looks for it must not take the solver's word.
    claim = "x^4 y^2 + x^2 y^4 - 6 x^2 y^2 + 799/100 >= 0"
    found = decide(claim, ["x, y: scalar"], seconds=4)
    assert found.verdict in ("refuted", "unknown")
    pretend.setattr("symlora.decide.verdict.optimise", lambda *arguments: None)
    found = decide(claim, ["x, y: scalar"], seconds=4)
    assert found.verdict == "unknown"
    assert any("no counterexample" in one.detail for one in found.evidence)
    assert all(one.kind == "search" for one in found.evidence if "z3" in one.detail)


TRUE = "normMax(A) <= norm1(A)"


@pytest.mark.usefixtures("without_proofs")
@pytest.mark.parametrize("tables", [{"A": [["1"]]}, {"A": [["7071/5000?"]]}, {"A": [["-7/5"]]}])
def test_a_model_that_is_a_lie_refutes_nothing(pretend: pytest.MonkeyPatch, tables: dict[str, Any]) -> None:
    pretend.setattr(smt, "answers", says("sat", tables))
    found = decide(TRUE, ["A: n x n"], seconds=8)
    assert found.verdict == "unknown"
    assert any("not confirmed" in one.detail for one in found.evidence)


@pytest.mark.usefixtures("without_proofs")
@pytest.mark.parametrize(
    "answer",
    [says("unknown"), says("sat"), says("sat", {"a": []}), says("sat", {"a": [["x"]]}), says("sat", {"a": [["1/0"]]})],
)
def test_a_solver_that_fails_changes_nothing(pretend: pytest.MonkeyPatch, answer: Any) -> None:
    pretend.setattr(smt, "answers", answer)
    found = decide(TRUE, ["A: n x n"], seconds=8)
    assert found.verdict == "unknown"


@pytest.mark.usefixtures("without_proofs")
def test_a_process_that_does_not_end_is_stopped(pretend: pytest.MonkeyPatch) -> None:
    pretend.setattr(smt.sys, "executable", sys.executable)
    before = time.monotonic()
    slow = [sys.executable, "-c", "import time; print('{', flush=True); time.sleep(60)"]
    run = subprocess.run
    pretend.setattr(smt.subprocess, "run", lambda command, **more: run(slow, **more))
    found = decide(TRUE, ["A: n x n"], seconds=8)
    assert found.verdict == "unknown"
    assert time.monotonic() - before < 50


@z3
def test_what_is_too_large_for_the_memory_gives_no_answer(pretend: pytest.MonkeyPatch) -> None:
    found, looked = solve("det(A B) = det(A) det(B) + tr(A)^99 - tr(A)^99", "A, B: 3 x 3", names=["z3"])
    assert found is None
    assert looked.notes


@pytest.mark.usefixtures("without_proofs")
def test_without_solvers_the_evidence_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smt, "installed", list)
    found = decide(TRUE, ["A: n x n"], seconds=8)
    assert found.verdict == "unknown"
    assert any(one.detail == f"SMT solvers: not installed ({smt.HINT})" for one in found.evidence)


def test_solvers_that_are_insisted_on_and_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(smt, "installed", list)
    assert refute_command(["a = a", "--let", "a: scalar", "--smt"]) == 2
    assert capsys.readouterr().err == (
        "symlora: expected an SMT solver for --smt, found none installed; install with: pip install 'symlora[smt]'\n"
    )


def test_no_solver_is_asked_if_none_is_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    assert refute_command(["a^2 != 2", "--let", "a: scalar", "--no-smt", "--time", "2"]) == 3
    assert "SMT" not in capsys.readouterr().out
