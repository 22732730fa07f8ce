"""Which step uses what: the dependency graph of a theorem, read off its certificate.

A fact is `made` by a step and `needed` by another. A sub-proof needs from outside what leads to its last fact; a step
in it that leads nowhere counts as unused. Names with a dot are the engines' intermediate facts and the equations of
definitions; names without one are the user's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import networkx as nx

Step = dict[str, Any]
Names = dict[str, None]
"""An ordered set of names."""

PARTS = {
    "have": ("proof",), "induction": ("base", "step"), "choose": ("base", "step"), "cases": ("left", "right"),
    "either": ("left", "right"),
}  # fmt: skip


def blocks(step: Step) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the sub-proofs of a step with their labels: ``proof``, ``base`` and ``step``, ``left`` and ``right``."""
    for part in PARTS.get(step["rule"], ()):
        yield part, step[part]


def definition_facts(item: dict[str, Any]) -> dict[str, str]:
    """Return, for each fact that a definition may add, ``definition X`` for the family X to which it belongs."""
    names = [family["name"] for family in item["define"]]
    return {f"{name}.{part}": f"definition {name}" for name in names for part in ("def", "start", "step")}


def made(step: Step) -> list[str]:
    """Return the names of the facts that a step adds to its scope."""
    rule = step["rule"]
    if rule == "define":
        return list(definition_facts(step))
    if rule == "cite":
        return list(step["as"].values())
    if "goals" in step:
        return [one["as"] for part in ("state", "goals", "relations") for one in step.get(part, [])]
    return [step["as"]]


def facts_in_proof(proof: Any) -> Iterator[str]:
    """Yield the facts in proofs about naturals: one proof, or a list of them."""
    if isinstance(proof, list):
        for one in proof:
            yield from facts_in_proof(one)
    else:
        for _, *names in proof.get("by", []):
            yield from names


def needed(step: Step) -> Names:
    """Return the names of the facts outside a step that it uses; of a sub-proof, only what leads to its end."""
    rule = step["rule"]
    found: Names = {}
    if rule in ("eq", "psd"):
        found.update(dict.fromkeys(item[1].removesuffix("'") for item in step["by"]))
        found.update(dict.fromkeys(item[2] for item in step.get("squares", []) if len(item) == 3))
    elif rule in ("instance", "absurd"):
        found[step["of"]] = None
    elif rule == "cite":
        found.update(dict.fromkeys(step["facts"].values()))
        found.update(dict.fromkeys(facts_in_proof(list(step["natural"].values()))))
    for key in ("proof", "proofs", "origin"):
        if key in step and rule != "have":
            found.update(dict.fromkeys(facts_in_proof(step[key])))
    for _, block in blocks(step):
        outer, _ = reach(block["steps"], block["done"])
        found.update(outer)
    for name in _assumed(step):
        found.pop(name, None)
    return found


def _assumed(step: Step) -> list[str]:
    """Return the names of the facts that the sub-proofs of a step assume."""
    hypotheses = [goal["hypothesis"] for goal in step.get("goals", []) if "hypothesis" in goal]
    return [*step.get("assume", []), *step.get("range", []), *hypotheses]


def reach(steps: list[Step], ends: Iterable[str]) -> tuple[Names, Names]:
    """Return what a list of steps needs from outside to reach `ends`, and the names made on the way that lead there."""
    open_names: Names = dict.fromkeys(ends)
    led: Names = {}
    for step in reversed(steps):
        names = made(step)
        if any(name in open_names for name in names):
            for name in names:
                open_names.pop(name, None)
            led.update(dict.fromkeys(names))
            open_names.update(needed(step))
    return dict(reversed(open_names.items())), dict(reversed(led.items()))


def named(name: str) -> bool:
    """Return whether a fact has a name that the user gave."""
    return "." not in name


@dataclass(frozen=True)
class Node:
    """A step that the user named, where it stands, and what it uses: steps, givens, ``definition X``.

    What a statement gives as the goals of another theorem is one given, called by the name of the whole.

    `path` lists the enclosing sub-proofs, outermost first, as ``chain (step)``.
    """

    name: str
    step: Step
    path: tuple[str, ...]
    uses: tuple[str, ...]


