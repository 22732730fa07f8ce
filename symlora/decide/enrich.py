"""Facts that a proof may need, added to a scope before it is looked for: lemmas applied to what occurs in the claim.

Each step is a citation that the kernel checks; one that does not fit is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise

from symlora.decide.gram import gram_factor
from symlora.kernel import words
from symlora.kernel.errors import Rejected
from symlora.kernel.facts import Fact, difference
from symlora.kernel.naturals import ONE, Nat, minus
from symlora.kernel.printing import matrix_text, nat_text
from symlora.kernel.words import Letter, Matrix
from symlora.rules.algebra import prove_equation
from symlora.rules.order import search_psd
from symlora.rules.ranges import Ranges, prove_relation
from symlora.rules.rank import prove_rank
from symlora.rules.scope import Failure, Scope

MAX_FACTS = 60


class Enrichment:
    """Adds facts to a scope; `names` are all facts that a proof may use, the givens first."""

    def __init__(self, scope: Scope, givens: list[str], fetch: Callable[[str], None], late: Callable[[], bool]) -> None:
        self.scope, self.names, self.fetch, self.late = scope, list(givens), fetch, late
        self.givens = list(givens)
        self.done: dict[tuple[str, tuple[Matrix, ...]], None] = {}
        self.decomposed: dict[Matrix, dict[str, str]] = {}

    def attempt(self, step: Callable[[], Failure | bool | None]) -> bool:
        """Carry out a step; undo it and return False if it fails."""
        scope = self.scope
        size, before = len(scope.steps), (dict(scope.context.symbols), dict(scope.context.facts))
        try:
            found = step()
        except (Rejected, KeyError):
            found = False
        if found is None or found is True:
            return True
        del scope.steps[size:]
        scope.context.symbols, scope.context.facts = before
        return False

    def cite(self, theorem: str, naturals: dict[str, Nat], matrices: dict[str, Matrix], facts: tuple[str, ...] = (),
             goals: tuple[int, ...] | None = None) -> list[str]:  # fmt: skip
        """Cite a theorem; return the names of the new facts, none if it does not fit or was cited before."""
        key = (theorem, tuple(matrices.values()))
        if key in self.done or len(self.done) > MAX_FACTS or self.late():
            return []
        self.done[key] = None
        self.fetch(theorem)
        count = len(self.scope.library.theorems[theorem].goals)
        made = [self.scope.name() for _ in range(count)]

        def step() -> None:
            self.scope.cite(theorem, {n: nat_text(v) for n, v in naturals.items()},
                            {n: matrix_text(m) for n, m in matrices.items()}, list(facts), made)  # fmt: skip

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

    # What hypotheses give

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
        for name in list(self.names):
            body = self.fact(name).body
            if body.kind == "nonsingular":
                self.cite("matrix/rank-identity", {"n": body.sides[0].rows}, {"A": body.sides[0]}, (name,), (0,))

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

    # What terms give

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

    def _inside(self, c: Matrix) -> Matrix | None:
        """Return M where a scalar is tr(M'M), as far as its form shows it."""
        return gram_factor(c)

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
        self._semidefinite(inner)
        for word in [word for (_, word), _ in inner.terms][:2]:
            self._schwarz(words.identity(inner.rows), product(word))
            for cut in range(1, len(word)):
                self._schwarz(words.transpose(product(word[:cut])), product(word[cut:]))

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
        for m in inside:
            sizes = {"m": m.rows, "n": m.cols}
            self.cite("matrix/norm-frobenius", sizes, {"A": m})
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
                for lemma in ("product", "product-right", "submultiplicative"):
                    self.cite(f"claims/frobenius-{lemma}", triple, {"A": left, "B": right})
            if len(word) == 1 and word[0].flipped:
                self.cite("claims/frobenius-transpose", {"m": m.cols, "n": m.rows}, {"A": words.transpose(m)})
        for i, a in enumerate(inside):
            for b in inside[i + 1 :]:
                if (a.rows, a.cols) == (b.rows, b.cols):
                    for lemma in ("cauchy-schwarz", "frobenius-inner"):
                        self.cite(f"claims/{lemma}", {"m": a.rows, "n": a.cols}, {"A": a, "B": b})

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
                    self.cite("claims/rank-gram", {"m": right.rows, "n": right.cols}, {"A": right})
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
                if len(gap.terms) == 1:  # a product that is 0
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

    # What equations give inside functions

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


def product(word: tuple[Letter, ...]) -> Matrix:
    """Return the product of letters."""
    out = words.letter(word[0])
    for _, x in pairwise(word):
        out = words.times(out, words.letter(x))
    return out


def _outer(term: tuple[words.Key, Fraction]) -> tuple[Letter, Matrix, Letter]:
    """Return the first letter of a term, the product of those between with the coefficient, and the last letter."""
    (_, word), c = term
    return word[0], words.scale(product(word[1:-1]), c), word[-1]


def part(m: Matrix, terms: tuple[tuple[words.Key, Fraction], ...]) -> Matrix:
    """Return some of the terms of a matrix."""
    return Matrix(m.rows, m.cols, terms)
