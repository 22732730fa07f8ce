"""Text with mathematics in it: one sentence, which every renderer writes in its own way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Math:
    """A term or fact: `text` as the kernel writes it, `latex` without dollar signs."""

    text: str
    latex: str


@dataclass(frozen=True)
class Name:
    """The name of a fact, a theorem or an axiom."""

    text: str


Rich = tuple[str | Math | Name, ...]
"""A sentence: words, mathematics and names, in order."""


def joined(parts: Sequence[Rich], last: str = " and ") -> Rich:
    """Return the parts as an enumeration.

    >>> joined([("a",), ("b",), ("c",)])
    ('a', ', ', 'b', ' and ', 'c')
    """
    found: list[str | Math | Name] = []
    for position, part in enumerate(parts):
        if position:
            found.append(last if position == len(parts) - 1 else ", ")
        found += part
    return tuple(found)


def written(
    rich: Rich, math: Callable[[Math], str], name: Callable[[str], str], words: Callable[[str], str] = str
) -> str:
    """Return a sentence, its parts written by the given functions.

    >>> written(("By ", Name("chain"), "."), lambda math: math.text, str.upper)
    'By CHAIN.'
    """
    return "".join(
        math(part) if isinstance(part, Math) else name(part.text) if isinstance(part, Name) else words(part)
        for part in rich
    )


def plain(rich: Rich) -> str:
    """Return a sentence as plain text, mathematics as the kernel writes it."""
    return written(rich, lambda math: math.text, str)
