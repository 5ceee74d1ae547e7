"""Paragraphs, list items and table rows from the lines of a region."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from lhs_evidence.model import BlockKind, BlockRole
from lhs_evidence.readers.pdf.layout import Region
from lhs_evidence.readers.pdf.lines import SOFT_HYPHEN, Line

BULLET = re.compile(
    r"(?:[•●○◦▪■□◆◇▶►➢➤✓✔❖‣\u2043∙·*\uf0a7\uf0b7\uf0d8\uf0fc\uf076\uf02d\uf06f\uf0e0\uf071]|[-–—o»>])\s+"
)
_SURE_BULLET = re.compile(r"[•●○◦▪■□◆◇▶►➢➤✓✔❖‣\u2043∙\uf0a7\uf0b7\uf0d8\uf0fc\uf076\uf06f]")
NUMBERED = re.compile(
    r"(?:\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})[.)]|\d{1,2}(?:\.\d{1,2}){1,4}\.?)\s+(?=\S)"
)
_LEADER = re.compile(
    r"(?:\.\s?){4,}\s*(?:[A-Za-z]{0,2}-?\d{1,4}|[ivxlcIVXLC]{1,7})?$|…{2,}|_{6,}\s*\d+$"
)
_ENDS_SENTENCE = re.compile(r"[.!?:;][\"'”’)\]]*(?:\d{1,3})?$")
_WORD = re.compile(r"[^\W\d_]{3}")
_STOPS = (".", "!", "?", ":", ";")
_MAY_NUMBER = frozenset("ivxIVX(0123456789")
_NOTE_START = re.compile(r"(\d{1,3})(?:\s+\S|[A-Z])")
_CONTINUES = ("and", "or", "the", "of", "to", "for", "in", "a", "an", "with", "by", "&")


def has_leader(text: str) -> bool:
    """Say whether dots or a rule lead from a text to a page number."""
    return may_lead(text) and _LEADER.search(text) is not None


def may_lead(text: str) -> bool:
    """Say whether a text may hold a leader; a search through every line would cost much more."""
    return "..." in text or ". . ." in text or "…" in text or "___" in text


def ends_sentence(text: str) -> bool:
    """Say whether a text ends as a sentence does."""
    last = text[-1:]
    return last in _STOPS or (not last.isalpha() and _ENDS_SENTENCE.search(text[-12:]) is not None)


def is_item(text: str) -> bool:
    """Say whether a text begins with a bullet or an item's number or letter."""
    # Nearly all lines begin with two letters of a word; only Roman numbers do so too.
    if text[1:2].isalpha() and text[0] not in _MAY_NUMBER:
        return False
    return (BULLET.match(text) or NUMBERED.match(text)) is not None


