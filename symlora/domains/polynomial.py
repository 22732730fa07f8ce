"""Equations at one choice of sizes, all entries of the matrices being indeterminates.

A matrix is numerators over a common denominator, which is kept as a product: each inverse contributes the determinant
that it divides by (``inv(M) = adj(M) / det(M)``). An equation whose numerators agree as polynomials holds for all real
matrices of these sizes at which what is inverted is nonsingular. ``inv`` is total in the kernel, so the givens have to
promise that; an identity whose inverses they do not protect is not called true here.

This decides one shape. It says nothing about any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from random import Random
from typing import Any, Literal, NamedTuple

from flint import Ordering, fmpq, fmpq_mat, fmpq_mpoly_ctx
from flint.utils.flint_exceptions import DomainError

from symlora.domains.ground import Graph, Indices, Instance, Node, Scope, Unassigned, Unmeasured
from symlora.domains.rational import Model, NaturalFamily
from symlora.domains.sampling import GIVEN_BEYOND
from symlora.domains.setup import Setup
from symlora.domains.values import NotRepresentable, Rows, fractions
from symlora.kernel.facts import Fact

State = Literal["holds", "fails", "not-applicable", "too-large"]
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
POINTS = 60
"""How many integer points are tried for a witness against an equation whose sides differ."""
SCREENED = 5
"""How many are tried before any polynomial is formed."""
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


@dataclass(frozen=True)
class Decided:
    """What became of an equation at one shape.

    ``holds``: identical, and the givens protect every inverse in it. ``fails``: false in the model `witness` (rows by
    member), which satisfies the givens; `at` is the value of its range there, `left` and `right` its sides.
    ``not-applicable`` and ``too-large``: undecided, `reason` says why. `instances` and `indeterminates` say how much
    was looked at, `assumed` lists what the answer takes for granted besides the statement.
    """

    state: State
    sizes: dict[str, int]
    reason: str = ""
    instances: int = 0
    indeterminates: int = 0
    at: Indices = ()
    left: Rows = ()
    right: Rows = ()
    witness: dict[str, Rows] = field(default_factory=dict)
    assumed: tuple[str, ...] = ()

    @property
    def evidence(self) -> str:
        """Return ``proved-at-shape`` if the equation is shown for all matrices of these sizes, else the state."""
        return "proved-at-shape" if self.state == "holds" and not self.assumed else self.state


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


def decide_equation(setup: Setup, fact: Fact, sizes: Mapping[str, int],
                    families: Mapping[str, NaturalFamily] | None = None, limits: Limits | None = None,
                    seed: int = 0) -> Decided:  # fmt: skip
    """Return whether an equation between matrices follows from the givens at these sizes, as far as polynomials show.

    `sizes` gives every natural variable, `families` every family of naturals. Givens other than ``nonsingular(…)`` are
    not used to show the equation; a witness against it satisfies them all. Raises `ValueError` for a negative size and
    `Unassigned` for a missing one.

    >>> from symlora.domains.setup import read_setup
    >>> square = [{"matrix": name, "index": [], "shape": ["n", "n"]} for name in "AB"]
    >>> regular = [{"given": name, "fact": f"nonsingular({name})"} for name in "AB"]
    >>> setup = read_setup([{"natural": "n"}, *square, *regular])
    >>> decide_equation(setup, setup.context.read("inv(A*B) = inv(B)*inv(A)"), {"n": 2}).evidence
    'proved-at-shape'
    >>> found = decide_equation(setup, setup.context.read("inv(A*B) = inv(A)*inv(B)"), {"n": 2})
    >>> found.state, sorted(found.witness)
    ('fails', ['A', 'B'])
    """
    shape = dict(sizes)
    if any(value < 0 for value in shape.values()):
        raise ValueError("a size is negative")
    if fact.body.kind != "=":
        return Decided("not-applicable", shape, f"the fact is no equation between matrices but {fact.body.kind!r}")
    try:
        return _Question(setup, fact, shape, families or {}, limits or Limits(), seed).answer()
    except TooLarge as error:
        return Decided("too-large", shape, str(error))
    except (NotPolynomial, Unmeasured) as error:
        return Decided("not-applicable", shape, str(error))


class _Question:
    """One call of `decide_equation`."""

    def __init__(self, setup: Setup, fact: Fact, sizes: dict[str, int], families: Mapping[str, NaturalFamily],
                 limits: Limits, seed: int) -> None:  # fmt: skip
        self.setup, self.fact, self.sizes, self.families, self.seed = setup, fact, sizes, families, seed
        self.graph = Graph()
        largest = max(sizes.values(), default=0)
        self.scope = Scope(self.graph, self._natural, largest, setup.definitions)
        self.cut: list[str] = []
        self.instances = self._listed(fact, self.cut, limits)
        self.others: list[str] = []
        """Givens that restrict the entries in other ways than by ``nonsingular``."""
        self.false = ""
        self.regular = dict(self._givens(limits))
        roots = [n for found in self.instances for n in found.nodes]
        self.roots, self.limits = roots + list(self.regular), limits
        self.count = sum(n.rows * n.cols for _, n in unknowns(self.graph, self.roots))

    @cached_property
    def domain(self) -> Polynomials:
        return Polynomials(self.graph, self.roots, self.limits)

    def _natural(self, name: str, indices: Indices) -> int:
        if not indices and name in self.sizes:
            return self.sizes[name]
        family = self.families.get(name)
        if family is None:
            raise Unassigned(name, indices)
        return family(indices) if callable(family) else family.get(indices, 0)

    def _listed(self, fact: Fact, cut: list[str], limits: Limits) -> list[Instance]:
        found = []
        for one in self.scope.instances(fact, cut):
            found.append(one)
            if len(found) > limits.instances:
                raise TooLarge(f"more than {limits.instances} values in the range of a fact")
        return found

    def _givens(self, limits: Limits) -> Iterator[tuple[int, str]]:
        """Yield what the givens say to be nonsingular, with their names; take note of the others."""
        for name, given in self.setup.givens.items():
            if name in self.setup.made:
                continue
            try:
                instances = self._listed(given, [], limits)
            except Unmeasured:
                self.others.append(name)
                continue
            for one in instances:
                if one.kind == "nonsingular":
                    yield one.nodes[0], name
                elif not one.nodes and not one.true:
                    self.false = name
                elif one.nodes and len(set(one.nodes)) == len(one.nodes) and name not in self.others:
                    self.others.append(name)

    def answer(self) -> Decided:
        if self.false:
            return self._open(f"the given {self.false} is false at these sizes")
        strange = [node.kind for n, node in self._below() if node.kind not in RATIONAL]
        if strange:
            raise NotPolynomial(f"{strange[0]} is no rational function of the entries")
        # Most false equations fail at once, also those whose polynomials are out of reach.
        early = self._witness(SCREENED)
        if early is not None:
            return early
        # Determinants that givens name make denominators split, so they come first.
        for node in self.regular:
            if self.graph.nodes[node].kind == "leaf" and self.graph.nodes[node].rows <= self.limits.inverted:
                self.domain.determinant(node)
        for one in self.instances:
            if len(set(one.nodes)) > 1 and self._differ(*one.nodes):
                return self._witness(POINTS) or self._open(self._no_witness())
        if self.cut:
            return self._open(f"the range of {', '.join(self.cut)} has no upper bound")
        unprotected = self._unprotected()
        if unprotected:
            return self._open(unprotected)
        return self._decided("holds", assumed=self._coordinates())

    def _below(self) -> list[tuple[int, Node]]:
        """Return the nodes of the sides that are not the same anyway, with their positions."""
        roots = [n for one in self.instances if len(set(one.nodes)) > 1 for n in one.nodes]
        return [(n, self.graph.nodes[n]) for n in below(self.graph, roots)]

    def _decided(self, state: State, **more: Any) -> Decided:
        return Decided(state, self.sizes, instances=len(self.instances), indeterminates=self.count, **more)

    def _open(self, reason: str) -> Decided:
        return self._decided("not-applicable", reason=reason)

    def _differ(self, left: int, right: int) -> bool:
        a, b = self.domain.value(left), self.domain.value(right)
        above = [self.domain.expanded({f: p for f, p in combined(x.below, y.below, -1).items() if p > 0})
                 for x, y in ((b, a), (a, b))]  # fmt: skip
        return any(self.domain.times(x, above[0]) != self.domain.times(y, above[1])
                   for row, other in zip(a.rows, b.rows, strict=True)
                   for x, y in zip(row, other, strict=True))  # fmt: skip

    def _coordinates(self) -> tuple[str, ...]:
        used = any(self.graph.nodes[n].kind == "inclusion" for n in below(self.graph, self.roots))
        return ("a split is the one into first and last coordinates",) if used else ()

    def _unprotected(self) -> str:
        """Return why the givens leave open whether some inverse of the equation exists, '' if they do not."""
        domain = self.domain
        waiting, skipped = dict(self.regular), ""
        protected = self._closed(set())
        while waiting:
            left = {}
            for node, name in waiting.items():
                try:
                    found = domain.determinant(node)
                except NotPolynomial:
                    continue
                except TooLarge as error:
                    skipped = f"to use the given {name} would take {error}"
                    continue
                if not self._exists([node], protected):
                    left[node] = name
                elif found is None:
                    return f"the given {name} holds for no matrices of these sizes"
                else:
                    protected = self._closed(protected | found.keys())
            if len(left) == len(waiting):
                break
            waiting = left
        protected = self._closed(protected)
        if self._exists([n for n, _ in self._below()], protected):
            return ""
        if skipped:
            raise TooLarge(skipped)
        return "the sides agree where all inverses exist, but the givens do not show that they do"

    def _exists(self, nodes: Sequence[int], protected: set[int]) -> bool:
        """Return whether everything that is inverted on the way to these nodes is nonsingular."""
        inverted = self.domain.inverted
        return all(inverted.get(n, {}).keys() <= protected for n in below(self.graph, nodes))

    def _closed(self, protected: set[int]) -> set[int]:
        """Return the factors that have no zero where the `protected` ones have none, as far as divisions show it."""
        factors = self.domain.factors
        known = set(protected)
        while True:
            more = {f for f, p in enumerate(factors) if f not in known
                    and (never_zero(p) or any(quotient(factors[q], p) is not None for q in sorted(known))
                         or _without(p, [factors[q] for q in sorted(known)]).is_constant())}  # fmt: skip
            if not more:
                return known
            known |= more

    def _no_witness(self) -> str:
        if self.others:
            return ("the sides differ as polynomials, but the givens restrict the entries in other ways: "
                    + ", ".join(self.others))  # fmt: skip
        return "the sides differ as polynomials, but no witness that satisfies the givens was found"

    def _witness(self, points: int) -> Decided | None:
        """Return the refutation by an integer point that satisfies the givens, computed anew in an exact model."""
        draw = Random(f"polynomial {self.seed}")
        for attempt in range(points):
            most = 1 + attempt // 10
            model = self._model(draw, most)
            try:
                result = model.holds(self.fact)
                if result.true or result.undefined:
                    continue
                givens = [g for name, g in self.setup.givens.items() if name not in self.setup.made]
                checks = [model.holds(g, GIVEN_BEYOND) for g in givens]
                if not all(c.true and not c.undefined and not c.open for c in checks):
                    continue
            except NotRepresentable:
                continue
            witness = {name + (f"[{', '.join(map(str, at))}]" if at else ""): fractions(m)
                       for (name, at), m in model.leaves().items()}  # fmt: skip
            cut = list(dict.fromkeys(name for c in checks for name in c.cut))
            far = (f"givens hold for {', '.join(cut)} beyond the sizes, where no entries were chosen",) if cut else ()
            return self._decided("fails", at=result.at, left=result.left, right=result.right, witness=witness,
                                 assumed=far)  # fmt: skip
        return None

    def _model(self, draw: Random, most: int) -> Model:
        """Return the model with small random integers as entries."""
        return Model(self.setup, self.sizes, self.families,
                     leaf=lambda _name, _at, rows, cols: _integers(draw, most, rows, cols))  # fmt: skip


def _without(p: Any, factors: Sequence[Any]) -> Any:
    """Return what is left of `p` after dividing by these factors as often as possible."""
    for factor in factors:
        while not p.is_constant() and (rest := quotient(p, factor)) is not None:
            p = rest
    return p


def _integers(draw: Random, most: int, rows: int, cols: int) -> Any:
    return fmpq_mat(rows, cols, [draw.randint(-most, most) for _ in range(rows * cols)])
