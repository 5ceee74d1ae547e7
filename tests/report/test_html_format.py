from __future__ import annotations

import base64
import hashlib
import re
import time
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup

from lhs_evidence.ids import passage_id
from lhs_evidence.model import Evidence, Level, Passage, Polarity, Reason, Status
from lhs_evidence.report import GapReport
from lhs_evidence.report.html_format import render_html
from lhs_evidence.report.json_format import render_json

NAUGHTY = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><script>alert(1)</script>",
    "</title></head><body onload=alert(1)>",
    "' onmouseover='alert(1)",
    "<!-- <a href=javascript:alert(1)>",
    "{{ 7 * 7 }}{% raw %}${7*7}",
    "&lt;b&gt; & &#x3c;",
    "]]><svg/onload=alert(1)>",
    "\N{RIGHT-TO-LEFT OVERRIDE}fdp.exe",
    "=cmd|' /C calc'!A0",
]


@pytest.fixture(scope="module")
def page(report: GapReport) -> BeautifulSoup:
    return _parse(render_html(report))


def _parse(html: bytes) -> BeautifulSoup:
    return BeautifulSoup(html.decode("utf-8"), "html.parser")


def _words(node) -> str:
    return " ".join(node.get_text().split())


def test_the_page_needs_nothing_beside_it(page, report):
    assert not page.find_all(["script", "link", "iframe", "object", "embed", "img", "base", "form"])
    assert not page.find_all(attrs={"src": True})
    assert not page.find_all(attrs={"style": True})
    outside = [item["href"] for item in page.find_all(href=True) if item["href"][0] != "#"]
    assert outside == [report.framework.url]
    assert not re.search(r"@import|url\(", page.style.string)


def test_a_browser_is_told_to_run_nothing_but_this_style(page):
    policy = page.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    digest = base64.b64encode(hashlib.sha256(page.style.string.encode()).digest()).decode()
    assert policy.startswith("default-src 'none'; ")
    assert f"style-src 'sha256-{digest}'" in policy


def test_every_link_and_label_inside_the_page_leads_somewhere(page):
    ids = Counter(item["id"] for item in page.find_all(id=True))
    assert set(ids.values()) == {1}
    links = {item["href"][1:] for item in page.find_all(href=re.compile("^#"))}
    labels = {item["aria-labelledby"] for item in page.find_all(attrs={"aria-labelledby": True})}
    assert links
    assert labels
    assert links | labels <= set(ids)


def test_ids_hold_no_spaces(page):
    assert all(re.fullmatch(r"\S+", item["id"]) for item in page.find_all(id=True))


def test_headings_step_down_one_at_a_time(page):
    levels = [int(item.name[1]) for item in page.find_all(re.compile(r"^h[1-6]$"))]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))


def test_landmarks_and_a_link_past_them(page):
    for landmark in ("header", "nav", "main", "footer"):
        assert page.find(landmark)
    assert page.find("a")["href"] == "#main"
    assert page.html["lang"] == "en"
    assert "Cedar Valley Health" in page.title.string


def test_tables_have_captions_and_scoped_headers(page):
    tables = page.find_all("table")
    assert tables
    assert all(table.caption and _words(table.caption) for table in tables)
    assert all(header.get("scope") in ("col", "row") for header in page.find_all("th"))


@pytest.mark.parametrize("status", Status)
def test_a_status_is_shown_by_word_shape_and_colour(page, report, status):
    badges = page.find_all(class_="badge") + page.find_all(class_="tile")
    shown = [item for item in badges if f"s-{status}" in item["class"]]
    assert shown
    for item in shown:
        assert report.words.statuses[status].name in _words(item)
        assert item.use["href"] == f"#i-{status}"
    assert f".s-{status} {{" in page.style.string


def test_no_two_statuses_have_the_same_shape(page):
    shapes = [str(page.find(id=f"i-{status}").path) for status in Status]
    assert len(set(shapes)) == len(Status)


def test_the_scorecard_shows_every_facet_of_every_commitment(page, report):
    rows = page.find("table", class_="scorecard").tbody.find_all("tr")
    assert [_words(row.th.a) for row in rows] == [item.name for item in report.commitments]
    shown = [[_words(tile) for tile in row.find_all(class_="tile-name")] for row in rows]
    assert shown == [[facet.name for facet in item.facets] for item in report.commitments]


