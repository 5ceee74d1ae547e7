from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from lhs_evidence.model import BlockKind, BlockRole, DocumentStatus
from lhs_evidence.readers.office.sheet_rows import row_blocks

from .conftest import Outline, Read


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def sheet(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.active.title = "Quality"
    return saved(book)


def rows(*cells: list[str | None]) -> list[str]:
    found = row_blocks(
        [{column: text for column, text in enumerate(row) if text} for row in cells],
        BlockRole.BODY,
        1,
    )
    return [block.text for block in found]


def test_a_row_names_its_columns_and_a_sheet_is_a_page(read: Read, outline: Outline) -> None:
    made = read("q.xlsx", sheet(["Measure", "Target"], ["Falls per 1,000 days", "below 2"]))
    assert outline(made) == [
        ("heading", "Quality"),
        ("table_row", "Measure | Target"),
        ("table_row", "Measure: Falls per 1,000 days | Target: below 2"),
    ]
    assert [(page.number, page.label) for page in made.pages] == [(1, "Quality")]
    assert made.title == "q"


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (0.1304, "0%", "13%"),
        (0.1304, "0.0%", "13.0%"),
        (1234567, "#,##0", "1,234,567"),
        (1234.5, '"$"#,##0.00', "$1,234.50"),
        (3.0, "General", "3"),
        (2 / 3, "General", "0.6666666667"),
        (2 / 3, "0.00", "0.67"),
        (True, "General", "yes"),
        (date(2026, 3, 1), "yyyy-mm-dd", "2026-03-01"),
        (datetime(2026, 3, 1, 14, 30), "yyyy-mm-dd hh:mm", "2026-03-01 14:30"),  # noqa: DTZ001
    ],
)
def test_values_are_written_as_the_sheet_shows_them(
    read: Read, value: object, form: str, shown: str
) -> None:
    book = Workbook()
    book.active.append(["Measure", value])
    book.active["B1"].number_format = form
    assert read("q.xlsx", saved(book)).text.endswith(f"Measure | {shown}")


def test_hidden_sheets_are_flagged_and_no_evidence(read: Read, outline: Outline) -> None:
    book = Workbook()
    book.active.append(["Seen by everyone."])
    hidden = book.create_sheet("Lookup")
    hidden.append(["Not seen."])
    hidden.sheet_state = "hidden"
    made = read("q.xlsx", saved(book))
    assert outline(made, BlockRole.HIDDEN) == [("heading", "Lookup"), ("paragraph", "Not seen.")]
    assert any("Lookup" in warning for warning in made.warnings)
    assert made.status is DocumentStatus.READY


def test_a_header_over_two_rows_is_joined() -> None:
    assert rows(
        ["Unit", "Falls", None, "Injuries", None],
        [None, "2024", "2025", "2024", "2025"],
        ["North", "12", "9", "3", "1"],
    ) == [
        "Unit | Falls 2024 | Falls 2025 | Injuries 2024 | Injuries 2025",
        "Unit: North | Falls 2024: 12 | Falls 2025: 9 | Injuries 2024: 3 | Injuries 2025: 1",
    ]


def test_tables_on_one_sheet_have_headers_of_their_own() -> None:
    assert rows(
        ["Unit", "Falls"],
        ["North", "12"],
        [],
        ["Contacts"],
        ["Name", "Role", "Phone"],
        ["Ada Byron", "Safety Officer", "5555"],
    ) == [
        "Unit | Falls",
        "Unit: North | Falls: 12",
        "Contacts",
        "Name | Role | Phone",
        "Name: Ada Byron | Role: Safety Officer | Phone: 5555",
    ]


def test_a_table_goes_on_after_a_blank_row() -> None:
    assert (
        rows(["Unit", "Falls"], ["North", "12"], [], ["South", "4"])[-1] == "Unit: South | Falls: 4"
    )


def test_rows_without_header_are_plain() -> None:
    assert rows(["12", "13"], ["14", "15"]) == ["12 | 13", "14 | 15"]


def test_prose_in_a_sheet_is_a_paragraph(read: Read, outline: Outline) -> None:
    made = read("q.xlsx", sheet(["We review all falls each month."]))
    assert outline(made)[1] == ("paragraph", "We review all falls each month.")


def test_an_empty_sheet_does_not_make_it_partial(read: Read) -> None:
    book = Workbook()
    book.active.append(["text", "more"])
    book.create_sheet("Empty")
    made = read("q.xlsx", saved(book))
    assert (made.status, len(made.pages)) == (DocumentStatus.READY, 2)


def test_wide_gaps_cost_nothing_and_lines_in_cells_stay(read: Read) -> None:
    book = Workbook()
    book.active["A1"] = "top\nline"
    book.active["B1"] = "side"
    book.active["A100000"] = "far below"
    made = read("q.xlsx", saved(book))
    assert made.text == "Sheet\n\ntop\nline | side\n\nfar below"
    assert made.blocks[1].kind is BlockKind.TABLE_ROW


def test_too_many_sheets_or_too_much_text_is_rejected(read: Read) -> None:
    book = Workbook()
    book.active.append(["a" * 50, "b" * 50])
    book.create_sheet("Two")
    data = saved(book)
    assert read("q.xlsx", data, pages=1).status is DocumentStatus.REJECTED
    assert read("q.xlsx", data, characters=60).status is DocumentStatus.REJECTED


def test_a_workbook_in_the_strict_edition_is_read_like_any_other(read: Read) -> None:
    usual = sheet(["Measure", "Target"], ["Falls per 1,000 days", "below 2"])
    strict = io.BytesIO()
    with ZipFile(io.BytesIO(usual)) as archive, ZipFile(strict, "w") as made:
        for name in archive.namelist():
            part = archive.read(name)
            for place in (b"spreadsheetml", b"officeDocument"):
                old = b"http://schemas.openxmlformats.org/" + place + b"/2006/"
                part = part.replace(old, b"http://purl.oclc.org/ooxml/" + place + b"/")
            made.writestr(name, part)
    assert strict.getvalue() != usual
    assert read("s.xlsx", strict.getvalue()).text == read("u.xlsx", usual).text


def test_the_reason_of_a_failure_names_no_folder_of_this_machine(
    read: Read, tmp_path: Path
) -> None:
    broken = io.BytesIO()
    with ZipFile(io.BytesIO(sheet(["Measure"]))) as archive, ZipFile(broken, "w") as made:
        for name in archive.namelist():
            part = archive.read(name)
            made.writestr(name, b"<styleSheet><fonts>" if name.endswith("styles.xml") else part)
    found = read("torn.xlsx", broken.getvalue())
    assert found.status is DocumentStatus.FAILED
    assert "could not be read" in found.reason
    assert str(tmp_path) not in found.reason
