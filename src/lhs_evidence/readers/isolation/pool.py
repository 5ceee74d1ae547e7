"""Several reading processes side by side; documents come back in the order they were asked for."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Self

from lhs_evidence.model import Document
from lhs_evidence.readers.discover import SourceFile
from lhs_evidence.readers.isolation.sandbox import COMMAND, ReaderProcess
from lhs_evidence.settings import OcrSettings, ReadingLimits

# Documents read ahead of the one being waited for, for each process; bounds memory.
_AHEAD = 4


class ReaderPool:
    """Reads files in child processes that may die; a context manager.

    Args:
        limits: Limits on each document.
        processes: Reading processes at most; they start when first needed.
        ocr: When pages are recognised; where it can be had and is needed, if nothing is said.
        command: What a process runs; replaced in tests.
    """

    def __init__(
        self,
        limits: ReadingLimits,
        processes: int = 2,
        *,
        ocr: OcrSettings | None = None,
        command: Sequence[str] = COMMAND,
    ) -> None:
        self._limits = limits
        self._ocr = ocr
        self._processes = max(processes, 1)
        self._command = command
        self._threads = ThreadPoolExecutor(self._processes, thread_name_prefix="reader")
        self._all: list[ReaderProcess] = []
        self._idle: SimpleQueue[ReaderProcess] = SimpleQueue()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End all processes, whatever they are at."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for process in self._all:
            process.stop()
        # Only when no thread reads from a pipe any more is it safe to close it.
        self._threads.shutdown(wait=True)
        for process in self._all:
            process.kill()

    def read(self, sources: Iterable[SourceFile]) -> Iterator[Document]:
        """Yield one document for each source, in order, as soon as those before it are done."""
        waiting: deque[Future[Document]] = deque()
        try:
            for source in sources:
                waiting.append(self._threads.submit(self._read, source))
                if len(waiting) > self._processes * _AHEAD:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()

    def _read(self, source: SourceFile) -> Document:
        if source.outcome is not None:
            return source.outcome
        process = self._take()
        try:
            return process.read(source)
        finally:
            self._idle.put(process)

    def _take(self) -> ReaderProcess:
        try:
            return self._idle.get_nowait()
        except Empty:
            process = ReaderProcess(self._limits, self._command, self._ocr)
            self._all.append(process)
            return process
