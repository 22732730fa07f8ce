"""Replaying a certificate: theorems in order, each from its statement and its proof."""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple

from symlora.kernel.context import FACT_NAME, Context, Symbol
from symlora.kernel.definitions import DEFINE, SPLIT, define, split
from symlora.kernel.errors import Rejected, need
from symlora.kernel.facts import Fact
from symlora.kernel.form import require
from symlora.kernel.printing import fact_text, nat_text
from symlora.kernel.rules import apply, reached
from symlora.kernel.syntax import canonical

THEOREM = {"name": str, "title?": str, "source?": str, "setup": [dict], "goals": [{"name": str, "fact": str}],
           "proof": [dict], "done": [str]}  # fmt: skip
SETUP: dict[str, Any] = {
    "natural": {"natural": str},
    "naturals": {"naturals": str, "index": [str]},
    "matrix": {"matrix": str, "index": [str], "shape": [str]},
    "define": DEFINE,
    "split": SPLIT,
    "given": {"given": str, "fact": str},
}
NAME_ALPHABET = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_-.")


class Theorem(NamedTuple):
    """A theorem that was replayed: what it states and what it stands on.

    `givens` maps a name to (the defined family it belongs to or "", the fact); `defined` maps each defined family to
    the first one of its definition; `holes` are facts without proof, which the statement then lists as assumed;
    `rules` are the inference rules used by it and by what it cites; `digest` is the SHA-256 of `statement`.
    """

    name: str
    title: str
    source: str
    statement: str
    digest: str
    symbols: dict[str, Symbol]
    defined: dict[str, str]
    givens: dict[str, tuple[str, Fact]]
    goals: dict[str, Fact]
    holes: tuple[str, ...]
    rules: tuple[str, ...]
    cites: tuple[str, ...]
    facts: dict[str, str]


class Library:
    """The theorems replayed so far, and what the one under way has used."""

    def __init__(self) -> None:
        self.theorems: dict[str, Theorem] = {}
        self.holes: list[str] = []
        self.rules: set[str] = set()
        self.cited: set[str] = set()

    def citable(self, name: str) -> str:
        """Return `name` if a theorem of that name was proved earlier, and record that it is used with its holes."""
        need(name in self.theorems, "cite-known", "a theorem proved earlier", lambda: ascii(name))
        self.cited.add(name)
        self.holes.extend(f"{name}: {hole}" for hole in self.theorems[name].holes)
        return name

    def check(self, data: dict[str, Any]) -> Theorem:
        """Replay one theorem, record and return it; raises `Rejected` with the place and reason otherwise."""
        self.holes, self.rules, self.cited = [], set(), set()
        try:
            theorem = self._check(data)
        except Rejected as error:
            error.where.append(f"{data.get('name', 'theorem')!a:.80}".strip("'"))
            raise
        self.theorems[theorem.name] = theorem
        return theorem

    def _check(self, data: dict[str, Any]) -> Theorem:
        require(data, THEOREM, "a theorem")
        name = data["name"]
        need(set(name) <= NAME_ALPHABET and 0 < len(name) <= 100, "theorem-name", "a plain name", lambda: ascii(name))
        need(name not in self.theorems, "theorem-fresh", "a theorem name not yet in the bundle", lambda: name)
        words = data.get("title", "") + data.get("source", "")
        need(words.isascii() and words.isprintable(), "theorem-title", "plain text", lambda: ascii(words))
        ctx, lines = Context(), [f"theorem {name}"]
        givens: dict[str, tuple[str, Fact]] = {}
        defined: dict[str, str] = {}
        for item in data["setup"]:
            lines.append(declare(ctx, item, givens, defined))
        goals = {goal["name"]: ctx.read(goal["fact"]) for goal in data["goals"]}
        need(len(goals) == len(data["goals"]) > 0, "theorem-goals", "goals of different names", "none, or one twice")
        plain = all(FACT_NAME.fullmatch(goal) for goal in goals)
        need(plain, "goal-plain", "plain names of goals", lambda: ascii(list(goals)))
        lines += [f"  then {goal['name']}: {canonical(goal['fact'])}" for goal in data["goals"]]
        symbols = dict(ctx.symbols)
        for step in data["proof"]:
            apply(ctx, step, self)
        need(len(goals) == len(data["done"]), "theorem-done", "a fact for every goal", lambda: str(len(data["done"])))
        for fact, goal in zip(data["done"], goals.values(), strict=False):
            reached(ctx, fact, goal)
        rules = self.rules.union(*(self.theorems[cited].rules for cited in self.cited))
        holes = tuple(dict.fromkeys(self.holes))
        statement = "\n".join([*lines, *(f"  assuming {hole}" for hole in holes)])
        digest = hashlib.sha256(statement.encode("ascii")).hexdigest()
        return Theorem(name, data.get("title", ""), data.get("source", ""), statement, digest, symbols,
                       defined, givens, goals, holes, tuple(sorted(rules)),
                       tuple(sorted(self.cited)), {k: fact_text(f) for k, f in ctx.facts.items()})  # fmt: skip


