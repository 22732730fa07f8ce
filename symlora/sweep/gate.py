"""The gate before a sweep: floats against exact values on small instances, by the code that the sweep runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from symlora.domains.backend import Backend
from symlora.domains.batch import BatchModel
from symlora.domains.execution import Program
from symlora.domains.floating import MARGIN, run
from symlora.domains.ground import Indices
from symlora.domains.rational import Model
from symlora.networks.linear import KINDS, Exact, exact_instance, families, naturals, prescribed

SIZES = ((4, 3, 1), (3, 2, 2), (1, 1, 1), (5, 2, 2))
"""Width, depth and rank of the instances, ``R = D``, ``RL > D`` and ``L = 1`` among them."""


class Disagreement(Exception):
    """Floats and exact values differ by more than rounding; the message says where."""


def gate(code: Program, device: Backend, dtype: str = "float64") -> str:
    """Compare floats with exact values for a theorem on linear networks; return in words what was compared.

    On exact instances of every kind, whose decomposition is prescribed, each derived fact has to hold exactly and each
    member of a family has to be what rounding makes of the exact one; then the floats decompose by themselves, and all
    facts and singular values have to fit again. Raises `Disagreement`.
    """
    values = facts = instances = 0
    for width, depth, rank in SIZES:
        batch = [exact_instance(width, depth, rank, kind) for kind in KINDS]
        instances += len(batch)
        models = [_exactly(code, one) for one in batch]
        known = replace(code, setup=prescribed(code.setup))
        floats = _floats(known, batch, device, dtype, _stacked([one.leaf() for one in batch], device, dtype))
        facts += _facts(known, floats)
        values += _members(models, floats)
        own = _floats(code, batch, device, dtype, floats.leaf)
        facts += _facts(code, own)
        values += _singular_values(code, batch, own)
    return f"{values} values and {facts} facts on {instances} exact instances agree with floats"


def _exactly(code: Program, one: Exact) -> Model:
    """Return an exact model in which the proof was run; raises `Disagreement` where a fact is false."""
    setup = prescribed(code.setup)
    model = Model(setup, naturals(one.width, one.depth, one.rank), families(one.depth, one.rank), leaf=one.leaf())
    found = code.run(model)
    if found.failures:
        raise Disagreement(f"a fact is false in exact arithmetic: {found.failures[0]}")
    return model


def _stacked(leaves: Sequence[Callable[..., Any]], device: Backend, dtype: str) -> Callable[..., Any]:
    """Return exact members as a batch of floats."""

    def leaf(name: str, indices: Indices, rows: int, cols: int) -> Any:
        return device.xp.asarray(_rounded([one(name, indices, rows, cols) for one in leaves]),
                                 dtype=getattr(device.xp, dtype))  # fmt: skip

    return leaf


def _rounded(matrices: Sequence[Any]) -> Any:
    """Return exact matrices as a NumPy array (count, rows, cols)."""
    import numpy

    shape = (len(matrices), matrices[0].nrows(), matrices[0].ncols())
    entries = [int(x.p) / int(x.q) for m in matrices for x in m.entries()]
    return numpy.asarray(entries, dtype=numpy.float64).reshape(shape)


def _floats(code: Program, batch: Sequence[Exact], device: Backend, dtype: str, leaf: Any) -> BatchModel:
    one = batch[0]
    return BatchModel(code.setup, naturals(one.width, one.depth, one.rank), len(batch), device, leaf,
                      families(one.depth, one.rank), reach=one.depth, dtype=dtype)  # fmt: skip


def _facts(code: Program, model: BatchModel) -> int:
    """Return the number of facts that were evaluated in floats; raises `Disagreement` for one that does not fit."""
    found = run(code, model)
    if found.unexplained:
        raise Disagreement(f"a fact does not hold in floats: {found.unexplained[0]}")
    return sum(record.evaluated for record in found.records.values())


def _members(models: Sequence[Model], floats: BatchModel) -> int:
    """Return the number of members that were compared."""
    import numpy

    compared = 0
    nodes = floats.scope.members()
    for key in models[0].scope.members():
        if key not in nodes or any(model.undefined(model.scope.members()[key]) for model in models):
            continue
        exact = _rounded([model.value(model.scope.members()[key]) for model in models])
        with floats.device.quiet():
            value = floats.value(nodes[key])
            figure = floats.device.host(floats.norm(value.tangent) + value.norm)
        off = numpy.sqrt(((floats.device.host(value.array) - exact) ** 2).sum(axis=(1, 2)))
        limit = MARGIN * max(8, floats.widest) * floats.eps * figure
        if not (off <= limit).all():
            name, indices, _, _ = key
            shown = name + (f"[{', '.join(map(str, indices))}]" if indices else "")
            raise Disagreement(f"{shown} is off by {off.max():.1e}, and rounding explains {limit.max():.1e}")
        compared += 1
    return compared


def _singular_values(code: Program, batch: Sequence[Exact], model: BatchModel) -> int:
    """Return the number of singular values that were compared."""
    for k in range(1, batch[0].width + 1):
        value = model.evaluate(code.setup.context.matrix(f"sigma(E, {k})"))
        for i, found in enumerate(model.device.host(value.array).ravel().tolist()):
            exact = int(batch[i].values[k - 1].p) / int(batch[i].values[k - 1].q)
            limit = MARGIN * max(8, model.widest) * model.eps * float(model.device.host(value.tangent).ravel()[i])
            if not abs(found - exact) <= limit:
                raise Disagreement(
                    f"singular value {k} is off by {abs(found - exact):.1e}; rounding explains {limit:.1e}"
                )
    return batch[0].width
