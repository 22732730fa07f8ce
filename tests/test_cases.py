"""Goals with connectives: opposites, contrapositives and cases, by the provers alone, without the search."""

from __future__ import annotations

import time

import pytest

from symlora.claims.statement import read
from symlora.decide.cases import alternatives
from symlora.decide.prove import prove, prove_at_shapes

LETS = ["A, B: n x n", "U: m x n", "a, b, c: scalar", "r, k: natural"]


def proved(claim: str, given: str = "") -> bool:
    return prove(read(claim, LETS, [given] if given else []), time.monotonic() + 20).bundle is not None


@pytest.mark.parametrize(
    ("claim", "given"),
    [
        ("a < b or a = b or a > b", ""),
        ("0 < norm2(U) or U = 0", ""),
        ("A = 0 or A nonsingular", "n = 1"),
        ("rank(A) = n or not A nonsingular", ""),
        ("r <= k or k < r", ""),
        ("not (exists X: n x n: X A = I) implies not A nonsingular", ""),
        ("A B = 0 and B != 0 implies not A nonsingular", ""),
        ("not (A = 0 and A nonsingular)", ""),
        ("(a <= 0 or b <= 0) implies (a < 1 or b < 1)", ""),
        ("sigma(A, n) > 0 iff A nonsingular", ""),
        ("sigma(U, k) = 0 iff rank(U) < k", ""),
    ],
)
def test_one_of_several_and_contrapositives(claim: str, given: str) -> None:
    assert proved(claim, given)


@pytest.mark.parametrize(
    ("claim", "given"),
    [
        ("a < b or a > b", ""),
        ("0 < norm2(A) or A = I", ""),
        ("A = 0 or A nonsingular", "n = 2"),
        ("not A nonsingular or A = 0", ""),
        ("A B = 0 implies A = 0 or B = 0", ""),
        ("r < k or k < r", ""),
        ("not (exists X: n x n: X A = B) implies A nonsingular", ""),
        ("A B = 0 implies not A nonsingular", ""),
        ("not (A = 0 and B nonsingular)", ""),
        ("(a <= 0 or b <= 0) implies a < 1", ""),
        ("(A nonsingular or B nonsingular) implies A B nonsingular", ""),
        ("a <= b iff b <= a", ""),
        ("sigma(U, n) > 0 implies rank(U) = m", ""),
        ("sigma(U, k) = 0 implies rank(U) + 1 < k", ""),
        ("rank(U) >= k iff sigma(U, k + 1) > 0", ""),
    ],
)
def test_a_false_claim_with_connectives_is_not_proved(claim: str, given: str) -> None:
    statement = read(claim, LETS, [given] if given else [])
    assert prove(statement, time.monotonic() + 2).bundle is None
    assert prove_at_shapes(statement, time.monotonic() + 2)[0].bundle is None


def test_each_part_of_a_disjunction_has_the_opposite_of_the_others() -> None:
    ways = alternatives(read("a < b or U = 0", LETS))
    shown = [[([str(h.claim) for h in one.hypotheses], str(one.goal)) for one in way] for way in ways]
    assert shown == [[(["U != 0"], "a < b")], [(["b <= a"], "U = 0")]]


@pytest.mark.parametrize(
    ("claim", "given"),
    [
        ("exists j: natural: rank(U) = j", ""),
        ("exists j: natural: j <= n and rank(U) = j", ""),
        ("exists j: natural: rank(U) + j = n", ""),
        ("exists j: natural with j <= m: sigma(U, j + 1) = 0", ""),
        ("exists j: natural: rank(A) = 1 + j", "exists i: natural: rank(A) = 1 + i"),
        ("rank(U) <= n", "exists j: natural: rank(U) + j = n"),
    ],
)
def test_a_natural_that_exists(claim: str, given: str) -> None:
    assert proved(claim, given)


@pytest.mark.parametrize(
    ("claim", "given"),
    [
        ("exists j: natural: j = -1", ""),
        ("exists j: natural: j + 1 = rank(U)", ""),
        ("exists j: natural: j < rank(U)", ""),
        ("exists j: natural: j <= n and rank(U) < j", ""),
        ("exists j: natural: U = U and j = m - n", ""),
        ("rank(U) = 0", "exists j: natural: rank(U) <= j"),
    ],
)
def test_no_natural_where_there_may_be_none(claim: str, given: str) -> None:
    assert prove(read(claim, LETS, [given] if given else []), time.monotonic() + 2).bundle is None


def test_a_natural_witness_stands_in_the_certified_statement() -> None:
    found = prove(read("exists j: natural: j <= n and rank(U) = j", LETS), time.monotonic() + 20)
    assert "rank(U) <= n" in found.statement
    assert "there is" not in found.statement


@pytest.mark.parametrize(
    ("claim", "true"),
    [
        ("sum(i = 2..1, sigma(U, i)) = 0", True),
        ("sum(i = 1..3, sigma(U, i)) <= 3 norm2(U)", True),
        ("sum(i = 1..2, i A) = 3 A", True),
        ("sum(i = 1..2, sigma(U, i)) = sigma(U, 1)", False),
        ("sum(i = 2..3, i) = 6", False),
    ],
)
def test_a_sum_between_numbers_is_written_out(claim: str, true: bool) -> None:
    found = prove(read(claim, LETS), time.monotonic() + (20 if true else 2)).bundle
    assert (found is not None) is true
