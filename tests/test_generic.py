"""Claims that hold almost surely, and existence at an instance: what is certified, and what must not be."""

from __future__ import annotations

import copy
import json
import time
from random import Random
from typing import Any

import pytest
from flint import fmpq, fmpq_mat

from symlora.claims import almost
from symlora.claims.absence import refuted
from symlora.claims.errors import ClaimError
from symlora.claims.statement import read
from symlora.claims.values import Instance, Undefined
from symlora.decide.command import refute_command
from symlora.decide.generic import prove_surely
from symlora.decide.pointwise import prove_surely_at_shapes
from symlora.decide.problem import Problem, natural_names
from symlora.decide.sample import assigned
from symlora.decide.verdict import decide
from symlora.decide.witness import recheck
from symlora.domains.values import NotRepresentable
from symlora.kernel.errors import Rejected
from symlora.kernel.replay import replay
from symlora.rules.nullstellensatz import contradiction

A, B = "A generic", "B generic"


def at(sizes: dict[str, int], **rows: list[Any]) -> Instance:
    """Return an instance with square matrices given by their entries."""
    return Instance(sizes, {name: fmpq_mat(sizes["n"], sizes["n"], entries) for name, entries in rows.items()})


# What a statement is


@pytest.mark.parametrize(
    ("claim", "given", "part"),
    [
        ("almost surely(A nonsingular)", [], "expected a generic letter inside almost surely"),
        ("A generic implies A nonsingular", [], "inside almost surely"),
        ("almost surely(A nonsingular) and A != 0", [A], "inside almost surely"),
        ("A = A", ["A + B generic"], "expected a letter before generic, found 'A + B'"),
        ("almost surely(A B nonsingular)", [A, B, "B = A"], "found 'B = A' about A, which is generic"),
        ("almost surely(A nonsingular)", [A, "A^2 = A"], "about A, which is generic"),
        ("A = B implies almost surely(A nonsingular)", [A], "about A, which is generic"),
        ("almost surely(B nonsingular and A generic)", [B], "expected generic as a hypothesis about a letter"),
        ("A B = B A", [A], "inside almost surely"),
    ],
)
def test_generic_letters_are_free_and_stand_inside(claim: str, given: list[str], part: str) -> None:
    with pytest.raises(ClaimError) as error:
        read(claim, ["A, B: n x n"], given)
    assert part in str(error.value)


