"""Deciding claims: exact smallest counterexamples, replayed certificates, and no wrong verdict."""

from __future__ import annotations

import contextlib
import json
import sys
import time
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

from symlora import refute
from symlora.claims.errors import ClaimError
from symlora.claims.statement import read
from symlora.decide.command import refute_command
from symlora.decide.library import certificates, collected, fetch
from symlora.decide.limit import OutOfTime, at_most
from symlora.decide.prove import prove
from symlora.decide.reduction import Reduction, Trace
from symlora.decide.report import render
from symlora.decide.translate import NoKernelForm, negated
from symlora.decide.verdict import decide
from symlora.decide.witness import recheck
from symlora.kernel import words
from symlora.kernel.context import Context, Symbol
from symlora.kernel.form import load
from symlora.kernel.naturals import ONE
from symlora.kernel.replay import Library, replay


def corpus() -> list[Any]:
    """Return the cases of the corpus beside this file."""
    spec = spec_from_file_location("claims_corpus", Path(__file__).with_name("claims_corpus.py"))
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module.CORPUS


BEYOND_THE_ENGINES = {
    "nonneg(relu(W x))", "norm2(A)^2 <= norm1(A) normInf(A)", "det(A') = det(A)", "det(A B) = det(B A)",
    "S symmetric implies normF(A - 1/2 (A + A')) <= normF(A - S)",
}  # fmt: skip
"""True claims of the corpus that are not proved for all sizes."""


@pytest.mark.parametrize("case", corpus(), ids=lambda case: case.claim)
def test_the_corpus_is_decided_right(case: Any) -> None:
    # What is decided is decided long before; a slow machine must not change the verdict.
    found = decide(case.claim, case.let, case.given, seconds=6 if case.claim in BEYOND_THE_ENGINES else 60)
    statement = read(case.claim, case.let, case.given)
    if not case.true:
        assert found.verdict == "refuted"
        data = json.loads(json.dumps(found.to_json()))["witness"]
        assert recheck(statement, data)
    elif case.claim in BEYOND_THE_ENGINES:
        assert found.verdict in ("unknown", "proved-at-shape")
    else:
        assert found.verdict in (("proved", "proved-at-shape") if case.kind == "relu network" else ("proved",))
        theorems = replay(load(json.dumps(found.certificate).encode()))
        assert not any(theorem.holes for theorem in theorems)
    assert found.claim in render(found, statement)


MINIMA = [
    ("A B = B A", "A, B: n x n", {"A": [["1", "0"], ["0", "0"]], "B": [["0", "1"], ["0", "0"]]}),
    ("A^2 = A implies A = 0 or A = I", "A: n x n", {"A": [["1", "0"], ["0", "0"]]}),
    ("A nilpotent implies A^2 = 0", "A: n x n", {"A": [["0", "1", "0"], ["0", "0", "1"], ["0", "0", "0"]]}),
    ("rank(A + B) = rank(A) + rank(B)", "A, B: m x n", {"A": [["1"]], "B": [["1"]]}),
    ("A orthogonal and det(A) = 1 implies A = I", "A: n x n", {"A": [["0", "-1"], ["1", "0"]]}),
    ("normF(A) = norm2(A)", "A: m x n", {"A": [["1", "0"], ["0", "1"]]}),
]


@pytest.mark.parametrize(("claim", "let", "matrices"), MINIMA, ids=lambda value: str(value)[:30])
def test_smallest_counterexamples(claim: str, let: str, matrices: dict[str, list[list[str]]]) -> None:
    found = decide(claim, [let])
    assert found.minimal
    assert found.witness is not None
    assert found.witness["matrices"] == matrices


def test_what_a_hypothesis_determines_is_computed() -> None:
    found = decide("C = B A", ["A, B, C: n x n"], ["C = A B"])
    assert found.witness is not None
    assert found.witness["matrices"]["C"] == [["0", "1"], ["0", "0"]]


def test_a_fraction_is_found_where_whole_numbers_do_not_do() -> None:
    found = decide("0 <= a implies a <= a^2", ["a: scalar"])
    assert found.witness is not None
    assert found.witness["scalars"] == {"a": "1/2"}


def test_a_tampered_witness_is_refused() -> None:
    statement = read("A B = B A", ["A, B: n x n"], ["A symmetric"])
    found = decide("A B = B A", ["A, B: n x n"], ["A symmetric"])
    data = found.witness
    assert data is not None
    assert recheck(statement, data)
    assert not recheck(statement, {**data, "matrices": {**data["matrices"], "A": [["0", "1"], ["0", "0"]]}})
    assert not recheck(statement, {**data, "dims": {"n": 1}})
    assert not recheck(statement, {**data, "matrices": {}})
    assert not recheck(statement, {**data, "matrices": {"A": [["1/0"]], "B": [["1"]]}})


