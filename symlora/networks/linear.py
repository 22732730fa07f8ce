"""Instances of the theorems on linear networks: exact ones whose distance has a rational SVD, and batches of floats.

The symbols are those of the statements: W[l] for l = 1, …, L and the target Wbar are D x D, P[L] is the product of all
layers, E = Wbar - P[L] the distance, r[l] = R and s[l] = R*l.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from symlora.domains.backend import Backend
from symlora.domains.batch import BatchModel
from symlora.domains.ground import Indices
from symlora.domains.setup import Setup

TRIES = 200
KINDS = ("generic", "tied", "deficient", "singular-first")
"""Of exact instances: any singular values of E; all equal; fewer than RL of them not 0; W[1] singular."""


def sizes_problem(width: int, depth: int, rank: int) -> str:
    """Return what is wrong with the sizes of a linear network and its adapters, empty if nothing is.

    >>> sizes_problem(4, 2, 5)
    'expected a rank from 1 to the width 4, found 5'
    """
    if width < 1:
        return f"expected a width of at least 1, found {width}"
    if depth < 1:
        return f"expected a depth of at least 1, found {depth}"
    if not 1 <= rank <= width:
        return f"expected a rank from 1 to the width {width}, found {rank}"
    return ""


def naturals(width: int, depth: int, rank: int) -> dict[str, int]:
    """Return the plain naturals of the statements."""
    return {"D": width, "L": depth, "R": rank}


def families(depth: int, rank: int) -> dict[str, Callable[[Indices], int]]:
    """Return r[l] = R and s[l] = R*l, 0 below the range."""
    return {"r": lambda i: rank if i[0] > 0 else 0, "s": lambda i: rank * max(0, i[0])}


@dataclass(frozen=True)
class Exact:
    """One exact instance: rational matrices (python-flint's ``fmpq_mat``) with E = U diag(values) V'."""

    width: int
    depth: int
    rank: int
    kind: str
    layers: tuple[Any, ...]
    target: Any
    left: Any
    values: tuple[Any, ...]
    right: Any
    names: Mapping[str, Callable[[Indices], Any]] = field(default_factory=dict, repr=False)

    def best(self, k: int) -> Any:
        """Return the truncation of E to its first k singular values."""
        from flint import fmpq_mat

        size = self.width
        middle = fmpq_mat(size, size)
        for i, value in enumerate(self.values[: max(0, k)]):
            middle[i, i] = value
        return self.left * middle * self.right.transpose()

    def piece(self, l: int) -> Any:
        """Return what layer l adds to the product."""
        return self.best(self.rank * l) - self.best(self.rank * (l - 1))

    def member(self, name: str, indices: Indices, rows: int, cols: int) -> Any:
        """Return a member of the statements' families, None where they leave it open.

        W and Wbar; the pieces E[l] where E is a family; T[a] and G[a, r] of the decomposition of E.
        """
        from symlora.domains.spectrum import columns

        if name == "W" and 1 <= indices[0] <= self.depth:
            return self.layers[indices[0] - 1]
        if name == "Wbar":
            return self.target
        if name == "E" and indices and 1 <= indices[0] <= self.depth:
            return self.piece(indices[0])
        if name == "T" and indices and indices[0] >= 0:
            first = columns(self.right, 0, indices[0])
            return first * first.transpose()
        if name == "G" and len(indices) == 2 and min(indices) >= 0:
            return columns(self.right, indices[0], cols)
        return None

    def leaf(self, seed: int = 0) -> Callable[[str, Indices, int, int], Any]:
        """Return `member` as a model asks for it, with junk from `seed` where it is silent."""
        from symlora.domains.rational import junk

        def found(name: str, indices: Indices, rows: int, cols: int) -> Any:
            value = self.member(name, indices, rows, cols)
            return junk(seed, f"{name}{list(indices)}", rows, cols) if value is None else value

        return found


def prescribed(setup: Setup) -> Setup:
    """Return a statement in which nothing is left to an axiom's witness: the instance brings the decomposition."""
    kept = {name: rule for name, rule in setup.definitions.items() if rule.witness is None}
    return replace(setup, definitions=kept)


def exact_instance(width: int, depth: int, rank: int, kind: str = "generic", seed: int = 0) -> Exact:
    """Return a random exact instance that satisfies the hypotheses of Lemma 1, W[1] singular for ``singular-first``.

    Raises `ValueError` for sizes that no instance has (see `sizes_problem`), and where none was found.

    >>> one = exact_instance(3, 2, 1)
    >>> one.target - one.layers[1] * one.layers[0] == one.best(3)
    True
    """
    from flint import fmpq, fmpq_mat

    from symlora.domains.sampling import triangular
    from symlora.domains.spectrum import reflections

    problem = sizes_problem(width, depth, rank) or ("" if kind in KINDS else f"expected one of {KINDS}, found {kind!r}")
    if problem:
        raise ValueError(problem)
    draw = Random(f"linear {width} {depth} {rank} {kind} {seed}")
    for _ in range(TRIES):
        layers = [triangular(draw, width) for _ in range(depth)]
        if kind == "singular-first":
            place = draw.randrange(width)
            flat = fmpq_mat(width, width, [int(i == j != place) for i in range(width) for j in range(width)])
            layers[0] = flat * layers[0]
        product = layers[0]
        for layer in layers[1:]:
            product = layer * product
        values = _singular_values(draw, width, depth * rank, kind)
        left, right = reflections(draw, width), reflections(draw, width)
        one = Exact(width, depth, rank, kind, tuple(layers), product, left, tuple(values), right)
        if all((product + one.best(rank * l)).det() != fmpq(0) for l in range(1, depth)):
            return replace(one, target=product + one.best(width))
    raise ValueError(f"no instance was found for width {width}, depth {depth}, rank {rank}, {kind}")


def _singular_values(draw: Random, width: int, reach: int, kind: str) -> list[Any]:
    """Return the singular values of E, largest first."""
    from flint import fmpq

    if kind == "tied":
        return [fmpq(draw.randint(1, 3), draw.choice((1, 2)))] * width
    # Different numerators over one denominator: no ties.
    below = draw.choice((1, 2, 3))
    found = sorted(draw.sample(range(1, 3 * width + 1), width), reverse=True)
    if kind == "deficient":
        keep = draw.randrange(min(reach, width))
        found = found[:keep] + [0] * (width - keep)
    return [fmpq(value, below) for value in found]


def edge_instances(seed: int = 0, most: int = 4) -> Iterator[Exact]:
    """Yield exact instances over small sizes, edges among them: RL > D, R = D, L = 1, D = 1, ties, E of low rank."""
    for width, depth, rank in (
        (4, 3, 1),
        (3, 2, 2),
        (2, 2, 2),
        (4, 1, 2),
        (1, 1, 1),
        (1, 3, 1),
        (5, 2, 2),
        (most, 4, 1),
    ):
        for kind in KINDS:
            # A 1 x 1 layer that is 0 leaves nothing to add to, unless the first piece is not 0.
            if kind == "deficient" and width == 1 and depth > 1:
                continue
            yield exact_instance(width, depth, rank, kind, seed)


def floats(width: int, depth: int, first: int, count: int, seed: int) -> Any:
    """Return instances number `first`, …, ``first + count - 1`` as a NumPy array (count, depth + 1, width, width).

    Layers 1 to `depth` and then the target, all entries uniform on (-1/sqrt(D), 1/sqrt(D)), the default of a linear
    layer in PyTorch. An instance depends on the sizes, its number and the seed alone, not on the batch it is drawn in.

    >>> bool((floats(3, 2, 4, 1, seed=7)[0] == floats(3, 2, 0, 9, seed=7)[4]).all())
    True
    """
    import numpy

    each = (depth + 1) * width * width
    # One draw of 64 bits for every double, so the generator can be moved to the first instance.
    bits = numpy.random.PCG64([seed, width, depth]).advance(first * each)
    bound = width**-0.5
    return (2 * numpy.random.Generator(bits).random((count, depth + 1, width, width)) - 1) * bound


def float_leaf(weights: Any, device: Backend, dtype: str = "float64") -> Callable[[str, Indices, int, int], Any]:
    """Return the members W[l] and Wbar of a batch; raises `ValueError` unless all entries are finite numbers.

    `weights` is a NumPy array (count, L + 1, D, D), as `floats` returns it.
    """
    import numpy

    if weights.ndim != 4 or weights.shape[2] != weights.shape[3] or weights.shape[1] < 2:
        raise ValueError(f"expected weights of shape (count, L + 1, D, D), found {weights.shape}")
    if not numpy.isfinite(weights).all():
        raise ValueError("expected finite weights, found NaN or infinity")
    depth = weights.shape[1] - 1
    kind = getattr(device.xp, dtype)

    def leaf(name: str, indices: Indices, rows: int, cols: int) -> Any:
        if name == "W" and 1 <= indices[0] <= depth:
            return device.xp.asarray(numpy.ascontiguousarray(weights[:, indices[0] - 1]), dtype=kind)
        return device.xp.asarray(numpy.ascontiguousarray(weights[:, depth]), dtype=kind) if name == "Wbar" else None

    return leaf


def float_model(setup: Setup, weights: Any, rank: int, device: Backend, dtype: str = "float64",
                model: type[BatchModel] = BatchModel) -> BatchModel:  # fmt: skip
    """Return the float models of a statement about linear networks with these weights (see `float_leaf`)."""
    count, depth, width = weights.shape[0], weights.shape[1] - 1, weights.shape[2]
    return model(setup, naturals(width, depth, rank), count, device, float_leaf(weights, device, dtype),
                 families(depth, rank), reach=depth, dtype=dtype)  # fmt: skip
