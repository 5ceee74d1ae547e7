"""Training heads from labelled passages.

Everything that is chosen (calibration, thresholds) is chosen on predictions for organizations the
fitted heads had not seen, since that is what users' documents are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold
from threadpoolctl import threadpool_limits

from lhs_evidence.classify.decision import Decision
from lhs_evidence.classify.features import (
    FeatureSpace,
    context_text,
    encode_contexts,
    facet_vectors,
)
from lhs_evidence.classify.heads import SEEN_DIGITS, Heads, HeadsCard, labels_of
from lhs_evidence.classify.labelled import DIRECT, PARTIAL, LabelledPassage, data_hash
from lhs_evidence.encoders import Encoder
from lhs_evidence.errors import InputError
from lhs_evidence.framework import Framework
from lhs_evidence.ids import text_hash
from lhs_evidence.model import Finding, Level, Polarity

Matrix = NDArray[np.float32]
Flags = NDArray[np.bool_]
Weights = NDArray[np.float64]

# Inverse of the L2 penalty. Tried from 1/64 to 1/2 on organization-wise folds: flat around here.
_C = 1 / 8
# A passage weighs its organization's passages to the power of minus this. At 0 the few large
# organizations drown the many small ones, at 0.5 the other way round (macro average precision on
# held-out organizations, real and written: .416 and .615; .420 and .666; .412 and .688).
_BALANCE = 0.25
# What a partial label (strength 1) is worth as a target: fitted as this share of a positive. As
# plain negatives they teach the heads that near misses are as far off as boilerplate.
_PARTIAL_SHARE = 0.4
_FOLDS = 6
# With fewer positives than this a threshold of its own would be noise: the common one is taken.
_FEWEST_POSITIVES = 8
# Below this probability nothing is called positive, whatever F1 would gain: a claim that is more
# likely wrong than right by two to one costs a reviewer more than a missed passage.
_LEAST_THRESHOLD = 0.3
_REVIEW_BAND = (0.2, 0.7)


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """Heads, and what they scored on organizations left out of fitting.

    `held_out` is passages × labels: calibrated probabilities by heads that had not seen the
    passage's organization; `level_held_out` (passages × 4) and `counter_held_out` (passages)
    likewise.
    """

    heads: Heads
    held_out: Matrix
    level_held_out: Matrix
    counter_held_out: Matrix

    def findings(self, passages: Sequence[LabelledPassage], framework: Framework) -> list[Finding]:
        """Return the held-out findings on the passages trained on, in their order."""
        decision = Decision(self.heads.card, framework)
        rows = zip(passages, self.held_out, self.level_held_out, self.counter_held_out, strict=True)
        return [
            decision.finding(passage.id, scores, levels, float(counter))
            for passage, scores, levels, counter in rows
        ]


def train(
    passages: Sequence[LabelledPassage],
    framework: Framework,
    encoder: Encoder,
    progress: Callable[[int, int], None] | None = None,
) -> TrainingRun:
    """Fit heads for every commitment and facet, for level and for polarity.

    Raises:
        InputError: Fewer than two organizations, so nothing can be held out.
    """
    # The problems are small: on shared cores, threads of the linear algebra library wait for each
    # other longer than they work (measured: sixteen times slower on two busy cores).
    with threadpool_limits(limits=1):
        return _train(passages, framework, encoder, progress)


def _train(
    passages: Sequence[LabelledPassage],
    framework: Framework,
    encoder: Encoder,
    progress: Callable[[int, int], None] | None,
) -> TrainingRun:
    organizations = np.array([passage.organization or passage.title for passage in passages])
    folds = min(_FOLDS, len(set(organizations)))
    if folds < 2:
        raise InputError("training needs labelled passages of at least two organizations")
    texts = encoder.encode([passage.text for passage in passages])
    contexts = encode_contexts([context_text(p.title, (p.heading,)) for p in passages], encoder)
    counts = Counter(organizations.tolist())
    weight = np.array([counts[name] ** -_BALANCE for name in organizations.tolist()])
    weight /= weight.mean()
    space = FeatureSpace.fit(facet_vectors(framework, encoder), texts)
    features = space(texts, contexts)
    splits = list(GroupKFold(folds).split(features, groups=organizations))
    labels = labels_of(framework)
    strengths = np.array([[_strength(p, label) for label in labels] for p in passages])

    fitted = []
    for column in range(len(labels)):
        fitted.append(_fit_label(features, strengths[:, column], weight, splits))
        if progress:
            progress(column + 1, len(labels))
    gold = strengths == DIRECT
    held_out = np.column_stack([label.held_out for label in fitted]).astype(np.float32)
    level = _fit_level(features, passages, weight, splits)
    polarity = _fit_polarity(features, passages, weight, splits)
    card = HeadsCard(
        schema_version=1,
        framework=framework.id,
        encoder=encoder.name,
        encoder_weights=encoder.weights_sha256,
        labels=labels,
        thresholds=_thresholds(held_out, gold, weight),
        review=_REVIEW_BAND,
        seen=frozenset(text_hash(passage.text)[:SEEN_DIGITS] for passage in passages),
        training=_record(passages, framework, folds),
    )
    heads = Heads(
        card=card,
        space=space,
        weights=np.column_stack([label.weights for label in fitted]).astype(np.float32),
        bias=np.array([label.bias for label in fitted], np.float32),
        calibration=np.array([label.calibration for label in fitted], np.float32).T.copy(),
        level=level.weights,
        level_bias=level.bias,
        polarity=polarity.weights,
        polarity_bias=polarity.bias,
    )
    return TrainingRun(heads, held_out, level.held_out, polarity.held_out)


Splits = Sequence[tuple[NDArray[np.int64], NDArray[np.int64]]]


@dataclass(frozen=True, slots=True)
class _FittedLabel:
    weights: Matrix
    bias: float
    calibration: tuple[float, float]
    held_out: Matrix


@dataclass(frozen=True, slots=True)
class _FittedHead:
    weights: Matrix
    bias: Matrix
    held_out: Matrix


def _strength(passage: LabelledPassage, label: str) -> int:
    commitment, _, facet = label.partition(".")
    return passage.strength(commitment, facet or None)


def _fit_label(
    features: Matrix, strength: NDArray[np.int64], weight: Weights, splits: Splits
) -> _FittedLabel:
    gold = strength == DIRECT
    logits = np.zeros(len(strength))
    for fit, rest in splits:
        weights, bias = _logistic(features[fit], strength[fit], weight[fit])
        logits[rest] = features[rest] @ weights + bias
    slope, offset = _platt(logits, gold, weight)
    weights, bias = _logistic(features, strength, weight)
    held_out = 1.0 / (1.0 + np.exp(-np.clip(logits * slope + offset, -30, 30)))
    return _FittedLabel(weights, bias, (slope, offset), held_out.astype(np.float32))


def _logistic(
    features: Matrix, strength: NDArray[np.int64], weight: Weights
) -> tuple[Matrix, float]:
    partial = strength == PARTIAL
    target = np.concatenate([strength == DIRECT, np.ones(partial.sum(), bool)])
    if not target.any() or target.all():
        # Nothing to tell apart: a head that says the one thing seen, whatever the passage.
        return np.zeros(features.shape[1], np.float32), 6.0 if target.any() else -6.0
    share = np.where(partial, 1.0 - _PARTIAL_SHARE, 1.0)
    shared = np.concatenate([share * weight, _PARTIAL_SHARE * weight[partial]])
    rows = np.vstack([features, features[partial]])
    model = LogisticRegression(C=_C, max_iter=500).fit(rows, target, shared)
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])


def _platt(logits: NDArray[np.float64], gold: Flags, weight: Weights) -> tuple[float, float]:
    if gold.sum() < 2 or (~gold).sum() < 2:
        return 1.0, 0.0
    # Platt's own smoothing of the targets is left out: a weak penalty does the same work.
    model = LogisticRegression(C=1.0, max_iter=500).fit(logits[:, None], gold, weight)
    return max(float(model.coef_[0, 0]), 0.05), float(model.intercept_[0])


def _thresholds(probabilities: Matrix, gold: Flags, weight: Weights) -> tuple[float, ...]:
    labels = gold.shape[1]
    common = _best_threshold(probabilities.ravel(), gold.ravel(), np.repeat(weight, labels))
    best = [
        _best_threshold(probabilities[:, column], gold[:, column], weight)
        if gold[:, column].sum() >= _FEWEST_POSITIVES
        else common
        for column in range(labels)
    ]
    return tuple(round(threshold, 4) for threshold in best)


def _best_threshold(probabilities: Matrix, gold: Flags, weight: Weights) -> float:
    candidates = np.arange(_LEAST_THRESHOLD, 0.81, 0.02)
    scores = [
        f1_score(gold, probabilities >= least, sample_weight=weight, zero_division=0)
        for least in candidates
    ]
    return float(candidates[int(np.argmax(scores))])


def _fit_level(
    features: Matrix, passages: Sequence[LabelledPassage], weight: Weights, splits: Splits
) -> _FittedHead:
    order = {level: at for at, level in enumerate(Level)}
    target = np.array([order[p.level] if p.level else -1 for p in passages])
    held_out = np.zeros((len(passages), len(Level)), np.float32)
    for fit, rest in splits:
        weights, bias = _softmax_regression(features[fit], target[fit], weight[fit])
        logits = features[rest] @ weights + bias
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        held_out[rest] = odds / odds.sum(axis=1, keepdims=True)
    weights, bias = _softmax_regression(features, target, weight)
    return _FittedHead(weights, bias, held_out)


def _softmax_regression(
    features: Matrix, target: NDArray[np.int64], weight: Weights
) -> tuple[Matrix, Matrix]:
    known = target >= 0
    if len(set(target[known])) < 2:
        raise InputError("training needs labelled passages of at least two levels")
    model = LogisticRegression(C=_C, max_iter=500).fit(
        features[known], target[known], weight[known]
    )
    weights = np.zeros((features.shape[1], len(Level)), np.float32)
    bias = np.full(len(Level), -6.0, np.float32)
    weights[:, model.classes_] = model.coef_.T
    bias[model.classes_] = model.intercept_
    return weights, bias


def _fit_polarity(
    features: Matrix, passages: Sequence[LabelledPassage], weight: Weights, splits: Splits
) -> _FittedHead:
    known = np.array([passage.polarity is not None for passage in passages])
    counter = np.array([passage.polarity is Polarity.COUNTER for passage in passages])
    held_out = np.zeros(len(passages), np.float32)
    for fit, rest in splits:
        rows = fit[known[fit]]
        weights, bias = _counter_regression(features[rows], counter[rows], weight[rows])
        logits = np.clip(features[rest] @ weights[:, 0] + bias[0], -30, 30)
        held_out[rest] = 1.0 / (1.0 + np.exp(-logits))
    final = _counter_regression(features[known], counter[known], weight[known])
    return _FittedHead(*final, held_out)


def _counter_regression(features: Matrix, counter: Flags, weight: Weights) -> tuple[Matrix, Matrix]:
    if not counter.any() or counter.all():
        only = 6.0 if counter.any() else -6.0
        return np.zeros((features.shape[1], 1), np.float32), np.full(1, only, np.float32)
    model = LogisticRegression(C=_C, max_iter=500).fit(features, counter, weight)
    return model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32)


def _record(
    passages: Sequence[LabelledPassage], framework: Framework, folds: int
) -> dict[str, object]:
    return {
        "passages": len(passages),
        "organizations": len({passage.organization for passage in passages}),
        "data": data_hash(passages),
        "framework_version": framework.version,
        "folds": folds,
        "scikit-learn": version("scikit-learn"),
        "numpy": version("numpy"),
    }
