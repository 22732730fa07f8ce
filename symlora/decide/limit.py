"""A bound in seconds for work that does not look at the clock itself."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

AGAIN, WAITS = 0.05, 40
"""Seconds until the end of time is said again, and how often it waits for code of the package."""


class OutOfTime(BaseException):
    """The seconds are used up; not an Exception, so that no search takes it for a failed step of its own."""


@contextmanager
def at_most(seconds: float, work: bool = False) -> Iterator[None]:
    """Raise `OutOfTime` in the block after that many seconds, where the system and the thread allow it.

    With `work`, seconds of the processor are counted instead, so that a busy machine changes nothing.

    >>> with at_most(5):
    ...     1 + 1
    2
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    said = 0

    def stop(signal_number: int, frame: FrameType | None) -> None:
        # What is raised inside a callback of the garbage collector is lost, and others would report it: code of the
        # package is waited for, unless that takes long.
        nonlocal said
        said += 1
        ours = frame is not None and str(frame.f_globals.get("__name__", "")).startswith("symlora.")
        if ours or said > WAITS:
            raise OutOfTime

    timer, number = (signal.ITIMER_VIRTUAL, signal.SIGVTALRM) if work else (signal.ITIMER_REAL, signal.SIGALRM)
    clock = time.process_time if work else time.monotonic
    before, begin = signal.signal(number, stop), clock()
    outer, _ = signal.setitimer(timer, max(seconds, 0.01), AGAIN)
    try:
        try:
            yield
        finally:
            signal.setitimer(timer, 0)
    finally:  # once more, should the signal have come on the way out
        signal.setitimer(timer, 0)
        signal.signal(number, before)
        if outer:  # the bound of a block around this one
            signal.setitimer(timer, max(outer - (clock() - begin), 0.01), AGAIN)
