"""The text syntax of claims: what is read, what is refused and where, and what values terms have."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flint import fmpq_mat

from symlora.claims.errors import ClaimError
from symlora.claims.shapes import Scope
from symlora.claims.statement import read
from symlora.claims.values import Instance, Undefined

PAGE = Path(__file__).resolve().parent.parent / "docs" / "claims.md"
DECLARED = ["A, B, C: n x n", "U: m x n", "V: n x m", "x, y: n", "s, a, b: scalar", "r, k: natural"]


def block(kind: str) -> list[str]:
    """Return the lines of all blocks of one kind on the page."""
    found = re.findall(rf"^```{kind}\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [line for part in found for line in part.splitlines() if line]


@pytest.mark.parametrize("claim", block("claims"))
def test_every_form_of_the_page_is_read_and_printed_in_the_same_syntax(claim: str) -> None:
    once = read(claim, block("declarations"))
    again = read(str(once.claim), block("declarations"))
    assert str(again.claim) == str(once.claim)


@pytest.mark.parametrize(
    ("claim", "column", "words"),
    [
        ("A +", 4, "expected a term, found the end"),
        ("A = ", 4, "expected a term, found the end"),
        ("A B", 4, "expected a relation"),
        ("A $ B = A", 3, "found '$'"),
        ("A = Z", 5, "expected a declared name"),
        ("A + U = A", 3, "expected terms of one shape"),
        ("A U = A", 3, "expected inner sizes that agree"),
        ("A + 1 = A", 3, "the identity is written I"),
        ("A <= B", 3, "nonneg(B - A) for entries and psd(B - A)"),
        ("U nonsingular", 1, "expected a square matrix for nonsingular"),
        ("tr(U) = 0", 4, "expected a square matrix for tr"),
        ("rank(A, B) = 1", 10, "expected 1 argument of rank, found 2"),
        ("a/0 = 1", 3, "a denominator that is not 0"),
        ("I = 0", 3, "whose size is known"),
        ("A^x = A", 3, "expected an exponent"),
        ("sigma(A, 0) = 0", 10, "from 1 on"),
        ("sigma(A, s) = 0", 10, "expected a natural number"),
        ("exists A: n x n: A = 0", 8, "already a name in use"),
        ("for all z in box(-1, 1): x = 0", 9, "a declared matrix or scalar, or its shape"),
        ("(A = B", 7, "expected ')'"),
        ("[A, B; C] = 0", 1, "expected 2 blocks in every row"),
        ("A = B C = ", 10, "expected a term"),
        ("__import__ = A", 1, "found '_'"),
        ("A.shape = B", 2, "expected a relation"),
    ],
)
def test_errors_point_at_the_column(claim: str, column: int, words: str) -> None:
    with pytest.raises(ClaimError) as caught:
        read(claim, DECLARED)
    message = str(caught.value)
    assert message.startswith(f"column {column}: ")
    assert words in message
    assert "\n" not in message


@pytest.mark.parametrize(
    "text",
    ["A n x n", "A: n y n", "A: ", "rank: n x n", "A: n x n extra", "A: n x n, A: n x n", "A: -n x n", "1: n x n"],
)
def test_declarations_that_are_refused(text: str) -> None:
    with pytest.raises(ClaimError):
        Scope().declare(text)


@pytest.mark.parametrize("dims", ["m", "m=0", "m=99", "m=2,", "m==2", "m=2 n=3", "rank=2"])
def test_dimensions_that_are_refused(dims: str) -> None:
    with pytest.raises(ClaimError):
        read("A = A", ["A: m x n"], dims=dims)


def test_a_declared_t_is_no_transpose() -> None:
    with pytest.raises(ClaimError, match="A' for the transpose"):
        read("A^T = A", ["A, T: n x n"])


@pytest.mark.parametrize(
    "text", ["(" * 39 + "A" + ")" * 39 + " = A", " + ".join(["A"] * 900) + " = A", "not " * 50 + "A = A"]
)
def test_long_and_deep_texts_are_read(text: str) -> None:
    read(text, DECLARED)


@pytest.mark.parametrize(
    "text", ["(" * 200 + "A", "A + " * 5_000, "not " * 500 + "A = A", "9" * 40 + " A = A", "A = " + "A'" * 6_000]
)
def test_texts_beyond_the_limits_are_refused(text: str) -> None:
    with pytest.raises(ClaimError):
        read(text, DECLARED)


def test_hypotheses_are_those_given_those_in_the_claim_and_those_that_give_it_sense() -> None:
    found = read("A B = I implies inv(A) = B and a/b = a", ["A, B: n x n", "a, b: scalar"], ["A symmetric and a > 0"])
    assert [(one.origin, str(one.claim)) for one in found.hypotheses] == [
        ("given", "symmetric(A)"),
        ("given", "0 < a"),
        ("if", "A B = I(n)"),
        ("added", "nonsingular(A)"),
        ("added", "b != 0"),
    ]


VALUES = {
    "rank(M)": "1", "det(M)": "0", "tr(M)": "5", "norm1(M)": "6", "normInf(M)": "6", "normMax(M)": "4",
    "norm2(M)": "5", "normF(M)": "5", "normNuc(M)": "5", "sigma(M, 2)": "0", "sigma(M, 3)": "0",
    "normF(pinv(M))": "1/5",
    "tr(hadamard(M, M))": "17", "tr(kron(M, M))": "25", "normMax(diagpart(M))": "4", "tr(M[1:1, 1:1])": "1",
    "M[1, 2]": "2", "sum(i = 1..2, i^2)": "5", "floor(-3/2)": "-2", "max(1/2, -1)": "1/2", "min(1/2, -1)": "-1",
    "abs(-2)": "2", "relu(-2)": "0", "sqrt(9/4)": "3/2", "tr([M, 0; 0, 1])": "6", "tr(best_rank(M, 1))": "5",
    "tr(ones(2) ones(2)')": "2", "tr(M^3)": "125", "1/2 + 1/3": "5/6", "2^-1": "1/2",
}  # fmt: skip


@pytest.mark.parametrize(("term", "value"), VALUES.items())
def test_values(term: str, value: str) -> None:
    claim = read(f"{term} = {value}", ["M: 2 x 2"]).goal
    assert Instance({}, {"M": fmpq_mat(2, 2, [1, 2, 2, 4])}).truth(claim) is True


def test_what_has_no_value_is_neither_true_nor_false() -> None:
    at = Instance({}, {"M": fmpq_mat(2, 2)})
    with pytest.raises(Undefined):
        at.truth(read("inv(M) = M", ["M: 2 x 2"]).goal)
    with pytest.raises(Undefined):
        at.truth(read("1/tr(M) = 0", ["M: 2 x 2"]).goal)


@pytest.mark.parametrize(
    ("claim", "truth"),
    [
        ("exists X: 2 x 2: M X = I", False),
        ("exists X: 2 x 2: M X = M", True),
        ("exists x: 2: x' x = 1 and M x != 0", True),
        ("for all x: 2: M x = x", False),
        ("norm2(M) <= 5 and norm2(M) >= 5", True),
        ("normF([1, 1]) = norm2([1, 1])", True),
        ("sqrt(2) < 3/2", True),
        ("sqrt(2) + sqrt(3) = sqrt(5 + 2 sqrt(6))", True),
        ("sqrt(2) + sqrt(3) <= sqrt(5 + 2 sqrt(6))", True),
        ("sqrt(2) + sqrt(3) < sqrt(5 + 2 sqrt(6))", False),
    ],
)
def test_truth_at_an_instance(claim: str, truth: bool | None) -> None:
    found = Instance({}, {"M": fmpq_mat(2, 2, [1, 2, 2, 4])}).truth(read(claim, ["M: 2 x 2"]).claim)
    assert found is truth
