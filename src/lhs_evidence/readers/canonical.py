"""The border: what a reader found becomes a document with one canonical text.

Every citation points into that text, so it is made in one place and never changed afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from lhs_evidence.ids import document_id
from lhs_evidence.model import (
    Block,
    BlockKind,
    BlockRole,
    Document,
    DocumentStatus,
    Fidelity,
    Page,
)
from lhs_evidence.readers.content import Content, RawBlock, RawPage
from lhs_evidence.readers.detect import PDF, XLSX
from lhs_evidence.readers.discover import SourceFile
from lhs_evidence.readers.sanitise import one_line, sanitise

# Raised when a reader finds more or other text than before: files are then read again.
READER = "2"

_BETWEEN_BLOCKS = "\n\n"
_BETWEEN_ROWS = "\n"
_CLOSE_KINDS = (BlockKind.LIST_ITEM, BlockKind.TABLE_ROW)
# Fewer stray characters than this are ordinary; more are worth a word to the reader.
_NOTABLE_REMOVED = 10
_NOTABLE_SHARE = 0.001
# From this share of the text on, control characters are no strays: they stand in for letters whose
# meaning the file does not tell, and what they said is lost.
_LOST_SHARE = 0.1
_MEANINGLESS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\uffff]")
_LONGEST_TITLE = 200
_LEFT_BLANK = re.compile(
    r"(?i)[\[(]?this page (?:is |was |has been )?(?:\w+ly )?(?:left )?blank[\]).]*$"
)


def to_document(source: SourceFile, sha256: str, content: Content) -> Document:
    """Return the document that `content` amounts to: canonical text, offsets, status.

    Its language is the one that the file declares, if it does.
    """
    text, blocks, removed = _lay_out(content.blocks)
    pages = _place_pages(content, blocks)
    losses = [*_clean(content.losses), *_meaningless(content.blocks)]
    status, reason = _status(content, pages, blocks, losses)
    warnings = [*_clean(content.warnings)]
    if status is DocumentStatus.PARTIAL:
        warnings.append(reason)
    if removed >= max(_NOTABLE_REMOVED, _NOTABLE_SHARE * len(text)):
        warnings.append(f"{removed} control or invisible characters were removed from the text.")
    return Document(
        id=document_id(source.name, sha256),
        name=source.name,
        sha256=sha256,
        status=status,
        media_type=content.media_type,
        title=_title(source, content, text, blocks),
        language=_declared(content.language),
        text=text,
        pages=pages,
        blocks=blocks,
        warnings=tuple(dict.fromkeys(warnings)),
        reason=reason,
        fidelity=_fidelity(content, blocks, removed),
    )


def without_text(
    source: SourceFile,
    sha256: str,
    status: DocumentStatus,
    reason: str,
    *,
    media_type: str = "",
) -> Document:
    """Return the document of a file that gave no text, with the reason why."""
    return Document(
        id=document_id(source.name, sha256),
        name=source.name,
        sha256=sha256,
        status=status,
        media_type=media_type,
        title=PurePosixPath(source.name).stem,
        reason=one_line(reason),
        fidelity=Fidelity(reader=READER),
    )


def name_numbers(numbers: Iterable[int]) -> str:
    """Return page numbers the way people write them: `3, 7–9`."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in runs)


def _lay_out(raw_blocks: Sequence[RawBlock]) -> tuple[str, tuple[Block, ...], int]:
    """Join sanitised blocks into the canonical text; blocks left empty go."""
    parts: list[str] = []
    blocks: list[Block] = []
    position = removed = 0
    for raw in raw_blocks:
        is_code = raw.kind is BlockKind.CODE
        clean = sanitise(raw.text, lines=raw.kind is BlockKind.TABLE_ROW, indents=is_code)
        removed += clean.removed
        if not clean.text.strip():
            continue
        if blocks:
            joint = _joint(blocks[-1], raw)
            parts.append(joint)
            position += len(joint)
        end = position + len(clean.text)
        role = BlockRole.FURNITURE if _LEFT_BLANK.match(clean.text) else raw.role
        blocks.append(
            Block(
                raw.kind,
                position,
                end,
                raw.level,
                role,
                tuple(raw.pages),
                tuple(raw.boxes),
                raw.ocr_confidence,
            )
        )
        parts.append(clean.text)
        position = end
    return "".join(parts), tuple(blocks), removed


