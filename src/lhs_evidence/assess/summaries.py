"""Documents as a report names them, read or not, with what is known of their dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from lhs_evidence.assess.dates import read_dates
from lhs_evidence.assess.versions import superseded
from lhs_evidence.model import Document, DocumentSummary, Passage
from lhs_evidence.passages import unclassified


def find_outdated(documents: Sequence[Document], today: date) -> dict[str, str]:
    """Return, by id of each document past its date or replaced, the sentences that say so."""
    dates = {document.id: read_dates(document) for document in documents}
    replaced = superseded(documents, dates)
    found = {}
    for document in documents:
        said = (replaced.get(document.id, ""), dates[document.id].past(today))
        if sentence := " ".join(part for part in said if part):
            found[document.id] = sentence
    return found


def summarize(
    documents: Sequence[Document], passages: Sequence[Passage], outdated: dict[str, str]
) -> tuple[DocumentSummary, ...]:
    """Return the summary of each document, in the order given."""
    own: dict[str, list[Passage]] = {document.id: [] for document in documents}
    for passage in passages:
        if passage.document in own:
            own[passage.document].append(passage)
    return tuple(
        DocumentSummary(
            id=document.id,
            name=document.name,
            sha256=document.sha256,
            status=document.status,
            title=document.title,
            pages=len(document.pages),
            pages_without_text=document.pages_without_text,
            passages=len(own[document.id]),
            warnings=document.warnings,
            reason=document.reason,
            outdated=outdated.get(document.id, ""),
            language=document.language,
            unclassified=unclassified(own[document.id]),
            fidelity=document.fidelity,
        )
        for document in documents
    )
