"""Identities and Frobenius norms of positive parts, for all sizes: inner products of nonnegative matrices are >= 0.

``relu(A)`` is P where A = P - Q, P and Q have entries >= 0, and where one has an entry that is not 0 the other has 0.
Of that the kernel is given what inner products say: <P, Q> = 0, and <U, V> >= 0 for products U, V of nonnegative
matrices. An equation X = 0 follows from |X|^2 <= 0, where |X|^2 = <X, Y> with Y like X, each part exchanged for the
other (the decomposition A = P - Q is unique); a norm is smaller than another by the same inner products and squares.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import reduce
from itertools import combinations, islice, product
from typing import Any

from symlora.claims.statement import Statement
from symlora.claims.terms import Claim, Term
from symlora.decide.leaves import Leaves, OutOfLeaves
from symlora.decide.patterns import stated, with_setup
from symlora.decide.prove import Outcome, bundled
from symlora.decide.translate import NoKernelForm, Translation
from symlora.kernel import words
from symlora.kernel.errors import Rejected
from symlora.kernel.facts import difference
from symlora.kernel.printing import matrix_text, nat_text
from symlora.kernel.replay import add_item
from symlora.kernel.words import Key, Matrix
from symlora.rules.algebra import prove_equation
from symlora.rules.combinations import combine
from symlora.rules.scope import Scope

MAX_WORDS, MAX_EXCHANGES = 16, 16


class Parts(Translation):
    """A statement in the kernel's language that notes which letters are nonnegative and which are two parts."""

    def __init__(self, statement: Statement) -> None:
        super().__init__(statement)
        self.other: dict[str, str] = {}
        """Each part of a pair with the other one; a nonnegative matrix of its own has none."""
        self.nonnegative: set[str] = set()
        self.orthogonal: set[str] = set()
        self.inner: list[tuple[str, str, str]] = []
        for one in statement.hypotheses:
            self._note(one.claim)

    def _note(self, claim: Claim) -> None:
        kind, terms = claim.kind, claim.terms
        letter = terms[-1] if kind in ("<=", "<") else terms[0] if terms else None
        if letter is None or letter.kind != "letter":
            return
        if kind == "nonneg" or (kind == "box" and _sign(terms[1])) or (kind in ("<=", "<") and _sign(terms[0])):
            self.nonnegative.add(self.names[letter.data])
        elif kind == "orthogonal":
            self.orthogonal.add(self.names[letter.data])

    def _signed(self, inner: Term) -> tuple[str, str]:
        p, q = super()._signed(inner)
        if p not in self.other:
            self.other |= {p: q, q: p}
            self.nonnegative |= {p, q}
            self.inner.append((self.text(inner), p, q))
        return p, q

    def text(self, term: Term) -> str:
        """Return a matrix term as kernel text; `max` and `min` by the positive part of a difference."""
        if term.kind in ("max", "min") and not term.natural:
            a, b = term.args
            gap = Term("plus", (a, Term("minus", (b,), b.rows, b.cols)), a.rows, a.cols)
            positive = self.text(Term("relu", (gap,), a.rows, a.cols))
            return f"({self.text(b)} + {positive})" if term.kind == "max" else f"({self.text(a)} - {positive})"
        return super().text(term)

    def is_nonnegative(self, key: Key) -> bool:
        """Return whether a product has only nonnegative factors."""
        loops, word = key
        return all(len(part) == 1 or part == word for part in (*loops, word)) and all(
            not x.args and x.head in self.nonnegative for part in (*loops, word) for x in part
        )

    def disjoint(self, a: Key, b: Key) -> bool:
        """Return whether two nonnegative products have no common entry that is not 0."""
        if not a[1] or not b[1]:
            return False
        heads = [x.head for x in (*a[1][:-1], *b[1][:-1])]
        same = a[0] == b[0] and a[1][:-1] == b[1][:-1] and all(head in self.orthogonal for head in heads)
        last, other = a[1][-1], b[1][-1]
        return same and not last.flipped and not other.flipped and self.other.get(last.head) == other.head


def _sign(term: Term) -> bool:
    return term.kind == "zero" or (term.kind == "number" and term.data >= 0)


