"""Every file through the real pool of reading processes, timed, with an eye on the parent."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import psutil

from lhs_evidence.model import Document
from lhs_evidence.readers import ReaderPool, SourceFile
from lhs_evidence.settings import OcrSettings, ReadingLimits

Advance = Callable[[], None]


@dataclass(frozen=True, slots=True)
class FileResult:
    """How reading one file ended; `seconds` are those of the whole way through the pool."""

    path: str
    name: str
    kind: str
    media_type: str
    status: str
    reason: str
    warnings: tuple[str, ...]
    pages: int
    characters: int
    letters: int
    words: int
    seconds: float
    pages_failed: int
    pages_recognised: int
    characters_removed: int
    characters_hidden: int
    encoding: str
    agreement: float | None
    language: str


@dataclass(slots=True)
class Health:
    """The process that reads and its children, over a run; memory is resident, in bytes."""

    rss_before: int = 0
    rss_after: int = 0
    rss_most: int = 0
    children: set[int] = field(default_factory=set)

    def look(self) -> None:
        """Take the parent's memory and the children alive now."""
        own = psutil.Process()
        self.rss_after = own.memory_info().rss
        self.rss_before = self.rss_before or self.rss_after
        self.rss_most = max(self.rss_most, self.rss_after)
        with suppress(psutil.Error):
            self.children.update(child.pid for child in own.children())


def read_files(
    sources: Sequence[SourceFile],
    limits: ReadingLimits,
    ocr: OcrSettings,
    *,
    processes: int,
    advance: Advance,
    health: Health,
) -> Iterator[FileResult]:
    """Yield one result for each file, in order."""
    health.look()
    with (
        ReaderPool(limits, processes, ocr=ocr) as pool,
        ThreadPoolExecutor(processes) as threads,
    ):

        def read(source: SourceFile) -> FileResult:
            # Results and not documents: a long run must not gather texts in the parent.
            began = time.monotonic()
            document = next(pool.read([source]))
            return _result(source, document, time.monotonic() - began)

        for result in threads.map(read, sources):
            health.look()
            advance()
            yield result


def kind_of(name: str) -> str:
    """Return the suffix of a file's name, which says what people take it for."""
    return PurePosixPath(name).suffix.lower().removeprefix(".") or "none"


def count_characters(text: str) -> int:
    """Return how many characters of a text are not space."""
    return len("".join(text.split()))


def count_letters(text: str) -> int:
    """Return how many characters of a text are letters or digits of any script."""
    return sum(map(str.isalnum, text))


def _result(source: SourceFile, document: Document, seconds: float) -> FileResult:
    fidelity = document.fidelity
    return FileResult(
        path=str(source.path),
        name=source.name,
        kind=kind_of(source.name),
        media_type=document.media_type,
        status=document.status.value,
        reason=document.reason,
        warnings=document.warnings,
        pages=len(document.pages),
        characters=count_characters(document.text),
        letters=count_letters(document.text),
        words=len(document.text.split()),
        seconds=round(seconds, 4),
        pages_failed=len(fidelity.pages_failed),
        pages_recognised=len(fidelity.pages_recognised),
        characters_removed=fidelity.characters_removed,
        characters_hidden=fidelity.characters_hidden,
        encoding=fidelity.encoding,
        agreement=fidelity.agreement,
        language=document.language,
    )
