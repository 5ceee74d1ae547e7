"""An assessment becomes a report; no quote passes that the canonical text does not bear out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from pydantic import ValidationError

from lhs_evidence.errors import VerificationError
from lhs_evidence.framework import Framework
from lhs_evidence.model import (
    Assessment,
    CommitmentCoverage,
    DocumentSummary,
    Evidence,
    FacetCoverage,
    Gap,
    Passage,
)
from lhs_evidence.report.schema import (
    SCHEMA_VERSION,
    FrameworkReference,
    GapReport,
    Quote,
    ReportCommitment,
    ReportDocument,
    ReportEvidence,
    ReportFacet,
    ReportGap,
)
from lhs_evidence.report.words import all_words, urgency

PageLabels = Mapping[str, Mapping[int, str]]
Paragraphs = Mapping[str, tuple[int, ...]]
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def build_report(
    assessment: Assessment,
    framework: Framework,
    texts: Mapping[str, str],
    page_labels: PageLabels | None = None,
    paragraphs: Paragraphs | None = None,
) -> GapReport:
    """Return the report of an assessment, every quote of it checked.

    Args:
        assessment: What was found.
        framework: The framework it was found against.
        texts: Canonical text by document id, for every document that is quoted.
        page_labels: What is printed on pages: by document id, then page number; a page without an
            entry is called by its number.
        paragraphs: Numbers of paragraphs under their heading, by id of each passage of a document
            without fixed pages.

    Raises:
        VerificationError: A quote does not match the text it cites, or the parts do not belong
            together.
        FrameworkError: The framework lacks the assessment's kind, a commitment or a facet.
    """
    if (assessment.framework, assessment.framework_version) != (framework.id, framework.version):
        raise VerificationError(
            f"assessment {assessment.id} was made with {assessment.framework} "
            f"{assessment.framework_version}, not with {framework.id} {framework.version}"
        )
    builder = _Builder(framework, texts, page_labels or {}, paragraphs or {})
    try:
        return builder.report(assessment)
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        reason = fault["msg"].removeprefix("Value error, ")
        raise VerificationError(f"assessment {assessment.id} does not hold: {reason}") from error


class _Builder:
    def __init__(
        self,
        framework: Framework,
        texts: Mapping[str, str],
        page_labels: PageLabels,
        paragraphs: Paragraphs,
    ) -> None:
        self._framework = framework
        self._texts = texts
        self._page_labels = page_labels
        self._paragraphs = paragraphs

    def report(self, assessment: Assessment) -> GapReport:
        return GapReport(
            schema_version=SCHEMA_VERSION,
            organization=_display(assessment.organization),
            kind=assessment.kind,
            framework=self._reference(),
            created=assessment.created,
            encoder=assessment.encoder,
            classifier=assessment.classifier,
            documents=tuple(_document(summary) for summary in assessment.documents),
            commitments=tuple(self._commitment(item) for item in assessment.commitments),
            gaps=tuple(_gap(gap, assessment.commitments) for gap in assessment.gaps),
            assessment=assessment.id,
            kind_name=self._framework.kind(assessment.kind).name,
            passages=tuple(self._quote(passage) for passage in _named_beside_evidence(assessment)),
            words=all_words(self._framework),
        )

    def _reference(self) -> FrameworkReference:
        framework = self._framework
        return FrameworkReference(
            id=framework.id,
            version=framework.version,
            name=framework.name,
            citation=framework.source.citation,
            url=framework.source.url,
            note=framework.source.note,
        )

    def _commitment(self, coverage: CommitmentCoverage) -> ReportCommitment:
        commitment = self._framework.commitment(coverage.commitment)
        return ReportCommitment(
            id=commitment.id,
            status=coverage.status,
            confidence=float(coverage.confidence),
            facets=tuple(self._facet(facet) for facet in coverage.facets),
            evidence=tuple(self._evidence(evidence) for evidence in coverage.evidence),
            name=commitment.name,
            definition=commitment.definition,
        )

    def _facet(self, coverage: FacetCoverage) -> ReportFacet:
        facet = self._framework.facet(coverage.commitment, coverage.facet)
        return ReportFacet(
            id=facet.id,
            status=coverage.status,
            confidence=float(coverage.confidence),
            evidence=coverage.evidence,
            name=facet.name,
            description=facet.description,
            expected=coverage.expected,
        )

    def _evidence(self, evidence: Evidence) -> ReportEvidence:
        quote = self._quote(evidence.passage)
        return ReportEvidence(
            **quote.model_dump(),
            confidence=float(evidence.confidence),
            level=evidence.level,
            polarity=evidence.polarity,
            facets=evidence.facets,
            review=evidence.review,
            outdated=evidence.outdated,
        )

    def _quote(self, passage: Passage) -> Quote:
        self._verify(passage)
        printed = self._page_labels.get(passage.document, {})
        return Quote(
            passage=passage.id,
            document=passage.document,
            pages=passage.pages,
            start=passage.start,
            end=passage.end,
            quote=passage.text,
            heading=tuple(_display(heading) for heading in passage.heading),
            page_labels=tuple(
                _display(printed.get(page, "")) or str(page) for page in passage.pages
            ),
            paragraphs=self._paragraphs.get(passage.id, ()),
            ocr_confidence=passage.ocr_confidence,
        )

    def _verify(self, passage: Passage) -> None:
        text = self._texts.get(passage.document)
        if text is None:
            raise VerificationError(
                f"passage {passage.id} cites {passage.document}, whose text is not at hand"
            )
        # Negative or swapped offsets slice to something else than they say.
        within = 0 <= passage.start < passage.end <= len(text)
        if not within or text[passage.start : passage.end] != passage.text:
            raise VerificationError(
                f"passage {passage.id} does not match the text of {passage.document} "
                f"from {passage.start} to {passage.end}"
            )


def _document(summary: DocumentSummary) -> ReportDocument:
    return ReportDocument(
        id=summary.id,
        name=_display(summary.name),
        sha256=summary.sha256,
        status=summary.status,
        pages=summary.pages,
        pages_without_text=len(summary.pages_without_text),
        passages=summary.passages,
        warnings=tuple(_display(warning) for warning in summary.warnings),
        title=_display(summary.title),
        reason=_display(summary.reason),
        unread_pages=summary.pages_without_text,
        outdated=_display(summary.outdated),
        language=summary.language,
        passages_unclassified=sum(summary.unclassified.values()),
        unclassified_by_language=dict(summary.unclassified),
        pages_failed=summary.fidelity.pages_failed,
        pages_recognised=summary.fidelity.pages_recognised,
        characters_removed=summary.fidelity.characters_removed,
        characters_hidden=summary.fidelity.characters_hidden,
        encoding=_display(summary.fidelity.encoding),
        agreement=summary.fidelity.agreement,
    )


def _gap(gap: Gap, commitments: Iterable[CommitmentCoverage]) -> ReportGap:
    expected = any(
        facet.expected
        for coverage in commitments
        for facet in coverage.facets
        if (facet.commitment, facet.facet) == (gap.commitment, gap.facet)
    )
    return ReportGap(
        commitment=gap.commitment,
        facet=gap.facet,
        status=gap.status,
        reason=gap.reason,
        why=_display(gap.why),
        suggestion=_display(gap.suggestion),
        nearest=gap.nearest,
        urgency=urgency(gap.reason, expected=expected),
    )


def _named_beside_evidence(assessment: Assessment) -> list[Passage]:
    """Return the passages that gaps name, or that facets name and no evidence shows."""
    named: dict[str, None] = {}
    at_hand = dict(assessment.passages)
    for gap in assessment.gaps:
        named.update(dict.fromkeys(gap.nearest))
    for coverage in assessment.commitments:
        shown = {evidence.passage.id: evidence.passage for evidence in coverage.evidence}
        at_hand.update(shown)
        for facet in coverage.facets:
            named.update(dict.fromkeys(item for item in facet.evidence if item not in shown))
    if missing := [item for item in named if item not in at_hand]:
        raise VerificationError(
            f"assessment {assessment.id} names passage {missing[0]} and does not hold it"
        )
    return [at_hand[item] for item in named]


def _display(text: str) -> str:
    """Return text that any format can carry; names of files may hold bytes that are no text."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)
