"""Functions of matrices: scalars, ranks as naturals, and the claims about them, as the kernel reads them."""

from __future__ import annotations

import copy
import keyword
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from symlora.kernel import naturals as kernel_naturals
from symlora.kernel import words
from symlora.kernel.context import Context, Symbol
from symlora.kernel.errors import Rejected
from symlora.kernel.syntax import RESERVED as KERNEL_RESERVED
from symlora.kernel.syntax import canonical
from symlora.language import (
    RESERVED,
    AtMost,
    AtMostScalar,
    ForAll,
    Matrix,
    MatrixFamily,
    Member,
    NamingError,
    NaturalFamily,
    RangeError,
    ShapeError,
    StatementError,
    TruthError,
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
    norm2,
    normF,
    prod,
    psd,
    rank,
    same,
    scalar,
    sigma,
    sqrt,
    total,
    tr,
    zero,
)
from symlora.language.functions import NaturalScalar, Rank, SingularValue, SpectralNorm, SquareRoot, Trace
from symlora.language.matrices import Identity, Inverse, Minus, Negative, Number, Plus, Product, Transpose, Zero
from symlora.language.naturals import monomials
from symlora.language.typeset import expr_latex, nat_latex

D, L, k, l, m, n, p = naturals("D L k l m n p")
d = NaturalFamily("d")
A, B, C, N = matrix("A", m, n), matrix("B", n, n), matrix("C", n, p), matrix("N", n, n)
x, c = matrix("x", n, 1), matrix("c", 1, 1)
W, X = MatrixFamily("W", (D, D), over=(1, L)), MatrixFamily("X", (D, D), over=(1, L))


def message(error: type[Exception], build: Callable[[], object]) -> str:
    with pytest.raises(error) as caught:
        build()
    return str(caught.value)


# Scalars -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "text", "latex"),
    [
        (norm2(A), "norm2(A)", r"\lVert A \rVert_{2}"),
        (norm2(A + A) * B, "norm2(A + A)*B", r"\lVert A + A \rVert_{2} B"),
        (sigma(A, k + 1), "sigma(A, k + 1)", r"\sigma_{k + 1}\left(A\right)"),
        (sqrt(x.T * x), "sqrt(x'*x)", r"\sqrt{x^{\top} x}"),
        (sqrt(Fraction(1, 2)), "sqrt(1/2)", r"\sqrt{\frac{1}{2}}"),
        (tr(A.T * A), "tr(A'*A)", r"\operatorname{tr}\left(A^{\top} A\right)"),
        (normF(A), "sqrt(tr(A'*A))", r"\lVert A \rVert_{F}"),
        (normF(A - 2 * A), "sqrt(tr((A - 2*A)'*(A - 2*A)))", r"\lVert A - 2 A \rVert_{F}"),
        (sqrt(tr(A * A.T)), "sqrt(tr(A*A'))", r"\sqrt{\operatorname{tr}\left(A A^{\top}\right)}"),
        (scalar(n), "nat(n)", "n"),
        (scalar(n - 1) * A, "nat(n - 1)*A", r"\left(n - 1\right) A"),
        (A * scalar(2 * n), "A*nat(2*n)", r"A \cdot 2 n"),
        (scalar(n).T, "nat(n)'", r"n^{\top}"),
        (scalar(2 * n).T, "nat(2*n)'", r"\left(2 n\right)^{\top}"),
        (scalar(rank(A)), "nat(rank(A))", r"\operatorname{rank}\left(A\right)"),
        (norm2(A).T, "norm2(A)'", r"\lVert A \rVert_{2}^{\top}"),
        (A * Fraction(1, 2), "A*1/2", r"A \frac{1}{2}"),
        (A * Fraction(-1, 2), "A*(-1/2)", r"A \left(-\frac{1}{2}\right)"),
        (Number(Fraction(1, 2)).T * A, "(1/2)'*A", r"\left(\frac{1}{2}\right)^{\top} A"),
        (eye(rank(A) + 1), "eye(rank(A) + 1)", r"I_{\operatorname{rank}\left(A\right) + 1}"),
    ],
)
def test_texts(expression: Matrix, text: str, latex: str) -> None:
    assert expr_text(expression) == str(expression) == text
    assert expr_latex(expression) == latex


