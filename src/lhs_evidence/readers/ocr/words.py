"""What Tesseract found on a page (hOCR) becomes lines that the layout of PDF pages can order."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from lxml import etree

from lhs_evidence.readers.ocr.engine import RecognitionError
from lhs_evidence.readers.pdf.lines import Line, PageLines

Rect = tuple[float, float, float, float]

_BOX = re.compile(r"\bbbox (-?\d+) (-?\d+) (-?\d+) (-?\d+)")
_BASELINE = re.compile(r"\bbaseline (-?[\d.]+) (-?[\d.]+)")
_SIZE = re.compile(r"\bx_size ([\d.]+)")
_BELOW = re.compile(r"\bx_descenders ([\d.]+)")
_ANGLE = re.compile(r"\btextangle (\d+)")
_CONFIDENCE = re.compile(r"\bx_wconf (\d+)")
_RESOLUTION = re.compile(r"\bscan_res (\d+) ")
_UNKNOWN_RESOLUTION = 70
_LONG_SIDE = 792.0
"""Points of the longer side of a picture that does not say how large it is: a Letter page's."""

_LABEL = re.compile(r"[^\w\s]|\(?(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]|[ivxIVX]{1,5})[.):]{0,2}")
_ITEM = re.compile(r"•|\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})[.)]")
_BULLETS = frozenset("•°©®¢«»*·@eo¥")
"""What Tesseract makes of a bullet, when a wide gap follows."""

_CELL_GAP = 1.5
_BULLET_GAP = 0.45
_LABEL_GAP = 4.0
_STEP = 1.25
_SURE = 0.5
LEGIBLE = 0.6
"""Mean confidence below which a line may be a signature or a seal as well as words."""

_FEWEST_LETTERS = 3


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word: its box, in points of the upright page, and confidence (0 to 1)."""

    text: str
    box: Rect
    confidence: float


@dataclass(slots=True)
class PageWords:
    """A recognised page, turned upright where it was scanned on its side or head.

    `width` and `height` are points of the page as it is shown, `angle` by how many degrees its
    text is turned on it, `sure` the mean confidence of each line.
    """

    number: int
    width: float
    height: float
    angle: int = 0
    lines: list[Line] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    sure: list[float] = field(default_factory=list)

    @property
    def has_text(self) -> bool:
        """Whether anything was recognised with some confidence, not marks made out of a picture."""
        sure = (word.text for word in self.words if word.confidence >= _SURE)
        return sum(char.isalnum() for text in sure for char in text) >= _FEWEST_LETTERS

    @property
    def letters(self) -> int:
        """How many letters and digits were recognised."""
        return sum(char.isalnum() for word in self.words for char in word.text)

    @property
    def confidence(self) -> float:
        """Mean confidence of its words, 0 where there are none."""
        known = [word.confidence for word in self.words]
        return sum(known) / len(known) if known else 0.0

    def upright(self) -> PageLines:
        """Return the page's lines for the layout."""
        sizes = (self.width, self.height)
        across, down = sizes if self.angle in (0, 180) else sizes[::-1]
        return PageLines(self.number, across, down, self.lines)

    def shown(self, box: Rect) -> Rect:
        """Return where a box of the upright page lies on the page as it is shown."""
        x0, y0, x1, y1 = box
        if self.angle == 90:
            return y0, self.height - x1, y1, self.height - x0
        if self.angle == 180:
            return self.width - x1, self.height - y1, self.width - x0, self.height - y0
        if self.angle == 270:
            return self.width - y1, x0, self.width - y0, x1
        return box


def page_words(hocr: bytes, number: int, *, points: float = 0.0) -> PageWords | None:
    """Return what was found on a page, none where the picture has no such page.

    Args:
        hocr: Tesseract's answer about one page.
        number: Number of the page, from 1.
        points: Points that a dot of the picture measures; 0 to go by what the picture says.

    Raises:
        RecognitionError: It is no hOCR.
    """
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(hocr, parser)
    except etree.XMLSyntaxError as error:
        raise RecognitionError("Tesseract answered nonsense") from error
    if root is None:
        raise RecognitionError("Tesseract answered nothing")
    page = next(iter(_of_class(root, "ocr_page")), None)
    if page is None:
        return None
    title = page.get("title", "")
    x0, y0, x1, y1 = _box(title)
    across, down = x1 - x0, y1 - y0
    points = points or _points(title, max(across, down))
    made = PageWords(number, across * points, down * points)
    found = [line for line in map(_Found.of, _of_class(page, "ocr_line", "ocr_header",
             "ocr_caption", "ocr_textfloat")) if line.is_text]  # fmt: skip
    made.angle = _main_angle(found)
    place = _turned_upright(made.angle, across, down, points)
    for line in found:
        _add(made, line, place, points)
    _join_labels(made.lines)
    return made


def even_sizes(pages: Sequence[PageWords]) -> None:
    """Put type sizes on a few steps: measured from pictures, lines of one type differ a little.

    Lines that are hardly legible get the common size: signatures and seals look like large type.
    """
    sizes = [line.size for page in pages for line in page.lines for _ in range(len(line.text))]
    if not sizes:
        return
    body = median(sizes)
    for page in pages:
        for line in page.lines:
            steps = round(math.log(line.size / body, _STEP))
            line.size = body * _STEP**steps if page.sure[line.order] >= LEGIBLE else body


