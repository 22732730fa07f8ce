"""Claims for all values of their indices, under conditions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sympy import Basic, Expr, Symbol, Tuple

from symlora.language.claims import AtMost, Claim, NaturalRelation, as_claim, as_condition
from symlora.language.errors import StatementError
from symlora.language.families import parameters, placeholder
from symlora.language.letters import check_letters
from symlora.language.names import check_name, first_free
from symlora.language.naturals import nat_text, natural, unchecked_natural
from symlora.language.text import Inclusion, Resolve
from symlora.language.typeset import name_latex, nat_latex


class ForAll(Claim):
    """A claim for all values of its indices that meet its conditions; `indices` may be empty."""

    __slots__ = ()

    def __new__(cls, indices: Any, conditions: Any, body: Any) -> ForAll:
        symbols = Tuple(*((indices,) if isinstance(indices, Symbol) else indices))
        for symbol in symbols:
            if not isinstance(symbol, Symbol) or symbol != unchecked_natural(symbol.name):
                raise StatementError(f"the index {symbol} is not a natural; make it with natural(name)")
        names = [symbol.name for symbol in symbols]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise StatementError(f"the index {twice} is bound twice")
        wanted = Tuple(*(as_condition(condition) for condition in conditions))
        body = as_claim(body)
        if isinstance(body, ForAll):
            # The kernel knows one list of indices, so that nested quantifiers are one; conditions stay in order.
            body = body.avoiding(frozenset(names) | _names(wanted))
            return cls((*symbols, *body.indices), (*wanted, *body.conditions), body.body)
        check_letters(symbols, wanted, body)
        made: ForAll = Basic.__new__(cls, symbols, wanted, body)
        return made

    @property
    def indices(self) -> tuple[Symbol, ...]:
        """The bound naturals."""
        return tuple(self.args[0])

    @property
    def conditions(self) -> tuple[NaturalRelation, ...]:
        """What the indices must meet."""
        return tuple(self.args[1])

    @property
    def body(self) -> Claim:
        """What holds for them."""
        body: Claim = self.args[2]
        return body

    @property
    def free_symbols(self) -> set[Symbol]:
        """The naturals that are not bound here."""
        free: set[Symbol] = (self.args[1].free_symbols | self.body.free_symbols) - set(self.indices)
        return free

    def avoiding(self, names: frozenset[str]) -> ForAll:
        """Return the same claim with each index renamed whose name is in `names`.

        >>> from symlora.language.claims import le
        >>> from symlora.language.naturals import naturals
        >>> L, l = naturals("L l")
        >>> ForAll(l, [le(l, L)], le(l, 2*L)).avoiding(frozenset({"l"}))
        for every l1 with l1 <= L: l1 <= 2*L
        """
        taken = names | _names(self)
        renamed: dict[Symbol, Symbol] = {}
        for index in self.indices:
            if index.name in names:
                renamed[index] = unchecked_natural(first_free(index.name, taken))
                taken |= {renamed[index].name}
        if len(renamed) == 0:
            return self
        return ForAll(
            [renamed.get(index, index) for index in self.indices],
            [condition.xreplace(renamed) for condition in self.conditions],
            self.body.xreplace(renamed),
        )

    def _xreplace(self, rule: Any) -> tuple[Basic, bool]:
        free = {old: new for old, new in rule.items() if old not in self.indices}
        incoming = frozenset(name for new in free.values() for name in _names(new))
        safe = self.avoiding(incoming)
        conditions, first = safe.args[1]._xreplace(free)
        body, second = safe.body._xreplace(free)
        return (ForAll(safe.indices, conditions, body), True) if first or second else (self, False)

    def text(self, resolve: Resolve | None = None, inclusion: Inclusion | None = None) -> str:
        parts = []
        if self.indices:
            parts.append("for " + ", ".join(index.name for index in self.indices))
        if self.conditions:
            parts.append("if " + ", ".join(condition.text(resolve, inclusion) for condition in self.conditions))
        body = self.body.text(resolve, inclusion)
        return f"{' '.join(parts)}: {body}" if parts else body

    def latex(self) -> str:
        conditions = ",\\ ".join(_chains(self.conditions, nat_latex, lambda claim: claim.sign))
        if not self.indices:
            return f"{self.body.latex()} \\quad \\text{{if }} {conditions}" if conditions else self.body.latex()
        names = ", ".join(name_latex(index.name) for index in self.indices)
        such = f" \\text{{ with }} {conditions}" if conditions else ""
        return f"{self.body.latex()} \\quad \\text{{for every }} {names}{such}"

    def _readable(self) -> str:
        conditions = ", ".join(_chains(self.conditions, nat_text, lambda claim: claim.word))
        if not self.indices:
            return f"if {conditions}: {self.body}" if conditions else str(self.body)
        names = ", ".join(index.name for index in self.indices)
        return f"for every {names}{f' with {conditions}' if conditions else ''}: {self.body}"


def when(condition: object, claim: object) -> ForAll:
    """Return the claim that holds if a relation between naturals does.

    >>> from symlora.language.claims import le, nonsingular
    >>> from symlora.language.matrices import matrix
    >>> from symlora.language.naturals import naturals
    >>> k, n = naturals("k n")
    >>> when(le(1, k), nonsingular(matrix("A", n, n)))
    if 1 <= k: nonsingular(A)
    """
    return ForAll((), [condition], claim)


def _names(expression: Basic) -> frozenset[str]:
    return frozenset(str(symbol.name) for symbol in expression.atoms(Symbol))


def _chains(
    conditions: Sequence[NaturalRelation], write: Callable[[Expr], str], sign: Callable[[NaturalRelation], str]
) -> list[str]:
    """Write `1 <= l` and `l <= L` that follow each other as `1 <= l <= L`."""
    written: list[str] = []
    before: NaturalRelation | None = None
    for condition in conditions:
        if isinstance(condition, AtMost) and isinstance(before, AtMost) and before.right == condition.left:
            written[-1] += f" {sign(condition)} {write(condition.right)}"
        else:
            written.append(f"{write(condition.left)} {sign(condition)} {write(condition.right)}")
        before = condition
    return written


def forall(statement: Callable[..., object], *ranges: tuple[object, object] | Callable[..., object]) -> ForAll:
    """Return the claim that `statement` makes, for each of its parameters from the first to the last of its range.

    The indices are named like the parameters. A later range may use earlier indices, as a function of them.
    Raises `StatementError` if a name is already free in the claim.

    >>> from symlora.language.claims import nonsingular
    >>> from symlora.language.families import MatrixFamily
    >>> from symlora.language.naturals import natural
    >>> L, W = natural("L"), MatrixFamily("W", (2, 2))
    >>> forall(lambda l: nonsingular(W[l]), (1, L)).text()
    'for l if 1 <= l, l <= L: nonsingular(W[l])'
    """
    names = parameters(statement, len(ranges))
    inner = [placeholder(name) for name in names]
    conditions: list[NaturalRelation] = []
    for position, (name, index, bounds) in enumerate(zip(names, inner, ranges, strict=True)):
        read: Any = bounds(*inner[:position]) if callable(bounds) else bounds
        if not isinstance(read, (tuple, list)) or len(read) != 2:
            raise StatementError(f"the range of the index {name} is a pair (first, last), not {read!r}")
        conditions += [AtMost(read[0], index), AtMost(index, read[1])]
    body = as_claim(statement(*inner))
    free = frozenset(name for claim in (*conditions, body) for name in _names(claim))
    outer = [natural(check_name(name)) for name in names]
    for name in names:
        if name in free:
            raise StatementError(f"the index {name} is already a natural of the claim: give it another name")
    chosen = dict(zip(inner, outer, strict=True))
    return ForAll(outer, [condition.xreplace(chosen) for condition in conditions], body.xreplace(chosen))
