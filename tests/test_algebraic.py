"""Algebraic numbers: equality is proved by a root bound, never by digits alone."""

from __future__ import annotations

from fractions import Fraction
from math import comb, isqrt
from random import Random

import pytest
import sympy
from flint import arb, fmpq, fmpq_mat, fmpz_poly
from hypothesis import given, settings
from hypothesis import strategies as st

from symlora.domains import algebraic
from symlora.domains.algebraic import (
    NotRepresentable,
    Number,
    combined,
    polynomial_root,
    rational,
    real_roots,
    square_root,
)
from symlora.domains.irrational import Irrational, lifted
from symlora.domains.spectrum import eigenvalues, singular_value
from symlora.domains.values import add, decide, determinant, inverse, is_exact, multiple, product, root, scale


def surd(n: int) -> Number:
    return square_root(rational(n))


IDENTITIES = [
    ("nested", lambda: surd(2) + surd(3), lambda: square_root(rational(5) + surd(6).times(2))),
    ("cubic in disguise", lambda: (surd(2) + rational(1)) * (surd(2) - rational(1)), lambda: rational(1)),
    ("quotient", lambda: (surd(3) - surd(2)).inverse(), lambda: surd(3) + surd(2)),
    ("square of a nested root", lambda: square_root(rational(3) + surd(8)), lambda: rational(1) + surd(2)),
    ("Ramanujan's kind", lambda: square_root(rational(16) - surd(29).times(2) + square_root(rational(55)
                                             - surd(29).times(10)).times(2)),
     lambda: square_root(rational(22) + surd(5).times(2)) - square_root(rational(11) + surd(29).times(2)) + surd(5)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "left", "right"), IDENTITIES, ids=[one[0] for one in IDENTITIES])
def test_identities_between_roots_are_proved(name, left, right):
    assert (left() - right()).sign() == 0
    # One part in 10^200 more is a different number, which the first enclosure cannot see.
    off = right() + rational(fmpq(1, 10**200))
    assert (left() - off).ball.contains(0)
    assert (left() - off).sign() == -1


def test_near_misses_are_told_apart():
    for digits in (50, 150, 400, 1500):
        near = rational(fmpq(isqrt(2 * 10 ** (2 * digits)), 10**digits))
        assert (surd(2) - near).sign() == 1


def test_what_takes_too_much_precision_is_left_open(monkeypatch):
    monkeypatch.setattr(algebraic, "MOST_PRECISE", 192)
    found = (surd(2) + surd(3) - square_root(rational(5) + surd(6).times(2))).times(fmpq(10**100))
    assert found.separation() > 192
    assert found.sign() is None
    with pytest.raises(NotRepresentable):
        found.inverse()
    with pytest.raises(NotRepresentable):
        square_root(found)
    m = Irrational(1, 1, [[found]])
    assert decide("=", [m, fmpq_mat(1, 1)]) is None
    assert decide("<=", [m, fmpq_mat(1, 1)]) is None
    assert decide("nonsingular", [m]) is None
    assert decide("psd", [m]) is None


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_the_bound_never_exceeds_a_number_that_is_not_zero(seed):
    """The separation of a random expression is compared with the value itself, computed at high precision."""
    draw = Random(seed)
    numbers = [rational(fmpq(draw.randint(-9, 9), draw.randint(1, 9))), surd(draw.choice((2, 3, 5))),
               polynomial_root((1, -draw.randint(3, 9), 1), draw.randint(0, 1))]  # fmt: skip
    for _ in range(6):
        a, b = draw.choice(numbers), draw.choice(numbers)
        kind = draw.choice(("sum", "minus", "product", "inverse", "sqrt"))
        if kind == "inverse" and a.sign():
            numbers.append(a.inverse())
        elif kind == "sqrt" and (a.sign() or 0) > 0:
            numbers.append(square_root(a))
        else:
            numbers.append(a + b if kind == "sum" else a - b if kind == "minus" else a * b)
    for x in numbers:
        bound = x.separation()
        if bound > 20_000:
            continue
        ball = x.enclosure(bound + 200)
        sign = x.sign()
        assert sign is not None
        if sign:
            with algebraic.precise(bound + 200):
                assert not ball.abs_upper() < arb((1, -bound))
        assert (x - x).sign() == 0


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(-4, 4), min_size=6, max_size=6))
def test_signs_agree_with_an_independent_system(entries):
    a, b, c, d, e, f = entries
    x = combined([(fmpq(a), surd(2)), (fmpq(b), surd(3)), (fmpq(c), surd(6)), (fmpq(d), rational(1))])
    y = combined([(fmpq(e), surd(2)), (fmpq(f), rational(1))])
    exact = (a * sympy.sqrt(2) + b * sympy.sqrt(3) + c * sympy.sqrt(6) + d) * (e * sympy.sqrt(2) + f)
    expanded = sympy.expand(exact)
    assert (x * y).sign() == (0 if expanded == 0 else 1 if expanded.evalf(60) > 0 else -1)


def test_roots_of_polynomials_in_order():
    # (x^2 - 2)(x^2 - 3)(x - 1): reducible and with close roots is no matter.
    polynomial = fmpz_poly([-2, 0, 1]) * fmpz_poly([-3, 0, 1]) * fmpz_poly([-1, 1])
    coefficients = tuple(int(c) for c in polynomial.coeffs())
    found = [polynomial_root(coefficients, k) for k in range(5)]
    expected = [surd(3), surd(2), rational(1), surd(2).times(-1), surd(3).times(-1)]
    assert [(x - y).sign() for x, y in zip(found, expected, strict=True)] == [0] * 5
    assert (found[0] + found[4]).sign() == 0
    assert (found[0] - found[1]).sign() == 1
    with pytest.raises(NotRepresentable):
        real_roots((1, 0, 1), 192)


