"""Decisions as text."""

from __future__ import annotations

import shlex
from typing import Any

from symlora.claims.statement import Statement
from symlora.claims.terms import declaration
from symlora.counterexamples.report import shown
from symlora.decide.decision import Decision

REACH = {
    "proved": "proved, for all sizes",
    "proved-at-shape": "proved at the fixed sizes",
    "refuted": "refuted",
    "vacuous": "vacuous, the hypotheses contradict each other",
    "unknown": "unknown",
    "untested": "unknown: nothing that satisfies the hypotheses was found",
}


def render(found: Decision, statement: Statement) -> str:
    """Return the text of a decision: what was understood, the verdict, and what a person can check.

    >>> from symlora.claims.statement import read
    >>> from symlora.decide.verdict import decide
    >>> print(render(decide("A = A'", ["A: n x n"]), read("A = A'", ["A: n x n"])))
    refuted: A = A'
      for all A: n x n
    fails for the following, the smallest with entries 0, 1, -1
      n = 2
      A = [ 0  1 ]
          [ 0  0 ]
    where
      A' = [ 0  0 ]
           [ 1  0 ]
    again: symlora refute "A = A'" --let "A: n x n"
    """
    lines = [f"{REACH[found.verdict]}: {found.claim}"]
    if found.shape:
        lines.append(f"  with {'; '.join(found.shape)}")
    generic = {declaration(letter) for letter, _ in statement.generic}
    for word, names in (("all", set(found.declared) - generic), ("almost all", generic)):
        if names:
            lines.append(f"  for {word} {'; '.join(text for text in found.declared if text in names)}")
    added = [text for text, origin in found.hypotheses if origin == "added"]
    if added:
        lines.append(f"  assuming also that it makes sense: {'; '.join(added)}")
    if found.witness is not None:
        lines += _witness(found)
        if found.certificate is not None:
            lines.append("there is no such thing: certificate, replayed by the kernel, of")
            lines += [f"  {line}" for line in found.statement.splitlines()]
    elif found.certificate is not None:
        lines += [e.detail for e in found.evidence[-1:] if e.detail.startswith("with ")]  # a witness of `exists`
        if found.almost:
            lines.append("because polynomials that do not vanish at one point vanish only on a set of measure 0")
            lines += [f"  {line}" for line in found.almost]
        lines.append("certificate, replayed by the kernel, of")
        lines += [f"  {line}" for line in found.statement.splitlines()]
    else:
        lines.append("tried")
        lines += [f"  {e.detail} ({e.seconds:.1f} s): {e.result}" for e in found.evidence]
    lines.append(f"again: {command(statement)}")
    return "\n".join(lines)


def _witness(found: Decision) -> list[str]:
    smallest = ", the smallest with entries 0, 1, -1" if found.minimal else ""
    lines = [f"fails for the following{smallest}"]
    data: dict[str, Any] = found.witness or {}
    for group in ("dims", "naturals", "scalars"):
        lines += [f"  {name} = {value}" for name, value in data[group].items()]
    for name, column in data["vectors"].items():
        lines += [f"  {line}" for line in shown(name, [[x] for x in column])]
    for name, rows in data["matrices"].items():
        lines += [f"  {line}" for line in shown(name, rows)]
    details = found.evaluated or {"hypotheses": [], "terms": [], "fails": ""}
    if details["hypotheses"]:
        lines.append("the hypotheses hold")
        lines += [f"  {one['claim']}" for one in details["hypotheses"]]
    if details["fails"] != found.claim:
        lines.append(f"false: {details['fails']}")
    if "almost" in details:
        lines.append(f"it fails {details['almost']} of the generic letters" + (", such as" if data["generic"] else ""))
        for name, rows in data["generic"].items():
            lines += [f"  {line}" for line in shown(name, rows)]
    if details["terms"]:
        lines.append("where")
        for one in details["terms"]:
            lines += [f"  {line}" for line in shown(one["term"], one["value"])]
    return lines


def quoted(text: str) -> str:
    """Return a text as one argument of a shell, in double quotes where that is safe.

    >>> quoted("A' = A"), quoted("x")
    ('"A\\' = A"', '"x"')
    """
    return shlex.quote(text) if any(c in text for c in '"$`\\!') else f'"{text}"'


def command(statement: Statement) -> str:
    """Return the command that decides a statement again."""
    parts = ["symlora refute", quoted(statement.source)]
    parts += [f"--let {quoted(text)}" for text in statement.lets]
    parts += [f"--given {quoted(text)}" for text in statement.givens]
    if statement.fixed:
        parts.append(f"--dims {quoted(', '.join(f'{n}={v}' for n, v in statement.fixed.items()))}")
    return " ".join(parts)
