"""The pages of the documentation as programs: `python docs/pages.py` runs every example and rewrites its output.

A page is Markdown with invisible marks. ``<!-- file: NAME -->`` before a code block says that the block is that file,
``<!-- more: NAME -->`` that it is appended to it, ``<!-- edit: NAME | OLD | NEW -->`` changes it. A ``console``
block holds commands after ``$`` and their output, where a line ``...`` stands for any lines. Between
``<!-- generated: WHAT -->`` and ``<!-- end -->`` stands a table made from the code. The tests compare all of it.
"""

from __future__ import annotations

import ast
import functools
import inspect
import io
import os
import re
import shlex
import subprocess
import sys
import tempfile
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
ROOMS = [
    "kernel", "language", "domains", "rules", "proof", "networks", "counterexamples", "runs", "sweep", "teaching",
    "claims", "decide", "commands", "cli",
]  # fmt: skip
"""The rooms in their order: each imports only from those before it."""

MARK = re.compile(r"<!-- (file|more|edit|generated): (.*?) -->")
END = "\x1eend of output\x1e"


@dataclass
class Page:
    """A page in pieces: lines as they are, commands with their output, and tables made from the code."""

    lines: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    """Shell lines to run in order; those of a command are followed by one that prints END."""
    outputs: list[tuple[int, int]] = field(default_factory=list)
    """For each command, where its output stands in `lines`: first line and line after the last."""
    tables: list[tuple[int, int, str]] = field(default_factory=list)


def read(path: Path) -> Page:
    """Return the pieces of a page; raises ValueError where a mark is not followed by what it announces."""
    page = Page(path.read_text(encoding="utf-8").splitlines())
    files: dict[str, str] = {}
    at = 0
    while at < len(page.lines):
        mark = MARK.fullmatch(page.lines[at])
        if mark is not None and mark[1] == "generated":
            end = page.lines.index("<!-- end -->", at)
            page.tables.append((at + 1, end, mark[2]))
            at = end
        elif mark is not None and mark[1] == "edit":
            name, old, new = (part.strip() for part in mark[2].split(" | "))
            if old not in files[name]:
                raise ValueError(f"{path.name}: expected {old!r} in {name}, found no such text")
            files[name] = files[name].replace(old, new)
            page.actions.append(_written(name, files[name]))
        elif mark is not None:
            if page.lines[at + 1] != "```python":
                raise ValueError(f"{path.name}: expected a block of Python after {page.lines[at]}")
            end = page.lines.index("```", at)
            text = "\n".join(page.lines[at + 2 : end]) + "\n"
            files[mark[2]] = (files[mark[2]] + "\n\n" if mark[1] == "more" else "") + text
            page.actions.append(_written(mark[2], files[mark[2]]))
            at = end
        elif page.lines[at] == "```console":
            end = page.lines.index("```", at)
            starts = [i for i in range(at + 1, end) if page.lines[i].startswith("$ ")]
            for start, after in zip(starts, [*starts[1:], end], strict=True):
                page.actions += [f"{{ {page.lines[start][2:]}; }} 2>&1", f"echo {shlex.quote(END)}"]
                page.outputs.append((start + 1, after))
            at = end
        at += 1
    return page


def _written(name: str, text: str) -> str:
    return f"printf '%s' {shlex.quote(text)} > {shlex.quote(name)}"


def run(page: Page, cache: Path) -> list[list[str]]:
    """Run the commands of a page in one shell, in an empty folder; return the lines that each one printed."""
    if not page.outputs:
        return []
    with tempfile.TemporaryDirectory() as folder:
        tools, work = Path(folder, "tools"), Path(folder, "work")
        tools.mkdir()
        work.mkdir()
        for name, call in (("symlora", "-m symlora.cli "), ("python", ""), ("python3", "")):
            (tools / name).write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {call}"$@"\n', encoding="utf-8")
            (tools / name).chmod(0o755)
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("SYMLORA_")},
            "PATH": f"{tools}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT), "SYMLORA_CACHE": str(cache),
            "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1",
        }  # fmt: skip
        done = subprocess.run(["bash", "-c", "\n".join(page.actions)], cwd=work, env=environment, capture_output=True,
                              text=True, encoding="utf-8", timeout=300, check=False)  # fmt: skip
    text = done.stdout.replace(f"{ROOT}/", "")
    return [[line.rstrip() for line in part.splitlines()] for part in text.split(f"{END}\n")[:-1]]


def agrees(shown: list[str], printed: list[str]) -> bool:
    """Return whether what a page shows is what was printed; ``...`` stands for any lines, times may differ."""
    if not shown or not printed:
        return shown == printed or shown == ["..."]
    if shown[0] == "...":
        return any(agrees(shown[1:], printed[k:]) for k in range(len(printed) + 1))
    return _timeless(shown[0]) == _timeless(printed[0]) and agrees(shown[1:], printed[1:])


def _timeless(line: str) -> str:
    return re.sub(r"\b\d+\.\d\d s\b", "0.00 s", line)


# Tables made from the code


def table(what: str) -> list[str]:
    """Return the lines of the generated table of that name."""
    made = {"rooms": rooms, "steps": steps, "kernel": kernel, "rules": rules, "axioms": axioms, "library": library}
    return made[what]()


@functools.cache
def imports() -> dict[str, dict[str, list[str]]]:
    """Return, for each room, the rooms that it imports, each with the modules that do so."""
    found: dict[str, dict[str, list[str]]] = {room: {} for room in ROOMS}
    for path in sorted((ROOT / "symlora").rglob("*.py")):
        parts = path.relative_to(ROOT / "symlora").with_suffix("").parts
        if parts[0] in found:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                for package, room, *_ in (name.split(".") for name in names if "." in name):
                    if package == "symlora" and room != parts[0]:
                        found[parts[0]].setdefault(room, []).append("/".join(parts))
    return found


