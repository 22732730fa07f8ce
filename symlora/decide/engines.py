"""The engines that prove one fact in a scope, tried in turn with more and more lemmas."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from fractions import Fraction

from symlora.decide.enrich import Enrichment
from symlora.decide.facts import rank_of
from symlora.decide.inverses import prove_unipotent
from symlora.decide.linear import prove_by_squares
from symlora.decide.lower import prove_lower_rank
from symlora.decide.products import Products, prove_by_products
from symlora.decide.sos import about_numbers, prove_sum_of_squares
from symlora.kernel import words
from symlora.kernel.context import Context
from symlora.kernel.facts import Fact, Relation, difference, ground
from symlora.kernel.naturals import ONE, add
from symlora.kernel.printing import matrix_text, nat_text, relation_text
from symlora.kernel.words import Matrix
from symlora.rules.algebra import prove_equation
from symlora.rules.order import prove_psd
from symlora.rules.quantified import prove_body
from symlora.rules.scope import Scope

FIRST = 1.0
"""Seconds for sums of squares before anything else, where a fact is about numbers alone."""


def search(scope: Scope, givens: Sequence[str], text: str, label: str, deadline: float, reasons: list[str]) -> bool:
    """Prove one fact in a scope by the engines, with more and more lemmas; return whether it was proved."""

    def late() -> bool:
        return time.monotonic() > deadline

    more = Enrichment(scope, list(givens), scope.fetch, late)
    fact = scope.context.read(text)
    if Engines(more, deadline).prove(fact, label):
        return True
    reasons.append(f"no proof of {text} from {len(more.names)} facts")
    return False


class Engines:
    """The engines for one goal; `more` holds the scope and what is known in it."""

    def __init__(self, more: Enrichment, deadline: float) -> None:
        self.more, self.scope, self.deadline = more, more.scope, deadline

    def prove(self, fact: Fact, label: str) -> bool:
        """Prove a fact without variables as `label`."""
        more, body = self.more, fact.body
        if self._early(body, label):
            return True
        stages: tuple[Callable[[], None], ...] = (lambda: None, more.hypotheses, lambda: _terms(more, fact))
        for number, stage in enumerate(stages):
            before = len(more.names)
            stage()
            if more.late():
                return False
            if (number == 0 or len(more.names) > before) and self._direct(body, label):
                return True
        engines = (self._both_ways, self._positive, self._order, self._never_zero, self._drops, self._vanishes,
                   self._late)  # fmt: skip
        return any(not more.late() and engine(body, label) for engine in engines)

    def _early(self, body: Relation, label: str) -> bool:
        """Prove what looks simple: a block matrix with an inverse of its form, a polynomial inequality of numbers."""
        more, scope = self.more, self.scope
        blocks = body.kind == "nonsingular" and body.sides[0].rows != ONE
        if blocks and any(name.endswith(".g1") for name in more.givens) and prove_unipotent(scope, more, body, label):
            return True
        limit = min(self.deadline, time.monotonic() + FIRST)
        return about_numbers(body) and prove_sum_of_squares(scope, more, body, label, limit)

    def _late(self, body: Relation, label: str) -> bool:
        more, scope = self.more, self.scope
        return (
            prove_lower_rank(scope, more, body, label)
            or prove_unipotent(scope, more, body, label)
            or prove_sum_of_squares(scope, more, body, label, self.deadline)
        )

    def _direct(self, body: Relation, label: str) -> bool:
        more, scope = self.more, self.scope
        if body.kind == "psd" and more.attempt(lambda: prove_by_squares(scope, body, more.names, label)):
            return True
        if body.kind == "psd" and body.sides[0].rows == ONE:
            return False  # what else there is for scalars comes later
        return more.attempt(lambda: prove_body(scope, body, more.names, label))

    # Equations between scalars and inequalities

    def _both_ways(self, body: Relation, label: str) -> bool:
        """Prove an equation between scalars as two inequalities."""
        if body.kind != "=" or body.sides[0].rows != ONE or body.sides[0].cols != ONE:
            return False
        left, right = body.sides
        names = []
        for a, b in ((left, right), (right, left)):
            names.append(self.scope.name())
            if not self.inequality(self._at_most(a, b), names[-1]):
                return False
        return self._cited("matrix/order-antisymmetric", {"a": left, "b": right}, names, label)

    def _vanishes(self, body: Relation, label: str) -> bool:
        """Prove ``M = N`` because the difference is semidefinite of trace 0, or the square of its length is 0."""
        if body.kind != "=" or body.sides[0].rows == body.sides[0].cols == ONE:
            return False
        gap, more = difference(body), self.more
        if not any(more.fact(name).body.kind == "psd" for name in more.givens):
            return False  # nothing is known that algebra does not see
        known = next((name for name in more.givens if more.fact(name).body == Relation("psd", (gap,))), None)
        measure = words.apply("tr", (gap if known else words.times(words.transpose(gap), gap),))
        length, gone = self.scope.name(), self.scope.name()
        zero = Relation("=", (measure, words.zero(ONE, ONE)))
        _terms(more, Fact((), (), zero))
        if not self._direct(zero, length) and not self._both_ways(zero, length):
            return False
        sizes = {"n": nat_text(gap.rows)} if known else {"m": nat_text(gap.rows), "n": nat_text(gap.cols)}
        lemma = "claims/psd-trace-zero" if known else "claims/frobenius-zero"
        self.scope.fetch(lemma)
        values, facts = {"P" if known else "A": matrix_text(gap)}, [known, length] if known else [length]
        return more.attempt(lambda: self.scope.cite(lemma, sizes, values, facts, [gone])) and more.attempt(
            lambda: prove_equation(self.scope, body, [gone], label)
        )

    def _order(self, body: Relation, label: str) -> bool:
        if body.kind != "psd":
            return False
        if self.inequality(body, label):
            return True
        scalar = body.sides[0].rows == ONE
        return scalar and self.more.attempt(lambda: prove_body(self.scope, body, self.more.names, label))

    def _at_most(self, a: Matrix, b: Matrix) -> Relation:
        return Relation("psd", (words.minus(b, a),))

    def _cited(self, theorem: str, matrices: dict[str, Matrix], facts: Sequence[str], label: str) -> bool:
        self.scope.fetch(theorem)
        texts = {name: matrix_text(m) for name, m in matrices.items()}
        return self.more.attempt(lambda: self.scope.cite(theorem, {}, texts, list(facts), [label]))

    def inequality(self, goal: Relation, name: str) -> bool:
        """Prove psd(M) by squares, products of inequalities, the least bound of a norm, squares of both sides."""
        more, scope = self.more, self.scope

        def by_squares() -> bool:
            return more.attempt(lambda: prove_by_squares(scope, goal, more.names, name))

        engines: tuple[Callable[[], bool], ...] = (
            by_squares,
            lambda: more.attempt(lambda: prove_by_products(scope, goal, more.names, name)),
            lambda: self._least_norm(goal) and by_squares(),
            lambda: self._squared(goal, name),
            lambda: self._cut(goal, name),
        )
        return any(not more.late() and engine() for engine in engines)

    def _squared(self, goal: Relation, name: str) -> bool:
        """Prove ``s <= t`` by ``0 <= t`` and ``s^2 <= t^2``; t collects what is added, or what is known to be >= 0."""
        m = difference(goal)
        if m.rows != ONE:
            return False
        signs = Products(self.scope, goal, self.more.names)
        added = words.collect(ONE, ONE, [(key, c) for key, c in m.terms if c > 0])
        known = words.collect(ONE, ONE, [(k, c) for k, c in m.terms if c > 0 and signs.positive(k[0]) is not None])
        for t in dict.fromkeys((added, known)):
            s = words.minus(t, m)
            if not s.terms:
                continue
            sign, squares = self.scope.name(), self.scope.name()
            first = Relation("psd", (t,))
            second = self._at_most(words.times(s, s), words.times(t, t))
            if all(
                self.more.attempt(lambda g=one, n=label: prove_by_products(self.scope, g, self.more.names, n))  # type: ignore[misc]
                for one, label in ((first, sign), (second, squares))
            ):
                return self._cited("axiom/order-of-squares", {"a": t, "b": s}, (sign, squares), name)
        return False

    def _least_norm(self, goal: Relation) -> bool:
        """For ``norm2(X) <= t``: show that t >= 0 and t^2 - X'X is semidefinite, then use that the norm is least."""
        m, more, scope = difference(goal), self.more, self.scope
        if m.rows != ONE:
            return False
        for (loops, word), c in m.terms:
            if c != -1 or word or len(loops) != 1 or len(loops[0]) != 1 or loops[0][0].head != "norm2":
                continue
            x: Matrix = loops[0][0].args[0]
            t = words.add(m, words.letter(loops[0][0]))
            square = words.minus(
                words.times(words.times(t, t), words.identity(x.cols)), words.times(words.transpose(x), x)
            )
            names = (scope.name(), scope.name())
            for part, name in ((t, names[0]), (square, names[1])):
                body = Relation("psd", (part,))
                if not (
                    more.attempt(lambda g=body, n=name: prove_by_squares(scope, g, more.names, n))  # type: ignore[misc]
                    or more.attempt(lambda g=body, n=name: prove_by_products(scope, g, more.names, n))  # type: ignore[misc]
                    or more.attempt(lambda g=body, n=name: prove_body(scope, g, more.names, n))  # type: ignore[misc]
                ):
                    break
            else:
                return bool(more.cite("axiom/norm-least", {"m": x.rows, "n": x.cols}, {"M": x, "t": t}, names))
        return False

    def _cut(self, goal: Relation, name: str) -> bool:
        """Prove psd(M) because M is a block of a matrix that is known to be semidefinite."""
        (m,) = goal.sides
        labels = [fact.removesuffix(".g1") for fact in self.more.givens if fact.endswith(".g1")]
        heads = [one for label in labels for one in label.split("-")]
        for q in map(self.scope.context.matrix, heads):
            for fact in self.more.givens:
                body = self.more.fact(fact).body
                if body.kind == "psd" and q.cols == m.rows and q.rows == body.sides[0].rows:
                    square = (Fraction(1), q, fact)
                    if self.more.attempt(lambda s=square: prove_psd(self.scope, goal, [s], self.more.names, name)):  # type: ignore[misc]
                        return True
        return False

    # Nonsingular matrices

    def _positive(self, body: Relation, label: str) -> bool:
        """Prove that a scalar is not 0 because it, or its negative, is at least a positive scalar."""
        if body.kind != "nonsingular" or body.sides[0].rows != ONE:
            return False
        (r,) = body.sides
        for sign, regular, p in self._strict():
            above = self.scope.name()
            if self.inequality(self._at_most(p, r), above) and self._cited(
                "claims/positive", {"p": p, "r": r}, (sign, regular, above), label
            ):
                return True
        return False

    def _strict(self) -> list[tuple[str, str, Matrix]]:
        """Return the scalars known to be positive, with the facts that they are >= 0 and not 0."""
        known = [(name, self.more.fact(name).body) for name in self.more.names]
        signs = {body.sides[0]: name for name, body in reversed(known) if body.kind == "psd"}
        return [
            (signs[body.sides[0]], name, body.sides[0])
            for name, body in known
            if body.kind == "nonsingular" and body.sides[0].rows == ONE and body.sides[0] in signs
        ]

    def _never_zero(self, body: Relation, label: str) -> bool:
        """Prove nonsingular(M): otherwise some unit vector is sent to 0, and that contradicts what is known."""
        if body.kind != "nonsingular":
            return False
        (m,) = body.sides
        self.scope.fetch("matrix/full-rank")
        self.scope.fetch("matrix/null-vector")
        on = f"{nat_text(m.rows)} <= rank({matrix_text(m)})"
        text, size = relation_text(body), {"n": nat_text(m.rows)}
        names = (self.scope.name(), self.scope.name())
        full = self._side(names[0], self.scope.context.read(on))
        full.cite("matrix/full-rank", size, {"M": matrix_text(m)}, [names[0]], [label])
        less = ground("<=", add(rank_of(m), ONE), m.rows)
        other = self._side(names[1], less)
        vector, facts = _fresh(other.context, "v"), [other.name(), other.name()]
        other.cite("matrix/null-vector", {"m": nat_text(m.rows), **size}, {"A": matrix_text(m)}, [names[1]], facts,
                   new={"x": vector})  # fmt: skip
        if not self._contradicts(other, facts, text, label, [other.context.matrix(vector)]):
            return False
        return self._split(on, text, names, (full, other), label)

    def _drops(self, body: Relation, label: str) -> bool:
        """Prove ``rank(M) + 1 <= n`` for square M: otherwise M is nonsingular, and that contradicts what is known."""
        if body.kind != "<=":
            return False
        for side in body.sides:
            for monomial, _ in side:
                for head, args in monomial:
                    if head == "rank" and args[0].rows == args[0].cols:
                        due = Relation("<=", (add(rank_of(args[0]), ONE), args[0].rows))
                        if difference(due) == difference(body):
                            return self._singular(args[0], body, label)
        return False

    def _singular(self, m: Matrix, body: Relation, label: str) -> bool:
        text = relation_text(body)
        names = (self.scope.name(), self.scope.name())
        full = self._side(names[0], ground("<=", m.rows, rank_of(m)))
        regular = full.name()
        full.fetch("matrix/full-rank")
        full.cite("matrix/full-rank", {"n": nat_text(m.rows)}, {"M": matrix_text(m)}, [names[0]], [regular])
        if not self._contradicts(full, [regular], text, label, []):
            return False
        other = self._side(names[1], ground("<=", add(rank_of(m), ONE), m.rows))
        other.add({"rule": "nat", "fact": text, "proof": {"by": [["1", names[1]]]}, "as": label})
        on = f"{nat_text(m.rows)} <= rank({matrix_text(m)})"
        return self._split(on, text, names, (full, other), label)

    def _split(self, on: str, text: str, names: tuple[str, str], sides: tuple[Scope, Scope], label: str) -> bool:
        """Add a fact that was proved on both sides of a case distinction."""
        left, right = ({"steps": one.steps, "done": [label]} for one in sides)
        step = {
            "rule": "cases",
            "on": on,
            "fact": text,
            "assume": list(names),
            "left": left,
            "right": right,
            "as": label,
        }
        return self.more.attempt(lambda: self.scope.add(step))

    def _side(self, name: str, guard: Fact) -> Scope:
        def prepare(context: Context) -> None:
            context.add(name, guard)

        return self.scope.child(prepare)

    def _contradicts(self, scope: Scope, facts: list[str], text: str, label: str, vectors: list[Matrix]) -> bool:
        """Derive a contradiction in a sub-proof, and from it the goal as `label`."""
        inner = Engines(Enrichment(scope, [*self.more.givens, *facts], scope.fetch, self.more.late), self.deadline)
        false = inner.contradiction(vectors)
        if false is None:
            return False
        return inner.more.attempt(lambda: scope.add({"rule": "absurd", "of": false, "fact": text, "as": label}))

    def contradiction(self, vectors: Sequence[Matrix] = ()) -> str | None:
        """Return the name of a false relation between numbers that follows from what is known, or None."""
        more, scope, false = self.more, self.scope, self.scope.name()
        nothing = Relation("=", (words.scalar(1), words.zero(ONE, ONE)))
        stages: tuple[Callable[[], None], ...] = (lambda: None, more.hypotheses)
        for stage in stages:
            stage()
            if not more.late() and more.attempt(lambda: prove_equation(scope, nothing, more.names, false)):
                return false
        less = ground("psd", words.scalar(-1))
        _terms(more, less)
        if more.attempt(lambda: prove_by_products(scope, less.body, more.names, false, vectors)):
            return false
        for sign, regular, p in self._strict():
            below, equal = scope.name(), scope.name()
            goal = Relation("psd", (words.negative(p),))
            if (
                more.attempt(lambda g=goal, n=below: prove_by_products(scope, g, more.names, n, vectors))  # type: ignore[misc]
                and self._cited("matrix/order-antisymmetric", {"a": words.zero(ONE, ONE), "b": p}, (sign, below), equal)
                and more.attempt(lambda r=regular, e=equal: prove_equation(scope, nothing, [r, e], false))  # type: ignore[misc]
            ):
                return false
        return None


def _fresh(context: Context, stem: str) -> str:
    """Return a name that no symbol of the context has."""
    number = 1
    while f"{stem}_{number}_" in context.symbols:
        number += 1
    return f"{stem}_{number}_"


def _terms(more: Enrichment, fact: Fact) -> None:
    """Add what the terms of a goal ask for, bounds for its ranks among it."""
    more.terms(fact)
    more.congruences(fact)
    relations = [fact.body, *(more.fact(name).body for name in more.givens)]
    found: dict[Matrix, None] = {}
    for relation in relations:
        for side in relation.sides:
            if relation.kind in ("<=", "=="):
                for monomial, _ in side:
                    found.update({args[0]: None for head, args in monomial if head == "rank"})
    if fact.body.kind in ("<=", "=="):
        more.ranks(list(found))
