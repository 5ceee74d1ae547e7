"""How completely documents were read, and where quotes without a page stand, as reports say it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from lhs_evidence.errors import VerificationError
from lhs_evidence.model import DocumentStatus, Fidelity
from lhs_evidence.report import GapReport, build_report
from lhs_evidence.report.html_format import render_html
from lhs_evidence.report.json_format import render_json
from lhs_evidence.report.reading import percent

FRENCH = {"language": "fr", "passages": 12, "unclassified": {"fr": 9, "es": 1}}


@pytest.fixture
def read(sample):
    """Return a function that reports on the sample with its first document read like this."""

    def make(**changes: object) -> GapReport:
        first, *others = sample.assessment.documents
        return sample.changed(documents=(replace(first, **changes), *others)).report()

    return make


def row(report: GapReport) -> str:
    table = BeautifulSoup(render_html(report), "html.parser").find(class_="documents")
    return " ".join(table.tbody.find("tr").get_text().split())


def words(report: GapReport, part: str) -> str:
    page = BeautifulSoup(render_html(report), "html.parser")
    return " ".join(page.find(id=part).get_text().split())


def test_the_json_carries_how_a_document_was_read(read):
    how = Fidelity((2,), (4, 5), 3, 17, "windows-1252", 0.98761, "7")
    document = json.loads(render_json(read(fidelity=how, **FRENCH)))["documents"][0]
    wanted = {
        "pages_failed": [2],
        "pages_recognised": [4, 5],
        "characters_removed": 3,
        "characters_hidden": 17,
        "encoding": "windows-1252",
        "agreement": 0.9876,
        "language": "fr",
        "passages_unclassified": 10,
        "unclassified_by_language": {"fr": 9, "es": 1},
    }
    assert {field: document[field] for field in wanted} == wanted


def test_a_report_from_before_these_fields_is_still_read(report):
    content = json.loads(render_json(report))
    for document in content["documents"]:
        for field in ("language", "passages_unclassified", "pages_failed", "agreement"):
            del document[field]
    for quote in content["passages"]:
        del quote["paragraphs"], quote["ocr_confidence"]
    assert GapReport.model_validate(content).documents == report.documents


def test_unclassified_passages_are_counted_and_named(read):
    report = read(**FRENCH)
    assert "12 not classified: 9 passages in French and 1 in Spanish" in row(report)
    assert "safety policy.md: read. Not examined: 9 passages in French" in words(report, "unread")
    assert "Passages examined 3 about a paragraph each; 10 more not in English" in words(
        report, "top"
    )
    assert "3 passages were searched for each" in words(report, "gaps")
    assert "10 passages not in English were not." in words(report, "gaps")
    assert "left unclassified: 10 in these documents." in words(report, "method")


def test_a_report_all_in_english_does_not_speak_of_other_languages(report):
    assert "not in English" not in words(report, "top") + words(report, "gaps")
    assert "not classified" not in words(report, "documents")


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"pages_failed": (4, 5)}, "9 pages 4 to 5 failed"),
        ({"pages_recognised": (7,)}, "9 page 7 by text recognition"),
        ({"characters_hidden": 1_200}, "1,200 characters of hidden text kept apart"),
        ({"agreement": 0.799}, "text uncertain: 79 % of its words confirmed by a self-check"),
        ({"agreement": 0.97}, "read: 97 % of its words confirmed by a self-check"),
        ({"encoding": "windows-1252"}, "read as windows-1252"),
    ],
)
def test_what_was_lost_or_is_doubtful_is_said_in_words(read, how, said):
    assert said in row(read(pages=9, fidelity=Fidelity(**how)))


@pytest.mark.parametrize("how", [{}, {"agreement": 1.0}, {"encoding": "UTF-8"}])
def test_a_document_read_well_has_no_remarks(read, how):
    assert row(read(fidelity=Fidelity(**how))).endswith("3 none")


def test_a_reason_that_is_also_a_warning_is_said_once(read):
    report = read(status=DocumentStatus.PARTIAL, reason="97 of 99.", warnings=("97 of 99.", "x"))
    assert row(report).count("97 of 99.") == 1


def test_a_quote_without_pages_stands_in_a_paragraph(sample, passages):
    hours, wishes = passages["hours24"].id, passages["wishes"].id
    report = build_report(
        sample.assessment, sample.framework, sample.texts, None, {hours: (2,), wishes: (1, 2, 3)}
    )
    evidence = words(report, "evidence")
    assert (
        "safety policy.md, paragraph 2 (no fixed pages) under the headings Safety policy"
        in evidence
    )
    assert "safety policy.md, paragraphs 1 to 3 (no fixed pages) Cited" in evidence
    assert report.commitments[0].evidence[0].paragraphs == (1, 2, 3)


def test_recognised_text_is_marked_with_how_sure_it_is(sample, passages):
    old = passages["figure"]
    recognised = replace(old, ocr_confidence=0.879)
    commitments = tuple(
        replace(
            coverage,
            evidence=tuple(
                replace(item, passage=recognised) if item.passage == old else item
                for item in coverage.evidence
            ),
        )
        for coverage in sample.assessment.commitments
    )
    report = sample.changed(commitments=commitments).report()
    assert words(report, "evidence").count("Recognised text, 87 % sure") == 1
    assert report.commitments[1].evidence[0].ocr_confidence == 0.879


def test_figures_that_do_not_add_up_are_refused(report):
    content = json.loads(render_json(report))
    content["documents"][0]["passages_unclassified"] = 2
    with pytest.raises(ValueError, match="do not add up"):
        GapReport.model_validate(content)


def test_shares_beyond_the_whole_are_refused(read):
    with pytest.raises(VerificationError):
        read(fidelity=Fidelity(agreement=1.5))


@pytest.mark.parametrize(
    ("share", "said"), [(0.0, "0 %"), (0.29, "29 %"), (0.999, "99 %"), (1.0, "100 %")]
)
def test_a_share_is_never_rounded_up(share, said):
    assert percent(share) == said
