"""The construction of Lemma 1 on many large float instances: ``symlora sweep linear``."""

from __future__ import annotations

import csv
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from symlora.domains.backend import Backend
from symlora.domains.execution import Program, program
from symlora.domains.floating import Floats, Record, run
from symlora.networks.linear import float_model, floats
from symlora.runs.errors import RunError
from symlora.sweep.gate import Disagreement, gate
from symlora.sweep.plan import plan
from symlora.sweep.state import State

THEOREM = "linear/lemma-1/sharp"
SEEDS = 1 << 63


@dataclass(frozen=True)
class Options:
    """What to sweep: sizes, how many instances, where and how to compute, and where to write."""

    width: int
    depth: int
    rank: int
    instances: int
    out: Path
    backend: str = "numpy"
    dtype: str = "float64"
    seed: int = 0
    memory: float = 2.0
    resume: bool = False


def theorem_program(name: str = THEOREM) -> tuple[Program, str]:
    """Return a theorem of the library, checked, as a program, and the digest of its statement."""
    from symlora.kernel.form import load
    from symlora.kernel.replay import Library
    from symlora.runs.check import Options as Checking
    from symlora.runs.check import check

    found = check([], Checking(name))
    report = next((t for t in found.theorems if t.id == name), None)
    if report is None or not report.bundle or not report.passed:
        verdict = "not there" if report is None else report.verdict.word
        raise RunError(f"expected {name} to be proved in the library, found: {next(iter(found.errors), verdict)}")
    library = Library()
    programs: dict[str, Program] = {}
    for theorem in load(report.bundle)["theorems"]:
        programs[theorem["name"]] = program(theorem, library, programs)
        library.check(theorem)
    return programs[name], report.digest


@dataclass
class Swept:
    """What a sweep found: the chunks in order, and the files that were written."""

    chunks: list[dict[str, Any]]
    files: list[Path]
    notes: list[str]
    instances: int
    eps: float

    @property
    def unexplained(self) -> int:
        """Return how many facts, counted in chunks, are off by more than rounding explains in some instance."""
        return sum(row["unexplained"] > 0 for chunk in self.chunks for row in chunk["rows"])

    def lines(self) -> list[str]:
        """Return the result in words: every goal, then all facts together."""
        import numpy

        found = []
        for path in self.chunks[0]["goals"]:
            rows = [row for chunk in self.chunks for row in chunk["rows"] if row["fact"] == path]
            errors = numpy.concatenate([numpy.asarray(c["goals"][path]["error"]) for c in self.chunks])
            worst = max(rows, key=lambda row: row["max_error"])
            predicted, condition = worst["figure"] * self.eps, max(row["condition"] for row in rows)
            unsure, missing = (sum(row[key] for row in rows) for key in ("open", "left_out"))
            found += [
                f"{path.removeprefix('goal ')}: {worst['statement']}",
                f"  relative error: {worst['max_error']:.1e} at most, {numpy.median(errors):.1e} in the median",
                f"  at most in instance {worst['instance']}, where rounding predicts about {predicted:.1e}",
                f"  largest condition number of what was inverted: {condition:.1e}",
                f"  {unsure} instances too ill-conditioned to tell, {missing} without a value",
            ]
        rows = [row for chunk in self.chunks for row in chunk["rows"]]
        told = {row["fact"] for chunk in self.chunks for row in chunk["rows"]
                if row["open"] + row["left_out"] < chunk["count"]}  # fmt: skip
        facts = list(dict.fromkeys(row["fact"] for row in rows))
        silent = [fact for fact in facts if fact not in told]
        found.append(f"{len(facts)} facts on {self.instances} instances; off by more than rounding explains: "
                     f"{self.unexplained or 'none'}")  # fmt: skip
        if silent:
            goals = [path.removeprefix("goal ") for path in self.chunks[0]["goals"] if path not in told]
            found.append(f"floats tell nothing of {len(silent)} facts, every instance being too ill-conditioned; "
                         f"goals among them: {', '.join(goals) or 'none'}")  # fmt: skip
        return found + self.notes + [f"wrote {path}" for path in self.files]


