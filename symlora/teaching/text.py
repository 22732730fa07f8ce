"""A page as plain text."""

from __future__ import annotations

from symlora.runs.errors import plain as printable
from symlora.runs.terminal import Style, step_lines
from symlora.teaching.page import PageStep, ProofPage
from symlora.teaching.rich import plain

GENERAL = "All matrices are real; sizes and indices are natural numbers."


def explain_text(page: ProofPage, style: Style | None = None) -> str:
    """Return a page as plain text; `style` adds colour or leaves out glyphs.

    >>> from symlora.proof.verdicts import Verdict
    >>> page = ProofPage("a/b", "Title", "", "", Verdict.UNKNOWN, (), (), rejected="expected 1, found 2 [done]")
    >>> print(explain_text(page))
    ? unknown  a/b  Title
    the certificate was refused: expected 1, found 2 [done]
    """
    style = style or Style()
    title = f"  {printable(page.title)}" if page.title else ""
    lines = [f"{style.verdict(page.verdict)}  {style.paint(page.id, 'bold')}{title}"]
    if page.source:
        lines.append(f"source: {printable(page.source)}")
    if page.rejected:
        return "\n".join([*lines, f"the certificate was refused: {page.rejected}"])
    lines += ["", "Statement", f"  {GENERAL}"]
    lines += [f"  {line.text}" for line in page.statement]
    lines += ["", "Proof"]
    for step in page.steps:
        lines += _step(step, style, "  ")
    for conclusion in page.conclusions:
        lines.append(f"  {style.paint(conclusion.goal, 'bold')}: {plain(conclusion.fact)}")
        lines.append(f"      {style.verdict(conclusion.verdict)}")
    if page.witness:
        lines += ["", "What exists", *(f"  {plain(one)}" for one in page.witness)]
    lines += ["", *(f"{name}: {', '.join(found)}" for name, found in stands_on(page))]
    lines += [f"without proof: {hole}" for hole in page.holes]
    lines += [f"note: {note}" for note in page.notes]
    return style.text("\n".join([*lines, f"sha256 of the statement: {page.digest}"]))


def stands_on(page: ProofPage) -> list[tuple[str, tuple[str, ...]]]:
    """Return what a theorem cites and which axioms it uses, as names with a word before them."""
    return [("cites", page.cites or ("no theorem",)), ("axioms", page.axioms or ("none",))]


def _step(step: PageStep, style: Style, margin: str) -> list[str]:
    lines = [f"{margin}{style.paint(claim.name, 'bold')}: {claim.fact.text}" for claim in step.claims]
    inner = f"{margin}    "
    reason = plain(step.reason)
    if step.rule == "define":
        lines.append(f"{margin}{plain(step.new)}")
        return lines
    lines += [f"{inner if lines else margin}{reason}"]
    if step.new:
        lines.append(f"{inner}{plain(step.new)}")
    if step.uses:
        lines.append(f"{inner}uses {', '.join(step.uses)}")
    for part in step.parts:
        lines.append(f"{inner}{plain(part.heading)}:")
        if not part.steps:
            lines.append(f"{inner}  {NOTHING}")
        for one in part.steps:
            lines += _step(one, style, f"{inner}  ")
    lines.append(f"{inner}{verdicts(step, style)}")
    for report in step.troubles:
        lines += [f"{inner}{line.removeprefix('      ')}" for line in step_lines(report, style)[1:]]
    return lines


NOTHING = "Nothing further to show: this is known already."


def verdicts(step: PageStep, style: Style) -> str:
    """Return glyph and word of a step; of each claim where they differ."""
    if len({claim.verdict for claim in step.claims}) > 1:
        return ", ".join(f"{claim.name} {style.verdict(claim.verdict)}" for claim in step.claims)
    return style.verdict(step.verdict)
