"""Eckart-Young-Mirsky in the Frobenius norm, written with traces: tr(M'M) is the square of the Frobenius norm of M."""

from symlora import by, eq, eye, le, psd, rank, scalar, sigma, theorem, total, tr, zero

with theorem("matrix/trace-order", title="tr(PQ) <= tr(P) for a psd P and an orthogonal projector Q") as t:
    n = t.natural("n")
    P, Q = t.matrices("P Q", (n, n))
    t.given("P", psd(P))
    t.given("symmetric", eq(Q.T, Q))
    t.given("idempotent", eq(Q * Q, Q))
    rest = eye(n) - Q
    t.have("psd", psd(rest.T * P * rest), by.squares([(rest, "P")]))
    t.cite("sign", "axiom/trace", P=rest.T * P * rest)
    t.have("inside", eq(rest.T * P * rest, P - Q * P - P * Q + Q * P * Q), by.algebra("symmetric"))
    t.cite("trace", "axiom/trace-congruence", M=rest.T * P * rest, N=P - Q * P - P * Q + Q * P * Q)
    t.have("twice", eq(P * Q * Q, P * Q), by.algebra("idempotent"))
    t.cite("once", "axiom/trace-congruence", M=P * Q * Q, N=P * Q)
    t.show(le(tr(P * Q), tr(P)), by.squares([(eye(1), "sign")], "trace", "once"))

with theorem("matrix/trace-at-least-zero", title="tr(PQ) >= 0 for a psd P and an orthogonal projector Q") as t:
    n = t.natural("n")
    P, Q = t.matrices("P Q", (n, n))
    t.given("P", psd(P))
    t.given("symmetric", eq(Q.T, Q))
    t.given("idempotent", eq(Q * Q, Q))
    t.have("psd", psd(Q.T * P * Q), by.squares([(Q, "P")]))
    t.cite("sign", "axiom/trace", P=Q.T * P * Q)
    t.have("inside", eq(P * Q * Q.T, P * Q), by.algebra("symmetric", "idempotent"))
    t.cite("trace", "axiom/trace-congruence", M=P * Q * Q.T, N=P * Q)
    t.show(le(0, tr(P * Q)), by.squares([(eye(1), "sign")], "trace"))

with theorem("matrix/singular-projectors", title="The projectors of a singular value decomposition") as t:
    m, n, k = t.naturals("m n k")
    E = t.matrix("E", (m, n))
    svd = t.for_every_svd(E)
    T, G = svd.T, svd.G
    t.given("inside", le(k, n))
    t.have("start", eq(T[0], zero(n, n)), by.algebra("svd.g1"))
    t.have("columns", eq(T[k], G[0, k] * G[0, k].T), by.algebra("svd.g2", "start"))
    t.have("orthonormal", eq(G[0, k].T * G[0, k], eye(k)), by.algebra("svd.g3"))
    t.show("symmetric", eq(T[k].T, T[k]), by.algebra("columns"))
    t.show("idempotent", eq(T[k] * T[k], T[k]), by.algebra("columns", "orthonormal"))
    t.cite("traces", "axiom/trace-congruence", M=T[k], N=G[0, k] * G[0, k].T)
    t.cite("turned", "axiom/trace-congruence", M=G[0, k].T * G[0, k], N=eye(k))
    t.show("size", eq(tr(T[k]), scalar(k)), by.algebra("traces", "turned"))

    def next_column(proof, a):
        proof.have("split", eq(T[a + 1], T[a] + G[a, 1] * G[a, 1].T), by.algebra("svd.g2"))
        proof.have(
            "vector", eq(E.T * E * G[a, 1], svd.singular(a + 1) * svd.singular(a + 1) * G[a, 1]), by.algebra("svd.g9")
        )
        proof.show(by.algebra("split", "vector"))

    t.induction("commutes", lambda a: eq(E.T * E * T[a], T[a] * (E.T * E)), (0, k),
                base=by.algebra("start"), step=next_column)  # fmt: skip
    t.show("commute", eq(E.T * E * T[k], T[k] * (E.T * E)), by.algebra("commutes"))

