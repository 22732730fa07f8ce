"""A statement at one choice of its sizes: which values satisfy the hypotheses and break the goal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from flint import fmpq_mat

from symlora.claims.statement import Statement
from symlora.claims.terms import Claim, Letter, Term, letters_in
from symlora.claims.values import MAX_ENTRIES, Instance, Undefined
from symlora.domains.values import NotRepresentable, is_exact

Values = dict[str, Any]


def claim_letters(claim: Claim) -> set[str]:
    """Return the names of the free letters of a claim."""
    found: set[str] = set()
    for term in claim.terms:
        found |= letters_in(term)
    for part in claim.parts:
        found |= claim_letters(part)
    return found - {letter.name for letter in claim.letters}


def natural_names(statement: Statement) -> list[tuple[str, int]]:
    """Return the sizes and naturals that occur, each with its least value, in the order of their declaration."""
    used = statement.used()
    names = [(name, 1) for name in statement.sizes if name in used]
    return names + [(x.name, 0) for x in statement.letters.values() if x.kind == "natural" and x.name in used]


class Problem:
    """The letters in the order in which they get values, and after each what can be checked.

    A letter that a hypothesis ``X = …`` gives is computed from the others. `work` counts values tried, `open` those
    that were passed over because something irrational left a hypothesis or the goal undecided.
    """

    def __init__(self, statement: Statement, naturals: Mapping[str, int]) -> None:
        self.statement, self.naturals = statement, dict(naturals)
        self.total = sum(naturals.values())
        self.work = self.open = 0
        self.met = False
        """Whether some values satisfied all hypotheses."""
        empty = Instance(naturals, {})
        used = statement.used()
        self.letters = [x for x in statement.letters.values() if x.kind != "natural" and x.name in used]
        self.shapes = {x.name: (empty.size(x.rows), empty.size(x.cols)) for x in self.letters}
        self.possible = all(_size(empty, x) for x in self.letters)
        claims = [one.claim for one in statement.hypotheses]
        self.computed = definitions(claims, self.letters)
        self.checks = [claim for claim in claims if not any(claim is d[1] for d in self.computed.values())]
        ground = [claim for claim in self.checks if not claim_letters(claim)]
        self.checks = [claim for claim in self.checks if claim_letters(claim)]
        self.possible = self.possible and all(self.truth(claim, {}) is not False for claim in ground)
        self.free = self._order()
        self.after = self._schedule()

    def _order(self) -> list[Letter]:
        """Return the free letters so that hypotheses can be checked early."""
        left = [x for x in self.letters if x.name not in self.computed]
        needs = [self._needs(claim_letters(claim)) for claim in self.checks]
        order: list[Letter] = []
        have: set[str] = set()
        while left:
            best = max(left, key=lambda x: _gain(x.name, have, needs))
            order.append(best)
            have.add(best.name)
            left.remove(best)
        return order

    def _needs(self, names: set[str]) -> set[str]:
        """Return the free letters on which names depend."""
        out: set[str] = set()
        for name in names:
            if name in self.computed:
                out |= self._needs(letters_in(self.computed[name][0]))
            else:
                out.add(name)
        return out

    def depends(self, name: str) -> set[str]:
        """Return the free letters on which the value of a letter depends."""
        return self._needs({name})

    def _schedule(self) -> list[list[Claim | str]]:
        """Return, for each number of assigned letters, what is computed and checked then."""
        plan: list[list[Claim | str]] = [[] for _ in range(len(self.free) + 1)]
        have: set[str] = set()
        done: set[str] = set()
        waiting = list(self.checks)
        for i in range(len(self.free) + 1):
            for name in self.computed:
                if name not in done and self._needs({name}) <= have:
                    done.add(name)
                    plan[i].append(name)
            plan[i] += [claim for claim in waiting if self._needs(claim_letters(claim)) <= have]
            waiting = [claim for claim in waiting if not self._needs(claim_letters(claim)) <= have]
            if i < len(self.free):
                have.add(self.free[i].name)
        return plan

    def truth(self, claim: Claim, values: Values) -> bool | None:
        """Return the truth of a claim, None where it is open or has no value."""
        try:
            found = Instance(self.naturals, values).truth(claim)
        except Undefined:
            return None
        except NotRepresentable:
            found = None
        if found is None:
            self.open += 1
        return found

    def run(self, place: int, values: Values) -> bool:
        """Compute and check what follows the first `place` letters; return whether to go on."""
        for step in self.after[place]:
            if isinstance(step, str):
                try:
                    value = Instance(self.naturals, values).value(self.computed[step][0])
                except (Undefined, NotRepresentable):
                    return False
                if not is_exact(value):
                    return False
                values[step] = value
            elif self.truth(step, values) is not True:
                return False
        return True

    def breaks(self, values: Values) -> bool:
        """Return whether values that satisfy the hypotheses break the goal."""
        self.met = True
        return self.truth(self.statement.goal, values) is False

    def alone(self, name: str) -> list[Claim]:
        """Return the hypotheses about one letter alone."""
        return [claim for claim in self.checks if claim_letters(claim) == {name}]


def _gain(name: str, have: set[str], needs: Sequence[set[str]]) -> tuple[int, int]:
    """Return how many hypotheses can be checked once the letter is known, and how close the nearest other one is."""
    ready = sum(n <= have | {name} and not n <= have for n in needs)
    return ready, -min((len(n - have) for n in needs if name in n), default=9)


def _size(empty: Instance, letter: Letter) -> bool:
    """Return whether the shape of a letter is at least 1 x 1, and no larger than what is evaluated."""
    rows, cols = _raw(empty, letter.rows), _raw(empty, letter.cols)
    return min(rows, cols) >= 1 and rows * cols <= MAX_ENTRIES


def _raw(empty: Instance, size: Any) -> int:
    total = 0
    for monomial, c in size:
        for name, _ in monomial:
            c *= empty.naturals[name]
        total += c
    return int(total)


def definitions(claims: Sequence[Claim], letters: Sequence[Letter]) -> dict[str, tuple[Term, Claim]]:
    """Return the letters that hypotheses ``X = …`` determine, in an order in which they can be computed."""
    names = {x.name for x in letters}
    found: dict[str, tuple[Term, Claim]] = {}
    for claim in claims:
        if claim.kind != "=":
            continue
        for side, other in (claim.terms, claim.terms[::-1]):
            if side.kind != "letter" or side.data not in names or side.data in found:
                continue
            if str(side.data) not in _closure(letters_in(other), found):
                found[str(side.data)] = (other, claim)
                break
    return found


def _closure(names: set[str], found: Mapping[str, tuple[Term, Claim]]) -> set[str]:
    out, queue = set(names), list(names)
    while queue:
        name = queue.pop()
        if name in found:
            more = letters_in(found[name][0]) - out
            out |= more
            queue += sorted(more)
    return out


def grid(rows: int, cols: int, nonzeros: int, negatives: int) -> Any:
    """Yield the matrices of 0, 1, -1 with these numbers of nonzero and negative entries, early positions first."""
    for places in combinations(range(rows * cols), nonzeros):
        for minus in combinations(places, negatives):
            vector = [0] * (rows * cols)
            for place in places:
                vector[place] = 1
            for place in minus:
                vector[place] = -1
            yield fmpq_mat(rows, cols, vector)
