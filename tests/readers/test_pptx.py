from __future__ import annotations

import io
import struct
import zlib
from copy import deepcopy

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.oxml.ns import qn
from pptx.util import Inches

from lhs_evidence.model import BlockRole, DocumentStatus

from .conftest import Outline, Read


def saved(show: object) -> bytes:
    buffer = io.BytesIO()
    show.save(buffer)  # type: ignore[attr-defined]
    return buffer.getvalue()


def picture() -> io.BytesIO:
    """A PNG of one grey pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\x00\x80")
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + parts)


def bullets(show: object, title: str, *lines: tuple[str, int]) -> object:
    slide = show.slides.add_slide(show.slide_layouts[1])  # type: ignore[attr-defined]
    slide.shapes.title.text = title
    frame = slide.placeholders[1].text_frame
    for number, (text, level) in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.text, paragraph.level = text, level
    return slide


def test_a_slide_is_a_page_with_title_bullets_table_and_notes(read: Read, outline: Outline) -> None:
    show = Presentation()
    slide = bullets(show, "Equity plan", ("Close gaps", 0), ("in screening", 1))
    table = slide.shapes.add_table(2, 2, Inches(1), Inches(4), Inches(4), Inches(1)).table
    for row, values in enumerate([("Group", "Rate"), ("Rural", "61%")]):
        for column, value in enumerate(values):
            table.cell(row, column).text = value
    slide.notes_slide.notes_text_frame.text = "Say why it matters."
    made = read("plan.pptx", saved(show))
    assert outline(made) == [
        ("heading", "Equity plan"),
        ("list_item", "Close gaps"),
        ("list_item", "in screening"),
        ("table_row", "Group | Rate"),
        ("table_row", "Rural | 61%"),
        ("paragraph", "Say why it matters."),
    ]
    assert {block.pages for block in made.blocks} == {(1,)}
    assert (made.pages[0].width, made.pages[0].height) == (720.0, 540.0)


def test_groups_and_free_text_boxes_are_read(read: Read, outline: Outline) -> None:
    show = Presentation()
    slide = show.slides.add_slide(show.slide_layouts[6])
    group = slide.shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, 100, 100).text_frame.text = "In a group."
    slide.shapes.add_textbox(0, 0, 100, 100).text_frame.text = "• On its own"
    assert outline(read("a.pptx", saved(show))) == [
        ("paragraph", "In a group."),
        ("list_item", "On its own"),
    ]


def test_a_slide_that_is_a_picture_makes_it_partial(read: Read) -> None:
    show = Presentation()
    bullets(show, "Results", ("Falls fell", 0))
    show.slides.add_slide(show.slide_layouts[6]).shapes.add_picture(picture(), 0, 0)
    show.slides.add_slide(show.slide_layouts[6])
    made = read("a.pptx", saved(show))
    assert made.status is DocumentStatus.PARTIAL
    assert made.pages_without_text == (2,)


def test_hidden_slides_are_flagged_and_no_evidence(read: Read, outline: Outline) -> None:
    show = Presentation()
    bullets(show, "Shown", ("one", 0))
    bullets(show, "Backup", ("two", 0))._element.set("show", "0")
    made = read("a.pptx", saved(show))
    assert outline(made, BlockRole.HIDDEN) == [("heading", "Backup"), ("paragraph", "two")]
    assert made.warnings == ("Hidden slides are not used as evidence: 2.",)


def test_slides_come_in_the_order_of_the_show(read: Read, outline: Outline) -> None:
    show = Presentation()
    for name in ("first", "second"):
        bullets(show, name)
    slides = show.slides._sldIdLst
    slides.append(slides[0])
    headings = [text for kind, text in outline(read("a.pptx", saved(show))) if kind == "heading"]
    assert headings == ["second", "first"]


def test_too_many_slides_are_rejected(read: Read) -> None:
    show = Presentation()
    for number in range(3):
        bullets(show, f"Slide {number}")
    assert read("a.pptx", saved(show), pages=2).status is DocumentStatus.REJECTED


def test_a_chart_tells_its_title(read: Read, outline: Outline) -> None:
    show = Presentation()
    data = CategoryChartData()
    data.categories = ["2024", "2025"]
    data.add_series("Falls", (3, 2))
    shapes = show.slides.add_slide(show.slide_layouts[6]).shapes
    chart = shapes.add_chart(XL_CHART_TYPE.LINE, 0, 0, 9999, 9999, data).chart
    chart.chart_title.text_frame.text = "Falls per 1,000 days"
    assert outline(read("a.pptx", saved(show))) == [("paragraph", "Falls per 1,000 days")]


def test_boxes_and_tables_in_notes_are_read_and_page_marks_are_not(
    read: Read, outline: Outline
) -> None:
    show = Presentation()
    notes = bullets(show, "Shown").notes_slide  # type: ignore[attr-defined]
    notes.notes_text_frame.text = "Said."
    box = deepcopy(notes.notes_text_frame._txBody.getparent())
    placeholder = box.find(".//" + qn("p:ph"))
    placeholder.getparent().remove(placeholder)
    notes.shapes._spTree.append(box)
    number = deepcopy(notes.notes_text_frame._txBody.getparent())
    number.find(".//" + qn("p:ph")).set("type", "sldNum")
    notes.shapes._spTree.append(number)
    assert [text for _, text in outline(read("a.pptx", saved(show)))] == ["Shown", "Said.", "Said."]
