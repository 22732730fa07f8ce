"""The same claims for three: this engine, Hypothesis and z3: ``python benchmarks/peers.py [SECONDS] [PART]``.

Hypothesis draws sizes 1 to 3 and small rational entries, and the exact evaluator of this project decides each instance:
it can only refute. z3 gets the entries as real numbers, at sizes 1 and 2, and the negated claim: a model counts as a
refutation only when it is evaluated again exactly; that there is none at these shapes is counted as "at shape", never
as a proof for all sizes. What z3 has no words for is "not expressible". SECONDS bounds each engine on each claim
(default 3), PART selects claims that contain it, or a kind.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from fractions import Fraction
from itertools import combinations, product
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

import hypothesis
from claims_corpus import CORPUS, Case
from flint import fmpq, fmpq_mat
from hypothesis import strategies as st

from symlora.claims.statement import Statement, read
from symlora.claims.terms import Claim, Term
from symlora.claims.values import Instance, Undefined
from symlora.decide.problem import natural_names
from symlora.decide.verdict import decide
from symlora.domains.values import NotRepresentable

try:
    import z3
except ImportError:
    z3 = None

EXAMPLES, MOST_SHAPES = 400, 8
ENTRIES = st.one_of(st.integers(-3, 3), st.fractions(-2, 2, max_denominator=3))


class Answer(NamedTuple):
    """What an engine said: refuted, proved, at shape, unknown, or not expressible; and the seconds it took."""

    verdict: str
    seconds: float


class Stop(BaseException):
    """Ends a search; not an Exception, so that it is not taken for a failing example and tried again."""


class NotExpressible(Exception):
    """A claim for which there are no polynomials over the entries."""


def ours(case: Case, seconds: float) -> Answer:
    """Ask this engine."""
    start = time.perf_counter()
    found = decide(case.claim, case.let, case.given, seconds=seconds)
    verdict = {"proved-at-shape": "at shape", "untested": "unknown"}.get(found.verdict, found.verdict)
    return Answer(verdict, time.perf_counter() - start)


def holds(instance: Instance, claims: Sequence[Claim]) -> bool:
    """Return whether claims certainly hold at an instance."""
    try:
        return all(instance.truth(claim) is True for claim in claims)
    except (Undefined, NotRepresentable):
        return False


def breaks(statement: Statement, naturals: dict[str, int], values: dict[str, Any]) -> bool:
    """Return whether an instance satisfies the hypotheses and breaks the goal, evaluated exactly."""
    instance = Instance(naturals, values)
    if not holds(instance, [one.claim for one in statement.hypotheses]):
        return False
    try:
        return instance.truth(statement.goal) is False
    except (Undefined, NotRepresentable):
        return False


def property_based(case: Case, seconds: float) -> Answer:
    """Ask Hypothesis with natural strategies; the time is that until the first counterexample."""
    start = time.perf_counter()
    statement = read(case.claim, case.let, case.given)
    found: list[float] = []

    @hypothesis.settings(
        max_examples=EXAMPLES, database=None, deadline=None, derandomize=True, phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )  # fmt: skip
    @hypothesis.given(st.data())
    def attempt(data: Any) -> None:
        naturals = {name: data.draw(st.integers(least, 3)) for name, least in natural_names(statement)}
        empty, values = Instance(naturals, {}), {}
        for letter in statement.letters.values():
            if letter.kind != "natural":
                rows, cols = empty.size(letter.rows), empty.size(letter.cols)
                drawn = data.draw(st.lists(ENTRIES, min_size=rows * cols, max_size=rows * cols))
                values[letter.name] = fmpq_mat(
                    rows, cols, [fmpq(Fraction(x).numerator, Fraction(x).denominator) for x in drawn]
                )
        if time.perf_counter() - start > seconds:
            raise Stop
        if breaks(statement, naturals, values):
            found.append(time.perf_counter() - start)
            raise Stop

    with suppress(Stop, hypothesis.errors.Unsatisfiable):
        attempt()
    return Answer("refuted", found[0]) if found else Answer("unknown", time.perf_counter() - start)


Rows = list[list[Any]]


class Entries:
    """A claim at fixed sizes as formulas over real entries; `side` are defining conditions of what had to be named."""

    def __init__(self, statement: Statement, naturals: dict[str, int]) -> None:
        self.instance, self.naturals = Instance(naturals, {}), naturals
        self.side: list[Any] = []
        self.letters: dict[str, Rows] = {}
        for letter in statement.letters.values():
            if letter.kind != "natural":
                rows, cols = self.instance.size(letter.rows), self.instance.size(letter.cols)
                self.letters[letter.name] = [
                    [z3.Real(f"{letter.name}_{i}_{j}") for j in range(cols)] for i in range(rows)
                ]
        self.fresh = 0

    def new(self) -> Any:
        """Return a fresh real."""
        self.fresh += 1
        return z3.Real(f"new_{self.fresh}")

    def term(self, term: Term) -> Rows:
        """Return the entries of a term."""
        rows, cols = self.instance.size(term.rows), self.instance.size(term.cols)
        kind = term.kind
        if kind == "letter":
            return self.letters[term.data]
        if kind == "number":
            return [[z3.RealVal(str(term.data))]]
        if kind == "nat":
            return [[z3.RealVal(self.naturals[term.data])]]
        if kind in ("zero", "ones", "eye"):
            return [[z3.RealVal({"zero": 0, "ones": 1, "eye": int(i == j)}[kind]) for j in range(cols)]
                    for i in range(rows)]  # fmt: skip
        parts = [self.term(part) for part in term.args] if kind not in ("block", "slice", "sum") else []
        if kind == "plus":
            return [[sum((m[i][j] for m in parts[1:]), parts[0][i][j]) for j in range(cols)] for i in range(rows)]
        if kind == "minus":
            return [[-x for x in row] for row in parts[0]]
        if kind == "times":
            out = parts[0]
            for other in parts[1:]:
                out = times(out, other)
            return out
        if kind == "transpose":
            return flip(parts[0])
        if kind == "power":
            out = [[z3.RealVal(int(i == j)) for j in range(rows)] for i in range(rows)]
            for _ in range(term.data):
                out = times(out, parts[0])
            return out
        if kind == "over":
            return [[x / parts[1][0][0] for x in row] for row in parts[0]]
        if kind == "inv":
            return inverse(parts[0])
        if kind == "block":
            return [line for row in term.args for line in beside([self.term(part) for part in row.args])]
        if kind == "hadamard":
            return [[x * y for x, y in zip(*pair, strict=True)] for pair in zip(*parts, strict=True)]
        if kind in ("tr", "det", "normF", "norm2", "sqrt", "rank", "normMax", "norm1", "normInf"):
            return [[self.scalar(kind, parts[0])]]
        if kind in ("relu", "abs"):
            return [[z3.If(x >= 0, x, -x if kind == "abs" else 0) for x in row] for row in parts[0]]
        if kind in ("max", "min"):
            return [[z3.If((x >= y) if kind == "max" else (x <= y), x, y) for x, y in zip(*pair, strict=True)]
                    for pair in zip(*parts, strict=True)]  # fmt: skip
        raise NotExpressible(kind)

    def scalar(self, kind: str, m: Rows) -> Any:
        """Return a scalar function of a matrix."""
        if kind == "tr":
            return sum((m[i][i] for i in range(1, len(m))), m[0][0])
        if kind == "det":
            return det(m)
        if kind in ("normMax", "norm1", "normInf"):
            sizes = [[z3.If(x >= 0, x, -x) for x in row] for row in m]
            lines = (
                [[x] for row in sizes for x in row]
                if kind == "normMax"
                else sizes
                if kind == "normInf"
                else flip(sizes)
            )
            sums = [sum(line[1:], line[0]) for line in lines]
            out = sums[0]
            for x in sums[1:]:
                out = z3.If(x >= out, x, out)
            return out
        if kind == "rank":
            return self.rank(m)
        root = self.new()
        if kind in ("sqrt", "normF"):
            inner = m[0][0] if kind == "sqrt" else sum((x * x for row in m for x in row), z3.RealVal(0))
            self.side += [root >= 0, root * root == inner]
            return root
        gram = times(flip(m), m)  # norm2: the least root with root^2 - M'M semidefinite
        gap = [[(root * root if i == j else 0) - gram[i][j] for j in range(len(gram))] for i in range(len(gram))]
        self.side += [root >= 0, psd(gap), det(gap) == 0]
        return root

    def rank(self, m: Rows) -> Any:
        """Return the rank by minors."""
        most, out = min(len(m), len(m[0])), z3.RealVal(0)
        for k in range(1, most + 1):
            places = product(combinations(range(len(m)), k), combinations(range(len(m[0])), k))
            minors = [det([[m[i][j] for j in cols] for i in rows]) for rows, cols in places]
            out = z3.If(z3.Or([x != 0 for x in minors]), z3.RealVal(k), out)
        return out

    def claim(self, claim: Claim) -> Any:
        """Return a claim as a formula."""
        kind = claim.kind
        if kind in ("and", "or", "not", "implies", "iff"):
            parts = [self.claim(part) for part in claim.parts]
            if kind == "iff":
                return parts[0] == parts[1]
            return {"and": z3.And, "or": z3.Or, "not": z3.Not, "implies": z3.Implies}[kind](*parts)
        if kind in ("exists", "forall", "surely"):
            raise NotExpressible(kind)
        parts = [self.term(term) for term in claim.terms]
        if kind in ("=", "!="):
            same = equal(*parts)
            return same if kind == "=" else z3.Not(same)
        if kind in ("<=", "<"):
            left, right = (part[0][0] for part in parts)
            return left <= right if kind == "<=" else left < right
        m = parts[0]
        one = [[z3.RealVal(int(i == j)) for j in range(len(m))] for i in range(len(m))]
        minus = [[-x for x in row] for row in m]
        if kind == "nonsingular":
            return det(m) != 0
        if kind in ("psd", "pd"):
            return z3.And(psd(m), det(m) != 0) if kind == "pd" else psd(m)
        if kind in ("symmetric", "skew", "orthogonal", "idempotent"):
            left = {"symmetric": m, "skew": minus, "orthogonal": times(flip(m), m), "idempotent": times(m, m)}[kind]
            return equal(left, {"symmetric": flip(m), "skew": flip(m), "orthogonal": one, "idempotent": m}[kind])
        if kind == "nonneg":
            return z3.And([x >= 0 for row in m for x in row])
        if kind == "diagonal":
            return z3.And([m[i][j] == 0 for i in range(len(m)) for j in range(len(m[0])) if i != j])
        raise NotExpressible(kind)


def times(a: Rows, b: Rows) -> Rows:
    """Return a product of matrices, or of a scalar and a matrix."""
    if len(a[0]) == len(b):
        return [[sum((a[i][k] * b[k][j] for k in range(1, len(b))), a[i][0] * b[0][j]) for j in range(len(b[0]))]
                for i in range(len(a))]  # fmt: skip
    c, m = (a[0][0], b) if len(a) == len(a[0]) == 1 else (b[0][0], a)
    return [[c * x for x in row] for row in m]


def flip(m: Rows) -> Rows:
    """Return a transpose."""
    return [list(column) for column in zip(*m, strict=True)]


def beside(parts: list[Rows]) -> Rows:
    """Return matrices beside each other."""
    return [[x for part in parts for x in part[i]] for i in range(len(parts[0]))]


def det(m: Rows) -> Any:
    """Return a determinant by its first row."""
    if len(m) == 1:
        return m[0][0]
    terms = [(-1) ** j * m[0][j] * det([row[:j] + row[j + 1 :] for row in m[1:]]) for j in range(len(m))]
    return sum(terms[1:], terms[0])


def inverse(m: Rows) -> Rows:
    """Return an inverse by cofactors."""
    n, d = len(m), det(m)
    if n == 1:
        return [[1 / m[0][0]]]
    minor = [[det([row[:j] + row[j + 1 :] for k, row in enumerate(m) if k != i]) for j in range(n)] for i in range(n)]
    return [[(-1) ** (i + j) * minor[j][i] / d for j in range(n)] for i in range(n)]


def psd(m: Rows) -> Any:
    """Return that a matrix is symmetric and all its principal minors are at least 0."""
    places = [list(p) for k in range(1, len(m) + 1) for p in combinations(range(len(m)), k)]
    return z3.And(equal(m, flip(m)), *[det([[m[i][j] for j in p] for i in p]) >= 0 for p in places])


def equal(a: Rows, b: Rows) -> Any:
    """Return that two matrices are equal."""
    return z3.And([x == y for pair in zip(a, b, strict=True) for x, y in zip(*pair, strict=True)])


def shapes(statement: Statement) -> Iterator[dict[str, int]]:
    """Yield the choices of sizes 1 and 2, and of naturals up to 2."""
    names = natural_names(statement)
    for values in sorted(product(*(range(least, 3) for _, least in names)), key=sum)[:MOST_SHAPES]:
        yield dict(zip([name for name, _ in names], values, strict=True))


def solver(case: Case, seconds: float) -> Answer:
    """Ask z3 at small shapes."""
    start = time.perf_counter()
    statement = read(case.claim, case.let, case.given)
    closed = True
    try:
        for naturals in shapes(statement):
            left = seconds - (time.perf_counter() - start)
            if left <= 0:
                return Answer("unknown", seconds)
            entries = Entries(statement, naturals)
            asked = z3.SolverFor("QF_NRA") if not naturals else z3.Solver()
            asked.set("timeout", max(1, int(1000 * left)))
            hypotheses = [entries.claim(one.claim) for one in statement.hypotheses]
            goal = entries.claim(statement.goal)
            asked.add(*hypotheses, *entries.side, z3.Not(goal))
            said = asked.check()
            if said == z3.sat and breaks(statement, naturals, rational(asked.model(), entries)):
                return Answer("refuted", time.perf_counter() - start)
            closed = closed and said == z3.unsat
    except NotExpressible:
        return Answer("not expressible", time.perf_counter() - start)
    except (z3.Z3Exception, IndexError, ValueError):
        closed = False
    return Answer("at shape" if closed else "unknown", time.perf_counter() - start)


def rational(model: Any, entries: Entries) -> dict[str, Any]:
    """Return the matrices of a model; irrational entries are replaced by a near rational, and then checked exactly."""
    found = {}
    for name, rows in entries.letters.items():
        values = []
        for x in (x for row in rows for x in row):
            value = model.eval(x, model_completion=True)
            if not z3.is_rational_value(value):
                value = value.approx(12)
            values.append(fmpq(value.numerator_as_long(), value.denominator_as_long()))
        found[name] = fmpq_mat(len(rows), len(rows[0]), values)
    return found


def main() -> int:
    """Run the corpus and print the table; the exit status is 2 without z3."""
    if z3 is None:
        sys.stderr.write("peers: expected z3, found none: pip install 'symlora[smt]'\n")
        return 2
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 3.0
    part = sys.argv[2] if len(sys.argv) > 2 else ""
    engines = {"symlora": ours, "Hypothesis": property_based, "z3": solver}
    cases = [case for case in CORPUS if part in case.claim or part == case.kind]
    done = [(case, {name: engine(case, seconds) for name, engine in engines.items()}) for case in cases]
    sys.stdout.write(f"{'kind':<16}{'truth':<7}{'claims':>7}" + "".join(f"{name:>20}" for name in engines)
                     + f"{'z3 at shape':>13}{'not expr.':>11}{'peers together':>16}\n")  # fmt: skip
    for kind, true in [*dict.fromkeys((case.kind, case.true) for case in cases), ("all", True), ("all", False)]:
        chosen = [answers for case, answers in done if kind in (case.kind, "all") and case.true is true]
        if chosen:
            sys.stdout.write(row(kind, true, chosen) + "\n")
    return 0


def row(kind: str, true: bool, chosen: list[dict[str, Answer]]) -> str:
    """Return one line: how many each engine solved, with the median time of these."""
    right = "proved" if true else "refuted"
    text = f"{kind:<16}{'true' if true else 'false':<7}{len(chosen):>7}"
    for name in chosen[0]:
        times_of = [answers[name].seconds for answers in chosen if answers[name].verdict == right]
        text += f"{(f'{len(times_of)} ({median(times_of):.2f} s)' if times_of else '0'):>20}"
    shape = sum(answers["z3"].verdict == "at shape" for answers in chosen)
    silent = sum(answers["z3"].verdict == "not expressible" for answers in chosen)
    both = sum(right in (answers["Hypothesis"].verdict, answers["z3"].verdict) for answers in chosen)
    return f"{text}{shape:>13}{silent:>11}{both:>16}"


if __name__ == "__main__":
    sys.exit(main())
