"""Whether a piecewise affine claim fails somewhere, decided exactly by a tree of activation patterns.

What stands below a ReLU (also `abs`, `max`, `min` and the norms made of them) splits the space of the bound letters in
two half-spaces. Along a branch of the tree the signs are fixed, so every term is an affine form and every relation a
half-space; a branch ends where an exact linear program is infeasible, or in a rational point. A sign that bounds of the
variables decide is not split. Strict inequalities are exact as well: by Motzkin's transposition theorem a system with
``f > 0`` has a solution if and only if the homogenized system with ``f >= 1`` has one with t >= 1.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import lcm
from typing import Any

from flint import fmpq

from symlora.claims.piecewise import Form, Forms, NotPiecewise, Undecided, minus, piecewise, scale
from symlora.claims.terms import Claim, Letter, Term, letters_in, number
from symlora.claims.values import Instance
from symlora.domains.values import NotRepresentable
from symlora.kernel.naturals import ONE
from symlora.rules import simplex

MAX_LEAVES, MAX_PIVOTS, MAX_VARIABLES = 4_000, 600, 40
ATOMS = ("=", "!=", "<=", "<", "nonneg", "box", "symmetric", "skew", "diagonal")
Wanted = tuple[Claim, bool]


class Stopped(Exception):
    """The tree is larger than the bounds of the search."""


@dataclass
class Leaves:
    """How many leaves of a tree were closed, how many linear programs that took, and what may still be spent."""

    closed: int = 0
    programs: int = 0
    limit: int = MAX_LEAVES
    deadline: float = float("inf")

    def close(self) -> None:
        """Count a leaf; raises `Stopped`."""
        self.closed += 1
        if self.closed > self.limit or time.monotonic() > self.deadline:
            raise Stopped


@dataclass
class Region:
    """A polyhedron: forms that are ``>= 0``, ``> 0`` or ``= 0`` there, and bounds of single variables."""

    forms: list[tuple[Form, str]] = field(default_factory=list)
    signs: dict[Form, int] = field(default_factory=dict)
    low: dict[int, Any] = field(default_factory=dict)
    high: dict[int, Any] = field(default_factory=dict)
    inside: list[Any] | None = None
    """A point of the region, if one is known."""

    def copy(self) -> Region:
        """Return a copy."""
        return Region(list(self.forms), dict(self.signs), dict(self.low), dict(self.high), self.inside)

    def halves(self, count: int) -> list[tuple[Form, str]]:
        """Return the half-spaces whose intersection the region is, bounds of single variables among them."""
        out = list(self.forms)
        for ends, sign in ((self.low, 1), (self.high, -1)):
            for j, end in ends.items():
                out.append(((*(fmpq(sign * int(i == j)) for i in range(count)), -sign * end), ">="))
        return out

    def require(self, form: Form, relation: str) -> bool:
        """Add a half-space; return False if nothing is left, as far as that is plain."""
        if self.inside is not None and not _holds(form, relation, self.inside):
            self.inside = None
        used = [j for j, c in enumerate(form[:-1]) if c != 0]
        if not used:
            c = form[-1]
            return bool(c == 0 if relation == "=" else c > 0 if relation == ">" else c >= 0)
        if len(used) == 1:
            (j,) = used
            end = -form[-1] / form[j]
            if form[j] > 0 or relation == "=":
                self.low[j] = max(self.low[j], end) if j in self.low else end
            if form[j] < 0 or relation == "=":
                self.high[j] = min(self.high[j], end) if j in self.high else end
            if j in self.low and j in self.high and self.low[j] > self.high[j]:
                return False
            if relation == ">=":
                return True  # the bound says it all
        self.forms.append((form, relation))
        return True

    def sign(self, form: Form) -> int:
        """Return 1 or -1 for a form that is >= 0 or <= 0 throughout; raises `Undecided`."""
        lowest, highest = form[-1], form[-1]
        for j, c in enumerate(form[:-1]):
            if c == 0:
                continue
            ends = [self.low.get(j), self.high.get(j)]
            if c < 0:
                ends.reverse()
            lowest = None if lowest is None or ends[0] is None else lowest + c * ends[0]
            highest = None if highest is None or ends[1] is None else highest + c * ends[1]
        if lowest is not None and lowest >= 0:
            return 1
        if highest is not None and highest <= 0:
            return -1
        key, turned = _normal(form)
        if key in self.signs:
            return self.signs[key] * turned
        raise Undecided(form)

    def assume(self, form: Form, sign: int) -> bool:
        """Fix the sign of a form; return False if that is plainly empty."""
        key, turned = _normal(form)
        self.signs[key] = sign * turned
        return self.require(scale(form, sign), ">=")

    def point(self, count: int, leaves: Leaves) -> list[Any] | None:
        """Return a point of the region, or None if it is empty; raises `Stopped`."""
        if self.inside is None:
            self.inside = self._solved(count, leaves)
        return self.inside

    def _solved(self, count: int, leaves: Leaves) -> list[Any] | None:
        leaves.programs += 1
        rows: list[dict[int, int]] = [{count: -1}]
        right, equation = [-1], [False]
        shift = [self.low.get(j, fmpq(0)) for j in range(count)]
        forms = list(self.forms)
        for j, end in self.high.items():
            forms.append(((*(fmpq(-int(i == j)) for i in range(count)), end), ">="))
        for form, relation in forms:
            values = list(form)
            values[count] += sum((c * s for c, s in zip(form, shift, strict=False)), fmpq(0))
            common = lcm(*(int(c.q) for c in values))
            rows.append({j: -int(c * common) for j, c in enumerate(values) if c != 0})
            right.append(-common if relation == ">" else 0)
            equation.append(relation == "=")
        free = [j not in self.low for j in range(count)] + [False]
        answer = simplex.solve(rows, right, equation, free, MAX_PIVOTS)
        if isinstance(answer, simplex.Stopped):
            raise Stopped
        if isinstance(answer, simplex.Infeasible):
            return None
        t = answer.values[count]
        return [fmpq(answer.values.get(j, 0), t) + shift[j] for j in range(count)]


def _holds(form: Form, relation: str, point: Sequence[Any]) -> bool:
    value = sum((c * x for c, x in zip(form, point, strict=False)), form[-1])
    return bool(value == 0 if relation == "=" else value > 0 if relation == ">" else value >= 0)


def _normal(form: Form) -> tuple[Form, int]:
    """Return a form up to a factor, and the sign of the factor."""
    first = next((c for c in form if c != 0), fmpq(1))
    return scale(form, 1 / first), 1 if first > 0 else -1


class Tree:
    """The search for a point at which claims have wanted truths."""

    def __init__(self, at: Instance, letters: Sequence[Letter], leaves: Leaves) -> None:
        # An instance keeps values by the identity of terms, and single entries are terms made here.
        self.at, self.leaves = Instance(at.naturals, at.matrices), leaves
        self.kept: list[Claim] = []
        self.all: list[Region] | None = None
        """The regions found, where all are wanted and not one point."""
        self.forms = Forms(self.at, letters)
        if self.forms.count > MAX_VARIABLES:
            raise Stopped

    def search(self, region: Region, wanted: Sequence[Wanted]) -> list[Any] | None:
        """Return a point of the region at which every claim has its truth, or None if there is none.

        Raises `Stopped`, `NotPiecewise` or `Undefined`.
        """
        region = region.copy()
        queue = list(wanted)
        while queue:
            claim, truth = queue.pop(0)
            ways = self.ways(claim, truth)
            if ways is not None:
                if len(ways) == 1:
                    queue[:0] = ways[0]
                    continue
                return self._first(region, [[*way, *queue] for way in ways])
            try:
                halves = list(self.atom(claim, truth, region))
            except Undecided as need:
                return self._split(region, need.form, [(claim, truth), *queue])
            if len(halves) != 1:
                for half in halves:
                    inner = region.copy()
                    if self._require(inner, half):
                        found = self.search(inner, queue)
                        if found is not None:
                            return found
                    else:
                        self.leaves.close()
                return None
            if not self._require(region, halves[0]):
                self.leaves.close()
                return None
        found = region.point(self.forms.count, self.leaves)
        if found is None:
            self.leaves.close()
        elif self.all is not None:
            self.leaves.close()
            self.all.append(region)
            return None
        return found

    def _require(self, region: Region, half: Sequence[tuple[Form, str]]) -> bool:
        return all(region.require(form, relation) for form, relation in half)

    def _first(self, region: Region, ways: Sequence[Sequence[Wanted]]) -> list[Any] | None:
        for way in ways:
            found = self.search(region, way)
            if found is not None:
                return found
        return None

    def _split(self, region: Region, form: Form, queue: Sequence[Wanted]) -> list[Any] | None:
        for sign in (1, -1):
            half = region.copy()
            if half.assume(form, sign) and half.point(self.forms.count, self.leaves) is not None:
                found = self.search(half, queue)
                if found is not None:
                    return found
            else:
                self.leaves.close()
        return None

    def ways(self, claim: Claim, truth: bool) -> list[list[Wanted]] | None:
        """Return the ways in which a connective gets its truth, each a list of parts with theirs; None for an atom."""
        kind, parts = claim.kind, claim.parts
        if kind == "not":
            return [[(parts[0], not truth)]]
        if kind in ("and", "or"):
            if truth == (kind == "and"):
                return [[(part, truth) for part in parts]]
            return [[(part, truth)] for part in parts]
        if kind == "implies":
            return [[(parts[0], False)], [(parts[1], True)]] if truth else [[(parts[0], True), (parts[1], False)]]
        if kind == "iff":
            return [[(parts[0], True), (parts[1], truth)], [(parts[0], False), (parts[1], not truth)]]
        if kind in ("=", "!=", "nonneg", "box") and truth == (kind == "!="):
            rows, cols = self.forms.shape(claim.terms[0])
            if rows * cols > 1:  # one entry after the other: each depends on few signs
                return [[(self._single(claim, i, j), truth)] for i in range(rows) for j in range(cols)]
        return None

    def _single(self, claim: Claim, i: int, j: int) -> Claim:
        """Return what a relation says of one entry."""
        place = (number(i + 1), number(j + 1))
        terms = [
            term if self.forms.shape(term) == (1, 1) else Term("slice", (term, *place), ONE, ONE)
            for term in claim.terms
        ]  # fmt: skip
        self.kept.append(Claim(claim.kind, tuple(terms)))
        return self.kept[-1]

    def atom(self, claim: Claim, truth: bool, region: Region) -> Iterator[list[tuple[Form, str]]]:
        """Yield the polyhedra in which a relation has a truth; raises `Undecided` or `NotPiecewise`."""
        kind, terms = claim.kind, claim.terms
        if not any(letters_in(term) & self.forms.names for part in claim.walk() for term in part.terms):
            try:
                known = self.at.truth(claim)
            except NotRepresentable as error:
                raise NotPiecewise from error
            if known is None:
                raise NotPiecewise
            if known == truth:
                yield []
            return
        if kind not in ATOMS:
            raise NotPiecewise
        if kind in ("<", "<="):
            left, right = (self._at(term, 0, 0, region) for term in terms)
            gap = minus(right, left) if truth else minus(left, right)
            yield [(gap, ">" if (kind == "<") == truth else ">=")]
            return
        equal = kind in ("=", "symmetric", "skew", "diagonal")
        if kind == "!=":
            equal, truth = True, not truth
        if truth:
            yield [(form, "=" if equal else ">=") for form in self._entries(claim, region)]
            return
        for form in self._entries(claim, region):
            yield [(scale(form, -1), ">")]
            if equal:
                yield [(form, ">")]

    def _at(self, term: Term, i: int, j: int, region: Region) -> Form:
        return self.forms.entry(term, i, j, region.sign)

    def _entries(self, claim: Claim, region: Region) -> Iterator[Form]:
        """Yield forms that all are 0, or all are >= 0, where the relation holds."""
        kind, first = claim.kind, claim.terms[0]
        rows, cols = self.forms.shape(first)
        for i in range(rows):
            for j in range(cols):
                if kind == "diagonal" and i == j:
                    continue
                form = self._at(first, i, j, region)
                if kind in ("=", "!="):
                    form = minus(form, self._at(claim.terms[1], i, j, region))
                elif kind in ("symmetric", "skew"):
                    form = minus(form, scale(self._at(first, j, i, region), 1 if kind == "symmetric" else -1))
                elif kind == "box":
                    for sign, bound in ((1, claim.terms[1]), (-1, claim.terms[2])):
                        one = self.forms.shape(bound) == (1, 1)
                        end = self._at(bound, 0 if one else i, 0 if one else j, region)
                        yield scale(minus(form, end), sign)
                    continue
                yield form


def fits(claim: Claim, names: set[str]) -> bool:
    """Return whether a claim is a combination of piecewise affine relations in the letters of these names."""
    if claim.kind in ("exists", "forall", "surely"):
        return not any(letters_in(term) & names for part in claim.walk() for term in part.terms)
    if claim.parts:
        return all(fits(part, names) for part in claim.parts)
    if all(letters_in(term).isdisjoint(names) for term in claim.terms):
        return True
    return claim.kind in ATOMS and all(piecewise(term, names) for term in claim.terms)


def find(at: Instance, letters: Sequence[Letter], wanted: Sequence[Wanted], leaves: Leaves) -> dict[str, Any] | None:
    """Return values of the letters at which every claim has its truth, or None if there are none.

    Raises `Stopped`, `NotPiecewise` or `Undefined`.
    """
    tree = Tree(at, letters, leaves)
    point = tree.search(Region(), wanted)
    return None if point is None else tree.forms.assignment(point)
