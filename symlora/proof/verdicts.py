"""The one vocabulary of verdicts: how far the evidence for a step or a theorem reaches."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from symlora.proof.errors import ProofError


class UndecidedError(ProofError, TypeError):
    """A verdict that is neither proved nor refuted was used as a truth value."""


class Verdict(Enum):
    """A verdict with its word, glyph and colour; listed from strongest to weakest.

    >>> Verdict.PROVED.word, Verdict.UNKNOWN.glyph
    ('proved', '?')
    >>> bool(Verdict.PROVED), bool(Verdict.REFUTED)
    (True, False)
    >>> Verdict.ASSUMED.reaches(Verdict.UNKNOWN), Verdict.ASSUMED.reaches(Verdict.PROVED)
    (True, False)
    """

    PROVED = ("proved", "✓", "+", "green")
    PROVED_AT_SHAPE = ("proved-at-shape", "◆", "#", "green")
    DECIDED_AT_SHAPE = ("decided-at-shape", "◇", "%", "cyan")
    HOLDS_ON_INSTANCES = ("holds-on-instances", "≈", "~", "cyan")
    ASSUMED = ("assumed", "▲", "^", "yellow")
    UNKNOWN = ("unknown", "?", "?", "yellow")
    UNTESTED = ("untested", "○", "o", "yellow")
    VACUOUS = ("vacuous", "∅", "0", "magenta")
    REFUTED = ("refuted", "✗", "x", "red")

    def __init__(self, word: str, glyph: str, plain: str, colour: str) -> None:
        self.word = word
        self.glyph = glyph
        self.plain = plain
        """The glyph where only ASCII can be written."""
        self.colour = colour

    @property
    def rank(self) -> int:
        """The place in the order, 0 for the strongest."""
        return list(Verdict).index(self)

    def reaches(self, level: Verdict) -> bool:
        """Return whether this verdict is at least as strong as `level`."""
        return self.rank <= level.rank

    def __str__(self) -> str:
        return self.word

    def __bool__(self) -> bool:
        """Return True for proved and False for refuted; every other verdict raises `UndecidedError`."""
        if self is Verdict.PROVED or self is Verdict.REFUTED:
            return self is Verdict.PROVED
        raise UndecidedError(f"expected a verdict that is proved or refuted as a truth value, found {self.word}")


def weakest(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the weakest of the verdicts, `proved` for none.

    >>> weakest([Verdict.PROVED, Verdict.UNKNOWN]).word
    'unknown'
    """
    return max(verdicts, key=lambda verdict: verdict.rank, default=Verdict.PROVED)


EXPECTABLE = tuple(verdict for verdict in Verdict if verdict.reaches(Verdict.ASSUMED))
"""The levels that a script may declare as enough."""


def expected(word: str) -> Verdict:
    """Return the level that a script declares with ``expect=``; raises `ProofError` for any other word.

    >>> expected("assumed").word
    'assumed'
    """
    for verdict in EXPECTABLE:
        if verdict.word == word:
            return verdict
    raise ProofError(f"expected one of {', '.join(v.word for v in EXPECTABLE)} for expect=, found {word!r}")
