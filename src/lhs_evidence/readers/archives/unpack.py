"""The process that opens archives and mails: `python -m lhs_evidence.readers.archives.unpack`.

The first message it gets are the limits; each further one names a container and a folder. It
answers with the kind of container, with a message for each document in it, and with how that
ended. Files are written into the folder under numbers, never under names from the container.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from lzma import LZMAError
from pathlib import Path, PurePosixPath
from typing import Any

from lhs_evidence.errors import UnreadableError
from lhs_evidence.model import DocumentStatus
from lhs_evidence.readers import detect
from lhs_evidence.readers.archives.archive import (
    DAMAGE,
    check_directory,
    damaged,
    entry_fault,
    is_encrypted,
)
from lhs_evidence.readers.discover import is_junk
from lhs_evidence.readers.isolation.confine import allow_seconds, confine, end_with_parent
from lhs_evidence.readers.isolation.frames import (
    EndOfPipeError,
    read_frame,
    take_over_pipes,
    write_frame,
)
from lhs_evidence.readers.mail.parts import content_of, name_of, parse_mail, sort_parts
from lhs_evidence.readers.sanitise import one_line
from lhs_evidence.settings import ReadingLimits

ARCHIVE, MAIL = "archive", "mail"

_LARGEST_REQUEST = 1 << 20
_UTF8_NAMES = 0x800
_LONGEST_NAME = 400
_ENCRYPTED = "It lies encrypted in its archive. Unpack it and hand over the file."

Answer = dict[str, Any]


@dataclass(slots=True)
class Task:
    """One container to open: where it lies, where its documents go, and how much they may be.

    A `closed` one lies in too many others: what is in it is only named.
    """

    path: Path
    name: str
    folder: Path
    entries: int
    room: int
    closed: bool
    _written: int = field(default=0, init=False)

    def place(self) -> Path:
        """Return the path of the next file to write."""
        self._written += 1
        return self.folder / str(self._written)


def serve(unpack: Callable[[Task, ReadingLimits], Iterator[Answer]] | None = None) -> None:
    """Answer requests until the parent closes its end; `unpack` is replaced in tests."""
    requests, answers = take_over_pipes()
    try:
        limits = ReadingLimits.model_validate(read_frame(requests, most=_LARGEST_REQUEST))
        confine(limits, file_bytes=limits.member_bytes)
        end_with_parent()
        write_frame(answers, {"ready": True})
        while True:
            request = read_frame(requests, most=_LARGEST_REQUEST)
            task = Task(
                Path(request["path"]),
                request["name"],
                Path(request["folder"]),
                request["entries"],
                request["room"],
                request["closed"],
            )
            allow_seconds(limits)
            for answer in (unpack or unpacked)(task, limits):
                write_frame(answers, answer)
            write_frame(answers, {"done": True})
    except (EndOfPipeError, BrokenPipeError):
        return


def unpacked(task: Task, limits: ReadingLimits) -> Iterator[Answer]:
    """Yield the kind of a container, then each of its documents, then its fault if it has one."""
    try:
        kind = _kind(task, limits)
        yield {"kind": kind}
        if kind == ARCHIVE:
            yield from _archived(task, limits)
        elif kind == MAIL:
            yield from _attached(task)
    except UnreadableError as error:
        yield {"status": error.status.value, "reason": str(error)}
    except MemoryError:
        yield _failure("Unpacking took more memory than is allowed.")
    # The border around what opens containers, as `document.py` is around the readers.
    except Exception as error:  # noqa: BLE001
        yield _failure(f"It could not be unpacked ({type(error).__name__}: {str(error)[:200]}).")


def _kind(task: Task, limits: ReadingLimits) -> str:
    """Return what kind of container a file is, nothing for one that its reader deals with."""
    try:
        kind = detect.detect(task.path, task.name)
    except (UnreadableError, OSError):
        return ""
    if kind == detect.ZIP:
        return ARCHIVE
    # A mail is parsed in memory; one that is too large is refused by its reader.
    too_large = task.path.stat().st_size > limits.file_bytes
    return MAIL if kind == detect.EML and not too_large else ""


def _archived(task: Task, limits: ReadingLimits) -> Iterator[Answer]:
    if task.closed:
        raise UnreadableError(
            DocumentStatus.REJECTED,
            "It lies in too many archives or mails. Unpack it and hand over the files in it.",
        )
    packed = task.path.stat().st_size
    try:
        with zipfile.ZipFile(task.path) as archive:
            check_directory(archive, packed, limits, most_bytes=task.room)
            files = [entry for entry in archive.infolist() if not entry.is_dir()]
            named = [(name, entry) for entry in files if not is_junk(name := _name(entry))]
            if len(named) > task.entries:
                raise _too_many()
            for name, entry in named:
                yield {"member": name} | _extracted(archive, entry, task.place(), limits)
    except DAMAGE as error:
        raise damaged(error) from error


def _extracted(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, place: Path, limits: ReadingLimits
) -> Answer:
    """Write one entry to its place, or return why it was not."""
    fault = entry_fault(entry, limits)
    if is_encrypted(entry):
        return {"status": DocumentStatus.NEEDS_PASSWORD.value, "reason": _ENCRYPTED}
    if fault:
        reason = f"It was not taken out of its archive: it {fault}."
        return {"status": DocumentStatus.REJECTED.value, "reason": reason}
    try:
        with archive.open(entry) as stream, place.open("wb") as file:
            shutil.copyfileobj(stream, file)
    except NotImplementedError:
        reason = (
            "It is packed by a method that is not known here. Unpack it and hand over the file."
        )
        return {"status": DocumentStatus.UNSUPPORTED.value, "reason": reason}
    except (*DAMAGE, LZMAError, OSError, RuntimeError) as error:
        place.unlink(missing_ok=True)
        return _failure(f"It could not be taken out of its archive ({error}).")
    return {"file": place.name}


def _name(entry: zipfile.ZipInfo) -> str:
    """Return an entry's name as it is shown; it is never used as a path."""
    name = entry.filename
    if not entry.flag_bits & _UTF8_NAMES:
        # Many programs write UTF-8 and do not say so.
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    parts = PurePosixPath(one_line(name.replace("\\", "/")).lstrip("/")).parts
    return "/".join(part for part in parts if part != "..")[-_LONGEST_NAME:] or "unnamed"


