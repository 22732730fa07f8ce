"""Conservative extensions: new families that always exist, with the facts that define them.

`define` and `split` may stand in the statement of a theorem ("let P[l] = …") and in a proof. Each adds only symbols
that are not yet in scope, and every model of what is in scope extends to a model of the new facts.
"""

from __future__ import annotations

from typing import Any

from symlora.kernel import naturals, words
from symlora.kernel.context import Context, Symbol, at_indices
from symlora.kernel.errors import need
from symlora.kernel.facts import Fact, Relation, bound
from symlora.kernel.form import require
from symlora.kernel.naturals import ONE, Nat
from symlora.kernel.printing import letter_text
from symlora.kernel.words import Matrix

NAT_PROOF = {"scale?": int, "by?": [[str]]}
DEFINE = {
    "define": [{"name": str, "shape": [str], "is?": str, "start?": str, "step?": str}],
    "index": [str], "up?": str, "down?": str,
}  # fmt: skip
SPLIT = {"split": [str], "sizes": [str], "as": str}


def shape(scope: Context, texts: list[str]) -> tuple[Nat, Nat]:
    """Return the two sizes written in `texts`."""
    need(len(texts) == 2, "shape-pair", "two sizes", lambda: str(len(texts)))
    return scope.nat(texts[0]), scope.nat(texts[1])


def define(ctx: Context, item: dict[str, Any]) -> dict[str, Fact]:
    """Add defined families to `ctx`; return their symbols' facts by name (also added).

    - ``is``: ``X[i, …] = expression`` for all naturals, the expression read before X is in scope, so it cannot
      mention X. Sound: a total function with these values exists.
    - ``up: a``: ``X[a] = start`` and ``X[l] = step`` for naturals l >= a + 1, where `step` mentions the families of
      this definition only at ``l - 1`` or, for those listed before X, at ``l``. Sound by recursion on l.
    - ``down: b``: ``X[b] = start`` and ``X[l - 1] = step`` for 1 <= l <= b, mentioning them only at ``l`` or, for
      earlier ones, at ``l - 1``. Sound by recursion on b - l.
    """
    require(item, DEFINE, "a definition")
    index, families = tuple(item["index"]), item["define"]
    up, down = item.get("up"), item.get("down")
    inner = ctx.templates(index)
    symbols = {}
    for family in families:
        rows, cols = shape(inner, family["shape"])
        symbols[family["name"]] = Symbol("matrix", tuple(f"%{i}" for i in range(len(index))), rows, cols)
    need(len(symbols) == len(families), "define-names", "different names", "one name twice")
    if up is None and down is None:
        form = all(set(f) == {"name", "shape", "is"} for f in families) and len(families) == 1
        need(form, "define-explicit", "one family with 'is' and no 'start' or 'step'", "another form")
        (family,) = families
        name, symbol = family["name"], symbols[family["name"]]
        value = _fitting(inner.matrix(family["is"]), (symbol.rows, symbol.cols), name)
        ctx.declare(name, symbol)
        left = ctx.member(name, tuple(naturals.atom(f"%{i}") for i in range(len(index))))
        fact = _closed(index, (), Relation("=", (left, value)))
        ctx.add(f"{name}.def", fact)
        return {f"{name}.def": fact}
    recursive = all(set(f) <= {"name", "shape", "start", "step"} and "step" in f for f in families)
    need(recursive and len(index) == 1 and (up is None or down is None), "define-recursive",
         "one index, one of 'up' and 'down', and a 'step' for each family", "another form")  # fmt: skip
    origin = ctx.nat(item["down"] if up is None else item["up"])
    starts = {f["name"]: ctx.matrix(f["start"]) for f in families if "start" in f}
    for name, symbol in symbols.items():
        inner.declare(name, symbol)
    here = naturals.atom("%0")
    before = naturals.minus(here, ONE)
    known, new = (before, here) if up is not None else (here, before)
    if up is not None:
        conditions: tuple[Relation, ...] = (Relation("<=", (naturals.add(origin, ONE), here)),)
    else:
        conditions = (Relation("<=", (ONE, here)), Relation("<=", (here, origin)))
    facts: dict[str, Fact] = {}
    earlier: list[str] = []
    for family in families:
        name, symbol = family["name"], symbols[family["name"]]
        step = inner.matrix(family["step"])
        for x in words.letters(step):
            allowed = x.head not in symbols or x.args == (known,) or (x.head in earlier and x.args == (new,))
            need(allowed, "define-smaller", "only members that the recursion has already defined", letter_text(x))
        _fitting(step, tuple(at_indices(s, (new,)) for s in (symbol.rows, symbol.cols)), name)
        ctx.declare(name, symbol)
        if name in starts:
            value = _fitting(starts[name], tuple(at_indices(s, (origin,)) for s in (symbol.rows, symbol.cols)), name)
            facts[f"{name}.start"] = Fact((), (), Relation("=", (ctx.member(name, (origin,)), value)))
        facts[f"{name}.step"] = _closed(index, conditions, Relation("=", (ctx.member(name, (new,)), step)))
        earlier.append(name)
    for fact_name, fact in facts.items():
        ctx.add(fact_name, fact)
    return facts


