"""Checks on zip archives, made before any parser sees what is in them.

A 57 KB archive can claim 10 GB, and this Python's `zipfile` may read overlapping entries without
complaint. So the directory is checked first. An office file with anything odd about it is refused
whole; then its XML parts are streamed once, counted and searched for a DOCTYPE, which no office
file needs and every entity attack does. Of a plain archive of documents only the entries at fault
are refused.
"""

from __future__ import annotations

import codecs
import re
import stat
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from lhs_evidence.errors import UnreadableError
from lhs_evidence.model import DocumentStatus
from lhs_evidence.settings import ReadingLimits

# What `zipfile` and the libraries under it raise on archives that are damaged or of a rare kind.
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError)

_PIECE = 1 << 16
_LOCAL_HEADER = 30
# Below this size a high ratio harms nobody: blank pictures and repetitive XML pack well.
_RATIO_MATTERS = 4 << 20
_XML_SUFFIXES = (".xml", ".rels", ".vml")
# Pictures and pages that an office file carries along; nothing here parses them.
_PASSIVE_SUFFIXES = (".svg", ".html", ".htm", ".xhtml", ".mht")
_DOCTYPE = b"<!DOCTYPE"
_EBCDIC = "<?xm".encode("cp037")
_DECLARED = re.compile(rb"\A<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"']*)[\"']")
_BAD_NAME = re.compile(r"^(?:/|\\|[A-Za-z]:)|(?:^|[/\\])\.\.(?:[/\\]|$)|\x00")


def check_archive(path: Path, limits: ReadingLimits) -> None:
    """Raise `UnreadableError` unless an office file's archive keeps to the limits and is honest.

    Raises:
        UnreadableError: With `rejected` for a limit or a trick, `failed` for damage.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            check_directory(archive, path.stat().st_size, limits, most_bytes=limits.archive_bytes)
            _check_office(entries, limits)
            for entry in entries:
                _check_member(archive, entry, limits)
    except DAMAGE as error:
        raise damaged(error) from error


def check_directory(
    archive: zipfile.ZipFile, packed: int, limits: ReadingLimits, *, most_bytes: int
) -> None:
    """Refuse an archive of too many entries, or of more in all than its bytes can honestly hold.

    Args:
        archive: The open archive; nothing in it is unpacked.
        packed: The archive's own size in bytes.
        limits: Limits on its entries and its ratio.
        most_bytes: Bytes that it may unpack to in all.
    """
    entries = archive.infolist()
    if len(entries) > limits.archive_entries:
        raise _refused(f"it has {len(entries):,} entries; {limits.archive_entries:,} are allowed")
    total = sum(entry.file_size for entry in entries)
    if total > most_bytes:
        raise _refused(f"it unpacks to {total >> 20:,} MiB; {most_bytes >> 20:,} MiB are allowed")
    if _ratio(total, packed) > limits.archive_ratio:
        raise _refused("it unpacks to far more than its packed size")
    _check_overlap(entries, archive.start_dir)


def entry_fault(entry: zipfile.ZipInfo, limits: ReadingLimits) -> str:
    """Return why an entry may not be unpacked, as the end of a sentence; empty if it may."""
    if _BAD_NAME.search(entry.orig_filename) or stat.S_ISLNK(entry.external_attr >> 16):
        return "points outside of it"
    if is_encrypted(entry):
        return "is encrypted"
    if entry.file_size > limits.member_bytes:
        return f"unpacks to {entry.file_size >> 20:,} MiB"
    if _ratio(entry.file_size, entry.compress_size) > limits.archive_ratio:
        return "unpacks to far more than its packed size"
    return ""


def is_encrypted(entry: zipfile.ZipInfo) -> bool:
    """Whether an entry can be unpacked with a password only."""
    return bool(entry.flag_bits & 0x1)


def damaged(error: BaseException) -> UnreadableError:
    """Return the error for an archive that cannot be read."""
    return UnreadableError(
        DocumentStatus.FAILED, f"The file is damaged: its archive cannot be read ({error})."
    )


def _check_office(entries: Sequence[zipfile.ZipInfo], limits: ReadingLimits) -> None:
    """Refuse what no program writes: it is there to make two readers see two documents."""
    # Names of parts differ by more than their case.
    names = [entry.filename.lower() for entry in entries]
    if len(set(names)) != len(names):
        raise _refused("it has two entries of the same name")
    for entry in entries:
        fault = entry_fault(entry, limits)
        if fault:
            raise _refused(f"one entry {fault}")


def _ratio(unpacked: int, packed: int) -> float:
    return unpacked / max(packed, 1) if unpacked > _RATIO_MATTERS else 0.0


def _check_overlap(entries: Sequence[zipfile.ZipInfo], directory: int) -> None:
    """Refuse entries whose data lie over one another or over the directory."""
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    ends = [*(entry.header_offset for entry in ordered), directory][1:]
    for entry, limit in zip(ordered, ends, strict=True):
        name = len(entry.orig_filename.encode("utf-8", "surrogatepass"))
        # cp437 names are as long in bytes as in characters; the smaller of both is always safe.
        name = min(name, len(entry.orig_filename))
        if entry.header_offset + _LOCAL_HEADER + name + entry.compress_size > limit:
            raise _refused("its entries overlap")


def _check_member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: ReadingLimits) -> None:
    """Stream one XML part: its real size is counted, its checksum tested, a DOCTYPE refused."""
    if not _is_checked(archive, entry):
        return
    read = 0
    tail = b""
    with archive.open(entry) as stream:
        while piece := stream.read(_PIECE):
            # Without NULs the search holds for UTF-16 as well.
            searched = tail + piece.replace(b"\x00", b"")
            if not read:
                _check_encoding(piece)
            read += len(piece)
            if read > limits.member_bytes:
                raise _refused(f"one entry unpacks to more than {limits.member_bytes >> 20} MiB")
            if _DOCTYPE in searched:
                raise _refused("one of its parts declares a document type (DOCTYPE)")
            tail = searched[-len(_DOCTYPE) :]


def _is_checked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """Whether a part is XML by its name or its first bytes: its name need not say what it is."""
    name = entry.filename.lower()
    if name.endswith(_XML_SUFFIXES + _PASSIVE_SUFFIXES):
        return name.endswith(_XML_SUFFIXES)
    try:
        with archive.open(entry) as stream:
            start = stream.read(64)
    except DAMAGE:
        # A damaged picture harms nobody, and no text is read from it.
        return False
    return start.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<")


def _check_encoding(piece: bytes) -> None:
    """Refuse encodings in which a DOCTYPE would not look like one (UTF-7, EBCDIC)."""
    declared = _DECLARED.match(piece.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n"))
    try:
        name = codecs.lookup(declared[1].decode("ascii")).name if declared else "utf-8"
        shown = _DOCTYPE.decode("ascii").encode(name).replace(b"\x00", b"")
    except (LookupError, UnicodeError):
        name, shown = "", b""
    if name == "utf-7" or not shown.endswith(_DOCTYPE) or piece.startswith(_EBCDIC):
        raise _refused("one of its parts is XML in an encoding that no office program writes")


def _refused(why: str) -> UnreadableError:
    return UnreadableError(DocumentStatus.REJECTED, f"The file was not opened: {why}.")
