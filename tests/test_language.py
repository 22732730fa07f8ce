"""The statement language: shapes, exact messages, texts, LaTeX, and that nothing rewrites or decides by itself."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from symlora.kernel import words
from symlora.kernel.context import Context, Symbol
from symlora.kernel.errors import Rejected
from symlora.kernel.syntax import canonical
from symlora.language import (
    Equal,
    ForAll,
    Matrix,
    MatrixFamily,
    NameTable,
    NamingError,
    NaturalFamily,
    RangeError,
    RangeProduct,
    ShapeError,
    StatementError,
    TruthError,
    as_claim,
    as_condition,
    as_natural,
    block,
    check_letters,
    check_name,
    eq,
    expr_text,
    eye,
    forall,
    inv,
    le,
    lt,
    matrix,
    nat_text,
    natural,
    naturals,
    nonsingular,
    prod,
    same,
    total,
    zero,
)
from symlora.language.families import Abstraction, Pointwise
from symlora.language.matrices import Inverse, Member, Minus, Negative, Number, Plus, Product, Transpose, as_matrix
from symlora.language.typeset import expr_latex, nat_latex

D, L, R, l, m, n, p, q = naturals("D L R l m n p q")
d = NaturalFamily("d")
A, B, C, N = matrix("A", m, n), matrix("B", n, n), matrix("C", m, p), matrix("N", n, n)
x, y = matrix("x", n, 1), matrix("y", n, 1)
W, X = MatrixFamily("W", (D, D), over=(1, L)), MatrixFamily("X", (D, D), over=(1, L))
S, P = MatrixFamily("S", (D, D), over=(0, L)), MatrixFamily("P", (D, D), over=(0, L))
V = MatrixFamily("V", lambda l: (d[l], d[l - 1]), over=(1, L))
V3 = MatrixFamily("V3", (2, 2), over=(1, 3))


def message(error: type[Exception], build: Callable[[], object]) -> str:
    with pytest.raises(error) as caught:
        build()
    return str(caught.value)


# Naturals ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (R * (l - 1), "R*l - R"),
        (d[l - 1], "d[l - 1]"),
        (d[2 * l - 1] * R + 1, "R*d[2*l - 1] + 1"),
        (1 - l, "1 - l"),
        (-l - 1, "-l - 1"),
        (l - L, "l - L"),
        (n**2 + 2 * n, "n*n + 2*n"),
        (sympy.Integer(0), "0"),
        (-3, "-3"),
        (l - l, "0"),
        (NaturalFamily("r", 2)[l, n + 1], "r[l, n + 1]"),
    ],
)
def test_natural_text(value: Any, text: str) -> None:
    assert nat_text(value) == text


def test_natural_latex() -> None:
    assert nat_latex(R * (l - 1) + n**2) == "R l + n^{2} - R"
    assert nat_latex(d[l - 1]) == "d_{l - 1}"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (l / 2, "l/2 is not an integer polynomial in naturals: 1/2 is not an integer"),
        (
            sympy.Symbol("k"),
            "k is not an integer polynomial in naturals: the symbol k is not a natural; make it with natural('k')",
        ),
        (1 / l, "1/l is not an integer polynomial in naturals: the exponent -1 is not a number from 0 to 32"),
        (l**100, "l**100 is not an integer polynomial in naturals: the exponent 100 is not a number from 0 to 32"),
        (sympy.floor(l / 2), "floor(l/2) is not an integer polynomial in naturals: it contains floor(l/2) (floor)"),
        (1.0, "1.0 is not an integer polynomial in naturals: it is a float"),
        (True, "True is not an integer polynomial in naturals: it is a bool"),
        ("l", "'l' is not an integer polynomial in naturals: it is a str"),
        (d, "d is a family of naturals: write one of its members, such as d[l]"),
    ],
)
def test_not_a_natural(value: object, text: str) -> None:
    assert message(StatementError, lambda: as_natural(value)) == text


@given(st.lists(st.tuples(st.integers(-3, 3), st.lists(st.sampled_from([R, l, d[l - 1]]), max_size=3)), max_size=5))
@settings(max_examples=60, deadline=None)
def test_natural_text_reads_back(terms: list[tuple[int, list[Any]]]) -> None:
    value = as_natural(sum(c * sympy.Mul(*factors) for c, factors in terms))
    assert as_natural(eval_nat(ast.parse(nat_text(value), mode="eval").body)) == value


def eval_nat(node: ast.expr) -> Any:
    match node:
        case ast.BinOp(left, op, right):
            a, b = eval_nat(left), eval_nat(right)
            return a + b if isinstance(op, ast.Add) else a - b if isinstance(op, ast.Sub) else a * b
        case ast.UnaryOp(_, operand):
            return -eval_nat(operand)
        case ast.Constant(value):
            return sympy.Integer(value)
        case ast.Name(name):
            return natural(name)
        case ast.Subscript(ast.Name(name), index):
            return NaturalFamily(name)[eval_nat(index)]
    raise AssertionError(ast.dump(node))


def test_families_of_naturals() -> None:
    assert message(RangeError, lambda: d[-1]) == "index -1 of d is negative"
    assert message(RangeError, lambda: d[l, 1]) == "d takes 1 index, not 2"
    assert d[l - 1].xreplace({l: sympy.Integer(3)}) == d[2]
    with pytest.raises(TypeError):
        iter(d)
    # A member at a negative index is any integer, so SymPy must not know its sign.
    assert (d[l - 1] >= 0) not in (True, False)


# Shapes and messages -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "build", "text"),
    [
        (
            ShapeError,
            lambda: A * C,
            "cannot multiply A (m x n) by C (m x p): the inner sizes n and m differ, in A*C",
        ),
        (
            ShapeError,
            lambda: A.T * (A + A) * A,
            "cannot multiply A'*(A + A) (n x n) by A (m x n): the inner sizes n and m differ, in A'*(A + A)*A",
        ),
        (ShapeError, lambda: A + C, "cannot add A (m x n) and C (m x p): the shapes differ, in A + C"),
        (ShapeError, lambda: A - C, "cannot subtract C (m x p) from A (m x n): the shapes differ, in A - C"),
        (
            ShapeError,
            lambda: B + 1,
            (
                "cannot add B (n x n) and 1 (1 x 1): the shapes differ, in B + 1; "
                "a number is 1 x 1, the identity is eye(n)"
            ),
        ),
        (
            ShapeError,
            lambda: sum([A, A]),
            (
                "cannot add 0 (1 x 1) and A (m x n): the shapes differ, in 0 + A; "
                "a number is 1 x 1, the zero matrix is zero(m, n)"
            ),
        ),
        (ShapeError, lambda: inv(A), "cannot invert A (m x n): inv needs a square matrix, in inv(A)"),
        (ShapeError, lambda: nonsingular(A), "nonsingular needs a square matrix, but A is m x n, in nonsingular(A)"),
        (ShapeError, lambda: eq(A, C), "cannot equate A (m x n) and C (m x p): the shapes differ, in A = C"),
        (
            ShapeError,
            lambda: block([[A, B], [A, B]]),
            "cannot put A (m x n) beside B (n x n): the numbers of rows m and n differ, in block([[A, B], [A, B]])",
        ),
        (
            ShapeError,
            lambda: block([[A, C], [C, A]]),
            "cannot put A (m x n) above C (m x p): the numbers of columns n and p differ, in block([[A, C], [C, A]])",
        ),
        (
            ShapeError,
            lambda: prod(lambda k: V[k].T, 1, L),
            (
                "cannot multiply neighbours: V[k + 1]' has d[k + 1] columns and V[k]' has d[k - 1] rows, "
                "in prod(V[k]', k = 1..L)"
            ),
        ),
        (
            ShapeError,
            lambda: total(V, 1, L),
            (
                "cannot add members of different shapes: V[k] (d[k] x d[k - 1]) depends on the index k, "
                "in total(V[k], k = 1..L)"
            ),
        ),
        (ShapeError, lambda: W + A, "cannot add W[k] (D x D) and A (m x n): the shapes differ, in W[k] + A"),
        (StatementError, lambda: A * 0.5, "0.5 is a float, which is not exact: write Fraction(1, 2)"),
        (StatementError, lambda: 0.1 * A, "0.1 is a float, which is not exact: write Fraction(1, 10)"),
        (
            StatementError,
            lambda: A * float("nan"),
            "nan is a float, which is not exact: matrices take exact numbers",
        ),
        (
            StatementError,
            lambda: A / 2,
            "matrices are not divided: write Fraction(1, 2)*A for half of A, A*inv(B) or inv(B)*A for a matrix B",
        ),
        (
            StatementError,
            lambda: R * A,
            "the natural R is used as a matrix: write scalar(R) for the real number",
        ),
        (StatementError, lambda: A * True, "True (bool) is not a matrix expression"),
        (StatementError, lambda: A**2, "powers are not written: write A*A for a square and inv(A) for the inverse"),
        (StatementError, lambda: B @ B, "the product of matrices is written A*B"),
        (StatementError, lambda: A[0], "A is one matrix, not a family of matrices: it takes no index"),
        (
            StatementError,
            lambda: A <= B,
            (
                "matrices are not ordered by <, <=, > or >=: write le(a, b) for scalars, and psd(B - A) for the order "
                "of symmetric matrices"
            ),
        ),
        (StatementError, lambda: eye(-1), "a matrix cannot have -1 rows or columns"),
        (StatementError, lambda: inv(W), "W is a family of matrices: write one of its members, such as W[l]"),
        (TruthError, lambda: bool(A), "the matrix expression A has no truth value; state a claim with eq(left, right)"),
        (TruthError, lambda: bool(eq(A, A)), "the claim A = A is neither true nor false until it is checked"),
        (RangeError, lambda: V3[0], "index 0 of V3 is outside its range 1 <= l <= 3"),
        (RangeError, lambda: W[L + 1], "index L + 1 of W is outside its range 1 <= l <= L"),
        (RangeError, lambda: W[l, 1], "W takes 1 index, not 2"),
        (RangeError, lambda: prod(W, 0, L), "index 0 of W is outside its range 1 <= l <= L"),
        (RangeError, lambda: prod(W + X, 1, L + 2), "index L + 2 of W is outside its range 1 <= l <= L"),
        (RangeError, lambda: prod(W, 3, 1), "the range from 3 to 1 runs backwards; an empty range ends at 2"),
    ],
)
def test_messages(error: type[Exception], build: Callable[[], object], text: str) -> None:
    assert message(error, build) == text


def test_shapes_are_polynomials() -> None:
    first, second = matrix("F", n, R * l), matrix("G", R * (l - 1) + R, p)
    assert (first * second).shape == (n, p)
    assert (V[l] * V[l - 1]).shape == (d[l], d[l - 2])
    assert prod(V, 1, L).shape == (d[L], d[0])
    assert prod(V, l + 1, L).shape == (d[L], d[l])
    assert prod(V, l + 1, l).shape == (d[l], d[l])
    assert block([[A, C], [B, matrix("E", n, p)]]).shape == (m + n, n + p)


def test_scalars() -> None:
    assert (x.T * y).shape == (1, 1)
    assert ((x.T * y) * A).shape == (m, n)
    assert (A * (x.T * y)).shape == (m, n)
    assert (A * 2 * Fraction(-1, 2)).shape == (m, n)
    assert (sympy.Rational(1, 2) * A).shape == (m, n)
    assert (sympy.Integer(2) * A) == 2 * A
    # An n x 1 matrix is no scalar.
    with pytest.raises(ShapeError):
        x * A


# Nothing is rewritten, nothing is decided --------------------------------------------------------------------------


def test_nothing_is_simplified() -> None:
    assert str(B * inv(B) * N) == "B*inv(B)*N"
    assert str(inv(inv(B))) == "inv(inv(B))"
    assert str(A.T.T - A + zero(m, n)) == "A'' - A + zero(m, n)"
    assert str(eye(n) * B * 1) == "eye(n)*B*1"
    minus = -B
    assert str(-minus) == "-(-B)"
    assert (A + A) != 2 * A
    assert B * N * B != B * (N * B)
    assert eq(B * inv(B), eye(n)) == Equal(B * inv(B), eye(n))
    assert str(eq(A, A)) == "A = A"
    assert str((B * inv(B) * N).doit()) == "B*inv(B)*N"
    assert str(sympy.simplify(le(l, l).left)) == "l"


def test_equality_is_structural_and_hashable() -> None:
    same_a = matrix("A", m, n)
    assert (same_a == A) is True
    assert (A == C) is False
    assert {A: 1, A * B: 2}[same_a * B] == 2
    assert matrix("F", R * l, n) == matrix("F", R * (l - 1) + R, n)
    assert len({eq(A, A), eq(same_a, A)}) == 1


def test_sympy_tools_work() -> None:
    expression = S[l] * W[l] + 2 * P[L]
    assert expression.free_symbols == {D, L, l}
    assert [str(member) for member in sorted(expression.atoms(Member), key=str)] == ["P[L]", "S[l]", "W[l]"]
    assert str(expression.xreplace({l: L})) == "S[L]*W[L] + 2*P[L]"
    assert str((A * B).xreplace({B: N + N})) == "A*(N + N)"
    assert message(ShapeError, lambda: (A * B).xreplace({B: C})).startswith("cannot multiply A (m x n) by C (m x p)")
    assert A.xreplace({m: sympy.Integer(2)}).shape == (2, n)
    assert sympy.latex(A * B) == "A B"
    assert (A * B).func(*(A * B).args) == A * B


@pytest.mark.parametrize("decided", [True, sympy.true, D >= 0, D + 1 > D, l + 1 <= l, A == B, sympy.Eq(l, l)])
def test_decided_conditions_are_refused(decided: object) -> None:
    truth = bool(decided)
    rest = (
        f"was expected, but it was already decided to be {truth}: == compares how expressions are written, and SymPy "
        "decides some comparisons by itself; write eq(A, B) for matrices, and le(a, b), lt(a, b) or same(a, b) for "
        "naturals"
    )
    assert message(TruthError, lambda: as_condition(decided)) == f"a condition {rest}"
    assert message(TruthError, lambda: as_claim(decided)) == f"a claim {rest}"
    assert message(TruthError, lambda: ForAll(l, [decided], eq(A, A))) == f"a condition {rest}"


def test_relations() -> None:
    assert [str(as_condition(c)) for c in (l <= L, l < L, l >= L, l > L, sympy.Eq(l, R), le(0, D))] == [
        "l <= L",
        "l + 1 <= L",
        "L <= l",
        "L + 1 <= l",
        "l == R",
        "0 <= D",
    ]
    assert message(StatementError, lambda: as_condition(sympy.Ne(l, L))) == (
        "Ne(l, L) cannot be a condition: conditions are a <= b, a < b and a == b of naturals"
    )
    assert message(StatementError, lambda: as_condition(eq(A, A))) == (
        "A = A (Equal) cannot be a condition: conditions relate naturals"
    )
    assert lt(l, L).text() == "l + 1 <= L"
    assert same(R * l, R * (l - 1) + R).text() == "R*l == R*l"
    with pytest.raises(TypeError):
        bool(le(1, 2))


# Text --------------------------------------------------------------------------------------------------------------

E = matrix("E", n, n)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (B - (N - E), "B - (N - E)"),
        (B - N - E, "B - N - E"),
        (B + (N + E), "B + (N + E)"),
        (B * (N * E), "B*(N*E)"),
        (B * N * E, "B*N*E"),
        ((B + N) * E, "(B + N)*E"),
        (-B * N, "-B*N"),
        (-(B * N), "-(B*N)"),
        (B + (-N) * E, "B + (-N)*E"),
        (B * -N, "B*(-N)"),
        (B - -N, "B - (-N)"),
        (-B + N, "-B + N"),
        (-(B + N), "-(B + N)"),
        ((B + N).T, "(B + N)'"),
        ((B * N).T.T, "(B*N)''"),
        (-B.T, "-B'"),
        ((-B).T, "(-B)'"),
        (inv(-B + N), "inv(-B + N)"),
        (inv(B).T * 2, "inv(B)'*2"),
        (-2 * B, "-2*B"),
        (B * -2, "B*(-2)"),
        (Fraction(1, 2) * B, "1/2*B"),
        (Fraction(-1, 2) * B, "-1/2*B"),
        (B * Fraction(1, 2), "B*1/2"),
        (Number(Fraction(1, 2)).T * B, "(1/2)'*B"),
        (eye(R * (l - 1)) * zero(R * l - R, n), "eye(R*l - R)*zero(R*l - R, n)"),
        (W[l - 1] * S[L], "W[l - 1]*S[L]"),
        ((A * B) * (x.T * y), "A*B*(x'*y)"),
    ],
)
def test_text(expression: Matrix, text: str) -> None:
    assert expr_text(expression) == text
    assert str(expression) == text


def read(node: ast.expr) -> Matrix:
    """Build what Python reads in the text of an expression; T(M) stands for the transpose."""
    match node:
        case ast.BinOp(left, ast.Add(), right):
            return read(left) + read(right)
        case ast.BinOp(left, ast.Sub(), right):
            return read(left) - read(right)
        case ast.BinOp(left, ast.Mult(), right):
            return read(left) * read(right)
        case ast.UnaryOp(ast.USub(), operand):
            return -read(operand)
        case ast.Call(ast.Name("inv"), [operand]):
            return inv(read(operand))
        case ast.Call(ast.Name("eye"), _):
            return eye(n)
        case ast.Attribute(operand, "T"):
            return read(operand).T
        case ast.Constant(value):
            return Number(value)
        case ast.Name(name):
            return matrix(name, n, n)
    raise AssertionError(ast.dump(node))


expressions = st.recursive(
    st.sampled_from([B, N, E, eye(n)]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: pair[0] + pair[1]),
        st.tuples(inner, inner).map(lambda pair: pair[0] - pair[1]),
        st.tuples(inner, inner).map(lambda pair: pair[0] * pair[1]),
        st.tuples(st.integers(-3, 3), inner).map(lambda pair: pair[0] * pair[1]),
        st.tuples(st.integers(-3, 3), inner).map(lambda pair: pair[1] * pair[0]),
        inner.map(lambda one: -one),
        inner.map(lambda one: one.T),
        inner.map(inv),
    ),
    max_leaves=8,
)


@given(expressions)
@settings(max_examples=200, deadline=None)
def test_text_reads_back_as_the_same_tree(expression: Matrix) -> None:
    """Text to tree is exact, up to where the sign of a product stands: `-2*B` is (-2)*B for Python and for us."""
    text = expr_text(expression).replace("'", ".T")
    # `2.T` is no Python; numbers are never transposed alone here.
    assert read(ast.parse(text, mode="eval").body) == expression


@given(expressions)
@settings(max_examples=60, deadline=None)
def test_a_minus_sign_stands_first_or_in_parentheses(expression: Matrix) -> None:
    text = expr_text(expression)
    for place, sign in enumerate(text):
        if sign == "-":
            before = text[:place].rstrip()
            assert before == "" or before[-1] == "(" or (text[place - 1] == " " and before[-1] not in "+-*")


@given(expressions)
@settings(max_examples=60, deadline=None)
def test_expressions_rebuild_and_typeset(expression: Matrix) -> None:
    assert expression.xreplace({B: N}).xreplace({N: N}).shape == (n, n)
    assert all(node.func(*node.args) == node for node in sympy.preorder_traversal(expression) if node.args)
    latex = expr_latex(expression)
    assert latex.count("{") == latex.count("}")
    assert latex.count(r"\left(") == latex.count(r"\right)")


def kernel_scope() -> Context:
    scope = Context()
    for name in ("m", "n"):
        scope.declare_natural(name)
    for letter in (A, B, N, E, x):
        rows, cols = (scope.nat(nat_text(size)) for size in letter.shape)
        scope.declare(letter.name, Symbol("matrix", 0, rows, cols))
    return scope


SCOPE = kernel_scope()


def meaning(M: Any) -> words.Matrix:
    """The kernel's term for a tree, built without any text."""
    parts = [meaning(part) for part in M.args if isinstance(part, Matrix)]
    match M:
        case Plus():
            return words.add(*parts)
        case Minus():
            return words.minus(*parts)
        case Product():
            return words.times(*parts)
        case Negative():
            return words.scale(parts[0], Fraction(-1))
        case Transpose():
            return words.transpose(parts[0])
        case Inverse():
            return words.apply("inv", (parts[0],))
        case Number():
            return words.scalar(M.value)
        case Member():
            return SCOPE.member(M.name, ())
    raise AssertionError(M)


