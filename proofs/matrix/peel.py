"""Splitting a change of the identity: 1 + UV as a product of two such matrices of smaller rank.

The argument peels off one rank at a time; N = 1 + VU decides how.
"""

from symlora import by, eq, eye, inv, le, rank, theorem, zero

with theorem(
    "matrix/peel",
    title="One rank can be split off a change of the identity",
    source="rank-one factors of 1 + UV; cf. the theorem on reflection length (reconstructed)",
) as t:
    D, k = t.naturals("D k")
    Y, one = t.matrix("Y", (D, D)), eye(D)
    t.given("rank", le(rank(Y - one), k + 1))
    shapes = {"Z": (D, D), "C": (D, D)}
    goals = {
        "product": lambda Z, C: eq(Y, Z * C),
        "rest": lambda Z, C: le(rank(Z - one), k),
        "split": lambda Z, C: le(rank(C - one), 1),
    }

    def nothing_to_do(proof):
        """Y is the identity."""
        proof.cite("gone", "matrix/zero-rank", M=Y - one)
        return {"Z": one, "C": one}, {"product": by.algebra("gone"), "rest": by.rank(), "split": by.rank()}

    def something(proof):
        """Y = 1 + U*V through size r >= 1; the square matrix N = 1 + V*U decides how to go on."""
        full = proof.cite("full", "axiom/rank", M=Y - one)
        U, V, size = full["U"], full["V"], rank(Y - one)
        N = eye(size) + V * U

        def opposite(inner):
            """N = 0: any unit vector x will do."""
            inner.cite("N", "matrix/zero-rank", M=N)
            x = inner.cite("x", "axiom/kernel", M=zero(0, size))["y"]
            project = eye(size) - x * x.T
            inner.have("killed", eq(project * x, zero(size, 1)), by.algebra("x-g2"))
            inner.cite("drop", "matrix/rank-drop", M=project, x=x, f=x.T)
            inner.cite("middle", "matrix/rank-middle", A=U, B=project, C=V)
            inner.cite("one", "matrix/rank-one", u=U * x, v=x.T * V)
            values = {"Z1": one + U * project * V, "C1": one + U * x * (x.T * V)}
            why = {"product1": by.algebra("full-g1", "N", "x-g2"), "rest1": by.arithmetic, "split1": by.arithmetic}
            return values, why

        def regular(inner):
            """N is not 0: there are x and y with y'*x = 1 and y'*N*x invertible, and C = 1 + U*x*y'*V is too."""
            cut = inner.cite("cut", "axiom/rank", M=N)
            e = inner.cite("e", "axiom/kernel", M=zero(0, rank(N)))["y"]
            x, f = cut["Y"] * e, e.T * cut["X"]
            inner.have("fNx", eq(f * N * x, 1), by.algebra("cut-g2", "e-g2"))
            alpha, beta, gamma = x.T * x, f * x, x.T * N * x

            def vanishing(sub):
                sub.cite("alpha-zero", "matrix/zero-rank", M=alpha)
                sub.cite("x-zero", "axiom/definite", F=x)
                sub.have("contradiction", eq(1, 0), by.algebra("fNx", "x-zero"))
                sub.show(by.absurd("contradiction"))

            def positive(sub):
                sub.cite("unit", "matrix/scalar-inverse", c=alpha)
                sub.show(by.algebra("unit"))

            inner.cases("alpha", eq(alpha * inv(alpha), 1), le(rank(alpha), 0), left=vanishing, right=positive)

            def orthogonal(sub):
                sub.cite("gamma", "matrix/zero-rank", M=gamma)
                values = {"w": inv(alpha) * (1 - beta) * x + f.T, "d": 1 * beta * 0 + 1}
                return values, {"yx": by.algebra("alpha"), "yNx": by.algebra("gamma", "fNx")}

            def oblique(sub):
                sub.cite("gamma", "matrix/scalar-inverse", c=gamma)
                values = {"w": inv(alpha) * x, "d": alpha * inv(gamma)}
                return values, {"yx": by.algebra("alpha"), "yNx": by.algebra("alpha", "gamma")}

            y, d = inner.either(
                {"w": (size, 1), "d": (1, 1)},
                le(rank(gamma), 0),
                {"yx": lambda y, d: eq(y.T * x, 1), "yNx": lambda y, d: eq(y.T * N * x * d, 1)},
                left=orthogonal,
                right=oblique,
            )
            C, back = one + U * x * (y.T * V), one - d * (U * x * (y.T * V))
            project = eye(size) - x * y.T
            inner.have("right", eq(C * back, one), by.algebra("yNx", "yx"))
            inner.have("left", eq(back * C, one), by.algebra("yNx", "yx"))
            inner.have("killed", eq(project * x, zero(size, 1)), by.algebra("yx"))
            inner.cite("drop", "matrix/rank-drop", M=project, x=x, f=y.T)
            inner.cite("middle", "matrix/rank-middle", A=U, B=project, C=V * back)
            inner.have("rest2", eq(Y * back - one, U * project * (V * back)), by.algebra("full-g1", "right"))
            inner.cite("same", "axiom/rank-congruence", M=Y * back - one, N=U * project * (V * back))
            inner.cite("one", "matrix/rank-one", u=U * x, v=y.T * V)
            values = {"Z1": Y * back, "C1": C}
            return values, {"product1": by.algebra("left"), "rest1": by.arithmetic, "split1": by.arithmetic}

        named = {f"{name}1": goal for name, goal in goals.items()}
        Z, C = proof.either({"Z1": (D, D), "C1": (D, D)}, le(rank(N), 0), named, left=opposite, right=regular)
        return {"Z": Z, "C": C}, {
            "product": by.algebra("product1"), "rest": by.arithmetic, "split": by.arithmetic,
        }  # fmt: skip

    Z, C = t.either(shapes, le(rank(Y - one), 0), goals, left=nothing_to_do, right=something)
    Zx, Cx = t.exists("Left", Z), t.exists("Right", C)
    t.show("factors", eq(Y, Zx * Cx), by.algebra("product"))
    t.show("less", le(rank(Zx - one), k), by.arithmetic)
    t.show("narrow", le(rank(Cx - one), 1), by.arithmetic)

