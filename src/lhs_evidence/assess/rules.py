"""The rules of an assessment, each a short pure function with its reason beside it.

An assessment speaks of what documents evidence, not of what an organization does. Where a rule
could err, it errs towards saying less: a lower level, a smaller claim, a named doubt.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from lhs_evidence.assess.extent import Extent
from lhs_evidence.model import (
    CommitmentScore,
    FacetCoverage,
    Finding,
    Level,
    Polarity,
    Reason,
    Status,
)

# Levels of evidence, lowest first; `NONE` is no evidence at all.
LEVELS = (Level.DECLARED, Level.OPERATIONAL, Level.MEASURED)
EVIDENCED = {
    Level.DECLARED: Status.DECLARED,
    Level.OPERATIONAL: Status.OPERATIONAL,
    Level.MEASURED: Status.MEASURED,
}
# Statuses that leave only one reason.
_REASONS = {
    Status.CONTRADICTED: Reason.CONTRADICTED,
    Status.NOT_ASSESSABLE: Reason.NOT_ASSESSABLE,
    Status.NOT_EVIDENCED: Reason.ABSENT,
}
# Passages are called near-copies from this cosine on: the same paragraph with another date or name
# in it lies above, two paragraphs on one subject by different hands lie well below.
COPY = 0.97
# More likely than not: the least that any claim needs. What stays below is called a near miss, not
# evidence, and is shown with the gap.
MORE_LIKELY = 0.5
_NEEDED = {Level.DECLARED: 0.0, Level.OPERATIONAL: MORE_LIKELY, Level.MEASURED: MORE_LIKELY}
# Reports of failure must be surer than that: telling an organization that its documents
# contradict themselves is the hardest thing a report says.
CONTRADICTION = 0.6
# One like passage elsewhere does not keep a facet current whose evidence stands, for the most part,
# in a document past its date: from this share of the weight on, the facet is called outdated.
STALE_SHARE = 0.8
DAMPING = 0.5
# Beyond this many passages the damped sum no longer moves in any digit that is shown.
MOST_COMBINED = 12

URGENCY = (
    # What the documents themselves put in doubt comes first, then what they lack altogether, then
    # what could be mended by renewing or extending what is there. What could not be read is a gap
    # in the reading, and a missing figure is the smallest gap.
    Reason.CONTRADICTED,
    Reason.ABSENT,
    Reason.OUTDATED,
    Reason.INTENT_ONLY,
    Reason.NOT_ASSESSABLE,
    Reason.NO_MEASURE,
)


def speaks(score: CommitmentScore, finding: Finding) -> bool:
    """Whether a passage has a say on a commitment at all.

    A passage at level `NONE` (boilerplate, contents, definitions) never has, whatever its score:
    nobody would cite it.
    """
    return score.positive and finding.likely_level is not Level.NONE


def is_support(score: CommitmentScore, finding: Finding) -> bool:
    """Whether a passage is evidence for a commitment: it speaks, and not of a failure."""
    return speaks(score, finding) and finding.likely_polarity is Polarity.SUPPORTS


def is_counter(score: CommitmentScore, finding: Finding) -> bool:
    """Whether a passage reports an absence, failure or breach of a commitment."""
    return speaks(score, finding) and finding.likely_polarity is Polarity.COUNTER


def reach(finding: Finding) -> dict[Level, float]:
    """Return, for each level, the probability that a passage goes at least that far.

    A passage with a figure is also one about practice, so the probabilities add up from the top.
    """
    return {
        level: sum(finding.level.get(above, 0.0) for above in LEVELS[position:])
        for position, level in enumerate(LEVELS)
    }


def combined(probabilities: Collection[float]) -> float:
    """Return the probability that at least one of several distinct passages is true evidence.

    1 - (1-p1)(1-p2)... would hold if the passages erred independently. They do not: one
    classifier misreads like passages alike, and one author writes them alike. Ten doubtful
    passages would then make a certainty. So each further passage, strongest first, counts half as
    much as the one before: 1 - (1-p1)(1-p2/2)(1-p3/4)... The result is never below the strongest
    passage, grows with every further one, and many weak passages cannot make a certainty: a
    thousand at 0.3 come to 0.5.
    """
    doubt, weight = 1.0, 1.0
    for probability in sorted(probabilities, reverse=True)[:MOST_COMBINED]:
        doubt *= 1.0 - weight * probability
        weight *= DAMPING
    return 1.0 - doubt


def reached_level(by_level: dict[Level, float]) -> Level:
    """Return the level that the supporting passages of a facet reach together.

    Args:
        by_level: For each level, the combined probability that a passage speaks to the facet and
            goes that far; 0 where none does.

    A claim of practice or of figures needs to be more likely than not: one doubtful figure among
    many policies does not turn a facet "measured". Where there is support at all, and no more can
    be claimed, the matter is spoken of: `DECLARED`.
    """
    for level in reversed(LEVELS):
        if by_level[level] > 0 and by_level[level] >= _NEEDED[level]:
            return level
    return Level.NONE


def outweighs(counter: dict[Level, float], support: dict[Level, float]) -> bool:
    """Whether reports of failure outweigh the supporting passages of a facet.

    Both are combined probabilities by level, as in `reached_level`. Like is weighed against like:
    an audit figure is not outweighed by any number of promises, but it is by better figures; and
    a remark that something is lacking does not outweigh a report of results.
    """
    return any(
        counter[level] >= CONTRADICTION and counter[level] > support[level] for level in LEVELS
    )


def absence(extent: Extent) -> Status:
    """Return what may be said of a facet for which nothing was found.

    "Not evidenced" is a statement about the pages read, and it needs pages. Where nothing was
    read, or where more documents, pages or passages stayed unread or unclassified than were
    examined, what is missing is as likely to stand in the other part, and nothing is said.
    """
    mostly_unread = (
        len(extent.unread) > len(extent.read)
        or extent.pages_without_text > extent.pages_with_text
        or sum(extent.unclassified.values()) > extent.passages
    )
    if extent.passages == 0 or mostly_unread:
        return Status.NOT_ASSESSABLE
    return Status.NOT_EVIDENCED


def is_stale(stale: Sequence[float], current: Sequence[float]) -> bool:
    """Whether a facet's evidence is outdated.

    Args:
        stale: Probabilities of the supporting passages in documents past their date.
        current: Those of the supporting passages in documents that are not.
    """
    return bool(stale) and sum(stale) >= STALE_SHARE * (sum(stale) + sum(current))


def facet_status(level: Level, *, contradicted: bool, absent: Status) -> Status:
    """Return a facet's status: a contradiction first, then the level reached, else the absence.

    A contradicted facet may well have evidence; it is still for people to say which side holds.
    """
    if contradicted:
        return Status.CONTRADICTED
    return EVIDENCED.get(level, absent)


def commitment_status(facets: Sequence[FacetCoverage], absent: Status) -> Status:
    """Return the status that sums up a commitment's facets.

    The highest level that at least half of the expected facets reach: one well measured facet
    does not make a commitment "measured". As long as any facet is evidenced the commitment is at
    least `DECLARED`, for "not evidenced" would be untrue. A contradiction in one facet stays
    there; it is the commitment's when most expected facets are contradicted, or when nothing
    that is not contradicted is left. A contradicted facet counts as reaching no level.
    """
    weighed = [facet for facet in facets if facet.expected] or list(facets)
    contradicted = sum(facet.status is Status.CONTRADICTED for facet in weighed)
    if 2 * contradicted > len(weighed):
        return Status.CONTRADICTED
    for position, level in reversed(list(enumerate(LEVELS))):
        enough = {EVIDENCED[above] for above in LEVELS[position:]}
        if 2 * sum(facet.status in enough for facet in weighed) >= len(weighed):
            return EVIDENCED[level]
    if any(facet.status in EVIDENCED.values() for facet in facets):
        return Status.DECLARED
    if any(facet.status is Status.CONTRADICTED for facet in facets):
        return Status.CONTRADICTED
    return absent


def gap_reason(status: Status, *, stale: bool, any_measured: bool) -> Reason | None:
    """Return why an expected facet is a gap, or nothing where it is none.

    Evidence that stands mainly in documents past their date is a gap whatever its level: nobody can
    say that it still holds. "No measure" is only said where practice is evidenced and not one
    passage with a figure was found, not even a doubtful one.
    """
    if status in _REASONS:
        return _REASONS[status]
    if stale:
        return Reason.OUTDATED
    if status is Status.DECLARED:
        return Reason.INTENT_ONLY
    if status is Status.OPERATIONAL and not any_measured:
        return Reason.NO_MEASURE
    return None
