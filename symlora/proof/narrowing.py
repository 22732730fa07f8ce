"""The index values at which a proof uses a quantified given, and the same theorem with the given narrowed to them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import gcd
from typing import Any

from symlora.kernel.errors import Rejected
from symlora.kernel.facts import Fact, Relation, difference, fact_in, instance
from symlora.kernel.naturals import ONE, ZERO, Atom, Nat, add, atom, minus, negative, number, times
from symlora.kernel.printing import fact_text, nat_text
from symlora.kernel.replay import Library, Theorem
from symlora.kernel.words import Replacement
from symlora.proof.uses import INSTANCE, Node, Reading, Step, Use, sub_proofs
from symlora.rules.ranges import Ranges
from symlora.rules.scope import Scope

MOST = 3
"""How many lowest or highest indices are tried one by one."""


@dataclass(frozen=True)
class Segment:
    """Index values ``factor * name`` for ``low <= name <= high``; a point if `name` is empty (then ``low``)."""

    name: str
    low: Nat
    high: Nat | None

    def text(self) -> str:
        """Return the values as a condition on the name."""
        return f"{nat_text(self.low)} <= {self.name}" + ("" if self.high is None else f" <= {nat_text(self.high)}")


@dataclass(frozen=True)
class Values:
    """The values at which a given is used, and what they leave out.

    `where` says them in words, `left_out` the indices that provably do not occur (both empty if they do not fit the
    form); `narrowed` is a given for these indices only, in which the index is divided by `factor`.
    """

    where: str
    left_out: str = ""
    factor: Nat = ONE
    narrowed: Fact | None = None


def values_used(reading: Reading, given: str, uses: Sequence[Use]) -> Values:
    """Return at which values of its one index a proof uses a given, from the range facts where it is used."""
    fact, library = reading.stated.givens[given], reading.library
    bounds = _bounds(fact.conditions, atom("#0"))
    if bounds is None or len(fact.hints) != 1 or any(use.how != INSTANCE for use in uses):
        return Values("")
    at = [use.values[0] for use in uses]
    hint, (lows, highs) = fact.hints[0], bounds
    low, high = (lows or [ZERO])[0], highs[0] if highs else None
    if len(lows) > 1 or len(highs) > 1:
        return Values("")
    factor = _common(at, reading)
    segments = _joined([_segment(reading, use, factor, hint) for use in uses], reading)
    points = [one.low for one in segments if one is not None and not one.name]
    if factor == ONE and len(points) == len(segments) == 1 and high is not None and high != low:
        where = f"{hint} = {nat_text(points[0])}"
        return Values(f"at {where}", "used nowhere else", ONE, _given(reading, fact, ONE, points[0], points[0]))
    if None in segments or points:
        return Values("at " + " and ".join(dict.fromkeys(f"{hint} = {nat_text(v)}" for v in at)))
    spans = [one for one in segments if one is not None]
    where = " and ".join(dict.fromkeys(one.text() for one in spans))
    if factor != ONE:
        shown = nat_text(times(factor, atom(spans[0].name)))
        where = f"at {hint} = {shown} for {where}"
        narrowed = _given(reading, fact, factor, spans[0].low, spans[0].high) if len(spans) == 1 else None
        return Values(where, f"no other {hint} is used", factor, narrowed)
    ranges = [Ranges(Scope(use.context.child(), library, "ledger")) for use in uses]

    def beyond(end: Nat, sign: int) -> int:
        """Return how many indices from this end on are provably not used."""
        count = 0
        while count < MOST:
            gaps = [minus(value, add(end, number(sign * (count + 1)))) for value in at]
            proofs = [r.nonnegative(g if sign > 0 else negative(g)) for r, g in zip(ranges, gaps, strict=True)]
            if any(proof is None for proof in proofs):
                break
            count += 1
        return count

    below, above = beyond(low, 1), 0 if high is None else beyond(high, -1)
    missing = [nat_text(add(low, number(k))) for k in range(below)]
    missing += [nat_text(minus(high, number(k))) for k in reversed(range(above)) if high is not None]
    if not missing:
        return Values(f"for {where}")
    top = None if high is None else minus(high, number(above))
    narrowed = _given(reading, fact, ONE, add(low, number(below)), top)
    return Values(f"for {where}", f"not used at {hint} = {', '.join(missing)}", ONE, narrowed)


def narrowed_proof(data: dict[str, Any], uses: Iterable[Use], name: str, values: Values, library: Library) -> Any:
    """Return a theorem's data with a given narrowed and its instances proved anew, or None if one was not proved."""
    if values.narrowed is None:
        return None
    new_steps: dict[int, list[Step]] = {}
    for count, use in enumerate(uses):
        scope = Scope(use.context.child(), library, f"ledger-{name}-{count}")
        ranges, index = Ranges(scope), _divided(use.values[0], values.factor)
        if index is None:
            return None
        at = instance(values.narrowed, (index,))
        proofs = [ranges.relation(due) for due in (Relation("<=", (ZERO, index)), *at.conditions)]
        if any(proof is None for proof in proofs):
            return None
        step = {"rule": "instance", "of": name, "at": [nat_text(index)], "proofs": proofs, "as": use.step["as"]}
        new_steps[id(use.step)] = [*scope.steps, step]

    def rebuilt(steps: list[Step]) -> list[Step]:
        found = []
        for step in steps:
            inner = {key: {**block, "steps": rebuilt(block["steps"])} for key, block in sub_proofs(step).items()}
            found += new_steps.get(id(step), [{**step, **inner}] if inner else [step])
        return found

    given = {"given": name, "fact": fact_text(values.narrowed)}
    setup = [given if item.get("given") == name else item for item in data["setup"]]
    return {**data, "setup": setup, "proof": rebuilt(data["proof"])}


