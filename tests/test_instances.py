"""Proofs run on exact instances: evidence for every step, alarms, cases without an instance, contradictions."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from symlora import cli
from symlora.kernel.replay import Library
from symlora.proof.verdicts import Verdict
from symlora.runs import evidence, instances
from symlora.runs.check import Options, check
from symlora.runs.instances import Bundles, contradicted, owners, work
from symlora.runs.terminal import Style, instance_lines

PROOFS = Path(__file__).resolve().parent.parent / "proofs"
GOOD = """
from symlora import by, eq, theorem

with theorem("test/good") as t:
    n = t.natural("n")
    A, B = t.matrices("A B", (n, n))
    t.given("commute", eq(A*B, B*A))
    t.have("square", eq(A*A*B, A*B*A), by.algebra("commute"))
    t.show(eq(A*A*B, B*A*A), by.algebra("square", "commute"))
"""
WRONG = GOOD.replace("test/good", "test/wrong").replace("eq(A*A*B, A*B*A)", "eq(A*B, A + B)")
EMPTY = """
from symlora import by, eq, le, theorem

with theorem("test/empty") as t:
    n = t.natural("n")
    A = t.matrix("A", (n, n))
    t.given("low", le(n, 1))
    t.given("high", le(2, n))
    t.show(eq(A + A, 2*A), by.algebra())
