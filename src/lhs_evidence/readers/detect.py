"""What a file is, by its content first and its name second.

The name decides only where the content leaves it open: between kinds of text, and for a file
that is two things at once. Macro-enabled office files are read like their plain kin: the readers
look at text parts only and run nothing. A media type returned here need not have a reader on
this machine; what has none, and whatever is no document, is `unsupported`, with advice.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection
from pathlib import Path, PurePosixPath

from lhs_evidence.errors import UnreadableError
from lhs_evidence.model import DocumentStatus
from lhs_evidence.readers import advice

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
DOC = "application/msword"
XLS = "application/vnd.ms-excel"
PPT = "application/vnd.ms-powerpoint"
RTF = "application/rtf"
ODT = "application/vnd.oasis.opendocument.text"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
ODP = "application/vnd.oasis.opendocument.presentation"
HTML = "text/html"
MARKDOWN = "text/markdown"
TEXT = "text/plain"
CSV = "text/csv"
PNG = "image/png"
JPEG = "image/jpeg"
TIFF = "image/tiff"
EML = "message/rfc822"
ZIP = "application/zip"

_HEAD = 1 << 16
_CONTENT_TYPES = "[Content_Types].xml"
_PART_BYTES = 1 << 20
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_OLE_ENTRY = 128
_SUFFIXES = {
    DOC: ".doc",
    XLS: ".xls",
    PPT: ".ppt",
    RTF: ".rtf",
    ODT: ".odt",
    ODS: ".ods",
    ODP: ".odp",
    PNG: ".png",
    JPEG: ".jpg",
    TIFF: ".tif",
    EML: ".msg",
    ZIP: ".zip",
}
_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"{\\rtf", RTF),
    (b"\xef\xbb\xbf{\\rtf", RTF),
)
# Known by their first bytes, whatever they are called, and not read.
_REFUSED_MAGIC = (
    (b"\x1f\x8b", ".gz"),
    (b"BZh91AY&SY", ".bz2"),
    (b"\xfd7zXZ\x00", ".xz"),
    (b"7z\xbc\xaf\x27\x1c", ".7z"),
    (b"Rar!\x1a\x07", ".rar"),
    (b"GIF8", ".gif"),
)
# The stream that holds the text of an old office file, by its name in the directory.
_OLE_STREAMS = {
    "WordDocument": DOC,
    "Workbook": XLS,
    "Book": XLS,
    "PowerPoint Document": PPT,
    "__properties_version1.0": ".msg",
    "EncryptedPackage": "",
}
_HTML_START = re.compile(
    rb"\A\s*(?:<\?xml[^>]*>\s*)*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_HTML_FRAGMENT = re.compile(
    rb"\A\s*<(?:meta|title|table|div|p|style|script|center|font|h[1-6]|frameset|link)[\s>]",
    re.IGNORECASE,
)
_IS_CONTROL = bytes(
    code == 127 or (code < 32 and code not in (9, 10, 12, 13, 27)) for code in range(256)
)
_IS_HIGH = bytes(code >= 0x80 for code in range(256))
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_OFFICE_XML = re.compile(
    rb"<(?:w:wordDocument|pkg:package|office:document)[\s>]|<\?mso-application"
)
# What a PDF that has lost its head is still full of.
_PDF_WORDS = (b" obj", b"endobj", b"startxref", b"trailer", b"%PDF-", b"/Type")
_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")
_MAIL_FIELDS = frozenset(
    b"from to cc subject date sender reply-to received return-path delivered-to message-id "
    b"mime-version content-type x-mailer".split()
)
# Fields that only machines write; people head their memos with the others.
_TRANSPORT_FIELDS = frozenset(b"received return-path delivered-to message-id mime-version".split())
# Main parts of documents, templates and shows, with and without macros.
_OFFICE_MAIN_PARTS = (
    (rb"wordprocessingml\.(?:document|template)\.main\+xml", DOCX),
    (rb"ms-word\.(?:document|template)\.macroEnabled(?:Template)?\.main\+xml", DOCX),
    (rb"spreadsheetml\.(?:sheet|template)\.main\+xml", XLSX),
    (rb"ms-excel\.(?:sheet|template)\.macroEnabled\.main\+xml", XLSX),
    (rb"presentationml\.(?:presentation|template|slideshow)\.main\+xml", PPTX),
    (rb"ms-powerpoint\.(?:presentation|template|slideshow)\.macroEnabled\.main\+xml", PPTX),
)
_OFFICE_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX, "ppt/presentation.xml": PPTX}
_OFFICE_SUFFIXES = frozenset(
    f".{kind}{ending}"
    for kind in ("doc", "dot", "xls", "xlt", "ppt", "pot", "pps")
    for ending in ("x", "m")
)
_OLD_SUFFIXES = {".doc": DOC, ".dot": DOC, ".xls": XLS, ".xlt": XLS, ".ppt": PPT, ".pps": PPT}
_TEXT_SUFFIXES = (
    dict.fromkeys([".html", ".htm", ".xhtml", ".shtml"], HTML)
    | dict.fromkeys([".md", ".markdown", ".mdown", ".mkd", ".mdx", ".qmd", ".rmd"], MARKDOWN)
    | dict.fromkeys([".csv", ".tsv", ".tab"], CSV)
    | {".txt": TEXT, ".text": TEXT}
)
_MAIL_SUFFIXES = frozenset({".eml", ".mht", ".mhtml"})


def detect(path: Path, name: str) -> str:
    """Return the media type of the file at `path`, one of this module's constants.

    Raises:
        UnreadableError: `unsupported` with advice, `needs_password` for an encrypted office file,
            `no_text` for an empty file, `failed` for one that is not what its name says.
        OSError: The file cannot be read at all.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    suffix = PurePosixPath(name).suffix.lower()
    if not head.strip(b"\x00 \t\r\n"):
        raise UnreadableError(DocumentStatus.NO_TEXT, "The file is empty.")
    known = _by_signature(path, head, suffix)
    if known:
        return known
    if _looks_like_text(head):
        return _textual(head, suffix)
    return _binary(head, suffix)


