"""Precision, recall, F1 and average precision per label, and their averages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from lhs_eval.metrics.intervals import (
    DRAWS_AT_A_TIME,
    Bools,
    Estimate,
    Floats,
    Resampler,
    estimate,
    mean_of_defined,
    ratio,
)
from lhs_evidence.classify.labelled import DIRECT, PARTIAL


class Reading(StrEnum):
    """How a partial label (strength 1) counts; a direct one (strength 2) is always positive."""

    DIRECT_ONLY = "partial_is_negative"
    DONT_CARE = "partial_is_dont_care"
    ANY = "partial_is_positive"

    def gold(self, strengths: NDArray[np.int8]) -> Bools:
        """Return which labels are positive."""
        least = PARTIAL if self is Reading.ANY else DIRECT
        return np.greater_equal(strengths, least)

    def counted(self, strengths: NDArray[np.int8]) -> Bools:
        """Return which passage and label pairs count at all."""
        if self is Reading.DONT_CARE:
            return np.not_equal(strengths, PARTIAL)
        return np.ones(strengths.shape, dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class LabelScores:
    """Scores of one label; `support` counts gold positives, `predicted` the system's."""

    label: str
    support: int
    predicted: int
    precision: Estimate
    recall: Estimate
    f1: Estimate
    average_precision: Estimate


@dataclass(frozen=True, slots=True)
class Average:
    """Scores over labels; a macro average is over the labels that have gold positives."""

    precision: Estimate
    recall: Estimate
    f1: Estimate
    average_precision: Estimate


@dataclass(frozen=True, slots=True)
class ClassificationScores:
    """Scores of every label and their averages; `macro_labels` is how many labels macro spans."""

    labels: tuple[LabelScores, ...]
    macro: Average
    micro: Average
    macro_labels: int


@dataclass(frozen=True, slots=True)
class Answers:
    """What is compared, all passages by labels: gold, decisions, confidences, and what counts."""

    names: Sequence[str]
    gold: Bools
    decided: Bools
    confidence: Floats
    counted: Bools


def classification_scores(answers: Answers, resampler: Resampler) -> ClassificationScores:
    """Score decisions and ranking against gold.

    Precision is undefined (None) where nothing was decided, recall and average precision where
    nothing is gold, F1 where neither is.
    """
    found = resampler.totals(answers.gold & answers.decided & answers.counted)
    gold = resampler.totals(answers.gold & answers.counted)
    decided = resampler.totals(answers.decided & answers.counted)
    precision, recall = ratio(found, decided), ratio(found, gold)
    f1 = ratio(2 * found, gold + decided)
    ranking = np.stack(
        [_ranking(answers, column, resampler) for column in range(len(answers.names))], axis=1
    )
    labels = tuple(
        LabelScores(
            label=name,
            support=int(gold[0, column]),
            predicted=int(decided[0, column]),
            precision=estimate(precision[:, column]),
            recall=estimate(recall[:, column]),
            f1=estimate(f1[:, column]),
            average_precision=estimate(ranking[:, column]),
        )
        for column, name in enumerate(answers.names)
    )
    supported = gold[0] > 0
    return ClassificationScores(
        labels=labels,
        macro=_macro(supported, precision, recall, f1, ranking),
        micro=_micro(found.sum(axis=1), gold.sum(axis=1), decided.sum(axis=1)),
        macro_labels=int(supported.sum()),
    )


def _macro(
    supported: Bools, precision: Floats, recall: Floats, f1: Floats, ranking: Floats
) -> Average:
    # A label with gold positives of which none was found has precision 0, not none at all.
    never = np.nan_to_num(precision[:, supported], nan=0.0)
    return Average(
        precision=estimate(mean_of_defined(never)),
        recall=estimate(mean_of_defined(recall[:, supported])),
        f1=estimate(mean_of_defined(f1[:, supported])),
        average_precision=estimate(mean_of_defined(ranking[:, supported])),
    )


def _micro(found: Floats, gold: Floats, decided: Floats) -> Average:
    return Average(
        precision=estimate(ratio(found, decided)),
        recall=estimate(ratio(found, gold)),
        f1=estimate(ratio(2 * found, gold + decided)),
        average_precision=Estimate(None),
    )


def _ranking(answers: Answers, column: int, resampler: Resampler) -> Floats:
    """Return a label's average precision on all passages, then on every draw."""
    rows = np.flatnonzero(answers.counted[:, column])
    rows = rows[np.argsort(-answers.confidence[rows, column], kind="stable")]
    gold = answers.gold[rows, column]
    confidence = answers.confidence[rows, column]
    if not gold.any():
        return np.full(1 + resampler.draws, np.nan)
    # Equal confidences are one step of the curve: their order says nothing.
    ends = np.flatnonzero(np.append(np.diff(confidence) != 0, True))
    group = np.searchsorted(ends, np.flatnonzero(gold))
    steps = ends[np.unique(group)]
    pieces = [_average_precision(np.ones((1, len(rows))), gold, steps)]
    for start in range(0, resampler.draws, DRAWS_AT_A_TIME):
        stop = min(start + DRAWS_AT_A_TIME, resampler.draws)
        pieces.append(_average_precision(resampler.weights(rows, start, stop), gold, steps))
    return np.concatenate(pieces)


def _average_precision(weights: Floats, gold: Bools, steps: NDArray[np.intp]) -> Floats:
    """Sum precision times gain in recall over `steps`, the places where a positive was passed.

    Args:
        weights: draws by passages, best passage first.
        gold: Which of the passages are positive.
        steps: Positions in that order at which the curve has a point with a new positive.
    """
    passed = np.cumsum(weights, axis=1)[:, steps]
    places = np.searchsorted(np.flatnonzero(gold), steps, side="right") - 1
    found = np.cumsum(weights[:, gold], axis=1)[:, places]
    gain = np.diff(found, axis=1, prepend=0.0)
    precision = np.nan_to_num(ratio(found, passed), nan=0.0)
    return ratio((precision * gain).sum(axis=1), found[:, -1])
