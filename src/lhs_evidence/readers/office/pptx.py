"""Presentations: a slide is a page; its title is a heading, its notes follow its text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from lhs_evidence.errors import UnreadableError
from lhs_evidence.model import BlockKind, BlockRole, DocumentStatus
from lhs_evidence.readers.content import Content, RawBlock, RawPage
from lhs_evidence.readers.detect import PPTX
from lhs_evidence.readers.markers import bullet_item
from lhs_evidence.readers.office.opc import Package, Relation
from lhs_evidence.readers.titles import title_that_fits
from lhs_evidence.settings import ReadingLimits

_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart"
_FORMULA = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_PIECES = (f"{_A}t", f"{_A}br", _FORMULA)
_PICTURE_OF_SLIDE = "sldImg"
_POINT = 12_700
_TITLES = frozenset({"title", "ctrTitle"})
_FURNITURE = frozenset({"dt", "ftr", "sldNum", "hdr"})
_BULLETED = frozenset({"body", "obj", ""})
_OUT = frozenset({f"{_P}txBody", f"{_P}nvSpPr", f"{_P}spPr", f"{_P}grpSpPr", f"{_P}style"})


def read_pptx(path: Path, limits: ReadingLimits) -> Content:
    """Read a presentation, template or show; macros are not looked at."""
    with Package(path) as package:
        main = package.main_part()
        root = package.xml(main)
        if root is None:
            raise UnreadableError(DocumentStatus.FAILED, "The file is damaged: it has no slides.")
        relations = package.relations(main)
        slides = [relations.get(item.get(f"{_R}id", "")) for item in root.iter(f"{_P}sldId")]
        if len(slides) > limits.pages:
            raise UnreadableError(
                DocumentStatus.REJECTED,
                f"The file has {len(slides):,} slides; {limits.pages:,} are allowed.",
            )
        content = Content(PPTX)
        width, height = _size(root)
        hidden: list[int] = []
        for number, relation in enumerate(slides, 1):
            slide = _read_slide(package, relation, number)
            content.blocks += slide.blocks
            content.pages.append(RawPage(number, str(number), slide.has_text, width, height))
            if slide.hidden:
                hidden.append(number)
            if slide.broken:
                content.failed_pages.append(number)
        content.title = title_that_fits(package.title(), content.blocks)
    if hidden:
        numbers = ", ".join(map(str, hidden))
        content.warnings.append(f"Hidden slides are not used as evidence: {numbers}.")
    return content


@dataclass(slots=True)
class _Slide:
    blocks: list[RawBlock] = field(default_factory=list)
    has_text: bool = True
    hidden: bool = False
    broken: bool = False


def _read_slide(package: Package, relation: Relation | None, number: int) -> _Slide:
    """Read one slide; a slide whose part is gone or damaged costs no other slide anything."""
    try:
        root = package.xml(relation.target) if relation is not None else None
    except UnreadableError:
        root = None
    if root is None or relation is None:
        return _Slide(has_text=False, broken=True)
    slide = _Slide(hidden=root.get("show", "1") in ("0", "false"))
    role = BlockRole.HIDDEN if slide.hidden else BlockRole.BODY
    reader = _ShapeReader(package, relation.target, number, role)
    slide.blocks = reader.read(root)
    pictures = next(root.iter(f"{_P}pic"), None) is not None
    # An empty slide says nothing; a picture may say anything.
    slide.has_text = bool(slide.blocks) or not pictures
    for other in package.relations(relation.target).values():
        if other.kind == "notesSlide":
            notes = package.xml(other.target)
            if notes is not None:
                slide.blocks += _ShapeReader(package, other.target, number, role).notes(notes)
    return slide


class _ShapeReader:
    """Reads the shapes of one slide in the order they lie in, title first."""

    def __init__(self, package: Package, part: str, number: int, role: BlockRole) -> None:
        self._package = package
        self._part_name = part
        self._number = number
        self._role = role

    def read(self, root: etree._Element) -> list[RawBlock]:
        """Return the blocks of a slide."""
        titles: list[RawBlock] = []
        others: list[RawBlock] = []
        for shape in _shapes(root):
            if shape.tag == f"{_A}tbl":
                others += self._table(shape)
            elif shape.tag == _DIAGRAM:
                others += self._part(shape.get(f"{_R}dm", ""), BlockKind.LIST_ITEM)
            elif shape.tag == _CHART:
                others += self._part(shape.get(f"{_R}id", ""), BlockKind.PARAGRAPH)
            else:
                kind = _placeholder(shape)
                (titles if kind in _TITLES else others).extend(self._shape(shape, kind))
        return titles + others

    def notes(self, root: etree._Element) -> list[RawBlock]:
        """Return the speaker's notes; the picture of the slide and page marks are left out."""
        blocks: list[RawBlock] = []
        for shape in _shapes(root):
            kind = _placeholder(shape) if shape.tag == f"{_P}sp" else None
            if shape.tag == f"{_A}tbl":
                blocks += self._table(shape)
            elif shape.tag == f"{_P}sp" and kind not in (_PICTURE_OF_SLIDE, *_FURNITURE):
                blocks += [
                    self._block(BlockKind.PARAGRAPH, text) for _, text, _ in _paragraphs(shape)
                ]
        return blocks

    def _shape(self, shape: etree._Element, kind: str | None) -> list[RawBlock]:
        paragraphs = list(_paragraphs(shape))
        if kind in _TITLES:
            text = " ".join(text for _, text, _ in paragraphs)
            return [self._block(BlockKind.HEADING, text, 1)] if text.strip() else []
        if kind in _FURNITURE:
            return [
                RawBlock(BlockKind.PARAGRAPH, text, 0, BlockRole.FURNITURE, (self._number,))
                for _, text, _ in paragraphs
            ]
        bulleted = kind in _BULLETED and len(paragraphs) > 1
        blocks = []
        for depth, text, has_bullet in paragraphs:
            item = bullet_item(text)
            if item is not None or has_bullet or (has_bullet is None and bulleted):
                blocks.append(self._block(BlockKind.LIST_ITEM, item or text, depth))
            else:
                blocks.append(self._block(BlockKind.PARAGRAPH, text))
        return blocks

    def _table(self, table: etree._Element) -> Iterator[RawBlock]:
        for row in table.iterfind(f"{_A}tr"):
            cells = (
                "\n".join(text for _, text, _ in _paragraphs(cell))
                for cell in row.iterfind(f"{_A}tc")
            )
            text = " | ".join(cell for cell in cells if cell.strip())
            if text:
                yield self._block(BlockKind.TABLE_ROW, text)

    def _part(self, relation: str, kind: BlockKind) -> Iterator[RawBlock]:
        """Yield the labels of a diagram or chart, which lie in a part of their own."""
        target = self._package.relations(self._part_name).get(relation)
        try:
            root = self._package.xml(target.target) if target is not None else None
        except UnreadableError:
            root = None
        if root is not None:
            for _, text, _ in _paragraphs(root):
                yield self._block(kind, text)

    def _block(self, kind: BlockKind, text: str, level: int = 0) -> RawBlock:
        return RawBlock(kind, text, level, self._role, (self._number,))


