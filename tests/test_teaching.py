"""Pages and graphs: golden texts, LaTeX that compiles, graphs whose status is the computed one.

`python tests/test_teaching.py` writes the golden files again, to be read before they are kept.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path

import pytest

from symlora.proof.verdicts import Verdict
from symlora.runs.check import Options, check
from symlora.teaching.graph import Graph, Vertex, library_graph, theorem_graph
from symlora.teaching.graph_dot import graph_dot
from symlora.teaching.graph_svg import graph_svg
from symlora.teaching.latex import explain_latex
from symlora.teaching.layout import layered
from symlora.teaching.markdown import explain_markdown
from symlora.teaching.page import certificate_page, proof_page, troubles_of
from symlora.teaching.text import explain_text
from symlora.teaching.typeset import fact_latex

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = Path(__file__).resolve().parent / "golden"
SVG = "{http://www.w3.org/2000/svg}"

WRONG = """
from symlora import by, eq, eye, inv, nonsingular, theorem

with theorem("wrong/push-through", title="A wrong sign, 100% {sure} & $1_0 <b>") as t:
    m, n = t.naturals("m n")
    U, V = t.matrix("U", (m, n)), t.matrix("V", (n, m))
    t.given("left", nonsingular(eye(m) + U * V))
    t.given("right", nonsingular(eye(n) + V * U))
    moved = t.have("moved", eq(U * (eye(n) + V * U), (eye(m) - U * V) * U), by.algebra())
    t.show("goal", eq(inv(eye(m) + U * V) * U, U * inv(eye(n) + V * U)), by.algebra(moved, "left", "right"))
    t.show("rest", eq(U * V * U, -(U * V * U)), by.algebra(moved))

with theorem("wrong/user") as t:
    n = t.natural("n")
    A = t.matrix("A", (n, n))
    t.given("A", nonsingular(eye(n) + A * A))
    t.cite("cited", "wrong/push-through", U=A, V=A)
    t.show("same", eq(A * inv(eye(n) + A * A), inv(eye(n) + A * A) * A), by.algebra("cited-goal"))
