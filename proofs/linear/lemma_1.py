"""Lemma 1: what adapters of rank R can do to a product of L square layers."""

from symlora import by, eq, eye, inv, le, nonsingular, norm2, prod, rank, same, sigma, theorem, total, zero

with theorem(
    "linear/rank-of-change",
    title="The rank of the change of a product is at most the sum of the ranks",
    source="the counting half of Lemma 1 (reconstructed from Zeng & Lee 2024, section 2)",
) as t:
    # L layers of any widths; the change of layer l has rank at most r[l], and s[l] = r[1] + ... + r[l].
    L = t.natural("L")
    d, r, s = t.natural_family("d"), t.natural_family("r"), t.natural_family("s")
    W = t.family("W", lambda l: (d[l], d[l - 1]), over=(1, L))
    X = t.family("X", lambda l: (d[l], d[l - 1]), over=(1, L))
    t.given("ranks", lambda l: le(rank(X[l]), r[l]), (1, L))
    t.given("sum-start", same(s[0], 0))
    t.given("sum-step", lambda l: same(s[l], s[l - 1] + r[l]), (1, L))

    P, A = t.define("P", lambda l: prod(W, 1, l)), t.define("A", lambda l: prod(W + X, 1, l))
    S = t.define("S", lambda l: prod(W, l + 1, L))
    terms = t.define("T", lambda l: total(lambda k: S[k] * X[k] * A[k - 1], 1, l))
    t.cite("sum", "linear/change-of-product", W=W, X=X, L=L, d=d)

    def first(proof):
        proof.cite("zero", "matrix/rank-zero", A=zero(d[L], d[0]))
        proof.show(by.rank("sum-start", "T.start"))

    counted = t.induction("counted", lambda l: le(rank(terms[l]), s[l]), (0, L),
                          base=first, step=by.rank("ranks", "sum-step"))  # fmt: skip
    t.have("all", le(rank(terms[L]), s[L]), by.rank(counted))
    t.show(le(rank(prod(W + X, 1, L) - prod(W, 1, L)), s[L]), by.rank("all", "sum-change"))
