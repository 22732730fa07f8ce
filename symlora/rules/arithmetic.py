"""Search for proofs of inequalities between naturals; the answer is data for an independent checker.

A goal ``p >= 0`` is proved by an identity ``scale * p = sum(multiplier * hypothesis) + rest`` in which scale > 0, and
the multipliers of inequalities and the rest have coefficients >= 0 and mention naturals only, so that they are >= 0 at
every point; multipliers of equations are arbitrary. With multipliers of bounded degree the search for the coefficients
is a linear program (Handelman, "Representing polynomials by positive linear functions on compact convex polyhedra",
Pacific J. Math. 132, 1988), here solved exactly.

Nothing here rounds: from 2*x >= 1 it does not conclude x >= 1. A product of two hypotheses is not a multiplier either:
(a-1)*(b-1) >= 0 is found from a >= 1 and b >= 1 only once a difference such as a-1 has a name of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import gcd
from typing import TypeAlias

from symlora.rules import simplex

Monomial: TypeAlias = tuple[str, ...]
Poly: TypeAlias = dict[Monomial, int]
_Rows: TypeAlias = dict[Monomial, dict[int, int]]


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A named fact ``polynomial >= 0``, or ``polynomial == 0`` where ``equation`` is true."""

    name: str
    polynomial: Poly
    equation: bool


@dataclass(frozen=True, slots=True)
class NatProof:
    """The identity ``scale * goal = sum(multiplier * hypothesis named) + rest`` described at the top of the module."""

    scale: int
    multipliers: tuple[tuple[Poly, str], ...]
    rest: Poly


@dataclass(frozen=True, slots=True)
class NotProved:
    """No certificate was found; this says nothing about the truth of the goal.

    ``tried`` has one line for each attempt. ``exhausted`` is true where no limit on the number of products or pivots
    was met, so that no certificate exists with products of hypotheses and monomials up to the degrees in ``tried``.
    """

    tried: tuple[str, ...]
    exhausted: bool


@dataclass(frozen=True, slots=True)
class Limits:
    """How far one search goes: degrees above those met in goal and hypotheses, and products and pivots per attempt."""

    extra_degree: int = 1
    max_products: int = 300
    max_pivots: int = 300


DEFAULT_LIMITS = Limits()


def prove_nonnegative(
    goal: Poly,
    hypotheses: Sequence[Hypothesis],
    natural: Callable[[str], bool],
    limits: Limits = DEFAULT_LIMITS,
) -> NatProof | NotProved:
    """Return a certificate that ``goal >= 0`` wherever the hypotheses hold, or ``NotProved``.

    A monomial is the sorted tuple of its atoms, with repetition; ``()`` is the constant. ``natural(atom)`` tells which
    atoms are known to be >= 0. The answer depends on the order of the hypotheses, not on the order inside the
    polynomials. Raises ValueError if two hypotheses have the same name.

    >>> upper = Hypothesis("hi", {("L",): 1, ("l",): -1}, equation=False)
    >>> prove_nonnegative({("L", "R"): 1, ("R", "l"): -1}, [upper], natural=lambda atom: True)
    NatProof(scale=1, multipliers=(({('R',): 1}, 'hi'),), rest={})
    """
    if len({h.name for h in hypotheses}) != len(hypotheses):
        raise ValueError("two hypotheses have the same name")
    search = _Search({m: c for m, c in sorted(goal.items()) if c}, natural, limits)
    needs = search.needs(search.goal)
    if not needs:
        return NatProof(1, (), search.goal)
    for h in hypotheses:
        proof = search.one(h, needs[0])
        if proof is not None:
            return proof
    return search.run([Hypothesis(h.name, _ordered(h.polynomial), h.equation) for h in hypotheses])


def contradiction(
    hypotheses: Sequence[Hypothesis], natural: Callable[[str], bool], limits: Limits = DEFAULT_LIMITS
) -> NatProof | NotProved:
    """Return a certificate of ``-1 >= 0``: the hypotheses hold nowhere. Arguments as for ``prove_nonnegative``.

    >>> facts = [Hypothesis("lo", {("l",): 1, (): -1}, False), Hypothesis("zero", {("l",): -1}, False)]
    >>> contradiction(facts, natural=lambda atom: True)
    NatProof(scale=1, multipliers=(({(): 1}, 'lo'), ({(): 1}, 'zero')), rest={})
    """
    return prove_nonnegative({(): -1}, hypotheses, natural, limits)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """Which products to combine: those whose multiplier and whose own degree stay below the bounds.

    With ``inside``, only those whose monomials divide monomials of the goal: few also where the degree is high.
    """

    what: str
    hypotheses: list[Hypothesis]
    multiplier_degree: int
    degree: int
    inside: bool


