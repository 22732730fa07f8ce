"""Ranks: factorisations, products, sums, transposes, and the inequalities of Sylvester, Frobenius and Guttman."""

from symlora import block, by, eq, eye, inv, le, nonsingular, rank, same, theorem, zero

with theorem("matrix/dimension", title="An identity of size r does not factor through less than r") as t:
    r, s = t.naturals("r s")
    A, B = t.matrix("A", (r, s)), t.matrix("B", (s, r))
    t.given("product", eq(A * B, eye(r)))

    def too_few_columns(proof):
        """With s < r some unit vector y has B*y = 0, so that 1 = y'*A*B*y = 0."""
        y = proof.cite("vector", "axiom/kernel", M=B)["y"]
        proof.have("nothing", eq(y.T * y, 0 * (y.T * y)), by.algebra("product", "vector-g1", "vector-g2"))
        proof.have("absurd", eq(1, 0), by.algebra("nothing", "vector-g2"))
        proof.show(by.absurd("absurd"))

    bound = t.cases("bound", le(r, s), le(r, s), left=by.arithmetic, right=too_few_columns)
    t.show(le(r, s), bound)

with theorem("matrix/rank-factor", title="The rank of a product through size k is at most k") as t:
    m, n, k = t.naturals("m n k")
    M, U, V = t.matrix("M", (m, n)), t.matrix("U", (m, k)), t.matrix("V", (k, n))
    t.given("product", eq(M, U * V))
    full = t.cite("full", "axiom/rank", M=M)
    t.have("through", eq(full["X"] * U * (V * full["Y"]), eye(rank(M))), by.algebra("full-g2", "product"))
    t.cite("bound", "matrix/dimension", A=full["X"] * U, B=V * full["Y"])
    t.show(le(rank(M), k), by.arithmetic)

with theorem(
    "matrix/rank-at-least", title="A matrix from which an identity of size r can be cut has rank at least r"
) as t:
    m, n, r = t.naturals("m n r")
    M, X, Y = t.matrix("M", (m, n)), t.matrix("X", (r, m)), t.matrix("Y", (n, r))
    t.given("cut", eq(X * M * Y, eye(r)))
    full = t.cite("full", "axiom/rank", M=M)
    t.have("through", eq(X * full["U"] * (full["V"] * Y), eye(r)), by.algebra("full-g1", "cut"))
    t.cite("bound", "matrix/dimension", A=X * full["U"], B=full["V"] * Y)
    t.show(le(r, rank(M)), by.arithmetic)

with theorem("matrix/rank-size", title="The rank is at most the number of rows and of columns") as t:
    m, n = t.naturals("m n")
    A = t.matrix("A", (m, n))
    t.cite("by-rows", "matrix/rank-factor", M=A, U=eye(m), V=A)
    t.cite("by-columns", "matrix/rank-factor", M=A, U=A, V=eye(n))
    t.show("rows", le(rank(A), m), by.arithmetic)
    t.show("columns", le(rank(A), n), by.arithmetic)

with theorem("matrix/rank-middle", title="The rank of a product is at most that of each factor") as t:
    m, n, p, q = t.naturals("m n p q")
    A, B, C = t.matrix("A", (m, n)), t.matrix("B", (n, p)), t.matrix("C", (p, q))
    full = t.cite("full", "axiom/rank", M=B)
    t.have("factors", eq(A * B * C, A * full["U"] * (full["V"] * C)), by.algebra("full-g1"))
    t.cite("bound", "matrix/rank-factor", M=A * B * C, U=A * full["U"], V=full["V"] * C)
    t.show(le(rank(A * B * C), rank(B)), by.arithmetic)

with theorem("matrix/rank-product", title="rank(AB) <= rank(A) and rank(AB) <= rank(B)") as t:
    m, n, p = t.naturals("m n p")
    A, B = t.matrix("A", (m, n)), t.matrix("B", (n, p))
    t.show("left", le(rank(A * B), rank(A)), by.rank())
    t.show("right", le(rank(A * B), rank(B)), by.rank())

