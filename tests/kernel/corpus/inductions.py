"""Induction: a fresh index, the right base, the statement at l only, nothing from inside gets out."""

# ruff: noqa: E501 -- rows of data

from __future__ import annotations

from ..builders import Json, absurd, at, block, by, eq, induction, nat, proof, recursion
from ..case import Case

# X[0] = 1 and X[l + 1] = X[l] for l < L; Y is a family of which nothing is known.
ITEMS: list[str | Json] = [
    "natural D L", "X[l], Y[l]: D x D", "given zero: X[0] = eye(D)", "given next: for l if l + 1 <= L: X[l + 1] = X[l]",
]  # fmt: skip
BASE = block(eq("X[0] = eye(D)", ("1", "zero", "1"), name="x"))
NEXT = at("next", "l", {}, by(("1", "hi")), name="n")
STEP = block(NEXT, eq("X[l + 1] = eye(D)", ("1", "n", "1"), ("1", "IH", "1"), name="x"))
LAST = at("all", "L", {}, {}, {})


def attempt(step: Json, goal: str = "X[L] = eye(D)", last: Json = LAST, items: list[str | Json] = ITEMS) -> Json:
    return proof(items, goal, step, last)


GOOD = induction("X[l] = eye(D)", BASE, STEP, name="all")

