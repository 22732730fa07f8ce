"""LaTeX for naturals and matrix expressions."""

from __future__ import annotations

from typing import Any

from symlora.language.blocks import Block
from symlora.language.errors import StatementError
from symlora.language.families import RangeProduct, RangeSum
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
        *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu"),
        *("nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega"),
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


def nat_latex(value: object) -> str:
    r"""Return the LaTeX of an integer polynomial in naturals.

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
            words.append(_atom(factor) + (f"^{{{power}}}" if power > 1 else ""))
        joined = " ".join(words)
        sign = "-" if coefficient < 0 else "+"
        text = f"{text} {sign} {joined}" if text else joined if sign == "+" else f"-{joined}"
    return text


def _atom(atom: Any) -> str:
    if isinstance(atom, NaturalMember):
        return f"{name_latex(atom.name)}_{{{', '.join(map(nat_latex, atom.indices))}}}"
    return name_latex(str(atom.name))


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
        text = f"{left} \\cdot {right}" if isinstance(second, Number) and right[0].isdigit() else f"{left} {right}"
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
    return f"\\{sign}_{{{name_latex(index)}={nat_latex(M.lower)}}}^{{{nat_latex(M.upper)}}} {body}"


def _single(M: Any, need: int, around: tuple[str, ...]) -> str:
    if isinstance(M, Number):
        value = M.value
        if value.denominator == 1:
            return str(value)
        text = f"\\frac{{{value.numerator}}}{{{value.denominator}}}"
        return f"\\left({text}\\right)" if need == _BASE else text
    if isinstance(M, Member):
        name = name_latex(M.name)
        return f"{name}_{{{', '.join(map(nat_latex, M.indices))}}}" if M.indices else name
    if isinstance(M, Identity):
        return f"I_{{{nat_latex(M.rows)}}}"
    if isinstance(M, Zero):
        return f"0_{{{nat_latex(M.rows)} \\times {nat_latex(M.cols)}}}"
    if isinstance(M, Block):
        rows = (" & ".join(_at(entry, _SUM, True, around) for entry in row) for row in M.args)
        return "\\begin{pmatrix} " + " \\\\ ".join(rows) + " \\end{pmatrix}"
    raise StatementError(f"{type(M).__name__} has no LaTeX")
