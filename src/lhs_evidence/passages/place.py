"""Where in its document a stretch of text stands: on which pages, or in which paragraphs."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from lhs_evidence.model import Block, BlockRole, Box, Document, Passage
from lhs_evidence.passages.units import is_heading

# How far, as a share of a block, the estimate of a line's place in its text may be wrong.
_SLACK = 0.05


def place(blocks: Sequence[Block], start: int, end: int) -> tuple[tuple[int, ...], tuple[Box, ...]]:
    """Return the pages and boxes of a stretch that lies within `blocks`.

    Where a stretch is only part of a block, the block's boxes (its lines, or its part on each page)
    are taken as evenly filled with text, and those that the stretch can touch are kept.
    """
    pages: list[int] = []
    boxes: list[Box] = []
    for block in blocks:
        if block.start >= end or block.end <= start:
            continue
        touched = _touched(block, start, end)
        boxes.extend(touched)
        pages.extend([box.page for box in touched] or block.pages)
    return tuple(dict.fromkeys(pages)), tuple(boxes)


def paragraph_numbers(
    document: Document, passages: Sequence[Passage]
) -> dict[str, tuple[int, ...]]:
    """Return the numbers of the paragraphs that each passage of a document touches, by its id.

    Paragraphs of the body are counted from 1 under each heading; list items and table rows count,
    as they do in a word processor.
    """
    body = [block for block in document.blocks if block.role is BlockRole.BODY]
    starts = [block.start for block in body]
    numbers: list[int] = []
    for block in body:
        before = numbers[-1] if numbers else 0
        numbers.append(0 if is_heading(document.text, block) else before + 1)
    found = {}
    for passage in passages:
        first = max(bisect_right(starts, passage.start) - 1, 0)
        last = bisect_right(starts, passage.end - 1)
        found[passage.id] = tuple(number for number in numbers[first:last] if number)
    return found


def _touched(block: Block, start: int, end: int) -> Sequence[Box]:
    if start <= block.start and block.end <= end:
        return block.boxes
    length = block.end - block.start
    first = (start - block.start) / length - _SLACK
    last = (end - block.start) / length + _SLACK
    total = sum(_area(box) for box in block.boxes) or 1.0
    kept = []
    before = 0.0
    for box in block.boxes:
        after = before + _area(box) / total
        if before < last and after > first:
            kept.append(box)
        before = after
    return kept


def _area(box: Box) -> float:
    return (box.x1 - box.x0) * (box.y1 - box.y0)
