"""Whether a confidence of 0.8 is right eight times in ten."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lhs_eval.metrics.intervals import (
    Bools,
    Clusters,
    Estimate,
    Floats,
    Resampler,
    estimate,
    mean_of_defined,
    ratio,
)

BINS = 10


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """One bin of confidences: how many, their mean, and how often they were right."""

    count: int
    confidence: float
    observed: Estimate


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far confidences can be taken at their word.

    Pooled figures run over all passage and label pairs, most of which are easy negatives; those
    of the top label (the most confident one of each passage) and the macro figures are harder.
    ECE is the expected calibration error over ten bins, of equal mass or equal width. Its
    percentile interval leans upwards, since resampling adds noise to every bin.
    """

    ece_equal_mass: Estimate
    ece_equal_width: Estimate
    top_label_ece: Estimate
    top_label_accuracy: Estimate
    top_label_confidence: float
    macro_ece: Estimate
    macro_brier: Estimate
    brier: Estimate
    log_loss: Estimate
    bins: tuple[ReliabilityBin, ...]
    top_label_bins: tuple[ReliabilityBin, ...]


def calibration(
    gold: Bools, confidence: Floats, clusters: Clusters, *, draws: int, seed: int
) -> Calibration:
    """Compare confidences with gold, both passages by labels."""
    resampler = Resampler(clusters, draws=draws, seed=seed)
    pooled = _Binned.of(gold, confidence, resampler, _equal_width(confidence))
    mass = _Binned.of(gold, confidence, resampler, _equal_mass(confidence))
    top = confidence.argmax(axis=1)[:, None]
    top_gold = np.take_along_axis(gold, top, axis=1)
    top_confidence = np.take_along_axis(confidence, top, axis=1)
    of_top = _Binned.of(top_gold, top_confidence, resampler, _equal_mass(top_confidence))
    per_label = np.stack([_label_ece(gold, confidence, n, resampler) for n in _columns(gold)], 1)
    brier = resampler.totals((confidence - gold) ** 2)
    passages = pooled.count.sum(axis=1) / gold.shape[1]
    return Calibration(
        ece_equal_mass=estimate(mass.error()),
        ece_equal_width=estimate(pooled.error()),
        top_label_ece=estimate(of_top.error()),
        top_label_accuracy=estimate(ratio(of_top.gold.sum(axis=1), of_top.count.sum(axis=1))),
        top_label_confidence=float(top_confidence.mean()),
        macro_ece=estimate(mean_of_defined(per_label)),
        macro_brier=estimate(ratio(brier, passages[:, None]).mean(axis=1)),
        brier=estimate(ratio(brier.sum(axis=1), pooled.count.sum(axis=1))),
        log_loss=estimate(_log_loss(gold, confidence, resampler)),
        bins=pooled.bins(),
        top_label_bins=of_top.bins(),
    )


def _columns(values: Bools) -> range:
    return range(values.shape[1])


def _label_ece(gold: Bools, confidence: Floats, label: int, resampler: Resampler) -> Floats:
    own = confidence[:, label : label + 1]
    return _Binned.of(gold[:, label : label + 1], own, resampler, _equal_mass(own)).error()


def _log_loss(gold: Bools, confidence: Floats, resampler: Resampler) -> Floats:
    smallest = np.finfo(np.float64).eps
    likelihood = np.clip(np.where(gold, confidence, 1 - confidence), smallest, 1.0)
    losses = resampler.totals(-np.log(likelihood).mean(axis=1, keepdims=True))
    return ratio(losses, resampler.totals(np.ones((len(gold), 1))))[:, 0]


def _equal_width(confidence: Floats) -> NDArray[np.intp]:
    return np.minimum((confidence * BINS).astype(np.intp), BINS - 1)


def _equal_mass(confidence: Floats) -> NDArray[np.intp]:
    # Edges are quantiles, so that equal confidences share a bin; some bins may then stay empty.
    edges = np.quantile(confidence, np.linspace(0, 1, BINS + 1)[1:-1])
    return np.searchsorted(edges, confidence, side="right")


@dataclass(frozen=True, slots=True)
class _Binned:
    """Sums per bin, (1 + draws) by bins: pairs, their confidences, their gold positives."""

    count: Floats
    confidence: Floats
    gold: Floats

    @classmethod
    def of(
        cls, gold: Bools, confidence: Floats, resampler: Resampler, bins: NDArray[np.intp]
    ) -> _Binned:
        sums = np.zeros((3, len(gold), BINS))
        rows = np.broadcast_to(np.arange(len(gold))[:, None], bins.shape)
        for sum_, values in zip(sums, (np.ones(gold.shape), confidence, gold), strict=True):
            np.add.at(sum_, (rows, bins), values)
        return cls(*(resampler.totals(sum_) for sum_ in sums))

    def error(self) -> Floats:
        """Return the expected calibration error."""
        return ratio(np.abs(self.confidence - self.gold).sum(axis=1), self.count.sum(axis=1))

    def bins(self) -> tuple[ReliabilityBin, ...]:
        """Return the bins that hold anything, least confident first."""
        observed = ratio(self.gold, self.count)
        return tuple(
            ReliabilityBin(
                count=int(self.count[0, number]),
                confidence=float(self.confidence[0, number] / self.count[0, number]),
                observed=estimate(observed[:, number]),
            )
            for number in np.flatnonzero(self.count[0])
        )
