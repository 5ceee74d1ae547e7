"""From which probability on a label counts as positive."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]

# With fewer positives than this a threshold of its own would be noise: the common one is taken.
_FEWEST_POSITIVES = 8
# Below this probability nothing is called positive, whatever F1 would gain.
_LEAST = 0.15
_CANDIDATES = np.arange(_LEAST, 0.81, 0.01)


def best_thresholds(probabilities: Matrix, gold: Matrix, weight: Matrix) -> tuple[float, ...]:
    """Return, for each label, the threshold of the highest F1 on these passages.

    Args:
        probabilities: Rows × labels, by heads that had not seen the rows.
        gold: Rows × labels, 0 or 1.
        weight: How much each row counts.
    """
    labels = gold.shape[1]
    common = _best(probabilities.ravel(), gold.ravel(), np.repeat(weight, labels))
    best = [
        _best(probabilities[:, column], gold[:, column], weight)
        if gold[:, column].sum() >= _FEWEST_POSITIVES
        else common
        for column in range(labels)
    ]
    return tuple(round(threshold, 4) for threshold in best)


def _best(probabilities: Matrix, gold: Matrix, weight: Matrix) -> float:
    """Return the candidate of the highest weighted F1, the lowest of equals."""
    order = np.argsort(-probabilities, kind="stable")
    hits = np.concatenate([[0.0], np.cumsum((gold * weight)[order], dtype=np.float64)])
    called = np.concatenate([[0.0], np.cumsum(weight[order], dtype=np.float64)])
    counts = np.searchsorted(-probabilities[order], -_CANDIDATES, side="right")
    scores = 2 * hits[counts] / np.maximum(called[counts] + hits[-1], 1e-9)
    return float(_CANDIDATES[int(np.argmax(scores))])
