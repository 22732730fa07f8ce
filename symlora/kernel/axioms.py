"""The facts taken without proof, each a theorem of the certificate's own language, cited like any other.

They are statements of linear algebra over the reals, true also for sizes 0. ``inv``, ``norm2``, ``sigma``, ``sqrt`` and
``rank`` are total functions about which nothing is known but what stands here.
"""

from __future__ import annotations

from typing import Any


def _axiom(
    name: str, title: str, naturals: str, matrices: str, given: str, then: str, exists: str = ""
) -> dict[str, Any]:
    """Return an axiom; matrices are written ``A: m x n`` and separated by ``;``, as are facts."""

    def declared(text: str) -> list[dict[str, Any]]:
        items = []
        for part in filter(None, text.split("; ")):
            head, shape = part.split(": ")
            symbol, _, index = head.partition("[")
            items.append({"matrix": symbol, "index": list(filter(None, index.rstrip("]").split(","))),
                          "shape": shape.split(" x ")})  # fmt: skip
        return items

    givens = [{"given": f"h{k}", "fact": fact} for k, fact in enumerate(filter(None, given.split("; ")), 1)]
    goals = [{"name": f"g{k}", "fact": fact} for k, fact in enumerate(then.split("; "), 1)]
    setup = [*({"natural": n} for n in naturals.split()), *declared(matrices), *givens]
    return {"name": f"axiom/{name}", "title": title, "setup": setup, "exists": declared(exists), "goals": goals}


AXIOMS = [
    _axiom("inverse", "a nonsingular matrix times its inverse", "n", "M: n x n",
           "nonsingular(M)", "M*inv(M) = eye(n); inv(M)*M = eye(n)"),
    _axiom("nonsingular", "a matrix with a one-sided inverse of the same square shape is nonsingular", "n",
           "M: n x n; N: n x n", "M*N = eye(n)", "nonsingular(M); nonsingular(N)"),
    _axiom("inverse-congruence", "equal matrices have equal inverses", "n", "M: n x n; N: n x n",
           "M = N", "inv(M) = inv(N)"),
    _axiom("complete", "orthonormal columns extend to an orthonormal basis", "n p s", "J: n x p",
           "n == p + s; J'*J = eye(p)", "K'*K = eye(s); J'*K = zero(p, s); J*J' + K*K' = eye(n)", "K: n x s"),
    _axiom("split", "the coordinate inclusions of p and s into n", "n p s", "", "n == p + s",
           "J'*J = eye(p); K'*K = eye(s); J'*K = zero(p, s); J*J' + K*K' = eye(n)", "J: n x p; K: n x s"),
    _axiom("kernel", "fewer rows than columns: some unit vector is sent to 0", "p q", "M: p x q",
           "p + 1 <= q", "M*y = zero(p, 1); y'*y = 1", "y: q x 1"),
    _axiom("empty", "a matrix without rows is 0", "m n", "M: m x n", "m <= 0", "M = zero(m, n)"),
    _axiom("rank", "a matrix factors through its rank, and through no less", "m n", "M: m x n", "",
           "M = U*V; X*M*Y = eye(rank(M))",
           "U: m x rank(M); V: rank(M) x n; X: rank(M) x m; Y: n x rank(M)"),
    _axiom("rank-congruence", "equal matrices have equal ranks", "m n", "M: m x n; N: m x n",
           "M = N", "rank(M) == rank(N)"),
    _axiom("symmetric", "a positive semidefinite matrix is symmetric", "n", "P: n x n", "psd(P)", "P' = P"),
    _axiom("antisymmetric", "P and -P positive semidefinite: P = 0", "n", "P: n x n",
           "psd(P); psd(-P)", "P = zero(n, n)"),
    _axiom("definite", "F'F = 0 only for F = 0", "m n", "F: m x n", "F'*F = zero(n, n)", "F = zero(m, n)"),
    _axiom("multiple", "a scalar >= 0 times a positive semidefinite matrix", "n", "c: 1 x 1; P: n x n",
           "0 <= c; psd(P)", "psd(c*P)"),
    _axiom("order-of-squares", "for a >= 0, b^2 <= a^2 gives b <= a", "", "a: 1 x 1; b: 1 x 1",
           "0 <= a; b*b <= a*a", "b <= a"),
    _axiom("square-root", "a scalar >= 0 has a root >= 0", "", "c: 1 x 1", "0 <= c",
           "sqrt(c)*sqrt(c) = c; 0 <= sqrt(c)"),
    _axiom("trace", "the trace of a positive semidefinite matrix is >= 0", "n", "P: n x n", "psd(P)", "0 <= tr(P)"),
    _axiom("psd-factor", "a positive semidefinite matrix is a hermitian square", "n", "P: n x n", "psd(P)",
           "P = F'*F", "F: n x n"),
    _axiom("trace-congruence", "equal matrices have equal traces", "n", "M: n x n; N: n x n", "M = N", "tr(M) = tr(N)"),
    _axiom("natural-scalar", "a natural is a scalar >= 0", "n", "", "", "0 <= nat(n)"),
    _axiom("norm", "the spectral norm bounds lengths", "m n", "M: m x n", "",
           "0 <= norm2(M); psd(norm2(M)*norm2(M)*eye(n) - M'*M)"),
    _axiom("norm-least", "the spectral norm is the least such bound", "m n", "M: m x n; t: 1 x 1",
           "0 <= t; psd(t*t*eye(n) - M'*M)", "norm2(M) <= t"),
    _axiom("norm-congruence", "equal matrices have equal norms", "m n", "M: m x n; N: m x n",
           "M = N", "norm2(M) = norm2(N)"),
    _axiom("svd", "a singular value decomposition: T[a] projects on the first a right singular vectors, G[a,r] has the "
           "next r as columns (0 past column n), sigma(E, k) is the k-th singular value (0 past the smaller size)",
           "m n", "E: m x n", "",
           "T[0] = zero(n, n); "
           "for a, r: G[a, r]*G[a, r]' = T[a + r] - T[a]; "
           "for a, r if a + r <= n: G[a, r]'*G[a, r] = eye(r); "
           "for a if n <= a: T[a] = eye(n); "
           "for a if n <= a: sigma(E, a + 1) = 0; "
           "for a if m <= a: sigma(E, a + 1) = 0; "
           "for a: 0 <= sigma(E, a + 1); "
           "for a: sigma(E, a + 2) <= sigma(E, a + 1); "
           "for a: E'*E*G[a, 1] = sigma(E, a + 1)*sigma(E, a + 1)*G[a, 1]; "
           "for a: psd(T[a + 1]*(E'*E - sigma(E, a + 1)*sigma(E, a + 1)*eye(n))*T[a + 1]); "
           "for a: psd((eye(n) - T[a])*(sigma(E, a + 1)*sigma(E, a + 1)*eye(n) - E'*E)*(eye(n) - T[a]))",
           "T[a]: n x n; G[a,r]: n x r"),
    _axiom("sigma-congruence", "equal matrices have equal singular values", "m n k", "M: m x n; N: m x n",
           "M = N", "sigma(M, k) = sigma(N, k)"),
]  # fmt: skip
