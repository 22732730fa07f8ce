"""Slices and entries in proofs for all sizes, by the provers alone, without the search."""

from __future__ import annotations

import time

import pytest

from symlora.claims.statement import read
from symlora.decide.prove import prove
from symlora.decide.translate import NoKernelForm, Translation

LETS = ["A: m x n", "B: n x p", "S: n x n", "i, j, k, r: natural"]


@pytest.mark.parametrize(
    ("claim", "given"),
    [
        ("rank(A[1:r, :]) <= rank(A)", ""),
        ("rank(A[1:r, 1:k]) <= rank(A)", ""),
        ("rank(A[1:2, :]) <= 2", ""),
        ("norm2(A[1:r, :]) <= norm2(A)", ""),
        ("normF(A[1:r, :]) <= normF(A)", ""),
        ("normF(A[:, 1:r]) <= normF(A)", ""),
        ("(A B)[1:r, :] = A[1:r, :] B", ""),
        ("(A')[1:r, :] = (A[:, 1:r])'", ""),
        ("S[i, i] >= 0", "S psd"),
        ("psd(S[1:r, 1:r])", "S psd"),
        ("S[i, j] = S[j, i]", "S symmetric"),
    ],
)
def test_slices_at_all_sizes(claim: str, given: str) -> None:
    assert prove(read(claim, LETS, [given] if given else []), time.monotonic() + 20).bundle is not None


@pytest.mark.parametrize(
    ("claim", "given"),
    [
        ("rank(A[1:r, :]) = rank(A)", ""),
        ("rank(A[1:3, :]) <= 2", ""),
        ("norm2(A) <= norm2(A[1:r, :])", ""),
        ("2 normF(A[1:r, :]) <= normF(A)", ""),
        ("S[i, j] >= 0", "S psd"),
        ("S[i, j] = S[j, i]", ""),
        ("psd(S[1:r, 1:r])", "S symmetric"),
        ("exists X: n x n: X[1:r, :] = X[1:r, :] and n < r", ""),
    ],
)
def test_a_false_claim_about_slices_is_not_proved(claim: str, given: str) -> None:
    statement = read(claim, LETS, [given] if given else [])
    assert prove(statement, time.monotonic() + 2).bundle is None


def test_what_is_cut_away_has_a_size_of_its_own() -> None:
    found = prove(read("rank(A[1:r, :]) <= rank(A)", LETS), time.monotonic() + 20).statement
    assert "r <= m" in found
    assert "m == r + s" in found


def test_a_slice_that_may_lie_outside_has_no_form() -> None:
    statement = read("exists X: n x n: X[1:r, :] = 0", LETS)
    (equation,) = statement.goal.parts
    translation = Translation(statement)
    translation.declare(statement.goal.letters[0])
    with pytest.raises(NoKernelForm, match="slice"):
        translation.facts(equation)
