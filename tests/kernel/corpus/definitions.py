"""Definitions: only earlier things, or the same family where the recursion has been already."""

# ruff: noqa: E501 -- rows of data

from __future__ import annotations

from ..builders import absurd, at, axiom, define, eq, nat, proof, recursion, rule, such
from ..case import Case

CASES = [
    Case(
        "defined-by-itself",
        "x[l] := x[l] + 1 gives 0 = 1.",
        proof([recursion("x", "1 x 1", "0", "x[l] + 1", up="0")], "1 = 0",
              at("x.step", "1", {}, {}, name="s"), eq("0 = 1", ("1", "s", "1"), name="bad"), absurd("bad", "1 = 0")),
        "define-smaller", "only members that are defined already, found x[%0]", "false",
    ),
    Case(
        "defined-by-the-next",
        "An upward recursion may not look ahead.",
        proof([recursion("x", "1 x 1", "0", "x[l + 1]", up="0")], "1 = 1", eq("1 = 1")),
        "define-smaller", "only members", "harmless",
    ),
    Case(
        "defined-by-twice-the-index",
        "x[2 l] is no smaller index: x[l] := x[2 l] + 1 need not exist.",
        proof([recursion("x", "1 x 1", "0", "x[2*l] + 1", up="0")], "1 = 1", eq("1 = 1")),
        "define-smaller", "only members",
    ),
    Case(
        "defined-inside-inverse",
        "The recursion is also checked inside inv( ).",
        proof(["natural n", recursion("x", "n x n", "eye(n)", "inv(x[l] + eye(n))", up="0")], "1 = 1", eq("1 = 1")),
        "define-smaller", "only members",
    ),
    Case(
        "defined-downwards-by-below",
        "A downward recursion may not look down: x[l - 1] := x[l - 1] + 1.",
        proof(["natural L", recursion("x", "1 x 1", "0", "x[l - 1] + 1", down="L")], "1 = 1", eq("1 = 1")),
        "define-smaller", "only members",
    ),
    Case(
        "two-families-in-a-circle",
        "x[l] := y[l] and y[l] := x[l] + 1 give 0 = 1.",
        proof([{"define": [{"name": "x", "shape": ["1", "1"], "step": "y[l]"},
                           {"name": "y", "shape": ["1", "1"], "step": "x[l] + 1"}], "index": ["l"], "up": "0"}],
              "1 = 0", at("x.step", "1", {}, {}, name="s"), at("y.step", "1", {}, {}, name="r"),
              eq("0 = 1", ("1", "s", "1"), ("1", "r", "1"), name="bad"), absurd("bad", "1 = 0")),
        "define-smaller", "found y[%0]", "false",
    ),
    Case(
        "explicit-by-itself",
        "An explicit definition cannot mention what it defines.",
        proof([define("x", "1 x 1", "x[l] + 1", "l")], "1 = 0", at("x.def", "0", {}, name="bad"), absurd("bad", "1 = 0")),
        "name-known", "a declared name, found 'x'",
    ),
    Case(
        "start-by-itself",
        "The start of a recursion cannot mention the family.",
        proof([recursion("x", "1 x 1", "x[0] + 1", "x[l - 1]", up="0")], "1 = 0", absurd("x.start", "1 = 0")),
        "name-known", "a declared name, found 'x'",
    ),
    Case(
        "defined-again",
        "A definition in the proof must not fix a matrix of the statement.",
        proof(["natural n", "A: n x n"], "A = eye(n)", rule("define", define("A", "n x n", "eye(n)")), done="A.def"),
        "name-fresh", "a name not yet in scope, found A", "false",
    ),
    Case(
        "inclusion-of-a-given-matrix",
        "A split in the proof must not make a given matrix an inclusion.",
        proof(["natural n", "A: n + n x n"], "A'*A = eye(n)", nat("2*n == n + n", [{}, {}], name="h"),
              axiom("split", "n := 2*n; p := n; s := n", "h", new="J := A; K := K", g1="g")),
        "name-fresh", "found A", "false",
    ),
    Case(
        "one-name-twice",
        "Two families of one definition have different names.",
        proof([{"define": [{"name": "x", "shape": ["1", "1"], "step": "x[l - 1]"},
                           {"name": "x", "shape": ["1", "1"], "step": "x[l - 1] + 1"}], "index": ["l"], "up": "0"}],
              "1 = 1", eq("1 = 1")),
        "define-form", "found another form",
    ),
    Case(
        "explicit-with-a-spare-start",
        "An explicit definition has no start.",
        proof([{"define": [{"name": "x", "shape": ["1", "1"], "is": "1", "start": "0"}], "index": []}], "x = x",
              eq("x = x")),
        "define-form", "one family with 'is'", "harmless",
    ),
    Case(
        "recursion-shown-as-another",
        "A recursion with a spare 'is' would be shown as x[l] = 0 and checked as x[l] = 1.",
        proof([{"define": [{"name": "x", "shape": ["1", "1"], "is": "0", "start": "1", "step": "x[l - 1]"}],
                "index": ["l"], "up": "0"}], "x[0] = 1", done="x.start"),
        "define-form", "found another form", "false",
    ),
    Case(
        "up-and-down",
        "A recursion has one direction.",
        proof([recursion("x", "1 x 1", "0", "x[l - 1]", up="0", down="0")], "x[0] = 0", done="x.start"),
        "define-form", "found another form", "harmless",
    ),
    Case(
        "index-named-like-a-natural",
        "The index of a definition may not have the name of a natural in scope.",
        proof(["natural n", define("x", "1 x 1", "1", "n")], "1 = 1", eq("1 = 1")),
        "name-fresh", "found n",
    ),
    Case(
        "split-facts-under-one-name",
        "The facts of two definitions may not overwrite each other.",
        proof(["natural n", "J, K, E, F: 2*n x n", such("split", "n := 2*n; p := n; s := n; J := J; K := K", "sp"),
               such("split", "n := 2*n; p := n; s := n; J := E; K := F", "sp")], "1 = 1", eq("1 = 1")),
        "fact-fresh", "a fact name not yet in use, found sp.g1",
    ),
    Case(
        "lemma-named-like-a-given",
        "A fact may not take the name of another.",
        proof(["natural n", "given h: n <= n"], "1 = 1", eq("1 = 1", name="h"), done="h"),
        "fact-fresh", "found h", "harmless",
    ),
]  # fmt: skip
