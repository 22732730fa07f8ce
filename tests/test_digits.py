"""Values to many digits: against exact rational values and known constants."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt
from typing import Any

import mpmath
import pytest

from symlora.domains.digits import MAX_DIGITS, digits
from symlora.domains.rational import Model
from symlora.domains.setup import read_setup
from symlora.domains.values import NotRepresentable

SETUP: list[dict[str, Any]] = [
    {"natural": "n"}, {"natural": "r"},
    {"matrix": "A", "index": [], "shape": ["n", "n"]}, {"matrix": "B", "index": [], "shape": ["n", "r"]},
    {"matrix": "x", "index": [], "shape": ["1", "1"]},
]  # fmt: skip


def model(n: int, r: int, **matrices: Any) -> tuple[Any, Model]:
    setup = read_setup(SETUP)
    return setup, Model(setup, {"n": n, "r": r}, matrices={(k, ()): v for k, v in matrices.items()}, seed=3)


def of(found: tuple[Any, Model], text: str, count: int = 50) -> Any:
    setup, where = found
    return digits(where, setup.context.matrix(text), count)


@pytest.mark.parametrize("count", [1, 5, 50, 300])
def test_root_of_two(count):
    found = of(model(1, 1, x=[[2]]), "sqrt(x)", count)
    whole = isqrt(2 * 10 ** (2 * count + 20))
    assert found.settled
    ((text,),) = found.rows
    assert abs(Fraction(text) - Fraction(whole, 10 ** (count + 10))) <= Fraction(1, 2 * 10 ** (count - 1))
    assert Fraction(found.error) <= Fraction(2, 10**count)


def test_hundred_known_digits():
    text = "1.414213562373095048801688724209698078569671875376948073176679737990732478462107038850387534327641573"
    assert of(model(1, 1, x=[[2]]), "sqrt(x)", 100).rows == ((text,),)


@pytest.mark.parametrize(
    "text",
    [
        "A*B", "A' - 1/3*A*A", "tr(A)*A", "inv(A)", "inv(A*A + eye(n))*B", "x*inv(x)", "B'*inv(A)*B", "zero(n, r)",
        "nat(rank(B))*A",
    ],
)  # fmt: skip
def test_exact_values(text):
    where = model(3, 2, A=[[1, "1/7", 0], [2, 5, -1], [0, 3, "9/11"]], x=[["2/3"]])
    found = of(where, text, 40)
    expected = where[1].evaluate(where[0].context.matrix(text))
    assert found.settled
    scale = max([abs(x) for row in expected for x in row], default=Fraction(0))
    for row, exact in zip(found.rows, expected, strict=True):
        for shown, value in zip(row, exact, strict=True):
            assert abs(Fraction(shown) - value) <= scale / 10**38


def test_norms_and_singular_values():
    where = model(2, 1, A=[[3, 0], [4, 5]], x=[[5]])
    assert of(where, "norm2(A)*norm2(A)", 30).rows == (("45.0",),)
    assert of(where, "norm2(A) - 3*sqrt(x)", 30).rows == (("0.0",),)
    assert of(where, "sigma(A, 2)*sigma(A, 2)", 30).rows == (("5.0",),)
    assert of(where, "sigma(A, 3)", 30).rows == (("0.0",),)
    assert of(where, "norm2(B)", 30).settled


def test_a_singular_value_that_is_zero_is_not_settled_but_bounded():
    found = of(model(2, 1, A=[[1, 2], [2, 4]]), "sigma(A, 2)", 20)
    assert found.rows == (("0.0",),)
    assert Fraction(found.error) < Fraction(1, 10**25)


def test_cancellation_raises_the_precision():
    where = model(1, 1, x=[[10**60]])
    found = of(where, "sqrt(x + 1) - sqrt(x)", 30)
    assert found.settled
    assert found.precision > 80
    assert found.rows[0][0].startswith("5.0e-31") or found.rows[0][0].startswith("4.99999999999999999999999999999e-31")


def test_digits_where_balls_give_up():
    where = model(2, 1, A=[[2, 0], [0, 1]], x=[[2]])
    with pytest.raises(NotRepresentable):
        where[1].evaluate(where[0].context.matrix("inv(norm2(sqrt(x)*A))"))
    assert of(where, "inv(norm2(sqrt(x)*A))*sqrt(x)", 30).rows == (("0.5",),)


def test_an_irrational_singular_matrix_never_settles():
    where = model(2, 1, A=[[1, 1], [1, 1]], x=[[2]])
    try:
        found = of(where, "inv(sqrt(x)*A + norm2(A)*eye(n) - 2*eye(n))", 20)
    except NotRepresentable:
        return
    assert not found.settled


def test_zero_sizes():
    where = model(0, 2)
    assert of(where, "A").rows == ()
    assert of(where, "inv(A)").rows == ()
    assert of(where, "B'*B").rows == (("0.0", "0.0"), ("0.0", "0.0"))
    assert of(where, "norm2(A)").rows == (("0.0",),)


@pytest.mark.parametrize("text", ["inv(A)", "sqrt(0 - x)", "sigma(A, 0)", "sqrt(sqrt(2*x) - 2*x)"])
def test_what_has_no_value(text):
    with pytest.raises(NotRepresentable):
        of(model(2, 1, A=[[1, 1], [1, 1]], x=[[1]]), text)


@pytest.mark.parametrize("count", [0, -1, MAX_DIGITS + 1])
def test_number_of_digits(count):
    with pytest.raises(ValueError, match="digits"):
        of(model(1, 1), "x", count)


def test_the_shared_precision_is_left_alone():
    before = mpmath.mp.dps
    of(model(2, 2), "norm2(A)", 60)
    assert mpmath.mp.dps == before