with theorem("matrix/singular-squares", title="The trace of E'E on the first singular directions") as t:
    m, n, k = t.naturals("m n k")
    E = t.matrix("E", (m, n))
    svd = t.for_every_svd(E)
    T, G = svd.T, svd.G
    q = t.define("q", lambda a: total(lambda i: sigma(E, i) * sigma(E, i), 1, a))
    t.given("inside", le(k, n))

    def next_value(proof, a):
        square = svd.singular(a + 1) * svd.singular(a + 1)
        proof.have("split", eq(T[a + 1], T[a] + G[a, 1] * G[a, 1].T), by.algebra("svd.g2"))
        proof.have("vector", eq(E.T * E * G[a, 1], square * G[a, 1]), by.algebra("svd.g9"))
        proof.have("unit", eq(G[a, 1].T * G[a, 1], eye(1)), by.algebra("svd.g3"))
        proof.have("more", eq(E.T * E * T[a + 1], E.T * E * T[a] + square * (G[a, 1] * G[a, 1].T)),
                   by.algebra("split", "vector"))  # fmt: skip
        proof.cite(
            "trace", "axiom/trace-congruence", M=E.T * E * T[a + 1], N=E.T * E * T[a] + square * (G[a, 1] * G[a, 1].T)
        )
        proof.show(by.algebra("trace", "unit"))

    t.have("start", eq(E.T * E * T[0], zero(n, n)), by.algebra("svd.g1"))
    t.cite("trace-start", "axiom/trace-congruence", M=E.T * E * T[0], N=zero(n, n))
    t.induction(
        "partial", lambda a: eq(tr(E.T * E * T[a]), q[a]), (0, k), base=by.algebra("trace-start"), step=next_value
    )
    t.show(eq(tr(E.T * E * T[k]), q[k]), by.algebra("partial"))

with theorem("matrix/eckart-young/frobenius-attained", title="The truncation in the Frobenius norm") as t:
    m, n, k = t.naturals("m n k")
    E = t.matrix("E", (m, n))
    svd = t.for_every_svd(E)
    T = svd.T
    q = t.define("q", lambda a: total(lambda i: sigma(E, i) * sigma(E, i), 1, a))
    t.given("inside", le(k, n))
    t.cite("projector", "matrix/singular-projectors", E=E, k=k, T=T, G=svd.G)
    t.cite("first", "matrix/singular-squares", E=E, k=k, T=T, G=svd.G)
    t.cite("all", "matrix/singular-squares", E=E, k=n, T=T, G=svd.G)
    t.have("whole", eq(E.T * E * T[n], E.T * E), by.algebra("svd.g4"))
    t.cite("whole-trace", "axiom/trace-congruence", M=E.T * E * T[n], N=E.T * E)
    F = E - svd.best(k)
    t.have("square", eq(F.T * F, E.T * E - T[k] * (E.T * E) - E.T * E * T[k] + E.T * E * T[k]),
           by.algebra("projector-symmetric", "projector-idempotent", "projector-commute"))  # fmt: skip
    t.have("short", eq(F.T * F, E.T * E - E.T * E * T[k]), by.algebra("square", "projector-commute"))
    t.cite("trace", "axiom/trace-congruence", M=F.T * F, N=E.T * E - E.T * E * T[k])
    t.show(eq(tr(F.T * F), q[n] - q[k]), by.algebra("trace", "first", "all", "whole-trace"))

