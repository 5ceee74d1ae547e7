"""Pages of a PDF drawn as pictures for text recognition, and which of them need it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import islice

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

_GLANCE_DPI = 50
_SHADES = 16
"""Shades of grey, of 256, by which ink differs from paper, even when both share a dot."""

_LEAST_INK = 3
_GLANCE_SIDE = 2_000
_SAMPLE = 97
_LARGE_PART = 0.5
_MOST_OBJECTS = 2_000


@dataclass(frozen=True, slots=True)
class Drawing:
    """A page as a grey picture (PGM), `points` being what one of its dots measures."""

    pgm: bytes
    dpi: int
    points: float


def draw(page: pdfium.PdfPage, dpi: int, most_pixels: int) -> Drawing:
    """Draw an open page in shades of grey; coarser than asked where it would be too large."""
    scale = dpi / 72
    width, height = page.get_size()
    pixels = width * height * scale * scale
    if pixels > most_pixels:
        scale *= (most_pixels / pixels) ** 0.5
    across, down, data = _greys(page, scale)
    return Drawing(f"P5 {across} {down} 255\n".encode() + data, round(scale * 72), 1 / scale)


def is_blank(page: pdfium.PdfPage) -> bool:
    """Say at a glance, from a small drawing, whether a page shows nothing at all."""
    width, height = page.get_size()
    scale = min(_GLANCE_DPI / 72, _GLANCE_SIDE / max(width, height, 1.0))
    _, _, data = _greys(page, scale)
    paper = Counter(data[::_SAMPLE]).most_common(1)[0][0] if data else 255
    like_paper = bytes(range(max(paper - _SHADES, 0), min(paper + _SHADES, 255) + 1))
    return len(data.translate(None, like_paper)) < _LEAST_INK


def is_picture(page: pdfium.PdfPage) -> bool:
    """Say whether one picture covers most of a page."""
    width, height = page.get_size()
    least = _LARGE_PART * width * height
    pictures = page.get_objects([pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=3)
    for item in islice(pictures, _MOST_OBJECTS):
        left, bottom, right, top = item.get_bounds()
        if (right - left) * (top - bottom) > least:
            return True
    return False


def _greys(page: pdfium.PdfPage, scale: float) -> tuple[int, int, bytes]:
    """Return width, height and one byte for each dot of a page drawn at a scale."""
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        across, down, stride = bitmap.width, bitmap.height, bitmap.stride
        data = bytes(bitmap.buffer)
    finally:
        bitmap.close()
    if stride != across:
        data = b"".join(data[row * stride : row * stride + across] for row in range(down))
    return across, down, data
