"""What the second PDF library adds: a check of what was read, and pages that the first lost."""

from contextlib import suppress
from pathlib import Path

import pytest
import typst
from pypdf import PdfWriter

from lhs_evidence.errors import UnreadableError
from lhs_evidence.model import DocumentStatus
from lhs_evidence.readers.content import Content, RawPage
from lhs_evidence.readers.pdf.deadline import time_limit
from lhs_evidence.readers.pdf.reader import read_pdf
from lhs_evidence.readers.pdf.second import agreement, ask_second
from lhs_evidence.settings import ReadingLimits

LIMITS = ReadingLimits()
SENTENCE = "The pharmacist counts the morphine twice a day and signs for it in the red book. "


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "book.pdf"
    chapter = f"{SENTENCE * 9}\n#pagebreak()\n"
    typst.compile(f'#set page(paper: "a6")\n{chapter * 3}'.encode(), output=str(path))
    return path


def test_a_sound_file_is_agreed_upon(book: Path) -> None:
    content = read_pdf(book, LIMITS)

    assert content.agreement is not None
    assert content.agreement > 0.95
    assert content.warnings == []


def test_a_text_that_the_second_library_does_not_find_is_uncertain(book: Path) -> None:
    content = Content("application/pdf", pages=[RawPage(1, "1")])
    ask_second(book, content, [], {1: "Quite other words stand here. " * 20}, spent=1, most_pages=1)

    assert content.agreement is not None
    assert content.agreement < 0.5
    assert [warning[:15] for warning in content.warnings] == ["Text uncertain:"]


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("Clean hands save lives", "clean hands SAVE lives", 1.0, 1.0),
        ("C l e a n hands save lives", "Clean handssave lives", 0.99, 1.0),
        ("lives save hands clean", "clean hands save lives", 1.0, 1.0),
        ("The first half of it is here", "The first", 0.0, 0.4),
        ("ﬁve", "five", 1.0, 1.0),
    ],
)
def test_agreement_looks_past_spaces_and_order(
    one: str, other: str, least: float, most: float
) -> None:
    assert least <= agreement(one, other) <= most


def test_a_page_that_was_not_read_is_put_in_its_place(book: Path) -> None:
    content = read_pdf(book, LIMITS)
    whole = [block.pages for block in content.blocks]
    content.blocks = [block for block in content.blocks if 2 not in block.pages]
    content.pages[1] = RawPage(2, "2", has_text=False)
    content.failed_pages = [2]
    ask_second(book, content, [2], {}, spent=0, most_pages=9)

    assert content.failed_pages == []
    assert content.pages[1].has_text
    assert {pages[0] for pages in whole} == {1, 2, 3} == {b.pages[0] for b in content.blocks}
    assert [b.pages[0] for b in content.blocks] == sorted(b.pages[0] for b in content.blocks)
    assert "simpler" in content.warnings[0]


def test_pages_that_only_the_second_library_finds_are_added(book: Path) -> None:
    content = read_pdf(book, LIMITS)
    del content.pages[2:]
    content.blocks = [block for block in content.blocks if 3 not in block.pages]
    ask_second(book, content, [], {}, spent=0, most_pages=9)

    assert content.pages[2].has_text
    assert any(block.pages == (3,) for block in content.blocks)


def test_a_password_is_asked_for_only_where_neither_library_can_do_without(
    book: Path, tmp_path: Path
) -> None:
    writer = PdfWriter(clone_from=book)
    writer.encrypt("secret", algorithm="AES-256")
    writer.write(tmp_path / "closed.pdf")

    with pytest.raises(UnreadableError) as caught:
        read_pdf(tmp_path / "closed.pdf", LIMITS)
    assert caught.value.status is DocumentStatus.NEEDS_PASSWORD


def test_a_time_limit_ends_what_catches_every_error() -> None:
    def never_ends() -> None:
        with time_limit(0.05):
            while True:
                with suppress(Exception):
                    sum(range(1_000))

    with pytest.raises(TimeoutError):
        never_ends()


def test_a_time_limit_that_is_kept_leaves_no_alarm_behind() -> None:
    with time_limit(0.02):
        pass
    sum(range(3_000_000))
