import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lhs_evidence.passages import sentences


def texts(text):
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "expected",
    [
        ["Dr. Lee and Mrs. Diaz agreed.", "Work began."],
        ["See Sec. 4 and No. 12 of the plan.", "It is short."],
        ["Is it allowed?", "No.", "We asked."],
        ["Doses are checked, e.g. insulin and heparin.", "Errors fell to 2.5 per month!"],
        ["1. Wash your hands.", "2. Dry them.", "(a) Use a clean towel."],
        ['"Stop the line," she said.', '"We will."', "They did."],
        ["It was late (see Fig. 3).", "(A nurse saw it.)", "Nobody else did."],
        ["The U.S. office opened at 8 a.m. on Monday.", "All came."],
        ["患者は尊重される。", "安全を守る。"],
        ["Wait.", "What?!", "Go…"],
    ],
)
def test_sentences_are_found(expected):
    joined = "".join(expected) if expected[0][-1] == "。" else " ".join(expected)
    assert texts(joined) == expected


def test_a_line_break_ends_a_sentence_unless_the_line_was_only_wrapped():
    text = "Our aims\nWe listen to\nthe people we serve\n\nand we learn\n• from them"
    assert texts(text) == [
        "Our aims",
        "We listen to\nthe people we serve",
        "and we learn",
        "• from them",
    ]


@pytest.mark.parametrize("text", ["", " ", "\n\n \t"])
def test_white_space_has_no_sentences(text):
    assert sentences(text) == ()


@settings(deadline=None)
@given(st.text(st.one_of(st.characters(), st.sampled_from("aB1.!?。 \n\n(\"'")), max_size=200))
def test_sentences_cover_everything_but_white_space(text):
    end = 0
    for start, stop in sentences(text):
        assert not text[end:start].strip()
        assert text[start:stop].strip() == text[start:stop] != ""
        end = stop
    assert not text[end:].strip()


def test_a_lone_surrogate_is_text_like_any_other():
    assert texts("We name \ud800 here. We go on.") == ["We name \ud800 here.", "We go on."]


def test_a_very_long_text_without_stops_is_covered():
    text = "word " * 60_000
    assert "".join(texts(text)).replace(" ", "") == "word" * 60_000
