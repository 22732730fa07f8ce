"""Short builders of certificates, so that a wrong proof is readable in a few lines.

`setup` reads one line per item: ``natural m n``, ``naturals d[i]``, ``A, B: m x n``, ``W[l]: d[l] x d[l - 1]`` and
``given h: fact``; a dict passes through. A step is built by the function of its rule and is called ``g`` unless named.
"""

from __future__ import annotations

import re
from typing import Any

from symlora.kernel.axioms import AXIOMS

Json = dict[str, Any]
OK: Json = {}
AXIOM: dict[str, Json] = {item["name"].removeprefix("axiom/"): item for item in AXIOMS}


def bundle(*theorems: Json) -> Json:
    return {"format": "symlora-certificate", "version": 1, "theorems": list(theorems)}


def setup(*lines: str | Json) -> list[Json]:
    items: list[Json] = []
    for line in lines:
        if isinstance(line, dict):
            items.append(line)
        elif line.startswith("natural "):
            items += [{"natural": name} for name in line.split()[1:]]
        elif line.startswith("naturals "):
            name, index = _head(line.removeprefix("naturals "))
            items.append({"naturals": name, "index": index})
        elif line.startswith("given "):
            name, fact = line.removeprefix("given ").split(": ", 1)
            items.append({"given": name, "fact": fact})
        else:
            names, shape = line.split(": ")
            for head in re.split(r", (?![^\[]*\])", names):
                name, index = _head(head)
                items.append({"matrix": name, "index": index, "shape": shape.split(" x ")})
    return items


def _head(text: str) -> tuple[str, list[str]]:
    name, _, rest = text.partition("[")
    return name, rest.removesuffix("]").split(", ") if rest else []


def theorem(
    items: list[str | Json], goals: str | Json, *steps: Json, done: str | list[str] = "g", name: str = "t", **more: Any
) -> Json:
    """A theorem; goals are one fact, called ``main``, or facts by name."""
    named = {"main": goals} if isinstance(goals, str) else goals
    return {
        "name": name,
        "setup": setup(*items),
        "goals": [{"name": key, "fact": fact} for key, fact in named.items()],
        "proof": list(steps),
        "done": [done] if isinstance(done, str) else done,
        **more,
    }


def proof(items: list[str | Json], goals: str | Json, *steps: Json, done: str | list[str] = "g", **more: Any) -> Json:
    """A bundle of one theorem."""
    return bundle(theorem(items, goals, *steps, done=done, **more))


def exists(*lines: str, **witness: str) -> Json:
    """Fields of a theorem that says that matrices exist, with their witnesses."""
    return {"exists": setup(*lines), "witness": witness}


def by(*items: tuple[str, ...], **more: int) -> Json:
    """A proof of an inequality."""
    return {"by": [list(item) for item in items], **more}


def eq(fact: str, *items: tuple[str, ...], name: str = "g") -> Json:
    return {"rule": "eq", "fact": fact, "by": [list(item) for item in items], "as": name}


def nat(fact: str, given: Any = OK, name: str = "g") -> Json:
    return {"rule": "nat", "fact": fact, "proof": given, "as": name}


def natural(of: str, at: list[str], proofs: list[Json], name: str = "g") -> Json:
    return {"rule": "natural", "of": of, "at": at, "proofs": proofs, "as": name}


def at(of: str, values: str | list[str], *proofs: Any, name: str = "g") -> Json:
    """An instance."""
    values = [values] if isinstance(values, str) else values
    return {"rule": "instance", "of": of, "at": values, "proofs": list(proofs), "as": name}


def axiom(name: str, values: str, *facts: str, new: str = "", natural: Json = OK, **goals: str) -> Json:
    """Cite an axiom: ``values`` and ``new`` are written ``n := m; M := A + B``, facts are h1, h2, … in order."""
    naturals = [item["natural"] for item in AXIOM[name]["setup"] if "natural" in item]
    given = dict(part.split(" := ") for part in filter(None, values.split("; ")))
    return {
        "rule": "cite",
        "theorem": f"axiom/{name}",
        "naturals": {key: value for key, value in given.items() if key in naturals},
        "matrices": {key: value for key, value in given.items() if key not in naturals},
        "natural": natural,
        "new": dict(part.split(" := ") for part in filter(None, new.split("; "))),
        "facts": {f"h{k}": fact for k, fact in enumerate(facts, 1)},
        "as": goals,
    }


def such(name: str, values: str, prefix: str = "s", **more: Any) -> Json:
    """An item of a statement: the values are as the goals of an axiom say."""
    step = axiom(name, values, **more)
    return {"such": step["theorem"], "as": prefix, **{key: step[key] for key in ("naturals", "natural", "matrices")}}


def inverse(size: str, matrix: str, of: str, right: str, left: str) -> Json:
    """The two identities of the inverse of a matrix of that size."""
    return axiom("inverse", f"n := {size}; M := {matrix}", of, g1=right, g2=left)


