"""A time limit on pypdf, which can take minutes over one page that pdfium reads at once."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_REMINDER = 0.5


class _OutOfTime(BaseException):
    """Not an `Exception`: pypdf catches those in many places and would go on."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Leave the block after a while, wherever it is; no limit outside the main thread.

    Raises:
        TimeoutError: The block took longer than `seconds` of wall time.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise _OutOfTime

    before = signal.signal(signal.SIGALRM, stop)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds, _REMINDER)
        yield
    except _OutOfTime:
        raise TimeoutError(f"It took more than {seconds:g} seconds.") from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