def _shapes(root: etree._Element) -> Iterator[etree._Element]:
    """Yield shapes, tables and diagrams, through groups; one version of drawn alternatives."""
    stack: list[Iterator[etree._Element]] = [iter(root)]
    while stack:
        element = next(stack[-1], None)
        if element is None:
            stack.pop()
        elif element.tag in (f"{_P}sp", f"{_A}tbl", _DIAGRAM, _CHART):
            yield element
        elif element.tag == f"{_MC}AlternateContent":
            versions = [*element.iterfind(f"{_MC}Choice"), *element.iterfind(f"{_MC}Fallback")]
            stack.append(iter(versions[:1]))
        elif element.tag not in _OUT:
            stack.append(iter(element))


def _placeholder(shape: etree._Element) -> str | None:
    """Return the kind of placeholder a shape fills ('' for a plain one), None for a free shape."""
    found = next(shape.iter(f"{_P}ph"), None)
    return None if found is None else found.get("type", "")


def _paragraphs(shape: etree._Element) -> Iterator[tuple[int, str, bool | None]]:
    """Yield (nesting, text, bullet) of each paragraph; bullet is None where nothing is said."""
    for paragraph in shape.iter(f"{_A}p"):
        text = "".join(
            "\n" if piece.tag == f"{_A}br" else piece.text or "" for piece in _pieces(paragraph)
        )
        if not text.strip():
            continue
        properties = paragraph.find(f"{_A}pPr")
        level = properties.get("lvl", "0") if properties is not None else "0"
        yield (int(level) if level.isdigit() else 0), text, _bullet(properties)


def _pieces(paragraph: etree._Element) -> Iterator[etree._Element]:
    """Yield texts and line breaks; of a formula the formula, not the picture of its text."""
    for piece in paragraph.iter(*_PIECES):
        if next(piece.iterancestors(f"{_MC}Fallback", f"{_A}p")).tag == f"{_A}p":
            yield piece


def _bullet(properties: etree._Element | None) -> bool | None:
    if properties is None:
        return None
    if properties.find(f"{_A}buNone") is not None:
        return False
    marks = (properties.find(f"{_A}{name}") for name in ("buChar", "buAutoNum", "buBlip"))
    return True if any(mark is not None for mark in marks) else None


def _size(root: etree._Element) -> tuple[float, float]:
    """Return the width and height of a slide in points."""
    size = root.find(f"{_P}sldSz")
    if size is None:
        return 0.0, 0.0
    return int(size.get("cx", "0")) / _POINT, int(size.get("cy", "0")) / _POINT
