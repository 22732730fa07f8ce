"""The statement of a theorem, read once: symbols, definitions and givens, ready to be evaluated."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from symlora.kernel.citation import Substitution, heads
from symlora.kernel.context import Context, Symbol
from symlora.kernel.facts import Fact, fact_in
from symlora.kernel.naturals import Nat, atom
from symlora.kernel.replay import Theorem, add_item, axioms
from symlora.kernel.words import Letter, Matrix, letter, letters

WITNESSES = {
    "axiom/split": "", "axiom/complete": "J", "axiom/kernel": "M", "axiom/rank": "M", "axiom/svd": "E",
    "axiom/psd-factor": "P",
}  # fmt: skip
"""The axioms that say that something exists, each with the matrix of which that is computed."""


class Witness(NamedTuple):
    """What an axiom says to exist: the symbol `role` of `axiom`, for the matrix `of`."""

    axiom: str
    role: str
    of: Matrix


class Definition(NamedTuple):
    """How a defined family is computed.

    `explicit` is ``X[i, …] = value`` for all naturals, `start` the pair (index, value), `step` the recursion fact
    ``X[l] = …`` or ``X[l - 1] = …`` with its range; `witness` is what an axiom promises, `function` maps indices, rows
    and columns to an exact matrix, or to None where it has none.
    """

    explicit: Fact | None = None
    start: tuple[tuple[Nat, ...], Matrix] | None = None
    step: Fact | None = None
    witness: Witness | None = None
    function: Callable[[tuple[int, ...], int, int], Any] | None = None


def only_letter(m: Matrix) -> Letter | None:
    """Return the letter that a term is, None for any other term."""
    found = [x for (loops, word), _ in m.terms for w in (*loops, word) for x in w]
    return found[0] if len(found) == 1 and m == letter(found[0]) else None


def member_indices(side: Matrix) -> tuple[Nat, ...]:
    """Return the indices of the single member that `side` is, ``()`` for anything else."""
    found = only_letter(side)
    return () if found is None else found.args


def definition(facts: Mapping[str, Fact], name: str) -> Definition | None:
    """Return how `name` is computed according to its defining facts ``name.def``, ``name.start``, ``name.step``.

    Reading the definition off the facts treats families defined in a statement and in a proof alike.
    """
    explicit, start, step = (facts.get(f"{name}.{part}") for part in ("def", "start", "step"))
    if explicit is None and step is None:
        return None
    first = None if start is None else (member_indices(start.body.sides[0]), start.body.sides[1])
    return Definition(explicit, first, step)


def assigned(context: Context, step: Mapping[str, Any], symbols: Mapping[str, Symbol]) -> Substitution:
    """Return the values that a citation, which the kernel has accepted, gives to the symbols of a theorem."""
    values, texts = Substitution(), heads({**step["naturals"], **step["matrices"]})
    for name, (index, text) in texts.items():
        if name in symbols:
            scope = context.templates(index)
            if symbols[name].kind == "natural":
                values.naturals[name] = scope.nat(text)
            else:
                values.matrices[name] = scope.matrix(text)
    return values


def general(name: str, symbol: Symbol) -> tuple[Nat, ...]:
    """Return the indices of the general member of a family."""
    return tuple(atom(f"%{i}") for i in range(symbol.arity))


def witnesses(theorem: Theorem, values: Substitution) -> dict[str, Definition]:
    """Return how the things that an axiom says to exist are computed, by the names that `values` gives them.

    Nothing for other theorems, and for names that stand for expressions or for one thing twice.
    """
    found: dict[str, Definition] = {}
    if theorem.name not in WITNESSES:
        return found
    of = values.matrices.get(WITNESSES[theorem.name], Matrix((), (), ()))
    for role, symbol in theorem.exists.items():
        value = values.matrices[role]
        one = only_letter(value)
        if one is None or one.args != general(role, symbol) or one.head in found:
            return {}
        if one.flipped or any(x.head == one.head for x in letters(of)):
            return {}
        found[one.head] = Definition(witness=Witness(theorem.name, role, of))
    return found


@dataclass
class Setup:
    """A statement in scope: `givens` by name, `definitions` by family, `naturals` and `matrices` in order.

    `made` are givens that hold by the way in which the things they speak of are computed. `known` are the theorems to
    which the statement may refer.
    """

    known: Mapping[str, Theorem] = field(default_factory=axioms)
    context: Context = field(default_factory=Context)
    givens: dict[str, Fact] = field(default_factory=dict)
    made: set[str] = field(default_factory=set)
    definitions: dict[str, Definition] = field(default_factory=dict)
    naturals: list[str] = field(default_factory=list)
    families: list[str] = field(default_factory=list)
    matrices: list[str] = field(default_factory=list)

    def add(self, item: dict[str, Any]) -> None:
        """Add one item of a statement; raises the kernel's `Rejected` when it is malformed.

        Besides the kernel's items there is ``{"exists": step}`` with a step of rule ``cite``: what it brings into
        existence, with the theorem's goals as givens.
        """
        if "exists" in item:
            self._bring(item["exists"])
            return
        before = set(self.context.facts)
        add_item(self.context, item)
        if "such" in item:
            theorem = self.known[item["such"]]
            values = assigned(self.context, item, theorem.symbols | theorem.exists)
            facts = {name: fact for name, fact in self.context.facts.items() if name not in before}
            self._promised(theorem, values, facts)
        elif "natural" in item:
            self.naturals.append(item["natural"])
        elif "naturals" in item:
            self.families.append(item["naturals"])
        elif "matrix" in item:
            self.matrices.append(item["matrix"])
        elif "given" in item:
            self.givens[item["given"]] = self.context.facts[item["given"]]
        else:
            for name in (family["name"] for family in item["define"]):
                found = definition(self.context.facts, name)
                if found is not None:
                    self.definitions[name] = found

    def _bring(self, step: dict[str, Any]) -> None:
        """Declare what a citation says to exist."""
        theorem = self.known[step["theorem"]]
        values = assigned(self.context, step, theorem.symbols)
        for name, symbol in theorem.exists.items():
            new = step["new"][name]
            shape = values.size(symbol.rows), values.size(symbol.cols)
            self.context.declare(new, Symbol("matrix", symbol.arity, *shape))
            values.matrices[name] = self.context.member(new, general(name, symbol))
            self.matrices.append(new)
        label = "-".join(step["new"].values())
        facts = {f"new.{label}.{name}": fact_in(goal, values) for name, goal in theorem.goals.items()}
        for name, fact in facts.items():
            self.context.add(name, fact)
        self._promised(theorem, values, facts)

    def _promised(self, theorem: Theorem, values: Substitution, facts: dict[str, Fact]) -> None:
        """Take the goals of a theorem as givens, which hold by construction if an axiom without givens has them."""
        self.givens.update(facts)
        found = witnesses(theorem, values)
        if any(name in self.definitions or name not in self.matrices for name in found):
            return
        self.definitions.update(found)
        if found and not theorem.givens:
            # The first one is still evaluated, so that a model without an exact witness is left out.
            self.made.update(list(facts)[1:])


def read_setup(items: Sequence[dict[str, Any]], known: Mapping[str, Theorem] | None = None) -> Setup:
    """Return the statement made of these items; `known` are theorems besides the axioms to which it may refer.

    >>> setup = read_setup([{"natural": "n"}, {"matrix": "A", "index": [], "shape": ["n", "n"]},
    ...                     {"given": "regular", "fact": "nonsingular(A)"}])
    >>> setup.naturals, setup.matrices, list(setup.givens)
    (['n'], ['A'], ['regular'])
    """
    setup = Setup({**axioms(), **(known or {})})
    for item in items:
        setup.add(item)
    return setup
