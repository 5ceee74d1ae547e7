"""What a reader hands to the border: raw text in reading order, before it is made canonical.

A reader keeps to its format. Sanitising, offsets, limits on text and the status of the document
are the border's business (`canonical.py`), done once for all formats.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from lhs_evidence.model import BlockKind, BlockRole, Box
from lhs_evidence.settings import ReadingLimits


@dataclass(frozen=True, slots=True)
class RawBlock:
    """A block as a reader found it; the fields mean what they mean in `model.Block`."""

    kind: BlockKind
    text: str
    level: int = 0
    role: BlockRole = BlockRole.BODY
    pages: tuple[int, ...] = ()
    boxes: tuple[Box, ...] = ()
    ocr_confidence: float | None = None


@dataclass(frozen=True, slots=True)
class RawPage:
    """A page, sheet or slide as a reader found it."""

    number: int
    label: str
    has_text: bool = True
    width: float = 0.0
    height: float = 0.0


@dataclass(slots=True)
class Content:
    """Everything a reader got out of one file.

    `pages` is empty where the format has no fixed pages. `failed_pages` are the numbers of pages
    that could not be read; they make the document `partial`. `recognised_pages` were read by OCR.
    `losses` say what else of the file was not read, and make it `partial`, too. `encoding` and
    `agreement` mean what they mean in `model.Fidelity`. `warnings` are sentences for people.
    """

    media_type: str
    title: str = ""
    language: str = ""
    blocks: list[RawBlock] = field(default_factory=list)
    pages: list[RawPage] = field(default_factory=list)
    failed_pages: list[int] = field(default_factory=list)
    recognised_pages: list[int] = field(default_factory=list)
    encoding: str = ""
    agreement: float | None = None
    losses: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


class Reader(Protocol):
    """One format: a path in, content out.

    Raises `UnreadableError` with the status the document ends in; anything else it raises is
    taken as `failed` by the border.
    """

    def __call__(self, path: Path, limits: ReadingLimits) -> Content:
        """Read the file at `path`."""
