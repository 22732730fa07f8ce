"""Single-point mutants of three certificates are refused or explained, and a weaker kernel lets others through."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

BENCHMARKS = Path(__file__).resolve().parent.parent / "benchmarks"

ONE_SIDED = {
    "name": "one-sided",
    "setup": [
        {"natural": "n"},
        {"matrix": "A", "index": [], "shape": ["n", "n"]},
        {"matrix": "X", "index": [], "shape": ["n", "n"]},
        {"given": "right", "fact": "A*X = eye(n)"},
    ],
    "goals": [{"name": "left", "fact": "X*A = eye(n)"}],
    "proof": [
        {"rule": "cite", "theorem": "axiom/nonsingular", "naturals": {"n": "n"}, "natural": {},
         "matrices": {"M": "A", "N": "X"}, "new": {}, "facts": {"h1": "right"}, "as": {"g1": "regular"}},
        {"rule": "cite", "theorem": "axiom/inverse", "naturals": {"n": "n"}, "natural": {}, "matrices": {"M": "A"},
         "new": {}, "facts": {"h1": "regular"}, "as": {"g1": "a", "g2": "b"}},
        {
            "rule": "eq",
            "fact": "X*A = eye(n)",
            "by": [["1", "b", "1"], ["-1", "b", "X*A"], ["inv(A)", "right", "A"]],
            "as": "left",
        },
    ],
    "done": ["left"],
}  # fmt: skip
SQUARES = {
    "name": "squares",
    "setup": [
        {"natural": "m"},
        {"natural": "n"},
        {"matrix": "A", "index": [], "shape": ["m", "n"]},
        {"matrix": "P", "index": [], "shape": ["m", "m"]},
        {"given": "P", "fact": "psd(P)"},
        {"given": "rank", "fact": "rank(A) <= n"},
    ],
    "goals": [{"name": "sum", "fact": "psd(2*A'*P*A + A'*A)"}, {"name": "size", "fact": "rank(A) <= n + rank(P)"}],
    "proof": [
        {"rule": "psd", "fact": "psd(2*A'*P*A + A'*A)", "squares": [["2", "A", "P"], ["1", "A"]], "by": [],
         "as": "sum"},
        {"rule": "nat", "fact": "rank(A) <= n + rank(P)", "proof": {"by": [["1", "rank"]]}, "as": "size"},
    ],
    "done": ["sum", "size"],
}  # fmt: skip
PRODUCT = {
    "name": "product",
    "setup": [
        {"natural": "D"},
        {"natural": "L"},
        {"matrix": "W", "index": ["l"], "shape": ["D", "D"]},
        {
            "define": [{"name": "S", "shape": ["D", "D"], "start": "eye(D)", "step": "S[l]*W[l]"}],
            "index": ["l"],
            "down": "L",
        },
        {
            "define": [{"name": "P", "shape": ["D", "D"], "start": "eye(D)", "step": "W[l]*P[l - 1]"}],
            "index": ["l"],
            "up": "0",
        },
    ],
    "goals": [{"name": "ends", "fact": "for l if 0 <= l, l <= L: S[l]*P[l] = P[L]"}],
    "proof": [
        {
            "rule": "induction",
            "index": "l",
            "from": "0",
            "to": "L",
            "origin": {},
            "down": 1,
            "range": ["some", "low", "high"],
            "goals": [{"fact": "S[l]*P[l] = P[L]", "hypothesis": "here", "as": "ends"}],
            "base": {
                "steps": [{"rule": "eq", "fact": "S[L]*P[L] = P[L]", "by": [["1", "S.start", "P[L]"]], "as": "last"}],
                "done": ["last"],
            },
            "step": {
                "steps": [
                    {"rule": "instance", "of": "S.step", "at": ["l"], "as": "s",
                     "proofs": [{}, {"by": [["1", "low"]]}, {"by": [["1", "high"]]}]},
                    {"rule": "instance", "of": "P.step", "at": ["l"], "as": "p",
                     "proofs": [{}, {"by": [["1", "low"]]}]},
                    {"rule": "eq", "fact": "S[l - 1]*P[l - 1] = P[L]", "as": "next",
                     "by": [["1", "here", "1"], ["1", "s", "P[l - 1]"], ["-S[l]", "p", "1"]]},
                ],
                "done": ["next"],
            },
        }
    ],
    "done": ["ends"],
}  # fmt: skip


@pytest.fixture(scope="module")
def mutants() -> ModuleType:
    spec = importlib.util.spec_from_file_location("mutants", BENCHMARKS / "mutants.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCHMARKS))
        spec.loader.exec_module(module)
    return module


def bundles() -> dict[str, dict[str, Any]]:
    return {
        theorem["name"]: {"format": "symlora-certificate", "version": 1, "theorems": [theorem]}
        for theorem in (ONE_SIDED, SQUARES, PRODUCT)
    }


def test_every_mutant_is_explained(mutants: ModuleType) -> None:
    result = mutants.run(bundles(), 450)
    assert sum(map(len, result.outcomes.values())) == 450
    failures = [*result.of("UNEXPLAINED"), *result.of("CRASH")]
    assert [f"{outcome.detail} {mutant}" for mutant, outcome in failures] == []
    assert len(result.of("rejected")) > 350
    assert result.of("same proof")
    assert result.of("other statement")


def test_the_same_seed_gives_the_same_mutants(mutants: ModuleType) -> None:
    one, two = (mutants.run(bundles(), 40, seed=3) for _ in range(2))
    assert one == two


@pytest.mark.parametrize(
    ("check", "reason"),
    [("rest", "no identity"), ("nat-rest", "no proof of 0 <="), ("goal", "is not the goal")],
)
def test_a_weaker_kernel_is_found_out(mutants: ModuleType, check: str, reason: str) -> None:
    found = mutants.run(bundles(), 300, ignored=check).of("UNEXPLAINED")
    assert any(reason in outcome.detail for _, outcome in found)
