"""How a certificate uses the facts of its theorem's statement: where, at which index values, and what rests on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from symlora.kernel import rules
from symlora.kernel.citation import substitution
from symlora.kernel.context import Context
from symlora.kernel.facts import Fact, Relation, Values, ground
from symlora.kernel.naturals import Nat, atom
from symlora.kernel.replay import Library, state
from symlora.kernel.words import FUNCTIONS, Matrix, letters

Step = dict[str, Any]
Names = dict[str, None]
"""An ordered set of names."""

EQUATION, INSTANCE, CITATION, RANGE, GOAL = "equation", "instance", "citation", "range", "goal"
BLOCKS = ("proof", "base", "step", "left", "right")


class Use(NamedTuple):
    """One place where a proof uses a fact of its statement.

    `how` is ``equation`` (used as it stands), ``instance`` (a quantified fact at `values`), ``citation`` (handed to a
    theorem, whose proof needs it if `needed`), ``range`` (only to show that something is natural or in range) or
    ``goal``. `context` is what is in scope there, `assumed` what the sub-proofs around assume about naturals.
    """

    fact: str
    how: str
    step: Step
    context: Context
    values: tuple[Nat, ...] = ()
    assumed: tuple[Relation, ...] = ()
    needed: bool = True


class Support(NamedTuple):
    """A matrix shown to be nonsingular, its variables called ``?…``, and the facts of the statement that this needs."""

    matrix: Matrix
    needs: tuple[str, ...]


@dataclass
class Node:
    """A step of a certificate that the kernel has replayed: what was in scope before it, and its sub-proofs.

    `live` says whether it leads to a goal, `outside` which facts it needs from before.
    """

    step: Step
    context: Context
    assumed: tuple[str, ...]
    names: list[str]
    blocks: list[Block] = field(default_factory=list)
    live: bool = False
    outside: Names = field(default_factory=dict)


@dataclass
class Block:
    """A sub-proof: its steps, and the names of the facts that show its goals."""

    nodes: list[Node]
    done: list[str]
    context: Context


class _Watched(Context):
    """A kernel context that remembers the inner scopes it has opened."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self.opened: list[_Watched] = []

    def child(self) -> _Watched:
        """Return an inner scope, and remember it."""
        inner = _Watched(self.symbols, self.facts)
        inner.outer = len(self.facts)
        self.opened.append(inner)
        return inner

    outer = 0


