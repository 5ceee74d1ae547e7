"""Passages in, findings out, whatever does the classifying."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from lhs_evidence.classify.decision import Decision
from lhs_evidence.classify.features import context_text, encode_contexts
from lhs_evidence.classify.heads import SEEN_DIGITS, Heads, read_heads
from lhs_evidence.classify.parts import Examples
from lhs_evidence.encoders import Encoder
from lhs_evidence.errors import ModelError
from lhs_evidence.framework import Framework
from lhs_evidence.model import Finding, Passage

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
        self._encoder = encoder
        self._decision = Decision(heads.card, framework)

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
            findings += self._findings(passages[rows], vectors[rows], context_vectors[rows])
            if progress:
                progress(len(findings))
        return findings

    def _findings(
        self, passages: Sequence[Passage], vectors: Matrix, contexts: Matrix
    ) -> list[Finding]:
        texts = [passage.text for passage in passages]
        scores = self._heads.score(Examples(texts, vectors, contexts))
        return [
            self._decision.finding(
                passage.id, scores.labels[row], scores.levels[row], float(scores.counter[row])
            )
            if any(character.isalpha() for character in passage.text)
            # A text without words is nothing, whatever the heads would make of its headings.
            else self._decision.nothing(passage.id)
            for row, passage in enumerate(passages)
        ]
