"""Natural-number terms: integer polynomials over atoms, in normal form.

An atom is ``(name, arguments)``: a natural variable has no arguments, a member ``d[l]`` of a family of naturals has its
indices, ``rank(M)`` has a matrix. A term is a sorted tuple of ``(monomial, coefficient)`` with a monomial a sorted
tuple of atoms, so two terms denote equal polynomials exactly when they are equal as Python values.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from symlora.kernel.errors import need

Atom = tuple[str, tuple[Any, ...]]
Monomial = tuple[Atom, ...]
Nat = tuple[tuple[Monomial, int], ...]

MAX_TERMS = 2_000
ZERO: Nat = ()
ONE: Nat = (((), 1),)


def number(value: int) -> Nat:
    """Return the constant `value`."""
    return (((), value),) if value else ()


def atom(name: str, arguments: tuple[Any, ...] = ()) -> Nat:
    """Return the term made of one atom."""
    return ((((name, arguments),), 1),)


def collect(pairs: Iterable[tuple[Monomial, int]]) -> Nat:
    """Return the normal form of a sum of monomials."""
    total: dict[Monomial, int] = {}
    for monomial, coefficient in pairs:
        total[monomial] = total.get(monomial, 0) + coefficient
    need(len(total) <= MAX_TERMS, "size-nat", f"at most {MAX_TERMS} terms", lambda: str(len(total)))
    return tuple(sorted((m, c) for m, c in total.items() if c))


def add(a: Nat, b: Nat) -> Nat:
    """Return ``a + b``."""
    return collect((*a, *b)) if a and b else a or b


def times(a: Nat, b: Nat) -> Nat:
    """Return ``a * b``."""
    if ONE in (a, b):
        return a if b == ONE else b
    need(len(a) * len(b) <= MAX_TERMS, "size-nat", f"at most {MAX_TERMS} terms", "a larger product")
    return collect((tuple(sorted(m + n)), c * d) for m, c in a for n, d in b)


def negative(a: Nat) -> Nat:
    """Return ``-a``, an integer polynomial."""
    return tuple((m, -c) for m, c in a)


def minus(a: Nat, b: Nat) -> Nat:
    """Return ``a - b`` as an integer polynomial."""
    return add(a, negative(b))


def plainly_natural(a: Nat) -> bool:
    """Return whether `a` is >= 0 by its form alone.

    Coefficients are >= 0; every atom is a natural variable, a rank, or a member of a family of naturals at an index
    that is itself plainly natural (a family of naturals promises nothing at negative indices, so ``d[l - 1]`` is out).
    """
    return all(c >= 0 and all(n == "rank" or all(map(plainly_natural, i)) for n, i in m) for m, c in a)