with theorem("matrix/eckart-young/frobenius-bound", title="No matrix of rank k is closer in the Frobenius norm") as t:
    m, n, k = t.naturals("m n k")
    E, N = t.matrices("E N", (m, n))
    q = t.define("q", lambda a: total(lambda i: sigma(E, i) * sigma(E, i), 1, a))
    t.given("inside", le(k, n))
    t.given("rank", le(rank(N), k))
    svd = t.svd(E)
    T, G, S = svd.T, svd.G, E.T * E
    H = E - N

    def everything(proof):
        """k = n: the bound is 0."""
        proof.have("ends", eq(q[n], q[k]), by.index())
        proof.have("psd", psd(H.T * H), by.squares([H]))
        proof.cite("sign", "axiom/trace", P=H.T * H)
        proof.show(by.order("sign", "ends"))

    def proper(proof):
        """P projects on the row space of N; tr(E'E P) is at most the sum of the first k squares (Ky Fan)."""
        rows = proof.cite("rows", "axiom/svd", E=N)
        P = rows["T"][k]
        proof.cite("P", "matrix/singular-projectors", E=N, k=k, T=rows["T"], G=rows["G"])
        proof.cite("keeps", "matrix/eckart-young/low-rank", E=N, k=k, T=rows["T"], G=rows["G"])
        proof.cite("T", "matrix/singular-projectors", E=E, k=k, T=T, G=G)
        proof.cite("T1", "matrix/singular-projectors", E=E, k=k + 1, T=T, G=G)
        tau, one = svd.singular(k + 1) * svd.singular(k + 1), eye(n)

        # E'E is at least tau on the first k directions and at most tau on the others.
        proof.have("next", eq(T[k + 1], T[k] + G[k, 1] * G[k, 1].T), by.algebra("svd-g2"))
        proof.have("unit", eq(G[k, 1].T * G[k, 1], eye(1)), by.algebra("svd-g3"))
        proof.have("nested", eq(T[k] * T[k + 1], T[k]), by.algebra("next", "unit", "T-idempotent", "T1-idempotent"))
        proof.have("nested-left", eq(T[k + 1] * T[k], T[k]), by.algebra("nested", "T-symmetric", "T1-symmetric"))
        above, below = proof.instance("above", "svd-g10", k), proof.instance("below", "svd-g11", k)
        A = T[k] * S * T[k] - tau * T[k]
        B = tau * (one - T[k]) - (one - T[k]) * S * (one - T[k])
        proof.have("A", psd(A), by.squares([(T[k], above)], "nested", "nested-left", "T-symmetric", "T-idempotent"))
        proof.have("B", psd(B), by.squares([(one, below)], "T-idempotent"))
        proof.cite("AP", "matrix/trace-order", P=A, Q=P)
        proof.cite("BP", "matrix/trace-at-least-zero", P=B, Q=P)
        proof.have("parts", eq(S * P, A * P - B * P + tau * P), by.algebra("T-commute", "T-idempotent"))
        proof.cite("parts-trace", "axiom/trace-congruence", M=S * P, N=A * P - B * P + tau * P)
        proof.have("A-short", eq(A, S * T[k] - tau * T[k]), by.algebra("T-commute", "T-idempotent"))
        proof.cite("A-trace", "axiom/trace-congruence", M=A, N=S * T[k] - tau * T[k])
        proof.cite("first", "matrix/singular-squares", E=E, k=k, T=T, G=G)
        proof.have(
            "ky-fan",
            le(tr(S * P), q[k]),
            by.squares([(eye(1), "AP"), (eye(1), "BP")], "parts-trace", "A-trace", "first", "T-size", "P-size"),
        )

        # What P leaves of H is what it leaves of E.
        away = one - P
        proof.have("H", psd(H.T * H), by.squares([H]))
        proof.have("away-symmetric", eq(away.T, away), by.algebra("P-symmetric"))
        proof.have("away-idempotent", eq(away * away, away), by.algebra("P-idempotent"))
        proof.cite("cut", "matrix/trace-order", P=H.T * H, Q=away)
        proof.have("same", eq(H * away, E * away), by.algebra("keeps"))
        proof.have("left", eq(H.T * H * away, H.T * E * away), by.algebra("same"))
        proof.have("right", eq(away * (H.T * E) * away, away * S * away), by.algebra("same", "away-symmetric"))
        proof.cite("left-trace", "axiom/trace-congruence", M=H.T * H * away, N=H.T * E * away)
        proof.cite("right-trace", "axiom/trace-congruence", M=away * (H.T * E) * away, N=away * S * away)
        proof.have("fold-left", eq(H.T * E * away * away, H.T * E * away), by.algebra("away-idempotent"))
        proof.cite("fold-left-trace", "axiom/trace-congruence", M=H.T * E * away * away, N=H.T * E * away)
        proof.have("fold-right", eq(S * away * away, S * away), by.algebra("away-idempotent"))
        proof.cite("fold-right-trace", "axiom/trace-congruence", M=S * away * away, N=S * away)
        proof.cite("all", "matrix/singular-squares", E=E, k=n, T=T, G=G)
        proof.have("whole", eq(S * T[n], S), by.algebra("svd-g4"))
        proof.cite("whole-trace", "axiom/trace-congruence", M=S * T[n], N=S)
        proof.show(by.squares([(eye(1), "cut"), (eye(1), "ky-fan")], "left-trace", "right-trace", "fold-left-trace",
                              "fold-right-trace", "all", "whole-trace"))  # fmt: skip

    t.cases("bound", le(q[n] - q[k], tr(H.T * H)), le(n, k), left=everything, right=proper)
    t.show(le(q[n] - q[k], tr((E - N).T * (E - N))), by.order("bound"))
