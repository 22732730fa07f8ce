"""A page as Markdown, mathematics between dollar signs."""

from __future__ import annotations

import re

from symlora.runs.errors import plain as printable
from symlora.runs.terminal import Style, step_lines
from symlora.teaching.page import PageStep, ProofPage
from symlora.teaching.rich import Math, Rich, written
from symlora.teaching.text import GENERAL, NOTHING, stands_on, verdicts

SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$!&])")
HEADS = {"exists": "exists", "goal": "shown", "given": "given", "definition": "defined"}


def escaped(text: str) -> str:
    r"""Return text in which nothing is markup.

    >>> escaped("a_b *c* $d$")
    'a\\_b \\*c\\* \\$d\\$'
    """
    return SPECIAL.sub(r"\\\1", printable(text))


def code(text: str) -> str:
    """Return text as code; its fence is longer than any row of backquotes in it.

    >>> code("a`b")
    '`` a`b ``'
    """
    text = printable(text)
    longest = max((len(found) for found in re.findall("`+", text)), default=0)
    return f"`{text}`" if not longest else f"{'`' * (longest + 1)} {text} {'`' * (longest + 1)}"


def rich_markdown(rich: Rich) -> str:
    """Return a sentence as Markdown."""
    return written(rich, _math, code, escaped)


def _math(math: Math) -> str:
    return f"${math.latex}$"


def explain_markdown(page: ProofPage) -> str:
    """Return a page as Markdown.

    >>> from symlora.proof.verdicts import Verdict
    >>> page = ProofPage("a/b", "Title", "", "", Verdict.UNKNOWN, (), (), rejected="expected 1, found 2")
    >>> print(explain_markdown(page))
    # Title
    <BLANKLINE>
    `a/b`: **? unknown**
    <BLANKLINE>
    The certificate was refused: expected 1, found 2
    """
    style = Style()
    lines = [f"# {escaped(page.title or page.id)}", "", f"{code(page.id)}: **{style.verdict(page.verdict)}**"]
    if page.source:
        lines += ["", f"Source: {escaped(page.source)}"]
    if page.rejected:
        return "\n".join([*lines, "", f"The certificate was refused: {escaped(page.rejected)}"])
    lines += ["", "## Statement", "", GENERAL, ""]
    for line in page.statement:
        name = f" ({HEADS[line.kind]}: {code(line.name)})" if line.kind in HEADS else ""
        lines.append(f"- {rich_markdown(line.sentence)}{name}")
    lines += ["", "## Proof", ""]
    for step in page.steps:
        lines += _step(step, style, "")
    for conclusion in page.conclusions:
        lines.append(f"- **{code(conclusion.goal)}** {rich_markdown(conclusion.fact)} "
                     f"*{style.verdict(conclusion.verdict)}*")  # fmt: skip
    if page.witness:
        lines += ["", "## What exists", "", *(f"- {rich_markdown(one)}" for one in page.witness)]
    lines += ["", "## What it stands on", ""]
    lines += [f"- {name}: {', '.join(map(_entry, found))}" for name, found in stands_on(page)]
    lines += [f"- without proof: {code(hole)}" for hole in page.holes]
    lines += [f"- note: {escaped(note)}" for note in page.notes]
    return "\n".join([*lines, f"- SHA-256 of the statement: {code(page.digest)}"])


def _entry(name: str) -> str:
    return code(name) if "/" in name else name


def _step(step: PageStep, style: Style, margin: str) -> list[str]:
    """Return a step as an entry of a list, its sub-proofs as lists inside."""
    if step.rule == "define":
        return [f"{margin}- {rich_markdown(step.new)}"]
    head = "; ".join(f"**{code(claim.name)}** {_math(claim.fact)}" for claim in step.claims)
    inner = f"{margin}  "
    lines = [f"{margin}- {head}  " if head else f"{margin}- {rich_markdown(step.reason)}  "]
    if head:
        lines.append(f"{inner}{rich_markdown(step.reason)}  ")
    if step.new:
        lines.append(f"{inner}{rich_markdown(step.new)}  ")
    if step.uses:
        lines.append(f"{inner}Uses {', '.join(map(code, step.uses))}.  ")
    lines.append(f"{inner}*{verdicts(step, style)}*")
    for report in step.troubles:
        shown = [f"{inner}{line.removeprefix('      ')}" for line in step_lines(report, style)[1:]]
        lines += ["", f"{inner}```text", *(line.replace("```", "'''") for line in shown), f"{inner}```", ""]
    for part in step.parts:
        lines.append(f"{inner}- {rich_markdown(part.heading)}")
        if not part.steps:
            lines.append(f"{inner}  - {NOTHING}")
        for one in part.steps:
            lines += _step(one, style, f"{inner}  ")
    return lines
