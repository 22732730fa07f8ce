"""Equations with all entries as indeterminates: identities, refutations with a witness, and what stays open."""

from __future__ import annotations

import time
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from flint import fmpq_mat

from symlora.domains.ground import Graph, Unassigned
from symlora.domains.identities import decide_equation
from symlora.domains.polynomial import Limits, NotPolynomial, Polynomials, TooLarge
from symlora.domains.rational import Model
from symlora.domains.sampling import models
from symlora.domains.setup import Setup, read_setup


def statement(matrices: dict[str, tuple[str, str]], *givens: str, items: Any = ()) -> Setup:
    """Read a statement with these matrices (rows, columns), whose sizes are named n, r, p, s."""
    names = sorted({size for shape in matrices.values() for size in shape if size in ("n", "r", "p", "s")})
    naturals = [{"natural": name} for name in names]
    letters = [{"matrix": name, "index": [], "shape": list(shape)} for name, shape in matrices.items()]
    facts = [{"given": f"g{i}", "fact": text} for i, text in enumerate(givens)]
    return read_setup([*naturals, *letters, *items, *facts])


def decide(setup: Setup, text: str, **sizes: int) -> Any:
    return decide_equation(setup, setup.context.read(text), sizes)


WOODBURY = {"A": ("n", "n"), "U": ("n", "r"), "V": ("r", "n")}
FORMULA = "inv(A + U*V) = inv(A) - inv(A)*U*inv(eye(r) + V*inv(A)*U)*V*inv(A)"


@pytest.mark.parametrize("n", [0, 1, 2, 3])
@pytest.mark.parametrize("r", [0, 1, 2])
def test_woodbury(n, r):
    setup = statement(WOODBURY, "nonsingular(A)", "nonsingular(A + U*V)")
    found = decide(setup, FORMULA, n=n, r=r)
    assert (found.state, found.evidence, found.instances) == ("holds", "proved-at-shape", 1), found.reason
    assert found.indeterminates == n * n + 2 * n * r


def test_woodbury_with_the_inner_matrix_given():
    setup = statement(WOODBURY, "nonsingular(eye(r) + V*inv(A)*U)", "nonsingular(A)")
    assert decide(setup, FORMULA, n=2, r=2).evidence == "proved-at-shape"


def test_wrong_sign_in_woodbury_is_refuted_by_a_witness_that_stands_on_its_own():
    setup = statement(WOODBURY, "nonsingular(A)", "nonsingular(A + U*V)")
    wrong = FORMULA.replace(" - ", " + ")
    found = decide(setup, wrong, n=2, r=1)
    assert found.state == found.evidence == "fails"
    assert found.left != found.right
    model = Model(setup, {"n": 2, "r": 1}, matrices={(k, ()): rows for k, rows in found.witness.items()})
    assert sorted(found.witness) == ["A", "U", "V"]
    result = model.holds(setup.context.read(wrong))
    assert not result.true
    assert not result.undefined
    assert (result.left, result.right) == (found.left, found.right)
    assert all(model.holds(given) for given in setup.givens.values())
    assert decide(setup, wrong, n=2, r=0).state == "holds"


@pytest.mark.parametrize(("n", "r"), [(1, 1), (2, 1), (2, 2), (1, 3)])
def test_push_through(n, r):
    setup = statement({"U": ("n", "r"), "V": ("r", "n")}, "nonsingular(eye(n) + U*V)")
    text = "inv(eye(n) + U*V)*U = U*inv(eye(r) + V*U)"
    assert decide(setup, text, n=n, r=r).evidence == "proved-at-shape"
    assert decide(setup, text.replace("V*U", "2*V*U"), n=n, r=r).state == "fails"


