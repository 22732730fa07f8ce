"""Linear arithmetic in a leaf: goals as combinations of facts with multipliers >= 0, found by a linear program.

Monomials are the variables of the linear program (Farkas); products of facts are further columns where they speak of
monomials of the claim. Letters that are 0 in the leaf are left out, and put back as multiples of the facts that say so.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import product

from symlora.decide.monomials import (
    ONE,
    Column,
    Zeros,
    letters_of,
    monomials,
    number,
    times_text,
    vanishing,
    within,
    without,
)
from symlora.decide.rectified import Pair
from symlora.kernel import words
from symlora.kernel.facts import Relation, difference
from symlora.kernel.printing import matrix_text, relation_text
from symlora.kernel.words import Key, Matrix
from symlora.rules.combinations import combine
from symlora.rules.scope import Scope, Step

MAX_PRODUCTS, MAX_MULTIPLES = 240, 240


class OutOfLeaves(Exception):
    """The time is used up."""


class Leaves:
    """Proofs, without cases, from the facts of a scope and from which letters are 0."""

    def __init__(self, scope: Scope, givens: Iterable[str], pairs: Sequence[Pair], deadline: float) -> None:
        self.scope, self.pairs, self.deadline = scope, list(pairs), deadline
        self.signs: list[Column] = [Column(ONE, "")]
        self.equations: list[Column] = []
        self.strict: dict[str, Matrix] = {}
        for name in givens:
            self.add(name)

    def add(self, name: str) -> None:
        """Take a fact between scalars into account."""
        fact = self.scope.fact(name)
        body = fact.body
        if fact.hints or fact.conditions or body.kind not in ("psd", "=", "nonsingular"):
            return
        if (body.sides[0].rows, body.sides[0].cols) != (ONE.rows, ONE.cols):
            return
        if body.kind == "psd":
            self.signs.append(Column(body.sides[0], name))
        elif body.kind == "=":
            self.equations.append(Column(difference(body), name, "1"))
        elif body.kind == "nonsingular":
            self.strict[name] = body.sides[0]

    # Facts that products give

    def enrich(self, goals: Sequence[Matrix]) -> None:
        """Add products of facts, as far as they speak of products that occur in the claim."""
        used = [*goals, *(e.value for e in self.equations), *(s.value for s in self.signs)]
        universe = monomials(used, self.pairs)
        if not universe:
            return
        done: set[tuple[str, str]] = set()
        plain = self.signs[1:]
        single = [c for c in plain if len(c.value.terms) == 1]
        self._multiply([*product(single, plain), *product(plain, plain)], universe, done)
        self._multiply(list(product(single, self.signs[1 + len(plain) :])), universe, done)
        factors = {x: None for m in (*goals, *(e.value for e in self.equations)) for x in letters_of(m)}
        made: list[Column] = []
        for e in self.equations:
            for x in factors:
                value = words.times(words.letter(x), e.value)
                if len(made) < MAX_MULTIPLES and within(value, universe):
                    made.append(Column(value, e.fact, matrix_text(words.letter(x))))
        self.equations += made

    def _multiply(self, pairs: Sequence[tuple[Column, Column]], universe: set[Key], done: set[tuple[str, str]]) -> None:
        """Add the products of two facts that speak of these monomials only."""
        for a, b in pairs:
            if len(done) >= MAX_PRODUCTS or time.monotonic() > self.deadline:
                return
            key = (min(a.fact, b.fact), max(a.fact, b.fact))
            if a.fact == b.fact or key in done or not within(words.times(a.value, b.value), universe):
                continue
            done.add(key)
            name = self.scope.name()
            matrices = {"c": matrix_text(a.value), "P": matrix_text(b.value)}
            self.scope.cite("axiom/multiple", {"n": "1"}, matrices, [a.fact, b.fact], [name])
            self.add(name)

    # Linear arithmetic

    def combination(self, m: Matrix, zeros: Zeros, extra: Sequence[Column] = ()) -> Step | None:
        """Return a step that proves ``psd(m)`` from what is known where some letters are 0, without its name."""
        if time.monotonic() > self.deadline:
            raise OutOfLeaves
        signs = [*self.signs, *extra]
        columns = [without(c.value, zeros) for c in (*signs, *self.equations)]
        keep = [j for j, c in enumerate(columns) if c.terms]
        found = combine(without(m, zeros), [columns[j] for j in keep], sum(j < len(signs) for j in keep))
        if found is None:
            return None
        squares, by, rest = [], [], m
        for place, c in found.items():
            column = (*signs, *self.equations)[keep[place]]
            rest = words.minus(rest, words.scale(column.value, c))
            if column.factor:
                by.append([times_text(c, column.factor), column.fact, "1"])
            else:
                squares.append([number(c), "1", *([column.fact] if column.fact else [])])
        by += vanishing(rest, zeros)
        return {"rule": "psd", "fact": f"psd({matrix_text(m)})", "squares": squares, "by": by}

    def equation(self, m: Matrix, zeros: Zeros) -> Step | None:
        """Return a step that proves ``m = 0`` from equations."""
        columns = [without(c.value, zeros) for c in self.equations]
        keep = [j for j, c in enumerate(columns) if c.terms]
        found = combine(without(m, zeros), [columns[j] for j in keep], 0)
        if found is None:
            return None
        by, rest = [], m
        for place, c in found.items():
            column = self.equations[keep[place]]
            rest = words.minus(rest, words.scale(column.value, c))
            by.append([times_text(c, column.factor), column.fact, "1"])
        return {"rule": "eq", "by": [*by, *vanishing(rest, zeros)]}

    def leaf(self, goal: Relation, zeros: Zeros, label: str) -> list[Step] | None:
        """Return steps that prove a goal where some letters are 0, without further cases, or None."""
        text = relation_text(goal)
        if goal.kind == "psd":
            step = self.combination(goal.sides[0], zeros)
            return None if step is None else [{**step, "fact": text, "as": label}]
        if goal.kind == "=":
            return self._equal(difference(goal), text, zeros, label)
        if goal.kind == "nonsingular":
            return self._positive(goal.sides[0], text, zeros, label)
        return None

    def _equal(self, gap: Matrix, text: str, zeros: Zeros, label: str) -> list[Step] | None:
        step = self.equation(gap, zeros)
        if step is not None:
            return [{**step, "fact": text, "as": label}]
        both = [self.combination(m, zeros) for m in (gap, words.negative(gap))]
        if None in both:
            return None
        names = [self.scope.name(), self.scope.name(), self.scope.name()]
        value = matrix_text(gap)
        steps: list[Step] = [
            {**(both[1] or {}), "fact": f"psd(0 - ({value}))", "as": names[0]},
            {**(both[0] or {}), "fact": f"psd({value} - 0)", "as": names[1]},
            self.cited("matrix/order-antisymmetric", {"a": value, "b": "0"}, names[:2], [names[2]]),
            {"rule": "eq", "fact": text, "by": [["1", names[2], "1"]], "as": label},
        ]
        return steps

    def _positive(self, r: Matrix, text: str, zeros: Zeros, label: str) -> list[Step] | None:
        """Prove that r is not 0: r, or -r, is at least a positive number or a scalar known to be positive."""
        for sign in (1, -1):
            m = words.scale(r, Fraction(sign))
            known = [(name, p) for name, p in self.strict.items() if any(c.value == p for c in self.signs)]
            for name, p in known:
                step = self.combination(words.minus(m, p), zeros)
                if step is not None:
                    fact = next(c.fact for c in self.signs if c.value == p)
                    return self._above(step, p, fact, name, m, sign, text, label)
            # r <= 0 contradicts the facts by a combination in which r has a multiplier.
            against = self.combination(words.scalar(-1), zeros, [Column(words.negative(m), "!")])
            share = next((Fraction(c) for c, *_, fact in (against or {"squares": []})["squares"] if fact == "!"), None)
            if share:
                p = words.scalar(1 / share)
                step = self.combination(words.minus(m, p), zeros)
                if step is not None:
                    names = [self.scope.name(), self.scope.name(), self.scope.name()]
                    value = matrix_text(p)
                    first: list[Step] = [
                        {"rule": "psd", "fact": f"psd({value})", "squares": [[value, "1"]], "by": [], "as": names[0]},
                        {"rule": "eq", "fact": f"({value})*({share}) = 1", "by": [], "as": names[1]},
                        self.cited("axiom/nonsingular", {"M": value, "N": str(share)}, [names[1]], [names[2]], n="1"),
                    ]
                    return [*first, *self._above(step, p, names[0], names[2], m, sign, text, label)]
        return None

    def _above(self, step: Step, p: Matrix, sign_fact: str, regular: str, m: Matrix, sign: int, text: str,
               label: str) -> list[Step]:  # fmt: skip
        above, found = self.scope.name(), label if sign > 0 else self.scope.name()
        values = {"p": matrix_text(p), "r": matrix_text(m)}
        steps: list[Step] = [
            {**step, "fact": f"psd({values['r']} - ({values['p']}))", "as": above},
            self.cited("claims/positive", values, [sign_fact, regular, above], [found]),
        ]
        if sign < 0:  # -r has an inverse, so r has its negative
            one = self.scope.name()
            inverse = f"inv({values['r']})"
            steps += [
                self.cited("axiom/inverse", {"M": values["r"]}, [found], [one], n="1"),
                {"rule": "eq", "fact": f"({matrix_text(words.negative(m))})*(-{inverse}) = 1",
                 "by": [["1", one, "1"]], "as": f"{one}a"},
                self.cited("axiom/nonsingular", {"M": matrix_text(words.negative(m)), "N": f"-{inverse}"},
                            [f"{one}a"], [label], n="1"),
            ]  # fmt: skip
        return steps

    def contradiction(self, text: str, zeros: Zeros, label: str) -> list[Step] | None:
        """Return steps that prove anything where some letters are 0, because nothing is there."""
        step = self.combination(words.scalar(-1), zeros)
        name = self.scope.name()
        if step is not None:
            return [{**step, "fact": "psd(-1)", "as": name}, {"rule": "absurd", "of": name, "fact": text, "as": label}]
        for regular, m in self.strict.items():
            zero = self._equal(m, f"{matrix_text(m)} = 0", zeros, name)
            if zero is not None:
                inverse, false = self.scope.name(), self.scope.name()
                value = matrix_text(m)
                return [
                    *zero, self.cited("axiom/inverse", {"M": value}, [regular], [inverse], n="1"),
                    {"rule": "eq", "fact": "0 = 1", "by": [["-1", name, f"inv({value})"], ["1", inverse, "1"]],
                     "as": false},
                    {"rule": "absurd", "of": false, "fact": text, "as": label},
                ]  # fmt: skip
        return None

    def cited(
        self, theorem: str, matrices: dict[str, str], facts: list[str], names: list[str], **naturals: str
    ) -> Step:
        self.scope.fetch(theorem) if not theorem.startswith("axiom/") else None
        source = self.scope.library.theorems[theorem]
        return {
            "rule": "cite", "theorem": theorem, "naturals": naturals, "natural": {}, "matrices": matrices, "new": {},
            "facts": dict(zip(source.givens, facts, strict=True)), "as": dict(zip(source.goals, names, strict=False)),
        }  # fmt: skip
