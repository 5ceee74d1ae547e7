"""Conflicts between two documents: found where planted, and nowhere else."""

import importlib.util
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from lhs_evidence.assess import AssessmentRequest
from lhs_evidence.assess.conflicts import find_conflicts
from lhs_evidence.assess.corpus import Corpus
from lhs_evidence.model import Level, Reason, Status

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
SUBJECT = np.eye(64)[0]


def conflict(case, first, second, *, score=(0.9, 0.9), vectors=(0.8, 0.6), heading=("", "")):
    """Return the words in conflict between two documents that each say one sentence."""
    for number, text in enumerate((first, second)):
        document = case.document(f"document {number}")
        away = np.sqrt(1 - vectors[number] ** 2) * np.eye(64)[number + 1]
        case.says(
            document,
            {"safe.risk": score[number]},
            text=text,
            vector=vectors[number] * SUBJECT + away,
            heading=(heading[number],),
        )
    found = find_conflicts(Corpus.of(case.request(), {}))
    return [(item.first.words, item.second.words) for item in found]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "Every incident must be reported to the safety officer within 24 hours.",
            "Staff report incidents to the safety officer within three days.",
        ),
        (
            "Complaints are acknowledged in writing within 3 working days.",
            "The office will acknowledge each complaint in writing within five (5) working days.",
        ),
        (
            "Medical records are retained for at least ten years after the last visit.",
            "Medical records must be kept for a minimum of seven years after the last visit.",
        ),
        (
            "Emergency equipment is checked every week by the charge nurse.",
            "Emergency equipment is checked monthly by the charge nurse.",
        ),
        (
            "Hand hygiene compliance must reach a target of 95%.",
            "The target for hand hygiene compliance is 90 percent.",
        ),
        (
            "Purchases of medical equipment over $5,000 must be approved by the chief executive.",
            "The chief executive must approve purchases of medical equipment over $10,000.",
        ),
        (
            "Passwords for the record system must have at least 8 characters.",
            "Passwords for the record system must contain a minimum of 12 characters.",
        ),
    ],
)
def test_planted_conflicts_are_found(case, first, second):
    assert len(conflict(case, first, second)) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # The same limit in other words.
        (
            "Training is completed within one month of employment.",
            "Training must be completed within 30 days of employment.",
        ),
        (
            "Medical records are retained for six years.",
            "Medical records are retained for a minimum of six (6) years.",
        ),
        (
            "Emergency equipment is checked at least every month.",
            "Emergency equipment is checked weekly.",
        ),
        # Another thing, another case, another recipient.
        (
            "Serious incidents are reported to the safety officer within 24 hours.",
            "Minor incidents are reported to the safety officer within five days.",
        ),
        (
            "Incidents must be reported within 24 hours.",
            "Incidents must be investigated and closed by the safety committee within 45 days.",
        ),
        (
            "Accounts of leavers are removed within 24 hours of leaving.",
            "Paper records are shredded by the supplier within 30 days of scanning.",
        ),
        # Not comparable without a calendar.
        (
            "Complaints are acknowledged in writing within 5 working days.",
            "Complaints are acknowledged in writing within 7 days.",
        ),
        # A report of what happened sets no limit.
        (
            "Complaints are answered within 30 days of receipt.",
            "In 2024 complaints were answered within 41 days of receipt on average.",
        ),
        # An agreeing pair among several limits in a sentence.
        (
            "Complaints are acknowledged within 3 days and answered within 30 days.",
            "Complaints are answered within 30 days and acknowledged within 3 days.",
        ),
    ],
)
def test_no_conflict_is_invented(case, first, second):
    assert conflict(case, first, second) == []


LIMIT = "Every incident must be reported to the safety officer within {}."
PAIR = (LIMIT.format("24 hours"), LIMIT.format("72 hours"))


def test_headings_narrow_what_a_limit_is_for(case):
    assert conflict(case, *PAIR, heading=("Serious incidents", "Minor incidents")) == []


