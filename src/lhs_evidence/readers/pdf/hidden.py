"""Type that nobody sees on a PDF page: whether white or undrawn text shows after all.

White type shows upon a picture or a dark ground. Type that is not drawn is what was recognised in
a scan where a picture lies over it: then it says what the picture shows.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from lhs_evidence.readers.pdf import calls as ask
from lhs_evidence.readers.pdf.lines import Line
from lhs_evidence.readers.pdf.probe import PALE, PageProbe, Rect

_MOST_OBJECTS = 20_000
_DEEPEST = 6
_PICTURES = (pdfium_c.FPDF_PAGEOBJ_IMAGE, pdfium_c.FPDF_PAGEOBJ_SHADING)
_ON_PAGE = (ask.count_on_page, ask.object_on_page)


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
    unsure: set[Line] = set()
    left = set(doubtful)
    budget = iter(range(_MOST_OBJECTS))
    for ground in _grounds(page.raw, probe, budget):
        seen = {line for line in left if _shows(line, ground)}
        if ground.white:
            unsure |= seen
            continue
        left -= seen
        if not left:
            break
    crowded = next(budget, None) is None
    picture = page.render(scale=1, grayscale=True) if left & unsure else None
    for line in doubtful:
        if line not in left or crowded or (line in unsure and _differs(picture, line)):
            line.ink = ""


def _shows(line: Line, ground: _Ground) -> bool:
    x0, y0, x1, y1 = ground.rect
    if line.ink == "none" and not ground.picture:
        # Letters may also have been turned into outlines, with their text laid under them.
        small = not ground.white and y1 - y0 < 2 * line.size and x1 - x0 < 2 * line.size
        return small and x0 < line.x1 and line.x0 < x1 and y0 < line.y1 and line.y0 < y1
    x, y = (line.x0 + line.x1) / 2, (line.y0 + line.y1) / 2
    return x0 <= x <= x1 and y0 <= y <= y1


def _differs(picture: pdfium.PdfBitmap | None, line: Line) -> bool:
    """Say whether anything but white is seen where a line stands; `picture` is in points."""
    if picture is None:
        return False
    # Bytes rather than an array: the reading child keeps numpy out.
    grays = memoryview(picture.buffer).cast("B")
    left, right = max(0, int(line.x0)), min(int(line.x1) + 1, picture.width)
    rows = range(max(0, int(line.y0)), min(int(line.y1) + 1, picture.height))
    starts = (row * picture.stride for row in rows)
    return left < right and any(min(grays[start + left : start + right]) < PALE for start in starts)


def _grounds(
    parent: Any,
    probe: PageProbe,
    budget: Iterator[int],
    forms: tuple[pdfium.PdfMatrix, ...] = (),
) -> Iterator[_Ground]:
    """Yield what is drawn on a page, or in a form within the `forms`, until the budget is spent."""
    count, get = (ask.count_in_form, ask.object_in_form) if forms else _ON_PAGE
    for index, _ in zip(range(count(parent)), budget, strict=False):
        drawn = get(parent, index)
        kind = ask.get_type(drawn)
        if kind in _PICTURES:
            yield _Ground(_place(drawn, probe, forms), picture=True)
        elif kind == pdfium_c.FPDF_PAGEOBJ_PATH:
            fill = _fill(drawn)
            if fill:
                rect = _place(drawn, probe, forms)
                yield _Ground(rect, picture=False, white=fill == "white")
        elif kind == pdfium_c.FPDF_PAGEOBJ_FORM and len(forms) < _DEEPEST:
            values = (ctypes.c_float * 6)()
            ask.get_object_matrix(drawn, values)
            yield from _grounds(drawn, probe, budget, (pdfium.PdfMatrix(*values), *forms))


def _fill(drawn: ask.Handle) -> str:
    """Return how a path is filled: "", "white" or "dark"."""
    mode, stroke = ctypes.c_int(), ctypes.c_int()
    ask.get_draw_mode(drawn, ctypes.byref(mode), ctypes.byref(stroke))
    if mode.value == pdfium_c.FPDF_FILLMODE_NONE:
        return ""
    ink = [ctypes.c_uint() for _ in range(4)]
    if not ask.get_fill(drawn, *(ctypes.byref(value) for value in ink)):
        return "white"
    *colours, opaque = (value.value for value in ink)
    if opaque == 0:
        return ""
    return "dark" if min(colours) < PALE else "white"


def _place(drawn: ask.Handle, probe: PageProbe, forms: tuple[pdfium.PdfMatrix, ...]) -> Rect:
    """Return where something lies on the page as it is shown."""
    edges = (ctypes.c_float * 4)()
    step = ctypes.sizeof(ctypes.c_float)
    ask.get_bounds(drawn, *(ctypes.byref(edges, step * index) for index in range(4)))
    bounds = tuple(edges)
    for matrix in forms:
        bounds = matrix.on_rect(*bounds)
    return probe.place(*bounds)
