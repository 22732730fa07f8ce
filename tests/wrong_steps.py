"""Wrong steps whose counterexamples lie beyond sizes up to 2 and entries 0, 1, -1."""

from symlora import by, eq, eye, le, nonsingular, norm2, psd, rank, theorem, tr, zero

with theorem("wrong/nilpotent") as t:
    n = t.natural("n")
    A = t.matrix("A", (n, n))
    t.given("nilpotent", eq(A * A * A, zero(n, n)))
    t.show("claim", eq(A * A, zero(n, n)), by.algebra("nilpotent"))

with theorem("wrong/rank-two") as t:
    n = t.natural("n")
    A = t.matrix("A", (n, n))
    t.show("claim", le(rank(A), 2), by.rank())

with theorem("wrong/skew-square") as t:
    n = t.natural("n")
    A, B = t.matrices("A B", (n, n))
    t.given("skew", eq(A.T, -A))
    t.show("claim", eq(A * A * B, B * A * A), by.algebra("skew"))

with theorem("wrong/hall") as t:
    n = t.natural("n")
    A, B, C = t.matrices("A B C", (n, n))
    K = A * B - B * A
    t.show("claim", eq(K * K * C, C * K * K), by.algebra())

with theorem("wrong/traces") as t:
    n = t.natural("n")
    A = t.matrix("A", (n, n))
    t.given("first", eq(tr(A), 0))
    t.given("second", eq(tr(A * A), 0))
    t.show("claim", eq(A * A, zero(n, n)), by.algebra("first", "second"))

with theorem("wrong/sylvester") as t:
    n = t.natural("n")
    A, B = t.matrices("A B", (n, n))
    t.show("claim", le(rank(A) + rank(B), rank(A * B) + 2), by.rank())

with theorem("wrong/square-zero") as t:
    n = t.natural("n")
    A = t.matrix("A", (n, n))
    t.given("square", eq(A * A, zero(n, n)))
    t.show("claim", le(rank(A), 1), by.rank("square"))

with theorem("wrong/cube") as t:
    a = t.matrix("a", (1, 1))
    t.show("claim", eq(a * a * a, a), by.algebra())

with theorem("wrong/between") as t:
    a = t.matrix("a", (1, 1))
    t.given("low", le(0 * a, a))
    t.given("high", le(a, 1 + 0 * a))
    t.show("claim", eq(a * a, a), by.algebra("low"))

with theorem("wrong/quarter") as t:
    a = t.matrix("a", (1, 1))
    t.given("square", eq(4 * a * a, 1))
    t.show("claim", eq(2 * a, 1), by.algebra("square"))

with theorem("wrong/ratio") as t:
    a, b = t.matrices("a b", (1, 1))
    t.given("ratio", eq(3 * a, 2 * b))
    t.show("claim", eq(a, 0), by.algebra("ratio"))

with theorem("wrong/projections") as t:
    n = t.natural("n")
    P, Q = t.matrices("P Q", (n, n))
    for X, name in ((P, "P"), (Q, "Q")):
        t.given(f"{name}-symmetric", eq(X.T, X))
        t.given(f"{name}-idempotent", eq(X * X, X))
    t.show("claim", eq(P * Q, Q * P), by.algebra("P-symmetric", "P-idempotent", "Q-symmetric", "Q-idempotent"))

with theorem("wrong/density") as t:
    n = t.natural("n")
    A = t.matrix("A", (n, n))
    t.given("positive", psd(A))
    t.given("trace", eq(tr(A), 1))
    t.show("claim", eq(A * A, A), by.algebra("trace"))

with theorem("wrong/orthogonal") as t:
    n = t.natural("n")
    Q = t.matrix("Q", (n, n))
    t.given("orthogonal", eq(Q.T * Q, eye(n)))
    # True for signed permutations of up to three places, whose orders divide 12.
    power = Q * Q * Q * Q * Q * Q * Q * Q * Q * Q * Q * Q
    t.show("claim", eq(power, eye(n)), by.algebra("orthogonal"))

with theorem("wrong/singular-values") as t:
    n = t.natural("n")
    E = t.matrix("E", (n, n))
    t.given("regular", nonsingular(E))
    t.given("two", le(2, n))
    svd = t.for_every_svd(E)
    t.show("claim", eq(norm2(E - svd.best(1)), norm2(E)), by.algebra("regular"))
