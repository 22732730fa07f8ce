"""What an earlier kernel accepted, misread or broke down on."""

# ruff: noqa: E501 -- rows of data

from __future__ import annotations

from ..builders import (
    absurd,
    at,
    axiom,
    block,
    bundle,
    by,
    cases,
    choose,
    cite,
    define,
    eq,
    have,
    index,
    nat,
    natural,
    proof,
    psd,
    recursion,
    rule,
    theorem,
)
from ..case import Case

# x[l] := u[rank(eye(rank(x[l])))] with u = 1, 0, 0, …: rank(x) = 0 exactly if x = 1. Proves 1 = 0 in full.
R = "rank(x[1])"
E = f"rank(eye({R}))"
HIDDEN_RECURSION = proof(
    [recursion("u", "1 x 1", "1", "0", up="0"), recursion("x", "1 x 1", "0", "u[rank(eye(rank(x[l])))]", up="0")],
    "1 = 0",
    at("x.step", "1", {}, {}, name="x"),
    axiom("rank", "m := 1; n := 1; M := x[1]", new="U := U; V := V; X := X; Y := Y", g1="uv", g2="xy"),
    axiom("rank", f"m := {R}; n := {R}; M := eye({R})", new="U := S; V := T; X := F; Y := G", g1="st", g2="fg"),
    cases(f"{E} <= 0", "1 = 0",
          block(axiom("empty", f"m := {E}; n := {R}; M := T", "p", g1="t"),
                index(f"u[{E}] = u[0]", [by(("1", "p")), {}], name="u"),
                eq("1 = 0", ("-1", "u.start", "1"), ("-1", "u", "1"), ("-1", "x", "1"), ("1", "uv", "1"),
                   ("U", "st", "V"), ("U*S", "t", "V"), name="x1"), done="x1"),
          block(at("u.step", E, {}, by(("1", "q")), name="u"),
                axiom("kernel", f"p := 0; q := {E}; M := zero(0, {E})", "q", new="y := y", g2="yy"),
                eq("1 = 0", ("-1", "yy", "1"), ("-y'", "fg", "y"), ("-y'*F", "xy", "G*y"), ("y'*F*X", "x", "Y*G*y"),
                   ("y'*F*X", "u", "Y*G*y"), name="x1"), done="x1")),
)  # fmt: skip

ROW = theorem(
    ["natural n", "x[i, j]: 1 x 1", "given h: for k: x[k, n] = 0"], "for k: x[k, n] = 0", done="h", name="row"
)
POSITIVE = theorem(["natural n", "c: 1 x 1"], "0 <= n", nat("0 <= n"), name="positive")
AB = ["natural n", "A, B: n x n"]
XI = ["natural l", "X[i]: 1 x 1"]


def positive(**more: object) -> dict[str, object]:
    """Return a certificate that cites the theorem above with these fields."""
    return bundle(POSITIVE, theorem(["natural m"], "0 <= m", cite("positive", {"main": "g"}, **more)))


