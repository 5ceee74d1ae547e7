"""What every sentence encoder offers, whatever runs it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray


@runtime_checkable
class Encoder(Protocol):
    """Turns texts into unit vectors; the same text gets the same vector in any company.

    Implementations may be called from several threads at once.
    """

    @property
    def name(self) -> str:
        """Name for people: the model, and what runs it."""

    @property
    def fingerprint(self) -> str:
        """64 hexadecimal digits over everything that changes vectors."""

    @property
    def weights_sha256(self) -> str:
        """SHA-256 of the model's weights; trained heads are bound to it."""

    @property
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    def window(self) -> int:
        """Most tokens of a text that are read, special ones included; the rest is ignored."""

    def count_tokens(self, text: str) -> int:
        """Return how many tokens a text has, special ones included, not cut at the window."""

    def encode(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """Return one vector for each text.

        Args:
            texts: Any texts; an empty one has a vector too.
            progress: Told, in the caller's thread, how many texts are done so far.

        Returns:
            float32, len(texts) by `dimension`, every row of length 1.
        """
