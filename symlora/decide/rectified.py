"""Entries of piecewise affine claims: letters that equations determine are written out, each ReLU is a pair p, q.

``relu(t)`` is p where t = p - q, p q = 0 and p, q >= 0; `abs`, `max`, `min` and norms made of them are sums of such.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import product
from typing import Any

from symlora.claims.statement import Statement, definedness
from symlora.claims.terms import Claim, Term
from symlora.claims.values import Instance
from symlora.decide.columns import is_letter
from symlora.decide.entries import Entries, Table, total
from symlora.decide.problem import definitions
from symlora.decide.translate import NoKernelForm
from symlora.kernel import words
from symlora.kernel.context import constant
from symlora.kernel.printing import matrix_text
from symlora.kernel.words import Letter, Matrix

MAX_ENTRIES, MAX_CORNERS = 120, 3


@dataclass(frozen=True)
class Pair:
    """The two parts of a scalar t, and the names of the givens t = p - q, pq = 0, p >= 0, q >= 0."""

    p: Letter
    q: Letter
    t: Matrix
    names: tuple[str, str, str, str]


class Rectified(Entries):
    """The setup of a theorem for a piecewise affine claim at chosen sizes."""

    def __init__(self, statement: Statement, sizes: dict[str, int]) -> None:
        self.statement, self.at = statement, Instance(sizes, {})
        self.setup: list[dict[str, Any]] = []
        self.givens: list[str] = []
        self.tables: dict[str, Table] = {}
        self.pairs: dict[Matrix, tuple[Pair, int]] = {}
        used = statement.used()
        letters = [x for x in statement.letters.values() if x.name in used]
        if any(x.kind == "natural" for x in letters):
            raise NoKernelForm("a natural beside fixed sizes")
        claims = [one.claim for one in statement.hypotheses]
        self.determined = definitions(claims, letters)
        for x in letters:
            if x.name not in self.determined:
                self.tables[x.name] = self.entries(x, MAX_ENTRIES)
        if len(self.setup) > MAX_ENTRIES:
            raise NoKernelForm(f"more than {MAX_ENTRIES} entries")

    def hypotheses(self) -> None:
        """Add givens for the hypotheses but those that were used to write a letter out."""
        spent = [claim for _, claim in self.determined.values()]
        for one in self.statement.hypotheses:
            if any(one.claim is claim for claim in spent):
                continue
            try:
                facts = self._at_points(one.claim) if one.claim.kind == "forall" else self.facts(one.claim)
            except NoKernelForm:
                continue
            for fact in facts:
                self.given(fact)

    def _at_points(self, claim: Claim) -> list[str]:
        """Return what a hypothesis over one box between numbers says at its corners and middle points."""
        simple = len(claim.letters) == 1 and len(claim.parts) == 2 and claim.parts[1].kind == "box"
        simple = simple and is_letter(claim.parts[1].terms[0], claim.letters[0])
        if not simple or any(True for part in claim.parts for _ in definedness(part, self.statement.sizes)):
            raise NoKernelForm("for all")
        (letter,), (body, box) = claim.letters, claim.parts
        low, high = (constant(self.table(term)[0][0]) for term in box.terms[1:])
        rows, cols = self.at.size(letter.rows), self.at.size(letter.cols)
        numbers = all(term.scalar for term in box.terms[1:]) and low is not None and high is not None and low <= high
        if not numbers or letter.name in self.statement.letters or rows * cols > MAX_CORNERS:
            raise NoKernelForm("for all")
        ends = (low or Fraction(0), high or Fraction(0), ((low or 0) + (high or 0)) / Fraction(2))
        facts: list[str] = []
        for point in product(ends, repeat=rows * cols):
            self.tables[letter.name] = [[words.scalar(point[i * cols + j]) for j in range(cols)] for i in range(rows)]
            try:
                facts += self.facts(body)
            finally:
                del self.tables[letter.name]
        return [fact for fact in dict.fromkeys(facts) if fact != "0 = 0"]

    def facts(self, claim: Claim) -> list[str]:
        """Return facts about entries that together say what a claim says; raises `NoKernelForm`."""
        if claim.kind != "box":
            return super().facts(claim)
        return [f"psd({matrix_text(gap)})" for gap in self._gaps(claim)]

    def _gaps(self, claim: Claim) -> Iterator[Matrix]:
        m, low, high = map(self.table, claim.terms)
        for i, row in enumerate(m):
            for j, x in enumerate(row):
                for sign, bound in ((1, low), (-1, high)):
                    end = bound[0][0] if len(bound) == len(bound[0]) == 1 else bound[i][j]
                    yield words.scale(words.minus(x, end), Fraction(sign))

    def table(self, term: Term) -> Table:
        """Return the entries of a term; raises `NoKernelForm`."""
        kind, args = term.kind, term.args
        if kind == "letter" and term.data in self.determined and term.data not in self.tables:
            self.tables[term.data] = self.table(self.determined[term.data][0])
        if kind in ("max", "min"):
            a, b = map(self.table, args)
            flip = Fraction(1 if kind == "max" else -1)
            return [[words.add(y, words.scale(self._positive(words.scale(words.minus(x, y), flip), False), flip))
                     for x, y in zip(p, q, strict=True)] for p, q in zip(a, b, strict=True)]  # fmt: skip
        if kind in ("normMax", "norm1", "normInf"):
            sizes = [[self._positive(x, True) for x in row] for row in self.table(args[0])]
            lines = sizes if kind == "normInf" else [list(column) for column in zip(*sizes, strict=True)]
            values = [x for row in sizes for x in row] if kind == "normMax" else [total(line) for line in lines]
            return [[reduce(self._larger, values)]]
        return super().table(term)

    def _larger(self, a: Matrix, b: Matrix) -> Matrix:
        return words.add(b, self._positive(words.minus(a, b), False))

    def _positive(self, x: Matrix, both: bool) -> Matrix:
        """Return relu(x), or the absolute value."""
        c = constant(x)
        if c is not None:
            return words.scalar(abs(c) if both else max(c, Fraction(0)))
        if self._is_part(x):
            return x
        # One pair for all multiples of a scalar.
        lead = x.terms[0][1]
        form = words.scale(x, 1 / abs(lead))
        if form not in self.pairs:
            minus = words.negative(form)
            if minus in self.pairs:
                pair, sign = self.pairs[minus]
                self.pairs[form] = (pair, -sign)
            else:
                self.pairs[form] = (self._pair(form), 1)
        pair, sign = self.pairs[form]
        p, q = map(words.letter, (pair.p, pair.q) if sign > 0 else (pair.q, pair.p))
        return words.scale(words.add(p, q) if both else p, abs(lead))

    def _is_part(self, x: Matrix) -> bool:
        """Return whether a scalar is a multiple >= 0 of a part of a pair."""
        parts = {words.letter(one) for pair, _ in self.pairs.values() for one in (pair.p, pair.q)}
        return len(x.terms) == 1 and x.terms[0][1] > 0 and words.scale(x, 1 / x.terms[0][1]) in parts

    def _pair(self, form: Matrix) -> Pair:
        number = len({pair.p.head for pair, _ in self.pairs.values()}) + 1
        p, q = (self.scalar(self._unused(f"{stem}_{number}")) for stem in "pq")
        first = len(self.givens) + 1
        names = [matrix_text(p), matrix_text(q)]
        self.given(f"{matrix_text(form)} = {names[0]} - {names[1]}")
        self.given(f"{names[0]}*{names[1]} = 0")
        for name in names:
            self.given(f"psd({name})")
        h = (f"h{first}", f"h{first + 1}", f"h{first + 2}", f"h{first + 3}")
        return Pair(_letter(p), _letter(q), form, h)

    def _unused(self, name: str) -> str:
        taken = {item.get("matrix") for item in self.setup}
        while name in taken or name in self.statement.letters:
            name += "_"
        return name

    def points(self) -> list[Letter]:
        """Return the entries of the letters in boxes."""
        boxes = [one.claim.terms[0] for one in self.statement.hypotheses if one.claim.kind == "box"]
        tables = [
            self.tables[term.data] for term in boxes if term.kind == "letter" and term.data not in self.determined
        ]
        return [_letter(x) for table in tables for row in table for x in row]

    def made(self) -> list[Pair]:
        """Return all pairs in the order in which they were made."""
        found: dict[Pair, None] = {}
        for pair, _ in self.pairs.values():
            found.setdefault(pair)
        return list(found)


def _letter(m: Matrix) -> Letter:
    (((loops, word), _),) = m.terms
    return (word or loops[0])[0]
