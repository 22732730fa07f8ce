"""Valid certificates replay, print exactly what they prove, and do so in a process with the standard library alone."""

# ruff: noqa: E501 -- rows of data

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import symlora
from symlora.kernel.form import load
from symlora.kernel.replay import Theorem, replay

from .builders import (
    Json,
    absurd,
    at,
    axiom,
    block,
    bundle,
    by,
    cases,
    choose,
    cite,
    define,
    either,
    eq,
    have,
    hole,
    index,
    induction,
    inverse,
    nat,
    natural,
    nonsingular,
    proof,
    psd,
    recursion,
    rule,
    setup,
    side,
    such,
    theorem,
)  # fmt: skip

ROOT = Path(symlora.__file__).parents[1]

TELESCOPING = proof(
    ["natural D L", "W[l], X[l]: D x D",
     recursion("A", "D x D", "eye(D)", "(W[l] + X[l])*A[l - 1]", up="0"),
     recursion("S", "D x D", "eye(D)", "S[l]*W[l]", down="L"),
     recursion("Q", "D x D", "zero(D,D)", "Q[l - 1] + S[l]*X[l]*A[l - 1]", up="0")],
    "A[L]-S[0] = Q[L]",
    induction("S[l]*A[l] - S[0] = Q[l]",
              block(eq("S[0]*A[0] - S[0] = Q[0]", ("S[0]", "A.start", "1"), ("-1", "Q.start", "1"), name="x")),
              block(at("A.step", "l + 1", {}, {}, name="a"), at("Q.step", "l + 1", {}, {}, name="q"),
                    at("S.step", "l + 1", {}, {}, by(("1", "hi")), name="s"),
                    eq("S[l + 1]*A[l + 1] - S[0] = Q[l + 1]", ("1", "IH", "1"), ("S[l + 1]", "a", "1"),
                       ("-1", "q", "1"), ("-1", "s", "A[l]"), name="x")), name="all"),
    at("all", "L", {}, {}, {}, name="last"),
    eq("A[L] - S[0] = Q[L]", ("1", "last", "1"), ("-1", "S.start", "A[L]")),
)  # fmt: skip
TELESCOPING_STATEMENT = """\
theorem t
  for every natural D
  for every natural L
  for every real family W[l]: D x D
  for every real family X[l]: D x D
  let A[l]: D x D; A[0] = eye(D); A[l] = (W[l] + X[l])*A[l - 1] for l > 0
  let S[l]: D x D; S[L] = eye(D); S[l - 1] = S[l]*W[l] for 1 <= l <= L
  let Q[l]: D x D; Q[0] = zero(D, D); Q[l] = Q[l - 1] + S[l]*X[l]*A[l - 1] for l > 0
  then main: A[L] - S[0] = Q[L]"""

# (1 + U V)^-1 = 1 - U (1 + V U)^-1 V with U: m x n.
PUSH = proof(
    ["natural m n", "U: m x n", "V: n x m", "given h: nonsingular(eye(n) + V*U)"], "nonsingular(eye(m) + U*V)",
    inverse("n", "eye(n) + V*U", "h", "r", "l"),
    eq("(eye(m) + U*V)*(eye(m) - U*inv(eye(n) + V*U)*V) = eye(m)", ("-U", "r", "V"), name="p"),
    nonsingular("m", "eye(m) + U*V", "eye(m) - U*inv(eye(n) + V*U)*V", "p"),
)  # fmt: skip