CASES = [
    Case(
        "recursion-hidden-in-the-size-of-an-identity",
        "eye(rank(x[l])) has no letter in its word and depends on x[l]: the definition has no solution.",
        HIDDEN_RECURSION, "define-smaller", "found x[%0]", "false",
    ),
    Case(
        "chosen-index-hidden-in-the-size-of-an-identity",
        "A goal of a choice may not speak of X[l + 1]; the X of the base is another family.",
        proof(["natural L"], "1 = 1", choose(
            {"X": ("1 x 1", "0", "1")}, {"g1": "psd(eye(rank(X[l + 1])))"}, {},
            block(rule("define", define("X", "1 x 1", "0", "k")), psd("psd(eye(rank(X[1])))", ("1", "eye(rank(X[1]))"), name="x")),
            block(psd("psd(eye(rank(X[l + 2])))", ("1", "eye(rank(X[l + 2]))"), name="x"))), eq("1 = 1")),
        "choose-index", "found X[l + 1]", "harmless",
    ),
    Case(
        "variable-captured-where-a-theorem-is-assumed",
        "The given was for all k': x[k', k] = 0 and was shown as 'for k: x[k, k] = 0', for which the goal is false.",
        bundle(ROW, theorem(
            ["natural k", "x[i, j]: 1 x 1",
             {"such": "row", "as": "s", "naturals": {"n": "k"}, "natural": {}, "matrices": {"x[i,j]": "x[i, j]"}}],
            "x[0, k] = 0", at("s.main", "0", {}))),
        "such-axiom", "found 'row'",
    ),
    Case(
        "trace-of-a-negative-size",
        "A shape p means max(0, p), so at n = 0 the trace is 0 and not -5.",
        proof(["natural n"], "tr(eye(n - 5)) = nat(n) - 5", eq("tr(eye(n - 5)) = nat(n) - 5")),
        "rest", "nothing left over", "false",
    ),
    Case("psd-of-a-sum", "psd(A) + B was read as psd(A + B).", proof([*AB, "given h: psd(A) + B"], "psd(A + B)", done="h"), "syntax", "a term of the grammar"),
    Case("psd-of-a-transpose", "psd(A)' was read as psd(A').", proof([*AB, "given h: psd(A)'"], "psd(A')", done="h"), "syntax", "a term of the grammar"),
    Case("psd-without-brackets", "psd A was shown as psdA.", proof([*AB, "given h: psd A"], "psd(A)", done="h"), "syntax", "an expression"),
    Case("call-of-a-matrix", "A() broke down.", proof(AB, "A() = A()", eq("A = A")), "syntax-place", "a term at every place"),
    Case("call-of-the-identity", "eye() broke down.", proof(AB, "eye() = A", eq("A = A")), "syntax-place", "a term at every place"),
    Case("index-of-nothing", "A[()] was read as A.", proof(AB, "A[()] = A", eq("A = A")), "syntax-place", "a term at every place", "harmless"),
    Case("index-with-a-spare-comma", "X[1,] was read as X[1].", proof(XI, "X[1,] = X[1]", eq("X[1] = X[1]")), "syntax-place", "a term at every place", "harmless"),
    Case("index-that-is-a-pair", "X[(1, 2)] was read as X[1, 2].",
         proof(["X[i, j]: 1 x 1"], "X[(1, 2)] = X[1, 2]", eq("X[1, 2] = X[1, 2]")), "syntax-place", "a term at every place", "harmless"),
    Case("argument-with-a-spare-comma", "inv(A,) was read as inv(A).", proof(AB, "inv(A,) = inv(A)", eq("inv(A) = inv(A)")), "syntax-place",
         "a term at every place", "harmless"),
    Case("variable-in-two-words", "The words of a variable were joined.",
         proof([], "for l k: 0 <= l", have("for l k: 0 <= l", block(nat("0 <= l", name="x")))), "syntax-variable", "one name for each variable", "malformed"),
    Case("variable-that-is-missing", "A comma joins two variables.", proof([], "for l,: 0 <= l", nat("0 <= 0")), "syntax-variable", "one name for each variable"),
    Case("theorem-named-like-an-axiom", "It would be shown as an axiom.",
         bundle(theorem([], "1 = 1", eq("1 = 1"), name="axiom/trust"), theorem([], "1 = 1", cite("axiom/trust", {"main": "g"}))), "theorem-fresh",
         "none of an axiom, found 'axiom/trust'", "malformed"),
    Case("natural-among-matrices", "A natural is no matrix.", positive(matrices={"n": "m", "c": "1"}), "cite-complete", "found 'n'"),
    Case("two-values", "The first of two values was dropped.", positive(naturals={"n": "m", "c": "2"}, matrices={"c": "1"}), "cite-extra", "found ['c']", "harmless"),
    Case("proof-that-a-matrix-is-natural", "The proof was not read.", positive(naturals={"n": "m"}, matrices={"c": "1"}, natural={"c": by(("5", "nothing"))}),
         "cite-extra", "found ['c']", "harmless"),
    Case("spare-proof-in-a-citation", "The proof was not read.", positive(naturals={"n": "m"}, matrices={"c": "1"}, natural={"k": {}}), "cite-extra", "found ['k']",
         "harmless"),
    Case("empty-product", "An empty list has no multiplier.", proof(["natural n"], "0 <= n", nat("0 <= n", by(()))), "nat-item", "found []"),
    Case("list-for-inequality", "One proof in a list for <=.", proof(["natural n"], "0 <= n", nat("0 <= n", [{}])), "nat-equation", "one for <="),
    Case("definition-of-nothing", "A definition defines something.", proof([{"define": [], "index": ["l"], "up": "0"}], "1 = 1", eq("1 = 1")), "define-form", "another form",
         "harmless"),
    Case("name-in-a-surrogate", "A message is plain text.", proof(["natural n"], "0 <= n", natural("\ud800", ["n"], [{}])), "name-known", "found '\\ud800'"),
    Case("contradiction-in-a-hidden-rank", "The recursion may hide inside a norm.",
         proof([recursion("x", "1 x 1", "0", "1 - norm2(eye(rank(x[l])))", up="0")], "1 = 1", eq("1 = 1")), "define-smaller", "found x[%0]", "harmless"),
    Case("recursion-in-the-size-of-a-zero", "The recursion may hide in the shape of zero( ).",
         proof([recursion("x", "1 x 1", "0", "tr(inv(zero(rank(x[l]), rank(x[l]))))", up="0")], "1 = 1", eq("1 = 1")), "define-smaller", "found x[%0]", "harmless"),
    Case("absurd-from-a-hidden-size", "psd(-1) at a size that is a rank is no contradiction.",
         proof(["A: 1 x 1", "given h: psd(-eye(rank(A)))"], "1 = 0", absurd("h", "1 = 0")), "absurd", "found psd(-eye(rank(A)))", "false"),
]  # fmt: skip
