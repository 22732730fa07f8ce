"""Exact models over the rational numbers: naturals, total families of matrices, and total functions.

Whatever a model does not prescribe is filled with seeded junk: members of a family out of range, ``inv`` of a singular
matrix, ``sqrt`` of a negative number, ``sigma`` number 0; they still are functions of their arguments. A derivation
that quietly relies on one shows up as a fact that fails. Irrational roots are algebraic
numbers, compared exactly (`symlora.domains.values`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

from flint import fmpq, fmpq_mat

from symlora.domains import values as exactly
from symlora.domains.ground import BEYOND, Graph, Indices, Instance, Node, Scope, Unassigned
from symlora.domains.setup import Setup
from symlora.domains.spectrum import (
    columns,
    complement,
    identity,
    inclusion,
    null_space,
    rank_factors,
    right_singular,
    singular_value,
    square_factor,
    unit_vector,
)
from symlora.domains.values import Rows, fractions, is_exact, need_exact, negative_direction
from symlora.kernel.facts import Fact
from symlora.kernel.words import Matrix

NUMBER = re.compile(r"-?[0-9]{1,1000}(/0*[1-9][0-9]{0,1000})?")
NaturalFamily = Mapping[Indices, int] | Callable[[Indices], int]
TURNED = ("projector", "vectors")
Leaf = Callable[[str, Indices, int, int], Any]
"""Name, indices, rows and columns to an exact matrix (python-flint's ``fmpq_mat``)."""


def exact(rows: Sequence[Sequence[int | str | Fraction]], cols: int) -> Any:
    """Return an ``fmpq_mat`` with these entries and that many columns; raises `ValueError` when they do not fit.

    >>> exact([["1/2", 3]], 2)
    [1/2, 3]
    """
    ragged = [len(row) for row in rows if len(row) != cols]
    if ragged:
        raise ValueError(f"a row of {ragged[0]} entries where {cols} are due")
    entries = [_entry(x) for row in rows for x in row]
    return fmpq_mat(len(rows), cols, [fmpq(x.numerator, x.denominator) for x in entries])


def _entry(x: int | str | Fraction) -> Fraction:
    """Return an entry as a fraction; text is held to plain ``p/q``, because ``1e999999999`` would never end."""
    if isinstance(x, str) and not NUMBER.fullmatch(x):
        raise ValueError(f"{x[:40]!a} is not a rational number")
    return Fraction(x)


def junk(seed: int, key: str, rows: int, cols: int) -> Any:
    """Return the matrix of small rationals that belongs to this seed and key."""
    draw = Random(f"{seed}|{key}|{rows}|{cols}")
    return fmpq_mat(rows, cols, [fmpq(draw.randint(-3, 3), draw.choice((1, 1, 2))) for _ in range(rows * cols)])


def undefined(node: Node, values: Any) -> bool:
    """Return whether mathematics leaves a node undefined at the `values` of its arguments."""
    if node.kind == "inv":
        m = values[node.args[0]]
        return is_exact(m) and bool(m.det() == 0)
    if node.kind == "sqrt":
        m = values[node.args[0]]
        return is_exact(m) and bool(m[0, 0] < 0)
    return node.kind == "sigma" and node.args[1] < 1


def apply(node: Node, values: Any, draw: Random | None = None) -> Any:
    """Return the value of a node that is no leaf and not undefined from the `values` of its arguments.

    `draw` turns bases of equal singular values. Raises `NotRepresentable` where the value is not exact and has to be.
    """
    kind, args = node.kind, node.args
    if kind == "product":
        return exactly.product(values[args[0]], values[args[1]])
    if kind == "sum":
        total = fmpq_mat(node.rows, node.cols)
        for c, position in args:
            total = exactly.add(total, exactly.scale(values[position], c))
        return total
    if kind == "multiple":
        return exactly.multiple(values[args[0]], values[args[1]])
    if kind == "eye":
        return identity(node.rows)
    if kind == "inclusion":
        return inclusion(node.rows, node.cols, args[0])
    if kind == "constant":
        return fmpq_mat(node.rows, node.cols, list(args))
    m = values[args[0]]
    if kind == "flip":
        return m.transpose()
    if kind == "inv":
        return exactly.inverse(m)
    if kind == "tr":
        return exactly.trace(m)
    if kind == "sqrt":
        return exactly.root(m[0, 0])
    return _exactly(node, need_exact(m), draw)


def _exactly(node: Node, m: Any, draw: Random | None) -> Any:
    """Return the value of a node that asks for an exact argument m."""
    kind, args = node.kind, node.args
    if kind in ("norm2", "sigma"):
        return singular_value(m, 1 if kind == "norm2" else args[1])
    if kind == "rank":
        return fmpq_mat(1, 1, [m.rank()])
    if kind == "factor":
        return rank_factors(m)[args[1]]
    if kind == "null":
        return unit_vector(null_space(m))
    if kind == "complement":
        return complement(m)
    if kind == "gram":
        return square_factor(m)
    found = right_singular(m, draw)
    if kind == "vectors":
        return columns(found, args[1], node.cols)
    first = columns(found, 0, args[1])
    return first * first.transpose()


@dataclass(frozen=True)
class Evaluated:
    """What became of a fact: whether it holds, and one instance of it, the first that fails if any does.

    `left` and `right` are rows of fractions, or integers for naturals; of ``nonsingular(M)``, `left` is M and `right`
    its determinant; of ``psd(M)``, `right` says why it fails. `undefined` says that a function had no value on the way
    (a singular matrix was inverted), `open` counts instances whose comparison takes too much precision (not false),
    `cut` names variables whose range has no upper bound and was cut, `instances` counts the values of the range.
    """

    true: bool
    instances: int
    at: Indices = ()
    left: Rows | int | None = None
    right: Rows | int | Fraction | str | None = None
    undefined: bool = False
    open: int = 0
    cut: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.true


class Model:
    """An exact model of a statement.

    `naturals` gives every natural variable; `families` every family of naturals, as a function of the indices or a
    mapping (0 where it is silent); `matrices` maps (name, indices) to rows, the rest is junk from `seed`. Raises
    `ValueError` for a matrix of another shape than declared, `Unassigned` for a missing natural.

    >>> from symlora.domains.setup import read_setup
    >>> setup = read_setup([{"natural": "n"}, {"matrix": "A", "index": [], "shape": ["n", "n"]}])
    >>> model = Model(setup, {"n": 2}, matrices={("A", ()): [[1, 1], [0, 1]]})
    >>> model.evaluate(setup.context.matrix("A*A - eye(n)"))
    ((Fraction(0, 1), Fraction(2, 1)), (Fraction(0, 1), Fraction(0, 1)))
    >>> bool(model.holds(setup.context.read("A' = A")))
    False
    """

    def __init__(self, setup: Setup, naturals: Mapping[str, int], families: Mapping[str, NaturalFamily] | None = None,
                 matrices: Mapping[tuple[str, Indices], Any] | None = None, seed: int = 0,
                 leaf: Leaf | None = None) -> None:  # fmt: skip
        self.seed = seed
        self.graph = Graph()
        self._leaf = leaf
        self._given = {} if matrices is None else dict(matrices)
        known = {} if families is None else families
        self.plain, self.families = dict(naturals), dict(known)
        self.naturals: dict[tuple[str, Indices], int] = {}
        """The naturals that were asked for so far."""

        def natural(name: str, indices: Indices) -> int:
            if not indices and name in naturals:
                value = naturals[name]
            elif name not in known:
                raise Unassigned(name, indices)
            else:
                family = known[name]
                value = family(indices) if callable(family) else family.get(indices, 0)
            self.naturals[name, indices] = value
            return value

        self.scope = Scope(self.graph, natural, max(naturals.values(), default=0), setup.definitions,
                           rank=lambda node: int(need_exact(self.value(node)).rank()))  # fmt: skip
        self._values: dict[int, Any] = {}
        self._undefined: set[int] = set()

    def inner(self, naturals: Mapping[str, int]) -> Model:
        """Return this model with more natural variables; values already computed are shared."""
        model = object.__new__(Model)
        model.__dict__.update(self.__dict__)
        model.scope = self.scope.child(naturals)
        return model

    def value(self, node: int) -> Any:
        """Return the value of a node of the model's graph (see `symlora.domains.values`)."""
        found = self._values.get(node)
        if found is not None:
            return found
        arguments = self.graph.arguments(node)
        for argument in arguments:
            self.value(argument)
        if any(argument in self._undefined for argument in arguments):
            self._undefined.add(node)
        n = self.graph.nodes[node]
        if n.kind == "leaf":
            value = self._member(n.args[0], n.args[1], n.rows, n.cols)
        elif undefined(n, self._values):
            self._undefined.add(node)
            of = self._values[n.args[0]]
            value = junk(self.seed, f"{n.kind} {n.args[1:]} {of.entries()}", n.rows, n.cols)
        else:
            draw = Random(f"{self.seed}|turn|{n.args[0]}") if self.seed and n.kind in TURNED else None
            value = apply(n, self._values, draw)
        self._values[node] = value
        return value

    def known(self, node: int) -> bool:
        """Return whether the value of a node has been computed."""
        return node in self._values

    def _member(self, name: str, indices: Indices, rows: int, cols: int) -> Any:
        given = self._given.get((name, indices))
        if given is None:
            if self._leaf is not None:
                return self._leaf(name, indices, rows, cols)
            return junk(self.seed, f"{name}{list(indices)}", rows, cols)
        value = exact(given, cols) if isinstance(given, Sequence) else given
        if (value.nrows(), value.ncols()) != (rows, cols):
            raise ValueError(f"{name}{list(indices)} is {rows} x {cols}, not {value.nrows()} x {value.ncols()}")
        return value

    def leaves(self) -> dict[tuple[str, Indices], Any]:
        """Return the members that were asked for so far, as far as no definition gives them."""
        nodes = self.graph.nodes
        return {nodes[n].args: value for n, value in sorted(self._values.items()) if nodes[n].kind == "leaf"}

    def undefined(self, node: int) -> bool:
        """Return whether the value of a node used ``inv`` of a singular matrix."""
        self.value(node)
        return node in self._undefined

    def evaluate(self, term: Matrix) -> Rows:
        """Return the rows of a matrix term's value."""
        return fractions(self.value(self.scope.matrix(term, {})))

    def decide(self, instance: Instance) -> bool | None:
        """Return whether a fact holds at one instance, None where irrational values leave it open."""
        if not instance.nodes:
            return instance.true
        if len(set(instance.nodes)) < len(instance.nodes):
            return True
        return exactly.decide(instance.kind, [self.value(node) for node in instance.nodes])

    def holds(self, fact: Fact, beyond: int = BEYOND) -> Evaluated:
        """Return whether a fact holds at all values of its range, and what was evaluated.

        A range without an upper bound is cut `beyond` past the largest natural, and the result says so. Raises
        `NotRepresentable` if a value is irrational that has to be exact.
        """
        cut: list[str] = []
        shown: Instance | None = None
        count, left_open, undefined = 0, 0, False
        for instance in self.scope.instances(fact, cut, beyond):
            count += 1
            true = self.decide(instance)
            left_open += true is None
            if true is False:
                undefined = any(map(self.undefined, instance.nodes))
                left, right = self.sides(instance)
                return Evaluated(False, count, instance.values, left, right, undefined, left_open, tuple(cut))
            shown = instance
            undefined = undefined or any(map(self.undefined, instance.nodes))
        if shown is None:
            return Evaluated(True, 0, cut=tuple(cut))
        left, right = self.sides(shown)
        return Evaluated(True, count, shown.values, left, right, undefined, left_open, tuple(cut))

    def sides(self, instance: Instance) -> tuple[Any, Any]:
        """Return what stands left and right at one instance (see `Evaluated`)."""
        if not instance.nodes:
            return instance.numbers[0], instance.numbers[1]
        if len(instance.nodes) == 2:
            left, right = (fractions(self.value(node)) for node in instance.nodes)
            return left, right
        m = self.value(instance.nodes[0])
        if instance.kind == "psd":
            return fractions(m), _why_not(m)
        return fractions(m), fractions(exactly.determinant(m))[0][0]


def _why_not(m: Any) -> str:
    """Return in words why a matrix is not positive semidefinite, as far as exact values show it."""
    if not is_exact(m):
        return "not shown: some entries are irrational"
    if m != m.transpose():
        return "it is not symmetric"
    x = negative_direction(m)
    if x is None:
        return "it is positive semidefinite"
    column = exact([[entry] for entry in x], 1)
    value = (column.transpose() * m * column)[0, 0]
    return f"x'*M*x = {value} for x = ({', '.join(map(str, x))})"
