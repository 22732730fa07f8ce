"""The inference rules. Each reads one step, checks its side conditions and adds facts; none searches.

A step is data: ``{"rule": name, …, "as": fact name}``. A rule's docstring states what it adds and why that is sound;
`FORMS` says which fields a step of that rule has. Sub-proofs are ``{"steps": […], "done": […]}``: they run in an inner
scope of which only the rule's own conclusion comes out.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from symlora.kernel import citation, naturals, words
from symlora.kernel.context import Context, Symbol, constant
from symlora.kernel.definitions import DEFINE, define
from symlora.kernel.errors import Rejected, need
from symlora.kernel.facts import (
    Fact,
    Relation,
    Values,
    at_indices,
    difference,
    fact_in,
    fact_letters,
    generalize,
    ground,
    instance,
    same,
)
from symlora.kernel.form import require
from symlora.kernel.naturals import ONE, ZERO, Nat, atom
from symlora.kernel.printing import fact_text, letter_text, matrix_text, relation_text
from symlora.kernel.syntax import canonical

if TYPE_CHECKING:
    from symlora.kernel.replay import Library

NAT_PROOF = {"scale?": int, "by?": [[str]]}
REL_PROOF = (NAT_PROOF, [NAT_PROOF])
BLOCK = {"steps": [dict], "done": [str]}
VALUES = {"naturals": {"*": str}, "natural": {"*": NAT_PROOF}, "matrices": {"*": str}}
FORMS: dict[str, dict[str, Any]] = {
    "define": DEFINE,
    "eq": {"fact": str, "by": [[str]], "as": str},
    "nat": {"fact": str, "proof": REL_PROOF, "as": str},
    "natural": {"of": str, "at": [str], "proofs": [NAT_PROOF], "as": str},
    "instance": {"of": str, "at": [str], "proofs": [REL_PROOF], "as": str},
    "psd": {"fact": str, "squares": [[str]], "by": [[str]], "as": str},
    "index": {"fact": str, "proofs": [REL_PROOF], "as": str},
    "have": {"fact": str, "assume": [str], "proof": BLOCK, "as": str},
    "induction": {
        "index": str, "from": str, "to": str, "origin": NAT_PROOF, "down?": int, "range": [str],
        "goals": [{"fact": str, "hypothesis": str, "as": str}], "base": BLOCK, "step": BLOCK,
    },
    "choose": {
        "index": str, "from": str, "to": str, "origin": NAT_PROOF, "range": [str],
        "state": [{"name": str, "shape": [str], "start": str, "next": str, "as": str}],
        "goals": [{"fact": str, "hypothesis": str, "as": str}], "relations": [{"fact": str, "as": str}],
        "base": BLOCK, "step": BLOCK,
    },
    "cases": {"on": str, "fact": str, "assume": [str], "left": BLOCK, "right": BLOCK, "as": str},
    "either": {
        "on": str, "assume": [str], "exists": [{"matrix": str, "shape": [str]}], "goals": [{"fact": str, "as": str}],
        "left": {**BLOCK, "witness": {"*": str}}, "right": {**BLOCK, "witness": {"*": str}},
    },
    "absurd": {"of": str, "fact": str, "as": str},
    "hole": {"fact": str, "as": str},
    "cite": {"theorem": str, **VALUES, "new": {"*": str}, "facts": {"*": str}, "as": {"*": str}},
}  # fmt: skip


def apply(ctx: Context, step: dict[str, Any], library: Library) -> None:
    """Check one step and add what it proves to `ctx`; a refusal names the step."""
    name = str(step.get("rule", ""))
    try:
        need(name in RULES, "rule-known", "the name of a rule", ascii(name))
        body = {key: value for key, value in step.items() if key != "rule"}
        require(body, FORMS[name], f"a step of rule {name!r}")
        RULES[name](ctx, body, library)
    except Rejected as error:
        error.where.append(f"{name} {step.get('as', '')!a:.60}")
        raise


def close(ctx: Context, block: dict[str, Any], goals: list[Fact], library: Library) -> None:
    """Run the steps of a sub-proof in `ctx` and refuse unless the facts that it names are the goals."""
    for step in block["steps"]:
        apply(ctx, step, library)
    need(len(block["done"]) == len(goals), "done", "a fact for every goal", lambda: str(block["done"]))
    for name, goal in zip(block["done"], goals, strict=False):
        _reached(name, ctx.fact(name), goal)


def _reached(name: str, found: Fact, goal: Fact) -> None:
    need(same(found, goal), "goal", lambda: fact_text(goal), lambda: f"{name}: {fact_text(found)}")


def eq(ctx: Context, step: dict[str, Any], library: Library) -> None:
    """``p = q`` because ``p - q = sum(left * fact * right)`` with facts ``f = 0``.

    Sound: every term has the shape of the goal by itself, so each is zero in every model. Facts may be transposed
    (the matrices are real) and a 1 x 1 fact may multiply any term.
    """
    goal = ctx.body(step["fact"], "=")
    gap = difference(goal)
    _nothing(words.minus(gap, ctx.sum_of_multiples(gap.rows, gap.cols, step["by"])))
    ctx.add(step["as"], Fact((), (), goal))


def _nothing(rest: words.Matrix) -> None:
    need(rest.terms == (), "rest", "nothing left over", lambda: matrix_text(rest))


def nat(ctx: Context, step: dict[str, Any], library: Library) -> None:
    """A relation between naturals, by multipliers (see `Context.nonnegative`). Sound: products of naturals are >= 0."""
    goal = ctx.body(step["fact"], "<=", "==")
    ctx.holds(goal, step["proof"])
    ctx.add(step["as"], Fact((), (), goal))


def natural(ctx: Context, step: dict[str, Any], library: Library) -> None:
    """``0 <= d[e]`` for a family of naturals, because every index is >= 0 (outside, the family promises nothing)."""
    indices = tuple(ctx.nat(text) for text in step["at"])
    ctx.symbol(step["of"], "natural", len(indices))
    need(len(indices) == len(step["proofs"]), "natural-proofs", "a proof for every index", "another number")
    for value, proof in zip(indices, step["proofs"], strict=False):
        ctx.nonnegative(value, proof)
    ctx.add(step["as"], ground("<=", ZERO, atom(step["of"], indices)))


def instantiate(ctx: Context, step: dict[str, Any], library: Library) -> None:
    """A quantified fact at given values. Sound: every value is shown >= 0 and every condition holds there."""
    fact, values = ctx.fact(step["of"]), tuple(ctx.nat(text) for text in step["at"])
    need(len(values) == len(fact.hints), "instance-values", "a value for every variable", lambda: str(len(values)))
    at = instance(fact, values)
    due = [*(Relation("<=", (ZERO, value)) for value in values), *at.conditions]
    need(len(due) == len(step["proofs"]), "instance-proofs", "a proof for every value and condition", "another number")
    for relation, proof in zip(due, step["proofs"], strict=False):
        ctx.holds(relation, proof)
    ctx.add(step["as"], Fact((), (), at.body))


def psd(ctx: Context, step: dict[str, Any], library: Library) -> None:
    """``psd(M)`` because M = sum of ``c * q' * P * q`` + multiples of equations, with c >= 0 and ``psd(P)``.

    A square is ``[c, q]`` (P the identity) or ``[c, q, name of the fact psd(P)]``. Sound: each summand is symmetric
    and its quadratic form at x is c times that of P at q x.
    """
    goal = ctx.body(step["fact"], "psd")
    (m,) = goal.sides
    total = ctx.sum_of_multiples(m.rows, m.cols, step["by"])
    for item in step["squares"]:
        need(len(item) in (2, 3), "psd-item", "[number, matrix] or [number, matrix, fact]", "another length")
        c, q = constant(ctx.matrix(item[0])), ctx.matrix(item[1])
        need(c is not None and c >= 0, "psd-coefficient", "a number >= 0", ascii(item[0]))
        inner = ctx.known(item[2], "psd").sides[0] if len(item) == 3 else words.identity(q.rows)
        term = words.times(words.times(words.transpose(q), inner), q)
        total = words.add(total, words.scale(term, Fraction(c or 0)))
    _nothing(words.minus(m, total))
    ctx.add(step["as"], Fact((), (), goal))


def index(ctx: Context, step: dict[str, Any], library: Library) -> None:
    """``X[a, …] = X[b, …]`` from ``a == b, …``. Sound: a family is a function of its indices."""
    goal = ctx.body(step["fact"], "=")
    left, right = (_one_letter(side) for side in goal.sides)
    alike = (left.head, left.flipped) == (right.head, right.flipped) and left.head not in words.FUNCTIONS
    need(alike, "index-goal", "two members of a family", lambda: relation_text(goal))
    need(len(left.args) == len(step["proofs"]), "index-proofs", "a proof for every index", "another number")
    for a, b, proof in zip(left.args, right.args, step["proofs"], strict=False):
        ctx.holds(Relation("==", (a, b)), proof)
    ctx.add(step["as"], Fact((), (), goal))


def _one_letter(m: words.Matrix) -> words.Letter:
    """Return the single letter that `m` is."""
    found = [x for (loops, word), c in m.terms for w in (*loops, word) for x in w if c == 1]
    need(len(found) == len(m.terms) == 1, "one-letter", "a single letter", lambda: matrix_text(m))
    return found[0]


def have(ctx: Context, step: dict[str, Any], library: Library) -> None:
    """A fact by a sub-proof; its variables become fresh naturals there and its conditions facts.

    Sound: the sub-proof uses of the new names only that they are naturals satisfying the conditions.
    """
    goal, inner = ctx.read(step["fact"]), ctx.child()
    for hint in goal.hints:
        inner.declare_natural(hint)
    at = instance(goal, tuple(map(atom, goal.hints)))
    need(len(at.conditions) == len(step["assume"]), "have-assume", "a name for every condition", "another number")
    for name, condition in zip(step["assume"], at.conditions, strict=False):
        inner.add(name, Fact((), (), condition))
    close(inner, step["proof"], [Fact((), (), at.body)], library)
    ctx.add(step["as"], goal)


def induction(ctx: Context, step: dict[str, Any], library: Library) -> None:
    """``for l if lo <= l, l <= hi: goal(l)`` for several goals at once.

    Upwards: goals at lo, and goals at l + 1 from the goals at l with lo <= l < hi. Downwards: goals at hi, and at
    l - 1 from those at l with lo < l <= hi. The index is fresh, the step has the hypothesis at l only, lo >= 0 is
    shown so that the index is a natural, and the base may use lo <= hi (else there is nothing to prove). Sound by
    induction on the distance from the base.
    """
    need(step.get("down", 0) in (0, 1), "induction-down", "0 or 1", lambda: str(step["down"]))
    name, down = step["index"], step.get("down", 0) == 1
    low, high, base, inner = _range(ctx, step, down)
    goals = [inner.read(goal["fact"]) for goal in step["goals"]]
    new = naturals.add(atom(name), naturals.number(-1 if down else 1))
    close(base, step["base"], [fact_in(goal, Values({name: high if down else low})) for goal in goals], library)
    for goal, fact in zip(step["goals"], goals, strict=True):
        inner.add(goal["hypothesis"], fact)
    close(inner, step["step"], [fact_in(goal, Values({name: new})) for goal in goals], library)
    for goal, fact in zip(step["goals"], goals, strict=True):
        ctx.add(goal["as"], _between(fact, name, low, high))


def _range(ctx: Context, step: dict[str, Any], down: bool = False) -> tuple[Nat, Nat, Context, Context]:
    """Return both ends of a range and the inner scopes of base and step, in which what the range gives is known."""
    name, low, high = step["index"], ctx.nat(step["from"]), ctx.nat(step["to"])
    ctx.nonnegative(low, step["origin"])
    base, inner = ctx.child(), ctx.child()
    inner.declare_natural(name)
    need(len(step["range"]) == 3, "induction-range", "three names", lambda: str(len(step["range"])))
    base.add(step["range"][0], ground("<=", low, high))
    first, last = (naturals.add(low, ONE), high) if down else (low, naturals.minus(high, ONE))
    inner.add(step["range"][1], ground("<=", first, atom(name)))
    inner.add(step["range"][2], ground("<=", atom(name), last))
    return low, high, base, inner


def _between(fact: Fact, name: str, low: Nat, high: Nat) -> Fact:
    """Return ``for name if low <= name, name <= high: fact``."""
    return generalize(fact, name, (Relation("<=", (low, atom(name))), Relation("<=", (atom(name), high))))


Member = tuple[str, tuple[Nat, ...]]


class Choice(Values):
    """Replaces the index, and members of the chosen families at one index."""

    def __init__(self, values: dict[str, Nat], members: dict[Member, words.Matrix]) -> None:
        super().__init__(values)
        self.members = members

    def member(self, x: words.Letter) -> words.Matrix:
        """Return the chosen value of a member, or the member."""
        found = self.members.get((x.head, x.args))
        return words.letter(x) if found is None else found


def choose(ctx: Context, step: dict[str, Any], library: Library) -> None:
    """New families X with ``X[lo] = start``, the goals at lo..hi, and the relations between l and l + 1.

    In the step, X is any family with the goals at l, where lo <= l < hi; the sub-proof ends in terms `next` such that
    the goals at l + 1 and the relations hold with `next` for ``X[l + 1]``. Goals speak of X at l only, relations at l
    and l + 1. Sound: of X the step uses what holds at l, so whatever stands at l has a successor; choose one after
    another, hi - lo times.
    """
    name, here = step["index"], atom(step["index"])
    low, high, base, inner = _range(ctx, step)
    later = naturals.add(here, ONE)
    template = ctx.templates([name])
    symbols = {item["name"]: Symbol("matrix", 1, *template.shape(item["shape"])) for item in step["state"]}
    need(len(symbols) == len(step["state"]), "choose-names", "different names", "one name twice")
    starts = {item["name"]: ctx.matrix(item["start"]) for item in step["state"]}
    for family, symbol in symbols.items():
        inner.declare(family, symbol)
    goals, relations = ([inner.read(goal["fact"]) for goal in step[part]] for part in ("goals", "relations"))
    for fact, allowed in [(g, (here,)) for g in goals] + [(r, (here, later)) for r in relations]:
        for x in fact_letters(fact):
            fits = x.head not in symbols or (len(x.args) == 1 and x.args[0] in allowed)
            need(fits, "choose-index", "the families at l, in relations also at l + 1", letter_text(x))
    first: dict[Member, words.Matrix] = {(family, (low,)): value for family, value in starts.items()}
    close(base, step["base"], [fact_in(goal, Choice({name: low}, first)) for goal in goals], library)
    for goal, fact in zip(step["goals"], goals, strict=True):
        inner.add(goal["hypothesis"], fact)
    for one in step["step"]["steps"]:
        apply(inner, one, library)
    found = {item["name"]: inner.matrix(item["next"]) for item in step["state"]}
    for family, symbol in symbols.items():
        for value, index in ((starts[family], low), (found[family], later)):
            at = at_indices((index,))
            fits = (value.rows, value.cols) == (at.size(symbol.rows), at.size(symbol.cols))
            need(fits, "choose-shape", "a value of the declared shape", family)
    chosen: dict[Member, words.Matrix] = {(family, (later,)): value for family, value in found.items()}
    due = [fact_in(goal, Choice({name: later}, chosen)) for goal in goals]
    due += [fact_in(relation, Choice({}, chosen)) for relation in relations]
    close(inner, {"steps": [], "done": step["step"]["done"]}, due, library)
    for item in step["state"]:
        ctx.declare(item["name"], symbols[item["name"]])
        ctx.add(item["as"], ground("=", ctx.member(item["name"], (low,)), starts[item["name"]]))
    for part, facts, end in (("goals", goals, high), ("relations", relations, naturals.minus(high, ONE))):
        for goal, fact in zip(step[part], facts, strict=True):
            ctx.add(goal["as"], _between(fact, name, low, end))


def cases(ctx: Context, step: dict[str, Any], library: Library) -> None:
    """A fact proved under ``a <= b`` and under ``b + 1 <= a``. Sound: one of the two holds for any integers."""
    goal = ctx.read(step["fact"])
    for side, inner in _sides(ctx, step):
        close(inner, step[side], [goal], library)
    ctx.add(step["as"], goal)


def _sides(ctx: Context, step: dict[str, Any]) -> list[tuple[str, Context]]:
    """Return both sides of a case distinction with their scopes, in which the guard is a fact."""
    on = ctx.body(step["on"], "<=")
    need(len(step["assume"]) == 2, "cases-names", "two names", lambda: str(len(step["assume"])))
    left, right = ctx.child(), ctx.child()
    left.add(step["assume"][0], Fact((), (), on))
    right.add(step["assume"][1], ground("<=", naturals.add(on.sides[1], ONE), on.sides[0]))
    return [("left", left), ("right", right)]


def either(ctx: Context, step: dict[str, Any], library: Library) -> None:
    """New matrices that satisfy the goals, each side of a case distinction giving its own values for them.

    Sound: one of the two sides holds, and its values exist.
    """
    scope = ctx.child()
    for item in step["exists"]:
        scope.declare(item["matrix"], Symbol("matrix", 0, *ctx.shape(item["shape"])))
    new = {item["matrix"]: scope.symbols[item["matrix"]] for item in step["exists"]}
    goals = [scope.read(goal["fact"]) for goal in step["goals"]]
    for side, inner in _sides(ctx, step):
        block = step[side]
        close(inner, {"steps": block["steps"], "done": []}, [], library)
        values = citation.substitution(inner, {"naturals": {}, "natural": {}, "matrices": block["witness"]}, new)
        close(inner, {"steps": [], "done": block["done"]}, [fact_in(goal, values) for goal in goals], library)
    for name, symbol in new.items():
        ctx.declare(name, symbol)
    for item, fact in zip(step["goals"], goals, strict=True):
        ctx.add(item["as"], fact)


def absurd(ctx: Context, step: dict[str, Any], library: Library) -> None:
    """Anything from a false relation between numbers.

    An equation must be between 1 x 1 matrices: at n x n, ``1 = 0`` is true for n = 0; likewise ``psd(-1)``.
    """
    relation = ctx.known(step["of"], "=", "<=", "==", "psd")
    gap = difference(relation)
    if relation.kind in ("=", "psd"):
        value = constant(gap)
    else:
        value = None if any(m for m, _ in gap) else Fraction(dict(gap).get((), 0))
    false = value is not None and (value < 0 or (value > 0 and relation.kind in ("=", "==")))
    need(false, "absurd", "a false relation between numbers", lambda: relation_text(relation))
    ctx.add(step["as"], ctx.read(step["fact"]))


def hole(ctx: Context, step: dict[str, Any], library: Library) -> None:
    """A fact without proof. It is recorded: a theorem with a hole is never called proved."""
    library.holes.append(f"{step['as']}: {canonical(step['fact'])}")
    ctx.add(step["as"], ctx.read(step["fact"]))


Rule = Callable[[Context, dict[str, Any], "Library"], object]
RULES: dict[str, Rule] = {
    "define": lambda ctx, step, library: define(ctx, step),
    "cite": lambda ctx, step, library: citation.cite(ctx, step, library.citable(step["theorem"])),
    "instance": instantiate,
    **{f.__name__: f for f in (eq, nat, natural, psd, index, have, induction, choose, cases, either, absurd, hole)},
}
