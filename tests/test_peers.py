"""The comparison with other engines: what counts as an answer there."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

pytest.importorskip("hypothesis")


@pytest.fixture(scope="module")
def peers() -> ModuleType:
    path = Path(__file__).resolve().parent.parent / "benchmarks" / "peers.py"
    spec = spec_from_file_location("peers", path)
    module = module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_without_z3_the_extra_is_named(
    peers: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(peers, "z3", None)
    assert peers.main() == 2
    assert "expected z3, found none: pip install 'symlora[smt]'" in capsys.readouterr().err


def test_hypothesis_refutes_and_never_proves(peers: ModuleType) -> None:
    case = peers.Case("identity", False, "A B = B A", ("A, B: n x n",))
    assert peers.property_based(case, 20).verdict == "refuted"
    assert peers.property_based(case._replace(claim="A + B = B + A"), 20).verdict == "unknown"


def test_z3_refutes_with_a_model_and_proves_at_shapes_only(peers: ModuleType) -> None:
    pytest.importorskip("z3")
    case = peers.Case("identity", False, "A B = B A", ("A, B: n x n",))
    assert peers.solver(case, 20).verdict == "refuted"
    assert peers.solver(case._replace(claim="tr(A B) = tr(B A)"), 20).verdict == "at shape"
    # True at sizes 1 and 2, false at 3: nothing more than that is said.
    assert peers.solver(case._replace(claim="rank(A) <= 2"), 20).verdict == "at shape"
    assert peers.solver(case._replace(claim="exists X: n x n: A X = B"), 20).verdict == "not expressible"
    roots = case._replace(claim="norm2(A)^2 <= normF(A)^2", let=("A: n x n",))
    assert peers.solver(roots, 20).verdict in ("at shape", "unknown")
