"""A graph in the DOT language of Graphviz."""

from __future__ import annotations

from symlora.teaching.graph import Graph, Vertex
from symlora.teaching.graph_style import look


def quoted(text: str) -> str:
    r"""Return text as a quoted string of DOT; a line break stays one.

    >>> print(quoted('a "b" \\ c'))
    "a \"b\" \\ c"
    """
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def graph_dot(graph: Graph) -> str:
    """Return a graph as DOT: border = statement, fill = proof, glyph and word in every node."""
    lines = [f"digraph {quoted(graph.title)} {{", "  rankdir=LR;",
             '  node [shape=box, style="filled", fontname="monospace", fontsize=10];']  # fmt: skip
    lines += [f"  {_vertex(vertex)}" for vertex in graph.vertices]
    lines += [f"  {quoted(first)} -> {quoted(second)};" for first, second in graph.edges]
    return "\n".join([*lines, "}"])


def _vertex(vertex: Vertex) -> str:
    one = look(vertex.statement, vertex.proof)
    style = '"filled,dashed"' if one.dashes else '"filled"'
    label = quoted(f"{vertex.kind}: {vertex.name}\n{vertex.status}")
    tip = quoted(f"{vertex.name}: {vertex.says}" if vertex.says else vertex.name)
    return (
        f'{quoted(vertex.id)} [label={label}, tooltip={tip}, color="{one.border}", fillcolor="{one.fill}", '
        f"penwidth={one.width:g}, style={style}];"
    )
