"""The one index that belongs to a set of passages, among those left by earlier sets."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lhs_evidence.errors import IndexFaultError
from lhs_evidence.index.manifest import index_fingerprint
from lhs_evidence.index.passage_index import PassageIndex
from lhs_evidence.model import Passage


def current_index(
    directory: Path,
    passages: Sequence[Passage],
    vectors: Callable[[], NDArray[np.float32]],
    encoder_fingerprint: str,
) -> PassageIndex | None:
    """Open the index of these passages, building it where it is missing or wrong.

    Args:
        directory: Folder of all indexes, each in a folder named by its fingerprint; those of other
            passages are removed when one is built.
        passages: Passages with different ids; of none there is no index.
        vectors: Asked for only where an index is built: a search need not fetch what it holds.
        encoder_fingerprint: Fingerprint of the encoder that makes the vectors.
    """
    if not passages:
        return None
    fingerprint = index_fingerprint(encoder_fingerprint, [passage.id for passage in passages])
    try:
        return PassageIndex.open(directory / fingerprint, expected=fingerprint)
    except IndexFaultError:
        place = directory / fingerprint
        index = PassageIndex.build(place, passages, vectors(), encoder_fingerprint)
    for stale in directory.iterdir():
        # Names that begin with a dot are halves of another process's work.
        if stale.name != fingerprint and not stale.name.startswith("."):
            shutil.rmtree(stale, ignore_errors=True)
    return index
