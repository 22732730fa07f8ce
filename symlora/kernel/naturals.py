"""Natural-number terms: integer polynomials over atoms, in normal form.

An atom is ``(name, indices)``: a natural variable has no indices, a member ``d[l]`` of a family of naturals has some.
A term is a sorted tuple of ``(monomial, coefficient)`` with a monomial a sorted tuple of atoms, so two terms denote
equal polynomials exactly when they are equal as Python values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from symlora.kernel.errors import need

Atom = tuple[str, tuple["Nat", ...]]
Monomial = tuple[Atom, ...]
Nat = tuple[tuple[Monomial, int], ...]

MAX_TERMS = 2_000
ZERO: Nat = ()
ONE: Nat = (((), 1),)


def number(value: int) -> Nat:
    """Return the constant `value`."""
    return (((), value),) if value else ()


def atom(name: str, indices: tuple[Nat, ...] = ()) -> Nat:
    """Return the term made of one atom."""
    return ((((name, indices),), 1),)


def collect(pairs: Iterable[tuple[Monomial, int]]) -> Nat:
    """Return the normal form of a sum of monomials."""
    total: dict[Monomial, int] = {}
    for monomial, coefficient in pairs:
        total[monomial] = total.get(monomial, 0) + coefficient
    need(len(total) <= MAX_TERMS, "size-nat", f"at most {MAX_TERMS} terms", lambda: str(len(total)))
    return tuple(sorted((m, c) for m, c in total.items() if c))


def add(a: Nat, b: Nat) -> Nat:
    """Return ``a + b``."""
    return collect((*a, *b))


def times(a: Nat, b: Nat) -> Nat:
    """Return ``a * b``."""
    need(len(a) * len(b) <= MAX_TERMS, "size-nat", f"at most {MAX_TERMS} terms", lambda: str(len(a) * len(b)))
    return collect((tuple(sorted(m + n)), c * d) for m, c in a for n, d in b)


def minus(a: Nat, b: Nat) -> Nat:
    """Return ``a - b`` as an integer polynomial."""
    return collect((*a, *((m, -c) for m, c in b)))


def replace(a: Nat, value: Callable[[str, tuple[Nat, ...]], Nat]) -> Nat:
    """Return `a` with every atom ``name[indices]`` replaced by ``value(name, indices)``, the indices done first."""
    total: Nat = ZERO
    for monomial, coefficient in a:
        term = number(coefficient)
        for name, indices in monomial:
            term = times(term, value(name, tuple(replace(i, value) for i in indices)))
        total = add(total, term)
    return total


def plainly_natural(a: Nat) -> bool:
    """Return whether `a` is >= 0 by its form alone.

    Coefficients are >= 0; every atom is a natural variable, or a member of a family of naturals at an index that is
    itself plainly natural (a family of naturals promises nothing at negative indices, so ``d[l - 1]`` does not pass).
    """
    return all(c >= 0 and all(all(map(plainly_natural, indices)) for _, indices in m) for m, c in a)
