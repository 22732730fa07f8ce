"""Proofs run as programs on exact instances: ``python -P -m symlora.runs.instances`` with requests on standard input.

Every hypothesis is evaluated on every instance before the proof is run on it. What comes out is evidence, never a
verdict.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from symlora.domains.execution import Failure, Program, checks, program
from symlora.domains.values import fractions
from symlora.kernel.errors import Rejected
from symlora.kernel.form import load
from symlora.kernel.replay import Library
from symlora.proof.graph import blocks, made, named
from symlora.runs.bound import TooLong, bounded
from symlora.runs.candidates import Seen, Watched, candidates, fits, member, sizes_of
from symlora.runs.errors import one_line

TRIES = 10
"""How many candidates are tried for every instance that is asked for."""
MORE = 5
"""How many times as many instances are run at most for the sake of steps that not every instance comes to."""
Place = tuple[str, tuple[str, ...]]
"""A step as a report knows it: its name and the sub-proofs around it; the name is empty for definitions."""


class Request(msgspec.Struct, frozen=True):
    """Closed certificates to run on `count` instances each, with bounds on the work for each and on memory."""

    bundles: list[str]
    count: int
    seed: int
    bytes: int


class Step(msgspec.Struct, frozen=True):
    """What became of one step: evaluated facts, how many of them irrational values left open, on how many instances,
    of which of the sizes, and at which indices."""

    name: str
    path: list[str]
    facts: int
    open: int
    models: int
    sizes: list[int]
    where: str


class Outcome(msgspec.Struct, frozen=True):
    """What became of one theorem.

    `models` counts instances on which the proof ran to its end, `left_out` those where something irrational had to be
    exact, `tried` all candidates. `failure` is a fact that is false on an instance, the smallest there was, as data.
    `contradiction` is a theorem with the same statement and the goal ``1 <= 0``, to be replayed. `stopped` says why
    there are fewer instances than asked for.
    """

    models: int
    left_out: int
    tried: int
    sizes: list[dict[str, int]]
    facts: int
    open: int
    hypotheses: int
    steps: list[Step]
    failure: dict[str, Any] | None
    contradiction: str
    stopped: str
    seconds: float


def owners(steps: Sequence[dict[str, Any]], place: str = "", path: tuple[str, ...] = (), above: Place = ("", ()),
           ) -> Iterator[tuple[str, Place]]:  # fmt: skip
    """Yield for each fact of a proof, as a program names it, the step of a report to which it belongs.

    Facts that an engine makes belong to the next step with a name, at the end of a sub-proof to the step around it.
    """
    labels = [next(filter(named, made(step)), "") for step in steps]
    for position, step in enumerate(steps, 1):
        after = next(filter(None, labels[position - 1 :]), "")
        own = (after, path) if after else above
        here, label = f"{place}{position} {step['rule']}", labels[position - 1]
        for part, block in blocks(step):
            shown = label if part == "proof" else f"{label} ({part})"
            inner = f"{here} / " if part == "proof" else f"{here} / {part} "
            yield from owners(block["steps"], inner, (*path, shown) if label else path, own)
        for name in made(step):
            yield f"{here} {name}", (name, path) if named(name) else own


class Bundles:
    """Reads certificates; what several of them contain is replayed once."""

    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self.library = Library()
        self.programs: dict[str, Program] = {}
        self.texts: dict[str, str] = {}

    def read(self, bundle: str) -> tuple[dict[str, Any], Program]:
        """Return the last theorem of a certificate as data and as a program; raises `Rejected`."""
        theorems = load(bundle.encode())["theorems"]
        texts = {data["name"]: json.dumps(data, sort_keys=True) for data in theorems}
        if any(self.texts.get(name, text) != text for name, text in texts.items()):
            self._forget()
        for data in theorems:
            if data["name"] not in self.texts:
                self.programs[data["name"]] = program(data, self.library, self.programs)
                self.library.check(data)
                self.texts[data["name"]] = texts[data["name"]]
        return theorems[-1], self.programs[theorems[-1]["name"]]


class Account:
    """What becomes of one theorem, complete at any time, so that a stop loses nothing."""

    def __init__(self, data: dict[str, Any], code: Program) -> None:
        self.data, self.code = data, code
        self.places: dict[str, Place] = dict(owners(data["proof"]))
        self.places.update((f"goal {goal['name']}", (goal["name"], ())) for goal in data["goals"])
        self.seen = {id(check.fact): Seen() for check in checks(code.body)}
        self.models = self.left_out = self.tried = self.hypotheses = 0
        self.sizes: list[dict[str, int]] = []
        self.size_of: dict[int, int] = {}
        self.failure: tuple[int, dict[str, Any]] | None = None

    def run(self, wanted: int, seed: int) -> None:
        """Run the proof on that many instances, on more while some step was not evaluated on as many."""
        for model in candidates(self.code.setup, seed):
            enough = self.models >= wanted and (self.models == MORE * wanted or self._reached(wanted))
            if enough or self.tried == TRIES * wanted:
                return
            self.tried += 1
            evaluated = None if model is None else fits(model, self.code.setup)
            if model is None or evaluated is None:
                continue
            model.seen, model.number = self.seen, self.tried
            found = self.code.run(model)
            self.hypotheses += evaluated
            self.models += not found.left_out
            self.left_out += bool(found.left_out)
            size = sizes_of(self.code.setup, model)
            if not found.left_out:
                if size not in self.sizes:
                    self.sizes.append(size)
                self.size_of[self.tried] = self.sizes.index(size)
            large = sum(size.values())
            if found.failures and (self.failure is None or large < self.failure[0]):
                self.failure = large, self._failed(found.failures[0], model, size)

    def _reached(self, wanted: int) -> bool:
        """Return whether every fact was evaluated on that many instances."""
        return all(len(seen.models) >= wanted for seen in self.seen.values())

    def _failed(self, failure: Failure, model: Watched, size: dict[str, int]) -> dict[str, Any]:
        name, path = self.places.get(failure.path, ("", ()))
        matrices = {member(*key): _json(fractions(value)) for key, value in model.leaves().items()}
        return {"step": name, "inside": list(path), "claim": failure.fact, "naturals": size, "at": failure.naturals,
                "scalars": {}, "matrices": matrices, "computed": {},
                "left": _json(failure.left), "right": _json(failure.right)}  # fmt: skip

    def outcome(self, stopped: str, seconds: float) -> Outcome:
        """Return what was found so far."""
        groups: dict[Place, list[tuple[str, Seen]]] = {}
        for check in checks(self.code.body):
            groups.setdefault(self.places.get(check.path, ("", ())), []).append((check.path, self.seen[id(check.fact)]))
        steps = [self._step(place, group) for place, group in groups.items()]
        contradiction = "" if self.models or self.left_out or stopped else contradicted(self.data)
        return Outcome(
            self.models, self.left_out, self.tried, self.sizes, sum(step.facts for step in steps),
            sum(step.open for step in steps), self.hypotheses, steps,
            None if self.failure is None else self.failure[1], contradiction, stopped, seconds,
        )  # fmt: skip

    def _step(self, place: Place, group: list[tuple[str, Seen]]) -> Step:
        """Return the account of a step, with all facts that belong to it counted."""
        name, path = place
        own = [seen for at, seen in group if at.endswith(f" {name}")] or [seen for _, seen in group]
        # A step whose own fact was never evaluated is without an instance, whatever was evaluated on the way.
        reached = sum(seen.facts for seen in own)
        total = sum(seen.facts for _, seen in group) if reached else 0
        left = sum(seen.open for _, seen in group) if reached else 0
        models = set[int]().union(*(seen.models for seen in own))
        known = sorted({self.size_of[number] for number in models if number in self.size_of})
        where = next((text for seen in own if (text := seen.where())), "")
        return Step(name, list(path), total, left, len(models), known, where)


def _json(value: Any) -> Any:
    return [[str(x) for x in row] for row in value] if isinstance(value, tuple) else str(value)


def contradicted(data: dict[str, Any]) -> str:
    """Return a theorem that derives ``1 <= 0`` from the hypotheses about naturals alone, "" if none was found.

    >>> items = [{"natural": "n"}, {"given": "low", "fact": "n <= 1"}, {"given": "high", "fact": "2 <= n"}]
    >>> found = json.loads(contradicted({"setup": items}))
    >>> found["goals"], Library().check(found).holes
    ([{'name': 'false', 'fact': '1 <= 0'}], ())
    """
    from symlora.kernel.context import Context
    from symlora.kernel.facts import Relation
    from symlora.kernel.naturals import ZERO, number
    from symlora.kernel.replay import add_item
    from symlora.rules.ranges import prove_relation
    from symlora.rules.scope import Scope

    if any("such" in item for item in data["setup"]):
        return ""
    context, library = Context(), Library()
    for item in data["setup"]:
        add_item(context, item)
    scope = Scope(context, library, "vacuous")
    try:
        if prove_relation(scope, Relation("<=", (number(1), ZERO)), "false") is not None:
            return ""
    except Rejected:
        return ""
    theorem = {"name": "vacuous", "title": "", "source": "", "setup": data["setup"], "exists": [], "witness": {},
               "goals": [{"name": "false", "fact": "1 <= 0"}], "proof": scope.steps, "done": ["false"]}  # fmt: skip
    return json.dumps(theorem)


def work(bundles: Bundles, bundle: str, wanted: int, seed: int) -> Outcome:
    """Return what becomes of the last theorem of a certificate, within the bound on the work of a script."""
    start = time.process_time()
    account, stopped = None, ""
    try:
        with bounded():
            account = Account(*bundles.read(bundle))
            account.run(wanted, seed)
    except TooLong:
        stopped = "stopped at the bound on the work, see SYMLORA_CPU_SECONDS"
    except (Rejected, MemoryError, RecursionError, ArithmeticError) as error:
        stopped = f"stopped: {one_line(f'{type(error).__name__} {error}')}"
    seconds = time.process_time() - start
    if account is None:
        return Outcome(0, 0, 0, [], 0, 0, 0, [], None, "", stopped, seconds)
    return account.outcome(stopped, seconds)


def main() -> int:
    """Run a request; write one line for each certificate as soon as it is done."""
    request = msgspec.json.decode(sys.stdin.buffer.read(), type=Request)
    resource.setrlimit(resource.RLIMIT_AS, (request.bytes, request.bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    bundles = Bundles()
    for bundle in request.bundles:
        sys.stdout.buffer.write(msgspec.json.encode(work(bundles, bundle, request.count, request.seed)) + b"\n")
        sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
