"""Values of terms in an exact model, to as many decimal digits as are asked for (mpmath).

Exact models compare irrational values exactly; here a norm, a root or a singular value is computed
to any number of digits. The error is estimated by computing at two precisions, one twice the other: a measurement, not
a bound, and never a reason for a verdict. Digits of algebraic numbers, by contrast, are certain.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import mpmath

from symlora.domains.algebraic import MOST_PRECISE, PRECISION, Number, precise
from symlora.domains.ground import Node
from symlora.domains.rational import Model
from symlora.domains.values import NotRepresentable, is_exact, need_exact
from symlora.kernel.words import Matrix

MAX_DIGITS = 5_000
GUARD = 10
"""Digits beyond those asked for at the first attempt."""
ATTEMPTS = 4
"""How often the precision is doubled at most."""
EXACT = ("rank", "factor", "null", "complement", "gram", "projector", "vectors")
"""Operations that only exact values have; their results are taken over."""
Grid = list[list[Any]]


@dataclass(frozen=True)
class Digits:
    """Decimal entries of a matrix, and the estimate of their largest absolute error.

    `error` is the largest change from half the precision (`precision` is in digits) to the precision used. `settled`
    says whether it is below the digits asked for of the largest entry; an entry that does not exceed its change is
    given as ``0.0``.
    """

    rows: tuple[tuple[str, ...], ...]
    error: str
    precision: int
    settled: bool


def digits(model: Model, term: Matrix, count: int = 50) -> Digits:
    """Return the entries of a term in an exact model to `count` digits.

    Raises `ValueError` unless ``1 <= count <= MAX_DIGITS``, and `NotRepresentable` for what has no value there: the
    inverse of a singular matrix, the root of a negative number, a function of exact values at an irrational one.

    >>> from symlora.domains.setup import read_setup
    >>> setup = read_setup([{"matrix": "A", "index": [], "shape": ["2", "2"]}])
    >>> model = Model(setup, {}, matrices={("A", ()): [[1, 1], [0, 1]]})
    >>> found = digits(model, setup.context.matrix("norm2(A)"), 30)
    >>> found.rows, found.settled
    ((('1.61803398874989484820458683437',),), True)
    """
    return digits_of(model, model.scope.matrix(term, {}), count)


def digits_of(model: Model, node: int, count: int) -> Digits:
    """Return the entries of a node of the model's graph to `count` digits (see `digits`)."""
    if not 1 <= count <= MAX_DIGITS:
        raise ValueError(f"between 1 and {MAX_DIGITS} digits can be asked for")
    precision = count + GUARD
    before = _Run(model, precision).value(node)
    for attempt in range(ATTEMPTS):
        precision *= 2
        run = _Run(model, precision)
        now, ctx = run.value(node), run.ctx
        changes = [[abs(x - ctx.convert(y)) for x, y in zip(*pair, strict=True)]
                   for pair in zip(now, before, strict=True)]  # fmt: skip
        error = max((x for row in changes for x in row), default=ctx.zero)
        largest = max((abs(x) for row in now for x in row), default=ctx.zero)
        settled = bool(error <= largest * ctx.mpf(10) ** -count)
        if settled or attempt == ATTEMPTS - 1:
            break
        before = now
    shown = tuple(tuple(ctx.nstr(x if abs(x) > change else ctx.zero, count) for x, change in zip(*pair, strict=True))
                  for pair in zip(now, changes, strict=True))  # fmt: skip
    return Digits(shown, ctx.nstr(error, 3), precision, settled)


def decimals(x: Number, count: int) -> str:
    """Return a number to that many decimal digits, all but the last one certain; raises `NotRepresentable` if not sure.

    >>> from flint import fmpq
    >>> from symlora.domains.algebraic import rational, square_root
    >>> decimals(square_root(rational(2)), 30), decimals(rational(fmpq(1, 3)), 5)
    ('1.41421356237309504880168872421', '0.33333')
    """
    bits = count * 4 + PRECISION
    while bits <= 2 * MOST_PRECISE:
        ball = x.enclosure(bits)
        with precise(bits):
            if ball.rel_accuracy_bits() > count * 3.4 + 4:
                return str(ball.str(count, radius=False))
        if x.sign() == 0:
            return "0"
        bits *= 2
    raise NotRepresentable("a number that takes too much precision")


