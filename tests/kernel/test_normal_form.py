"""The normal form of terms obeys the laws of matrices and agrees with numbers; what is printed reads back the same."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from symlora.kernel import naturals, words
from symlora.kernel.context import Context, Symbol
from symlora.kernel.facts import Values, same
from symlora.kernel.naturals import Nat
from symlora.kernel.printing import fact_text, nat_text
from symlora.kernel.syntax import canonical, tokens
from symlora.kernel.words import Letter, Matrix, Replacement

from .builders import setup

SIZES = {"m": 2, "n": 3}
LETTERS = {"A": ("n", "n"), "B": ("n", "n"), "M": ("m", "n"), "u": ("n", "1"), "v": ("1", "n"), "s": ("1", "1"),
           "t": ("1", "1"), "w": ("m", "1")}  # fmt: skip
Value = list[list[Fraction]]


def scope() -> Context:
    """Return a context with sizes m, n, the letters above and families X, d."""
    ctx = Context()
    for name in SIZES:
        ctx.declare_natural(name)
    for item in setup(*(f"{name}: {rows} x {cols}" for name, (rows, cols) in LETTERS.items()), "X[l]: n x n"):
        rows, cols = (ctx.nat(text) for text in item["shape"])
        ctx.declare(item["matrix"], Symbol("matrix", len(item["index"]), rows, cols))
    ctx.declare_natural("d", 1)
    return ctx


SCOPE = scope()


class Other(Replacement):
    """Replaces sizes and letters by terms: d[i] by 2 d[i], A by A + B' s, v by u' A."""

    def natural(self, name: str, indices: tuple[Nat, ...]) -> Nat:
        return naturals.times(naturals.number(2 if name == "d" else 1), naturals.atom(name, indices))

    def member(self, x: Letter) -> Matrix:
        return {"A": SCOPE.matrix("A + s*B'"), "v": SCOPE.matrix("u'*A")}.get(x.head, words.letter(x))


@st.composite
def texts(draw: st.DrawFn, rows: str, cols: str, depth: int = 3, functions: bool = False) -> str:
    """Draw the text of a term of that shape; traces and naturals are among the scalars, other functions if asked."""
    leaves = [name for name, shape in LETTERS.items() if shape == (rows, cols)]
    leaves += [f"{name}'" for name, shape in LETTERS.items() if shape == (cols, rows)]
    leaves += [f"eye({rows})", "eye(1)"][: rows == cols]
    leaf = st.sampled_from([*leaves, f"zero({rows}, {cols})"])
    if depth == 0:
        return draw(leaf)
    kind = draw(st.sampled_from(["leaf", "sum", "product", "scale", "transpose", "multiple", "function"]))
    if kind == "function" and (functions or rows == cols == "1"):
        inner = draw(texts("n", "n", depth - 1, functions))
        scalars = [f"tr({inner})", "nat(m*n + 2)"]
        scalars += [f"norm2({inner})", f"nat(rank({inner}))", f"sigma({inner}, n + 1)"] if functions else []
        if rows == cols:
            others = [f"inv({inner})"] if rows == "n" else [f"eye({rows})"]
            return draw(st.sampled_from(scalars if rows == "1" else others))
    if kind == "sum":
        sign = draw(st.sampled_from("+-"))
        return f"({draw(texts(rows, cols, depth - 1))} {sign} {draw(texts(rows, cols, depth - 1))})"
    if kind == "product":
        inner = draw(st.sampled_from(["m", "n", "1"]))
        return f"{draw(texts(rows, inner, depth - 1))}*{draw(texts(inner, cols, depth - 1))}"
    if kind == "scale":
        return f"{draw(st.sampled_from(['2', '3/2', '(-1)']))}*{draw(texts(rows, cols, depth - 1))}"
    if kind == "transpose":
        return f"({draw(texts(cols, rows, depth - 1))})'"
    if kind == "multiple":
        return f"({draw(texts('1', '1', depth - 1))})*{draw(texts(rows, cols, depth - 1))}"
    return draw(leaf)


def square(depth: int = 3) -> st.SearchStrategy[Matrix]:
    return texts("n", "n", depth).map(SCOPE.matrix)


def size(n: Nat) -> int:
    total = 0
    for monomial, c in n:
        for name, _ in monomial:
            c *= SIZES[name]
        total += c
    return total


def product(a: Value, b: Value) -> Value:
    return [
        [sum((x * y for x, y in zip(row, col, strict=True)), Fraction(0)) for col in zip(*b, strict=True)] for row in a
    ]


def evaluate(m: Matrix, values: dict[str, Value]) -> Value:
    """Return the value of a normal form, word by word."""
    total = [[Fraction(0)] * size(m.cols) for _ in range(size(m.rows))]

    def word(letters: tuple[Any, ...], start: int) -> Value:
        value = [[Fraction(i == j) for j in range(start)] for i in range(start)]
        for x in letters:
            if x.head == "nat":
                plain = [[Fraction(size(x.args[0]))]]
            elif x.head == "tr":
                plain = [[sum((row[i] for i, row in enumerate(evaluate(x.args[0], values))), Fraction(0))]]
            else:
                plain = values[x.head]
            value = product(value, [list(col) for col in zip(*plain, strict=True)] if x.flipped else plain)
        return value

    for (loops, letters), c in m.terms:
        for loop in loops:
            ((number,),) = word(loop, 1)
            c *= number
        for i, row in enumerate(word(letters, size(m.rows))):
            for j, x in enumerate(row):
                total[i][j] += c * x
    return total


@st.composite
def models(draw: st.DrawFn) -> dict[str, Value]:
    entry = st.integers(-3, 3).map(Fraction)
    return {
        name: [[draw(entry) for _ in range(SIZES.get(cols, 1))] for _ in range(SIZES.get(rows, 1))]
        for name, (rows, cols) in LETTERS.items()
    }


@settings(max_examples=60, deadline=None)
@given(square(), square(2), square(2), texts("1", "1").map(SCOPE.matrix))
def test_laws(a: Matrix, b: Matrix, c: Matrix, s: Matrix) -> None:
    add, times, flip = words.add, words.times, words.transpose
    assert add(a, b) == add(b, a)
    assert times(times(a, b), c) == times(a, times(b, c))
    assert times(a, add(b, c)) == add(times(a, b), times(a, c))
    assert times(add(a, b), c) == add(times(a, c), times(b, c))
    assert flip(times(a, b)) == times(flip(b), flip(a))
    assert flip(flip(a)) == a
    assert times(s, a) == times(a, s)
    assert times(times(a, s), b) == times(s, times(a, b))
    assert flip(s) == s
    assert words.minus(a, a) == words.zero(a.rows, a.cols)


@settings(max_examples=60, deadline=None)
@given(square(), square(2), texts("n", "1").map(SCOPE.matrix), models())
def test_agrees_with_numbers(a: Matrix, b: Matrix, x: Matrix, values: dict[str, Value]) -> None:
    one, two, column = (evaluate(m, values) for m in (a, b, x))
    assert evaluate(words.times(a, b), values) == product(one, two)
    assert evaluate(words.times(a, x), values) == product(one, column)
    assert evaluate(words.transpose(a), values) == [list(col) for col in zip(*one, strict=True)]
    assert evaluate(words.add(a, b), values) == [
        [p + q for p, q in zip(*rows, strict=True)] for rows in zip(one, two, strict=True)
    ]
    quadratic = words.times(words.times(words.transpose(x), a), x)
    assert evaluate(quadratic, values) == evaluate(words.transpose(quadratic), values)
    trace = [[sum((row[i] for i, row in enumerate(one)), Fraction(0))]]
    assert evaluate(words.apply("tr", (a,)), values) == trace


@settings(max_examples=60, deadline=None)
@given(square(), square(2), texts("n", "1").map(SCOPE.matrix), texts("1", "n").map(SCOPE.matrix))
def test_trace(a: Matrix, b: Matrix, x: Matrix, y: Matrix) -> None:
    def trace(m: Matrix) -> Matrix:
        return words.apply("tr", (m,))

    assert trace(words.times(a, b)) == trace(words.times(b, a))
    assert trace(words.transpose(a)) == trace(a)
    assert trace(words.add(a, b)) == words.add(trace(a), trace(b))
    assert trace(words.times(x, y)) == words.times(y, x)
    assert trace(words.times(y, x)) == words.times(y, x)


@settings(max_examples=60, deadline=None)
@given(
    texts("n", "n", 3, functions=True).map(SCOPE.matrix),
    texts("n", "n", 2, functions=True).map(SCOPE.matrix),
    st.sampled_from([Other(), Values({"n": naturals.ONE}), Values({"m": SCOPE.nat("n"), "n": SCOPE.nat("m")})]),
)
def test_replacement_is_a_homomorphism(a: Matrix, b: Matrix, new: Replacement) -> None:
    assert new.matrix(words.times(a, b)) == words.times(new.matrix(a), new.matrix(b))
    assert new.matrix(words.add(a, b)) == words.add(new.matrix(a), new.matrix(b))
    assert new.matrix(words.transpose(a)) == words.transpose(new.matrix(a))
    for head in ("tr", "norm2", "inv"):
        assert new.matrix(words.apply(head, (a,))) == words.apply(head, (new.matrix(a),))


@settings(max_examples=60, deadline=None)
@given(texts("n", "n", 3, functions=True), texts("n", "n", 3, functions=True))
def test_text_round_trip(left: str, right: str) -> None:
    for text in (f"{left} = {right}", f"for l if 1 <= l, l <= n: X[l - 1]*({left}) = X[2*l]' - {right}"):
        fact = SCOPE.read(text)
        again = SCOPE.read(fact_text(fact))
        assert again == fact
        assert same(again, fact)
        shown = canonical(text)
        assert canonical(shown) == shown
        assert tokens(shown) == tokens(text)
        assert SCOPE.read(shown) == fact
    for text in (f"nonsingular({left})", f"psd({left})", f"tr({left}) <= norm2({right})"):
        assert SCOPE.read(fact_text(SCOPE.read(text))) == SCOPE.read(text)


NATS = st.recursive(
    st.sampled_from(["m", "n", "d[m]", "d[n - 1]", "0", "2", "rank(A*B)", "d[rank(M)]"]),
    lambda inner: st.tuples(inner, st.sampled_from([" + ", " - ", "*"]), inner).map(
        lambda p: f"({p[0]}){p[1]}({p[2]})"
    ),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(NATS, NATS, NATS)
def test_naturals(x: str, y: str, z: str) -> None:
    a, b, c = map(SCOPE.nat, (x, y, z))
    assert naturals.times(a, naturals.add(b, c)) == naturals.add(naturals.times(a, b), naturals.times(a, c))
    assert naturals.times(naturals.times(a, b), c) == naturals.times(a, naturals.times(b, c))
    assert naturals.minus(a, a) == naturals.ZERO
    assert SCOPE.nat(nat_text(a)) == a
    new = Other()
    assert new.size(naturals.times(a, b)) == naturals.times(new.size(a), new.size(b))
    assert new.size(naturals.add(a, b)) == naturals.add(new.size(a), new.size(b))
    assert words.apply("nat", (naturals.times(a, b),)) == words.times(*(words.apply("nat", (x,)) for x in (a, b)))
    assert words.apply("nat", (naturals.add(a, b),)) == words.add(*(words.apply("nat", (x,)) for x in (a, b)))
