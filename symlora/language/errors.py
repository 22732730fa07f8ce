"""What can go wrong while a statement is being written; every message names what was expected and what was found."""

from __future__ import annotations


class StatementError(ValueError):
    """An expression or claim that cannot be written; the base of every error of this room."""


class ShapeError(StatementError):
    """Matrices whose shapes do not fit; the message names both shapes and the expression."""


class NamingError(StatementError):
    """A name outside the alphabet, a reserved word, or two different things under one name."""


class RangeError(StatementError):
    """An index outside the declared range of its family, or the wrong number of indices."""


class TruthError(StatementError, TypeError):
    """An expression or claim used as a truth value, or a claim that was decided before it was stated."""