with theorem("matrix/rank-sum", title="rank(A + B) <= rank(A) + rank(B)") as t:
    m, n = t.naturals("m n")
    A, B = t.matrix("A", (m, n)), t.matrix("B", (m, n))
    a, b = t.cite("a", "axiom/rank", M=A), t.cite("b", "axiom/rank", M=B)
    # The columns of both factorisations side by side.
    both = t.cite("both", "axiom/split", n=rank(A) + rank(B), p=rank(A), s=rank(B))
    J, K = both["J"], both["K"]
    U, V = a["U"] * J.T + b["U"] * K.T, J * a["V"] + K * b["V"]
    t.have("factors", eq(A + B, U * V), by.algebra("a-g1", "b-g1", "both-g1", "both-g2", "both-g3"))
    t.cite("bound", "matrix/rank-factor", M=A + B, U=U, V=V)
    t.show(le(rank(A + B), rank(A) + rank(B)), by.arithmetic)

with theorem("matrix/rank-transpose", title="rank(A') = rank(A)") as t:
    m, n = t.naturals("m n")
    A = t.matrix("A", (m, n))
    full = t.cite("full", "axiom/rank", M=A)
    t.have("factors", eq(A.T, full["V"].T * full["U"].T), by.algebra("full-g1"))
    t.have("cut", eq(full["Y"].T * A.T * full["X"].T, eye(rank(A))), by.algebra("full-g2"))
    t.cite("above", "matrix/rank-factor", M=A.T, U=full["V"].T, V=full["U"].T)
    t.cite("below", "matrix/rank-at-least", M=A.T, X=full["Y"].T, Y=full["X"].T)
    t.show(same(rank(A.T), rank(A)), by.arithmetic)

with theorem("matrix/rank-nonsingular-multiples", title="Nonsingular multiples have the same rank") as t:
    m, n = t.naturals("m n")
    X, A, Y = t.matrix("X", (m, m)), t.matrix("A", (m, n)), t.matrix("Y", (n, n))
    t.given("X", nonsingular(X))
    t.given("Y", nonsingular(Y))
    t.have("back", eq(A, inv(X) * (X * A * Y) * inv(Y)), by.algebra("X", "Y"))
    t.cite("above", "matrix/rank-middle", A=X, B=A, C=Y)
    t.cite("below", "matrix/rank-middle", A=inv(X), B=X * A * Y, C=inv(Y))
    t.cite("equal", "axiom/rank-congruence", M=A, N=inv(X) * (X * A * Y) * inv(Y), facts={"h1": "back"})
    t.show(same(rank(X * A * Y), rank(A)), by.arithmetic)

with theorem("matrix/rank-identity", title="rank(I) = n, and a nonsingular matrix has full rank") as t:
    n = t.natural("n")
    A = t.matrix("A", (n, n))
    t.given("A", nonsingular(A))
    t.cite("below", "matrix/rank-at-least", M=A, X=inv(A), Y=eye(n))
    t.cite("above", "matrix/rank-size", A=A)
    t.show("full", same(rank(A), n), by.arithmetic)
    t.have("one", eq(eye(n) * eye(n) * eye(n), eye(n)), by.algebra())
    t.cite("one-below", "matrix/rank-at-least", M=eye(n), X=eye(n), Y=eye(n))
    t.cite("one-above", "matrix/rank-size", A=eye(n))
    t.show("identity", same(rank(eye(n)), n), by.arithmetic)

with theorem("matrix/rank-zero", title="The zero matrix alone has rank 0") as t:
    m, n = t.naturals("m n")
    A = t.matrix("A", (m, n))
    t.have("factors", eq(zero(m, n), zero(m, 0) * zero(0, n)), by.algebra())
    t.cite("above", "matrix/rank-factor", M=zero(m, n), U=zero(m, 0), V=zero(0, n))
    t.show("zero", same(rank(zero(m, n)), 0), by.arithmetic)

