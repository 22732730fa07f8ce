"""Proofs by activation patterns: the kernel splits on which part of a pair is 0, each leaf is linear arithmetic.

A pair p, q >= 0 with p q = 0 stands for a ReLU. The step `cases` on ``rank(p) <= 0`` gives p = 0 on one side, and on
the other, where p has an inverse, q = 0. In a leaf the goal, or a contradiction, is a combination of facts with factors
>= 0 (Farkas) that an exact linear program finds; monomials are its variables, products of facts its further columns.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Any

from symlora.claims.statement import Hypothesis, Statement, conjuncts, definedness
from symlora.decide.biases import with_biases
from symlora.decide.library import fetch
from symlora.decide.prove import MAX_SHAPES, Outcome, alternatives, bundled
from symlora.decide.rectified import Pair, Rectified
from symlora.decide.translate import NoKernelForm, Translation
from symlora.kernel import words
from symlora.kernel.context import Context
from symlora.kernel.errors import Rejected
from symlora.kernel.facts import Relation, difference
from symlora.kernel.printing import matrix_text, relation_text
from symlora.kernel.replay import Library, add_item
from symlora.kernel.words import Key, Letter, Matrix
from symlora.rules.combinations import combine
from symlora.rules.pruning import prune
from symlora.rules.scope import Scope, Step

MAX_PRODUCTS, MAX_MULTIPLES, MAX_MONOMIALS, MAX_DEGREE = 240, 240, 600, 4
ONE = words.scalar(1)
Zeros = dict[Letter, str]
"""Letters that are 0 in a leaf, each with the name of the fact that says so."""


class OutOfLeaves(Exception):
    """The time is used up."""


@dataclass(frozen=True)
class Column:
    """A scalar that is >= 0 (a fact, or the number 1), or 0 (a multiple of an equation)."""

    value: Matrix
    fact: str
    factor: str = ""


def letters_of(m: Matrix) -> Iterator[Letter]:
    """Yield the letters of a scalar, with repetitions."""
    for (loops, word), _ in m.terms:
        for part in (*loops, word):
            yield from part


def without(m: Matrix, zeros: Zeros) -> Matrix:
    """Return a scalar without the terms in which a letter is 0."""
    return Matrix(
        m.rows, m.cols, tuple(t for t in m.terms if not any(x in zeros for w in (*t[0][0], t[0][1]) for x in w))
    )


class Leaves:
    """The proof of goals from the facts of a scope, by cases; `closed` counts the leaves."""

    def __init__(self, scope: Scope, givens: Iterable[str], pairs: Sequence[Pair], deadline: float,
                 points: Iterable[Letter] = ()) -> None:  # fmt: skip
        self.scope, self.pairs, self.deadline, self.points = scope, list(pairs), deadline, set(points)
        self.closed = 0
        self.signs: list[Column] = [Column(ONE, "")]
        self.equations: list[Column] = []
        self.strict: dict[str, Matrix] = {}
        self.zeros: Zeros = {}
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
        universe = self._products(goals)
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
                if len(made) < MAX_MULTIPLES and _within(value, universe):
                    made.append(Column(value, e.fact, matrix_text(words.letter(x))))
        self.equations += made

    def _multiply(self, pairs: Sequence[tuple[Column, Column]], universe: set[Key], done: set[tuple[str, str]]) -> None:
        """Add the products of two facts that speak of these monomials only."""
        for a, b in pairs:
            if len(done) >= MAX_PRODUCTS or time.monotonic() > self.deadline:
                return
            key = (min(a.fact, b.fact), max(a.fact, b.fact))
            if a.fact == b.fact or key in done or not _within(words.times(a.value, b.value), universe):
                continue
            done.add(key)
            name = self.scope.name()
            matrices = {"c": matrix_text(a.value), "P": matrix_text(b.value)}
            self.scope.cite("axiom/multiple", {"n": "1"}, matrices, [a.fact, b.fact], [name])
            self.add(name)

    def _products(self, goals: Sequence[Matrix]) -> set[Key]:
        """Return the monomials of degree 2 and more that matter: those that occur, and those that equations make."""
        found: dict[Key, None] = {}
        used = [*goals, *(e.value for e in self.equations), *(s.value for s in self.signs)]
        for m in used:
            found.update(dict.fromkeys(k for k, _ in m.terms if _degree(k) > 1))
        trivial = {words.times(words.letter(pair.p), words.letter(pair.q)).terms[0][0] for pair in self.pairs}
        # A part may be replaced by the other one and by the terms of their difference, those by the parts.
        alike: dict[Letter, dict[Matrix, None]] = {}
        for pair in self.pairs:
            p, q = words.letter(pair.p), words.letter(pair.q)
            terms = [Matrix(ONE.rows, ONE.cols, ((key, Fraction(1)),)) for key, _ in pair.t.terms]
            alike.setdefault(pair.p, {}).update(dict.fromkeys([q, *terms]))
            alike.setdefault(pair.q, {}).update(dict.fromkeys([p, *terms]))
            for m in terms:
                if _degree(m.terms[0][0]) == 1:
                    alike.setdefault(next(letters_of(m)), {}).update({p: None, q: None})
        queue = [key for key in found if key not in trivial]
        for key in queue:  # it grows
            m = Matrix(ONE.rows, ONE.cols, ((key, Fraction(1)),))
            for x in dict.fromkeys(letters_of(m)):
                rest = _divided(m, x)
                if rest is None or len(found) >= MAX_MONOMIALS:
                    continue
                for y in alike.get(x, {}):
                    (new, _) = words.times(rest, y).terms[0]
                    if new not in found and _degree(new) <= MAX_DEGREE:
                        found[new] = None
                        queue.append(new)
        return set(found) if set(found) - trivial else set()

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
                by.append([_times(c, column.factor), column.fact, "1"])
            else:
                squares.append([_number(c), "1", *([column.fact] if column.fact else [])])
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
            by.append([_times(c, column.factor), column.fact, "1"])
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
            self._cited("matrix/order-antisymmetric", {"a": value, "b": "0"}, names[:2], [names[2]]),
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
                        self._cited("axiom/nonsingular", {"M": value, "N": str(share)}, [names[1]], [names[2]], n="1"),
                    ]
                    return [*first, *self._above(step, p, names[0], names[2], m, sign, text, label)]
        return None

    def _above(self, step: Step, p: Matrix, sign_fact: str, regular: str, m: Matrix, sign: int, text: str,
               label: str) -> list[Step]:  # fmt: skip
        above, found = self.scope.name(), label if sign > 0 else self.scope.name()
        values = {"p": matrix_text(p), "r": matrix_text(m)}
        steps: list[Step] = [
            {**step, "fact": f"psd({values['r']} - ({values['p']}))", "as": above},
            self._cited("claims/positive", values, [sign_fact, regular, above], [found]),
        ]
        if sign < 0:  # -r has an inverse, so r has its negative
            one = self.scope.name()
            inverse = f"inv({values['r']})"
            steps += [
                self._cited("axiom/inverse", {"M": values["r"]}, [found], [one], n="1"),
                {"rule": "eq", "fact": f"({matrix_text(words.negative(m))})*(-{inverse}) = 1",
                 "by": [["1", one, "1"]], "as": f"{one}a"},
                self._cited("axiom/nonsingular", {"M": matrix_text(words.negative(m)), "N": f"-{inverse}"},
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
                    *zero, self._cited("axiom/inverse", {"M": value}, [regular], [inverse], n="1"),
                    {"rule": "eq", "fact": "0 = 1", "by": [["-1", name, f"inv({value})"], ["1", inverse, "1"]],
                     "as": false},
                    {"rule": "absurd", "of": false, "fact": text, "as": label},
                ]  # fmt: skip
        return None

    # Cases

    def settle(self) -> None:
        """Prove, for each pair, that one part is 0 if that needs no cases."""
        for pair in self.pairs:
            for off, other, names in ((pair.q, pair.p, pair.names), (pair.p, pair.q, pair.names)):
                if pair.p in self.zeros or pair.q in self.zeros:
                    break
                name = self.scope.name()
                goal = self.scope.context.read(f"{matrix_text(words.letter(off))} = 0").body
                zero = self.scope.name()
                inside = {**self.zeros, other: zero}
                left = self.leaf(goal, inside, name) or self.contradiction(relation_text(goal), inside, name)
                if left is not None:
                    self.scope.add(self._split(other, off, names[1], goal, zero, left, name, None))
                    self.zeros[off] = name

    def prove(self, goal: Relation, label: str) -> bool:
        """Add a goal as fact `label`; return whether it was proved. Raises `OutOfLeaves`."""
        steps = self._tree(goal, self.zeros, self._relevant(goal), label)
        if steps is None:
            return False
        for step in steps:
            self.scope.add(step)
        return True

    def _relevant(self, goal: Relation) -> list[Pair]:
        """Return the pairs on which the goal depends, inner ones first, then the others, those of weights last."""
        seen: set[Letter] = set(letters_of(difference(goal)))
        chosen: list[Pair] = []
        for pair in reversed(self.pairs):
            if pair.p in seen or pair.q in seen:
                chosen.insert(0, pair)
                seen |= set(letters_of(pair.t))
        moving = set(self.points)
        for pair in self.pairs:
            if moving.intersection(letters_of(pair.t)):
                moving |= {pair.p, pair.q}
        ordered = [*chosen, *(pair for pair in self.pairs if pair not in chosen)]
        return sorted(ordered, key=lambda pair: bool(moving) and pair.p not in moving)

    def _tree(self, goal: Relation, zeros: Zeros, pairs: list[Pair], label: str) -> list[Step] | None:
        steps = self.leaf(goal, zeros, label)
        if steps is None:
            steps = self.contradiction(relation_text(goal), zeros, label)
        if steps is not None:
            self.closed += 1
            return steps
        left = [pair for pair in pairs if pair.p not in zeros and pair.q not in zeros]
        if not left:
            return None
        pair, rest = left[0], left[1:]
        first, second = self.scope.name(), self.scope.name()
        down = self._tree(goal, {**zeros, pair.p: first}, rest, label)
        up = None if down is None else self._tree(goal, {**zeros, pair.q: second}, rest, label)
        if down is None or up is None:
            return None
        return [self._split(pair.p, pair.q, pair.names[1], goal, first, down, label, (second, up))]

    def _split(self, p: Letter, q: Letter, product_fact: str, goal: Relation, zero: str, left: list[Step], label: str,
               right: tuple[str, list[Step]] | None) -> Step:  # fmt: skip
        """Return the step that proves a goal where p = 0, and where q = 0; without `right` the goal is ``q = 0``."""
        low, high, inverse = self.scope.name(), self.scope.name(), self.scope.name()
        one, other = matrix_text(words.letter(p)), matrix_text(words.letter(q))
        other_zero, more = right or (label, [])
        sizes = {"m": "1", "n": "1"}
        down = [self._cited("matrix/zero-rank", {"M": one}, [low], [zero], **sizes), *left]
        up = [
            self._cited("matrix/scalar-inverse", {"c": one}, [high], [inverse]),
            {"rule": "eq", "fact": f"{other} = 0",
             "by": [[f"-{other}", inverse, "1"], [f"inv({one})", product_fact, "1"]], "as": other_zero},
            *more,
        ]  # fmt: skip
        return {
            "rule": "cases", "on": f"rank({one}) <= 0", "fact": relation_text(goal), "assume": [low, high],
            "left": {"steps": down, "done": [label]}, "right": {"steps": up, "done": [label]}, "as": label,
        }  # fmt: skip

    def _cited(
        self, theorem: str, matrices: dict[str, str], facts: list[str], names: list[str], **naturals: str
    ) -> Step:
        self.scope.fetch(theorem) if not theorem.startswith("axiom/") else None
        source = self.scope.library.theorems[theorem]
        return {
            "rule": "cite", "theorem": theorem, "naturals": naturals, "natural": {}, "matrices": matrices, "new": {},
            "facts": dict(zip(source.givens, facts, strict=True)), "as": dict(zip(source.goals, names, strict=False)),
        }  # fmt: skip


def vanishing(rest: Matrix, zeros: Zeros) -> list[list[str]]:
    """Return multiples of the facts z = 0 whose sum is `rest`; every term of it has such a letter."""
    by = []
    for (loops, word), c in rest.terms:
        m = Matrix(rest.rows, rest.cols, (((loops, word), c),))
        z = next(x for x in letters_of(m) if x in zeros)
        other = _divided(m, z)
        by.append([f"({matrix_text(other or ONE)})", zeros[z], "1"])
    return by


def _divided(m: Matrix, x: Letter) -> Matrix | None:
    """Return a monomial divided by a scalar letter, None if it does not occur."""
    (((loops, word), c),) = m.terms
    parts = [*loops, *([word] if word else [])]
    place = next((k for k, part in enumerate(parts) if part == (x,)), None)
    if place is None:
        return None
    out = words.scalar(c)
    for k, part in enumerate(parts):
        if k != place:
            for y in part:
                out = words.times(out, words.letter(y))
    return out


def _degree(key: Key) -> int:
    loops, word = key
    return sum(map(len, loops)) + len(word)


def _within(m: Matrix, universe: set[Key]) -> bool:
    return all(_degree(key) < 2 or key in universe for key, _ in m.terms)


def _number(c: Fraction) -> str:
    return matrix_text(words.scalar(c))


def _times(c: Fraction, factor: str) -> str:
    return _number(c) if factor == "1" else f"({_number(c)})*{factor}"


def prove_by_patterns(statement: Statement, deadline: float) -> tuple[Outcome, tuple[str, ...]]:
    """Look for proofs with all sizes 1 or 2 (or those that are fixed), by activation patterns; return these shapes.

    >>> from symlora.claims.statement import read
    >>> claim = read("for all x: 2 in box(-1, 1): relu([1, 2] x + 3) = [1, 2] x + 3")
    >>> prove_by_patterns(claim, time.monotonic() + 20)[0].detail
    '1 theorem, 1 leaf of activation patterns'
    """
    for one, text in with_biases(statement):
        outcome, at = prove_by_patterns(one, deadline)
        return replace(outcome, detail=f"with {text}: {outcome.detail}"), at
    names = [name for name in statement.sizes if name in statement.used()]
    theorems: list[dict[str, Any]] = []
    shapes: list[str] = []
    leaves = 0
    for values in list(product((1, 2), repeat=len(names)))[:MAX_SHAPES]:
        sizes = dict(zip(names, values, strict=True))
        label = "claim" + "".join(f"/{name}-{value}" for name, value in sizes.items())
        shape = ", ".join(f"{name} = {value}" for name, value in sizes.items())
        for place, case in enumerate(alternatives(statement)[0], 1):
            try:
                found, count = _theorem(case, sizes, f"{label}/{place}", deadline)
            except (NoKernelForm, Rejected) as error:
                return Outcome(None, "", f"{error}"), ()
            leaves += count
            if found is None:
                late = "stopped by the time" if time.monotonic() > deadline else "another one was not proved"
                at_shape = f" at {shape}" if shape else ""
                return Outcome(None, "", f"{_counted(leaves)} closed{at_shape}, {late}"), ()
            theorems.append(found)
        shapes.append(shape)
    reasons: list[str] = []
    proved = bundled(theorems, reasons)
    if proved is None:
        return Outcome(None, "", "; ".join(reasons)[:300]), ()
    return Outcome(proved.bundle, proved.statement, f"{proved.detail}, {_counted(leaves)}"), tuple(shapes)


def no_scalars(statement: Statement, deadline: float) -> Outcome:
    """Look for a proof, for all sizes, that what the hypotheses say of scalars is contradictory, as for an empty box.

    >>> from symlora.claims.statement import read
    >>> no_scalars(read("for all x: n in box(1, -1): x = 0"), time.monotonic() + 5).detail
    '1 theorem'
    """
    entries = Translation(statement)
    entries.hypotheses()
    scope = with_setup(entries)
    fact = "1 <= 0"
    try:
        steps = Leaves(scope, entries.givens, [], deadline).contradiction(fact, {}, "goal1")
        for step in steps or []:
            scope.add(step)
    except (OutOfLeaves, Rejected):
        steps = None
    if steps is None:
        return Outcome(None, "", "no contradiction between scalars")
    data = stated("claim", entries, scope, [fact], ["goal1"])
    return bundled([data], []) or Outcome(None, "", "refused by the kernel")


def with_setup(entries: Translation | Rectified) -> Scope:
    """Return a scope with what a setup declares and assumes."""
    library = Library()
    scope = Scope(Context(), library, "s", fetch=lambda one: fetch(one, library))
    for item in entries.setup:
        add_item(scope.context, item)
    return scope


def stated(label: str, entries: Translation | Rectified, scope: Scope, facts: list[str], done: list[str],
          ) -> dict[str, Any]:  # fmt: skip
    """Return a theorem as data."""
    return {
        "name": label, "title": "", "source": "", "setup": entries.setup,
        "goals": [{"name": f"g{k}", "fact": text} for k, text in enumerate(facts, 1)],
        "proof": prune(scope.steps, set(done)), "done": done,
    }  # fmt: skip


def _counted(leaves: int) -> str:
    return f"{leaves} lea{'f' if leaves == 1 else 'ves'} of activation patterns"


def _theorem(case: Statement, sizes: dict[str, int], label: str, deadline: float) -> tuple[dict[str, Any] | None, int]:
    """Return a theorem as data, or None, and the number of leaves."""
    while case.goal.kind == "forall":
        if any(x.name in case.letters or x.name in case.sizes or x.kind == "natural" for x in case.goal.letters):
            raise NoKernelForm("for all with a name in use")
        if any(True for part in case.goal.parts for _ in definedness(part, case.sizes)):
            raise NoKernelForm("for all over what may have no value")
        more = [Hypothesis(part, "if") for limit in case.goal.parts[1:] for part in conjuncts(limit)]
        case = replace(case, letters={**case.letters, **{x.name: x for x in case.goal.letters}},
                       hypotheses=(*case.hypotheses, *more), goal=case.goal.parts[0])  # fmt: skip
    entries = Rectified(case, sizes)
    facts = list(dict.fromkeys(entries.facts(case.goal)))
    entries.hypotheses()
    scope = with_setup(entries)
    goals = [scope.context.read(text).body for text in facts]
    tree = Leaves(scope, entries.givens, entries.made(), deadline, entries.points())
    done = []
    try:
        tree.enrich([difference(goal) for goal in goals])
        tree.settle()
        for place, goal in enumerate(goals, 1):
            if not tree.prove(goal, f"goal{place}"):
                return None, tree.closed
            done.append(f"goal{place}")
    except OutOfLeaves:
        return None, tree.closed
    return stated(label, entries, scope, facts, done), tree.closed
