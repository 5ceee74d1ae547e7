from __future__ import annotations

import json
import os

import pytest

from lhs_evidence.errors import InputError, OutputError
from lhs_evidence.report import FORMATS, GapReport, write_reports


def test_json_is_written_always_and_reads_back_as_the_same_report(report: GapReport, tmp_path):
    paths = write_reports(report, tmp_path / "new" / "folder", [])
    assert paths == {"json": tmp_path / "new" / "folder" / "gap-report.json"}
    assert GapReport.model_validate_json(paths["json"].read_bytes()) == report


def test_each_format_has_its_file_and_nothing_else_is_left(report: GapReport, tmp_path):
    paths = write_reports(report, tmp_path, FORMATS)
    assert list(paths) == list(FORMATS)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        f"gap-report.{name}" for name in FORMATS
    )


def test_the_same_assessment_gives_the_same_bytes(sample, tmp_path):
    first = write_reports(sample.report(), tmp_path / "a", FORMATS)
    second = write_reports(sample.report(), tmp_path / "b", FORMATS)
    assert all(first[name].read_bytes() == second[name].read_bytes() for name in FORMATS)


def test_text_stays_readable_in_the_json(sample, tmp_path):
    written = write_reports(sample.changed(organization="Öst & Söhne").report(), tmp_path, [])
    assert '"organization": "Öst & Söhne"' in written["json"].read_text("utf-8")


def test_an_earlier_report_is_replaced(report: GapReport, tmp_path):
    (tmp_path / "gap-report.json").write_text("old")
    write_reports(report, tmp_path, [])
    assert json.loads((tmp_path / "gap-report.json").read_bytes())["schema"] == "1"


def test_an_unknown_format_is_refused_before_anything_is_written(report: GapReport, tmp_path):
    with pytest.raises(InputError, match=r"no report format 'papyrus' \(known: .*json"):
        write_reports(report, tmp_path / "out", ["json", "papyrus"])
    assert not (tmp_path / "out").exists()


def test_a_file_in_place_of_the_folder_is_said_in_one_sentence(report: GapReport, tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(OutputError, match=r"out: it is not a folder$"):
        write_reports(report, tmp_path / "out", [])


def test_a_folder_that_cannot_be_made_is_said_in_one_sentence(report: GapReport, tmp_path):
    (tmp_path / "file").write_text("a file")
    with pytest.raises(OutputError, match=r"^cannot write the report to .*: Not a directory$"):
        write_reports(report, tmp_path / "file" / "out", [])


def test_a_full_disk_leaves_the_earlier_report_and_no_pieces(report, tmp_path, monkeypatch):
    (tmp_path / "gap-report.json").write_text("old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="No space left on device"):
        write_reports(report, tmp_path, FORMATS)
    assert [path.name for path in tmp_path.iterdir()] == ["gap-report.json"]
    assert (tmp_path / "gap-report.json").read_text() == "old"


def test_the_report_is_readable_by_whom_the_umask_lets(report: GapReport, tmp_path):
    before = os.umask(0o022)
    try:
        path = write_reports(report, tmp_path, [])["json"]
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o644
