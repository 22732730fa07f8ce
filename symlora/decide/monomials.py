"""Scalars as combinations of monomials: which monomials matter to a claim, and which vanish in a leaf."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from symlora.decide.rectified import Pair
from symlora.kernel import words
from symlora.kernel.printing import matrix_text
from symlora.kernel.words import Key, Letter, Matrix

MAX_MONOMIALS, MAX_DEGREE = 600, 4
ONE = words.scalar(1)
Zeros = dict[Letter, str]
"""Letters that are 0 in a leaf, each with the name of the fact that says so."""


@dataclass(frozen=True)
class Column:
    """A scalar that is >= 0 (a fact, or the number 1), or 0 (a multiple of an equation)."""

    value: Matrix
    fact: str
    factor: str = ""


def letters_of(m: Matrix) -> Iterator[Letter]:
    """Yield the letters of a scalar, with repetitions."""
    for (loops, word), _ in m.terms:
        for part in (*loops, word):
            yield from part


def without(m: Matrix, zeros: Zeros) -> Matrix:
    """Return a scalar without the terms in which a letter is 0."""
    return Matrix(
        m.rows, m.cols, tuple(t for t in m.terms if not any(x in zeros for w in (*t[0][0], t[0][1]) for x in w))
    )


def vanishing(rest: Matrix, zeros: Zeros) -> list[list[str]]:
    """Return multiples of the facts z = 0 whose sum is `rest`; every term of it has such a letter."""
    by = []
    for (loops, word), c in rest.terms:
        m = Matrix(rest.rows, rest.cols, (((loops, word), c),))
        z = next(x for x in letters_of(m) if x in zeros)
        other = divided(m, z)
        by.append([f"({matrix_text(other or ONE)})", zeros[z], "1"])
    return by


def divided(m: Matrix, x: Letter) -> Matrix | None:
    """Return a monomial divided by a scalar letter, None if it does not occur."""
    (((loops, word), c),) = m.terms
    parts = [*loops, *([word] if word else [])]
    place = next((k for k, part in enumerate(parts) if part == (x,)), None)
    if place is None:
        return None
    out = words.scalar(c)
    for k, part in enumerate(parts):
        if k != place:
            for y in part:
                out = words.times(out, words.letter(y))
    return out


def degree(key: Key) -> int:
    loops, word = key
    return sum(map(len, loops)) + len(word)


def within(m: Matrix, universe: set[Key]) -> bool:
    return all(degree(key) < 2 or key in universe for key, _ in m.terms)


def number(c: Fraction) -> str:
    return matrix_text(words.scalar(c))


def times_text(c: Fraction, factor: str) -> str:
    return number(c) if factor == "1" else f"({number(c)})*{factor}"


def monomials(used: Sequence[Matrix], pairs: Sequence[Pair]) -> set[Key]:
    """Return the monomials of degree 2 and more that matter: those that occur, and those that equations make."""
    found: dict[Key, None] = {}
    for m in used:
        found.update(dict.fromkeys(k for k, _ in m.terms if degree(k) > 1))
    trivial = {words.times(words.letter(pair.p), words.letter(pair.q)).terms[0][0] for pair in pairs}
    # A part may be replaced by the other one and by the terms of their difference, those by the parts.
    alike: dict[Letter, dict[Matrix, None]] = {}
    for pair in pairs:
        p, q = words.letter(pair.p), words.letter(pair.q)
        terms = [Matrix(ONE.rows, ONE.cols, ((key, Fraction(1)),)) for key, _ in pair.t.terms]
        alike.setdefault(pair.p, {}).update(dict.fromkeys([q, *terms]))
        alike.setdefault(pair.q, {}).update(dict.fromkeys([p, *terms]))
        for m in terms:
            if degree(m.terms[0][0]) == 1:
                alike.setdefault(next(letters_of(m)), {}).update({p: None, q: None})
    queue = [key for key in found if key not in trivial]
    for key in queue:  # it grows
        m = Matrix(ONE.rows, ONE.cols, ((key, Fraction(1)),))
        for x in dict.fromkeys(letters_of(m)):
            rest = divided(m, x)
            if rest is None or len(found) >= MAX_MONOMIALS:
                continue
            for y in alike.get(x, {}):
                (new, _) = words.times(rest, y).terms[0]
                if new not in found and degree(new) <= MAX_DEGREE:
                    found[new] = None
                    queue.append(new)
    return set(found) if set(found) - trivial else set()
