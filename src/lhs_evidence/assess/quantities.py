"""Limits with a number that a sentence sets: times, rhythms, shares, sums and counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fourteen": 14, "fifteen": 15,
    "eighteen": 18, "twenty": 20, "twenty-four": 24, "thirty": 30, "forty-five": 45,
    "forty-eight": 48, "sixty": 60, "seventy-two": 72, "ninety": 90, "hundred": 100,
}  # fmt: skip
_HOURS = {
    "minute": 1 / 60, "hour": 1.0, "day": 24.0, "week": 168.0,
    "month": 730.5, "quarter": 2191.5, "year": 8766.0,
}  # fmt: skip
_RHYTHMS = {
    "hourly": 1.0, "daily": 24.0, "weekly": 168.0, "fortnightly": 336.0, "monthly": 730.5,
    "quarterly": 2191.5, "semi-annually": 4383.0, "annually": 8766.0, "yearly": 8766.0,
    "biennially": 17532.0,
}  # fmt: skip

_NUMBER = (
    r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|"
    + "|".join(sorted(_WORDS, key=len, reverse=True))
    + r")(?:\s*\(\d+\))?"
)
_UNIT = r"(?:minute|hour|day|week|month|quarter|year)"
_TIME = (
    rf"(?P<number>{_NUMBER}|an?)[\s-]+(?P<working>business|working|clinic)?[\s-]*"
    rf"(?:calendar|consecutive|full)?[\s-]*(?P<unit>{_UNIT})s?\b"
)
_MOST = (
    r"(?:within|(?:no|not)\s+(?:later|more|longer)\s+than|(?:not|never)\s+(?:to\s+)?exceed(?:ing)?|"
    r"at\s+most|up\s+to|(?:a\s+)?maximum(?:\s+of)?|less\s+than|fewer\s+than|under)"
)
_LEAST = (
    r"(?:at\s+least|(?:a\s+)?minimum(?:\s+of)?|(?:no|not)\s+(?:less|fewer)\s+than|"
    r"more\s+than|over|exceed(?:s|ing)?|above)"
)
_FLOOR = r"(?P<floor>at\s+least\s+|no\s+less\s+(?:often\s+)?than\s+|(?:a\s+)?minimum\s+(?:of\s+)?)?"
# What follows a rhythm that says how often, not one that names a thing ("the monthly report").
_ADVERB = (
    r"(?=\s*(?:[.,;:)]|$)"
    r"|\s+(?:by|to|for|with|at|in|on|and|or|as|from|using|during|through)\b)"
)
_ONCE = r"once\s+(?:an?|per)"
_KEPT = r"(?:kept|retained|held|stored|maintained|preserved|archived|keep|retain|store|retention)"
_SCALE = r"(?P<scale>\s?(?:million|thousand|k|m)\b)?"
# A note's number often sticks to the full stop behind a sum ("$5,000.135"): cents have two digits.
_SUM = r"\d[\d,]*(?:\.\d{1,2}(?!\d)|\.\d+(?=\s?(?:million|thousand)\b))?"
_LIGHT = r"(?:\s+(?:a|an|the|maximum|period|total|first|next|of))*\s+"

_PATTERNS: tuple[tuple[str, str], ...] = (
    ("every", rf"\b{_FLOOR}(?:once\s+)?(?:every|each)\s+{_TIME}"),
    ("every", rf"\b{_FLOOR}(?:(?:once\s+)?(?:every|each)|{_ONCE})\s+(?P<single>{_UNIT})\b"),
    ("every", rf"\b{_FLOOR}(?P<rhythm>{'|'.join(_RHYTHMS)}){_ADVERB}"),
    ("for", rf"\b(?:for|period\s+of)\s+(?:a\s+|the\s+)?(?:period\s+of\s+)?{_FLOOR}{_TIME}"),
    ("for", rf"\b{_KEPT}\s+(?:for\s+)?{_FLOOR}{_TIME}"),
    ("most", rf"\b{_MOST}{_LIGHT}{_TIME}"),
    ("least", rf"\b{_LEAST}{_LIGHT}{_TIME}"),
    ("share", rf"(?P<share>{_NUMBER})\s*(?:%|per\s?cent\b)"),
    ("sum", rf"(?P<currency>[$£€])\s?(?P<sum>{_SUM}){_SCALE}"),
    ("most", rf"\b{_MOST}\s+(?P<count>{_NUMBER})\s+(?P<things>[a-z]{{4,}})"),
    ("least", rf"\b{_LEAST}\s+(?P<count>{_NUMBER})\s+(?P<things>[a-z]{{4,}})"),
)  # fmt: skip
_COMPILED = tuple((bound, re.compile(pattern, re.IGNORECASE)) for bound, pattern in _PATTERNS)
# Without one of these no pattern can match; one search for plain words spares many slow ones.
_TRIGGER = re.compile(
    r"minute|hour|day|week|month|quarter|year|%|cent|\$|£|€|fortnightly|daily|annually|least|most"
    r"|maximum|minimum|than|up to|under|over|exceed|above"
)
# Characters on either side of a trigger that a limit can reach.
_REACH = 90


@dataclass(frozen=True, slots=True)
class Quantity:
    """A limit that a sentence sets.

    `kind` names what is compared with what: a bound and a sort of unit, as in "most time".
    `value` is in hours for times, else as written. `unit` is the unit as written, `floor` whether
    a rhythm or duration may be exceeded ("at least every month"). `start` and `end` are offsets
    in the sentence, bound included.
    """

    kind: str
    value: float
    unit: str
    floor: bool
    start: int
    end: int


def quantities(text: str) -> list[Quantity]:
    """Return the limits in a text in order; none overlaps another."""
    found: list[Quantity] = []
    for quantity in _all(text):
        if all(quantity.end <= other.start or other.end <= quantity.start for other in found):
            found.append(quantity)
    return sorted(found, key=lambda quantity: quantity.start)


def differ(one: Quantity, other: Quantity) -> bool:
    """Whether two limits of one kind ask for different things.

    Units of different names are only roughly alike (a month and 30 days), so such values count as
    different only when they are well apart. "At least every year" is met by "every month".
    """
    same_unit = one.unit == other.unit
    if abs(one.value - other.value) <= (0 if same_unit else 0.1 * max(one.value, other.value)):
        return False
    for loose, strict in ((one, other), (other, one)):
        if loose.floor and not strict.floor:
            often = loose.kind.startswith("every")
            if strict.value < loose.value if often else strict.value > loose.value:
                return False
    return True


def _all(text: str) -> Iterator[Quantity]:
    stretches = _stretches(text)
    for bound, pattern in _COMPILED:
        for start, end in stretches:
            for match in pattern.finditer(text, start, end):
                part = match.groupdict()
                kind, value, unit = _measure(bound, part)
                yield Quantity(kind, value, unit, bool(part.get("floor")), *match.span())


def _stretches(text: str) -> list[tuple[int, int]]:
    """Return the stretches of a text in which a limit can stand."""
    found: list[tuple[int, int]] = []
    for trigger in _TRIGGER.finditer(text.lower()):
        start, end = max(0, trigger.start() - _REACH), min(len(text), trigger.end() + _REACH)
        if found and start <= found[-1][1]:
            start = found.pop()[0]
        found.append((start, end))
    return found


def _measure(bound: str, part: dict[str, str | None]) -> tuple[str, float, str]:
    """Return kind, value and unit of a match."""
    if unit := part.get("unit"):
        # Working days and days do not compare without a calendar, so they never do.
        sort = "working time" if part.get("working") else "time"
        return f"{bound} {sort}", _number(part["number"]) * _HOURS[unit.lower()], unit.lower()
    if single := part.get("single"):
        return f"{bound} time", _HOURS[single.lower()], single.lower()
    if rhythm := part.get("rhythm"):
        return f"{bound} time", _RHYTHMS[rhythm.lower()], rhythm.lower()
    if share := part.get("share"):
        return "share", _number(share), "%"
    if part.get("sum"):
        return f"sum {part['currency']}", _number(part["sum"]) * _scale(part["scale"]), "money"
    things = (part["things"] or "").lower()
    return f"{bound} {things.removesuffix('s')}", _number(part["count"]), things


def _number(text: str | None) -> float:
    word = re.sub(r"\s*\(.*", "", text or "").lower().replace(",", "")
    if word in ("a", "an"):
        return 1.0
    return float(_WORDS[word]) if word in _WORDS else float(word)


def _scale(text: str | None) -> float:
    word = (text or "").strip().lower()
    return {"million": 1e6, "m": 1e6, "thousand": 1e3, "k": 1e3}.get(word, 1.0)
