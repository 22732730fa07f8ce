"""The Moore-Penrose inverse is unique: two matrices that satisfy Penrose's four equations are equal."""

from symlora import by, eq, theorem

with theorem(
    "matrix/moore-penrose-unique",
    title="The Moore-Penrose inverse is unique",
    source="R. Penrose, A generalized inverse for matrices, 1955",
) as t:
    m, n = t.naturals("m n")
    A = t.matrix("A", (m, n))
    X, Y = t.matrices("X Y", (n, m))
    for name, Z in (("X", X), ("Y", Y)):
        t.given(f"{name}-1", eq(A * Z * A, A))
        t.given(f"{name}-2", eq(Z * A * Z, Z))
        t.given(f"{name}-3", eq((A * Z).T, A * Z))
        t.given(f"{name}-4", eq((Z * A).T, Z * A))
    t.show(eq(X, Y), by.algebra("X-1", "X-2", "X-3", "X-4", "Y-1", "Y-2", "Y-3", "Y-4"))
