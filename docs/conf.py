"""Sphinx configuration: `sphinx-build -b html docs docs/_build`."""

from __future__ import annotations

import symlora

project = "symlora"
author = "The symlora developers"
copyright = "2026, The symlora developers"
version = release = symlora.__version__

extensions = ["myst_parser"]
myst_enable_extensions = ["dollarmath"]
exclude_patterns = ["_build"]
html_theme = "furo"
