"""Exact search by meaning: the inner product of unit vectors, with FAISS."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from lhs_evidence.errors import IndexFaultError


class DenseIndex:
    """Vectors in rows, compared one by one: no training, nothing missed.

    Searches may run side by side; a written index is never changed.
    """

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def of(cls, vectors: NDArray[np.float32]) -> DenseIndex:
        """Make an index of these rows (float32, rows by dimension)."""
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    @classmethod
    def read(cls, path: Path, count: int, dimension: int) -> DenseIndex:
        """Read an index; `IndexFaultError` unless it holds `count` rows of this dimension."""
        try:
            index = faiss.read_index(str(path))
        except RuntimeError as error:
            raise IndexFaultError(f"{path} is not a FAISS index") from error
        if type(index) is not faiss.IndexFlatIP or (index.ntotal, index.d) != (count, dimension):
            raise IndexFaultError(f"{path} is not an index of {count} vectors of {dimension}")
        return cls(index)

    def write(self, path: Path) -> None:
        """Write the index to a file; raises `OSError`."""
        try:
            faiss.write_index(self._index, str(path))
        except RuntimeError as error:
            raise OSError(str(error)) from error

    def search(
        self, vector: NDArray[np.float32], limit: int, among: Collection[int] | None = None
    ) -> list[tuple[int, float]]:
        """Return the rows most like a unit vector, with their cosine, most like first.

        With `among`, only these rows are compared: the filter comes before the cut at `limit`.
        """
        query = self._query(vector)
        most = min(limit, self._index.ntotal if among is None else len(among))
        if most < 1:
            return []
        similarities, rows = self._index.search(query, most, params=self._parameters(among))
        found = zip(rows[0].tolist(), similarities[0].tolist(), strict=True)
        # Row -1 fills up what FAISS could not find. Equal cosines go by row, in every run.
        return sorted(((r, s) for r, s in found if r >= 0), key=lambda hit: (-hit[1], hit[0]))

    def similarity(self, vector: NDArray[np.float32], row: int) -> float:
        """Return the cosine between a unit vector and one row."""
        return float(self._index.reconstruct(row) @ self._query(vector)[0])

    def _query(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        query = np.ascontiguousarray(vector, dtype=np.float32).reshape(1, -1)
        if query.shape[1] != self._index.d:
            raise IndexFaultError(
                f"the index holds vectors of {self._index.d} numbers, the query has "
                f"{query.shape[1]}: it comes from another encoder"
            )
        return query

    def _parameters(self, among: Collection[int] | None) -> Any:
        if among is None:
            return None
        chosen = np.zeros(self._index.ntotal, dtype=bool)
        chosen[np.fromiter(among, dtype=np.int64, count=len(among))] = True
        # As Any, because FAISS gives its classes friendlier constructors when it is imported, of
        # which type checkers know nothing.
        library: Any = faiss
        selector = library.IDSelectorBitmap(np.packbits(chosen, bitorder="little"))
        return library.SearchParameters(sel=selector)