def without(data: dict[str, Any], reading: Reading, names: Sequence[str]) -> dict[str, Any]:
    """Return the data that was read, without some of its givens and without steps that lead nowhere."""
    dead = set(_dead(reading.proof.nodes))

    def rebuilt(steps: list[Step]) -> list[Step]:
        found = []
        for step in steps:
            inner = {key: {**block, "steps": rebuilt(block["steps"])} for key, block in sub_proofs(step).items()}
            found += [] if id(step) in dead else [{**step, **inner}]
        return found

    setup = [item for item in data["setup"] if item.get("given", item.get("as")) not in names]
    return {**data, "setup": setup, "proof": rebuilt(data["proof"])}


def _dead(nodes: Iterable[Node]) -> Iterator[int]:
    """Yield the identities of steps that lead nowhere; definitions are kept, for their symbols may be needed."""
    for node in nodes:
        if node.live:
            for block in node.blocks:
                yield from _dead(block.nodes)
        elif node.step["rule"] != "define":
            yield id(node.step)


def replays(data: dict[str, Any], library: Library) -> Theorem | None:
    """Return the theorem if the kernel accepts `data` after the library without that name, else None."""
    fresh = Library()
    fresh.theorems.update((name, one) for name, one in library.theorems.items() if name != data["name"])
    try:
        return fresh.check(data)
    except Rejected:
        return None


def _bounds(relations: Iterable[Relation], variable: Nat) -> tuple[list[Nat], list[Nat]] | None:
    """Return the terms below and above a variable, or None if a relation bounds it in no such way."""
    ((name,), _), lows, highs = variable[0], [], []
    for relation in relations:
        gap = difference(relation)
        around = [(monomial, c) for monomial, c in gap if name in monomial]
        if relation.kind != "<=" or len(around) != 1 or around[0][0] != (name,) or abs(around[0][1]) != 1:
            return None
        if around[0][1] > 0:
            lows.append(minus(variable, gap))
        else:
            highs.append(add(variable, gap))
    return lows, highs


