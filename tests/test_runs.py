"""Runs: nothing that a script does can make a false statement proved; the cache holds certificates only."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from symlora.kernel.form import load
from symlora.proof.verdicts import Verdict
from symlora.runs import wire
from symlora.runs.check import Options, check
from symlora.runs.counterexamples import confirmed, places
from symlora.runs.errors import RunError
from symlora.runs.judge import Judge
from symlora.runs.scan import collect, read

GOOD = """
from symlora import by, eq, theorem

with theorem("test/{0}") as t:
    n = t.natural("n")
    A, B = t.matrices("A B", (n, n))
    t.given("h", eq(A, B))
    t.show(eq(A*A, B*A), by.algebra("h"))
"""

FORGED = """
import sys
import symlora.proof.theorem
from symlora import eq, theorem

for name, module in list(sys.modules.items()):
    if name.startswith("symlora.kernel") and hasattr(module, "need"):
        module.need = lambda *arguments: None
print('{"type": "theorem", "id": "test/printed", "verdict": "proved"}')
with theorem("test/forged") as t:
    n = t.natural("n")
    A, B = t.matrices("A B", (n, n))
    t._scope.add({"rule": "eq", "fact": "A = B", "by": [], "as": "goal1"})
    t._goals.append({"name": "goal1", "fact": "A = B"})
    t._done.append("goal1")
"""

HIDDEN = """
from symlora import by, eq, theorem

with theorem("test/hidden") as t:
    n = t.natural("n")
    A, B = t.matrices("A B", (n, n))
    t.sorry("h", eq(A, B))
    t.show(eq(A, B), by.algebra("h"))
    t._journal.holes.clear()
    t._journal.records.clear()
"""

RENAMED = """
from symlora import by, eq, theorem
from symlora.proof.registry import registry

bundle = registry.bundle
registry.bundle = lambda name: bundle("test/true")
with theorem("test/true") as t:
    n = t.natural("n")
    A = t.matrix("A", (n, n))
    t.show(eq(A, A + A - A), by.algebra())
with theorem("test/other") as t:
    n = t.natural("n")
    A = t.matrix("A", (n, n))
    t.show(eq(A, A + A), by.sorry)
"""

SPARE = GOOD.format("spare").replace(
    "    t.show", '    t.given("spare", eq(A, A*A))\n    t.have("idle", eq(B, A), by.algebra("h"))\n    t.show'
)

CHANNEL = """
import os
for number in range(3, 40):
    try:
        os.write(number, b'{"type": "theorem", "id": "test/channel", "verdict": "proved"}\\n')
    except OSError:
        pass
"""

CITING = """
from symlora import by, eq, theorem

with theorem("test/cites") as t:
    n = t.natural("n")
    A = t.matrix("A", (n, n))
    t.cite("used", "test/{0}", A=A, B=A)
    t.show(eq(A*A, A*A), by.algebra("used"))
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("SYMLORA_CACHE", str(tmp_path / "cache"))
    return tmp_path


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    return path


def test_no_script_makes_a_false_statement_proved(folder):
    texts = {"forged": FORGED, "hidden": HIDDEN, "renamed": RENAMED, "channel": CHANNEL}
    run = check([put(folder, name, text) for name, text in texts.items()])
    verdicts = {theorem.id: theorem.verdict for theorem in run.theorems}
    assert verdicts == {
        "test/forged": Verdict.UNKNOWN,
        "test/hidden": Verdict.REFUTED,
        "test/true": Verdict.PROVED,
        "test/other": Verdict.UNKNOWN,
    }
    forged, _, _, other = run.theorems
    assert "expected nothing left over, found A - B [rest]" in forged.rejected
    assert forged.statement == ""
    assert "expected a certificate of 'test/other', found 'test/true'" in other.rejected
    assert len(run.errors) == 1
    assert "channel.py: expected certificates from the worker, found " in run.errors[0]
    assert run.status == 2


def test_the_cache_keeps_certificates_and_every_run_replays_them(folder, monkeypatch):
    paths = [put(folder, "one", GOOD.format("one")), put(folder, "two", GOOD.format("two"))]
    first = check(paths)
    assert [(script.cached, script.theorems[0].verdict) for script in first.scripts] == [(False, Verdict.PROVED)] * 2
    second = check(paths)
    assert [(script.cached, script.theorems[0].verdict) for script in second.scripts] == [(True, Verdict.PROVED)] * 2
    assert not check(paths[:1], Options(use_cache=False)).scripts[0].cached

    database = sqlite3.connect(folder / "cache" / "certificates.sqlite")
    kept = [row[0] for row in database.execute("SELECT lines FROM sent")]
    assert len(kept) == 2
    assert not any(verdict.word.encode() + b'"' in lines for verdict in Verdict for lines in kept if verdict.rank)
    # A damaged entry is ignored, and so is a damaged file.
    database.execute("UPDATE sent SET lines = ?", (b"{",))
    database.commit()
    database.close()
    assert [script.cached for script in check(paths).scripts] == [False, False]
    (folder / "cache" / "certificates.sqlite").write_bytes(b"not a database" * 100)
    assert [script.cached for script in check(paths[:1]).scripts] == [False]
    assert [script.cached for script in check(paths[:1]).scripts] == [True]

    # A false claim in the cache is refused by the replay.
    line = wire.decode(kept[0].split(b"\n")[0])
    assert isinstance(line, wire.Finished)
    forged = wire.Finished(line.id, "", "", "proved", line.bundle.replace("A*A = B*A", "A*A = B*B"), [], [], 0.0)
    report = Judge().judge(forged, read(paths[0]))
    assert report.verdict is Verdict.UNKNOWN
    assert report.rejected


