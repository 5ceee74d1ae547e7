"""The corpus run, on files written here: its figures are what anybody would count by hand."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from docx import Document as WordDocument

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "read_corpus.py"
_WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_COMPATIBLE = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
_BOX = "<w:p><w:r><w:t>boxed</w:t></w:r></w:p>"
_BODY = (
    f"<w:document {_WORD} {_COMPATIBLE}><w:body><w:p><w:r><w:t>kept wor</w:t></w:r>"
    "<w:r><w:t>ds</w:t></w:r><w:del><w:r><w:t>struck</w:t></w:r></w:del>"
    "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:txbxContent>"
    f"{_BOX}</w:txbxContent></mc:Choice><mc:Fallback>{_BOX}</mc:Fallback></mc:AlternateContent>"
    "</w:r></w:p></w:body></w:document>"
)
_PDF = b"""%PDF-1.4
1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R
/Resources<</Font<</F 5 0 R>>>>>> endobj
4 0 obj <</Length 43>> stream
BT /F 12 Tf 72 700 Td (Falls are few) Tj ET
endstream endobj
5 0 obj <</Type/Font/Subtype/Type1/BaseFont/Helvetica>> endobj
trailer <</Root 1 0 R/Size 6>>
startxref
0
%%EOF
"""


def run(folder: Path, out: Path) -> tuple[int, dict[str, Any]]:
    command = [sys.executable, str(SCRIPT), str(folder), "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (out / "summary.json").exists(), done.stderr
    return done.returncode, json.loads((out / "summary.json").read_text())


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("corpus")
    (folder / "note.txt").write_text("Every fall is reviewed within one day.")
    (folder / "torn.docx").write_bytes(b"PK\x03\x04 and no more")
    (folder / "plan.pdf").write_bytes(_PDF)
    plain = folder / "plain.docx"
    WordDocument().save(str(plain))
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(folder / "body.docx", "w") as target:
        for name in source.namelist():
            target.writestr(name, _BODY if name == "word/document.xml" else source.read(name))
    plain.unlink()
    code, figures = run(folder, folder.parent / f"{folder.name}-out")
    assert code == 0
    return figures


def test_every_file_is_counted_once(figures: dict[str, Any]) -> None:
    reading = figures["reading"]
    statuses = {name: count for name, count in reading["statuses"].items() if count}
    assert (reading["files"], reading["without_status"]) == (4, 0)
    assert statuses == {"ready": 3, "failed": 1}


def test_bare_libraries_stand_beside_us(figures: dict[str, Any]) -> None:
    assert figures["pdf"]["with_text"] == {"ours": 1, "pypdf": 1, "pypdfium2": 1, "either": 1}
    assert figures["pdf"]["characters"] == {"ours": 11, "pypdf": 11, "pypdfium2": 11}


def test_words_of_a_body_count_once_and_not_when_struck_out(figures: dict[str, Any]) -> None:
    assert (figures["docx"]["words"], figures["docx"]["found"]) == (3, 3)