class _Search:
    """One goal, with what is known of its atoms."""

    def __init__(self, goal: Poly, natural: Callable[[str], bool], limits: Limits) -> None:
        self.goal = goal
        self.limits = limits
        self._natural = natural
        self._known: dict[Monomial, bool] = {(): True}

    def positive(self, monomial: Monomial) -> bool:
        """Whether every atom is a natural."""
        known = self._known.get(monomial)
        if known is None:
            known = all(map(self._natural, monomial))
            self._known[monomial] = known
        return known

    def needs(self, poly: Poly) -> list[Monomial]:
        """The monomials of ``poly`` that keep it from being >= 0 syntactically."""
        return [m for m, c in poly.items() if c < 0 or not self.positive(m)]

    def divides_goal(self, monomial: Monomial) -> bool:
        """Whether some monomial of the goal is a multiple of this one."""
        return any(_divide(m, monomial) is not None for m in self.goal)

    def one(self, h: Hypothesis, needed: Monomial) -> NatProof | None:
        """A proof by one hypothesis times a number, chosen to cancel the monomial ``needed`` exactly."""
        offered = h.polynomial.get(needed, 0)
        wanted = self.goal[needed]
        if not offered or (not h.equation and offered * wanted < 0):
            return None
        common = gcd(offered, wanted)
        scale, number = abs(offered) // common, wanted // common * (1 if offered > 0 else -1)
        rest = {m: scale * c for m, c in self.goal.items()}
        _add(rest, h.polynomial, (), -number)
        return None if self.needs(rest) else NatProof(scale, (({(): number}, h.name),), _ordered(rest))

    def run(self, hypotheses: list[Hypothesis]) -> NatProof | NotProved:
        """Attempts of growing cost: numbers as multipliers, then monomials, then unconnected hypotheses too."""
        near = _connected(self.goal, hypotheses)
        own = max(map(len, self.goal))
        degree = max([own, *(len(m) for h in near for m in h.polynomial)])
        attempts = [_Attempt("numbers as multipliers", near, 0, degree, inside=False)]
        if own > 1:
            attempts.append(_Attempt("products inside the goal", near, own, own, inside=True))
        for top in range(max(degree, 1), degree + self.limits.extra_degree + 1):
            attempts.append(_Attempt(f"products of degree <= {top}", near, top, top, inside=False))
        if len(near) < len(hypotheses):
            # Facts that contradict each other prove anything: times the negative monomials of the goal.
            top = own + max(len(m) for h in hypotheses for m in h.polynomial or [()])
            attempts.append(_Attempt(f"products of degree <= {top}", hypotheses, top, top, inside=False))
        tried: list[str] = []
        exhausted = True
        before: list[tuple[str, Monomial]] | None = None
        for attempt in attempts:
            products, complete = self.products(attempt)
            exhausted = exhausted and complete
            now = [(attempt.hypotheses[number].name, factor) for number, factor in products]
            if now == before:
                continue
            before = now
            answer = self.combine(attempt.hypotheses, products)
            if isinstance(answer, NatProof):
                return answer
            reason, decided = answer
            exhausted = exhausted and decided
            size = f"{len(products)} products{'' if complete else ', cut short'}"
            tried.append(f"{attempt.what}, {len(attempt.hypotheses)} hypotheses: {size}; {reason}")
        return NotProved(tuple(tried), exhausted)

    def products(self, attempt: _Attempt) -> tuple[dict[tuple[int, Monomial], Poly], bool]:
        """Products of hypothesis number and monomial that can help, and whether all of them fitted the limit.

        A product helps if it has a term of the sign wanted at a monomial that the goal, or a product already taken,
        leaves negative. Dropping all others from a certificate leaves a certificate, so none is lost.
        """
        hypotheses = attempt.hypotheses
        found: dict[tuple[int, Monomial], Poly] = {}
        queue = self.needs(self.goal)
        queued = dict.fromkeys(queue)
        degrees = [max(map(len, h.polynomial), default=0) for h in hypotheses]
        for needed in queue:
            both = not self.positive(needed)
            for number, h in enumerate(hypotheses):
                room = min(attempt.multiplier_degree, attempt.degree - degrees[number])
                for term, c in h.polynomial.items():
                    if len(needed) - len(term) > room or not (c < 0 or both or h.equation):
                        continue
                    factor = _divide(needed, term)
                    if factor is None or (number, factor) in found or not (h.equation or self.positive(factor)):
                        continue
                    product: Poly = {}
                    _add(product, h.polynomial, factor, 1)
                    if attempt.inside and not all(map(self.divides_goal, product)):
                        continue
                    if len(found) == self.limits.max_products:
                        return found, False
                    found[number, factor] = product
                    for m, value in product.items():
                        if m not in queued and (value > 0 or h.equation or not self.positive(m)):
                            queued[m] = None
                            queue.append(m)
        return found, True

    def combine(
        self, hypotheses: list[Hypothesis], products: dict[tuple[int, Monomial], Poly]
    ) -> NatProof | tuple[str, bool]:
        """A certificate from these products, or why there is none and whether that is certain."""
        keys = list(products)
        free = [hypotheses[number].equation for number, _ in keys]
        rows: _Rows = {m: {} for m in self.goal}
        for j, product in enumerate(products.values()):
            for m, c in product.items():
                rows.setdefault(m, {})[j] = c
        alone = self.reduce(rows, free, products)
        if alone is not None:
            return f"nothing offsets the term {self.goal[alone]}*{'*'.join(alone) or '1'}", True
        names = list(rows)
        answer = simplex.solve(
            [rows[m] for m in names],
            [self.goal.get(m, 0) for m in names],
            [not self.positive(m) for m in names],
            free,
            self.limits.max_pivots,
        )
        if isinstance(answer, simplex.Infeasible):
            return f"no combination ({len(names)} monomials)", True
        if isinstance(answer, simplex.Stopped):
            return f"stopped after {answer.pivots} pivots", False
        rest = {m: answer.denominator * c for m, c in self.goal.items()}
        multipliers: dict[int, Poly] = {}
        for j, value in answer.values.items():
            number, factor = keys[j]
            multipliers.setdefault(number, {})[factor] = value
            _add(rest, products[keys[j]], (), -value)
        cited = tuple((multipliers[i], hypotheses[i].name) for i in sorted(multipliers))
        return NatProof(answer.denominator, cited, _ordered(rest))

    def reduce(self, rows: _Rows, free: list[bool], products: dict[tuple[int, Monomial], Poly]) -> Monomial | None:
        """Strike out products that no other can complement, then rows that always hold.

        Returns a monomial of the goal that nothing offsets, if there is one.
        """
        columns = list(products.values())
        queue = dict.fromkeys(rows)
        while queue:
            m, _ = queue.popitem()
            row, wanted, exact = rows[m], self.goal.get(m, 0), not self.positive(m)
            lower = any(c < 0 or free[j] for j, c in row.items())
            upper = any(c > 0 or free[j] for j, c in row.items())
            if (wanted < 0 and not lower) or (exact and wanted > 0 and not upper):
                return m
            lonely = wanted == 0 and len(row) == 1 and exact
            if lonely or (wanted <= 0 and not lower) or (exact and wanted >= 0 and not upper):
                for j in list(row):
                    for other in columns[j]:
                        del rows[other][j]
                        queue[other] = None
        for m in list(rows):
            binding = any(c > 0 or free[j] or not self.positive(m) for j, c in rows[m].items())
            if not binding and self.goal.get(m, 0) >= 0:
                del rows[m]
        return None


