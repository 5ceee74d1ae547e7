"""The second opinion on a PDF file: what pypdf says of pages that pdfium has read, or could not."""

from __future__ import annotations

import re
import time
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lhs_evidence.errors import UnreadableError
from lhs_evidence.readers.content import Content, RawPage
from lhs_evidence.readers.pdf_deadline import time_limit
from lhs_evidence.readers.pdf_fallback import (
    SIMPLER,
    count_pages,
    open_with_pypdf,
    page_text,
    paragraphs,
)

if TYPE_CHECKING:
    from pypdf import PdfReader

LEAST_AGREEMENT = 0.8

_SAMPLE = 5
_LEAST_CHARACTERS = 100
_CHECK_SECONDS = 2.0
_RESCUE_SECONDS = 10.0
_MOST_RESCUED = 100
_SHARE = 0.15
_LEAST_SHARE = 0.05
"""Seconds that the comparison may always take before no further page is looked at."""

_WORD = re.compile(r"\w+")


def ask_second(
    path: Path,
    content: Content,
    unread: Sequence[int],
    texts: Mapping[int, str],
    *,
    spent: float,
    most_pages: int,
) -> None:
    """Add what pypdf reads where pdfium read nothing, and compare both where pdfium did.

    Args:
        path: The file.
        content: What pdfium gave of it; changed in place.
        unread: Numbers of the pages to read.
        texts: Text of the other pages by number, to compare a few of.
        spent: Seconds that reading took; comparing takes little beside them.
        most_pages: Pages beyond this number are left alone.
    """
    try:
        with time_limit(_CHECK_SECONDS):
            reader = open_with_pypdf(path)
            count = min(count_pages(reader), most_pages)
    except (UnreadableError, TimeoutError):
        return
    further = range(len(content.pages) + 1, count + 1)
    try:
        with time_limit(_RESCUE_SECONDS):
            for number in [*unread, *further][:_MOST_RESCUED]:
                _rescue_page(reader, content, number)
    except TimeoutError:
        pass
    _compare(reader, content, texts, spent)


def _rescue_page(reader: PdfReader, content: Content, number: int) -> None:
    text = page_text(reader, number)
    blocks = paragraphs(text or "", number)
    if number > len(content.pages):
        content.pages.append(RawPage(number, str(number), bool(blocks)))
    if not any(char.isprintable() and not char.isspace() for char in text or ""):
        return
    old = content.pages[number - 1]
    content.pages[number - 1] = RawPage(number, old.label, True, old.width, old.height)
    content.blocks = [
        block
        for block in content.blocks
        if block.pages != (number,) or any(char.isalnum() for char in block.text)
    ]
    after = (i for i, block in enumerate(content.blocks) if block.pages[:1] > (number,))
    place = next(after, len(content.blocks))
    content.blocks[place:place] = blocks
    content.failed_pages = [failed for failed in content.failed_pages if failed != number]
    warning = f"Some pages could be read only by {SIMPLER}"
    if warning not in content.warnings:
        content.warnings.append(warning)


def _compare(reader: PdfReader, content: Content, texts: Mapping[int, str], spent: float) -> None:
    """Set how far pypdf agrees on a few pages spread over the file, and warn where it does not."""
    numbers = _sample([n for n, text in texts.items() if len(text) >= _LEAST_CHARACTERS])
    shares: list[float] = []
    began = time.monotonic()
    try:
        with time_limit(_CHECK_SECONDS):
            for number in numbers:
                other = page_text(reader, number)
                if other is not None:
                    shares.append(agreement(texts[number], other))
                if time.monotonic() - began > max(_LEAST_SHARE, _SHARE * spent):
                    break
    except TimeoutError:
        # The pages compared so far still count.
        pass
    if not shares:
        return
    content.agreement = round(sum(shares) / len(shares), 3)
    if content.agreement < LEAST_AGREEMENT:
        content.warnings.append(
            f"Text uncertain: two PDF readers agree on only {content.agreement:.0%} of the text "
            "of a sample of pages."
        )


def _sample(numbers: Sequence[int]) -> list[int]:
    """Return a few of the numbers, spread evenly, the middle one first."""
    step = max(1, len(numbers) // _SAMPLE)
    spread = list(numbers[step // 2 :: step][:_SAMPLE])
    return sorted(spread, key=lambda number: abs(number - numbers[len(numbers) // 2]))


def agreement(one: str, other: str) -> float:
    """Return how far two texts agree (0 to 1), in whatever order and with whatever spaces.

    The share of words they have in common, or of runs of three characters where that is more:
    libraries see spaces between letters differently.
    """
    first, second = (unicodedata.normalize("NFKC", text).lower() for text in (one, other))
    words = _jaccard(Counter(_WORD.findall(first)), Counter(_WORD.findall(second)))
    return max(words, _jaccard(_threes(first), _threes(second)))


def _threes(text: str) -> Counter[str]:
    letters = "".join(_WORD.findall(text))
    return Counter(letters[index : index + 3] for index in range(len(letters) - 2))


def _jaccard(one: Counter[str], other: Counter[str]) -> float:
    union = (one | other).total()
    return (one & other).total() / union if union else 1.0
