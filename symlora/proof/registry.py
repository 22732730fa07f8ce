"""The theorems that a script has made or cited, with their certificates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from symlora.kernel.axioms import AXIOMS
from symlora.kernel.form import FORMAT, VERSION
from symlora.kernel.replay import Library, axioms
from symlora.kernel.replay import Theorem as Replayed
from symlora.proof.errors import ProofError
from symlora.proof.journal import Journal


@dataclass(frozen=True)
class Built:
    """A finished theorem: its certificate data, what the kernel made of it here, and the journal of its steps."""

    data: dict[str, Any]
    replayed: Replayed
    journal: Journal
    cites: tuple[str, ...]
    expect: str = "proved"


@dataclass
class Registry:
    """Theorems by id, in the order in which they were finished; `loader` brings in one that is cited but unknown."""

    built: dict[str, Built] = field(default_factory=dict)
    loader: Callable[[str], None] | None = None
    finished: Callable[[Built], None] | None = None
    open: list[str] = field(default_factory=list)
    known: set[str] = field(default_factory=set)

    def begin(self, name: str) -> None:
        """Note that a theorem is under way; raises `ProofError` if its id is taken."""
        if name in self.built and name not in self.known:
            raise ProofError(f"expected an id of its own for every theorem, found {name!r} twice")
        self.open.append(name)

    def add(self, built: Built) -> None:
        """Record a finished theorem."""
        name = built.data["name"]
        self.known.discard(name)
        self.built[name] = built
        if self.finished is not None:
            self.finished(built)

    def know(self, bundle: dict[str, Any]) -> None:
        """Take the theorems of a certificate as earlier ones, once the kernel has replayed them here.

        A script that proves one of them again takes its place.
        """
        for data in bundle["theorems"]:
            if data["name"] not in self.built:
                replayed = self.library().check(data)
                self.built[data["name"]] = Built(data, replayed, Journal(), replayed.cites)
                self.known.add(data["name"])

    def get(self, name: str) -> Built:
        """Return an axiom or an earlier theorem; raises `ProofError` if there is none, or for a circular use."""
        if name in axioms():
            data = next(data for data in AXIOMS if data["name"] == name)
            return Built(data, axioms()[name], Journal(), ())
        if name in self.open:
            raise ProofError(f"circular use: {' cites '.join([*self.open[self.open.index(name) :], name])}")
        if name not in self.built and self.loader is not None:
            self.loader(name)
        if name not in self.built:
            known = ", ".join(sorted(self.built)) or "none"
            raise ProofError(f"expected the id of an earlier theorem, found {name!r}; known here: {known}")
        return self.built[name]

    def fetch(self, name: str, library: Library) -> None:
        """Bring a theorem into a kernel library."""
        if name not in library.theorems:
            library.theorems[name] = self.get(name).replayed

    def library(self, without: str = "") -> Library:
        """Return a kernel library with the theorems of this registry, except the one named."""
        library = Library()
        library.theorems.update((name, built.replayed) for name, built in self.built.items() if name != without)
        return library

    def bundle(self, name: str) -> dict[str, Any]:
        """Return the closed certificate of a theorem: everything that it cites, then itself."""
        order: dict[str, None] = {}

        def visit(one: str) -> None:
            for cited in self.built[one].cites:
                visit(cited)
            order.setdefault(one)

        visit(name)
        return {"format": FORMAT, "version": VERSION, "theorems": [self.built[one].data for one in order]}


registry = Registry()
"""The registry of this process; a worker gives it a loader."""
