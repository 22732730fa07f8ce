"""Dropping givens: proofs that the kernel replays, witnesses that hold out, and nothing claimed beyond them."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from random import Random
from typing import Any

import pytest

from symlora.cli import main
from symlora.commands.check import find_theorem
from symlora.counterexamples import nothing
from symlora.counterexamples.absence import absence
from symlora.decide.drop import Drops, confirmed, drop, existential
from symlora.decide.drop_report import render
from symlora.domains.rational import Model
from symlora.domains.setup import read_setup
from symlora.kernel.form import load
from symlora.kernel.replay import axioms, replay
from symlora.language import eq, eye, le, nonsingular, rank
from symlora.proof.reasons import by
from symlora.proof.registry import Registry, registry
from symlora.proof.theorem import theorem

LIBRARY: dict[str, dict[str, tuple[str, dict[str, int]]]] = {
    "matrix/push-through": {"right": ("needed", {"m": 1, "n": 1})},
    "matrix/inverse-product": {"A": ("needed", {"n": 1}), "B": ("needed", {"n": 1})},
    "matrix/woodbury": {
        "A": ("undefined", {"k": 0, "n": 1}),
        "C": ("undefined", {"k": 1, "n": 0}),
        "K": ("needed", {"k": 1, "n": 1}),
    },
    "matrix/moore-penrose-unique": {
        f"{letter}-{number}": ("needed", sizes)
        for letter in "XY"
        for number, sizes in enumerate(
            ({"m": 1, "n": 1}, {"m": 1, "n": 1}, {"m": 2, "n": 1}, {"m": 1, "n": 2}), 1
        )
    },
    "matrix/eckart-young/bound": {"rank": ("needed", {"k": 0, "m": 1, "n": 1})},
    "matrix/eckart-young/attained": {"svd": ("needed", {"k": 0, "m": 1, "n": 1})},
    "matrix/rank-nonsingular-multiples": {"X": ("needed", {"m": 1, "n": 1}), "Y": ("needed", {"m": 1, "n": 1})},
    "matrix/full-rank": {"rank": ("needed", {"n": 1})},
    "linear/lemma-1/converse": {
        "ranks": ("needed", {"L": 1, "d[0]": 1, "d[1]": 1, "r[1]": 0, "s[0]": 0, "s[1]": 0}),
        "sum-step": ("needed", {"L": 1, "d[0]": 1, "d[1]": 1, "r[1]": 1, "s[1]": 0}),
        "exact": ("needed", {"L": 0, "d[0]": 1, "s[0]": 0}),
    },
}  # fmt: skip


def bundle(name: str) -> dict[str, Any]:
    return load(find_theorem(name, []).bundle)


@cache
def dropped(name: str) -> Drops:
    return drop(bundle(name))


def known() -> dict[str, Any]:
    return dict(axioms())


@pytest.fixture
def fresh() -> Iterator[Callable[[str], dict[str, Any]]]:
    """Return a function from the name of a theorem made in the test to its certificate."""
    before = dict(vars(registry))
    vars(registry).update(vars(Registry()))
    yield lambda name: load(json.dumps(registry.bundle(name)).encode())
    vars(registry).update(before)


def statuses(found: Drops) -> dict[str, str]:
    return {one.names[0]: one.status for one in found.single}


@pytest.mark.parametrize("name", LIBRARY)
def test_givens_of_the_library(name: str) -> None:
    whole = bundle(name)
    found = dropped(name)
    data = whole["theorems"][-1]
    assert list(statuses(found)) == list(LIBRARY[name])
    for one in found.single:
        status, sizes = LIBRARY[name][one.names[0]]
        assert (one.status, one.witness and one.witness["naturals"]) == (status, sizes)
        if one.status == "needed":
            assert one.why == "goal"
            assert confirmed(data, one.names, one.goal, json.loads(json.dumps(one.witness)), known())
    assert found.sets == ()


@pytest.mark.parametrize("name", ["matrix/push-through", "matrix/moore-penrose-unique", "matrix/woodbury"])
def test_a_witness_that_was_tampered_with_is_refused(name: str) -> None:
    whole = bundle(name)
    data = whole["theorems"][-1]
    one = [one for one in dropped(name).single if one.status == "needed"][-1]
    witness = one.witness
    assert witness is not None
    assert confirmed(data, one.names, one.goal, witness, known())
    for letter, rows in witness["matrices"].items():
        changed = copy.deepcopy(witness)
        changed["matrices"][letter][0][0] = str(Fraction(rows[0][0]) + Fraction(1, 3))
        assert not confirmed(data, one.names, one.goal, changed, known())
        del changed["matrices"][letter]
        assert not confirmed(data, one.names, one.goal, changed, known())
    for side in ("left", "right"):
        assert not confirmed(data, one.names, one.goal, {**witness, side: "0/1"}, known())
    assert not confirmed(data, one.names, "no-such-goal", witness, known())


def test_a_witness_that_breaks_another_given_is_refused() -> None:
    data = bundle("matrix/moore-penrose-unique")["theorems"][-1]
    found = {one.names[0]: one for one in dropped("matrix/moore-penrose-unique").single}
    for name, one in found.items():
        for other in found:
            assert one.witness is not None
            assert confirmed(data, (other,), "goal1", one.witness, known()) == (other == name)
    # Without anything dropped, a witness would contradict the theorem.
    assert not confirmed(data, (), "goal1", found["X-1"].witness or {}, known())


def test_either_of_two_givens_suffices(fresh: Callable[[str], dict[str, Any]]) -> None:
    with theorem("drop/either") as t:
        n = t.natural("n")
        A, X, Y = t.matrices("A X Y", (n, n))
        t.given("right", eq(A * X, eye(n)))
        t.given("left", eq(Y * A, eye(n)))
        found = t.have("A", nonsingular(A), by.inverse(X, "right"))
        t.show("regular", nonsingular(A), found)
    made = drop(fresh("drop/either"))
    assert statuses(made) == {"right": "still proved", "left": "still proved"}
    assert made.single[0].how == "proved with new proofs of the steps that used it"
    (both,) = made.sets
    assert (both.names, both.status, both.minimal) == (("right", "left"), "needed", True)
    assert both.witness is not None
    assert both.witness["naturals"] == {"n": 1}
    assert both.witness["matrices"]["A"] == [["0"]]
    assert "no smaller part of these breaks it" in render(made)
    for one in made.single:
        assert one.certificate is not None
        last = replay(load(json.dumps(one.certificate).encode()))[-1]
        assert not last.holes
        assert f"given {one.names[0]}:" not in last.statement
        assert last.goals.keys() == {"regular"}


def test_a_given_that_follows_from_the_others(fresh: Callable[[str], dict[str, Any]]) -> None:
    with theorem("drop/implied") as t:
        D, R = t.naturals("D R")
        M = t.matrix("M", (D, D))
        t.given("least", le(1, R))
        t.given("width", le(R, D))
        t.given("size", le(1, D))
        t.given("low", le(rank(M), 0))
        t.show("less", le(rank(M) + 1, D), by.arithmetic)
    made = drop(fresh("drop/implied"))
    assert statuses(made) == {
        "least": "still proved", "width": "still proved", "size": "still proved", "low": "needed"
    }  # fmt: skip
    names = {one.names for one in made.sets}
    assert names <= {("least", "size"), ("width", "size")}
    assert names


def test_without_layers_and_prefixes_no_adapters_exist() -> None:
    """Lemma 1 for zero layers and the identity as target: every adapted product has rank at most 1."""
    whole = bundle("linear/lemma-1")
    data = whole["theorems"][-1]
    statement = existential(data)
    assert statement.unknown == ["dW"]
    items = [item for item in statement.items if item.get("given") not in ("layers", "prefixes")]
    goals = {goal["name"]: goal["fact"] for goal in data["goals"]}
    found = nothing.search(items, goals, statement.unknown, known())
    assert isinstance(found, nothing.Nothing)
    shown = json.loads(json.dumps(found.to_json()))
    assert shown["naturals"] == {"D": 2, "L": 2, "R": 1}
    assert shown["goal"] == "product"
    assert "asks for rank 2, and what it stands for has rank at most 1" in shown["because"]
    assert nothing.recheck(shown, items, goals, known())
    # With both hypotheses it is no instance, and neither is a changed one.
    assert not nothing.recheck(shown, statement.items, goals, known())
    changed = copy.deepcopy(shown)
    for layer in ("W[1]", "W[2]"):
        changed["matrices"][layer] = [["1", "0"], ["0", "1"]]
    assert not nothing.recheck(changed, items, goals, known())
    assert not nothing.recheck({**shown, "because": "of nothing"}, items, goals, known())
    assert not nothing.recheck({**shown, "unknown": []}, items, goals, known())


def test_existence_fails_without_each_given_of_lemma_mf() -> None:
    made = dropped("linear/multi-factor")
    assert set(statuses(made).values()) == {"needed"}
    assert {one.why for one in made.single} == {"nothing"}
    assert "nothing exists with all goals: B[L] = M asks for rank 1" in render(made)


@pytest.mark.parametrize("seed", range(60))
def test_absence_is_never_claimed_where_something_exists(seed: int) -> None:
    draw = Random(seed)
    D, L, R = draw.randint(1, 3), draw.randint(0, 3), draw.randint(0, 2)
    items = [
        {"natural": "D"}, {"natural": "L"}, {"natural": "R"},
        {"matrix": "W", "index": ["l"], "shape": ["D", "D"]}, {"matrix": "M", "index": [], "shape": ["D", "D"]},
        {"matrix": "dW", "index": ["l"], "shape": ["D", "D"]},
        {"define": [{"name": "A", "shape": ["D", "D"], "start": "eye(D)", "step": "(W[l] + dW[l])*A[l - 1]"}],
         "index": ["l"], "up": "0"},
    ]  # fmt: skip

    def rows(low: int) -> list[list[int]]:
        left = [[draw.randint(-1, 1) for _ in range(low)] for _ in range(D)]
        right = [[draw.randint(-1, 1) for _ in range(D)] for _ in range(low)]
        return [[sum(a[k] * right[k][j] for k in range(low)) for j in range(D)] for a in left]

    setup = read_setup(items)
    sizes = {"D": D, "L": L, "R": R}
    members: dict[Any, Any] = {("W", (l,)): rows(draw.randint(0, D)) for l in range(1, L + 3)}
    whole = Model(setup, sizes, matrices={**members, **{("dW", (l,)): rows(R) for l in range(1, L + 3)}})
    target = whole.evaluate(setup.context.matrix("A[L]"))
    goals = {
        "ranks": setup.context.read("for l if 1 <= l, l <= L: rank(dW[l]) <= R"),
        "reached": setup.context.read("A[L] = M"),
        "close": setup.context.read("norm2(A[L] - M) <= sigma(M, D + 1)"),
    }
    given = {**members, ("M", ()): [list(row) for row in target]}
    assert absence(Model(setup, sizes, matrices=given), goals, {"dW"}) is None


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ledger", "matrix/push-through", "--drop"]) == 0
    assert capsys.readouterr().out.splitlines()[:2] == [
        "matrix/push-through", "  ✗ needed  without right: nonsingular is false, at",
    ]  # fmt: skip
    assert main(["ledger", "matrix/push-through", "--drop", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["givens"][0]["witness"]["matrices"] == {"U": [["1"]], "V": [["-1"]]}
    assert list(data["facts"]) == ["right"]
    assert main(["ledger", "matrix/push-through", "--drop", "--time", "0"]) == 2
    assert "expected a number of seconds above 0 for --time, found 0" in capsys.readouterr().err
