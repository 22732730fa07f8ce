"""Deciding a typed claim from Python: ``from symlora import refute``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from symlora.decide.decision import Decision
from symlora.decide.verdict import SECONDS, decide


def refute(claim: str, let: str | Sequence[str] = (), given: str | Sequence[str] = (),
           dims: str | Mapping[str, int] | None = None, seconds: float = SECONDS) -> Decision:  # fmt: skip
    """Return what is found about a claim in the syntax of `docs/claims.md`, within about that many seconds.

    `let` declares letters: one text, with ``;`` between declarations, or several. `given` is one hypothesis or several,
    `dims` fixes sizes. The decision has a `verdict` and a `witness` that was evaluated again from its exact strings, or
    a `certificate` that the kernel replayed; it has no truth value. Raises `symlora.claims.errors.ClaimError` for a
    text that is no claim, `TypeError` for what is no text, `ValueError` for a time that is not above 0.

    >>> found = refute("A B = B A", "A, B: n x n", "A symmetric")
    >>> found.verdict, found.witness["matrices"]
    ('refuted', {'A': [['1', '0'], ['0', '0']], 'B': [['0', '1'], ['0', '0']]})
    >>> refute("A B = B A", let=["A: n x n", "B: n x n"], given="B = A A").verdict
    'proved'
    """
    declared = declarations(texts("let", let))
    if not isinstance(claim, str):
        raise TypeError(f"expected the claim as text, found {type(claim).__name__}")
    if not seconds > 0:
        raise ValueError(f"expected a number of seconds above 0, found {seconds}")
    return decide(claim, declared, texts("given", given), dims, seconds)


def declarations(let: Sequence[str]) -> list[str]:
    """Return the declarations in texts, between which ``;`` may stand.

    >>> declarations(["A: m x n; x: n", "s: scalar"])
    ['A: m x n', 'x: n', 's: scalar']
    """
    return [part.strip() for text in let for part in text.split(";") if part.strip()]


def texts(what: str, value: str | Sequence[str]) -> list[str]:
    """Return one text or several as a list; raises `TypeError` where something else is among them.

    >>> texts("given", "A = B"), texts("given", ("A = B", "B = 0"))
    (['A = B'], ['A = B', 'B = 0'])
    """
    found = [value] if isinstance(value, str) else list(value)
    wrong = next((one for one in found if not isinstance(one, str)), None)
    if wrong is not None:
        raise TypeError(f"expected text for {what}, found {type(wrong).__name__}")
    return found
