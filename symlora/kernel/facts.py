"""Facts: a relation between terms, possibly for all naturals of a range."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from symlora.kernel import naturals, words
from symlora.kernel.naturals import Nat, atom
from symlora.kernel.words import Replacement


class Relation(NamedTuple):
    """`kind` is ``=`` (two matrices), ``<=`` or ``==`` (two naturals), ``nonsingular`` or ``psd`` (one matrix).

    ``psd(M)`` says that M is symmetric and x'Mx >= 0 for every x; between scalars ``a <= b`` is ``psd(b - a)``.
    """

    kind: str
    sides: tuple[Any, ...]


class Fact(NamedTuple):
    """`body` for all naturals ``#0, #1, …`` that satisfy `conditions`; `hints` are their names for display.

    A bound variable is called ``#k``, which no certificate can write, so substitution captures nothing and facts
    compare structurally.
    """

    hints: tuple[str, ...]
    conditions: tuple[Relation, ...]
    body: Relation


def difference(relation: Relation) -> Any:
    """Return left minus right of ``=``, right minus left of ``<=`` and ``==``, the one side of other relations."""
    if len(relation.sides) == 1:
        return relation.sides[0]
    left, right = relation.sides
    return words.minus(left, right) if relation.kind == "=" else naturals.minus(right, left)


def same(a: Fact, b: Fact) -> bool:
    """Return whether two facts say the same: same range, and equal bodies up to moving terms across the relation."""
    if len(a.hints) != len(b.hints) or a.conditions != b.conditions or a.body.kind != b.body.kind:
        return False
    return bool(difference(a.body) == difference(b.body))


def ground(kind: str, *sides: Any) -> Fact:
    """Return a fact without variables or conditions."""
    return Fact((), (), Relation(kind, sides))


def relation_in(r: Relation, new: Replacement) -> Relation:
    """Return a relation with everything replaced."""
    return Relation(r.kind, tuple((new.size if r.kind in ("<=", "==") else new.matrix)(side) for side in r.sides))


def fact_in(fact: Fact, new: Replacement) -> Fact:
    """Return a fact with everything replaced; bound variables stay unless `new` replaces them."""
    return Fact(fact.hints, tuple(relation_in(c, new) for c in fact.conditions), relation_in(fact.body, new))


class Values(Replacement):
    """Replaces natural variables, bound ones and template variables (``%k``, indices of a family) among them."""

    def __init__(self, values: dict[str, Nat]) -> None:
        self.values = values

    def natural(self, name: str, indices: tuple[Nat, ...]) -> Nat:
        """Return the value of a variable, or the atom itself."""
        return self.values[name] if not indices and name in self.values else atom(name, indices)


def at_indices(indices: tuple[Nat, ...]) -> Values:
    """Return the replacement of the template variables ``%0, %1, …``."""
    return Values({f"%{k}": value for k, value in enumerate(indices)})


def instance(fact: Fact, values: tuple[Nat, ...]) -> Fact:
    """Return `fact` at these values of its bound variables, which must be all of them; conditions stay."""
    return fact_in(Fact((), fact.conditions, fact.body), Values({f"#{i}": v for i, v in enumerate(values)}))


def fact_letters(fact: Fact) -> Iterator[words.Letter]:
    """Yield every letter of a fact, those inside ranks included."""
    for r in (*fact.conditions, fact.body):
        for side in r.sides:
            yield from words.nat_letters(side) if r.kind in ("<=", "==") else words.letters(side)


def generalize(fact: Fact, name: str, conditions: tuple[Relation, ...]) -> Fact:
    """Return ``for name if conditions: fact``; `name` is a natural variable, bound by this call, before the others."""
    new = Values({**{f"#{i}": atom(f"#{i + 1}") for i in range(len(fact.hints))}, name: atom("#0")})
    inner = fact_in(fact, new)
    return Fact((name, *fact.hints), tuple(relation_in(c, new) for c in conditions) + inner.conditions, inner.body)