def test_true_claims_that_only_look_false_are_not_refuted() -> None:
    for claim, let in (("norm2(A) = sqrt(norm2(A' A))", "A: m x n"), ("A B = B A", "A, B: 1 x 1")):
        assert decide(claim, [let], seconds=3).verdict != "refuted"


def test_fixed_sizes_are_named() -> None:
    found = decide("A B - B A = 0 implies A B = B A", ["A, B: n x n"], dims="n=2")
    assert (found.verdict, found.shape) == ("proved-at-shape", ("n = 2",))


def test_contradictory_hypotheses() -> None:
    found = decide("A = B", ["A, B: n x n"], ["A nonsingular", "rank(A) < n"])
    assert found.verdict == "vacuous"
    assert found.certificate is not None
    replay(found.certificate)


def test_a_decision_has_no_truth_value() -> None:
    with pytest.raises(TypeError, match="no truth value"):
        bool(decide("A = A", ["A: n x n"]))


def test_no_false_claim_is_proved_by_a_hypothesis_that_is_lost() -> None:
    found = decide("A = 0", ["A: n x n"], ["for all x: n: norm2(A x) <= norm2(x)"], seconds=3)
    assert found.verdict in ("unknown", "untested")


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["A B = B A", "--let", "A, B: n x n"], 1),
        (["(A B)' = B' A'", "--let", "A, B: n x n"], 0),
        (["A B = B A", "--let", "A, B: n x n", "--dims", "n=1", "--time", "3"], 0),
        (["almost surely(A nonsingular)", "--let", "A: n x n"], 2),
        (["almost surely(A nonsingular)", "--let", "A: n x n", "--given", "A generic"], 0),
        (
            [
                "A x = 0 implies x' relu(x) = 0",
                "--let",
                "A: n x n",
                "--let",
                "x: n",
                "--given",
                "A nonsingular",
                "--given",
                "for all y: n: 0 <= y' A y",
                "--time",
                "1",
            ],
            3,
        ),
        (["A B = ", "--let", "A, B: n x n"], 2),
        (["A = A"], 2),
        (["A = A", "--let", "A: n x n", "--time", "-1"], 2),
        (["A = A", "--let", "A: n x n", "--dims", "n=1000"], 2),
        (["A = A", "--unknown"], 2),
        ([], 2),
    ],
)
def test_exit_status(arguments: list[str], status: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert refute_command(arguments) == status
    out = capsys.readouterr()
    if status == 2:
        assert out.out == ""
        assert len(out.err.splitlines()) == 1


def test_json_of_a_refutation(capsys: pytest.CaptureFixture[str]) -> None:
    assert refute_command(["A B = B A", "--let", "A, B: n x n", "--json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert data["verdict"] == "refuted"
    assert data["minimal"] is True
    assert data["witness"]["dims"] == {"n": 2}
    assert {"claim", "evaluated", "evidence", "seconds"} <= data.keys()


def test_every_lemma_is_replayed_without_holes() -> None:
    library = Library()
    for name in certificates():
        fetch(name, library)
        assert not library.theorems[name].holes


def test_the_kept_lemmas_are_those_of_the_scripts() -> None:
    made = {data["name"]: data["goals"] for data in collected()["theorems"]}
    assert {name: data["goals"] for name, data in certificates().items()} == made


def test_declarations_may_stand_in_one_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert refute_command(["W x = x", "--let", "W: 2 x 2; x: 2"]) == 1
    assert "for all W: 2 x 2; x: 2 x 1" in capsys.readouterr().out


def test_refute_from_python_takes_one_text_or_several() -> None:
    found = refute("A B = B A", "A: n x n; B: n x n", "A symmetric")
    again = refute("A B = B A", ("A: n x n", "B: n x n"), ["A symmetric"])
    assert found.verdict == again.verdict == "refuted"
    assert found.witness == again.witness
    assert refute("A B = B A", "A, B: n x n", dims={"n": 1}).verdict == "proved-at-shape"
    with pytest.raises(TypeError, match="has no truth value"):
        bool(found)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"claim": "A B ="}, "symlora.claims.errors.ClaimError"),
        ({"claim": "A = A", "let": [1]}, "expected text for let, found int"),
        ({"claim": "A = A", "given": b"A = 0"}, "expected text for given, found int"),
        ({"claim": None}, "expected the claim as text, found NoneType"),
        ({"claim": "1 = 1", "seconds": 0}, "expected a number of seconds above 0, found 0"),
    ],
)
def test_refute_from_python_says_what_is_wrong(arguments: dict[str, Any], expected: str) -> None:
    with pytest.raises((ClaimError, TypeError, ValueError)) as caught:
        refute(**arguments)
    assert expected in f"{type(caught.value).__module__}.{type(caught.value).__name__} {caught.value}"


