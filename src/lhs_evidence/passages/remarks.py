"""What is said of a document whose passages are not all in English."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from lhs_evidence.model import Document, Passage
from lhs_evidence.passages.language import is_classified, language_name


def unclassified(passages: Sequence[Passage]) -> dict[str, int]:
    """Return the number of passages left unclassified, by language, most first."""
    counted = Counter(
        passage.language for passage in passages if not is_classified(passage.language)
    )
    return dict(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


def in_languages(numbers: Mapping[str, int]) -> str:
    """Return numbers of passages by language in words: "12 passages in French and 1 in Dutch"."""
    parts = [f"{number:,} in {language_name(code)}" for code, number in numbers.items()]
    if parts:
        first, rest = parts[0].split(" ", 1)
        parts[0] = f"{first} {'passage' if first == '1' else 'passages'} {rest}"
    return " and ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)


def with_remark(document: Document, passages: Sequence[Passage]) -> Document:
    """Return the document with a warning on the passages of it that are not classified."""
    numbers = unclassified(passages)
    if not numbers:
        return document
    return replace(document, warnings=(*document.warnings, _remark(document, passages, numbers)))


def _remark(document: Document, passages: Sequence[Passage], numbers: Mapping[str, int]) -> str:
    left = numbers.get(document.language, 0)
    if not left:
        verb = "was" if sum(numbers.values()) == 1 else "were"
        return f"{in_languages(numbers)} {verb} not classified."
    looks = f"The text looks {language_name(document.language)}"
    if left == len(passages) == 1:
        return f"{looks}; its only passage was not classified."
    if left == len(passages):
        return f"{looks}; its {left:,} passages were not classified."
    return f"{looks}; {in_languages(numbers)} of {len(passages):,} were not classified."
