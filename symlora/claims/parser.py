"""From text to a tree without shapes, by recursive descent; nothing is evaluated."""

from __future__ import annotations

from dataclasses import dataclass

from symlora.claims.errors import ClaimError
from symlora.claims.grammar import FUNCTIONS, KEYWORDS, PREDICATES, RELATIONS, RESERVED, Token, tokens

CLAIM_WORDS = frozenset({*RELATIONS, *PREDICATES, *KEYWORDS})
MAX_MARKS, MAX_QUOTIENTS = 40, 40


@dataclass(frozen=True)
class Raw:
    """A node of the tree: its kind, where it stands in the text, its parts, and a name or number."""

    kind: str
    at: int
    args: tuple[Raw, ...] = ()
    word: str = ""


@dataclass(frozen=True)
class Binder:
    """A declared name: ``kind`` is matrix, scalar or natural; `sizes` are the trees of the sizes of a matrix.

    In a quantifier the kind ``known`` takes what was declared; `box` are the trees of the lower and upper bound.
    """

    name: str
    at: int
    kind: str
    sizes: tuple[Raw, ...]
    box: tuple[Raw, ...] = ()


class Parser:
    """Reads one text; `letters` are the declared names, so that ``A (B + C)`` is a product and ``A^T`` a transpose."""

    def __init__(self, text: str, letters: frozenset[str]) -> None:
        self.text, self.letters = text, letters
        self.tokens = tokens(text)
        self.place = 0
        self.depth = 0

    # Tokens

    def peek(self, ahead: int = 0) -> str:
        """Return a coming token, empty at the end."""
        place = self.place + ahead
        return self.tokens[place].text if place < len(self.tokens) else ""

    def at(self) -> int:
        """Return the column of the next token."""
        return self.tokens[self.place].at if self.place < len(self.tokens) else len(self.text.rstrip())

    def wrong(self, expected: str, found: str | None = None) -> ClaimError:
        """Return the error at the next token."""
        here = self.peek()
        return ClaimError(self.text, self.at(), expected, found or (ascii(here) if here else "the end"))

    def take(self, *wanted: str, expected: str = "") -> Token:
        """Return the next token, which must be one of those wanted."""
        if self.peek() not in wanted:
            raise self.wrong(expected or " or ".join(map(repr, wanted)))
        self.place += 1
        return self.tokens[self.place - 1]

    def accept(self, word: str) -> bool:
        """Take the next token if it is this one."""
        if self.peek() != word:
            return False
        self.place += 1
        return True

    def end(self) -> None:
        """Raise unless everything was read."""
        if self.place < len(self.tokens):
            raise self.wrong("the end or an operator")

    def name(self, what: str) -> Token:
        """Return the next token, a name that means nothing else."""
        word = self.peek()
        if not word[:1].isalpha():
            raise self.wrong(what)
        if word in RESERVED:
            raise self.wrong(what, f"{word!r}, which has a meaning of its own")
        self.place += 1
        return self.tokens[self.place - 1]

    # Declarations

    def binders(self, quantified: bool = False) -> list[Binder]:
        """Read ``A, B: n x n`` and more of them after commas, up to the end, ``:`` or ``with``; boxes if quantified."""
        found: list[Binder] = []
        while True:
            names = [self.name("a name to declare")]
            while self.accept(","):
                names.append(self.name("a name to declare"))
            kind = "known"
            sizes: tuple[Raw, ...] = ()
            if not (quantified and self.peek() == "in"):
                self.take(":", expected="':' and a size, or 'in box(lower, upper)'" if quantified else "")
                kind, sizes = self.sort()
            box = self.box() if quantified and self.peek() == "in" else ()
            found += [Binder(token.text, token.at, kind, sizes, box) for token in names]
            if not self.accept(","):
                return found

    def box(self) -> tuple[Raw, Raw]:
        """Read ``in box(lower, upper)``."""
        self.take("in")
        self.take("box", expected="box(lower, upper)")
        self.take("(", expected="'(' after box")
        low = self.term()
        self.take(",", expected="',' and the upper bound of the box")
        high = self.term()
        self.take(")", expected="')' or an operator")
        return low, high

    def sort(self) -> tuple[str, tuple[Raw, ...]]:
        """Read what a declared thing is: ``m x n``, ``n``, ``scalar`` or ``natural``."""
        if self.peek() in ("scalar", "natural"):
            self.place += 1
            return self.tokens[self.place - 1].text, ()
        rows = self.size()
        if not self.accept("x"):
            return "matrix", (rows, Raw("number", rows.at, (), "1"))
        return "matrix", (rows, self.size())

    def size(self) -> Raw:
        """Read a size, such as ``n``, ``2 n`` or ``m + n``; the name x separates sizes."""
        node = self.size_product()
        while self.peek() in ("+", "-"):
            sign = self.take("+", "-")
            right = self.size_product()
            node = Raw("plus", sign.at, (node, right if sign.text == "+" else Raw("minus", sign.at, (right,))))
        return node

    def size_product(self) -> Raw:
        """Read a product; only a number may stand before a size without ``*``."""
        node = self.size_atom()
        while self.accept("*") or (node.kind == "number" and (self.peek() == "(" or self.peek()[:1].isalpha())):
            if self.peek() in ("x", "with", "in"):
                break
            right = self.size_atom()
            node = Raw("times", node.at, (node, right))
        return node

    def size_atom(self) -> Raw:
        at = self.at()
        if self.peek().isdigit():
            return Raw("number", at, (), self.take(self.peek()).text)
        if self.accept("("):
            node = self.nested(self.size)
            self.take(")")
            return node
        if self.peek() == "x":
            raise self.wrong("a size such as n or 2")
        return Raw("name", at, (), self.name("a size such as n or 2").text)

    def nested(self, read: object) -> Raw:
        """Read something inside brackets."""
        node: Raw = read()  # type: ignore[operator]
        return node

    # Claims

    def claim(self) -> Raw:
        """Read a claim."""
        node = self.implication()
        while self.peek() == "iff":
            at = self.take("iff").at
            node = Raw("iff", at, (node, self.implication()))
        return node

    def implication(self) -> Raw:
        left = self.choice()
        if self.peek() != "implies":
            return left
        at = self.take("implies").at
        return Raw("implies", at, (left, self.implication()))

    def choice(self) -> Raw:
        parts = [self.both()]
        at = self.at()
        while self.accept("or"):
            parts.append(self.both())
        return Raw("or", at, tuple(parts)) if len(parts) > 1 else parts[0]

    def both(self) -> Raw:
        parts = [self.single()]
        at = self.at()
        while self.accept("and"):
            parts.append(self.single())
        return Raw("and", at, tuple(parts)) if len(parts) > 1 else parts[0]

    def single(self) -> Raw:
        at, word = self.at(), self.peek()
        self.depth += 1
        if self.depth > 60:
            raise self.wrong("fewer claims inside each other", "more than 60")
        try:
            if self.accept("not"):
                return Raw("not", at, (self.single(),))
            if word in ("exists", "for"):
                return self.quantifier()
            if self.accept("almost"):
                self.take("surely")
                self.take("(")
                inner = self.claim()
                self.take(")")
                return Raw("surely", at, (inner,))
            if word in PREDICATES:
                self.place += 1
                self.take("(", expected=f"'(' after {word}")
                term = self.term()
                self.take(")")
                return Raw(word, at, (term,))
            if word == "(" and self.holds_claim():
                self.place += 1
                inner = self.claim()
                self.take(")")
                return inner
            return self.relation()
        finally:
            self.depth -= 1

    def holds_claim(self) -> bool:
        """Return whether the bracket that opens here holds a claim: a relation or a claim's word stands inside."""
        depth, place, sums = 0, self.place, 0
        while place < len(self.tokens):
            word = self.tokens[place].text
            if word in ("(", "["):
                depth += 1
                if self.tokens[place - 1].text == "sum" and place > 0:
                    sums = sums or depth
            elif word in (")", "]"):
                sums = 0 if sums == depth else sums
                depth -= 1
                if depth == 0:
                    return False
            elif word in CLAIM_WORDS and not sums:
                return True
            place += 1
        return False

    def quantifier(self) -> Raw:
        at = self.at()
        kind = "exists"
        if not self.accept("exists"):
            self.take("for")
            self.take("all")
            kind = "forall"
        before = self.letters
        found = self.binders(True)
        self.letters = self.letters | {one.name for one in found}
        limits = [self.claim()] if self.accept("with") else []
        self.take(":")
        body = self.claim()
        self.letters = before
        bound = tuple(Raw("binder", one.at, (Raw(one.kind, one.at, one.sizes), *one.box), one.name) for one in found)
        return Raw(kind, at, (Raw("binders", at, bound), body, *limits))

    def relation(self) -> Raw:
        left = self.term()
        at = self.at()
        if self.peek() == "in":
            return Raw("box", at, (left, *self.box()))
        self.accept("is")
        if self.peek() in PREDICATES:
            return Raw(self.take(*PREDICATES).text, at, (left,))
        links: list[Raw] = []
        while self.peek() in RELATIONS:
            sign = self.take(*RELATIONS)
            right = self.term()
            links.append(Raw(sign.text, sign.at, (left, right)))
            left = right
        if not links:
            raise self.wrong("a relation such as = or <=, or a predicate such as nonsingular")
        return links[0] if len(links) == 1 else Raw("and", at, tuple(links))

    # Terms

    def term(self) -> Raw:
        """Read a sum."""
        self.depth += 1
        if self.depth > 60:
            raise self.wrong("fewer terms inside each other", "more than 60")
        at = self.at()
        if self.accept("-"):
            node = Raw("minus", at, (self.product(),))
        else:
            self.accept("+")
            node = self.product()
        while self.peek() in ("+", "-"):
            sign = self.take("+", "-")
            right = self.product()
            node = Raw("plus", sign.at, (node, right if sign.text == "+" else Raw("minus", sign.at, (right,))))
        self.depth -= 1
        return node

    def begins(self) -> bool:
        """Return whether an atom begins here."""
        word = self.peek()
        if word[:1].isdigit() or word in ("(", "["):
            return True
        return word[:1].isalpha() and word not in PREDICATES and word not in KEYWORDS

    def product(self) -> Raw:
        node = self.power()
        quotients = 0
        while True:
            at = self.at()
            if self.accept("*"):
                negative = self.accept("-")
                right = self.power()
                node = Raw("times", at, (node, Raw("minus", at, (right,)) if negative else right))
            elif self.accept("/"):
                quotients += 1
                if quotients > MAX_QUOTIENTS:
                    raise self.wrong(f"at most {MAX_QUOTIENTS} quotients in a row", "more")
                node = Raw("over", at, (node, self.power()))
            elif self.begins():
                node = Raw("times", at, (node, self.power()))
            else:
                return node

    def power(self) -> Raw:
        node = self.atom()
        for _ in range(MAX_MARKS):
            at = self.at()
            if self.accept("'"):
                node = Raw("transpose", at, (node,))
            elif self.accept("^"):
                node = self.exponent(node, at)
            elif self.peek() == "[" and not self.tokens[self.place].spaced:
                node = self.slice(node)
            else:
                return node
        raise self.wrong(f"at most {MAX_MARKS} marks such as ' and ^ after a term", "more")

    def exponent(self, base: Raw, at: int) -> Raw:
        opened = self.accept("(")
        if self.peek() == "T":
            if "T" in self.letters:
                raise self.wrong("A' for the transpose, because T is declared", "T")
            self.place += 1
            node = Raw("transpose", at, (base,))
        else:
            sign = "-" if self.accept("-") else ""
            if not self.peek().isdigit() or len(self.peek()) > 2 or (sign and self.peek() == "0"):
                raise self.wrong("an exponent: T, a number of at most two digits, or -1")
            node = Raw("power", at, (base,), sign + self.take(self.peek()).text)
        if opened:
            self.take(")")
        return node

    def slice(self, base: Raw) -> Raw:
        at = self.take("[").at
        rows = self.range()
        cols = self.range() if self.accept(",") else Raw("number", at, (), "1")
        self.take("]")
        return Raw("slice", at, (base, rows, cols))

    def range(self) -> Raw:
        at = self.at()
        if self.peek() == ":":
            self.place += 1
            return Raw("whole", at)
        low = self.term()
        return Raw("range", at, (low, self.term())) if self.accept(":") else low

    def atom(self) -> Raw:
        at, word = self.at(), self.peek()
        if word.isdigit():
            self.place += 1
            if self.peek() == "." and self.peek(1).isdigit():
                self.place += 1
                return Raw("number", at, (), f"{word}.{self.take(self.peek()).text}")
            return Raw("number", at, (), word)
        if self.accept("("):
            node = self.term()
            self.take(")", expected="')' or an operator")
            return node
        if self.accept("["):
            return self.block(at)
        if word == "I":
            self.place += 1
            if self.peek() == "(" and not self.tokens[self.place].spaced:
                self.place += 1
                node = Raw("eye", at, (self.term(),))
                self.take(")")
                return node
            return Raw("eye", at)
        if word == "sum":
            self.place += 1
            return self.sum(at)
        if word in FUNCTIONS and word not in self.letters:
            self.place += 1
            self.take("(", expected=f"'(' after {word}")
            return self.call(word, at)
        return Raw("name", at, (), self.name("a term").text)

    def call(self, word: str, at: int) -> Raw:
        args = [self.term()]
        while self.accept(","):
            args.append(self.term())
        count = FUNCTIONS[word]
        if not (len(args) == count or (count == 0 and len(args) <= 2)):
            raise self.wrong(f"{count or '1 or 2'} argument{'s' * (count != 1)} of {word}", str(len(args)))
        self.take(")", expected="')' or an operator")
        return Raw("call", at, tuple(args), word)

    def sum(self, at: int) -> Raw:
        self.take("(", expected="'(' after sum")
        index = self.name("an index")
        self.take("=")
        low = self.term()
        self.take("..")
        high = self.term()
        self.take(",")
        before = self.letters
        self.letters = self.letters | {index.text}
        inner = self.term()
        self.letters = before
        self.take(")")
        return Raw("sum", at, (low, high, inner), index.text)

    def block(self, at: int) -> Raw:
        rows: list[Raw] = []
        row = [self.term()]
        while not self.accept("]"):
            if self.accept(","):
                row.append(self.term())
            elif self.accept(";"):
                rows.append(Raw("row", at, tuple(row)))
                row = [self.term()]
            else:
                raise self.wrong("',' or ';' or ']'")
        rows.append(Raw("row", at, tuple(row)))
        return Raw("block", at, tuple(rows))
