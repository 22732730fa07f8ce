"""The search for proofs about naturals and its exact simplex; every answer is checked by code of its own."""

from __future__ import annotations

import itertools
import random
import re
import time
from collections.abc import Callable, Iterable
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symlora.rules.arithmetic import (
    Hypothesis,
    Limits,
    NatProof,
    NotProved,
    Poly,
    contradiction,
    prove_nonnegative,
)
from symlora.rules.simplex import Infeasible, Solution, Stopped, solve

FACTOR = r"(?:[A-Za-z]\w*(?:\[[^\]]*\])?|\d+)"


def poly(text: str) -> Poly:
    """Read ``2*R*L - d[l-1] + 1``."""
    total: Poly = {}
    for sign, term in re.findall(rf"([+-]?)\s*({FACTOR}(?:\*{FACTOR})*)", text):
        number, atoms = (-1 if sign == "-" else 1), []
        for factor in re.findall(FACTOR, term):
            if factor.isdigit():
                number *= int(factor)
            else:
                atoms.append(factor)
        key = tuple(sorted(atoms))
        total[key] = total.get(key, 0) + number
    return {m: c for m, c in total.items() if c}


def fact(name: str, text: str) -> Hypothesis:
    """Read ``a <= b`` or ``a == b``."""
    equation = "==" in text
    left, right = text.split("==" if equation else "<=")
    return Hypothesis(name, difference(right, left), equation)


def difference(high: str, low: str) -> Poly:
    total = dict(poly(high))
    for m, c in poly(low).items():
        total[m] = total.get(m, 0) - c
    return {m: c for m, c in total.items() if c}


def facts(*texts: str) -> list[Hypothesis]:
    return [fact(f"h{i}", text) for i, text in enumerate(texts)]


def natural(atom: str) -> bool:
    """Plain letters are naturals; members of a family such as ``d[l]`` are integers of unknown sign."""
    return "[" not in atom


def certified(
    goal: Poly, hypotheses: Iterable[Hypothesis], proof: NatProof, is_natural: Callable[[str], bool] = natural
) -> bool:
    """The checker's rule, by plain expansion over counted atoms."""
    by_name = {h.name: h for h in hypotheses}
    total: dict[tuple[tuple[str, int], ...], int] = {}

    def put(number: int, *monomials: tuple[str, ...]) -> None:
        counts: dict[str, int] = {}
        for atom in itertools.chain(*monomials):
            counts[atom] = counts.get(atom, 0) + 1
        key = tuple(sorted(counts.items()))
        total[key] = total.get(key, 0) + number

    def clearly_nonnegative(p: Poly) -> bool:
        return all(c >= 0 and all(is_natural(a) for a in m) for m, c in p.items())

    for m, c in goal.items():
        put(proof.scale * c, m)
    for m, c in proof.rest.items():
        put(-c, m)
    for multiplier, name in proof.multipliers:
        h = by_name[name]
        if not h.equation and not clearly_nonnegative(multiplier):
            return False
        for (m, c), (n, d) in itertools.product(multiplier.items(), h.polynomial.items()):
            put(-c * d, m, n)
    return proof.scale > 0 and clearly_nonnegative(proof.rest) and not any(total.values())


def attempt(goal: str, *hypotheses: str) -> NatProof | NotProved:
    """Prove ``a <= b``; a proof found is certified here."""
    low, high = goal.split("<=")
    given_facts = facts(*hypotheses)
    answer = prove_nonnegative(difference(high, low), given_facts, natural)
    if isinstance(answer, NatProof):
        assert certified(difference(high, low), given_facts, answer)
    return answer