def rooms() -> list[str]:
    """Return the table of rooms and what each imports."""
    lines = ["| room | imports of the package |", "|---|---|"]
    for room, uses in imports().items():
        lines.append(f"| `{room}` | {', '.join(f'`{one}`' for one in ROOMS if one in uses) or 'none'} |")
    return lines


def code_lines(text: str) -> int:
    """Return how many lines hold code, that is more than a comment, a docstring or nothing."""
    docstrings: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        body = getattr(node, "body", [])
        for one in body if isinstance(body, list) else []:
            if isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant) and isinstance(one.value.value, str):
                docstrings.update(range(one.lineno, (one.end_lineno or one.lineno) + 1))
    empty = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    used = {line for t in tokens if t.type not in empty for line in range(t.start[0], t.end[0] + 1)}
    return len(used - docstrings)


def kernel() -> list[str]:
    """Return the table of the kernel's modules with their first sentence and their lines."""
    lines, all_lines, all_code = ["| module | what it does | lines | of code |", "|---|---|---|---|"], 0, 0
    for path in sorted((ROOT / "symlora" / "kernel").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        said = (ast.get_docstring(ast.parse(text)) or "").splitlines()[0]
        total, code = len(text.splitlines()), code_lines(text)
        lines.append(f"| `{path.name}` | {said.replace('|', '/')} | {total} | {code} |")
        all_lines, all_code = all_lines + total, all_code + code
    return [*lines, f"| together | | {all_lines} | {all_code} |"]


def steps() -> list[str]:
    """Return the table of the rules with the fields that a step of each has, as the kernel demands them."""
    from symlora.kernel.rules import FORMS

    lines = ["| rule | fields |", "|---|---|"]
    for rule, form in FORMS.items():
        lines.append(f"| `{rule}` | {_form(form)[1:-1]} |")
    return lines


def _form(form: object) -> str:
    """Return in words what values have a form of the kernel."""
    from symlora.kernel.rules import BLOCK, NAT_PROOF, REL_PROOF

    words = [
        (str, "text"),
        (int, "integer"),
        (dict, "object"),
        (NAT_PROOF, "*bound*"),
        (REL_PROOF, "*bounds*"),
        (BLOCK, "*block*"),
    ]
    for known, word in words:
        if form == known:
            return word
    if isinstance(form, list):
        return f"list of {_form(form[0])}"
    if isinstance(form, dict) and list(form) == ["*"]:
        return f"object of {_form(form['*'])}"
    if isinstance(form, dict):
        return f"({'; '.join(f'`{name}` {_form(one)}' for name, one in form.items())})"
    raise TypeError(f"expected a form of the kernel, found {form!r}")


def axioms() -> list[str]:
    """Return every axiom as the kernel prints it."""
    from symlora.commands.certificates import axiom_lines
    from symlora.kernel.replay import axioms as known

    return ["```text", *axiom_lines(list(known()))[1:], "```"]


def rules() -> list[str]:
    """Return every rule of the kernel with its docstring, as the kernel has it."""
    from symlora.kernel import citation, definitions
    from symlora.kernel.rules import RULES

    lines = ["```text"]
    for name, rule in RULES.items():
        function = {"define": definitions.define, "cite": citation.cite}.get(name, rule)
        said = (inspect.getdoc(function) or "").splitlines()
        lines += [name, *(f"  {line}".rstrip() for line in said), ""]
    return [*lines[:-1], "```"]


def theorems() -> Iterator[tuple[Path, str, str, str]]:
    """Yield script, id, title and source of each theorem of the library, read without running anything."""
    for path in sorted((ROOT / "proofs").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "theorem":
                words = {k.arg: ast.literal_eval(k.value) for k in node.keywords}
                yield path, ast.literal_eval(node.args[0]), words.get("title", ""), words.get("source", "")


def library() -> list[str]:
    """Return the table of the library's theorems, by script."""
    lines: list[str] = []
    before = None
    for path, name, title, source in theorems():
        if path != before:
            said = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").splitlines()[0]
            lines += ["", f"## `{path.relative_to(ROOT)}`", "", said, ""]
            lines += ["| theorem | what it says | source |", "|---|---|---|"]
            before = path
        lines.append(f"| `{name}` | {title} | {source} |")
    return [*lines[1:], "", f"{len(list(theorems()))} theorems."]


def updated(path: Path, cache: Path) -> str:
    """Return the text of a page with outputs that no longer agree, and all tables, made anew."""
    page = read(path)
    news = [(a, b, list(table(what))) for a, b, what in page.tables]
    for (a, b), printed in zip(page.outputs, run(page, cache), strict=True):
        if not agrees(page.lines[a:b], printed):
            news.append((a, b, printed))
    for a, b, lines in sorted(news, reverse=True):
        page.lines[a:b] = lines
    return "\n".join(page.lines) + "\n"


def main() -> int:
    """Rewrite the pages named on the command line, all if none is named; say which ones changed."""
    sys.path.insert(0, str(ROOT))
    with tempfile.TemporaryDirectory() as cache:
        for path in [Path(name).resolve() for name in sys.argv[1:]] or PAGES:
            text = updated(path, Path(cache))
            if text != path.read_text(encoding="utf-8"):
                path.write_text(text, encoding="utf-8")
                sys.stdout.write(f"rewrote {path.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
