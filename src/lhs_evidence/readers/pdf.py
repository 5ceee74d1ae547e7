"""PDF files become blocks: pdfium reads, the layout is worked out here, pypdf is the fallback."""

from __future__ import annotations

import gc
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from lhs_evidence.errors import UnreadableError
from lhs_evidence.model import BlockKind, Box, DocumentStatus
from lhs_evidence.readers.content import Content, RawBlock, RawPage
from lhs_evidence.readers.pdf_assembly import build_drafts
from lhs_evidence.readers.pdf_blocks import Draft
from lhs_evidence.readers.pdf_fallback import read_with_pypdf
from lhs_evidence.readers.pdf_headings import heading_key
from lhs_evidence.readers.pdf_lines import PageLines, read_page
from lhs_evidence.readers.pdf_probe import PageProbe
from lhs_evidence.settings import ReadingLimits

MEDIA_TYPE = "application/pdf"

_MOST_OUTLINE = 5_000
_FILE_TITLE = re.compile(r"microsoft word|untitled|\.(?:docx?|pdf|indd|pptx?|xlsx?|qxd)\b", re.I)


@dataclass(slots=True)
class _Opened:
    """What pdfium gave of one file."""

    pages: list[PageLines] = field(default_factory=list)
    labels: dict[int, str] = field(default_factory=dict)
    failed: dict[int, tuple[float, float]] = field(default_factory=dict)
    outline: dict[str, int] = field(default_factory=dict)
    title: str = ""
    has_type: bool = False


def read_pdf(path: Path, limits: ReadingLimits) -> Content:
    """Read a PDF file.

    Raises:
        UnreadableError: `needs_password`, `rejected` (too many pages) or `failed`.
    """
    with _without_collector():
        return _read(path, limits)


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


def _read(path: Path, limits: ReadingLimits) -> Content:
    try:
        opened = _open(path, limits)
    except pdfium.PdfiumError as error:
        if _wants_password(error):
            raise UnreadableError(
                DocumentStatus.NEEDS_PASSWORD, "The file is encrypted and asks for a password."
            ) from error
        return read_with_pypdf(path, limits)
    if not any(page.has_text for page in opened.pages) and (opened.has_type or opened.failed):
        second = _second_try(path, limits)
        if second is not None:
            return second
    return _content(opened)


def _wants_password(error: pdfium.PdfiumError) -> bool:
    return bool(getattr(error, "err_code", None) == pdfium_c.FPDF_ERR_PASSWORD)


def _second_try(path: Path, limits: ReadingLimits) -> Content | None:
    """Return what pypdf reads of a file in which pdfium found type but no text."""
    try:
        content = read_with_pypdf(path, limits)
    except UnreadableError:
        return None
    return content if content.blocks else None


def _open(path: Path, limits: ReadingLimits) -> _Opened:
    opened = _Opened()
    with pdfium.PdfDocument(path) as document:
        count = len(document)
        if count > limits.pages:
            raise UnreadableError(
                DocumentStatus.REJECTED,
                f"The file has {count} pages; the limit is {limits.pages}.",
            )
        if count == 0:
            raise UnreadableError(DocumentStatus.FAILED, "The file has no pages.")
        opened.title = _clean(document.get_metadata_value("Title"))
        opened.outline = _outline(document)
        probe = PageProbe()
        labelled = any(document.get_page_label(index) for index in {0, count // 2, count - 1})
        for index in range(count):
            number = index + 1
            label = document.get_page_label(index).strip() if labelled else ""
            opened.labels[number] = label or str(number)
            try:
                page = document[index]
            except pdfium.PdfiumError:
                opened.failed[number] = (0.0, 0.0)
                continue
            try:
                lines = read_page(page, number, probe)
            except pdfium.PdfiumError:
                opened.failed[number] = page.get_size()
            else:
                opened.pages.append(lines)
                if not opened.has_type and not lines.lines:
                    opened.has_type = _has_type(page)
            finally:
                page.close()
    return opened


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


def _content(opened: _Opened) -> Content:
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
