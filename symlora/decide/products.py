"""Inequalities as combinations of products: what is known to be >= 0 is multiplied as far as that meets the goal.

From the monomials of a goal, each known inequality is multiplied by the scalars that lead from one of its own monomials
to one that was met, where these scalars are known to be >= 0 or occur squared; each known equation likewise, by
anything. A linear program picks the combination; only what it uses becomes a step.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from symlora.decide.linear import Square, squares, summand
from symlora.decide.reduction import Loops, Reduction, Trace, divided, scalar_of
from symlora.kernel import words
from symlora.kernel.facts import Relation, difference
from symlora.kernel.naturals import ONE, Nat
from symlora.kernel.printing import matrix_text, nat_text, relation_text
from symlora.kernel.words import Key, Matrix, Word
from symlora.rules.combinations import combine
from symlora.rules.scope import Scope

ROUNDS, MAX_COLUMNS, MAX_REACHED, MAX_LOOPS, MAX_PAIRS, MAX_FREE, MAX_SQUARES = 8, 360, 500, 8, 60, 240, 400


@dataclass(frozen=True)
class Product:
    """The summand ``s' (r P) s``: scalar words r >= 0 and s, and the name of the fact psd(P)."""

    r: Loops
    s: Loops
    fact: str | Square
    other: str = ""
    """Another inequality between scalars that multiplies, by name."""


@dataclass(frozen=True)
class Multiple:
    """The summand ``left * fact * right`` for an equation."""

    left: str
    fact: str
    right: str


def gram_half(loop: Word) -> Matrix | None:
    """Return x where a scalar word is x'x."""
    half = len(loop) // 2
    if len(loop) % 2 or not half or words.flip(loop[half:]) != loop[:half]:
        return None
    out = words.letter(loop[half])
    for x in loop[half + 1 :]:
        out = words.times(out, words.letter(x))
    return out


