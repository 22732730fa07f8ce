"""Terms of the kernel as expressions of the language."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from sympy import Expr, Integer

from symlora.kernel.naturals import ONE, Nat
from symlora.kernel.words import Letter
from symlora.kernel.words import Matrix as Term
from symlora.language import Matrix, Member, eye, inv, norm2, rank, scalar, sigma, sqrt, tr, zero
from symlora.language.matrices import as_matrix
from symlora.language.naturals import NaturalMember, unchecked_natural

Index = tuple[Expr, ...]


def size_expression(size: Nat, index: Index = ()) -> Expr:
    """Return a size as an expression; the template variables ``%0, …`` become the given index expressions.

    >>> from symlora.kernel.naturals import add, atom, number
    >>> from symlora.language import natural
    >>> size_expression(add(atom("D"), atom("%0")), (natural("l"),))
    D + l
    """
    total: Expr = Integer(0)
    for monomial, coefficient in size:
        term: Expr = Integer(coefficient)
        for name, args in monomial:
            if name == "rank":
                term *= rank(matrix_expression(args[0], index))
            elif name.startswith("%"):
                term *= index[int(name[1:])]
            elif args:
                term *= NaturalMember(name, *(size_expression(i, index) for i in args))
            else:
                term *= unchecked_natural(name)
        total += term
    return total


def matrix_expression(m: Term, index: Index = ()) -> Matrix:
    """Return a matrix term of the kernel as an expression, multiplied out.

    >>> from symlora.kernel.context import Context, Symbol
    >>> from symlora.kernel.naturals import atom
    >>> context = Context()
    >>> context.declare_natural("n")
    >>> context.declare("A", Symbol("matrix", 0, atom("n"), atom("n")))
    >>> matrix_expression(context.matrix("2*(A - eye(n))*A'"), ())
    2*(A*A') - 2*A'
    """
    total: Matrix | None = None
    rows, cols = size_expression(m.rows, index), size_expression(m.cols, index)
    for (loops, word), c in sorted(m.terms, key=lambda term: (-len(term[0][1]), term)):
        factors = [_product(loop, index) for loop in loops]
        if word:
            factors.append(_product(word, index))
        elif not m.rows == m.cols == ONE:
            factors.append(eye(rows))
        term = as_matrix(abs(c)) if abs(c) != 1 or not factors else factors.pop(0)
        for factor in factors:
            term = term * factor
        signed = -term if c < 0 else term
        total = signed if total is None else total - term if c < 0 else total + term
    return zero(rows, cols) if total is None else total


def _product(word: tuple[Letter, ...], index: Index) -> Matrix:
    product: Matrix | None = None
    for x in word:
        product = _letter(x, index) if product is None else product * _letter(x, index)
    return as_matrix(Fraction(1)) if product is None else product


def _letter(x: Letter, index: Index) -> Matrix:
    functions: dict[str, Any] = {"inv": inv, "norm2": norm2, "sigma": sigma, "sqrt": sqrt, "tr": tr, "nat": scalar}
    args = [matrix_expression(a, index) if isinstance(a, Term) else size_expression(a, index) for a in x.args]
    if x.head in functions:
        made: Matrix = functions[x.head](*args)
    else:
        rows, cols = (x.cols, x.rows) if x.flipped else (x.rows, x.cols)
        made = Member(x.head, args, size_expression(rows, index), size_expression(cols, index))
    return made.T if x.flipped else made
