"""Bootstrap intervals that respect where passages come from.

Passages of one organization resemble each other, so passages drawn one by one would make every
figure look surer than it is. Whole organizations are drawn instead, or whole documents where
organizations are too few. Most figures here are ratios of sums over passages; a draw then costs
one row of a matrix product, not another look at the passages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lhs_evidence.classify.labelled import LabelledPassage

FEWEST_CLUSTERS = 5
CONFIDENCE = 0.95
DRAWS_AT_A_TIME = 64

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its 95% percentile interval; None where it is not defined."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Clusters:
    """What is drawn as one: `of[i]` is the cluster (0 … count - 1) of passage i."""

    by: str
    of: NDArray[np.intp]
    count: int


def clusters_of(passages: Sequence[LabelledPassage]) -> Clusters:
    """Return organizations if five or more are named, else documents by title, else passages."""
    organizations = [passage.organization for passage in passages]
    documents = [(passage.organization, passage.title) for passage in passages]
    if all(organizations) and len(set(organizations)) >= FEWEST_CLUSTERS:
        return _numbered("organization", organizations)
    if all(title for _, title in documents) and len(set(documents)) >= FEWEST_CLUSTERS:
        return _numbered("document", documents)
    return Clusters("passage", np.arange(len(passages)), len(passages))


def _numbered(by: str, keys: Sequence[object]) -> Clusters:
    numbers: dict[object, int] = {}
    of = np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.intp)
    return Clusters(by, of, len(numbers))


class Resampler:
    """Draws clusters with replacement, the same draws for every figure.

    Args:
        clusters: What is drawn as one.
        draws: Number of draws; 0 gives figures without intervals.
        seed: The same seed gives the same draws on every machine.
    """

    def __init__(self, clusters: Clusters, *, draws: int, seed: int) -> None:
        self.clusters = clusters
        self.draws = draws
        generator = np.random.default_rng(seed)
        times = np.zeros((draws, clusters.count), dtype=np.uint16)
        for row in times:
            drawn = generator.integers(clusters.count, size=clusters.count)
            row[:] = np.bincount(drawn, minlength=clusters.count)
        self._times = times

    def totals(self, contributions: NDArray[np.generic]) -> Floats:
        """Return column sums, first over all passages, then for every draw.

        Args:
            contributions: passages by columns; what each passage adds to each sum.

        Returns:
            (1 + draws) by columns.
        """
        if contributions.shape[1] == 0:
            return np.zeros((1 + self.draws, 0))
        count = self.clusters.count
        by_cluster = np.stack(
            [
                np.bincount(self.clusters.of, weights=column, minlength=count)
                for column in contributions.T
            ],
            axis=1,
        )
        drawn = [
            self._times[start : start + DRAWS_AT_A_TIME].astype(np.float64) @ by_cluster
            for start in range(0, self.draws, DRAWS_AT_A_TIME)
        ]
        return np.vstack([by_cluster.sum(axis=0), *drawn])

    def weights(self, rows: NDArray[np.intp], start: int, stop: int) -> Floats:
        """Return how often each of these passages stands in draws `start` … `stop` - 1."""
        return self._times[start:stop, self.clusters.of[rows]].astype(np.float64)


def estimate(values: Floats) -> Estimate:
    """Return a figure from its value on all passages (first) and on every draw (the rest).

    Draws on which the figure is not defined (NaN) are left out; if they are more than half,
    there is no interval.
    """
    if np.isnan(values[0]):
        return Estimate(None)
    drawn = values[1:][~np.isnan(values[1:])]
    if drawn.size == 0 or 2 * drawn.size < values.size - 1:
        return Estimate(float(values[0]))
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(drawn, (tail, 1 - tail))
    return Estimate(float(values[0]), float(low), float(high))


def ratio(numerator: Floats, denominator: Floats) -> Floats:
    """Divide; NaN where the denominator is 0."""
    quotient = np.full(np.broadcast_shapes(numerator.shape, denominator.shape), np.nan)
    np.divide(numerator, denominator, out=quotient, where=denominator != 0)
    return quotient


def mean_of_defined(values: Floats) -> Floats:
    """Return the mean over columns of what is not NaN; NaN where nothing is."""
    defined = ~np.isnan(values)
    return ratio(np.where(defined, values, 0.0).sum(axis=1), defined.sum(axis=1).astype(float))
