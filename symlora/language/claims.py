"""Claims: what a theorem may say. A claim is never true or false by itself; only a checked proof gives it a verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from sympy import Basic, Eq, Expr, Symbol, Tuple
from sympy.core.relational import GreaterThan, LessThan, Relational, StrictGreaterThan, StrictLessThan
from sympy.logic.boolalg import BooleanAtom

from symlora.language.errors import ShapeError, StatementError, TruthError
from symlora.language.families import parameters, placeholder
from symlora.language.letters import check_letters
from symlora.language.matrices import Matrix, as_matrix, same_shape, shape_text
from symlora.language.names import check_name, first_free
from symlora.language.naturals import as_natural, nat_text, natural, same_polynomial, unchecked_natural
from symlora.language.text import Inclusion, Resolve, expr_text, readable
from symlora.language.typeset import expr_latex, name_latex, nat_latex


class Claim(Basic):  # type: ignore[misc]
    """A statement. `==` asks whether two claims are written alike; `bool()` of a claim is an error."""

    __slots__ = ()

    def text(self, resolve: Resolve | None = None, inclusion: Inclusion | None = None) -> str:
        """Return the kernel text; `resolve` and `inclusion` as for `expr_text`."""
        raise NotImplementedError(f"{type(self).__name__} has no text")

    def latex(self) -> str:
        """Return the LaTeX."""
        raise NotImplementedError(f"{type(self).__name__} has no LaTeX")

    def _readable(self) -> str:
        return self.text()

    def at(self, values: Mapping[Symbol, object]) -> Claim:
        """Return the claim with naturals replaced by natural expressions, all at once.

        >>> from symlora.language.naturals import naturals
        >>> a, b = naturals("a b")
        >>> le(a, 2*b).at({a: b, b: a + 1})
        b <= 2*a + 2
        """
        claim: Claim = self.xreplace({symbol: as_natural(value) for symbol, value in values.items()})
        return claim

    def __bool__(self) -> NoReturn:
        raise TruthError(f"the claim {self} is neither true nor false until it is checked")

    def _sympystr(self, printer: object) -> str:
        return self._readable()

    _sympyrepr = _sympystr

    def _latex(self, printer: object) -> str:
        return self.latex()


def _refuse_decided(value: object, wanted: str) -> None:
    if isinstance(value, (bool, BooleanAtom)):
        raise TruthError(
            f"a {wanted} was expected, but it was already decided to be {bool(value)}: "
            "== compares how expressions are written, and SymPy decides some comparisons by itself; "
            "write eq(A, B) for matrices, and le(a, b), lt(a, b) or same(a, b) for naturals"
        )


class Equal(Claim):
    """Two matrices of one shape are equal."""

    __slots__ = ()

    def __new__(cls, left: Any, right: Any) -> Equal:
        for side in (left, right):
            _refuse_decided(side, "matrix")
        left, right = as_matrix(left), as_matrix(right)
        if not same_shape(left, right):
            raise ShapeError(
                f"cannot equate {left} ({shape_text(left)}) and {right} ({shape_text(right)}): "
                f"the shapes differ, in {left} = {right}"
            )
        check_letters(left, right)
        made: Equal = Basic.__new__(cls, left, right)
        return made

    @property
    def left(self) -> Matrix:
        """The left side."""
        left: Matrix = self.args[0]
        return left

    @property
    def right(self) -> Matrix:
        """The right side."""
        right: Matrix = self.args[1]
        return right

    def text(self, resolve: Resolve | None = None, inclusion: Inclusion | None = None) -> str:
        return f"{expr_text(self.left, resolve, inclusion)} = {expr_text(self.right, resolve, inclusion)}"

    def latex(self) -> str:
        return f"{expr_latex(self.left)} = {expr_latex(self.right)}"

    def _readable(self) -> str:
        return f"{readable(self.left)} = {readable(self.right)}"


class Nonsingular(Claim):
    """A square matrix has an inverse."""

    __slots__ = ()

    def __new__(cls, operand: Any) -> Nonsingular:
        _refuse_decided(operand, "matrix")
        operand = as_matrix(operand)
        if not same_polynomial(operand.rows, operand.cols):
            raise ShapeError(
                f"nonsingular needs a square matrix, but {operand} is {shape_text(operand)}, in nonsingular({operand})"
            )
        check_letters(operand)
        made: Nonsingular = Basic.__new__(cls, operand)
        return made

    @property
    def operand(self) -> Matrix:
        """The matrix."""
        operand: Matrix = self.args[0]
        return operand

    def text(self, resolve: Resolve | None = None, inclusion: Inclusion | None = None) -> str:
        return f"nonsingular({expr_text(self.operand, resolve, inclusion)})"

    def latex(self) -> str:
        return f"{expr_latex(self.operand)} \\text{{ is nonsingular}}"

    def _readable(self) -> str:
        return f"nonsingular({readable(self.operand)})"


class NaturalRelation(Claim):
    """A relation between two naturals; these alone can be conditions."""

    __slots__ = ()
    word = ""
    sign = ""

    def __new__(cls, left: Any, right: Any) -> NaturalRelation:
        made: NaturalRelation = Basic.__new__(cls, as_natural(left), as_natural(right))
        return made

    @property
    def left(self) -> Expr:
        """The left side."""
        return self.args[0]

    @property
    def right(self) -> Expr:
        """The right side."""
        return self.args[1]

    def text(self, resolve: Resolve | None = None, inclusion: Inclusion | None = None) -> str:
        return f"{nat_text(self.left)} {self.word} {nat_text(self.right)}"

    def latex(self) -> str:
        return f"{nat_latex(self.left)} {self.sign} {nat_latex(self.right)}"


class AtMost(NaturalRelation):
    """One natural is at most another."""

    __slots__ = ()
    word = "<="
    sign = r"\le"


class SameNatural(NaturalRelation):
    """Two naturals are equal."""

    __slots__ = ()
    word = "=="
    sign = "="


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
            parts.append("if " + ", ".join(condition.text() for condition in self.conditions))
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


def as_claim(value: object) -> Claim:
    """Return a claim: itself, or a relation between naturals that SymPy left undecided.

    >>> as_claim(True)
    Traceback (most recent call last):
        ...
    symlora.language.errors.TruthError: a claim was expected, but it was already decided to be True: == compares \
