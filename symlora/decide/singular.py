"""Lemmas about singular values, applied to those that occur in a claim."""

from __future__ import annotations

from symlora.decide.facts import product, rank_of
from symlora.decide.linear import prove_by_squares
from symlora.decide.traces import TraceFacts, words_minus_one
from symlora.kernel import words
from symlora.kernel.facts import Relation
from symlora.kernel.naturals import ONE, Nat, add, minus
from symlora.kernel.printing import matrix_text, nat_text
from symlora.kernel.words import Matrix
from symlora.rules.ranges import Ranges
from symlora.rules.rank import prove_rank


class SingularFacts(TraceFacts):
    """Adds order, signs and bounds of singular values."""

    wanted: dict[Matrix, None]
    """The matrices of which the spectral norm occurs."""

    def _norm(self, m: Matrix, depth: int) -> None:
        raise NotImplementedError

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

    def _compared(self, found: list[tuple[Matrix, Nat]]) -> None:
        """Inequalities between the singular values that occur: of sums (Weyl), products, transposes, low ranks."""
        known = dict.fromkeys(m for m, _ in found)
        for m, k in found:
            low = minus(k, ONE)
            sizes = {"m": m.rows, "n": m.cols}
            for other, i in found:
                if (m.rows, m.cols) == (other.rows, other.cols) and other != m:
                    self._parts(m, other, k, i, found)
            turned = words.transpose(m)
            if turned in known and m != turned:
                self.cite("claims/sigma-transpose", {**sizes, "k": low}, {"A": m})
            if words.negative(m) in known:
                self.cite("matrix/sigma-negative", {**sizes, "k": low}, {"A": m})
            self._factors(m, low, known)
            for other in known:
                self._isometric(m, other, low)
            self._low_rank(m, low)
            self._none(m, k)

    def _parts(self, m: Matrix, other: Matrix, k: Nat, i: Nat, found: list[tuple[Matrix, Nat]]) -> None:
        """Weyl's inequalities for ``M = N + (M - N)``."""
        rest = words.minus(m, other)
        sizes = {"m": m.rows, "n": m.cols}
        if len(m.terms) == 1 or len(rest.terms) < len(m.terms) or rest in self.wanted or k == i:
            for one, j in found:
                if one in (rest, words.negative(rest)):
                    naturals = {**sizes, "i": minus(i, ONE), "j": minus(j, ONE)}
                    self.cite("matrix/weyl", naturals, {"A": other, "B": rest})
                    if one != rest:
                        self.cite("matrix/sigma-negative", {**sizes, "k": minus(j, ONE)}, {"A": one})
            if k == i:
                self.cite("matrix/sigma-norm", {**sizes, "i": minus(k, ONE)}, {"A": other, "B": rest})
                self._norm(rest, 0)
                if words.negative(rest) in self.wanted:
                    self.cite("matrix/norm-negative", sizes, {"A": rest})

    def _factors(self, m: Matrix, low: Nat, known: dict[Matrix, None]) -> None:
        """The singular values of a product are at most those of a factor times the norm of the other."""
        if len(m.terms) != 1 or m.terms[0][0][0] or m.terms[0][1] != 1:
            return
        word = m.terms[0][0][1]
        for cut in range(1, len(word)):
            left, right = product(word[:cut]), product(word[cut:])
            naturals = {"m": m.rows, "n": left.cols, "p": m.cols, "k": low}
            if right in known or words.transpose(right) in known or len(known) == 1:
                self.cite("matrix/sigma-product", naturals, {"A": left, "B": right})
                self._norm(left, 0)
            if left in known or words.transpose(left) in known or len(known) == 1:
                self.cite("matrix/sigma-product-right", naturals, {"A": left, "B": right})
                self._norm(right, 0)

    def _isometric(self, m: Matrix, other: Matrix, low: Nat) -> None:
        """The singular values of N are at most those of Q N or N Q where Q' takes Q away again."""
        if len(m.terms) != 1 or len(other.terms) != 1 or m.terms[0][0][0] or other.terms[0][0][0]:
            return
        word, part = m.terms[0][0][1], other.terms[0][0][1]
        cut = len(word) - len(part)
        if cut <= 0:
            return
        for first in (True, False):
            inside = word[cut:] if first else word[: len(part)]
            if inside != part:
                continue
            q = words.transpose(product(word[:cut] if first else word[len(part) :]))
            left, right = (q, m) if first else (m, q)
            back = words.times(left, right)
            name = self.prove(f"{matrix_text(back)} = {matrix_text(other)}") if q.rows == q.cols else None
            if name is not None:
                sizes = {"m": back.rows, "n": back.cols, "k": add(low, ONE)}
                self.cite("axiom/sigma-congruence", sizes, {"M": back, "N": other}, (name,))
                lemma = "matrix/sigma-product" if first else "matrix/sigma-product-right"
                naturals = {"m": back.rows, "n": left.cols, "p": back.cols, "k": low}
                self.cite(lemma, naturals, {"A": left, "B": right})
                for one in (q, words.transpose(q)):
                    self._norm(one, 0)

    def _low_rank(self, m: Matrix, low: Nat) -> None:
        """No singular value past the rank; the distance to a matrix of that rank is at least the singular value."""
        sizes = {"m": m.rows, "n": m.cols}
        alike = [one for one in self.wanted if (one.rows, one.cols) == (m.rows, m.cols)]
        rests = [rest for one in alike for rest in (words.minus(m, one), words.add(m, one))]
        for near in dict.fromkeys((m, words.zero(m.rows, m.cols), *rests)):
            name = self._bounded(near, low)
            if name is None:
                continue
            if near == m:
                self.cite("matrix/sigma-rank", {**sizes, "k": low}, {"A": m}, (name,))
                continue
            self.cite("matrix/eckart-young/bound", {**sizes, "k": low}, {"E": m, "N": near}, (name,))
            self._norm(words.minus(m, near), 0)

    def _none(self, m: Matrix, k: Nat) -> None:
        """A singular value that is 0 bounds the rank."""
        name = self.scope.name()
        value = words.apply("sigma", (m, k))
        body = Relation("psd", (words.negative(value),))
        if self.attempt(lambda: prove_by_squares(self.scope, body, self.givens, name)):
            self.cite("claims/sigma-zero", {"m": m.rows, "n": m.cols, "k": minus(k, ONE)}, {"A": m}, (name,))

    def _bounded(self, m: Matrix, low: Nat) -> str | None:
        """Return the name of a fact ``rank(M) <= k``, if it can be shown."""
        name = self.scope.name()
        body = Relation("<=", (rank_of(m), low))
        if self.attempt(lambda: prove_rank(self.scope, body, self.givens, name)):
            return name
        return None
