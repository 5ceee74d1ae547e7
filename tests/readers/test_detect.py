from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document as WordDocument
from openpyxl import Workbook
from pptx import Presentation

from lhs_evidence.errors import UnreadableError
from lhs_evidence.model import DocumentStatus
from lhs_evidence.readers import detect

PAGE = "<!DOCTYPE html><html><body><p>Visitors are welcome.</p></body></html>"


def office(make: Callable[[], object]) -> bytes:
    buffer = io.BytesIO()
    make().save(buffer)  # type: ignore[attr-defined]
    return buffer.getvalue()


def retyped(data: bytes, old: str, new: str) -> bytes:
    """The same office file with another content type for its main part."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old_file, zipfile.ZipFile(buffer, "w") as new_file:
        for entry in old_file.infolist():
            content = old_file.read(entry)
            if entry.filename == "[Content_Types].xml":
                assert old.encode() in content
                content = content.replace(old.encode(), new.encode())
            new_file.writestr(entry.filename, content)
    return buffer.getvalue()


@pytest.fixture
def kind(tmp_path: Path) -> Callable[[str, bytes | str], str]:
    def kind(name: str, data: bytes | str) -> str:
        path = tmp_path / "upload.bin"
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return detect.detect(path, name)

    return kind


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.pdf", b"%PDF-1.7\n", detect.PDF),
        ("a.txt", b"junk\xff\xfe\x00\x01" * 9 + b"%PDF-1.4\n\x00\x01", detect.PDF),
        ("a.html", PAGE, detect.HTML),
        ("report.pdf", "\n<!-- saved -->" + PAGE, detect.HTML),
        ("letter.doc", PAGE, detect.HTML),
        ("page.htm", "<p>a fragment</p>", detect.HTML),
        ("a.md", "# Policy\n\nText", detect.MARKDOWN),
        ("a.txt", "Policy\n", detect.TEXT),
        ("README", "Policy\n", detect.TEXT),
        ("notes.txt", "A file that begins with %PDF- is a PDF.", detect.TEXT),
        ("a.txt", "Grüße".encode("utf-16"), detect.TEXT),
        ("a.txt", "Policy on falls".encode("utf-16-le"), detect.TEXT),
        ("a.txt", "text with a few \x00 NULs in " * 20, detect.TEXT),
        ("broken.pdf", b"\x00\x01\x02" * 100, detect.PDF),
    ],
)
def test_content_decides_before_the_name(
    kind: Callable[..., str], name: str, data: bytes | str, expected: str
) -> None:
    assert kind(name, data) == expected


@pytest.mark.parametrize(
    ("make", "expected"),
    [(WordDocument, detect.DOCX), (Workbook, detect.XLSX), (Presentation, detect.PPTX)],
)
def test_office_files_by_their_main_part(
    kind: Callable[..., str], make: Callable[[], object], expected: str
) -> None:
    assert kind("renamed.pdf", office(make)) == expected


def test_macro_files_templates_and_shows_are_their_plain_kin(kind: Callable[..., str]) -> None:
    word = "openxmlformats-officedocument.wordprocessingml.document.main+xml"
    macro = retyped(office(WordDocument), word, "ms-word.document.macroEnabled.main+xml")
    assert kind("a.docm", macro) == detect.DOCX
    slides = "presentationml.presentation.main+xml"
    show = retyped(office(Presentation), slides, "presentationml.slideshow.main+xml")
    assert kind("a.ppsx", show) == detect.PPTX


@pytest.mark.parametrize(
    ("name", "data", "advice"),
    [
        ("a.doc", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "DOCX or PDF"),
        ("a.xls", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "XLSX"),
        ("a.rtf", b"{\\rtf1 text}", "DOCX or PDF"),
        ("a.csv", "a,b\n1,2\n", "XLSX"),
        ("scan.png", b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 9, "OCR"),
        ("a.json", "{}", "data"),
        ("data", "<?xml version='1.0'?><a/>", "data"),
        ("program.exe", b"MZ" + bytes(range(32)) * 9, "Hand over PDF"),
    ],
)
def test_the_rest_is_unsupported_with_advice(
    kind: Callable[..., str], name: str, data: bytes | str, advice: str
) -> None:
    with pytest.raises(UnreadableError, match=advice) as caught:
        kind(name, data)
    assert caught.value.status is DocumentStatus.UNSUPPORTED


def test_plain_archives_are_to_be_unpacked(kind: Callable[..., str]) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("policy.txt", "text")
    with pytest.raises(UnreadableError, match="Unpack"):
        kind("policies.zip", buffer.getvalue())


def test_an_encrypted_office_file_needs_its_password(kind: Callable[..., str]) -> None:
    data = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(900) + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(UnreadableError) as caught:
        kind("plan.docx", data)
    assert caught.value.status is DocumentStatus.NEEDS_PASSWORD


@pytest.mark.parametrize("data", [b"", b" \r\n\t", b"\x00" * 50])
def test_an_empty_file_has_no_text(kind: Callable[..., str], data: bytes) -> None:
    with pytest.raises(UnreadableError) as caught:
        kind("a.docx", data)
    assert caught.value.status is DocumentStatus.NO_TEXT


@pytest.mark.parametrize("data", [b"\x00\x01\x02garbage" * 40, b"PK\x03\x04" + bytes(300)])
def test_an_office_name_on_garbage_is_damage(kind: Callable[..., str], data: bytes) -> None:
    with pytest.raises(UnreadableError, match="damaged") as caught:
        kind("plan.docx", data)
    assert caught.value.status is DocumentStatus.FAILED