class Products:
    """The columns of the linear program for one goal."""

    def __init__(self, scope: Scope, goal: Relation, names: Sequence[str], vectors: Sequence[Matrix] = ()) -> None:
        self.scope, self.goal, self.names, self.vectors = scope, goal, names, vectors
        self.m = difference(goal)
        self.patterns: list[tuple[str, Matrix]] = []
        scalars: list[tuple[str, Matrix]] = []
        self.signs: dict[Word, str] = {}
        self.known: list[tuple[str, Matrix]] = []
        for name in names:
            fact = scope.fact(name)
            if fact.hints or fact.conditions:
                continue
            if fact.body.kind == "psd":
                (p,) = fact.body.sides
                self.known.append((name, p))
                if p.rows == ONE and len(p.terms) == 1:
                    (loops, _), c = p.terms[0]
                    if len(loops) == 1 and c == 1:
                        self.signs.setdefault(loops[0], name)
            elif fact.body.kind == "=":
                gap = difference(fact.body)
                (scalars if gap.rows == gap.cols == ONE else self.patterns).append((name, gap))
            elif fact.body.kind == "nonsingular" and fact.body.sides[0].rows == ONE:
                (p,) = fact.body.sides
                inverse = words.times(p, words.apply("inv", (p,)))
                scalars.append((name, words.minus(inverse, words.scalar(1))))
        self.reduction = Reduction(scalars)
        self.target = self.reduction.reduced(self.m)
        self.sources: dict[tuple[Word, bool], list[tuple[str | Square, Matrix, Loops]]] = {}
        """Known inequalities, and known matrices around columns, by their monomials."""
        self.chosen: list[Product | Square] = []
        self.columns: list[Matrix] = []
        self.multiples: list[tuple[Multiple, Matrix]] = []
        self.seen: dict[object, None] = {}
        self.inverses: dict[str, str] = {}

    def positive(self, loops: Loops) -> tuple[Loops, Loops] | None:
        """Split a product of scalar words as r * s * s with r known to be >= 0, or return None."""
        r: list[Word] = []
        s: list[Word] = []
        for loop in dict.fromkeys(loops):
            count = loops.count(loop)
            s += [loop] * (count // 2)
            if count % 2:
                if loop not in self.signs and gram_half(loop) is None:
                    return None
                r.append(loop)
        return tuple(r), tuple(s)

    def collect(self) -> None:
        """Fill the columns, from the monomials of the goal outwards.

        Where a monomial occurs in the goal with a sign, summands are of use in which it has this sign; what else they
        bring has to be cancelled by summands in which it has the other sign.
        """
        squared: dict[tuple[Key, bool], list[tuple[Square, Matrix]]] = {}
        for square in islice(squares(self.scope, self.m, self.names, self.vectors), MAX_SQUARES):
            if square[1] and square[0].rows == ONE:
                continue  # a scalar around a scalar is a product
            value = summand(self.scope, square)
            if (value.rows, value.cols) == (self.m.rows, self.m.cols):
                value = self.reduction.reduced(value)
                for key, c in value.terms:
                    squared.setdefault((key, c > 0), []).append((square, value))
                if square[1] and self.m.rows == ONE:
                    self._source(square, value)
        for name, p in self.known:
            if (p.rows, p.cols) == (self.m.rows, self.m.cols):
                self._source(name, self.reduction.reduced(p))
        reached = dict.fromkeys((key, c > 0) for key, c in self.target.terms)
        fresh = list(reached)
        for _ in range(ROUNDS):
            added = len(self.columns), len(self.multiples)
            for key, sign in fresh:
                for square, value in squared.get((key, sign), ()):
                    self._add(square, value, square)
                self._inequalities(key, sign)
                self._equalities(key)
            fresh = []
            for value in self.columns[added[0] :]:
                fresh += [(key, c < 0) for key, c in value.terms]
            for _, value in self.multiples[added[1] :]:
                fresh += [(key, sign) for key, _ in value.terms for sign in (True, False)]
            fresh = [one for one in dict.fromkeys(fresh) if one not in reached and len(one[0][0]) <= MAX_LOOPS]
            fresh = fresh[: max(0, MAX_REACHED - len(reached))]
            reached.update(dict.fromkeys(fresh))
            if not fresh:
                break
        if self.m.rows == ONE:
            self._pairs({key: None for key, _ in reached})

    def _source(self, name: str | Square, value: Matrix) -> None:
        """Note where an inequality can be multiplied: by word and sign of its monomials."""
        for (inner, word), c in value.terms:
            self.sources.setdefault((word, c > 0), []).append((name, value, inner))

    def _add(self, what: Product | Square, value: Matrix, key: object) -> None:
        if value.terms and len(self.columns) < MAX_COLUMNS and not {key, value} & self.seen.keys():
            self.seen.update({key: None, value: None})
            self.chosen.append(what)
            self.columns.append(value)

    def _inequalities(self, key: Key, sign: bool) -> None:
        loops, word = key
        for name, p, inner in self.sources.get((word, sign), ()):
            rest = divided(loops, inner)
            if rest is None or (not rest and not isinstance(name, str)) or (name, rest) in self.seen:
                continue
            split = self.positive(rest)
            if split is not None and len(self.columns) < MAX_COLUMNS:
                value = self.reduction.reduced(words.times(scalar_of(rest), p))
                self._add(Product(*split, name), value, (name, rest))

    def _equalities(self, key: Key) -> None:
        loops, word = key
        for name, gap in self.patterns:
            if len(self.multiples) >= MAX_FREE:
                return
            for (inner, pattern), _ in gap.terms:
                if not inner and pattern:
                    self._inside(loops, word, name, gap, pattern)

    def _multiple(self, left: Matrix, fact: str, right: Matrix, value: Matrix) -> None:
        key = (matrix_text(left), fact, matrix_text(right))
        if (value.rows, value.cols) == (self.m.rows, self.m.cols) and value.terms and key not in self.seen:
            self.seen[key] = None
            self.multiples.append((Multiple(*key), self.reduction.reduced(value)))

    def _inside(self, loops: Loops, word: Word, name: str, gap: Matrix, pattern: Word) -> None:
        """Multiply an equation so that its pattern lies inside a word that was reached."""
        for flipped in (False, True):
            what = words.flip(pattern) if flipped else pattern
            value = words.transpose(gap) if flipped else gap
            fact = f"{name}'" if flipped else name
            places = [(loop, divided(loops, (loop,)) or ()) for loop in dict.fromkeys(loops)]
            places += [(word, loops)] if word else []
            for whole, rest in places:
                if self.m.rows != ONE and whole is not word:
                    continue
                for i in range(len(whole) - len(what) + 1):
                    if whole[i : i + len(what)] != what:
                        continue
                    left, right = _product(whole[:i], value.rows), _product(whole[i + len(what) :], value.cols)
                    c = scalar_of(rest)
                    outer = words.times(c, left)
                    found = words.times(words.times(outer, value), right)
                    self._multiple(outer, fact, right, found)

    def _pairs(self, reached: dict[Key, None]) -> None:
        """Add products of two known inequalities between scalars that meet what was reached."""
        scalars = [(name, p) for name, p in self.known if p.rows == ONE and len(p.terms) > 1][:12]
        pairs = ((a, b) for i, a in enumerate(scalars) for b in scalars[i + 1 :])
        for (first, p), (second, q) in islice(pairs, MAX_PAIRS):
            value = self.reduction.reduced(words.times(p, q))
            if any(key in reached for key, _ in value.terms):
                self._add(Product((), (), second, first), value, (first, second))

    # Steps

    def prove(self, name: str) -> bool:
        """Add the goal as fact `name` if the linear program has a solution."""
        if self.reduction.unit and self.m.rows == ONE:
            return self._anything(name)
        self.collect()
        columns = [*self.columns, *(value for _, value in self.multiples)]
        found = combine(self.target, columns, len(self.columns))
        if found is None:
            return False
        items, by, rest = [], [], self.m
        for j, c in found.items():
            if j >= len(self.columns):
                one = self.multiples[j - len(self.columns)][0]
                left, gap = words.scale(self.scope.context.matrix(one.left), c), self._gap(one.fact)
                right = self.scope.context.matrix(one.right)
                by.append([matrix_text(left), one.fact, one.right])
                rest = words.minus(rest, words.times(words.times(left, gap), right))
                continue
            q, fact = self._summand(self.chosen[j])
            items.append([matrix_text(words.scalar(c)), matrix_text(q), *([fact] if fact else [])])
            rest = words.minus(rest, words.scale(summand(self.scope, (q, fact)), c))
        trace: Trace = []
        if self.reduction.reduced(rest, trace).terms:
            return False
        for scalar, equation, word in trace:
            if scalar.terms:
                right = _product(word, self.m.rows)
                by.append([matrix_text(scalar), self._equation(equation), matrix_text(right)])
        self.scope.add({"rule": "psd", "fact": relation_text(self.goal), "squares": items, "by": by, "as": name})
        return True

    def _anything(self, name: str) -> bool:
        """Add the goal because the equations say 1 = 0."""
        by = [[matrix_text(words.times(q, self.m)), self._equation(one), "1"] for q, one in self.reduction.unit]
        self.scope.add({"rule": "psd", "fact": relation_text(self.goal), "squares": [], "by": by, "as": name})
        return True

    def _gap(self, fact: str) -> Matrix:
        plain = fact.removesuffix("'")
        gap: Matrix = difference(self.scope.fact(plain).body)
        return words.transpose(gap) if fact != plain else gap

    def _equation(self, fact: str) -> str:
        """Return the name of an equation; the one of a nonsingular scalar is cited."""
        body = self.scope.fact(fact).body
        if body.kind != "nonsingular":
            return fact
        if fact not in self.inverses:
            self.inverses[fact] = self.scope.name()
            value = {"M": matrix_text(body.sides[0])}
            self.scope.cite("axiom/inverse", {"n": "1"}, value, [fact], [self.inverses[fact]])
        return self.inverses[fact]

    def _summand(self, what: Product | Square) -> tuple[Matrix, str]:
        if not isinstance(what, Product):
            return what
        fact = what.fact if isinstance(what.fact, str) else self._shown(what.fact)
        p = self.scope.fact(fact).body.sides[0]
        factors = [(self._sign(loop), scalar_of((loop,))) for loop in what.r]
        if what.other:
            factors.append((what.other, self.scope.fact(what.other).body.sides[0]))
        for sign, c in factors:
            label = self.scope.name()
            texts = {"c": matrix_text(c), "P": matrix_text(p)}
            self.scope.cite("axiom/multiple", {"n": nat_text(p.rows)}, texts, [sign, fact], [label])
            p, fact = words.times(c, p), label
        s = words.times(scalar_of(what.s), words.identity(p.rows))
        return s, fact

    def _shown(self, square: Square) -> str:
        """Add the inequality that a known matrix around a column is."""
        label = self.scope.name()
        text = f"psd({matrix_text(summand(self.scope, square))})"
        items = [["1", matrix_text(square[0]), square[1]]]
        self.scope.add({"rule": "psd", "fact": text, "squares": items, "by": [], "as": label})
        return label

    def _sign(self, loop: Word) -> str:
        if loop in self.signs:
            return self.signs[loop]
        half = gram_half(loop)
        label = self.scope.name()
        text = f"psd({matrix_text(scalar_of((loop,)))})"
        self.scope.add({"rule": "psd", "fact": text, "squares": [["1", matrix_text(half)]] if half else [], "by": [],
                        "as": label})  # fmt: skip
        return label


def _product(word: Word, size: Nat) -> Matrix:
    """Return the product of letters; of none the identity of a size."""
    if not word:
        return words.identity(size)
    out = words.letter(word[0])
    for x in word[1:]:
        out = words.times(out, words.letter(x))
    return out


def prove_by_products(
    scope: Scope, goal: Relation, names: Sequence[str], name: str, vectors: Sequence[Matrix] = ()
) -> bool:
    """Add ``psd(M)`` as fact `name` if M is a combination of squares and products of what is known.

    `vectors` are further columns around which known matrices are put.
    """
    return Products(scope, goal, names, vectors).prove(name)
