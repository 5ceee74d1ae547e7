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
from lhs_evidence.readers.pdf.deadline import time_limit
from lhs_evidence.readers.pdf.fallback import (
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
_LEAST_CHARACTERS = 300
_CHECK_SECONDS = 1.0
_RESCUE_SECONDS = 10.0
_MOST_RESCUED = 100
_LARGEST_COMPARED = 200_000
_SHARE = 0.15
_LEAST_SHARE = 0.03
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
    worded = any(char.isalnum() for block in blocks for char in block.text)
    if not blocks or (content.blocks and not worded):
        # Nothing new: bullets on the picture of a page, at best.
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
    numbers = _sample(texts)
    shares: list[float] = []
    began = time.monotonic()
    try:
        with time_limit(_CHECK_SECONDS):
            for number in numbers:
                other = page_text(reader, number, most=_LARGEST_COMPARED)
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


def _sample(texts: Mapping[int, str]) -> list[int]:
    """Return the numbers of a few pages spread over the file, from the middle outwards.

    Of each stretch of the file it is the page with least text, but some: pypdf is slow.
    """
    numbers = [number for number, text in texts.items() if len(text) >= _LEAST_CHARACTERS]
    step = max(1, -(-len(numbers) // _SAMPLE))
    stretches = [numbers[start : start + step] for start in range(0, len(numbers), step)]
    chosen = [min(stretch, key=lambda number: len(texts[number])) for stretch in stretches]
    middle = len(chosen) // 2
    return [chosen[index] for index in sorted(range(len(chosen)), key=lambda i: abs(i - middle))]


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
