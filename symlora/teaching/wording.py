"""Words for what a statement defines, what a step brings into scope, and what a sub-proof assumes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from symlora.kernel.context import Context
from symlora.kernel.definitions import define
from symlora.kernel.printing import nat_text
from symlora.proof.uses import Block, Step
from symlora.teaching.reasons import guard, variable
from symlora.teaching.rich import Math, Name, Rich, joined
from symlora.teaching.typeset import fact_math, matrix_math, nat_math, shape_math


def with_naturals(context: Context, names: list[str]) -> Context:
    """Return an inner scope with naturals of these names."""
    inner = context.child()
    for name in names:
        if name not in inner.symbols:
            inner.declare_natural(name)
    return inner


def head(name: str, index: list[str]) -> str:
    return f"{name}[{', '.join(index)}]" if index else name


def equations(context: Context, item: dict[str, Any]) -> Iterator[Rich]:
    """Yield the equations of a definition, with where they hold."""
    index = item["index"]
    inner = with_naturals(context, index)
    for family in item["define"]:
        member = matrix_math(inner, head(family["name"], index))
        yield member, " of shape ", shape_math(inner, family["shape"])
        name = family["name"]
        if "is" in family:
            yield _equation(member, matrix_math(inner, family["is"]))
            continue
        end = item["up"] if "up" in item else item["down"]
        if "start" in family:
            yield _equation(matrix_math(inner, f"{name}[{end}]"), matrix_math(inner, family["start"]))
        left = member if "up" in item else matrix_math(inner, f"{name}[{index[0]} - 1]")
        where = _range(inner, index[0], end, "up" in item)
        yield (*_equation(left, matrix_math(inner, family["step"])), " for ", where)


def _equation(left: Math, right: Math) -> Rich:
    return (Math(f"{left.text} = {right.text}", f"{left.latex} = {right.latex}"),)


def _range(context: Context, index: str, end: str, up: bool) -> Math:
    """Return where the step of a recursion holds."""
    here, last = nat_math(context, index), nat_math(context, end)
    if up:
        return Math(f"{here.text} > {last.text}", f"{here.latex} > {last.latex}")
    return Math(f"1 <= {here.text} <= {last.text}", f"1 \\le {here.latex} \\le {last.latex}")


def brought(step: Step, before: Context, after: Context) -> Rich:
    """Return what a step brings into scope."""
    if step["rule"] == "define":
        scope = before.child()
        define(scope, {key: value for key, value in step.items() if key != "rule"})
        return ("Let ", *joined(list(equations(scope, step)), "; "), ".")
    heads = list(step.get("new", {}).values()) if step["rule"] == "cite" else []
    heads += [one["name"] for one in step.get("state", [])] + [one["matrix"] for one in step.get("exists", [])]
    if not heads:
        return ()
    parts: list[Rich] = []
    for name in heads:
        symbol = after.symbols[name]
        index = _fresh(after, symbol.arity)
        inner = with_naturals(after, index)
        member = inner.member(name, tuple(inner.nat(one) for one in index))
        parts.append((matrix_math(inner, head(name, index)), " of shape ", _shape(inner, member)))
    return ("This gives ", *joined(parts), ".")


def _fresh(context: Context, count: int) -> list[str]:
    free = (name for name in ("l", "k", "i", "j", "a", "b", "l1", "k1") if name not in context.symbols)
    return [next(free) for _ in range(count)]


def _shape(context: Context, member: Any) -> Math:
    return shape_math(context, [nat_text(member.rows), nat_text(member.cols)])


def heading(step: Step, label: str, block: Block) -> Rich:
    """Return the words over a sub-proof: what it assumes, and which values it gives to what the step brings."""
    context = block.context
    if step["rule"] in ("cases", "either"):
        values = step[label].get("witness", {})
        chosen = joined([(Name(name), " := ", matrix_math(context, text)) for name, text in values.items()])
        return ("Case ", guard(context, step, label), *((", with ", *chosen) if chosen else ()))
    if label == "proof":
        assumed = [(fact_math(context, context.facts[name]),) for name in step["assume"]]
        return ("Assume ", *joined(assumed)) if assumed else ("Sub-proof",)
    low, high = nat_math(context, step["from"]), nat_math(context, step["to"])
    index, down = variable(step["index"]), step.get("down") == 1
    if label == "base":
        end = high if down else low
        found: Rich = ("Base ", Math(f"{index.text} = {end.text}", f"{index.latex} = {end.latex}"))
        return (*found, *_chosen(step, context, end.text, "start"))
    new = nat_math(context, f"{step['index']} {'-' if down else '+'} 1")
    first, last = ("<", "<=") if down else ("<=", "<")
    text = f"{low.text} {first} {index.text} {last} {high.text}"
    latex = " ".join((low.latex, LATEX[first], index.latex, LATEX[last], high.latex))
    found = ("Step from ", index, " to ", new, ", where ", Math(text, latex))
    return (*found, *_chosen(step, context, new.text, "next"))


LATEX = {"<": "<", "<=": "\\le"}


def _chosen(step: Step, context: Context, at: str, key: str) -> Rich:
    """Return the values that a choice gives to its families at one index."""
    values = [(Name(f"{one['name']}[{at}]"), " := ", matrix_math(context, one[key])) for one in step.get("state", [])]
    return (", with ", *joined(values)) if values else ()
