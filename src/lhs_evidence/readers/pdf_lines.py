"""Lines of a PDF page as pdfium finds them: text, place on the page and look.

Calls into pdfium are made by line and by rectangle, not by character: per-character calls would
cost several times as much as the text itself.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

SOFT_HYPHEN = "\ufffe"
"""What pdfium puts where a word was hyphenated at the end of a line."""

_LINE = re.compile(r"[^\r\n\ufffe]*[^\s\ufffe][^\r\n\ufffe]*\ufffe?")
_WORD_START = re.compile(r"(?<=\s)\S")
_LABEL = re.compile(r"[^\w\s]|\(?(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]|[ivxIVX]{1,5})[.):]{0,2}")
_BOLD_NAME = re.compile(rb"bold|black|heavy|demi", re.IGNORECASE)
_BOLD_WEIGHT = 600
_CELL_GAP = 1.25
"""Gap, in type sizes, from which two pieces on one baseline are not one run of words."""


@dataclass(slots=True, eq=False)
class Line:
    """One line of text in one column or cell.

    Coordinates are points from the top left corner of the page as it is shown. `base` is the
    bottom of the type (the same for all lines of one look), `size` the height of the type.
    `starts_bold` and `ends_bold` tell a bold line from one that only begins with a bold phrase.
    """

    text: str
    page: int
    order: int
    x0: float
    y0: float
    x1: float
    y1: float
    base: float
    size: float
    starts_bold: bool = False
    ends_bold: bool = False
    sideways: bool = False

    @property
    def bold(self) -> bool:
        """Whether the whole line is bold."""
        return self.starts_bold and self.ends_bold


@dataclass(slots=True)
class PageLines:
    """The lines of one page in the order of its content stream."""

    number: int
    width: float
    height: float
    lines: list[Line]

    @property
    def has_text(self) -> bool:
        """Whether the page has a text layer."""
        return any(char.isalnum() for line in self.lines for char in line.text)


Rect = tuple[float, float, float, float]


class _Frame:
    """Turns pdfium's page coordinates into points from the shown page's top left corner."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self.left, self.bottom, self.right, self.top = page.get_bbox()
        self.rotation = page.get_rotation()
        across, down = self.right - self.left, self.top - self.bottom
        turned = self.rotation in (90, 270)
        self.width, self.height = (down, across) if turned else (across, down)

    def place(self, rect: Rect) -> Rect:
        """Return (x0, y0, x1, y1) of a (left, bottom, right, top) rectangle."""
        left, bottom, right, top = rect
        if self.rotation == 0:
            return left - self.left, self.top - top, right - self.left, self.top - bottom
        if self.rotation == 90:
            return bottom - self.bottom, left - self.left, top - self.bottom, right - self.left
        if self.rotation == 180:
            return self.right - right, bottom - self.bottom, self.right - left, top - self.bottom
        return self.top - top, self.right - right, self.top - bottom, self.right - left


class _Probe:
    """Asks pdfium about stretches of one page's text, with buffers made once."""

    def __init__(self) -> None:
        self._corners = (ctypes.c_double * 4)()
        step = ctypes.sizeof(ctypes.c_double)
        self._pointers = tuple(
            ctypes.cast(ctypes.byref(self._corners, step * i), ctypes.POINTER(ctypes.c_double))
            for i in range(4)
        )
        self._loose = pdfium_c.FS_RECTF()
        self._name = ctypes.create_string_buffer(128)
        self._flags = ctypes.c_int()
        self._raw = None

    def open(self, text_page: pdfium.PdfTextPage) -> None:
        self._raw = text_page.raw

    def rects(self, start: int, count: int) -> list[Rect]:
        """Return (left, bottom, right, top) of each text run in a stretch of characters."""
        found: list[Rect] = []
        for index in range(pdfium_c.FPDFText_CountRects(self._raw, start, count)):
            pdfium_c.FPDFText_GetRect(self._raw, index, *self._pointers)
            left, top, right, bottom = self._corners
            if right > left:
                found.append((left, bottom, right, top))
        return found

    def type_box(self, index: int) -> Rect:
        """Return the box of one character as tall as its type."""
        loose = self._loose
        pdfium_c.FPDFText_GetLooseCharBox(self._raw, index, loose)
        return loose.left, loose.bottom, loose.right, loose.top

    def left_of(self, index: int) -> float:
        """Return where one character begins."""
        left, right, bottom, top = self._pointers
        pdfium_c.FPDFText_GetCharBox(self._raw, index, left, right, bottom, top)
        return float(self._corners[0])

    def is_bold(self, index: int) -> bool:
        """Say whether one character is set in bold type."""
        if pdfium_c.FPDFText_GetFontWeight(self._raw, index) >= _BOLD_WEIGHT:
            return True
        pdfium_c.FPDFText_GetFontInfo(self._raw, index, self._name, 128, self._flags)
        return _BOLD_NAME.search(self._name.value) is not None


