from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lhs_evidence.ids import document_id
from lhs_evidence.model import BlockKind, BlockRole, Document, DocumentStatus
from lhs_evidence.readers import SourceFile
from lhs_evidence.readers.canonical import name_numbers, to_document
from lhs_evidence.readers.content import Content, RawBlock, RawPage

SHA = "0" * 64
SOURCE = SourceFile(Path("policies/falls plan.pdf"), "policies/falls plan.pdf")
PARAGRAPH, ITEM, ROW = BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.TABLE_ROW


def document(*blocks: RawBlock, **content: object) -> Document:
    return to_document(SOURCE, SHA, Content("application/pdf", blocks=list(blocks), **content))


RAW_BLOCKS = st.builds(
    RawBlock,
    st.sampled_from(BlockKind),
    st.text(alphabet=st.characters(exclude_categories=()), max_size=60),
    role=st.sampled_from(BlockRole),
    pages=st.lists(st.integers(1, 3), max_size=2).map(tuple),
)


@given(st.lists(RAW_BLOCKS, max_size=12))
def test_blocks_cover_the_text_in_order_with_only_line_ends_between(raw: list[RawBlock]) -> None:
    made = document(*raw)
    position = 0
    for block in made.blocks:
        assert made.text[position : block.start] in ("", "\n", "\n\n")
        assert made.text[block.start : block.end].strip()
        position = block.end
    assert position == len(made.text)


def test_items_and_rows_lie_close_other_blocks_apart() -> None:
    made = document(
        RawBlock(PARAGRAPH, "Staff must:"),
        RawBlock(ITEM, "report falls"),
        RawBlock(ITEM, "review falls"),
        RawBlock(ROW, "Falls | 12"),
        RawBlock(ROW, "Injuries | 3"),
    )
    assert made.text == "Staff must:\n\nreport falls\nreview falls\n\nFalls | 12\nInjuries | 3"


def test_offsets_count_code_points_not_bytes() -> None:
    made = document(RawBlock(PARAGRAPH, "\U0001f3e5 caf\u00e9"), RawBlock(PARAGRAPH, "next"))
    assert [(block.start, block.end) for block in made.blocks] == [(0, 6), (8, 12)]


def test_pages_get_their_stretch_and_shared_blocks_belong_to_both() -> None:
    made = document(
        RawBlock(PARAGRAPH, "first", pages=(1,)),
        RawBlock(PARAGRAPH, "over the break", pages=(1, 2)),
        RawBlock(PARAGRAPH, "last", pages=(2,)),
        pages=[RawPage(1, "i"), RawPage(2, "ii"), RawPage(3, "")],
    )
    stretches = [made.text[page.start : page.end] for page in made.pages]
    assert stretches == ["first\n\nover the break", "over the break\n\nlast", ""]
    assert [page.label for page in made.pages] == ["i", "ii", "3"]


def test_no_text_at_all_is_no_text() -> None:
    made = document(pages=[RawPage(1, "1", has_text=False)])
    assert (made.status, made.text) == (DocumentStatus.NO_TEXT, "")
    assert "OCR" in made.reason


def test_running_headers_alone_are_no_text_either() -> None:
    made = document(RawBlock(PARAGRAPH, "Page 1 of 3", role=BlockRole.FURNITURE))
    assert made.status is DocumentStatus.NO_TEXT


def test_pages_without_text_make_it_partial_and_are_named() -> None:
    pages = [
        RawPage(number, str(number), has_text=number not in (3, 7, 8, 9)) for number in range(1, 11)
    ]
    made = document(RawBlock(PARAGRAPH, "text", pages=(1,)), pages=pages, failed_pages=[10])
    assert made.status is DocumentStatus.PARTIAL
    assert made.reason == "No text could be found on pages 3, 7\u20139; page 10 could not be read."
    assert made.reason in made.warnings
    assert made.pages_without_text == (3, 7, 8, 9, 10)


def test_what_a_reader_lost_makes_it_partial() -> None:
    losses = ["12 of 900 words (1.3%) were not read", "An embedded\nfile was not read."]
    made = document(RawBlock(PARAGRAPH, "text"), losses=losses)
    assert made.status is DocumentStatus.PARTIAL
    assert made.reason == "12 of 900 words (1.3%) were not read; An embedded file was not read."
    assert made.warnings == (made.reason,)
    assert document(losses=losses).status is DocumentStatus.NO_TEXT


def test_a_text_that_is_in_good_part_control_characters_was_not_read_wholly() -> None:
    made = document(RawBlock(PARAGRAPH, "care" * 25 + "\x01\x02" * 10))
    assert made.status is DocumentStatus.PARTIAL
    assert made.reason == "20 of its 120 characters have no meaning and were left out."
    spaced = document(RawBlock(PARAGRAPH, "a\u200b" * 100))
    assert spaced.status is DocumentStatus.READY


def test_only_a_pdf_is_said_to_lack_a_text_layer() -> None:
    content = Content("application/xlsx", pages=[RawPage(1, "Sheet1", has_text=False)])
    assert to_document(SOURCE, SHA, content).reason == "There is no text in it."


@pytest.mark.parametrize(
    ("numbers", "named"),
    [([], ""), ([4], "4"), ([1, 2], "1\u20132"), ([9, 7, 8, 3, 3], "3, 7\u20139")],
)
def test_page_numbers_are_named_compactly(numbers: list[int], named: str) -> None:
    assert name_numbers(numbers) == named


def test_title_is_the_stored_one_else_the_first_heading_else_the_file_name() -> None:
    heading = RawBlock(BlockKind.HEADING, "Falls\nPrevention", 1)
    body = RawBlock(PARAGRAPH, "text")
    assert document(heading, title=" Our \x00Plan ").title == "Our Plan"
    assert document(body, heading).title == "Falls Prevention"
    assert document(body).title == "falls plan"


def test_the_declared_language_is_kept_without_its_country() -> None:
    made = document(RawBlock(PARAGRAPH, "Zorblatt"), language="nl-NL")
    assert made.language == "nl"


def test_many_invisible_characters_are_said_aloud() -> None:
    made = document(RawBlock(PARAGRAPH, "safe\u200b" * 12))
    assert any(warning.startswith("12 control or invisible") for warning in made.warnings)


def test_identity_is_name_and_bytes() -> None:
    assert document(RawBlock(PARAGRAPH, "a")).id == document_id(SOURCE.name, SHA)


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("This page intentionally left blank", BlockRole.FURNITURE),
        ("[This page is left blank.]", BlockRole.FURNITURE),
        ("This page is about blank forms.", BlockRole.BODY),
    ],
)
def test_pages_left_blank_are_no_evidence(text: str, role: BlockRole) -> None:
    assert document(RawBlock(PARAGRAPH, text)).blocks[0].role is role