def declare(ctx: Context, item: dict[str, Any], givens: dict[str, tuple[str, Fact]], defined: dict[str, str]) -> str:
    """Add one item of a statement to `ctx` and return the line that states it."""
    kind = next((key for key in SETUP if key in item), "")
    need(kind != "", "setup-kind", "an item of a statement", lambda: f"{sorted(item)!a:.100}")
    require(item, SETUP[kind], f"a {kind!r} item")
    if kind == "natural":
        ctx.declare_natural(item["natural"])
        return f"  for every natural {item['natural']}"
    if kind == "naturals":
        index = tuple(f"%{i}" for i in range(len(item["index"])))
        need(len(index) > 0, "setup-index", "at least one index", "none")
        ctx.templates(tuple(item["index"]))
        ctx.declare_natural(item["naturals"], index)
        return f"  for all naturals {item['naturals']}[{', '.join(item['index'])}]"
    if kind == "matrix":
        inner = ctx.templates(tuple(item["index"]))
        need(len(item["shape"]) == 2, "setup-shape", "two sizes", lambda: str(len(item["shape"])))
        rows, cols = (inner.nat(text) for text in item["shape"])
        ctx.declare(item["matrix"], Symbol("matrix", tuple(f"%{i}" for i in range(len(item["index"]))), rows, cols))
        head = item["matrix"] + (f"[{', '.join(item['index'])}]" if item["index"] else "")
        what = "family" if item["index"] else "matrix"
        return f"  for every real {what} {head}: {' x '.join(map(canonical, item['shape']))}"
    if kind == "given":
        ctx.add(item["given"], ctx.read(item["fact"]))
        givens[item["given"]] = ("", ctx.facts[item["given"]])
        return f"  given {item['given']}: {canonical(item['fact'])}"
    facts = define(ctx, item) if kind == "define" else split(ctx, item)
    names = item["split"] if kind == "split" else [family["name"] for family in item["define"]]
    defined.update(dict.fromkeys(names, names[0]))
    for fact_name, fact in facts.items():
        owner = names[0] if kind == "split" else fact_name.rpartition(".")[0]
        givens[fact_name] = (owner, fact)
    if kind == "split":
        shown = "; ".join(map(fact_text, facts.values()))
        p, s = (nat_text(ctx.nat(text)) for text in item["sizes"])
        return f"  let {names[0]}, {names[1]} be the coordinate inclusions of sizes {p} and {s}: {shown}"
    return f"  let {'; '.join(text for family in item['define'] for text in _equations(family, item))}"


def _equations(family: dict[str, Any], item: dict[str, Any]) -> list[str]:
    """Return the defining equations of a family as they were written."""
    name, index = family["name"], ", ".join(item["index"])
    if "is" in family:
        head = f"{name}[{index}]" if index else name
        return [f"{head} = {canonical(family['is'])}" + (f" for all naturals {index}" if index else "")]
    origin = canonical(item["up"] if "up" in item else item["down"])
    step = canonical(family["step"])
    where = f"for {index} > {origin}" if "up" in item else f"for 1 <= {index} <= {origin}"
    lines = [f"{name}[{origin}] = {canonical(family['start'])}"] if "start" in family else []
    return [*lines, f"{name}[{index if 'up' in item else f'{index} - 1'}] = {step} {where}"]


def replay(data: dict[str, Any]) -> list[Theorem]:
    """Replay a whole bundle, as returned by `form.load`; return its theorems in order."""
    library = Library()
    return [library.check(theorem) for theorem in data["theorems"]]