TRUE = [
    ("0 <= 2*n + R*L + 1", ()),
    ("0 <= 0", ()),
    ("1 <= l + 1", ()),
    ("0 <= l - 1", ("1 <= l",)),
    ("R*l <= R*L", ("l <= L",)),
    ("R*l <= R*L", ("l <= L", "1 <= l")),
    ("R*R*l <= R*R*L", ("l <= L",)),
    ("a <= c", ("a <= b", "b <= c")),
    ("a <= f", ("a <= b", "b <= c", "c <= e", "e <= f")),
    ("a + 3 <= e", ("a + 1 <= b", "b + 1 <= c", "c + 1 <= e")),
    ("R*a <= S*c", ("a <= c", "R <= S")),
    ("a*a <= b*b", ("a <= b",)),
    ("a*a*a <= b*b*b", ("a <= b",)),
    ("1 <= L", ("1 <= l", "l <= L")),
    ("R <= R*L", ("1 <= L",)),
    ("1 <= R*L", ("1 <= L", "1 <= R")),
    ("1 <= a*a*a*b*b*c", ("1 <= a", "1 <= b", "1 <= c", "1 <= e", "1 <= f", "e <= a", "f <= b")),
    ("1 <= a*b*c", ("1 <= a", "1 <= b", "1 <= c")),
    ("D <= L*R", ("D <= n*R", "n <= L")),
    ("0 <= d[l]", ("d[l] == e + r",)),
    ("0 <= d[l]", ("d[l] == d[l-1] + r[l]", "0 <= d[l-1]", "0 <= r[l]")),
    ("d[l-1] <= d[l]", ("d[l] == d[l-1] + r[l]", "0 <= r[l]")),
    ("R*d[l-1] <= R*d[l]", ("d[l] == d[l-1] + r[l]", "0 <= r[l]")),
    ("d[l] <= R*l", ("d[l] == d[l-1] + r[l]", "r[l] <= R", "d[l-1] <= R*l - R")),
    ("n*d[l] <= n*R*l", ("d[l] == d[l-1] + r[l]", "r[l] <= R", "d[l-1] <= R*l - R")),
    ("x[1]*y[1] <= x[1]*y[2]", ("y[1] == y[2]",)),
    ("x[1]*y[1] <= x[2]*y[1]", ("x[1] == x[2]",)),
    ("b <= a", ("2*b <= 2*a",)),
    ("a <= c", ("2*a <= 3*b", "3*b <= 2*c")),
    ("2*m <= n", ("m + k <= n", "m <= k")),
    ("k <= n", ("n == k + s",)),
    ("R*k + R <= R*n", ("k + 1 <= n",)),
    ("5 <= x", ("2*x + y == 13", "y <= 3")),
    ("x <= y", ("1 <= 0",)),
    ("a*a <= b", ("b + 1 <= b",)),
    ("x <= 0", ("1 <= l", "L == l", "L <= 0")),
    ("R <= D", ("R*L <= D", "1 <= L")),
    ("q*b <= a", ("a == q*b + r",)),
    ("a + 1 <= q*b + b", ("a == q*b + r", "r + 1 <= b")),
]

NOT_PROVED = [
    ("L <= M", ("R*L == R*M",)),
    ("M <= L", ("R*L == R*M",)),
    ("L <= M", ("R*L <= R*M",)),
    ("L <= l", ("l <= L",)),
    ("1 <= l", ()),
    ("1 <= l", ("l <= L", "1 <= L")),
    ("0 <= d[l]", ()),
    ("0 <= 2*d[l]", ("0 <= r[l]",)),
    ("0 <= d[l]*d[l]", ()),
    ("0 <= d[l]*r[l]", ("0 <= d[l]", "0 <= r[l]")),  # true, but a hypothesis is not a multiplier
    ("d[l-1] <= d[l]", ("d[l] == d[l-1] + r[l]",)),
    ("R <= R*L", ()),
    ("R <= R*L", ("1 <= R",)),
    ("1 <= x", ("1 <= 2*x",)),  # true over the integers, but only after rounding
    ("x + y <= x*y + 1", ("1 <= x", "1 <= y")),  # true: a product of two hypotheses
    ("R*l <= R*L", ("L <= l",)),
    ("x[1]*a <= x[1]*b", ("a <= b",)),  # the multiplier has no known sign
    ("k + 1 <= n", ("n == k + s",)),
    ("2*a*b <= a*a + b*b", ()),  # true: a square, not a product of naturals
    ("a <= c", ("a <= b", "c <= b")),
    ("0 <= 0 - 1", ()),
    ("0 <= 0 - 1", ("a <= b", "b <= c", "c <= a")),
]


@pytest.mark.parametrize(("goal", "hypotheses"), TRUE)
def test_proved(goal: str, hypotheses: tuple[str, ...]) -> None:
    assert isinstance(attempt(goal, *hypotheses), NatProof)


@pytest.mark.parametrize(("goal", "hypotheses"), NOT_PROVED)
def test_not_proved(goal: str, hypotheses: tuple[str, ...]) -> None:
    answer = attempt(goal, *hypotheses)
    assert isinstance(answer, NotProved)
    assert answer.exhausted
    assert answer.tried


@pytest.mark.parametrize(("goal", "hypotheses"), [*TRUE, *NOT_PROVED])
def test_irrelevant_facts_change_nothing(goal: str, hypotheses: tuple[str, ...]) -> None:
    noise = ("1 <= u", "u <= v", "1 <= w", "u*w <= z", "z == 2*v + w", "1 <= p", "p <= q", "f[1] <= p")
    assert type(attempt(goal, *noise, *hypotheses)) is type(attempt(goal, *hypotheses))


