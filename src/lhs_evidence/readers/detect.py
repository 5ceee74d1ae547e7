"""What a file is, by its content first and its name second.

Macro-enabled office files are read like their plain kin: the readers look at text parts only and
run nothing. Old binary office files, other archives and everything else that is no document is
`unsupported`, with advice on what to do about it.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path, PurePosixPath

from lhs_evidence.errors import UnreadableError
from lhs_evidence.model import DocumentStatus

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
HTML = "text/html"
MARKDOWN = "text/markdown"
TEXT = "text/plain"

_HEAD = 1 << 16
_CONTENT_TYPES = "[Content_Types].xml"
_CONTENT_TYPES_BYTES = 1 << 20
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_HTML_START = re.compile(
    rb"\A[\s\x00]*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
# Main parts of documents, templates and shows, with and without macros.
_OFFICE_MAIN_PARTS = (
    (rb"wordprocessingml\.(?:document|template)\.main\+xml", DOCX),
    (rb"ms-word\.(?:document|template)\.macroEnabled(?:Template)?\.main\+xml", DOCX),
    (rb"spreadsheetml\.(?:sheet|template)\.main\+xml", XLSX),
    (rb"ms-excel\.(?:sheet|template)\.macroEnabled\.main\+xml", XLSX),
    (rb"presentationml\.(?:presentation|template|slideshow)\.main\+xml", PPTX),
    (rb"ms-powerpoint\.(?:presentation|template|slideshow)\.macroEnabled\.main\+xml", PPTX),
)
_OFFICE_SUFFIXES = frozenset(
    [
        ".docx",
        ".docm",
        ".dotx",
        ".dotm",
        ".xlsx",
        ".xlsm",
        ".xltx",
        ".xltm",
        ".pptx",
        ".pptm",
        ".potx",
        ".potm",
        ".ppsx",
        ".ppsm",
    ]
)
_MARKDOWN_SUFFIXES = frozenset({".md", ".markdown", ".mdown", ".mkd", ".mdx", ".qmd", ".rmd"})
_HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml", ".shtml"})

_SAVE_AS = "Save it as DOCX or PDF."
_PICTURE = "It is a picture. Run text recognition (OCR) on it and hand over the PDF."
_MAIL = "Save the message or its attachments as PDF and hand that over."
_DATA = "It holds data, not a document. Put what matters into a workbook (XLSX) or a document."
_ADVICE = (
    {
        ".doc": f"Word's old format cannot be read. {_SAVE_AS}",
        ".dot": f"Word's old format cannot be read. {_SAVE_AS}",
        ".xls": "Excel's old format cannot be read. Save it as XLSX and hand that over.",
        ".xlsb": "Excel's binary format cannot be read. Save it as XLSX and hand that over.",
        ".ppt": "PowerPoint's old format cannot be read. Save it as PPTX or PDF.",
        ".pps": "PowerPoint's old format cannot be read. Save it as PPTX or PDF.",
        ".rtf": f"RTF cannot be read. {_SAVE_AS}",
        ".odt": f"OpenDocument text cannot be read. {_SAVE_AS}",
        ".ods": "OpenDocument sheets cannot be read. Save it as XLSX and hand that over.",
        ".odp": "OpenDocument slides cannot be read. Save it as PPTX or PDF and hand that over.",
        ".pages": f"Pages files cannot be read. {_SAVE_AS}",
        ".epub": "E-books cannot be read. Save it as PDF or HTML and hand that over.",
        ".zip": "Unpack the archive and hand over the files in it.",
        ".gz": "Unpack the archive and hand over the files in it.",
        ".7z": "Unpack the archive and hand over the files in it.",
        ".rar": "Unpack the archive and hand over the files in it.",
        ".tar": "Unpack the archive and hand over the files in it.",
        ".msg": _MAIL,
        ".eml": _MAIL,
        ".mht": f"Web archives cannot be read. {_SAVE_AS}",
        ".mhtml": f"Web archives cannot be read. {_SAVE_AS}",
        ".csv": "Save it as a workbook (XLSX) and hand that over.",
        ".tsv": "Save it as a workbook (XLSX) and hand that over.",
    }
    | dict.fromkeys(
        [
            ".json",
            ".jsonl",
            ".xml",
            ".yaml",
            ".yml",
            ".toml",
            ".ini",
            ".log",
            ".sql",
            ".py",
            ".js",
            ".ts",
            ".css",
            ".sh",
            ".svg",
            ".ics",
            ".vcf",
        ],
        _DATA,
    )
    | dict.fromkeys(
        [".png", ".jpg", ".jpeg", ".gif", ".tif", ".tiff", ".bmp", ".webp", ".heic"], _PICTURE
    )
)


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
    if head.startswith(_OLE):
        raise _old_office(path, suffix)
    if head.startswith(b"PK\x03\x04"):
        return _zipped(path, suffix)
    if head.startswith(b"{\\rtf"):
        raise _unsupported(".rtf")
    if _HTML_START.match(head):
        return HTML
    textual = _looks_like_text(head)
    # A header within the first kilobyte counts, unless this is a text that speaks of PDF.
    offset = head.find(b"%PDF-", 0, 1024 + 5)
    if offset == 0 or (offset > 0 and not (textual and suffix != ".pdf")):
        return PDF
    if textual:
        return _textual(head, suffix)
    if suffix == ".pdf":
        return PDF
    if suffix in _OFFICE_SUFFIXES:
        raise UnreadableError(
            DocumentStatus.FAILED, "The file is damaged: it is not the office file its name claims."
        )
    raise _unsupported(suffix)


def _textual(head: bytes, suffix: str) -> str:
    """Return the media type of a file that is text of some kind."""
    if suffix in _HTML_SUFFIXES:
        return HTML
    if suffix in _MARKDOWN_SUFFIXES:
        return MARKDOWN
    if suffix in _ADVICE and suffix not in (".doc", ".dot"):
        raise _unsupported(suffix)
    if head.lstrip().startswith(b"<?xml"):
        raise _unsupported(".xml")
    return TEXT


def _zipped(path: Path, suffix: str) -> str:
    """Return which office file a zip archive is, by the type of its main part."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(_CONTENT_TYPES) as stream:
            types = stream.read(_CONTENT_TYPES_BYTES)
    except KeyError:
        raise _unsupported(suffix if suffix in _ADVICE else ".zip") from None
    # Whatever zipfile raises on damage (it is not one class), the archive is not readable.
    except Exception as error:
        if suffix in _OFFICE_SUFFIXES:
            raise UnreadableError(
                DocumentStatus.FAILED,
                f"The file is damaged: its archive cannot be read ({error}).",
            ) from error
        raise _unsupported(suffix if suffix in _ADVICE else ".zip") from error
    for pattern, media_type in _OFFICE_MAIN_PARTS:
        if re.search(pattern, types):
            return media_type
    raise _unsupported(suffix if suffix in _ADVICE else ".zip")


