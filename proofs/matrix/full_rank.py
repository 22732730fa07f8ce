"""Rank 0, full rank, and what a vector that is sent to 0 costs."""

from symlora import by, eq, eye, inv, le, nonsingular, rank, theorem, zero

with theorem("matrix/zero-rank", title="A matrix of rank 0 is 0") as t:
    m, n = t.naturals("m n")
    M = t.matrix("M", (m, n))
    t.given("rank", le(rank(M), 0))
    full = t.cite("full", "axiom/rank", M=M)
    t.cite("empty", "axiom/empty", M=full["V"])
    t.show(eq(M, zero(m, n)), by.algebra("full-g1", "empty"))

with theorem("matrix/full-rank", title="A square matrix of full rank is nonsingular") as t:
    n = t.natural("n")
    M = t.matrix("M", (n, n))
    t.given("rank", le(n, rank(M)))
    full = t.cite("full", "axiom/rank", M=M)
    t.cite("size", "matrix/rank-size", A=M)
    # A square isometry J from size rank(M) to size n, which are equal.
    cast = t.cite("cast", "axiom/split", n=n, p=rank(M), s=0)
    J, K = cast["J"], cast["K"]
    t.cite("nothing", "axiom/empty", M=K.T)
    t.have("onto", eq(J * J.T, eye(n)), by.algebra("cast-g4", "nothing"))
    A, B = J * full["X"], full["Y"] * J.T
    t.have("identity", eq(A * (M * B), eye(n)), by.algebra("full-g2", "onto"))
    t.cite("left", "axiom/nonsingular", M=A, N=M * B)
    t.show(nonsingular(M), by.inverse(B * A, "left-g1", "identity"))

with theorem("matrix/rank-drop", title="A matrix that sends a nonzero vector to 0 has rank at most n - 1") as t:
    m, n = t.naturals("m n")
    M = t.matrix("M", (m, n))
    x, f = t.matrix("x", (n, 1)), t.matrix("f", (1, n))
    t.given("killed", eq(M * x, zero(m, 1)))
    t.given("nonzero", eq(f * x, 1))
    t.cite("sylvester", "matrix/rank-sylvester", A=M, B=x)
    t.cite("zero", "matrix/rank-zero", A=zero(m, 1))
    t.cite("equal", "axiom/rank-congruence", M=M * x, N=zero(m, 1))
    t.cite("one", "matrix/rank-at-least", M=x, X=f, Y=eye(1))
    t.show(le(rank(M) + 1, n), by.arithmetic)

with theorem("matrix/scalar-inverse", title="A scalar of rank at least 1 has an inverse") as t:
    c = t.matrix("c", (1, 1))
    t.given("rank", le(1, rank(c)))
    t.cite("full", "matrix/full-rank", M=c)
    t.show(eq(c * inv(c), 1), by.algebra("full"))

with theorem("matrix/rank-one", title="A column times a row has rank at most 1") as t:
    m, n = t.naturals("m n")
    u, v = t.matrix("u", (m, 1)), t.matrix("v", (1, n))
    t.cite("factor", "matrix/rank-factor", M=u * v, U=u, V=v)
    t.show(le(rank(u * v), 1), by.arithmetic)

with theorem(
    "matrix/kernel-vector", title="k + 1 orthonormal columns contain a unit vector that a matrix of rank k sends to 0"
) as t:
    m, n, k = t.naturals("m n k")
    M, Y = t.matrix("M", (m, n)), t.matrix("Y", (n, k + 1))
    t.given("rank", le(rank(M), k))
    t.given("orthonormal", eq(Y.T * Y, eye(k + 1)))
    full = t.cite("full", "axiom/rank", M=M)
    y = t.cite("y", "axiom/kernel", M=full["V"] * Y)["y"]
    v = t.exists("v", Y * y)
    t.show("killed", eq(M * v, zero(m, 1)), by.algebra("full-g1", "y-g1"))
    t.show("unit", eq(v.T * v, 1), by.algebra("orthonormal", "y-g2"))
    t.show("in-span", eq(Y * Y.T * v, v), by.algebra("orthonormal"))
