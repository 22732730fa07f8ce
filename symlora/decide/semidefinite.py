"""Exact positive semidefinite matrices that satisfy linear equations, found numerically and made rational.

A point in the interior is found by Newton steps on a barrier and rounded inside the affine space of the equations
(H. Peyrl and P. Parrilo, "Computing sum of squares decompositions with rational coefficients", 2008). Where there is no
interior, the kernel that all solutions share is read off, made rational and divided out. Results are checked exactly.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat

Array = Any
Entry = tuple[int, int, int]
"""Block, row and column with row <= column."""
Gram = list[list[Fraction]]
ROUNDS, KERNEL, DENOMINATOR = 4, (1e-4, 1e-3, 1e-5, 1e-2), 24
ROUND_TO = (1, 2, 3, 4, 6, 12, 24, 60, 240, 1_000, 100_000, 10**8)
MAX_UNKNOWNS, MAX_FREE = 1_500, 420


def solve(sizes: Sequence[int], equations: Sequence[tuple[Mapping[Entry, Fraction], Fraction]],
          deadline: float, positive: int = 0) -> list[Gram] | None:  # fmt: skip
    """Return semidefinite matrices of these sizes that satisfy linear equations in their entries, or None.

    The last `positive` ones are not 0.

    >>> one = Fraction(1)
    >>> solve([2], [({(0, 0, 0): one}, one), ({(0, 0, 1): one}, one), ({(0, 1, 1): one}, one)], 1e18)
    [[[Fraction(1, 1), Fraction(1, 1)], [Fraction(1, 1), Fraction(1, 1)]]]
    """
    faces = [fmpq_mat(n, n, [int(i == j) for i in range(n) for j in range(n)]) for n in sizes]
    for _ in range(ROUNDS):
        spaces = _solutions(faces, equations)
        if spaces is None or time.monotonic() > deadline:
            return None
        start, directions = spaces
        inner = [face.ncols() for face in faces]
        if len(directions) > MAX_FREE:
            return None
        try:
            y, depth = _deepest(inner, start, directions, deadline)
        except np.linalg.LinAlgError:
            return None
        if depth > -1e-4:
            found = _rounded(inner, start, directions, y, positive)
            if found is not None:
                return [_expanded(face, m) for face, m in zip(faces, found, strict=True)]
        if depth < -1e-3 or depth > 1e-3:
            return None
        smaller = _smaller_faces(faces, _matrices(inner, _floats(start, directions) @ np.append(1.0, y)))
        if smaller is None:
            return None
        faces = smaller
    return None


def _solutions(faces: list[Any], equations: Sequence[tuple[Mapping[Entry, Fraction], Fraction]],
               ) -> tuple[list[Any], list[list[Any]]] | None:  # fmt: skip
    """Return a solution of the equations and the directions of others, in the entries of matrices on the faces."""
    places = [(k, a, b) for k, face in enumerate(faces) for a in range(face.ncols()) for b in range(a, face.ncols())]
    number = {place: i for i, place in enumerate(places)}
    count = len(places)
    if count > MAX_UNKNOWNS:
        return None
    table = []
    for row, right in equations:
        line = [fmpq(0)] * (count + 1)
        line[count] = fmpq(right.numerator, right.denominator)
        for (k, i, j), c in row.items():
            value, face = fmpq(c.numerator, c.denominator), faces[k]
            left = [(a, face[i, a]) for a in range(face.ncols()) if face[i, a] != 0]
            for a, x in left:
                for b in range(face.ncols()):
                    if face[j, b] != 0:
                        line[number[(k, min(a, b), max(a, b))]] += value * x * face[j, b]
        table += line
    reduced, rank = fmpq_mat(len(equations), count + 1, table).rref()
    pivots = []
    for i in range(rank):
        pivots.append(next(j for j in range(count + 1) if reduced[i, j] != 0))
    if count in pivots:
        return None
    start = [fmpq(0)] * count
    for i, pivot in enumerate(pivots):
        start[pivot] = reduced[i, count]
    directions = []
    for free in sorted(set(range(count)) - set(pivots)):
        line = [fmpq(0)] * count
        line[free] = fmpq(1)
        for i, pivot in enumerate(pivots):
            line[pivot] = -reduced[i, free]
        directions.append(line)
    return start, directions


def _floats(start: list[Any], directions: list[list[Any]]) -> Array:
    return np.array([[float(int(x.p) / int(x.q)) for x in line] for line in (start, *directions)]).T


def _matrices(sizes: Sequence[int], vector: Array) -> list[Array]:
    """Return symmetric matrices from their upper entries, for a vector or the columns of an array."""
    found, at = [], 0
    for n in sizes:
        rows, cols = np.triu_indices(n)
        part = vector[at : at + len(rows)]
        m = np.zeros((n, n, *vector.shape[1:]))
        m[rows, cols] = part
        m[cols, rows] = part
        found.append(np.moveaxis(m, -1, 0) if vector.ndim > 1 else m)
        at += len(rows)
    return found


def _deepest(
    sizes: Sequence[int], start: list[Any], directions: list[list[Any]], deadline: float
) -> tuple[Array, float]:
    """Return numbers for the directions at which the least eigenvalue is largest, up to 1, and that eigenvalue."""
    columns = _floats(start, directions)
    free = len(directions)
    # Start near the point with the least entries.
    y = np.linalg.lstsq(columns[:, 1:], -columns[:, 0], rcond=None)[0] if free else np.zeros(0)
    # Blocks of one size are handled together: [block, direction, row, column].
    groups: dict[int, list[Array]] = {}
    for m in _matrices(sizes, columns):
        if m.shape[1]:
            groups.setdefault(m.shape[1], []).append(m)
    blocks = [np.stack(group) for _, group in sorted(groups.items())]
    if not blocks:
        return y, 1.0

    def slack(y: Array, t: float) -> list[Array]:
        return [b[:, 0] + np.tensordot(b[:, 1:], y, (1, 0)) - t * np.eye(b.shape[2]) for b in blocks]

    def least(y: Array) -> float:
        return float(min(np.linalg.eigvalsh(m).min() for m in slack(y, 0.0)))

    t = min(least(y) - 1.0, 0.0)
    if not free:
        return y, least(y)
    moved = [np.concatenate([b[:, 1:], np.broadcast_to(-np.eye(b.shape[2]), (len(b), 1, *b.shape[2:]))], axis=1)
             for b in blocks]  # fmt: skip

    def value(y: Array, t: float, mu: float) -> float:
        total = -t / mu - np.log(1.0 - t) + 1e-9 * float(y @ y) if t < 1 else np.inf
        for m in slack(y, t):
            try:
                total -= 2 * np.log(np.diagonal(np.linalg.cholesky(m), axis1=1, axis2=2)).sum()
            except np.linalg.LinAlgError:
                return float("inf")
        return float(total)

    mu = 1.0
    while mu > 1e-9 and time.monotonic() < deadline:
        for _ in range(12):
            gradient, hessian = np.zeros(free + 1), 1e-12 * np.eye(free + 1)
            gradient[:free] = 2e-9 * y
            gradient[free] = -1 / mu + 1 / (1 - t)
            hessian[free, free] += 1 / (1 - t) ** 2
            hessian[:free, :free] += 2e-9 * np.eye(free)
            for m, d in zip(slack(y, t), moved, strict=True):
                inverse = np.linalg.inv(np.linalg.cholesky(m))[:, None]
                x = inverse @ d @ inverse.swapaxes(2, 3)
                gradient -= np.trace(x, axis1=2, axis2=3).sum(axis=0)
                flat = x.swapaxes(0, 1).reshape(free + 1, -1)
                hessian += flat @ flat.T
            step = -np.linalg.solve(hessian, gradient)
            decrease = float(-gradient @ step)
            if decrease < 1e-6:
                break
            size, before = 1.0, value(y, t, mu)
            while size > 1e-8 and not value(y + size * step[:free], t + size * step[free], mu) < before:
                size /= 2
            if size <= 1e-8:
                break
            y, t = y + size * step[:free], t + size * float(step[free])
        if t > 0.05:
            break
        mu /= 6
    return y, least(y)


def _rounded(sizes: Sequence[int], start: list[Any], directions: list[list[Any]], y: Array,
             positive: int) -> list[Any] | None:  # fmt: skip
    """Return exact semidefinite matrices near numbers for the directions, or None."""
    for bound in ROUND_TO:
        total = fmpq_mat(1, len(start), start)
        for value, line in zip(y, directions, strict=True):
            c = Fraction(round(float(value) * bound), bound)
            if c:
                total += fmpq_mat(1, len(start), line) * fmpq(c.numerator, c.denominator)
        entries, found, at = total.entries(), [], 0
        for n in sizes:
            m = fmpq_mat(n, n)
            for i in range(n):
                for j in range(i, n):
                    m[i, j] = m[j, i] = entries[at]
                    at += 1
            if n and not all(c * (-1) ** (n - k) >= 0 for k, c in enumerate(m.charpoly().coeffs())):
                break
            found.append(m)
        else:
            if all(any(x != 0 for x in m.entries()) for m in found[len(found) - positive :]):
                return found
    return None


def _smaller_faces(faces: list[Any], matrices: list[Array]) -> list[Any] | None:
    """Return the faces on which the kernels of nearly singular matrices are divided out, or None."""
    for cut in KERNEL:
        found, changed = [], False
        for face, m in zip(faces, matrices, strict=True):
            if not len(m):
                found.append(face)
                continue
            values, vectors = np.linalg.eigh(m)
            kernel = vectors[:, values < cut * max(1.0, values[-1])]
            if not kernel.shape[1]:
                found.append(face)
                continue
            rational = _rational_basis(kernel)
            if rational is None:
                break
            # What is orthogonal to the kernel: the null space of its transpose.
            numerators, _ = rational.transpose().numer_denom()
            basis, nullity = numerators.nullspace()
            n = face.ncols()
            inner = fmpq_mat(n, nullity, [int(basis[i, j]) for i in range(n) for j in range(nullity)])
            found.append(face * inner)
            changed = True
        else:
            if changed:
                return found
    return None


def _rational_basis(kernel: Array) -> Any | None:
    """Return a rational basis of a space spanned by floating-point columns, in echelon form, or None."""
    m = kernel.T.copy()
    rows, cols = m.shape
    pivots: list[int] = []
    for i in range(rows):
        weights = np.abs(m[i:]).copy()
        weights[:, pivots] = 0
        r, c = np.unravel_index(int(np.argmax(weights)), weights.shape)
        m[[i, i + int(r)]] = m[[i + int(r), i]]
        if abs(m[i, c]) < 1e-6:
            return None
        m[i] /= m[i, c]
        for k in range(rows):
            if k != i:
                m[k] -= m[k, c] * m[i]
        pivots.append(int(c))
    entries = [Fraction(float(x)).limit_denominator(DENOMINATOR) for x in m.ravel()]
    if max(abs(float(e) - x) for e, x in zip(entries, m.ravel(), strict=True)) > 4e-3:
        return None
    return fmpq_mat(rows, cols, [fmpq(e.numerator, e.denominator) for e in entries]).transpose()


def _expanded(face: Any, m: Any) -> Gram:
    whole = face * m * face.transpose()
    return [[Fraction(int(x.p), int(x.q)) for x in row] for row in whole.tolist()]


def squares_of(gram: Gram) -> list[tuple[Fraction, list[Fraction]]]:
    """Return numbers c > 0 and rows v with ``gram = sum c v'v`` for a semidefinite matrix, by elimination.

    >>> squares_of([[Fraction(1), Fraction(1)], [Fraction(1), Fraction(1)]])
    [(Fraction(1, 1), [Fraction(1, 1), Fraction(1, 1)])]
    """
    rest = [list(row) for row in gram]
    found = []
    for i in range(len(rest)):
        c = rest[i][i]
        if c > 0:
            row = [x / c for x in rest[i]]
            found.append((c, row))
            rest = [[x - c * row[a] * row[b] for b, x in enumerate(line)] for a, line in enumerate(rest)]
    if any(x for line in rest for x in line):
        raise ValueError("expected a semidefinite matrix, found another one")
    return found
