"""Facts: a relation between terms, possibly for all naturals of a range."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from symlora.kernel import naturals, words
from symlora.kernel.naturals import Nat
from symlora.kernel.words import Letter, Matrix


class Relation(NamedTuple):
    """``kind`` is ``=`` (two matrices), ``<=`` or ``==`` (two naturals) or ``nonsingular`` (one matrix)."""

    kind: str
    sides: tuple[Any, ...]


class Fact(NamedTuple):
    """``body`` for all naturals ``#0, #1, …`` that satisfy `conditions`; `hints` are their names for display.

    A bound variable is called ``#k``, which no certificate can write, so substitution captures nothing and facts
    compare structurally.
    """

    hints: tuple[str, ...]
    conditions: tuple[Relation, ...]
    body: Relation


def bound(position: int) -> str:
    """Return the name of a bound variable."""
    return f"#{position}"


def difference(relation: Relation) -> Any:
    """Return left minus right of ``=``, right minus left of ``<=`` and ``==``."""
    left, right = relation.sides
    return words.minus(left, right) if relation.kind == "=" else naturals.minus(right, left)


def same(a: Fact, b: Fact) -> bool:
    """Return whether two facts say the same: same range, and equal bodies up to moving terms across the relation."""
    if len(a.hints) != len(b.hints) or a.conditions != b.conditions or a.body.kind != b.body.kind:
        return False
    if a.body.kind == "nonsingular":
        return a.body.sides == b.body.sides
    return bool(difference(a.body) == difference(b.body))


def rebuild(fact: Fact, size: Callable[[Nat], Nat], value: Callable[[Letter], Matrix]) -> Fact:
    """Return `fact` with its naturals mapped by `size` and its family letters by `value`."""

    def relation(r: Relation) -> Relation:
        if r.kind in ("<=", "=="):
            return Relation(r.kind, tuple(size(side) for side in r.sides))
        return Relation(r.kind, tuple(words.rebuild(side, size, value) for side in r.sides))

    return Fact(fact.hints, tuple(relation(c) for c in fact.conditions), relation(fact.body))


def substitute(fact: Fact, values: dict[str, Nat]) -> Fact:
    """Return `fact` with natural variables replaced by terms."""

    def value(name: str, indices: tuple[Nat, ...]) -> Nat:
        return values[name] if not indices and name in values else naturals.atom(name, indices)

    def size(n: Nat) -> Nat:
        return naturals.replace(n, value)

    def letter(x: Letter) -> Matrix:
        return words.letter(Letter(x.head, tuple(size(i) for i in x.args), False, size(x.rows), size(x.cols)))

    return rebuild(fact, size, letter)


def instance(fact: Fact, values: tuple[Nat, ...]) -> tuple[tuple[Relation, ...], Relation]:
    """Return the conditions and the body of `fact` at these values of its bound variables."""
    ground = substitute(fact, {bound(i): v for i, v in enumerate(values)})
    return ground.conditions, ground.body


def ground(body: Relation) -> Fact:
    """Return the fact without variables or conditions."""
    return Fact((), (), body)


def generalize(fact: Fact, name: str, conditions: tuple[Relation, ...]) -> Fact:
    """Return ``for name if conditions: fact``, the new variable and conditions first.

    `name` is a natural variable that occurs in `fact` and `conditions` and is bound by this call.
    """
    shift = {bound(i): naturals.atom(bound(i + 1)) for i in range(len(fact.hints))}
    renamed = substitute(fact, {**shift, name: naturals.atom(bound(0))})
    outer = substitute(Fact((), conditions, fact.body), {name: naturals.atom(bound(0))}).conditions
    return Fact((name, *fact.hints), outer + renamed.conditions, renamed.body)
