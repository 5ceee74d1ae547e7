"""One file in, one document out, whatever the file holds."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import cast

from lhs_evidence.errors import UnreadableError
from lhs_evidence.ids import file_sha256
from lhs_evidence.model import Document, DocumentStatus
from lhs_evidence.readers import detect
from lhs_evidence.readers.archives.archive import check_archive
from lhs_evidence.readers.canonical import to_document, without_text
from lhs_evidence.readers.content import Content, Reader
from lhs_evidence.readers.discover import SourceFile
from lhs_evidence.readers.identity import reader_identity
from lhs_evidence.readers.ocr.need import read_picture, recognise_pages
from lhs_evidence.readers.office.convert import Converted, can_convert
from lhs_evidence.readers.office.convert import converted as convert
from lhs_evidence.settings import OcrSettings, ReadingLimits

# Readers are imported when their first file comes: each brings a parser with it.
_READERS = {
    detect.PDF: ("lhs_evidence.readers.pdf.reader", "read_pdf"),
    detect.DOCX: ("lhs_evidence.readers.office.docx", "read_docx"),
    detect.XLSX: ("lhs_evidence.readers.office.xlsx", "read_xlsx"),
    detect.PPTX: ("lhs_evidence.readers.office.pptx", "read_pptx"),
    detect.HTML: ("lhs_evidence.readers.html.reader", "read_html"),
    detect.MARKDOWN: ("lhs_evidence.readers.plain.markdown", "read_markdown"),
    detect.TEXT: ("lhs_evidence.readers.plain.text", "read_text"),
    detect.EML: ("lhs_evidence.readers.mail.eml", "read_eml"),
    detect.CSV: ("lhs_evidence.readers.plain.delimited", "read_delimited"),
}
_OFFICE = (detect.DOCX, detect.XLSX, detect.PPTX)
_PICTURES = (detect.PNG, detect.JPEG, detect.TIFF)


def _tell_nobody() -> None:
    """Stand in where nobody waits for a sign that recognition goes on."""


def read_document(
    source: SourceFile,
    limits: ReadingLimits,
    ocr: OcrSettings | None = None,
    tell: Callable[[], None] = _tell_nobody,
    converted: Converted | None = None,
) -> Document:
    """Read one file in this process; what cannot be read becomes a document that says why.

    Hostile files can hang or end the process: `ReaderPool` reads in children that may die.

    Args:
        source: The file and the name it goes by.
        limits: Limits on the document.
        ocr: When pages are recognised; where it can be had and is needed, if nothing is said.
        tell: Called before each page that is recognised, which may take a minute.
        converted: What the file was converted into, where that is done already.
    """
    ocr = ocr or OcrSettings()
    document = _read(source, limits, ocr, tell, converted)
    fidelity = replace(document.fidelity, reader=reader_identity(ocr))
    return replace(document, fidelity=fidelity)


def conversion_wanted(source: SourceFile, limits: ReadingLimits) -> str:
    """Return the media type of a file that LibreOffice must open first; nothing for any other."""
    try:
        _check_size(source.path, limits)
        media_type = detect.detect(source.path, source.name)
    # Whatever is wrong with the file, `read_document` will say it properly.
    except Exception:  # noqa: BLE001
        return ""
    return media_type if can_convert(media_type) else ""


def _read(
    source: SourceFile,
    limits: ReadingLimits,
    ocr: OcrSettings,
    tell: Callable[[], None],
    converted: Converted | None,
) -> Document:
    sha256 = media_type = ""
    try:
        sha256 = file_sha256(source.path)
        _check_size(source.path, limits)
        media_type = detect.detect(source.path, source.name)
        why = ""
        if media_type in _PICTURES:
            content = read_picture(source.path, media_type, limits, ocr, tell)
            why = "No text was recognised in the picture."
        elif can_convert(media_type):
            content = _converted_content(source.path, media_type, limits, converted)
        else:
            content = read_content(source.path, media_type, limits)
        if media_type == detect.PDF:
            why = recognise_pages(source.path, content, ocr, tell)
        _check_content(content, limits)
        return _explained(to_document(source, sha256, content), why)
    except UnreadableError as error:
        return without_text(source, sha256, error.status, str(error), media_type=media_type)
    except OSError as error:
        reason = f"The file cannot be read: {error.strerror or error}."
        return without_text(source, sha256, DocumentStatus.FAILED, reason, media_type=media_type)
    except MemoryError:
        reason = "Reading the file took more memory than is allowed."
        return without_text(source, sha256, DocumentStatus.FAILED, reason, media_type=media_type)
    # The border around every parser: whatever it raises on a broken file costs that file only.
    except Exception as error:  # noqa: BLE001
        said = _without_folders(str(error), source, converted)[:200]
        reason = f"The file could not be read ({type(error).__name__}: {said})."
        return without_text(source, sha256, DocumentStatus.FAILED, reason, media_type=media_type)


def _without_folders(said: str, source: SourceFile, converted: Converted | None) -> str:
    """Return what a parser said without this machine's folders, which are nobody's business."""
    for path in (source.path, converted.path if converted else source.path):
        said = said.replace(f"{path.parent}{os.sep}", "")
    return said


def read_content(path: Path, media_type: str, limits: ReadingLimits) -> Content:
    """Read a file of a known media type with the reader made for it."""
    if media_type in _OFFICE:
        check_archive(path, limits)
    if media_type not in _READERS:
        raise detect.unsupported(media_type)
    module, function = _READERS[media_type]
    read = cast("Reader", getattr(import_module(module), function))
    return read(path, limits)


def _converted_content(
    path: Path, media_type: str, limits: ReadingLimits, converted: Converted | None
) -> Content:
    """Read what a file is converted into, under the type that the file itself has."""
    if converted is None:
        with convert(path, media_type, limits) as result:
            return _converted_content(path, media_type, limits, result)
    content = read_content(converted.path, converted.media_type, limits)
    content.media_type = media_type
    content.warnings.append(converted.warning)
    return content


def _explained(document: Document, why: str) -> Document:
    """Return a document without text with the reason why recognition did not help."""
    if document.status is not DocumentStatus.NO_TEXT or not why or document.text:
        return document
    # What failed may go well another time; a document that merely holds no text is not read again.
    status = DocumentStatus.FAILED if document.fidelity.pages_failed else document.status
    return replace(document, status=status, reason=why)


def _check_size(path: Path, limits: ReadingLimits) -> None:
    size = path.stat().st_size
    if size > limits.file_bytes:
        raise UnreadableError(
            DocumentStatus.REJECTED,
            f"The file has {size / (1 << 20):,.1f} MiB; "
            f"{limits.file_bytes / (1 << 20):,.1f} MiB are allowed.",
        )


def _check_content(content: Content, limits: ReadingLimits) -> None:
    if len(content.pages) > limits.pages:
        raise UnreadableError(
            DocumentStatus.REJECTED,
            f"The file has {len(content.pages):,} pages; {limits.pages:,} are allowed.",
        )
    characters = sum(len(block.text) for block in content.blocks)
    if characters > limits.characters:
        raise UnreadableError(
            DocumentStatus.REJECTED,
            f"The file has {characters:,} characters; {limits.characters:,} are allowed.",
        )