def test_a_facet_that_is_not_evidenced_carries_no_likelihood_to_misread(page):
    tile = next(item for item in page.find_all(class_="tile") if "s-not_evidenced" in item["class"])
    assert tile.find(class_="likelihood") is None


def test_quotations_are_verbatim_and_all_there(page, report: GapReport):
    shown = {quote.get_text() for quote in page.find_all("blockquote")}
    assert shown == {quote.quote for quote in report.quotes()}


def test_gaps_come_before_evidence_and_the_urgent_ones_first(page):
    sections = [item["id"] for item in page.main.find_all("section", recursive=False)]
    assert sections == ["scorecard", "gaps", "evidence", "documents", "reading", "method"]
    groups = [item["id"] for item in page.find_all(class_="gap-group")]
    assert groups == ["gaps-first", "gaps-next", "gaps-later", "gaps-unread"]


def test_each_gap_says_why_and_what_would_close_it(page, report: GapReport):
    for gap in report.gaps:
        article = page.find(id=f"g-{gap.commitment}.{gap.facet}")
        assert gap.why in _words(article)
        assert gap.suggestion in _words(article)


def test_conflicting_passages_stand_side_by_side(page, report: GapReport):
    gap = next(gap for gap in report.gaps if gap.reason is Reason.CONTRADICTED)
    conflict = page.find(id=f"g-{gap.commitment}.{gap.facet}").find(class_="conflict")
    assert [quote.get_text() for quote in conflict.find_all("blockquote")] == [
        "Every near miss is reported within 24 hours.",
        "Every near miss is reported within 72 hours.",
    ]


def test_evidence_says_where_it_stands_and_how_sure_it_is(page):
    figure, hours = page.find(id="c-safe").find_all(class_="evidence")
    assert "annual.pdf, page iv (page 4 of the file) under the headings Figures" in _words(figure)
    assert "Level Measured Confidence very likely, 0.98" in _words(figure)
    assert "From an outdated document" in _words(figure)
    assert "safety policy.md under the headings Safety policy \u203a Near misses" in _words(hours)
    assert "likely, 0.86" in _words(hours)


def test_evidence_without_page_and_heading_is_placed_by_its_characters(page):
    wishes = page.find(id="c-engaged").find(class_="evidence")
    assert "no fixed pages, no headings; characters 107 to 143" in _words(wishes)
    assert "Needs a reviewer’s eye" in _words(wishes)


def test_what_could_not_be_read_is_named_and_never_called_missing(page):
    unread = _words(page.find(id="unread"))
    assert "annual.pdf: read in part, no text on pages 2 to 3. 2 of 9 pages have no text." in unread
    assert "scan.pdf: no text to read. Its pages are pictures" in unread
    assert "safety policy.md" not in unread
    assert "never counted as missing" in unread


def test_documents_have_statuses_in_words(page):
    rows = [_words(row) for row in page.find("table", class_="documents").tbody.find_all("tr")]
    assert rows[0] == "safety policy.md Safety policy Read no fixed pages 3 none"
    assert rows[1].startswith("annual.pdf Annual report Read in part 9 1 Outdated. Review was due")
    assert rows[2].startswith("scan.pdf No text to read 3 0")


def test_the_bands_are_shown_with_the_limits_they_have(page, report: GapReport):
    rows = [_words(row) for row in page.find("table", class_="bands").tbody.find_all("tr")]
    assert rows[:2] == ["very likely0.90 and above", "likely0.66 to below 0.90"]
    assert len(rows) == len(report.words.bands)


def test_what_produced_the_report_is_named(page, report: GapReport):
    method = _words(page.find(id="method"))
    for identity in (report.assessment, report.encoder, report.classifier, report.framework.id):
        assert identity in method
    assert report.framework.citation in method
    assert "2 March 2026, 09:30 UTC" in method


@pytest.mark.parametrize("text", NAUGHTY)
def test_names_from_outside_stay_text(renamed, text):
    plain, naughty = _parse(render_html(renamed("plain"))), _parse(render_html(renamed(text)))
    _assert_same_elements(plain, naughty)
    assert naughty.h1.get_text() == text
    assert naughty.find(id="doc-1").bdi.get_text() == text