def combine(pair: tuple[str, Matrix, Matrix]) -> Matrix:
    """Combine two matrices, or check that the kernel refuses what the language refuses."""
    sign, left, right = pair
    try:
        return left + right if sign == "+" else left - right if sign == "-" else left * right
    except ShapeError:
        with pytest.raises(Rejected):
            SCOPE.matrix(f"({expr_text(left)}) {sign} ({expr_text(right)})")
        return left


rectangular = st.recursive(
    st.sampled_from([A, B, N, E, x, x.T, x.T * x, Number(2), Number(Fraction(1, 3))]),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from("+-*"), inner, inner).map(combine),
        st.tuples(st.fractions(-2, 2, max_denominator=3), inner).map(lambda pair: pair[0] * pair[1]),
        inner.map(lambda one: -one),
        inner.map(lambda one: one.T),
        inner.map(lambda one: inv(one.T * one)),
    ),
    max_leaves=8,
)


@given(rectangular)
@settings(max_examples=200, deadline=None)
def test_the_kernel_reads_what_was_written(expression: Matrix) -> None:
    term = SCOPE.matrix(expr_text(expression))
    assert term == meaning(expression)
    assert (term.rows, term.cols) == tuple(SCOPE.nat(nat_text(size)) for size in expression.shape)


def test_the_kernel_reads_claims() -> None:
    scope = kernel_scope()
    for claim in (
        eq(B * inv(B), eye(n)),
        nonsingular(B - N),
        ForAll(l, [], eq(B, N)),
        ForAll((), [lt(m, n)], same(m, n)),
        forall(lambda l, i: le(i, l), (1, n), lambda l: (1, l)),
    ):
        assert canonical(claim.text()) == claim.text()
        scope.read(claim.text())


