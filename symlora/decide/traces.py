"""Lemmas about traces and semidefinite matrices, applied to what occurs in a claim."""

from __future__ import annotations

from itertools import combinations

from symlora.decide.facts import product, rank_of
from symlora.decide.ranks import RankFacts
from symlora.kernel import words
from symlora.kernel.facts import Fact, Relation
from symlora.kernel.naturals import ONE, Nat, minus
from symlora.kernel.printing import matrix_text, nat_text
from symlora.kernel.words import Matrix, Word
from symlora.rules.order import search_psd
from symlora.rules.ranges import Ranges
from symlora.rules.rank import prove_rank


class TraceFacts(RankFacts):
    """Adds signs and bounds of traces."""

    sizes: dict[Nat, None]
    """The naturals that occur as scalars."""
    shown: dict[Matrix, str]
    """Words that were shown to be semidefinite."""

    def _trace(self, inner: Matrix) -> None:
        """The trace of a given semidefinite matrix, and of a square."""
        for name in self.givens:
            body = self.fact(name).body
            if body.kind == "psd" and body.sides[0] == inner:
                self.cite("axiom/trace", {"n": inner.rows}, {"P": inner}, (name,))
        self._idempotent(inner)
        self._of_two(inner)
        m = self._inside(words.apply("tr", (inner,)))
        if m is not None:
            self.cite("claims/square-sign", {"m": m.rows, "n": m.cols}, {"M": m})
            return
        self._weighted(inner)
        self._semidefinite(inner)
        for word in [word for (_, word), _ in inner.terms][:2]:
            self._schwarz(words.identity(inner.rows), product(word))
            for turned in [word[i:] + word[:i] for i in range(len(word))][:4]:
                for cut in range(1, len(word)):
                    self._schwarz(words.transpose(product(turned[:cut])), product(turned[cut:]))

    def _idempotent(self, inner: Matrix) -> None:
        """The trace of an idempotent matrix is its rank."""
        if not self.sizes or not any(self.fact(name).body.kind == "=" for name in self.givens):
            return
        name = self.prove(f"({matrix_text(inner)})*({matrix_text(inner)}) = {matrix_text(inner)}")
        if name is not None:
            self.cite("matrix/idempotent-trace", {"n": inner.rows}, {"A": inner}, (name,))
            atoms = [atom for value in self.sizes for monomial, _ in value for atom in monomial]
            self.ranks(list(dict.fromkeys([inner, *(args[0] for head, args in atoms if head == "rank")])))
            self._same_size(inner)

    def _same_size(self, inner: Matrix) -> None:
        """Carry the rank of an idempotent matrix over to ranks and sizes that occur as scalars."""
        for value in self.sizes:
            for less, more in ((inner, value), (value, inner)):
                a, b = (x if not isinstance(x, Matrix) else rank_of(x) for x in (less, more))
                name = self.scope.name()
                body = Relation("<=", (a, b))
                if self.attempt(lambda g=body, n=name: prove_rank(self.scope, g, self.names, n)):  # type: ignore[misc]
                    self.names.append(name)
                    self.cite_natural(minus(b, a))

    def _of_two(self, inner: Matrix) -> None:
        """The trace of a product of two semidefinite matrices is >= 0 and at most the product of their traces."""
        for word in [word for (loops, word), _ in inner.terms if not loops][:2]:
            for i in range(len(word)):
                turned = word[i:] + word[:i]
                for cut in range(1, len(word) // 2 + 1):
                    p, q = product(turned[:cut]), product(turned[cut:])
                    if p.rows == p.cols != ONE:
                        names = (self._known_psd(p), self._known_psd(q))
                        if None not in names:
                            facts = tuple(name for name in names if name is not None)
                            for lemma in ("claims/trace-product-sign", "claims/trace-product"):
                                self.cite(lemma, {"n": p.rows}, {"P": p, "Q": q}, facts)
                            for one, fact in zip((p, q), facts, strict=True):
                                self.cite("axiom/trace", {"n": one.rows}, {"P": one}, (fact,))

    def _known_psd(self, m: Matrix) -> str | None:
        """Return the name of the fact psd(M) for a given M, or a word w'w or w'Pw around a given P."""
        given = {self.fact(name).body.sides[0]: name for name in self.givens if self.fact(name).body.kind == "psd"}
        if m in given:
            return given[m]
        if m in self.shown:
            return self.shown[m]
        word = m.terms[0][0][1]
        half = len(word) // 2
        if words.flip(word[:half]) != word[len(word) - half :]:
            return None
        middle = given.get(product(word[half : half + 1])) if len(word) % 2 else ""
        if middle is None or not half:
            return None
        name = self.scope.name()
        square = ["1", matrix_text(product(word[len(word) - half :])), *([middle] if middle else [])]
        text = f"psd({matrix_text(m)})"
        if self.attempt(
            lambda: self.scope.add({"rule": "psd", "fact": text, "squares": [square], "by": [], "as": name})
        ):
            self.shown[m] = name
            return name
        return None

    def _forms(self, loop: Word) -> None:
        """Cauchy and Schwarz for a scalar x'Py with a given psd(P)."""
        for at in range(1, len(loop) - 1):
            p = words.letter(loop[at])
            name = self._given_psd(p)
            if name is not None:
                x, y = words.transpose(product(loop[:at])), product(loop[at + 1 :])
                self.cite("claims/psd-schwarz", {"n": p.rows, "k": x.cols}, {"P": p, "X": x, "Y": y}, (name,))
                for one in (x, y):
                    self._known_psd(words.times(words.times(words.transpose(one), p), one))

    def _given_psd(self, m: Matrix) -> str | None:
        return next((name for name in self.givens if self.fact(name).body == Relation("psd", (m,))), None)

    def _weighted(self, inner: Matrix) -> None:
        """tr(A S A') is at most the square of the norm of A times tr(S), for a given psd(S)."""
        given = {self.fact(name).body.sides[0]: name for name in self.givens if self.fact(name).body.kind == "psd"}
        for _, word in [key for key, _ in inner.terms][:1]:
            for w in (word, words.flip(word)):
                for turned in (w[i:] + w[:i] for i in range(len(w))):
                    half = len(turned) // 2
                    s = words.letter(turned[half]) if len(turned) % 2 and half else None
                    if s is not None and s in given and words.flip(turned[:half]) == turned[half + 1 :]:
                        a = product(turned[:half])
                        for lemma in ("matrix/norm-trace", "claims/norm-trace-inner"):
                            self.cite(lemma, {"m": a.rows, "n": a.cols}, {"A": a, "S": s}, (given[s],))
                        self._schwarz(words.identity(s.rows), s)

    def _weighted_differences(self, traced: list[Matrix]) -> None:
        """The same for A - B where tr(A S A') and tr(B S B') occur."""
        halves: dict[Matrix, dict[Matrix, None]] = {}
        given = {self.fact(name).body.sides[0]: name for name in self.givens if self.fact(name).body.kind == "psd"}
        for inner in traced:
            word = inner.terms[0][0][1]
            for w in (word, words.flip(word)):
                for turned in (w[i:] + w[:i] for i in range(len(w))):
                    half = len(turned) // 2
                    s = words.letter(turned[half]) if len(turned) % 2 and half else None
                    if s is not None and s in given and words.flip(turned[:half]) == turned[half + 1 :]:
                        halves.setdefault(s, {})[product(turned[:half])] = None
        for s, found in halves.items():
            for a, b in combinations(list(found)[:4], 2):
                if (a.rows, a.cols) == (b.rows, b.cols):
                    gap = words.minus(a, b)
                    sizes = {"m": gap.rows, "n": gap.cols}
                    for lemma in ("matrix/norm-trace", "claims/norm-trace-inner"):
                        self.cite(lemma, sizes, {"A": gap, "S": s}, (given[s],))

    def _semidefinite(self, inner: Matrix) -> None:
        """The trace of u'Pu for a known psd(P), in any rotation."""
        for _, word in [key for key, _ in inner.terms][:1]:
            for i in range(len(word)):
                turned = word[i:] + word[:i]
                if len(turned) < 2 or words.flip(turned[-1:])[0] != turned[0]:
                    continue
                m = product(turned)
                name = self.scope.name()
                goal = self.scope.context.read(f"psd({matrix_text(m)})").body
                if self.attempt(lambda g=goal, n=name: search_psd(self.scope, g, self.names, n)):  # type: ignore[misc]
                    self.cite("axiom/trace", {"n": m.rows}, {"P": m}, (name,))
                    return

    def _schwarz(self, a: Matrix, b: Matrix) -> None:
        """Cauchy and Schwarz for the inner product tr(A'B)."""
        if (a.rows, a.cols) == (b.rows, b.cols):
            sizes = {"m": a.rows, "n": a.cols}
            self.cite("claims/cauchy-schwarz", sizes, {"A": a, "B": b})
            for m in (words.minus(a, b), words.add(a, b)):
                self.cite("claims/square-sign", sizes, {"M": m})

    def _inner_products(self, goal: Fact) -> None:
        """Cauchy and Schwarz for the scalars x'y of a goal."""
        for side in goal.body.sides:
            for (loops, _), _c in side.terms if isinstance(side, Matrix) else ():
                for loop in loops:
                    self._forms(loop)
                    for cut in range(1, len(loop)):
                        self._schwarz(words.transpose(product(loop[:cut])), product(loop[cut:]))

    def cite_natural(self, value: Nat) -> None:
        """``0 <= nat(n)``, and ``1 <= nat(n)`` where n is a size."""
        for shift in (0, 1):
            less = value if not shift else words_minus_one(value)
            key = ("natural", (words.apply("nat", (less,)),))
            if key in self.done:
                continue
            self.done[key] = None
            name = self.scope.name()
            proof = Ranges(self.scope).nonnegative(less)
            if proof is None:
                continue

            def step(less: Nat = less, name: str = name, proof: object = proof) -> None:
                natural = {"n": proof} if proof else {}
                self.scope.cite("axiom/natural-scalar", {"n": nat_text(less)}, {}, [], [name], natural=natural)

            if self.attempt(step):
                self.names.append(name)


def words_minus_one(value: Nat) -> Nat:
    """Return a natural-number term less 1."""
    return minus(value, ONE)
