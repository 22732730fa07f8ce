"""A theorem in numbers: golden texts, exact evaluation, false facts shown as such, refusals before any work.

`python tests/test_numbers.py` writes the golden files again, to be read before they are kept.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
import tempfile
from fractions import Fraction
from pathlib import Path
from typing import Any

import mpmath
import pytest

from symlora import cli
from symlora.domains.execution import program
from symlora.domains.setup import read_setup
from symlora.kernel.replay import Library
from symlora.runs.check import Options, check
from symlora.runs.errors import RunError
from symlora.runs.instances import Bundles
from symlora.runs.numbers import tell
from symlora.runs.sizes import check_sizes, check_work, read_sizes
from symlora.runs.symbolic import decide_all

GOLDEN = Path(__file__).resolve().parent / "golden"
WRONG = '''"""A false claim, and what follows from it."""
from symlora import by, eq, inv, le, nonsingular, norm2, theorem

with theorem("wrong/inverse", title="The wrong order") as t:
    n = t.natural("n")
    A, B = t.matrices("A B", (n, n))
    t.given("A", nonsingular(A))
    t.given("B", nonsingular(B))
    t.sorry("order", eq(inv(A*B), inv(A)*inv(B)))
    t.show(eq(inv(A*B)*B, inv(A)*inv(B)*B), by.algebra("order"))

with theorem("wrong/norm", title="A given about naturals") as t:
    n, k = t.naturals("n k")
    A = t.matrix("A", (n, n))
    t.given("wide", le(k + 1, n))
    t.sorry("small", le(norm2(A), 1))
    t.show(eq(A + A, 2*A), by.algebra())

with theorem("wrong/nothing", title="Givens that no model has") as t:
    n = t.natural("n", least=1)
    A = t.matrix("A", (n, n))
    t.given("both", eq(A*A, A))
    t.given("far", le(3, norm2(A)*norm2(A) - norm2(A)))
    t.given("bounded", le(norm2(A), 1))
    t.sorry("any", eq(A, A.T))
    t.show(eq(A.T, A), by.algebra("any"))
'''
GOLDEN_RUNS = {
    "numbers-norm-product": "numbers matrix/norm-product --digits 30 --sizes m=2,n=1,p=2",
    "numbers-push-through": "numbers matrix/push-through --polynomial --sizes m=1,n=2 --seed 3",
    "numbers-wrong": "numbers wrong/inverse WRONG --polynomial",
}
STATUS = {"numbers-norm-product": 0, "numbers-push-through": 0, "numbers-wrong": 1}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Any:
    place = tmp_path_factory.mktemp("numbers")
    (place / "wrong.py").write_text(WRONG, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SYMLORA_CACHE", str(place / "cache"))
        patch.setenv("NO_COLOR", "1")
        patch.chdir(place)
        yield place


def run(line: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    status = cli.main(shlex.split(line.replace("WRONG", "wrong.py")))
    captured = capsys.readouterr()
    return status, captured.out, captured.err


@pytest.fixture(scope="module")
def programs(folder: Path) -> dict[str, Any]:
    bundles = Bundles()
    return {t.id: bundles.read(t.bundle.decode()) for t in check([], Options()).theorems}


@pytest.mark.parametrize("name", GOLDEN_RUNS)
def test_golden_text(name, folder, capsys):
    status, out, err = run(GOLDEN_RUNS[name], capsys)
    assert (status, err) == (STATUS[name], "")
    assert out == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")


def test_the_replay_line_prints_the_same_again(folder, capsys):
    _, first, _ = run('numbers linear/lemma-1 --seed 5 --sizes "D=3, L=2, R=1" --digits 12', capsys)
    line = first.splitlines()[-1]
    assert line.startswith("replay: symlora ")
    assert run(line.removeprefix("replay: symlora "), capsys)[1] == first
    assert run("numbers linear/lemma-1 --seed 6 --sizes 'D=3, L=2, R=1' --digits 12", capsys)[1] != first


def test_values_are_those_of_an_independent_computation(folder, capsys):
    _, out, _ = run("numbers matrix/norm-product --sizes m=3,n=2,p=3 --seed 4 --digits 50 --json", capsys)
    data = json.loads(out)
    assert data["naturals"] == {"m": 3, "n": 2, "p": 3}
    a, b = (mpmath.matrix([[mpmath.mpf(Fraction(x).numerator) / Fraction(x).denominator for x in row] for row in rows])
            for rows in (data["matrices"]["A"], data["matrices"]["B"]))  # fmt: skip
    with mpmath.workdps(70):
        norms = [mpmath.svd_r(m, compute_uv=False)[0] for m in (a * b, a, b)]
        fact = next(one for one in data["facts"] if one["path"] == "goal goal1")
        (line,) = fact["lines"]
        texts = [line[side][0][0].rstrip(".") for side in ("left", "right")]
        for text, value in zip(texts, (norms[0], norms[1] * norms[2]), strict=True):
            assert abs(mpmath.mpf(text) - value) < mpmath.mpf(10) ** -48
    assert (line["verdict"], fact["verdict"]) == ("holds", "holds")


def test_sizes_that_are_asked_for_are_met(programs):
    data, code = programs["linear/lemma-1"]
    fixed = read_sizes("D=3, L=1, R=2", code.setup)
    found = tell(data, code, 0, fixed)
    assert found.sizes == {"D": 3, "L": 1, "R": 2}
    assert len(found.matrices["W[1]"]) == 3
    data, code = programs["linear/rank-of-change"]
    found = tell(data, code, 1, read_sizes("d[0]=3, d[1]=1, L=2", code.setup))
    assert (found.sizes["L"], found.sizes["d[0]"], found.sizes["d[1]"]) == (2, 3, 1)
    assert (len(found.matrices["W[1]"]), len(found.matrices["W[1]"][0])) == (1, 3)


def test_an_instance_on_which_the_proof_runs_to_its_end_is_preferred(programs):
    data, code = programs["matrix/norm-sum"]
    found = tell(data, code, 0, {("m", ()): 2, ("n", ()): 1})
    assert not found.ended
    goal = next(told for told in found.facts if told.path == "goal goal1")
    assert goal.verdict == "holds"


@pytest.mark.parametrize("seed", [0, 1])
def test_no_fact_of_the_library_fails(programs, seed):
    for name, (data, code) in programs.items():
        found = tell(data, code, seed, {})
        assert found.found, name
        assert found.count("fails") == 0, name
        assert all(told.verdict == "holds" or not told.lines for told in found.givens), name
        assert found.count("holds") > 0, name


def test_no_fact_of_the_library_fails_for_some_entries(programs):
    states: list[str] = []
    for name, (data, code) in programs.items():
        model = tell(data, code, 0, {}).model
        assert model is not None
        found = list(decide_all(code, model.plain, model.families))
        assert [one for one in found if one.state == "fails"] == [], name
        states += [one.state for one in found]
    # The identities of the library are among those that polynomials decide.
    assert states.count("holds") > 250
    identities = ("matrix/woodbury", "matrix/hua", "matrix/push-through", "linear/suffixes", "linear/change-of-product")
    for name in identities:
        data, code = programs[name]
        model = tell(data, code, 0, {}).model
        goals = [one for one in decide_all(code, model.plain, model.families) if one.path.startswith("goal ")]
        assert {one.state for one in goals} == {"holds"}, name


def made(*items: dict[str, Any], steps: list[dict[str, Any]], goal: str) -> tuple[dict[str, Any], Any]:
    theorem = {"name": "t", "setup": list(items), "exists": [], "goals": [{"name": "g", "fact": goal}], "witness": {},
               "proof": steps, "done": [steps[-1]["as"]]}  # fmt: skip
    return theorem, program(theorem, Library())


N = {"natural": "n"}
A = {"matrix": "A", "index": [], "shape": ["n", "n"]}
C = {"matrix": "c", "index": [], "shape": ["1", "1"]}


def test_how_a_fact_was_decided_is_said():
    claims = ["norm2(A) = norm2(A')", "norm2(A) <= norm2(3/2*A)", "norm2(A) <= norm2(A')", "A = A", "psd(A'*A)",
              "psd(norm2(A)*norm2(A')*eye(n) - A'*A)", "norm2(3/2*A) <= norm2(A)", "norm2(norm2(A)*A) = c",
              "rank(A) <= n", "nonsingular(A + norm2(A)*eye(n) + eye(n))"]  # fmt: skip
    steps = [{"rule": "hole", "fact": claim, "as": f"f{i}"} for i, claim in enumerate(claims)]
    size = {"given": "size", "fact": "n == 2"}
    data, code = made(N, A, C, size, steps=steps, goal=claims[-1])
    # An instance whose norm is irrational.
    for seed in range(20):
        found = tell(data, code, seed, {}, 15)
        lines = [told.lines[0] for told in found.facts]
        if "irrational" in lines[0].how and "signs" in lines[5].how:
            break
    assert [line.verdict for line in lines[:10]] == ["holds"] * 6 + ["fails", "open", "holds", "holds"]
    assert "root bound" in lines[0].how
    assert "enclosures are apart" in lines[1].how
    assert "root bound" in lines[2].how
    assert (lines[3].how, lines[4].how, lines[8].how) == ("exact", "exact", "exact")
    assert lines[5].right == "positive semidefinite"
    assert "apart" in lines[6].how
    assert "estimates and decide nothing" in lines[7].how
    square = lines[7].left[0][0]
    assert abs(float(square) - float(lines[0].left[0][0].rstrip(".")) ** 2) < 1e-9
    assert lines[0].left[0][0].endswith("...")


def test_hypotheses_of_a_sub_proof_are_not_blamed_for_what_entries_do():
    """A false induction: the hypothesis holds for no general entries, so its step is not called false."""
    base = {"steps": [{"rule": "hole", "fact": "A[0] = zero(n, n)", "as": "b"}], "done": ["b"]}
    step = {"steps": [{"rule": "hole", "fact": "A[l + 1] = zero(n, n)", "as": "s"}], "done": ["s"]}
    family = {"matrix": "A", "index": ["l"], "shape": ["n", "n"]}
    origin = {"scale": 1, "by": []}
    induction = {"rule": "induction", "index": "l", "from": "0", "to": "n", "origin": origin, "range": ["r", "p", "q"],
                 "goals": [{"fact": "A[l] = zero(n, n)", "hypothesis": "h", "as": "t"}], "base": base,
                 "step": step}  # fmt: skip
    theorem = {"name": "t", "setup": [N, family], "exists": [], "goals": [{"name": "g", "fact": "A[0] = zero(n, n)"}],
               "witness": {}, "proof": [induction, {"rule": "hole", "fact": "A[0] = zero(n, n)", "as": "z"}],
               "done": ["z"]}  # fmt: skip
    code = program(theorem, Library())
    found = {(one.path, tuple(one.at.items())): one for one in decide_all(code, {"n": 2}, {})}
    states = {path: one.state for (path, _), one in found.items()}
    assert states["1 induction / base 1 hole b"] == "fails"
    assert states["1 induction / step 1 hole s"] == "not-applicable"
    assert "hypothesis" in next(one.reason for (path, _), one in found.items() if "step" in path)
    assert states["2 hole z"] == "fails"


def test_json_has_every_value(folder, capsys):
    status, out, _ = run("numbers wrong/inverse WRONG --json --polynomial", capsys)
    assert status == 1
    data = json.loads(out)
    assert data["theorem"] == "wrong/inverse"
    assert data["counts"]["fails"] == 3
    assert [one["verdict"] for one in data["facts"]] == ["fails"] * 3
    assert [one["verdict"] for one in data["givens"]] == ["holds"] * 2
    a, b = ([[Fraction(x) for x in row] for row in data["matrices"][name]] for name in "AB")
    line = data["facts"][0]["lines"][0]
    # left is the inverse of A*B: multiplied with it, it is the identity.
    left = [[Fraction(x) for x in row] for row in line["left"]]
    product = times(times(a, b), left)
    assert product == [[Fraction(int(i == j)) for j in range(len(a))] for i in range(len(a))]
    assert line["left"] != line["right"]
    assert [one["state"] for one in data["polynomial"]] == ["fails"] * 3
    assert set(data["polynomial"][0]["witness"]) == {"A", "B"}


def times(a: list[list[Fraction]], b: list[list[Fraction]]) -> list[list[Fraction]]:
    return [
        [sum((x * y for x, y in zip(row, col, strict=True)), Fraction(0)) for col in zip(*b, strict=True)] for row in a
    ]


def test_a_theorem_without_an_instance_is_untested(folder, capsys):
    status, out, _ = run("numbers wrong/nothing WRONG", capsys)
    assert status == 1
    assert "untested: no instance of the hypotheses was found among 200 candidates" in out


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("numbers absent/theorem", ["expected the id of a theorem", "absent/theorem"]),
        ("numbers wrong/norm WRONG --sizes q=3", ["naturals of the statement (n, k)", "q"]),
        ("numbers wrong/norm WRONG --sizes k=3,n=3", ["k + 1 <= n (given wide)", "k=3, n=3"]),
        ("numbers wrong/norm WRONG --sizes n=100000", ["entries", "10,000,000,000", "MiB"]),
        ("numbers wrong/norm WRONG --sizes n=400", ["products of fractions", "192,000,000", "400 x 400"]),
        ("numbers linear/lemma-1 --sizes L=100000", ["at most 200,000 entries"]),
        ("numbers wrong/norm WRONG --sizes n", ["sizes such as D=3, L=2", "'n'"]),
        ("numbers wrong/norm WRONG --sizes n=-1", ["sizes such as", "n=-1"]),
        ("numbers wrong/norm WRONG --sizes n=2,n=3", ["one value of n", "2 and 3"]),
        ("numbers wrong/norm WRONG --sizes n[0]=2", ["naturals of the statement", "n[0]"]),
        ("numbers linear/rank-of-change --sizes d=2", ["a member of the family of naturals d", "d[0]=2"]),
        ("numbers linear/lemma-1 --sizes D=2,R=3", ["R <= D (given width)", "D=2, R=3"]),
        ("numbers linear/lemma-1 --sizes L=0", ["1 <= L (given least-L)", "L=0"]),
        ("numbers wrong/norm WRONG --digits 0", ["from 1 to 1000 digits", "0"]),
        ("numbers wrong/norm WRONG --digits 1001", ["from 1 to 1000 digits", "1001"]),
        ("numbers wrong/norm WRONG --digits many", ["--digits", "many"]),
        ("numbers wrong/norm WRONG --seed -1", ["--seed"]),
        ("numbers wrong/norm missing.py", ["missing.py"]),
        ("numbers", ["THEOREM"]),
    ],
)
def test_bad_input_is_one_line(line, words, folder, capsys):
    status, out, err = run(line, capsys)
    assert (status, out) == (2, "")
    assert err.startswith("symlora: ")
    assert err.count("\n") == 1
    assert all(word in err for word in words), err


def test_sizes_are_refused_before_any_work(programs):
    _, code = programs["linear/lemma-1"]
    for text in ("D=1000000000", "L=999999", "D=60"):
        with pytest.raises(RunError, match="expected sizes"):
            check_work(code, read_sizes(text, code.setup))
    check_work(code, read_sizes("D=4, L=3, R=1", code.setup))


def test_givens_about_naturals_with_several_values():
    setup = read_setup([N, {"naturals": "d", "index": ["l"]},
                        {"given": "grow", "fact": "for l if l <= n: d[l] + 1 <= d[l + 1]"}])  # fmt: skip
    check_sizes(setup, read_sizes("n=1, d[0]=1, d[1]=2, d[2]=3", setup))
    with pytest.raises(RunError, match=r"d\[1\] \+ 1 <= d\[2\] \(given grow\)"):
        check_sizes(setup, read_sizes("n=1, d[0]=1, d[1]=2, d[2]=2", setup))
    # What is not asked for is not judged.
    check_sizes(setup, read_sizes("n=1, d[0]=5", setup))


def main() -> None:
    """Write the golden files."""
    with tempfile.TemporaryDirectory() as place:
        Path(place, "wrong.py").write_text(WRONG, encoding="utf-8")
        os.environ["NO_COLOR"] = "1"
        os.chdir(place)
        for name, line in GOLDEN_RUNS.items():
            with (GOLDEN / f"{name}.txt").open("w", encoding="utf-8") as file:
                sys.stdout = file
                cli.main(shlex.split(line.replace("WRONG", "wrong.py")))
        sys.stdout = sys.__stdout__


if __name__ == "__main__":
    main()