def test_text_of_ranges() -> None:
    node = prod(W + X, 1, L) - P[L]
    assert str(node) == "prod(W[k] + X[k], k = 1..L) - P[L]"
    assert message(StatementError, lambda: expr_text(node)) == (
        "prod(W[k] + X[k], k = 1..L) has no kernel text of its own: define a family for it first"
    )
    seen: list[RangeProduct] = []

    def resolve(found: Any) -> str:
        seen.append(found)
        return "Z[L]"

    assert expr_text(node * W[1], resolve) == "(Z[L] - P[L])*W[1]"
    assert (str(seen[0].family.at(l)), seen[0].lower, seen[0].upper) == ("W[l] + X[l]", 1, L)
    assert expr_text(prod(W, 1, L).T, lambda _: "d[e[1], 2]") == "d[e[1], 2]'"
    assert expr_text(prod(W, 1, L).T, lambda _: "U + V") == "(U + V)'"


def test_text_of_blocks() -> None:
    node = block([[A, C], [B, matrix("E", n, p)]])
    names = {(m, n): ("J1", "K1"), (n, p): ("J2", "K2")}
    assert expr_text(node, inclusion=lambda sizes: names[sizes]) == "J1*A*J2' + J1*C*K2' + K1*B*J2' + K1*E*K2'"
    assert expr_text(node.T, inclusion=lambda sizes: names[sizes]).startswith("(J1*A*J2' + ")
    summed = block([[A + A, C], [B * B, matrix("E", n, p)]])
    assert "J1*(A + A)*J2'" in expr_text(summed, inclusion=lambda sizes: names[sizes])
    assert message(StatementError, lambda: expr_text(node)) == (
        "block([[A, C], [B, E]]) has no kernel text of its own: split its sizes first"
    )
    assert message(StatementError, lambda: block([[A]])) == (
        "a block matrix has two rows of two blocks: block([[A, B], [C, D]])"
    )


