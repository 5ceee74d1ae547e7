from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from docx import Document as WordDocument
from docx.enum.text import WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt, RGBColor

from lhs_evidence.model import BlockKind, BlockRole, DocumentStatus

from .conftest import Outline, Read

W = nsdecls("w")


def saved(document: object) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)  # type: ignore[attr-defined]
    return buffer.getvalue()


def body(*elements: str) -> bytes:
    """A document whose body is this XML; `w:` is declared on each element."""
    document = WordDocument()
    section = document.element.body[-1]
    for element in elements:
        head, _, rest = element.partition(">")
        closing = "/" if head.endswith("/") else ""
        markup = f"{head.removesuffix('/')} {W}{closing}>{rest}"
        section.addprevious(parse_xml(markup))
    return saved(document)


def changed(data: bytes, part: str, change: Callable[[str], str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == part:
                content = change(content.decode()).encode()
            new.writestr(entry.filename, content)
    return buffer.getvalue()


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def test_headings_lists_and_paragraphs_in_order(read: Read, outline: Outline) -> None:
    document = WordDocument()
    document.add_heading("Falls Prevention", 0)
    document.add_heading("Purpose", 1)
    document.add_paragraph("We prevent falls.")
    document.add_paragraph("Screen each patient", style="List Bullet")
    document.add_paragraph("on admission", style="List Bullet 2")
    made = read("falls.docx", saved(document))
    assert outline(made) == [
        ("heading", "Falls Prevention"),
        ("heading", "Purpose"),
        ("paragraph", "We prevent falls."),
        ("list_item", "Screen each patient"),
        ("list_item", "on admission"),
    ]
    assert [block.level for block in made.blocks] == [1, 1, 0, 0, 1]
    assert (made.title, made.status, made.pages) == ("Falls Prevention", DocumentStatus.READY, ())


def test_content_controls_and_custom_xml_are_read(read: Read, outline: Outline) -> None:
    data = body(
        f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph('In a control.')}</w:sdtContent></w:sdt>",
        "<w:p><w:sdt><w:sdtContent><w:r><w:t>Inline</w:t></w:r></w:sdtContent></w:sdt>"
        "<w:smartTag><w:r><w:t> too.</w:t></w:r></w:smartTag></w:p>",
        f"<w:customXml>{paragraph('In custom XML.')}</w:customXml>",
    )
    texts = [text for _, text in outline(read("a.docx", data))]
    assert texts == ["In a control.", "Inline too.", "In custom XML."]


def test_tracked_insertions_are_in_and_deletions_out(read: Read) -> None:
    data = body(
        "<w:p><w:r><w:t>Staff </w:t></w:r><w:ins><w:r><w:t>must</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>may</w:delText></w:r></w:del><w:r><w:t> report.</w:t></w:r></w:p>",
        "<w:p><w:moveFrom><w:r><w:t>Old place.</w:t></w:r></w:moveFrom>"
        "<w:moveTo><w:r><w:t>New place.</w:t></w:r></w:moveTo></w:p>",
    )
    assert read("a.docx", data).text == "Staff must report.\n\nNew place."


def test_a_text_box_is_read_once(read: Read) -> None:
    box = f"<w:txbxContent>{paragraph('Call 5555 at once.')}</w:txbxContent>"
    data = body(
        "<w:p><w:r><w:t>Before.</w:t></w:r><w:r>"
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
        "</w:r></w:p>",
        paragraph("After."),
    )
    assert read("a.docx", data).text == "Before.\n\nCall 5555 at once.\n\nAfter."


def test_tables_become_rows_and_nested_ones_follow(read: Read, outline: Outline) -> None:
    document = WordDocument()
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ["Measure", "Target", "Falls", "below 2"], strict=True):
        cell.text = text
    outer = document.add_table(1, 1).cell(0, 0)
    outer.text = "Laid out."
    inner = outer.add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "deep", "table"
    assert outline(read("a.docx", saved(document))) == [
        ("table_row", "Measure | Target"),
        ("table_row", "Falls | below 2"),
        ("paragraph", "Laid out."),
        ("table_row", "deep | table"),
    ]


def test_tables_nested_beyond_reason_are_read_to_the_bottom(read: Read) -> None:
    depth = 300
    table = (
        "<w:tbl><w:tr><w:tc>" * depth
        + paragraph("At the bottom.")
        + "</w:tc></w:tr></w:tbl>" * depth
    )
    data = changed(
        body(paragraph("MARK")),
        "word/document.xml",
        lambda xml: xml.replace(xml[xml.index("<w:p>") : xml.index("</w:p>") + 6], table),
    )
    assert read("a.docx", data).text == "At the bottom."


def test_automatic_numbers_are_written_out(read: Read, outline: Outline) -> None:
    numbering = (
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="7">'
        '<w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1.%2)"/></w:lvl>'
        '</w:abstractNum><w:num w:numId="9"><w:abstractNumId w:val="7"/></w:num></w:numbering>'
    )

    def item(text: str, depth: int, style: str = "") -> str:
        return (
            f'<w:p><w:pPr>{style}<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="9"/></w:numPr>'
            f"</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"
        )

    heading = '<w:pStyle w:val="Heading1"/>'
    data = body(
        item("Scope", 0, heading), item("all", 1), item("some", 1), item("Duties", 0, heading)
    )
    data = changed(data, "word/numbering.xml", lambda _: numbering)
    assert outline(read("a.docx", data)) == [
        ("heading", "1. Scope"),
        ("list_item", "1.a) all"),
        ("list_item", "1.b) some"),
        ("heading", "2. Duties"),
    ]


