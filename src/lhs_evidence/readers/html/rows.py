"""Rows of HTML tables, told from tables that only lay a page out."""

from __future__ import annotations

from dataclasses import replace

from lhs_evidence.model import BlockKind, BlockRole
from lhs_evidence.readers.content import RawBlock
from lhs_evidence.readers.html.parts import Piece

# A cell with more than this is a column of a page, not a cell of a table.
_LONGEST_CELL = 2_000
_MOST_IN_CELL = 12


def merge_row(pieces: list[Piece]) -> list[Piece]:
    """Return the pieces of a row as one table row, or as they are where it lays out a page."""
    hidden = [piece for piece in pieces if piece.block.role is BlockRole.HIDDEN]
    shown = [piece for piece in pieces if piece.block.role is not BlockRole.HIDDEN]
    cells: dict[int, list[Piece]] = {}
    for piece in shown:
        cells.setdefault(piece.cell, []).append(piece)
    if not shown or _lays_out(cells):
        return [replace(piece, cell=0) for piece in pieces]
    text = " | ".join(
        "\n".join(piece.block.text.strip() for piece in members) for members in cells.values()
    )
    first = shown[0]
    length = max(len(text), 1)
    linked = sum(piece.linked * len(piece.block.text) for piece in shown) / length
    row = replace(
        first,
        block=RawBlock(BlockKind.TABLE_ROW, text, 0, first.block.role),
        cell=0,
        linked=min(linked, 1.0),
        anchors=all(piece.anchors for piece in shown),
    )
    return [row, *(replace(piece, cell=0) for piece in hidden)]


def _lays_out(cells: dict[int, list[Piece]]) -> bool:
    """Whether a row is layout: one cell, or cells that hold tables, headings or whole pages."""
    if len(cells) < 2 or 0 in cells:
        return True
    for members in cells.values():
        kinds = {piece.block.kind for piece in members}
        if BlockKind.TABLE_ROW in kinds or (BlockKind.HEADING in kinds and len(members) > 1):
            return True
        if len(members) > _MOST_IN_CELL:
            return True
        if sum(len(piece.block.text) for piece in members) > _LONGEST_CELL:
            return True
    return False
