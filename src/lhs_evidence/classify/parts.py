"""The four opinions on a passage that the heads weigh against each other.

Its meaning and place (linear over vectors), its wording (linear over words), the labels of its
nearest labelled passages, and its likeness to the descriptions of the facets. Columns are the
labels of a framework, then the levels, then counter-evidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lhs_evidence.classify.features import FeatureSpace
from lhs_evidence.classify.lexicon import Lexicon
from lhs_evidence.classify.logistic import Linear, fit_logistic
from lhs_evidence.classify.neighbours import Neighbours

Matrix = NDArray[np.float32]

PARTS = ("meaning", "wording", "neighbours", "likeness")

# Inverse L2 penalties. The first was tried from 1/64 to 1/2 on organization-wise folds: flat
# around here. The second is where the first trial stood; it was not swept.
_MEANING_PENALTY = 1 / 8
_WORDING_PENALTY = 1 / 2


@dataclass(frozen=True, slots=True)
class Examples:
    """What there is to learn from or to judge, row by row.

    `vectors` and `contexts` are the vectors of the texts and of their titles and headings.
    """

    texts: Sequence[str]
    vectors: Matrix
    contexts: Matrix

    def rows(self, chosen: NDArray[np.intp]) -> Examples:
        """Return some of the rows."""
        return Examples(
            [self.texts[row] for row in chosen], self.vectors[chosen], self.contexts[chosen]
        )


@dataclass(frozen=True, slots=True)
class Parts:
    """The four parts, fitted; `groups` are the facets (rows of the space) of each column."""

    space: FeatureSpace
    meaning: Linear
    lexicon: Lexicon
    wording: Linear
    neighbours: Neighbours
    groups: tuple[tuple[int, ...], ...]

    @classmethod
    def fit(
        cls,
        examples: Examples,
        targets: Matrix,
        weights: Matrix,
        facets: Matrix,
        groups: tuple[tuple[int, ...], ...],
    ) -> Parts:
        """Fit all parts.

        Args:
            examples: What to learn from.
            targets: Rows × columns, 0 to 1.
            weights: Rows × columns, 0 where a target is not known.
            facets: Vectors of the facets' descriptions.
            groups: For each column the facets it is likened to, none for levels and polarity.
        """
        space = FeatureSpace.fit(facets, examples.vectors)
        lexicon = Lexicon.fit(examples.texts)
        return cls(
            space=space,
            meaning=fit_logistic(
                space(examples.vectors, examples.contexts), targets, weights, _MEANING_PENALTY
            ),
            lexicon=lexicon,
            wording=fit_logistic(lexicon(examples.texts), targets, weights, _WORDING_PENALTY),
            neighbours=Neighbours.of(examples.vectors, targets),
            groups=groups,
        )

    def logits(self, examples: Examples) -> Matrix:
        """Return what each part says: parts × rows × columns."""
        likeness = self.space.likeness(examples.vectors)
        by_column = [
            likeness[:, group].max(axis=1) if group else np.zeros(len(likeness), np.float32)
            for group in self.groups
        ]
        return np.stack(
            [
                self.meaning(self.space(examples.vectors, examples.contexts)),
                self.wording(self.lexicon(examples.texts)),
                self.neighbours(examples.vectors),
                np.column_stack(by_column).astype(np.float32),
            ]
        )
