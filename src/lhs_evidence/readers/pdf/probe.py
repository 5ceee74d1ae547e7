"""What pdfium says of a stretch of a page's text: where it stands and how it looks.

Calls go by line and by run, not by character: per-character calls would cost several times as
much as the text itself.
"""

from __future__ import annotations

import ctypes
import re
from itertools import pairwise
from math import hypot

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from lhs_evidence.readers.pdf import calls as ask

_BOLD_NAME = re.compile(rb"bold|black|heavy|demi", re.IGNORECASE)
_BOLD_WEIGHT = 600
PALE = 240
"""Colour values from which type cannot be told from white paper."""
_NOT_DRAWN = (pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium_c.FPDF_TEXTRENDERMODE_CLIP)

Rect = tuple[float, float, float, float]
"""Left, top, right, bottom in points from the top left corner of the page as it is shown."""

Extent = tuple[float, float, float, float, float, float, float]
"""A box like `Rect`, its widest gap (-1 in a single run), heights of its first and last run."""

Look = tuple[float, float, bool, ask.Handle | None]
"""Baseline, type size, whether it is bold, and a handle of what draws it."""


class PageProbe:
    """Answers for one page at a time; its buffers are made once, since each call fills them."""

    def __init__(self) -> None:
        self._corners = (ctypes.c_double * 4)()
        step = ctypes.sizeof(ctypes.c_double)
        self._slots = [ctypes.byref(self._corners, step * index) for index in range(4)]
        self._matrix = pdfium_c.FS_MATRIX()
        self._matrix_at = ctypes.byref(self._matrix)
        self._name = ctypes.create_string_buffer(128)
        self._ink = (ctypes.c_uint * 4)()
        step = ctypes.sizeof(ctypes.c_uint)
        self._inks = [ctypes.byref(self._ink, step * index) for index in range(4)]
        self._bold: dict[int, bool] = {}
        self._letters = ctypes.create_string_buffer(1 << 16)
        self._text = ask.Handle()

    def turn_to(self, page: pdfium.PdfPage) -> None:
        """Answer for this page, which must stay open, until `leave` is called.

        Raises:
            PdfiumError: Its text cannot be loaded.
        """
        self._text = ask.load_text(page.raw)
        if not self._text:
            raise pdfium.PdfiumError("Failed to load the text of a page.")
        self._bold.clear()
        self._left, self._bottom, self._right, self._top = page.get_bbox()
        self._rotation = page.get_rotation()
        across, down = self._right - self._left, self._top - self._bottom
        turned = self._rotation in (90, 270)
        self.width, self.height = (down, across) if turned else (across, down)

    def leave(self) -> None:
        """Let go of the page."""
        ask.close_text(self._text)
        self._text = ask.Handle()

    def text(self) -> str:
        """Return the page's text, one code point (or half of one) for each of its characters."""
        handle = self._text
        count = ask.count_chars(handle)
        if count <= 0:
            return ""
        if count * 4 + 2 > len(self._letters):
            self._letters = ctypes.create_string_buffer(count * 8)
        written = ask.get_text(handle, 0, count, self._letters)
        raw = ctypes.string_at(self._letters, max(0, written - 1) * 2)
        if len(raw) == 2 * count:
            text = raw.decode("utf-16-le", "surrogatepass")
            # Halves of a pair stay apart here, so that indexes stay true.
            return text if len(text) == count else "".join(map(chr, memoryview(raw).cast("H")))
        # Some characters have no text or several: ask one by one.
        codes = (ask.get_unicode(handle, index) for index in range(count))
        return "".join(chr(code) if 0 < code < 0x110000 else " " for code in codes)

    def extent(self, start: int, count: int) -> Extent | None:
        """Return how far a stretch of characters reaches, none where nothing of it is shown.

        The same could be told from `runs`, at twice the time for most lines.
        """
        if self._rotation:
            return _extent(self.runs(start, count))
        handle, corners, get_rect = self._text, self._corners, ask.get_rect
        one, two, three, four = self._slots
        number = ask.count_rects(handle, start, count)
        if number == 0:
            return None
        get_rect(handle, 0, one, two, three, four)
        x0, y1, x1, y0 = corners[:]
        first = last = y1 - y0
        widest = 0.0 if number > 1 else -1.0
        above = x1
        for index in range(1, number):
            get_rect(handle, index, one, two, three, four)
            left, top, right, bottom = corners[:]
            if right <= left:
                continue
            widest = widest if widest > left - above else left - above
            above, last = right, top - bottom
            x0 = left if left < x0 else x0
            x1 = right if right > x1 else x1
            y0 = bottom if bottom < y0 else y0
            y1 = top if top > y1 else y1
        if x1 <= x0:
            return None
        x, y = self._left, self._top
        return x0 - x, y - y1, x1 - x, y - y0, widest, first, last

    def runs(self, start: int, count: int) -> list[Rect]:
        """Return the box of each run of like type in a stretch of characters."""
        found: list[Rect] = []
        handle, corners, get_rect = self._text, self._corners, ask.get_rect
        one, two, three, four = self._slots
        x, y, upright = self._left, self._top, self._rotation == 0
        for index in range(ask.count_rects(handle, start, count)):
            get_rect(handle, index, one, two, three, four)
            left, top, right, bottom = corners[:]
            if right > left:
                found.append(
                    (left - x, y - top, right - x, y - bottom)
                    if upright
                    else self.place(left, bottom, right, top)
                )
        return found

    def look(self, index: int) -> Look:
        """Return how one character looks, with zeroes where pdfium knows nothing of it.

        Its box would not do for the size: a box's height depends on the font as well.
        """
        handle, matrix = self._text, self._matrix
        if not ask.get_matrix(handle, index, self._matrix_at):
            return 0.0, 0.0, False, None
        across, down = matrix.c, matrix.d
        size = ask.get_size(handle, index) * (hypot(across, down) if across else abs(down))
        if matrix.b or self._rotation:
            ask.get_origin(handle, index, self._slots[0], self._slots[1])
            x, y = self._corners[0], self._corners[1]
            base = self.place(x, y, x, y)[1]
        else:
            base = self._top - matrix.f
        drawn = ask.get_object(handle, index)
        font = ask.get_font(drawn) if drawn else 0
        bold = self._bold.get(font)
        if bold is None:
            bold = self._bold[font] = self._is_bold(index)
        return base, size, bold, drawn

    def is_bold(self, index: int) -> bool:
        """Say whether one character is set in bold type."""
        drawn = ask.get_object(self._text, index)
        font = ask.get_font(drawn) if drawn else 0
        bold = self._bold.get(font)
        if bold is None:
            bold = self._bold[font] = self._is_bold(index)
        return bold

    def ink(self, drawn: ask.Handle | None) -> str:
        """Return how the ink of a drawn stretch shows: "pale" or "none" where it may not."""
        if not drawn:
            return ""
        if ask.get_render_mode(drawn) in _NOT_DRAWN:
            return "none"
        if not ask.get_fill(drawn, *self._inks):
            return ""
        red, green, blue, opaque = self._ink
        if opaque == 0:
            return "none"
        return "pale" if red >= PALE and green >= PALE and blue >= PALE else ""

    def left_of(self, index: int) -> float:
        """Return where one character begins."""
        ask.get_box(self._text, index, *self._slots)
        left, right, bottom, top = self._corners
        return self.place(left, bottom, right, top)[0]

    def _is_bold(self, index: int) -> bool:
        ask.get_font_name(self._text, index, self._name, 128, None)
        heavy = ask.get_weight(self._text, index) >= _BOLD_WEIGHT
        return heavy or _BOLD_NAME.search(self._name.value) is not None

    def place(self, left: float, bottom: float, right: float, top: float) -> Rect:
        """Turn pdfium's coordinates into those of the page as it is shown."""
        if self._rotation == 0:
            return left - self._left, self._top - top, right - self._left, self._top - bottom
        if self._rotation == 90:
            return bottom - self._bottom, left - self._left, top - self._bottom, right - self._left
        if self._rotation == 180:
            return (
                self._right - right,
                bottom - self._bottom,
                self._right - left,
                top - self._bottom,
            )
        return self._top - top, self._right - right, self._top - bottom, self._right - left


def _extent(runs: list[Rect]) -> Extent | None:
    if not runs:
        return None
    lefts, tops, rights, bottoms = zip(*runs, strict=True)
    gaps = (run[0] - before[2] for before, run in pairwise(runs))
    return (
        min(lefts),
        min(tops),
        max(rights),
        max(bottoms),
        max(0.0, *gaps) if len(runs) > 1 else -1.0,
        bottoms[0] - tops[0],
        bottoms[-1] - tops[-1],
    )
