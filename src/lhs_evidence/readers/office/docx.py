"""Word documents, read from their XML in the order of the text.

Nothing is lost without a word: content controls, text boxes (once), tracked insertions, nested
tables, notes, headers and footers are all read; tracked deletions are not. Word lays pages out
anew each time, so a document has no pages here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from lxml import etree

from lhs_evidence.model import BlockKind, BlockRole
from lhs_evidence.readers.content import Content, RawBlock
from lhs_evidence.readers.detect import DOCX
from lhs_evidence.readers.markers import bullet_item, could_be_heading, is_numbered_item
from lhs_evidence.readers.office.docx_check import missing_words, raw_texts
from lhs_evidence.readers.office.docx_inline import TEXT_BOX, InlineReader, one_version
from lhs_evidence.readers.office.docx_numbering import Numbering
from lhs_evidence.readers.office.docx_properties import ParagraphLook, paragraph_look
from lhs_evidence.readers.office.docx_styles import Style, Styles, W
from lhs_evidence.readers.office.opc import Package
from lhs_evidence.readers.titles import title_that_fits
from lhs_evidence.settings import ReadingLimits

_PARAGRAPH, _TABLE, _ROW, _CELL = f"{W}p", f"{W}tbl", f"{W}tr", f"{W}tc"
_DRAWN_TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}p"
_DRAWN_RUN = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"
_OUT = frozenset({f"{W}del", f"{W}moveFrom", f"{W}sdtPr", f"{W}tblPr", f"{W}trPr", f"{W}tcPr"})
_BODY, _EMBEDDED = f"{W}body", f"{W}altChunk"
_GALLERY = f"{W}docPartGallery"
_NOTE_KINDS = (("footnotes", "footnote"), ("endnotes", "endnote"))
# A row with a cell longer than this is a page laid out with a table, not a table.
_LONGEST_CELL = 2_000
_MOST_IN_CELL = 12
_DEEPEST_HEADING = 9
# Of the raw words: below this share a document is partial.
_LEAST_AGREEMENT = 0.99


def read_docx(path: Path, limits: ReadingLimits) -> Content:  # noqa: ARG001 - the archive is checked
    """Read a Word document, template or macro-enabled document; macros are not looked at."""
    with Package(path) as package:
        main = package.main_part()
        parts = {relation.kind: relation.target for relation in package.relations(main).values()}
        styles = Styles(package.xml(parts.get("styles", "")))
        numbering = Numbering(package.xml(parts.get("numbering", "")))
        reader = _Reader(package, main, styles, numbering)
        content = Content(DOCX)
        content.blocks += _furniture(package, main, "header", styles, numbering)
        content.blocks += reader.flow(package.children(main, _BODY))
        for kind, element in _NOTE_KINDS:
            if kind in parts:
                content.blocks += _notes(package, parts[kind], element, styles, numbering)
        content.blocks += _furniture(package, main, "footer", styles, numbering)
        content.title = reader.title or title_that_fits(package.title(), content.blocks)
        if reader.embedded:
            content.losses.append(_embedded(reader.embedded))
        _check(content, package, main)
    return content


def _embedded(count: int) -> str:
    documents = (
        "1 document embedded in it was" if count == 1 else f"{count} documents embedded were"
    )
    return f"{documents} not read."


def _check(content: Content, package: Package, main: str) -> None:
    """Compare what was read with the raw words; what is missing is said."""
    missing, total = missing_words(raw_texts(package, main), content.blocks)
    if not total:
        return
    content.agreement = 1 - missing / total
    if content.agreement < _LEAST_AGREEMENT:
        share = missing / total
        content.losses.append(f"{missing:,} of its {total:,} words ({share:.1%}) were not read.")


class _Reader:
    """Walks one part; an explicit stack, since tables nest as deep as their maker likes."""

    def __init__(self, package: Package, part: str, styles: Styles, numbering: Numbering) -> None:
        self._package = package
        self._part = part
        self._styles = styles
        self._numbering = numbering
        self._inline = InlineReader(styles)
        self._blocks: list[RawBlock] = []
        self._stack: list[tuple[Iterator[etree._Element], BlockRole, bool]] = []
        self._last_heading = 0
        self.title = ""
        self.embedded = 0

    def flow(self, children: Iterable[etree._Element]) -> list[RawBlock]:
        """Return the blocks that elements hold, in reading order."""
        self._blocks = []
        self._stack = [(iter(children), BlockRole.BODY, True)]
        while self._stack:
            children, role, conceal = self._stack[-1]
            element = next(children, None)
            if element is None:
                self._stack.pop()
            elif element.tag == _PARAGRAPH:
                self._paragraph(element, role, conceal=conceal)
            elif element.tag == _ROW:
                self._row(element, role)
            elif element.tag == _DRAWN_TEXT:
                self._drawn(element, role)
            elif element.tag == _EMBEDDED:
                self.embedded += 1
            elif element.tag not in _OUT:
                inner = BlockRole.CONTENTS if _is_contents_control(element) else role
                # Behind white text in a table or box there may be a fill that only layout knows.
                plain = conceal and element.tag not in (_TABLE, TEXT_BOX)
                self._stack.append((iter(one_version(element)), inner, plain))
        return self._blocks

    def _paragraph(self, element: etree._Element, role: BlockRole, *, conceal: bool) -> None:
        look = paragraph_look(element)
        style = self._styles.get(look.style)
        found = self._inline.read(element, look, style, conceal=conceal)
        if found.text.strip():
            if found.contents or style.is_contents:
                role = BlockRole.CONTENTS
            self._blocks.append(self._block(found.text, look, style, role, bold=found.bold))
        if found.hidden.strip():
            self._blocks.append(RawBlock(BlockKind.PARAGRAPH, found.hidden, role=BlockRole.HIDDEN))
        for relation in found.diagrams:
            self._diagram(relation, role)
        for box in reversed(found.boxes):
            self._stack.append((iter(box), role, False))

    def _block(
        self, text: str, look: ParagraphLook, style: Style, role: BlockRole, *, bold: bool
    ) -> RawBlock:
        """Return a paragraph as what its style, numbering and looks make of it."""
        depth, label = self._number(look, style)
        level = _heading_level(look, style)
        text = f"{label} {text.lstrip()}" if label else text
        if level is not None:
            if role is BlockRole.BODY:
                self._last_heading = level
                if style.is_title and not self.title:
                    self.title = " ".join(text.split())
            return RawBlock(BlockKind.HEADING, text, level, role)
        item = bullet_item(text)
        if depth is not None or item is not None:
            return RawBlock(BlockKind.LIST_ITEM, item or text, depth or 0, role)
        if bold and could_be_heading(text) and not style.is_caption:
            level = min(self._last_heading + 1, _DEEPEST_HEADING)
            return RawBlock(BlockKind.HEADING, text, level, role)
        return RawBlock(_kind(text, style), text, role=role)

    def _number(self, look: ParagraphLook, style: Style) -> tuple[int | None, str]:
        """Return (nesting, printed number) of a list item or numbered heading, else (None, '')."""
        number = look.number or style.number
        if not number or number == "0":
            return (None if look.in_list else style.list_depth), ""
        depth = look.depth
        if depth is None:
            depth = style.depth
        if depth is None:
            depth = self._numbering.depth_of_style(number, look.style)
        # "List Bullet 2" is a list of its own at its top level, shown one step in.
        return max(depth, style.list_depth or 0), self._numbering.label(number, depth)

    def _drawn(self, paragraph: etree._Element, role: BlockRole) -> None:
        text = "".join(run.text or "" for run in paragraph.iter(_DRAWN_RUN))
        if text.strip():
            self._blocks.append(RawBlock(BlockKind.LIST_ITEM, text, 0, role))

    def _diagram(self, relation: str, role: BlockRole) -> None:
        """Add the labels of a SmartArt diagram, which lie in a part of their own."""
        target = self._package.relations(self._part).get(relation)
        root = self._package.xml(target.target) if target is not None else None
        for paragraph in root.iter(_DRAWN_TEXT) if root is not None else ():
            self._drawn(paragraph, role)

    def _row(self, row: etree._Element, role: BlockRole) -> None:
        """Add a table row as one block, or its content as it flows where a table lays out a page.

        What a cell holds beyond paragraphs (nested tables, text boxes) follows its row.
        """
        properties = row.find(f"{W}trPr")
        if properties is not None and properties.find(f"{W}del") is not None:
            return
        cells = list(_cells(row))
        if self._lays_out(cells):
            for cell in reversed(cells):
                self._stack.append((iter(cell), role, False))
            return
        outer, self._blocks = self._blocks, []
        outer_stack, self._stack = self._stack, []
        texts = []
        for cell in cells:
            self._blocks = []
            for paragraph in _paragraphs(cell):
                self._paragraph(paragraph, role, conceal=False)
            texts.append([block for block in self._blocks if block.role is not BlockRole.HIDDEN])
            outer += [block for block in self._blocks if block.role is BlockRole.HIDDEN]
        boxes, self._stack, self._blocks = self._stack, outer_stack, outer
        filled = ["\n".join(block.text for block in blocks) for blocks in texts if blocks]
        roles = {block.role for blocks in texts for block in blocks}
        if filled:
            row_role = BlockRole.CONTENTS if roles == {BlockRole.CONTENTS} else role
            self._blocks.append(RawBlock(BlockKind.TABLE_ROW, " | ".join(filled), role=row_role))
        self._stack.extend(boxes)

    def _lays_out(self, cells: list[etree._Element]) -> bool:
        """Whether a row is layout: one cell, or cells with tables, headings or whole pages."""
        filled = [cell for cell in cells if next(cell.iter(f"{W}t"), None) is not None]
        if len(filled) < 2:
            return True
        return any(self._is_page(cell) for cell in filled)

    def _is_page(self, cell: etree._Element) -> bool:
        if next(cell.iter(_TABLE), None) is not None:
            return True
        paragraphs = list(_paragraphs(cell))
        if len(paragraphs) > _MOST_IN_CELL:
            return True
        if sum(len(text.text or "") for text in cell.iter(f"{W}t")) > _LONGEST_CELL:
            return True
        return len(paragraphs) > 1 and any(self._is_heading(item) for item in paragraphs)

    def _is_heading(self, paragraph: etree._Element) -> bool:
        look = paragraph_look(paragraph)
        return _heading_level(look, self._styles.get(look.style)) is not None


def _kind(text: str, style: Style) -> BlockKind:
    """Return what a paragraph is that is neither a heading nor an item of a list of Word's own."""
    if style.is_caption:
        return BlockKind.CAPTION
    return BlockKind.LIST_ITEM if is_numbered_item(text) else BlockKind.PARAGRAPH