LAYERS = [
    {"natural": "D"}, {"natural": "L"},
    *({"matrix": name, "index": ["l"], "shape": ["D", "D"]} for name in "WX"),
    {"define": [{"name": "P", "shape": ["D", "D"], "start": "eye(D)", "step": "W[l]*P[l-1]"}], "index": ["l"],
     "up": "0"},
    {"define": [{"name": "Q", "shape": ["D", "D"], "start": "eye(D)", "step": "X[l]*Q[l-1]"}], "index": ["l"],
     "up": "0"},
    {"define": [{"name": "S", "shape": ["D", "D"], "start": "eye(D)", "step": "S[l]*W[l]"}], "index": ["l"],
     "down": "L"},
    {"define": [{"name": "T", "shape": ["D", "D"], "start": "zero(D, D)",
                 "step": "T[l-1] + S[l]*(X[l] - W[l])*Q[l-1]"}], "index": ["l"], "up": "0"},
]  # fmt: skip


@pytest.mark.parametrize("size", [1, 2])
@pytest.mark.parametrize("depth", [0, 1, 2])
def test_telescoping(size, depth):
    setup = read_setup(LAYERS)
    found = decide(setup, "Q[L] - P[L] = T[L]", D=size, L=depth)
    assert found.evidence == "proved-at-shape", found.reason
    ranged = decide(setup, "for l if l <= L: S[l]*Q[l] - S[0] = T[l]", D=size, L=depth)
    assert (ranged.evidence, ranged.instances) == ("proved-at-shape", depth + 1)


def test_a_ranged_equation_is_refuted_where_it_first_fails():
    found = decide(read_setup(LAYERS), "for l if l <= L: P[l] = S[0]", D=2, L=2)
    assert (found.state, found.at) == ("fails", (0,))
    assert {"W[1]", "W[2]"} <= found.witness.keys()


def test_a_range_without_upper_bound_is_not_decided():
    setup = read_setup(LAYERS)
    assert "no upper bound" in decide(setup, "for l : W[l] + X[l] = X[l] + W[l] + 0*W[l]*X[l]", D=1, L=1).reason
    assert decide(setup, "for l : W[l]*X[l] = X[l]*W[l]", D=2, L=1).state == "fails"


SPLIT = [{"such": "axiom/split", "as": "jk", "naturals": {"n": "p + s", "p": "p", "s": "s"}, "natural": {},
          "matrices": {"J": "J", "K": "K"}}]  # fmt: skip


@pytest.mark.parametrize(("p", "s"), [(1, 1), (2, 1), (1, 2)])
def test_schur_inverse(p, s):
    blocks = {"J": ("p + s", "p"), "K": ("p + s", "s"), "A": ("p", "p"), "B": ("p", "s"), "C": ("s", "p"),
              "E": ("s", "s")}  # fmt: skip
    complement = "(E - C*inv(A)*B)"
    setup = statement(blocks, "nonsingular(A)", f"nonsingular({complement})", items=SPLIT)
    whole = "(J*A*J' + J*B*K' + K*C*J' + K*E*K')"
    found = decide(setup, f"K'*inv{whole}*K = inv{complement}", p=p, s=s)
    assert found.state == "holds", found.reason
    # The split is one of many, so this is not yet the statement about all of them.
    assert found.assumed
    assert found.evidence == "holds"
    corner = decide(setup, f"J'*inv{whole}*J = inv(A) + inv(A)*B*inv{complement}*C*inv(A)", p=p, s=s)
    assert corner.state == "holds"
    assert decide(setup, f"K'*inv{whole}*K = inv(E)", p=p, s=s).state == "fails"


def test_order_of_factors_in_an_inverse_matters():
    setup = statement({"A": ("n", "n"), "B": ("n", "n")}, "nonsingular(A)", "nonsingular(B)")
    found = decide(setup, "inv(A*B) = inv(A)*inv(B)", n=2)
    assert found.state == "fails"
    assert all(isinstance(x, Fraction) for rows in found.witness.values() for row in rows for x in row)
    assert decide(setup, "inv(A*B) = inv(A)*inv(B)", n=1).evidence == "proved-at-shape"
    for n in (1, 2, 3):
        assert decide(setup, "inv(A*B) = inv(B)*inv(A)", n=n).evidence == "proved-at-shape"


