"""Nonsingular matrices whose inverse can be written down: M with (M - 1)^2 = 0, numbers, and blocks.

``M (2 - M) = 1`` where (M - 1)^2 = 0, as for a triangular block matrix with identities; ``[1 + QR, Q; R, 1]`` has the
inverse ``[1, -Q; -R, 1 + RQ]``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from symlora.decide.facts import Facts
from symlora.kernel import words
from symlora.kernel.facts import Relation
from symlora.kernel.naturals import ONE
from symlora.kernel.printing import matrix_text
from symlora.kernel.words import Matrix
from symlora.rules.nonsingular import prove_nonsingular
from symlora.rules.scope import Scope

NUMBERS = tuple(Fraction(*c) for c in ((2, 1), (4, 1), (3, 1), (-1, 1), (-2, 1), (1, 2), (1, 4)))
"""Numbers that are tried for a scalar whose value algebra may show."""


def prove_unipotent(scope: Scope, more: Facts, body: Relation, label: str) -> bool:
    """Add ``nonsingular(M)`` because ``M (2 - M) = 1``, or because M is a small number, or return False."""
    if body.kind != "nonsingular":
        return False
    (m,) = body.sides
    inverses = [words.minus(words.scale(words.identity(m.rows), Fraction(2)), m)]
    if m.rows == ONE:
        number = len(m.terms) == 1 and m.terms[0][0] == ((), ())
        inverses = [words.scalar(1 / c) for c in ([m.terms[0][1]] if number else NUMBERS)]
    else:
        inverses += _block_inverses(scope, more, m)
    return any(
        more.attempt(lambda n=n: prove_nonsingular(scope, body, matrix_text(n), more.names, label))  # type: ignore[misc]
        for n in inverses
    )


def _block_inverses(scope: Scope, more: Facts, m: Matrix) -> Iterator[Matrix]:
    """Yield the inverse of a block matrix [1 + QR, Q; R, 1], or with the corners exchanged: [1, -Q; -R, 1 + RQ]."""
    pairs = [one.removesuffix(".g1").split("-") for one in more.givens if one.endswith(".g1")]
    for heads in (pair for both in pairs for pair in (both, both[::-1])):
        x, y = (scope.context.matrix(head) for head in heads)
        if x.rows != m.rows:
            continue
        blocks = [[_reduced(words.times(words.times(words.transpose(a), m), b), heads) for b in (x, y)] for a in (x, y)]
        (p, q), (r, s) = blocks
        one, other = words.identity(x.cols), words.identity(y.cols)
        if s != other or p != words.add(one, words.times(q, r)):
            continue
        inner = (
            (x, one, x),
            (x, words.negative(q), y),
            (y, words.negative(r), x),
            (y, words.add(s, words.times(r, q)), y),
        )
        total = words.zero(m.rows, m.cols)
        for a, value, b in inner:
            total = words.add(total, words.times(words.times(a, value), words.transpose(b)))
        yield total


def _reduced(m: Matrix, heads: Sequence[str]) -> Matrix:
    """Return a matrix with J'J and K'K replaced by 1 and J'K by 0 in its words."""
    total = words.zero(m.rows, m.cols)
    for (loops, word), c in m.terms:
        if loops:
            return m
        letters, place = list(word), 0
        while place + 1 < len(letters):
            x, y = letters[place : place + 2]
            if not x.flipped or y.flipped or x.head not in heads or y.head not in heads:
                place += 1
            elif x.head == y.head:
                del letters[place : place + 2]
                place = max(0, place - 1)
            else:
                break
        else:
            value = words.scale(words.identity(m.rows), c)
            for x in letters:
                value = words.times(value, words.letter(x))
            total = words.add(total, value)
    return total
