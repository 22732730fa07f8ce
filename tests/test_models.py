"""Proofs run as programs on small exact models: every derived fact must hold in every model of the givens."""

from __future__ import annotations

import copy
import importlib
from typing import Any

import pytest
from flint import fmpq_mat

from symlora.domains.execution import execute, program, run_bundle
from symlora.domains.ground import Unassigned
from symlora.domains.rational import Model
from symlora.domains.sampling import models, orthogonal, triangular
from symlora.domains.setup import read_setup
from symlora.kernel import rules
from symlora.kernel.errors import Rejected, need
from symlora.kernel.replay import Library, replay

Json = dict[str, Any]


def letter(name: str, rows: str = "n", cols: str = "n", *index: str) -> Json:
    return {"matrix": name, "index": list(index), "shape": [rows, cols]}


def known(name: str, fact: str) -> Json:
    return {"given": name, "fact": fact}


def family(name: str, step: str, start: str = "eye(D)", **direction: str) -> Json:
    return {"define": [{"name": name, "shape": ["D", "D"], "start": start, "step": step}], "index": ["l"], **direction}


def theorem(name: str, setup: list[Json], goal: str, proof: list[Json], done: str) -> Json:
    return {"name": name, "setup": setup, "goals": [{"name": "t", "fact": goal}], "proof": proof, "done": [done]}


def bundle(*theorems: Json) -> Json:
    return {"format": "symlora-certificate", "version": 1, "theorems": list(theorems)}


def eq(name: str, fact: str, *by: list[str]) -> Json:
    return {"rule": "eq", "fact": fact, "by": list(by), "as": name}


def instance(name: str, of: str, at: str, *proofs: Json) -> Json:
    return {"rule": "instance", "of": of, "at": [at], "proofs": list(proofs), "as": name}


