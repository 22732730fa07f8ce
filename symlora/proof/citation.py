"""Citing an earlier theorem: finds sizes, families and givens that need not be spelled out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sympy import Expr

from symlora.kernel.citation import Substitution
from symlora.kernel.context import Context, Symbol
from symlora.kernel.facts import Fact, at_indices, fact_in, same
from symlora.kernel.naturals import Nat, atom
from symlora.kernel.printing import fact_text, matrix_text
from symlora.kernel.printing import nat_text as nat_text_of
from symlora.kernel.words import FUNCTIONS, letters
from symlora.kernel.words import Matrix as Term
from symlora.language import Matrix, MatrixFamily, Member, NaturalFamily, as_natural, nat_text, natural
from symlora.language.matrices import as_matrix
from symlora.proof.done import Done
from symlora.proof.errors import ProofError
from symlora.proof.readback import size_expression
from symlora.proof.registry import Built
from symlora.proof.statement import Names
from symlora.rules.quantified import prove_fact
from symlora.rules.ranges import Ranges
from symlora.rules.scope import Failure, Scope

if TYPE_CHECKING:
    from symlora.proof.steps import Proof


class Citation:
    """The replacement of a theorem's symbols by those of the citing scope."""

    def __init__(self, source: Built, scope: Scope, names: Names, values: Mapping[str, object]) -> None:
        theorem = source.replayed
        self.theorem, self.data, self.scope, self.names = theorem, source.data, scope, names
        self.local: dict[str, str] = {}
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
        made = [block["name"] for item in self.data["setup"] for block in item.get("define", [])]
        made += [name for item in self.data["setup"] for name in item.get("matrices", {}).values()]
        for name in theorem.symbols:
            if name not in sizes and name not in matrices and name not in made:
                raise ProofError(f"citing {theorem.name}: expected a value for {name}, found none")
        self._defined()
        for name in theorem.exists:
            new = names.table.fresh(name)
            names.table.declare(new, f"what exists by {theorem.name}, {new}")
            self.step["new"][name] = new
            self.local[name] = new

    def _kind(self, name: str) -> str:
        return self.theorem.symbols[name].kind

    def _index(self, symbol: Symbol) -> list[str]:
        index: list[str] = []
        for position in range(symbol.arity):
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
        if symbol.arity:
            index = self._index(symbol)
            at = tuple(natural(one) for one in index)
            if isinstance(value, NaturalFamily):
                found: Expr = value[at if len(at) > 1 else at[0]]
            else:
                found = as_natural(value(*at)) if callable(value) else as_natural(value)
            head, text = f"{name}[{','.join(index)}]", nat_text(found)
            self.substitution.naturals[name] = self.scope.context.templates(list(index)).nat(text)
        else:
            head, text = name, nat_text(as_natural(value))
            term = self.scope.context.nat(text)
            proof = Ranges(self.scope).nonnegative(term)
            if proof is None:
                raise ProofError(f"citing {self.theorem.name}: {name} = {text} is not shown to be >= 0")
            if proof:
                self.step["natural"][name] = proof
            self.substitution.naturals[name] = term
        self.step["naturals"][head] = text

    def _assign(self, name: str, head: str, text: str) -> None:
        index = tuple(head[head.index("[") + 1 : -1].split(",")) if "[" in head else ()
        self.substitution.matrices[name] = self.scope.context.templates(list(index)).matrix(text)
        self.step["matrices"][head] = text

    def _defined(self) -> None:
        """Let families that the theorem defines stand for equal ones in scope, or define them in scope."""
        for item in self.data["setup"]:
            if "such" in item:
                self._such(item)
            elif "define" in item and not any(block["name"] in self.substitution.matrices for block in item["define"]):
                names = [block["name"] for block in item["define"]]
                if len(names) > 1 or not self._recognised(names[0]):
                    self._define(item)

    def _define(self, item: dict[str, Any]) -> None:
        """Define the families of one definition of the theorem in the citing scope, under new names."""
        source = Context(self.theorem.symbols)
        index = [self.names.table.fresh(one) for one in item["index"]]
        made: dict[str, Any] = {"define": [], "index": index}
        for end in ("up", "down"):
            if end in item:
                made[end] = nat_text_of(self.substitution.size(source.nat(item[end])))
        templates = source.templates(item["index"])
        for block in item["define"]:
            new = self.names.table.fresh(block["name"])
            self.names.table.declare(new, f"the family {new}, cited from {self.theorem.name}")
            self._stand_for(block["name"], new)
        for block in item["define"]:
            old = block["name"]
            symbol = self.theorem.symbols[old]
            sizes = [self._written(self.substitution.size(size), index) for size in (symbol.rows, symbol.cols)]
            translated = {"name": self.local[old], "shape": sizes}
            for part in ("is", "start", "step"):
                if part in block:
                    value = (source if part == "start" else templates).matrix(block[part])
                    translated[part] = self._translated(value, index)
            made["define"].append(translated)
        self.scope.define({"rule": "define", **made})
        for block in item["define"]:
            self._match_facts(block["name"])

    def _written(self, size: Nat, index: list[str]) -> str:
        return nat_text_of(at_indices(tuple(map(atom, index))).size(size))

    def _translated(self, value: Term, index: list[str]) -> str:
        """Return the text of a term of the theorem in the citing scope; template variables are called by `index`."""
        return matrix_text(at_indices(tuple(map(atom, index))).matrix(self.substitution.matrix(value)))

    def _stand_for(self, old: str, new: str) -> None:
        """Let `new` stand for a family of the theorem; it need not be in scope yet."""
        symbol = self.theorem.symbols[old]
        scratch = self.scope.context.child()
        rows, cols = self.substitution.size(symbol.rows), self.substitution.size(symbol.cols)
        scratch.symbols[new] = Symbol("matrix", symbol.arity, rows, cols)
        self.substitution.matrices[old] = scratch.member(new, tuple(atom(f"%{i}") for i in range(symbol.arity)))
        index = self._index(symbol)
        head = f"[{','.join(index)}]" if index else ""
        self.step["matrices"][old + head] = f"{new}[{', '.join(index)}]" if index else new
        self.local[old] = new

    def _match_facts(self, old: str) -> None:
        for fact in self._defining(old):
            self.step["facts"][fact] = f"{self.local[old]}.{fact.rpartition('.')[2]}"

    def _defining(self, name: str) -> dict[str, Fact]:
        """Return the defining facts of a family of the theorem."""
        ends = (".start", ".step", ".def")
        return {fact: f for fact, f in self.theorem.givens.items() if fact in [name + end for end in ends]}

    def _such(self, item: dict[str, Any]) -> None:
        """Let coordinate inclusions of the theorem stand for those of the same sizes in scope."""
        if item["such"] != "axiom/split" or item["matrices"]["J"] in self.substitution.matrices:
            return
        source = Context(self.theorem.symbols)
        sizes = [size_expression(self.substitution.size(source.nat(item["naturals"][size]))) for size in "ps"]
        pair = self.names.inclusion((sizes[0], sizes[1]), self.scope)
        for old, new in zip("JK", pair, strict=True):
            self._stand_for(item["matrices"][old], new)

    def _recognised(self, name: str) -> bool:
        """Return whether one family in scope has the defining facts of a family defined alone, and record it."""
        symbol = self.theorem.symbols[name]
        due = self._defining(name)
        shape = (self.substitution.size(symbol.rows), self.substitution.size(symbol.cols))
        for candidate, local in self.scope.context.symbols.items():
            parts = {fact: f"{candidate}.{fact.rpartition('.')[2]}" for fact in due}
            known = all(part in self.scope.context.facts for part in parts.values())
            if local.kind != "matrix" or (local.rows, local.cols) != shape or not known or not parts:
                continue
            if local.arity != symbol.arity:
                continue
            before = (dict(self.step["matrices"]), dict(self.local))
            self._stand_for(name, candidate)
            if all(self._same(due[fact], part) for fact, part in parts.items()):
                self.step["facts"].update(parts)
                return True
            self.step["matrices"], self.local = before
            del self.substitution.matrices[name]
        return False

    def _same(self, due: Fact, part: str) -> bool:
        if not all(x in self.substitution.matrices for x in _heads(due)):
            return False
        return same(fact_in(due, self.substitution), self.scope.context.facts[part])

    def givens(self, named: Mapping[str, object]) -> Failure | None:
        """Find a fact for every given; prove those that no fact in scope says literally."""
        context = self.scope.context
        for name, given in self.theorem.givens.items():
            if name in self.step["facts"]:
                continue
            due = fact_in(given, self.substitution)
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
            if failure is None:
                text = fact_text(self.scope.fact(label))
            else:
                self._stand_in()
                text = fact_text(fact_in(goals[goal], self.substitution))
                proof.leave_hole(label, text, text, failure)
            proof.record(label, text, f"citing {self.theorem.name}", "cite")
        return Done(name, None, {old: self._symbol(new) for old, new in self.local.items()})

    def _stand_in(self) -> None:
        """Define zero matrices in place of what a failed citation would have brought into existence."""
        for old, new in self.step["new"].items():
            if new in self.scope.context.symbols:
                continue
            symbol = self.theorem.exists[old]
            index = self._index(symbol)
            sizes = (self.substitution.size(size) for size in (symbol.rows, symbol.cols))
            rows, cols = (self._written(size, index) for size in sizes)
            block = {"name": new, "shape": [rows, cols], "is": f"zero({rows}, {cols})"}
            self.scope.add({"rule": "define", "define": [block], "index": index})
            self.substitution.matrices[old] = self.scope.context.member(
                new, tuple(atom(f"%{i}") for i in range(symbol.arity))
            )

    def _symbol(self, new: str) -> object:
        """Return a family, or matrix, that came as a new one, for use in expressions."""
        symbol = self.scope.context.symbols.get(new)
        if symbol is None:
            raise ProofError(f"{new} does not exist: the citation of {self.theorem.name} failed")

        def shape(*index: Expr) -> tuple[Expr, Expr]:
            return size_expression(symbol.rows, index), size_expression(symbol.cols, index)

        if not symbol.arity:
            return Member(new, (), *shape())
        return MatrixFamily(new, shape, tuple(f"i{k}" for k in range(symbol.arity)))


def _alone(size: Nat) -> str | None:
    """Return the natural that a size is, if it is one."""
    if len(size) == 1 and size[0][1] == 1 and len(size[0][0]) == 1:
        name, indices = size[0][0][0]
        return None if indices or name.startswith("%") else name
    return None


def _heads(fact: Fact) -> set[str]:
    return {x.head for side in fact.body.sides for x in letters(side) if x.head not in FUNCTIONS}
