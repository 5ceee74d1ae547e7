"""An assessment's material, in an order that does not depend on the order it was given in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lhs_evidence.assess.copies import Copies
from lhs_evidence.assess.extent import Extent
from lhs_evidence.assess.request import AssessmentRequest
from lhs_evidence.model import Document, Finding, Passage


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents by name, and their classified passages by document and place.

    Row i of `vectors` and `findings[i]` belong to `passages[i]`; "row" means this i everywhere in
    the package. `outdated` says, by document id, why a document is past its date.
    """

    documents: Mapping[str, Document]
    passages: tuple[Passage, ...]
    vectors: NDArray[np.float32]
    findings: tuple[Finding, ...]
    outdated: Mapping[str, str]
    extent: Extent
    copies: Copies

    @classmethod
    def of(cls, request: AssessmentRequest, outdated: Mapping[str, str]) -> Corpus:
        """Return the request's material; passages that were not classified are left out."""
        documents = {item.id: item for item in in_order(request)}
        rank = {document: position for position, document in enumerate(documents)}
        rows = [
            row
            for row, passage in enumerate(request.passages)
            if passage.document in rank and passage.id in request.findings
        ]
        rows.sort(key=lambda row: _place(request.passages[row], rank))
        passages = tuple(request.passages[row] for row in rows)
        vectors = np.asarray(request.vectors, dtype=np.float32)[rows]
        return cls(
            documents=documents,
            passages=passages,
            vectors=vectors,
            findings=tuple(request.findings[passage.id] for passage in passages),
            outdated=outdated,
            extent=Extent.of(
                tuple(documents.values()),
                [passage for passage in request.passages if passage.document in rank],
                len(passages),
            ),
            copies=Copies(passages, vectors),
        )

    def is_outdated(self, row: int) -> bool:
        """Whether a passage stands in a document that is past its date."""
        return self.passages[row].document in self.outdated

    def document_of(self, row: int) -> Document:
        """Return the document that a passage stands in."""
        return self.documents[self.passages[row].document]


def in_order(request: AssessmentRequest) -> list[Document]:
    """Return the request's documents by name; two of one name by id."""
    return sorted(request.documents, key=lambda document: (document.name, document.id))


def _place(passage: Passage, rank: Mapping[str, int]) -> tuple[int, int, int, str]:
    return (rank[passage.document], passage.start, passage.end, passage.id)
