"""Logistic regression for many labels at once.

All columns share one product with the features, so that forty labels cost little more than one; a
column whose targets are shares (a partial label) needs no doubled rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

Matrix = NDArray[np.float32]
Wide = NDArray[np.float64]

_ROUNDS = 150
_MEMORY = 8
# Keeps the start finite for a column that is always or never true.
_RAREST = 1e-4


@dataclass(frozen=True, slots=True)
class Linear:
    """Logits of several columns as a linear map: `weights` is features × columns."""

    weights: Matrix
    bias: Matrix

    def __call__(self, features: Matrix | csr_matrix) -> Matrix:
        """Return rows × columns."""
        return np.asarray(features @ self.weights + self.bias, np.float32)


def fit_logistic(
    features: Matrix | csr_matrix, targets: Matrix, weights: Matrix, inverse_penalty: float
) -> Linear:
    """Return the linear map with the least penalised cross-entropy.

    Args:
        features: Rows × features, dense or sparse.
        targets: Rows × columns, each from 0 to 1.
        weights: Rows × columns: how much each target counts; 0 where nobody said.
        inverse_penalty: Inverse of the L2 penalty on the weights; the bias goes free.
    """
    size, columns = features.shape[1], targets.shape[1]
    turned = features.T.tocsr() if isinstance(features, csr_matrix) else features.T

    def loss(flat: Wide) -> tuple[float, Wide]:
        map_ = flat[:-columns].reshape(size, columns)
        logits = features @ map_.astype(np.float32) + flat[-columns:].astype(np.float32)
        chance = sigmoid(logits)
        # log(1 + e^z) without overflow.
        entropy = np.maximum(logits, 0) + np.log1p(np.exp(-np.abs(logits))) - targets * logits
        slope = (chance - targets) * weights
        gradient = np.concatenate(
            [
                (turned @ slope + map_ / inverse_penalty).ravel(),
                slope.sum(axis=0, dtype=np.float64),
            ]
        )
        penalty = float((map_ * map_).sum()) / (2 * inverse_penalty)
        return float((entropy * weights).sum(dtype=np.float64)) + penalty, gradient

    start = np.zeros(size * columns + columns)
    share = (targets * weights).sum(axis=0) / np.maximum(weights.sum(axis=0), 1e-9)
    share = np.clip(share, _RAREST, 1 - _RAREST)
    start[-columns:] = np.log(share / (1 - share))
    found = minimize(
        loss,
        start,
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": _ROUNDS, "maxcor": _MEMORY},
    ).x
    return Linear(
        found[:-columns].reshape(size, columns).astype(np.float32),
        found[-columns:].astype(np.float32),
    )


def sigmoid(logits: Matrix) -> Matrix:
    """Return the probabilities that logits stand for."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -30.0, 30.0))), np.float32)
