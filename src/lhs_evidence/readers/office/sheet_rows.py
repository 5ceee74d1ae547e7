"""Rows of a sheet become blocks: tables are found in it, and each row gets its column names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from lhs_evidence.model import BlockKind, BlockRole
from lhs_evidence.readers.content import RawBlock

Row = Mapping[int, str]

_LONGEST_HEADER = 120
_NUMBER = re.compile(r"^[-+(]?[$€£¥]?[\d.,\s]+[%)]?$")
_YEAR = re.compile(r"^(?:19|20)\d\d$")
_SEPARATOR = " | "


def row_blocks(rows: Iterable[Row], role: BlockRole, page: int) -> Iterator[RawBlock]:
    """Yield a block for each row that holds something.

    A table begins where a row of two or more short texts stands above a row that fills the same
    columns; it ends at a blank or single-cell row unless the columns go on as they were.
    """
    header: Row = {}
    pending = _Lookahead(rows)
    after_blank = True
    for row in pending:
        if not row:
            after_blank = True
            continue
        if len(row) == 1:
            yield RawBlock(BlockKind.PARAGRAPH, next(iter(row.values())), 0, role, (page,))
            after_blank = True
            continue
        if after_blank and not (header and set(row) <= set(header)):
            header = _header(row, pending)
            after_blank = False
            if header:
                text = _SEPARATOR.join(dict.fromkeys(header.values()))
                yield RawBlock(BlockKind.TABLE_ROW, text, 0, role, (page,))
                continue
        after_blank = False
        yield RawBlock(BlockKind.TABLE_ROW, _with_names(row, header), 0, role, (page,))


class _Lookahead:
    """An iterator that lets one look at the row to come, or take it."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = iter(rows)
        self._next = next(self._rows, None)

    def __iter__(self) -> Iterator[Row]:
        while (row := self.take()) is not None:
            yield row

    def peek(self) -> Row:
        """Return the row to come, empty at the end."""
        return self._next or {}

    def take(self) -> Row | None:
        """Return the row to come and move on, None at the end."""
        row, self._next = self._next, next(self._rows, None)
        return row


def _header(row: Row, pending: _Lookahead) -> Row:
    """Return the column names if `row` is a header, with a second header row worked in."""
    below = pending.peek()
    names = [text for text in row.values() if not _NUMBER.match(text) or _YEAR.match(text)]
    if len(names) < len(row) or max(map(len, row.values())) > _LONGEST_HEADER or len(below) < 2:
        return {}
    if not _is_second_header(row, below):
        return row
    pending.take()
    combined: dict[int, str] = {}
    above = ""
    for column in range(min((*row, *below)), max((*row, *below)) + 1):
        above = row.get(column, above)
        name = " ".join(part for part in (above, below.get(column, "")) if part)
        if name and (column in row or column in below):
            combined[column] = name
    return combined


def _is_second_header(row: Row, below: Row) -> bool:
    """Whether the row below names sub-columns: years or texts under cells that were merged."""
    gaps = [column for column in below if column not in row]
    if not gaps or min(row) > min(below):
        return False
    return all(
        len(text) <= _LONGEST_HEADER and (_YEAR.match(text) or not _NUMBER.match(text))
        for text in below.values()
    ) and (all(_YEAR.match(text) for text in below.values()) or min(row) not in below)


def _with_names(row: Row, header: Row) -> str:
    return _SEPARATOR.join(
        f"{header[column]}: {text}" if column in header and header[column] != text else text
        for column, text in sorted(row.items())
    )