how expressions are written, and SymPy decides some comparisons by itself; write eq(A, B) for matrices, and le(a, b), \
lt(a, b) or same(a, b) for naturals
    """
    if isinstance(value, Claim):
        return value
    if isinstance(value, Relational):
        return as_condition(value)
    _refuse_decided(value, "claim")
    raise StatementError(f"{value} ({type(value).__name__}) is not a claim")


def as_condition(value: object) -> NaturalRelation:
    """Return a relation between naturals; SymPy's `<=`, `<`, `>=`, `>` and `Eq` are read, its decisions are refused.

    >>> from symlora.language.naturals import naturals
    >>> L, l = naturals("L l")
    >>> as_condition(l < L)
    l + 1 <= L
    """
    if isinstance(value, NaturalRelation):
        return value
    if isinstance(value, Relational):
        left, right = value.args
        if isinstance(value, LessThan):
            return le(left, right)
        if isinstance(value, GreaterThan):
            return le(right, left)
        if isinstance(value, StrictLessThan):
            return lt(left, right)
        if isinstance(value, StrictGreaterThan):
            return lt(right, left)
        if isinstance(value, Eq):
            return same(left, right)
        raise StatementError(f"{value} cannot be a condition: conditions are a <= b, a < b and a == b of naturals")
    _refuse_decided(value, "condition")
    raise StatementError(f"{value} ({type(value).__name__}) cannot be a condition: conditions relate naturals")


def eq(left: object, right: object) -> Equal:
    """Return the claim that two matrices are equal; raises `ShapeError` if their shapes differ.

    >>> from symlora.language.matrices import eye, inv, matrix
    >>> A = matrix("A", 2, 2)
    >>> eq(A*inv(A), eye(2))
    A*inv(A) = eye(2)
    """
    return Equal(left, right)


def nonsingular(M: object) -> Nonsingular:
    """Return the claim that a square matrix has an inverse; raises `ShapeError` if it is not square.

    >>> from symlora.language.matrices import eye
    >>> nonsingular(eye(2))
    nonsingular(eye(2))
    """
    return Nonsingular(M)


def le(left: object, right: object) -> AtMost:
    """Return the claim `left <= right` of naturals.

    >>> from symlora.language.naturals import natural
    >>> le(0, natural("D"))
    0 <= D
    """
    return AtMost(left, right)


def lt(left: object, right: object) -> AtMost:
    """Return the claim `left < right` of naturals, which is `left + 1 <= right`.

    >>> from symlora.language.naturals import naturals
    >>> lt(*naturals("l L"))
    l + 1 <= L
    """
    return AtMost(as_natural(left) + 1, right)


def same(left: object, right: object) -> SameNatural:
    """Return the claim that two naturals are equal.

    >>> from symlora.language.naturals import naturals
    >>> same(*naturals("m n"))
    m == n
    """
    return SameNatural(left, right)


def forall(statement: Callable[..., object], *ranges: tuple[object, object]) -> ForAll:
    """Return the claim that `statement` makes, for each of its parameters from the first to the last of its range.

    The indices are named like the parameters. A later range may use earlier indices, as a function of them.
    Raises `StatementError` if a name is already free in the claim.

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
        conditions += [le(read[0], index), le(index, read[1])]
    body = as_claim(statement(*inner))
    free = frozenset(name for claim in (*conditions, body) for name in _names(claim))
    outer = [natural(check_name(name)) for name in names]
    for name in names:
        if name in free:
            raise StatementError(f"the index {name} is already a natural of the claim: give it another name")
    chosen = dict(zip(inner, outer, strict=True))
    return ForAll(outer, [condition.xreplace(chosen) for condition in conditions], body.xreplace(chosen))
