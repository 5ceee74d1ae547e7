"""The text inside one Word paragraph, as a reader with all changes accepted would see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from lhs_evidence.readers.docx_styles import Styles, W, child_value, is_on, number_of

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_TEXTS = (f"{W}t", "{http://schemas.openxmlformats.org/officeDocument/2006/math}t")
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
_DIAGRAM_DATA = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}dm"
TEXT_BOX = f"{W}txbxContent"
_RUN = f"{W}r"

# Deletions and the old place of moved text are out; so is everything that is not text.
_SKIPPED = frozenset(
    f"{W}{name}"
    for name in [
        "del",
        "moveFrom",
        "pPr",
        "rPr",
        "sdtPr",
        "sdtEndPr",
        "delText",
        "delInstrText",
        "rt",
    ]
)
_WRITTEN = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}
# Ticks and boxes of the Wingdings font, which forms are full of.
_SYMBOLS = {"FC": "✓", "FE": "☒", "FD": "☒", "A8": "☐", "6F": "☐", "FB": "✗", "B7": "•"}
_CONTENTS_FIELDS = ("TOC", "INDEX", "TOA", "RD")
_WHITE = "FFFFFF"
_SMALLEST_SIZE = 3  # half-points: text of 1.5 points and less is not meant to be read


@dataclass(slots=True)
class Inline:
    """What was found in a paragraph: visible and hidden text, boxes and diagrams anchored in it."""

    text: str = ""
    hidden: str = ""
    bold: bool = False
    contents: bool = False
    boxes: list[etree._Element] = field(default_factory=list)
    diagrams: list[str] = field(default_factory=list)


class InlineReader:
    """Reads paragraphs in document order; fields may run over several of them."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._fields: list[str] = []

    @property
    def in_contents(self) -> bool:
        """Whether a field that makes contents or an index is open."""
        return any(code.lstrip().startswith(_CONTENTS_FIELDS) for code in self._fields)

    def read(self, paragraph: etree._Element, *, conceal: bool) -> Inline:
        """Return the text of a paragraph.

        Args:
            paragraph: A `w:p` element.
            conceal: Whether white text counts as hidden (not where a fill may lie behind it).
        """
        properties = paragraph.find(f"{W}pPr")
        style = self._styles.get(child_value(properties, "pStyle"))
        found = Inline(contents=self.in_contents)
        shaded = style.shaded or (properties is not None and properties.find(f"{W}shd") is not None)
        visible: list[str] = []
        hidden: list[str] = []
        plain = 0
        for run, piece in self._pieces(paragraph, found):
            if self._is_hidden(run, bool(style.hidden), conceal=conceal and not shaded):
                hidden.append(piece)
                continue
            visible.append(piece)
            if piece.strip() and not self._is_bold(run, bool(style.bold)):
                plain += 1
        found.text, found.hidden = "".join(visible), "".join(hidden)
        found.bold = not plain and bool(found.text.strip())
        found.contents = found.contents or self.in_contents
        return found

    def _pieces(
        self, paragraph: etree._Element, found: Inline
    ) -> Iterator[tuple[etree._Element | None, str]]:
        """Yield (run properties, text) in order; boxes and diagrams go into `found`."""
        stack: list[tuple[Iterator[etree._Element], etree._Element | None]]
        stack = [(iter(paragraph), None)]
        while stack:
            children, run = stack[-1]
            element = next(children, None)
            if element is None:
                stack.pop()
                continue
            piece = _piece(element)
            if piece is not None:
                yield run, piece
            elif not self._noted(element, found) and element.tag not in _SKIPPED:
                inner = element.find(f"{W}rPr") if element.tag == _RUN else run
                stack.append((iter(_one_version(element)), inner))

    def _noted(self, element: etree._Element, found: Inline) -> bool:
        """Take note of a box, diagram or field mark; whether it was one."""
        if element.tag == TEXT_BOX:
            found.boxes.append(element)
        elif element.tag == _DIAGRAM:
            found.diagrams.append(element.get(_DIAGRAM_DATA, ""))
        elif element.tag == f"{W}instrText":
            self._instruct(element.text or "")
        elif element.tag == f"{W}fldChar":
            self._field(element.get(f"{W}fldCharType", ""))
        else:
            return False
        return True

    def _field(self, mark: str) -> None:
        if mark == "begin":
            self._fields.append("")
        elif mark == "end" and self._fields:
            self._fields.pop()

    def _instruct(self, code: str) -> None:
        if self._fields:
            self._fields[-1] += code

    def _is_bold(self, run: etree._Element | None, inherited: bool) -> bool:
        own = is_on(run, "b")
        if own is None:
            own = self._styles.get(child_value(run, "rStyle")).bold
        return inherited if own is None else own

    def _is_hidden(self, run: etree._Element | None, inherited: bool, *, conceal: bool) -> bool:
        """Whether a run is text no reader would see: hidden, white on white, or tiny."""
        own = is_on(run, "vanish")
        if own is None:
            own = self._styles.get(child_value(run, "rStyle")).hidden
        if inherited if own is None else own:
            return True
        size = number_of(child_value(run, "sz"))
        if size is not None and size <= _SMALLEST_SIZE:
            return True
        white = (child_value(run, "color") or "").upper() == _WHITE
        lies_on_fill = run is not None and (
            run.find(f"{W}shd") is not None or run.find(f"{W}highlight") is not None
        )
        return conceal and white and not lies_on_fill


def _piece(element: etree._Element) -> str | None:
    """Return the text an element stands for, None if it stands for none of its own."""
    if element.tag in _TEXTS:
        return element.text or ""
    if element.tag == f"{W}sym":
        return _SYMBOLS.get(element.get(f"{W}char", "").upper()[-2:], " ")
    return _WRITTEN.get(element.tag)


def _one_version(element: etree._Element) -> etree._Element:
    """Return an element itself; of drawn alternatives the one that is read.

    Both versions hold the same text box; reading both would count it twice. The new one is taken
    if it has text.
    """
    if element.tag != f"{_MC}AlternateContent":
        return element
    versions = [*element.iterfind(f"{_MC}Choice"), *element.iterfind(f"{_MC}Fallback")]
    for version in versions:
        if next(version.iter(f"{W}t", _DIAGRAM), None) is not None:
            return version
    return versions[0] if versions else element
