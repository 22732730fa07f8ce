"""Claims that look provable and are not: each was, or could have been, proved by a slip between a claim and a theorem.

Every engine is asked directly, without the search for counterexamples that would come first.
"""

from __future__ import annotations

import time

import pytest

from symlora.claims.errors import ClaimError
from symlora.claims.statement import read
from symlora.decide.generic import prove_surely
from symlora.decide.natural_witness import with_naturals
from symlora.decide.parts import prove_by_parts
from symlora.decide.patterns import no_scalars, prove_by_patterns
from symlora.decide.pointwise import prove_surely_at_shapes
from symlora.decide.prove import Outcome, contradiction, prove, prove_at_shapes
from symlora.decide.verdict import decide
from symlora.decide.witness import recheck

Case = tuple[str, list[str], list[str]]


def engines(claim: str, let: list[str], given: list[str], seconds: float = 1.5) -> list[str]:
    """Return the statements that some engine proved for a claim."""
    statement = read(claim, let, given)

    def until() -> float:
        return time.monotonic() + seconds

    outcomes: list[Outcome] = []
    if statement.generic:
        outcomes += [prove_surely(statement, until())[0], prove_surely_at_shapes(statement, until())[0]]
    else:
        outcomes += [prove(statement, until()), prove_by_parts(statement, until()), contradiction(statement, until())]
        outcomes += [no_scalars(statement, until())]
        outcomes += [prove_by_patterns(statement, until())[0], prove_at_shapes(statement, until())[0]]
    return [one.statement for one in outcomes if one.bundle is not None]


BOUND: list[Case] = [
    ("A = B", ["A, B: n x n"], ["exists X: n x n: pinv(X) = A", "exists X: n x n: pinv(X) = B"]),
    ("A = B", ["A, B: n x n"], ["exists X: n x n: relu(X) = A", "exists X: n x n: relu(X) = B"]),
    ("A = B", ["A, B: n x n"], ["exists X: n x n: best_rank(X, 1) = A", "exists X: n x n: best_rank(X, 1) = B"]),
    ("x = y", ["x, y: scalar"], ["exists x in box(0, 1): x = y"]),
    ("(exists x in box(0, 1): x = y) implies x = y", ["x, y: scalar"], []),
    ("not exists x in box(0, 1): x = 1/2", ["x: scalar"], ["x = 5"]),
    ("exists x in box(0, 10): relu(x) = 0 and x = s", ["x, s: scalar"], ["relu(x) = 0", "s = 1"]),
    ("exists x in box(0, 1): x = 5", ["x: scalar"], ["x = 5"]),
]


@pytest.mark.parametrize("case", BOUND, ids=lambda case: case[0])
def test_a_name_that_is_bound_twice_does_not_keep_its_first_meaning(case: Case) -> None:
    assert engines(*case) == []


BOXES: list[Case] = [
    ("y = 5", ["y: scalar"], ["for all x: scalar with y in box(0, 1): x <= 0"]),
    ("y = 5", ["y: scalar"], ["for all x: scalar with x - 7 in box(0, 1): x <= 0"]),
    ("relu(y) = 5", ["y: scalar"], ["for all x: scalar with y in box(0, 1): x <= 0"]),
    ("s <= t", ["s, t: scalar", "k: natural"], ["zeros(k) in box(s, t)"]),
    ("s <= t", ["s, t: scalar", "k: natural"], ["k = 0", "zeros(k) in box(s, t)"]),
]


@pytest.mark.parametrize("case", BOXES, ids=lambda case: f"{case[0]} | {case[2][0]}")
def test_a_box_says_nothing_of_other_letters_and_of_what_has_no_entries(case: Case) -> None:
    assert engines(*case) == []


def test_a_box_around_a_matrix_with_entries_bounds_its_ends() -> None:
    assert engines("s <= t", ["s, t: scalar", "A: n x m"], ["A in box(s, t)"]) != []


def test_a_witness_is_not_stated_by_the_letter_of_an_earlier_witness() -> None:
    found = decide("exists t: scalar: relu(t) = 0 and t = s", ["s: scalar", "A: n x n"], ["s = relu(n - 9)"], seconds=3)
    assert found.verdict != "proved"  # it is true up to n = 9


def test_a_natural_of_which_only_a_box_speaks_gets_a_value() -> None:
    found = decide("s <= t", ["s, t: scalar", "k: natural"], ["zeros(k) in box(s, t)"], seconds=3)
    assert found.verdict == "refuted"
    assert found.witness is not None
    assert found.witness["naturals"] == {"k": 0}


