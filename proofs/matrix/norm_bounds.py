"""The spectral norm: it is the first singular value, at most the Frobenius norm, and obeys the triangle inequality."""

from symlora import by, eq, eye, inv, le, norm2, normF, psd, rank, sigma, theorem, tr, zero

with theorem("matrix/norm-sigma", title="The spectral norm is the first singular value") as t:
    m, n = t.naturals("m n")
    A = t.matrix("A", (m, n))
    t.cite("none", "matrix/rank-zero", A=zero(m, n))
    t.cite("below", "matrix/eckart-young/bound", E=A, N=zero(m, n), k=0)
    svd = t.svd(A)
    t.cite("above", "matrix/eckart-young/attained", E=A, k=0, T=svd.T, G=svd.G)
    t.have("start", eq(A - A * svd.T[0], A), by.algebra("svd-g1"))
    t.cite("same", "axiom/norm-congruence", M=A - A * svd.T[0], N=A)
    t.have("at-most", le(norm2(A), sigma(A, 1)), by.order("above-norm", "same"))
    t.cite("equal", "matrix/order-antisymmetric", a=norm2(A), b=sigma(A, 1))
    t.show(eq(norm2(A), sigma(A, 1)), by.algebra("equal"))

with theorem("matrix/norm-trace", title="tr(A S A') <= |A|^2 tr(S) for a psd S") as t:
    m, n = t.naturals("m n")
    A, S = t.matrix("A", (m, n)), t.matrix("S", (n, n))
    t.given("S", psd(S))
    F = t.cite("root", "axiom/psd-factor", P=S)["F"]
    t.cite("norm", "axiom/norm", M=A)
    nu = norm2(A)
    rest = F * (nu * nu * eye(n) - A.T * A) * F.T
    t.have("psd", psd(rest), by.squares([(F.T, "norm-g2")]))
    t.cite("sign", "axiom/trace", P=rest)
    t.have("inside", eq(A * S * A.T, A * F.T * (F * A.T)), by.algebra("root"))
    t.cite("trace", "axiom/trace-congruence", M=A * S * A.T, N=A * F.T * (F * A.T))
    t.cite("size", "axiom/trace-congruence", M=S, N=F.T * F, facts={"h1": "root"})
    t.show(le(tr(A * S * A.T), nu * nu * tr(S)), by.squares([(eye(1), "sign")], "trace", "size"))

with theorem("matrix/norm-frobenius", title="The spectral norm is at most the Frobenius norm") as t:
    m, n = t.naturals("m n")
    A = t.matrix("A", (m, n))
    t.have("psd", psd(A.T * A), by.squares([A]))
    t.cite("sign", "axiom/trace", P=A.T * A)
    t.cite("root", "axiom/square-root", c=tr(A.T * A))
    t.cite("norm", "matrix/norm-sigma", A=A)

    def no_columns(proof):
        proof.svd(A)
        proof.have("none", eq(sigma(A, 1), 0 * sigma(A, 1)), by.algebra("svd-g5"))
        proof.show(by.order("root-g2", "none", "norm"))

    def some_columns(proof):
        """The first singular vector v has |A v| = sigma, and vv' is a projector."""
        svd = proof.svd(A)
        v = svd.G[0, 1]
        proof.have("unit", eq(v.T * v, eye(1)), by.algebra("svd-g3"))
        proof.have("vector", eq(A.T * A * v, sigma(A, 1) * sigma(A, 1) * v), by.algebra("svd-g9"))
        proof.have("symmetric", eq((v * v.T).T, v * v.T), by.algebra())
        proof.have("idempotent", eq(v * v.T * (v * v.T), v * v.T), by.algebra("unit"))
        proof.cite("part", "matrix/trace-order", P=A.T * A, Q=v * v.T)
        proof.have("squares", le(sigma(A, 1) * sigma(A, 1), normF(A) * normF(A)),
                   by.squares([(eye(1), "part")], "vector", "unit", "root-g1"))  # fmt: skip
        proof.cite("roots", "axiom/order-of-squares", a=normF(A), b=sigma(A, 1))
        proof.show(by.order("roots", "norm"))

    t.cases("bound", le(norm2(A), normF(A)), le(n, 0), left=no_columns, right=some_columns)
    t.show(le(norm2(A), normF(A)), by.order("bound"))

