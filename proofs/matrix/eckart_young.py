"""Eckart-Young-Mirsky in the spectral norm: best approximations of rank k, for every singular value decomposition."""

from symlora import by, eq, eye, le, norm2, psd, rank, sigma, theorem, zero

with theorem("matrix/eckart-young/bound", title="No matrix of rank k is closer than the singular value k + 1") as t:
    m, n, k = t.naturals("m n k")
    E, N = t.matrices("E N", (m, n))
    t.given("rank", le(rank(N), k))
    svd = t.svd(E)

    def past_the_columns(proof):
        """For k >= n the singular value is 0."""
        proof.cite("norm", "axiom/norm", M=E - N)
        proof.have("none", eq(svd.singular(k + 1), 0), by.algebra("svd-g5"))
        proof.show(by.order("norm-g1", "none"))

    def inside(proof):
        """A unit vector v in the span of the first k + 1 singular vectors has N*v = 0."""
        Y = svd.G[0, k + 1]
        full = proof.cite("full", "axiom/rank", M=N)
        y = proof.cite("vector", "axiom/kernel", M=full["V"] * Y)["y"]
        v = Y * y
        proof.have("killed", eq(N * v, zero(m, 1)), by.algebra("full-g1", "vector-g1"))
        proof.have("orthonormal", eq(Y.T * Y, eye(k + 1)), by.algebra("svd-g3"))
        proof.have("unit", eq(v.T * v, 1), by.algebra("orthonormal", "vector-g2"))
        proof.have("start", eq(svd.T[0], zero(n, n)), by.algebra("svd-g1"))
        proof.have("project", eq(Y * Y.T, svd.T[k + 1]), by.algebra("svd-g2", "start"))
        proof.have("kept", eq(svd.T[k + 1] * v, v), by.algebra("project", "orthonormal"))
        stretch = proof.instance("stretch", "svd-g10", k)
        proof.cite("norm", "axiom/norm", M=E - N)
        low, high = svd.singular(k + 1), norm2(E - N)
        proof.have("squares", le(low * low, high * high),
                   by.squares([(v, stretch), (v, "norm-g2")], "killed", "unit", "kept", "project"))  # fmt: skip
        proof.cite("roots", "axiom/order-of-squares", a=high, b=low)
        proof.show(by.order("roots"))

    bound = t.cases("bound", le(svd.singular(k + 1), norm2(E - N)), le(n, k), left=past_the_columns, right=inside)
    t.show(le(sigma(E, k + 1), norm2(E - N)), bound)

with theorem("matrix/eckart-young/attained", title="The truncation after k singular values attains the bound") as t:
    m, n, k = t.naturals("m n k")
    E = t.matrix("E", (m, n))
    svd = t.for_every_svd(E)
    T, G, top = svd.T, svd.G, svd.singular(k + 1)
    t.have("start", eq(T[0], zero(n, n)), by.algebra("svd.g1"))
    t.have("columns", eq(T[k], G[0, k] * G[0, k].T), by.algebra("svd.g2", "start"))

    t.cite("factor", "matrix/rank-factor", M=E * T[k], U=E * G[0, k], V=G[0, k].T, k=k)
    t.show("rank", le(rank(svd.best(k)), k), by.arithmetic)

    F = E - E * T[k]

    def idempotent(proof):
        proof.have("orthonormal", eq(G[0, k].T * G[0, k], eye(k)), by.algebra("svd.g3"))
        proof.show(by.algebra("columns", "orthonormal"))

    t.cases("idempotent", eq(T[k] * T[k], T[k]), le(k, n), left=idempotent, right=by.algebra("svd.g4"))
    shrink = t.instance("shrink", "svd.g11", k)
    sign = t.instance("sign", "svd.g7", k)
    t.have("squares", psd(top * top * eye(n) - F.T * F),
           by.squares([(eye(n), shrink), top * G[0, k].T], "columns", "idempotent"))  # fmt: skip
    t.cite("least", "axiom/norm-least", M=F, t=top)
    t.show("norm", le(norm2(E - svd.best(k)), top), by.order("least"))

with theorem("matrix/eckart-young/low-rank", title="A matrix of rank at most k is its own truncation") as t:
    m, n, k = t.naturals("m n k")
    E = t.matrix("E", (m, n))
    t.given("rank", le(rank(E), k))
    svd = t.for_every_svd(E)
    top, F = svd.singular(k + 1), E - svd.best(k)

    # The singular value k + 1 is 0: it is at most the distance of E to itself.
    t.cite("bound", "matrix/eckart-young/bound", E=E, N=E, k=k)
    t.cite("nothing", "axiom/norm-least", M=zero(m, n), t=0 * top)
    sign = t.instance("sign", "svd.g7", k)
    t.have("below", le(top, 0), by.order("bound", "nothing"))
    t.cite("none", "matrix/order-antisymmetric", a=top, b=0 * top)

    # So the distance to the truncation has norm 0, and vanishes.
    t.cite("close", "matrix/eckart-young/attained", E=E, k=k, T=svd.T, G=svd.G)
    t.cite("norm", "axiom/norm", M=F)
    t.cite("zero-norm", "matrix/order-antisymmetric", a=norm2(F), b=0 * top)
    t.have("minus", psd(-(F.T * F)), by.squares([(eye(n), "norm-g2")], "zero-norm"))
    t.have("plus", psd(F.T * F), by.squares([F]))
    t.cite("square", "axiom/antisymmetric", P=F.T * F)
    t.cite("gone", "axiom/definite", F=F)
    t.show(eq(svd.best(k), E), by.algebra("gone"))
