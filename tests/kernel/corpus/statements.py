"""The statement: what is printed is what was proved, with all its hypotheses and open holes."""

# ruff: noqa: E501 -- rows of data

from __future__ import annotations

from ..builders import bundle, eq, proof, theorem
from ..case import Case

TRUE = eq("1 = 1")

CASES = [
    Case(
        "another-statement",
        "A good proof of another statement.",
        proof(["natural n", "A: n x n"], "A = eye(n)", eq("A = A")),
        "goal", "expected A = eye(n), found g: A = A", "false",
    ),
    Case(
        "goal-without-proof",
        "Every goal ends with a fact.",
        proof([], "1 = 0", done=[]),
        "done", "a fact for every goal, found []", "false",
    ),
    Case(
        "goal-twice",
        "Two goals of one name: the last alone would be proved, and both shown.",
        bundle({**theorem([], "1 = 1", TRUE), "goals": [{"name": "a", "fact": "1 = 0"}, {"name": "a", "fact": "1 = 1"}]}),
        "theorem-goals", "goals of different names", "false",
    ),
    Case(
        "no-goal",
        "A theorem proves something.",
        bundle({**theorem([], "1 = 1", TRUE, done=[]), "goals": []}),
        "theorem-goals", "none", "harmless",
    ),
    Case(
        "line-in-a-goal-name",
        "A line end in the name of a goal would show a goal that is not proved.",
        proof([], {"a: 1 = 0\n  then b": "1 = 1"}, TRUE),
        "goal-plain", "plain names of goals", "false",
    ),
    Case(
        "line-in-the-name-of-a-given",
        "A line end in the name of a given would show the given as a goal.",
        proof(["given x\n  then b: 1 = 0"], "1 = 1", TRUE),
        "fact-plain", "a plain fact name", "false",
    ),
    Case(
        "line-in-a-natural",
        "A line end in the name of a natural would show anything.",
        proof([{"natural": "n\n  then b: 1 = 0"}], "1 = 1", TRUE),
        "name-plain", "a plain name", "false",
    ),
    Case(
        "line-in-a-theorem-name",
        "A line end in the name of a theorem would show anything.",
        bundle({**theorem([], "1 = 1", TRUE), "name": "t\n  then b: 1 = 0"}),
        "theorem-name", "a plain name", "false",
    ),
    Case(
        "line-in-a-title",
        "A title is one line of plain text.",
        bundle({**theorem([], "1 = 1", TRUE), "title": "t\nproved"}),
        "theorem-name", "plain title and source", "malformed",
    ),
    Case(
        "two-theorems-of-one-name",
        "A later theorem may not take the name of an earlier one.",
        bundle(theorem([], "1 = 1", TRUE), theorem([], "1 = 1", TRUE)),
        "theorem-fresh", "a new name of a theorem", "malformed",
    ),
    Case(
        "family-of-naturals-without-index",
        "A family has an index.",
        proof([{"naturals": "d", "index": []}], "1 = 1", TRUE),
        "setup-index", "at least one index", "harmless",
    ),
    Case(
        "given-after-use",
        "A given may only speak of what is declared before it.",
        proof(["given h: A = 0", "A: 1 x 1"], "A = 0", done="h"),
        "name-known", "a declared name, found 'A'",
    ),
    Case(
        "goal-about-the-proof",
        "A goal may not mention what only the proof defines.",
        proof([], "Z = 1", {"rule": "define", "define": [{"name": "Z", "shape": ["1", "1"], "is": "1"}], "index": []},
              done="Z.def"),
        "name-known", "a declared name, found 'Z'",
    ),
]  # fmt: skip
