"""Time the proof engines and the command line, all in one run: `python benchmarks/engines.py`.

For every equation of a few theorems: the search for cofactors with its check by the kernel (medians), beside Singular's
Letterplace on the same problem if the program `Singular` is there. Both get the same facts; Letterplace works with free
letters and so needs transposed letters and transposed facts as such. Only numbers are printed, nothing is asserted.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from library import library  # noqa: E402

from symlora.kernel import rules as kernel_rules  # noqa: E402
from symlora.kernel.replay import replay  # noqa: E402
from symlora.rules import algebra, nonsingular, quantified  # noqa: E402
from symlora.rules.alphabet import Alphabet, Polynomial  # noqa: E402
from symlora.rules.cofactors import NotFound, find_cofactors  # noqa: E402
from symlora.rules.scope import Scope  # noqa: E402

# Script, theorem, the largest time wanted for one equation in milliseconds.
THEOREMS = (
    ("linear/change_of_product.py", "linear/change-of-product", 10),
    ("linear/construction.py", "linear/construction", 10),
    ("matrix/woodbury.py", "matrix/push-through", 10),
    ("matrix/woodbury.py", "matrix/woodbury", 10),
    ("matrix/moore_penrose.py", "matrix/moore-penrose-unique", 150),
    ("matrix/hua.py", "matrix/hua", 100),
    ("matrix/schur.py", "matrix/schur-inverse", 150),
)
GROWTH = 10
"""How many letters the words in Singular may have beyond the longest of the problem."""
Problem = tuple[Polynomial, list[Polynomial], Alphabet]


@dataclass
class Equation:
    """One equation of the library: its search (with the kernel's check) and its replay, in seconds, and the problem."""

    name: str
    search: list[float] = field(default_factory=list)
    check: list[float] = field(default_factory=list)
    problem: Problem | None = None


class Watch:
    """Times every equation while proof scripts run."""

    def __init__(self) -> None:
        self.equations: dict[str, dict[str, Equation]] = {}
        self.now: dict[str, Equation] = {}
        self._problem: Problem | None = None

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Put stop-watches around the search and the kernel's rule for equations."""
        prove, find, eq = algebra.prove_equation, find_cofactors, kernel_rules.RULES["eq"]

        def timed_prove(scope: Scope, goal: Any, names: Sequence[str], name: str, limits: Any = None) -> Any:
            start = time.perf_counter()
            failure = prove(scope, goal, names, name, limits)
            if failure is None:
                entry = self.now.setdefault(name, Equation(name))
                entry.search.append(time.perf_counter() - start)
                entry.problem = self._problem
            return failure

        def kept_find(*arguments: Any) -> Any:
            self._problem = arguments[:3]
            return find(*arguments)

        def timed_eq(ctx: Any, step: dict[str, Any], scope: Any) -> None:
            start = time.perf_counter()
            eq(ctx, step, scope)
            self.now.setdefault(step["as"], Equation(step["as"])).check.append(time.perf_counter() - start)

        modules: tuple[Any, ...] = (quantified, nonsingular)
        try:
            for module in modules:
                module.prove_equation = timed_prove
            algebra.find_cofactors, kernel_rules.RULES["eq"] = kept_find, timed_eq  # type: ignore[assignment]
            yield
        finally:
            for module in modules:
                module.prove_equation = prove
            algebra.find_cofactors, kernel_rules.RULES["eq"] = find, eq


def measure(repeats: int) -> dict[str, dict[str, Equation]]:
    """Return the equations of each theorem, proved and replayed `repeats` times."""
    found: dict[str, dict[str, Equation]] = {name: {} for _, name, _ in THEOREMS}
    for script in dict.fromkeys(script for script, _, _ in THEOREMS):
        for round_number in range(repeats + 1):
            watch = Watch()
            for name, equations in theorem_by_theorem(script, watch).items():
                for label, equation in equations.items():
                    if name in found and round_number:
                        kept = found[name].setdefault(label, Equation(label, problem=equation.problem))
                        kept.search += equation.search
                        kept.check += equation.check[-1:]
    return found


def theorem_by_theorem(script: str, watch: Watch) -> dict[str, dict[str, Equation]]:
    """Run a script; return the equations of each of its theorems. Every bundle is replayed once more as a whole."""
    from symlora.proof.registry import registry

    parts: dict[str, dict[str, Equation]] = {}

    def finished(built: Any) -> None:
        parts[built.data["name"]], watch.now = watch.now, {}

    registry.finished = finished
    try:
        with watch.watching():
            bundles = library(script)
            for name in parts:
                watch.now = parts[name]
                replay(bundles[name])
    finally:
        registry.finished = None
    return {name: {k: e for k, e in equations.items() if e.search} for name, equations in parts.items()}


class Letterplace:
    """The same problem for Singular: free letters, one variable for each letter that occurs."""

    def __init__(self, problem: Problem) -> None:
        goal, facts, alphabet = problem
        self.alphabet = alphabet
        used = {x for p in (goal, *facts) for (loops, word) in p.terms for x in (*word, *(y for w in loops for y in w))}
        ideal = list(facts)
        for fact in facts:
            flipped = self.flip(fact)
            letters = {x for _, word in flipped.terms for x in word}
            # Without transposed letters in the problem, transposed facts say nothing new.
            known = any(self.same(flipped, other) for other in ideal)
            if letters & used and not known:
                ideal.append(flipped)
                used |= letters
        self.names = {x: f"x{position}" for position, x in enumerate(sorted(used))}
        self.goal, self.ideal = self.text(goal), [self.text(fact) for fact in ideal]
        self.longest = max(len(word) for p in (goal, *ideal) for _, word in p.terms)

    def flip(self, p: Polynomial) -> Polynomial:
        """Return the transpose of a polynomial."""
        flipped = self.alphabet.transposed
        terms = {(loops, tuple(flipped[x] for x in reversed(word))): c for (loops, word), c in p.terms.items()}
        return Polynomial(p.cols, p.rows, terms)

    @staticmethod
    def same(p: Polynomial, q: Polynomial) -> bool:
        """Return whether p is q or -q."""
        return p.terms in (q.terms, {monomial: -c for monomial, c in q.terms.items()})

    def text(self, p: Polynomial) -> str:
        """Return a polynomial as Singular reads it."""
        words = ("*".join([f"({c})", *(self.names[x] for x in word)]) for (_, word), c in p.terms.items())
        return "+".join(words)

    def script(self, bound: int) -> str:
        """Return the commands that find cofactors with words of at most `bound` letters and print the time."""
        return "\n".join(
            [
                'LIB "freegb.lib"; system("--ticks-per-sec", 1000000);',
                f"ring r = 0,({','.join(self.names.values())}),(c,dp);",
                f"ring R = freeAlgebra(r, {bound}, {len(self.ideal)});",
                f"ideal I = {','.join(self.ideal)}; ideal C = {self.goal};",
                "int start = rtimer; matrix T = lift(I, C); int ticks = rtimer - start;",
                'print("residue " + string(testLift(I, T)[1,1] - C[1])); print("ticks " + string(ticks)); quit;',
            ]
        )

    def run(self, program: str, limit: float) -> tuple[float, float, int] | str:
        """Return (milliseconds in ``lift``, in the whole process, bound), or in words why there are none.

        The bound on the word length starts at the longest word of the problem and grows until cofactors are found.
        """
        for bound in range(self.longest, self.longest + GROWTH + 1):
            start = time.perf_counter()
            try:
                done = subprocess.run([program, "-q", "--no-rc"], input=self.script(bound), capture_output=True,
                                      text=True, timeout=limit, check=False)  # fmt: skip
            except subprocess.TimeoutExpired:
                return f"stopped after {limit:.0f} s at words of {bound} letters"
            whole = 1000 * (time.perf_counter() - start)
            lines = [line.split() for line in done.stdout.splitlines()]
            if ["residue", "0"] in lines:
                return next(int(line[1]) / 1000 for line in lines if line[:1] == ["ticks"]), whole, bound
        return f"no cofactors with words of up to {self.longest + GROWTH} letters"


def engines(repeats: int, limit: float) -> None:
    """Print the table of equations."""
    singular = shutil.which("Singular")
    if singular is None:
        print("Singular is not on PATH (Debian package `singular`), so its columns are empty.\n")
    print(f"{'theorem':28} {'equation':18} {'search+check':>12} {'replay':>8} {'wanted':>9}"
          f" {'search alone':>13} {'lift':>9} {'process':>9} {'ratio':>7}")  # fmt: skip
    ratios = []
    found = measure(repeats)
    for _, theorem, wanted in THEOREMS:
        for equation in found[theorem].values():
            search, check = (1000 * statistics.median(times) for times in (equation.search, equation.check))
            alone, note = "", ""
            if equation.problem is not None:
                problem = equation.problem
                times = median(lambda p=problem: find_cofactors(*p), repeats)  # type: ignore[misc]
                alone = f"{times:.2f}"
                if singular is not None and not isinstance(find_cofactors(*problem), NotFound):
                    outcome = Letterplace(problem).run(singular, limit)
                    if isinstance(outcome, str):
                        note = outcome
                    else:
                        lift, whole, bound = outcome
                        ratios.append(lift / times)
                        note = f"{lift:9.2f} {whole:9.0f} {lift / times:7.1f}  words up to {bound}"
            over = "<=" if search <= wanted else "over"
            cells = f"{search:12.2f} {check:8.2f} {over:>5} {wanted:3} {alone:>13} {note}"
            print(f"{theorem:28} {equation.name:18} {cells}")
    if ratios:
        print(f"\nlift / search alone: median {statistics.median(ratios):.1f}, "
              f"least {min(ratios):.1f}, largest {max(ratios):.1f}, over {len(ratios)} equations")  # fmt: skip


def median(call: Callable[[], object], repeats: int) -> float:
    """Return the median time of a call in milliseconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        call()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times)


def processes(repeats: int) -> None:
    """Print the times of whole processes."""
    cli = [sys.executable, "-c", "import sys; from symlora.cli import main; sys.exit(main(sys.argv[1:]))"]
    library_path = str(HERE.parent / "proofs")
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}

    def run(command: list[str], **more: str) -> None:
        subprocess.run(command, env={**environment, **more}, capture_output=True, check=False, stdin=subprocess.DEVNULL)

    print(f"\n{'process':44} {'median':>10} {'wanted':>10}")
    for name, command, wanted in (
        ("python -c pass", [sys.executable, "-c", "pass"], ""),
        ("python -c 'import symlora'", [sys.executable, "-c", "import symlora"], "100 ms"),
        ("symlora --help", [*cli, "--help"], "250 ms"),
    ):
        print(f"{name:44} {median(lambda c=command: run(c), repeats):7.0f} ms {wanted:>10}")  # type: ignore[misc]
    with tempfile.TemporaryDirectory() as cache:
        for name in ("symlora check, the library, nothing cached", "symlora check, the library, cached"):
            times = median(lambda: run([*cli, "check", library_path], SYMLORA_CACHE=cache), 1)
            print(f"{name:44} {times:7.0f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the proof engines and the command line.")
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--limit", type=float, default=60, help="seconds for one run of Singular")
    options = parser.parse_args()
    machine = f"Python {platform.python_version()}, {os.cpu_count()} cores"
    print(f"{machine}; medians of {options.repeats} runs, milliseconds\n")
    engines(options.repeats, options.limit)
    processes(options.repeats)


if __name__ == "__main__":
    main()
