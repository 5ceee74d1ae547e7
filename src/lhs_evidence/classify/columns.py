"""What the heads tell apart, in order: labels, then levels, then counter-evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lhs_evidence.classify.labelled import DIRECT, PARTIAL, LabelledPassage
from lhs_evidence.framework import Framework
from lhs_evidence.model import Level, Polarity

Matrix = NDArray[np.float32]

# What a partial label (strength 1) is worth as a target. As plain negatives they teach the heads
# that near misses are as far off as boilerplate.
_PARTIAL_SHARE = 0.4


@dataclass(frozen=True, slots=True)
class Targets:
    """What labelled passages say, rows × columns.

    `soft` counts a partial label for a share, `gold` only direct ones; `known` is 0 where nobody
    said, or the annotators differ.
    """

    soft: Matrix
    gold: Matrix
    known: Matrix


def labels_of(framework: Framework) -> tuple[str, ...]:
    """Return the labels heads have for a framework: commitments, then facets."""
    return framework.commitment_ids + framework.facet_keys


def facet_groups(framework: Framework) -> tuple[tuple[int, ...], ...]:
    """Return, for each column, which facets (by place) it is about; levels are about none."""
    keys = framework.facet_keys
    commitments = [
        tuple(at for at, key in enumerate(keys) if key.startswith(f"{commitment}."))
        for commitment in framework.commitment_ids
    ]
    facets = [(at,) for at in range(len(keys))]
    return (*commitments, *facets, *[()] * (len(Level) + 1))


def targets_of(passages: Sequence[LabelledPassage], framework: Framework) -> Targets:
    """Return the targets of labelled passages."""
    labels = [label.partition(".") for label in labels_of(framework)]
    strengths = np.array(
        [
            [p.strength(commitment, facet or None) for commitment, _, facet in labels]
            for p in passages
        ]
    )
    levels = np.array([[p.level is level for level in Level] for p in passages], np.float32)
    counter = np.array([[p.polarity is Polarity.COUNTER] for p in passages], np.float32)
    known = np.ones((len(passages), strengths.shape[1] + levels.shape[1] + 1), np.float32)
    known[:, strengths.shape[1] : -1] = [[p.level is not None] for p in passages]
    known[:, -1] = [p.polarity is not None for p in passages]
    direct = (strengths == DIRECT).astype(np.float32)
    soft = direct + _PARTIAL_SHARE * (strengths == PARTIAL)
    return Targets(
        soft=np.hstack([soft, levels, counter]).astype(np.float32),
        gold=np.hstack([direct, levels, counter]),
        known=known,
    )
