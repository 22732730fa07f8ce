"""A claim at chosen sizes in the language of solvers of polynomial arithmetic, entry by entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from typing import Any

from symlora.claims.statement import Statement
from symlora.claims.terms import Claim, Term
from symlora.claims.values import Instance

MAX_SIDE = 3
Expr = Any
Table = list[list[Expr]]


class NoForm(ValueError):
    """A claim has no form in polynomial arithmetic here."""


@dataclass
class Encoding:
    """The entries of a claim as terms of a solver's language; `api` is z3, or cvc5 with the same interface."""

    api: Any
    statement: Statement
    at: Instance
    tables: dict[str, Table] = field(default_factory=dict)
    sides: list[Expr] = field(default_factory=list)
    """What defines auxiliary numbers: roots, inverses."""
    count: int = 0

    def number(self, value: Fraction | int) -> Expr:
        """Return a rational number."""
        exact = Fraction(value)
        return self.api.Q(exact.numerator, exact.denominator)

    def fresh(self) -> Expr:
        """Return a new real number."""
        self.count += 1
        return self.api.Real(f"aux!{self.count}")

    def declare(self) -> None:
        """Declare the entries of the letters."""
        used = self.statement.used()
        for letter in self.statement.letters.values():
            if letter.kind == "natural" or letter.name not in used:
                continue
            rows, cols = self.at.size(letter.rows), self.at.size(letter.cols)
            self.tables[letter.name] = [[self.api.Real(f"{letter.name}_{i}_{j}") for j in range(cols)]
                                        for i in range(rows)]  # fmt: skip

    # Claims

    def claim(self, claim: Claim) -> Expr:
        """Return a claim as a formula; raises `NoForm`."""
        kind, api = claim.kind, self.api
        if kind in ("and", "or"):
            parts = [self.claim(part) for part in claim.parts]
            return api.And(*parts) if kind == "and" else api.Or(*parts)
        if kind == "not":
            return api.Not(self.claim(claim.parts[0]))
        if kind in ("implies", "iff"):
            first, second = (self.claim(part) for part in claim.parts)
            return api.Or(api.Not(first), second) if kind == "implies" else first == second
        if kind in ("=", "<=", "<", "!="):
            left, right = (self.table(term) for term in claim.terms)
            if kind == "=":
                return self.equal(left, right)
            if kind == "!=":
                return api.Not(self.equal(left, right))
            return left[0][0] <= right[0][0] if kind == "<=" else left[0][0] < right[0][0]
        if len(claim.terms) != 1:
            raise NoForm(kind)
        return self.predicate(kind, self.table(claim.terms[0]))

    def equal(self, left: Table, right: Table) -> Expr:
        """Return that two matrices are equal."""
        return self.api.And(*(x == y for p, q in zip(left, right, strict=True) for x, y in zip(p, q, strict=True)))

    def predicate(self, kind: str, m: Table) -> Expr:
        """Return a property of a matrix as a formula."""
        api, n = self.api, len(m)
        flipped = [list(column) for column in zip(*m, strict=True)]
        if kind in ("psd", "pd"):
            return api.And(self.equal(m, flipped), *self.minors(m, kind == "pd"))
        if kind == "nonsingular":
            return self.det(m) != self.number(0)
        if kind == "nonneg":
            return api.And(*(x >= self.number(0) for row in m for x in row))
        if kind == "symmetric":
            return self.equal(m, flipped)
        if kind == "skew":
            return self.equal(m, [[-x for x in row] for row in flipped])
        if kind == "orthogonal":
            return self.equal(self.product(flipped, m), self.eye(n))
        if kind == "idempotent":
            return self.equal(self.product(m, m), m)
        if kind == "nilpotent":
            power = m
            for _ in range(n - 1):
                power = self.product(power, m)
            return self.equal(power, [[self.number(0)] * n for _ in range(n)])
        if kind == "diagonal":
            entries = [x == self.number(0) for i, row in enumerate(m) for j, x in enumerate(row) if i != j]
            return api.And(*entries) if entries else api.BoolVal(True)
        raise NoForm(kind)

    def minors(self, m: Table, strict: bool = False) -> list[Expr]:
        """Return that the principal minors of a matrix are >= 0, or > 0."""
        zero, found = self.number(0), []
        for size in range(1, len(m) + 1):
            for rows in combinations(range(len(m)), size):
                minor = self.det([[m[i][j] for j in rows] for i in rows])
                found.append(minor > zero if strict else minor >= zero)
        return found

    # Terms

    def table(self, term: Term) -> Table:
        """Return the entries of a term; raises `NoForm`."""
        kind = term.kind
        rows, cols = self.at.size(term.rows), self.at.size(term.cols)
        if kind == "number":
            return [[self.number(term.data)]]
        if kind == "nat":
            return [[self.number(self.at.naturals[term.data])]]
        if kind == "letter":
            return self.tables[term.data]
        if kind in ("zero", "ones"):
            return [[self.number(int(kind == "ones"))] * cols for _ in range(rows)]
        if kind == "eye":
            return self.eye(rows)
        if kind == "block":
            lines: Table = []
            for row in term.args:
                parts = [self.table(part) for part in row.args]
                lines += [[x for part in parts for x in part[i]] for i in range(len(parts[0]))]
            return lines
        if kind == "slice":
            return self.slice(term)
        if kind in ("sum", "sigma", "best_rank", "normNuc", "floor", "pinv"):
            raise NoForm(kind)
        return self.computed(kind, [self.table(part) for part in term.args], term)

    def slice(self, term: Term) -> Table:
        """Return some rows and columns."""
        m = self.table(term.args[0])
        places = []
        for part, size in zip(term.args[1:], (len(m), len(m[0])), strict=True):
            ends = part.args if part.kind == "range" else (part, part)
            low, high = (1, size) if part.kind == "whole" else (self.at.natural(end) for end in ends)
            if not (low >= 1 and high <= size):
                raise NoForm("a slice outside the matrix")
            places.append(range(low - 1, high))
        return [[m[i][j] for j in places[1]] for i in places[0]]

    def computed(self, kind: str, tables: list[Table], term: Term) -> Table:
        """Return the entries of a function of matrices."""
        m, api = tables[0], self.api
        if kind == "plus":
            return [[_sum([t[i][j] for t in tables]) for j in range(len(m[0]))] for i in range(len(m))]
        if kind == "minus":
            return [[-x for x in row] for row in m]
        if kind == "times":
            for other in tables[1:]:
                m = self.product(m, other)
            return m
        if kind == "transpose":
            return [list(column) for column in zip(*m, strict=True)]
        if kind == "power":
            out = self.eye(len(m))
            for _ in range(term.data):
                out = self.product(out, m)
            return out
        if kind == "over":
            return self.product(m, [[self.inverse(tables[1][0][0])]])
        if kind == "inv":
            below, n = self.inverse(self.det(m)), len(m)
            return [[self.number((-1) ** (i + j)) * self.det(_minor(m, j, i)) * below for j in range(n)]
                    for i in range(n)]  # fmt: skip
        if kind in ("relu", "abs"):
            zero = self.number(0)
            return [[api.If(x >= zero, x, -x if kind == "abs" else zero) for x in row] for row in m]
        if kind in ("max", "min", "hadamard"):
            return [
                [self.pair(kind, x, y) for x, y in zip(p, q, strict=True)] for p, q in zip(m, tables[1], strict=True)
            ]
        if kind == "kron":
            return [[x * y for x in p for y in q] for p in m for q in tables[1]]
        if kind in ("diag", "diagpart"):
            n = len(m)
            return [
                [m[i][0 if kind == "diag" else i] if i == j else self.number(0) for j in range(n)] for i in range(n)
            ]
        return [[self.scalar(kind, m)]]

    def pair(self, kind: str, x: Expr, y: Expr) -> Expr:
        """Return the product, the larger or the smaller of two numbers."""
        return x * y if kind == "hadamard" else self.api.If(x >= y if kind == "max" else x <= y, x, y)

    def scalar(self, kind: str, m: Table) -> Expr:
        """Return a number that belongs to a matrix."""
        if kind == "det":
            return self.det(m)
        if kind == "tr":
            return _sum([m[i][i] for i in range(len(m))])
        if kind == "sqrt":
            return self.root(m[0][0])
        if kind == "normF":
            return self.root(_sum([x * x for row in m for x in row]))
        if kind == "rank":
            return self.rank(m)
        if kind in ("normMax", "norm1", "normInf"):
            sizes = self.computed("abs", [m], Term("abs", (), (), ()))
            if kind == "normMax":
                values = [x for row in sizes for x in row]
            else:
                values = [_sum(list(line)) for line in (sizes if kind == "normInf" else zip(*sizes, strict=True))]
            largest = values[0]
            for value in values[1:]:
                largest = self.pair("max", largest, value)
            return largest
        if kind == "norm2":
            return self.norm(m)
        raise NoForm(kind)

    def norm(self, m: Table) -> Expr:
        """Return t >= 0 such that t^2 is the largest eigenvalue of M'M."""
        gram = self.product([list(column) for column in zip(*m, strict=True)], m)
        t = self.fresh()
        gap = [[(t * t if i == j else self.number(0)) - x for j, x in enumerate(row)] for i, row in enumerate(gram)]
        self.sides += [t >= self.number(0), self.det(gap) == self.number(0), *self.minors(gap)]
        return t

    def rank(self, m: Table) -> Expr:
        """Return the number of sizes at which some minor is not 0."""
        total: Expr = self.number(0)
        for size in range(1, min(len(m), len(m[0])) + 1):
            minors = [self.det([[m[i][j] for j in cols] for i in rows]) != self.number(0)
                      for rows in combinations(range(len(m)), size)
                      for cols in combinations(range(len(m[0])), size)]  # fmt: skip
            total = total + self.api.If(self.api.Or(*minors), self.number(1), self.number(0))
        return total

    def root(self, x: Expr) -> Expr:
        """Return the root of a number >= 0."""
        s = self.fresh()
        self.sides += [s >= self.number(0), s * s == x]
        return s

    def inverse(self, x: Expr) -> Expr:
        """Return the inverse of a number; the claim says elsewhere that it is not 0."""
        y = self.fresh()
        self.sides.append(x * y == self.number(1))
        return y

    def eye(self, n: int) -> Table:
        """Return the identity."""
        return [[self.number(int(i == j)) for j in range(n)] for i in range(n)]

    def product(self, a: Table, b: Table) -> Table:
        """Return the product, or the multiple by a 1 x 1 matrix."""
        if len(a[0]) == len(b):
            return [[_sum([x * y for x, y in zip(row, col, strict=True)]) for col in zip(*b, strict=True)] for row in a]
        c, m = (a, b) if len(a) == len(a[0]) == 1 else (b, a)
        return [[c[0][0] * x for x in row] for row in m]

    def det(self, m: Table) -> Expr:
        """Return the determinant, by the first row."""
        if not m:
            return self.number(1)
        if len(m) > MAX_SIDE:
            raise NoForm(f"a determinant of size {len(m)}")
        return _sum([self.number((-1) ** j) * x * self.det(_minor(m, 0, j)) for j, x in enumerate(m[0])])


def _sum(values: list[Expr]) -> Expr:
    total = values[0]
    for value in values[1:]:
        total = total + value
    return total


def _minor(m: Table, i: int, j: int) -> Table:
    return [[*row[:j], *row[j + 1 :]] for k, row in enumerate(m) if k != i]


def formula(api: Any, statement: Statement, naturals: Mapping[str, int]) -> tuple[Encoding, list[Expr]]:
    """Return the hypotheses and the negated goal at some sizes; raises `NoForm`."""
    encoding = Encoding(api, statement, Instance(naturals, {}))
    encoding.declare()
    claims = [encoding.claim(one.claim) for one in statement.hypotheses]
    claims.append(api.Not(encoding.claim(statement.goal)))
    return encoding, [*encoding.sides, *claims]
