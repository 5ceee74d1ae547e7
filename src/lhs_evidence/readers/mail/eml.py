"""E-mail: who wrote what to whom, and the text; what is attached is read by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from email.message import Message
from pathlib import Path

from lhs_evidence.model import BlockKind, BlockRole
from lhs_evidence.readers.content import Content, RawBlock
from lhs_evidence.readers.detect import EML
from lhs_evidence.readers.html.reader import hidden_warnings, letters_in, parse
from lhs_evidence.readers.mail.parts import (
    Body,
    charset_of,
    content_of,
    header,
    parse_mail,
    sort_parts,
)
from lhs_evidence.readers.plain.charset import decode
from lhs_evidence.readers.plain.text import encoding_warnings, text_blocks
from lhs_evidence.readers.sanitise import visible_line_ends
from lhs_evidence.settings import ReadingLimits

_FIELDS = ("From", "To", "Cc", "Date", "Subject")
_LONGEST_FIELD = 2_000
_QUOTED = re.compile(r"^(?:>[ \t]?)+")
# A plain text with less of the words than the page beside it is a stub ("see the HTML part").
_SMALLEST_SHARE = 0.5


def read_eml(path: Path, limits: ReadingLimits) -> Content:  # noqa: ARG001 - the size is checked
    """Read the head and text of an e-mail; answers quoted in it are part of the text."""
    message = parse_mail(path.read_bytes())
    parts = sort_parts(message)
    content = Content(EML, title=header(message, "subject"))
    text = [block for body in parts.bodies for block in _best(body, content)]
    # Without a text below it, a subject is no document.
    role = BlockRole.BODY if letters_in(text) else BlockRole.FURNITURE
    content.blocks = [
        RawBlock(BlockKind.PARAGRAPH, _head(message), 0, BlockRole.FURNITURE),
        RawBlock(BlockKind.HEADING, content.title, 1, role),
        *text,
    ]
    content.warnings += hidden_warnings(text)
    if parts.pictures:
        pictures = "1 picture" if parts.pictures == 1 else f"{parts.pictures} pictures"
        content.warnings.append(f"Not read in the text of the message: {pictures}.")
    return content


def _head(message: Message) -> str:
    fields = [(name, header(message, name.lower())[:_LONGEST_FIELD]) for name in _FIELDS]
    return "; ".join(f"{name}: {value}" for name, value in fields if value)


def _best(body: Body, content: Content) -> list[RawBlock]:
    """Return the blocks of the form of a text that says more, plain text where both say the same.

    A page beside it repeats the text with menus and tracking around it.
    """
    blocks, warnings, encoding = _blocks_of(body.plain, _plain_blocks)
    if body.html:
        html = _blocks_of(body.html, lambda text: parse(text).blocks)
        if letters_in(blocks) < _SMALLEST_SHARE * letters_in(html[0]):
            blocks, warnings, encoding = html
    content.encoding = content.encoding or encoding
    content.warnings += warnings
    return blocks


def _blocks_of(
    pieces: Iterable[Message], read: Callable[[str], Iterable[RawBlock]]
) -> tuple[list[RawBlock], list[str], str]:
    """Return the blocks of a text in pieces, the warnings on its encoding, and the encoding."""
    blocks: list[RawBlock] = []
    warnings: list[str] = []
    encoding = ""
    for piece in pieces:
        decoded = decode(content_of(piece), charset_of(piece))
        blocks += read(decoded.text)
        warnings += encoding_warnings(decoded)
        encoding = encoding or decoded.encoding
    return blocks, warnings, encoding


def _plain_blocks(text: str) -> Iterable[RawBlock]:
    return text_blocks(_without_quote_marks(text))


def _without_quote_marks(text: str) -> str:
    """Return the text with `>` taken off its lines; where quoting begins or ends, a paragraph does.

    The words stay: an answer says little without what it answers.
    """
    lines: list[str] = []
    depth = 0
    for line in visible_line_ends(text).split("\n"):
        mark = _QUOTED.match(line)
        now = mark[0].count(">") if mark else 0
        if now != depth:
            lines.append("")
        depth = now
        lines.append(line[mark.end() :] if mark else line)
    return "\n".join(lines)
