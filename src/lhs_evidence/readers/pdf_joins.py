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
_ASIDE = (BlockKind.FOOTNOTE, BlockKind.CAPTION)


def join_runs(drafts: Sequence[Draft], words: Words) -> list[Draft]:
    """Return the blocks with each one that continues another joined to it."""
    kept: list[Draft] = []
    open_end: Draft | None = None
    for draft in drafts:
        if open_end is not None and draft.opens and _continues(open_end, draft):
            open_end.text = join_texts([_as_broken(open_end), draft.text], words)
            open_end.lines = [*open_end.lines, *draft.lines]
            open_end.right = draft.right
            continue
        kept.append(draft)
        if draft.role is BlockRole.BODY and draft.kind not in _ASIDE:
            open_end = draft
    return kept


def _as_broken(draft: Draft) -> str:
    """Return the text with the mark of a broken word as it stood at the line's end."""
    last = draft.lines[-1].text
    return draft.text[:-1] + last[-1] if _BROKEN.search(last) else draft.text


def _continues(draft: Draft, following: Draft) -> bool:
    """Say whether a block that opens a column or page carries on the last sentence before it."""
    if draft.kind not in _PROSE or following.kind is not BlockKind.PARAGRAPH:
        return False
    if following.role is not BlockRole.BODY or following.page - draft.lines[-1].page > 1:
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
    return last.x1 > draft.right - 4 * last.size and len(draft.lines) > 1
