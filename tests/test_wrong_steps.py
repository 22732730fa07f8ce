"""Wrong steps that need size 3, an entry 2 or 1/2, or structure: each is refuted by an exact witness."""

from __future__ import annotations

import copy
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from symlora.commands.check import run_checks
from symlora.counterexamples import grid, stages
from symlora.counterexamples.counterexample import NoneFound, recheck
from symlora.proof.verdicts import Verdict
from symlora.runs.check import Options
from symlora.runs.report import TheoremReport

SCRIPT = Path(__file__).with_name("wrong_steps.py")
EXPECTED: dict[str, tuple[dict[str, int], int, int, bool]] = {
    # theorem: sizes, number of nonzero entries, largest numerator or denominator, whether all smaller were ruled out
    "nilpotent": ({"n": 3}, 2, 1, True),
    "rank-two": ({"n": 3}, 3, 1, True),
    "skew-square": ({"n": 3}, 3, 1, True),
    "hall": ({"n": 3}, 3, 1, False),
    "traces": ({"n": 3}, 2, 1, True),
    "sylvester": ({"n": 3}, 3, 1, True),
    "square-zero": ({"n": 4}, 2, 1, False),
    "cube": ({}, 1, 2, True),
    "between": ({}, 1, 2, True),
    "quarter": ({}, 1, 2, True),
    "ratio": ({}, 2, 3, True),
    "projections": ({"n": 2}, 5, 2, False),
    "density": ({"n": 2}, 2, 2, True),
    "orthogonal": ({"n": 2}, 4, 5, False),
    "singular-values": ({"n": 2}, 2, 2, False),
}


@pytest.fixture(scope="module")
def reports() -> dict[str, TheoremReport]:
    run = run_checks([str(SCRIPT)], Options(use_cache=False), show=False)
    assert not run.errors
    return {theorem.id.removeprefix("wrong/"): theorem for theorem in run.theorems}


def data_of(report: TheoremReport) -> dict[str, Any]:
    return dict(json.loads(report.bundle)["theorems"][-1])


def test_every_wrong_step_is_expected(reports: dict[str, TheoremReport]) -> None:
    assert list(reports) == list(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_wrong_step_comes_with_its_counterexample(name: str, reports: dict[str, TheoremReport]) -> None:
    report, (sizes, nonzeros, height, minimal) = reports[name], EXPECTED[name]
    assert report.verdict is Verdict.REFUTED
    found = next(step.counterexample for step in report.steps if step.counterexample is not None)
    assert found["naturals"] == sizes
    entries = [Fraction(x) for rows in found["matrices"].values() for row in rows for x in row]
    entries = [x for x in [*entries, *map(Fraction, found["scalars"].values())] if x]
    assert (len(entries), max(max(abs(x.numerator), x.denominator) for x in entries)) == (nonzeros, height)
    assert found["minimal"] is minimal


@pytest.mark.parametrize("name", ["nilpotent", "ratio", "projections"])
def test_the_first_grid_has_none(name: str, reports: dict[str, TheoremReport]) -> None:
    data = data_of(reports[name])
    found = grid.search(data["setup"], [], data["goals"][0]["fact"])
    assert isinstance(found, NoneFound)
    assert found.exhausted


@pytest.mark.parametrize("name", ["projections", "orthogonal", "density"])
def test_a_tampered_witness_is_refused(name: str, reports: dict[str, TheoremReport]) -> None:
    data = data_of(reports[name])
    goal = data["goals"][0]["fact"]
    found = next(step.counterexample for step in reports[name].steps if step.counterexample is not None)
    assert recheck(found, data["setup"], [], goal)
    for letter, rows in found["matrices"].items():
        for i, row in enumerate(rows):
            for j, entry in enumerate(row):
                changed = copy.deepcopy(found)
                changed["matrices"][letter][i][j] = str(Fraction(entry) + Fraction(1, 7))
                assert not recheck(changed, data["setup"], [], goal)


def test_random_instances_are_the_same_every_time(reports: dict[str, TheoremReport]) -> None:
    data = data_of(reports["projections"])
    once, again = (stages.search(data["setup"], [], data["goals"][0]["fact"]) for _ in range(2))
    assert once == again
    assert once.to_json()["matrices"] == reports["projections"].steps[0].counterexample["matrices"]


def test_true_claims_stay_without_counterexample() -> None:
    n: dict[str, Any] = {"natural": "n"}
    letters = [{"matrix": name, "index": [], "shape": ["n", "n"]} for name in "AB"]
    for givens, goal in (
        ([], "tr(A*B) = tr(B*A)"),
        (["A' = A", "A*A = A"], "A'*A = A"),
        (["A*B = eye(n)"], "B*A = eye(n)"),
        (["A'*A = A*A'", "A*A = zero(n, n)"], "A = zero(n, n)"),
    ):
        known = [{"given": f"h{i}", "fact": fact} for i, fact in enumerate(givens)]
        found = stages.search([n, *letters], known, goal, effort=stages.Effort(models=3_000, random=60))
        assert isinstance(found, NoneFound)
        assert not found.untested
