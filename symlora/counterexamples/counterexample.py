"""What a search for a counterexample returns, as data that can be checked again by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from symlora.domains.ground import Indices
from symlora.domains.rational import Model
from symlora.domains.setup import Setup, read_setup
from symlora.domains.values import NotRepresentable, Rows, fractions
from symlora.kernel.context import Context
from symlora.kernel.errors import Rejected
from symlora.kernel.facts import Fact, instance
from symlora.kernel.naturals import ONE, number
from symlora.kernel.printing import fact_text, relation_text
from symlora.kernel.replay import Theorem
from symlora.kernel.syntax import canonical

Member = tuple[str, Indices]


BEYOND = 5
"""How far past the largest natural an unbounded hypothesis is checked: further than an unbounded goal is looked at, so
that the goal's neighbours such as ``W[l + 1]`` satisfy it as well."""


class Missing(LookupError):
    """A counterexample says nothing about a member on which the claim depends."""


@dataclass(frozen=True)
class Counterexample:
    """A model in which all hypotheses hold and the goal fails.

    `at` gives the values of the goal's own variables, `claim` the goal there; `left` and `right` are the two sides as
    rows or integers (of ``nonsingular(M)``: M and its determinant). `computed` shows the defined families that occur.
    `minimal` says that every smaller model of the `grid` was ruled out, by default that of sizes up to 2 and entries 0,
    1, -1; `cut` names variables of hypotheses without an
    upper bound, checked up to the largest natural plus `BEYOND` only: such a counterexample refutes nothing until it is
    extended to all indices. `models` counts the values tried.
    """

    goal: str
    claim: str
    naturals: dict[Member, int]
    matrices: dict[Member, Rows]
    at: dict[str, int]
    left: Any
    right: Any
    minimal: bool
    models: int
    scalars: tuple[str, ...] = ()
    computed: dict[Member, Rows] = field(default_factory=dict)
    cut: tuple[str, ...] = ()
    grid: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the counterexample as JSON data with exact strings."""
        scalar = {member: rows for member, rows in self.matrices.items() if member[0] in self.scalars}
        return {
            "goal": self.goal,
            "claim": self.claim,
            "naturals": {label(*member): value for member, value in self.naturals.items()},
            "matrices": {label(*m): _strings(rows) for m, rows in self.matrices.items() if m not in scalar},
            "scalars": {label(*m): str(rows[0][0]) for m, rows in scalar.items()},
            "computed": {label(*m): _strings(rows) for m, rows in self.computed.items()},
            "at": self.at,
            "left": _strings(self.left),
            "right": _strings(self.right),
            "minimal": self.minimal,
            "grid": self.grid,
            "models": self.models,
            "cut": list(self.cut),
        }


@dataclass(frozen=True)
class NoneFound:
    """No counterexample: `models` values were tried; `exhausted` says that the whole grid was covered.

    `untested` says that not even one instance of the hypotheses was found, so that nothing was tested; `open` counts
    values that were passed over because something irrational left a relation undecided.
    """

    goal: str
    models: int
    exhausted: bool
    untested: bool
    open: int = 0
    sampled: bool = False
    """Whether models were drawn at random instead."""
    random: int = 0
    """How many random instances were tried after the grid, larger entries and larger sizes among them."""


def label(name: str, indices: Indices) -> str:
    """Return the text of a member.

    >>> label("W", (1,)), label("A", ())
    ('W[1]', 'A')
    """
    return f"{name}[{', '.join(map(str, indices))}]" if indices else name


def member(text: str) -> Member:
    """Return the member that a label stands for.

    >>> member("W[1, 2]")
    ('W', (1, 2))
    """
    name, bracket, rest = text.partition("[")
    return name, tuple(int(i) for i in rest.rstrip("]").split(",")) if bracket else ()


def _strings(value: Any) -> Any:
    """Return rows as rows of strings, and a number as a string."""
    if isinstance(value, tuple):
        return [[str(x) for x in row] for row in value]
    return str(value)


def scalars(setup: Setup) -> tuple[str, ...]:
    """Return the names of matrices that are declared 1 x 1."""
    symbols = setup.context.symbols
    return tuple(name for name in setup.matrices if symbols[name].rows == symbols[name].cols == ONE)


def read_goal(context: Context, goal: Fact | str) -> tuple[Fact, str]:
    """Return the goal as a fact of this scope, and its text."""
    if isinstance(goal, str):
        return context.read(goal), canonical(goal)
    return goal, fact_text(goal)


def claim(goal: Fact, text: str, values: Indices) -> str:
    """Return the text of the goal at values of its variables, as it was written if it has none."""
    return relation_text(instance(goal, tuple(map(number, values))).body) if values else text


def recheck(data: dict[str, Any], setup_items: Sequence[dict[str, Any]], assumptions: Sequence[dict[str, Any]],
            goal: Fact | str, known: Mapping[str, Theorem] | None = None) -> bool:  # fmt: skip
    """Return whether the counterexample in `data` is one, from its JSON and the statement alone.

    Every given of the statement and the assumptions is evaluated again, the goal must fail at the stated place with
    the stated sides, no singular matrix may be inverted, and every member that occurs must be given. What enclosures of
    irrational values leave open counts against the counterexample.

    >>> from symlora.counterexamples.grid import search
    >>> setup = [{"natural": "n"}, {"matrix": "A", "index": [], "shape": ["n", "n"]}]
    >>> data = search(setup, [], "A = A'").to_json()
    >>> recheck(data, setup, [], "A = A'"), recheck({**data, "naturals": {"n": 1}}, setup, [], "A = A'")
    (True, False)
    """
    setup = read_setup([*setup_items, *assumptions], known)
    try:
        fact, text = read_goal(setup.context, goal)
        naturals = {member(text): int(value) for text, value in data["naturals"].items()}
        matrices: dict[Member, Any] = {member(text): rows for text, rows in data["matrices"].items()}
        matrices |= {member(text): [[value]] for text, value in data["scalars"].items()}
        model = build(setup, naturals, matrices)
        if min(naturals.values(), default=0) < 0 or data["goal"] != text:
            return False
        for given in setup.givens.values():
            found = model.holds(given, BEYOND)
            if not found.true or found.undefined or found.open:
                return False
        values = tuple(int(data["at"][hint]) for hint in fact.hints)
        if values not in model.scope.ranges(fact, []):
            return False
        there = model.scope.instance(fact, values)
        if model.decide(there) is not False or any(map(model.undefined, there.nodes)):
            return False
        left, right = model.sides(there)
    except (Rejected, NotRepresentable, LookupError, ValueError, TypeError):
        return False
    return bool(_strings(left) == data["left"] and _strings(right) == data["right"])


def build(setup: Setup, naturals: dict[Member, int], matrices: dict[Member, Any]) -> Model:
    """Return the model of a counterexample; a member that is not given raises `Missing` when it is needed."""

    def leaf(name: str, indices: Indices, rows: int, cols: int) -> Any:
        raise Missing(label(name, indices))

    families = {name: {i: v for (n, i), v in naturals.items() if n == name} for name in setup.families}
    plain = {name: value for (name, indices), value in naturals.items() if not indices}
    return Model(setup, plain, families, matrices, leaf=leaf)


def computed_members(model: Model, setup: Setup) -> dict[Member, Rows]:
    """Return the values of the defined families that were needed so far."""
    found: dict[Member, Rows] = {}
    for (name, indices, _, _), node in sorted(model.scope.members().items(), key=lambda item: item[0]):
        if name in setup.definitions and model.graph.nodes[node].kind != "leaf":
            found[(name, indices)] = fractions(model.value(node))
    return found
