"""Documents and their passages as rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from lhs_evidence.errors import VerificationError, WorkspaceError
from lhs_evidence.model import Document, DocumentStatus, Passage
from lhs_evidence.passages import paragraph_numbers
from lhs_evidence.store.codec import digest
from lhs_evidence.store.tables import DocumentRow, PassageRow

# In the order of the fields of Passage: rows are many, and become nouns without a row object.
PASSAGE_COLUMNS = (
    PassageRow.id,
    PassageRow.document,
    PassageRow.start,
    PassageRow.end,
    PassageRow.text,
    PassageRow.heading,
    PassageRow.title,
    PassageRow.pages,
    PassageRow.boxes,
    PassageRow.language,
    PassageRow.ocr_confidence,
)


def put_document(session: Session, document: Document, passages: Sequence[Passage]) -> None:
    """Keep a document and its passages in place of any earlier version of the same name.

    Raises:
        VerificationError: A passage does not say what the document says at its place.
    """
    for passage in passages:
        _verify(document, passage)
    session.execute(
        delete(DocumentRow).where(
            (DocumentRow.name == document.name) | (DocumentRow.id == document.id)
        )
    )
    session.execute(insert(DocumentRow), [_document_values(document)])
    if passages:
        values = [_passage_values(place, passage) for place, passage in enumerate(passages)]
        session.execute(insert(PassageRow), values)


def remove_document(session: Session, document: str) -> None:
    """Remove a document with its passages and their findings; vectors stay.

    Raises:
        WorkspaceError: There is no such document.
    """
    row = session.get(DocumentRow, document)
    if row is None:
        raise WorkspaceError(f"the workspace holds no document {document}")
    session.delete(row)


def get_documents(session: Session) -> list[Document]:
    """Return all documents, by name."""
    return [to_document(row) for row in session.scalars(select(DocumentRow).order_by("name"))]


def get_names(session: Session) -> dict[str, str]:
    """Return the name of each document by id, in the order of names; no text is read."""
    rows = session.execute(select(DocumentRow.id, DocumentRow.name).order_by(DocumentRow.name))
    return {row.id: row.name for row in rows}


def get_texts(session: Session) -> dict[str, str]:
    """Return the canonical text of each document by id; blocks and pages are not read."""
    rows = session.execute(select(DocumentRow.id, DocumentRow.text).order_by(DocumentRow.name))
    return {row.id: row.text for row in rows}


def get_page_labels(session: Session) -> dict[str, dict[int, str]]:
    """Return what is printed on the pages of each document, by id and page number."""
    rows = session.execute(select(DocumentRow.id, DocumentRow.pages).order_by(DocumentRow.name))
    return {identity: {page.number: page.label for page in pages} for identity, pages in rows}


def get_paragraphs(session: Session, passages: Iterable[Passage]) -> dict[str, tuple[int, ...]]:
    """Return the numbers of the paragraphs of passages without a page, by passage id.

    Passages of documents that are gone are left out.
    """
    by_document: dict[str, list[Passage]] = defaultdict(list)
    for passage in passages:
        if not passage.pages:
            by_document[passage.document].append(passage)
    found: dict[str, tuple[int, ...]] = {}
    for key, own in by_document.items():
        row = session.get(DocumentRow, key)
        if row is not None:
            found |= paragraph_numbers(to_document(row), own)
            session.expunge(row)
    return found


def get_document(session: Session, document: str) -> Document:
    """Return one document.

    Raises:
        WorkspaceError: There is no such document.
    """
    row = session.get(DocumentRow, document)
    if row is None:
        raise WorkspaceError(f"the workspace holds no document {document}")
    return to_document(row)


def find_document(session: Session, name: str) -> Document | None:
    """Return the document of that name, if there is one."""
    row = session.scalar(select(DocumentRow).where(DocumentRow.name == name))
    return None if row is None else to_document(row)


def get_passages(session: Session, document: str | None) -> list[Passage]:
    """Return the passages of one document, or of all, in reading order."""
    query = (
        select(*PASSAGE_COLUMNS)
        .join(DocumentRow, DocumentRow.id == PassageRow.document)
        .order_by(DocumentRow.name, PassageRow.position)
    )
    if document is not None:
        query = query.where(PassageRow.document == document)
    return [Passage(*row) for row in session.execute(query)]


def to_document(row: DocumentRow) -> Document:
    """Return the noun that a row holds."""
    return Document(
        id=row.id,
        name=row.name,
        sha256=row.sha256,
        status=DocumentStatus(row.status),
        media_type=row.media_type,
        title=row.title,
        language=row.language,
        text=row.text,
        pages=row.pages,
        blocks=row.blocks,
        warnings=row.warnings,
        reason=row.reason,
        fidelity=row.fidelity,
    )


def _verify(document: Document, passage: Passage) -> None:
    if passage.document != document.id:
        raise VerificationError(f"passage {passage.id} does not belong to {document.name}")
    if document.text[passage.start : passage.end] != passage.text:
        raise VerificationError(f"passage {passage.id} is not what {document.name} says there")


def _document_values(document: Document) -> dict[str, Any]:
    return {
        "id": document.id,
        "name": document.name,
        "sha256": document.sha256,
        "status": document.status.value,
        "media_type": document.media_type,
        "title": document.title,
        "language": document.language,
        "reason": document.reason,
        "text": document.text,
        "pages": document.pages,
        "blocks": document.blocks,
        "warnings": document.warnings,
        "fidelity": document.fidelity,
        "digest": digest(document),
    }


def _passage_values(position: int, passage: Passage) -> dict[str, Any]:
    return {
        "id": passage.id,
        "document": passage.document,
        "position": position,
        "start": passage.start,
        "end": passage.end,
        "text": passage.text,
        "heading": passage.heading,
        "title": passage.title,
        "pages": passage.pages,
        "boxes": passage.boxes,
        "language": passage.language,
        "ocr_confidence": passage.ocr_confidence,
        "digest": digest(passage),
    }