def test_passages_on_other_facets_do_not_conflict(case):
    assert conflict(case, *PAIR, score=(0.9, 0.1)) == []


def test_a_passage_that_comes_near_the_facet_is_enough(case):
    # One passage carries the facet; the other carries a neighbour and comes near it.
    one, other = case.document("one"), case.document("other")
    case.says(one, {"safe.risk": 0.9}, text=PAIR[0], vector=SUBJECT)
    case.says(other, {"safe.risk": 0.3, "safe.protocols": 0.9}, text=PAIR[1], vector=SUBJECT)
    assert len(find_conflicts(Corpus.of(case.request(), {}))) == 1


def test_passages_on_other_subjects_do_not_conflict(case):
    assert conflict(case, *PAIR, vectors=(0.4, 0.4)) == []


def test_one_document_does_not_conflict_with_itself(case):
    document = case.document("policy")
    for text in PAIR:
        case.says(document, {"safe.risk": 0.9}, text=text, vector=SUBJECT)
    assert find_conflicts(Corpus.of(case.request(), {})) == []


def test_a_newer_version_may_differ_from_the_one_it_replaces(kit, case):
    for number, text in enumerate(PAIR, start=1):
        document = case.document(f"v{number}.pdf", f"Version: {number}", title="Incident Policy")
        case.says(document, {"safe.risk": 0.9}, text=text, vector=SUBJECT)
    assert kit.facet(case.assess(), "safe.risk").status is Status.OPERATIONAL


def test_a_conflict_contradicts_its_facet_and_cites_both_sides(kit, case):
    assert conflict(case, *PAIR) == [("within 24 hours", "within 72 hours")]
    gap = kit.gap(case.assess(), "safe.risk")
    assert gap.reason is Reason.CONTRADICTED
    assert set(gap.nearest) == {passage.id for passage in case.passages}
    assert '"document 0" says "within 24 hours"' in gap.why
    assert '"document 1" says "within 72 hours"' in gap.why


def test_a_conflict_is_told_under_the_one_facet_it_concerns_most(kit, case):
    for name, text in zip(("one", "other"), PAIR, strict=True):
        scores = {"safe.risk": 0.9, "accountable.feedback": 0.7}
        case.says(case.document(name), scores, text=text, vector=SUBJECT)
    assessment = case.assess()
    assert kit.facet(assessment, "safe.risk").status is Status.CONTRADICTED
    assert kit.facet(assessment, "accountable.feedback").status is Status.OPERATIONAL


@pytest.mark.slow
def test_policies_written_to_agree_do_not_conflict(kit):
    """Every passage is taken to speak to one facet, which is far more than any classifier says."""
    folder = SHARED / "documents" / "datica"
    if not folder.is_dir():
        pytest.skip(f"needs the documents in {folder}")
    if importlib.util.find_spec("sentence_transformers") is None:
        pytest.skip("needs the encoder")
    assert len(find_conflicts(agreeing_policies(kit, folder))) <= 2


def agreeing_policies(kit, folder):
    from lhs_evidence.encoders import load_encoder
    from lhs_evidence.passages import split
    from lhs_evidence.readers import discover, read_document
    from lhs_evidence.settings import Settings

    settings = Settings()
    encoder = load_encoder(settings.encoder, settings.cache)
    documents = [read_document(source, settings.limits) for source in discover([folder])]
    passages = [
        passage
        for document in documents
        for passage in split(document, encoder.count_tokens, encoder.window)
    ]
    findings = {
        passage.id: kit.make_finding(
            passage.id, {"secure.use": 0.9}, Level.OPERATIONAL, kit.supports
        )
        for passage in passages
    }
    request = AssessmentRequest(
        framework=kit.framework,
        organization="Agreeing",
        kind="vendor",
        documents=documents,
        passages=passages,
        vectors=encoder.encode([passage.text for passage in passages]),
        findings=findings,
        encoder="encoder",
        classifier="classifier",
        created=datetime(2026, 6, 1, tzinfo=UTC),
    )
    return Corpus.of(request, {})
