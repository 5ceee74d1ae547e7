"""What the PDF reader makes of whole files: pages, labels, title, statuses."""

from pathlib import Path

import pytest
import typst
from pypdf import PdfWriter
from pypdf.constants import PageLabelStyle

from lhs_evidence.errors import UnreadableError
from lhs_evidence.model import BlockKind, DocumentStatus
from lhs_evidence.readers.pdf.reader import read_pdf
from lhs_evidence.settings import ReadingLimits

LIMITS = ReadingLimits()
TWO_PAGES = """
#set document(title: "Plan for Safer Wards")
#set page(width: 400pt, height: 300pt)
= Aims
The ward keeps a list of known hazards.
#pagebreak()
= Duties
The nurse in charge reviews the list each week.
"""

TORN = b"""%PDF-1.4
1 0 obj <</Type /Catalog /Pages 2 0 R>> endobj
2 0 obj <</Type /Pages /Count 2 /Kids [3 0 R 4 0 R]>> endobj
3 0 obj (not a page) endobj
4 0 obj <</Type /Page /Parent 2 0 R /MediaBox [0 0 400 300] /Contents 5 0 R
  /Resources <</Font <</F <</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>>>>>>> endobj
5 0 obj <</Length 43>> stream
BT /F 12 Tf 50 200 Td (Harbour) Tj ET     \x20
endstream endobj
trailer <</Root 1 0 R>>
%%EOF
"""


def _write(path: Path, source: str) -> Path:
    typst.compile(source.encode(), output=str(path))
    return path


def test_text_pages_and_title_are_read(tmp_path):
    content = read_pdf(_write(tmp_path / "plan.pdf", TWO_PAGES), LIMITS)

    assert content.media_type == "application/pdf"
    assert content.title == "Plan for Safer Wards"
    assert [(block.kind, block.text, block.pages) for block in content.blocks] == [
        (BlockKind.HEADING, "Aims", (1,)),
        (BlockKind.PARAGRAPH, "The ward keeps a list of known hazards.", (1,)),
        (BlockKind.HEADING, "Duties", (2,)),
        (BlockKind.PARAGRAPH, "The nurse in charge reviews the list each week.", (2,)),
    ]
    assert [(page.width, page.height, page.has_text) for page in content.pages] == [
        (400.0, 300.0, True),
        (400.0, 300.0, True),
    ]


def test_largest_heading_stands_in_for_a_missing_title(tmp_path):
    source = "#text(size: 24pt)[Charter of Patients]\n\nEvery patient is heard."

    assert read_pdf(_write(tmp_path / "a.pdf", source), LIMITS).title == "Charter of Patients"


def test_labels_default_to_page_numbers(tmp_path):
    content = read_pdf(_write(tmp_path / "plan.pdf", TWO_PAGES), LIMITS)

    assert [page.label for page in content.pages] == ["1", "2"]


def test_printed_labels_are_kept(tmp_path):
    writer = PdfWriter(clone_from=_write(tmp_path / "plan.pdf", TWO_PAGES))
    writer.set_page_label(0, 0, style=PageLabelStyle.LOWERCASE_ROMAN, start=4)
    writer.set_page_label(1, 1, prefix="A-", style=PageLabelStyle.DECIMAL, start=7)
    writer.write(tmp_path / "labelled.pdf")

    content = read_pdf(tmp_path / "labelled.pdf", LIMITS)

    assert [page.label for page in content.pages] == ["iv", "A-7"]


def test_boxes_are_points_from_the_top_left_corner(tmp_path):
    source = """
    #set page(width: 400pt, height: 300pt, margin: 0pt)
    #place(top + left, dx: 50pt, dy: 200pt)[#text(size: 10pt)[Harbour]]
    """
    (block,) = read_pdf(_write(tmp_path / "a.pdf", source), LIMITS).blocks
    (box,) = block.boxes

    assert box.page == 1
    assert box.x0 == pytest.approx(50, abs=2)
    assert 198 <= box.y0 < box.y1 <= 212


