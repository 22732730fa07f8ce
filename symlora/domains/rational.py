"""Exact models over the rational numbers: naturals, total families of matrices, and a total inverse.

Whatever a model does not prescribe is filled with seeded junk: members of a family out of range, and ``inv`` of a
singular matrix, which still is a function of its argument. A derivation that quietly relies on either shows up as a
fact that fails.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

from flint import fmpq, fmpq_mat

from symlora.domains.ground import BEYOND, Graph, Indices, Instance, Node, Scope, Unassigned
from symlora.domains.setup import Setup
from symlora.kernel.facts import Fact
from symlora.kernel.words import Matrix

NUMBER = re.compile(r"-?[0-9]{1,1000}(/0*[1-9][0-9]{0,1000})?")
Rows = tuple[tuple[Fraction, ...], ...]
NaturalFamily = Mapping[Indices, int] | Callable[[Indices], int]
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


def fractions(m: Any) -> Rows:
    """Return the rows of an ``fmpq_mat``.

    >>> fractions(exact([["1/2", 3]], 2))
    ((Fraction(1, 2), Fraction(3, 1)),)
    """
    return tuple(tuple(Fraction(int(x.p), int(x.q)) for x in row) for row in m.tolist())


def junk(seed: int, key: str, rows: int, cols: int) -> Any:
    """Return the matrix of small rationals that belongs to this seed and key."""
    draw = Random(f"{seed}|{key}|{rows}|{cols}")
    return fmpq_mat(rows, cols, [fmpq(draw.randint(-3, 3), draw.choice((1, 1, 2))) for _ in range(rows * cols)])


def identity(n: int) -> Any:
    """Return the n x n identity."""
    return inclusion(n, n, 0)


def inclusion(rows: int, cols: int, offset: int) -> Any:
    """Return columns ``offset, …, offset + cols - 1`` of the identity with that many rows."""
    return fmpq_mat(rows, cols, [int(i == j + offset) for i in range(rows) for j in range(cols)])


def apply(node: Node, values: Any) -> Any:
    """Return the value of a node that is no leaf and no inverse from the `values` of its arguments."""
    kind, args = node.kind, node.args
    if kind == "product":
        return values[args[0]] * values[args[1]]
    if kind == "sum":
        total = fmpq_mat(node.rows, node.cols)
        for c, position in args:
            value = values[position]
            total += value if c == 1 else value * fmpq(c.numerator, c.denominator)
        return total
    if kind == "flip":
        return values[args[0]].transpose()
    if kind == "multiple":
        return values[args[1]] * values[args[0]][0, 0]
    return identity(node.rows) if kind == "eye" else inclusion(node.rows, node.cols, args[0])


@dataclass(frozen=True)
class Evaluated:
    """What became of a fact: whether it holds, and one instance of it, the first that fails if any does.

    `left` and `right` are rows of fractions, or integers for naturals; of ``nonsingular(M)``, `left` is M and `right`
    its determinant. `undefined` says that a singular matrix was inverted on the way, `cut` names variables whose
    range has no upper bound and was cut, `instances` counts the values of the range.
    """

    true: bool
    instances: int
    at: Indices = ()
    left: Rows | int | None = None
    right: Rows | int | Fraction | None = None
    undefined: bool = False
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

        def natural(name: str, indices: Indices) -> int:
            if not indices and name in naturals:
                return naturals[name]
            if name not in known:
                raise Unassigned(name, indices)
            family = known[name]
            return family(indices) if callable(family) else family.get(indices, 0)

        self.scope = Scope(self.graph, natural, max(naturals.values(), default=0), setup.definitions)
        self._values: dict[int, Any] = {}
        self._undefined: set[int] = set()

    def inner(self, naturals: Mapping[str, int]) -> Model:
        """Return this model with more natural variables; values already computed are shared."""
        model = object.__new__(Model)
        model.__dict__.update(self.__dict__)
        model.scope = self.scope.child(naturals)
        return model

    def value(self, node: int) -> Any:
        """Return the ``fmpq_mat`` of a node of the model's graph."""
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
        elif n.kind == "inv":
            value = self._inverse(node, self._values[n.args[0]])
        else:
            value = apply(n, self._values)
        self._values[node] = value
        return value

    def _inverse(self, node: int, m: Any) -> Any:
        if m.det() != 0:
            return m.inv()
        self._undefined.add(node)
        return junk(self.seed, f"inv {m.entries()}", m.nrows(), m.ncols())

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

    def undefined(self, node: int) -> bool:
        """Return whether the value of a node used ``inv`` of a singular matrix."""
        self.value(node)
        return node in self._undefined

    def evaluate(self, term: Matrix) -> Rows:
        """Return the rows of a matrix term's value."""
        return fractions(self.value(self.scope.matrix(term, {})))

    def decide(self, instance: Instance) -> bool:
        """Return whether a fact holds at one instance."""
        if instance.kind == "=":
            left, right = instance.nodes
            return left == right or bool(self.value(left) == self.value(right))
        if instance.kind == "nonsingular":
            return bool(self.value(instance.nodes[0]).det() != 0)
        return instance.true

    def holds(self, fact: Fact, beyond: int = BEYOND) -> Evaluated:
        """Return whether a fact holds at all values of its range, and what was evaluated.

        A range without an upper bound is cut `beyond` past the largest natural, and the result says so.
        """
        cut: list[str] = []
        shown: Instance | None = None
        count, true, undefined = 0, True, False
        for instance in self.scope.instances(fact, cut, beyond):
            count += 1
            if not self.decide(instance):
                shown, true, undefined = instance, False, any(map(self.undefined, instance.nodes))
                break
            shown = instance
            undefined = undefined or any(map(self.undefined, instance.nodes))
        if shown is None:
            return Evaluated(True, 0, cut=tuple(cut))
        left, right = self.sides(shown)
        return Evaluated(true, count, shown.values, left, right, undefined, tuple(cut))

    def sides(self, instance: Instance) -> tuple[Any, Any]:
        """Return what stands left and right at one instance (see `Evaluated`)."""
        if instance.kind == "=":
            left, right = (fractions(self.value(node)) for node in instance.nodes)
            return left, right
        if instance.kind == "nonsingular":
            m = self.value(instance.nodes[0])
            det = m.det()
            return fractions(m), Fraction(int(det.p), int(det.q))
        return instance.numbers[0], instance.numbers[1]
