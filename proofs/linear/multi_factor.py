"""Lemma MF: with nonsingular layers, adapters of ranks r[l] reach M exactly when rank(M - P) <= r[1] + ... + r[L].

No condition on partial sums is needed: the part of the change that is still to be made is peeled off rank by rank.
"""

from symlora import by, eq, eye, inv, le, nonsingular, prod, rank, same, theorem, zero

with theorem("matrix/zero-rank", title="A matrix of rank 0 is 0") as t:
    m, n = t.naturals("m n")
    M = t.matrix("M", (m, n))
    t.given("rank", le(rank(M), 0))
    full = t.cite("full", "axiom/rank", M=M)
    t.cite("empty", "axiom/empty", M=full["V"])
    t.show(eq(M, zero(m, n)), by.algebra("full-g1", "empty"))

with theorem("matrix/full-rank", title="A square matrix of full rank is nonsingular") as t:
    n = t.natural("n")
    M = t.matrix("M", (n, n))
    t.given("rank", le(n, rank(M)))
    full = t.cite("full", "axiom/rank", M=M)
    t.cite("size", "matrix/rank-size", A=M)
    # A square isometry J from size rank(M) to size n, which are equal.
    t.have("sizes", same(n, rank(M) + 0), by.arithmetic)
    cast = t.cite("cast", "axiom/split", n=n, p=rank(M), s=0)
    J, K = cast["J"], cast["K"]
    t.cite("nothing", "axiom/empty", M=K.T)
    t.have("onto", eq(J * J.T, eye(n)), by.algebra("cast-g4", "nothing"))
    A, B = J * full["X"], full["Y"] * J.T
    t.have("identity", eq(A * (M * B), eye(n)), by.algebra("full-g2", "onto"))
    t.cite("left", "axiom/nonsingular", M=A, N=M * B)
    t.show(nonsingular(M), by.inverse(B * A, "left-g1", "identity"))

with theorem("matrix/rank-drop", title="A matrix that sends a nonzero vector to 0 has rank at most n - 1") as t:
    m, n = t.naturals("m n")
    M = t.matrix("M", (m, n))
    x, f = t.matrix("x", (n, 1)), t.matrix("f", (1, n))
    t.given("killed", eq(M * x, zero(m, 1)))
    t.given("nonzero", eq(f * x, 1))
    t.cite("sylvester", "matrix/rank-sylvester", A=M, B=x)
    t.cite("zero", "matrix/rank-zero", A=zero(m, 1))
    t.cite("equal", "axiom/rank-congruence", M=M * x, N=zero(m, 1))
    t.have("cut", eq(f * x * eye(1), eye(1)), by.algebra("nonzero"))
    t.cite("one", "matrix/rank-at-least", M=x, X=f, Y=eye(1))
    t.show(le(rank(M) + 1, n), by.arithmetic)

with theorem("matrix/scalar-inverse", title="A scalar of rank at least 1 has an inverse") as t:
    c = t.matrix("c", (1, 1))
    t.given("rank", le(1, rank(c)))
    t.cite("full", "matrix/full-rank", M=c)
    t.show(eq(c * inv(c), 1), by.algebra("full"))

with theorem("matrix/rank-one", title="A column times a row has rank at most 1") as t:
    m, n = t.naturals("m n")
    u, v = t.matrix("u", (m, 1)), t.matrix("v", (1, n))
    t.cite("factor", "matrix/rank-factor", M=u * v, U=u, V=v)
    t.show(le(rank(u * v), 1), by.arithmetic)

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
    t.have("change", eq(A * B - one, (A - one) * B + (B - one)), by.algebra())
    t.cite("equal", "axiom/rank-congruence", M=A * B - one, N=(A - one) * B + (B - one))
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
        proof.have("distance", eq(Y - eye(D), before * (Z[l] - S[l]) * inv(layer)), by.algebra("suffix", "layer", "unfold"))
        proof.cite("same", "axiom/rank-congruence", M=Y - eye(D), N=before * (Z[l] - S[l]) * inv(layer))
        proof.cite("middle", "matrix/rank-middle", A=before, B=Z[l] - S[l], C=inv(layer))
        proof.have("ladder", same(s[l + 1], s[l] + r[l + 1]), by.rank("sum-step"))
        proof.have("room", le(s[l + 1], s[L]), by.rank("growing"))
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
    t.have("end", le(rank(Z[L] - S[L]), 0), by.rank("close"))
    t.cite("done", "matrix/zero-rank", M=Z[L] - S[L])
    t.induction("made", lambda l: eq(Z[l] * A[l], M), (0, L), base=by.algebra("Z.start"), step=by.algebra("link"))
    adapters, product = t.exists_family("dW", X), t.exists_family("B", A)
    t.show("ranks-hold", lambda l: le(rank(adapters[l]), r[l]), (1, L), by.rank("ranks"))
    t.show("product-start", eq(product[0], eye(D)), by.unfold)
    t.show("product-step", lambda l: eq(product[l], (W[l] + adapters[l]) * product[l - 1]), (1, L), by.unfold)
    t.show("reached", eq(product[L], M), by.algebra("made", "done"))
