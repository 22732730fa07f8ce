"""Citing an earlier theorem: finds sizes, families and givens that need not be spelled out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sympy import Expr

from symlora.kernel.citation import Substitution
from symlora.kernel.context import Symbol
from symlora.kernel.facts import Fact, same
from symlora.kernel.naturals import Nat, atom
from symlora.kernel.printing import fact_text
from symlora.kernel.replay import Theorem
from symlora.language import Matrix, NaturalFamily, as_natural, nat_text, natural
from symlora.language.matrices import as_matrix
from symlora.proof.done import Done
from symlora.proof.errors import ProofError
from symlora.proof.registry import registry
from symlora.proof.statement import Names
from symlora.rules.quantified import prove_fact
from symlora.rules.ranges import Ranges
from symlora.rules.scope import Failure, Scope

if TYPE_CHECKING:
    from symlora.proof.steps import Proof


class Citation:
    """The replacement of a theorem's symbols by those of the citing scope."""

    def __init__(self, theorem: Theorem, scope: Scope, names: Names, values: Mapping[str, object]) -> None:
        self.theorem, self.scope, self.names = theorem, scope, names
        unknown = [name for name in values if name not in theorem.symbols]
        if unknown:
            have = ", ".join(theorem.symbols)
            raise ProofError(f"{theorem.name} has no symbol {unknown[0]!r}; its symbols are {have}")
        self.step: dict[str, Any] = {
            "rule": "cite", "theorem": theorem.name, "naturals": {}, "natural": {}, "matrices": {}, "new": {},
            "facts": {}, "as": {},
        }  # fmt: skip
        self.substitution = Substitution()
        matrices = {name: self._matrix(name, value) for name, value in values.items() if self._kind(name) == "matrix"}
        sizes = {name: value for name, value in values.items() if self._kind(name) == "natural"}
        self._infer(matrices, sizes)
        for name, value in sizes.items():
            self._natural(name, value)
        missing = [n for n, s in theorem.symbols.items() if s.kind == "natural" and n not in sizes]
        if missing:
            raise ProofError(f"citing {theorem.name}: the shapes do not determine {missing[0]}; give {missing[0]}=…")
        for name, (head, expression) in matrices.items():
            self._assign(name, head, names.expression(expression, self._inner(head)))
        for name in theorem.symbols:
            if name not in sizes and name not in matrices and name not in theorem.defined:
                raise ProofError(f"citing {theorem.name}: expected a value for {name}, found none")
        self._defined([name for name in theorem.defined if name not in matrices])

    def _kind(self, name: str) -> str:
        return self.theorem.symbols[name].kind

    def _index(self, symbol: Symbol) -> list[str]:
        index: list[str] = []
        for position in range(len(symbol.indices)):
            index.append(self.names.table.fresh(f"i{position}"))
        return index

    def _inner(self, head: str) -> Scope:
        index = head[head.index("[") + 1 : -1].split(",") if "[" in head else []
        return self.scope.with_naturals(index)

    def _matrix(self, name: str, value: object) -> tuple[str, Matrix]:
        """Return ``NAME[i,…]`` and the expression that stands for it."""
        symbol = self.theorem.symbols[name]
        index = self._index(symbol)
        at = tuple(natural(one) for one in index)
        if not index:
            return name, as_matrix(value)
        if getattr(value, "is_matrix_family", False):
            expression = value[at if len(at) > 1 else at[0]]  # type: ignore[index]
        elif callable(value):
            expression = value(*at)
        else:
            raise ProofError(
                f"citing {self.theorem.name}: {name} is a family; give a family or a function of its index"
            )
        return f"{name}[{','.join(index)}]", as_matrix(expression)

    def _infer(self, matrices: dict[str, tuple[str, Matrix]], sizes: dict[str, object]) -> None:
        """Read naturals off the shapes of the given matrices where a size is a natural by itself."""
        for name, (_, expression) in matrices.items():
            symbol = self.theorem.symbols[name]
            for size, found in ((symbol.rows, expression.rows), (symbol.cols, expression.cols)):
                alone = _alone(size)
                if alone is not None and alone not in sizes:
                    sizes[alone] = found

    def _natural(self, name: str, value: object) -> None:
        symbol = self.theorem.symbols[name]
        if symbol.indices:
            index = self._index(symbol)
            at = tuple(natural(one) for one in index)
            if isinstance(value, NaturalFamily):
                found: Expr = value[at if len(at) > 1 else at[0]]
            else:
                found = as_natural(value(*at)) if callable(value) else as_natural(value)
            head, text = f"{name}[{','.join(index)}]", nat_text(found)
            self.substitution.naturals[name] = self.scope.context.templates(tuple(index)).nat(text)
        else:
            head, text = name, nat_text(as_natural(value))
            term = self.scope.context.nat(text)
            proof = Ranges(self.scope.context).nonnegative(term)
            if proof is None:
                raise ProofError(f"citing {self.theorem.name}: {name} = {text} is not shown to be >= 0")
            if proof:
                self.step["natural"][name] = proof
            self.substitution.naturals[name] = term
        self.step["naturals"][head] = text

    def _assign(self, name: str, head: str, text: str) -> None:
        index = tuple(head[head.index("[") + 1 : -1].split(",")) if "[" in head else ()
        self.substitution.matrices[name] = self.scope.context.templates(index).matrix(text)
        self.step["matrices"][head] = text

    def _defined(self, names: list[str]) -> None:
        """Let families that the theorem defines stand for equal ones in scope, or bring them in as new ones."""
        groups: dict[str, list[str]] = {}
        for name in names:
            groups.setdefault(self.theorem.defined[name], []).append(name)
        for group in groups.values():
            if not self._recognised(group):
                for name in group:
                    new = self.names.table.fresh(name)
                    self.names.table.declare(new, f"the family {new}, cited from {self.theorem.name}")
                    self._introduce(name, new)

    def _introduce(self, name: str, new: str) -> None:
        symbol = self.theorem.symbols[name]
        self.step["new"][name] = new
        scratch = self.scope.context.child()
        rows, cols = self.substitution.size(symbol.rows), self.substitution.size(symbol.cols)
        scratch.declare(new, Symbol("matrix", symbol.indices, rows, cols))
        self.substitution.matrices[name] = scratch.member(new, tuple(atom(i) for i in symbol.indices))

    def _recognised(self, group: list[str]) -> bool:
        """Return whether one family in scope has the defining facts of a family defined alone, and record it."""
        if len(group) != 1:
            return False
        (name,) = group
        symbol = self.theorem.symbols[name]
        due = {fact: f for fact, (owner, f) in self.theorem.givens.items() if owner == name}
        for candidate, local in self.scope.context.symbols.items():
            parts = {fact: f"{candidate}.{fact.rpartition('.')[2]}" for fact in due}
            known = all(part in self.scope.context.facts for part in parts.values())
            if local.kind != "matrix" or len(local.indices) != len(symbol.indices) or not known or not parts:
                continue
            index = self._index(symbol)
            head = f"[{','.join(index)}]" if index else ""
            text = f"{candidate}[{', '.join(index)}]" if index else candidate
            self.substitution.matrices[name] = self.scope.context.templates(tuple(index)).matrix(text)
            if all(self._same(due[fact], part) for fact, part in parts.items()):
                self.step["matrices"][name + head] = text
                self.step["facts"].update(parts)
                return True
            del self.substitution.matrices[name]
        return False

    def _same(self, due: Fact, part: str) -> bool:
        if not all(x in self.substitution.matrices for x in _heads(due)):
            return False
        return same(self.substitution.fact(due), self.scope.context.facts[part])

    def givens(self, named: Mapping[str, object]) -> Failure | None:
        """Find a fact for every given; prove those that no fact in scope says literally."""
        context = self.scope.context
        for name, (owner, given) in self.theorem.givens.items():
            if owner in self.step["new"] or name in self.step["facts"]:
                continue
            due = self.substitution.fact(given)
            usable = list(context.facts)
            chosen = str(named[name]) if name in named else next((n for n in usable if same(context.facts[n], due)), "")
            if not chosen:
                chosen = self.scope.name()
                failure = prove_fact(self.scope, due, usable, chosen)
                if failure is not None:
                    expected = f"the given {name} of {self.theorem.name}: {fact_text(due)}"
                    return Failure(expected, failure.found, failure.tried)
            self.step["facts"][name] = chosen
        return None

    def use(self, proof: Proof, name: str, named: Mapping[str, object]) -> Done:
        """Add the goals of the theorem as facts; where a given is not shown, each goal becomes a hole."""
        goals = self.theorem.goals
        labels = {goal: name if len(goals) == 1 else f"{name}-{goal}" for goal in goals}
        failure = self.givens(named)
        if failure is None:
            self.step["as"] = labels
            self.scope.add(self.step)
        for goal, label in labels.items():
            text = fact_text(self.substitution.fact(goals[goal]))
            if failure is not None:
                proof.leave_hole(label, text, text, failure)
            proof.record(label, text, f"citing {self.theorem.name}", "cite")
        return Done(name)


def _alone(size: Nat) -> str | None:
    """Return the natural that a size is, if it is one."""
    if len(size) == 1 and size[0][1] == 1 and len(size[0][0]) == 1:
        name, indices = size[0][0][0]
        return None if indices or name.startswith("%") else name
    return None


def _heads(fact: Fact) -> set[str]:
    from symlora.kernel.words import letters

    return {x.head for side in fact.body.sides for x in letters(side) if x.head != "inv"}


def cited(name: str) -> Theorem:
    """Return an earlier theorem as the kernel replayed it."""
    return registry.get(name).replayed
