"""Sphinx configuration: `sphinx-build -b html docs docs/_build`."""

from __future__ import annotations

from typing import Any

from pygments.lexers.special import TextLexer

import symlora

project = "symlora"
author = "The symlora developers"
copyright = "2026, The symlora developers"
version = release = symlora.__version__

extensions = ["myst_parser"]
myst_enable_extensions = ["dollarmath"]
exclude_patterns = ["_build"]
html_theme = "furo"

PLAIN = ("claims", "declarations")
"""Languages of code blocks that no highlighter knows; the tests read them."""


def setup(app: Any) -> None:
    """Show blocks of these languages as plain text."""
    for name in PLAIN:
        app.add_lexer(name, TextLexer)
