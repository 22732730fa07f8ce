"""The dependency graph of a theorem, read off its certificate."""

from __future__ import annotations

from symlora.language import eq, prod
from symlora.proof.graph import cited, proof_graph
from symlora.proof.reasons import by
from symlora.proof.registry import registry
from symlora.proof.theorem import theorem


def built(name, make, monkeypatch):
    """Return the certificate of a theorem made in an empty registry."""
    monkeypatch.setattr(registry, "built", {})
    with theorem(name) as t:
        make(t)
    return registry.built[name].data


def test_uses_and_what_is_not_used(monkeypatch):
    def make(t):
        n = t.natural("n")
        A, B, C = t.matrices("A B C", (n, n))
        t.given("ab", eq(A, B))
        t.given("bc", eq(B, C))
        t.given("spare", eq(C, C * C))
        t.have("ac", eq(A, C), by.algebra("ab", "bc"))
        t.have("idle", eq(A * A, A * B), by.algebra("ab"))
        t.show("goal", eq(A * A, C * A), by.algebra("ac"))

    graph = proof_graph(built("graph/uses", make, monkeypatch))
    assert [(node.name, sorted(node.uses)) for node in graph.nodes] == [
        ("ac", ["ab", "bc"]), ("idle", ["ab"]), ("goal", ["ac"]),
    ]  # fmt: skip
    assert (graph.unused_givens, graph.unused_steps, graph.idle) == (["spare"], ["idle"], [])
    directed = graph.directed()
    assert set(directed.edges) == {("ab", "ac"), ("bc", "ac"), ("ab", "idle"), ("ac", "goal")}


def test_sub_proofs_and_the_induction_hypothesis(monkeypatch):
    def make(t):
        D, L = t.naturals("D L")
        W = t.family("W", (D, D), over=(1, L))
        P = t.define("P", lambda l: prod(W, 1, l))
        chain = t.induction("chain", lambda l: eq(P[l], P[l]), (0, L), base=by.unfold, step=by.unfold)
        t.show("same", lambda l: eq(P[l], P[l]), (0, L), chain)

    graph = proof_graph(built("graph/induction", make, monkeypatch))
    assert [(node.name, node.path) for node in graph.nodes] == [
        ("chain", ()), ("chain-base-goal", ("chain (base)",)), ("chain-step-goal", ("chain (step)",)),
    ]  # fmt: skip
    assert graph.idle == ["chain"]
    assert graph.goals == {"same": "chain"}


def test_every_citation_is_found():
    data = {"proof": [{"rule": "cases", "left": {"steps": [{"rule": "cite", "theorem": "a/b"}]}}, {"theorem": "c/d"}]}
    assert cited(data) == ["a/b", "c/d"]
