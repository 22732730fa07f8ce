"""A bound in seconds for work that does not look at the clock itself."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

AGAIN = 0.2
"""Seconds until the end of time is said again."""


class OutOfTime(BaseException):
    """The seconds are used up; not an Exception, so that no search takes it for a failed step of its own."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raise `OutOfTime` in the block after that many seconds, where the system and the thread allow it.

    >>> with at_most(5):
    ...     1 + 1
    2
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise OutOfTime

    before, begin = signal.signal(signal.SIGALRM, stop), time.monotonic()
    # Again and again, because what is raised in the middle of a garbage collection is lost.
    outer, _ = signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.01), AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if outer:  # the bound of a block around this one
            signal.setitimer(signal.ITIMER_REAL, max(outer - (time.monotonic() - begin), 0.01), AGAIN)
