"""Citing earlier theorems: capture-free, every symbol given a value, every hypothesis met."""

# ruff: noqa: E501 -- rows of data

from __future__ import annotations

from ..builders import Json, absurd, at, block, bundle, by, cite, define, eq, have, nat, recursion, such, theorem
from ..case import Case

SQUARE = theorem(["natural n", "A: n x n", "given h: A = eye(n)"], "A*A = eye(n)",
                 eq("A*A = eye(n)", ("A", "h", "1"), ("1", "h", "1")), name="square")  # fmt: skip
HERE: list[str | Json] = ["natural m", "B: m x m", "given b: B = eye(m)", "given z: B = zero(m, m)"]
VALUES: Json = {"naturals": {"n": "m"}, "matrices": {"A": "B"}, "facts": {"h": "b"}}


def use(step: Json, goal: str = "B*B = eye(m)", items: list[str | Json] = HERE, cited: Json = SQUARE) -> Json:
    return bundle(cited, theorem(items, goal, step))


POSITIVE = theorem(["natural n"], "0 <= n", nat("0 <= n"), name="positive")
WIDTHS = theorem(["naturals d[i]"], "for i: 0 <= d[i]", have("for i: 0 <= d[i]", block(nat("0 <= d[i]", name="x"))),
                 name="widths")  # fmt: skip

HALVES = such("split", "n := 2; p := 1; s := 1; J := J; K := K", "sp")