def test_contents_are_no_evidence(read: Read, outline: Outline) -> None:
    data = body(
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText> TOC \\o "1-3"</w:instrText>'
        '<w:fldChar w:fldCharType="separate"/><w:t>Purpose 3</w:t></w:r></w:p>',
        '<w:p><w:r><w:t>Scope 4</w:t><w:fldChar w:fldCharType="end"/></w:r></w:p>',
        paragraph("Text."),
    )
    made = read("a.docx", data)
    assert outline(made, BlockRole.CONTENTS) == [
        ("paragraph", "Purpose 3"),
        ("paragraph", "Scope 4"),
    ]
    assert outline(made) == [("paragraph", "Text.")]


def test_headers_and_footers_are_furniture_once(read: Read, outline: Outline) -> None:
    document = WordDocument()
    document.add_paragraph("Text.")
    document.sections[0].header.paragraphs[0].text = "Riverbend Clinic"
    document.add_section().header.is_linked_to_previous = False
    document.sections[1].header.paragraphs[0].text = "Riverbend Clinic"
    made = read("a.docx", saved(document))
    assert outline(made, BlockRole.FURNITURE) == [("paragraph", "Riverbend Clinic")]
    assert outline(made) == [("paragraph", "Text.")]


def test_hidden_tiny_and_white_text_is_hidden(read: Read, outline: Outline) -> None:
    document = WordDocument()
    line = document.add_paragraph("Seen. ")
    line.add_run("vanished ").font.hidden = True
    line.add_run("white ").font.color.rgb = RGBColor(255, 255, 255)
    line.add_run("tiny").font.size = Pt(1)
    table = document.add_table(1, 2)
    table.cell(0, 0).paragraphs[0].add_run("White on blue").font.color.rgb = RGBColor(255, 255, 255)
    table.cell(0, 1).text = "cell"
    made = read("a.docx", saved(document))
    assert outline(made, BlockRole.HIDDEN) == [("paragraph", "vanished white tiny")]
    assert outline(made) == [("paragraph", "Seen."), ("table_row", "White on blue | cell")]


def test_breaks_and_tabs_are_spaces_and_bold_lines_headings(read: Read, outline: Outline) -> None:
    document = WordDocument()
    document.add_paragraph().add_run("Reporting").bold = True
    line = document.add_paragraph()
    line.add_run("Tell\tthe")
    line.add_run().add_break(WD_BREAK.LINE)
    line.add_run("manager.")
    assert outline(read("a.docx", saved(document))) == [
        ("heading", "Reporting"),
        ("paragraph", "Tell the manager."),
    ]


def test_footnotes_follow_the_text(read: Read, outline: Outline) -> None:
    notes = (
        f'<w:footnotes {W}><w:footnote w:type="separator" w:id="0">{paragraph("rule")}</w:footnote>'
        f'<w:footnote w:id="1">{paragraph("See the annual report.")}</w:footnote></w:footnotes>'
    )
    data = body('<w:p><w:r><w:t>Falls fell.</w:t><w:footnoteReference w:id="1"/></w:r></w:p>')
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    relation = f'<Relationship Id="n1" Type="{kind}" Target="footnotes.xml"/></Relationships>'
    data = changed(
        data,
        "word/_rels/document.xml.rels",
        lambda text: text.replace("</Relationships>", relation),
    )
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("word/footnotes.xml", notes)
    assert outline(read("a.docx", buffer.getvalue())) == [
        ("paragraph", "Falls fell."),
        ("footnote", "See the annual report."),
    ]


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("Falls Prevention Policy", "Falls Prevention Policy"),
        ("Microsoft Word - falls_v3.docx", "Purpose"),
        ("Annual Budget of the Region", "Purpose"),
        ("Document1", "Purpose"),
    ],
)
def test_a_stored_title_counts_only_if_the_document_bears_it(
    read: Read, stored: str, shown: str
) -> None:
    document = WordDocument()
    document.core_properties.title = stored
    document.add_paragraph("This Falls Prevention Policy binds all staff.")
    document.add_heading("Purpose", 1)
    assert read("a.docx", saved(document)).title == shown


def test_external_targets_are_not_followed_and_entities_not_resolved(read: Read) -> None:
    data = changed(
        body(paragraph("Text.")),
        "word/document.xml",
        lambda xml: xml.replace(
            "<w:document", '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document', 1
        ),
    )
    made = read("a.docx", data)
    assert made.status is DocumentStatus.REJECTED
    assert "DOCTYPE" in made.reason


def test_a_part_that_is_no_xml_is_damage(read: Read) -> None:
    data = changed(body(paragraph("Text.")), "word/document.xml", lambda xml: xml[:-30])
    made = read("a.docx", data)
    assert made.status is DocumentStatus.FAILED
    assert "document.xml" in made.reason


def test_symbols_and_checkboxes_survive(read: Read) -> None:
    data = body(
        '<w:p><w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:t> trained</w:t></w:r></w:p>'
    )
    assert read("a.docx", data).text == "☒ trained"


def test_a_document_without_words_has_no_text(read: Read) -> None:
    made = read("a.docx", saved(WordDocument()))
    assert made.status is DocumentStatus.NO_TEXT
    assert not [block for block in made.blocks if block.kind is BlockKind.PARAGRAPH]
