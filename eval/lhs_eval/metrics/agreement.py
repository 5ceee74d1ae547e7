"""How far two annotators agree: the figure that every score is read against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from lhs_eval.metrics.intervals import (
    Bools,
    Estimate,
    Floats,
    Resampler,
    clusters_of,
    estimate,
    mean_of_defined,
    ratio,
)
from lhs_evidence.classify.labelled import DIRECT, Judgement, LabelledPassage


@dataclass(frozen=True, slots=True)
class LabelAgreement:
    """Agreement on one commitment; F1 takes one annotator's labels as gold for the other's."""

    label: str
    positives: tuple[int, int]
    f1: Estimate
    kappa: Estimate


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of two annotators on the passages that both labelled, at strength 2.

    Macro figures are over the commitments that at least one of them gave.
    """

    annotators: tuple[str, str]
    passages: int
    labels: tuple[LabelAgreement, ...]
    macro_f1: Estimate
    micro_f1: Estimate
    macro_kappa: Estimate


def agreement(
    passages: Sequence[LabelledPassage], commitments: Sequence[str], *, draws: int, seed: int
) -> Agreement | None:
    """Compare the two annotators who share most passages; None where no two share one."""
    pair = _pair(passages)
    if pair is None:
        return None
    shared = [passage for passage in passages if all(name in passage.annotators for name in pair)]
    first, second = (
        _direct([passage.annotators[name] for passage in shared], commitments) for name in pair
    )
    resampler = Resampler(clusters_of(shared), draws=draws, seed=seed)
    both = resampler.totals(first & second)
    ones, others = resampler.totals(first), resampler.totals(second)
    f1 = ratio(2 * both, ones + others)
    total = resampler.totals(np.ones((len(shared), 1)))
    kappa = _kappa(both, ones, others, total)
    return Agreement(
        annotators=pair,
        passages=len(shared),
        labels=tuple(
            LabelAgreement(
                label=name,
                positives=(int(ones[0, column]), int(others[0, column])),
                f1=estimate(f1[:, column]),
                kappa=estimate(kappa[:, column]),
            )
            for column, name in enumerate(commitments)
        ),
        macro_f1=estimate(mean_of_defined(f1)),
        micro_f1=estimate(ratio(2 * both.sum(axis=1), (ones + others).sum(axis=1))),
        macro_kappa=estimate(mean_of_defined(kappa)),
    )


def _pair(passages: Sequence[LabelledPassage]) -> tuple[str, str] | None:
    pairs = Counter(
        pair for passage in passages for pair in combinations(sorted(passage.annotators), 2)
    )
    return min(pairs, key=lambda pair: (-pairs[pair], pair)) if pairs else None


def _direct(judgements: Sequence[Judgement], commitments: Sequence[str]) -> Bools:
    return np.array(
        [[own.strength(name) == DIRECT for name in commitments] for own in judgements],
        dtype=np.bool_,
    )


def _kappa(both: Floats, ones: Floats, others: Floats, total: Floats) -> Floats:
    """Return Cohen's kappa of two yes-or-no answers; NaN where both always say the same."""
    agreed = 1 - ratio(ones + others - 2 * both, total)
    chance = ratio(ones * others + (total - ones) * (total - others), total * total)
    return ratio(agreed - chance, 1 - chance)
