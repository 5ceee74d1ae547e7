"""Prompts: what is declared is what is used, and text stays text."""

import pytest

from lhs_evidence.errors import PromptError
from lhs_prompts import load_prompt
from lhs_prompts.prompt import parse_prompt

FILE = "id: x\nversion: 1\nvariables: [{}]\nsystem: 'S {{{{a}}}}'\nhuman: 'H {{{{b}}}}'\n"


def test_the_judge_prompt_is_sound_and_says_what_it_is():
    prompt = load_prompt("judge")
    assert (prompt.id, len(prompt.sha256)) == ("judge", 64)


def test_values_are_put_in_once_and_their_braces_stay_text():
    prompt = parse_prompt(FILE.format("a, b"))
    assert prompt.render(a="{{b}} {b} %s", b="x") == ("S {{b}} {b} %s", "H x")


@pytest.mark.parametrize("declared", ["a", "a, b, c", ""])
def test_declared_and_used_variables_must_be_the_same(declared):
    with pytest.raises(PromptError, match="declared and used differ"):
        parse_prompt(FILE.format(declared))


def test_missing_and_surplus_values_are_refused():
    prompt = parse_prompt(FILE.format("a, b"))
    with pytest.raises(PromptError, match="b"):
        prompt.render(a="1")
    with pytest.raises(PromptError, match="c"):
        prompt.render(a="1", b="2", c="3")


@pytest.mark.parametrize("content", ["[", "just text", "id: x"])
def test_a_file_that_is_no_prompt_is_refused(content):
    with pytest.raises(PromptError):
        parse_prompt(content)


def test_an_unknown_name_is_refused():
    with pytest.raises(PromptError, match="nothing"):
        load_prompt("nothing")
