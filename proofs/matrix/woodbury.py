"""The push-through identity, and the Woodbury formula for the inverse of a matrix after a low-rank change."""

from symlora import by, eq, eye, inv, nonsingular, theorem

with theorem("matrix/push-through", title="The push-through identity") as t:
    m, n = t.naturals("m n")
    U, V = t.matrix("U", (m, n)), t.matrix("V", (n, m))
    t.given("right", nonsingular(eye(n) + V * U))

    # The same matrices in the other order are nonsingular too: here is the inverse.
    candidate = eye(m) - U * inv(eye(n) + V * U) * V
    left = t.have("left", nonsingular(eye(m) + U * V), by.inverse(candidate, "right"))

    t.show("nonsingular", nonsingular(eye(m) + U * V), left)
    t.show("identity", eq(inv(eye(m) + U * V) * U, U * inv(eye(n) + V * U)), by.algebra("left", "right"))

with theorem("matrix/woodbury", title="The Woodbury formula") as t:
    n, k = t.naturals("n k")
    A, C = t.matrix("A", (n, n)), t.matrix("C", (k, k))
    U, V = t.matrix("U", (n, k)), t.matrix("V", (k, n))
    t.given("A", nonsingular(A))
    t.given("C", nonsingular(C))
    t.given("K", nonsingular(inv(C) + V * inv(A) * U))

    candidate = inv(A) - inv(A) * U * inv(inv(C) + V * inv(A) * U) * V * inv(A)
    changed = t.have("changed", nonsingular(A + U * C * V), by.inverse(candidate, "A", "C", "K"))

    t.show("nonsingular", nonsingular(A + U * C * V), changed)
    t.show("formula", eq(inv(A + U * C * V), candidate), by.algebra("changed", "A", "C", "K"))
