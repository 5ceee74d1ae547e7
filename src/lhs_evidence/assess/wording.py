"""The sentences that say why a facet is a gap: what the documents evidence, never more."""

from __future__ import annotations

from collections.abc import Sequence

from lhs_evidence.assess.conflicts import Conflict
from lhs_evidence.assess.corpus import Corpus
from lhs_evidence.assess.extent import Extent, count, names
from lhs_evidence.model import Document

_MOST_SAID = 3


def absent(extent: Extent) -> str:
    """Return why a facet is called absent."""
    return _joined(f"No passage found for it in {extent.searched()}.", extent.limits())


def not_assessable(extent: Extent) -> str:
    """Return why nothing is said of a facet."""
    if extent.passages == 0:
        text = "no text in English" if extent.unclassified else "no text"
        first = f"Nothing can be said: {text} was read."
    else:
        first = (
            f"Nothing found in {extent.searched()}, but too little could be examined to call it "
            "missing."
        )
    return _joined(first, extent.limits())


def intent_only(extent: Extent, passages: int) -> str:
    """Return why a facet is called an intent only; `passages` is the number that speak of it."""
    speak = f"{count(passages, 'passage')} {'speaks' if passages == 1 else 'speak'} of it"
    first = (
        f"{speak}; none that surely says who does what, when or how was found in "
        f"{extent.searched()}."
    )
    return _joined(first, extent.limits())


def no_measure(extent: Extent, passages: int) -> str:
    """Return why a facet lacks a measure; `passages` is the number that evidence practice."""
    describe = f"{count(passages, 'passage')} {'describes' if passages == 1 else 'describe'} it"
    first = (
        f"{describe}; none with a result, an audit finding or a target with a number was found in "
        f"{extent.searched()}."
    )
    return _joined(first, extent.limits())


def outdated(corpus: Corpus, rows: Sequence[int]) -> str:
    """Return why a facet is called outdated; `rows` are the passages that evidence it."""
    stale = [row for row in rows if corpus.is_outdated(row)]
    documents = _documents(corpus, stale)
    if len(rows) == 1:
        first = "The only passage found stands"
    elif len(stale) == len(rows):
        first = f"All {len(rows):,} passages found stand"
    else:
        first = f"{len(stale):,} of the {len(rows):,} passages found stand"
    where = (
        "a document past its date"
        if len(documents) == 1
        else f"{len(documents):,} documents past their date"
    )
    said = [f"{names([item.name])}: {corpus.outdated[item.id]}" for item in documents]
    more = f"And {len(said) - _MOST_SAID} more." if len(said) > _MOST_SAID else ""
    return _joined(f"{first} in {where}.", *said[:_MOST_SAID], more)


def contradicted(
    corpus: Corpus, conflicts: Sequence[Conflict], counter: Sequence[int], support: int
) -> str:
    """Return why a facet is called contradicted.

    Args:
        corpus: The material.
        conflicts: Conflicts between two documents on this facet.
        counter: Rows of passages that report a failure and outweigh the evidence.
        support: The number of passages that evidence the facet.
    """
    said = [_conflict(corpus, conflict) for conflict in conflicts[:_MOST_SAID]]
    if len(conflicts) > _MOST_SAID:
        said.append(f"And {count(len(conflicts) - _MOST_SAID, 'more conflict')}.")
    if counter:
        where = names([item.name for item in _documents(corpus, counter)])
        reports = "reports" if len(counter) == 1 else "report"
        against = f"; {count(support, 'passage')} found in support" if support else ""
        passages = count(len(counter), "passage")
        said.append(f"{passages} of {where} {reports} an absence, failure or breach{against}.")
    return _joined(*said)


def _conflict(corpus: Corpus, conflict: Conflict) -> str:
    sides = [
        f'{names([corpus.document_of(side.row).name])} says "{side.words}"'
        for side in (conflict.first, conflict.second)
    ]
    return f"{sides[0]} and {sides[1]} about what appears to be the same thing."


def _documents(corpus: Corpus, rows: Sequence[int]) -> list[Document]:
    documents = {corpus.document_of(row).id: corpus.document_of(row) for row in sorted(rows)}
    return list(documents.values())


def _joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)
