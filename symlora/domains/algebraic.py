"""Real algebraic numbers: expressions in rational numbers, roots of polynomials and square roots, compared exactly.

A number is enclosed in balls of any precision. Balls tell numbers apart; that two are the same follows from a root
bound: where a difference can be written U/L with algebraic integers U and L, all conjugates of U at most 2^a, those of
L at most 2^b in absolute value, in a field of degree at most D, the difference is 0 or at least ``2^(-(D - 1)*a - b)``,
because the norm of a nonzero algebraic integer is at least 1. A ball inside that distance of 0 proves equality
(Burnikel, Funke, Mehlhorn, Schirra and Schmitt, "A separation bound for real algebraic expressions", 2009).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import pairwise
from math import isqrt, lcm
from typing import Any

from flint import arb, ctx, fmpq, fmpz_poly

PRECISION = 192
"""Bits of the first enclosure."""
MOST_PRECISE = 200_000
"""Bits beyond which a comparison is left open."""
REMEMBERED = 1_024


class NotRepresentable(ArithmeticError):
    """A value that a model needs exactly is irrational, or does not exist; the model has to be left out."""


@contextmanager
def precise(bits: int = PRECISION) -> Iterator[None]:
    """Compute with balls of that many bits in the block."""
    before = ctx.prec
    ctx.prec = bits
    try:
        yield
    finally:
        ctx.prec = before


def exact_root(x: Any) -> Any | None:
    """Return the root of a rational number >= 0 if it is rational.

    >>> exact_root(fmpq(9, 4)), exact_root(fmpq(2))
    (3/2, None)
    """
    top, bottom = isqrt(int(x.p)), isqrt(int(x.q))
    return fmpq(top, bottom) if top * top == x.p and bottom * bottom == x.q else None


def _bits(n: int) -> int:
    """Return the least b with ``|n| <= 2^b``."""
    return max(0, abs(n) - 1).bit_length()


class Number:
    """A real algebraic number.

    `kind` is ``rational`` (fmpq), ``root`` (coefficients from the lowest on, position among the real roots, largest
    first), ``sqrt`` (number), ``sum`` (pairs of a rational coefficient and a number), ``product`` (two numbers) or
    ``inverse`` (number). Numbers are made by the functions and operators of this module, which keep them short. `ball`
    encloses the value. Two numbers are one object or are compared by `sign`; ``==`` is identity.

    >>> two, three = square_root(rational(2)), square_root(rational(3))
    >>> (two * three - square_root(rational(6))).sign(), (two + three - rational(3)).sign()
    (0, 1)
    """

    __slots__ = ("_balls", "_sizes", "args", "ball", "kind")

    def __init__(self, kind: str, args: tuple[Any, ...]) -> None:
        self.kind, self.args = kind, args
        self._sizes: tuple[int, int, frozenset[Any]] | None = None
        self._balls: tuple[int, Any] | None = None
        with precise():
            self.ball = self._enclosed({}, PRECISION)

    def parts(self) -> tuple[Number, ...]:
        """Return the numbers of which this one is made."""
        if self.kind == "sum":
            return tuple(part for _, part in self.args)
        return () if self.kind in ("rational", "root") else self.args

    def rational(self) -> Any | None:
        """Return the value as an fmpq if it is written as a rational number."""
        return self.args[0] if self.kind == "rational" else None

    def _enclosed(self, known: dict[int, Any], bits: int) -> Any:
        """Return a ball around the value, from `known` balls around the parts or else from their first ones."""
        kind, args = self.kind, self.args
        if kind == "rational":
            return arb(args[0])
        if kind == "root":
            return real_roots(args[0], bits)[args[1]]
        balls = [known.get(id(part), part.ball) for part in self.parts()]
        if kind == "sqrt":
            # The number below is known to be positive; a ball around it may reach further.
            return balls[0].sqrt() if balls[0] > 0 else arb(0).union(balls[0].abs_upper().sqrt())
        if kind == "inverse":
            return 1 / balls[0]
        if kind == "product":
            return balls[0] * balls[1]
        return sum((arb(c) * ball for (c, _), ball in zip(args, balls, strict=True)), arb(0))

    def enclosure(self, bits: int) -> Any:
        """Return a ball around the value, computed with that many bits."""
        known: dict[int, Any] = {}
        with precise(bits):
            for one in below(self):
                if one._balls is None or one._balls[0] != bits:
                    one._balls = bits, one._enclosed(known, bits)
                known[id(one)] = one._balls[1]
        return known[id(self)]

    def sizes(self) -> tuple[int, int, frozenset[Any]]:
        """Return a and b, and the roots of which the value is made, as in the bound above."""
        if self._sizes is None:
            for one in below(self):
                one._sizes = one._sizes or one._sized()
        return self._sizes or self._sized()

    def _sized(self) -> tuple[int, int, frozenset[Any]]:
        kind, args = self.kind, self.args
        if kind == "rational":
            return _bits(int(args[0].p)), _bits(int(args[0].q)), frozenset()
        if kind == "root":
            # c*x is an algebraic integer for the leading coefficient c; Cauchy's bound for x.
            leading = abs(args[0][-1])
            return _bits(leading + max(map(abs, args[0][:-1]))), _bits(leading), frozenset([("root", *args)])
        inner = [part.sizes() for part in self.parts()]
        roots = frozenset[Any]().union(*(found for _, _, found in inner))
        if kind == "sqrt":
            # The root of U/L is the root of U*L, an algebraic integer, over L.
            above, under, _ = inner[0]
            return (above + under + 1) // 2, under, roots | {("sqrt", self)}
        if kind == "inverse":
            above, under, _ = inner[0]
            return under, above, roots
        if kind == "product":
            return inner[0][0] + inner[1][0], inner[0][1] + inner[1][1], roots
        whole = 1
        for c, _ in args:
            whole = lcm(whole, int(c.q))
        total = sum(under for _, under, _ in inner)
        above = max(_bits(int(c.p) * (whole // int(c.q))) + high + total - low
                    for (c, _), (high, low, _) in zip(args, inner, strict=True))  # fmt: skip
        return above + _bits(len(args)), total + _bits(whole), roots

    def separation(self) -> int:
        """Return b such that the value is 0 or at least ``2^-b`` in absolute value."""
        above, under, roots = self.sizes()
        degree = 1
        found: dict[Any, int] = {}
        for root in roots:
            if root[0] == "sqrt":
                degree *= 2
            else:
                # Each further root of one polynomial has a degree of one less over those before it.
                degree *= len(root[1]) - 1 - found.get(root[1], 0)
                found[root[1]] = found.get(root[1], 0) + 1
        return (degree - 1) * above + under

    def sign(self) -> int | None:
        """Return -1, 0 or 1, None if more than `MOST_PRECISE` bits were needed."""
        bits, ball = PRECISION, self.ball
        bound: int | None = None
        while True:
            if ball > 0 or ball < 0:
                return 1 if ball > 0 else -1
            bound = self.separation() if bound is None else bound
            if ball.is_finite() and ball.abs_upper() < arb((1, -bound)):
                return 0
            if bits >= MOST_PRECISE:
                return None
            # Straight to what a proof of equality takes where that is near, else by doubling.
            bits = min(MOST_PRECISE, max(2 * bits, min(bound + 2 * PRECISION, 8 * bits)))
            ball = self.enclosure(bits)

    def __add__(self, other: Number) -> Number:
        return combined([(fmpq(1), self), (fmpq(1), other)])

    def __sub__(self, other: Number) -> Number:
        return combined([(fmpq(1), self), (fmpq(-1), other)])

    def __mul__(self, other: Number) -> Number:
        (a, x), (b, y) = _scaled(self), _scaled(other)
        if x is None or y is None:
            rest = y if x is None else x
            return rational(a * b) if rest is None else combined([(a * b, rest)])
        if x.kind == y.kind == "sqrt":
            if x is y:
                return combined([(a * b, x.args[0])])
            p, q = x.args[0].rational(), y.args[0].rational()
            if p is not None and q is not None:
                return combined([(a * b, square_root(rational(p * q)))])
        return combined([(a * b, Number("product", (x, y)))])

    def times(self, c: Any) -> Number:
        """Return a rational multiple."""
        return combined([(c, self)])

    def inverse(self) -> Number:
        """Return the inverse; raises `NotRepresentable` unless the number is shown not to be 0."""
        if self.sign() in (0, None):
            raise NotRepresentable("an inverse of what may be singular")
        c, x = _scaled(self)
        return rational(1 / c) if x is None else combined([(1 / c, Number("inverse", (x,)))])

    def __str__(self) -> str:
        value = self.rational()
        with precise():
            return str(value) if value is not None else str(self.ball.str(20).strip("[]"))


def below(number: Number) -> list[Number]:
    """Return a number and everything of which it is made, parts first."""
    order: dict[int, Number] = {}
    waiting = [(number, False)]
    while waiting:
        one, ready = waiting.pop()
        if ready:
            order[id(one)] = one
        elif id(one) not in order:
            waiting.append((one, True))
            waiting += [(part, False) for part in one.parts() if id(part) not in order]
    return list(order.values())


def rational(x: Any) -> Number:
    """Return a rational number (fmpq, fmpz or int)."""
    return Number("rational", (fmpq(x),))


def _scaled(x: Number) -> tuple[Any, Number | None]:
    """Return a number as a multiple of another one, None standing for 1."""
    if x.kind == "rational":
        return x.args[0], None
    return x.args[0] if x.kind == "sum" and len(x.args) == 1 else (fmpq(1), x)


def combined(terms: Sequence[tuple[Any, Number]]) -> Number:
    """Return the sum of rational multiples, sums in it taken apart and equal numbers put together."""
    plain, parts = fmpq(0), dict[int, tuple[Any, Number]]()
    for c, x in terms:
        for d, y in x.args if x.kind == "sum" else ((fmpq(1), x),):
            if y.kind == "rational":
                plain += c * d * y.args[0]
            else:
                before = parts.get(id(y))
                parts[id(y)] = (c * d if before is None else before[0] + c * d), y
    left = [(c, y) for c, y in parts.values() if c != 0]
    if not left:
        return rational(plain)
    if plain == 0 and len(left) == 1 and left[0][0] == 1:
        return left[0][1]
    return Number("sum", (*left, (plain, ONE)) if plain != 0 else tuple(left))


@lru_cache(maxsize=REMEMBERED)
def _root_of(x: Number) -> Number:
    return Number("sqrt", (x,))


@lru_cache(maxsize=REMEMBERED)
def _root_of_rational(top: int, bottom: int) -> Number:
    # The root of p/q is that of p*q over q, so that numbers that differ by a square have one root.
    square, rest = 1, top * bottom
    for prime in (2, 3, 5, 7, 11, 13):
        while rest % (prime * prime) == 0:
            square, rest = square * prime, rest // (prime * prime)
    if isqrt(rest) ** 2 == rest:
        return rational(fmpq(square * isqrt(rest), bottom))
    return combined([(fmpq(square, bottom), _root_of(_whole(rest)))])


@lru_cache(maxsize=REMEMBERED)
def _whole(n: int) -> Number:
    return rational(n)


def square_root(x: Number) -> Number:
    """Return the root of a number that is shown to be >= 0; raises `NotRepresentable` otherwise.

    >>> str(square_root(rational(fmpq(9, 4)))), square_root(rational(8)) is square_root(rational(8))
    ('3/2', True)
    """
    sign = x.sign()
    if sign is None or sign < 0:
        raise NotRepresentable("a root of what may be negative")
    if sign == 0:
        return rational(0)
    value = x.rational()
    return _root_of(x) if value is None else _root_of_rational(int(value.p), int(value.q))


@lru_cache(maxsize=REMEMBERED)
def polynomial_root(coefficients: tuple[int, ...], position: int) -> Number:
    """Return a root of a polynomial without multiple roots whose roots are all real, number 0 being the largest.

    >>> str(polynomial_root((-2, 0, 1), 0)), str(polynomial_root((-1, 2), 0))
    ('1.4142135623730950488 +/- 1.69e-21', '1/2')
    """
    if len(coefficients) == 2:
        return rational(fmpq(-coefficients[0], coefficients[1]))
    return Number("root", (coefficients, position))


@lru_cache(maxsize=REMEMBERED)
def real_roots(coefficients: tuple[int, ...], bits: int) -> tuple[Any, ...]:
    """Return disjoint balls around the roots of a polynomial without multiple roots that are all real, largest first.

    Raises `NotRepresentable` if some root is shown not to be real.
    """
    polynomial, working = fmpz_poly(list(coefficients)), bits
    while True:
        with precise(working):
            pairs: list[Any] = polynomial.complex_roots()
            roots = [value for value, _ in pairs]
            if not all(value.imag.contains(0) for value in roots):
                raise NotRepresentable("a root that is not real")
            found = sorted((value.real for value in roots), key=lambda ball: ball.mid(), reverse=True)
            if all(left > right for left, right in pairwise(found)):
                return tuple(found)
        working *= 2


ONE = rational(1)
