"""Every certificate that differs from a given one in a single point.

A mutation changes one place: a coefficient, sign, letter, index, transpose, relation, number, product or condition in a
text of the kernel's syntax; or a rule, label, list item, field, block or number in the JSON around it. The list is
complete for these kinds and in a fixed order, so a sample of it depends on a seed alone.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from random import Random
from typing import Any, NamedTuple

from symlora.kernel.replay import axioms

Path = tuple[str | int, ...]
TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9_]*|[0-9]+|<=|==|[-+*/'()\[\],:=]")
APPLIED = frozenset({"inv", "eye", "zero", "nonsingular", "psd", "rank", "norm2", "sigma", "sqrt", "tr", "nat"})
RESERVED = APPLIED | {"for", "if"}
TEXTS = frozenset({"fact", "is", "start", "next", "shape", "at", "from", "to", "on", "up", "witness"})
USES = frozenset({"of", "by", "done", "facts"})
NEW_LABELS = frozenset({"as", "hypothesis", "range", "assume", "given"})
NEW_NAMES = frozenset({"natural", "matrix", "index", "name", "define", "new"})
ROLES = ("facts", "as", "naturals", "matrices", "natural", "new", "witness")
"""Objects keyed by names: an entry counts as what the object holds."""
RULES = (
    *("eq", "nat", "natural", "instance", "psd", "index", "have", "induction", "choose", "cases", "either"),
    *("absurd", "hole", "cite", "define"),
)


class Mutant(NamedTuple):
    """A changed certificate: the kind of change, its place, what stood there and what stands there now."""

    kind: str
    path: Path
    old: str
    new: str
    certificate: dict[str, Any]

    @property
    def theorem(self) -> int:
        """Return the position of the changed theorem in the bundle; changes of the bundle itself count for its last."""
        place = self.path[1] if len(self.path) > 2 else -1
        return place if isinstance(place, int) else -1

    def __str__(self) -> str:
        same = next((i for i, (a, b) in enumerate(zip(self.old, self.new, strict=False)) if a != b), 0)
        skip = max(0, same - 40)
        old, new = (("..." if skip else "") + text[skip : skip + 200] for text in (self.old, self.new))
        return f"{self.kind} at {'/'.join(map(str, self.path))}: {old} -> {new}"


class Names:
    """The names that occur in the last theorem of a bundle, by what they can stand for."""

    def __init__(self, certificate: dict[str, Any]) -> None:
        self.naturals: dict[str, None] = {}
        self.matrices: dict[str, None] = {}
        self.labels: dict[str, None] = {}
        self.theorems = [*axioms(), *(theorem["name"] for theorem in certificate["theorems"])]
        self._visit(certificate["theorems"][-1], "")

    def _visit(self, value: Any, key: str) -> None:
        if isinstance(value, dict):
            for name, inner in value.items():
                self._visit(inner, name)
            for family in value.get("define", ()):
                self.matrices.setdefault(family["name"])
                parts = ("def",) if "is" in family else ("start", "step")
                self.labels.update(dict.fromkeys(f"{family['name']}.{part}" for part in parts))
            if "such" in value:
                goals = axioms()[value["such"]].goals
                self.labels.update(dict.fromkeys(f"{value['as']}.{goal}" for goal in goals))
            self.matrices.update(dict.fromkeys(value.get("new", {}).values()))
            if key == "as":
                self.labels.update(dict.fromkeys(value.values()))
        elif isinstance(value, list):
            for inner in value:
                self._visit(inner, key)
        elif isinstance(value, str):
            if key in ("natural", "naturals", "index"):
                self.naturals.setdefault(value)
            elif key == "matrix":
                self.matrices.setdefault(value)
            elif key in NEW_LABELS:
                self.labels.setdefault(value)
            elif key == "fact":
                head = re.match(r"for ([\w, ]+?)(?: if|:)", value)
                self.naturals.update(dict.fromkeys(head[1].split(", ")) if head else {})


def mutants(certificate: dict[str, Any]) -> Iterator[Mutant]:
    """Yield the single-point mutants of the last theorem of a bundle, and of the list of its theorems, each once.

    What it cites is the last theorem of a bundle of its own. The certificate itself is not among the mutants.
    """
    names, seen = Names(certificate), set()
    theorems = certificate["theorems"]
    last = len(theorems) - 1
    lists = ((kind, ("theorems",), new) for kind, new in list_changes(theorems))
    for kind, path, new in (*lists, *changes(theorems[last], ("theorems", last), names, {})):
        old = at(certificate, path)
        key = digest([path, new])
        if key not in seen and (new != old or type(new) is not type(old)):
            seen.add(key)
            yield Mutant(kind, path, json.dumps(old), json.dumps(new), replaced(certificate, path, new))


def digest(value: Any) -> bytes:
    """Return a short hash of JSON data; thousands of whole texts would fill the memory."""
    return hashlib.blake2b(json.dumps(value).encode(), digest_size=16).digest()


def sample(certificate: dict[str, Any], seed: str) -> list[Mutant]:
    """Return all mutants in a random order that takes one kind after the other, so that rare kinds come early."""
    kinds: dict[str, list[Mutant]] = {}
    for mutant in mutants(certificate):
        kinds.setdefault(mutant.kind, []).append(mutant)
    for kind, group in kinds.items():
        Random(f"{seed}|{kind}").shuffle(group)
    ordered = [(position, kind) for kind, group in kinds.items() for position in range(len(group))]
    return [kinds[kind][position] for position, kind in sorted(ordered)]


def at(value: Any, path: Path) -> Any:
    """Return what stands at a path."""
    for key in path:
        value = value[key]
    return value


def replaced(value: Any, path: Path, new: Any) -> Any:
    """Return `value` with `new` at a path, the rest shared."""
    if not path:
        return new
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(value[path[0]], path[1:], new)
    return copy


Change = tuple[str, Path, Any]


def changes(value: Any, path: Path, names: Names, parent: dict[str, Any]) -> Iterator[Change]:
    """Yield (kind, path, new value) for everything below `path`; `parent` is the nearest object around `value`."""
    key = next((str(k) for k in reversed(path) if isinstance(k, str)), "")
    if isinstance(value, dict):
        yield from ((kind, path, new) for kind, new in object_changes(value, key))
        for name, inner in value.items():
            context = {"rule": key} if key in ROLES else value
            yield from changes(inner, (*path, name), names, context)
    elif isinstance(value, list):
        if key in ("by", "squares") and isinstance(path[-1], int):
            three = parent.get("rule") in ("eq", "psd")
            made = square_items(value, names) if key == "squares" else product_items(value, three, names)
            yield from ((kind, path, new) for kind, new in made)
            return
        yield from ((kind, path, new) for kind, new in list_changes(value))
        for position, inner in enumerate(value):
            yield from changes(inner, (*path, position), names, parent)
    elif isinstance(value, int):
        yield from (("number", path, new) for new in (0, 1, 2, -1, True) if new is not value)
    else:
        role = next((k for k in ROLES if k in path[-2:-1]), key)
        yield from ((kind, path, new) for kind, new in string_changes(value, role, path, names))


def string_changes(value: str, key: str, path: Path, names: Names) -> Iterator[tuple[str, str]]:
    """Yield (kind, new string) for one string of the certificate."""
    if key == "rule":
        yield from (("rule", rule) for rule in RULES if rule != value)
    elif key in ("theorem", "such"):
        yield from (("label", name) for name in (*names.theorems, "nothing/here") if name != value)
    elif key in TEXTS or key == "step" or (key in ("naturals", "matrices") and path[-2] == key) or key == "down":
        yield from text_changes(value, names)
    elif key in USES:
        yield from (("label", label) for label in names.labels if label != value)
    elif key in NEW_LABELS:
        yield from (("name", label) for label in ("fresh-label", *names.labels) if label != value)
    elif key in NEW_NAMES or key == "naturals":
        yield from (("name", name) for name in ("Fresh", *names.naturals, *names.matrices) if name != value)


def product_items(item: list[str], equation: bool, names: Names) -> Iterator[tuple[str, list[str]]]:
    """Yield changes of one term ``[left, fact, right]`` or ``[multiplier, fact, …]``."""
    for position, text in enumerate(item):
        if position == 0 or (equation and position == 2):
            found: Iterator[tuple[str, str]] = text_changes(text, names)
        else:
            flipped = text[:-1] if text.endswith("'") else text + "'"
            found = iter([("transpose", flipped), *(("label", x) for x in names.labels if x != text)])
        yield from ((kind, [*item[:position], new, *item[position + 1 :]]) for kind, new in found)
    if equation and len(item) == 3:
        yield "order", [item[2], item[1], item[0]]
    else:
        yield "item", [*item, item[-1]]
        yield "item", item[:-1]


def square_items(item: list[str], names: Names) -> Iterator[tuple[str, list[str]]]:
    """Yield changes of one square ``[c, q]`` or ``[c, q, fact]``."""
    for position, text in enumerate(item[:2]):
        yield from ((kind, [*item[:position], new, *item[position + 1 :]]) for kind, new in text_changes(text, names))
    yield from (("label", [*item[:2], label]) for label in names.labels if label not in item[2:])
    yield "item", item[:-1]


def list_changes(value: list[Any]) -> Iterator[tuple[str, list[Any]]]:
    """Yield the list with two neighbours swapped, an item dropped, an item twice."""
    for i in range(len(value) - 1):
        yield "order", [*value[:i], value[i + 1], value[i], *value[i + 2 :]]
    for i in range(len(value)):
        yield "item", [*value[:i], *value[i + 1 :]]
        yield "item", [*value[: i + 1], *value[i:]]


def object_changes(value: dict[str, Any], key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield changes of the fields of one object."""
    for name in value:
        yield "field", {k: v for k, v in value.items() if k != name}
    for one, other in (("base", "step"), ("left", "right"), ("up", "down"), ("start", "step")):
        if one in value and other in value:
            yield "block", {**value, one: value[other], other: value[one]}
    for one, other in (("up", "down"), ("down", "up"), ("is", "step"), ("start", "is")):
        if one in value and other not in value:
            yield "block", {other if k == one else k: v for k, v in value.items()}
    if value.get("rule") == "induction" and "down" not in value:
        yield "number", {**value, "down": 1}
    if set(value) <= {"by", "scale"} and key not in ROLES:
        yield from (("number", {**value, "scale": scale}) for scale in (0, -1, 2, 3))
    if isinstance(value.get("fact"), str) and isinstance(value.get("as"), str) and value.get("rule") != "hole":
        yield "hole", {"rule": "hole", "fact": value["fact"], "as": value["as"]}
    if key in ("facts", "as", "new"):
        pairs = list(value.items())
        for i in range(len(pairs) - 1):
            (a, x), (b, y) = pairs[i], pairs[i + 1]
            yield "label", {**value, a: y, b: x}


