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


def archive(*members: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, data in members:
            made.writestr(name, data)
    return buffer.getvalue()


def compound(*streams: str) -> bytes:
    """The head of a compound file and a directory that names these streams."""
    entries = b""
    for name in ("Root Entry", *streams):
        field = name.encode("utf-16-le") + b"\x00\x00"
        entries += field.ljust(64, b"\x00") + len(field).to_bytes(2, "little") + bytes(62)
    return bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504) + entries


ODF = "application/vnd.oasis.opendocument"
MAIL = "Return-Path: <a@x.org>\nFrom: a@x.org\nSubject: Falls\nDate: today\n\nText.\n"
MEMO = "From: the board\nTo: all staff\nSubject: Falls\n\nEvery fall is reported.\n"


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.doc", compound("1Table", "WordDocument"), detect.DOC),
        ("a.xls", compound("Workbook"), detect.XLS),
        ("a.ppt", compound("PowerPoint Document"), detect.PPT),
        ("renamed.doc", compound("Workbook"), detect.XLS),
        ("with-a-letter-in-it.xls", compound("Workbook", "WordDocument"), detect.XLS),
        ("no-directory.doc", compound(), detect.DOC),
        ("a.rtf", b"{\\rtf1 text}", detect.RTF),
        ("letter.doc", b"\xef\xbb\xbf{\\rtf1 text}", detect.RTF),
        ("a.odt", archive(("mimetype", f"{ODF}.text".encode())), detect.ODT),
        ("a.ott", archive(("mimetype", f"{ODF}.text-template".encode())), detect.ODT),
        ("a.ods", archive(("mimetype", f"{ODF}.spreadsheet".encode())), detect.ODS),
        ("a.zip", archive(("mimetype", f"{ODF}.presentation".encode())), detect.ODP),
        ("scan.pdf", b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 9, detect.PNG),
        ("scan.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)), detect.JPEG),
        ("scan.txt", b"II*\x00" + bytes(range(256)), detect.TIFF),
        ("policies.zip", archive(("policy.txt", b"text")), detect.ZIP),
        ("policies.docx", archive(("policy.txt", b"text")), detect.ZIP),
        ("empty.zip", archive(), detect.ZIP),
        ("a.eml", "Subject: Falls\n\nText.\n", detect.EML),
        ("saved", MAIL, detect.EML),
        ("page.mht", "From: <Saved>\nMIME-Version: 1.0\n\nText.\n", detect.EML),
        ("memo.txt", MEMO, detect.TEXT),
        ("notes.eml", "No header stands here.\n", detect.TEXT),
        ("a.csv", "a,b\n1,2\n", detect.CSV),
        ("export.xls", "Unit\tFalls\nNorth\t12\n", detect.CSV),
        ("export.xls", "<table><tr><td>Falls</td></tr></table>", detect.HTML),
        ("a.md", "<p align=center>Falls</p>\n\n# Policy\n", detect.MARKDOWN),
        ("saved.pdf", PAGE.encode("utf-8-sig"), detect.HTML),
        ("saved.pdf", PAGE.encode("utf-16"), detect.HTML),
        ("both.pdf", f"<html><!-- \n%PDF-1.4 {PAGE}", detect.PDF),
        ("both.html", f"<html><!-- \n%PDF-1.4 {PAGE}", detect.HTML),
        ("PLAN.DOC", compound("WORDDOCUMENT"), detect.DOC),
        ("sheet.bin", archive(("xl\\Workbook.xml", b"<a/>")), detect.XLSX),
        ("mutilated", "%/LRPDF-1.3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n", detect.PDF),
        ("about-pdf.txt", "An 1 0 obj ends with endobj.", detect.TEXT),
        ("headless.pdf", "1 0 obj\n<< /Type /Catalog >>\nendobj\n", detect.PDF),
    ],
)
def test_what_others_read_is_named(
    kind: Callable[..., str], name: str, data: bytes | str, expected: str
) -> None:
    assert kind(name, data) == expected


@pytest.mark.parametrize(
    ("name", "data", "advice"),
    [
        ("a.json", "{}", "data"),
        ("data", "<?xml version='1.0'?><a/>", "data"),
        (
            "qpdf.json",
            '{"obj:1 0 R": {"value": {"/Type": "/Catalog"}}, "trailer": 1 0 obj}',
            "data",
        ),
        ("plan.xml", "<?xml version='1.0'?><?mso-application progid='Word'?><a/>", "DOCX or PDF"),
        ("plan.sxw", archive(("mimetype", b"application/vnd.sun.xml.writer")), "DOCX or PDF"),
        ("program.exe", b"MZ" + bytes(range(32)) * 9, "Hand over PDF"),
        ("mail.msg", compound("__properties_version1.0"), "message"),
        ("board.docx", b"Rar!\x1a\x07\x00" + bytes(99), "Unpack"),
        ("book.zip", archive(("mimetype", b"application/epub+zip")), "E-books"),
        ("logo.gif", b"GIF89a" + bytes(range(256)), "picture"),
        ("plan.pages", archive(("Index/Document.iwa", b"x")), "Pages"),
    ],
)
def test_the_rest_is_unsupported_with_advice(
    kind: Callable[..., str], name: str, data: bytes | str, advice: str
) -> None:
    with pytest.raises(UnreadableError, match=advice) as caught:
        kind(name, data)
    assert caught.value.status is DocumentStatus.UNSUPPORTED


@pytest.mark.parametrize(
    ("media_type", "advice"),
    [(detect.RTF, "LibreOffice"), (detect.XLS, "XLSX"), (detect.JPEG, "OCR"), (".exe", "PDF")],
)
def test_advice_for_types_that_nothing_here_reads(media_type: str, advice: str) -> None:
    error = detect.unsupported(media_type)
    assert error.status is DocumentStatus.UNSUPPORTED
    assert advice in str(error)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("plan.docx", compound("EncryptionInfo", "EncryptedPackage")),
        (
            "plan.odt",
            archive(
                ("mimetype", f"{ODF}.text".encode()),
                ("META-INF/manifest.xml", b"<a><manifest:encryption-data/></a>"),
            ),
        ),
    ],
)
def test_an_encrypted_office_file_needs_its_password(
    kind: Callable[..., str], name: str, data: bytes
) -> None:
    with pytest.raises(UnreadableError) as caught:
        kind(name, data)
    assert caught.value.status is DocumentStatus.NEEDS_PASSWORD


@pytest.mark.parametrize("data", [b"", b" \r\n\t", b"\x00" * 50])
def test_an_empty_file_has_no_text(kind: Callable[..., str], data: bytes) -> None:
    with pytest.raises(UnreadableError) as caught:
        kind("a.docx", data)
    assert caught.value.status is DocumentStatus.NO_TEXT


@pytest.mark.parametrize(
    "data", [b"\x00\x01\x02garbage" * 40, archive(), b"PK\x03\x04" + bytes(300)]
)
def test_an_office_name_on_garbage_is_damage(kind: Callable[..., str], data: bytes) -> None:
    with pytest.raises(UnreadableError, match="damaged") as caught:
        kind("plan.docx", data)
    assert caught.value.status is DocumentStatus.FAILED
