"""Dates as documents write them; where a date can be read two ways, the later day is taken.

Taking the later day means that a document is never called outdated on a misreading.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_SHORT = {name[:3].lower(): number for number, name in enumerate(_MONTHS, start=1)}
_EARLIEST, _LATEST = 1970, 2100
_CENTURY_TURNS = 70

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
DATE = (
    r"(?:"
    rf"(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?[\s-]+(?P<m1>{_MONTH}),?[\s-]+(?P<y1>\d{{4}}|\d\d\b)"
    rf"|(?P<m2>{_MONTH})\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y2>\d{{4}})"
    rf"|(?P<m3>{_MONTH}),?[\s/-]+(?P<y3>\d{{4}})"
    r"|(?P<y4>\d{4})[-/.](?P<m4>\d{1,2})[-/.](?P<d4>\d{1,2})"
    r"|(?P<a5>\d{1,2})(?P<s5>[-/.])(?P<b5>\d{1,2})(?P=s5)(?P<y5>\d{4}|\d\d\b)"
    r"|(?P<m6>\d{1,2})/(?P<y6>\d{4})"
    r"|(?P<y7>\d{4})-(?P<m7>\d\d)"
    r"|Q(?P<q8>[1-4])[\s/-]*(?P<y8>\d{4})"
    r"|(?P<y9>(?:19|20)\d\d)"
    r")(?![\w/]|[-.]\d)"
)
# The same for a second date in one pattern, where the parts do not matter.
PLAIN_DATE = re.sub(r"\?P<\w+>", "?:", DATE.replace("(?P=s5)", "[-/.]"))


@dataclass(frozen=True, slots=True)
class Stated:
    """A date as a document states it.

    `last` is the last day it can mean; `precision` is "day", "month" or "year".
    """

    last: date
    precision: str = "day"

    def words(self) -> str:
        """Return the date with its preposition: "on 1 March 2023", "in March 2023", "in 2023"."""
        month = _MONTHS[self.last.month - 1]
        if self.precision == "day":
            return f"on {self.last.day} {month} {self.last.year}"
        return (
            f"in {month} {self.last.year}" if self.precision == "month" else f"in {self.last.year}"
        )

    def later(self, months: int) -> Stated:
        """Return the same date some months on; a day the month lacks becomes its last."""
        ahead = self.last.month - 1 + months
        year, month = self.last.year + ahead // 12, ahead % 12 + 1
        length = monthrange(year, month)[1]
        day = length if self.precision != "day" else min(self.last.day, length)
        return Stated(date(year, month, day), self.precision)


def stated(match: re.Match[str]) -> Stated | None:
    """Return the date in a match of a pattern that holds `DATE`, or nothing if it is no date."""
    part = match.groupdict()
    try:
        return _read(part)
    except ValueError:
        return None


def _read(part: dict[str, str | None]) -> Stated:
    for month, day, year in (("m1", "d1", "y1"), ("m2", "d2", "y2"), ("m4", "d4", "y4")):
        if part[year]:
            return Stated(date(_year(part[year]), _month(part[month]), int(part[day] or "")))
    for month, year in (("m3", "y3"), ("m6", "y6"), ("m7", "y7")):
        if part[year]:
            return _end_of_month(_year(part[year]), _month(part[month]))
    if part["y5"]:
        return _ambiguous(_year(part["y5"]), int(part["a5"] or ""), int(part["b5"] or ""))
    if part["y8"]:
        return _end_of_month(_year(part["y8"]), 3 * int(part["q8"] or ""))
    return Stated(date(_year(part["y9"]), 12, 31), "year")


def _year(digits: str | None) -> int:
    year = int(digits or "")
    if year < 100:
        year += 1900 if year >= _CENTURY_TURNS else 2000
    if not _EARLIEST <= year <= _LATEST:
        raise ValueError(f"no likely year: {year}")
    return year


def _month(words: str | None) -> int:
    text = words or ""
    return int(text) if text.isdigit() else _SHORT[text[:3].lower()]


def _end_of_month(year: int, month: int) -> Stated:
    if not 1 <= month <= 12:
        raise ValueError(f"no month: {month}")
    return Stated(date(year, month, monthrange(year, month)[1]), "month")


def _ambiguous(year: int, first: int, second: int) -> Stated:
    """Return a date whose day and month can stand in either order: the later if both can be."""
    readings = []
    for day, month in ((first, second), (second, first)):
        try:
            readings.append(date(year, month, day))
        except ValueError:
            continue
    return Stated(max(readings))
