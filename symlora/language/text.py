"""The text of expressions: the kernel's syntax, and the same with names for ranges and blocks for messages.

Parentheses are written only where the tree would be read differently without them. Products are not flattened:
`A*(v*u)` with a scalar `v*u` has no reading as `(A*v)*u`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from sympy import Basic, Expr

from symlora.language.blocks import Block
from symlora.language.errors import StatementError
from symlora.language.families import RangeProduct, RangeSum
from symlora.language.functions import NaturalScalar, SingularValue, SpectralNorm, SquareRoot, Trace
from symlora.language.matrices import (
    Identity,
    Inverse,
    Matrix,
    Member,
    Minus,
    Negative,
    Number,
    Plus,
    Product,
    Transpose,
    Zero,
)
from symlora.language.names import first_free
from symlora.language.naturals import NaturalMember, nat_text, unchecked_natural

Resolve = Callable[[RangeProduct | RangeSum], str]
Inclusion = Callable[[tuple[Expr, Expr]], tuple[str, str]]

_SUM, _PRODUCT, _FACTOR = range(3)  # what a place needs at least, from loose to tight
_FUNCTIONS = {Inverse: "inv", SpectralNorm: "norm2", SingularValue: "sigma", SquareRoot: "sqrt", Trace: "tr",
              NaturalScalar: "nat"}  # fmt: skip
_ATOM = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\[[^][]*(\[[^][]*\][^][]*)*\])?")


def expr_text(M: Matrix, resolve: Resolve | None = None, inclusion: Inclusion | None = None) -> str:
    """Return the kernel text of an expression.

    `resolve` gives the text that stands for a product or sum over a range, which the kernel's syntax lacks.
    `inclusion` gives, for sizes (p, q), the names of J: (p+q) x p and K: (p+q) x q; a block matrix is written with
    them as `J*A*J2' + J*B*K2' + K*C*J2' + K*D*K2'`. Raises `StatementError` where one of the two is needed and absent.

    >>> from symlora.language.matrices import inv, matrix
    >>> A, B = matrix("A", 2, 2), matrix("B", 2, 2)
    >>> expr_text((A - B).T*inv(A*(B*A)) - (A + B)*2)
    "(A - B)'*inv(A*(B*A)) - (A + B)*2"
    """
    return _Kernel(resolve, inclusion).at(M, _SUM, True)


def readable(M: Matrix) -> str:
    """Return the text of an expression for people: ranges are written out, blocks are rows in brackets.

    >>> from symlora.language.blocks import block
    >>> from symlora.language.matrices import eye, zero
    >>> readable(block([[eye(2), zero(2, 1)], [zero(1, 2), eye(1)]]))
    'block([[eye(2), zero(2, 1)], [zero(1, 2), eye(1)]])'
    """
    return _Writer().at(M, _SUM, True)


class _Writer:
    """Writes an expression at a place that needs at least a sum, a product or a factor.

    `leading` says that a minus sign may stand first; elsewhere it needs parentheses.
    """

    def __init__(self) -> None:
        self._shown: list[str] = []  # the indices of the ranges around this place

    def at(self, M: Any, need: int, leading: bool) -> str:
        if isinstance(M, (Plus, Minus)):
            inside = need > _SUM
            sign = "+" if isinstance(M, Plus) else "-"
            text = f"{self.at(M.args[0], _SUM, leading or inside)} {sign} {self.at(M.args[1], _PRODUCT, False)}"
        elif isinstance(M, Product):
            inside = need > _PRODUCT
            text = f"{self.at(M.args[0], _PRODUCT, leading or inside)}*{self.at(M.args[1], _FACTOR, False)}"
        elif isinstance(M, Negative):
            inside = need > _PRODUCT or not leading
            text = f"-{self.at(M.args[0], _PRODUCT if isinstance(M.args[0], Number) else _FACTOR, False)}"
        elif isinstance(M, Block):
            return self.block(M, need)
        elif isinstance(M, (RangeProduct, RangeSum)):
            return self.range(M)
        else:
            return self.factor(M)
        return f"({text})" if inside else text

    def factor(self, M: Any) -> str:
        if isinstance(M, Number):
            return str(M.value)
        if isinstance(M, Member):
            return M.name + (f"[{', '.join(map(self.nat, M.indices))}]" if M.indices else "")
        if isinstance(M, Identity):
            return f"eye({self.nat(M.rows)})"
        if isinstance(M, Zero):
            return f"zero({self.nat(M.rows)}, {self.nat(M.cols)})"
        if type(M) in _FUNCTIONS:
            return f"{_FUNCTIONS[type(M)]}({', '.join(map(self.argument, M.args))})"
        if isinstance(M, Transpose):
            fraction = isinstance(M.args[0], Number) and M.args[0].value.denominator > 1
            text = self.at(M.args[0], _FACTOR, False)
            return f"({text})'" if fraction else f"{text}'"
        raise StatementError(f"{type(M).__name__} has no text")

    def nat(self, value: Expr) -> str:
        return nat_text(value, self.argument)

    def argument(self, value: Basic) -> str:
        return self.at(value, _SUM, True) if isinstance(value, Matrix) else self.nat(value)

    def block(self, M: Block, need: int) -> str:
        rows = (", ".join(self.at(entry, _SUM, True) for entry in row) for row in M.args)
        return f"block([{', '.join(f'[{row}]' for row in rows)}])"

    def range(self, M: RangeProduct | RangeSum) -> str:
        word = "prod" if isinstance(M, RangeProduct) else "total"
        index = shown_index(M.args, self._shown)
        self._shown.append(index)
        body = self.at(M.family.at(unchecked_natural(index)), _SUM, True)
        self._shown.pop()
        return f"{word}({body}, {index} = {self.nat(M.lower)}..{self.nat(M.upper)})"


class _Kernel(_Writer):
    """Writes what the kernel can read."""

    def __init__(self, resolve: Resolve | None, inclusion: Inclusion | None) -> None:
        super().__init__()
        self._resolve, self._inclusion = resolve, inclusion

    def range(self, M: RangeProduct | RangeSum) -> str:
        if self._resolve is None:
            raise StatementError(f"{readable(M)} has no kernel text of its own: define a family for it first")
        text = self._resolve(M)
        return text if _ATOM.fullmatch(text) else f"({text})"

    def block(self, M: Block, need: int) -> str:
        if self._inclusion is None:
            raise StatementError(f"{readable(M)} has no kernel text of its own: split its sizes first")
        up, left = self._inclusion(M.row_sizes), self._inclusion(M.col_sizes)
        text = " + ".join(
            f"{up[i]}*{self.at(M.args[i][j], _FACTOR, False)}*{left[j]}'" for i in range(2) for j in range(2)
        )
        return f"({text})" if need > _SUM else text


def shown_index(parts: Iterable[Basic], around: Iterable[str] = ()) -> str:
    """Return a name for a bound index that neither the parts of its range nor the ranges around have: k, j, i, k1, ...

    >>> from symlora.language.families import Abstraction, MatrixFamily
    >>> shown_index([Abstraction.of(MatrixFamily("k", (2, 2)).__getitem__)])
    'j'
    """
    taken = set(around)
    for part in parts:
        taken |= {nat_text(symbol) for symbol in part.free_symbols}
        taken |= {member.name for member in part.atoms(Member, NaturalMember)}
    free = [name for name in ("k", "j", "i") if name not in taken]
    return free[0] if free else first_free("k", frozenset(taken))