# Families and ranges -----------------------------------------------------------------------------------------------


def test_pointwise_families() -> None:
    T = matrix("T", D, D)
    assert str((W + X)[l]) == "W[l] + X[l]"
    assert str((T * W - 2 * X.T)[l]) == "T*W[l] - 2*X[l]'"
    assert str((T - W * T)[l]) == "T - W[l]*T"
    assert str((-W + T)[1]) == "-W[1] + T"
    assert message(RangeError, lambda: (W + X)[0]) == "index 0 of W is outside its range 1 <= l <= L"
    two = MatrixFamily("Y", (D, D), index=("l", "i"), over=((1, L), (0, R)))
    assert str(two[l, 0]) == "Y[l, 0]"
    assert message(RangeError, lambda: two[l, R + 1]) == "index R + 1 of Y is outside its range 0 <= i <= R"
    assert message(StatementError, lambda: two + W) == "Y has 2 indices: write its members, such as Y[l, i]"
    assert str(prod(lambda k: two[k, 0] * W[k], 1, L)) == "prod(Y[k, 0]*W[k], k = 1..L)"
    with pytest.raises(TypeError):
        list(W)


def test_families_written_alike_are_equal() -> None:
    assert prod(lambda k: W[k] + X[k], 1, L) == prod(lambda j: W[j] + X[j], 1, L) == prod(W + X, 1, L)
    assert prod(W, 1, L) != prod(X, 1, L)
    assert hash(prod(W, 1, L)) == hash(prod(W, 1, L))
    assert "#" not in str(prod(W, 1, L))


