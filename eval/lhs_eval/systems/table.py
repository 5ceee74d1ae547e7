"""The systems by name.

Each is loaded only when it is asked for: measuring a file of predictions needs no encoder.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module

from lhs_eval.systems.system import Progress, System, SystemRun
from lhs_evidence.classify.labelled import LabelledPassage
from lhs_evidence.errors import InputError
from lhs_evidence.framework import Framework
from lhs_evidence.settings import Settings

SYSTEMS: Mapping[str, str] = {
    "shipped": "lhs_eval.systems.library:shipped",
    "zero-shot": "lhs_eval.systems.library:zero_shot",
}


def run_system(
    name: str,
    passages: Sequence[LabelledPassage],
    framework: Framework,
    settings: Settings,
    progress: Progress,
) -> SystemRun:
    """Let the named system label the passages.

    Raises:
        InputError: There is no such system.
        ModelError: The system's weights are missing or do not fit.
    """
    if name not in SYSTEMS:
        raise InputError(f"no system {name!r} (known: {', '.join(SYSTEMS)})")
    module, function = SYSTEMS[name].split(":")
    system: System = getattr(import_module(module), function)
    return system(passages, framework, settings, progress)