@pytest.mark.parametrize(
    ("error", "build", "text"),
    [
        (ShapeError, lambda: tr(A), "cannot take the trace of A (m x n): tr needs a square matrix, in tr(A)"),
        (ShapeError, lambda: sqrt(B), "cannot take the root of B (n x n): sqrt needs a 1 x 1 matrix, in sqrt(B)"),
        (ShapeError, lambda: psd(A), "psd needs a square matrix, but A is m x n, in psd(A)"),
        (RangeError, lambda: sigma(A, 0), "0 is not the number of a singular value: they are counted from 1"),
        (StatementError, lambda: norm2(W), "W is a family of matrices: write one of its members, such as W[l]"),
        (StatementError, lambda: norm2(0.5), "0.5 is a float, which is not exact: write Fraction(1, 2)"),
        (
            StatementError,
            lambda: sigma(A, c),
            "c is not an integer polynomial in naturals: it contains c (Member)",
        ),
        (
            StatementError,
            lambda: rank(A) * B,
            "the natural rank(A) is used as a matrix: write scalar(rank(A)) for the real number",
        ),
        (
            ShapeError,
            lambda: le(norm2(A), B),
            ("cannot compare norm2(A) (1 x 1) with B (n x n): only 1 x 1 matrices are ordered by <=, in norm2(A) <= B"),
        ),
        (
            StatementError,
            lambda: le(n, norm2(A)),
            "cannot compare the natural n with the matrix norm2(A): write scalar(n) for the real number",
        ),
        (
            StatementError,
            lambda: le(norm2(A), rank(A) + 1),
            (
                "cannot compare the natural rank(A) + 1 with the matrix norm2(A): "
                "write scalar(rank(A) + 1) for the real number"
            ),
        ),
        (StatementError, lambda: le(c, 0.5), "0.5 is a float, which is not exact: write Fraction(1, 2)"),
        (
            StatementError,
            lambda: lt(c, 1),
            "c is a matrix, but lt(a, b) compares naturals: write le(a, b) for scalars",
        ),
        (
            StatementError,
            lambda: same(n, c),
            "c is a matrix, but same(a, b) compares naturals: write eq(a, b) for matrices",
        ),
        (
            StatementError,
            lambda: as_condition(le(0, c)),
            "0 <= c (AtMostScalar) cannot be a condition: conditions relate naturals",
        ),
        (
            StatementError,
            lambda: ForAll(l, [le(scalar(l), c)], eq(c, c)),
            "nat(l) <= c (AtMostScalar) cannot be a condition: conditions relate naturals",
        ),
    ],
)
def test_messages(error: type[Exception], build: Callable[[], object], text: str) -> None:
    assert message(error, build) == text


def test_scalars_scale() -> None:
    for factor in (norm2(A), sigma(A, 1), sqrt(c), tr(B), scalar(rank(A)), normF(A)):
        assert factor.shape == (1, 1)
        assert (factor * A).shape == (A * factor).shape == (m, n)
        assert factor.func(*factor.args) == factor
        assert copy.deepcopy(factor) == factor
    assert (norm2(A) + 1).shape == (1, 1)
    assert message(ShapeError, lambda: norm2(A) + B).startswith("cannot add norm2(A) (1 x 1) and B (n x n)")


def test_functions_of_members_are_families() -> None:
    assert str(total(lambda j: norm2(W[j]) * W[j], 1, L)) == "total(norm2(W[k])*W[k], k = 1..L)"
    assert str(total(lambda j: sigma(W[j], j), 1, L)) == "total(sigma(W[k], k), k = 1..L)"


