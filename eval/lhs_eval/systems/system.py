"""What a system is given, and what it hands back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from lhs_evidence.classify.labelled import LabelledPassage
from lhs_evidence.framework import Framework
from lhs_evidence.model import Finding
from lhs_evidence.settings import Settings

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class SystemRun:
    """What a system says of a labelled set.

    `model` names the very model with its hash. `probabilistic` tells whether confidences claim to
    be probabilities, so that calibration means something. `findings` are by passage id. `seen`
    are ids of passages whose text the system was trained on.
    """

    system: str
    model: str
    probabilistic: bool
    findings: Mapping[str, Finding]
    seen: frozenset[str] = frozenset()


class System(Protocol):
    """Labels passages without looking at their labels."""

    def __call__(
        self,
        passages: Sequence[LabelledPassage],
        framework: Framework,
        settings: Settings,
        progress: Progress,
    ) -> SystemRun:
        """Return a finding for each passage; `progress` is told how many of how many are done."""
