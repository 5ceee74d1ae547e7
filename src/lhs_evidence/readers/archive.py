"""Checks on an office file's zip archive, made before any parser sees it.

A 57 KB archive can claim 10 GB, and this Python's `zipfile` may read overlapping entries without
complaint. So the directory is checked first, and then the XML parts are streamed once, counted
and searched for a DOCTYPE, which no office file needs and every entity attack does.
"""

from __future__ import annotations

import re
import stat
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from lhs_evidence.errors import UnreadableError
from lhs_evidence.model import DocumentStatus
from lhs_evidence.settings import ReadingLimits

_PIECE = 1 << 16
_LOCAL_HEADER = 30
# Below this size a high ratio harms nobody: repetitive XML packs well.
_RATIO_MATTERS = 1 << 20
_XML_SUFFIXES = (".xml", ".rels", ".vml")
_DOCTYPE = b"<!DOCTYPE"
_BAD_NAME = re.compile(r"^(?:/|\\|[A-Za-z]:)|(?:^|[/\\])\.\.(?:[/\\]|$)|\x00")


def check_archive(path: Path, limits: ReadingLimits) -> None:
    """Raise `UnreadableError` unless the archive keeps to the limits and looks honest.

    Raises:
        UnreadableError: With `rejected` for a limit or a trick, `failed` for damage.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_directory(entries, path.stat().st_size, limits)
            _check_overlap(entries, archive.start_dir)
            for entry in entries:
                _check_member(archive, entry, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise UnreadableError(
            DocumentStatus.FAILED, f"The file is damaged: its archive cannot be read ({error})."
        ) from error


def _check_directory(
    entries: Sequence[zipfile.ZipInfo], packed: int, limits: ReadingLimits
) -> None:
    """Check what the archive says of itself."""
    if len(entries) > limits.archive_entries:
        raise _rejected(f"it has {len(entries):,} entries; {limits.archive_entries:,} are allowed")
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names):
        raise _rejected("it has two entries of the same name")
    for entry in entries:
        if _BAD_NAME.search(entry.filename) or stat.S_ISLNK(entry.external_attr >> 16):
            raise _rejected("an entry points outside of it")
        if entry.flag_bits & 0x1:
            raise _rejected("some of its entries are encrypted")
        if entry.file_size > limits.member_bytes:
            raise _rejected(f"one entry unpacks to {entry.file_size >> 20:,} MiB")
        if _ratio(entry.file_size, entry.compress_size) > limits.archive_ratio:
            raise _rejected("one entry unpacks to far more than its packed size")
    total = sum(entry.file_size for entry in entries)
    if total > limits.archive_bytes:
        raise _rejected(f"it unpacks to {total >> 20:,} MiB")
    if _ratio(total, packed) > limits.archive_ratio:
        raise _rejected("it unpacks to far more than its packed size")


def _ratio(unpacked: int, packed: int) -> float:
    return unpacked / max(packed, 1) if unpacked > _RATIO_MATTERS else 0.0


def _check_overlap(entries: Sequence[zipfile.ZipInfo], directory: int) -> None:
    """Refuse entries whose data lie over one another or over the directory."""
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    ends = [entry.header_offset for entry in ordered[1:]] + [directory]
    for entry, limit in zip(ordered, ends, strict=True):
        name = len(entry.orig_filename.encode("utf-8", "surrogatepass"))
        # cp437 names are as long in bytes as in characters; the smaller of both is always safe.
        name = min(name, len(entry.orig_filename))
        if entry.header_offset + _LOCAL_HEADER + name + entry.compress_size > limit:
            raise _rejected("its entries overlap")


def _check_member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: ReadingLimits) -> None:
    """Stream one XML part: its real size is counted, its checksum tested, a DOCTYPE refused."""
    if not entry.filename.lower().endswith(_XML_SUFFIXES):
        return
    read = 0
    tail = b""
    with archive.open(entry) as stream:
        while piece := stream.read(_PIECE):
            read += len(piece)
            if read > limits.member_bytes:
                raise _rejected(f"one entry unpacks to more than {limits.member_bytes >> 20} MiB")
            # Without NULs the search holds for UTF-16 as well.
            searched = tail + piece.replace(b"\x00", b"")
            if _DOCTYPE in searched:
                raise _rejected("one of its parts declares a document type (DOCTYPE)")
            tail = searched[-len(_DOCTYPE) :]


def _rejected(why: str) -> UnreadableError:
    return UnreadableError(DocumentStatus.REJECTED, f"The file was not opened: {why}.")
