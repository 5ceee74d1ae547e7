"""`--ocr` and `doctor`, as a user meets text recognition on the command line."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typst
from PIL import Image

SENTENCE = "Every fall is reviewed within one working day by the nurse manager of the unit."


def lhs(*arguments: object, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "lhs_evidence.cli.main", *map(str, arguments)]
    environment = {**os.environ, **variables}
    return subprocess.run(command, capture_output=True, text=True, timeout=240, env=environment)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A scanned page beside a plain text."""
    made = tmp_path / "documents"
    made.mkdir()
    page = typst.compile(SENTENCE.encode(), format="png", ppi=150)
    Image.open(io.BytesIO(page)).convert("L").save(made / "scan.pdf", resolution=150)
    (made / "alarms.txt").write_text("Alarms are answered within a minute.")
    return made


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("tesseract") is None, reason="Tesseract is not installed")
def test_a_scan_is_read_once_recognition_is_turned_on(folder: Path, tmp_path: Path) -> None:
    def status_of_scan(**how: str) -> str:
        mode = ["--ocr", how.pop("ocr")] if "ocr" in how else []
        result = lhs("ingest", folder, "-w", tmp_path / "w", "--json", *mode, **how)
        documents = json.loads(result.stdout)["documents"]
        return next(d["status"] for d in documents if d["name"] == "scan.pdf")

    assert status_of_scan(LHS_OCR__MODE="off") == "no_text"
    assert status_of_scan(ocr="auto", LHS_OCR__MODE="off") == "ready"
    assert status_of_scan(ocr="off") == "no_text"


def test_an_unknown_mode_is_bad_usage(folder: Path, tmp_path: Path) -> None:
    result = lhs("ingest", folder, "-w", tmp_path / "w", "--ocr", "perhaps")
    assert result.returncode == 2
    assert "perhaps" in result.stderr


@pytest.mark.slow
def test_doctor_says_whether_helpers_are_there(tmp_path: Path) -> None:
    for name, answer in (("tesseract", "eng"), ("soffice", "")):
        (tmp_path / name).write_text(f"#!/bin/sh\necho {answer}\n")
        (tmp_path / name).chmod(0o755)
    states = []
    for path in (tmp_path, tmp_path / "empty"):
        checks = json.loads(lhs("doctor", "--json", PATH=str(path)).stdout)
        states.append({check["name"]: check["state"] for check in checks})
    there, missing = states
    assert (there["tesseract"], there["libreoffice"]) == ("ok", "ok")
    assert (missing["tesseract"], missing["libreoffice"]) == ("optional", "optional")
