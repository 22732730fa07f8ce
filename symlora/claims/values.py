"""The value of a term, and the truth of a claim, at one exact instance.

Values are exact matrices over the rationals, or enclosures where a root is irrational; a claim is true, false, or left
open (None) by enclosures or by a quantifier that cannot be decided. What has no value (an inverse of a singular matrix)
raises `Undefined`.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from flint import fmpq, fmpq_mat

from symlora.claims.terms import Claim, Term, letters_in
from symlora.domains import values as exactly
from symlora.domains.spectrum import columns, eigenvalues, identity, inclusion, rank_factors, right_singular
from symlora.domains.values import NotRepresentable, is_exact, need_exact
from symlora.kernel.naturals import Nat

MAX_ENTRIES, MAX_BITS = 4_000, 10_000


class Undefined(ArithmeticError):
    """A term has no value: a singular matrix is inverted, a zero divides, a root is taken of a negative number."""


class Instance:
    """Values for the names: integers for naturals and sizes, matrices for letters; what was computed is kept."""

    def __init__(self, naturals: Mapping[str, int], matrices: Mapping[str, Any]) -> None:
        self.naturals, self.matrices = dict(naturals), dict(matrices)
        self._known: dict[int, tuple[Term, Any]] = {}
        """Values by the identity of their terms, which are kept so that no other term gets the same identity."""

    def size(self, size: Nat) -> int:
        """Return the value of a size, at least 0."""
        total = 0
        for monomial, c in size:
            for name, _ in monomial:
                c *= self.naturals[name]
            total += c
        return max(0, total)

    def with_matrices(self, more: Mapping[str, Any], naturals: Mapping[str, int] | None = None) -> Instance:
        """Return this instance with more values."""
        return Instance({**self.naturals, **(naturals or {})}, {**self.matrices, **more})

    def value(self, term: Term) -> Any:
        """Return the value of a term; raises `Undefined` or `NotRepresentable`."""
        if term.kind == "letter":
            return self.matrices[term.data]
        found = self._known.get(id(term))
        if found is None:
            rows, cols = self.size(term.rows), self.size(term.cols)
            if rows * cols > MAX_ENTRIES:
                raise NotRepresentable(f"a matrix of {rows} x {cols}")
            found = self._known[id(term)] = (term, self._value(term, rows, cols))
        return found[1]

    def natural(self, term: Term) -> int:
        """Return the value of a natural-number term."""
        return int(need_exact(self.value(term))[0, 0])

    def _value(self, term: Term, rows: int, cols: int) -> Any:
        kind, args = term.kind, term.args
        if kind == "number":
            return fmpq_mat(1, 1, [fmpq(term.data.numerator, term.data.denominator)])
        if kind == "nat":
            return fmpq_mat(1, 1, [self.naturals[term.data]])
        if kind == "zero":
            return fmpq_mat(rows, cols)
        if kind == "ones":
            return fmpq_mat(rows, cols, [1] * (rows * cols))
        if kind == "eye":
            return identity(rows)
        if kind == "sum":
            return self._sum(term, rows, cols)
        if kind == "block":
            return self._block(term, rows, cols)
        if kind == "slice":
            return self._slice(term)
        values = [self.value(part) for part in args]
        return compute(term, values)

    def _sum(self, term: Term, rows: int, cols: int) -> Any:
        low, high = (self.natural(end) for end in term.args[:2])
        total = fmpq_mat(rows, cols)
        if high - low > 100:
            raise NotRepresentable("a sum of more than 100 terms")
        for i in range(low, high + 1):
            total = exactly.add(total, self.with_matrices({}, {term.data: i}).value(term.args[2]))
        return total

    def _block(self, term: Term, rows: int, cols: int) -> Any:
        total, above = fmpq_mat(rows, cols), 0
        for row in term.args:
            before, height = 0, self.size(row.rows)
            for part in row.args:
                m = self.value(part)
                up, left = inclusion(rows, height, above), inclusion(cols, m.ncols(), before)
                total = exactly.add(total, exactly.product(exactly.product(up, m), left.transpose()))
                before += m.ncols()
            above += height
        return total

    def _slice(self, term: Term) -> Any:
        m = self.value(term.args[0])
        for axis, part in enumerate(term.args[1:]):
            size = m.ncols() if axis else m.nrows()
            if part.kind == "whole":
                continue
            ends = [self.natural(end) for end in (part.args if part.kind == "range" else (part, part))]
            if not (ends[0] >= 1 and ends[1] <= size and ends[0] <= ends[1] + 1):
                raise Undefined(f"rows or columns {ends[0]}:{ends[1]} of {size}")
            place = inclusion(size, ends[1] - ends[0] + 1, ends[0] - 1)
            m = exactly.product(m, place) if axis else exactly.product(place.transpose(), m)
        return m

    # Claims

    def truth(self, claim: Claim) -> bool | None:
        """Return whether a claim holds, None where that is left open; raises `Undefined`."""
        kind = claim.kind
        if kind == "not":
            inner = self.truth(claim.parts[0])
            return None if inner is None else not inner
        if kind in ("and", "or", "implies", "iff"):
            return self._connected(claim)
        if kind in ("exists", "forall", "surely"):
            from symlora.claims.quantified import decide  # quantifiers evaluate claims

            return decide(self, claim)
        values = [self.value(term) for term in claim.terms]
        if kind == "box":
            return inside(*values)
        if kind in ("=", "!="):
            same = exactly.decide("=", values)
            if same is None and claim.terms[0].scalar:
                same = self._compared(claim.terms, lambda a, b: a == b)
            return same if kind == "=" or same is None else not same
        if kind in ("<=", "<"):
            terms = claim.terms if kind == "<=" else claim.terms[::-1]
            found = exactly.decide("<=", values if kind == "<=" else values[::-1])
            if found is None:
                found = self._compared(terms, lambda a, b: a <= b)
            return found if kind == "<=" or found is None else not found
        return predicate(kind, values[0])

    def _compared(self, terms: tuple[Term, ...], compare: Any) -> bool | None:
        """Compare two scalars by their squares where those are rational."""
        left, right = (self.squared(term) for term in terms)
        return None if left is None or right is None else bool(compare(left, right))

    def squared(self, term: Term) -> Any | None:
        """Return the sign of a scalar times its square if that is rational, and None otherwise.

        This decides what enclosures cannot: whether two roots are equal.
        """
        kind, args = term.kind, term.args
        value = self.value(term)
        if is_exact(value):
            return value[0, 0] * abs(value[0, 0])
        if kind == "normF":
            m = self.value(args[0])
            return exactly.trace(m.transpose() * m)[0, 0] if is_exact(m) else None
        if kind in ("norm2", "sigma"):
            m = self.value(args[0])
            place = 0 if kind == "norm2" else self.natural(args[1]) - 1
            found = eigenvalues(m.transpose() * m)[place] if is_exact(m) else None
            return found if isinstance(found, fmpq) else None
        if kind == "sqrt":
            return self.squared_root(args[0])
        if kind in ("times", "over", "power", "minus") and all(part.scalar for part in args):
            parts: list[Any] = [self.squared(part) for part in args]
            if None in parts:
                return None
            if kind == "minus":
                return -parts[0]
            if kind == "power":
                return parts[0] ** term.data
            return parts[0] / parts[1] if kind == "over" else _product(parts)
        return None

    def squared_root(self, inner: Term) -> Any | None:
        """Return the square of a root."""
        value = self.value(inner)
        return value[0, 0] if is_exact(value) else None

    def _connected(self, claim: Claim) -> bool | None:
        kind, parts = claim.kind, claim.parts
        if kind == "implies":
            first = self.truth(parts[0])
            if first is False:
                return True
            second = self.truth(parts[1])
            return second if first or second else None
        if kind == "iff":
            left, right = (self.truth(part) for part in parts)
            return None if left is None or right is None else left == right
        decisive, opened = kind == "or", False
        for part in parts:
            found = self.truth(part)
            if found is decisive:
                return decisive
            opened = opened or found is None
        return None if opened else not decisive


def inside(m: Any, low: Any, high: Any) -> bool | None:
    """Return whether all entries lie between the bounds, which are 1 x 1 or of the same shape."""
    if not (is_exact(m) and is_exact(low) and is_exact(high)):
        return None
    ends = [
        side.entries() * (m.nrows() * m.ncols() if side.nrows() == 1 == side.ncols() else 1) for side in (low, high)
    ]
    return all(a <= x <= b for a, x, b in zip(ends[0], m.entries(), ends[1], strict=True))


def predicate(kind: str, m: Any) -> bool | None:
    """Return whether a square value has a property."""
    n = m.nrows()
    if kind in ("nonsingular", "psd"):
        return exactly.decide(kind, [m])
    if kind == "symmetric":
        return exactly.decide("=", [m, m.transpose()])
    if kind == "skew":
        return exactly.decide("=", [exactly.scale(m, Fraction(-1)), m.transpose()])
    if kind == "orthogonal":
        return exactly.decide("=", [exactly.product(m.transpose(), m), identity(n)])
    if kind == "idempotent":
        return exactly.decide("=", [exactly.product(m, m), m])
    if kind == "pd":
        parts = [exactly.decide(one, [m]) for one in ("psd", "nonsingular")]
        return False if False in parts else None if None in parts else True
    if not is_exact(m):
        return None
    if kind == "nilpotent":
        return bool(m**n == fmpq_mat(n, n)) if n else True
    if kind == "nonneg":
        return all(x >= 0 for x in m.entries())
    if kind == "diagonal":
        return all(m[i, j] == 0 for i in range(n) for j in range(m.ncols()) if i != j)
    return None


def compute(term: Term, values: list[Any]) -> Any:
    """Return the value of a term from those of its parts."""
    kind, m = term.kind, values[0]
    if kind == "plus":
        for other in values[1:]:
            m = exactly.add(m, other)
        return m
    if kind == "minus":
        return exactly.scale(m, Fraction(-1))
    if kind == "times":
        scalar = term.args[0].scalar
        for other in values[1:]:
            if m.ncols() == other.nrows():
                m = exactly.product(m, other)
            else:
                m = exactly.multiple(m, other) if scalar else exactly.multiple(other, m)
            scalar = m.nrows() == 1 == m.ncols()
        return m
    if kind == "transpose":
        return m.transpose()
    if kind == "over":
        below = values[1]
        if is_exact(below) and below[0, 0] == 0:
            raise Undefined("a division by 0")
        return exactly.product(m, exactly.inverse(below))
    if kind == "inv":
        if is_exact(m) and m.det() == 0:
            raise Undefined("the inverse of a singular matrix")
        return exactly.inverse(m)
    if kind == "power":
        out = identity(m.nrows())
        for _ in range(term.data):
            out = exactly.product(out, m)
            if is_exact(out) and any(max(int(x.p).bit_length(), int(x.q).bit_length()) > MAX_BITS
                                     for x in out.entries()):  # fmt: skip
                raise NotRepresentable(f"a number of more than {MAX_BITS} bits")
        return out
    if kind == "tr":
        return exactly.trace(m)
    if kind == "det":
        return exactly.determinant(m)
    if kind == "sqrt":
        if is_exact(m) and m[0, 0] < 0:
            raise Undefined("the root of a negative number")
        return exactly.root(m[0, 0])
    if kind == "normF":
        return exactly.root(exactly.trace(exactly.product(m.transpose(), m))[0, 0])
    if kind == "hadamard":
        return entrywise(lambda a, b: a * b, values)
    if kind in ("max", "min"):
        return entrywise(max if kind == "max" else min, values)
    return exact_only(term, [need_exact(value) for value in values])


def _product(parts: list[Any]) -> Any:
    out = fmpq(1)
    for part in parts:
        out *= part
    return out


def entrywise(function: Any, values: list[Any]) -> Any:
    """Return a function of entries; both values have to be exact."""
    a, b = (need_exact(value) for value in values)
    entries = [function(x, y) for x, y in zip(a.entries(), b.entries(), strict=True)]
    return fmpq_mat(a.nrows(), a.ncols(), entries)


def exact_only(term: Term, values: list[Any]) -> Any:
    """Return the value of a function that takes exact arguments only."""
    kind, m = term.kind, values[0]
    rows, cols = m.nrows(), m.ncols()
    if kind == "rank":
        return fmpq_mat(1, 1, [m.rank()])
    if kind in ("relu", "abs", "floor"):
        return fmpq_mat(rows, cols, [_entry(kind, x) for x in m.entries()])
    if kind == "normMax":
        return fmpq_mat(1, 1, [max((abs(x) for x in m.entries()), default=fmpq(0))])
    if kind in ("norm1", "normInf"):
        lines = (m.transpose() if kind == "norm1" else m).tolist()
        return fmpq_mat(1, 1, [max((sum((abs(x) for x in line), fmpq(0)) for line in lines), default=fmpq(0))])
    if kind in ("norm2", "sigma"):
        number = 1 if kind == "norm2" else int(values[1][0, 0])
        if number < 1:
            raise Undefined(f"singular value number {number}")
        found = singular_values(m)
        return found[number - 1] if number <= len(found) else fmpq_mat(1, 1)
    if kind == "normNuc":
        total = fmpq_mat(1, 1)
        for value in singular_values(m):
            total = exactly.add(total, value)
        return total
    if kind == "pinv":
        parts = rank_factors(m)
        u, v = parts["U"], parts["V"]
        right = v.transpose() * (v * v.transpose()).inv()
        return right * (u.transpose() * u).inv() * u.transpose()
    if kind == "kron":
        other = values[1]
        p, q = other.nrows(), other.ncols()
        entries = [m[i // p, j // q] * other[i % p, j % q] for i in range(rows * p) for j in range(cols * q)]
        return fmpq_mat(rows * p, cols * q, entries)
    if kind == "diag":
        return fmpq_mat(rows, rows, [m[i, 0] if i == j else 0 for i in range(rows) for j in range(rows)])
    if kind == "diagpart":
        return fmpq_mat(rows, rows, [m[i, j] if i == j else 0 for i in range(rows) for j in range(rows)])
    if kind == "best_rank":
        return truncation(m, int(values[1][0, 0]))
    raise NotRepresentable(f"{kind} has no evaluator")


def _entry(kind: str, x: Any) -> Any:
    if kind == "floor":
        return fmpq(int(x.p) // int(x.q))
    return max(x, fmpq(0)) if kind == "relu" else abs(x)


def singular_values(m: Any) -> list[Any]:
    """Return the singular values, largest first."""
    wide = m.ncols() > m.nrows()
    return [exactly.root(x) for x in eigenvalues(m * m.transpose() if wide else m.transpose() * m)]


def truncation(m: Any, r: int) -> Any:
    """Return the best approximation of rank at most r where there is only one and it is rational."""
    if r >= m.rank():
        return m
    if r <= 0:
        return fmpq_mat(m.nrows(), m.ncols())
    squares = eigenvalues(m.transpose() * m)
    if not (isinstance(squares[r - 1], fmpq) and squares[r - 1] != squares[r]):
        raise NotRepresentable("no unique rational truncation")
    first = columns(right_singular(m), 0, r)
    return m * first * first.transpose()


def depends(term: Term, names: set[str]) -> bool:
    """Return whether letters of these names occur in a term."""
    return not letters_in(term).isdisjoint(names)
