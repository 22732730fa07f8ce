"""What exists: witnesses of the declared shape in scope, new names, givens that are shown and not taken as proved."""

# ruff: noqa: E501 -- rows of data

from __future__ import annotations

from ..builders import (
    Json,
    axiom,
    block,
    bundle,
    cite,
    define,
    eq,
    exists,
    have,
    nat,
    proof,
    rule,
    such,
    theorem,
)
from ..case import Case

UNIT = theorem(["natural n", "given h: 1 <= n"], "y'*y = 1", axiom("kernel", "p := 0; q := n; M := zero(0, n)", "h", new="y := z", g2="g"),
               name="unit", **exists("y: n x 1", y="z"))  # fmt: skip
HERE: list[str | Json] = ["natural n", "given h: 1 <= n"]
USE = cite("unit", {"main": "g"}, naturals={"n": "n"}, facts={"h": "h"}, new={"y": "y"})
SAME = eq("1 = 1")


CASES = [
    Case(
        "witness-of-another-shape",
        "The witness has the declared shape.",
        proof(["natural n"], "y'*y = y'*y", eq("1 = 1"), **exists("y: n x 1", y="eye(n)")),
        "cite-shape", "the declared shape of y",
    ),
    Case(
        "witness-of-unknown-name",
        "The witness is a term in scope.",
        proof(["natural n"], "y = y", eq("1 = 1"), **exists("y: n x n", y="Z")),
        "name-known", "found 'Z'",
    ),
    Case(
        "witness-is-what-exists",
        "The witness may not be the thing itself.",
        proof(["natural n"], "y = zero(n, n)", eq("1 = 1"), **exists("y: n x n", y="y")),
        "name-known", "found 'y'",
    ),
    Case(
        "witness-without-its-property",
        "0 is no unit vector.",
        proof(["natural n"], "y'*y = 1", eq("zero(1, n)*zero(n, 1) = 0"), **exists("y: n x 1", y="zero(n, 1)")),
        "goal", "expected zero(1, 1) = 1", "false",
    ),
    Case(
        "witness-with-a-property-of-another",
        "What the proof shows of its own K is not shown of the witness.",
        proof(["natural n"], "K = eye(n)", rule("define", define("K", "n x n", "eye(n)")), done="K.def", **exists("K: n x n", K="zero(n, n)")),
        "goal", "expected zero(n, n) = eye(n), found K.def: K = eye(n)", "harmless",
    ),
    Case(
        "no-witness",
        "Everything that exists has a witness.",
        proof(["natural n"], "K = K", eq("1 = 1"), **exists("K: n x n")),
        "cite-complete", "a value for every symbol, found 'K'",
    ),
    Case(
        "spare-witness",
        "Only what exists has a witness.",
        proof(["natural n"], "1 = 1", SAME, **exists(K="eye(n)")),
        "cite-extra", "found ['K']", "harmless",
    ),
    Case(
        "witness-of-a-member",
        "A family has a witness with its index.",
        proof(["natural n"], "T[0] = T[0]", eq("1 = 1"), **exists("T[a]: n x n", T="eye(n)")),
        "cite-arity", "1 indices for T, found 0",
    ),
    Case(
        "witness-depends-on-a-bound-variable",
        "One y for all l: X[l] is no witness for X[l] = y.",
        proof(["X[l]: 1 x 1"], "for l: X[l] = y", have("for l: X[l] = X[l]", block(eq("X[l] = X[l]", name="x"))), **exists("y: 1 x 1", y="X[l]")),
        "name-known", "found 'l'",
    ),
    Case(
        "witness-family-with-a-captured-index",
        "The index of a witness is no natural of the statement.",
        bundle(theorem(["natural n", "X[l]: 1 x 1"], "for a: T[a] = X[n]", have("for a: X[n] = X[n]", block(eq("X[n] = X[n]", name="x"))),
                       **{**exists("T[a]: 1 x 1"), "witness": {"T[n]": "X[n]"}})),
        "name-fresh", "found n",
    ),
    Case(
        "witness-from-a-sub-proof",
        "What a sub-proof obtains stays there.",
        proof(HERE, "y'*y = 1", have("1 = 1", block(axiom("kernel", "p := 0; q := n; M := zero(0, n)", "h", new="y := z", g2="u"), eq("1 = 1", name="x"))),
              **exists("y: n x 1", y="z")),
        "name-known", "found 'z'",
    ),
    Case(
        "existing-named-like-a-matrix",
        "What exists may not have the name of what is given.",
        proof(["natural n", "A: n x n"], "A = eye(n)", eq("eye(n) = eye(n)"), **exists("A: n x n", A="eye(n)")),
        "name-fresh", "found A",
    ),
    Case(
        "given-among-what-exists",
        "A given hidden among the things that exist.",
        proof([], "1 = 0", eq("1 = 1", name="x"), done="h", exists=[{"given": "h", "fact": "1 = 0"}]),
        "form", "the unknown field 'given'",
    ),
    Case(
        "definition-among-what-exists",
        "A definition hidden among the things that exist.",
        proof([], "1 = 1", SAME, exists=[{"matrix": "K", "index": [], "shape": ["1", "1"], "is": "0"}]),
        "form", "the unknown field 'is'",
    ),
    Case(
        "hidden-given",
        "A given with a field that is not shown.",
        proof([{"given": "h", "fact": "1 = 1", "also": "1 = 0"}], "1 = 1", SAME),
        "form", "the unknown field 'also'", "harmless",
    ),
    Case(
        "citation-without-a-new-name",
        "What the theorem says to exist has a name here.",
        bundle(UNIT, theorem(HERE, "1 = 1", {**USE, "new": {}}, eq("1 = 1", name="e"), done="e")),
        "cite-new", "a name for each thing that exists",
    ),
    Case(
        "citation-with-a-value-for-what-exists",
        "The citer does not choose what exists: 0 is no unit vector.",
        bundle(UNIT, theorem(HERE, "0 = 1", cite("unit", {"main": "g"}, naturals={"n": "n"}, facts={"h": "h"}, matrices={"y": "zero(n, 1)"}))),
        "cite-extra", "found ['y']",
    ),
    Case(
        "citation-names-an-old-matrix",
        "What exists is new: a given A would become a unit vector.",
        bundle(UNIT, theorem([*HERE, "A: n x 1"], "A'*A = 1", {**USE, "new": {"y": "A"}})),
        "name-fresh", "found A", "false",
    ),
    Case(
        "citation-names-two-things-alike",
        "J and K of a splitting are two matrices.",
        proof(["natural n"], "1 = 1", nat("2*n == n + n", [{}, {}], name="h"),
              axiom("split", "n := 2*n; p := n; s := n", "h", new="J := J; K := J"), SAME),
        "name-fresh", "found J", "harmless",
    ),
    Case(
        "citation-names-a-function",
        "A new name is plain and not reserved.",
        bundle(UNIT, theorem(HERE, "1 = 1", {**USE, "new": {"y": "inv"}})),
        "name-plain", "found 'inv'",
    ),
    Case(
        "citation-names-a-member",
        "A new name has no index.",
        bundle(UNIT, theorem(HERE, "1 = 1", {**USE, "new": {"y": "y[l]"}})),
        "name-plain", "found 'y[l]'",
    ),
    Case(
        "what-exists-is-unique",
        "Two citations give two vectors.",
        bundle(UNIT, theorem(HERE, "1 = 1", USE, {**USE, "new": {"y": "z"}, "as": {}}, eq("y = z", name="e"), SAME)),
        "rest", "found y - z",
    ),
    Case(
        "existence-without-the-given",
        "There is a unit vector for 1 <= n only.",
        bundle(UNIT, theorem(["natural n"], "1 = 0", nat("0 <= n", name="h"), USE, eq("1 = 0", name="e"), done="e")),
        "cite-match", "for h: 1 <= n, found 0 <= n",
    ),
    Case(
        "such-as-a-rule",
        "A given of the statement is no step of a proof.",
        proof(["natural n", "M: n x n"], "M*inv(M) = eye(n)", {"rule": "such", **such("inverse", "n := n; M := M")}, done="s.g1"),
        "rule-known", "found 'such'",
    ),
    Case(
        "such-a-theorem",
        "Only axioms are shown as givens by their name.",
        bundle(UNIT, theorem(["natural n", "v: n x 1", {"such": "unit", "as": "s", "naturals": {"n": "n"}, "natural": {}, "matrices": {"y": "v"}}],
                             "v'*v = 1", done="s.main")),
        "such-axiom", "found 'unit'",
    ),
    Case(
        "such-a-later-theorem",
        "Nothing is taken from a theorem that is not proved yet.",
        bundle(theorem(["v: 1 x 1", {"such": "open", "as": "s", "naturals": {}, "natural": {}, "matrices": {}}], "1 = 0", done="s.main"),
               theorem([], "1 = 0", eq("1 = 0"), name="open")),
        "such-axiom", "found 'open'",
    ),
    Case(
        "such-is-due-when-cited",
        "What a statement assumes by such is a given like any other.",
        bundle(theorem(["natural n", "M: n x n", such("inverse", "n := n; M := M")], "M*inv(M) = eye(n)", done="s.g1", name="inv"),
               theorem(["natural n", "M: n x n"], "M*inv(M) = eye(n)", cite("inv", {"main": "g"}, naturals={"n": "n"}, matrices={"M": "M"}))),
        "cite-given", "a fact for each given, found []",
    ),
    Case(
        "such-with-another-fact",
        "The cited fact is the given, not another of the axiom.",
        bundle(theorem(["natural n", "M: n x n", such("inverse", "n := n; M := M")], "inv(M)*M = eye(n)", done="s.g2", name="inv"),
               theorem(["natural n", "A, B: n x n", "given h: A*B = zero(n, n)"], "inv(A)*A = eye(n)",
                       cite("inv", {"main": "g"}, naturals={"n": "n"}, matrices={"M": "A"}, facts={"s.g1": "h", "s.g2": "h"}))),
        "cite-match", "for s.g1: A*inv(A) = eye(n), found A*B = zero(n, n)", "false",
    ),
    Case(
        "such-of-another-shape",
        "The values have the shapes of the axiom.",
        proof(["natural m n", "M: m x n", such("inverse", "n := n; M := M")], "M = M", eq("M = M")),
        "cite-shape", "the declared shape of M",
    ),
    Case(
        "such-of-half",
        "Every symbol of the axiom has a value.",
        proof(["natural n", "J: 2*n x n", such("split", "n := 2*n; p := n; s := n; J := J")], "J'*J = eye(n)", done="s.g1"),
        "cite-complete", "found 'K'",
    ),
    Case(
        "such-below-zero",
        "The naturals of the axiom are natural.",
        proof(["natural n", "J: n x n - 1", "K: n x 1", such("split", "n := n; p := n - 1; s := 1; J := J; K := K")], "J = J", eq("J = J")),
        "nat-rest", "found n - 1", "harmless",
    ),
    Case(
        "such-gives-no-hypothesis",
        "The hypotheses of the axiom do not come with its goals.",
        proof(["natural n", "M: n x n", such("inverse", "n := n; M := M")], "nonsingular(M)", done="s.h1"),
        "fact-known", "found 's.h1'",
    ),
    Case(
        "such-with-facts",
        "A given has no proof.",
        proof(["natural n", "M: n x n", {**such("inverse", "n := n; M := M"), "facts": {}}], "M = M", eq("M = M")),
        "form", "the unknown field 'facts'", "harmless",
    ),
]  # fmt: skip
