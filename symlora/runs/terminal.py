"""Verdicts as text: glyph, word and colour, plain where colour is not wanted."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, TextIO

from symlora.proof.verdicts import Verdict
from symlora.runs.errors import plain
from symlora.runs.report import InstanceReport, Run, ScriptReport, StepReport, TheoremReport, Trouble
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
    return lines if theorem.instances is None else [*lines, *instance_lines(theorem.instances, style)]


def instance_lines(report: InstanceReport, style: Style) -> list[str]:
    """Return one line on what running a proof on instances gave, and the instance on which a fact is false.

    >>> instance_lines(InstanceReport(20, 0, 20, sizes=({"n": 0}, {"n": 1}), facts=9, open=2, idle=("a",)), Style())
    ['      ≈ 20 instances of 2 sizes: 7 facts hold, irrational values leave 2 open; 1 step without an instance: a']
    >>> instance_lines(InstanceReport(20, 0, tried=200), Style())
    ['      ○ untested: no instance of the hypotheses was found among 200 candidates']
    """
    verdict = report.verdict
    glyph = style.paint(verdict.glyph if style.glyphs else verdict.plain, verdict.colour)
    stopped = f"; {plain(report.stopped)}" if report.stopped else ""
    if report.failure is not None:
        step = plain(report.failure["step"] or "of a definition")
        text = f"step {step} is false on an instance"
        if report.alarm:
            text = style.paint(f"{text}, though the kernel accepted it: an error of this program, please report", "red")
        return [f"      {glyph} {style.text(text)}", *(f"      {style.text(x)}" for x in _values(report.failure))]
    if verdict is Verdict.VACUOUS:
        return [f"      {glyph} vacuous: the kernel replays a contradiction from the hypotheses"]
    if verdict is Verdict.UNTESTED:
        return [f"      {glyph} untested: {report.why_untested}"]
    count, sizes = _several(report.models, "instance"), _several(len(report.sizes), "size")
    text = f"{count} of {sizes}" + (f" and {report.left_out} in part" if report.left_out else "")
    text += f": {_several(report.facts - report.open, 'fact')} hold"
    text += f", irrational values leave {report.open} open" if report.open else ""
    if report.idle:
        text += f"; {_several(len(report.idle), 'step')} without an instance: {', '.join(map(plain, report.idle))}"
    return [f"      {glyph} {style.text(text + stopped)}"]


def _several(count: int, word: str) -> str:
    return f"{count:,} {word}{'s' * (count != 1)}"


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
    from symlora.counterexamples.report import reach

    return [plain(f"counterexample ({reach(data)})"), *_values(data)]


def _values(data: dict[str, Any]) -> list[str]:
    """Return the values of a model in which a claim is false, and both sides of the claim."""
    from symlora.counterexamples.report import shown as value_lines
    from symlora.counterexamples.report import sides

    lines = []
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
    tested = [theorem.instances for theorem in run.theorems if theorem.instances is not None]
    facts, models = sum(one.facts - one.open for one in tested), sum(one.models for one in tested)
    text = f"; {_several(facts, 'fact')} evaluated on {_several(models, 'instance')}" if tested else ""
    return f"{head}{', '.join(parts)}{text} ({run.seconds:.2f} s)"