PRODUCT = theorem(
    ["natural n", "A, B: n x n", "given a: nonsingular(A)", "given b: nonsingular(B)"], "nonsingular(A*B)",
    inverse("n", "A", "a", "ar", "al"), inverse("n", "B", "b", "br", "bl"),
    eq("A*B*inv(B)*inv(A) = eye(n)", ("A", "br", "inv(A)"), ("1", "ar", "1"), name="p"),
    nonsingular("n", "A*B", "inv(B)*inv(A)", "p"), name="product",
)  # fmt: skip
SQUARE = bundle(PRODUCT, theorem(
    ["natural n", "W[l]: n x n", "given h: for l if 1 <= l: nonsingular(W[l])"], "for l if 1 <= l: nonsingular(W[l]*W[l])",
    have("for l if 1 <= l: nonsingular(W[l]*W[l])", block(
        at("h", "l", {}, by(("1", "c")), name="w"),
        cite("product", {"main": "x"}, naturals={"n": "n"}, matrices={"A": "W[l]", "B": "W[l]"},
             facts={"a": "w", "b": "w"})), ("c",)), name="square"))  # fmt: skip

DOWN = proof(
    ["natural n L", "X[l]: n x n", "given top: X[L] = eye(n)", "given h: for l if 1 <= l, l <= L: X[l - 1] = X[l]"],
    "X[0] = eye(n)",
    induction("X[l] = eye(n)", block(done="top"), block(
        at("h", "l", {}, by(("1", "lo")), by(("1", "hi")), name="s"),
        eq("X[l - 1] = eye(n)", ("1", "s", "1"), ("1", "IH", "1"), name="x")), name="all", down=1),
    at("all", "0", {}, {}, {}),
)  # fmt: skip

CASES = proof(
    ["natural n a b", "X[l]: n x n", "given h: for i if i + 1 <= b: X[i] = eye(n)", "given e: X[b] = eye(n)",
     "given c: a <= b"],
    "X[a] = eye(n)",
    cases("a + 1 <= b", "X[a] = eye(n)", block(at("h", "a", {}, by(("1", "p")), name="x")), block(
        index("X[a] = X[b]", [by(("1", "c")), by(("1", "q"))], name="i"),
        eq("X[a] = eye(n)", ("1", "i", "1"), ("1", "e", "1"), name="x"))),
)  # fmt: skip

# Z' Z for a block column of layer widths.
BLOCKS = proof(
    ["naturals d[i]", "natural l n", "A: d[l] x n", "B: d[l + 1] x n"], "1 = 1",
    nat("d[l] + d[l + 1] == d[l] + d[l + 1]", [{}, {}], name="n"),
    axiom("split", "n := d[l] + d[l + 1]; p := d[l]; s := d[l + 1]", "n", new="J := J; K := K", g1="sp.first",
          g2="sp.second", g3="sp.cross", g4="sp.sum"), rule("define", define("Z", "d[l] + d[l + 1] x n", "J*A + K*B")),
    eq("Z'*Z = A'*A + B'*B", ("1", "Z.def'", "Z"), ("A'*J' + B'*K'", "Z.def", "1"), ("A'", "sp.first", "A"),
       ("B'", "sp.second", "B"), ("A'", "sp.cross", "B"), ("B'", "sp.cross'", "A"), name="z"),
    natural("d", ["l"], [{}], name="d"), eq("1 = 1"),
)  # fmt: skip

DEFINED = bundle(
    theorem(["natural n", "A: n x n", define("Z", "n x n", "A*A")], "Z*A = A*Z",
            eq("Z*A = A*Z", ("1", "Z.def", "A"), ("-A", "Z.def", "1")), name="commute"),
    theorem(["natural n", "B: n x n"], "B*B*B + B = B*B*B + B",
            rule("define", define("Y", "n x n", "B*B")),
            cite("commute", {"main": "c"}, naturals={"n": "n"}, matrices={"A": "B", "Z": "Y"}, facts={"Z.def": "Y.def"}),
            eq("B*B = B*B", name="own"),
            cite("commute", {"main": "e"}, naturals={"n": "n"}, matrices={"A": "B", "Z": "B*B"}, facts={"Z.def": "own"}),
            eq("Y*B + B = B*B*B + B", ("1", "c", "1"), ("B", "Y.def", "1"), name="d"),
            eq("B*B*B + B = B*B*B + B", ("1", "e", "1")), name="again"),
)  # fmt: skip

