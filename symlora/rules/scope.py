"""One point of a proof under construction: the kernel's own context, and the steps that led to it.

Every step is applied by the kernel as it is added, so what the engines see is what a replay will see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from symlora.kernel import rules
from symlora.kernel.context import Context
from symlora.kernel.facts import Fact
from symlora.kernel.replay import Library

Step = dict[str, Any]


@dataclass(frozen=True)
class Failure:
    """Why an engine did not prove a goal; says nothing about whether the goal is true.

    `expected` is the goal, `found` what is left of it or missing, `tried` how far the search went.
    """

    expected: str
    found: str
    tried: str


@dataclass
class Scope:
    """A kernel context with the steps that were added to it; `child` opens a sub-proof.

    `fetch` brings a theorem that an engine wants to cite into the library. `base` is set in a scope that serves only to
    write an expression with an index; its steps are not kept.
    """

    context: Context
    library: Library
    label: str
    numbers: Any = field(default_factory=lambda: count(1))
    steps: list[Step] = field(default_factory=list)
    base: Scope | None = None
    fetch: Callable[[str], None] = lambda theorem: None

    def add(self, step: Step) -> None:
        """Let the kernel check one step, then keep it; raises `Rejected` if the kernel refuses it."""
        rules.apply(self.context, step, self.library)
        self.steps.append(step)

    def define(self, step: Step) -> None:
        """Add a definition that depends on no index; from a scope for writing it goes to the one below as well."""
        if self.base is not None:
            self.base.define(step)
        self.add(step)

    def cite(
        self, theorem: str, naturals: dict[str, str], matrices: dict[str, str], facts: list[str], names: list[str],
        new: dict[str, str] | None = None, natural: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        """Cite a theorem with its givens and goals in order; naturals must be natural by form or have a proof."""
        source = self.library.theorems[theorem]
        self.add({
            "rule": "cite", "theorem": theorem, "naturals": naturals, "natural": natural or {}, "matrices": matrices,
            "new": new or {}, "facts": dict(zip(source.givens, facts, strict=True)),
            "as": dict(zip(source.goals, names, strict=False)),
        })  # fmt: skip

    def name(self) -> str:
        """Return a fresh name for an intermediate fact; user names have no dot."""
        while (found := f"{self.label}.{next(self.numbers)}") in self.context.facts:
            pass
        return found

    def child(self, prepare: Callable[[Context], None] = lambda context: None) -> Scope:
        """Return a scope for a sub-proof; `prepare` adds what the kernel's rule assumes there."""
        context = self.context.child()
        prepare(context)
        return Scope(context, self.library, self.label, self.numbers, fetch=self.fetch)

    def with_naturals(self, names: Iterable[str]) -> Scope:
        """Return a scope in which the names are naturals, for writing expressions that contain them."""
        inner = self.child()
        inner.base = self
        for name in names:
            inner.context.declare_natural(name)
        return inner

    def fact(self, name: str) -> Fact:
        """Return a fact in scope."""
        return self.context.fact(name)