class _Run:
    """The values of a model's nodes at one precision, in decimal digits."""

    def __init__(self, model: Model, precision: int) -> None:
        self.model = model
        # A context of its own: the precision of `mpmath.mp` is everybody's.
        self.ctx = mpmath.MPContext()
        self.ctx.dps = precision
        self._values: dict[int, Grid] = {}

    def value(self, position: int) -> Grid:
        found = self._values.get(position)
        if found is None:
            node = self.model.graph.nodes[position]
            if node.kind == "leaf" or node.kind in EXACT:
                found = self._taken(self.model.value(position))
            else:
                found = self._computed(node)
            self._values[position] = found
        return found

    def _taken(self, m: Any) -> Grid:
        exact = need_exact(m)
        return [[self._number(x) for x in row] for row in exact.tolist()]

    def _number(self, x: Any) -> Any:
        return self.ctx.mpf(int(x.p)) / int(x.q)

    def _computed(self, node: Node) -> Grid:
        kind, args, ctx = node.kind, node.args, self.ctx
        rows, cols = range(node.rows), range(node.cols)
        if kind in ("eye", "inclusion"):
            offset = args[0] if args else 0
            return [[ctx.one if i == j + offset else ctx.zero for j in cols] for i in rows]
        if kind == "constant":
            return [[self._number(args[i * node.cols + j]) for j in cols] for i in rows]
        if kind == "sum":
            parts = [(ctx.mpf(c.numerator) / c.denominator, self.value(part)) for c, part in args]
            return [[ctx.fsum(c * m[i][j] for c, m in parts) for j in cols] for i in rows]
        a = self.value(args[0])
        if kind == "flip":
            return [[a[j][i] for j in cols] for i in rows]
        if kind == "product":
            b = self.value(args[1])
            return [[ctx.fdot((x, row[j]) for x, row in zip(line, b, strict=True)) for j in cols] for line in a]
        if kind == "multiple":
            return [[a[0][0] * x for x in row] for row in self.value(args[1])]
        if kind == "tr":
            return [[ctx.fsum(a[i][i] for i in range(len(a)))]]
        if kind == "sqrt":
            return [[self._root(args[0], a[0][0])]]
        if kind == "inv":
            return self._inverse(args[0], a)
        if kind in ("norm2", "sigma"):
            return [[self._singular(a, 1 if kind == "norm2" else args[1])]]
        raise NotRepresentable(f"no digits of {kind}")

    def _root(self, of: int, x: Any) -> Any:
        """Return a root; a number that only rounding makes negative is taken for 0."""
        if x >= 0:
            return self.ctx.sqrt(x)
        enclosed = self._enclosed(of)
        if enclosed is None:
            raise NotRepresentable("the root of what may be negative")
        if is_exact(enclosed) or enclosed[0, 0].sign() != 0:
            raise NotRepresentable("the root of a negative number")
        return self.ctx.zero

    def _inverse(self, of: int, a: Grid) -> Grid:
        exact = self._enclosed(of)
        if exact is not None and is_exact(exact) and exact.det() == 0:
            raise NotRepresentable("the inverse of a singular matrix")
        if not a:
            return []
        try:
            return self._grid(self.ctx.inverse(self.ctx.matrix(a)))
        except ZeroDivisionError:
            raise NotRepresentable("the inverse of a matrix that is singular as far as its digits show") from None

    def _enclosed(self, of: int) -> Any | None:
        """Return what the model knows of a node, rational or not, None where it knows nothing."""
        try:
            return self.model.value(of)
        except NotRepresentable:
            return None

    def _singular(self, a: Grid, k: int) -> Any:
        if k < 1:
            raise NotRepresentable(f"singular value number {k}")
        if k > min(len(a), len(a[0]) if a else 0):
            return self.ctx.zero
        return self.ctx.svd_r(self.ctx.matrix(a), compute_uv=False)[k - 1]

    def _grid(self, m: Any) -> Grid:
        return [[m[i, j] for j in range(m.cols)] for i in range(m.rows)]
