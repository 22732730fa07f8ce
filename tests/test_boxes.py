"""Claims about ReLU networks on boxes: syntax, exact decisions at an instance, refutations, certificates."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations
from random import Random
from typing import Any

import pytest
from flint import fmpq, fmpq_mat

from symlora.claims.errors import ClaimError
from symlora.claims.patterns import Leaves, Stopped, find
from symlora.claims.regions import Known, everywhere
from symlora.claims.statement import read
from symlora.claims.terms import Claim
from symlora.claims.values import Instance
from symlora.decide.biases import with_biases
from symlora.decide.parts import Parts, prove_by_parts
from symlora.decide.patterns import prove_by_patterns, with_setup
from symlora.decide.report import render
from symlora.decide.verdict import decide
from symlora.decide.witness import recheck
from symlora.kernel.errors import Rejected
from symlora.kernel.form import load
from symlora.kernel.replay import replay

# Syntax


@pytest.mark.parametrize(
    "claim",
    [
        "for all z: n in box(-1, 1): relu(z) = z",
        "for all x in box(-R, R): relu(W x + b) = W x + b",
        "for all z, w: n in box(-1, 1), s: scalar in box(0, 1) with z' w = 0: z = s w",
        "for all z: 2 in box([0; -1], [1/2; 2]): z[1, 1] <= 1",
        "exists b2: m: for all z: n in box(-1, 1): relu(W z + b2) = W z + b2",
        "x in box(0, 1) implies relu(x) = x",
        "not W x in box(-1, b)",
    ],
)
def test_boxes_are_read_and_printed_in_the_same_syntax(claim: str) -> None:
    let = ["W: m x n", "x: n", "b: m", "R: scalar"]
    once = read(claim, let)
    assert str(read(str(once.claim), let).claim) == str(once.claim)


@pytest.mark.parametrize(
    ("claim", "column", "words"),
    [
        ("for all z in box(-1, 1): z = 0", 9, "a declared matrix or scalar, or its shape"),
        ("for all z: n in cube(-1, 1): z = 0", 17, "expected box(lower, upper), found 'cube'"),
        ("for all z: n in box(-1): z = 0", 23, "the upper bound of the box"),
        ("for all z: n in box(-1, 1: z = 0", 26, "expected ')'"),
        ("for all z: n in box(-1, W): z = 0", 25, "a scalar or shape n x 1 as a bound of the box"),
        ("for all x in box(-x, 1): x = 0", 18, "bounds that are known before the quantifier"),
        ("for all k: natural in box(0, 1): k = 0", 27, "found the natural k"),
        ("for all x, x in box(0, 1): x = 0", 12, "a name bound twice"),
        ("for all x: m in box(0, 1): x = 0", 9, "already a name in use"),
        ("x in box(0, U) implies x = 0", 13, "expected a declared name"),
        ("x in (0, 1)", 6, "expected box(lower, upper)"),
    ],
)
def test_errors_in_boxes_point_at_the_column(claim: str, column: int, words: str) -> None:
    with pytest.raises(ClaimError) as caught:
        read(claim, ["W: m x n", "x: n"])
    assert str(caught.value).startswith(f"column {column}: ")
    assert words in str(caught.value)


def test_a_bound_letter_is_not_the_declared_one_of_a_hypothesis() -> None:
    found = read("for all x in box(-1, 1): x = 0", ["x: n"], ["x = 0"])
    assert found.goal.kind == "forall"  # opening it would mix both up
    assert decide("for all x in box(-1, 1): x = 0", ["x: n"], ["x = 0"], seconds=5).verdict == "refuted"


def test_a_block_of_numbers_may_have_a_column_of_zeros() -> None:
    assert everywhere_at("for all x: 2 in box(-1, 1): [0, 0; 1, 0] x in box(-1, 1)").holds


# Exact decisions


def everywhere_at(claim: str, lets: tuple[str, ...] = (), **values: Any) -> Known:
    """Return what is known about a quantified claim at an instance, which must be decided."""
    quantified: Claim = read(f"not ({claim})", lets).goal.parts[0]
    known = everywhere(Instance({}, {name: fmpq_mat(*value) for name, value in values.items()}), quantified)
    assert known is not None
    return known


def corners_of_pieces(rows: list[list[int]], biases: list[int]) -> Iterator[tuple[Fraction, Fraction]]:
    """Yield the points where two of the lines ``row x + bias = 0``, ``x_i = 1``, ``x_i = -1`` meet inside the box."""
    lines = [(Fraction(a), Fraction(b), Fraction(c)) for (a, b), c in zip(rows, biases, strict=True)]
    lines += [(Fraction(1), Fraction(0), Fraction(s)) for s in (1, -1)]
    lines += [(Fraction(0), Fraction(1), Fraction(s)) for s in (1, -1)]
    for (a, b, c), (d, e, f) in combinations(lines, 2):
        determinant = a * e - b * d
        if determinant:
            x, y = (b * f - c * e) / determinant, (c * d - a * f) / determinant
            if abs(x) <= 1 and abs(y) <= 1:
                yield x, y


@pytest.mark.parametrize("seed", range(12))
def test_the_largest_value_of_a_network_is_found_exactly(seed: int) -> None:
    draw = Random(seed)
    rows = [[draw.randint(-3, 3) for _ in range(2)] for _ in range(4)]
    biases = [draw.randint(-2, 2) for _ in range(4)]
    weights = [draw.randint(-3, 3) for _ in range(4)]
    # A piecewise affine function on a box has its maximum where lines of the arrangement meet.
    top = max(
        sum(
            (w * max(a * x + b * y + c, Fraction(0)) for w, (a, b), c in zip(weights, rows, biases, strict=True)),
            Fraction(0),
        )
        for x, y in corners_of_pieces(rows, biases)
    )
    lets = ("W: 4 x 2", "b: 4", "v: 4", "t: scalar")
    values = {"W": (4, 2, [x for row in rows for x in row]), "b": (4, 1, biases), "v": (4, 1, weights)}
    claim = "for all x: 2 in box(-1, 1): v' relu(W x + b)"
    exact = fmpq(top.numerator, top.denominator)
    assert everywhere_at(f"{claim} <= t", lets, t=(1, 1, [exact]), **values).holds
    strict = everywhere_at(f"{claim} < t", lets, t=(1, 1, [exact]), **values)
    assert not strict.holds
    assert not everywhere_at(f"{claim} != t", lets, t=(1, 1, [exact]), **values).holds
    below = everywhere_at(f"{claim} <= t", lets, t=(1, 1, [exact - fmpq(1, 10**6)]), **values)
    assert not below.holds
    for known in (strict, below):
        assert known.point is not None
        x, y = (Fraction(int(e.p), int(e.q)) for e in known.point["x"].entries())
        value = sum(w * max(a * x + b * y + c, Fraction(0)) for w, (a, b), c in zip(weights, rows, biases, strict=True))
        assert top - Fraction(1, 10**6) < value <= top


@pytest.mark.parametrize(
    ("claim", "holds"),
    [
        ("for all x: 2 in box(-1, 1): relu(x) - relu(-x) = x", True),
        ("for all x: 3: max(x, -x) = abs(x)", True),
        ("for all x: 3: relu([1, 2, -1; 0, 1, 1] x) = [1, 2, -1; 0, 1, 1] relu(x)", False),
        ("for all x: 2 in box(0, 1): relu([1, 2] x) = [1, 2] relu(x)", True),
        ("for all x: scalar in box(-1, 1): x < 1/3 or x >= 1/3", True),
        ("for all x: scalar in box(-1, 1): x < 1/3 or x > 1/3", False),
        ("for all x: 2 in box(-1, 1): [1, 2] x = 3 implies x = ones(2)", True),
        ("for all x: 2 in box(-1, 1): [1, 2] x = 2 implies x = ones(2)", False),
        ("for all x: 2 in box(-1, 1): (x[1, 1] >= 0 iff relu(x[1, 1]) = x[1, 1])", True),
        ("exists x: 2 in box(-1, 1): relu([1, 1] x - 19/10) > 0", True),
        ("exists x: 2 in box(-1, 1): relu([1, 1] x - 2) > 0", False),
        ("exists b: 2: for all x: 2 in box(-1, 1): relu([1, 2; -3, 1/2] x + b) = [1, 2; -3, 1/2] x + b", True),
        ("exists b: 1 in box(-1, 2): for all x: 2 in box(-1, 1): relu([1, 2] x + b) = [1, 2] x + b", False),
        ("for all x: 2 in box(-1, 1): exists y: 2 in box(0, 1): y = x", False),
        ("for all x: 2 in box(-1, 1): exists y: 2 in box(0, 1): y = relu(x)", True),
        ("exists b: 2: for all x: 2: relu([1, 2; 0, 0] x + b) = [1, 2; 0, 0] x + b", False),
        ("exists b: 2: for all x: 2: relu([0, 0; 0, 0] x + b) = [0, 0; 0, 0] x + b", True),
        ("exists b: scalar: for all x: scalar: relu(x) <= relu(x + b) - 3", False),
        ("exists b: scalar: for all x: scalar: relu(x) <= x + b or x < b", True),
        ("for all x: scalar: exists y: scalar: y > x and y < x + 1/1000", True),
        ("for all x: scalar: exists y: scalar: y = relu(x) and y != x", False),
        ("for all x: 2 in box(1, -1): 1 = 0", True),
        ("exists x: 2 in box(1, -1): 1 = 1", False),
        ("for all x, y: 2 in box(-1, 1): norm1(relu(x) - relu(y)) <= norm1(x - y)", True),
        ("for all x, y: 2 in box(-1, 1): normInf(relu(x) - relu(y)) <= 99/100 normInf(x - y)", False),
    ],
)  # fmt: skip
def test_quantifiers_are_decided_exactly(claim: str, holds: bool) -> None:
    assert everywhere_at(claim).holds is holds


def test_what_is_no_network_is_left_open() -> None:
    quantified = read("not (for all x: 2 in box(-1, 1): x' x <= 3)").goal.parts[0]
    assert everywhere(Instance({}, {}), quantified) is None


def test_a_large_tree_is_stopped() -> None:
    draw = Random(1)
    sizes = {"V": (9, 9), "W": (9, 5), "v": (9, 1)}
    at = Instance({}, {k: fmpq_mat(*s, [draw.randint(-3, 3) for _ in range(s[0] * s[1])]) for k, s in sizes.items()})
    claim = read("for all x: 5 in box(-1, 1): v' relu(V relu(W x)) <= 500", ["V: 9 x 9", "W: 9 x 5", "v: 9"])
    (box,) = (one.claim for one in claim.hypotheses)
    leaves = Leaves(limit=20)
    with pytest.raises(Stopped):
        find(at, [claim.letters["x"]], [(box, True), (claim.goal, False)], leaves)
    assert leaves.closed == 21
    with pytest.raises(Stopped):
        find(at, [claim.letters["x"]], [(box, True), (claim.goal, False)], Leaves(deadline=time.monotonic()))


# Refutations


THIN = [
    ("for all x: 2 in box(-1, 1): relu([100, -99] x - 198) = 0", ()),
    ("for all x: scalar in box(0, 1): relu(x - 333/1000) + relu(x - 335/1000) = 2 relu(x - 334/1000)", ()),
    ("for all x: 2 in box(-1, 1): relu([3, -2] x) < 5", ()),
    ("for all x: n in box(-1, 1): relu(W x + b) = W x + b", ("W: m x n", "b: m", "b = 999/1000 abs(W) ones(n)")),
    ("for all x: n in box(-1/1000, 1): relu(x) = x", ()),
]


@pytest.mark.parametrize(("claim", "more"), THIN, ids=[claim for claim, _ in THIN])
def test_false_claims_are_refuted_by_an_exact_point(claim: str, more: tuple[str, ...]) -> None:
    let, given = [one for one in more if ":" in one], [one for one in more if ":" not in one]
    found = decide(claim, let, given, seconds=20)
    assert found.verdict == "refuted"
    data = json.loads(json.dumps(found.witness))
    statement = read(claim, let, given)
    assert recheck(statement, data)
    outside = copy.deepcopy(data)
    for group, value in (("vectors", ["2"]), ("scalars", "2")):
        if "x" in outside[group]:
            outside[group]["x"] = value * len(outside[group]["x"]) if group == "vectors" else value
    assert not recheck(statement, outside)


def test_true_on_one_box_and_false_on_a_larger_one() -> None:
    assert decide("for all x: 2 in box(0, 1): relu(x) = x", seconds=10).verdict == "proved"
    assert decide("for all x: 2 in box(-1, 1): relu(x) = x", seconds=10).verdict == "refuted"


def test_the_point_of_a_quantifier_inside_is_shown() -> None:
    claim, let = "W = 0 and (for all x: 2 in box(-1, 1): relu(x) = x)", ["W: m x n"]
    found = decide(claim, let, ["W = 0"], seconds=5)
    assert found.verdict == "refuted"
    assert found.evaluated is not None
    assert {"term": "x", "value": [["-1"], ["-1"]]} in found.evaluated["terms"]
    assert "x = [ -1 ]" in render(found, read(claim, let, ["W = 0"]))


# Proofs


PROVED = [
    ("for all x: 2 in box(-1, 1): relu([1, 2; 3, -4] x + [3; 7]) = [1, 2; 3, -4] x + [3; 7]", ()),
    ("for all x: 2 in box(-1, 1): relu([3, -2] x) < 51/10", ()),
    ("for all x: 2 in box(-1, 1): [2, -2] relu([1, 1; 1, -1] x) <= 4", ()),
    ("for all x: scalar in box(-2, 3): min(max(x, 0), 1) = relu(x) - relu(x - 1)", ()),
    ("for all x in box(-1, 1): relu(W x) = W x", ("x: 2", "W: 2 x 2", "W = [0, 0; 0, 0]")),
]


@pytest.mark.parametrize(("claim", "more"), PROVED, ids=[claim for claim, _ in PROVED])
def test_true_claims_have_a_certificate(claim: str, more: tuple[str, ...]) -> None:
    let, given = [one for one in more if ":" in one], [one for one in more if ":" not in one]
    found = decide(claim, let, given, seconds=20)
    assert found.verdict == "proved"
    theorems = replay(load(json.dumps(found.certificate).encode()))
    assert not any(theorem.holes for theorem in theorems)


def test_sizes_that_are_open_or_fixed_are_named() -> None:
    claim, let, given = "for all x: n in box(-R, R): relu(W x + b) = W x + b", ["W: m x n", "b: m", "R: scalar"], []
    found = decide(claim, let, [*given, "b = R abs(W) ones(n)"], "m=2, n=2", seconds=20)
    assert (found.verdict, found.shape) == ("proved-at-shape", ("m = 2, n = 2",))
    assert decide(claim, let, [*given, "b = 9/10 R abs(W) ones(n)"], seconds=20).verdict == "refuted"


def certificate() -> dict[str, Any]:
    """Return a certificate with cases."""
    outcome, _ = prove_by_patterns(read("for all x: 2 in box(-1, 1): relu([3, -2] x) <= 5"), time.monotonic() + 30)
    assert outcome.bundle is not None
    replay(outcome.bundle)
    return copy.deepcopy(outcome.bundle)


def cases(theorem: dict[str, Any]) -> dict[str, Any]:
    """Return the case distinction of a proof."""
    return next(step for step in theorem["proof"] if step["rule"] == "cases")


def test_tampered_certificates_are_refused() -> None:
    def goal(theorem: dict[str, Any]) -> None:
        theorem["goals"][0]["fact"] = theorem["goals"][0]["fact"].replace("5", "4")

    def everything(theorem: dict[str, Any]) -> None:
        text = json.dumps(theorem).replace("psd(5 ", "psd(4 ")
        theorem.clear()
        theorem.update(json.loads(text))

    def one_side(theorem: dict[str, Any]) -> None:
        cases(theorem)["right"] = cases(theorem)["left"]

    def guard(theorem: dict[str, Any]) -> None:
        cases(theorem)["on"] = cases(theorem)["on"].replace("<= 0", "<= 1")

    def multiplier(theorem: dict[str, Any]) -> None:
        squares = [s for side in ("left", "right") for s in cases(theorem)[side]["steps"] if s["rule"] == "psd"]
        squares[0]["squares"][0][0] = "-1"

    def wider_box(theorem: dict[str, Any]) -> None:
        for item in theorem["setup"]:
            if "given" in item:
                item["fact"] = item["fact"].replace("psd(1 ", "psd(2 ")

    for change in (goal, everything, one_side, guard, multiplier, wider_box):
        bundle = certificate()
        before = json.dumps(bundle)
        change(bundle["theorems"][-1])
        assert json.dumps(bundle) != before, change.__name__
        with pytest.raises(Rejected):
            replay(bundle)


def test_false_claims_have_no_certificate() -> None:
    for claim in (
        "for all x: 2 in box(-1, 1): relu([3, -2] x) < 5",
        "for all x: 2 in box(-1, 1): relu([3, -2] x) <= 49/10",
        "for all x: 2 in box(-1, 1): relu([1, 1] x) = relu([1, 0] x) + relu([0, 1] x)",
        "for all x: 1 in box(-1, 1): relu(x) = x",
    ):
        outcome, _ = prove_by_patterns(read(claim), time.monotonic() + 20)
        assert outcome.bundle is None
        assert "activation patterns closed" in outcome.detail


def test_an_empty_box() -> None:
    found = decide("for all x: n in box(1, -1): relu(x) = -x", seconds=10)
    assert found.verdict == "vacuous"
    assert found.certificate is not None
    replay(found.certificate)
    inside = "A = A and (for all x: n in box(1, -1): relu(x) = -x)"
    assert decide(f"not ({inside})", ["A: n x n"], seconds=5).verdict == "refuted"


def test_what_was_covered_is_said_where_a_tree_is_too_large() -> None:
    draw = Random(1)

    def numbers(rows: int, cols: int) -> str:
        return f"[{'; '.join(', '.join(str(draw.randint(-3, 3)) for _ in range(cols)) for _ in range(rows))}]"

    claim = f"{numbers(1, 8)} relu({numbers(8, 8)} relu({numbers(8, 6)} x)) <= 400"
    found = decide(f"for all x: 6 in box(-1, 1): {claim}", seconds=3)
    assert found.verdict in ("unknown", "untested")
    details = [one.detail for one in found.evidence]
    assert any("all of x at once" in one and "leaves of activation patterns closed" in one for one in details)


# Biases


def test_a_bias_that_makes_the_hidden_layer_linear() -> None:
    claim = "exists b: m, c: k: for all x: n in box(-R, R): V relu(W x + b) + c = V W x"
    found = decide(claim, ["W: m x n", "V: k x m", "R: scalar"], seconds=30)
    assert found.verdict == "proved-at-shape"
    shown = render(found, read(claim, ["W: m x n", "V: k x m", "R: scalar"]))
    assert "with b = abs(W) R ones(n, 1), c = -V abs(W) R ones(n, 1): 8 theorems" in shown


@pytest.mark.parametrize(
    ("claim", "let"),
    [
        ("exists b: m: for all x: n: relu(W x + b) = W x + b", ["W: m x n"]),
        ("exists b: m: for all x: n in box(-1, 1), y: m: relu(W x + y + b) = W x + y + b", ["W: m x n"]),
        ("exists b: n: for all x: n in box(-1, 1): relu(inv(W) x + b) = inv(W) x + b", ["W: n x n"]),
    ],
)  # fmt: skip
def test_a_witness_may_not_use_what_is_bound_inside_or_has_no_value(claim: str, let: list[str]) -> None:
    assert list(with_biases(read(claim, let))) == []


def test_a_bounded_bias_need_not_exist() -> None:
    claim = "exists b: m in box(-1, 1): for all x: n in box(-1, 1): relu(W x + b) = W x + b"
    assert decide(claim, ["W: m x n"], seconds=10).verdict == "refuted"


# Hypotheses over a box


def test_a_hypothesis_over_a_box_is_used_at_points() -> None:
    claim = "(for all x: n in box(-1, 1): relu(W x) = W x) implies W = 0"
    assert decide(claim, ["W: m x n"], seconds=20).verdict == "proved-at-shape"


@pytest.mark.parametrize("box", ["box(1, -1)", "box(-R, R)", "box(0, 0)"])
def test_a_hypothesis_over_a_box_that_may_be_empty_or_a_point_says_little(box: str) -> None:
    claim = f"(for all x: n in {box}: relu(W x) = W x) implies W = 0"
    outcome, _ = prove_by_patterns(read(claim, ["W: m x n", "R: scalar"]), time.monotonic() + 10)
    assert outcome.bundle is None
    assert decide(claim, ["W: m x n", "R: scalar"], seconds=10).verdict == "refuted"


# All sizes


@pytest.mark.parametrize(
    ("claim", "let", "given"),
    [
        ("normF(relu(A)) <= normF(A)", "A: m x n", ""),
        ("normF(relu(A) - relu(B)) <= normF(A - B)", "A, B: m x n", ""),
        ("normF(abs(A) - abs(B)) <= normF(A - B)", "A, B: m x n", ""),
        ("relu(s A) = s relu(A)", "A: m x n; s: scalar", "0 <= s"),
        ("relu(2 x) = 2 relu(x)", "x: n", ""),
        ("max(x, y) = y + relu(x - y)", "x, y: n", ""),
        ("max(A, B) + min(A, B) = A + B", "A, B: m x n", ""),
        ("min(A, B) = 1/2 (A + B - abs(A - B))", "A, B: m x n", ""),
        ("nonneg(x) implies relu(x) = x", "x: n", ""),
        ("for all x: n in box(0, 1): relu(x) = x", "", ""),
        ("relu(Q x) = Q relu(x)", "x: n; Q: n x n", "Q orthogonal; nonneg(Q)"),
        ("relu(W relu(x)) = W relu(x)", "x: n; W: m x n", "nonneg(W)"),
    ],
)
def test_identities_of_positive_parts_hold_for_all_sizes(claim: str, let: str, given: str) -> None:
    found = decide(claim, [*filter(None, let.split("; "))], [*filter(None, given.split("; "))], seconds=30)
    assert found.verdict == "proved"
    assert found.shape == ()
    replay(load(json.dumps(found.certificate).encode()))


@pytest.mark.parametrize(
    ("claim", "let", "given"),
    [
        ("normF(A) <= normF(relu(A))", "A: m x n", ""),
        ("normF(relu(A) - relu(B)) <= normF(A + B)", "A, B: m x n", ""),
        ("relu(s A) = s relu(A)", "A: m x n; s: scalar", ""),
        ("relu(s A) = s relu(A)", "A: m x n; s: scalar", "s <= 0"),
        ("relu(Q x) = Q relu(x)", "x: n; Q: n x n", "Q orthogonal"),
        ("relu(Q x) = Q relu(x)", "x: n; Q: n x n", "nonneg(Q)"),
        ("for all x: n in box(-1, 1): relu(x) = x", "", ""),
        ("relu(x + y) = relu(x) + relu(y)", "x, y: n", ""),
        ("relu(A') = relu(A)", "A: n x n", ""),
    ],
)
def test_inner_products_do_not_show_what_is_false(claim: str, let: str, given: str) -> None:
    lets, givens = [*filter(None, let.split("; "))], [*filter(None, given.split("; "))]
    outcome = prove_by_parts(read(claim, lets, givens), time.monotonic() + 20)
    assert outcome.bundle is None
    assert decide(claim, lets, givens, seconds=20).verdict == "refuted"


def test_transposed_parts_are_not_disjoint() -> None:
    entries = Parts(read("relu(A) = A", ["A: n x n"]))
    entries.facts(entries.statement.goal)
    scope = with_setup(entries)
    ((p, _),), ((q, _),), ((turned, _),) = (scope.context.matrix(text).terms for text in ("P", "Q", "Q'"))
    assert entries.disjoint(p, q)
    assert not entries.disjoint(p, turned)
    assert not entries.disjoint(turned, p)