with theorem("matrix/rank-sylvester", title="Sylvester: rank(A) + rank(B) <= n + rank(AB)") as t:
    m, n, p = t.naturals("m n p")
    A, B = t.matrix("A", (m, n)), t.matrix("B", (n, p))
    a, b = t.cite("a", "axiom/rank", M=A), t.cite("b", "axiom/rank", M=B)
    ab = t.cite("ab", "axiom/rank", M=A * B)
    outer = t.cite("outer", "axiom/split", n=rank(A) + rank(B), p=rank(A), s=rank(B))
    inner = t.cite("inner", "axiom/split", n=rank(A * B) + n, p=rank(A * B), s=n)
    J1, K1, J2, K2 = outer["J"], outer["K"], inner["J"], inner["K"]

    # An identity of size rank(A) + rank(B), cut from [[A, 0], [I, B]], factors through rank(AB) + n.
    Z = b["X"] * a["Y"]
    left = (
        -(J1 * a["X"] * ab["U"] * J2.T) + J1 * a["X"] * A * K2.T
        + K1 * Z * a["X"] * ab["U"] * J2.T + K1 * (b["X"] - Z * a["X"] * A) * K2.T
    )  # fmt: skip
    right = J2 * ab["V"] * b["Y"] * K1.T + K2 * a["Y"] * J1.T + K2 * B * b["Y"] * K1.T
    splits = [f"{name}-g{k}" for name in ("outer", "inner") for k in (1, 2, 3, 4)]
    t.have("identity", eq(left * right, eye(rank(A) + rank(B))), by.algebra("a-g2", "b-g2", "ab-g1", *splits))
    t.cite("bound", "matrix/dimension", A=left, B=right)
    t.show(le(rank(A) + rank(B), n + rank(A * B)), by.arithmetic)

with theorem("matrix/rank-frobenius", title="Frobenius: rank(AB) + rank(BC) <= rank(B) + rank(ABC)") as t:
    m, n, p, q = t.naturals("m n p q")
    A, B, C = t.matrix("A", (m, n)), t.matrix("B", (n, p)), t.matrix("C", (p, q))
    full = t.cite("full", "axiom/rank", M=B)
    U, V = full["U"], full["V"]
    t.cite("sylvester", "matrix/rank-sylvester", A=A * U, B=V * C)
    t.have("ab", eq(A * B, A * U * V), by.algebra("full-g1"))
    t.have("bc", eq(B * C, U * (V * C)), by.algebra("full-g1"))
    t.have("abc", eq(A * B * C, A * U * (V * C)), by.algebra("full-g1"))
    t.show(le(rank(A * B) + rank(B * C), rank(B) + rank(A * B * C)), by.rank("ab", "bc", "abc"))

with theorem("matrix/rank-guttman", title="Guttman: the rank of a block matrix through its Schur complement") as t:
    m, n, p = t.naturals("m n p")
    A, B = t.matrix("A", (m, m)), t.matrix("B", (m, p))
    C, D = t.matrix("C", (n, m)), t.matrix("D", (n, p))
    S = t.define("S", D - C * inv(A) * B)
    t.given("A", nonsingular(A))
    M = block([[A, B], [C, D]])
    s = t.cite("s", "axiom/rank", M=S)
    inner = t.cite("inner", "axiom/split", n=m + rank(S), p=m, s=rank(S))
    J, K = inner["J"], inner["K"]
    rows, columns = t.inclusions(m, n), t.inclusions(m, p)
    left = rows[0] * A * J.T + rows[1] * C * J.T + rows[1] * s["U"] * K.T
    right = J * columns[0].T + J * inv(A) * B * columns[1].T + K * s["V"] * columns[1].T
    splits = [f"inner-g{k}" for k in (1, 2, 3, 4)]
    t.have("factors", eq(M, left * right), by.algebra("A", "s-g1", *splits))
    t.cite("above", "matrix/rank-factor", M=M, U=left, V=right)
    cut_left = J * inv(A) * rows[0].T + K * s["X"] * rows[1].T - K * s["X"] * C * inv(A) * rows[0].T
    cut_right = columns[0] * J.T - columns[0] * inv(A) * B * s["Y"] * K.T + columns[1] * s["Y"] * K.T
    t.have("cut", eq(cut_left * M * cut_right, eye(m + rank(S))), by.algebra("A", "s-g2", *splits))
    t.cite("below", "matrix/rank-at-least", M=M, X=cut_left, Y=cut_right)
    t.show(same(rank(M), m + rank(S)), by.arithmetic)