# Ranks -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text", "latex"),
    [
        (rank(A), "rank(A)", r"\operatorname{rank}\left(A\right)"),
        (
            rank(A) + rank(C) - 2,
            "rank(A) + rank(C) - 2",
            r"\operatorname{rank}\left(A\right) + \operatorname{rank}\left(C\right) - 2",
        ),
        (rank(A) * (n - rank(A)), "n*rank(A) - rank(A)*rank(A)", None),
        (rank(A) ** 2, "rank(A)*rank(A)", r"\operatorname{rank}\left(A\right)^{2}"),
        (d[rank(A) - 1], "d[rank(A) - 1]", r"d_{\operatorname{rank}\left(A\right) - 1}"),
        (rank(zero(rank(A), 2)), "rank(zero(rank(A), 2))", None),
        (
            rank(prod(W + X, 1, L)),
            "rank(prod(W[k] + X[k], k = 1..L))",
            r"\operatorname{rank}\left(\prod_{k=1}^{L} \left(W_{k} + X_{k}\right)\right)",
        ),
    ],
)
def test_ranks_are_naturals(value: Any, text: str, latex: str | None) -> None:
    assert as_natural(as_natural(value)) == as_natural(value)
    assert nat_text(value) == text
    assert latex is None or nat_latex(value) == latex


def test_ranks_are_expressions() -> None:
    r = rank(A * C)
    assert r.is_integer
    assert r.is_nonnegative
    assert (hash(r), r) == (hash(rank(A * C)), rank(A * C))
    assert rank(A) - rank(A) == 0
    assert rank(A) != rank(A + A)
    assert str(r) == "rank(A*C)"
    assert sympy.latex(rank(A)) == r"\operatorname{rank}\left(A\right)"
    assert r.func(*r.args) == r
    assert copy.deepcopy(r + 1) == r + 1
    assert r.free_symbols == {m, n, p}
    assert (r + n).atoms(Member) == {A, C}
    assert (r + n).xreplace({n: sympy.Integer(2)}) == rank(matrix("A", m, 2) * matrix("C", 2, p)) + 2
    assert (2 * rank(B)).xreplace({B: N}) == 2 * rank(N)
    assert message(ShapeError, lambda: r.xreplace({C: A})).startswith("cannot multiply A (m x n) by A (m x n)")


def test_ranks_are_sizes_and_indices() -> None:
    U, V = matrix("U", m, rank(A)), matrix("V", rank(A), n)
    assert (U * V).shape == (m, n)
    assert U.xreplace({A: A + A}).shape == (m, rank(A + A))
    assert message(ShapeError, lambda: U * C) == (
        "cannot multiply U (m x rank(A)) by C (n x p): the inner sizes rank(A) and n differ, in U*C"
    )
    Y = MatrixFamily("Y", lambda l: (D, rank(W[l])), over=(1, L))
    assert Y[l + 1].shape == (D, rank(W[l + 1]))
    assert message(ShapeError, lambda: total(Y, 1, L)) == (
        "cannot add members of different shapes: Y[k] (D x rank(W[k])) depends on the index k, in total(Y[k], k = 1..L)"
    )
    assert total(lambda j: W[j] * Y[rank(A)], 1, L).shape == (D, rank(W[rank(A)]))
    assert str(W[rank(A) + 1]) == "W[rank(A) + 1]"


def test_long_products_have_shapes_at_once() -> None:
    # The shape of a factor is asked for once: twice at each of 60 factors would never end.
    product, flipped = B, B.T
    for _ in range(60):
        product, flipped = product * N, (flipped * N).T
    assert product.shape == flipped.shape == (n, n)
    assert len(nat_text(rank(product) + n)) == len("rank(B) + n") + 60 * len("*N")


def test_bound_indices_inside_ranks() -> None:
    inside = total(lambda j: scalar(rank(prod(W, 1, j))) * W[j], 1, L)
    assert str(inside) == "total(nat(rank(prod(W[j], j = 1..k)))*W[k], k = 1..L)"
    assert inside.free_symbols == {D, L}
    assert str(inside.xreplace({L: l})) == "total(nat(rank(prod(W[j], j = 1..k)))*W[k], k = 1..l)"
    assert expr_latex(inside).count(r"\prod_{j=1}^{k}") == 1
    assert inside == total(lambda i: scalar(rank(prod(W, 1, i))) * W[i], 1, L)
    claim = ForAll(l, [le(rank(W[l]), l)], same(rank(W[l]), rank(W[L])))
    assert claim.at({L: l}).text() == "for l1 if rank(W[l1]) <= l1: rank(W[l1]) == rank(W[l])"


