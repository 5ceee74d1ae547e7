from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from lhs_evidence.ids import document_id
from lhs_evidence.model import DocumentStatus
from lhs_evidence.readers import SourceFile, read_document
from lhs_evidence.settings import ReadingLimits

from .conftest import MakeSource, Read


def test_what_cannot_be_read_still_has_its_hash_and_id(read: Read) -> None:
    data = b"\x1f\x8b\x08 old"
    made = read("old.gz", data)
    sha256 = hashlib.sha256(data).hexdigest()
    assert (made.status, made.sha256) == (DocumentStatus.UNSUPPORTED, sha256)
    assert made.id == document_id("old.gz", sha256)
    assert made.reason
    assert made.title == "old"


def test_a_file_that_is_gone_is_failed_with_the_reason(
    tmp_path: Path, limits: ReadingLimits
) -> None:
    made = read_document(SourceFile(tmp_path / "gone.pdf", "gone.pdf"), limits)
    assert made.status is DocumentStatus.FAILED
    assert "No such file" in made.reason


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_one_may_not_read_is_failed_with_the_reason(
    make_source: MakeSource, limits: ReadingLimits
) -> None:
    source = make_source("secret.txt", "text")
    source.path.chmod(0)
    made = read_document(source, limits)
    assert (made.status, made.sha256) == (DocumentStatus.FAILED, "")
    assert "Permission denied" in made.reason


@pytest.mark.parametrize(
    ("limit", "word"), [({"file_bytes": 10}, "MiB"), ({"characters": 20}, "characters")]
)
def test_a_file_over_a_limit_is_rejected_whole(
    read: Read, limit: dict[str, int], word: str
) -> None:
    made = read("long.txt", "Every fall is reviewed within a day.", **limit)
    assert (made.status, made.text) == (DocumentStatus.REJECTED, "")
    assert word in made.reason


def test_the_same_bytes_give_the_same_document(read: Read) -> None:
    text = "FALLS\n\nEvery fall is reviewed within a day by the unit's nurse manager.\n"
    assert read("falls.txt", text) == read("falls.txt", text)


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.xlsx", "a.pptx", "a.html", "a.md", "a.txt"])
def test_garbage_under_any_name_ends_in_a_status(read: Read, name: str) -> None:
    noise = bytes((index * index * 7 + index) % 256 for index in range(4000))
    for data in (noise, b"PK\x03\x04" + noise, b"%PDF-1.7" + noise, b"<html>" + noise):
        made = read(name, data)
        assert made.status in DocumentStatus
        assert made.status.has_text or made.reason
