"""Theorems that are known by certificate, and scripts that prove them again."""

from __future__ import annotations

import pytest

from symlora.language import eq, eye, inv, nonsingular
from symlora.proof.errors import ProofError
from symlora.proof.reasons import by
from symlora.proof.registry import Registry, registry
from symlora.proof.theorem import theorem


@pytest.fixture(autouse=True)
def empty(monkeypatch):
    fresh = Registry()
    for name in ("built", "known", "open"):
        monkeypatch.setattr(registry, name, getattr(fresh, name))
    monkeypatch.setattr(registry, "finished", None)
    monkeypatch.setattr(registry, "loader", None)


def cancel(name: str) -> None:
    with theorem(name) as t:
        n = t.natural("n")
        A = t.matrix("A", (n, n))
        t.given("A", nonsingular(A))
        t.show(eq(inv(A) * A, eye(n)), by.algebra("A"))


def test_an_id_is_taken_once():
    cancel("test/once")
    with pytest.raises(ProofError, match="an id of its own for every theorem, found 'test/once' twice"):
        cancel("test/once")


def test_a_certificate_gives_way_to_the_script_that_proves_it_again():
    cancel("test/again")
    bundle = registry.bundle("test/again")
    registry.built.clear()
    registry.know(bundle)
    assert registry.known == {"test/again"}
    assert registry.get("test/again").journal.records == []
    cancel("test/again")
    assert registry.known == set()
    assert [record.kind for record in registry.get("test/again").journal.records] == ["given", "show"]


def test_what_is_open_cannot_be_cited():
    def cites_itself() -> None:
        with theorem("test/self") as t:
            t.cite("loop", "test/self", n=t.natural("n"))

    with pytest.raises(ProofError, match="circular use: test/self cites test/self"):
        cites_itself()


def test_a_step_that_proves_nothing_is_a_hole():
    with theorem("test/hole") as t:
        n = t.natural("n")
        A, B = t.matrices("A B", (n, n))
        t.show(eq(A * B, B * A), by.algebra())
    built = registry.get("test/hole")
    assert built.replayed.holes == ("goal1: A*B = B*A",)
    assert built.replayed.statement.endswith("  assuming goal1: A*B = B*A")
    (hole,) = built.journal.holes
    assert hole.failure is not None
    assert hole.failure.expected == "A*B = B*A"
