"""Hybrid search over passages, in a folder that can be rebuilt at any time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from lhs_evidence.errors import IndexFaultError, OutputError
from lhs_evidence.ids import file_sha256
from lhs_evidence.index.dense import DenseIndex
from lhs_evidence.index.folder import recover, replacing
from lhs_evidence.index.fusion import reciprocal_rank_fusion
from lhs_evidence.index.lexical import LexicalIndex
from lhs_evidence.index.manifest import Manifest, index_fingerprint, passages_hash
from lhs_evidence.model import Passage

_VECTORS = "vectors.faiss"
_WORDS = "lexical.sqlite"
_OPEN_TRIES = 5
# Each search hands this many times the limit to the fusion, so that a passage in the middle of
# both rankings can still come out on top.
_DEPTH = 5
_LEAST_DEPTH = 50


@dataclass(frozen=True, slots=True)
class Hit:
    """One passage found.

    Attributes:
        passage: Its id.
        score: Reciprocal rank fusion of both searches; only good for ordering.
        dense_rank: Its place in the search by meaning, from 1; None where not among the best.
        lexical_rank: Its place in the search by words, from 1; None where not among the best.
        similarity: Cosine between query and passage.
    """

    passage: str
    score: float
    dense_rank: int | None
    lexical_rank: int | None
    similarity: float | None


class PassageIndex:
    """An index of a fixed set of passages; a changed set gets a new index.

    It may be searched from several threads, and stays whole though its folder is replaced.
    """

    def __init__(self, manifest: Manifest, dense: DenseIndex, lexical: LexicalIndex) -> None:
        self.manifest = manifest
        self._dense = dense
        self._lexical = lexical
        self._rows = {passage: row for row, passage in enumerate(lexical.ids)}

    @property
    def fingerprint(self) -> str:
        """See `index_fingerprint`."""
        return self.manifest.fingerprint

    def __len__(self) -> int:
        return self.manifest.count

    @classmethod
    def build(
        cls,
        directory: Path,
        passages: Sequence[Passage],
        vectors: NDArray[np.float32],
        encoder_fingerprint: str,
    ) -> PassageIndex:
        """Build an index in place of whatever is in `directory`, and open it.

        Readers, and a crash at any moment, find the old index or the new one.

        Args:
            directory: The index's own folder; its parent is created if need be.
            passages: Passages with different ids.
            vectors: float32, len(passages) by dimension, unit rows; row i belongs to passages[i].
            encoder_fingerprint: Fingerprint of the encoder that made the vectors.

        Raises:
            IndexFaultError: Passages and vectors do not fit together.
            OutputError: The folder cannot be written.
        """
        _require_fit(passages, vectors)
        # In the order of ids, so that the same content gives the same files.
        order = sorted(range(len(passages)), key=lambda row: passages[row].id)
        try:
            with replacing(directory) as fresh:
                DenseIndex.of(vectors[order]).write(fresh / _VECTORS)
                LexicalIndex.write(fresh / _WORDS, [passages[row] for row in order])
                manifest = _describe(fresh, passages, vectors.shape[1], encoder_fingerprint)
                manifest.write(fresh)
        except OSError as error:
            raise OutputError(f"the index {directory} cannot be written: {error}") from error
        return cls.open(directory, expected=manifest.fingerprint)

    @classmethod
    def open(cls, directory: Path, *, expected: str) -> PassageIndex:
        """Open the index in a folder.

        Args:
            directory: The index's own folder.
            expected: The fingerprint that it must have.

        Raises:
            IndexFaultError: It is missing, torn or another's; building it anew helps.
        """
        for _ in range(_OPEN_TRIES):
            recover(directory)
            before = _identity(directory)
            try:
                index = cls._read(directory, expected)
            except IndexFaultError:
                if _identity(directory) == before:
                    raise
                continue
            if _identity(directory) == before:
                return index
            # Files of two indexes were read, because the folder was replaced meanwhile.
            index.close()
        raise IndexFaultError(f"the index {directory} is being replaced all the time")

    @classmethod
    def _read(cls, directory: Path, expected: str) -> PassageIndex:
        manifest = Manifest.read(directory)
        if manifest.fingerprint != expected:
            raise IndexFaultError(f"the index {directory} is one of other passages or vectors")
        if set(manifest.files) != {_VECTORS, _WORDS}:
            raise IndexFaultError(f"the manifest of the index {directory} lists other files")
        manifest.require_files(directory)
        dense = DenseIndex.read(directory / _VECTORS, manifest.count, manifest.dimension)
        lexical = LexicalIndex.read(directory / _WORDS)
        if (
            len(lexical.ids) != manifest.count
            or passages_hash(lexical.ids) != manifest.passages
            or index_fingerprint(manifest.encoder, lexical.ids) != expected
        ):
            lexical.close()
            raise IndexFaultError(f"the index {directory} holds other passages than it says")
        return cls(manifest, dense, lexical)

    def search(
        self,
        query: str,
        query_vector: NDArray[np.float32],
        *,
        limit: int = 10,
        among: Collection[str] | None = None,
    ) -> list[Hit]:
        """Return the passages that best answer a query, by meaning and by words together.

        Args:
            query: Any text; nothing in it is syntax.
            query_vector: Its unit vector, from the encoder that made the index's vectors.
            limit: Most hits returned.
            among: If given, ids of the passages that are searched at all; unknown ones are ignored.

        Returns:
            Hits, best first; the same ones in the same order in every run.
        """
        depth = max(_LEAST_DEPTH, _DEPTH * limit)
        rows = self._known(among)
        dense = [row for row, _ in self._dense.search(query_vector, depth, rows)]
        lexical = [row for row, _ in self._lexical.search(query, depth, rows)]
        dense_ranks = {row: rank for rank, row in enumerate(dense, start=1)}
        lexical_ranks = {row: rank for rank, row in enumerate(lexical, start=1)}
        return [
            Hit(
                passage=self._lexical.ids[row],
                score=score,
                dense_rank=dense_ranks.get(row),
                lexical_rank=lexical_ranks.get(row),
                similarity=self._dense.similarity(query_vector, row),
            )
            for row, score in reciprocal_rank_fusion([dense, lexical])[: max(limit, 0)]
        ]

    def dense(
        self, vector: NDArray[np.float32], limit: int = 10, among: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """Return ids of the passages most like a unit vector, with their cosine."""
        return self._named(self._dense.search(vector, limit, self._known(among)))

    def lexical(
        self, query: str, limit: int = 10, among: Collection[str] | None = None
    ) -> list[tuple[str, float]]:
        """Return ids of the passages that hold words of a query, with their BM25 score."""
        return self._named(self._lexical.search(query, limit, self._known(among)))

    def close(self) -> None:
        """Let go of the files; the index cannot be searched any more."""
        self._lexical.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _known(self, among: Collection[str] | None) -> set[int] | None:
        if among is None:
            return None
        return {self._rows[passage] for passage in among if passage in self._rows}

    def _named(self, hits: list[tuple[int, float]]) -> list[tuple[str, float]]:
        return [(self._lexical.ids[row], score) for row, score in hits]


def _describe(
    directory: Path, passages: Sequence[Passage], dimension: int, encoder_fingerprint: str
) -> Manifest:
    ids = [passage.id for passage in passages]
    return Manifest(
        fingerprint=index_fingerprint(encoder_fingerprint, ids),
        encoder=encoder_fingerprint,
        passages=passages_hash(ids),
        dimension=dimension,
        count=len(ids),
        files={name: file_sha256(directory / name) for name in (_VECTORS, _WORDS)},
        created_by=f"lhs-evidence {version('lhs-evidence')}",
    )


def _require_fit(passages: Sequence[Passage], vectors: NDArray[np.float32]) -> None:
    if vectors.ndim != 2 or len(vectors) != len(passages) or vectors.shape[1] < 1:
        raise IndexFaultError(
            f"{len(passages)} passages need as many vectors, not an array of {vectors.shape}"
        )
    if not np.isfinite(vectors).all():
        raise IndexFaultError("some vectors hold numbers that are not finite")
    if len({passage.id for passage in passages}) != len(passages):
        raise IndexFaultError("two passages have the same id")


def _identity(directory: Path) -> tuple[int, int] | None:
    try:
        stat = directory.stat()
    except OSError:
        return None
    return stat.st_dev, stat.st_ino
