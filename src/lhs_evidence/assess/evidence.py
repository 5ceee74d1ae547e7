"""Chooses the passages that are shown as evidence: sure ones, of different documents, once each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from lhs_evidence.assess.corpus import Corpus
from lhs_evidence.assess.rules import MORE_LIKELY
from lhs_evidence.assess.witnesses import Witness
from lhs_evidence.model import Evidence, Level

MOST_PER_COMMITMENT = 12
MOST_PER_FACET = 3
# A document's second passage stands below another document's first unless that is much weaker:
# three documents saying a thing once are better evidence than one saying it three times.
_SAME_DOCUMENT = 0.6
# A current document is cited before one past its date; of two copies, always the current one.
_OUTDATED = 0.5


def ranked(corpus: Corpus, witnesses: Sequence[Witness]) -> list[Witness]:
    """Return witnesses in the order they are cited: by confidence, different documents first."""
    seen: Counter[str] = Counter()
    weighed = []
    for witness in sorted(witnesses, key=lambda item: (-item.probability, item.row)):
        document = corpus.passages[witness.row].document
        weight = witness.probability * _SAME_DOCUMENT ** seen[document]
        if corpus.is_outdated(witness.row):
            weight *= _OUTDATED
        seen[document] += 1
        weighed.append((-weight, witness.row, witness))
    return [witness for _, _, witness in sorted(weighed, key=lambda item: item[:2])]


def facet_rows(corpus: Corpus, support: Sequence[Witness], level: Level) -> list[int]:
    """Return the rows kept for a facet, best first.

    One that carries the facet's level is always among them, so that the status can be checked
    against what is shown.
    """
    order = ranked(corpus, support)
    kept = corpus.copies.distinct([witness.row for witness in order], MOST_PER_FACET)
    if level is Level.NONE:
        return kept
    carriers = [witness.row for witness in order if _carries(witness, level)]
    if carriers and not set(kept) & set(carriers):
        kept[MOST_PER_FACET - 1 :] = [carriers[0]]
    return kept


def commitment_rows(
    corpus: Corpus, support: Sequence[Witness], kept_for_facets: Sequence[Sequence[int]]
) -> list[int]:
    """Return the rows kept for a commitment, best first: its facets', then others up to the cap."""
    order = [witness.row for witness in ranked(corpus, support)]
    rank = {row: position for position, row in enumerate(order)}
    kept = sorted({row for rows in kept_for_facets for row in rows}, key=rank.__getitem__)
    room = MOST_PER_COMMITMENT - len(kept)
    if room > 0:
        more = corpus.copies.distinct([*kept, *order], MOST_PER_COMMITMENT)
        kept += [row for row in more if row not in kept][:room]
    return sorted(kept, key=rank.__getitem__)


def _carries(witness: Witness, level: Level) -> bool:
    return level is Level.NONE or witness.reaches[level] >= MORE_LIKELY


def cite(corpus: Corpus, row: int, commitment: str) -> Evidence:
    """Return a passage as evidence for a commitment."""
    passage, finding = corpus.passages[row], corpus.findings[row]
    score = finding.commitments[commitment]
    return Evidence(
        passage=passage,
        document_name=corpus.document_of(row).name,
        confidence=round(float(score.confidence), 6),
        level=finding.likely_level,
        polarity=finding.likely_polarity,
        facets=tuple(score.positive_facets),
        review=score.review,
        outdated=corpus.is_outdated(row),
    )
