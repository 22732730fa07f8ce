"""Equations at one choice of sizes, all entries of the matrices being indeterminates.

An equation whose sides agree as rational functions holds for all real matrices of these sizes at which what is inverted
is nonsingular. ``inv`` is total in the kernel, so the givens have to promise that; an identity whose inverses they do
not protect is not called true here.

This decides one shape. It says nothing about any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from typing import Any, Literal

from flint import fmpq_mat

from symlora.domains.ground import Graph, Indices, Instance, Node, Scope, Unassigned, Unmeasured
from symlora.domains.polynomial import (
    RATIONAL,
    Limits,
    NotPolynomial,
    Polynomials,
    TooLarge,
    below,
    combined,
    never_zero,
    quotient,
    unknowns,
    without,
)
from symlora.domains.rational import Model, NaturalFamily
from symlora.domains.sampling import GIVEN_BEYOND
from symlora.domains.setup import Setup
from symlora.domains.values import NotRepresentable, Rows, fractions
from symlora.kernel.facts import Fact

State = Literal["holds", "fails", "not-applicable", "too-large"]
POINTS = 60
"""How many integer points are tried for a witness against an equation whose sides differ."""
SCREENED = 5
"""How many are tried before any polynomial is formed."""
UNUSUAL = {"norm2": "a norm", "sigma": "a singular value", "sqrt": "a root", "rank": "a rank",
           "projector": "a projector on singular vectors", "vectors": "a matrix of singular vectors",
           "factor": "a factor of a matrix by its rank", "null": "a vector that a matrix sends to 0",
           "complement": "a complement of columns", "gram": "a factor of a semidefinite matrix"}  # fmt: skip
"""What the other operations give, in words."""


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


def decide_equation(setup: Setup, fact: Fact, sizes: Mapping[str, int],
                    families: Mapping[str, NaturalFamily] | None = None, limits: Limits | None = None,
                    seed: int = 0) -> Decided:  # fmt: skip
    """Return whether an equation, or ``nonsingular(M)``, follows from the givens at these sizes, as far as polynomials
    show. M is nonsingular where every factor of its determinant divides one of a given.

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
    if fact.body.kind not in ("=", "nonsingular"):
        kind = fact.body.kind
        return Decided("not-applicable", shape, f"{kind!r} is neither an equation between matrices nor nonsingular")
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
        self.protected: set[int] = set()
        """The factors that have no zero where the givens hold."""
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
            raise NotPolynomial(f"{strange[0]}, {UNUSUAL[strange[0]]}, is no rational function of the entries")
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
        determinants = [self.domain.determinant(one.nodes[0]) for one in self.instances if one.kind == "nonsingular"]
        if None in determinants:
            return self._witness(POINTS) or self._open("the determinant is 0 for all entries")
        if self.cut:
            return self._open(f"the range of {', '.join(self.cut)} has no upper bound")
        unprotected = self._unprotected()
        if unprotected:
            return self._open(unprotected)
        if any(found is not None and not found.keys() <= self.protected for found in determinants):
            why = "the determinant is a polynomial that the givens do not show to be nonzero"
            return self._witness(POINTS) or self._open(why)
        return self._decided("holds", assumed=self._coordinates())

    def _below(self) -> list[tuple[int, Node]]:
        """Return the nodes of the sides that are not the same anyway, with their positions."""
        whole = [one for one in self.instances if one.kind == "nonsingular" or len(set(one.nodes)) > 1]
        roots = [n for one in whole for n in one.nodes]
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
        self.protected = protected = self._closed(protected)
        if self._exists([n for n, _ in self._below()], protected):
            return ""
        if skipped:
            raise TooLarge(skipped)
        return "the fact holds where all inverses exist, but the givens do not show that they do"

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
                         or without(p, [factors[q] for q in sorted(known)]).is_constant())}  # fmt: skip
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
            return self._decided("fails", at=result.at, left=result.left, right=_rows(result.right), witness=witness,
                                 assumed=far)  # fmt: skip
        return None

    def _model(self, draw: Random, most: int) -> Model:
        """Return the model with small random integers as entries."""
        return Model(self.setup, self.sizes, self.families,
                     leaf=lambda _name, _at, rows, cols: _integers(draw, most, rows, cols))  # fmt: skip


def _rows(value: Any) -> Rows:
    """Return the second side, for ``nonsingular`` the determinant."""
    return value if isinstance(value, tuple) else ((value,),)


def _integers(draw: Random, most: int, rows: int, cols: int) -> Any:
    return fmpq_mat(rows, cols, [draw.randint(-most, most) for _ in range(rows * cols)])
