"""Plain text: paragraphs, and the headings and lists that people type by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from lhs_evidence.model import BlockKind
from lhs_evidence.readers.content import Content, RawBlock
from lhs_evidence.readers.detect import TEXT, unsupported
from lhs_evidence.readers.markers import bullet_item, is_numbered_item
from lhs_evidence.readers.plain.charset import Decoded, decode
from lhs_evidence.readers.sanitise import visible_line_ends
from lhs_evidence.settings import ReadingLimits

_LONGEST_HEADING = 90
_UNDERLINE = re.compile(r"^\s*([=\-~_*#^])\1{2,}\s*$")
_OUTLINE = re.compile(
    r"^\s*(?:(?:section|part|chapter|article|appendix|annex|title)\s+[\dA-Z]+[.:]?"
    r"|(\d{1,2}(?:\.\d{1,2}){0,5})\.?)\s+(?=\S)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_DIVIDED = re.compile(r"([^\W\d_]{2,})-[ \t]*\n[ \t]*([a-z\u00df-\u00ff][^\W\d_]+)")
# "pre- and post-operative": the hyphen stands for the rest of a word.
_AFTER_SUSPENSION = frozenset({"and", "or", "to", "und", "oder", "bis", "en", "of", "et", "ou"})
_HASHES = re.compile(r"^(#{1,6})\s+(\S.*?)\s*#*$")
# More of a file than this that is no text at all, and it is none.
_MOST_NOISE = 0.06
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f\ufffd]")


def read_text(path: Path, limits: ReadingLimits) -> Content:  # noqa: ARG001 - the size is checked
    """Read a text file in whatever encoding it is."""
    decoded = decode(path.read_bytes())
    if len(_CONTROLS.findall(decoded.text)) > _MOST_NOISE * len(decoded.text):
        raise unsupported("")
    text = _without_hyphenation(visible_line_ends(decoded.text))
    content = Content(TEXT, blocks=list(text_blocks(text)))
    content.encoding = decoded.encoding
    content.warnings += encoding_warnings(decoded)
    return content


def encoding_warnings(decoded: Decoded) -> list[str]:
    """Return a warning where bytes had no meaning in the encoding the text was read in."""
    if not decoded.undecodable:
        return []
    count, encoding = decoded.undecodable, decoded.encoding
    characters = "1 character" if count == 1 else f"{count} characters"
    return [f"{characters} could not be decoded; the text was read as {encoding}."]


def _without_hyphenation(text: str) -> str:
    """Return the text with words whole that a line end divides, as its other words suggest."""
    words = set(_WORD.findall(_DIVIDED.sub(" ", text).lower()))

    def whole(match: re.Match[str]) -> str:
        head, tail = match[1], match[2]
        if tail in _AFTER_SUSPENSION:
            return match[0]
        joined = (head + tail).lower()
        compound = f"{joined[: len(head)]}-{tail.lower()}"
        apart = head.lower() in words and tail.lower() in words
        if joined not in words and (compound in words or apart):
            return f"{head}-{tail}"
        return head + tail

    return _DIVIDED.sub(whole, text)


def text_blocks(text: str) -> Iterator[RawBlock]:
    """Yield the blocks of a plain text; lines of one paragraph are joined."""
    for lines in _paragraphs(visible_line_ends(text)):
        yield from _blocks(lines)


def _paragraphs(text: str) -> Iterator[list[str]]:
    """Yield groups of lines between blank ones."""
    group: list[str] = []
    for line in text.split("\n"):
        if line.strip():
            group.append(line)
        elif group:
            yield group
            group = []
    if group:
        yield group


def _blocks(lines: list[str]) -> Iterator[RawBlock]:
    """Yield the blocks of one group: headings and list items stand out, the rest is joined."""
    kind, level = BlockKind.PARAGRAPH, 0
    open_lines: list[str] = []

    def close() -> Iterator[RawBlock]:
        if open_lines:
            yield RawBlock(kind, "\n".join(open_lines), level)
            open_lines.clear()

    position = 0
    while position < len(lines):
        line = lines[position]
        below = lines[position + 1] if position + 1 < len(lines) else ""
        if _UNDERLINE.match(line):
            yield from close()
            kind, level = BlockKind.PARAGRAPH, 0
            position += 1
            continue
        heading = _heading(line, below, first=position == 0, last=not below)
        if heading is not None:
            yield from close()
            yield heading
            kind, level = BlockKind.PARAGRAPH, 0
            position += 2 if _UNDERLINE.match(below) else 1
            continue
        item = bullet_item(line)
        if item is not None or is_numbered_item(line):
            yield from close()
            kind, level = BlockKind.LIST_ITEM, _nesting(line)
            open_lines.append(item if item is not None else line)
        else:
            open_lines.append(line)
        position += 1
    yield from close()


def _heading(line: str, below: str, *, first: bool, last: bool) -> RawBlock | None:
    """Return the heading a line makes, None if it makes none."""
    text = line.strip()
    hashes = _HASHES.match(text)
    if hashes:
        return RawBlock(BlockKind.HEADING, hashes[2], len(hashes[1]))
    if len(text) > _LONGEST_HEADING or not any(character.isalpha() for character in text):
        return None
    level = 0
    if _UNDERLINE.match(below) and bullet_item(line) is None:
        level = 1 if below.strip()[0] in "=#*" else 2
    elif first and text[-1] not in ".,;:":
        outline = _OUTLINE.match(text)
        if _is_capitals(text):
            level = 1
        elif outline and last and text[outline.end()].isupper():
            level = (outline[1] or "").count(".") + 1
    return RawBlock(BlockKind.HEADING, text, level) if level else None


def _is_capitals(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    return len(letters) >= 4 and text.upper() == text and text.lower() != text


def _nesting(line: str) -> int:
    """Return how deep a list item is indented, about two to four spaces a level."""
    indent = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())
    return min(indent // 3, 8)
