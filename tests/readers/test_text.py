from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lhs_evidence.model import DocumentStatus
from lhs_evidence.readers.plain.charset import decode
from lhs_evidence.readers.plain.text import text_blocks

from .conftest import Outline, Read


def test_what_people_type_by_hand_is_understood(read: Read, outline: Outline) -> None:
    made = read(
        "policy.txt",
        "Riverbend Clinic\n================\n\nFALLS POLICY\n\n1.2 Purpose\n\nWe prevent falls\n"
        "and learn from them.\n\nStaff must:\n- screen each patient\n  on admission\n* report\n"
        "    (a) to the nurse\n    (b) to the manager\n\nReview\n------\nEach year.\n",
    )
    assert outline(made) == [
        ("heading", "Riverbend Clinic"),
        ("heading", "FALLS POLICY"),
        ("heading", "1.2 Purpose"),
        ("paragraph", "We prevent falls and learn from them."),
        ("paragraph", "Staff must:"),
        ("list_item", "screen each patient on admission"),
        ("list_item", "report"),
        ("list_item", "(a) to the nurse"),
        ("list_item", "(b) to the manager"),
        ("heading", "Review"),
        ("paragraph", "Each year."),
    ]
    assert [block.level for block in made.blocks] == [1, 1, 2, 0, 0, 0, 0, 1, 1, 2, 0]


@pytest.mark.parametrize(
    "line",
    [
        "WE SAID: REPORT EVERY FALL.",
        "12 falls were reported in the year, fewer than the year before.",
        "I saw him fall.",
        "- - - -",
        "2024",
    ],
)
def test_ordinary_lines_are_not_headings(line: str) -> None:
    assert [block.kind.value for block in text_blocks(line)] != ["heading"]


@given(st.text(alphabet="abc XY.-*=#\n\t1)", max_size=200))
def test_no_word_is_lost(text: str) -> None:
    found = " ".join(block.text for block in text_blocks(text))
    wanted = [letter for letter in text if letter.isalpha()]
    assert [letter for letter in found if letter.isalpha()] == wanted


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_any_encoding_is_read(encoding: str) -> None:
    text = "Die Pflegekräfte prüfen täglich die Stürze; Ärzte hören zu und ändern Pläne."
    decoded = decode(text.encode(encoding))
    assert (decoded.text, decoded.undecodable) == (text, 0)


def test_other_alphabets_are_guessed() -> None:
    text = "Комитет рассматривает каждый случай и сообщает совету в течение тридцати дней. " * 3
    assert decode(text.encode("cp1251")).text == text


def test_a_lying_latin_declaration_does_not_count() -> None:
    text = "تراجع اللجنة كل حادث وترفع تقريرا إلى المجلس خلال ثلاثين يوما. " * 5
    assert decode(text.encode("cp1256"), "iso-8859-1").text == text


def test_a_bad_byte_in_utf8_is_one_bad_character(read: Read) -> None:
    data = ("Die Pflegekräfte prüfen täglich. " * 200).encode() + b"\xff"
    made = read("a.txt", data)
    assert made.text.count("prüfen") == 200
    assert any("1 character" in warning for warning in made.warnings)


def test_noise_that_begins_like_text_is_no_text(read: Read) -> None:
    made = read("a.txt", b"A fine beginning. " * 5_000 + bytes(range(256)) * 1_500)
    assert made.status is DocumentStatus.UNSUPPORTED


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("Stürze".encode(), "utf-8"),
        ("Stürze".encode("utf-16"), "utf-16"),
        ("Stürze und Ärzte".encode("cp1252"), "cp1252"),
    ],
)
def test_the_encoding_found_is_kept(read: Read, data: bytes, encoding: str) -> None:
    for name in ("a.txt", "a.md", "a.html"):
        assert read(name, data).fidelity.encoding == encoding


@pytest.mark.parametrize("text", ["Büro", "Grüße aus Köln", "“It’s 5 £”", "5 µg je m²", "Año más"])
def test_a_few_accents_are_western_and_not_chinese(text: str) -> None:
    assert decode(text.encode("cp1252")).text == text


def test_a_form_feed_ends_a_line_and_two_pages_are_not_one_word(read: Read) -> None:
    made = read("a.txt", "End of page one.\x0cStart of page two.\n\x0c\nThird.")
    assert made.text.split("\n\n") == ["End of page one. Start of page two.", "Third."]


@pytest.mark.parametrize(
    ("wrapped", "whole"),
    [
        ("Report all inci-\ndents at once.", "Report all incidents at once."),
        (
            "A well-known rule.\nIt is well-\nknown here.",
            "A well-known rule. It is well-known here.",
        ),
        ("A long term plan.\nThe long-\nterm view.", "A long term plan. The long-term view."),
        ("Both pre-\nand post-operative.", "Both pre- and post-operative."),
        ("From 2020-\n2024 and A-\nB.", "From 2020- 2024 and A- B."),
        ("Incidents happen.\nEach inci-\ndents list.", "Incidents happen. Each incidents list."),
    ],
)
def test_words_divided_at_line_ends_are_whole_again(read: Read, wrapped: str, whole: str) -> None:
    assert read("a.txt", wrapped).text == whole


def test_old_text_of_fixed_width_with_form_feeds_is_paragraphs(
    read: Read, outline: Outline
) -> None:
    made = read(
        "old.txt",
        "     Every fall is reported to the nurse in charge with-\r\n     in a day.\r\n\r\n\r\n"
        "\x0c     Each month the board sees the fig-\r\n     ures.\r\n",
    )
    assert outline(made) == [
        ("paragraph", "Every fall is reported to the nurse in charge within a day."),
        ("paragraph", "Each month the board sees the figures."),
    ]
