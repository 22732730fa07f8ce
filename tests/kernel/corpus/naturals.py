"""Sizes and naturals: polynomials in normal form, multipliers that are products of hypotheses."""

from __future__ import annotations

from ..builders import absurd, at, axiom, block, by, eq, have, nat, natural, proof
from ..case import Case

WIDE = "(" + " + ".join(f"n{i}" for i in range(50)) + ")"
WIDE_NATURALS = "natural " + " ".join(f"n{i}" for i in range(50))

CASES = [
    Case(
        "cancel-zero-factor",
        "R L = R M does not give L = M: R may be 0.",
        proof(["natural R L M", "given h: R*L == R*M"], "L == M", nat("L == M", [by(("1", "h")), by(("-1", "h"))])),
        "nat-rest", "a remainder >= 0 by its form",
    ),
    Case(
        "one-below-zero",
        "1 <= 0 without any hypothesis.",
        proof([], "1 <= 0", nat("1 <= 0")),
        "nat-rest", "found -1", "false",
    ),
    Case(
        "negative-multiplier",
        "An inequality may not be multiplied by -1.",
        proof(["natural a b", "given h: a <= b"], "b <= a", nat("b <= a", by(("-1", "h")))),
        "nat-multiplier", "a multiplier >= 0 by its form", "false",
    ),
    Case(
        "multiplier-that-may-be-negative",
        "a - 1 is no multiplier although a is a natural: a may be 0.",
        proof(["natural a b", "given h: a <= b"], "a*a + b <= a*b + a", nat("a*a + b <= a*b + a", by(("a - 1", "h")))),
        "nat-multiplier", "a multiplier >= 0 by its form", "false",
    ),
    Case(
        "scale-zero",
        "Zero times the goal is >= 0, which says nothing.",
        proof([], "1 <= 0", nat("1 <= 0", {"scale": 0})),
        "nat-scale", "a scale > 0", "false",
    ),
    Case(
        "scale-negative",
        "A negative scale turns the inequality round.",
        proof([], "1 <= 0", nat("1 <= 0", {"scale": -1})),
        "nat-scale", "found -1", "false",
    ),
    Case(
        "multiplier-without-fact",
        "A multiplier multiplies at least one fact.",
        proof(["natural a"], "0 <= a + 1", nat("0 <= a + 1", by(("1",)))),
        "nat-item", "[multiplier, fact, \u2026], found ['1']", "harmless",
    ),
    Case(
        "half-an-equation",
        "a <= b gives only one half of a == b.",
        proof(["natural a b", "given h: a <= b"], "a == b", nat("a == b", [by(("1", "h"))])),
        "nat-equation", "two proofs for ==",
    ),
    Case(
        "quantified-goal-of-nat",
        "The rule proves one relation, not one for all values of a variable.",
        proof([], "for l: 0 <= l", nat("for l: 0 <= l")),
        "fact-ground", "a fact without variables or conditions",
    ),
    Case(
        "equation-of-matrices-as-nat",
        "An equation of matrices is no relation between naturals.",
        proof(["natural n", "A: n x n"], "A = A", nat("A = A")),
        "fact-kind", "<= or ==, found 'A = A'",
    ),
    Case(
        "width-at-minus-one",
        "d[l - 1] is not known to be >= 0: l may be 0, where the family promises nothing.",
        proof(["natural l", "naturals d[i]"], "0 <= d[l - 1]", natural("d", ["l - 1"], [{}])),
        "nat-rest", "found l - 1", "false",
    ),
    Case(
        "width-at-minus-one-by-form",
        "d[l - 1] is not >= 0 by its form either.",
        proof(["natural l", "naturals d[i]"], "0 <= d[l - 1]", nat("0 <= d[l - 1]")),
        "nat-rest", "found d[l - 1]", "false",
    ),
    Case(
        "width-without-a-proof",
        "Every index is shown to be natural.",
        proof(["natural l", "naturals d[i]"], "0 <= d[l - 1]", natural("d", ["l - 1"], [])),
        "natural-proofs", "a proof for every index", "false",
    ),
    Case(
        "width-with-two-indices",
        "A family of naturals has its own number of indices.",
        proof(["naturals d[i]"], "0 <= 1", natural("d", ["0", "0"], [{}, {}], name="x"), nat("0 <= 1")),
        "arity", "1 indices of d, found 2", "harmless",
    ),
    Case(
        "split-with-negative-part",
        "1 = (-1) + 2 would give a 1 x 2 matrix with orthonormal columns, hence 1 = 0.",
        proof([], "1 = 0",
              nat("1 == 1 - 2 + 2", [{}, {}], name="one"), nat("2 == 1 + 1", [{}, {}], name="two"),
              axiom("split", "n := 1; p := 1 - 2; s := 2", "one", new="J := J; K := K", g2="kk"),
              axiom("split", "n := 2; p := 1; s := 1", "two", new="J := E; K := F", g1="ee", g2="ff", g3="ef"),
              eq("E'*K'*K*E = 1", ("E'", "kk", "E"), ("1", "ee", "1"), name="aa"),
              eq("F'*K'*K*F = 1", ("F'", "kk", "F"), ("1", "ff", "1"), name="bb"),
              eq("E'*K'*K*F = 0", ("E'", "kk", "F"), ("1", "ef", "1"), name="ab"),
              eq("1 = 0", ("-1", "aa", "1"), ("-K*E*K*E", "bb", "1"), ("K*E*K*F", "ab", "1"))),
        "nat-rest", "found -1", "false",
    ),
    Case(
        "block-of-negative-size",
        "A block of D - k columns needs k <= D.",
        proof(["natural D k"], "1 = 1", nat("D == k + (D - k)", [{}, {}], name="h"),
              axiom("split", "n := D; p := k; s := D - k", "h", new="J := J; K := K"), eq("1 = 1")),
        "nat-rest", "found D - k", "harmless",
    ),
    Case(
        "split-at-width-below-zero",
        "d[l - 1] is no size of a split: at l = 0 it may be negative.",
        proof(["natural l", "naturals d[i]"], "1 = 1", nat("d[l - 1] + 1 == d[l - 1] + 1", [{}, {}], name="h"),
              axiom("split", "n := d[l - 1] + 1; p := d[l - 1]; s := 1", "h", new="J := J; K := K"), eq("1 = 1")),
        "nat-rest", "found d[l - 1] + 1",
    ),
    Case(
        "split-in-three",
        "A split has two parts.",
        proof(["natural n"], "1 = 1", nat("2*n == n + n", [{}, {}], name="h"),
              axiom("split", "n := 2*n; p := n; s := n", "h", new="J := J; K := K; I := I"), eq("1 = 1")),
        "cite-new", "a name for each thing that exists", "harmless",
    ),
    Case(
        "hypothesis-used-without-its-condition",
        "a <= b under the condition 1 <= c is not a <= b.",
        proof(["natural a b c", "given h: if 1 <= c: a <= b"], "a <= b", nat("a <= b", by(("1", "h")))),
        "fact-ground", "a fact without variables or conditions", "false",
    ),
    Case(
        "equation-of-matrices-as-multiplied-fact",
        "A natural may not be bounded by an equation of matrices.",
        proof(["natural a", "A: 1 x 1", "given h: A = 0"], "a <= 0", nat("a <= 0", by(("1", "h")))),
        "fact-kind", "<= or ==",
    ),
    Case(
        "strict-from-weak",
        "a <= b does not give a + 1 <= b.",
        proof(["natural a b", "given h: a <= b"], "a + 1 <= b", nat("a + 1 <= b", by(("1", "h")))),
        "nat-rest", "found -1", "false",
    ),
    Case(
        "negative-instance",
        "For all naturals l, 0 <= l: at -1 that is false and then anything follows.",
        proof([], "1 = 0", have("for l: 0 <= l", block(nat("0 <= l", name="x")), name="f"),
              at("f", "-1", {}, name="bad"), absurd("bad", "1 = 0")),
        "nat-rest", "found -1", "false",
    ),
    Case(
        "too-many-terms",
        "A polynomial of more terms than the limit.",
        proof([WIDE_NATURALS], "0 <= 0", nat(f"0 <= {WIDE}*{WIDE}", name="big"), nat("0 <= 0")),
        "size-nat", "at most 2000 terms", "harmless",
    ),
]  # fmt: skip
