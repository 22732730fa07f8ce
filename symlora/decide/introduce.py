"""Matrices that a proof may bring in because the hypotheses make them exist: solutions, factors, null vectors."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from symlora.decide.facts import rank_of
from symlora.decide.library import fetch
from symlora.decide.ranks import RankFacts
from symlora.decide.translate import Translation
from symlora.kernel import words
from symlora.kernel.context import Context
from symlora.kernel.facts import Relation
from symlora.kernel.naturals import ONE, Nat, add
from symlora.kernel.printing import matrix_text, nat_text
from symlora.kernel.replay import Library, add_item
from symlora.kernel.words import Letter, Matrix
from symlora.rules.ranges import prove_relation
from symlora.rules.scope import Scope

MAX_NEW = 12


@dataclass
class Introduced:
    """New matrices with the steps that bring them in; the steps also name the facts about them."""

    steps: list[dict[str, Any]] = field(default_factory=list)
    symbols: list[Matrix] = field(default_factory=list)
    context: Context = field(default_factory=Context)


def introduced(translation: Translation, indices: list[tuple[str, str]]) -> Introduced:
    """Return what the givens of a translation let a proof bring in.

    `indices` are pairs of a matrix and a number r, as texts, of which the singular value r + 1 occurs in the goal.
    """
    library = Library()
    scope = Scope(Context(), library, "e", fetch=lambda one: fetch(one, library))
    for item in translation.setup:
        add_item(scope.context, item)
    return _Introduction(scope, translation).run(indices)


class _Introduction:
    def __init__(self, scope: Scope, translation: Translation) -> None:
        self.scope, self.translation = scope, translation
        self.facts = RankFacts(scope, list(translation.givens), scope.fetch, lambda: False)
        self.found = Introduced()
        self.letters: list[Matrix] = []
        mine = [name for letter, name in translation.names.items() if letter in translation.statement.letters]
        for name, symbol in scope.context.symbols.items():
            if symbol.kind == "matrix" and symbol.arity == 0:
                m = words.letter(Letter(name, (), False, symbol.rows, symbol.cols))
                inclusion = any(name in fact.split(".")[0].split("-") for fact in translation.givens if "-" in fact)
                if name in mine:
                    self.letters.append(m)
                elif not inclusion:
                    self.found.symbols.append(m)  # what a hypothesis says to exist
        self.numbers = [
            scope.context.nat(translation.names[x.name])
            for x in translation.statement.letters.values()
            if x.kind == "natural" and x.name in translation.names
        ]

    def run(self, indices: list[tuple[str, str]]) -> Introduced:
        """Bring in everything that can be."""
        for m in self._ranks():
            self._solutions(m)
        for m in self.letters:
            for r in self.numbers:
                size = {"m": m.rows, "n": m.cols, "r": r}
                self._bounded("matrix/rank-factorization", size, m, rank_of(m), r, {"F": "F", "G": "G"})
            for one in (m, words.transpose(m)):
                if one.cols != ONE:
                    size = {"m": one.rows, "n": one.cols}
                    self._bounded("matrix/null-vector", size, one, add(rank_of(one), ONE), one.cols, {"x": "x"})
        for matrix, number in indices:
            m, k = self.scope.context.matrix(matrix), self.scope.context.nat(number)
            self._cite("matrix/best-approximation", {"m": m.rows, "n": m.cols, "k": k}, {"A": m}, [], {"N": "N"})
        self.found.steps, self.found.context = self.scope.steps, self.scope.context
        return self.found

    def _ranks(self) -> list[Matrix]:
        found: dict[Matrix, None] = {}
        for name in self.translation.givens:
            body = self.scope.fact(name).body
            if body.kind in ("<=", "=="):
                for side in body.sides:
                    found.update({args[0]: None for monomial, _ in side for head, args in monomial if head == "rank"})
        return list(found)

    def _solutions(self, m: Matrix) -> None:
        """Solutions of A X = B where a given bounds rank([A, B]) by rank(A), and of X A = B likewise."""
        for turned in (False, True):
            for a, b, j, k, label in self.facts.columns(words.transpose(m) if turned else m):
                for first, second, p, q in ((a, b, j, k), (b, a, k, j)):
                    values = {"A": first, "B": second}
                    if turned:
                        values = {name: words.transpose(one) for name, one in values.items()}
                    bound = self._at_most(rank_of(m), rank_of(values["A"]))
                    if bound is None:
                        continue
                    sizes = {"m": first.rows, "n": first.cols, "p": second.cols, "q": p.rows}
                    lemma, new = ("matrix/solvable", "X") if not turned else ("matrix/solvable-left", "Y")
                    if turned:
                        sizes = {"m": first.cols, "n": first.rows, "p": second.cols, "q": p.rows}
                    facts = [f"{label}.g1", f"{label}.g2", f"{label}.g3"]
                    if p != j:
                        facts = [facts[1], facts[0], self._turned(facts[2], p, q)]
                    self._cite(lemma, sizes, {**values, "J": p, "K": q}, [*facts, bound], {new: new})

    def _turned(self, fact: str, p: Matrix, q: Matrix) -> str:
        """Return the name of ``P'Q = 0`` from ``Q'P = 0``."""
        name = self.scope.name()
        zero = words.zero(p.cols, q.cols)
        text = f"{matrix_text(words.times(words.transpose(p), q))} = {matrix_text(zero)}"
        self.scope.add({"rule": "eq", "fact": text, "by": [["1", f"{fact}'", "1"]], "as": name})
        return name

    def _at_most(self, a: Nat, b: Nat) -> str | None:
        name = self.scope.name()
        goal = Relation("<=", (a, b))
        return name if self.facts.attempt(lambda: prove_relation(self.scope, goal, name)) else None

    def _bounded(self, lemma: str, sizes: dict[str, Nat], m: Matrix, a: Nat, b: Nat, new: dict[str, str]) -> None:
        bound = self._at_most(a, b)
        if bound is not None:
            self._cite(lemma, sizes, {"A": m}, [bound], new)

    def _cite(self, lemma: str, sizes: dict[str, Nat], matrices: dict[str, Matrix], facts: list[str],
              new: dict[str, str]) -> None:  # fmt: skip
        if len(self.found.symbols) >= MAX_NEW:
            return
        self.scope.fetch(lemma)
        made = [self.scope.name() for _ in self.scope.library.theorems[lemma].goals]
        names = {symbol: self.translation.fresh(stem) for symbol, stem in new.items()}

        def step() -> None:
            self.scope.cite(lemma, {n: nat_text(v) for n, v in sizes.items()},
                            {n: matrix_text(m) for n, m in matrices.items()}, facts, made, new=names)  # fmt: skip

        if self.facts.attempt(step):
            for name in names.values():
                symbol = self.scope.context.symbols[name]
                self.found.symbols.append(words.letter(Letter(name, (), False, symbol.rows, symbol.cols)))
