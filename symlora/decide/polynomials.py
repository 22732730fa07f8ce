"""Polynomials in the scalar words of a scope, and known equations between them as rewriting rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations

from symlora.kernel import words
from symlora.kernel.naturals import ONE
from symlora.kernel.words import Matrix, Word

Monomial = tuple[Word, ...]
Polynomial = dict[Monomial, Fraction]
MAX_STEPS = 20_000


@dataclass
class Rules:
    """Known equations as rewriting rules of monomials; what was used is the certificate of a reduction."""

    lead: list[tuple[Monomial, Polynomial, str]] = field(default_factory=list)
    weight: dict[Word, int] = field(default_factory=dict)

    def order(self, m: Monomial) -> tuple[int, Monomial]:
        """Return the place of a monomial in an order that products respect."""
        return sum(self.weight.get(loop, _weight(loop)) for loop in m), m

    def add(self, gap: Polynomial, name: str) -> None:
        """Add ``gap = 0`` as a rule for its greatest monomial; a scalar that it defines counts as greater."""
        alone = [m for m in gap if len(m) == 1 and sum(m[0] in other for other in gap) == 1 and m[0] not in self.weight]
        if alone and max(map(len, gap)) > 1:
            defined = min(alone, key=lambda m: (len(m[0]), m))
            self.weight[defined[0]] = 1 + max(self.order(m)[0] for m in gap if m != defined)
        top = max(gap, key=self.order)
        if top:
            c = gap[top]
            self.lead.append((top, {m: x / c for m, x in gap.items()}, name))

    def normal(self, m: Monomial) -> bool:
        """Return whether no rule replaces a monomial."""
        return all(_without(m, top) is None for top, _, _ in self.lead)

    def reduced(self, p: Polynomial) -> tuple[Polynomial, dict[str, Polynomial]]:
        """Return the normal form of p, and for each equation by what it was multiplied and subtracted."""
        rest = dict(p)
        done: Polynomial = {}
        used: dict[str, Polynomial] = {}
        for _ in range(MAX_STEPS):
            if not rest:
                return done, used
            m = max(rest, key=self.order)
            for top, rule, name in self.lead:
                cofactor = _without(m, top)
                if cofactor is not None:
                    c = rest[m]
                    for other, x in rule.items():
                        put(rest, joined(cofactor, other), -c * x)
                    put(used.setdefault(name, {}), cofactor, c)
                    break
            else:
                done[m] = rest.pop(m)
        raise ValueError("expected rules that end, found more steps than allowed")


def _weight(loop: Word) -> int:
    """Return the weight of a scalar: a root weighs as much as what stands under it, so that it is squared away."""
    if len(loop) == 1 and loop[0].head == "sqrt":
        (inner,) = loop[0].args
        return 1 + max((len(loops) for (loops, _), _ in inner.terms), default=1)
    return 2 if len(loop) == 1 and loop[0].head == "inv" else 1


def put(p: Polynomial, m: Monomial, c: Fraction) -> None:
    """Add a multiple of a monomial to a polynomial."""
    total = p.get(m, Fraction(0)) + c
    if total:
        p[m] = total
    else:
        p.pop(m, None)


def joined(a: Monomial, b: Monomial) -> Monomial:
    """Return the product of monomials."""
    return tuple(sorted(a + b))


def _without(m: Monomial, part: Monomial) -> Monomial | None:
    """Return m / part, or None if part does not divide m."""
    rest = list(m)
    for loop in part:
        if loop not in rest:
            return None
        rest.remove(loop)
    return tuple(rest)


def product(p: Polynomial, q: Polynomial) -> Polynomial:
    """Return the product."""
    out: Polynomial = {}
    for m, c in p.items():
        for n, d in q.items():
            put(out, joined(m, n), c * d)
    return out


def polynomial(m: Matrix) -> Polynomial | None:
    """Return a scalar as a polynomial in its scalar words, None if it is no scalar."""
    if m.rows != ONE or m.cols != ONE or any(word for (_, word), _ in m.terms):
        return None
    return {loops: c for (loops, _), c in m.terms}


def matrix(p: Polynomial) -> Matrix:
    """Return a polynomial as a scalar."""
    return words.collect(ONE, ONE, [((m, ()), c) for m, c in p.items()])


def consistent(basis: list[Monomial], goal: Polynomial) -> list[Monomial]:
    """Leave out monomials whose squares nothing can cancel."""
    kept = list(basis)
    while True:
        sums: dict[Monomial, int] = {}
        for a, b in combinations(kept, 2):
            sums[joined(a, b)] = sums.get(joined(a, b), 0) + 1
        smaller = [m for m in kept if joined(m, m) in goal or joined(m, m) in sums]
        if len(smaller) == len(kept):
            return kept
        kept = smaller


class Parity:
    """Classes of monomials modulo squares and the monomials of a support: Gram matrices split by them."""

    def __init__(self, support: list[Monomial]) -> None:
        self.rows: list[set[Word]] = []
        for m in support:
            rest = self._reduced(self._odd(m))
            if rest:
                self.rows.append(rest)

    @staticmethod
    def _odd(m: Monomial) -> set[Word]:
        return {loop for loop in m if m.count(loop) % 2}

    def _reduced(self, odd: set[Word]) -> set[Word]:
        for row in self.rows:
            if max(row) in odd:
                odd = odd ^ row
        return odd

    def coset(self, m: Monomial) -> tuple[Word, ...]:
        """Return what is left of a monomial: the same for two of one class."""
        return tuple(sorted(self._reduced(self._odd(m))))
