"""What dropping givens does to a theorem, as text."""

from __future__ import annotations

from symlora.counterexamples.report import shown, sides
from symlora.decide.drop import NEEDED, PROVED, UNDEFINED, UNKNOWN, Dropped, Drops

GLYPHS = {PROVED: "○", NEEDED: "✗", UNDEFINED: "◌", UNKNOWN: "?"}


def render(drops: Drops) -> str:
    """Return the text: one line for each given with what was found, then the instance that shows it.

    >>> print(render(Drops("t", {"h": "A = 0"}, (Dropped(("h",), PROVED, "the proof replays without it"),), (), True)))
    t
      ○ still proved  without h: the proof replays without it
    """
    width = max((len(one.status) for one in drops.single), default=0)
    lines = [drops.theorem, *(line for one in drops.single for line in _entry(one, width))]
    if not drops.single:
        lines.append("  no givens")
    if drops.sets:
        lines.append("broken by leaving out together")
        for one in drops.sets:
            lines += _entry(one, len(one.status))
            lines.append("      " + (
                "no smaller part of these breaks it: it is still proved without each"
                if one.minimal else "whether a smaller part of these breaks it is open"
            ))  # fmt: skip
    if not drops.finished:
        lines.append("the time was used up before all sets were looked at; --time S gives more")
    return "\n".join(lines)


def _entry(one: Dropped, width: int) -> list[str]:
    names, how = ", ".join(one.names), one.how
    if one.why == "nothing":
        how = f"nothing exists with all goals: {how}"
    lines = [f"  {GLYPHS[one.status]} {one.status:<{width}}  without {names}: {how}"]
    if one.witness is None:
        return lines
    lines[0] += ", at"
    groups = [one.witness["naturals"], one.witness.get("at", {}), one.witness.get("scalars", {})]
    lines += [f"      {name} = {value}" for group in groups for name, value in group.items()]
    lines += [f"      {line}" for name, rows in one.witness["matrices"].items() for line in shown(name, rows)]
    if one.why == "goal":
        lines.append(f"      where {one.witness['claim']} has")
        for name, side in zip(sides(one.witness), ("left", "right"), strict=True):
            lines += [f"        {line}" for line in shown(name, one.witness[side])]
    return lines
