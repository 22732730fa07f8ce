"""Words of typed letters: what the cofactor search computes with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

Word = tuple[int, ...]
Monomial = tuple[tuple[Word, ...], Word]

ONE = 0
"""The vertex of the literal size 1: a word from ONE to ONE is a scalar and commutes."""

SEPARATOR = "\0"
"""Stands between the words of a monomial that is written as one string."""


@dataclass
class Alphabet:
    """Letters by code: letter c is a matrix of shape rows[c] x cols[c] and transposed[c] is the code of its transpose.

    Shapes are vertex numbers; two shapes agree exactly if their numbers do.
    """

    rows: list[int]
    cols: list[int]
    transposed: list[int]


@dataclass(frozen=True)
class Polynomial:
    """A combination of words of one shape; the empty word is the identity, which needs rows == cols.

    A monomial is a sorted tuple of scalar words and one matrix word.
    """

    rows: int
    cols: int
    terms: dict[Monomial, Fraction]


class Words:
    """Products and transposes of words kept as strings, whose hashes are cached and whose searches are fast."""

    def __init__(self, alphabet: Alphabet) -> None:
        self.rows = {chr(code + 1): vertex for code, vertex in enumerate(alphabet.rows)}
        self.cols = {chr(code + 1): vertex for code, vertex in enumerate(alphabet.cols)}
        self._transposed = {code + 1: chr(other + 1) for code, other in enumerate(alphabet.transposed)}
        self._has_one = ONE in alphabet.rows or ONE in alphabet.cols
        self._normal: dict[str, tuple[tuple[str, ...], str]] = {}

    def encode(self, word: Word) -> str:
        """Return a word as a string."""
        return "".join([chr(code + 1) for code in word])

    def decode(self, scalars: Sequence[str], word: str) -> Monomial:
        """Return a monomial from strings."""
        decoded = [tuple([ord(letter) - 1 for letter in item]) for item in (*scalars, word)]
        return tuple(sorted(decoded[:-1])), decoded[-1]

    def transpose(self, word: str) -> str:
        """Return the transpose of a word."""
        return word.translate(self._transposed)[::-1]

    def normal(self, word: str) -> tuple[tuple[str, ...], str]:
        """Return the scalar factors of a word and what is left of it."""
        if not self._has_one or not word:
            return (), word
        known = self._normal.get(word)
        if known is None:
            ones = self.ones(word)
            scalars = [word[start:end] for start, end in pairwise(ones)]
            rest = word[: ones[0]] + word[ones[-1] :] if ones else word
            known = tuple(sorted([min(item, self.transpose(item)) for item in scalars])), rest
            self._normal[word] = known
        return known

    def ones(self, word: str) -> list[int]:
        """Return the positions, between letters, at which a non-empty word passes the vertex ONE."""
        if not self._has_one:
            return []
        start = [0] if self.rows[word[0]] == ONE else []
        return start + [position for position, letter in enumerate(word, 1) if self.cols[letter] == ONE]

    def key(self, scalars: tuple[str, ...], word: str) -> str:
        """Return the normal form of scalars * word as one string: the word, then the scalars."""
        extracted, rest = self.normal(word)
        if extracted:
            scalars = scalars + extracted
        if not scalars:
            return rest
        return SEPARATOR.join([rest, *sorted(scalars)])
