from __future__ import annotations

from pathlib import Path

import pytest

from lhs_evidence.model import DocumentStatus
from lhs_evidence.readers import SourceFile, read_document, reader_identity
from lhs_evidence.settings import OcrSettings, ReadingLimits, Settings

from .scans import POLICY, needs_tesseract, pictures, scan, stand_in


def test_the_reader_is_another_with_recognition_than_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = [
        OcrSettings(),
        OcrSettings(mode="off"),
        OcrSettings(mode="force"),
        OcrSettings(languages="eng+spa"),
    ]
    monkeypatch.setenv("PATH", str(stand_in(tmp_path / "bin", "exit 1")))
    assert len({reader_identity(ocr) for ocr in settings}) == 4
    monkeypatch.setenv("PATH", str(tmp_path))
    assert len({reader_identity(ocr) for ocr in settings}) == 1


def test_documents_name_the_reader_that_read_them(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Every fall is reviewed.")
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.7 broken")
    for name in ("a.txt", "b.pdf", "gone.txt"):
        for ocr in (OcrSettings(), OcrSettings(mode="off")):
            made = read_document(SourceFile(tmp_path / name, name), ReadingLimits(), ocr)
            assert made.fidelity.reader == reader_identity(ocr)


def test_the_environment_sets_recognition(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LHS_OCR__MODE", "force")
    monkeypatch.setenv("LHS_OCR__SECONDS_PER_PAGE", "7")
    ocr = Settings().ocr
    assert (ocr.mode, ocr.seconds_per_page, ocr.languages) == ("force", 7.0, "eng")


@pytest.mark.parametrize("languages", ["", "eng;ls", "--psm", "eng+", "../eng"])
def test_languages_are_names_and_nothing_else(languages: str) -> None:
    with pytest.raises(ValueError, match="languages"):
        OcrSettings(languages=languages)


@needs_tesseract
def test_a_scan_first_met_without_recognition_is_read_with_it(tmp_path: Path) -> None:
    path = scan(tmp_path / "scan.pdf", pictures(POLICY)[:1])
    source = SourceFile(path, path.name)
    first = read_document(source, ReadingLimits(), OcrSettings(mode="off"))
    second = read_document(source, ReadingLimits(), OcrSettings())
    assert (first.status, second.status) == (DocumentStatus.NO_TEXT, DocumentStatus.READY)
    assert first.id == second.id
    assert first.fidelity.reader != second.fidelity.reader
