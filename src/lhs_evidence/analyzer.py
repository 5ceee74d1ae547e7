"""The pipeline in order: the only module that knows which stage follows which.

    files → documents → passages → vectors → index → findings → assessment → report

Everything a stage makes is kept in a workspace, so a second run does only what is new.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lhs_evidence import index as search_room
from lhs_evidence.assess import AssessmentRequest, assess
from lhs_evidence.classify import Classifier, DescriptionClassifier, PassageClassifier
from lhs_evidence.classify.combine import classify_whole
from lhs_evidence.classify.heads import Heads, read_heads
from lhs_evidence.encoders import Encoder, load_encoder
from lhs_evidence.errors import InputError, VerificationError
from lhs_evidence.framework import Framework, load_framework
from lhs_evidence.index import PassageIndex, current_index
from lhs_evidence.model import Assessment, Document, Finding, Passage
from lhs_evidence.passages import in_its_language, split, with_remark
from lhs_evidence.readers import ReaderPool, SourceFile, discover, expanded, reader_identity
from lhs_evidence.report import GapReport, build_report, misquotes
from lhs_evidence.settings import Settings
from lhs_evidence.store import (
    RememberingClassifier,
    RememberingEncoder,
    Workspace,
    prune_to,
    unchanged,
)

if TYPE_CHECKING:
    from lhs_evidence.index import PassageRetriever

Progress = Callable[[str, int, int, str], None]
"""Told the stage, how much is done, how much there is, and what is being worked on."""

READING, ENCODING, CLASSIFYING = "Reading", "Encoding", "Classifying"
Vectors = NDArray[np.float32]
_DEFAULT_KIND = "hospital"
_INDEXES = "indexes"


@dataclass(frozen=True, slots=True)
class IngestResult:
    """What an ingest did.

    `documents` are those handed over, in order; `removed` names the documents that a pruning
    ingest took out; `encoded` counts the texts for which a vector had to be made.
    """

    documents: tuple[Document, ...]
    passages: int
    encoded: int
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A passage found, with its document's name; `score` is the fused rank score."""

    passage: Passage
    document_name: str
    score: float
    similarity: float | None


