"""Terms and facts of a certificate as LaTeX, as they are written there: brackets stay where the author put them.

The text is read with the kernel's reader of syntax trees, made into expressions of the language and typeset by it, so
that a page and a proof script show the same mathematics. A term that the language does not build is shown multiplied
out, as the kernel compares it.
"""

from __future__ import annotations

import ast
from fractions import Fraction
from typing import Any

from symlora.kernel.context import Context
from symlora.kernel.facts import Fact
from symlora.kernel.naturals import ONE
from symlora.kernel.printing import fact_text
from symlora.kernel.syntax import Reader, canonical, split, tokens, tree
from symlora.language import Matrix, StatementError, eye, inv, norm2, scalar, sigma, sqrt, tr, zero
from symlora.language.matrices import as_matrix
from symlora.language.typeset import expr_latex, name_latex
from symlora.language.typeset import nat_latex as nat_expression_latex
from symlora.proof.readback import matrix_expression, size_expression
from symlora.teaching.rich import Math


def nat_latex(context: Context, text: str) -> str:
    r"""Return the LaTeX of a natural-number term.

    >>> context = Context()
    >>> context.declare_natural("L")
    >>> nat_latex(context, "L - 1")
    'L - 1'
    """
    return _nat(Reader(context), tree(tokens(text)))


def _nat(reader: Reader, node: Any) -> str:
    return nat_expression_latex(size_expression(reader.nat(node)))


def matrix_latex(context: Context, text: str) -> str:
    r"""Return the LaTeX of a matrix term.

    >>> from symlora.kernel.context import Symbol
    >>> from symlora.kernel.naturals import atom
    >>> context = Context()
    >>> context.declare_natural("n")
    >>> context.declare("A", Symbol("matrix", 0, atom("n"), atom("n")))
    >>> matrix_latex(context, "(A + eye(n))*A'")
    '\\left(A + I_{n}\\right) A^{\\top}'
    """
    return _matrix(Reader(context), tree(tokens(text)))


def _matrix(reader: Reader, node: Any) -> str:
    try:
        return expr_latex(_expression(reader, node))
    except StatementError:
        return expr_latex(matrix_expression(reader.matrix(node)))


def _expression(reader: Reader, node: Any) -> Matrix:
    """Return a tree as an expression, nothing multiplied out."""
    match node:
        case ast.Constant(value=value):
            return as_matrix(value)
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_expression(reader, inner)
        case ast.BinOp(left=ast.Constant(value=int(top)), op=ast.Div(), right=ast.Constant(value=int(bottom))):
            return as_matrix(Fraction(top, bottom))
        case ast.BinOp(left=left, op=op, right=right):
            first, second = _expression(reader, left), _expression(reader, right)
            return first + second if isinstance(op, ast.Add) else first - second if _minus(op) else first * second
        case ast.Attribute(value=inner, attr="T"):
            return _expression(reader, inner).T
        case ast.Call(func=ast.Name(id=head), args=args):
            return _call(reader, head, args)
    return matrix_expression(reader.matrix(node))


def _minus(op: ast.operator) -> bool:
    return isinstance(op, ast.Sub)


def _call(reader: Reader, head: str, args: list[Any]) -> Matrix:
    sizes: dict[str, Any] = {"eye": eye, "zero": zero, "nat": scalar}
    if head in sizes:
        made: Matrix = sizes[head](*(size_expression(reader.nat(one)) for one in args))
    elif head == "sigma":
        made = sigma(_expression(reader, args[0]), size_expression(reader.nat(args[1])))
    else:
        functions: dict[str, Any] = {"inv": inv, "norm2": norm2, "sqrt": sqrt, "tr": tr}
        made = functions[head](_expression(reader, args[0]))
    return made


def relation_latex(context: Context, text: str) -> str:
    r"""Return the LaTeX of a relation: an equation, an inequality, ``nonsingular(M)`` or ``psd(M)``.

    >>> context = Context()
    >>> context.declare_natural("L")
    >>> relation_latex(context, "1 <= L")
    '1 \\le L'
    """
    return _relation(Reader(context), tokens(text))


