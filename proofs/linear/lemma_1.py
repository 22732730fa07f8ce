"""Lemma 1: what adapters of rank R can do to a product of L square layers."""

from symlora import by, eq, le, nonsingular, norm2, prod, rank, same, sigma, theorem, total, when, zero

with theorem(
    "linear/rank-of-change",
    title="The rank of the change of a product is at most the sum of the ranks",
    source="the counting half of Lemma 1 (reconstructed from Zeng & Lee 2024, section 2)",
) as t:
    # L layers of any widths; the change of layer l has rank at most r[l], and s[l] - s[0] = r[1] + ... + r[l].
    L = t.natural("L")
    d, r, s = t.natural_family("d"), t.natural_family("r"), t.natural_family("s")
    W = t.family("W", lambda l: (d[l], d[l - 1]), over=(1, L))
    X = t.family("X", lambda l: (d[l], d[l - 1]), over=(1, L))
    t.given("ranks", lambda l: le(rank(X[l]), r[l]), (1, L))
    t.given("sum-step", lambda l: same(s[l], s[l - 1] + r[l]), (1, L))

    P, A = t.define("P", lambda l: prod(W, 1, l)), t.define("A", lambda l: prod(W + X, 1, l))
    S = t.define("S", lambda l: prod(W, l + 1, L))
    terms = t.define("T", lambda l: total(lambda k: S[k] * X[k] * A[k - 1], 1, l))
    t.cite("sum", "linear/change-of-product", W=W, X=X, L=L, d=d)

    def first(proof):
        proof.cite("zero", "matrix/rank-zero", A=zero(d[L], d[0]))
        proof.show(by.rank("T.start"))

    counted = t.induction("counted", lambda l: le(rank(terms[l]), s[l]), (0, L),
                          base=first, step=by.rank("ranks", "sum-step"))  # fmt: skip
    t.show(le(rank(prod(W + X, 1, L) - prod(W, 1, L)), s[L]), by.rank(counted, "sum-change"))

with theorem(
    "linear/lemma-1/bound",
    title="No adapters of ranks r[l] come closer than the singular value r[1] + ... + r[L] + 1",
    source="the lower bound of Lemma 1 (reconstructed from Zeng & Lee 2024, section 2)",
) as t:
    # No layer has to be nonsingular, and no condition links the ranks to the width.
    D, L = t.naturals("D L")
    r, s = t.natural_family("r"), t.natural_family("s")
    W, X = t.family("W", (D, D), over=(1, L)), t.family("X", (D, D), over=(1, L))
    Wbar = t.matrix("Wbar", (D, D))
    P, A = t.define("P", lambda l: prod(W, 1, l)), t.define("A", lambda l: prod(W + X, 1, l))
    E = t.define("E", Wbar - P[L])
    t.given("ranks", lambda l: le(rank(X[l]), r[l]), (1, L))
    t.given("sum-step", lambda l: same(s[l], s[l - 1] + r[l]), (1, L))

    t.cite("change", "linear/rank-of-change", W=W, X=X, L=L, r=r, s=s, d=lambda l: D)
    t.cite("eckart-young", "matrix/eckart-young/bound", E=E, N=A[L] - P[L], k=s[L])
    t.cite("norms", "axiom/norm-congruence", M=E - (A[L] - P[L]), N=Wbar - A[L])
    t.cite("sign", "matrix/norm-negative", A=Wbar - A[L])
    t.show(le(sigma(E, s[L] + 1), norm2(prod(W + X, 1, L) - Wbar)), by.order("eckart-young", "norms", "sign"))

with theorem(
    "linear/lemma-1/sharp",
    title="Adapters of ranks r[l] that attain the bound",
    source="the construction of Lemma 1 with what its proof uses (reconstructed from Zeng & Lee 2024, section 2)",
) as t:
    D, L = t.naturals("D L")
    r, s = t.natural_family("r"), t.natural_family("s")
    W, Wbar = t.family("W", (D, D), over=(1, L)), t.matrix("Wbar", (D, D))
    P, S = t.define("P", lambda l: prod(W, 1, l)), t.define("S", lambda l: prod(W, l + 1, L))
    E = t.define("E", Wbar - P[L])
    svd = t.for_every_svd(E)
    T, G = svd.T, svd.G
    t.given("sum-start", same(s[0], 0))
    t.given("sum-step", lambda l: same(s[l], s[l - 1] + r[l]), (1, L))
    t.given("layers", lambda l: nonsingular(W[l]), (2, L))
    t.given("partial", lambda l: nonsingular(P[L] + svd.best(s[l])), (1, L - 1))

    # Layer l takes the singular directions s[l-1]+1, ..., s[l]; the pieces up to l add up to the truncation.
    piece = t.define("piece", lambda l: svd.best(s[l]) - svd.best(s[l - 1]))
    sums = t.define("Z", lambda l: total(piece, 1, l))
    t.have("origin", eq(T[s[0]], T[0]), by.index("sum-start"))
    summed = t.induction("summed", lambda l: eq(sums[l], svd.best(s[l])), (0, L),
                         base=by.algebra("origin", "svd.g1"), step=by.unfold)  # fmt: skip
    t.have("partial-sums", lambda l: nonsingular(P[L] + sums[l]), (1, L - 1), by.algebra("partial", summed))
    t.cite("suffixes", "linear/suffixes", W=W, D=D, L=L)
    adapted = t.cite("adapted", "linear/construction", W=W, E=piece, D=D, L=L)
    dW, A = adapted["dW"], adapted["A"]

    t.show("product", eq(prod(W + dW, 1, L), P[L] + svd.best(s[L])), by.algebra("adapted-reached", summed))

    def one_rank(proof, l):
        """The piece of layer l factors through r[l] singular vectors."""
        proof.have("next", eq(T[s[l]], T[s[l - 1] + r[l]]), by.index("sum-step"))
        columns = G[s[l - 1], r[l]]
        proof.have("factors", eq(piece[l], E * columns * columns.T), by.algebra("next", "svd.g2"))
        proof.cite("narrow", "matrix/rank-factor", M=piece[l], U=E * columns, V=columns.T, k=r[l])
        proof.show(by.rank("narrow"))

    t.show("ranks", lambda l: le(rank(dW[l]), r[l]), (1, L), one_rank)

    t.cite("truncation", "matrix/eckart-young/attained", E=E, k=s[L], T=T, G=G)
    t.have("rest", eq(E - svd.best(s[L]), Wbar - A[L]), by.algebra("E.def", "product"))
    t.cite("norms", "axiom/norm-congruence", M=E - svd.best(s[L]), N=Wbar - A[L])
    t.cite("sign", "matrix/norm-negative", A=Wbar - A[L])
    t.show("attained", le(norm2(prod(W + dW, 1, L) - Wbar), sigma(E, s[L] + 1)),
           by.order("truncation-norm", "norms", "sign"))  # fmt: skip

