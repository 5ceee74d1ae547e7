"""From which probability on a label counts as positive."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]

# With fewer positives than this a threshold of its own would be noise: the common one is taken.
_FEWEST_POSITIVES = 8
# Below these probabilities nothing is called positive, whatever F1 would gain. Facets come second:
# a passage called positive for its commitment is to be cited for what it is likely about, and for
# that only.
_LEAST = 0.15
_LEAST_FACET = 0.3
_MOST = 0.81
_STEP = 0.01


def best_thresholds(
    probabilities: Matrix, gold: Matrix, weight: Matrix, commitments: int
) -> tuple[float, ...]:
    """Return, for each label, the threshold of the highest F1 on these passages.

    Args:
        probabilities: Rows × labels, by heads that had not seen the rows.
        gold: Rows × labels, 0 or 1.
        weight: How much each row counts.
        commitments: How many of the labels, the first ones, are commitments.
    """
    labels = gold.shape[1]
    common = _best(probabilities.ravel(), gold.ravel(), np.repeat(weight, labels), _LEAST)
    best = []
    for column in range(labels):
        least = _LEAST if column < commitments else _LEAST_FACET
        own = max(common, least)
        if gold[:, column].sum() >= _FEWEST_POSITIVES:
            own = _best(probabilities[:, column], gold[:, column], weight, least)
        best.append(round(own, 4))
    return tuple(best)


def _best(probabilities: Matrix, gold: Matrix, weight: Matrix, least: float) -> float:
    """Return the candidate of the highest weighted F1, the lowest of equals."""
    candidates = np.arange(least, _MOST, _STEP)
    order = np.argsort(-probabilities, kind="stable")
    hits = np.concatenate([[0.0], np.cumsum((gold * weight)[order], dtype=np.float64)])
    called = np.concatenate([[0.0], np.cumsum(weight[order], dtype=np.float64)])
    counts = np.searchsorted(-probabilities[order], -candidates, side="right")
    scores = 2 * hits[counts] / np.maximum(called[counts] + hits[-1], 1e-9)
    return float(candidates[int(np.argmax(scores))])
