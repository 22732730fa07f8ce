"""Wrong proofs and forged certificates, one module for each theme; `ALL` lists every case."""

from __future__ import annotations

from . import (
    branches,
    choices,
    citation,
    definitions,
    existence,
    families,
    inductions,
    inverses,
    naturals,
    order,
    parsing,
    ranks,
    reading,
    repaired,
    scalars,
    shapes,
    singular,
    statements,
)

ALL = [
    case
    for theme in (
        shapes,
        naturals,
        scalars,
        inverses,
        families,
        inductions,
        definitions,
        branches,
        citation,
        order,
        ranks,
        singular,
        existence,
        choices,
        parsing,
        repaired,
        reading,
        statements,
    )
    for case in theme.CASES
]
