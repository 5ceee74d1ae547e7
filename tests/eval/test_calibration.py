from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss, log_loss

from lhs_eval.metrics.calibration import Calibration, calibration
from lhs_eval.metrics.intervals import Clusters


def measure(gold: np.ndarray, confidence: np.ndarray, draws: int = 0) -> Calibration:
    clusters = Clusters("passage", np.arange(len(gold)), len(gold))
    return calibration(gold, confidence, clusters, draws=draws, seed=0)


@settings(deadline=None)
@given(st.integers(2, 60), st.integers(1, 4), st.integers(0, 2**32))
def test_brier_and_log_loss_are_scikit_learns(rows, columns, seed):
    generator = np.random.default_rng(seed)
    gold, confidence = generator.random((rows, columns)) < 0.4, generator.random((rows, columns))
    own = measure(gold, confidence)
    assert own.brier.value == pytest.approx(brier_score_loss(gold.ravel(), confidence.ravel()))
    assert own.log_loss.value == pytest.approx(
        log_loss(gold.ravel(), confidence.ravel(), labels=[False, True])
    )


@settings(deadline=None)
@given(st.integers(2, 60), st.integers(0, 2**32))
def test_the_error_is_the_gap_between_confidence_and_share_bin_by_bin(rows, seed):
    generator = np.random.default_rng(seed)
    gold, confidence = generator.random((rows, 3)) < 0.4, generator.random((rows, 3))
    bins = np.minimum(np.floor(confidence * 10), 9)
    gaps = [
        (bins == number).mean()
        * abs(confidence[bins == number].mean() - gold[bins == number].mean())
        for number in np.unique(bins)
    ]
    assert measure(gold, confidence).ece_equal_width.value == pytest.approx(sum(gaps))


def test_equal_confidences_share_a_bin():
    gold = np.array([[True], [True], [False], [False]] * 25)
    own = measure(gold, np.full((100, 1), 0.5))
    assert own.ece_equal_mass.value == pytest.approx(0.0)
    assert [item.count for item in own.top_label_bins] == [100]


def test_honest_confidences_have_a_small_error_and_boastful_ones_a_large_one():
    generator = np.random.default_rng(5)
    honest = generator.random((20_000, 1))
    gold = generator.random((20_000, 1)) < honest
    assert measure(gold, honest).ece_equal_mass.value < 0.02
    assert measure(gold, np.sqrt(honest)).ece_equal_mass.value > 0.1


def test_the_top_label_is_judged_alone():
    confidence = np.array([[0.9, 0.3], [0.2, 0.6]])
    own = measure(np.array([[True, True], [True, False]]), confidence)
    assert own.top_label_accuracy.value == 0.5
    assert own.top_label_confidence == pytest.approx(0.75)
