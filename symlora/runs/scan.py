"""Finding scripts and the theorems in them by reading, without running anything."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from symlora.rules.bounds import CITED
from symlora.runs.errors import RunError


@dataclass(frozen=True)
class Script:
    """A proof script as read from disk: the ids it defines, the texts it mentions, and whether some id is computed."""

    path: Path
    text: bytes
    ids: tuple[str, ...] = ()
    mentions: frozenset[str] = frozenset()
    computed: bool = False


@dataclass
class Index:
    """The scripts by path, and for each theorem id the script that defines it."""

    scripts: dict[Path, Script] = field(default_factory=dict)
    owners: dict[str, Path] = field(default_factory=dict)

    def add(self, script: Script) -> None:
        """Add a script; its ids take the place of equal ones of scripts added earlier."""
        self.scripts[script.path] = script
        self.owners.update(dict.fromkeys(script.ids, script.path))

    def needs(self, script: Script) -> list[Script]:
        """Return the other scripts whose theorems a script mentions, directly or through others, in order of path."""
        found: dict[Path, None] = {}
        waiting = [script]
        while waiting:
            for name in sorted(waiting.pop().mentions & self.owners.keys()):
                path = self.owners[name]
                if path not in found and path != script.path:
                    found[path] = None
                    waiting.append(self.scripts[path])
        return [self.scripts[path] for path in sorted(found)]


def library() -> Path:
    """Return the folder of the theorem library: inside an installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "_proofs"
    return inside if inside.is_dir() else package.parent / "proofs"


def read(path: Path) -> Script:
    """Return a script; one that does not parse has no ids. Raises `RunError` if the file cannot be read."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise RunError(f"expected a readable proof script, found {path}: {error.strerror}") from None
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Script(path, text)
    found = list(_calls(tree))
    ids = tuple(name for name in found if name is not None)
    nodes = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    mentions = frozenset(value for value in nodes if isinstance(value, str))
    if b"rank" in text:
        mentions |= frozenset(CITED)  # by the rank calculus, without being named
    mentions = mentions.difference(ids)
    return Script(path, text, ids, mentions, None in found)


def _calls(tree: ast.AST) -> Iterator[str | None]:
    """Yield the id of each call of `theorem`, None where it is not a literal."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        name = called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""
        if name == "theorem":
            first = [*node.args[:1], *(k.value for k in node.keywords if k.arg == "name")][:1]
            value = first[0].value if first and isinstance(first[0], ast.Constant) else None
            yield value if isinstance(value, str) else None


def scripts_in(folder: Path) -> list[Script]:
    """Return the scripts of a folder that state theorems, in order of their paths."""
    paths = sorted(path for path in folder.rglob("*.py") if path.is_file() and "__pycache__" not in path.parts)
    found = [read_quietly(path.resolve()) for path in paths]
    return [script for script in found if script.ids or script.computed]


def collect(paths: Sequence[Path]) -> tuple[list[Script], Index]:
    """Return the scripts to check, the library's if no path is given, and an index of all that they may cite.

    A file is taken as it is, a folder gives every script below it that states theorems. What lies beside them may be
    cited as well, as far as its ids are not those of the library. Raises `RunError` if a path
    does not exist, if a folder has no script, or if two of the scripts define one id.
    """
    index = Index()
    home = library()
    shelf = scripts_in(home) if home.is_dir() else []
    for script in shelf:
        index.add(script)
    if not paths:
        if not shelf:
            raise RunError(f"expected proof scripts in the library {home}, found none; name a script or a folder")
        _distinct(shelf)
        return shelf, index
    chosen: dict[Path, Script] = {}
    for path in paths:
        if path.is_dir():
            below = scripts_in(path)
            if not below:
                raise RunError(f"expected proof scripts below {path}, found none with a theorem")
            chosen.update((script.path, script) for script in below)
        elif path.exists():
            script = read(path.resolve())
            chosen[script.path] = script
        else:
            raise RunError(f"expected a proof script or a folder, found nothing at {path}")
    _distinct(list(chosen.values()))
    for path in chosen:
        for script in _neighbours(path):
            if not index.owners.keys() & set(script.ids):
                index.add(script)
    for script in chosen.values():
        index.add(script)
    return list(chosen.values()), index


def _neighbours(path: Path) -> list[Script]:
    """Return the scripts that a script may cite without naming their folder.

    They lie below the nearest folder around it that is called proofs, or else in its own folder.
    """
    for folder in path.parents:
        if folder.name == "proofs":
            return scripts_in(folder)
    beside = sorted(other for other in path.parent.glob("*.py") if other.is_file() and other != path)
    return [script for script in map(read_quietly, beside) if script.ids]


def read_quietly(path: Path) -> Script:
    """Return a script, without ids if it cannot be read."""
    try:
        return read(path)
    except RunError:
        return Script(path, b"")


def _distinct(scripts: Sequence[Script]) -> None:
    owners: dict[str, Path] = {}
    for script in scripts:
        for name in dict.fromkeys(script.ids):
            if name in owners:
                both = f"{shown(owners[name])} and in {shown(script.path)}"
                raise RunError(f"expected an id of its own for every theorem, found {name!r} in {both}")
            owners[name] = script.path


def shown(path: Path) -> str:
    """Return a path as a user would write it: relative to the current folder where it lies below it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def line_of(script: Script, theorem: str, step: str) -> int | None:
    """Return the line on which a step of a theorem is written, None if it cannot be found by its name."""
    try:
        tree = ast.parse(script.text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.With) and theorem in _calls(node):
            calls = [call for call in ast.walk(node) if isinstance(call, ast.Call)]
            calls.sort(key=lambda call: call.lineno)
            for call in calls:
                first = call.args[0] if call.args else None
                if isinstance(first, ast.Constant) and first.value == step:
                    return call.lineno
            shows = [
                c for c in calls if isinstance(c.func, ast.Attribute) and c.func.attr == "show" and len(c.args) > 1
            ]
            number = step.removeprefix("goal")
            if number.isdecimal() and 0 < int(number) <= len(shows):
                return shows[int(number) - 1].lineno
    return None
