"""Lemmas about ranks, applied to the products, sums and blocks that occur in a claim."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from symlora.decide.consequences import Consequences
from symlora.decide.facts import product
from symlora.kernel import words
from symlora.kernel.facts import Relation, difference
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
                if m.rows == m.cols == other.rows == other.cols and m != other:
                    whole = words.add(m, other)
                    if whole.terms and whole == words.identity(m.rows, whole.terms[0][1]):
                        self._complement(m, other)
        for m in matrices:
            self._exchanged(m)
            self._blocks(m)
            for other in matrices:
                if m != other:
                    self._through(m, other)
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

    def _exchanged(self, m: Matrix) -> None:
        """The ranks of I - AB and I - BA."""
        for a, b in exchanges(m):
            self.cite("matrix/rank-exchange", {"m": a.rows, "n": a.cols}, {"A": a, "B": b})

    def _pairs(self) -> list[tuple[Matrix, Matrix, str]]:
        """Return the coordinate inclusions in scope, two by two, with the label of their facts."""
        labels = [name.removesuffix(".g1") for name in self.givens if name.endswith(".g1")]
        return [(*map(self.scope.context.matrix, label.split("-")), label) for label in labels]  # type: ignore[misc]

    def columns(self, m: Matrix) -> Iterator[tuple[Matrix, Matrix, Matrix, Matrix, str]]:
        """Yield A, B, J, K and the label of J, K where M = A J' + B K'."""
        for first, second, label in self._pairs():
            parts: list[list[tuple[words.Key, Fraction]]] = [[], []]
            for (loops, word), c in m.terms:
                for place, inclusion in enumerate((first, second)):
                    if word and word[-1:] == words.flip(_letters(inclusion)):
                        parts[place].append(((loops, word[:-1]), c))
            if m.terms and sum(map(len, parts)) == len(m.terms):
                a, b = (
                    words.collect(m.rows, inclusion.cols, part)
                    for part, inclusion in zip(parts, (first, second), strict=True)
                )
                yield a, b, first, second, label

    def _blocks(self, m: Matrix) -> None:
        """Ranks of rows and columns of blocks, of triangular blocks, and through the Schur complement."""
        for a, b, j, k, label in self.columns(m):
            sizes = {"m": m.rows, "n": a.cols, "p": b.cols, "q": m.cols}
            facts = tuple(f"{label}.g{i}" for i in (1, 2, 3))
            self.cite("matrix/rank-blocks", sizes, {"A": a, "B": b, "J": j, "K": k}, facts)
            for upper in self.columns(words.transpose(a)):
                for lower in self.columns(words.transpose(b)):
                    if upper[2:] == lower[2:]:
                        parts = tuple(words.transpose(one) for one in (upper[0], lower[0], upper[1], lower[1]))
                        self._four(parts, (*upper[2:4], j, k), (upper[4], label))
        for a, b, j, k, label in self.columns(words.transpose(m)):
            sizes = {"m": m.cols, "n": a.cols, "p": b.cols, "q": m.rows}
            facts = tuple(f"{label}.g{i}" for i in (1, 2, 3))
            values = {"A": words.transpose(a), "B": words.transpose(b), "J": j, "K": k}
            self.cite("matrix/rank-blocks-column", sizes, values, facts)

    def _four(self, parts: tuple[Matrix, ...], inclusions: tuple[Matrix, ...], labels: tuple[str, str]) -> None:
        """[A, B; C, D]: bounds for C = 0, and the Schur complement for a nonsingular A."""
        a, b, c, d = parts
        facts = tuple(f"{label}.g{i}" for label in labels for i in (1, 2, 3, 4))
        named = dict(zip(("J", "K", "J1", "K1"), inclusions, strict=True))
        if not c.terms:
            sizes = {"m": a.rows, "n": a.cols, "p": d.rows, "q": d.cols}
            self.cite("matrix/rank-below-upper", sizes, {"A": a, "B": b, "D": d, **named}, facts)
        if a.rows != a.cols:
            return
        self._known_rank(a)
        for name in list(self.names):
            if self.fact(name).body != Relation("nonsingular", (a,)):
                continue
            sizes = {"m": a.rows, "n": d.rows, "p": d.cols}
            inverse = words.apply("inv", (a,))
            rest = words.minus(d, words.times(words.times(c, inverse), b))
            self.cite("matrix/rank-schur", sizes, {"A": a, "B": b, "C": c, "D": d, **named}, (name, *facts))
            if a == words.identity(a.rows):
                plain = words.minus(d, words.times(c, b))
                self._same_rank(rest, plain)
                if not plain.terms:
                    self.cite("matrix/rank-zero", {"m": plain.rows, "n": plain.cols}, {"A": plain})
            return

    def _same_rank(self, m: Matrix, other: Matrix) -> bool:
        """Show that two matrices are equal, and so their ranks."""
        name = self.prove(f"{matrix_text(m)} = {matrix_text(other)}")
        sizes = {"m": m.rows, "n": m.cols}
        return name is not None and bool(self.cite("axiom/rank-congruence", sizes, {"M": m, "N": other}, (name,)))

    def _through(self, m: Matrix, other: Matrix) -> None:
        """The rank of M is at most that of N where M = N C or M = C N, after the given equations."""
        for turned in (False, True):
            a, b = (words.transpose(m), words.transpose(other)) if turned else (m, other)
            if a.rows != b.rows:
                continue
            for variant in self._variants(a):
                factor = self._factor(variant, b)
                if factor is None:
                    continue
                left, right = (words.transpose(factor), other) if turned else (other, factor)
                if self._same_rank(m, words.times(left, right)):
                    sizes = {"m": left.rows, "n": left.cols, "p": right.cols}
                    self.cite("matrix/rank-product", sizes, {"A": left, "B": right})
                    return

    def _variants(self, m: Matrix) -> Iterator[Matrix]:
        """Yield a matrix, and it with the left side of a given equation ``word = word`` replaced wherever it stands."""
        yield m
        for name in self.givens:
            fact = self.fact(name)
            if fact.body.kind != "=" or fact.hints:
                continue
            gap = difference(fact.body)
            for flipped in (gap, words.transpose(gap)):
                for (loops, word), c in flipped.terms:
                    if not loops and word and len(flipped.terms) == 2:
                        rest = words.scale(words.minus(words.scale(product(word), c), flipped), 1 / c)
                        new = _replaced(m, word, rest)
                        if new != m:
                            yield new

    def _factor(self, m: Matrix, other: Matrix) -> Matrix | None:
        """Return C with M = N C, found term by term: each begins with N or with a block of N."""
        pieces = [(other, words.identity(other.cols))]
        for a, b, j, k, _ in self.columns(other):
            pieces += [(a, j), (b, k)]
        total = words.zero(other.cols, m.cols)
        for (loops, word), c in m.terms:
            for piece, select in pieces:
                if len(piece.terms) != 1 or piece.terms[0][0][0] or loops:
                    continue
                ((_, start), d) = piece.terms[0]
                if word[: len(start)] != start:
                    continue
                rest = product(word[len(start) :]) if word[len(start) :] else words.identity(piece.cols)
                total = words.add(total, words.scale(words.times(select, rest), c / d))
                break
            else:
                return None
        return total

    def _complement(self, m: Matrix, other: Matrix) -> None:
        """``M + N = c`` and ``MN = 0`` give rank(M) + rank(N) = n."""
        sizes = {"m": m.rows, "n": m.rows}
        self._known_rank(words.add(m, other))
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
        if m.rows == m.cols and m.terms and m == words.identity(m.rows, m.terms[0][1]):
            inverse, name = words.identity(m.rows, 1 / m.terms[0][1]), self.scope.name()
            one = Relation("=", (words.times(m, inverse), words.identity(m.rows)))
            if self.attempt(lambda: prove_equation(self.scope, one, [], name)):
                made = self.cite("axiom/nonsingular", {"n": m.rows}, {"M": m, "N": inverse}, (name,), (0,))
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


def exchanges(m: Matrix) -> list[tuple[Matrix, Matrix]]:
    """Return pairs A, B with M = I - AB, for every way to cut the one word beside the identity."""
    if m.rows != m.cols:
        return []
    rest = words.minus(words.identity(m.rows), m)
    if len(rest.terms) != 1 or rest.terms[0][0][0]:
        return []
    ((_, word), c) = rest.terms[0]
    return [(words.scale(product(word[:cut]), c), product(word[cut:])) for cut in range(1, len(word))]


def _letters(m: Matrix) -> words.Word:
    return m.terms[0][0][1]


def _replaced(m: Matrix, pattern: words.Word, rest: Matrix) -> Matrix:
    """Return a matrix with a word replaced at its first place in every term."""
    total = words.zero(m.rows, m.cols)
    for (loops, word), c in m.terms:
        at = next((i for i in range(len(word)) if word[i : i + len(pattern)] == pattern), None)
        term = Matrix(m.rows, m.cols, (((loops, word), c),))
        if at is not None and not loops:
            term = words.scale(rest, c)
            if at:
                term = words.times(product(word[:at]), term)
            if word[at + len(pattern) :]:
                term = words.times(term, product(word[at + len(pattern) :]))
        total = words.add(total, term)
    return total


def _outer(term: tuple[words.Key, Fraction]) -> tuple[Letter, Matrix, Letter]:
    """Return the first letter of a term, the product of those between with the coefficient, and the last letter."""
    (_, word), c = term
    return word[0], words.scale(product(word[1:-1]), c), word[-1]