N: Json = {"natural": "n"}
CHAIN_SETUP = [
    {"natural": "D"}, {"natural": "L"}, letter("W", "D", "D", "l"), letter("X", "D", "D", "l"),
    family("A", "(W[l]+X[l])*A[l-1]", up="0"), family("S", "S[l]*W[l]", down="L"),
    family("Q", "Q[l-1]+S[l]*X[l]*A[l-1]", "zero(D,D)", up="0"),
]  # fmt: skip
CHAIN = theorem(
    "linear/telescoping", CHAIN_SETUP, "A[L]-S[0] = Q[L]",
    [
        {"rule": "induction", "index": "l", "from": "0", "to": "L", "origin": {}, "range": ["r0", "lo", "hi"],
         "goals": [{"fact": "S[l]*A[l]-S[0] = Q[l]", "hypothesis": "IH", "as": "chain"}],
         "base": {"steps": [eq("g", "S[0]*A[0]-S[0]=Q[0]", ["S[0]", "A.start", "eye(D)"], ["-1", "Q.start", "eye(D)"])],
                  "done": ["g"]},
         "step": {"steps": [
             instance("a", "A.step", "l+1", {}, {}), instance("q", "Q.step", "l+1", {}, {}),
             instance("s", "S.step", "l+1", {}, {}, {"by": [["1", "hi"]]}),
             eq("g", "S[l+1]*A[l+1]-S[0]=Q[l+1]",
                ["1", "IH", "1"], ["S[l+1]", "a", "1"], ["-1", "q", "1"], ["-1", "s", "A[l]"]),
         ], "done": ["g"]}},
        instance("cL", "chain", "L", {}, {}, {}),
        eq("t", "A[L]-S[0]=Q[L]", ["1", "cL", "1"], ["-1", "S.start", "A[L]"]),
    ],
    "t",
)  # fmt: skip
PRODUCT_INVERSE = theorem(
    "matrix/product-inverse", [N, letter("A"), letter("B"), known("a", "nonsingular(A)"), known("b", "nonsingular(B)")],
    "nonsingular(A*B)",
    [
        {"rule": "inverse", "of": "a", "as": ["ar", "al"]}, {"rule": "inverse", "of": "b", "as": ["br", "bl"]},
        eq("one", "A*B*inv(B)*inv(A) = eye(n)", ["A", "br", "inv(A)"], ["1", "ar", "1"]),
        {"rule": "nonsingular", "fact": "nonsingular(A*B)", "inverse": "inv(B)*inv(A)", "by": "one", "as": "t"},
    ],
    "t",
)  # fmt: skip
SUFFIXES = theorem(
    "linear/suffixes",
    [{"natural": "D"}, {"natural": "L"}, letter("W", "D", "D", "l"), family("S", "S[l]*W[l]", down="L"),
     known("layers", "for l if 2 <= l, l <= L: nonsingular(W[l])")],
    "for l if 1 <= l, l <= L: nonsingular(S[l])",
    [
        {"rule": "induction", "index": "l", "from": "1", "to": "L", "origin": {}, "down": 1, "range": ["r", "lo", "hi"],
         "goals": [{"fact": "nonsingular(S[l])", "hypothesis": "IH", "as": "t"}],
         "base": {"steps": [{"rule": "nonsingular", "fact": "nonsingular(S[L])", "inverse": "eye(D)", "by": "S.start",
                             "as": "g"}], "done": ["g"]},
         "step": {"steps": [
             {"rule": "inverse", "of": "IH", "as": ["sr", "sl"]},
             instance("s", "S.step", "l", {}, {"by": [["1", "lo"]], "scale": 2}, {"by": [["1", "hi"]]}),
             instance("w", "layers", "l", {}, {"by": [["1", "lo"]]}, {"by": [["1", "hi"]]}),
             {"rule": "inverse", "of": "w", "as": ["wr", "wl"]},
             eq("one", "S[l-1]*inv(W[l])*inv(S[l]) = eye(D)",
                ["1", "sr", "1"], ["1", "s", "inv(W[l])*inv(S[l])"], ["S[l]", "wr", "inv(S[l])"]),
             {"rule": "nonsingular", "fact": "nonsingular(S[l-1])", "inverse": "inv(W[l])*inv(S[l])", "by": "one",
              "as": "g"}], "done": ["g"]}},
    ],
    "t",
)  # fmt: skip
CITING = theorem(
    "linear/square", [{"natural": "D"}, {"natural": "r"}, letter("M", "D", "D")], "for i if i <= r: r <= r + i",
    [
        {"rule": "define", **family("F", "(M+M*M)*F[l-1]", up="0")},
        {"rule": "define", **family("T", "T[l]*M", down="2")},
        {"rule": "define", **family("H", "H[l-1]+T[l]*M*M*F[l-1]", "zero(D,D)", up="0")},
        {"rule": "cite", "theorem": "linear/telescoping", "naturals": {"D": "D", "L": "2"}, "natural": {},
         "matrices": {"W[l]": "M", "X[l]": "M*M", "A[l]": "F[l]", "S[l]": "T[l]", "Q[l]": "H[l]"},
         "facts": {f"{old}.{part}": f"{new}.{part}" for old, new in zip("ASQ", "FTH", strict=True)
                   for part in ("start", "step")},
         "as": {"t": "sum"}},
        {"rule": "have", "fact": "for i if i <= r: r <= r + i", "assume": ["top"],
         "proof": {"steps": [
             {"rule": "cases", "on": "i <= r", "fact": "r <= r + i", "assume": ["c", "d"],
              "left": {"steps": [{"rule": "nat", "fact": "r <= r + i", "proof": {}, "as": "g"}], "done": "g"},
              "right": {"steps": [
                  {"rule": "nat", "fact": "1 <= 0", "proof": {"by": [["1", "top"], ["1", "d"]]}, "as": "no"},
                  {"rule": "absurd", "of": "no", "fact": "r <= r + i", "as": "g"}], "done": "g"},
              "as": "g"}], "done": "g"},
         "as": "t"},
    ],
    "t",
)  # fmt: skip
INCLUSIONS = theorem(
    "matrix/split", [{"natural": "p"}, {"natural": "s"}, letter("M", "p+s", "p+s")], "M*M' = M*M'",
    [
        {"rule": "split", "split": ["J", "K"], "sizes": ["p", "s"], "as": "jk"},
        {"rule": "define", "define": [{"name": "B", "shape": ["p", "p"], "is": "J'*M*J"}], "index": []},
        eq("e", "J*B*J' + K*K'*M*J*J' = M*J*J'", ["J", "B.def", "J'"], ["1", "jk.sum", "M*J*J'"]),
        eq("t", "M*M' = M*M'"),
    ],
    "t",
)  # fmt: skip
GOOD = bundle(CHAIN, PRODUCT_INVERSE, SUFFIXES, CITING, INCLUSIONS)