def test_the_given_may_be_about_a_product():
    setup = statement({"A": ("n", "n"), "B": ("n", "n")}, "nonsingular(A*B)")
    assert decide(setup, "inv(A)*A = eye(n)", n=2).evidence == "proved-at-shape"


@pytest.mark.parametrize(
    ("givens", "text"),
    [
        ((), "inv(A)*A = eye(n)"),
        ((), "A*inv(A) - A*inv(A) + inv(A)*A = eye(n)"),
        (("nonsingular(inv(A))",), "inv(A)*A = eye(n)"),
        (("nonsingular(A + B)",), "A*inv(A)*B = B"),
        (("nonsingular(eye(n) + inv(A)*B)",), "inv(A)*A*B = B"),
    ],
)
def test_an_identity_whose_inverses_are_not_protected_is_not_called_true(givens, text):
    setup = statement({"A": ("n", "n"), "B": ("n", "n")}, *givens)
    found = decide(setup, text, n=2)
    assert (found.state, found.evidence) == ("not-applicable", "not-applicable")
    assert "the givens do not show" in found.reason


def test_evidently_positive_denominators_need_no_given():
    setup = statement({"v": ("n", "1"), "A": ("n", "n")})
    assert decide(setup, "inv(1 + v'*v)*(1 + v'*v)*v = v", n=3).evidence == "proved-at-shape"
    assert decide(setup, "inv(v'*v)*v'*v = 1", n=2).state == "not-applicable"


def test_traces_multiples_and_transposes():
    setup = statement({"A": ("n", "r"), "B": ("r", "n")}, "nonsingular(A*B)")
    assert decide(setup, "tr(A*B) = tr(B*A)", n=2, r=3).evidence == "proved-at-shape"
    assert decide(setup, "tr(A*B)*A = 1/2*A*tr(B*A) + 1/2*tr(A'*B')*A", n=2, r=2).evidence == "proved-at-shape"
    assert decide(setup, "(A*B)' = A*B", n=2, r=2).state == "fails"
    assert decide(setup, "inv(A*B)' = inv(B'*A')", n=2, r=2).evidence == "proved-at-shape"
    assert decide(setup, "tr(inv(A*B)*A*B) = 2", n=2, r=2).evidence == "proved-at-shape"
    assert decide(setup, "tr(A*A') = tr(A*B)", n=0, r=2).evidence == "proved-at-shape"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("norm2(A) = 2*norm2(A)", "norm2"),
        ("sigma(A, 1) = norm2(A)", "sigma"),
        ("sqrt(tr(A'*A)) = 1", "sqrt"),
        ("psd(A)", "psd"),
        ("n <= n + 1", "<="),
        ("rank(A) == n", "=="),
    ],
)
def test_not_applicable(text, word):
    found = decide(statement({"A": ("n", "n")}), text, n=2)
    assert found.state == "not-applicable"
    assert word in found.reason


def test_nonsingular_follows_from_the_factors_of_given_determinants():
    setup = statement({"U": ("n", "r"), "V": ("r", "n")}, "nonsingular(eye(r) + V*U)")
    for n, r in ((1, 2), (2, 1), (2, 2), (3, 2), (0, 2)):
        assert decide(setup, "nonsingular(eye(n) + U*V)", n=n, r=r).evidence == "proved-at-shape"
    assert decide(setup, "nonsingular(inv(eye(r) + V*U)*inv(eye(r) + V*U))", n=2, r=2).evidence == "proved-at-shape"
    assert decide(setup, "nonsingular(eye(n) - U*V)", n=2, r=2).state == "fails"
    found = decide(setup, "nonsingular(U*V)", n=2, r=1)
    assert (found.state, found.right) == ("fails", ((0,),))
    both = statement({"A": ("n", "n"), "B": ("n", "n")}, "nonsingular(A*B)")
    assert decide(both, "nonsingular(A)", n=2).evidence == "proved-at-shape"
    assert decide(both, "nonsingular(A + B)", n=2).state == "fails"
    assert decide(both, "nonsingular(A*A' + eye(n))", n=1).evidence == "proved-at-shape"


