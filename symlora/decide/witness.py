"""Counterexamples as data: written, read back, and checked again from the text of the claim alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symlora.claims.almost import failing_point, settled
from symlora.claims.regions import block, everywhere
from symlora.claims.statement import Statement, conjuncts
from symlora.claims.terms import Claim
from symlora.claims.values import Instance, Undefined
from symlora.domains.rational import exact
from symlora.domains.values import NotRepresentable, fractions, is_exact, negative_direction
from symlora.kernel.naturals import ONE


def strings(value: Any) -> list[list[str]]:
    """Return the rows of a value as exact strings (the text of an enclosure where an entry is irrational)."""
    try:
        return [[str(x) for x in row] for row in fractions(value)]
    except ValueError as error:  # Python writes no integers of more than some thousand digits
        raise NotRepresentable("a number with too many digits") from error


def shown(value: Any) -> str | list[list[str]]:
    """Return a 1 x 1 value as one string, others as rows."""
    rows = strings(value)
    return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows


def to_json(statement: Statement, naturals: Mapping[str, int], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a witness: sizes, naturals, scalars, vectors and matrices, exact."""
    data: dict[str, Any] = {"dims": {}, "naturals": {}, "scalars": {}, "vectors": {}, "matrices": {}}
    for name, value in [*statement.fixed.items(), *naturals.items()]:
        data["naturals" if name in statement.letters else "dims"][name] = value
    for name, letter in statement.letters.items():
        if name not in values:
            continue
        rows = strings(values[name])
        if letter.kind == "scalar":
            data["scalars"][name] = rows[0][0]
        elif letter.cols == ONE:
            data["vectors"][name] = [row[0] for row in rows]
        else:
            data["matrices"][name] = rows
    if statement.generic:
        data["generic"] = _generic_point(statement, Instance({**statement.fixed, **naturals}, values))
    return data


def _generic_point(statement: Statement, at: Instance) -> dict[str, Any]:
    """Return values of the generic letters at which what should hold almost surely is false, empty if none was met."""
    for part in conjuncts(statement.goal):
        if part.kind == "surely" and at.truth(part) is False:
            point = failing_point(at, part) or {}
            return {name: strings(value) for name, value in point.items()}
    return {}


def at_point(statement: Statement, data: Mapping[str, Any], at: Instance) -> Instance | None:
    """Return the instance with the values of the generic letters that a witness names, None if it names none."""
    values = {}
    letters = {letter.name: letter for letter, _ in statement.generic}
    for name, rows in data.get("generic", {}).items():
        shape = (at.size(letters[name].rows), at.size(letters[name].cols))
        values[name] = exact(rows, shape[1])
        if (values[name].nrows(), values[name].ncols()) != shape:
            raise ValueError(f"{name} is {shape[0]} x {shape[1]}")
    return at.with_matrices(values) if values else None


def instance(statement: Statement, data: Mapping[str, Any]) -> Instance:
    """Return the instance that a witness describes; raises `ValueError` or `KeyError` where it does not fit."""
    naturals = {name: _whole(value) for name, value in [*data["dims"].items(), *data["naturals"].items()]}
    empty = Instance(naturals, {})
    groups: dict[str, Any] = {**data["matrices"]}
    groups |= {name: [[entry] for entry in column] for name, column in data["vectors"].items()}
    groups |= {name: [[value]] for name, value in data["scalars"].items()}
    matrices = {}
    for name, rows in groups.items():
        letter = statement.letters[name]
        shape = (empty.size(letter.rows), empty.size(letter.cols))
        value = exact(rows, shape[1])
        if (value.nrows(), value.ncols()) != shape:
            raise ValueError(f"{name} is {shape[0]} x {shape[1]}")
        matrices[name] = value
    return Instance(naturals, matrices)


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise ValueError(f"expected a whole number, found {value!r}")
    return value


def recheck(statement: Statement, data: Mapping[str, Any]) -> bool:
    """Return whether a witness refutes the statement: every hypothesis holds, and the goal is false.

    Everything is evaluated again from the exact strings; what has no value or is left open counts against it.
    """
    try:
        at = instance(statement, data)
        sizes = all(at.naturals[name] >= 1 for name in statement.sizes if name in at.naturals)
        naturals = min(at.naturals.values(), default=0) >= 0
        held = all(at.truth(one.claim) is True for one in statement.hypotheses)
        point = at_point(statement, data, at)
        if point is not None:
            held = held and any(
                point.truth(part.parts[0]) is False for part in conjuncts(statement.goal) if part.kind == "surely"
            )
        return sizes and naturals and held and at.truth(statement.goal) is False
    except (ValueError, KeyError, TypeError, Undefined, NotRepresentable):
        return False


def failing(at: Instance, goal: Claim) -> Claim:
    """Return the first part of a conjunction that fails, the goal itself if it is none."""
    for part in conjuncts(goal):
        try:
            if at.truth(part) is False:
                return part
        except (Undefined, NotRepresentable):
            continue
    return goal


def relations(claim: Claim) -> list[Claim]:
    """Return the relations and predicates outside quantifiers in a claim."""
    if claim.kind in ("exists", "forall", "surely"):
        return []
    if claim.parts:
        return [one for part in claim.parts for one in relations(part)]
    return [claim]


def evaluated(statement: Statement, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a person checks: the hypotheses, and the terms on both sides of what fails."""
    at = instance(statement, data)
    part = failing(at, statement.goal)
    out: dict[str, Any] = {
        "hypotheses": [{"claim": str(one.claim), "holds": at.truth(one.claim)} for one in statement.hypotheses],
        "fails": str(part),
        "terms": [],
    }
    point = at_point(statement, data, at)
    if part.kind == "surely":
        out["almost"] = "for almost all values" if settled(at, part) is False else "on an open set of values"
    if part.kind == "surely" and point is not None:
        at, part = point, part.parts[0]
    shown_at = [(at, one) for one in relations(part)]
    if part.kind == "forall":
        known = everywhere(at, part)
        if known is not None and known.point is not None:
            inner = at.with_matrices(known.point)
            out["terms"] += [{"term": name, "value": shown(value)} for name, value in known.point.items()]
            shown_at = [(inner, one) for one in relations(failing(inner, block(part)[1][-1][0]))]
    for here, one in shown_at:
        if one.kind in ("psd", "pd"):
            out["terms"] += _direction(here, one)
        for term in one.terms:
            try:
                entry = {"term": str(term), "value": shown(here.value(term))}
            except (Undefined, NotRepresentable):
                continue
            if term.kind not in ("number", "zero", "letter") and entry not in out["terms"]:
                out["terms"].append(entry)
    return out


def _direction(at: Instance, claim: Claim) -> list[dict[str, Any]]:
    """Return a vector x with x'Mx < 0 that shows why a symmetric matrix is not semidefinite."""
    try:
        m = at.value(claim.terms[0])
    except (Undefined, NotRepresentable):
        return []
    x = negative_direction(m) if is_exact(m) and m == m.transpose() else None
    if x is None:
        return []
    column = exact([[entry] for entry in x], 1)
    value = (column.transpose() * m * column)[0, 0]
    return [{"term": f"x' ({claim.terms[0]}) x for x = ({', '.join(map(str, x))})", "value": str(value)}]
