from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, precision_recall_fscore_support

from lhs_eval.metrics.classification import (
    Answers,
    Reading,
    _average_precision,
    classification_scores,
)
from lhs_eval.metrics.intervals import Clusters, Resampler


def resampler(count: int, draws: int = 0) -> Resampler:
    return Resampler(Clusters("passage", np.arange(count), count), draws=draws, seed=0)


@st.composite
def answers(draw) -> Answers:
    """Confidences on a coarse grid, so that ties are common."""
    rows, columns = draw(st.integers(1, 40)), draw(st.integers(2, 4))
    generator = np.random.default_rng(draw(st.integers(0, 2**32)))
    shape = (rows, columns)
    return Answers(
        names=[f"label{column}" for column in range(columns)],
        gold=generator.random(shape) < draw(st.sampled_from([0.05, 0.3, 0.9])),
        decided=generator.random(shape) < draw(st.sampled_from([0.05, 0.3, 0.9])),
        confidence=generator.integers(0, 6, shape) / 5,
        counted=np.ones(shape, dtype=np.bool_),
    )


@settings(deadline=None)
@given(answers())
def test_each_label_scores_as_scikit_learn_says(given_answers):
    scores = classification_scores(given_answers, resampler(len(given_answers.gold)))
    precision, recall, f1, support = precision_recall_fscore_support(
        given_answers.gold, given_answers.decided, average=None, zero_division=np.nan
    )
    for column, own in enumerate(scores.labels):
        gold = given_answers.gold[:, column]
        assert own.support == support[column]
        assert as_number(own.precision.value) == pytest.approx(precision[column], nan_ok=True)
        assert as_number(own.recall.value) == pytest.approx(recall[column], nan_ok=True)
        if gold.any() or given_answers.decided[:, column].any():
            assert own.f1.value == pytest.approx(np.nan_to_num(f1[column]))
        if gold.any():
            expected = average_precision_score(gold, given_answers.confidence[:, column])
            assert own.average_precision.value == pytest.approx(expected)


@settings(deadline=None)
@given(answers())
def test_averages_are_scikit_learns_over_labels_with_gold(given_answers):
    scores = classification_scores(given_answers, resampler(len(given_answers.gold)))
    supported = np.flatnonzero(given_answers.gold.any(axis=0))
    assert scores.macro_labels == len(supported)
    if not len(supported):
        return
    for kind, own, labels in (("macro", scores.macro, supported), ("micro", scores.micro, None)):
        precision, recall, f1, _ = precision_recall_fscore_support(
            given_answers.gold, given_answers.decided, average=kind, labels=labels, zero_division=0
        )
        assert own.recall.value == pytest.approx(recall)
        assert own.f1.value == pytest.approx(f1)
        assert as_number(own.precision.value, 0.0) == pytest.approx(precision)


@settings(max_examples=50, deadline=None)
@given(answers(), st.integers(0, 2**32))
def test_weighted_average_precision_is_scikit_learns(given_answers, seed):
    weights = np.random.default_rng(seed).integers(0, 4, len(given_answers.gold)).astype(float)
    order = np.argsort(-given_answers.confidence[:, 0], kind="stable")
    gold, confidence = given_answers.gold[order, 0], given_answers.confidence[order, 0]
    weights = weights[order]
    if (weights * gold).sum() == 0:
        return
    ends = np.flatnonzero(np.append(np.diff(confidence) != 0, True))
    steps = ends[np.unique(np.searchsorted(ends, np.flatnonzero(gold)))]
    (own,) = _average_precision(weights[None, :], gold, steps)
    assert own == pytest.approx(
        average_precision_score(gold, confidence, sample_weight=weights), abs=1e-9
    )


def test_partial_labels_count_as_each_reading_says():
    strengths = np.array([[0], [1], [2]], dtype=np.int8)
    gold = {reading: reading.gold(strengths)[:, 0].tolist() for reading in Reading}
    counted = {reading: reading.counted(strengths)[:, 0].tolist() for reading in Reading}
    assert gold[Reading.DIRECT_ONLY] == [False, False, True]
    assert gold[Reading.ANY] == [False, True, True]
    assert counted[Reading.DIRECT_ONLY] == counted[Reading.ANY] == [True, True, True]
    assert counted[Reading.DONT_CARE] == [True, False, True]


def test_a_pair_that_does_not_count_changes_nothing():
    counted = np.array([[True], [True], [False]])
    gold, decided = np.array([[True], [False], [False]]), np.array([[True], [False], [True]])
    confidence = np.array([[0.8], [0.2], [0.9]])
    scores = classification_scores(
        Answers(["one"], gold, decided, confidence, counted), resampler(3)
    )
    (own,) = scores.labels
    assert (own.precision.value, own.average_precision.value) == (1.0, 1.0)
    assert own.predicted == 1


def as_number(value: float | None, undefined: float = np.nan) -> float:
    return undefined if value is None else value
