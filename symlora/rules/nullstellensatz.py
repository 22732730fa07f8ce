"""That equations and inequalities between real numbers contradict each other, as a theorem of the kernel.

Without inequalities: 1 is a combination of the polynomials with polynomial multipliers (Hilbert's Nullstellensatz says
that there are such multipliers if there is no complex solution). With them, or where only real solutions are missing:
-1 is a sum of squares, of squares times what is >= 0, and of such a combination (Positivstellensatz; Stengle 1974). The
multipliers are sought among polynomials of small degree by exact linear algebra and linear programming.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations, combinations_with_replacement
from math import lcm
from typing import Any

from flint import fmpq, fmpq_mat, nmod_mat

from symlora.kernel import words
from symlora.kernel.context import Context
from symlora.kernel.errors import Rejected
from symlora.kernel.facts import difference
from symlora.kernel.naturals import ONE
from symlora.kernel.printing import matrix_text
from symlora.kernel.replay import Library, add_item
from symlora.kernel.words import Matrix
from symlora.rules.combinations import combine
from symlora.rules.pruning import prune
from symlora.rules.scope import Scope

PRIME = 2**61 - 1
MAX_DEGREE, MAX_COLUMNS, MAX_SQUARES = 4, 1_500, 40
Loop = tuple[Any, ...]


def contradiction(name: str, setup: Sequence[dict[str, Any]], deadline: float) -> dict[str, Any] | None:
    """Return a theorem ``1 = 0`` about scalars with these givens as data, or None if no proof was found.

    >>> setup = [{"matrix": "x", "index": [], "shape": ["1", "1"]}, {"given": "h1", "fact": "x*x + 1 = 0"}]
    >>> contradiction("no-root", setup, time.monotonic() + 5)["goals"]
    [{'name': 'g1', 'fact': '1 = 0'}]
    """
    scope = Scope(Context(), Library(), "s")
    try:
        for item in setup:
            add_item(scope.context, item)
        found = _Search(scope, [item["given"] for item in setup if "given" in item], deadline).run()
    except Rejected:
        return None
    if not found:
        return None
    return {
        "name": name, "title": "", "source": "", "setup": list(setup), "goals": [{"name": "g1", "fact": "1 = 0"}],
        "proof": prune(scope.steps, {"false"}), "done": ["false"],
    }  # fmt: skip


class _Search:
    """The facts about scalars in a scope, and combinations of them."""

    def __init__(self, scope: Scope, names: list[str], deadline: float) -> None:
        self.scope, self.deadline = scope, deadline
        self.equations: list[tuple[str, Matrix]] = []
        self.signs: list[tuple[str, Matrix]] = []
        self.strict: list[tuple[str, str, Matrix]] = []
        """What is positive: the facts that it is >= 0 and that it times its inverse is 1."""
        self._read(names)

    def _read(self, names: list[str]) -> None:
        regular: dict[Matrix, str] = {}
        for name in names:
            body = self.scope.fact(name).body
            if body.kind == "=":
                self.equations.append((name, difference(body)))
            elif body.kind == "psd":
                self.signs.append((name, body.sides[0]))
            elif body.kind == "nonsingular":
                (m,) = body.sides
                labels = [self.scope.name(), self.scope.name()]
                self.scope.cite("axiom/inverse", {"n": "1"}, {"M": matrix_text(m)}, [name], labels)
                regular[m] = labels[0]
                self.equations.append((labels[0], difference(self.scope.fact(labels[0]).body)))
        self.strict = [(name, regular[m], m) for name, m in self.signs if m in regular]

    def run(self) -> bool:
        """Add ``1 = 0`` as the fact ``false``, or return False."""
        for degree in range(MAX_DEGREE + 1):
            if time.monotonic() > self.deadline:
                return False
            columns = self._multiples(degree)
            if columns is None:
                break
            found = solved([value for _, _, value in columns], words.scalar(1)) if columns else None
            if found is not None:
                self._equation("1 = 0", [columns[k][:2] for k in found], list(found.values()), "false")
                return True
        targets = [(words.scalar(-1), None), *((words.negative(one[2]), one) for one in self.strict)]
        for degree in range(3):
            for target, strict in targets:
                if time.monotonic() > self.deadline:
                    return False
                if self._squares(target, strict, degree):
                    return True
        return False

    def _loops(self) -> list[Matrix]:
        """Return the scalars of which the facts are polynomials."""
        found: dict[Loop, None] = {}
        for _, m in (*self.equations, *self.signs):
            for (loops, _), _ in m.terms:
                found.update(dict.fromkeys(loops))
        out = []
        for loop in found:
            value = words.letter(loop[0])
            for x in loop[1:]:
                value = words.times(value, words.letter(x))
            out.append(value)
        return out

    def _monomials(self, degree: int) -> list[Matrix]:
        out = []
        for size in range(degree + 1):
            for chosen in combinations_with_replacement(self._loops(), size):
                value = words.scalar(1)
                for x in chosen:
                    value = words.times(value, x)
                out.append(value)
                if len(out) > MAX_COLUMNS:
                    return out
        return out

    def _multiples(self, degree: int) -> list[tuple[Matrix, str, Matrix]] | None:
        """Return multiples of the equations by monomials, None if there are too many."""
        monomials = self._monomials(degree)
        if len(monomials) * len(self.equations) > MAX_COLUMNS:
            return None
        return [(q, name, words.times(q, p)) for name, p in self.equations for q in monomials]

    def _equation(self, fact: str, columns: list[tuple[Matrix, str]], factors: list[Fraction], label: str) -> None:
        self.scope.add({"rule": "eq", "fact": fact, "by": _by(columns, factors), "as": label})

    def _squares(self, target: Matrix, strict: tuple[str, str, Matrix] | None, degree: int) -> bool:
        """Prove that a target, which is negative, is >= 0."""
        basic = self._monomials(min(degree, 1))
        roots = [*basic, *(words.add(a, b) for a, b in combinations(basic, 2)),
                 *(words.minus(a, b) for a, b in combinations(basic, 2))][:MAX_SQUARES]  # fmt: skip
        squares = [(q, "", words.times(q, q)) for q in roots]
        squares += [(q, name, words.times(words.times(q, q), p)) for name, p in self.signs for q in basic]
        squares += self._products() if degree else []
        multiples = self._multiples(degree) or []
        if len(squares) + len(multiples) > 300:
            return False
        found = combine(target, [value for _, _, value in (*squares, *multiples)], len(squares))
        if found is None:
            return False
        used = [(c, squares[k]) for k, c in found.items() if k < len(squares)]
        rest = [(c, multiples[k - len(squares)]) for k, c in found.items() if k >= len(squares)]
        items = [[matrix_text(words.scalar(c)), matrix_text(q), *([name] if name else [])] for c, (q, name, _) in used]
        by = _by([(q, name) for _, (q, name, _) in rest], [c for c, _ in rest])
        below = self.scope.name()
        self.scope.add({"rule": "psd", "fact": f"psd({matrix_text(target)})", "squares": items, "by": by, "as": below})
        if strict is None:
            self.scope.add({"rule": "absurd", "of": below, "fact": "1 = 0", "as": "false"})
            return True
        sign, inverse, m = strict
        nothing = self.scope.name()
        self.scope.cite("axiom/antisymmetric", {"n": "1"}, {"P": matrix_text(m)}, [sign, below], [nothing])
        factor = words.apply("inv", (m,))
        # 1 = m inv(m) - (m inv(m) - 1), and m = 0
        self._equation("1 = 0", [(factor, nothing), (words.scalar(1), inverse)], [Fraction(1), Fraction(-1)], "false")
        return True

    def _products(self) -> list[tuple[Matrix, str, Matrix]]:
        """Return products of two of the inequalities, as facts."""
        out = []
        for (first, c), (second, p) in list(combinations(self.signs, 2))[:12]:
            label = self.scope.name()
            self.scope.cite("axiom/multiple", {"n": "1"}, {"c": matrix_text(c), "P": matrix_text(p)}, [first, second],
                            [label])  # fmt: skip
            out.append((words.scalar(1), label, words.times(c, p)))
        return out


def _by(columns: list[tuple[Matrix, str]], factors: list[Fraction]) -> list[list[str]]:
    """Return multiples of equations as the kernel reads them, one for each equation."""
    total: dict[str, Matrix] = {}
    for (q, name), c in zip(columns, factors, strict=True):
        total[name] = words.add(total.get(name, words.zero(ONE, ONE)), words.scale(q, c))
    return [[matrix_text(q), name, "1"] for name, q in total.items()]


def solved(columns: Sequence[Matrix], target: Matrix) -> dict[int, Fraction] | None:
    """Return coefficients with ``target = sum c_k columns_k``, or None.

    Elimination modulo a prime shows which columns are needed; these are solved for exactly.
    """
    rows: dict[Any, int] = {}
    for m in (target, *columns):
        for key, _ in m.terms:
            rows.setdefault(key, len(rows))
    whole: Any = nmod_mat(len(rows), len(columns) + 1, PRIME)
    for k, m in enumerate((*columns, target)):
        for key, c in m.terms:
            if c.denominator % PRIME == 0:
                return None
            whole[rows[key], k] = c.numerator * pow(c.denominator, -1, PRIME) % PRIME
    reduced, rank = whole.rref()
    pivots = [next(j for j in range(len(columns) + 1) if reduced[i, j] != 0) for i in range(rank)]
    if len(columns) in pivots:
        return None
    used = [k for i, k in enumerate(pivots) if reduced[i, len(columns)] != 0]
    if not used:
        return None
    exact: Any = fmpq_mat(len(rows), len(used) + 1)
    for place, m in enumerate((*(columns[k] for k in used), target)):
        for key, c in m.terms:
            exact[rows[key], place] = fmpq(c.numerator, c.denominator)
    reduced, rank = exact.rref()
    if any(all(reduced[i, j] == 0 for j in range(len(used))) for i in range(rank)) or rank < len(used):
        return None
    found = {k: Fraction(int(reduced[i, len(used)].p), int(reduced[i, len(used)].q)) for i, k in enumerate(used)}
    scale = lcm(*(c.denominator for c in found.values()))
    return {k: c for k, c in found.items() if c} if scale < PRIME else None
