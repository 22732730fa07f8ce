"""The statement of a theorem, read once: symbols, definitions and givens, ready to be evaluated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from symlora.kernel.context import Context
from symlora.kernel.facts import Fact
from symlora.kernel.naturals import Nat
from symlora.kernel.replay import declare
from symlora.kernel.words import Matrix, letters


class Definition(NamedTuple):
    """How a defined family is computed.

    `explicit` is ``X[i, …] = value`` for all naturals, `start` the pair (index, value), `step` the recursion fact
    ``X[l] = …`` or ``X[l - 1] = …`` with its range; `inclusion` is 1 or 2 for the two coordinate inclusions of a split.
    """

    explicit: Fact | None = None
    start: tuple[tuple[Nat, ...], Matrix] | None = None
    step: Fact | None = None
    inclusion: int = 0


def member_indices(side: Matrix) -> tuple[Nat, ...]:
    """Return the indices of the single member that `side` is."""
    return next(iter(letters(side))).args


def definition(facts: Mapping[str, Fact], name: str) -> Definition | None:
    """Return how `name` is computed according to its defining facts ``name.def``, ``name.start``, ``name.step``.

    Reading the definition off the facts treats families defined in a statement and in a proof alike.
    """
    explicit, start, step = (facts.get(f"{name}.{part}") for part in ("def", "start", "step"))
    if explicit is None and step is None:
        return None
    first = None if start is None else (member_indices(start.body.sides[0]), start.body.sides[1])
    return Definition(explicit, first, step)


@dataclass
class Setup:
    """A statement in scope: `givens` by name, `definitions` by family, `naturals` and `matrices` in order."""

    context: Context = field(default_factory=Context)
    givens: dict[str, Fact] = field(default_factory=dict)
    definitions: dict[str, Definition] = field(default_factory=dict)
    naturals: list[str] = field(default_factory=list)
    families: list[str] = field(default_factory=list)
    matrices: list[str] = field(default_factory=list)

    def add(self, item: dict[str, Any]) -> None:
        """Add one item of a statement; raises the kernel's `Rejected` when it is malformed."""
        declare(self.context, item, {}, {})
        if "natural" in item:
            self.naturals.append(item["natural"])
        elif "naturals" in item:
            self.families.append(item["naturals"])
        elif "matrix" in item:
            self.matrices.append(item["matrix"])
        elif "given" in item:
            self.givens[item["given"]] = self.context.facts[item["given"]]
        elif "split" in item:
            for position, name in enumerate(item["split"], 1):
                self.definitions[name] = Definition(inclusion=position)
        else:
            for name in (family["name"] for family in item["define"]):
                found = definition(self.context.facts, name)
                if found is not None:
                    self.definitions[name] = found


def read_setup(items: Sequence[dict[str, Any]]) -> Setup:
    """Return the statement made of these items.

    >>> setup = read_setup([{"natural": "n"}, {"matrix": "A", "index": [], "shape": ["n", "n"]},
    ...                     {"given": "regular", "fact": "nonsingular(A)"}])
    >>> setup.naturals, setup.matrices, list(setup.givens)
    (['n'], ['A'], ['regular'])
    """
    setup = Setup()
    for item in items:
        setup.add(item)
    return setup
