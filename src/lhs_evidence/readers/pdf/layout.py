"""Reading order on a PDF page: where columns run, and where cells stand side by side.

A page is cut into bands from top to bottom. A band in which lines stand beside each other is
either a set of columns, read one after the other, or a table, read row by row. The order of the
content stream tells the two apart: a table's stream comes back to the left column for each row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise
from operator import attrgetter
from statistics import median

from lhs_evidence.readers.pdf.lines import Line
from lhs_evidence.readers.pdf.tables import are_wordy, cut_cells, is_table, table_rows

_BULLETS = re.compile(r"[^\w\s$()%.,-]")
_BY_BASE = attrgetter("base")
_BY_LEFT = attrgetter("x0")
_BY_PLACE = attrgetter("base", "x0")
_DEEPEST = 4
_LEAST_GUTTER = 6.0


@dataclass(slots=True)
class Region:
    """Lines of one column in reading order, or the rows of a table (cells of lines).

    An `inset` stands within columns that run on around it.
    """

    lines: list[Line] = field(default_factory=list)
    rows: list[list[list[Line]]] = field(default_factory=list)
    inset: bool = False


@dataclass(slots=True)
class _Band:
    rows: list[list[Line]]
    covered: list[tuple[float, float]]
    gutters: list[tuple[float, float]] = field(init=False)

    def __post_init__(self) -> None:
        self.gutters = _gaps(self.covered)


def arrange(lines: Sequence[Line], *, listing: bool = False) -> list[Region]:
    """Return the regions of one page in reading order; in a `listing` rows are kept whole."""
    rows = list(_rows(lines))
    if listing:
        return [Region(lines=[_rejoined(row) for row in rows])] if rows else []
    return _regions(rows, 0)


def _regions(rows: list[list[Line]], depth: int) -> list[Region]:
    # Nothing stands beside anything on most pages: each row is one line, well below the last.
    if depth == 0 and all(len(row) == 1 for row in rows) and _well_apart(rows):
        return [Region(lines=[row[0] for row in rows])] if rows else []
    paired = _paired([line for row in rows for line in row])
    if depth >= _DEEPEST or not paired:
        return [Region(lines=[line for row in rows for line in row])] if rows else []
    insets = _insets(rows, paired)
    if insets:
        kept = [line for row in rows for line in row if line not in insets]
        inset = [line for row in rows for line in row if line in insets]
        return [*_regions(list(_rows(kept)), depth + 1), Region(lines=inset, inset=True)]
    regions: list[Region] = []
    for band in _bands(rows, paired):
        if not band.gutters:
            members = [line for row in band.rows for line in row]
            _extend(regions, Region(lines=members))
            continue
        for region in _read_band(band, depth):
            _extend(regions, region)
    return regions


def _well_apart(rows: Sequence[Sequence[Line]]) -> bool:
    """Say whether no row of one line each reaches up beside the one above it."""
    tallest = max((row[0].size for row in rows), default=0.0)
    return all(low[0].base - high[0].base > tallest for high, low in pairwise(rows))


def _paired(lines: Sequence[Line]) -> set[Line]:
    """Return the lines that have another line beside them."""
    found: set[Line] = set()
    ordered = sorted(lines, key=_BY_BASE)
    tallest = max([line.size for line in lines], default=0.0)
    for index, line in enumerate(ordered, 1):
        base, size, x0, x1 = line.base, line.size, line.x0, line.x1
        lowest = base + tallest
        for other in islice(ordered, index, None):
            if other.base > lowest:
                break
            if other.x0 >= x1 or other.x1 <= x0:
                top = other.base - other.size
                shared = base - (top if top > base - size else base - size)
                if shared > 0.3 * (size if size < other.size else other.size):
                    found.update((line, other))
    return found


def _insets(rows: Sequence[Sequence[Line]], paired: set[Line]) -> set[Line]:
    """Return the lines that lie across the gutter of columns which run on beside them."""
    lines = [line for row in rows for line in row]
    if len(paired) < 12:
        return set()
    if _gaps(_cover([], lines)):
        return set()
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    best: set[Line] | None = None
    for step in range(12, 29):
        middle = left + (right - left) * step / 40
        across = {line for line in lines if line.x0 < middle < line.x1}
        if best is None or len(across) < len(best):
            before = [line for line in lines if line.x1 <= middle]
            after = [line for line in lines if line.x0 >= middle]
            if min(len(before), len(after)) >= 6 and all(
                are_wordy(_clear_of(across, side) or side) for side in (before, after)
            ):
                best = across
    insets = {line for line in best or () if line in paired}
    if not 0 < len(insets) < 0.3 * len(lines):
        return set()
    return _with_ends(insets, lines)


def _clear_of(across: set[Line], side: Sequence[Line]) -> list[Line]:
    """Return the lines of a column that need not make way for what lies across the gutter."""
    if not across:
        return list(side)
    top, bottom = min(line.y0 for line in across), max(line.y1 for line in across)
    return [line for line in side if line.y1 < top or line.y0 > bottom]


def _with_ends(insets: set[Line], lines: Sequence[Line]) -> set[Line]:
    """Add the short lines of an inset, which lie on one side: its neighbours in the stream."""
    left, right = min(line.x0 for line in insets), max(line.x1 for line in insets)
    orders = {line.order for line in insets}
    size = median(line.size for line in insets)
    near = {
        line
        for line in lines
        if (line.order - 1 in orders or line.order + 1 in orders)
        and abs(line.size - size) < 0.1 * size
        and left - size < line.x0
        and line.x1 < right + size
    }
    return insets | near


def _extend(regions: list[Region], region: Region) -> None:
    """Add a region; tables that follow each other are one."""
    if region.rows and regions and regions[-1].rows:
        regions[-1].rows.extend(region.rows)
    else:
        regions.append(region)


def _rows(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Group lines that stand beside each other, top to bottom, each row from left to right."""
    row: list[Line] = []
    for line in sorted(lines, key=_BY_PLACE):
        if row and not _beside(row[0], line):
            yield row if len(row) == 1 else _joined(row)
            row = []
        row.append(line)
    if row:
        yield row if len(row) == 1 else _joined(row)


