"""What an exact adaptation says about the target: its distance is a sum of one term for every layer."""

from symlora import by, eq, prod, theorem, total

with theorem(
    "linear/converse",
    title="An exact adaptation writes the distance as one term for every layer",
    source="the algebra in the form (iv) of Lemma 1 (reconstructed from Zeng & Lee 2024, section 2)",
) as t:
    # No layer has to be nonsingular, and the widths are arbitrary.
    L = t.natural("L")
    d = t.natural_family("d")
    W = t.family("W", lambda l: (d[l], d[l - 1]), over=(1, L))
    X = t.family("X", lambda l: (d[l], d[l - 1]), over=(1, L))
    T = t.matrix("T", (d[L], d[0]))
    S = t.define("S", lambda l: prod(W, l + 1, L))
    A = t.define("A", lambda l: prod(W + X, 1, l))
    P = t.define("P", lambda l: prod(W, 1, l))
    terms = t.define("E", lambda l: total(lambda k: S[k] * X[k] * A[k - 1], 1, l))
    t.given("exact", eq(prod(W + X, 1, L), T))

    t.cite("change", "linear/change-of-product", W=W, X=X, L=L, d=d)
    t.show(eq(T - P[L], terms[L]), by.algebra("change-change", "exact"))