def unsupported(kind: str) -> UnreadableError:
    """Return the error, with its advice, for a media type or suffix that nothing here can read."""
    return UnreadableError(
        DocumentStatus.UNSUPPORTED, advice.advice_for(_SUFFIXES.get(kind, kind).lower())
    )


def is_mail(head: bytes, suffix: str) -> bool:
    """Whether a text begins with the header fields of an e-mail.

    People begin memos with `From:` and `To:`; such a text is an e-mail by its name only.
    """
    fields = _leading_fields(_without_marks(head))
    if suffix in _MAIL_SUFFIXES:
        return bool(fields)
    return len(fields & _MAIL_FIELDS) >= 3 and bool(fields & _TRANSPORT_FIELDS)


def _by_signature(path: Path, head: bytes, suffix: str) -> str:
    """Return the media type of a file that begins as only its kind does, else nothing."""
    if head.startswith(_OLE):
        return _compound(path, suffix)
    for magic, media_type in _MAGIC:
        if head.startswith(magic):
            return media_type
    # A header within the first kilobyte counts, unless this is a text that speaks of PDF.
    header = head.find(b"%PDF-", 0, 1024 + 5)
    if header == 0 or (header > 0 and suffix == ".pdf"):
        return PDF
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zipped(path, suffix)
    if _HTML_START.match(_without_marks(head)):
        return HTML
    return PDF if header > 0 and not _looks_like_text(head) else ""


def _binary(head: bytes, suffix: str) -> str:
    for magic, kind in _REFUSED_MAGIC:
        if head.startswith(magic):
            raise unsupported(kind)
    if suffix == ".pdf":
        return PDF
    if suffix in _OFFICE_SUFFIXES or suffix in _OLD_SUFFIXES:
        raise _not_as_named()
    # A mail may carry attachments as bare bytes.
    if suffix in _MAIL_SUFFIXES and is_mail(head, suffix):
        return EML
    raise unsupported(suffix)


def _textual(head: bytes, suffix: str) -> str:
    """Return the media type of a file that is text of some kind."""
    start = _without_marks(head).lstrip()
    if start.startswith(b"<?xml") and _OFFICE_XML.search(start):
        raise unsupported(".office-xml")
    if suffix in advice.DATA_SUFFIXES or suffix == ".mbox":
        raise unsupported(suffix)
    if suffix not in _TEXT_SUFFIXES and sum(word in head for word in _PDF_WORDS) > 1:
        return PDF
    if suffix in _TEXT_SUFFIXES and _TEXT_SUFFIXES[suffix] != TEXT:
        return _TEXT_SUFFIXES[suffix]
    if start.startswith(b"<?xml"):
        raise unsupported(".xml")
    if is_mail(head, suffix):
        return EML
    if suffix == ".xls" and b"\t" in head:
        return CSV
    return HTML if suffix not in _TEXT_SUFFIXES and _HTML_FRAGMENT.match(start) else TEXT


