"""Positive semidefinite matrices and inequalities between scalars, as sums of hermitian squares."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations

from symlora.kernel import words
from symlora.kernel.facts import Relation, difference
from symlora.kernel.printing import matrix_text, relation_text
from symlora.kernel.words import FUNCTIONS, Matrix
from symlora.rules.algebra import multiples
from symlora.rules.cofactors import Limits
from symlora.rules.scope import Failure, Scope

GUESS = Limits(candidates=3000, monomials=3000, rounds=10)
MAX_SQUARES, MAX_GUESSES = 3, 120

Square = tuple[Fraction, Matrix, str]
"""A summand c * q' * P * q: c, q, and the name of the fact psd(P), empty where P is the identity."""


def prove_psd(
    scope: Scope, goal: Relation, squares: Sequence[Square], names: Sequence[str], name: str,
    limits: Limits | None = None,
) -> Failure | None:  # fmt: skip
    """Add ``psd(M)`` as fact `name`: M is the sum of the given squares, up to multiples of the named equations."""
    rest = difference(goal)
    for c, q, fact in squares:
        inner = scope.fact(fact).body.sides[0] if fact else words.identity(q.rows)
        term = words.times(words.times(words.transpose(q), inner), q)
        if (term.rows, term.cols) != (rest.rows, rest.cols):
            return Failure(relation_text(goal), f"the square of {matrix_text(q)} has another shape", "nothing")
        rest = words.minus(rest, words.scale(term, c))
    by = multiples(scope, rest, names, relation_text(goal), limits)
    if isinstance(by, Failure):
        return by
    items = [[matrix_text(words.scalar(c)), matrix_text(q), *([fact] if fact else [])] for c, q, fact in squares]
    scope.add({"rule": "psd", "fact": relation_text(goal), "squares": items, "by": by, "as": name})
    return None


def search_psd(scope: Scope, goal: Relation, names: Sequence[str], name: str) -> Failure | None:
    """Add ``psd(M)`` as fact `name`, looking for the squares.

    Tried: sums of at most three of the named facts ``psd(P)`` (as they are, or around a column or matrix q that occurs
    in the goal) and of squares q'q of factors that occur in the goal, each once.
    """
    m = difference(goal)
    candidates = list(_candidates(scope, m, names))
    tried = 0
    for size in range(MAX_SQUARES + 1):
        for chosen in combinations(candidates, size):
            if tried >= MAX_GUESSES:
                break
            tried += 1
            steps, before = len(scope.steps), (dict(scope.context.symbols), dict(scope.context.facts))
            failure = prove_psd(scope, goal, chosen, names, name, GUESS)
            if failure is None:
                return None
            del scope.steps[steps:]
            scope.context.symbols, scope.context.facts = before
    return Failure(relation_text(goal), "no sum of squares", f"{tried} sums of {len(candidates)} squares")


def _candidates(scope: Scope, m: Matrix, names: Sequence[str]) -> Iterator[Square]:
    """Yield squares of the shape of `m` from the named facts and from the factors that occur in `m`."""
    factors = [q for q in _factors(m) if q.cols == m.rows]
    one = words.identity(m.rows)
    for fact in names:
        body = scope.fact(fact)
        if body.body.kind == "psd" and not body.hints and not body.conditions:
            (p,) = body.body.sides
            for q in (one, *factors):
                if q.rows == p.rows:
                    yield Fraction(1), q, fact
    for q in factors:
        yield Fraction(1), q, ""


def _factors(m: Matrix) -> list[Matrix]:
    """Return the right parts of the words of `m`, scalar ones included, shortest first."""
    found: dict[Matrix, None] = {}
    for (loops, word), _ in m.terms:
        for w in (*loops, word):
            for cut in range(len(w) - 1, 0, -1):
                part = words.letter(w[cut])
                for x in w[cut + 1 :]:
                    part = words.times(part, words.letter(x))
                found.setdefault(part)
            if len(w) == 1 and w[0].head in FUNCTIONS:
                found.setdefault(words.letter(w[0]))
    return sorted(found, key=lambda q: sum(len(w) + sum(map(len, s)) for (s, w), _ in q.terms))
