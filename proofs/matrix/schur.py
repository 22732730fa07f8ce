"""The inverse of a block matrix through the Schur complement of its first block."""

from symlora import block, by, eq, inv, nonsingular, theorem

with theorem("matrix/schur-inverse", title="The inverse of a block matrix") as t:
    m, n = t.naturals("m n")
    A, B = t.matrix("A", (m, m)), t.matrix("B", (m, n))
    C, D = t.matrix("C", (n, m)), t.matrix("D", (n, n))
    S = t.define("S", D - C * inv(A) * B)
    t.given("A", nonsingular(A))
    t.given("S", nonsingular(S))

    M = block([[A, B], [C, D]])
    inverse = block(
        [
            [inv(A) + inv(A) * B * inv(S) * C * inv(A), -(inv(A) * B * inv(S))],
            [-(inv(S) * C * inv(A)), inv(S)],
        ]
    )
    whole = t.have("M", nonsingular(M), by.inverse(inverse, "A", "S"))

    t.show("nonsingular", nonsingular(M), whole)
    t.show("inverse", eq(inv(M), inverse), by.algebra("M", "A", "S"))
