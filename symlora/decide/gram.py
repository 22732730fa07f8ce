"""Recognising tr(M'M) when it is multiplied out."""

from __future__ import annotations

from fractions import Fraction
from itertools import product as tuples

from symlora.kernel import words
from symlora.kernel.words import Letter, Matrix

MAX_PARTS = 5


def gram_factor(c: Matrix) -> Matrix | None:
    """Return a matrix M with c = tr(M'M) for a scalar c, None if none is found.

    M is sought among combinations with coefficients 1 and -1 of the half words of c: a word that occurs as w'w.
    """
    halves: dict[Matrix, None] = {}
    for (loops, word), coefficient in c.terms:
        if word or len(loops) != 1 or coefficient <= 0:
            continue
        (loop,) = loops
        inner = loop
        if len(loop) == 1 and loop[0].head == "tr":
            ((_, inner),) = [key for key, _ in loop[0].args[0].terms] or [((), ())]
        elif len(loop) == 1 and loop[0].head == "nat":
            continue
        if len(inner) % 2:
            continue
        for turn in range(len(inner)):
            turned = inner[turn:] + inner[:turn]
            half = turned[len(inner) // 2 :]
            if words.flip(half) == turned[: len(inner) // 2]:
                halves.setdefault(_plain(half))
                break
    parts = list(halves)
    if not parts or len(parts) > MAX_PARTS or len({(m.rows, m.cols) for m in parts}) != 1:
        return None
    for signs in tuples((1, -1), repeat=len(parts) - 1):
        m = parts[0]
        for sign, other in zip(signs, parts[1:], strict=True):
            m = words.add(m, words.scale(other, Fraction(sign)))
        if words.apply("tr", (words.times(words.transpose(m), m),)) == c:
            return m
    return None


def gram_factors(c: Matrix) -> list[Matrix]:
    """Return matrices M with c = tr(M'M); where c is the trace of one word, for every rotation of it."""
    first = gram_factor(c)
    found = {} if first is None else {first: None}
    if first is not None and len(c.terms) == 1 and len(first.terms) == 1:
        word = first.terms[0][0][1]
        whole = words.flip(word) + word
        for turn in range(1, len(word) + 1):
            turned = whole[turn:] + whole[:turn]
            half = turned[len(word) :]
            if half and words.flip(half) == turned[: len(word)]:
                found[words.scale(_plain(half), first.terms[0][1])] = None
    return list(found)


def _plain(word: tuple[Letter, ...]) -> Matrix:
    out = words.letter(word[0])
    for x in word[1:]:
        out = words.times(out, words.letter(x))
    return out
