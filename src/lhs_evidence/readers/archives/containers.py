"""Archives and mails among the files to read: what is in them becomes sources of its own.

A container is a document itself only where there is something to say of it: a mail has a text,
an archive may be refused or stop in the middle. Whatever is in it and cannot be read keeps its
name and gets a status, so that nothing is missing without a word.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from lhs_evidence.errors import UnreadableError
from lhs_evidence.ids import file_sha256
from lhs_evidence.model import DocumentStatus
from lhs_evidence.readers.archives.unpack import ARCHIVE, MAIL
from lhs_evidence.readers.archives.unpacker import COMMAND, Member, Unpacker
from lhs_evidence.readers.canonical import without_text
from lhs_evidence.readers.detect import ZIP, is_mail
from lhs_evidence.readers.discover import SourceFile, numbered
from lhs_evidence.settings import ReadingLimits

_HEAD = 1 << 12
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_LOCAL_HEADER = 30
# What the first entry of an office file is called: such a file is left to its reader.
_OFFICE_BEGINNINGS = (
    b"[Content_Types].xml",
    b"_rels/.rels",
    b"docProps/app.xml",
    b"docProps/core.xml",
    b"word/document.xml",
    b"xl/workbook.xml",
    b"ppt/presentation.xml",
)


@contextmanager
def expanded(
    sources: Sequence[SourceFile], limits: ReadingLimits, *, command: Sequence[str] = COMMAND
) -> Iterator[list[SourceFile]]:
    """Lend the sources with what is in archives and mails in place of, or behind, these.

    Names go on from the container's: `board.zip/minutes/2024-01.docx`. The files exist until the
    context ends.

    Args:
        sources: Files to read, with unique names.
        limits: Limits on each container, and on all of them together.
        command: The process that unpacks; replaced in tests.
    """
    if not any(_may_hold_documents(source) for source in sources):
        yield list(sources)
        return
    unpacker = Unpacker(limits, command)
    try:
        with TemporaryDirectory(prefix="lhs-evidence-") as scratch:
            expansion = _Expansion(sources, limits, unpacker, Path(scratch))
            yield [inner for source in sources for inner in expansion.expand(source)]
    finally:
        unpacker.close()


@dataclass(slots=True)
class _Room:
    """What may still be taken out of one container that was handed over, whatever lies in it."""

    entries: int
    size: int


class _Expansion:
    """Opens the containers of one run, counting what it unpacks."""

    def __init__(
        self,
        sources: Sequence[SourceFile],
        limits: ReadingLimits,
        unpacker: Unpacker,
        scratch: Path,
    ) -> None:
        self._limits = limits
        self._unpacker = unpacker
        self._scratch = scratch
        self._taken = {source.name for source in sources}
        self._left = limits.unpacked_bytes
        self._folders = 0

    def expand(
        self, source: SourceFile, room: _Room | None = None, depth: int = 0
    ) -> Iterator[SourceFile]:
        """Yield a source, or what is in it."""
        if not _may_hold_documents(source):
            yield source
            return
        limits = self._limits
        room = room or _Room(limits.archive_entries, min(limits.archive_bytes, self._left))
        folder = self._folder()
        opened = self._unpacker.open(
            source.path,
            source.name,
            folder,
            entries=room.entries,
            room=room.size,
            closed=depth > limits.container_depth,
        )
        size = sum(member.file.stat().st_size for member in opened.members if member.file)
        self._left -= size
        room.size -= size
        room.entries -= len(opened.members)
        if opened.kind != ARCHIVE:
            yield source
        for member in opened.members:
            yield from self._from_member(source, member, room, depth)
        fault = opened.fault
        if opened.kind == ARCHIVE and fault is None and not opened.members:
            fault = UnreadableError(DocumentStatus.NO_TEXT, "There is no document in the archive.")
        if fault is not None and opened.kind == ARCHIVE:
            yield _with_outcome(source, source.name, _said_with(fault, opened.members), ZIP)
        elif fault is not None and opened.kind == MAIL:
            yield _with_outcome(source, self._unique(f"{source.name}/attachments"), fault)

    def _from_member(
        self, container: SourceFile, member: Member, room: _Room, depth: int
    ) -> Iterator[SourceFile]:
        name = self._unique(f"{container.name}/{member.name}")
        if member.fault is not None:
            yield _with_outcome(container, name, member.fault)
        elif member.file is not None:
            yield from self.expand(SourceFile(member.file, name), room, depth + 1)

    def _folder(self) -> Path:
        self._folders += 1
        folder = self._scratch / str(self._folders)
        folder.mkdir()
        return folder

    def _unique(self, wanted: str) -> str:
        name, number = wanted, 2
        while name in self._taken:
            name, number = numbered(wanted, number), number + 1
        self._taken.add(name)
        return name


def _may_hold_documents(source: SourceFile) -> bool:
    """Whether a file may be a container, by a look at its first bytes.

    Only what opens it knows; this keeps ordinary files from being opened twice.
    """
    if source.outcome is not None:
        return False
    try:
        with source.path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError:
        return False
    if head.startswith(_ZIP_STARTS):
        return not head[_LOCAL_HEADER:].startswith(_OFFICE_BEGINNINGS)
    return is_mail(head, PurePosixPath(source.name).suffix.lower())


def _with_outcome(
    container: SourceFile, name: str, fault: UnreadableError, media_type: str = ""
) -> SourceFile:
    """Return a source that is not read any more, under the hash of the container it lies in."""
    try:
        sha256 = file_sha256(container.path)
    except OSError:
        sha256 = ""
    source = SourceFile(container.path / name, name)
    outcome = without_text(source, sha256, fault.status, str(fault), media_type=media_type)
    return SourceFile(source.path, name, outcome)


def _said_with(fault: UnreadableError, members: Sequence[Member]) -> UnreadableError:
    """Return the fault of an archive, which says that what came out before it counts."""
    if not members:
        return fault
    documents = "1 document" if len(members) == 1 else f"{len(members)} documents"
    return UnreadableError(fault.status, f"{fault} Only {documents} came out of it before that.")
