"""Replay single-point mutants of every certificate of the library: `python benchmarks/mutants.py`.

A mutant that the kernel accepts is explained in one of these ways; anything else is printed in full, and the exit
status is 1:

- other statement: the last theorem has another statement hash, so a caller who compares hashes refuses it;
- another lemma: the last theorem is as expected, and a theorem that it cites is another one (its hash differs);
- same proof: every statement is as expected, and every step is a step of the original in canonical form;
- other proof: every statement is as expected, and some step derives another fact.

In addition, every certificate of an equation or inequality in an accepted mutant is recomputed with random numbers, and
unless it is the same proof, all facts that it derives are evaluated in exact models of its givens. An accepted proof
that fails either test is unexplained, whatever its hash. A crash is no acceptance, but the kernel owes every
certificate a refusal in words, so it counts as a failure of the run too.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from itertools import repeat
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import mutation  # noqa: E402
from library import library  # noqa: E402
from second_look import Look  # noqa: E402

from symlora.domains.execution import run_bundle  # noqa: E402
from symlora.kernel import form, replay  # noqa: E402
from symlora.kernel.errors import Rejected  # noqa: E402

Bundle = dict[str, Any]
MODELS = 5
CHUNK = 40
OUTCOMES = ("other statement", "another lemma", "same proof", "other proof", "UNEXPLAINED", "CRASH")


class Outcome(NamedTuple):
    """What became of a mutant: one of `OUTCOMES` or ``rejected``, and the check that refused it or the reason."""

    kind: str
    detail: str


class Original(NamedTuple):
    """What the genuine certificate says: the statement hashes, and the canonical steps of its theorems.

    `earlier` are all its theorems but the last, `known` what the kernel that judges mutants made of them, `seen` what
    the instrumented copy did.
    """

    last: str
    digests: dict[str, str]
    steps: dict[str, dict[Any, None]]
    earlier: list[Any]
    known: dict[str, Any]
    seen: dict[str, Any]


@lru_cache(maxsize=2)
def look(ignored: str) -> Look:
    """Return the instrumented copy of the kernel, made once per process."""
    return Look(ignored)


ORIGINALS: dict[tuple[str, str], Original] = {}


def original(bundle: Bundle, ignored: str = "") -> Original:
    """Return the facts about a genuine certificate; raises `ValueError` if it does not pass the second look."""
    key = (json.dumps(bundle), ignored)
    if key not in ORIGINALS:
        theorems = replay.replay(form.load(key[0].encode()))
        *earlier, last = bundle["theorems"]
        second = look(ignored)
        seen = second.replay(earlier)
        steps, wrong = second.steps, second.wrong
        second.replay([last], seen)
        if wrong + second.wrong:
            raise ValueError(f"{theorems[-1].name}: {wrong + second.wrong}")
        known = seen if ignored else {theorem.name: theorem for theorem in theorems[:-1]}
        digests = {theorem.name: theorem.digest for theorem in theorems}
        ORIGINALS.clear()
        ORIGINALS[key] = Original(theorems[-1].digest, digests, steps | second.steps, earlier, known, seen)
    return ORIGINALS[key]


def judge(mutant: Bundle, genuine: Original, ignored: str = "") -> Outcome:
    """Replay a mutant and explain it; with `ignored`, in a copy of the kernel without that check."""
    second = look(ignored)
    modules: Any = second.kernel if ignored else {"form": form, "replay": replay}
    refusal = second.kernel["errors"].Rejected if ignored else Rejected
    try:
        data = modules["form"].load(json.dumps(mutant).encode())
        earlier = data["theorems"][:-1]
        # What comes before is as it was, unless the list of theorems was changed.
        start = len(earlier) if earlier == genuine.earlier else 0
        library = modules["replay"].Library()
        library.theorems.update(genuine.known if start else {})
        theorems = [library.check(theorem) for theorem in data["theorems"][start:]]
    except refusal as error:
        return Outcome("rejected", error.check)
    except Exception as error:
        return Outcome("CRASH", f"{type(error).__name__}: {error}")
    second.replay(data["theorems"][start:], genuine.seen if start else None)
    if second.wrong:
        return Outcome("UNEXPLAINED", second.wrong[0])
    same = all(step in genuine.steps.get(name, {}) for name, steps in second.steps.items() for step in steps)
    if theorems[-1].digest != genuine.last:
        kind = "other statement"
    elif any(genuine.digests.get(t.name) != t.digest for t in theorems):
        kind = "another lemma"
    else:
        kind = "same proof" if same else "other proof"
    if same:
        return Outcome(kind, "")
    try:
        reports = run_bundle(data, MODELS)[start:]
    except Rejected as error:
        return Outcome("UNEXPLAINED", f"the kernel refuses it: {error}")
    failures = [failure for report in reports for failure in report.failures]
    if failures:
        return Outcome("UNEXPLAINED", f"false in a model of the givens: {failures[0]}")
    if kind == "other proof" and not all(report.facts for report in reports):
        return Outcome("UNEXPLAINED", "no model of the givens was found")
    return Outcome(kind, "")


def judge_all(mutants: list[mutation.Mutant], bundle: Bundle, ignored: str) -> list[Outcome]:
    """Return the outcome of each mutant of a bundle."""
    genuine = original(bundle, ignored)
    return [judge(mutant.certificate, genuine, ignored) for mutant in mutants]


class Result(NamedTuple):
    """Every mutant with its outcome, by the certificate it comes from."""

    outcomes: dict[str, list[tuple[mutation.Mutant, Outcome]]]

    def of(self, kind: str) -> list[tuple[mutation.Mutant, Outcome]]:
        """Return the mutants with this outcome."""
        return [pair for pairs in self.outcomes.values() for pair in pairs if pair[1].kind == kind]


def shares(sizes: list[int], count: int) -> list[int]:
    """Return how many mutants of each certificate to take: equal parts, as far as there are enough.

    >>> shares([3, 10, 20], 20)
    [3, 8, 9]
    """
    left, parts = count, [0] * len(sizes)
    order = sorted(range(len(sizes)), key=lambda i: sizes[i])
    for position, i in enumerate(order):
        parts[i] = min(sizes[i], left // (len(order) - position))
        left -= parts[i]
    return parts


def run(bundles: dict[str, Bundle], count: int, seed: int = 0, jobs: int = 1, ignored: str = "") -> Result:
    """Judge `count` mutants, spread evenly over the certificates and over the kinds of mutation."""
    samples = {name: mutation.sample(bundle, f"{seed}|{name}") for name, bundle in bundles.items()}
    parts = dict(zip(samples, shares([len(s) for s in samples.values()], count), strict=True))
    outcomes: dict[str, list[tuple[mutation.Mutant, Outcome]]] = {}
    with ProcessPoolExecutor(jobs) if jobs > 1 else Sequential() as pool:
        waiting = {}
        for name, mutants in samples.items():
            chosen = mutants[: parts[name]]
            chunks = [chosen[i : i + CHUNK] for i in range(0, len(chosen), CHUNK)]
            waiting[name] = chosen, pool.map(judge_all, chunks, repeat(bundles[name]), repeat(ignored))
        for name, (chosen, results) in waiting.items():
            flat = [outcome for chunk in results for outcome in chunk]
            outcomes[name] = list(zip(chosen, flat, strict=True))
    return Result(outcomes)


class Sequential:
    """The same interface as a pool of processes, in this one."""

    map = staticmethod(map)

    def __enter__(self) -> Sequential:
        return self

    def __exit__(self, *_: object) -> None:
        return None


def stored(folder: Path) -> Iterator[tuple[str, Bundle]]:
    """Yield the certificates in a folder by the name of their last theorem."""
    for path in sorted(folder.glob("*.json")):
        bundle = form.load(path.read_bytes())
        yield bundle["theorems"][-1]["name"], bundle


def report(result: Result, show: bool) -> None:
    """Print the table of outcomes, the checks that refused mutants, and every unexplained mutant in full."""
    print(f"{'certificate':30} {'mutants':>8} {'rejected':>9} " + " ".join(f"{kind:>15}" for kind in OUTCOMES))
    total: Counter[str] = Counter()
    for name, pairs in result.outcomes.items():
        counts = Counter(outcome.kind for _, outcome in pairs)
        total += counts
        line(name, counts)
    line("all", total)
    kinds = Counter(mutant.kind for pairs in result.outcomes.values() for mutant, _ in pairs)
    print("\nmutations: " + ", ".join(f"{kind} {n}" for kind, n in kinds.most_common()))
    checks = Counter(outcome.detail for _, outcome in result.of("rejected"))
    print("rejected by: " + ", ".join(f"{check} {n}" for check, n in checks.most_common()))
    for kind in ("same proof", "other proof", "another lemma", "other statement") if show else ():
        print(f"\n{kind}:")
        for mutant, _ in result.of(kind):
            print(f"  {mutant}")
    for mutant, outcome in (*result.of("UNEXPLAINED"), *result.of("CRASH")):
        print(f"\n{outcome.kind}: {outcome.detail}\n  {mutant}\n  {json.dumps(mutant.certificate)}")


def line(name: str, counts: Counter[str]) -> None:
    """Print one line of the table."""
    cells = " ".join(f"{counts[kind]:15}" for kind in OUTCOMES)
    print(f"{name:30} {counts.total():8} {counts['rejected']:9} {cells}")


def main() -> int:
    parser = argparse.ArgumentParser(description="Replay single-point mutants of certificates.")
    parser.add_argument("--count", type=int, default=5000, help="how many mutants; 0 for all there are")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--certificates", default="library", help="a folder of certificates, or 'library'")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--ignore", default="", help="leave out this check of the kernel: the run should then fail")
    parser.add_argument("--show", action="store_true", help="list the accepted mutants too")
    options = parser.parse_args()
    start = time.perf_counter()
    bundles = library() if options.certificates == "library" else dict(stored(Path(options.certificates)))
    result = run(bundles, options.count or 10**9, options.seed, options.jobs, options.ignore)
    report(result, options.show)
    unexplained, crashes = len(result.of("UNEXPLAINED")), len(result.of("CRASH"))
    print(f"\n{unexplained} unexplained, {crashes} crashes; {time.perf_counter() - start:.0f} s")
    return int(unexplained + crashes > 0)


if __name__ == "__main__":
    sys.exit(main())