@pytest.mark.parametrize("text", NAUGHTY)
def test_quotes_and_headings_stay_text(sample, text):
    plain, naughty = (
        _parse(render_html(_with_passage(sample, item).report())) for item in ("plain", text)
    )
    _assert_same_elements(plain, naughty)
    assert text in {quote.get_text() for quote in naughty.find_all("blockquote")}


def _with_passage(sample, text: str):
    passage = Passage(
        passage_id("doc_policy", 0, len(text), text), "doc_policy", 0, len(text), text, (text,)
    )
    evidence = Evidence(passage, "", 0.9, Level.DECLARED, Polarity.COUNTER, ("understanding",))
    engaged = replace(sample.assessment.commitments[0], evidence=(evidence,))
    bare = tuple(replace(facet, evidence=()) for facet in engaged.facets)
    gaps = tuple(replace(gap, nearest=(passage.id,)) for gap in sample.assessment.gaps)
    others = tuple(
        replace(item, evidence=(), facets=tuple(replace(f, evidence=()) for f in item.facets))
        for item in sample.assessment.commitments[1:]
    )
    return replace(
        sample.changed(
            commitments=(replace(engaged, facets=bare), *others),
            gaps=gaps,
            passages={passage.id: passage},
        ),
        texts={"doc_policy": text},
    )


def _assert_same_elements(plain: BeautifulSoup, naughty: BeautifulSoup) -> None:
    def elements(page: BeautifulSoup) -> list[tuple[str, tuple[str, ...]]]:
        return [(item.name, tuple(sorted(item.attrs))) for item in page.find_all(True)]

    assert elements(naughty) == elements(plain)


def test_an_address_that_is_no_web_page_is_not_linked(report: GapReport):
    reference = report.framework.model_copy(update={"url": "javascript:alert(1)"})
    page = _parse(render_html(report.model_copy(update={"framework": reference})))
    assert not page.find_all(href=re.compile("javascript"))
    assert "javascript:alert(1)" in _words(page.find(id="method"))


def test_a_report_without_gaps_says_so(sample):
    page = _parse(render_html(sample.changed(gaps=()).report()))
    assert "No gaps were found in the documents that were read." in _words(page.find(id="gaps"))


def test_a_report_on_nothing_readable_is_still_a_report(sample):
    assessment = sample.assessment
    scans = assessment.documents[2:]
    commitments = tuple(
        replace(
            item,
            evidence=(),
            status=Status.NOT_ASSESSABLE,
            facets=tuple(
                replace(facet, status=Status.NOT_ASSESSABLE, evidence=()) for facet in item.facets
            ),
        )
        for item in assessment.commitments
    )
    report = sample.changed(documents=scans, commitments=commitments, gaps=()).report()
    page = _parse(render_html(report))
    assert "Documents read 0 of 1" in _words(page.header)
    assert "Not evidenced" not in _words(page.find("table", class_="scorecard"))


def test_the_page_can_be_made_again_from_the_json(report: GapReport):
    again = GapReport.model_validate_json(render_json(report))
    assert render_html(again) == render_html(report)


def test_more_evidence_unfolds_and_keeps_its_numbers(sample):
    page = _parse(render_html(_crowded(sample, 5).report()))
    details = page.find(id="c-engaged").find("details")
    assert _words(details.summary) == "2 more passages for Engaged"
    assert [item["id"] for item in details.find_all(class_="evidence")] == [
        "e-engaged-4", "e-engaged-5",
    ]  # fmt: skip


def test_two_thousand_passages_are_rendered_in_under_two_seconds(sample):
    report = _crowded(sample, 2000).report()
    start = time.perf_counter()
    render_html(report)
    assert time.perf_counter() - start < 2


def _crowded(sample, count: int):
    text, evidence = "", []
    for number in range(count):
        quote = f"Council meeting {number} heard what families want. " * 8
        start, text = len(text), text + quote
        passage = Passage(
            passage_id("doc_policy", start, len(text), quote), "doc_policy", start, len(text), quote
        )
        evidence.append(
            Evidence(passage, "", 0.9, Level.OPERATIONAL, Polarity.SUPPORTS, ("understanding",))
        )
    bare = tuple(
        replace(item, evidence=(), facets=tuple(replace(f, evidence=()) for f in item.facets))
        for item in sample.assessment.commitments
    )
    crowded = replace(bare[0], evidence=tuple(evidence))
    return replace(
        sample.changed(commitments=(crowded, *bare[1:]), gaps=()), texts={"doc_policy": text}
    )
