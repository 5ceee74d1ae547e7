"""Build the sample organization's documents from their sources.

    python examples/build.py [--out FOLDER]

Needs the project's own dependencies and `typst` (in the `dev` extra). Every date comes from the
sources and fonts are those inside typst, so the same versions of the libraries give the same bytes.
"""

from __future__ import annotations

import argparse
import io
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import typst
import yaml
from archive import repack
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet
from PIL import Image
from pptx import Presentation
from pptx.slide import Slide
from pptx.util import Inches, Pt
from word_file import AUTHOR, TEAL, WordFile

HERE = Path(__file__).resolve().parent
ORGANIZATION = HERE / "kestrel-basin-health"
SOURCES = ORGANIZATION / "sources"

PDFS = (
    "annual-report-2026",
    "information-security-and-records",
    "patient-safety-and-incident-reporting",
    "quality-plan-2026",
)
SCANS = {"staff-handbook-acknowledgment": date(2026, 5, 12)}
WORD_FILES = (
    "complaints-and-grievances-policy",
    "health-equity-plan",
    "infection-prevention-policy",
)
COPIES = (
    "ai-use-policy.md",
    "board-quality-committee-minutes-2026-09.txt",
    "financial-assistance-policy.md",
    "patient-rights-notice.html",
)
WORKBOOKS = ("quality-indicators-fy2026",)
SLIDE_DECKS = ("board-presentation-2026-09",)


def main() -> None:
    """Write all documents into the folder asked for, replacing those that are there."""
    parser = argparse.ArgumentParser(description="Build the sample organization's documents.")
    parser.add_argument("--out", type=Path, default=ORGANIZATION / "documents")
    folder: Path = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in build():
        (folder / name).write_bytes(content)
        print(f"{len(content):>9,}  {name}")


def build() -> Iterator[tuple[str, bytes]]:
    """Yield each document's name and bytes."""
    for name in COPIES:
        yield name, (SOURCES / name).read_bytes()
    for stem in PDFS:
        yield f"{stem}.pdf", typeset(stem)
    for stem, scanned in SCANS.items():
        yield f"{stem}-scan.pdf", scan(typeset(stem), scanned)
    for stem in WORD_FILES:
        yield f"{stem}.docx", WordFile((SOURCES / f"{stem}.md").read_text("utf-8")).content()
    for stem in WORKBOOKS:
        yield f"{stem}.xlsx", workbook(_data(stem))
    for stem in SLIDE_DECKS:
        yield f"{stem}.pptx", slides(_data(stem))


def _data(stem: str) -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = yaml.safe_load((SOURCES / f"{stem}.yaml").read_text("utf-8"))
    return loaded


# --- PDF ----------------------------------------------------------------------------------------


def typeset(stem: str) -> bytes:
    """Compile a Typst source with the fonts that come inside typst."""
    source = SOURCES / f"{stem}.typ"
    content: bytes = typst.compile(
        str(source), root=str(SOURCES), font_paths=typst.Fonts(include_system_fonts=False)
    )
    return content


def scan(pdf: bytes, scanned: date) -> bytes:
    """Turn each page into a picture that looks as if it had lain, not quite straight, on glass."""
    noise = np.random.default_rng(20260512)
    pictures: list[Image.Image] = []
    for number, page in enumerate(pypdfium2.PdfDocument(pdf)):
        clean = page.render(scale=110 / 72).to_pil().convert("RGB")
        turned = clean.rotate(
            (0.6, -0.4)[number % 2], Image.Resampling.BICUBIC, fillcolor=(255, 255, 255)
        )
        pixels = np.asarray(turned, dtype=np.int16) - 8
        grain = noise.integers(-5, 6, size=pixels.shape[:2])[:, :, np.newaxis]
        pictures.append(Image.fromarray(np.clip(pixels + grain, 0, 255).astype(np.uint8)))
    moment = time.struct_time((*scanned.timetuple()[:3], 9, 30, 0, 0, 0, 0))
    buffer = io.BytesIO()
    pictures[0].save(
        buffer,
        "PDF",
        save_all=True,
        append_images=pictures[1:],
        resolution=110,
        quality=50,
        title="Scan",
        producer="Front desk scanner",
        creationDate=moment,
        modDate=moment,
    )
    return buffer.getvalue()


# --- XLSX and PPTX ------------------------------------------------------------------------------


def workbook(data: Mapping[str, Any]) -> bytes:
    """Write one sheet per entry: a heading, a note, then a table with a frozen header."""
    book = Workbook()
    for sheet in book.worksheets:
        book.remove(sheet)
    for entry in data["sheets"]:
        _sheet(book.create_sheet(entry["name"]), entry)
    book.properties.creator = AUTHOR
    book.properties.title = data["title"]
    buffer = io.BytesIO()
    book.save(buffer)
    return repack(buffer.getvalue(), data["created"], data["created"])


def _sheet(sheet: Worksheet, entry: Mapping[str, Any]) -> None:
    sheet.append([entry["heading"]])
    sheet.append([entry["note"]])
    sheet.append([])
    sheet.append(entry["header"])
    for row in entry["rows"]:
        sheet.append(row)
    sheet["A1"].font = Font(bold=True, size=14, color=TEAL)
    sheet["A2"].font = Font(italic=True)
    edge = Side(style="thin", color="999999")
    for row in sheet.iter_rows(min_row=4):
        for cell in row:
            cell.border = Border(edge, edge, edge, edge)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for cell in sheet[4]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="F3EFE6")
    for letter, width in zip("ABCDEFGH", entry["widths"], strict=False):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "B5"
    sheet.page_setup.orientation = "landscape"


def slides(data: Mapping[str, Any]) -> bytes:
    """Write a deck: a title slide, then slides with bullets or one table, all with notes."""
    deck = Presentation()
    for entry in data["slides"]:
        kind = 0 if entry.get("layout") == "title" else 5 if "table" in entry else 1
        slide = deck.slides.add_slide(deck.slide_layouts[kind])
        slide.shapes.title.text = entry["title"]
        if kind == 0:
            slide.placeholders[1].text = entry["subtitle"]
        elif kind == 1:
            slide.placeholders[1].text = "\n".join(entry["bullets"])
            for paragraph in slide.placeholders[1].text_frame.paragraphs:
                paragraph.font.size = Pt(24)
        else:
            _slide_table(slide, entry["table"])
        slide.notes_slide.notes_text_frame.text = entry["notes"]
    deck.core_properties.title = data["title"]
    deck.core_properties.author = deck.core_properties.last_modified_by = AUTHOR
    buffer = io.BytesIO()
    deck.save(buffer)
    return repack(buffer.getvalue(), data["created"], data["created"])


def _slide_table(slide: Slide, rows: Sequence[Sequence[str]]) -> None:
    place = (Inches(0.5), Inches(1.8), Inches(9), Inches(0.6 * len(rows)))
    table = slide.shapes.add_table(len(rows), len(rows[0]), *place).table
    table.columns[0].width = Inches(4.2)
    for column in list(table.columns)[1:]:
        column.width = Inches(1.6)
    for number, row in enumerate(rows):
        for cell, text in zip(table.rows[number].cells, row, strict=True):
            cell.text = text
            cell.text_frame.paragraphs[0].font.size = Pt(18)


if __name__ == "__main__":
    main()
