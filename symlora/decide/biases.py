"""Biases that make hidden ReLUs the identity on a box, as terms: witnesses for ``exists b: for all x in box(l, u): …``.

If every entry of x is at most r in absolute value, those of ``W x + d`` are at most those of ``abs(W) r + abs(d)``; a
bias as large as that makes the argument of the ReLU >= 0 (the construction of biases for one ReLU layer in Zeng and
Lee, "The Expressive Power of Low-Rank Adaptation", ICLR 2024). A bias beside such ReLUs is what an equation leaves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symlora.claims.regions import block
from symlora.claims.statement import Hypothesis, Statement, conjuncts, definedness
from symlora.claims.terms import Claim, Letter, Term, letters_in
from symlora.kernel.naturals import ONE, Nat


class Biases:
    """Terms for the letters that `exists` binds, from bounds of the letters in boxes."""

    def __init__(self, letters: tuple[Letter, ...], points: dict[str, Term]) -> None:
        self.names = {letter.name for letter in letters}
        self.points = points
        self.values: dict[str, Term] = {}

    def read(self, claim: Claim) -> None:
        """Find values in one relation."""
        sides = claim.terms
        if claim.kind == "=":
            for side, other in (sides, sides[::-1]):
                if side.kind == "letter" and side.data in self.names and not letters_in(other) & self.names:
                    self.values.setdefault(side.data, other)
        while len(sides) == 2 and sides[0].kind == sides[1].kind == "relu":
            sides = (sides[0].args[0], sides[1].args[0])
        last = [(side, name) for side in sides for name in self._summands(side)]
        rectified = {name for side in sides for part in side.walk() if part.kind == "relu" for name in letters_in(part)}
        known = {name for _, name in last} - rectified if claim.kind == "=" and len(sides) == 2 else set()
        for side in sides:
            self._inside(side, known)
        for side, name in last:
            if name in known and name not in self.values:
                other = sides[1] if side is sides[0] else sides[0]
                if name not in letters_in(other):
                    gap = _sum([self.constant(other), _negative(self.constant(side, name))], side)
                    self.values[name] = gap

    def _summands(self, term: Term) -> list[str]:
        parts = term.args if term.kind == "plus" else (term,)
        return [part.data for part in parts if part.kind == "letter" and part.data in self.names]

    def _inside(self, term: Term, known: set[str]) -> None:
        """Give values to the biases below the ReLUs of a term, inner ones first."""
        for part in term.args:
            self._inside(part, known)
        if term.kind == "relu":
            inner = term.args[0]
            for name in self._summands(inner):
                if name not in self.values and name not in known:
                    others = [part for part in inner.args if part.data != name or part.kind != "letter"]
                    if inner.kind == "plus":
                        self.values[name] = _sum([self.bound(part) for part in others], inner)

    def bound(self, term: Term) -> Term:
        """Return a term that bounds the absolute values of the entries of a term."""
        kind = term.kind
        if kind == "letter" and term.data in self.points:
            return self.points[term.data]
        if kind == "letter" and term.data in self.values:
            return self.values[term.data]  # not negative itself
        if kind == "plus":
            return _sum([self.bound(part) for part in term.args], term)
        if kind in ("minus", "relu", "abs"):
            return self.bound(term.args[0])
        if kind == "times":
            factors = [self.bound(part) for part in term.args]
            return Term("times", tuple(factors), term.rows, term.cols)
        return Term("abs", (term,), term.rows, term.cols)

    def constant(self, term: Term, name: str = "") -> Term:
        """Return the term where the points and the bias `name` are 0 and ReLUs do nothing."""
        if term.kind == "letter":
            if term.data in self.points or term.data == name:
                return Term("zero", (), term.rows, term.cols)
            return self.values.get(term.data, term)
        if term.kind == "relu":
            return self.constant(term.args[0], name)
        parts = [self.constant(part, name) for part in term.args]
        if term.kind == "times" and any(part.kind == "zero" for part in parts):
            return Term("zero", (), term.rows, term.cols)
        return _sum(parts, term) if term.kind == "plus" else replace(term, args=tuple(parts))


def _negative(term: Term) -> Term:
    return Term("minus", (term,), term.rows, term.cols)


def _sum(parts: list[Term], like: Term) -> Term:
    parts = [part for part in parts if part.kind != "zero" and part != _negative(Term("zero", (), *_shape(part)))]
    if not parts:
        return Term("zero", (), like.rows, like.cols)
    return parts[0] if len(parts) == 1 else Term("plus", tuple(parts), like.rows, like.cols)


def _shape(term: Term) -> tuple[Nat, Nat]:
    return term.rows, term.cols


def radius(letter: Letter, low: Term, high: Term) -> Term:
    """Return a column (or matrix) that bounds the absolute values of the entries of a letter in a box."""
    opposite = low == _negative(high) or (low.kind == high.kind == "number" and low.data == -high.data)
    if opposite:
        size = high
    else:
        size = Term("max", tuple(Term("abs", (x,), x.rows, x.cols) for x in (low, high)), high.rows, high.cols)
    if not size.scalar or (letter.rows, letter.cols) == (ONE, ONE):
        return size
    return Term("times", (size, Term("ones", (), letter.rows, letter.cols)), letter.rows, letter.cols)


def with_biases(statement: Statement) -> Iterator[tuple[Statement, str]]:
    """Yield statements that imply a goal `exists …: for all … in box(l, u): …`, with the witness as text.

    >>> from symlora.claims.statement import read
    >>> claim = "exists b: m: for all x: n in box(-R, R): relu(W x + b) = W x + b"
    >>> [text for _, text in with_biases(read(claim, ["W: m x n", "R: scalar"]))]
    ['b = abs(W) R ones(n, 1)']
    """
    goal = statement.goal
    if goal.kind != "exists" or any(letter.kind == "natural" for letter in goal.letters):
        return
    letters, wanted = block(goal)
    (*limits, (body, _)) = wanted
    inner, against = block(body) if body.kind == "forall" else ((), [(body, False)])
    taken = {*statement.letters, *statement.sizes}
    names = [x.name for x in (*letters, *inner)]
    if taken.intersection(names) or len(set(names)) < len(names):
        return
    inside = [part for claim, held in against if held for part in conjuncts(claim)]
    points = {
        box.terms[0].data: radius(x, *box.terms[1:])
        for x in inner for box in inside if box.kind == "box" and box.terms[0].kind == "letter"
        and box.terms[0].data == x.name
    }  # fmt: skip
    biases = Biases(letters, points)
    relations = list(conjuncts(against[-1][0]))
    for relation in relations:
        biases.read(relation)
    if set(biases.values) != {x.name for x in letters}:
        return
    if any(letters_in(value).intersection(names) for value in biases.values.values()):
        return  # a witness may depend on what is declared, not on what is bound inside
    claims = [*(claim for claim, _ in limits), *(claim for claim, _ in against)]
    if any(True for claim in claims for _ in definedness(claim, statement.sizes)):
        return  # its terms may have no values
    equations = [Claim("=", (Term("letter", (), x.rows, x.cols, x.name), biases.values[x.name])) for x in letters]
    hypotheses = [*(Hypothesis(one, "if") for one in (*equations, *inside))]
    parts = [*(claim for claim, _ in limits), against[-1][0]]
    implied = replace(
        statement,
        letters={**statement.letters, **{x.name: x for x in (*letters, *inner)}},
        hypotheses=(*statement.hypotheses, *hypotheses),
        goal=parts[0] if len(parts) == 1 else Claim("and", (), tuple(parts)),
    )
    yield implied, ", ".join(map(str, equations))