def test_nonsingular_of_what_may_have_no_inverse_is_not_decided():
    # inv is total: where A is singular, inv(A) is any matrix, singular ones among them.
    found = decide(statement({"A": ("n", "n")}), "nonsingular(inv(A))", n=2)
    assert found.state != "holds"
    restricted = statement({"A": ("n", "n")}, "A*A = A", "tr(A) = 2")
    assert decide(restricted, "nonsingular(A)", n=2).state == "not-applicable"


def test_other_givens_are_not_used_but_bind_the_witness():
    symmetric = statement({"A": ("n", "n"), "B": ("n", "n")}, "A*B = B*A", "rank(B) <= 1")
    found = decide(symmetric, "A*A*B = B*A*A", n=2)
    assert found.state == "not-applicable"
    assert found.reason.endswith("g0, g1")
    assert decide(symmetric, "A*(B - A) = A*B - A*A", n=2).evidence == "proved-at-shape"
    bounded = statement({"A": ("n", "n")}, "psd(A - 2*eye(n))")
    refuted = decide(bounded, "A = A*A", n=1)
    assert refuted.state == "fails"
    assert refuted.witness["A"][0][0] >= 2


def test_givens_that_no_model_has():
    setup = statement({"U": ("n", "r"), "V": ("r", "n")}, "nonsingular(U*V)")
    found = decide(setup, "inv(U*V)*U*V = eye(n)", n=2, r=1)
    assert found.state == "not-applicable"
    assert "singular" in found.reason
    assert "holds for no matrices" in decide(setup, "tr(U*V) = tr(V*U)", n=2, r=1).reason
    bound = statement({"A": ("n", "r")}, "r <= n")
    assert "false at these sizes" in decide(bound, "A = 2*A - A", n=1, r=2).reason


def test_limits_are_reported():
    setup = statement({"A": ("n", "n"), "B": ("n", "n")}, "nonsingular(A)", "nonsingular(B)")
    start = time.monotonic()
    assert "indeterminates" in decide(setup, "A*B = A*B*inv(B)*B", n=20).reason
    large = decide(setup, "inv(A*B) = inv(B)*inv(A)", n=7)
    assert (large.state, large.witness) == ("too-large", {})
    fact = setup.context.read("inv(A*B) = inv(B)*inv(A)")
    assert decide_equation(setup, fact, {"n": 3}, limits=Limits(work=100)).state == "too-large"
    assert "exponents" in decide_equation(setup, fact, {"n": 3}, limits=Limits(exponents=100)).reason
    assert "larger than 1" in decide_equation(setup, fact, {"n": 2}, limits=Limits(inverted=1)).reason
    # A false equation is refuted even where its polynomials are out of reach.
    assert decide(setup, "inv(A*B) = inv(A)*inv(B)", n=7).state == "fails"
    many = setup.context.read("for l if l <= n: A = A + 0*A*A")
    assert decide_equation(setup, many, {"n": 3}, limits=Limits(instances=2)).state == "too-large"
    assert time.monotonic() - start < 60


def test_bad_sizes():
    setup = statement({"A": ("n", "n")})
    fact = setup.context.read("A = A'")
    with pytest.raises(ValueError, match="negative"):
        decide_equation(setup, fact, {"n": -1})
    with pytest.raises(Unassigned):
        decide_equation(setup, fact, {})


def test_families_of_naturals():
    setup = read_setup([{"naturals": "d", "index": ["i"]},
                        {"matrix": "W", "index": ["l"], "shape": ["d[l]", "d[l-1]"]}])  # fmt: skip
    fact = setup.context.read("tr(W[1]'*W[1]) = tr(W[1]*W[1]')")
    found = decide_equation(setup, fact, {}, {"d": {(0,): 2, (1,): 3}})
    assert (found.evidence, found.indeterminates) == ("proved-at-shape", 6)
    assert decide_equation(setup, fact, {}, {"d": lambda at: at[0] + 1}).indeterminates == 2


