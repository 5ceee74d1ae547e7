"""A small assessment to report on: three documents, every status, every reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from lhs_evidence.framework import Framework, load_framework
from lhs_evidence.ids import passage_id
from lhs_evidence.model import (
    Assessment,
    CommitmentCoverage,
    DocumentStatus,
    DocumentSummary,
    Evidence,
    FacetCoverage,
    Gap,
    Level,
    Passage,
    Polarity,
    Reason,
    Status,
)
from lhs_evidence.report import GapReport, build_report

POLICY = "doc_policy"
REPORT = "doc_report"
SCAN = "doc_scan"
POLICY_TEXT = (
    "Safety policy\n\n"
    "Every near miss is reported within 24 hours.\n\n"
    "Every near miss is reported within 72 hours.\n\n"
    "We honour the wishes of each person."
)
REPORT_TEXT = "In 2025 we recorded 212 near misses, 18 fewer than the year before."

# The facets that are not simply absent: status, and the gap's reason if there is one.
_FACETS = {
    "safe.risk": (Status.MEASURED, None),
    "safe.protocols": (Status.OPERATIONAL, Reason.NO_MEASURE),
    "engaged.acting": (Status.DECLARED, Reason.INTENT_ONLY),
    "engaged.caring": (Status.DECLARED, Reason.OUTDATED),
    "secure.use": (Status.CONTRADICTED, Reason.CONTRADICTED),
    "secure.ai": (Status.NOT_ASSESSABLE, Reason.NOT_ASSESSABLE),
}
_CONFIDENCES = {Status.NOT_EVIDENCED: 0.0712345, Status.NOT_ASSESSABLE: 0.0}


@dataclass(frozen=True)
class Sample:
    """An assessment with the texts it cites."""

    framework: Framework
    assessment: Assessment
    texts: dict[str, str] = field(default_factory=dict)

    def report(self) -> GapReport:
        return build_report(self.assessment, self.framework, self.texts, {REPORT: {4: "iv"}})

    def changed(self, **changes: object) -> Sample:
        return replace(self, assessment=replace(self.assessment, **changes))


def _passage(document: str, text: str, quote: str, **rest: object) -> Passage:
    start = text.index(quote)
    end = start + len(quote)
    return Passage(passage_id(document, start, end, quote), document, start, end, quote, **rest)


def _documents() -> tuple[DocumentSummary, ...]:
    ready, unread = DocumentStatus.READY, DocumentStatus.NO_TEXT
    return (
        DocumentSummary(POLICY, "safety policy.md", "a" * 64, ready, "Safety policy", 0, (), 3, ()),
        DocumentSummary(
            REPORT, "annual.pdf", "b" * 64, DocumentStatus.PARTIAL, "Annual report", 9, (2, 3), 1,
            ("Two pages are pictures.",), "2 of 9 pages have no text.", "Review was due in 2021.",
        ),
        DocumentSummary(SCAN, "scan.pdf", "c" * 64, unread, "", 3, (1, 2, 3), 0, ()),
    )  # fmt: skip


@pytest.fixture(scope="session")
def framework() -> Framework:
    return load_framework()


@pytest.fixture(scope="session")
def passages() -> dict[str, Passage]:
    return {
        "hours24": _passage(POLICY, POLICY_TEXT, "Every near miss is reported within 24 hours.",
                            heading=("Safety policy", "Near misses")),
        "hours72": _passage(POLICY, POLICY_TEXT, "Every near miss is reported within 72 hours."),
        "wishes": _passage(POLICY, POLICY_TEXT, "We honour the wishes of each person."),
        "figure": _passage(REPORT, REPORT_TEXT, REPORT_TEXT, pages=(4,), heading=("Figures",)),
    }  # fmt: skip


@pytest.fixture(scope="session")
def sample(framework: Framework, passages: dict[str, Passage]) -> Sample:
    evidence = _evidence(passages)
    commitments = []
    for commitment in framework.commitments:
        cited = evidence.get(commitment.id, ())
        facets = tuple(_facet(commitment.id, facet.id, cited) for facet in commitment.facets)
        commitments.append(
            CommitmentCoverage(commitment.id, facets[0].status, 0.912345678, facets, cited)
        )
    conflict = (passages["hours24"].id, passages["hours72"].id)
    gaps = tuple(
        _gap(facet, conflict)
        for coverage in commitments
        for facet in coverage.facets
        if facet.status is not Status.MEASURED
    )
    assessment = Assessment(
        "asm_1", "Cedar Valley Health", "hospital", framework.id, framework.version,
        "2026-03-02T09:30:00+00:00", "test encoder", "test classifier", _documents(),
        tuple(commitments), gaps, {item.id: item for item in passages.values()},
    )  # fmt: skip
    return Sample(framework, assessment, {POLICY: POLICY_TEXT, REPORT: REPORT_TEXT})


def _evidence(passages: dict[str, Passage]) -> dict[str, tuple[Evidence, ...]]:
    def cite(key: str, confidence: float, level: Level, *facets: str, **rest: bool) -> Evidence:
        polarity = Polarity.SUPPORTS
        return Evidence(passages[key], "", confidence, level, polarity, facets, **rest)

    return {
        "safe": (
            cite("figure", 0.97654321, Level.MEASURED, "risk", outdated=True),
            cite("hours24", 0.86, Level.OPERATIONAL, "risk", "protocols"),
        ),
        "engaged": (cite("wishes", 0.58, Level.DECLARED, "acting", "caring", review=True),),
    }


def _facet(commitment: str, facet: str, cited: tuple[Evidence, ...]) -> FacetCoverage:
    status, _ = _FACETS.get(f"{commitment}.{facet}", (Status.NOT_EVIDENCED, None))
    return FacetCoverage(
        commitment, facet, status, _CONFIDENCES.get(status, 0.8123456),
        tuple(item.passage.id for item in cited if facet in item.facets),
        expected=facet != "affordability",
    )  # fmt: skip


def _gap(facet: FacetCoverage, conflict: tuple[str, str]) -> Gap:
    _, reason = _FACETS.get(f"{facet.commitment}.{facet.facet}", (None, Reason.ABSENT))
    nearest = conflict if reason is Reason.CONTRADICTED else conflict[:1]
    return Gap(
        facet.commitment, facet.facet, facet.status, reason or Reason.ABSENT,
        f"why {facet.facet}", f"what closes {facet.facet}", nearest,
    )  # fmt: skip


@pytest.fixture(scope="session")
def report(sample: Sample) -> GapReport:
    return sample.report()


@pytest.fixture
def renamed(sample: Sample) -> Callable[[str], GapReport]:
    """Return a function that puts one text wherever documents or people name something."""

    def make(text: str) -> GapReport:
        documents = tuple(
            replace(item, name=text, title=text, warnings=(text,), reason=text, outdated=text)
            for item in sample.assessment.documents
        )
        gaps = tuple(replace(gap, why=text) for gap in sample.assessment.gaps)
        return sample.changed(organization=text, documents=documents, gaps=gaps).report()

    return make
