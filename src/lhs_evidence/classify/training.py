"""Training heads from labelled passages.

Everything that is chosen (how much each part counts, calibration, thresholds) is chosen on
predictions for organizations the fitted parts had not seen, since that is what users' documents
are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold
from threadpoolctl import threadpool_limits

from lhs_evidence.classify.columns import Targets, facet_groups, labels_of, targets_of
from lhs_evidence.classify.decision import Decision
from lhs_evidence.classify.features import context_text, encode_contexts, facet_vectors
from lhs_evidence.classify.heads import SCHEMA, SEEN_DIGITS, Heads, HeadsCard, levels_from
from lhs_evidence.classify.labelled import LabelledPassage, data_hash
from lhs_evidence.classify.mix import Mix
from lhs_evidence.classify.parts import PARTS, Examples, Parts
from lhs_evidence.classify.thresholds import best_thresholds
from lhs_evidence.encoders import Encoder
from lhs_evidence.errors import InputError
from lhs_evidence.framework import Framework
from lhs_evidence.ids import text_hash
from lhs_evidence.model import Finding, Level

Matrix = NDArray[np.float32]
Rows = NDArray[np.intp]
Progress = Callable[[int, int], None]

# A passage weighs its organization's passages to the power of minus this. At 0 the few large
# organizations drown the many small ones, at 0.5 the other way round (macro average precision on
# held-out organizations, real and written: .416 and .615; .420 and .666; .412 and .688; measured
# on the vectors alone).
_BALANCE = 0.25
_FOLDS = 6
_REVIEW_BAND = (0.2, 0.7)


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """Heads, and what they scored on organizations left out of all that was fitted or chosen.

    `held_out` is passages × columns: calibrated probabilities; `thresholds` holds, for each
    passage, those chosen without its organization.
    """

    heads: Heads
    held_out: Matrix
    thresholds: Matrix

    def findings(self, passages: Sequence[LabelledPassage], framework: Framework) -> list[Finding]:
        """Return the held-out findings on the passages trained on, in their order."""
        card = self.heads.card
        chosen = {row.tobytes(): tuple(row.tolist()) for row in self.thresholds}
        decisions = {
            key: Decision(card.model_copy(update={"thresholds": thresholds}), framework)
            for key, thresholds in chosen.items()
        }
        labels = len(card.labels)
        levels = levels_from(self.held_out[:, labels:-1])
        return [
            decisions[self.thresholds[row].tobytes()].finding(
                passage.id, self.held_out[row, :labels], levels[row], float(self.held_out[row, -1])
            )
            for row, passage in enumerate(passages)
        ]


def train(
    passages: Sequence[LabelledPassage],
    framework: Framework,
    encoder: Encoder,
    progress: Progress | None = None,
) -> TrainingRun:
    """Fit heads for every commitment and facet, for level and for polarity.

    Raises:
        InputError: Fewer than two organizations, so nothing can be held out, or one level only.
    """
    # The problems are small: on shared cores, threads of the linear algebra library wait for each
    # other longer than they work (measured: sixteen times slower on two busy cores).
    with threadpool_limits(limits=1):
        return _Training(passages, framework, encoder).run(progress)


class _Training:
    """One training run: what it learns from, and what it makes of it."""

    def __init__(
        self, passages: Sequence[LabelledPassage], framework: Framework, encoder: Encoder
    ) -> None:
        names = [passage.organization or passage.title for passage in passages]
        self._folds = min(_FOLDS, len(set(names)))
        if self._folds < 2:
            raise InputError("training needs labelled passages of at least two organizations")
        if len({passage.level for passage in passages} - {None}) < 2:
            raise InputError("training needs labelled passages of at least two levels")
        counts = Counter(names)
        weight = np.array([counts[name] ** -_BALANCE for name in names], np.float32)
        self._weight = weight / weight.mean()
        self._passages, self._framework, self._encoder = passages, framework, encoder
        self._examples = Examples(
            [passage.text for passage in passages],
            encoder.encode([passage.text for passage in passages]),
            encode_contexts([context_text(p.title, (p.heading,)) for p in passages], encoder),
        )
        self._targets = targets_of(passages, framework)
        self._facets = facet_vectors(framework, encoder)
        self._groups = facet_groups(framework)
        folds = GroupKFold(self._folds).split(names, groups=names)
        self._fold = np.zeros(len(names), np.intp)
        for number, (_, rest) in enumerate(folds):
            self._fold[rest] = number

    def run(self, progress: Progress | None) -> TrainingRun:
        """Fit parts without each fold in turn, then on everything; mix and choose."""
        everything = np.arange(len(self._passages))
        columns = self._targets.gold.shape[1]
        logits = np.zeros((len(PARTS), len(everything), columns), np.float32)
        for fold in range(self._folds):
            fitted = self._fit(everything[self._fold != fold])
            rest = everything[self._fold == fold]
            logits[:, rest] = fitted.logits(self._examples.rows(rest))
            if progress:
                progress(fold + 1, self._folds + 1)
        parts = self._fit(everything)
        if progress:
            progress(self._folds + 1, self._folds + 1)
        held_out = self._held_out(logits)
        return TrainingRun(
            heads=Heads(self._card(held_out, everything), parts, self._mix(logits, everything)),
            held_out=held_out,
            thresholds=self._held_out_thresholds(held_out),
        )

    def _fit(self, rows: Rows) -> Parts:
        targets = self._chosen(rows)
        return Parts.fit(
            self._examples.rows(rows),
            targets.soft,
            targets.known * self._weight[rows, None],
            self._facets,
            self._groups,
        )

    def _mix(self, logits: Matrix, rows: Rows) -> Mix:
        targets = self._chosen(rows)
        return Mix.fit(logits[:, rows], targets.gold, targets.known * self._weight[rows, None])

    def _held_out(self, logits: Matrix) -> Matrix:
        """Return probabilities by mixes that were fitted without the passage's fold."""
        probabilities = np.zeros(logits.shape[1:], np.float32)
        for fold in range(self._folds):
            rest = np.flatnonzero(self._fold == fold)
            mix = self._mix(logits, np.flatnonzero(self._fold != fold))
            probabilities[rest] = mix(logits[:, rest], self._groups)
        return probabilities

    def _held_out_thresholds(self, held_out: Matrix) -> Matrix:
        chosen = [
            self._thresholds(held_out, np.flatnonzero(self._fold != fold))
            for fold in range(self._folds)
        ]
        return np.array(chosen, np.float32)[self._fold]

    def _thresholds(self, held_out: Matrix, rows: Rows) -> tuple[float, ...]:
        labels = len(labels_of(self._framework))
        gold = self._targets.gold[rows, :labels]
        commitments = len(self._framework.commitment_ids)
        return best_thresholds(held_out[rows, :labels], gold, self._weight[rows], commitments)

    def _chosen(self, rows: Rows) -> Targets:
        targets = self._targets
        return replace(
            targets, soft=targets.soft[rows], gold=targets.gold[rows], known=targets.known[rows]
        )

    def _card(self, held_out: Matrix, everything: Rows) -> HeadsCard:
        passages = self._passages
        return HeadsCard(
            schema_version=SCHEMA,
            framework=self._framework.id,
            encoder=self._encoder.name,
            encoder_weights=self._encoder.weights_sha256,
            labels=labels_of(self._framework),
            groups=self._groups,
            thresholds=self._thresholds(held_out, everything),
            review=_REVIEW_BAND,
            seen=frozenset(text_hash(passage.text)[:SEEN_DIGITS] for passage in passages),
            training={
                "passages": len(passages),
                "organizations": len({passage.organization for passage in passages}),
                "data": data_hash(passages),
                "framework_version": self._framework.version,
                "levels": [level.value for level in Level],
                "folds": self._folds,
                "scikit-learn": version("scikit-learn"),
                "scipy": version("scipy"),
                "numpy": version("numpy"),
            },
        )
