"""How much was read, and what was not: the proof behind every "not found"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lhs_evidence.model import Document, DocumentStatus, Passage
from lhs_evidence.passages import in_languages, is_classified, unclassified

_MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class Extent:
    """What was examined and what was not.

    `read` are names of documents whose text was examined, `unread` those from which nothing was
    read, `partial` those read in part. `foreign` are those with passages that are not in English;
    of these, `unclassified` counts by language, and a document that has no others is not among
    `read`. Pages with text are those of examined documents, in formats that have pages. `passages`
    are those that were classified.
    """

    read: tuple[str, ...]
    unread: tuple[str, ...]
    partial: tuple[str, ...]
    foreign: tuple[str, ...]
    pages_with_text: int
    pages_without_text: int
    passages: int
    unclassified: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(
        cls, documents: Sequence[Document], passages: Sequence[Passage], classified: int
    ) -> Extent:
        """Return the extent of a reading.

        Args:
            documents: All documents, read or not.
            passages: All their passages.
            classified: The number of passages that were classified.
        """
        english = {item.document for item in passages if is_classified(item.language)}
        foreign = {item.document for item in passages if not is_classified(item.language)}
        read = [document for document in documents if document.status.has_text]
        examined = [item for item in read if item.id not in foreign - english]
        return cls(
            read=tuple(document.name for document in examined),
            unread=tuple(item.name for item in documents if not item.status.has_text),
            partial=tuple(item.name for item in read if item.status is DocumentStatus.PARTIAL),
            foreign=tuple(item.name for item in read if item.id in foreign),
            pages_with_text=sum(
                len(item.pages) - len(item.pages_without_text) for item in examined
            ),
            pages_without_text=sum(len(item.pages_without_text) for item in documents),
            passages=classified,
            unclassified=unclassified(passages),
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
        if self.unclassified:
            were = "was" if sum(self.unclassified.values()) == 1 else "were"
            said.append(
                f"{in_languages(self.unclassified)} {were} not examined: {names(self.foreign)}."
            )
        return " ".join(said)


def count(number: int, noun: str) -> str:
    """Return a number with its noun, as in "1 page" and "1,200 pages"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def names(items: Sequence[str]) -> str:
    """Return a few names in quotation marks and the number of the others."""
    shown = ", ".join(f'"{item}"' for item in items[:_MOST_NAMES])
    rest = len(items) - _MOST_NAMES
    return f"{shown} and {rest:,} more" if rest > 0 else shown
