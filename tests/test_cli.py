"""The command line as a user meets it: real processes, exit statuses, and one clear line for what is wrong."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from symlora import cli
from symlora.kernel.axioms import AXIOMS
from symlora.kernel.syntax import canonical
from symlora.runs.check import check

ROOT = Path(__file__).resolve().parent.parent

GOOD = """
from symlora import by, eq, eye, inv, nonsingular, theorem

with theorem("test/push", title="Push-through", source="folklore") as t:
    m, n = t.naturals("m n")
    U, V = t.matrix("U", (m, n)), t.matrix("V", (n, m))
    t.given("left", nonsingular(eye(m) + U*V))
    t.given("right", nonsingular(eye(n) + V*U))
    t.show(eq(inv(eye(m) + U*V)*U, U*inv(eye(n) + V*U)), by.algebra("left", "right"))
"""
WRONG = GOOD.replace("test/push", "test/wrong").replace("eq(inv(eye(m) + U*V)", "eq(inv(eye(m) - U*V)")
SORRY = """
from symlora import by, eq, eye, theorem

with theorem("test/sorry") as t:
    n = t.natural("n")
    A, B = t.matrices("A B", (n, n))
    t.given("h", eq(A*B, eye(n)))
    t.sorry("other", eq(B*A, eye(n)))
    t.show(eq(A*B*B*A, eye(n)), by.algebra("h", "other"))