def test_a_cited_script_is_run_first_and_a_change_of_it_is_seen(folder):
    used, citing = put(folder, "z_used", GOOD.format("used")), put(folder, "citing", CITING.format("used"))
    run = check([citing])
    assert [(t.id, t.verdict, t.cites) for t in run.theorems] == [("test/cites", Verdict.PROVED, ("test/used",))]
    assert check([citing]).scripts[0].cached
    used.write_text(GOOD.format("used").replace('by.algebra("h")', "by.sorry"), encoding="utf-8")
    changed = check([citing])
    assert not changed.scripts[0].cached
    (theorem,) = changed.theorems
    assert theorem.verdict is Verdict.UNKNOWN
    assert theorem.steps[0].verdict is Verdict.UNKNOWN
    assert theorem.holes[0].startswith("test/used: goal1: ")


def test_scripts_that_cite_each_other_are_refused(folder):
    a = put(folder, "a", CITING.format("b").replace("test/cites", "test/a"))
    b = put(folder, "b", CITING.format("a").replace("test/cites", "test/b"))
    run = check([a, b])
    assert run.theorems == []
    assert all("circular use" in error for error in run.errors)
    assert len(run.errors) == 2


def test_a_declared_level_must_be_reached_and_what_is_not_used_is_said(folder):
    path = put(folder, "open", HIDDEN.replace('"test/hidden"', '"test/hidden", expect="assumed"'))
    spare = put(folder, "spare", SPARE)
    theorem, other = check([path, spare]).theorems
    assert theorem.expect is Verdict.ASSUMED
    assert not theorem.passed
    assert other.passed
    assert other.notes == ("never used: given spare", "leads nowhere: step idle")


def test_what_a_hole_may_assume_is_read_off_the_certificate():
    hole = {"rule": "hole", "fact": "X[l + 1] = Y[l]", "as": "chain-step-goal"}
    step = {
        "rule": "induction", "index": "l", "from": "0", "to": "L", "origin": {}, "range": ["a.1", "a.2", "a.3"],
        "goals": [{"fact": "X[l] = Y[l]", "hypothesis": "a.4", "as": "chain"}],
        "base": {"steps": [], "done": []}, "step": {"steps": [hole], "done": ["chain-step-goal"]},
    }  # fmt: skip
    (place,) = places({"proof": [step]})
    assert place.owner == "chain-step-goal"
    assert [item.get("natural", item.get("fact")) for item in place.items] == [
        "l",
        "0 <= l",
        "l <= L - 1",
        "X[l] = Y[l]",
    ]


def test_a_counterexample_that_is_none_does_not_refute(folder):
    path = put(folder, "hidden", HIDDEN)
    (theorem,) = check([path]).theorems
    witness = theorem.steps[0].counterexample
    assert witness is not None
    lie = wire.Hole("A = B", None, {"counterexample": {**witness, "matrices": {"A": [["1"]], "B": [["1"]]}}})
    line = wire.Finished("test/hidden", "", "", "proved", theorem.bundle.decode(), [], [lie], 0.0)
    report = Judge().judge(line, read(path))
    assert report.verdict is Verdict.UNKNOWN
    assert report.steps[0].troubles[0].search == "a counterexample was sent that is none when evaluated again"
    # One that would take forever to evaluate is not evaluated.
    for part in ({"naturals": {"n": 10**9}}, {"matrices": {"A": [["1e999999999"]], "B": [["0"]]}}, {"naturals": 3}):
        lie = wire.Hole("A = B", None, {"counterexample": {**witness, **part}})
        assert confirmed({"setup": []}, places(load(theorem.bundle)["theorems"][0])[0], lie.search) is None


def test_scripts_are_found_by_reading(folder):
    put(folder, "good", GOOD.format("good"))
    put(folder, "other", "theorem = 1\n")
    put(folder, "computed", "from symlora import theorem\nname = 'x'\ntheorem(name)\n")
    scripts, index = collect([folder])
    assert [(script.path.name, script.ids, script.computed) for script in scripts] == [
        ("computed.py", (), True),
        ("good.py", ("test/good",), False),
    ]
    assert index.owners["test/good"].name == "good.py"
    with pytest.raises(RunError, match="found nothing at"):
        collect([folder / "absent"])


def test_a_verdict_is_no_truth_value_unless_decided():
    with pytest.raises(TypeError, match="expected a verdict that is proved or refuted as a truth value, found unknown"):
        bool(Verdict.UNKNOWN)
