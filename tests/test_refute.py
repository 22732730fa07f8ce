"""The search for counterexamples: exact minima, honest failures, and witnesses that are checked again."""

from __future__ import annotations

import copy
import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest
from flint import fmpq_mat

from symlora.counterexamples import sampled
from symlora.counterexamples.counterexample import Counterexample, NoneFound, recheck
from symlora.counterexamples.grid import Limits, search
from symlora.counterexamples.problem import entries
from symlora.counterexamples.report import render
from symlora.domains.ground import Unmeasured

Items = list[dict[str, Any]]


def letter(name: str, rows: str = "n", cols: str = "n", *index: str) -> dict[str, Any]:
    return {"matrix": name, "index": list(index), "shape": [rows, cols]}


def known(*facts: str) -> Items:
    return [{"given": f"h{i}", "fact": fact} for i, fact in enumerate(facts)]


N: dict[str, Any] = {"natural": "n"}
PAIR: Items = [N, letter("A"), letter("B")]
REGULAR = known("nonsingular(A)", "nonsingular(B)", "nonsingular(A*B)")
WOODBURY: Items = [
    N, {"natural": "k"}, letter("A"), letter("U", "n", "k"), letter("C", "k", "k"), letter("V", "k", "n"),
    *known("nonsingular(A)", "nonsingular(C)", "nonsingular(inv(C)+V*inv(A)*U)", "nonsingular(A+U*C*V)"),
]  # fmt: skip


def family(name: str, step: str, start: str = "eye(D)", **direction: str) -> dict[str, Any]:
    return {"define": [{"name": name, "shape": ["D", "D"], "start": start, "step": step}], "index": ["l"], **direction}


CHAIN: Items = [
    {"natural": "D"}, {"natural": "L"}, letter("W", "D", "D", "l"), letter("X", "D", "D", "l"),
    family("A", "(W[l]+X[l])*A[l-1]", up="0"), family("P", "W[l]*P[l-1]", up="0"),
    family("S", "S[l]*W[l]", down="L"), family("Q", "Q[l-1]+S[l]*X[l]*A[l-1]", "zero(D,D)", up="0"),
]  # fmt: skip


def refuted(items: Items, goal: str, assumptions: Items | None = None, **limits: int) -> dict[str, Any]:
    """Return the counterexample as JSON after it has been checked again from that JSON."""
    found = search(items, assumptions or [], goal, Limits(**limits))
    assert isinstance(found, Counterexample), found
    data = json.loads(json.dumps(found.to_json()))
    assert recheck(data, items, assumptions or [], goal)
    return dict(data)


def nothing(items: Items, goal: str, assumptions: Items | None = None, **limits: int) -> NoneFound:
    found = search(items, assumptions or [], goal, Limits(**limits))
    assert isinstance(found, NoneFound), found
    return found


def test_commuting_matrices_need_two_by_two():
    data = refuted(PAIR, "A*B = B*A")
    assert data["naturals"] == {"n": 2}
    assert data["matrices"] == {"A": [["1", "0"], ["0", "0"]], "B": [["0", "1"], ["0", "0"]]}
    assert (data["left"], data["right"]) == ([["0", "1"], ["0", "0"]], [["0", "0"], ["0", "0"]])
    assert data["minimal"] is True


def test_inverse_of_a_product_in_the_wrong_order():
    data = refuted([*PAIR, *REGULAR], "inv(A*B) = inv(A)*inv(B)")
    assert data["naturals"] == {"n": 2}
    assert data["matrices"] == {"A": [["0", "1"], ["1", "0"]], "B": [["-1", "0"], ["0", "1"]]}
    assert data["minimal"] is True
    right = nothing([*PAIR, *REGULAR], "inv(A*B) = inv(B)*inv(A)")
    assert (right.exhausted, right.untested) == (True, False)


def test_wrong_sign_in_woodbury():
    data = refuted(WOODBURY, "inv(A+U*C*V) = inv(A) + inv(A)*U*inv(inv(C)+V*inv(A)*U)*V*inv(A)")
    assert data["naturals"] == {"k": 1, "n": 1}
    assert (data["left"], data["right"]) == ([["1/2"]], [["3/2"]])
    right = nothing(WOODBURY, "inv(A+U*C*V) = inv(A) - inv(A)*U*inv(inv(C)+V*inv(A)*U)*V*inv(A)", models=5_000)
    assert not right.untested