"""


def environment(folder: Path, **more: str) -> dict[str, str]:
    return {
        **{k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "SYMLORA_CPU_SECONDS")},
        "PYTHONPATH": str(ROOT),
        "SYMLORA_CACHE": str(folder / "cache"),
        **more,
    }


def run(folder: Path, *arguments: str, python: tuple[str, ...] = (), **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *python, "-m", "symlora.cli", *arguments],
        cwd=folder, env=environment(folder, **more), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def put(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")


def test_good_wrong_and_open_theorems_in_one_report(tmp_path):
    put(tmp_path, good=GOOD, wrong=WRONG, sorry=SORRY)
    done = run(tmp_path, "check", "good.py", "wrong.py", "sorry.py", "--json", "report.json", "--jobs", "2")
    assert (done.returncode, done.stderr) == (1, "")
    assert "\x1b" not in done.stdout
    lines = done.stdout.splitlines()
    assert lines[:2] == ["good.py", "  ✓ proved    test/push  Push-through"]
    assert "  ✗ refuted   test/wrong  Push-through" in lines
    assert "    ✗ refuted: step goal1, line 9, by algebra from left, right" in lines
    for word in (
        "claim",
        "expected",
        "found",
        "tried",
        "counterexample (the smallest on the grid)",
        "left  =",
        "right =",
    ):
        assert f"      {word}" in done.stdout or f"        {word}" in done.stdout
    assert "    ? unknown: step other, line 8, by sorry" in lines
    where = "grid of sizes <= 2, entries 0 and ±1; entries up to 3 and 1/3; sizes 3; 160 random instances"
    assert f"      counterexample: none found there ({where})" in lines
    assert re.fullmatch(r"3 theorems: 1 ✓ proved, 1 \? unknown, 1 ✗ refuted \(.* s\)", lines[-1])

    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report.keys() >= {"symlora", "seconds", "theorems"}
    assert isinstance(report["seconds"], float)
    good, wrong, unknown = report["theorems"]
    for theorem in report["theorems"]:
        assert theorem.keys() >= {"id", "title", "source", "statement", "verdict", "steps"}
        for step in theorem["steps"]:
            assert step.keys() >= {"name", "claim", "verdict", "by", "uses", "evidence", "counterexample"}
            assert step["evidence"]
            for one in step["evidence"]:
                assert one.keys() == {"kind", "verdict", "detail", "seconds"}
    assert (good["id"], good["title"], good["source"], good["verdict"]) == (
        "test/push", "Push-through", "folklore", "proved")  # fmt: skip
    assert good["statement"].startswith("theorem test/push\n  for every natural m\n")
    assert [(s["name"], s["uses"]) for s in good["steps"]] == [("goal1", ["left", "right"])]
    assert (wrong["verdict"], unknown["verdict"]) == ("refuted", "unknown")
    witness = wrong["steps"][0]["counterexample"]
    assert witness["left"] != witness["right"]
    assert witness["matrices"].keys() == {"U", "V"}
    assert [(s["name"], s["verdict"]) for s in unknown["steps"]] == [("other", "unknown"), ("goal1", "proved")]

    again = run(tmp_path, "check", "good.py", "wrong.py", "sorry.py", python=("-X", "importtime"))
    assert again.returncode == 1
    assert again.stdout.splitlines()[:-1] == lines[:-1]
    assert "symlora.kernel.replay" in again.stderr
    assert "sympy" not in again.stderr


BAD = {
    "parse": ("x = (\n", "parse.py:1: expected a script that parses, found '\\(' was never closed"),
    "raises": ("import symlora\n\n1/0\n", "raises.py:3: ZeroDivisionError: division by zero"),
    "empty": ("x = 1\n", "empty.py: expected at least one theorem, found none; write with theorem"),
    "loops": (GOOD + "\nwhile True:\n    pass\n", "loops.py:1[12]: stopped after 1 CPU seconds of work"),
    "stubborn": (
        "x = 0\nwhile True:\n    try:\n        while True: x += 1\n    except BaseException: pass\n",
        r"stubborn.py(:\d)?: stopped after 1 CPU seconds of work",
    ),
    "exits": ("import sys\nsys.exit(0)\n", r"exits.py:2: expected a script that runs to its end, found sys.exit\(0\)"),
    "vanishes": ("import os\nos._exit(0)\n", "vanishes.py: expected a script that runs to its end, .* status 0"),
    "shape": (
        GOOD.replace('t.given("right", nonsingular(eye(n)', 't.given("right", nonsingular(eye(m)'),
        "shape.py:8: ShapeError: .*m.*n",
    ),
    "level": (GOOD.replace('title="P', 'expect="perhaps", title="P'),
              "level.py: theorem test/level: expected one of proved, .* found 'perhaps'"),
}  # fmt: skip


def test_bad_scripts_give_one_line_each_and_lose_nothing_finished(tmp_path):
    put(tmp_path, **{name: text.replace("/push", f"/{name}") for name, (text, _) in BAD.items()})
    names = [f"{name}.py" for name in BAD]
    done = run(tmp_path, "check", *names, "--json", "-", SYMLORA_CPU_SECONDS="1")
    assert done.returncode == 2
    assert "Traceback" not in done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert len(report["errors"]) == len(BAD)
    for (_, expected), found in zip(BAD.values(), report["errors"], strict=True):
        assert re.match(expected, found), (expected, found)
        assert "\n" not in found
    assert [(t["id"], t["verdict"]) for t in report["theorems"]] == [("test/loops", "proved")]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "nowhere.py"], "expected a proof script or a folder, found nothing at nowhere.py"),
        (["check", "."], "expected proof scripts below ., found none with a theorem"),
        (
            ["check", "--jobs", "0"],
            "argument --jobs: expected a number from 1 to 1024, found '0'; symlora check --help",
        ),
        (["check", "--json", "no/where.json"], "expected a file that can be written for --json, found no/where.json"),
        (["frobnicate"], "argument COMMAND: invalid choice: 'frobnicate'"),
        ([], "expected a command, found none"),
        (["verify"], "expected a certificate file or --where, found neither"),
        (["verify", "nowhere.json"], "expected a readable file, found nowhere.json: No such file"),
        (["new", "script.txt"], "expected a file name that ends in .py, found script.txt"),
        (["new", "no/where.py"], "expected a file that can be written, found no/where.py: No such file"),
        (["export", "a/b"], "the following arguments are required: -o/--output"),
    ],
)
def test_bad_usage_is_one_line(arguments, message, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"symlora: {message}")
    assert err.count("\n") == 1


def test_selecting_nothing_says_what_there_is(tmp_path, monkeypatch, capsys):
    put(tmp_path, good=GOOD)
    monkeypatch.chdir(tmp_path)
    assert cli.main(["check", "-k", "absent", "good.py"]) == 2
    assert capsys.readouterr().err == (
        "symlora: expected -k to be part of a theorem's id, found 'absent'; there are test/push\n"
    )


def test_one_id_in_two_scripts_is_refused(tmp_path, monkeypatch, capsys):
    put(tmp_path, a=GOOD, b=GOOD)
    monkeypatch.chdir(tmp_path)
    assert cli.main(["check", "."]) == 2
    message = "symlora: expected an id of its own for every theorem, found 'test/push' in a.py and in b.py\n"
    assert capsys.readouterr().err == message


HEAD = '{"format": "symlora-certificate", "version": 1, "theorems": '


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEAD, "expected a JSON document"),
        (HEAD.replace("1", "2") + "[{}]}", "expected version 1, found 2"),
        ('{"format": "symlora-certificate", "format": "x"}', "expected every key once"),
        (HEAD + "9" * 10_000_000 + "}", "expected at most 1000 digits, found 10000000"),
        (HEAD + "[" * 100_000, "expected a JSON document"),
        (HEAD + "[1.5]}", "expected integers and strings only, found '1.5'"),
        ("\xff", "expected ASCII text"),
        ("", "expected a JSON document"),
    ],
    ids=["truncated", "version", "duplicate", "digits", "nesting", "float", "bytes", "empty"],
)
def test_certificates_that_cannot_be_read(text, message, tmp_path, capsys):
    path = tmp_path / "bad.json"
    path.write_text(text, encoding="latin-1")
    assert cli.main(["verify", str(path)]) == 2
    err = capsys.readouterr().err
    assert message in err
    assert err.count("\n") == 1
    assert len(err) < 400


def test_new_check_explain_axioms_export_verify(tmp_path):
    assert run(tmp_path, "new", "mine.py").returncode == 0
    again = run(tmp_path, "new", "mine.py")
    assert again.returncode == 2
    assert again.stderr == "symlora: expected the name of a new file, found mine.py, which exists\n"
    done = run(tmp_path, "check", "mine.py")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("mine.py\n  ✓ proved    my/first-theorem  The inverse of a product\n1 theorem: 1 ✓")

    explained = run(tmp_path, "explain", "mine.py").stdout
    assert "  then goal1: inv(A*B) = inv(B)*inv(A)\n" in explained
    assert "  product: nonsingular(A*B)\n" in explained
    assert run(tmp_path, "explain", "my/first-theorem", "mine.py").stdout == explained
    axioms = run(tmp_path, "axioms", "my/first-theorem", "mine.py").stdout
    assert axioms.startswith("my/first-theorem stands on these facts taken without proof:\n\naxiom/inverse: ")
    assert "\n  given h1: nonsingular(M)\n  then g1: M*inv(M) = eye(n)\n" in axioms
    assert axioms.endswith("\ntheorems cited, proved in its certificate: none\nclaims without proof: none\n")

    exported = run(tmp_path, "export", "my/first-theorem", "mine.py", "-o", "mine.json")
    digest = re.fullmatch(r"wrote mine.json: my/first-theorem, proved, sha256 ([0-9a-f]{64})\n", exported.stdout)
    assert digest is not None
    for extra in ([], ["--statement", digest[1]]):
        verified = run(tmp_path, "verify", "mine.json", *extra)
        assert verified.returncode == 0
        assert verified.stdout.endswith("proved, with nothing left open\n")
    refused = run(tmp_path, "verify", "mine.json", "--statement", "0" * 64)
    assert refused.returncode == 1
    assert f"expected a proof of statement {'0' * 64}, found one of {digest[1]}" in refused.stderr

    where = run(tmp_path, "verify", "--where").stdout.strip()
    alone = subprocess.run(
        [sys.executable, "-S", "-m", "symlora.kernel", "mine.json"],
        cwd=tmp_path, env={"PYTHONPATH": where}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (alone.returncode, alone.stdout.splitlines()[0]) == (0, "theorem my/first-theorem")


def test_rules_are_listed_with_what_they_say(capsys):
    assert cli.main(["axioms"]) == 0
    out = capsys.readouterr().out
    assert "\ninduction\n  ``for l if lo <= l, l <= hi: goal(l)`` for several goals at once.\n" in out
    assert "\ndefine\n" in out
    assert "\ncite\n" in out
    for data in AXIOMS:
        assert f"\n{data['name']}: {data['title']}\n" in out
        assert all(f"  then {goal['name']}: {canonical(goal['fact'])}\n" in out for goal in data["goals"])


def test_a_cache_that_cannot_be_written(tmp_path):
    put(tmp_path, good=GOOD)
    (tmp_path / "file").write_text("")
    asked = run(tmp_path, "check", "good.py", SYMLORA_CACHE=str(tmp_path / "file" / "cache"))
    assert asked.returncode == 2
    assert "✓ proved    test/push" in asked.stdout
    assert re.fullmatch(
        r"symlora: expected a cache that can be written at .*, found: .*; nothing is kept\n", asked.stderr
    )
    default = run(tmp_path, "check", "good.py", SYMLORA_CACHE="", XDG_CACHE_HOME=str(tmp_path / "file"))
    assert (default.returncode, default.stderr.count("\n")) == (0, 1)
    without = run(tmp_path, "check", "good.py", "--no-cache", SYMLORA_CACHE=str(tmp_path / "file" / "cache"))
    assert (without.returncode, without.stderr) == (0, "")


def test_an_interrupt_keeps_what_was_finished(tmp_path, monkeypatch):
    put(tmp_path, a=GOOD, b=WRONG.replace("with theorem", "import time\ntime.sleep(60)\nwith theorem"))
    process = subprocess.Popen(
        [sys.executable, "-m", "symlora.cli", "check", "a.py", "b.py", "--json", "report.json"],
        cwd=tmp_path, env=environment(tmp_path, PYTHONUNBUFFERED="1"), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "a.py\n"
    start = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert time.monotonic() - start < 5
    assert process.returncode == 2
    assert out.startswith("1 theorem: 1 ✓ proved (") or "test/push" in out
    assert err == "symlora: expected to check everything, found an interrupt; what was finished is kept\n"
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report["interrupted"]
    assert [theorem["id"] for theorem in report["theorems"]] == ["test/push"]
    monkeypatch.setenv("SYMLORA_CACHE", str(tmp_path / "cache"))
    assert check([tmp_path / "a.py"]).scripts[0].cached


def test_colour_on_a_terminal_only_and_not_with_no_color(tmp_path, monkeypatch):
    from symlora.proof.verdicts import Verdict
    from symlora.runs.terminal import Style, style

    class Stream:
        def __init__(self, terminal, encoding):
            self.terminal, self.encoding = terminal, encoding

        def isatty(self):
            return self.terminal

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert style(Stream(True, "utf-8")) == Style(True, True)
    assert style(Stream(False, "utf-8")) == Style(False, True)
    assert style(Stream(True, "ascii")) == Style(True, False)
    assert Style(True).verdict(Verdict.REFUTED) == "\x1b[31m✗ refuted\x1b[0m"
    monkeypatch.setenv("NO_COLOR", "1")
    assert style(Stream(True, "utf-8")) == Style(False, True)


def test_help_is_fast_and_shows_examples(tmp_path, capsys):
    for name in ("check", "verify", "axioms", "explain", "graph", "ledger", "new", "export", "sweep", "refute"):
        with pytest.raises(SystemExit) as end:
            cli.main([name, "--help"])
        assert end.value.code == 0
        assert f"example:\n  symlora {'export' if name == 'verify' else name} " in capsys.readouterr().out
    best = 9.0
    for _ in range(3):
        start = time.perf_counter()
        done = run(tmp_path, "--help")
        best = min(best, time.perf_counter() - start)
        assert done.returncode == 0
    assert best < 0.25


def test_ledger_says_how_each_given_is_used(tmp_path):
    script = tmp_path / "cancel.py"
    script.write_text(
        "from symlora import by, eq, nonsingular, theorem\n"
        "with theorem('my/cancel') as t:\n"
        "    n = t.natural('n')\n"
        "    A, B, C = t.matrices('A B C', (n, n))\n"
        "    t.given('A', nonsingular(A))\n"
        "    t.given('spare', nonsingular(B))\n"
        "    t.given('equal', eq(A * B, A * C))\n"
        "    t.show(eq(B, C), by.algebra('A', 'equal'))\n"
    )
    done = run(tmp_path, "ledger", "my/cancel", str(script))
    assert done.returncode == 0
    assert "unused  spare  checked: the proof replays without it" in done.stdout
    assert run(tmp_path, "ledger", "my/nothing", str(script)).returncode == 2


def test_explain_writes_markdown_and_latex(tmp_path):
    (tmp_path / "good.py").write_text(GOOD)
    assert run(tmp_path, "explain", "test/push", "good.py", "--format", "markdown").stdout.startswith("# Push-through")
    document = run(tmp_path, "explain", "good.py", "--format", "latex").stdout
    assert document.rstrip().endswith("\\end{document}")
    (tmp_path / "more.py").write_text(GOOD.replace("test/push", "test/more") + GOOD.partition("theorem\n")[2])
    done = run(tmp_path, "explain", "more.py", "--format", "latex")
    assert (done.returncode, done.stdout) == (2, "")
    assert "expected one theorem for --format latex" in done.stderr


def test_graph_of_a_theorem_and_of_scripts(tmp_path):
    (tmp_path / "good.py").write_text(GOOD)
    done = run(tmp_path, "graph", "test/push", "good.py", "-o", "push.svg")
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "push.svg").read_text().rstrip().endswith("</svg>")
    assert run(tmp_path, "graph", "good.py", "--format", "dot").stdout.startswith("digraph ")
    assert run(tmp_path, "graph", "test/push", "good.py", "-o", "push.dot").returncode == 0
    assert (tmp_path / "push.dot").read_text().startswith('digraph "test/push"')
    done = run(tmp_path, "graph", "good.py", "-o", "absent/push.svg")
    assert (done.returncode, done.stdout) == (2, "")
    assert "expected a file that can be written for -o, found absent/push.svg" in done.stderr


def test_sweep_is_reached_and_refuses_bad_sizes(tmp_path):
    done = run(tmp_path, "sweep", "linear", "--width", "0", "--depth", "1", "--rank", "1", "--out", "out")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1


def test_refute_is_reached_and_refuses_what_it_cannot_read(tmp_path):
    done = run(tmp_path, "refute", "A B =")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
