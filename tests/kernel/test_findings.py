"""Weaknesses of the kernel that are known and open: each is a strict expected failure until it is repaired."""

from __future__ import annotations

import json
from typing import Any

import pytest

from symlora.kernel.errors import Rejected
from symlora.kernel.form import load
from symlora.kernel.replay import replay

from .builders import at, block, bundle, by, cite, eq, induction, nat, natural, proof, recursion, theorem

LONG = "*".join(["1" + "0" * 999] * 5)


def replayed(certificate: dict[str, Any]) -> Any:
    return replay(load(json.dumps(certificate).encode()))[-1]


def unstarted(shape: str) -> dict[str, Any]:
    """Return a theorem about X[l] = X[l - 1], whose shape its statement does not show."""
    goal = "X[0]*W = W*X[0]" if shape == "1 x 1" else "X[0] = X[0]"
    return proof(["natural D", "W: D x D", recursion("X", shape, None, "X[l - 1]", up="0")], goal, eq(goal))


@pytest.mark.xfail(strict=True, reason="the statement of a recursion without start omits the shape of its family")
def test_statement_shows_shapes_of_definitions() -> None:
    # True for numbers, shown as "let X[l] = X[l - 1] for l > 0; then X[0]*W = W*X[0]", false for matrices.
    assert "1 x 1" in replayed(unstarted("1 x 1")).statement
    same = [proof(["natural D", recursion("X", shape, None, "X[l - 1]", up="0")], "X[0] = X[0]", eq("X[0] = X[0]"))
            for shape in ("1 x 1", "D x D")]  # fmt: skip
    assert replayed(same[0]).digest != replayed(same[1]).digest


CRASHES = {
    "empty-product": (proof(["natural n"], "0 <= n", nat("0 <= n", by(()))), "an empty list has no multiplier"),
    "list-for-inequality": (proof(["natural n"], "0 <= n", nat("0 <= n", [{}])), "one proof in a list for <="),
    "definition-of-nothing": (proof([{"define": [], "index": ["l"], "up": "0"}], "1 = 1", eq("1 = 1")), "no family"),
}


@pytest.mark.parametrize(
    "certificate",
    [
        pytest.param(data, id=name, marks=pytest.mark.xfail(strict=True, reason=reason))
        for name, (data, reason) in CRASHES.items()
    ],
)
def test_malformed_is_refused_and_does_not_crash(certificate: dict[str, Any]) -> None:
    with pytest.raises(Rejected):
        replayed(certificate)


LONGS = {
    "coefficient": proof(["A: 1 x 1"], "1 = 1", eq(f"{LONG}*A = {LONG}*A", name="b"), eq("1 = 1")),
    "natural": proof(["natural n"], "0 <= n", nat(f"0 <= {LONG}*n", name="b"), nat("0 <= n")),
    "index": proof(["x[i]: 1 x 1", "given h: for i if i <= 3: x[i] = 0"], "1 = 1", at("h", LONG, {}, {}), eq("1 = 1")),
}


@pytest.mark.xfail(strict=True, reason="printing integers of more than 4300 digits raises ValueError")
@pytest.mark.parametrize("certificate", LONGS.values(), ids=LONGS)
def test_long_numbers_are_printed_or_refused(certificate: dict[str, Any]) -> None:
    try:
        replayed(certificate)
    except Rejected as error:
        str(error)


@pytest.mark.xfail(strict=True, reason="the name in the message of name-known is not escaped")
def test_messages_are_ascii() -> None:
    with pytest.raises(Rejected) as caught:
        replayed(proof(["natural n"], "0 <= n", natural("\ud800", ["n"], [{}])))
    assert str(caught.value).isascii()


@pytest.mark.xfail(strict=True, reason="proofs for symbols that the cited theorem lacks are ignored")
def test_spare_proof_in_a_citation_is_refused() -> None:
    one = theorem(["natural n"], "0 <= n", nat("0 <= n"), name="one")
    step = cite("one", {"main": "g"}, naturals={"n": "m"}, natural={"k": {}})
    with pytest.raises(Rejected):
        replayed(bundle(one, theorem(["natural m"], "0 <= m", step)))


@pytest.mark.xfail(strict=True, reason="any 'down' but 1 counts as upwards")
def test_direction_is_one_or_absent() -> None:
    items = ["natural L", "x[l]: 1 x 1", "given a: x[0] = 0", "given b: for l: x[l + 1] = x[l]"]
    base = block(done="a")
    step = block(at("b", "l", {}, name="m"), eq("x[l + 1] = 0", ("1", "m", "1"), ("1", "IH", "1"),
                                                                     name="x"))  # fmt: skip
    walk = induction("x[l] = 0", base, step, name="all", down=7)
    with pytest.raises(Rejected):
        replayed(proof(items, "x[L] = 0", walk, at("all", "L", {}, {}, {})))
