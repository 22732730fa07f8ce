"""Proofs of claims that hold almost surely, at small sizes: entries at which polynomials do not vanish.

Matrices are written out in entries, as in `entries`. An open condition is proved by rational entries of the generic
letters at which it holds; where other letters occur, by finitely many such points at which, whatever the other letters
are, the polynomials do not all vanish. A closed condition is proved for all entries.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, islice, product
from typing import Any

from symlora.claims.almost import points, whole
from symlora.claims.statement import Statement, conjuncts, definedness
from symlora.claims.terms import Claim, Letter, Term
from symlora.claims.values import Instance, Undefined
from symlora.decide.clauses import clauses, is_open
from symlora.decide.entries import Entries, Table, determinant
from symlora.decide.generic import Certified, Surely, failed, unrestricted
from symlora.decide.problem import claim_letters
from symlora.decide.proposals import proposals
from symlora.decide.prove import bundled, theorem
from symlora.decide.translate import NoKernelForm
from symlora.domains.values import NotRepresentable, fractions
from symlora.kernel import words
from symlora.kernel.errors import Rejected
from symlora.kernel.naturals import ONE
from symlora.kernel.printing import matrix_text
from symlora.kernel.words import Letter as Symbol
from symlora.rules.nullstellensatz import contradiction

MAX_SHAPES, MAX_CLAIMS, POINTS, SECONDS = 8, 3, 12, 3.0


def prove_surely_at_shapes(statement: Statement, deadline: float) -> Surely:
    """Look for proofs with all sizes 1 or 2 (or those that are fixed); return the certificate, notes and shapes."""
    names = [name for name in statement.sizes if name in statement.used()]
    made = Certified()
    reasons: list[str] = []
    shapes: list[str] = []
    for values in islice(product((1, 2), repeat=len(names)), MAX_SHAPES):
        sizes = dict(zip(names, values, strict=True))
        if not _possible(statement, sizes):
            continue
        prover = _AtShape(statement, sizes, deadline, made, reasons)
        if time.monotonic() > deadline or not prover.holds():
            return failed(reasons)
        shapes.append(", ".join(f"{name} = {value}" for name, value in sizes.items()))
    outcome = bundled(made.theorems, reasons) if shapes else None
    return (outcome, tuple(made.notes), tuple(shapes)) if outcome is not None else failed(reasons)


def _possible(statement: Statement, sizes: dict[str, int]) -> bool:
    """Return whether the hypotheses about sizes alone hold."""
    at = Instance(sizes, {})
    ground = [one.claim for one in statement.hypotheses if not claim_letters(one.claim)]
    naturals = {x.name for x in statement.letters.values() if x.kind == "natural"}
    return all(_truth(at, claim) is not False for claim in ground if claim.names().isdisjoint(naturals))


def _truth(at: Instance, claim: Claim) -> bool | None:
    try:
        return at.truth(claim)
    except (Undefined, NotRepresentable):
        return None


class _AtShape:
    """One choice of sizes."""

    def __init__(self, statement: Statement, sizes: dict[str, int], deadline: float, made: Certified,
                 reasons: list[str]) -> None:  # fmt: skip
        self.statement, self.sizes, self.deadline = statement, sizes, deadline
        self.made, self.reasons = made, reasons
        self.at = Instance(sizes, {})
        self.where = ", ".join(f"{name} = {value}" for name, value in sizes.items())

    def holds(self) -> bool:
        """Prove the claim."""
        for part in conjuncts(self.statement.goal):
            if part.kind != "surely":
                self.reasons.append("a part without generic letters")
                return False
            found = clauses(whole(part))
            if found is None or not all(self._clause(part.letters, clause) for clause in found):
                return False
        return True

    def _clause(self, letters: tuple[Letter, ...], clause: tuple[Claim, ...]) -> bool:
        names = {letter.name for letter in letters}
        for one in clause:
            try:
                opened = is_open(one, names) and not one.names().isdisjoint(names)
                if (self._somewhere if opened else self._everywhere)(letters, one):
                    return True
            except (NoKernelForm, Rejected) as error:
                self.reasons.append(str(error))
        return False

    def _add(self, data: dict[str, Any] | None, note: str) -> bool:
        if data is None:
            return False
        self.made.theorems.append(data)
        self.made.notes.append(f"{data['name']}: {f'{self.where}: ' if self.where else ''}{note}")
        return True

    def _end(self) -> float:
        return min(self.deadline, time.monotonic() + SECONDS)

    # Conditions that hold everywhere

    def _everywhere(self, letters: tuple[Letter, ...], condition: Claim) -> bool:
        case = unrestricted(self.statement, letters, (condition,))
        entries = Entries(case, self.sizes)
        facts = self._closed(entries, condition)
        entries.hypotheses()
        data = theorem(self.made.name(), case, entries, facts, self._end(), self.reasons) if facts else None
        return self._add(data, f"{condition} for all values")

    def _closed(self, entries: Entries, condition: Claim) -> list[str]:
        """Return the equations that a closed condition consists of; a bound for a rank says that minors are 0."""
        rank = _rank(condition.terms[0]) if condition.kind in ("<", "<=") else None
        if rank is None:
            return entries.facts(condition)
        most = self._number(condition.terms[1]) - (condition.kind == "<")
        table = entries.table(rank)
        if most >= min(len(table), len(table[0])):
            return ["0 = 0"]
        return [f"{matrix_text(minor)} = 0" for minor in _minors(table, most + 1)]

    # Conditions that hold somewhere

    def _somewhere(self, letters: tuple[Letter, ...], condition: Claim) -> bool:
        inside = tuple(letter for letter in letters if letter.name in condition.names())
        case = replace(self.statement, goal=Claim("exists", (), (condition,), inside), generic=())
        others = any(x.kind != "natural" and x.name in case.used() for x in case.letters.values())
        if not others:
            for values in points(self.at, inside):
                at = self.at.with_matrices(values)
                try:
                    if at.truth(condition) is True:
                        tables = {name: _constant(fractions(value)) for name, value in values.items()}
                        return self._point(case, inside, condition, tables, at)
                except (Undefined, NotRepresentable):
                    continue
            return False
        return self._terms(case, inside, condition) or self._points(case, inside, condition)

    def _point(self, case: Statement, inside: tuple[Letter, ...], condition: Claim, tables: dict[str, Table],
               at: Instance | None) -> bool:  # fmt: skip
        """Prove that a condition holds at entries."""
        entries = Entries(case, self.sizes)
        names = {x.name: self._names(entries, x) for x in inside}
        entries.tables.update(tables)
        which = self._nonzero(entries, condition, at)
        needed = [one for one in definedness(condition, ()) if one.kind != "<="]
        facts = [f"nonsingular({matrix_text(which(entries))})", *(x for one in needed for x in entries.facts(one))]
        entries.tables.update({name: [[_symbol(x) for x in row] for row in table] for name, table in names.items()})
        stated = [f"nonsingular({matrix_text(which(entries))})", *(x for one in needed for x in entries.facts(one))]
        entries.hypotheses()
        every = [x for table in names.values() for row in table for x in row]
        exists = [{"matrix": x, "index": [], "shape": ["1", "1"]} for x in every]
        witness = {x: matrix_text(tables[name][i][j]) for name, table in names.items()
                   for i, row in enumerate(table) for j, x in enumerate(row)}  # fmt: skip
        data = theorem(self.made.name(), case, entries, facts, self._end(), self.reasons, stated, exists, witness)
        return self._add(data, f"{condition}: nonzero at a point, hence almost surely")

    def _nonzero(self, entries: Entries, condition: Claim, at: Instance | None) -> Any:
        """Return a function that gives a polynomial of which the condition says that it is not 0.

        For ranks and matrices it is one of several (a minor, an entry), the first that is not 0 at the instance.
        """
        options = list(self._options(condition))
        for option in options:
            value = option(entries)
            if at is None or value.terms:
                return option
        raise NoKernelForm("no minor that is not 0 at the point")

    def _options(self, condition: Claim) -> Iterator[Any]:
        kind, terms = condition.kind, condition.terms
        if kind == "nonsingular":
            yield lambda e: determinant(e.table(terms[0]))
        elif kind == "!=":
            m, n = self.at.size(terms[0].rows), self.at.size(terms[0].cols)
            for i, j in product(range(m), range(n)):
                yield lambda e, i=i, j=j: words.minus(e.table(terms[0])[i][j], e.table(terms[1])[i][j])
        else:
            rank = _rank(terms[1])
            if rank is None:
                raise NoKernelForm(str(condition))
            least = self._number(terms[0]) + (kind == "<")
            m, n = self.at.size(rank.rows), self.at.size(rank.cols)
            for rows, cols in product(combinations(range(m), least), combinations(range(n), least)):
                yield lambda e, rows=rows, cols=cols: determinant([[e.table(rank)[i][j] for j in cols] for i in rows])

    def _number(self, term: Term) -> int:
        """Return the value of a bound for a rank; raises `NoKernelForm` where it depends on letters."""
        if any(part.kind == "letter" or (part.kind == "nat" and part.data not in self.sizes) for part in term.walk()):
            raise NoKernelForm(f"the bound {term} for a rank")
        return self.at.natural(term)

    def _names(self, entries: Entries, letter: Letter) -> list[list[str]]:
        m, n = self.at.size(letter.rows), self.at.size(letter.cols)
        return [[f"{letter.name}_{i}_{j}" for j in range(1, n + 1)] for i in range(1, m + 1)]

    def _terms(self, case: Statement, inside: tuple[Letter, ...], condition: Claim) -> bool:
        """Try values that are terms in the other letters."""
        for values in islice(proposals(condition, inside, self.statement.sizes), 8):
            entries = Entries(case, self.sizes)
            tables = {x.name: entries.table(value) for x, value in zip(inside, values, strict=True)}
            try:
                if self._point(case, inside, condition, tables, None):
                    return True
            except NoKernelForm:
                continue
        return False

    def _points(self, case: Statement, inside: tuple[Letter, ...], condition: Claim) -> bool:
        """Prove that the polynomials at some points have no common zero, whatever the other letters are."""
        if list(definedness(condition, ())):
            return False  # at some of the points it might have no value
        entries = Entries(case, self.sizes)
        polynomials = []
        for values in islice(_small(self.at, inside), POINTS):
            entries.tables.update({name: _constant(fractions(value)) for name, value in values.items()})
            polynomials += [option(entries) for option in self._options(condition)]
        entries.hypotheses()
        for value in polynomials:
            entries.given(f"{matrix_text(value)} = 0")
        data = contradiction(self.made.name(), entries.setup, self._end())
        return self._add(data, f"{condition}: its polynomials at {POINTS} points are never all 0, hence almost surely")


def _small(at: Instance, letters: tuple[Letter, ...]) -> Iterator[dict[str, Any]]:
    """Yield values for letters: an identity and multiples of it, then others."""
    from symlora.claims.quantified import small

    one = letters[0]
    m, n = at.size(one.rows), at.size(one.cols)
    if len(letters) == 1 and m * n == 1:
        from flint import fmpq_mat

        yield from ({one.name: fmpq_mat(1, 1, [k])} for k in range(POINTS))
        return
    pools = [list(small(letter, at)) for letter in letters]
    for values in islice(product(*pools), POINTS // 2):
        yield {x.name: value for x, value in zip(letters, values, strict=True)}
    yield from points(at, letters)


def _rank(term: Term) -> Term | None:
    """Return M for rank(M)."""
    return term.args[0] if term.kind == "rank" else None


def _minors(table: Table, size: int) -> Iterator[Any]:
    for rows in combinations(range(len(table)), size):
        for cols in combinations(range(len(table[0])), size):
            yield determinant([[table[i][j] for j in cols] for i in rows])


def _constant(rows: Any) -> Table:
    return [[words.scalar(Fraction(x)) for x in row] for row in rows]


def _symbol(name: str) -> Any:
    return words.letter(Symbol(name, (), False, ONE, ONE))
