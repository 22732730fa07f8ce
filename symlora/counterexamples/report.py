"""Counterexamples as text: the sizes, the matrices, the claim, and both of its sides evaluated."""

from __future__ import annotations

from typing import Any

from symlora.counterexamples.counterexample import Counterexample, NoneFound


def matrix_lines(rows: list[list[str]]) -> list[str]:
    """Return the lines of a matrix with aligned columns.

    >>> matrix_lines([["1", "-1/2"], ["0", "1"]])
    ['[ 1  -1/2 ]', '[ 0     1 ]']
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [f"[ {'  '.join(x.rjust(w) for x, w in zip(row, widths, strict=True))} ]" for row in rows]


def shown(name: str, value: Any) -> list[str]:
    """Return ``name = value`` with the value aligned under its first line; a matrix without entries is "empty".

    >>> shown("A", [["1", "0"], ["0", "-1"]])
    ['A = [ 1   0 ]', '    [ 0  -1 ]']
    >>> shown("x", "1/2"), shown("B", [])
    (['x = 1/2'], ['B = empty'])
    """
    if isinstance(value, str):
        return [f"{name} = {value}"]
    lines = matrix_lines(value) if value and value[0] else ["empty"]
    margin = " " * (len(name) + 3)
    return [f"{name} = {lines[0]}", *(margin + line for line in lines[1:])]


def sides(data: dict[str, Any]) -> tuple[str, str]:
    """Return what the two sides of a counterexample, as JSON data, are called."""
    if isinstance(data["left"], list) and not isinstance(data["right"], list):
        return "matrix", "determinant" if "nonsingular(" in data["claim"] else "because"
    return "left ", "right"


GRIDS = ("of entries up to 3 and 1/3", "of sizes up to 3")
"""The grids beyond the first: what a worker sends is shown only if it is one of these texts."""


def reach(data: dict[str, Any]) -> str:
    """Return in words among which models a counterexample, as JSON data, is the smallest.

    >>> reach({"minimal": True}), reach({"minimal": True, "grid": "of sizes up to 3"}), reach({"minimal": False})
    ('the smallest on the grid', 'the smallest on the grid of sizes up to 3', 'smaller ones were not ruled out')
    """
    if not data.get("minimal"):
        return "smaller ones were not ruled out"
    return " ".join(["the smallest on the grid", *(text for text in GRIDS if text == data.get("grid"))])


def render(result: Counterexample | NoneFound) -> str:
    """Return the text of what a search found.

    >>> from symlora.counterexamples.grid import search
    >>> print(render(search([{"natural": "n"}, {"matrix": "A", "index": [], "shape": ["n", "n"]}], [], "A*A = A")))
    counterexample found: the smallest on the grid
      A*A = A
    fails for
      n = 1
      A = [ -1 ]
    where
      left  = [ 1 ]
      right = [ -1 ]
    """
    if isinstance(result, NoneFound):
        return _none(result)
    data = result.to_json()
    lines = [f"counterexample found: {reach(data)}", f"  {data['goal']}", "fails for"]
    lines += [f"  {name} = {value}" for name, value in data["naturals"].items()]
    lines += [f"  {name} = {value}" for name, value in data["at"].items()]
    for group in ("scalars", "matrices"):
        lines += [f"  {line}" for name, value in data[group].items() for line in shown(name, value)]
    if data["computed"]:
        lines.append("so that")
        lines += [f"  {line}" for name, value in data["computed"].items() for line in shown(name, value)]
    lines.append("where" if data["claim"] == data["goal"] else f"where {data['claim']} has")
    for name, side in zip(sides(data), ("left", "right"), strict=True):
        lines += [f"  {line}" for line in shown(name, data[side])]
    if data["cut"]:
        lines.append(f"(hypotheses without an upper bound were checked up to a largest {', '.join(data['cut'])} only)")
    return "\n".join(lines)


def _none(result: NoneFound) -> str:
    where = "on the whole grid" if result.exhausted else "in the part of the grid that was covered"
    lines = [f"no counterexample found {where} ({result.models} values tried)", f"  {result.goal}"]
    if result.untested:
        lines.append("nothing was tested: no instance of the hypotheses was found there")
    if result.open:
        lines.append(f"{result.open} of them were left open by irrational values")
    return "\n".join(lines)
