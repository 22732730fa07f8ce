"""Matrix terms: rational combinations of shape-typed words, in normal form.

A letter is a member of a family or a function of terms such as ``inv(M)``, with its shape. A monomial is a sorted tuple
of scalar words (loops at the literal size 1, which commute and equal their transposes) and one matrix word. A `Matrix`
always carries its declared shape, also when no word is left: otherwise ``1 = 0`` at ``n x n`` (true for n = 0) could
stand for the scalar equation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from symlora.kernel.errors import need
from symlora.kernel.naturals import ONE, ZERO, Nat, atom, plainly_natural
from symlora.kernel.naturals import add as add_nat
from symlora.kernel.naturals import number as nat_number
from symlora.kernel.naturals import times as times_nat

MAX_WORDS = 20_000
FUNCTIONS = {"inv": "M", "norm2": "M", "sqrt": "M", "sigma": "Mn", "tr": "M", "nat": "n"}
"""The functions of terms, each with the kinds of its arguments: matrix (M) or natural (n)."""


class Letter(NamedTuple):
    """One letter: `head` with `args` (indices of a family, or arguments of a function), its shape after `flipped`."""

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
        total[key] = total[key] + coefficient if key in total else coefficient
    need(len(total) <= MAX_WORDS, "size-words", f"at most {MAX_WORDS} words", lambda: str(len(total)))
    return Matrix(rows, cols, tuple(sorted((k, c) for k, c in total.items() if c)))


def zero(rows: Nat, cols: Nat) -> Matrix:
    """Return the zero matrix of that shape."""
    return Matrix(rows, cols, ())


def identity(size: Nat, coefficient: Fraction = Fraction(1)) -> Matrix:
    """Return `coefficient` times the identity of that size; the empty word carries its size."""
    return collect(size, size, [(((), ()), coefficient)])


def scalar(value: int | Fraction) -> Matrix:
    """Return a rational number as a 1 x 1 matrix."""
    return identity(ONE, Fraction(value))


def letter(x: Letter) -> Matrix:
    """Return the matrix made of one letter."""
    return Matrix(x.rows, x.cols, ((reduced(x.rows, (x,)), Fraction(1)),))


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
    if not a.terms or not b.terms:
        return a if a.terms else b
    return collect(a.rows, a.cols, (*a.terms, *b.terms))


def scale(a: Matrix, factor: Fraction) -> Matrix:
    """Return `factor` times `a`."""
    return collect(a.rows, a.cols, ((k, c * factor) for k, c in a.terms))


def negative(a: Matrix) -> Matrix:
    """Return ``-a``."""
    return Matrix(a.rows, a.cols, tuple((k, -c) for k, c in a.terms))


def minus(a: Matrix, b: Matrix) -> Matrix:
    """Return ``a - b``."""
    return add(a, negative(b))


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


def apply(head: str, args: tuple[Any, ...]) -> Matrix:
    """Return a function of terms.

    ``inv(M)`` (M square; its inverse where it has one), ``norm2(M)`` (the spectral norm), ``sigma(M, k)`` (the k-th
    singular value) and ``sqrt(c)`` (c a scalar) are total functions: where mathematics leaves them undefined they have
    some fixed value. ``tr(M)`` is linear and does not see rotations and transposes of words, ``nat(n)`` is a natural
    as a scalar: both are multiplied out.
    """
    if head == "nat":
        pairs = []
        for monomial, c in args[0]:
            loops = tuple(sorted((Letter("nat", (((((a,), 1),)),), False, ONE, ONE),) for a in monomial))
            pairs.append(((loops, ()), Fraction(c)))
        return collect(ONE, ONE, pairs)
    m = args[0]
    square = m.rows == m.cols and (head != "sqrt" or m.rows == ONE)
    need(square or head in ("norm2", "sigma"), "function-shape", f"a square matrix in {head}", "another shape")
    if head != "tr":
        shape = (m.rows, m.cols) if head == "inv" else (ONE, ONE)
        return letter(Letter(head, args, False, *shape))
    total = zero(ONE, ONE)
    for (loops, word), c in m.terms:
        total = add(total, times(collect(ONE, ONE, [((loops, ()), c)]), _trace(word, m.rows)))
    return total


def _trace(word: Word, size: Nat) -> Matrix:
    """Return the trace of one word: the size itself, a scalar word, or a letter of the least rotation.

    A size that is not natural by its form stays inside the trace: where it is negative, the trace is 0.
    """
    if not word:
        return (
            apply("nat", (size,)) if plainly_natural(size) else letter(Letter("tr", (identity(size),), False, ONE, ONE))
        )
    turned = [w[i:] + w[:i] for w in (word, flip(word)) for i in range(len(word))]
    for w in turned:
        if w[0].rows == ONE:
            return collect(ONE, ONE, [(reduced(ONE, w), Fraction(1))])
    least = min(turned)
    inside = Matrix(least[0].rows, least[0].rows, ((((), least), Fraction(1)),))
    return letter(Letter("tr", (inside,), False, ONE, ONE))


class Replacement:
    """Replaces variables in terms; subclasses say by what. Results are multiplied out again.

    A size that becomes the literal 1 makes its loops commute, which is why nothing is replaced in place.
    """

    def natural(self, name: str, indices: tuple[Nat, ...]) -> Nat:
        """Return what stands for a natural, its indices replaced already."""
        return atom(name, indices)

    def member(self, x: Letter) -> Matrix:
        """Return what stands for an unflipped member of a family, its indices and shape replaced already."""
        return letter(x)

    def size(self, n: Nat) -> Nat:
        """Return a natural-number term with everything replaced."""
        if len(n) == 1 and n[0][1] == 1 and len(n[0][0]) == 1:
            return self._atom(*n[0][0][0])
        total = ZERO
        for monomial, c in n:
            term = nat_number(c)
            for name, args in monomial:
                term = times_nat(term, self._atom(name, args))
            total = add_nat(total, term)
        return total

    def _atom(self, name: str, args: tuple[Any, ...]) -> Nat:
        if name == "rank":
            return atom(name, (self.matrix(args[0]),))
        return self.natural(name, tuple(map(self.size, args)))

    def _letter(self, x: Letter) -> Matrix:
        if x.head in FUNCTIONS:
            kinds = zip(x.args, FUNCTIONS[x.head], strict=True)
            new = apply(x.head, tuple(self.matrix(a) if kind == "M" else self.size(a) for a, kind in kinds))
        else:
            rows, cols = (x.cols, x.rows) if x.flipped else (x.rows, x.cols)
            new = self.member(Letter(x.head, tuple(map(self.size, x.args)), False, self.size(rows), self.size(cols)))
        return transpose(new) if x.flipped else new

    def matrix(self, m: Matrix) -> Matrix:
        """Return a matrix term with everything replaced."""
        rows, cols = self.size(m.rows), self.size(m.cols)
        pairs: list[tuple[Key, Fraction]] = []
        for (loops, word), c in m.terms:
            term = scalar(c)
            for w in (*loops, word):
                product = None
                for x in w:
                    product = self._letter(x) if product is None else times(product, self._letter(x))
                term = term if product is None else times(term, product)
            term = term if word or (rows, cols) == (ONE, ONE) else times(term, identity(rows))
            need((term.rows, term.cols) == (rows, cols), "shape-replaced", "the replaced shape", "another shape")
            pairs.extend(term.terms)
        return collect(rows, cols, pairs)


def letters(m: Matrix) -> Iterator[Letter]:
    """Yield every letter of `m`, those inside functions, indices, ranks and sizes included.

    Sizes count: ``eye(rank(x))`` has no letter in its word, and yet its value depends on x.
    """
    yield from nat_letters(m.rows)
    yield from nat_letters(m.cols)
    for (loops, word), _ in m.terms:
        for x in (*word, *(y for loop in loops for y in loop)):
            yield x
            for arg in (*x.args, x.rows, x.cols):
                yield from letters(arg) if isinstance(arg, Matrix) else nat_letters(arg)


def nat_letters(n: Nat) -> Iterator[Letter]:
    """Yield every letter inside the ranks of a natural-number term."""
    for monomial, _ in n:
        for _, args in monomial:
            for arg in args:
                yield from letters(arg) if isinstance(arg, Matrix) else nat_letters(arg)
