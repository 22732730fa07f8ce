"""A layered drawing of a graph without circles: columns from left to right, few crossings, short edges.

Columns are longest-path layers; the order in a column comes from sweeps of barycentres, of which the one with the
fewest crossings is kept; heights minimise the squares of the distances to the neighbours (Sugiyama, Tagawa and Toda,
1981, in outline).
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import networkx as nx

Place = tuple[str, int]
"""A node in its column, or the point of a column through which the edges of a node pass."""

Size = tuple[float, float]
GAP_X, GAP_Y, GAP_LINE, SWEEPS = 60.0, 14.0, 9.0, 16


@dataclass
class Drawing:
    """Where everything goes: the centres of nodes, the points of each edge, and the size of the whole."""

    centres: dict[str, tuple[float, float]] = field(default_factory=dict)
    lines: dict[tuple[str, str], list[tuple[float, float]]] = field(default_factory=dict)
    width: float = 0.0
    height: float = 0.0


def columns(nodes: Sequence[str], edges: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Return the column of each node: an edge goes to a later one; a node that uses nothing stands close to its user.

    Raises ValueError if the edges make a circle.

    >>> columns(["a", "b", "c", "d"], [("a", "b"), ("b", "c"), ("d", "c")])
    {'a': 0, 'b': 1, 'c': 2, 'd': 1}
    """
    graph = nx.DiGraph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from(edges)
    if not nx.is_directed_acyclic_graph(graph):
        raise ValueError("expected a graph without circles")
    level = {node: k for k, layer in enumerate(nx.topological_generations(graph)) for node in layer}
    for node in nodes:
        if graph.out_degree(node) and not graph.in_degree(node):
            level[node] = min(level[after] for after in graph.successors(node)) - 1
    return {node: level[node] for node in nodes}


def layered(sizes: Mapping[str, Size], edges: Sequence[tuple[str, str]]) -> Drawing:
    """Return the drawing of nodes of these sizes; nodes without edges stand below the others, in rows."""
    touched = {node for edge in edges for node in edge}
    level = columns([node for node in sizes if node in touched], edges)
    drawing = Drawing()
    if level:
        _Layout(sizes, edges, level).fill(drawing)
    _rows([node for node in sizes if node not in touched], sizes, drawing)
    return drawing