def test_wrong_sign_in_the_telescoping_sum():
    data = refuted(CHAIN, "S[0] - A[L] = Q[L]")
    assert data["naturals"] == {"D": 1, "L": 1}
    assert data["matrices"] == {"W[1]": [["0"]], "X[1]": [["1"]]}
    assert data["computed"]["A[1]"] == [["1"]]
    assert data["minimal"] is True
    assert not nothing(CHAIN, "A[L] - S[0] = Q[L]", models=5_000).untested


def test_only_the_order_of_factors_is_wrong():
    data = refuted(CHAIN, "for l if 1 <= l, l <= L: S[l]*A[l] - S[0] = Q[l] + W[l]*X[l] - X[l]*W[l]")
    assert data["naturals"] == {"D": 2, "L": 1}
    assert data["at"] == {"l": 1}
    assert data["claim"] == "-S[0] + S[1]*A[1] = Q[1] + W[1]*X[1] - X[1]*W[1]"


def test_a_step_with_local_names_and_hypotheses():
    local: Items = [{"natural": "l"}, *known("S[l]*A[l] - S[0] = Q[l]", "l+1 <= L")]
    data = refuted(CHAIN, "S[l+1]*A[l+1] - S[0] = Q[l+1] + S[l+1]*X[l+1]*A[l]", local)
    assert data["naturals"] == {"D": 1, "L": 1, "l": 0}
    assert data["matrices"]["X[1]"] == [["1"]]


def test_members_that_a_hypothesis_determines_are_computed():
    items = [*PAIR, letter("X"), *known("X = A*B + eye(n)", "3 <= n")]
    data = refuted(items, "X = eye(n)")
    assert data["naturals"] == {"n": 3}
    assert data["matrices"]["X"][0][0] == "2"
    one_sided = [*PAIR, *known("A*B = eye(n)")]
    assert nothing(one_sided, "B*A = eye(n)").exhausted
    assert refuted(one_sided, "A = B")["naturals"] == {"n": 2}


def test_members_of_idle_hypotheses_get_values_too():
    items = [*PAIR, letter("X"), letter("Y"), *known("X = Y*B", "inv(Y) = inv(Y)")]
    assert set(refuted(items, "A = -A")["matrices"]) == {"A", "B", "X", "Y"}


def test_families_of_naturals():
    items: Items = [{"naturals": "d", "index": ["i"]}, {"natural": "L"}, letter("W", "d[l]", "d[l-1]", "l"),
                    *known("for l if 1 <= l, l <= L: d[l] <= d[l-1]")]  # fmt: skip
    data = refuted(items, "for l if 1 <= l, l <= L: W[l]'*W[l] = eye(d[l-1])")
    assert data["naturals"] == {"L": 1, "d[0]": 1, "d[1]": 0}
    assert data["matrices"] == {"W[1]": []}


def test_claims_about_naturals_and_nonsingularity():
    data = refuted([N, {"natural": "m"}], "n <= m")
    assert (data["naturals"], data["left"], data["right"]) == ({"m": 0, "n": 1}, "1", "0")
    singular = refuted([*PAIR, *known("nonsingular(A)", "nonsingular(B)")], "nonsingular(A+B)")
    assert singular["naturals"] == {"n": 1}
    assert (singular["left"], singular["right"]) == ([["0"]], "0")


def test_scalars_are_shown_apart():
    data = refuted([N, letter("A"), letter("c", "1", "1")], "c*A = A")
    assert data["scalars"] == {"c": "0"}
    assert data["matrices"] == {"A": [["1"]]}


def test_sizes_that_the_hypotheses_require():
    assert refuted([*PAIR, *known("3 <= n")], "A = A'")["naturals"] == {"n": 3}
    assert nothing([*PAIR, *known("n + 1 <= n")], "A = A'").untested


def test_contradictory_hypotheses_leave_the_claim_untested():
    found = nothing([*PAIR, *known("A = -A", "nonsingular(A)")], "A*B = B*A")
    assert (found.exhausted, found.untested) == (True, True)
    assert "nothing was tested" in render(found)


def test_an_undefined_inverse_refutes_nothing():
    assert nothing([N, letter("A")], "A*inv(A) = eye(n)").exhausted
    assert nothing([N, letter("A"), *known("inv(A)*A = zero(n, n)")], "zero(n, n) = eye(n)").untested


def test_neighbours_of_an_unbounded_claim_satisfy_the_hypotheses():
    items = [N, letter("W", "n", "n", "l"), *known("for l: W[l]*W[l] = W[l]")]
    data = refuted(items, "for l: W[l]*W[l+1] = W[l+1]*W[l]")
    assert data["cut"] == ["l"]
    for rows in data["matrices"].values():
        m = fmpq_mat([[int(x) for x in row] for row in rows])
        assert m * m == m


