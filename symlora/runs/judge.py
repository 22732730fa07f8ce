"""From what a worker sent to verdicts: certificates are replayed here, and what is shown comes from the replay."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from typing import Any

from symlora.kernel.errors import Rejected
from symlora.kernel.form import load
from symlora.kernel.replay import Library, Theorem
from symlora.kernel.syntax import canonical
from symlora.proof.errors import ProofError
from symlora.proof.graph import Node, ProofGraph, blocks, cited, proof_graph
from symlora.proof.verdicts import Verdict, expected, weakest
from symlora.runs import wire
from symlora.runs.bound import TooLong, bounded
from symlora.runs.counterexamples import Place, between, confirmed, places
from symlora.runs.errors import RunError, one_line
from symlora.runs.report import Evidence, StepReport, TheoremReport, Trouble
from symlora.runs.scan import Script, line_of


class Judge:
    """Replays bundles; a theorem that several bundles contain is replayed once."""

    def __init__(self) -> None:
        self._replayed: dict[str, Theorem] = {}

    def judge(self, sent: wire.Finished, script: Script) -> TheoremReport:
        """Return the report on one theorem; raises `RunError` if the script declares an unknown level."""
        try:
            expect = expected(sent.expect)
        except ProofError as error:
            raise RunError(f"theorem {one_line(sent.id)}: {error}") from None
        start = time.perf_counter()
        bundle = sent.bundle.encode("utf-8", "replace")
        try:
            with bounded():
                data = load(bundle)["theorems"]
                library, theorem = self._replay(data)
                if theorem.name != sent.id:
                    raise Rejected("bundle-name", f"a certificate of {sent.id!a}", ascii(theorem.name))
                graph = proof_graph(data[-1])
        except (Rejected, RecursionError, MemoryError, TooLong) as error:
            # Only a worker that was tampered with sends what its own kernel would refuse.
            return TheoremReport(
                id=one_line(sent.id), title=one_line(sent.title), source=one_line(sent.source), statement="", digest="",
                verdict=Verdict.UNKNOWN, expect=expect, script=script.path, steps=(), rejected=one_line(str(error)),
            )  # fmt: skip
        seconds = time.perf_counter() - start
        steps = _Steps(theorem, library.theorems, data[-1], graph, sent, script, seconds).steps()
        open_claims = [Verdict.UNKNOWN] if theorem.holes else []
        return TheoremReport(
            id=theorem.name, title=theorem.title, source=theorem.source, statement=theorem.statement,
            digest=theorem.digest, verdict=weakest([*(step.verdict for step in steps), *open_claims]),
            expect=expect, script=script.path, steps=steps, axioms=theorem.axioms, cites=theorem.cites,
            holes=theorem.holes, notes=() if theorem.holes else _notes(graph), seconds=seconds, bundle=bundle,
        )  # fmt: skip

    def _replay(self, theorems: Sequence[dict[str, Any]]) -> tuple[Library, Theorem]:
        """Return the theorems of a bundle, and the last one.

        A theorem's replay depends on its own data and on the theorems that it cites alone, so both make its key.
        """
        library = Library()
        keys: dict[str, str] = {}
        last: Theorem | None = None
        for data in theorems:
            text = json.dumps(data, sort_keys=True)
            used = [f"{name} {keys[name]}" for name in cited(data) if name in keys]
            key = hashlib.sha256("\n".join([text, *used]).encode()).hexdigest()
            known = self._replayed.get(key)
            if known is None or known.name in library.theorems:
                last = self._replayed[key] = library.check(data)
            else:
                last = library.theorems[known.name] = known
            keys[last.name] = key
        if last is None:
            raise Rejected("format-empty", "at least one theorem", "none")
        return library, last


class _Steps:
    """The reports on the steps of one theorem."""

    def __init__(self, theorem: Theorem, known: dict[str, Theorem], data: dict[str, Any], graph: ProofGraph,
                 sent: wire.Finished, script: Script, seconds: float) -> None:  # fmt: skip
        self.theorem, self.known, self.data, self.graph, self.script = theorem, known, data, graph, script
        self.facts = dict(theorem.facts)
        self.seconds = seconds
        self.reasons: dict[str, str] = {}
        for record in sent.records:
            self.reasons.setdefault(record.name, one_line(record.by))
        self.troubles = self._all_troubles(sent.holes)

    def _all_troubles(self, holes: Sequence[wire.Hole]) -> dict[str, list[Trouble]]:
        """Return the claims without proof by the user's step to which they belong."""
        found: dict[str, list[Trouble]] = {}
        waiting = list(holes)
        for place in places(self.data):
            hole = next((one for one in waiting if one.fact == place.fact), None)
            if hole is not None:
                waiting.remove(hole)
            found.setdefault(place.owner, []).append(self._trouble(place, hole))
        return found

    def _trouble(self, place: Place, hole: wire.Hole | None) -> Trouble:
        claim = canonical(place.fact)
        if hole is None:
            return Trouble(claim, "", "", "", "not searched")
        start = time.perf_counter()
        witness = confirmed(self.data, place, hole.search, self.known)
        seconds = time.perf_counter() - start
        why = hole.failure
        said = _searched(hole.search, witness is not None)
        if why is None:
            return Trouble(claim, "", "", "", said, witness, seconds)
        expected, found, tried = (one_line(text, 2000) for text in (why.expected, why.found, why.tried))
        return Trouble(claim, expected, found, tried, said, witness, seconds)

    def steps(self) -> tuple[StepReport, ...]:
        """Return the steps that the user named, then the goals that are earlier steps under another name."""
        found = [self._step(node) for node in self.graph.nodes]
        verdicts = {step.name: step.verdict for step in found if not step.path}
        for goal in self.data["goals"]:
            fact = self.graph.goals[goal["name"]]
            if goal["name"] not in verdicts:
                verdict = verdicts.get(fact, Verdict.PROVED)
                evidence = (Evidence("certificate", verdict, f"the goal is what {fact} says", self.seconds),)
                by = self.reasons.get(goal["name"], f"step {fact}")
                found.append(StepReport(goal["name"], canonical(goal["fact"]), verdict, by, (fact,), (), evidence))
        return tuple(found)

    def _step(self, node: Node) -> StepReport:
        inner = _holes_inside(node.step)
        own = tuple(self.troubles.get(node.name, ()))
        evidence: list[Evidence] = []
        if any(trouble.counterexample is not None for trouble in own):
            verdict = Verdict.REFUTED
        elif own or inner:
            verdict = Verdict.UNKNOWN
        elif node.step["rule"] == "cite" and self._open_citation(node.step):
            verdict = Verdict.UNKNOWN
            evidence.append(Evidence("certificate", verdict, f"{node.step['theorem']}, which it cites, has holes"))
        else:
            verdict = Verdict.PROVED
            detail = "replayed by the kernel, with the whole theorem"
            evidence.append(Evidence("certificate", verdict, detail, self.seconds))
        for trouble in own:
            one = Verdict.REFUTED if trouble.counterexample is not None else Verdict.UNKNOWN
            evidence.append(Evidence("grid", one, trouble.search, trouble.seconds))
        if inner and not own:
            evidence.append(Evidence("certificate", verdict, "a step inside is without proof"))
        by = self.reasons.get(node.name) or WORDS.get(node.step["rule"], str(node.step["rule"]))
        line = None if verdict is Verdict.PROVED else self._line(node)
        return StepReport(node.name, self._claim(node), verdict, by, node.uses, node.path, tuple(evidence), own, line)

    def _line(self, node: Node) -> int | None:
        """Return the line on which a step is written; for the goal of a sub-proof, that of the step around it."""
        outer = [part.partition(" (")[0] for part in reversed(node.path)]
        found = (line_of(self.script, self.theorem.name, name) for name in (node.name, *outer))
        return next((line for line in found if line is not None), None)

    def _open_citation(self, step: dict[str, Any]) -> bool:
        prefix = f"{step['theorem']}: "
        return any(hole.startswith(prefix) for hole in self.theorem.holes)

    def _claim(self, node: Node) -> str:
        """Return what a step says, in the certificate's words."""
        step = node.step
        if step["rule"] in ("induction", "choose"):
            goals = [*step["goals"], *step.get("relations", [])]
            goal = next((goal["fact"] for goal in goals if goal["as"] == node.name), "the first one")
            last = f"{step['to']} - 1" if any(r["as"] == node.name for r in step.get("relations", [])) else step["to"]
            return between(goal, step["index"], step["from"], last)
        if "fact" in step:
            return canonical(step["fact"])
        if step["rule"] == "either":
            return canonical(next(goal["fact"] for goal in step["goals"] if goal["as"] == node.name))
        if not node.path and node.name in self.facts:
            return self.facts[node.name]
        if step["rule"] == "cite":
            goal = next((goal for goal, label in step["as"].items() if label == node.name), "")
            values = {**step["naturals"], **step["matrices"]}
            return f"{goal} of {step['theorem']}" + "".join(f", {k} := {canonical(v)}" for k, v in values.items())
        return f"a fact of rule {step['rule']}"


