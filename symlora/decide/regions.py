"""Counterexamples among all points of a box at once: a few letters are solved for, the others are tried.

The letters that are solved for are those in a box, and more of them as long as the claim and its hypotheses stay
piecewise affine in all of them together. For each value of the others on the grid, then for random ones, a tree of
activation patterns finds a point that breaks the claim, or shows that there is none.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from symlora.claims.patterns import Leaves, Stopped, Wanted, find, fits
from symlora.claims.piecewise import ENTRYWISE, SUMS, NotPiecewise
from symlora.claims.statement import Hypothesis, Statement
from symlora.claims.terms import Claim, Letter, Term, number
from symlora.claims.values import Instance, Undefined
from symlora.decide.problem import Problem, Values, claim_letters, natural_names
from symlora.decide.sample import random_search, shrink
from symlora.decide.search import Found, Looked, search
from symlora.domains.values import NotRepresentable
from symlora.kernel.naturals import ONE

LEAVES, QUOTAS = 20_000, (40, 400, 4_000)


def has_patterns(statement: Statement) -> bool:
    """Return whether a claim speaks of a box, or of ReLUs and functions that are made of them."""
    claims = [*(one.claim for one in statement.hypotheses), statement.goal]
    kinds = {part.kind for one in claims for part in one.walk()}
    return "box" in kinds or any(t.kind in (*ENTRYWISE, *SUMS) for one in claims for t in one.all_terms())


def solved_for(statement: Statement) -> tuple[Letter, ...]:
    """Return the letters that are solved for, none if the claim has no box or is not piecewise affine in them.

    >>> from symlora.claims.statement import read
    >>> found = read("for all x: n in box(-1, 1): relu(W x + b) = W x + b", ["W: m x n", "b: m"])
    >>> [letter.name for letter in solved_for(found)]
    ['x', 'b']
    """
    claims = [*(one.claim for one in statement.hypotheses), statement.goal]
    inside = {one.terms[0].data for one in claims if one.kind == "box" and one.terms[0].kind == "letter"}
    used = statement.used()
    letters = [x for x in statement.letters.values() if x.kind != "natural" and x.name in used]
    chosen = [x for x in letters if x.name in inside]
    if not chosen and not has_patterns(statement):
        return ()
    if not all(fits(claim, {x.name for x in chosen}) for claim in claims):
        return ()
    rest = [x for x in letters if x not in chosen]
    for letter in sorted(rest, key=lambda x: (len(x.rows) > 0 and not _thin(x), -letters.index(x))):
        names = {x.name for x in (*chosen, letter)}
        if all(fits(claim, names) for claim in claims):
            chosen.append(letter)
    return tuple(chosen)


def _thin(letter: Letter) -> bool:
    return all(not monomial for monomial, _ in letter.cols)


class Regions(Problem):
    """A problem whose free letters are those that are tried; the goal is broken if some point of the others does it."""

    def __init__(self, statement: Statement, naturals: dict[str, int], letters: Sequence[Letter],
                 tasks: Sequence[Wanted], leaves: Leaves) -> None:  # fmt: skip
        super().__init__(statement, naturals)
        empty = Instance(naturals, {})
        self.solved, self.tasks, self.leaves = tuple(letters), tuple(tasks), leaves
        sides = [side for x in letters for side in (x.rows, x.cols)]
        self.possible = self.possible and all(empty.size(side) >= 1 for side in sides)

    def breaks(self, values: Values) -> bool:
        """Return whether a point breaks the goal; its values are added."""
        at = Instance(self.naturals, values)
        try:
            found = find(at, self.solved, self.tasks, self.leaves)
            if found is None and not self.met:
                self.met = find(at, self.solved, self.tasks[:-1], self.leaves) is not None
        except (Stopped, NotPiecewise, Undefined, NotRepresentable):
            self.open += 1
            return False
        if found is None:
            return False
        self.met = True
        values.update(found)
        return True


def _mentioned(statement: Statement, reduced: Statement) -> Iterator[Hypothesis]:
    """Yield hypotheses that say nothing, about the names that occur in a statement and not in the reduced one."""
    missing = statement.used() - reduced.used()
    for letter in reduced.letters.values():
        if letter.name in missing and letter.kind != "natural":
            term = Term("letter", (), letter.rows, letter.cols, letter.name)
            yield Hypothesis(Claim("=", (term, term)), "added")
    for name, _ in natural_names(statement):
        if name in missing:
            yield Hypothesis(Claim("<=", (number(0), Term("nat", (), ONE, ONE, name, True))), "added")


def region_search(statement: Statement, deadline: float, looked: Looked) -> Found | None:
    """Look for a point of a box that breaks the claim, until a time; `looked` notes what was covered."""
    letters = solved_for(statement)
    if not letters:
        return None
    names = {letter.name for letter in letters}
    about: list[Claim] = [one.claim for one in statement.hypotheses if claim_letters(one.claim) & names]
    tasks: list[Wanted] = [*((claim, True) for claim in about), (statement.goal, False)]
    reduced = replace(
        statement,
        letters={name: letter for name, letter in statement.letters.items() if name not in names},
        hypotheses=tuple(one for one in statement.hypotheses if not any(one.claim is claim for claim in about)),
    )
    # Sizes, naturals and letters of which only these hypotheses speak need values all the same.
    reduced = replace(reduced, hypotheses=(*reduced.hypotheses, *_mentioned(statement, reduced)))
    leaves = Leaves(limit=LEAVES, deadline=deadline)

    def make(given: Statement, naturals: dict[str, int]) -> Problem:
        return Regions(given, naturals, letters, tasks, leaves)

    seen = Looked()
    free = any(x.kind != "natural" for x in reduced.letters.values())
    half = time.monotonic() + (deadline - time.monotonic()) * (0.5 if free else 1)
    found = search(reduced, half, seen, 3, QUOTAS, make)
    if found is None and free:
        found = random_search(reduced, deadline, seen, 400, 4, 0, make)
    looked.tried, looked.met, looked.open = looked.tried + seen.tried, looked.met or seen.met, looked.open + seen.open
    looked.notes.append(
        f"all of {', '.join(sorted(names))} at once, {leaves.closed} leaves of activation patterns closed"
    )
    if found is None:
        return None
    return Found(found.naturals, shrink(Problem(statement, found.naturals), found.values))
