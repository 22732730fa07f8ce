"""Natural numbers: symbols, families of them, and the integer polynomials that index families and size matrices.

SymPy does the polynomial arithmetic and nothing else; what may be written is checked here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Add, Expr, Integer, Mul, Pow, Symbol, expand, sympify
from sympy.core.symbol import Str
from sympy.core.sympify import SympifyError

from symlora.language.errors import RangeError, StatementError
from symlora.language.names import check_name

_MAX_POWER = 32  # expansion of a higher power takes long, and no size needs one


def natural(name: str) -> Symbol:
    """Return the natural-number symbol called `name`; raises `NamingError` for a name that is not plain.

    >>> natural("D") * (natural("l") - 1)
    D*(l - 1)
    """
    return unchecked_natural(check_name(name))


def naturals(names: str) -> tuple[Symbol, ...]:
    """Return one natural for each of the names in a string with blanks between them.

    >>> naturals("D L R")
    (D, L, R)
    """
    return tuple(natural(name) for name in names.split())


def unchecked_natural(name: str) -> Symbol:
    """Return a natural whose name a user could not write (bound variables); nothing is checked.

    >>> unchecked_natural("#0")
    #0
    """
    return Symbol(name, integer=True, nonnegative=True)


class NaturalAtom(Expr):  # type: ignore[misc]
    """An integer made from other things, which polynomials treat like a symbol."""

    is_commutative = True
    is_integer = True

    def text(self, matrix: Callable[[Any], str]) -> str:
        """Return the kernel text; `matrix` writes the matrices inside."""
        raise NotImplementedError(f"{type(self).__name__} has no text")

    def _sympystr(self, printer: object) -> str:
        return nat_text(self)

    _sympyrepr = _sympystr

    def _latex(self, printer: object) -> str:
        from symlora.language.typeset import nat_latex  # typesetting reads this file

        return nat_latex(self)


class NaturalMember(NaturalAtom):
    """One member of a family of naturals. Not declared nonnegative: a member at a negative index is any integer."""

    def __new__(cls, name: Any, *indices: Any) -> NaturalMember:
        label = name if isinstance(name, Str) else Str(check_name(name))
        made: NaturalMember = Expr.__new__(cls, label, *(as_natural(index) for index in indices))
        return made

    @property
    def name(self) -> str:
        """The name of the family."""
        return str(self.args[0].name)

    @property
    def indices(self) -> tuple[Expr, ...]:
        """The indices, as expanded polynomials."""
        return tuple(self.args[1:])

    def text(self, matrix: Callable[[Any], str]) -> str:
        return f"{self.name}[{', '.join(nat_text(index, matrix) for index in self.indices)}]"


class NaturalFamily:
    """A family of naturals, such as the widths of the layers of a network.

    >>> d, l = NaturalFamily("d"), natural("l")
    >>> d[l - 1] + 1
    d[l - 1] + 1
    """

    def __init__(self, name: str, arity: int = 1) -> None:
        self.name = check_name(name)
        self.arity = arity

    def __getitem__(self, index: object) -> NaturalMember:
        indices = index if isinstance(index, tuple) else (index,)
        check_arity(self.name, self.arity, len(indices))
        polynomials = [as_natural(i) for i in indices]
        for polynomial in polynomials:
            if polynomial.is_Integer and polynomial < 0:
                raise RangeError(f"index {polynomial} of {self.name} is negative")
        return NaturalMember(self.name, *polynomials)

    def __iter__(self) -> Any:
        raise TypeError(f"{self.name} is a family of naturals over an unbounded index; it cannot be iterated")

    def __repr__(self) -> str:
        return f"NaturalFamily({self.name!r}, {self.arity})"


def check_arity(name: str, expected: int, found: int) -> None:
    """Raise `RangeError` unless `found`, the number of indices written, is `expected`.

    >>> check_arity("W", 1, 2)
    Traceback (most recent call last):
        ...
    symlora.language.errors.RangeError: W takes 1 index, not 2
    """
    if expected != found:
        raise RangeError(f"{name} takes {expected} {'index' if expected == 1 else 'indices'}, not {found}")


def as_natural(value: object) -> Expr:
    """Return `value` as an expanded integer polynomial over naturals; raise `StatementError` if it is none.

    >>> R, l = naturals("R l")
    >>> as_natural(R*(l - 1))
    R*l - R
    >>> as_natural(l/2)
    Traceback (most recent call last):
        ...
    symlora.language.errors.StatementError: l/2 is not an integer polynomial in naturals: 1/2 is not an integer
    """
    if isinstance(value, NaturalFamily):
        raise StatementError(f"{value.name} is a family of naturals: write one of its members, such as {value.name}[l]")
    if isinstance(value, (bool, float, complex, str)) or value is None:
        raise StatementError(f"{value!r} is not an integer polynomial in naturals: it is a {type(value).__name__}")
    try:
        polynomial = sympify(value, strict=True)
    except SympifyError:
        raise StatementError(
            f"{value!r} is not an integer polynomial in naturals: it is a {type(value).__name__}"
        ) from None
    problem = _problem(polynomial)
    if problem is None:
        polynomial = expand(polynomial)
        problem = _problem(polynomial)
    if problem is not None:
        raise StatementError(f"{polynomial} is not an integer polynomial in naturals: {problem}")
    return polynomial


def as_size(value: object) -> Expr:
    """Return `value` as a number of rows or columns; like `as_natural`, but a negative number is refused.

    >>> as_size(-1)
    Traceback (most recent call last):
        ...
    symlora.language.errors.StatementError: a matrix cannot have -1 rows or columns
    """
    size = as_natural(value)
    if size.is_Integer and size < 0:
        raise StatementError(f"a matrix cannot have {size} rows or columns")
    return size


def _problem(expression: Any) -> str | None:
    """Return what keeps `expression` from being an integer polynomial in naturals, or None."""
    if isinstance(expression, (Integer, NaturalAtom)):
        return None
    if isinstance(expression, Symbol):
        if expression == unchecked_natural(expression.name):
            return None
        return f"the symbol {expression.name} is not a natural; make it with natural({expression.name!r})"
    if isinstance(expression, (Add, Mul)):
        problems = (_problem(argument) for argument in expression.args)
        return next((problem for problem in problems if problem is not None), None)
    if isinstance(expression, Pow):
        base, exponent = expression.args
        if isinstance(exponent, Integer) and 0 <= exponent <= _MAX_POWER:
            return _problem(base)
        return f"the exponent {exponent} is not a number from 0 to {_MAX_POWER}"
    if getattr(expression, "is_Number", False):
        return f"{expression} is not an integer"
    return f"it contains {expression} ({type(expression).__name__})"


def same_polynomial(left: Expr, right: Expr) -> bool:
    """Return whether two polynomials are equal for all values of their naturals.

    >>> R, l = naturals("R l")
    >>> same_polynomial(R*l, R*(l - 1) + R)
    True
    """
    return bool(expand(left - right) == 0)


def constant_difference(left: Expr, right: Expr) -> int | None:
    """Return `left - right` if it is a number, and None otherwise.

    >>> L, l = naturals("L l")
    >>> constant_difference(L + 1, L), constant_difference(L, l)
    (1, None)
    """
    difference = expand(left - right)
    return int(difference) if isinstance(difference, Integer) else None


def monomials(polynomial: Expr) -> list[tuple[int, tuple[Expr, ...]]]:
    """Return coefficients and factors in the order of printing: positive terms first, then by degree, then by name.

    >>> R, l = naturals("R l")
    >>> monomials(as_natural(R*(l - 1)))
    [(1, (R, l)), (-1, (R,))]
    """
    found = []
    for term in Add.make_args(polynomial):
        coefficient, factors = 1, []
        for factor in Mul.make_args(term):
            if isinstance(factor, Integer):
                coefficient *= int(factor)
            elif isinstance(factor, Pow):
                factors += [factor.base] * int(factor.exp)
            else:
                factors.append(factor)
        found.append((coefficient, tuple(sorted(factors, key=_atom_text))))
    found.sort(key=lambda item: (item[0] < 0, -len(item[1]), [_atom_text(factor) for factor in item[1]]))
    return found


def _atom_text(atom: Any, matrix: Callable[[Any], str] = str) -> str:
    if isinstance(atom, NaturalAtom):
        return atom.text(matrix)
    # A placeholder for a bound variable is called #name.number, so that messages show what the user wrote.
    name = str(atom.name)
    return name[1 : name.index(".")] if name.startswith("#") and "." in name else name


def nat_text(value: object, matrix: Callable[[Any], str] = str) -> str:
    """Return the kernel text of an integer polynomial in naturals: expanded, in one fixed order, without powers.

    `matrix` writes the matrices whose ranks occur; without it they are written for people, which is the kernel text
    unless they have products or sums over ranges or blocks (see `expr_text`).

    >>> R, l, n = naturals("R l n")
    >>> nat_text(R*(l - 1)), nat_text(1 - l), nat_text(n**2), nat_text(NaturalFamily("d")[l - 1])
    ('R*l - R', '1 - l', 'n*n', 'd[l - 1]')
    """
    text = ""
    for coefficient, factors in monomials(as_natural(value)):
        size = abs(coefficient)
        words = [_atom_text(factor, matrix) for factor in factors]
        if size != 1 or not words:
            words.insert(0, str(size))
        sign = "-" if coefficient < 0 else "+"
        joined = "*".join(words)
        text = f"{text} {sign} {joined}" if text else joined if sign == "+" else f"-{joined}"
    return text
