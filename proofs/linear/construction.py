"""The construction: adapters that lead a product of L layers to the target, piece by piece."""

from symlora import by, eq, eye, inv, nonsingular, prod, theorem, total

with theorem("linear/suffixes", title="Suffixes of nonsingular layers are nonsingular") as t:
    D, L = t.naturals("D L")
    W = t.family("W", (D, D), over=(1, L))
    S = t.define("S", lambda l: prod(W, l + 1, L))
    t.given("layers", lambda l: nonsingular(W[l]), (2, L))
    suffixes = t.induction("suffixes", lambda l: nonsingular(S[l]), (1, L), down=True,
                           base=by.unfold, step=by.algebra("layers"))  # fmt: skip
    t.show(lambda l: nonsingular(S[l]), (1, L), suffixes)

with theorem(
    "linear/construction",
    title="Adapters for any pieces of the target's distance",
    source="the construction of Lemma 1 with pieces E[l] (reconstructed from Zeng & Lee 2024, section 2)",
) as t:
    D, L = t.naturals("D L")
    W = t.family("W", (D, D), over=(1, L))
    E = t.family("E", (D, D), over=(1, L))

    S = t.define("S", lambda l: prod(W, l + 1, L))  # the layers after layer l
    P = t.define("P", lambda l: prod(W, 1, l))  # the layers up to l
    goal = t.define("G", lambda l: P[L] + total(E, 1, l))  # the frozen product plus the first l pieces

    # Layer 1 may be singular, and so may the last sum G[L], the target itself.
    t.given("suffixes", lambda l: nonsingular(S[l]), (1, L))
    t.given("partial", lambda l: nonsingular(goal[l]), (1, L - 1))

    # The adapter of layer l moves the product by the piece E[l]; A[l] are the adapted layers up to l.
    dW, A = t.recursion(
        "dW A",
        start={"A": eye(D)},
        step=lambda l, dW, A: {
            "dW": inv(S[l]) * E[l] * inv(A[l - 1]),
            "A": (W[l] + dW[l]) * A[l - 1],
        },
        shape=(D, D),
    )

    frozen = t.induction("frozen", lambda l: eq(S[l] * P[l], P[L]), (0, L), down=True, base=by.unfold, step=by.unfold)

    def one_more_layer(proof, l):
        """From S[l]*A[l] = G[l] to the same at l + 1, which needs the inverse of A[l]."""
        proof.cases(
            "earlier",
            nonsingular(A[l]),
            l <= 0,
            left=lambda first: (
                first.have("start", eq(A[l], A[0]), by.index()),
                first.show(by.inverse(eye(D), "start")),
            ),
            right=lambda later: later.show(by.inverse(inv(goal[l]) * S[l], "partial", "suffixes")),
        )
        proof.show(by.algebra("earlier", "suffixes"))

    chain = t.induction("chain", lambda l: eq(S[l] * A[l], goal[l]), (0, L),
                        base=by.algebra(frozen), step=one_more_layer)  # fmt: skip

    # A[L] is the product of all adapted layers.
    t.show("partial-sums", lambda l: eq(S[l] * A[l], goal[l]), (0, L), chain)
    t.show("reached", eq(prod(W + dW, 1, L), prod(W, 1, L) + total(E, 1, L)), by.algebra(chain))

with theorem(
    "linear/exact",
    title="Pieces that add up to the distance lead to the target",
    source="the form (v) of Lemma 1, without ranks (reconstructed from Zeng & Lee 2024, section 2)",
) as t:
    D, L = t.naturals("D L")
    W = t.family("W", (D, D), over=(1, L))
    E = t.family("E", (D, D), over=(1, L))
    T = t.matrix("T", (D, D))
    P = t.define("P", lambda l: prod(W, 1, l))
    t.given("layers", lambda l: nonsingular(W[l]), (2, L))
    t.given("partial", lambda l: nonsingular(P[L] + total(E, 1, l)), (1, L - 1))
    t.given("distance", eq(T - P[L], total(E, 1, L)))

    t.cite("suffixes", "linear/suffixes", W=W, D=D, L=L)
    adapted = t.cite("construction", "linear/construction", W=W, E=E, D=D, L=L)
    t.show("exact", eq(prod(W + adapted["dW"], 1, L), T), by.algebra("construction-reached", "distance"))
