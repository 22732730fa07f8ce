"""Inverses: the two identities come only from a fact `nonsingular` of that very, square, term."""

# ruff: noqa: E501 -- rows of data

from __future__ import annotations

from ..builders import at, congruence, eq, inverse, nonsingular, proof
from ..case import Case

CASES = [
    Case(
        "left-inverse-used-on-the-right",
        "X A = 1 for rectangular A does not give A X = 1.",
        proof(["natural m n", "A: m x n", "X: n x m", "given h: X*A = eye(n)"], "A*X = eye(m)",
              nonsingular("nonsingular(A)", "X", "h", name="ns"), inverse("ns", "r", "l"),
              eq("A*X = eye(m)", ("A", "h", "inv(A)"))),
        "nonsingular-square", "a square matrix in nonsingular( )",
    ),
    Case(
        "left-inverse-by-rearrangement",
        "X A = 1 does not give A X = 1 by multiplying.",
        proof(["natural n", "A, X: n x n", "given h: X*A = eye(n)"], "A*X = eye(n)", eq("A*X = eye(n)", ("A", "h", "X"))),
        "eq-rest", "nothing left over",
    ),
    Case(
        "rectangular-nonsingular-given",
        "A hypothesis that a rectangular matrix is nonsingular has no meaning.",
        proof(["natural m n", "A: m x n", "given h: nonsingular(A)"], "nonsingular(A)", done="h"),
        "nonsingular-square", "a rectangular one", "malformed",
    ),
    Case(
        "inverse-of-rectangular",
        "inv( ) is a function of square matrices.",
        proof(["natural m n", "A: m x n"], "inv(A) = inv(A)", eq("inv(A) = inv(A)")),
        "inverse-square", "a square matrix in inv( )", "malformed",
    ),
    Case(
        "inverse-without-hypothesis",
        "A inv(A) = 1 needs that A is nonsingular.",
        proof(["natural n", "A: n x n"], "A*inv(A) = eye(n)", eq("A*inv(A) = eye(n)")),
        "eq-rest", "nothing left over", "false",
    ),
    Case(
        "inverse-of-another-term",
        "That A is nonsingular says nothing about A + A'.",
        proof(["natural n", "A: n x n", "given h: nonsingular(A)"], "(A + A')*inv(A + A') = eye(n)",
              inverse("h", "r", "l"), eq("(A + A')*inv(A + A') = eye(n)", ("1", "r", "1"))),
        "eq-rest", "nothing left over",
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
        proof(["natural n", "A: n x n"], "nonsingular(A)", eq("A = A", name="x"), nonsingular("nonsingular(A)", "A", "x")),
        "nonsingular-product", "expected A*A = eye(n)", "false",
    ),
    Case(
        "nonsingular-by-zero-product",
        "A N = 0 is no inverse.",
        proof(["natural n", "A, N: n x n", "given h: A*N = zero(n, n)"], "nonsingular(A)",
              nonsingular("nonsingular(A)", "N", "h")),
        "nonsingular-product", "expected A*N = eye(n)", "false",
    ),
    Case(
        "nonsingular-by-a-number",
        "The inverse has the shape of the matrix; a multiple c A = 1 is to be written with c eye(n).",
        proof(["natural n", "c: 1 x 1", "A: n x n", "given h: c*A = eye(n)"], "nonsingular(A)",
              nonsingular("nonsingular(A)", "c", "h")),
        "nonsingular-inverse", "an inverse of the same square shape", "harmless",
    ),
    Case(
        "nonsingular-for-all",
        "The rule proves one matrix nonsingular, not one for all values of a variable.",
        proof(["natural n"], "for l: nonsingular(eye(n))", eq("eye(n)*eye(n) = eye(n)", name="x"),
              nonsingular("for l: nonsingular(eye(n))", "eye(n)", "x")),
        "nonsingular-goal", "nonsingular( ) without variables", "harmless",
    ),
    Case(
        "nonsingular-quantified-hypothesis",
        "Nonsingular under a condition is not nonsingular.",
        proof(["natural n L", "A: n x n", "given h: if 1 <= L: nonsingular(A)"], "A*inv(A) = eye(n)",
              inverse("h", "g", "l")),
        "fact-ground", "a fact without variables or conditions", "false",
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
        "eq-rest", "nothing left over", "false",
    ),
    Case(
        "inverse-names",
        "The rule adds two facts.",
        proof(["natural n", "A: n x n", "given h: nonsingular(A)"], "A*inv(A) = eye(n)", inverse("h", "g", "l", "more")),
        "inverse-names", "two names, found 3", "harmless",
    ),
    Case(
        "inverse-from-equation",
        "An equation is not a fact nonsingular( ).",
        proof(["natural n", "A: n x n", "given h: A = A"], "A*inv(A) = eye(n)", inverse("h", "g", "l")),
        "fact-kind", "nonsingular, found h, a =",
    ),
    Case(
        "congruence-of-unequal-arguments",
        "inv(A) = inv(B) from A = A.",
        proof(["natural n", "A, B: n x n"], "inv(A) = inv(B)", eq("A = A", name="x"), congruence("inv(A) = inv(B)", "x")),
        "congruence-argument", "expected A = B, found A = A", "false",
    ),
    Case(
        "congruence-with-a-transpose",
        "inv(A) = inv(A)' does not follow from A = A.",
        proof(["natural n", "A: n x n"], "inv(A) = inv(A)'", eq("A = A", name="x"), congruence("inv(A) = inv(A)'", "x")),
        "congruence-goal", "inv(p) = inv(q)", "false",
    ),
    Case(
        "congruence-from-inequality",
        "An argument is replaced by an equal one; a relation between naturals is none.",
        proof(["natural n", "A, B: n x n", "given h: n <= n"], "inv(A) = inv(B)", congruence("inv(A) = inv(B)", "h")),
        "fact-kind", "=, found h, a <=",
    ),
    Case(
        "congruence-of-part-of-the-argument",
        "From A = B only inv(A) = inv(B), not inv(A + C) = inv(B).",
        proof(["natural n", "A, B, C: n x n", "given h: A = B"], "inv(A + C) = inv(B)", congruence("inv(A + C) = inv(B)", "h")),
        "congruence-argument", "expected A + C = B", "false",
    ),
]  # fmt: skip
