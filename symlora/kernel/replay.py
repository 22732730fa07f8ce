"""Replaying a certificate: theorems in order, each from its statement and its proof."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any, NamedTuple

from symlora.kernel.axioms import AXIOMS
from symlora.kernel.citation import substitution
from symlora.kernel.context import FACT_NAME, Context, Symbol
from symlora.kernel.definitions import DEFINE, define
from symlora.kernel.errors import Rejected, need
from symlora.kernel.facts import Fact, fact_in
from symlora.kernel.form import require
from symlora.kernel.printing import fact_text
from symlora.kernel.rules import VALUES, close
from symlora.kernel.syntax import canonical

MATRIX = {"matrix": str, "index": [str], "shape": [str]}
SETUP: dict[str, Any] = {
    "such": {"such": str, "as": str, **VALUES},
    "natural": {"natural": str},
    "naturals": {"naturals": str, "index": [str]},
    "matrix": MATRIX,
    "define": DEFINE,
    "given": {"given": str, "fact": str},
}
STATEMENT = {"name": str, "title?": str, "source?": str, "setup": [dict], "exists?": [MATRIX],
             "goals": [{"name": str, "fact": str}]}  # fmt: skip
THEOREM = {**STATEMENT, "proof": [dict], "done": [str], "witness?": {"*": str}}
NAME_ALPHABET = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_-.")


class Theorem(NamedTuple):
    """A theorem that was replayed: what it states and what it stands on.

    For all `symbols` that satisfy `givens` (defining facts of defined families among them) there are `exists` with
    `goals`. `holes` are facts without proof, which the statement lists as assumed; `axioms` are those used by it and by
    what it cites; `digest` is the SHA-256 of `statement`; `facts` are the texts of the facts at the end of its proof.
    """

    name: str
    title: str
    source: str
    statement: str
    digest: str
    symbols: dict[str, Symbol]
    givens: dict[str, Fact]
    exists: dict[str, Symbol]
    goals: dict[str, Fact]
    holes: tuple[str, ...] = ()
    axioms: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()


class Library:
    """The theorems replayed so far, the axioms first, and what the one under way has used."""

    def __init__(self) -> None:
        self.theorems: dict[str, Theorem] = dict(axioms())
        self.holes: list[str] = []
        self.cited: set[str] = set()

    def citable(self, name: str) -> Theorem:
        """Return the axiom or earlier theorem of that name, and record that it is used, with its holes."""
        need(name in self.theorems, "cite-known", "a theorem proved earlier", lambda: ascii(name))
        self.cited.add(name)
        self.holes.extend(f"{name}: {hole}" for hole in self.theorems[name].holes)
        return self.theorems[name]

    def check(self, data: dict[str, Any]) -> Theorem:
        """Replay one theorem, record and return it; raises `Rejected` with the place and reason otherwise."""
        self.holes, self.cited = [], set()
        try:
            require(data, THEOREM, "a theorem")
            fresh = data["name"] not in self.theorems and not data["name"].startswith("axiom/")
            need(fresh, "theorem-fresh", "a new name of a theorem, none of an axiom", ascii(data["name"]))
            theorem = self._proved(data)
        except (RecursionError, ValueError):
            raise Rejected("size-replay", "numbers and nesting within limits", "larger ones") from None
        except Rejected as error:
            error.where.append(f"{data.get('name', 'theorem')!a:.80}".strip("'"))
            raise
        self.theorems[theorem.name] = theorem
        return theorem

    def _proved(self, data: dict[str, Any]) -> Theorem:
        ctx, stated = state(data)
        values = {"naturals": {}, "natural": {}, "matrices": data.get("witness", {})}
        close(ctx, {"steps": data["proof"], "done": []}, [], self)
        new = substitution(ctx, values, stated.exists)
        goals = [fact_in(goal, new) for goal in stated.goals.values()]
        close(ctx, {"steps": [], "done": data["done"]}, goals, self)
        axioms = {name for name in self.cited if name.startswith("axiom/")}
        axioms = axioms.union(*(self.theorems[name].axioms for name in self.cited))
        holes = tuple(dict.fromkeys(self.holes))
        more = [f"  by {name}" for name in sorted(axioms)] + [f"  assuming {hole}" for hole in holes]
        statement = "\n".join([stated.statement, *more])
        return stated._replace(
            statement=statement, digest=_digest(statement), holes=holes, axioms=tuple(sorted(axioms)),
            cites=tuple(sorted(self.cited - axioms)), facts=tuple((k, fact_text(f)) for k, f in ctx.facts.items()),
        )  # fmt: skip


def _digest(statement: str) -> str:
    return hashlib.sha256(statement.encode("ascii")).hexdigest()


@cache
def axioms() -> dict[str, Theorem]:
    """Return the axioms by name, read by the same code as any statement."""
    found: dict[str, Theorem] = {}
    for data in AXIOMS:
        found[data["name"]] = state(data)[1]
    return found


def state(data: dict[str, Any]) -> tuple[Context, Theorem]:
    """Return the context that a statement sets up, and the statement as a theorem without proof."""
    name, words = data["name"], data.get("title", "") + data.get("source", "")
    plain = set(name) <= NAME_ALPHABET and 0 < len(name) <= 100 and words.isascii() and (words + " ").isprintable()
    need(plain, "theorem-name", "a plain name and plain title and source", lambda: f"{name!a:.100}")
    ctx, lines = Context(), [f"theorem {name}"]
    for item in data["setup"]:
        lines += [f"  {line}" for line in add_item(ctx, item)]
    symbols, givens = dict(ctx.symbols), dict(ctx.facts)
    scope = ctx.child()
    for item in data.get("exists", []):
        lines.append(f"  there is a {add_item(scope, item)[0].removeprefix('for every ')}")
    exists = {name: symbol for name, symbol in scope.symbols.items() if name not in symbols}
    goals = {goal["name"]: scope.read(goal["fact"]) for goal in data["goals"]}
    need(len(goals) == len(data["goals"]) > 0, "theorem-goals", "goals of different names", "none, or one twice")
    need(all(map(FACT_NAME.fullmatch, goals)), "goal-plain", "plain names of goals", lambda: ascii(list(goals)))
    lines += [f"  then {goal['name']}: {canonical(goal['fact'])}" for goal in data["goals"]]
    statement = "\n".join(lines)
    title, source = data.get("title", ""), data.get("source", "")
    return ctx, Theorem(name, title, source, statement, _digest(statement), symbols, givens, exists, goals)


def add_item(ctx: Context, item: dict[str, Any]) -> list[str]:
    """Add one item of a statement to `ctx` and return the lines that state it."""
    kind = next((key for key in SETUP if key in item), "")
    need(kind != "", "setup-kind", "an item of a statement", lambda: f"{sorted(item)!a:.100}")
    require(item, SETUP[kind], f"a {kind!r} item")
    if kind == "natural":
        ctx.declare_natural(item["natural"])
        return [f"for every natural {item['natural']}"]
    if kind == "naturals":
        ctx.templates(item["index"])
        need(len(item["index"]) > 0, "setup-index", "at least one index", "none")
        ctx.declare_natural(item["naturals"], len(item["index"]))
        return [f"for all naturals {item['naturals']}[{', '.join(item['index'])}]"]
    if kind == "matrix":
        shape = ctx.templates(item["index"]).shape(item["shape"])
        ctx.declare(item["matrix"], Symbol("matrix", len(item["index"]), *shape))
        head = item["matrix"] + (f"[{', '.join(item['index'])}]" if item["index"] else "")
        what = "family" if item["index"] else "matrix"
        return [f"for every real {what} {head}: {' x '.join(map(canonical, item['shape']))}"]
    if kind == "given":
        ctx.add(item["given"], ctx.read(item["fact"]))
        return [f"given {item['given']}: {canonical(item['fact'])}"]
    if kind == "define":
        define(ctx, item)
        return [f"let {'; '.join(text for family in item['define'] for text in _equations(family, item))}"]
    need(item["such"] in axioms(), "such-axiom", "the name of an axiom", lambda: ascii(item["such"]))
    theorem = axioms()[item["such"]]
    values = substitution(ctx, item, theorem.symbols | theorem.exists)
    for name, goal in theorem.goals.items():
        ctx.add(f"{item['as']}.{name}", fact_in(goal, values))
    read = {**item["naturals"], **item["matrices"]}
    return [
        f"given {item['as']}: what {item['such']} says of {', '.join(f'{k} = {canonical(v)}' for k, v in read.items())}"
    ]


def _equations(family: dict[str, Any], item: dict[str, Any]) -> list[str]:
    """Return the shape and the defining equations of a family as they were written."""
    name, index = family["name"], ", ".join(item["index"])
    head = f"{name}[{index}]" if index else name
    lines = [f"{head}: {' x '.join(map(canonical, family['shape']))}"]
    if "is" in family:
        return [*lines, f"{head} = {canonical(family['is'])}" + (f" for all naturals {index}" if index else "")]
    origin = canonical(item["up"] if "up" in item else item["down"])
    where = f"for {index} > {origin}" if "up" in item else f"for 1 <= {index} <= {origin}"
    lines += [f"{name}[{origin}] = {canonical(family['start'])}"] if "start" in family else []
    return [*lines, f"{head if 'up' in item else f'{name}[{index} - 1]'} = {canonical(family['step'])} {where}"]


def replay(data: dict[str, Any]) -> list[Theorem]:
    """Replay a whole bundle, as returned by `form.load`; return its theorems in order."""
    library = Library()
    return [library.check(theorem) for theorem in data["theorems"]]
