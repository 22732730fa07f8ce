"""Text of terms and facts in the certificate's own syntax."""

from __future__ import annotations

from fractions import Fraction

from symlora.kernel.facts import Fact, Relation, bound, substitute
from symlora.kernel.naturals import Nat, atom
from symlora.kernel.words import Letter, Matrix, Word


def _sum(parts: list[tuple[int, str]]) -> str:
    """Join signed terms."""
    if not parts:
        return "0"
    head = ("-" if parts[0][0] < 0 else "") + parts[0][1]
    return head + "".join((" - " if sign < 0 else " + ") + body for sign, body in parts[1:])


def nat_text(n: Nat) -> str:
    """Return the text of a natural-number term, constant last.

    >>> from symlora.kernel.naturals import add, atom, number
    >>> nat_text(add(atom("l"), number(-1)))
    'l - 1'
    """
    parts = []
    for monomial, c in sorted(n, key=lambda item: (-len(item[0]), item[0])):
        names = [name + (f"[{', '.join(map(nat_text, idx))}]" if idx else "") for name, idx in monomial]
        if abs(c) != 1 or not names:
            names = [str(abs(c)), *names]
        parts.append((c, "*".join(names)))
    return _sum(parts)


def letter_text(x: Letter) -> str:
    """Return the text of one letter."""
    if x.head == "inv":
        body = f"inv({matrix_text(x.args[0])})"
    else:
        body = x.head + (f"[{', '.join(map(nat_text, x.args))}]" if x.args else "")
    return body + "'" * x.flipped


def matrix_text(m: Matrix) -> str:
    """Return the text of a matrix term; an identity is ``eye(n)``, an empty sum ``zero(m, n)``."""

    def word(w: Word) -> str:
        return "*".join(map(letter_text, w))

    if not m.terms:
        return f"zero({nat_text(m.rows)}, {nat_text(m.cols)})"
    parts = []
    one_by_one = m.rows == m.cols == (((), 1),)
    for (loops, w), c in m.terms:
        factors = [*map(word, loops), *([word(w)] if w else [] if one_by_one else [f"eye({nat_text(m.rows)})"])]
        if abs(c) != 1 or not factors:
            factors = [str(abs(Fraction(c))), *factors]
        parts.append((1 if c > 0 else -1, "*".join(factors)))
    return _sum(parts)


def relation_text(r: Relation) -> str:
    """Return the text of a relation."""
    if r.kind == "nonsingular":
        return f"nonsingular({matrix_text(r.sides[0])})"
    show = matrix_text if r.kind == "=" else nat_text
    return f"{show(r.sides[0])} {r.kind} {show(r.sides[1])}"


def fact_text(fact: Fact) -> str:
    """Return the text of a fact, its bound variables called by their hints."""
    named = substitute(fact, {bound(i): atom(hint) for i, hint in enumerate(fact.hints)})
    head = f"for {', '.join(fact.hints)} " if fact.hints else ""
    if fact.conditions:
        head += f"if {', '.join(map(relation_text, named.conditions))}"
    return f"{head.rstrip()}: {relation_text(named.body)}" if head else relation_text(named.body)
