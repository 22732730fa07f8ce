"""Lemmas that claims need and the theorem library lacks, as a proof script."""

from fractions import Fraction

from symlora import block, by, eq, eye, inv, le, nonsingular, norm2, normF, psd, rank, same, sqrt, theorem, tr, zero

with theorem("claims/scalar-multiple-sign", title="c >= 0 and d >= 0 give cd >= 0") as t:
    c, d = t.matrices("c d", (1, 1))
    t.given("c", le(0, c))
    t.given("d", le(0, d))
    t.cite("product", "axiom/multiple", c=c, P=d)
    t.show(le(0, c * d), by.squares([(eye(1), "product")]))

with theorem("claims/square-sign", title="tr(M'M) >= 0") as t:
    m, n = t.naturals("m n")
    M = t.matrix("M", (m, n))
    t.have("psd", psd(M.T * M), by.squares([M]))
    t.cite("sign", "axiom/trace", P=M.T * M)
    t.show(le(0, tr(M.T * M)), by.squares([(eye(1), "sign")]))

with theorem("claims/frobenius", title="The Frobenius norm is >= 0, and its square is tr(M'M)") as t:
    m, n = t.naturals("m n")
    M = t.matrix("M", (m, n))
    t.cite("positive", "claims/square-sign", M=M)
    t.cite("root", "axiom/square-root", c=tr(M.T * M))
    t.show("square", eq(normF(M) * normF(M), tr(M.T * M)), by.algebra("root-g1"))
    t.show("sign", le(0, normF(M)), by.squares([(eye(1), "root-g2")]))

with theorem("claims/cauchy-schwarz", title="tr(A'B)^2 <= tr(A'A) tr(B'B)") as t:
    m, n = t.naturals("m n")
    A, B = t.matrices("A B", (m, n))
    a, b, s = tr(A.T * A), tr(B.T * B), tr(A.T * B)
    t.cite("a-sign", "claims/square-sign", M=A)
    t.cite("b-sign", "claims/square-sign", M=B)
    claim = le(s * s, a * b)

    def vanishing(proof):
        """B has length 0: then s must be 0, for otherwise A - (a + 1)/(2s) B would have a negative square."""
        proof.cite("b-zero", "matrix/zero-rank", M=b)

        def orthogonal(inner):
            inner.cite("s-zero", "matrix/zero-rank", M=s)
            inner.show(by.order("s-zero", "b-zero"))

        def skewed(inner):
            inner.cite("s", "matrix/scalar-inverse", c=s)
            q = 2 * A - (a + 1) * inv(s) * B
            inner.cite("square", "claims/square-sign", M=q)
            inner.have("less", le(tr(q.T * q), -4), by.squares([], "s", "b-zero"))
            inner.have("absurd", psd(-4 * eye(1)), by.squares([(eye(1), "square"), (eye(1), "less")]))
            inner.show(by.absurd("absurd"))

        proof.cases("inner", claim, le(rank(s), 0), left=orthogonal, right=skewed)
        proof.show(by.order("inner"))

    def regular(proof):
        """b > 0: the square of bA - sB is b (ab - s^2)."""
        proof.cite("b", "matrix/scalar-inverse", c=b)
        q = b * A - s * B
        proof.cite("square", "claims/square-sign", M=q)
        proof.cite("ib-sign", "axiom/multiple", c=b, P=inv(b) * inv(b))
        proof.have("ib", le(0, inv(b)), by.squares([(eye(1), "ib-sign")], "b"))
        proof.cite("divided", "axiom/multiple", c=inv(b), P=tr(q.T * q))
        proof.show(by.squares([(eye(1), "divided")], "b"))

    t.cases("bound", claim, le(rank(b), 0), left=vanishing, right=regular)
    t.show(claim, by.order("bound"))

with theorem("claims/frobenius-inner", title="tr(A'B) <= |A| |B| in the Frobenius norm") as t:
    m, n = t.naturals("m n")
    A, B = t.matrices("A B", (m, n))
    f, g, s = normF(A), normF(B), tr(A.T * B)
    t.cite("A", "claims/frobenius", M=A)
    t.cite("B", "claims/frobenius", M=B)
    t.cite("both", "axiom/multiple", c=f, P=g)
    t.cite("schwarz", "claims/cauchy-schwarz", A=A, B=B)
    t.have("squares", le(s * s, f * g * (f * g)), by.squares([(eye(1), "schwarz")], "A-square", "B-square"))
    t.cite("bound", "axiom/order-of-squares", a=f * g, b=s)
    t.show(le(s, f * g), by.order("bound"))

