"""What the heads look at: a passage's meaning, its place, and its likeness to each facet.

Three parts stand side by side in one row: the vector of the passage, the vector of its context
(title and trail of headings, encoded as a text of its own: merely prefixed, headings drown the
passage), and the cosine of the passage to each facet's description, which is what carries over best
to organizations never seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lhs_evidence.encoders import Encoder
from lhs_evidence.framework import Framework

Matrix = NDArray[np.float32]

# Relative weights under one L2 penalty. Of the context a half and a quarter, of the likeness a half
# and the double were tried on organization-wise folds: macro average precision on real passages
# changed by less than 0.01 (on written ones a weaker context cost up to 0.05). The scale of the
# text was not swept by itself: it trades off against the penalty.
_TEXT_SCALE = 4.0
_CONTEXT_SCALE = 2.0
_LIKENESS_SCALE = 0.5


@dataclass(frozen=True, slots=True)
class FeatureSpace:
    """How vectors become features.

    `facets` holds the vectors of the facets' descriptions (facets × dimension); `centre` and
    `spread` standardise the cosine to each.
    """

    facets: Matrix
    centre: Matrix
    spread: Matrix

    @classmethod
    def fit(cls, facets: Matrix, texts: Matrix) -> FeatureSpace:
        """Return the space in which likenesses of these passages have mean 0 and spread 1."""
        likeness = texts @ facets.T
        return cls(facets, likeness.mean(axis=0), likeness.std(axis=0) + 1e-6)

    def __call__(self, texts: Matrix, contexts: Matrix) -> Matrix:
        """Return the features: passages × (2 · dimension + facets)."""
        likeness = self.likeness(texts) * _LIKENESS_SCALE
        parts = [texts * _TEXT_SCALE, contexts * _CONTEXT_SCALE, likeness]
        return np.hstack(parts).astype(np.float32)

    def likeness(self, texts: Matrix) -> Matrix:
        """Return the standardised cosine of each text to each facet: passages × facets."""
        return (texts @ self.facets.T - self.centre) / self.spread


def facet_vectors(framework: Framework, encoder: Encoder) -> Matrix:
    """Return the vectors of the facets' names and descriptions, in the order of `facet_keys`."""
    texts = [
        f"{facet.name}: {facet.description}"
        for commitment in framework.commitments
        for facet in commitment.facets
    ]
    return encoder.encode(texts)


def context_text(title: str, heading: Sequence[str]) -> str:
    """Return the text that stands for a passage's place in its document."""
    return " > ".join(part for part in (title, *heading) if part)


def encode_contexts(contexts: Sequence[str], encoder: Encoder) -> Matrix:
    """Return a vector for each context, encoding each distinct one once."""
    distinct = sorted(set(contexts))
    vectors = dict(zip(distinct, encoder.encode(distinct), strict=True))
    if not contexts:
        return np.zeros((0, encoder.dimension), np.float32)
    return np.stack([vectors[context] for context in contexts])
