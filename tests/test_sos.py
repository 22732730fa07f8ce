"""Sums of squares: what is found numerically counts only as a certificate that the kernel multiplies out."""

from __future__ import annotations

import time
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from symlora.claims.statement import read
from symlora.decide import semidefinite, sos
from symlora.decide.prove import prove, prove_at_shapes
from symlora.decide.semidefinite import solve, squares_of
from symlora.decide.verdict import decide
from symlora.kernel.replay import replay

SCALARS = [
    ("a^4 + b^4 >= a^3 b + a b^3", "a, b: scalar"),
    ("a^4 - 4 a^2 + 4 >= 0", "a: scalar"),
    ("a^4 + 1 >= a^3 + a", "a: scalar"),
    ("(a c + b d)^2 <= (a^2 + b^2) (c^2 + d^2)", "a, b, c, d: scalar"),
    ("a^4 + b^4 + c^4 + d^4 >= 4 a b c d", "a, b, c, d: scalar"),
    ("(x^2 + y^2) (x^4 y^2 + x^2 y^4 - 3 x^2 y^2 + 1) >= 0", "x, y: scalar"),
    ("x^4 y^2 + x^2 y^4 - 3 x^2 y^2 + 1 >= 0", "x, y: scalar"),  # Motzkin: no sum of squares itself
    ("0 <= a and a <= 1 and 0 <= b and b <= 1 implies a + b <= 1 + a b", "a, b: scalar"),
    ("a > 0 implies a + 1/a >= 2", "a: scalar"),
    ("a > 0 and b > 0 implies a/b + b/a >= 2", "a, b: scalar"),
    ("a^2 + a + 1 > 0", "a: scalar"),
    ("a > 0 and b > 0 implies a^2 + b^2 > a b", "a, b: scalar"),
    ("a^2 = 2 and a > 0 implies a > 7/5", "a: scalar"),
    ("a + b + c = 1 implies a^2 + b^2 + c^2 >= 1/3", "a, b, c: scalar"),
    ("a >= 0 and b >= 0 implies sqrt(a b) <= (a + b)/2", "a, b: scalar"),
]


@pytest.mark.parametrize(("claim", "let"), SCALARS, ids=lambda value: str(value)[:30])
def test_polynomial_inequalities_are_proved(claim: str, let: str) -> None:
    outcome = prove(read(claim, [let]), time.monotonic() + 60)
    assert outcome.bundle is not None, outcome.detail
    assert not any(theorem.holes for theorem in replay(outcome.bundle))


ENTRIES = [
    ("psd(A) and psd(B) implies tr(A B) >= 0", "A, B: 2 x 2"),
    ("psd(A) and psd(B) implies psd(hadamard(A, B))", "A, B: 2 x 2"),
    ("psd(A) and psd(B) implies det(A + B) >= det(A) + det(B)", "A, B: 2 x 2"),
    ("psd(A) implies x' A x <= tr(A) x' x", "A: 2 x 2; x: 2"),
    ("psd(A) implies det(A) <= A[1, 1] A[2, 2] A[3, 3]", "A: 3 x 3"),
    ("det(A)^2 <= (A[1, 1]^2 + A[1, 2]^2) (A[2, 1]^2 + A[2, 2]^2)", "A: 2 x 2"),
    ("pd(A) implies det(A) > 0", "A: 2 x 2"),
    ("2 det(A) <= normF(A)^2", "A: 2 x 2"),
    ("det(A' A) >= 0", "A: 3 x 2"),
]


@pytest.mark.parametrize(("claim", "let"), ENTRIES, ids=lambda value: str(value)[:30])
def test_inequalities_at_fixed_sizes_are_proved(claim: str, let: str) -> None:
    outcome, _ = prove_at_shapes(read(claim, let.split("; ")), time.monotonic() + 60)
    assert outcome.bundle is not None, outcome.detail
    assert not any(theorem.holes for theorem in replay(outcome.bundle))


def test_a_factored_hypothesis_is_in_the_certified_statement() -> None:
    outcome, _ = prove_at_shapes(read("psd(A) and psd(B) implies tr(A B) >= 0", ["A, B: 2 x 2"]), time.monotonic() + 60)
    assert "A_1_1 = l_1*l_1" in outcome.statement


