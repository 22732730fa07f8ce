"""Terms at fixed sizes: a shared graph of matrix operations whose leaves are members of families.

Once every natural has a value, each matrix term is a finite expression in finitely many members. Equal expressions
become one node, so products that recur are computed once, and a search knows which members a claim depends on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from symlora.domains.setup import Definition, Witness, member_indices
from symlora.kernel.facts import Fact, Relation, difference
from symlora.kernel.naturals import ONE, Nat
from symlora.kernel.words import FUNCTIONS, Letter, Matrix, letters

Indices = tuple[int, ...]
Values = Mapping[str, int]

BEYOND = 2
"""How far past the largest natural a range without an upper bound is followed."""


class Unassigned(LookupError):
    """A natural variable or a member of a family of naturals has no value yet; carries its name and indices."""

    def __init__(self, name: str, indices: Indices) -> None:
        super().__init__(f"{name}{list(indices) if indices else ''} has no value")
        self.name = name
        self.indices = indices


class Unmeasured(LookupError):
    """A size, an index or a range depends on the rank of a matrix that has no value yet."""


class Node(NamedTuple):
    """One operation; arguments are positions of earlier nodes except where other data are named.

    ``leaf`` (name, indices), ``constant`` (entries), ``eye``, ``inclusion`` (offset), ``flip``, ``product``,
    ``multiple`` (1 x 1 node, node), ``sum`` ((coefficient, node), …); the functions ``inv``, ``norm2``, ``sqrt``,
    ``tr``, ``sigma`` (node, k) and ``rank``, a 1 x 1 matrix; and what axioms promise: ``factor`` (node, one of U, V, X,
    Y), ``null`` (a unit vector sent to 0), ``complement``, ``gram`` (F with F'F = node), ``projector`` (node, a) and
    ``vectors`` (node, a), the projector on the first a right singular vectors and those from number a + 1 on.
    """

    kind: str
    args: tuple[Any, ...]
    rows: int
    cols: int


class Graph:
    """Nodes in an order in which arguments come first; equal nodes are one.

    >>> graph = Graph()
    >>> a = graph.add("leaf", ("A", ()), 2, 3)
    >>> graph.flip(graph.flip(a)) == a, graph.product(a, graph.flip(a)) == graph.product(a, graph.flip(a))
    (True, True)
    >>> graph.nodes[graph.product(a, graph.flip(a))]
    Node(kind='product', args=(0, 1), rows=2, cols=2)
    """

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._positions: dict[Node, int] = {}

    def add(self, kind: str, args: tuple[Any, ...], rows: int, cols: int) -> int:
        """Return the position of this node, new or known."""
        node = Node(kind, args, rows, cols)
        position = self._positions.get(node)
        if position is None:
            position = self._positions[node] = len(self.nodes)
            self.nodes.append(node)
        return position

    def flip(self, a: int) -> int:
        """Return the transpose of a node."""
        node = self.nodes[a]
        return int(node.args[0]) if node.kind == "flip" else self.add("flip", (a,), node.cols, node.rows)

    def product(self, a: int, b: int) -> int:
        """Return the product of two nodes."""
        return self.add("product", (a, b), self.nodes[a].rows, self.nodes[b].cols)

    def inverse(self, a: int) -> int:
        """Return ``inv`` of a node."""
        return self.add("inv", (a,), self.nodes[a].rows, self.nodes[a].cols)

    def arguments(self, a: int) -> tuple[int, ...]:
        """Return the nodes on which a node depends directly."""
        node = self.nodes[a]
        if node.kind == "sum":
            return tuple(position for _, position in node.args)
        if node.kind in ("leaf", "constant", "eye", "inclusion"):
            return ()
        return node.args if node.kind in ("product", "multiple") else node.args[:1]


class Instance(NamedTuple):
    """A fact at values of its variables: matrices as nodes, relations between naturals already decided.

    `nodes` has two entries for ``=``, one for ``nonsingular`` and ``psd``, and none for naturals, where `numbers` has
    two and `true` says whether the relation holds. Inequalities between scalars, and relations between naturals with
    ranks that are not known yet, are ``<=`` or ``==`` with two 1 x 1 nodes.
    """

    values: Indices
    kind: str
    nodes: tuple[int, ...] = ()
    numbers: tuple[int, ...] = ()
    true: bool = False


class Scope:
    """Values of the naturals and definitions of families; `child` adds local ones.

    `natural` maps a name and indices to an integer and raises `Unassigned` where it has none. `largest` is the
    largest value among the plain naturals: a range without an upper bound is cut at ``largest + beyond``. `rank`
    returns the rank of a node; without it, a size that depends on a rank raises `Unmeasured`.
    """

    def __init__(self, graph: Graph, natural: Callable[[str, Indices], int], largest: int,
                 definitions: Mapping[str, Definition], parent: Scope | None = None,
                 rank: Callable[[int], int] | None = None) -> None:  # fmt: skip
        self.graph, self._natural, self.largest, self.parent = graph, natural, largest, parent
        self.rank = rank
        self.definitions = dict(definitions)
        self._members: dict[tuple[str, Indices, int, int], int] = {}

    def child(self, values: Values) -> Scope:
        """Return an inner scope with more natural variables."""

        def natural(name: str, indices: Indices) -> int:
            return values[name] if not indices and name in values else self._natural(name, indices)

        return Scope(self.graph, natural, max([self.largest, *values.values()]), {}, self, self.rank)

    def number(self, n: Nat, values: Values) -> int:
        """Return the value of a natural-number term."""
        total = 0
        for monomial, coefficient in n:
            for name, indices in monomial:
                if not coefficient:
                    break
                known = values.get(name) if not indices else None
                if name == "rank":
                    known = self._rank(indices[0], values)
                elif known is None:
                    known = self._natural(name, tuple(self.number(i, values) for i in indices))
                coefficient *= known
            total += coefficient
        return total

    def _rank(self, m: Matrix, values: Values) -> int:
        if self.rank is None:
            raise Unmeasured("a size, index or range depends on the rank of a matrix")
        return self.rank(self.matrix(m, values))

    def _scalar(self, n: Nat, values: Values) -> int:
        """Return a natural-number term as a 1 x 1 node."""
        graph, one = self.graph, self.graph.add("eye", (), 1, 1)
        parts: dict[int, Fraction] = {}
        for monomial, coefficient in n:
            node, rest = one, []
            for name, args in monomial:
                if name == "rank":
                    measured = graph.add("rank", (self.matrix(args[0], values),), 1, 1)
                    node = measured if node == one else graph.add("multiple", (measured, node), 1, 1)
                else:
                    rest.append((name, args))
            known = self.number(((tuple(rest), coefficient),), values)
            parts[node] = parts.get(node, Fraction(0)) + known
        return self._sum(parts, 1, 1)

    def _sum(self, parts: Mapping[int, Fraction], rows: int, cols: int) -> int:
        terms = tuple((c, node) for node, c in parts.items() if c)
        if len(terms) == 1 and terms[0][0] == 1:
            return terms[0][1]
        return self.graph.add("sum", terms, rows, cols)

    def matrix(self, m: Matrix, values: Values) -> int:
        """Return the node of a matrix term; a size p means ``max(0, p)``."""
        graph = self.graph
        rows, cols = (max(0, self.number(n, values)) for n in (m.rows, m.cols))
        parts: dict[int, Fraction] = {}
        for (loops, word), coefficient in m.terms:
            node = self._word(word, values) if word else graph.add("eye", (), rows, cols)
            for loop in loops:
                node = graph.add("multiple", (self._word(loop, values), node), rows, cols)
            parts[node] = parts.get(node, Fraction(0)) + coefficient
        return self._sum(parts, rows, cols)

    def _word(self, word: tuple[Letter, ...], values: Values) -> int:
        node = self._letter(word[0], values)
        for x in word[1:]:
            node = self.graph.product(node, self._letter(x, values))
        return node

    def _letter(self, x: Letter, values: Values) -> int:
        if x.head == "nat":
            node = self._scalar(x.args[0], values)
        elif x.head in FUNCTIONS:
            inner, *others = x.args
            size = max(0, self.number(x.rows, values)) if x.head == "inv" else 1
            args = (self.matrix(inner, values), *(self.number(n, values) for n in others))
            node = self.graph.add(x.head, args, size, size)
        else:
            shape = (x.cols, x.rows) if x.flipped else (x.rows, x.cols)
            rows, cols = (max(0, self.number(n, values)) for n in shape)
            node = self.member(x.head, tuple(self.number(i, values) for i in x.args), rows, cols)
        return self.graph.flip(node) if x.flipped else node

    def member(self, name: str, indices: Indices, rows: int, cols: int) -> int:
        """Return the node of a member: its definition where that reaches, otherwise a leaf."""
        owner = self
        while name not in owner.definitions and owner.parent is not None:
            owner = owner.parent
        key = (name, indices, rows, cols)
        node = owner._members.get(key)
        if node is None:
            node = owner._members[key] = owner._computed(*key)
        return node

    def members(self) -> dict[tuple[str, Indices, int, int], int]:
        """Return the nodes of the members that occurred so far, by name, indices and shape."""
        return dict(self._members)

    def _computed(self, name: str, indices: Indices, rows: int, cols: int) -> int:
        rule = self.definitions.get(name)
        if rule is None:
            return self.graph.add("leaf", (name, indices), rows, cols)
        if rule.function is not None:
            value = rule.function(indices, rows, cols)
            kind, args = ("leaf", (name, indices)) if value is None else ("constant", tuple(value.entries()))
            return self.graph.add(kind, args, rows, cols)
        if rule.witness is not None:
            return self._witness(rule.witness, name, indices, rows, cols)
        if rule.explicit is not None and min(indices, default=0) >= 0:
            return self.matrix(rule.explicit.body.sides[1], _bound(indices))
        if rule.start is not None and tuple(self.number(i, {}) for i in rule.start[0]) == indices:
            return self.matrix(rule.start[1], {})
        if rule.step is not None:
            (new,) = member_indices(rule.step.body.sides[0])
            at = _bound((indices[0] - dict(new).get((), 0),))
            if at["#0"] >= 0 and all(self.true(c, at) for c in rule.step.conditions):
                return self.matrix(rule.step.body.sides[1], at)
        return self.graph.add("leaf", (name, indices), rows, cols)

    def _witness(self, w: Witness, name: str, indices: Indices, rows: int, cols: int) -> int:
        """Return the node of something that an axiom says to exist."""
        add = self.graph.add
        if w.axiom == "axiom/split":
            return add("inclusion", (0 if w.role == "J" else rows - cols,), rows, cols)
        if min(indices, default=0) < 0:
            return add("leaf", (name, indices), rows, cols)
        of = self.matrix(w.of, {})
        if w.axiom == "axiom/rank":
            return add("factor", (of, w.role), rows, cols)
        if w.axiom == "axiom/svd":
            return add("projector" if w.role == "T" else "vectors", (of, indices[0]), rows, cols)
        kind = {"axiom/kernel": "null", "axiom/complete": "complement", "axiom/psd-factor": "gram"}[w.axiom]
        return add(kind, (of,), rows, cols)

    def true(self, relation: Relation, values: Values) -> bool:
        """Return whether a relation between naturals holds."""
        gap = self.number(difference(relation), values)
        return gap >= 0 if relation.kind == "<=" else gap == 0

    def ranges(self, fact: Fact, cut: list[str], beyond: int = BEYOND) -> Iterator[Indices]:
        """Yield the values of the variables of `fact` that satisfy its conditions, in order of choice.

        A variable that no condition bounds above is cut at ``largest + beyond``; its name is then appended to `cut`.
        """
        names = [f"#{i}" for i in range(len(fact.hints))]

        def extend(values: dict[str, int]) -> Iterator[Indices]:
            left = [name for name in names if name not in values]
            if not left:
                if all(self.true(c, values) for c in fact.conditions):
                    yield tuple(values[name] for name in names)
                return
            limits = {name: self._upper(name, fact.conditions, values) for name in left}
            name = next((n for n in left if limits[n] is not None), left[0])
            top = limits[name]
            if top is None:
                top = self.largest + beyond
                hint = fact.hints[names.index(name)]
                if hint not in cut:
                    cut.append(hint)
            for value in range(top + 1):
                yield from extend({**values, name: value})

        return extend({})

    def _upper(self, name: str, conditions: tuple[Relation, ...], values: Values) -> int | None:
        """Return the least upper bound that a condition, linear in this variable alone, gives it."""
        limits = []
        for condition in conditions:
            gap = difference(condition)
            slope, rest, usable = 0, [], True
            for monomial, coefficient in gap:
                unknown = [a for a in _atoms(((monomial, 1),)) if a.startswith("#") and a not in values]
                if not unknown:
                    rest.append((monomial, coefficient))
                elif unknown == [name] and monomial[0][0] == name and all(not i for _, i in monomial):
                    other = tuple(a for a in monomial if a[0] != name)
                    slope += self.number(((other, coefficient),), values)
                else:
                    usable = False
            if usable and condition.kind == "==" and slope > 0:
                slope, rest = -slope, [(m, -c) for m, c in rest]
            if usable and slope < 0:
                limits.append(self.number(tuple(rest), values) // -slope)
        return min(limits, default=None)

    def instances(self, fact: Fact, cut: list[str], beyond: int = BEYOND) -> Iterator[Instance]:
        """Yield `fact` at every value of its range (see `ranges`)."""
        for indices in self.ranges(fact, cut, beyond):
            yield self.instance(fact, indices)

    def instance(self, fact: Fact, indices: Indices) -> Instance:
        """Return the body of `fact` at these values of its variables."""
        values, body = _bound(indices), fact.body
        if body.kind in ("<=", "=="):
            if self.rank is None and any(name == "rank" for n in body.sides for m, _ in n for name, _ in m):
                return Instance(indices, body.kind, tuple(self._scalar(side, values) for side in body.sides))
            numbers = tuple(self.number(side, values) for side in body.sides)
            return Instance(indices, body.kind, (), numbers, self.true(body, values))
        if body.kind == "psd" and body.sides[0].rows == body.sides[0].cols == ONE:
            # An inequality between scalars: what is subtracted stands left.
            terms = body.sides[0].terms
            parts = (tuple((k, abs(c)) for k, c in terms if (c > 0) is up) for up in (False, True))
            low, high = (self.matrix(Matrix(ONE, ONE, part), values) for part in parts)
            return Instance(indices, "<=", (low, high))
        return Instance(indices, body.kind, tuple(self.matrix(side, values) for side in body.sides))


def _bound(indices: Indices) -> dict[str, int]:
    return {f"#{i}": value for i, value in enumerate(indices)}


def _atoms(n: Nat) -> Iterator[str]:
    """Yield the names of all atoms of a natural-number term, those inside indices and ranks included."""
    for monomial, _ in n:
        for name, args in monomial:
            yield name
            for arg in args:
                if isinstance(arg, Matrix):
                    yield from _matrix_atoms(arg)
                else:
                    yield from _atoms(arg)


def _matrix_atoms(m: Matrix) -> Iterator[str]:
    yield from (*_atoms(m.rows), *_atoms(m.cols))
    for x in letters(m):
        for arg in x.args:
            if not isinstance(arg, Matrix):
                yield from _atoms(arg)
