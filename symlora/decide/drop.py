"""Each given of a theorem dropped in turn: still proved, needed with an exact witness, undefined, or unknown."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from typing import Any

from symlora.counterexamples import counterexample, nothing, stages
from symlora.counterexamples.counterexample import BEYOND, Counterexample, build, member
from symlora.decide.library import certificates, closure, fetch
from symlora.decide.limit import OutOfTime, at_most
from symlora.domains.setup import read_setup
from symlora.domains.values import NotRepresentable
from symlora.kernel.errors import Rejected
from symlora.kernel.replay import Library, replay
from symlora.proof.repair import Repair
from symlora.proof.uses import readings

PROVED, NEEDED, UNDEFINED, UNKNOWN = "still proved", "needed", "undefined", "unknown"
ENGINE_SECONDS, SECONDS, MOST_SETS, LARGEST_SET = 2.0, 60.0, 24, 3
LOOKING = {
    "proved": "a proof", "broken": "a counterexample", "absent": "an instance at which nothing exists",
    "undefined": "an instance at which something is undefined",
    "misconstructed": "an instance at which the construction fails",
}  # fmt: skip
Items = list[dict[str, Any]]


@dataclass(frozen=True)
class Dropped:
    """What becomes of a theorem without some of its givens.

    `status` is ``still proved`` (`certificate` replays), ``needed`` (`witness` satisfies all other givens; `why` is
    ``goal`` if it breaks the goal named, ``nothing`` if nothing exists there that the goals ask for), ``undefined`` (at
    the witness a goal or another given has no value) or ``unknown``. `how` says in words what was found or tried.
    `minimal` says of a set that the theorem is still proved without any smaller part of it.
    """

    names: tuple[str, ...]
    status: str
    how: str
    why: str = ""
    goal: str = ""
    witness: dict[str, Any] | None = None
    certificate: dict[str, Any] | None = None
    minimal: bool = False
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """Return the entry as JSON data."""
        return {
            "givens": list(self.names), "status": self.status, "how": self.how, "why": self.why, "goal": self.goal,
            "witness": self.witness, "minimal": self.minimal, "certificate": self.certificate,
            "seconds": round(self.seconds, 3),
        }  # fmt: skip


@dataclass(frozen=True)
class Drops:
    """The entries for single givens in the order of the statement, then sets of givens that break it together."""

    theorem: str
    facts: dict[str, str]
    single: tuple[Dropped, ...]
    sets: tuple[Dropped, ...]
    finished: bool

    def to_json(self) -> dict[str, Any]:
        """Return everything as JSON data."""
        return {
            "theorem": self.theorem, "facts": self.facts, "givens": [one.to_json() for one in self.single],
            "sets": [one.to_json() for one in self.sets], "finished": self.finished,
        }  # fmt: skip


def nothing_said(what: str) -> None:
    """Take no notice of progress."""


def drop(bundle: dict[str, Any], seconds: float = SECONDS, progress: Callable[[str], None] = nothing_said) -> Drops:
    """Drop each given of the last theorem of a closed bundle in turn, then sets of them.

    It takes about that many seconds of the processor; a busy machine changes nothing.

    Every witness is evaluated again from its exact strings on the certificate's statement, and every proof is replayed
    by the kernel. Raises `Rejected` if the kernel refuses the bundle.

    >>> setup = [{"matrix": x, "index": [], "shape": ["1", "1"]} for x in "AB"]
    >>> setup += [{"given": "h", "fact": "A = B"}, {"given": "k", "fact": "B = 0"}]
    >>> step = {"rule": "eq", "fact": "B = A", "by": [["-1", "h", "1"]], "as": "swap"}
    >>> data = {"name": "t", "setup": setup, "goals": [{"name": "swap", "fact": "B = A"}], "proof": [step],
    ...         "done": ["swap"]}
    >>> found = drop({"format": "symlora-certificate", "version": 1, "theorems": [data]})
    >>> [(one.names, one.status) for one in found.single]
    [(('h',), 'needed'), (('k',), 'still proved')]
    >>> found.single[0].witness["scalars"]
    {'A': '1', 'B': '0'}
    """
    return _Dropping(bundle, time.process_time() + seconds, progress).all()


@dataclass
class _Statement:
    """A statement as items: `unknown` are the families that exist, or that a definition with an inverse constructs."""

    items: Items
    unknown: list[str] = field(default_factory=list)
    constructed: bool = False


def existential(data: dict[str, Any]) -> _Statement:
    """Return the statement with what it constructs by dividing left open: does anything at all do what it does?

    Definitions in which an inverse stands become unknown families; those made from them keep their equations.
    """
    found = _Statement([])
    for item in data["setup"]:
        made = item.get("define", [])
        open_ones = [one for one in made if any("inv(" in str(one.get(part, "")) for part in ("is", "start", "step"))]
        for one in open_ones:
            found.items.append({"matrix": one["name"], "index": item["index"], "shape": one["shape"]})
            found.unknown.append(one["name"])
            found.constructed = True
        rest = [one for one in made if one not in open_ones]
        if rest or not made:
            found.items.append({**item, "define": rest} if made else item)
    found.items += data.get("exists", [])
    found.unknown += [item["matrix"] for item in data.get("exists", [])]
    return found


def left_open(statement: _Statement) -> set[str]:
    """Return the names of what is left open, and of what is defined from it."""
    names = set(statement.unknown)
    for item in statement.items:
        for one in item.get("define", []):
            if any(words(str(one.get(part, ""))) & names for part in ("is", "start", "step")):
                names.update(other["name"] for other in item["define"])
    return names


def words(text: str) -> set[str]:
    """Return the names in a text.

    >>> sorted(words("A1[L] = dW*2"))
    ['A1', 'L', 'dW']
    """
    return set(re.findall(r"[A-Za-z][A-Za-z0-9_]*", text))


class _Dropping:
    """One theorem under examination."""

    def __init__(self, bundle: dict[str, Any], deadline: float, progress: Callable[[str], None]) -> None:
        self.library, found = readings(bundle)
        self.bundle, self.data = bundle, bundle["theorems"][-1]
        self.reading = found[self.data["name"]]
        self.deadline, self.engines_until, self.progress = deadline, deadline, progress
        self.statement = existential(self.data)
        self.goals = {goal["name"]: goal["fact"] for goal in self.data["goals"]}
        self.names = [item.get("given", item.get("as")) for item in self.data["setup"] if {"given", "such"} & set(item)]
        self.repair = Repair(self.data, self.library, self.reading, self._attempt, _fetch)
        names = left_open(self.statement)
        self.open_goals = {goal for goal, text in self.goals.items() if words(text) & names}
        self.known = {name: one for name, one in self.library.theorems.items() if name != self.data["name"]}

    def all(self) -> Drops:
        """Return the entries of all single givens and of the sets that break the theorem together."""
        single, sets = [], []
        for name in self.names:
            # A part of what is left, so that hard ones leave time for the others and for sets.
            single.append(self.one((name,), max(0.2 * (self.deadline - time.process_time()), 1.0)))
        for one in self.sets(single):
            sets.append(one)
        texts = {
            item.get("given", item.get("as")): item.get("fact", f"what {item.get('such')} says")
            for item in self.data["setup"] if {"given", "such"} & set(item)
        }  # fmt: skip
        return Drops(self.data["name"], texts, tuple(single), tuple(sets), time.process_time() < self.deadline)

    def one(self, names: tuple[str, ...], seconds: float) -> Dropped:
        """Return what becomes of the theorem without these givens."""
        self.progress(f"without {', '.join(names)}")
        start = time.process_time()
        tried: list[str] = []
        # What constructs by dividing is asked first whether anything exists at all: to break a goal with the one
        # construction says less.
        order = [self.proved, self.broken, self.absent, *([self.undefined] if len(names) == 1 else [])]
        order += [self.misconstructed] if self.statement.constructed and len(names) == 1 else []
        for stage in order:
            left = start + seconds - time.process_time()
            self.engines_until = time.process_time() + 0.4 * left
            try:
                # The engines are bounded one by one; bounds do not nest.
                with nullcontext() if stage == self.proved else at_most(max(0.6 * left, 0.2), work=True):
                    found = stage(names, tried)
            except OutOfTime:
                tried.append(f"the time was used up looking for {LOOKING[stage.__name__]}")
                continue
            if found is not None:
                return Dropped(**{**vars(found), "seconds": time.process_time() - start})
        return Dropped(names, UNKNOWN, "; ".join(dict.fromkeys(tried)), seconds=time.process_time() - start)

    def proved(self, names: tuple[str, ...], tried: list[str]) -> Dropped | None:
        """Look for a proof without these givens; the kernel replays it with all that it cites."""
        found = self.repair.proof(names)
        if found is not None:
            bundle = self.closed(found[0])
            if bundle is not None:
                return Dropped(names, PROVED, found[1], certificate=bundle)
        tried.append("no proof without it was found")
        return None

    def closed(self, data: dict[str, Any]) -> dict[str, Any] | None:
        """Return a theorem with all that it cites as a certificate, if the kernel replays it."""
        order = {one["name"]: one for one in self.bundle["theorems"][:-1]}
        try:
            for name in cited(data):
                if name not in order:
                    order.update(
                        {one["name"]: one for one in closure(certificates()[name]) if one["name"] not in order}
                    )
            bundle = {**self.bundle, "theorems": [*order.values(), data]}
            last = replay(bundle)[-1]
        except (Rejected, KeyError):
            return None
        return None if last.holes else bundle

    def broken(self, names: tuple[str, ...], tried: list[str]) -> Dropped | None:
        """Look for an instance of the other givens that breaks a goal in which nothing is left open."""
        goals = {goal: text for goal, text in self.goals.items() if goal not in self.open_goals}
        return self._broken(names, goals, tried)

    def misconstructed(self, names: tuple[str, ...], tried: list[str]) -> Dropped | None:
        """Look for an instance of the other givens that breaks a goal with what the statement constructs."""
        if self.data.get("exists"):
            return None
        goals = {goal: text for goal, text in self.goals.items() if goal in self.open_goals}
        found = self._broken(names, goals, tried)
        if found is None:
            return None
        how = f"{found.how} for this construction; whether other {', '.join(self.statement.unknown)} would do is open"
        return Dropped(**{**vars(found), "how": how})

    def _broken(self, names: tuple[str, ...], goals: dict[str, str], tried: list[str]) -> Dropped | None:
        if not goals:
            return None
        items = self.without(self.data["setup"], names)
        best: tuple[tuple[int, ...], str, dict[str, Any]] | None = None
        for goal, text in goals.items():
            effort = stages.Effort(models=6_000, random=40, largest=3)
            try:
                found = stages.search(items, [], text, self.known, effort)
            except (Rejected, LookupError):
                continue
            if not isinstance(found, Counterexample):
                continue
            data = json.loads(json.dumps(found.to_json()))
            if self.confirmed(names, goal, data) and (best is None or size(found) < best[0]):
                best = size(found), goal, data
        if best is None:
            tried.append("no instance of the other givens that breaks a goal was found")
            return None
        return Dropped(names, NEEDED, f"{best[1]} is false", "goal", best[1], best[2])

    def confirmed(self, names: tuple[str, ...], goal: str, data: dict[str, Any]) -> bool:
        """Return whether a witness holds out when it is evaluated again from its strings on the statement."""
        return confirmed(self.data, names, goal, data, self.known)

    def absent(self, names: tuple[str, ...], tried: list[str]) -> Dropped | None:
        """Look for an instance of the other givens at which nothing exists that the goals ask for."""
        if not self.statement.unknown:
            return None
        items = self.without(self.statement.items, names)
        try:
            found = nothing.search(items, self.goals, self.statement.unknown, self.known, models=1_500)
        except Rejected:
            return None
        if isinstance(found, int):
            what = ", ".join(self.statement.unknown)
            tried.append(f"at none of {found} instances it was shown that no {what} exist")
            return None
        data = json.loads(json.dumps(found.to_json()))
        if not nothing.recheck(data, items, self.goals, self.known) or not failing(self.data, names, data, self.known):
            return None
        return Dropped(names, NEEDED, found.absence.because, "nothing", found.absence.goal, data)

    def undefined(self, names: tuple[str, ...], tried: list[str]) -> Dropped | None:
        """Look for an instance of the other givens at which the statement divides by a singular matrix."""
        items = self.without(self.data["setup"], names)
        open_names = left_open(self.statement) if self.statement.constructed else set()
        divides = [
            item["given"] for item in items
            if "given" in item and ("inv(" in item["fact"] or words(item["fact"]) & open_names)
        ]  # fmt: skip
        try:
            found = nothing.undefined(items, self.goals, divides, self.known)
        except (Rejected, LookupError):
            return None
        if found is None or not failing(self.data, names, found, self.known):
            return None
        what = f"the {found['undefined']} divides by a singular matrix"
        if found["undefined"].removeprefix("goal ") in self.open_goals:
            what += f"; whether other {', '.join(self.statement.unknown)} would do is open"
        return Dropped(names, UNDEFINED, what, "undefined", found["undefined"], found)

    def sets(self, single: Sequence[Dropped]) -> Iterator[Dropped]:
        """Yield the sets of givens that break the theorem together though no smaller part of them does.

        By size. Parts of a set without which the theorem is proved need no look; neither do sets with a broken part.
        """
        removable = [set(one.names) for one in single if one.status == PROVED]
        # Without what it divides by, a statement says nothing, whatever else is left out; existence may still fail.
        idle = (NEEDED,) if self.statement.unknown else (NEEDED, UNDEFINED)
        left = [one.names[0] for one in single if one.status not in idle]
        certain = {one.names[0] for one in single if one.status == PROVED}
        rank = {one.names[0]: (UNDEFINED, UNKNOWN, NEEDED, PROVED).index(one.status) for one in single}
        broken: list[set[str]] = []
        whole = tuple(name for name in left if name in certain)
        self.engines_until = time.process_time() + ENGINE_SECONDS
        if len(whole) > 1 and self.proved(whole, []) is not None:
            removable.append(set(whole))
        looked = 0
        for count in range(2, LARGEST_SET + 1):
            # Those come first of which least is known to be superfluous, and what a construction divides by.
            groups = sorted(combinations(left, count), key=lambda group: sum(map(rank.__getitem__, group)))
            for group in groups:
                seconds = self.deadline - time.process_time()
                if looked == MOST_SETS or seconds <= 1:
                    return
                names = set(group)
                if any(names <= one for one in removable) or any(one <= names for one in broken):
                    continue
                looked += 1
                found = self.one(group, min(seconds, max(6.0, seconds / 3)))
                if found.status == PROVED:
                    removable.append(names)
                elif found.status == NEEDED:
                    parts = combinations(group, count - 1)
                    minimal = all(any(set(part) <= one for one in removable) for part in parts)
                    broken.append(names)
                    yield Dropped(**{**vars(found), "minimal": minimal})

    def without(self, items: Items, names: Sequence[str]) -> Items:
        """Return items without these givens."""
        return [item for item in items if item.get("given", item.get("as")) not in names]

    def _attempt(self, engine: Callable[[], bool]) -> bool:
        """Run one attempt of an engine for at most a moment."""
        left = self.engines_until - time.process_time()
        if left <= 0:
            return False
        try:
            with at_most(min(ENGINE_SECONDS, left), work=True):
                return engine()
        except OutOfTime:
            return False


def confirmed(data: dict[str, Any], names: Sequence[str], goal: str, witness: dict[str, Any],
              known: dict[str, Any]) -> bool:  # fmt: skip
    """Return whether a witness satisfies every other given of a theorem, breaks its goal, and breaks what was dropped.

    `data` is the theorem as its certificate has it, `witness` the JSON of a counterexample, `known` the theorems to
    which the statement may refer.
    """
    items = [item for item in data["setup"] if item.get("given", item.get("as")) not in names]
    text = next((one["fact"] for one in data["goals"] if one["name"] == goal), None)
    if text is None or not counterexample.recheck(witness, items, [], text, known):
        return False
    return failing(data, names, witness, known)


def failing(data: dict[str, Any], names: Sequence[str], witness: dict[str, Any], known: dict[str, Any]) -> bool:
    """Return whether an instance satisfies the other givens up to all bounds, and not those that were dropped.

    That all givens hold where a goal fails would mean that a false theorem was proved; it is refused here. What an
    axiom says of its own things is not evaluated: they are values of the witness then.
    """
    plain = [name for name in names if any(item.get("given") == name for item in data["setup"])]
    items = [item for item in data["setup"] if item.get("given", item.get("as")) not in names]
    dropped = [item for item in data["setup"] if item.get("given") in plain]
    try:
        setup = read_setup([*items, *dropped], known)
        naturals = {member(text): int(value) for text, value in witness["naturals"].items()}
        matrices: dict[Any, Any] = {member(text): rows for text, rows in witness["matrices"].items()}
        matrices |= {member(text): [[value]] for text, value in witness.get("scalars", {}).items()}
        model = build(setup, naturals, matrices)
        for name, fact in setup.givens.items():
            # A hypothesis without an upper bound was looked at up to a bound, which refutes nothing.
            if name not in plain and "." not in name and model.holds(fact, BEYOND).cut:
                return False
    except (LookupError, NotRepresentable, Rejected, ValueError, TypeError):
        return False
    for name in plain:
        try:
            found = model.holds(setup.givens[name], BEYOND)
        except (LookupError, NotRepresentable):
            return True
        if not found.true or found.undefined:
            return True
    return len(plain) < len(names)


def size(found: Counterexample) -> tuple[int, int, int, int]:
    """Return the place of a counterexample in the documented order."""
    entries = [Fraction(x) for rows in found.matrices.values() for row in rows for x in row if x]
    height = max((max(abs(x.numerator), x.denominator) for x in entries), default=0)
    return sum(found.naturals.values()), len(entries), height, sum(x < 0 for x in entries)


def cited(data: Any) -> list[str]:
    """Return the theorems, axioms aside, that the steps of a proof cite."""
    if isinstance(data, dict):
        own = [data["theorem"]] if data.get("rule") == "cite" and not data["theorem"].startswith("axiom/") else []
        return own + [name for value in data.values() for name in cited(value)]
    return [name for value in data for name in cited(value)] if isinstance(data, list) else []


def _fetch(name: str, library: Library) -> None:
    fetch(name, library)