def text_changes(text: str, names: Names) -> Iterator[tuple[str, str]]:
    """Yield (kind, new text) for one text of the kernel's syntax."""
    found = list(TOKEN.finditer(text))
    words = [m[0] for m in found]
    ends = {i: factor_end(words, i) for i in range(len(words)) if operand(words, i)}

    def splice(first: int, last: int, new: str) -> str:
        """Return the text with the tokens from `first` up to but not including `last` replaced."""
        start = found[first].start() if first < len(found) else len(text)
        stop = found[last - 1].end() if last > first else start
        return text[:start] + new + text[stop:]

    def part(first: int, last: int) -> str:
        return text[found[first].start() : found[last - 1].end()] if last > first else ""

    for i, word in enumerate(words):
        yield from (("letter", splice(i, i + 1, new)) for new in others(word, names))
        if word.isdigit():
            numbers = dict.fromkeys((int(word) + 1, abs(int(word) - 1), 0))
            yield from (("number", splice(i, i + 1, str(n))) for n in numbers if n != int(word))
        elif word in ("+", "-"):
            unary = i == 0 or words[i - 1] in ("(", "[", ",", ":", "=", "<=", "==", "*")
            yield "sign", splice(i, i + 1, "" if unary else "-" if word == "+" else "+")
        elif word in ("<=", "==", "="):
            yield from (("relation", splice(i, i + 1, new)) for new in ("<=", "==", "=") if new != word)
            first = next((j + 1 for j in range(i - 1, -1, -1) if words[j] in (":", "if")), 0)
            first = max(first, *(j + 1 for j in top_commas(words, first, i)), 0)
            last = next((j for j in top_commas(words, i + 1, len(words))), None)
            last = next((j for j in range(i + 1, len(words)) if words[j] == ":"), len(words)) if last is None else last
            yield "relation", splice(first, last, f"{part(i + 1, last)} {word} {part(first, i)}")
            if words[first - 1 : first] in (["if"], [","]) and "if" in words[:first]:
                before, after = words[first - 1], words[last : last + 1]
                if before == ",":
                    yield "condition", splice(first - 1, last, "")
                else:
                    yield "condition", splice(first if after == [","] else first - 1, last + (after == [","]), "")
        elif word in ("[", ","):
            close = closing(words, i, names)
            if close is not None:
                yield from (("index", splice(close, close, new)) for new in (" + 1", " - 1"))
    for i, end in ends.items():
        if words[i - 1 : i] != ["*"] or i == 0:
            yield "coefficient", splice(i, i, "2*")
            yield "coefficient", splice(i, i, "1/2*")
            if i == 0 or words[i - 1] in ("=", ":", "(", "[", ","):
                yield "sign", splice(i, i, "-")
        if words[i] not in ("nonsingular", "psd", "eye", "zero", "rank"):
            yield "transpose", splice(end - 1, end, "") if words[end - 1] == "'" else splice(end, end, "'")
        if words[i] in names.naturals:
            yield from (("index", splice(i, end, f"({part(i, end)} {sign} 1)")) for sign in "+-")
        elif words[i] in ("inv", "norm2", "sqrt", "tr"):
            yield "inverse", splice(i, i + 1, "")
        elif words[i] in names.matrices:
            for function in ("inv", "norm2", "tr"):
                yield "inverse", splice(i, end, f"{function}({part(i, end)})")
        if words[end : end + 1] == ["*"] and end + 1 in ends:
            stop = ends[end + 1]
            yield "product", splice(i, stop, f"{part(end + 1, stop)}*{part(i, end)}")
            yield "product", splice(i, end + 1, "")
            yield "product", splice(end, stop, "")
            yield "product", splice(i, end, f"{part(i, end)}*{part(i, end)}")


