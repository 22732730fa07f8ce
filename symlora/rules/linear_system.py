"""Membership in a linear span: incrementally modulo a 61-bit prime, and exactly for the few vectors that matter."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt

PRIME = 2**61 - 1
_HALF = PRIME // 2
_RECONSTRUCTION_BOUND = isqrt(_HALF)


def residue(value: Fraction) -> int:
    """Return `value` modulo PRIME as an integer between -PRIME/2 and PRIME/2.

    Raises ValueError if PRIME divides the denominator, or the numerator of a value other than 0.

    >>> residue(Fraction(-3)), residue(Fraction(1, 2)) * 2 % PRIME
    (-3, 1)
    """
    if value and not value.numerator * value.denominator % PRIME:
        raise ValueError(f"the coefficient {value} cannot be used modulo {PRIME}")
    if value.denominator == 1:
        return _centred(value.numerator)
    return _centred(value.numerator * pow(value.denominator, -1, PRIME))


def rational(value: int) -> Fraction | None:
    """Return the fraction n/d with |n|, d <= sqrt(PRIME/2) that is `value` modulo PRIME, or None if there is none.

    The extended Euclidean algorithm, stopped half-way (Wang's rational reconstruction).

    >>> rational(residue(Fraction(-7, 12)))
    Fraction(-7, 12)
    """
    value = _centred(value)
    if -_RECONSTRUCTION_BOUND <= value <= _RECONSTRUCTION_BOUND:
        return Fraction(value)
    previous, current = PRIME, value % PRIME
    previous_factor, factor = 0, 1
    while current > _RECONSTRUCTION_BOUND:
        quotient = previous // current
        previous, current = current, previous - quotient * current
        previous_factor, factor = factor, previous_factor - quotient * factor
    if factor == 0 or abs(factor) > _RECONSTRUCTION_BOUND:
        return None
    return Fraction(current, factor)


class Span:
    """A growing set of sparse vectors and one target, kept in echelon form; says when the target enters the span.

    Vectors are dictionaries from column numbers to centred residues. The pivot of a row is its highest column, so
    columns should be numbered with the target's first and late arrivals last: a vector that brings a new column then
    costs no arithmetic. How each row arose is kept as a list of steps and unrolled only for the target.

    >>> span = Span({0: 1})
    >>> span.add({0: 1, 1: 1}), span.add({1: 2})
    (False, True)
    >>> [(index, rational(value)) for index, value in span.combination()]
    [(0, Fraction(1, 1)), (1, Fraction(-1, 2))]
    """

    def __init__(self, target: dict[int, int]) -> None:
        self._rows: list[dict[int, int]] = []
        self._steps: list[list[tuple[int, int]]] = []
        self._scales: list[int] = []
        self._origins: list[int] = []
        self._pivots: dict[int, int] = {}
        self._added = 0
        self._residual = dict(target)
        self._used: list[tuple[int, int]] = []

    @property
    def residual(self) -> list[int]:
        """The columns of what is left of the target, in increasing order; empty once the target is in the span."""
        return sorted(self._residual)

    def add(self, vector: dict[int, int]) -> bool:
        """Add a vector (its number is the count of earlier ones); return whether the target is now in the span.

        The dictionary is kept and changed: pass a fresh one.
        """
        number = self._added
        self._added += 1
        steps: list[tuple[int, int]] = []
        pivot = self._reduce(vector, steps)
        if pivot < 0:
            return not self._residual
        lead = vector[pivot]
        scale = 1
        if lead == -1:
            scale = -1
            for column, value in vector.items():
                vector[column] = -value
        elif lead != 1:
            scale = _centred(pow(lead, -1, PRIME))
            for column, value in vector.items():
                vector[column] = _centred(value * scale)
        self._pivots[pivot] = len(self._rows)
        self._rows.append(vector)
        self._steps.append(steps)
        self._scales.append(scale)
        self._origins.append(number)
        if pivot in self._residual:
            self._reduce(self._residual, self._used)
        return not self._residual

    def combination(self) -> list[tuple[int, int]]:
        """Return pairs (number of an added vector, non-zero residue) whose combination is the target.

        Raises ValueError if the target is not in the span.
        """
        if self._residual:
            raise ValueError("the target is not in the span")
        weights: dict[int, int] = {}
        for row, factor in self._used:
            weights[row] = weights.get(row, 0) + factor
        result: list[tuple[int, int]] = []
        for row in range(max(weights, default=-1), -1, -1):
            weight = _centred(weights.get(row, 0) * self._scales[row])
            if weight:
                result.append((self._origins[row], weight))
                for earlier, factor in self._steps[row]:
                    weights[earlier] = weights.get(earlier, 0) - weight * factor
        result.reverse()
        return result

    def _reduce(self, vector: dict[int, int], steps: list[tuple[int, int]]) -> int:
        """Clear leading columns of `vector` while a row has that pivot; return the pivot left, or -1 if it vanished."""
        pivots, rows = self._pivots, self._rows
        while vector:
            top = max(vector)
            row = pivots.get(top)
            if row is None:
                return top
            factor = vector[top]
            steps.append((row, factor))
            for column, value in rows[row].items():
                new = vector.get(column, 0) - factor * value
                if new > _HALF or new < -_HALF:
                    new = _centred(new)
                if new:
                    vector[column] = new
                else:
                    vector.pop(column, None)
        return -1


def solve_exactly(vectors: Sequence[dict[int, Fraction]], target: dict[int, Fraction]) -> list[Fraction] | None:
    """Return weights with target = sum of weight * vector, or None; for few vectors (elimination with fractions).

    >>> solve_exactly([{0: Fraction(3), 1: Fraction(1)}, {1: Fraction(7)}], {0: Fraction(1)})
    [Fraction(1, 3), Fraction(-1, 21)]
    """
    rows: dict[int, tuple[dict[int, Fraction], list[Fraction]]] = {}

    def reduced(vector: dict[int, Fraction], weights: list[Fraction]) -> dict[int, Fraction]:
        rest = dict(vector)
        while rest and (top := max(rest)) in rows:
            row, origin = rows[top]
            factor = rest[top] / row[top]
            for column, value in row.items():
                rest[column] = rest.get(column, Fraction(0)) - factor * value
                if not rest[column]:
                    del rest[column]
            for position, value in enumerate(origin):
                weights[position] -= factor * value
        return rest

    for number, vector in enumerate(vectors):
        weights = [Fraction(0)] * len(vectors)
        weights[number] = Fraction(1)
        if rest := reduced(vector, weights):
            rows[max(rest)] = rest, weights
    weights = [Fraction(0)] * len(vectors)
    return None if reduced(target, weights) else [-weight for weight in weights]


def _centred(value: int) -> int:
    value %= PRIME
    return value - PRIME if value > _HALF else value