def split(ctx: Context, item: dict[str, Any]) -> dict[str, Fact]:
    """Add the coordinate inclusions J, K of sizes p and s into size p + s; return their facts by name.

    J'J = 1, K'K = 1, J'K = 0, JJ' + KK' = 1. Sound where p, s >= 0, which both must show by their form: the first p
    and the last s columns of the identity. (A negative p would mean an empty J and too large a K.)
    """
    require(item, SPLIT, "a split")
    need(len(item["split"]) == 2 == len(item["sizes"]), "split-two", "two names and two sizes", "another number")
    (j, k), (p, s) = item["split"], shape(ctx, item["sizes"])
    natural = naturals.plainly_natural(p) and naturals.plainly_natural(s)
    need(natural, "split-natural", "sizes >= 0 by their form", lambda: str(item["sizes"]))
    total = naturals.add(p, s)
    ctx.declare(j, Symbol("matrix", (), total, p))
    ctx.declare(k, Symbol("matrix", (), total, s))
    left, right = ctx.member(j, ()), ctx.member(k, ())
    both = words.add(*(words.times(x, words.transpose(x)) for x in (left, right)))
    values = {
        "first": (words.times(words.transpose(left), left), words.identity(p)),
        "second": (words.times(words.transpose(right), right), words.identity(s)),
        "cross": (words.times(words.transpose(left), right), words.zero(p, s)),
        "sum": (both, words.identity(total)),
    }
    facts = {f"{item['as']}.{part}": Fact((), (), Relation("=", sides)) for part, sides in values.items()}
    for name, fact in facts.items():
        ctx.add(name, fact)
    return facts


def _fitting(value: Matrix, sizes: tuple[Nat, ...], name: str) -> Matrix:
    """Return `value` if it has the declared shape."""
    need(
        (value.rows, value.cols) == sizes, "define-shape", "a value of the declared shape", lambda: f"another at {name}"
    )
    return value


def _closed(index: tuple[str, ...], conditions: tuple[Relation, ...], body: Relation) -> Fact:
    """Return the fact for all index values, template variables turned into bound ones."""

    def value(name: str, inner: tuple[Nat, ...]) -> Nat:
        return naturals.atom(bound(int(name[1:])) if name.startswith("%") else name, inner)

    def size(n: Nat) -> Nat:
        return naturals.replace(n, value)

    def letter(x: words.Letter) -> Matrix:
        return words.letter(x._replace(args=tuple(size(i) for i in x.args), rows=size(x.rows), cols=size(x.cols)))

    closed = [words.rebuild(side, size, letter) for side in body.sides]
    ranges = tuple(Relation(c.kind, tuple(size(side) for side in c.sides)) for c in conditions)
    return Fact(index, ranges, Relation(body.kind, tuple(closed)))
