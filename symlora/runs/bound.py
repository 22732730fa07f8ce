"""A bound on the work that a certificate may cause here, however a worker made it up."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from symlora.runs.launch import cpu_seconds


class TooLong(BaseException):
    """The work took longer than the bound; not an Exception, so that no handler on the way stops it."""


@contextmanager
def bounded() -> Iterator[None]:
    """Raise `TooLong` in the block after as many CPU seconds as a script may use.

    Signals reach the main thread only, so elsewhere there is no bound; commands and tests run here in the main thread.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    seconds = cpu_seconds()

    def stop(number: int, frame: FrameType | None) -> None:
        raise TooLong(f"expected a replay within {seconds} CPU seconds, found more work; see SYMLORA_CPU_SECONDS")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
