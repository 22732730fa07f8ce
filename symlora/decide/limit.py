"""A bound in seconds for work that does not look at the clock itself."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


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

    def stop(signal_number: int, frame: FrameType | None) -> None:
        raise OutOfTime

    timer, number = (signal.ITIMER_VIRTUAL, signal.SIGVTALRM) if work else (signal.ITIMER_REAL, signal.SIGALRM)
    before = signal.signal(number, stop)
    signal.setitimer(timer, max(seconds, 0.01))
    try:
        yield
    finally:
        signal.setitimer(timer, 0)
        signal.signal(number, before)