@dataclass(slots=True)
class _Found:
    """A line as hOCR gives it, in dots of the picture."""

    title: str
    words: list[tuple[str, Rect, float]]

    @classmethod
    def of(cls, element: etree._Element) -> _Found:
        words = []
        for word in _of_class(element, "ocrx_word"):
            text = " ".join("".join(map(str, word.itertext())).split())
            title = word.get("title", "")
            known = _CONFIDENCE.search(title)
            if text:
                words.append((text, _box(title), int(known.group(1)) / 100 if known else 0.0))
        return cls(element.get("title", ""), words)

    @property
    def is_text(self) -> bool:
        return any(char.isalnum() for text, _, _ in self.words for char in text)

    @property
    def letters(self) -> int:
        return sum(len(text) for text, _, _ in self.words)

    @property
    def angle(self) -> int:
        known = _ANGLE.search(self.title)
        return int(known.group(1)) % 360 if known else 0


def _add(page: PageWords, found: _Found, place: Callable[[Rect], Rect], points: float) -> None:
    """Add a line to a page, in pieces where wide gaps part it into cells."""
    size = max(_number(_SIZE, found.title) * points, 1.0)
    sideways = found.angle != page.angle
    words = [Word(text, place(box), sure) for text, box, sure in found.words]
    page.words.extend(words)
    pieces = [words] if sideways else list(_pieces(words, size))
    box = place(_box(found.title))
    lean, base = _baseline(found, box, points)
    for piece in pieces:
        if not any(char.isalnum() for word in piece for char in word.text):
            continue
        lefts, tops, rights, bottoms = zip(*(word.box for word in piece), strict=True)
        x0, y0, x1, y1 = min(lefts), min(tops), max(rights), max(bottoms)
        page.sure.append(sum(word.confidence for word in piece) / len(piece))
        page.lines.append(
            Line(
                text=_text(piece, size),
                page=page.number,
                order=len(page.lines),
                x0=x0,
                y0=y0,
                x1=x1,
                y1=y1,
                base=base + lean * ((x0 + x1) / 2 - box[0]),
                size=size,
                sideways=sideways,
            )
        )


def _baseline(found: _Found, box: Rect, points: float) -> tuple[float, float]:
    """Return how the baseline leans and where it begins; turned lines come without one."""
    known = None if found.angle else _BASELINE.search(found.title)
    if known is None:
        return 0.0, box[3] - _number(_BELOW, found.title) * points
    lean = float(known.group(1))
    # Of a line that stands on its side the figure is without sense.
    return (lean, box[3] + float(known.group(2)) * points) if abs(lean) < 1 else (0.0, box[3])


def _pieces(words: Sequence[Word], size: float) -> Iterator[list[Word]]:
    """Yield the cells of a line; a bullet or number stays with what follows it."""
    piece = [words[0]]
    first = True
    for before, word in pairwise(words):
        wide = word.box[0] - before.box[2] > _CELL_GAP * size
        label = first and len(piece) == 1 and _LABEL.fullmatch(before.text) is not None
        if wide and not label:
            yield piece
            piece, first = [], False
        piece.append(word)
    yield piece


def _text(words: Sequence[Word], size: float) -> str:
    texts = [word.text for word in words]
    if len(words) > 1 and texts[0] in _BULLETS:
        gap = words[1].box[0] - words[0].box[2]
        if gap > _BULLET_GAP * size:
            texts[0] = "•"
    return " ".join(texts)


def _join_labels(lines: list[Line]) -> None:
    """Give each bullet or number that was found as a line of its own back to its text."""
    for label in [line for line in lines if _ITEM.fullmatch(line.text)]:
        beside = [
            line
            for line in lines
            if abs(line.base - label.base) < 0.5 * label.size
            and 0 <= line.x0 - label.x1 < _LABEL_GAP * label.size
        ]
        if beside:
            text = min(beside, key=lambda line: line.x0)
            text.text = f"{label.text} {text.text}"
            text.x0, text.y0 = label.x0, min(label.y0, text.y0)
            text.y1 = max(label.y1, text.y1)
            lines.remove(label)


def _main_angle(lines: Sequence[_Found]) -> int:
    """Return the angle at which most of a page's text stands."""
    counts: dict[int, int] = {}
    for line in lines:
        counts[line.angle] = counts.get(line.angle, 0) + line.letters
    angle = max(counts, key=counts.__getitem__, default=0)
    return angle if angle in (90, 180, 270) else 0


def _turned_upright(
    angle: int, across: float, down: float, points: float
) -> Callable[[Rect], Rect]:
    """Return what turns a box in dots of the picture into points of the upright page."""

    def place(box: Rect) -> Rect:
        x0, y0, x1, y1 = box
        if angle == 90:
            box = down - y1, x0, down - y0, x1
        elif angle == 180:
            box = across - x1, down - y1, across - x0, down - y0
        elif angle == 270:
            box = y0, across - x1, y1, across - x0
        left, top, right, bottom = box
        return left * points, top * points, right * points, bottom * points

    return place


def _points(title: str, longer: float) -> float:
    """Return how many points a dot measures, by what the picture says of itself."""
    resolution = _number(_RESOLUTION, title)
    if resolution > _UNKNOWN_RESOLUTION:
        return 72.0 / resolution
    return _LONG_SIDE / max(longer, 1.0)


def _of_class(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    for member in element.iter(etree.Element):
        if member.get("class") in names:
            yield member


def _box(title: str) -> Rect:
    known = _BOX.search(title)
    if known is None:
        return 0.0, 0.0, 0.0, 0.0
    x0, y0, x1, y1 = map(float, known.groups())
    return x0, y0, x1, y1


def _number(pattern: re.Pattern[str], title: str) -> float:
    known = pattern.search(title)
    return float(known.group(1)) if known else 0.0
