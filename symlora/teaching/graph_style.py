"""How a verdict looks in a graph: a colour and a pattern of dashes for its border, a tint for its fill.

Everything is derived from the table of verdicts, so that the legend and the nodes cannot disagree.
"""

from __future__ import annotations

from dataclasses import dataclass

from symlora.proof.verdicts import Verdict

INK = {"green": "#1a7f37", "cyan": "#0b6a99", "yellow": "#8a5a00", "magenta": "#7a3fc4", "red": "#c01c28"}
TINT = {"green": "#e2f5e5", "cyan": "#dff1fa", "yellow": "#fff4cf", "magenta": "#f1e8fd", "red": "#fde3e3"}
DASHES = ("", "12 3", "9 3 2 3", "6 3", "3 3", "2 4", "1 3", "8 2 1 2 1 2", "")
"""A pattern for each verdict from the strongest on; the last one, refuted, is told by its double width."""

DEFINITION_INK, DEFINITION_TINT = "#6e7781", "#ffffff"


@dataclass(frozen=True)
class Look:
    """Colours, dashes and width of the border of a node."""

    border: str
    dashes: str
    width: float
    fill: str


def look(statement: Verdict | None, proof: Verdict | None) -> Look:
    """Return how a node of that status looks; a definition has none.

    >>> look(Verdict.REFUTED, Verdict.PROVED)
    Look(border='#c01c28', dashes='', width=4.0, fill='#e2f5e5')
    """
    if statement is None or proof is None:
        return Look(DEFINITION_INK, "", 1.0, DEFINITION_TINT)
    width = 4.0 if statement is Verdict.REFUTED else 2.0
    return Look(INK[statement.colour], DASHES[statement.rank], width, TINT[proof.colour])
