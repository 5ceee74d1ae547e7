"""How much was read, and what was not: the proof behind every "not found"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lhs_evidence.model import Document, DocumentStatus

# The classifier's language; in any other it may overlook evidence.
_LANGUAGE = "en"
_MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class Extent:
    """What was examined and what was not.

    `unread` are names of documents from which nothing was read, `partial` those read in part,
    `foreign` those read that are not in English. Pages are counted in formats that have them.
    `passages` are those that were classified.
    """

    read: tuple[str, ...]
    unread: tuple[str, ...]
    partial: tuple[str, ...]
    foreign: tuple[str, ...]
    pages_with_text: int
    pages_without_text: int
    passages: int

    @classmethod
    def of(cls, documents: Sequence[Document], passages: int) -> Extent:
        """Return the extent of a reading; `passages` is the number that was classified."""
        read = [document for document in documents if document.status.has_text]
        without = sum(len(document.pages_without_text) for document in documents)
        return cls(
            read=tuple(document.name for document in read),
            unread=tuple(item.name for item in documents if not item.status.has_text),
            partial=tuple(item.name for item in read if item.status is DocumentStatus.PARTIAL),
            foreign=tuple(item.name for item in read if item.language not in ("", _LANGUAGE)),
            pages_with_text=sum(len(document.pages) for document in documents) - without,
            pages_without_text=without,
            passages=passages,
        )

    def searched(self) -> str:
        """Return what was searched, as in "the 412 passages of 14 documents read (96 pages)"."""
        documents = count(len(self.read), "document")
        pages = f" ({count(self.pages_with_text, 'page')})" if self.pages_with_text else ""
        return f"the {count(self.passages, 'passage')} of {documents} read{pages}"

    def limits(self) -> str:
        """Return sentences on what was not read, or nothing where all was."""
        said = []
        if self.unread:
            said.append(f"{count(len(self.unread), 'document')} not read: {names(self.unread)}.")
        if self.partial:
            said.append(f"Read only in part: {names(self.partial)}.")
        if self.pages_without_text:
            have = "has" if self.pages_without_text == 1 else "have"
            said.append(f"{count(self.pages_without_text, 'page')} {have} no text that was read.")
        if self.foreign:
            said.append(f"Not in English, so evidence may be overlooked: {names(self.foreign)}.")
        return " ".join(said)


def count(number: int, noun: str) -> str:
    """Return a number with its noun, as in "1 page" and "1,200 pages"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def names(items: Sequence[str]) -> str:
    """Return a few names in quotation marks and the number of the others."""
    shown = ", ".join(f'"{item}"' for item in items[:_MOST_NAMES])
    rest = len(items) - _MOST_NAMES
    return f"{shown} and {rest:,} more" if rest > 0 else shown