def read_page(page: pdfium.PdfPage, number: int) -> PageLines:
    """Read the lines of an open page; `number` counts from 1."""
    frame = _Frame(page)
    text_page = page.get_textpage()
    try:
        text = _text(text_page).replace("\xa0", " ")
        probe = _Probe()
        probe.open(text_page)
        lines: list[Line] = []
        for match in _LINE.finditer(text):
            _add_lines(lines, match, probe, frame, number)
    finally:
        text_page.close()
    return PageLines(number, frame.width, frame.height, list(_with_marks(lines)))


def _with_marks(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the lines, each with the raised note mark that stands right after it."""
    above: Line | None = None
    for line in lines:
        if above is not None and _is_mark(line, above):
            above.text += line.text
            above.x1 = line.x1
            continue
        if above is not None:
            yield above
        above = line
    if above is not None:
        yield above


def _is_mark(line: Line, above: Line) -> bool:
    near = -1 < line.x0 - above.x1 < 0.5 * above.size
    raised = -0.5 * above.size < line.base - above.base < 0.3 * above.size
    return near and raised and len(line.text) <= 4 and line.size < 0.8 * above.size


def _text(text_page: pdfium.PdfTextPage) -> str:
    """Return the page's text, one code point for each of pdfium's characters."""
    count = text_page.count_chars()
    if count <= 0:
        return ""
    buffer = (ctypes.c_ushort * (count * 2 + 1))()
    written = pdfium_c.FPDFText_GetText(text_page.raw, 0, count, buffer)
    text = bytes(buffer)[: max(0, written - 1) * 2].decode("utf-16-le", "replace")
    if len(text) == count:
        return text
    # Some characters have no text or several: ask one by one, so that indexes stay true.
    codes = (pdfium_c.FPDFText_GetUnicode(text_page.raw, index) for index in range(count))
    return "".join(chr(code) if 0 < code < 0x110000 else " " for code in codes)


def _add_lines(
    lines: list[Line], match: re.Match[str], probe: _Probe, frame: _Frame, number: int
) -> None:
    """Add the line of one match, in pieces where wide gaps part it into cells."""
    raw = match.group()
    start = match.start() + len(raw) - len(raw.lstrip())
    text = raw.strip()
    rects = probe.rects(start, len(text))
    if not rects:
        return
    type_box = probe.type_box(start)
    size = type_box[3] - type_box[1]
    if size <= 0:
        type_box = (rects[0][0], min(r[1] for r in rects), rects[0][2], max(r[3] for r in rects))
        size = type_box[3] - type_box[1]
    gaps = [
        after[0] for before, after in pairwise(rects) if after[0] - before[2] > _CELL_GAP * size
    ]
    if not gaps:
        lines.append(_line(text, start, rects, probe, frame, number, len(lines)))
        return
    for begin, end in _cells(text, start, gaps, probe):
        piece = text[begin:end].rstrip()
        boxes = probe.rects(start + begin, len(piece))
        if boxes:
            lines.append(_line(piece, start + begin, boxes, probe, frame, number, len(lines)))


def _cells(text: str, start: int, gaps: list[float], probe: _Probe) -> list[tuple[int, int]]:
    """Return the stretches of `text` between gaps; each gap is where the next cell begins.

    A bullet or number stays with what follows it.
    """
    cuts = [0]
    wanted = iter(gaps)
    gap = next(wanted, None)
    for match in _WORD_START.finditer(text):
        if gap is None:
            break
        if probe.left_of(start + match.start()) < gap - 1.0:
            continue
        if not _LABEL.fullmatch(text[cuts[-1] : match.start()].strip()) or len(cuts) > 1:
            cuts.append(match.start())
        gap = next(wanted, None)
    return list(zip(cuts, [*cuts[1:], len(text)], strict=True))


def _line(
    text: str,
    start: int,
    rects: list[Rect],
    probe: _Probe,
    frame: _Frame,
    number: int,
    order: int,
) -> Line:
    """Build one line from its stretch of text and the rectangles of its runs."""
    box = rects[0]
    if len(rects) > 1:
        lefts, bottoms, rights, tops = zip(*rects, strict=True)
        box = (min(lefts), min(bottoms), max(rights), max(tops))
    x0, y0, x1, y1 = frame.place(box)
    # The type of a bullet or a note's mark differs from its text's.
    typical = start if text[0].isalpha() else start + _first_letter(text)
    _, top, _, base = frame.place(probe.type_box(typical))
    size = base - top
    if size > 24 and len(rects) > 1 and text[1:2].islower():
        _, lower_top, _, lower_base = frame.place(probe.type_box(start + 1))
        if lower_base - lower_top < 0.6 * size:
            # A large first letter reaches down into the lines below.
            base, size = lower_base, lower_base - lower_top
    sideways = y1 - y0 > 2.5 * max(size, 4.0) and y1 - y0 > 2.0 * (x1 - x0)
    if size <= 0 or sideways:
        base, size = y1, min(y1 - y0, x1 - x0)
    starts_bold = probe.is_bold(typical)
    last = start + len(text.rstrip(SOFT_HYPHEN)) - 1
    ends_bold = probe.is_bold(last) if last > typical else starts_bold
    return Line(text, number, order, x0, y0, x1, y1, base, size, starts_bold, ends_bold, sideways)


def _first_letter(text: str) -> int:
    return next((index for index, char in enumerate(text) if char.isalpha()), 0)
