from __future__ import annotations

from dataclasses import replace

import pytest

from lhs_evidence.errors import FrameworkError, VerificationError
from lhs_evidence.model import Reason
from lhs_evidence.report import GapReport, build_report
from lhs_evidence.report.schema import Urgency


def test_every_quote_equals_the_text_it_cites(sample, report: GapReport):
    quotes = list(report.quotes())
    assert quotes
    for quote in quotes:
        assert sample.texts[quote.document][quote.start : quote.end] == quote.quote


@pytest.mark.parametrize("change", [{"text": "Every near miss is reported."}, {"start": 3}])
def test_a_quote_that_does_not_match_stops_the_report(sample, passages, change):
    altered = replace(passages["hours24"], **change)
    held = {**sample.assessment.passages, altered.id: altered}
    with pytest.raises(VerificationError, match="does not match the text of doc_policy"):
        sample.changed(passages=held, commitments=_stripped(sample)).report()


def test_offsets_from_the_end_are_refused_even_where_the_slice_would_match(sample, passages):
    length = len(sample.texts["doc_policy"])
    wishes = passages["wishes"]
    backwards = replace(wishes, start=wishes.start - length, end=length)
    assert sample.texts["doc_policy"][backwards.start : backwards.end] == wishes.text
    gaps = (replace(sample.assessment.gaps[0], nearest=(wishes.id,)),)
    with pytest.raises(VerificationError, match="does not match"):
        sample.changed(
            passages={wishes.id: backwards}, gaps=gaps, commitments=_stripped(sample)
        ).report()


def test_a_quote_whose_text_is_not_at_hand_stops_the_report(sample):
    with pytest.raises(VerificationError, match="whose text is not at hand"):
        build_report(sample.assessment, sample.framework, {})


def test_a_gap_that_names_an_unknown_passage_stops_the_report(sample):
    gaps = (replace(sample.assessment.gaps[0], nearest=("psg_nowhere",)),)
    with pytest.raises(VerificationError, match="psg_nowhere"):
        sample.changed(gaps=gaps).report()


def test_a_quote_from_an_unlisted_document_stops_the_report(sample):
    with pytest.raises(VerificationError, match="doc_policy, which is not listed"):
        sample.changed(documents=sample.assessment.documents[1:]).report()


def test_the_nearest_passages_of_every_gap_resolve(report: GapReport):
    quotes = {quote.passage: quote.quote for quote in report.passages}
    conflict = next(gap for gap in report.gaps if gap.reason is Reason.CONTRADICTED)
    assert [quotes[item] for item in conflict.nearest] == [
        "Every near miss is reported within 24 hours.",
        "Every near miss is reported within 72 hours.",
    ]
    assert all(item in quotes for gap in report.gaps for item in gap.nearest)


def test_confidences_have_four_digits(report: GapReport):
    assert report.commitments[0].confidence == 0.9123
    assert report.commitments[1].evidence[0].confidence == 0.9765


def test_printed_page_labels_stand_beside_page_numbers(report: GapReport):
    figure = report.commitments[1].evidence[0]
    assert (figure.pages, figure.page_labels) == ((4,), ("iv",))


def test_pages_without_a_printed_label_are_called_by_number(sample):
    report = build_report(sample.assessment, sample.framework, sample.texts)
    assert report.commitments[1].evidence[0].page_labels == ("4",)


def test_documents_count_and_name_the_pages_that_were_not_read(report: GapReport):
    annual = report.documents[1]
    assert (annual.pages, annual.pages_without_text, annual.unread_pages) == (9, 2, (2, 3))


def test_urgency_follows_reason_and_expectation(report: GapReport):
    found = {(gap.commitment, gap.facet): gap.urgency for gap in report.gaps}
    assert found["secure", "use"] is Urgency.FIRST
    assert found["equitable", "parity"] is Urgency.FIRST
    assert found["engaged", "acting"] is Urgency.NEXT
    assert found["safe", "protocols"] is Urgency.LATER
    assert found["efficient", "affordability"] is Urgency.LATER
    assert found["secure", "ai"] is Urgency.UNREAD


def test_names_that_are_no_text_become_text(sample):
    documents = tuple(
        replace(item, name="no\udcfftext\x00.pdf") for item in sample.assessment.documents
    )
    report = sample.changed(documents=documents).report()
    assert report.documents[0].name == "no\ufffdtext\ufffd.pdf"


def test_another_framework_than_the_assessments_is_refused(sample):
    with pytest.raises(VerificationError, match=r"was made with .* 0\.9, not with"):
        sample.changed(framework_version="0.9").report()


def test_an_unknown_kind_of_organization_is_refused(sample):
    with pytest.raises(FrameworkError, match="submarine"):
        sample.changed(kind="submarine").report()


def _stripped(sample):
    """Coverage without evidence, so that only the passages of gaps are cited."""
    return tuple(
        replace(
            item,
            evidence=(),
            facets=tuple(replace(facet, evidence=()) for facet in item.facets),
        )
        for item in sample.assessment.commitments
    )
