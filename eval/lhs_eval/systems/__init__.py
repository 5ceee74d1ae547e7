"""Named systems that label passages, so that one table says what can be measured."""

from lhs_eval.systems.system import Progress, SystemRun
from lhs_eval.systems.table import SYSTEMS, run_system

__all__ = ["SYSTEMS", "Progress", "SystemRun", "run_system"]
