"""What can go wrong around a run; every message is one line with what was expected and what was found."""

from __future__ import annotations


class RunError(Exception):
    """Bad usage or unreadable input: the command ends with status 2."""


def plain(text: str) -> str:
    """Return text with everything that is not printable replaced, so that a script cannot write to the terminal.

    >>> plain("a\\x1b[32mproved")
    'a?[32mproved'
    """
    return "".join(c if c.isprintable() else "?" for c in text)


def one_line(text: str, most: int = 500) -> str:
    """Return text as one printable line of limited length.

    >>> one_line("first\\n  second")
    'first second'
    """
    joined = plain(" ".join(text.split()))
    return joined if len(joined) <= most else joined[: most - 1] + "…"
