"""Sizes of the kernel as SymPy expressions."""

from __future__ import annotations

from sympy import Expr, Integer

from symlora.kernel.naturals import Nat
from symlora.language.naturals import NaturalMember, unchecked_natural


def size_expression(size: Nat, index: tuple[Expr, ...] = ()) -> Expr:
    """Return a size as an expression; the template variables ``%0, …`` become the given index expressions.

    >>> from symlora.kernel.naturals import add, atom, number
    >>> from symlora.language import natural
    >>> size_expression(add(atom("D"), atom("%0")), (natural("l"),))
    D + l
    """
    total: Expr = Integer(0)
    for monomial, coefficient in size:
        term: Expr = Integer(coefficient)
        for name, indices in monomial:
            if name.startswith("%"):
                term *= index[int(name[1:])]
            elif indices:
                term *= NaturalMember(name, *(size_expression(i, index) for i in indices))
            else:
                term *= unchecked_natural(name)
        total += term
    return total
