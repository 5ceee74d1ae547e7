"""Files made on the spot, read through the front door."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lhs_evidence.model import BlockRole, Document
from lhs_evidence.readers import SourceFile, read_document
from lhs_evidence.settings import ReadingLimits

MakeSource = Callable[..., SourceFile]
Read = Callable[..., Document]
Outline = Callable[..., list[tuple[str, str]]]


@pytest.fixture
def limits() -> ReadingLimits:
    return ReadingLimits()


@pytest.fixture
def make_source(tmp_path: Path) -> MakeSource:
    def make(name: str, data: bytes | str) -> SourceFile:
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return SourceFile(path, name)

    return make


@pytest.fixture
def read(make_source: MakeSource) -> Read:
    def read(name: str, data: bytes | str, **limits: float) -> Document:
        return read_document(make_source(name, data), ReadingLimits(**limits))

    return read


@pytest.fixture
def outline() -> Outline:
    """Blocks as (kind, text), those that can be evidence or those of another role."""

    def outline(document: Document, role: BlockRole = BlockRole.BODY) -> list[tuple[str, str]]:
        return [
            (block.kind.value, document.text[block.start : block.end])
            for block in document.blocks
            if block.role is role
        ]

    return outline