def _ordered(poly: Poly) -> Poly:
    return {m: c for m, c in sorted(poly.items()) if c}


def _add(total: Poly, poly: Poly, factor: Monomial, number: int) -> None:
    """Add ``number * factor * poly`` to ``total`` in place."""
    for m, c in poly.items():
        product = tuple(sorted(m + factor)) if factor else m
        value = total.get(product, 0) + number * c
        if value:
            total[product] = value
        else:
            total.pop(product, None)


def _divide(monomial: Monomial, by: Monomial) -> Monomial | None:
    """The quotient of two monomials, or None if it is not one."""
    rest = list(monomial)
    for atom in by:
        if atom not in rest:
            return None
        rest.remove(atom)
    return tuple(rest)


def _connected(goal: Poly, hypotheses: list[Hypothesis]) -> list[Hypothesis]:
    """The hypotheses linked to the goal by shared atoms, and those without atoms; all if the goal has no atoms."""
    reached = {atom for m in goal for atom in m}
    if not reached:
        return hypotheses
    atoms = [{atom for m in h.polynomial for atom in m} for h in hypotheses]
    inside = [not mine for mine in atoms]
    growing = True
    while growing:
        growing = False
        for i, mine in enumerate(atoms):
            if not inside[i] and not reached.isdisjoint(mine):
                inside[i] = growing = True
                reached |= mine
    return [h for i, h in enumerate(hypotheses) if inside[i]]
