"""Lower bounds for ranks: ``X M Y = 1`` of size r gives r <= rank(M), for X and Y made of coordinate inclusions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from symlora.decide.facts import Facts
from symlora.kernel import words
from symlora.kernel.facts import Relation
from symlora.kernel.naturals import Nat, plainly_natural
from symlora.kernel.printing import matrix_text
from symlora.kernel.words import Matrix
from symlora.rules.rank import prove_rank
from symlora.rules.scope import Scope

MAX_TRIED = 16


def prove_lower_rank(scope: Scope, more: Facts, body: Relation, label: str) -> bool:
    """Add a relation that needs lower bounds for the ranks in it as a fact, or return False.

    Each rank in the relation is compared with the naturals on the other side.
    """
    if body.kind not in ("<=", "=="):
        return False
    for here, other in (body.sides, body.sides[::-1]):
        for monomial, _ in here:
            for head, args in monomial:
                if head == "rank" and plainly_natural(other):
                    _bounded(scope, more, args[0], other)
    return more.attempt(lambda: prove_rank(scope, body, more.names, label))


def _bounded(scope: Scope, more: Facts, m: Matrix, r: Nat) -> None:
    """Add ``r <= rank(M)`` through the first X and Y that show it."""
    one = words.identity(r)
    for x, y in _sides(scope, more, m, r):
        whole = words.times(words.times(x, m), y)
        name = more.prove(f"{matrix_text(whole)} = {matrix_text(one)}")
        if name is None:
            continue
        regular = more.prove(f"{matrix_text(one)}*{matrix_text(one)} = {matrix_text(one)}")
        if regular is not None:
            made = more.cite("axiom/nonsingular", {"n": r}, {"M": one, "N": one}, (regular,), (0,))
            if made:
                more.cite("matrix/rank-identity", {"n": r}, {"A": one}, (made[0],))
        more.cite("axiom/rank-congruence", {"m": r, "n": r}, {"M": whole, "N": one}, (name,))
        more.cite("matrix/rank-middle", {"m": x.rows, "n": m.rows, "p": m.cols, "q": y.cols}, {"A": x, "B": m, "C": y})
        return


def _sides(scope: Scope, more: Facts, m: Matrix, r: Nat) -> Iterator[tuple[Matrix, Matrix]]:
    """Yield X and Y with X M Y of size r."""
    heads = [head for one in more.givens if one.endswith(".g1") for head in one.removesuffix(".g1").split("-")]
    inclusions = [scope.context.matrix(head) for head in heads]
    atoms = [*inclusions, *map(words.transpose, inclusions)]

    def between(rows: Nat, cols: Nat) -> list[Matrix]:
        found = [words.identity(rows)] if rows == cols else []
        found += [a for a in atoms if (a.rows, a.cols) == (rows, cols)]
        pairs = ((a, b) for a in atoms if a.rows == rows for b in atoms if (a.cols, b.cols) == (b.rows, cols))
        found += [words.times(a, b) for a, b in pairs]
        return found

    yield from list(product(between(r, m.rows), between(m.cols, r)))[:MAX_TRIED]