def prove_by_parts(statement: Statement, deadline: float) -> Outcome:
    """Look for a proof, for all sizes, of an equation with `relu` or of an inequality between Frobenius norms.

    >>> import time
    >>> from symlora.claims.statement import read
    >>> claim = read("normF(relu(A) - relu(B)) <= normF(A - B)", ["A, B: m x n"])
    >>> prove_by_parts(claim, time.monotonic() + 20).detail
    '1 theorem, by inner products of nonnegative matrices'
    """
    goal = statement.goal
    try:
        entries = Parts(statement)
        entries.hypotheses()
        if goal.kind == "=" and not goal.terms[0].scalar:
            data = _equation(entries, goal, deadline)
        elif goal.kind == "<=" and all(term.kind == "normF" for term in goal.terms):
            data = _norms(entries, goal, deadline)
        else:
            return Outcome(None, "", "no equation of matrices and no Frobenius norms")
    except (NoKernelForm, Rejected, OutOfLeaves) as error:
        return Outcome(None, "", str(error))
    reasons: list[str] = []
    outcome = bundled([data], reasons) if data is not None else None
    if outcome is None:
        return Outcome(None, "", "; ".join(reasons) or "inner products of nonnegative matrices do not show it")
    return Outcome(outcome.bundle, outcome.statement, f"{outcome.detail}, by inner products of nonnegative matrices")


def _products(entries: Parts, scope: Scope, first: Matrix, second: Matrix) -> None:
    """Add givens for the inner products of the nonnegative terms of two matrices."""
    for a, _ in first.terms:
        for b, _ in second.terms:
            if not (entries.is_nonnegative(a) and entries.is_nonnegative(b)):
                continue
            u, v = (Matrix(first.rows, first.cols, ((key, Fraction(1)),)) for key in (a, b))
            inner = words.apply("tr", (words.times(words.transpose(u), v),))
            text = matrix_text(inner)
            fact = f"{text} = 0" if entries.disjoint(a, b) else f"psd({text})"
            if any(item.get("fact") == fact for item in entries.setup):
                continue
            entries.given(fact)
            add_item(scope.context, entries.setup[-1])


def _exchanged(entries: Parts, m: Matrix, scope: Scope) -> Iterator[Matrix]:
    """Yield matrices with parts exchanged for the other ones, and nonnegative products of their own for 0."""
    choices: list[list[Matrix]] = []
    for (loops, word), c in m.terms:
        if not word or word[-1].args or word[-1].head not in entries.nonnegative:
            return
        nothing, other = words.zero(m.rows, m.cols), entries.other.get(word[-1].head)
        if other is None or word[-1].flipped:
            choices.append([nothing])
            continue
        value = words.scalar(c)
        for x in [x for part in loops for x in part] + list(word[:-1]):
            value = words.times(value, words.letter(x))
        choices.append([words.times(value, scope.context.matrix(other)), *([nothing] if len(word) > 1 else [])])
    for chosen in islice(product(*choices), MAX_EXCHANGES):
        yield reduce(words.add, chosen, words.zero(m.rows, m.cols))


def _equation(entries: Parts, goal: Claim, deadline: float) -> dict[str, Any] | None:
    (fact,) = entries.facts(goal)
    scope = with_setup(entries)
    body = scope.context.read(fact).body
    if prove_equation(scope, body, entries.givens, "goal1") is None:
        return stated("claim", entries, scope, [fact], ["goal1"])
    x = difference(body)
    for y in _exchanged(entries, x, scope) if len(x.terms) <= MAX_WORDS else ():
        square = _same_square(scope, entries, x, words.transpose(x), y)
        if square is not None:
            break
    else:
        return None
    _products(entries, scope, x, y)
    tree = Leaves(scope, [*entries.givens, square, *_signs(scope, [x])], [], deadline)
    length, label = scope.name(), scope.name()
    size = matrix_text(words.apply("tr", (words.times(words.transpose(x), x),)))
    steps = tree.leaf(scope.context.read(f"{size} = 0").body, {}, length)
    if steps is None:
        return None
    for step in steps:
        scope.add(step)
    scope.fetch("claims/frobenius-zero")
    sizes = {"m": nat_text(x.rows), "n": nat_text(x.cols)}
    scope.cite("claims/frobenius-zero", sizes, {"A": matrix_text(x)}, [length], [label])
    scope.add({"rule": "eq", "fact": fact, "by": [["1", label, "1"]], "as": "goal1"})
    return stated("claim", entries, scope, [fact], ["goal1"])


