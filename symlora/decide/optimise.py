"""Counterexamples by numerical optimisation: the violation of a claim is maximised, the result made rational.

The floating-point part only guides. What it finds is rounded to small fractions, with the structure that hypotheses ask
for kept by construction (`parameters`), and counts only if the exact evaluation says so.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat

from symlora.claims.statement import Statement
from symlora.claims.terms import Claim, number
from symlora.decide.evolution import BAD, maximise
from symlora.decide.floats import Floats
from symlora.decide.parameters import EXACT, Parts, floating, forms, solved
from symlora.decide.problem import Problem, Values
from symlora.decide.search import Attempt, Found, Looked, choices
from symlora.decide.simpler import fewer_signs, lower, simpler, size_of
from symlora.domains.values import NotRepresentable

Array = Any
MAX_NUMBERS, MAX_SIZES = 48, 60
EFFORTS = ((6, 60), (12, 200), (24, 400))
"""Searches side by side, and their generations, in each round over the sizes."""
HEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 20, 30, 50, 100, 300, 1_000, 10_000, 1_000_000, 100_000_000)
OPEN = 1e-9
"""A violation that floating point can tell from 0."""
ROUNDING = 1e-7
"""A violation of an equation that is put down to rounding."""
GUIDANCE = (NotRepresentable, np.linalg.LinAlgError, ArithmeticError, LookupError, ValueError)
"""What ends the search at some sizes: it only guides, so a claim that it cannot evaluate is left to other searches."""
THIN = ("=", "symmetric", "skew", "orthogonal", "idempotent", "nilpotent", "diagonal")
"""Hypotheses that hold on a thin set only, so that being close to it counts."""
SIMPLER = 2.0
"""Seconds for a simpler counterexample once one is known."""


class Landscape:
    """The violation of a goal over the free numbers of one choice of sizes."""

    def __init__(self, problem: Problem, choice: int) -> None:
        self.problem = problem
        self.forms = forms(problem, choice)
        self.numbers = sum(form.count for form in self.forms)
        built = [claim for form in self.forms for claim in form.equations]
        self.hypotheses = [claim for claim in problem.checks if claim not in built]
        self.evaluated = 0

    def merit(self, theta: Array) -> Array:
        """Return the violation at points ``[instance, number]``; where hypotheses fail, less than any violation."""
        self.evaluated += len(theta)
        with np.errstate(all="ignore"):
            try:
                values = floating(self.problem, self.forms, theta)
                floats = Floats(self.problem.naturals, values, len(theta))
                found = floats.violation(self.problem.statement.goal) + np.zeros(len(theta))
                broken = np.zeros(len(theta))
                for claim in self.hypotheses:
                    try:
                        measure = floats.violation(claim)
                    except NotRepresentable:
                        continue  # it is checked exactly in the end
                    if claim.kind in THIN:
                        found = found - 10 * np.where(measure > ROUNDING, measure, 0.0)
                    else:
                        broken = broken + np.where(measure > OPEN, measure, 0.0)
            except np.linalg.LinAlgError:
                return np.full(len(theta), BAD)
            found = np.where(broken > 0, -1e3 - broken, found)
            return np.where(np.isfinite(found), found, BAD)

    def values(self, theta: Array) -> dict[str, Array]:
        """Return the floating-point values at one point."""
        with np.errstate(all="ignore"):
            return {name: m[0] for name, m in floating(self.problem, self.forms, theta[None, :]).items()}

    def exact(self, parts: Sequence[Parts]) -> Values | None:
        """Return exact values that satisfy the hypotheses, built from exact free numbers, or None."""
        problem = self.problem
        values: Values = {}
        if not problem.run(0, values):
            return None
        for place, (form, own) in enumerate(zip(self.forms, parts, strict=True)):
            try:
                value = solved(problem, place, form, values, own[0]) if form.equations else form.build(EXACT, own)
            except (ZeroDivisionError, OverflowError, ValueError):
                return None
            if value is None:
                return None
            values[form.letter.name] = value
            if not problem.run(place + 1, values):
                return None
        return values


def optimise(statement: Statement, deadline: float, looked: Looked, largest: int = 4) -> Found | None:
    """Look for a counterexample by optimisation until a time; `looked` notes what was covered.

    >>> from symlora.claims.statement import read
    >>> claim = read("x^4 - 4 x^2 + 399/100 >= 0", ["x: scalar"])
    >>> optimise(claim, time.monotonic() + 20, Looked()).values["x"]
    [7/5]
    """
    sizes = choices(statement, largest)[:MAX_SIZES]
    for effort in range(len(EFFORTS)):
        for place, naturals in enumerate(sizes):
            if time.monotonic() > deadline:
                return None
            found = _at(statement, naturals, effort, deadline, looked)
            at = ", ".join(f"{name} = {value}" for name, value in naturals.items())
            looked.notes[:] = [f"round {effort + 1} of {len(EFFORTS)}" + f", up to {at}" * bool(at)]
            if found is None:
                continue
            limit = min(deadline, time.monotonic() + SIMPLER)
            for smaller in sizes[:place]:
                if sum(smaller.values()) < sum(naturals.values()) and time.monotonic() < limit:
                    found = _at(statement, smaller, min(effort + 1, len(EFFORTS) - 1), limit, looked) or found
                    if found.naturals == smaller:
                        break
            return found
    return None


def _at(statement: Statement, naturals: dict[str, int], effort: int, deadline: float, looked: Looked) -> Found | None:
    """Look at one choice of sizes."""
    problem = Problem(statement, naturals)
    if not problem.possible or not problem.free:
        return None
    runs, generations = EFFORTS[effort]
    for choice in range(1 if effort == 0 else 4):
        try:
            landscape = Landscape(problem, choice)
            if landscape.numbers > MAX_NUMBERS:
                return None
            draw = np.random.Generator(np.random.PCG64(1 + choice + 10 * effort))
            spread = np.array([(1.0, 0.5, 2.0, 5.0, 0.2, 20.0)[i % 6] for i in range(runs)])
            starts = draw.standard_normal((runs, landscape.numbers)) * spread[:, None]
            points, merits = maximise(landscape.merit, starts, spread, generations, choice, deadline)
        except GUIDANCE:
            return None
        looked.tried += landscape.evaluated
        looked.met = looked.met or bool((merits > -100).any() and all(c.kind != "=" for c in landscape.hypotheses)
                                        and _meets(landscape, points[int(np.argmax(merits))]))  # fmt: skip
        hits: list[Hit] = []
        for place in np.argsort(-merits, kind="stable")[:4]:
            if merits[place] > OPEN:
                for theta in (_calmer(landscape, points[place], deadline), points[place]):
                    hit = rational(landscape, theta, deadline)
                    hits += [hit] if hit is not None else []
                if hits:
                    break
        if hits:
            looked.met = True
            best = min((simplified(landscape, hit, deadline) for hit in hits), key=lambda v: size_of(problem, v))
            return Found(naturals, best)
    return None


def _calmer(landscape: Landscape, theta: Array, deadline: float) -> Array:
    """Return a point with smaller numbers whose violation is still half as large."""
    enough = 0.5 * float(landscape.merit(theta[None, :])[0])

    def size(points: Array) -> Array:
        merit = landscape.merit(points)
        return np.where(merit >= enough, -np.log1p(np.abs(points)).mean(axis=1), -1e3 + np.minimum(merit, 0))

    starts = np.stack([theta, theta])
    points, values = maximise(size, starts, np.array([0.1, 1.0]), 60, 0, deadline)
    return points[int(np.argmax(values))]


def _meets(landscape: Landscape, theta: Array) -> bool:
    """Return whether some rounding of a point satisfies the hypotheses exactly."""
    floats = landscape.values(theta)
    return any(landscape.exact(tuple(_rounded(landscape, theta, floats, rounder))) is not None
               for rounder in _rounders(landscape, theta, (4, 100)))  # fmt: skip


# Rounding

Rounder = Callable[[Array], Any]


@dataclass(frozen=True)
class Hit:
    """An exact counterexample, with the free numbers of each letter from which it is built, if it is."""

    values: Values
    parts: tuple[Parts, ...] | None


def rational(landscape: Landscape, theta: Array, deadline: float, heights: tuple[int, ...] = HEIGHTS) -> Hit | None:
    """Return an exact counterexample near a point, of small height, or None."""
    problem = landscape.problem
    try:
        floats = landscape.values(theta)
    except np.linalg.LinAlgError:
        return None
    base = _base(landscape, deadline)
    for rounder in _rounders(landscape, theta, heights):
        if time.monotonic() > deadline:
            return None
        parts = tuple(_rounded(landscape, theta, floats, rounder))
        values = landscape.exact(parts)
        if values is not None and problem.breaks(values):
            return Hit(values, parts)
        if values is None and base is not None:
            values = _secant(problem, base, floats, rounder)
            if values is not None and problem.breaks(values):
                return Hit(values, None)
    return None


def _rounders(landscape: Landscape, theta: Array, heights: tuple[int, ...]) -> Iterator[Rounder]:
    """Yield ways to round: with denominators up to a bound, or whole numbers after scaling, jointly or by letters."""
    largest = float(np.abs(theta).max(initial=0.0)) or 1.0
    scalable = all(form.scalable for form in landscape.forms)
    for height in heights:
        yield partial(_nearest, height=height)
        if scalable and height <= 1_000:
            for scale in (height / largest, 0.0):
                yield partial(_scaled, height=height, scale=scale)


def _nearest(m: Array, height: int) -> Any:
    """Return the nearest fractions with denominators up to a height, by continued fractions."""
    return _matrix(m, lambda x: Fraction(x).limit_denominator(height))


def _scaled(m: Array, height: int, scale: float) -> Any:
    """Return whole numbers: the entries times a scale, or times what makes the largest one the height."""
    factor = scale or height / (float(np.abs(m).max()) or 1.0)
    return _matrix(m, lambda x: Fraction(round(x * factor)))


def _matrix(m: Array, number_of: Callable[[float], Fraction]) -> Any:
    entries = [number_of(float(x)) for x in np.ravel(m)]
    return fmpq_mat(m.shape[0], m.shape[1], [fmpq(x.numerator, x.denominator) for x in entries])


def _rounded(landscape: Landscape, theta: Array, floats: dict[str, Array], rounder: Rounder) -> Iterator[Parts]:
    """Yield the rounded free numbers of each letter; where equations are solved, those of their solution."""
    at = 0
    for form in landscape.forms:
        parts = []
        for rows, cols in form.blocks:
            block = theta[at : at + rows * cols].reshape(rows, cols)
            parts.append(rounder(floats[form.letter.name] if form.equations else block))
            at += rows * cols
        yield parts


def _base(landscape: Landscape, deadline: float) -> Values | None:
    """Return the simplest exact values that satisfy the hypotheses, where there is an equation left to satisfy."""
    if not any(claim.kind == "=" for claim in landscape.hypotheses):
        return None
    problem = landscape.problem
    attempt = Attempt(Problem(replace(problem.statement, goal=Claim("<=", (number(1), number(0)))), problem.naturals))
    attempt.advance(2_000, min(deadline, time.monotonic() + 0.2))
    return attempt.found


def _secant(problem: Problem, base: Values, floats: dict[str, Array], rounder: Rounder) -> Values | None:
    """Return where a rational line through a known solution meets a quadratic equation again, near the float values.

    A hypothesis that is quadratic along the line has one more zero there, and that is rational.
    """
    names = [letter.name for letter in problem.free]
    directions = {name: rounder(floats[name] - _float(base[name])) for name in names}
    if not any(x != 0 for d in directions.values() for x in d.entries()):
        return None
    equations = [claim for claim in problem.checks if claim.kind == "=" and claim.terms[0].scalar]

    def gap(t: Any) -> Any:
        from symlora.claims.values import Instance

        at = Instance(problem.naturals, {**base, **{name: base[name] + directions[name] * t for name in names}})
        left, right = (at.value(term) for term in equations[0].terms)
        return (left - right)[0, 0]

    try:
        plus, minus = gap(fmpq(1)), gap(fmpq(-1))
        square, linear = (plus + minus) / 2, (plus - minus) / 2
        t = -linear / square
    except (IndexError, KeyError, TypeError, ZeroDivisionError, ArithmeticError):
        return None
    values: Values = {}
    if not problem.run(0, values):
        return None
    for place, name in enumerate(names, 1):
        values[name] = base[name] + directions[name] * t
        if not problem.run(place, values):
            return None
    return values


def _float(m: Any) -> Array:
    return np.array([[float(int(x.p) / int(x.q)) for x in row] for row in m.tolist()])


# Simpler counterexamples


def simplified(landscape: Landscape, hit: Hit, deadline: float) -> Values:
    """Return a counterexample with fewer nonzero entries, of less height, with fewer signs; each step is exact."""
    problem = landscape.problem
    limit = min(deadline, time.monotonic() + SIMPLER)
    best = hit
    if hit.parts is not None:
        best = _lowered(landscape, hit, limit)
        best = _sparser(landscape, best, limit)
    values = lower(problem, best.values, limit)
    return fewer_signs(problem, values, limit)


def _lowered(landscape: Landscape, hit: Hit, limit: float) -> Hit:
    """Put simpler numbers in place of the free numbers."""
    shapes = [block for form in landscape.forms for block in form.blocks]

    def parts_of(entries: list[Any]) -> tuple[Parts, ...]:
        blocks, at = [], 0
        for rows, cols in shapes:
            blocks.append(fmpq_mat(rows, cols, entries[at : at + rows * cols]))
            at += rows * cols
        queue = iter(blocks)
        return tuple([next(queue) for _ in form.blocks] for form in landscape.forms)

    entries = [x for own in hit.parts or () for block in own for x in block.entries()]
    found = simpler(landscape.problem, entries, hit.values, lambda e: landscape.exact(parts_of(e)), limit)
    return Hit(found[1], parts_of(found[0]))


def _sparser(landscape: Landscape, best: Hit, limit: float) -> Hit:
    """Hold one free number after the other at 0 and optimise the others again."""
    problem = landscape.problem
    theta = np.array([float(int(x.p) / int(x.q)) for own in best.parts or () for block in own for x in block.entries()])
    if len(theta) != landscape.numbers or landscape.merit(theta[None, :])[0] <= 0:
        return best
    mask = (theta != 0).astype(float)
    for place in range(len(theta)):
        if not mask[place] or time.monotonic() > limit:
            continue
        tried = mask.copy()
        tried[[place, *_mirror(landscape, place)]] = 0.0
        if not tried.any():
            continue
        starts = np.stack([theta * tried, theta * tried])
        points, merits = maximise(landscape.merit, starts, np.array([0.3, 1.0]), 50, place, limit, tried)
        top = int(np.argmax(merits))
        if merits[top] > OPEN:
            hit = rational(landscape, points[top], limit)
            if (
                hit is not None
                and hit.parts is not None
                and size_of(problem, hit.values) < size_of(problem, best.values)
            ):
                best, theta, mask = hit, points[top], tried
    return _lowered(landscape, best, limit)


def _mirror(landscape: Landscape, place: int) -> list[int]:
    """Return the number of the mirrored entry in a square letter that equations concern."""
    at = 0
    for form in landscape.forms:
        if place < at + form.count:
            rows, cols = form.shape
            i, j = divmod(place - at, cols)
            return [at + j * cols + i] if form.equations and rows == cols else []
        at += form.count
    return []
