"""How fast PDF files are read, beside pdfium's bare text in the same process."""

import time
from collections.abc import Callable
from pathlib import Path

import pypdfium2 as pdfium
import pytest
import typst

from lhs_evidence.readers.pdf.reader import read_with_pdfium
from lhs_evidence.settings import ReadingLimits

SENTENCE = "The nurse in charge writes down each fall, and the board reads the list every month. "
CHAPTER = f"""
= How the ward keeps watch
{SENTENCE * 12}

- {SENTENCE}
- {SENTENCE * 2}

{SENTENCE * 9}
#table(columns: 3, [Ward], [Falls], [Share], [North], [12], [4 %], [South], [9], [3 %])
"""


def _bare(path: Path) -> None:
    with pdfium.PdfDocument(path) as document:
        for page in document:
            text_page = page.get_textpage()
            text_page.get_text_bounded()
            text_page.close()
            page.close()


def _seconds(act: Callable[[], object]) -> float:
    began = time.process_time()
    act()
    return time.process_time() - began


@pytest.mark.timing
@pytest.mark.parametrize("columns", [1, 2])
def test_structure_costs_less_than_the_text_itself(tmp_path: Path, columns: int) -> None:
    path = tmp_path / "report.pdf"
    page = f'#set page(paper: "us-letter", columns: {columns}, numbering: "1")\n'
    typst.compile((page + CHAPTER * 40).encode(), output=str(path))
    limits = ReadingLimits()
    bare = ours = float("inf")
    # The best of several turns tells of the code, the others of what else the machine does.
    for _ in range(7):
        bare = min(bare, _seconds(lambda: _bare(path)))
        ours = min(ours, _seconds(lambda: read_with_pdfium(path, limits)))

    # On real reports it is about 0.6; a margin for machines that are busy.
    assert bare / ours > 0.4