def _zipped(path: Path, suffix: str) -> str:
    """Return which document a zip archive is, or that it is an archive of documents."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = frozenset(archive.namelist())
            kind = _part(archive, "mimetype", names).decode("ascii", "replace").strip()
            types = _part(archive, _CONTENT_TYPES, names)
            sealed = b"encryption-data" in _part(archive, "META-INF/manifest.xml", names)
    # Whatever zipfile raises on damage (it is not one class), the archive is not readable.
    except Exception as error:
        raise UnreadableError(
            DocumentStatus.FAILED, f"The file is damaged: its archive cannot be read ({error})."
        ) from error
    if kind:
        return _open_document(kind, suffix, sealed=sealed)
    for pattern, media_type in _OFFICE_MAIN_PARTS:
        if re.search(pattern, types):
            return media_type
    plain = {name.replace("\\", "/").lower() for name in names}
    for part, media_type in _OFFICE_PARTS.items():
        if part in plain:
            return media_type
    if not names and suffix in _OFFICE_SUFFIXES:
        raise _not_as_named()
    if b"sheet.binary" in types:
        raise unsupported(".xlsb")
    if types or (suffix != ".zip" and advice.is_advised(suffix)):
        raise unsupported(suffix)
    return ZIP


def _part(archive: zipfile.ZipFile, name: str, names: Collection[str]) -> bytes:
    """Return the beginning of a part, nothing where the archive has no such part."""
    if name not in names:
        return b""
    with archive.open(name) as stream:
        return stream.read(_PART_BYTES)


def _open_document(kind: str, suffix: str, *, sealed: bool) -> str:
    """Return the media type of a zip archive that says itself what it is."""
    for media_type in (ODT, ODS, ODP):
        if kind.startswith(media_type):
            if sealed:
                raise _needs_password()
            return media_type
    if kind.startswith("application/vnd.sun.xml."):
        raise unsupported(".sxw")
    raise unsupported(".epub" if kind == "application/epub+zip" else suffix)


def _compound(path: Path, suffix: str) -> str:
    """Return which old office file a compound file is, by the streams in its directory.

    One file may lie in another and share its directory: the name then decides, or what stands
    first.
    """
    # Names in a directory differ by more than their case.
    data = path.read_bytes().lower()
    places = {
        stream: place for stream in _OLE_STREAMS if (place := _directory_entry(data, stream)) >= 0
    }
    if "EncryptedPackage" in places:
        raise _needs_password()
    if "__properties_version1.0" in places:
        raise unsupported(".msg")
    found = [_OLE_STREAMS[stream] for stream in sorted(places, key=places.__getitem__)]
    named = _OLD_SUFFIXES.get(suffix, "")
    if named in found or (named and not found):
        return named
    if found:
        return found[0]
    raise unsupported(suffix)


def _directory_entry(data: bytes, name: str) -> int:
    """Return where a compound file's directory names a stream, -1 where it does not."""
    wanted = name.lower().encode("utf-16-le") + b"\x00\x00"
    position = data.find(wanted)
    while position >= 0:
        length = data[position + 64 : position + 66]
        if position % _OLE_ENTRY == 0 and int.from_bytes(length, "little") == len(wanted):
            return position
        position = data.find(wanted, position + 1)
    return -1


def _not_as_named() -> UnreadableError:
    return UnreadableError(
        DocumentStatus.FAILED, "The file is damaged: it is not the office file its name claims."
    )


def _needs_password() -> UnreadableError:
    return UnreadableError(
        DocumentStatus.NEEDS_PASSWORD,
        "The file is protected by a password. Save a copy without it and hand that over.",
    )


def _without_marks(head: bytes) -> bytes:
    """Return the start of a text with neither byte order mark nor the NULs of UTF-16."""
    for mark in _MARKS:
        head = head.removeprefix(mark)
    return head.replace(b"\x00", b"")


def _leading_fields(head: bytes) -> set[bytes]:
    """Return the names, in lower case, of the header fields that a text begins with."""
    names: set[bytes] = set()
    lines = head.splitlines()
    for number, line in enumerate(lines):
        if not line.strip():
            break
        match = _FIELD.match(line)
        if match:
            names.add(match[0].rstrip(b" \t:").lower())
        elif not (names and line[:1] in b" \t") and not (number == 0 and line[:5] == b"From "):
            # The last line may have been cut in two where the head ends.
            return names if number == len(lines) - 1 else set()
    return names


def _looks_like_text(head: bytes) -> bool:
    """Whether bytes are text: few control characters, or UTF-16 or UTF-32 by mark or pattern."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    nuls = head.count(0) / len(head)
    if nuls > 0.3:
        even, odd = head[0::2].count(0) / len(head[0::2]), head[1::2].count(0) / len(head[1::2])
        return min(even, odd) < 0.1 and max(even, odd) > 0.4
    controls = sum(head.translate(_IS_CONTROL))
    if controls > 0.02 * len(head) and not head.isascii():
        # Noise has as many high bytes as low ones; text in any encoding has hardly a control.
        high = sum(head.translate(_IS_HIGH))
        return controls < 0.1 * len(head) and high < 0.3 * len(head)
    return controls < 0.1 * len(head)