def test_several_instances_of_a_goal_do_not_disturb_each_other():
    items = [N, letter("W", "n", "n", "l"), *known("for l if l <= 2: nonsingular(W[l])", "n == 2")]
    data = refuted(items, "for l if 1 <= l, l <= 2: W[l]*W[l-1] = W[l-1]*W[l]", models=3_000)
    assert data["minimal"] is True
    assert nothing(items, "for l if l <= 2: W[l]*inv(W[l]) = eye(n)", models=3_000).models > 0


Test = Callable[[Any, Any], bool]
GOALS: dict[str, Test] = {
    "A*B = B*A": lambda a, b: a * b == b * a,
    "A*B*A = zero(n, n)": lambda a, b: a * b * a == a * 0,
    "(A - B)*(A + B) = A*A - B*B": lambda a, b: (a - b) * (a + b) == a * a - b * b,
    "A*A*B = A*B*A": lambda a, b: a * a * b == a * b * a,
}
HYPOTHESES: dict[str, Test] = {
    "A*A = A": lambda a, b: a * a == a,
    "A' = -A": lambda a, b: a.transpose() == -a,
    "A*B = A": lambda a, b: a * b == a,
    "B*B = zero(n, n)": lambda a, b: b * b == b * 0,
}


@pytest.mark.parametrize("goal", GOALS)
@pytest.mark.parametrize("hypothesis", HYPOTHESES)
def test_minimum_agrees_with_brute_force(goal, hypothesis):
    items = [*PAIR, *known(hypothesis)]
    found = search(items, [], goal)
    best = brute_force(GOALS[goal], HYPOTHESES[hypothesis])
    if best is None:
        assert isinstance(found, NoneFound)
        assert found.exhausted
        return
    assert isinstance(found, Counterexample)
    assert found.minimal
    assert recheck(found.to_json(), items, [], goal)
    vector = [x for rows in found.matrices.values() for row in rows for x in row]
    assert (found.naturals[("n", ())], sum(x != 0 for x in vector), sum(x < 0 for x in vector)) == best


def brute_force(goal: Test, hypothesis: Test) -> tuple[int, int, int] | None:
    """Return (n, nonzeros, negatives) of the smallest counterexample among all pairs of matrices."""
    best: tuple[int, int, int] | None = None
    for n in (0, 1, 2):
        for vector in itertools.product((0, 1, -1), repeat=2 * n * n):
            key = (n, sum(x != 0 for x in vector), sum(x < 0 for x in vector))
            if best is not None and key >= best:
                continue
            a, b = fmpq_mat(n, n, vector[: n * n]), fmpq_mat(n, n, vector[n * n :])
            if hypothesis(a, b) and not goal(a, b):
                best = key
    return best


def test_recheck_refuses_what_was_tampered_with():
    items = [*PAIR, *known("A*A = A")]
    data = refuted(items, "A*B = B*A")
    changes: list[tuple[str, Any]] = [
        ("matrices", {**data["matrices"], "A": [["1", "0"], ["0", "1"]]}),
        ("matrices", {**data["matrices"], "A": [["2", "0"], ["0", "0"]]}),
        ("matrices", {**data["matrices"], "A": [["1", "0"]]}),
        ("matrices", {**data["matrices"], "A": [["1/0", "0"], ["0", "0"]]}),
        ("matrices", {"B": data["matrices"]["B"]}),
        ("naturals", {"n": 3}),
        ("naturals", {}),
        ("left", data["right"]),
        ("goal", "A*B = A"),
    ]
    for key, value in changes:
        changed = copy.deepcopy(data) | {key: value}
        assert not recheck(changed, items, [], "A*B = B*A"), key
    assert not recheck(data, items, [], "A*A*B = B*A*A*A*A - A*B")
    assert not recheck({}, items, [], "A*B = B*A")


def test_many_sizes_are_probed_out_of_turn():
    names = "abcdefg"
    items: Items = [{"natural": x} for x in names]
    items += [letter(f"M{x}", x, y) for x, y in itertools.pairwise(names)]
    product = "*".join(f"M{x}" for x in names[:-1])
    data = refuted(items, f"{product} = 2*{product}")
    assert data["naturals"] == dict.fromkeys(names, 1)
    assert set(map(str, data["matrices"].values())) == {"[['1']]"}
    assert nothing(items, f"({product})' = ({product})'").exhausted


def test_limits_are_kept_and_results_repeat():
    first = nothing(CHAIN, "A[L] - S[0] = Q[L]", models=3_000)
    assert first == nothing(CHAIN, "A[L] - S[0] = Q[L]", models=3_000)
    assert first.models <= 3_000 + 200
    assert not first.exhausted


