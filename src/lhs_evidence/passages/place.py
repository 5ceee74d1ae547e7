"""Where on the pages of its document a stretch of text stands."""

from __future__ import annotations

from collections.abc import Sequence

from lhs_evidence.model import Block, Box

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
