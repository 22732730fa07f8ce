"""The inference rules. Each reads one step, checks its side conditions and adds facts; none searches.

A step is data: ``{"rule": name, …, "as": fact name}``. A rule's docstring states what it adds and why that is sound;
`FORMS` says which fields a step of that rule has. Sub-proofs are ``{"steps": […], "done": fact name}``: they run in an
inner scope of which only the rule's own conclusion comes out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from symlora.kernel import citation, naturals, words
from symlora.kernel.context import Context, constant
from symlora.kernel.definitions import DEFINE, NAT_PROOF, SPLIT, define, split
from symlora.kernel.errors import Rejected, need
from symlora.kernel.facts import Fact, Relation, difference, generalize, ground, instance, same, substitute
from symlora.kernel.form import require
from symlora.kernel.naturals import ONE, Nat, atom
from symlora.kernel.printing import fact_text, matrix_text, relation_text
from symlora.kernel.syntax import canonical
from symlora.kernel.words import Letter

if TYPE_CHECKING:
    from symlora.kernel.replay import Library

REL_PROOF = (NAT_PROOF, [NAT_PROOF])
BLOCK = {"steps": [dict], "done": str}
BLOCKS = {"steps": [dict], "done": [str]}
FORMS: dict[str, dict[str, Any]] = {
    "define": DEFINE,
    "split": SPLIT,
    "eq": {"fact": str, "by": [[str]], "as": str},
    "nat": {"fact": str, "proof": REL_PROOF, "as": str},
    "natural": {"of": str, "at": [str], "proofs": [NAT_PROOF], "as": str},
    "instance": {"of": str, "at": [str], "proofs": [REL_PROOF], "as": str},
    "inverse": {"of": str, "as": [str]},
    "nonsingular": {"fact": str, "inverse": str, "by": str, "as": str},
    "congruence": {"fact": str, "by": str, "as": str},
    "index": {"fact": str, "proofs": [REL_PROOF], "as": str},
    "have": {"fact": str, "assume": [str], "proof": BLOCK, "as": str},
    "induction": {
        "index": str, "from": str, "to": str, "origin": NAT_PROOF, "down?": int, "range": [str],
        "goals": [{"fact": str, "hypothesis": str, "as": str}], "base": BLOCKS, "step": BLOCKS,
    },
    "cases": {"on": str, "fact": str, "assume": [str], "left": BLOCK, "right": BLOCK, "as": str},
    "absurd": {"of": str, "fact": str, "as": str},
    "hole": {"fact": str, "as": str},
    "cite": {
        "theorem": str, "naturals": {"*": str}, "natural": {"*": NAT_PROOF}, "matrices": {"*": str},
        "facts": {"*": str}, "as": {"*": str},
    },
}  # fmt: skip


def apply(ctx: Context, step: dict[str, Any], library: Library) -> None:
    """Check one step and add what it proves to `ctx`; a refusal names the step."""
    name = step.get("rule")
    known = type(name) is str and name in RULES
    need(known, "rule-known", "the name of a rule", lambda: ascii(name))
    try:
        body = {key: value for key, value in step.items() if key != "rule"}
        require(body, FORMS[str(name)], f"a step of rule {name!r}")
        library.rules.add(str(name))
        RULES[str(name)](ctx, body, library)
    except Rejected as error:
        error.where.append(f"{name} {step.get('as', '')!a:.60}")
        raise


def run(ctx: Context, steps: list[dict[str, Any]], library: Library) -> None:
    """Check steps in order."""
    for step in steps:
        apply(ctx, step, library)


def close(ctx: Context, block: dict[str, Any], goal: Fact, library: Library) -> None:
    """Run a sub-proof in `ctx`, which is inner already, and refuse unless its last word is `goal`."""
    run(ctx, block["steps"], library)
    reached(ctx, block["done"], goal)


def reached(ctx: Context, name: str, goal: Fact) -> None:
    """Refuse unless the fact of that name is `goal`."""
    found = ctx.fact(name)
    need(same(found, goal), "goal", lambda: fact_text(goal), lambda: f"{name}: {fact_text(found)}")


def eq(ctx: Context, step: dict[str, Any], library: Library) -> None:
    """``p = q`` because ``p - q = sum(left * fact * right)`` with facts ``f = 0``.

    Sound: every term has the shape of the goal by itself, so each is zero in every model. Facts may be transposed
    (the matrices are real) and a 1 x 1 fact may multiply any term.
    """
    goal = ctx.read(step["fact"])
    free = goal.hints == () and goal.conditions == () and goal.body.kind == "="
    need(free, "eq-goal", "an equation without variables", lambda: step["fact"])
    need(all(len(item) == 3 for item in step["by"]), "eq-items", "[left, fact, right]", "another length")
    gap = difference(goal.body)
    combined = ctx.sum_of_multiples(gap.rows, gap.cols, [(a, b, c) for a, b, c in step["by"]])
    rest = words.minus(gap, combined)
    need(rest.terms == (), "eq-rest", "nothing left over", lambda: matrix_text(rest))
    ctx.add(step["as"], goal)


def nat(ctx: Context, step: dict[str, Any], library: Library) -> None:
    """A relation between naturals, by multipliers (see `Context.nonnegative`). Sound: products of naturals are >= 0."""
    goal = ctx.read(step["fact"])
    free = goal.hints == () and goal.conditions == () and goal.body.kind in ("<=", "==")
    need(free, "nat-goal", "a relation between naturals without variables", lambda: step["fact"])
    ctx.holds(goal.body, step["proof"])
    ctx.add(step["as"], goal)


def natural(ctx: Context, step: dict[str, Any], library: Library) -> None:
    """``0 <= d[e]`` for a family of naturals, because every index is >= 0 (outside, the family promises nothing)."""
    symbol = ctx.symbol(step["of"], "natural")
    indices = tuple(ctx.nat(text) for text in step["at"])
    fits = len(indices) == len(symbol.indices) == len(step["proofs"])
    need(fits, "natural-arity", "one proof for every index", "another number")
    for value, proof in zip(indices, step["proofs"], strict=True):
        ctx.nonnegative(value, proof)
    ctx.add(step["as"], ground(Relation("<=", (naturals.ZERO, atom(step["of"], indices)))))


def instantiate(ctx: Context, step: dict[str, Any], library: Library) -> None:
    """A quantified fact at given values. Sound: every value is shown >= 0 and every condition holds there."""
    fact = ctx.fact(step["of"])
    values = tuple(ctx.nat(text) for text in step["at"])
    need(len(values) == len(fact.hints), "instance-values", "a value for every variable", lambda: str(len(values)))
    conditions, body = instance(fact, values)
    count = len(values) + len(conditions) == len(step["proofs"])
    need(count, "instance-proofs", "a proof for every value and every condition", lambda: str(len(step["proofs"])))
    for value, proof in zip(values, step["proofs"], strict=False):
        ctx.holds(Relation("<=", (naturals.ZERO, value)), proof)
    for condition, proof in zip(conditions, step["proofs"][len(values) :], strict=True):
        ctx.holds(condition, proof)
    ctx.add(step["as"], ground(body))


def inverse(ctx: Context, step: dict[str, Any], library: Library) -> None:
    """``M * inv(M) = 1`` and ``inv(M) * M = 1`` from ``nonsingular(M)`` for that very term M."""
    need(len(step["as"]) == 2, "inverse-names", "two names", lambda: str(len(step["as"])))
    (m,) = ctx.ground(step["of"], "nonsingular").sides
    one = words.identity(m.rows)
    right, left = (words.times(*pair) for pair in ((m, words.inverse(m)), (words.inverse(m), m)))
    ctx.add(step["as"][0], ground(Relation("=", (right, one))))
    ctx.add(step["as"][1], ground(Relation("=", (left, one))))


def nonsingular(ctx: Context, step: dict[str, Any], library: Library) -> None:
    """``nonsingular(M)`` for n x n matrices with ``M * N = 1`` or ``N * M = 1``.

    Sound: a square real matrix with a one-sided inverse has a two-sided one (finite dimension). N must have the
    square shape of M, so a rectangular one-sided inverse does not pass.
    """
    goal = ctx.read(step["fact"])
    free = goal.hints == () and goal.conditions == () and goal.body.kind == "nonsingular"
    need(free, "nonsingular-goal", "nonsingular( ) without variables", lambda: step["fact"])
    (m,) = goal.body.sides
    n = ctx.matrix(step["inverse"])
    need((n.rows, n.cols) == (m.rows, m.cols), "nonsingular-inverse", "an inverse of the same square shape", "another")
    found = ground(ctx.ground(step["by"], "="))
    due = [ground(Relation("=", (words.times(*pair), words.identity(m.rows)))) for pair in ((m, n), (n, m))]
    fits = any(same(found, product) for product in due)
    need(fits, "nonsingular-product", lambda: fact_text(due[0]), lambda: fact_text(found))
    ctx.add(step["as"], goal)


def congruence(ctx: Context, step: dict[str, Any], library: Library) -> None:
    """``inv(p) = inv(q)`` from ``p = q``. Sound: ``inv`` is a function of its whole argument."""
    goal = ctx.read(step["fact"])
    sides = [_one_letter(side) for side in goal.body.sides] if goal.body.kind == "=" and goal.hints == () else []
    fits = len(sides) == 2 and goal.conditions == () and all(x.head == "inv" and not x.flipped for x in sides)
    need(fits, "congruence-goal", "inv(p) = inv(q)", lambda: step["fact"])
    due = ground(Relation("=", (sides[0].args[0], sides[1].args[0])))
    found = ground(ctx.ground(step["by"], "="))
    need(same(found, due), "congruence-argument", lambda: fact_text(due), lambda: fact_text(found))
    ctx.add(step["as"], goal)


def index(ctx: Context, step: dict[str, Any], library: Library) -> None:
    """``X[a, …] = X[b, …]`` from ``a == b, …``. Sound: a family is a function of its indices."""
    goal = ctx.read(step["fact"])
    sides = [_one_letter(side) for side in goal.body.sides] if goal.body.kind == "=" and goal.hints == () else []
    fits = len(sides) == 2 and goal.conditions == () and sides[0].head == sides[1].head != "inv"
    need(fits and sides[0].flipped == sides[1].flipped, "index-goal", "two members of a family", lambda: step["fact"])
    pairs = list(zip(sides[0].args, sides[1].args, strict=True))
    need(len(pairs) == len(step["proofs"]), "index-proofs", "a proof for every index", lambda: str(len(step["proofs"])))
    for (a, b), proof in zip(pairs, step["proofs"], strict=True):
        ctx.holds(Relation("==", (a, b)), proof)
    ctx.add(step["as"], goal)


def _one_letter(m: words.Matrix) -> Letter:
    """Return the single letter that `m` is."""
    if len(m.terms) == 1 and m.terms[0][1] == 1:
        loops, word = m.terms[0][0]
        found = (*(x for loop in loops for x in loop), *word)
        if len(found) == 1:
            return found[0]
    raise Rejected("one-letter", "a single letter", matrix_text(m))


def have(ctx: Context, step: dict[str, Any], library: Library) -> None:
    """A fact by a sub-proof; its variables become fresh naturals there and its conditions facts.

    Sound: the sub-proof uses of the new names only that they are naturals satisfying the conditions.
    """
    goal = ctx.read(step["fact"])
    inner = ctx.child()
    for hint in goal.hints:
        inner.declare_natural(hint)
    conditions, body = instance(goal, tuple(atom(hint) for hint in goal.hints))
    need(len(conditions) == len(step["assume"]), "have-assume", "a name for every condition", "another number")
    for name, condition in zip(step["assume"], conditions, strict=True):
        inner.add(name, ground(condition))
    close(inner, step["proof"], ground(body), library)
    ctx.add(step["as"], goal)


def induction(ctx: Context, step: dict[str, Any], library: Library) -> None:
    """``for l if lo <= l, l <= hi: goal(l)`` for several goals at once.

    Upwards: goals at lo, and goals at l + 1 from the goals at l with lo <= l < hi. Downwards: goals at hi, and at
    l - 1 from those at l with lo < l <= hi. The index is fresh, the step has the hypothesis at l only, lo >= 0 is
    shown so that the index is a natural, and the base may use lo <= hi (else there is nothing to prove). Sound by
    induction on the distance from the base.
    """
    name, down = step["index"], step.get("down", 0) == 1
    low, high, l = ctx.nat(step["from"]), ctx.nat(step["to"]), atom(name)
    ctx.nonnegative(low, step["origin"])
    scope = ctx.child()
    scope.declare_natural(name)
    goals = [scope.read(goal["fact"]) for goal in step["goals"]]
    need(len(step["range"]) == 3, "induction-range", "three names", lambda: str(len(step["range"])))

    def at(value: Nat) -> list[Fact]:
        return [substitute(goal, {name: value}) for goal in goals]

    def done(inner: Context, block: dict[str, Any], due: list[Fact]) -> None:
        run(inner, block["steps"], library)
        need(len(due) == len(block["done"]), "induction-done", "a fact for every goal", lambda: str(block["done"]))
        for fact_name, goal in zip(block["done"], due, strict=False):
            reached(inner, fact_name, goal)

    base = ctx.child()
    base.add(step["range"][0], ground(Relation("<=", (low, high))))
    done(base, step["base"], at(high if down else low))
    inner = scope.child()
    first, last = (naturals.add(low, ONE), high) if down else (low, naturals.minus(high, ONE))
    inner.add(step["range"][1], ground(Relation("<=", (first, l))))
    inner.add(step["range"][2], ground(Relation("<=", (l, last))))
    for goal, fact in zip(step["goals"], goals, strict=True):
        inner.add(goal["hypothesis"], fact)
    done(inner, step["step"], at(naturals.minus(l, ONE) if down else naturals.add(l, ONE)))
    limits = (Relation("<=", (low, l)), Relation("<=", (l, high)))
    for goal, fact in zip(step["goals"], goals, strict=True):
        ctx.add(goal["as"], generalize(fact, name, limits))


def cases(ctx: Context, step: dict[str, Any], library: Library) -> None:
    """A fact proved under ``a <= b`` and under ``b + 1 <= a``. Sound: one of the two holds for any integers."""
    goal = ctx.read(step["fact"])
    on = ctx.relation(step["on"])
    need(on.kind == "<=", "cases-on", "a relation a <= b", lambda: step["on"])
    need(len(step["assume"]) == 2, "cases-names", "two names", lambda: str(len(step["assume"])))
    a, b = on.sides
    for side, name, guard in zip(
        ("left", "right"), step["assume"], (on, Relation("<=", (naturals.add(b, ONE), a))), strict=True
    ):
        inner = ctx.child()
        inner.add(name, ground(guard))
        close(inner, step[side], goal, library)
    ctx.add(step["as"], goal)


def absurd(ctx: Context, step: dict[str, Any], library: Library) -> None:
    """Anything from a false relation between numbers.

    The equation must be between 1 x 1 matrices: at n x n, ``1 = 0`` is true for n = 0.
    """
    goal = ctx.read(step["fact"])
    relation = ctx.ground(step["of"], "=", "<=", "==")
    if relation.kind == "=":
        value = constant(difference(relation))
        false = value is not None and value != 0
    else:
        gap = difference(relation)
        value = None if any(m for m, _ in gap) else dict(gap).get((), 0)
        false = value is not None and (value < 0 or (relation.kind == "==" and value != 0))
    need(false, "absurd", "a false relation between numbers", lambda: relation_text(relation))
    ctx.add(step["as"], goal)


def hole(ctx: Context, step: dict[str, Any], library: Library) -> None:
    """A fact without proof. It is recorded: a theorem with a hole is never called proved."""
    fact = ctx.read(step["fact"])
    library.holes.append(f"{step['as']}: {canonical(step['fact'])}")
    ctx.add(step["as"], fact)


def cite(ctx: Context, step: dict[str, Any], library: Library) -> None:
    """The goals of an earlier theorem of the bundle, with its symbols replaced (see `citation.instantiate`)."""
    citation.instantiate(ctx, step, library.theorems[library.citable(step["theorem"])])


Rule = Callable[[Context, dict[str, Any], "Library"], None]
RULES: dict[str, Rule] = {
    "define": lambda ctx, step, library: (define(ctx, step), None)[1],
    "split": lambda ctx, step, library: (split(ctx, step), None)[1],
    "eq": eq,
    "nat": nat,
    "natural": natural,
    "instance": instantiate,
    "inverse": inverse,
    "nonsingular": nonsingular,
    "congruence": congruence,
    "index": index,
    "have": have,
    "induction": induction,
    "cases": cases,
    "absurd": absurd,
    "hole": hole,
    "cite": cite,
}
