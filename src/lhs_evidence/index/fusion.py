"""One ranking out of several."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from math import fsum
from typing import TypeVar

Item = TypeVar("Item", bound=Hashable)

# From Cormack, Clarke and Buettcher (SIGIR 2009): large enough that no single first place decides.
_K = 60


def reciprocal_rank_fusion(
    rankings: Iterable[Sequence[Item]], k: int = _K
) -> list[tuple[Item, float]]:
    """Merge rankings by the sum of 1 / (k + rank), rank counted from 1.

    Only ranks count, so that scores of different kinds need not be compared. An item that a
    ranking lacks gets nothing from it; one that stands in it twice counts where it stands first.

    Returns:
        Every item once with its score, best first; equal scores keep the order in which the items
        were first met.
    """
    parts: dict[Item, list[float]] = {}
    for ranking in rankings:
        for rank, item in enumerate(dict.fromkeys(ranking), start=1):
            parts.setdefault(item, []).append(1.0 / (k + rank))
    # fsum, because a plain sum would depend on the order of the rankings.
    scores = [(item, fsum(part)) for item, part in parts.items()]
    return sorted(scores, key=lambda scored: -scored[1])