"""


def checked(paths):
    run = check(paths, Options())
    assert not run.errors
    return {theorem.id: theorem for theorem in run.theorems}


@pytest.fixture(scope="module")
def library():
    names = ("linear/change_of_product", "linear/converse", "matrix/woodbury", "matrix/norms", "matrix/peel")
    return checked([ROOT / "proofs" / f"{name}.py" for name in names])


@pytest.fixture(scope="module")
def wrong(tmp_path_factory):
    path = tmp_path_factory.mktemp("wrong") / "wrong.py"
    path.write_text(WRONG, encoding="utf-8")
    return checked([path])


RENDERERS = {"txt": explain_text, "md": explain_markdown, "tex": explain_latex}


@pytest.mark.parametrize("kind", RENDERERS)
@pytest.mark.parametrize("name", ["linear/change-of-product", "matrix/woodbury"])
def test_golden_pages(name, kind, library):
    page = proof_page(library[name])
    text = RENDERERS[kind](page)
    assert text + "\n" == (GOLDEN / f"{name.replace('/', '-')}.{kind}").read_text(encoding="utf-8")
    assert text == RENDERERS[kind](proof_page(library[name]))


@pytest.mark.parametrize("kind", RENDERERS)
def test_golden_failure_report(kind, wrong):
    text = RENDERERS[kind](proof_page(wrong["wrong/push-through"]))
    assert text + "\n" == (GOLDEN / f"wrong-push-through.{kind}").read_text(encoding="utf-8")


def test_the_page_shows_what_the_kernel_prints(library):
    for report in library.values():
        page = proof_page(report)
        printed = [line.strip() for line in report.statement.splitlines()[1:] if not line.startswith("  by axiom/")]
        assert [line.text for line in page.statement] == printed, report.id
        assert (page.digest, page.verdict) == (report.digest, report.verdict)


def test_every_named_step_is_on_the_page_with_its_verdict(library, wrong):
    for report in (*library.values(), *wrong.values()):
        page = proof_page(report)
        found = [(claim.name, claim.verdict) for step in page.walk() for claim in step.claims]
        found += [(one.goal, one.verdict) for one in page.conclusions]
        assert sorted(found, key=str) == sorted(((s.name, s.verdict) for s in report.steps), key=str), report.id


def test_a_page_needs_no_report(library, wrong):
    page = certificate_page(library["matrix/woodbury"].bundle)
    assert (page.verdict, [step.verdict for step in page.steps]) == (Verdict.PROVED, [Verdict.PROVED] * len(page.steps))
    page = certificate_page(wrong["wrong/push-through"].bundle)
    assert page.verdict is Verdict.UNKNOWN
    assert [step.verdict for step in page.steps] == [Verdict.UNKNOWN, Verdict.PROVED, Verdict.PROVED]


def test_troubles_of_a_page(wrong):
    ((report, trouble),) = troubles_of(proof_page(wrong["wrong/push-through"]))
    assert report.name == "moved"
    assert trouble.counterexample is not None


def test_brackets_stay_as_they_are_written(library):
    page = proof_page(library["linear/change-of-product"])
    text = explain_markdown(page)
    assert r"A_{l} = \left(W_{l} + X_{l}\right) A_{l - 1}" in text


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
@pytest.mark.parametrize("name", ["linear/change-of-product", "matrix/woodbury", "matrix/peel", "wrong/push-through"])
def test_latex_compiles(name, library, wrong, tmp_path):
    (tmp_path / "page.tex").write_text(explain_latex(proof_page((library | wrong)[name])), encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "page.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout[-2000:]


def test_facts_that_cannot_be_built_as_expressions_are_refused():
    from symlora.kernel.context import Context
    from symlora.kernel.errors import Rejected

    with pytest.raises(Rejected):
        fact_latex(Context(), "A = B")


def nodes(text):
    """Return the labels of the nodes of an SVG, each with the text that is visible in it."""
    root = ET.fromstring(text)
    groups = [group for group in root.iter(f"{SVG}g") if group.get("class") == "node"]
    return {group.find(f"{SVG}title").text: [t.text for t in group.findall(f"{SVG}text")] for group in groups}


def test_svg_of_a_theorem(library):
    graph = theorem_graph(proof_page(library["linear/change-of-product"]))
    text = graph_svg(graph)
    found = nodes(text)
    assert list(found) == [
        "definition S: by definition", "definition P: by definition", "definition A: by definition",
        "definition T: by definition", "step frozen: ✓ proved", "step chain: ✓ proved", "goal change: ✓ proved",
        "goal partial: ✓ proved",
    ]  # fmt: skip
    assert found["step chain: ✓ proved"] == ["step chain", "for l if 0 <= l, l <= L: S[l]*A[l] = P[L] + T…", "✓ proved"]
    assert ("step chain", "goal partial") in graph.edges
    assert text.count("marker-end") == len(graph.edges)
    assert not re.search(r"(href|src)=|url\((?!#arrow)", text)
    assert graph_svg(graph) == text


def test_the_legend_has_every_verdict(library):
    root = ET.fromstring(graph_svg(library_graph(list(library.values()))))
    shown = [text.text for text in root.iter(f"{SVG}text")]
    assert all(f"{verdict.glyph} {verdict.word}" in shown for verdict in Verdict)


def test_svg_of_the_library(library):
    graph = library_graph(list(library.values()))
    named = {vertex.id: vertex for vertex in graph.vertices}
    assert set(library) <= set(named)
    assert named["matrix/rank-middle"].kind == "cited"
    assert ("linear/change-of-product", "linear/converse") in graph.edges
    assert len(nodes(graph_svg(graph))) == len(graph.vertices)
    with_axioms = library_graph(list(library.values()), axioms=True)
    assert "axiom/inverse" in {vertex.id for vertex in with_axioms.vertices if vertex.kind == "axiom"}


def test_status_is_that_of_statement_and_proof(wrong):
    graph = theorem_graph(proof_page(wrong["wrong/push-through"]))
    status = {f"{vertex.kind} {vertex.name}": vertex.status for vertex in graph.vertices}
    assert status == {
        "given left": "▲ assumed", "given right": "▲ assumed", "step moved": "✗ refuted",
        "goal goal": "✓ proved", "goal rest": "? unknown; its proof ✓ proved",
    }  # fmt: skip
    status = {vertex.id: vertex.status for vertex in library_graph(list(wrong.values())).vertices}
    assert status == {
        "wrong/push-through": "? unknown; its proof ✗ refuted", "wrong/user": "? unknown; its proof ✓ proved",
    }  # fmt: skip


def test_dot(wrong):
    text = graph_dot(library_graph(list(wrong.values())))
    assert text.splitlines()[0] == 'digraph "theorems and what they cite" {'
    assert '"wrong/push-through" -> "wrong/user";' in text
    assert 'label="theorem: wrong/user\\n? unknown; its proof ✓ proved"' in text
    strings = r'"(?:[^"\\]|\\.)*"'
    attributes = rf"\w+=(?:{strings}|[\w.]+)"
    line = rf"  (?:rankdir=LR|node \[.*\]|{strings} \[{attributes}(?:, {attributes})*\]|{strings} -> {strings});"
    assert all(re.fullmatch(line, one) for one in text.splitlines()[1:-1])


def test_layout_keeps_nodes_apart():
    names = [f"n{k}" for k in range(30)]
    edges = [(names[i], names[j]) for j in range(30) for i in range(j) if (i * 7 + j * 3) % 11 == 0]
    sizes = {name: (40.0 + 3 * k, 20.0) for k, name in enumerate(names)}
    drawing = layered(sizes, edges)
    boxes = [(x, y, *sizes[name]) for name, (x, y) in drawing.centres.items()]
    for k, (x, y, w, h) in enumerate(boxes):
        assert x - w / 2 >= 0
        assert x + w / 2 <= drawing.width + 1e-9
        assert y - h / 2 >= -1e-9
        assert y + h / 2 <= drawing.height + 1e-9
        for u, v, a, b in boxes[:k]:
            assert abs(x - u) >= (w + a) / 2 - 1e-6 or abs(y - v) >= (h + b) / 2 - 1e-6
    assert all(one[0] <= two[0] for line in drawing.lines.values() for one, two in pairwise(line))


def test_a_circle_is_refused():
    vertices = tuple(Vertex(name, "theorem", name, "", Verdict.PROVED, Verdict.PROVED) for name in "ab")
    with pytest.raises(ValueError, match="without circles"):
        graph_svg(Graph("circle", vertices, (("a", "b"), ("b", "a"))))


def main() -> None:
    """Write the golden files."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "wrong.py"
        path.write_text(WRONG, encoding="utf-8")
        library = [ROOT / "proofs" / "linear" / "change_of_product.py", ROOT / "proofs" / "matrix" / "woodbury.py"]
        found = checked([*library, path])
    for name in ("linear/change-of-product", "matrix/woodbury", "wrong/push-through"):
        for kind, render in RENDERERS.items():
            target = GOLDEN / f"{name.replace('/', '-')}.{kind}"
            target.write_text(render(proof_page(found[name])) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