with theorem("matrix/rank-of-two-changes", title="rank(AB - 1) <= rank(A - 1) + rank(B - 1)") as t:
    n = t.natural("n")
    A, B = t.matrices("A B", (n, n))
    one = eye(n)
    t.cite("sum", "matrix/rank-sum", A=(A - one) * B, B=B - one)
    t.cite("factor", "matrix/rank-middle", A=one, B=A - one, C=B)
    t.show(le(rank(A * B - one), rank(A - one) + rank(B - one)), by.arithmetic)

with theorem("matrix/split-change", title="A change of the identity of rank k + b splits into ranks k and b") as t:
    D, k, b = t.naturals("D k b")
    Y, one = t.matrix("Y", (D, D)), eye(D)
    t.given("rank", le(rank(Y - one), k + b))

    def peel(proof, l, A, B):
        """Move one rank from the left factor to the right one."""
        parts = proof.cite("parts", "matrix/peel", Y=A[l], k=k + b - l - 1)
        proof.cite("changes", "matrix/rank-of-two-changes", A=parts["Right"], B=B[l])
        values = {"A": parts["Left"], "B": parts["Right"] * B[l]}
        return values, {"product": by.algebra("parts-factors"), "left": by.arithmetic, "right": by.arithmetic}

    A, B = t.choose(
        "A B",
        (0, b),
        shape=(D, D),
        start={"A": Y, "B": one},
        invariants={
            "product": lambda l, A, B: eq(A[l] * B[l], Y),
            "left": lambda l, A, B: le(rank(A[l] - one) + l, k + b),
            "right": lambda l, A, B: le(rank(B[l] - one), l),
        },
        relations={},
        base={"product": by.algebra(), "left": by.arithmetic, "right": by.rank()},
        step=peel,
    )
    left, right = t.exists("Left", A[b]), t.exists("Right", B[b])
    t.show("factors", eq(Y, left * right), by.algebra("product"))
    t.show("less", le(rank(left - one), k), by.rank("left"))
    t.show("narrow", le(rank(right - one), b), by.rank("right"))
