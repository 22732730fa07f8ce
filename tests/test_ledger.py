"""The ledger of givens: which are used, at which indices, and what a replay says about the rest."""

from __future__ import annotations

import ast
import importlib.util
import json
from pathlib import Path

import pytest

from symlora.kernel.errors import Rejected
from symlora.language import eq, eye, inv, nonsingular, prod
from symlora.proof.ledger import PARTLY, UNUSED, ledger, ledger_text, render
from symlora.proof.reasons import by
from symlora.proof.registry import Registry, registry
from symlora.proof.theorem import theorem

PROOFS = Path(__file__).resolve().parent.parent / "proofs"

LEMMA_1 = """\
linear/lemma-1
  ○ unused       least-D   checked: the proof replays without it
  ○ unused       least-L   checked: the proof replays without it
  ✓ used         least-R   only to show that R*l is in the range of prefixes, in linear/lemma-1/sharp
  ◐ used partly  svd       only g1, g2, g3, g4, g7 and g11, in linear/lemma-1/sharp and exact
  ○ unused       width     checked: the proof replays without it
  ◐ used partly  layers    for 2 <= l <= L, in linear/lemma-1/sharp; not used at l = 1; \
the construction divides by S[l] and A[l - 1], whose inverses are shown to exist with this; \
checked: the proof replays with this part alone
  ◐ used partly  prefixes  at r = R*l for 1 <= l <= L - 1, in linear/lemma-1/sharp; no other r is used; \
the construction divides by A[l - 1], whose inverse is shown to exist with this; \
checked: the proof replays with this part alone
  ✓ used         others    as a whole, in linear/lemma-1/bound
sharper, checked: without least-D, least-L, width and least-R; \
layers only for l if 2 <= l, l <= L: nonsingular(W[l]); \
prefixes only for r if 1 <= r, r <= L - 1: nonsingular(E*T[R*r] + P[L])"""

CONSTRUCTION = """\
linear/construction
  ✓ used  suffixes  for 1 <= l <= L, in chain; \
the construction divides by S[l] and A[l - 1], whose inverses are shown to exist with this
  ✓ used  partial   for 1 <= l <= L - 1, in chain; \
the construction divides by A[l - 1], whose inverse is shown to exist with this"""

WOODBURY = """\
matrix/woodbury
  ✓ used  A  in changed and formula; \
the conclusion divides by A + U*C*V and A, whose inverses are shown to exist with this
  ✓ used  C  in changed and formula; \
the conclusion divides by A + U*C*V and C, whose inverses are shown to exist with this
  ✓ used  K  in changed and formula; the conclusion divides by A + U*C*V and V*inv(A)*U + inv(C), \
whose inverses are shown to exist with this"""


