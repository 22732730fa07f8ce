"""Entries of terms as affine forms in the bound letters, once the signs of what stands below each ReLU are known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flint import fmpq, fmpq_mat

from symlora.claims.terms import Letter, Term, letters_in
from symlora.claims.values import Instance
from symlora.domains import values as exactly
from symlora.domains.values import NotRepresentable, is_exact

Form = tuple[Any, ...]
"""Rational coefficients of the variables, then the constant."""
ENTRYWISE = ("relu", "abs", "max", "min")
SUMS = ("normMax", "norm1", "normInf")
LINEAR = ("plus", "minus", "transpose", "tr", "block", "row", "diag", "diagpart", "slice")


class Undecided(Exception):
    """The sign of a form is needed and not known."""

    def __init__(self, form: Form) -> None:
        super().__init__()
        self.form = form


class NotPiecewise(Exception):
    """A term is not piecewise affine in the bound letters by its form, or its coefficients are irrational."""


def add(a: Form, b: Form) -> Form:
    """Return the sum of two forms."""
    return tuple(x + y for x, y in zip(a, b, strict=True))


def scale(a: Form, c: Any) -> Form:
    """Return a multiple of a form."""
    return tuple(x * c for x in a)


def minus(a: Form, b: Form) -> Form:
    """Return the difference of two forms."""
    return tuple(x - y for x, y in zip(a, b, strict=True))


def piecewise(term: Term, names: set[str]) -> bool:
    """Return whether a term is piecewise affine in the letters of these names, by its form.

    >>> from symlora.claims.statement import read
    >>> term = read("relu(A x) = y", ["A: m x n", "x: n", "y: m"]).goal.terms[0]
    >>> piecewise(term, {"x"}), piecewise(term, {"A", "x"})
    (True, False)
    """
    if letters_in(term).isdisjoint(names) or term.kind == "letter":
        return True
    if term.kind in LINEAR or term.kind in ENTRYWISE or term.kind in SUMS:
        return all(piecewise(part, names) for part in term.args)
    if term.kind in ("times", "hadamard", "kron"):
        moving = [part for part in term.args if not letters_in(part).isdisjoint(names)]
        return len(moving) == 1 and piecewise(moving[0], names)
    if term.kind == "over":
        return letters_in(term.args[1]).isdisjoint(names) and piecewise(term.args[0], names)
    return term.kind == "power" and term.data == 1 and piecewise(term.args[0], names)


class Forms:
    """The entries of terms at an instance; the letters hold the variables, entry after entry.

    `sign` answers 1 or -1 for a form that is >= 0 or <= 0 throughout, and raises `Undecided` otherwise.
    """

    def __init__(self, at: Instance, letters: Sequence[Letter]) -> None:
        self.at, self.letters = at, tuple(letters)
        self.names = {letter.name for letter in letters}
        self.places: dict[str, tuple[int, int, int]] = {}
        self.count = 0
        for letter in letters:
            rows, cols = at.size(letter.rows), at.size(letter.cols)
            self.places[letter.name] = (self.count, rows, cols)
            self.count += rows * cols

    def constant(self, value: Any) -> Form:
        """Return a number as a form."""
        return (*[fmpq(0)] * self.count, fmpq(value))

    def known(self, term: Term) -> Any:
        """Return the value of a term without bound letters; raises `NotPiecewise`."""
        try:
            value = self.at.value(term)
        except NotRepresentable as error:
            raise NotPiecewise from error
        if not is_exact(value):
            raise NotPiecewise
        return value

    def shape(self, term: Term) -> tuple[int, int]:
        """Return the shape of a term."""
        return self.at.size(term.rows), self.at.size(term.cols)

    def assignment(self, point: Sequence[Any]) -> dict[str, Any]:
        """Return the values of the letters at a point."""
        return {
            name: fmpq_mat(rows, cols, list(point[first : first + rows * cols]))
            for name, (first, rows, cols) in self.places.items()
        }

    def entry(self, term: Term, i: int, j: int, sign: Callable[[Form], int]) -> Form:
        """Return one entry; raises `Undecided`, `NotPiecewise` or `Undefined`."""
        kind, args = term.kind, term.args
        if letters_in(term).isdisjoint(self.names):
            return self.constant(self.known(term)[i, j])
        if kind == "letter":
            first, _, cols = self.places[term.data]
            return tuple(fmpq(int(k == first + i * cols + j)) for k in range(self.count + 1))
        if kind == "plus":
            return self._total([self.entry(part, i, j, sign) for part in args])
        if kind == "minus":
            return scale(self.entry(args[0], i, j, sign), -1)
        if kind == "transpose":
            return self.entry(args[0], j, i, sign)
        if kind == "tr":
            return self._total([self.entry(args[0], k, k, sign) for k in range(self.shape(args[0])[0])])
        if kind == "power" and term.data == 1:
            return self.entry(args[0], i, j, sign)
        if kind == "over" and letters_in(args[1]).isdisjoint(self.names):
            return scale(self.entry(args[0], i, j, sign), 1 / self._divisor(args[1]))
        if kind in ("diag", "diagpart"):
            return self.entry(args[0], i, 0 if kind == "diag" else i, sign) if i == j else self.constant(0)
        if kind in ENTRYWISE:
            return self._entrywise(kind, [self.entry(part, i, j, sign) for part in args], sign)
        if kind in SUMS:
            return self._norm(kind, args[0], sign)
        return self._composed(term, i, j, sign)

    def _composed(self, term: Term, i: int, j: int, sign: Callable[[Form], int]) -> Form:
        kind, args = term.kind, term.args
        if kind == "block":
            for row in args:
                height = self.shape(row)[0]
                if i < height:
                    for part in row.args:
                        width = self.shape(part)[1]
                        if j < width:
                            return self.entry(part, i, j, sign)
                        j -= width
                i -= height
        if kind == "slice":
            shifts = []
            for part in args[1:]:
                low = part.args[0] if part.kind == "range" else part
                shifts.append(0 if part.kind == "whole" else self.at.natural(low) - 1)
            rows, cols = self.shape(args[0])
            if not (0 <= i + shifts[0] < rows and 0 <= j + shifts[1] < cols):
                raise NotPiecewise
            return self.entry(args[0], i + shifts[0], j + shifts[1], sign)
        if kind in ("hadamard", "kron"):
            rows, cols = self.shape(args[1])
            places = [(i, j), (i, j)] if kind == "hadamard" else [(i // rows, j // cols), (i % rows, j % cols)]
            for first in (0, 1):
                if letters_in(args[first]).isdisjoint(self.names):
                    c = self.known(args[first])[places[first]]
                    return scale(self.entry(args[1 - first], *places[1 - first], sign), c)
        if kind == "times":
            return self._product(term, i, j, sign)
        raise NotPiecewise

    def _product(self, term: Term, i: int, j: int, sign: Callable[[Form], int]) -> Form:
        moving = [k for k, part in enumerate(term.args) if not letters_in(part).isdisjoint(self.names)]
        if len(moving) != 1:
            raise NotPiecewise
        (place,) = moving
        inner = term.args[place]
        rows, cols = self.shape(inner)
        left = self._folded(term.args[:place])
        right = self._folded(term.args[place + 1 :])
        factor = fmpq(1)
        if left is not None and left.ncols() != rows and left.nrows() == left.ncols() == 1:
            factor, left = left[0, 0], None
        if right is not None and right.nrows() != cols and right.nrows() == right.ncols() == 1:
            factor, right = factor * right[0, 0], None
        # What is left of the factors is a scalar beside a matrix, or it fits as a matrix product.
        if left is not None and left.ncols() != rows:
            factor, left, right, i, j = self._beside(left, right, i, j, factor)
            return scale(self.entry(inner, 0, 0, sign), factor)
        if right is not None and right.nrows() != cols:
            c = right[i if left is None else 0, j] if rows == cols == 1 and left is None else None
            if c is None:
                raise NotPiecewise
            return scale(self.entry(inner, 0, 0, sign), factor * c)
        total = self.constant(0)
        for k in [i] if left is None else range(rows):
            a = fmpq(1) if left is None else left[i, k]
            for m in [j] if right is None else range(cols):
                c = a * (fmpq(1) if right is None else right[m, j]) * factor
                if c != 0:
                    total = add(total, scale(self.entry(inner, k, m, sign), c))
        return total

    def _beside(self, left: Any, right: Any, i: int, j: int, factor: Any) -> tuple[Any, None, None, int, int]:
        """Return the factor of a scalar in a product of known matrices."""
        whole = left if right is None else exactly.product(left, right)
        return factor * whole[i, j], None, None, 0, 0

    def _folded(self, parts: Sequence[Term]) -> Any | None:
        """Return the product of known factors, multiples by scalars included, or None if there are none."""
        out: Any | None = None
        for part in parts:
            value = self.known(part)
            if out is None:
                out = value
            elif out.ncols() == value.nrows():
                out = out * value
            else:
                one = out.nrows() == out.ncols() == 1
                out = value * out[0, 0] if one else out * value[0, 0]
        return out

    def _divisor(self, term: Term) -> Any:
        below = self.known(term)[0, 0]
        if below == 0:
            raise NotPiecewise
        return below

    def _total(self, forms: Sequence[Form]) -> Form:
        out = self.constant(0)
        for form in forms:
            out = add(out, form)
        return out

    def _entrywise(self, kind: str, forms: list[Form], sign: Callable[[Form], int]) -> Form:
        if kind == "relu":
            return forms[0] if sign(forms[0]) > 0 else self.constant(0)
        if kind == "abs":
            return forms[0] if sign(forms[0]) > 0 else scale(forms[0], -1)
        first_larger = sign(minus(*forms)) > 0
        return forms[0] if first_larger == (kind == "max") else forms[1]

    def _norm(self, kind: str, term: Term, sign: Callable[[Form], int]) -> Form:
        rows, cols = self.shape(term)
        sizes = [[self._entrywise("abs", [self.entry(term, i, j, sign)], sign) for j in range(cols)]
                 for i in range(rows)]  # fmt: skip
        if kind == "normMax":
            lines = [form for row in sizes for form in row]
        else:
            lines = [self._total(line) for line in (sizes if kind == "normInf" else zip(*sizes, strict=True))]
        best = lines[0]
        for form in lines[1:]:
            best = self._entrywise("max", [best, form], sign)
        return best