def test_grid_order():
    assert [v for k in range(3) for m in range(k + 1) for v in entries(2, k, int(k > 0), m)] == [
        [0, 0], [1, 0], [0, 1], [-1, 0], [0, -1], [1, 1], [-1, 1], [1, -1], [-1, -1],
    ]  # fmt: skip


def test_report():
    assert render(search([*PAIR, *REGULAR], [], "inv(A*B) = inv(A)*inv(B)")) == "\n".join(
        [
            "counterexample found: the smallest on the grid",
            "  inv(A*B) = inv(A)*inv(B)",
            "fails for",
            "  n = 2",
            "  A = [ 0  1 ]",
            "      [ 1  0 ]",
            "  B = [ -1  0 ]",
            "      [  0  1 ]",
            "where",
            "  left  = [ 0  -1 ]",
            "          [ 1   0 ]",
            "  right = [  0  1 ]",
            "          [ -1  0 ]",
        ]
    )
    assert render(nothing(PAIR, "A = A")).startswith("no counterexample found on the whole grid")


def scalar(*names: str) -> Items:
    return [letter(name, "1", "1") for name in names]


SIZES: Items = [{"natural": "m"}, N]
SVD: Items = [
    *SIZES, letter("E", "m", "n"), letter("T", "n", "n", "a"), letter("G", "n", "r", "a", "r"),
    {"such": "axiom/svd", "as": "svd", "naturals": {"m": "m", "n": "n"}, "natural": {},
     "matrices": {"E": "E", "T[a]": "T[a]", "G[a,r]": "G[a, r]"}},
]  # fmt: skip
CLOSE: Items = [*SIZES, {"natural": "k"}, letter("E", "m", "n"), letter("N", "m", "n"), *known("rank(N) <= k")]
FALSE: list[tuple[Items, str, dict[str, int], Any, Any]] = [
    (PAIR, "rank(A+B) == rank(A) + rank(B)", {"n": 1}, "1", "2"),
    (PAIR, "rank(A*B) == rank(B*A)", {"n": 2}, "1", "0"),
    ([*PAIR, *known("rank(A) + 1 <= n")], "A = zero(n, n)", {"n": 2}, [["1", "0"], ["0", "0"]], [["0", "0"]] * 2),
    ([*PAIR, *known("rank(A) == n", "rank(B) == n")], "rank(A+B) == n", {"n": 1}, "0", "1"),
    (PAIR, "norm2(A*B) = norm2(A)*norm2(B)", {"n": 2}, [["0"]], [["1"]]),
    (PAIR, "norm2(A+B) <= norm2(A)", {"n": 1}, [["1"]], [["0"]]),
    (PAIR, "tr(A*B) = tr(A)*tr(B)", {"n": 2}, [["0"]], [["1"]]),
    (PAIR, "tr(A) <= nat(rank(A))", {"n": 2}, [["2"]], [["1"]]),
    (PAIR, "psd(A + A')", {"n": 1}, [["-2"]], "x'*M*x = -2 for x = (1)"),
    ([*PAIR, *known("psd(A)", "psd(B)")], "psd(A*B)", {"n": 2}, [["1", "1"], ["0", "0"]], "it is not symmetric"),
    ([*PAIR, *known("psd(A)", "psd(B)")], "psd(A*B + B*A)", {"n": 2}, [["2", "1"], ["1", "0"]],
     "x'*M*x = -1/2 for x = (-1/2, 1)"),
    (scalar("c", "d"), "c <= d", {}, [["1"]], [["0"]]),
    ([*scalar("c", "d"), *known("0 <= c", "0 <= d")], "sqrt(c + d) = sqrt(c) + sqrt(d)", {},
     [["1.4142135623730950488 +/- 1.69e-21"]], [["2"]]),
    (PAIR, "sigma(A + B, 2) <= sigma(A, 2) + sigma(B, 2)", {"n": 2}, [["1"]], [["0"]]),
    (SVD, "E*T[1] = E", {"m": 2, "n": 2}, [["1", "0"], ["0", "0"]], [["1", "0"], ["0", "1"]]),
    (SVD, "for a: norm2(E - E*T[a]) <= sigma(E, a + 2)", {"m": 1, "n": 1}, [["1"]], [["0"]]),
    (CLOSE, "sigma(E, k) <= norm2(E - N)", {"k": 1, "m": 1, "n": 1}, [["1"]], [["0"]]),
]  # fmt: skip