CASES = [
    Case(
        "base-at-the-wrong-end",
        "Downward induction starts at L, not at 0.",
        attempt(induction("X[l] = eye(D)", BASE, STEP, name="all", down=1)),
        "goal", "expected X[L] = eye(D)",
    ),
    Case(
        "step-in-the-wrong-direction",
        "An upward step given where a downward one is due.",
        attempt(induction("X[l] = eye(D)", block(eq("X[L] = X[L]", name="y"), done="y"), STEP, name="all", down=1)),
        "goal", "expected X[L] = eye(D)",
    ),
    Case(
        "downward-step-goes-up",
        "Known at L, downwards: the step must reach l - 1, not l + 1.",
        attempt(induction("Y[l] = eye(D)", block(eq("Y[L] = eye(D)", ("1", "last", "1"), name="x")),
                          block(eq("Y[l] = eye(D)", ("1", "IH", "1"), name="x")), name="all", down=1),
                "Y[0] = eye(D)", at("all", "0", {}, {}, {}), [*ITEMS, "given last: Y[L] = eye(D)"]),
        "goal", "expected Y[l - 1] = eye(D)", "false",
    ),
    Case(
        "statement-at-the-next-index",
        "The step may not assume what it is to prove.",
        attempt(induction("Y[l] = zero(D, D)", block(eq("Y[0] = zero(D, D)", ("1", "y", "1"), name="x")),
                          block(eq("Y[l + 1] = zero(D, D)", ("1", "IH", "1"), name="x")), name="all"),
                "Y[L] = zero(D, D)", items=[*ITEMS, "given y: Y[0] = zero(D, D)"]),
        "rest", "found Y[l + 1] - Y[l]", "false",
    ),
    Case(
        "statement-as-its-own-step",
        "The hypothesis at l is not the statement at l + 1.",
        attempt(induction("Y[l] = zero(D, D)", block(eq("Y[0] = zero(D, D)", ("1", "y", "1"), name="x")),
                          block(done="IH"), name="all"),
                "Y[L] = zero(D, D)", items=[*ITEMS, "given y: Y[0] = zero(D, D)"]),
        "goal", "expected Y[l + 1] = zero(D, D)", "false",
    ),
    Case(
        "index-not-fresh",
        "The index of the induction must be new: X[L] = 1 would speak of the one given L.",
        attempt(induction("X[L] = eye(D)", BASE, STEP, name="all", index="L")),
        "name-fresh", "a name not yet in scope, found L",
    ),
    Case(
        "index-is-a-given-natural",
        "With the given natural l as index, what is given of it (X[l] = 1 here) would prove the step for every l.",
        proof(["natural D L l", "Y[i]: D x D", "given a: Y[0] = eye(D)", "given b: Y[l + 1] = eye(D)"], "Y[L] = eye(D)",
              induction("Y[l] = eye(D)", block(done="a"), block(done="b"), name="all"), LAST),
        "name-fresh", "a name not yet in scope, found l", "false",
    ),
    Case(
        "step-missing",
        "Base and step each end with a fact for every goal.",
        attempt({**induction("Y[l] = eye(D)", BASE, STEP, name="all"),
                 "base": {"steps": [], "done": []}, "step": {"steps": [], "done": []}}, "Y[L] = eye(D)"),
        "done", "a fact for every goal", "false",
    ),
    Case(
        "second-goal-not-proved",
        "With two goals at once both need a base.",
        attempt({**GOOD, "goals": [*GOOD["goals"], {"fact": "Y[l] = eye(D)", "hypothesis": "IY", "as": "ally"}]}),
        "done", "a fact for every goal",
    ),
    Case(
        "step-past-the-end",
        "The step holds for l < L only, so what is known up to L does not reach L + 1.",
        attempt(GOOD, "X[L + 1] = eye(D)", at("all", "L + 1", {}, {}, {})),
        "nat-rest", "found -1", "false",
    ),
    Case(
        "step-uses-the-end",
        "In the step l < L: the fact for l + 1 < L is out of reach.",
        attempt(induction("X[l] = eye(D)", BASE, block(
            at("next", "l + 1", {}, by(("1", "hi")), name="n"), eq("X[l + 1] = eye(D)", ("1", "IH", "1"), name="x")),
            name="all")),
        "nat-rest", "found -1",
    ),
    Case(
        "base-uses-a-positive-length",
        "The base may use 0 <= L, never 1 <= L.",
        attempt(induction("X[l] = eye(D)", block(nat("1 <= L", by(("1", "r0")), name="y"), done="y"), STEP, name="all")),
        "nat-rest", "found -1",
    ),
    Case(
        "empty-range-used",
        "From 5 to L proves nothing at 0.",
        proof(["natural D L", "Y[l]: D x D", "given y: Y[5] = eye(D)", "given n: for l if 5 <= l: Y[l + 1] = Y[l]"],
              "Y[0] = eye(D)",
              {**induction("Y[l] = eye(D)", block(done="y"), block(
                  at("n", "l", {}, by(("1", "lo")), name="m"), eq("Y[l + 1] = eye(D)", ("1", "m", "1"), ("1", "IH", "1"), name="x")),
                  name="all"), "from": "5"},
              at("all", "0", {}, {}, {})),
        "nat-rest", "found -5", "false",
    ),
    Case(
        "start-below-zero",
        "An index is a natural, so the start is shown to be >= 0.",
        proof(["natural D L", "Y[l]: D x D", "given y: Y[-1] = eye(D)", "given n: for l: Y[l + 1] = Y[l]"],
              "Y[0] = eye(D)",
              {**induction("Y[l] = eye(D)", block(done="y"), block(
                  at("n", "l", {}, name="m"), eq("Y[l + 1] = eye(D)", ("1", "m", "1"), ("1", "IH", "1"), name="x")),
                  name="all"), "from": "-1"},
              at("all", "0", {}, {}, by(("1", "L"))),
              ),
        "nat-rest", "found -1",
    ),
    Case(
        "hypothesis-outside",
        "The induction hypothesis stays inside the step.",
        proof(ITEMS, "X[L] = eye(D)", GOOD, at("IH", "L", {})),
        "fact-known", "the name of a fact in scope, found 'IH'",
    ),
    Case(
        "index-outside",
        "The index of the induction does not exist outside.",
        proof(ITEMS, "X[L] = eye(D)", GOOD, eq("X[l] = eye(D)", ("1", "all", "1"))),
        "name-known", "a declared name, found 'l'",
    ),
    Case(
        "base-speaks-of-the-index",
        "The base knows no index.",
        attempt(induction("X[l] = eye(D)", block(eq("X[l] = X[l]", name="x")), STEP, name="all")),
        "name-known", "a declared name, found 'l'",
    ),
    Case(
        "wrong-step-by-definition",
        "The prefix P[l] = W[l] P[l - 1] is not the identity.",
        proof(["natural D L", "W[l]: D x D", recursion("P", "D x D", "eye(D)", "W[l]*P[l - 1]", up="0")],
              "P[L] = eye(D)",
              induction("P[l] = eye(D)", block(done="P.start"), block(
                  at("P.step", "l + 1", {}, {}, name="p"),
                  eq("P[l + 1] = eye(D)", ("1", "p", "1"), ("W[l + 1]", "IH", "1"), name="x")), name="all"), LAST),
        "rest", "found -eye(D) + W[l + 1]", "false",
    ),
    Case(
        "range-names",
        "The three bounds of an induction have three names.",
        attempt({**GOOD, "range": ["r0", "lo", "hi", "more"]}),
        "induction-range", "three names, found 4", "harmless",
    ),
    Case(
        "direction-seven",
        "Any direction but 1 would count as upwards.",
        attempt({**GOOD, "down": 7}),
        "induction-down", "0 or 1, found 7", "harmless",
    ),
    Case(
        "contradiction-from-the-empty-range",
        "0 <= L in the base is no contradiction.",
        attempt(induction("X[l] = eye(D)", block(absurd("r0", "X[0] = eye(D)", name="x")), STEP, name="all")),
        "absurd", "found 0 <= L",
    ),
]  # fmt: skip
