"""Small exact models that satisfy the givens of a statement, degenerate ones included.

Sizes come first: all zero, all one, one of them zero or one, then random ones. Members are drawn one after the other in
the shapes that hypotheses tend to ask for (unit-triangular products, signed permutations, Cayley transforms,
projections, sparse and dense matrices); each draw is checked as soon as a given can be evaluated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from flint import fmpq, fmpq_mat

from symlora.domains.constraints import Assignment, Constraint, System
from symlora.domains.ground import Graph, Indices, Instance, Scope, Unmeasured
from symlora.domains.rational import Model
from symlora.domains.setup import Setup
from symlora.domains.spectrum import draw_decomposed, identity, inclusion
from symlora.domains.values import NotRepresentable
from symlora.kernel.facts import Fact, instance
from symlora.kernel.naturals import number

GIVEN_BEYOND = 5
"""How far past the largest natural an unbounded given is made to hold: further than derived facts are followed."""
TRIES_PER_MEMBER, RESTARTS, SIZE_TRIES = 30, 6, 400


def triangular(draw: Random, n: int) -> Any:
    """Return a unit lower times a unit upper triangular matrix: always nonsingular."""
    lower = fmpq_mat(n, n, [int(i == j) or (draw.randint(-2, 2) if i > j else 0) for i in range(n) for j in range(n)])
    upper = fmpq_mat(n, n, [int(i == j) or (draw.randint(-2, 2) if i < j else 0) for i in range(n) for j in range(n)])
    return lower * upper


def orthogonal(draw: Random, n: int) -> Any:
    """Return ``(1 - K)(1 + K)^-1`` for a skew-symmetric K, columns with random signs (Cayley)."""
    skew = fmpq_mat(n, n)
    for i in range(n):
        for j in range(i):
            skew[i, j] = fmpq(draw.randint(-2, 2), draw.choice((1, 2)))
            skew[j, i] = -skew[i, j]
    signs = fmpq_mat(n, n, [draw.choice((1, -1)) if i == j else 0 for i in range(n) for j in range(n)])
    return (identity(n) - skew) * (identity(n) + skew).inv() * signs


def draw_matrix(draw: Random, rows: int, cols: int, easy: bool, decomposed: bool = False) -> Any:
    """Return a random matrix of some kind; `easy` prefers those that satisfy many equations.

    With `decomposed`, it has a rational singular value decomposition.
    """
    if decomposed:
        return draw_decomposed(draw, rows, cols)
    kinds = ["dense", "dense", "sparse", "low", "small", "decomposed"]
    if rows == cols:
        kinds += ["triangular", "triangular", "symmetric", "gram"]
    if easy:
        kinds += ["zero", "eye", "projection", "orthogonal", "sparse", "zero", "eye"]
    kind = draw.choice(kinds)
    large = max(rows, cols)
    if kind == "triangular":
        return triangular(draw, rows)
    if kind == "orthogonal":
        return inclusion(rows, large, 0) * orthogonal(draw, large) * inclusion(large, cols, 0)
    if kind == "decomposed":
        return draw_decomposed(draw, rows, cols)
    if kind == "zero":
        return fmpq_mat(rows, cols)
    if kind == "eye":
        return inclusion(rows, cols, 0)
    if kind == "projection":
        return fmpq_mat(rows, cols, [draw.randint(0, 1) * int(i == j) for i in range(rows) for j in range(cols)])
    if kind == "low":
        column = fmpq_mat(rows, 1, [draw.randint(-2, 2) for _ in range(rows)])
        return column * fmpq_mat(1, cols, [draw.randint(-2, 2) for _ in range(cols)])
    if kind == "gram":
        half = fmpq_mat(rows, cols, [draw.randint(-2, 2) for _ in range(rows * cols)])
        return half.transpose() * half
    if kind == "symmetric":
        half = fmpq_mat(rows, cols, [draw.randint(-2, 2) for _ in range(rows * cols)])
        return half + half.transpose()
    choices = {"sparse": (0, 0, 0, 1, -1), "small": (0, 1, -1)}.get(kind, tuple(range(-3, 4)))
    bottom = (1, 1, 2) if kind == "dense" else (1,)
    return fmpq_mat(rows, cols, [fmpq(draw.choice(choices), draw.choice(bottom)) for _ in range(rows * cols)])


class Numbers:
    """Values of the naturals of one candidate model; families are total, with junk at negative indices.

    A member is drawn when it is first asked for, unless `settle` has given it the value that a hypothesis asks for.
    """

    def __init__(self, setup: Setup, plain: dict[str, int], style: int, seed: int) -> None:
        self.plain, self.style, self.seed = plain, style, seed
        self.drawn: dict[tuple[str, Indices], int] = {}
        self.families = {name: self._family(name) for name in setup.families}

    def _family(self, name: str) -> Callable[[Indices], int]:
        return lambda indices: self(name, indices)

    def __call__(self, name: str, indices: Indices) -> int:
        if not indices:
            return self.plain[name]
        value = self.drawn.get((name, indices))
        if value is None:
            draw = Random(f"{self.seed}|{name}|{indices}")
            random = draw.randint(-2, 2) if min(indices) < 0 else draw.randint(0, 3)
            value = self.drawn[(name, indices)] = (0, 1, 2, min(2, random), random)[self.style]
        return value

    def settle(self, scope: Scope, given: Fact) -> None:
        """Let members that `given` sets equal to something, or bounds above, have such values unless drawn already."""
        for values in scope.ranges(given, [], GIVEN_BEYOND):
            body = instance(given, tuple(map(number, values))).body
            for left, right in (body.sides, body.sides[::-1]) if body.kind == "==" else (body.sides,):
                if len(left) != 1 or len(left[0][0]) != 1 or left[0][1] != 1:
                    continue
                ((name, indices),) = left[0][0]
                if any(one == "rank" for side in (left, right) for m, _ in side for one, _ in m):
                    continue
                member = (name, tuple(scope.number(i, {}) for i in indices))
                if indices and member not in self.drawn:
                    value = scope.number(right, {})
                    self.drawn.setdefault(member, value)
                    if body.kind == "<=":
                        self.drawn[member] = Random(f"{self.seed}|{member}").randint(0, max(0, value))
                    break


def size_choices(names: list[str], draw: Random) -> Iterator[dict[str, int]]:
    """Yield values for the naturals: degenerate ones first, then random ones without end."""
    yield dict.fromkeys(names, 2)
    yield dict.fromkeys(names, 1)
    for value in (0, 1, 3):
        for name in names:
            yield {**dict.fromkeys(names, 2), name: value}
    yield dict.fromkeys(names, 0)
    while True:
        yield {name: draw.choice((0, 1, 1, 2, 2, 3)) for name in names}


def models(setup: Setup, count: int, seed: int = 0) -> Iterator[Model]:
    """Yield up to `count` models in which every given holds, no singular matrix being inverted in a given.

    >>> from symlora.domains.setup import read_setup
    >>> setup = read_setup([{"natural": "n"}, {"matrix": "A", "index": [], "shape": ["n", "n"]},
    ...                     {"given": "regular", "fact": "nonsingular(A)"}])
    >>> [model.scope.largest for model in models(setup, 5)]
    [2, 1, 0, 1, 3]
    """
    draw = Random(f"models {seed}")
    found = 0
    seen: list[dict[str, int]] = []
    for attempt, plain in enumerate(size_choices(setup.naturals, draw)):
        if found == count or attempt == SIZE_TRIES:
            return
        if plain in seen and (not setup.naturals or attempt < 3 * len(setup.naturals) + 3):
            continue
        numbers = Numbers(setup, plain, draw.randrange(5), draw.randrange(10**9))
        later: list[Fact] = []
        matrices = satisfying(setup, numbers, draw, later)
        if matrices is None:
            continue
        model = Model(setup, plain, numbers.families, matrices, seed=draw.randrange(10**9))
        try:
            fits = all(model.holds(given, GIVEN_BEYOND) for given in later)
        except NotRepresentable:
            fits = False
        if fits:
            found += 1
            yield model


def about_naturals(fact: Fact) -> bool:
    """Return whether a fact relates naturals, ranks perhaps among them."""
    return fact.body.kind in ("<=", "==")


def satisfying(setup: Setup, numbers: Numbers, draw: Random, later: list[Fact],
               ) -> dict[tuple[str, Indices], Any] | None:  # fmt: skip
    """Return values of the members on which the givens depend, or None where none were found.

    Givens whose sizes depend on ranks are put into `later`, to be evaluated when the matrices are known.
    """
    graph = Graph()
    scope = Scope(graph, numbers, max(numbers.plain.values(), default=0), setup.definitions)
    hypotheses: list[Instance] = []
    kept = [given for name, given in setup.givens.items() if name not in setup.made]
    for given in sorted(kept, key=lambda f: ("==", "<=").index(f.body.kind) if about_naturals(f) else 2):
        try:
            if about_naturals(given):
                numbers.settle(scope, given)
            instances = list(scope.instances(given, [], GIVEN_BEYOND))
        except Unmeasured:
            later.append(given)
            continue
        for found in instances:
            if found.nodes:
                hypotheses.append(found)
            elif not found.true:
                return None
    system = System(graph, hypotheses)
    total: Assignment = {}
    for group in system.components(system.hypotheses):
        part = next((v for _ in range(RESTARTS) if (v := assign(system, group, draw)) is not None), None)
        if part is None:
            return None
        total.update(part)
    for leaf in sorted(frozenset().union(*map(system.leaves, system.roots)) - total.keys()):
        node = graph.nodes[leaf]
        total[leaf] = draw_matrix(draw, node.rows, node.cols, False, leaf in to_decompose(graph))
    return {graph.nodes[node].args: value for node, value in system.complete(total).items()}


def to_decompose(graph: Graph) -> set[int]:
    """Return the nodes whose singular vectors are asked for."""
    return {node.args[0] for node in graph.nodes if node.kind in ("projector", "vectors")}


def assign(system: System, constraints: list[Constraint], draw: Random) -> Assignment | None:
    """Return random values that satisfy the constraints, drawn member by member, or None after a dead end."""
    order = system.order(constraints)
    plans = system.plans(order, constraints)
    values: Assignment = {}
    whole = to_decompose(system.graph)
    if not system.run(*plans[0], values):
        return None
    for position, leaf in enumerate(order, 1):
        node = system.graph.nodes[leaf]
        for attempt in range(TRIES_PER_MEMBER):
            values[leaf] = draw_matrix(draw, node.rows, node.cols, attempt > 2, leaf in whole and attempt % 2 == 0)
            if system.run(*plans[position], values):
                break
        else:
            return None
    return {leaf: values[leaf] for leaf in order}
