"""Running headers, footers and page numbers: what repeats at the edges of pages."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from lhs_evidence.readers.pdf.lines import Line, PageLines

_EDGE = 0.17
"""Share of the page's height, at top and bottom, in which furniture is looked for."""
_ROWS = 8
_DIGITS = re.compile(r"\d+")
_NUMBER = re.compile(
    r"(?:(?:page|p\.|seite|página|pagina)\s*)?[-–—|\[]?\s*(?:[A-Z]{0,2}-?\d{1,4}|[ivxlc]{1,7})"
    r"\s*[-–—|\]]?(?:\s*(?:of|/|van|de|von)\s*\d{1,4})?",
    re.IGNORECASE,
)
_SAME_PLACE = 8.0

_LONGEST_NUMBER = 40

Key = tuple[str, str]
Edge = list[tuple[str, Line]]


def find_furniture(pages: Sequence[PageLines]) -> set[Line]:
    """Return the lines that are running headers, footers or page numbers."""
    found: set[Line] = set()
    spots: dict[Key, list[Line]] = defaultdict(list)
    edges = [(page, _edge_lines(page)) for page in pages]
    for _, edge in edges:
        for zone, line in edge:
            spots[zone, _DIGITS.sub("#", line.text).casefold()].append(line)
    for lines in spots.values():
        if len(lines) > 1 and _varying_numbers(lines) <= 1:
            found.update(_repeated(lines, len(pages)))
    found.update(_page_numbers(edges, found))
    return found


def _varying_numbers(lines: list[Line]) -> int:
    """Count the numbers in which lines of like words differ: a page number at most."""
    numbers = zip(*(_DIGITS.findall(line.text) for line in lines), strict=True)
    return sum(len(set(values)) > 1 for values in numbers)


def _edge_lines(page: PageLines) -> Edge:
    """Return the outermost lines at the top and bottom of a page, and those set sideways."""
    high, low = page.height * _EDGE, page.height * (1 - _EDGE)
    top = [line for line in page.lines if line.y1 < high and not line.sideways]
    bottom = [line for line in page.lines if line.y0 > low and not line.sideways]
    return [
        *(("top", line) for line in _outermost(top, 1)),
        *(("bottom", line) for line in _outermost(bottom, -1)),
        *(("side", line) for line in page.lines if line.sideways),
    ]


def _outermost(lines: list[Line], sign: int) -> list[Line]:
    """Return the lines of the few rows nearest the edge."""
    rows = 0
    edge = float("-inf")
    taken: list[Line] = []
    for line in sorted(lines, key=lambda line: sign * line.base):
        if sign * line.base - edge > 3.0:
            rows += 1
            edge = sign * line.base
        if rows > _ROWS:
            break
        taken.append(line)
    return taken


def _repeated(lines: list[Line], pages: int) -> list[Line]:
    """Return those of the like lines that stand in one place on enough pages."""
    needed = 2 if pages <= 5 else 3
    kept: list[Line] = []
    group: list[Line] = []
    for line in sorted(lines, key=lambda line: line.base):
        if group and line.base - group[-1].base > _SAME_PLACE:
            kept.extend(group if len({member.page for member in group}) >= needed else [])
            group = []
        group.append(line)
    kept.extend(group if len({member.page for member in group}) >= needed else [])
    return kept


def _page_numbers(edges: Sequence[tuple[PageLines, Edge]], known: set[Line]) -> list[Line]:
    """Return lone numbers at a page's edge where several pages have one that keeps in step."""
    candidates: list[Line] = []
    for page, edge in edges:
        for zone, line in edge:
            if zone == "side" or line in known or len(line.text) > _LONGEST_NUMBER:
                continue
            if _NUMBER.fullmatch(line.text.strip()) and _is_outermost(line, page, known):
                candidates.append(line)
    steps: Counter[int] = Counter()
    for line in candidates:
        digits = _DIGITS.search(line.text)
        if digits:
            steps[int(digits.group()) - line.page] += 1
    return [
        line
        for line in candidates
        if not (digits := _DIGITS.search(line.text))
        or steps[int(digits.group()) - line.page] > 1
        or len(edges) <= 2
        or line.text.strip().lower().startswith("page")
    ]


def _is_outermost(line: Line, page: PageLines, known: set[Line]) -> bool:
    """Say whether nothing but furniture lies between a line and the page's edge."""
    rest = [other for other in page.lines if other is not line and other not in known]
    above = all(other.base > line.base - 2 for other in rest if not other.sideways)
    below = all(other.base < line.base + 2 for other in rest if not other.sideways)
    return above or below
