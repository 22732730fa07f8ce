"""Which letters a statement has, and that no two different ones print alike."""

from __future__ import annotations

from sympy import Basic, Expr, Symbol, preorder_traversal

from symlora.language.errors import NamingError
from symlora.language.matrices import Member, shape_text
from symlora.language.naturals import NaturalMember


def check_letters(*expressions: Basic) -> None:
    """Raise `NamingError` if two different naturals, matrices or families in the expressions have one name.

    Two members of a family at different indices may have different shapes, so a family made twice with different
    shapes is found only where one index occurs twice; the table of names of a theorem tells families apart.

    >>> from symlora.language.matrices import matrix
    >>> check_letters(matrix("A", 2, 3), matrix("A", 3, 2))
    Traceback (most recent call last):
        ...
    symlora.language.errors.NamingError: two different things would print as 'A': the matrix A (2 x 3) and \
the matrix A (3 x 2)
    """
    kinds: dict[str, str] = {}
    shapes: dict[tuple[str, tuple[Expr, ...]], Member] = {}
    for expression in expressions:
        for part in preorder_traversal(expression):
            if isinstance(part, Member):
                _agree(kinds, part.name, _kind("matrix", "matrices", part.name, len(part.indices)))
                before = shapes.setdefault((part.name, part.indices), part)
                if before != part:
                    first, second = (f"the matrix {one} ({shape_text(one)})" for one in (before, part))
                    raise _clash(str(part), first, second)
            elif isinstance(part, NaturalMember):
                _agree(kinds, part.name, _kind("natural", "naturals", part.name, len(part.indices)))
            elif isinstance(part, Symbol) and not part.name.startswith("#"):
                _agree(kinds, part.name, f"the natural {part.name}")


def _kind(one: str, many: str, name: str, arity: int) -> str:
    if arity == 0:
        return f"the {one} {name}"
    return f"the family {name} of {many} with {arity} {'index' if arity == 1 else 'indices'}"


def _agree(kinds: dict[str, str], name: str, kind: str) -> None:
    before = kinds.setdefault(name, kind)
    if before != kind:
        raise _clash(name, before, kind)


def _clash(name: str, first: str, second: str) -> NamingError:
    return NamingError(f"two different things would print as {name!r}: {first} and {second}")
