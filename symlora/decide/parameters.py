"""Letters written by free numbers so that hypotheses about them hold by construction, in floats and exactly alike.

Orthogonal matrices and orthonormal columns are Cayley transforms, semidefinite ones Gram matrices, those of bounded
rank products, projections and nilpotent matrices conjugates of simple ones, a letter that is >= 0 an absolute value.
Equations that are affine in a letter, given the letters before it, are solved for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat

from symlora.claims.quantified import affine
from symlora.claims.terms import Claim, Letter, Term, letters_in
from symlora.claims.values import Instance, Undefined
from symlora.decide.floats import TINY, Floats
from symlora.decide.problem import Problem, Values, claim_letters
from symlora.domains.spectrum import identity
from symlora.domains.values import NotRepresentable, is_exact

Array = Any
Parts = list[Any]
"""The blocks of free numbers of one letter, as matrices."""


class _Floating:
    """Operations on batches of floating-point matrices."""

    product = staticmethod(np.matmul)
    flip = staticmethod(lambda m: m.swapaxes(-1, -2))
    eye = staticmethod(lambda n: np.eye(n))
    absolute = staticmethod(np.abs)

    @staticmethod
    def inverse(m: Array) -> Array:
        return np.linalg.inv(m + TINY * np.eye(m.shape[-1]))

    @staticmethod
    def unit_trace(m: Array) -> Array:
        return m / (np.trace(m, axis1=-2, axis2=-1)[..., None, None] + TINY)

    @staticmethod
    def strict_upper(m: Array) -> Array:
        return np.triu(m, 1)

    @staticmethod
    def columns(m: Array, count: int) -> Array:
        return m[..., :count]


class _Exact:
    """The same operations on exact matrices."""

    product = staticmethod(lambda a, b: a * b)
    flip = staticmethod(lambda m: m.transpose())
    eye = staticmethod(identity)

    @staticmethod
    def inverse(m: Any) -> Any:
        return m.inv()

    @staticmethod
    def absolute(m: Any) -> Any:
        return fmpq_mat(m.nrows(), m.ncols(), [abs(x) for x in m.entries()])

    @staticmethod
    def unit_trace(m: Any) -> Any:
        return m * (1 / sum((m[i, i] for i in range(m.nrows())), fmpq(0)))

    @staticmethod
    def strict_upper(m: Any) -> Any:
        n = m.nrows()
        return fmpq_mat(n, n, [m[i, j] if i < j else 0 for i in range(n) for j in range(n)])

    @staticmethod
    def columns(m: Any, count: int) -> Any:
        return fmpq_mat(m.nrows(), count, [m[i, j] for i in range(m.nrows()) for j in range(count)])


FLOATING, EXACT = _Floating(), _Exact()


@dataclass(frozen=True)
class Form:
    """How one letter is built: shapes of its blocks of free numbers, the building, and whether scaling is harmless.

    `equations` are those that are affine in the letter and are solved for it after the building.
    """

    letter: Letter
    shape: tuple[int, int]
    blocks: tuple[tuple[int, int], ...]
    build: Callable[[Any, Parts], Any]
    scalable: bool = True
    equations: tuple[Claim, ...] = ()

    @property
    def count(self) -> int:
        """The number of free numbers."""
        return sum(rows * cols for rows, cols in self.blocks)


def forms(problem: Problem, choice: int) -> list[Form]:
    """Return the forms of the free letters; `choice` picks signs and ranks where there are several."""
    return [_form(problem, place, choice) for place in range(len(problem.free))]


def _form(problem: Problem, place: int, choice: int) -> Form:
    letter = problem.free[place]
    shape = rows, cols = problem.shapes[letter.name]
    now = [step for step in problem.after[place + 1] if isinstance(step, Claim)]
    alone = [claim for claim in now if claim_letters(claim) == {letter.name}]
    about = {claim.kind for claim in alone if claim.terms and _is(claim.terms[0], letter)}

    def form(build: Callable[[Any, Parts], Any], *blocks: tuple[int, int], scalable: bool = True) -> Form:
        return Form(letter, shape, blocks, build, scalable)

    if "orthogonal" in about or any(_orthonormal(claim, letter) for claim in alone):
        tall = max(rows, cols)

        def frame(ops: Any, parts: Parts) -> Any:
            q = cayley(ops, parts[0], choice)
            q = ops.columns(q, min(rows, cols))
            return q if rows >= cols else ops.flip(q)

        return form(frame, (tall, tall), scalable=False)
    if "psd" in about or "pd" in about:
        fixed = any(_unit_trace(claim, letter) for claim in alone)
        diagonal = "diagonal" in about
        if (diagonal or rows == 1) and not fixed:
            return form(lambda ops, p: ops.absolute(p[0]), shape) if rows == 1 else _plain(problem, place, now)
        if fixed:
            return form(lambda ops, p: ops.unit_trace(ops.product(ops.flip(p[0]), p[0])), shape)
        return form(lambda ops, p: ops.product(ops.flip(p[0]), p[0]), shape)
    if "idempotent" in about or "nilpotent" in about:
        rank = 1 + choice % max(1, rows - 1)
        plain = "idempotent" in about
        if "symmetric" in about and plain:
            return form(lambda ops, p: _conjugate(ops, cayley(ops, p[0], 0), p[0], rank, True), shape, scalable=False)
        return form(lambda ops, p: _conjugate(ops, p[0], p[1], rank, plain), shape, shape, scalable=False)
    bound = min((_rank(problem, claim, letter) for claim in now), default=min(shape))
    if bound < min(shape) and not about & {"symmetric", "skew", "diagonal"}:
        return form(lambda ops, p: ops.product(p[0], p[1]), (rows, max(bound, 1)), (max(bound, 1), cols))
    positive = "nonneg" in about or (rows * cols == 1 and any(_nonnegative(claim, letter) for claim in alone))
    if positive and not any(claim.kind == "=" for claim in now):
        return form(lambda ops, p: ops.absolute(p[0]), shape)
    return _plain(problem, place, now)


def _plain(problem: Problem, place: int, now: Sequence[Claim]) -> Form:
    """Return a letter without a special form: its entries, with what is affine solved for them."""
    letter = problem.free[place]
    shape = problem.shapes[letter.name]
    names = {letter.name} | {name for name in problem.computed if letter.name in problem.depends(name)}
    solved = []
    for claim in now:
        linear = claim.kind in ("=", "symmetric", "skew", "diagonal", "psd", "pd")
        if linear and all(affine(term, names) for term in claim.terms):
            # A semidefinite matrix is symmetric first of all.
            solved.append(Claim("symmetric", claim.terms) if claim.kind in ("psd", "pd") else claim)
    return Form(letter, shape, (shape,), lambda ops, p: p[0], True, tuple(solved))


def cayley(ops: Any, m: Any, choice: int) -> Any:
    """Return ``(1 - K)(1 + K)^-1`` for the skew-symmetric K above whose diagonal m stands; odd choices reflect it."""
    upper = ops.strict_upper(m)
    skew = upper - ops.flip(upper)
    n = m.shape[-1] if isinstance(m, np.ndarray) else m.nrows()
    one = ops.eye(n)
    q = ops.product(one - skew, ops.inverse(one + skew))
    if choice % 2:
        mirror = np.diag([-1] + [1] * (n - 1))
        q = ops.product(
            q, mirror.astype(float) if isinstance(m, np.ndarray) else fmpq_mat(n, n, mirror.ravel().tolist())
        )
    return -q if choice % 4 > 1 else q


def _conjugate(ops: Any, x: Any, upper: Any, rank: int, projection: bool) -> Any:
    """Return ``x P x^-1`` for the projection P on the first coordinates, or a strictly upper triangular P."""
    n = x.shape[-1] if isinstance(x, np.ndarray) else x.nrows()
    if projection:
        first = ops.columns(ops.eye(n), rank)
        inner = ops.product(first, ops.flip(first))
    else:
        inner = ops.strict_upper(upper)
    return ops.product(ops.product(x, inner), ops.inverse(x))


def _is(term: Term, letter: Letter) -> bool:
    return term.kind == "letter" and term.data == letter.name


def _orthonormal(claim: Claim, letter: Letter) -> bool:
    """Return whether a claim is ``X' X = I`` or ``X X' = I`` (or 1) for a letter X."""
    if claim.kind != "=":
        return False
    for side, other in (claim.terms, claim.terms[::-1]):
        one = other.kind == "eye" or (other.kind == "number" and other.data == 1)
        if one and side.kind == "times" and len(side.args) == 2:
            kinds = {part.kind for part in side.args}
            if kinds == {"letter", "transpose"} and letters_in(side) == {letter.name}:
                return all(_is(part if part.kind == "letter" else part.args[0], letter) for part in side.args)
    return False


def _unit_trace(claim: Claim, letter: Letter) -> bool:
    if claim.kind != "=":
        return False
    for side, other in (claim.terms, claim.terms[::-1]):
        if side.kind == "tr" and _is(side.args[0], letter) and other.kind == "number" and other.data == 1:
            return True
    return False


def _nonnegative(claim: Claim, letter: Letter) -> bool:
    zero = claim.kind in ("<=", "<") and claim.terms[0].kind in ("number", "zero")
    return zero and not claim.terms[0].data and _is(claim.terms[1], letter)


def _rank(problem: Problem, claim: Claim, letter: Letter) -> int:
    """Return the bound that a claim puts on the rank of a letter."""
    if claim.kind in ("<=", "<", "="):
        for side, other in (claim.terms, claim.terms[::-1])[: 2 if claim.kind == "=" else 1]:
            if side.kind == "rank" and _is(side.args[0], letter) and not letters_in(other):
                bound = Instance(problem.naturals, {}).natural(other)
                return bound - (claim.kind == "<")
    return 99


# Building


def floating(problem: Problem, made: Sequence[Form], theta: Array) -> dict[str, Array]:
    """Return the values of all letters at a batch of free numbers ``[instance, number]``; may raise `LinAlgError`."""
    count, at = len(theta), 0
    values: dict[str, Array] = {}
    _compute(problem, 0, values, count)
    for place, form in enumerate(made):
        parts = []
        for rows, cols in form.blocks:
            parts.append(theta[:, at : at + rows * cols].reshape(count, rows, cols))
            at += rows * cols
        value = form.build(FLOATING, parts)
        if form.equations:
            value = _projected(problem, place, form, values, value)
        values[form.letter.name] = value
        _compute(problem, place + 1, values, count)
    return values


def _compute(problem: Problem, place: int, values: dict[str, Array], count: int) -> None:
    for step in problem.after[place]:
        if isinstance(step, str):
            values[step] = Floats(problem.naturals, values, count).value(problem.computed[step][0])


def _gaps(problem: Problem, place: int, form: Form, values: dict[str, Array], entries: Array) -> Array:
    """Return the differences of both sides of a letter's equations ``[instance, difference]``."""
    count = len(entries)
    here = {**values, form.letter.name: entries}
    _compute(problem, place + 1, here, count)
    floats = Floats(problem.naturals, here, count)
    found = []
    for claim in form.equations:
        m = floats.value(claim.terms[0])
        if claim.kind == "=":
            gap = m - floats.value(claim.terms[1])
        elif claim.kind == "diagonal":
            gap = m * (1 - np.eye(m.shape[1], m.shape[2]))
        else:
            gap = m - m.swapaxes(1, 2) if claim.kind == "symmetric" else m + m.swapaxes(1, 2)
        found.append(np.broadcast_to(gap, (count, *gap.shape[1:])).reshape(count, -1))
    return np.concatenate(found, axis=1)


