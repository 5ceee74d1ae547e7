"""What pdfium says of a stretch of a page's text: where it stands and how it looks.

Calls go by line and by run, not by character: per-character calls would cost several times as
much as the text itself.
"""

from __future__ import annotations

import ctypes
import re
from math import hypot

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

_BOLD_NAME = re.compile(rb"bold|black|heavy|demi", re.IGNORECASE)
_BOLD_WEIGHT = 600

Rect = tuple[float, float, float, float]
"""Left, top, right, bottom in points from the top left corner of the page as it is shown."""


class PageProbe:
    """Answers for one open page; its buffers are made once, since each call fills them anew."""

    def __init__(self, page: pdfium.PdfPage, text_page: pdfium.PdfTextPage) -> None:
        self._raw = text_page.raw
        self._left, self._bottom, self._right, self._top = page.get_bbox()
        self._rotation = page.get_rotation()
        across, down = self._right - self._left, self._top - self._bottom
        turned = self._rotation in (90, 270)
        self.width, self.height = (down, across) if turned else (across, down)
        self._corners = (ctypes.c_double * 4)()
        step = ctypes.sizeof(ctypes.c_double)
        self._pointers = tuple(
            ctypes.cast(ctypes.byref(self._corners, step * i), ctypes.POINTER(ctypes.c_double))
            for i in range(4)
        )
        self._matrix = pdfium_c.FS_MATRIX()
        self._name = ctypes.create_string_buffer(128)
        self._flags = ctypes.c_int()
        self._bold: dict[bytes, bool] = {}

    def text(self) -> str:
        """Return the page's text, one code point for each of pdfium's characters."""
        count = pdfium_c.FPDFText_CountChars(self._raw)
        if count <= 0:
            return ""
        buffer = (ctypes.c_ushort * (count * 2 + 1))()
        written = pdfium_c.FPDFText_GetText(self._raw, 0, count, buffer)
        text = bytes(buffer)[: max(0, written - 1) * 2].decode("utf-16-le", "replace")
        if len(text) == count:
            return text
        # Some characters have no text or several: ask one by one, so that indexes stay true.
        codes = (pdfium_c.FPDFText_GetUnicode(self._raw, index) for index in range(count))
        return "".join(chr(code) if 0 < code < 0x110000 else " " for code in codes)

    def runs(self, start: int, count: int) -> list[Rect]:
        """Return the box of each run of like type in a stretch of characters."""
        found: list[Rect] = []
        raw, pointers, corners = self._raw, self._pointers, self._corners
        ask = pdfium_c.FPDFText_GetRect
        for index in range(pdfium_c.FPDFText_CountRects(raw, start, count)):
            ask(raw, index, *pointers)
            left, top, right, bottom = corners
            if right > left:
                found.append(self._place(left, bottom, right, top))
        return found

    def type_at(self, index: int) -> tuple[float, float]:
        """Return one character's baseline and type size, (0, 0) where pdfium knows none.

        Boxes would not do: their height depends on the font as much as on its size.
        """
        raw, origin, matrix = self._raw, self._pointers, self._matrix
        if not pdfium_c.FPDFText_GetCharOrigin(raw, index, origin[0], origin[1]):
            return 0.0, 0.0
        x, y = self._corners[0], self._corners[1]
        pdfium_c.FPDFText_GetMatrix(raw, index, matrix)
        size = pdfium_c.FPDFText_GetFontSize(raw, index) * hypot(matrix.c, matrix.d)
        if self._rotation == 0:
            return self._top - y, size
        return self._place(x, y, x, y)[1], size

    def left_of(self, index: int) -> float:
        """Return where one character begins."""
        left, right, bottom, top = self._pointers
        pdfium_c.FPDFText_GetCharBox(self._raw, index, left, right, bottom, top)
        x0, x1, y0, y1 = self._corners[0], self._corners[2], self._corners[3], self._corners[1]
        return self._place(x0, y0, x1, y1)[0]

    def is_bold(self, index: int) -> bool:
        """Say whether one character is set in bold type."""
        pdfium_c.FPDFText_GetFontInfo(self._raw, index, self._name, 128, self._flags)
        name = self._name.value
        known = self._bold.get(name)
        if known is None:
            heavy = pdfium_c.FPDFText_GetFontWeight(self._raw, index) >= _BOLD_WEIGHT
            known = self._bold[name] = heavy or _BOLD_NAME.search(name) is not None
        return known

    def _place(self, left: float, bottom: float, right: float, top: float) -> Rect:
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
