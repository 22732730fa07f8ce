"""Lemmas about norms, traces, roots and singular values, applied to what occurs in a claim."""

from __future__ import annotations

from collections.abc import Iterator

from symlora.decide.facts import part, product
from symlora.decide.ranks import RankFacts
from symlora.kernel import words
from symlora.kernel.facts import Fact, difference
from symlora.kernel.naturals import ONE, Nat, minus
from symlora.kernel.printing import matrix_text, nat_text
from symlora.kernel.words import Letter, Matrix
from symlora.rules.order import search_psd
from symlora.rules.ranges import Ranges
from symlora.rules.rank import prove_rank

MAX_PARTS = 8


class Enrichment(RankFacts):
    """Adds what the terms of a goal and of the givens ask for."""

    def terms(self, goal: Fact) -> None:
        """Add bounds and signs for the norms, roots, traces, ranks and sizes that occur in a goal and the givens."""
        found: dict[Letter, None] = {}
        for fact in (goal, *(self.fact(name) for name in self.givens)):
            for side in fact.body.sides:
                if isinstance(side, Matrix):
                    found.update(dict.fromkeys(words.letters(side)))
        for x in found:
            if x.head == "nat":
                self._size(x)
            elif x.head == "sqrt":
                self._root(x.args[0])
        self._regular(goal, [x.args[0] for x in found if x.head == "inv"])
        normed = any(x.head == "norm2" for x in found)
        for x in found:
            if x.head == "norm2":
                self._norm(x.args[0], 0)
            elif x.head == "tr":
                self._trace(x.args[0])
            elif x.head == "sigma":
                self._singular(x.args[0], x.args[1])
        self._inner_products(goal)
        roots = [self._inside(x.args[0]) for x in found if x.head == "sqrt"]
        inside = [m for m in roots if m is not None]
        self._differences([x.args[0] for x in found if x.head == "norm2"], "matrix/norm-sum")
        self._differences(inside, "claims/frobenius-sum")
        if normed:
            traces = [self._inside(words.apply("tr", x.args)) for x in found if x.head == "tr"]
            for m in (m for m in traces if m is not None and m not in inside):
                inside.append(m)
                self.cite("claims/frobenius", {"m": m.rows, "n": m.cols}, {"M": m})
        # A trace does not tell M from M', so both are meant.
        self._frobenius(list(dict.fromkeys([*inside, *map(words.transpose, inside)])))

    def _differences(self, matrices: list[Matrix], lemma: str) -> None:
        """The triangle inequality for one matrix as a sum of another one and their difference."""
        for m in matrices:
            for other in matrices:
                if (m.rows, m.cols) == (other.rows, other.cols) and len(m.terms) > 1:
                    rest = words.minus(other, m)
                    if 0 < len(rest.terms) < len(m.terms):
                        self.cite(lemma, {"m": m.rows, "n": m.cols}, {"A": m, "B": rest})
                        if lemma == "matrix/norm-sum":
                            self._norm(rest, 1)

    def _regular(self, goal: Fact, matrices: list[Matrix]) -> None:
        """Show by its rank that a matrix is nonsingular which is inverted, or is claimed to be nonsingular."""
        matrices += [goal.body.sides[0]] if goal.body.kind == "nonsingular" else []
        known = [self.fact(name).body.sides[0] for name in self.names if self.fact(name).body.kind == "nonsingular"]
        for m in matrices:
            if m in known:
                continue
            self.ranks([m])
            body = self.scope.context.read(f"{nat_text(m.rows)} <= rank({matrix_text(m)})").body
            name = self.scope.name()
            if self.attempt(lambda g=body, n=name: prove_rank(self.scope, g, self.names, n)):  # type: ignore[misc]
                self.cite("matrix/full-rank", {"n": m.rows}, {"M": m}, (name,))

    def _singular(self, m: Matrix, k: Nat) -> None:
        """Signs and order of singular values near number k, and that the first one is the norm."""
        sizes = {"m": m.rows, "n": m.cols}
        if k == ONE:
            self.cite("matrix/norm-sigma", sizes, {"A": m})
            self._norm(m, 0)
        names = self._decomposed(m)
        low = self.scope.context.nat(f"{nat_text(k)} - 1")
        for shift, fact in ((low, "g7"), (low, "g8"), (words_minus_one(low), "g8")):
            proof = Ranges(self.scope).nonnegative(shift)
            label = self.scope.name()
            key = (f"instance {fact} {shift}", (m,))
            if proof is None or not names or key in self.done:
                continue
            self.done[key] = None
            step = {"rule": "instance", "of": names[fact], "at": [nat_text(shift)], "proofs": [proof], "as": label}
            if self.attempt(lambda step=step: self.scope.add(step)):  # type: ignore[misc]
                self.names.append(label)

    def _decomposed(self, m: Matrix) -> dict[str, str]:
        """Take a singular value decomposition of a matrix; return the names of its facts."""
        if m not in self.decomposed:
            made = {f"g{k}": self.scope.name() for k in (7, 8)}
            number = len(self.decomposed) + 1
            new = {"T": f"T_{number}_", "G": f"G_{number}_"}
            sizes = {"m": nat_text(m.rows), "n": nat_text(m.cols)}
            step = {"rule": "cite", "theorem": "axiom/svd", "naturals": sizes, "natural": {},
                    "matrices": {"E": matrix_text(m)}, "new": new, "facts": {}, "as": made}  # fmt: skip
            self.decomposed[m] = made if self.attempt(lambda: self.scope.add(step)) else {}
        return self.decomposed[m]

    def _size(self, x: Letter) -> None:
        (value,) = x.args
        self.cite_natural(value)

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

    def _root(self, c: Matrix) -> None:
        """Roots: of tr(M'M) the facts of the Frobenius norm, of what is known to be >= 0 those of the axiom."""
        m = self._inside(c)
        if m is not None and self.cite("claims/frobenius", {"m": m.rows, "n": m.cols}, {"M": m}):
            return
        for name in self.names:
            body = self.fact(name).body
            if body.kind == "psd" and body.sides[0] == c:
                self.cite("axiom/square-root", {}, {"c": c}, (name,))
                return

    def _trace(self, inner: Matrix) -> None:
        """The trace of a given semidefinite matrix, and of a square."""
        for name in self.givens:
            body = self.fact(name).body
            if body.kind == "psd" and body.sides[0] == inner:
                self.cite("axiom/trace", {"n": inner.rows}, {"P": inner}, (name,))
        m = self._inside(words.apply("tr", (inner,)))
        if m is not None:
            self.cite("claims/square-sign", {"m": m.rows, "n": m.cols}, {"M": m})
            return
        self._weighted(inner)
        self._semidefinite(inner)
        for word in [word for (_, word), _ in inner.terms][:2]:
            self._schwarz(words.identity(inner.rows), product(word))
            for cut in range(1, len(word)):
                self._schwarz(words.transpose(product(word[:cut])), product(word[cut:]))

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
                    for cut in range(1, len(loop)):
                        self._schwarz(words.transpose(product(loop[:cut])), product(loop[cut:]))

    def _norm(self, m: Matrix, depth: int) -> None:
        """Bounds for a spectral norm by those of parts and factors."""
        sizes = {"m": m.rows, "n": m.cols}
        if not self.cite("axiom/norm", sizes, {"M": m}) or depth > 5:
            return
        if len(m.terms) > 1:
            first, rest = part(m, m.terms[:1]), part(m, m.terms[1:])
            self.cite("matrix/norm-sum", sizes, {"A": first, "B": rest})
            self._norm(first, depth + 1)
            self._norm(rest, depth + 1)
            return
        if not m.terms:
            return
        ((loops, word), c) = m.terms[0]
        if c == -1:
            self.cite("matrix/norm-negative", sizes, {"A": words.negative(m)})
            self._norm(words.negative(m), depth + 1)
            return
        if loops or c != 1:
            return
        for cut in range(1, len(word)):
            left, right = product(word[:cut]), product(word[cut:])
            self.cite("matrix/norm-product", {"m": m.rows, "n": left.cols, "p": m.cols}, {"A": left, "B": right})
            self._norm(left, depth + 1)
            self._norm(right, depth + 1)
            if words.transpose(left) == right:
                self.cite("claims/norm-gram", {"m": right.rows, "n": right.cols}, {"A": right})
        if len(word) == 1 and word[0].flipped:
            plain = words.transpose(m)
            self.cite("claims/norm-transpose", {"m": m.cols, "n": m.rows}, {"A": plain})
            self._norm(plain, depth + 1)

    def _frobenius(self, inside: list[Matrix]) -> None:
        """Triangle inequality, products and transposes for Frobenius norms; the spectral norm is smaller."""
        queue = list(inside)
        for m in queue:
            sizes = {"m": m.rows, "n": m.cols}
            self.cite("matrix/norm-frobenius", sizes, {"A": m})
            self.cite("claims/frobenius", sizes, {"M": m})
            if len(m.terms) == 2:
                first, rest = part(m, m.terms[:1]), part(m, m.terms[1:])
                self.cite("claims/frobenius-sum", sizes, {"A": first, "B": rest})
                continue
            if len(m.terms) != 1:
                continue
            ((loops, word), c) = m.terms[0]
            if loops or c != 1:
                continue
            for cut in range(1, len(word)):
                left, right = product(word[:cut]), product(word[cut:])
                triple = {"m": m.rows, "n": left.cols, "p": m.cols}
                queue += [one for one in (left, right) if one not in queue and len(queue) < MAX_PARTS]
                for lemma in ("product", "product-right", "submultiplicative"):
                    self.cite(f"claims/frobenius-{lemma}", triple, {"A": left, "B": right})
            if len(word) == 1 and word[0].flipped:
                self.cite("claims/frobenius-transpose", {"m": m.cols, "n": m.rows}, {"A": words.transpose(m)})
        for i, a in enumerate(inside):
            for b in inside[i + 1 :]:
                if (a.rows, a.cols) == (b.rows, b.cols):
                    for lemma in ("cauchy-schwarz", "frobenius-inner"):
                        self.cite(f"claims/{lemma}", {"m": a.rows, "n": a.cols}, {"A": a, "B": b})

    def congruences(self, goal: Fact) -> None:
        """Rewrite what stands in traces, norms and ranks by the given equations between products."""
        rules = list(self._rewriting())
        for side in goal.body.sides:
            if not isinstance(side, Matrix):
                continue
            for x in list(dict.fromkeys(words.letters(side))):
                if x.head in ("tr", "norm2"):
                    for start in self._turns(x):
                        self._rewritten(x.head, start, rules)

    def _turns(self, x: Letter) -> Iterator[Matrix]:
        """Yield the argument of a function, for a trace in all rotations of its word and of the transpose's."""
        m: Matrix = x.args[0]
        yield m
        if x.head == "tr" and len(m.terms) == 1:
            word = m.terms[0][0][1]
            for w in (word, words.flip(word)):
                for i in range(len(w)):
                    yield product(w[i:] + w[:i])

    def _rewriting(self) -> Iterator[tuple[tuple[Letter, ...], Matrix]]:
        """Yield words with what a given equation says they equal."""
        for name in self.names:
            fact = self.fact(name)
            if fact.body.kind != "=" or fact.hints:
                continue
            gap = difference(fact.body)
            for (loops, word), c in gap.terms:
                if not loops and word:
                    rest = words.scale(words.minus(words.scale(product(word), c), gap), 1 / c)
                    if len(rest.terms) <= 1 and all(len(k[1]) <= len(word) for k, _ in rest.terms):
                        yield word, rest
                        yield words.flip(word), words.transpose(rest)

    def _rewritten(self, head: str, m: Matrix, rules: list[tuple[tuple[Letter, ...], Matrix]], depth: int = 0) -> None:
        if len(m.terms) != 1 or depth > 2:
            return
        word = m.terms[0][0][1]
        for pattern, rest in rules:
            for i in range(len(word) - len(pattern) + 1):
                if word[i : i + len(pattern)] != pattern:
                    continue
                new = rest
                if word[:i]:
                    new = words.times(product(word[:i]), new)
                if word[i + len(pattern) :]:
                    new = words.times(new, product(word[i + len(pattern) :]))
                if new == m or (new.rows, new.cols) != (m.rows, m.cols):
                    continue
                sizes = {"n": m.rows} if head == "tr" else {"m": m.rows, "n": m.cols}
                axiom = "axiom/trace-congruence" if head == "tr" else "axiom/norm-congruence"
                if (axiom, (m, new)) in self.done:
                    continue
                name = self.prove(f"{matrix_text(m)} = {matrix_text(new)}")
                if name is not None and self.cite(axiom, sizes, {"M": m, "N": new}, (name,)):
                    self._rewritten(head, new, rules, depth + 1)


def words_minus_one(value: Nat) -> Nat:
    """Return a natural-number term less 1."""
    return minus(value, ONE)