@pytest.mark.parametrize(
    ("claim", "given"),
    [
        ("A generic implies almost surely(rank(A) < rank(B))", []),
        ("A generic implies almost surely(rank(B) = rank(A))", []),
        ("A generic implies almost surely(rank(B A) = min(rank(B), n))", []),
        ("A generic implies almost surely(det(A) > 0)", []),
    ],
)
def test_ranks_of_other_letters_are_no_numbers(claim: str, given: list[str]) -> None:
    assert engines(claim, ["A, B: n x n"], given) == []


def test_a_hypothesis_about_sizes_without_a_value_excludes_nothing() -> None:
    assert engines("A generic implies almost surely(A != 0)", ["A: n x n"], ["1/(n - 1) > 0"]) != []


HUGE = [
    ("(9^99)^99 = 1", [], []),
    ("((9^99)^99)^99 >= 1", [], []),
    ("(((A^99)^99)^99)^99 = A", ["A: n x n"], ["A = 9 I"]),
    ("A = 0", ["A: 999*999*999 x n"], []),
    ("exists X: 999*999*999 x n: X = X + X", ["A: n x n"], ["A = 0"]),
    ("A generic implies almost surely(A = 0)", ["A: 999*999*999 x n"], []),
    ("ones(999*999, 999*999) = 0", [], []),
    ("s = 0", ["s: scalar", "A: (n - 3) x n"], ["n <= 2", "A A' = I"]),
]


@pytest.mark.parametrize("case", HUGE, ids=lambda case: case[0])
def test_what_is_too_large_or_has_no_entries_is_left_open(case: Case) -> None:
    found = decide(*case, seconds=1)
    assert found.verdict in ("unknown", "untested", "proved")
    assert found.verdict != "proved" or case[0].startswith("exists")


@pytest.mark.parametrize(
    "claim",
    ["almost surely(pinv(inv(0 A)) != A)", "almost surely([inv(0 A), A] = 0)", "almost surely(rank(inv(0 A)) = n)"],
)
def test_what_divides_by_the_zero_polynomial_has_no_value(claim: str) -> None:
    assert decide(f"A generic implies {claim}", ["A: n x n"], seconds=1).verdict in ("refuted", "unknown")
    assert engines(f"A generic implies {claim}", ["A: n x n"], []) == []


@pytest.mark.parametrize(
    ("claim", "given"),
    [
        ("diagonal(A)", "min(A, x y') = A"),
        ("A in box(s, 2)", "rank(x y') <= t"),
        ("relu(x) = x", "B = [A, B; A, x y'][1:n, 1:n] or y = x"),
    ],
)
def test_letters_of_which_only_a_hypothesis_speaks_get_values_in_boxes(claim: str, given: str) -> None:
    found = decide(claim, ["A, B: n x n", "x, y: n", "s, t: scalar"], [given], seconds=2)
    assert found.verdict == "refuted"


def test_a_size_is_fixed_once() -> None:
    with pytest.raises(ClaimError, match="each size once"):
        read("A = 0", ["A: n x n"], dims="n=2, n=3")


@pytest.mark.parametrize("value", [2.5, True, "2", None, -1])
def test_a_witness_has_whole_numbers(value: object) -> None:
    found = decide("s x = k x", ["s: scalar", "x: n", "k: natural"], seconds=1)
    assert found.witness is not None
    statement = read("s x = k x", ["s: scalar", "x: n", "k: natural"])
    assert recheck(statement, found.witness)
    changed = {**found.witness, "naturals": {"k": value}}
    assert not recheck(statement, changed)


@pytest.mark.parametrize(
    ("claim", "given"),
    [
        ("exists k: natural: k + s = 3", ["0 <= s", "s <= 3"]),
        ("exists k: natural: s + k = rank(A)", ["s <= 0"]),
        ("exists k: natural: 2 k = n", ["A = 0"]),
        ("exists k: natural: k + 1 = rank(A)", []),
    ],
)
def test_a_natural_witness_is_a_whole_number_that_is_not_negative(claim: str, given: list[str]) -> None:
    assert engines(claim, ["s: scalar", "A: n x n"], given) == []
    statement = read(claim, ["s: scalar", "A: n x n"], given)
    assert all("s" not in one.goal.names() or "rank(A)" not in str(one.goal) for one in with_naturals(statement))
