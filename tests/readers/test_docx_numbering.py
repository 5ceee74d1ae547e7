"""Printed numbers of headings and lists, as Word itself counts them."""

from __future__ import annotations

from lxml import etree

from lhs_evidence.readers.office.docx_numbering import Numbering
from lhs_evidence.readers.office.docx_styles import W

XMLNS = f'xmlns:w="{W[1:-1]}"'


def level(depth: int, form: str, pattern: str, more: str = "") -> str:
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:lvlText w:val="{pattern}"/></w:lvl>'
    )


def use(number: int, base: int = 0, override: str = "") -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{base}"/>{override}</w:num>'


def numbering(levels: str, uses: str) -> Numbering:
    definition = f'<w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
    return Numbering(etree.fromstring(f"<w:numbering {XMLNS}>{definition}{uses}</w:numbering>"))


def anew(depth: int, start: int) -> str:
    return f'<w:lvlOverride w:ilvl="{depth}"><w:startOverride w:val="{start}"/></w:lvlOverride>'


THREE = level(0, "decimal", "%1") + level(1, "decimal", "%1.%2") + level(2, "decimal", "%1.%2.%3")


def test_headings_of_three_levels_count_under_one_another() -> None:
    lists = numbering(THREE, use(1))
    depths = [0, 1, 1, 2, 2, 0, 1, 2]
    assert [lists.label("1", depth) for depth in depths] == [
        *("1", "1.1", "1.2", "1.2.1", "1.2.2"),
        *("2", "2.1", "2.1.1"),
    ]


def test_a_list_that_starts_anew_does_so_once() -> None:
    lists = numbering(level(0, "decimal", "%1."), use(1) + use(2, override=anew(0, 5)))
    labels = [lists.label(number, 0) for number in ("1", "1", "2", "2", "1")]
    assert labels == ["1.", "2.", "5.", "6.", "7."]


def test_lists_of_one_definition_go_on_together() -> None:
    lists = numbering(level(0, "decimal", "%1."), use(1) + use(2))
    assert [lists.label(number, 0) for number in ("1", "2", "1")] == ["1.", "2.", "3."]


def test_a_level_may_count_on_through_the_ones_above() -> None:
    never = '<w:lvlRestart w:val="0"/>'
    lists = numbering(level(0, "decimal", "%1") + level(1, "decimal", "Item %2", never), use(1))
    assert [lists.label("1", depth) for depth in (0, 1, 1, 0, 1)] == [
        *("1", "Item 1", "Item 2"),
        *("2", "Item 3"),
    ]


def test_a_level_may_start_anew_after_the_first_only() -> None:
    after_first = '<w:lvlRestart w:val="1"/>'
    levels = (
        level(0, "decimal", "%1")
        + level(1, "decimal", "%1.%2")
        + level(2, "lowerLetter", "%3)", after_first)
    )
    lists = numbering(levels, use(1))
    assert [lists.label("1", depth) for depth in (0, 1, 2, 1, 2, 0, 1, 2)] == [
        *("1", "1.1", "a)", "1.2", "b)"),
        *("2", "2.1", "a)"),
    ]


def test_legal_numbers_are_decimals_throughout() -> None:
    legal = "<w:isLgl/>"
    lists = numbering(level(0, "upperRoman", "%1") + level(1, "decimal", "%1.%2", legal), use(1))
    assert [lists.label("1", depth) for depth in (0, 0, 1)] == ["I", "II", "2.1"]


def test_a_definition_may_stand_for_a_list_style() -> None:
    styled = '<w:styleLink w:val="Ours"/>' + level(0, "upperLetter", "%1)")
    link = '<w:abstractNum w:abstractNumId="1"><w:numStyleLink w:val="Ours"/></w:abstractNum>'
    lists = numbering(styled, link + use(1, base=1))
    assert [lists.label("1", 0) for _ in range(2)] == ["A)", "B)"]
