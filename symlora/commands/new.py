"""``symlora new``: a commented starting point."""

from __future__ import annotations

import argparse
from pathlib import Path

from symlora.commands.output import Usage, write

TEMPLATE = '''"""A proof script: run it with `symlora check THIS_FILE`.

Each theorem is a statement, then steps. A step is a claim and the reason for it; the reason is searched by machine,
and what is found is checked by a small kernel. Change a sign and check again: the step that is wrong is named, with
the smallest matrices that break it.
"""

from symlora import by, eq, inv, nonsingular, theorem

with theorem("my/first-theorem", title="The inverse of a product") as t:
    # The statement: sizes, matrices, and what is given about them.
    n = t.natural("n")
    A, B = t.matrices("A B", (n, n))
    t.given("A", nonsingular(A))
    t.given("B", nonsingular(B))

    # The proof: each step has a name, a claim and a reason that names the facts it needs.
    t.have("product", nonsingular(A*B), by.inverse(inv(B)*inv(A), "A", "B"))

    # What the theorem says. Write `by.sorry` for a reason that is not known yet.
    t.show(eq(inv(A*B), inv(B)*inv(A)), by.algebra("product", "A", "B"))
'''


def command_new(arguments: argparse.Namespace) -> int:
    """Write a commented starting point that checks as it is."""
    path = Path(arguments.file)
    if path.suffix != ".py":
        raise Usage(f"expected a file name that ends in .py, found {path}")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(TEMPLATE)
    except FileExistsError:
        raise Usage(f"expected the name of a new file, found {path}, which exists") from None
    except OSError as error:
        raise Usage(f"expected a file that can be written, found {path}: {error.strerror}") from None
    write(f"wrote {path}; check it with: symlora check {path}")
    return 0