ABSURD = proof(["natural a", "A: a x a", "given h: a + 1 <= 0"], "A = zero(a, a)",
               nat("1 <= 0", by(("1", "h")), name="n"), absurd("n", "A = zero(a, a)"))  # fmt: skip
CONGRUENCE = proof(["natural n", "A, B: n x n", "given h: A = B"], "inv(A + B) = inv(2*B)",
                   eq("A + B = 2*B", ("1", "h", "1"), name="s"), axiom("inverse-congruence", "n := n; M := A + B; N := 2*B", "s", g1="g"))  # fmt: skip
HOLE = bundle(theorem([], "1 = 0", hole("1 = 0", name="g"), name="open"),
              theorem([], "2 = 0", cite("open", {"main": "o"}), eq("2 = 0", ("2", "o", "1")), name="user"))  # fmt: skip

# A size that becomes 1 turns matrices into numbers, which then commute; X[i, j] := Y[j, i] swaps indices.
COLLAPSE = bundle(
    theorem(["natural n", "A, B: n x n", "given h: A*B = eye(n)"], "A*B*A = A", eq("A*B*A = A", ("1", "h", "A")), name="t1"),
    theorem(["s, t: 1 x 1", "given h: t*s = 1"], "t*s*s = s",
            cite("t1", {"main": "g"}, naturals={"n": "1"}, matrices={"A": "s", "B": "t"}, facts={"h": "h"})),
)  # fmt: skip
SWAP = bundle(
    theorem(["natural n", "X[i, j]: n + i x n + j", "given h: for i, j if i <= j: X[i, j] = zero(n + i, n + j)"],
            "for k: X[k, k + 1] = zero(n + k, n + k + 1)", have("for k: X[k, k + 1] = zero(n + k, n + k + 1)", block(
                at("h", ["k", "k + 1"], {}, {}, {}, name="x"))), name="t1"),
    theorem(["natural m", "Y[i, j]: m + i x m + j", "given h: for i, j if i <= j: Y[j, i]' = zero(m + i, m + j)"],
            "for k: Y[k + 1, k] = zero(m + k + 1, m + k)",
            cite("t1", {"main": "f"}, naturals={"n": "m"}, matrices={"X[i,j]": "Y[j, i]'"}, facts={"h": "h"}),
            have("for k: Y[k + 1, k] = zero(m + k + 1, m + k)", block(
                at("f", "k", {}, name="y"), eq("Y[k + 1, k] = zero(m + k + 1, m + k)", ("1", "y'", "1"), name="x")))),
)  # fmt: skip
# A goal of the induction with a variable and a condition of its own.
NESTED = proof(
    ["natural n L", "X[l]: n x n", "given z: X[0] = eye(n)", "given h: for l: X[l + 1] = X[l]"],
    "for k if k <= L: X[k] = eye(n)",
    induction("for k if k <= l: X[k] = eye(n)", block(have("for k if k <= 0: X[k] = eye(n)", block(
        index("X[k] = X[0]", [by(("1", "c")), {}], name="i"),
        eq("X[k] = eye(n)", ("1", "i", "1"), ("1", "z", "1"), name="y"), done="y"), ("c",), name="x")),
        block(have("for k if k <= l + 1: X[k] = eye(n)", block(
            cases("k <= l", "X[k] = eye(n)", block(at("IH", "k", {}, by(("1", "p")), name="y"), done="y"), block(
                index("X[k] = X[l + 1]", [by(("1", "c")), by(("1", "q"))], name="i"), at("IH", "l", {}, {}, name="m"),
                at("h", "l", {}, name="s"),
                eq("X[k] = eye(n)", ("1", "i", "1"), ("1", "s", "1"), ("1", "m", "1"), name="y"), done="y"),
                name="w"), done="w"), ("c",), name="x")), name="all"),
    have("for k if k <= L: X[k] = eye(n)", block(at("all", ["L", "k"], {}, {}, {}, {}, by(("1", "c"))), done="g"), ("c",),
         name="end"), done="end",
)  # fmt: skip

