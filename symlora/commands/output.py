"""What every command shares: lines to the terminal, files, and the error for bad usage."""

from __future__ import annotations

import sys
from pathlib import Path


class Usage(Exception):
    """Bad usage or unreadable input."""


def write(text: str) -> None:
    """Write a line to standard output."""
    sys.stdout.write(text + "\n")


def complain(text: str) -> None:
    """Write a line to standard error."""
    encoding = sys.stderr.encoding or "ascii"
    sys.stderr.write(f"symlora: {text}".encode(encoding, "replace").decode(encoding) + "\n")


def save(text: str, target: str, what: str) -> None:
    """Write text to a file, or to standard output for ``-``; `what` names the option or the thing in an error."""
    if target == "-":
        write(text)
        return
    try:
        Path(target).write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise Usage(f"expected a file that can be written for {what}, found {target}: {error.strerror}") from None
