"""Terms and claims with shapes, and their text: what was understood is what is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symlora.kernel.naturals import ONE, Nat
from symlora.kernel.printing import nat_text

FLAT = ("plus", "minus", "times", "over")


@dataclass(frozen=True)
class Term:
    """A term: `kind`, parts, shape, and what else belongs to it (a name, a number, a size).

    `natural` says that its value is a natural number or an integer combination of such.
    """

    kind: str
    args: tuple[Term, ...]
    rows: Nat
    cols: Nat
    data: Any = None
    natural: bool = False

    @property
    def scalar(self) -> bool:
        """Whether the shape is literally 1 x 1."""
        return self.rows == ONE == self.cols

    def walk(self) -> Iterator[Term]:
        """Yield this term and all parts."""
        yield self
        for part in self.args:
            yield from part.walk()

    def __str__(self) -> str:
        return text(self)


@dataclass(frozen=True)
class Letter:
    """A declared name; the shape of a natural is 1 x 1."""

    name: str
    kind: str
    rows: Nat
    cols: Nat


@dataclass(frozen=True)
class Claim:
    """A claim: a relation or predicate on `terms`, a connective of `parts`, or a quantifier that binds `letters`.

    For a quantifier, `parts` are the body and, if there is one, what is said of the bound letters.
    """

    kind: str
    terms: tuple[Term, ...] = ()
    parts: tuple[Claim, ...] = ()
    letters: tuple[Letter, ...] = ()

    def walk(self) -> Iterator[Claim]:
        """Yield this claim and all parts."""
        yield self
        for part in self.parts:
            yield from part.walk()

    def all_terms(self) -> Iterator[Term]:
        """Yield every term, parts of terms included."""
        for part in self.walk():
            for term in part.terms:
                yield from term.walk()

    def names(self) -> set[str]:
        """Return the free names, sizes included."""
        found: set[str] = set()
        for term in self.terms:
            for part in term.walk():
                found |= names_of(part)
        for inner in self.parts:
            found |= inner.names()
        bound = {letter.name for letter in self.letters}
        sizes = {name for letter in self.letters for size in (letter.rows, letter.cols) for name in size_names(size)}
        return (found - bound) | sizes

    def __str__(self) -> str:
        return claim_text(self)


def names_of(term: Term) -> set[str]:
    """Return the names on which a term itself depends, its parts aside: a letter, and the names of its sizes."""
    found = set(size_names(term.rows)) | set(size_names(term.cols))
    if term.kind in ("letter", "nat"):
        found.add(str(term.data))
    return found - {"#"}


def size_names(size: Nat) -> list[str]:
    """Return the names in a size."""
    return [name for monomial, _ in size for name, _ in monomial]


def number(value: Fraction | int) -> Term:
    """Return a number as a term.

    >>> str(number(Fraction(-1, 2)))
    '-1/2'
    """
    exact = Fraction(value)
    return Term("number", (), ONE, ONE, exact, exact.denominator == 1)


def letters_in(term: Term) -> set[str]:
    """Return the names of letters in a term (not those of its sizes)."""
    return {str(part.data) for part in term.walk() if part.kind == "letter"}


def text(term: Term) -> str:
    """Return the text of a term, in the syntax in which it is read."""
    return _text(term, 0)


def _text(term: Term, level: int) -> str:
    """Levels: 0 a sum may stand here, 1 a product, 2 only an atom or a power."""
    kind, args = term.kind, term.args
    if kind == "number":
        shown = str(term.data)
        return f"({shown})" if term.data < 0 and level else shown
    if kind in ("letter", "nat"):
        return str(term.data)
    if kind == "zero":
        return "0"
    if kind == "eye":
        return f"I({nat_text(term.rows)})"
    if kind == "plus":
        out = _text(args[0], 0)
        for part in args[1:]:
            negative = part.kind == "minus"
            out += f" - {_text(part.args[0], 1)}" if negative else f" + {_text(part, 1)}"
        return f"({out})" if level else out
    if kind == "minus":
        out = f"-{_text(args[0], 1)}"
        return f"({out})" if level else out
    if kind == "times":
        out = " ".join(_text(part, 2 if part.kind == "over" and i else 1) for i, part in enumerate(args))
        return f"({out})" if level == 2 else out
    if kind == "over":
        out = f"{_text(args[0], 2)}/{_text(args[1], 2)}"
        return f"({out})" if level else out
    if kind == "transpose":
        return f"{_text(args[0], 2)}'"
    if kind == "inv":
        return f"inv({text(args[0])})"
    if kind == "power":
        return f"{_text(args[0], 2)}^{term.data}"
    if kind == "block":
        rows = "; ".join(", ".join(text(x) for x in row.args) for row in args)
        return f"[{rows}]"
    if kind == "slice":
        return f"{_text(args[0], 2)}[{', '.join(_range(part) for part in args[1:])}]"
    if kind == "sum":
        return f"sum({term.data} = {text(args[0])}..{text(args[1])}, {text(args[2])})"
    if kind == "ones":
        return f"ones({nat_text(term.rows)}, {nat_text(term.cols)})"
    return f"{kind}({', '.join(text(part) for part in args)})"


def _range(part: Term) -> str:
    if part.kind == "whole":
        return ":"
    return f"{text(part.args[0])}:{text(part.args[1])}" if part.kind == "range" else text(part)


CONNECTIVES = {"and": 3, "or": 2, "implies": 1, "iff": 0}


def claim_text(claim: Claim, level: int = 0) -> str:
    """Return the text of a claim."""
    kind = claim.kind
    if kind in ("=", "!=", "<", "<="):
        return f" {kind} ".join(map(text, claim.terms))
    if kind in CONNECTIVES:
        own = CONNECTIVES[kind]
        out = f" {kind} ".join(claim_text(part, own + 1) for part in claim.parts)
        return f"({out})" if level > own else out
    if kind == "not":
        return f"not {claim_text(claim.parts[0], 4)}"
    if kind in ("exists", "forall"):
        word = "exists" if kind == "exists" else "for all"
        boxes, rest = _boxes(claim)
        names = ", ".join(declaration(letter) + boxes.get(letter.name, "") for letter in claim.letters)
        limits = f" with {' and '.join(claim_text(part, 4) for part in rest)}" if rest else ""
        out = f"{word} {names}{limits}: {claim_text(claim.parts[0])}"
        return f"({out})" if level else out
    if kind == "surely":
        return f"almost surely({claim_text(claim.parts[0])})"
    if kind in ("true", "false"):
        return kind
    if kind == "box":
        return f"{text(claim.terms[0])} {_box(claim)}"
    return f"{kind}({text(claim.terms[0])})"


def _box(claim: Claim) -> str:
    return f"in box({', '.join(map(text, claim.terms[1:]))})"


def _boxes(claim: Claim) -> tuple[dict[str, str], list[Claim]]:
    """Return the boxes of the letters that a quantifier binds as text, and what else limits them."""
    boxes: dict[str, str] = {}
    rest: list[Claim] = []
    bound = {letter.name for letter in claim.letters}
    for limit in claim.parts[1:]:
        for part in limit.parts if limit.kind == "and" else (limit,):
            name = part.terms[0].data if part.kind == "box" and part.terms[0].kind == "letter" else None
            if name in bound and name not in boxes:
                boxes[name] = f" {_box(part)}"
            else:
                rest.append(part)
    return boxes, rest


def declaration(letter: Letter) -> str:
    """Return the text that declares a letter.

    >>> declaration(Letter("A", "matrix", ONE, ONE))
    'A: 1 x 1'
    """
    if letter.kind != "matrix":
        return f"{letter.name}: {letter.kind}"
    return f"{letter.name}: {nat_text(letter.rows)} x {nat_text(letter.cols)}"
