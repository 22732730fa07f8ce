"""What is in scope in a theorem by name, and how its expressions become the kernel's text."""

from __future__ import annotations

from typing import Any

from sympy import Expr, Symbol

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
        return expr_text(M, lambda node: self._range(node, scope), lambda sizes: self._inclusion(sizes, scope))

    def claim(self, claim: Claim, scope: Scope) -> str:
        """Return the kernel text of a claim."""
        return claim.text(lambda node: self._range(node, scope), lambda sizes: self._inclusion(sizes, scope))

    def _range(self, node: RangeProduct | RangeSum, scope: Scope) -> str:
        kind = type(node)
        if (kind, node.family, node.lower) in self.upwards:
            return f"{self.upwards[kind, node.family, node.lower]}[{nat_text(node.upper)}]"
        if (kind, node.family, node.upper) in self.downwards:
            return f"{self.downwards[kind, node.family, node.upper]}[{nat_text(node.lower - 1)}]"
        for symbol in node.family.free_symbols:
            known = scope.context.symbols.get(symbol.name)
            if known is None:
                raise ProofError(f"{node} depends on the index {symbol}: define a family for it with t.define first")
        name = self.table.fresh("Product" if kind is RangeProduct else "Sum")
        self.table.declare(name, f"the family {name} of matrices with 1 index")
        index = natural(self.table.fresh("k"))
        make: Any = prod if kind is RangeProduct else total
        self.define_range(name, index, make(node.family.at, node.lower, index), scope)
        return f"{name}[{nat_text(node.upper)}]"

    def define_range(self, name: str, index: Symbol, node: RangeProduct | RangeSum, scope: Scope) -> MatrixFamily:
        """Define the family of products or sums whose upper end is `index` or whose lower end is ``index + 1``."""
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
        origin = node.lower - 1 if up else node.upper
        size = family[origin].shape
        start = eye(size[0]) if isinstance(node, RangeProduct) else zero(*size)
        item = {
            "define": [{"name": name, "shape": [nat_text(rows), nat_text(cols)],
                        "start": self.expression(start, scope), "step": self.expression(step, scope)}],
            "index": [index.name], ("up" if up else "down"): nat_text(origin),
        }  # fmt: skip
        scope.add({"rule": "define", **item})
        ends = self.upwards if up else self.downwards
        ends[type(node), node.family, node.lower if up else node.upper] = name
        return family

    def _inclusion(self, sizes: tuple[Expr, Expr], scope: Scope) -> tuple[str, str]:
        if sizes not in self.inclusions:
            pair = []
            for stem in ("J", "K"):
                pair.append(self.table.fresh(stem))
                self.table.declare(pair[-1], f"the coordinate inclusion {pair[-1]}")
            item = {"split": pair, "sizes": [nat_text(size) for size in sizes], "as": f"{pair[0]}-{pair[1]}"}
            scope.add({"rule": "split", **item})
            self.inclusions[sizes] = (pair[0], pair[1])
        return self.inclusions[sizes]
