"""Families chosen step by step, and matrices chosen by cases: what is chosen later is not known before."""

# ruff: noqa: E501 -- rows of data

from __future__ import annotations

from ..builders import (
    Json,
    absurd,
    at,
    block,
    by,
    choose,
    define,
    either,
    eq,
    have,
    nat,
    proof,
    rule,
    side,
)
from ..case import Case

SAME = eq("1 = 1")
X = {"X": ("1 x 1", "0", "0")}
NEVER: list[str | Json] = ["natural L", "given a: L <= 0"]


def once(step: Json, goal: str = "1 = 1", items: list[str | Json] | None = None) -> Json:
    return proof(
        ["natural L"] if items is None else items, goal, step, eq("1 = 1") if goal == "1 = 1" else eq("1 = 1", name="z")
    )


CASES = [
    Case(
        "chosen-goal-speaks-of-the-next",
        "A goal speaks of the family at l only: X[l + 1] is chosen later, and the X of the base is another.",
        proof(["natural L", "given h: 1 <= L"], "1 = 0", choose(
            {"X": ("1 x 1", "0", "1")}, {"g1": "if l <= 0: X[l + 1] = 0"}, {"r1": "X[l + 1] = 1"},
            block(rule("define", define("X", "1 x 1", "0", "k")), have("if 0 <= 0: X[1] = 0", block(at("X.def", "1", {}, name="x")), ("c",), name="x")),
            {**block(have("if l + 1 <= 0: X[l + 2] = 0", block(nat("1 <= 0", by(("1", "c")), name="n"), absurd("n", "X[l + 2] = 0", name="x")), ("c",), name="x"),
                     eq("1 = 1", name="y")), "done": ["x", "y"]}),
              at("g1", "0", {}, {}, {}, {}, name="a"), at("r1", "0", {}, {}, by(("1", "h")), name="b"),
              eq("1 = 0", ("1", "a", "1"), ("-1", "b", "1"))),
        "choose-index", "found X[l + 1]", "false",
    ),
    Case(
        "chosen-relation-speaks-of-two-ahead",
        "A relation joins l and l + 1.",
        once(choose(X, {}, {"r1": "X[l + 2] = X[l]"}, block(done="x"), block(done="x"))),
        "choose-index", "found X[l + 2]",
    ),
    Case(
        "chosen-relation-speaks-of-the-first",
        "X[0] of the relation is another member in the step, where X is any family.",
        once(choose({"X": ("1 x 1", "0", "1")}, {}, {"r1": "X[0] = X[l]"}, {"steps": [], "done": []}, block(done="x"))),
        "choose-index", "found X[0]",
    ),
    Case(
        "chosen-under-a-bound-variable",
        "A goal about X[k] for all k speaks of what is not chosen yet.",
        once(choose(X, {"g1": "for k: X[k] = 0"}, {}, block(done="x"), block(done="x"))),
        "choose-index", "found X[#0]",
    ),
    Case(
        "chosen-start-without-its-goal",
        "The goal holds at the start.",
        proof(["natural L"], "X[0] = 0", choose({"X": ("1 x 1", "1", "0")}, {"g1": "X[l] = 0"}, {}, block(eq("0 = 0", name="x")), block(eq("0 = 0", name="x")))),
        "name-known", "found 'X'",
    ),
    Case(
        "chosen-start-is-not-zero",
        "The goal holds at the start.",
        once(choose({"X": ("1 x 1", "1", "0")}, {"g1": "X[l] = 0"}, {}, block(eq("0 = 0", name="x")), block(eq("0 = 0", name="x")))),
        "goal", "expected 1 = zero(1, 1)",
    ),
    Case(
        "chosen-next-without-its-goal",
        "The goal holds at l + 1 for the value given there.",
        once(choose({"X": ("1 x 1", "0", "X[l] + 1")}, {"g1": "X[l] = 0"}, {}, block(eq("0 = 0", name="x")), block(done="IHg1"))),
        "goal", "expected 1 + X[l] = zero(1, 1)",
    ),
    Case(
        "chosen-next-without-its-relation",
        "The relation holds for the value given at l + 1.",
        once(choose({"X": ("1 x 1", "0", "X[l]")}, {}, {"r1": "X[l + 1] = X[l] + 1"}, {"steps": [], "done": []}, block(eq("X[l] = X[l]", name="x")))),
        "goal", "expected X[l] = 1 + X[l]",
    ),
    Case(
        "chosen-of-another-shape",
        "Start and next have the declared shape.",
        once(choose({"X": ("1 x 1", "0", "eye(L)")}, {}, {}, {"steps": [], "done": []}, {"steps": [], "done": []})),
        "choose-shape", "a value of the declared shape, found X", "malformed",
    ),
    Case(
        "chosen-twice",
        "Two families have two names.",
        once({**choose(X, {}, {}, {"steps": [], "done": []}, {"steps": [], "done": []}),
              "state": [{"name": "X", "shape": ["1", "1"], "start": "0", "next": "0", "as": "a"},
                        {"name": "X", "shape": ["1", "1"], "start": "1", "next": "1", "as": "b"}]}),
        "choose-names", "different names",
    ),
    Case(
        "chosen-named-like-a-matrix",
        "A family that is chosen is new.",
        proof(["natural L", "X[l]: 1 x 1"], "X[0] = 0", choose(X, {}, {}, {"steps": [], "done": []}, {"steps": [], "done": []}), done="X.start"),
        "name-fresh", "found X", "false",
    ),
    Case(
        "chosen-past-the-end",
        "Nothing is known past the last index.",
        proof(["natural L"], "1 = 1", choose(X, {"g1": "X[l] = 0"}, {}, block(eq("0 = 0", name="x")), block(eq("0 = 0", name="x"))),
              at("g1", "L + 1", {}, {}, {}, name="z"), SAME),
        "nat-rest", "found -1",
    ),
    Case(
        "chosen-relation-past-the-end",
        "The last relation joins L - 1 and L.",
        proof(["natural L"], "1 = 1", choose({"X": ("1 x 1", "0", "X[l]")}, {}, {"r1": "X[l + 1] = X[l]"}, {"steps": [], "done": []}, block(eq("X[l] = X[l]", name="x"))),
              at("r1", "L", {}, {}, {}, name="z"), SAME),
        "nat-rest", "found -1",
    ),
    Case(
        "chosen-below-zero",
        "The first index is natural.",
        once({**choose(X, {}, {}, {"steps": [], "done": []}, {"steps": [], "done": []}), "from": "-1"}),
        "nat-rest", "found -1", "harmless",
    ),
    Case(
        "chosen-hypothesis-outside",
        "What a step assumes stays there.",
        proof(["natural L"], "1 = 1", choose(X, {"g1": "X[l] = 0"}, {}, block(eq("0 = 0", name="x")), block(eq("0 = 0", name="x"))), done="IHg1"),
        "fact-known", "found 'IHg1'",
    ),
    Case(
        "chosen-goal-without-a-fact",
        "Every goal and relation ends with a fact.",
        proof(["natural L", "given h: 1 <= L"], "1 = 0",
              choose({"X": ("1 x 1", "0", "1")}, {"g1": "X[l] = 0"}, {"r1": "X[l + 1] = 1"}, block(eq("0 = 0", name="x")), {"steps": [], "done": []}),
              at("g1", "1", {}, {}, by(("1", "h")), name="a"), at("r1", "0", {}, {}, by(("1", "h")), name="b"),
              eq("1 = 0", ("1", "a", "1"), ("-1", "b", "1"))),
        "done", "a fact for every goal", "false",
    ),
    Case(
        "cases-with-two-values",
        "The value of one side does not satisfy what is proved of the other.",
        proof(["natural n"], "1 = 0", either("n <= 1", {"K": "1 x 1"}, {"a": "K = 0"}, side(eq("0 = 0", name="x"), K="0"), side(eq("0 = 0", name="x"), K="1")),
              eq("1 = 1", name="z"), done="z"),
        "goal", "expected 1 = zero(1, 1)",
    ),
    Case(
        "cases-of-another-shape",
        "Both values have the declared shape.",
        proof(["natural n"], "1 = 1", either("n <= 1", {"K": "n x n"}, {"a": "K = K"}, side(eq("1 = 1", name="x"), K="1"), side(eq("eye(n) = eye(n)", name="x"), K="eye(n)")), SAME),
        "cite-shape", "the declared shape of K",
    ),
    Case(
        "cases-guard-outside",
        "A guard stays in its side.",
        proof(["natural n"], "n <= 1", either("n <= 1", {"K": "1 x 1"}, {"a": "K = K"}, side(eq("1 = 1", name="x"), K="1"), side(eq("1 = 1", name="x"), K="1")), done="p"),
        "fact-known", "found 'p'",
    ),
    Case(
        "cases-without-a-value",
        "Each side gives its value.",
        proof(["natural n"], "1 = 1", either("n <= 1", {"K": "1 x 1"}, {"a": "K = K"}, side(eq("1 = 1", name="x")), side(eq("1 = 1", name="x"), K="1")), SAME),
        "cite-complete", "found 'K'",
    ),
    Case(
        "cases-name-an-old-matrix",
        "What the cases give is new.",
        proof(["natural n", "A: 1 x 1"], "A = 0", either("n <= 1", {"A": "1 x 1"}, {"g": "A = 0"}, side(eq("0 = 0", name="x"), A="0"), side(eq("0 = 0", name="x"), A="0"))),
        "name-fresh", "found A", "false",
    ),
    Case(
        "cases-that-do-not-cover",
        "a == b is no guard.",
        proof(["natural n"], "1 = 1", either("n == 1", {"K": "1 x 1"}, {"a": "K = K"}, side(eq("1 = 1", name="x"), K="1"), side(eq("1 = 1", name="x"), K="1")), SAME),
        "fact-kind", "<=, found 'n == 1', a ==",
    ),
    Case(
        "cases-use-the-other-guard",
        "In the second side the first guard is not known.",
        proof(NEVER, "1 = 1", either("L <= 0", {"K": "1 x 1"}, {"b": "K = 0"}, side(eq("0 = 0", name="x"), K="0"),
                                     side(nat("1 <= 0", by(("1", "p")), name="n"), absurd("n", "1 = 0", name="x"), K="1")), SAME),
        "fact-known", "found 'p'",
    ),
]  # fmt: skip
