"""The picture of a sweep: measured errors beside those that rounding predicts."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from symlora.runs.errors import RunError


def plot(place: Path, chunks: Sequence[dict[str, Any]], eps: float, title: str) -> Path | None:
    """Write a scatter of all instances for every goal that is off somewhere; None without matplotlib."""
    try:
        figures, canvas = import_module("matplotlib.figure"), import_module("matplotlib.backends.backend_agg")
    except ImportError:
        return None
    drawing = figures.Figure(figsize=(6, 5), layout="constrained")
    canvas.FigureCanvasAgg(drawing)
    axes = drawing.add_subplot(xscale="log", yscale="log")
    for path in chunks[0]["goals"]:
        pairs = [
            pair for c in chunks for pair in zip(c["goals"][path]["figure"], c["goals"][path]["error"], strict=True)
        ]
        points = [(figure * eps, error) for figure, error in pairs if error > 0]
        if points:
            axes.scatter(*zip(*points, strict=True), s=6, alpha=0.5, label=path.removeprefix("goal "))
            low, high = min(x for x, _ in points), max(x for x, _ in points)
            axes.plot((low, high), (low, high), color="grey", linewidth=1)
            axes.legend()
    axes.set(xlabel="conditioning figure times epsilon", ylabel="relative error", title=title)
    try:
        drawing.savefig(place, dpi=150, metadata={"Software": None})
    except OSError as error:
        raise RunError(f"expected a file that can be written, found {place}: {error.strerror}") from None
    return place
