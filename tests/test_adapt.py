"""Adapters for a user's own weights: exact with certificates, stable in floats, or the reason why there are none."""

from __future__ import annotations

import copy
import importlib.util
import json
import re
import subprocess
import sys
from fractions import Fraction
from itertools import product as tuples
from pathlib import Path
from random import Random

import numpy as np
import pytest
from flint import fmpq, fmpq_mat, fmpz_mat

from symlora.domains.execution import execute
from symlora.domains.rational import Model
from symlora.domains.setup import read_setup
from symlora.kernel.replay import Library
from symlora.networks.adapt import AdaptError, Adapters, Obstruction, adapt
from symlora.networks.certificate import CertificateError, check_certificate
from symlora.networks.pieces import from_pieces
from symlora.networks.split import from_split
from symlora.proof.registry import registry

ROOT = Path(__file__).resolve().parent.parent


def drawn(draw, rows, cols, rank=None):
    """A matrix of small rationals, of that rank almost always."""
    if rank is not None:
        return drawn(draw, rows, rank) * drawn(draw, rank, cols)
    return fmpq_mat(rows, cols, [fmpq(draw.randint(-4, 4), draw.choice((1, 1, 2, 3))) for _ in range(rows * cols)])


def chain(weights):
    result = weights[0]
    for w in weights[1:]:
        result = w * result
    return result


def regular(draw, size):
    while True:
        found = drawn(draw, size, size)
        if found.det() != 0:
            return found


def checked(found):
    """The certificate survives JSON and its check; what it says is returned."""
    return check_certificate(json.loads(json.dumps(found.certificate())))


def right(found, frozen, target, ranks):
    assert isinstance(found, Adapters)
    assert chain([w + dw for w, dw in zip(frozen, found.changes, strict=True)]) == target
    for (b, a), dw, r in zip(found.factors, found.changes, ranks, strict=True):
        assert b * a == dw
        assert dw.rank() <= b.ncols() == a.nrows() <= r
    assert "is the target" in checked(found)


@pytest.mark.parametrize("seed", range(40))
def test_adapters_exist_exactly_when_the_ranks_suffice(seed):
    draw = Random(seed)
    width, depth = draw.randint(1, 5), draw.randint(1, 4)
    frozen = [regular(draw, width) for _ in range(depth)]
    ranks = [draw.randint(1, width) for _ in range(depth)]
    g = draw.randint(0, width)
    target = chain(frozen) + drawn(draw, width, width, g)
    found = adapt(frozen, target, ranks=ranks)
    needed = (target - chain(frozen)).rank()
    if needed <= sum(ranks):
        right(found, frozen, target, ranks)
    else:
        assert isinstance(found, Obstruction)
        assert (found.reason, found.needed, found.missing) == ("rank", needed, needed - sum(ranks))
        assert checked(found).startswith("no adapters lead to the target")


