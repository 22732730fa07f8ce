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
    write = sys.stdout.write
    if len(arguments) != 1:
        sys.stderr.write(f"symlora.kernel: expected one certificate file, found {len(arguments)} arguments\n")
        return 2
    try:
        theorems = replay(load_file(Path(arguments[0])))
    except Unreadable as error:
        sys.stderr.write(f"symlora.kernel: {error}\n")
        return 2
    except Rejected as error:
        sys.stderr.write(f"symlora.kernel: rejected: {error}\n")
        return 1
    last = theorems[-1]
    write(f"{last.statement}\nsha256 {last.digest}\n")
    write(f"rules used: {', '.join(last.rules)}\n")
    write(f"cites, all replayed here: {', '.join(t.name for t in theorems[:-1]) or 'nothing'}\n")
    write(f"open holes: {'; '.join(last.holes)}\n" if last.holes else "proved, with nothing left open\n")
    return 1 if last.holes else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
