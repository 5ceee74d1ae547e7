"""PDF files become blocks: pdfium reads, the layout is worked out here, pypdf is the fallback."""

from __future__ import annotations

import gc
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from lhs_evidence.errors import UnreadableError
from lhs_evidence.model import BlockKind, BlockRole, Box, DocumentStatus
from lhs_evidence.readers.canonical import name_numbers
from lhs_evidence.readers.content import Content, RawBlock, RawPage
from lhs_evidence.readers.pdf.assembly import build_drafts
from lhs_evidence.readers.pdf.blocks import Draft
from lhs_evidence.readers.pdf.fallback import read_with_pypdf
from lhs_evidence.readers.pdf.headings import heading_key
from lhs_evidence.readers.pdf.hidden import reveal
from lhs_evidence.readers.pdf.lines import PageLines, read_page
from lhs_evidence.readers.pdf.probe import PageProbe
from lhs_evidence.readers.pdf.second import ask_second
from lhs_evidence.settings import ReadingLimits

MEDIA_TYPE = "application/pdf"

_MOST_OUTLINE = 5_000
_FILE_TITLE = re.compile(r"microsoft word|untitled|\.(?:docx?|pdf|indd|pptx?|xlsx?|qxd)\b", re.I)


@dataclass(slots=True)
class Opened:
    """What pdfium gave of one file; `mute` pages draw type that has no text."""

    pages: list[PageLines] = field(default_factory=list)
    labels: dict[int, str] = field(default_factory=dict)
    failed: dict[int, tuple[float, float]] = field(default_factory=dict)
    outline: dict[str, int] = field(default_factory=dict)
    title: str = ""
    mute: list[int] = field(default_factory=list)


def read_pdf(path: Path, limits: ReadingLimits) -> Content:
    """Read a PDF file.

    Raises:
        UnreadableError: `needs_password`, `rejected` (too many pages) or `failed`.
    """
    began = time.monotonic()
    try:
        content, opened = read_with_pdfium(path, limits)
    except pdfium.PdfiumError as error:
        return _read_without_pdfium(path, limits, error)
    unread = sorted([*opened.failed, *opened.mute])
    if not any(page.has_text for page in opened.pages):
        unread = [page.number for page in content.pages]
    texts = {page.number: page.text for page in opened.pages}
    spent = time.monotonic() - began
    ask_second(path, content, unread, texts, spent=spent, most_pages=limits.pages)
    return content


def read_with_pdfium(path: Path, limits: ReadingLimits) -> tuple[Content, Opened]:
    """Read text and structure, without asking a second library.

    Raises:
        UnreadableError: `rejected` (too many pages).
        PdfiumError: pdfium cannot open the file.
    """
    with _without_collector():
        opened = _open(path, limits)
        return _content(opened), opened