def _old_office(path: Path, suffix: str) -> UnreadableError:
    """Return the error for a compound file: encrypted new office file, or old binary one."""
    if _ENCRYPTED_PACKAGE in path.read_bytes():
        return UnreadableError(
            DocumentStatus.NEEDS_PASSWORD,
            "The file is protected by a password. Save a copy without it and hand that over.",
        )
    return _unsupported(suffix if suffix in _ADVICE else ".doc")


def _looks_like_text(head: bytes) -> bool:
    """Whether bytes are text: few control characters, or UTF-16 or UTF-32 by mark or pattern."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    nuls = head.count(0) / len(head)
    if nuls > 0.3:
        even, odd = head[0::2].count(0) / len(head[0::2]), head[1::2].count(0) / len(head[1::2])
        return min(even, odd) < 0.1 and max(even, odd) > 0.4
    controls = sum(head.count(code) for code in range(32) if code not in (9, 10, 12, 13, 27))
    return controls / len(head) < 0.1


def _unsupported(suffix: str) -> UnreadableError:
    advice = _ADVICE.get(
        suffix,
        "This kind of file cannot be read. Hand over PDF, DOCX, XLSX, PPTX, HTML, Markdown or "
        "plain text.",
    )
    return UnreadableError(DocumentStatus.UNSUPPORTED, advice)
