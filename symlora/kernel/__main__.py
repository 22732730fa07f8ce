"""``python -S -m symlora.kernel CERTIFICATE.json``: replay a certificate and print what it proves.

Exit status: 0 proved, 1 rejected or with holes, 2 not a readable certificate.
"""

from __future__ import annotations

import sys
from pathlib import Path

from symlora.kernel.errors import Rejected, Unreadable
from symlora.kernel.form import load_file
from symlora.kernel.replay import replay


def main(arguments: list[str]) -> int:
    """Replay the certificate named by the one argument; print the statement of its last theorem."""
    try:
        if len(arguments) != 1:
            raise Unreadable("usage", "one certificate file", f"{len(arguments)} arguments")
        theorems = replay(load_file(Path(arguments[0])))
    except Rejected as error:
        unreadable = isinstance(error, Unreadable)
        sys.stderr.write(f"symlora.kernel: {'' if unreadable else 'rejected: '}{error}\n")
        return 2 if unreadable else 1
    last = theorems[-1]
    also = ", ".join(t.name for t in theorems[:-1]) or "nothing"
    end = "not proved: it assumes what it lists" if last.holes else "proved, with nothing left open"
    sys.stdout.write(f"{last.statement}\nsha256 {last.digest}\nalso replayed: {also}\n{end}\n")
    return 1 if last.holes else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
