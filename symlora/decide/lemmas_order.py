"""Lemmas on semidefinite matrices, traces, norms and singular values that claims need, as a proof script."""

from symlora import (
    by,
    eq,
    eye,
    inv,
    le,
    nonsingular,
    norm2,
    normF,
    psd,
    rank,
    scalar,
    sigma,
    theorem,
    total,
    tr,
    zero,
)  # fmt: skip

with theorem("claims/sigma-transpose-bound", title="A transpose has no larger singular values") as t:
    m, n, k = t.naturals("m n k")
    A = t.matrix("A", (m, n))
    N = t.cite("near", "matrix/best-approximation", A=A, k=k)["N"]
    t.cite("rank", "matrix/rank-transpose", A=N)
    t.cite("bound", "matrix/eckart-young/bound", E=A.T, N=N.T, k=k)
    t.cite("turned", "claims/norm-transpose", A=A - N)
    t.show(le(sigma(A.T, k + 1), sigma(A, k + 1)), by.squares([(eye(1), "bound"), (eye(1), "near-near")], "turned"))

with theorem("claims/sigma-transpose", title="A matrix and its transpose have the same singular values") as t:
    m, n, k = t.naturals("m n k")
    A = t.matrix("A", (m, n))
    t.cite("above", "claims/sigma-transpose-bound", A=A, k=k)
    t.cite("below", "claims/sigma-transpose-bound", A=A.T, k=k)
    t.cite("equal", "matrix/order-antisymmetric", a=sigma(A.T, k + 1), b=sigma(A, k + 1))
    t.show(eq(sigma(A.T, k + 1), sigma(A, k + 1)), by.algebra("equal"))

with theorem("claims/sigma-zero", title="A matrix whose singular value k + 1 is 0 has rank at most k") as t:
    m, n, k = t.naturals("m n k")
    A = t.matrix("A", (m, n))
    t.given("none", le(sigma(A, k + 1), 0))
    N = t.cite("near", "matrix/best-approximation", A=A, k=k)["N"]
    t.cite("norm", "axiom/norm", M=A - N)
    t.have("below", le(norm2(A - N), 0), by.squares([(eye(1), "near-near"), (eye(1), "none")]))
    t.cite("equal", "matrix/order-antisymmetric", a=norm2(A - N), b=zero(1, 1))
    t.have("length", eq(norm2(A - N), 0), by.algebra("equal"))
    t.cite("gone", "matrix/norm-zero", A=A - N, facts={"norm": "length"})
    t.have("same", eq(A, N), by.algebra("gone"))
    t.cite("ranks", "axiom/rank-congruence", M=A, N=N, facts={"h1": "same"})
    t.show(le(rank(A), k), by.arithmetic)

with theorem("claims/trace-product-sign", title="tr(PQ) >= 0 for semidefinite P and Q") as t:
    n = t.natural("n")
    P, Q = t.matrices("P Q", (n, n))
    t.given("P", psd(P))
    t.given("Q", psd(Q))
    F = t.cite("F", "axiom/psd-factor", P=P)["F"]
    t.have("inside", psd(F * Q * F.T), by.squares([(F.T, "Q")]))
    t.cite("sign", "axiom/trace", P=F * Q * F.T)
    t.have("product", eq(P * Q, F.T * F * Q), by.algebra("F"))
    t.cite("trace", "axiom/trace-congruence", M=P * Q, N=F.T * F * Q)
    t.show(le(0, tr(P * Q)), by.squares([(eye(1), "sign")], "trace"))

with theorem("claims/trace-product", title="tr(PQ) <= tr(P) tr(Q) for semidefinite P and Q") as t:
    n = t.natural("n")
    P, Q = t.matrices("P Q", (n, n))
    t.given("P", psd(P))
    t.given("Q", psd(Q))
    G = t.cite("G", "axiom/psd-factor", P=Q)["F"]
    g = norm2(G)
    t.cite("weighted", "matrix/norm-trace", A=G, S=P)
    t.cite("frobenius", "claims/frobenius", M=G)
    t.cite("norm", "axiom/norm", M=G)
    t.cite("below", "matrix/norm-frobenius", A=G)
    t.cite("one", "axiom/multiple", c=g, P=normF(G) - g)
    t.cite("two", "axiom/multiple", c=normF(G), P=normF(G) - g)
    t.have("square", le(g * g, tr(G.T * G)), by.squares([(eye(1), "one"), (eye(1), "two")], "frobenius-square"))
    t.cite("P-sign", "axiom/trace", P=P)
    t.cite("scaled", "axiom/multiple", c=tr(P), P=tr(G.T * G) - g * g)
    t.have("product", eq(P * Q, P * G.T * G), by.algebra("G"))
    t.cite("trace", "axiom/trace-congruence", M=P * Q, N=P * G.T * G)
    t.cite("size", "axiom/trace-congruence", M=Q, N=G.T * G, facts={"h1": "G"})
    t.show(le(tr(P * Q), tr(P) * tr(Q)),
           by.squares([(eye(1), "weighted"), (eye(1), "scaled")], "trace", "size"))  # fmt: skip

