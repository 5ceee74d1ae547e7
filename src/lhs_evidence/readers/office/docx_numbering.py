"""The numbers Word prints before headings and list items; they are not in the text itself.

Other sentences refer to them ("as in 4.2"), and reviewers look for them, so they are written out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from lxml import etree

from lhs_evidence.readers.office.docx_styles import W, child_value, is_on, number_of

_PLACE = re.compile(r"%([1-9])")
_SILENT = frozenset({"bullet", "none"})
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"))
_ROMAN_SMALL = ((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_MOST_ROMAN = 4000
_DEEPEST = 9


@dataclass(frozen=True, slots=True)
class _Level:
    """One level of a list: how its number looks and where it starts."""

    form: str
    pattern: str
    start: int
    style: str
    plain: bool = False
    """Whether the levels above are written as decimals in its number."""
    restarts_after: int = _DEEPEST
    """The deepest level whose number makes this one start anew; -1 where none does."""


class Numbering:
    """The lists of a document; each call to `label` counts one on."""

    def __init__(self, root: etree._Element | None) -> None:
        self._lists: dict[str, tuple[str, dict[int, _Level]]] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._started: set[tuple[str, int]] = set()
        self._anew: dict[tuple[str, int], int] = {}
        if root is None:
            return
        self._abstract: dict[str, dict[int, _Level]] = {}
        self._by_style: dict[str, str] = {}
        self._linked: dict[str, str] = {}
        for element in root.iterfind(f"{W}abstractNum"):
            self._define(element)
        for element in root.iterfind(f"{W}num"):
            self._use(element)

    def _define(self, element: etree._Element) -> None:
        base = element.get(f"{W}abstractNumId", "")
        self._abstract[base] = _levels(element)
        self._by_style[child_value(element, "styleLink") or ""] = base
        self._linked[base] = child_value(element, "numStyleLink") or ""

    def _use(self, element: etree._Element) -> None:
        number = element.get(f"{W}numId", "")
        base = child_value(element, "abstractNumId") or ""
        # A definition may stand for that of a list style.
        if self._linked.get(base):
            base = self._by_style.get(self._linked[base], base)
        levels = dict(self._abstract.get(base, {}))
        for override in element.iterfind(f"{W}lvlOverride"):
            depth = number_of(override.get(f"{W}ilvl"))
            if depth is None:
                continue
            level = override.find(f"{W}lvl")
            if level is not None:
                levels[depth] = _level(level)
            start = number_of(child_value(override, "startOverride"))
            if start is not None:
                self._anew[number, depth] = start
        self._lists[number] = (base, levels)

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
        if fresh and (number, depth) in self._anew:
            counts[depth] = self._anew[number, depth]
        else:
            counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [other for other in counts if other > depth]:
            if deeper not in levels or levels[deeper].restarts_after >= depth:
                del counts[deeper]
        if level.form in _SILENT:
            return ""
        return _PLACE.sub(
            lambda place: _written(int(place[1]) - 1, levels, counts, plain=level.plain),
            level.pattern,
        )


def _levels(element: etree._Element) -> dict[int, _Level]:
    levels = {}
    for level in element.iterfind(f"{W}lvl"):
        depth = number_of(level.get(f"{W}ilvl"))
        if depth is not None:
            levels[depth] = _level(level)
    return levels


def _level(element: etree._Element) -> _Level:
    start = number_of(child_value(element, "start"))
    restart = number_of(child_value(element, "lvlRestart"))
    return _Level(
        form=child_value(element, "numFmt") or "decimal",
        pattern=child_value(element, "lvlText") or "",
        start=1 if start is None else start,
        style=child_value(element, "pStyle") or "",
        plain=bool(is_on(element, "isLgl")),
        restarts_after=_DEEPEST if restart is None else restart - 1,
    )


def _written(depth: int, levels: dict[int, _Level], counts: dict[int, int], *, plain: bool) -> str:
    level = levels.get(depth)
    if level is None:
        return ""
    return _format(counts.get(depth, level.start), "decimal" if plain else level.form)


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
