from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lhs_evidence.readers.sanitise import sanitise

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()))


@given(ANY_TEXT)
def test_clean_text_can_be_stored_anywhere_and_is_normal(text: str) -> None:
    clean = sanitise(text).text
    clean.encode("utf-8")
    assert unicodedata.normalize("NFC", clean) == clean
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in clean)


@given(ANY_TEXT)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    for options in ({}, {"lines": True}, {"indents": True}):
        once = sanitise(text, **options).text
        assert sanitise(once, **options).text == once


@given(st.text(alphabet="abc XYZ 019 .,éü\n"))
def test_ordinary_words_all_survive(text: str) -> None:
    assert sanitise(text).text.split() == unicodedata.normalize("NFC", text).split()


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("a\x00b\x0bc\x1fd", "ab cd"),
        ("evi\u00ad\ndence and evi\ufffedence", "evidence and evidence"),
        ("e\ufb03cient \ufb01le", "efficient file"),
        ("pa\u200btient\u202e safe\u2069ty\ufeff", "patient safety"),
        ("one\u00a0two\u2003three\u3000four", "one two three four"),
        ("cafe\u0301", "caf\u00e9"),
        ("x\ud800y", "xy"),
        ("hello\U000e0041\U000e0042", "hello"),
        (
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        ),
        ("wo\u200crd", "word"),
    ],
)
def test_what_no_reader_sees_goes(dirty: str, clean: str) -> None:
    assert sanitise(dirty).text == clean


def test_tables_keep_lines_and_code_keeps_indents() -> None:
    assert sanitise(" a \n\n  b  c ", lines=True).text == "a\nb c"
    assert sanitise("if x:\r\n\r\n    y  \n", indents=True).text == "if x:\n\n    y"


def test_removed_characters_are_counted_but_hyphens_and_ligatures_are_not() -> None:
    assert sanitise("a\x00b\u200bc\u00ad\ufb01").removed == 2
