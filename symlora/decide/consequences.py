"""What single hypotheses give: symmetry, one-sided inverses, full rank, and that what has no length is 0."""

from __future__ import annotations

from symlora.decide.facts import Facts, product
from symlora.decide.gram import gram_factor
from symlora.kernel import words
from symlora.kernel.facts import difference
from symlora.kernel.naturals import ONE
from symlora.kernel.printing import matrix_text, nat_text
from symlora.kernel.words import Letter, Matrix
from symlora.rules.algebra import prove_equation
from symlora.rules.ranges import prove_relation


class Consequences(Facts):
    """Adds what follows from the givens."""

    def hypotheses(self) -> None:
        """Add what follows from single hypotheses: symmetry, one-sided inverses, full rank, signs of traces."""
        for name in self.givens:
            body = self.fact(name).body
            if body.kind == "psd":
                (p,) = body.sides
                if p.rows != ONE:
                    self.cite("axiom/symmetric", {"n": p.rows}, {"P": p}, (name,))
            elif body.kind == "=":
                self._one_sided(name, difference(body))
            elif body.kind in ("==", "<="):
                self._full_rank(name)
        self._vanishing()
        self._complements()
        for name in list(self.names):
            body = self.fact(name).body
            if body.kind == "nonsingular":
                self._exchanged_regular(name)
                self.cite("matrix/rank-identity", {"n": body.sides[0].rows}, {"A": body.sides[0]}, (name,), (0,))

    def _exchanged_regular(self, name: str) -> None:
        """I - AB is nonsingular where I - BA is."""
        (m,) = self.fact(name).body.sides
        rest = words.minus(words.identity(m.rows), m)
        if len(rest.terms) == 1 and not rest.terms[0][0][0]:
            ((_, word), c) = rest.terms[0]
            for cut in range(1, len(word)):
                b, a = words.scale(product(word[:cut]), c), product(word[cut:])
                self.cite("matrix/nonsingular-exchange", {"m": a.rows, "n": a.cols}, {"A": a, "B": b}, (name,), (0,))

    def _complements(self) -> None:
        """``rank(M) + rank(I - M) <= n`` makes M idempotent."""
        found: dict[Matrix, None] = {}
        for name in self.givens:
            body = self.fact(name).body
            if body.kind in ("==", "<="):
                for side in body.sides:
                    found.update({args[0]: None for monomial, _ in side for head, args in monomial if head == "rank"})
        for m in found:
            other = words.minus(words.identity(m.rows), m) if m.rows == m.cols else m
            if other != m and other in found:
                text = f"rank({matrix_text(m)}) + rank({matrix_text(other)}) <= {nat_text(m.rows)}"
                label = self.scope.name()
                goal = self.scope.context.read(text).body
                if self.attempt(lambda g=goal, n=label: prove_relation(self.scope, g, n)):  # type: ignore[misc]
                    self.cite("matrix/idempotent-rank", {"n": m.rows}, {"A": m}, (label,))

    def _vanishing(self) -> None:
        """What has square, norm, rank or trace 0 is 0."""
        queue = list(self.names)
        definite = [(name, self.fact(name).body.sides[0]) for name in queue if self.fact(name).body.kind == "psd"]
        for first, p in definite:
            for second, q in definite:
                if q == words.negative(p):
                    self.cite("axiom/antisymmetric", {"n": p.rows}, {"P": p}, (first, second))
            if p.rows != ONE:
                trace = words.apply("tr", (p,))
                name = self.scope.name()
                goal = self.scope.context.read(f"{matrix_text(trace)} = 0").body
                if self.attempt(lambda g=goal, n=name: prove_equation(self.scope, g, self.givens, n)):  # type: ignore[misc]
                    self.cite("claims/psd-trace-zero", {"n": p.rows}, {"P": p}, (first, name))
        while queue:
            name = queue.pop(0)
            body = self.fact(name).body
            if body.kind == "=":
                queue += self._nothing(name, difference(body))
            elif body.kind in ("==", "<="):
                queue += self._no_rank(name)

    def _nothing(self, name: str, gap: Matrix) -> list[str]:
        """Return new facts from an equation ``word = 0``."""
        if len(gap.terms) != 1:
            return []
        (loops, word), c = gap.terms[0]
        if not word and len(loops) == 1:
            return self._no_length(words.scale(gap, 1 / c), loops[0][0], name)
        if loops or not word:
            return []
        for cut in range(1, len(word)) if len(word) <= 4 and not loops else ():
            # what is known to be symmetric may make a square of it
            for f in (product(word[:cut]), product(word[cut:])):
                square = words.times(words.transpose(f), f)
                if 2 * len(f.terms[0][0][1]) < len(word):
                    continue
                label = self.prove(f"{matrix_text(square)} = {matrix_text(words.zero(f.cols, f.cols))}")
                if label is not None:
                    return self.cite("axiom/definite", {"m": f.rows, "n": f.cols}, {"F": f}, (label,))
        for longer in (word, (words.flip(word[:1])[0], *word)):
            half = longer[len(longer) // 2 :]
            if len(longer) % 2 or words.flip(half) != longer[: len(longer) // 2]:
                continue
            f = product(half)
            zero = matrix_text(words.zero(f.cols, f.cols))
            label = self.prove(f"{matrix_text(product(longer))} = {zero}")
            if label is not None:
                return self.cite("axiom/definite", {"m": f.rows, "n": f.cols}, {"F": f}, (label,))
        return []

    def _no_length(self, value: Matrix, x: Letter, name: str) -> list[str]:
        """Return new facts from ``norm2(M) = 0`` or ``tr(M'M) = 0`` or the root of that."""
        label = self.prove(f"{matrix_text(value)} = 0")
        if label is None:
            return []
        if x.head == "norm2":
            return self.cite("matrix/norm-zero", {"m": x.args[0].rows, "n": x.args[0].cols}, {"A": x.args[0]}, (label,))
        m = self._inside(x.args[0] if x.head == "sqrt" else value)
        if m is None:
            return []
        sizes = {"m": m.rows, "n": m.cols}
        if x.head == "sqrt":
            self.cite("claims/frobenius", sizes, {"M": m})
            label = self.prove(f"{matrix_text(x.args[0])} = 0")
        return self.cite("claims/frobenius-zero", sizes, {"A": m}, (label,)) if label is not None else []

    def _no_rank(self, name: str) -> list[str]:
        """Return new facts where a rank is shown to be 0."""
        found: list[str] = []
        for side in self.fact(name).body.sides:
            for monomial, _ in side:
                for head, args in monomial:
                    if head == "rank":
                        goal = self.scope.context.read(f"rank({matrix_text(args[0])}) <= 0").body
                        label = self.scope.name()
                        if self.attempt(lambda g=goal, n=label: prove_relation(self.scope, g, n)):  # type: ignore[misc]
                            sizes = {"m": args[0].rows, "n": args[0].cols}
                            found += self.cite("matrix/zero-rank", sizes, {"M": args[0]}, (label,))
        return found

    def _one_sided(self, name: str, gap: Matrix) -> None:
        """``X*Y = 1`` between square matrices gives both inverses."""
        if gap.rows != gap.cols or len(gap.terms) != 2:
            return
        words_here = [(word, c) for (loops, word), c in gap.terms if not loops]
        if len(words_here) != 2 or words_here[0][0]:
            words_here = words_here[::-1]
        if len(words_here) != 2 or words_here[0][0] or words_here[0][1] != -words_here[1][1]:
            return
        word = words_here[1][0]
        for cut in range(1, len(word)):
            left, right = product(word[:cut]), product(word[cut:])
            if left.rows == left.cols:
                self.cite("axiom/nonsingular", {"n": left.rows}, {"M": left, "N": right}, (name,))

    def _full_rank(self, name: str) -> None:
        """``n <= rank(M)`` for a square M of that size makes it nonsingular."""
        body = self.fact(name).body
        for side in body.sides:
            for monomial, _ in side:
                for head, args in monomial:
                    if head == "rank" and args[0].rows == args[0].cols:
                        m: Matrix = args[0]
                        text = f"{nat_text(m.rows)} <= rank({matrix_text(m)})"
                        label = self.scope.name()
                        goal = self.scope.context.read(text).body
                        if self.attempt(lambda g=goal, n=label: prove_relation(self.scope, g, n)):  # type: ignore[misc]
                            self.cite("matrix/full-rank", {"n": m.rows}, {"M": m}, (label,))

    def _inside(self, c: Matrix) -> Matrix | None:
        """Return M where a scalar is tr(M'M), as far as its form shows it."""
        return gram_factor(c)
