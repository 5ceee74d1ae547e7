"""A stream of HTML tags becomes blocks.

One builder for two parsers. It keeps a stack of open elements, each knowing what it makes of the
text in it, so that no step looks back up the stack: 50,000 nested elements cost what 50,000 flat
ones do.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from lhs_evidence.model import BlockKind, BlockRole
from lhs_evidence.readers.content import RawBlock
from lhs_evidence.readers.html import marks as html_marks
from lhs_evidence.readers.html.parts import Part, Piece, settle_roles
from lhs_evidence.readers.html.rows import merge_row
from lhs_evidence.readers.markers import bullet_item, could_be_heading, is_numbered_item

_BLOCK_TAGS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "select",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_VOID_TAGS = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
_SKIPPED_TAGS = frozenset({"script", "style", "template", "svg", "iframe", "title"})
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = frozenset({"ul", "ol", "menu", "dir"})
_KINDS = {
    "li": BlockKind.LIST_ITEM,
    "caption": BlockKind.CAPTION,
    "figcaption": BlockKind.CAPTION,
    "pre": BlockKind.CODE,
    "td": BlockKind.PARAGRAPH,
    "th": BlockKind.PARAGRAPH,
}
_BOLD_TAGS = frozenset({"b", "strong"})
# Elements that a new one closes where the page leaves out the end tag.
_CLOSED_BY = {
    "li": ({"li"}, _LISTS),
    "dt": ({"dt", "dd"}, frozenset({"dl"})),
    "dd": ({"dt", "dd"}, frozenset({"dl"})),
    "td": ({"td", "th"}, frozenset({"tr", "table"})),
    "th": ({"td", "th"}, frozenset({"tr", "table"})),
    "tr": ({"tr"}, frozenset({"table"})),
}
_WHITESPACE = re.compile(r"\s+")
_DEEPEST_HEADING = 6
# A row with more in it lays out a page; looking through it again at each level would add up.
_MOST_IN_ROW = 400


class _Open(NamedTuple):
    """An open element and what it makes of its text; most of it is inherited."""

    tag: str = ""
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    depth: int = 0
    role: BlockRole = BlockRole.BODY
    main: bool = False
    fill: bool = False
    bold: bool = False
    link: str | None = None
    part: int = -1
    cell: int = 0
    row: int = -1


class PageBuilder:
    """Target of an HTML parser: `start`, `data` and `end` go in, `blocks` come out of `close`.

    Attributes:
        blocks: The blocks in order, once closed.
        title: The page's `<title>`.
        language: The `lang` of the page, empty where it has none.
    """

    def __init__(self, *, repairs: bool = False) -> None:
        self.blocks: list[RawBlock] = []
        self.title = ""
        self.language = ""
        self._repairs = repairs
        self._stack: list[_Open] = [_Open()]
        self._tags: Counter[str] = Counter()
        self._pieces: list[Piece] = []
        self._parts: list[Part] = []
        self._hidden = html_marks.HiddenNames()
        self._text: list[str] = []
        self._concealed: list[str] = []
        self._role = BlockRole.BODY
        self._plain = self._linked = 0
        self._anchors = True
        self._skipping: list[str] = []
        self._skipped: list[str] = []
        self._cells = 0
        self._last_heading = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Open an element."""
        if not isinstance(tag, str):
            return
        if self._skipping or tag in _SKIPPED_TAGS:
            if tag not in _VOID_TAGS:
                self._skipping.append(tag)
            return
        if self._repairs:
            self._close_implied(tag)
        if tag == "br":
            self._break()
            return
        if tag in _BLOCK_TAGS:
            self._flush()
        if tag == "html":
            self.language = attributes.get("lang", "") or attributes.get("xml:lang", "")
        if tag not in _VOID_TAGS:
            self._stack.append(self._opened(tag, attributes))
            self._tags[tag] += 1

    def data(self, text: str) -> None:
        """Take up text."""
        if self._skipping:
            self._skipped.append(text)
            return
        top = self._stack[-1]
        if top.kind is not BlockKind.CODE:
            text = _WHITESPACE.sub(" ", text)
        if top.role is BlockRole.HIDDEN:
            self._concealed.append(text)
            return
        self._role = top.role
        self._text.append(text)
        length = len(text.strip())
        if not top.bold:
            self._plain += length
        if top.link is not None:
            self._linked += length
            self._anchors = self._anchors and top.link.startswith("#")

    def end(self, tag: str) -> None:
        """Close an element, and whatever is still open in it; an end without a start is ignored."""
        if self._skipping:
            self._end_skipped(tag)
            return
        if not self._tags[tag]:
            return
        while True:
            closed = self._pop()
            if closed.tag == tag:
                return

    def close(self) -> PageBuilder:
        """Finish: close what is open and settle what is furniture."""
        self._skipping.clear()
        while len(self._stack) > 1:
            self._pop()
        self._flush()
        self.blocks = settle_roles(self._pieces, self._parts)
        self.title = _WHITESPACE.sub(" ", self.title).strip()
        return self

    def _end_skipped(self, tag: str) -> None:
        if tag not in self._skipping:
            return
        while self._skipping.pop() != tag:
            pass
        if not self._skipping:
            text = "".join(self._skipped)
            self._skipped.clear()
            if tag == "style":
                self._hidden.learn(text)
            elif tag == "title" and not self.title:
                self.title = text

    def _opened(self, tag: str, attributes: Mapping[str, str]) -> _Open:
        """Return the new element: what its parent says, and what it changes."""
        above = self._stack[-1]
        changes: dict[str, Any] = {"tag": tag}
        if tag in _HEADINGS:
            changes |= {"kind": BlockKind.HEADING, "level": _HEADINGS[tag]}
        elif tag in _LISTS:
            changes |= {"depth": above.depth + 1}
        elif tag in _KINDS:
            changes |= {"kind": _KINDS[tag], "level": max(above.depth - 1, 0)}
        if tag in _BOLD_TAGS:
            changes |= {"bold": True}
        if tag == "a" and attributes.get("href"):
            changes |= {"link": attributes["href"]}
        if tag == "tr":
            changes |= {"row": len(self._pieces)}
        if tag in ("td", "th"):
            self._cells += 1
            changes |= {"cell": self._cells, "level": 0, "depth": 0}
        if attributes or tag in ("nav", "header", "footer", "main", "article", "aside", "noscript"):
            changes |= self._marked(tag, attributes, above)
        return above._replace(**changes)

    def _marked(self, tag: str, attributes: Mapping[str, str], above: _Open) -> dict[str, Any]:
        """Return what landmarks, names and styles of an element change."""
        changes: dict[str, Any] = {}
        main = above.main or html_marks.is_main(tag, attributes)
        if html_marks.has_fill(attributes):
            changes["fill"] = True
        if main != above.main:
            changes["main"] = main
        if html_marks.is_hidden(attributes, on_fill=above.fill) or self._hidden.hides(
            tag, attributes
        ):
            changes["role"] = BlockRole.HIDDEN
        elif above.role is BlockRole.BODY:
            if html_marks.is_contents(attributes):
                changes["role"] = BlockRole.CONTENTS
            elif html_marks.is_navigation(tag, attributes, in_main=main):
                changes["role"] = BlockRole.FURNITURE
            elif tag not in ("html", "body") and html_marks.is_suspect(tag, attributes):
                self._parts.append(Part(above=above.part))
                changes["part"] = len(self._parts) - 1
        return changes

    def _close_implied(self, tag: str) -> None:
        """Close what the new element ends without saying so."""
        if self._stack[-1].tag == "p" and tag in _BLOCK_TAGS:
            self._pop()
        closes, within = _CLOSED_BY.get(tag, ((), frozenset()))
        # Only the nearest few matter; further up, inner elements were left open on purpose.
        for distance, element in enumerate(reversed(self._stack[-8:])):
            if element.tag in within:
                return
            if element.tag in closes:
                for _ in range(distance + 1):
                    self._pop()
                return

    def _pop(self) -> _Open:
        top = self._stack[-1]
        if top.tag in _BLOCK_TAGS:
            self._flush()
        self._stack.pop()
        self._tags[top.tag] -= 1
        if top.tag == "tr" and len(self._pieces) - top.row <= _MOST_IN_ROW:
            self._pieces[top.row :] = merge_row(self._pieces[top.row :])
        return top

    def _break(self) -> None:
        """Take up a line break; the second in a row ends the paragraph, as a reader sees it."""
        written = [text for text in self._text if text.strip(" ")]
        if written and written[-1].endswith("\n") and self._stack[-1].kind is not BlockKind.CODE:
            self._flush()
        else:
            self._text.append("\n")

    def _flush(self) -> None:
        """Make a block of the text so far, and one of the hidden text in it."""
        if not self._text and not self._concealed:
            return
        text, concealed = "".join(self._text), "".join(self._concealed)
        plain, linked, anchors = self._plain, self._linked, self._anchors
        self._text.clear()
        self._concealed.clear()
        self._plain = self._linked = 0
        self._anchors = True
        top = self._stack[-1]
        if text.strip():
            block = self._block(text, top, bold=not plain)
            share = linked / len(text.strip())
            self._add(block, top, share, anchors=anchors and linked > 0)
        if concealed.strip():
            kind = BlockKind.CODE if top.kind is BlockKind.CODE else BlockKind.PARAGRAPH
            self._add(RawBlock(kind, concealed, 0, BlockRole.HIDDEN), top, 0.0, anchors=False)

    def _add(self, block: RawBlock, top: _Open, linked: float, *, anchors: bool) -> None:
        self._pieces.append(Piece(block, top.part, top.cell, top.main, linked, anchors))

    def _block(self, text: str, top: _Open, *, bold: bool) -> RawBlock:
        """Return the block that a stretch of text makes in the element it lies in."""
        role = self._role
        if top.kind is BlockKind.HEADING:
            # The name of a page often stands in its header.
            if role is BlockRole.FURNITURE and top.level == 1:
                role = BlockRole.BODY
            if role is BlockRole.BODY:
                self._last_heading = top.level
            return RawBlock(BlockKind.HEADING, text, top.level, role)
        if top.kind is not BlockKind.PARAGRAPH:
            level = top.level if top.kind is BlockKind.LIST_ITEM else 0
            return RawBlock(top.kind, text, level, role)
        item = bullet_item(text)
        if item is not None:
            return RawBlock(BlockKind.LIST_ITEM, item, 0, role)
        if bold and not top.cell and role is BlockRole.BODY and could_be_heading(text):
            level = min(self._last_heading + 1, _DEEPEST_HEADING)
            return RawBlock(BlockKind.HEADING, text, level, role)
        kind = BlockKind.LIST_ITEM if is_numbered_item(text) else BlockKind.PARAGRAPH
        return RawBlock(kind, text, 0, role)
