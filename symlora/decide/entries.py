"""Proofs at fixed sizes: matrices become scalars, one for each entry, about which the kernel checks polynomial facts.

An entry of A is called ``A_1_2``. The determinant is written out, an inverse is the adjugate by the determinant, a
matrix is semidefinite if it is symmetric and its principal minors are >= 0, ``relu(x)`` is the first of two scalars
p, q >= 0 with x = p - q and pq = 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

from symlora.claims.statement import Statement
from symlora.claims.terms import Claim, Term
from symlora.claims.terms import Letter as Declared
from symlora.claims.values import Instance
from symlora.decide.translate import NoKernelForm, negated
from symlora.kernel import words
from symlora.kernel.naturals import ONE
from symlora.kernel.printing import matrix_text
from symlora.kernel.words import Letter, Matrix

MAX_ENTRIES, MAX_SIDE, MAX_TABLE = 40, 4, 4_000
Table = list[list[Matrix]]


class Entries:
    """The setup of a theorem for a statement at chosen sizes; `setup` and `givens` as in `Translation`.

    With `factored`, a matrix that is assumed semidefinite is LL' for a lower triangular L with new scalars as entries
    (Cholesky); otherwise its principal minors are >= 0.
    """

    def __init__(self, statement: Statement, sizes: dict[str, int], factored: bool = False) -> None:
        self.statement, self.at, self.factored = statement, Instance(sizes, {}), factored
        self.setup: list[dict[str, Any]] = []
        self.givens: list[str] = []
        self.factors = 0
        self.tables: dict[str, Table] = {}
        self.signed: dict[Matrix, tuple[Matrix, Matrix]] = {}
        self.positive: dict[Matrix, None] = {}
        used = statement.used()
        for letter in statement.letters.values():
            if letter.kind == "natural" and letter.name in used:
                raise NoKernelForm("a natural beside fixed sizes")
            if letter.name in used:
                self.tables[letter.name] = self.entries(letter, MAX_ENTRIES)
        if len(self.setup) > MAX_ENTRIES:
            raise NoKernelForm(f"more than {MAX_ENTRIES} entries")

    def entries(self, letter: Declared, most: int) -> Table:
        """Declare the entries of a letter; raises `NoKernelForm` where there are none, or more than `most`."""
        rows, cols = self.at.size(letter.rows), self.at.size(letter.cols)
        if not 1 <= rows * cols <= most:
            raise NoKernelForm(f"{letter.name} with {rows * cols} entries")
        return [[self.scalar(f"{letter.name}_{i}_{j}") for j in range(1, cols + 1)] for i in range(1, rows + 1)]

    def scalar(self, name: str) -> Matrix:
        """Declare a scalar."""
        self.setup.append({"matrix": name, "index": [], "shape": ["1", "1"]})
        return words.letter(Letter(name, (), False, ONE, ONE))

    def given(self, fact: str) -> None:
        """Add a given."""
        self.givens.append(f"h{len(self.givens) + 1}")
        self.setup.append({"given": self.givens[-1], "fact": fact})

    def hypotheses(self) -> None:
        """Add givens for the hypotheses; one that has no form here is left out."""
        for one in self.statement.hypotheses:
            try:
                facts = self._factors(one.claim) if self.factored else self.facts(one.claim)
            except NoKernelForm:
                continue
            for fact in facts:
                self.given(fact)

    def _factors(self, claim: Claim) -> list[str]:
        """Return the facts of a hypothesis, semidefinite matrices factored."""
        if claim.kind == "and":
            return [fact for part in claim.parts for fact in self._factors(part)]
        if claim.kind not in ("psd", "pd"):
            return self.facts(claim)
        m = self.table(claim.terms[0])
        lower = [[self._new() if j <= i else words.scalar(0) for j in range(len(m))] for i in range(len(m))]
        facts = equal(m, times(lower, transpose(lower)))
        return facts + ([f"nonsingular({matrix_text(determinant(m))})"] if claim.kind == "pd" else [])

    def _new(self) -> Matrix:
        self.factors += 1
        return self.scalar(f"l_{self.factors}")

    # Claims

    def facts(self, claim: Claim) -> list[str]:
        """Return facts about entries that together say what a claim says; raises `NoKernelForm`."""
        kind, terms = claim.kind, claim.terms
        if kind == "and":
            return [fact for part in claim.parts for fact in self.facts(part)]
        if kind == "not":
            return self.facts(negated(claim.parts[0]))
        if kind not in ("=", "<=", "<", "!=") and len(terms) != 1:
            raise NoKernelForm(kind)
        tables = [self.table(term) for term in terms]
        if kind == "=":
            return equal(tables[0], tables[1])
        if kind in ("<=", "<", "!="):
            if not terms[0].scalar:
                raise NoKernelForm(f"{kind} between matrices")
            first, second = (tables[0][0][0], tables[1][0][0])
            gap = words.minus(first, second) if kind == "!=" else words.minus(second, first)
            facts = [] if kind == "!=" else [f"psd({matrix_text(gap)})"]
            return facts + ([f"nonsingular({matrix_text(gap)})"] if kind != "<=" else [])
        m = tables[0]
        n = len(m)
        if kind == "singular":
            return [f"{matrix_text(determinant(m))} = 0"]
        if kind in ("nonsingular", "psd", "pd"):
            facts = [] if kind == "psd" else [f"nonsingular({matrix_text(determinant(m))})"]
            return facts + (semidefinite(m) if kind != "nonsingular" else [])
        if kind == "nonneg":
            return [f"psd({matrix_text(x)})" for row in m for x in row]
        if kind == "symmetric":
            return equal(m, transpose(m))
        if kind == "skew":
            return equal(m, scaled(transpose(m), Fraction(-1)))
        if kind == "orthogonal":
            return equal(times(transpose(m), m), identity(n))
        if kind == "idempotent":
            return equal(times(m, m), m)
        if kind == "diagonal":
            return [f"{matrix_text(x)} = 0" for i, row in enumerate(m) for j, x in enumerate(row) if i != j]
        raise NoKernelForm(kind)

    # Terms

    def table(self, term: Term) -> Table:
        """Return the entries of a term; raises `NoKernelForm`."""
        kind, args = term.kind, term.args
        rows, cols = self.at.size(term.rows), self.at.size(term.cols)
        if not 1 <= rows * cols <= MAX_TABLE:
            raise NoKernelForm(f"a matrix of {rows} x {cols}")  # a table of no rows would forget its columns
        if kind == "number":
            return [[words.scalar(term.data)]]
        if kind == "nat":
            return [[words.scalar(self.at.naturals[term.data])]]
        if kind == "letter":
            return self.tables[term.data]
        if kind in ("zero", "ones"):
            return [[words.scalar(int(kind == "ones"))] * cols for _ in range(rows)]
        if kind == "eye":
            return identity(rows)
        if kind == "block":
            lines: Table = []
            for row in term.args:
                parts = [self.table(part) for part in row.args]
                lines += [[x for part in parts for x in part[i]] for i in range(len(parts[0]))]
            return lines
        if kind == "slice":
            return self._slice(term)
        if kind in ("rank", "norm1", "norm2", "normInf", "normMax", "normNuc", "sigma", "best_rank", "pinv", "max",
                    "min", "floor", "sum"):  # fmt: skip
            raise NoKernelForm(f"{kind}( ) of entries")
        return self._computed(term, [self.table(part) for part in args])

    def _slice(self, term: Term) -> Table:
        m = self.table(term.args[0])
        places = []
        for part, size in zip(term.args[1:], (len(m), len(m[0])), strict=True):
            if part.kind == "whole":
                places.append(range(size))
                continue
            low, high = (self.at.natural(end) for end in (part.args if part.kind == "range" else (part, part)))
            if not (low >= 1 and high <= size):
                raise NoKernelForm("a slice outside the matrix")
            places.append(range(low - 1, high))
        return [[m[i][j] for j in places[1]] for i in places[0]]

    def _computed(self, term: Term, tables: list[Table]) -> Table:
        kind, m = term.kind, tables[0]
        if kind == "plus":
            for other in tables[1:]:
                m = [[words.add(x, y) for x, y in zip(p, q, strict=True)] for p, q in zip(m, other, strict=True)]
            return m
        if kind == "minus":
            return scaled(m, Fraction(-1))
        if kind == "times":
            for other in tables[1:]:
                m = times(m, other)
            return m
        if kind == "transpose":
            return transpose(m)
        if kind == "power":
            out = identity(len(m))
            for _ in range(term.data):
                out = times(out, m)
            return out
        if kind == "over" and not tables[1][0][0].terms:
            raise NoKernelForm("a division by 0")
        if kind == "over" and not any(any(key) for key, _ in tables[1][0][0].terms):
            return scaled(m, 1 / tables[1][0][0].terms[0][1])
        if kind == "over":
            return [[words.times(m[0][0], words.apply("inv", (tables[1][0][0],)))]]
        if kind == "inv":
            below = words.apply("inv", (determinant(m),))
            return [[words.times(x, below) for x in row] for row in adjugate(m)]
        if kind == "det":
            return [[determinant(m)]]
        if kind == "tr":
            return [[total([m[i][i] for i in range(len(m))])]]
        if kind == "sqrt":
            return [[words.apply("sqrt", (m[0][0],))]]
        if kind == "normF":
            return [[words.apply("sqrt", (total([words.times(x, x) for row in m for x in row]),))]]
        if kind == "hadamard":
            return [[words.times(x, y) for x, y in zip(p, q, strict=True)] for p, q in zip(m, tables[1], strict=True)]
        if kind == "kron":
            return [[words.times(x, y) for x in p for y in q] for p in m for q in tables[1]]
        if kind in ("diag", "diagpart"):
            return [[m[i][0 if kind == "diag" else i] if i == j else words.scalar(0) for j in range(len(m))]
                    for i in range(len(m))]  # fmt: skip
        if kind in ("relu", "abs"):
            return [[self._positive(x, kind == "abs") for x in row] for row in m]
        raise NoKernelForm(f"{kind}( )")

    def _positive(self, x: Matrix, both: bool) -> Matrix:
        """Return relu(x), or the absolute value."""
        if x in self.positive or not x.terms:
            return x
        if x not in self.signed:
            minus = words.negative(x)
            if minus in self.signed:
                self.signed[x] = self.signed[minus][::-1]
            else:
                number = len(self.positive) + 1
                p, q = self.scalar(f"p_{number}"), self.scalar(f"q_{number}")
                self.signed[x] = (p, q)
                self.positive.update({p: None, q: None})
                names = [matrix_text(p), matrix_text(q)]
                self.given(f"{matrix_text(x)} = {names[0]} - {names[1]}")
                self.given(f"{names[0]}*{names[1]} = 0")
                for name in names:
                    self.given(f"psd({name})")
        p, q = self.signed[x]
        return words.add(p, q) if both else p


def total(values: Sequence[Matrix]) -> Matrix:
    """Return the sum of scalars."""
    out = words.scalar(0)
    for value in values:
        out = words.add(out, value)
    return out


def identity(n: int) -> Table:
    """Return the identity."""
    return [[words.scalar(int(i == j)) for j in range(n)] for i in range(n)]


def transpose(m: Table) -> Table:
    """Return the transpose."""
    return [list(column) for column in zip(*m, strict=True)]


def scaled(m: Table, c: Fraction) -> Table:
    """Return a multiple."""
    return [[words.scale(x, c) for x in row] for row in m]


def times(a: Table, b: Table) -> Table:
    """Return the product, or the multiple by a 1 x 1 matrix."""
    if len(a[0]) == len(b):
        columns = transpose(b)
        return [[total([words.times(x, y) for x, y in zip(row, col, strict=True)]) for col in columns] for row in a]
    c, m = (a, b) if len(a) == len(a[0]) == 1 else (b, a)
    return [[words.times(c[0][0], x) for x in row] for row in m]


def equal(a: Table, b: Table) -> list[str]:
    """Return the equations between entries."""
    return [
        f"{matrix_text(x)} = {matrix_text(y)}" for p, q in zip(a, b, strict=True) for x, y in zip(p, q, strict=True)
    ]


def determinant(m: Table) -> Matrix:
    """Return the determinant, by the first row."""
    if not m:
        return words.scalar(1)
    if len(m) > MAX_SIDE:
        raise NoKernelForm(f"a determinant of size {len(m)}")
    parts = [words.scale(words.times(x, determinant(minor(m, 0, j))), Fraction((-1) ** j)) for j, x in enumerate(m[0])]
    return total(parts)


def minor(m: Table, i: int, j: int) -> Table:
    """Return the matrix without a row and a column."""
    return [[*row[:j], *row[j + 1 :]] for k, row in enumerate(m) if k != i]


def adjugate(m: Table) -> Table:
    """Return the adjugate."""
    n = len(m)
    return [[words.scale(determinant(minor(m, j, i)), Fraction((-1) ** (i + j))) for j in range(n)] for i in range(n)]


def semidefinite(m: Table) -> list[str]:
    """Return what says that a matrix is symmetric with principal minors >= 0."""
    facts = equal(m, transpose(m))
    for size in range(1, len(m) + 1):
        for rows in combinations(range(len(m)), size):
            facts.append(f"psd({matrix_text(determinant([[m[i][j] for j in rows] for i in rows]))})")
    return facts
