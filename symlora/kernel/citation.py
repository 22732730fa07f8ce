"""Citing an earlier theorem: capture-free substitution, every hypothesis matched by a fact."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from symlora.kernel import naturals, words
from symlora.kernel.context import Context, Symbol, at_indices
from symlora.kernel.errors import Rejected, need
from symlora.kernel.facts import Fact, rebuild, same
from symlora.kernel.naturals import Nat
from symlora.kernel.printing import fact_text
from symlora.kernel.words import Letter, Matrix

if TYPE_CHECKING:
    from symlora.kernel.replay import Theorem

HEAD = re.compile(r"([A-Za-z][A-Za-z0-9_]*)(?:\[([A-Za-z][A-Za-z0-9_]*(?:,[A-Za-z][A-Za-z0-9_]*)*)\])?")


class Substitution:
    """Values for the symbols of a cited theorem, as templates over ``%0, %1, …`` in the citing scope."""

    def __init__(self) -> None:
        self.naturals: dict[str, Nat] = {}
        self.matrices: dict[str, Matrix] = {}

    def size(self, n: Nat) -> Nat:
        """Return a natural-number term of the theorem in the citing scope."""

        def value(name: str, indices: tuple[Nat, ...]) -> Nat:
            template = self.naturals.get(name)
            return naturals.atom(name, indices) if template is None else at_indices(template, indices)

        return naturals.replace(n, value)

    def letter(self, x: Letter) -> Matrix:
        """Return the matrix that stands for a letter of the theorem; its shape is compared after substitution."""
        indices = tuple(self.size(i) for i in x.args)
        value = self.matrices[x.head]

        def size(n: Nat) -> Nat:
            return at_indices(n, indices)

        def inner(y: Letter) -> Matrix:
            return words.letter(y._replace(args=tuple(map(size, y.args)), rows=size(y.rows), cols=size(y.cols)))

        return words.rebuild(value, size, inner)

    def fact(self, fact: Fact) -> Fact:
        """Return a fact of the theorem in the citing scope; bound variables ``#k`` stay."""
        return rebuild(fact, self.size, self.letter)


def head(text: str) -> tuple[str, tuple[str, ...]]:
    """Return name and index names of the left side of a replacement such as ``W[l]``."""
    match = HEAD.fullmatch(text)
    if match is None:
        raise Rejected("cite-head", "NAME or NAME[i,j]", f"{text[:60]!a}")
    return match[1], tuple(match[2].split(",")) if match[2] else ()


def instantiate(ctx: Context, step: dict[str, Any], theorem: Theorem) -> None:
    """Add the goals of an earlier theorem with its symbols replaced.

    Sound: the theorem holds for all naturals, families and matrices of the stated shapes that satisfy its givens.
    Naturals are shown >= 0; a family of naturals is natural by its form at all natural indices; each matrix has the
    declared shape after substitution; each given, and each defining fact of a family that the theorem defines, is
    matched by a fact of the citing scope (`define` makes such families). Only theorems that were checked earlier can
    be cited, so citations cannot be circular.
    """
    values = Substitution()
    texts: dict[str, tuple[tuple[str, ...], str]] = {}
    for left, right in (*step["naturals"].items(), *step["matrices"].items()):
        name, index = head(left)
        _fresh(name, texts)
        texts[name] = (index, right)
    for name, symbol in theorem.symbols.items():
        need(name in texts, "cite-complete", "a value for every symbol of the theorem", _const(name))
        _assign(ctx, values, name, symbol, *texts.pop(name), step["natural"].get(name, {}))
    need(not texts, "cite-extra", "symbols of the theorem only", lambda: ", ".join(texts))
    extra = set(step["facts"]) - set(theorem.givens)
    need(not extra, "cite-givens", "givens of the theorem only", lambda: ", ".join(sorted(extra)))
    for name, (_, given) in theorem.givens.items():
        _match(ctx, name, values.fact(given), step["facts"])
    for name, new in step["as"].items():
        need(name in theorem.goals, "cite-goal", "a goal of the theorem", _const(name))
        ctx.add(new, values.fact(theorem.goals[name]))


def _const(text: str) -> Callable[[], str]:
    return lambda: ascii(text)


def _fresh(name: str, texts: dict[str, tuple[tuple[str, ...], str]]) -> None:
    need(name not in texts, "cite-twice", "one value for each symbol", lambda: f"two for {name}")


def _assign(ctx: Context, values: Substitution, name: str, symbol: Symbol, index: tuple[str, ...], text: str,
            proof: dict[str, Any]) -> None:  # fmt: skip
    """Record the value of one symbol of the theorem, read in the citing scope."""
    count = len(symbol.indices)
    need(len(index) == count, "cite-arity", lambda: f"{count} indices for {name}", lambda: str(len(index)))
    scope = ctx.templates(index)
    if symbol.kind == "natural":
        value = scope.nat(text)
        if index:
            plain = naturals.plainly_natural(value)
            need(plain, "cite-natural-family", "a family natural by its form", lambda: text)
        else:
            ctx.nonnegative(value, proof)
        values.naturals[name] = value
        return
    matrix = scope.matrix(text)
    fits = (matrix.rows, matrix.cols) == (values.size(symbol.rows), values.size(symbol.cols))
    need(fits, "cite-shape", lambda: f"the declared shape of {name}", lambda: f"another in {text!a}")
    values.matrices[name] = matrix


def _match(ctx: Context, name: str, due: Fact, facts: dict[str, str]) -> None:
    """Refuse unless the fact named for the given `name` says what is due."""
    need(name in facts, "cite-given", lambda: f"a fact for the given {name}: {fact_text(due)}", "none")
    found = ctx.fact(facts[name])
    need(same(found, due), "cite-match", lambda: f"for {name}: {fact_text(due)}", lambda: fact_text(found))
