"""Terms at one instance with indeterminates for the entries of some letters: polynomials over a common denominator.

Exact arithmetic of multivariate polynomials over the rationals; a term that is no rational function of these entries
is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import product
from random import Random
from typing import Any

from flint import Ordering, fmpq, fmpq_mat, fmpq_mpoly_ctx

from symlora.claims.terms import Letter, Term, letters_in
from symlora.claims.values import Instance, compute
from symlora.domains.values import is_exact

MAX_INDETERMINATES, MAX_WORK, MAX_SIDE = 60, 400_000, 6
SAMPLES = 6


class NotPolynomial(ArithmeticError):
    """A term is no rational function of the indeterminates, or too large a one."""


Rows = list[list[Any]]


class Indeterminates:
    """The ring of the entries of some letters at an instance, and terms as matrices over it.

    `divisors` are the determinants and denominators by which terms divided; they must not vanish.
    """

    def __init__(self, at: Instance, letters: Sequence[Letter]) -> None:
        self.at, self.letters = at, tuple(letters)
        self.shapes = {x.name: (at.size(x.rows), at.size(x.cols)) for x in letters}
        count = sum(m * n for m, n in self.shapes.values())
        if count > MAX_INDETERMINATES or any(x.kind == "natural" for x in letters):
            raise NotPolynomial(f"more than {MAX_INDETERMINATES} indeterminates, or naturals among them")
        self.names = [(x, i, j) for x, (m, n) in self.shapes.items() for i in range(m) for j in range(n)]
        self.ring = fmpq_mpoly_ctx.get([f"{x}_{i + 1}_{j + 1}" for x, i, j in self.names], Ordering.degrevlex)
        self.own = dict(zip(self.names, self.ring.gens(), strict=True))
        self.zero, self.one = self.ring.constant(0), self.ring.constant(1)
        self.divisors: list[Any] = []

    # Terms

    def table(self, term: Term) -> tuple[Rows, Any]:
        """Return numerators and the common denominator of a term; raises `NotPolynomial` and `Undefined`."""
        return self._table(self.at, term)

    def _table(self, at: Instance, term: Term) -> tuple[Rows, Any]:
        if letters_in(term).isdisjoint(self.shapes):
            value = at.value(term)
            if not is_exact(value):
                raise NotPolynomial("an irrational constant")
            return [[self.ring.constant(x) for x in row] for row in value.tolist()], self.one
        kind, args = term.kind, term.args
        if not (at.size(term.rows) and at.size(term.cols)):
            raise NotPolynomial("a matrix without entries")
        if kind == "letter":
            m, n = self.shapes[term.data]
            return [[self.own[term.data, i, j] for j in range(n)] for i in range(m)], self.one
        if kind == "sum":
            low, high = (at.natural(end) for end in args[:2])
            if high - low > 20:
                raise NotPolynomial("a long sum")
            shape = at.size(term.rows), at.size(term.cols)
            total: tuple[Rows, Any] = [[self.zero] * shape[1] for _ in range(shape[0])], self.one
            for i in range(low, high + 1):
                total = self._added(total, self._table(at.with_matrices({}, {term.data: i}), args[2]))
            return total
        if kind == "block":
            return self._block(at, term)
        if kind == "slice":
            return self._slice(at, term)
        if kind == "power" and args[0].kind in ("normF", "sqrt") and term.data % 2 == 0:
            inner = self._squared(self._table(at, args[0].args[0]), args[0].kind)
            return self._power(inner, term.data // 2)
        return self._computed(term, [self._table(at, part) for part in args])

    def _computed(self, term: Term, parts: list[tuple[Rows, Any]]) -> tuple[Rows, Any]:
        kind = term.kind
        m, below = parts[0]
        if kind == "plus":
            total = parts[0]
            for part in parts[1:]:
                total = self._added(total, part)
            return total
        if kind == "minus":
            return [[-x for x in row] for row in m], below
        if kind == "times":
            total = parts[0]
            for part in parts[1:]:
                total = self.multiplied(total[0], part[0]), self.times(total[1], part[1])
            return total
        if kind == "transpose":
            return [list(column) for column in zip(*m, strict=True)], below
        if kind == "power":
            return self._power(parts[0], term.data)
        if kind == "tr":
            return [[sum((m[i][i] for i in range(len(m))), self.zero)]], below
        if kind == "det":
            return [[self.determinant(m)]], self._to(below, len(m))
        if kind == "inv":
            return self._inverse(m, below)
        if kind == "over":
            above, divisor = parts
            self.divisors.append(divisor[0][0][0])
            return [[self.times(m[0][0], divisor[1])]], self.times(above[1], divisor[0][0][0])
        if kind == "hadamard":
            other = parts[1]
            rows = [[self.times(x, y) for x, y in zip(p, q, strict=True)] for p, q in zip(m, other[0], strict=True)]
            return rows, self.times(below, other[1])
        if kind == "kron":
            other = parts[1]
            return [[self.times(x, y) for x in p for y in q] for p in m for q in other[0]], self.times(below, other[1])
        if kind in ("diag", "diagpart"):
            n = len(m)
            entries = [m[i][0 if kind == "diag" else i] for i in range(n)]
            return [[entries[i] if i == j else self.zero for j in range(n)] for i in range(n)], below
        return self._constant(term, parts)

    def _constant(self, term: Term, parts: list[tuple[Rows, Any]]) -> tuple[Rows, Any]:
        """Return another function of matrices in which no indeterminates are left."""
        values = []
        for m, below in parts:
            if len(below) == 0:
                raise NotPolynomial("a division by 0")
            entries = [x / below for row in m for x in row] if below.is_constant() else [self.ring.gens()[0]]
            if not all(x.is_constant() for x in entries):
                raise NotPolynomial(f"{term.kind}( ) of indeterminates")
            values.append(fmpq_mat(len(m), len(m[0]), [x.leading_coefficient() if x != 0 else 0 for x in entries]))
        found = compute(term, values)
        if not is_exact(found):
            raise NotPolynomial("an irrational constant")
        return [[self.ring.constant(x) for x in row] for row in found.tolist()], self.one

    def _block(self, at: Instance, term: Term) -> tuple[Rows, Any]:
        lines: list[list[tuple[Rows, Any]]] = [[self._table(at, part) for part in row.args] for row in term.args]
        below = self.one
        for line in lines:
            for _, divisor in line:
                below = self.times(below, divisor)
        if len(below) == 0:
            raise NotPolynomial("a division by 0")
        rows: Rows = []
        for line in lines:
            scaled = []
            for m, divisor in line:
                factor = below / divisor
                scaled.append([[self.times(x, factor) for x in row] for row in m])
            rows += [[x for m in scaled for x in m[i]] for i in range(len(scaled[0]))]
        return rows, below

    def _slice(self, at: Instance, term: Term) -> tuple[Rows, Any]:
        m, below = self._table(at, term.args[0])
        places = []
        for part, size in zip(term.args[1:], (len(m), len(m[0]) if m else 0), strict=True):
            if part.kind == "whole":
                places.append(range(size))
                continue
            low, high = (at.natural(end) for end in (part.args if part.kind == "range" else (part, part)))
            if not (low >= 1 and high <= size):
                raise NotPolynomial("a slice outside the matrix")
            places.append(range(low - 1, high))
        return [[m[i][j] for j in places[1]] for i in places[0]], below

    # Arithmetic

    def times(self, p: Any, q: Any) -> Any:
        """Return the product of polynomials."""
        if len(p) * len(q) > MAX_WORK:
            raise NotPolynomial("a large polynomial")
        return p * q

    def _to(self, p: Any, exponent: int) -> Any:
        out = self.one
        for _ in range(exponent):
            out = self.times(out, p)
        return out

    def _added(self, a: tuple[Rows, Any], b: tuple[Rows, Any]) -> tuple[Rows, Any]:
        (m, p), (n, q) = a, b
        if p == q:
            return [[x + y for x, y in zip(r, s, strict=True)] for r, s in zip(m, n, strict=True)], p
        rows = [[self.times(x, q) + self.times(y, p) for x, y in zip(r, s, strict=True)]
                for r, s in zip(m, n, strict=True)]  # fmt: skip
        return rows, self.times(p, q)

    def multiplied(self, a: Rows, b: Rows) -> Rows:
        """Return the product of matrices, or the multiple by a 1 x 1 matrix."""
        if a and len(a[0]) == len(b):
            columns = [list(column) for column in zip(*b, strict=True)]
            return [[sum((self.times(x, y) for x, y in zip(row, col, strict=True)), self.zero) for col in columns]
                    for row in a]  # fmt: skip
        (c,), m = (a[0], b) if len(a) == len(a[0]) == 1 else (b[0], a)
        return [[self.times(c, x) for x in row] for row in m]

    def _power(self, value: tuple[Rows, Any], exponent: int) -> tuple[Rows, Any]:
        n = len(value[0])
        out: tuple[Rows, Any] = [[self.one if i == j else self.zero for j in range(n)] for i in range(n)], self.one
        for _ in range(exponent):
            out = self.multiplied(out[0], value[0]), self.times(out[1], value[1])
        return out

    def _squared(self, value: tuple[Rows, Any], kind: str) -> tuple[Rows, Any]:
        """Return the square of a Frobenius norm, or of a root."""
        m, below = value
        if kind == "sqrt":
            return value
        return [[sum((self.times(x, x) for row in m for x in row), self.zero)]], self.times(below, below)

    def determinant(self, m: Rows) -> Any:
        """Return the determinant of a matrix of polynomials, by its rows from below."""
        n = len(m)
        if n > MAX_SIDE:
            raise NotPolynomial(f"a determinant of size {n}")

        @cache
        def minor(row: int, columns: tuple[int, ...]) -> Any:
            if row == n:
                return self.one
            total, sign = self.zero, 1
            for k, j in enumerate(columns):
                if m[row][j] != 0:
                    total += sign * self.times(m[row][j], minor(row + 1, columns[:k] + columns[k + 1 :]))
                sign = -sign
            return total

        return minor(0, tuple(range(n)))

    def _inverse(self, m: Rows, below: Any) -> tuple[Rows, Any]:
        n = len(m)
        whole = self.determinant(m)
        self.divisors.append(whole)

        def cofactor(i: int, j: int) -> Any:
            rest = [[*row[:i], *row[i + 1 :]] for k, row in enumerate(m) if k != j]
            return (-1) ** (i + j) * self.times(self.determinant(rest), below)

        return [[cofactor(i, j) for j in range(n)] for i in range(n)], whole

    # Generic values

    def point(self, number: int) -> list[Any]:
        """Return values for all indeterminates, the same for the same number: small integers first, then larger."""
        draw = Random(f"point {number}")
        most = 2 if number < 3 else 9
        return [fmpq(draw.randint(-most, most)) for _ in self.names]

    def rank(self, m: Rows) -> int:
        """Return the rank of a matrix over the field of rational functions, which is the rank almost everywhere.

        Values give a lower bound; that it is not larger is shown by elimination without fractions (Bareiss 1968).
        """
        if not m or not m[0]:
            return 0
        best = 0
        for number in range(SAMPLES):
            values = self.point(number + 3)
            at = fmpq_mat(len(m), len(m[0]), [x(*values) for row in m for x in row])
            best = max(best, at.rank())
            if best == min(len(m), len(m[0])):
                return best
        return self._eliminated(m)

    def _eliminated(self, m: Rows) -> int:
        rows = [list(row) for row in m]
        previous, rank = self.one, 0
        width = len(m[0])
        while rank < min(len(rows), width):
            places = product(range(rank, len(rows)), range(rank, width))
            pivots = [(len(rows[i][j]), i, j) for i, j in places if rows[i][j] != 0]
            if not pivots:
                break
            _, i, j = min(pivots)
            rows[rank], rows[i] = rows[i], rows[rank]
            for row in rows:
                row[rank], row[j] = row[j], row[rank]
            pivot = rows[rank][rank]
            for row in rows[rank + 1 :]:
                for k in range(rank + 1, width):
                    whole = self.times(pivot, row[k]) - self.times(row[rank], rows[rank][k])
                    row[k] = whole / previous
                row[rank] = self.zero
            previous, rank = pivot, rank + 1
        return rank
