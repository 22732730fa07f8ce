"""Wrong proofs and forged certificates, one module for each theme; `ALL` lists every case."""

from __future__ import annotations

from . import (
    branches,
    citation,
    definitions,
    families,
    inductions,
    inverses,
    naturals,
    reading,
    scalars,
    shapes,
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
        reading,
        statements,
    )
    for case in theme.CASES
]