# |a'b|^2 <= a'a + b'b in halves, a bound of a norm, and the root of its square.
SQUARES = proof(
    ["natural n", "a, b: n x 1"], {"young": "2*a'*b <= a'*a + b'*b", "unit": "norm2(eye(n)) <= 1", "root": "sqrt(a'*a)*sqrt(a'*a) = a'*a"},
    psd("2*a'*b <= a'*a + b'*b", ("1", "a - b"), name="young"), nat("0 <= 0", name="z"), axiom("natural-scalar", "n := 1", g1="one"),
    psd("psd(eye(n) - eye(n)'*eye(n))", name="p"), axiom("norm-least", "m := n; n := n; M := eye(n); t := 1", "one", "p", g1="unit"),
    psd("0 <= a'*a", ("1", "a"), name="s"), axiom("square-root", "c := a'*a", "s", g1="root"), done=["young", "unit", "root"],
)  # fmt: skip
# 0 <= tr(A'A), with a congruence of its own, and rank(A B) <= rank(A) by a kernel vector.
RANK = proof(
    ["natural m n p", "A: m x n", "B: n x p"], {"trace": "0 <= tr(A*A')", "rank": "rank(A*B) <= rank(A)"},
    psd("psd(A'*A)", ("1", "A"), name="s"), axiom("trace", "n := n; P := A'*A", "s", g1="trace"),
    axiom("rank", "m := m; n := n; M := A", new="U := U; V := V; X := X; Y := Y", g1="uv"),
    axiom("rank", "m := m; n := p; M := A*B", new="U := F; V := G; X := S; Y := T", g2="st"),
    cases("rank(A*B) <= rank(A)", "rank(A*B) <= rank(A)", block(done="p"), block(
        axiom("kernel", "p := rank(A); q := rank(A*B); M := U'*S'", "q", new="y := y", g1="k", g2="u"),
        eq("1 = 0", ("-1", "u", "1"), ("-y'", "st", "y"), ("y'*S", "uv", "B*T*y"), ("1", "k'", "V*B*T*y"), name="bad"),
        absurd("bad", "rank(A*B) <= rank(A)", name="x")), name="rank"), done=["trace", "rank"],
)  # fmt: skip
EXISTS = bundle(
    theorem(["natural n p", "M: p x n", "given h: p + 1 <= n"], {"zero": "M*y = zero(p, 1)", "unit": "for k: T[k]*y = nat(k)*y"},
            axiom("kernel", "p := p; q := n; M := M", "h", new="y := z", g1="zero"),
            rule("define", define("D", "n x n", "nat(k)*eye(n)", "k")),
            have("for k: D[k]*z = nat(k)*z", block(at("D.def", "k", {}, name="d"), eq("D[k]*z = nat(k)*z", ("1", "d", "z"), name="x")), name="unit"),
            done=["zero", "unit"], name="vector", exists=setup("y: n x 1", "T[a]: n x n"), witness={"y": "z", "T[a]": "D[a]"}),
    theorem(["natural r"], "C[0]*x = zero(r + 1, 1)",
            nat("r + 1 <= r + 1", name="h"),
            cite("vector", {"unit": "u"}, naturals={"n": "r + 1", "p": "r"}, matrices={"M": "zero(r, r + 1)"}, facts={"h": "h"},
                 new={"y": "w", "T": "C"}),
            at("u", "0", {}, name="g"), exists=setup("x: r + 1 x 1", "C[i]: r + 1 x r + 1"), witness={"x": "w", "C[i]": "C[i]"}, name="again"),
)  # fmt: skip
SUCH = bundle(
    theorem(["natural m n", "E: m x n", "T[a]: n x n", "G[a, r]: n x r",
             such("svd", "m := m; n := n; E := E; T[a] := T[a]; G[a,r] := G[a, r]")], "E*T[n] = E",
            at("s.g4", "n", {}, {}, name="t"), eq("E*T[n] = E", ("E", "t", "1")), name="best"),
    theorem(["natural n", "B: n x n"], "B = B",
            axiom("svd", "m := n; n := n; E := B", new="T := S; G := H", **{f"g{k}": f"x{k}" for k in range(1, 12)}),
            cite("best", {"main": "g"}, naturals={"m": "n", "n": "n"}, matrices={"E": "B", "T[a]": "S[a]", "G[a,r]": "H[a, r]"},
                 facts={f"s.g{k}": f"x{k}" for k in range(1, 12)}), eq("B = B", name="e"), done="e", name="user"),
)  # fmt: skip
# x[l + 1] is some vector that M[l] sends to x[l], chosen where such vectors exist (here 0).
CHOSEN = proof(
    ["natural n L", "M[l]: n x n", "x: n x 1"], {"start": "X[0] = x", "next": "for l if 0 <= l, l <= L - 1: X[l + 1] = M[l]*X[l]",
                                                 "at": "for l if 0 <= l, l <= L: Y[l] = X[l] - X[l]"},
    choose({"X": ("n x 1", "x", "M[l]*X[l]"), "Y": ("n x 1", "zero(n, 1)", "Y[l] - X[l] + X[l]")}, {"at": "Y[l] = X[l] - X[l]"},
           {"next": "X[l + 1] = M[l]*X[l]"}, block(eq("zero(n, 1) = x - x", name="x")),
           {"steps": [eq("M[l]*X[l] = M[l]*X[l]", name="m"),
                      eq("Y[l] - X[l] + X[l] = M[l]*X[l] - M[l]*X[l]", ("1", "IHat", "1"), name="y")], "done": ["y", "m"]}),
    done=["X.start", "next", "at"], exists=setup("X[l]: n x 1", "Y[l]: n x 1"), witness={"X[l]": "X[l]", "Y[l]": "Y[l]"},
)  # fmt: skip
EITHER = proof(
    ["natural n", "c: 1 x 1", "given h: if 1 <= n: c*c = c"], "K*K*nat(n) = K*nat(n)",
    either("1 <= n", {"K": "1 x 1"}, {"g": "K*K = K"}, side({"rule": "instance", "of": "h", "at": [], "proofs": [by(("1", "p"))], "as": "x"}, K="c"),
           side(eq("0*0 = 0", name="x"), K="0")),
    eq("K*K*nat(n) = K*nat(n)", ("1", "g", "nat(n)"), name="e"), done="e", exists=setup("K: 1 x 1"), witness={"K": "K"},
)  # fmt: skip

