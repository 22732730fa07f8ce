"""The mathematics of low-rank adaptation, checked step by step.

Importing the package loads nothing else: a public name is fetched from its module on first use, so that the command
line starts fast and the kernel runs where only the standard library is available.

>>> import symlora
>>> symlora.__version__
'0.1.0'
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from symlora.decide.refute import refute
    from symlora.language import (
        block,
        eq,
        eye,
        forall,
        inv,
        le,
        lt,
        matrix,
        natural,
        naturals,
        nonsingular,
        norm2,
        normF,
        prod,
        psd,
        rank,
        same,
        scalar,
        sigma,
        sqrt,
        total,
        tr,
        when,
        zero,
    )
    from symlora.proof.reasons import by
    from symlora.proof.theorem import theorem
    from symlora.proof.verdicts import Verdict

__version__ = "0.1.0"

__all__ = [
    "Verdict",
    "__version__",
    "block",
    "by",
    "eq",
    "eye",
    "forall",
    "inv",
    "le",
    "lt",
    "matrix",
    "natural",
    "naturals",
    "nonsingular",
    "norm2",
    "normF",
    "prod",
    "psd",
    "rank",
    "refute",
    "same",
    "scalar",
    "sigma",
    "sqrt",
    "theorem",
    "total",
    "tr",
    "when",
    "zero",
]

# Public name -> the module that defines it.
_EXPORTS: dict[str, str] = {
    **dict.fromkeys(__all__, "symlora.language"),
    "Verdict": "symlora.proof.verdicts",
    "by": "symlora.proof.reasons",
    "refute": "symlora.decide.refute",
    "theorem": "symlora.proof.theorem",
}


def __getattr__(name: str) -> object:
    """Return the public object `name`, importing the module that defines it.

    Raises AttributeError for any other name.
    """
    module = _EXPORTS.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(importlib.import_module(module), name)
    return value


def __dir__() -> list[str]:
    """Return the names of the module, the ones not loaded yet included."""
    return sorted({*globals(), *_EXPORTS})
