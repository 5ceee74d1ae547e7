"""Files that LibreOffice must open first, from the pool's point of view."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from lhs_evidence.model import DocumentStatus
from lhs_evidence.readers import ReaderPool, SourceFile, read_document
from lhs_evidence.settings import ReadingLimits

RTF = rb"{\rtf1\ansi Every fall is reviewed within one working day by the nurse in charge.\par}"


@pytest.fixture
def sources(tmp_path: Path) -> list[SourceFile]:
    """An old file between two plain ones."""
    for name, data in (("a.txt", b"Alarms."), ("old.rtf", RTF), ("z.txt", b"Zones.")):
        (tmp_path / name).write_bytes(data)
    return [SourceFile(tmp_path / name, name) for name in ("a.txt", "old.rtf", "z.txt")]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_an_old_file_is_converted_and_keeps_its_own_name(sources: list[SourceFile]) -> None:
    with ReaderPool(ReadingLimits(), 1) as pool:
        before, made, after = pool.read(sources)
    assert (before.text, after.text) == ("Alarms.", "Zones.")
    assert made.status is DocumentStatus.READY
    assert "Every fall is reviewed" in made.text
    assert (made.name, made.media_type) == ("old.rtf", "application/rtf")
    assert made.sha256 == hashlib.sha256(RTF).hexdigest()
    assert any("LibreOffice" in warning for warning in made.warnings)
    assert made == read_document(sources[1], ReadingLimits())


def with_soffice(folder: Path, deed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.mkdir()
    (folder / "soffice").write_text(f"#!/bin/sh\n{deed}\n")
    (folder / "soffice").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


@pytest.mark.parametrize(
    ("deed", "why"), [("sleep 600", "stopped after"), ("exit 1", "could not convert")]
)
def test_a_conversion_that_fails_costs_its_file_only(
    sources: list[SourceFile], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deed: str, why: str
) -> None:
    with_soffice(tmp_path / "bin", deed, monkeypatch)
    with ReaderPool(ReadingLimits(seconds=1.0), 1) as pool:
        before, made, after = pool.read(sources)
    assert (before.text, after.text) == ("Alarms.", "Zones.")
    assert made.status is DocumentStatus.FAILED
    assert why in made.reason
    assert len(made.sha256) == 64


def test_without_libreoffice_it_is_unsupported_with_advice(
    sources: list[SourceFile], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with ReaderPool(ReadingLimits(), 1) as pool:
        _, made, _ = pool.read(sources)
    assert made.status is DocumentStatus.UNSUPPORTED
    assert "LibreOffice" in made.reason
