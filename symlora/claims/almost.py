"""`almost surely( … )` at one instance of the letters that are not random.

A polynomial that is not the zero polynomial vanishes only on a set of Lebesgue measure 0 (Caron and Traynor, "The zero
set of a polynomial", 2005). So a condition made of polynomial equations holds almost everywhere or fails almost
everywhere, and which of the two is decided by exact polynomial arithmetic. A condition made of continuous functions
that fails strictly at one point fails on an open set around it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from random import Random
from typing import Any

from flint import fmpq, fmpq_mat

from symlora.claims.polynomials import Indeterminates, NotPolynomial
from symlora.claims.terms import Claim, Letter, Term, letters_in, number
from symlora.claims.values import MAX_ENTRIES, Instance, Undefined
from symlora.domains.values import NotRepresentable, need_exact
from symlora.kernel.naturals import ONE

POINTS, SAMPLES = 40, 4
JUMPING = ("rank", "floor", "pinv", "best_rank")
"""Functions that are not continuous."""
RATIONAL = ("number", "nat", "zero", "ones", "eye", "letter", "plus", "minus", "times", "over", "transpose", "inv",
            "power", "tr", "det", "block", "row", "slice", "whole", "range", "hadamard", "kron", "diag",
            "diagpart")  # fmt: skip
"""The operations whose values are rational functions of the entries."""


def decide(at: Instance, claim: Claim) -> bool | None:
    """Return whether `almost surely` holds at an instance, None where that is open.

    False means that the values at which the body fails, or has no value, are no null set.
    """
    found = settled(at, claim)
    if found is not None:
        return found
    known, body = _Settled(at, claim.letters), whole(claim)
    for value in points(at, claim.letters):
        if _near(known, at.with_matrices(value), body) is False:
            return False
    return None


def settled(at: Instance, claim: Claim) -> bool | None:
    """Return True if the body holds almost everywhere, False if it fails almost everywhere, None if that is open."""
    return _Settled(at, claim.letters).truth(whole(claim))


def whole(claim: Claim) -> Claim:
    """Return the body of `almost surely` together with what its terms need to have values."""
    from symlora.claims.statement import definedness  # statements are made of claims

    (body,) = claim.parts
    needed = tuple(dict.fromkeys(definedness(body, ())))
    return plain(Claim("and", (), (*needed, body)) if needed else body)


NORMS = ("norm1", "norm2", "normF", "normInf", "normMax", "normNuc")


def plain(claim: Claim) -> Claim:
    """Return a condition in polynomial words where it has such: a norm is 0 only of 0, ``sigma(M, k) > 0`` is a rank.

    >>> from symlora.claims.statement import read
    >>> str(plain(read("0 < normF(A)", ["A: m x n"]).goal))
    'A != 0'
    """
    kind, terms = claim.kind, claim.terms
    if claim.parts and not claim.letters:
        return Claim(kind, (), tuple(map(plain, claim.parts)))
    if kind == "pd":
        return Claim("and", (), (Claim("psd", terms), Claim("nonsingular", terms)))
    if kind not in ("=", "!=", "<", "<="):
        return claim
    sides = terms if kind != "<=" else terms[::-1]  # M <= 0 and 0 < M, in either order
    if kind in ("=", "!=") and sides[1].kind == "number" and sides[1].data == 0:
        sides = sides[::-1]
    if not (sides[0].kind == "number" and sides[0].data == 0):
        return claim
    inner = sides[1]
    zero = kind in ("=", "<=")
    if inner.kind in NORMS:
        (m,) = inner.args
        nothing = number(0) if m.scalar else Term("zero", (), m.rows, m.cols)
        return Claim("=" if zero else "!=", (m, nothing))
    if inner.kind == "sigma":
        rank = Term("rank", inner.args[:1], ONE, ONE, None, True)
        return Claim("<", (rank, inner.args[1])) if zero else Claim("<=", (inner.args[1], rank))
    return claim


def failing_point(at: Instance, claim: Claim) -> dict[str, Any] | None:
    """Return values of the generic letters at which the body fails or has no value, or None if none was met."""
    for value in points(at, claim.letters):
        try:
            if at.with_matrices(value).truth(claim.parts[0]) is False:
                return value
        except (Undefined, NotRepresentable):
            continue
    return None


def points(at: Instance, letters: tuple[Letter, ...]) -> Iterator[dict[str, Any]]:
    """Yield values for letters, always the same: small integers, then larger and smaller numbers."""
    shapes = [(x.name, at.size(x.rows), at.size(x.cols)) for x in letters]
    if sum(m * n for _, m, n in shapes) > MAX_ENTRIES:
        return
    for place in range(POINTS):
        draw = Random(f"almost {place}")
        most = (2, 3, 9)[place % 3]
        below = 1 if place < POINTS // 2 else (1, 20)[place % 2]
        entries = [fmpq(x, below) for x in range(-most, most + 1) if x]
        yield {name: fmpq_mat(m, n, [draw.choice(entries) for _ in range(m * n)]) for name, m, n in shapes}


class _Settled:
    """Conditions that hold almost everywhere or fail almost everywhere, decided exactly."""

    def __init__(self, at: Instance, letters: tuple[Letter, ...]) -> None:
        self.at, self.letters = at, letters
        self.names = {letter.name for letter in letters}
        self._known: dict[Claim, bool | None] = {}

    def truth(self, claim: Claim) -> bool | None:
        """Return True if a condition holds almost everywhere, False if it fails almost everywhere, None if open."""
        if claim.kind in ("and", "or", "not", "implies", "iff"):
            return connected(claim, self.truth)
        if claim not in self._known:
            try:
                self._known[claim] = self._single(claim)
            except (NotPolynomial, NotRepresentable, Undefined):
                self._known[claim] = None
        return self._known[claim]

    def _single(self, claim: Claim) -> bool | None:
        kind, terms = claim.kind, claim.terms
        if claim.names().isdisjoint(self.names):
            return self.at.truth(claim)
        if kind in ("=", "!=", "<=", "<") and all(counted(term) for term in terms):
            left, right = (self.count(term) for term in terms)
            return {"=": left == right, "!=": left != right, "<=": left <= right, "<": left < right}[kind]
        if kind == "forall" and len(claim.parts) == 1:
            inner = _Settled(self.at, (*self.letters, *claim.letters))
            return inner._single(claim.parts[0]) if claim.parts[0].kind == "=" else None
        if kind == "exists":
            return self._solvable(claim)
        found = self._at_points(claim)
        if found is not None:
            return found
        ring = Indeterminates(self.at, self.letters)
        if kind == "nonsingular":
            m, _ = ring.table(terms[0])
            found = ring.rank(m) == len(m)
        elif kind == "nilpotent":
            m, _ = ring.table(terms[0])
            power = m
            for _ in m[1:]:
                power = ring.multiplied(power, m)
            found = all(x == 0 for row in power for x in row)
        else:
            equal = equations(claim)
            if equal is None:
                return None
            found = all(self._same(ring, left, right) for left, right in equal)
            found = found != (kind == "!=")
        return found if all(p != 0 for p in ring.divisors) else None

    def _at_points(self, claim: Claim) -> bool | None:
        """Settle a condition by points at which its polynomials are not 0, None if none was met: they may be 0."""
        if equations(claim) is None and claim.kind != "nonsingular":
            return None
        if not all(rational(term, self.names) for term in claim.terms):
            return None
        opened = claim.kind in ("!=", "nonsingular")
        for value in islice(points(self.at, self.letters), SAMPLES):
            try:
                if self.at.with_matrices(value).truth(claim) is opened:
                    return opened
            except (Undefined, NotRepresentable):
                continue
        return None

    def _same(self, ring: Indeterminates, left: Term, right: Term | None) -> bool:
        """Return whether two terms are the same function."""
        if right is None:
            m, _ = ring.table(left)
            return all(x == 0 for row in m for x in row)
        (m, p), (n, q) = ring.table(left), ring.table(right)
        pairs = ((x, y) for r, s in zip(m, n, strict=True) for x, y in zip(r, s, strict=True))
        return all(ring.times(x, q) == ring.times(y, p) for x, y in pairs)

    def count(self, term: Term) -> int:
        """Return the value almost everywhere of a term made of ranks and numbers."""
        kind, args = term.kind, term.args
        if letters_in(term).isdisjoint(self.names):
            return self.at.natural(term)
        if kind == "rank":
            best = self._rank_at_points(args[0])
            if best == most_rank(args[0], self.at):
                return best
            ring = Indeterminates(self.at, self.letters)
            m, _ = ring.table(args[0])
            if any(p == 0 for p in ring.divisors):
                raise NotPolynomial("a division by 0")
            return ring.rank(m)
        values = [self.count(part) for part in args]
        if kind == "plus":
            return sum(values)
        if kind == "minus":
            return -values[0]
        if kind == "times":
            out = 1
            for value in values:
                out *= value
            return out
        if kind == "power":
            return int(values[0] ** int(term.data))
        return max(values) if kind == "max" else min(values)

    def _rank_at_points(self, term: Term) -> int:
        """Return the largest rank of a rational term that was met, -1 if there was none."""
        best = -1
        if rational(term, self.names):
            for value in islice(points(self.at, self.letters), SAMPLES):
                try:
                    best = max(best, need_exact(self.at.with_matrices(value).value(term)).rank())
                except (Undefined, NotRepresentable):
                    continue
        return best

    def _solvable(self, claim: Claim) -> bool | None:
        """Decide a system that is affine in what `exists` binds: by ranks over the field of rational functions."""
        from symlora.claims.quantified import equations as conjunction

        body = claim.parts[0] if len(claim.parts) == 1 else Claim("and", (), claim.parts)
        system = conjunction(body)
        if system is None:
            return None
        ring = Indeterminates(self.at, (*claim.letters, *self.letters))
        count = sum(ring.shapes[x.name][0] * ring.shapes[x.name][1] for x in claim.letters)
        rows: list[list[Any]] = []
        for one in system:
            (m, p), (n, q) = (ring.table(term) for term in one.terms)
            for r, s in zip(m, n, strict=True):
                for x, y in zip(r, s, strict=True):
                    row = [ring.zero] * (count + 1)
                    for powers, c in (x * q - y * p).to_dict().items():
                        inside = [j for j in range(count) if powers[j]]
                        if sum(powers[:count]) > 1:
                            return None
                        place = inside[0] if inside else count
                        rest = tuple(0 if j < count else e for j, e in enumerate(powers))
                        row[place] += ring.ring.from_dict({rest: c})
                    rows.append(row)
        if any(p == 0 for p in ring.divisors):
            return None
        return ring.rank([row[:-1] for row in rows]) == ring.rank(rows)


def free(term: Term, generic: set[str]) -> bool:
    """Return whether generic letters occur in a term."""
    return not letters_in(term).isdisjoint(generic)


def rational(term: Term, generic: set[str]) -> bool:
    """Return whether a term is by its form a rational function of the entries of the generic letters."""
    if not free(term, generic):
        return True
    return term.kind in RATIONAL and all(rational(part, generic) for part in term.args)


def most_rank(term: Term, at: Instance) -> int:
    """Return a bound for the rank of a term, by its form."""
    bound = min(at.size(term.rows), at.size(term.cols))
    if term.kind == "times":
        return min([bound, *(most_rank(part, at) for part in term.args if not part.scalar)])
    if term.kind == "plus":
        return min(bound, sum(most_rank(part, at) for part in term.args))
    if term.kind in ("minus", "transpose"):
        return most_rank(term.args[0], at)
    return 0 if term.kind == "zero" else bound


def counted(term: Term) -> bool:
    """Return whether a term is made of ranks, naturals and numbers."""
    if term.kind in ("number", "nat", "rank"):
        return True
    return term.kind in ("plus", "minus", "times", "power", "min", "max") and all(counted(part) for part in term.args)


def equations(claim: Claim) -> list[tuple[Term, Term | None]] | None:
    """Return the equations that a condition says (or denies, for !=): pairs of terms, None standing for 0."""
    kind, terms = claim.kind, claim.terms
    if kind in ("=", "!="):
        return [(terms[0], terms[1])]
    if kind not in ("symmetric", "skew", "orthogonal", "idempotent", "diagonal", "nilpotent"):
        return None
    (m,) = terms
    shape = (m.rows, m.cols)
    flipped = Term("transpose", (m,), m.cols, m.rows)
    if kind == "symmetric":
        return [(flipped, m)]
    if kind == "skew":
        return [(flipped, Term("minus", (m,), *shape))]
    if kind == "orthogonal":
        return [(Term("times", (flipped, m), *shape), Term("eye", (), *shape))]
    if kind == "idempotent":
        return [(Term("times", (m, m), *shape), m)]
    if kind == "diagonal" and m.rows == m.cols:
        return [(m, Term("diagpart", (m,), *shape))]
    return None


def connected(claim: Claim, truth: Any) -> bool | None:
    """Return the truth of a connective from those of its parts, where None is unknown."""
    kind = claim.kind
    if kind == "not":
        inner = truth(claim.parts[0])
        return None if inner is None else not inner
    if kind == "implies":
        first, second = claim.parts
        return connected(Claim("or", (), (Claim("not", (), (first,)), second)), truth)
    values = [truth(part) for part in claim.parts]
    if kind == "iff":
        return None if None in values else values[0] == values[1]
    decisive = kind == "or"
    return decisive if decisive in values else None if None in values else not decisive


def _near(known: _Settled, at: Instance, claim: Claim) -> bool | None:
    """Return the truth of a condition for almost all values near those of an instance, None where that is open."""
    if claim.kind in ("and", "or", "not", "implies", "iff"):
        return connected(claim, lambda part: _near(known, at, part))
    found = known.truth(claim)
    if found is not None:
        return found
    kind = claim.kind
    if kind not in ("=", "!=", "<", "<=", "psd", "pd", "nonneg"):
        return None
    if any(part.kind in JUMPING for term in claim.terms for part in term.walk()):
        return None
    try:
        here = at.truth(claim)
        if here is None:
            return None
        if kind in ("=", "psd", "nonneg"):  # closed conditions: where they fail, they fail around
            return False if here is False else None
        if kind == "!=":
            return True if here is True else None
        if kind == "pd":
            return False if at.truth(Claim("psd", claim.terms)) is False else None
        other = at.truth(Claim("<" if kind == "<=" else "<=", claim.terms))
        return here if other is here else None  # the sides differ, so the order is strict
    except (Undefined, NotRepresentable):
        return None