WORDS = {
    "eq": "algebra", "nat": "arithmetic of naturals", "have": "sub-proof", "hole": "a reason that does not show it",
    "index": "equal indices",
    "cite": "citation", "psd": "a sum of squares", "choose": "one choice after another",
    "either": "two cases",
}  # fmt: skip
"""Reasons of steps that the script does not name, such as the goals of sub-proofs."""


def _holes_inside(step: dict[str, Any]) -> bool:
    """Return whether a step is a hole or has one in its sub-proofs."""
    return step["rule"] == "hole" or any(_holes_inside(s) for _, block in blocks(step) for s in block["steps"])


def _searched(found: dict[str, Any], confirmed_here: bool) -> str:
    """Return in words what a search for a counterexample said."""
    if confirmed_here:
        return "an exact counterexample, evaluated again here"
    if "counterexample" in found:
        return "a counterexample was sent that is none when evaluated again"
    grid = "grid of sizes <= 2, entries 0 and ±1"
    if "skipped" in found:
        return f"not searched: {one_line(str(found['skipped']))}"
    if found.get("sampled"):
        return f"none found in {one_line(str(found.get('models')))} random models of the hypotheses"
    if found.get("random"):
        grid += f"; entries up to 3 and 1/3; sizes 3; {one_line(str(found['random']))} random instances"
    where = "" if found.get("exhausted") else f"; {found.get('models')} values tried, not all"
    where += f"; {found.get('open')} left open by irrational values" if found.get("open") else ""
    if found.get("untested"):
        return f"no instance of the hypotheses found there ({grid}{where})"
    return f"none found there ({grid}{where})"


def _notes(graph: ProofGraph) -> tuple[str, ...]:
    notes = []
    if graph.unused_givens:
        notes.append(f"never used: given {', '.join(graph.unused_givens)}")
    if graph.unused_steps:
        notes.append(f"leads nowhere: step {', '.join(graph.unused_steps)}")
    if graph.idle:
        notes.append(f"the induction hypothesis is never used: {', '.join(graph.idle)}")
    return tuple(notes)
