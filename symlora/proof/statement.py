"""What is in scope in a theorem by name, and how its expressions become the kernel's text."""

from __future__ import annotations

from typing import Any

from sympy import Expr, Symbol

from symlora.kernel.context import Context
from symlora.kernel.definitions import define
from symlora.kernel.facts import fact_in, same
from symlora.kernel.words import Letter, Replacement
from symlora.kernel.words import Matrix as Term
from symlora.kernel.words import letter as one_letter
from symlora.language import Claim, MatrixFamily, eye, natural, prod, total, zero
from symlora.language.families import Abstraction, RangeProduct, RangeSum
from symlora.language.matrices import Matrix
from symlora.language.names import NameTable
from symlora.language.naturals import nat_text
from symlora.language.text import expr_text
from symlora.proof.errors import ProofError
from symlora.rules.scope import Scope

Ends = tuple[type, Abstraction, Expr]


class Names:
    """The names of one theorem and the families that stand for its range products, range sums and block inclusions."""

    def __init__(self) -> None:
        self.table = NameTable()
        self.claims: dict[str, Claim] = {}
        self.upwards: dict[Ends, str] = {}
        self.downwards: dict[Ends, str] = {}
        self.inclusions: dict[tuple[Expr, Expr], tuple[str, str]] = {}

    def expression(self, M: Matrix, scope: Scope) -> str:
        """Return the kernel text of an expression; families that it needs are defined in `scope` first."""
        return expr_text(M, lambda node: self._range(node, scope), lambda sizes: self.inclusion(sizes, scope))

    def claim(self, claim: Claim, scope: Scope) -> str:
        """Return the kernel text of a claim."""
        return claim.text(lambda node: self._range(node, scope), lambda sizes: self.inclusion(sizes, scope))

    def _range(self, node: RangeProduct | RangeSum, scope: Scope) -> str:
        kind, symbols = type(node), scope.context.symbols
        for symbol in node.family.free_symbols:
            if symbol.name not in symbols:
                raise ProofError(f"{node} depends on the index {symbol}: define a family for it with t.define first")
        name = self.upwards.get((kind, node.family, node.lower), "")
        if name not in symbols:
            name = self._upwards(node, scope, define=False)
        if not name:
            down = self.downwards.get((kind, node.family, node.upper), "")
            if down in symbols:
                return f"{down}[{nat_text(node.lower - 1)}]"
            name = self._upwards(node, scope, define=True)
        return f"{name}[{nat_text(node.upper)}]"

    def _upwards(self, node: RangeProduct | RangeSum, scope: Scope, define: bool) -> str:
        """Return the family of products or sums from the lower end on: one in scope with its facts, or a new one."""
        stem = "Product" if isinstance(node, RangeProduct) else "Sum"
        name = self.table.fresh(stem)
        index = natural(self.table.fresh("k"))
        make: Any = prod if stem == "Product" else total
        ranged = make(node.family.at, node.lower, index)
        if not define:
            _, item = self._recursion(name, index, ranged, scope)
            return equal_family(item, scope.context)
        self.table.declare(name, f"the family {name} of matrices with 1 index")
        self.define_range(name, index, ranged, scope)
        return name

    def define_range(self, name: str, index: Symbol, node: RangeProduct | RangeSum, scope: Scope) -> MatrixFamily:
        """Define the family of products or sums whose upper end is `index` or whose lower end is ``index + 1``."""
        family, item = self._recursion(name, index, node, scope)
        scope.define({"rule": "define", **item})
        ends = self.upwards if "up" in item else self.downwards
        ends[type(node), node.family, node.lower if "up" in item else node.upper] = name
        return family

    def _recursion(
        self, name: str, index: Symbol, node: RangeProduct | RangeSum, scope: Scope
    ) -> tuple[MatrixFamily, dict[str, Any]]:
        """Return the family and its definition, which may need families inside it."""
        up = node.upper == index and index not in node.lower.free_symbols
        down = node.lower == index + 1 and index not in node.upper.free_symbols
        if not (up or down) or index in node.family.free_symbols:
            raise ProofError(
                f"{name}[{index}] = {node}: a range may end at {index} or start at {index} + 1, with its other end and "
                "its members independent of it"
            )
        rows, cols = node.shape
        family = MatrixFamily(name, lambda k: (rows.xreplace({index: k}), cols.xreplace({index: k})), (index.name,))
        here = node.family.at(index)
        before, now = family[index - 1], family[index]
        if isinstance(node, RangeProduct):
            step = here * before if up else now * here
        else:
            step = before + here if up else now + here
        writing = scope.with_naturals([index.name])
        origin = node.lower - 1 if up else node.upper
        size = family[origin].shape
        start = eye(size[0]) if isinstance(node, RangeProduct) else zero(*size)
        item = {
            "define": [{"name": name, "shape": [nat_text(rows), nat_text(cols)],
                        "start": self.expression(start, scope), "step": self.expression(step, writing)}],
            "index": [index.name], ("up" if up else "down"): nat_text(origin),
        }  # fmt: skip
        return family, item

    def inclusion(self, sizes: tuple[Expr, Expr], scope: Scope) -> tuple[str, str]:
        """Return the names of the coordinate inclusions of these sizes; they are added to `scope` if it has none."""
        if sizes not in self.inclusions or self.inclusions[sizes][0] not in scope.context.symbols:
            pair = []
            for stem in ("J", "K"):
                pair.append(self.table.fresh(stem))
                self.table.declare(pair[-1], f"the coordinate inclusion {pair[-1]}")
            whole, p, s = nat_text(sizes[0] + sizes[1]), *map(nat_text, sizes)
            label = f"{pair[0]}-{pair[1]}"
            scope.define({"rule": "nat", "fact": f"{whole} == {p} + {s}", "proof": [{}, {}], "as": f"{label}.size"})
            scope.define({
                "rule": "cite", "theorem": "axiom/split", "naturals": {"n": whole, "p": p, "s": s}, "natural": {},
                "matrices": {}, "new": {"J": pair[0], "K": pair[1]}, "facts": {"h1": f"{label}.size"},
                "as": {goal: f"{label}.{goal}" for goal in ("g1", "g2", "g3", "g4")},
            })  # fmt: skip
            self.inclusions[sizes] = (pair[0], pair[1])
        return self.inclusions[sizes]


class Renaming(Replacement):
    """Calls a family by another name."""

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new

    def member(self, x: Letter) -> Term:
        """Return the member of the family under its new name."""
        return one_letter(x._replace(head=self.new) if x.head == self.old else x)


def equal_family(item: dict[str, Any], context: Context) -> str:
    """Return a family in scope whose defining facts are those of a definition of one family, or nothing.

    >>> from symlora.kernel.definitions import define
    >>> context = Context()
    >>> context.declare_natural("n")
    >>> item = {"define": [{"name": "P", "shape": ["n", "n"], "is": "eye(n)"}], "index": ["l"]}
    >>> facts = define(context, item)
    >>> equal_family({"define": [{"name": "Q", "shape": ["n", "n"], "is": "eye(n)"}], "index": ["k"]}, context)
    'P'
    """
    (block,) = item["define"]
    scratch = context.child()
    facts = define(scratch, item)
    made = scratch.symbols[block["name"]]
    for name, symbol in context.symbols.items():
        parts = {fact: f"{name}.{fact.rpartition('.')[2]}" for fact in facts}
        if symbol == made and all(part in context.facts for part in parts.values()):
            renaming = Renaming(block["name"], name)
            if all(same(fact_in(facts[f], renaming), context.facts[p]) for f, p in parts.items()):
                return name
    return ""
