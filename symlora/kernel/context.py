"""What is in scope at one point of a proof: symbols with shapes, and facts by name."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any, NamedTuple

from symlora.kernel import naturals, words
from symlora.kernel.errors import need
from symlora.kernel.facts import Fact, Relation, difference
from symlora.kernel.naturals import Nat
from symlora.kernel.printing import nat_text
from symlora.kernel.syntax import RESERVED, Parser
from symlora.kernel.words import Letter, Matrix

SYMBOL = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
FACT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


class Symbol(NamedTuple):
    """A declared name: `kind` is ``natural`` or ``matrix``; shapes are templates over the index names ``%0, %1, …``."""

    kind: str
    indices: tuple[str, ...]
    rows: Nat = ()
    cols: Nat = ()
    alias: str = ""


class Context:
    """Symbols and facts in scope; `child` opens an inner scope whose additions never reach the outer one."""

    def __init__(self, symbols: dict[str, Symbol] | None = None, facts: dict[str, Fact] | None = None) -> None:
        self.symbols: dict[str, Symbol] = {} if symbols is None else dict(symbols)
        self.facts: dict[str, Fact] = {} if facts is None else dict(facts)

    def child(self) -> Context:
        """Return an inner scope."""
        return Context(self.symbols, self.facts)

    def declare(self, name: str, symbol: Symbol) -> None:
        """Add a symbol; its name is plain, not reserved and not in scope (so nothing is ever shadowed)."""
        plain = SYMBOL.fullmatch(name) is not None and name not in RESERVED
        need(plain, "name-plain", "a plain name that is not reserved", lambda: ascii(name))
        need(name not in self.symbols, "name-fresh", "a name not yet in scope", lambda: name)
        self.symbols[name] = symbol

    def declare_natural(self, name: str, index: tuple[str, ...] = (), alias: str = "") -> None:
        """Add a natural variable, or a family of naturals."""
        self.declare(name, Symbol("natural", index, alias=alias))

    def symbol(self, name: str, kind: str) -> Symbol:
        """Return the symbol of that name and kind."""
        need(name in self.symbols, "name-known", "a declared name", lambda: name)
        found = self.symbols[name]
        need(found.kind == kind, "name-kind", f"a {kind}", lambda: f"{name}, a {found.kind}")
        return found

    def member(self, name: str, indices: tuple[Nat, ...]) -> Matrix:
        """Return the matrix ``name[indices]`` with its shape at these indices."""
        symbol = self.symbol(name, "matrix")
        rows, cols = (at_indices(shape, indices) for shape in (symbol.rows, symbol.cols))
        return words.letter(Letter(name, indices, False, rows, cols))

    def templates(self, index: tuple[str, ...]) -> Context:
        """Return an inner scope in which the index names stand for the template variables ``%0, %1, …``."""
        inner = self.child()
        for position, name in enumerate(index):
            inner.declare_natural(name, alias=f"%{position}")
        return inner

    def nat(self, text: str) -> Nat:
        """Read a natural-number term."""
        parser = Parser(self, text)
        value = parser.nat()
        parser.end()
        return value

    def matrix(self, text: str) -> Matrix:
        """Read a matrix term."""
        parser = Parser(self, text)
        value = parser.matrix()
        parser.end()
        return value

    def read(self, text: str) -> Fact:
        """Read a fact."""
        return Parser(self, text).fact()

    def relation(self, text: str) -> Relation:
        """Read a relation between naturals."""
        parser = Parser(self, text)
        value = parser.relation()
        parser.end()
        return value

    def add(self, name: str, fact: Fact) -> None:
        """Record a fact under a fresh name."""
        need(FACT_NAME.fullmatch(name) is not None, "fact-plain", "a plain fact name", lambda: ascii(name))
        need(name not in self.facts, "fact-fresh", "a fact name not yet in use", lambda: name)
        self.facts[name] = fact

    def fact(self, name: str) -> Fact:
        """Return the fact of that name."""
        need(name in self.facts, "fact-known", "the name of a fact in scope", lambda: ascii(name))
        return self.facts[name]

    def ground(self, name: str, *kinds: str) -> Relation:
        """Return the body of a fact that has no variables and no conditions and is of one of these kinds."""
        fact = self.fact(name)
        free = fact.hints == () and fact.conditions == ()
        need(free, "fact-ground", "a fact without variables or conditions", lambda: name)
        need(fact.body.kind in kinds, "fact-kind", " or ".join(kinds), lambda: f"{name}, a {fact.body.kind}")
        return fact.body

    def sum_of_multiples(self, rows: Nat, cols: Nat, items: list[tuple[str, str, str]]) -> Matrix:
        """Return the sum of ``left * fact * right``, each typed by itself; a trailing ' transposes the fact.

        A fact of the literal shape 1 x 1 may multiply a term of any shape.
        """
        total = words.zero(rows, cols)
        for left, name, right in items:
            value = difference(self.ground(name.removesuffix("'"), "="))
            if name.endswith("'"):
                value = words.transpose(value)
            term = words.times(words.times(self.matrix(left), value), self.matrix(right))
            total = words.add(total, term)
        return total

    def nonnegative(self, goal: Nat, proof: dict[str, Any]) -> None:
        """Refuse unless `proof` shows ``goal >= 0``: ``scale * goal = sum(multiplier * fact * …) + rest``.

        Inequalities may be multiplied by each other and by terms that are natural by their form; a product with an
        equation in it is zero, so its multiplier is free; what is left must be natural by its form.
        """
        scale = proof.get("scale", 1)
        need(type(scale) is int and scale > 0, "nat-scale", "a scale > 0", lambda: str(scale))
        rest = naturals.times(naturals.number(scale), goal)
        for multiplier_text, *names in proof.get("by", []):
            term, equation = self.nat(multiplier_text), False
            need(len(names) > 0, "nat-fact", "a multiplier and the facts it multiplies", "no fact")
            plain = naturals.plainly_natural(term)
            for name in names:
                relation = self.ground(name, "<=", "==")
                equation = equation or relation.kind == "=="
                term = naturals.times(term, difference(relation))
            need(plain or equation, "nat-multiplier", "a multiplier >= 0 by its form", ascii(multiplier_text))
            rest = naturals.minus(rest, term)
        need(naturals.plainly_natural(rest), "nat-rest", "a remainder >= 0 by its form", lambda: nat_text(rest))

    def holds(self, relation: Relation, proof: Any) -> None:
        """Refuse unless `proof` shows a relation between naturals; an equation needs a pair of proofs."""
        gap = difference(relation)
        proofs = proof if relation.kind == "==" else [proof]
        two = isinstance(proofs, list) and len(proofs) == (2 if relation.kind == "==" else 1)
        need(two, "nat-equation", "two proofs for ==, one for <=", "another number")
        for sign, part in zip((1, -1), proofs, strict=False):
            self.nonnegative(naturals.times(naturals.number(sign), gap), part)


def at_indices(template: Nat, indices: tuple[Nat, ...]) -> Nat:
    """Return a shape template at these indices."""

    def value(name: str, inner: tuple[Nat, ...]) -> Nat:
        return indices[int(name[1:])] if name.startswith("%") else naturals.atom(name, inner)

    return naturals.replace(template, value)


def constant(m: Matrix) -> Fraction | None:
    """Return the number that a 1 x 1 matrix plainly is, or None."""
    if not m.rows == m.cols == naturals.ONE:
        return None
    if not m.terms:
        return Fraction(0)
    (key, value) = m.terms[0]
    return value if len(m.terms) == 1 and key == ((), ()) else None
