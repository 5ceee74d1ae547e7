"""Vectors as rows, keyed by encoder and by the hash of the text they stand for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import islice

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from lhs_evidence.store.codec import vector_from_bytes, vector_to_bytes
from lhs_evidence.store.tables import VectorRow

# Databases bound the number of values in one statement.
BATCH = 1_000


def batches(keys: Collection[str]) -> Iterator[list[str]]:
    """Yield the keys in lists short enough for one statement."""
    remaining = iter(keys)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def get_vectors(
    session: Session, encoder: str, hashes: Collection[str]
) -> dict[str, NDArray[np.float32]]:
    """Return the vectors known under an encoder, by text hash; unknown hashes are left out."""
    found: dict[str, NDArray[np.float32]] = {}
    for batch in batches(hashes):
        query = select(VectorRow.text_hash, VectorRow.data).where(
            VectorRow.encoder == encoder, VectorRow.text_hash.in_(batch)
        )
        for text_hash, data in session.execute(query):
            found[text_hash] = vector_from_bytes(data)
    return found


def put_vectors(session: Session, encoder: str, vectors: Mapping[str, NDArray[np.float32]]) -> None:
    """Keep vectors under an encoder; one that is known already is left as it is."""
    for batch in batches(vectors):
        query = select(VectorRow.text_hash).where(
            VectorRow.encoder == encoder, VectorRow.text_hash.in_(batch)
        )
        known = set(session.scalars(query))
        values = [
            {"encoder": encoder, "text_hash": key, "data": vector_to_bytes(vectors[key])}
            for key in batch
            if key not in known
        ]
        if values:
            session.execute(insert(VectorRow), values)