def nonsingular(size: str, matrix: str, other: str, given: str, name: str = "g") -> Json:
    """The matrix is nonsingular because its product with another is the identity."""
    return axiom("nonsingular", f"n := {size}; M := {matrix}; N := {other}", given, g1=name)


def psd(fact: str, *squares: tuple[str, ...], name: str = "g", plus: tuple[tuple[str, ...], ...] = ()) -> Json:
    """A sum of squares plus multiples of equations."""
    return {"rule": "psd", "fact": fact, "squares": [list(s) for s in squares], "by": [list(m) for m in plus],
            "as": name}  # fmt: skip


def index(fact: str, *proofs: Any, name: str = "g") -> Json:
    return {"rule": "index", "fact": fact, "proofs": list(proofs), "as": name}


def block(*steps: Json, done: str = "x") -> Json:
    return {"steps": list(steps), "done": [done]}


def have(fact: str, inner: Json, assume: tuple[str, ...] = (), name: str = "g") -> Json:
    return {"rule": "have", "fact": fact, "assume": list(assume), "proof": inner, "as": name}


def cases(on: str, fact: str, left: Json, right: Json, assume: tuple[str, ...] = ("p", "q"), name: str = "g") -> Json:
    return {"rule": "cases", "on": on, "fact": fact, "assume": list(assume), "left": left, "right": right, "as": name}


def choose(
    state: dict[str, tuple[str, str, str]], goals: dict[str, str], relations: dict[str, str], base: Json, step: Json,
    **more: Any,
) -> Json:  # fmt: skip
    """Families chosen for l from 0 to L: (shape, start, next) by name; the fact X.start is the value at 0.

    Goals and relations are facts by name; the hypothesis of a goal g is IHg.
    """
    families = [
        {"name": name, "shape": shape.split(" x "), "start": start, "next": after, "as": f"{name}.start"}
        for name, (shape, start, after) in state.items()
    ]
    whole = {"rule": "choose", "index": "l", "from": "0", "to": "L", "origin": {}, "range": ["r0", "lo", "hi"]}
    facts = [{"fact": fact, "hypothesis": f"IH{name}", "as": name} for name, fact in goals.items()]
    links = [{"fact": fact, "as": name} for name, fact in relations.items()]
    return {**whole, "state": families, "goals": facts, "relations": links, "base": base, "step": step, **more}


def either(on: str, new: dict[str, str], goals: dict[str, str], left: Json, right: Json) -> Json:
    """New matrices by shape, with goals by name; each side is a block with a witness; the guards are p and q."""
    matrices = [{"matrix": name, "shape": shape.split(" x ")} for name, shape in new.items()]
    facts = [{"fact": fact, "as": name} for name, fact in goals.items()]
    return {"rule": "either", "on": on, "assume": ["p", "q"], "exists": matrices, "goals": facts, "left": left,
            "right": right}  # fmt: skip


def side(*steps: Json, done: str | list[str] = "x", **witness: str) -> Json:
    """One side of `either`."""
    return {"steps": list(steps), "done": [done] if isinstance(done, str) else done, "witness": witness}


def absurd(of: str, fact: str, name: str = "g") -> Json:
    return {"rule": "absurd", "of": of, "fact": fact, "as": name}


def hole(fact: str, name: str = "g") -> Json:
    return {"rule": "hole", "fact": fact, "as": name}


def induction(fact: str, base: Json, step: Json, name: str = "g", **more: Any) -> Json:
    """Induction on l from 0 to L for one goal; base and step are blocks; the hypothesis is IH."""
    goals = [{"fact": fact, "hypothesis": "IH", "as": name}]
    whole = {"rule": "induction", "index": "l", "from": "0", "to": "L", "origin": {}, "range": ["r0", "lo", "hi"]}
    return {**whole, "goals": goals, "base": base, "step": step, **more}


def cite(name: str, given: Json = OK, **more: Any) -> Json:
    """A citation; `given` maps the goal to its name here, the rest is by field (``matrices={"A": "B"}``)."""
    fields: Json = {"naturals": {}, "natural": {}, "matrices": {}, "new": {}, "facts": {}, "as": dict(given)}
    return {"rule": "cite", "theorem": name, **fields, **more}


def define(name: str, size: str, value: str, *variables: str) -> Json:
    """An explicit definition of a matrix of shape `size`."""
    return {"define": [{"name": name, "shape": size.split(" x "), "is": value}], "index": list(variables)}


def recursion(name: str, size: str, start: str | None, step: str, **limit: str) -> Json:
    """A recursive definition with index l, ``up`` or ``down``."""
    family = {"name": name, "shape": size.split(" x "), "step": step}
    return {"define": [family if start is None else {**family, "start": start}], "index": ["l"], **limit}


def rule(name: str, item: Json) -> Json:
    """A definition as a step of a proof."""
    return {"rule": name, **item}
