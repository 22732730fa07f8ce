"""Reading terms and facts from text, typed against the symbols in scope.

Grammar (``*`` is the matrix product, or a multiple by a 1 x 1 term)::

    fact   := ["for" NAME {"," NAME}] ["if" rel {"," rel}] ":" body | body
    body   := expr "=" expr | rel | ("nonsingular" | "psd") "(" expr ")" | expr "<=" expr   (1 x 1 terms)
    rel    := nat ("<=" | "==") nat
    expr   := sums and products of INT, INT/INT, NAME, NAME[nat, …], expr', (expr), eye(nat), zero(nat, nat),
              inv(expr), norm2(expr), sigma(expr, nat), sqrt(expr), tr(expr), nat(nat)
    nat    := sums and products of INT, NAME, NAME[nat, …], (nat), rank(expr)

The plain alphabet is checked token by token; the standard library's parser of Python expressions makes the tree, of
which only the forms above are read. Nothing is evaluated.
"""

from __future__ import annotations

import ast
import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from symlora.kernel import naturals, words
from symlora.kernel.errors import Rejected, need
from symlora.kernel.facts import Fact, Relation
from symlora.kernel.naturals import Nat
from symlora.kernel.words import FUNCTIONS, Matrix

if TYPE_CHECKING:
    from symlora.kernel.context import Context

TOKEN = re.compile(r"[ \n]*([A-Za-z][A-Za-z0-9_]*|[0-9]+|<=|==|[-+*/'()\[\],:=])", re.ASCII)
FRACTION = re.compile(r"\b([0-9]+ / [0-9]+)\b", re.ASCII)
RESERVED = frozenset({"for", "if", "eye", "zero", "rank", "nonsingular", "psd", *FUNCTIONS})
MAX_TOKENS, MAX_DIGITS, MAX_DEPTH = 20_000, 1_000, 40


def tokens(text: str) -> list[str]:
    """Return the tokens of `text`; anything outside the plain alphabet is refused, and so are empty or spare places.

    Commas stand only in indices and in arguments of a name: ``(a, b)`` alone means nothing, though `ast` reads it.
    """
    out: list[str] = []
    at, opened, text = 0, [""], text.rstrip(" \n")
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            raise Rejected("syntax", "a term in plain ASCII", f"{text[at : at + 20]!a} at column {at + 1}")
        token, before = match[1], out[-1] if out else ""
        if token in "([":
            opened.append("," if token == "[" or before[:1].isalpha() else "(")
        elif token in ")]" and len(opened) > 1:
            opened.pop()
        spare = (token in ")]" and before in ("", ",", "(", "[")) or (token == "," and opened[-1] == "(")
        need(not spare, "syntax-place", "a term at every place", lambda: f"none in {text!a:.200}")
        small = len(opened) <= MAX_DEPTH and len(out) < MAX_TOKENS and (not token.isdigit() or len(token) <= MAX_DIGITS)
        need(small, "size-text", "a text within the limits of depth, length and digits", "a larger one")
        out.append(token)
        at = match.end()
    return out


def canonical(text: str) -> str:
    """Return `text` with its spacing normalised: what is shown is what was parsed, token by token.

    >>> canonical("for l if 1<=l : A[l]'*B = -eye( n )")
    "for l if 1 <= l: A[l]'*B = -eye(n)"
    """
    out = ""
    for t in tokens(text):
        unary = t == "-" and (not out or out.endswith(("(", "[", ", ", ": ", "= ")))
        if t in ("for", "if") or (t in ("+", "-", "=", "<=", "==") and not unary):
            out = f"{out.rstrip(' ')} {t} ".lstrip(" ")
        elif t in (",", ":"):
            out = f"{out.rstrip(' ')}{t} "
        else:
            out += t
    return out.rstrip(" ")


