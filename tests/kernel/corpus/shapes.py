"""Shapes: every term is typed by itself, cofactors included."""

from __future__ import annotations

from ..builders import bundle, cite, define, eq, proof, theorem
from ..case import Case

EMPTY = ["natural m n", "given h: eye(n) = zero(n, n)"]  # true for n = 0

CASES = [
    Case(
        "identities-of-two-sizes",
        "A X = 1 and X A = 1 do not make the two identities equal: A may be rectangular, or the sizes 0 and 0.",
        proof(["natural m n", "A: m x n", "X: n x m", "given a: A*X = eye(m)", "given b: X*A = eye(n)"],
              "eye(m) = eye(n)", eq("eye(m) = eye(n)", ("-1", "a", "1"), ("1", "b", "1"))),
        "shape-relation", "two sides of one shape, found others in 'eye(m) = eye(n)'",
    ),
    Case(
        "given-of-two-shapes",
        "A hypothesis between two matrices of different shapes has no meaning.",
        proof(["natural m n", "A: m x n", "given h: A = A'"], "A = A", eq("A = A")),
        "shape-relation", "two sides of one shape", "malformed",
    ),
    Case(
        "empty-identity-elsewhere",
        "1 = 0 at n x n holds for n = 0 and must not pass to m x m, although the expanded words look alike.",
        proof(EMPTY, "eye(m) = zero(m, m)", eq("eye(m) = zero(m, m)", ("1", "h", "1"))),
        "shape-sum", "two terms of one shape", "false",
    ),
    Case(
        "empty-identity-as-scalar",
        "1 = 0 at n x n must not be used as the equation of numbers 1 = 0.",
        proof(["natural n", "given h: eye(n) = zero(n, n)"], "1 = 0", eq("1 = 0", ("1", "h", "1"))),
        "shape-sum", "one shape", "false",
    ),
    Case(
        "ill-typed-cofactor",
        "A cofactor that does not compose with the fact must not launder its shape.",
        proof(EMPTY, "eye(m) = zero(m, m)", eq("eye(m) = zero(m, m)", ("eye(m)", "h", "1"))),
        "shape-product", "equal inner sizes", "false",
    ),
    Case(
        "ill-typed-terms-cancel",
        "Two ill-typed terms that cancel as words are still refused one by one.",
        proof(["natural m n", "A: m x n", "h: n x n", "given a: A = A", "given b: h = zero(n, n)"],
              "A = zero(m, n)", eq("A = zero(m, n)", ("h", "a", "1"), ("-h", "a", "1"))),
        "shape-product", "sizes that do not compose",
    ),
    Case(
        "product-in-statement",
        "A statement may not multiply m x n by m x n.",
        proof(["natural m n", "A, B: m x n"], "A*B = A*B", eq("A*B = A*B")),
        "shape-product", "sizes that do not compose", "malformed",
    ),
    Case(
        "sum-in-statement",
        "A statement may not add a matrix and its transpose when it is rectangular.",
        proof(["natural m n", "A: m x n"], "A + A' = A + A'", eq("A + A' = A + A'")),
        "shape-sum", "two different shapes",
    ),
    Case(
        "definition-of-another-shape",
        "Z is declared a number but is the matrix M; then 'let Z = M' and Z A = A Z would be shown as proved.",
        proof(["natural n", "A, M: n x n", define("Z", "1 x 1", "M")], "Z*A = A*Z", eq("Z*A = A*Z")),
        "define-shape", "a value of the declared shape", "false",
    ),
    Case(
        "definition-of-three-sizes",
        "A matrix has two sizes.",
        proof(["natural n", define("Z", "n x n x n", "eye(n)")], "Z = Z", eq("Z = Z")),
        "shape-pair", "two sizes, found 3", "harmless",
    ),
    Case(
        "matrix-of-one-size",
        "A declared matrix has two sizes.",
        proof(["natural n", {"matrix": "A", "index": [], "shape": ["n"]}], "A = A", eq("A = A")),
        "shape-pair", "two sizes, found 1",
    ),
    Case(
        "cited-with-another-shape",
        "eye(n) = 0 makes every n x 1 column zero; citing it with an m x 1 column would make that zero.",
        bundle(
            theorem(["natural n", "v: n x 1", "given h: eye(n) = zero(n, n)"], "v'*v = 0",
                    eq("v'*v = 0", ("v'", "h", "v")), name="void"),
            theorem([*EMPTY, "w: m x 1"], "w'*w = 0",
                    cite("void", {"main": "g"}, naturals={"n": "n"}, matrices={"v": "w"}, facts={"h": "h"})),
        ),
        "cite-shape", "the declared shape of v", "false",
    ),
    Case(
        "shape-before-substitution",
        "The first cited matrix is compared with its shape after the naturals are replaced, also when none is.",
        bundle(
            theorem(["A: 1 x 1", "given h: A = 1"], "A*A = 1", eq("A*A = 1", ("A + 1", "h", "1")), name="unit"),
            theorem(["natural n", "B: n x n", "given h: B = eye(n)"], "B*B = eye(n)",
                    cite("unit", {"main": "g"}, matrices={"A": "B"}, facts={"h": "h"})),
        ),
        "cite-shape", "the declared shape of A",
    ),
]  # fmt: skip
