"""Where the marks of the plots stand; the template draws them as SVG.

Lengths are in the units of the drawing's view box.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lhs_eval.metrics.calibration import ReliabilityBin
from lhs_eval.metrics.intervals import Estimate

TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True, slots=True)
class Axis:
    """Maps 0 … 1 to a stretch of the drawing; `start` may lie right of or below `end`."""

    start: float
    end: float

    def at(self, value: float) -> float:
        """Return the place of a value."""
        return round(self.start + value * (self.end - self.start), 1)

    @property
    def ticks(self) -> tuple[tuple[float, str], ...]:
        """Places and labels of the ticks."""
        return tuple((self.at(tick), f"{tick:g}") for tick in TICKS)


@dataclass(frozen=True, slots=True)
class Mark:
    """A point with its whisker along one axis; without an interval both ends lie on it."""

    at: float
    low: float
    high: float

    @classmethod
    def of(cls, estimate: Estimate, axis: Axis) -> Mark | None:
        """Return the mark of an estimate, or None where it is not defined."""
        if estimate.value is None:
            return None
        low = estimate.value if estimate.low is None else estimate.low
        high = estimate.value if estimate.high is None else estimate.high
        return cls(axis.at(estimate.value), axis.at(low), axis.at(high))


@dataclass(frozen=True, slots=True)
class ForestRow:
    """One label of the forest plot: the system's mark, and where the annotators agree."""

    name: str
    y: float
    score: Estimate
    mark: Mark | None
    annotators: float | None
    summary: bool


@dataclass(frozen=True, slots=True)
class Forest:
    """Scores with intervals, one below the other."""

    axis: Axis
    height: float
    rows: tuple[ForestRow, ...]

    ROW = 30.0
    TOP = 34.0
    WIDTH = 760.0

    @classmethod
    def of(cls, rows: Iterable[tuple[str, Estimate, Estimate | None, bool]]) -> Forest:
        """Place rows of name, score, annotators' agreement, and whether it is an average."""
        rows = list(rows)
        longest = max(len(name) for name, *_ in rows)
        axis = Axis(min(300.0, max(132.0, 7.5 * longest + 20)), 592.0)
        placed = tuple(
            ForestRow(
                name=name,
                y=cls.TOP + (number + 0.5) * cls.ROW,
                score=score,
                mark=Mark.of(score, axis),
                annotators=None if other is None or other.value is None else axis.at(other.value),
                summary=summary,
            )
            for number, (name, score, other, summary) in enumerate(rows)
        )
        return cls(axis, cls.TOP + len(placed) * cls.ROW + 8.0, placed)


@dataclass(frozen=True, slots=True)
class ReliabilityPoint:
    """One bin: how confident, how often right."""

    x: float
    mark: Mark
    bin: ReliabilityBin


@dataclass(frozen=True, slots=True)
class Reliability:
    """Observed share against mean confidence, bin by bin."""

    x: Axis
    y: Axis
    points: tuple[ReliabilityPoint, ...]

    SIZE = 340.0

    @classmethod
    def of(cls, bins: Sequence[ReliabilityBin]) -> Reliability:
        """Place the bins."""
        x, y = Axis(44.0, 328.0), Axis(292.0, 8.0)
        marks = [(own, Mark.of(own.observed, y)) for own in bins]
        points = [ReliabilityPoint(x.at(own.confidence), mark, own) for own, mark in marks if mark]
        return cls(x, y, tuple(points))
