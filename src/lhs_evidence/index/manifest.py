"""What an index on disk is an index of, so that a wrong or torn one is never searched."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from lhs_evidence.errors import IndexFaultError
from lhs_evidence.ids import content_hash, file_sha256

MANIFEST = "manifest.json"
_LAYOUT: Final = 1

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


def passages_hash(passage_ids: Collection[str]) -> str:
    """Return a hash over a set of passage ids; their order does not matter."""
    return content_hash(["passages", *sorted(passage_ids)])


def index_fingerprint(encoder_fingerprint: str, passage_ids: Collection[str]) -> str:
    """Return the fingerprint (64 hexadecimal digits) of an index.

    It changes with the encoder, the set of passages and the layout of the files; equal
    fingerprints mean equal answers.
    """
    return content_hash(["index", _LAYOUT, encoder_fingerprint, passages_hash(passage_ids)])


class Manifest(BaseModel):
    """The description that lies in each index folder, written last.

    Attributes:
        layout: Version of the files' layout.
        fingerprint: See `index_fingerprint`.
        encoder: Fingerprint of the encoder that made the vectors.
        passages: Hash over the passage ids.
        dimension: Length of a vector.
        count: Number of passages, and of vectors.
        files: SHA-256 of each other file of the folder, by name.
        created_by: Version of the program that wrote it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    layout: Literal[1] = _LAYOUT
    fingerprint: Sha256
    encoder: str
    passages: Sha256
    dimension: int = Field(ge=1)
    count: int = Field(ge=0)
    files: dict[str, Sha256]
    created_by: str

    def write(self, directory: Path) -> None:
        """Write the manifest into an index folder."""
        (directory / MANIFEST).write_text(self.model_dump_json(indent=1) + "\n", "utf-8")

    @classmethod
    def read(cls, directory: Path) -> Manifest:
        """Read a folder's manifest; `IndexFaultError` where it is missing or not valid."""
        try:
            return cls.model_validate_json((directory / MANIFEST).read_bytes())
        except (OSError, ValueError) as error:
            raise IndexFaultError(f"the index {directory} is missing or torn") from error

    def require_files(self, directory: Path) -> None:
        """Raise `IndexFaultError` unless every file is there and has its hash."""
        for name, sha256 in self.files.items():
            try:
                found = file_sha256(directory / name)
            except OSError as error:
                raise IndexFaultError(f"the index {directory} lacks {name}") from error
            if found != sha256:
                raise IndexFaultError(f"{name} of the index {directory} is torn or was altered")
