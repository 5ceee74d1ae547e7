"""Web pages: structure from the tags, main text told from navigation, nothing fetched.

The page is read as a stream of tags, never as a tree: lxml's parser (fast, repairs broken markup)
drives the same builder as the standard library's, which has no limit on nesting and takes over
where lxml gives up and returns less than is there. The main text is found by the page's own
landmarks and by how much of a part is links. An extractor that scores paragraphs is not used:
built to leave out what looks unimportant, it may drop a short section or a table without a word,
which here would turn into evidence that is "missing". Navigation is kept as furniture instead, so
offsets hold and nothing is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, cast

from lxml import etree

from lhs_evidence.model import BlockKind, BlockRole
from lhs_evidence.readers.content import Content, RawBlock
from lhs_evidence.readers.detect import HTML
from lhs_evidence.readers.html.blocks import PageBuilder
from lhs_evidence.readers.plain.charset import decode
from lhs_evidence.readers.plain.text import encoding_warnings, text_blocks
from lhs_evidence.readers.titles import sensible_title
from lhs_evidence.settings import ReadingLimits

_META_BYTES = 4096
_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE)
_OPENING = re.compile(r"<!--|<[/!?]?[a-zA-Z][a-zA-Z0-9]*")
# What ends an element whose content is no text of the page.
_CLOSINGS = {
    f"<{tag}": re.compile(rf"</{tag}", re.IGNORECASE)
    for tag in ("script", "style", "template", "svg", "iframe", "title")
} | {"<!--": re.compile("-->")}
_NO_LETTER = re.compile(r"\W+")
# Below this share of the letters in the markup, another parser is asked.
_SMALLEST_SHARE = 0.9
_FEED = 1 << 16
# What lxml cannot take in a document that claims no encoding.
_NO_FRAMES = re.compile(r"</?noframes\b[^<>]*>", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")


def read_html(path: Path, limits: ReadingLimits) -> Content:  # noqa: ARG001 - the size is checked
    """Read a web page; scripts are not run, and no link, image or style sheet is fetched."""
    data = path.read_bytes()
    declared = _CHARSET.search(data[:_META_BYTES])
    decoded = decode(data, declared[1].decode("ascii") if declared else "")
    page = parse(decoded.text)
    content = Content(HTML, title=sensible_title(page.title), language=page.language)
    content.blocks, shown = _shown(page.blocks)
    content.warnings += shown
    content.encoding = decoded.encoding
    content.warnings += encoding_warnings(decoded)
    content.warnings += hidden_warnings(content.blocks)
    return content


def _shown(blocks: list[RawBlock]) -> tuple[list[RawBlock], list[str]]:
    """Return the blocks, with hidden ones as text where a page has no other.

    Such a page waits for a script to show it, so its visitors do see it.
    """
    if not blocks or any(block.role is BlockRole.BODY for block in blocks):
        return blocks, []
    roles = {BlockRole.HIDDEN: BlockRole.BODY}
    shown = [replace(block, role=roles.get(block.role, block.role)) for block in blocks]
    return shown, ["All of the page is marked as hidden; it was read as if it were shown."]


def hidden_warnings(blocks: Iterable[RawBlock]) -> list[str]:
    """Return a warning where text is hidden from whoever looks at the page."""
    hidden = sum(block.role is BlockRole.HIDDEN for block in blocks)
    if not hidden:
        return []
    pieces = "1 hidden piece of text is" if hidden == 1 else f"{hidden} hidden pieces of text are"
    return [f"{pieces} not used as evidence, since nobody who looks at the page sees it."]


def parse(markup: str) -> PageBuilder:
    """Return the finished builder of a page or fragment; never less text than the markup holds."""
    markup = _XML_DECLARATION.sub("", markup).replace("\x00", "")
    # Parsers take what is for browsers without frames as one long word; nothing else is read here.
    markup = _NO_FRAMES.sub(" ", markup)
    page = _by_lxml(markup)
    expected = _letters(_bare(markup))
    if letters_in(page.blocks) >= _SMALLEST_SHARE * expected:
        return page
    other = _by_standard_library(markup)
    best = max(page, other, key=lambda read: letters_in(read.blocks))
    if letters_in(best.blocks) < _SMALLEST_SHARE * expected / 2:
        best.blocks = [
            RawBlock(BlockKind.PARAGRAPH, block.text) for block in text_blocks(_bare(markup))
        ]
    return best


def _by_lxml(markup: str) -> PageBuilder:
    builder = PageBuilder()
    # The stubs ask for a target that takes bytes as well; lxml never sends any.
    target = cast("Any", builder)
    parser = etree.HTMLParser(target=target, huge_tree=True, no_network=True, encoding="utf-8")
    data = markup.encode("utf-8", "replace")
    try:
        for start in range(0, len(data), _FEED):
            parser.feed(data[start : start + _FEED])
        parser.close()
    except (etree.ParserError, etree.XMLSyntaxError):
        builder.close()
    return builder


def _by_standard_library(markup: str) -> PageBuilder:
    builder = PageBuilder(repairs=True)
    parser = _Events(builder)
    parser.feed(markup)
    parser.close()
    builder.close()
    return builder


class _Events(HTMLParser):
    """Hands the standard library's events to a builder."""

    def __init__(self, builder: PageBuilder) -> None:
        super().__init__(convert_charrefs=True)
        self._builder = builder

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._builder.start(tag, {name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        self._builder.end(tag)

    def handle_data(self, data: str) -> None:
        self._builder.data(data)


def _bare(markup: str) -> str:
    """Return the text between the tags of a page, in one pass whatever the markup is like.

    A regular expression would search for the end of each unclosed comment anew.
    """
    parts: list[str] = []
    position = 0
    for start in _OPENING.finditer(markup):
        if start.start() < position:
            continue
        parts.append(markup[position : start.start()])
        end = _end_of(markup, start[0].lower(), start.end())
        if end < 0:
            # Browsers take an unclosed comment or script to the end of the page, too.
            return unescape(" ".join(parts))
        position = end
    parts.append(markup[position:])
    return unescape(" ".join(parts))


def _end_of(markup: str, opening: str, position: int) -> int:
    """Return where a piece of markup that is not text ends, -1 where it does not."""
    closing = _CLOSINGS.get(opening)
    if closing is not None:
        found = closing.search(markup, position)
        if found is None:
            return -1
        position = found.end()
        if opening == "<!--":
            return position
    end = markup.find(">", position)
    if end < 0:
        return -1 if closing is None else len(markup)
    return end + 1


def _letters(text: str) -> int:
    """Return how many letters and digits there are; spaces depend on who puts a text together."""
    return len(_NO_LETTER.sub("", text))


def letters_in(blocks: Iterable[RawBlock]) -> int:
    """Return how many letters and digits there are in blocks."""
    return sum(_letters(block.text) for block in blocks)
