"""Templates keep to the policy that browsers are told."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from lhs_service.web.rendering import environment

TEMPLATES = {
    name: (files("lhs_service.web") / "templates" / name).read_text("utf-8")
    for name in environment().list_templates()
}
PAGES = [name for name, text in TEMPLATES.items() if "{% extends" in text]


@pytest.mark.parametrize("name", PAGES)
def test_every_page_has_a_title_and_one_first_heading(name):
    assert re.search(r"{% block title %}.+{% endblock %}", TEMPLATES[name])
    assert len(re.findall(r"<h1\b", TEMPLATES[name])) == 1


def test_every_template_is_a_page_or_part_of_one():
    for name in TEMPLATES.keys() - set(PAGES):
        assert any(f'"{name}"' in text for text in TEMPLATES.values()), name


@pytest.mark.parametrize("name", TEMPLATES)
def test_no_script_or_style_stands_inside_a_page(name):
    text = TEMPLATES[name]
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", text)


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_field_has_a_label(name):
    for field in re.findall(r"<(?:input|select|textarea)[^>]*\bid=\"([^\"]+)\"", TEMPLATES[name]):
        assert f'<label for="{field}"' in TEMPLATES[name]