with theorem("claims/psd-schwarz", title="Cauchy and Schwarz for the form of a semidefinite matrix") as t:
    n, k = t.naturals("n k")
    P, X, Y = t.matrix("P", (n, n)), t.matrix("X", (n, k)), t.matrix("Y", (n, k))
    t.given("P", psd(P))
    F = t.cite("F", "axiom/psd-factor", P=P)["F"]
    t.cite("schwarz", "claims/cauchy-schwarz", A=F * X, B=F * Y)
    names = []
    for name, A, B in (("xy", X, Y), ("xx", X, X), ("yy", Y, Y)):
        t.have(f"{name}-inside", eq(A.T * P * B, A.T * F.T * F * B), by.algebra("F"))
        t.cite(name, "axiom/trace-congruence", M=A.T * P * B, N=A.T * F.T * F * B)
    t.have("square", eq(tr(X.T * P * Y) * tr(X.T * P * Y), tr(X.T * F.T * F * Y) * tr(X.T * F.T * F * Y)),
           by.algebra("xy"))  # fmt: skip
    t.have("sizes", eq(tr(X.T * P * X) * tr(Y.T * P * Y), tr(X.T * F.T * F * X) * tr(Y.T * F.T * F * Y)),
           by.algebra("xx", "yy"))  # fmt: skip
    t.show(le(tr(X.T * P * Y) * tr(X.T * P * Y), tr(X.T * P * X) * tr(Y.T * P * Y)),
           by.squares([(eye(1), "schwarz")], "square", "sizes"))  # fmt: skip

with theorem("claims/definite-sum", title="A semidefinite matrix plus a definite one is nonsingular") as t:
    n = t.natural("n")
    A, B = t.matrices("A B", (n, n))
    t.given("A", psd(A))
    t.given("B", psd(B))
    t.given("regular", nonsingular(B))
    F = t.cite("F", "axiom/psd-factor", P=A)["F"]
    G = t.cite("G", "axiom/psd-factor", P=B)["F"]
    t.have("right", eq(inv(B) * G.T * G, eye(n)), by.algebra("G", "regular"))
    J, K = t.inclusions(n, n)
    H = J * F + K * G
    t.have("cut", eq(inv(B) * G.T * K.T * H * eye(n), eye(n)), by.algebra("right", "J-K.g2", "J-K.g3"))
    t.cite("rank", "matrix/rank-at-least", M=H, X=inv(B) * G.T * K.T, Y=eye(n))
    t.cite("gram", "matrix/rank-gram", A=H)
    t.have("sum", eq(A + B, H.T * H), by.algebra("F", "G", "J-K.g1", "J-K.g2", "J-K.g3"))
    t.cite("same", "axiom/rank-congruence", M=A + B, N=H.T * H)
    full = t.cite("full", "matrix/full-rank", M=A + B)
    t.show(nonsingular(A + B), full)

with theorem("claims/psd-norm-trace", title="|A| <= tr(A) for a semidefinite A") as t:
    n = t.natural("n")
    A = t.matrix("A", (n, n))
    t.given("A", psd(A))
    F = t.cite("F", "axiom/psd-factor", P=A)["F"]
    f = norm2(F)
    t.cite("frobenius", "claims/frobenius", M=F)
    t.cite("norm", "axiom/norm", M=F)
    t.cite("below", "matrix/norm-frobenius", A=F)
    t.cite("one", "axiom/multiple", c=f, P=normF(F) - f)
    t.cite("two", "axiom/multiple", c=normF(F), P=normF(F) - f)
    t.cite("gram", "claims/norm-gram", A=F)
    t.cite("norms", "axiom/norm-congruence", M=A, N=F.T * F, facts={"h1": "F"})
    t.cite("traces", "axiom/trace-congruence", M=A, N=F.T * F, facts={"h1": "F"})
    t.show(le(norm2(A), tr(A)),
           by.squares([(eye(1), "one"), (eye(1), "two")], "frobenius-square", "gram", "norms", "traces"))  # fmt: skip

