"""Passages in, findings out, whatever does the classifying."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from lhs_evidence.classify.features import context_text, encode_contexts
from lhs_evidence.classify.heads import SEEN_DIGITS, Heads, read_heads
from lhs_evidence.encoders import Encoder
from lhs_evidence.errors import ModelError
from lhs_evidence.framework import Framework
from lhs_evidence.model import CommitmentScore, Finding, Level, Passage, Polarity

Matrix = NDArray[np.float32]
# Enough rows for fast products, few enough that progress moves and memory stays flat.
_ROWS = 1024


class PassageClassifier(Protocol):
    """What the pipeline needs of a classifier."""

    @property
    def id(self) -> str:
        """Names the classifier and everything that changes its findings."""

    @property
    def calibrated(self) -> bool:
        """Whether confidences are probabilities checked against labels."""

    def classify(
        self,
        passages: Sequence[Passage],
        vectors: Matrix,
        progress: Callable[[int], None] | None = None,
    ) -> list[Finding]:
        """Return one finding for each passage; row i of `vectors` belongs to `passages[i]`."""


class Classifier:
    """The trained heads at work on passages."""

    calibrated = True

    def __init__(self, heads: Heads, identity: str, framework: Framework, encoder: Encoder) -> None:
        if not heads.covers(framework):
            raise ModelError(f"the trained heads do not cover framework {framework.id}")
        if heads.card.encoder_weights != encoder.weights_sha256:
            raise ModelError(
                f"the trained heads belong to encoder {heads.card.encoder}, not {encoder.name}; "
                "train heads for this encoder"
            )
        self.id = identity
        self._heads = heads
        self._framework = framework
        self._encoder = encoder
        self._columns = {label: column for column, label in enumerate(heads.card.labels)}

    @classmethod
    def load(cls, framework: Framework, encoder: Encoder, directory: Path | None = None) -> Self:
        """Return the classifier of the heads in a folder, or of the packaged ones.

        Raises:
            ModelError: The heads are missing, damaged, or fit neither framework nor encoder.
        """
        heads, identity = read_heads(directory)
        return cls(heads, identity, framework, encoder)

    def trained_on(self, text_hash: str) -> bool:
        """Whether a text (by `ids.text_hash`) was in the training data."""
        return text_hash[:SEEN_DIGITS] in self._heads.card.seen

    def classify(
        self,
        passages: Sequence[Passage],
        vectors: Matrix,
        progress: Callable[[int], None] | None = None,
    ) -> list[Finding]:
        """Return one finding for each passage; row i of `vectors` belongs to `passages[i]`."""
        contexts = [context_text(passage.title, passage.heading) for passage in passages]
        context_vectors = encode_contexts(contexts, self._encoder)
        findings: list[Finding] = []
        for start in range(0, len(passages), _ROWS):
            rows = slice(start, start + _ROWS)
            features = self._heads.space(vectors[rows], context_vectors[rows])
            findings += self._findings(passages[rows], features)
            if progress:
                progress(len(findings))
        return findings

    def _findings(self, passages: Sequence[Passage], features: Matrix) -> list[Finding]:
        heads = self._heads
        slope, offset = heads.calibration
        scores = _sigmoid((features @ heads.weights + heads.bias) * slope + offset)
        levels = _softmax(features @ heads.level + heads.level_bias)
        counter = _sigmoid(features @ heads.polarity + heads.polarity_bias)[:, 0]
        return [
            _nothing(passage, self._framework)
            if not _has_words(passage.text)
            else Finding(
                passage=passage.id,
                commitments={
                    commitment: self._score(commitment, scores[row])
                    for commitment in self._framework.commitment_ids
                },
                level={level: float(levels[row, at]) for at, level in enumerate(Level)},
                polarity={
                    Polarity.SUPPORTS: 1.0 - float(counter[row]),
                    Polarity.COUNTER: float(counter[row]),
                },
            )
            for row, passage in enumerate(passages)
        ]

    def _score(self, commitment: str, scores: Matrix) -> CommitmentScore:
        card, column = self._heads.card, self._columns[commitment]
        confidence = float(scores[column])
        positive = confidence >= card.thresholds[column]
        facets = {
            facet.id: self._columns[f"{commitment}.{facet.id}"]
            for facet in self._framework.commitment(commitment).facets
        }
        probabilities = {facet: float(scores[at]) for facet, at in facets.items()}
        carrying = [f for f, at in facets.items() if probabilities[f] >= card.thresholds[at]]
        # A commitment is only ever evidenced through a facet: where none is past its own
        # threshold, the likeliest one carries it.
        best = max(probabilities, key=lambda facet: probabilities[facet])
        low, high = card.review
        return CommitmentScore(
            commitment=commitment,
            confidence=confidence,
            positive=positive,
            review=low <= confidence <= high,
            facets=probabilities,
            positive_facets=tuple(carrying or [best]) if positive else (),
        )


def _has_words(text: str) -> bool:
    return any(character.isalpha() for character in text)


def _nothing(passage: Passage, framework: Framework) -> Finding:
    """Return the finding on a text without words, whatever the heads would make of its headings."""
    return Finding(
        passage=passage.id,
        commitments={
            commitment.id: CommitmentScore(
                commitment=commitment.id,
                confidence=0.0,
                positive=False,
                review=False,
                facets={facet.id: 0.0 for facet in commitment.facets},
            )
            for commitment in framework.commitments
        },
        level={level: float(level is Level.NONE) for level in Level},
        polarity={Polarity.SUPPORTS: 1.0, Polarity.COUNTER: 0.0},
    )


def _sigmoid(logits: Matrix) -> Matrix:
    clipped = np.clip(logits, -30.0, 30.0)
    return np.asarray(1.0 / (1.0 + np.exp(-clipped)), np.float32)


def _softmax(logits: Matrix) -> NDArray[np.float64]:
    shifted = logits.astype(np.float64)
    shifted = np.exp(shifted - shifted.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))