class Reading:
    """One theorem of a replayed bundle, read for what each fact of its statement is used for.

    `uses` are the places where the proof uses them, dead ends left out. `needs` has, for each goal, the facts of the
    statement (definitions among them) on which it rests; what a cited theorem is given but does not use is left out.
    `supports` are the matrices that it, or what it cites, shows to be nonsingular.
    """

    def __init__(self, data: dict[str, Any], library: Library, earlier: dict[str, Reading]) -> None:
        self.library, self.earlier = library, earlier
        outer, self.stated = state(data)
        self.context = outer.child()
        self.uses: list[Use] = []
        self.supports: dict[Support, None] = {}
        self.proof = self._replayed(_Watched(outer.symbols, outer.facts), data)
        _find_live(self.proof.nodes, data["done"])
        self._record(self.proof.nodes)
        self.uses += [Use(name, GOAL, {}, self.context) for name in data["done"] if name in self.stated.givens]
        rests: dict[str, Names] = {name: {name: None} for name in self.stated.givens}
        for name, fact in self.stated.givens.items():
            self._support(fact, rests[name], self.context)
        self._rest(self.proof, rests, final=True)
        self.needs = {goal: rests[name] for goal, name in zip(self.stated.goals, data["done"], strict=True)}

    def is_local(self, name: str) -> bool:
        """Return whether a natural variable comes from a sub-proof."""
        return name not in self.stated.symbols

    def _replayed(self, context: _Watched, data: dict[str, Any]) -> Block:
        """Let the kernel replay the steps one by one."""
        nodes = []
        for step in data["proof"]:
            before, opened = Context(context.symbols, context.facts), len(context.opened)
            rules.apply(context, step, self.library)
            nodes.append(_node(step, before, context.opened[opened:], ()))
        return Block(nodes, data["done"], context)

    def _record(self, nodes: Iterable[Node]) -> None:
        """Record the uses of the statement's facts by the steps that lead to a goal."""
        for node in nodes:
            if not node.live:
                continue
            step, facts = node.step, node.context.facts
            bodies = [facts[name] for name in node.assumed]
            assumed = tuple(f.body for f in bodies if f.body.kind in ("<=", "==") and not f.hints and not f.conditions)
            for name, how in direct(step):
                values: tuple[Nat, ...] = ()
                needed = True
                if name not in self.stated.givens:
                    continue
                if how == INSTANCE:
                    values = tuple(node.context.nat(text) for text in step["at"])
                elif how == CITATION and step["theorem"] in self.earlier:
                    needs = self.earlier[step["theorem"]].needs
                    slots = [slot for slot, fact in step["facts"].items() if fact == name]
                    needed = any(slot in needs[goal] for goal in step["as"] for slot in slots)
                self.uses.append(Use(name, how, step, node.context, values, assumed, needed))
            for block in node.blocks:
                self._record(block.nodes)
                passed = [name for name in block.done if name in self.stated.givens]
                self.uses += [Use(name, EQUATION, step, node.context) for name in passed]

    def _rest(self, block: Block, rests: dict[str, Names], final: bool) -> Names:
        """Find out on what each fact of a sub-proof rests; return it for its goals. Supports are kept if `final`."""
        for node in block.nodes:
            step = node.step
            if step["rule"] == "cite":
                found = self._cited(node, rests, final)
            elif not node.blocks:
                found = dict.fromkeys(node.names, _union(rests.get(name, {}) for name, _ in direct(step)))
            else:
                whole = _union(rests.get(name, {}) for name, _ in direct(step))
                hypotheses = [goal["hypothesis"] for goal in step.get("goals", []) if "hypothesis" in goal]
                if hypotheses:
                    # A hypothesis rests on what the base and the step rest on, so the step is read twice.
                    whole |= _union(self._rest(one, dict(rests), final=False) for one in node.blocks)
                for one in node.blocks:
                    whole |= self._rest(one, rests | dict.fromkeys(hypotheses, whole), final)
                found = dict.fromkeys(node.names, whole)
            if step["rule"] == "define":
                found = {name: {} for name in node.names}
            rests.update(found)
            if final and node.live:
                for name in node.names:
                    if name in block.context.facts:
                        self._support(block.context.facts[name], rests[name], block.context)
        return _union(rests.get(name, {}) for name in block.done)

    def _cited(self, node: Node, rests: dict[str, Names], final: bool) -> dict[str, Names]:
        """Return on what the goals of a citation rest; what the cited proof shows nonsingular supports this one too."""
        step, theorem = node.step, self.library.theorems[node.step["theorem"]]
        always = _union(rests.get(name, {}) for name, how in direct(step) if how == RANGE)
        reading = self.earlier.get(theorem.name)

        def outside(slots: Iterable[str]) -> Names:
            return always | _union(rests.get(step["facts"][slot], {}) for slot in slots)

        if reading is not None and final and node.live:
            values = substitution(node.context, step, theorem.symbols)
            for matrix, needs in reading.supports:
                if all(x.head in theorem.symbols or x.head in FUNCTIONS for x in letters(matrix)):
                    self._support(ground("nonsingular", values.matrix(matrix)), outside(needs), node.context)
        return {
            name: outside(theorem.givens if reading is None else reading.needs[goal])
            for goal, name in step["as"].items()
        }

    def _support(self, fact: Fact, needs: Names, context: Context) -> None:
        if fact.body.kind == "nonsingular":
            local = [n for n, symbol in context.symbols.items() if symbol.kind == "natural" and self.is_local(n)]
            names = [*local, *(f"#{k}" for k in range(len(fact.hints)))]
            matrix = Values({name: atom(f"?{name}") for name in names}).matrix(fact.body.sides[0])
            self.supports[Support(matrix, tuple(needs))] = None


def readings(bundle: dict[str, Any]) -> tuple[Library, dict[str, Reading]]:
    """Replay a closed bundle; return the kernel's library and each theorem read for its uses.

    Raises `Rejected` if the kernel refuses the bundle.
    """
    library = Library()
    found: dict[str, Reading] = {}
    for data in bundle["theorems"]:
        library.check(data)
        found[data["name"]] = Reading(data, library, found)
    return library, found


def named(name: str) -> bool:
    """Return whether a fact has a name that the user gave."""
    return "." not in name


def places(reading: Reading, facts: Iterable[str]) -> list[str]:
    """Return the user's own steps, or the theorems cited there, in which a proof uses one of these facts.

    Steps of the engines are followed to the step of the user that needs them.
    """
    wanted = set(facts)
    found: Names = {}
    for node in reading.proof.nodes:
        if not node.live or wanted.isdisjoint(node.outside):
            continue
        cited = node.step.get("theorem", "axiom/")
        mine = list(filter(named, node.names))
        if mine:
            found[mine[0] if cited.startswith("axiom/") else cited] = None
        else:
            wanted.update(node.names)
    goals = [goal for goal, name in zip(reading.stated.goals, reading.proof.done, strict=True) if name in facts]
    return [*found, *goals]


