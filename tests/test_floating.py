"""Proofs on batches of floats: against exact values, with NumPy and array-api-strict."""

from __future__ import annotations

import sys

import numpy
import pytest

from symlora.domains.backend import Backend, Missing, backend
from symlora.domains.batch import BatchModel, Mixed
from symlora.domains.execution import program
from symlora.domains.floating import MARGIN, Sizes, peak, run
from symlora.domains.rational import Model
from symlora.domains.setup import read_setup
from symlora.kernel.replay import Library
from symlora.networks.linear import (
    KINDS,
    edge_instances,
    exact_instance,
    families,
    float_leaf,
    float_model,
    floats,
    naturals,
    prescribed,
    sizes_problem,
)  # fmt: skip
from symlora.sweep.gate import Disagreement, gate
from symlora.sweep.linear import theorem_program

SQUARE = {"matrix": "A", "index": [], "shape": ["n", "n"]}


@pytest.fixture(scope="module")
def code():
    return theorem_program()[0]


@pytest.fixture(params=["numpy", "array-api-strict", "cupy"])
def device(request) -> Backend:
    if request.param == "array-api-strict":
        pytest.importorskip("array_api_strict")
    try:
        found = backend(request.param)
    except Missing as error:
        pytest.skip(str(error))
    return found


def claim(fact: str, *setup: dict) -> tuple:
    goal = {"rule": "hole", "fact": fact, "as": "t"}
    theorem = {"name": "t", "setup": [{"natural": "n"}, SQUARE, *setup], "goals": [{"name": "t", "fact": fact}],
               "proof": [goal], "done": ["t"]}  # fmt: skip
    found = program(theorem, Library())
    return found, BatchModel(found.setup, {"n": 4}, 30, backend("numpy"))


@pytest.mark.parametrize("fact", [
    "inv(A)*A = eye(n)", "norm2(A) = sigma(A, 1)", "norm2(A) <= 2*norm2(A)", "tr(A*A') = tr(A'*A)",
    "sqrt(tr(A'*A))*sqrt(tr(A'*A)) = tr(A*A')", "psd(A'*A)", "rank(A*A') == rank(A)", "rank(A) <= n",
    "nonsingular(A)", "sigma(A, 2) <= sigma(A, 1)", "sigma(A, n + 1) = 0", "norm2(A)*norm2(A) <= tr(A'*A)",
])  # fmt: skip
def test_true_facts_are_off_by_rounding(fact):
    found = run(*claim(fact))
    assert not found.unexplained
    assert found.records["goal t"].error.shape == (30,)
    assert not found.records["goal t"].open.any()


@pytest.mark.parametrize("fact", [
    "A' = A", "A*A = A", "psd(A)", "norm2(A) <= sigma(A, 2)", "rank(A) <= n - 1", "nonsingular(A - A)",
    "tr(A) = norm2(A)", "n <= 3", "A + 1/1000000*A' = A",
])  # fmt: skip
def test_false_facts_are_off_by_more(fact):
    assert "goal t" in [record.path for record in run(*claim(fact)).unexplained]


def test_a_singular_matrix_is_counted_and_the_others_go_on():
    found, _ = claim("A*inv(A) = eye(n)")
    values = numpy.stack([numpy.eye(4), numpy.zeros((4, 4)), 2 * numpy.eye(4)])
    model = BatchModel(found.setup, {"n": 4}, 3, backend("numpy"), lambda name, *_: values if name == "A" else None)
    (record, *_) = run(found, model).records.values()
    assert record.left_out.tolist() == [False, True, False]
    assert not record.unexplained.any()


def test_overflow_is_counted():
    found, _ = claim("A*A = A")
    values = numpy.full((2, 4, 4), 1e200)
    model = BatchModel(found.setup, {"n": 4}, 2, backend("numpy"), lambda *_: values)
    assert run(found, model).records["goal t"].left_out.all()


def test_a_range_that_depends_on_ranks_needs_equal_ones():
    found, _ = claim("for l if l <= rank(A): A = A")
    values = numpy.stack([numpy.eye(4), numpy.zeros((4, 4))])
    model = BatchModel(found.setup, {"n": 4}, 2, backend("numpy"), lambda *_: values)
    with pytest.raises(Mixed, match="ranks 0, 4"):
        run(found, model)


def test_edges_hold_exactly_and_in_floats(code):
    setup = prescribed(code.setup)
    for one in edge_instances():
        plain, known = naturals(one.width, one.depth, one.rank), families(one.depth, one.rank)
        model = Model(setup, plain, known, leaf=one.leaf())
        assert all(model.holds(given, 0).true for given in setup.givens.values()), one
        assert not code.run(model).failures, one


def test_exact_instances_are_what_their_kind_says():
    assert exact_instance(4, 3, 1, "singular-first").layers[0].det() == 0
    assert len(set(exact_instance(4, 3, 1, "tied").values)) == 1
    low = exact_instance(4, 3, 1, "deficient")
    assert (low.target - low.layers[2] * low.layers[1] * low.layers[0]).rank() < 3
    assert exact_instance(4, 3, 1, seed=1).target != exact_instance(4, 3, 1, seed=2).target
    assert exact_instance(4, 3, 1, seed=1).target == exact_instance(4, 3, 1, seed=1).target


@pytest.mark.parametrize(("sizes", "found"), [((0, 1, 1), "width"), ((2, 0, 1), "depth"), ((2, 1, 0), "rank"),
                                              ((2, 1, 3), "rank from 1 to the width 2, found 3")])  # fmt: skip
