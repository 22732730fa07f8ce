"""Sizes that somebody asks for: read from text, compared with the givens, and the work that they mean estimated."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from symlora.domains.execution import Check, Choose, Either, Loop, Operation, Program
from symlora.domains.ground import Graph, Indices, Scope, Unassigned, Unmeasured
from symlora.domains.sampling import about_naturals
from symlora.domains.setup import Setup
from symlora.kernel.facts import Fact, instance
from symlora.kernel.naturals import Nat, number
from symlora.kernel.printing import fact_text, relation_text
from symlora.runs.candidates import Fixed, member
from symlora.runs.errors import RunError

DEFAULT = 2
"""The value of a natural that is not asked for, for the estimate."""
MOST_WORK = 30_000_000
"""How many products of entries are allowed; a fact costs the cube of the largest size at each of its indices."""
MOST_ENTRIES = 200_000
SIZE = re.compile(r"([A-Za-z][A-Za-z0-9_]*)\s*(?:\[\s*(\d{1,6}(?:\s*,\s*\d{1,6})*)\s*\])?\s*=\s*(\d{1,9})")


def read_sizes(text: str, setup: Setup) -> dict[tuple[str, Indices], int]:
    """Return the naturals in a text such as ``D=3, d[0]=2``; raises `RunError` for others than the statement has.

    >>> from symlora.domains.setup import read_setup
    >>> read_sizes("n = 3, d[0]=1", read_setup([{"natural": "n"}, {"naturals": "d", "index": ["l"]}]))
    {('n', ()): 3, ('d', (0,)): 1}
    """
    found: dict[tuple[str, Indices], int] = {}
    for part in re.split(r",(?![^\[]*\])", text):
        match = SIZE.fullmatch(part.strip())
        if match is None:
            raise RunError(f"expected sizes such as D=3, L=2, found {part.strip()[:40]!r}")
        name, inside, value = match.groups()
        indices = tuple(int(i) for i in inside.split(",")) if inside else ()
        _known(name, indices, setup)
        if found.setdefault((name, indices), int(value)) != int(value):
            raise RunError(f"expected one value of {member(name, indices)}, found {found[name, indices]} and {value}")
    return found


def _known(name: str, indices: Indices, setup: Setup) -> None:
    names = [*setup.naturals, *(f"{family}[0]" for family in setup.families)]
    known = ", ".join(names) or "no natural"
    if not indices and name in setup.families:
        raise RunError(f"expected a member of the family of naturals {name}, such as {name}[0]=2, found {name} alone")
    if not (name in setup.families if indices else name in setup.naturals):
        raise RunError(f"expected naturals of the statement ({known}), found {member(name, indices)}")
    if indices and len(indices) != setup.context.symbols[name].arity:
        raise RunError(f"expected {setup.context.symbols[name].arity} index of {name}, found {member(name, indices)}")


def listed(values: Fixed) -> str:
    """Return values as `read_sizes` reads them.

    >>> listed({("D", ()): 3, ("d", (0,)): 2})
    'D=3, d[0]=2'
    """
    return ", ".join(f"{member(*key)}={value}" for key, value in values.items())


def check_sizes(setup: Setup, fixed: Fixed) -> None:
    """Raise `RunError`, naming the given, if a given about naturals is false at these sizes."""

    def natural(name: str, indices: Indices) -> int:
        if (name, indices) not in fixed:
            raise Unassigned(name, indices)
        return fixed[name, indices]

    largest = max(fixed.values(), default=0)
    for name, given in setup.givens.items():
        if not about_naturals(given):
            continue
        scope = Scope(Graph(), natural, min(largest, 100), {})
        try:
            false = next((one for one in scope.instances(given, []) if not one.nodes and not one.true), None)
        except (Unassigned, Unmeasured):
            continue
        if false is not None:
            raise RunError(f"expected sizes with {_stated(given, false.values)} (given {name}), found {listed(fixed)}")


def _stated(given: Fact, at: Indices) -> str:
    """Return what a given says at one value of its range."""
    if not given.hints:
        return fact_text(given)
    return relation_text(instance(given, tuple(map(number, at))).body)


def check_work(code: Program, fixed: Fixed) -> None:
    """Raise `RunError`, with the estimate, if evaluating a proof at these sizes takes too much work or memory."""
    setup = code.setup
    largest = max([DEFAULT, *fixed.values()])
    values = {name: fixed.get((name, ()), DEFAULT) for name in setup.naturals}
    side, entries = 1, 0
    for name in setup.matrices:
        symbol = setup.context.symbols[name]
        rows, cols = (_bound(n, values, largest) for n in (symbol.rows, symbol.cols))
        side, entries = max(side, rows, cols), entries + rows * cols * (largest + 1) ** symbol.arity
    if entries > MOST_ENTRIES:
        raise RunError(f"expected sizes at which the matrices have at most {MOST_ENTRIES:,} entries, found about "
                       f"{entries:,}, which would take {entries * 100 / 2**20:,.0f} MiB and more")  # fmt: skip
    work = side**3 * sum((largest + 3) ** depth for depth in _depths(code.body))
    if work > MOST_WORK:
        raise RunError(f"expected sizes that take at most {MOST_WORK:,} products of fractions, found about {work:,}: "
                       f"matrices up to {side} x {side}, naturals up to {largest}")  # fmt: skip


def _bound(n: Nat, values: Mapping[str, int], largest: int) -> int:
    """Return a bound for a size, what is not known counting as the largest natural."""
    total = 0
    for monomial, coefficient in n:
        part = max(0, coefficient)
        for name, indices in monomial:
            part *= largest if indices else values.get(name, largest)
        total += part
    return total


def _depths(body: Sequence[Operation], outside: int = 0) -> list[int]:
    """Return for each fact how many indices it runs over."""
    found: list[int] = []
    for operation in body:
        if isinstance(operation, Check):
            found.append(outside + len(operation.fact.hints))
        elif isinstance(operation, Loop):
            found += _depths(operation.body, outside + len(operation.names))
        elif isinstance(operation, Choose):
            found += _depths(operation.body, outside + 1)
        elif isinstance(operation, Either):
            for _, side, _ in operation.sides:
                found += _depths(side, outside)
    return found
