"""What an evaluation says, as typed records and as JSON that is the same every time."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from lhs_eval.metrics.agreement import Agreement
from lhs_eval.metrics.calibration import Calibration
from lhs_eval.metrics.classification import ClassificationScores, Reading

SCHEMA = "1"
# Sums of floats differ in their last digits between machines; six digits are past any use.
DIGITS = 6

ByReading = Mapping[Reading, ClassificationScores]


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores on one set of passages.

    `clustered_by` and `clusters` say what the bootstrap drew. `double_labelled` holds the system's
    scores on just the passages that two annotators labelled, to be read beside `agreement`, which
    is always on all passages of the labelled set that two annotators share.
    `facets`, `level` and `polarity` are None where the system says nothing of them, `calibration`
    where its confidences are no probabilities.
    """

    passages: int
    clustered_by: str
    clusters: int
    commitments: ByReading
    facets: ByReading | None
    level: ClassificationScores | None
    polarity: ClassificationScores | None
    calibration: Calibration | None
    agreement: Agreement | None
    double_labelled: ClassificationScores | None


@dataclass(frozen=True, slots=True)
class EvaluationResult:
    """One system on one labelled set.

    `scores` is on all passages, `unseen` on those whose text the system was not trained on; it is
    None where that is all or none of them. `seen` counts the others.
    """

    system: str
    model: str
    data_hash: str
    framework: str
    framework_version: str
    draws: int
    seed: int
    versions: Mapping[str, str]
    seen: int
    scores: Scores
    unseen: Scores | None

    @property
    def headline(self) -> Scores:
        """The scores to quote: without passages seen in training, where there are others."""
        return self.unseen or self.scores

    def as_json(self) -> dict[str, Any]:
        """Return plain JSON, without anything that changes between two equal runs."""
        return {"schema": SCHEMA, **_plain(self)}


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, float):
        return round(value, DIGITS) if math.isfinite(value) else None
    return value
