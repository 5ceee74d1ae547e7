"""Text recognition: pages that are pictures, and pictures handed over as documents, become text.

What was recognised is marked as such, page by page and block by block: it may be wrong where the
file's own text would not be.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pypdfium2 as pdfium

from lhs_evidence.errors import UnreadableError
from lhs_evidence.model import DocumentStatus
from lhs_evidence.readers.content import Content, RawBlock, RawPage
from lhs_evidence.readers.detect import TIFF
from lhs_evidence.readers.ocr.blocks import recognised_blocks
from lhs_evidence.readers.ocr.engine import RecognitionError, Tesseract
from lhs_evidence.readers.ocr.need import letters_by_page
from lhs_evidence.readers.ocr.pages import draw, is_blank, is_picture
from lhs_evidence.readers.ocr.words import PageWords, page_words
from lhs_evidence.settings import OcrSettings, ReadingLimits

Tell = Callable[[], None]
"""Called before each page, since recognition takes seconds where reading takes milliseconds."""

_POOR = 0.6
"""Below this mean confidence a page is tried again as one that may stand on its side or head."""

_MORE_LETTERS = 1.5
_NAMED_FAULTS = 3


@dataclass(frozen=True, slots=True)
class Recogniser:
    """What recognition takes: the program, its settings, and whom to tell of each page."""

    engine: Tesseract
    settings: OcrSettings
    tell: Tell


@dataclass(slots=True)
class _Run:
    """Recognition of one document: when it has to end, what it found and what went wrong."""

    by: Recogniser
    ends: float
    pages: list[PageWords] = field(default_factory=list)
    faults: dict[int, str] = field(default_factory=dict)

    @classmethod
    def begin(cls, by: Recogniser) -> _Run:
        return cls(by, time.monotonic() + by.settings.seconds_most)

    def recognise(
        self, picture: bytes, number: int, *, dpi: int = 0, points: float = 0.0, page: int = 0
    ) -> PageWords | None:
        """Return what a page says, turned upright where it was scanned on its side."""
        if time.monotonic() > self.ends:
            raise RecognitionError("there was no time left for it")
        engine = self.by.engine
        self.by.tell()
        made = page_words(engine.recognise(picture, dpi=dpi, page=page), number, points=points)
        if made is None or not made.words or not (made.confidence < _POOR or _stands(made)):
            return made
        self.by.tell()
        hocr = engine.recognise(picture, dpi=dpi, page=page, turned=True)
        again = page_words(hocr, number, points=points)
        better = again is not None and (again.confidence > made.confidence or again.angle)
        return again if better else made


def recognise_pdf(path: Path, content: Content, pages: Sequence[RawPage], by: Recogniser) -> str:
    """Put what recognition finds on `pages` into what was read of a PDF.

    A page that recognition fails on keeps what text it has; without any it joins `failed_pages`.
    Returns why nothing was recognised, for people; nothing where something was.
    """
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError:
        return "Only the simpler of two PDF readers could open it, which draws no pages for OCR."
    run = _Run.begin(by)
    letters = letters_by_page(content.blocks)
    with document:
        for page in pages:
            try:
                found = _read_page(document, page, letters.get(page.number, 0), run)
            except (RecognitionError, pdfium.PdfiumError) as error:
                run.faults[page.number] = str(error)
                continue
            if found is not None:
                run.pages.append(found)
    _merge(content, run)
    if run.pages:
        return ""
    if run.faults:
        return f"Text recognition (OCR) failed on its pages: {next(iter(run.faults.values()))}."
    return "There is no text layer in it, and text recognition (OCR) found nothing on its pages."


def read_picture(path: Path, media_type: str, limits: ReadingLimits, by: Recogniser) -> Content:
    """Read a PNG, a JPEG or each page of a TIFF.

    Raises:
        UnreadableError: `failed`, where recognition does not get through a single page.
    """
    run = _Run.begin(by)
    picture = path.read_bytes()
    content = Content(media_type)
    for number in range(1, (limits.pages if media_type == TIFF else 1) + 1):
        try:
            found = run.recognise(picture, number, page=number - 1)
        except RecognitionError as error:
            run.faults[number] = str(error)
            content.pages.append(RawPage(number, str(number), has_text=False))
            # Whether further pages follow is known only from reading them.
            break
        if found is None:
            break
        content.pages.append(RawPage(number, str(number), False, found.width, found.height))
        run.pages.append(found)
    if not run.pages:
        why = next(iter(run.faults.values()), "it holds no picture that can be read")
        raise UnreadableError(DocumentStatus.FAILED, f"The picture could not be read: {why}.")
    run.pages = [page for page in run.pages if page.has_text]
    _merge(content, run)
    return content


def _read_page(
    document: pdfium.PdfDocument, page: RawPage, letters: int, run: _Run
) -> PageWords | None:
    """Return what recognition adds to a page, none where it finds nothing worth having."""
    forced = run.by.settings.mode == "force"
    drawn = document[page.number - 1]
    try:
        if not forced and page.has_text and not is_picture(drawn):
            return None
        # Drawing may take its time, too.
        run.by.tell()
        if is_blank(drawn):
            return None
        picture = draw(drawn, run.by.settings.dpi, run.by.settings.pixels)
    finally:
        drawn.close()
    found = run.recognise(picture.pgm, page.number, dpi=picture.dpi, points=picture.points)
    if found is None:
        raise RecognitionError("Tesseract answered nothing")
    if not found.has_text:
        return None
    # A picture behind a few words is more often a picture than words.
    return found if forced or found.letters >= _MORE_LETTERS * letters else None


def _stands(page: PageWords) -> bool:
    """Say whether most lines are taller than wide: text on its side that was read all the same."""
    wordy = [line for line in page.lines if " " in line.text]
    tall = sum(line.y1 - line.y0 > line.x1 - line.x0 for line in wordy)
    return tall > len(wordy) / 2


def _merge(content: Content, run: _Run) -> None:
    """Put recognised pages in the place of what was there, and say what happened."""
    recognised = {page.number for page in run.pages}
    blocks = [block for block in content.blocks if not _lies_on(block, recognised)]
    content.blocks = _in_order(blocks, recognised_blocks(run.pages))
    content.pages = [
        replace(page, has_text=True) if page.number in recognised else page
        for page in content.pages
    ]
    content.recognised_pages = sorted(recognised)
    without = {page.number for page in content.pages if not page.has_text}
    lost = set(content.failed_pages) | (run.faults.keys() & without)
    content.failed_pages = sorted(lost - recognised)
    content.warnings += _warnings(run, recognised)


def _lies_on(block: RawBlock, pages: Collection[int]) -> bool:
    return bool(block.pages) and all(number in pages for number in block.pages)


def _in_order(read: Sequence[RawBlock], recognised: Sequence[RawBlock]) -> list[RawBlock]:
    """Return blocks of both kinds in the order of their pages, each kind in its own order."""
    keyed: list[tuple[int, RawBlock]] = []
    for blocks in (read, recognised):
        page = 0
        for block in blocks:
            page = max(page, block.pages[0] if block.pages else page)
            keyed.append((page, block))
    return [block for _, block in sorted(keyed, key=lambda pair: pair[0])]


def _warnings(run: _Run, recognised: Collection[int]) -> list[str]:
    made = []
    if recognised:
        were = "1 page was" if len(recognised) == 1 else f"{len(recognised)} pages were"
        made.append(f"{were} read by text recognition (OCR); check quotes against the page.")
    named = sorted(run.faults.items())
    for number, why in named[:_NAMED_FAULTS]:
        made.append(f"Text recognition failed on page {number}: {why}.")
    if len(named) > _NAMED_FAULTS:
        made.append(f"Text recognition failed on {len(named) - _NAMED_FAULTS} further pages.")
    return made