VALID = {"squares": SQUARES, "rank": RANK, "exists": EXISTS, "such": SUCH, "chosen": CHOSEN, "either": EITHER, "collapse": COLLAPSE, "swap": SWAP, "nested": NESTED, "telescoping": TELESCOPING, "push": PUSH, "square": SQUARE, "down": DOWN, "cases": CASES, "blocks": BLOCKS,
         "defined": DEFINED, "absurd": ABSURD, "congruence": CONGRUENCE}  # fmt: skip


def replayed(certificate: Json) -> list[Theorem]:
    return replay(load(json.dumps(certificate).encode()))


@pytest.mark.parametrize("certificate", VALID.values(), ids=VALID)
def test_valid_certificate_replays(certificate: Json) -> None:
    first, second = (replayed(certificate)[-1] for _ in range(2))
    assert first.holes == ()
    assert first == second
    assert first.digest == hashlib.sha256(first.statement.encode()).hexdigest()


def test_statement_is_exact() -> None:
    assert replayed(TELESCOPING)[-1].statement == TELESCOPING_STATEMENT
    assert replayed(SQUARE)[-1].statement.splitlines()[-4:] == [
        "  given h: for l if 1 <= l: nonsingular(W[l])",
        "  then main: for l if 1 <= l: nonsingular(W[l]*W[l])",
        "  by axiom/inverse",
        "  by axiom/nonsingular",
    ]
    assert replayed(SQUARE)[-1].cites == ("product",)


