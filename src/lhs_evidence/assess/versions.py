"""Which documents are replaced by others that were handed over with them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lhs_evidence.assess.date_formats import Stated
from lhs_evidence.assess.dates import DocumentDates, margin_lines
from lhs_evidence.model import Document

_NUMBER = r"v?\.?\s*(?P<number>\d{1,3}(?:\.\d{1,3}){0,3})\b(?![/-]\d)"
_VERSION = re.compile(
    rf"(?:^|[|;\t(,•]|\s{{2}})[\s*_]*(?:document\s+)?(?:version|rev(?:ision)?\.?)"
    rf"(?:\s+(?:no\.?|number))?[\s:|*_]*{_NUMBER}",
    re.IGNORECASE | re.MULTILINE,
)
_NAME_VERSION = re.compile(
    r"[\s_.-]v(?P<number>\d{1,3}(?:[.]\d{1,3})*)(?=[\s_.-]|$)", re.IGNORECASE
)
_REPLACES = re.compile(
    r"(?:^|[|;\t(]|\bth(?:is|e present)\s+(?:[\w-]+\s+){1,4}?)[\s*_]*"
    r"(?:supersedes|replaces)\b(?:\s+and\s+(?:supersedes|replaces))?[\s:|]*(?P<what>[^\n]{3,160})",
    re.IGNORECASE | re.MULTILINE,
)
# Parts of a title that tell versions apart, not documents.
_MARKS = re.compile(
    r"\(?\b(?:draft|final|copy|superseded|archived|current|version\s*[\d.]+|rev(?:ision)?\.?\s*[\d.]+|"
    r"v\d+(?:\.\d+)*|(?:19|20)\d\d(?:[-/]\d{1,4})*)\b\)?",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+")
# "Policy" or "Annual report" is no title to tell a document by.
_FEWEST_WORDS = 2


@dataclass(frozen=True, slots=True)
class _Edition:
    document: Document
    version: tuple[int, ...]
    dated: Stated | None


def superseded(documents: Sequence[Document], dates: Mapping[str, DocumentDates]) -> dict[str, str]:
    """Return, by id of each document replaced by another one, the sentence that says so.

    Args:
        documents: The documents, in an order of their own.
        dates: What each says of its dates, by document id.
    """
    editions: dict[str, list[_Edition]] = defaultdict(list)
    for document in documents:
        title = _title(document.title)
        if document.status.has_text and len(title.split()) >= _FEWEST_WORDS:
            edition = _Edition(document, _version(document), dates[document.id].current_from)
            editions[title].append(edition)
    found: dict[str, str] = {}
    for group in editions.values():
        for older in group:
            if newer := [item for item in group if _is_newer(item, older)]:
                found[older.document.id] = _sentence(newer)
    for title, document in _named_as_replaced(documents, editions):
        for older in editions[title]:
            found.setdefault(older.document.id, f'Replaced by "{document.name}", which says so.')
    return found


def _is_newer(item: _Edition, other: _Edition) -> bool:
    """Whether one edition replaces another: by version where both state one, else by date."""
    if item.version and other.version:
        return item.version > other.version
    if item.version or other.version or not (item.dated and other.dated):
        return False
    return item.dated.last > other.dated.last


def _sentence(newer: Sequence[_Edition]) -> str:
    latest = max(
        newer, key=lambda item: (item.version, item.dated.last.toordinal() if item.dated else 0)
    )
    if latest.version:
        which = f"version {'.'.join(str(part) for part in latest.version)}"
    else:
        which = f"dated {latest.dated.words().split(' ', 1)[1]}" if latest.dated else "newer"
    return f'Replaced by "{latest.document.name}" ({which}).'


def _version(document: Document) -> tuple[int, ...]:
    for line in margin_lines(document):
        if match := _VERSION.search(line):
            return _parts(match["number"])
    match = _NAME_VERSION.search(document.name.rpartition(".")[0] or document.name)
    return _parts(match["number"]) if match else ()


def _parts(number: str) -> tuple[int, ...]:
    parts = [int(part) for part in number.split(".")]
    while len(parts) > 1 and parts[-1] == 0:
        parts.pop()
    return tuple(parts)


def _named_as_replaced(
    documents: Sequence[Document], editions: Mapping[str, Sequence[_Edition]]
) -> list[tuple[str, Document]]:
    """Return titles that another document's text says it replaces, with that document."""
    found = []
    for document in documents:
        own = _title(document.title)
        for line in margin_lines(document):
            for match in _REPLACES.finditer(line):
                named = f" {_title(match['what'])} "
                found += [
                    (title, document)
                    for title in editions
                    if title != own and f" {title} " in named
                ]
    return found


def _title(title: str) -> str:
    return " ".join(_WORD.findall(_MARKS.sub(" ", title).casefold()))
