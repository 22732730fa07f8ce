"""Existence by a witness: a term built from what is declared, that first works on instances, then by proof."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from itertools import chain, islice, product
from random import Random
from typing import Any

from symlora.claims.statement import Statement, definedness
from symlora.claims.terms import Claim, Letter, Term, letters_in, number
from symlora.claims.values import Instance, Undefined
from symlora.decide.introduce import introduced
from symlora.decide.problem import Problem, natural_names
from symlora.decide.sample import assigned
from symlora.decide.translate import NoKernelForm, Translation
from symlora.domains.values import NotRepresentable
from symlora.kernel import words
from symlora.kernel.errors import Rejected
from symlora.kernel.naturals import Nat
from symlora.kernel.printing import matrix_text

Prove = Callable[..., dict[str, Any] | None]
Attempt = tuple[list[str], list[dict[str, Any]]]
"""Witnesses as kernel texts, and the steps that bring in what they speak of."""
INSTANCES, CANDIDATES, COMBINATIONS, PROOFS = 5, 400, 4_000, 8
UNTESTED = 4
SHARE = 3
"""An attempt gets this part of the time that is left."""


def prove_exists(statement: Statement, translation: Translation, prove: Prove, deadline: float, reasons: list[str],
                 first: Iterable[tuple[Term, ...]] = ()) -> dict[str, Any] | None:  # fmt: skip
    """Return a theorem as data that proves the goal `exists …` by a witness, or None; `first` are tried first.

    Tried: products of up to three of the letters, their transposes, their pseudo-inverses, the inverses that the
    hypotheses give, and those of A'A and AA'; identities and zeros; what products leave of the identity; each also
    with a minus sign. Then what lemmas say to exist: solutions of linear systems, factors through a small size, null
    vectors, best approximations.
    """
    goal = statement.goal
    if any(letter.kind == "natural" for letter in goal.letters):
        reasons.append("the existence of a natural is not proved")
        return None
    body = goal.parts[0] if len(goal.parts) == 1 else Claim("and", (), goal.parts)
    needed = tuple(definedness(body, statement.sizes))
    if needed:
        body = Claim("and", (), (*needed, body))
    translation.witnessing = True
    instances = list(islice(drawn(statement, deadline), INSTANCES))
    made = _by_lemmas(statement, translation, body, instances)
    tried, working = 0, 0
    named = _by_terms(statement, translation, body, instances, deadline, first)
    for values, prelude in chain(named, made):
        if time.monotonic() > deadline or tried == PROOFS:
            break
        tried += 1
        working += not prelude
        stated = _stated(translation, goal.letters, values, body)
        if stated is None:
            continue
        now = time.monotonic()
        found = _proved(statement, translation, prove, stated, prelude, now + (deadline - now) / SHARE)
        if found is not None:
            return found
    reasons.append(f"{tried} witnesses, {working} of them on {len(instances)} instances: none was proved to work")
    return None


def _proved(statement: Statement, translation: Translation, prove: Prove, made: Any, prelude: list[dict[str, Any]],
            deadline: float) -> dict[str, Any] | None:  # fmt: skip
    facts, stated, exists, witness = made
    try:
        return prove(statement, translation, facts, deadline, [], stated, exists, witness,
                     [*translation.prelude, *prelude])  # fmt: skip
    except Rejected:
        return None  # a fact about this witness that the kernel cannot read


def _by_terms(statement: Statement, translation: Translation, body: Claim, instances: list[Instance], deadline: float,
              first: Iterable[tuple[Term, ...]]) -> Iterator[Attempt]:  # fmt: skip
    """Yield the terms that work on all instances, those in `first` before others."""
    letters = statement.goal.letters
    pools = [list(islice(candidates(statement, letter), CANDIDATES)) for letter in letters]
    if not instances:  # hypotheses that cannot be evaluated: only pseudo-inverses, which solve what can be solved
        pools = [[x for x in pool if x.kind == "times" and any(y.kind == "pinv" for y in x.args)] for pool in pools]
    for values in islice(chain(first if instances else (), product(*pools)), COMBINATIONS if instances else UNTESTED):
        if time.monotonic() > deadline:
            return
        if all(_works(at, body, letters, values) for at in instances):
            try:
                yield [translation.text(value) for value in values], []
            except NoKernelForm:
                continue


def _by_lemmas(statement: Statement, translation: Translation, body: Claim, instances: list[Instance],
               ) -> Iterator[Attempt]:  # fmt: skip
    """Yield what lemmas say to exist, in the shapes that are wanted; nothing tells beforehand whether it works."""
    letters = statement.goal.letters
    indices = []
    for term in body.all_terms():
        if term.kind == "sigma" and letters_in(term).isdisjoint(x.name for x in letters):
            try:
                indices.append((translation.text(term.args[0]), f"{translation.nat(term.args[1])} - 1"))
            except NoKernelForm:
                continue
    found = introduced(translation, indices)
    pools: list[list[str]] = []
    for letter in letters:
        shape = found.context.shape([translation.size(letter.rows), translation.size(letter.cols)])
        pool = [one for m in found.symbols for one in (m, words.transpose(m)) if (one.rows, one.cols) == shape]
        pools.append([matrix_text(one) for one in dict.fromkeys(pool)])
    for values in product(*pools):
        if len(set(values)) == len(values):
            yield list(values), found.steps


def _stated(translation: Translation, letters: tuple[Letter, ...], texts: list[str], body: Claim,
            ) -> tuple[list[str], list[str], list[dict[str, Any]], dict[str, str]] | None:  # fmt: skip
    """Return the facts about the witnesses, the facts to be stated, what exists, and the witnesses as text."""
    try:
        for letter, text in zip(letters, texts, strict=True):
            translation.names[letter.name] = f"({text})"
        facts = translation.facts(body)
        names = [translation.fresh(letter.name) for letter in letters]
        for letter, label in zip(letters, names, strict=True):
            translation.names[letter.name] = label
        stated = translation.facts(body)
    except NoKernelForm:
        return None
    exists = [
        {"matrix": label, "index": [], "shape": [translation.size(x.rows), translation.size(x.cols)]}
        for label, x in zip(names, letters, strict=True)
    ]  # fmt: skip
    translation.release(names)
    return facts, stated, exists, dict(zip(names, texts, strict=True))


def _works(at: Instance, body: Claim, letters: tuple[Letter, ...], values: tuple[Term, ...]) -> bool:
    try:
        found = {letter.name: at.value(value) for letter, value in zip(letters, values, strict=True)}
        return at.with_matrices(found).truth(body) is True
    except (Undefined, NotRepresentable):
        return False


def drawn(statement: Statement, deadline: float) -> Iterator[Instance]:
    """Yield random instances of the hypotheses, until a time."""
    draw, names = Random("existence"), natural_names(statement)
    for attempt in range(200):
        if time.monotonic() > deadline:
            return
        naturals = {name: draw.randint(max(least, 1), 2 + attempt % 2) for name, least in names}
        problem = Problem(statement, naturals)
        values = assigned(problem, draw) if problem.possible else None
        if values is not None:
            yield Instance(naturals, values)


def candidates(statement: Statement, letter: Letter) -> Iterator[Term]:
    """Yield terms of the shape of a letter."""
    shape = (letter.rows, letter.cols)
    bound = {x.name for x in statement.goal.letters}
    atoms = [
        Term("letter", (), x.rows, x.cols, x.name)
        for x in statement.letters.values()
        if x.kind != "natural" and x.name in statement.used() and x.name not in bound
    ]
    atoms += [_transposed(x) for x in atoms]
    regular = [one.claim.terms[0] for one in statement.hypotheses if one.claim.kind in ("nonsingular", "pd")]
    regular += [_times(_transposed(x), x) for x in atoms if x.kind == "letter" and not x.scalar]
    regular += [_times(x, _transposed(x)) for x in atoms if x.kind == "letter" and not x.scalar]
    regular += [x for x in atoms if x.rows == x.cols and x.kind == "letter" and x not in regular]
    inverses = [_inverse(m) for m in regular]
    plain = [x for x in atoms if x.kind == "letter" and not x.scalar]
    atoms += [*inverses, *map(_transposed, inverses[:2])]
    atoms += [Term("pinv", (x,), x.cols, x.rows) for x in plain]
    yield Term("zero", (), *shape)
    if letter.rows == letter.cols:
        yield Term("eye", (), *shape)
        for x in (x for x in atoms if x.kind == "letter" and (x.rows, x.cols) == shape):
            for other in (_transposed(x), Term("minus", (_transposed(x),), *shape)):
                both = Term("plus", (x, other), *shape)
                yield Term("times", (number(Fraction(1, 2)), both), *shape)
    one = Term("eye", (), *shape)
    for term in _products(atoms, shape):
        yield term
        minus = Term("minus", (term,), *shape)
        yield minus
        if letter.rows == letter.cols and term.kind == "times" and len(term.args) == 2:
            yield Term("plus", (one, minus), *shape)


def _products(atoms: list[Term], shape: tuple[Nat, Nat]) -> Iterator[Term]:
    first = [a for a in atoms if a.rows == shape[0]]
    yield from (a for a in first if a.cols == shape[1])
    pairs = [_times(a, b) for a in first for b in atoms if a.cols == b.rows]
    yield from (a for a in pairs if a.cols == shape[1])
    for a in pairs:
        for b in atoms:
            if a.cols == b.rows and b.cols == shape[1]:
                yield _times(a, b)


def _inverse(m: Term) -> Term:
    return Term("inv", (m,), m.rows, m.cols)


def _transposed(m: Term) -> Term:
    return Term("transpose", (m,), m.cols, m.rows)


def _times(a: Term, b: Term) -> Term:
    parts = (*a.args, b) if a.kind == "times" else (a, b)
    return Term("times", parts, a.rows, b.cols)
