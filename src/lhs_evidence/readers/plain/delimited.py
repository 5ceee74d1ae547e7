"""Tables as text (CSV, TSV): each row with the names of its columns, as a sheet's rows are read."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from lhs_evidence.model import BlockRole
from lhs_evidence.readers.content import Content
from lhs_evidence.readers.detect import CSV
from lhs_evidence.readers.office.sheet_rows import Row, row_blocks
from lhs_evidence.readers.plain.charset import decode
from lhs_evidence.readers.plain.text import encoding_warnings
from lhs_evidence.readers.sanitise import visible_line_ends
from lhs_evidence.settings import ReadingLimits

_DELIMITERS = ",;\t|"
_SAMPLE_LINES = 50


def read_delimited(path: Path, limits: ReadingLimits) -> Content:
    """Read a table; which character stands between its cells is found by trying."""
    decoded = decode(path.read_bytes())
    # A cell may be as long as the whole text may be, and NUL ends no cell.
    csv.field_size_limit(limits.characters)
    text = visible_line_ends(decoded.text.replace("\x00", ""))
    content = Content(CSV, encoding=decoded.encoding, warnings=encoding_warnings(decoded))
    rows = _rows(text, _delimiter(text))
    content.blocks = [replace(block, pages=()) for block in row_blocks(rows, BlockRole.BODY, 1)]
    return content


def _rows(text: str, delimiter: str) -> Iterator[Row]:
    for cells in csv.reader(io.StringIO(text), delimiter=delimiter):
        yield {column: cell for column, raw in enumerate(cells) if (cell := raw.strip())}


def _delimiter(text: str) -> str:
    """Return the character that splits most lines of the beginning into equally many cells."""
    sample = list(islice(io.StringIO(text), _SAMPLE_LINES))

    def fitness(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(cells) for cells in csv.reader(sample, delimiter=delimiter))
        width, rows = max(widths.items(), key=lambda item: item[1] * (item[0] > 1))
        return (rows, width) if width > 1 else (0, 0)

    return max(_DELIMITERS, key=fitness)
