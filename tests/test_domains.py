"""Exact models: definitions are computed, everything else is junk that stays a function of its arguments."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

import pytest
from flint import fmpq_mat
from hypothesis import given, settings
from hypothesis import strategies as st

from symlora.domains.ground import Unassigned
from symlora.domains.rational import Model, exact
from symlora.domains.setup import read_setup
from symlora.domains.spectrum import (
    columns,
    complement,
    draw_decomposed,
    eigenvalues,
    identity,
    null_space,
    rank_factors,
    right_singular,
    unit_vector,
)
from symlora.domains.values import NotRepresentable, fractions

PRODUCTS: list[dict[str, Any]] = [
    {"natural": "D"},
    {"natural": "L"},
    {"matrix": "W", "index": ["l"], "shape": ["D", "D"]},
    {
        "define": [{"name": "P", "shape": ["D", "D"], "start": "eye(D)", "step": "W[l]*P[l-1]"}],
        "index": ["l"],
        "up": "0",
    },
    {
        "define": [{"name": "S", "shape": ["D", "D"], "start": "eye(D)", "step": "S[l]*W[l]"}],
        "index": ["l"],
        "down": "L",
    },
    {"define": [{"name": "G", "shape": ["D", "D"], "is": "S[l]*P[l]"}], "index": ["l"]},
]


def square(*names: str, items: list[dict[str, Any]] | None = None) -> list[dict[str, Any]]:
    letters = [{"matrix": name, "index": [], "shape": ["n", "n"]} for name in names]
    return [{"natural": "n"}, *letters, *(items or [])]


def fact(setup: Any, text: str) -> Any:
    return setup.context.read(text)


def test_values_agree_with_hand_computation():
    setup = read_setup(square("A", "B"))
    model = Model(setup, {"n": 2}, matrices={("A", ()): [[1, 2], [3, 4]], ("B", ()): [["1/2", 0], [0, -1]]})
    term = setup.context.matrix("A*B' - 2*inv(A) + 1/3*eye(n)")
    rows = [[Fraction(1, 2) + 4 + Fraction(1, 3), Fraction(-4)], [Fraction(-3, 2), Fraction(-4) + 1 + Fraction(1, 3)]]
    assert model.evaluate(term) == tuple(map(tuple, rows))


@pytest.mark.parametrize("depth", [0, 1, 2, 3])
@pytest.mark.parametrize("size", [0, 1, 2])
def test_recursions_upwards_downwards_and_explicit(depth, size):
    setup = read_setup(PRODUCTS)
    model = Model(setup, {"D": size, "L": depth}, seed=5)
    for found in setup.context.facts.values():
        assert model.holds(found)
    assert model.holds(fact(setup, "for l if l <= L: G[l] = S[0]"))
    assert model.holds(fact(setup, "P[L] = S[0]"))


def test_members_outside_the_definition_are_junk():
    setup = read_setup(PRODUCTS)
    model = Model(setup, {"D": 2, "L": 1}, seed=5)
    assert not model.holds(fact(setup, "S[2] = eye(D)"))
    assert not model.holds(fact(setup, "S[L+1]*W[L+1] = S[L]"))
    assert not model.holds(fact(setup, "P[0-1] = P[0]"))
    assert not model.holds(fact(setup, "G[0-1] = S[0-1]*P[0-1]"))


def test_several_families_in_one_recursion():
    block = [{"name": "A", "shape": ["n", "n"], "start": "eye(n)", "step": "M*A[l-1] + B[l-1]"},
             {"name": "B", "shape": ["n", "n"], "start": "M", "step": "A[l]*M"}]  # fmt: skip
    setup = read_setup(square("M", items=[{"define": block, "index": ["l"], "up": "0"}]))
    model = Model(setup, {"n": 2}, seed=1)
    assert model.holds(fact(setup, "A[1] = 2*M"))
    assert model.holds(fact(setup, "B[1] = 2*M*M"))
    assert model.holds(fact(setup, "A[2] = 4*M*M"))


def test_inclusions():
    such = {"such": "axiom/split", "as": "jk", "naturals": {"n": "p + s", "p": "p", "s": "s"}, "natural": {},
            "matrices": {"J": "J", "K": "K"}}  # fmt: skip
    both = [{"matrix": name, "index": [], "shape": ["p + s", size]} for name, size in (("J", "p"), ("K", "s"))]
    setup = read_setup([{"natural": "p"}, {"natural": "s"}, *both, such])
    for p in range(3):
        for s in range(3):
            model = Model(setup, {"p": p, "s": s})
            assert all(model.holds(found) for found in setup.context.facts.values())
    assert Model(setup, {"p": 1, "s": 1}).evaluate(setup.context.matrix("K")) == ((0,), (1,))


def test_inverse_is_total_and_a_function_of_its_value():
    setup = read_setup(square("A", "B"))
    model = Model(setup, {"n": 2}, matrices={("A", ()): [[1, 1], [1, 1]], ("B", ()): [[1, 1], [1, 1]]})
    same = model.holds(fact(setup, "inv(A) = inv(B)"))
    assert same.true
    assert same.undefined
    assert model.holds(fact(setup, "inv(A) = inv(2*A - B)")).true
    assert not model.holds(fact(setup, "A*inv(A) = eye(n)")).true
    assert not model.holds(fact(setup, "A = B")).undefined
    assert not model.holds(fact(setup, "nonsingular(A)"))
    regular = Model(setup, {"n": 2}, matrices={("A", ()): [[1, 1], [0, 1]]})
    assert regular.holds(fact(setup, "A*inv(A) = eye(n)")).true
    assert not regular.holds(fact(setup, "A*inv(A) = eye(n)")).undefined


def test_empty_matrices():
    setup = read_setup([{"natural": "m"}, {"natural": "n"}, {"matrix": "A", "index": [], "shape": ["m", "n"]},
                        {"matrix": "Z", "index": [], "shape": ["m-2", "n"]}])  # fmt: skip
    model = Model(setup, {"m": 0, "n": 2})
    assert model.evaluate(setup.context.matrix("A'*A")) == ((0, 0), (0, 0))
    assert model.evaluate(setup.context.matrix("A")) == ()
    assert model.evaluate(setup.context.matrix("A'")) == ((), ())
    assert model.evaluate(setup.context.matrix("Z'*Z")) == ((0, 0), (0, 0))
    assert model.holds(fact(setup, "nonsingular(A*A')"))
    assert model.holds(fact(setup, "A*A' = zero(m, m)"))


def test_ranges():
    setup = read_setup([{"natural": "n"}, {"naturals": "d", "index": ["i"]}])
    model = Model(setup, {"n": 3}, {"d": {(0,): 2, (1,): 5}})
    bounded = model.holds(fact(setup, "for i, j if i <= j, j <= n: i <= n"))
    assert (bounded.true, bounded.instances, bounded.cut) == (True, 10, ())
    assert model.holds(fact(setup, "for i if 2*i <= n: i <= 1")).instances == 2
    assert model.holds(fact(setup, "for i if i == n: i == 3")).instances == 1
    unbounded = model.holds(fact(setup, "for i: i <= n + 2"))
    assert (unbounded.true, unbounded.cut) == (True, ("i",))
    failing = model.holds(fact(setup, "for i if i <= 1: d[i] <= 4"))
    assert (failing.true, failing.at, failing.left, failing.right) == (False, (1,), 5, 4)
    empty = model.holds(fact(setup, "for i if n + i <= 1: 1 <= 0"))
    assert (empty.true, empty.instances) == (True, 0)


def test_scalars_multiply_matrices_of_any_shape():
    setup = read_setup([*square("A"), {"matrix": "c", "index": [], "shape": ["1", "1"]},
                        {"matrix": "x", "index": [], "shape": ["n", "1"]}])  # fmt: skip
    model = Model(setup, {"n": 2}, matrices={("c", ()): [[3]], ("x", ()): [[1], [2]], ("A", ()): [[1, 0], [1, 1]]})
    assert model.evaluate(setup.context.matrix("x'*A*x*A*c")) == ((21, 0), (21, 21))


def test_inner_scopes_share_values_and_see_local_naturals():
    setup = read_setup(PRODUCTS)
    model = Model(setup, {"D": 2, "L": 2})
    inner = model.inner({"l": 1})
    setup.context.declare_natural("l")
    assert inner.holds(fact(setup, "P[l+1] = W[2]*P[1]"))
    with pytest.raises(Unassigned, match="l has no value"):
        model.holds(fact(setup, "P[l] = P[l]*P[l]"))


def test_wrong_shapes_are_refused():
    setup = read_setup(square("A"))
    model = Model(setup, {"n": 2}, matrices={("A", ()): [[1, 2, 3]]})
    with pytest.raises(ValueError, match="a row of 3 entries where 2 are due"):
        model.evaluate(setup.context.matrix("A"))
    short = Model(setup, {"n": 2}, matrices={("A", ()): [[1, 2]]})
    with pytest.raises(ValueError, match="is 2 x 2, not 1 x 2"):
        short.evaluate(setup.context.matrix("A"))
    for text in ("1e9", "1/0", "0x1", "1/-2", ""):
        with pytest.raises(ValueError, match="is not a rational number"):
            exact([[text]], 1)


def test_models_are_deterministic():
    setup = read_setup(square("A"))
    term = setup.context.matrix("A*A'")
    assert Model(setup, {"n": 3}, seed=7).evaluate(term) == Model(setup, {"n": 3}, seed=7).evaluate(term)
    assert Model(setup, {"n": 3}, seed=7).evaluate(term) != Model(setup, {"n": 3}, seed=8).evaluate(term)


FUNCTIONS: list[tuple[str, str, Any]] = [
    ("rank(A)", "[[1, 2], [2, 4]]", 1), ("rank(A)", "[[0, 0], [0, 0]]", 0), ("rank(A*A)", "[[0, 1], [0, 0]]", 0),
    ("norm2(A)", "[[3, 0], [0, -4]]", 4), ("sigma(A, 2)", "[[3, 0], [0, -4]]", 3),
    ("sigma(A, 3)", "[[3, 0], [0, 4]]", 0),
    ("norm2(A)", "[[1, 2], [2, 4]]", 5), ("tr(A)", "[[1, 5], [0, 2]]", 3), ("nat(n)*tr(A)", "[[1, 0], [0, 2]]", 6),
    ("nat(rank(A))", "[[1, 2], [2, 4]]", 1), ("sqrt(tr(A))", "[[4, 0], [0, 1/4]]", None),
    ("sqrt(norm2(A))", "[[9/4, 0], [0, 1]]", Fraction(3, 2)), ("norm2(zero(0, n))", "[[1, 0], [0, 1]]", 0),
]  # fmt: skip


@pytest.mark.parametrize(("term", "rows", "value"), FUNCTIONS)
def test_functions_are_exact_where_they_are_rational(term, rows, value):
    setup = read_setup(square("A"))
    given_rows = [[entry.strip() for entry in row.split(",")] for row in rows.strip("[]").split("], [")]
    model = Model(setup, {"n": 2}, matrices={("A", ()): given_rows})
    if term.startswith("rank"):
        assert model.scope.number(setup.context.nat(term), {}) == value
        return
    found = model.evaluate(setup.context.matrix(term))[0][0]
    assert found == value if value is not None else str(found).startswith("2.06155281280883027")


def test_irrational_values_are_compared_exactly():
    setup = read_setup(square("A"))
    model = Model(setup, {"n": 2}, matrices={("A", ()): [[1, 1], [0, 1]]})

    def found(text: str) -> tuple[bool, int]:
        result = model.holds(fact(setup, text))
        return result.true, result.open

    assert found("norm2(A) <= 2") == (True, 0)
    assert found("norm2(A) <= 3/2") == (False, 0)
    assert found("norm2(A) = 8/5") == (False, 0)
    assert found("norm2(A) = norm2(A')") == (True, 0)
    assert found("norm2(A)*norm2(A) = norm2(A) + 1") == (True, 0)
    assert found("norm2(A)*norm2(A) = norm2(A) + 1 + 1/1000000000000000000000000000000") == (False, 0)
    assert found("psd(2*eye(n) - norm2(A)*eye(n))") == (True, 0)
    assert found("psd(norm2(A)*norm2(A)*eye(n) - A'*A)") == (True, 0)
    assert found("psd(norm2(A)*eye(n) - A'*A)") == (False, 0)
    assert found("psd(eye(n) - norm2(A)*eye(n))") == (False, 0)
    assert found("nonsingular(norm2(A)*eye(n))") == (True, 0)
    assert found("nonsingular(norm2(A)*norm2(A)*eye(n) - A'*A)") == (False, 0)
    assert found("norm2(A)*inv(norm2(A)*eye(n)) = eye(n)") == (True, 0)
    assert found("inv(A + norm2(A)*eye(n))*(A + norm2(A)*eye(n)) = eye(n)") == (True, 0)
    with pytest.raises(NotRepresentable):
        model.holds(fact(setup, "rank(norm2(A)*A) == 2"))
    with pytest.raises(NotRepresentable):
        model.holds(fact(setup, "inv(norm2(A)*norm2(A)*eye(n) - A'*A) = eye(n)"))


def test_functions_outside_their_domain_are_junk_that_is_reported():
    setup = read_setup([*square("A"), {"matrix": "c", "index": [], "shape": ["1", "1"]}])
    model = Model(setup, {"n": 2}, matrices={("c", ()): [[-1]]})
    for text in ("sqrt(c) = sqrt(c + 0)", "sigma(A, 0) = sigma(A, 0)", "sigma(A, n - 3) <= sigma(A, n - 3)"):
        assert model.holds(fact(setup, text))
    result = model.holds(fact(setup, "sqrt(c)*sqrt(c) = c"))
    assert result.undefined
    assert not result.true


@pytest.mark.parametrize(("rows", "yes", "why"), [
    ([[1, 2], [2, 4]], True, ""), ([[0, 0], [0, 0]], True, ""), ([[2, 1], [1, 1]], True, ""),
    ([[1, 2], [2, 1]], False, "x'*M*x = -3 for x = (-2, 1)"),
    ([[0, 1], [1, 0]], False, "x'*M*x = -1 for x = (-1/2, 1)"),
    ([[1, 0], [0, -1]], False, "x'*M*x = -1 for x = (0, 1)"), ([[1, 1], [0, 1]], False, "it is not symmetric"),
])  # fmt: skip
def test_semidefiniteness_is_decided_with_a_reason(rows, yes, why):
    setup = read_setup(square("A"))
    result = Model(setup, {"n": 2}, matrices={("A", ()): rows}).holds(fact(setup, "psd(A)"))
    assert result.true is yes
    assert yes or result.right == why


@given(st.integers(0, 4), st.integers(0, 4), st.integers(0, 10_000))
def test_decompositions_are_what_they_claim(rows, cols, seed):
    draw = Random(seed)
    m = draw_decomposed(draw, rows, cols)
    v = right_singular(m, draw if seed % 2 else None)
    assert v.transpose() * v == identity(cols)
    gram = v.transpose() * m.transpose() * m * v
    squares = eigenvalues(m.transpose() * m)
    assert all(gram[i, j] == (squares[i] if i == j else 0) for i in range(cols) for j in range(cols))
    assert squares == sorted(squares, reverse=True)
    factors = rank_factors(m)
    assert factors["U"] * factors["V"] == m
    assert factors["X"] * m * factors["Y"] == identity(m.rank())
    some = columns(v, 0, cols // 2)
    rest = complement(some)
    assert some * some.transpose() + rest * rest.transpose() == identity(cols)
    assert m * null_space(m) == fmpq_mat(rows, cols - m.rank())


def test_a_vector_of_irrational_length_is_refused():
    with pytest.raises(NotRepresentable):
        unit_vector(fmpq_mat(2, 1, [1, 1]))
    with pytest.raises(NotRepresentable):
        complement(fmpq_mat(2, 1, [1, 1]))
    with pytest.raises(NotRepresentable):
        right_singular(fmpq_mat(2, 2, [1, 1, 0, 1]))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 3), st.integers(0, 1000))
def test_laws_of_matrices_hold_in_every_model(n, seed):
    setup = read_setup(square("A", "B", "C"))
    model = Model(setup, {"n": n}, seed=seed)
    for law in ("(A*B)*C = A*(B*C)", "(A*B)' = B'*A'", "A*(B + C) - A*C = A*B", "A*eye(n) = A", "A + zero(n, n) = A"):
        assert model.holds(fact(setup, law))


@given(st.lists(st.lists(st.fractions(max_denominator=50), min_size=3, max_size=3), max_size=3))
def test_rows_survive_the_round_trip(rows):
    assert fractions(exact(rows, 3)) == tuple(map(tuple, rows))
