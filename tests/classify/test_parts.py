"""The parts of the heads, each by itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from lhs_evidence.classify.lexicon import Lexicon
from lhs_evidence.classify.logistic import fit_logistic
from lhs_evidence.classify.mix import Mix
from lhs_evidence.classify.neighbours import Neighbours
from lhs_evidence.classify.parts import PARTS
from lhs_evidence.classify.thresholds import best_thresholds

RANDOM = np.random.default_rng(7)


def _problem(rows=300, size=6):
    features = RANDOM.normal(size=(rows, size)).astype(np.float32)
    truth = features @ RANDOM.normal(size=size) + RANDOM.normal(size=rows) > 0.5
    return features, truth


def test_one_column_is_the_logistic_regression_of_scikit_learn():
    features, truth = _problem()
    weight = RANDOM.uniform(0.2, 2.0, len(truth)).astype(np.float32)
    ours = fit_logistic(features, truth[:, None].astype(np.float32), weight[:, None], 0.5)
    theirs = LogisticRegression(C=0.5, tol=1e-8).fit(features, truth, weight)
    np.testing.assert_allclose(ours.weights[:, 0], theirs.coef_[0], atol=2e-3)
    np.testing.assert_allclose(ours.bias[0], theirs.intercept_[0], atol=2e-3)


def test_a_row_that_counts_nothing_changes_nothing():
    features, truth = _problem()
    targets = truth[:, None].astype(np.float32)
    known = np.ones_like(targets)
    known[100:] = 0
    part = fit_logistic(features[:100], targets[:100], known[:100], 1.0)
    whole = fit_logistic(features, targets, known, 1.0)
    np.testing.assert_allclose(whole.weights, part.weights, atol=2e-3)


def test_words_weigh_the_same_once_only_terms_and_frequencies_are_kept():
    texts = ["hands are washed", "hands are counted", "hands are washed again", "disks are wiped"]
    lexicon = Lexicon.fit(texts)
    again = Lexicon(lexicon.terms, lexicon.idf)
    assert abs(lexicon(texts) - again(texts)).max() == 0
    assert again(["nothing known here"]).nnz == 0


def _unit(*angles):
    return np.array([[np.cos(angle), np.sin(angle)] for angle in angles], np.float32)


def test_near_neighbours_vote_and_strangers_abstain():
    targets = np.array([[1.0], [1.0], [0.0]], np.float32)
    memory = Neighbours.of(_unit(0.0, 0.1, 3.0), targets)
    near, far = memory(_unit(0.05, 1.5))[:, 0]
    assert near > 1.0
    assert far < 0.0


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 2**32 - 1))
def test_a_threshold_is_the_best_of_its_candidates(seed):
    random = np.random.default_rng(seed)
    gold = random.random((60, 1)) < 0.4
    gold[:8] = True
    chance = (0.6 * random.random((60, 1)) + 0.4 * gold * random.random((60, 1))).astype(np.float32)
    weight = np.ones(60, np.float32)
    [chosen] = best_thresholds(chance, gold.astype(np.float32), weight, 1)
    scores = [
        f1_score(gold, chance >= least, zero_division=0) for least in np.arange(0.15, 0.81, 0.01)
    ]
    assert f1_score(gold, chance >= chosen, zero_division=0) == pytest.approx(max(scores), abs=0.02)


def test_a_commitment_lies_between_its_own_head_and_its_facets():
    groups = ((0, 1), (0,), (1,), ())
    mix = Mix(np.zeros((len(PARTS), 4), np.float32), np.array([2.0, -2.0, -2.0, 1.0], np.float32))
    [row] = mix(np.zeros((len(PARTS), 1, 4), np.float32), groups)
    any_facet = 1 - (1 - row[1]) * (1 - row[2])
    assert any_facet < row[0] < 1 / (1 + np.exp(-2.0))
