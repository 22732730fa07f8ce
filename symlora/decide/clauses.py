"""What holds almost surely, as clauses of conditions each of which is polynomial, and the terms that this needs.

A condition is *open* if it says that polynomials in the entries of the generic letters do not all vanish
(``det(A) != 0``, ``r <= rank(A)``) and *closed* if it says that they all vanish. An open condition that holds somewhere
holds almost everywhere; a closed one that fails somewhere fails almost everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product

from symlora.claims.almost import counted, free, rational
from symlora.claims.denial import denied
from symlora.claims.terms import Claim, Term, number

MAX_CLAUSES = 8


def clauses(claim: Claim) -> list[tuple[Claim, ...]] | None:
    """Return a condition as a conjunction of disjunctions without `not`, or None if it would be long."""
    kind = claim.kind
    if kind == "not":
        inner = denied(claim.parts[0])
        return None if inner is None else clauses(inner)
    if kind == "implies":
        first, second = claim.parts
        return clauses(Claim("or", (), (Claim("not", (), (first,)), second)))
    if kind == "iff":
        both = (Claim("implies", (), claim.parts), Claim("implies", (), claim.parts[::-1]))
        return clauses(Claim("and", (), both))
    if kind == "and":
        parts = [clauses(part) for part in claim.parts]
        found = None if None in parts else [one for part in parts for one in part or []]
    elif kind == "or":
        parts = [clauses(part) for part in claim.parts]
        if None in parts:
            return None
        found = [tuple(x for one in choice for x in one) for choice in product(*(part or [] for part in parts))]
    elif kind in ("=", "!=") and all(map(counted, claim.terms)):
        left, right = claim.terms
        halves = [Claim("<=", (left, right)), Claim("<=", (right, left))]
        strict = [Claim("<", (left, right)), Claim("<", (right, left))]
        found = [(half,) for half in halves] if kind == "=" else [tuple(strict)]
    else:
        found = [(claim,)]
    return found if found is not None and len(found) <= MAX_CLAUSES else None


def is_open(claim: Claim, generic: set[str]) -> bool:
    """Return whether a condition says that some polynomials in the generic letters do not all vanish."""
    kind, terms = claim.kind, claim.terms
    if kind in ("<", "<=") and all(map(counted, terms)):
        return not free(terms[0], generic) and rising(terms[1], generic)
    return kind in ("!=", "nonsingular") and all(rational(term, generic) for term in terms)


def rising(term: Term, generic: set[str]) -> bool:
    """Return whether a term grows with the ranks of rational matrices of which it is made."""
    if not free(term, generic):
        return True
    if term.kind == "rank":
        return rational(term.args[0], generic)
    return term.kind in ("plus", "min", "max") and all(rising(part, generic) for part in term.args)


def rewritten(claim: Claim, change: Callable[[Term], Term | None]) -> Claim:
    """Return a claim with terms replaced: `change` gives the new term for one, or None to look inside."""
    terms = tuple(replaced(term, change) for term in claim.terms)
    return replace(claim, terms=terms, parts=tuple(rewritten(part, change) for part in claim.parts))


def replaced(term: Term, change: Callable[[Term], Term | None]) -> Term:
    """Return a term with parts replaced; factors I and summands 0 that arise are dropped."""
    new = change(term)
    if new is not None:
        return new
    args = tuple(replaced(part, change) for part in term.args)
    if args == term.args:
        return term
    if term.kind == "times":
        kept = [part for part in args if part.kind != "eye"]
        if any(part.kind == "zero" for part in args):
            return Term("zero", (), term.rows, term.cols)
        if not kept:
            return args[0]
        if all(part.scalar for part in kept):  # multiples of the identity
            return replace(term, args=args)
        return kept[0] if len(kept) == 1 else replace(term, args=tuple(kept))
    if term.kind == "plus":
        kept = [part for part in args if (part.args[0] if part.kind == "minus" else part).kind != "zero"]
        if not kept:
            return Term("zero", (), term.rows, term.cols)
        return kept[0] if len(kept) == 1 else replace(term, args=tuple(kept))
    if term.kind == "transpose" and args[0].kind in ("eye", "zero"):
        return Term(args[0].kind, (), term.rows, term.cols)
    return replace(term, args=args)


def summed(terms: list[Term]) -> Term:
    """Return a sum."""
    return terms[0] if len(terms) == 1 else Term("plus", tuple(terms), terms[0].rows, terms[0].cols)


def negative(term: Term) -> Term:
    """Return the negative of a term."""
    if term.kind == "minus":
        return term.args[0]
    if term.kind == "plus":
        return summed([negative(part) for part in term.args])
    return number(-term.data) if term.kind == "number" else Term("minus", (term,), term.rows, term.cols)
