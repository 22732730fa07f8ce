"""A page as a complete LaTeX article, which needs amsmath and amsthm only."""

from __future__ import annotations

from symlora.runs.errors import plain as printable
from symlora.runs.terminal import Style, step_lines
from symlora.teaching.page import PageStep, ProofPage
from symlora.teaching.rich import Math, Rich, written
from symlora.teaching.text import GENERAL, NOTHING, stands_on, verdicts

ESCAPES = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "<": r"\textless{}", ">": r"\textgreater{}",
    "|": r"\textbar{}", '"': r"\textquotedbl{}", "-": "-{}", "`": r"\textasciigrave{}", "'": r"\textquotesingle{}",
    "±": r"$\pm$",
}  # fmt: skip
"""Characters that LaTeX would not print as they are; a dash is kept from joining with the next one."""

HEAD = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage{textcomp}
\usepackage{amsmath,amsthm}
\newtheorem*{statement}{Theorem}
\setlength{\parindent}{0pt}
\sloppy
\allowdisplaybreaks
"""


def escaped(text: str) -> str:
    r"""Return text in which nothing is markup; what is not ASCII becomes a question mark.

    >>> escaped("50% of a_b\\c")
    '50\\% of a\\_b\\textbackslash{}c'
    """
    return "".join(ESCAPES.get(c, c if c.isascii() else "?") for c in printable(text))


def typewriter(text: str) -> str:
    r"""Return text as a name; it may be broken after a slash, a dash or a comma.

    >>> typewriter("matrix/rank_sum")
    '\\texttt{matrix/\\allowbreak{}rank\\_sum}'
    """
    shown = escaped(text)
    for mark in ("/", "-{}", ","):
        shown = shown.replace(mark, f"{mark}\\allowbreak{{}}")
    return f"\\texttt{{{shown}}}"


def rich_latex(rich: Rich) -> str:
    """Return a sentence as LaTeX."""
    return written(rich, _math, typewriter, escaped)


def _math(math: Math) -> str:
    return f"${math.latex}$"


def explain_latex(page: ProofPage) -> str:
    """Return a page as a LaTeX document.

    >>> from symlora.proof.verdicts import Verdict
    >>> page = ProofPage("a/b", "Title", "", "", Verdict.UNKNOWN, (), (), rejected="expected 1, found 2")
    >>> explain_latex(page).splitlines()[-2:]
    ['The certificate was refused: expected 1, found 2', '\\\\end{document}']
    """
    style = Style(glyphs=False)
    source = f"\\parbox{{0.8\\linewidth}}{{\\centering {escaped(page.source)}}}"
    lines = [HEAD + f"\\title{{{escaped(page.title or page.id)}}}", f"\\author{{{source}}}", "\\date{}",
             "\\begin{document}", "\\maketitle", f"{typewriter(page.id)}: {_verdict(page, style)}", ""]  # fmt: skip
    if page.rejected:
        return "\n".join([*lines, f"The certificate was refused: {escaped(page.rejected)}", "\\end{document}"])
    lines += ["\\begin{statement}", escaped(GENERAL), "\\begin{itemize}"]
    for line in page.statement:
        name = f" ({typewriter(line.name)})" if line.kind in ("given", "goal") else ""
        lines.append(f"\\item {rich_latex(line.sentence)}{name}")
    lines += ["\\end{itemize}", "\\end{statement}", "", "\\begin{proof}", "\\leavevmode"]
    entries: list[str] = []
    for step in page.steps:
        entries += _step(step, style, 0)
    for conclusion in page.conclusions:
        entries += _paragraph(
            0, f"\\textbf{{{typewriter(conclusion.goal)}}} {rich_latex(conclusion.fact)} "
               f"\\emph{{{escaped(style.verdict(conclusion.verdict))}}}")  # fmt: skip
    lines += [*entries, "\\end{proof}", ""]
    if page.witness:
        lines += ["\\paragraph{What exists}", *(f"{rich_latex(one)}. " for one in page.witness), ""]
    lines.append("\\paragraph{What it stands on}")
    lines += [f"{name}: {', '.join(map(typewriter, found))}.\\par" for name, found in stands_on(page)]
    lines += [f"without proof: {typewriter(hole)}\\par" for hole in page.holes]
    lines += [f"note: {escaped(note)}\\par" for note in page.notes]
    lines.append(f"SHA-{{}}256 of the statement: {{\\small\\texttt{{{page.digest[:32]} {page.digest[32:]}}}}}")
    return "\n".join([*lines, "\\end{document}"])


def _verdict(page: ProofPage, style: Style) -> str:
    return f"\\textbf{{{escaped(style.verdict(page.verdict))}}}"


def _paragraph(depth: int, text: str) -> list[str]:
    """Return a paragraph whose left margin shows how deep in sub-proofs it stands."""
    return [f"{{\\leftskip={1.5 * depth:g}em\\relax {text}\\par}}"]


def _step(step: PageStep, style: Style, depth: int) -> list[str]:
    space = ["\\smallskip"]
    if step.rule == "define":
        return space + _paragraph(depth, rich_latex(step.new))
    heads = [f"\\textbf{{{typewriter(claim.name)}}} {_math(claim.fact)}." for claim in step.claims]
    text = [*heads, rich_latex(step.reason)]
    if step.new:
        text.append(rich_latex(step.new))
    text.append(f"\\emph{{{escaped(verdicts(step, style))}}}")
    lines = space + _paragraph(depth, " ".join(text))
    for report in step.troubles:
        for line in step_lines(report, style)[1:]:
            body = line.removeprefix("      ")
            blank = len(body) - len(body.lstrip())
            lines += _paragraph(depth + 1, "\\ " * blank + f"\\texttt{{{escaped(body.lstrip())}}}")
    for part in step.parts:
        lines += _paragraph(depth + 1, f"\\emph{{{rich_latex(part.heading)}:}}")
        if not part.steps:
            lines += _paragraph(depth + 2, escaped(NOTHING))
        for one in part.steps:
            lines += _step(one, style, depth + 2)
    return lines
