"""Lemmas about norms, traces, roots and singular values, applied to what occurs in a claim."""

from __future__ import annotations

from collections.abc import Iterator

from symlora.decide.facts import part, product, rank_of
from symlora.decide.gram import gram_factors
from symlora.decide.linear import prove_by_squares
from symlora.decide.singular import SingularFacts
from symlora.kernel import words
from symlora.kernel.facts import Fact, Relation, difference
from symlora.kernel.naturals import ONE, Nat, minus
from symlora.kernel.printing import matrix_text, nat_text
from symlora.kernel.words import Letter, Matrix
from symlora.rules.ranges import prove_relation
from symlora.rules.rank import prove_rank

MAX_PARTS = 8


class Enrichment(SingularFacts):
    """Adds what the terms of a goal and of the givens ask for."""

    def terms(self, goal: Fact) -> None:
        """Add bounds and signs for the norms, roots, traces, ranks and sizes that occur in a goal and the givens."""
        found: dict[Letter, None] = {}
        for fact in (goal, *(self.fact(name) for name in self.givens)):
            for side in fact.body.sides:
                if isinstance(side, Matrix):
                    found.update(dict.fromkeys(words.letters(side)))
        self.sizes = dict.fromkeys(x.args[0] for x in found if x.head == "nat")
        self.shown = {}
        for x in found:
            if x.head == "nat":
                self._size(x)
        for x in found:
            if x.head == "sqrt":
                self._root(x.args[0])
        self._regular(goal, [x.args[0] for x in found if x.head == "inv"])
        normed = any(x.head in ("norm2", "sigma") for x in found)
        self.wanted = dict.fromkeys(x.args[0] for x in found if x.head == "norm2")
        traced = [x for x in found if x.head == "tr"]
        for x in found:
            if x.head == "norm2":
                self._norm(x.args[0], 0)
            elif x.head == "tr":
                self._trace(x.args[0])
            elif x.head == "sigma":
                self._singular(x.args[0], x.args[1])
        self._compared([(x.args[0], x.args[1]) for x in found if x.head == "sigma"])
        self._weighted_differences([x.args[0] for x in traced])
        self._semidefinite_givens(bool(traced))
        if normed:
            self._isometries()
        self._inner_products(goal)
        inside = [m for x in found if x.head == "sqrt" for m in gram_factors(x.args[0])]
        self._differences([x.args[0] for x in found if x.head == "norm2"], "matrix/norm-sum")
        self._differences(inside, "claims/frobenius-sum")
        if normed:
            traces = [self._inside(words.apply("tr", x.args)) for x in found if x.head == "tr"]
            for m in (m for m in traces if m is not None and m not in inside):
                inside.append(m)
                self.cite("claims/frobenius", {"m": m.rows, "n": m.cols}, {"M": m})
        self._frobenius(list(dict.fromkeys(map(_upright, inside))))
        self._sums(found)

    def _sums(self, found: dict[Letter, None]) -> None:
        """Where a sum is that of the squares of the singular values, it is the square of the Frobenius norm."""
        families = dict.fromkeys(x.head for x in found if f"{x.head}.step" in self.scope.context.facts)
        for q in families:
            for m in dict.fromkeys(x.args[0] for x in self.scope_letters(q) if x.head == "sigma"):
                self.fetch("claims/frobenius-sigma")
                name = self.scope.name()
                sizes = {"m": nat_text(m.rows), "n": nat_text(m.cols)}
                matrices = {"A": matrix_text(m), "q[a]": f"{q}[a]"}
                facts = [f"{q}.start", f"{q}.step"]
                if self.attempt(
                    lambda: self.scope.cite("claims/frobenius-sigma", sizes, matrices, facts, [name])  # noqa: B023
                ):
                    self.names.append(name)
                    self.cite("claims/frobenius", {"m": m.rows, "n": m.cols}, {"M": m})

    def scope_letters(self, family: str) -> Iterator[Letter]:
        """Yield the letters in the definition of a family."""
        for side in self.fact(f"{family}.step").body.sides:
            yield from words.letters(side)

    def _semidefinite_givens(self, traced: bool) -> None:
        """Traces of given semidefinite matrices; the norm of one is at most its trace."""
        for name in self.givens:
            body = self.fact(name).body
            if body.kind == "psd" and body.sides[0].rows != ONE:
                (p,) = body.sides
                if traced:
                    self.cite("axiom/trace", {"n": p.rows}, {"P": p}, (name,))
                    self._trace_positive(name, p)
                if p in self.wanted:
                    self.cite("claims/psd-norm-trace", {"n": p.rows}, {"A": p}, (name,))

    def _trace_positive(self, name: str, p: Matrix) -> None:
        """The trace of a definite matrix is not 0."""
        regular = next((n for n in self.givens if self.fact(n).body == Relation("nonsingular", (p,))), None)
        size = self.scope.name()
        body = Relation("<=", (ONE, p.rows))
        if regular is not None and self.attempt(lambda: prove_relation(self.scope, body, size)):
            self.cite("claims/trace-positive", {"n": p.rows}, {"P": p}, (name, regular, size))

    def _isometries(self) -> None:
        """Norms of what a given equation ``M'M = N`` speaks of, and of inverses."""
        for name in self.givens:
            body = self.fact(name).body
            if body.kind != "=":
                continue
            gap = difference(body)
            for (loops, word), c in gap.terms:
                half = word[len(word) // 2 :]
                if loops or len(word) % 2 or not word or words.flip(half) != word[: len(word) // 2]:
                    continue
                m, square = product(half), product(word)
                rest = words.scale(words.minus(words.scale(square, c), gap), 1 / c)
                self.cite("claims/norm-gram", {"m": m.rows, "n": m.cols}, {"A": m})
                self._same_norm(square, rest)
        for m in list(self.wanted):
            if len(m.terms) == 1 and len(m.terms[0][0][1]) == 1 and m.terms[0][0][1][0].head == "inv":
                (a,) = m.terms[0][0][1][0].args
                self._norm(words.times(a, m), 0)
                self._same_norm(words.times(a, m), words.identity(m.rows))

    def _same_norm(self, m: Matrix, other: Matrix) -> None:
        name = self.prove(f"{matrix_text(m)} = {matrix_text(other)}")
        if name is not None:
            self.cite("axiom/norm-congruence", {"m": m.rows, "n": m.cols}, {"M": m, "N": other}, (name,))
            self._norm(other, 0)

    def _differences(self, matrices: list[Matrix], lemma: str) -> None:
        """The triangle inequality for one matrix as a sum of another one and their difference."""
        known = {*matrices, *map(words.negative, matrices)}
        for m in matrices:
            for other in matrices:
                if (m.rows, m.cols) == (other.rows, other.cols) and m != other:
                    rest = words.minus(other, m)
                    if rest in known:
                        self.cite(lemma, {"m": m.rows, "n": m.cols}, {"A": other, "B": words.negative(rest)})
                    if len(m.terms) > 1 and 0 < len(rest.terms) < len(m.terms):
                        self.cite(lemma, {"m": m.rows, "n": m.cols}, {"A": m, "B": rest})
                        if lemma == "matrix/norm-sum":
                            self._norm(rest, 1)

    def _regular(self, goal: Fact, matrices: list[Matrix]) -> None:
        """Show by its rank that a matrix is nonsingular which is inverted, or is claimed to be nonsingular."""
        for m in matrices:
            if m.rows == ONE:
                self._inverse_sign(m)
        matrices += [goal.body.sides[0]] if goal.body.kind == "nonsingular" else []
        known = [self.fact(name).body.sides[0] for name in self.names if self.fact(name).body.kind == "nonsingular"]
        for m in matrices:
            if m in known:
                continue
            self._definite(m)
            self.ranks([m])
            body = self.scope.context.read(f"{nat_text(m.rows)} <= rank({matrix_text(m)})").body
            name = self.scope.name()
            if self.attempt(lambda g=body, n=name: prove_rank(self.scope, g, self.names, n)):  # type: ignore[misc]
                self.cite("matrix/full-rank", {"n": m.rows}, {"M": m}, (name,))

    def _inverse_sign(self, c: Matrix) -> None:
        """The inverse of a positive scalar is positive."""
        regular = next((n for n in self.names if self.fact(n).body == Relation("nonsingular", (c,))), None)
        for (loops, _), _c in c.terms:
            for loop in loops:
                if len(loop) == 1 and loop[0].head == "norm2":
                    self._norm(loop[0].args[0], 0)
        name = self.scope.name()
        goal = Relation("psd", (c,))
        if regular is not None and self.attempt(lambda: prove_by_squares(self.scope, goal, self.names, name)):
            self.cite("claims/inverse-sign", {}, {"c": c}, (name, regular))

    def _definite(self, m: Matrix) -> None:
        """A definite matrix plus a semidefinite one is nonsingular."""
        known = [(name, self.fact(name).body) for name in self.givens]
        for sign, body in known:
            regular = next((n for n, b in known if b.kind == "nonsingular" and b.sides == body.sides), None)
            if body.kind != "psd" or regular is None or body.sides[0].rows != m.rows or m.rows == ONE:
                continue
            rest = words.minus(m, body.sides[0])
            name = self.scope.name()
            goal = Relation("psd", (rest,))
            if self.attempt(lambda g=goal, n=name: prove_by_squares(self.scope, g, self.names, n)):  # type: ignore[misc]
                self.cite("claims/definite-sum", {"n": m.rows}, {"A": rest, "B": body.sides[0]}, (name, sign, regular))

    def _size(self, x: Letter) -> None:
        (value,) = x.args
        self.cite_natural(value)

    def _root(self, c: Matrix) -> None:
        """Roots: of tr(M'M) the facts of the Frobenius norm, of what is known to be >= 0 those of the axiom."""
        m = self._inside(c)
        if m is not None and self.cite("claims/frobenius", {"m": m.rows, "n": m.cols}, {"M": m}):
            self.cite("claims/square-sign", {"m": m.rows, "n": m.cols}, {"M": m})
            return
        for name in self.names:
            body = self.fact(name).body
            if body.kind == "psd" and body.sides[0] == c:
                self.cite("axiom/square-root", {}, {"c": c}, (name,))
                return

    def _norm(self, m: Matrix, depth: int) -> None:
        """Bounds for a spectral norm by those of parts and factors."""
        sizes = {"m": m.rows, "n": m.cols}
        if not self.cite("axiom/norm", sizes, {"M": m}) or depth > MAX_PARTS:
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
        if c < 0:
            self.cite("matrix/norm-negative", sizes, {"A": words.negative(m)})
            self._norm(words.negative(m), depth + 1)
            return
        if loops or c != 1:
            self._scaled(m)
            return
        if not word:
            self._unit(m.rows)
        if m.cols == ONE:
            self.cite("claims/norm-column", {"n": m.rows}, {"x": m})
            self._root(words.apply("tr", (words.times(words.transpose(m), m),)))
        for cut in range(1, len(word)):
            if word[cut].rows == ONE != m.cols:
                x, y = product(word[:cut]), words.transpose(product(word[cut:]))
                self.cite("claims/norm-rank-one", {"m": x.rows, "n": y.rows}, {"x": x, "y": y})
                self._norm(x, depth + 1)
                self._norm(y, depth + 1)
        for cut in self._cuts(word):
            left, right = product(word[:cut]), product(word[cut:])
            self.cite("matrix/norm-product", {"m": m.rows, "n": left.cols, "p": m.cols}, {"A": left, "B": right})
            self._norm(left, depth + 1)
            self._norm(right, depth + 1)
        if word and len(word) % 2 == 0 and words.flip(word[len(word) // 2 :]) == word[: len(word) // 2]:
            half = product(word[len(word) // 2 :])
            self.cite("claims/norm-gram", {"m": half.rows, "n": half.cols}, {"A": half})
        if len(word) == 1 and word[0].flipped:
            plain = words.transpose(m)
            self.cite("claims/norm-transpose", {"m": m.cols, "n": m.rows}, {"A": plain})
            self._norm(plain, depth + 1)

    def _unit(self, size: Nat) -> None:
        """The norm of an identity of size at least 1 is 1."""
        name = self.scope.name()
        body = Relation("<=", (ONE, size))
        if self.attempt(lambda: prove_relation(self.scope, body, name)):
            self.cite("claims/norm-identity", {"n": size}, {}, (name,))

    def _scaled(self, m: Matrix) -> None:
        """The norm of a multiple by a scalar that is >= 0."""
        ((loops, word), c) = m.terms[0]
        plain = product(word) if word else words.identity(m.rows)
        scalar = words.collect(ONE, ONE, [((loops, ()), c)])
        name = self.scope.name()
        goal = Relation("psd", (scalar,))
        if self.attempt(lambda: prove_by_squares(self.scope, goal, self.names, name)):
            self.cite("claims/norm-multiple", {"m": m.rows, "n": m.cols}, {"c": scalar, "M": plain}, (name,))
            self._norm(plain, 1)

    def _cuts(self, word: words.Word) -> list[int]:
        """Return where a product is cut: where a part occurs in the goal, all places if it is short, else the first."""
        places = range(1, len(word))
        if len(word) <= 3:
            return list(places)
        found = [cut for cut in places if {product(word[:cut]), product(word[cut:])} & self.wanted.keys()]
        return found[:2] or [1]

    def _frobenius_cuts(self, word: words.Word) -> list[tuple[int, str]]:
        """Return where a product is cut for its Frobenius norm, and the lemma: which factor has its spectral norm."""
        if len(word) == 2:
            return [(1, lemma) for lemma in ("product", "product-right", "submultiplicative")]
        last = len(word) - 1
        found = [(cut, "product") for cut in range(1, last + 1) if product(word[:cut]) in self.wanted]
        found += [(cut, "product-right") for cut in range(1, last + 1) if product(word[cut:]) in self.wanted]
        return found[:2] or ([(1, "submultiplicative")] if len(word) > 1 else [])

    def _cut_away(self, m: Matrix, word: words.Word) -> None:
        """``|J'A|^2 + |K'A|^2 = |A|^2`` for coordinate inclusions, and the same from the right."""
        if len(word) < 2:
            return
        for pair in self._pairs():
            for one, other in (pair[:2], pair[1::-1]):
                if product(word[:1]) == words.transpose(one):
                    rest = product(word[1:])
                    away = words.times(words.transpose(other), rest)
                    squares = [words.times(words.transpose(x), x) for x in (m, away, rest)]
                elif product(word[-1:]) == one:
                    rest = product(word[:-1])
                    away = words.times(rest, other)
                    squares = [words.times(x, words.transpose(x)) for x in (m, away, rest)]
                else:
                    continue
                both, whole = words.add(*squares[:2]), squares[2]
                name = self.prove(f"{matrix_text(both)} = {matrix_text(whole)}")
                if name is not None:
                    self.cite("axiom/trace-congruence", {"n": whole.rows}, {"M": both, "N": whole}, (name,))
                    self.cite("claims/square-sign", {"m": away.rows, "n": away.cols}, {"M": away})

    def _frobenius(self, inside: list[Matrix]) -> None:
        """Triangle inequality, products and transposes for Frobenius norms; the spectral norm is smaller."""
        queue = list(inside)
        for m in queue:
            sizes = {"m": m.rows, "n": m.cols}
            self.cite("matrix/norm-frobenius", sizes, {"A": m})
            self.cite("claims/frobenius", sizes, {"M": m})
            if m in self.wanted and self.cite("claims/frobenius-rank", sizes, {"A": m}):
                self.cite("matrix/rank-size", sizes, {"A": m})
                rank = rank_of(m)
                for value in (rank, *(minus(size, rank) for size in (m.rows, m.cols, *self.sizes) if size != rank)):
                    self.cite_natural(value)
            if len(m.terms) == 2:
                first, rest = part(m, m.terms[:1]), part(m, m.terms[1:])
                self.cite("claims/frobenius-sum", sizes, {"A": first, "B": rest})
                continue
            if len(m.terms) != 1:
                continue
            ((loops, word), c) = m.terms[0]
            if loops or c != 1:
                continue
            self._cut_away(m, word)
            for cut, lemma in self._frobenius_cuts(word):
                left, right = product(word[:cut]), product(word[cut:])
                triple = {"m": m.rows, "n": left.cols, "p": m.cols}
                parts = {"product": (right,), "product-right": (left,), "submultiplicative": (left, right)}[lemma]
                queue += [one for one in map(_upright, parts) if one not in queue and len(queue) < 2 * MAX_PARTS]
                self.cite(f"claims/frobenius-{lemma}", triple, {"A": left, "B": right})
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
                if (axiom, (*sizes.values(), m, new)) in self.done:
                    continue
                name = self.prove(f"{matrix_text(m)} = {matrix_text(new)}")
                if name is not None and self.cite(axiom, sizes, {"M": m, "N": new}, (name,)):
                    self._rewritten(head, new, rules, depth + 1)


def _upright(m: Matrix) -> Matrix:
    """Return M or M', that with fewer transposed letters; both have one Frobenius norm, which is one term."""
    turned = words.transpose(m)
    return min((m, turned), key=lambda one: sum(x.flipped for (_, word), _ in one.terms for x in word))
