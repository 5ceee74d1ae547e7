"""From probabilities to a finding: what is positive, which facets carry it, who should look."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lhs_evidence.classify.heads import HeadsCard
from lhs_evidence.framework import Framework
from lhs_evidence.model import CommitmentScore, Finding, Level, Polarity

Row = NDArray[np.floating]


class Decision:
    """The thresholds of trained heads, applied to the probabilities they give."""

    def __init__(self, card: HeadsCard, framework: Framework) -> None:
        self._card = card
        self._framework = framework
        self._columns = {label: column for column, label in enumerate(card.labels)}

    def finding(self, passage: str, scores: Row, levels: Row, counter: float) -> Finding:
        """Return the finding on a passage.

        Args:
            passage: Its id.
            scores: A probability for each label of the card.
            levels: A probability for each `Level`, in order.
            counter: The probability of counter-evidence.
        """
        return Finding(
            passage=passage,
            commitments={
                commitment: self._score(commitment, scores)
                for commitment in self._framework.commitment_ids
            },
            level={level: float(levels[at]) for at, level in enumerate(Level)},
            polarity={Polarity.SUPPORTS: 1.0 - counter, Polarity.COUNTER: counter},
        )

    def nothing(self, passage: str) -> Finding:
        """Return the finding that a passage evidences nothing."""
        levels = np.array([level is Level.NONE for level in Level], np.float32)
        return self.finding(passage, np.zeros(len(self._columns), np.float32), levels, 0.0)

    def _score(self, commitment: str, scores: Row) -> CommitmentScore:
        card, column = self._card, self._columns[commitment]
        confidence = float(scores[column])
        positive = confidence >= card.thresholds[column]
        columns = {
            facet.id: self._columns[f"{commitment}.{facet.id}"]
            for facet in self._framework.commitment(commitment).facets
        }
        facets = _at_least({facet: float(scores[at]) for facet, at in columns.items()}, confidence)
        carrying = [f for f, at in columns.items() if facets[f] >= card.thresholds[at]]
        # A commitment is only ever evidenced through a facet: where none is past its own
        # threshold, the likeliest one carries it.
        best = max(facets, key=lambda facet: facets[facet])
        low, high = card.review
        return CommitmentScore(
            commitment=commitment,
            confidence=confidence,
            positive=positive,
            review=low <= confidence <= high,
            facets=facets,
            positive_facets=tuple(carrying or [best]) if positive else (),
        )


def _at_least(facets: dict[str, float], confidence: float) -> dict[str, float]:
    """Return the facets' probabilities, raised where they sum to less than their commitment's.

    A commitment is evidenced through one of its facets or not at all, so together they cannot be
    less probable than it is; heads of rare facets, fitted alone, sometimes say so.
    """
    total = sum(facets.values())
    if not 0.0 < total < confidence:
        return facets
    return {facet: p * confidence / total for facet, p in facets.items()}
