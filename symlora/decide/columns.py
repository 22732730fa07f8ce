"""Equations that are linear in a column, as matrices: A y = B y as A - B."""

from __future__ import annotations

from symlora.claims.terms import Claim, Letter, Term, letters_in


def is_letter(term: Term, letter: Letter) -> bool:
    """Return whether a term is a letter."""
    return term.kind == "letter" and term.data == letter.name


def is_number(term: Term, value: int) -> bool:
    """Return whether a term is a number."""
    return term.kind == "number" and bool(term.data == value)


def linear_map(claim: Claim, y: Letter) -> Term | None:
    """Return M where a claim says M y = 0, as far as its form shows it.

    >>> from symlora.claims.statement import read
    >>> claim = read("for all y: n: A y = B y", ["A, B: n x n"])
    >>> str(linear_map(claim.goal, claim.letters["y"]))
    'A - B'
    """
    if claim.kind != "=":
        return None
    maps = [_coefficient(side, y) for side in claim.terms]
    if any(m is None for m in maps):
        return None
    parts = [m if place == 0 else Term("minus", (m,), m.rows, m.cols)
             for place, m in enumerate(maps) if m is not None and m.kind != "zero"]  # fmt: skip
    if not parts or any(part.cols != y.rows for part in parts):
        return None
    return parts[0] if len(parts) == 1 else Term("plus", tuple(parts), parts[0].rows, parts[0].cols)


def _coefficient(term: Term, y: Letter) -> Term | None:
    """Return M with ``term = M y``, the zero matrix for 0, or None."""
    if term.kind == "zero":
        return term
    if is_letter(term, y):
        return Term("eye", (), y.rows, y.rows)
    if term.kind == "minus":
        inner = _coefficient(term.args[0], y)
        return None if inner is None else Term("minus", (inner,), inner.rows, inner.cols)
    if term.kind == "plus":
        parts = [_coefficient(part, y) for part in term.args]
        if any(part is None or part.kind == "zero" for part in parts):
            return None
        found = tuple(part for part in parts if part is not None)
        return Term("plus", found, found[0].rows, found[0].cols)
    if term.kind != "times" or not is_letter(term.args[-1], y):
        return None
    before = term.args[:-1]
    if any(y.name in letters_in(part) for part in before) or any(part.scalar for part in before):
        return None
    return before[0] if len(before) == 1 else Term("times", before, before[0].rows, y.rows)
