"""Ranges: products that keep the rank, solvable linear systems, generalized inverses."""

from symlora import by, eq, eye, le, nonsingular, rank, theorem, tr, zero

with theorem("matrix/rank-range", title="A product M C with the rank of M has the range of M") as t:
    m, q, n = t.naturals("m q n")
    M, C = t.matrix("M", (m, q)), t.matrix("C", (q, n))
    t.given("rank", le(rank(M), rank(M * C)))
    full, part = t.cite("full", "axiom/rank", M=M), t.cite("part", "axiom/rank", M=M * C)
    t.cite("size", "matrix/rank-product", A=M, B=C)
    # A square isometry J between the two ranks, which are equal.
    cast = t.cite("cast", "axiom/split", n=rank(M), p=rank(M * C), s=0)
    J, K = cast["J"], cast["K"]
    t.cite("nothing", "axiom/empty", M=K.T)
    t.have("onto", eq(J * J.T, eye(rank(M))), by.algebra("cast-g4", "nothing"))
    left, right = J * part["X"] * full["U"], full["V"] * C * part["Y"] * J.T
    t.have("one", eq(left * right, eye(rank(M))), by.algebra("full-g1", "part-g2", "onto"))
    t.cite("regular", "axiom/nonsingular", M=left, N=right)
    t.have("turned", eq(right * left, eye(rank(M))), by.algebra("one", "regular-g1"))
    W = t.exists("W", part["Y"] * J.T * J * part["X"] * M)
    t.show(eq(M, M * C * W), by.algebra("full-g1", "turned"))

with theorem(
    "matrix/solvable",
    title="A X = B has a solution where [A, B], written with coordinate inclusions, has no larger rank than A",
    source="Rouche and Capelli",
) as t:
    m, n, p, q = t.naturals("m n p q")
    A, B = t.matrix("A", (m, n)), t.matrix("B", (m, p))
    J, K = t.matrix("J", (q, n)), t.matrix("K", (q, p))
    t.given("J", eq(J.T * J, eye(n)))
    t.given("K", eq(K.T * K, eye(p)))
    t.given("JK", eq(J.T * K, zero(n, p)))
    M = A * J.T + B * K.T
    t.given("rank", le(rank(M), rank(A)))
    t.have("first", eq(A, M * J), by.algebra("J", "JK"))
    t.have("second", eq(B, M * K), by.algebra("K", "JK"))
    t.cite("same", "axiom/rank-congruence", M=A, N=M * J, facts={"h1": "first"})
    W = t.cite("through", "matrix/rank-range", M=M, C=J)["W"]
    X = t.exists("X", W * K)
    t.show(eq(A * X, B), by.algebra("first", "second", "through"))

with theorem("matrix/solvable-left", title="X A = B has a solution where [A; B] has no larger rank than A") as t:
    m, n, p, q = t.naturals("m n p q")
    A, B = t.matrix("A", (m, n)), t.matrix("B", (p, n))
    J, K = t.matrix("J", (q, m)), t.matrix("K", (q, p))
    t.given("J", eq(J.T * J, eye(m)))
    t.given("K", eq(K.T * K, eye(p)))
    t.given("JK", eq(J.T * K, zero(m, p)))
    M = J * A + K * B
    t.given("rank", le(rank(M), rank(A)))
    t.cite("whole", "matrix/rank-transpose", A=M)
    t.cite("part", "matrix/rank-transpose", A=A)
    X = t.cite("through", "matrix/solvable", A=A.T, B=B.T, J=J, K=K)["X"]
    Y = t.exists("Y", X.T)
    t.show(eq(Y * A, B), by.algebra("through"))

with theorem("matrix/rank-factorization", title="A matrix of rank at most r is a product through size r") as t:
    m, n, r = t.naturals("m n r")
    A = t.matrix("A", (m, n))
    t.given("rank", le(rank(A), r))
    full = t.cite("full", "axiom/rank", M=A)
    wide = t.cite("wide", "axiom/split", n=r, p=rank(A), s=r - rank(A))
    F, G = t.exists("F", full["U"] * wide["J"].T), t.exists("G", wide["J"] * full["V"])
    t.show(eq(A, F * G), by.algebra("full-g1", "wide-g1"))

with theorem("matrix/null-vector", title="A matrix of rank below its number of columns sends a unit vector to 0") as t:
    m, n = t.naturals("m n")
    A = t.matrix("A", (m, n))
    t.given("rank", le(rank(A) + 1, n))
    full = t.cite("full", "axiom/rank", M=A)
    y = t.cite("y", "axiom/kernel", M=full["V"])["y"]
    x = t.exists("x", 1 * y)
    t.show("killed", eq(A * x, zero(m, 1)), by.algebra("full-g1", "y-g1"))
    t.show("unit", eq(x.T * x, 1), by.algebra("y-g2"))

with theorem("matrix/nonzero-rank", title="A matrix that is not 0 has rank at least 1") as t:
    m, n = t.naturals("m n")
    A = t.matrix("A", (m, n))
    t.given("length", nonsingular(tr(A.T * A)))

    def nothing(proof):
        proof.cite("gone", "matrix/zero-rank", M=A)
        proof.have("square", eq(A.T * A, zero(n, n)), by.algebra("gone"))
        proof.cite("trace", "axiom/trace-congruence", M=A.T * A, N=zero(n, n))
        proof.have("absurd", eq(1, 0), by.algebra("length", "trace"))
        proof.show(by.absurd("absurd"))

    t.cases("rank", le(1, rank(A)), le(rank(A), 0), left=nothing, right=by.arithmetic)
    t.show(le(1, rank(A)), by.arithmetic)
