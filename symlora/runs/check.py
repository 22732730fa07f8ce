"""Checking scripts: cache or worker, replay, report; in the order of the scripts, several workers at a time."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symlora.runs import wire
from symlora.runs.cache import Cache, engine_digest, key
from symlora.runs.errors import RunError, one_line
from symlora.runs.judge import Judge
from symlora.runs.launch import Launcher, Sent
from symlora.runs.report import Run, ScriptReport
from symlora.runs.scan import Index, Script, collect, shown

if TYPE_CHECKING:
    from symlora.runs.evidence import Instances
    from symlora.runs.instances import Outcome


@dataclass(frozen=True)
class Options:
    """How to run: `select` is part of a theorem's id, `jobs` 0 means one worker per processor.

    With `instances`, every proof is also run on that many exact instances, drawn from `seed`.
    """

    select: str = ""
    jobs: int = 0
    use_cache: bool = True
    instances: int = 0
    seed: int = 0


def nothing(report: ScriptReport, done: int, count: int) -> None:
    """Take no notice of progress."""


def check(paths: Sequence[Path], options: Options | None = None,
          progress: Callable[[ScriptReport, int, int], None] = nothing) -> Run:  # fmt: skip
    """Check the scripts at `paths`, the library if there are none, and return what was found.

    `progress` is called in this thread with each script's report, in the order of the scripts as far as they are
    ready. An interrupt ends the workers and returns what was finished. Raises `RunError` for bad usage.
    """
    options = options or Options()
    start = time.perf_counter()
    scripts, index = collect(paths)
    scripts = _selected(scripts, options.select)
    session = _Session(scripts, index, options, progress)
    try:
        session.work()
    finally:
        session.close()
    run = session.run
    run.seconds = time.perf_counter() - start
    if options.select and not run.theorems and not run.errors and not run.interrupted:
        raise _none_selected(scripts, options.select)
    return run


def _selected(scripts: list[Script], select: str) -> list[Script]:
    """Return the scripts that can define a selected theorem."""
    chosen = [s for s in scripts if not select or s.computed or any(select in name for name in s.ids)]
    if not chosen:
        raise _none_selected(scripts, select)
    return chosen


def _none_selected(scripts: list[Script], select: str) -> RunError:
    names = [name for script in scripts for name in script.ids]
    listed = ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")
    return RunError(f"expected -k to be part of a theorem's id, found {select!r}; there are {listed or 'none'}")


class _Session:
    """The state of one run."""

    def __init__(self, scripts: list[Script], index: Index, options: Options,
                 progress: Callable[[ScriptReport, int, int], None]) -> None:  # fmt: skip
        self.scripts, self.index, self.options, self.progress = scripts, index, options, progress
        self.run = Run()
        self.judge = Judge()
        self.launcher = Launcher()
        self.cache = Cache() if options.use_cache else None
        self.engine = engine_digest() if options.use_cache else ""
        self.reports: dict[Path, ScriptReport] = {}
        self.sent: dict[Path, Sequence[wire.Line]] = {}
        self.told = 0
        self.judged: list[ScriptReport] = []
        self.instances: Instances | None = None
        if options.instances:
            from symlora.runs.evidence import Instances, Wanted  # loads the domains

            self.instances = Instances(Wanted(options.instances, options.seed), self.cache, self.engine)

    def close(self) -> None:
        """End what is still running, and collect the reports."""
        self._stop()
        self.run.scripts = [self.reports[script.path] for script in self.scripts if script.path in self.reports]
        if self.cache is not None:
            if self.cache.problem:
                self.run.warnings.append(self.cache.problem)
                self.run.cache_failed = self.cache.asked
            self.cache.close()

    def _stop(self) -> None:
        self.launcher.stop()
        if self.instances is not None:
            self.instances.stop()

    def work(self) -> None:
        """Check every script after those that it cites, with their certificates; an interrupt ends this early."""
        pending: dict[Future[Sent], Script] = {}
        running: dict[Future[list[Outcome]], ScriptReport] = {}
        pool = ThreadPoolExecutor(self.options.jobs or os.cpu_count() or 1)
        try:
            waiting = {script.path: script for script in self.scripts if not self._from_cache(script)}
            while waiting or pending or running or self.judged:
                running.update(self._instances(pool))
                free = [s for s in waiting.values() if not any(n.path in waiting for n in self.index.needs(s))]
                busy = {script.path for script in pending.values()}
                ready = [s for s in free if not any(n.path in busy for n in self.index.needs(s))]
                # Scripts that cite each other wait for nobody: each then runs the other.
                for script in ready or ([] if pending else list(waiting.values())):
                    del waiting[script.path]
                    pending[self._launch(pool, script)] = script
                both: list[Future[Any]] = [*pending, *running]
                for future in wait(both, return_when=FIRST_COMPLETED).done:
                    if future in pending:
                        self._from_worker(pending.pop(future), future.result())
                    else:
                        self._evident(running.pop(future), future.result())
        except KeyboardInterrupt:
            self.run.interrupted = True
            self._stop()
            pool.shutdown(cancel_futures=True)
            for future, script in pending.items():
                if not future.cancelled() and (sent := future.result()).lines:
                    self._from_worker(script, sent)
            for report in [*running.values(), *self.judged]:
                self._tell(report)
        finally:
            self._stop()
            pool.shutdown(cancel_futures=True)

    def _instances(self, pool: ThreadPoolExecutor) -> dict[Future[list[Outcome]], ScriptReport]:
        """Start processes for the judged scripts whose theorems have no instances yet; tell the others."""
        started = {}
        for report in self.judged:
            if self.instances is not None and (due := self.instances.due(report)):
                started[pool.submit(self.instances.run, due)] = report
            else:
                self._tell(report)
        self.judged = []
        return started

    def _evident(self, report: ScriptReport, outcomes: Sequence[Outcome]) -> None:
        if self.instances is not None:
            self.instances.add(report, outcomes)
        self._tell(report)

    def _launch(self, pool: ThreadPoolExecutor, script: Script) -> Future[Sent]:
        """Start a worker that knows the certificates of the scripts that its script needs, as far as they are here."""
        owners = {name: str(path) for name, path in self.index.owners.items()}
        known = [bundle for need in self.index.needs(script) for bundle in self._bundles(need)]
        return pool.submit(self.launcher.run, script.path, owners, known)

    def _bundles(self, script: Script) -> list[str]:
        """Return the certificates of a script that ran to its end in this run or before."""
        lines = None if self.cache is None else self.cache.get(self._key(script))
        found = self.sent.get(script.path, ())
        if not found and lines is not None:
            try:
                found = [wire.decode(line) for line in lines]
            except ValueError:
                return []
        return [line.bundle for line in found if isinstance(line, wire.Finished)]

    def _key(self, script: Script) -> str:
        return key(script, self.index.needs(script), self.engine)

    def _from_cache(self, script: Script) -> bool:
        """Report a script from the cache if it is there in a readable form."""
        lines = None if self.cache is None else self.cache.get(self._key(script))
        if lines is None:
            return False
        try:
            decoded = [wire.decode(line) for line in lines]
        except ValueError:
            self.run.warnings.append(f"ignored a damaged entry of the cache for {shown(script.path)}")
            return False
        self._report(script, decoded, ScriptReport(script.path, cached=True))
        return True

    def _from_worker(self, script: Script, sent: Sent) -> None:
        """Report what a worker sent, and keep it if the script ran to its end."""
        decoded: list[wire.Line] = []
        problem = sent.problem
        for line in sent.lines:
            try:
                decoded.append(wire.decode(line))
            except ValueError as error:
                problem = f"expected certificates from the worker, found {one_line(str(error))}"
                break
        report = ScriptReport(script.path, printed=sent.printed)
        if problem:
            report.error = f"{shown(script.path)}: {problem}"
        if decoded and isinstance(decoded[-1], wire.Done) and self.cache is not None:
            self.cache.put(self._key(script), sent.lines)
        self._report(script, decoded, report)

    def _report(self, script: Script, lines: Sequence[wire.Line], report: ScriptReport) -> None:
        for line in lines:
            if isinstance(line, wire.Stopped):
                place = f"{shown(script.path)}:{line.line}" if line.line else shown(script.path)
                report.error = f"{place}: {one_line(line.message)}"
            elif isinstance(line, wire.Finished) and self.options.select in line.id:
                try:
                    report.theorems.append(self.judge.judge(line, script))
                except RunError as error:
                    report.error = f"{shown(script.path)}: {error}"
        if lines and isinstance(lines[-1], wire.Done):
            self.sent[script.path] = lines
        if self.instances is None:
            self._tell(report)
        else:
            self.judged.append(report)

    def _tell(self, report: ScriptReport) -> None:
        """Take a report that is complete, and tell those whose turn has come."""
        self.reports[report.path] = report
        while self.told < len(self.scripts) and self.scripts[self.told].path in self.reports:
            self.told += 1
            self.progress(self.reports[self.scripts[self.told - 1].path], len(self.reports), len(self.scripts))
