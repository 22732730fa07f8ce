"""Slices and entries for all sizes, as a matrix between coordinate inclusions: ``A[1:r, :]`` is J'A.

The sizes of what is cut away are naturals of their own: ``m == r + s``. Such an s exists as the slice lies inside,
which has to be among the hypotheses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from symlora.claims.statement import size_term
from symlora.claims.terms import Claim, Term, number
from symlora.kernel.naturals import Nat, plainly_natural

if TYPE_CHECKING:
    from symlora.decide.translate import Translation

ENDS = ("nat", "number", "plus", "times")
"""What the ends of a slice may be made of."""


def sliced(translation: Translation, term: Term) -> str | None:
    """Return a slice as kernel text, or None where its sizes have no form or may lie outside."""
    base, *ranges = term.args
    sides = []
    for part, whole, length in zip(ranges, (base.rows, base.cols), (term.rows, term.cols), strict=True):
        if part.kind == "whole":
            sides.append("")
            continue
        found = _inclusion(translation, part, whole, length)
        if found is None:
            return None
        sides.append(found)
    up, across = sides
    up = f"({up})'" if up else ""
    return f"({'*'.join(filter(None, (up, f'({translation.text(base)})', across)))})"


def _inclusion(translation: Translation, part: Term, whole: Nat, length: Nat) -> str | None:
    """Return the inclusion of a range of coordinates as text; "" for all of them."""
    low, high = part.args if part.kind == "range" else (part, part)
    size = size_term(whole)
    plain = all(x.kind in ENDS and (x.kind != "number" or x.data >= 0) for end in (low, high) for x in end.walk())
    if not plain or not plainly_natural(length):
        return None
    known = [one.claim for one in translation.statement.hypotheses]
    ends = high.kind == size.kind == "number" and high.data <= size.data
    if not (high == size or ends or Claim("<=", (high, size)) in known):
        return None
    if not (low.data >= 1 if low.kind == "number" else Claim("<=", (number(1), low)) in known):
        return None
    text = []
    upto, total = translation.nat(high), translation.size(whole)
    if high != size:
        rest = str(size.data - high.data) if ends else _rest(translation, total, upto)
        text.append(_cut(translation, total, upto, rest)[0])
    if low != number(1):
        before = str(low.data - 1) if low.kind == "number" else _rest(translation, translation.nat(low), "1")
        text.append(_cut(translation, upto, before, translation.size(length))[1])
    return "*".join(text)


def _rest(translation: Translation, whole: str, part: str) -> str:
    """Return a natural s with ``whole == part + s``."""
    key = (whole, part, "")
    if key not in translation.cuts:
        s = translation.fresh("s")
        translation.setup.append({"natural": s})
        translation.given(f"{whole} == {part} + {s}")
        translation.cuts[key] = (s, s)
    return translation.cuts[key][0]


def _cut(translation: Translation, whole: str, first: str, second: str) -> tuple[str, str]:
    """Return the two inclusions of coordinates into all."""
    key = (whole, first, second)
    if key not in translation.cuts:
        names = (translation.fresh("J"), translation.fresh("K"))
        for name, size in zip(names, (first, second), strict=True):
            translation.setup.append({"matrix": name, "index": [], "shape": [whole, size]})
        label = "-".join(names)
        translation.setup.append({
            "such": "axiom/split", "as": label, "naturals": {"n": whole, "p": first, "s": second},
            "natural": {}, "matrices": dict(zip("JK", names, strict=True)),
        })  # fmt: skip
        translation.givens += [f"{label}.g{k}" for k in range(1, 5)]
        translation.cuts[key] = names
    return translation.cuts[key]
