"""What pypdf makes of files that pdfium does not open."""

from pathlib import Path

import pytest
import typst
from pypdf import PdfWriter

from lhs_evidence.errors import UnreadableError
from lhs_evidence.model import DocumentStatus
from lhs_evidence.readers.pdf.fallback import read_with_pypdf
from lhs_evidence.settings import ReadingLimits

LIMITS = ReadingLimits()
SOURCE = """
#set document(title: "Plan for Safer Wards")
#set page(width: 400pt, height: 300pt)
The ward keeps a list of known hazards.
#pagebreak()
#rect()
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.pdf"
    typst.compile(SOURCE.encode(), output=str(path))
    return path


def test_text_comes_with_its_pages_and_a_warning(plan):
    content = read_with_pypdf(plan, LIMITS)

    assert [(block.text, block.pages) for block in content.blocks] == [
        ("The ward keeps a list of known hazards.", (1,))
    ]
    assert content.title == "Plan for Safer Wards"
    assert [(page.label, page.has_text) for page in content.pages] == [("1", True), ("2", False)]
    assert len(content.warnings) == 1


def test_statuses_are_the_same_as_pdfiums(plan, tmp_path):
    writer = PdfWriter(clone_from=plan)
    writer.encrypt("secret", algorithm="AES-256")
    writer.write(tmp_path / "closed.pdf")
    (tmp_path / "broken.pdf").write_bytes(b"no such thing")

    for path, limits, status in [
        (tmp_path / "closed.pdf", LIMITS, DocumentStatus.NEEDS_PASSWORD),
        (tmp_path / "broken.pdf", LIMITS, DocumentStatus.FAILED),
        (plan, LIMITS.model_copy(update={"pages": 1}), DocumentStatus.REJECTED),
    ]:
        with pytest.raises(UnreadableError) as caught:
            read_with_pypdf(path, limits)
        assert caught.value.status is status
