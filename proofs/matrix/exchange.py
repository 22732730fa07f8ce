"""I - AB and I - BA: ranks and inverses."""

from symlora import block, by, eq, eye, inv, le, nonsingular, rank, same, theorem, zero

with theorem("matrix/rank-exchange-bound", title="m + rank(I - BA) <= n + rank(I - AB)") as t:
    m, n = t.naturals("m n")
    A, B = t.matrix("A", (m, n)), t.matrix("B", (n, m))
    S, T = -(A * B) + eye(m), -(B * A) + eye(n)
    J, K = t.inclusions(m, n)
    s = t.cite("s", "axiom/rank", M=S)
    r = t.cite("r", "axiom/rank", M=T)
    # [[I, 0], [0, T]] = L [[S, 0], [0, I]] R, and an identity of size m + rank(T) is cut from the left side.
    small = t.cite("small", "axiom/split", n=rank(S) + n, p=rank(S), s=n)
    large = t.cite("large", "axiom/split", n=m + rank(T), p=m, s=rank(T))
    P, Q = small["J"], small["K"]
    X, Y = large["J"], large["K"]
    left = X * (s["U"] * P.T + A * Q.T) + Y * r["X"] * (T * Q.T - B * s["U"] * P.T)
    right = (P * s["V"] + Q * B) * X.T + (Q * T - P * s["V"] * A) * r["Y"] * Y.T
    splits = [f"{name}-g{k}" for name in ("small", "large") for k in (1, 2, 3, 4)]
    t.have("identity", eq(left * right, eye(m + rank(T))), by.algebra("s-g1", "r-g2", *splits))
    t.cite("bound", "matrix/dimension", A=left, B=right)
    t.show(le(m + rank(T), n + rank(S)), by.arithmetic)

with theorem("matrix/rank-exchange", title="m + rank(I - BA) = n + rank(I - AB)") as t:
    m, n = t.naturals("m n")
    A, B = t.matrix("A", (m, n)), t.matrix("B", (n, m))
    t.cite("above", "matrix/rank-exchange-bound", A=A, B=B)
    t.cite("below", "matrix/rank-exchange-bound", A=B, B=A)
    t.show(same(m + rank(-(B * A) + eye(n)), n + rank(-(A * B) + eye(m))), by.arithmetic)

with theorem("matrix/nonsingular-exchange", title="I - AB is nonsingular where I - BA is") as t:
    m, n = t.naturals("m n")
    A, B = t.matrix("A", (m, n)), t.matrix("B", (n, m))
    t.given("regular", nonsingular(eye(n) - B * A))
    t.show(nonsingular(eye(m) - A * B), by.inverse(eye(m) + A * inv(eye(n) - B * A) * B, "regular"))

with theorem("matrix/rank-blocks", title="The ranks of the parts of a block row bound its rank") as t:
    m, n, p, q = t.naturals("m n p q")
    A, B = t.matrix("A", (m, n)), t.matrix("B", (m, p))
    J, K = t.matrix("J", (q, n)), t.matrix("K", (q, p))
    t.given("J", eq(J.T * J, eye(n)))
    t.given("K", eq(K.T * K, eye(p)))
    t.given("JK", eq(J.T * K, zero(n, p)))
    M = A * J.T + B * K.T
    t.have("first", eq(A, M * J), by.algebra("J", "JK"))
    t.have("second", eq(B, M * K), by.algebra("K", "JK"))
    t.cite("first-bound", "matrix/rank-product", A=M, B=J)
    t.cite("second-bound", "matrix/rank-product", A=M, B=K)
    t.cite("first-same", "axiom/rank-congruence", M=A, N=M * J, facts={"h1": "first"})
    t.cite("second-same", "axiom/rank-congruence", M=B, N=M * K, facts={"h1": "second"})
    t.show("first-part", le(rank(A), rank(M)), by.arithmetic)
    t.show("second-part", le(rank(B), rank(M)), by.arithmetic)
    t.show("sum", le(rank(M), rank(A) + rank(B)), by.rank())

with theorem("matrix/rank-blocks-column", title="The same for a block column") as t:
    m, n, p, q = t.naturals("m n p q")
    A, B = t.matrix("A", (n, m)), t.matrix("B", (p, m))
    J, K = t.matrix("J", (q, n)), t.matrix("K", (q, p))
    t.given("J", eq(J.T * J, eye(n)))
    t.given("K", eq(K.T * K, eye(p)))
    t.given("JK", eq(J.T * K, zero(n, p)))
    M = J * A + K * B
    t.have("first", eq(A, J.T * M), by.algebra("J", "JK"))
    t.have("second", eq(B, K.T * M), by.algebra("K", "JK"))
    t.cite("first-bound", "matrix/rank-product", A=J.T, B=M)
    t.cite("second-bound", "matrix/rank-product", A=K.T, B=M)
    t.cite("first-same", "axiom/rank-congruence", M=A, N=J.T * M, facts={"h1": "first"})
    t.cite("second-same", "axiom/rank-congruence", M=B, N=K.T * M, facts={"h1": "second"})
    t.show("first-part", le(rank(A), rank(M)), by.arithmetic)
    t.show("second-part", le(rank(B), rank(M)), by.arithmetic)
    t.show("sum", le(rank(M), rank(A) + rank(B)), by.rank())

with theorem("matrix/rank-below-upper", title="rank(A) + rank(D) <= rank([A, B; 0, D])") as t:
    m, n, p, q = t.naturals("m n p q")
    A, B, D = t.matrix("A", (m, n)), t.matrix("B", (m, q)), t.matrix("D", (p, q))
    J, K = t.inclusions(m, p)
    J1, K1 = t.inclusions(n, q)
    M = block([[A, B], [zero(p, n), D]])
    a, d = t.cite("a", "axiom/rank", M=A), t.cite("d", "axiom/rank", M=D)
    both = t.cite("both", "axiom/split", n=rank(A) + rank(D), p=rank(A), s=rank(D))
    P, Q = both["J"], both["K"]
    cut_left = P * a["X"] * J.T + Q * d["X"] * K.T - P * a["X"] * B * d["Y"] * d["X"] * K.T
    cut_right = J1 * a["Y"] * P.T + K1 * d["Y"] * Q.T
    splits = [f"both-g{k}" for k in (1, 2, 3, 4)]
    t.have("cut", eq(cut_left * M * cut_right, eye(rank(A) + rank(D))), by.algebra("a-g2", "d-g2", *splits))
    t.cite("below", "matrix/rank-at-least", M=M, X=cut_left, Y=cut_right)
    t.show(le(rank(A) + rank(D), rank(M)), by.arithmetic)

with theorem("matrix/rank-schur", title="The rank of a block matrix with a nonsingular block") as t:
    m, n, p = t.naturals("m n p")
    A, B = t.matrix("A", (m, m)), t.matrix("B", (m, p))
    C, D = t.matrix("C", (n, m)), t.matrix("D", (n, p))
    t.given("A", nonsingular(A))
    t.cite("guttman", "matrix/rank-guttman", A=A, B=B, C=C, D=D)
    t.show(same(rank(block([[A, B], [C, D]])), m + rank(D - C * inv(A) * B)), by.arithmetic)
