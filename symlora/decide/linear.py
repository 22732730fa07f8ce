"""Inequalities as combinations of known ones: nonnegative multiples of facts and squares, found by a linear program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations

from symlora.kernel import words
from symlora.kernel.facts import Relation, difference
from symlora.kernel.naturals import ONE
from symlora.kernel.printing import matrix_text, nat_text, relation_text
from symlora.kernel.words import Matrix
from symlora.rules.combinations import combine
from symlora.rules.scope import Scope

MAX_COLUMNS, MAX_FACTORS = 400, 14
Square = tuple[Matrix, str]
"""A summand q' P q: q, and the name of the fact psd(P), empty where P is the identity."""


def factors(m: Matrix) -> list[Matrix]:
    """Return the right parts of the words of a matrix, those inside traces included, that have as many columns."""
    found: dict[Matrix, None] = {}
    for (loops, word), _ in m.terms:
        for w in (*loops, word):
            for cut in range(len(w)):
                part = words.letter(w[cut])
                for x in w[cut + 1 :]:
                    part = words.times(part, words.letter(x))
                if part.cols == m.rows:
                    found.setdefault(part)
    return sorted(found, key=lambda q: sum(len(w) + sum(map(len, s)) for (s, w), _ in q.terms))[:MAX_FACTORS]


def squares(scope: Scope, m: Matrix, names: Sequence[str], vectors: Sequence[Matrix] = ()) -> Iterator[Square]:
    """Yield summands of the shape of `m`: sums and differences of its factors, alone and around known facts psd(P)."""
    one = words.identity(m.rows)
    basic = [one, *factors(m)] if m.rows == ONE else factors(m) or [one]
    if m.rows != ONE and one not in basic:
        basic = [*basic, one]
    basic += [q for q in vectors if q not in basic]
    for label in names:
        if label.endswith(".g1"):  # coordinate inclusions cut blocks out
            for head in label.removesuffix(".g1").split("-"):
                q = scope.context.matrix(head)
                basic += [q] if q.cols == m.rows else []
    known = []
    for name in names:
        fact = scope.fact(name)
        if fact.body.kind == "psd" and not fact.hints and not fact.conditions:
            known.append((name, fact.body.sides[0]))
    for name, p in known:
        if p.rows == m.rows:
            yield one, name
    for q in basic:
        yield q, ""
    for name, p in known:
        for q in basic:
            if q.rows == p.rows and q != one:
                yield q, name
    for a, b in combinations(basic, 2):
        if (a.rows, a.cols) == (b.rows, b.cols):
            yield words.minus(a, b), ""
            yield words.add(a, b), ""
            for name, p in known[:6]:
                if a.rows == p.rows:
                    yield words.minus(a, b), name
                    yield words.add(a, b), name


def summand(scope: Scope, square: Square) -> Matrix:
    """Return q' P q."""
    q, name = square
    inner = scope.fact(name).body.sides[0] if name else words.identity(q.rows)
    return words.times(words.times(words.transpose(q), inner), q)


def prove_by_squares(scope: Scope, goal: Relation, names: Sequence[str], name: str) -> bool:
    """Add ``psd(M)`` as fact `name` if M is a nonnegative combination of summands, up to named equations."""
    m = difference(goal)
    chosen: list[Square] = []
    columns: list[Matrix] = []
    for square in squares(scope, m, names):
        value = summand(scope, square)
        if (value.rows, value.cols) == (m.rows, m.cols) and len(columns) < MAX_COLUMNS:
            chosen.append(square)
            columns.append(value)
    equations = []
    for fact in names:
        body = scope.fact(fact)
        if body.body.kind == "=" and not body.hints and not body.conditions:
            gap = difference(body.body)
            for value, text in _multiples(gap, m, fact):
                equations.append(text)
                columns.append(value)
    found = combine(m, columns, len(chosen))
    if found is None:
        return False
    used = [(c, chosen[j]) for j, c in found.items() if j < len(chosen)]
    by = [[_multiplied(c, text[0]), text[1], text[2]]
          for j, c in found.items() if j >= len(chosen) for text in [equations[j - len(chosen)]]]  # fmt: skip
    items = [[matrix_text(words.scalar(c)), matrix_text(q), *([fact] if fact else [])] for c, (q, fact) in used]
    scope.add({"rule": "psd", "fact": relation_text(goal), "squares": items, "by": by, "as": name})
    return True


def _multiplied(c: Fraction, text: str) -> str:
    shown = matrix_text(words.scalar(c))
    return shown if text == "1" else f"({shown})*{text}"


def _multiples(gap: Matrix, m: Matrix, fact: str) -> Iterator[tuple[Matrix, list[str]]]:
    """Yield an equation, and its products with a factor on both sides, where they have the shape of `m`."""
    one = words.identity(m.rows)
    if (gap.rows, gap.cols) == (m.rows, m.cols):
        yield gap, ["1", fact, "1"]
        if gap.rows != ONE:
            yield words.transpose(gap), ["1", f"{fact}'", "1"]
    elif gap.rows == gap.cols == ONE:
        yield words.times(gap, one), ["1", fact, f"eye({matrix_size(m)})"]
    for q in factors(m)[:6]:
        flipped = words.transpose(q)
        if q.rows == gap.rows == gap.cols and gap.rows != ONE:
            value = words.times(words.times(flipped, gap), q)
            yield value, [f"({matrix_text(flipped)})", fact, f"({matrix_text(q)})"]
        elif q.rows == q.cols == ONE == gap.rows == gap.cols == m.rows:
            yield words.times(q, gap), [f"({matrix_text(q)})", fact, "1"]


def matrix_size(m: Matrix) -> str:
    """Return the text of the number of rows."""
    return nat_text(m.rows)
