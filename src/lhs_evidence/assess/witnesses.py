"""Which passages speak for or against a facet, and how surely."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lhs_evidence.assess.corpus import Corpus
from lhs_evidence.assess.rules import (
    LEVELS,
    MORE_LIKELY,
    MOST_COMBINED,
    combined,
    is_counter,
    is_support,
    reach,
)
from lhs_evidence.model import CommitmentScore, Finding, Level, Polarity

_MOST_NEAREST = 3
# A passage below this is no near miss, only the best of nothing.
_NEAREST_SCORE = 0.05


@dataclass(frozen=True, slots=True)
class Witness:
    """One passage's word on a facet or commitment.

    `probability` is that of a careful reader citing it to this end; `reaches` is, for each level,
    the probability that the passage goes at least that far.
    """

    row: int
    probability: float
    reaches: Mapping[Level, float]


@dataclass(slots=True)
class Witnesses:
    """The passages that speak for and against one facet or commitment, surest first."""

    support: list[Witness] = field(default_factory=list)
    counter: list[Witness] = field(default_factory=list)


class WitnessList:
    """All witnesses of an assessment, by commitment and by facet."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._of: dict[tuple[str, str], Witnesses] = defaultdict(Witnesses)
        for row, finding in enumerate(corpus.findings):
            reaches = reach(finding)
            for score in finding.commitments.values():
                if score.positive:
                    self._hear(row, finding, score, reaches)
        for witnesses in self._of.values():
            if self.probability(witnesses.support) < MORE_LIKELY:
                # Too doubtful to be called evidence: near misses, and shown as such.
                witnesses.support.clear()
            for heard in (witnesses.support, witnesses.counter):
                heard.sort(key=lambda witness: (-witness.probability, witness.row))

    def of(self, commitment: str, facet: str = "") -> Witnesses:
        """Return the witnesses of a facet, or of the commitment as such if no facet is named."""
        return self._of.get((commitment, facet), Witnesses())

    def by_level(self, witnesses: Sequence[Witness]) -> dict[Level, float]:
        """Return the combined probability of the distinct passages that reach each level."""
        return {
            level: self._combined(
                {item.row: item.probability * item.reaches[level] for item in witnesses}
            )
            for level in LEVELS
        }

    def probability(self, witnesses: Sequence[Witness]) -> float:
        """Return the combined probability of witnesses, near-copies counted once."""
        return self._combined({witness.row: witness.probability for witness in witnesses})

    def _combined(self, probability: Mapping[int, float]) -> float:
        kept = self._corpus.copies.distinct(list(probability), MOST_COMBINED)
        return combined([probability[row] for row in kept])

    def best_miss(self, commitment: str, facet: str = "") -> float:
        """Return the highest probability among passages that are not taken as support."""
        taken = {witness.row for witness in self.of(commitment, facet).support}
        return max(
            (
                _probability(finding, commitment, facet, Polarity.SUPPORTS)
                for row, finding in enumerate(self._corpus.findings)
                if row not in taken
            ),
            default=0.0,
        )

    def nearest(self, commitment: str, facet: str, levels: Iterable[Level] = ()) -> list[int]:
        """Return the rows that came closest to a facet without supporting it, closest first.

        Args:
            commitment: The commitment.
            facet: Its facet.
            levels: Where given, passages are ranked by their probability at these levels.
        """
        taken = {witness.row for witness in self.of(commitment, facet).support}
        wanted = tuple(levels)
        scored = []
        for row, finding in enumerate(self._corpus.findings):
            score = finding.commitments.get(commitment)
            if row in taken or score is None:
                continue
            value = score.facets.get(facet, 0.0)
            if wanted:
                value *= sum(finding.level.get(level, 0.0) for level in wanted)
            if value >= _NEAREST_SCORE:
                scored.append((value, -row))
        best = heapq.nlargest(4 * _MOST_NEAREST, scored)
        return self._corpus.copies.distinct([-row for _, row in best], _MOST_NEAREST)

    def _hear(
        self, row: int, finding: Finding, score: CommitmentScore, reaches: Mapping[Level, float]
    ) -> None:
        support, counter = is_support(score, finding), is_counter(score, finding)
        if not (support or counter):
            return
        polarity = Polarity.SUPPORTS if support else Polarity.COUNTER
        for facet in ("", *score.positive_facets):
            probability = _probability(finding, score.commitment, facet, polarity)
            witnesses = self._of[score.commitment, facet]
            heard = witnesses.support if support else witnesses.counter
            heard.append(Witness(row, probability, reaches))


def _probability(finding: Finding, commitment: str, facet: str, polarity: Polarity) -> float:
    """Return the probability that a passage speaks to a facet, with this polarity.

    A facet is part of its commitment, so it is never likelier than the commitment.
    """
    score = finding.commitments.get(commitment)
    if score is None:
        return 0.0
    cited = min(score.confidence, score.facets.get(facet, 0.0)) if facet else score.confidence
    return cited * finding.polarity.get(polarity, 0.0)
