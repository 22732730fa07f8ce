"""A page about one theorem, made from its certificate: what it states, and its steps as a tree with reasons.

Everything on a page is read off the certificate, which the kernel replays once more while the page is made; verdicts,
reasons as the script words them, and counterexamples come from the report where there is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from symlora.kernel.context import Context
from symlora.kernel.form import load
from symlora.kernel.replay import Library, Theorem, add_item
from symlora.kernel.syntax import canonical
from symlora.proof.graph import Node as GraphNode
from symlora.proof.graph import blocks, proof_graph
from symlora.proof.uses import Block, Node, Reading, Step, named
from symlora.proof.verdicts import Verdict, weakest
from symlora.runs.counterexamples import between
from symlora.runs.report import StepReport, TheoremReport, Trouble
from symlora.teaching.reasons import Labels, Sentences, variable
from symlora.teaching.rich import Math, Name, Rich, joined
from symlora.teaching.typeset import fact_math, matrix_math, nat_math, shape_math
from symlora.teaching.wording import brought, equations, head, heading, with_naturals


@dataclass(frozen=True)
class Line:
    """One line of a statement: `kind` is natural, matrix, definition, given, exists or goal; `name` is what it names.

    `sentence` says it in words, `text` as the kernel prints it.
    """

    kind: str
    name: str
    sentence: Rich
    text: str


@dataclass(frozen=True)
class Claim:
    """A fact by name."""

    name: str
    fact: Math
    verdict: Verdict


@dataclass(frozen=True)
class Part:
    """A sub-proof: `label` is base, step, left, right or proof, `heading` says what it assumes."""

    label: str
    heading: Rich
    steps: tuple[PageStep, ...]


@dataclass(frozen=True)
class PageStep:
    """One step: what it claims, why, what it uses, and its sub-proofs. `by` is the reason as the script words it."""

    rule: str
    claims: tuple[Claim, ...]
    reason: Rich
    by: str
    uses: tuple[str, ...]
    verdict: Verdict
    new: Rich = ()
    parts: tuple[Part, ...] = ()
    troubles: tuple[StepReport, ...] = ()
    defines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Conclusion:
    """How a goal is reached: the fact of the proof that it is, and the values of what exists."""

    goal: str
    reached: str
    fact: Rich
    verdict: Verdict


@dataclass(frozen=True)
class ProofPage:
    """A theorem as it is shown: in the order of its certificate, every verdict computed."""

    id: str
    title: str
    source: str
    digest: str
    verdict: Verdict
    statement: tuple[Line, ...]
    steps: tuple[PageStep, ...]
    conclusions: tuple[Conclusion, ...] = ()
    witness: tuple[Rich, ...] = ()
    axioms: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    holes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    rejected: str = ""

    def walk(self) -> Iterator[PageStep]:
        """Yield every step, each before those of its sub-proofs."""
        yield from walk(self.steps)


def walk(steps: Iterable[PageStep]) -> Iterator[PageStep]:
    """Yield steps and the steps of their sub-proofs."""
    for step in steps:
        yield step
        for part in step.parts:
            yield from walk(part.steps)


def proof_page(report: TheoremReport) -> ProofPage:
    """Return the page of a theorem that was checked. A refused certificate gives a page without a statement."""
    if not report.bundle:
        return ProofPage(
            id=report.id, title=report.title, source=report.source, digest="", verdict=report.verdict, statement=(),
            steps=(), rejected=report.rejected,
        )  # fmt: skip
    return certificate_page(report.bundle, report)


def certificate_page(bundle: bytes, report: TheoremReport | None = None) -> ProofPage:
    """Return the page of the last theorem of a closed certificate.

    Without a report, a step is `proved` if the kernel replays it with nothing left open, and `unknown` otherwise.
    Raises `Rejected` if the kernel refuses the certificate.
    """
    library = Library()
    data = load(bundle)["theorems"]
    theorem = [library.check(one) for one in data][-1]
    return _Maker(data[-1], theorem, library, report).page()


@dataclass
class _Maker:
    """Makes one page."""

    data: dict[str, Any]
    theorem: Theorem
    library: Library
    report: TheoremReport | None
    labels: Labels = field(default_factory=Labels)
    nodes: dict[int, list[GraphNode]] = field(default_factory=dict)
    reports: dict[tuple[str, tuple[str, ...]], StepReport] = field(default_factory=dict)

    def page(self) -> ProofPage:
        for node in proof_graph(self.data).nodes:
            self.nodes.setdefault(id(node.step), []).append(node)
        for step in self.report.steps if self.report is not None else ():
            self.reports[step.name, step.path] = step
        reading = Reading(self.data, self.library, {})
        statement = tuple(self._statement())
        steps = self._steps(reading.proof)
        holes = self.theorem.holes
        own = weakest([*(s.verdict for s in steps), *([Verdict.UNKNOWN] if holes else [])])
        theorem = self.theorem
        return ProofPage(
            id=theorem.name, title=theorem.title, source=theorem.source, digest=theorem.digest,
            verdict=own if self.report is None else self.report.verdict, statement=statement, steps=steps,
            conclusions=tuple(self._conclusions(steps, reading)), witness=tuple(self._witness(reading.proof.context)),
            axioms=theorem.axioms, cites=theorem.cites, holes=holes,
            notes=() if self.report is None else self.report.notes,
        )  # fmt: skip

    def _statement(self) -> Iterator[Line]:
        context = Context()
        for item in self.data["setup"]:
            text = "; ".join(add_item(context, item))
            yield self._line(context, item, text)
        scope = context.child()
        for item in self.data.get("exists", []):
            text = add_item(scope, item)[0].removeprefix("for every ")
            yield Line("exists", item["matrix"], self._matrix(scope, item, "there is a real "), f"there is a {text}")
        for goal in self.data["goals"]:
            fact = fact_math(scope, goal["fact"])
            yield Line("goal", goal["name"], ("then ", fact), f"then {goal['name']}: {fact.text}")

    def _line(self, context: Context, item: dict[str, Any], text: str) -> Line:
        if "such" in item:
            goals = [name for name in context.facts if name.startswith(f"{item['as']}.")]
            for name in goals:
                self.labels.known[name] = (Name(item["as"]), " (", fact_math(context, context.facts[name]), ")")
                self.labels.wholes[name] = (Name(item["as"]),)
            values = {**item["naturals"], **item["matrices"]}
            said = joined([(Name(f"{left} = {canonical(right)}"),) for left, right in values.items()])
            return Line("given", item["as"], ("given what ", Name(item["such"]), " says of ", *said), text)
        if "natural" in item:
            return Line("natural", item["natural"], ("for every natural ", variable(item["natural"])), text)
        if "naturals" in item:
            inner = with_naturals(context, item["index"])
            family = nat_math(inner, head(item["naturals"], item["index"]))
            return Line("natural", item["naturals"], ("for all naturals ", family), text)
        if "matrix" in item:
            return Line("matrix", item["matrix"], self._matrix(context, item, "for every real "), text)
        if "define" in item:
            self.labels.define(item)
            name = ", ".join(one["name"] for one in item["define"])
            return Line("definition", name, ("let ", *joined(list(equations(context, item)), "; ")), text)
        return Line("given", item["given"], ("given ", fact_math(context, item["fact"])), text)

    def _matrix(self, context: Context, item: dict[str, Any], start: str) -> Rich:
        inner = with_naturals(context, item["index"])
        what = "family" if item["index"] else "matrix"
        member = matrix_math(inner, head(item["matrix"], item["index"]))
        shape = shape_math(inner, item["shape"])
        return (f"{start}{what} ", member, " of shape ", shape)

    def _steps(self, block: Block) -> tuple[PageStep, ...]:
        """Return the steps of a scope that a reader knows by name or that bring something new; inner ones moved up."""
        found: list[PageStep] = []
        sentences = Sentences(self.labels, block.context)
        for node in block.nodes:
            step = node.step
            self._learn(step, node, block.context)
            parts = tuple(self._parts(node))
            if any(map(named, node.names)) or step["rule"] in ("define", "choose", "either") or step.get("new"):
                found.append(self._step(node, block.context, sentences, parts))
            else:
                found += [one for part in parts for one in part.steps]
        return tuple(found)

    def _learn(self, step: Step, node: Node, after: Context) -> None:
        """Find words for the facts that an engine makes, and for what the step's sub-proofs assume."""
        if step["rule"] == "instance" and not named(step["as"]):
            self.labels.instance(step, node.context)
        elif step["rule"] == "cite":
            self.labels.cite(step, after)
        elif step["rule"] == "define":
            self.labels.define(step)
        hypotheses = [goal for goal in step.get("goals", []) if "hypothesis" in goal]
        for goal in hypotheses:
            more: Rich = () if len(hypotheses) == 1 else (" for ", Name(goal["as"]))
            self.labels.known[goal["hypothesis"]] = ("the induction hypothesis", *more)

    def _step(self, node: Node, after: Context, sentences: Sentences, parts: tuple[Part, ...]) -> PageStep:
        step, shown = node.step, self.nodes.get(id(node.step), [])
        reports = [self.reports[one.name, one.path] for one in shown if (one.name, one.path) in self.reports]
        state = self._state(step)
        verdicts = {one.name: one.verdict for one in reports}
        claims = tuple(
            Claim(one.name, self._claim(step, one.name, after), verdicts.get(one.name, state)) for one in shown
        )
        if step["rule"] == "define":
            claims = ()
        reason = _unproved(reports) or sentences.reason(step)
        return PageStep(
            rule=step["rule"], claims=claims, reason=reason, by=reports[0].by if reports else "",
            uses=tuple(dict.fromkeys(use for one in shown for use in one.uses)),
            verdict=weakest(verdicts.values()) if verdicts else state, new=brought(step, node.context, after),
            parts=parts, troubles=tuple(one for one in reports if one.troubles),
            defines=tuple(one["name"] for one in step.get("define", [])),
        )  # fmt: skip

    def _state(self, step: Step) -> Verdict:
        """Return the verdict of a step without a report."""
        opened = step["rule"] == "cite" and bool(self.library.theorems[step["theorem"]].holes)
        return Verdict.UNKNOWN if opened or has_hole(step) else Verdict.PROVED

    def _claim(self, step: Step, name: str, after: Context) -> Math:
        if "fact" in step:
            return fact_math(after, step["fact"])
        goals: list[dict[str, Any]] = [*step.get("goals", []), *step.get("relations", [])]
        written = next((goal["fact"] for goal in goals if goal["as"] == name), None)
        if written is None:
            return fact_math(after, after.facts[name])
        if step["rule"] == "either":
            return fact_math(after, written)
        last = step["to"] if any(goal["as"] == name for goal in step["goals"]) else f"{step['to']} - 1"
        return fact_math(after, between(canonical(written), step["index"], step["from"], last))

    def _parts(self, node: Node) -> Iterator[Part]:
        for (label, _), block in zip(blocks(node.step), node.blocks, strict=False):
            steps = self._steps(block)
            if not steps:
                # The engine did it alone: show why its last step holds.
                last = [one for one in block.nodes if not set(block.done).isdisjoint(one.names)]
                sentences = Sentences(self.labels, block.context)
                steps = tuple(self._step(one, block.context, sentences, ()) for one in last)
            yield Part(label, heading(node.step, label, block), steps)

    def _conclusions(self, steps: tuple[PageStep, ...], reading: Reading) -> Iterator[Conclusion]:
        verdicts = {claim.name: claim.verdict for step in steps for claim in step.claims}
        sentences = Sentences(self.labels, reading.proof.context)
        for goal, fact in zip(self.theorem.goals, self.data["done"], strict=True):
            if goal != fact:
                verdict = verdicts.get(fact, Verdict.PROVED)
                yield Conclusion(goal, fact, ("This is ", *sentences.fact(fact), "."), verdict)

    def _witness(self, context: Context) -> Iterator[Rich]:
        for left, right in self.data.get("witness", {}).items():
            _, _, index = left.partition("[")
            inner = with_naturals(context, list(filter(None, index.rstrip("]").replace(" ", "").split(","))))
            yield Name(left), " := ", matrix_math(inner, right)


def _unproved(reports: list[StepReport]) -> Rich:
    """Return the words for a step that no engine proved, none for any other step."""
    failed = next((one for one in reports if any(trouble.expected for trouble in one.troubles)), None)
    return () if failed is None else ("No proof was found; the script gives as reason: ", failed.by, ".")


def has_hole(step: Mapping[str, Any]) -> bool:
    """Return whether a step is a hole or has one in a sub-proof."""
    return step["rule"] == "hole" or any(has_hole(s) for _, block in blocks(dict(step)) for s in block["steps"])


def troubles_of(page: ProofPage) -> list[tuple[StepReport, Trouble]]:
    """Return the claims without proof on a page, each with the step to which it belongs."""
    return [(report, trouble) for step in page.walk() for report in step.troubles for trouble in report.troubles]
