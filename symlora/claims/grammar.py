"""The words of the claim syntax, and the tokens of a text.

The grammar, where `[…]` is optional and `{…}` repeats::

    declaration := NAME {"," NAME} ":" (size "x" size | size | "scalar" | "natural")
    claim       := implication {"iff" implication}
    implication := choice ["implies" implication]
    choice      := both {"or" both}
    both        := single {"and" single}
    binders     := binding {"," binding}
    binding     := NAME {"," NAME} (":" size ["x" size] | ":" "scalar" | ":" "natural") [box] | NAME {"," NAME} box
    box         := "in" "box" "(" term "," term ")"
    single      := "not" single | ("exists" | "for" "all") binders ["with" claim] ":" claim
                 | "almost" "surely" "(" claim ")" | "(" claim ")" | PREDICATE "(" term ")" | term ["is"] PREDICATE
                 | term box | term RELATION term {RELATION term}
    term        := ["-"] product {("+" | "-") product}
    product     := power {["*" | "/"] power}
    power       := atom {"'" | "^" ("T" | INT | "-" INT) | "[" slice "," slice "]"}
    atom        := INT | INT "." INT | NAME | FUNCTION "(" term {"," term} ")" | "I" ["(" size ")"] | "(" term ")"
                 | "[" term {"," term} {";" term {"," term}} "]" | "sum" "(" NAME "=" term ".." term "," term ")"
"""

from __future__ import annotations

import re
from typing import NamedTuple

from symlora.claims.errors import ClaimError

FUNCTIONS = {
    "rank": 1, "det": 1, "tr": 1, "pinv": 1, "inv": 1, "norm1": 1, "norm2": 1, "normF": 1, "normInf": 1, "normMax": 1,
    "normNuc": 1, "sigma": 2, "best_rank": 2, "relu": 1, "abs": 1, "max": 2, "min": 2, "sqrt": 1, "floor": 1,
    "hadamard": 2, "kron": 2, "diag": 1, "diagpart": 1, "ones": 0, "zeros": 0,
}  # fmt: skip
"""Functions and the number of their arguments; `ones` and `zeros` take one size or two."""
PREDICATES = (
    "nonsingular", "symmetric", "skew", "orthogonal", "psd", "pd", "nonneg", "diagonal", "idempotent", "nilpotent",
    "generic",
)  # fmt: skip
KEYWORDS = ("and", "or", "not", "implies", "iff", "exists", "for", "all", "with", "almost", "surely", "in", "is")
RESERVED = frozenset({*FUNCTIONS, *PREDICATES, *KEYWORDS, "I", "sum", "box", "scalar", "natural", "eye", "zero"})
RELATIONS = ("=", "!=", "<", "<=", ">", ">=")
MAX_LENGTH, MAX_TOKENS, MAX_DEPTH, MAX_DIGITS = 10_000, 2_000, 40, 30

TOKEN = re.compile(r"\s*([A-Za-z][A-Za-z0-9_]*|[0-9]+|<=|>=|!=|\.\.|[-+*/'^()\[\],:;=<>.])", re.ASCII)


class Token(NamedTuple):
    """A token, where it begins, and whether white space stands before it."""

    text: str
    at: int
    spaced: bool


def tokens(text: str) -> list[Token]:
    """Return the tokens of a text; raises `ClaimError` at the first character that belongs to none.

    >>> [token.text for token in tokens("1/2 A' <= B^-1")]
    ['1', '/', '2', 'A', "'", '<=', 'B', '^', '-', '1']
    >>> tokens("A $ B")
    Traceback (most recent call last):
        ...
    symlora.claims.errors.ClaimError: column 3: expected a term or a relation, found '$', in "A $ B"
    """
    if len(text) > MAX_LENGTH:
        raise ClaimError(text, MAX_LENGTH, f"at most {MAX_LENGTH} characters", str(len(text)))
    out: list[Token] = []
    at, end, depth = 0, len(text.rstrip()), 0
    while at < end:
        match = TOKEN.match(text, at)
        if match is None:
            at += len(text[at:]) - len(text[at:].lstrip())
            raise ClaimError(text, at, "a term or a relation", ascii(text[at]))
        token = match[1]
        depth += (token in "([") - (token in ")]")
        if depth > MAX_DEPTH or len(out) == MAX_TOKENS or (token.isdigit() and len(token) > MAX_DIGITS):
            limits = f"at most {MAX_TOKENS} tokens, {MAX_DEPTH} open brackets, {MAX_DIGITS} digits"
            raise ClaimError(text, match.start(1), limits, "more")
        out.append(Token(token, match.start(1), match.start(1) > at))
        at = match.end()
    return out
