"""The Moore-Penrose inverse: exactly one matrix satisfies Penrose's four equations."""

from symlora import by, eq, eye, inv, rank, same, theorem, zero

with theorem("matrix/rank-gram", title="rank(A'A) = rank(A)") as t:
    m, n = t.naturals("m n")
    A = t.matrix("A", (m, n))
    full = t.cite("full", "axiom/rank", M=A.T * A)
    # Off the range of A'A, A vanishes: F = A(1 - Y X A'A) has F'F = 0.
    F = A - A * full["Y"] * full["X"] * (A.T * A)
    left, right = full["X"] * full["U"], full["V"] * full["Y"]
    t.have("inner", eq(left * right, eye(rank(A.T * A))), by.algebra("full-g1", "full-g2"))
    t.cite("regular", "axiom/nonsingular", M=left, N=right)
    t.have("turned", eq(right * left, eye(rank(A.T * A))), by.algebra("inner", "regular-g1"))
    t.have("gram", eq(A.T * A * full["Y"] * full["X"] * (A.T * A), A.T * A), by.algebra("full-g1", "turned"))
    t.have("nothing", eq(F.T * F, zero(n, n)), by.algebra("gram"))
    t.cite("gone", "axiom/definite", F=F)
    t.have("through", eq(A, A * full["Y"] * full["X"] * A.T * A), by.algebra("gone"))
    t.cite("low", "matrix/rank-middle", A=A * full["Y"] * full["X"], B=A.T * A, C=eye(n))
    t.cite("same", "axiom/rank-congruence", M=A, N=A * full["Y"] * full["X"] * A.T * A, facts={"h1": "through"})
    t.cite("high", "matrix/rank-middle", A=A.T, B=A, C=eye(n))
    t.show(same(rank(A.T * A), rank(A)), by.arithmetic)

with theorem(
    "matrix/moore-penrose",
    title="Every matrix has a Moore-Penrose inverse",
    source="R. Penrose, A generalized inverse for matrices, 1955; through a full-rank factorization",
) as t:
    m, n = t.naturals("m n")
    A = t.matrix("A", (m, n))
    full = t.cite("full", "axiom/rank", M=A)
    U, V, r = full["U"], full["V"], rank(A)
    # X U and V Y are square with product 1: U has a left inverse, V a right inverse.
    t.have("cut", eq(full["X"] * U * (V * full["Y"]), eye(r)), by.algebra("full-g1", "full-g2"))
    t.cite("cut-regular", "axiom/nonsingular", M=full["X"] * U, N=V * full["Y"])
    L, R = V * full["Y"] * full["X"], full["Y"] * full["X"] * U
    t.have("U-left", eq(L * U, eye(r)), by.algebra("cut", "cut-regular-g1"))
    t.have("V-right", eq(V * R, eye(r)), by.algebra("cut", "cut-regular-g1"))
    t.cite("U-rank", "matrix/rank-at-least", M=U, X=L, Y=eye(r))
    t.cite("V-rank", "matrix/rank-at-least", M=V.T, X=R.T, Y=eye(r))
    t.cite("UU-rank", "matrix/rank-gram", A=U)
    t.cite("VV-rank", "matrix/rank-gram", A=V.T)
    t.cite("UU", "matrix/full-rank", M=U.T * U)
    t.cite("VV", "matrix/full-rank", M=V * V.T)
    t.have("UU-symmetric", eq(inv(U.T * U).T, inv(U.T * U)), by.algebra("UU"))
    t.have("VV-symmetric", eq(inv(V * V.T).T, inv(V * V.T)), by.algebra("VV"))
    P = t.exists("P", V.T * inv(V * V.T) * inv(U.T * U) * U.T)
    facts = ("full-g1", "UU", "VV", "UU-symmetric", "VV-symmetric")
    t.show("inner", eq(A * P * A, A), by.algebra(*facts))
    t.show("outer", eq(P * A * P, P), by.algebra(*facts))
    t.show("left", eq((A * P).T, A * P), by.algebra(*facts))
    t.show("right", eq((P * A).T, P * A), by.algebra(*facts))

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
