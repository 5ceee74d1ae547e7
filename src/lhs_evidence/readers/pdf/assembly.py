"""All pages of a PDF become one sequence of blocks: the order of the steps of the reader."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from lhs_evidence.model import BlockKind, BlockRole
from lhs_evidence.readers.pdf.blocks import BULLET, Draft, Measures, draft_blocks, measure
from lhs_evidence.readers.pdf.contents import is_listing, mark_contents
from lhs_evidence.readers.pdf.furniture import find_furniture
from lhs_evidence.readers.pdf.headings import mark_endnotes, mark_headings, mark_nesting, mark_notes
from lhs_evidence.readers.pdf.joins import join_runs
from lhs_evidence.readers.pdf.layout import arrange
from lhs_evidence.readers.pdf.lines import TINY, Line, PageLines
from lhs_evidence.readers.pdf.text import Words, join_texts

_WORD = re.compile(r"[^\W\d_]{3}")


def build_drafts(pages: Sequence[PageLines], outline: Mapping[str, int]) -> list[Draft]:
    """Return the blocks of a file in reading order; `outline` maps heading keys to depths."""
    hidden = {line for page in pages for line in page.lines if _is_hidden(line, page)}
    furniture = _furniture(pages, hidden)
    apart = furniture | hidden
    shown = {page.number: [line for line in page.lines if line not in apart] for page in pages}
    measures = measure(line for lines in shown.values() for line in lines)
    words = Words([line for page in pages for line in page.lines])
    signs = not any(page.has_text for page in pages)
    drafts: list[Draft] = []
    listing = False
    for page in pages:
        lines = shown[page.number]
        follows, listing = listing, is_listing(lines, follows=listing)
        body = list(_body(lines, measures, words, listing=listing, signs=signs))
        if listing:
            mark_contents(body, follows=follows)
        drafts.extend(_framed(page, body, furniture, hidden))
    mark_notes(drafts, measures, {page.number: page.height for page in pages})
    mark_headings(drafts, measures, outline)
    drafts = join_runs(drafts, words, measures.body)
    mark_endnotes(drafts)
    mark_nesting(drafts)
    return drafts


def _furniture(pages: Sequence[PageLines], hidden: set[Line]) -> set[Line]:
    """Return running headers, footers and page numbers, unless the words are all in them."""
    furniture = find_furniture(pages)
    for page in pages:
        if any(line not in furniture and line not in hidden for line in page.lines):
            return furniture
    if any(_WORD.search(line.text) for line in furniture):
        return set()
    return furniture


def _is_hidden(line: Line, page: PageLines) -> bool:
    """Say whether a line lies off the page, is too small to be read or does not show."""
    off = line.x1 <= 0 or line.y1 <= 0 or line.x0 >= page.width or line.y0 >= page.height
    return off or line.size < TINY or line.ink != ""


def _body(
    lines: Sequence[Line], measures: Measures, words: Words, *, listing: bool, signs: bool
) -> Iterator[Draft]:
    """Yield the blocks of one page's own text; those of mere `signs` only where asked for."""
    upright = [line for line in lines if not line.sideways]
    for region in arrange(upright, listing=listing):
        opens = True
        for draft in draft_blocks(region, measures, listing=listing):
            draft.text = _text(draft, words)
            draft.opens, opens = opens, False
            draft.aside = region.inset
            if signs or any(char.isalnum() for char in draft.text):
                yield draft
    for line in lines:
        if line.sideways:
            yield Draft(BlockKind.PARAGRAPH, [line], text=line.text)


def _text(draft: Draft, words: Words) -> str:
    if draft.cells:
        cells = (join_texts([line.text for line in cell], words) for cell in draft.cells)
        return " | ".join(cells)
    text = join_texts([line.text for line in draft.lines], words)
    if draft.kind is BlockKind.LIST_ITEM and BULLET.match(text):
        return BULLET.sub("", text, count=1)
    return text


def _framed(
    page: PageLines, body: Iterable[Draft], furniture: set[Line], hidden: set[Line]
) -> Iterator[Draft]:
    """Yield a page's blocks between its running headers and its footers."""
    running = [line for line in page.lines if line in furniture]
    for line in sorted(running, key=lambda line: (line.base, line.x0)):
        if line.y0 < page.height / 2:
            yield _aside(line, BlockRole.FURNITURE)
    yield from body
    for line in page.lines if hidden else ():
        if line in hidden and line not in furniture:
            yield _aside(line, BlockRole.HIDDEN)
    for line in sorted(running, key=lambda line: (line.base, line.x0)):
        if line.y0 >= page.height / 2:
            yield _aside(line, BlockRole.FURNITURE)


def _aside(line: Line, role: BlockRole) -> Draft:
    return Draft(BlockKind.PARAGRAPH, [line], role=role, text=line.text)