def test_the_command_refuses_a_constrained_generic_letter(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["almost surely(A B nonsingular)", "--let", "A, B: n x n", "--given", A, "--given", "B = A"]
    assert refute_command(arguments) == 2
    out = capsys.readouterr()
    assert out.out == ""
    assert len(out.err.splitlines()) == 1


def test_what_other_letters_need_is_assumed_and_the_rest_has_to_hold() -> None:
    statement = read("almost surely(A^-1 B^-1 nonsingular)", ["A, B: n x n"], [A])
    assert [str(one.claim) for one in statement.hypotheses] == ["nonsingular(B)"]
    found = decide("almost surely((A - A')^-1 (A - A') = I)", ["A: n x n"], [A])
    assert (found.verdict, found.witness["dims"]) == ("refuted", {"n": 1})


# At one instance


@pytest.mark.parametrize(
    ("claim", "n", "truth"),
    [
        ("almost surely(A nonsingular)", 3, True),
        ("almost surely(A - A' nonsingular)", 1, False),
        ("almost surely(A - A' nonsingular)", 2, True),
        ("almost surely(A - A' nonsingular)", 3, False),
        ("almost surely(A - A' nonsingular)", 4, True),
        ("almost surely(rank(A - A') = n - 1)", 3, True),
        ("almost surely(A A' = A' A)", 2, False),
        ("almost surely(A A' = A' A)", 1, True),
        ("almost surely(A^2 = 0)", 1, False),
        ("almost surely(det(A - A') = 0)", 3, True),
        ("almost surely(not A nilpotent)", 2, True),
        ("almost surely(normF(A)^2 = tr(A' A))", 2, True),
        ("almost surely(0 < norm2(A))", 2, True),
        ("almost surely(A orthogonal or A nonsingular)", 2, True),
        ("almost surely(A diagonal iff A symmetric)", 1, True),
        ("almost surely(A diagonal iff A symmetric)", 2, True),  # both fail almost surely
        ("almost surely(A A^-1 = I)", 2, True),
        ("almost surely(exists X: n x n: A X = X A + I)", 2, False),
        ("almost surely(exists X: n x n: A X + X A = I)", 2, True),
        ("almost surely(for all x: n: x' A x = 0)", 2, False),
        ("almost surely(for all x: n: x' (A - A') x = 0)", 2, True),
        ("almost surely(normF(A) < 1)", 1, False),
        ("almost surely(0 <= normF(A))", 1, None),
        ("almost surely(1 <= norm2(A))", 2, False),
        ("almost surely(floor(A) = A)", 1, None),
        ("almost surely(relu(A) = A)", 1, False),
        ("almost surely(norm2(A - best_rank(A, 1)) = 1)", 2, None),
    ],
)
def test_truth_at_a_shape(claim: str, n: int, truth: bool | None) -> None:
    assert Instance({"n": n}, {}).truth(read(claim, ["A: n x n"], [A]).goal) is truth


def test_truth_depends_on_the_other_letters() -> None:
    goal = read("almost surely(A B nonsingular)", ["A, B: n x n"], [A]).goal
    assert at({"n": 2}, B=[1, 2, 3, 4]).truth(goal) is True
    assert at({"n": 2}, B=[1, 2, 2, 4]).truth(goal) is False
    goal = read("almost surely(B A B = B)", ["A, B: n x n"], [A]).goal
    assert at({"n": 2}, B=[0, 0, 0, 0]).truth(goal) is True


def test_no_settled_condition_disagrees_with_samples() -> None:
    claims = [
        "rank(A B - B A) = min(2, n)", "A B - B A nonsingular", "tr(A B) = tr(B A)", "rank([A, B]) = n",
        "det(A B) = det(A) det(B)", "rank(A) + rank(A - B) <= n", "inv(A) inv(B) = inv(B A)", "A^2 != B^2 or A = B",
        "hadamard(A, B) nonsingular", "(A + B)^2 = A^2 + 2 A B + B^2", "rank(A - A') < n", "not (A = B') iff 0 = 0",
        "A[1, 1] = A[1, n]", "rank(kron(A, B)) = n^2", "rank(diagpart(A)) = n", "A idempotent implies B nonsingular",
    ]  # fmt: skip
    seen = set()
    for text in claims:
        for n in (1, 2, 3):
            goal = read(f"almost surely({text})", ["A, B: n x n"], [A, B]).goal
            here = Instance({"n": n}, {})
            settled = almost.settled(here, goal)
            assert settled is not None
            seen.add(settled)
            draw = Random(text)
            for _ in range(5):
                point = {
                    name: fmpq_mat(n, n, [fmpq(draw.randint(-9999, 9999), 7) for _ in range(n * n)]) for name in "AB"
                }
                assert here.with_matrices(point).truth(almost.whole(goal)) in (settled, None)
    assert seen == {True, False}


# Proofs


def test_a_proof_for_all_sizes_says_what_the_kernel_proved() -> None:
    found = decide("almost surely(A + B nonsingular)", ["A, B: n x n"], [B])
    assert found.verdict == "proved"
    assert found.almost == ("claim/1: nonsingular(A + B) at some values of the generic letters, hence almost surely",)
    (theorem,) = replay(json.loads(json.dumps(found.certificate)))
    assert theorem.statement == found.statement
    assert "there is a real matrix B: n x n" in found.statement
    assert "for every real matrix A: n x n" in found.statement
    assert found.to_json()["almost"] == list(found.almost)


def test_a_tampered_certificate_is_refused() -> None:
    found = decide("almost surely(A nonsingular)", ["A: n x n"], [A])
    wrong = copy.deepcopy(found.certificate)
    assert wrong is not None
    wrong["theorems"][-1]["witness"]["A"] = "zero(n, n)"
    with pytest.raises(Rejected):
        replay(wrong)


@pytest.mark.parametrize(
    ("claim", "let", "given", "dims", "shape"),
    [
        ("almost surely(A - A' nonsingular)", "A: n x n", [A], "n=2", ("n = 2",)),
        ("almost surely(A - A' nonsingular)", "A: n x n", [A], "n=4", ("n = 4",)),
        ("almost surely(hadamard(A, A) nonsingular)", "A: n x n", [A], None, ("n = 1", "n = 2")),
        ("almost surely(det(A) != 1)", "A: n x n", [A], None, ("n = 1", "n = 2")),
        ("almost surely(diag(x) nonsingular)", "x: n", ["x generic"], None, ("n = 1", "n = 2")),
        ("almost surely(hadamard(A, B) != 0)", "A, B: n x n", [A, B, "2 <= n"], None, ("n = 2",)),
    ],
)
def test_what_is_proved_at_shapes_names_them(
    claim: str, let: str, given: list[str], dims: str | None, shape: tuple[str, ...]
) -> None:
    found = decide(claim, [let], given, dims, seconds=20)
    assert (found.verdict, found.shape) == ("proved-at-shape", shape)
    assert found.certificate is not None
    assert not any(theorem.holes for theorem in replay(found.certificate))


def test_points_at_which_polynomials_are_never_all_zero() -> None:
    statement = read("almost surely(s A + B nonsingular)", ["A, B: n x n", "s: scalar"], ["s generic", "A nonsingular"])
    outcome, notes, shapes = prove_surely_at_shapes(statement, time.monotonic() + 60)
    assert shapes == ("n = 1", "n = 2")
    assert all("never all 0" in note for note in notes)
    assert outcome.statement.count("then g1: 1 = 0") == 2
    without = read("almost surely(s A + B nonsingular)", ["A, B: n x n", "s: scalar"], ["s generic"])
    assert prove_surely_at_shapes(without, time.monotonic() + 20)[0].bundle is None


WRONG = [
    ("almost surely(rank(A B) = n)", "A: n x k; B: k x n", "A generic; B generic"),
    ("almost surely(A B nonsingular)", "A, B: n x n", "A generic"),
    ("almost surely(A - A' nonsingular)", "A: n x n", "A generic"),
    ("almost surely(A A' nonsingular)", "A: m x n", "A generic"),
    ("almost surely(rank([A, B]) = n)", "A: n x m; B: n x p", "A generic"),
    ("almost surely(A B - B A nonsingular)", "A, B: n x n", "A generic; B generic"),
    ("almost surely(A x != 0)", "A: m x n; x: n", "A generic"),
    ("almost surely(A = 0 or B = 0)", "A, B: n x n", "A generic; B generic"),
    ("almost surely(exists X: n x n: X A = B)", "A: n x n; B: n x n", "B generic"),
    ("almost surely(A B nonsingular or B = 0)", "A, B: n x n", "A generic"),
    ("almost surely(inv(A - A') nonsingular)", "A: n x n", "A generic"),
    ("almost surely(rank(A + B) = n)", "A: m x n; B: m x n", "A generic"),
    ("almost surely(u + 1 - s/s != u)", "s, u: scalar", "s generic"),
    ("almost surely(B + I - A A^-1 nonsingular)", "A, B: n x n", "A generic; B = 0"),
]


@pytest.mark.parametrize(("claim", "let", "given"), WRONG, ids=lambda value: value[:40])
def test_wrong_claims_are_not_proved_and_are_refuted(claim: str, let: str, given: str) -> None:
    statement = read(claim, let.split("; "), given.split("; "))
    assert prove_surely(statement, time.monotonic() + 5)[0].bundle is None
    assert prove_surely_at_shapes(statement, time.monotonic() + 5)[0].bundle is None
    found = decide(claim, let.split("; "), given.split("; "), seconds=20)
    assert found.verdict == "refuted"
    assert recheck(statement, json.loads(json.dumps(found.witness)))


def test_singular_values_are_no_polynomials() -> None:
    claim = "almost surely(W2 W1 + best_rank(E - W2 W1, r) nonsingular)"
    let = ["W1, W2, E: n x n", "r: natural"]
    found = decide(claim, let, ["W1 generic", "W2 generic", "E generic"], seconds=4)
    assert found.verdict in ("unknown", "untested")
    assert found.certificate is None
    fixed = decide("almost surely(W2 W1 + N nonsingular)", ["W1, W2, N: n x n"], ["W1 generic", "W2 generic"])
    assert fixed.verdict == "proved"


def test_adapters_of_random_layers() -> None:
    let = ["W1, W2, E, T: n x n", "r: natural"]
    exists = "exists X: n x n with rank(X) <= r: W2 X = E"
    found = decide(f"almost surely(rank(E) <= r implies {exists})", let, ["W2 generic"])
    assert found.verdict == "proved"
    assert len(found.almost) == 2
    assert found.almost[1].endswith("for all values with nonsingular(W2)")
    # one less does not do, and a layer that is not random may be 0
    less = "exists X: n x n with rank(X) < r: W2 X = E"
    assert decide(f"almost surely(rank(E) <= r implies {less})", let, ["W2 generic"], seconds=6).verdict != "proved"
    other = "exists X: n x n with rank(X) <= r: W2 X = E W1"
    assert decide(f"almost surely(rank(E) <= r implies {other})", let, ["W1 generic"], seconds=6).verdict != "proved"


@pytest.mark.parametrize(
    ("claim", "given"),
    [
        ("almost surely([A, B; C, D] nonsingular)", "A generic; D generic"),
        ("almost surely([A, B; C, I] nonsingular)", "A generic"),
        ("almost surely([A, B; 0, D] nonsingular)", "A generic; D generic"),
    ],
)
def test_blocks_with_any_matrices_beside_random_ones(claim: str, given: str) -> None:
    found = decide(claim, ["A: n x n", "B: n x m", "C: m x n", "D: m x m"], given.split("; "))
    assert found.verdict == "proved"


def test_blocks_with_too_few_random_ones() -> None:
    let = ["A: n x n", "B: n x m", "C: m x n", "D: m x m"]
    found = decide("almost surely([A, B; C, D] nonsingular)", let, ["A generic"], seconds=10)
    assert found.verdict == "refuted"  # D and C may be 0


def test_random_claims_that_are_proved_hold_at_every_instance_looked_at() -> None:
    draw = Random("almost surely")
    shapes = {"A": "n x n", "B": "n x n", "U": "m x n", "V": "n x m"}
    pieces = ["A", "B", "A'", "V U", "A B", "A + B", "B - I", "A V U", "(A + V U)", "B A - A B", "I"]
    relations = [
        "{} nonsingular",
        "rank({}) >= 1",
        "rank({}) = n",
        "rank({}) <= m",
        "{} != 0",
        "{} = {}",
        "{} symmetric",
    ]
    proved = 0
    for _ in range(30):
        relation = draw.choice(relations)
        body = relation.format(*(draw.choice(pieces) for _ in range(relation.count("{}"))))
        generic = [name for name in shapes if name in body and draw.random() < 0.6]
        if not generic:
            continue
        let = [f"{name}: {shape}" for name, shape in shapes.items()]
        statement = read(f"almost surely({body})", let, [f"{name} generic" for name in generic])
        if prove_surely(statement, time.monotonic() + 1)[0].bundle is None:
            continue
        proved += 1
        for sizes in ({"n": 1, "m": 2}, {"n": 2, "m": 1}, {"n": 2, "m": 2}, {"n": 3, "m": 1}):
            problem = Problem(statement, {name: sizes[name] for name, _ in natural_names(statement)})
            for seed in range(3):
                values = assigned(problem, Random(seed))
                if values is not None:
                    assert Instance(problem.naturals, values).truth(statement.goal) is not False
    assert proved >= 4


# Witnesses


def test_the_point_of_a_witness_is_checked() -> None:
    claim, let, given = "almost surely(rank(A B) = n)", ["A: n x k", "B: k x n"], [A, B]
    found = decide(claim, let, given)
    data = found.witness
    assert data is not None
    assert found.evaluated is not None
    assert found.evaluated["almost"] == "for almost all values"
    assert found.evaluated["terms"][0] == {"term": "rank(A B)", "value": "1"}
    statement = read(claim, let, given)
    assert recheck(statement, data)
    assert not recheck(statement, {**data, "dims": {"n": 1, "k": 1}})
    assert not recheck(statement, {**data, "generic": {**data["generic"], "A": [["1", "0"], ["0", "1"]]}})
    assert not recheck(statement, {**data, "generic": {"C": [["1"]]}})
    assert not recheck(statement, {**data, "generic": {**data["generic"], "A": [["1/0"], ["1"]]}})
    true_there = decide("almost surely(norm2(A) < 1)", ["A: n x n"], [A]).witness
    assert true_there is not None
    statement = read("almost surely(norm2(A) < 1)", ["A: n x n"], [A])
    assert recheck(statement, true_there)
    assert not recheck(statement, {**true_there, "generic": {"A": [["1/2"]]}})


def test_the_report_speaks_of_almost_all_values(capsys: pytest.CaptureFixture[str]) -> None:
    assert refute_command(["almost surely(A B nonsingular)", "--let", "A, B: n x n", "--given", A]) == 1
    out = capsys.readouterr().out
    assert "for all B: n x n\n  for almost all A: n x n" in out
    assert "it fails for almost all values of the generic letters, such as" in out
    assert refute_command(["almost surely(A nonsingular)", "--let", "A: n x n", "--given", A]) == 0
    assert "vanish only on a set of measure 0" in capsys.readouterr().out


# Existence


@pytest.mark.parametrize(
    ("facts", "contradictory"),
    [
        (["x*x + 1 = 0"], True),
        (["x*x - 2 = 0"], False),
        (["x*y = 1", "x = 0"], True),
        (["x*x + y*z = 0", "x*y + y*w = 1", "z*x + w*z = 0", "z*y + w*w = 0"], True),
        (["x*x + y*z = 0", "x*y + y*w = 0", "z*x + w*z = 0", "z*y + w*w = 0"], False),
        (["psd(x - 1)", "psd(-x)"], True),
        (["psd(x)", "psd(-x)"], False),
        (["psd(x)", "psd(-x)", "nonsingular(x)"], True),
        (["psd(x)", "psd(y)", "x + y + 1 = 0"], True),
        (["psd(x)", "psd(y)", "x + y = 0"], False),
        (["x*x + y*y + 2*x*y + 1 = 0"], True),
        (["nonsingular(x)", "x*y = 0", "nonsingular(y)"], True),
        (["psd(x)", "psd(y)", "x*y + 1 = 0"], True),
        ([], False),
    ],
)
def test_contradictions_between_numbers(facts: list[str], contradictory: bool) -> None:
    scalars = [{"matrix": name, "index": [], "shape": ["1", "1"]} for name in "xyzw"]
    setup = [*scalars, *({"given": f"h{k}", "fact": fact} for k, fact in enumerate(facts))]
    data = contradiction("absent", setup, time.monotonic() + 20)
    assert (data is not None) is contradictory
    if data is not None:
        bundle = {"format": "symlora-certificate", "version": 1, "theorems": [data]}
        assert replay(bundle)[0].holes == ()
        wrong = copy.deepcopy(bundle)
        wrong["theorems"][0]["setup"][4]["fact"] = "x = x"
        with pytest.raises(Rejected):
            replay(wrong)


@pytest.mark.parametrize(
    ("claim", "entries", "truth"),
    [
        ("exists X: n x n: X^2 = A", [0, 1, 0, 0], False),
        ("exists X: n x n: X^2 = A", [0, 0, 0, 0], True),
        ("exists X: n x n: X^2 = A", [2, 0, 0, 2], True),
        ("exists X: n x n: X X' = A", [0, 1, 1, 0], False),
        ("exists X: n x n: X A - A X = I", [1, 2, 3, 4], False),
        ("exists X: n x n with X symmetric: A X = I", [1, 1, 0, 1], False),
        ("exists X: n x n with X nonsingular: A X = 0", [1, 0, 0, 0], False),
        ("exists X: n x n with rank(X) <= 1: X = A", [1, 0, 0, 1], False),
        ("exists X: n x n with rank(X) <= 1: X = A", [1, 1, 1, 1], True),
        ("exists x: n: A x = x and x' x = 1", [0, -1, 1, 0], False),
        ("exists x: n: x' A x < 0", [1, 0, 0, 1], False),
        ("exists x: n: not (x' A x = 0)", [0, 1, -1, 0], False),
        ("exists X: n x n: A X = X^-1 and X A = 0", [1, 0, 0, 0], False),
        ("for all x: n: x' A x = 0", [0, 1, -1, 0], True),
        ("for all x: n: x' A x = 0", [0, 1, 0, 0], False),
        ("for all x: n: 0 <= x' A x", [1, 1, -1, 1], True),
        ("for all x: n with A x = 0: x = 0", [1, 2, 3, 4], True),
        ("for all x: n with A x = 0: x = 0", [1, 1, 1, 1], False),
        ("for all X: n x n with X A = 0: X = 0 or X^2 = 0", [0, 1, 0, 0], False),
        ("exists X: n x n: X^2 = A", [-1, 0, 0, -1], True),
    ],
)
def test_quantifiers_at_an_instance(claim: str, entries: list[int], truth: bool) -> None:
    assert at({"n": 2}, A=entries).truth(read(f"A != A or ({claim})", ["A: n x n"]).goal) is truth


def test_nothing_is_called_absent_that_is_there() -> None:
    draw = Random("there")
    bodies = [
        "X^2 = A",
        "X A = A X and X nonsingular",
        "X X' = A",
        "A X A = A",
        "X = A' and rank(X) <= 2",
        "psd(X) and X = A",
    ]
    for _ in range(30):
        goal = read(f"exists X: n x n: {draw.choice(bodies)}", ["A: n x n"]).goal
        x = fmpq_mat(2, 2, [draw.randint(-3, 3) for _ in range(4)])
        for a in (x * x, x * x.transpose(), x):
            here = Instance({"n": 2}, {"A": a})
            try:
                there = here.with_matrices({"X": x}).truth(goal.parts[0])
            except (Undefined, NotRepresentable):
                continue
            if there is True:
                assert refuted(here, goal.letters, goal.parts[0]) is None


def test_the_certificate_beside_a_refuted_existence() -> None:
    found = decide("exists X: n x n: X^2 = A", ["A: n x n"], dims="n=2")
    assert found.verdict == "refuted"
    assert found.witness is not None
    assert found.certificate is not None
    assert found.witness["matrices"] == {"A": [["0", "1"], ["0", "0"]]}
    (theorem,) = replay(found.certificate)
    assert theorem.statement == found.statement
    assert "then g1: 1 = 0" in found.statement
    statement = read("exists X: n x n: X^2 = A", ["A: n x n"], dims="n=2")
    assert not recheck(statement, {**found.witness, "matrices": {"A": [["0", "0"], ["0", "0"]]}})


def test_nothing_exists_for_all_sizes() -> None:
    found = decide("not exists X: n x n: X A - A X = I", ["A: n x n"])
    assert found.verdict == "proved"
    assert "given h2: ((X*A) + (-(A*X))) = eye(n)" in found.statement
    wrong = decide("not exists X: n x n: X A - A X = I - A", ["A: n x n"], seconds=4)
    assert wrong.verdict == "refuted"
    at_shape = decide("not exists X: n x n: X^2 = -I", [], dims="n=1")
    assert (at_shape.verdict, at_shape.shape) == ("proved-at-shape", ("n = 1",))
