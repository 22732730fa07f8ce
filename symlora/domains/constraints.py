"""Hypotheses at fixed sizes: the members they depend on, and what can be evaluated once which of them are known.

A member that a hypothesis determines (``X = …``, or ``M*X = 1``) is computed from the others. Inverses in hypotheses
must be inverses of nonsingular matrices.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from flint import fmpq_mat

from symlora.domains.ground import Graph, Instance
from symlora.domains.rational import apply, undefined
from symlora.domains.values import NotRepresentable, decide, is_exact

Assignment = dict[int, Any]
"""Values (``fmpq_mat``) of nodes."""


class Constraint(NamedTuple):
    """A relation between nodes (see `symlora.domains.values.decide`) that has to hold, or to fail unless `wanted`."""

    kind: str
    nodes: tuple[int, ...]
    wanted: bool = True


class System:
    """Hypotheses at fixed sizes.

    `hypotheses` are the constraints on the free members, `solved` maps determined members to the nodes of their values,
    `open` counts the assignments that had to be passed over because irrational values left a constraint undecided.

    >>> graph = Graph()
    >>> a, b = (graph.add("leaf", (name, ()), 2, 2) for name in "AB")
    >>> system = System(graph, [Instance((), "=", (graph.product(a, b), graph.add("eye", (), 2, 2)))])
    >>> graph.nodes[system.solved[b]].kind, system.hypotheses
    ('inv', [Constraint(kind='nonsingular', nodes=(0,), wanted=True)])
    """

    def __init__(self, graph: Graph, hypotheses: Sequence[Instance]) -> None:
        self.graph = graph
        self.solved: dict[int, int] = {}
        self.open = 0
        self._masks: dict[int, frozenset[int]] = {}
        self.roots = [node for h in hypotheses for node in h.nodes]
        kept = [h for h in hypotheses if not self._solve(h)]
        self.hypotheses = [Constraint(h.kind, h.nodes) for h in kept if len(set(h.nodes)) == len(h.nodes)]
        self.hypotheses += self.defined(self.roots)

    def _solve(self, h: Instance) -> bool:
        """Take an equation as the definition of a member if it determines one; return whether it was."""
        if h.kind != "=":
            return False
        for left, right in (h.nodes, h.nodes[::-1]):
            leaf, value = self._determined(left, right)
            if leaf is not None and leaf not in self.solved and leaf not in self.leaves(value):
                self.solved[leaf] = value
                self._masks = {}
                return True
        return False

    def _determined(self, left: int, right: int) -> tuple[int | None, int]:
        node, nodes = self.graph.nodes[left], self.graph.nodes
        if node.kind == "leaf":
            return left, right
        if node.kind == "flip" and nodes[node.args[0]].kind == "leaf":
            return node.args[0], self.graph.flip(right)
        if node.kind == "product" and nodes[right].kind == "eye":
            a, b = node.args
            if nodes[b].kind == "leaf" and nodes[b].rows == nodes[b].cols:
                return b, self.graph.inverse(a)
            if nodes[a].kind == "leaf" and nodes[a].rows == nodes[a].cols:
                return a, self.graph.inverse(b)
        return None, right

    def arguments(self, node: int) -> tuple[int, ...]:
        """Return the nodes on which a node depends directly, members that were determined included."""
        return (self.solved[node],) if node in self.solved else self.graph.arguments(node)

    def leaves(self, node: int) -> frozenset[int]:
        """Return the free members on which a node depends."""
        found = self._masks.get(node)
        if found is None:
            if self.graph.nodes[node].kind == "leaf" and node not in self.solved:
                found = frozenset((node,))
            else:
                found = frozenset().union(*(self.leaves(a) for a in self.arguments(node)))
            self._masks[node] = found
        return found

    def below(self, roots: Sequence[int]) -> list[int]:
        """Return `roots` and everything below them, arguments first."""
        order: dict[int, None] = {}

        def visit(node: int) -> None:
            if node not in order:
                for argument in self.arguments(node):
                    visit(argument)
                order[node] = None

        for root in roots:
            visit(root)
        return list(order)

    def defined(self, roots: Sequence[int]) -> list[Constraint]:
        """Return that every inverse below these nodes is one of a nonsingular matrix."""
        nodes = self.graph.nodes
        arguments = dict.fromkeys(nodes[n].args[0] for n in self.below(roots) if nodes[n].kind == "inv")
        return [Constraint("nonsingular", (a,)) for a in arguments]

    def needs(self, c: Constraint) -> frozenset[int]:
        """Return the free members of a constraint."""
        return frozenset().union(*map(self.leaves, c.nodes))

    def component(self, seed: frozenset[int], among: Sequence[Constraint]) -> list[Constraint]:
        """Return the constraints that are connected to these members through shared members."""
        found: list[Constraint] = []
        reached, left = seed, list(among)
        while True:
            near = [c for c in left if self.needs(c) & reached]
            if not near:
                return found
            found += near
            left = [c for c in left if c not in near]
            reached = reached.union(*map(self.needs, near))

    def components(self, among: Sequence[Constraint]) -> list[list[Constraint]]:
        """Return the constraints in groups that share no members; those without members form one group."""
        ground = [c for c in among if not self.needs(c)]
        left, groups = [c for c in among if self.needs(c)], [ground] if ground else []
        while left:
            groups.append([c for c in left if c in self.component(self.needs(left[0]), left)])
            left = [c for c in left if c not in groups[-1]]
        return groups

    def order(self, constraints: Sequence[Constraint]) -> list[int]:
        """Return the free members, those first that complete a constraint soonest."""
        order: dict[int, None] = {}
        waiting = [self.needs(c) for c in constraints]
        while True:
            missing = [sorted(need.difference(order)) for need in waiting if not need <= order.keys()]
            if not missing:
                return list(order)
            nearest = min(missing, key=lambda m: (len(m), m))
            order.update(dict.fromkeys(nearest))

    def plans(self, order: list[int], constraints: Sequence[Constraint]) -> list[tuple[list[int], list[Constraint]]]:
        """Return, for no member and after each one in turn, the nodes and constraints that it completes."""
        place = {leaf: i for i, leaf in enumerate(order, 1)}

        def level(needs: frozenset[int]) -> int:
            return max((place[leaf] for leaf in needs), default=0)

        plans: list[tuple[list[int], list[Constraint]]] = [([], []) for _ in range(len(order) + 1)]
        for node in self.below([node for c in constraints for node in c.nodes]):
            if node not in place:
                plans[level(self.leaves(node))][0].append(node)
        for c in constraints:
            plans[level(self.needs(c))][1].append(c)
        return plans

    def run(self, nodes: Sequence[int], checks: Sequence[Constraint], values: Assignment) -> bool:
        """Compute nodes into `values` and return whether all of them exist and the checks are satisfied.

        Where a value that has to be exact is irrational, and where irrational values leave a check open, it is not.
        """
        for position in nodes:
            if position in self.solved:
                values[position] = values[self.solved[position]]
                if not is_exact(values[position]):
                    self.left_open()
                    return False
                continue
            node = self.graph.nodes[position]
            if undefined(node, values):
                return False
            try:
                values[position] = apply(node, values)
            except NotRepresentable:
                self.left_open()
                return False
        for kind, places, wanted in checks:
            true = decide(kind, [values[n] for n in places])
            if true is not wanted:
                if true is None:
                    self.left_open()
                return False
        return True

    def left_open(self) -> None:
        """Take note that an assignment is passed over."""
        self.open += 1

    def complete(self, assignment: Assignment) -> Assignment:
        """Return `assignment` with all other members of the hypotheses: zero, or as a hypothesis determines them."""
        values = dict(assignment)
        for leaf in sorted(frozenset().union(*map(self.leaves, self.roots)) - assignment.keys()):
            values[leaf] = fmpq_mat(self.graph.nodes[leaf].rows, self.graph.nodes[leaf].cols)
        members = [*values, *self.solved]
        self.run([node for node in self.below(list(self.solved)) if node not in values], [], values)
        return {leaf: values[leaf] for leaf in members}
