"""Matrix terms: rational combinations of shape-typed words, in normal form.

A letter is a member of a family or an application such as ``inv(M)``, with its shape. A monomial is a sorted tuple of
scalar words (loops at the literal size 1, which commute and equal their transposes) and one matrix word. A `Matrix`
always carries its declared shape, also when no word is left: otherwise ``1 = 0`` at ``n x n`` (true for n = 0) could
stand for the scalar equation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from symlora.kernel.errors import need
from symlora.kernel.naturals import ONE, Nat

MAX_WORDS = 20_000


class Letter(NamedTuple):
    """One letter: `head` with `args` (indices of a family, or the argument of ``inv``), its shape after `flipped`."""

    head: str
    args: tuple[Any, ...]
    flipped: bool
    rows: Nat
    cols: Nat


Word = tuple[Letter, ...]
Key = tuple[tuple[Word, ...], Word]


class Matrix(NamedTuple):
    """A matrix term of shape `rows` x `cols`; `terms` is sorted, without zero coefficients."""

    rows: Nat
    cols: Nat
    terms: tuple[tuple[Key, Fraction], ...]


def collect(rows: Nat, cols: Nat, pairs: Iterable[tuple[Key, Fraction]]) -> Matrix:
    """Return the normal form of a sum of monomials that are already typed ``rows x cols``."""
    total: dict[Key, Fraction] = {}
    for key, coefficient in pairs:
        total[key] = total.get(key, Fraction(0)) + coefficient
    need(len(total) <= MAX_WORDS, "size-words", f"at most {MAX_WORDS} words", lambda: str(len(total)))
    return Matrix(rows, cols, tuple(sorted((k, c) for k, c in total.items() if c)))


def zero(rows: Nat, cols: Nat) -> Matrix:
    """Return the zero matrix of that shape."""
    return Matrix(rows, cols, ())


def identity(size: Nat, coefficient: Fraction = Fraction(1)) -> Matrix:
    """Return `coefficient` times the identity of that size; the empty word carries its size."""
    return collect(size, size, [(((), ()), coefficient)])


def scalar(value: Fraction) -> Matrix:
    """Return a rational number as a 1 x 1 matrix."""
    return identity(ONE, value)


def letter(x: Letter) -> Matrix:
    """Return the matrix made of one letter."""
    return Matrix(x.rows, x.cols, ((reduced(x.rows, (x,)), Fraction(1)),))


def inverse(m: Matrix) -> Matrix:
    """Return the application ``inv(m)``: a total function of square matrices (their inverse where it exists)."""
    need(m.rows == m.cols, "inverse-square", "a square matrix in inv( )", "a rectangular one")
    return letter(Letter("inv", (m,), False, m.rows, m.cols))


def flip(word: Word) -> Word:
    """Return the transpose of a word."""
    return tuple(Letter(x.head, x.args, not x.flipped, x.cols, x.rows) for x in reversed(word))


def reduced(rows: Nat, word: Word) -> Key:
    """Return the normal form of a composable sequence of letters that starts at size `rows`.

    Wherever the word passes twice through the literal size 1, what stands between is a real number: it commutes with
    everything and equals its transpose. Only the literal size 1 counts, never a size that merely could be 1.
    """
    ones = [0] if rows == ONE else []
    ones += [i for i, x in enumerate(word, 1) if x.cols == ONE]
    if len(ones) < 2:
        return (), word
    loops = sorted(min(w, flip(w)) for w in (word[a:b] for a, b in pairwise(ones)))
    return tuple(loops), word[: ones[0]] + word[ones[-1] :]


def add(a: Matrix, b: Matrix) -> Matrix:
    """Return ``a + b``; both must have one shape."""
    need((a.rows, a.cols) == (b.rows, b.cols), "shape-sum", "two terms of one shape", "two different shapes")
    return collect(a.rows, a.cols, (*a.terms, *b.terms))


def scale(a: Matrix, factor: Fraction) -> Matrix:
    """Return `factor` times `a`."""
    return collect(a.rows, a.cols, ((k, c * factor) for k, c in a.terms))


def minus(a: Matrix, b: Matrix) -> Matrix:
    """Return ``a - b``."""
    return add(a, scale(b, Fraction(-1)))


def times(a: Matrix, b: Matrix) -> Matrix:
    """Return ``a * b``: the matrix product, or a multiple when one side has the literal shape 1 x 1."""
    need(len(a.terms) * len(b.terms) <= MAX_WORDS, "size-words", f"at most {MAX_WORDS} words", "a larger product")
    if a.cols == b.rows:
        rows, cols = a.rows, b.cols
    elif a.rows == a.cols == ONE:
        rows, cols = b.rows, b.cols
    else:
        fits = b.rows == b.cols == ONE
        need(fits, "shape-product", "equal inner sizes, or a 1 x 1 factor", "sizes that do not compose")
        rows, cols = a.rows, a.cols
    out = []
    for (s, v), c in a.terms:
        for (t, w), d in b.terms:
            loops, word = reduced(rows, v + w)
            out.append(((tuple(sorted(s + t + loops)), word), c * d))
    return collect(rows, cols, out)


def transpose(a: Matrix) -> Matrix:
    """Return the transpose: words are reversed, real scalars stay."""
    return collect(a.cols, a.rows, (((s, flip(w)), c) for (s, w), c in a.terms))


def rebuild(a: Matrix, size: Callable[[Nat], Nat], value: Callable[[Letter], Matrix]) -> Matrix:
    """Return `a` with every size mapped by `size` and every unflipped family letter replaced by ``value(letter)``.

    The result is multiplied out again, so a size that becomes the literal 1 makes its loops commute.
    """

    def image(x: Letter) -> Matrix:
        plain = Letter(x.head, x.args, False, x.cols, x.rows) if x.flipped else x
        new = inverse(rebuild(x.args[0], size, value)) if x.head == "inv" else value(plain)
        return transpose(new) if x.flipped else new

    rows, cols = size(a.rows), size(a.cols)
    total = zero(rows, cols)
    for (loops, word), c in a.terms:
        term = scalar(c)
        for loop in loops:
            factor = scalar(Fraction(1))
            for x in loop:
                factor = times(factor, image(x))
            term = times(term, factor)
        if not word:
            product = identity(rows)
        else:
            product = image(word[0])
            for x in word[1:]:
                product = times(product, image(x))
        total = add(total, times(term, product))
    return total


def letters(a: Matrix) -> Iterable[Letter]:
    """Yield every letter of `a`, those inside ``inv( )`` included."""
    for (loops, word), _ in a.terms:
        for x in (*word, *(y for loop in loops for y in loop)):
            yield x
            if x.head == "inv":
                yield from letters(x.args[0])
