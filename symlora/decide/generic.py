"""Proofs of claims that hold almost surely, for all sizes.

What is proved by the kernel is a statement without probability. For an open condition (see `clauses`): for all values
of the other letters there are values of the generic letters at which it holds. For any other: it holds for all values,
or for all values that satisfy an open condition for which the former was proved. That an open condition which holds at
one point holds almost everywhere is the theorem on zero sets of polynomials; it stands outside the kernel
(docs/trusted.md).
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice, product
from typing import Any

from symlora.claims.almost import free, whole
from symlora.claims.denial import denied
from symlora.claims.statement import Hypothesis, Statement, conjuncts, definedness, size_term
from symlora.claims.terms import Claim, Letter, Term, letters_in, number
from symlora.decide.clauses import clauses, is_open, negative, replaced, summed
from symlora.decide.existence import prove_exists
from symlora.decide.prove import Outcome, bundled, proofs, theorem
from symlora.decide.sizes import based, cases, common, size_of
from symlora.decide.translate import Translation
from symlora.kernel import naturals
from symlora.kernel.errors import Rejected
from symlora.kernel.naturals import ONE, ZERO, Nat

SECONDS, PROPOSALS = 6.0, 200
Theorem = dict[str, Any]
Surely = tuple[Outcome, tuple[str, ...], tuple[str, ...]]
"""A certificate or what was tried, what each theorem says of the claim, and the shapes if it is not for all sizes."""


@dataclass
class Certified:
    """Theorems, and for each what it says of the claim."""

    theorems: list[Theorem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def name(self) -> str:
        """Return a name for the next theorem."""
        return f"claim/{len(self.theorems) + 1}"


def prove_surely(statement: Statement, deadline: float) -> Surely:
    """Look for a proof for all sizes; return the certificate, and what each theorem says of the claim."""
    made = Certified()
    reasons: list[str] = []
    for case in cases(statement):
        for part in conjuncts(case.goal):
            if not _conjunct(replace(case, goal=part), made, deadline, reasons):
                return failed(reasons)
    outcome = bundled(made.theorems, reasons)
    return (outcome, tuple(made.notes), ()) if outcome is not None else failed(reasons)


def failed(reasons: list[str]) -> Surely:
    """Return that no proof was found."""
    return Outcome(None, "", "; ".join(dict.fromkeys(reasons))[:600]), (), ()


def _conjunct(statement: Statement, made: Certified, deadline: float, reasons: list[str]) -> bool:
    goal = statement.goal
    if goal.kind != "surely":
        return _certain(statement, made, deadline, reasons, "without generic letters")
    other = based(statement)
    parts, others = (clauses(whole(one.goal)) for one in (statement, other))
    if parts is None or others is None:
        reasons.append("no form as polynomial conditions")
        return False
    return all(
        _clause(statement, goal.letters, clause, made, deadline, reasons)
        or _clause(other, other.goal.letters, same, made, deadline, reasons)
        for clause, same in zip(parts, others, strict=True)
    )


def _clause(statement: Statement, letters: tuple[Letter, ...], clause: tuple[Claim, ...], made: Certified,
            deadline: float, reasons: list[str]) -> bool:  # fmt: skip
    """Prove that one of some conditions holds almost surely."""
    names = {letter.name for letter in letters}
    fixed = [one for one in clause if one.names().isdisjoint(names)]
    if len(fixed) < len(clause):  # where one of these holds there is nothing to show
        no = [Hypothesis(part, "if") for one in fixed if (part := denied(one)) is not None]
        statement = replace(statement, hypotheses=(*statement.hypotheses, *no))
        clause = tuple(one for one in clause if one not in fixed or denied(one) is None)
    for one in clause:
        if is_open(one, names) and _somewhere(statement, letters, one, made, deadline, reasons):
            return True
    everywhere = unrestricted(statement, letters, clause)
    if _certain(everywhere, made, deadline, reasons, "for all values"):
        return True
    full = [condition for letter in letters if (condition := full_rank(letter)) is not None]
    if not full:
        return False
    both, count = Claim("and", (), tuple(full)), len(made.theorems)
    if not _somewhere(statement, letters, both, made, deadline, reasons):
        return False
    restricted = replace(everywhere, hypotheses=(*everywhere.hypotheses, *(Hypothesis(one, "if") for one in full)))
    if _certain(restricted, made, deadline, reasons, f"for all values with {both}"):
        return True
    del made.theorems[count:], made.notes[count:]
    return False


def unrestricted(statement: Statement, letters: tuple[Letter, ...], clause: tuple[Claim, ...]) -> Statement:
    """Return the statement that one of some conditions holds for all values of the letters that give it a meaning.

    That it has a meaning almost surely is a condition of its own.
    """
    goal = clause[0] if len(clause) == 1 else Claim("or", (), clause)
    needed = [one for one in definedness(goal, statement.sizes) if one != goal]
    more = tuple(Hypothesis(one, "added") for one in needed)
    if len(clause) > 1:  # all but one are denied: that one has to hold
        main = next((one for one in clause if one.kind == "exists"), clause[-1])
        opposites = [denied(one) for one in clause if one is not main]
        if None not in opposites:
            goal = main
            more += tuple(Hypothesis(one, "if") for one in opposites if one is not None)
    while goal.kind == "forall":
        letters += goal.letters
        more += tuple(Hypothesis(one, "if") for limit in goal.parts[1:] for one in conjuncts(limit))
        goal = goal.parts[0]
    known = {**statement.letters, **{letter.name: letter for letter in letters}}
    given = (*statement.hypotheses, *more)
    return replace(statement, letters=known, hypotheses=given, goal=certain_form(goal), generic=())


def certain_form(claim: Claim) -> Claim:
    """Return a condition in words that the kernel has: ``det(M) = 0`` by the rank."""
    if claim.kind == "=" and claim.terms[1] == number(0) and claim.terms[0].kind == "det":
        (m,) = claim.terms[0].args
        return denied(Claim("nonsingular", (m,))) or claim
    return claim


def open_form(claim: Claim) -> Claim:
    """Return an open condition in words that the kernel has: ``det(M) != 0`` is that M is nonsingular.

    Matrices are different if the trace of D'D is not 0 for their difference D.
    """
    if claim.kind == "and":
        return replace(claim, parts=tuple(map(open_form, claim.parts)))
    if claim.kind != "!=":
        return claim
    left, right = claim.terms
    for side, other in ((left, right), (right, left)):
        if side.kind == "det" and other == number(0):
            return Claim("nonsingular", side.args)
    if left.scalar:
        return claim
    gap = left if right.kind == "zero" else summed([left, negative(right)])
    square = Term("times", (Term("transpose", (gap,), gap.cols, gap.rows), gap), gap.cols, gap.cols)
    return Claim("!=", (square if gap.cols == ONE else Term("tr", (square,), ONE, ONE), number(0)))


def full_rank(letter: Letter) -> Claim | None:
    """Return the condition that a generic matrix has the largest rank that its shape allows."""
    term = Term("letter", (), letter.rows, letter.cols, letter.name)
    if letter.kind == "natural":
        return None
    if term.scalar:
        return Claim("!=", (term, number(0)))
    if letter.rows == letter.cols:
        return Claim("nonsingular", (term,))
    least = common(letter.rows, letter.cols)
    if least not in (letter.rows, letter.cols):
        return None
    return Claim("<=", (size_term(least), Term("rank", (term,), ONE, ONE, None, True)))


def _somewhere(statement: Statement, letters: tuple[Letter, ...], condition: Claim, made: Certified, deadline: float,
               reasons: list[str]) -> bool:  # fmt: skip
    """Prove that there are values of the generic letters at which a condition holds, for all values of the others."""
    inside = tuple(letter for letter in letters if letter.name in condition.names())
    if not inside:
        return False
    goal = Claim("exists", (), (open_form(condition),), inside)
    given = tuple(replace(one, claim=open_form(one.claim)) for one in statement.hypotheses)
    case = replace(statement, goal=goal, hypotheses=given, generic=())
    translation = Translation(case)
    translation.hypotheses()
    end = min(deadline, time.monotonic() + SECONDS)
    used = case.used()
    columns = [x for x in statement.letters.values() if x.cols == ONE and x.kind == "matrix" and x.name in used]
    first = islice(proposals(condition, inside, statement.sizes, columns), PROPOSALS)
    try:
        data = prove_exists(case, translation, partial(theorem, made.name()), end, reasons, first)
    except Rejected as error:
        reasons.append(str(error))
        return False
    if data is None:
        return False
    made.theorems.append(data)
    made.notes.append(f"{data['name']}: {condition} at some values of the generic letters, hence almost surely")
    return True


def _certain(statement: Statement, made: Certified, deadline: float, reasons: list[str], note: str) -> bool:
    """Prove a statement without generic letters."""
    end = min(deadline, time.monotonic() + SECONDS)
    for found in proofs(statement, made.name(), end, reasons):
        for place, data in enumerate(found):
            data["name"] = f"claim/{len(made.theorems) + 1}"
            made.theorems.append(data)
            part = f", part {place + 1}" if len(found) > 1 else ""
            made.notes.append(f"{data['name']}: {statement.goal}{part}, {note}")
        return True
    return False


def inclusion(rows: Nat, cols: Nat, corner: Nat | None = None) -> Term | None:
    """Return the matrix of a shape with an identity in its corner, as large as the form of the sizes shows.

    >>> from symlora.kernel.naturals import add, atom
    >>> str(inclusion(atom("m"), add(atom("m"), atom("s"))))
    '[I(m), 0]'
    """
    size = common(rows, cols) if corner is None else common(corner, common(rows, cols))
    if size == ZERO or (corner is not None and size != corner):
        return None
    unit = Term("eye", (), size, size) if size != ONE else number(1)
    if rows == cols == size:
        return unit
    heights, widths = ([size, naturals.minus(side, size)] for side in (rows, cols))
    lines = []
    for i, height in enumerate(h for h in heights if h != ZERO):
        parts = [unit if i == j == 0 else Term("zero", (), height, width)
                 for j, width in enumerate(w for w in widths if w != ZERO)]  # fmt: skip
        lines.append(Term("row", tuple(parts), height, ONE))
    return Term("block", tuple(lines), rows, cols)


def beside(rows: Nat, cols: Nat) -> Term | None:
    """Return the matrix of a shape whose only entry other than 0 is a 1 in row 1 and column 2.

    >>> from symlora.kernel.naturals import add, atom, number as size
    >>> str(beside(size(1), add(size(2), atom("s"))))
    '[0, [1, 0]]'
    """
    below, right = (naturals.minus(side, ONE) for side in (rows, cols))
    first = inclusion(ONE, right, ONE)
    if first is None or common(rows, ONE) != ONE:
        return None
    lines = [Term("row", (number(0), first), ONE, ONE)]
    if below != ZERO:
        lines.append(Term("row", (Term("zero", (), below, ONE), Term("zero", (), below, right)), below, ONE))
    return Term("block", tuple(lines), rows, cols)


def proposals(condition: Claim, letters: tuple[Letter, ...], sizes: tuple[str, ...], columns: Sequence[Letter] = (),
              ) -> Iterator[tuple[Term, ...]]:  # fmt: skip
    """Yield values at which a condition may hold: identities in corners, zeros, and what a summand ±G has to be.

    Also, for one generic letter, the matrices whose first row is one of some columns transposed.
    """
    corners = [size for one in condition.walk() if one.terms and (size := size_of(one.terms[0], sizes)) is not None]
    for size in (*corners, ONE):
        units = tuple(inclusion(letter.rows, letter.cols, size) for letter in letters)
        if None not in units:
            yield tuple(unit for unit in units if unit is not None)
    if len(letters) == 1:
        yield from ((value,) for value in _rows(letters[0], columns))
    pools = [list(_simple(letter)) for letter in letters]
    mains = [main for one in condition.walk() for term in one.terms for main in _mains(term)]
    names = {letter.name for letter in letters}
    if all(letters_in(main) <= names for main in mains):
        yield from islice(product(*pools), 1)  # where other letters occur, identities seldom do for all of their values
    for values in product(*(pool[:2] for pool in pools)):
        for k, letter in enumerate(letters):
            known = {x.name: v for x, v in zip(letters, values, strict=True) if x.name != letter.name}
            for main in mains:
                inner = replaced(main, lambda t, known=known: known.get(t.data) if t.kind == "letter" else None)  # type: ignore[misc]
                for value in _solved(inner, letter):
                    yield (*values[:k], value, *values[k + 1 :])
    yield from product(*pools)


def _rows(letter: Letter, columns: Sequence[Letter]) -> Iterator[Term]:
    first = inclusion(letter.rows, ONE, ONE)
    for x in columns:
        if first is not None and x.rows == letter.cols:
            column = Term("letter", (), x.rows, x.cols, x.name)
            row = Term("transpose", (column,), ONE, x.rows)
            yield row if letter.rows == ONE else Term("times", (first, row), letter.rows, letter.cols)


def _mains(term: Term) -> Iterator[Term]:
    if term.kind in ("rank", "det"):
        yield term.args[0]
    elif term.kind in ("plus", "min", "max") and term.natural:
        for part in term.args:
            yield from _mains(part)
    else:
        yield term


def _simple(letter: Letter) -> Iterator[Term]:
    shape = (letter.rows, letter.cols)
    if shape == (ONE, ONE):
        yield from map(number, (1, 0, -1, 2, 3))
        return
    unit = inclusion(*shape)
    if unit is not None:
        yield unit
    yield Term("zero", (), *shape)
    corner = inclusion(*shape, ONE)
    if corner is not None and corner != unit:
        yield corner
    if (above := beside(*shape)) is not None:
        yield above
    if unit is not None:
        yield Term("minus", (unit,), *shape)
        yield Term("times", (number(2), unit), *shape)


def _solved(main: Term, letter: Letter) -> Iterator[Term]:
    """Yield values of the letter at which a sum with the summand ±G is an identity in a corner.

    For [G, B; C, I] it is I + B C: then the matrix is the product of two triangular ones with identities.
    """
    if main.kind == "block" and len(main.args) == 2 == len(main.args[0].args):
        (p, q), (r, s) = (row.args for row in main.args)
        for corner, other, left, right in ((p, s, q, r), (s, p, r, q)):
            if other.kind == "eye" and corner.kind == "letter" and corner.data == letter.name:
                both = Term("times", (left, right), corner.rows, corner.cols)
                if not free(both, {letter.name}):
                    yield summed([Term("eye", (), corner.rows, corner.cols), both])
    parts = main.args if main.kind == "plus" else (main,)
    for i, part in enumerate(parts):
        sign, inner = (-1, part.args[0]) if part.kind == "minus" else (1, part)
        flipped = inner.kind == "transpose"
        inner = inner.args[0] if flipped else inner
        rest = [*parts[:i], *parts[i + 1 :]]
        if inner.kind != "letter" or inner.data != letter.name or any(free(one, {letter.name}) for one in rest):
            continue
        unit = inclusion(main.rows, main.cols)
        if unit is None or not rest:
            continue
        value = summed([unit, *map(negative, rest)])
        value = negative(value) if sign < 0 else value
        yield Term("transpose", (value,), value.cols, value.rows) if flipped else value
