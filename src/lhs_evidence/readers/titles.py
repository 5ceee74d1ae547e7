"""Which titles stored in a file's properties are worth showing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lhs_evidence.readers.content import RawBlock
from lhs_evidence.readers.sanitise import one_line

_LONGEST = 200
# A title is looked for on the first pages only.
_OPENING = 5_000
_RUN_OF_WORDS = 3
_SHARE_OF_RUNS = 0.5
_WORD = re.compile(r"\w+")
_EMPTY_WORDS = re.compile(
    r"(?i)^(untitled|document|presentation|powerpoint presentation|book|workbook|template|title"
    r"|slide|unnamed|no title|new microsoft .*|blank|draft|microsoft word|word document)"
    r"[\s\d._()-]*$"
)
_PROGRAM_PREFIX = re.compile(r"(?i)^microsoft (word|powerpoint|excel) - ")
_FILE_NAME = re.compile(r"(?i)\.(docx?|docm|dotx?|pdf|xlsx?|xlsm|pptx?|pptm|rtf|txt|html?|indd)$")


def sensible_title(title: str | None) -> str:
    """Return a stored title as one clean line, or an empty string if it says nothing.

    Programs fill the field with their own names, template names and file names.
    """
    clean = _PROGRAM_PREFIX.sub("", one_line(title or ""))
    letters = sum(character.isalpha() for character in clean)
    if letters < 4 or len(clean) > _LONGEST:
        return ""
    if _EMPTY_WORDS.match(clean) or _FILE_NAME.search(clean):
        return ""
    return clean


def title_that_fits(title: str | None, blocks: Iterable[RawBlock]) -> str:
    """Return a stored title if it is sensible and its words stand where the document begins.

    A report begun as a copy of last year's keeps last year's title in its properties.
    """
    clean = sensible_title(title)
    opening: list[str] = []
    length = 0
    for block in blocks:
        opening += _WORD.findall(block.text.casefold())
        length += len(block.text)
        if length > _OPENING:
            break
    words = _WORD.findall(clean.casefold())
    run = min(_RUN_OF_WORDS, len(words))
    known = set(_runs(opening, run))
    wanted = list(_runs(words, run))
    hits = sum(one in known for one in wanted)
    return clean if wanted and hits >= _SHARE_OF_RUNS * len(wanted) else ""


def _runs(words: Sequence[str], length: int) -> Iterable[tuple[str, ...]]:
    if not length:
        return []
    return zip(*(words[offset:] for offset in range(length)), strict=False)
