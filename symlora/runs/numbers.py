"""A theorem in numbers: one exact instance of its givens, and every fact of its proof evaluated there.

The instance satisfies the givens by construction; they are evaluated all the same. The proof runs as a program, and
each fact is recorded with both sides. This is evidence at one instance, never a verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain, islice
from typing import Any, Self

from symlora.domains.algebraic import Number
from symlora.domains.digits import decimals, digits_of
from symlora.domains.execution import Check, Program, checks
from symlora.domains.ground import BEYOND, Instance
from symlora.domains.irrational import lifted
from symlora.domains.rational import Evaluated
from symlora.domains.setup import Setup
from symlora.domains.values import LARGEST, NotRepresentable, add, determinant, fractions, is_exact, scale
from symlora.kernel.facts import Fact
from symlora.kernel.printing import fact_text
from symlora.runs.candidates import Fixed, Watched, about_linear_networks, drawn, fits, member, networks_of, sizes_of
from symlora.runs.instances import Place, owners

TRIED = 200
"""How many candidates are tried for one instance."""
RUNS = 20
"""How many instances are run until one comes to the end of the proof."""
COLLECTED = 20_000
"""How many values of facts are kept."""
Rows = list[list[str]]


@dataclass(frozen=True)
class Line:
    """A fact at one value of its indices: ``holds``, ``fails`` or ``open``, and what decided it, or left it open.

    `left` and `right` are rows of texts, or a text: both sides, or the matrix and what is said of it.
    """

    at: dict[str, int]
    verdict: str
    how: str
    left: Rows | str = ""
    right: Rows | str = ""


@dataclass
class Told:
    """One fact with its lines; `step` and `inside` name the step of the proof, `named` says whether it is its claim."""

    path: str
    claim: str
    step: str = ""
    inside: tuple[str, ...] = ()
    named: bool = True
    lines: list[Line] = field(default_factory=list)
    cut: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """Return the worst of the lines, ``untested`` without any."""
        found = {line.verdict for line in self.lines}
        return next((word for word in ("fails", "open", "holds") if word in found), "untested")


@dataclass
class Numbers:
    """What one instance says of a theorem; `ended` says why its run stopped before the end of the proof."""

    seed: int
    sizes: dict[str, int] = field(default_factory=dict)
    tried: int = 0
    matrices: dict[str, Rows] = field(default_factory=dict)
    computed: dict[str, Rows] = field(default_factory=dict)
    givens: list[Told] = field(default_factory=list)
    facts: list[Told] = field(default_factory=list)
    ended: str = ""
    model: Watched | None = None

    @property
    def found(self) -> bool:
        """Return whether an instance was found."""
        return self.model is not None

    def count(self, verdict: str) -> int:
        """Return how many lines have a verdict."""
        return sum(line.verdict == verdict for told in self.facts for line in told.lines)


class Recorder(Watched):
    """A model that keeps what becomes of the facts in `told`, which are known by identity."""

    told: dict[int, Told]
    digits: int
    kept: list[int]
    scopes: list[Any]

    @classmethod
    def of(cls, model: Watched, told: dict[int, Told], digits: int) -> Recorder:
        """Return a model that records."""
        found = object.__new__(cls)
        found.__dict__.update(model.__dict__)
        found.told, found.digits, found.kept, found.scopes = told, digits, [0], [model.scope]
        return found

    def inner(self, naturals: Mapping[str, int]) -> Self:
        """Return this model with more natural variables."""
        model = super().inner(naturals)
        self.scopes.append(model.scope)
        return model

    def holds(self, fact: Fact, beyond: int = BEYOND) -> Evaluated:
        """Return whether a fact holds at all values of its range; what needs an irrational value exactly is open."""
        told = self.told.get(id(fact))
        if told is None:
            return super().holds(fact, beyond)
        cut: list[str] = []
        failed = False
        for instance in self.scope.instances(fact, cut, beyond):
            if self.kept[0] >= COLLECTED:
                break
            self.kept[0] += 1
            at = {**self.local, **dict(zip(fact.hints, instance.values, strict=True))}
            line = self.line(instance, at)
            failed = failed or line.verdict == "fails"
            told.lines.append(line)
        told.cut = tuple(cut)
        return Evaluated(not failed, len(told.lines))

    def line(self, instance: Instance, at: dict[str, int]) -> Line:
        """Return what becomes of a fact at one value of its indices."""
        try:
            true = self.decide(instance)
            undefined = any(map(self.undefined, instance.nodes))
            left, right = self.shown(instance, true)
        except NotRepresentable as error:
            return self.estimated(instance, at, str(error))
        verdict = "open" if true is None else "holds" if true else "fails"
        how = "an inverse or a root without a value occurs" if undefined else self.how(instance, true)
        return Line(at, verdict, how, left, right)

    def how(self, instance: Instance, true: bool | None) -> str:
        """Return in words what decided a fact."""
        values = [self.value(node) for node in instance.nodes]
        if all(map(is_exact, values)):
            return "exact"
        if true is None:
            return "irrational values that take too much precision"
        if len(set(instance.nodes)) < len(instance.nodes):
            return "both sides are one expression"
        if len(values) == 1:
            return "irrational, signs decided exactly"
        gap = lifted(add(values[1], scale(values[0], Fraction(-1))))
        if any(entry.ball > 0 or entry.ball < 0 for row in gap.rows for entry in row):
            return "irrational, enclosures are apart"
        return "irrational, decided by a root bound"

    def shown(self, instance: Instance, true: bool | None) -> tuple[Rows | str, Rows | str]:
        """Return both sides as texts."""
        if not instance.nodes:
            return str(instance.numbers[0]), str(instance.numbers[1])
        values = [self.value(node) for node in instance.nodes]
        if len(values) == 2:
            return self.rows(values[0]), self.rows(values[1])
        if instance.kind == "nonsingular" and not is_exact(values[0]) and values[0].nrows() > LARGEST:
            return self.rows(values[0]), "determinant not 0" if true else ""
        if instance.kind == "nonsingular":
            return self.rows(values[0]), f"determinant {self.rows(determinant(values[0]))[0][0]}"
        return self.rows(values[0]), "positive semidefinite" if true else str(self.sides(instance)[1])

    def rows(self, value: Any) -> Rows:
        """Return the entries of a value as texts: fractions, or decimal digits where they are irrational."""
        if is_exact(value):
            return [[str(x) for x in row] for row in fractions(value)]
        return [[self.entry(x) for x in row] for row in value.rows]

    def entry(self, x: Number) -> str:
        """Return a number as text, with three dots where digits follow."""
        value = x.rational()
        try:
            return f"{decimals(x, self.digits)}..." if value is None else str(value)
        except NotRepresentable:
            return str(x)

    def estimated(self, instance: Instance, at: dict[str, int], why: str) -> Line:
        """Return a fact that is left open, with digits that decide nothing where they can be computed."""
        try:
            sides = [[list(row) for row in digits_of(self, node, self.digits).rows] for node in instance.nodes]
        except NotRepresentable:
            return Line(at, "open", why)
        right = sides[1] if len(sides) == 2 else ""
        return Line(at, "open", f"{why}; the digits are estimates and decide nothing", sides[0], right)


def instances(setup: Setup, seed: int, fixed: Fixed) -> Iterator[Watched | None]:
    """Yield candidates for an instance of these sizes, those with a prescribed decomposition first."""
    special = networks_of(setup, seed, fixed) if about_linear_networks(setup) else iter(())
    return chain(islice(special, TRIED // 10), drawn(setup, seed, fixed))


def tell(data: dict[str, Any], code: Program, seed: int, fixed: Fixed, digits: int = 20) -> Numbers:
    """Return what the first instance of a theorem's givens says on which the proof runs to its end.

    Where it runs to its end on none of the first `RUNS`, that is what the first one says.

    `data` is the theorem of a certificate, `code` its program, `digits` counts those of irrational values.
    """
    tried, ended = 0, list[Numbers]()
    for model in islice(instances(code.setup, seed, fixed), TRIED):
        tried += 1
        if model is not None and fits(model, code.setup) is not None:
            found = Numbers(seed, tried=tried)
            _run(found, data, code, model, digits)
            if not found.ended:
                return found
            ended.append(found)
            if len(ended) == RUNS:
                break
    return ended[0] if ended else Numbers(seed, tried=tried)


def _run(found: Numbers, data: dict[str, Any], code: Program, model: Watched, digits: int) -> None:
    places, found.model = dict(owners(data["proof"])), model
    found.givens = [Told(name, fact_text(given)) for name, given in code.setup.givens.items()]
    found.facts = [_told(check, places) for check in checks(code.body)]
    told = {id(fact): one for fact, one in zip(code.setup.givens.values(), found.givens, strict=True)}
    told.update((id(check.fact), one) for check, one in zip(checks(code.body), found.facts, strict=True))
    recorder = Recorder.of(model, told, digits)
    for given in code.setup.givens.values():
        recorder.holds(given)
    found.ended = code.run(recorder).left_out
    found.sizes = sizes_of(code.setup, model)
    found.matrices = _members(recorder, code.setup, code.setup.matrices)
    names = dict.fromkeys(name for scope in recorder.scopes for name, *_ in scope.members())
    found.computed = _members(recorder, code.setup, [name for name in names if name not in code.setup.matrices])


def _members(recorder: Recorder, setup: Setup, names: Sequence[str]) -> dict[str, Rows]:
    """Return the values of members of these families that were computed, junk out of range left out."""
    found: dict[str, Rows] = {}
    for name in names:
        places = sorted((indices, node) for scope in recorder.scopes
                        for (one, indices, _, _), node in scope.members().items() if one == name)  # fmt: skip
        for indices, node in places:
            free = recorder.graph.nodes[node].kind == "leaf"
            if recorder.known(node) and min(indices, default=0) >= 0 and (name in setup.matrices or not free):
                found[member(name, indices)] = recorder.rows(recorder.value(node))
    return found


def _told(check: Check, places: dict[str, Place]) -> Told:
    step, inside = places.get(check.path, ("", ()))
    return Told(check.path, fact_text(check.fact), step, inside, bool(step) and check.path.endswith(f" {step}"))
