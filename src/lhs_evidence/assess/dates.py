"""When a document was made, when it is due for review and when it ends, by its own words.

Dates are looked for where documents carry them: among the first and last blocks, running headers
and footers included. Only dates that a label or the document's own statement claims are taken
("Next review: …", "This policy expires on …"); a date in passing says nothing about the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from lhs_evidence.assess.date_formats import DATE, PLAIN_DATE, Stated, stated
from lhs_evidence.model import BlockRole, Document

_FIRST_BLOCKS = 40
_LAST_BLOCKS = 20
_LONGEST_BLOCK = 2_000

# Where a label may begin: a line, a table cell, a parenthesis or a sentence.
_START = r"(?:^|[|;\t(•·]|\.\s|\s{2}|\*\*)[\s*_]*(?:(?:policy|document|plan)\s+)?"
_SELF = (
    r"\bth(?:is|e present)\s+(?:[\w-]+\s+){0,3}?(?:policy|procedure|document|plan|guidelines?|"
    r"handbook|protocol|standard|manual|directive|notice|strategy|framework|version)\s+"
)
# What may stand between a label and its date.
_BETWEEN = (
    r"[\s:|.,()*_\-\u2013\u2014]*(?:(?:is|are|was|be|due|on|by|date|for|in|of|from|until|or|before|no|"
    r"later|than|the|last|working|day|scheduled|as|at|end|set|planned|and)\b[\s:|.,()*_\-\u2013\u2014]*)"
    r"{0,8}"
)
_DUE = (
    r"\b(?:next\s+(?:scheduled\s+|planned\s+|formal\s+|policy\s+)?(?:review|revision)|"
    r"review\s+(?:is\s+)?due|due\s+for\s+(?:review|renewal)|date\s+(?:of|for)\s+(?:next\s+)?review|"
    r"to\s+be\s+(?:re)?reviewed\s+(?:again\s+)?(?=by|on|in|before|no)|review\s+by|renewal\s+date|"
    r"scheduled\s+for\s+(?:recertification|review|renewal)|(?:recertification|re-?review)\s+date)"
)
_END = (
    r"(?:expir(?:es|y|ation)|valid\s+(?:until|through|till|to)|in\s+force\s+until|"
    r"ceases\s+to\s+(?:have\s+effect|apply)|sunsets?)"
)
_UNTIL = r"\s*(?:to|until|till|through|-|\u2013|\u2014)\s*"
_MADE = (
    r"(?:effective|in\s+force\s+(?:from|since)|valid\s+from|comes\s+into\s+(?:force|effect)|"
    r"implementation|implemented|approved|approval|adopted|adoption|issued?|date\s+of\s+issue|"
    r"publication|published|ratified|version\s+date)"
)
_SEEN = (
    r"(?:last\s+(?:formal\s+)?(?:reviewed|review|updated|update|revised|revision|modified|amended)|"
    r"date\s+(?:last\s+)?(?:reviewed|revised|updated)|(?:reviewed|revised|updated|amended)|"
    r"revision|review\s+dates)"
)
_PATTERNS = {
    "due": (_DUE + _BETWEEN + DATE,),
    # "Review date" by itself is the next one in most house styles and the last one in some.
    "review": (_START + r"review\s+date\b(?!s)" + _BETWEEN + DATE,),
    "end": (
        _START + _END + _BETWEEN + DATE,
        _START + r"(?:effective|valid|in\s+force)" + _BETWEEN + PLAIN_DATE + _UNTIL + DATE,
        _SELF + r"(?:will\s+|shall\s+|is\s+)?" + _END + _BETWEEN + DATE,
    ),
    "made": (
        _START + _MADE + _BETWEEN + DATE,
        _SELF + r"(?:is\s+|was\s+|takes?\s+|becomes?\s+)?" + _MADE + _BETWEEN + DATE,
    ),
    "seen": (
        _START + _SEEN + _BETWEEN + DATE,
        _SELF + r"(?:is\s+|was\s+|has\s+been\s+)?" + _SEEN + _BETWEEN + DATE,
    ),
}
_COMPILED = {
    kind: tuple(re.compile(pattern, re.IGNORECASE | re.MULTILINE) for pattern in patterns)
    for kind, patterns in _PATTERNS.items()
}
# More dates after the first, as in "Reviewed: 1/2019, 2/2020 and 3/2021".
_NEXT = re.compile(
    r"[\s,;&|]*(?:and\b\s*)?(?:(?:reviewed|revised|updated|amended)\b)?[\s:]*" + DATE, re.IGNORECASE
)
# A line or cell of a table of revisions: a date by itself, or after a version number.
_HISTORY = re.compile(
    r"(?:^|[|\t])\s*(?:v?\d+(?:\.\d+)*\s+)?" + DATE + r"\s*(?=$|[|\t])",
    re.IGNORECASE | re.MULTILINE,
)

_NUMBER = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}
_FREQUENCY = (
    r"(?P<every>annual(?:ly)?|yearly|every\s+year|each\s+year|once\s+a\s+year|bi-?ennial(?:ly)?|"
    r"tri-?ennial(?:ly)?|every\s+other\s+year|semi-?annual(?:ly)?|"
    r"(?:every\s+)?(?P<number>\d{1,2}|two|three|four|five|six|ten)"
    r"(?:\s*\(\d{1,2}\))?[\s-]+(?P<unit>month|year)s?(?:ly)?)\b"
)
_IS = r"(?:is|will\s+be|shall\s+be|must\s+be|should\s+be|is\s+to\s+be)\s+"
_REVIEWED = r"(?:formally\s+)?(?:reviewed|revised|renewed)(?:\s+(?:and|or)\s+\w+)?\s+"
_CYCLE = r"\breview\s+(?:cycle|frequency|period|interval|schedule)[\s:|\-\u2013\u2014]*(?:is\s+)?"
_INTERVAL = re.compile(
    rf"(?:{_SELF}{_IS}{_REVIEWED}|{_START}(?:(?:it\s+)?{_IS}|to\s+be\s+)?{_REVIEWED}"
    rf"|\bto\s+be\s+{_REVIEWED}|{_CYCLE})"
    rf"(?:at\s+least\s+|no\s+less\s+than\s+)?(?:once\s+)?{_FREQUENCY}",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class DocumentDates:
    """What a document says of its own dates; each is the latest of its sort.

    `months` is the interval between reviews. `history` is the latest date that stands by itself,
    as in a table of revisions; it only ever postpones.
    """

    made: Stated | None = None
    seen: Stated | None = None
    due: Stated | None = None
    ends: Stated | None = None
    months: int | None = None
    history: Stated | None = None

    @property
    def current_from(self) -> Stated | None:
        """The latest day on which the document was made or looked over."""
        return _latest(item for item in (self.made, self.seen) if item)

    def past(self, today: date) -> str:
        """Return a sentence on the date that has passed, or nothing if none has."""
        if self.ends and self.ends.last < today:
            return f"It was valid until {self.ends.words().removeprefix('on ')}.".replace(
                "until in ", "until "
            )
        due = self._due()
        if due is None or due[0].last >= today:
            return ""
        return f"Review was due {due[0].words()}{due[1]}."

    def _due(self) -> tuple[Stated, str] | None:
        """Return when review is due, by a date or by an interval, whichever is later.

        A due date that the document has been reviewed on or after is spent.
        """
        seen, base = self.seen, self.current_from
        found: list[tuple[Stated, str]] = []
        if self.due and not (seen and seen.last >= self.due.last):
            found.append((self.due, ""))
        if base and self.months:
            if self.history and self.history.last > base.last:
                base = self.history
            rule = f" ({_every(self.months)} from {base.words().split(' ', 1)[1]})"
            found.append((base.later(self.months), rule))
        return max(found, key=lambda item: item[0].last, default=None)


def read_dates(document: Document) -> DocumentDates:
    """Return the dates a document states about itself."""
    text = _margins(document)
    found = {kind: list(_find(text, kind)) for kind in _COMPILED}
    months = _interval(text)
    made, seen, due = _latest(found["made"]), _latest(found["seen"]), _latest(found["due"])
    single = found["review"]
    if single and due is None:
        # With an interval stated, or a list of dates, or a date the document was made after,
        # "review date" is read as the last review: the reading under which less is overdue.
        latest = _latest(single)
        listed = len({item.last for item in single}) > 1
        if months or listed or (made and latest and latest.last <= made.last):
            seen = _latest(item for item in (seen, latest) if item)
        else:
            due = latest
    ahead = {item.last for item in (*found["due"], *found["review"], *found["end"])}
    history = _latest(
        item
        for match in _HISTORY.finditer(text)
        if (item := stated(match)) and item.last not in ahead
    )
    return DocumentDates(made, seen, due, _latest(found["end"]), months, history)


def margin_lines(document: Document) -> Iterator[str]:
    """Yield the text of the blocks where a document speaks of itself, from first to last."""
    blocks = document.blocks
    ends = blocks[:_FIRST_BLOCKS] + blocks[max(_FIRST_BLOCKS, len(blocks) - _LAST_BLOCKS) :]
    for block in ends:
        if block.role is not BlockRole.HIDDEN:
            yield document.text[block.start : min(block.end, block.start + _LONGEST_BLOCK)]


def _margins(document: Document) -> str:
    return "\n".join(margin_lines(document))


def _find(text: str, kind: str) -> Iterator[Stated]:
    for pattern in _COMPILED[kind]:
        for match in pattern.finditer(text):
            found = stated(match)
            # "Version 3, 2021 edition": a bare year is taken only as a due date or an end.
            if found and (found.precision != "year" or kind in ("due", "end")):
                yield found
            if kind in ("seen", "review"):
                yield from _listed(text, match.end())


def _listed(text: str, place: int) -> Iterator[Stated]:
    """Yield the further dates of a list that goes on at a place."""
    while match := _NEXT.match(text, place):
        place = match.end()
        if (found := stated(match)) and found.precision != "year":
            yield found


def _interval(text: str) -> int | None:
    """Return the months between reviews: the longest interval stated."""
    return max((_months(match) for match in _INTERVAL.finditer(text)), default=None)


def _months(match: re.Match[str]) -> int:
    if number := match["number"]:
        size = int(number) if number.isdigit() else _NUMBER[number.lower()]
        return size * (12 if match["unit"].lower() == "year" else 1)
    words = match["every"].lower()
    if words.startswith(("bi", "every other")):
        return 24
    if words.startswith("tri"):
        return 36
    return 6 if words.startswith("semi") else 12


def _every(months: int) -> str:
    if months == 12:
        return "every year"
    return f"every {months // 12} years" if months % 12 == 0 else f"every {months} months"


def _latest(dates: Iterable[Stated]) -> Stated | None:
    return max(dates, key=lambda item: item.last, default=None)