def _attached(task: Task) -> Iterator[Answer]:
    try:
        attachments = sort_parts(parse_mail(task.path.read_bytes())).attachments
    except UnreadableError:
        # Its reader says the same of the mail itself.
        return
    if len(attachments) > task.entries:
        raise _too_many()
    for number, part in enumerate(attachments, 1):
        member = {"member": name_of(part, number)}
        if task.closed:
            reason = "It is attached to a mail that lies in too many archives or mails."
            yield member | {"status": DocumentStatus.REJECTED.value, "reason": reason}
            continue
        try:
            data = content_of(part)
            task.room -= len(data)
            if task.room < 0:
                raise UnreadableError(
                    DocumentStatus.REJECTED, "The mail carries more than may be unpacked."
                )
            place = task.place()
            place.write_bytes(data)
        except UnreadableError as error:
            yield member | {"status": error.status.value, "reason": str(error)}
        except OSError as error:
            yield member | _failure(f"It could not be taken out of its mail ({error}).")
        else:
            yield member | {"file": place.name}


def _failure(reason: str) -> Answer:
    return {"status": DocumentStatus.FAILED.value, "reason": reason}


def _too_many() -> UnreadableError:
    return UnreadableError(
        DocumentStatus.REJECTED,
        "The file was not opened: it holds more documents than are unpacked from one file.",
    )


if __name__ == "__main__":
    serve()
