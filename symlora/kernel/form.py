"""The outer form of a certificate: strict JSON, and values of the declared type and nothing more.

A form is a type (`str`, `int`, `dict`), a list of one form (a list of such values), a dict of forms (exactly these
keys; one that ends in ``?`` may be missing; the key ``*`` stands for any keys), or a tuple of alternatives.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

from symlora.kernel.errors import Rejected, Unreadable, need

MAX_BYTES, MAX_INTEGER_DIGITS = 16_000_000, 1_000
FORMAT, VERSION = "symlora-certificate", 1


def matches(value: Any, form: Any) -> str:
    """Return what is wrong with `value`, empty if it has the form; ``true`` is no integer."""
    if isinstance(form, tuple):
        wrong = [matches(value, one) for one in form]
        return "" if "" in wrong else wrong[0]
    if isinstance(form, list):
        if type(value) is not list:
            return f"a {type(value).__name__} where a list is due"
        return next((w for w in (matches(v, form[0]) for v in value) if w), "")
    if isinstance(form, dict):
        if type(value) is not dict:
            return f"a {type(value).__name__} where an object is due"
        known = {key.removesuffix("?"): one for key, one in form.items()}
        for key in value:
            if key not in known and "*" not in known:
                return f"the unknown field {key!a}"
        for key in form:
            if key[-1] not in "?*" and key not in value:
                return f"no field {key!r}"
        return next((w for w in (matches(v, known.get(k, known.get("*"))) for k, v in value.items()) if w), "")
    return "" if type(value) is form else f"a {type(value).__name__} where a {form.__name__} is due"


def require(value: Any, form: Any, what: str) -> None:
    """Refuse unless `value` has the form."""
    wrong = matches(value, form)
    need(wrong == "", "form", f"the form of {what}", wrong)


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    need(len(found) == len(pairs), "json-duplicate", "every key once", lambda: f"one twice among {list(found)!a:.200}")
    return found


def _integer(text: str) -> int:
    need(len(text) <= MAX_INTEGER_DIGITS, "json-digits", f"at most {MAX_INTEGER_DIGITS} digits", lambda: str(len(text)))
    return int(text)


def _refuse(text: str) -> NoReturn:
    raise Rejected("json-float", "integers and strings only", f"{text[:40]!a}")


def load(data: bytes) -> dict[str, Any]:
    """Return the certificate in `data`, read without executing or coercing anything.

    Raises `Unreadable` for anything but strict JSON of this format and version: duplicate keys, floats, NaN, very
    long integers, deep nesting, truncation.
    """
    try:
        need(len(data) <= MAX_BYTES, "json-size", f"at most {MAX_BYTES} bytes", lambda: str(len(data)))
        value = json.loads(data.decode("ascii"), object_pairs_hook=_no_duplicates, parse_int=_integer,
                           parse_float=_refuse, parse_constant=_refuse)  # fmt: skip
        head = {"format": str, "version": int, "theorems": [dict]}
        require(value, head, "a certificate")
        need(value["format"] == FORMAT, "format-name", FORMAT, lambda: f"{value['format']!a:.60}")
        need(value["version"] == VERSION, "format-version", f"version {VERSION}", lambda: str(value["version"]))
        need(value["theorems"] != [], "format-empty", "at least one theorem", "none")
    except Rejected as error:
        raise Unreadable(error.check, error.expected, error.found) from None
    except UnicodeDecodeError as error:
        raise Unreadable("json-ascii", "ASCII text", f"byte {data[error.start]} at {error.start}") from None
    except (json.JSONDecodeError, RecursionError) as error:
        raise Unreadable("json-syntax", "a JSON document", f"{error}") from None
    return dict(value)


def load_file(path: Path) -> dict[str, Any]:
    """Return the certificate in a file; `Unreadable` names the path when it cannot be read."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Unreadable("file", "a readable file", f"{path}: {error.strerror}") from None
    try:
        return load(data)
    except Unreadable as error:
        error.where.append(str(path))
        raise
