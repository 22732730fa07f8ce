"""Every check of the kernel has a case, and is needed for it: without the check the attack passes, or breaks down."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import symlora.kernel

from .case import Case
from .corpus import ALL
from .weakened import weakened

# Checks that guard form: without them the certificate is not accepted but stopped later, by the exception named here.
# "raise" marks those that are no condition but a bare refusal: there is no value to go on with.
FORM = {
    "cases-names": ("IndexError", "two names are taken"),
    "choose-names": ("Rejected", "the second declaration is refused as not fresh"),
    "cite-complete": ("KeyError", "no value to take"),
    "cite-goal": ("KeyError", "no such goal"),
    "cite-known": ("KeyError", "no such theorem: circles are impossible by construction"),
    "fact-known": ("KeyError", "no such fact"),
    "have-assume": ("Rejected", "a condition without a name is not in scope"),
    "multiple": ("Rejected", "a term is unpacked into three"),
    "name-known": ("KeyError", "no such symbol"),
    "nat-equation": ("IndexError", "two proofs are taken"),
    "one-letter": ("IndexError", "no letter to take"),
    "rule-known": ("KeyError", "no such rule"),
    "setup-kind": ("KeyError", "no such item"),
    "such-axiom": ("KeyError", "no such axiom"),
    "zero-denominator": ("ZeroDivisionError", "the number does not exist"),
    "json-size": ("", "a limit on memory and time only; the good certificate behind the blanks is then accepted"),
    "cite-head": ("raise", "no name to go on with"),
    "file": ("raise", "no bytes to read"),
    "json-ascii": ("raise", "no text to read"),
    "json-float": ("raise", "no integer to go on with"),
    "json-syntax": ("raise", "no document to go on with"),
    "size-replay": ("raise", "numbers and nesting that the interpreter refuses"),
    "syntax": ("raise", "no term to go on with"),
    "usage": ("", "the command line"),
}
# Holds already by the other checks of shapes; it is what stops the attack when one of those is removed.
SECOND = {"shape-replaced": ("cited-scalars-as-matrices", "cite-shape")}
# Reached by the command line only.
COMMAND = {"file", "usage"}
OPENED = {case.check for case in ALL if case.without}


def checks() -> set[str]:
    """Return the names of all checks in the source of the kernel."""
    found = set()
    position = {"need": 1, "Rejected": 0, "Unreadable": 0}
    for path in Path(symlora.kernel.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in position:
                name = node.args[position[node.func.id]]
                if isinstance(name, ast.Constant):
                    found.add(name.value)
                else:  # `need` itself, and the renaming of a refusal as unreadable
                    assert ast.unparse(name) in ("check", "error.check")
    return found


def test_every_check_has_a_case() -> None:
    assert checks() - COMMAND - set(SECOND) == {case.check for case in ALL}


def test_every_check_is_needed() -> None:
    assert checks() == OPENED | set(FORM) | set(SECOND)
    assert not OPENED & (set(FORM) | set(SECOND))


BROKEN = [
    next(case for case in ALL if case.check == name) for name, (after, _) in FORM.items() if after not in ("", "raise")
]


@pytest.mark.parametrize("case", BROKEN, ids=[case.check for case in BROKEN])
def test_form_is_stopped_later(case: Case) -> None:
    kernel = weakened(case.check)
    after = FORM[case.check][0]
    with pytest.raises(Exception) as caught:  # noqa: PT011
        kernel.replay(kernel.load(case.data()))
    assert type(caught.value).__name__ == after


@pytest.mark.parametrize(("check", "name", "removed"), [(check, *case) for check, case in SECOND.items()])
def test_second_line(check: str, name: str, removed: str) -> None:
    kernel = weakened(removed)
    with pytest.raises(kernel.rejected) as caught:
        kernel.replay(kernel.load(next(case for case in ALL if case.id == name).data()))
    assert caught.value.check == check


def test_cases_have_different_names() -> None:
    assert len({case.id for case in ALL}) == len(ALL) >= 400
