"""Recognised pages become blocks, by the same layout that orders the pages of any PDF."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from lhs_evidence.model import BlockKind, Box
from lhs_evidence.readers.content import RawBlock
from lhs_evidence.readers.ocr.words import LEGIBLE, PageWords, even_sizes
from lhs_evidence.readers.pdf.assembly import build_drafts
from lhs_evidence.readers.pdf.blocks import Draft
from lhs_evidence.readers.pdf.lines import Line
from lhs_evidence.readers.pdf.reader import raw_block


def recognised_blocks(pages: Sequence[PageWords]) -> list[RawBlock]:
    """Return the blocks of recognised pages in reading order, each with its confidence."""
    even_sizes(pages)
    known = {page.number: page for page in pages}
    blocks = []
    for draft in build_drafts([page.upright() for page in pages], {}):
        block = raw_block(draft)
        sure = _confidence(draft, known)
        kind, level = block.kind, block.level
        if kind is BlockKind.HEADING and sure < LEGIBLE:
            kind, level = BlockKind.PARAGRAPH, 0
        boxes = tuple(_shown(box, known[box.page]) for box in block.boxes)
        blocks.append(replace(block, kind=kind, level=level, boxes=boxes, ocr_confidence=sure))
    return blocks


def _confidence(draft: Draft, pages: dict[int, PageWords]) -> float:
    """Return the mean confidence of the words that lie on a block's lines."""
    known = [sure for line in draft.lines for sure in _on_line(line, pages[line.page])]
    return round(sum(known) / len(known), 3) if known else 0.0


def _on_line(line: Line, page: PageWords) -> Iterator[float]:
    for word in page.words:
        x0, y0, x1, y1 = word.box
        if line.x0 <= (x0 + x1) / 2 <= line.x1 and line.y0 <= (y0 + y1) / 2 <= line.y1:
            yield word.confidence


def _shown(box: Box, page: PageWords) -> Box:
    return Box(box.page, *(round(edge, 2) for edge in page.shown((box.x0, box.y0, box.x1, box.y1))))