def test_bound_indices_are_not_captured() -> None:
    T = matrix("T", D, D)
    inner = prod(lambda j: W[j] + X[l], 1, l)
    assert str(inner.xreplace({l: L})) == "prod(W[k] + X[L], k = 1..L)"
    assert inner.free_symbols == {D, l}
    nested = total(lambda j: prod(lambda i: X[j] * T, 1, L), 1, L)
    # What comes in holds a binder, which renumbers the binders around it.
    filled = nested.xreplace({T: prod(W, 1, l)})
    assert filled == total(lambda j: prod(lambda i: X[j] * prod(W, 1, l), 1, L), 1, L)
    assert filled.xreplace({l: L}) == total(lambda j: prod(lambda i: X[j] * prod(W, 1, L), 1, L), 1, L)
    assert filled.free_symbols == {D, L, l}
    assert str(nested) == "total(prod(X[k]*T, j = 1..L), k = 1..L)"


def test_telescoping_sum() -> None:
    change = total(lambda j: prod(W, j + 1, L) * X[j] * prod(W + X, 1, j - 1), 1, L)
    assert str(change) == ("total(prod(W[j], j = k + 1..L)*X[k]*prod(W[j] + X[j], j = 1..k - 1), k = 1..L)")
    assert change.shape == (D, D)
    at_two = change.family.at(2)
    assert str(at_two) == "prod(W[k], k = 3..L)*X[2]*prod(W[k] + X[k], k = 1..1)"


