"""Reading terms and facts from text, typed against the symbols in scope.

Grammar (naturals use ``==``, matrices ``=``; ``*`` is the matrix product, or a multiple by a 1 x 1 term)::

    fact   := ["for" NAME {"," NAME}] ["if" rel {"," rel}] ":" body | body
    body   := expr "=" expr | rel | "nonsingular" "(" expr ")"
    rel    := nat ("<=" | "==") nat
    expr   := ["-"] product {("+" | "-") product};   product := factor {"*" factor};   factor := item {"'"}
    item   := INT ["/" INT] | NAME ["[" nat {"," nat} "]"] | "inv" "(" expr ")" | "eye" "(" nat ")"
            | "zero" "(" nat "," nat ")" | "(" expr ")"
    nat    := the same sums and products over INT and NAME ["[" nat {"," nat} "]"]
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, TypeVar

from symlora.kernel import naturals, words
from symlora.kernel.errors import Rejected, need
from symlora.kernel.facts import Fact, Relation, bound
from symlora.kernel.naturals import Nat
from symlora.kernel.words import Matrix

if TYPE_CHECKING:
    from symlora.kernel.context import Context

TOKEN = re.compile(r"[ \n]*([A-Za-z][A-Za-z0-9_]*|[0-9]+|<=|==|[-+*/'()\[\],:=])")
RESERVED = frozenset({"for", "if", "eye", "zero", "inv", "nonsingular"})
MAX_TEXT, MAX_DIGITS, MAX_DEPTH = 200_000, 1_000, 40
T = TypeVar("T", Nat, Matrix)


def tokens(text: str) -> list[str]:
    """Return the tokens of `text`; anything outside the plain alphabet is refused."""
    need(len(text) <= MAX_TEXT, "size-text", f"at most {MAX_TEXT} characters", lambda: str(len(text)))
    out, at, text = [], 0, text.rstrip(" \n")
    while at < len(text):
        match = TOKEN.match(text, at)
        if match is None:
            raise Rejected("syntax", "a term in plain ASCII", f"{text[at : at + 20]!a} at column {at + 1}")
        need(not match[1].isdigit() or len(match[1]) <= MAX_DIGITS, "size-digits",
             f"a number of at most {MAX_DIGITS} digits", "a longer one")  # fmt: skip
        out.append(match[1])
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


class Parser:
    """A recursive-descent reader of one text in one scope."""

    def __init__(self, scope: Context, text: str) -> None:
        self.scope, self.text, self.tokens, self.at, self.depth = scope, text, tokens(text), 0, 0

    def peek(self) -> str:
        """Return the next token, empty at the end."""
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, *wanted: str) -> bool:
        """Consume the next token if it is one of `wanted`."""
        found = self.at < len(self.tokens) and self.tokens[self.at] in wanted
        self.at += found
        return found

    def expect(self, token: str) -> None:
        """Consume `token` or refuse."""
        if not self.take(token):
            raise self.error(repr(token))

    def error(self, expected: str) -> Rejected:
        """Return the syntax error at this place."""
        found = f"{self.peek() or 'the end'!r} in {self.text!a:.400}"
        return Rejected("syntax", f"{expected} at token {self.at + 1}", found)

    def end(self) -> None:
        """Refuse anything that is left over."""
        if self.at != len(self.tokens):
            raise self.error("the end")

    def name(self) -> str:
        """Consume a name that is not reserved."""
        token = self.peek()
        if not token[:1].isalpha() or token in RESERVED:
            raise self.error("a name")
        self.at += 1
        return token

    def combined(self, item: Callable[[], T], add: Callable[[T, T], T], times: Callable[[T, T], T],
                 negative: Callable[[T], T]) -> T:  # fmt: skip
        """Consume a sum of products of items."""
        self.depth += 1
        need(self.depth <= MAX_DEPTH, "size-depth", f"at most {MAX_DEPTH} nested brackets", "more")

        def product() -> T:
            value = item()
            while self.take("*"):
                value = times(value, item())
            return value

        total = negative(product()) if self.take("-") else product()
        while self.peek() in ("+", "-"):
            sign = self.take("-") or not self.take("+")
            total = add(total, negative(product()) if sign else product())
        self.depth -= 1
        return total

    def nat(self) -> Nat:
        """Consume a natural-number term."""
        return self.combined(
            self.nat_item, naturals.add, naturals.times, lambda n: naturals.times(naturals.number(-1), n)
        )

    def nat_item(self) -> Nat:
        """Consume a number, a natural variable, a member of a family of naturals, or a bracket."""
        if self.peek().isdigit():
            self.at += 1
            return naturals.number(int(self.tokens[self.at - 1]))
        if self.take("("):
            value = self.nat()
            self.expect(")")
            return value
        name = self.name()
        symbol = self.scope.symbol(name, "natural")
        found = self.indices(len(symbol.indices))
        return naturals.atom(symbol.alias or name, found)

    def indices(self, count: int) -> tuple[Nat, ...]:
        """Consume exactly `count` indices."""
        found: list[Nat] = []
        if self.take("["):
            found.append(self.nat())
            while self.take(","):
                found.append(self.nat())
            self.expect("]")
        need(len(found) == count, "arity", f"{count} indices", lambda: f"{len(found)} in {self.text!a}")
        return tuple(found)

    def matrix(self) -> Matrix:
        """Consume a matrix term."""
        return self.combined(self.factor, words.add, words.times, lambda m: words.scale(m, Fraction(-1)))

    def factor(self) -> Matrix:
        """Consume an item and its transposition marks."""
        value = self.item()
        while self.take("'"):
            value = words.transpose(value)
        return value

    def item(self) -> Matrix:
        """Consume a number, a letter, ``inv``, ``eye``, ``zero`` or a bracket."""
        if self.peek().isdigit():
            self.at += 1
            top, bottom = int(self.tokens[self.at - 1]), 1
            if self.take("/"):
                if not self.peek().isdigit():
                    raise self.error("a denominator")
                bottom = int(self.peek())
                self.at += 1
                need(bottom != 0, "zero-denominator", "a nonzero denominator", "0")
            return words.scalar(Fraction(top, bottom))
        if self.take("("):
            value = self.matrix()
        elif self.take("inv"):
            self.expect("(")
            value = words.inverse(self.matrix())
        elif self.take("eye"):
            self.expect("(")
            value = words.identity(self.nat())
        elif self.take("zero"):
            self.expect("(")
            rows = self.nat()
            self.expect(",")
            value = words.zero(rows, self.nat())
        else:
            name = self.name()
            return self.scope.member(name, self.indices(len(self.scope.symbol(name, "matrix").indices)))
        self.expect(")")
        return value

    def relation(self) -> Relation:
        """Consume a relation between naturals."""
        left = self.nat()
        kind = self.peek()
        if not self.take("<=", "=="):
            raise self.error("'<=' or '=='")
        return Relation(kind, (left, self.nat()))

    def body(self) -> Relation:
        """Consume the body of a fact."""
        rest = self.tokens[self.at :]
        if "<=" in rest or "==" in rest:
            return self.relation()
        if self.take("nonsingular"):
            self.expect("(")
            m = self.matrix()
            need(m.rows == m.cols, "nonsingular-square", "a square matrix in nonsingular( )", "a rectangular one")
            self.expect(")")
            return Relation("nonsingular", (m,))
        left = self.matrix()
        self.expect("=")
        right = self.matrix()
        shapes = (left.rows, left.cols) == (right.rows, right.cols)
        need(shapes, "shape-equation", "two sides of one shape", lambda: f"two different shapes in {self.text!a}")
        return Relation("=", (left, right))

    def fact(self) -> Fact:
        """Consume a whole fact; its variables shadow nothing."""
        hints: list[str] = []
        conditions: list[Relation] = []
        outer = self.scope
        if self.peek() in ("for", "if"):
            self.scope = outer.child()
            if self.take("for"):
                while not hints or self.take(","):
                    hints.append(self.name())
                    self.scope.declare_natural(hints[-1], alias=bound(len(hints) - 1))
            if self.take("if"):
                while not conditions or self.take(","):
                    conditions.append(self.relation())
            self.expect(":")
        body = self.body()
        self.scope = outer
        self.end()
        return Fact(tuple(hints), tuple(conditions), body)