with theorem(
    "linear/lemma-1",
    title="Lemma 1: what adapters of rank R can do to a product of L layers",
    source="Zeng & Lee 2024, Lemma 1, in the form with all its hypotheses (reconstructed)",
) as t:
    D, L, R = t.naturals("D L R", least=1)
    W, Wbar = t.family("W", (D, D), over=(1, L)), t.matrix("Wbar", (D, D))
    P = t.define("P", lambda l: prod(W, 1, l))
    E = t.define("E", Wbar - P[L])  # the distance from the frozen product to the target
    svd = t.for_every_svd(E)
    t.given("width", le(R, D))
    t.given("layers", lambda l: nonsingular(W[l]), (1, L))
    t.given("prefixes", lambda r: nonsingular(P[L] + svd.best(r)), (1, R * (L - 1)))

    # Any other adapters of rank at most R, and the product that they make.
    X = t.family("X", (D, D), over=(1, L))
    t.given("others", lambda l: le(rank(X[l]), R), (1, L))

    ranks = {"L": L, "r": lambda l: R, "s": lambda l: R * l}
    sharp = t.cite("sharp", "linear/lemma-1/sharp", W=W, Wbar=Wbar, T=svd.T, G=svd.G, **ranks)
    dW, A = sharp["dW"], sharp["A"]
    t.cite("below-others", "linear/lemma-1/bound", W=W, X=X, Wbar=Wbar, **ranks)
    t.cite("below-own", "linear/lemma-1/bound", W=W, X=dW, Wbar=Wbar, **ranks)
    least = sigma(E, R * L + 1)
    t.cite("tight", "matrix/order-antisymmetric", a=norm2(A[L] - Wbar), b=least)

    # (i) The minimum of the distance is the singular value R*L + 1 of E, attained at dW.
    t.show("bound", le(least, norm2(prod(W + X, 1, L) - Wbar)), by.order("below-others"))
    t.show("ranks", lambda l: le(rank(dW[l]), R), (1, L), by.rank("sharp-ranks"))
    t.show("attained", eq(norm2(prod(W + dW, 1, L) - Wbar), least), by.algebra("tight"))
    # (ii) The adapted product is the frozen one plus the truncation of E.
    t.show("product", eq(prod(W + dW, 1, L), P[L] + svd.best(R * L)), by.algebra("sharp-product"))

    # (iii) Enough rank reaches the target.
    def enough(proof):
        proof.cite("whole", "matrix/eckart-young/low-rank", E=E, k=R * L, T=svd.T, G=svd.G)
        proof.show(by.algebra("sharp-product", "whole", "E.def"))

    t.show("exact", when(le(rank(E), R * L), eq(prod(W + dW, 1, L), Wbar)), enough)

with theorem(
    "linear/lemma-1/converse",
    title="An exact adaptation needs rank(E) <= r[1] + ... + r[L]",
    source="the converse (iv) of Lemma 1 (reconstructed from Zeng & Lee 2024, section 2)",
) as t:
    # Nothing is nonsingular here, and the widths are arbitrary.
    L = t.natural("L")
    d, r, s = t.natural_family("d"), t.natural_family("r"), t.natural_family("s")
    W = t.family("W", lambda l: (d[l], d[l - 1]), over=(1, L))
    X = t.family("X", lambda l: (d[l], d[l - 1]), over=(1, L))
    Wbar = t.matrix("Wbar", (d[L], d[0]))
    t.given("ranks", lambda l: le(rank(X[l]), r[l]), (1, L))
    t.given("sum-step", lambda l: same(s[l], s[l - 1] + r[l]), (1, L))
    P, A = t.define("P", lambda l: prod(W, 1, l)), t.define("A", lambda l: prod(W + X, 1, l))
    t.given("exact", eq(prod(W + X, 1, L), Wbar))
    t.cite("change", "linear/rank-of-change", W=W, X=X, L=L, d=d, r=r, s=s)
    t.have("distance", eq(Wbar - P[L], A[L] - P[L]), by.algebra("exact"))
    t.show(le(rank(Wbar - P[L]), s[L]), by.rank("change", "distance"))