@dataclass(slots=True, eq=False)
class Draft:
    """A block in the making.

    `cells` holds the lines of each cell of a table row. `left` and `right` are the sides of its
    column. `opens` says whether it is the first of its column, table or page, `aside` whether the
    text around it runs on past it.
    """

    kind: BlockKind
    lines: list[Line]
    cells: list[list[Line]] = field(default_factory=list)
    level: int = 0
    role: BlockRole = BlockRole.BODY
    text: str = ""
    left: float = 0.0
    right: float = 0.0
    opens: bool = False
    aside: bool = False

    @property
    def page(self) -> int:
        """Number of the page it begins on."""
        return self.lines[0].page

    @property
    def is_worded(self) -> bool:
        """Whether it says anything in words."""
        return _WORD.search(self.text) is not None

    @property
    def indent(self) -> float:
        """How far it is set in from its column's left side, in points."""
        return self.lines[0].x0 - self.left

    @property
    def size(self) -> float:
        """Its type size, in points."""
        if len(self.lines) == 1:
            return self.lines[0].size
        return sorted([line.size for line in self.lines])[len(self.lines) // 2]

    @property
    def bold(self) -> bool:
        """Whether all of it is bold."""
        return all(line.starts_bold and line.ends_bold for line in self.lines)


@dataclass(frozen=True, slots=True)
class Measures:
    """What is usual in one document: body type size, and line spacing by type size."""

    body: float
    pitches: dict[int, float]
    _found: dict[float, float] = field(default_factory=dict)

    def pitch(self, size: float) -> float:
        """Return the usual distance between baselines at a type size."""
        pitch = self._found.get(size)
        if pitch is None:
            pitch = self._found[size] = self.pitches.get(round(size * 2)) or 1.2 * size
        return pitch


def measure(lines: Iterable[Line]) -> Measures:
    """Find the usual type size and line spacing of a document."""
    sizes: Counter[int] = Counter()
    steps: dict[int, Counter[int]] = defaultdict(Counter)
    above: Line | None = None
    lengths: dict[float, int] = {}
    for line in lines:
        size = line.size
        lengths[size] = lengths.get(size, 0) + len(line.text)
        if above is not None and above.page == line.page and abs(above.size - size) < 0.3:
            step = line.base - above.base
            if 0.5 * line.size < step < 3 * line.size:
                steps[round(size * 2)][round(step * 2)] += 1
        above = line
    for size, length in lengths.items():
        sizes[round(size * 2)] += length
    body = sizes.most_common(1)[0][0] / 2 if sizes else 0.0
    return Measures(body, {key: _usual(counts) / 2 for key, counts in steps.items()})


def _usual(counts: Counter[int]) -> int:
    """Return the smallest step that is nearly as common as the commonest."""
    most = max(counts.values())
    return min(step for step, count in counts.items() if count >= 0.6 * most)


def draft_blocks(region: Region, measures: Measures, *, listing: bool = False) -> list[Draft]:
    """Return the blocks of a region; in a `listing` (contents) each entry is a block."""
    if region.rows:
        return list(_table_blocks(region.rows, measures))
    left = min(line.x0 for line in region.lines)
    blocks: list[Draft] = []
    for chunk in _chunks(region.lines, measures):
        right = max(line.x1 for line in chunk)
        singly = _is_list_of_lines(chunk)
        current: list[Line] = []
        for line in chunk:
            if current and _breaks(current, line, right, listing=listing, singly=singly):
                blocks.append(_block(current, left, right))
                current = []
            current.append(line)
        blocks.append(_block(current, left, right))
    return blocks


def _is_list_of_lines(chunk: Sequence[Line]) -> bool:
    """Say whether each line stands for itself, as names and addresses do: few run on."""
    if len(chunk) < 4:
        return False
    right, left = max([line.x1 for line in chunk]), min([line.x0 for line in chunk])
    full = sum([line.x1 > right - 0.12 * (right - left) for line in chunk])
    if full > 0.6 * len(chunk):
        return False
    running = sum([_runs_on(above, line) for above, line in pairwise(chunk)])
    return running < 0.3 * (len(chunk) - 1)


def _table_blocks(rows: Sequence[list[list[Line]]], measures: Measures) -> Iterator[Draft]:
    """Yield the rows of a table; where only one cell is filled, its paragraphs."""
    for cells in rows:
        if len(cells) == 1:
            yield from draft_blocks(Region(lines=cells[0]), measures)
            continue
        lines = [line for cell in cells for line in cell]
        left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
        yield Draft(BlockKind.TABLE_ROW, lines, cells, left=left, right=right)


def _block(lines: list[Line], left: float, right: float) -> Draft:
    kind = BlockKind.PARAGRAPH
    if is_item(lines[0].text):
        kind = BlockKind.LIST_ITEM
    return Draft(kind, lines, left=left, right=right)


def _chunks(lines: Sequence[Line], measures: Measures) -> Iterator[list[Line]]:
    """Cut lines where the spacing or the type changes."""
    chunk: list[Line] = []
    for line in lines:
        if chunk and _parted(chunk[-1], line, measures):
            yield chunk
            chunk = []
        chunk.append(line)
    if chunk:
        yield chunk


def _parted(above: Line, line: Line, measures: Measures) -> bool:
    size = max(above.size, line.size)
    step = line.base - above.base
    if above.page != line.page or step < -0.5 * size:
        return True
    usual = max(measures.pitch(line.size), measures.pitch(above.size), size)
    alike = above.size == line.size and above.ends_bold == line.starts_bold
    if alike and step <= 1.28 * usual:
        return False
    runs_on = _runs_on(above, line)
    if step > (1.7 if runs_on else 1.28) * usual:
        return True
    if abs(above.size - line.size) > 0.12 * size and not (runs_on and step < 1.6 * size):
        return True
    if above.bold and not line.starts_bold:
        return not runs_on or above.x1 - above.x0 < 0.5 * (line.x1 - line.x0)
    return line.bold and not above.ends_bold and not runs_on


def _runs_on(above: Line, line: Line) -> bool:
    """Say whether the words themselves run on from one line to the next."""
    text = above.text
    if text.endswith((SOFT_HYPHEN, ",", "-")):
        return True
    if ends_sentence(text):
        return False
    if line.text[0].islower() or line.text[0] == "(":
        return True
    return text[text.rfind(" ") + 1 :].lower() in _CONTINUES


def _breaks(  # noqa: PLR0911 - one rule a line, in the order of their certainty
    current: list[Line], line: Line, right: float, *, listing: bool, singly: bool
) -> bool:
    """Say whether a line begins a new block, given the lines of the block so far."""
    above, first = current[-1], current[0]
    if has_leader(above.text) or (listing and _ends_in_page_number(above.text)):
        return True
    if above.text.endswith(SOFT_HYPHEN):
        return False
    ended = ends_sentence(above.text)
    if not ended and line.text[0].islower() and not is_item(line.text):
        return False
    short = _would_have_fitted(above, line, right, ended=ended)
    if is_item(line.text):
        sure = _SURE_BULLET.match(line.text) is not None
        return sure or ended or short or (is_item(first.text) and abs(line.x0 - first.x0) < 3)
    note = _note_number(line.text)
    if note > 1 and note == _note_number(first.text) + 1 and (ended or short):
        return True
    if _is_title(current) and above.bold == line.bold:
        return False
    shift = line.x0 - above.x0
    if len(current) == 1 and is_item(first.text) and -2 < shift < 60:
        return short and ended and shift < 2
    turned = ended and abs(shift) > 0.7 * line.size and not _centred(above, line)
    return turned or ((short or singly) and not _runs_on(above, line))


def _ends_in_page_number(text: str) -> bool:
    return re.search(r"\s(?:\d{1,4}|[ivxlc]{1,7})$", text) is not None


def _note_number(text: str) -> int:
    if not text[0].isdigit():
        return 0
    match = _NOTE_START.match(text)
    return int(match.group(1)) if match else 0


def _is_title(current: list[Line]) -> bool:
    """Say whether the lines so far look like a title set over several lines."""
    text = current[-1].text
    return len(current) < 5 and current[0].bold and not text.endswith((".", ":", ";"))


def _centred(above: Line, line: Line) -> bool:
    return abs((above.x0 + above.x1) - (line.x0 + line.x1)) < 4


def _would_have_fitted(above: Line, line: Line, right: float, *, ended: bool) -> bool:
    """Say whether the next line's first word had room on the line above: a break was meant."""
    # Without a full stop much room must be left: lines that are set ragged differ in length.
    room = right - above.x1 - (1.2 if ended else 3.0) * line.size
    if room <= 0:
        return False
    word = line.text.partition(" ")[0]
    return (line.x1 - line.x0) / len(line.text) * (len(word) + 1) < room