@contextmanager
def _without_collector() -> Iterator[None]:
    """Hold back the search for cycles: a document is very many small objects that all stay."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _read_without_pdfium(path: Path, limits: ReadingLimits, error: pdfium.PdfiumError) -> Content:
    """Read with pypdf; where it fails as well, a wanted password is the better reason."""
    try:
        return read_with_pypdf(path, limits)
    except UnreadableError as second:
        locked = getattr(error, "err_code", None) == pdfium_c.FPDF_ERR_PASSWORD
        if locked and second.status is DocumentStatus.FAILED:
            raise UnreadableError(
                DocumentStatus.NEEDS_PASSWORD, "The file is encrypted and asks for a password."
            ) from error
        raise


def _open(path: Path, limits: ReadingLimits) -> Opened:
    opened = Opened()
    with pdfium.PdfDocument(path) as document:
        count = len(document)
        if count > limits.pages:
            raise UnreadableError(
                DocumentStatus.REJECTED,
                f"The file has {count} pages; the limit is {limits.pages}.",
            )
        if count == 0:
            raise pdfium.PdfiumError("The file has no pages.")
        opened.title = _clean(document.get_metadata_value("Title"))
        opened.outline = _outline(document)
        labelled = any(document.get_page_label(index) for index in {0, count // 2, count - 1})
        probe = PageProbe()
        for index in range(count):
            label = document.get_page_label(index).strip() if labelled else ""
            opened.labels[index + 1] = label or str(index + 1)
            _open_page(document, index, opened, probe)
    return opened


def _open_page(document: pdfium.PdfDocument, index: int, opened: Opened, probe: PageProbe) -> None:
    number = index + 1
    try:
        page = document[index]
    except pdfium.PdfiumError:
        opened.failed[number] = (0.0, 0.0)
        return
    try:
        lines = read_page(page, number, probe)
        reveal(page, lines.lines, probe)
        if not lines.has_text and _has_type(page):
            opened.mute.append(number)
        opened.pages.append(lines)
    except pdfium.PdfiumError:
        opened.failed[number] = page.get_size()
    finally:
        page.close()


def _has_type(page: pdfium.PdfPage) -> bool:
    """Say whether a page draws text at all, readable or not."""
    return next(iter(page.get_objects([pdfium_c.FPDF_PAGEOBJ_TEXT])), None) is not None


def _outline(document: pdfium.PdfDocument) -> dict[str, int]:
    """Return the depth, from 1, of each title in the outline."""
    titles: dict[str, int] = {}
    for index, bookmark in enumerate(document.get_toc()):
        if index >= _MOST_OUTLINE:
            break
        key = heading_key(bookmark.get_title())
        if key:
            titles.setdefault(key, bookmark.level + 1)
    return titles


def _content(opened: Opened) -> Content:
    drafts = build_drafts(opened.pages, opened.outline)
    content = Content(MEDIA_TYPE, title=_title(opened.title, drafts))
    content.blocks = [raw_block(draft) for draft in drafts]
    sizes = {page.number: (page.width, page.height) for page in opened.pages} | opened.failed
    readable = {page.number for page in opened.pages if page.has_text}
    content.pages = [
        RawPage(number, opened.labels[number], number in readable, *sizes[number])
        for number in sorted(sizes)
    ]
    content.failed_pages = sorted(opened.failed)
    hidden = {draft.page for draft in drafts if draft.role is BlockRole.HIDDEN and draft.is_worded}
    if hidden:
        pages = f"page{'s' if len(hidden) > 1 else ''} {name_numbers(hidden)}"
        content.warnings.append(
            f"There is text that nobody sees on {pages}: it is kept apart and never taken for "
            "evidence."
        )
    return content


def raw_block(draft: Draft) -> RawBlock:
    """Return a block with one box for each stretch of lines of one column of one page."""
    return RawBlock(
        kind=draft.kind,
        text=draft.text,
        level=draft.level,
        role=draft.role,
        pages=tuple(sorted({line.page for line in draft.lines})),
        boxes=tuple(_boxes(draft)),
    )


def _boxes(draft: Draft) -> Iterator[Box]:
    """Return the boxes around a block's lines, merged where lines follow each other closely."""
    for run in draft.cells or [draft.lines]:
        above = run[0]
        x0, y0, x1, y1 = above.x0, above.y0, above.x1, above.y1
        for line in run[1:]:
            if line.page == above.page and -1 < line.base - above.base < 3 * line.size:
                x0 = line.x0 if line.x0 < x0 else x0
                y0 = line.y0 if line.y0 < y0 else y0
                x1 = line.x1 if line.x1 > x1 else x1
                y1 = line.y1 if line.y1 > y1 else y1
            else:
                yield Box(above.page, round(x0, 2), round(y0, 2), round(x1, 2), round(y1, 2))
                x0, y0, x1, y1 = line.x0, line.y0, line.x1, line.y1
            above = line
        yield Box(above.page, round(x0, 2), round(y0, 2), round(x1, 2), round(y1, 2))


def _title(stated: str, drafts: Sequence[Draft]) -> str:
    """Return the stated title, or the first heading in about the largest type near the start."""
    if len(stated) > 3 and not _FILE_TITLE.search(stated):
        return stated
    first = [d for d in drafts[:30] if d.kind is BlockKind.HEADING and d.page <= 2]
    largest = max((draft.size for draft in first), default=0.0)
    return next((draft.text for draft in first if draft.size > 0.85 * largest), "")


def _clean(text: str) -> str:
    return " ".join(text.replace("\0", " ").split())
