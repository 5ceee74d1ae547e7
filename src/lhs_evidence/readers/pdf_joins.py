"""Paragraphs that run on over a column or a page are made whole."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lhs_evidence.model import BlockKind, BlockRole
from lhs_evidence.readers.pdf_blocks import Draft
from lhs_evidence.readers.pdf_text import Words, join_texts

_ENDED = re.compile(r"[.!?:;][\"'”’)\]]*(?:\s?\d{1,3})?$")
_BROKEN = re.compile(r"[^\W\d_][-‐\u00ad\ufffe]$")
_PROSE = (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
_COLUMNS_BACK = 4
_ASIDE = (BlockKind.FOOTNOTE, BlockKind.CAPTION)


def join_runs(drafts: Sequence[Draft], words: Words, body: float) -> list[Draft]:
    """Return the blocks with each one that continues another joined to it.

    `body` is the type size of the document's running text, in points.
    """
    kept: list[Draft] = []
    open_ends: list[Draft] = []
    for draft in drafts:
        start = _start_of(draft, open_ends, body) if draft.opens else None
        if start is not None:
            start.text = join_texts([_as_broken(start), draft.text], words)
            start.lines = [*start.lines, *draft.lines]
            start.right = draft.right
            open_ends.remove(start)
            open_ends.append(start)
            continue
        kept.append(draft)
        if draft.role is BlockRole.BODY and draft.kind not in _ASIDE and not draft.aside:
            if open_ends and not draft.opens:
                open_ends.pop()
            open_ends.append(draft)
    return kept


def _start_of(draft: Draft, open_ends: Sequence[Draft], body: float) -> Draft | None:
    """Return the block that `draft` carries on: one above it in its column, else the last one.

    Only the last can be carried on by a capital letter; others stand before a sidebar.
    """
    last = open_ends[-1] if open_ends else None
    found = [
        start
        for start in reversed(open_ends[-_COLUMNS_BACK:])
        if _continues(start, draft, body) and (start is last or draft.text[:1].islower())
    ]
    left = draft.lines[0].x0
    in_line = [
        start
        for start in found
        if start.lines[-1].page == draft.page and abs(start.lines[-1].x0 - left) < 2 * draft.size
    ]
    return next(iter([*in_line, *found]), None)


def _as_broken(draft: Draft) -> str:
    """Return the text with the mark of a broken word as it stood at the line's end."""
    last = draft.lines[-1].text
    return draft.text[:-1] + last[-1] if _BROKEN.search(last) else draft.text


def _continues(draft: Draft, following: Draft, body: float) -> bool:
    """Say whether a block that opens a column or page carries on the last sentence before it."""
    if draft.kind not in _PROSE or following.kind is not BlockKind.PARAGRAPH:
        return False
    if following.role is not BlockRole.BODY or following.aside:
        return False
    if following.page - draft.lines[-1].page > 1:
        return False
    if abs(draft.lines[-1].size - following.lines[0].size) > 0.1 * following.size:
        return False
    if _BROKEN.search(draft.lines[-1].text):
        return True
    if _ENDED.search(draft.text):
        return False
    if following.text[:1].islower():
        return True
    last = draft.lines[-1]
    full = last.x1 > draft.right - 4 * last.size and len(draft.lines) > 1
    return full and abs(draft.size - body) < 0.05 * body