def _fidelity(content: Content, blocks: Sequence[Block], removed: int) -> Fidelity:
    hidden = (block for block in blocks if block.role is BlockRole.HIDDEN)
    return Fidelity(
        pages_failed=tuple(sorted(content.failed_pages)),
        pages_recognised=tuple(sorted(content.recognised_pages)),
        characters_removed=removed,
        characters_hidden=sum(block.end - block.start for block in hidden),
        encoding=content.encoding,
        agreement=content.agreement,
        reader=READER,
    )


def _joint(before: Block, after: RawBlock) -> str:
    close = before.kind is after.kind and after.kind in _CLOSE_KINDS and before.role is after.role
    return _BETWEEN_ROWS if close else _BETWEEN_BLOCKS


def _place_pages(content: Content, blocks: Sequence[Block]) -> tuple[Page, ...]:
    """Give each page the stretch from its first block to its last.

    A block that runs over a page break belongs to both stretches. A page without blocks gets an
    empty stretch where the page before it ends.
    """
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    for block in blocks:
        for number in block.pages:
            first[number] = min(first.get(number, block.start), block.start)
            last[number] = max(last.get(number, block.end), block.end)
    failed = set(content.failed_pages)
    pages = []
    end = 0
    for raw in content.pages:
        start = first.get(raw.number, end)
        end = last.get(raw.number, end)
        pages.append(_page(raw, start, end, readable=raw.number not in failed))
    return tuple(pages)


def _page(raw: RawPage, start: int, end: int, *, readable: bool) -> Page:
    return Page(
        number=raw.number,
        label=one_line(raw.label) or str(raw.number),
        start=start,
        end=end,
        has_text=raw.has_text and (readable or end > start),
        width=raw.width,
        height=raw.height,
    )


def _status(
    content: Content, pages: Sequence[Page], blocks: Sequence[Block], losses: Sequence[str]
) -> tuple[DocumentStatus, str]:
    """Return how reading ended and, unless all is well, why."""
    if not any(block.role is BlockRole.BODY for block in blocks):
        return DocumentStatus.NO_TEXT, _why_no_text(content, blocks)
    failed = sorted(set(content.failed_pages))
    empty = [page.number for page in pages if not page.has_text and page.number not in failed]
    faults = []
    if empty:
        faults.append(f"no text could be found on {_pages(empty)}")
    if failed:
        faults.append(f"{_pages(failed)} could not be read")
    faults += [loss.rstrip(".") for loss in losses]
    if not faults:
        return DocumentStatus.READY, ""
    sentence = "; ".join(faults)
    return DocumentStatus.PARTIAL, f"{sentence[0].upper()}{sentence[1:]}."


def _meaningless(blocks: Sequence[RawBlock]) -> list[str]:
    """Return what to say where much of the text is characters that stand for nothing."""
    lost = sum(len(_MEANINGLESS.findall(block.text)) for block in blocks)
    whole = sum(len(block.text) for block in blocks)
    if lost < max(_NOTABLE_REMOVED, _LOST_SHARE * whole):
        return []
    return [f"{lost:,} of its {whole:,} characters have no meaning and were left out"]


def _why_no_text(content: Content, blocks: Sequence[Block]) -> str:
    if blocks:
        return "There is no text in it beyond running headers, contents or hidden text."
    if content.pages and content.media_type == PDF:
        return (
            "There is no text layer in it: its pages are pictures or empty. Run text recognition "
            "(OCR) on it."
        )
    return "There is no text in it."


def _pages(numbers: Sequence[int]) -> str:
    return f"page{'s' if len(numbers) > 1 else ''} {name_numbers(numbers)}"


def _declared(language: str) -> str:
    """Return the language that the file declares, without the country; the text may tell better."""
    return one_line(language).lower().replace("_", "-").split("-")[0]


def _title(source: SourceFile, content: Content, text: str, blocks: Sequence[Block]) -> str:
    """Return the stored title, else the first heading, else the file's name without its suffix."""
    title = one_line(content.title)
    # The headings of a workbook are the names of its sheets: "Sheet1" is no title.
    if not title and content.media_type != XLSX:
        title = next(
            (
                " ".join(text[block.start : block.end].split())
                for block in blocks
                if block.kind is BlockKind.HEADING and block.role is BlockRole.BODY
            ),
            "",
        )
    return (title or PurePosixPath(source.name).stem)[:_LONGEST_TITLE].rstrip()


def _clean(warnings: Iterable[str]) -> list[str]:
    return [clean for warning in warnings if (clean := one_line(warning))]
