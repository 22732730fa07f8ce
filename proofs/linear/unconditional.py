"""Lemma 1 without its condition on partial sums: nonsingular layers attain the bound for every target."""

from symlora import by, eq, eye, le, nonsingular, norm2, prod, rank, same, sigma, theorem

with theorem(
    "linear/lemma-1/unconditional",
    title="With nonsingular layers the bound is attained, whatever the partial sums",
    source="the form of Lemma 1 without its condition on partial sums (own statement)",
) as t:
    D, L = t.naturals("D L")
    r, s = t.natural_family("r"), t.natural_family("s")
    W, Wbar = t.family("W", (D, D), over=(1, L)), t.matrix("Wbar", (D, D))
    P = t.define("P", lambda l: prod(W, 1, l))
    E = t.define("E", Wbar - P[L])
    t.given("layers", lambda l: nonsingular(W[l]), (1, L))
    t.given("sum-start", same(s[0], 0))
    t.given("sum-step", lambda l: same(s[l], s[l - 1] + r[l]), (1, L))

    # The nearest matrix within reach is the frozen product plus a truncation of E.
    svd = t.svd(E)
    nearest = P[L] + svd.best(s[L])
    T, G = svd.T, svd.G
    t.cite("truncation", "matrix/eckart-young/attained", E=E, k=s[L], T=T, G=G)
    reached = t.cite("reach", "linear/multi-factor", W=W, M=nearest, D=D, L=L, r=r, s=s)
    X, A = reached["dW"], reached["B"]

    t.have("rest", eq(E - svd.best(s[L]), Wbar - A[L]), by.algebra("E.def", "reach-reached"))
    t.cite("norms", "axiom/norm-congruence", M=E - svd.best(s[L]), N=Wbar - A[L])
    t.cite("sign", "matrix/norm-negative", A=Wbar - A[L])
    adapters, product = t.exists_family("X", X), t.exists_family("A", A)
    t.show("ranks", lambda l: le(rank(adapters[l]), r[l]), (1, L), by.rank("reach-ranks-hold"))
    t.show("product-start", eq(product[0], eye(D)), by.algebra("reach-product-start"))
    t.show("product-step", lambda l: eq(product[l], (W[l] + adapters[l]) * product[l - 1]), (1, L),
           by.algebra("reach-product-step"))  # fmt: skip
    t.show("attained", le(norm2(product[L] - Wbar), sigma(E, s[L] + 1)), by.order("truncation-norm", "norms", "sign"))
