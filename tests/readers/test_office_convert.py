"""LibreOffice itself where it is installed; everywhere, stand-ins that misbehave in its place."""

from __future__ import annotations

import io
import os
import shutil
import socket
import stat
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from docx import Document as WordDocument
from openpyxl import Workbook
from pptx import Presentation

from lhs_evidence.errors import UnreadableError
from lhs_evidence.model import DocumentStatus
from lhs_evidence.readers import detect
from lhs_evidence.readers.document import read_content
from lhs_evidence.readers.office.convert import CONVERTED_TYPES, can_convert, converted
from lhs_evidence.settings import ReadingLimits

MakeProgram = Callable[[str], str]

needs_office = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice is not installed"
)
RTF = rb"{\rtf1\ansi {\b Falls Policy}\par We review each fall within two days.\par}"
ODT = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
    "<office:body><office:text><text:h text:outline-level='1'>Falls Policy</text:h>"
    "<text:p>We review each fall within two days.</text:p></office:text></office:body>"
    "</office:document-content>"
)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "falls.rtf"
    path.write_bytes(RTF)
    return path


@pytest.fixture
def program(tmp_path: Path) -> MakeProgram:
    """A stand-in for LibreOffice: shell commands, with the output folder in $OUT."""

    def make(commands: str) -> str:
        path = tmp_path / "soffice-stand-in"
        # The arguments end in: --outdir FOLDER SOURCE.
        before = 'while [ $# -gt 2 ]; do shift; done; OUT="$1"; mkdir -p "$OUT"\n'
        version = 'case "$*" in *--version) echo "LibreOffice 9.8.7.6 rest"; exit;; esac\n'
        path.write_text(f"#!/bin/sh\n{version}{before}{commands}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return str(path)

    return make


def fault(source: Path, program: str, **limits: float) -> UnreadableError:
    with (
        pytest.raises(UnreadableError) as raised,
        converted(source, detect.RTF, ReadingLimits(**limits), program=program),
    ):
        pass
    return raised.value


def texts(path: Path, media_type: str) -> list[str]:
    limits = ReadingLimits()
    with converted(path, media_type, limits) as result:
        content = read_content(result.path, result.media_type, limits)
        assert result.warning.startswith("Converted by LibreOffice ")
    assert not result.path.exists()
    return [block.text for block in content.blocks]


def ends_soon(process: int) -> bool:
    """Whether a process that was killed is gone, or only waits to be counted as such."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.01)
    return False


@pytest.mark.slow
@needs_office
def test_rtf_is_read(source: Path) -> None:
    assert texts(source, detect.RTF) == ["Falls Policy", "We review each fall within two days."]


@pytest.mark.slow
@needs_office
def test_open_document_text_is_read(tmp_path: Path) -> None:
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{detect.ODT}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    path = tmp_path / "falls.odt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", detect.ODT)
        archive.writestr("content.xml", ODT)
        archive.writestr("META-INF/manifest.xml", manifest)
    assert texts(path, detect.ODT) == ["Falls Policy", "We review each fall within two days."]


def new_files() -> dict[str, bytes]:
    document, book, show = WordDocument(), Workbook(), Presentation()
    document.add_paragraph("Staff report each fall.")
    book.active.append(["Measure", "Rate"])
    book.active.append(["Falls", 2])
    show.slides.add_slide(show.slide_layouts[0]).shapes.title.text = "Falls fell"
    made = {}
    for suffix, maker in (("docx", document), ("xlsx", book), ("pptx", show)):
        buffer = io.BytesIO()
        maker.save(buffer)
        made[suffix] = buffer.getvalue()
    return made


@pytest.mark.slow
@needs_office
@pytest.mark.parametrize(
    ("new", "old", "media_type", "text"),
    [
        ("docx", "doc", detect.DOC, "Staff report each fall."),
        ("xlsx", "xls", detect.XLS, "Measure: Falls | Rate: 2"),
        ("xlsx", "ods", detect.ODS, "Measure: Falls | Rate: 2"),
        ("pptx", "ppt", detect.PPT, "Falls fell"),
        ("pptx", "odp", detect.ODP, "Falls fell"),
    ],
)
def test_formats_that_libreoffice_itself_writes_are_read(
    tmp_path: Path, new: str, old: str, media_type: str, text: str
) -> None:
    (tmp_path / f"made.{new}").write_bytes(new_files()[new])
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", old, "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / f"made.{new}")], check=True, timeout=120)
    path = tmp_path / f"made.{old}"
    assert detect.detect(path, path.name) == media_type
    assert text in texts(path, media_type)


@pytest.mark.slow
@needs_office
def test_several_are_converted_at_once(source: Path) -> None:
    with ThreadPoolExecutor(3) as threads:
        results = list(threads.map(lambda _: texts(source, detect.RTF), range(3)))
    assert [result[0] for result in results] == ["Falls Policy"] * 3


@pytest.mark.slow
@needs_office
def test_what_libreoffice_cannot_open_is_said(tmp_path: Path) -> None:
    path = tmp_path / "broken.doc"
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\x07" * 4000)
    with pytest.raises(UnreadableError, match="could not convert") as raised:
        texts(path, detect.DOC)
    assert raised.value.status is DocumentStatus.FAILED


def test_one_that_hangs_is_killed_with_all_it_started(
    source: Path, program: MakeProgram, tmp_path: Path
) -> None:
    note = tmp_path / "started"
    began = time.monotonic()
    error = fault(source, program(f"sleep 60 & echo $! > {note}; sleep 60"), seconds=0.5)
    assert error.status is DocumentStatus.FAILED
    assert "stopped after 1 seconds" in str(error)
    assert time.monotonic() - began < 20
    assert ends_soon(int(note.read_text()))


def test_what_one_leaves_behind_is_killed(
    source: Path, program: MakeProgram, tmp_path: Path
) -> None:
    note = tmp_path / "started"
    stand_in = program(f'sleep 60 & echo $! > {note}; echo made > "$OUT/document.docx"')
    with converted(source, detect.RTF, ReadingLimits(), program=stand_in) as result:
        assert result.path.read_text() == "made\n"
        assert result.warning.startswith("Converted by LibreOffice 9.8.7.6;")
        assert ends_soon(int(note.read_text()))
    assert not result.path.parent.parent.exists()


@pytest.mark.parametrize("commands", ["exit 0", "exit 77", "kill -SEGV $$", ': > "$OUT/x"'])
def test_one_that_makes_nothing_is_a_failure(
    source: Path, program: MakeProgram, commands: str
) -> None:
    error = fault(source, program(commands))
    assert (error.status, "could not convert" in str(error)) == (DocumentStatus.FAILED, True)


def test_a_result_over_the_limit_is_rejected(source: Path, program: MakeProgram) -> None:
    error = fault(source, program('head -c 2000 /dev/zero > "$OUT/document.docx"'), file_bytes=1000)
    assert error.status is DocumentStatus.REJECTED


def test_no_file_grows_beyond_the_limit(source: Path, program: MakeProgram) -> None:
    stand_in = program('head -c 9000000 /dev/zero > "$OUT/document.docx"; true')
    limits = ReadingLimits(archive_bytes=1_000_000)
    with converted(source, detect.RTF, limits, program=stand_in) as result:
        assert result.path.stat().st_size == 1_000_000


def test_it_has_no_network_and_sees_no_secrets(
    source: Path, program: MakeProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LHS_SECRET", "word")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        code = f"import socket; socket.create_connection(('127.0.0.1', {port}), 2); print('open')"
        stand_in = program(
            f'(echo "$LHS_SECRET$HOME"; {sys.executable} -c "{code}" 2>&1) > "$OUT/document.docx"'
        )
        with converted(source, detect.RTF, ReadingLimits(), program=stand_in) as result:
            said = result.path.read_text()
    assert said.splitlines()[0] == os.fspath(result.path.parent.parent)
    assert "PermissionError" in said.splitlines()[-1]


@pytest.mark.parametrize(
    ("media_type", "head"),
    [
        (detect.DOC, b"\xec\xa5" + bytes(8) + b"\x00\x01"),
        (detect.XLS, b"\x09\x08\x10\x00" + bytes(16) + b"\x2f\x00\x06\x00" + bytes(6)),
        (detect.PPT, "EncryptedSummary".encode("utf-16-le")),
    ],
)
def test_a_password_is_told_before_anything_runs(
    tmp_path: Path, media_type: str, head: bytes
) -> None:
    path = tmp_path / "sealed"
    path.write_bytes((bytes(512) + head).ljust(2048, b"\x00"))
    with (
        pytest.raises(UnreadableError) as raised,
        converted(path, media_type, ReadingLimits(), program="/nowhere/soffice"),
    ):
        pass
    assert raised.value.status is DocumentStatus.NEEDS_PASSWORD


def test_without_libreoffice_it_is_unsupported_with_advice(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    assert not any(map(can_convert, CONVERTED_TYPES))
    with (
        pytest.raises(UnreadableError, match="LibreOffice") as raised,
        converted(source, detect.RTF, ReadingLimits()),
    ):
        pass
    assert raised.value.status is DocumentStatus.UNSUPPORTED


def test_what_readers_know_is_never_converted() -> None:
    assert not any(map(can_convert, (detect.DOCX, detect.PDF, detect.TEXT)))
