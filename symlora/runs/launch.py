"""Starting workers, reading what they send, and ending them."""

from __future__ import annotations

import os
import selectors
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from symlora.runs import wire
from symlora.runs.errors import RunError

MAX_SENT_BYTES = 128_000_000
MEMORY_BYTES = 4 << 30
MAX_PRINTED = 2_000


def cpu_seconds() -> int:
    """Return the bound on the work of one script: SYMLORA_CPU_SECONDS, else 120 CPU seconds."""
    text = os.environ.get("SYMLORA_CPU_SECONDS", "120")
    if not text.isdecimal() or not 1 <= int(text) <= 1_000_000:
        raise RunError(f"expected a number of seconds from 1 to 1000000 in SYMLORA_CPU_SECONDS, found {text!r}")
    return int(text)


@dataclass
class Sent:
    """The lines of one worker, what its script printed, and why it ended if it did not say so itself."""

    lines: list[bytes] = field(default_factory=list)
    printed: str = ""
    problem: str = ""


class Launcher:
    """Runs scripts in processes of their own, from any thread; `stop` ends those under way."""

    def __init__(self) -> None:
        self.seconds = cpu_seconds()
        self.stopped = False
        self._lock = threading.Lock()
        self._running: list[subprocess.Popen[bytes]] = []

    def stop(self) -> None:
        """End the workers of this launcher; what they sent so far is kept."""
        with self._lock:
            self.stopped = True
            for process in self._running:
                process.kill()

    def run(self, script: Path, owners: dict[str, str], known: list[str]) -> Sent:
        """Run one script to its end, or to the bound on its work; `known` are certificates of what it may cite."""
        request = wire.Request(str(script), owners, self.seconds, MEMORY_BYTES, known)
        package = Path(__file__).resolve().parent.parent.parent
        search = os.pathsep.join([str(package), *filter(None, [os.environ.get("PYTHONPATH")])])
        environment = {**os.environ, "PYTHONPATH": search, "PYTHONHASHSEED": "0", "PYTHONUNBUFFERED": "1"}
        reading, writing = os.pipe()
        with tempfile.TemporaryFile() as printed, tempfile.TemporaryFile() as asked:
            asked.write(wire.encode(request))
            asked.seek(0)
            try:
                with self._lock:
                    if self.stopped:
                        return Sent()
                    process = subprocess.Popen(
                        [sys.executable, "-P", "-m", "symlora.runs.worker", str(writing)], stdin=asked, stdout=printed,
                        stderr=printed, pass_fds=(writing,), env=environment, start_new_session=True,
                    )  # fmt: skip
                    self._running.append(process)
            finally:
                os.close(writing)
            try:
                sent = self._receive(reading, process)
            finally:
                os.close(reading)
                process.kill()
                process.wait()
                with self._lock:
                    self._running.remove(process)
            printed.seek(0)
            sent.printed = printed.read(MAX_PRINTED).decode("utf-8", "replace")
        return sent

    def _receive(self, descriptor: int, process: subprocess.Popen[bytes]) -> Sent:
        """Read lines until the worker says that it is done, closes its end, or waits for much longer than it works."""
        sent, buffer, total = Sent(), bytearray(), 0
        wall = 60 + 4 * self.seconds
        deadline = time.monotonic() + wall
        with selectors.DefaultSelector() as selector:
            selector.register(descriptor, selectors.EVENT_READ)
            while True:
                if not selector.select(deadline - time.monotonic()):
                    sent.problem = f"stopped after {wall} seconds of waiting: expected a script that ends"
                    return sent
                block = os.read(descriptor, 1 << 16)
                total += len(block)
                if total > MAX_SENT_BYTES:
                    sent.problem = f"stopped: expected at most {MAX_SENT_BYTES} bytes of certificates, found more"
                    return sent
                if not block:
                    break
                buffer += block
                while (end := buffer.find(b"\n")) >= 0:
                    sent.lines.append(bytes(buffer[:end]))
                    del buffer[: end + 1]
        if self.stopped:
            return sent
        code = process.wait(timeout=60)
        if not sent.lines or b'"type":"theorem"' in sent.lines[-1][:40]:
            how = f"signal {-code}" if code < 0 else f"status {code}"
            if code in (-9, -24):
                sent.problem = f"stopped after {self.seconds} CPU seconds of work; SYMLORA_CPU_SECONDS sets the bound"
            else:
                sent.problem = f"expected a script that runs to its end, found that its process ended with {how}"
        return sent