def test_sizes_without_instances(sizes, found):
    assert found in sizes_problem(*sizes)
    with pytest.raises(ValueError, match="expected"):
        exact_instance(*sizes)


def test_unknown_kind():
    with pytest.raises(ValueError, match="expected one of"):
        exact_instance(2, 1, 1, "special")


def test_gate(code, device):
    assert "agree with floats" in gate(code, device)


def test_gate_in_single_precision(code):
    assert "agree with floats" in gate(code, backend("numpy"), "float32")


@pytest.mark.parametrize("function", ["inv", "svdvals", "matrix_rank"])
def test_gate_refuses_a_device_that_computes_wrongly(code, function):
    class Wrong:
        def __getattr__(self, name):
            right = getattr(numpy.linalg, name)
            if name != function:
                return right
            return lambda *a, **k: right(*a, **k) * (1 + 1e-7) + (name == "matrix_rank")

    class Namespace:
        linalg = Wrong()

        def __getattr__(self, name):
            return getattr(numpy, name)

    with pytest.raises(Disagreement):
        gate(code, Backend("wrong", Namespace(), numpy.asarray))


def test_large_instances(code, device):
    weights = floats(16, 3, 0, 40, seed=1)
    found = run(code, float_model(code.setup, weights, 4, device))
    assert not found.unexplained
    product = found.records["goal product"]
    limit = MARGIN * 16 * found.eps * product.figure
    assert (product.error <= limit).all()
    assert (limit < 1).all()
    # The figure explains the error, and does not exceed it by many orders of magnitude.
    assert numpy.median(product.figure * found.eps / numpy.maximum(product.error, found.eps)) < 1e3


def test_backends_give_the_same(code):
    pytest.importorskip("array_api_strict")
    weights = floats(6, 2, 0, 10, seed=2)
    one, other = (run(code, float_model(code.setup, weights, 2, backend(n))) for n in ("numpy", "array-api-strict"))
    assert list(one.records) == list(other.records)
    for path in one.records:
        assert numpy.allclose(one.records[path].figure, other.records[path].figure, rtol=1e-6)


def test_batches_are_their_instances(code):
    weights = floats(5, 2, 0, 6, seed=3)
    whole = run(code, float_model(code.setup, weights, 2, backend("numpy"))).records["goal product"]
    for k in range(6):
        single = run(code, float_model(code.setup, weights[k : k + 1], 2, backend("numpy"))).records["goal product"]
        assert numpy.allclose(single.figure, whole.figure[k], rtol=1e-6)


@pytest.mark.parametrize("weights", [
    numpy.full((2, 3, 4, 4), numpy.nan), numpy.full((2, 3, 4, 4), numpy.inf), numpy.ones((2, 3, 4, 5)),
    numpy.ones((3, 4, 4)), numpy.ones((2, 1, 4, 4)),
])  # fmt: skip
def test_weights_that_are_no_network(weights):
    with pytest.raises(ValueError, match=r"^expected [^\n]*$"):
        float_leaf(weights, backend("numpy"))


def test_memory_is_counted_without_computing(code):
    def count(width, depth):
        model = Sizes(code.setup, naturals(width, depth, 2), 1, backend("numpy"), None, families(depth, 2), reach=depth)
        return peak(code, model)

    assert count(8, 4) > count(8, 2)
    assert 3.5 < count(400, 3) / count(200, 3) < 4.5


def test_memory_bounds_what_a_run_holds(code):
    import tracemalloc

    weights = floats(24, 3, 0, 60, seed=0)
    model = Sizes(code.setup, naturals(24, 3, 4), 1, backend("numpy"), None, families(3, 4), reach=3)
    planned = (peak(code, model) + 2 * 4 * 24 * 24) * 8 * 60
    tracemalloc.start()
    try:
        run(code, float_model(code.setup, weights, 4, backend("numpy")))
        used = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert planned / 3 < used < planned


def test_what_a_theorem_says_to_exist_is_computed():
    from symlora.kernel.form import load
    from symlora.runs.check import Options, check

    name = "linear/lemma-1/unconditional"
    report = next(t for t in check([], Options(name)).theorems if t.id == name)
    library, programs = Library(), {}
    for theorem in load(report.bundle)["theorems"]:
        programs[theorem["name"]] = program(theorem, library, programs)
        library.check(theorem)
    code = programs[name]
    found = run(code, float_model(code.setup, floats(3, 2, 0, 12, seed=1), 1, backend("numpy")))
    assert not found.unexplained
    assert found.records["goal attained"].evaluated == 1


def test_missing_backends(monkeypatch):
    with pytest.raises(Missing, match="numpy or cupy"):
        backend("torch")
    monkeypatch.setitem(sys.modules, "cupy", None)
    with pytest.raises(Missing, match=r"pip install 'symlora\[cupy\]'"):
        backend("cupy")


def test_numpy_alone_is_enough(monkeypatch):
    monkeypatch.setitem(sys.modules, "array_api_compat.numpy", None)
    assert backend("numpy").xp is numpy


def test_setup_with_axioms():
    # Orthonormal columns are completed in every instance.
    setup = read_setup([{"natural": "n"}, {"natural": "p"}, {"natural": "s"},
                        {"matrix": "M", "index": [], "shape": ["n", "p"]}])  # fmt: skip
    model = BatchModel(setup, {"n": 3, "p": 2, "s": 1}, 4, backend("numpy"))
    value = model.evaluate(setup.context.matrix("M'*M"))
    assert value.array.shape == (4, 2, 2)


def test_kinds_are_all_drawn():
    assert {one.kind for one in edge_instances()} == set(KINDS)
