"""The stage itself: findings in, an assessment out."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC

from lhs_evidence.assess.conflicts import by_facet, find_conflicts
from lhs_evidence.assess.corpus import Corpus, in_order
from lhs_evidence.assess.coverage import Judge
from lhs_evidence.assess.gaps import find_gaps
from lhs_evidence.assess.request import AssessmentRequest
from lhs_evidence.assess.summaries import find_outdated, summarize
from lhs_evidence.ids import assessment_id
from lhs_evidence.model import Assessment, CommitmentCoverage, Gap, Passage


def assess(request: AssessmentRequest) -> Assessment:
    """Return what the documents of a request evidence, and where the gaps are.

    The order of documents and passages does not matter; the same request gives the same
    assessment but for `created`.

    Raises:
        FrameworkError: The framework has no such kind of organization.
    """
    framework = request.framework
    documents = in_order(request)
    outdated = find_outdated(documents, request.created.astimezone(UTC).date())
    corpus = Corpus.of(request, outdated)
    judge = Judge(corpus, framework, request.kind, by_facet(find_conflicts(corpus)))
    judgements = {item.id: judge.facets(item) for item in framework.commitments}
    commitments = tuple(
        judge.commitment(item, judgements[item.id]) for item in framework.commitments
    )
    every = [judgement for item in framework.commitments for judgement in judgements[item.id]]
    gaps = tuple(find_gaps(corpus, framework, judge.witnesses, every))
    return _identified(
        Assessment(
            id="",
            organization=request.organization,
            kind=framework.kind(request.kind).id,
            framework=framework.id,
            framework_version=framework.version,
            created=request.created.astimezone(UTC).isoformat(timespec="seconds"),
            encoder=request.encoder,
            classifier=request.classifier,
            documents=summarize(documents, request.passages, outdated),
            commitments=commitments,
            gaps=gaps,
            passages=_referred_to(corpus, commitments, gaps),
        )
    )


def _referred_to(
    corpus: Corpus, commitments: tuple[CommitmentCoverage, ...], gaps: tuple[Gap, ...]
) -> dict[str, Passage]:
    named = {passage for gap in gaps for passage in gap.nearest}
    for coverage in commitments:
        named.update(evidence.passage.id for evidence in coverage.evidence)
        named.update(passage for facet in coverage.facets for passage in facet.evidence)
    return {passage.id: passage for passage in corpus.passages if passage.id in named}


def _identified(assessment: Assessment) -> Assessment:
    content = asdict(assessment)
    del content["id"], content["created"]
    return replace(assessment, id=assessment_id(content))