# Claims ------------------------------------------------------------------------------------------------------------


def test_claims() -> None:
    assert isinstance(le(rank(A * C), rank(A)), AtMost)
    assert isinstance(le(norm2(A * C), norm2(A) * norm2(C)), AtMostScalar)
    assert le(rank(A * C), rank(A)).text() == "rank(A*C) <= rank(A)"
    assert lt(rank(A), n).text() == "rank(A) + 1 <= n"
    assert same(rank(A), rank(A.T)).text() == "rank(A) == rank(A')"
    assert le(norm2(A), 1).text() == str(le(norm2(A), 1)) == "norm2(A) <= 1"
    assert le(Fraction(-1, 2), c).text() == "-1/2 <= c"
    assert le(sympy.Rational(1, 2), c).text() == "1/2 <= c"
    assert le(0, c).latex() == r"0 \le c"
    assert psd(A.T * A).text() == str(psd(A.T * A)) == "psd(A'*A)"
    assert psd(B).latex() == r"B \succeq 0"
    assert as_condition(rank(A) < n).text() == "rank(A) + 1 <= n"
    assert as_condition(sympy.Eq(rank(A), n)).text() == "rank(A) == n"
    assert message(TruthError, lambda: as_condition(rank(A) >= 0)).startswith("a condition was expected")
    assert message(TruthError, lambda: bool(le(c, 1))).startswith("the claim c <= 1 is neither true nor false")
    assert str(forall(lambda k: le(sigma(A, k + 1), sigma(A, k)), (1, rank(A)))) == (
        "for every k with 1 <= k <= rank(A): sigma(A, k + 1) <= sigma(A, k)"
    )
    assert le(c, norm2(B)).at({n: 2}).text() == "c <= norm2(B)"
    assert hash(psd(B)) == hash(psd(B))
    assert psd(B) != eq(B, B)


def test_ranges_and_blocks_inside_ranks() -> None:
    product = prod(W + X, 1, L)

    def resolve(node: Any) -> str:
        return f"P[{nat_text(node.upper)}]"

    assert le(rank(product), rank(W[1])).text(resolve) == "rank(P[L]) <= rank(W[1])"
    assert le(norm2(product), tr(product)).text(resolve) == "norm2(P[L]) <= tr(P[L])"
    assert psd(product).text(resolve) == "psd(P[L])"
    assert expr_text(eye(rank(product)) * scalar(2 * rank(product)), resolve) == "eye(rank(P[L]))*nat(2*rank(P[L]))"
    assert expr_text(sigma(B, rank(product) + 1), resolve) == "sigma(B, rank(P[L]) + 1)"
    assert expr_text(MatrixFamily("Z", (2, 2))[rank(product)], resolve) == "Z[rank(P[L])]"
    assert same(d[rank(product)], 2).text(resolve) == "d[rank(P[L])] == 2"
    conditional = ForAll((), [le(rank(product), D)], same(rank(product), D))
    assert conditional.text(resolve) == "if rank(P[L]) <= D: rank(P[L]) == D"
    assert str(conditional) == ("if rank(prod(W[k] + X[k], k = 1..L)) <= D: rank(prod(W[k] + X[k], k = 1..L)) == D")
    for claim in (le(rank(product), D), conditional, eq(eye(rank(product)), eye(rank(product)))):
        assert message(StatementError, claim.text) == (
            "prod(W[k] + X[k], k = 1..L) has no kernel text of its own: define a family for it first"
        )
    blocks = le(rank(block([[A, A], [B, B]])), n)
    assert blocks.text(None, lambda sizes: ("J", "K")) == "rank(J*A*J' + J*A*K' + K*B*J' + K*B*K') <= n"


