"""Definitions: new families that always exist, with the facts that define them, in a statement or in a proof.

A definition adds only symbols that are not yet in scope, and every model of what is in scope extends to a model of the
new facts.
"""

from __future__ import annotations

from typing import Any

from symlora.kernel import naturals, words
from symlora.kernel.context import Context, Symbol
from symlora.kernel.errors import need
from symlora.kernel.facts import Fact, Relation, at_indices, relation_in
from symlora.kernel.form import require
from symlora.kernel.naturals import ONE, Nat, atom
from symlora.kernel.printing import letter_text
from symlora.kernel.words import Matrix

DEFINE = {
    "define": [{"name": str, "shape": [str], "is?": str, "start?": str, "step?": str}],
    "index": [str], "up?": str, "down?": str,
}  # fmt: skip


def define(ctx: Context, item: dict[str, Any]) -> dict[str, Fact]:
    """Add defined families to `ctx`; return their facts by name (also added).

    - ``is``: ``X[i, …] = expression`` for all naturals, the expression read before X is in scope, so it cannot
      mention X. Sound: a total function with these values exists.
    - ``up: a``: ``X[a] = start`` and ``X[l] = step`` for naturals l >= a + 1, where `step` mentions the families of
      this definition only at ``l - 1`` or, for those listed before X, at ``l``. Sound by recursion on l.
    - ``down: b``: ``X[b] = start`` and ``X[l - 1] = step`` for 1 <= l <= b, mentioning them only at ``l`` or, for
      earlier ones, at ``l - 1``. Sound by recursion on b - l.
    """
    require(item, DEFINE, "a definition")
    index, families, facts = item["index"], item["define"], {}
    inner, ends = ctx.templates(index), [item[end] for end in ("up", "down") if end in item]
    symbols = {f["name"]: Symbol("matrix", len(index), *inner.shape(f["shape"])) for f in families}
    wanted = {"name", "shape", "step"} if ends else {"name", "shape", "is"}
    form = all(wanted <= set(f) <= wanted | ({"start"} if ends else set()) for f in families)
    form = (
        form and len(symbols) == len(families) > 0 and (len(index) == len(ends) == 1 or len(families) == 1 > len(ends))
    )
    need(form, "define-form", "one family with 'is', or families with 'step' and one index and one end", "another form")
    here, before = atom("%0"), naturals.minus(atom("%0"), ONE)
    if not ends:
        ((name, symbol),) = symbols.items()
        value = _fitting(inner.matrix(families[0]["is"]), symbol, tuple(atom(f"%{i}") for i in range(len(index))))
        ctx.declare(name, symbol)
        left = ctx.member(name, tuple(atom(f"%{i}") for i in range(len(index))))
        facts[f"{name}.def"] = _closed(index, (), left, value)
    else:
        up, origin = "up" in item, ctx.nat(ends[0])
        starts = {f["name"]: ctx.matrix(f["start"]) for f in families if "start" in f}
        known, new = (before, here) if up else (here, before)
        limits = ((naturals.add(origin, ONE), here),) if up else ((ONE, here), (here, origin))
        for name, symbol in symbols.items():
            inner.declare(name, symbol)
        earlier: list[str] = []
        for name, symbol in symbols.items():
            step = inner.matrix(families[len(earlier)]["step"])
            for x in words.letters(step):
                allowed = x.head not in symbols or x.args == (known,) or (x.head in earlier and x.args == (new,))
                need(allowed, "define-smaller", "only members that are defined already", letter_text(x))
            ctx.declare(name, symbol)
            if name in starts:
                value = _fitting(starts[name], symbol, (origin,))
                facts[f"{name}.start"] = Fact((), (), Relation("=", (ctx.member(name, (origin,)), value)))
            conditions = tuple(Relation("<=", pair) for pair in limits)
            facts[f"{name}.step"] = _closed(index, conditions, ctx.member(name, (new,)), _fitting(step, symbol, (new,)))
            earlier.append(name)
    for fact_name, fact in facts.items():
        ctx.add(fact_name, fact)
    return facts


def _fitting(value: Matrix, symbol: Symbol, indices: tuple[Nat, ...]) -> Matrix:
    """Return `value` if it has the declared shape at these indices."""
    at = at_indices(indices)
    fits = (value.rows, value.cols) == (at.size(symbol.rows), at.size(symbol.cols))
    need(fits, "define-shape", "a value of the declared shape", "another shape")
    return value


def _closed(index: list[str], conditions: tuple[Relation, ...], left: Matrix, right: Matrix) -> Fact:
    """Return the equation for all index values, template variables turned into bound ones."""
    new = at_indices(tuple(atom(f"#{i}") for i in range(len(index))))
    body = relation_in(Relation("=", (left, right)), new)
    return Fact(tuple(index), tuple(relation_in(c, new) for c in conditions), body)