def sweep(options: Options, tell: Callable[[str], None] = lambda line: None) -> Swept:
    """Evaluate the proof of Lemma 1's construction on random float instances, chunk after chunk.

    `tell` is called with lines about progress. Raises `RunError` for bad input, and where floats disagree with exact
    values on small instances; `symlora.domains.backend.Missing` for a backend that cannot be used.
    """
    from symlora.domains.backend import backend

    device = backend(options.backend)
    if not 0 <= options.seed < SEEDS:
        raise RunError(f"expected a seed from 0 to {SEEDS - 1}, found {options.seed}")
    if not 0 < options.memory < 1 << 20:
        raise RunError(f"expected a bound on memory above 0 GiB, found {options.memory}")
    code, digest = theorem_program()
    planned = plan(code, options.width, options.depth, options.rank, options.instances, device, options.dtype,
                   options.memory)  # fmt: skip
    tell(f"{options.instances} instances of {THEOREM} with width {options.width}, depth {options.depth}, "
         f"rank {options.rank} in {options.dtype}: {planned}")  # fmt: skip
    try:
        tell(f"gate: {gate(code, device, options.dtype)}")
    except Disagreement as error:
        raise RunError(f"expected {options.backend} to agree with exact values, found: {error}") from None
    configuration = {**asdict(options), "theorem": digest, "chunk": planned.chunk}
    for key in ("out", "memory", "resume"):
        del configuration[key]
    state = State(options.out, configuration, options.resume)
    starts = range(0, options.instances, planned.chunk)
    sizes = [min(planned.chunk, options.instances - first) for first in starts]
    # All are read before the first one is computed: a damaged file shows at once.
    kept = [state.load(number, first, sizes[number]) for number, first in enumerate(starts)]
    chunks: list[dict[str, Any]] = []
    for number, first in enumerate(starts):
        begun = time.perf_counter()
        found = kept[number]
        if found is None:
            found = _chunk(code, device, options, first, sizes[number])
            state.save(number, found)
            how = f"{time.perf_counter() - begun:.1f} s"
        else:
            how = "kept"
        chunks.append(found)
        tell(f"chunk {number + 1} of {len(sizes)}: {first + sizes[number]} of {options.instances} instances, {how}")
    files, notes = [_table(options.out / "sweep.csv", chunks)], []
    eps = float(device.xp.finfo(getattr(device.xp, options.dtype)).eps)
    from symlora.sweep.plot import plot

    picture = plot(options.out / "sweep.png", chunks, eps, f"width {options.width}, depth {options.depth}, "
                   f"rank {options.rank}, {options.instances} instances, {options.dtype}")  # fmt: skip
    if picture is None:
        notes.append(
            "matplotlib is not installed: no picture was written; install it with: pip install 'symlora[plot]'"
        )
    else:
        files.append(picture)
    return Swept(chunks, files, notes, options.instances, eps)


def _chunk(code: Program, device: Backend, options: Options, first: int, count: int) -> dict[str, Any]:
    """Return what one chunk gave, in the form that is kept."""
    weights = floats(options.width, options.depth, first, count, options.seed)
    model = float_model(code.setup, weights, options.rank, device, options.dtype)
    found: Floats = run(code, model)
    goals = {path: {"error": record.error.tolist(), "figure": record.figure.tolist()}
             for path, record in found.records.items() if path.startswith("goal ")}  # fmt: skip
    rows = [_row(record, first) for record in found.records.values()]
    return {"first": first, "count": count, "rows": rows, "goals": goals}


def _row(record: Record, first: int) -> dict[str, Any]:
    """Return a fact's line of the table: the instance with the largest error, and counts of instances."""
    import numpy

    k = record.worst
    return {
        "fact": record.path, "statement": record.fact, "kind": record.kind, "evaluated": record.evaluated,
        "max_error": float(record.error[k]), "median_error": float(numpy.median(record.error)), "instance": first + k,
        "figure": float(record.figure[k]), "condition": float(record.condition.max()),
        "open": int(record.open.sum()), "left_out": int(record.left_out.sum()),
        "unexplained": int(record.unexplained.sum()),
    }  # fmt: skip


def _table(place: Path, chunks: Sequence[dict[str, Any]]) -> Path:
    """Write one line for every fact of every chunk."""
    try:
        with place.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, ["chunk", "first", "count", *chunks[0]["rows"][0]])
            writer.writeheader()
            for number, chunk in enumerate(chunks):
                same = {"chunk": number, "first": chunk["first"], "count": chunk["count"]}
                writer.writerows({**same, **row} for row in chunk["rows"])
    except OSError as error:
        raise RunError(f"expected a file that can be written, found {place}: {error.strerror}") from None
    return place


def sweep_command(argv: Sequence[str]) -> int:
    """Run ``symlora sweep`` with these arguments; return 0, 1 if an error is unexplained, 2 for bad input."""
    from symlora.domains.backend import Missing

    def tell(line: str) -> None:
        sys.stderr.write(line + "\n")
        sys.stderr.flush()

    try:
        found = sweep(read_options(argv), tell)
    except (RunError, Missing) as error:
        tell(f"symlora: {error}")
        return 2
    except MemoryError:
        tell("symlora: expected the planned memory to be free, found that it is not; --memory sets a lower bound, "
             "and finished chunks are kept for --resume")  # fmt: skip
        return 2
    except KeyboardInterrupt:
        tell("symlora: expected to run to the end, found an interrupt; finished chunks are kept for --resume")
        return 2
    sys.stdout.write("\n".join(found.lines()) + "\n")
    return 1 if found.unexplained else 0


def read_options(argv: Sequence[str]) -> Options:
    """Return the options that these arguments give; raises `RunError` for bad ones."""
    from symlora.sweep.arguments import parser

    values = vars(parser().parse_args(list(argv)))
    del values["network"]
    return Options(**values)
