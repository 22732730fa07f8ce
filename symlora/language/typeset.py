"""LaTeX for naturals and matrix expressions."""

from __future__ import annotations

from typing import Any

from symlora.language.blocks import Block
from symlora.language.errors import StatementError
from symlora.language.families import RangeProduct, RangeSum
from symlora.language.functions import NaturalScalar, Rank, SingularValue, SpectralNorm, SquareRoot, Trace
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
from symlora.language.naturals import NaturalMember, as_natural, monomials, unchecked_natural
from symlora.language.text import shown_index

_GREEK = frozenset(
    (
        *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "mu"),
        *("nu", "xi", "pi", "rho", "tau", "upsilon", "phi", "chi", "psi", "omega"),
        *("Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega"),
    )
)
_SUM, _PRODUCT, _FACTOR, _BASE = range(4)  # what a place needs at least; a base takes a superscript


def name_latex(name: str) -> str:
    r"""Return the LaTeX of a name; a digit in a name never looks like an index.

    >>> [name_latex(name) for name in ("W", "alpha", "dW", "W_1")]
    ['W', '\\alpha', '\\mathrm{dW}', '\\mathrm{W\\_1}']
    """
    if len(name) == 1:
        return name
    escaped = name.replace("_", r"\_").replace("#", r"\#")
    return f"\\{name}" if name in _GREEK else f"\\mathrm{{{escaped}}}"


def nat_latex(value: object, around: tuple[str, ...] = ()) -> str:
    r"""Return the LaTeX of an integer polynomial in naturals; `around` are the indices of the ranges around it.

    >>> from symlora.language.naturals import NaturalFamily, naturals
    >>> R, l, n = naturals("R l n")
    >>> nat_latex(2*R*(l - 1) + n**2 + NaturalFamily("d")[l - 1])
    '2 R l + n^{2} + d_{l - 1} - 2 R'
    """
    text = ""
    for coefficient, factors in monomials(as_natural(value)):
        words = [] if abs(coefficient) == 1 and factors else [str(abs(coefficient))]
        for factor in dict.fromkeys(factors):
            power = factors.count(factor)
            words.append(_atom(factor, around) + (f"^{{{power}}}" if power > 1 else ""))
        joined = " ".join(words)
        sign = "-" if coefficient < 0 else "+"
        text = f"{text} {sign} {joined}" if text else joined if sign == "+" else f"-{joined}"
    return text


def _atom(atom: Any, around: tuple[str, ...]) -> str:
    if isinstance(atom, NaturalMember):
        return f"{name_latex(atom.name)}_{{{_indices(atom.indices, around)}}}"
    if isinstance(atom, Rank):
        return f"\\operatorname{{rank}}\\left({_at(atom.operand, _SUM, True, around)}\\right)"
    return name_latex(str(atom.name))


def _indices(indices: tuple[Any, ...], around: tuple[str, ...]) -> str:
    return ", ".join(nat_latex(index, around) for index in indices)


def expr_latex(M: Matrix) -> str:
    r"""Return the LaTeX of an expression. A product over a range has its last index on the left.

    >>> from symlora.language.families import MatrixFamily, prod
    >>> from symlora.language.matrices import inv
    >>> from symlora.language.naturals import naturals
    >>> D, L, l = naturals("D L l")
    >>> S, W = MatrixFamily("S", (D, D)), MatrixFamily("W", (D, D))
    >>> expr_latex(inv(S[l])*W[l].T - prod(W, 1, L))
    'S_{l}^{-1} W_{l}^{\\top} - \\prod_{k=1}^{L} W_{k}'
    """
    return _at(M, _SUM, True, ())


