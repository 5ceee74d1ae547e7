"""What an assessment is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from lhs_evidence.errors import InputError
from lhs_evidence.framework import Framework
from lhs_evidence.model import Document, Finding, Passage


@dataclass(frozen=True, slots=True)
class AssessmentRequest:
    """Everything an assessment rests on; the same request gives the same assessment.

    Row i of `vectors` (unit rows) belongs to `passages[i]`; `findings` are keyed by passage id;
    `kind` is a kind of organization of the framework. `encoder` and `classifier` name what
    produced vectors and findings. `created` is the time of the assessment and stands for today
    wherever a date is judged.

    Raises:
        InputError: The number of vectors is not the number of passages, or `created` names no
            time zone.
    """

    framework: Framework
    organization: str
    kind: str
    documents: Sequence[Document]
    passages: Sequence[Passage]
    vectors: NDArray[np.float32]
    findings: Mapping[str, Finding]
    encoder: str
    classifier: str
    created: datetime

    def __post_init__(self) -> None:
        if len(self.vectors) != len(self.passages):
            raise InputError(
                f"an assessment needs one vector for each passage: got {len(self.vectors)} "
                f"vectors for {len(self.passages)} passages"
            )
        if self.created.tzinfo is None:
            raise InputError("the time of an assessment needs a time zone")