"""


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("SYMLORA_CACHE", str(tmp_path / "cache"))


def checked(folder, text, count=5, **options):
    (folder / "script.py").write_text(text)
    return check([folder / "script.py"], Options(instances=count, **options))


def evidence_of(step):
    return next(one for one in step.evidence if one.kind == "instances")


def test_every_step_gets_evidence(tmp_path):
    run = checked(tmp_path, GOOD)
    (theorem,) = run.theorems
    assert (run.status, theorem.instances.models, theorem.instances.idle) == (0, 5, ())
    assert [evidence_of(step).detail for step in theorem.steps] == [
        "5 instances, sizes n = 2, 1, 0, 3, 4, 5 facts",
        "5 instances, sizes n = 2, 1, 0, 3, 4, 10 facts",
    ]
    assert all(evidence_of(step).verdict is Verdict.HOLDS_ON_INSTANCES for step in theorem.steps)
    assert json.loads(json.dumps(run.to_json("0")))["theorems"][0]["instances"]["facts"] == 15
    assert check([tmp_path / "script.py"]).theorems[0].instances is None


def test_results_are_kept_for_the_same_seed_and_number(tmp_path, monkeypatch):
    first = checked(tmp_path, GOOD).theorems[0]
    ran = []
    monkeypatch.setattr(evidence.Instances, "run", lambda self, theorems: ran.append(len(theorems)) or [])
    again = checked(tmp_path, GOOD).theorems[0]
    assert again.instances == first.instances
    assert not ran
    other = checked(tmp_path, GOOD, seed=1)
    assert ran == [1]
    (theorem,) = other.theorems
    assert theorem.instances.verdict is Verdict.UNTESTED
    assert "ended early" in evidence_of(theorem.steps[0]).detail
    assert other.status == 0


def test_an_open_claim_that_is_false_is_no_alarm(tmp_path):
    run = checked(tmp_path, WRONG)
    (theorem,) = run.theorems
    assert (run.status, theorem.instances.alarm, theorem.instances.failure["step"]) == (1, False, "square")
    assert evidence_of(theorem.steps[0]).verdict is Verdict.REFUTED
    lines = instance_lines(theorem.instances, Style())
    assert lines[0] == "      ✗ step square is false on an instance"
    assert any("A = [" in line for line in lines)


def test_a_false_fact_without_an_open_claim_is_an_alarm(tmp_path):
    (theorem,) = checked(tmp_path, WRONG).theorems
    (tmp_path / "script.py").write_text(WRONG)
    outcome = work(Bundles(), theorem.bundle.decode(), 5, 0)
    trusted = replace(theorem, holes=(), verdict=Verdict.PROVED, instances=None)
    alarmed = evidence.with_instances(trusted, outcome, evidence.Wanted(5))
    assert trusted.passed
    assert not alarmed.passed
    assert "though the kernel accepted it" in instance_lines(alarmed.instances, Style())[0]


def test_contradictory_hypotheses_are_vacuous_only_by_a_replay(tmp_path):
    run = checked(tmp_path, EMPTY)
    (theorem,) = run.theorems
    assert (run.status, theorem.instances.verdict) == (0, Verdict.VACUOUS)
    assert evidence_of(theorem.steps[0]).verdict is Verdict.VACUOUS
    outcome = work(Bundles(), theorem.bundle.decode(), 3, 0)
    assert evidence.contradiction_holds(theorem, outcome.contradiction)
    other = json.loads(outcome.contradiction)
    other["setup"] = other["setup"][:-1]
    assert not evidence.contradiction_holds(theorem, json.dumps(other))
    other = json.loads(outcome.contradiction)
    other["proof"] = [{"rule": "hole", "fact": "1 <= 0", "as": "false"}]
    assert not evidence.contradiction_holds(theorem, json.dumps(other))
    assert not evidence.contradiction_holds(theorem, "{}")
    untested = evidence.with_instances(replace(theorem, instances=None), None, evidence.Wanted(3))
    assert untested.instances.verdict is Verdict.UNTESTED


def test_no_contradiction_is_made_up():
    items = [{"natural": "n"}, {"given": "low", "fact": "n <= 1"}]
    assert contradicted({"setup": items}) == ""
    assert Library().check(json.loads(contradicted({"setup": [*items, {"given": "high", "fact": "2 <= n"}]})))


def test_lemma_1_runs_on_edges_of_its_sizes():
    run = check([PROOFS / "linear" / "lemma_1.py"], Options("lemma-1", instances=20))
    by_name = {theorem.id: theorem.instances for theorem in run.theorems}
    lemma = by_name["linear/lemma-1"]
    sizes = [(size["D"], size["L"], size["R"]) for size in lemma.sizes]
    assert len(sizes) >= 6
    assert any(rank * depth > width for width, depth, rank in sizes)
    assert any(rank == width for width, _, rank in sizes)
    assert any(depth == 1 for _, depth, _ in sizes)
    assert any(width == 1 for width, _, _ in sizes)
    for one in by_name.values():
        assert (one.failure, one.idle) == (None, ())
        assert one.models >= 20


def test_every_step_of_the_main_theorems_is_seen_on_as_many_instances_as_asked_for():
    run = check([PROOFS / "linear"], Options("linear/", instances=20))
    for theorem in run.theorems:
        for step in theorem.steps:
            found = evidence_of(step)
            assert found.verdict is Verdict.HOLDS_ON_INSTANCES, (theorem.id, step.name)
            assert int(found.detail.split()[0]) >= 20, (theorem.id, step.name, found.detail)


def test_a_case_that_no_instance_meets_says_so():
    run = check([PROOFS / "matrix" / "rank.py"], Options("matrix/dimension", instances=4))
    (theorem,) = run.theorems
    idle = [step for step in theorem.steps if evidence_of(step).verdict is Verdict.UNTESTED]
    assert idle
    assert all(step.path for step in idle)
    assert evidence_of(idle[0]).detail == "none of 20 instances comes to this case"
    assert any(evidence_of(step).verdict is Verdict.HOLDS_ON_INSTANCES for step in theorem.steps)


def test_work_is_bounded(tmp_path, monkeypatch):
    (theorem,) = checked(tmp_path, GOOD).theorems

    def stop(self, wanted, seed):
        raise instances.TooLong("too long")

    monkeypatch.setattr(instances.Account, "run", stop)
    outcome = work(Bundles(), theorem.bundle.decode(), 3, 0)
    assert (outcome.models, outcome.contradiction) == (0, "")
    assert outcome.stopped.startswith("stopped at the bound on the work")


def test_facts_of_engines_belong_to_the_next_named_step():
    inner = [{"rule": "eq", "as": "a.1"}, {"rule": "eq", "as": "a-goal"}]
    steps = [{"rule": "eq", "as": "a.0"}, {"rule": "have", "as": "a", "proof": {"steps": inner, "done": ["a-goal"]}}]
    assert dict(owners(steps)) == {
        "1 eq a.0": ("a", ()),
        "2 have / 1 eq a.1": ("a-goal", ("a",)),
        "2 have / 2 eq a-goal": ("a-goal", ("a",)),
        "2 have a": ("a", ()),
    }


def test_command_line(tmp_path, capsys):
    (tmp_path / "script.py").write_text(GOOD)
    assert cli.main(["check", "--instances", str(tmp_path / "script.py")]) == 0
    out = capsys.readouterr().out
    assert "≈ 20 instances of " in out
    assert "; 60 facts evaluated on 20 instances (" in out
    assert cli.main(["check", "--instances", "0"]) == 2
    assert cli.main(["check", "--seed", "-1"]) == 2