def _projected(problem: Problem, place: int, form: Form, values: dict[str, Array], value: Array) -> Array:
    """Return the nearest solutions of a letter's equations."""
    rows, cols = form.shape
    count, size = len(value), rows * cols
    alone = all(claim_letters(claim) == {form.letter.name} for claim in form.equations)
    groups = 1 if alone else count
    points = np.concatenate([np.zeros((1, size)), np.eye(size)]).reshape(1, size + 1, rows, cols)
    tiled = np.broadcast_to(points, (groups, size + 1, rows, cols)).reshape(-1, rows, cols)
    repeated = {} if alone else {name: np.repeat(m, size + 1, axis=0) for name, m in values.items()}
    gaps = _gaps(problem, place, form, repeated, tiled).reshape(groups, size + 1, -1)
    constant = gaps[:, 0]
    matrix = (gaps[:, 1:] - constant[:, None]).swapaxes(1, 2)
    x = value.reshape(count, size)
    rest = np.einsum("gij,cj->ci" if alone else "cij,cj->ci", matrix, x) + constant
    step = np.einsum("gij,cj->ci" if alone else "cij,cj->ci", np.linalg.pinv(matrix, rcond=1e-7), rest)
    return (x - step).reshape(count, rows, cols)


def solved(problem: Problem, place: int, form: Form, values: Values, wanted: Any) -> Any | None:
    """Return an exact solution of a letter's equations whose free entries are those wanted, or None."""
    rows, cols = form.shape
    size = rows * cols

    def gap(vector: list[Any]) -> list[Any]:
        here = {**values, form.letter.name: fmpq_mat(rows, cols, vector)}
        for step in problem.after[place + 1]:
            if isinstance(step, str):
                here[step] = Instance(problem.naturals, here).value(problem.computed[step][0])
        at = Instance(problem.naturals, here)
        out: list[Any] = []
        for claim in form.equations:
            sides = [at.value(term) for term in claim.terms]
            if not all(map(is_exact, sides)):
                raise NotRepresentable("irrational coefficients")
            m = sides[0]
            if claim.kind == "=":
                out += (m - sides[1]).entries()
            elif claim.kind == "diagonal":
                out += [m[i, j] for i in range(m.nrows()) for j in range(m.ncols()) if i != j]
            else:
                out += (m - m.transpose() if claim.kind == "symmetric" else m + m.transpose()).entries()
        return out

    try:
        constant = gap([0] * size)
        units = [gap([int(i == j) for i in range(size)]) for j in range(size)]
    except (NotRepresentable, Undefined):
        return None
    # The last entries come first, so that entries above the diagonal stay free.
    order = list(range(size))[::-1]
    table = [[*(units[j][i] - c for j in order), -c] for i, c in enumerate(constant)]
    reduced, rank = fmpq_mat(len(table), size + 1, [x for row in table for x in row]).rref()
    entries = wanted.entries()
    pivots = [next(k for k in range(size + 1) if reduced[i, k] != 0) for i in range(rank)]
    if size in pivots:
        return None
    for i, pivot in enumerate(pivots):
        free = sum((reduced[i, k] * entries[order[k]] for k in range(pivot + 1, size) if k not in pivots), fmpq(0))
        entries[order[pivot]] = reduced[i, size] - free
    return fmpq_mat(rows, cols, entries)
