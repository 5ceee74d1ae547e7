"""The process that opens containers, seen from outside: a hostile one costs itself only."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lhs_evidence.errors import UnreadableError
from lhs_evidence.model import DocumentStatus
from lhs_evidence.readers.isolation.frames import (
    EndOfPipeError,
    FrameError,
    TooSlowError,
    read_frame,
    write_frame,
)
from lhs_evidence.readers.isolation.sandbox import cause_of_death, end_child, start_child
from lhs_evidence.readers.sanitise import one_line
from lhs_evidence.settings import ReadingLimits

# -P keeps the current folder off the module path, as for the processes that read.
COMMAND = (sys.executable, "-P", "-m", "lhs_evidence.readers.archives.unpack")

_START_SECONDS = 60.0
_END_SECONDS = 2.0
_LARGEST_ANSWER = 1 << 20


@dataclass(frozen=True, slots=True)
class Member:
    """A document in a container: the file it was unpacked to, or why it was not."""

    name: str
    file: Path | None = None
    fault: UnreadableError | None = None


@dataclass(slots=True)
class Opened:
    """What became of a container: its kind, its documents so far, and what stopped it."""

    kind: str = ""
    members: list[Member] = field(default_factory=list)
    fault: UnreadableError | None = None


class Unpacker:
    """A child process that opens one container after another; replaced when it dies.

    Args:
        limits: Limits on each container and on the process.
        command: What to start; replaced in tests by children that misbehave.
    """

    def __init__(self, limits: ReadingLimits, command: Sequence[str] = COMMAND) -> None:
        self._limits = limits
        self._command = list(command)
        self._process: subprocess.Popen[bytes] | None = None

    def open(
        self, path: Path, name: str, folder: Path, *, entries: int, room: int, closed: bool
    ) -> Opened:
        """Return what is in a container; whatever happens to the process, this comes back.

        Args:
            path: The container.
            name: What it is called, for its type.
            folder: An empty folder that its documents are written into.
            entries: Documents that may be taken out.
            room: Bytes that they may have in all.
            closed: Whether it lies so deep in others that its documents are only named.
        """
        opened = Opened()
        request = {
            "path": os.fspath(path.absolute()),
            "name": name,
            "folder": os.fspath(folder.absolute()),
            "entries": entries,
            "room": room,
            "closed": closed,
        }
        try:
            process = self._process or self._start()
            writing, reading = _pipes(process)
            deadline = time.monotonic() + self._limits.seconds
            write_frame(writing, request)
            while not _take(opened, self._receive(reading, deadline), folder, entries):
                pass
        except TooSlowError:
            self.close()
            opened.fault = _failed(f"Unpacking was stopped after {self._limits.seconds:.0f} s.")
        except (OSError, EndOfPipeError):
            opened.fault = _failed(cause_of_death(self._exit_status()))
        except (FrameError, KeyError, TypeError, ValueError):
            self.close()
            opened.fault = _failed("The process that unpacks answered nonsense or far too much.")
        return opened

    def close(self) -> int | None:
        """End the process; returns its exit status if there was one."""
        process, self._process = self._process, None
        return None if process is None else end_child(process)

    def _start(self) -> subprocess.Popen[bytes]:
        process = start_child(self._command)
        self._process = process
        writing, reading = _pipes(process)
        write_frame(writing, self._limits.model_dump(mode="json"))
        self._receive(reading, time.monotonic() + _START_SECONDS)
        return process

    def _receive(self, reading: int, deadline: float) -> Any:
        return read_frame(reading, most=_LARGEST_ANSWER, deadline=deadline)

    def _exit_status(self) -> int | None:
        """Return the exit status of a process that closed its pipe, killing it if it lingers."""
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_END_SECONDS)
        return self.close()


def _pipes(process: subprocess.Popen[bytes]) -> tuple[int, int]:
    if process.stdin is None or process.stdout is None:
        raise EndOfPipeError
    return process.stdin.fileno(), process.stdout.fileno()


def _take(opened: Opened, answer: dict[str, Any], folder: Path, entries: int) -> bool:
    """Take up one answer of the process, which is trusted no further than its files; True ends it.

    Raises:
        KeyError, TypeError, ValueError: The answer makes no sense.
    """
    if "done" in answer:
        return True
    if "kind" in answer:
        opened.kind = str(answer["kind"])
        return False
    fault = None
    if "status" in answer:
        fault = UnreadableError(DocumentStatus(answer["status"]), str(answer["reason"]))
        if "member" not in answer:
            opened.fault = fault
            return False
    file = None if fault else folder / str(int(answer["file"]))
    if len(opened.members) >= entries or (file and (file.is_symlink() or not file.is_file())):
        raise ValueError
    opened.members.append(Member(one_line(answer["member"]) or "unnamed", file, fault))
    return False


def _failed(reason: str) -> UnreadableError:
    return UnreadableError(DocumentStatus.FAILED, reason)