def test_a_given_for_all_indices_is_followed_only_so_far():
    setup = read_setup([{"natural": "n"}, {"matrix": "W", "index": ["l"], "shape": ["n", "n"]},
                        {"given": "regular", "fact": "for l : nonsingular(W[l])"}])  # fmt: skip
    assert decide(setup, "inv(W[1]*W[2])*W[1]*W[2] = eye(n)", n=2).evidence == "proved-at-shape"
    found = decide(setup, "inv(W[1]*W[2]) = inv(W[1])*inv(W[2])", n=2)
    assert (found.state, len(found.assumed)) == ("fails", 1)


ATOMS = ["A", "B", "A'", "inv(A)", "inv(B)", "inv(A*B)", "eye(n)", "inv(A + B)"]


REWRITTEN = {
    "inv(A)*A": "eye(n)",
    "B*inv(A*B)*A": "eye(n)",
    "inv(A + B)*A": "eye(n) - inv(A + B)*B",
    "inv(A) - inv(B)": "inv(A)*(B - A)*inv(B)",
    "inv(A)*inv(B)": "inv(B*A)",
}


def test_whatever_is_called_true_holds_in_models_and_whatever_is_refuted_does_not():
    seen = []
    for seed in range(12):
        draw = Random(seed)
        givens = draw.sample(["nonsingular(A)", "nonsingular(B)", "nonsingular(A + B)", "nonsingular(A*B)"], seed % 4)
        setup = statement({"A": ("n", "n"), "B": ("n", "n")}, *givens)
        where = list(models(setup, 8, seed))
        for _ in range(6):
            left, right = draw.choice(list(REWRITTEN.items()))
            if draw.random() < 0.3:
                right = f"{right} - {draw.choice(ATOMS)}*({draw.choice(ATOMS)} - {draw.choice(ATOMS)})"
            fact = setup.context.read(f"{left} = {right}")
            for n in (1, 2):
                found = decide_equation(setup, fact, {"n": n})
                seen.append(found.state)
                if found.state == "holds":
                    assert all(m.holds(fact) for m in where if m.scope.number(setup.context.nat("n"), {}) == n)
                elif found.state == "fails":
                    matrices = {(name, ()): rows for name, rows in found.witness.items()}
                    assert not Model(setup, {"n": n}, matrices=matrices).holds(fact)
    assert min(seen.count(state) for state in ("holds", "fails", "not-applicable")) > 10
    assert "too-large" not in seen


def test_a_given_out_of_reach_leaves_the_question_too_large():
    setup = statement({"A": ("n", "n"), "B": ("n", "n")}, "nonsingular(A*B*A*B)")
    found = decide_equation(setup, setup.context.read("inv(A)*A = eye(n)"), {"n": 3}, limits=Limits(work=20_000))
    assert (found.state, "to use the given g0" in found.reason) == ("too-large", True)


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_inverse_agrees_with_exact_arithmetic(size):
    graph = Graph()
    a = graph.add("leaf", ("A", ()), size, size)
    inverse = graph.inverse(a)
    domain = Polynomials(graph, [inverse])
    value = domain.value(inverse)
    m = fmpq_mat(size, size, [(i * i + 3 * i + 1) % 7 - 2 * (i % 3) for i in range(size * size)])
    entries = m.entries()
    det = domain.expanded(value.below)(*entries)
    assert abs(det) == abs(m.det()) != 0
    assert fmpq_mat(size, size, [p(*entries) / det for row in value.rows for p in row]) == m.inv()
    assert domain.value(graph.product(a, inverse)).below == {}


def test_what_has_no_polynomials_is_refused():
    graph = Graph()
    zero = graph.add("sum", (), 2, 2)
    with pytest.raises(NotPolynomial, match="singular"):
        Polynomials(graph, []).value(graph.inverse(zero))
    wide = graph.add("leaf", ("A", ()), 9, 9)
    with pytest.raises(TooLarge):
        Polynomials(graph, [wide]).value(graph.inverse(wide))
