"""Main text and furniture of a page, told apart once all of it has been seen.

Names such as "sidebar" are hints, not proof: themes wrap whole articles in them. A part is
furniture when it is mostly links, or short beside the rest. When in doubt text stays text, for
what is called furniture can never be evidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from lhs_evidence.model import BlockKind, BlockRole
from lhs_evidence.readers.content import RawBlock

_MOSTLY_LINKS = 0.5
_ALL_LINKS = 0.85
_SMALL_SHARE = 0.25
_LONG_BLOCK = 300
_MAIN_SHARE = 0.5
_FEWEST_CONTENTS = 3
_FEWEST_MENU = 10
_LONGEST_MENU_ITEM = 60


@dataclass(frozen=True, slots=True)
class Piece:
    """A block with what decides its role: where it lies and how much of it is links.

    `part` is the innermost suspect element it lies in (-1: none), `cell` the table cell (0: none),
    `main` whether a landmark calls it main text, `linked` the share of its characters in links,
    `anchors` whether all those links stay on the page.
    """

    block: RawBlock
    part: int
    cell: int
    main: bool
    linked: float
    anchors: bool


@dataclass(slots=True)
class Part:
    """An element that may be furniture, and the suspect element around it (-1: none)."""

    above: int
    characters: int = 0
    linked: float = 0.0
    longest: int = 0


def settle_roles(pieces: Sequence[Piece], parts: Sequence[Part]) -> list[RawBlock]:
    """Return the blocks with their final roles."""
    total = sum(len(piece.block.text) for piece in pieces if _is_body(piece)) or 1
    furniture = _furniture_parts(pieces, parts, total)
    main = sum(len(piece.block.text) for piece in pieces if _is_body(piece) and piece.main)
    by_landmark = main >= _MAIN_SHARE * total
    settled = []
    for piece in pieces:
        outside = by_landmark and not piece.main and not _is_title(piece.block)
        demoted = _is_body(piece) and (piece.part in furniture or outside)
        settled.append(_as(piece, BlockRole.FURNITURE) if demoted else piece)
    blocks = [piece.block for piece in _settle_link_lists(settled)]
    if any(block.role is BlockRole.BODY for block in blocks):
        return blocks
    # A page that is all furniture is a page we misjudged.
    return [
        replace(block, role=BlockRole.BODY) if block.role is BlockRole.FURNITURE else block
        for block in blocks
    ]


def _furniture_parts(pieces: Sequence[Piece], parts: Sequence[Part], total: int) -> set[int]:
    """Return the suspect elements that are furniture, and those inside of them."""
    for piece in pieces:
        if piece.part >= 0:
            part = parts[piece.part]
            part.characters += len(piece.block.text)
            part.linked += piece.linked * len(piece.block.text)
            part.longest = max(part.longest, len(piece.block.text))
    found: set[int] = set()
    for number, part in enumerate(parts):
        mostly_links = part.linked > _MOSTLY_LINKS * part.characters
        small = part.characters < _SMALL_SHARE * total and part.longest < _LONG_BLOCK
        if part.above in found or mostly_links or small:
            found.add(number)
    return found


def _settle_link_lists(pieces: Sequence[Piece]) -> list[Piece]:
    """Mark runs of links: to places on this page they are contents, long ones elsewhere a menu."""
    settled: list[Piece] = []
    for key, group in groupby(pieces, key=_link_kind):
        run = list(group)
        if key == "contents" and len(run) >= _FEWEST_CONTENTS:
            run = [_as(piece, BlockRole.CONTENTS) for piece in run]
        elif key == "menu" and len(run) >= _FEWEST_MENU:
            run = [_as(piece, BlockRole.FURNITURE) for piece in run]
        settled += run
    return settled


def _link_kind(piece: Piece) -> str:
    if not _is_body(piece) or piece.linked < _ALL_LINKS or piece.block.kind is BlockKind.HEADING:
        return ""
    if piece.anchors:
        return "contents"
    return "menu" if not piece.main and len(piece.block.text) <= _LONGEST_MENU_ITEM else ""


def _is_body(piece: Piece) -> bool:
    return piece.block.role is BlockRole.BODY


def _is_title(block: RawBlock) -> bool:
    return block.kind is BlockKind.HEADING and block.level == 1


def _as(piece: Piece, role: BlockRole) -> Piece:
    return replace(piece, block=replace(piece.block, role=role))
