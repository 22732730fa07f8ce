"""The change of a product as a telescoping sum: one term for every factor that changes."""

from symlora import by, eq, prod, theorem, total

with theorem(
    "linear/change-of-product",
    title="The change of a product is a telescoping sum",
    source="the form with suffixes S[l] and adapted prefixes A[l] (reconstructed from Zeng & Lee 2024, section 2)",
) as t:
    # L layers of any widths: W[l] maps width d[l-1] to width d[l], and X[l] is its change.
    L = t.natural("L")
    d = t.natural_family("d")
    W = t.family("W", lambda l: (d[l], d[l - 1]), over=(1, L))
    X = t.family("X", lambda l: (d[l], d[l - 1]), over=(1, L))

    S = t.define("S", lambda l: prod(W, l + 1, L))  # the layers after layer l, frozen
    P = t.define("P", lambda l: prod(W, 1, l))  # the layers up to l, frozen
    A = t.define("A", lambda l: prod(W + X, 1, l))  # the layers up to l, changed
    terms = t.define("T", lambda l: total(lambda k: S[k] * X[k] * A[k - 1], 1, l))

    # Both ends of the frozen product: S[l]*P[l] is the same matrix for every l.
    frozen = t.induction("frozen", lambda l: eq(S[l] * P[l], P[L]), (0, L), down=True, base=by.unfold, step=by.unfold)

    # S[l]*A[l] is the product with the first l layers changed; each further layer adds its term.
    chain = t.induction("chain", lambda l: eq(S[l] * A[l], P[L] + terms[l]), (0, L),
                        base=by.algebra(frozen), step=by.unfold)  # fmt: skip

    t.show("partial", lambda l: eq(S[l] * A[l], P[L] + terms[l]), (0, L), chain)
    t.show("change", eq(prod(W + X, 1, L) - prod(W, 1, L), total(lambda l: S[l] * X[l] * A[l - 1], 1, L)),
           by.algebra(chain))  # fmt: skip