def test_contradictions() -> None:
    inconsistent: list[tuple[str, ...]] = [
        ("1 <= 0",),
        ("1 <= l", "l <= 0"),
        ("a + 1 <= b", "b + 1 <= a"),
        ("1 <= a", "1 <= b", "a*b <= 0"),
        ("l == L + 1", "l <= L"),
        ("x[1] == 1", "x[1] == 2"),
        ("2*x[1] + 2*y[1] == 3", "x[1] + y[1] == 1"),
    ]
    for texts in inconsistent:
        answer = contradiction(facts(*texts), natural)
        assert isinstance(answer, NatProof), texts
        assert certified({(): -1}, facts(*texts), answer)
    # The third has a rational solution, and no integer one.
    consistent: list[tuple[str, ...]] = [(), ("1 <= l", "l <= L"), ("2*x == 1",), ("R*L == R*M", "1 <= L", "M <= 0")]
    for texts in consistent:
        assert isinstance(contradiction(facts(*texts), natural), NotProved), texts


def test_exact_answers() -> None:
    assert attempt("R*l <= R*L", "l <= L") == NatProof(1, (({("R",): 1}, "h0"),), {})
    assert attempt("0 <= R*L + 1") == NatProof(1, (), {("L", "R"): 1, (): 1})
    assert attempt("b <= a", "2*b <= 2*a") == NatProof(2, (({(): 1}, "h0"),), {})


def test_not_proved_says_what_was_tried() -> None:
    answer = attempt("L <= M", "R*L == R*M")
    assert isinstance(answer, NotProved)
    assert answer.tried == ("numbers as multipliers, 1 hypotheses: 0 products; nothing offsets the term -1*L",)


def test_zero_coefficients_are_harmless() -> None:
    hypotheses = [Hypothesis("h", {("l",): 1, (): -1, ("x[1]",): 0}, False), Hypothesis("none", {("y",): 0}, False)]
    goal = {("L", "l"): 1, ("L",): -1, ("x[1]",): 0}
    answer = prove_nonnegative(goal, hypotheses, natural)
    assert isinstance(answer, NatProof)
    assert certified(goal, hypotheses, answer)
    assert isinstance(prove_nonnegative({("q",): 0}, hypotheses, natural), NatProof)


def test_inputs_are_not_changed() -> None:
    goal, hypotheses = difference("c", "a"), facts("a <= b", "b <= c")
    copies = dict(goal), [dict(h.polynomial) for h in hypotheses]
    answer = prove_nonnegative(goal, hypotheses, natural)
    assert isinstance(answer, NatProof)
    assert (goal, [h.polynomial for h in hypotheses]) == copies


def test_same_name_twice_is_an_error() -> None:
    with pytest.raises(ValueError, match="same name"):
        prove_nonnegative({(): 1}, [fact("h", "a <= b"), fact("h", "b <= c")], natural)


def test_limits() -> None:
    chain = facts(*(f"x{i} <= x{i + 1}" for i in range(40)))
    goal = difference("x40", "x0")
    assert isinstance(prove_nonnegative(goal, chain, natural), NatProof)
    for limits in (Limits(max_products=10), Limits(max_pivots=5)):
        answer = prove_nonnegative(goal, chain, natural, limits)
        assert isinstance(answer, NotProved)
        assert not answer.exhausted
    assert "cut short" in str(prove_nonnegative(goal, chain, natural, Limits(max_products=10)))
    assert "stopped after 5 pivots" in str(prove_nonnegative(goal, chain, natural, Limits(max_pivots=5)))

    higher = facts("1 <= a*c", "b*c <= 0")  # needs products of degree 3
    goal = difference("0", "b")
    assert isinstance(prove_nonnegative(goal, higher, natural), NatProof)
    assert isinstance(prove_nonnegative(goal, higher, natural, Limits(extra_degree=0)), NotProved)


def test_order_inside_polynomials_does_not_matter() -> None:
    generator = random.Random(5)
    for goal_text, texts in TRUE:
        low, high = goal_text.split("<=")
        goal, hypotheses = difference(high, low), facts(*texts)
        expected = prove_nonnegative(goal, hypotheses, natural)
        for _ in range(3):
            mixed = [Hypothesis(h.name, shuffled(h.polynomial, generator), h.equation) for h in hypotheses]
            again = prove_nonnegative(shuffled(goal, generator), mixed, natural)
            assert repr(again) == repr(expected)


def shuffled(p: Poly, generator: random.Random) -> Poly:
    items = list(p.items())
    generator.shuffle(items)
    return dict(items)


ATOMS = ["a", "b", "c", "x[1]", "x[2]"]
monomials = st.lists(st.sampled_from(ATOMS), max_size=2).map(lambda atoms: tuple(sorted(atoms)))
polynomials = st.dictionaries(monomials, st.integers(-3, 3), max_size=4)


def value(p: Poly, point: dict[str, int]) -> int:
    total = 0
    for m, c in p.items():
        for atom in m:
            c *= point[atom]
        total += c
    return total


