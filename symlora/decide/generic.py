"""Proofs of claims that hold almost surely, for all sizes.

What is proved by the kernel is a statement without probability. For an open condition (see `clauses`): for all values
of the other letters there are values of the generic letters at which it holds. For any other: it holds for all values,
or for all values that satisfy an open condition for which the former was proved. That an open condition which holds at
one point holds almost everywhere is the theorem on zero sets of polynomials; it stands outside the kernel
(docs/trusted.md).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import Any

from symlora.claims.almost import whole
from symlora.claims.denial import denied
from symlora.claims.statement import Hypothesis, Statement, conjuncts, definedness, size_term
from symlora.claims.terms import Claim, Letter, Term, number
from symlora.decide.cases import clash
from symlora.decide.clauses import clauses, is_open, negative, summed
from symlora.decide.existence import prove_exists
from symlora.decide.proposals import proposals
from symlora.decide.prove import Outcome, bundled, proofs, theorem
from symlora.decide.sizes import based, cases, common
from symlora.decide.translate import Translation
from symlora.kernel.errors import Rejected
from symlora.kernel.naturals import ONE

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
    while goal.kind == "forall" and not clash(replace(statement, goal=goal), (*goal.letters,)):
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