with theorem("claims/frobenius-sum", title="The triangle inequality for the Frobenius norm") as t:
    m, n = t.naturals("m n")
    A, B = t.matrices("A B", (m, n))
    f, g, h = normF(A), normF(B), normF(A + B)
    t.cite("A", "claims/frobenius", M=A)
    t.cite("B", "claims/frobenius", M=B)
    t.cite("sum", "claims/frobenius", M=A + B)
    t.cite("inner", "claims/frobenius-inner", A=A, B=B)
    t.have("sign", le(0, f + g), by.squares([(eye(1), "A-sign"), (eye(1), "B-sign")]))
    t.have("squares", le(h * h, (f + g) * (f + g)),
           by.squares([(eye(1), "inner"), (eye(1), "inner")], "A-square", "B-square", "sum-square"))  # fmt: skip
    t.cite("bound", "axiom/order-of-squares", a=f + g, b=h)
    t.show(le(h, f + g), by.order("bound"))

with theorem("claims/norm-transpose-bound", title="A transpose has no larger spectral norm") as t:
    m, n = t.naturals("m n")
    A = t.matrix("A", (m, n))
    s = norm2(A)
    t.cite("A", "axiom/norm", M=A)
    claim = psd(s * s * eye(m) - A * A.T)

    def vanishing(proof):
        proof.cite("zero", "matrix/zero-rank", M=s)
        proof.cite("gone", "matrix/norm-zero", A=A)
        proof.show(by.squares([s * eye(m)], "gone"))

    def regular(proof):
        proof.cite("s", "matrix/scalar-inverse", c=s)
        proof.show(by.squares([(inv(s) * A.T, "A-g2"), inv(s) * (s * s * eye(m) - A * A.T)], "s"))

    t.cases("squares", claim, le(rank(s), 0), left=vanishing, right=regular)
    t.cite("least", "axiom/norm-least", M=A.T, t=s, facts={"h2": "squares"})
    t.show(le(norm2(A.T), norm2(A)), by.order("least"))

with theorem("claims/norm-transpose", title="A matrix and its transpose have one spectral norm") as t:
    m, n = t.naturals("m n")
    A = t.matrix("A", (m, n))
    t.cite("above", "claims/norm-transpose-bound", A=A)
    t.cite("below", "claims/norm-transpose-bound", A=A.T)
    t.cite("equal", "matrix/order-antisymmetric", a=norm2(A.T), b=norm2(A))
    t.show(eq(norm2(A.T), norm2(A)), by.algebra("equal"))

with theorem("claims/frobenius-product", title="|AB| <= |A|_2 |B| in the Frobenius norm") as t:
    m, n, p = t.naturals("m n p")
    A, B = t.matrix("A", (m, n)), t.matrix("B", (n, p))
    s, g, h = norm2(A), normF(B), normF(A * B)
    t.cite("A", "axiom/norm", M=A)
    t.cite("B", "claims/frobenius", M=B)
    t.cite("AB", "claims/frobenius", M=A * B)
    rest = B.T * (s * s * eye(n) - A.T * A) * B
    t.have("psd", psd(rest), by.squares([(B, "A-g2")]))
    t.cite("trace", "axiom/trace", P=rest)
    t.cite("both", "axiom/multiple", c=s, P=g)
    t.have("squares", le(h * h, s * g * (s * g)), by.squares([(eye(1), "trace")], "B-square", "AB-square"))
    t.cite("bound", "axiom/order-of-squares", a=s * g, b=h)
    t.show(le(h, s * g), by.order("bound"))

with theorem("claims/frobenius-transpose", title="A matrix and its transpose have one Frobenius norm") as t:
    m, n = t.naturals("m n")
    A = t.matrix("A", (m, n))
    t.cite("A", "claims/frobenius", M=A)
    t.cite("At", "claims/frobenius", M=A.T)
    t.have("one", le(normF(A.T) * normF(A.T), normF(A) * normF(A)), by.squares([], "A-square", "At-square"))
    t.have("two", le(normF(A) * normF(A), normF(A.T) * normF(A.T)), by.squares([], "A-square", "At-square"))
    t.cite("above", "axiom/order-of-squares", a=normF(A), b=normF(A.T))
    t.cite("below", "axiom/order-of-squares", a=normF(A.T), b=normF(A))
    t.cite("equal", "matrix/order-antisymmetric", a=normF(A.T), b=normF(A))
    t.show(eq(normF(A.T), normF(A)), by.algebra("equal"))

