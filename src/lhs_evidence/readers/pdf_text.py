"""Text of a block from its lines: words broken at line ends are made whole again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lhs_evidence.readers.pdf_lines import SOFT_HYPHEN, Line

_WORD = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_LAST_PART = re.compile(r"[^\W\d_]+$")
_FIRST_PART = re.compile(r"[^\W\d_]+")
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
            self._known = set()
            for line in self._lines:
                # The last word of a line that ends in a hyphen is only part of one.
                text = line.text.rstrip()
                cut = text.rfind(" ") if text.endswith(tuple(_HYPHENS)) else len(text)
                self._known.update(_WORD.findall(text[: max(cut, 0)].lower()))
        return word in self._known


def join_texts(texts: Sequence[str], words: Words) -> str:
    """Return one text from the texts of lines."""
    if len(texts) == 1:
        return texts[0].replace(SOFT_HYPHEN, "-")
    whole = texts[0]
    for text in texts[1:]:
        whole = _append(whole, text, words)
    return whole.replace(SOFT_HYPHEN, "-")


def _append(whole: str, text: str, words: Words) -> str:
    if not whole:
        return text
    if whole[-1] not in _HYPHENS:
        glue = "" if whole[-1] in "/—" and text[:1].isalnum() else " "
        return whole + glue + text
    stem = whole[:-1]
    before, after = _LAST_PART.search(stem), _FIRST_PART.match(text)
    if before is None or after is None:
        dangling = not stem or stem[-1].isspace()
        return f"{stem}- {text}" if dangling else f"{stem}-{text}"
    left, right = before.group().lower(), after.group().lower()
    if _keeps_hyphen(left, right, after.group(), words):
        return f"{stem}-{text}"
    return stem + text


def _keeps_hyphen(left: str, right: str, printed: str, words: Words) -> bool:
    """Say whether a hyphen at a line end belongs to the word itself."""
    if printed[0].isupper():
        return True
    if f"{left}-{right}" in words:
        return True
    if left + right in words:
        return False
    return left in words and right in words and len(right) > 1
