"""An encoder and a classifier that never do the same work twice in one workspace."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from lhs_evidence.classify import PassageClassifier
from lhs_evidence.encoders import Encoder
from lhs_evidence.ids import text_hash
from lhs_evidence.model import Finding, Passage
from lhs_evidence.passages import is_classified
from lhs_evidence.store.workspace import Workspace

# Texts encoded between two writes: what a killed run loses at most.
_STRIDE = 512


class RememberingEncoder:
    """An `Encoder` that looks a text's vector up in the workspace before it makes one.

    `encoded` counts the texts that really were encoded.
    """

    def __init__(self, encoder: Encoder, workspace: Workspace) -> None:
        self._encoder = encoder
        self._workspace = workspace
        self.encoded = 0

    @property
    def name(self) -> str:
        """Name of the encoder that does the work."""
        return self._encoder.name

    @property
    def fingerprint(self) -> str:
        """Fingerprint of the encoder that does the work."""
        return self._encoder.fingerprint

    @property
    def weights_sha256(self) -> str:
        """SHA-256 of the weights of the encoder that does the work."""
        return self._encoder.weights_sha256

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._encoder.dimension

    @property
    def window(self) -> int:
        """Most tokens of a text that are read."""
        return self._encoder.window

    def count_tokens(self, text: str) -> int:
        """Return how many tokens a text has."""
        return self._encoder.count_tokens(text)

    def encode(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return one vector for each text; see `Encoder.encode`."""
        hashes = [text_hash(text) for text in texts]
        known = self._workspace.vectors(self.fingerprint, set(hashes))
        missing = {key: text for key, text in zip(hashes, texts, strict=True) if key not in known}
        done = len(texts) - len(missing)
        keys = list(missing)
        for start in range(0, len(keys), _STRIDE):
            piece = keys[start : start + _STRIDE]
            made = self._encoder.encode(
                [missing[key] for key in piece], _counted_from(done, progress)
            )
            fresh = dict(zip(piece, made, strict=True))
            self._workspace.put_vectors(self.fingerprint, fresh)
            known |= fresh
            done += len(piece)
            self.encoded += len(piece)
        if progress:
            progress(len(texts))
        if not hashes:
            return np.zeros((0, self.dimension), np.float32)
        return np.stack([known[key] for key in hashes])


class RememberingClassifier:
    """A classifier that looks a passage's finding up in the workspace before it makes one.

    Passages in another language than English get no finding: a model that never saw their language
    would say something of them all the same, and it would look like any other finding.
    """

    def __init__(self, classifier: PassageClassifier, workspace: Workspace) -> None:
        self._classifier = classifier
        self._workspace = workspace

    def classify(
        self,
        passages: Sequence[Passage],
        vectors: NDArray[np.float32],
        progress: Callable[[int, int], None] | None = None,
    ) -> dict[str, Finding]:
        """Return all findings of the classifier in this workspace, by passage id.

        Args:
            passages: Passages of the workspace.
            vectors: Row i belongs to passages[i].
            progress: Told how many of how many new passages are done.
        """
        known = self._workspace.findings(self._classifier.id)
        rows = [
            row
            for row, passage in enumerate(passages)
            if passage.id not in known and is_classified(passage.language)
        ]
        tell = (lambda done: progress(done, len(rows))) if progress else None
        fresh = self._classifier.classify([passages[row] for row in rows], vectors[rows], tell)
        self._workspace.put_findings(self._classifier.id, fresh)
        return known | {finding.passage: finding for finding in fresh}


def _counted_from(
    before: int, progress: Callable[[int], None] | None
) -> Callable[[int], None] | None:
    if progress is None:
        return None
    tell = progress
    return lambda count: tell(before + count)
