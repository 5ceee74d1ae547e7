"""Which expected facets are gaps, why that is said, and what would close them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lhs_evidence.assess import wording
from lhs_evidence.assess.corpus import Corpus
from lhs_evidence.assess.coverage import Judgement
from lhs_evidence.assess.rules import URGENCY, gap_reason, is_stale
from lhs_evidence.assess.witnesses import WitnessList
from lhs_evidence.framework import Framework
from lhs_evidence.model import Gap, Level, Reason

_MOST_CONFLICTING = 6
# What would have closed the gap: nearest misses are looked for among passages that tend that way.
_WANTED = {
    Reason.INTENT_ONLY: (Level.OPERATIONAL, Level.MEASURED),
    Reason.NO_MEASURE: (Level.MEASURED,),
}


def find_gaps(
    corpus: Corpus,
    framework: Framework,
    witnesses: WitnessList,
    judgements: Iterable[Judgement],
) -> list[Gap]:
    """Return the gaps among expected facets, most urgent first, else in the framework's order."""
    found = []
    for judgement in judgements:
        coverage = judgement.coverage
        reason = _reason(corpus, judgement) if coverage.expected else None
        if reason is None:
            continue
        rows = _nearest(corpus, witnesses, judgement, reason)
        gap = Gap(
            commitment=coverage.commitment,
            facet=coverage.facet,
            status=coverage.status,
            reason=reason,
            why=_why(corpus, judgement, reason),
            suggestion=framework.facet(coverage.commitment, coverage.facet).suggestion,
            nearest=tuple(corpus.passages[row].id for row in rows),
        )
        found.append(gap)
    return sorted(found, key=lambda gap: URGENCY.index(gap.reason))


def _reason(corpus: Corpus, judgement: Judgement) -> Reason | None:
    support = judgement.witnesses.support
    return gap_reason(
        judgement.coverage.status,
        stale=is_stale(
            [item.probability for item in support if corpus.is_outdated(item.row)],
            [item.probability for item in support if not corpus.is_outdated(item.row)],
        ),
        any_measured=any(
            corpus.findings[item.row].likely_level is Level.MEASURED for item in support
        ),
    )


def _nearest(
    corpus: Corpus, witnesses: WitnessList, judgement: Judgement, reason: Reason
) -> Sequence[int]:
    coverage = judgement.coverage
    if reason is not Reason.CONTRADICTED:
        wanted = _WANTED.get(reason, ())
        return witnesses.nearest(coverage.commitment, coverage.facet, wanted)
    rows = [row for item in judgement.conflicts for row in (item.first.row, item.second.row)]
    if judgement.outweighed:
        rows += corpus.copies.distinct([item.row for item in judgement.witnesses.counter])
    return list(dict.fromkeys(rows))[:_MOST_CONFLICTING]


def _why(corpus: Corpus, judgement: Judgement, reason: Reason) -> str:
    extent = corpus.extent
    support = [item.row for item in judgement.witnesses.support]
    if reason is Reason.CONTRADICTED:
        counter = [item.row for item in judgement.witnesses.counter] if judgement.outweighed else []
        return wording.contradicted(corpus, judgement.conflicts, counter, len(support))
    if reason is Reason.NOT_ASSESSABLE:
        return wording.not_assessable(extent)
    if reason is Reason.ABSENT:
        return wording.absent(extent)
    if reason is Reason.OUTDATED:
        return wording.outdated(corpus, support)
    if reason is Reason.INTENT_ONLY:
        return wording.intent_only(extent, len(support))
    return wording.no_measure(extent, len(support))
