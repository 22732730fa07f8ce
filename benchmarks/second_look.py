"""A second opinion on an accepted proof: its steps in canonical form, and its identities recomputed with numbers.

The kernel is loaded as a private copy whose functions report what they accept. Of every step the report keeps what it
derives and what it rests on, in normal form, so that two ways of writing one step give the same report. Cofactors and
multipliers, where a proof may be written in many ways, are not compared but recomputed: each certificate of an
equation must be an identity for random matrices over a prime field, each certificate of an inequality must hold for
random naturals. That check reads the text with an evaluator of its own, which shares no polynomial arithmetic with the
kernel.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from fractions import Fraction
from math import gcd
from random import Random
from types import ModuleType
from typing import Any

import numpy as np
from mutation import TOKEN

import symlora
import symlora.kernel

PREFIX = "symlora.kernel"
PRIME = 1_000_003
TRIALS = 3
MODULES = ("errors", "words", "naturals", "facts", "printing", "context", "rules", "replay", "form")


def private_kernel(ignored: str = "") -> dict[str, ModuleType]:
    """Return the modules of a fresh copy of the kernel, in which the check of the name `ignored` does nothing."""
    genuine = {name: module for name, module in sys.modules.items() if f"{name}.".startswith(f"{PREFIX}.")}
    package = symlora.kernel
    for name in genuine:
        del sys.modules[name]
    try:
        errors = importlib.import_module(f"{PREFIX}.errors")
        strict = errors.need

        def need(ok: bool, check: str, expected: Any, found: Any) -> None:
            if check != ignored:
                strict(ok, check, expected, found)

        errors.need = need  # before another module of the copy imports it
        return {name: importlib.import_module(f"{PREFIX}.{name}") for name in MODULES}
    finally:
        for name in [name for name in sys.modules if f"{name}.".startswith(f"{PREFIX}.")]:
            del sys.modules[name]
        sys.modules.update(genuine)
        symlora.kernel = package


def canonical_relation(relation: Any) -> tuple[Any, ...]:
    """Return a relation with everything on one side, up to the factors that do not matter."""
    if len(relation.sides) == 1:
        return (relation.kind, relation.sides[0])
    left, right = relation.sides
    total: dict[Any, Any] = {}
    matrices = relation.kind == "="
    for sign, side in ((1, left), (-1, right)):
        for key, coefficient in side.terms if matrices else side:
            total[key] = total.get(key, 0) + sign * coefficient
    terms = sorted((key, value) for key, value in total.items() if value)
    if matrices:
        lead = terms[0][1] if terms else 1
        return ("=", left.rows, left.cols, tuple((key, value / lead) for key, value in terms))
    divisor = gcd(*(value for _, value in terms)) or 1
    if relation.kind == "==" and terms and terms[0][1] < 0:
        divisor = -divisor
    return (relation.kind, tuple((key, value // divisor) for key, value in terms))


def canonical_fact(fact: Any) -> tuple[Any, ...]:
    """Return a fact in normal form: bound variables have no names, relations are on one side."""
    return (len(fact.hints), tuple(canonical_relation(c) for c in fact.conditions), canonical_relation(fact.body))


class Look:
    """What replaying in an instrumented copy of the kernel saw: `steps` of each theorem, and `wrong` findings."""

    def __init__(self, ignored: str = "") -> None:
        self.kernel = private_kernel(ignored)
        self.steps: dict[str, dict[Any, None]] = {}
        self.wrong: list[str] = []
        self.draw = Random(0)
        self._now: dict[Any, None] = {}
        self._install()

    def replay(self, theorems: list[dict[str, Any]], known: dict[str, Any] | None = None) -> dict[str, Any]:
        """Replay theorems after those of the copy that are `known`; return all that are known then.

        `steps` and `wrong` are about these theorems afterwards. Raises the copy's `Rejected`.
        """
        self.steps, self.wrong, self.draw = {}, [], Random(0)
        library = self.kernel["replay"].Library()
        library.theorems.update(known or {})
        for theorem in theorems:
            self._now = {}
            library.check(theorem)
            self.steps[theorem["name"]] = self._now
        return dict(library.theorems)

    def _install(self) -> None:
        context, rules = self.kernel["context"], self.kernel["rules"]
        add, nonnegative, reached = context.Context.add, context.Context.nonnegative, rules._reached

        def seen_add(ctx: Any, name: str, fact: Any) -> None:
            add(ctx, name, fact)
            self._now.setdefault(("fact", canonical_fact(fact)))

        def seen_nonnegative(ctx: Any, goal: Any, proof: dict[str, Any]) -> None:
            nonnegative(ctx, goal, proof)
            if not self._inequality(ctx, goal, proof):
                self.wrong.append(f"no proof of 0 <= {self.kernel['printing'].nat_text(goal)}: {proof}")

        def seen_reached(name: str, found: Any, goal: Any) -> None:
            reached(name, found, goal)
            if canonical_fact(found) != canonical_fact(goal):
                self.wrong.append(f"{name} is not the goal {self.kernel['printing'].fact_text(goal)}")

        context.Context.add, context.Context.nonnegative = seen_add, seen_nonnegative
        rules._reached = seen_reached
        for name, rule in rules.RULES.items():
            rules.RULES[name] = self._seen_rule(name, rule)

    def _seen_rule(self, name: str, rule: Callable[..., None]) -> Callable[..., None]:
        def seen(ctx: Any, step: dict[str, Any], library: Any) -> None:
            rests: list[Any] = [name]
            labels = [step[key] for key in ("of", "by") if isinstance(step.get(key), str) and name != "natural"]
            labels += step.get("facts", {}).values()
            rests += [canonical_fact(ctx.fact(label)) for label in labels]
            rests += [ctx.nat(text) for text in step.get("at", ())]
            rests += [canonical_relation(ctx.body(step["on"], "<="))] if "on" in step else []
            rests += [step["theorem"]] if "theorem" in step else []
            before = dict(ctx.facts)
            rule(ctx, step, library)
            for derived in [fact for label, fact in ctx.facts.items() if label not in before]:
                self._now.setdefault((*rests, canonical_fact(derived)))
            if name in ("eq", "psd") and not self._identity(ctx, step):
                self.wrong.append(f"no identity: {step['fact']} from {step['by']} and {step.get('squares', [])}")

        return seen

    def _identity(self, ctx: Any, step: dict[str, Any]) -> bool:
        """Return whether ``p - q = sum(left * fact * right)`` for random matrices in place of every letter.

        For ``psd(M)``: whether M is that sum plus ``c q'Pq`` for each square, with ``psd(P)`` a fact and c >= 0.
        """
        show = self.kernel["printing"].fact_text
        for _ in range(TRIALS):
            model = RandomModel(ctx, self.draw, self.kernel["printing"].matrix_text)
            rest = model.difference(step["fact"])
            for c, q, *labels in step.get("squares", ()):
                factor, inner = model.matrix(q), None
                if labels:
                    inner = model.difference(show(ctx.facts[labels[0]]))
                number = model.matrix(c)
                if number.shape != (1, 1) or Fraction(c.replace(" ", "").rstrip("'")) < 0:
                    return False
                half = factor if inner is None else product(inner, factor)
                rest = rest - product(number, product(factor.T, half))
            for before, label, after in step["by"]:
                value = model.difference(show(ctx.facts[label.removesuffix("'")]))
                value = value.T if label.endswith("'") else value
                term = product(product(model.matrix(before), value), model.matrix(after))
                if term.shape != rest.shape:
                    return False
                rest = rest - term
            if (rest % PRIME).any():
                return False
        return True

    def _inequality(self, ctx: Any, goal: Any, proof: dict[str, Any]) -> bool:
        """Return whether the certificate of ``goal >= 0`` holds for random naturals."""
        for _ in range(10 * TRIALS):
            model = RandomModel(ctx, self.draw, self.kernel["printing"].matrix_text, smallest=0)
            rest = proof.get("scale", 1) * model.nat(goal)
            for multiplier, *labels in proof.get("by", ()):
                value, equation = model.reader(multiplier).nat(), False
                sign_free = value >= 0
                for label in labels:
                    relation = ctx.facts[label].body
                    small, large = (model.nat(side) for side in relation.sides)
                    value, equation = value * (large - small), equation or relation.kind == "=="
                if not (sign_free or equation):
                    return False
                rest -= value
            if rest < 0 or proof.get("scale", 1) <= 0:
                return False
        return True


def product(a: Any, b: Any) -> Any:
    """Return the matrix product modulo the prime, or the multiple by a 1 x 1 matrix."""
    if a.shape[1] == b.shape[0]:
        return a @ b % PRIME
    return (a[0, 0] * b if a.shape == (1, 1) else a * b[0, 0]) % PRIME


class RandomModel:
    """Arbitrary values for all symbols in scope: naturals from `smallest` on, matrices modulo the prime.

    No hypothesis is made to hold, and ``inv`` is an arbitrary function, so only what follows from the certificate
    comes out true.
    """

    def __init__(self, ctx: Any, draw: Random, show: Callable[[Any], str], smallest: int = 2) -> None:
        self.symbols, self.draw, self.show, self.smallest = ctx.symbols, draw, show, smallest
        self.values: dict[Any, Any] = {}

    def natural(self, name: str, indices: tuple[int, ...]) -> int:
        """Return a natural, or a member of a family of naturals; at negative indices it is any integer."""
        low = self.smallest - (4 if self.smallest == 0 and any(i < 0 for i in indices) else 0)
        if (name, indices) not in self.values:
            self.values[name, indices] = self.draw.randint(low, self.smallest + 3)
        return int(self.values[name, indices])

    def nat(self, term: Any, indices: tuple[int, ...] = ()) -> int:
        """Return the value of a term of the kernel; ``%k`` stands for the index at position k."""
        total = 0
        for monomial, coefficient in term:
            for name, inner in monomial:
                if name == "rank":
                    coefficient *= self.rank(self.matrix(self.show(inner[0])))
                elif name.startswith("%"):
                    coefficient *= indices[int(name[1:])]
                else:
                    coefficient *= self.natural(name, tuple(self.nat(i, indices) for i in inner))
            total += coefficient
        return total

    def rank(self, m: Any) -> int:
        """Return a natural that is a function of a matrix."""
        return self.natural("rank", (*m.shape, *map(int, m.flatten())))

    def random(self, key: Any, rows: int, cols: int) -> Any:
        """Return the matrix remembered for `key`, random at first."""
        if key not in self.values:
            entries = [self.draw.randrange(PRIME) for _ in range(max(0, rows) * max(0, cols))]
            self.values[key] = np.array(entries, dtype=np.int64).reshape(max(0, rows), max(0, cols))
        return self.values[key]

    def member(self, name: str, indices: tuple[int, ...]) -> Any:
        """Return a member of a family of matrices."""
        symbol = self.symbols[name]
        return self.random((name, indices), self.nat(symbol.rows, indices), self.nat(symbol.cols, indices))

    def reader(self, text: str) -> Reader:
        """Return a reader of `text` in this model."""
        return Reader(self, TOKEN.findall(text))

    def matrix(self, text: str) -> Any:
        """Return the value of a matrix term."""
        return self.reader(text).matrix()

    def difference(self, text: str) -> Any:
        """Return left minus right of an equation, right minus left of an inequality, M of ``psd(M)``."""
        if "<=" in text:
            low, _, high = text.partition("<=")
            return (self.matrix(high) - self.matrix(low)) % PRIME
        if "=" in text:
            left, _, right = text.partition("=")
            return (self.matrix(left) - self.matrix(right)) % PRIME
        return self.matrix(text.strip().removeprefix("psd"))


class Reader:
    """Evaluates a term while reading it."""

    def __init__(self, model: RandomModel, tokens: list[str]) -> None:
        self.model, self.tokens, self.at = model, tokens, 0

    def take(self, *wanted: str) -> bool:
        """Consume the next token if it is one of `wanted`."""
        found = self.tokens[self.at : self.at + 1]
        self.at += bool(found and found[0] in wanted)
        return bool(found and found[0] in wanted)

    def sum(self, item: Callable[[], Any], times: Callable[[Any, Any], Any]) -> Any:
        """Return the value of a sum of products."""

        def one() -> Any:
            value = item()
            while self.take("*"):
                value = times(value, item())
            return value

        total = -one() if self.take("-") else one()
        while self.at < len(self.tokens) and self.tokens[self.at] in ("+", "-"):
            total = total - one() if self.take("-") else total + one() if self.take("+") else total
        return total

    def nat(self) -> int:
        """Return the value of a natural-number term."""
        return int(self.sum(self.nat_item, lambda a, b: a * b))

    def nat_item(self) -> int:
        """Return the value of a number, a natural, a member of a family, a rank, or a bracket."""
        if self.take("("):
            value = self.nat()
            self.take(")")
            return value
        self.at += 1
        word = self.tokens[self.at - 1]
        if word == "rank":
            self.take("(")
            value = self.model.rank(self.matrix())
            self.take(")")
            return value
        return int(word) if word.isdigit() else self.model.natural(word, self.indices())

    def indices(self) -> tuple[int, ...]:
        """Return the values between square brackets, none without brackets."""
        found = []
        if self.take("["):
            found = [self.nat()]
            while self.take(","):
                found.append(self.nat())
            self.take("]")
        return tuple(found)

    def matrix(self) -> Any:
        """Return the value of a matrix term modulo the prime."""
        return self.sum(self.factor, product) % PRIME

    def factor(self) -> Any:
        """Return the value of an item with its transposition marks."""
        value = self.item()
        while self.take("'"):
            value = value.T
        return value

    def item(self) -> Any:
        """Return the value of a number, a letter, a function, ``eye``, ``zero`` or a bracket.

        Traces and naturals as scalars are what they are, other functions are arbitrary.
        """
        self.at += 1
        word = self.tokens[self.at - 1]
        if word.isdigit():
            value = int(word) % PRIME
            if self.take("/"):
                self.at += 1
                value = value * pow(int(self.tokens[self.at - 1]), -1, PRIME) % PRIME
            return np.array([[value]], dtype=np.int64)
        if word == "(":
            inner = self.matrix()
        elif word in ("eye", "zero"):
            self.take("(")
            rows = max(0, self.nat())
            cols = max(0, self.nat()) if self.take(",") else rows
            inner = np.eye(rows, dtype=np.int64) if word == "eye" else np.zeros((rows, cols), dtype=np.int64)
        elif word == "nat":
            self.take("(")
            inner = np.array([[self.nat() % PRIME]], dtype=np.int64)
        elif word in ("inv", "norm2", "sqrt", "sigma", "tr"):
            self.take("(")
            inner = self.matrix()
            if word == "tr":
                inner = np.array([[int(np.trace(inner)) % PRIME]], dtype=np.int64)
            else:
                key = (word, inner.shape, inner.tobytes(), self.nat() if self.take(",") else 0)
                inner = self.model.random(key, *(inner.shape if word == "inv" else (1, 1)))
        else:
            return self.model.member(word, self.indices())
        self.take(")")
        return inner
