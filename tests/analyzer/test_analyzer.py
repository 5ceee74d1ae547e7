"""The pipeline as a whole, through the Python interface."""

from __future__ import annotations

import json
import shutil

import pytest

from lhs_evidence.analyzer import Analyzer
from lhs_evidence.errors import FrameworkError, InputError, WorkspaceError
from lhs_evidence.model import Passage
from lhs_evidence.store import Workspace

POLICY = """# Incident reporting

Staff report every incident and near miss on the day it happens, through the reporting form.

# Access to systems

Access to the record is granted by role, with two factors, and reviewed every quarter.
"""
NOTICE = """# Your rights

You have the right to take part in decisions about your care and to refuse any treatment.
"""

AVIS = """# Signalement des incidents

Chaque incident est signalé le jour même au moyen du formulaire, puis examiné par le comité.

# Vos droits

Vous avez le droit de prendre part aux décisions qui concernent vos soins et de les refuser.
"""


@pytest.fixture(scope="module")
def analyzer():
    return Analyzer()


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "policy.md").write_text(POLICY)
    (folder / "notice.md").write_text(NOTICE)
    return folder


@pytest.fixture
def workspace(analyzer, folder, tmp_path):
    analyzer.ingest([folder], tmp_path / "workspace")
    return tmp_path / "workspace"


def test_stages_report_their_progress_to_the_end(analyzer, folder, tmp_path):
    told = []
    analyzer.analyze([folder], tmp_path / "w", progress=lambda *step: told.append(step))
    for stage in ("Reading", "Encoding", "Classifying"):
        steps = [(done, total) for name, done, total, _ in told if name == stage]
        assert steps[-1][0] == steps[-1][1]
        assert steps == sorted(steps)


def test_a_document_that_left_the_folder_leaves_the_report(analyzer, folder, tmp_path):
    analyzer.analyze([folder], tmp_path / "w")
    (folder / "notice.md").unlink()
    report = analyzer.analyze([folder], tmp_path / "w")
    assert [document.name for document in report.documents] == ["policy.md"]


def test_a_changed_word_re_encodes_one_passage(analyzer, folder, workspace):
    (folder / "policy.md").write_text(POLICY.replace("every quarter", "every month"))
    assert analyzer.ingest([folder], workspace).encoded == 1


def test_search_survives_a_lost_and_a_torn_index(analyzer, workspace):
    first = [hit.passage.id for hit in analyzer.search(workspace, "refusing treatment")]
    shutil.rmtree(workspace / "indexes")
    assert [hit.passage.id for hit in analyzer.search(workspace, "refusing treatment")] == first
    [vectors] = (workspace / "indexes").glob("*/vectors.faiss")
    vectors.write_bytes(vectors.read_bytes()[:100])
    assert [hit.passage.id for hit in analyzer.search(workspace, "refusing treatment")] == first
    assert (
        "refuse any treatment" in analyzer.search(workspace, "refusing treatment")[0].passage.text
    )


def test_search_within_a_commitment_gives_only_its_passages(analyzer, workspace):
    hits = analyzer.search(workspace, "access", commitment="secure")
    assert hits
    assert all("Access to the record" in hit.passage.text for hit in hits)


def test_the_retriever_gives_langchain_documents_with_their_place(analyzer, workspace):
    with analyzer.retriever(workspace, limit=1) as retriever:
        [found] = retriever.invoke("two-factor access to the record")
    with Workspace.open(workspace) as store:
        text = store.document(found.metadata["document"]).text
    assert text[found.metadata["start"] : found.metadata["end"]] == found.page_content


def test_verify_finds_nothing_in_a_sound_workspace(analyzer, workspace):
    analyzer.assess(workspace)
    assert analyzer.verify(workspace) == []


def test_a_report_that_was_edited_is_found_out(analyzer, workspace):
    analyzer.assess(workspace, organization="Elm")
    report = analyzer.report(workspace)
    assert analyzer.verify_report(report, workspace) == []
    data = json.loads(report.model_dump_json(by_alias=True))
    quote = next(c for c in data["commitments"] if c["evidence"])["evidence"][0]
    quote["start"], quote["end"] = quote["start"] + 1, quote["end"] + 1
    forged = type(report).model_validate(data)
    assert quote["passage"] in analyzer.verify_report(forged, workspace)[0]


def test_what_cannot_be_assessed_is_refused_in_a_sentence(analyzer, tmp_path, workspace):
    with pytest.raises(WorkspaceError):
        analyzer.assess(tmp_path / "nowhere")
    with pytest.raises(FrameworkError, match="castle"):
        analyzer.assess(workspace, kind="castle")
    with pytest.raises(FrameworkError):
        analyzer.search(workspace, "x", commitment="friendly")
    Workspace.open(tmp_path / "empty", create=True).close()
    with pytest.raises(InputError, match="no documents"):
        analyzer.assess(tmp_path / "empty")


def test_the_same_documents_give_the_same_assessment(analyzer, folder, tmp_path):
    first = analyzer.analyze([folder], tmp_path / "a", organization="Elm")
    second = analyzer.analyze([folder], tmp_path / "b", organization="Elm")
    assert first.model_copy(update={"created": second.created}) == second


def test_what_is_not_in_english_is_read_marked_and_not_classified(analyzer, folder, tmp_path):
    (folder / "avis.md").write_text(AVIS, encoding="utf-8")
    report = analyzer.analyze([folder], tmp_path / "w", organization="Elm")
    avis, notice, policy = report.documents
    assert (avis.language, avis.passages, avis.passages_unclassified) == ("fr", 2, 2)
    assert avis.warnings == ("The text looks French; its 2 passages were not classified.",)
    assert (notice.language, notice.passages_unclassified, policy.warnings) == ("en", 0, ())
    assert avis.id not in {quote.document for quote in report.quotes()}
    absent = next(gap.why for gap in report.gaps if gap.reason == "absent")
    assert 'of 2 documents read. 2 passages in French were not examined: "avis.md".' in absent
    assert "droit" in analyzer.search(tmp_path / "w", "le droit de refuser")[0].passage.text
    assert analyzer.verify(tmp_path / "w") == []


def test_nothing_is_concluded_from_documents_that_are_not_in_english(analyzer, tmp_path):
    (tmp_path / "avis.md").write_text(AVIS, encoding="utf-8")
    report = analyzer.analyze([tmp_path / "avis.md"], tmp_path / "w")
    assert {commitment.status for commitment in report.commitments} == {"not_assessable"}
    assert {gap.status for gap in report.gaps} == {"not_assessable"}
    assert {gap.reason for gap in report.gaps} == {"not_assessable"}


def test_who_asks_for_a_passage_gets_a_finding_whatever_its_language(analyzer):
    asked = Passage("x", "", 0, len(AVIS), AVIS, language="fr")
    assert [finding.passage for finding in analyzer.classify_texts([asked])] == ["x"]


def test_evidence_without_pages_is_placed_by_its_paragraph(analyzer, folder, tmp_path):
    report = analyzer.analyze([folder], tmp_path / "w")
    quote = next(item for item in report.quotes() if "two factors" in item.quote)
    assert (quote.pages, quote.paragraphs, quote.heading) == ((), (1,), ("Access to systems",))
