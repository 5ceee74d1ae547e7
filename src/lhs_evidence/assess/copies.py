"""Finds near-copies, so that the same paragraph in two documents counts once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lhs_evidence.assess.rules import COPY
from lhs_evidence.model import Passage


class Copies:
    """Knows which passages are near-copies of each other, by text and by vector."""

    def __init__(self, passages: Sequence[Passage], vectors: NDArray[np.float32]) -> None:
        seen: dict[str, int] = {}
        self._texts = np.array(
            [seen.setdefault(_normal(item.text), len(seen)) for item in passages], dtype=np.int64
        )
        self._vectors = vectors

    def distinct(self, rows: Sequence[int], most: int | None = None) -> list[int]:
        """Return the rows in the order given without near-copies of an earlier one.

        Args:
            rows: Rows of the passages, best first.
            most: The number of rows after which no more are looked for.
        """
        if not rows:
            return []
        at = np.asarray(rows, dtype=np.int64)
        texts, vectors = self._texts[at], self._vectors[at]
        alive = np.ones(len(at), dtype=bool)
        kept: list[int] = []
        for position in range(len(at)):
            if most is not None and len(kept) >= most:
                break
            if not alive[position]:
                continue
            kept.append(int(at[position]))
            alive &= texts != texts[position]
            alive &= vectors @ vectors[position] < COPY
        return kept


def _normal(text: str) -> str:
    return " ".join(text.casefold().split())
