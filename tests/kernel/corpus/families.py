"""Families and ranges: every instance shows its values natural and its conditions."""

# ruff: noqa: E501 -- rows of data

from __future__ import annotations

from ..builders import absurd, at, axiom, block, by, define, eq, have, induction, nat, proof, recursion
from ..case import Case

SUFFIX = ["natural D L", "W[l]: D x D", recursion("S", "D x D", "eye(D)", "S[l]*W[l]", down="L")]

CASES = [
    Case(
        "suffix-past-the-end",
        "S[L] = S[L + 1] W[L + 1] unfolds a suffix where nothing is left to unfold.",
        proof(SUFFIX, "S[L] = S[L + 1]*W[L + 1]", at("S.step", "L + 1", {}, {}, {})),
        "nat-rest", "found -1", "false",
    ),
    Case(
        "prefix-before-the-start",
        "P[0] = W[0] P[-1] unfolds a prefix at its start.",
        proof(["natural D", "W[l]: D x D", recursion("P", "D x D", "eye(D)", "W[l]*P[l - 1]", up="0")],
              "P[0] = W[0]*P[-1]", at("P.step", "0", {}, {})),
        "nat-rest", "found -1", "false",
    ),
    Case(
        "instance-at-minus-one",
        "A fact for all naturals says nothing at -1.",
        proof(["natural D", "X[l]: D x D", "given h: for l: X[l] = eye(D)"], "X[-1] = eye(D)", at("h", "-1", {})),
        "nat-rest", "found -1", "false",
    ),
    Case(
        "definition-at-minus-one",
        "A defined family has its values at the naturals only.",
        proof(["natural D", {**define("X", "D x D", "eye(D)", "l")}], "X[-1] = eye(D)", at("X.def", "-1", {})),
        "nat-rest", "found -1", "false",
    ),
    Case(
        "instance-without-proofs",
        "An instance without any proof that its value is natural: 0 <= -1.",
        proof([], "1 = 0", have("for l: 0 <= l", block(nat("0 <= l", name="x")), name="f"),
              at("f", "-1", name="bad"), absurd("bad", "1 = 0")),
        "instance-proofs", "a proof for every value and condition", "false",
    ),
    Case(
        "instance-with-spare-values",
        "One value for each variable.",
        proof(["natural D", "X[l]: D x D", "given h: for l: X[l] = eye(D)"], "X[0] = eye(D)", at("h", ["0", "1"], {}, {})),
        "instance-values", "a value for every variable, found 2", "harmless",
    ),
    Case(
        "condition-not-shown",
        "A conditional fact is instantiated only where its condition is shown.",
        proof(["natural D l", "X[i]: D x D", "given h: for i if 1 <= i: X[i] = eye(D)"], "X[l] = eye(D)",
              at("h", "l", {}, {})),
        "nat-rest", "found l - 1", "false",
    ),
    Case(
        "condition-shown-by-its-converse",
        "l <= L is not shown by L <= l.",
        proof(["natural D l L", "X[i]: D x D", "given h: for i if i <= L: X[i] = eye(D)", "given c: L <= l"],
              "X[l] = eye(D)", at("h", "l", {}, by(("1", "c")))),
        "nat-rest", "a remainder >= 0 by its form", "false",
    ),
    Case(
        "equation-condition-by-one-half",
        "A condition a == b needs both halves.",
        proof(["natural D l L", "X[i]: D x D", "given h: for i if i == L: X[i] = eye(D)", "given c: l <= L"],
              "X[l] = eye(D)", at("h", "l", {}, by(("1", "c")))),
        "nat-equation", "two proofs for ==",
    ),
    Case(
        "family-without-index",
        "W[l] is a member, W alone is none.",
        proof(["natural D", "W[l]: D x D"], "W = W", eq("W = W")),
        "arity", "1 indices of W, found 0", "malformed",
    ),
    Case(
        "quantified-fact-as-ground",
        "A fact for a range may not be used without an instance.",
        proof(["natural D L", "given h: for l if 1 <= l, l <= L: eye(D) = zero(D, D)"], "eye(D) = zero(D, D)",
              eq("eye(D) = zero(D, D)", ("1", "h", "1"))),
        "fact-ground", "a fact without variables or conditions", "false",
    ),
    Case(
        "other-range",
        "What is known for l <= L is not known for l <= L + 1.",
        proof(["natural D L", "X[l]: D x D", "given h: for l if l <= L: X[l] = eye(D)"],
              "for l if l <= L + 1: X[l] = eye(D)", done="h"),
        "goal", "expected for l if l <= L + 1", "false",
    ),
    Case(
        "condition-dropped",
        "A goal without the condition is another fact.",
        proof(["natural D L", "X[l]: D x D", "given h: for l if 1 <= L: X[l] = eye(D)"], "for l: X[l] = eye(D)", done="h"),
        "goal", "found h: for l if 1 <= L", "false",
    ),
    Case(
        "variables-swapped",
        "X[i, j] = 0 for i <= j is not X[j, i] = 0 for i <= j.",
        proof(["natural D", "X[i, j]: D x D", "given h: for i, j if i <= j: X[i, j] = zero(D, D)"],
              "for i, j if i <= j: X[j, i] = zero(D, D)", done="h"),
        "goal", "X[j, i]", "false",
    ),
    Case(
        "product-reversed",
        "P[l] = P[l - 1] W[l] is the product in the other order, and S[l] P[l] moves.",
        proof([*SUFFIX, recursion("P", "D x D", "eye(D)", "P[l - 1]*W[l]", up="0")], "S[0] = P[L]",
              induction("S[l]*P[l] = P[L]", block(eq("S[L]*P[L] = P[L]", ("1", "S.start", "P[L]"), name="x")), block(
                  at("S.step", "l", {}, by(("1", "lo")), by(("1", "hi")), name="s"), at("P.step", "l", {}, by(("1", "lo")), name="p"),
                  eq("S[l - 1]*P[l - 1] = P[L]", ("1", "s", "P[l - 1]"), ("-S[l]", "p", "1"), ("1", "IH", "1"), name="x")), name="all", down=1),
              at("all", "0", {}, {}, {}, name="a"), eq("S[0] = P[L]", ("1", "a", "1"), ("-S[0]", "P.start", "1"))),
        "rest", "found -S[l]*P[l - 1]*W[l] + S[l]*W[l]*P[l - 1]", "false",
    ),
    Case(
        "construction-without-the-prefix-condition",
        "The adapter inv(S) E inv(A) moves the product by E only where A is nonsingular, too.",
        proof(["natural D", "S, W, E, A: D x D", "given h: nonsingular(S)"], "S*(W + inv(S)*E*inv(A))*A = S*W*A + E",
              axiom("inverse", "n := D; M := S", "h", g1="s"),
              eq("S*(W + inv(S)*E*inv(A))*A = S*W*A + E", ("1", "s", "E*inv(A)*A"))),
        "rest", "found -E + E*inv(A)*A", "false",
    ),
    Case(
        "construction-with-the-other-condition",
        "That S is nonsingular says nothing about A.",
        proof(["natural D", "S, A: D x D", "given h: nonsingular(S)"], "inv(A)*A = eye(D)", axiom("inverse", "n := D; M := A", "h", g2="g")),
        "cite-match", "for h1: nonsingular(A), found nonsingular(S)", "false",
    ),
    Case(
        "construction-through-the-singular-first-layer",
        "S[l] is nonsingular from 1 on: layer 1 may be singular and with it S[0].",
        proof([*SUFFIX, "given h: for l if 1 <= l, l <= L: nonsingular(S[l])"], "nonsingular(S[0])", at("h", "0", {}, {}, {})),
        "nat-rest", "found -1", "false",
    ),
    Case(
        "shadowed-variable",
        "A bound variable may not have the name of a natural in scope.",
        proof(["natural D l", "X[i]: D x D", "given h: for l: X[l] = eye(D)"], "X[0] = eye(D)", at("h", "0", {})),
        "name-fresh", "a name not yet in scope, found l",
    ),
]  # fmt: skip
