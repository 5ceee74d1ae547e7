"""How much each part's opinion counts, column by column, as a calibrated probability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lhs_evidence.classify.logistic import fit_logistic, sigmoid

Matrix = NDArray[np.float32]

# A rare column has few positives to weigh four parts by; the penalty keeps them near to silent.
_PENALTY = 1.0


@dataclass(frozen=True, slots=True)
class Mix:
    """Logistic regression over the parts' logits: `weights` is parts × columns."""

    weights: Matrix
    bias: Matrix

    @classmethod
    def fit(cls, logits: Matrix, gold: Matrix, weights: Matrix) -> Mix:
        """Fit on logits (parts × rows × columns) of parts that had not seen the rows.

        That is also what calibrates: what comes out are probabilities of `gold` on passages of
        organizations that were not learnt from.
        """
        columns = [
            fit_logistic(
                np.ascontiguousarray(logits[:, :, column].T),
                gold[:, [column]],
                weights[:, [column]],
                _PENALTY,
            )
            for column in range(gold.shape[1])
        ]
        return cls(
            np.column_stack([column.weights for column in columns]),
            np.concatenate([column.bias for column in columns]),
        )

    def __call__(self, logits: Matrix) -> Matrix:
        """Return probabilities, rows × columns."""
        return sigmoid(np.einsum("pnc,pc->nc", logits, self.weights) + self.bias)