class _Layout:
    """The columns of one drawing. Long edges of one node share their points in the columns between."""

    def __init__(self, sizes: Mapping[str, Size], edges: Sequence[tuple[str, str]], level: Mapping[str, int]) -> None:
        self.sizes, self.edges, self.level = sizes, edges, level
        self.layers: list[list[Place]] = [[] for _ in range(max(level.values()) + 1)]
        for node, column in level.items():
            self.layers[column].append((node, column))
        self.links: dict[tuple[Place, Place], None] = {}
        for edge in edges:
            path = self.path(edge)
            for here, there in pairwise(path):
                if there not in self.layers[there[1]]:
                    self.layers[there[1]].append(there)
                self.links[here, there] = None
        self.before: dict[Place, list[Place]] = {}
        self.after: dict[Place, list[Place]] = {}
        for here, there in self.links:
            self.after.setdefault(here, []).append(there)
            self.before.setdefault(there, []).append(here)

    def path(self, edge: tuple[str, str]) -> list[Place]:
        """Return the places of an edge from column to column."""
        first, last = edge
        return [*((first, k) for k in range(self.level[first], self.level[last])), (last, self.level[last])]

    def is_node(self, place: Place) -> bool:
        return self.level[place[0]] == place[1]

    def size(self, place: Place) -> Size:
        return self.sizes[place[0]] if self.is_node(place) else (0.0, GAP_LINE)

    def order(self) -> None:
        """Order the columns by sweeps, and keep the best order that was seen."""
        best, least = [list(layer) for layer in self.layers], self.crossings()
        for sweep in range(SWEEPS):
            down = sweep % 2 == 0
            neighbours = self.before if down else self.after
            for layer in self.layers if down else reversed(self.layers):
                at = {place: i for one in self.layers for i, place in enumerate(one)}
                layer.sort(key=lambda p, at=at, n=neighbours: _mean([at[q] for q in n.get(p, [])], at[p]))  # type: ignore[misc]
            if (count := self.crossings()) < least:
                best, least = [list(layer) for layer in self.layers], count
        self.layers = best

    def crossings(self) -> int:
        """Return how many pairs of links cross."""
        total = 0
        at = {place: i for layer in self.layers for i, place in enumerate(layer)}
        for layer in self.layers:
            ends = [at[there] for here in layer for there in sorted(self.after.get(here, []), key=at.__getitem__)]
            seen: list[int] = []
            for end in ends:
                total += len(seen) - bisect_right(seen, end)
                insort(seen, end)
        return total

    def fill(self, drawing: Drawing) -> None:
        """Give every node its centre and every edge its points."""
        self.order()
        y = self.heights()
        top = min(y[place] - self.size(place)[1] / 2 for place in y)
        left = 0.0
        spans: list[tuple[float, float]] = []
        for layer in self.layers:
            width = max(self.size(place)[0] for place in layer)
            spans.append((left, left + width))
            left += width + GAP_X
        drawing.width = left - GAP_X
        for layer in self.layers:
            for place in layer:
                start, end = spans[place[1]]
                drawing.height = max(drawing.height, y[place] - top + self.size(place)[1] / 2)
                if self.is_node(place):
                    drawing.centres[place[0]] = ((start + end) / 2, y[place] - top)
        for edge in self.edges:
            points: list[tuple[float, float]] = []
            for place in self.path(edge):
                start, end = spans[place[1]]
                height = y[place] - top
                if self.is_node(place):
                    half = self.size(place)[0] / 2
                    points.append(((start + end) / 2 + (-half if points else half), height))
                else:
                    points += [(start, height), (end, height)]
            drawing.lines[edge] = points

    def heights(self) -> dict[Place, float]:
        """Return the heights of all places: near their neighbours, in order, and apart."""
        y: dict[Place, float] = {}
        for layer in self.layers:
            for place, value in zip(layer, self.spread(layer, [0.0] * len(layer)), strict=True):
                y[place] = value
        for sweep in range(SWEEPS):
            down = sweep % 2 == 0
            for layer in self.layers if down else reversed(self.layers):
                wanted = [_mean([y[q] for q in self._near(p, down)], y[p]) for p in layer]
                y.update(zip(layer, self.spread(layer, wanted), strict=True))
        return y

    def _near(self, place: Place, down: bool) -> list[Place]:
        first, second = (self.before, self.after) if down else (self.after, self.before)
        return first.get(place) or second.get(place, [])

    def spread(self, layer: Sequence[Place], wanted: Sequence[float]) -> list[float]:
        """Return heights in this order and far enough apart, with the least sum of squares from those wanted."""
        offsets = [0.0]
        for one, two in pairwise(layer):
            gap = GAP_Y if self.is_node(one) or self.is_node(two) else 0.0
            offsets.append(offsets[-1] + (self.size(one)[1] + self.size(two)[1]) / 2 + gap)
        return [v + o for v, o in zip(_isotonic([w - o for w, o in zip(wanted, offsets, strict=True)]), offsets,
                                      strict=True)]  # fmt: skip


def _mean(values: Sequence[float], default: float) -> float:
    return sum(values) / len(values) if values else default


def _isotonic(values: Iterable[float]) -> list[float]:
    """Return the non-decreasing numbers closest to these, by pooling adjacent violators.

    >>> _isotonic([1, 3, 2, 4])
    [1.0, 2.5, 2.5, 4.0]
    """
    pools: list[tuple[float, int]] = []
    for value in values:
        total, count = float(value), 1
        while pools and pools[-1][0] / pools[-1][1] > total / count:
            more, number = pools.pop()
            total, count = total + more, count + number
        pools.append((total, count))
    return [total / count for total, count in pools for _ in range(count)]


def _rows(nodes: Sequence[str], sizes: Mapping[str, Size], drawing: Drawing) -> None:
    """Place nodes in rows below what is drawn already."""
    if not nodes:
        return
    cell = max(sizes[node][0] for node in nodes) + GAP_Y
    count = max(1, int(max(drawing.width, 4 * cell) // cell))
    top = drawing.height + (3 * GAP_Y if drawing.height else 0.0)
    for start in range(0, len(nodes), count):
        row = nodes[start : start + count]
        tall = max(sizes[node][1] for node in row)
        for k, node in enumerate(row):
            drawing.centres[node] = (k * cell + sizes[node][0] / 2, top + tall / 2)
            drawing.width = max(drawing.width, k * cell + sizes[node][0])
        top += tall + GAP_Y
    drawing.height = top - GAP_Y
