"""Floats for many instances at once: every value is an array (count, rows, cols) of some array-API namespace.

Beside each value stands a tangent: what becomes, to first order, of a random error in every operation, as large as
rounding can make it (Gaussian, of the size of the bounds in Higham, Accuracy and Stability of Numerical Algorithms,
chapters 3 and 14), in units of the machine epsilon. It estimates the rounding error of the value, with its
correlations, where norms alone would overestimate a long chain by many orders of magnitude. Decompositions are backward
stable, so what is computed from them counts as exact for a matrix that far away.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from symlora.domains.backend import Backend
from symlora.domains.ground import Graph, Indices, Instance, Node, Scope, Unassigned, Values
from symlora.domains.setup import Setup
from symlora.kernel.facts import Fact
from symlora.kernel.words import Matrix

Leaf = Callable[[str, Indices, int, int], Any]
"""Name, indices, rows and columns to an array (count, rows, cols) or a `Value`, None for junk."""
NaturalFamily = Mapping[Indices, int] | Callable[[Indices], int]
OPEN_RANK = 1e-3
"""A rank is left open where its tolerance is more than this part of the largest singular value."""


class Mixed(ArithmeticError):
    """The instances of a batch differ in a rank on which a size, a range or a choice depends."""


class Value(NamedTuple):
    """A value of every instance; the first size of all arrays is the number of instances, or 1 if all agree.

    `tangent` estimates the rounding error in units of epsilon (see above), `norm` is the Frobenius norm, `scale` the
    largest norm among the terms that were added up last, `condition` the largest condition number (in Frobenius norms)
    of what was inverted on the way, 1 if nothing was.
    """

    array: Any
    tangent: Any
    norm: Any
    scale: Any
    condition: Any


class Stored(NamedTuple):
    """Stands for a value inside the graph; `entries` is what `Scope` asks of an exact matrix."""

    kind: str
    position: int

    def entries(self) -> tuple[str, int]:
        """Return the arguments of the node."""
        return self.kind, self.position


class BatchScope(Scope):
    """A scope in which facts about ranks are evaluated per instance, and that notes which nodes are members."""

    kept: set[int]

    def child(self, values: Values) -> BatchScope:
        """Return an inner scope with more natural variables."""
        plain = super().child(values)
        found = BatchScope(self.graph, plain._natural, plain.largest, {}, self, self.rank)
        found.kept = self.kept
        return found

    def member(self, name: str, indices: Indices, rows: int, cols: int) -> int:
        """Return the node of a member."""
        node = super().member(name, indices, rows, cols)
        self.kept.add(node)
        return node

    def instance(self, fact: Fact, indices: Indices) -> Instance:
        """Return the body of `fact` at these values of its variables; ranks become 1 x 1 nodes."""
        measured, self.rank = self.rank, None
        ranks = fact.body.kind in ("<=", "==") and any(n == "rank" for s in fact.body.sides for m, _ in s for n, _ in m)
        if not ranks:
            self.rank = measured
        try:
            return super().instance(fact, indices)
        finally:
            self.rank = measured


class BatchModel:
    """`count` float models of a statement that share their naturals.

    `leaf` gives the members that no definition reaches; where it is silent, and out of range, they are junk from
    `seed`. A range without an upper bound is followed up to `reach`, by default the largest natural.

    >>> from symlora.domains.backend import backend
    >>> from symlora.domains.setup import read_setup
    >>> setup = read_setup([{"natural": "n"}, {"matrix": "A", "index": [], "shape": ["n", "n"]}])
    >>> model = BatchModel(setup, {"n": 3}, 5, backend("numpy"))
    >>> model.evaluate(setup.context.matrix("A*inv(A)")).array.shape
    (5, 3, 3)
    """

    def __init__(self, setup: Setup, naturals: Mapping[str, int], count: int, device: Backend, leaf: Leaf | None = None,
                 families: Mapping[str, NaturalFamily] | None = None, reach: int | None = None, seed: int = 0,
                 dtype: str = "float64") -> None:  # fmt: skip
        self.setup, self.count, self.device, self.seed = setup, count, device, seed
        self.xp, self.precision, self.dtype = device.xp, dtype, getattr(device.xp, dtype)
        self.reach = max(naturals.values(), default=0) if reach is None else reach
        self.eps = float(self.xp.finfo(self.dtype).eps)
        self.graph = Graph()
        self.leaf = leaf
        self.calls: list[Callable[[], Value]] = []
        known = families or {}

        def natural(name: str, indices: Indices) -> int:
            if not indices and name in naturals:
                return naturals[name]
            if name not in known:
                raise Unassigned(name, indices)
            family = known[name]
            return family(indices) if callable(family) else family.get(indices, 0)

        self.scope = BatchScope(self.graph, natural, self.reach, setup.definitions, rank=self.rank)
        self.scope.kept = set()
        self.values: dict[int, Value] = {}
        self.widest = 1
        self._svd: dict[int, tuple[Any, Any, Any]] = {}

    def inner(self, naturals: Mapping[str, int]) -> BatchModel:
        """Return this model with more natural variables; values already computed are shared."""
        model = object.__new__(type(self))
        model.__dict__ = self.__dict__.copy()
        model.scope = self.scope.child(naturals)
        return model

    def rank(self, node: int) -> int:
        """Return the rank that all instances share; raises `Mixed` if they do not."""
        ranks = sorted(set(self.device.host(self.value(self.graph.add("rank", (node,), 1, 1)).array).ravel().tolist()))
        if len(ranks) > 1 or not all(r >= 0 for r in ranks):
            raise Mixed(f"the instances have ranks {', '.join(f'{r:.0f}' for r in ranks)} where all need the same")
        return int(ranks[0]) if ranks else 0

    def evaluate(self, term: Matrix) -> Value:
        """Return the value of a matrix term."""
        with self.device.quiet():
            return self.value(self.scope.matrix(term, {}))

    def value(self, node: int) -> Value:
        """Return the value of a node of the model's graph."""
        found = self.values.get(node)
        if found is None:
            for argument in self.graph.arguments(node):
                self.value(argument)
            n = self.graph.nodes[node]
            self.widest = max(self.widest, n.rows, n.cols)
            found = self.values[node] = self.computed(node, n)
        return found

    def release(self) -> None:
        """Forget values that are neither members, inverses nor scalars: they are cheap to compute again."""
        nodes = self.graph.nodes
        for node in list(self.values):
            n = nodes[node]
            if node not in self.scope.kept and n.kind not in ("leaf", "inv") and n.rows * n.cols > 1:
                del self.values[node]

    def junk(self, key: str, rows: int, cols: int) -> Any:
        """Return arbitrary matrices that belong to this seed and key."""
        import numpy

        seed = int.from_bytes(hashlib.sha256(f"{self.seed}|{key}".encode()).digest()[:8], "big")
        drawn = numpy.random.default_rng(seed).uniform(-1, 1, (self.count, rows, cols))
        return self.xp.asarray(drawn, dtype=self.dtype)

    def exact(self, array: Any) -> Value:
        """Return a value without rounding errors."""
        size = self.norm(array)
        zero = self.xp.zeros((1, *array.shape[1:]), dtype=self.dtype)
        return Value(array, zero, size, size, self.xp.ones_like(size))

    def rounded(self, node: int, array: Any) -> Value:
        """Return a value that was rounded to floats once."""
        size = self.norm(array)
        return Value(array, self.noise(node, size, *array.shape[1:]), size, size, self.xp.ones_like(size))

    def norm(self, array: Any) -> Any:
        """Return the Frobenius norms, shape (count,)."""
        flat = self.xp.reshape(array, (array.shape[0], array.shape[1] * array.shape[2]))
        return self.xp.sqrt(self.xp.vecdot(flat, flat))

    def noise(self, node: int, size: Any, rows: int, cols: int) -> Any:
        """Return an error of Frobenius norm `size`, shape (count,); its direction belongs to the node."""
        import numpy

        if rows * cols == 1:
            # One number: a sign would let errors cancel by accident.
            return size[:, None, None]
        drawn = numpy.random.default_rng([self.seed, node]).standard_normal((1, rows, cols))
        if rows * cols:
            drawn /= numpy.linalg.norm(drawn)
        return size[:, None, None] * self.xp.asarray(drawn, dtype=self.dtype)

    def computed(self, node: int, n: Node) -> Value:
        """Return the value of a node from those of its arguments."""
        xp, args, values = self.xp, n.args, self.values
        if n.kind == "leaf":
            given = self.leaf(args[0], args[1], n.rows, n.cols) if self.leaf is not None else None
            if given is None:
                return self.rounded(node, self.junk(f"{args[0]}{list(args[1])}", n.rows, n.cols))
            return given if isinstance(given, Value) else self.rounded(node, given)
        if n.kind == "constant":
            return self.value(args[1]) if args[0] == "node" else self.calls[args[1]]()
        if n.kind in ("eye", "inclusion"):
            return self.exact(xp.eye(n.rows, n.cols, k=-args[0] if args else 0, dtype=self.dtype)[None, ...])
        if n.kind == "sum":
            return self._sum(node, n)
        a = values[args[0]]
        if n.kind in ("product", "multiple"):
            b = values[args[1]]
            times = xp.matmul if n.kind == "product" else xp.multiply
            array = times(a.array, b.array)
            own = self.noise(node, a.norm * b.norm, n.rows, n.cols)
            tangent = times(a.tangent, b.array) + times(a.array, b.tangent) + own
            size = scale = self.norm(array)
            if n.kind == "multiple":
                scale = xp.maximum(a.scale * b.norm, a.norm * b.scale)
            return Value(array, tangent, size, scale, xp.maximum(a.condition, b.condition))
        if n.kind == "flip":
            return a._replace(array=xp.matrix_transpose(a.array), tangent=xp.matrix_transpose(a.tangent))
        if n.kind == "inv":
            return self._inverse(node, a)
        if n.kind == "rank":
            return self._rank(a)
        if n.kind in ("tr", "sqrt", "norm2", "sigma"):
            return self._scalar(n, a)
        return self._witness(node, n, a)

    def _scalar(self, n: Node, a: Value) -> Value:
        """Return a function that is a number; its tangent is a bound, never negative."""
        xp = self.xp
        error = self.norm(a.tangent)
        if n.kind == "tr":
            array = xp.linalg.trace(a.array)[:, None, None]
            error = (error + a.norm) * float(max(1, a.array.shape[1])) ** 0.5
            return Value(array, error[:, None, None], self.norm(array), a.scale, a.condition)
        if n.kind == "sqrt":
            array = xp.sqrt(a.array)
            size = self.norm(array)
            error = size + error / (2 * size)
            return Value(array, error[:, None, None], size, xp.maximum(size, xp.sqrt(a.scale)), a.condition)
        k = 1 if n.kind == "norm2" else n.args[1]
        if k < 1:
            return self.exact(self.junk(f"sigma {k}", 1, 1))
        found = self.decomposed(n.args[0], a)[1]
        array = found[:, k - 1 : k, None] if k <= found.shape[1] else xp.zeros_like(a.norm)[:, None, None]
        return Value(array, (error + a.norm)[:, None, None], self.norm(array), a.scale, a.condition)

    def _sum(self, node: int, n: Node) -> Value:
        xp = self.xp
        if not n.args:
            return self.exact(xp.zeros((1, n.rows, n.cols), dtype=self.dtype))
        terms = [(float(c), self.values[position]) for c, position in n.args]
        c, first = terms[0]
        array, tangent, scale, condition = c * first.array, c * first.tangent, abs(c) * first.norm, first.condition
        for c, term in terms[1:]:
            array = array + (term.array if c == 1 else c * term.array)
            tangent = tangent + (term.tangent if c == 1 else c * term.tangent)
            scale = xp.maximum(scale, abs(c) * term.norm)
            condition = xp.maximum(condition, term.condition)
        size = self.norm(array)
        return Value(array, tangent + self.noise(node, scale, n.rows, n.cols), size, scale, condition)

    def clean(self, a: Value) -> tuple[Any, Any]:
        """Return the array with 0 for instances that are not finite, which LAPACK refuses, and which those are."""
        bad = ~self.xp.isfinite(a.norm)
        if not bool(self.xp.any(bad)):
            return a.array, bad
        return self.xp.where(bad[:, None, None], self.xp.zeros_like(a.array), a.array), bad

    def _inverse(self, node: int, a: Value) -> Value:
        """Return the inverses, NaN for instances that elimination finds singular."""
        import numpy

        xp = self.xp
        m, bad = self.clean(a)
        try:
            array = xp.linalg.inv(m)
        except numpy.linalg.LinAlgError:
            bad = bad | ~xp.isfinite(xp.linalg.slogdet(m)[1])
            whole = xp.eye(m.shape[1], dtype=self.dtype)[None, ...]
            array = xp.linalg.inv(xp.where(bad[:, None, None], whole, m))
        if bool(xp.any(bad)):
            array = xp.where(bad[:, None, None], xp.full_like(array, float("nan")), array)
        size = self.norm(array)
        # The inverse is exact for a matrix that differs by rounding.
        moved = a.tangent + self.noise(node, a.norm, *array.shape[1:])
        tangent = -xp.matmul(xp.matmul(array, moved), array)
        return Value(array, tangent, size, size, xp.maximum(a.condition, a.norm * size))

    def decomposed(self, node: int, a: Value, vectors: bool = False) -> tuple[Any, Any, Any]:
        """Return left vectors, singular values and transposed right vectors; vectors are full bases, if asked for."""
        found = self._svd.get(node)
        if found is None or (vectors and found[0] is None):
            m, bad = self.clean(a)
            if min(m.shape[1:]) == 0:
                values = self.xp.zeros((m.shape[0], 0), dtype=self.dtype)
                eyes = tuple(self.xp.eye(size, dtype=self.dtype)[None, ...] for size in m.shape[1:])
                found = (eyes[0], values, eyes[1])
            elif vectors:
                found = tuple(self.xp.linalg.svd(m, full_matrices=True))
            else:
                found = (None, self.xp.linalg.svdvals(m), None)
            if bool(self.xp.any(bad)):
                lost = self.xp.where(bad, float("nan"), self.xp.zeros_like(a.norm))
                found = (found[0], found[1] + lost[:, None], found[2])
            self._svd[node] = found
        return found

    def _rank(self, a: Value) -> Value:
        """Return the numbers of singular values above the error of the matrix; open where that error is large."""
        xp = self.xp
        m, bad = self.clean(a)
        if min(m.shape[1:]) == 0:
            return self.exact(xp.zeros((1, 1, 1), dtype=self.dtype))
        tolerance = self.tolerance(a)
        bad = bad | ~xp.isfinite(tolerance)
        found = xp.astype(xp.linalg.matrix_rank(m, rtol=xp.where(bad, 0.0, tolerance)), self.dtype)
        found = xp.where(bad, xp.full_like(found, float("nan")), found)
        unsure = xp.where(tolerance > OPEN_RANK, xp.full_like(found, float("inf")), xp.zeros_like(found))
        return Value(
            found[:, None, None], unsure[:, None, None], found, xp.maximum(found, xp.ones_like(found)), a.condition
        )

    def tolerance(self, a: Value) -> Any:
        """Return the part of the largest singular value below which one counts as 0 in a rank, shape (count,)."""
        # The Frobenius norm exceeds the largest singular value by the root of the size at most.
        size = max(a.array.shape[1:])
        part = (self.norm(a.tangent) / a.norm + 1) * size**0.5
        return self.xp.where(a.norm > 0, self.eps * size * part, self.xp.zeros_like(a.norm))

    def _witness(self, node: int, n: Node, a: Value) -> Value:
        """Return what an axiom says to exist, from a singular value decomposition."""
        xp, args = self.xp, n.args
        left, sizes, right = self.decomposed(args[0], a, vectors=True)
        vectors = xp.matrix_transpose(right)
        if n.kind == "projector":
            first = vectors[:, :, : min(args[1], n.rows)]
            array = xp.matmul(first, xp.matrix_transpose(first))
        elif n.kind == "vectors":
            array = self._columns(vectors, args[1], n.cols)
        elif n.kind == "null":
            array = vectors[:, :, -1:]
        elif n.kind == "complement":
            array = left[:, :, n.rows - n.cols :]
        elif n.kind == "gram":
            # F'F = V diag(s) V' for a positive semidefinite matrix.
            array = xp.sqrt(sizes)[:, :, None] * right
        else:
            rank = n.cols if args[1] in ("U", "Y") else n.rows
            kept = sizes[:, :rank]
            array = {
                "U": lambda: left[:, :, :rank] * kept[:, None, :], "V": lambda: right[:, :rank, :],
                "X": lambda: xp.matrix_transpose(left[:, :, :rank] / kept[:, None, :]),
                "Y": lambda: vectors[:, :, :rank],
            }[args[1]]()  # fmt: skip
        size = self.norm(array)
        return Value(array, self.noise(node, size, n.rows, n.cols), size, size, a.condition)

    def _columns(self, m: Any, first: int, count: int) -> Any:
        """Return `count` columns from `first` on, 0 past the last one."""
        first = min(first, m.shape[2])
        found = m[:, :, first : min(first + count, m.shape[2])]
        missing = count - found.shape[2]
        if not missing:
            return found
        return self.xp.concat([found, self.xp.zeros((m.shape[0], m.shape[1], missing), dtype=self.dtype)], axis=2)
