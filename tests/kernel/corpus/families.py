"""Families and ranges: every instance shows its values natural and its conditions."""

# ruff: noqa: E501 -- rows of data

from __future__ import annotations

from ..builders import absurd, at, block, by, define, eq, have, nat, proof, recursion
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
        "shadowed-variable",
        "A bound variable may not have the name of a natural in scope.",
        proof(["natural D l", "X[i]: D x D", "given h: for l: X[l] = eye(D)"], "X[0] = eye(D)", at("h", "0", {})),
        "name-fresh", "a name not yet in scope, found l",
    ),
]  # fmt: skip
