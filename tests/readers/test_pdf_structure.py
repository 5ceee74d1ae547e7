"""Blocks of PDF files: paragraphs, headings, lists, notes, and words broken at line ends."""

from pathlib import Path

import pytest
import typst

from lhs_evidence.model import BlockKind, BlockRole
from lhs_evidence.readers.content import RawBlock
from lhs_evidence.readers.pdf.reader import read_pdf
from lhs_evidence.settings import ReadingLimits

FALL = (
    "Whenever somebody falls on a ward, the nurse in charge writes down what happened and talks "
    "with the family on the same day, so that the next fall can be kept from happening at all."
)
DOOR = (
    "Doors to the medicine room stay locked, and the key is handed from shift to shift against a "
    "signature, which the pharmacist compares with the roster at the end of every single week."
)


def _read(tmp_path: Path, source: str) -> list[RawBlock]:
    path = tmp_path / "page.pdf"
    typst.compile(source.encode(), output=str(path))
    blocks = read_pdf(path, ReadingLimits()).blocks
    return [block for block in blocks if block.role is BlockRole.BODY]


@pytest.mark.parametrize(
    "style",
    [
        "",
        "#set par(first-line-indent: 14pt, spacing: 0.65em)",
        "#set par(justify: true)",
        "#set par(leading: 1.4em, spacing: 2.6em)",
    ],
)
def test_paragraphs_are_made_whole_from_lines(tmp_path, style):
    source = f'#set page(paper: "a5")\n{style}\n{FALL}\n\n{DOOR}\n\n{FALL}'

    assert [b.text for b in _read(tmp_path, source)] == [FALL, DOOR, FALL]


def test_a_paragraph_that_runs_over_a_page_is_one_block_of_two_pages(tmp_path):
    source = f"""
    #set page(width: 300pt, height: 170pt, margin: 40pt, numbering: "1")
    {DOOR}

    {FALL}
    """
    blocks = _read(tmp_path, source)

    assert [(b.text, b.pages) for b in blocks] == [(DOOR, (1,)), (FALL, (1, 2))]
    assert {box.page for box in blocks[1].boxes} == {1, 2}


def test_words_broken_at_line_ends_are_made_whole(tmp_path):
    source = """
    #set page(width: 200pt, height: 400pt)
    #set text(hyphenate: true)
    #set par(justify: true)
    Extraordinary responsibilities necessitate comprehensive documentation, interdisciplinary
    communication, uncompromising confidentiality and conscientious administration throughout.
    """
    (block,) = _read(tmp_path, source)

    assert "-" not in block.text
    assert "interdisciplinary communication, uncompromising confidentiality" in block.text


def test_a_compound_broken_at_its_hyphen_keeps_it(tmp_path):
    source = """
    #set page(width: 400pt, height: 300pt)
    The guideline is evidence- \\
    based, says the board. Care is based on evidence.
    """
    (block,) = _read(tmp_path, source)

    assert block.text.startswith("The guideline is evidence-based, says")


def test_headings_have_levels_from_the_outline_or_their_type(tmp_path):
    body = f"= Aims\n{FALL}\n== Near Aims\n{DOOR}\n=== First of Them\n{FALL}\n= Duties\n{DOOR}"
    plain = "\n\n".join(
        f"#text(size: {size}pt, weight: 700)[{title}]\n\n{text}"
        for size, title, text in [
            (20, "Aims", FALL),
            (15, "Near Aims", DOOR),
            (12.5, "First of Them", FALL),
            (20, "Duties", DOOR),
        ]
    )
    for source in (f'#set page(paper: "a4")\n{body}', f'#set page(paper: "a4")\n{plain}'):
        headings = [b for b in _read(tmp_path, source) if b.kind is BlockKind.HEADING]
        assert [(b.text, b.level) for b in headings] == [
            ("Aims", 1),
            ("Near Aims", 2),
            ("First of Them", 3),
            ("Duties", 1),
        ]