@dataclass
class ProofGraph:
    """What a theorem's certificate says about itself.

    `nodes` are the user's steps in order, sub-proofs included; `unused_*` and `idle` (induction hypotheses that their
    step never needs) name what could be left out.
    """

    nodes: list[Node] = field(default_factory=list)
    givens: list[str] = field(default_factory=list)
    goals: dict[str, str] = field(default_factory=dict)
    unused_steps: list[str] = field(default_factory=list)
    unused_givens: list[str] = field(default_factory=list)
    idle: list[str] = field(default_factory=list)

    def directed(self) -> nx.DiGraph[str]:
        """Return the graph of top-level facts with an edge from each fact to those that use it."""
        import networkx as nx

        graph: nx.DiGraph[str] = nx.DiGraph()
        graph.add_nodes_from(self.givens, kind="given")
        for node in self.nodes:
            if not node.path:
                graph.add_node(node.name, kind="step")
                graph.add_edges_from((used, node.name) for used in node.uses)
        for goal, fact in self.goals.items():
            graph.add_node(goal, kind="goal")
            if fact != goal:
                graph.add_edge(fact, goal)
        return graph


class _Reader:
    """Walks one certificate."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.graph = ProofGraph()
        self.owners: dict[str, str] = {}
        self.assumed: dict[str, str] = {}
        self.such = [item["as"] for item in data["setup"] if "such" in item]
        for item in data["setup"]:
            if "given" in item:
                self.graph.givens.append(item["given"])
            elif "define" in item:
                self.owners.update(definition_facts(item))
        self.graph.goals = {goal["name"]: fact for goal, fact in zip(data["goals"], data["done"], strict=True)}
        outer = self.walk(data["proof"], data["done"], (), {})
        self.graph.unused_givens = [name for name in self.graph.givens if name not in outer]

    def walk(self, steps: list[Step], ends: list[str], path: tuple[str, ...], above: dict[str, Names]) -> Names:
        """Add the nodes of a list of steps; return what it needs from outside."""
        outer, led = reach(steps, ends)
        inverses: list[str] = []
        known = dict(above)
        for step in steps:
            if step["rule"] == "define":
                self.owners.update(definition_facts(step))
                inverses += [one["name"] for one in step["define"] if one.get("is", "").startswith("inv(")]
            uses = self._through(needed(step), known)
            names = made(step)
            known.update(dict.fromkeys(names, uses))
            for name in filter(named, names):
                shown = tuple(dict.fromkeys(self._label(one) for one in uses))
                self.graph.nodes.append(Node(name, step, path, shown))
                # Both sides of an inverse come from one `obtain`, of which one side is often enough.
                pair = any(name in (f"{x}-left", f"{x}-right") for x in inverses)
                if name not in led and not pair:
                    self.graph.unused_steps.append(name if not path else f"{name} in {path[-1]}")
            label = next(filter(named, names), "")
            self.assumed.update(dict.fromkeys(_assumed(step), "range"))
            self.assumed.update((g["hypothesis"], "hypothesis") for g in step.get("goals", []) if "hypothesis" in g)
            for part, block in blocks(step):
                inside = (
                    (*path, f"{label} ({part})") if label and part != "proof" else (*path, label) if label else path
                )
                inner = self.walk(block["steps"], block["done"], inside, known)
                if part == "step" and step["rule"] == "induction":
                    self.graph.idle += [label for g in step["goals"] if g["hypothesis"] not in inner]
        return outer

    def _through(self, names: Names, known: dict[str, Names]) -> Names:
        """Replace the engines' intermediate facts by what they use."""
        found: Names = {}
        for name in names:
            if named(name) or name in self.owners or name not in known:
                found[name] = None
            else:
                found.update(known[name])
        return found

    def _label(self, name: str) -> str:
        whole = name.rpartition(".")[0]
        return whole if whole in self.such else self.owners.get(name) or self.assumed.get(name, name)


def proof_graph(data: dict[str, Any]) -> ProofGraph:
    """Return the graph of one theorem of a certificate that the kernel has replayed.

    >>> data = {"setup": [{"given": "h", "fact": "A = B"}, {"given": "k", "fact": "B = C"}],
    ...         "goals": [{"name": "goal1", "fact": "A - B = 0"}], "done": ["goal1"],
    ...         "proof": [{"rule": "eq", "fact": "A - B = 0", "by": [["1", "h", "1"]], "as": "goal1"}]}
    >>> graph = proof_graph(data)
    >>> graph.nodes[0].uses, graph.unused_givens
    (('h',), ['k'])
    """
    return _Reader(data).graph


def cited(data: Any) -> list[str]:
    """Return every name that a certificate cites as a theorem, in order."""
    found: Names = {}

    def visit(value: Any) -> None:
        if isinstance(value, dict):
            if isinstance(value.get("theorem"), str):
                found[value["theorem"]] = None
            for one in value.values():
                visit(one)
        elif isinstance(value, list):
            for one in value:
                visit(one)

    visit(data)
    return list(found)