with theorem("matrix/norm-zero", title="Only the zero matrix has norm 0") as t:
    m, n = t.naturals("m n")
    A = t.matrix("A", (m, n))
    t.given("norm", eq(norm2(A), 0))
    t.cite("bound", "axiom/norm", M=A)
    t.have("minus", psd(-(A.T * A)), by.squares([(eye(n), "bound-g2")], "norm"))
    t.have("plus", psd(A.T * A), by.squares([A]))
    t.cite("square", "axiom/antisymmetric", P=A.T * A)
    t.cite("gone", "axiom/definite", F=A)
    t.show(eq(A, zero(m, n)), by.algebra("gone"))

with theorem("matrix/norm-sum", title="The triangle inequality for the spectral norm") as t:
    m, n = t.naturals("m n")
    A, B = t.matrices("A B", (m, n))
    a, b = norm2(A), norm2(B)
    t.cite("A", "axiom/norm", M=A)
    t.cite("B", "axiom/norm", M=B)

    def vanishing(proof, name, X, other):
        """One of the matrices is 0."""
        proof.cite("zero", "matrix/zero-rank", M=norm2(X))
        proof.cite("gone", "matrix/norm-zero", A=X)
        proof.cite("same", "axiom/norm-congruence", M=A + B, N=other)
        proof.show(by.order("same", "zero"))

    def both(proof):
        """Weights b/a and a/b: the cross terms are a square."""
        proof.cite("a", "matrix/scalar-inverse", c=a)
        proof.cite("b", "matrix/scalar-inverse", c=b)
        proof.cite("a-sign", "axiom/multiple", c=a, P=inv(a) * inv(a))
        proof.cite("b-sign", "axiom/multiple", c=b, P=inv(b) * inv(b))
        proof.have("ia", le(0, inv(a)), by.squares([(eye(1), "a-sign")], "a"))
        proof.have("ib", le(0, inv(b)), by.squares([(eye(1), "b-sign")], "b"))
        proof.cite("ba", "axiom/multiple", c=b, P=inv(a))
        proof.cite("ab", "axiom/multiple", c=a, P=inv(b))
        proof.cite("iab", "axiom/multiple", c=inv(a), P=inv(b))
        proof.cite("first", "axiom/multiple", c=b * inv(a), P=a * a * eye(n) - A.T * A)
        proof.cite("second", "axiom/multiple", c=a * inv(b), P=b * b * eye(n) - B.T * B)
        cross = b * A - a * B
        proof.have("cross", psd(cross.T * cross), by.squares([cross]))
        proof.cite("third", "axiom/multiple", c=inv(a) * inv(b), P=cross.T * cross)
        one = eye(n)
        proof.have(
            "squares",
            psd((a + b) * (a + b) * eye(n) - (A + B).T * (A + B)),
            by.squares([(one, "A-g2"), (one, "B-g2"), (one, "first"), (one, "second"), (one, "third")], "a", "b"),
        )
        proof.have("sign", le(0, a + b), by.order("A-g1", "B-g1"))
        proof.cite("least", "axiom/norm-least", M=A + B, t=a + b)
        proof.show(by.order("least"))

    claim = le(norm2(A + B), norm2(A) + norm2(B))

    def first_regular(proof):
        proof.cases("inner", claim, le(rank(b), 0), left=lambda p: vanishing(p, "B", B, A), right=both)
        proof.show(by.order("inner"))

    t.cases("bound", claim, le(rank(a), 0), left=lambda p: vanishing(p, "A", A, B), right=first_regular)
    t.show(claim, by.order("bound"))
