"""Files made to hurt: each ends in the status that is right for it, and nothing else suffers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from lhs_evidence.model import DocumentStatus
from lhs_evidence.readers import ReaderPool, SourceFile
from lhs_evidence.settings import ReadingLimits

from .hostile import ATTACKS, SECRET

# Tighter than the defaults, so that what hangs or swells is over sooner.
LIMITS = ReadingLimits(seconds=10.0, memory_bytes=768 << 20)


@pytest.fixture(scope="module")
def pool() -> Iterator[ReaderPool]:
    with ReaderPool(LIMITS, 1) as pool:
        yield pool


@pytest.mark.slow
@pytest.mark.parametrize("name", ATTACKS)
def test_a_hostile_file_hurts_only_itself(name: str, tmp_path: Path, pool: ReaderPool) -> None:
    attack, hostile, honest = ATTACKS[name], tmp_path / name, tmp_path / "honest.txt"
    attack.write(hostile)
    honest.write_text("Hands are washed before and after each contact.")
    before = psutil.Process().memory_info().rss
    document, after = pool.read([SourceFile(hostile, name), SourceFile(honest, "honest.txt")])
    grown = psutil.Process().memory_info().rss - before
    assert document.status in attack.statuses, document.reason
    assert attack.text in document.text
    assert SECRET not in document.text
    assert document.status is DocumentStatus.READY or document.reason
    assert after.status is DocumentStatus.READY
    assert grown < 128 << 20
