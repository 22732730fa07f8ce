"""Inverses of products, transposes and inverses; uniqueness of the inverse."""

from symlora import by, eq, eye, inv, nonsingular, theorem

with theorem("matrix/inverse-unique", title="A matrix has at most one inverse") as t:
    n = t.natural("n")
    A, X, Y = t.matrices("A X Y", (n, n))
    t.given("left", eq(X * A, eye(n)))
    t.given("right", eq(A * Y, eye(n)))
    t.show(eq(X, Y), by.algebra("left", "right"))

with theorem("matrix/inverse-one-sided", title="A square matrix with a one-sided inverse has a two-sided one") as t:
    n = t.natural("n")
    A, X = t.matrices("A X", (n, n))
    t.given("right", eq(A * X, eye(n)))
    t.have("A", nonsingular(A), by.inverse(X, "right"))
    t.show("inverse", eq(inv(A), X), by.algebra("A", "right"))
    t.show("left", eq(X * A, eye(n)), by.algebra("A", "right"))

with theorem("matrix/inverse-product", title="The inverse of a product") as t:
    n = t.natural("n")
    A, B = t.matrices("A B", (n, n))
    t.given("A", nonsingular(A))
    t.given("B", nonsingular(B))
    product = t.have("AB", nonsingular(A * B), by.inverse(inv(B) * inv(A), "A", "B"))
    t.show("nonsingular", nonsingular(A * B), product)
    t.show("inverse", eq(inv(A * B), inv(B) * inv(A)), by.algebra("A", "B", "AB"))

with theorem("matrix/inverse-transpose", title="The inverse of a transpose") as t:
    n = t.natural("n")
    A = t.matrix("A", (n, n))
    t.given("A", nonsingular(A))
    transposed = t.have("At", nonsingular(A.T), by.inverse(inv(A).T, "A"))
    t.show("nonsingular", nonsingular(A.T), transposed)
    t.show("inverse", eq(inv(A.T), inv(A).T), by.algebra("A", "At"))