def test_a_heading_over_two_lines_is_one(tmp_path):
    source = f"""
    #set page(paper: "a6")
    = How the Board Watches Over the Quality of All Care Given Here
    {FALL}
    """
    blocks = _read(tmp_path, source)

    assert blocks[0].text == "How the Board Watches Over the Quality of All Care Given Here"
    assert blocks[0].kind is BlockKind.HEADING


def test_run_in_bold_words_make_no_heading(tmp_path):
    (block,) = _read(tmp_path, f'#set page(paper: "a5")\n*Falls.* {FALL}')

    assert (block.kind, block.text) == (BlockKind.PARAGRAPH, f"Falls. {FALL}")


def test_bulleted_items_are_apart_and_nested(tmp_path):
    source = f"""
    #set page(paper: "a5")
    Each ward sees to three things:
    - {FALL}
    - clean hands
      - soap at each door
      - gel at each bed
    - quiet nights

    {DOOR}
    """
    blocks = _read(tmp_path, source)

    assert [(b.kind, b.level, b.text) for b in blocks] == [
        (BlockKind.PARAGRAPH, 0, "Each ward sees to three things:"),
        (BlockKind.LIST_ITEM, 0, FALL),
        (BlockKind.LIST_ITEM, 0, "clean hands"),
        (BlockKind.LIST_ITEM, 1, "soap at each door"),
        (BlockKind.LIST_ITEM, 1, "gel at each bed"),
        (BlockKind.LIST_ITEM, 0, "quiet nights"),
        (BlockKind.PARAGRAPH, 0, DOOR),
    ]


@pytest.mark.parametrize("numbering", ["1.", "(a)", "i)"])
def test_numbered_items_keep_their_numbers(tmp_path, numbering):
    source = f"""
    #set page(paper: "a5")
    #set enum(numbering: "{numbering}")
    The steps are:
    + {FALL}
    + wash the hands again
    """
    items = [b for b in _read(tmp_path, source) if b.kind is BlockKind.LIST_ITEM]

    assert len(items) == 2
    assert items[0].text.endswith(FALL)
    assert items[0].text.startswith(numbering)


def test_lines_that_stand_for_themselves_are_not_run_together(tmp_path):
    names = ["Ada Brook, Chair", "Tom Reed", "Lena Hill, Treasurer", "Omar Field", "Ida Marsh"]
    source = '#set page(paper: "a5")\n#align(center)[' + " \\\n".join(names) + f"]\n\n{FALL}"

    assert [b.text for b in _read(tmp_path, source)] == [*names, FALL]


def test_footnotes_and_captions_are_told_from_prose(tmp_path):
    source = f"""
    #set page(paper: "a5")
    The board met twice.#footnote[As the minutes of both meetings show.] {FALL}
    #figure(rect(width: 50pt), caption: [Falls by ward and month])
    """
    kinds = {b.kind: b.text for b in _read(tmp_path, source)}

    assert "As the minutes" in kinds[BlockKind.FOOTNOTE]
    assert kinds[BlockKind.CAPTION].startswith("Figure 1")
    assert FALL in kinds[BlockKind.PARAGRAPH]


def test_numbers_of_notes_are_left_out_of_the_words_they_stand_on(tmp_path):
    source = """
    #set page(paper: "a5")
    The board met twice.#super(typographic: false)[12] It asked for
    figures#super(typographic: false)[13], and in 2019 it got 14 of them.
    A ward has 30 m#super(typographic: false)[2] for each bed.
    """
    text = " ".join(b.text for b in _read(tmp_path, source))

    assert "met twice. It asked for figures, and in 2019 it got 14 of them." in text
    assert "30 m2 for" in text


def test_numbered_notes_under_their_heading_are_footnotes(tmp_path):
    source = f"""
    #set page(paper: "a5")
    = Aims
    {FALL}
    = Endnotes
    1. See the minutes of the board.

    2. See the list of falls.
    = Index of wards
    {DOOR}
    """
    kinds = [b.kind for b in _read(tmp_path, source)]

    heading, paragraph, note = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.FOOTNOTE
    assert kinds == [heading, paragraph, heading, note, note, heading, paragraph]
