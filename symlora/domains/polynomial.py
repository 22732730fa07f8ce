"""Matrices of rational functions at one choice of sizes, all entries of the matrices being indeterminates.

A matrix is numerators over a common denominator, which is kept as a product: each inverse contributes the determinant
that it divides by (``inv(M) = adj(M) / det(M)``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, NamedTuple

from flint import Ordering, fmpq, fmpq_mpoly_ctx
from flint.utils.flint_exceptions import DomainError

from symlora.domains.ground import Graph, Node

Factors = dict[int, int]
"""Exponents of factors, by number."""
MAX_INDETERMINATES = 400
MAX_WORK = 40_000_000
"""How many products of terms may be formed for one answer: a few seconds."""
MAX_EXPONENTS = 500_000_000
"""How many exponents (terms times indeterminates) all products may have together; with `MAX_WORK`, about a gigabyte."""
MAX_INVERTED = 8
"""The largest matrix that is inverted: minors by subsets take size * 2^size products."""
MAX_INSTANCES = 1_000
RATIONAL = ("leaf", "eye", "inclusion", "constant", "sum", "inv", "flip", "product", "multiple", "tr")
"""The operations whose values are rational functions of the entries."""


class TooLarge(ArithmeticError):
    """The polynomials of this question pass a limit, which the message names."""


class NotPolynomial(ArithmeticError):
    """Something is no rational function of the entries, or divides by 0 at this shape."""


@dataclass(frozen=True)
class Limits:
    """Bounds on the work for one answer (see the constants of this module)."""

    indeterminates: int = MAX_INDETERMINATES
    work: int = MAX_WORK
    exponents: int = MAX_EXPONENTS
    inverted: int = MAX_INVERTED
    instances: int = MAX_INSTANCES


class Value(NamedTuple):
    """A matrix of rational functions: numerators, and the factors of their common denominator."""

    rows: list[list[Any]]
    below: Factors


class Polynomials:
    """Values of the nodes of a graph, the entries of the leaves below `roots` being indeterminates.

    Raises `TooLarge` where `limits` are passed and `NotPolynomial` for what is no rational function of the entries.

    >>> graph = Graph()
    >>> a = graph.add("leaf", ("A", ()), 2, 2)
    >>> domain = Polynomials(graph, [a])
    >>> value = domain.value(graph.inverse(a))
    >>> value.rows, [domain.factors[f] for f in value.below]
    ([[x3, -x1], [-x2, x0]], [-x1*x2 + x0*x3])
    """

    def __init__(self, graph: Graph, roots: Sequence[int], limits: Limits | None = None) -> None:
        self.graph = graph
        self.limits = Limits() if limits is None else limits
        self.left, self.room = self.limits.work, self.limits.exponents
        self.first: dict[int, int] = {}
        count = 0
        for position, node in unknowns(graph, roots):
            self.first[position] = count
            count += node.rows * node.cols
        self.count = count
        if count > self.limits.indeterminates:
            raise TooLarge(f"{count} indeterminates, more than {self.limits.indeterminates}")
        self.ring = fmpq_mpoly_ctx.get([f"x{i}" for i in range(count)], Ordering.degrevlex)
        self.names = self.ring.gens()
        self.zero, self.one = self.ring.constant(0), self.ring.constant(1)
        self.factors: list[Any] = []
        self.inverted: dict[int, Factors] = {}
        """The factors of the determinant of what each ``inv`` node inverts."""
        self._values: dict[int, Value] = {}

    def times(self, a: Any, b: Any) -> Any:
        """Return a product of polynomials, counted as work."""
        self.left -= len(a) * len(b)
        if self.left < 0:
            raise TooLarge(f"more than {self.limits.work} products of terms")
        # One product alone could take up all memory before its terms are counted.
        possible = len(a) * len(b) * self.count <= self.limits.exponents
        result = a * b if possible else self.zero
        self.room -= len(result) * self.count
        if self.room < 0 or not possible:
            raise TooLarge(f"polynomials that may have more than {self.limits.exponents} exponents in all")
        return result

    def value(self, node: int) -> Value:
        """Return the value of a node."""
        for one in below(self.graph, [node]):
            if one not in self._values:
                self._values[one] = self._computed(one, self.graph.nodes[one])
        return self._values[node]

    def _computed(self, position: int, node: Node) -> Value:
        kind, args = node.kind, node.args
        if kind == "leaf":
            start = self.first[position]
            return Value([list(self.names[start + i * node.cols : start + (i + 1) * node.cols])
                          for i in range(node.rows)], {})  # fmt: skip
        if kind == "eye" or kind == "inclusion":
            offset = args[0] if args else 0
            return Value([[self.one if i == j + offset else self.zero for j in range(node.cols)]
                          for i in range(node.rows)], {})  # fmt: skip
        if kind == "constant":
            entries = [self.ring.constant(x) for x in args]
            return Value([entries[i * node.cols : (i + 1) * node.cols] for i in range(node.rows)], {})
        if kind == "sum":
            return self._sum(node)
        if kind == "inv":
            return self._inverse(position, node)
        if kind not in RATIONAL:
            raise NotPolynomial(f"{kind} is no rational function of the entries")
        a = self._values[args[0]]
        if kind == "flip":
            return Value([[row[i] for row in a.rows] for i in range(node.rows)], a.below)
        if kind == "tr":
            return Value([[sum((a.rows[i][i] for i in range(len(a.rows))), self.zero)]], a.below)
        b = self._values[args[1]]
        if kind == "multiple":
            rows = [[self.times(a.rows[0][0], x) for x in row] for row in b.rows]
        else:
            rows = self._product(a.rows, b.rows, node.cols)
        return self.lowest(rows, combined(a.below, b.below))

    def _product(self, a: list[list[Any]], b: list[list[Any]], cols: int) -> list[list[Any]]:
        return [[sum((self.times(x, b[k][j]) for k, x in enumerate(row) if x != 0), self.zero) for j in range(cols)]
                for row in a]  # fmt: skip

    def _sum(self, node: Node) -> Value:
        common: Factors = {}
        for _, one in node.args:
            for f, power in self._values[one].below.items():
                common[f] = max(common.get(f, 0), power)
        total = [[self.zero] * node.cols for _ in range(node.rows)]
        for c, one in node.args:
            part = self._values[one]
            scale = self.expanded(combined(common, part.below, -1)) * fmpq(c.numerator, c.denominator)
            for target, row in zip(total, part.rows, strict=True):
                for j, x in enumerate(row):
                    target[j] = target[j] + self.times(scale, x)
        return self.lowest(total, common)

    def expanded(self, powers: Factors) -> Any:
        """Return a product of factors as one polynomial."""
        result = self.one
        for f, power in powers.items():
            for _ in range(power):
                result = self.times(result, self.factors[f])
        return result

    def lowest(self, rows: list[list[Any]], powers: Factors) -> Value:
        """Return the value after cancelling the factors that divide all numerators."""
        kept = dict(powers)
        for f in powers:
            while kept[f]:
                reduced = [[quotient(x, self.factors[f]) for x in row] for row in rows]
                if any(x is None for row in reduced for x in row):
                    break
                rows = reduced
                kept[f] -= 1
        return Value(rows, {f: power for f, power in kept.items() if power})

    def determinant(self, node: int) -> Factors | None:
        """Return the factors of the numerators' determinant, up to a rational factor; None if it is 0."""
        rows = self.value(node).rows
        self._square(len(rows))
        minors = self._minors(rows, len(rows))
        return self.split(minors[tuple(range(len(rows)))])[0]

    def split(self, p: Any) -> tuple[Factors | None, Any]:
        """Return a polynomial as a product of known factors, of a new one if need be, and a rational number."""
        if p == 0:
            return None, fmpq(0)
        powers: Factors = {}
        for f, factor in enumerate(self.factors):
            while not p.is_constant():
                rest = quotient(p, factor)
                if rest is None:
                    break
                p = rest
                powers[f] = powers.get(f, 0) + 1
        if not p.is_constant():
            powers[len(self.factors)] = 1
            self.factors.append(p)
            return powers, fmpq(1)
        return powers, p.leading_coefficient()

    def _square(self, size: int) -> None:
        if size > self.limits.inverted:
            raise TooLarge(f"the determinant of a {size} x {size} matrix, larger than {self.limits.inverted}")

    def _minors(self, rows: list[list[Any]], cols: int) -> dict[tuple[int, ...], Any]:
        """Return the minors on all `rows`, by the columns chosen: expansion along one row after another."""
        found: dict[tuple[int, ...], Any] = {(): self.one}
        for i, row in enumerate(rows):
            found = {
                chosen: sum((self.times(row[c] if (i - k) % 2 == 0 else -row[c], found[chosen[:k] + chosen[k + 1 :]])
                             for k, c in enumerate(chosen) if row[c] != 0), self.zero)
                for chosen in combinations(range(cols), i + 1)
            }  # fmt: skip
        return found

    def _inverse(self, position: int, node: Node) -> Value:
        a, size = self._values[node.args[0]], node.rows
        self._square(size)
        adjugate = [[self.zero] * size for _ in range(size)]
        for i in range(size):
            minors = self._minors(a.rows[:i] + a.rows[i + 1 :], size)
            for j in range(size):
                minor = minors[(*range(j), *range(j + 1, size))]
                adjugate[j][i] = minor if (i + j) % 2 == 0 else -minor
        first = [self.times(a.rows[0][j], adjugate[j][0]) for j in range(size)] if size else [self.one]
        powers, number = self.split(sum(first, self.zero))
        if powers is None:
            raise NotPolynomial("inv of a matrix that is singular whatever its entries are")
        self.inverted[position] = powers
        # inv(N / d) = d adj(N) / det(N), where d and det(N) may share factors.
        balance = combined(powers, a.below, -1)
        above = self.expanded({f: -power for f, power in balance.items() if power < 0})
        scale = above * (1 / number)
        rows = [[self.times(scale, x) for x in row] for row in adjugate]
        return self.lowest(rows, {f: power for f, power in balance.items() if power > 0})


