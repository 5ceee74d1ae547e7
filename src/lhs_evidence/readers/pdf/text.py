"""Text of a block from its lines: words broken at line ends are made whole again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lhs_evidence.readers.pdf.lines import SOFT_HYPHEN, Line

_LAST_PART = re.compile(r"[^\W\d_]+$")
_FIRST_PART = re.compile(r"[^\W\d_]+")
_STOPS = ",.;:)?"
_LONGEST_WORD = 80
_HYPHENS = "-\u2010\u00ad" + SOFT_HYPHEN


class Words:
    """The words of a document, to tell a word broken at a line end from a compound.

    They are gathered when first asked for: many documents break no word.
    """

    def __init__(self, lines: Iterable[Line]) -> None:
        self._lines = lines
        self._known: set[str] | None = None

    def __contains__(self, word: str) -> bool:
        if self._known is None:
            # The last word of a line that ends in a hyphen is only part of one.
            texts = [line.text for line in self._lines]
            texts = [t.rpartition(" ")[0] if t[-1:] in _HYPHENS else t for t in texts]
            self._known = set("\n".join(texts).lower().split())
        known = self._known
        return word in known or any(word + stop in known for stop in _STOPS) or "(" + word in known


def join_texts(texts: Sequence[str], words: Words) -> str:
    """Return one text from the texts of lines."""
    if len(texts) == 1:
        return texts[0].replace(SOFT_HYPHEN, "-")
    parts: list[str] = []
    above = ""
    for text in texts:
        if not above:
            parts.append(text)
        elif above[-1] in _HYPHENS:
            parts[-1] = _joint(parts[-1], text, words)
            parts.append(text)
        else:
            parts.append("" if above[-1] in "/—" and text[:1].isalnum() else " ")
            parts.append(text)
        above = text
    return "".join(parts).replace(SOFT_HYPHEN, "-")


def _joint(above: str, text: str, words: Words) -> str:
    """Return a line that ends in a hyphen as it stands before `text`."""
    stem = above[:-1]
    before, after = _LAST_PART.search(stem[-_LONGEST_WORD:]), _FIRST_PART.match(text)
    if before is None or after is None:
        dangling = not stem or stem[-1].isspace()
        return f"{stem}- " if dangling else f"{stem}-"
    left, right = before.group().lower(), after.group().lower()
    if _keeps_hyphen(left, right, after.group(), words):
        return f"{stem}-"
    return stem


def _keeps_hyphen(left: str, right: str, printed: str, words: Words) -> bool:
    """Say whether a hyphen at a line end belongs to the word itself."""
    if printed[0].isupper():
        return True
    if f"{left}-{right}" in words:
        return True
    if left + right in words:
        return False
    return left in words and right in words and len(right) > 1
