"""Lines of a PDF page as pdfium finds them: text, place on the page and look."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import pypdfium2 as pdfium

from lhs_evidence.readers.pdf.probe import Extent, PageProbe

SOFT_HYPHEN = "\ufffe"
"""What pdfium puts where a word was hyphenated at the end of a line."""

_LINE = re.compile(r"[^\r\n\ufffe]+\ufffe?")
_WORD_START = re.compile(r"(?<=\s)\S")
_LABEL = re.compile(r"[^\w\s]|\(?(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]|[ivxIVX]{1,5})[.):]{0,2}")
_NOTE_MARK = re.compile(
    r"(?=\d)(?:(?<=[^\W\d_]{3})|(?<=[.,;:!?\"'”’)\]])|(?<=[.,;:!?\"”’)] ))"
    r"\d{1,3}(?:[,–-]\d{1,3})*(?=$|[\s.,;:!?\"”)—–-])"
    r"|(?=\d)(?<=\d{4})\d{1,3}(?=$|[\s.,;:!?\"”)])"
)
"""Not after fewer than three letters: those are units, as in m2 and km2."""

_DIGIT = re.compile(r"\d")
_SURROGATE = re.compile("[\ud800-\udfff]")
_LETTER = re.compile(r"[^\W\d_]")
TINY = 1.5
"""Type below this many points is not meant to be read."""

_CELL_GAP = 1.25
"""Gap, in type sizes, from which two pieces on one baseline are not one run of words."""


@dataclass(slots=True, eq=False)
class Line:
    """One line of text in one column or cell.

    Coordinates are points from the top left corner of the page as it is shown. `base` is
    the baseline, `size` the type size.
    `starts_bold` and `ends_bold` tell a bold line from one that only begins with a bold phrase.
    `ink` is "pale" for type that white paper would hide and "none" for type that is not drawn.
    """

    text: str
    page: int
    order: int
    x0: float
    y0: float
    x1: float
    y1: float
    base: float
    size: float
    starts_bold: bool = False
    ends_bold: bool = False
    sideways: bool = False
    ink: str = ""

    @property
    def bold(self) -> bool:
        """Whether the whole line is bold."""
        return self.starts_bold and self.ends_bold


@dataclass(slots=True)
class PageLines:
    """The lines of one page in the order of its content stream."""

    number: int
    width: float
    height: float
    lines: list[Line]

    @property
    def text(self) -> str:
        """All of its text, in the order of its content stream."""
        return "\n".join([line.text for line in self.lines])

    @property
    def has_text(self) -> bool:
        """Whether the page has a text layer."""
        return any(char.isalnum() for line in self.lines for char in line.text)


def read_page(page: pdfium.PdfPage, number: int, probe: PageProbe) -> PageLines:
    """Read the lines of an open page; `number` counts from 1."""
    probe.turn_to(page)
    lines: list[Line] = []
    try:
        text = probe.text().replace("\xa0", " ")
        for match in _LINE.finditer(text):
            raw = match.group()
            stretch = raw.strip()
            if stretch and stretch != SOFT_HYPHEN:
                start = match.start()
                if raw[0].isspace():
                    start += len(raw) - len(raw.lstrip())
                _add_line(lines, stretch, start, probe)
    finally:
        probe.leave()
    if _SURROGATE.search(text):
        # Beyond U+FFFF pdfium counts each half of a character as one.
        for line in lines:
            line.text = line.text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    for order, line in enumerate(lines):
        line.page, line.order = number, order
    return PageLines(number, probe.width, probe.height, list(_with_marks(lines)))


def _with_marks(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the lines, each with its large first letter and the raised mark right after it."""
    above: Line | None = None
    for line in lines:
        if above is not None:
            if len(above.text) == 1 and _is_initial(above, line):
                line.text = above.text + line.text
                line.x0, line.y0 = above.x0, above.y0
                above = line
                continue
            if len(line.text) <= 4 and _is_mark(line, above):
                if not (line.text.isdigit() and line.base < above.base):
                    above.text += line.text
                above.x1 = line.x1
                continue
            yield above
        above = line
    if above is not None:
        yield above