with theorem("claims/frobenius-rank", title="tr(A'A) <= rank(A) |A|^2") as t:
    m, n = t.naturals("m n")
    A = t.matrix("A", (m, n))
    s = norm2(A)
    P = t.cite("P", "matrix/moore-penrose", A=A)["P"]
    Q = P * A
    t.cite("norm", "axiom/norm", M=A)
    t.have("idempotent", eq(Q * Q, Q), by.algebra("P-outer"))
    t.cite("size", "matrix/idempotent-trace", A=Q)
    t.cite("low", "matrix/rank-product", A=P, B=A)
    t.cite("natural", "axiom/natural-scalar", n=rank(A) - rank(Q))
    t.have("inside", psd(Q.T * (s * s * eye(n) - A.T * A) * Q), by.squares([(Q, "norm-g2")]))
    t.cite("sign", "axiom/trace", P=Q.T * (s * s * eye(n) - A.T * A) * Q)
    t.have("whole", eq(Q.T * A.T * A * Q, A.T * A), by.algebra("P-inner"))
    t.cite("whole-trace", "axiom/trace-congruence", M=Q.T * A.T * A * Q, N=A.T * A)
    t.have("small", eq(Q.T * Q, Q), by.algebra("P-right", "idempotent"))
    t.cite("small-trace", "axiom/trace-congruence", M=Q.T * Q, N=Q)
    t.cite("square", "axiom/multiple", c=s, P=s)
    t.cite("scaled", "axiom/multiple", c=s * s, P=scalar(rank(A)) - scalar(rank(Q)))
    t.show(le(tr(A.T * A), scalar(rank(A)) * norm2(A) * norm2(A)),
           by.squares([(eye(1), "sign"), (eye(1), "scaled")], "whole-trace", "small-trace", "size"))  # fmt: skip

with theorem("claims/norm-identity", title="The norm of an identity of size at least 1") as t:
    n = t.natural("n")
    t.given("size", le(1, n))
    y = t.cite("y", "axiom/kernel", M=zero(0, n))["y"]
    t.cite("norm", "axiom/norm", M=eye(n))
    s, one = norm2(eye(n)), eye(1)
    t.have("squares", le(one * one, s * s), by.squares([(y, "norm-g2")], "y-g2"))
    t.cite("below", "axiom/order-of-squares", a=s, b=one)
    t.have("sign", psd(one), by.squares([one]))
    t.cite("above", "axiom/norm-least", M=eye(n), t=one)
    t.cite("equal", "matrix/order-antisymmetric", a=s, b=one)
    t.show(eq(norm2(eye(n)), 1), by.algebra("equal"))

with theorem("claims/inverse-sign", title="The inverse of a positive scalar is positive") as t:
    c = t.matrix("c", (1, 1))
    t.given("sign", le(0, c))
    t.given("regular", nonsingular(c))
    t.cite("square", "axiom/multiple", c=c, P=inv(c) * inv(c))
    t.show(le(0, inv(c)), by.squares([(eye(1), "square")], "regular"))

with theorem("claims/norm-multiple", title="|c M| = c |M| for c >= 0") as t:
    m, n = t.naturals("m n")
    c, M = t.matrix("c", (1, 1)), t.matrix("M", (m, n))
    t.given("sign", le(0, c))
    s, h = norm2(M), norm2(c * M)
    t.cite("M", "axiom/norm", M=M)
    t.cite("cM", "axiom/norm", M=c * M)
    t.cite("positive", "axiom/multiple", c=c, P=s)
    t.have("squares", psd(c * s * (c * s) * eye(n) - (c * M).T * (c * M)), by.squares([(c * eye(n), "M-g2")]))
    t.cite("above", "axiom/norm-least", M=c * M, t=c * s, facts={"h2": "squares"})
    claim = le(c * s, h)

    def vanishing(proof):
        proof.cite("zero", "matrix/zero-rank", M=c)
        proof.show(by.squares([(eye(1), "cM-g1")], "zero"))

    def regular(proof):
        proof.cite("c", "matrix/scalar-inverse", c=c)
        proof.cite("square", "axiom/multiple", c=c, P=inv(c) * inv(c))
        proof.have("ic", le(0, inv(c)), by.squares([(eye(1), "square")], "c"))
        proof.cite("product", "axiom/multiple", c=inv(c), P=h)
        proof.have("back", psd(inv(c) * h * (inv(c) * h) * eye(n) - M.T * M),
                   by.squares([(inv(c) * eye(n), "cM-g2")], "c"))  # fmt: skip
        proof.cite("least", "axiom/norm-least", M=M, t=inv(c) * h, facts={"h2": "back"})
        proof.cite("scaled", "axiom/multiple", c=c, P=inv(c) * h - s)
        proof.show(by.squares([(eye(1), "scaled")], "c"))

    t.cases("below", claim, le(rank(c), 0), left=vanishing, right=regular)
    t.cite("equal", "matrix/order-antisymmetric", a=h, b=c * s)
    t.show(eq(norm2(c * M), c * norm2(M)), by.algebra("equal"))

