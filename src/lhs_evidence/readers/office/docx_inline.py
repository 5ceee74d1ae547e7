"""The text inside one Word paragraph, as a reader with all changes accepted would see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from lhs_evidence.readers.office.docx_properties import PLAIN, ParagraphLook, RunLook, run_look
from lhs_evidence.readers.office.docx_styles import Style, Styles, W

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_TEXTS = frozenset({f"{W}t", "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"})
_SYMBOL, _CHARACTER = f"{W}sym", f"{W}char"
_FIELD_CODE, _FIELD_MARK, _FIELD_KIND = f"{W}instrText", f"{W}fldChar", f"{W}fldCharType"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"
_DIAGRAM_DATA = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}dm"
TEXT_BOX = f"{W}txbxContent"
_RUN, _RUN_PROPERTIES = f"{W}r", f"{W}rPr"

# Deletions and the old place of moved text are out; so is everything that is not text.
_SKIPPED = frozenset(
    f"{W}{name}"
    for name in [
        "del",
        "moveFrom",
        "pPr",
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

    def read(
        self, paragraph: etree._Element, look: ParagraphLook, style: Style, *, conceal: bool
    ) -> Inline:
        """Return the text of a paragraph.

        Args:
            paragraph: A `w:p` element.
            look: What it says of itself.
            style: The style it bears.
            conceal: Whether white text counts as hidden (not where a fill may lie behind it).
        """
        found = Inline(contents=bool(self._fields) and self.in_contents)
        conceal = conceal and not (style.shaded or look.shaded)
        visible: list[str] = []
        hidden: list[str] = []
        bold = True
        for run, piece in self._pieces(paragraph, found):
            if run is PLAIN:
                is_hidden, is_bold = style.hidden, style.bold
            else:
                is_hidden = self._is_hidden(run, style.hidden, conceal=conceal)
                is_bold = self._is_bold(run, style.bold)
            if is_hidden:
                hidden.append(piece)
                continue
            visible.append(piece)
            bold = bold and (bool(is_bold) or not piece.strip())
        found.text, found.hidden = "".join(visible), "".join(hidden)
        found.bold = bold and bool(found.text.strip())
        found.contents = found.contents or (bool(self._fields) and self.in_contents)
        return found

    def _pieces(self, paragraph: etree._Element, found: Inline) -> list[tuple[RunLook, str]]:
        """Return (look of the run, text) in order; boxes and diagrams go into `found`."""
        pieces: list[tuple[RunLook, str]] = []
        run = PLAIN
        stack: list[tuple[Iterator[etree._Element], RunLook]] = [(iter(paragraph), run)]
        while stack:
            children, run = stack[-1]
            for element in children:
                tag = element.tag
                if tag in _TEXTS:
                    pieces.append((run, element.text or ""))
                elif tag == _RUN_PROPERTIES:
                    # They stand before the text of their run, and nowhere else in text.
                    run = run_look(element)
                    stack[-1] = (children, run)
                elif tag in _SKIPPED:
                    continue
                elif tag in _WRITTEN:
                    pieces.append((run, _WRITTEN[tag]))
                elif tag == _SYMBOL:
                    sign = element.get(_CHARACTER, "").upper()[-2:]
                    pieces.append((run, _SYMBOLS.get(sign, " ")))
                elif tag == _RUN or not self._noted(element, found):
                    inner = PLAIN if tag == _RUN else run
                    stack.append((iter(one_version(element)), inner))
                    break
            else:
                stack.pop()
        return pieces

    def _noted(self, element: etree._Element, found: Inline) -> bool:
        """Take note of a box, diagram or field mark; whether it was one."""
        if element.tag == TEXT_BOX:
            found.boxes.append(element)
        elif element.tag == _DIAGRAM:
            found.diagrams.append(element.get(_DIAGRAM_DATA, ""))
        elif element.tag == _FIELD_CODE:
            self._instruct(element.text or "")
        elif element.tag == _FIELD_MARK:
            self._field(element.get(_FIELD_KIND, ""))
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

    def _is_bold(self, run: RunLook, inherited: bool | None) -> bool | None:
        own = run.bold
        if own is None and run.style:
            own = self._styles.get(run.style).bold
        return inherited if own is None else own

    def _is_hidden(self, run: RunLook, inherited: bool | None, *, conceal: bool) -> bool:
        """Whether a run is text no reader would see: hidden, white on white, or tiny."""
        own = run.vanished
        if own is None and run.style:
            own = self._styles.get(run.style).hidden
        if (inherited if own is None else own) or run.tiny:
            return True
        return conceal and run.white and not run.filled


def one_version(element: etree._Element) -> etree._Element:
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
