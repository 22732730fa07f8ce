"""Hua's identity: a product a*b*a written with sums, differences and inverses alone."""

from symlora import by, eq, inv, nonsingular, theorem

with theorem("matrix/hua", title="Hua's identity", source="L. K. Hua, 1949; here for square matrices") as t:
    n = t.natural("n")
    A, B = t.matrices("A B", (n, n))
    t.given("A", nonsingular(A))
    t.given("B", nonsingular(B))
    t.given("C", nonsingular(inv(B) - A))
    t.given("D", nonsingular(inv(A) + inv(inv(B) - A)))
    t.show(eq(A - inv(inv(A) + inv(inv(B) - A)), A * B * A), by.algebra("A", "B", "C", "D"))
