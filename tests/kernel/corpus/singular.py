"""Singular values and traces: every decomposition is one of many, indices count from 1, traces are not multiplicative."""

# ruff: noqa: E501 -- rows of data

from __future__ import annotations

from ..builders import at, axiom, by, eq, index, nat, proof, psd, rule, such
from ..case import Case

SVD = [
    "natural m n",
    "E: m x n",
    "T[a]: n x n",
    "G[a, r]: n x r",
    such("svd", "m := m; n := n; E := E; T[a] := T[a]; G[a,r] := G[a, r]"),
]
TWO = [
    *SVD,
    "S[a]: n x n",
    "H[a, r]: n x r",
    such("svd", "m := m; n := n; E := E; T[a] := S[a]; G[a,r] := H[a, r]", "t"),
]
ABC = ["natural n", "A, B, C: n x n"]

CASES = [
    Case(
        "sigma-off-by-one",
        "sigma(E, n + 1) = 0, sigma(E, n) need not be.",
        proof([*SVD, "given h: 1 <= n"], "sigma(E, n) = 0", at("s.g5", "n - 1", by(("1", "h")), {})),
        "nat-rest", "found -1", "false",
    ),
    Case(
        "sigma-zero-within-the-sizes",
        "The first singular value is 0 only where a side is empty.",
        proof(SVD, "sigma(E, 1) = 0", at("s.g5", "0", {}, {})),
        "nat-rest", "found -n", "false",
    ),
    Case(
        "sigma-zero-by-the-other-side",
        "m <= a is shown, not n <= a.",
        proof([*SVD, "given h: n <= 2"], "sigma(E, 3) = 0", at("s.g6", "2", {}, by(("1", "h")))),
        "nat-rest", "a remainder >= 0 by its form", "harmless",
    ),
    Case(
        "sigma-zeroth",
        "There is no singular value before the first.",
        proof(SVD, "sigma(E, 1) <= sigma(E, 0)", at("s.g8", "-1", {})),
        "nat-rest", "found -1", "malformed",
    ),
    Case(
        "sigma-zeroth-is-positive",
        "sigma(E, 0) has some value of which nothing is known.",
        proof(SVD, "0 <= sigma(E, 0)", at("s.g7", "-1", {})),
        "nat-rest", "found -1", "malformed",
    ),
    Case(
        "sigma-increasing",
        "Singular values decrease.",
        proof(SVD, "sigma(E, 1) <= sigma(E, 2)", at("s.g8", "0", {})),
        "goal", "expected sigma(E, 1) <= sigma(E, 2)", "false",
    ),
    Case(
        "projection-past-its-column",
        "T[a] = 1 only from a = n on.",
        proof([*SVD, "given h: 1 <= n"], "T[n - 1] = eye(n)", at("s.g4", "n - 1", by(("1", "h")), {})),
        "nat-rest", "found -1", "false",
    ),
    Case(
        "columns-past-the-last",
        "Columns past n are 0: with n = 0 the column G[0, 1] would be a unit vector.",
        proof([], "1 = 0", axiom("svd", "m := 0; n := 0; E := zero(0, 0)", new="T := T; G := G", g3="u"), at("u", ["0", "1"], {}, {}, {}, name="v"),
              nat("0 <= 0", name="z"), axiom("empty", "m := 0; n := 1; M := G[0, 1]", "z", g1="e"),
              eq("1 = 0", ("-1", "v", "1"), ("G[0, 1]'", "e", "1"))),
        "nat-rest", "found -1", "false",
    ),
    Case(
        "columns-that-reach-past-the-last",
        "a + r <= n is due, a <= n is not enough.",
        proof([*SVD, "natural k", "given h: k <= n"], "G[k, 1]'*G[k, 1] = 1", at("s.g3", ["k", "1"], {}, {}, by(("1", "h")))),
        "nat-rest", "found -1", "false",
    ),
    Case(
        "block-of-columns-as-one",
        "Two right singular vectors belong to two singular values.",
        proof(SVD, "E'*E*G[0, 2] = sigma(E, 1)*sigma(E, 1)*G[0, 2]", at("s.g9", "0", {})),
        "goal", "expected E'*E*G[0, 2]", "false",
    ),
    Case(
        "projections-of-two-decompositions",
        "The identity has many decompositions: two projections on the first vector need not agree.",
        proof(TWO, "T[1] = S[1]", eq("T[1] = S[1]")),
        "rest", "found -S[1] + T[1]", "false",
    ),
    Case(
        "projections-of-two-decompositions-by-index",
        "Members of two families are not equal at one index.",
        proof(TWO, "T[1] = S[1]", index("T[1] = S[1]", [{}, {}])),
        "index-goal", "two members of a family", "false",
    ),
    Case(
        "projections-equal-from-a-tie",
        "sigma(E, 1) = sigma(E, 2) is a tie, in which the projections are free.",
        proof([*TWO, "given h: sigma(E, 1) = sigma(E, 2)"], "T[1] = S[1]", eq("T[1] = S[1]", ("T[1] - S[1]", "h", "1"))),
        "rest", "nothing left over", "false",
    ),
    Case(
        "best-of-the-transpose",
        "The best approximation of M' is some best approximation of M transposed, not this one.",
        proof([*SVD, "natural r", "S[a]: m x m", "H[a, r]: m x r",
               {**such("svd", "m := n; n := m; E := E'; T[a] := S[a]; G[a,r] := H[a, r]", "t")}], "E'*S[r] = (E*T[r])'",
              eq("E'*S[r] = (E*T[r])'")),
        "name-fresh", "found r",
    ),
    Case(
        "best-of-the-transpose-is-the-transpose",
        "The best approximation of M' is some best approximation of M transposed, not this one.",
        proof([*SVD, "natural k", "S[a]: m x m", "H[a, r]: m x r",
               such("svd", "m := n; n := m; E := E'; T[a] := S[a]; G[a,r] := H[a, r]", "t")], "E'*S[k] = (E*T[k])'", eq("E'*S[k] = (E*T[k])'")),
        "rest", "nothing left over", "false",
    ),
    Case(
        "best-of-the-best",
        "Cutting twice, with a decomposition of the first cut, need not give this cut.",
        proof([*SVD, "natural k l", "given h: l <= k", "S[a]: n x n", "H[a, r]: n x r",
               such("svd", "m := m; n := n; E := E*T[k]; T[a] := S[a]; G[a,r] := H[a, r]", "t")], "E*T[k]*S[l] = E*T[l]",
              eq("E*T[k]*S[l] = E*T[l]")),
        "rest", "nothing left over", "false",
    ),
    Case(
        "sigma-of-unequal-matrices",
        "sigma(A, k) = sigma(B, k) from A = A.",
        proof([*ABC, "natural k"], "sigma(A, k) = sigma(B, k)", eq("A = A", name="h"),
              axiom("sigma-congruence", "m := n; n := n; k := k; M := A; N := B", "h", g1="g")),
        "cite-match", "for h1: A = B, found A = A", "false",
    ),
    Case(
        "sigma-at-another-index",
        "One matrix, two indices.",
        proof([*ABC, "natural k"], "sigma(A, k) = sigma(A, k + 1)", eq("A = A", name="h"),
              axiom("sigma-congruence", "m := n; n := n; k := k; M := A; N := A", "h", g1="g")),
        "goal", "expected sigma(A, k) = sigma(A, k + 1)", "false",
    ),
    Case(
        "sigma-equal-by-equal-indices",
        "The rule for equal indices is one of families, not of functions.",
        proof([*ABC, "natural k l", "given h: k <= l"], "sigma(A, k) = sigma(A, l)", index("sigma(A, k) = sigma(A, l)", [{}, {}], [{}, {}])),
        "index-goal", "two members of a family",
    ),
    Case(
        "sigma-with-a-matrix-as-index",
        "The index of a singular value is a natural.",
        proof(ABC, "sigma(A, B) = sigma(A, B)", eq("sigma(A, B) = sigma(A, B)")),
        "name-kind", "a natural, found B, a matrix", "malformed",
    ),
    Case(
        "spare-vector-of-a-decomposition",
        "The goal for G[a, 1] is not one for T[a].",
        proof(SVD, "E'*E*T[1] = sigma(E, 1)*sigma(E, 1)*T[2]", at("s.g9", "0", {}, name="v"), at("s.g2", ["0", "1"], {}, {}, name="t"),
              eq("E'*E*T[1] = sigma(E, 1)*sigma(E, 1)*T[2]", ("1", "v", "G[0, 1]'"), ("-E'*E", "t", "1"), ("sigma(E, 1)*sigma(E, 1)", "t", "1"),
                 ("E'*E", "s.g1", "1"), ("-sigma(E, 1)*sigma(E, 1)", "s.g1", "1"))),
        "rest", "nothing left over", "false",
    ),
    Case(
        "trace-of-a-rectangular-product",
        "tr( ) is a function of square matrices.",
        proof(["natural m n", "A: m x n"], "tr(A*A) = tr(A*A)", eq("tr(A*A) = tr(A*A)")),
        "shape-product", "sizes that do not compose",
    ),
    Case(
        "trace-of-a-rectangular-matrix",
        "tr( ) is a function of square matrices.",
        proof(["natural m n", "A: m x n"], "tr(A) = tr(A)", eq("tr(A) = tr(A)")),
        "function-shape", "a square matrix in tr",
    ),
    Case(
        "trace-of-a-product",
        "tr(A B) = tr(A) tr(B) is false.",
        proof(ABC, "tr(A*B) = tr(A)*tr(B)", eq("tr(A*B) = tr(A)*tr(B)")),
        "rest", "nothing left over", "false",
    ),
    Case(
        "trace-of-three-factors",
        "tr(A B C) = tr(A C B) is false: only rotations and transposes are free.",
        proof(ABC, "tr(A*B*C) = tr(A*C*B)", eq("tr(A*B*C) = tr(A*C*B)")),
        "rest", "nothing left over", "false",
    ),
    Case(
        "trace-of-a-transposed-factor",
        "tr(A B') = tr(A B) is false.",
        proof(ABC, "tr(A*B') = tr(A*B)", eq("tr(A*B') = tr(A*B)")),
        "rest", "nothing left over", "false",
    ),
    Case(
        "trace-of-two-identities",
        "tr 1 at m x m is m and not n.",
        proof(["natural m n"], "tr(eye(m)) = tr(eye(n))", eq("tr(eye(m)) = tr(eye(n))")),
        "rest", "found nat(m) - nat(n)", "false",
    ),
    Case(
        "trace-of-an-identity",
        "tr 1 at n x n is not 1.",
        proof(["natural n"], "tr(eye(n)) = 1", eq("tr(eye(n)) = 1")),
        "rest", "nothing left over", "false",
    ),
    Case(
        "trace-of-a-square-matrix-is-positive",
        "tr(A) >= 0 needs psd(A), not psd(A' A).",
        proof(ABC, "0 <= tr(A)", psd("psd(A'*A)", ("1", "A"), name="h"), axiom("trace", "n := n; P := A", "h", g1="g")),
        "cite-match", "for h1: psd(A), found psd(A'*A)", "false",
    ),
    Case(
        "trace-zero",
        "tr(A) = 0 does not give A = 0.",
        proof([*ABC, "given h: tr(A) = 0"], "A = zero(n, n)", axiom("definite", "m := n; n := n; F := A", "h", g1="g")),
        "cite-match", "for h1: A'*A = zero(n, n), found tr(A) = zero(1, 1)", "false",
    ),
    Case(
        "trace-as-a-matrix",
        "The trace is a number; A = tr(A) 1 / n is false.",
        proof(ABC, "nat(n)*A = tr(A)*eye(n)", eq("nat(n)*A = tr(A)*eye(n)")),
        "rest", "nothing left over", "false",
    ),
    Case(
        "difference-as-a-natural-scalar",
        "nat(i - 5) >= 0 needs 5 <= i.",
        proof(["natural i"], "0 <= nat(i - 5)", axiom("natural-scalar", "n := i - 5", g1="g")),
        "nat-rest", "found i - 5", "false",
    ),
    Case(
        "width-below-zero-as-a-scalar",
        "d[l - 1] may be negative at l = 0.",
        proof(["natural l", "naturals d[i]"], "0 <= nat(d[l - 1])", axiom("natural-scalar", "n := d[l - 1]", g1="g")),
        "nat-rest", "found d[l - 1]", "false",
    ),
    Case(
        "naturals-compared-the-other-way",
        "a <= b does not give nat(b) <= nat(a).",
        proof(["natural a b", "given h: a <= b"], "nat(b) <= nat(a)", axiom("natural-scalar", "n := a - b", natural={"n": by(("1", "h"))}, g1="g")),
        "nat-rest", "a remainder >= 0 by its form", "false",
    ),
    Case(
        "natural-scalar-of-a-matrix",
        "nat( ) is a function of naturals.",
        proof(["c: 1 x 1"], "0 <= nat(c)", psd("0 <= nat(c)")),
        "name-kind", "a natural, found c, a matrix",
    ),
    Case(
        "natural-scalars-are-one",
        "nat(n) nat(n) = nat(n) is false.",
        proof(["natural n"], "nat(n)*nat(n) = nat(n)", eq("nat(n)*nat(n) = nat(n)")),
        "rest", "nothing left over", "false",
    ),
    Case(
        "decomposition-in-a-definition",
        "A definition in the proof may not fix a projection of the statement.",
        proof(SVD, "T[1] = eye(n)", rule("define", {"define": [{"name": "T", "shape": ["n", "n"], "is": "eye(n)"}], "index": ["b"]})),
        "name-fresh", "found T",
    ),
]  # fmt: skip
