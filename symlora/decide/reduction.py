"""Known equations between scalars as rewriting rules: a monomial becomes smaller ones, and every step is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symlora.kernel import words
from symlora.kernel.naturals import ONE
from symlora.kernel.words import Key, Matrix, Word

MAX_STEPS, MAX_RULES, MAX_PAIRS, MAX_DEGREE, MAX_TERMS = 600, 60, 150, 4, 8
Loops = tuple[Word, ...]
Trace = list[tuple[Matrix, str, Word]]
"""Multiples ``scalar * equation * word`` of named equations."""


@dataclass(frozen=True)
class Rule:
    """``lead = lead - value`` where value = 0 is the sum of multiples of named equations in `of`."""

    lead: Loops
    value: Matrix
    of: tuple[tuple[Matrix, str], ...]


def divided(loops: Loops, part: Loops) -> Loops | None:
    """Return what is left of a product of scalar words without some of them, None if they are not all in it.

    >>> divided(("a", "a", "b"), ("a",)), divided(("a",), ("b",))
    (('a', 'b'), None)
    """
    rest = list(loops)
    for one in part:
        if one not in rest:
            return None
        rest.remove(one)
    return tuple(rest)


def scalar_of(loops: Loops, c: Fraction = Fraction(1)) -> Matrix:
    """Return a number times a product of scalar words."""
    return words.collect(ONE, ONE, [((tuple(sorted(loops)), ()), c)])


def _order(loops: Loops) -> tuple[Any, ...]:
    return len(loops), sum(map(len, loops)), loops


class Reduction:
    """Rules made from equations between scalars; a rule leads from its largest monomial to the others."""

    def __init__(self, equations: Sequence[tuple[str, Matrix]]) -> None:
        self.rules: dict[Word, list[Rule]] = {}
        self.unit: tuple[tuple[Matrix, str], ...] = ()
        """Multiples of equations with sum 1, where the equations contradict each other."""
        self.made: list[Rule] = []
        for name, gap in equations[:MAX_RULES]:
            self._learn(gap, [(words.scalar(1), name)])
        tried = 0
        for one in self.made:  # which grows: what two rules make of one monomial has to agree
            for other in self.made:
                common = [loop for loop in dict.fromkeys(one.lead) if loop in other.lead]
                if other is one or not common or tried >= MAX_PAIRS or len(self.made) >= MAX_RULES:
                    continue
                tried += 1
                self._overlap(one, other)

    def _overlap(self, one: Rule, other: Rule) -> None:
        rest, more = list(one.lead), list(other.lead)
        for loop in one.lead:
            if loop in more:
                more.remove(loop)
                rest.remove(loop)
        if len(one.lead) + len(more) > MAX_DEGREE:
            return
        p, q = scalar_of(tuple(more)), words.negative(scalar_of(tuple(rest)))
        gap = words.add(words.times(p, one.value), words.times(q, other.value))
        self._learn(gap, [*((words.times(p, x), n) for x, n in one.of), *((words.times(q, x), n) for x, n in other.of)])

    def _learn(self, gap: Matrix, of: list[tuple[Matrix, str]]) -> None:
        """Make a rule of an equation that is the sum of multiples of named ones."""
        trace: Trace = []
        value = self.reduced(gap, trace)
        if not value.terms or len(value.terms) > MAX_TERMS:
            return
        (lead, _), c = max(value.terms, key=lambda term: _order(term[0][0]))
        total: dict[str, Matrix] = {}
        for q, name in [*of, *((words.negative(q), name) for q, name, _ in trace)]:
            total[name] = words.add(total[name], q) if name in total else q
        found = tuple((words.scale(q, 1 / c), name) for name, q in total.items() if q.terms)
        if not lead:
            self.unit = self.unit or found
            return
        rule = Rule(lead, words.scale(value, 1 / c), found)
        self.made.append(rule)
        self.rules.setdefault(lead[0], []).append(rule)

    def _rule(self, loops: Loops) -> tuple[Rule, Loops] | None:
        for loop in dict.fromkeys(loops):
            for rule in self.rules.get(loop, ()):
                rest = divided(loops, rule.lead)
                if rest is not None:
                    return rule, rest
        return None

    def reduced(self, m: Matrix, trace: Trace | None = None) -> Matrix:
        """Return what a term becomes; `trace` gets the multiples that were taken away."""
        if not self.rules:
            return m
        left: dict[Key, Fraction] = dict(m.terms)
        done: dict[Key, Fraction] = {}
        for _ in range(MAX_STEPS):
            if not left:
                break
            key, c = left.popitem()
            loops, word = key
            found = self._rule(loops) if c else None
            if found is None:
                done[key] = done.get(key, Fraction(0)) + c
                continue
            rule, rest = found
            for (others, _), d in rule.value.terms:
                if others != rule.lead:
                    new = (tuple(sorted(rest + others)), word)
                    left[new] = left.get(new, Fraction(0)) - c * d
            if trace is not None:
                trace += [(words.times(scalar_of(rest, c), q), name, word) for q, name in rule.of]
        for key, c in left.items():
            done[key] = done.get(key, Fraction(0)) + c
        return words.collect(m.rows, m.cols, list(done.items()))