def tree(parts: list[str]) -> Any:
    """Return the tree of an expression given by its tokens."""
    source = FRACTION.sub(r"(\1)", " ".join(".T" if t == "'" else t for t in parts))
    try:
        return ast.parse(source, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise Rejected("syntax", "an expression", f"{canonical(' '.join(parts))!a:.200}") from None


def unread(node: ast.AST) -> Rejected:
    """Return the refusal of a form that the grammar lacks."""
    return Rejected("syntax", "a term of the grammar", f"{ast.unparse(node)!a:.200}")


def split(parts: list[str], mark: str) -> list[list[str]]:
    """Return the pieces of a token list between the marks outside brackets."""
    pieces: list[list[str]] = [[]]
    depth = 0
    for t in parts:
        depth += (t in "([") - (t in ")]")
        if t == mark and depth == 0:
            pieces.append([])
        else:
            pieces[-1].append(t)
    return pieces


class Reader:
    """Reads trees in one scope."""

    def __init__(self, scope: Context) -> None:
        self.scope = scope

    def combine(self, node: ast.BinOp, read: Any, module: Any) -> Any:
        """Return a sum, difference or product; a long chain is read from its left end, without recursion."""
        chain: list[ast.BinOp] = [node]
        while isinstance(chain[-1].left, ast.BinOp) and not isinstance(chain[-1].left.op, ast.Div):
            chain.append(chain[-1].left)
        value = read(chain[-1].left)
        for link in reversed(chain):
            name = {ast.Add: "add", ast.Sub: "minus", ast.Mult: "times"}.get(type(link.op))
            if name is None:
                raise unread(link)
            value = getattr(module, name)(value, read(link.right))
        return value

    def nat(self, node: Any) -> Nat:
        """Return the natural-number term of a tree."""
        match node:
            case ast.Constant(value=int(value)) if type(value) is int:
                return naturals.number(value)
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                return naturals.negative(self.nat(inner))
            case ast.BinOp():
                return self.combine(node, self.nat, naturals)  # type: ignore[no-any-return]
            case ast.Call(func=ast.Name(id="rank"), args=[inner], keywords=[]):
                return naturals.atom("rank", (self.matrix(inner),))
            case ast.Name() | ast.Subscript(value=ast.Name()):
                name, indices = self.reference(node)
                symbol = self.scope.symbol(name, "natural", len(indices))
                return naturals.atom(symbol.alias or name, indices)
        raise unread(node)

    def reference(self, node: Any) -> tuple[str, tuple[Nat, ...]]:
        """Return name and indices of ``NAME`` or ``NAME[…]``."""
        if isinstance(node, ast.Name):
            return node.id, ()
        inside = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        return node.value.id, tuple(map(self.nat, inside))

    def matrix(self, node: Any) -> Matrix:
        """Return the matrix term of a tree."""
        match node:
            case ast.Constant(value=int(value)) if type(value) is int:
                return words.scalar(value)
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                return words.negative(self.matrix(inner))
            case ast.BinOp(left=ast.Constant(value=top), op=ast.Div(), right=ast.Constant(value=bottom)) if (
                type(top) is type(bottom) is int
            ):
                need(bottom != 0, "zero-denominator", "a nonzero denominator", "0")
                return words.scalar(Fraction(top, bottom))
            case ast.BinOp():
                return self.combine(node, self.matrix, words)  # type: ignore[no-any-return]
            case ast.Attribute(value=inner, attr="T"):
                return words.transpose(self.matrix(inner))
            case ast.Call(func=ast.Name(id="eye"), args=[size], keywords=[]):
                return words.identity(self.nat(size))
            case ast.Call(func=ast.Name(id="zero"), args=[rows, cols], keywords=[]):
                return words.zero(self.nat(rows), self.nat(cols))
            case ast.Call(func=ast.Name(id=head), args=args, keywords=[]) if head in FUNCTIONS and len(
                FUNCTIONS[head]
            ) == len(args):
                kinds = zip(args, FUNCTIONS[head], strict=True)
                return words.apply(head, tuple(self.matrix(a) if kind == "M" else self.nat(a) for a, kind in kinds))
            case ast.Name() | ast.Subscript(value=ast.Name()):
                return self.scope.member(*self.reference(node))
        raise unread(node)

    def is_nat(self, node: Any) -> bool:
        """Return whether a tree is a natural-number term, by the kinds of its outermost names."""
        match node:
            case ast.Constant():
                return True
            case ast.UnaryOp(operand=inner):
                return self.is_nat(inner)
            case ast.BinOp(left=left, op=op, right=right):
                return not isinstance(op, ast.Div) and self.is_nat(left) and self.is_nat(right)
            case ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name)):
                return name in self.scope.symbols and self.scope.symbols[name].kind == "natural"
        return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "rank"

    def relation(self, parts: list[str]) -> Relation:
        """Return the relation given by its tokens."""
        if parts[:1] in (["nonsingular"], ["psd"]):
            match tree(parts):
                case ast.Call(func=ast.Name(), args=[inner], keywords=[]):
                    m = self.matrix(inner)
                case node:
                    raise unread(node)
            need(m.rows == m.cols, "relation-square", f"a square matrix in {parts[0]}", "another shape")
            return Relation(parts[0], (m,))
        kind = next((mark for mark in ("<=", "==", "=") if mark in parts), "=")
        sides = [tree(side) for side in split(parts, kind)]
        need(len(sides) == 2, "syntax", "a relation with two sides", lambda: canonical(" ".join(parts)))
        if kind == "==" or (kind == "<=" and all(map(self.is_nat, sides))):
            return Relation(kind, tuple(map(self.nat, sides)))
        left, right = map(self.matrix, sides)
        scalars = left.rows == left.cols == naturals.ONE
        shapes = (left.rows, left.cols) == (right.rows, right.cols) and (kind == "=" or scalars)
        need(shapes, "shape-relation", "two sides of one shape", lambda: f"others in {canonical(' '.join(parts))!a}")
        return Relation("=", (left, right)) if kind == "=" else Relation("psd", (words.minus(right, left),))


def read_fact(scope: Context, text: str) -> Fact:
    """Return the fact written in `text`; its variables shadow nothing."""
    parts, hints = tokens(text), []
    conditions: list[Relation] = []
    if parts[:1] in (["for"], ["if"]):
        at = parts.index(":") if ":" in parts else len(parts)
        head, parts, scope = parts[:at], parts[at + 1 :], scope.child()
        mark = head.index("if") if "if" in head else len(head)
        if head[0] == "for":
            for position, name in enumerate(split(head[1:mark], ",")):
                need(len(name) == 1, "syntax-variable", "one name for each variable", lambda: canonical(text))
                hints.append(name[0])
                scope.declare_natural(hints[-1], alias=f"#{position}")
        if mark < len(head):
            conditions = [Reader(scope).relation(piece) for piece in split(head[mark + 1 :], ",")]
        natural = all(c.kind in ("<=", "==") for c in conditions)
        need(natural, "condition-natural", "relations between naturals as conditions", lambda: canonical(text))
    return Fact(tuple(hints), tuple(conditions), Reader(scope).relation(parts))
