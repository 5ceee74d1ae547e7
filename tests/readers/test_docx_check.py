"""The self-check of Word documents: what is counted, what is left out, what is said of a loss."""

from __future__ import annotations

import pytest

from lhs_evidence.model import DocumentStatus

from .conftest import Read
from .test_docx import body, changed, paragraph

MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
LONG = " ".join(f"word{number}" for number in range(300))


def test_all_that_is_read_agrees_with_the_raw_text(read: Read) -> None:
    box = f"<w:txbxContent>{paragraph('Call at once.')}</w:txbxContent>"
    made = read(
        "a.docx",
        body(
            paragraph("Plain."),
            "<w:p><w:r><w:t>Sp</w:t></w:r><w:r><w:t>lit.</w:t></w:r></w:p>",
            "<w:p><w:ins><w:r><w:t>Inserted.</w:t></w:r></w:ins></w:p>",
            f"<w:p><w:r><w:pict>{box}</w:pict></w:r></w:p>",
        ),
    )
    assert (made.status, made.fidelity.agreement) == (DocumentStatus.READY, 1.0)


@pytest.mark.parametrize(
    "left_out",
    [
        "<w:p><w:moveFrom><w:r><w:t>Old place.</w:t></w:r></w:moveFrom></w:p>",
        "<w:p><w:del><w:r><w:delText>Gone.</w:delText></w:r></w:del></w:p>",
        "<w:p><w:r><w:instrText> PAGE </w:instrText></w:r></w:p>",
        (
            "<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p><w:r><w:t>Old row.</w:t></w:r></w:p>"
            "</w:tc></w:tr></w:tbl>"
        ),
        (
            f"<w:p><w:r><mc:AlternateContent {MC}><mc:Choice><w:t>Once.</w:t></mc:Choice>"
            "<mc:Fallback><w:t>Twice.</w:t></mc:Fallback></mc:AlternateContent></w:r></w:p>"
        ),
        "<w:p><w:r><w:ruby><w:rt><w:r><w:t>guide</w:t></w:r></w:rt></w:ruby></w:r></w:p>",
    ],
)
def test_what_is_left_out_on_purpose_is_no_loss(read: Read, left_out: str) -> None:
    made = read("a.docx", body(paragraph("Text."), left_out))
    assert (made.status, made.fidelity.agreement) == (DocumentStatus.READY, 1.0)


def test_words_outside_of_any_paragraph_are_a_loss_that_is_told(read: Read) -> None:
    stray = "<w:r><w:t>We measure seven things here.</w:t></w:r>"
    data = changed(
        body(paragraph(LONG)),
        "word/document.xml",
        lambda xml: xml.replace("</w:body>", f"{stray}</w:body>"),
    )
    made = read("a.docx", data)
    assert made.status is DocumentStatus.PARTIAL
    assert made.fidelity.agreement == pytest.approx(300 / 305)
    assert "5 of its 305 words (1.6%) were not read" in made.reason


def test_an_embedded_document_is_a_loss(read: Read) -> None:
    made = read("a.docx", body(paragraph("Text."), "<w:altChunk/>"))
    assert made.status is DocumentStatus.PARTIAL
    assert "1 document embedded in it was not read" in made.reason


def test_a_box_between_paragraphs_is_read_once(read: Read) -> None:
    versions = f"<mc:Choice>{paragraph('New.')}</mc:Choice><mc:Fallback>{paragraph('Old.')}"
    made = read(
        "a.docx",
        body(
            paragraph("Text."),
            f"<w:sdt><w:sdtContent><mc:AlternateContent {MC}>{versions}</mc:Fallback>"
            "</mc:AlternateContent></w:sdtContent></w:sdt>",
        ),
    )
    assert made.text == "Text.\n\nNew."


def test_the_strict_edition_is_read_and_checked(read: Read) -> None:
    data = changed(
        body(paragraph("Strict text.")),
        "word/document.xml",
        lambda xml: xml.replace(
            "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            "http://purl.oclc.org/ooxml/wordprocessingml/main",
        ),
    )
    made = read("a.docx", data)
    assert (made.text, made.fidelity.agreement) == ("Strict text.", 1.0)