def direct(step: Step) -> Iterator[tuple[str, str]]:
    """Yield the facts that a step names outside its sub-proofs, each with how it uses it."""
    rule = step["rule"]
    if rule in ("eq", "psd"):
        names = [item[1].removesuffix("'") for item in step["by"]]
        names += [item[2] for item in step.get("squares", []) if len(item) == 3]
        yield from ((name, EQUATION) for name in dict.fromkeys(names))
    elif rule in ("nat", "index"):
        yield from ((name, EQUATION) for name in dict.fromkeys(_in_proof(step.get("proof", step.get("proofs")))))
    elif rule == "absurd":
        yield step["of"], EQUATION
    elif rule == "instance":
        yield step["of"], INSTANCE
    elif rule == "cite":
        yield from ((name, CITATION) for name in dict.fromkeys(step["facts"].values()))
    proofs = [step.get("proofs", []) if rule in ("instance", "natural") else [], step.get("origin", {})]
    yield from ((name, RANGE) for name in dict.fromkeys(_in_proof([*proofs, *step.get("natural", {}).values()])))


def sub_proofs(step: Step) -> dict[str, dict[str, Any]]:
    """Return the sub-proofs of a step by their keys, in the order in which the kernel reads them."""
    return {key: step[key] for key in BLOCKS if isinstance(step.get(key), dict) and "steps" in step[key]}


def _made(step: Step) -> list[str]:
    """Return the names of the facts that a step adds to its scope."""
    if step["rule"] == "define":
        return [f"{one['name']}.{part}" for one in step["define"] for part in ("def", "start", "step")]
    whole = step.get("as", [])
    names = [whole] if isinstance(whole, str) else list(whole.values()) if isinstance(whole, dict) else []
    return names + [one["as"] for key in ("state", "goals", "relations") for one in step.get(key, []) if "as" in one]


def _in_proof(proof: Any) -> Iterator[str]:
    """Yield the facts in proofs about naturals: one proof, or a list of them."""
    if isinstance(proof, list):
        for one in proof:
            yield from _in_proof(one)
    else:
        for _, *names in proof.get("by", []):
            yield from names


def _node(step: Step, before: Context, opened: list[_Watched], assumed: tuple[str, ...]) -> Node:
    """Return a replayed step with its sub-proofs, which are the opened scopes to which facts were added."""
    node = Node(step, before, assumed, _made(step))
    blocks = list(sub_proofs(step).values())
    scopes = [scope for scope in opened if len(scope.facts) > scope.outer]
    if not scopes:
        # Only a sub-proof that assumes nothing and has no steps adds no fact: it passes on what was known before.
        node.blocks = [Block([], block["done"], before) for block in blocks]
    else:
        node.blocks = [_block(block, scope, assumed) for block, scope in zip(blocks, scopes, strict=True)]
    return node


def _block(block: dict[str, Any], scope: _Watched, assumed: tuple[str, ...]) -> Block:
    """Return a replayed sub-proof: each of its steps with the facts that were in scope before it."""
    facts, inside = list(scope.facts.items()), [set(_made(step)) for step in block["steps"]]
    later = set().union(*inside)
    mine = [name for name, _ in facts[scope.outer :] if name not in later]
    count = next((i for i, (name, _) in enumerate(facts) if i >= scope.outer and name in later), len(facts))
    rest = iter(scope.opened)
    pending: list[_Watched] = []
    nodes = []
    for step, names in zip(block["steps"], inside, strict=True):
        before = Context(scope.symbols, dict(facts[:count]))
        # A step opens its scopes before it adds its own facts: those that saw exactly what was in scope before it.
        for one in rest:
            pending.append(one)
            if one.outer > count:
                break
        opened = [one for one in pending if one.outer == count]
        pending = [one for one in pending if one.outer > count]
        nodes.append(_node(step, before, opened, (*assumed, *mine)))
        while count < len(facts) and facts[count][0] in names:
            count += 1
    return Block(nodes, block["done"], scope)


def _find_live(nodes: list[Node], done: Iterable[str]) -> Names:
    """Mark the steps that lead to `done`; return what these steps need from before."""
    open_names: Names = dict.fromkeys(done)
    for node in reversed(nodes):
        # New symbols may be needed where the facts about them are not.
        node.live = bool(node.step.get("new")) or any(name in open_names for name in node.names)
        node.live = node.live or node.step["rule"] in ("choose", "either")
        if node.live:
            node.outside = {name: None for name, _ in direct(node.step)}
            for block in node.blocks:
                node.outside |= _find_live(block.nodes, block.done)
            for name in node.names:
                open_names.pop(name, None)
            open_names |= node.outside
    return open_names


def _union(parts: Iterable[Names]) -> Names:
    found: Names = {}
    for part in parts:
        found |= part
    return found
