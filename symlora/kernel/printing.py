"""Text of terms and facts in the certificate's own syntax."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from symlora.kernel.facts import Fact, Relation, Values, fact_in
from symlora.kernel.naturals import ONE, Nat, atom
from symlora.kernel.words import FUNCTIONS, Letter, Matrix, Word, collect


def _sum(parts: Iterable[tuple[Any, str]]) -> str:
    """Join terms of given signs."""
    out = "".join((" - " if sign < 0 else " + ") + body for sign, body in parts)
    return "0" if not out else out[3:] if out.startswith(" + ") else f"-{out[3:]}"


def _call(name: str, args: tuple[Any, ...], brackets: str = "[]") -> str:
    inside = ", ".join(matrix_text(a) if isinstance(a, Matrix) else nat_text(a) for a in args)
    return name + brackets[0] + inside + brackets[1] if args else name


def nat_text(n: Nat) -> str:
    """Return the text of a natural-number term, constant last.

    >>> from symlora.kernel.naturals import add, atom, number
    >>> nat_text(add(atom("l"), number(-1)))
    'l - 1'
    """
    parts = []
    for monomial, c in sorted(n, key=lambda item: (-len(item[0]), item[0])):
        names = [_call(name, args, "()" if name == "rank" else "[]") for name, args in monomial]
        parts.append((c, "*".join(names if names and abs(c) == 1 else [str(abs(c)), *names])))
    return _sum(parts)


def letter_text(x: Letter) -> str:
    """Return the text of one letter."""
    return _call(x.head, x.args, "()" if x.head in FUNCTIONS else "[]") + "'" * x.flipped


def matrix_text(m: Matrix) -> str:
    """Return the text of a matrix term; an identity is ``eye(n)``, an empty sum ``zero(m, n)``."""

    def word(w: Word) -> str:
        return "*".join(map(letter_text, w))

    parts = []
    for (loops, w), c in m.terms:
        factors = [
            *map(word, loops),
            *([word(w)] if w else [] if m.rows == m.cols == ONE else [f"eye({nat_text(m.rows)})"]),
        ]
        brackets = [
            f"({f})" if "*" in f and len(factors) > 1 and k < len(factors) - 1 else f for k, f in enumerate(factors)
        ]
        parts.append((c, "*".join(brackets if brackets and abs(c) == 1 else [str(abs(c)), *brackets])))
    return _sum(parts) if parts else f"zero({nat_text(m.rows)}, {nat_text(m.cols)})"


def relation_text(r: Relation) -> str:
    """Return the text of a relation; ``psd`` of a scalar is shown as an inequality, unless it is a mere number."""
    if len(r.sides) == 2:
        show = matrix_text if r.kind == "=" else nat_text
        return f"{show(r.sides[0])} {r.kind} {show(r.sides[1])}"
    (m,) = r.sides
    if r.kind == "psd" and m.rows == m.cols == ONE and any(loops for (loops, _), _ in m.terms):
        low, high = (collect(ONE, ONE, [(k, abs(c)) for k, c in m.terms if (c > 0) is up]) for up in (False, True))
        return f"{matrix_text(low) if low.terms else '0'} <= {matrix_text(high) if high.terms else '0'}"
    return f"{r.kind}({matrix_text(m)})"


def fact_text(fact: Fact) -> str:
    """Return the text of a fact, its bound variables called by their hints."""
    named = fact_in(fact, Values({f"#{i}": atom(hint) for i, hint in enumerate(fact.hints)}))
    head = [f"for {', '.join(fact.hints)}"] if fact.hints else []
    head += [f"if {', '.join(map(relation_text, named.conditions))}"] if fact.conditions else []
    return f"{' '.join(head)}: {relation_text(named.body)}" if head else relation_text(named.body)
