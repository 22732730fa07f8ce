"""What depends on what, with its status: the steps of one theorem, or the theorems of a library.

The status of a node has two halves. `proof` says how its own proof fares, given what it uses. `statement` says what is
thereby known of its claim, with everything that it rests on counted: a proof without fault that uses an open claim
leaves the statement open. Both are computed from the checked certificates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from symlora.kernel.form import load
from symlora.proof.graph import cited
from symlora.proof.verdicts import Verdict, weakest
from symlora.runs.report import TheoremReport
from symlora.teaching.page import PageStep, ProofPage
from symlora.teaching.rich import plain


@dataclass(frozen=True)
class Vertex:
    """A node: its `kind` (theorem, cited, axiom, given, definition, step, goal), a name, what it says, its status.

    A definition has no status.
    """

    id: str
    kind: str
    name: str
    says: str
    statement: Verdict | None
    proof: Verdict | None

    @property
    def status(self) -> str:
        """Glyph and word of both halves of the status; once if they agree."""
        if self.statement is None or self.proof is None:
            return "by definition"
        if self.statement is self.proof:
            return f"{self.proof.glyph} {self.proof.word}"
        return f"{self.statement.glyph} {self.statement.word}; its proof {self.proof.glyph} {self.proof.word}"


@dataclass(frozen=True)
class Graph:
    """Vertices in order, and edges from what is used to what uses it, without circles."""

    title: str
    vertices: tuple[Vertex, ...]
    edges: tuple[tuple[str, str], ...]


def resting(own: Verdict, used: Sequence[Verdict | None]) -> Verdict:
    """Return what is known of a claim with a proof of that verdict which uses claims of those verdicts.

    Of a claim that rests on a refuted one nothing is known.

    >>> resting(Verdict.PROVED, [Verdict.PROVED, Verdict.REFUTED]).word
    'unknown'
    >>> resting(Verdict.PROVED, [Verdict.ASSUMED, None]).word
    'proved'
    """
    if own is Verdict.REFUTED:
        return own
    below = [verdict for verdict in used if verdict is not None and not verdict.reaches(Verdict.ASSUMED)]
    return weakest([own, *(Verdict.UNKNOWN for _ in below)])


def theorem_graph(page: ProofPage) -> Graph:
    """Return the graph of one theorem: its definitions and givens, its named steps outside sub-proofs, its goals."""
    vertices: dict[str, Vertex] = {}
    edges: dict[tuple[str, str], None] = {}
    owners: dict[str, str] = {}

    def add(vertex: Vertex, names: Sequence[str], uses: Sequence[str] = ()) -> None:
        vertices[vertex.id] = vertex
        owners.update(dict.fromkeys(names, vertex.id))
        for use in uses:
            if use in owners:
                edges[owners[use], vertex.id] = None

    goals = [line for line in page.statement if line.kind == "goal"]
    for line in page.statement:
        if line.kind == "definition":
            names = [f"definition {name}" for name in line.name.split(", ")]
            add(Vertex(f"definition {line.name}", "definition", line.name, line.text, None, None), names)
        elif line.kind == "given":
            says = line.text.partition(": ")[2]
            add(Vertex(f"given {line.name}", "given", line.name, says, Verdict.ASSUMED, Verdict.ASSUMED), [line.name])
    for step in page.steps:
        names = [claim.name for claim in step.claims]
        if step.rule == "define":
            defined = list(step.defines)
            label = ", ".join(defined)
            add(Vertex(f"definition {label}", "definition", label, plain(step.new), None, None),
                [f"definition {name}" for name in defined])  # fmt: skip
        elif names:
            used = [vertices[owners[use]] for use in step.uses if use in owners]
            add(_step_vertex(step, used, [line.name for line in goals]), names, step.uses)
    for conclusion in page.conclusions:
        reached = owners.get(conclusion.reached)
        known = vertices[reached] if reached is not None else None
        status = Verdict.UNKNOWN if known is None or known.statement is None else known.statement
        says = next(line.text.partition(": ")[2] for line in goals if line.name == conclusion.goal)
        add(Vertex(f"goal {conclusion.goal}", "goal", conclusion.goal, says, status, conclusion.verdict),
            [], [conclusion.reached])  # fmt: skip
    return Graph(page.id, tuple(vertices.values()), tuple(edges))


def _step_vertex(step: PageStep, used: Sequence[Vertex], goals: Sequence[str]) -> Vertex:
    names = [claim.name for claim in step.claims]
    kind = "goal" if any(name in goals for name in names) else "step"
    status = resting(step.verdict, [vertex.statement for vertex in used])
    says = "; ".join(claim.fact.text for claim in step.claims)
    return Vertex(f"step {', '.join(names)}", kind, ", ".join(names), says, status, step.verdict)


def library_graph(reports: Sequence[TheoremReport], axioms: bool = False) -> Graph:
    """Return the graph of theorems and what they cite; with `axioms`, also of the facts taken without proof.

    A theorem that is cited but not among the reports was replayed in the certificates that cite it.
    """
    vertices: dict[str, Vertex] = {}
    edges: dict[tuple[str, str], None] = {}
    known = {report.id: report for report in reports}
    for report in reports:
        for name in report.cites:
            if name not in known and name not in vertices:
                opened = any(hole.startswith(f"{name}: ") for hole in report.holes)
                verdict = Verdict.UNKNOWN if opened else Verdict.PROVED
                vertices[name] = Vertex(name, "cited", name, "", verdict, verdict)
    for report in reports:
        says = report.title or report.id
        vertices[report.id] = Vertex(report.id, "theorem", report.id, says, _statement(report), _proof(report))
        edges.update(dict.fromkeys((name, report.id) for name in report.cites))
        if axioms and report.bundle:
            for name in _axioms(report):
                vertices.setdefault(name, Vertex(name, "axiom", name, "", Verdict.ASSUMED, Verdict.ASSUMED))
                edges[name, report.id] = None
    return Graph("theorems and what they cite", tuple(vertices.values()), tuple(edges))


def _axioms(report: TheoremReport) -> list[str]:
    return [name for name in cited(load(report.bundle)["theorems"][-1]["proof"]) if name.startswith("axiom/")]


def _proof(report: TheoremReport) -> Verdict:
    """Return how a theorem's own proof fares: open claims of what it cites are not its own."""
    own = [step.verdict for step in report.steps if step.troubles or step.verdict is not Verdict.UNKNOWN]
    holes = [hole for hole in report.holes if hole.partition(": ")[0] not in report.cites]
    return weakest([*own, *([Verdict.UNKNOWN] if holes or report.rejected else [])])


def _statement(report: TheoremReport) -> Verdict:
    """Return what is known of a theorem: refuted where a goal is, not where only a step of its proof is."""
    if report.verdict is not Verdict.REFUTED:
        return report.verdict
    data = load(report.bundle)["theorems"][-1]
    goals = [] if data.get("exists") else data["done"]
    refuted = any(step.verdict is Verdict.REFUTED and not step.path and step.name in goals for step in report.steps)
    return Verdict.REFUTED if refuted else Verdict.UNKNOWN