def _at(M: Any, need: int, leading: bool, around: tuple[str, ...]) -> str:
    if isinstance(M, (Plus, Minus)):
        own, sign = _SUM, "+" if isinstance(M, Plus) else "-"
        inside = need > own
        text = f"{_at(M.args[0], _SUM, leading or inside, around)} {sign} {_at(M.args[1], _PRODUCT, False, around)}"
    elif isinstance(M, Product):
        inside = need > _PRODUCT
        first, second = M.args
        left = _at(first, _PRODUCT, leading or inside, around)
        if _ends_open(first):
            left = f"\\left({left}\\right)"
        right = _at(second, _FACTOR, False, around)
        digits = isinstance(second, (Number, NaturalScalar)) and right[0].isdigit()
        text = f"{left} \\cdot {right}" if digits else f"{left} {right}"
    elif isinstance(M, Negative):
        inside = need > _PRODUCT or not leading
        text = f"-{_at(M.args[0], _FACTOR, False, around)}"
    elif isinstance(M, (RangeProduct, RangeSum)):
        inside = need > _FACTOR or (need == _FACTOR and isinstance(M, RangeSum))
        text = _range(M, around)
    elif isinstance(M, (Inverse, Transpose)):
        inside = need > _FACTOR
        text = f"{_at(M.args[0], _BASE, False, around)}^{{{'-1' if isinstance(M, Inverse) else chr(92) + 'top'}}}"
    else:
        return _single(M, need, around)
    return f"\\left({text}\\right)" if inside else text


def _ends_open(M: Any) -> bool:
    """Whether a product over a range would swallow the factor written after M."""
    if isinstance(M, (RangeProduct, RangeSum)):
        return True
    return isinstance(M, (Negative, Product)) and _ends_open(M.args[-1])


def _range(M: RangeProduct | RangeSum, around: tuple[str, ...]) -> str:
    index = shown_index(M.args, around)
    sign = "prod" if isinstance(M, RangeProduct) else "sum"
    body = _at(M.family.at(unchecked_natural(index)), _FACTOR if sign == "prod" else _PRODUCT, False, (*around, index))
    return f"\\{sign}_{{{name_latex(index)}={nat_latex(M.lower, around)}}}^{{{nat_latex(M.upper, around)}}} {body}"


def _single(M: Any, need: int, around: tuple[str, ...]) -> str:
    if isinstance(M, Number):
        value = M.value
        if value.denominator == 1:
            return str(value)
        text = f"\\frac{{{value.numerator}}}{{{value.denominator}}}"
        return f"\\left({text}\\right)" if need == _BASE else text
    if isinstance(M, Member):
        name = name_latex(M.name)
        return f"{name}_{{{_indices(M.indices, around)}}}" if M.indices else name
    if isinstance(M, Identity):
        return f"I_{{{nat_latex(M.rows, around)}}}"
    if isinstance(M, Zero):
        return f"0_{{{nat_latex(M.rows, around)} \\times {nat_latex(M.cols, around)}}}"
    if isinstance(M, Block):
        rows = (" & ".join(_at(entry, _SUM, True, around) for entry in row) for row in M.args)
        return "\\begin{pmatrix} " + " \\\\ ".join(rows) + " \\end{pmatrix}"
    if isinstance(M, NaturalScalar):
        text = nat_latex(M.value, around)
        terms = monomials(M.value)
        plain = len(terms) == 1 and terms[0][0] >= 0 and (need < _BASE or len(terms[0][1]) + (terms[0][0] != 1) <= 1)
        return text if plain or need == _SUM else f"\\left({text}\\right)"
    return _function(M, around)


def _function(M: Any, around: tuple[str, ...]) -> str:
    inside = _at(M.args[0], _SUM, True, around) if M.args else ""
    if isinstance(M, SpectralNorm):
        return f"\\lVert {inside} \\rVert_{{2}}"
    if isinstance(M, SingularValue):
        return f"\\sigma_{{{nat_latex(M.number, around)}}}\\left({inside}\\right)"
    if isinstance(M, Trace):
        return f"\\operatorname{{tr}}\\left({inside}\\right)"
    if isinstance(M, SquareRoot):
        operand = _frobenius(M)
        if operand is None:
            return f"\\sqrt{{{inside}}}"
        return f"\\lVert {_at(operand, _SUM, True, around)} \\rVert_{{F}}"
    raise StatementError(f"{type(M).__name__} has no LaTeX")


def _frobenius(root: SquareRoot) -> Any:
    """Return M where the root is that of tr(M'M), and None otherwise."""
    square = root.args[0].args[0] if isinstance(root.args[0], Trace) else None
    if isinstance(square, Product) and square.args[0] == Transpose(square.args[1]):
        return square.args[1]
    return None