@pytest.mark.parametrize(("items", "goal", "sizes", "left", "right"), FALSE, ids=[case[1] for case in FALSE])
def test_ranks_norms_and_inequalities(items, goal, sizes, left, right):
    data = refuted(items, goal)
    assert (data["naturals"], data["left"], data["right"]) == (sizes, left, right)
    # Smaller matrices with irrational singular vectors are passed over, so they are not ruled out.
    assert data["minimal"] is (goal != "E*T[1] = E")


@pytest.mark.parametrize(
    ("items", "goal"),
    [
        (PAIR, "rank(A+B) <= rank(A) + rank(B)"),
        (PAIR, "tr(A*B) = tr(B*A)"),
        (PAIR, "psd(A'*A)"),
        (scalar("c", "d"), "c*d <= c*c + d*d"),
        (SVD, "for a: norm2(E - E*T[a]) <= sigma(E, a + 1)"),
        (CLOSE, "sigma(E, k + 1) <= norm2(E - N)"),
    ],
)
def test_true_claims_about_ranks_and_norms_are_not_refuted(items, goal):
    found = nothing(items, goal, models=20_000)
    assert found.exhausted or found.models >= 20_000
    assert not found.untested


def test_irrational_sides_are_compared_exactly():
    found = nothing([N, letter("A")], "norm2(A) = norm2(A')")
    assert found.exhausted
    assert found.open == 0


def test_what_irrational_values_leave_open_is_counted_and_refutes_nothing():
    found = nothing([N, letter("A")], "norm2(norm2(A)*A) = norm2(norm2(A)*A')")
    assert found.exhausted
    assert found.open > 0
    assert "left open by irrational values" in render(found)


RANK: Items = [
    *SIZES, letter("M", "m", "n"),
    {"exists": {"rule": "cite", "theorem": "axiom/rank", "naturals": {"m": "m", "n": "n"}, "natural": {},
                "matrices": {"M": "M"}, "new": {"U": "U", "V": "V", "X": "X", "Y": "Y"}, "facts": {},
                "as": {"g1": "product"}}},
]  # fmt: skip


def test_sizes_that_depend_on_ranks_are_met_in_random_models():
    with pytest.raises(Unmeasured):
        search(RANK, [], "X*M*Y = 2*eye(rank(M))")
    found = sampled.search(RANK, [], "X*M*Y = 2*eye(rank(M))")
    assert isinstance(found, Counterexample)
    data = json.loads(json.dumps(found.to_json()))
    assert recheck(data, RANK, [], "X*M*Y = 2*eye(rank(M))")
    assert not recheck(data, RANK, [], "X*M*Y = eye(rank(M))")
    assert (data["left"], data["right"], data["minimal"]) == ([["1"]], [["2"]], False)
    right = sampled.search(RANK, [], "X*M*Y = eye(rank(M))")
    assert isinstance(right, NoneFound)
    assert (right.sampled, right.untested) == (True, False)


def test_grid_order_with_larger_entries():
    vectors = [v for height in (1, 2) for minus in range(2) for v in entries(1, 1, height, minus)]
    assert [str(v[0]) for v in vectors] == ["1", "-1", "2", "1/2", "-2", "-1/2"]
    # Pairs of the 15 numbers up to height 3, each exactly once: 0, 1, 2, 1/2, 3, 3/2, 1/3, 2/3 and the negatives.
    levels = [(k, h, m) for k in range(3) for h in range(4) for m in range(k + 1) if (k > 0) == (h > 0)]
    pairs = [tuple(map(str, v)) for level in levels for v in entries(2, *level)]
    assert len(pairs) == len(set(pairs)) == 15 * 15


def test_the_smallest_entry_beyond_the_grid():
    scalar = [letter("a", "1", "1")]
    found = refuted(scalar, "a*a*a = a", height=3)
    assert (found["scalars"], found["minimal"]) == ({"a": "2"}, True)
    assert nothing(scalar, "a*a*a = a").exhausted
    half = [*scalar, *known("a <= 1", "0 <= a")]
    assert refuted(half, "a*a = a", height=3)["scalars"] == {"a": "1/2"}
    third = [*scalar, *known("a <= 1/2", "0 <= a")]
    assert refuted(third, "2*a*a = a", height=3)["scalars"] == {"a": "1/3"}
    assert nothing(third, "2*a*a = a", height=2).exhausted


def test_sizes_from_three_on():
    nilpotent = [N, letter("A"), *known("A*A*A = zero(n, n)")]
    assert nothing(nilpotent, "A*A = zero(n, n)").exhausted
    data = refuted(nilpotent, "A*A = zero(n, n)", largest=3, least=3)
    assert data["naturals"] == {"n": 3}
    assert data["matrices"] == {"A": [["0", "1", "0"], ["0", "0", "1"], ["0", "0", "0"]]}
    assert data["minimal"] is True
