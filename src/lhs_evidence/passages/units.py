"""Blocks that belong together: a paragraph, a list with its lead-in, a table with its caption.

A unit is what a passage is made from. It never crosses a heading, nor text that is no evidence
(running headers and footers, contents, hidden text): a quote with a page footer in its middle is
not what the organization wrote. A paragraph that runs over a page break is one block already, so
no sentence is torn by this.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lhs_evidence.model import Block, BlockKind, BlockRole, Document
from lhs_evidence.passages.words import count_words, has_letters

# A heading longer than this, in words, is a paragraph that was set like a heading.
LONGEST_HEADING = 30

_LEAD_INS = (BlockKind.PARAGRAPH, BlockKind.CAPTION)
_SERIES = (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW)


@dataclass(frozen=True, slots=True)
class Unit:
    """Neighbouring blocks that are read together, and the headings above them.

    `kind` is that of the blocks, a lead-in aside. `joins` says whether nothing but white space
    lies between this unit and the one before it, under the same heading.
    """

    blocks: tuple[Block, ...]
    kind: BlockKind
    heading: tuple[str, ...]
    joins: bool

    @property
    def start(self) -> int:
        """Where it begins in the canonical text."""
        return self.blocks[0].start

    @property
    def end(self) -> int:
        """Where it ends in the canonical text."""
        return self.blocks[-1].end


@dataclass(frozen=True, slots=True)
class _Run:
    """Blocks of the body with only white space between them, under one heading."""

    blocks: list[Block]
    heading: tuple[str, ...]


def units(document: Document) -> Iterator[Unit]:
    """Yield the units of a document's body, in reading order."""
    for run in _runs(document):
        place = 0
        while place < len(run.blocks):
            stop, kind = _extent(document.text, run.blocks, place)
            yield Unit(tuple(run.blocks[place:stop]), kind, run.heading, joins=place > 0)
            place = stop


def _runs(document: Document) -> Iterator[_Run]:
    text = document.text
    trail: list[tuple[int, str]] = []
    blocks: list[Block] = []
    for block in document.blocks:
        heads = is_heading(text, block)
        ends_run = heads or not _is_evidence(text, block)
        if blocks and (ends_run or text[blocks[-1].end : block.start].strip()):
            yield _Run(blocks, tuple(heading for _, heading in trail))
            blocks = []
        if heads:
            level = max(block.level, 1)
            trail = [above for above in trail if above[0] < level]
            trail.append((level, " ".join(text[block.start : block.end].split())))
        elif not ends_run:
            blocks.append(block)
    if blocks:
        yield _Run(blocks, tuple(heading for _, heading in trail))


def is_heading(text: str, block: Block) -> bool:
    """Whether a block heads what follows it; one set like a heading may be a paragraph."""
    return (
        block.kind is BlockKind.HEADING
        and block.role is BlockRole.BODY
        and count_words(text[block.start : block.end]) <= LONGEST_HEADING
    )


def _is_evidence(text: str, block: Block) -> bool:
    """Whether a block can be part of a passage.

    A paragraph without a letter is a page number or a rule; cells and items without one have their
    meaning from their neighbours.
    """
    stretch = text[block.start : block.end]
    if block.role is not BlockRole.BODY or not stretch.strip():
        return False
    return block.kind in _SERIES or has_letters(stretch)


def _extent(text: str, blocks: Sequence[Block], place: int) -> tuple[int, BlockKind]:
    """Return where the unit that begins at `place` stops, and its kind."""
    kind = blocks[place].kind
    stop = place + 1
    if kind in _LEAD_INS and stop < len(blocks) and _leads(text, blocks[place], blocks[stop]):
        kind = blocks[stop].kind
    if kind in _SERIES:
        while stop < len(blocks) and blocks[stop].kind is kind:
            stop += 1
    return stop, BlockKind.PARAGRAPH if kind is BlockKind.HEADING else kind


def _leads(text: str, block: Block, following: Block) -> bool:
    """Whether a block introduces the list or table that follows it."""
    if following.kind is BlockKind.TABLE_ROW:
        ends = text[block.start : block.end].rstrip()
        return block.kind is BlockKind.CAPTION or ends.endswith(":")
    return following.kind is BlockKind.LIST_ITEM and block.kind is BlockKind.PARAGRAPH
