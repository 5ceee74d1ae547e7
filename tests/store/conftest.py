from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from lhs_evidence.ids import document_id, passage_id, text_hash
from lhs_evidence.model import (
    Assessment,
    Block,
    BlockKind,
    CommitmentCoverage,
    CommitmentScore,
    Document,
    DocumentStatus,
    DocumentSummary,
    Evidence,
    FacetCoverage,
    Finding,
    Gap,
    Level,
    Page,
    Passage,
    Polarity,
    Reason,
    Status,
)
from lhs_evidence.store import Workspace

PARAGRAPHS = ("Hands are washed before every round.", "Falls dropped by 12 % in a year.")


def make_document(name="policy.md", paragraphs=PARAGRAPHS, version="a"):
    text = "\n\n".join(paragraphs)
    starts = [text.index(paragraph) for paragraph in paragraphs]
    blocks = tuple(
        Block(BlockKind.PARAGRAPH, start, start + len(paragraph), pages=(1,))
        for start, paragraph in zip(starts, paragraphs, strict=True)
    )
    sha256 = version * 64
    return Document(
        id=document_id(name, sha256),
        name=name,
        sha256=sha256,
        status=DocumentStatus.READY,
        media_type="text/markdown",
        title="Policy",
        text=text,
        pages=(Page(1, "i", 0, len(text), width=612.0, height=792.0),),
        blocks=blocks,
        warnings=("One picture was left out.",),
    )


def make_passages(document):
    return [
        Passage(
            passage_id(document.id, block.start, block.end, document.text[block.start : block.end]),
            document.id,
            block.start,
            block.end,
            document.text[block.start : block.end],
            heading=("Safety", "Wards"),
            title=document.title,
            pages=block.pages,
        )
        for block in document.blocks
    ]


def make_finding(passage, confidence=0.75):
    score = CommitmentScore("safe", confidence, True, False, {"risk": 0.5}, ("risk",))
    level = {Level.NONE: 0.1, Level.DECLARED: 0.2, Level.OPERATIONAL: 0.3, Level.MEASURED: 0.4}
    polarity = {Polarity.SUPPORTS: 0.9, Polarity.COUNTER: 0.1}
    return Finding(passage.id, {"safe": score}, level, polarity)


def make_assessment(document, passages, identity="asm_1", created="2026-01-02T03:04:05Z"):
    first, second = passages
    summary = DocumentSummary(
        document.id, document.name, document.sha256, document.status, "Policy", 1, (), 2, ()
    )
    facet = FacetCoverage("safe", "risk", Status.MEASURED, 0.75, (first.id,))
    evidence = Evidence(
        first, document.name, 0.75, Level.MEASURED, Polarity.SUPPORTS, ("risk",), review=True
    )
    gap = Gap(
        "safe", "protocols", Status.NOT_EVIDENCED, Reason.ABSENT, "None.", "Do.", (second.id,)
    )
    return Assessment(
        id=identity,
        organization="Hill Clinic",
        kind="clinic",
        framework="nam",
        framework_version="1",
        created=created,
        encoder="mini",
        classifier="heads",
        documents=(summary,),
        commitments=(CommitmentCoverage("safe", Status.MEASURED, 0.75, (facet,), (evidence,)),),
        gaps=(gap,),
        passages={first.id: first, second.id: second},
    )


@pytest.fixture
def make() -> SimpleNamespace:
    return SimpleNamespace(
        document=make_document,
        passages=make_passages,
        finding=make_finding,
        assessment=make_assessment,
    )


@pytest.fixture
def document() -> Document:
    return make_document()


@pytest.fixture
def passages(document) -> list[Passage]:
    return make_passages(document)


@pytest.fixture
def filled(workspace, document, passages) -> Workspace:
    """A workspace with one document, a vector, two findings and an assessment."""
    workspace.put_document(document, passages)
    workspace.put_vectors("e", {text_hash(passages[0].text): np.ones(4, dtype=np.float32)})
    workspace.put_findings("c", [make_finding(passage) for passage in passages])
    workspace.put_assessment(make_assessment(document, passages))
    return workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.open(tmp_path / "space", create=True) as opened:
        yield opened
