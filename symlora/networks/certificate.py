"""Check what was computed about one set of weights, with the standard library alone.

A certificate is plain JSON data: all matrices with exact entries, and either adapters that lead to the target or a
reason why none do. The check multiplies integers; it shares no code with the search for adapters.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import Any

FORMAT = "symlora-adapters-1"
NUMBER = re.compile(r"-?(0x[0-9a-f]+|[0-9]{1,4000})(/(0x[0-9a-f]+|[0-9]{1,4000}))?")

Exact = tuple[list[list[int]], int, int]
"""Rows of numerators, the number of columns, and one denominator for all entries."""


class CertificateError(ValueError):
    """A certificate that does not show what it says; the message names the identity or the entry at fault."""


def check_certificate(data: Any) -> str:
    """Return in words what the certificate of an instance shows, after checking all of it.

    Checked are the shapes, that each adapter is a product through at most its rank, and that the adapted layers
    multiply to the target exactly; for an obstruction, that a submatrix of the claimed size has an inverse, or that a
    vector is killed. Raises `CertificateError` if anything fails.

    >>> one = {"format": FORMAT, "kind": "adapters", "width": 1, "frozen": [[["1"]], [["1/2"]]], "target": [["2"]],
    ...        "ranks": [1, 1], "adapters": [{"B": [["3"]], "A": [["1"]]}, {"B": [[]], "A": []}]}
    >>> check_certificate(one)
    'the adapted product of 2 layers is the target; ranks at most 1, 0'
    >>> check_certificate({**one, "target": [["3"]]})
    Traceback (most recent call last):
        ...
    symlora.networks.certificate.CertificateError: the adapted product is not the target
    """
    try:
        return _check(data)
    except CertificateError:
        raise
    except (KeyError, TypeError, IndexError, ValueError, AttributeError, ZeroDivisionError) as error:
        raise CertificateError(f"malformed certificate: {type(error).__name__} {error}") from error


def _check(data: Any) -> str:
    _need(data["format"] == FORMAT, f"expected format {FORMAT}, found {str(data['format'])[:40]!r}")
    width, ranks = data["width"], data["ranks"]
    _need(type(width) is int and width >= 1, "the width is not a positive integer")
    frozen = [_read(w, width, width, f"frozen weight {l}") for l, w in enumerate(data["frozen"], 1)]
    target = _read(data["target"], width, width, "target")
    _need(len(frozen) >= 1, "there is no layer")
    _need(len(ranks) == len(frozen), "there is not one rank for each layer")
    _need(all(type(r) is int and 1 <= r <= width for r in ranks), "a rank is not between 1 and the width")
    if data["kind"] == "adapters":
        return _adapters(data, width, ranks, frozen, target)
    _need(data["kind"] == "obstruction", "the kind is neither adapters nor obstruction")
    if data["reason"] == "rank":
        return _rank(data, width, ranks, frozen, target)
    if data["reason"] == "kernel":
        return _kernel(data, width, ranks, frozen, target)
    _need(data["reason"] == "layers", "the reason is none of rank, kernel, layers")
    return _layers(data, width, frozen)


def _adapters(data: Any, width: int, ranks: Sequence[int], frozen: Sequence[Exact], target: Exact) -> str:
    _need(len(data["adapters"]) == len(frozen), "there is not one adapter for each layer")
    product = _eye(width)
    used = []
    for l, (w, factors) in enumerate(zip(frozen, data["adapters"], strict=True), 1):
        size = len(factors["A"])
        _need(size <= ranks[l - 1], f"adapter {l}: inner size {size} above the rank {ranks[l - 1]}")
        b, a = _read(factors["B"], width, size, f"B of layer {l}"), _read(factors["A"], size, width, f"A of layer {l}")
        product = _product(_sum(w, _product(b, a)), product)
        used.append(size)
    _need(_same(product, target), "the adapted product is not the target")
    return f"the adapted product of {len(frozen)} layers is the target; ranks at most {', '.join(map(str, used))}"


def _rank(data: Any, width: int, ranks: Sequence[int], frozen: Sequence[Exact], target: Exact) -> str:
    product = _eye(width)
    for w in frozen:
        product = _product(w, product)
    size = _regular(_sum(target, product, -1), data["rows"], data["columns"], data["inverse"])
    _need(size > sum(ranks), f"rank {size} is within the sum of the ranks {sum(ranks)}")
    return f"no adapters lead to the target: the distance has rank {size} at least, the ranks sum to {sum(ranks)}"


def _kernel(data: Any, width: int, ranks: Sequence[int], frozen: Sequence[Exact], target: Exact) -> str:
    l, size = data["layer"], len(data["rows"])
    _need(l in (1, len(frozen)), "the layer is neither the first nor the last one")
    turned = l != 1
    kernel = _read(data["kernel"], width, size, "kernel")
    layer, goal = (_flip(frozen[-1]), _flip(target)) if turned else (frozen[0], target)
    _need(not any(map(any, _product(layer, kernel)[0])), f"layer {l} does not kill these vectors")
    _regular(_product(goal, kernel), data["rows"], [*range(size)], data["inverse"])
    _need(size > ranks[l - 1], f"rank {size} is within the rank {ranks[l - 1]}")
    what = "the target needs rank" if turned else "what layer 1 kills needs rank"
    return f"no adapters lead to the target: {what} {size} at least in layer {l}, which has {ranks[l - 1]}"


def _layers(data: Any, width: int, frozen: Sequence[Exact]) -> str:
    found = [int(l) for l in data["singular"]]
    _need(bool(found), "no layer is named")
    for l, vector in data["singular"].items():
        _need(1 <= int(l) <= len(frozen), f"there is no layer {l}")
        z = _read(vector, width, 1, f"vector of layer {l}")
        _need(any(map(any, z[0])), f"the vector of layer {l} is 0")
        _need(not any(map(any, _product(frozen[int(l) - 1], z)[0])), f"layer {l} does not kill its vector")
    return f"singular layers: {', '.join(map(str, found))}; nothing is shown about adapters"


def _regular(m: Exact, rows: Sequence[int], columns: Sequence[int], inverse: Any) -> int:
    """Return the size of a submatrix of m that has this inverse."""
    size = len(rows)
    _need(len(columns) == size, "the submatrix is not square")
    numerators, width, denominator = m
    for chosen, end in ((rows, len(numerators)), (columns, width)):
        _need(all(type(i) is int and 0 <= i < end for i in chosen), "there is no such row or column")
        _need(len(set(chosen)) == size, "a row or column is chosen twice")
    part = [[numerators[i][j] for j in columns] for i in rows], size, denominator
    _need(_same(_product(part, _read(inverse, size, size, "inverse")), _eye(size)), "the submatrix has another inverse")
    return size


def _need(holds: bool, message: str) -> None:
    if not holds:
        raise CertificateError(message)


def _read(value: Any, rows: int, cols: int, name: str) -> Exact:
    _need(isinstance(value, list) and all(isinstance(row, list) for row in value), f"{name} is no list of rows")
    found = [[_number(x, name) for x in row] for row in value]
    _need(len(found) == rows and all(len(row) == cols for row in found), f"{name} is not {rows} x {cols}")
    denominator = lcm(*(x.denominator for row in found for x in row))
    return [[x.numerator * (denominator // x.denominator) for x in row] for row in found], cols, denominator


def _number(text: Any, name: str) -> Fraction:
    _need(isinstance(text, str) and NUMBER.fullmatch(text) is not None, f"{name}: {str(text)[:40]!r} is no number")
    above, _, below = text.partition("/")
    # Hexadecimal numbers may be long; int(text) of long decimal ones is refused by Python.
    return Fraction(_integer(above), _integer(below or "1"))


def _integer(text: str) -> int:
    return int(text, 16 if "0x" in text else 10)


def _eye(n: int) -> Exact:
    return [[int(i == j) for j in range(n)] for i in range(n)], n, 1


def _flip(m: Exact) -> Exact:
    rows, cols, denominator = m
    return [[row[j] for row in rows] for j in range(cols)], len(rows), denominator


def _product(a: Exact, b: Exact) -> Exact:
    columns = [[row[j] for row in b[0]] for j in range(b[1])]
    rows = [[sum(x * y for x, y in zip(row, column, strict=True)) for column in columns] for row in a[0]]
    return rows, b[1], a[2] * b[2]


def _sum(a: Exact, b: Exact, sign: int = 1) -> Exact:
    common = lcm(a[2], b[2])
    p, q = common // a[2], sign * (common // b[2])
    return [[p * x + q * y for x, y in zip(*pair, strict=True)] for pair in zip(a[0], b[0], strict=True)], a[1], common


def _same(a: Exact, b: Exact) -> bool:
    return not any(map(any, _sum(a, b, -1)[0]))