def test_every_derived_fact_holds_in_every_model():
    assert len(replay(GOOD)) == 5
    reports = run_bundle(GOOD)
    assert [(r.name, r.models, r.failures, r.untested) for r in reports] == [
        (name, 10, (), False)
        for name in ("linear/telescoping", "matrix/product-inverse", "linear/suffixes", "linear/square", "matrix/split")
    ]
    assert all(report.facts > 50 for report in reports)


def test_only_the_impossible_case_is_never_reached():
    idle = {report.name: report.idle for report in run_bundle(GOOD)}
    assert idle.pop("linear/square") == ("5 have / 1 cases / right 1 nat no", "5 have / 1 cases / right 2 absurd g")
    assert not any(idle.values())


def test_runs_repeat_and_depend_on_the_seed():
    first = run_bundle(GOOD, count=4, seed=3)
    assert first == run_bundle(GOOD, count=4, seed=3)


@pytest.mark.parametrize("size", range(3))
@pytest.mark.parametrize("depth", range(4))
def test_degenerate_sizes(size, depth):
    model = Model(read_setup(CHAIN_SETUP), {"D": size, "L": depth}, seed=11)
    result = execute(CHAIN, Library(), model)
    assert result.failures == []
    # the loop's body ran once for every layer
    assert result.reached.get("1 induction / step 4 eq g", 0) == depth


def forged(good: Json, path: list[Any], fact: str) -> Json:
    """Return a copy in which the step at `path` is replaced by the assertion of `fact` under the same name."""
    changed = copy.deepcopy(good)
    steps = changed["proof"]
    for key in path[:-1]:
        steps = steps[key]
    steps[path[-1]] = {"rule": "hole", "fact": fact, "as": steps[path[-1]]["as"]}
    return changed


@pytest.mark.parametrize(
    ("path", "fact", "place"),
    [
        ([0, "step", "steps", 2], "S[l] = W[l+1]*S[l+1]", "1 induction / step 3 hole s"),
        ([0, "base", "steps", 0], "S[0]*A[0] - S[0] = Q[0] + eye(D)", "1 induction / base 1 hole g"),
        ([1], "S[L]*A[L] - S[0] = Q[L] + W[L]", "2 hole cL"),
    ],
)
def test_a_forged_fact_is_caught_at_its_place(path, fact, place):
    changed = forged(CHAIN, path, fact)
    # Only the first wrong step matters here: the rest of the forged proof need not follow.
    root = changed["proof"][: path[0] + 1]
    block = path[1] if len(path) > 1 else ""
    if block:
        root[0][block]["steps"] = root[0][block]["steps"][: path[3] + 1] + (
            [{"rule": "hole", "fact": "S[l+1]*A[l+1]-S[0]=Q[l+1]", "as": "g"}] if block == "step" else []
        )
    if block == "base":
        root[0]["base"]["steps"].append({"rule": "hole", "fact": "S[0]*A[0]-S[0]=Q[0]", "as": "h"})
        root[0]["base"]["done"] = ["h"]
    changed["proof"] = root
    setup = read_setup(changed["setup"])
    failures = [f for model in models(setup, 6) for f in execute(changed, Library(), model).failures]
    assert failures
    assert {f.path for f in failures} == {place}
    assert str(failures[0]).startswith(f"{place}: ")


def test_a_false_goal_fails_under_its_name():
    wrong = theorem("matrix/wrong", [N, letter("A"), letter("B")], "A*B = B*A",
                    [{"rule": "hole", "fact": "A*B = B*A", "as": "t"}], "t")  # fmt: skip
    (report,) = run_bundle(bundle(wrong))
    assert {f.path for f in report.failures} == {"1 hole t", "goal t"}
    first = report.failures[0]
    assert first.left != first.right


