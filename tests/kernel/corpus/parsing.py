"""Text that Python would read and the grammar does not have."""

# ruff: noqa: E501 -- rows of data

from __future__ import annotations

from ..builders import eq, nat, proof
from ..case import Case

ITEMS = ["natural n l", "naturals d[i]", "A, B: n x n", "X[i]: n x n", "c: 1 x 1"]


def term(name: str, text: str, check: str = "syntax", fragment: str = "expected") -> Case:
    """Return the case of a term that is refused where a matrix is due."""
    return Case(f"term-{name}", f"{text!a} is no term.", proof(ITEMS, f"{text} = A", eq("A = A")), check, fragment)


def natural(name: str, text: str, check: str = "syntax", fragment: str = "expected") -> Case:
    """Return the case of a term that is refused where a natural is due."""
    return Case(
        f"natural-{name}", f"{text!a} is no natural.", proof(ITEMS, f"0 <= {text}", nat("0 <= n")), check, fragment
    )


CASES = [
    term("chain-of-equations", "A = B", "syntax", "a relation with two sides"),
    term("chain-of-comparisons", "A == B", "syntax"),
    term("walrus", "(A := B)", "syntax", "an expression"),
    term("lambda", "lambda: A", "syntax"),
    term("lambda-in-brackets", "(lambda: A)", "syntax", "a term of the grammar, found 'lambda: A'"),
    term("format-string", "f'A'", "syntax", "an expression"),
    term("string", "'A'", "syntax", "an expression"),
    term("double-quoted", '"A"', "syntax", "a term in plain ASCII"),
    term("attribute", "A.T", "syntax", "a term in plain ASCII, found '.T"),
    term("other-attribute", "A.real", "syntax", "a term in plain ASCII"),
    term("dunder", "__import__", "syntax", "a term in plain ASCII"),
    term("keyword-argument", "inv(M=A)", "syntax"),
    term("keyword-size", "eye(n=n)", "syntax"),
    term("starred-argument", "inv(*A)", "syntax", "a term of the grammar, found '*A'"),
    term("double-starred-argument", "inv(**A)", "syntax"),
    term("slice", "X[l:l]", "syntax", "a term of the grammar"),
    term("all-slice", "X[:]", "syntax"),
    term("starred-index", "X[*A]", "syntax", "a term of the grammar"),
    term("index-of-a-member", "X[l][l]", "syntax", "a term of the grammar, found 'X[l][l]'"),
    term("index-of-a-sum", "(A + B)[l]", "syntax", "a term of the grammar"),
    term("call-of-a-call", "inv(A)(B)", "syntax", "a term of the grammar, found 'inv(A)(B)'"),
    term("call-of-a-number", "1 (2)", "syntax", "a term of the grammar, found '1(2)'"),
    term("call-of-a-matrix", "A(B)", "syntax", "a term of the grammar, found 'A(B)'"),
    term("unknown-function", "pinv(A)", "syntax", "a term of the grammar, found 'pinv(A)'"),
    term("python-function", "eval(A)", "syntax", "a term of the grammar, found 'eval(A)'"),
    term("spare-argument", "inv(A, B)", "syntax", "a term of the grammar, found 'inv(A, B)'"),
    term("size-of-two", "eye(n, n)", "syntax", "a term of the grammar"),
    term("no-index-of-sigma", "sigma(A)", "syntax", "a term of the grammar"),
    term("power", "A**2", "syntax", "an expression"),
    term("caret", "A^2", "syntax", "a term in plain ASCII"),
    term("at-product", "A@B", "syntax", "a term in plain ASCII"),
    term("floor-division", "A//2", "syntax", "an expression"),
    term("remainder", "A%2", "syntax", "a term in plain ASCII"),
    term("division", "A/2", "syntax", "a term of the grammar"),
    term("division-by-a-matrix", "1/A", "syntax", "a term of the grammar"),
    term("fraction-of-a-fraction", "1/2/3*A", "syntax", "a term of the grammar"),
    term("fraction-with-a-sign", "1/-2*A", "syntax", "a term of the grammar"),
    term("plus-sign", "+A", "syntax", "a term of the grammar, found '+A'"),
    term("tilde", "~A", "syntax", "a term in plain ASCII"),
    term("not", "not A", "syntax", "a term of the grammar, found 'not A'"),
    term("and", "A and B", "syntax", "a term of the grammar, found 'A and B'"),
    term("or", "A or B", "syntax", "a term of the grammar"),
    term("in", "A in B", "syntax", "a term of the grammar"),
    term("is-not", "A is not B", "syntax", "a term of the grammar"),
    term("conditional", "(A if c else B)", "syntax", "a term of the grammar"),
    term("list", "[A]", "syntax", "a term of the grammar, found '[A]'"),
    term("list-comprehension", "[A for l in B]", "syntax", "a term of the grammar"),
    term("generator", "(A for l in B)", "syntax", "a term of the grammar"),
    term("pair", "(A, B)", "syntax-place", "a term at every place"),
    term("spare-comma", "A,", "syntax", "a term of the grammar"),
    term("empty-brackets", "()", "syntax-place", "a term at every place"),
    term("await", "await A", "syntax"),
    term("yield", "(yield A)", "syntax", "a term of the grammar"),
    term("true", "True*A", "syntax", "a term of the grammar, found 'True'"),
    term("none", "None", "syntax", "a term of the grammar, found 'None'"),
    term("ellipsis", "...", "syntax", "a term in plain ASCII"),
    term("semicolon", "A; B", "syntax", "a term in plain ASCII"),
    term("comment", "A # B", "syntax", "a term in plain ASCII"),
    term("backslash", "A \\\n", "syntax", "a term in plain ASCII"),
    term("tab", "A\t", "syntax", "a term in plain ASCII"),
    term("carriage-return", "A\r", "syntax", "a term in plain ASCII"),
    term("full-width", "\uff21", "syntax", "found '\\uff21"),
    term("mathematical-letter", "\U0001d400", "syntax", "a term in plain ASCII"),
    term("superscript", "A\u00b2", "syntax", "a term in plain ASCII"),
    term("zero-width-space", "A\u200b", "syntax", "a term in plain ASCII"),
    term("no-break-space", "A\u00a0", "syntax", "a term in plain ASCII"),
    term("kelvin", "\u212a", "syntax", "found '\\u212a"),
    term("juxtaposition", "A B", "syntax", "an expression"),
    term("number-before-a-letter", "2A", "syntax", "an expression"),
    term("transposed-brackets-missing", "inv'(A)", "syntax", "a term of the grammar"),
    term("name-of-a-function", "inv", "name-known", "found 'inv'"),
    term("name-of-the-identity", "eye*A", "name-known", "found 'eye'"),
    natural("underscore", "1_0", "syntax", "a term in plain ASCII, found '_0'"),
    natural("hexadecimal", "0x10", "syntax", "an expression, found '0x10'"),
    natural("leading-zero", "010", "syntax", "an expression, found '010'"),
    natural("complex", "1j", "syntax", "an expression, found '1j'"),
    natural("exponent", "1e2", "syntax", "an expression, found '1e2'"),
    natural("decimal", "1.5", "syntax", "a term in plain ASCII"),
    natural("full-width-digit", "\uff11", "syntax", "a term in plain ASCII"),
    natural("fraction", "n*(1/2)", "name-kind", "a matrix, found n, a natural"),
    natural("transpose", "n'", "name-kind", "a matrix, found n, a natural"),
    natural("rank-of-two", "rank(A, B)", "syntax"),
    natural("call", "d(l)", "syntax"),
    natural("nested-index", "d[l][l]", "syntax"),
    natural("slice", "d[l:l]", "syntax"),
    natural("true", "True", "syntax"),
    natural("shift", "1 << 2", "syntax"),
    natural("minimum", "min(n, l)", "syntax"),
    Case("condition-between-matrices", "A condition is a relation between naturals.",
         proof([*ITEMS, "given h: for i if A = B: A = B"], "for i if A = B: A = B", done="h"), "condition-natural", "relations between naturals", "malformed"),
    Case("condition-psd", "A condition is a relation between naturals.",
         proof([*ITEMS, "given h: if psd(A): A = B"], "A = B", done="h"), "condition-natural", "relations between naturals"),
    Case("condition-without-colon", "A condition ends with a colon.", proof(ITEMS, "for i if i <= n A = A", eq("A = A")), "syntax", "expected"),
    Case("two-quantifiers", "One list of variables.", proof(ITEMS, "for i: for j: A = A", eq("A = A")), "syntax", "an expression"),
    Case("condition-before-variable", "Variables come before conditions.", proof(ITEMS, "if i <= n for i: A = A", eq("A = A")), "syntax", "expected"),
    Case("relation-inside-a-term", "A relation is no term.", proof(ITEMS, "inv(A <= B) = A", eq("A = A")), "syntax", "expected"),
    Case("empty-fact", "A fact says something.", proof(ITEMS, "", eq("A = A")), "syntax", "expected"),
    Case("psd-of-two", "psd is of one matrix.", proof(ITEMS, "psd(A, B)", eq("A = A")), "syntax", "a term of the grammar"),
    Case("psd-of-nothing", "psd is of one matrix.", proof(ITEMS, "psd()", eq("A = A")), "syntax-place", "a term at every place"),
    Case("psd-as-a-term", "psd is no function.", proof(ITEMS, "A*psd(A) = A", eq("A = A")), "syntax", "a term of the grammar"),
]  # fmt: skip
