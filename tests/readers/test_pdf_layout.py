"""Reading order of PDF pages: columns, insets, tables, and what lies around them."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
import typst

from lhs_evidence.model import BlockKind, BlockRole
from lhs_evidence.readers.content import RawBlock
from lhs_evidence.readers.pdf.reader import read_pdf
from lhs_evidence.settings import ReadingLimits

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
WORDS = ["river", "stone", "maple", "candle", "window", "basket", "harvest", "lantern", "meadow"]
WORDS += ["copper", "violin", "pepper", "garden"]


def _prose(start: int, count: int) -> str:
    """Return sentences of which each word carries its number, so that order can be checked."""
    words = [f"{WORDS[i % len(WORDS)]}{start + i}" for i in range(count)]
    return ". ".join(" ".join(words[i : i + 9]).capitalize() for i in range(0, count, 9)) + "."


def _read(tmp_path: Path, source: str) -> list[RawBlock]:
    path = tmp_path / "page.pdf"
    typst.compile(source.encode(), output=str(path))
    return read_pdf(path, ReadingLimits()).blocks


def _order(blocks: list[RawBlock]) -> list[int]:
    text = " ".join(block.text for block in blocks if block.role is BlockRole.BODY)
    return [int(number) for number in re.findall(r"[A-Za-z](\d+)\b", text)]


@pytest.mark.parametrize("columns", [1, 2, 3])
def test_columns_are_read_one_after_the_other(tmp_path, columns):
    source = f"""
    #set page(paper: "us-letter", margin: 50pt, columns: {columns})
    #set text(size: 9pt)
    {_prose(0, 900)}
    """

    assert _order(_read(tmp_path, source)) == list(range(900))


def test_a_title_across_columns_comes_first(tmp_path):
    source = f"""
    #set page(paper: "us-letter", margin: 50pt)
    #text(size: 20pt)[A Title That Reaches Across Both of the Columns Below]
    #columns(2)[#set text(size: 9pt)
    {_prose(0, 500)}]
    """
    blocks = _read(tmp_path, source)

    assert blocks[0].kind is BlockKind.HEADING
    assert _order(blocks[1:]) == list(range(500))


def test_columns_whose_lines_do_not_align_stay_apart(tmp_path):
    source = f"""
    #set page(paper: "us-letter", margin: 50pt)
    #set text(size: 10pt)
    #place(top + left, block(width: 230pt)[{_prose(0, 180)}])
    #place(top + left, dx: 260pt, dy: 5pt, block(width: 230pt)[{_prose(180, 180)}])
    """

    assert _order(_read(tmp_path, source)) == list(range(360))


def test_lines_written_across_columns_are_still_read_down_them(tmp_path):
    left = [f"alpha{i} bravo{i} charlie{i} delta{i} echo{i}" for i in range(12)]
    right = [f"golf{i} hotel{i} india{i} juliet{i} kilo{i}" for i in range(12, 24)]
    rows = "".join(
        f"#place(top + left, dy: {20 * i}pt, text(size: 10pt)[{a}])"
        f"#place(top + left, dx: 260pt, dy: {20 * i}pt, text(size: 10pt)[{b}])"
        for i, (a, b) in enumerate(zip(left, right, strict=True))
    )
    order = _order(_read(tmp_path, f'#set page(paper: "us-letter", margin: 50pt)\n{rows}'))

    assert order == sorted(order)
    assert len(order) == 120


def test_table_rows_keep_their_cells_together(tmp_path):
    source = """
    #set page(paper: "us-letter", margin: 50pt)
    The table below names who answers for what in the hospital at all hours of the day.
    #table(columns: (1fr, 3fr, 1fr),
      [Role], [Duty], [When],
      [Warden], [Walks the wards twice, writes down every hazard that was seen, and tells the
        nurse in charge of each of them before the end of the shift], [Daily],
      [Clerk], [Files the notes], [Weekly])
    """
    rows = [b.text for b in _read(tmp_path, source) if b.kind is BlockKind.TABLE_ROW]

    assert rows == [
        "Role | Duty | When",
        (
            "Warden | Walks the wards twice, writes down every hazard that was seen, and tells "
            "the nurse in charge of each of them before the end of the shift | Daily"
        ),
        "Clerk | Files the notes | Weekly",
    ]


def test_running_headers_footers_and_page_numbers_are_furniture(tmp_path):
    source = f"""
    #set page(paper: "a5", header: [Hillside Clinic #h(1fr) Annual Report],
      footer: context [Draft of May #h(1fr) #counter(page).display()])
    {_prose(0, 800)}
    """
    blocks = _read(tmp_path, source)
    furniture = {b.text for b in blocks if b.role is BlockRole.FURNITURE}

    assert {"Hillside Clinic", "Annual Report", "Draft of May", "1", "3"} <= furniture
    assert _order(blocks) == list(range(800))


def test_a_page_number_alone_is_furniture_but_a_figure_in_the_text_is_not(tmp_path):
    source = """
    #set page(paper: "a5", numbering: "1")
    The score was
    #align(center)[42]
    in the first year. #pagebreak() And it fell. #pagebreak() Then it rose.
    """
    blocks = _read(tmp_path, source)

    assert [b.text for b in blocks if b.role is BlockRole.FURNITURE] == ["1", "2", "3"]
    assert any("42" in b.text for b in blocks if b.role is BlockRole.BODY)


def test_contents_pages_are_told_from_the_text(tmp_path):
    source = """
    #set page(paper: "a5")
    #outline(title: [Contents])
    #pagebreak()
    = Aims of the Plan
    We keep people safe.
    = Duties of the Staff
    Staff report each fall.
    = Figures for the Year
    There were nine falls.
    = Plans for the Coming Year
    There will be fewer.
    """
    blocks = _read(tmp_path, source)
    first = [b.role for b in blocks if b.pages == (1,)]

    assert first == [BlockRole.CONTENTS] * len(first)
    assert len(first) == 5
    assert all(b.role is BlockRole.BODY for b in blocks if 2 in b.pages)


def test_contents_without_dots_are_told_from_the_text(tmp_path):
    entries = ["Aims of the Plan", "Duties of the Staff", "Figures for the Year", "What Is Next"]
    lines = "\n\n".join(f"{entry} #h(1fr) {3 + 4 * i}" for i, entry in enumerate(entries))
    source = f"""
    #set page(paper: "a5")
    = Table of Contents
    {lines}
    #pagebreak()
    = Aims of the Plan
    We keep people safe in each of the 12
    """
    roles = [(b.role, b.pages) for b in _read(tmp_path, source)]

    assert roles == [(BlockRole.CONTENTS, (1,))] * 5 + [(BlockRole.BODY, (2,))] * 2


def test_text_off_the_page_and_tiny_text_are_hidden(tmp_path):
    source = """
    #set page(width: 400pt, height: 300pt)
    #place(dx: 900pt)[Nobody sees these words]
    #place(dy: 50pt, text(size: 0.5pt)[Nor can anybody read those])
    Plain to see.
    """
    roles = {b.text: b.role for b in _read(tmp_path, source)}

    assert roles == {
        "Plain to see.": BlockRole.BODY,
        "Nobody sees these words": BlockRole.HIDDEN,
        "Nor can anybody read those": BlockRole.HIDDEN,
    }


def test_no_block_of_a_three_column_page_mixes_columns():
    path = SHARED / "documents" / "hhs-oig" / "cpghosp.pdf"
    if not path.exists():
        pytest.skip("the shared documents are not beside this checkout")
    blocks = [b for b in read_pdf(path, ReadingLimits()).blocks if b.role is BlockRole.BODY]

    boxes = [box for block in blocks for box in block.boxes]
    assert {box.page for box in boxes} == set(range(1, 13))
    assert [box for box in boxes if box.x1 - box.x0 > 175 and box.page != 12] == []
    for block in blocks:
        places = [(box.page, round((box.x0 - 45) // 177)) for box in block.boxes]
        assert places == sorted(places), block.text
        pages = [3 * page + column for page, column in places]
        assert all(after - before <= 1 for before, after in pairwise(pages)), block.text
