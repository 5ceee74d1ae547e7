"""Type that nobody sees on a PDF page: whether white or undrawn text shows after all.

White type shows upon a picture or a dark ground. Type that is not drawn is what was recognised in
a scan where a picture lies over it: then it says what the picture shows.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from lhs_evidence.readers.pdf_lines import Line
from lhs_evidence.readers.pdf_probe import PALE, PageProbe, Rect

_MOST_OBJECTS = 20_000
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class _Ground:
    """Something drawn on a page that type may stand out from.

    A filled path may be `white`, or have a pattern, of which pdfium tells no colour.
    """

    rect: Rect
    picture: bool
    white: bool = False


def reveal(page: pdfium.PdfPage, lines: list[Line], probe: PageProbe) -> None:
    """Clear the mark of doubtful ink from those lines of a page that people can read."""
    doubtful = [line for line in lines if line.ink]
    if not doubtful:
        return
    grounds = list(islice(_grounds(page, probe), _MOST_OBJECTS))
    crowded = len(grounds) == _MOST_OBJECTS
    for line in doubtful:
        over = [ground for ground in grounds if _shows(line, ground)]
        if crowded or any(not ground.white for ground in over) or (over and _differs(page, line)):
            line.ink = ""


def _shows(line: Line, ground: _Ground) -> bool:
    x0, y0, x1, y1 = ground.rect
    if line.ink == "none" and not ground.picture:
        # Letters may also have been turned into outlines, with their text laid under them.
        small = not ground.white and y1 - y0 < 2 * line.size and x1 - x0 < 2 * line.size
        return small and x0 < line.x1 and line.x0 < x1 and y0 < line.y1 and line.y0 < y1
    x, y = (line.x0 + line.x1) / 2, (line.y0 + line.y1) / 2
    return x0 <= x <= x1 and y0 <= y <= y1


def _differs(page: pdfium.PdfPage, line: Line) -> bool:
    """Say whether anything but white is seen where a line stands."""
    picture = page.render(scale=1, grayscale=True)
    left, top = max(0, int(line.x0)), max(0, int(line.y0))
    right, bottom = int(line.x1) + 1, int(line.y1) + 1
    data, stride = bytes(picture.buffer), picture.stride
    right, bottom = min(right, picture.width), min(bottom, picture.height)
    rows = (data[row * stride + left : row * stride + right] for row in range(top, bottom))
    return any(row and min(row) < PALE for row in rows)


def _grounds(page: pdfium.PdfPage, probe: PageProbe) -> Iterator[_Ground]:
    pictures = (pdfium_c.FPDF_PAGEOBJ_IMAGE, pdfium_c.FPDF_PAGEOBJ_SHADING)
    for drawn in page.get_objects(max_depth=_DEEPEST):
        if drawn.type in pictures:
            yield _Ground(probe.place(*_bounds(drawn)), picture=True)
        elif drawn.type == pdfium_c.FPDF_PAGEOBJ_PATH:
            fill = _fill(drawn.raw)
            if fill:
                rect = probe.place(*_bounds(drawn))
                yield _Ground(rect, picture=False, white=fill == "white")


def _fill(drawn: ctypes.c_void_p) -> str:
    """Return how a path is filled: "", "white" or "dark"."""
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDFPath_GetDrawMode(drawn, mode, stroke)
    ink = [ctypes.c_uint() for _ in range(4)]
    if mode.value == pdfium_c.FPDF_FILLMODE_NONE:
        return ""
    if not pdfium_c.FPDFPageObj_GetFillColor(drawn, *ink):
        return "white"
    *colours, opaque = (value.value for value in ink)
    if opaque == 0:
        return ""
    return "dark" if min(colours) < PALE else "white"


def _bounds(drawn: pdfium.PdfObject) -> Rect:
    """Return left, bottom, right and top on the page, also of what stands within a form."""
    bounds: Rect = drawn.get_bounds()
    form = drawn.container
    while form is not None:
        bounds = form.get_matrix().on_rect(*bounds)
        form = form.container
    return bounds
