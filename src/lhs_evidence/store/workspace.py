"""The workspace: the one place where everything known of an organization's documents is kept.

Each method is one transaction: after a kill at any moment a workspace holds what it held before
the call or after it. Indexes on disk are only caches of what lies here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import URL, Engine
from sqlalchemy.orm import Session

from lhs_evidence.errors import WorkspaceError
from lhs_evidence.model import Assessment, Document, Finding, Passage
from lhs_evidence.store.assessments import (
    AssessmentEntry,
    get_assessment,
    list_assessments,
    put_assessment,
)
from lhs_evidence.store.checks import faults
from lhs_evidence.store.database import connect, faults_named, migrate, writing
from lhs_evidence.store.documents import (
    find_document,
    get_document,
    get_documents,
    get_names,
    get_page_labels,
    get_paragraphs,
    get_passages,
    get_texts,
    put_document,
    remove_document,
)
from lhs_evidence.store.findings import get_findings, put_findings
from lhs_evidence.store.vectors import get_vectors, put_vectors

DATABASE_NAME = "workspace.sqlite"


class Workspace:
    """Documents, passages, vectors, findings and assessments of one organization.

    Every method raises `WorkspaceError` where the database cannot be read or written.
    """

    def __init__(self, directory: Path, engine: Engine) -> None:
        """Wrap an engine whose schema is current; use `Workspace.open`."""
        self.directory = directory
        self._engine = engine

    @classmethod
    def open(cls, directory: Path, *, create: bool = False, url: str | None = None) -> Self:
        """Open the workspace in `directory`, bringing an older one up to date.

        Args:
            directory: The folder of the workspace; indexes lie in it too.
            create: Whether to make the folder and the database where they are missing.
            url: A database other than the SQLite file in the folder, as an SQLAlchemy URL.

        Raises:
            WorkspaceError: There is no workspace, it is newer than this program, or it cannot be
                read or written.
        """
        file = directory / DATABASE_NAME
        if create:
            _make(directory)
        elif url is None and not file.is_file():
            raise WorkspaceError(f"there is no workspace in {directory}")
        engine = connect(url or URL.create("sqlite", database=str(file)))
        try:
            with faults_named(str(directory)):
                migrate(engine)
        except BaseException:
            engine.dispose()
            raise
        return cls(directory, engine)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def put_document(self, document: Document, passages: Sequence[Passage]) -> None:
        """Keep a document and its passages in place of any earlier version of the same name.

        Raises:
            VerificationError: A passage does not say what the document says at its place.
        """
        with self._write() as session:
            put_document(session, document, passages)

    def remove_document(self, document: str) -> None:
        """Remove a document by id, with its passages and findings; vectors stay.

        Raises:
            WorkspaceError: There is no such document.
        """
        with self._write() as session:
            remove_document(session, document)

    def documents(self) -> list[Document]:
        """Return all documents, by name."""
        with self._read() as session:
            return get_documents(session)

    def names(self) -> dict[str, str]:
        """Return the name of each document by id, in the order of names, without reading texts."""
        with self._read() as session:
            return get_names(session)

    def texts(self) -> dict[str, str]:
        """Return the canonical text of each document by id."""
        with self._read() as session:
            return get_texts(session)

    def page_labels(self) -> dict[str, dict[int, str]]:
        """Return what is printed on the pages of each document, by id and page number."""
        with self._read() as session:
            return get_page_labels(session)

    def paragraphs(self, passages: Iterable[Passage]) -> dict[str, tuple[int, ...]]:
        """Return the numbers of the paragraphs of passages that have no page, by passage id."""
        with self._read() as session:
            return get_paragraphs(session, passages)

    def document(self, document: str) -> Document:
        """Return the document with that id.

        Raises:
            WorkspaceError: There is no such document.
        """
        with self._read() as session:
            return get_document(session, document)

    def find(self, name: str) -> Document | None:
        """Return the document of that name, if there is one."""
        with self._read() as session:
            return find_document(session, name)

    def passages(self, document: str | None = None) -> list[Passage]:
        """Return the passages of one document by id, or of all by name, in reading order."""
        with self._read() as session:
            return get_passages(session, document)

    def vectors(self, encoder: str, hashes: Collection[str]) -> dict[str, NDArray[np.float32]]:
        """Return the vectors known under an encoder's fingerprint.

        Args:
            encoder: Fingerprint of the encoder.
            hashes: `ids.text_hash` of each text wanted.

        Returns:
            Vectors by text hash; hashes that are not known are left out.
        """
        with self._read() as session:
            return get_vectors(session, encoder, hashes)

    def put_vectors(self, encoder: str, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        """Keep vectors by text hash; one that is known already is left as it is."""
        with self._write() as session:
            put_vectors(session, encoder, vectors)

    def findings(self, classifier: str) -> dict[str, Finding]:
        """Return all findings of a classifier, by passage id."""
        with self._read() as session:
            return get_findings(session, classifier)

    def put_findings(self, classifier: str, findings: Sequence[Finding]) -> None:
        """Keep findings of a classifier in place of earlier ones on the same passages.

        Raises:
            WorkspaceError: A finding is on a passage that the workspace does not hold.
        """
        with self._write() as session:
            put_findings(session, classifier, findings)

    def put_assessment(self, assessment: Assessment) -> None:
        """Keep an assessment for good; the same result again is only noted as confirmed.

        Raises:
            WorkspaceError: Another assessment is kept under the same id.
        """
        with self._write() as session:
            put_assessment(session, assessment)

    def assessment(self, assessment: str | None = None) -> Assessment:
        """Return the assessment with that id, or the one that came out last.

        Raises:
            WorkspaceError: There is no such assessment, or none at all.
        """
        with self._read() as session:
            return get_assessment(session, assessment)

    def assessments(self) -> list[AssessmentEntry]:
        """Return id, time and organization of each assessment, the last one first."""
        with self._read() as session:
            return list_assessments(session)

    def check(self) -> list[str]:
        """Return every fault found, a sentence each; an empty list means all is well.

        Looked at are the database file, the digest of every row, every passage against its
        document's text, every id against its content, and every reference.
        """
        # A fresh connection reads the file, and not pages that an older one remembers.
        self._engine.dispose()
        with self._read() as session:
            return faults(session)

    @contextmanager
    def _read(self) -> Iterator[Session]:
        with faults_named(str(self.directory)), Session(self._engine) as session:
            yield session

    @contextmanager
    def _write(self) -> Iterator[Session]:
        with (
            faults_named(str(self.directory)),
            Session(writing(self._engine)) as session,
            session.begin(),
        ):
            yield session


def _make(directory: Path) -> None:
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        reason = fault.strerror or str(fault)
        raise WorkspaceError(f"no workspace can be made in {directory}: {reason}") from fault
