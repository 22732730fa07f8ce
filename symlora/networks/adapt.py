"""Adapters for a user's own linear model: exact ones with a certificate, or the reason why there are none.

A model is a product of frozen D x D weights, ``W[L]*...*W[1]``; adapters of ranks r[l] are matrices dW[l] of at most
those ranks, and ``(W[L] + dW[L])*...*(W[1] + dW[1])`` is to be the target. Lemma 1 of Zeng & Lee, The Expressive Power
of Low-Rank Adaptation (ICLR 2024), in its form without singular values, and the stronger form without a condition on
partial sums (theorems ``linear/exact`` and ``linear/multi-factor``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal, overload

from symlora.domains.spectrum import identity, null_space
from symlora.networks.certificate import FORMAT
from symlora.networks.pieces import Factors, from_pieces, nonsingular, rank_split, selection
from symlora.networks.reading import (
    AdaptError,
    as_floats,
    check_memory,
    check_ranks,
    check_shapes,
    entry_bits,
    exact_matrix,
    float_matrix,
    layers,
)
from symlora.networks.split import from_split
from symlora.networks.stable import StableAdapters, stable_adapters

__all__ = ["AdaptError", "Adapters", "Obstruction", "StableAdapters", "adapt"]

Rows = tuple[tuple[Fraction, ...], ...]
DECIMAL_BITS = 10_000
"""Longer integers are written in hexadecimal: reading long decimal ones takes quadratic time and Python refuses it."""


@dataclass(frozen=True)
class Model:
    """The exact weights W[1], …, W[L], the target and the ranks, as python-flint matrices and integers."""

    frozen: tuple[Any, ...]
    target: Any
    ranks: tuple[int, ...]

    @property
    def product(self) -> Any:
        """The frozen product W[L]*...*W[1]."""
        return _chain(self.frozen)

    def data(self) -> dict[str, Any]:
        """Return what every certificate of this instance starts with."""
        return {"format": FORMAT, "width": self.target.nrows(), "ranks": [*self.ranks],
                "frozen": [texts(w) for w in self.frozen], "target": texts(self.target)}  # fmt: skip


@dataclass(frozen=True)
class Adapters:
    """Exact adapters: the product of the adapted layers was computed and is the target.

    `factors` has for each layer B (D x k) and A (k x D) with ``dW = B*A`` and k at most the layer's rank, `changes` the
    dW themselves, all as ``fmpq_mat``. `method` is ``pieces`` (the paper's construction with exact pieces) or ``split``
    (the stronger theorem's).
    """

    model: Model = field(repr=False)
    factors: tuple[tuple[Any, Any], ...] = field(repr=False)
    changes: tuple[Any, ...] = field(repr=False)
    method: str

    def __bool__(self) -> bool:
        return True

    @property
    def ranks(self) -> tuple[int, ...]:
        """Upper bounds of the ranks that the changes really have: the inner sizes of the factors."""
        return tuple(b.ncols() for b, _ in self.factors)

    def as_fractions(self) -> list[tuple[Rows, Rows]]:
        """Return B and A of each layer as rows of fractions."""
        return [(_fractions(b), _fractions(a)) for b, a in self.factors]

    def as_floats(self) -> list[tuple[Any, Any]]:
        """Return B and A of each layer as float64 arrays; rounding makes the product inexact."""
        return [(as_floats(b, f"B of layer {l}"), as_floats(a, f"A of layer {l}"))
                for l, (b, a) in enumerate(self.factors, 1)]  # fmt: skip

    def certificate(self) -> dict[str, Any]:
        """Return plain JSON data that `symlora.networks.certificate.check_certificate` verifies."""
        factors = [{"B": texts(b), "A": texts(a)} for b, a in self.factors]
        checked = ["dW[l] = B[l]*A[l], inner size <= ranks[l]", "(W[L] + dW[L])*...*(W[1] + dW[1]) = target"]
        return {**self.model.data(), "kind": "adapters", "adapters": factors, "checked": checked}


@dataclass(frozen=True)
class Obstruction:
    """Why there are no adapters, or which hypothesis is missing; falsy.

    `reason` is

    - ``rank``: the distance of the target from the frozen product has rank `needed`, the ranks sum to `available`;
    - ``kernel``: `singular` names the first or the last layer; what it kills (or misses) needs rank `needed` of that
      layer's adapter, which has `available`;
    - ``layers``: the layers in `singular` are, and no theorem that is implemented covers it; `needed` and `available`
      are as for ``rank``.

    `impossible` says that no adapters of these ranks exist (``rank`` and ``kernel``), whatever the method.
    """

    model: Model = field(repr=False)
    reason: Literal["rank", "kernel", "layers"]
    needed: int
    available: int
    singular: tuple[int, ...] = ()
    evidence: dict[str, Any] = field(default_factory=dict, repr=False)

    def __bool__(self) -> bool:
        return False

    @property
    def missing(self) -> int:
        """How much rank is missing; 0 if rank is not what fails."""
        return max(0, self.needed - self.available)

    @property
    def impossible(self) -> bool:
        """Whether no adapters of these ranks exist."""
        return self.reason != "layers"

    def __str__(self) -> str:
        if self.reason == "rank":
            return (f"no adapters exist: target minus frozen product has rank {self.needed}, the ranks sum to "
                    f"{self.available}; {self.missing} missing")  # fmt: skip
        named = ", ".join(map(str, self.singular))
        if self.reason == "kernel":
            return (f"no adapters exist: layer {named} is singular and its adapter needs rank {self.needed}, it has "
                    f"{self.available}; {self.missing} missing")  # fmt: skip
        return (f"undecided: layer {named} singular; only the first or only the last layer may be "
                f"(rank {self.needed} needed, {self.available} available)")  # fmt: skip

    def certificate(self) -> dict[str, Any]:
        """Return plain JSON data that `symlora.networks.certificate.check_certificate` verifies."""
        return {**self.model.data(), "kind": "obstruction", "reason": self.reason, **self.evidence}


@overload
def adapt(frozen_weights: Any, target: Any, rank: int | None = ..., *, ranks: Sequence[int] | None = ...,
          exact: bool | None = ..., stable: Literal[False] = ..., seed: int = ..., memory: float = ...,
          ) -> Adapters | Obstruction: ...  # fmt: skip


@overload
def adapt(frozen_weights: Any, target: Any, rank: int | None = ..., *, ranks: Sequence[int] | None = ...,
          exact: bool | None = ..., stable: Literal[True], seed: int = ..., memory: float = ...,
          ) -> StableAdapters: ...  # fmt: skip


def adapt(frozen_weights: Any, target: Any, rank: int | None = None, *, ranks: Sequence[int] | None = None,
          exact: bool | None = None, stable: bool = False, seed: int = 0, memory: float = 8.0,
          ) -> Adapters | Obstruction | StableAdapters:  # fmt: skip
    """Return low-rank adapters that lead a product of frozen weights to the target.

    `frozen_weights` are W[1], …, W[L] in the order in which they are applied, each D x D, and so is `target`: rows of
    integers, fractions or floats, NumPy arrays, or python-flint matrices. `rank` holds for every layer, `ranks` gives
    one for each. By default (``exact=True``) everything is computed with rational numbers, which finite floats are:
    the result is an `Adapters` or, falsy, an `Obstruction`. With all weights nonsingular, adapters are found whenever
    they exist. With ``stable=True`` it is a `StableAdapters` in float64 with its measured error. `seed` changes which
    of the exact solutions is found, `memory` bounds what exact ones may take, in GiB.

    Raises `AdaptError`, a `ValueError`, for NaN or infinity, shapes that do not fit, no weights, ranks outside
    1, …, D, and for an exact model that is estimated to take more memory.

    >>> turn = [[0, -1], [1, 0]]
    >>> found = adapt([[[1, 0], [0, 1]]] * 2, turn, rank=1)
    >>> found
    Adapters(method='pieces')
    >>> (b, a), _ = found.as_fractions()
    >>> found.changes[0].rank(), len(b), len(a)
    (1, 2, 1)
    >>> print(adapt([[[1, 0], [0, 1]]], turn, rank=1))
    no adapters exist: target minus frozen product has rank 2, the ranks sum to 1; 1 missing
    """
    if exact is not None and exact == stable:
        raise AdaptError(f"expected one of exact and stable, found exact={exact} with stable={stable}")
    read = float_matrix if stable else exact_matrix
    given = layers(frozen_weights)
    if not stable:
        # Also reading a large model exactly takes long, so what any entries take is looked at before.
        check_memory(len(given), _size(target), 1, memory)
    frozen = [read(w, f"frozen weight {l}") for l, w in enumerate(given, 1)]
    goal = read(target, "target")
    width = check_shapes([_shape(w) for w in frozen], _shape(goal))
    limits = check_ranks(rank, ranks, width, len(frozen))
    if stable:
        return stable_adapters(frozen, goal, limits)
    check_memory(len(frozen), width, entry_bits([*frozen, goal]), memory)
    return _exactly(Model(tuple(frozen), goal, limits), seed)


def _size(m: Any) -> int:
    """Return the number of rows of what is given as a matrix, 0 where it has none."""
    try:
        return int(m.nrows()) if hasattr(m, "nrows") else len(m)
    except TypeError:
        return 0


def _shape(m: Any) -> tuple[int, int]:
    return (int(m.shape[0]), int(m.shape[1])) if hasattr(m, "shape") else (m.nrows(), m.ncols())


def _exactly(model: Model, seed: int) -> Adapters | Obstruction:
    distance = model.target - model.product
    needed, available = distance.rank(), sum(model.ranks)
    if needed > available:
        return Obstruction(model, "rank", needed, available, evidence=_regular_part(distance))
    singular = tuple(l for l, w in enumerate(model.frozen, 1) if not nonsingular(w))
    depth = len(model.frozen)
    for l in (1, depth):
        obstruction = _kernel(model, l) if l in singular else None
        if obstruction is not None:
            return obstruction
    if set(singular) <= {1}:
        factors, method = _found(model.frozen, model.target, model.ranks, seed)
    elif singular == (depth,):
        # The transposed product has the layers in the other order, so its first one is singular.
        turned = [w.transpose() for w in reversed(model.frozen)]
        factors, method = _found(turned, model.target.transpose(), model.ranks[::-1], seed)
        factors = [(a.transpose(), b.transpose()) for b, a in reversed(factors)]
    else:
        vectors = {str(l): texts(_killed(model.frozen[l - 1])) for l in singular}
        return Obstruction(model, "layers", needed, available, singular, {"singular": vectors})
    return _checked(model, factors, method)


def _killed(w: Any) -> Any:
    """Return a vector, not 0, that a singular matrix sends to 0."""
    basis = null_space(w)
    return basis * selection(basis.ncols(), [0])


def _found(frozen: Sequence[Any], target: Any, ranks: Sequence[int], seed: int) -> tuple[Factors, str]:
    factors = from_pieces(frozen, target, ranks, seed)
    return (from_split(frozen, target, ranks, seed), "split") if factors is None else (factors, "pieces")


def _checked(model: Model, factors: Factors, method: str) -> Adapters:
    changes = tuple(b * a for b, a in factors)
    if _chain([w + change for w, change in zip(model.frozen, changes, strict=True)]) != model.target:
        raise RuntimeError("the adapted product is not the target: a defect of symlora, please report it")
    if any(b.ncols() > r for (b, _), r in zip(factors, model.ranks, strict=True)):
        raise RuntimeError("an adapter is above its rank: a defect of symlora, please report it")
    return Adapters(model, tuple(factors), changes, method)


def _chain(weights: Sequence[Any]) -> Any:
    """Return the product from the last to the first."""
    product = weights[0]
    for w in weights[1:]:
        product = w * product
    return product


def _kernel(model: Model, l: int) -> Obstruction | None:
    """Return why the first or last layer, which is singular, stands in the way, or None if its rank suffices."""
    w, target = model.frozen[l - 1], model.target
    if l > 1:
        w, target = w.transpose(), target.transpose()
    vectors = null_space(w)
    columns = rank_split(target * vectors)[2]
    available = model.ranks[l - 1]
    if len(columns) <= available:
        return None
    vectors = vectors * selection(vectors.ncols(), columns)
    part = _regular_part(target * vectors)
    evidence = {"layer": l, "kernel": texts(vectors), "rows": part["rows"], "inverse": part["inverse"]}
    return Obstruction(model, "kernel", len(columns), available, (l,), evidence)


def _regular_part(m: Any) -> dict[str, Any]:
    """Return rows and columns of m whose submatrix is nonsingular and as large as the rank, with its inverse."""
    columns = rank_split(m)[2]
    chosen = m * selection(m.ncols(), columns)
    rows = rank_split(chosen.transpose())[2]
    part = selection(m.nrows(), rows).transpose() * chosen
    return {"rows": rows, "columns": columns, "inverse": texts(part.inv() if rows else identity(0))}


def _fractions(m: Any) -> Rows:
    return tuple(tuple(Fraction(int(x.p), int(x.q)) for x in row) for row in m.tolist())


def texts(m: Any) -> list[list[str]]:
    """Return the rows of an ``fmpq_mat`` as text: ``p/q`` in decimal, long integers in hexadecimal."""
    return [[_text(x) for x in row] for row in m.tolist()]


def _text(x: Any) -> str:
    above, below = int(x.p), int(x.q)
    if max(above.bit_length(), below.bit_length()) > DECIMAL_BITS:
        return f"{above:#x}/{below:#x}"
    return f"{above}/{below}" if below != 1 else f"{above}"
