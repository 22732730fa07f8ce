"""Scalars and transposes: only what has the literal size 1 commutes."""

# ruff: noqa: E501 -- rows of data

from __future__ import annotations

from ..builders import absurd, bundle, cite, eq, index, proof, theorem
from ..case import Case

SUM = "(" + " + ".join(f"A{i}" for i in range(150)) + ")"

CASES = [
    Case(
        "transpose-keeps-order",
        "(AB)' = A'B' is false.",
        proof(["natural n", "A, B: n x n"], "(A*B)' = A'*B'", eq("(A*B)' = A'*B'")),
        "rest", "nothing left over", "false",
    ),
    Case(
        "square-matrices-commute",
        "AB = BA is false for n x n matrices, whatever n might be.",
        proof(["natural n", "A, B: n x n"], "A*B = B*A", eq("A*B = B*A")),
        "rest", "found A*B - B*A", "false",
    ),
    Case(
        "matrix-moved-as-scalar",
        "x'y is a number and may move, the n x n matrix A may not.",
        proof(["natural n", "A: n x n", "x, y: n x 1"], "x'*y*A*x = x*x'*A*y", eq("x'*y*A*x = x*x'*A*y")),
        "rest", "nothing left over", "false",
    ),
    Case(
        "dyad-symmetric",
        "x y' is n x n and not its transpose; only y' x is a number.",
        proof(["natural n", "x, y: n x 1"], "x*y' = y*x'", eq("x*y' = y*x'")),
        "rest", "nothing left over", "false",
    ),
    Case(
        "size-that-may-be-one",
        "A hypothesis n == 1 does not make n x n matrices commute: their size is n, not the literal 1.",
        proof(["natural n", "given one: n == 1", "A, B: n x n"], "A*B = B*A", eq("A*B = B*A")),
        "rest", "nothing left over",
    ),
    Case(
        "matrix-equals-its-transpose",
        "A square matrix is not symmetric.",
        proof(["natural n", "A: n x n"], "A = A'", eq("A = A'")),
        "rest", "found A - A'", "false",
    ),
    Case(
        "fact-transposed-for-free",
        "M M' = 1 gives M M' = 1 when transposed, never M' M = 1.",
        proof(["natural n", "M: n x n", "given h: M*M' = eye(n)"], "M'*M = eye(n)", eq("M'*M = eye(n)", ("1", "h'", "1"))),
        "rest", "nothing left over",
    ),
    Case(
        "fact-at-nxn-as-number",
        "M = 2 at n x n says nothing about numbers, so 2 c = M c is refused at the shape of c.",
        proof(["natural n", "c: 1 x 1", "given h: eye(n) = 2*eye(n)"], "c = 2*c", eq("c = 2*c", ("c", "h", "1"))),
        "shape-sum", "two terms of one shape", "false",
    ),
    Case(
        "absurd-at-nxn",
        "1 = 0 at n x n is true for n = 0, so it is no absurdity.",
        proof(["natural n", "given h: eye(n) = zero(n, n)"], "1 = 0", absurd("h", "1 = 0")),
        "absurd", "a false relation between numbers", "false",
    ),
    Case(
        "cited-scalars-as-matrices",
        "c d = e for numbers gives d c = e; for matrices it does not.",
        bundle(
            theorem(["c, d, e: 1 x 1", "given h: c*d = e"], "d*c = e", eq("d*c = e", ("1", "h", "1")), name="swap"),
            theorem(["natural n", "A, B, C: n x n", "given h: A*B = C"], "B*A = C",
                    cite("swap", {"main": "g"}, matrices={"c": "A", "d": "B", "e": "C"}, facts={"h": "h"})),
        ),
        "cite-shape", "the declared shape of c",
    ),
    Case(
        "cited-size-becomes-general",
        "A theorem about x: n x 1 cited with the n x n matrix X in its place.",
        bundle(
            theorem(["natural n", "x, y: n x 1", "given h: x'*y = 0"], "y'*x = 0", eq("y'*x = 0", ("1", "h", "1")),
                    name="flip"),
            theorem(["natural n", "X, Y: n x n", "given h: X'*Y = zero(n, n)"], "Y*X' = zero(n, n)",
                    cite("flip", {"main": "g"}, naturals={"n": "n"}, matrices={"x": "X", "y": "Y"}, facts={"h": "h"})),
        ),
        "cite-shape", "the declared shape of x",
    ),
    Case(
        "members-of-two-families",
        "Two families at one index are not equal.",
        proof(["natural n l", "X[i], Y[i]: n x n"], "X[l] = Y[l]", index("X[l] = Y[l]", [{}, {}])),
        "index-goal", "two members of a family", "false",
    ),
    Case(
        "member-and-its-transpose",
        "X[l] and X[l]' are not equal.",
        proof(["natural n l", "X[i]: n x n"], "X[l] = X[l]'", index("X[l] = X[l]'", [{}, {}])),
        "index-goal", "two members of a family", "false",
    ),
    Case(
        "members-at-different-indices",
        "X[a] = X[b] needs a == b, of which a <= b is one half.",
        proof(["natural n a b", "given h: a <= b", "X[i]: n x n"], "X[a] = X[b]",
              index("X[a] = X[b]", [{"by": [["1", "h"]]}, {}])),
        "nat-rest", "a remainder >= 0 by its form", "false",
    ),
    Case(
        "member-without-proof-of-index",
        "One proof for every index.",
        proof(["natural n a b", "X[i]: n x n"], "X[a] = X[b]", index("X[a] = X[b]")),
        "index-proofs", "a proof for every index", "false",
    ),
    Case(
        "sum-as-member",
        "The rule needs a single letter on either side.",
        proof(["natural n a b", "X[i]: n x n"], "2*X[a] = X[b]", index("2*X[a] = X[b]", [{}, {}])),
        "one-letter", "a single letter, found 2*X[a]",
    ),
    Case(
        "inequality-in-eq",
        "The rule for equations proves no inequality.",
        proof([], "1 <= 0", eq("1 <= 0")),
        "fact-kind", "found '1 <= 0', a <=",
    ),
    Case(
        "quantified-goal-of-eq",
        "The rule proves one equation, not one for all values of a variable.",
        proof(["natural n", "X[i]: n x n"], "for l: X[l] = X[l]", eq("for l: X[l] = X[l]")),
        "fact-ground", "a fact without variables or conditions",
    ),
    Case(
        "term-without-right-side",
        "A term is left, fact, right.",
        proof(["A: 1 x 1", "given h: A = 0"], "A = 0", eq("A = 0", ("1", "h"))),
        "multiple", "[left, fact, right]",
    ),
    Case(
        "division-by-zero",
        "1/0 is no number.",
        proof([], "1/0 = 1/0", eq("1/0 = 1/0")),
        "zero-denominator", "a nonzero denominator",
    ),
    Case(
        "matrix-as-natural",
        "A real number is not a natural: 0 <= A would follow by its form.",
        proof(["A: 1 x 1"], "0 <= A", {"rule": "nat", "fact": "0 <= A", "proof": {}, "as": "g"}),
        "fact-kind", "found '0 <= A', a psd",
    ),
    Case(
        "natural-as-matrix",
        "A natural has no shape.",
        proof(["natural n"], "n = n", eq("n = n")),
        "name-kind", "a matrix, found n, a natural", "malformed",
    ),
    Case(
        "too-many-words",
        "A product of two sums of 150 letters has more words than the limit.",
        proof([", ".join(f"A{i}" for i in range(150)) + ": 1 x 1"], f"{SUM}*{SUM} = {SUM}*{SUM}",
              eq(f"{SUM}*{SUM} = {SUM}*{SUM}")),
        "size-words", "at most 20000 words", "harmless",
    ),
]  # fmt: skip
