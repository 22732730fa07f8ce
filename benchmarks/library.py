"""The certificates of the library, made by running its proof scripts in this process."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from symlora.proof.registry import registry

PROOFS = Path(__file__).resolve().parent.parent / "proofs"


def library(under: str = "") -> dict[str, dict[str, Any]]:
    """Return the certificate bundle of every theorem in the scripts whose path below `proofs` starts with `under`.

    A script that they cite is run too. Earlier results are forgotten, so a second call proves everything again.
    """
    registry.built.clear()
    scripts = dict.fromkeys(sorted(PROOFS.glob("*/*.py")))

    def execute(path: Path) -> None:
        del scripts[path]
        spec = importlib.util.spec_from_file_location(f"proof_{path.stem}", path)
        if spec is not None and spec.loader is not None:
            spec.loader.exec_module(importlib.util.module_from_spec(spec))

    def bring(theorem: str) -> None:
        """Run the script that proves a cited theorem."""
        for path in [path for path in scripts if f'theorem("{theorem}"' in "".join(path.read_text().split())]:
            execute(path)

    registry.loader = bring
    for path in list(scripts):
        if path in scripts and path.relative_to(PROOFS).as_posix().startswith(under):
            execute(path)
    return {name: registry.bundle(name) for name in registry.built}