@pytest.mark.parametrize("seed", range(40))
def test_targets_of_low_rank_need_singular_adapted_layers(seed):
    draw = Random(seed)
    width, depth = draw.randint(2, 5), draw.randint(2, 4)
    frozen = [regular(draw, width) for _ in range(depth)]
    ranks = [-(-width // depth)] * depth
    target = drawn(draw, width, width, draw.randint(0, width - 1))
    right(adapt(frozen, target, ranks=ranks), frozen, target, ranks)


def test_the_second_method_is_used_where_no_partial_sum_is_nonsingular():
    one = fmpq_mat(fmpz_mat(3, 3, [1, 0, 0, 0, 1, 0, 0, 0, 1]))
    zero = fmpq_mat(3, 3)
    assert from_pieces([one, one], zero, [2, 2]) is None
    found = adapt([one, one], zero, rank=2)
    right(found, [one, one], zero, [2, 2])
    assert found.method == "split"


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize("seed", range(40))
def test_one_singular_layer_at_an_end(seed, last):
    draw = Random(seed)
    width, depth = draw.randint(2, 4), draw.randint(2, 3)
    odd = drawn(draw, width, width, draw.randint(0, width - 1))
    others = [regular(draw, width) for _ in range(depth - 1)]
    frozen = [*others, odd] if last else [odd, *others]
    ranks = [draw.randint(1, width) for _ in range(depth)]
    target = drawn(draw, width, width, draw.randint(0, width))
    found = adapt(frozen, target, ranks=ranks)
    stacked = (target.transpose() if last else target).tolist() + (odd.transpose() if last else odd).tolist()
    loss = fmpq_mat(stacked).rank() - odd.rank()
    if (target - chain(frozen)).rank() > sum(ranks):
        assert found.reason == "rank"
    elif loss > ranks[-1 if last else 0]:
        assert (found.reason, found.needed) == ("kernel", loss)
        assert found.singular == (depth if last else 1,)
    else:
        right(found, frozen, target, ranks)
        return
    assert found.impossible
    assert not found
    assert checked(found).startswith("no adapters lead to the target")


@pytest.mark.parametrize("seed", range(30))
def test_the_second_method_alone(seed):
    draw = Random(seed)
    width = draw.randint(1, 5)
    frozen = [regular(draw, width) for _ in range(3)]
    target = drawn(draw, width, width, draw.randint(0, width))
    needed = (target - chain(frozen)).rank()
    ranks = [needed // 3, (needed + 1) // 3, (needed + 2) // 3]
    factors = from_split(frozen, target, ranks)
    assert chain([w + b * a for w, (b, a) in zip(frozen, factors, strict=True)]) == target
    assert all(b.ncols() <= r for (b, _), r in zip(factors, ranks, strict=True))


def test_the_proof_of_the_construction_runs_on_the_pieces_and_gives_the_same_adapters(monkeypatch):
    draw = Random(7)
    frozen, target = [regular(draw, 3) for _ in range(3)], regular(draw, 3)
    found = adapt(frozen, target, ranks=[1, 1, 1])
    assert found.method == "pieces"
    matrices, prefix = {}, fmpq_mat(fmpz_mat(3, 3, [1, 0, 0, 0, 1, 0, 0, 0, 1]))
    for l, (w, dw) in enumerate(zip(frozen, found.changes, strict=True), 1):
        matrices["W", (l,)] = w
        matrices["E", (l,)] = chain([dw * prefix, *frozen[l:]])
        prefix = (w + dw) * prefix
    path = ROOT / "proofs" / "linear" / "construction.py"
    spec = importlib.util.spec_from_file_location("proof_construction", path)
    script = importlib.util.module_from_spec(spec)
    monkeypatch.setattr(registry, "built", {})
    spec.loader.exec_module(script)
    theorem = registry.bundle("linear/construction")["theorems"][-1]
    setup = read_setup(theorem["setup"])
    model = Model(setup, {"D": 3, "L": 3}, matrices=matrices)
    result = execute(theorem, Library(), model)
    assert result.facts
    assert not result.failures
    for l, dw in enumerate(found.changes, 1):
        assert fmpq_mat([[fmpq(x.numerator, x.denominator) for x in row]
                         for row in model.evaluate(setup.context.matrix(f"dW[{l}]"))]) == dw  # fmt: skip


def test_a_rotation_that_every_singular_value_decomposition_misses():
    one, turn = [[1, 0], [0, 1]], [[0, -1], [1, 0]]
    found = adapt([one, one], turn, rank=1)
    assert found.ranks == (1, 1)
    assert checked(found) == "the adapted product of 2 layers is the target; ranks at most 1, 1"


def test_a_singular_layer_in_the_middle_is_reported_as_undecided():
    zero, one = [[0, 0], [0, 0]], [[1, 0], [0, 1]]
    found = adapt([one, zero, one], one, rank=2)
    assert (found.reason, found.singular, found.impossible, found.missing) == ("layers", (2,), False, 0)
    assert "layer 2 singular" in str(found)
    assert checked(found) == "singular layers: 2; nothing is shown about adapters"


def test_the_false_variant_with_a_zero_layer_is_impossible():
    zero, one = [[0, 0], [0, 0]], [[1, 0], [0, 1]]
    found = adapt([one, zero], one, rank=1)
    assert (found.reason, found.needed, found.available, found.singular) == ("kernel", 2, 1, (2,))
    assert "layer 2 is singular" in str(found)


def test_all_ways_to_write_a_matrix_mean_the_same():
    rows = [[Fraction(1, 2), 3], [1, 2]]
    ways = [rows, np.array([[0.5, 3], [1, 2]]), np.array([[0.5, 3], [1, 2]], dtype=np.float32),
            np.array(rows, dtype=object), fmpq_mat(2, 2, [fmpq(1, 2), 3, 1, 2]), [[0.5, np.int64(3)], [1.0, 2]],
            tuple(map(tuple, rows))]  # fmt: skip
    first = adapt([rows, rows], [[1, 1], [0, 1]], rank=1)
    for way in ways:
        assert adapt([way, rows], [[1, 1], [0, 1]], rank=1).as_fractions() == first.as_fractions()


def test_floats_are_taken_as_the_rational_numbers_they_are():
    rng = np.random.default_rng(0)
    frozen, target = [rng.normal(size=(6, 6)) for _ in range(3)], rng.normal(size=(6, 6))
    found = adapt(frozen, target, rank=2)
    assert "is the target" in checked(found)
    adapted = chain_floats([w + b @ a for w, (b, a) in zip(frozen, found.as_floats(), strict=True)])
    assert np.abs(adapted - target).max() < 1e-6


def test_results_do_not_depend_on_the_run_and_the_seed_is_honoured():
    draw = Random(5)
    frozen, target = [regular(draw, 4) for _ in range(2)], regular(draw, 4)
    same = [adapt(frozen, target, rank=2, seed=3).as_fractions() for _ in range(2)]
    assert same[0] == same[1]
    assert adapt(frozen, fmpq_mat(4, 4), rank=2, seed=1)


def test_long_numbers_survive_in_a_certificate():
    big = 10**5000
    found = adapt([[[1]]], [[Fraction(big, 3)]], rank=1)
    assert "0x" in found.certificate()["target"][0][0]
    assert "is the target" in checked(found)


def test_small_models_over_all_entries():
    for entries in tuples((0, 1), repeat=8):
        w, t = [entries[:2], entries[2:4]], [entries[4:6], entries[6:]]
        found = adapt([w, [[1, 1], [0, 1]]], t, rank=1)
        assert bool(found) == isinstance(found, Adapters)
        assert found or found.impossible
        checked(found)


# Certificates that were tampered with


def example():
    draw = Random(1)
    frozen = [regular(draw, 3) for _ in range(2)]
    return frozen, adapt(frozen, regular(draw, 3), rank=2).certificate()


@pytest.mark.parametrize(("path", "value", "message"), [
    (("target", 0, 0), "1/7", "not the target"),
    (("frozen", 1, 2, 2), "1/7", "not the target"),
    (("adapters", 0, "B", 0, 0), "1/7", "not the target"),
    (("adapters", 0, "B", 0, 0), 1, "no number"),
    (("adapters", 0, "B", 0, 0), "1e9", "no number"),
    (("adapters", 0, "B", 0, 0), "1/0", "malformed"),
    (("adapters", 0, "A", 0), ["1"], "not 2 x 3"),
    (("ranks", 0), 1, "above the rank"),
    (("ranks", 0), True, "between 1 and the width"),
    (("ranks",), [2], "one rank for each layer"),
    (("width",), 2, "not 2 x 2"),
    (("format",), "other", "expected format"),
    (("kind",), "other", "kind"),
    (("adapters",), [], "one adapter for each layer"),
    (("frozen",), [], "no layer"),
])  # fmt: skip
def test_a_certificate_that_was_changed_is_refused(path, value, message):
    _, data = example()
    place = data
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    with pytest.raises(CertificateError, match=message):
        check_certificate(data)


def test_an_obstruction_that_was_changed_is_refused():
    one, zero = [[1, 0], [0, 1]], [[0, 0], [0, 0]]
    rank = adapt([one], zero, rank=1).certificate()
    kernel = adapt([one, zero], one, rank=1).certificate()
    layers = adapt([one, zero, one], one, rank=2).certificate()
    for data in (rank, kernel, layers):
        check_certificate(data)
    wrong = [
        (rank, {"ranks": [2]}), (rank, {"rows": [0, 0]}), (rank, {"columns": [0]}), (rank, {"rows": [0, 5]}),
        (rank, {"inverse": [["1", "0"], ["0", "1"]]}), (rank, {"reason": "other"}), (rank, {"frozen": [zero]}),
        (kernel, {"layer": 1}), (kernel, {"layer": 3}), (kernel, {"ranks": [1, 2]}),
        (kernel, {"kernel": [["0", "0"]] * 2}),
        (layers, {"singular": {"1": [["1"], ["0"]]}}), (layers, {"singular": {"2": [["0"], ["0"]]}}),
        (layers, {"singular": {}}), (layers, {"singular": {"9": [["1"], ["0"]]}}), (layers, {"singular": {"a": []}}),
        (layers, {"singular": []}),
    ]  # fmt: skip
    for data, change in wrong:
        with pytest.raises(CertificateError):
            check_certificate({**copy.deepcopy(data), **change})
    for data in (None, [], "", 3, {}):
        with pytest.raises(CertificateError):
            check_certificate(data)


def test_the_check_needs_only_the_standard_library(tmp_path):
    _, data = example()
    (tmp_path / "one.json").write_text(json.dumps(data), encoding="utf-8")
    code = ("import json, sys; from symlora.networks.certificate import check_certificate; "
            "print(check_certificate(json.load(open(sys.argv[1]))))")  # fmt: skip
    done = subprocess.run([sys.executable, "-S", "-c", code, tmp_path / "one.json"], cwd=ROOT, capture_output=True,
                          text=True, check=False)  # fmt: skip
    assert (done.stderr, done.stdout) == ("", "the adapted product of 2 layers is the target; ranks at most 2, 1\n")


# Floats


def uniform(width, depth, seed):
    """Weights and a target as layers are initialised by default."""
    rng, bound = np.random.default_rng(seed), width**-0.5
    return [rng.uniform(-bound, bound, (width, width)) for _ in range(depth)], rng.uniform(-bound, bound, (width,) * 2)


@pytest.mark.parametrize(("width", "depth", "rank", "most"), [(32, 4, 8, 1e-8), (64, 8, 8, 1e-8), (64, 16, 4, 1e-4)])
def test_stable_adapters_are_accurate(width, depth, rank, most):
    for seed in range(5):
        frozen, target = uniform(width, depth, seed)
        found = adapt(frozen, target, rank=rank, stable=True)
        adapted = chain_floats([w + b @ a for w, (b, a) in zip(frozen, found.factors, strict=True)])
        error = np.linalg.norm(adapted - target) / np.linalg.norm(target)
        assert max(error, found.error) <= most
        assert found.least == 0
        assert all(b.shape == (width, rank) for b, _ in found.factors)


def chain_floats(weights):
    result = weights[0]
    for w in weights[1:]:
        result = w @ result
    return result


def test_stable_adapters_of_too_small_ranks_come_as_close_as_possible():
    frozen, target = uniform(16, 3, 0)
    found = adapt(frozen, target, ranks=[2, 3, 4], stable=True)
    values = np.linalg.svd(target - chain_floats(frozen))[1]
    assert found.least == pytest.approx(np.linalg.norm(values[9:]) / np.linalg.norm(target))
    assert found.error == pytest.approx(found.least)
    assert [b.shape[1] for b, _ in found.factors] == [2, 3, 4]


def test_stable_adapters_of_too_small_ranks_for_many_layers_are_not_thrown_off():
    frozen, target = uniform(64, 8, 0)
    found = adapt(frozen, target, rank=4, stable=True)
    assert found.least <= found.error <= 1.5 * found.least


def test_stable_adapters_may_not_use_all_ranks():
    frozen, target = uniform(6, 3, 0)
    found = adapt(frozen, target, rank=4, stable=True)
    assert [b.shape[1] for b, _ in found.factors] == [4, 2, 0]
    assert found.error < 1e-10


def test_what_stable_adapters_cannot_do_is_said():
    one, zero = [[1.0, 0.0], [0.0, 1.0]], [[0.0, 0.0], [0.0, 0.0]]
    with pytest.raises(AdaptError, match="after layer 1 singular"):
        adapt([one, zero], one, rank=1, stable=True)
    with pytest.raises(AdaptError, match="range of floats"):
        adapt([[[1e200]], [[1e200]]], [[1.0]], rank=1, stable=True)
    with pytest.raises(AdaptError, match="range of floats"):
        adapt([[[10**400]]], [[1]], rank=1, stable=True)


# Bad input

ONE = [[1, 0], [0, 1]]


@pytest.mark.parametrize("stable", [False, True])
@pytest.mark.parametrize(("weights", "target", "how", "message"), [
    ([[[float("nan"), 0], [0, 1]]], ONE, {"rank": 1}, "weight 1: expected finite numbers, found nan at row 0, col"),
    ([np.array([[1, 0], [0, np.inf]])], ONE, {"rank": 1}, "weight 1: expected finite numbers, found inf at row 1, col"),
    ([ONE], [[1, 0], [0, float("-inf")]], {"rank": 1}, "target: expected finite numbers, found -inf"),
    ([ONE, [[1]]], ONE, {"rank": 1}, "weight 2: expected 2 x 2 as frozen weight 1, found 1 x 1"),
    ([ONE], [[1, 0]], {"rank": 1}, "target: expected 2 x 2 as frozen weight 1, found 1 x 2"),
    ([[[1, 0]]], ONE, {"rank": 1}, "weight 1: expected a square matrix, found 1 x 2"),
    ([[]], ONE, {"rank": 1}, "weight 1: expected a square matrix, found 0 x 0"),
    ([[[1, 0], [1]]], ONE, {"rank": 1}, "weight 1: expected rows of 2 entries, found 1 in row 1"),
    ([], ONE, {"rank": 1}, "expected at least one matrix, found none"),
    (3, ONE, {"rank": 1}, "expected a list of matrices, found int 3"),
    (ONE, ONE, {"rank": 1}, "weight 1: expected rows of numbers, found int 1 as row 0"),
    (["ab"], ONE, {"rank": 1}, "weight 1: expected a matrix"),
    ([np.zeros((2, 2, 2))], ONE, {"rank": 1}, "expected a matrix, found an array with 3 axes"),
    ([np.zeros((2, 2), dtype=complex)], ONE, {"rank": 1}, "expected real numbers, found entries of type complex128"),
    ([[["1", 0], [0, 1]]], ONE, {"rank": 1}, "expected rational numbers or floats, found str '1' at row 0, column 0"),
    ([[[True, 0], [0, 1]]], ONE, {"rank": 1}, "expected rational numbers or floats, found bool True"),
    ([ONE], ONE, {"rank": 0}, "expected ranks between 1 and the width 2, found 0"),
    ([ONE], ONE, {"rank": 3}, "expected ranks between 1 and the width 2, found 3"),
    ([ONE], ONE, {"rank": True}, "expected ranks between 1 and the width 2, found True"),
    ([ONE], ONE, {"rank": 1.0}, "expected ranks between 1 and the width 2, found 1.0"),
    ([ONE], ONE, {"ranks": [1, 1]}, "ranks: expected 1, one for each layer, found 2"),
    ([ONE], ONE, {"ranks": [0]}, "expected ranks between 1 and the width 2, found 0"),
    ([ONE], ONE, {}, "expected either rank or ranks, found neither"),
    ([ONE], ONE, {"rank": 1, "ranks": [1]}, "expected either rank or ranks, found both"),
])  # fmt: skip
def test_bad_input_is_one_clear_line(weights, target, how, message, stable):
    with pytest.raises(AdaptError, match=re.escape(message)) as caught:
        adapt(weights, target, **how, stable=stable)
    assert isinstance(caught.value, ValueError)
    assert "\n" not in str(caught.value)


def test_a_model_that_exact_numbers_make_too_large_is_refused_with_the_estimate():
    large = [np.zeros((4000, 4000))] * 3
    with pytest.raises(
        AdaptError, match=r"at most 8 GiB \(memory=\), found 3 layers of width 4000, which take about 4,7"
    ):
        adapt(large, large[0], rank=1)
    rng = np.random.default_rng(0)
    weights = [rng.uniform(-1, 1, (16, 16)) for _ in range(3)]
    with pytest.raises(AdaptError, match=r"at most 0.0001 GiB .* GiB or more; stable=True"):
        adapt(weights, weights[0], rank=8, memory=1e-4)
    found = adapt(weights, weights[0], rank=8)
    assert isinstance(found, Adapters)
    # The estimate is above what the factors really take, and not by orders of magnitude.
    bits = sum(
        int(x.p).bit_length() + int(x.q).bit_length() for b, a in found.factors for x in (*b.entries(), *a.entries())
    )
    assert adapt(weights, weights[0], rank=8, memory=100 * bits / 8 / 2**30)
    with pytest.raises(AdaptError, match="GiB or more"):
        adapt(weights, weights[0], rank=8, memory=bits / 8 / 2**30)


@pytest.mark.parametrize(("exact", "stable"), [(True, True), (False, False)])
def test_exact_and_stable_exclude_each_other(exact, stable):
    with pytest.raises(AdaptError, match=f"found exact={exact} with stable={stable}"):
        adapt([ONE], ONE, rank=1, exact=exact, stable=stable)


# The guide


def test_the_examples_of_the_guide_print_what_it_shows(tmp_path):
    lines = (ROOT / "docs" / "adapters.md").read_text(encoding="utf-8")
    programs = re.findall(r"<!-- file: (\S+) -->\n```python\n(.*?)```", lines, re.DOTALL)
    outputs = re.findall(r"```console\n\$ python (\S+)\n(.*?)```", lines, re.DOTALL)
    assert programs
    assert [name for name, _ in programs] == [name for name, _ in outputs]
    for (name, text), (_, shown) in zip(programs, outputs, strict=True):
        (tmp_path / name).write_text(text, encoding="utf-8")
        done = subprocess.run([sys.executable, name], cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True,
                              text=True, check=False)  # fmt: skip
        assert (done.stderr, done.stdout) == ("", shown)