def test_spacing_does_not_change_the_statement() -> None:
    loose = json.loads(json.dumps(PUSH).replace("eye(m) + U*V", "eye( m )+U * V"))
    assert replayed(loose)[-1].digest == replayed(PUSH)[-1].digest


@pytest.mark.parametrize(
    ("old", "new"), [("nonsingular(eye(n)", "nonsingular(2*eye(n)"), ('"given": "h"', '"given": "k"')]
)
def test_another_hypothesis_is_another_statement(old: str, new: str) -> None:
    goal = {"goals": [{"name": "main", "fact": "1 = 1"}], "proof": [eq("1 = 1")]}
    texts = [json.dumps(bundle({**PUSH["theorems"][0], **goal}))]
    texts.append(texts[0].replace(old, new))
    one, other = (replay(load(text.encode()))[-1].digest for text in texts)
    assert one != other


def test_existence_and_axioms_are_stated() -> None:
    first, second = replayed(EXISTS)
    assert first.statement.splitlines()[-5:] == [
        "  there is a real matrix y: n x 1",
        "  there is a real family T[a]: n x n",
        "  then zero: M*y = zero(p, 1)",
        "  then unit: for k: T[k]*y = nat(k)*y",
        "  by axiom/kernel",
    ]
    assert second.axioms == ("axiom/kernel",)
    assert second.cites == ("vector",)


@pytest.mark.parametrize("shape", ["1 x 1", "D x D"])
def test_shapes_of_definitions_are_stated(shape: str) -> None:
    # For a 1 x 1 family X[0]*W = W*X[0] is true, for matrices false.
    items: list[str | Json] = ["natural D", "W: D x D", recursion("X", shape, None, "X[l - 1]", up="0")]
    assert (
        f"  let X[l]: {shape}; X[l] = X[l - 1] for l > 0"
        in replayed(proof(items, "X[0] = X[0]", eq("X[0] = X[0]")))[0].statement
    )


def test_such_is_stated() -> None:
    best, user = replayed(SUCH)
    assert (
        "  given s: what axiom/svd says of m = m, n = n, E = E, T[a] = T[a], G[a,r] = G[a, r]"
        in best.statement.splitlines()
    )
    assert best.axioms == ()
    assert user.axioms == ("axiom/svd",)


def test_hole_is_inherited_and_never_proved() -> None:
    last = replayed(HOLE)[-1]
    assert last.holes == ("open: g: 1 = 0",)
    assert last.statement.endswith("  assuming open: g: 1 = 0")


def run(path: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-S", "-m", "symlora.kernel", str(path), *more]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [
        (json.dumps(TELESCOPING).encode(), 0, "proved, with nothing left open"),
        (json.dumps(HOLE).encode(), 1, "assuming open: g: 1 = 0"),
        (json.dumps(proof([], "1 = 0", eq("1 = 0"))).encode(), 1, "[rest]"),
        (b"{", 2, "[json-syntax]"),
        (None, 2, "[file]"),
    ],
    ids=["proved", "hole", "rejected", "unreadable", "missing"],
)
def test_command_line(tmp_path: Path, data: Any, status: int, said: str) -> None:
    path = tmp_path / "certificate.json"
    if data is not None:
        path.write_bytes(data)
    done = run(path)
    assert done.returncode == status
    assert said in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_command_line_wants_one_file(tmp_path: Path) -> None:
    assert run(tmp_path, "two").returncode == 2