with theorem("claims/norm-column", title="The spectral norm of a column is its length") as t:
    n = t.natural("n")
    x = t.matrix("x", (n, 1))
    t.cite("norm", "axiom/norm", M=x)
    t.cite("length", "claims/frobenius", M=x)
    t.cite("above", "matrix/norm-frobenius", A=x)
    f, s = normF(x), norm2(x)
    t.have("squares", le(f * f, s * s), by.squares([(eye(1), "norm-g2")], "length-square"))
    t.cite("below", "axiom/order-of-squares", a=s, b=f)
    t.cite("equal", "matrix/order-antisymmetric", a=s, b=f)
    t.show(eq(norm2(x), normF(x)), by.algebra("equal"))

with theorem("claims/norm-rank-one", title="|x y'| = |x| |y| for columns") as t:
    m, n = t.naturals("m n")
    x, y = t.matrix("x", (m, 1)), t.matrix("y", (n, 1))
    M = x * y.T
    a, b, s = norm2(x), norm2(y), norm2(M)
    t.cite("x", "claims/norm-column", x=x)
    t.cite("y", "claims/norm-column", x=y)
    t.cite("x-length", "claims/frobenius", M=x)
    t.cite("y-length", "claims/frobenius", M=y)
    t.cite("M", "axiom/norm", M=M)
    t.cite("product", "matrix/norm-product", A=x, B=y.T)
    t.cite("turned", "claims/norm-transpose", A=y)
    claim = le(x.T * x * (y.T * y), s * s)

    def vanishing(proof):
        proof.cite("none", "matrix/zero-rank", M=y.T * y)
        proof.have("square", le(0, s * s), by.squares([s]))
        proof.show(by.squares([(eye(1), "square")], "none"))

    def regular(proof):
        proof.cite("c", "matrix/scalar-inverse", c=y.T * y)
        i = inv(y.T * y)
        proof.have("sign", le(0, y.T * y), by.squares([y]))
        proof.cite("square", "axiom/multiple", c=y.T * y, P=i * i)
        proof.have("i", le(0, i), by.squares([(eye(1), "square")], "c"))
        proof.have("at", le(y.T * y * (x.T * x) * (y.T * y), s * s * (y.T * y)), by.squares([(y, "M-g2")]))
        proof.cite("divided", "axiom/multiple", c=i, P=s * s * (y.T * y) - y.T * y * (x.T * x) * (y.T * y))
        proof.show(by.squares([(eye(1), "divided")], "c"))

    t.cases("squares", claim, le(rank(y.T * y), 0), left=vanishing, right=regular)
    f = normF(x) * normF(y)
    t.have("lengths", le(f * f, s * s), by.squares([(eye(1), "squares")], "x-length-square", "y-length-square"))
    t.cite("below", "axiom/order-of-squares", a=s, b=f)
    t.have("above", le(s, f), by.squares([(eye(1), "product")], "x", "y", "turned"))
    t.cite("equal", "matrix/order-antisymmetric", a=s, b=f)
    t.show(eq(norm2(x * y.T), norm2(x) * norm2(y)), by.algebra("equal", "x", "y"))

with theorem("claims/frobenius-sigma", title="tr(A'A) is the sum of the squares of the singular values") as t:
    m, n = t.naturals("m n")
    A = t.matrix("A", (m, n))
    q = t.define("q", lambda a: total(lambda i: sigma(A, i) * sigma(A, i), 1, a))
    svd = t.svd(A)
    t.cite("all", "matrix/singular-squares", E=A, k=n, T=svd.T, G=svd.G)
    t.have("whole", eq(A.T * A * svd.T[n], A.T * A), by.algebra("svd-g4"))
    t.cite("trace", "axiom/trace-congruence", M=A.T * A * svd.T[n], N=A.T * A)
    t.show(eq(tr(A.T * A), q[n]), by.algebra("all", "trace"))

with theorem("claims/trace-positive", title="The trace of a definite matrix is not 0") as t:
    n = t.natural("n")
    P = t.matrix("P", (n, n))
    t.given("P", psd(P))
    t.given("regular", nonsingular(P))
    t.given("size", le(1, n))
    t.cite("full", "matrix/rank-identity", A=P)

    def nothing(proof):
        proof.cite("none", "matrix/zero-rank", M=tr(P))
        proof.cite("gone", "claims/psd-trace-zero", P=P)
        proof.cite("same", "axiom/rank-congruence", M=P, N=zero(n, n), facts={"h1": "gone"})
        proof.cite("zero", "matrix/rank-zero", A=zero(n, n))
        proof.show(by.arithmetic)

    t.cases("rank", le(1, rank(tr(P))), le(rank(tr(P)), 0), left=nothing, right=by.arithmetic)
    full = t.cite("whole", "matrix/full-rank", M=tr(P), facts={"rank": "rank"})
    t.show(nonsingular(tr(P)), full)
