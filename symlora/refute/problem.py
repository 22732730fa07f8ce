"""One claim at fixed sizes: which members it depends on, and an enumeration of their values in order.

The free members are assigned one after the other; a hypothesis is evaluated as soon as its members are known and cuts
the branch when it fails, and so does an inverse of a singular matrix. A member that a hypothesis determines
(``X = …``, or ``M*X = 1``) is computed instead of enumerated, so its entries may lie outside the grid.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any, NamedTuple

from flint import fmpq_mat

from symlora.domains.ground import Graph, Instance
from symlora.domains.rational import apply

Level = tuple[int, int]
"""Number of nonzero entries and of negative entries."""
Assignment = dict[int, Any]


class Constraint(NamedTuple):
    """``kind`` is ``=`` or ``!=`` (two nodes), ``nonsingular`` or ``singular`` (one node)."""

    kind: str
    nodes: tuple[int, ...]


def entries(count: int, nonzeros: int, negatives: int) -> Iterator[list[int]]:
    """Yield all vectors of 0, 1, -1 with these numbers of nonzeros and negatives, early positions first.

    >>> list(entries(2, 1, 1))
    [[-1, 0], [0, -1]]
    """
    for places in combinations(range(count), nonzeros):
        for minus in combinations(places, negatives):
            vector = [0] * count
            for place in places:
                vector[place] = 1
            for place in minus:
                vector[place] = -1
            yield vector


class Problem:
    """Hypotheses at fixed sizes; `enumerate` looks for assignments that satisfy them.

    `work` counts the values tried for members so far.
    """

    def __init__(self, graph: Graph, hypotheses: Sequence[Instance]) -> None:
        self.graph = graph
        self.work = 0
        self.solved: dict[int, int] = {}
        self._masks: dict[int, frozenset[int]] = {}
        self.roots = [node for h in hypotheses for node in h.nodes]
        kept = [h for h in hypotheses if not self._solve(h)]
        self.hypotheses = [Constraint(h.kind, h.nodes) for h in kept if h.kind != "=" or h.nodes[0] != h.nodes[1]]
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

    def enumerate(self, constraints: Sequence[Constraint]) -> Iterator[tuple[Level, Any]]:
        """Yield (level, values of the free members) for every assignment that satisfies the constraints.

        Order: number of nonzero entries, number of negative ones, then the assignments in order of the members.
        Between results, (level, None) is yielded after every value tried, so that the caller can stop or interleave.
        """
        constraints = list(dict.fromkeys(constraints))
        order = self._order(constraints)
        plans = self._plans(order, constraints)
        sizes = [self.graph.nodes[x].rows * self.graph.nodes[x].cols for x in order]
        values: Assignment = {}
        if not self.run(*plans[0], values):
            return
        alone = [[c for c in constraints if self.needs(c) == {x}] for x in order]
        domains = [_Domain(self, leaf, checks, values) for leaf, checks in zip(order, alone, strict=True)]
        for domain in domains:
            while domain.growing():
                yield (0, 0), None
        least = [domain.least for domain in domains]
        rest_least = [sum(least[i:]) for i in range(len(order) + 1)]
        rest_most = [sum(sizes[i:]) for i in range(len(order) + 1)]

        def assign(i: int, level: Level, nonzeros: int, negatives: int) -> Iterator[tuple[Level, Any]]:
            if i == len(order):
                yield level, {x: values[x] for x in order}
                return
            low, high = max(least[i], nonzeros - rest_most[i + 1]), min(sizes[i], nonzeros - rest_least[i + 1])
            for k in range(low, high + 1):
                for minus in range(max(0, negatives - (nonzeros - k)), min(k, negatives) + 1):
                    for value in domains[i].values(k, minus):
                        self.work += 1
                        yield level, None
                        values[order[i]] = value
                        if self.run(*plans[i + 1], values):
                            yield from assign(i + 1, level, nonzeros - k, negatives - minus)

        for nonzeros in range(rest_least[0], rest_most[0] + 1):
            for negatives in range(nonzeros + 1):
                yield from assign(0, (nonzeros, negatives), nonzeros, negatives)

    def _order(self, constraints: Sequence[Constraint]) -> list[int]:
        """Return the free members, those first that complete a constraint soonest."""
        order: dict[int, None] = {}
        waiting = [self.needs(c) for c in constraints]
        while True:
            missing = [sorted(need.difference(order)) for need in waiting if not need <= order.keys()]
            if not missing:
                return list(order)
            nearest = min(missing, key=lambda m: (len(m), m))
            order.update(dict.fromkeys(nearest))

    def _plans(self, order: list[int], constraints: Sequence[Constraint]) -> list[tuple[list[int], list[Constraint]]]:
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
        """Compute nodes into `values` and return whether all inverses exist and the checks are satisfied."""
        for position in nodes:
            if position in self.solved:
                values[position] = values[self.solved[position]]
                continue
            node = self.graph.nodes[position]
            if node.kind == "inv":
                m = values[node.args[0]]
                if m.det() == 0:
                    return False
                values[position] = m.inv()
            else:
                values[position] = apply(node, values)
        for kind, places in checks:
            value = values[places[0]]
            if kind in ("=", "!="):
                true = (value == values[places[1]]) == (kind == "=")
            else:
                true = (value.det() != 0) == (kind == "nonsingular")
            if not true:
                return False
        return True

    def complete(self, assignment: Assignment) -> Assignment:
        """Return `assignment` with all other members of the hypotheses: zero, or as a hypothesis determines them."""
        values = dict(assignment)
        for leaf in sorted(frozenset().union(*map(self.leaves, self.roots)) - assignment.keys()):
            values[leaf] = fmpq_mat(self.graph.nodes[leaf].rows, self.graph.nodes[leaf].cols)
        members = [*values, *self.solved]
        self.run([node for node in self.below(list(self.solved)) if node not in values], [], values)
        return {leaf: values[leaf] for leaf in members}


class _Domain:
    """The values of one free member, by numbers of nonzeros and negatives, that satisfy what concerns it alone.

    `least` is a lower bound for the number of nonzeros, found by `growing`, which returns whether it is still at work.
    Large grids are neither filtered nor kept.
    """

    KEPT_ENTRIES = 6

    def __init__(self, problem: Problem, leaf: int, checks: list[Constraint], values: Assignment) -> None:
        self.problem, self.leaf, self.checks, self.least = problem, leaf, checks, 0
        self.scratch = values
        node = problem.graph.nodes[leaf]
        self.rows, self.cols, self.size = node.rows, node.cols, node.rows * node.cols
        self.nodes = [n for n in problem.below([n for c in checks for n in c.nodes]) if n != leaf]
        self.kept: dict[Level, list[Any]] = {}

    def values(self, nonzeros: int, negatives: int) -> Iterator[Any]:
        """Yield the values with these numbers of nonzeros and negatives."""
        key = (nonzeros, negatives)
        if key in self.kept:
            return iter(self.kept[key])
        grid = (fmpq_mat(self.rows, self.cols, vector) for vector in entries(self.size, nonzeros, negatives))
        if self.size > self.KEPT_ENTRIES:
            return grid
        self.kept[key] = [value for value in grid if self._fits(value)]
        return iter(self.kept[key])

    def _fits(self, value: Any) -> bool:
        if not self.checks:
            return True
        self.problem.work += 1
        self.scratch[self.leaf] = value
        return self.problem.run(self.nodes, self.checks, self.scratch)

    def growing(self) -> bool:
        """Raise `least` by one unless some value has that many nonzeros; return whether to go on."""
        if self.size > self.KEPT_ENTRIES or self.least > self.size:
            return False
        if any(next(self.values(self.least, minus), None) is not None for minus in range(self.least + 1)):
            return False
        self.least += 1
        return True