class Analyzer:
    """Maps an organization's documents to a framework.

    Models are loaded when first needed and kept; one analyzer may serve many workspaces, but only
    one call at a time for each workspace.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        framework: Framework | None = None,
        encoder: Encoder | None = None,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        """Prepare an analyzer.

        Args:
            settings: Read from the environment if not given.
            framework: The packaged one if not given.
            encoder: The one of the settings if not given.
            clock: Says what time it is, in UTC; documents are outdated as of that time.
        """
        self._clock = clock or (lambda: datetime.now(UTC).replace(microsecond=0))
        self.settings = settings or Settings()
        self.framework = framework or load_framework()
        self._given_encoder = encoder

    @cached_property
    def encoder(self) -> Encoder:
        """The sentence encoder of the settings."""
        settings = self.settings
        return self._given_encoder or load_encoder(settings.encoder, settings.cache)

    def classifier(self, encoder: Encoder | None = None) -> PassageClassifier:
        """Return the trained heads, or likeness to descriptions where no heads know the framework.

        Raises:
            ModelError: The heads are damaged or belong to another encoder.
        """
        encoder = encoder or self.encoder
        heads, identity = self._heads
        if heads.covers(self.framework):
            return Classifier(heads, identity, self.framework, encoder)
        return DescriptionClassifier(self.framework, encoder)

    def analyze(
        self,
        paths: Sequence[Path],
        workspace: Path,
        *,
        organization: str = "",
        kind: str = _DEFAULT_KIND,
        progress: Progress | None = None,
    ) -> GapReport:
        """Read files, assess them and return the gap report; the workspace then holds just them."""
        self.framework.kind(kind)
        self.ingest(paths, workspace, prune=True, progress=progress)
        made = self.assess(workspace, organization=organization, kind=kind, progress=progress)
        # Not the last one: two assessments of one second cannot be told apart by their time.
        return self.report(workspace, made.id)

    def ingest(
        self,
        paths: Sequence[Path],
        workspace: Path,
        *,
        prune: bool = False,
        progress: Progress | None = None,
    ) -> IngestResult:
        """Read files into a workspace, and make vectors and index for what is new.

        Args:
            paths: Files or folders; what is in archives and mails among them is read, too.
            workspace: Folder of the workspace; made where it is missing.
            prune: Whether documents that are not among `paths` are taken out.
            progress: Told how far the work is.

        Raises:
            InputError: A path is missing, or there is no file at all.
            WorkspaceError: The workspace cannot be made or written.
        """
        found = discover(paths)
        with (
            Workspace.open(workspace, create=True) as store,
            expanded(found, self.settings.limits) as sources,
        ):
            removed = prune_to(store, {source.name for source in sources}) if prune else ()
            documents = tuple(self._read(store, sources, progress))
            encoder = RememberingEncoder(self.encoder, store)
            passages = store.passages()
            vectors = _encode(encoder, passages, progress)
            if index := self._index(workspace, passages, lambda: vectors):
                index.close()
            handed_over = {document.id for document in documents}
            count = sum(passage.document in handed_over for passage in passages)
            return IngestResult(documents, count, encoder.encoded, removed)

    def assess(
        self,
        workspace: Path,
        *,
        organization: str = "",
        kind: str = _DEFAULT_KIND,
        progress: Progress | None = None,
    ) -> Assessment:
        """Classify what is new, assess all documents of a workspace, and keep the assessment.

        Raises:
            FrameworkError: The framework knows no such kind of organization.
            InputError: The workspace holds no document.
        """
        self.framework.kind(kind)
        with Workspace.open(workspace) as store:
            documents = store.documents()
            if not documents:
                raise InputError(f"the workspace {workspace} holds no documents; ingest some first")
            passages = store.passages()
            encoder = RememberingEncoder(self.encoder, store)
            vectors = _encode(encoder, passages, progress)
            classifier = self.classifier(encoder)
            findings = RememberingClassifier(classifier, store).classify(
                passages, vectors, _of_stage(progress, CLASSIFYING)
            )
            assessment = assess(
                AssessmentRequest(
                    framework=self.framework,
                    organization=organization,
                    kind=kind,
                    documents=documents,
                    passages=passages,
                    vectors=vectors,
                    findings=findings,
                    encoder=f"{encoder.name} {encoder.fingerprint[:16]}",
                    classifier=classifier.id,
                    created=self._clock(),
                )
            )
            store.put_assessment(assessment)
            return assessment

    def report(self, workspace: Path, assessment: str | None = None) -> GapReport:
        """Return the gap report of an assessment, or of the last one; every quote is verified."""
        with Workspace.open(workspace) as store:
            return self._report(store, assessment)

    def search(
        self, workspace: Path, query: str, *, commitment: str | None = None, limit: int = 10
    ) -> list[SearchHit]:
        """Return the passages that best answer a query, by meaning and by words.

        With a commitment, only passages that the classifier would cite for it are searched.
        """
        if commitment is not None:
            self.framework.commitment(commitment)
        with self._searchable(workspace) as (store, passages, index, encoder):
            names = store.names()
            among = None
            if commitment is not None:
                among = self._cited(store, encoder, list(passages.values()), commitment)
            hits = index.search(query, encoder.encode([query])[0], limit=limit, among=among)
            return [
                SearchHit(
                    passage=passages[hit.passage],
                    document_name=names[passages[hit.passage].document],
                    score=hit.score,
                    similarity=hit.similarity,
                )
                for hit in hits
            ]

    @contextmanager
    def retriever(self, workspace: Path, *, limit: int = 10) -> Iterator[PassageRetriever]:
        """Lend a LangChain retriever over a workspace."""
        with self._searchable(workspace) as (_, passages, index, encoder):
            # Named through its room, so that LangChain is imported only when it is asked for.
            yield search_room.PassageRetriever(
                index=index, encoder=encoder, passages=passages.__getitem__, limit=limit
            )

    def classify_texts(
        self, passages: Sequence[Passage], progress: Callable[[int], None] | None = None
    ) -> list[Finding]:
        """Return findings for passages that lie in no workspace.

        One longer than the encoder's window is read piece by piece, and its strongest piece counts.
        All are taken to be in English: who asks for one passage's finding gets one.
        """
        return classify_whole(passages, self.classifier(), self.encoder, progress)

    def verify(self, workspace: Path) -> list[str]:
        """Return every fault found in a workspace, a sentence each; an empty list is good."""
        with Workspace.open(workspace) as store:
            found = store.check()
            try:
                for entry in store.assessments()[:1]:
                    self._report(store, entry.id)
            except VerificationError as fault:
                found.append(f"The last gap report cannot be made: {fault}.")
            return found

    @staticmethod
    def verify_report(report: GapReport, workspace: Path) -> list[str]:
        """Return a sentence for every quote of a report that is not in the workspace's text."""
        with Workspace.open(workspace) as store:
            return misquotes(report, store.texts())

    def _report(self, store: Workspace, assessment: str | None) -> GapReport:
        made = store.assessment(assessment)
        paragraphs = store.paragraphs(made.passages.values())
        return build_report(made, self.framework, store.texts(), store.page_labels(), paragraphs)

    @cached_property
    def _heads(self) -> tuple[Heads, str]:
        return read_heads(self.settings.classifier)

    def _read(
        self, store: Workspace, sources: Sequence[SourceFile], progress: Progress | None
    ) -> Iterator[Document]:
        reader = reader_identity(self.settings.ocr)
        known = [unchanged(store, source.name, source.path, reader) for source in sources]
        changed = [source for source, same in zip(sources, known, strict=True) if same is None]
        done = len(sources) - len(changed)
        settings = self.settings
        with ReaderPool(settings.limits, settings.readers, ocr=settings.ocr) as pool:
            fresh = pool.read(changed)
            for same in known:
                if same is not None:
                    yield same
                    continue
                document = in_its_language(next(fresh))
                passages = split(document, self.encoder.count_tokens, self.encoder.window)
                document = with_remark(document, passages)
                store.put_document(document, passages)
                done += 1
                if progress:
                    progress(READING, done, len(sources), document.name)
                yield document

    def _index(
        self, workspace: Path, passages: Sequence[Passage], vectors: Callable[[], Vectors]
    ) -> PassageIndex | None:
        return current_index(workspace / _INDEXES, passages, vectors, self.encoder.fingerprint)

    @contextmanager
    def _searchable(
        self, workspace: Path
    ) -> Iterator[tuple[Workspace, dict[str, Passage], PassageIndex, RememberingEncoder]]:
        with Workspace.open(workspace) as store:
            passages = store.passages()
            encoder = RememberingEncoder(self.encoder, store)
            index = self._index(workspace, passages, lambda: _encode(encoder, passages, None))
            if index is None:
                raise InputError(f"the workspace {workspace} holds no text to search")
            with index:
                yield store, {passage.id: passage for passage in passages}, index, encoder

    def _cited(
        self,
        store: Workspace,
        encoder: RememberingEncoder,
        passages: Sequence[Passage],
        commitment: str,
    ) -> set[str]:
        vectors = _encode(encoder, passages, None)
        known = RememberingClassifier(self.classifier(encoder), store)
        return {
            passage
            for passage, finding in known.classify(passages, vectors).items()
            if finding.commitments[commitment].positive
        }


def _encode(
    encoder: RememberingEncoder, passages: Sequence[Passage], progress: Progress | None
) -> Vectors:
    texts = [passage.text for passage in passages]
    tell = _of_stage(progress, ENCODING)
    return encoder.encode(texts, (lambda done: tell(done, len(texts))) if tell else None)


def _of_stage(progress: Progress | None, stage: str) -> Callable[[int, int], None] | None:
    if progress is None:
        return None
    tell = progress
    return lambda done, total: tell(stage, done, total, "")
