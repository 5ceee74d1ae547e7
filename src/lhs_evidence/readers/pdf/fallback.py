"""The second reader of PDF files: pypdf, for what pdfium cannot open or finds no text in.

It gives no boxes and no columns, only paragraphs in stream order, and says so in a warning.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING

from lhs_evidence.errors import UnreadableError
from lhs_evidence.model import BlockKind, DocumentStatus
from lhs_evidence.readers.content import Content, RawBlock, RawPage
from lhs_evidence.settings import ReadingLimits

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

_PARAGRAPH_END = re.compile(r"\n\s*\n+")
LARGEST_STREAM = 2_000_000
"""Bytes of drawing from which a page is left alone: pypdf would need minutes for it."""

SIMPLER = "the simpler of two PDF readers: text may be out of order and has no places on the page."


def open_with_pypdf(path: Path) -> PdfReader:
    """Open a PDF file with pypdf, an encrypted one with the empty password.

    Raises:
        UnreadableError: `needs_password` or `failed`.
    """
    # pypdf takes longer to import than most files take to read.
    from pypdf import PdfReader  # noqa: PLC0415

    # It would log each fault of a damaged file; the document's status and warnings say enough.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(path, strict=False)
        locked = reader.is_encrypted and not reader.decrypt("")
    except Exception as error:  # pypdf raises errors of many unrelated kinds
        raise UnreadableError(
            DocumentStatus.FAILED, "The file is damaged: neither PDF reader could open it."
        ) from error
    if locked:
        raise UnreadableError(
            DocumentStatus.NEEDS_PASSWORD, "The file is encrypted and asks for a password."
        )
    return reader


def count_pages(reader: PdfReader) -> int:
    """Return how many pages pypdf finds.

    Raises:
        UnreadableError: `failed`, where its list of pages is damaged.
    """
    try:
        return len(reader.pages)
    except Exception as error:  # pypdf raises errors of many unrelated kinds
        raise UnreadableError(
            DocumentStatus.FAILED, "The file is damaged: its list of pages cannot be read."
        ) from error


def page_text(reader: PdfReader, number: int, *, most: int = LARGEST_STREAM) -> str | None:
    """Return what pypdf reads of a page, none where it fails or has over `most` bytes to read."""
    try:
        page = reader.pages[number - 1]
        contents = page.get_contents()
        if contents is None:
            return ""
        return None if len(contents.get_data()) > most else page.extract_text()
    except Exception:  # noqa: BLE001 - one page must not cost the others
        return None


def paragraphs(text: str, number: int) -> list[RawBlock]:
    """Return the paragraphs of a page's text."""
    parts = [" ".join(part.split()) for part in _PARAGRAPH_END.split(text)]
    return [RawBlock(BlockKind.PARAGRAPH, part, pages=(number,)) for part in parts if part]


def read_with_pypdf(path: Path, limits: ReadingLimits) -> Content:
    """Read a PDF file with pypdf.

    Raises:
        UnreadableError: `needs_password`, `rejected` (too many pages) or `failed`.
    """
    reader = open_with_pypdf(path)
    count = count_pages(reader)
    if count > limits.pages:
        raise UnreadableError(
            DocumentStatus.REJECTED, f"The file has {count} pages; the limit is {limits.pages}."
        )
    if count == 0:
        raise UnreadableError(DocumentStatus.FAILED, "The file has no pages that can be read.")
    return _content(reader, count)


def _content(reader: PdfReader, count: int) -> Content:
    content = Content("application/pdf", title=_title(reader))
    labels = _labels(reader, count)
    for number in range(1, count + 1):
        text = page_text(reader, number)
        if text is None:
            content.failed_pages.append(number)
        blocks = paragraphs(text or "", number)
        content.blocks.extend(blocks)
        width, height = _size(reader, number)
        content.pages.append(RawPage(number, labels[number - 1], bool(blocks), width, height))
    if content.blocks:
        content.warnings.append(f"The file could be read only by {SIMPLER}")
    return content


def _size(reader: PdfReader, number: int) -> tuple[float, float]:
    try:
        page: PageObject = reader.pages[number - 1]
        box = page.cropbox
        across, down = float(box.width), float(box.height)
        return (down, across) if page.rotation % 180 else (across, down)
    except Exception:  # noqa: BLE001 - a broken box is no reason to lose the text
        return 0.0, 0.0


def _title(reader: PdfReader) -> str:
    try:
        stated = reader.metadata.title if reader.metadata else None
    except Exception:  # noqa: BLE001 - a broken title is no reason to lose the text
        return ""
    return " ".join((stated or "").replace("\0", " ").split())


def _labels(reader: PdfReader, count: int) -> list[str]:
    try:
        labels = reader.page_labels
    except Exception:  # noqa: BLE001 - broken labels are no reason to lose the text
        labels = []
    return [
        labels[index] if index < len(labels) and labels[index] else str(index + 1)
        for index in range(count)
    ]
