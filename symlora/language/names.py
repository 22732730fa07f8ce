"""Names: one plain alphabet, a few reserved words, and one meaning for each name.

The kernel tells letters apart by their names alone, so two different things that print alike would be one thing to it.
"""

from __future__ import annotations

import keyword
import re

from symlora.language.errors import NamingError

RESERVED = {
    "for": "it opens the list of indices of a fact",
    "if": "it opens the conditions of a fact",
    "eye": "eye(n) is the identity matrix",
    "zero": "zero(m, n) is the zero matrix",
    "inv": "inv(M) is the inverse of M",
    "nonsingular": "nonsingular(M) says that M has an inverse",
    "psd": "psd(M) says that M is symmetric and positive semidefinite",
    "rank": "rank(M) is the rank of M",
    "norm2": "norm2(M) is the spectral norm of M",
    "sigma": "sigma(M, k) is the k-th singular value of M",
    "sqrt": "sqrt(c) is the root of a scalar",
    "tr": "tr(M) is the trace of M",
    "nat": "nat(n) is a natural as a scalar",
}
RESERVED |= {word: "it is a keyword of Python" for word in keyword.kwlist if word not in RESERVED}
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)


def check_name(name: object) -> str:
    """Return `name` if it may name a natural, a matrix or a family; raise `NamingError` otherwise.

    >>> check_name("dW")
    'dW'
    >>> check_name("inv(S)")
    Traceback (most recent call last):
        ...
    symlora.language.errors.NamingError: 'inv(S)' is not a name: a name is a letter followed by letters, digits or _
    """
    if not isinstance(name, str):
        raise NamingError(f"a name is a string, not {name!r} ({type(name).__name__})")
    if not _PLAIN.fullmatch(name):
        raise NamingError(f"{name!r} is not a name: a name is a letter followed by letters, digits or _")
    if name in RESERVED:
        raise NamingError(f"{name!r} is reserved: {RESERVED[name]}")
    return name


class NameTable:
    """Which names are taken, and by what; one table for each theorem.

    >>> table = NameTable()
    >>> table.declare("A", "the matrix A (m x n)")
    >>> table.declare("A", "the matrix A (n x n)")
    Traceback (most recent call last):
        ...
    symlora.language.errors.NamingError: two different things would print as 'A': the matrix A (m x n) and \
the matrix A (n x n)
    """

    def __init__(self) -> None:
        self._taken: dict[str, str] = {}

    def declare(self, name: str, description: str) -> None:
        """Record that `name` stands for what `description` says; the same pair again is no error.

        Raises `NamingError` if the name is not plain, is reserved, or stands for something else.
        """
        check_name(name)
        before = self._taken.setdefault(name, description)
        if before != description:
            raise NamingError(f"two different things would print as {name!r}: {before} and {description}")

    def __contains__(self, name: object) -> bool:
        return name in self._taken

    def fresh(self, stem: str) -> str:
        """Return `stem`, or `stem1`, `stem2`, ...: the first that is not taken. Nothing is recorded.

        >>> table = NameTable()
        >>> table.declare("P", "the family P")
        >>> table.fresh("P"), table.fresh("Q")
        ('P1', 'Q')
        """
        return first_free(stem, self._taken)


def first_free(stem: str, taken: dict[str, str] | frozenset[str]) -> str:
    """Return the first of `stem`, `stem1`, `stem2`, ... that is not in `taken`.

    >>> first_free("k", frozenset({"k", "k1"}))
    'k2'
    """
    name, number = stem, 0
    while name in taken or name in RESERVED:
        number += 1
        name = f"{stem}{number}"
    return name
