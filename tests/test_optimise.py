"""Counterexamples by numerical optimisation: only exact evaluation decides, and what is found is small."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from flint import fmpq, fmpq_mat

from symlora.claims.statement import read
from symlora.decide import optimise as module
from symlora.decide.evolution import maximise
from symlora.decide.floats import Floats
from symlora.decide.optimise import Hit, Landscape, optimise, rational
from symlora.decide.parameters import EXACT, floating, forms, solved
from symlora.decide.problem import Problem
from symlora.decide.search import Looked, choices
from symlora.decide.simpler import fewer_signs, lower, size_of
from symlora.decide.verdict import decide
from symlora.decide.witness import recheck, to_json

LONG = 60.0


def look(claim: str, let: str, *given: str, **more: Any) -> Any:
    return optimise(read(claim, let.split("; "), given), time.monotonic() + LONG, Looked(), **more)


BEYOND_THE_GRID = [
    ("normNuc(A) <= 17/10 normF(A)", "A: m x n", ()),
    ("tr(A)^2 <= 29/10 normF(A)^2", "A: n x n", ()),
    ("norm1(A) <= 17/10 norm2(A)", "A: n x n", ()),
    ("a^4 - 4 a^2 + 399/100 >= 0", "a: scalar", ()),
    ("x^4 y^2 + x^2 y^4 - 6 x^2 y^2 + 799/100 >= 0", "x, y: scalar", ()),
    ("(7 a - 5)^2 + (7 b - 11)^2 >= 1/1000", "a, b: scalar", ()),
    ("a > 0 and a^2 < 3 implies a^2 < 299/100", "a: scalar", ()),
    ("1000 a < 1234 or 1000 a > 1235", "a: scalar", ()),
    ("a + b + c = 1 implies a b c <= 36/1000", "a, b, c: scalar", ("a >= 0", "b >= 0", "c >= 0")),
    ("a b + b c <= 7/10", "a, b, c: scalar", ("a^2 + b^2 + c^2 = 1",)),
    ("normMax(x) >= 6/10", "x: 3", ("x' x = 1",)),
    ("det(A) <= 36/1000", "A: 3 x 3", ("psd(A)", "tr(A) = 1")),
    ("norm2(A) <= 30", "A: n x n", ("A idempotent",)),
    ("norm2(A + A') <= 135/100 norm2(A)", "A: n x n", ("A nilpotent",)),
    ("normF(A - [7, 3; 5, 2])^2 >= 1/50", "A: 2 x 2", ("rank(A) <= 1",)),
    ("tr(Q' [5, 3; -2, 7]) <= 129/10", "Q: 2 x 2", ("Q orthogonal",)),
    ("A[1, 1] + A[2, 2] + A[3, 3] >= 145/100 (A[1, 2] + A[2, 3])", "A: 3 x 3", ("psd(A)",)),
    ("psd(A^2 - B^2)", "A, B: n x n", ("psd(A - B)", "psd(B)", "5 tr(A) <= 6 tr(A B)")),
]


@pytest.mark.parametrize(("claim", "let", "given"), BEYOND_THE_GRID, ids=lambda value: str(value)[:30])
def test_a_violation_that_is_thin_or_large_or_irrational_is_found(claim: str, let: str, given: tuple[str, ...]) -> None:
    statement = read(claim, let.split("; "), given)
    found = look(claim, let, *given)
    assert found is not None
    assert recheck(read(claim, let.split("; "), given), to_json(statement, found.naturals, found.values))


TRUE = [
    ("normNuc(A) <= sqrt(2) normF(A)", "A: 2 x 2", ()),
    ("normF(A B - B A)^2 <= 2 normF(A)^2 normF(B)^2", "A, B: 2 x 2", ()),
    ("a^4 - 4 a^2 + 4 >= 0", "a: scalar", ()),
    ("a + b <= 2", "a, b: scalar", ("a^2 + b^2 = 2",)),
    ("tr(Q' [5, 3; -2, 7]) <= 13", "Q: 2 x 2", ("Q orthogonal",)),
    ("psd(A) implies det(A) <= A[1, 1] A[2, 2]", "A: 2 x 2", ()),
]


@pytest.mark.parametrize(("claim", "let", "given"), TRUE, ids=lambda value: str(value)[:30])
def test_a_tight_true_claim_is_not_refuted(claim: str, let: str, given: tuple[str, ...]) -> None:
    found = optimise(read(claim, let.split("; "), given), time.monotonic() + 3, Looked())
    assert found is None


def test_a_violation_that_rounding_loses_is_not_reported() -> None:
    # Away from the root of 2 the claim holds; fractions of small height are all away from it.
    statement = read("(a^2 - 2)^2 >= 1/10000000000", ["a: scalar"])
    landscape = Landscape(Problem(statement, {}), 0)
    theta = np.array([2**0.5])
    assert landscape.merit(theta[None, :])[0] > 0
    assert rational(landscape, theta, time.monotonic() + LONG, heights=(1, 2, 3, 4, 5, 10)) is None
    hit = rational(landscape, theta, time.monotonic() + LONG)
    assert hit is not None
    assert (hit.values["a"][0, 0] ** 2 - 2) ** 2 < fmpq(1, 10**10)


def test_a_lying_measure_refutes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.Floats, "violation", lambda self, claim: np.ones(self.count))
    assert optimise(read("a^2 >= 0", ["a: scalar"]), time.monotonic() + 2, Looked()) is None


@pytest.mark.usefixtures("without_proofs")
def test_an_unconfirmed_witness_is_not_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    def lie(statement: Any, deadline: float, looked: Looked) -> Any:
        from symlora.decide.search import Found

        return Found({"n": 1}, {"A": fmpq_mat(1, 1, [1])})

    monkeypatch.setattr("symlora.decide.verdict.optimise", lie)
    found = decide("normMax(A) <= norm1(A)", ["A: n x n"], seconds=8, smt=False)
    assert found.verdict != "refuted"
    assert any(one.result == "not confirmed" for one in found.evidence)


def test_the_same_is_found_again() -> None:
    first, second = (look("(a^2 - 2)^2 + (a b - 3)^2 >= 1/10000", "a, b: scalar") for _ in range(2))
    assert first.values == second.values


def test_orthogonal_matrices_are_orthogonal_by_construction() -> None:
    for claim in ("Q orthogonal", "Q' Q = I"):
        problem = Problem(read("tr(Q) <= 1", ["Q: 3 x 3"], [claim]), {})
        for choice in range(4):
            (form,) = forms(problem, choice)
            q = form.build(EXACT, [fmpq_mat(3, 3, list(range(9)))])
            assert q.transpose() * q == fmpq_mat(3, 3, [1, 0, 0, 0, 1, 0, 0, 0, 1])


def test_floating_and_exact_values_of_free_numbers_agree() -> None:
    statement = read("tr(A B C) <= 1", ["A, B, C: 3 x 3"], ["psd(A)", "B idempotent", "C nilpotent"])
    problem = Problem(statement, {})
    made = forms(problem, 0)
    numbers = np.arange(1, 1 + sum(form.count for form in made)) % 5 - 1.5
    values = floating(problem, made, numbers[None, :])
    at = 0
    for form in made:
        parts = []
        for rows, cols in form.blocks:
            entries = [fmpq(int(2 * x), 2) for x in numbers[at : at + rows * cols]]
            parts.append(fmpq_mat(rows, cols, entries))
            at += rows * cols
        exact = form.build(EXACT, parts)
        gap = [float(int(x.p) / int(x.q)) for x in exact.entries()] - values[form.letter.name].ravel()
        assert np.abs(gap).max() < 1e-6


def test_equations_that_are_affine_in_a_letter_are_solved() -> None:
    statement = read("normF(B) <= 1", ["A, B: 2 x 2"], ["A B = B A", "tr(B) = 3"])
    problem = Problem(statement, {})
    a = fmpq_mat(2, 2, [1, 2, 3, 4])
    made = forms(problem, 0)
    first, second = made
    values = {first.letter.name: solved(problem, 0, first, {}, a) if first.equations else a}
    wanted = fmpq_mat(2, 2, [5, 6, 7, 8])
    values[second.letter.name] = solved(problem, 1, second, values, wanted)
    assert values["A"] * values["B"] == values["B"] * values["A"]
    assert values["B"][0, 0] + values["B"][1, 1] == 3
    assert values["A"] != fmpq_mat(2, 2)


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("2 <= 1", 1), ("1 <= 2", -1), ("not 1 <= 2", 1), ("psd([1, 2; 2, 1])", 1), ("pd([2, 1; 1, 2])", -1),
        ("rank([1, 2; 3, 4]) <= 1", 1), ("rank([1, 2; 2, 4]) <= 1", -1), ("nonneg([1, -1; 0, 2])", 1),
        ("2 <= 1 and 1 <= 2", 1), ("2 <= 1 or 1 <= 2", -1), ("1 <= 2 implies 2 <= 1", 1), ("1 <= 2 iff 2 <= 1", 1),
        ("normNuc([3, 0; 0, 4]) <= 6", 1), ("sigma([3, 0; 0, 4], 2) <= 2", 1), ("norm1([1, 2; 3, 4]) <= 5", 1),
        ("normInf([1, 2; 3, 4]) <= 6", 1), ("floor(5/2) >= 3", 1), ("max(1, 2) <= 1", 1), ("relu(-3) >= 1", 1),
        ("normMax(best_rank([3, 0; 0, 4], 1)) <= 3", 1), ("tr(kron([1, 2; 3, 4], [1, 0; 0, 1])) <= 9", 1),
        ("sum(i = 1..3, sigma([3, 0; 0, 4], i)) <= 6", 1), ("normMax(pinv([2, 0; 0, 1])) <= 2/3", 1),
        ("[1, 0; 0, 1] = [1, 0; 0, 2]", 1),
    ],
)  # fmt: skip
def test_the_measure_has_the_sign_of_the_truth(text: str, sign: int) -> None:
    statement = read(text, ["a: scalar"])
    found = Floats({}, {}, 1).violation(statement.claim)
    assert np.sign(found[0]) == sign


def test_a_maximum_is_found_beyond_a_ridge() -> None:
    def rosenbrock(x: Any) -> Any:
        return -((1 - x[:, 0]) ** 2) - 100 * (x[:, 1] - x[:, 0] ** 2) ** 2

    points, values = maximise(rosenbrock, np.full((2, 2), -1.0), np.ones(2), 300, 0, time.monotonic() + LONG)
    assert values.max() > -1e-8
    assert np.allclose(points[int(values.argmax())], 1, atol=1e-3)


def test_a_counterexample_gets_smaller_and_stays_one() -> None:
    statement = read("rank(A) <= 1", ["A: 2 x 2"])
    problem = Problem(statement, {})
    before = {"A": fmpq_mat(2, 2, [fmpq(14, 3), fmpq(-7, 3), fmpq(-21, 5), fmpq(7, 9)])}
    after = fewer_signs(problem, lower(problem, before, time.monotonic() + LONG), time.monotonic() + LONG)
    assert problem.breaks(after)
    assert size_of(problem, after) == (2, 1, 0)


def test_the_smaller_size_wins() -> None:
    statement = read("normF(A) <= 13/10 norm2(A)", ["A: n x n"])
    found = look("normF(A) <= 13/10 norm2(A)", "A: n x n")
    assert found.naturals == {"n": 2}
    assert choices(statement, 4)[0] == {"n": 1}


@pytest.mark.usefixtures("without_proofs")
def test_what_it_covered_is_told() -> None:
    found = decide("normMax(A) <= norm1(A)", ["A: 1 x 2"], seconds=12, smt=False)
    assert any("points (round" in one.detail for one in found.evidence), found.evidence


def test_no_floating_point_value_is_kept() -> None:
    hit = look("a^4 - 4 a^2 + 399/100 >= 0", "a: scalar")
    assert isinstance(hit.values["a"], fmpq_mat)
    assert Hit(hit.values, None).parts is None