def _segment(reading: Reading, use: Use, factor: Nat, hint: str) -> Segment | None:
    """Return the values of one use, divided by `factor`, as a range; None if they are no range of one variable."""
    value = _divided(use.values[0], factor)
    if value is None:
        return None
    local = list(dict.fromkeys(one for m, _ in value for one in m if not one[1] and reading.is_local(one[0])))
    if not local and not any(one[1] for m, _ in value for one in m):
        return Segment("", value, value)
    if len(local) != 1:
        return None
    variable = atom(local[0][0])
    shift = minus(value, variable)
    bounds = _bounds([r for r in use.assumed if _mentions(r, local[0])], variable)
    if bounds is None or any(local[0] in m for m, _ in shift):
        return None
    ranges = Ranges(Scope(reading.context.child(), reading.library, "ledger"))
    low = _strongest(bounds[0] or [ZERO], ranges, 1)
    high = _strongest(bounds[1], ranges, -1) if bounds[1] else None
    if low is None or (bounds[1] and high is None):
        return None
    name = hint if factor == ONE else local[0][0]
    return Segment(name, add(low, shift), None if high is None else add(high, shift))


def _mentions(relation: Relation, variable: Atom) -> bool:
    return any(variable in monomial for monomial, _ in difference(relation))


def _strongest(bounds: list[Nat], ranges: Ranges, sign: int) -> Nat | None:
    """Return the bound that implies the others, if the facts of the statement show it."""
    for one in bounds:
        gaps = [minus(one, other) if sign > 0 else minus(other, one) for other in bounds]
        if all(ranges.nonnegative(gap) is not None for gap in gaps):
            return one
    return None


def _joined(segments: list[Segment | None], reading: Reading) -> list[Segment | None]:
    """Return the segments without those that lie inside another."""
    ranges = Ranges(Scope(reading.context.child(), reading.library, "ledger"))

    def inside(a: Segment, b: Segment) -> bool:
        if a.name != b.name or not b.name or (a.high is None and b.high is not None):
            return a == b
        gaps = [minus(a.low, b.low)]
        gaps += [minus(b.high, a.high)] if a.high is not None and b.high is not None else []
        return all(ranges.nonnegative(gap) is not None for gap in gaps)

    kept: list[Segment | None] = []
    for one in dict.fromkeys(segments):
        others = [other for other in segments if other is not None and other != one]
        if one is None or not any(inside(one, other) and not inside(other, one) for other in others):
            kept.append(one)
    return kept


def _common(values: Sequence[Nat], reading: Reading) -> Nat:
    """Return the largest monomial of the statement's own naturals that divides every value; 1 if all are constants."""
    terms = [(m, c) for value in values for m, c in value]
    if not any(not one[1] and reading.is_local(one[0]) for m, _ in terms for one in m):
        return ONE
    whole = number(gcd(*(c for _, c in terms)))
    shared = [one for one in dict.fromkeys(terms[0][0]) if all(one in m for m, _ in terms)]
    for name, arguments in shared:
        if not arguments and not reading.is_local(name):
            whole = times(whole, atom(name))
    return whole


def _divided(value: Nat, factor: Nat) -> Nat | None:
    """Return ``value / factor`` for a monomial factor, None if it does not go."""
    ((parts, coefficient),) = factor
    found = []
    for monomial, c in value:
        left = list(monomial)
        for one in parts:
            if one not in left:
                return None
            left.remove(one)
        if c % coefficient:
            return None
        found.append((tuple(left), c // coefficient))
    return tuple(sorted(found))


class _At(Replacement):
    """Replaces the bound variable by a multiple of it."""

    def __init__(self, factor: Nat) -> None:
        self.factor = factor

    def natural(self, name: str, indices: tuple[Nat, ...]) -> Nat:
        """Return the multiple for the bound variable, any other natural as it is."""
        return times(self.factor, atom(name)) if name == "#0" else atom(name, indices)


def _given(reading: Reading, fact: Fact, factor: Nat, low: Nat, high: Nat | None) -> Fact:
    """Return the given for multiples of `factor` with ``low <= index <= high``."""
    hint = fact.hints[0]
    body = fact_in(Fact((), (), fact.body), _At(factor))
    limits = [Relation("<=", (low, atom("#0")))] + ([] if high is None else [Relation("<=", (atom("#0"), high))])
    return Fact((hint,), tuple(limits), body.body)
