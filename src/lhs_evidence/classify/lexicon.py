"""What a passage says word by word: TF-IDF over single words and pairs.

The vector of a passage blurs its wording; the words themselves carry the rest. Each errs where the
other does not, which is why both are asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

Matrix = NDArray[np.float32]

_FEWEST_PASSAGES = 3
_MOST_TERMS = 30_000
_PAIRS = (1, 2)
# Brings rows of length one to the size of the other features under their penalties.
_SCALE = 4.0


@dataclass(frozen=True)
class Lexicon:
    """Terms with their inverse document frequency."""

    terms: tuple[str, ...]
    idf: Matrix

    @classmethod
    def fit(cls, texts: Sequence[str]) -> Lexicon:
        """Return the terms that stand in several of these texts."""
        fewest = min(_FEWEST_PASSAGES, len(texts))
        vectorizer = TfidfVectorizer(
            ngram_range=_PAIRS, min_df=fewest, max_features=_MOST_TERMS, dtype=np.float32
        ).fit(texts)
        terms = tuple(vectorizer.get_feature_names_out().tolist())
        return cls(terms, np.asarray(vectorizer.idf_, np.float32))

    def __call__(self, texts: Sequence[str]) -> csr_matrix:
        """Return texts × terms; a text without a known term is a row of zeros."""
        return csr_matrix(self._vectorizer.transform(texts) * np.float32(_SCALE))

    @cached_property
    def _vectorizer(self) -> TfidfVectorizer:
        vectorizer = TfidfVectorizer(
            ngram_range=_PAIRS, sublinear_tf=True, vocabulary=self.terms, dtype=np.float32
        )
        vectorizer.idf_ = self.idf.astype(np.float64)
        return vectorizer
