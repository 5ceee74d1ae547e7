from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lhs_evidence.model import DocumentStatus, Level, Polarity, Reason, Status
from lhs_evidence.report.schema import Urgency
from lhs_evidence.report.words import BANDS, all_words, likelihood, number, urgency


def test_every_id_has_a_word(framework):
    words = all_words(framework)
    for terms, known in (
        (words.statuses, Status), (words.reasons, Reason), (words.levels, Level),
        (words.polarities, Polarity), (words.document_statuses, DocumentStatus),
        (words.urgencies, Urgency),
    ):  # fmt: skip
        assert set(terms) == set(known)
        assert all(word.name and word.meaning.endswith(".") for word in terms.values())


def test_no_two_statuses_share_a_word(framework):
    words = all_words(framework)
    for terms in (words.statuses, words.reasons, words.document_statuses, words.urgencies):
        assert len({word.name for word in terms.values()}) == len(terms)


@pytest.mark.parametrize(
    ("confidence", "word", "shown"),
    [
        (1.0, "very likely", "over 0.99"),
        (0.994, "very likely", "0.99"),
        (0.9, "very likely", "0.90"),
        (0.894, "likely", "0.89"),
        (0.86, "likely", "0.86"),
        (0.66, "likely", "0.66"),
        (0.65, "about as likely as not", "0.65"),
        (0.33, "about as likely as not", "0.33"),
        (0.32, "unlikely", "0.32"),
        (0.1, "unlikely", "0.10"),
        (0.09, "very unlikely", "0.09"),
        (0.0, "very unlikely", "under 0.01"),
    ],
)
def test_confidence_in_words_and_number(confidence, word, shown):
    assert (likelihood(confidence), number(confidence)) == (word, shown)


def test_word_and_number_agree_where_rounding_crosses_a_limit():
    assert (number(0.8961), likelihood(0.8961)) == ("0.90", "very likely")


def test_bands_go_down_to_nothing():
    limits = [band.at_least for band in BANDS]
    assert limits == sorted(limits, reverse=True)
    assert limits[-1] == 0


def test_a_contradiction_is_first_even_where_nothing_is_expected():
    assert urgency(Reason.CONTRADICTED, expected=False) is Urgency.FIRST
    assert urgency(Reason.ABSENT, expected=False) is Urgency.LATER


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_an_urgency(reason):
    assert urgency(reason, expected=True) in Urgency


@given(st.floats(0.005, 0.994))
def test_the_word_fits_the_number_that_is_shown(confidence):
    assert likelihood(confidence) == likelihood(float(number(confidence)))