def test_empty_ranges() -> None:
    assert prod(W, L + 1, L).shape == (D, D)
    assert prod(W, 1, 0).shape == (D, D)
    assert total(W, 1, 0).shape == (D, D)


def test_abstractions_and_functions() -> None:
    assert Abstraction.of(lambda k: W[k]) == Abstraction.of(lambda j: W[j])
    assert repr(Pointwise(lambda k: W[k])) == "(W[k] as a family in k)"
    assert message(StatementError, lambda: prod(A, 1, L)) == "A is not a family of matrices, nor a function of an index"
    assert message(StatementError, lambda: prod(lambda k, j: W[k], 1, L)) == (
        "the function has the parameters ('k', 'j'), but 1 index(es) are wanted"
    )


# Claims ------------------------------------------------------------------------------------------------------------


def test_claim_texts() -> None:
    chain = forall(lambda l: eq(S[l] * P[l], P[L] + X[l]), (1, L))
    assert chain.text() == "for l if 1 <= l, l <= L: S[l]*P[l] = P[L] + X[l]"
    assert str(chain) == "for every l with 1 <= l <= L: S[l]*P[l] = P[L] + X[l]"
    assert ForAll(l, [], nonsingular(S[l])).text() == "for l: nonsingular(S[l])"
    assert ForAll((), [le(1, L)], nonsingular(S[L])).text() == "if 1 <= L: nonsingular(S[L])"
    assert str(ForAll((), [le(1, L)], nonsingular(S[L]))) == "if 1 <= L: nonsingular(S[L])"
    assert ForAll((), [], eq(A, A)).text() == "A = A"
    assert forall(lambda l, i: le(i, l), (1, L), lambda l: (1, l)).text() == (
        "for l, i if 1 <= l, l <= L, 1 <= i, i <= l: i <= l"
    )
    assert forall(lambda l: l <= L + 1, (1, L)).text() == "for l if 1 <= l, l <= L: l <= L + 1"
    assert eq(prod(W, 1, L), P[L]).text(lambda _: "Q[L]") == "Q[L] = P[L]"
    assert str(eq(prod(W, 1, L), P[L])) == "prod(W[k], k = 1..L) = P[L]"


