"""What the labelled passages most like a passage were labelled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]

_NEIGHBOURS = 15
# How fast a vote falls with distance: a neighbour .1 less alike counts less than half as much.
_SHARPNESS = 8.0
# Votes of one side only are no certainty among fifteen.
_FLOOR = 0.02
# Where the nearest are this unlike, half of the votes are withheld: the least unlike of many
# thousand passages are no witnesses just for being the least unlike.
_STRANGERS = 0.6


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Labelled passages: their unit vectors, and their targets (passages × columns, 0 to 1).

    Both hold values of half precision, as they are stored, in the width they are computed with.
    """

    vectors: Matrix
    targets: Matrix

    @classmethod
    def of(cls, vectors: Matrix, targets: Matrix) -> Neighbours:
        """Return the memory of labelled passages, rounded to half precision."""
        half, half_targets = vectors.astype(np.float16), targets.astype(np.float16)
        return cls(half.astype(np.float32), half_targets.astype(np.float32))

    def nearest(self, vectors: Matrix) -> tuple[NDArray[np.intp], Matrix]:
        """Return, for each vector, the rows of its nearest passages and how alike they are."""
        likeness = vectors @ self.vectors.T
        count = min(_NEIGHBOURS, likeness.shape[1])
        rows = np.argpartition(-likeness, count - 1, axis=1)[:, :count]
        return rows, np.take_along_axis(likeness, rows, axis=1)

    def __call__(self, vectors: Matrix) -> Matrix:
        """Return the neighbours' votes as logits: rows × columns."""
        rows, likeness = self.nearest(vectors)
        votes = np.exp(_SHARPNESS * likeness)
        withheld = votes.shape[1] * np.exp(_SHARPNESS * _STRANGERS)
        votes /= votes.sum(axis=1, keepdims=True) + withheld
        share = np.einsum("rn,rnc->rc", votes, self.targets[rows])
        return np.asarray(np.log((share + _FLOOR) / (1 - share + _FLOOR)), np.float32)
