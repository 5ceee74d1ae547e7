"""Builds small organizations: documents, passages, and what a classifier might say of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache

import numpy as np
import pytest

from lhs_evidence.assess import AssessmentRequest, assess
from lhs_evidence.framework import Framework, load_framework
from lhs_evidence.ids import document_id, passage_id
from lhs_evidence.model import (
    Assessment,
    Block,
    BlockKind,
    CommitmentCoverage,
    CommitmentScore,
    Document,
    DocumentStatus,
    FacetCoverage,
    Finding,
    Gap,
    Level,
    Passage,
    Polarity,
)

TODAY = datetime(2026, 6, 1, tzinfo=UTC)
DIMENSION = 64


@cache
def packaged_framework() -> Framework:
    return load_framework()


def make_document(name, lines=("Some text.",), status=DocumentStatus.READY, **more) -> Document:
    text = "\n\n".join(lines)
    blocks, start = [], 0
    for line in lines:
        blocks.append(Block(BlockKind.PARAGRAPH, start, start + len(line)))
        start += len(line) + 2
    has_text = status.has_text
    return Document(
        id=document_id(name, name),
        name=name,
        sha256=name,
        status=status,
        text=text if has_text else "",
        blocks=tuple(blocks) if has_text else (),
        **more,
    )


def make_finding(passage, scores, level, polarity) -> Finding:
    """Return a finding; `scores` maps "commitment.facet" to a probability, 0.4 up is positive."""
    commitments = {}
    for commitment in packaged_framework().commitments:
        facets = {
            item.id: scores.get(f"{commitment.id}.{item.id}", 0.0) for item in commitment.facets
        }
        best = max(facets.values())
        commitments[commitment.id] = CommitmentScore(
            commitment=commitment.id,
            confidence=best,
            positive=best >= 0.4,
            review=0.4 <= best < 0.6,
            facets=facets,
            positive_facets=tuple(key for key, value in facets.items() if value >= 0.4),
        )
    levels = level if isinstance(level, dict) else {item: float(item is level) for item in Level}
    polarities = {item: float(item is polarity) for item in Polarity}
    return Finding(passage, commitments, levels, polarities)


@dataclass
class Case:
    """One organization under construction."""

    documents: list[Document] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    vectors: list[np.ndarray] = field(default_factory=list)
    findings: dict[str, Finding] = field(default_factory=dict)
    kind: str = "hospital"

    def document(self, name, *lines, status=DocumentStatus.READY, **more) -> Document:
        document = make_document(name, lines or (f"The text of {name}.",), status, **more)
        self.documents.append(document)
        return document

    def says(
        self,
        document,
        scores,
        *,
        level=Level.OPERATIONAL,
        polarity=Polarity.SUPPORTS,
        text=None,
        vector=None,
        heading=(),
        language="",
    ) -> str:
        """Add a passage with what the classifier says of it, if it reads it; return its id."""
        number = len(self.passages)
        text = text or f"Passage number {number} of the set."
        start = 1000 * number
        passage = Passage(
            id=passage_id(document.id, start, start + len(text), text),
            document=document.id,
            start=start,
            end=start + len(text),
            text=text,
            heading=heading,
            title=document.title,
            language=language,
        )
        if vector is None:
            vector = np.random.default_rng(number).normal(size=DIMENSION)
        self.passages.append(passage)
        self.vectors.append(np.asarray(vector, dtype=np.float32) / np.linalg.norm(vector))
        if language in ("", "en"):
            self.findings[passage.id] = make_finding(passage.id, scores, level, polarity)
        return passage.id

    def request(self, created=TODAY, **more) -> AssessmentRequest:
        vectors = np.array(self.vectors, dtype=np.float32).reshape(len(self.vectors), DIMENSION)
        given = {
            "framework": packaged_framework(),
            "organization": "Fernhill Health",
            "kind": self.kind,
            "documents": self.documents,
            "passages": self.passages,
            "vectors": vectors,
            "findings": self.findings,
            "encoder": "encoder",
            "classifier": "classifier",
            "created": created,
        }
        return AssessmentRequest(**(given | more))

    def assess(self, **more) -> Assessment:
        return assess(self.request(**more))


def commitment(assessment: Assessment, key: str) -> CommitmentCoverage:
    return next(item for item in assessment.commitments if item.commitment == key)


def facet(assessment: Assessment, key: str) -> FacetCoverage:
    """Return the coverage of "commitment.facet"."""
    name, _, part = key.partition(".")
    return next(item for item in commitment(assessment, name).facets if item.facet == part)


def gap(assessment: Assessment, key: str) -> Gap | None:
    found = [item for item in assessment.gaps if f"{item.commitment}.{item.facet}" == key]
    return found[0] if found else None


@pytest.fixture
def case() -> Case:
    return Case()


@pytest.fixture(scope="session")
def kit():
    """The builders and look-ups of this folder, for tests that need more than a case."""

    class Kit:
        pass

    for part in (Case, make_document, make_finding, commitment, facet, gap):
        setattr(Kit, part.__name__, staticmethod(part))
    Kit.framework = packaged_framework()
    Kit.supports = Polarity.SUPPORTS
    return Kit