with theorem("claims/frobenius-product-right", title="|AB| <= |A| |B|_2 in the Frobenius norm") as t:
    m, n, p = t.naturals("m n p")
    A, B = t.matrix("A", (m, n)), t.matrix("B", (n, p))
    t.cite("turned", "claims/frobenius-product", A=B.T, B=A.T)
    t.cite("AB", "claims/frobenius-transpose", A=A * B)
    t.cite("A", "claims/frobenius-transpose", A=A)
    t.cite("B", "claims/norm-transpose", A=B)
    t.show(le(normF(A * B), normF(A) * norm2(B)), by.squares([(eye(1), "turned")], "AB", "A", "B"))

with theorem("claims/frobenius-submultiplicative", title="The Frobenius norm is submultiplicative") as t:
    m, n, p = t.naturals("m n p")
    A, B = t.matrix("A", (m, n)), t.matrix("B", (n, p))
    t.cite("product", "claims/frobenius-product", A=A, B=B)
    t.cite("A", "matrix/norm-frobenius", A=A)
    t.cite("B", "claims/frobenius", M=B)
    t.cite("both", "axiom/multiple", c=normF(B), P=normF(A) - norm2(A))
    t.show(le(normF(A * B), normF(A) * normF(B)), by.squares([(eye(1), "product"), (eye(1), "both")]))

with theorem("claims/rank-diagonal", title="The rank of a block diagonal matrix") as t:
    m, n, p, q = t.naturals("m n p q")
    A, B = t.matrix("A", (m, n)), t.matrix("B", (p, q))
    M = block([[A, zero(m, q)], [zero(p, n), B]])
    rows, columns = t.inclusions(m, p), t.inclusions(n, q)
    a, b = t.cite("a", "axiom/rank", M=A), t.cite("b", "axiom/rank", M=B)
    t.have("size", same(rank(A) + rank(B), rank(A) + rank(B)), by.arithmetic)
    both = t.cite("both", "axiom/split", n=rank(A) + rank(B), p=rank(A), s=rank(B))
    J, K = both["J"], both["K"]
    splits = [f"both-g{k}" for k in (1, 2, 3, 4)]
    left = rows[0] * a["U"] * J.T + rows[1] * b["U"] * K.T
    right = J * a["V"] * columns[0].T + K * b["V"] * columns[1].T
    t.have("factors", eq(M, left * right), by.algebra("a-g1", "b-g1", *splits))
    t.cite("above", "matrix/rank-factor", M=M, U=left, V=right)
    cut_left = J * a["X"] * rows[0].T + K * b["X"] * rows[1].T
    cut_right = columns[0] * a["Y"] * J.T + columns[1] * b["Y"] * K.T
    t.have("cut", eq(cut_left * M * cut_right, eye(rank(A) + rank(B))), by.algebra("a-g2", "b-g2", *splits))
    t.cite("below", "matrix/rank-at-least", M=M, X=cut_left, Y=cut_right)
    t.show(same(rank(M), rank(A) + rank(B)), by.arithmetic)

with theorem("claims/frobenius-zero", title="tr(A'A) = 0 only for A = 0") as t:
    m, n = t.naturals("m n")
    A = t.matrix("A", (m, n))
    t.given("length", eq(tr(A.T * A), 0))
    t.cite("root", "claims/frobenius", M=A)
    t.cite("below", "matrix/norm-frobenius", A=A)
    t.cite("norm", "axiom/norm", M=A)
    t.have("square", le(normF(A) * normF(A), zero(1, 1) * zero(1, 1)), by.squares([], "root-square", "length"))
    t.have("nothing", psd(zero(1, 1)), by.squares([]))
    t.cite("bound", "axiom/order-of-squares", a=zero(1, 1), b=normF(A))
    t.have("above", le(norm2(A), 0), by.squares([(eye(1), "below"), (eye(1), "bound")]))
    t.cite("equal", "matrix/order-antisymmetric", a=norm2(A), b=zero(1, 1))
    t.cite("gone", "matrix/norm-zero", A=A)
    t.show(eq(A, zero(m, n)), by.algebra("gone"))

with theorem("claims/psd-trace-zero", title="A semidefinite matrix of trace 0 is 0") as t:
    n = t.natural("n")
    P = t.matrix("P", (n, n))
    t.given("P", psd(P))
    t.given("trace", eq(tr(P), 0))
    F = t.cite("F", "axiom/psd-factor", P=P)["F"]
    t.cite("same", "axiom/trace-congruence", M=P, N=F.T * F)
    t.have("length", eq(tr(F.T * F), 0), by.algebra("same", "trace"))
    t.cite("gone", "claims/frobenius-zero", A=F)
    t.show(eq(P, zero(n, n)), by.algebra("F", "gone"))

