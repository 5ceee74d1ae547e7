"""A document becomes passages: about a paragraph each, verbatim, and never over the window.

What never becomes a passage: headings (they are the context of what follows), text in a role other
than body, paragraphs without a letter, and what in the end has fewer than five words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from lhs_evidence.ids import passage_id
from lhs_evidence.model import Block, BlockKind, Document, Passage
from lhs_evidence.passages.cut import Span, Window, cut, pack
from lhs_evidence.passages.language import language_of_passage
from lhs_evidence.passages.place import place
from lhs_evidence.passages.units import Unit, units
from lhs_evidence.passages.words import count_words, has_letters

# In words. Half of all passages that people labelled have 31 to 100 words.
FEWEST_WORDS = 5
_FRAGMENT = 12
_SHORT = 30
_FULL = 100

_PROSE = (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM)
_SERIES = (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW)
_ENDS_SENTENCE = (".", "!", "?", ";", "。", "！", "？")  # noqa: RUF001
_CLOSING = "\"'”’)]"


@dataclass(slots=True)
class _Draft:
    """Units that are to be one passage, or several where they do not fit the window."""

    blocks: tuple[Block, ...]
    kind: BlockKind
    heading: tuple[str, ...]
    words: int
    # Whether every unit in it is short.
    all_short: bool

    @property
    def start(self) -> int:
        return self.blocks[0].start

    @property
    def end(self) -> int:
        return self.blocks[-1].end


def split(
    document: Document, count_tokens: Callable[[str], int], window: int
) -> tuple[Passage, ...]:
    """Split a document into passages.

    Args:
        document: What was read, in its language; without text it has no passages.
        count_tokens: How many tokens the encoder makes of a text, special ones included.
        window: Most tokens the encoder reads.

    Returns:
        Passages in reading order that do not overlap; the text of each is the document's text
        from its start to its end.
    """
    measure = Window(count_tokens, window)
    passages = []
    for draft in _drafts(document.text, units(document), measure):
        for start, end in _spans(document.text, draft, measure):
            text = document.text[start:end]
            if count_words(text) >= FEWEST_WORDS and has_letters(text):
                passages.append(_passage(document, draft, start, end))
    return tuple(passages)


def _drafts(text: str, parts: Iterator[Unit], window: Window) -> Iterator[_Draft]:
    """Join short units with their neighbours."""
    draft: _Draft | None = None
    for unit in parts:
        words = count_words(text[unit.start : unit.end])
        if draft is not None and unit.joins and _belongs(text, draft, unit, words, window):
            draft.blocks += unit.blocks
            draft.words += words
            draft.all_short = draft.all_short and words < _SHORT
            continue
        if draft is not None:
            yield draft
        draft = _Draft(unit.blocks, unit.kind, unit.heading, words, words < _SHORT)
    if draft is not None:
        yield draft


def _belongs(text: str, draft: _Draft, unit: Unit, words: int, window: Window) -> bool:
    """Whether a unit reads better together with the draft before it than alone."""
    if unit.kind is not draft.kind and not (unit.kind in _PROSE and draft.kind in _PROSE):
        return False
    if draft.words < _FRAGMENT:
        return window.fits(text[draft.start : unit.end])
    if draft.words + words > _FULL:
        return False
    if words < _FRAGMENT:
        # A line too short to be a sentence is most often a label of what follows it.
        stretch = text[unit.start : unit.end].rstrip(_CLOSING)
        return draft.all_short or stretch.endswith(_ENDS_SENTENCE)
    return draft.all_short and words < _SHORT


def _spans(text: str, draft: _Draft, window: Window) -> list[Span]:
    """Return the stretches of a draft that become passages, trimmed."""
    if window.fits(text[draft.start : draft.end]):
        spans = [(draft.start, draft.end)]
    elif draft.kind in _SERIES:
        spans = _series_spans(text, draft, window)
    else:
        spans = cut(text, draft.start, draft.end, window)
    return [_trimmed(text, start, end) for start, end in spans]


def _series_spans(text: str, draft: _Draft, window: Window) -> list[Span]:
    """Split a list or table between its items or rows, rather at the outermost ones."""
    spans: list[Span] = []
    short: list[Span] = []
    for section in _sections(text, draft):
        start, end = section[0].start, section[-1].end
        if window.fits(text[start:end]):
            short.append((start, end))
            continue
        # Its parts stay among themselves, so that no item takes another's nested items with it.
        spans += pack(text, short, window, window.ideal)
        short = []
        atoms = [span for part in section for span in cut(text, part.start, part.end, window)]
        spans += pack(text, atoms, window, window.ideal)
    return spans + pack(text, short, window, window.ideal)


def _sections(text: str, draft: _Draft) -> list[list[Block]]:
    """Group items with the nested ones below them, and a lead-in or header row with the first."""
    outermost = min(block.level for block in draft.blocks if block.kind is draft.kind)
    leading = 1 if draft.kind is BlockKind.TABLE_ROW else 0
    if draft.blocks[0].kind is not draft.kind:
        leading += 1 if _leads_closely(text, draft.blocks[0]) else 0
    sections: list[list[Block]] = []
    for number, block in enumerate(draft.blocks):
        is_nested = block.kind is BlockKind.LIST_ITEM and block.level > outermost
        if 0 < number <= leading or (number > 0 and is_nested):
            sections[-1].append(block)
        else:
            sections.append([block])
    return sections


def _leads_closely(text: str, block: Block) -> bool:
    stretch = text[block.start : block.end].rstrip()
    return stretch.endswith(":") or count_words(stretch) < _SHORT


def _trimmed(text: str, start: int, end: int) -> Span:
    stretch = text[start:end]
    return end - len(stretch.lstrip()), start + len(stretch.rstrip())


def _passage(document: Document, draft: _Draft, start: int, end: int) -> Passage:
    text = document.text[start:end]
    pages, boxes = place(draft.blocks, start, end)
    return Passage(
        id=passage_id(document.id, start, end, text),
        document=document.id,
        start=start,
        end=end,
        text=text,
        heading=draft.heading,
        title=document.title,
        pages=pages,
        boxes=boxes,
        language=language_of_passage(text, document.language),
        ocr_confidence=_ocr_confidence(draft.blocks, start, end),
    )


def _ocr_confidence(blocks: Sequence[Block], start: int, end: int) -> float | None:
    touched = (block for block in blocks if block.start < end and block.end > start)
    known = [block.ocr_confidence for block in touched if block.ocr_confidence is not None]
    return min(known, default=None)