def test_quantifiers_bind() -> None:
    claim = ForAll(l, [le(1, l), le(l, R)], eq(S[l], P[R]))
    assert claim.free_symbols == {D, L, R} - {L}
    assert str(claim.at({l: L})) == str(claim)
    assert str(claim.at({R: R + 1})) == "for every l with 1 <= l <= R + 1: S[l] = P[R + 1]"
    # A value that mentions the bound index renames the index.
    assert str(claim.at({R: l + 1})) == "for every l1 with 1 <= l1 <= l + 1: S[l1] = P[l + 1]"
    nested = ForAll(l, [le(l, L)], ForAll(l, [le(l, R)], eq(S[l], S[l])))
    assert nested.text() == "for l, l1 if l <= L, l1 <= R: S[l1] = S[l1]"
    assert message(StatementError, lambda: ForAll([l, l], [], eq(A, A))) == "the index l is bound twice"
    assert message(StatementError, lambda: ForAll(sympy.Symbol("k"), [], eq(A, A))) == (
        "the index k is not a natural; make it with natural(name)"
    )
    outer = l
    assert message(StatementError, lambda: forall(lambda l: eq(S[l], S[outer]), (1, L))) == (
        "the index l is already a natural of the claim: give it another name"
    )
    assert message(StatementError, lambda: forall(lambda l: eq(S[l], S[l]), (1, outer))) == (
        "the index l is already a natural of the claim: give it another name"
    )


def test_claims_substitute() -> None:
    assert le(l, L).at({l: L, L: l}).text() == "L <= l"
    assert eq(A * B, A).at({m: 2, n: 3}).left.shape == (2, 3)
    assert message(StatementError, lambda: le(l, L).at({l: 0.5})) == (
        "0.5 is not an integer polynomial in naturals: it is a float"
    )
    assert message(StatementError, lambda: as_claim("A = B")) == "A = B (str) is not a claim"
    assert message(TruthError, lambda: eq(A == A, A)).startswith("a matrix was expected, but it was already decided")


# LaTeX -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "latex"),
    [
        (S[l] * P[l - 1], "S_{l} P_{l - 1}"),
        (inv(W[l]), "W_{l}^{-1}"),
        (W[l].T, r"W_{l}^{\top}"),
        (inv(B).T, r"\left(B^{-1}\right)^{\top}"),
        ((B + N).T * -E, r"\left(B + N\right)^{\top} \left(-E\right)"),
        (prod(W, 1, L), r"\prod_{k=1}^{L} W_{k}"),
        (prod(W + X, 1, L) - P[L], r"\prod_{k=1}^{L} \left(W_{k} + X_{k}\right) - P_{L}"),
        (prod(W, 1, L) * W[1], r"\left(\prod_{k=1}^{L} W_{k}\right) W_{1}"),
        (W[1] * prod(W, 1, L) * W[1], r"\left(W_{1} \prod_{k=1}^{L} W_{k}\right) W_{1}"),
        (total(W, 1, l), r"\sum_{k=1}^{l} W_{k}"),
        (W[1] * total(W, 1, l), r"W_{1} \left(\sum_{k=1}^{l} W_{k}\right)"),
        (prod(W, 1, L).T, r"\left(\prod_{k=1}^{L} W_{k}\right)^{\top}"),
        (block([[eye(m), A], [A.T, B]]), r"\begin{pmatrix} I_{m} & A \\ A^{\top} & B \end{pmatrix}"),
        (Fraction(1, 2) * zero(m, n), r"\frac{1}{2} 0_{m \times n}"),
        (2 * (3 * B), r"2 \left(3 B\right)"),
        (B * 2 * 3, r"B \cdot 2 \cdot 3"),
        (matrix("dW", n, n) * matrix("alpha", n, n), r"\mathrm{dW} \alpha"),
    ],
)
def test_latex(expression: Matrix, latex: str) -> None:
    assert expr_latex(expression) == latex


