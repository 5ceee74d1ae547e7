"""When text recognition is called for, and what to say where it is not at hand.

Kept apart from recognition itself, whose parsers few files need.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import cast

from lhs_evidence.errors import UnreadableError
from lhs_evidence.model import DocumentStatus
from lhs_evidence.readers.content import Content, RawBlock, RawPage
from lhs_evidence.readers.ocr.engine import find_tesseract
from lhs_evidence.settings import OcrSettings, ReadingLimits

_RECOGNITION = "lhs_evidence.readers.ocr.recognition"

_FEW_LETTERS = 200
"""Letters that a stamp or a running header may lay over the picture of a page."""


def recognise_pages(
    path: Path, content: Content, ocr: OcrSettings, tell: Callable[[], None]
) -> str:
    """Put what recognition finds into what was read of a PDF, on the pages that call for it.

    Returns why pages stay without text, for people; nothing where none does.
    """
    pages = _pages_to_look_at(content, ocr)
    if not pages:
        return ""
    engine = _why_not(ocr) or find_tesseract(ocr.languages, ocr.seconds_per_page)
    if not isinstance(engine, str):
        reading = import_module(_RECOGNITION)
        by = reading.Recogniser(engine, ocr, tell)
        return cast("str", reading.recognise_pdf(path, content, pages, by))
    if all(page.has_text for page in content.pages):
        return ""
    if any(page.has_text for page in content.pages):
        content.warnings.append(f"Pages without a text layer stay unread: {engine}.")
    return (
        f"There is no text layer in it, its pages are pictures or empty, and {engine}. Read it "
        "again with OCR, or hand over a PDF with a text layer."
    )


def read_picture(
    path: Path, media_type: str, limits: ReadingLimits, ocr: OcrSettings, tell: Callable[[], None]
) -> Content:
    """Read a picture as a document.

    Raises:
        UnreadableError: `unsupported` where recognition is not at hand, `failed` where it fails.
    """
    engine = _why_not(ocr) or find_tesseract(ocr.languages, ocr.seconds_per_page)
    if isinstance(engine, str):
        raise UnreadableError(
            DocumentStatus.UNSUPPORTED,
            f"It is a picture, and {engine}. Read it again with OCR, or hand over a PDF.",
        )
    reading = import_module(_RECOGNITION)
    by = reading.Recogniser(engine, ocr, tell)
    return cast("Content", reading.read_picture(path, media_type, limits, by))


def letters_by_page(blocks: Iterable[RawBlock]) -> dict[int, int]:
    """Return how many letters and digits the blocks on each page have."""
    counts: dict[int, int] = {}
    for block in blocks:
        letters = sum(map(str.isalnum, block.text))
        for number in block.pages:
            counts[number] = counts.get(number, 0) + letters
    return counts


def _pages_to_look_at(content: Content, ocr: OcrSettings) -> list[RawPage]:
    """Return the pages with no text, or with so little that a picture may hold the rest."""
    if ocr.mode == "force":
        return list(content.pages)
    letters = letters_by_page(content.blocks)
    return [
        page
        for page in content.pages
        if not page.has_text or letters.get(page.number, 0) < _FEW_LETTERS
    ]


def _why_not(ocr: OcrSettings) -> str:
    return "text recognition (OCR) is turned off" if ocr.mode == "off" else ""
