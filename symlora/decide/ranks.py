"""Lemmas about ranks, applied to the products, sums and blocks that occur in a claim."""

from __future__ import annotations

from fractions import Fraction

from symlora.decide.consequences import Consequences
from symlora.decide.facts import product
from symlora.kernel import words
from symlora.kernel.facts import difference
from symlora.kernel.naturals import ONE
from symlora.kernel.printing import matrix_text
from symlora.kernel.words import Letter, Matrix
from symlora.rules.algebra import prove_equation


class RankFacts(Consequences):
    """Adds bounds for ranks."""

    def ranks(self, matrices: list[Matrix]) -> None:
        """Sylvester's and Frobenius's inequalities, nonsingular factors and Gram matrices, for products that occur."""
        regular = {self.fact(n).body.sides[0]: n for n in self.names if self.fact(n).body.kind == "nonsingular"}
        for m in matrices:
            for other in matrices:
                rest = words.minus(other, m) if (m.rows, m.cols) == (other.rows, other.cols) else m
                if len(m.terms) > 1 and len(rest.terms) < len(m.terms):
                    self.cite("matrix/rank-sum", {"m": m.rows, "n": m.cols}, {"A": m, "B": rest})
        for m in matrices:
            for other in matrices:
                one = words.identity(m.rows)
                if (m.rows, m.cols) == (other.rows, other.cols) and m.rows == m.cols and words.add(m, other) == one:
                    self._complement(m, other)
        for m in matrices:
            self._diagonal(m)
            self._known_rank(m)
            self._changes(m)
            if len(m.terms) != 1:
                continue
            word = m.terms[0][0][1]
            for cut in range(1, len(word)):
                left, right = product(word[:cut]), product(word[cut:])
                sizes = {"m": left.rows, "n": left.cols, "p": right.cols}
                self.cite("matrix/rank-sylvester", sizes, {"A": left, "B": right})
                if words.transpose(left) == right:
                    self.cite("matrix/rank-gram", {"m": right.rows, "n": right.cols}, {"A": right})
                self._cancelled(left, right, regular)
            for i in range(1, len(word)):
                for j in range(i + 1, len(word)):
                    a, b, c = product(word[:i]), product(word[i:j]), product(word[j:])
                    sizes = {"m": a.rows, "n": b.rows, "p": c.rows, "q": c.cols}
                    self.cite("matrix/rank-frobenius", sizes, {"A": a, "B": b, "C": c})
        for name in self.givens:
            body = self.fact(name).body
            if body.kind == "=":
                gap = difference(body)
                if len(gap.terms) == 1 and gap.terms[0][0][1]:  # a product that is 0
                    self.ranks_of_nothing(product(gap.terms[0][0][1]), name)

    def ranks_of_nothing(self, m: Matrix, name: str) -> None:
        """``X*Y = 0`` bounds rank(X) + rank(Y)."""
        nothing = words.zero(m.rows, m.cols)
        self.cite("axiom/rank-congruence", {"m": m.rows, "n": m.cols}, {"M": m, "N": nothing}, (name,))
        self.cite("matrix/rank-zero", {"m": m.rows, "n": m.cols}, {"A": nothing})
        word = m.terms[0][0][1]
        for cut in range(1, len(word)):
            left, right = product(word[:cut]), product(word[cut:])
            sizes = {"m": left.rows, "n": left.cols, "p": right.cols}
            self.cite("matrix/rank-sylvester", sizes, {"A": left, "B": right})

    def _complement(self, m: Matrix, other: Matrix) -> None:
        """``M + N = 1`` and ``MN = 0`` give rank(M) + rank(N) = n."""
        sizes = {"m": m.rows, "n": m.rows}
        self._known_rank(words.identity(m.rows))
        self.cite("matrix/rank-sum", sizes, {"A": m, "B": other})
        whole, nothing = words.times(m, other), words.zero(m.rows, m.rows)
        name = self.prove(f"{matrix_text(whole)} = {matrix_text(nothing)}")
        if name is not None:
            self.cite("matrix/rank-sylvester", {**sizes, "p": m.rows}, {"A": m, "B": other})
            self.cite("axiom/rank-congruence", sizes, {"M": whole, "N": nothing}, (name,))
            self.cite("matrix/rank-zero", sizes, {"A": nothing})

    def _diagonal(self, m: Matrix) -> None:
        """The rank of a block diagonal matrix, J A J2' + K B K2' with inclusions J, K and J2, K2."""
        pairs = [name.removesuffix(".g1").split("-") for name in self.givens if name.endswith(".g1")]
        if len(m.terms) != 2 or any(loops or len(word) < 3 for (loops, word), _ in m.terms):
            return
        for first, second in (m.terms, m.terms[::-1]):
            (left, a, right), (low, b, far) = (_outer(first), _outer(second))
            if [left.head, low.head] in pairs and [right.head, far.head] in pairs and right.flipped and far.flipped:
                sizes = {"m": a.rows, "n": a.cols, "p": b.rows, "q": b.cols}
                plain = [words.letter(x) for x in (left, low)] + [
                    words.transpose(words.letter(x)) for x in (right, far)
                ]
                values = {"A": a, "B": b, **dict(zip(("J", "K", "J1", "K1"), plain, strict=True))}
                labels = (f"{left.head}-{low.head}", f"{right.head}-{far.head}")
                facts = tuple(f"{label}.g{k}" for label in labels for k in range(1, 5))
                self.cite("claims/rank-diagonal", sizes, values, facts)

    def _changes(self, m: Matrix) -> None:
        """The rank of AB - 1 is at most those of A - 1 and B - 1 together."""
        one = words.identity(m.rows)
        if m.rows != m.cols:
            return
        for value in (words.add(m, one), words.minus(one, m)):
            if len(value.terms) == 1 and value.terms[0][1] == 1 and not value.terms[0][0][0]:
                word = value.terms[0][0][1]
                for cut in range(1, len(word)):
                    left, right = product(word[:cut]), product(word[cut:])
                    if left.rows == left.cols:
                        self.cite("matrix/rank-of-two-changes", {"n": m.rows}, {"A": left, "B": right})

    def _known_rank(self, m: Matrix) -> None:
        if m == words.identity(m.rows) and m.rows == m.cols:
            name = self.scope.name()
            text = f"{matrix_text(m)}*{matrix_text(m)} = {matrix_text(m)}"
            if self.attempt(lambda: prove_equation(self.scope, self.scope.context.read(text).body, [], name)):
                made = self.cite("axiom/nonsingular", {"n": m.rows}, {"M": m, "N": m}, (name,), (0,))
                if made:
                    self.cite("matrix/rank-identity", {"n": m.rows}, {"A": m}, (made[0],))
        if len(m.terms) == 1 and m.cols != ONE != m.rows:
            word = m.terms[0][0][1]
            for cut in range(1, len(word)):
                if word[cut].rows == ONE:
                    sizes = {"m": m.rows, "n": m.cols}
                    self.cite("matrix/rank-one", sizes, {"u": product(word[:cut]), "v": product(word[cut:])})

    def _cancelled(self, left: Matrix, right: Matrix, regular: dict[Matrix, str]) -> None:
        """A nonsingular factor leaves the rank: X A and A Y."""
        for m, keep, first in ((left, right, True), (right, left, False)):
            if m not in regular:
                continue
            inverse = words.apply("inv", (m,))
            if first:
                self._back(inverse, words.times(m, keep), words.identity(keep.cols), keep)
            else:
                self._back(words.identity(keep.rows), words.times(keep, m), inverse, keep)

    def _back(self, a: Matrix, b: Matrix, c: Matrix, keep: Matrix) -> None:
        sizes = {"m": a.rows, "n": b.rows, "p": b.cols, "q": c.cols}
        self.cite("matrix/rank-middle", sizes, {"A": a, "B": b, "C": c})
        whole = words.times(words.times(a, b), c)
        name = self.prove(f"{matrix_text(whole)} = {matrix_text(keep)}")
        if name is not None:
            self.cite("axiom/rank-congruence", {"m": keep.rows, "n": keep.cols}, {"M": whole, "N": keep}, (name,))


def _outer(term: tuple[words.Key, Fraction]) -> tuple[Letter, Matrix, Letter]:
    """Return the first letter of a term, the product of those between with the coefficient, and the last letter."""
    (_, word), c = term
    return word[0], words.scale(product(word[1:-1]), c), word[-1]
