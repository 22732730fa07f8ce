"""Exact instances at which nothing exists that has the properties stated: by ranks, never by trying.

Some families of a statement are unknown, everything else has a value. What the goals say of the unknown ones is
followed to a contradiction: an equation gives a matrix that contains them a value, relations between ranks bound them,
and products and sums pass bounds of ranks on. A contradiction leaves no values of the unknown families at all; where
none is found, nothing is known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import fmpq, fmpq_mat

from symlora.domains.ground import Indices, Instance, Scope, Unmeasured
from symlora.domains.rational import Model, junk
from symlora.domains.spectrum import singular_value
from symlora.domains.values import NotRepresentable, decide, is_exact
from symlora.kernel.facts import Fact
from symlora.kernel.printing import fact_text

ROUNDS = 8


@dataclass(frozen=True)
class Absence:
    """Why nothing exists: `goal` asks for what `because` says is impossible."""

    goal: str
    because: str


class Refused(Exception):
    """A contradiction was reached."""

    def __init__(self, goal: str, because: str) -> None:
        super().__init__(because)
        self.absence = Absence(goal, because)


def absence(model: Model, goals: Mapping[str, Fact], unknown: Set[str]) -> Absence | None:
    """Return why no values of the `unknown` families satisfy the goals in a model of the rest, or None if open.

    Only exact values decide; the sources are rank(A B) <= min(rank A, rank B), rank(A + B) <= rank A + rank B, and
    Eckart-Young for norm2(K - U) <= t: a matrix U of rank at most k is no closer to K than the singular value k + 1.

    >>> from symlora.domains.setup import read_setup
    >>> setup = read_setup([{"natural": "n"}, {"matrix": "A", "index": [], "shape": ["n", "n"]},
    ...                     {"matrix": "X", "index": [], "shape": ["n", "n"]}])
    >>> goals = {"inverse": setup.context.read("A*X = eye(n)")}
    >>> for rows in ([[1, 0], [0, 0]], [[1, 0], [0, 2]]):
    ...     print(absence(Model(setup, {"n": 2}, matrices={("A", ()): rows}), goals, {"X"}))
    Absence(goal='inverse', because='A*X = eye(n) asks for rank 2, and what it stands for has rank at most 1')
    None
    """
    return Question(model, goals, unknown).answer()


def _hide(model: Model, unknown: Set[str]) -> None:
    """Make a model raise `NotRepresentable` where the value of an unknown member is asked for."""
    before = model._leaf

    def leaf(name: str, indices: Indices, rows: int, cols: int) -> Any:
        if name in unknown:
            raise NotRepresentable(f"{name} is unknown")
        return (
            junk(model.seed, f"{name}{list(indices)}", rows, cols)
            if before is None
            else before(name, indices, rows, cols)
        )

    model._leaf = leaf
    model._given = {member: value for member, value in model._given.items() if member[0] not in unknown}


def _number(c: Fraction) -> Any:
    return fmpq(c.numerator, c.denominator)


class Question:
    """The goals at one choice of the naturals; `at` puts other members into the model, whose terms are kept."""

    def __init__(self, model: Model, goals: Mapping[str, Fact], unknown: Set[str]) -> None:
        self.model, self.graph, self.unknown = model, model.graph, unknown
        _hide(model, unknown)
        self.bounds: dict[int, int] = {}
        self.fixed: dict[int, str] = {}
        """Nodes with unknown members to which an equation gives a value, and the goal that does so."""
        self.facts: list[tuple[str, Fact, Instance]] = []
        self.measured: list[tuple[str, Fact]] = []
        """Goals whose range depends on ranks, and so on the members."""
        outer = model.scope
        # Ranks of unknown matrices are kept as nodes; ranges and conditions speak of known ones.
        self.scope = Scope(self.graph, outer._natural, outer.largest, outer.definitions)
        for name, fact in goals.items():
            try:
                self.facts += [(name, fact, one) for one in self.scope.instances(fact, [])]
            except Unmeasured:
                self.measured.append((name, fact))

    def at(self, members: Mapping[tuple[str, Indices], Any]) -> Question:
        """Return this question with other values of the members."""
        self.model._given = {member: value for member, value in members.items() if member[0] not in self.unknown}
        self.model._values, self.model._undefined = {}, set()
        self.bounds, self.fixed = {}, {}
        return self

    def answer(self) -> Absence | None:
        """Return why nothing exists, or None if that is not shown."""
        try:
            self.follow()
        except Refused as found:
            return found.absence
        except NotRepresentable:
            return None
        return None

    def follow(self) -> None:
        """Go on until nothing new is found; raises `Refused` at a contradiction."""
        facts = list(self.facts)
        for name, fact in self.measured:
            ranges = self.model.scope.ranges(fact, [])
            facts += [(name, fact, self.scope.instance(fact, values)) for values in ranges]
        for _ in range(ROUNDS):
            before = (len(self.fixed), dict(self.bounds))
            for goal, whole, one in facts:
                self.fact(goal, whole, one)
            self.vanishing()
            if before == (len(self.fixed), self.bounds):
                return

    def fact(self, goal: str, whole: Fact, one: Instance) -> None:
        """Take in what one instance of a goal says."""
        if not one.nodes:
            if not one.true:
                raise Refused(goal, f"{fact_text(whole)} is false")
            return
        if all(map(self.known, one.nodes)):
            values = [self.model.value(node) for node in one.nodes]
            if decide(one.kind, values) is False and not any(map(self.model.undefined, one.nodes)):
                whatever = not any(map(self.mentions, one.nodes))
                raise Refused(
                    goal,
                    f"{fact_text(whole)} is false" if whatever else f"{fact_text(whole)} contradicts the other goals",
                )
        elif one.kind == "nonsingular":
            (node,) = one.nodes
            self.need(goal, whole, node, self.graph.nodes[node].rows)
        elif one.kind in ("<=", "==", "=") and len(one.nodes) == 2:
            left, right = one.nodes
            self.ranked(left, right)
            self.near(goal, whole, left, right)
            if one.kind != "<=":
                self.ranked(right, left)
                self.near(goal, whole, right, left)
            if one.kind == "=":
                self.equal(goal, whole, left, right)

    def known(self, node: int) -> bool:
        """Return whether a node has a value."""
        if node in self.fixed:
            return True
        n = self.graph.nodes[node]
        if n.kind == "leaf":
            return n.args[0] not in self.unknown
        return all(map(self.known, self.graph.arguments(node)))

    def mentions(self, node: int) -> bool:
        """Return whether an unknown member occurs in a node."""
        n = self.graph.nodes[node]
        return n.args[0] in self.unknown if n.kind == "leaf" else any(map(self.mentions, self.graph.arguments(node)))

    def exact(self, node: int) -> Any:
        """Return the exact value of a known node; raises `NotRepresentable` where it has none, or is undefined."""
        value = self.model.value(node)
        if not is_exact(value) or self.model.undefined(node):
            raise NotRepresentable("a value that is irrational or undefined")
        return value

    def equal(self, goal: str, whole: Fact, left: int, right: int) -> None:
        """Take in that two nodes are equal."""
        if self.known(left) and self.known(right):
            return
        if not self.known(left) and not self.known(right):
            for a, b in ((left, right), (right, left)):
                self.bound(a, self.most(b))
            return
        node, value = (right, self.exact(left)) if self.known(left) else (left, self.exact(right))
        self.fix(goal, whole, node, value)

    def fix(self, goal: str, whole: Fact, node: int, value: Any) -> None:
        """Give a node its value, and pass it on to the one unknown part of a sum or transpose."""
        self.need(goal, whole, node, value.rank())
        n = self.graph.nodes[node]
        if n.kind == "sum":
            rest, parts = value, []
            for c, part in n.args:
                if self.known(part):
                    rest = rest - self.exact(part) * _number(c)
                else:
                    parts.append((c, part))
            most = sum(self.most(part) for _, part in parts)
            if rest.rank() > most:
                raise Refused(
                    goal, f"{fact_text(whole)} asks for a change of rank {rest.rank()}, and its rank is at most {most}"
                )
            if len(parts) == 1:
                c, part = parts[0]
                self.fix(goal, whole, part, rest * (1 / _number(c)))
        elif n.kind == "flip":
            self.fix(goal, whole, n.args[0], value.transpose())
        self.fixed[node] = goal
        self.model._values[node] = value

    def need(self, goal: str, whole: Fact, node: int, rank: int) -> None:
        """Refuse if a node cannot have that rank."""
        most = self.most(node)
        if rank > most:
            raise Refused(
                goal, f"{fact_text(whole)} asks for rank {rank}, and what it stands for has rank at most {most}"
            )

    def ranked(self, small: int, large: int) -> None:
        """Take in ``rank(M) <= t`` for a known t."""
        n = self.graph.nodes[small]
        if n.kind == "rank" and not self.known(small) and self.known(large):
            value = self.exact(large)[0, 0]
            self.bound(n.args[0], max(0, int(value.p) // int(value.q)))

    def near(self, goal: str, whole: Fact, small: int, large: int) -> None:
        """Refuse ``norm2(K + U) <= t`` where U cannot have the rank that it needs for that."""
        n = self.graph.nodes[small]
        if n.kind != "norm2" or self.known(small) or not self.known(large):
            return
        inside = self.graph.nodes[n.args[0]]
        parts = inside.args if inside.kind == "sum" else ((Fraction(1), n.args[0]),)
        center = fmpq_mat(inside.rows, inside.cols)
        most = 0
        for c, part in parts:
            if self.known(part):
                center = center + self.exact(part) * _number(c)
            else:
                most += self.most(part)
        if most >= min(inside.rows, inside.cols):
            return
        if self.model.undefined(large):
            return
        if decide("<=", [singular_value(center, most + 1), self.model.value(large)]) is False:
            raise Refused(
                goal,
                f"{fact_text(whole)} asks for more than rank {most}: the next singular value is larger",
            )

    def bound(self, node: int, rank: int) -> None:
        """Take note of a bound for the rank of a node."""
        self.bounds[node] = min(rank, self.bounds.get(node, rank))

    def vanishing(self) -> None:
        """Give unknown members of rank 0 their value."""
        for node, rank in list(self.bounds.items()):
            if rank == 0 and not self.known(node):
                n = self.graph.nodes[node]
                self.fixed[node] = "rank"
                self.model._values[node] = fmpq_mat(n.rows, n.cols)

    def most(self, node: int) -> int:
        """Return an upper bound for the rank of a node."""
        n = self.graph.nodes[node]
        own = min(n.rows, n.cols, self.bounds.get(node, n.rows))
        if self.known(node):
            return (
                min(own, int(self.exact(node).rank())) if node not in self.fixed else min(own, self._structural(node))
            )
        return min(own, self._structural(node))

    def _structural(self, node: int) -> int:
        n = self.graph.nodes[node]
        if n.kind == "flip":
            return self.most(n.args[0])
        if n.kind == "product":
            return min(map(self.most, n.args))
        if n.kind == "multiple":
            return self.most(n.args[1])
        if n.kind == "sum":
            return min(self._sum(n.args), self._common(n.args))
        return min(n.rows, n.cols)

    def _sum(self, parts: Sequence[tuple[Any, int]]) -> int:
        """Return a bound for a sum: the rank of what is known in it, and the bounds of the others."""
        rest = sum(self.most(part) for _, part in parts if not self.known(part))
        known = [self.exact(part) * _number(c) for c, part in parts if self.known(part)]
        total = None
        for one in known:
            total = one if total is None else total + one
        return rest if total is None else rest + int(total.rank())

    def _common(self, parts: Sequence[tuple[Any, int]]) -> int:
        """Return a bound for a sum of products with a common factor on the right."""
        nodes = [self.graph.nodes[part] for _, part in parts]
        size = min(nodes[0].rows, nodes[0].cols) if nodes else 0
        if not nodes or any(n.kind != "product" or n.args[1] != nodes[0].args[1] for n in nodes):
            return size
        return min(
            self.most(nodes[0].args[1]), self._sum([(c, n.args[0]) for (c, _), n in zip(parts, nodes, strict=True)])
        )