POINTS = [
    dict(zip(ATOMS, numbers, strict=True))
    for numbers in itertools.product(range(3), range(3), range(3), range(-1, 2), range(-1, 2))
]


@settings(max_examples=150, deadline=None)
@given(polynomials, st.lists(st.tuples(polynomials, st.booleans()), max_size=4))
def test_proofs_hold_at_points(goal: Poly, pairs: list[tuple[Poly, bool]]) -> None:
    hypotheses = [Hypothesis(f"h{i}", p, equation) for i, (p, equation) in enumerate(pairs)]
    answer = prove_nonnegative(goal, hypotheses, natural, Limits(max_products=60, max_pivots=60))
    assert answer == prove_nonnegative(goal, hypotheses, natural, Limits(max_products=60, max_pivots=60))
    if isinstance(answer, NotProved):
        return
    assert certified(goal, hypotheses, answer)
    for point in POINTS:
        values = [(value(h.polynomial, point), h.equation) for h in hypotheses]
        if all(v == 0 if equation else v >= 0 for v, equation in values):
            assert value(goal, point) >= 0


naturals_only = st.dictionaries(
    st.lists(st.sampled_from(["a", "b", "c"]), max_size=1).map(tuple), st.integers(0, 3), max_size=3
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(polynomials, naturals_only), min_size=1, max_size=3), naturals_only)
def test_combinations_are_found(pairs: list[tuple[Poly, Poly]], rest: Poly) -> None:
    """A goal built as a combination with non-negative multipliers is always proved."""
    goal: Poly = dict(rest)
    for p, multiplier in pairs:
        for (m, c), (n, d) in itertools.product(p.items(), multiplier.items()):
            key = tuple(sorted(m + n))
            goal[key] = goal.get(key, 0) + c * d
    hypotheses = [Hypothesis(f"h{i}", p, False) for i, (p, _) in enumerate(pairs)]
    answer = prove_nonnegative(goal, hypotheses, natural, Limits(extra_degree=2, max_products=2000, max_pivots=2000))
    assert isinstance(answer, NatProof)
    assert certified(goal, hypotheses, answer)


systems = st.integers(1, 4).flatmap(
    lambda width: st.tuples(
        st.lists(
            st.tuples(
                st.dictionaries(st.integers(0, width - 1), st.integers(-4, 4)), st.integers(-5, 5), st.booleans()
            ),
            max_size=5,
        ),
        st.lists(st.booleans(), min_size=width, max_size=width),
    )
)


@settings(max_examples=300, deadline=None)
@given(systems)
def test_simplex_answers_are_proved(system: tuple[list[tuple[dict[int, int], int, bool]], list[bool]]) -> None:
    lines, free = system
    rows, right, equation = [r for r, _, _ in lines], [b for _, b, _ in lines], [e for _, _, e in lines]
    answer = solve(rows, right, equation, free, 1000)
    if isinstance(answer, Solution):
        x = [Fraction(answer.values.get(j, 0), answer.denominator) for j in range(len(free))]
        assert all(free[j] or x[j] >= 0 for j in range(len(free)))
        for row, b, exact in lines:
            total = sum(c * x[j] for j, c in row.items())
            assert total == b if exact else total <= b
    else:
        assert isinstance(answer, Infeasible)
        y = answer.multipliers
        assert all(equation[i] or c >= 0 for i, c in y.items())
        assert sum(c * right[i] for i, c in y.items()) < 0
        for j, is_free in enumerate(free):
            combined = sum(c * rows[i].get(j, 0) for i, c in y.items())
            assert combined == 0 if is_free else combined >= 0


def test_simplex_stops() -> None:
    rows = [{0: -1}, {1: -1}]
    assert solve(rows, [-1, -1], [False, False], [False, False], 1) == Stopped(1)
    assert solve(rows, [-1, -1], [False, False], [False, False], 2) == Solution(1, {0: 1, 1: 1})
    assert solve([], [], [], [], 0) == Solution(1, {})


def test_speed() -> None:
    """Generous bounds, several times what is measured: hundreds of these are asked per second."""

    def best(goal: str, *texts: str) -> float:
        low, high = goal.split("<=")
        p, hypotheses = difference(high, low), facts(*texts)
        times = []
        for _ in range(20):
            start = time.perf_counter()
            prove_nonnegative(p, hypotheses, natural)
            times.append(time.perf_counter() - start)
        return min(times)

    context = ("1 <= l", "l <= L", "1 <= R", "R <= D", "1 <= D", "1 <= L")
    assert best("0 <= R*L + 1", *context) < 0.0005
    assert best("l <= L", *context) < 0.0005
    assert best("R*l <= R*L", *context) < 0.02
    assert best("a <= c", "a <= b", "b <= c") < 0.02