def _same_square(scope: Scope, entries: Parts, x: Matrix, left: Matrix, y: Matrix) -> str | None:
    """Prove x = y and with it ``tr(x'*x) = tr(left*y)``, where left is x' or y'; return the name of the latter."""
    same, product_fact, name = scope.name(), scope.name(), scope.name()
    equation = scope.context.read(f"{matrix_text(x)} = {matrix_text(y)}").body
    if prove_equation(scope, equation, entries.givens, same) is not None:
        return None
    a, b, c = (matrix_text(m) for m in (words.transpose(x), words.times(words.transpose(x), x), words.times(left, y)))
    by = [[f"({a})", same, "1"]]
    if left != words.transpose(x):
        by.append(["1", f"{same}'", f"({matrix_text(y)})"])
    scope.add({"rule": "eq", "fact": f"{b} = {c}", "by": by, "as": product_fact})
    scope.cite("axiom/trace-congruence", {"n": nat_text(x.cols)}, {"M": b, "N": c}, [product_fact], [name])
    return name


def _signs(scope: Scope, matrices: list[Matrix]) -> Iterator[str]:
    """Yield the names of facts ``0 <= tr(D'*D)``."""
    scope.fetch("claims/square-sign")
    for m in matrices:
        name = scope.name()
        sizes = {"m": nat_text(m.rows), "n": nat_text(m.cols)}
        scope.cite("claims/square-sign", sizes, {"M": matrix_text(m)}, [], [name])
        yield name


def _norms(entries: Parts, goal: Claim, deadline: float) -> dict[str, Any] | None:
    (fact,) = entries.facts(goal)
    small, large = (entries.text(term.args[0]) for term in goal.terms)
    scope = with_setup(entries)
    s, t = scope.context.matrix(small), scope.context.matrix(large)
    written = _written_out(entries, scope, t)
    if len(written.terms) + len(s.terms) > MAX_WORDS:
        return None
    for a in (s, written):
        for b in (s, written):
            if (a.rows, a.cols) == (b.rows, b.cols):
                _products(entries, scope, a, b)
    letters = [Matrix(t.rows, t.cols, ((key, Fraction(1)),)) for key, _ in written.terms]
    pairs = [m for a, b in combinations(letters, 2) for m in (words.minus(a, b), words.add(a, b))]
    names = [*entries.givens, *_signs(scope, [*letters, *pairs, s, t])]
    same = _same_square(scope, entries, t, words.transpose(written), written)
    if same is None:
        return None
    tree = Leaves(scope, [*names, same], [], deadline)
    tr_s, tr_t = (words.apply("tr", (words.times(words.transpose(m), m),)) for m in (s, t))
    step = tree.combination(words.minus(tr_t, tr_s), {})
    if step is None:
        return None
    below = scope.name()
    scope.add({**step, "as": below})
    found: list[list[str]] = []
    scope.fetch("claims/frobenius")
    for m in (s, t):
        found.append([scope.name(), scope.name()])
        sizes = {"m": nat_text(m.rows), "n": nat_text(m.cols)}
        scope.cite("claims/frobenius", sizes, {"M": matrix_text(m)}, [], found[-1])
    f, g = (f"sqrt({matrix_text(m)})" for m in (tr_s, tr_t))
    squares, bound = scope.name(), scope.name()
    scope.add({"rule": "psd", "fact": f"psd({g}*{g} - {f}*{f})", "squares": [["1", "1", below]],
               "by": [["1", found[1][0], "1"], ["-1", found[0][0], "1"]], "as": squares})  # fmt: skip
    scope.cite("axiom/order-of-squares", {}, {"a": g, "b": f}, [found[1][1], squares], [bound])
    scope.add({"rule": "psd", "fact": fact, "squares": [["1", "1", bound]], "by": [], "as": "goal1"})
    return stated("claim", entries, scope, [fact], ["goal1"])


def _written_out(entries: Parts, scope: Scope, m: Matrix) -> Matrix:
    """Return a matrix in terms of positive parts: each inner term of a ReLU that occurs in it is replaced."""
    columns: list[Matrix] = []
    values: list[Matrix] = []
    for inner, p, q in entries.inner:
        value = scope.context.matrix(inner)
        if (value.rows, value.cols) == (m.rows, m.cols):
            columns.append(value)
            values.append(words.minus(scope.context.matrix(p), scope.context.matrix(q)))
    own = [Matrix(m.rows, m.cols, ((key, Fraction(1)),)) for key, _ in m.terms]
    found = combine(m, [*columns, *own], 0) if columns else None
    out = words.zero(m.rows, m.cols)
    for place, c in (found or {}).items():
        out = words.add(out, words.scale((*values, *own)[place], c))
    return out if found is not None else m
