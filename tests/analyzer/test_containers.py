"""Archives and mails in a run: what is in them counts like any other document."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lhs_evidence.analyzer import Analyzer

POLICY = "# Incident reporting\n\nStaff report every incident on the day it happens.\n"
NOTICE = "# Your rights\n\nYou have the right to take part in decisions about your care.\n"


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return Analyzer()


def pack(folder: Path, **members: str) -> Path:
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / "board.zip", "w") as archive:
        for name, text in members.items():
            archive.writestr(f"{name}.md", text)
    return folder


def test_evidence_in_an_archive_is_cited_by_its_name_there(
    analyzer: Analyzer, tmp_path: Path
) -> None:
    folder = pack(tmp_path / "in", policy=POLICY, notice=NOTICE)
    report = analyzer.analyze([folder], tmp_path / "w")
    assert [document.name for document in report.documents] == [
        "board.zip/notice.md",
        "board.zip/policy.md",
    ]
    assert analyzer.verify(tmp_path / "w") == []


def test_only_what_changed_in_an_archive_is_read_again(analyzer: Analyzer, tmp_path: Path) -> None:
    folder = pack(tmp_path / "in", policy=POLICY, notice=NOTICE)
    analyzer.ingest([folder], tmp_path / "w")
    told: list[str] = []
    pack(folder, policy=POLICY, notice=NOTICE.replace("decisions", "all decisions"))
    result = analyzer.ingest(
        [folder], tmp_path / "w", progress=lambda _stage, _done, _total, what: told.append(what)
    )
    assert [name for name in told if name] == ["board.zip/notice.md"]
    assert result.encoded == 1


def test_what_left_an_archive_leaves_the_report(analyzer: Analyzer, tmp_path: Path) -> None:
    analyzer.analyze([pack(tmp_path / "in", policy=POLICY, notice=NOTICE)], tmp_path / "w")
    report = analyzer.analyze([pack(tmp_path / "in", policy=POLICY)], tmp_path / "w")
    assert [document.name for document in report.documents] == ["board.zip/policy.md"]


def test_a_second_analysis_at_the_same_moment_reports_its_own_documents(
    analyzer: Analyzer, tmp_path: Path
) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    still = Analyzer(analyzer.settings, encoder=analyzer.encoder, clock=lambda: moment)
    for texts in ({"policy": POLICY}, {"notice": NOTICE}, {"policy": POLICY, "notice": NOTICE}):
        report = still.analyze([pack(tmp_path / "in", **texts)], tmp_path / "w")
        assert {document.name for document in report.documents} == {
            f"board.zip/{name}.md" for name in texts
        }


def test_an_archive_that_cannot_be_opened_is_in_the_report(
    analyzer: Analyzer, tmp_path: Path
) -> None:
    folder = pack(tmp_path / "in", policy=POLICY)
    (folder / "torn.zip").write_bytes((folder / "board.zip").read_bytes()[:-40])
    report = analyzer.analyze([folder], tmp_path / "w")
    assert {document.name: document.status for document in report.documents} == {
        "board.zip/policy.md": "ready",
        "torn.zip": "failed",
    }
