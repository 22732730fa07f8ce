"""Lemma MF: with nonsingular layers, adapters of ranks r[l] reach M exactly when rank(M - P) <= r[1] + ... + r[L].

No condition on partial sums is needed: the part of the change that is still to be made is peeled off rank by rank.
"""

from symlora import by, eq, eye, inv, le, nonsingular, prod, rank, same, theorem

with theorem(
    "linear/multi-factor",
    title="Lemma MF: nonsingular layers reach every target within the sum of the ranks",
    source="with nonsingular layers and no condition on partial sums; cf. Zeng & Lee 2024, Lemma 1 (own statement)",
) as t:
    D, L = t.naturals("D L")
    r, s = t.natural_family("r"), t.natural_family("s")
    W, M = t.family("W", (D, D), over=(1, L)), t.matrix("M", (D, D))
    P, S = t.define("P", lambda l: prod(W, 1, l)), t.define("S", lambda l: prod(W, l + 1, L))
    t.given("layers", lambda l: nonsingular(W[l]), (1, L))
    t.given("sum-start", same(s[0], 0))
    t.given("sum-step", lambda l: same(s[l], s[l - 1] + r[l]), (1, L))
    t.given("rank", le(rank(M - P[L]), s[L]))

    t.cite("suffixes", "linear/suffixes", W=W, D=D, L=L)
    t.induction("frozen", lambda l: eq(S[l] * P[l], P[L]), (0, L), down=True, base=by.unfold, step=by.unfold)
    t.have("whole", eq(S[0], P[L]), by.algebra("frozen"))
    t.induction("growing", lambda l: le(s[l], s[L]), (0, L), down=True, base=by.arithmetic, step=by.rank("sum-step"))

    def one_layer(proof, l, Z, X):
        """Layer l + 1 takes its share r[l+1] of what Z[l], still to be made, differs from the frozen suffix S[l]."""
        before, layer = inv(S[l + 1]), W[l + 1]
        proof.have("suffix", nonsingular(S[l + 1]), by.algebra("suffixes"))
        proof.have("layer", nonsingular(layer), by.algebra("layers"))
        proof.have("unfold", eq(S[l], S[l + 1] * layer), by.unfold)
        Y = before * Z[l] * inv(layer)
        proof.have(
            "distance", eq(Y - eye(D), before * (Z[l] - S[l]) * inv(layer)), by.algebra("suffix", "layer", "unfold")
        )
        proof.cite("same", "axiom/rank-congruence", M=Y - eye(D), N=before * (Z[l] - S[l]) * inv(layer))
        proof.cite("middle", "matrix/rank-middle", A=before, B=Z[l] - S[l], C=inv(layer))
        proof.instance("ladder", "sum-step", l + 1)
        proof.instance("room", "growing", l + 1)
        parts = proof.cite("parts", "matrix/split-change", Y=Y, k=s[L] - s[l + 1], b=r[l + 1])
        left, right = parts["Left"], parts["Right"]
        proof.cite("rest", "matrix/rank-middle", A=S[l + 1], B=left - eye(D), C=eye(D))
        proof.cite("adapter", "matrix/rank-middle", A=eye(D), B=right - eye(D), C=layer)
        values = {"Z": S[l + 1] * left, "X": (right - eye(D)) * layer}
        return values, {
            "close": by.arithmetic,
            "link": by.algebra("parts-factors", "suffix", "layer"),
            "ranks": by.arithmetic,
        }

    Z, X = t.choose(
        "Z X",
        (0, L),
        shape=(D, D),
        start={"Z": M},
        invariants={"close": lambda l, Z, X: le(rank(Z[l] - S[l]) + s[l], s[L])},
        relations={
            "link": lambda l, Z, X: eq(Z[l], Z[l + 1] * (W[l + 1] + X[l + 1])),
            "ranks": lambda l, Z, X: le(rank(X[l + 1]), r[l + 1]),
        },
        base={"close": by.rank("whole", "rank", "sum-start")},
        step=one_layer,
    )
    A = t.define("A", lambda l: prod(W + X, 1, l))
    t.cite("done", "matrix/zero-rank", M=Z[L] - S[L])
    t.induction("made", lambda l: eq(Z[l] * A[l], M), (0, L), base=by.algebra("Z.start"), step=by.algebra("link"))
    adapters, product = t.exists_family("dW", X), t.exists_family("B", A)
    t.show("ranks-hold", lambda l: le(rank(adapters[l]), r[l]), (1, L), by.rank("ranks"))
    t.show("product-start", eq(product[0], eye(D)), by.unfold)
    t.show("product-step", lambda l: eq(product[l], (W[l] + adapters[l]) * product[l - 1]), (1, L), by.unfold)
    t.show("reached", eq(product[L], M), by.algebra("made", "done"))
