"""Names that are safe to keep."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lhs_service.uploads import safe_name, unique_names


@pytest.mark.parametrize(
    ("original", "expected"),
    [
        ("Plan 2026.pdf", "Plan 2026.pdf"),
        ("Qualität.docx", "Qualität.docx"),
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\x\report.pdf", "report.pdf"),
        ("", "document"),
        ("..", "document"),
        (".env", "env"),
        ("CON", "_CON"),
        ("nul.pdf", "_nul.pdf"),
        ("a\x00b\n.pdf", "ab.pdf"),
        ("gpj.\u202efdp.pdf", "gpj.fdp.pdf"),
        ('a<b>:"|?*.pdf', "a_b______.pdf"),
    ],
)
def test_what_a_name_becomes(original, expected):
    assert safe_name(original) == expected


def test_a_long_name_keeps_its_ending():
    name = safe_name("ä" * 5_000 + ".docx")
    assert name.endswith("ä.docx")
    assert len(name.encode()) <= 180


def test_names_that_only_differ_in_case_are_kept_apart():
    assert unique_names(["a.md", "A.md", "x/a.md"]) == ["a.md", "A (2).md", "a (3).md"]


@given(st.text())
def test_any_name_is_safe_and_stays_what_it_is(original):
    name = safe_name(original)
    assert name.strip(". ")
    assert not re.search(r"[/\\\x00-\x1f\ud800-\udfff]", name)
    assert len(name.encode()) <= 180
    assert safe_name(name) == name


@given(st.lists(st.text(max_size=4)))
def test_no_two_names_are_the_same(originals):
    names = [name.casefold() for name in unique_names(originals)]
    assert len(set(names)) == len(originals)
