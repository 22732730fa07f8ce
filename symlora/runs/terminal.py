"""Verdicts as text: glyph, word and colour, plain where colour is not wanted."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, TextIO

from symlora.proof.verdicts import Verdict
from symlora.runs.errors import plain
from symlora.runs.report import Run, ScriptReport, StepReport, TheoremReport, Trouble
from symlora.runs.scan import shown

COLOURS = {"red": "31", "green": "32", "yellow": "33", "magenta": "35", "cyan": "36", "bold": "1", "dim": "2"}


@dataclass(frozen=True)
class Style:
    """How to write: with colour or without, with mathematical glyphs or in ASCII."""

    colour: bool = False
    glyphs: bool = True

    def paint(self, text: str, colour: str) -> str:
        """Return the text in a colour, if colour is wanted."""
        return f"\x1b[{COLOURS[colour]}m{text}\x1b[0m" if self.colour else text

    def verdict(self, verdict: Verdict, width: int = 0) -> str:
        """Return glyph and word.

        >>> Style().verdict(Verdict.PROVED), Style(glyphs=False).verdict(Verdict.REFUTED)
        ('✓ proved', 'x refuted')
        """
        glyph = verdict.glyph if self.glyphs else verdict.plain
        return self.paint(f"{glyph} {verdict.word.ljust(width)}", verdict.colour)

    def text(self, text: str) -> str:
        """Return the text with what the stream cannot show replaced."""
        return text if self.glyphs else text.replace("±", "+-").encode("ascii", "replace").decode()


def style(stream: TextIO) -> Style:
    """Return the style for a stream: colour on a terminal unless NO_COLOR is set, glyphs if it can encode them."""
    colour = stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    try:
        "".join(verdict.glyph for verdict in Verdict).encode(stream.encoding or "ascii")
        glyphs = True
    except (UnicodeEncodeError, LookupError):
        glyphs = False
    return Style(colour, glyphs)


def script_lines(report: ScriptReport, style: Style) -> list[str]:
    """Return the report on one script: a line for each theorem, and what is wrong below those that do not pass."""
    lines = [style.paint(plain(shown(report.path)), "bold")] if report.theorems or report.error else []
    for theorem in report.theorems:
        lines += theorem_lines(theorem, style)
    if report.error:
        lines.append(f"  {style.paint('error', 'red')} {style.text(report.error)}")
    return lines


def theorem_lines(theorem: TheoremReport, style: Style) -> list[str]:
    """Return one line on a theorem, its notes, and a paragraph for every step without proof."""
    title = f"  {theorem.title}" if theorem.title else ""
    lines = [f"  {style.verdict(theorem.verdict, 9)} {style.paint(theorem.id, 'bold')}{plain(title)}"]
    if theorem.expect is not Verdict.PROVED:
        lines[0] += f" (declared enough: {theorem.expect.word})"
    if theorem.rejected:
        lines.append(f"      the certificate was refused: {theorem.rejected}")
    for step in theorem.steps:
        if step.troubles:
            lines += step_lines(step, style)
    inherited = [hole for hole in theorem.holes if hole.partition(": ")[0] in theorem.cites]
    lines += [f"      rests on a claim without proof: {hole}" for hole in inherited]
    lines += [f"      {style.paint('note', 'yellow')} {note}" for note in theorem.notes]
    return lines


def step_lines(step: StepReport, style: Style) -> list[str]:
    """Return what is known about a step without proof."""
    place = f" in {step.path[-1]}" if step.path else ""
    line = f", line {step.line}" if step.line else ""
    lines = [f"    {style.verdict(step.verdict)}: step {style.paint(step.name, 'bold')}{place}{line}, by {step.by}"]
    for trouble in step.troubles:
        lines += [f"      {text}" for text in _trouble(trouble, style)]
    return lines


def _trouble(trouble: Trouble, style: Style) -> list[str]:
    lines = [f"claim      {trouble.claim}"]
    if trouble.expected:
        lines += [f"expected   {style.text(trouble.expected)}", f"found      {style.text(trouble.found)}"]
        lines.append(f"tried      {style.text(trouble.tried)}")
    elif trouble.claim:
        lines.append("left open by sorry")
    if trouble.counterexample is None:
        return [*lines, style.text(f"counterexample: {trouble.search}")]
    return [*lines, *witness_lines(trouble.counterexample)]


def witness_lines(data: dict[str, Any]) -> list[str]:
    """Return a confirmed counterexample as text: sizes, matrices, both sides evaluated."""
    from symlora.refute.report import shown as value_lines
    from symlora.refute.report import sides

    smallest = "the smallest on the grid" if data.get("minimal") else "smaller ones were not ruled out"
    lines = [f"counterexample ({smallest})"]
    for group in ("naturals", "at"):
        lines += [f"  {name} = {value}" for name, value in data[group].items()]
    for group in ("scalars", "matrices", "computed"):
        lines += [f"  {line}" for name, value in data[group].items() for line in value_lines(name, value)]
    lines.append(f"  where {data['claim']} has")
    for name, side in zip(sides(data), ("left", "right"), strict=True):
        lines += [f"    {line}" for line in value_lines(name, data[side])]
    return [plain(line) for line in lines]


def summary(run: Run, style: Style) -> str:
    """Return the last line: how many theorems have which verdict, and the time.

    >>> summary(Run(), Style())
    'no theorem (0.00 s)'
    """
    counts = [(verdict, sum(t.verdict is verdict for t in run.theorems)) for verdict in Verdict]
    parts = [f"{count} {style.verdict(verdict)}" for verdict, count in counts if count]
    if run.errors:
        parts.append(style.paint(f"{len(run.errors)} error" + "s" * (len(run.errors) > 1), "red"))
    total = len(run.theorems)
    head = f"{total} theorem{'s' * (total != 1)}: " if total else "no theorem" + ": " * bool(parts)
    return f"{head}{', '.join(parts)} ({run.seconds:.2f} s)"