def test_claim_latex() -> None:
    assert nonsingular(S[l]).latex() == r"S_{l} \text{ is nonsingular}"
    assert le(R * l, D).latex() == r"R l \le D"
    chain = forall(lambda l: eq(S[l], P[l]), (1, L))
    assert chain.latex() == r"S_{l} = P_{l} \quad \text{for every } l \text{ with } 1 \le l \le L"
    assert ForAll((), [lt(l, L)], same(l, R)).latex() == r"l = R \quad \text{if } l + 1 \le L"
    assert sympy.latex(eq(A, A)) == "A = A"


# Names -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("inv", "'inv' is reserved: inv(M) is the inverse of M"),
        ("inv(S)", "'inv(S)' is not a name: a name is a letter followed by letters, digits or _"),
        ("", "'' is not a name: a name is a letter followed by letters, digits or _"),
        ("1A", "'1A' is not a name: a name is a letter followed by letters, digits or _"),
        ("A\n", "'A\\n' is not a name: a name is a letter followed by letters, digits or _"),
        ("\u0410", "'\u0410' is not a name: a name is a letter followed by letters, digits or _"),
        ("#0", "'#0' is not a name: a name is a letter followed by letters, digits or _"),
        ("for", "'for' is reserved: it opens the list of indices of a fact"),
        (3, "a name is a string, not 3 (int)"),
    ],
)
def test_names(name: Any, text: str) -> None:
    makers: list[Callable[[], object]] = [
        lambda: check_name(name),
        lambda: natural(name),
        lambda: NaturalFamily(name),
        lambda: matrix(name, 2, 2),
        lambda: MatrixFamily(name, (2, 2)),
    ]
    for make in makers:
        assert message(NamingError, make) == text


def test_one_name_one_thing() -> None:
    assert message(NamingError, lambda: eq(A * A.T, matrix("A", m, m))) == (
        "two different things would print as 'A': the matrix A (m x n) and the matrix A (m x m)"
    )
    assert message(NamingError, lambda: nonsingular(matrix("n", n, n))) == (
        "two different things would print as 'n': the matrix n and the natural n"
    )
    assert message(NamingError, lambda: check_letters(W[l], matrix("W", D, D))) == (
        "two different things would print as 'W': the family W of matrices with 1 index and the matrix W"
    )
    assert message(NamingError, lambda: check_letters(d[l], MatrixFamily("d", (D, D))[l])) == (
        "two different things would print as 'd': the family d of naturals with 1 index "
        "and the family d of matrices with 1 index"
    )
    assert message(NamingError, lambda: ForAll(natural("A"), [], eq(A, A))) == (
        "two different things would print as 'A': the natural A and the matrix A"
    )
    table = NameTable()
    table.declare("A", "the matrix A (m x n)")
    table.declare("A", "the matrix A (m x n)")
    assert "A" in table
    assert table.fresh("A") == "A1"
    assert table.fresh("inv") == "inv1"
    with pytest.raises(NamingError):
        table.declare("A", "the natural A")


def test_nodes_cannot_be_forged_by_floats_or_negatives() -> None:
    for value in (0.5, True, -1, "1", sympy.Float(1)):
        with pytest.raises(StatementError):
            Number(value)
    assert str(as_matrix(-2)) == "-2"
    assert Plus(A, A) == A + A
    assert Product(2, A) == 2 * A


def test_expressions_and_claims_can_be_copied() -> None:
    for thing in (forall(lambda l: eq(S[l] * inv(W[l]), P[L]), (1, L)), prod(W + X, 1, L), d[l - 1] + 1):
        assert copy.deepcopy(thing) == thing


def test_sympy_equality_makes_no_claim() -> None:
    for relation in (sympy.Eq(B * inv(B) * N, N), sympy.Eq(A, C)):
        with pytest.raises(StatementError):
            as_claim(relation)
