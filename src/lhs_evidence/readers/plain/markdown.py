"""Markdown: the tokens of markdown-it-py become blocks; HTML in it is read as HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from lhs_evidence.model import BlockKind, BlockRole
from lhs_evidence.readers.content import Content, RawBlock
from lhs_evidence.readers.detect import MARKDOWN
from lhs_evidence.readers.html.reader import parse
from lhs_evidence.readers.markers import could_be_heading
from lhs_evidence.readers.plain.charset import decode
from lhs_evidence.readers.plain.text import encoding_warnings, text_blocks
from lhs_evidence.readers.sanitise import visible_line_ends
from lhs_evidence.readers.titles import sensible_title
from lhs_evidence.settings import ReadingLimits

_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FRONT_MATTER_BYTES = 1 << 16
# Site builders' directives stand alone on a line or hang on a block; they are not text.
_DIRECTIVE = re.compile(r"\{%-?.*?-?%\}|\{:[^}\n]*\}|\{\{<.*?>\}\}", re.DOTALL)
_WORD = re.compile(r"\w+")
_FEWEST_WORDS = 0.85
_DEEPEST_NESTING = 100
_DEEPEST_HEADING = 6
_BREAK_TAG = re.compile(r"(?i)^<br\s*/?>$")


def read_markdown(path: Path, limits: ReadingLimits) -> Content:  # noqa: ARG001 - size is checked
    """Read a Markdown file; no link or image in it is fetched."""
    decoded = decode(path.read_bytes())
    text = visible_line_ends(decoded.text)
    facts, body = _front_matter(text)
    content = Content(MARKDOWN, title=sensible_title(_text_of(facts.get("title"))))
    content.language = _text_of(facts.get("lang") or facts.get("language"))
    content.blocks = markdown_blocks(_DIRECTIVE.sub("", body))
    content.encoding = decoded.encoding
    content.warnings += encoding_warnings(decoded)
    return content


def markdown_blocks(text: str) -> list[RawBlock]:
    """Return the blocks of a Markdown text; one nested beyond reason is read as plain text."""
    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST_NESTING}).enable(
        ["table", "strikethrough"]
    )
    try:
        blocks = list(_Walker().walk(parser.parse(text)))
    except RecursionError:
        blocks = []
    words = sum(len(_WORD.findall(block.text)) for block in blocks)
    # The parser stops without a word at its nesting limit; link targets are words it rightly drops.
    if not blocks or (
        words < _FEWEST_WORDS * _words_outside_links(text) and _is_nested_deeply(text)
    ):
        return list(text_blocks(text))
    return blocks


def _words_outside_links(text: str) -> int:
    return len(_WORD.findall(re.sub(r"\]\([^)]*\)|<[^>]*>|https?://\S+", " ", text)))


def _is_nested_deeply(text: str) -> bool:
    return re.search(rf"(?m)^(?:[>\s*+-]|\d+\.){{{_DEEPEST_NESTING // 2},}}", text) is not None


def _front_matter(text: str) -> tuple[dict[str, Any], str]:
    """Return the facts in the YAML at the head of a file, and the text after it."""
    match = _FRONT_MATTER.match(text)
    if match is None:
        return {}, text
    facts: Any = None
    if len(match[1]) <= _FRONT_MATTER_BYTES:
        try:
            facts = yaml.safe_load(match[1])
        except (yaml.YAMLError, RecursionError, ValueError):
            facts = None
    if facts is not None and not isinstance(facts, dict):
        # Two rules with text between them are no front matter.
        return {}, text
    return facts or {}, text[match.end() :]


def _text_of(value: Any) -> str:
    return value if isinstance(value, str) else ""


@dataclass(slots=True)
class _Walker:
    """Turns a flat list of tokens into blocks; lists, headings and rows open and close on the way.

    `numbers` holds the next number of each open list, `row` the cells of the open table row (None
    outside of tables).
    """

    numbers: list[int] = field(default_factory=list)
    heading: int = 0
    last_heading: int = 0
    marker: str = ""
    row: list[str] | None = None
    html: list[str] = field(default_factory=list)

    def walk(self, tokens: Sequence[Token]) -> Iterator[RawBlock]:
        """Yield the blocks of a document."""
        for token in tokens:
            if token.type == "html_block":
                self.html.append(token.content)
                continue
            yield from self._html_blocks()
            if token.type in ("fence", "code_block"):
                yield RawBlock(BlockKind.CODE, token.content)
            elif token.type == "inline":
                yield from self._inline(token)
            elif token.type == "tr_close":
                text = " | ".join(cell for cell in self.row or () if cell)
                self.row = None
                yield RawBlock(BlockKind.TABLE_ROW, text)
            else:
                self._open_or_close(token)
        yield from self._html_blocks()

    def _open_or_close(self, token: Token) -> None:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            start = token.attrGet("start")
            self.numbers.append(1 if start is None else int(start))
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            self.numbers.pop()
        elif token.type == "list_item_open":
            # Numbers count on from the first, whatever is typed: many people type 1. for each.
            self.marker = f"{self.numbers[-1]}{token.markup} " if token.info else ""
            self.numbers[-1] += 1
        elif token.type == "heading_open":
            self.heading = int(token.tag[1:])
        elif token.type == "tr_open":
            self.row = []

    def _inline(self, token: Token) -> Iterator[RawBlock]:
        text, all_bold, contents = _plain(token.children or ())
        role = BlockRole.CONTENTS if contents else BlockRole.BODY
        if self.row is not None:
            self.row.append(text.strip())
        elif self.heading:
            self.last_heading, self.heading = self.heading, 0
            yield RawBlock(BlockKind.HEADING, text, self.last_heading)
        elif self.numbers:
            marker, self.marker = self.marker, ""
            yield RawBlock(BlockKind.LIST_ITEM, marker + text, len(self.numbers) - 1, role)
        elif all_bold and could_be_heading(text):
            level = min(self.last_heading + 1, _DEEPEST_HEADING)
            yield RawBlock(BlockKind.HEADING, text, level)
        else:
            yield RawBlock(BlockKind.PARAGRAPH, text, 0, role)

    def _html_blocks(self) -> Iterator[RawBlock]:
        if self.html:
            markup, self.html = "".join(self.html), []
            yield from parse(markup).blocks


def _plain(tokens: Sequence[Token]) -> tuple[str, bool, bool]:
    """Return the text of a line, whether all of it is bold, and whether it only links within.

    Pictures are left out, their texts with them; HTML tags go, their content stays.
    """
    parts: list[str] = []
    bold = 0
    plain = linked = False
    target = ""
    within = True
    for token in tokens:
        if token.type in ("text", "code_inline", "text_special"):
            parts.append(token.content)
            if token.content.strip():
                plain = plain or not bold
                linked = linked or bool(target)
                within = within and target.startswith("#")
        elif token.type in ("softbreak", "hardbreak") or _BREAK_TAG.match(token.content):
            parts.append("\n")
        elif token.type in ("strong_open", "strong_close"):
            bold += token.nesting
        elif token.type in ("link_open", "link_close"):
            target = str(token.attrGet("href") or "") if token.nesting > 0 else ""
    text = "".join(parts)
    return text, bool(text.strip()) and not plain, linked and within