with theorem("claims/norm-gram", title="|A'A| = |A|^2 in the spectral norm") as t:
    m, n = t.naturals("m n")
    A = t.matrix("A", (m, n))
    G = A.T * A
    s, a = norm2(G), norm2(A)
    t.cite("G", "axiom/norm", M=G)
    t.cite("A", "axiom/norm", M=A)
    claim = psd(s * eye(n) - G)

    def vanishing(proof):
        proof.cite("zero", "matrix/zero-rank", M=s)
        proof.cite("gone", "matrix/norm-zero", A=G)
        proof.show(by.squares([], "gone", "zero"))

    def regular(proof):
        proof.cite("s", "matrix/scalar-inverse", c=s)
        proof.cite("is-sign", "axiom/multiple", c=s, P=inv(s) * inv(s))
        proof.have("is", le(0, inv(s)), by.squares([(eye(1), "is-sign")], "s"))
        q = s * eye(n) - G
        proof.have("both", psd(q.T * q + s * s * eye(n) - G.T * G), by.squares([q, (eye(n), "G-g2")]))
        proof.cite("scaled", "axiom/multiple", c=inv(s), P=q.T * q + s * s * eye(n) - G.T * G)
        proof.have("twice", psd(2 * (s * eye(n) - G)), by.squares([(eye(n), "scaled")], "s"))
        halves = [Fraction(1, 2) * eye(1), Fraction(1, 2) * eye(1)]
        proof.have("half", psd(Fraction(1, 2) * eye(1)), by.squares(halves))
        proof.cite("once", "axiom/multiple", c=Fraction(1, 2) * eye(1), P=2 * (s * eye(n) - G))
        proof.show(by.squares([(eye(n), "once")]))

    t.cases("order", claim, le(rank(s), 0), left=vanishing, right=regular)
    t.cite("root", "axiom/square-root", c=s)
    t.have("squares", psd(sqrt(s) * sqrt(s) * eye(n) - A.T * A), by.squares([(eye(n), "order")], "root-g1"))
    t.cite("least", "axiom/norm-least", M=A, t=sqrt(s), facts={"h2": "squares"})
    t.cite("one", "axiom/multiple", c=a, P=sqrt(s) - a)
    t.cite("two", "axiom/multiple", c=sqrt(s), P=sqrt(s) - a)
    t.have("below", le(a * a, s), by.squares([(eye(1), "one"), (eye(1), "two")], "root-g1"))
    t.cite("product", "matrix/norm-product", A=A.T, B=A)
    t.cite("transpose", "claims/norm-transpose", A=A)
    t.have("above", le(s, a * a), by.squares([(eye(1), "product")], "transpose"))
    t.cite("equal", "matrix/order-antisymmetric", a=s, b=a * a)
    t.show(eq(norm2(A.T * A), norm2(A) * norm2(A)), by.algebra("equal"))

with theorem("claims/positive", title="What is at least a positive scalar is not 0") as t:
    p, r = t.matrices("p r", (1, 1))
    t.given("sign", le(0, p))
    t.given("regular", nonsingular(p))
    t.given("above", le(p, r))

    def nothing(proof):
        proof.cite("zero", "matrix/zero-rank", M=r)
        proof.have("below", le(p, 0), by.squares([(eye(1), "above")], "zero"))
        proof.cite("equal", "matrix/order-antisymmetric", a=p, b=zero(1, 1))
        proof.have("absurd", eq(1, 0), by.algebra("regular", "equal"))
        proof.show(by.absurd("absurd"))

    t.cases("rank", le(1, rank(r)), le(rank(r), 0), left=nothing, right=by.arithmetic)
    full = t.cite("full", "matrix/full-rank", M=r, facts={"rank": "rank"})
    t.show(nonsingular(r), full)

with theorem("claims/norm-trace-inner", title="tr(A S A') <= |S| tr(A A') for a psd S") as t:
    m, n = t.naturals("m n")
    A, S = t.matrix("A", (m, n)), t.matrix("S", (n, n))
    t.given("S", psd(S))
    F = t.cite("root", "axiom/psd-factor", P=S)["F"]
    f = norm2(F)
    t.cite("F", "axiom/norm", M=F)
    t.cite("gram", "claims/norm-gram", A=F)
    t.cite("same", "axiom/norm-congruence", M=S, N=F.T * F)
    t.have("order", psd(norm2(S) * eye(n) - S), by.squares([(eye(n), "F-g2")], "same", "gram", "root"))
    t.have("inside", psd(A * (norm2(S) * eye(n) - S) * A.T), by.squares([(A.T, "order")]))
    t.cite("sign", "axiom/trace", P=A * (norm2(S) * eye(n) - S) * A.T)
    t.show(le(tr(A * S * A.T), norm2(S) * tr(A * A.T)), by.squares([(eye(1), "sign")]))
