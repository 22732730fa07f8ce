"""Inverses: the two identities come only from a fact `nonsingular` of that very, square, term."""

# ruff: noqa: E501 -- rows of data

from __future__ import annotations

from ..builders import at, axiom, cite, eq, inverse, nonsingular, proof
from ..case import Case

CASES = [
    Case(
        "left-inverse-used-on-the-right",
        "X A = 1 for rectangular A does not give A X = 1.",
        proof(["natural m n", "A: m x n", "X: n x m", "given h: X*A = eye(n)"], "A*X = eye(m)",
              nonsingular("n", "A", "X", "h", "ns"), inverse("n", "A", "ns", "r", "l"),
              eq("A*X = eye(m)", ("A", "h", "inv(A)"))),
        "cite-shape", "the declared shape of M",
    ),
    Case(
        "left-inverse-of-rectangular-as-nonsingular",
        "An identity of the smaller size is no witness for the product of the larger.",
        proof(["natural m n", "A: m x n", "X: n x m", "given h: X*A = eye(n)"], "nonsingular(A*X)",
              nonsingular("m", "A*X", "eye(m)", "h")),
        "cite-match", "for h1: A*X = eye(m), found X*A = eye(n)", "false",
    ),
    Case(
        "left-inverse-by-rearrangement",
        "X A = 1 does not give A X = 1 by multiplying.",
        proof(["natural n", "A, X: n x n", "given h: X*A = eye(n)"], "A*X = eye(n)", eq("A*X = eye(n)", ("A", "h", "X"))),
        "rest", "nothing left over",
    ),
    Case(
        "rectangular-nonsingular-given",
        "A hypothesis that a rectangular matrix is nonsingular has no meaning.",
        proof(["natural m n", "A: m x n", "given h: nonsingular(A)"], "nonsingular(A)", done="h"),
        "relation-square", "a square matrix in nonsingular", "malformed",
    ),
    Case(
        "inverse-of-rectangular",
        "inv( ) is a function of square matrices.",
        proof(["natural m n", "A: m x n"], "inv(A) = inv(A)", eq("inv(A) = inv(A)")),
        "function-shape", "a square matrix in inv", "malformed",
    ),
    Case(
        "inverse-without-hypothesis",
        "A inv(A) = 1 needs that A is nonsingular.",
        proof(["natural n", "A: n x n"], "A*inv(A) = eye(n)", eq("A*inv(A) = eye(n)")),
        "rest", "nothing left over", "false",
    ),
    Case(
        "inverse-of-zero",
        "A citation of the axiom without its hypothesis: 0 inv(0) = 1.",
        proof([], "1 = 0", {**inverse("1", "0", "h", "r", "l"), "facts": {}}, eq("1 = 0", ("-1", "r", "1"))),
        "cite-given", "a fact for each given, found []",
    ),
    Case(
        "inverse-of-another-term",
        "That A is nonsingular says nothing about A + A'.",
        proof(["natural n", "A: n x n", "given h: nonsingular(A)"], "(A + A')*inv(A + A') = eye(n)",
              inverse("n", "A + A'", "h", "g", "l")),
        "cite-match", "for h1: nonsingular(A + A'), found nonsingular(A)", "false",
    ),
    Case(
        "users-matrix-named-inv",
        "A matrix named inv would pass for the inverse.",
        proof(["natural n", "inv: n x n"], "1 = 1", eq("1 = 1")),
        "name-plain", "a plain name that is not reserved, found 'inv'", "malformed",
    ),
    Case(
        "users-matrix-named-inv-of-S",
        "A matrix with the name inv(S) would be shown as the inverse of S.",
        proof(["natural n", "S: n x n",
               {"define": [{"name": "inv(S)", "shape": ["n", "n"], "is": "zero(n, n)"}], "index": []}],
              "1 = 1", eq("1 = 1")),
        "name-plain", "found 'inv(S)'",
    ),
    Case(
        "nonsingular-by-unrelated-fact",
        "Any equation would make any matrix nonsingular.",
        proof(["natural n", "A: n x n"], "nonsingular(A)", eq("A = A", name="x"), nonsingular("n", "A", "A", "x")),
        "cite-match", "for h1: A*A = eye(n)", "false",
    ),
    Case(
        "nonsingular-by-zero-product",
        "A N = 0 is no inverse.",
        proof(["natural n", "A, N: n x n", "given h: A*N = zero(n, n)"], "nonsingular(A)", nonsingular("n", "A", "N", "h")),
        "cite-match", "for h1: A*N = eye(n)", "false",
    ),
    Case(
        "nonsingular-by-a-number",
        "The inverse has the shape of the matrix; a multiple c A = 1 is to be written with c eye(n).",
        proof(["natural n", "c: 1 x 1", "A: n x n", "given h: c*A = eye(n)"], "nonsingular(A)",
              nonsingular("n", "A", "c", "h")),
        "cite-shape", "the declared shape of N",
    ),
    Case(
        "nonsingular-at-another-size",
        "1 = 0 at n x n (n = 0) makes every n x n matrix nonsingular, no m x m one.",
        proof(["natural m n", "B: m x m", "given h: eye(n) = zero(n, n)"], "nonsingular(B)",
              nonsingular("n", "B", "zero(n, n)", "h")),
        "cite-shape", "the declared shape of M",
    ),
    Case(
        "nonsingular-quantified-hypothesis",
        "Nonsingular under a condition is not nonsingular.",
        proof(["natural n L", "A: n x n", "given h: if 1 <= L: nonsingular(A)"], "A*inv(A) = eye(n)",
              inverse("n", "A", "h", "g", "l")),
        "cite-match", "found if 1 <= L: nonsingular(A)", "false",
    ),
    Case(
        "inverse-at-the-end-of-the-range",
        "W[l] is nonsingular for l < L; W[L] need not be.",
        proof(["natural n L", "W[l]: n x n", "given h: for l if l + 1 <= L: nonsingular(W[l])"], "nonsingular(W[L])",
              at("h", "L", {}, {})),
        "nat-rest", "found -1", "false",
    ),
    Case(
        "inverse-before-the-range",
        "W[l] is nonsingular from 2 on; W[1] need not be.",
        proof(["natural n", "W[l]: n x n", "given h: for l if 2 <= l: nonsingular(W[l])"], "nonsingular(W[1])",
              at("h", "1", {}, {})),
        "nat-rest", "found -1", "false",
    ),
    Case(
        "inverse-is-an-involution",
        "inv(inv(A)) = A is false for singular A, where inv is arbitrary.",
        proof(["natural n", "A: n x n"], "inv(inv(A)) = A", eq("inv(inv(A)) = A")),
        "rest", "nothing left over", "false",
    ),
    Case(
        "inverse-of-a-transpose",
        "inv(A')' = inv(A) is not known for singular A.",
        proof(["natural n", "A: n x n"], "inv(A')' = inv(A)", eq("inv(A')' = inv(A)")),
        "rest", "nothing left over",
    ),
    Case(
        "inverse-of-a-product",
        "inv(A B) = inv(B) inv(A) is not known for singular factors.",
        proof(["natural n", "A, B: n x n"], "inv(A*B) = inv(B)*inv(A)", eq("inv(A*B) = inv(B)*inv(A)")),
        "rest", "nothing left over",
    ),
    Case(
        "third-goal-of-the-axiom",
        "The axiom has two goals.",
        proof(["natural n", "A: n x n", "given h: nonsingular(A)"], "A*inv(A) = eye(n)",
              axiom("inverse", "n := n; M := A", "h", g1="g", g3="more")),
        "cite-goal", "names of goals",
    ),
    Case(
        "inverse-from-equation",
        "An equation is not a fact nonsingular( ).",
        proof(["natural n", "A: n x n", "given h: A = A"], "A*inv(A) = eye(n)", inverse("n", "A", "h", "g", "l")),
        "cite-match", "for h1: nonsingular(A)", "false",
    ),
    Case(
        "congruence-of-unequal-arguments",
        "inv(A) = inv(B) from A = A.",
        proof(["natural n", "A, B: n x n"], "inv(A) = inv(B)", eq("A = A", name="x"),
              axiom("inverse-congruence", "n := n; M := A; N := B", "x", g1="g")),
        "cite-match", "for h1: A = B, found A = A", "false",
    ),
    Case(
        "congruence-with-a-transpose",
        "inv(A) = inv(A)' does not follow from A = A.",
        proof(["natural n", "A: n x n"], "inv(A) = inv(A)'", eq("A = A", name="x"),
              axiom("inverse-congruence", "n := n; M := A; N := A", "x", g1="g")),
        "goal", "expected inv(A) = inv(A)'", "false",
    ),
    Case(
        "congruence-from-inequality",
        "An argument is replaced by an equal one; a relation between naturals is none.",
        proof(["natural n", "A, B: n x n", "given h: n <= n"], "inv(A) = inv(B)",
              axiom("inverse-congruence", "n := n; M := A; N := B", "h", g1="g")),
        "cite-match", "found n <= n", "false",
    ),
    Case(
        "congruence-of-part-of-the-argument",
        "From A = B only inv(A) = inv(B), not inv(A + C) = inv(B).",
        proof(["natural n", "A, B, C: n x n", "given h: A = B"], "inv(A + C) = inv(B)",
              axiom("inverse-congruence", "n := n; M := A + C; N := B", "h", g1="g")),
        "cite-match", "for h1: A + C = B", "false",
    ),
    Case(
        "axiom-that-does-not-exist",
        "Only the axioms of the kernel are axioms.",
        proof([], "1 = 0", cite("axiom/trust", {"main": "g"})),
        "cite-known", "found 'axiom/trust'",
    ),
    Case(
        "rule-that-is-an-axiom-now",
        "The inverse is no rule.",
        proof([], "1 = 0", {"rule": "inverse", "of": "h", "as": ["g"]}),
        "rule-known", "found 'inverse'",
    ),
]  # fmt: skip
