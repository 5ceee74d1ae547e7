"""Cells that stand side by side on a PDF page: whether they make a table, and its rows."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from lhs_evidence.readers.pdf.lines import Line

_PROSE_WIDTH = 22
"""Characters to a line from which a narrow column is taken for prose."""


def cut_cells(lines: list[Line], place: dict[int, int]) -> list[tuple[int, list[Line]]]:
    """Cut lines, in stream order, into runs of neighbours in one column: (column, lines)."""
    cells: list[tuple[int, list[Line]]] = []
    for line in sorted(lines, key=lambda line: line.order):
        number = place[line.order]
        if cells and cells[-1][0] == number:
            above = cells[-1][1][-1]
            if -0.5 * line.size < line.base - above.base < 1.7 * max(line.size, above.size):
                cells[-1][1].append(line)
                continue
        cells.append((number, [line]))
    return cells


def is_table(
    cells: list[tuple[int, list[Line]]], columns: list[list[Line]], rows: list[list[Line]]
) -> bool:
    """Say whether side-by-side lines are cells of rows rather than columns of prose."""
    returns = sum(after[0] < before[0] for before, after in pairwise(cells))
    side_by_side = sum(len(row) > 1 for row in rows)
    onward = sum(after[0] > before[0] for before, after in pairwise(cells))
    if returns == 0 or onward < 2:
        short = all(len(line.text) < 60 for row in rows for line in row)
        return side_by_side == 1 and len(rows) == 1 and short
    if _looks_like_prose(columns):
        mostly_single = sum(len(cell) == 1 for _, cell in cells) > 0.7 * len(cells)
        if (mostly_single and side_by_side >= 6) or not _tops_agree(cells):
            return False
    return True


def _looks_like_prose(columns: list[list[Line]]) -> bool:
    """Say whether every column holds many long lines that mostly fill it."""
    for column in columns:
        right = max(line.x1 for line in column)
        left = min(line.x0 for line in column)
        full = sum(line.x1 > right - 0.25 * (right - left) for line in column)
        if len(column) < 4 or full < 0.5 * len(column) or not are_wordy(column):
            return False
    return True


def _tops_agree(cells: list[tuple[int, list[Line]]]) -> bool:
    """Say whether cells mostly begin level with the cell before them in their row."""
    agreeing = total = 0
    for before, after in pairwise(cells):
        if after[0] > before[0]:
            total += 1
            agreeing += abs(after[1][0].base - before[1][0].base) < 0.8 * after[1][0].size
    return agreeing > 0.5 * total


def table_rows(cells: list[list[Line]]) -> list[list[list[Line]]]:
    """Group cells whose heights overlap into rows, each from left to right."""
    rows: list[list[list[Line]]] = []
    bottom = 0.0
    for cell in sorted(cells, key=lambda cell: min(line.y0 for line in cell)):
        top = min(line.y0 for line in cell)
        low = max(line.y1 for line in cell)
        if rows and bottom - top > 0.4 * min(low - top, cell[0].size):
            rows[-1].append(cell)
            bottom = max(bottom, low)
        else:
            rows.append([cell])
            bottom = low
    return [sorted(row, key=lambda cell: min(line.x0 for line in cell)) for row in rows]


def are_wordy(lines: Sequence[Line]) -> bool:
    """Say whether lines are as long as those of prose, even in a narrow column."""
    return median(len(line.text) for line in lines) >= _PROSE_WIDTH
