"""A theorem in numbers as text: the instance, and each fact of the proof with both sides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from symlora.counterexamples.report import shown
from symlora.domains.ground import BEYOND
from symlora.proof.verdicts import Verdict
from symlora.runs.errors import plain
from symlora.runs.numbers import Line, Numbers, Rows, Told
from symlora.runs.report import TheoremReport
from symlora.runs.symbolic import Symbolic
from symlora.runs.terminal import Style

SHOWN_LINES = 4
"""How many values of its indices a fact is shown at; those where it does not hold are shown all."""
SHOWN_MEMBERS = 6
SHOWN_SIDE = 8
"""The largest matrix that is written out."""
GLYPHS = {"holds": Verdict.HOLDS_ON_INSTANCES, "fails": Verdict.REFUTED, "open": Verdict.UNKNOWN,
          "untested": Verdict.UNTESTED}  # fmt: skip


def numbers_lines(theorem: TheoremReport, found: Numbers, style: Style, digits: int) -> list[str]:
    """Return the text of one instance; `digits` is how many were asked for, 0 for none."""
    title = f"  {plain(theorem.title)}" if theorem.title else ""
    lines = [f"{style.verdict(theorem.verdict)}  {style.paint(theorem.id, 'bold')}{title}"]
    if not found.found:
        word = style.paint(_glyph("untested", style), "yellow")
        return [*lines, f"{word}: no instance of the hypotheses was found among {found.tried} candidates"]
    sizes = ", ".join(f"{name} = {value}" for name, value in found.sizes.items())
    lines += [f"one exact instance, from seed {found.seed}, candidate {found.tried}"]
    lines += ["", "Naturals", f"  {sizes or 'none'}"]
    largest = max((value for name, value in found.sizes.items() if "[" not in name), default=0)
    for name, group in (("Matrices", found.matrices), ("Computed from them", found.computed)):
        lines += ["", name, *_members(group, largest)] if group or name == "Matrices" else []
    lines += ["", "Givens", *_given_lines(found.givens, style)]
    lines += ["", "Facts of the proof, in order"]
    for told in found.facts:
        lines += [f"  {line}" for line in _fact_lines(told, style)]
    if found.ended:
        lines.append(f"  the run ended here: {found.ended}")
    return [style.text(line) for line in [*lines, "", *_summary(found, digits)]]


def _glyph(verdict: str, style: Style) -> str:
    one = GLYPHS[verdict]
    return style.paint(f"{one.glyph if style.glyphs else one.plain} {verdict}", one.colour)


def _members(group: Mapping[str, Rows], largest: int) -> list[str]:
    """Return the values of members; those past the largest natural, and more than a few of a family, are counted."""
    lines: list[str] = []
    left: dict[str, int] = {}
    count: dict[str, int] = {}
    for name, rows in group.items():
        family, _, inside = name.partition("[")
        far = any(int(index) > largest for index in inside.rstrip("]").split(",") if index)
        empty = bool(inside) and not (rows and rows[0])
        if far or empty or count.get(family, 0) == SHOWN_MEMBERS:
            left[family] = left.get(family, 0) + 1
        else:
            count[family] = count.get(family, 0) + 1
            lines += [f"  {line}" for line in _matrix(name, rows)]
    rest = ", ".join(f"{number} of {family}" for family, number in left.items())
    return lines + ([f"  and members that are empty, beyond the range or many: {rest}"] if rest else []) or ["  none"]


def _matrix(name: str, value: Rows | str) -> list[str]:
    if isinstance(value, list) and max(len(value), *map(len, value), 0) > SHOWN_SIDE:
        return [f"{name} = a {len(value)} x {len(value[0])} matrix, written out by --json"]
    if isinstance(value, list) and len(value) == 1 and len(value[0]) == 1:
        return [f"{name} = {value[0][0]}"]
    return shown(name, value)


def _given_lines(givens: Sequence[Told], style: Style) -> list[str]:
    lines = [f"  {_glyph(told.verdict, style)}  {plain(told.path)}: {told.claim}{_times(told)}" for told in givens]
    return lines or ["  none"]


def _times(told: Told) -> str:
    many = len(told.lines)
    return f"   ({many} values of its indices)" if many > 1 else ""


def _fact_lines(told: Told, style: Style) -> list[str]:
    """Return the lines of a fact; one that the machine put between the steps is one line where it holds."""
    goal = told.path.startswith("goal ")
    place = f" in {told.inside[-1]}" if told.inside else ""
    if told.named or goal or not told.step:
        name = told.path if not told.step or goal else f"{told.step}{place}"
        lines = [f"{_glyph(told.verdict, style)}  {style.paint(plain(name), 'bold')}: {told.claim}"]
    else:
        lines = [f"{_glyph(told.verdict, style)}  on the way to {plain(told.step)}{place}: {told.claim}{_times(told)}"]
        if told.verdict in ("holds", "untested"):
            return lines
    if not told.lines:
        return [*lines, "    no value of its indices comes up at this instance"]
    if goal and told.verdict == "holds":
        return lines
    bad = [line for line in told.lines if line.verdict != "holds"]
    good = [line for line in told.lines if line.verdict == "holds"][: max(0, SHOWN_LINES - len(bad))]
    for line in [*bad, *good]:
        lines += [f"    {text}" for text in _line_lines(line, style)]
    rest = len(told.lines) - len(bad) - len(good)
    if rest:
        lines.append(f"    and at {rest} more value{'s' * (rest != 1)} of its indices")
    return lines


def _line_lines(line: Line, style: Style) -> list[str]:
    at = ", ".join(f"{name} = {value}" for name, value in line.at.items())
    head = [f"at {at}: {_glyph(line.verdict, style)} ({line.how})" if at else f"({line.how})"]
    if line.verdict == "holds" and line.left == line.right and line.left != "":
        return [*head, *_matrix("  both sides", line.left)]
    if isinstance(line.left, list) and isinstance(line.right, str):
        return [*head, *_matrix("  matrix", line.left), *([f"  {line.right}"] if line.right else [])]
    sides: list[tuple[str, Any]] = [("  left ", line.left), ("  right", line.right)]
    return [*head, *(text for name, value in sides if value != "" for text in _matrix(name, value))]


def _summary(found: Numbers, digits: int) -> list[str]:
    named = (("holds", "hold"), ("fails", "fail"), ("open", "left open"))
    words = [f"{found.count(verdict)} {word}" for verdict, word in named if found.count(verdict)]
    idle = sum(told.verdict == "untested" for told in found.facts)
    values = sum(len(told.lines) for told in found.facts)
    lines = [f"{len(found.facts)} facts, {values} values of them: {', '.join(words) or 'none'}"
             + (f"; {idle} fact{'s' * (idle != 1)} untested here" if idle else "")]  # fmt: skip
    ends = ", ".join(dict.fromkeys(name for told in found.facts for name in told.cut))
    if ends:
        lines.append(f"a range without an end ({ends}) is followed to {BEYOND} past the largest natural")
    if digits:
        lines.append(f"irrational values are rounded to {digits} digits from certain enclosures. Enclosures that are "
                     "apart decide inequalities; equality is decided by exact arithmetic, never by digits")  # fmt: skip
    return lines


def polynomial_lines(found: Numbers, symbolic: Sequence[Symbolic], style: Style) -> list[str]:
    """Return what is known of the facts for all entries at the sizes of an instance."""
    sizes = ", ".join(f"{name} = {value}" for name, value in found.sizes.items())
    lines = [f"For all entries of the matrices that satisfy the givens, at {sizes or 'this shape'} alone"]
    claims = {told.path: told for told in found.facts}
    held = 0
    for one in symbolic:
        told = claims[one.path]
        held += one.state in ("holds", "naturals")
        at = ", ".join(f"{name} = {value}" for name, value in one.at.items())
        place = f"{plain(told.step or told.path)}{f' at {at}' if at else ''}"
        lines.append(f"  {_state(one, style)}  {place}: {told.claim}")
        if one.reason and one.state != "naturals":
            lines.append(f"      {one.reason}")
        for name, rows in (one.witness or {}).items():
            lines += [f"      {line}" for line in _matrix(name, [[str(x) for x in row] for row in rows])]
    lines.append(f"{held} of {len(symbolic)} facts hold for all entries, by comparing polynomials (not replayed by the "
                 "kernel); of the others nothing follows from that")  # fmt: skip
    return [style.text(line) for line in lines]


def _state(one: Symbolic, style: Style) -> str:
    if one.state == "fails":
        return _glyph("fails", style)
    if one.state in ("holds", "naturals"):
        shape = Verdict.DECIDED_AT_SHAPE
        glyph = shape.glyph if style.glyphs else shape.plain
        how = f"for all {one.indeterminates} entries" if one.indeterminates else "no entries occur"
        return style.paint(f"{glyph} holds, {how if one.instances else 'at no index'}", shape.colour)
    return style.paint(f"{Verdict.UNKNOWN.glyph} not decided", "yellow")
