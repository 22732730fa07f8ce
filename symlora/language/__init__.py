"""What can be said: naturals, matrices, families over ranges, and claims."""

from __future__ import annotations

from symlora.language.blocks import Block, block
from symlora.language.claims import (
    AtMost,
    AtMostScalar,
    Claim,
    Equal,
    NaturalRelation,
    Nonsingular,
    PositiveSemidefinite,
    SameNatural,
    as_claim,
    as_condition,
    eq,
    le,
    lt,
    nonsingular,
    psd,
    same,
)
from symlora.language.errors import NamingError, RangeError, ShapeError, StatementError, TruthError
from symlora.language.families import Family, MatrixFamily, RangeProduct, RangeSum, prod, total
from symlora.language.functions import Rank, norm2, normF, rank, scalar, sigma, sqrt, tr
from symlora.language.letters import check_letters
from symlora.language.matrices import Matrix, Member, eye, inv, matrix, zero
from symlora.language.names import RESERVED, NameTable, check_name
from symlora.language.naturals import NaturalFamily, as_natural, nat_text, natural, naturals
from symlora.language.quantifiers import ForAll, forall, when
from symlora.language.text import expr_text

__all__ = [
    "RESERVED",
    "AtMost",
    "AtMostScalar",
    "Block",
    "Claim",
    "Equal",
    "Family",
    "ForAll",
    "Matrix",
    "MatrixFamily",
    "Member",
    "NameTable",
    "NamingError",
    "NaturalFamily",
    "NaturalRelation",
    "Nonsingular",
    "PositiveSemidefinite",
    "RangeError",
    "RangeProduct",
    "RangeSum",
    "Rank",
    "SameNatural",
    "ShapeError",
    "StatementError",
    "TruthError",
    "as_claim",
    "as_condition",
    "as_natural",
    "block",
    "check_letters",
    "check_name",
    "eq",
    "expr_text",
    "eye",
    "forall",
    "inv",
    "le",
    "lt",
    "matrix",
    "nat_text",
    "natural",
    "naturals",
    "nonsingular",
    "norm2",
    "normF",
    "prod",
    "psd",
    "rank",
    "same",
    "scalar",
    "sigma",
    "sqrt",
    "total",
    "tr",
    "when",
    "zero",
]
