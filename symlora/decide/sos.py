"""Inequalities between scalars as sums of squares with known inequalities as weights, by semidefinite programming.

A polynomial p in the scalars of a scope is written ``p = sum of g (c1 q1^2 + c2 q2^2 + ...)``, where g is 1, a known
inequality g >= 0 or a product of two, up to known equations (Putinar, Schmüdgen). What is found is a step of the
kernel, which multiplies it out.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, combinations_with_replacement

from symlora.decide.facts import Facts
from symlora.decide.polynomials import (
    Monomial,
    Parity,
    Polynomial,
    Rules,
    consistent,
    joined,
    matrix,
    polynomial,
    product,
    put,
)
from symlora.decide.semidefinite import Entry, Gram, solve, squares_of
from symlora.kernel import words
from symlora.kernel.facts import Relation, difference
from symlora.kernel.naturals import ONE
from symlora.kernel.printing import matrix_text, relation_text
from symlora.kernel.words import Matrix, Word
from symlora.rules.algebra import prove_equation
from symlora.rules.scope import Scope

MAX_WEIGHTS, MAX_FACTORS, MAX_BASIS = 14, 8, 26
MAX_MULTIPLIED = 3
SECONDS = 4.0


@dataclass
class Weight:
    """A known g >= 0: the polynomial, its matrix, and the facts of which it is the product (none for 1)."""

    polynomial: Polynomial
    matrix: Matrix
    facts: tuple[str, ...]


Part = tuple[Weight, list[Monomial], Gram]
"""A weight, the monomials of the squares beside it, and their Gram matrix."""


class Search:
    """The search for one inequality."""

    def __init__(self, scope: Scope, more: Facts, goal: Matrix, deadline: float, depth: int = 1) -> None:
        self.scope, self.more, self.depth = scope, more, depth
        self.deadline = min(deadline, time.monotonic() + SECONDS)
        self.goal = polynomial(goal)
        self.rules = Rules()
        self.weights: list[Weight] = []
        if self.goal is not None:
            self._collect()

    def _collect(self) -> None:
        if self.depth:
            self._functions()
        equations, seen = [], []
        for name in self.more.names:
            fact = self.more.fact(name)
            if fact.hints or fact.conditions or fact.body.kind not in ("=", "psd"):
                continue
            gap = polynomial(difference(fact.body))
            if gap and fact.body.kind == "=":
                equations.append((gap, name))
            elif gap and any(gap) and gap not in seen:
                seen.append(gap)
                self.weights.append(Weight(gap, matrix(gap), (name,)))
        for gap, name in sorted(equations, key=lambda e: (max(map(len, e[0])), len(e[0]))):
            self.rules.add(gap, name)
        names = self._names()
        given = set(self.more.givens)
        # Weights are known inequalities that share a scalar with the goal, what was given first.
        self.weights = [w for w in self.weights if names.intersection(self._loops(w))]
        self.weights.sort(key=lambda w: (w.facts[0] not in given, len(self._loops(w) - names), len(w.polynomial)))
        del self.weights[MAX_WEIGHTS:]

    def _loops(self, weight: Weight) -> set[Word]:
        return {loop for m in self._normal(weight.polynomial) for loop in m}

    def _functions(self) -> None:
        """Add what defines the roots and inverses that occur, where it can be shown that they exist."""
        polynomials = [self.goal or {}]
        polynomials += [polynomial(difference(self.more.fact(n).body)) or {} for n in self.more.givens
                        if self.more.fact(n).body.kind in ("=", "psd")]  # fmt: skip
        found = dict.fromkeys(loop[0] for p in polynomials for m in p for loop in m if len(loop) == 1)
        for x in found:
            if x.head == "inv" and x.args[0].rows == ONE:
                known = [n for n in self.more.names if self.more.fact(n).body.kind == "nonsingular"
                         and self.more.fact(n).body.sides[0] == x.args[0]]  # fmt: skip
                if known:
                    self.more.cite("axiom/inverse", {"n": ONE}, {"M": x.args[0]}, (known[0],), (0,))
            elif x.head == "sqrt":
                label = self.scope.name()
                goal = self.scope.context.read(f"psd({matrix_text(x.args[0])})").body
                if prove_sum_of_squares(self.scope, self.more, goal, label, self.deadline, 0):
                    self.more.cite("axiom/square-root", {}, {"c": x.args[0]}, (label,))

    def _normal(self, p: Polynomial) -> Polynomial:
        return self.rules.reduced(p)[0]

    def _names(self) -> set[Word]:
        return {loop for m in self._normal(self.goal or {}) for loop in m}

    def programs(self) -> Iterator[tuple[list[Weight], int]]:
        """Yield weights with a degree, the small programs first."""
        one = Weight({(): Fraction(1)}, words.scalar(1), ())
        goal = self._normal(self.goal or {})
        degree = max(map(len, goal), default=0)
        degree += degree % 2
        pairs = [
            Weight(product(a.polynomial, b.polynomial), words.times(a.matrix, b.matrix), (*a.facts, *b.facts))
            for a, b in combinations(self.weights[:MAX_FACTORS], 2)
        ]
        for d in (degree, degree + 2):
            yield [one], d
            if self.weights:
                yield [one, *self.weights], d
                yield [one, *self.weights, *pairs], d

    def certificate(self, positive: Sequence[Weight] = ()) -> list[Part] | None:
        """Return weights with bases and Gram matrices whose sum is the goal; `positive` come last, times constants."""
        if self.goal is None:
            return None
        goal = self._normal(self.goal)
        for weights, degree in self.programs():
            if time.monotonic() > self.deadline:
                return None
            blocks: list[tuple[Weight, list[Monomial]]] = []
            for weight in weights:
                blocks += [(weight, basis) for basis in self._bases(goal, weight, weights, degree)]
            blocks += [(weight, [()]) for weight in positive]
            found = self._solved(goal, blocks, len(positive))
            if found is not None:
                return [(w, basis, gram) for (w, basis), gram in zip(blocks, found, strict=True)]
        return None

    def _bases(self, goal: Polynomial, weight: Weight, weights: list[Weight], degree: int) -> list[list[Monomial]]:
        """Return the monomials of the squares beside a weight, split where signs of scalars can be turned."""
        inner = self._normal(weight.polynomial)
        size = max(map(len, inner), default=0)
        half = (degree - size) // 2
        if degree < size:
            return []
        support = [*goal, *(m for w in weights for m in self._normal(w.polynomial))]
        turned = [joined(top, m) for top, rule, _ in self.rules.lead for m in rule]
        loops = sorted({loop for m in support for loop in m})
        limits = {loop: max(m.count(loop) for m in support) for loop in loops}
        homogeneous = len({len(m) for m in goal}) == 1 and not self.rules.lead
        shapes = (
            [half]
            if homogeneous and all(len({len(m) for m in w.polynomial}) == 1 for w in weights)
            else range(half + 1)
        )
        found: list[Monomial] = []
        for k in shapes:
            for m in combinations_with_replacement(loops, k):
                small = all(2 * m.count(loop) <= limits[loop] + limits[loop] % 2 for loop in set(m))
                if small and self.rules.normal(m):
                    found.append(m)
                if len(found) > 4 * MAX_BASIS:
                    return []
        if not weight.facts and len(weights) == 1 and not self.rules.lead:
            found = consistent(found, goal)
        classes: dict[tuple[Word, ...], list[Monomial]] = {}
        span = Parity([*support, *turned])
        for m in found:
            classes.setdefault(span.coset(m), []).append(m)
        return [part for part in classes.values() if len(part) <= MAX_BASIS]

    def _solved(
        self, goal: Polynomial, blocks: list[tuple[Weight, list[Monomial]]], positive: int
    ) -> list[Gram] | None:
        rows: dict[Monomial, dict[Entry, Fraction]] = {m: {} for m in goal}
        for k, (weight, basis) in enumerate(blocks):
            for i, a in enumerate(basis):
                for j in range(i, len(basis)):
                    value = self._normal(product(weight.polynomial, {joined(a, basis[j]): Fraction(1 + (i != j))}))
                    for m, c in value.items():
                        rows.setdefault(m, {})[(k, i, j)] = c
            if time.monotonic() > self.deadline:
                return None
        if any(not row for row in rows.values()):
            return None
        equations = [(row, goal.get(m, Fraction(0))) for m, row in rows.items()]
        return solve([len(basis) for _, basis in blocks], equations, self.deadline, positive)


# Steps


def about_numbers(goal: Relation) -> bool:
    """Return whether a relation is about numbers, without matrices that more could be said of."""
    if goal.kind not in ("psd", "nonsingular"):
        return False
    p = polynomial(goal.sides[0])
    return bool(p) and all(
        len(loop) == 1 and loop[0].head not in ("tr", "norm2", "sigma", "nat") for m in p or () for loop in m
    )


def prove_sum_of_squares(scope: Scope, more: Facts, goal: Relation, name: str, deadline: float, depth: int = 2) -> bool:
    """Add ``psd(p)`` for a scalar p as fact `name`, or ``nonsingular(p)`` where p is above a positive number.

    `depth` bounds how often roots are squared away.
    """
    if goal.kind not in ("psd", "nonsingular") or goal.sides[0].rows != ONE or goal.sides[0].cols != ONE:
        return False
    try:
        if goal.kind == "nonsingular":
            return _strict(scope, more, goal, name, deadline)
        search = Search(scope, more, difference(goal), deadline, depth)
        found = search.certificate()
        if found is not None and more.attempt(lambda: _state(search, found, goal, name)):
            return True
        return depth > 1 and (_without_root(search, goal, name) or _multiplied(search, goal, name))
    except (ValueError, ArithmeticError, RecursionError):
        return False


def _without_root(search: Search, goal: Relation, name: str) -> bool:
    """Prove ``b <= a`` for a product b of roots from a >= 0 and b^2 <= a^2."""
    scope, more = search.scope, search.more
    p = polynomial(difference(goal)) or {}
    rooted = [(m, c) for m, c in p.items() if c < 0 and any(len(x) == 1 and x[0].head == "sqrt" for x in m)]
    for m, c in rooted[:2]:
        a, b = {n: x for n, x in p.items() if n != m}, {m: -c}
        square = product(a, a)
        for n, x in product(b, b).items():
            put(square, n, -x)
        names = [scope.name(), scope.name()]
        texts = [f"psd({matrix_text(matrix(a))})", f"psd({matrix_text(matrix(square))})"]
        goals = [scope.context.read(text).body for text in texts]

        def step(goals: list[Relation] = goals, names: list[str] = names, a: Polynomial = a, b: Polynomial = b) -> bool:
            for one, label in zip(goals, names, strict=True):
                if not prove_sum_of_squares(scope, more, one, label, search.deadline + SECONDS, 1):
                    return False
            scope.fetch("axiom/order-of-squares")
            values = {"a": matrix_text(matrix(a)), "b": matrix_text(matrix(b))}
            scope.cite("axiom/order-of-squares", {}, values, names, [name])
            return True

        if more.attempt(step):
            return True
    return False


def _multiplied(search: Search, goal: Relation, name: str) -> bool:
    """Prove ``p >= 0`` from ``c p >= 0`` for c = 1 + the sum of the squares of the scalars (Reznick)."""
    scope, more = search.scope, search.more
    p = polynomial(difference(goal)) or {}
    loops = sorted({loop for m in p for loop in m})
    if max(map(len, p), default=0) < 4 or len(loops) > MAX_MULTIPLIED:
        return False
    c = matrix({(): Fraction(1), **{(loop, loop): Fraction(1) for loop in loops}})
    inverse, whole = words.apply("inv", (c,)), matrix(p)
    raised = words.times(c, whole)
    names = [scope.name() for _ in range(3)]
    texts = [f"psd({matrix_text(raised)})", f"psd({matrix_text(c)})", f"nonsingular({matrix_text(c)})"]

    def step() -> bool:
        for text, label in zip(texts, names, strict=True):
            one = scope.context.read(text).body
            if not prove_sum_of_squares(scope, more, one, label, search.deadline + SECONDS, 1):
                return False
        square, unit = scope.name(), scope.name()
        scope.fetch("axiom/multiple")
        scope.cite("axiom/multiple", {"n": "1"}, {"c": matrix_text(c), "P": matrix_text(raised)},
                   [names[1], names[0]], [square])  # fmt: skip
        scope.fetch("axiom/inverse")
        scope.cite("axiom/inverse", {"n": "1"}, {"M": matrix_text(c)}, [names[2]], [unit, scope.name()])
        # p - inv(c)^2 c^2 p = -(p + inv(c) c p) (c inv(c) - 1)
        cofactor = words.negative(words.add(whole, words.times(inverse, raised)))
        scope.add({"rule": "psd", "fact": relation_text(goal), "squares": [["1", matrix_text(inverse), square]],
                   "by": [[matrix_text(cofactor), unit, "1"]], "as": name})  # fmt: skip
        return True

    return more.attempt(step)


def _state(search: Search, parts: list[Part], goal: Relation, name: str) -> bool:
    """Add the step of the kernel that multiplies a certificate out."""
    scope = search.scope
    rest = dict(polynomial(difference(goal)) or {})
    items = []
    for weight, basis, gram in parts:
        for c, row in squares_of(gram):
            q = {m: x for m, x in zip(basis, row, strict=True) if x}
            for m, x in product(weight.polynomial, product(q, q)).items():
                put(rest, m, -c * x)
            fact = _weight_fact(scope, weight)
            items.append([matrix_text(words.scalar(c)), matrix_text(matrix(q)), *([fact] if fact else [])])
    left, used = search.rules.reduced(rest)
    if left:
        return False
    # A rule is its equation divided by the leading coefficient.
    by = []
    for top, _, equation in search.rules.lead:
        gap = polynomial(difference(scope.fact(equation).body)) or {}
        if used.get(equation):
            cofactor = {m: c / gap[top] for m, c in used[equation].items()}
            by.append([matrix_text(matrix(cofactor)), equation, "1"])
    scope.add({"rule": "psd", "fact": relation_text(goal), "squares": items, "by": by, "as": name})
    return True


def _weight_fact(scope: Scope, weight: Weight) -> str:
    """Return the name of ``psd(g)`` for a weight; a product is cited first."""
    if len(weight.facts) < 2:
        return "".join(weight.facts)
    label = scope.name()
    first, second = (scope.fact(fact).body.sides[0] for fact in weight.facts)
    values = {"c": matrix_text(first), "P": matrix_text(second)}
    scope.fetch("axiom/multiple")
    scope.cite("axiom/multiple", {"n": "1"}, values, list(weight.facts), [label])
    return label


def _strict(scope: Scope, more: Facts, goal: Relation, name: str, deadline: float) -> bool:
    """Prove that a scalar is not 0 because it is at least a multiple of a positive one, or its negative is."""
    (r,) = goal.sides
    positive = [Weight({(): Fraction(1)}, words.scalar(1), ())]
    known = {more.fact(n).body.sides[0]: n for n in more.names if more.fact(n).body.kind == "nonsingular"}
    for fact in more.names:
        body = more.fact(fact).body
        p = polynomial(body.sides[0]) if body.kind == "psd" else None
        if p and body.sides[0] in known:
            positive.append(Weight(p, body.sides[0], (fact,)))
    if r in known:
        proof = {"steps": [], "done": [known[r]]}
        scope.add({"rule": "have", "fact": relation_text(goal), "assume": [], "proof": proof, "as": name})
        return True
    search = Search(scope, more, r, deadline)
    for first in [
        positive[:1],
        *([w] for w in positive[1:4]),
        *([_pair(a, b)] for a, b in combinations(positive[1:4], 2)),
    ]:
        found = search.certificate(first)
        if found is None:
            continue
        *parts, (weight, _, gram) = found
        c = gram[0][0]
        if c <= 0:
            continue
        low = words.scale(weight.matrix, c)
        names = [scope.name() for _ in range(3)]
        texts = [f"psd({matrix_text(low)})", f"nonsingular({matrix_text(low)})",
                 f"psd({matrix_text(r)} - ({matrix_text(low)}))"]  # fmt: skip
        goals = [scope.context.read(text).body for text in texts]

        def step(goals: list[Relation] = goals, names: list[str] = names, low: Matrix = low,
                 weight: Weight = weight, c: Fraction = c,
                 parts: list[Part] = parts) -> bool:  # fmt: skip
            if not _state(search, [(weight, [()], [[c]])], goals[0], names[0]):
                return False
            if not _regular(search, low, c, weight, names[1]):
                return False
            if not _state(search, parts, goals[2], names[2]):
                return False
            scope.fetch("claims/positive")
            scope.cite("claims/positive", {}, {"p": matrix_text(low), "r": matrix_text(r)}, names, [name])
            return True

        if more.attempt(step):
            return True
    return False


def _regular(search: Search, low: Matrix, c: Fraction, weight: Weight, name: str) -> bool:
    """Add that a multiple of a product of nonsingular scalars is nonsingular: its inverse is written down."""
    scope, more = search.scope, search.more
    inverse, used = words.scalar(1 / c), []
    for fact in weight.facts:
        m = scope.fact(fact).body.sides[0]
        regular = next(
            n for n in more.names if more.fact(n).body.kind == "nonsingular" and more.fact(n).body.sides[0] == m
        )
        labels = [scope.name(), scope.name()]
        scope.fetch("axiom/inverse")
        scope.cite("axiom/inverse", {"n": "1"}, {"M": matrix_text(m)}, [regular], labels)
        inverse = words.times(inverse, words.apply("inv", (m,)))
        used += labels
    label = scope.name()
    body = scope.context.read(f"({matrix_text(low)})*({matrix_text(inverse)}) = eye(1)").body
    if prove_equation(scope, body, used, label) is not None:
        return False
    scope.fetch("axiom/nonsingular")
    values = {"M": matrix_text(low), "N": matrix_text(inverse)}
    scope.cite("axiom/nonsingular", {"n": "1"}, values, [label], [name, scope.name()])
    return True


def _pair(a: Weight, b: Weight) -> Weight:
    return Weight(product(a.polynomial, b.polynomial), words.times(a.matrix, b.matrix), (*a.facts, *b.facts))
