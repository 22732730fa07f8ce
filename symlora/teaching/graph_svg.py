"""A graph as one SVG file that needs nothing else: readable without colour, in print, and by a screen reader."""

from __future__ import annotations

from itertools import pairwise
from xml.sax.saxutils import escape

from symlora.proof.verdicts import Verdict
from symlora.runs.errors import plain
from symlora.teaching.graph import Graph, Vertex
from symlora.teaching.graph_style import look
from symlora.teaching.layout import Drawing, layered

LETTER, SMALL, LINE, MARGIN, PAD = 7.3, 6.1, 15.0, 20.0, 9.0
"""Widths of a letter in the two sizes of text, the height of a line, and spaces, in pixels."""

MOST = 46
"""How many letters of a claim stand in a node; all of them are in its description."""

FONT = "font-family=\"'DejaVu Sans Mono', Menlo, Consolas, monospace\""
ARROW = (
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    '<path d="M0 0.8 L8 4 L0 7.2 z" fill="#57606a"/></marker></defs>'
)
LEGEND = "border: what is known of the statement; fill: its own proof, given what it uses"


def graph_svg(graph: Graph) -> str:
    """Return a graph as SVG. Raises ValueError if its edges make a circle."""
    shown = {vertex.id: _lines(vertex) for vertex in graph.vertices}
    sizes = {name: _size(lines) for name, lines in shown.items()}
    drawing = layered(sizes, graph.edges)
    legend, legend_width, legend_height = _legend()
    width = max(drawing.width, legend_width, LETTER * 1.2 * len(graph.title)) + 2 * MARGIN
    top = MARGIN + 2 * LINE
    height = top + drawing.height + 2 * LINE + legend_height + MARGIN
    about = f"{len(graph.vertices)} nodes, {len(graph.edges)} edges; an arrow goes from what is used to what uses it."
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        _open(width, height),
        f'<title id="graph-title">{_text(graph.title)}</title>',
        f'<desc id="graph-about">{_text(about)} {_text(LEGEND)}.</desc>',
        ARROW,
        f'<rect width="{_n(width)}" height="{_n(height)}" fill="#ffffff"/>',
        f'<text x="{_n(MARGIN)}" y="{_n(MARGIN + 10)}" font-size="14" font-weight="bold">{_text(graph.title)}</text>',
        f'<g transform="translate({_n(MARGIN)} {_n(top)})">',
        '<g fill="none" stroke="#57606a" stroke-width="1" stroke-opacity="0.75">',
        *_edges(graph, drawing),
        "</g>",
        *(_node(vertex, shown[vertex.id], sizes[vertex.id], drawing.centres[vertex.id]) for vertex in graph.vertices),
        "</g>",
        f'<g transform="translate({_n(MARGIN)} {_n(top + drawing.height + 2 * LINE)})">',
        *legend,
        "</g>",
        "</svg>",
    ]
    return "\n".join(parts)


def _open(width: float, height: float) -> str:
    size = f"{_n(width)} {_n(height)}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_n(width)}" height="{_n(height)}" viewBox="0 0 {size}" '
        f'role="graphics-document document" aria-labelledby="graph-title graph-about" {FONT}>'
    )


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _text(text: str) -> str:
    return escape(plain(text), {'"': "&quot;"})


def _lines(vertex: Vertex) -> list[tuple[str, bool]]:
    """Return the lines in a node, each with whether it is large."""
    head = vertex.name if vertex.kind == "theorem" else f"{vertex.kind} {vertex.name}"
    says = vertex.says if len(vertex.says) <= MOST else vertex.says[: MOST - 1] + "…"
    return [(head, True), *([(says, False)] if says else []), (vertex.status, False)]


def _size(lines: list[tuple[str, bool]]) -> tuple[float, float]:
    width = max(len(text) * (LETTER if large else SMALL) for text, large in lines)
    return width + 2 * PAD, LINE * len(lines) + PAD


def _edges(graph: Graph, drawing: Drawing) -> list[str]:
    found = []
    for edge in graph.edges:
        points = drawing.lines[edge]
        path = f"M{_n(points[0][0])} {_n(points[0][1])}"
        for k, ((x, y), (u, v)) in enumerate(pairwise(points)):
            if k % 2:  # through a column
                path += f" L{_n(u)} {_n(v)}"
            else:
                half = (u - x) / 2
                path += f" C{_n(x + half)} {_n(y)} {_n(u - half)} {_n(v)} {_n(u)} {_n(v)}"
        found.append(f'<path d="{path}" marker-end="url(#arrow)"><title>{_text(f"{edge[0]} is used by {edge[1]}")}'
                     "</title></path>")  # fmt: skip
    return found


def _box(
    x: float, y: float, width: float, height: float, kind: str, status: tuple[Verdict | None, Verdict | None]
) -> str:
    """Return the outline of a node: round for what is proved, square for what is given or defined."""
    one = look(*status)
    dashes = f' stroke-dasharray="{one.dashes}"' if one.dashes else ""
    corner = 2 if kind in ("given", "definition", "axiom") else 8
    return (f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" rx="{corner}" fill="{one.fill}" '
            f'stroke="{one.border}" stroke-width="{_n(one.width)}"{dashes}/>')  # fmt: skip


def _node(vertex: Vertex, lines: list[tuple[str, bool]], size: tuple[float, float], centre: tuple[float, float]) -> str:
    width, height = size
    x, y = centre[0] - width / 2, centre[1] - height / 2
    label = f"{vertex.kind} {vertex.name}: {vertex.status}"
    parts = [
        f'<g class="node" role="graphics-symbol img" aria-label="{_text(label)}">',
        f"<title>{_text(label)}</title>",
        f"<desc>{_text(vertex.says or vertex.name)}</desc>",
        _box(x, y, width, height, vertex.kind, (vertex.statement, vertex.proof)),
    ]
    for k, (text, large) in enumerate(lines):
        look_ = 'font-size="12" font-weight="bold"' if large else 'font-size="10" fill="#24292f"'
        parts.append(f'<text x="{_n(x + PAD)}" y="{_n(y + LINE * (k + 1))}" {look_}>{_text(text)}</text>')
    return "".join([*parts, "</g>"])


def _legend() -> tuple[list[str], float, float]:
    """Return the legend, made from the table of verdicts, with its width and height."""
    parts = [f'<text y="10" font-size="10">{_text(LEGEND)}</text>']
    widest = len(LEGEND) * SMALL
    x, y = 0.0, 1.5 * LINE
    for position, verdict in enumerate(Verdict):
        if position and position % 5 == 0:
            x, y = 0.0, y + 1.8 * LINE
        text = f"{verdict.glyph} {verdict.word}"
        wide = len(text) * SMALL + 2 * PAD
        parts += [_box(x, y, wide, 1.3 * LINE, "theorem", (verdict, verdict)),
                  f'<text x="{_n(x + PAD)}" y="{_n(y + LINE - 2)}" font-size="10">{_text(text)}</text>']  # fmt: skip
        x += wide + PAD
        widest = max(widest, x)
    return parts, widest, y + 1.5 * LINE
