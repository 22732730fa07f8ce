"""That no values of bound letters satisfy a claim at an instance, with a theorem of the kernel about the entries.

The entries become real scalars; what the claim says of them becomes polynomial equations and inequalities, of which the
kernel is shown that they contradict each other. What has no such form is left out: less is then assumed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import combinations
from typing import Any

from symlora.claims.almost import counted, equations, plain
from symlora.claims.denial import denied
from symlora.claims.polynomials import Indeterminates, NotPolynomial, Rows
from symlora.claims.terms import Claim, Letter, Term, letters_in
from symlora.claims.values import Instance, Undefined
from symlora.domains.values import NotRepresentable
from symlora.rules.nullstellensatz import contradiction

MAX_ENTRIES, MAX_CASES, SECONDS = 9, 6, 1.0
Theorem = dict[str, Any]


def refuted(at: Instance, letters: tuple[Letter, ...], body: Claim, seconds: float = SECONDS) -> list[Theorem] | None:
    """Return theorems, one for each case, that together say that no values satisfy a claim, or None.

    The theorems were accepted by the kernel step by step, but not yet replayed.
    """
    try:
        ring = Indeterminates(at, letters)
        if len(ring.names) > MAX_ENTRIES:
            return None
        cases = list(_cases(ring, plain(body)))
    except (NotPolynomial, Undefined, NotRepresentable):
        return None
    if not cases or len(cases) > MAX_CASES:
        return None
    scalars = [{"matrix": str(x), "index": [], "shape": ["1", "1"]} for x in ring.ring.gens()]
    found = []
    for place, facts in enumerate(cases, 1):
        givens = [{"given": f"h{k}", "fact": fact} for k, fact in enumerate(dict.fromkeys(facts), 1)]
        name = "absent" if len(cases) == 1 else f"absent/{place}"
        data = contradiction(name, [*scalars, *givens], time.monotonic() + seconds)
        if data is None:
            return None
        found.append(data)
    return found


def _cases(ring: Indeterminates, claim: Claim) -> Iterator[list[str]]:
    """Yield lists of facts of which one holds wherever the claim does."""
    kind, parts = claim.kind, claim.parts
    if kind == "or":
        for part in parts:
            yield from _cases(ring, part)
    elif kind == "not":
        opposite = denied(parts[0])
        yield from _cases(ring, opposite) if opposite is not None else [[]]
    elif kind == "implies":
        yield from _cases(ring, Claim("or", (), (Claim("not", (), parts[:1]), parts[1])))
    elif kind == "and":
        whole: list[list[str]] = [[]]
        for part in parts:
            more = list(_cases(ring, part))
            whole = [[*one, *other] for one in whole for other in more]
            if len(whole) > MAX_CASES:
                raise NotPolynomial("many cases")
        yield from whole
    else:
        yield from _literal(ring, claim)


def _literal(ring: Indeterminates, claim: Claim) -> Iterator[list[str]]:
    ring.divisors.clear()
    try:
        cases = list(_facts(ring, claim))
    except NotPolynomial:
        cases = [[]]
    defined = [f"nonsingular({p})" for p in map(fact_text, ring.divisors)]
    for facts in cases:
        yield [*defined, *facts]


def _facts(ring: Indeterminates, claim: Claim) -> Iterator[list[str]]:
    kind, terms = claim.kind, claim.terms
    if kind in ("=", "<=", "<") and any(term.kind == "rank" for term in terms):
        low, high = terms if terms[0].kind == "rank" or kind != "=" else terms[::-1]
        if low.kind != "rank" or not counted(high) or not letters_in(high).isdisjoint(ring.shapes):
            raise NotPolynomial("a lower bound for a rank")
        m, _ = ring.table(low.args[0])
        size = ring.at.natural(high) - (kind == "<") + 1
        yield [f"{fact_text(p)} = 0" for p in _minors(ring, m, size)] if size > 0 else ["1 = 0"]
        return
    equal = equations(claim)
    if kind in ("=", "!=") or equal is not None:
        gaps = []
        for left, right in equal or []:
            gaps += _gap(ring, left, right)
        if kind == "!=":
            for p in gaps:
                yield [f"nonsingular({fact_text(p)})"]
        else:
            yield [f"{fact_text(p)} = 0" for p in gaps]
    elif kind in ("<=", "<"):
        (low_table, p), (high_table, q) = (ring.table(term) for term in terms)
        # the difference times the square of the denominators has its sign
        gap = ring.times(ring.times(high_table[0][0], p) - ring.times(low_table[0][0], q), ring.times(p, q))
        yield [f"psd({fact_text(gap)})", *([f"nonsingular({fact_text(gap)})"] if kind == "<" else [])]
    elif kind == "nonsingular":
        m, _ = ring.table(terms[0])
        yield [f"nonsingular({fact_text(ring.determinant(m))})"]
    elif kind in ("psd", "nonneg"):
        m, p = ring.table(terms[0])
        facts = [ring.times(x, p) for row in m for x in row]
        if kind == "psd":
            n = len(m)
            symmetric = [f"{fact_text(m[i][j] - m[j][i])} = 0" for i in range(n) for j in range(i)]
            # leading and other principal minors, with the sign of the denominator
            scaled = [[ring.times(x, p) for x in row] for row in m]
            facts = [
                ring.determinant([[scaled[i][j] for j in chosen] for i in chosen])
                for size in range(1, n + 1) for chosen in combinations(range(n), size)
            ]  # fmt: skip
            yield [*symmetric, *(f"psd({fact_text(x)})" for x in facts)]
        else:
            yield [f"psd({fact_text(x)})" for x in facts]
    else:
        raise NotPolynomial(kind)


def _gap(ring: Indeterminates, left: Term, right: Term | None) -> list[Any]:
    (m, p), (n, q) = ring.table(left), ring.table(right or left)
    pairs = ((x, y) for r, s in zip(m, n, strict=True) for x, y in zip(r, s, strict=True))
    return [ring.times(x, q) - ring.times(y, p) for x, y in pairs]


def _minors(ring: Indeterminates, m: Rows, size: int) -> Iterator[Any]:
    for rows in combinations(range(len(m)), size):
        for cols in combinations(range(len(m[0])), size):
            yield ring.determinant([[m[i][j] for j in cols] for i in rows])


def fact_text(p: Any) -> str:
    """Return a polynomial as the kernel reads it."""
    names = [str(x) for x in p.context().gens()]
    terms = []
    for powers, c in zip(p.monoms(), p.coeffs(), strict=True):
        factors = [name for name, e in zip(names, powers, strict=True) for _ in range(e)]
        sign = [f"({c})" if c < 0 else str(c)] if c != 1 or not factors else []
        terms.append("*".join([*sign, *factors]))
    shown = " + ".join(terms)
    return f"({shown})" if len(terms) > 1 else shown or "0"
