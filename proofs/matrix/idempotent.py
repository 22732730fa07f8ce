"""Idempotent matrices: rank and trace, and how ranks show that a matrix is idempotent."""

from symlora import by, eq, eye, le, rank, same, scalar, theorem, tr

with theorem("matrix/idempotent-trace", title="The rank of an idempotent matrix is its trace") as t:
    n = t.natural("n")
    A = t.matrix("A", (n, n))
    t.given("idempotent", eq(A * A, A))
    full = t.cite("full", "axiom/rank", M=A)
    U, V, r = full["U"], full["V"], rank(A)
    t.have("cut", eq(full["X"] * U * (V * full["Y"]), eye(r)), by.algebra("full-g1", "full-g2"))
    t.cite("regular", "axiom/nonsingular", M=full["X"] * U, N=V * full["Y"])
    t.have("turned", eq(V * full["Y"] * (full["X"] * U), eye(r)), by.algebra("cut", "regular-g1"))
    t.have("squared", eq(U * V * U * V, U * V), by.algebra("full-g1", "idempotent"))
    before, after = V * full["Y"] * full["X"], full["Y"] * full["X"] * U
    t.have("between", eq(before * (U * V * U * V) * after, before * (U * V) * after), by.algebra("squared"))
    t.have("one", eq(V * U, eye(r)), by.algebra("turned", "between"))
    t.cite("product", "axiom/trace-congruence", M=A, N=U * V)
    t.cite("swapped", "axiom/trace-congruence", M=V * U, N=eye(r))
    t.show(eq(tr(A), scalar(r)), by.algebra("product", "swapped"))

with theorem("matrix/idempotent-rank", title="rank(A) + rank(I - A) <= n makes A idempotent") as t:
    n = t.natural("n")
    A = t.matrix("A", (n, n))
    t.given("ranks", le(rank(A) + rank(eye(n) - A), n))
    t.cite("whole", "matrix/rank-sum", A=A, B=eye(n) - A)
    t.cite("one", "matrix/rank-at-least", M=eye(n), X=eye(n), Y=eye(n))
    t.have("sizes", same(n, rank(A) + rank(eye(n) - A)), by.arithmetic)
    a, b = t.cite("a", "axiom/rank", M=A), t.cite("b", "axiom/rank", M=eye(n) - A)
    split = t.cite("split", "axiom/split", n=n, p=rank(A), s=rank(eye(n) - A))
    J, K = split["J"], split["K"]
    left, right = a["U"] * J.T + b["U"] * K.T, J * a["V"] + K * b["V"]
    t.have("product", eq(left * right, eye(n)), by.algebra("a-g1", "b-g1", "split-g1", "split-g2", "split-g3"))
    t.cite("regular", "axiom/nonsingular", M=left, N=right)
    t.have("turned", eq(right * left, eye(n)), by.algebra("product", "regular-g1"))
    t.have("one-part", eq(a["V"] * a["U"], eye(rank(A))), by.algebra("turned", "split-g1", "split-g3"))
    t.show(eq(A * A, A), by.algebra("a-g1", "one-part"))
