"""The one way in which the kernel says no."""

from __future__ import annotations

from collections.abc import Callable


class Rejected(Exception):
    """A certificate was not accepted; carries the name of the check, what it expected and what it found.

    >>> str(Rejected("shape", "equal shapes", "m x n and n x m"))
    'expected equal shapes, found m x n and n x m [shape]'
    """

    def __init__(self, check: str, expected: str, found: str) -> None:
        super().__init__(check, expected, found)
        self.check = check
        self.expected = expected
        self.found = found
        self.where: list[str] = []

    def __str__(self) -> str:
        place = ": ".join(reversed(self.where))
        said = f"expected {self.expected}, found {self.found} [{self.check}]"
        return f"{place}: {said}" if place else said


class Unreadable(Rejected):
    """The input is no certificate at all: truncated, of another version, or outside the format."""


Text = str | Callable[[], str]


def need(ok: bool, check: str, expected: Text, found: Text) -> None:
    """Raise `Rejected` unless `ok` is exactly `True`; the texts may be callables, evaluated only on failure.

    Every side condition of every rule passes through here under its own name, so that a test can remove one
    check and show the attack which it stops.
    """
    if ok is not True:
        raise Rejected(check, *(text if isinstance(text, str) else text() for text in (expected, found)))