@pytest.fixture(scope="module")
def bundles():
    """Return a function from the id of a theorem of the library to its closed bundle; scripts run when needed."""
    scripts = {}
    for path in sorted(PROOFS.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "theorem" and node.args:
                scripts[getattr(node.args[0], "value", "")] = path
    ran = []

    def load(name):
        path = scripts.get(name)
        if path is not None and path not in ran:
            ran.append(path)
            spec = importlib.util.spec_from_file_location(f"ledger_script_{len(ran)}", path)
            spec.loader.exec_module(importlib.util.module_from_spec(spec))

    def bundle(name):
        if name not in registry.built:
            load(name)
        return registry.bundle(name)

    before = dict(vars(registry))
    vars(registry).update(vars(Registry(loader=load)))
    yield bundle
    vars(registry).update(before)


@pytest.fixture
def closed(monkeypatch):
    """Return a function that makes a theorem in an empty registry and returns its bundle."""
    monkeypatch.setattr(registry, "built", {})

    def make(name, build):
        with theorem(name) as t:
            build(t)
        return registry.bundle(name)

    return make


@pytest.mark.parametrize(
    ("name", "text"),
    [("linear/lemma-1", LEMMA_1), ("linear/construction", CONSTRUCTION), ("matrix/woodbury", WOODBURY)],
)
def test_theorems_of_the_library(bundles, name, text):
    assert ledger_text(bundles(name)) == text


def test_as_plain_data(bundles):
    data = ledger(bundles("linear/lemma-1")).to_json()
    assert json.loads(json.dumps(data))["sharper"]["dropped"] == ["least-D", "least-L", "width", "least-R"]
    layers = next(entry for entry in data["givens"] if entry["name"] == "layers")
    assert (layers["status"], layers["left_out"], layers["checked"]) == (PARTLY, "not used at l = 1", True)
    assert layers["construction"] == ("S[l]", "A[l - 1]")


def test_a_given_that_only_a_dead_end_uses_is_unused(closed):
    def build(t):
        n = t.natural("n")
        A, B, C = t.matrices("A B C", (n, n))
        t.given("ab", eq(A, B))
        t.given("spare", eq(C, C * C))
        t.have("idle", eq(C, C * C * C * C), by.algebra("spare"))
        t.show("goal", eq(A * A, B * A), by.algebra("ab"))

    assert ledger_text(closed("ledger/spare", build)).splitlines() == [
        "ledger/spare",
        "  ✓ used    ab     in goal",
        "  ○ unused  spare  checked: the proof replays without it",
        "sharper, checked: without spare",
    ]


def test_the_last_index_and_a_single_index(closed):
    def build(t):
        D, L = t.naturals("D L", least=1)
        W, V = t.family("W", (D, D), over=(1, L)), t.family("V", (D, D), over=(1, L))
        P = t.define("P", lambda l: prod(V, 1, l))
        t.given("all", lambda l: eq(V[l], eye(D)), (0, L))
        t.given("one", lambda l: eq(W[l], eye(D)), (1, L))
        chain = t.induction("chain", lambda l: eq(P[l], eye(D)), (0, L), base=by.unfold, step=by.algebra("all"))
        t.show("product", eq(P[L] * W[1], eye(D)), by.algebra(chain, "one"))

    lines = ledger_text(closed("ledger/ends", build)).splitlines()[3:]
    checked = "checked: the proof replays with this part alone"
    assert lines[0] == f"  ◐ used partly  all      for 1 <= l <= L, in chain; not used at l = 0; {checked}"
    assert lines[1] == f"  ◐ used partly  one      at l = 1, in product; used nowhere else; {checked}"
    narrowed = "all only for l if 1 <= l, l <= L: V[l] = eye(D); one only for l if 1 <= l, l <= 1: W[l] = eye(D)"
    assert lines[2] == f"sharper, checked: without least-D and least-L; {narrowed}"


def test_a_given_handed_to_a_theorem_that_does_not_use_it(closed):
    def lemma(t):
        n = t.natural("n")
        A, B = t.matrices("A B", (n, n))
        t.given("regular", nonsingular(A))
        t.given("ab", eq(A, B))
        t.show("squares", eq(A * A, B * A), by.algebra("ab"))

    def build(t):
        n = t.natural("n")
        A, B = t.matrices("A B", (n, n))
        t.given("regular", nonsingular(A))
        t.given("ab", eq(A, B))
        t.cite("squares", "ledger/lemma", A=A, B=B)
        t.show("goal", eq(A * A, B * A), by.algebra("squares"))

    closed("ledger/lemma", lemma)
    text = ledger_text(closed("ledger/handed", build))
    assert "✓ used  regular  only handed to ledger/lemma, without being needed there" in text
    assert "sharper" not in text


def test_a_bundle_that_the_kernel_refuses_has_no_ledger(closed):
    def build(t):
        n = t.natural("n")
        A, B = t.matrices("A B", (n, n))
        t.given("ab", eq(A, B))
        t.show("goal", eq(A * A, B * A), by.algebra("ab"))

    bundle = json.loads(json.dumps(closed("ledger/refused", build)))
    assert [entry.status for entry in ledger(bundle).entries] == ["used"]
    bundle["theorems"][-1]["proof"][-1]["by"] = []
    with pytest.raises(Rejected):
        ledger(bundle)


def test_a_theorem_without_givens(closed):
    def build(t):
        n = t.natural("n")
        A = t.matrix("A", (n, n))
        t.show("goal", eq(A * eye(n), A), by.algebra())

    book = ledger(closed("ledger/none", build))
    assert UNUSED not in render(book)
    assert render(book) == "ledger/none\n  no givens"


def test_a_given_that_a_sub_proof_only_passes_on_is_used():
    with theorem("test/passed-on") as t:
        n = t.natural("n")
        A, B = t.matrices("A B", (n, n))
        t.given("A", nonsingular(A))
        t.given("B", nonsingular(B))
        t.have("again", nonsingular(A), by.algebra("A"))
        t.show(eq(inv(A) * A, eye(n)), by.algebra("again"))
    assert {entry.name: entry.status for entry in ledger(registry.bundle("test/passed-on")).entries} == {
        "A": "used",
        "B": "unused",
    }
