"""Facts added to a scope by citations that the kernel checks; one that does not fit is left out."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import Any

from symlora.kernel import words
from symlora.kernel.errors import Rejected
from symlora.kernel.facts import Fact
from symlora.kernel.naturals import Nat, atom, plainly_natural
from symlora.kernel.printing import matrix_text, nat_text
from symlora.kernel.words import Letter, Matrix
from symlora.rules.algebra import prove_equation
from symlora.rules.ranges import Ranges
from symlora.rules.scope import Failure, Scope

MAX_FACTS = 160


class Facts:
    """A scope with the names of all facts that a proof may use, the givens first."""

    def __init__(self, scope: Scope, givens: list[str], fetch: Callable[[str], None], late: Callable[[], bool]) -> None:
        self.scope, self.names, self.fetch, self.late = scope, list(givens), fetch, late
        self.givens = list(givens)
        self.done: dict[tuple[str, tuple[Matrix | Nat, ...]], None] = {}
        self.decomposed: dict[Matrix, dict[str, str]] = {}

    def attempt(self, step: Callable[[], Failure | bool | None]) -> bool:
        """Carry out a step; undo it and return False if it fails."""
        scope = self.scope
        size, before = len(scope.steps), (dict(scope.context.symbols), dict(scope.context.facts))
        try:
            found = step()
        except Rejected:
            found = False
        if found is None or found is True:
            return True
        del scope.steps[size:]
        scope.context.symbols, scope.context.facts = before
        return False

    def cite(self, theorem: str, naturals: dict[str, Nat], matrices: dict[str, Matrix], facts: tuple[str, ...] = (),
             goals: tuple[int, ...] | None = None) -> list[str]:  # fmt: skip
        """Cite a theorem; return the names of the new facts, none if it does not fit or was cited before."""
        values: tuple[Matrix | Nat, ...] = (*naturals.values(), *matrices.values())
        key = (theorem, values)
        if key in self.done or len(self.done) > MAX_FACTS or self.late():
            return []
        self.done[key] = None
        natural: dict[str, Any] = {}
        for n, value in naturals.items():
            if not plainly_natural(value):
                natural[n] = Ranges(self.scope).nonnegative(value)
        if None in natural.values():
            return []
        self.fetch(theorem)
        count = len(self.scope.library.theorems[theorem].goals)
        made = [self.scope.name() for _ in range(count)]

        def step() -> None:
            sizes = {n: nat_text(v) for n, v in naturals.items()}
            texts = {n: matrix_text(m) for n, m in matrices.items()}
            self.scope.cite(theorem, sizes, texts, list(facts), made, natural=natural)

        if not self.attempt(step):
            return []
        self.names += [made[k] for k in (goals if goals is not None else range(count))]
        return made

    def prove(self, text: str) -> str | None:
        """Prove an equation from the facts so far; return its name."""
        name = self.scope.name()
        body = self.scope.context.read(text).body
        if self.attempt(lambda: prove_equation(self.scope, body, self.names, name)):
            return name
        return None

    def fact(self, name: str) -> Fact:
        """Return a fact."""
        return self.scope.fact(name)


def rank_of(m: Matrix) -> Nat:
    """Return the rank of a matrix as a natural-number term."""
    return atom("rank", (m,))


def product(word: tuple[Letter, ...]) -> Matrix:
    """Return the product of letters."""
    out = words.letter(word[0])
    for _, x in pairwise(word):
        out = words.times(out, words.letter(x))
    return out


def part(m: Matrix, terms: tuple[tuple[words.Key, Fraction], ...]) -> Matrix:
    """Return some of the terms of a matrix."""
    return Matrix(m.rows, m.cols, terms)
