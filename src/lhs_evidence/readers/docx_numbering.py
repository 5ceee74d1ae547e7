"""The numbers Word prints before headings and list items; they are not in the text itself.

Other sentences refer to them ("as in 4.2"), and reviewers look for them, so they are written out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from lxml import etree

from lhs_evidence.readers.docx_styles import W, child_value, number_of

_PLACE = re.compile(r"%([1-9])")
_SILENT = frozenset({"bullet", "none"})
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"))
_ROMAN_SMALL = ((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_MOST_ROMAN = 4000


@dataclass(frozen=True, slots=True)
class _Level:
    """One level of a list: how its number looks and where it starts."""

    form: str
    pattern: str
    start: int
    style: str


class Numbering:
    """The lists of a document; each call to `label` counts one on."""

    def __init__(self, root: etree._Element | None) -> None:
        self._lists: dict[str, tuple[str, dict[int, _Level]]] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._started: set[tuple[str, int]] = set()
        if root is None:
            return
        abstract = {
            element.get(f"{W}abstractNumId", ""): _levels(element)
            for element in root.iterfind(f"{W}abstractNum")
        }
        for element in root.iterfind(f"{W}num"):
            base = child_value(element, "abstractNumId") or ""
            levels = dict(abstract.get(base, {}))
            for override in element.iterfind(f"{W}lvlOverride"):
                _override(levels, override)
            self._lists[element.get(f"{W}numId", "")] = (base, levels)

    def depth_of_style(self, number: str, style_id: str) -> int:
        """Return the level of a list that belongs to a paragraph style, 0 if none does."""
        _, levels = self._lists.get(number, ("", {}))
        return next((depth for depth, level in levels.items() if level.style == style_id), 0)

    def label(self, number: str, depth: int) -> str:
        """Count one on at a level of a list and return what is printed, '' for a bullet."""
        base, levels = self._lists.get(number, ("", {}))
        level = levels.get(depth)
        if level is None:
            return ""
        # Lists made from one definition count on together, unless this one starts anew.
        counts = self._counts[base]
        fresh = (number, depth) not in self._started
        self._started.add((number, depth))
        restarts = fresh and level.start != 1 and depth not in counts
        counts[depth] = level.start if restarts else counts.get(depth, level.start - 1) + 1
        for deeper in [other for other in counts if other > depth]:
            del counts[deeper]
        if level.form in _SILENT:
            return ""
        return _PLACE.sub(lambda place: _written(int(place[1]) - 1, levels, counts), level.pattern)


def _levels(element: etree._Element) -> dict[int, _Level]:
    levels = {}
    for level in element.iterfind(f"{W}lvl"):
        depth = number_of(level.get(f"{W}ilvl"))
        if depth is not None:
            levels[depth] = _level(level)
    return levels


def _level(element: etree._Element) -> _Level:
    start = number_of(child_value(element, "start"))
    return _Level(
        form=child_value(element, "numFmt") or "decimal",
        pattern=child_value(element, "lvlText") or "",
        start=1 if start is None else start,
        style=child_value(element, "pStyle") or "",
    )


def _override(levels: dict[int, _Level], override: etree._Element) -> None:
    depth = number_of(override.get(f"{W}ilvl"))
    element = override.find(f"{W}lvl")
    if depth is not None and element is not None:
        levels[depth] = _level(element)


def _written(depth: int, levels: dict[int, _Level], counts: dict[int, int]) -> str:
    level = levels.get(depth)
    if level is None:
        return ""
    return _format(counts.get(depth, level.start), level.form)


def _format(number: int, form: str) -> str:
    """Return a count in one of Word's number formats; rare ones come out as decimals."""
    if form in ("lowerLetter", "upperLetter") and number > 0:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter[:10] if form == "lowerLetter" else letter[:10].upper()
    if form in ("lowerRoman", "upperRoman") and 0 < number < _MOST_ROMAN:
        roman = _roman(number)
        return roman if form == "lowerRoman" else roman.upper()
    return f"{number:02d}" if form == "decimalZero" else str(number)


def _roman(number: int) -> str:
    parts = []
    for value, sign in (*_ROMAN, *_ROMAN_SMALL):
        count, number = divmod(number, value)
        parts.append(sign * count)
    return "".join(parts)
