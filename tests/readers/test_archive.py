from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest
from docx import Document as WordDocument

from lhs_evidence.errors import UnreadableError
from lhs_evidence.model import DocumentStatus
from lhs_evidence.readers.archives.archive import check_archive
from lhs_evidence.settings import ReadingLimits


@pytest.fixture
def word(tmp_path: Path) -> Path:
    path = tmp_path / "plan.docx"
    document = WordDocument()
    document.add_paragraph("Hands are washed before and after each contact.")
    document.save(str(path))
    return path


def add(path: Path, name: str, data: bytes, compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "a", compression) as archive:
        archive.writestr(name, data)
    return path


def refusal(path: Path, **limits: float) -> UnreadableError:
    with pytest.raises(UnreadableError) as caught:
        check_archive(path, ReadingLimits(**limits))
    return caught.value


def test_an_honest_file_passes(word: Path) -> None:
    check_archive(word, ReadingLimits())


def test_too_many_entries(word: Path) -> None:
    error = refusal(word, archive_entries=3)
    assert error.status is DocumentStatus.REJECTED
    assert "entries" in str(error)


def test_a_bomb_is_refused_by_its_ratio(word: Path) -> None:
    error = refusal(add(word, "word/media/zeros.bin", bytes(20 << 20)))
    assert error.status is DocumentStatus.REJECTED
    assert "packed size" in str(error)


def test_members_and_totals_have_limits(word: Path) -> None:
    add(word, "word/media/noise.bin", bytes(range(256)) * 8192, zipfile.ZIP_STORED)
    assert "one entry unpacks" in str(refusal(word, member_bytes=1 << 20))
    assert "it unpacks to" in str(refusal(word, archive_bytes=1 << 20))


@pytest.mark.parametrize(
    "name", ["../up.xml", "/abs.xml", "a/../../b.xml", "C:\\x.xml", "a\\..\\b"]
)
def test_entries_that_point_outside(word: Path, name: str) -> None:
    assert "points outside" in str(refusal(add(word, name, b"<a/>")))


def test_links_are_refused(word: Path) -> None:
    link = zipfile.ZipInfo("word/link.xml")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(word, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    assert refusal(word).status is DocumentStatus.REJECTED


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_entries_of_one_name(word: Path) -> None:
    assert "same name" in str(refusal(add(word, "word/document.xml", b"<a/>")))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-be"])
def test_a_doctype_is_refused_however_it_is_written(word: Path, encoding: str) -> None:
    attack = "<?xml version='1.0'?><!--" + 70_000 * "x" + "--><!DOCTYPE a [<!ENTITY b 'c'>]><a/>"
    assert "DOCTYPE" in str(refusal(add(word, "word/extra.xml", attack.encode(encoding))))


@pytest.mark.parametrize("encoding", ["utf-7", "cp037", "no-such-encoding"])
def test_encodings_that_would_hide_a_doctype_are_refused(word: Path, encoding: str) -> None:
    attack = f"<?xml version='1.0' encoding='{encoding}'?><!DOCTYPE a><a/>"
    data = attack.encode("cp037" if encoding == "cp037" else "ascii").replace(b"<!D", b"+ADwAIQ-D")
    assert "encoding" in str(refusal(add(word, "word/extra.xml", data)))


def test_a_part_is_xml_by_its_content_whatever_its_name(word: Path) -> None:
    add(word, "word/document.bin", b"\xef\xbb\xbf<?xml version='1.0'?><!DOCTYPE a><a/>")
    assert "DOCTYPE" in str(refusal(word))


def test_pictures_may_declare_their_type(word: Path) -> None:
    add(word, "word/media/chart.svg", b"<?xml version='1.0'?><!DOCTYPE svg><svg/>")
    add(word, "word/media/photo.jpeg", b"\xff\xd8\xff")
    check_archive(word, ReadingLimits())


def test_names_that_differ_in_case_only_are_one(word: Path) -> None:
    assert "same name" in str(refusal(add(word, "WORD/document.XML", b"<a/>")))


def test_encrypted_entries(word: Path) -> None:
    data = bytearray(word.read_bytes())
    directory = data.rindex(b"PK\x01\x02")
    data[directory + 8] |= 1
    word.write_bytes(data)
    assert "encrypted" in str(refusal(word))


def test_overlapping_entries(tmp_path: Path) -> None:
    """Two names for one stretch of data, as in a bomb that claims gigabytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.xml", "<a>text</a>")
        archive.writestr("b.xml", "<b>text</b>")
    data = bytearray(buffer.getvalue())
    second = data.rindex(b"PK\x01\x02")
    struct.pack_into("<L", data, second + 42, 0)
    path = tmp_path / "overlap.docx"
    path.write_bytes(data)
    assert "overlap" in str(refusal(path))


def test_damage_is_failed_not_rejected(word: Path) -> None:
    word.write_bytes(word.read_bytes()[:2000])
    assert refusal(word).status is DocumentStatus.FAILED


def test_a_wrong_checksum_is_damage(word: Path) -> None:
    add(word, "word/extra.xml", b"<a>text</a>", zipfile.ZIP_STORED)
    word.write_bytes(word.read_bytes().replace(b"<a>text</a>", b"<a>tent</a>"))
    assert refusal(word).status is DocumentStatus.FAILED
