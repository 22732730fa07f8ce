"""Exact instances as evidence: worker processes run the proofs, and each step of a report gets what became of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

import msgspec

from symlora.kernel.errors import Rejected
from symlora.kernel.form import load
from symlora.kernel.replay import Library
from symlora.proof.verdicts import Verdict
from symlora.runs.cache import Cache, instances_key
from symlora.runs.errors import one_line
from symlora.runs.instances import Outcome, Request, Step
from symlora.runs.launch import MEMORY_BYTES, cpu_seconds
from symlora.runs.report import Evidence, InstanceReport, ScriptReport, StepReport, TheoremReport

SHOWN_SIZES = 8
_decode = msgspec.json.Decoder(Outcome).decode


@dataclass(frozen=True)
class Wanted:
    """How many instances of each theorem, and from which seed."""

    count: int
    seed: int = 0


class Instances:
    """Runs proofs on instances in processes of their own, from any thread; `stop` ends those under way."""

    def __init__(self, wanted: Wanted, cache: Cache | None, engine: str) -> None:
        self.wanted, self.cache, self.engine = wanted, cache, engine
        self.stopped = False
        self._lock = threading.Lock()
        self._running: list[subprocess.Popen[bytes]] = []

    def stop(self) -> None:
        """End the processes."""
        with self._lock:
            self.stopped = True
            for process in self._running:
                process.kill()

    def _key(self, theorem: TheoremReport) -> str:
        return instances_key(theorem.bundle, self.wanted.count, self.wanted.seed, self.engine)

    def _known(self, theorem: TheoremReport) -> Outcome | None:
        lines = None if self.cache is None else self.cache.get(self._key(theorem))
        try:
            return None if lines is None else _decode(b"\n".join(lines))
        except msgspec.MsgspecError:
            return None

    def due(self, report: ScriptReport) -> list[TheoremReport]:
        """Add what is known from earlier runs to a script's report; return the theorems that have to be run."""
        for place, theorem in enumerate(report.theorems):
            known = self._known(theorem) if theorem.bundle and theorem.instances is None else None
            if known is not None:
                report.theorems[place] = with_instances(theorem, known, self.wanted)
        return _missing(report)

    def add(self, report: ScriptReport, outcomes: Sequence[Outcome]) -> None:
        """Add the outcomes for the theorems that were due to a script's report; keep those that are complete."""
        for theorem, outcome in zip_longest(_missing(report), outcomes):
            if outcome is not None and not outcome.stopped and self.cache is not None:
                self.cache.put(self._key(theorem), [msgspec.json.encode(outcome)])
            report.theorems[report.theorems.index(theorem)] = with_instances(theorem, outcome, self.wanted)

    def run(self, theorems: Sequence[TheoremReport]) -> list[Outcome]:
        """Return the outcomes for theorems with certificates in order, fewer if the process ended early."""
        wanted = self.wanted
        package = Path(__file__).resolve().parent.parent.parent
        search = os.pathsep.join([str(package), *filter(None, [os.environ.get("PYTHONPATH")])])
        environment = {**os.environ, "PYTHONPATH": search, "PYTHONHASHSEED": "0"}
        request = Request([t.bundle.decode() for t in theorems], wanted.count, wanted.seed, MEMORY_BYTES)
        with self._lock:
            if self.stopped:
                return []
            process = subprocess.Popen(
                [sys.executable, "-P", "-m", "symlora.runs.instances"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, env=environment, start_new_session=True,
            )  # fmt: skip
            self._running.append(process)
        try:
            limit = 60 + 4 * cpu_seconds() * len(theorems)
            sent, _ = process.communicate(msgspec.json.encode(request), timeout=limit)
        except subprocess.TimeoutExpired:
            process.kill()
            sent, _ = process.communicate()
        finally:
            with self._lock:
                self._running.remove(process)
        found = []
        for line in sent.splitlines(keepends=True):
            try:
                found.append(_decode(line))
            except msgspec.MsgspecError:
                break
        return found[: len(theorems)]


def _missing(report: ScriptReport) -> list[TheoremReport]:
    return [theorem for theorem in report.theorems if theorem.bundle and theorem.instances is None]


def with_instances(theorem: TheoremReport, outcome: Outcome | None, wanted: Wanted) -> TheoremReport:
    """Return a report with evidence from instances for every step; None stands for a process that ended early."""
    if outcome is None:
        ended = "the process that runs instances ended early"
        outcome = Outcome(0, 0, 0, [], 0, 0, 0, [], None, "", ended, 0.0)
    steps = {(step.name, tuple(step.path)): step for step in outcome.steps}
    failure = outcome.failure
    general = InstanceReport(
        wanted.count, wanted.seed, outcome.models, outcome.left_out, outcome.tried, tuple(outcome.sizes), outcome.facts,
        outcome.open, outcome.hypotheses, _idle(theorem, outcome), failure, failure is not None and not theorem.holes,
        contradiction_holds(theorem, outcome.contradiction), outcome.stopped, outcome.seconds,
    )  # fmt: skip
    evident = [_evident(one, steps.get((one.name, one.path)), general) for one in theorem.steps]
    return replace(theorem, steps=tuple(evident), instances=general)


def _idle(theorem: TheoremReport, outcome: Outcome) -> tuple[str, ...]:
    """Return the steps without an instance; none if there is no instance at all."""
    reached = {(step.name, tuple(step.path)) for step in outcome.steps if step.facts}
    missing = [one for one in theorem.steps if (one.name, one.path) not in reached]
    return tuple(one.name + (f" in {one.path[-1]}" if one.path else "") for one in missing) if reached else ()


def contradiction_holds(theorem: TheoremReport, text: str) -> bool:
    """Return whether the kernel replays the text as a derivation of ``1 <= 0`` from the theorem's hypotheses."""
    if not text:
        return False
    try:
        data: dict[str, Any] = json.loads(text)
        statement = load(theorem.bundle)["theorems"][-1]["setup"]
        goals = [goal["fact"] for goal in data["goals"]]
        return data["setup"] == statement and goals == ["1 <= 0"] and not Library().check(data).holes
    except (Rejected, ValueError, LookupError, TypeError, RecursionError):
        return False


def _evident(one: StepReport, step: Step | None, general: InstanceReport) -> StepReport:
    """Return a step with its evidence."""
    failure = general.failure
    if failure is not None and (failure["step"], tuple(failure["inside"])) == (one.name, one.path):
        at = ", ".join(f"{name} = {value}" for name, value in {**failure["naturals"], **failure["at"]}.items())
        evidence = Evidence("instances", Verdict.REFUTED, one_line(f"{failure['claim']} is false for {at}"))
    elif general.vacuous:
        evidence = Evidence("instances", Verdict.VACUOUS, "the hypotheses contradict each other")
    elif step is not None and step.facts > step.open:
        evidence = Evidence("instances", Verdict.HOLDS_ON_INSTANCES, _held(step, general))
    else:
        evidence = Evidence("instances", Verdict.UNTESTED, _why_untested(step, general))
    return replace(one, evidence=(*one.evidence, evidence))


def _held(step: Step, general: InstanceReport) -> str:
    decided = step.facts - step.open
    sizes = sizes_text([general.sizes[k] for k in step.sizes])
    text = f"{step.models} instance{'s' * (step.models != 1)}, {sizes}, {decided} fact{'s' * (decided != 1)}"
    text += f", {step.open} more left open by irrational values" if step.open else ""
    return text + (f"; at {step.where}" if step.where else "")


def _why_untested(step: Step | None, general: InstanceReport) -> str:
    """Return why nothing was decided for a step."""
    if step is not None and step.facts:
        return f"irrational values left all {step.facts} facts open"
    if general.models:
        return f"none of {general.models} instances comes to this case"
    return general.why_untested


def sizes_text(sizes: Sequence[dict[str, int]]) -> str:
    """Return the values of the naturals, families of naturals only as a count.

    >>> sizes_text([{"D": 2, "L": 1, "d[0]": 1}, {"D": 2, "L": 1, "d[0]": 2}, {"D": 3, "L": 1, "d[0]": 1}])
    'sizes (D, L) = (2, 1), (3, 1)'
    >>> sizes_text([{}]), sizes_text([{"n": 0}, {"n": 1}]), sizes_text([])
    ('numbers only', 'sizes n = 0, 1', 'each in part')
    """
    if not sizes:
        return "each in part"
    names = list(dict.fromkeys(name for size in sizes for name in size if "[" not in name))
    if not names:
        return "numbers only"
    found = list(dict.fromkeys(tuple(size.get(name, 0) for name in names) for size in sizes))
    listed = [str(one[0]) if len(one) == 1 else str(one) for one in found[:SHOWN_SIZES]]
    more = f" and {len(found) - SHOWN_SIZES} more" if len(found) > SHOWN_SIZES else ""
    head = names[0] if len(names) == 1 else f"({', '.join(names)})"
    return f"sizes {head} = {', '.join(listed)}{more}"
