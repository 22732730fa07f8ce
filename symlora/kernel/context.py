"""What is in scope at one point of a proof: symbols with shapes, and facts by name."""

from __future__ import annotations

import keyword
import re
from fractions import Fraction
from typing import Any, NamedTuple

from symlora.kernel import naturals, words
from symlora.kernel.errors import need
from symlora.kernel.facts import Fact, Relation, at_indices, difference
from symlora.kernel.naturals import ZERO, Nat
from symlora.kernel.printing import nat_text
from symlora.kernel.syntax import RESERVED, Reader, read_fact, tokens, tree
from symlora.kernel.words import Letter, Matrix

SYMBOL = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)
FACT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*", re.ASCII)


class Symbol(NamedTuple):
    """A declared name: `kind` is ``natural`` or ``matrix``; shapes are templates over the index names ``%0, %1, …``."""

    kind: str
    arity: int
    rows: Nat = ZERO
    cols: Nat = ZERO
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
        plain = SYMBOL.fullmatch(name) is not None and name not in RESERVED and not keyword.iskeyword(name)
        need(plain, "name-plain", "a plain name that is not reserved", lambda: ascii(name))
        need(name not in self.symbols, "name-fresh", "a name not yet in scope", lambda: name)
        self.symbols[name] = symbol

    def declare_natural(self, name: str, arity: int = 0, alias: str = "") -> None:
        """Add a natural variable, or a family of naturals."""
        self.declare(name, Symbol("natural", arity, alias=alias))

    def symbol(self, name: str, kind: str, arity: int) -> Symbol:
        """Return the symbol of that name, kind and number of indices."""
        need(name in self.symbols, "name-known", "a declared name", lambda: ascii(name))
        found = self.symbols[name]
        need(found.kind == kind, "name-kind", f"a {kind}", lambda: f"{name}, a {found.kind}")
        need(found.arity == arity, "arity", lambda: f"{found.arity} indices of {name}", lambda: str(arity))
        return found

    def member(self, name: str, indices: tuple[Nat, ...]) -> Matrix:
        """Return the matrix ``name[indices]`` with its shape at these indices."""
        symbol, at = self.symbol(name, "matrix", len(indices)), at_indices(indices)
        return words.letter(Letter(name, indices, False, at.size(symbol.rows), at.size(symbol.cols)))

    def templates(self, index: list[str]) -> Context:
        """Return an inner scope in which the index names stand for the template variables ``%0, %1, …``."""
        inner = self.child()
        for position, name in enumerate(index):
            inner.declare_natural(name, alias=f"%{position}")
        return inner

    def nat(self, text: str) -> Nat:
        """Read a natural-number term."""
        return Reader(self).nat(tree(tokens(text)))

    def matrix(self, text: str) -> Matrix:
        """Read a matrix term."""
        return Reader(self).matrix(tree(tokens(text)))

    def read(self, text: str) -> Fact:
        """Read a fact."""
        return read_fact(self, text)

    def body(self, text: str, *kinds: str) -> Relation:
        """Read a fact without variables or conditions, of one of these kinds."""
        return _plain(read_fact(self, text), text, kinds)

    def shape(self, texts: list[str]) -> tuple[Nat, Nat]:
        """Read a pair of sizes."""
        need(len(texts) == 2, "shape-pair", "two sizes", lambda: str(len(texts)))
        return self.nat(texts[0]), self.nat(texts[1])

    def add(self, name: str, fact: Fact) -> None:
        """Record a fact under a fresh name."""
        need(FACT_NAME.fullmatch(name) is not None, "fact-plain", "a plain fact name", lambda: ascii(name))
        need(name not in self.facts, "fact-fresh", "a fact name not yet in use", lambda: name)
        self.facts[name] = fact

    def fact(self, name: str) -> Fact:
        """Return the fact of that name."""
        need(name in self.facts, "fact-known", "the name of a fact in scope", lambda: ascii(name))
        return self.facts[name]

    def known(self, name: str, *kinds: str) -> Relation:
        """Return the body of a fact in scope that has no variables and no conditions and is of one of these kinds."""
        return _plain(self.fact(name), name, kinds)

    def sum_of_multiples(self, rows: Nat, cols: Nat, items: list[list[str]]) -> Matrix:
        """Return the sum of ``left * fact * right``, each typed by itself; a trailing ' transposes the fact.

        A fact of the literal shape 1 x 1 may multiply a term of any shape.
        """
        total = words.zero(rows, cols)
        for item in items:
            need(len(item) == 3, "multiple", "[left, fact, right]", lambda: f"{len(item)} parts")  # noqa: B023
            left, name, right = item
            value = difference(self.known(name.removesuffix("'"), "="))
            value = words.transpose(value) if name.endswith("'") else value
            total = words.add(total, words.times(words.times(self.matrix(left), value), self.matrix(right)))
        return total

    def nonnegative(self, goal: Nat, proof: dict[str, Any]) -> None:
        """Refuse unless `proof` shows ``goal >= 0``: ``scale * goal = sum(multiplier * fact * …) + rest``.

        Inequalities may be multiplied by each other and by terms that are natural by their form; a product with an
        equation in it is zero, so its multiplier is free; what is left must be natural by its form.
        """
        scale = proof.get("scale", 1)
        need(scale > 0, "nat-scale", "a scale > 0", lambda: str(scale))
        rest = naturals.times(naturals.number(scale), goal)
        for item in proof.get("by", []):
            need(len(item) > 1, "nat-item", "[multiplier, fact, …]", ascii(item))
            text, *names = item
            term, facts = self.nat(text), [self.known(name, "<=", "==") for name in names]
            free = "==" in [fact.kind for fact in facts] or naturals.plainly_natural(term)
            need(free, "nat-multiplier", "a multiplier >= 0 by its form", ascii(text))
            for fact in facts:
                term = naturals.times(term, difference(fact))
            rest = naturals.minus(rest, term)
        need(naturals.plainly_natural(rest), "nat-rest", "a remainder >= 0 by its form", lambda: nat_text(rest))

    def holds(self, relation: Relation, proof: Any) -> None:
        """Refuse unless `proof` shows a relation between naturals; an equation needs a list of two proofs."""
        gap, equation = difference(relation), relation.kind == "=="
        fits = isinstance(proof, list) == equation and (not equation or len(proof) == 2)
        need(fits, "nat-equation", "two proofs for ==, one for <=", "another number")
        self.nonnegative(gap, proof[0] if equation else proof)
        if equation:
            self.nonnegative(naturals.negative(gap), proof[1])


def _plain(fact: Fact, name: str, kinds: tuple[str, ...]) -> Relation:
    need(not fact.hints and not fact.conditions, "fact-ground", "a fact without variables or conditions", ascii(name))
    need(fact.body.kind in kinds, "fact-kind", " or ".join(kinds), lambda: f"{name!a}, a {fact.body.kind}")
    return fact.body


def constant(m: Matrix) -> Fraction | None:
    """Return the number that a 1 x 1 matrix plainly is, or None."""
    if not m.rows == m.cols == naturals.ONE or any(key != ((), ()) for key, _ in m.terms):
        return None
    return m.terms[0][1] if m.terms else Fraction(0)
