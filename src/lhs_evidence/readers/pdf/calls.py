"""pdfium's calls about single characters, bound so that a call costs as little as it can.

The ordinary bindings convert and check each argument, which takes longer than what pdfium then
does. These take arguments as they come: handles as `Handle`, places to write to by `ctypes.byref`,
numbers as plain integers. They keep the interpreter's lock: they are shorter than giving it back,
and pdfium is not made for threads.
"""

from __future__ import annotations

from collections.abc import Callable
from ctypes import PYFUNCTYPE, c_double, c_int, c_uint, c_ulong, c_void_p, cast
from typing import Any

import pypdfium2.raw as pdfium_c


class Handle(c_void_p):
    """A pointer of pdfium's; false where it is null."""


def _bind(name: str, result: Any) -> Callable[..., Any]:
    address = cast(getattr(pdfium_c, name), c_void_p).value
    if address is None:
        raise ImportError(f"pdfium has no {name}")
    return PYFUNCTYPE(result)(address)


load_text = _bind("FPDFText_LoadPage", Handle)
close_text = _bind("FPDFText_ClosePage", None)
count_chars = _bind("FPDFText_CountChars", c_int)
get_text = _bind("FPDFText_GetText", c_int)
get_unicode = _bind("FPDFText_GetUnicode", c_uint)
count_rects = _bind("FPDFText_CountRects", c_int)
get_rect = _bind("FPDFText_GetRect", c_int)
get_box = _bind("FPDFText_GetCharBox", c_int)
get_origin = _bind("FPDFText_GetCharOrigin", c_int)
get_matrix = _bind("FPDFText_GetMatrix", c_int)
get_size = _bind("FPDFText_GetFontSize", c_double)
get_weight = _bind("FPDFText_GetFontWeight", c_int)
get_font_name = _bind("FPDFText_GetFontInfo", c_ulong)
get_object = _bind("FPDFText_GetTextObject", Handle)
get_font = _bind("FPDFTextObj_GetFont", c_void_p)
get_render_mode = _bind("FPDFTextObj_GetTextRenderMode", c_int)
get_fill = _bind("FPDFPageObj_GetFillColor", c_int)

count_on_page = _bind("FPDFPage_CountObjects", c_int)
object_on_page = _bind("FPDFPage_GetObject", Handle)
count_in_form = _bind("FPDFFormObj_CountObjects", c_int)
object_in_form = _bind("FPDFFormObj_GetObject", Handle)
get_type = _bind("FPDFPageObj_GetType", c_int)
get_bounds = _bind("FPDFPageObj_GetBounds", c_int)
get_object_matrix = _bind("FPDFPageObj_GetMatrix", c_int)
get_draw_mode = _bind("FPDFPath_GetDrawMode", c_int)
