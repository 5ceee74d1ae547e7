"""Classifying against any framework, with nothing but its descriptions.

Used where no heads were trained for a framework. Likeness to a description ranks passages; it does
not say how probable it is that a reader would cite them. So its confidences are not calibrated,
every positive is marked for review, and the id in a report begins with `descriptions-`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from lhs_evidence.classify.features import facet_vectors
from lhs_evidence.encoders import Encoder
from lhs_evidence.framework import Framework
from lhs_evidence.ids import content_hash
from lhs_evidence.model import CommitmentScore, Finding, Level, Passage, Polarity

Matrix = NDArray[np.float32]

# Cosine of a passage to a description at which the score is one half, and how steeply it rises.
# Chosen by eye and not fitted to labels, which is one more reason to call nothing here calibrated.
_HALF = 0.45
_STEEPNESS = 16.0
_POSITIVE = 0.5


class DescriptionClassifier:
    """Scores passages by their likeness to the facets' descriptions."""

    calibrated = False

    def __init__(self, framework: Framework, encoder: Encoder) -> None:
        self._framework = framework
        self._facets = facet_vectors(framework, encoder)
        identity = [framework.model_dump(mode="json"), encoder.fingerprint, _HALF, _STEEPNESS]
        self.id = f"descriptions-{content_hash(identity)[:16]}"

    def classify(
        self,
        passages: Sequence[Passage],
        vectors: Matrix,
        progress: Callable[[int], None] | None = None,
    ) -> list[Finding]:
        """Return one finding for each passage; row i of `vectors` belongs to `passages[i]`."""
        scores = 1.0 / (1.0 + np.exp(-_STEEPNESS * (vectors @ self._facets.T - _HALF)))
        findings = [
            self._finding(passage, dict(zip(self._framework.facet_keys, row, strict=True)))
            for passage, row in zip(passages, scores.tolist(), strict=True)
        ]
        if progress:
            progress(len(findings))
        return findings

    def _finding(self, passage: Passage, scores: dict[str, float]) -> Finding:
        # Likeness says nothing of level or polarity: words are the least that can be claimed.
        return Finding(
            passage=passage.id,
            commitments={
                commitment.id: _score(
                    commitment.id,
                    {
                        facet.id: scores[f"{commitment.id}.{facet.id}"]
                        for facet in commitment.facets
                    },
                )
                for commitment in self._framework.commitments
            },
            level={level: float(level is Level.DECLARED) for level in Level},
            polarity={Polarity.SUPPORTS: 1.0, Polarity.COUNTER: 0.0},
        )


def _score(commitment: str, facets: dict[str, float]) -> CommitmentScore:
    confidence = max(facets.values())
    carrying = tuple(facet for facet, score in facets.items() if score >= _POSITIVE)
    return CommitmentScore(
        commitment=commitment,
        confidence=confidence,
        positive=bool(carrying),
        review=bool(carrying),
        facets=facets,
        positive_facets=carrying,
    )