FALSE = [
    ("a^4 + b^4 >= 2 a^3 b", "a, b: scalar"),
    ("a^4 - 4 a^2 + 39/10 >= 0", "a: scalar"),
    ("a^2 + b^2 > 2 a b", "a, b: scalar"),
    ("a^2 >= a", "a: scalar"),
    ("x^4 y^2 + x^2 y^4 - 3 x^2 y^2 + 99/100 >= 0", "x, y: scalar"),
    ("a >= 0 implies a > 0", "a: scalar"),
    ("a^2 = 2 implies a > 0", "a: scalar"),
    ("a + 1/a >= 2", "a: scalar"),
    ("sqrt(a b) >= (a + b)/2", "a, b: scalar"),
    ("psd(A) implies A[1, 2] >= 0", "A: 2 x 2"),
    ("psd(A) implies det(A) > 0", "A: 2 x 2"),
    ("psd(A) and psd(B) implies det(A + B) <= det(A) + det(B)", "A, B: 2 x 2"),
    ("det(A) <= normF(A)", "A: 2 x 2"),
]


@pytest.mark.parametrize(("claim", "let"), FALSE, ids=lambda value: str(value)[:30])
def test_false_inequalities_are_not_proved(claim: str, let: str) -> None:
    statement = read(claim, [let])
    assert prove(statement, time.monotonic() + 3).bundle is None
    assert prove_at_shapes(statement, time.monotonic() + 3)[0].bundle is None


@pytest.mark.parametrize("wrong", [
    lambda sizes: [[[Fraction(1) if i == j else Fraction(0) for j in range(n)] for i in range(n)] for n in sizes],
    lambda sizes: [[[Fraction(-1) if i == j else Fraction(0) for j in range(n)] for i in range(n)] for n in sizes],
    lambda sizes: [[[Fraction(1)] * n for _ in range(n)] for n in sizes],
    lambda sizes: [],
])  # fmt: skip
def test_wrong_matrices_prove_nothing(monkeypatch: pytest.MonkeyPatch, wrong: Any) -> None:
    monkeypatch.setattr(sos, "solve", lambda sizes, equations, deadline, positive=0: wrong(sizes))
    assert prove(read("a^4 - 4 a^2 + 39/10 >= 0", ["a: scalar"]), time.monotonic() + 5).bundle is None
    assert prove(read("a^4 + 1 > 2 a^2", ["a: scalar"]), time.monotonic() + 5).bundle is None


def test_a_wrong_interior_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        semidefinite, "_deepest", lambda sizes, start, directions, deadline: (np.ones(len(directions)), 1.0)
    )
    one = Fraction(1)
    assert solve([2], [({(0, 0, 0): one}, one), ({(0, 1, 1): one}, -one)], 1e18) is None
    assert prove(read("a^4 - 4 a^2 + 39/10 >= 0", ["a: scalar"]), time.monotonic() + 5).bundle is None


def test_an_empty_interior_is_divided_out() -> None:
    # (x - 1)^2 (x + 2)^2 has two zeros, so its Gram matrices have a kernel in common.
    outcome = prove(read("(a - 1)^2 (a + 2)^2 + (a - 1)^2 b^2 >= 0", ["a, b: scalar"]), time.monotonic() + 60)
    assert outcome.bundle is not None
    one = Fraction(1)
    equations = [({(0, 0, 0): one}, one), ({(0, 0, 1): one}, one), ({(0, 1, 1): one, (0, 0, 2): Fraction(2)}, one),
                 ({(0, 1, 2): one}, Fraction(0)), ({(0, 2, 2): one}, Fraction(0))]  # fmt: skip
    (gram,) = solve([3], equations, time.monotonic() + 60) or [[]]
    assert gram == [[one, one, 0], [one, one, 0], [0, 0, 0]]


def test_squares_of_a_matrix_that_is_not_semidefinite_are_refused() -> None:
    with pytest.raises(ValueError, match="semidefinite"):
        squares_of([[Fraction(0), Fraction(1)], [Fraction(1), Fraction(0)]])


def test_a_verdict_over_scalars_has_no_sizes() -> None:
    found = decide("a^4 + b^4 >= a^3 b + a b^3", ["a, b: scalar"], smt=False)
    assert (found.verdict, found.shape) == ("proved", ())
