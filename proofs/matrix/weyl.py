"""Singular values of sums, products, transposes; Weyl's inequalities from best approximations."""

from symlora import by, eq, eye, le, norm2, rank, sigma, theorem, zero

with theorem(
    "matrix/best-approximation", title="Some matrix of rank at most k is at distance at most sigma k + 1"
) as t:
    m, n, k = t.naturals("m n k")
    A = t.matrix("A", (m, n))
    svd = t.svd(A)
    t.cite("near", "matrix/eckart-young/attained", E=A, k=k, T=svd.T, G=svd.G)
    N = t.exists("N", A * svd.T[k])
    t.show("rank", le(rank(N), k), by.arithmetic)
    t.show("near", le(norm2(A - N), sigma(A, k + 1)), by.order("near-norm"))

with theorem("matrix/weyl", title="Weyl: the singular values of a sum", source="H. Weyl, 1912; K. Fan, 1951") as t:
    m, n, i, j = t.naturals("m n i j")
    A, B = t.matrices("A B", (m, n))
    a = t.cite("a", "matrix/best-approximation", A=A, k=i)["N"]
    b = t.cite("b", "matrix/best-approximation", A=B, k=j)["N"]
    t.cite("ranks", "matrix/rank-sum", A=a, B=b)
    t.cite("bound", "matrix/eckart-young/bound", E=A + B, N=a + b, k=i + j)
    t.cite("sum", "matrix/norm-sum", A=A - a, B=B - b)
    t.show(le(sigma(A + B, i + j + 1), sigma(A, i + 1) + sigma(B, j + 1)),
           by.squares([(eye(1), "bound"), (eye(1), "sum"), (eye(1), "a-near"), (eye(1), "b-near")]))  # fmt: skip

with theorem("matrix/sigma-norm", title="Singular values change by at most the norm of the change") as t:
    m, n, i = t.naturals("m n i")
    A, B = t.matrices("A B", (m, n))
    t.cite("weyl", "matrix/weyl", A=A, B=B, i=i, j=0)
    t.cite("first", "matrix/norm-sigma", A=B)
    t.show(le(sigma(A + B, i + 1), sigma(A, i + 1) + norm2(B)), by.order("weyl", "first"))

with theorem("matrix/sigma-product", title="sigma(AB, k) <= norm2(A) sigma(B, k)") as t:
    m, n, p, k = t.naturals("m n p k")
    A, B = t.matrix("A", (m, n)), t.matrix("B", (n, p))
    b = t.cite("b", "matrix/best-approximation", A=B, k=k)["N"]
    t.cite("ranks", "matrix/rank-product", A=A, B=b)
    t.cite("bound", "matrix/eckart-young/bound", E=A * B, N=A * b, k=k)
    t.cite("product", "matrix/norm-product", A=A, B=B - b)
    t.cite("A", "axiom/norm", M=A)
    t.cite("scaled", "axiom/multiple", c=norm2(A), P=sigma(B, k + 1) - norm2(B - b))
    t.show(
        le(sigma(A * B, k + 1), norm2(A) * sigma(B, k + 1)),
        by.squares([(eye(1), "bound"), (eye(1), "product"), (eye(1), "scaled")]),
    )

with theorem("matrix/sigma-product-right", title="sigma(AB, k) <= sigma(A, k) norm2(B)") as t:
    m, n, p, k = t.naturals("m n p k")
    A, B = t.matrix("A", (m, n)), t.matrix("B", (n, p))
    a = t.cite("a", "matrix/best-approximation", A=A, k=k)["N"]
    t.cite("ranks", "matrix/rank-product", A=a, B=B)
    t.cite("bound", "matrix/eckart-young/bound", E=A * B, N=a * B, k=k)
    t.cite("product", "matrix/norm-product", A=A - a, B=B)
    t.cite("B", "axiom/norm", M=B)
    t.cite("scaled", "axiom/multiple", c=norm2(B), P=sigma(A, k + 1) - norm2(A - a))
    t.show(
        le(sigma(A * B, k + 1), sigma(A, k + 1) * norm2(B)),
        by.squares([(eye(1), "bound"), (eye(1), "product"), (eye(1), "scaled")]),
    )

with theorem("matrix/sigma-rank", title="A matrix of rank at most k has no singular value k + 1") as t:
    m, n, k = t.naturals("m n k")
    A = t.matrix("A", (m, n))
    t.given("rank", le(rank(A), k))
    t.cite("bound", "matrix/eckart-young/bound", E=A, N=A, k=k)
    t.cite("none", "matrix/norm-of-zero", m=m, n=n)
    svd = t.svd(A)
    sign = t.instance("sign", "svd-g7", k)
    t.have("above", le(sigma(A, k + 1), 0), by.squares([(eye(1), "bound")], "none"))
    t.cite("equal", "matrix/order-antisymmetric", a=sigma(A, k + 1), b=zero(1, 1))
    t.show(eq(sigma(A, k + 1), 0), by.algebra("equal"))

with theorem("matrix/sigma-negative", title="A matrix and its negative have the same singular values") as t:
    m, n, k = t.naturals("m n k")
    A = t.matrix("A", (m, n))

    def bound(name, A):
        N = t.cite(f"{name}-near", "matrix/best-approximation", A=A, k=k)["N"]
        t.have(f"{name}-turned", eq(-N, -1 * eye(m) * N), by.algebra())
        t.cite(f"{name}-bound", "matrix/eckart-young/bound", E=-A, N=-N, k=k)
        t.cite(f"{name}-norm", "matrix/norm-negative", A=A - N)
        t.have(name, le(sigma(-A, k + 1), sigma(A, k + 1)),
               by.squares([(eye(1), f"{name}-bound"), (eye(1), f"{name}-near-near")], f"{name}-norm"))  # fmt: skip

    bound("above", A)
    bound("below", -A)
    t.cite("equal", "matrix/order-antisymmetric", a=sigma(-A, k + 1), b=sigma(A, k + 1))
    t.show(eq(sigma(-A, k + 1), sigma(A, k + 1)), by.algebra("equal"))
