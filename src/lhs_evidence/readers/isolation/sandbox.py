"""One reading process, seen from outside: it may hang, crash or babble, and costs one document.

No `except` catches a parser that aborts its process, and no timer stops one that loops in C. A
process that can be killed is the one defence all others lean on.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from lhs_evidence.errors import UnreadableError
from lhs_evidence.ids import file_sha256
from lhs_evidence.model import Document, DocumentStatus
from lhs_evidence.readers.canonical import without_text
from lhs_evidence.readers.discover import SourceFile
from lhs_evidence.readers.identity import reader_identity
from lhs_evidence.readers.isolation.codec import document_from_json
from lhs_evidence.readers.isolation.frames import (
    EndOfPipeError,
    FrameError,
    TooSlowError,
    read_frame,
    write_frame,
)
from lhs_evidence.readers.office.convert import Converted, converted
from lhs_evidence.settings import OcrSettings, ReadingLimits

# -P keeps the current folder off the module path: a stray `lxml.py` there must not be imported.
COMMAND = (sys.executable, "-P", "-m", "lhs_evidence.readers.isolation.child")

_NONSENSE = "The reading process answered nonsense or far too much."
_START_SECONDS = 60.0
_END_SECONDS = 2.0
_BYTES_PER_CHARACTER = 8
_BYTES_OF_STRUCTURE = 64 << 20
_INHERITED = (
    "PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "SYSTEMROOT", "TMPDIR", "VIRTUAL_ENV",
    "TESSDATA_PREFIX",
)  # fmt: skip


class _GoneError(Exception):
    """The process ended or could not be started before it took the request."""


class _ConversionWantedError(Exception):
    """The process asks that the file be converted first; its argument is the media type."""


class _RecognitionFailedError(Exception):
    """The process was lost while it recognised pages; the message says how."""


class ReaderProcess:
    """A child process that reads one file after another; replaced by itself when it dies.

    Args:
        limits: Limits on each document and on the process.
        command: What to start; replaced in tests by children that misbehave.
        ocr: When pages are recognised, and what that may take.
    """

    def __init__(
        self,
        limits: ReadingLimits,
        command: Sequence[str] = COMMAND,
        ocr: OcrSettings | None = None,
    ) -> None:
        self._limits = limits
        self._ocr = ocr or OcrSettings()
        self._command = list(command)
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False
        self._may_recognise = False
        self._recognising = False
        self._most = _BYTES_OF_STRUCTURE + _BYTES_PER_CHARACTER * limits.characters

    def read(self, source: SourceFile) -> Document:
        """Return the document in a file; whatever happens to the process, one comes back."""
        try:
            return self._attempts(source)
        except (_ConversionWantedError, _RecognitionFailedError):
            # Each may be asked for once; a process that asks again is no reader.
            self.kill()
            return self._without_text(source, _NONSENSE)

    def stop(self) -> None:
        """End the process and start no other; a `read` in another thread comes back at once."""
        self._stopped = True
        process = self._process
        if process is not None:
            kill_group(process)

    def kill(self) -> int | None:
        """End the process at once and clean up; returns its exit status if there was one."""
        process, self._process = self._process, None
        return None if process is None else end_child(process)

    def _attempts(self, source: SourceFile) -> Document:
        try:
            return self._read(source)
        except _RecognitionFailedError as failed:
            return self._without_recognition(source, str(failed))
        except _ConversionWantedError as wanted:
            media_type = str(wanted)
        try:
            with converted(source.path, media_type, self._limits) as result:
                return self._read(source, result)
        except UnreadableError as error:
            return self._without_text(source, str(error), error.status, media_type)
        except OSError as error:
            reason = f"The file could not be converted: {error.strerror or error}."
            return self._without_text(source, reason)

    def _without_recognition(self, source: SourceFile, why: str) -> Document:
        """Read a file again for the text that it holds itself."""
        document = self._read(source, recognise=False)
        remark = f"Text recognition (OCR) was turned off for this file. {why}"
        if not document.status.has_text:
            return self._without_text(source, remark, media_type=document.media_type)
        fidelity = replace(document.fidelity, reader=reader_identity(self._ocr))
        return replace(document, warnings=(*document.warnings, remark), fidelity=fidelity)

    def _read(
        self, source: SourceFile, result: Converted | None = None, *, recognise: bool = True
    ) -> Document:
        for _ in range(2):
            try:
                began = self._request(source, result, recognise=recognise)
            except _GoneError:
                # A process may die between two documents; that is not the next one's fault.
                self.kill()
                continue
            return self._outcome(source, began)
        return self._without_text(source, "The process that reads files could not be started.")

    def _request(self, source: SourceFile, result: Converted | None, *, recognise: bool) -> float:
        """Hand a file over to a process that takes it; returns when that was."""
        writing, reading = self._pipes()
        self._may_recognise = recognise and self._ocr.mode != "off"
        self._recognising = False
        began = time.monotonic()
        request: dict[str, Any] = {
            "path": os.fspath(source.path.absolute()),
            "name": source.name,
            "recognise": recognise,
        }
        if result is not None:
            request["converted"] = [os.fspath(result.path), result.media_type, result.warning]
        try:
            write_frame(writing, request)
            self._receive(reading, began + self._limits.seconds)
        except (OSError, EndOfPipeError, FrameError, TooSlowError) as error:
            raise _GoneError from error
        return began

    def _outcome(self, source: SourceFile, began: float) -> Document:
        """Return what became of a file that the process took."""
        try:
            document, leaving = self._answer(source, began)
        except TooSlowError:
            self.kill()
            seconds = time.monotonic() - began
            return self._lost(source, f"Reading was stopped after {seconds:.0f} seconds.")
        except (OSError, EndOfPipeError):
            return self._lost(source, cause_of_death(self._exit_status()))
        except (FrameError, KeyError, TypeError, ValueError):
            self.kill()
            return self._without_text(source, _NONSENSE)
        if leaving:
            self.kill()
        return document

    def _answer(self, source: SourceFile, began: float) -> tuple[Document, bool]:
        """Return the document, and whether the process ends after it."""
        limits = self._limits
        _, reading = self._pipes()
        outlook = self._receive(reading, began + limits.seconds)
        if "convert" in outlook:
            raise _ConversionWantedError(outlook["convert"])
        pages = int(outlook["pages"])
        allowed = min(limits.seconds + limits.seconds_per_page * pages, limits.seconds_most)
        answer = self._receive(reading, began + allowed)
        for _ in range(self._signs_allowed()):
            if "recognising" not in answer:
                break
            self._recognising = True
            answer = self._receive(reading, self._deadline_after_sign(began))
        document = document_from_json(answer["document"])
        if document.name != source.name:
            raise FrameError
        return document, bool(answer["leaving"])

    def _lost(self, source: SourceFile, why: str) -> Document:
        if self._recognising:
            raise _RecognitionFailedError(why)
        return self._without_text(source, why)

    def _signs_allowed(self) -> int:
        """Return how many signs may come: a page is drawn once and tried twice at most."""
        return 3 * self._limits.pages if self._may_recognise else 0

    def _deadline_after_sign(self, began: float) -> float:
        """Return until when to wait once a page's recognition has begun.

        The time for all pages is the child's to keep, which gives up the pages left over; it is
        kept here only from a child that does not.
        """
        one = self._ocr.seconds_per_page + self._limits.seconds
        return min(
            time.monotonic() + one, began + self._ocr.seconds_most + self._limits.seconds_most + one
        )

    def _pipes(self) -> tuple[int, int]:
        """Return descriptors to write to and read from, of a process that is ready."""
        process = self._process or self._start()
        if process.stdin is None or process.stdout is None:
            raise _GoneError
        return process.stdin.fileno(), process.stdout.fileno()

    def _start(self) -> subprocess.Popen[bytes]:
        if self._stopped:
            raise _GoneError
        try:
            process = start_child(self._command)
        except OSError as error:
            raise _GoneError from error
        self._process = process
        if self._stopped or process.stdin is None or process.stdout is None:
            raise _GoneError
        try:
            setup = {
                "limits": self._limits.model_dump(mode="json"),
                "ocr": self._ocr.model_dump(mode="json"),
            }
            write_frame(process.stdin.fileno(), setup)
            deadline = time.monotonic() + _START_SECONDS
            self._receive(process.stdout.fileno(), deadline)
        except (OSError, EndOfPipeError, FrameError, TooSlowError) as error:
            raise _GoneError from error
        return process

    def _receive(self, reading: int, deadline: float) -> Any:
        return read_frame(reading, most=self._most, deadline=deadline)

    def _without_text(
        self,
        source: SourceFile,
        reason: str,
        status: DocumentStatus = DocumentStatus.FAILED,
        media_type: str = "",
    ) -> Document:
        try:
            sha256 = file_sha256(source.path)
        except OSError:
            sha256 = ""
        document = without_text(source, sha256, status, reason, media_type=media_type)
        fidelity = replace(document.fidelity, reader=reader_identity(self._ocr))
        return replace(document, fidelity=fidelity)

    def _exit_status(self) -> int | None:
        """Return how a process that closed its pipe ended; none if it lingers and is killed."""
        try:
            if self._process is not None:
                self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()
            return None
        return self.kill()


def start_child(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a process that is spoken to through pipes and leads a group of its own."""
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=child_environment(),
        bufsize=0,
        start_new_session=True,
    )


