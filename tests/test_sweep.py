"""``symlora sweep linear``: results, resuming, and bad input in one line."""

from __future__ import annotations

import csv
import json
import sys

import pytest

from symlora.sweep import linear
from symlora.sweep.linear import sweep_command

SIZES = ["linear", "--width", "6", "--depth", "2", "--rank", "2"]


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch):
    monkeypatch.setattr("symlora.sweep.plan.LARGEST_CHUNK", 20)


def run(out, *more, sizes=SIZES):
    return sweep_command([*sizes, "--instances", "50", "--out", str(out), *more])


def refused(capsys, status, *words):
    found = capsys.readouterr()
    assert status == 2
    assert found.out == ""
    last = found.err.splitlines()[-1]
    assert last.startswith("symlora: ")
    assert len(found.err) < 2000
    for word in words:
        assert word in last


def test_sweep_writes_a_table(tmp_path, capsys):
    assert run(tmp_path / "out") == 0
    found = capsys.readouterr()
    assert "off by more than rounding explains: none" in found.out
    assert "chunk 3 of 3: 50 of 50 instances" in found.err
    assert "gate: " in found.err
    with (tmp_path / "out" / "sweep.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {row["chunk"] for row in rows} == {"0", "1", "2"}
    assert [row["count"] for row in rows if row["fact"] == "goal product"] == ["20", "20", "10"]
    assert all(float(row["max_error"]) < 1e-6 for row in rows)


def test_what_floats_cannot_tell_is_said(tmp_path, capsys):
    sizes = [
        "linear",
        "--width",
        "24",
        "--depth",
        "12",
        "--rank",
        "2",
        "--instances",
        "3",
        "--out",
        str(tmp_path / "out"),
    ]
    assert sweep_command(sizes) == 0
    assert "goals among them: product, ranks, attained" in capsys.readouterr().out


def test_picture_or_the_reason_for_none(tmp_path, capsys):
    assert run(tmp_path / "out") == 0
    said = "matplotlib is not installed" in capsys.readouterr().out
    assert (tmp_path / "out" / "sweep.png").exists() is not said


def test_same_seed_same_table(tmp_path):
    for name, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        assert run(tmp_path / name, "--seed", seed) == 0
    a, b, c = ((tmp_path / name / "sweep.csv").read_text(encoding="utf-8") for name in "abc")
    assert a == b != c


def test_an_interrupted_sweep_goes_on(tmp_path, capsys, monkeypatch):
    assert run(tmp_path / "whole") == 0
    computed = linear._chunk

    def interrupt(code, device, options, first, count):
        if first == 20:
            raise KeyboardInterrupt
        return computed(code, device, options, first, count)

    monkeypatch.setattr(linear, "_chunk", interrupt)
    capsys.readouterr()
    refused(capsys, run(tmp_path / "out"), "interrupt", "--resume")
    starts = []
    monkeypatch.setattr(linear, "_chunk", lambda *a: starts.append(a[3]) or computed(*a))
    assert run(tmp_path / "out", "--resume") == 0
    assert starts == [20, 40]
    whole, out = ((tmp_path / name / "sweep.csv").read_text(encoding="utf-8") for name in ("whole", "out"))
    assert whole == out


def test_another_sweep_is_not_continued(tmp_path, capsys):
    assert run(tmp_path / "out") == 0
    capsys.readouterr()
    refused(capsys, run(tmp_path / "out"), "--resume", "sweep.json")
    refused(capsys, run(tmp_path / "out", "--resume", "--seed", "5"), "seed = 5", "seed = 0")
    refused(capsys, run(tmp_path / "new", "--resume"), "to resume")


def spoiled(path, change):
    chunk = json.loads(path.read_text(encoding="utf-8"))
    change(chunk)
    path.write_text(json.dumps(chunk), encoding="utf-8")


@pytest.mark.parametrize("spoil", [
    lambda path: path.write_bytes(path.read_bytes()[:50]),
    lambda path: path.write_bytes(b"\xff\xfe"),
    lambda path: path.write_text("[]", encoding="utf-8"),
    lambda path: path.write_text("[" * 100_000, encoding="utf-8"),
    lambda path: spoiled(path, lambda chunk: chunk["rows"][0].pop("figure")),
    lambda path: spoiled(path, lambda chunk: chunk.update(first=3)),
    lambda path: spoiled(path, lambda chunk: chunk["goals"]["goal product"]["error"].pop()),
])  # fmt: skip
def test_a_broken_state_file_is_named_and_nothing_is_lost(tmp_path, capsys, spoil):
    assert run(tmp_path / "out") == 0
    capsys.readouterr()
    others = [tmp_path / "out" / f"chunk-0000{k}.json" for k in (0, 2)]
    before = [path.read_bytes() for path in others]
    broken = tmp_path / "out" / "chunk-00001.json"
    spoil(broken)
    refused(capsys, run(tmp_path / "out", "--resume"), "chunk-00001.json", "remove it")
    assert [path.read_bytes() for path in others] == before
    broken.unlink()
    assert run(tmp_path / "out", "--resume") == 0


def test_a_broken_configuration(tmp_path, capsys):
    assert run(tmp_path / "out") == 0
    capsys.readouterr()
    (tmp_path / "out" / "sweep.json").write_text("{", encoding="utf-8")
    refused(capsys, run(tmp_path / "out", "--resume"), "sweep.json", "no whole JSON")


@pytest.mark.parametrize(("arguments", "word"), [
    (["--rank", "0"], "rank from 1"), (["--rank", "7"], "found 7"), (["--width", "0"], "width"),
    (["--depth", "0"], "depth"), (["--depth", "65"], "at most 64"), (["--instances", "0"], "instance"),
    (["--seed", "-1"], "seed"), (["--memory", "0"], "memory"), (["--memory", "nan"], "memory"),
    (["--memory", "100000"], "that are free"), (["--width", "100000"], "GiB"), (["--width", "x"], "invalid int"),
    (["--dtype", "float16"], "float16"), (["--backend", "torch"], "torch"), (["--what"], "--what"),
])  # fmt: skip
def test_bad_input_is_one_line(tmp_path, capsys, arguments, word):
    refused(capsys, run(tmp_path / "out", *arguments), word)
    assert not (tmp_path / "out").exists()


def test_memory_estimate_is_said_before(tmp_path, capsys):
    refused(capsys, run(tmp_path / "out", "--width", "4096"), "needs about", "--memory")


def test_small_memory_makes_small_chunks(tmp_path, capsys):
    assert run(tmp_path / "out", "--memory", "0.0001") == 0
    assert "chunks of" in capsys.readouterr().err.splitlines()[0]
    assert len(list((tmp_path / "out").glob("chunk-*"))) > 3


def test_a_folder_that_cannot_be_written(tmp_path, capsys):
    (tmp_path / "file").write_text("", encoding="utf-8")
    refused(capsys, run(tmp_path / "file" / "out"), "can be written")


def test_cupy_or_what_to_install(tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "cupy", None)
    refused(capsys, run(tmp_path / "out", "--backend", "cupy"), "pip install 'symlora[cupy]'")


def test_a_disagreeing_backend_is_refused(tmp_path, capsys, monkeypatch):
    from symlora.sweep.gate import Disagreement

    def wrong(*arguments):
        raise Disagreement("inv is wrong")

    monkeypatch.setattr(linear, "gate", wrong)
    refused(capsys, run(tmp_path / "out"), "agree with exact values", "inv is wrong")
    assert not (tmp_path / "out").exists()