def _heading_level(look: ParagraphLook, style: Style) -> int | None:
    if look.outline is not None and look.outline < _DEEPEST_HEADING:
        return look.outline + 1
    return style.heading_level


def _is_contents_control(element: etree._Element) -> bool:
    if element.tag != f"{W}sdt":
        return False
    properties = element.find(f"{W}sdtPr")
    gallery = next(properties.iter(_GALLERY), None) if properties is not None else None
    return gallery is not None and gallery.get(f"{W}val") == "Table of Contents"


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    """Yield the cells of a row, through content controls and tracked insertions."""
    yield from _within(row, _CELL, stop=())


def _paragraphs(cell: etree._Element) -> Iterator[etree._Element]:
    """Yield the paragraphs of a cell itself, not those of tables in it."""
    yield from _within(cell, _PARAGRAPH, stop=(_TABLE,))


def _within(
    container: etree._Element, wanted: str, stop: tuple[str, ...]
) -> Iterator[etree._Element]:
    stack: list[Iterator[etree._Element]] = [iter(container)]
    while stack:
        element = next(stack[-1], None)
        if element is None:
            stack.pop()
        elif element.tag == wanted:
            yield element
        elif element.tag not in _OUT and element.tag not in stop:
            stack.append(iter(one_version(element)))


def _furniture(
    package: Package, main: str, kind: str, styles: Styles, numbering: Numbering
) -> list[RawBlock]:
    """Return the running headers or footers, each text once."""
    texts: dict[str, None] = {}
    for relation in package.relations(main).values():
        if relation.kind == kind:
            root = package.xml(relation.target)
            reader = _Reader(package, relation.target, styles, numbering)
            for block in reader.flow(root) if root is not None else ():
                texts.setdefault(block.text)
    return [RawBlock(BlockKind.PARAGRAPH, text, role=BlockRole.FURNITURE) for text in texts]


def _notes(
    package: Package, part: str, element: str, styles: Styles, numbering: Numbering
) -> list[RawBlock]:
    """Return footnotes or endnotes, one block each; separators are not notes."""
    root = package.xml(part)
    notes = []
    for note in root.iterfind(f"{W}{element}") if root is not None else ():
        if note.get(f"{W}type", "normal") != "normal":
            continue
        blocks = _Reader(package, part, styles, numbering).flow(note)
        for role in (BlockRole.BODY, BlockRole.HIDDEN):
            text = "\n".join(block.text for block in blocks if block.role is role)
            if text.strip():
                notes.append(RawBlock(BlockKind.FOOTNOTE, text, role=role))
    return notes