# Names -------------------------------------------------------------------------------------------------------------


def test_names_are_those_of_the_kernel() -> None:
    assert set(RESERVED) == KERNEL_RESERVED | set(keyword.kwlist)
    assert message(NamingError, lambda: check_name("lambda")) == "'lambda' is reserved: it is a keyword of Python"
    assert message(NamingError, lambda: matrix("tr", 2, 2)) == "'tr' is reserved: tr(M) is the trace of M"


def test_letters_inside_functions_are_seen() -> None:
    other = matrix("A", n, m)
    clash = "two different things would print as 'A': the matrix A (m x n) and the matrix A (n x m)"
    for build in (
        lambda: le(rank(A), rank(other)),
        lambda: le(norm2(A), norm2(other)),
        lambda: eq(sigma(A, rank(other)), c),
        lambda: check_letters(rank(A) + rank(other)),
        lambda: psd(scalar(rank(A)) * eye(rank(other))),
    ):
        assert message(NamingError, build) == clash
    assert message(NamingError, lambda: le(rank(matrix("n", 2, 2)), n)) == (
        "two different things would print as 'n': the matrix n and the natural n"
    )
    assert eq(eye(rank(A)), eye(rank(A))).free_symbols == {m, n}
    assert psd(tr(B) * eye(rank(A))).atoms(Member) == {A, B}


# The kernel reads the same -----------------------------------------------------------------------------------------


def kernel_scope() -> Context:
    scope = Context()
    for name in ("m", "n"):
        scope.declare_natural(name)
    scope.declare_natural("d", 1)
    for letter in (A, B, N, x, c):
        rows, cols = (scope.nat(nat_text(size)) for size in letter.shape)
        scope.declare(letter.name, Symbol("matrix", 0, rows, cols))
    return scope


SCOPE = kernel_scope()
HEADS = {Inverse: "inv", SpectralNorm: "norm2", SingularValue: "sigma", SquareRoot: "sqrt", Trace: "tr"}


def size(value: Any) -> kernel_naturals.Nat:
    """The kernel's term for a natural, built without any text."""
    out = kernel_naturals.ZERO
    for coefficient, factors in monomials(as_natural(value)):
        term = kernel_naturals.number(coefficient)
        for factor in factors:
            if isinstance(factor, Rank):
                made = kernel_naturals.atom("rank", (meaning(factor.operand),))
            else:
                made = kernel_naturals.atom(factor.name, tuple(map(size, getattr(factor, "indices", ()))))
            term = kernel_naturals.times(term, made)
        out = kernel_naturals.add(out, term)
    return out


def meaning(M: Any) -> words.Matrix:
    """The kernel's term for a tree, built without any text."""
    parts = tuple(meaning(part) if isinstance(part, Matrix) else part for part in M.args)
    match M:
        case Plus():
            return words.add(*parts)
        case Minus():
            return words.minus(*parts)
        case Product():
            return words.times(*parts)
        case Negative():
            return words.negative(*parts)
        case Transpose():
            return words.transpose(*parts)
        case Number():
            return words.scalar(M.value)
        case Identity():
            return words.identity(size(M.rows))
        case Zero():
            return words.zero(size(M.rows), size(M.cols))
        case NaturalScalar():
            return words.apply("nat", (size(M.value),))
        case SingularValue():
            return words.apply("sigma", (parts[0], size(M.number)))
        case Inverse() | SpectralNorm() | SquareRoot() | Trace():
            return words.apply(HEADS[type(M)], parts)
        case Member():
            return SCOPE.member(M.name, ())
    raise AssertionError(M)


def combine(drawn: tuple[str, Matrix, Matrix]) -> Matrix:
    """Combine two matrices, or check that the kernel refuses what the language refuses."""
    sign, left, right = drawn
    try:
        return left + right if sign == "+" else left - right if sign == "-" else left * right
    except ShapeError:
        with pytest.raises(Rejected):
            SCOPE.matrix(f"({expr_text(left)}) {sign} ({expr_text(right)})")
        return left