CASES = [
    Case(
        "circle",
        "A cites B and B cites A.",
        bundle(theorem([], "1 = 0", cite("b", {"main": "g"}), name="a"),
               theorem([], "1 = 0", cite("a", {"main": "g"}), name="b")),
        "cite-known", "a theorem proved earlier, found 'b'",
    ),
    Case(
        "itself",
        "A theorem cites itself.",
        bundle(theorem([], "1 = 0", cite("a", {"main": "g"}), name="a")),
        "cite-known", "a theorem proved earlier, found 'a'",
    ),
    Case(
        "hypothesis-not-met",
        "The fact named for the given says something else.",
        use(cite("square", {"main": "g"}, **{**VALUES, "facts": {"h": "z"}}), items=["natural m", "B: m x m", "given z: B = zero(m, m)"]),
        "cite-match", "for h: B = eye(m), found B = zero(m, m)", "false",
    ),
    Case(
        "hypothesis-left-out",
        "Every given is matched.",
        use(cite("square", {"main": "g"}, **{**VALUES, "facts": {}})),
        "cite-given", "a fact for each given, found []",
    ),
    Case(
        "hypothesis-for-a-smaller-range",
        "A given for l <= L is not met by one for l < L.",
        bundle(
            theorem(["natural L", "x[l]: 1 x 1", "given h: for l if l <= L: x[l] = 0"], "x[L] = 0",
                    at("h", "L", {}, {}), name="last"),
            theorem(["natural L", "x[l]: 1 x 1", "given h: for l if l + 1 <= L: x[l] = 0"], "x[L] = 0",
                    cite("last", {"main": "g"}, naturals={"L": "L"}, matrices={"x[l]": "x[l]"}, facts={"h": "h"})),
        ),
        "cite-match", "for h: for l if l <= L", "false",
    ),
    Case(
        "free-index-captured",
        "y[k] for the natural k of the citer does not become the bound variable of the cited fact.",
        bundle(
            theorem(["x[k]: 1 x 1", "given h: for k: x[k] = 0"], "x[0] = 0", at("h", "0", {}), name="all"),
            theorem(["natural k", "y[i]: 1 x 1", "given h: y[k] = 0"], "y[0] = 0",
                    cite("all", {"main": "g"}, matrices={"x[k]": "y[k]"}, facts={"h": "h"})),
        ),
        "name-fresh", "found k",
    ),
    Case(
        "constant-member-for-a-family",
        "With x[i] := y[k], the hypothesis for all i is still due for all i.",
        bundle(
            theorem(["x[i]: 1 x 1", "given h: for i: x[i] = 0"], "x[0] = 0", at("h", "0", {}), name="all"),
            theorem(["natural k", "y[i]: 1 x 1", "given h: y[k] = 0"], "y[0] = 0",
                    cite("all", {"main": "g"}, matrices={"x[i]": "y[i]"}, facts={"h": "h"})),
        ),
        "cite-match", "for h: for i: y[i] = zero(1, 1)", "false",
    ),
    Case(
        "natural-below-zero",
        "k - 5 is no value of a natural without a proof that 5 <= k.",
        use(cite("positive", {"main": "g"}, naturals={"n": "k - 5"}), "0 <= k - 5", ["natural k"], POSITIVE),
        "nat-rest", "found k - 5", "false",
    ),
    Case(
        "family-below-zero",
        "A family of naturals is natural at every index; l - 5 is not, and 1 <= 0 would follow.",
        use(cite("widths", {"main": "f"}, naturals={"d[i]": "i - 5"}), "1 = 0", [], WIDTHS)
        | {"theorems": [WIDTHS, theorem([], "1 = 0", cite("widths", {"main": "f"}, naturals={"d[i]": "i - 5"}),
                                        at("f", "0", {}, name="bad"), absurd("bad", "1 = 0"))]},
        "cite-natural-family", "a family natural by its form, found 'i - 5'", "false",
    ),
    Case(
        "family-shifted-below-zero",
        "d[i - 1] is not natural at i = 0.",
        use(cite("widths", {"main": "g"}, naturals={"d[i]": "e[i - 1]"}), "for i: 0 <= e[i - 1]", ["naturals e[i]"], WIDTHS),
        "cite-natural-family", "found 'e[i - 1]'", "false",
    ),
    Case(
        "symbol-without-value",
        "Every symbol of the theorem has a value.",
        use(cite("square", {"main": "g"}, naturals={"n": "m"}, facts={"h": "b"})),
        "cite-complete", "a value for every symbol, found 'A'",
    ),
    Case(
        "value-for-an-unknown-symbol",
        "Only symbols of the theorem have values.",
        use(cite("square", {"main": "g"}, **{**VALUES, "naturals": {"n": "m", "k": "m"}})),
        "cite-extra", "found ['k']", "harmless",
    ),
    Case(
        "fact-for-an-unknown-given",
        "Only givens of the theorem are matched.",
        use(cite("square", {"main": "g"}, **{**VALUES, "facts": {"h": "b", "k": "b"}})),
        "cite-given", "found ['h', 'k']", "harmless",
    ),
    Case(
        "goal-that-was-not-proved",
        "Only goals of the theorem can be taken from it.",
        use(cite("square", {"other": "g"}, **VALUES)),
        "cite-goal", "names of goals, found ['other']",
    ),
    Case(
        "inner-fact-cited",
        "A fact from inside the proof of the theorem is not a goal of it.",
        use(cite("square", {"h": "g"}, **VALUES), "B = eye(m)"),
        "cite-goal", "found ['h']",
    ),
    Case(
        "two-values-for-one-symbol",
        "One value for each symbol.",
        use(cite("widths", {"main": "g"}, naturals={"d[i]": "i", "d[j]": "j + 1"}), "for i: 0 <= i", [], WIDTHS),
        "cite-head", "NAME or NAME[i,j], each once, found 'd[j]'",
    ),
    Case(
        "value-for-a-term",
        "A value is given to a name, not to a term.",
        use(cite("square", {"main": "g"}, **{**VALUES, "matrices": {"A + A": "B"}})),
        "cite-head", "NAME or NAME[i,j], each once, found 'A + A'",
    ),
    Case(
        "index-too-many",
        "The value of a matrix without index has no index.",
        use(cite("square", {"main": "g"}, **{**VALUES, "matrices": {"A[i]": "B"}})),
        "cite-arity", "0 indices for A, found 1", "harmless",
    ),
    Case(
        "value-for-a-member",
        "A value is given to a whole family, never to one member.",
        use(cite("widths", {"main": "g"}, naturals={"d[0]": "1"}), "for i: 0 <= 1", [], WIDTHS),
        "name-plain", "found '0'",
    ),
    Case(
        "matrix-as-a-natural",
        "The value of a natural is a natural.",
        use(cite("positive", {"main": "g"}, naturals={"n": "B"}), "1 = 1", HERE, POSITIVE),
        "name-kind", "a natural, found B, a matrix",
    ),
    Case(
        "half-of-a-split-supplied",
        "Of J, K with J J' + K K' = 1 the citer may not invent J for its own K.",
        bundle(
            theorem(["J, K: 2 x 1", HALVES], "K'*K = 1", done="sp.g2", name="halves"),
            theorem(["B: 2 x 1"], "B'*B = 1", {**cite("halves", {"main": "g"}, matrices={"K": "B"}), "new": {"J": "Q"}}),
        ),
        "cite-complete", "a value for every symbol, found 'J'",
    ),
    Case(
        "split-with-one-fact-supplied",
        "All four facts of a split are due.",
        bundle(
            theorem(["J, K: 2 x 1", HALVES], "K*K' + J*J' = eye(2)",
                    eq("K*K' + J*J' = eye(2)", ("1", "sp.g4", "1")), name="halves"),
            theorem(["A, B: 2 x 1", "given a: A'*A = 1", "given b: B'*B = 1"], "B*B' + A*A' = eye(2)",
                    cite("halves", {"main": "g"}, matrices={"J": "A", "K": "B"},
                         facts={"sp.g1": "a", "sp.g2": "b"})),
        ),
        "cite-given", "a fact for each given",
    ),
    Case(
        "defined-family-with-another-definition",
        "A family which the theorem defines is replaced only by one with the same defining facts.",
        bundle(
            theorem([recursion("x", "1 x 1", "1", "x[l - 1]", up="0")], "x[0] = 1", done="x.start", name="one"),
            theorem([recursion("y", "1 x 1", "2", "y[l - 1]", up="0")], "y[0] = 1",
                    cite("one", {"main": "g"}, matrices={"x[l]": "y[l]"}, facts={"x.start": "y.start", "x.step": "y.step"})),
        ),
        "cite-match", "for x.start: y[0] = 1", "false",
    ),
    Case(
        "explicit-definition-not-met",
        "The defining equation of an explicit definition is a hypothesis of the citer.",
        bundle(
            theorem(["natural n", define("Z", "n x n", "eye(n)")], "Z = eye(n)", done="Z.def", name="one"),
            theorem(["natural n", "B: n x n"], "B = eye(n)",
                    cite("one", {"main": "g"}, naturals={"n": "n"}, matrices={"Z": "B"})),
        ),
        "cite-given", "a fact for each given, found []",
    ),
    Case(
        "inverse-at-a-cited-argument",
        "nonsingular(A) of the theorem becomes nonsingular of the value, not of a part of it.",
        bundle(
            theorem(["natural n", "A: n x n", "given h: nonsingular(A)"], "nonsingular(A)", done="h", name="same"),
            theorem(["natural n", "A, B: n x n", "given h: nonsingular(A)"], "nonsingular(A*B)",
                    cite("same", {"main": "g"}, naturals={"n": "n"}, matrices={"A": "A*B"}, facts={"h": "h"})),
        ),
        "cite-match", "for h: nonsingular(A*B), found nonsingular(A)", "false",
    ),
    Case(
        "fact-of-another-theorem",
        "Facts do not pass from one theorem to the next.",
        bundle(SQUARE, theorem(["natural n", "A: n x n"], "A = eye(n)", done="h", name="next")),
        "fact-known", "found 'h'",
    ),
    Case(
        "scale-in-a-citation",
        "The proof that a value is natural is checked like any other.",
        use(cite("positive", {"main": "g"}, naturals={"n": "k - 5"}, natural={"n": by(scale=0)}), "0 <= k - 5",
            ["natural k"], POSITIVE),
        "nat-scale", "found 0", "false",
    ),
]  # fmt: skip
