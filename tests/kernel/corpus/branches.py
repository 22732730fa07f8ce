"""Cases, contradictions and sub-proofs: exhaustive guards, and facts that stay in their branch."""

# ruff: noqa: E501 -- rows of data

from __future__ import annotations

from ..builders import absurd, block, by, cases, eq, have, nat, proof
from ..case import Case

CASES = [
    Case(
        "guards-not-exhaustive",
        "a == b and b < a leave out a < b.",
        proof(["natural a b"], "b <= a", cases("a == b", "b <= a", block(nat("b <= a", by(("-1", "p")), name="x")),
                                               block(nat("b <= a", by(("1", "q")), name="x")))),
        "fact-kind", "<=, found 'a == b', a ==", "false",
    ),
    Case(
        "guard-used-in-the-other-branch",
        "In the second branch the first guard is not known.",
        proof(["natural a b"], "a <= b", cases("a <= b", "a <= b", block(done="p"), block(done="p"))),
        "fact-known", "the name of a fact in scope, found 'p'",
    ),
    Case(
        "branch-closes-another-goal",
        "Both branches close the same goal.",
        proof(["natural a b"], "a <= b", cases("a <= b", "a <= b", block(done="p"), block(done="q"))),
        "goal", "expected a <= b, found q: b + 1 <= a", "false",
    ),
    Case(
        "guard-escapes",
        "A guard is not known after the cases.",
        proof(["natural a b"], "a <= b", cases("a <= b", "1 = 1", block(eq("1 = 1", name="x")),
                                               block(eq("1 = 1", name="x"))), done="p"),
        "fact-known", "found 'p'",
    ),
    Case(
        "one-name-for-two-guards",
        "Two guards have two names.",
        proof(["natural a"], "1 = 1", cases("a <= 1", "1 = 1", block(eq("1 = 1", name="x")), block(eq("1 = 1", name="x")),
                                            assume=("p",))),
        "cases-names", "two names, found 1",
    ),
    Case(
        "absurd-from-true-numbers",
        "0 <= 1 is no contradiction.",
        proof([], "1 = 0", nat("0 <= 1", name="x"), absurd("x", "1 = 0")),
        "absurd", "found 0 <= 1", "false",
    ),
    Case(
        "absurd-from-an-open-relation",
        "a + 1 <= b is no contradiction.",
        proof(["natural a b", "given h: a + 1 <= b"], "1 = 0", absurd("h", "1 = 0")),
        "absurd", "found a + 1 <= b", "false",
    ),
    Case(
        "absurd-from-a-true-equation",
        "1 = 1 is no contradiction.",
        proof([], "1 = 0", eq("1 = 1", name="x"), absurd("x", "1 = 0")),
        "absurd", "found 1 = 1", "false",
    ),
    Case(
        "absurd-from-a-matrix-that-may-be-one",
        "A = 0 at 1 x 1 is no contradiction.",
        proof(["A: 1 x 1", "given h: A = 0"], "1 = 0", absurd("h", "1 = 0")),
        "absurd", "found A = zero(1, 1)", "false",
    ),
    Case(
        "absurd-from-a-conditional-fact",
        "A false relation under a condition is no contradiction.",
        proof(["natural a", "given h: if a + 1 <= a: 1 <= 0"], "1 = 0", absurd("h", "1 = 0")),
        "fact-ground", "a fact without variables or conditions", "false",
    ),
    Case(
        "have-without-its-condition-named",
        "Every condition of the fact becomes an assumption with a name.",
        proof(["natural a b"], "if a <= b: a <= b", have("if a <= b: a <= b", block(done="p"))),
        "have-assume", "a name for every condition",
    ),
    Case(
        "assumption-escapes",
        "The condition of a lemma is not known outside it.",
        proof(["natural a b"], "a <= b", have("if a <= b: a <= b", block(done="p"), ("p",)), done="p"),
        "fact-known", "found 'p'",
    ),
    Case(
        "lemma-without-its-condition",
        "The conclusion keeps the condition.",
        proof(["natural a b"], "a <= b", have("if a <= b: a <= b", block(done="p"), ("p",))),
        "goal", "expected a <= b, found g: if a <= b: a <= b", "false",
    ),
    Case(
        "lemma-for-one-value-as-for-all",
        "What holds for the natural k of the statement is not proved for every k.",
        proof(["natural D k", "X[i]: D x D", "given h: X[k] = eye(D)"], "for j: X[j] = eye(D)",
              have("for j: X[j] = eye(D)", block(done="h"))),
        "goal", "expected X[j] = eye(D), found h: X[k] = eye(D)", "false",
    ),
    Case(
        "lemma-variable-not-fresh",
        "A variable of a lemma may not be a natural of the statement.",
        proof(["natural D k", "X[i]: D x D", "given h: X[k] = eye(D)"], "X[0] = eye(D)",
              have("for k: X[k] = eye(D)", block(done="h"), name="f"),
              {"rule": "instance", "of": "f", "at": ["0"], "proofs": [{}], "as": "g"}),
        "name-fresh", "found k", "false",
    ),
    Case(
        "local-definition-escapes",
        "A matrix defined in a sub-proof does not exist outside.",
        proof(["natural D"], "1 = 1", have("1 = 1", block(
            {"rule": "define", "define": [{"name": "Z", "shape": ["D", "D"], "is": "eye(D)"}], "index": []},
            eq("1 = 1", name="x")), name="f"), eq("Z = Z", name="z"), done="f"),
        "name-known", "found 'Z'",
    ),
]  # fmt: skip