def _relation(reader: Reader, parts: list[str]) -> str:
    if parts[:1] in (["nonsingular"], ["psd"]):
        inner = tree(parts[1:])
        text = _matrix(reader, inner)
        if parts[0] == "nonsingular":
            return f"{text} \\text{{ is nonsingular}}"
        term = reader.matrix(inner)
        return f"0 \\le {text}" if term.rows == term.cols == ONE else f"{text} \\succeq 0"
    kind = next(mark for mark in ("<=", "==", "=") if mark in parts)
    left, right = (tree(side) for side in split(parts, kind))
    natural = kind == "==" or (kind == "<=" and reader.is_nat(left) and reader.is_nat(right))
    show = _nat if natural else _matrix
    sign = "\\le" if kind == "<=" else "="
    return f"{show(reader, left)} {sign} {show(reader, right)}"


def fact_latex(context: Context, text: str) -> str:
    r"""Return the LaTeX of a fact; what it says for all values of an index stands after it.

    Raises `Rejected` if the text cannot be read in this context.

    >>> context = Context()
    >>> context.declare_natural("L")
    >>> fact_latex(context, "for l if 1 <= l, l <= L: l <= 2*L")
    'l \\le 2 L \\quad \\text{for all } l \\text{ with } 1 \\le l \\le L'
    """
    parts = tokens(text)
    if parts[:1] not in (["for"], ["if"]):
        return _relation(Reader(context), parts)
    at = parts.index(":")
    head, inner = parts[:at], context.child()
    mark = head.index("if") if "if" in head else len(head)
    names = head[1:mark:2] if head[0] == "for" else []
    for name in names:
        if name not in inner.symbols:  # a fact printed by the kernel may call its variable like one in scope
            inner.declare_natural(name)
    reader = Reader(inner)
    body = _relation(reader, parts[at + 1 :])
    said = [f"\\text{{for all }} {', '.join(map(name_latex, names))}"] if names else []
    conditions = _chains(reader, split(head[mark + 1 :], ",")) if mark < len(head) else []
    if conditions:
        said.append(("\\text{ with } " if names else "\\text{if } ") + ",\\ ".join(conditions))
    return f"{body} \\quad {' '.join(said)}"


def _chains(reader: Reader, conditions: list[list[str]]) -> list[str]:
    """Return conditions, ``a <= b`` and ``b <= c`` after each other as one chain."""
    chains: list[str] = []
    end: list[str] = []
    for condition in conditions:
        sides = split(condition, "<=")
        if len(sides) == 2 and chains and sides[0] == end:
            chains[-1] += f" \\le {_nat(reader, tree(sides[1]))}"
        else:
            chains.append(_relation(reader, condition))
        end = sides[1] if len(sides) == 2 else []
    return chains


def nat_math(context: Context, text: str) -> Math:
    """Return a natural-number term as text and LaTeX."""
    return Math(canonical(text), nat_latex(context, text))


def matrix_math(context: Context, text: str) -> Math:
    """Return a matrix term as text and LaTeX."""
    return Math(canonical(text), matrix_latex(context, text))


def fact_math(context: Context, fact: str | Fact) -> Math:
    """Return a fact, in its written form where there is one, as text and LaTeX."""
    text = canonical(fact) if isinstance(fact, str) else fact_text(_renamed(context, fact))
    return Math(text, fact_latex(context, text))


def _renamed(context: Context, fact: Fact) -> Fact:
    """Return a fact whose variables are not called like a matrix or a family in scope."""
    symbols = context.symbols
    clash = [hint in symbols and (symbols[hint].kind, symbols[hint].arity) != ("natural", 0) for hint in fact.hints]
    if not any(clash):
        return fact
    free = iter(f"{name}{number}" for number in range(1, 10) for name in ("i", "j", "k"))
    fresh = (name for name in free if name not in symbols)
    return fact._replace(hints=tuple(next(fresh) if hit else hint for hint, hit in zip(fact.hints, clash, strict=True)))


def shape_math(context: Context, shape: list[str]) -> Math:
    """Return the shape of a matrix as text and LaTeX."""
    rows, cols = (nat_math(context, size) for size in shape)
    return Math(f"{rows.text} x {cols.text}", f"{rows.latex} \\times {cols.latex}")