def _joined(row: list[Line]) -> list[Line]:
    """Sort a row from left to right and join pieces that only a word space parts."""
    pieces: list[Line] = []
    for line in sorted(row, key=_BY_LEFT):
        if pieces and _adjoin(pieces[-1], line):
            pieces[-1] = join(pieces[-1], line)
        else:
            pieces.append(line)
    return pieces


def _adjoin(left: Line, right: Line) -> bool:
    gap = right.x0 - left.x1
    if _BULLETS.fullmatch(left.text):
        return gap < 4 * right.size
    return gap < 0.5 * min(left.size, right.size)


def join(left: Line, right: Line) -> Line:
    """Return the one line that two pieces on one baseline make."""
    gap = right.x0 - left.x1
    glue = "" if -0.3 * left.size < gap < 0.12 * left.size else " "
    return replace(
        left,
        text=left.text + glue + right.text,
        x1=max(left.x1, right.x1),
        y0=min(left.y0, right.y0),
        y1=max(left.y1, right.y1),
        size=max(left.size, right.size),
        ends_bold=right.ends_bold,
    )


def _beside(first: Line, second: Line) -> bool:
    size = first.size if first.size < second.size else second.size
    return abs(second.base - first.base) < 0.5 * size


def _gaps(covered: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the gaps between stretches that are sorted and do not overlap."""
    return [
        (left[1], right[0])
        for left, right in pairwise(covered)
        if right[0] - left[1] >= _LEAST_GUTTER
    ]


def _cover(
    covered: Sequence[tuple[float, float]], row: Sequence[Line]
) -> list[tuple[float, float]]:
    """Return the stretches covered once a row is added."""
    merged: list[tuple[float, float]] = []
    for start, end in sorted([*covered, *((line.x0, line.x1) for line in row)]):
        if merged and start - merged[-1][1] < _LEAST_GUTTER:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _bands(rows: list[list[Line]], paired: set[Line]) -> Iterator[_Band]:
    """Cut rows into bands: plain ones, and ones that share at least one gutter."""
    plain: list[list[Line]] = []
    index = 0
    while index < len(rows):
        if rows[index][0] not in paired:
            plain.append(rows[index])
            index += 1
            continue
        band, index = _gather(rows, index, plain, paired)
        if not band.gutters:
            plain.extend(band.rows)
            continue
        if len(band.rows) == 1 and _is_stretched(
            band.rows[0], [*plain[-1:], *rows[index : index + 1]]
        ):
            plain.append([_rejoined(band.rows[0])])
            continue
        if plain:
            yield _Band(plain, [])
        plain = []
        yield band
    if plain:
        yield _Band(plain, [])


def _is_stretched(row: list[Line], neighbours: Sequence[list[Line]]) -> bool:
    """Say whether a row is one line with wide spaces, not cells: a line next to it has no gap."""
    gaps = [right.x0 - left.x1 for left, right in pairwise(row)]
    if not gaps or max(gaps) >= 3 * row[0].size:
        return False
    for neighbour in neighbours:
        line = neighbour[0]
        close = abs(row[0].base - line.base) < 1.6 * line.size
        spans = line.x0 <= row[0].x1 and line.x1 >= row[-1].x0 + 2 * line.size
        if close and spans and len(neighbour) == 1:
            return True
    return False


def _rejoined(row: list[Line]) -> Line:
    whole = row[0]
    for piece in row[1:]:
        whole = join(whole, piece)
    return whole


def _gather(
    rows: list[list[Line]], index: int, plain: list[list[Line]], paired: set[Line]
) -> tuple[_Band, int]:
    """Grow a band from the row at `index`; rows just above it that fit are taken from `plain`."""
    covered = _cover([], rows[index])
    members = [rows[index]]
    index += 1
    while index < len(rows):
        widened = _cover(covered, rows[index])
        starting = len(members) == 1 == len(members[0]) and rows[index][0] in paired
        if not _gaps(widened) and not starting:
            break
        members.append(rows[index])
        covered = widened
        index += 1
    if not _gaps(covered):
        return _Band(members, covered), index
    taken = _fitting_above(plain, members, covered)
    if taken:
        for row in plain[-taken:]:
            covered = _cover(covered, row)
        members[:0] = plain[-taken:]
        del plain[-taken:]
    spare = _loose_end(members, paired)
    if spare:
        index -= spare
        del members[-spare:]
        covered = _cover([], [line for row in members for line in row])
    return _Band(members, covered), index


def _fitting_above(
    plain: list[list[Line]], members: list[list[Line]], covered: list[tuple[float, float]]
) -> int:
    """Count the rows at the end of `plain` that belong to the band of `members`.

    They stand close above it and leave its gutters free, as where one column begins higher.
    """
    taken = 0
    column = [line for row in members[:6] for line in row]
    for row in reversed(plain):
        line = row[0]
        below = next((it for it in column if it.x0 < line.x1 and line.x0 < it.x1), column[0])
        if below.base - line.base > 1.8 * max(below.size, line.size):
            return taken
        widened = _cover(covered, row)
        if len(_gaps(widened)) < len(_gaps(covered)):
            return 0
        covered, taken = widened, taken + 1
        column.insert(0, line)
    return taken


def _loose_end(members: list[list[Line]], paired: set[Line]) -> int:
    """Count the rows at the band's end that stand apart below it in one column only."""
    last = max(index for index, row in enumerate(members) if row[0] in paired)
    for index in range(last + 1, len(members)):
        above, line = members[index - 1][0], members[index][0]
        if line.base - above.base > 1.8 * max(above.size, line.size):
            return len(members) - index
    return 0


def _read_band(band: _Band, depth: int) -> list[Region]:
    """Read a band with gutters as a table or as columns."""
    middles = [(left + right) / 2 for left, right in band.gutters]
    columns: list[list[Line]] = [[] for _ in range(len(middles) + 1)]
    place: dict[int, int] = {}
    for row in band.rows:
        for line in row:
            number = sum(line.x0 >= middle for middle in middles)
            columns[number].append(line)
            place[line.order] = number
    cells = cut_cells([line for column in columns for line in column], place)
    if is_table(cells, columns, band.rows):
        return [Region(rows=table_rows([cell for _, cell in cells]))]
    return [region for column in columns for region in _regions(list(_rows(column)), depth + 1)]
