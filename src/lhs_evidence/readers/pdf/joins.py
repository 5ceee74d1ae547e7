"""Paragraphs that run on over a column or a page are made whole."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lhs_evidence.model import BlockKind, BlockRole
from lhs_evidence.readers.pdf.blocks import Draft
from lhs_evidence.readers.pdf.text import Words, join_texts

_ENDED = re.compile(r"[.!?:;][\"'”’)\]]*(?:\s?\d{1,3})?$")
_BROKEN = re.compile(r"[^\W\d_][-\u2010\u00ad\ufffe]$")
_ITEM_ENDS = ("; and", "; or", ", and", ", or")
_TAIL = 16
_PROSE = (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)


def join_runs(drafts: Sequence[Draft], words: Words, body: float) -> list[Draft]:
    """Return the blocks with each one that continues another joined to it.

    `body` is the type size of the document's running text, in points.
    """
    kept: list[Draft] = []
    open_ends: list[Draft] = []
    for draft in drafts:
        open_ends = [end for end in open_ends if draft.page - end.lines[-1].page <= 1]
        start = _start_of(draft, open_ends, body)
        if start is not None:
            open_ends.remove(start)
            start.text = join_texts([_as_broken(start), draft.text], words)
            start.lines = [*start.lines, *draft.lines]
            start.right = draft.right
        else:
            start = draft
            kept.append(draft)
        if start.role is BlockRole.BODY and not start.aside and _is_open(start):
            open_ends.append(start)
    return kept


def _is_open(draft: Draft) -> bool:
    """Say whether a block ends within a sentence."""
    if draft.kind not in _PROSE:
        return False
    return _is_broken(draft.lines[-1].text) or _ENDED.search(draft.text[-_TAIL:]) is None


def _is_broken(text: str) -> bool:
    """Say whether a text ends within a word."""
    return _BROKEN.match(text[-2:]) is not None


def _start_of(draft: Draft, open_ends: Sequence[Draft], body: float) -> Draft | None:
    """Return the block that `draft` carries on: one above it in its column, else the last one.

    Only the last can be carried on by a capital letter; others stand before a sidebar.
    """
    if draft.kind is not BlockKind.PARAGRAPH or draft.role is not BlockRole.BODY or draft.aside:
        return None
    lower, left = _is_midway(draft.text), draft.lines[0].x0
    found = [
        start
        for start in reversed(open_ends)
        if (draft.opens or (lower and start.lines[-1].page < draft.page))
        and (lower or start is open_ends[-1])
        and _continues(start, draft, body)
    ]
    in_line = [
        start
        for start in found
        if start.lines[-1].page == draft.page and abs(start.lines[-1].x0 - left) < 2 * draft.size
    ]
    return next(iter([*in_line, *found]), None)


def _as_broken(draft: Draft) -> str:
    """Return the text with the mark of a broken word as it stood at the line's end."""
    last = draft.lines[-1].text
    return draft.text[:-1] + last[-1] if _is_broken(last) else draft.text


def _continues(draft: Draft, following: Draft, body: float) -> bool:
    """Say whether a block can carry on the open sentence of an earlier one."""
    last = draft.lines[-1]
    if abs(last.size - following.lines[0].size) > 0.1 * following.size:
        return False
    if _is_midway(following.text) or _is_broken(last.text):
        return True
    item = draft.kind is BlockKind.LIST_ITEM
    prose = len(draft.lines) > (3 if item else 1) and not draft.text.endswith(_ITEM_ENDS)
    full = last.x1 > draft.right - 4 * last.size
    return prose and full and abs(draft.size - body) < 0.05 * body


def _is_midway(text: str) -> bool:
    """Say whether a text begins as no sentence does."""
    return text[:1].islower() or text.startswith("(")
