"""Running one proof script: ``python -P -m symlora.runs.worker FD`` with a request on standard input.

The script may do anything; what comes out are lines on the private descriptor FD, which the parent replays and never
believes.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
import traceback
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import msgspec

from symlora.runs import wire

MAX_FILE_BYTES = 64_000_000
GRACE_SECONDS = 5


class WorkBound(BaseException):
    """The script used up its work; not an Exception, so that ``except Exception`` in a script does not catch it."""


class FreshLoader(SourceFileLoader):
    """Compiles the text as it is now; a cached compilation could be that of a text changed within the same second."""

    def get_code(self, fullname: str) -> CodeType:
        """Return the compiled script."""
        path = self.get_filename(fullname)
        code: CodeType = self.source_to_code(self.get_data(path), path)
        return code


class Worker:
    """Runs the requested script, and on demand those it cites whose certificates are not known, each at most once."""

    def __init__(self, request: wire.Request, descriptor: int) -> None:
        self.request, self.descriptor = request, descriptor
        self.running: list[str] = []
        self.loaded: set[str] = set()
        self.since = time.perf_counter()
        self.count = 0

    def send(self, line: wire.Line) -> None:
        """Write one line to the parent."""
        data = wire.encode(line) + b"\n"
        while data:
            data = data[os.write(self.descriptor, data) :]

    def load(self, name: str) -> None:
        """Bring in the script that defines a theorem; the registry calls this for one that it does not know."""
        from symlora.proof.errors import ProofError

        path = self.request.owners.get(name)
        if path is None:
            return
        if path in self.running:
            circle = " cites ".join(Path(p).name for p in [*self.running[self.running.index(path) :], path])
            raise ProofError(f"circular use of scripts: expected {name!r} to be proved earlier, found {circle}")
        self.run(path)

    def run(self, path: str) -> None:
        """Import a script as a module."""
        if path in self.loaded:
            return
        self.loaded.add(path)
        self.running.append(path)
        loader = FreshLoader(f"proof_script_{len(self.loaded)}", path)
        spec = spec_from_loader(loader.name, loader)
        if spec is None:
            raise ImportError(f"no module can be made of {path}")
        module = module_from_spec(spec)
        sys.modules[loader.name] = module
        loader.exec_module(module)
        self.running.pop()

    def finished(self, built: Any) -> None:
        """Send a theorem of the requested script; those of scripts it cites are theirs to send."""
        if self.running[-1] != self.request.script:
            return
        from symlora.proof.registry import registry
        from symlora.runs.counterexamples import places, search

        data = built.data
        known = registry.library().theorems
        waiting = list(built.journal.holes)
        holes = []
        for place in places(data):
            hole = next((one for one in waiting if one.fact == place.fact), None)
            if hole is not None:
                waiting.remove(hole)
            why = None if hole is None or hole.failure is None else hole.failure
            failure = None if why is None else wire.Failure(str(why.expected), str(why.found), str(why.tried))
            holes.append(wire.Hole(place.fact, failure, search(data, place, known)))
        seconds = time.perf_counter() - self.since
        self.send(
            wire.Finished(
                id=data["name"], title=data["title"], source=data["source"], expect=built.expect,
                bundle=msgspec.json.encode(registry.bundle(data["name"])).decode(),
                records=[wire.Record(r.name, r.claim, r.by, r.kind, r.inside) for r in built.journal.records],
                holes=holes, seconds=seconds,
            )
        )  # fmt: skip
        self.count += 1
        self.since = time.perf_counter()

    def main(self) -> wire.Line:
        """Run the request; return the last line."""
        from symlora.proof.registry import registry

        registry.loader = self.load
        registry.finished = self.finished
        try:
            for bundle in self.request.known:
                registry.know(msgspec.json.decode(bundle))
            self.run(self.request.script)
        except WorkBound as error:
            return self._stopped("work", str(error), error)
        except MemoryError as error:
            return self._stopped("work", f"stopped: expected at most {self.request.bytes >> 20} MiB, found more", error)
        except SyntaxError as error:
            return wire.Stopped("parse", f"expected a script that parses, found {error.msg}", error.lineno or 0)
        except SystemExit as error:
            return self._stopped(
                "script", f"expected a script that runs to its end, found sys.exit({error.code})", error
            )
        except RecursionError as error:
            return self._stopped("script", f"RecursionError: {error}", error)
        except BaseException as error:
            return self._stopped("script", f"{type(error).__name__}: {error}", error)
        if not self.count:
            return wire.Stopped("empty", 'expected at least one theorem, found none; write with theorem("…") as t: …')
        return wire.Done()

    def _stopped(self, kind: str, message: str, error: BaseException) -> wire.Stopped:
        """Return the last line for an error, with the innermost line of the script that was under way."""
        place = self.running[-1] if self.running else self.request.script
        lines = [number for frame, number in traceback.walk_tb(error.__traceback__)
                 if frame.f_code.co_filename == place]  # fmt: skip
        if place != self.request.script:
            message = f"in {place}, which it cites: {message}"
        return wire.Stopped(kind, message, lines[-1] if lines else 0)


def bound(seconds: int, size: int) -> None:
    """Limit CPU seconds, memory and the size of files of this process."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise WorkBound(f"stopped after {seconds} CPU seconds of work; SYMLORA_CPU_SECONDS sets the bound")

    signal.signal(signal.SIGXCPU, stop)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + GRACE_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_FILE_BYTES, MAX_FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> int:
    """Read the request, run it, report how it ended."""
    descriptor = int(sys.argv[1])
    request = msgspec.json.decode(sys.stdin.buffer.read(), type=wire.Request)
    sys.dont_write_bytecode = True
    sys.argv = [request.script]
    bound(request.seconds, request.bytes)
    worker = Worker(request, descriptor)
    last = worker.main()
    worker.send(last)
    sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
