"""Decide the corpus of claims and print what was solved, by kind: ``python benchmarks/claims.py [SECONDS] [PART]``.

SECONDS is the time for each claim (default 10), PART selects claims that contain it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from claims_corpus import CORPUS, Case

from symlora.decide.decision import Decision
from symlora.decide.verdict import decide

RIGHT = {True: ("proved",), False: ("refuted",)}
WRONG = {True: ("refuted",), False: ("proved", "proved-at-shape")}


def main() -> int:
    """Run the corpus; the exit status is 1 if a verdict is wrong."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    part = sys.argv[2] if len(sys.argv) > 2 else ""
    done: list[tuple[Case, Decision]] = []
    for case in CORPUS:
        if part in case.claim or part == case.kind:
            found = decide(case.claim, case.let, case.given, seconds=seconds)
            done.append((case, found))
            if found.verdict not in RIGHT[case.true]:
                label = "WRONG" if found.verdict in WRONG[case.true] else found.verdict
                sys.stdout.write(f"{label}: {case.claim} is {str(case.true).lower()} ({found.seconds:.1f} s)\n")
                sys.stdout.flush()
    wrong = table(done)
    return 1 if wrong else 0


def table(done: list[tuple[Case, Decision]]) -> int:
    """Print the table; return the number of wrong verdicts."""
    sys.stdout.write(f"{'kind':<16}{'truth':<7}{'claims':>7}{'solved':>8}{'unknown':>9}{'wrong':>7}{'median s':>10}\n")
    total = 0
    keys = list(dict.fromkeys((case.kind, case.true) for case, _ in done))
    for kind, true in [*keys, ("all", True), ("all", False)]:
        chosen = [(c, d) for c, d in done if (kind in (c.kind, "all")) and c.true is true]
        if not chosen:
            continue
        solved = [d for c, d in chosen if d.verdict in RIGHT[true]]
        wrong = sum(d.verdict in WRONG[true] for _, d in chosen)
        total += wrong if kind != "all" else 0
        middle = f"{median(d.seconds for d in solved):.2f}" if solved else "-"
        sys.stdout.write(f"{kind:<16}{'true' if true else 'false':<7}{len(chosen):>7}{len(solved):>8}"
                         f"{len(chosen) - len(solved) - wrong:>9}{wrong:>7}{middle:>10}\n")  # fmt: skip
    return total


if __name__ == "__main__":
    sys.exit(main())