def _is_initial(above: Line, line: Line) -> bool:
    large = above.text.isupper() and above.size > 1.6 * line.size
    beside = 0 <= line.x0 - above.x1 < 1.5 * line.size and above.y0 - 4 < line.base < above.base
    return large and beside and line.text[:1].islower()


def _is_mark(line: Line, above: Line) -> bool:
    near = -1 < line.x0 - above.x1 < 0.5 * above.size
    raised = -0.5 * above.size < line.base - above.base < 0.3 * above.size
    return near and raised and line.size < 0.8 * above.size


def _add_line(lines: list[Line], text: str, start: int, probe: PageProbe) -> None:
    """Add the line of one stretch of text, in pieces where wide gaps part it into cells."""
    extent = probe.extent(start, len(text))
    if extent is None:
        return
    if extent[4] > 0.9 * extent[5]:
        runs = probe.runs(start, len(text))
        least = _CELL_GAP * probe.look(start + _first_letter(text))[1]
        starts = [run[0] for before, run in pairwise(runs) if run[0] - before[2] > least]
        if starts:
            for begin, end in _cells(text, start, starts, probe):
                piece = text[begin:end].rstrip()
                own = probe.extent(start + begin, len(piece))
                if own is not None:
                    lines.append(_line(piece, start + begin, own, probe))
            return
    lines.append(_line(text, start, extent, probe))


def _cells(text: str, start: int, gaps: list[float], probe: PageProbe) -> list[tuple[int, int]]:
    """Return the stretches of `text` between gaps; each gap is where the next cell begins.

    A bullet or number stays with what follows it.
    """
    cuts = [0]
    wanted = iter(gaps)
    gap = next(wanted, None)
    for match in _WORD_START.finditer(text):
        if gap is None:
            break
        if probe.left_of(start + match.start()) < gap - 1.0:
            continue
        if not _LABEL.fullmatch(text[cuts[-1] : match.start()].strip()) or len(cuts) > 1:
            cuts.append(match.start())
        gap = next(wanted, None)
    return list(zip(cuts, [*cuts[1:], len(text)], strict=True))


def _line(text: str, start: int, extent: Extent, probe: PageProbe) -> Line:
    """Build one line from its stretch of text and how far it reaches."""
    x0, y0, x1, y1, gap, head, tail = extent
    # Look at letters: a bullet or a note's mark is set in other type than its text.
    base, size, bold, drawn = probe.look(start + _first_letter(text))
    ends_bold = bold
    if gap >= 0:
        last = start + _last_letter(text)
        ends_bold = probe.is_bold(last)
        if head < 0.8 * tail or tail < 0.8 * head:
            last_base, last_size, _, _ = probe.look(last)
            if last_size > size or 0 < 1.6 * last_size < size:
                # A large first letter reaches down into the lines below.
                base, size = last_base, last_size
    sideways = y1 - y0 > 10 and y1 - y0 > 2.5 * size and y1 - y0 > 2.0 * (x1 - x0)
    if size <= 0 or sideways:
        base, size = y1, min(y1 - y0, x1 - x0)
    elif size < TINY and y1 - y0 > 4 * size:
        # A font may be drawn on a scale of its own; its letters tell better.
        size = y1 - y0
    if gap >= 0 and _DIGIT.search(text, 1):
        text = _without_marks(text, start, (base, size), probe)
    ink = probe.ink(drawn)
    return Line(text, 0, 0, x0, y0, x1, y1, base, size, bold, ends_bold, sideways, ink)


def _without_marks(text: str, start: int, look: tuple[float, float], probe: PageProbe) -> str:
    """Leave out the raised numbers that point to notes: they would read as part of the words."""
    base, size = look
    for match in reversed(list(_NOTE_MARK.finditer(text))):
        own_base, own_size, _, _ = probe.look(start + match.start())
        if own_size < 0.8 * size and base - size < own_base < base - 0.1 * size:
            text = text[: match.start()].rstrip() + text[match.end() :]
    return text


def _first_letter(text: str) -> int:
    if text[0].isalpha():
        return 0
    found = _LETTER.search(text)
    return found.start() if found else 0


def _last_letter(text: str) -> int:
    if text[-1].isalpha():
        return len(text) - 1
    return next((i for i in range(len(text) - 1, -1, -1) if text[i].isalpha()), len(text) - 1)
