"""How far a claim is from true, in floating point, at many instances at once.

The measure guides searches and decides nothing: what they find is evaluated again exactly. It is positive where the
claim is false, negative where it is true with room to spare; an equation is at best 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from symlora.claims.terms import Claim, Term
from symlora.claims.values import Instance
from symlora.domains.values import NotRepresentable

Array = Any
"""An array of instances: ``[instance, row, column]`` for values, ``[instance]`` for measures."""
TINY = 1e-12
LARGEST = 400
"""Entries of one value; larger ones are not looked at."""


class Floats:
    """Values and measures at a batch of instances; what has no float form raises `NotRepresentable`."""

    def __init__(self, naturals: Mapping[str, int], matrices: Mapping[str, Array], count: int) -> None:
        self.at, self.matrices, self.count = Instance(naturals, {}), dict(matrices), count
        self._known: dict[int, Array] = {}

    def value(self, term: Term) -> Array:
        """Return the values of a term."""
        if term.kind == "letter":
            return self.matrices[term.data]
        found = self._known.get(id(term))
        if found is None:
            found = self._known[id(term)] = self._value(term)
        return found

    def _constant(self, m: Array) -> Array:
        return np.broadcast_to(np.asarray(m, dtype=float), (self.count, *np.shape(m)))

    def _value(self, term: Term) -> Array:
        kind = term.kind
        rows, cols = self.at.size(term.rows), self.at.size(term.cols)
        if rows * cols > LARGEST:
            raise NotRepresentable(f"a matrix of {rows} x {cols}")
        if kind in ("number", "nat"):
            return self._constant([[float(term.data if kind == "number" else self.at.naturals[term.data])]])
        if kind in ("zero", "ones", "eye"):
            return self._constant(np.eye(rows) if kind == "eye" else np.full((rows, cols), float(kind == "ones")))
        if kind == "block":
            lines = [np.concatenate([self.value(part) for part in row.args], axis=2) for row in term.args]
            return np.concatenate(lines, axis=1)
        if kind == "slice":
            return self._slice(term)
        if kind == "sum":
            return self._sum(term, rows, cols)
        return function(term, [self.value(part) for part in term.args], self.count)

    def _sum(self, term: Term, rows: int, cols: int) -> Array:
        low, high = (int(self.at.natural(end)) for end in term.args[:2])
        total = np.zeros((self.count, rows, cols))
        for i in range(low, min(high, low + 30) + 1):
            total = total + Floats({**self.at.naturals, term.data: i}, self.matrices, self.count).value(term.args[2])
        return total

    def _slice(self, term: Term) -> Array:
        m = self.value(term.args[0])
        for axis, part in enumerate(term.args[1:], 1):
            if part.kind != "whole":
                low, high = (self.at.natural(end) for end in (part.args if part.kind == "range" else (part, part)))
                if not (low >= 1 and high <= m.shape[axis]):
                    raise NotRepresentable("a slice outside the matrix")
                m = m[:, low - 1 : high] if axis == 1 else m[:, :, low - 1 : high]
        return m

    def size(self, term: Term) -> Array:
        """Return how large the parts of a scalar sum are together, so that a difference can be put in relation."""
        if term.kind == "plus":
            return sum(self.size(part) for part in term.args)
        if term.kind == "minus":
            return self.size(term.args[0])
        return np.abs(self.value(term)).max(axis=(1, 2))

    # Claims

    def violation(self, claim: Claim) -> Array:
        """Return the measure of a claim at each instance."""
        kind = claim.kind
        if kind == "not":
            return -self.violation(claim.parts[0])
        if kind in ("and", "or"):
            parts = [self.violation(part) for part in claim.parts]
            return (np.maximum if kind == "and" else np.minimum).reduce(parts)
        if kind in ("implies", "iff"):
            first, second = (self.violation(part) for part in claim.parts)
            forward = np.minimum(-first, second)
            return forward if kind == "implies" else np.maximum(forward, np.minimum(first, -second))
        if kind in ("<=", "<"):
            return self._inequality(*claim.terms)
        if kind in ("=", "!="):
            if claim.terms[0].scalar:
                gap = np.abs(self._difference(*claim.terms))
            else:
                left, right = (self.value(term) for term in claim.terms)
                gap = relative(left - right, left, right)
            return gap if kind == "=" else -gap
        if len(claim.terms) != 1:
            raise NotRepresentable(kind)
        return predicate(kind, self.value(claim.terms[0]))

    def _difference(self, left: Term, right: Term) -> Array:
        a, b = (self.value(term)[:, 0, 0] for term in (left, right))
        summands = sum(len(t.args) if t.kind == "plus" else t.kind not in ("number", "zero") for t in (left, right))
        scale = self.size(left) + self.size(right)
        # A single summand would be as large as the difference always is.
        return (a - b) / (scale + TINY if summands > 1 else scale + 1)

    def _inequality(self, left: Term, right: Term) -> Array:
        if left.kind == "rank" and right.natural:  # the singular values beyond a bound say how far the rank is from it
            s = np.linalg.svd(self.value(left.args[0]), compute_uv=False)
            bound = self.value(right)[:, 0, 0].astype(int)
            beyond = np.where(np.arange(s.shape[1])[None, :] >= bound[:, None], s, 0.0).sum(axis=1)
            return np.where(beyond > 1e-9 * s[:, 0], beyond / (s[:, 0] + TINY), -1.0)
        return self._difference(left, right)


def relative(gap: Array, *sides: Array) -> Array:
    """Return the largest entry of a difference beside the largest of the sides."""
    scale = sum(np.abs(side).max(axis=(1, 2), initial=0.0) for side in sides)
    return np.abs(gap).max(axis=(1, 2), initial=0.0) / (scale + TINY)


def predicate(kind: str, m: Array) -> Array:
    """Return the measure of a property of matrices."""
    flipped = m.swapaxes(1, 2)
    square = m.shape[1] == m.shape[2]
    one = np.eye(m.shape[2])
    if kind == "nonneg":
        return -m.min(axis=(1, 2)) / (np.abs(m).max(axis=(1, 2)) + TINY)
    if kind == "diagonal":
        return relative(m * (1 - np.eye(m.shape[1], m.shape[2])), m)
    if not square:
        raise NotRepresentable(kind)
    if kind in ("psd", "pd"):
        low = np.linalg.eigvalsh((m + flipped) / 2)[:, 0] / (np.abs(m).max(axis=(1, 2)) + TINY)
        skew = relative(m - flipped, m)
        return np.where(skew > 1e-9, np.maximum(-low, skew), -low)
    if kind == "nonsingular":
        s = np.linalg.svd(m, compute_uv=False)
        return -s[:, -1] / (s[:, 0] + TINY)
    if kind in ("symmetric", "skew"):
        return relative(m - flipped if kind == "symmetric" else m + flipped, m)
    if kind == "orthogonal":
        return np.abs(flipped @ m - one).max(axis=(1, 2))
    if kind == "idempotent":
        return relative(m @ m - m, m)
    if kind == "nilpotent":
        power = np.linalg.matrix_power(m, m.shape[1])
        return np.abs(power).max(axis=(1, 2)) / (np.abs(m).max(axis=(1, 2)) ** m.shape[1] + TINY)
    raise NotRepresentable(kind)


def function(term: Term, values: list[Array], count: int) -> Array:
    """Return the values of a term from those of its parts."""
    kind, m = term.kind, values[0]
    if kind == "plus":
        return sum(values[1:], m)
    if kind == "minus":
        return -m
    if kind == "times":
        for other in values[1:]:
            m = m * other if (1, 1) in (m.shape[1:], other.shape[1:]) else m @ other
        return m
    if kind == "transpose":
        return m.swapaxes(1, 2)
    if kind == "over":
        return m / np.where(np.abs(values[1]) < TINY, TINY, values[1])
    if kind == "inv":
        return np.linalg.inv(m + TINY * np.eye(m.shape[1]))
    if kind == "power":
        return np.linalg.matrix_power(m, term.data)
    if kind == "sqrt":
        return np.sqrt(np.maximum(m, 0.0))
    if kind in ("relu", "abs", "floor"):
        return np.maximum(m, 0.0) if kind == "relu" else np.abs(m) if kind == "abs" else np.floor(m)
    if kind in ("max", "min", "hadamard"):
        return {"max": np.maximum, "min": np.minimum, "hadamard": np.multiply}[kind](m, values[1])
    if kind == "kron":
        shape = (count, m.shape[1] * values[1].shape[1], m.shape[2] * values[1].shape[2])
        return np.einsum("bij,bkl->bikjl", m, values[1]).reshape(shape)
    if kind == "diag":
        return m * np.eye(m.shape[1])
    if kind == "diagpart":
        return m * np.eye(m.shape[1], m.shape[2])
    if kind == "pinv":
        return np.linalg.pinv(m)
    if kind == "best_rank":
        u, s, v = np.linalg.svd(m, full_matrices=False)
        kept = np.arange(s.shape[1])[None, :] < values[1][:, 0, 0][:, None]
        return (u * (s * kept)[:, None, :]) @ v
    return scalar_function(term, values)[:, None, None]


def scalar_function(term: Term, values: list[Array]) -> Array:
    """Return the values of a function of matrices that is a number."""
    kind, m = term.kind, values[0]
    if kind == "tr":
        return np.trace(m, axis1=1, axis2=2)
    if kind == "det":
        return np.linalg.det(m)
    if kind == "normF":
        return np.sqrt((m * m).sum(axis=(1, 2)))
    if kind == "normMax":
        return np.abs(m).max(axis=(1, 2))
    if kind in ("norm1", "normInf"):
        return np.abs(m).sum(axis=1 if kind == "norm1" else 2).max(axis=1)
    if kind in ("norm2", "normNuc", "sigma", "rank"):
        s = np.linalg.svd(m, compute_uv=False)
        if kind == "norm2":
            return s[:, 0]
        if kind == "normNuc":
            return s.sum(axis=1)
        if kind == "rank":
            return (s > 1e-9 * (s[:, :1] + TINY)).sum(axis=1).astype(float)
        places = np.maximum(values[1][:, 0, 0].astype(int) - 1, 0)
        inside = np.minimum(places, s.shape[1] - 1)
        return np.where(places < s.shape[1], s[np.arange(len(s)), inside], 0.0)
    raise NotRepresentable(kind)