def below(graph: Graph, roots: Sequence[int]) -> list[int]:
    """Return `roots` and all nodes on which they depend, in an order in which arguments come first."""
    found: set[int] = set()
    waiting = list(roots)
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += graph.arguments(node)
    return sorted(found)


def unknowns(graph: Graph, roots: Sequence[int]) -> list[tuple[int, Node]]:
    """Return the leaves on which `roots` depend, with their positions."""
    return [(n, graph.nodes[n]) for n in below(graph, roots) if graph.nodes[n].kind == "leaf"]


def combined(a: Factors, b: Factors, sign: int = 1) -> Factors:
    """Return the exponents of a product, or of a quotient for ``sign = -1``.

    >>> combined({0: 1}, {0: 1, 1: 2}), combined({0: 1}, {1: 2}, -1)
    ({0: 2, 1: 2}, {0: 1, 1: -2})
    """
    result = dict(a)
    for f, power in b.items():
        result[f] = result.get(f, 0) + sign * power
    return result


def quotient(a: Any, b: Any) -> Any | None:
    """Return ``a / b``, None where `b` does not divide `a`."""
    try:
        return a / b
    except DomainError:
        return None


def never_zero(p: Any) -> bool:
    """Return True if a polynomial evidently has no real zero: even powers, coefficients of one sign, a constant.

    >>> x, y = fmpq_mpoly_ctx.get(["x", "y"], Ordering.degrevlex).gens()
    >>> never_zero(x**2 + 3*y**4 + 1), never_zero(x**2 + y**2)
    (True, False)
    """
    exponents, signs = p.monoms(), {c > 0 for c in p.coeffs()}
    even = all(power % 2 == 0 for powers in exponents for power in powers)
    return even and len(signs) == 1 and any(not any(powers) for powers in exponents)


def without(p: Any, factors: Sequence[Any]) -> Any:
    """Return what is left of `p` after dividing by these factors as often as possible."""
    for factor in factors:
        while not p.is_constant() and (rest := quotient(p, factor)) is not None:
            p = rest
    return p
