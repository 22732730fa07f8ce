"""Nonsingular matrices: by a proposed inverse, or from matrices already known to be nonsingular."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice, product
from typing import Any

from symlora.kernel import words
from symlora.kernel.facts import Relation, ground, same
from symlora.kernel.printing import matrix_text, nat_text, relation_text
from symlora.kernel.words import Matrix
from symlora.rules.algebra import prove_equation, unfolded
from symlora.rules.cofactors import Limits
from symlora.rules.instances import Offer, Offers, letters_of
from symlora.rules.scope import Failure, Scope

GUESS = Limits(candidates=2000, monomials=2000, rounds=8)
MAX_GUESSES = 30


def prove_nonsingular(
    scope: Scope, goal: Relation, inverse: str, names: Sequence[str], name: str, limits: Limits | None = None
) -> Failure | None:
    """Add ``nonsingular(M)`` as fact `name`, because ``M*N = 1`` or ``N*M = 1`` for the proposed inverse N."""
    (m,) = goal.sides
    n = scope.context.matrix(inverse)
    if (n.rows, n.cols) != (m.rows, m.cols):
        shown = f"{nat_text(n.rows)} x {nat_text(n.cols)}"
        return Failure(relation_text(goal), f"the proposed inverse {inverse} is {shown}", "nothing")
    failure: Failure | None = None
    for pair in ((m, n), (n, m)):
        product = Relation("=", (words.times(*pair), words.identity(m.rows)))
        known = next(
            (
                k
                for k in names
                if k in scope.context.facts and same(scope.fact(k), ground(*product[:1], *product.sides))
            ),
            None,
        )
        label = known or scope.name()
        failure = None if known else prove_equation(scope, product, names, label, limits)
        if failure is None:
            first, second = (matrix_text(side) for side in pair)
            names_of_goals = [name] if pair[0] is m else [scope.name(), name]
            scope.cite("axiom/nonsingular", {"n": nat_text(m.rows)}, {"M": first, "N": second}, [label], names_of_goals)
            return None
    return failure


def transfer_nonsingular(scope: Scope, goal: Relation, names: Sequence[str], name: str) -> Failure | None:
    """Add ``nonsingular(M)`` as fact `name`, looking for the inverse among products of inverses that are known.

    Tried, in this order: an instance of a fact that says it already; the identity; ``inv(N)`` and ``inv(N)*K`` and
    ``K*inv(N)`` for nonsingular N and nonsingular or inverse K. The first whose product with M is shown to be 1 by
    algebra is taken.
    """
    (m,) = goal.sides
    offers = Offers(scope)
    for fact in names:
        offers.ground(fact)
    pool = letters_of([m])
    for _ in range(2):
        offers.match(names, pool, leading=True)
        pool = letters_of([m, *(offer.value for offer in offers.found)])
    for offer in offers.found:
        if offer.side == 1 and _argument(offer.value) == m:
            step: dict[str, Any] = {"rule": "instance", "of": offer.of, "at": [nat_text(v) for v in offer.values or ()],
                    "proofs": list(offer.proofs), "as": name}  # fmt: skip
            if offer.values is None:
                step = {"rule": "have", "fact": relation_text(goal), "assume": [],
                        "proof": {"steps": [], "done": [offer.of]}, "as": name}  # fmt: skip
            scope.add(step)
            return None
    known = list(dict.fromkeys(_argument(offer.value) for offer in offers.found if offer.side == 1))
    tried = 0
    for guess in (*_reversed(m, offers.found, known), *_guesses(m, known)):
        tried += 1
        size, before = len(scope.steps), (dict(scope.context.symbols), dict(scope.context.facts))
        if prove_nonsingular(scope, goal, matrix_text(guess), names, name, GUESS) is None:
            return None
        del scope.steps[size:]
        scope.context.symbols, scope.context.facts = before
    shown = ", ".join(matrix_text(k) for k in known) or "no matrix"
    return Failure(relation_text(goal), f"no inverse made from those of {shown}", f"{tried} proposed inverses")


def _inv(m: Matrix) -> Matrix:
    return words.apply("inv", (m,))


def _argument(value: Matrix) -> Matrix:
    """Return M from the left side ``M*inv(M) - 1`` of an identity of its inverse."""
    for (loops, word), _c in value.terms:
        for part in (*loops, word):  # a scalar word is a loop
            for x in part:
                if x.head == "inv":
                    argument: Matrix = x.args[0]
                    return argument
    return value


def _reversed(m: Matrix, offers: Sequence[Offer], known: list[Matrix]) -> Iterator[Matrix]:
    """Yield the inverse of M where definitions unfold it to a product of matrices with known inverses."""
    for rounds in range(3):
        value = unfolded(m, offers, rounds)
        if len(value.terms) != 1 or value.terms[0][0][0] or not value.terms[0][0][1]:
            continue
        product, inverses = words.identity(m.rows), []
        for x in value.terms[0][0][1]:
            plain = words.letter(x._replace(flipped=False, rows=x.cols, cols=x.rows) if x.flipped else x)
            inverse = x.args[0] if x.head == "inv" else _inv(plain) if plain in known else None
            if inverse is None:
                break
            inverses.append(words.transpose(inverse) if x.flipped else inverse)
        else:
            for inverse in inverses:
                product = words.times(inverse, product)
            yield words.scale(product, 1 / value.terms[0][1])


def _guesses(m: Matrix, known: list[Matrix]) -> Iterator[Matrix]:
    """Yield proposed inverses of M with its shape, at most `MAX_GUESSES`."""
    square = [k for k in known if (k.rows, k.cols) == (m.rows, m.cols)]
    inverses = [_inv(k) for k in square]
    pairs = [words.times(a, b) for a, b in product(inverses, square) if _inv(b) != a]
    pairs += [words.times(b, a) for a, b in product(inverses, square) if _inv(b) != a]
    pairs += [words.times(a, b) for a, b in product(inverses, inverses)]
    yield from islice((words.identity(m.rows), *inverses, *pairs), MAX_GUESSES)