def function(drawn: tuple[str, Matrix]) -> Matrix:
    """Apply a function that needs a square or 1 x 1 matrix, or check that the kernel refuses it too."""
    head, M = drawn
    try:
        return {"inv": inv, "sqrt": sqrt, "tr": tr}[head](M)
    except ShapeError:
        with pytest.raises(Rejected):
            SCOPE.matrix(f"{head}({expr_text(M)})")
        return norm2(M)


def natural_of(pair: tuple[Any, Matrix]) -> Any:
    return pair[0](rank(pair[1]))


counts = st.sampled_from(
    [lambda r: r, lambda r: r + n, lambda r: 2 * r * r - m, lambda r: d[r - 1] * (r + 1), lambda r: n - r]
)
fractions = st.fractions(-2, 2, max_denominator=3)
terms = st.recursive(
    st.sampled_from([A, B, N, x, x.T, c, x.T * x, Number(2), Number(Fraction(1, 3)), scalar(n - 1), eye(n)]),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from("+-*"), inner, inner).map(combine),
        st.tuples(st.sampled_from(["inv", "sqrt", "tr"]), inner).map(function),
        st.tuples(fractions, inner).map(lambda pair: pair[0] * pair[1]),
        st.tuples(inner, fractions).map(lambda pair: pair[0] * pair[1]),
        st.tuples(counts, inner).map(lambda pair: scalar(natural_of(pair))),
        st.tuples(counts, inner).map(lambda pair: eye(natural_of(pair))),
        st.tuples(inner, counts, inner).map(lambda three: sigma(three[0], natural_of(three[1:]))),
        inner.map(norm2),
        inner.map(normF),
        inner.map(lambda one: -one),
        inner.map(lambda one: one.T),
        inner.map(lambda one: tr(one.T * one)),
    ),
    max_leaves=6,
)


@given(terms)
@settings(max_examples=200, deadline=None)
def test_the_kernel_reads_what_was_written(expression: Matrix) -> None:
    text = expr_text(expression)
    term = SCOPE.matrix(text)
    assert term == meaning(expression)
    assert (term.rows, term.cols) == tuple(SCOPE.nat(nat_text(one)) for one in expression.shape)
    assert str(expression) == text
    latex = expr_latex(expression)
    assert latex.count("{") == latex.count("}")
    assert latex.count(r"\left(") == latex.count(r"\right)")
    assert all(node.func(*node.args) == node for node in sympy.preorder_traversal(expression) if node.args)


@given(counts, counts, terms, terms)
@settings(max_examples=100, deadline=None)
def test_the_kernel_reads_naturals(first: Any, second: Any, one: Matrix, other: Matrix) -> None:
    left, right = first(rank(one)), second(rank(other))
    for kind, claim in (("<=", le(left, right)), ("==", same(left, right))):
        body = SCOPE.read(claim.text()).body
        assert (body.kind, body.sides) == (kind, (size(left), size(right)))


@given(terms, terms)
@settings(max_examples=100, deadline=None)
def test_the_kernel_reads_claims_about_scalars(one: Matrix, other: Matrix) -> None:
    low, high = norm2(one) * c, tr(other.T * other) + sigma(one, 1)
    body = SCOPE.read(le(low, high).text()).body
    assert (body.kind, body.sides) == ("psd", (words.minus(meaning(high), meaning(low)),))
    gram = other.T * other
    body = SCOPE.read(psd(gram).text()).body
    assert (body.kind, body.sides) == ("psd", (meaning(gram),))


def test_the_kernel_reads_quantified_claims() -> None:
    for claim in (
        forall(lambda k: le(sigma(A, k + 1), sigma(A, k)), (1, rank(A))),
        ForAll((), [same(rank(A), n)], psd(A.T * A - Fraction(1, 2) * eye(n))),
        ForAll(natural("r"), [lt(natural("r"), rank(B * N))], le(Fraction(-1, 2), sqrt(tr(B)) * scalar(natural("r")))),
    ):
        assert canonical(claim.text()) == claim.text()
        SCOPE.read(claim.text())
