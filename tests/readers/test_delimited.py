from __future__ import annotations

import pytest

from .conftest import Outline, Read


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_each_row_names_its_columns(read: Read, outline: Outline, delimiter: str) -> None:
    rows = [["Unit", "Falls in 2023", "Target"], ["North", '"12, of which 2 harmed"', "10"]]
    made = read("falls.csv", "\n".join(delimiter.join(row) for row in rows))
    assert outline(made) == [
        ("table_row", "Unit | Falls in 2023 | Target"),
        ("table_row", "Unit: North | Falls in 2023: 12, of which 2 harmed | Target: 10"),
    ]
    assert not made.pages


def test_a_cell_may_hold_lines_and_an_old_encoding(read: Read) -> None:
    made = read("a.csv", 'Unit,Note\r\nBüro,"One.\r\nTwo."\r\n'.encode("cp1252"))
    assert "Unit: Büro | Note: One.\nTwo." in made.text
    assert made.fidelity.encoding == "cp1252"


def test_prose_under_a_table_s_name_is_still_read(read: Read) -> None:
    assert "No table" in read("a.csv", "No table stands in this file\n").text
