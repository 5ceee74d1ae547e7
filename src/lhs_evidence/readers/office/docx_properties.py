"""What the properties of one Word paragraph or run say by themselves, read in one pass."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from lhs_evidence.readers.office.docx_styles import OFF, VAL, W, child_value, number_of

_PARAGRAPH_PROPERTIES = f"{W}pPr"
_STYLE, _OUTLINE, _LIST, _SHADING = f"{W}pStyle", f"{W}outlineLvl", f"{W}numPr", f"{W}shd"
_RUN_STYLE, _BOLD, _VANISH = f"{W}rStyle", f"{W}b", f"{W}vanish"
_SIZE, _COLOUR, _HIGHLIGHT = f"{W}sz", f"{W}color", f"{W}highlight"
_WHITE = "FFFFFF"
_SMALLEST_SIZE = 3  # half-points: text of 1.5 points and less is not meant to be read


@dataclass(slots=True)
class ParagraphLook:
    """A paragraph's own properties; None where nothing is said."""

    style: str = ""
    outline: int | None = None
    in_list: bool = False
    number: str | None = None
    depth: int | None = None
    shaded: bool = False


@dataclass(slots=True)
class RunLook:
    """A run's own properties; None where nothing is said."""

    style: str = ""
    bold: bool | None = None
    vanished: bool | None = None
    tiny: bool = False
    white: bool = False
    filled: bool = False


def paragraph_look(paragraph: etree._Element) -> ParagraphLook:
    """Return what a paragraph says of itself."""
    look = ParagraphLook()
    for properties in paragraph.iterchildren(_PARAGRAPH_PROPERTIES):
        for child in properties:
            tag = child.tag
            if tag == _STYLE:
                look.style = child.get(VAL, "")
            elif tag == _OUTLINE:
                look.outline = number_of(child.get(VAL))
            elif tag == _LIST:
                look.in_list = True
                look.number = child_value(child, "numId")
                look.depth = number_of(child_value(child, "ilvl"))
            elif tag == _SHADING:
                look.shaded = True
        break
    return look


PLAIN = RunLook()
"""What a run without properties says of itself: nothing."""


def run_look(properties: etree._Element) -> RunLook:
    """Return what a run's properties (`w:rPr`) say."""
    look = RunLook()
    for child in properties:
        _note(look, child)
    return look


def _note(look: RunLook, said: etree._Element) -> None:
    tag, value = said.tag, said.get(VAL, "")
    if tag == _BOLD:
        look.bold = value.lower() not in OFF
    elif tag == _VANISH:
        look.vanished = value.lower() not in OFF
    elif tag == _RUN_STYLE:
        look.style = value
    elif tag == _SIZE:
        size = number_of(value)
        look.tiny = size is not None and size <= _SMALLEST_SIZE
    elif tag == _COLOUR:
        look.white = value.upper() == _WHITE
    elif tag in (_SHADING, _HIGHLIGHT):
        look.filled = True