def test_an_unsound_kernel_is_caught(monkeypatch):
    wrong = theorem("matrix/wrong", [N, letter("A"), letter("B")], "A*B = B*A", [eq("t", "A*B = B*A")], "t")
    with pytest.raises(Rejected, match="eq-rest"):
        program(wrong, Library())
    monkeypatch.setattr(rules, "need", lambda ok, check, *texts: need(ok or check == "eq-rest", check, *texts))
    (report,) = run_bundle(bundle(wrong))
    assert {f.path for f in report.failures} == {"1 eq t", "goal t"}


def test_a_stronger_hypothesis_than_needed_is_no_error_but_a_weaker_one_is():
    weaker = copy.deepcopy(SUFFIXES)
    weaker["setup"][-1]["fact"] = "for l if 3 <= l, l <= L: nonsingular(W[l])"
    with pytest.raises(Rejected):
        program(weaker, Library())
    setup = read_setup(weaker["setup"])
    model = Model(setup, {"D": 1, "L": 2}, matrices={("W", (2,)): [[0]]})
    assert all(model.holds(given) for given in setup.givens.values())
    failures = execute(SUFFIXES, Library(), model).failures
    assert failures[0].fact == "nonsingular(W[l])"
    assert failures[0].naturals == {"l": 2}


def test_hypotheses_without_a_model_are_untested():
    setup = [N, letter("A"), known("a", "nonsingular(A)"), known("z", "A = zero(n, n)"), known("n1", "1 <= n")]
    (report,) = run_bundle(bundle(theorem("matrix/void", setup, "A = A", [eq("t", "A = A")], "t")))
    assert report.untested
    assert report.facts == 0


@pytest.mark.parametrize(
    "givens",
    [
        ["nonsingular(A)", "nonsingular(B)", "nonsingular(A + B)"],
        ["A*B = eye(n)"],
        ["A'*A = eye(n)", "2 <= n"],
        ["A*A = A", "B = A*X'", "nonsingular(eye(n) + B)"],
        ["for i if i <= 2: nonsingular(W[i])", "W[1]*W[0] = X*X'"],
        ["k[0] == 0", "for i if 1 <= i, i <= 2: k[i] == k[i-1] + 1", "k[2] <= n"],
        ["for i: W[i]*W[i] = W[i]", "W[1] = W[0]'"],
        ["A*X = zero(n, n)", "X*A = zero(n, n)"],
    ],
)
def test_models_satisfy_the_givens(givens):
    symbols = [N, {"naturals": "k", "index": ["i"]}, letter("A"), letter("B"), letter("X"), letter("W", "n", "n", "i")]
    setup = read_setup([*symbols, *(known(f"g{i}", fact) for i, fact in enumerate(givens))])
    found = list(models(setup, 6))
    assert len(found) == 6
    for model in found:
        for given in setup.givens.values():
            result = model.holds(given)
            assert result.true
            assert not result.undefined


def test_structured_draws():
    from random import Random

    draw = Random(1)
    for n in range(5):
        q, m = orthogonal(draw, n), triangular(draw, n)
        assert q * q.transpose() == fmpq_mat(n, n, [int(i == j) for i in range(n) for j in range(n)])
        assert m.det() == 1


def test_a_model_without_a_natural_is_refused():
    with pytest.raises(Unassigned, match="L has no value"):
        execute(CHAIN, Library(), Model(read_setup(CHAIN_SETUP), {"D": 1}))


@pytest.fixture(scope="module")
def library_bundles() -> list[Json]:
    """Certificates of the whole library of theorems, each a closed bundle."""
    try:
        proof = importlib.import_module("symlora.proof")
    except ImportError as error:
        pytest.skip(f"the proof language is not available: {error}")
    collect = getattr(proof, "library_bundles", None)
    if collect is None:
        pytest.skip("symlora.proof does not collect certificates of the library yet")
    return list(collect())


def test_the_library_holds_in_models(library_bundles):
    for certificate in library_bundles:
        for report in run_bundle(certificate, count=6):
            assert report.failures == (), f"{report.name}: {report.failures[0]}"
            assert not report.untested, f"{report.name}: no model of its givens was found"
