"""Pages set by Typst and turned into pictures, so that what they say is known word for word."""

from __future__ import annotations

import io
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
import typst
from PIL import Image

needs_tesseract = pytest.mark.skipif(
    shutil.which("tesseract") is None, reason="Tesseract is not installed"
)

POLICY = """
#set page(width: 420pt, height: 560pt, margin: 50pt)
#set text(size: 11pt)
= Falls on the wards
Every fall is reviewed within one working day by the nurse manager of the unit and by a
pharmacist. The review asks what was known about the patient, which precautions were in place
and whether staff could have acted sooner. Its findings are kept for six years.

The committee reads all reviews once a quarter and publishes what it has learned.
#pagebreak()
= What is measured
Falls with harm are counted for each thousand bed days. In March the rate was 2.4, down from 3.1
a year before. Wards whose rate rises for two quarters in a row receive a visit.
"""

COLUMNS = """
#set page(width: 520pt, height: 400pt, margin: 40pt, columns: 2)
#set text(size: 11pt, hyphenate: false)
The left column speaks of medicines. Each discharge list is compared with the list that was
taken on admission, and every difference is explained to the patient in plain words. Nurses
record who explained it and when.
#colbreak()
The right column speaks of alarms. Thresholds are set for each patient at the start of a shift,
and an alarm that nobody answers within a minute is passed on to the charge nurse. A monthly
chart shows how often that happened.
"""

BLANK = "#set page(width: 420pt, height: 560pt)\n#rect(stroke: none)"


def pictures(source: str, ppi: float = 200) -> list[Image.Image]:
    """Return each page of a Typst source as a grey picture."""
    made = typst.compile(source.encode(), format="png", ppi=ppi)
    pages = [made] if isinstance(made, bytes) else made
    return [Image.open(io.BytesIO(page)).convert("L") for page in pages]


def set_type(path: Path, source: str) -> Path:
    """Write a PDF with a text layer."""
    typst.compile(source.encode(), output=str(path))
    return path


def scan(path: Path, pages: Sequence[Image.Image], ppi: float = 200) -> Path:
    """Write pictures as the pages of a PDF or a TIFF, or one as a file of another kind."""
    several = {"save_all": True, "append_images": pages[1:]} if pages[1:] else {}
    pages[0].save(path, resolution=ppi, dpi=(ppi, ppi), **several)
    return path


def stand_in(folder: Path, deed: str) -> Path:
    """Write a `tesseract` that knows its languages and otherwise does what a shell line says."""
    folder.mkdir(exist_ok=True)
    program = folder / "tesseract"
    program.write_text(f'#!/bin/sh\n[ "$1" = --list-langs ] && {{ echo eng; exit; }}\n{deed}\n')
    program.chmod(0o755)
    return folder
