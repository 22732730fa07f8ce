"""What a worker sends: one JSON line for every finished theorem, then one that says how the script ended.

Nothing here carries a verdict. The certificate travels as text, so that the parent reads it with the kernel's reader.
"""

from __future__ import annotations

from typing import Any

import msgspec


class Record(msgspec.Struct, frozen=True):
    """A step as the script wrote it; only `by` reaches a report."""

    name: str
    claim: str
    by: str
    kind: str
    inside: str = ""


class Failure(msgspec.Struct, frozen=True):
    """Why an engine did not prove a claim."""

    expected: str
    found: str
    tried: str


class Hole(msgspec.Struct, frozen=True):
    """A claim without proof, why (None for `sorry`), and what a search for a counterexample found."""

    fact: str
    failure: Failure | None
    search: dict[str, Any]


class Finished(msgspec.Struct, frozen=True, tag="theorem"):
    """A theorem with its closed certificate."""

    id: str
    title: str
    source: str
    expect: str
    bundle: str
    records: list[Record]
    holes: list[Hole]
    seconds: float


class Done(msgspec.Struct, frozen=True, tag="done"):
    """The script ran to its end."""


class Stopped(msgspec.Struct, frozen=True, tag="error"):
    """The script did not run to its end; `line` is 0 if unknown."""

    kind: str
    message: str
    line: int = 0


class Request(msgspec.Struct, frozen=True):
    """What a worker is asked to do: the script, where theorems that it may cite are, and how much it may use.

    `known` are closed certificates of theorems that were finished already: their scripts need not run again.
    """

    script: str
    owners: dict[str, str]
    seconds: int
    bytes: int
    known: list[str] = []


Line = Finished | Done | Stopped
encode = msgspec.json.Encoder().encode
_decoder = msgspec.json.Decoder(Line)


def decode(line: bytes) -> Line:
    """Return what a line says; raises ValueError if it is not such a line."""
    try:
        found: Line = _decoder.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(str(error)) from None
    return found
