"""Quantifiers at one exact instance.

`exists` with a body that is linear in what it binds is decided by elimination: either a solution, or a combination of
the equations that reads 0 = 1. A body that is piecewise affine in what is bound, boxes included, is decided by a tree
of activation patterns (`regions.py`). Otherwise small values are tried: one that works decides `exists`, one that fails
decides `for all`. Then the kernel is shown a contradiction from polynomial equations and inequalities between entries
(`absence`), which decides the opposite; all else is left open.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product
from typing import Any

from flint import fmpq, fmpq_mat

from symlora.claims import almost
from symlora.claims.regions import everywhere
from symlora.claims.terms import Claim, Letter, Term, letters_in
from symlora.claims.values import MAX_ENTRIES, Instance, Undefined
from symlora.domains.values import NotRepresentable, is_exact

TRIES = 400


def decide(at: Instance, claim: Claim) -> bool | None:
    """Return whether a quantified claim holds at an instance, None where that is open."""
    if claim.kind == "surely":
        return almost.decide(at, claim)
    if claim.kind == "exists":
        body = claim.parts[0] if len(claim.parts) == 1 else Claim("and", (), claim.parts)
        solved = linear(at, body, claim.letters)
        if solved is not None:
            return solved[0]
        known = everywhere(at, claim)
        if known is not None:
            return known.holds
        if tried(at, body, claim.letters, True) is not None:
            return True
        return False if absent(at, claim.letters, body) is not None else None
    known = everywhere(at, claim)
    if known is not None:
        return known.holds
    body = claim.parts[0]
    if len(claim.parts) > 1:
        body = Claim("implies", (), (claim.parts[1], body))
    if tried(at, body, claim.letters, False) is not None:
        return False
    return True if absent(at, claim.letters, Claim("not", (), (body,))) is not None else None


def absent(at: Instance, letters: tuple[Letter, ...], body: Claim) -> list[dict[str, Any]] | None:
    """Return theorems that together say that no values satisfy a claim, or None."""
    from symlora.claims.absence import refuted  # what it says of statements is made of claims

    return refuted(at, letters, body)


def equations(claim: Claim) -> list[Claim] | None:
    """Return the equations of which a claim is the conjunction, or None."""
    if claim.kind == "=":
        return [claim]
    if claim.kind == "and":
        parts = [equations(part) for part in claim.parts]
        return None if any(part is None for part in parts) else [one for part in parts for one in part or []]
    return None


def affine(term: Term, names: set[str]) -> bool:
    """Return whether a term is affine in the letters of these names, by its form."""
    if letters_in(term).isdisjoint(names):
        return True
    if term.kind == "letter":
        return True
    if term.kind in ("plus", "minus", "transpose", "tr", "block", "row", "diag", "diagpart"):
        return all(affine(part, names) for part in term.args)
    if term.kind in ("times", "hadamard", "kron"):
        with_names = [part for part in term.args if not letters_in(part).isdisjoint(names)]
        return len(with_names) == 1 and affine(with_names[0], names)
    if term.kind == "over":
        return letters_in(term.args[1]).isdisjoint(names) and affine(term.args[0], names)
    if term.kind == "slice":
        return affine(term.args[0], names)
    return False


def linear(at: Instance, body: Claim, letters: tuple[Letter, ...]) -> tuple[bool, dict[str, Any] | Any] | None:
    """Decide a system that is affine in the letters: (True, a solution), or (False, a combination that reads 0 = 1).

    Returns None if the body is no such system or its values are irrational. Raises `Undefined`.
    """
    system = equations(body)
    names = {letter.name for letter in letters}
    if system is None or any(letter.kind == "natural" for letter in letters):
        return None
    if not all(affine(side, names) for one in system for side in one.terms):
        return None
    shapes = [(letter.name, at.size(letter.rows), at.size(letter.cols)) for letter in letters]
    count = sum(rows * cols for _, rows, cols in shapes)
    if count > MAX_ENTRIES:
        return None

    def gap(vector: list[int]) -> list[Any]:
        inner, place = {}, 0
        for name, rows, cols in shapes:
            inner[name] = fmpq_mat(rows, cols, vector[place : place + rows * cols])
            place += rows * cols
        here = at.with_matrices(inner)
        out: list[Any] = []
        for one in system:
            left, right = (here.value(side) for side in one.terms)
            if not (is_exact(left) and is_exact(right)):
                raise NotRepresentable("irrational coefficients")
            out += (left - right).entries()
        return out

    try:
        constant = gap([0] * count)
        units = [gap([int(i == j) for i in range(count)]) for j in range(count)]
    except NotRepresentable:
        return None
    m = len(constant)
    augmented = fmpq_mat(m, count + 1)
    for i in range(m):
        for j in range(count):
            augmented[i, j] = units[j][i] - constant[i]
        augmented[i, count] = -constant[i]
    reduced, rank = augmented.rref()
    solution = [fmpq(0)] * count
    for i in range(rank):
        pivot = next(j for j in range(count + 1) if reduced[i, j] != 0)
        if pivot == count:
            return False, None
        solution[pivot] = reduced[i, count]
    found, place = {}, 0
    for name, rows, cols in shapes:
        found[name] = fmpq_mat(rows, cols, solution[place : place + rows * cols])
        place += rows * cols
    return True, found


def small(letter: Letter, at: Instance) -> Iterator[Any]:
    """Yield small values for a bound letter, the simplest first."""
    if letter.kind == "natural":
        yield from range(4)
        return
    rows, cols = at.size(letter.rows), at.size(letter.cols)
    if rows * cols > MAX_ENTRIES:
        return
    entries: tuple[Any, ...] = (0, 1, -1, 2, fmpq(1, 2)) if rows * cols == 1 else (0, 1, -1)
    if rows * cols > 9:
        yield fmpq_mat(rows, cols)
        yield fmpq_mat(rows, cols, [int(i == j) for i in range(rows) for j in range(cols)])
        return
    for vector in product(entries, repeat=rows * cols):
        yield fmpq_mat(rows, cols, list(vector))


def tried(at: Instance, body: Claim, letters: tuple[Letter, ...], wanted: bool) -> dict[str, Any] | None:
    """Return small values of the letters at which the body has this truth, or None if none of those tried has."""
    pools = [list(islice(small(letter, at), TRIES)) for letter in letters]
    for values in islice(product(*pools), TRIES):
        matrices = {x.name: v for x, v in zip(letters, values, strict=True) if x.kind != "natural"}
        naturals = {x.name: v for x, v in zip(letters, values, strict=True) if x.kind == "natural"}
        try:
            if at.with_matrices(matrices, naturals).truth(body) is wanted:
                return {**matrices, **naturals}
        except (Undefined, NotRepresentable):
            continue
    return None