def test_a_bound_in_seconds_inside_another_leaves_that_in_force() -> None:
    reached = []

    def spin() -> None:
        end = time.monotonic() + 30
        while time.monotonic() < end:
            pass

    def nested() -> None:
        with at_most(0.4):
            with contextlib.suppress(OutOfTime), at_most(0.05):
                spin()
            reached.append("the inner bound")
            spin()

    with pytest.raises(OutOfTime):
        nested()
    assert reached == ["the inner bound"]


@pytest.mark.parametrize("case", [c for c in corpus() if not c.true and c.kind == "by lemmas"], ids=str)
def test_a_wrong_claim_near_a_lemma_is_not_proved(case: Any) -> None:
    # The provers alone, without the search that refutes these claims first.
    found = prove(read(case.claim, case.let, case.given), time.monotonic() + 1.5)
    assert found.bundle is None


@pytest.mark.parametrize(
    "claim",
    [
        "exists X: n x n: A X = B",
        "exists X: n x m: A X A = A and X A = I",
        "exists x: n with x != 0: A x = 0",
        "exists X: m x r, Y: r x n: A = X Y",
        "exists X: m x n with rank(X) <= r: norm2(A - X) <= sigma(A, r + 2)",
    ],
)
def test_no_witness_where_the_hypothesis_is_missing(claim: str) -> None:
    lets = ["A: m x n", "B: m x n", "r: natural"]
    assert prove(read(claim, lets), time.monotonic() + 2).bundle is None


def test_a_pseudo_inverse_in_a_witness_is_no_hypothesis() -> None:
    found = decide("exists X: n x m: A X A = A", ["A: m x n"], seconds=60)
    assert found.verdict == "proved"
    assert [line.strip() for line in found.statement.splitlines() if "given" in line] == [
        "given h1: 1 <= m", "given h2: 1 <= n",
    ]  # fmt: skip
    assert "there is a real matrix X: n x m" in found.statement


def test_what_a_negation_says() -> None:
    assert str(negated(read("A nonsingular", ["A: n x n"]).goal)) == "singular(A)"
    assert str(negated(read("a <= b", ["a, b: scalar"]).goal)) == "b < a"
    with pytest.raises(NoKernelForm, match="not psd"):
        negated(read("psd(A)", ["A: n x n"]).goal)


def scalars(**texts: str) -> Reduction:
    """Return the rules of equations ``text = 0`` between scalars a, b, c."""
    context = Context()
    for name in ("a", "b", "c"):
        context.declare(name, Symbol("matrix", 0, ONE, ONE))
    return Reduction([(name, context.matrix(text)) for name, text in texts.items()])


def test_scalar_equations_rewrite_and_the_trace_adds_up() -> None:
    rules = scalars(first="a*a - b", second="a*b - 1")
    context = Context()
    for name in ("a", "b", "c"):
        context.declare(name, Symbol("matrix", 0, ONE, ONE))
    gaps = {"first": context.matrix("a*a - b"), "second": context.matrix("a*b - 1")}
    m = context.matrix("a*a*a*a*c + 2*b")
    trace: Trace = []
    total = rules.reduced(m, trace)
    for scalar, name, _ in trace:
        total = words.add(total, words.times(scalar, gaps[name]))
    assert trace
    assert total == m


def test_two_rules_that_overlap_agree() -> None:
    assert not scalars(first="a*b - 1", second="a*c").unit
    assert scalars(first="a*b - 1", second="a*c", third="c - 1").unit
    assert not scalars(first="a*a - a").unit


@pytest.mark.parametrize(
    ("claim", "let", "given", "proved"),
    [
        ("A = B", "A, B: m x n", "for all y: n: A y = B y", True),
        ("A skew", "A: n x n", "for all y: n: y' A y = 0", True),
        ("psd(A + A')", "A: n x n", "for all y: n: y' A y >= 0", True),
        ("A nonsingular", "A: n x n", "for all y: n: A y = 0 implies y = 0", True),
        ("rank(B) <= rank(A)", "A: m x n; B: p x n", "for all y: n: A y = 0 implies B y = 0", True),
        ("A = 0", "A: n x n", "for all y: n: y' A y = 0", False),
        ("psd(A)", "A: n x n", "for all y: n: y' A y >= 0", False),
        ("rank(A) <= rank(B)", "A: m x n; B: p x n", "for all y: n: A y = 0 implies B y = 0", False),
        ("A = B", "A, B: m x n", "for all y: n with A y = 0: B y = 0", False),
    ],
)
def test_what_a_hypothesis_for_all_columns_gives(claim: str, let: str, given: str, proved: bool) -> None:
    found = prove(read(claim, let.split("; "), [given]), time.monotonic() + (60 if proved else 2))
    assert (found.bundle is not None) is proved
