"""Whether a workspace still says what was put into it.

Rows are read one document at a time, so that a large workspace needs little memory, and one that
cannot be read costs the others nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from pydantic import ValidationError
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from lhs_evidence.ids import document_id, passage_id, text_hash
from lhs_evidence.model import Assessment, Document, Finding, Passage
from lhs_evidence.store.codec import digest, load, vector_from_bytes
from lhs_evidence.store.documents import PASSAGE_COLUMNS, to_document
from lhs_evidence.store.tables import (
    AssessmentRow,
    DocumentRow,
    FindingRow,
    PassageRow,
    VectorRow,
)


def faults(session: Session) -> list[str]:
    """Return every fault found in the database, a sentence each."""
    found: list[str] = []
    parts = (_file_faults, _document_faults, _passage_faults, _vector_faults, _finding_faults)
    for part in (*parts, _assessment_faults):
        try:
            found.extend(part(session))
        except DBAPIError as fault:
            found.append(f"The database cannot be read to its end: {fault.orig}.")
    return found


def _file_faults(session: Session) -> Iterator[str]:
    if session.get_bind().dialect.name != "sqlite":
        return
    for (message,) in session.execute(text("PRAGMA integrity_check")):
        if message != "ok":
            yield f"The database file is damaged: {message}."


def _document_faults(session: Session) -> Iterator[str]:
    for identity in session.scalars(select(DocumentRow.id).order_by(DocumentRow.name)).all():
        try:
            row = session.get_one(DocumentRow, identity)
            document = to_document(row)
        except ValueError:
            yield f"Document {identity} cannot be read back."
            continue
        yield from _content_faults(document, row.digest)
        session.expunge(row)


def _content_faults(document: Document, expected: str) -> Iterator[str]:
    if document.id != document_id(document.name, document.sha256):
        yield f"Document {document.id} ({document.name}) does not have the id of its content."
    if digest(document) != expected:
        yield f"Document {document.id} ({document.name}) was changed after it was read."
    end = 0
    for block in document.blocks:
        if not end <= block.start <= block.end <= len(document.text):
            yield f"Document {document.id} ({document.name}) has blocks out of place."
            return
        end = block.end


def _passage_faults(session: Session) -> Iterator[str]:
    texts = select(DocumentRow.id, DocumentRow.text)
    known = set(session.scalars(select(DocumentRow.id)))
    for document in session.scalars(select(PassageRow.document).distinct()).all():
        if document not in known:
            yield f"Passages refer to document {document}, which is missing."
        whole = session.execute(texts.where(DocumentRow.id == document)).one_or_none()
        query = select(PassageRow.digest, *PASSAGE_COLUMNS).where(PassageRow.document == document)
        try:
            rows = session.execute(query.order_by(PassageRow.position)).all()
        except ValidationError:
            yield f"Passages of document {document} cannot be read back."
            continue
        for expected, *values in rows:
            passage = Passage(*values)
            if digest(passage) != expected:
                yield f"Passage {passage.id} was changed after it was made."
            yield from _quote_faults(passage, None if whole is None else whole.text)


def _quote_faults(passage: Passage, whole: str | None, where: str = "") -> Iterator[str]:
    if passage.id != passage_id(passage.document, passage.start, passage.end, passage.text):
        yield f"Passage {passage.id}{where} does not have the id of its content."
    if whole is not None and whole[passage.start : passage.end] != passage.text:
        yield f"Passage {passage.id}{where} is not what its document says at that place."


def _vector_faults(session: Session) -> Iterator[str]:
    dimensions: dict[str, int] = {}
    query = select(VectorRow.encoder, VectorRow.text_hash, VectorRow.data)
    for encoder, key, data in session.execute(query.execution_options(yield_per=1_000)):
        try:
            vector = vector_from_bytes(data)
        except ValueError:
            yield f"The vector of text {key} cannot be read back."
            continue
        if vector.size != dimensions.setdefault(encoder, vector.size):
            yield f"The vector of text {key} has another length than the rest."
        if not np.isfinite(vector).all():
            yield f"The vector of text {key} has a number that is not finite."


def _finding_faults(session: Session) -> Iterator[str]:
    passages = set(session.scalars(select(PassageRow.id)))
    query = select(FindingRow.passage, FindingRow.content, FindingRow.digest)
    for passage, content, expected in session.execute(query.execution_options(yield_per=1_000)):
        if passage not in passages:
            yield f"A finding refers to passage {passage}, which is missing."
        if text_hash(content) != expected:
            yield f"The finding on passage {passage} was changed after it was made."
        try:
            finding = load(Finding, content)
        except ValidationError:
            yield f"The finding on passage {passage} cannot be read back."
            continue
        if finding.passage != passage:
            yield f"The finding on passage {passage} speaks of passage {finding.passage}."


def _assessment_faults(session: Session) -> Iterator[str]:
    for row in session.scalars(select(AssessmentRow).order_by(AssessmentRow.created)):
        if text_hash(row.content) != row.digest:
            yield f"Assessment {row.id} was changed after it was made."
        try:
            assessment = load(Assessment, row.content)
        except ValidationError:
            yield f"Assessment {row.id} cannot be read back."
            continue
        if (assessment.id, assessment.created) != (row.id, row.created):
            yield f"Assessment {row.id} is kept under an id or a time that is not its own."
        yield from _reference_faults(session, assessment)


def _reference_faults(session: Session, assessment: Assessment) -> Iterator[str]:
    where = f" in assessment {assessment.id}"
    for reference, named in _references(assessment):
        if reference not in assessment.passages:
            yield f"{named}{where} refers to passage {reference}, which is missing."
    documents = {document.id for document in assessment.documents}
    known = set(session.scalars(select(DocumentRow.id).where(DocumentRow.id.in_(documents))))
    texts: dict[str, str | None] = {}
    for key, passage in assessment.passages.items():
        if key != passage.id or passage.document not in documents:
            yield f"Passage {key}{where} refers to something else."
        if passage.document in known and passage.document not in texts:
            query = select(DocumentRow.text).where(DocumentRow.id == passage.document)
            texts[passage.document] = session.scalar(query)
        yield from _quote_faults(passage, texts.get(passage.document), where)
    for commitment in assessment.commitments:
        for evidence in commitment.evidence:
            if evidence.passage != assessment.passages.get(evidence.passage.id):
                yield f"Evidence {evidence.passage.id}{where} is not the passage of that id."


def _references(assessment: Assessment) -> Iterator[tuple[str, str]]:
    for commitment in assessment.commitments:
        for facet in commitment.facets:
            named = f"Facet {facet.commitment}.{facet.facet}"
            yield from ((passage, named) for passage in facet.evidence)
    for gap in assessment.gaps:
        yield from ((passage, f"Gap {gap.commitment}.{gap.facet}") for passage in gap.nearest)
