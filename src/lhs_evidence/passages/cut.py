"""Long stretches of text are cut to the encoder's window, at the best place there is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from math import ceil

from lhs_evidence.passages.sentences import sentences

Span = tuple[int, int]

# A passage is about a paragraph, also where an encoder reads whole chapters.
MOST_TOKENS = 256
# What a piece of a list or table that has to be split should have: a good paragraph's worth.
IDEAL_TOKENS = 140
# No encoder's token stands for more characters than this on average; longer text is not counted.
_MOST_CHARACTERS_PER_TOKEN = 32
# Special tokens at both ends, of which every tokenizer used here adds at most this many in all.
_SPECIAL_TOKENS = 4

_CLAUSE_END = re.compile(r"(?<=[;:,—–])\s+|\s+(?=\()")
_SPACE = re.compile(r"\s+")


class Window:
    """The longest text an encoder reads, as a measure that seldom has to count."""

    def __init__(self, count_tokens: Callable[[str], int], tokens: int) -> None:
        # A stretch that is found to fit is often measured again when its neighbours are looked at.
        self._count_tokens = lru_cache(maxsize=256)(count_tokens)
        self._tokens = min(tokens, MOST_TOKENS)

    def fits(self, text: str) -> bool:
        """Whether the encoder reads all of `text`."""
        # In ASCII no token stands for less than one character; elsewhere one may be a mere byte.
        if text.isascii() and len(text) + _SPECIAL_TOKENS <= self._tokens:
            return True
        return not self._is_far_too_long(text) and self._count_tokens(text) <= self._tokens

    def share(self, text: str) -> float:
        """Return how much of the window `text` takes up; more than 1 where it does not fit."""
        if self._is_far_too_long(text):
            return len(text) / self._tokens
        return self._count_tokens(text) / self._tokens

    @property
    def ideal(self) -> float:
        """The share of the window that a piece of a long list should take up."""
        return min(1.0, IDEAL_TOKENS / self._tokens)

    def _is_far_too_long(self, text: str) -> bool:
        return len(text) > _MOST_CHARACTERS_PER_TOKEN * self._tokens


def cut(text: str, start: int, end: int, window: Window) -> list[Span]:
    """Cut a stretch of running text into pieces that fit the window.

    Sentences stay whole where they fit, else clauses, else words. The pieces are of about the same
    length: a window's worth and a short rest would leave the rest without its context.
    """
    if window.fits(text[start:end]):
        return [(start, end)]
    return pack(text, list(_atoms(text, start, end, window)), window)


def pieces(text: str, count_tokens: Callable[[str], int], window: int) -> list[Span]:
    """Cut any text into pieces that an encoder with this window reads whole; at least one."""
    return cut(text, 0, len(text), Window(count_tokens, window)) or [(0, len(text))]


def pack(text: str, atoms: Sequence[Span], window: Window, ideal: float = 1.0) -> list[Span]:
    """Join neighbouring atoms, each of which fits the window, into as few even pieces as fit it.

    `ideal` is the share of the window that a piece should rather not exceed.
    """
    shares = [window.share(text[start:end]) for start, end in atoms]
    left = sum(shares)
    pieces: list[Span] = []
    filled = goal = 0.0
    for (start, end), share in zip(atoms, shares, strict=True):
        # Nearer to the goal with this atom than without it.
        wanted = filled + share / 2 <= goal
        if pieces and wanted and window.fits(text[pieces[-1][0] : end]):
            pieces[-1] = (pieces[-1][0], end)
            filled += share
        else:
            pieces.append((start, end))
            filled = share
            goal = left / max(1, ceil(left / ideal))
        left -= share
    return pieces


def _atoms(text: str, start: int, end: int, window: Window) -> Iterator[Span]:
    """Yield the largest parts that fit the window: sentences, clauses, words, characters."""
    for first, last in sentences(text[start:end]):
        yield from _smaller(text, start + first, start + last, window, (_CLAUSE_END, _SPACE))


def _smaller(
    text: str, start: int, end: int, window: Window, borders: Sequence[re.Pattern[str]]
) -> Iterator[Span]:
    if window.fits(text[start:end]):
        yield start, end
    elif borders:
        for first, last in _between(text, start, end, borders[0]):
            yield from _smaller(text, first, last, window, borders[1:])
    else:
        yield from _halves(text, start, end, window)


def _between(text: str, start: int, end: int, border: re.Pattern[str]) -> Iterator[Span]:
    for match in border.finditer(text, start, end):
        if match.start() > start:
            yield start, match.start()
        start = match.end()
    if start < end:
        yield start, end


def _halves(text: str, start: int, end: int, window: Window) -> Iterator[Span]:
    if end - start <= 1 or window.fits(text[start:end]):
        yield start, end
        return
    middle = (start + end) // 2
    yield from _halves(text, start, middle, window)
    yield from _halves(text, middle, end, window)