@pytest.mark.parametrize(("turn", "corner"), [(90, "x1"), (180, "x1"), (270, "x0")])
def test_boxes_follow_a_turned_page(tmp_path, turn, corner):
    source = "#set page(width: 400pt, height: 300pt, margin: 20pt)\nHarbour"
    writer = PdfWriter(clone_from=_write(tmp_path / "a.pdf", source))
    writer.pages[0].rotate(turn)
    writer.write(tmp_path / "turned.pdf")

    content = read_pdf(tmp_path / "turned.pdf", LIMITS)
    page, box = content.pages[0], content.blocks[0].boxes[0]

    assert (page.width, page.height) == ((300.0, 400.0) if turn != 180 else (400.0, 300.0))
    edge = getattr(box, corner)
    assert edge == pytest.approx(20 if corner == "x0" else page.width - 20, abs=6)
    assert 0 < box.x0 < box.x1 < page.width
    assert 0 < box.y0 < box.y1 < page.height


def test_open_encryption_is_read(tmp_path):
    writer = PdfWriter(clone_from=_write(tmp_path / "plan.pdf", TWO_PAGES))
    writer.encrypt("", owner_password="owner", algorithm="AES-256")
    writer.write(tmp_path / "open.pdf")

    assert read_pdf(tmp_path / "open.pdf", LIMITS).blocks[0].text == "Aims"


@pytest.mark.parametrize("algorithm", ["RC4-128", "AES-256"])
def test_a_password_is_asked_for(tmp_path, algorithm):
    writer = PdfWriter(clone_from=_write(tmp_path / "plan.pdf", TWO_PAGES))
    writer.encrypt("secret", algorithm=algorithm)
    writer.write(tmp_path / "closed.pdf")

    with pytest.raises(UnreadableError, match="password") as caught:
        read_pdf(tmp_path / "closed.pdf", LIMITS)
    assert caught.value.status is DocumentStatus.NEEDS_PASSWORD


def test_too_many_pages_are_rejected(tmp_path):
    path = _write(tmp_path / "plan.pdf", TWO_PAGES)

    with pytest.raises(UnreadableError, match="2 pages; the limit is 1") as caught:
        read_pdf(path, LIMITS.model_copy(update={"pages": 1}))
    assert caught.value.status is DocumentStatus.REJECTED


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\nnothing here\n%%EOF", b"\x00" * 4096])
def test_what_is_no_pdf_fails_with_a_reason(tmp_path, content):
    path = tmp_path / "broken.pdf"
    path.write_bytes(content)

    with pytest.raises(UnreadableError) as caught:
        read_pdf(path, LIMITS)
    assert caught.value.status is DocumentStatus.FAILED
    assert str(caught.value).endswith(".")


def test_a_truncated_file_is_read_as_far_as_it_goes_or_fails(tmp_path):
    whole = _write(tmp_path / "plan.pdf", TWO_PAGES).read_bytes()
    whole_texts = {block.text for block in read_pdf(tmp_path / "plan.pdf", LIMITS).blocks}
    outcomes: set[str] = set()
    path = tmp_path / "cut.pdf"
    for share in (0.2, 0.5, 0.8, 0.95):
        path.write_bytes(whole[: int(len(whole) * share)])
        try:
            texts = {block.text for block in read_pdf(path, LIMITS).blocks}
        except UnreadableError as error:
            outcomes.add(error.status)
        else:
            outcomes.update(texts - whole_texts)
    assert outcomes <= {DocumentStatus.FAILED}


def test_pages_without_text_are_told_apart(tmp_path):
    source = "#rect(width: 90%, height: 40%)\n#pagebreak()\nSome words."
    content = read_pdf(_write(tmp_path / "a.pdf", source), LIMITS)

    assert [page.has_text for page in content.pages] == [False, True]


def test_a_file_without_any_text_has_pages_but_no_blocks(tmp_path):
    content = read_pdf(_write(tmp_path / "a.pdf", "#rect(width: 90%, height: 40%)"), LIMITS)

    assert content.blocks == []
    assert [page.has_text for page in content.pages] == [False]


def test_a_page_that_cannot_be_loaded_costs_no_other(tmp_path):
    path = tmp_path / "torn.pdf"
    path.write_bytes(TORN)

    content = read_pdf(path, LIMITS)

    assert content.failed_pages == [1]
    assert [(page.number, page.has_text) for page in content.pages] == [(1, False), (2, True)]
    assert [(block.text, block.pages) for block in content.blocks] == [("Harbour", (2,))]