def others(word: str, names: Names) -> list[str]:
    """Return the other names of the same kind."""
    group = names.naturals if word in names.naturals else names.matrices if word in names.matrices else {}
    return [name for name in group if name != word]


def operand(words: list[str], i: int) -> bool:
    """Return whether a factor of a term starts at token `i`."""
    starts = words[i] == "(" or words[i].isdigit() or (words[i][0].isalpha() and words[i] not in ("for", "if"))
    head = words[0] == "for" and i < next((j for j, w in enumerate(words) if w in ("if", ":")), 0)
    free = i == 0 or words[i - 1] in ("+", "-", "*", "(", "[", ",", ":", "=", "<=", "==", "if")
    return starts and free and not head and not (words[i] == "(" and i > 0 and words[i - 1] in APPLIED)


def factor_end(words: list[str], i: int) -> int:
    """Return the position after the factor that starts at `i`: its brackets and transposition marks included."""
    i += words[i] != "("
    if words[i : i + 1] == ["/"]:
        i += 2
    elif words[i : i + 1] in (["["], ["("]):
        depth = 0
        while i < len(words):
            depth += (words[i] in "[(") - (words[i] in "])")
            i += 1
            if depth == 0:
                break
    while words[i : i + 1] == ["'"]:
        i += 1
    return i


def top_commas(words: list[str], first: int, last: int) -> list[int]:
    """Return the commas outside brackets between two tokens."""
    depth, out = 0, []
    for i in range(first, last):
        depth += (words[i] in "[(") - (words[i] in "])")
        if words[i] == "," and depth == 0:
            out.append(i)
        if words[i] == ":":
            break
    return out


def closing(words: list[str], i: int, names: Names) -> int | None:
    """Return the end of the index that follows token `i`, or None if no index does."""
    depth = 0
    for j in range(i + 1, len(words)):
        if depth == 0 and words[j] in ("]", ","):
            return j if words[j] == "]" or words[i] == "[" else None
        if words[j] in (":", "=", "<=", "=="):
            return None
        depth += (words[j] in "[(") - (words[j] in "])")
        if depth < 0:
            return None
    return None