def end_child(process: subprocess.Popen[bytes]) -> int:
    """Kill a child with all it has started, clean up, and return its exit status."""
    kill_group(process)
    status = process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    return status


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a child with all it has started: it leads a process group of its own.

    The group outlives a child that ended by itself, and is killed then, too.
    """
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def child_environment() -> dict[str, str]:
    """Return what the child needs to know: no secrets, and one thread per library."""
    environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    environment["PYTHONUTF8"] = "1"
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        environment[name] = "1"
    return environment


def cause_of_death(status: int | None) -> str:
    """Return why a process ended, for people."""
    if status is None:
        return "The reading process fell silent; the file may be damaged or hostile."
    if status < 0:
        number = -status
        if number == signal.SIGXCPU:
            return "Reading took more processor time than is allowed; stopped."
        if number == signal.SIGABRT:
            return (
                "The reading process gave up (SIGABRT): most likely the file needs more memory "
                "than is allowed; it may be damaged or hostile."
            )
        if number == signal.SIGKILL:
            return (
                "The reading process was killed, most likely since the machine had no memory left."
            )
        known = {member.value: member.name for member in signal.Signals}
        name = known.get(number, str(number))
        return f"The reading process crashed ({name}); the file may be damaged or hostile."
    return f"The reading process ended early (exit status {status}); the file may be damaged."
