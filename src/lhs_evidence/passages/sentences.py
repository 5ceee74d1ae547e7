"""Where the sentences of a text begin and end.

spaCy's blank English pipeline finds words and full stops by rules, so there is no model to
download. A few rules more put together again what its sentencizer cuts: abbreviations, initials,
numbers, and the markers of list items.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language

# A full stop after these never ends a sentence.
_BEFORE_NAMES = re.compile(
    r"dr|mr|mrs|ms|prof|rev|hon|fr|messrs|mt|capt|col|gen|lt|sgt|gov|sen|rep"
    r"|e\.?g|i\.?e|cf|viz|vs|approx|incl",
    re.IGNORECASE,
)
# A full stop after these does not where a number or a bracket follows.
_BEFORE_NUMBERS = re.compile(
    r"nos?|secs?|ss?|sect|subsec|arts?|figs?|paras?|par|pp?|vols?|ch|chap|app|refs?|ext|tel|regs?"
    r"|pt|cl|ed|est|max|min|tab|eq|stat|ver|v|rev"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec",
    re.IGNORECASE,
)
_MARKER = re.compile(r"[(\[]?(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]|[ivxlIVXL]{1,5})[.)\]]{0,2}")
_MARKER_AHEAD = re.compile(r"[(\[]?(?:[a-z]|[ivxl]{1,5})[.)\]]\s")
_LAST_WORD = re.compile(r"(?:^|[\s(\[\"“'‘/])([^\s(\[\"“'‘/]+)\.$")  # noqa: RUF001
_OPENING = re.compile(r"\s([(\[{\"“'‘]+)$")  # noqa: RUF001
# spaCy's English tokens hold whole clauses where words are not set apart by spaces.
_WIDE_STOP = re.compile(r"[。！？][」』”’]?(?=\S)")  # noqa: RUF001
# A blank line ends a sentence, and so does a line break before what looks like a new start.
_LINE_BREAK = re.compile(r"[^\S\n]*\n(?:\s*\n\s*|[^\S\n]*(?=[^\sa-z]))")
# No library encodes these; one unknown character stands in, so that offsets hold.
_SURROGATE = re.compile("[\ud800-\udfff]")
# Longer stretches are cut at a space: working memory stays small, whatever the text.
_LONGEST_STRETCH = 50_000

# Guards the pipeline: its store of strings is emptied after every text, for all threads at once.
_LOCK = Lock()


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Return the sentences of a text as spans of code points.

    The spans are in order, do not overlap, begin and end with something other than white space,
    and cover everything else in the text.
    """
    text = _SURROGATE.sub("\ufffd", text)
    spans: list[tuple[int, int]] = []
    for start, end in _stretches(text):
        spans.extend(_sentences(text, start, end))
    return tuple(spans)


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the sentences between two places that surely end one."""
    first = start
    for offset in _boundaries(text[start:end]):
        cut = start + offset
        if cut > first and not _runs_on(text[first:cut].rstrip(), text[cut : cut + 8]):
            yield _trimmed(text, first, cut)
            first = cut
    yield _trimmed(text, first, end)


def _boundaries(stretch: str) -> list[int]:
    """Return where each sentence but the first may begin, in order."""
    with _LOCK, _pipeline().memory_zone():
        cuts = [sentence.start_char for sentence in _pipeline()(stretch).sents][1:]
    if not stretch.isascii():
        cuts = sorted({*cuts, *(match.end() for match in _WIDE_STOP.finditer(stretch))})
    for place, cut in enumerate(cuts):
        # spaCy leaves an opening bracket or quotation mark with the sentence before it.
        if opening := _OPENING.search(stretch, max(0, cut - 5), cut):
            cuts[place] = opening.start(1)
    return cuts


@cache
def _pipeline() -> Language:
    # Loaded here: importing spaCy takes seconds, and short texts never need it.
    import spacy  # noqa: PLC0415

    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    return pipeline


def _runs_on(sentence: str, following: str) -> bool:
    """Whether what may be a whole sentence goes on with what follows it."""
    following = following.lstrip()
    if _MARKER.fullmatch(sentence):
        return True
    if following[:1].islower() and not _MARKER_AHEAD.match(following):
        return True
    word = _LAST_WORD.search(sentence)
    if word is None:
        return False
    if _BEFORE_NAMES.fullmatch(word[1]):
        return True
    return following[:1] in "0123456789([" and _BEFORE_NUMBERS.fullmatch(word[1]) is not None


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches that no sentence crosses, white space around them left out."""
    start = 0
    for match in _LINE_BREAK.finditer(text):
        yield from _short_stretches(text, start, match.start())
        start = match.end()
    yield from _short_stretches(text, start, len(text))


def _short_stretches(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        cut = end
        if end - start > _LONGEST_STRETCH:
            space = text.rfind(" ", start + 1, start + _LONGEST_STRETCH)
            cut = space if space > start else start + _LONGEST_STRETCH
        first, last = _trimmed(text, start, cut)
        if first < last:
            yield first, last
        start = cut


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    stretch = text[start:end]
    return end - len(stretch.lstrip()), start + len(stretch.rstrip())