def test_close_roots_are_told_apart():
    # Mignotte's kind: two roots within about 10^-40.
    big = 10**20
    coefficients = tuple(int(c) for c in (fmpz_poly([-1, big]) * fmpz_poly([-1, big - 1])).coeffs())
    first, second = (polynomial_root(coefficients, k) for k in (0, 1))
    assert (first - second).sign() == 1
    assert (first - rational(fmpq(1, big - 1))).sign() == 0
    assert (second - rational(fmpq(1, big - 1))).sign() == -1


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 4), st.integers(0, 10**6))
def test_symmetric_functions_of_singular_values(size, seed):
    draw = Random(seed)
    m = fmpq_mat(size, size, [draw.randint(-3, 3) for _ in range(size * size)])
    values = [singular_value(m, k) for k in range(1, size + 1)]
    squares = fmpq_mat(1, 1)
    whole = fmpq_mat(1, 1, [1])
    for value in values:
        squares, whole = add(squares, product(value, value)), product(whole, value)
    assert decide("=", [squares, fmpq_mat(1, 1, [sum(x * x for x in m.entries())])])
    if size <= 3:
        assert decide("=", [whole, fmpq_mat(1, 1, [abs(m.det())])])
        assert decide("=", [whole, fmpq_mat(1, 1, [abs(m.det()) + fmpq(1, 10**90)])]) is False
    assert all(decide("<=", pair) for pair in zip(values[1:], values, strict=False))
    gram = m.transpose() * m
    first = product(values[0], values[0])
    assert decide("psd", [add(multiple(first, fmpq_mat(size, size, _unit(size))), scale(gram, Fraction(-1)))])
    if len(set(map(str, eigenvalues(gram)))) > 1:
        last = product(values[-1], values[-1])
        assert (
            decide("psd", [add(multiple(last, fmpq_mat(size, size, _unit(size))), scale(gram, Fraction(-1)))]) is False
        )


def _unit(size: int) -> list[int]:
    return [int(i == j) for i in range(size) for j in range(size)]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 4), st.integers(0, 10**6))
def test_determinants_and_inverses(size, seed):
    draw = Random(seed)
    a, b = (fmpq_mat(size, size, [draw.randint(-2, 2) for _ in range(size * size)]) for _ in "ab")
    m = lifted(a) + lifted(b).map(lambda x: x * surd(2))
    assert is_exact(lifted(a).settled())
    assert lifted(a).determinant().rational() == a.det()
    # det(a + t b) is a polynomial in t, known from its values at rational points.
    points = range(size + 1)
    values = [(a + b * t).det() for t in points]
    power = [rational(1)]
    for _ in points:
        power.append(power[-1] * surd(2))
    total = rational(0)
    for i in points:
        top, bottom = fmpz_poly([1]), 1
        for j in points:
            if j != i:
                top, bottom = top * fmpz_poly([-j, 1]), bottom * (i - j)
        for k, c in enumerate(top.coeffs()):
            total = total + power[k].times(fmpq(int(c), bottom) * values[i])
    assert (m.determinant() - total).sign() == 0
    if m.determinant().sign():
        unit = fmpq_mat(size, size, _unit(size))
        assert decide("=", [product(inverse(m), m), unit])
        assert decide("=", [product(m, inverse(m)), unit])
    else:
        with pytest.raises(NotRepresentable):
            inverse(m)
    if size:
        assert decide("=", [determinant(m), Irrational(1, 1, [[total]])])


def test_semidefinite_at_the_edge():
    t = root(fmpq(2))
    edge = add(multiple(t, fmpq_mat(2, 2, [1, 0, 0, 1])), fmpq_mat(2, 2, [0, 0, 0, 0]))
    ones = multiple(t, fmpq_mat(2, 2, [1, 1, 1, 1]))
    assert decide("psd", [ones])
    assert decide("nonsingular", [ones]) is False
    below = add(ones, scale(edge, Fraction(-1, 10**80)))
    assert decide("psd", [below]) is False
    lopsided = add(ones, fmpq_mat(2, 2, [0, fmpq(1, 10**80), 0, 0]))
    assert decide("psd", [lopsided]) is False
    assert lopsided.symmetric() is False


def test_large_irrational_matrices_are_left_open_where_only_exact_signs_would_decide():
    size = 7
    unit = fmpq_mat(size, size, _unit(size))
    ones = multiple(root(fmpq(2)), fmpq_mat(size, size, [1] * size**2))
    assert decide("psd", [ones]) is None
    assert decide("nonsingular", [ones]) is None
    assert decide("nonsingular", [multiple(root(fmpq(2)), unit)])
    assert decide("psd", [multiple(root(fmpq(2)), unit)])
    assert decide("psd", [scale(multiple(root(fmpq(2)), unit), Fraction(-1))]) is False
    with pytest.raises(NotRepresentable):
        inverse(ones)


def test_values_that_are_rational_become_so():
    assert is_exact(product(root(fmpq(2)), root(fmpq(8))))
    assert is_exact(add(root(fmpq(2)), scale(root(fmpq(8)), Fraction(-1, 2))))
    assert not is_exact(root(fmpq(2)))
    assert str(combined([(fmpq(1), surd(2)), (fmpq(-1), surd(2)), (fmpq(comb(4, 2)), rational(1))])) == "6"
    with pytest.raises(NotRepresentable):
        root(fmpq(-1))
