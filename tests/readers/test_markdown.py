from __future__ import annotations

from lhs_evidence.model import BlockRole

from .conftest import Outline, Read


def test_tokens_become_blocks(read: Read, outline: Outline) -> None:
    made = read(
        "policy.md",
        "# Falls *policy*\n\nWe [prevent](http://x.org) `falls`\nevery day.\n\n"
        "- Screen\n  1. on admission\n  1. weekly\n- Review<br>together\n\n"
        "| Measure | Target |\n|---|---|\n| Falls | **below** 2 |\n\n"
        "```\nfor fall in falls:\n    review(fall)\n```\n\n> Staff come first.\n\n**Reporting**\n",
    )
    assert outline(made) == [
        ("heading", "Falls policy"),
        ("paragraph", "We prevent falls every day."),
        ("list_item", "Screen"),
        ("list_item", "1. on admission"),
        ("list_item", "2. weekly"),
        ("list_item", "Review together"),
        ("table_row", "Measure | Target"),
        ("table_row", "Falls | below 2"),
        ("code", "for fall in falls:\n    review(fall)"),
        ("paragraph", "Staff come first."),
        ("heading", "Reporting"),
    ]
    assert [block.level for block in made.blocks] == [1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 2]


def test_front_matter_gives_the_title_and_is_no_text(read: Read) -> None:
    made = read("a.md", "---\ntitle: >-\n  Falls\n  policy\nlang: en\n---\n\n## Purpose\n\nText.\n")
    assert (made.title, made.text) == ("Falls policy", "Purpose\n\nText.")


def test_two_rules_are_not_front_matter_and_bad_yaml_is_passed_over(read: Read) -> None:
    assert "Not facts" in read("a.md", "---\nNot facts at all\n---\nText.\n").text
    assert read("b.md", "---\ntitle: [unclosed\n---\nText.\n").text == "Text."


def test_html_in_markdown_is_read_as_html(read: Read, outline: Outline) -> None:
    made = read(
        "a.md",
        "<!-- a note to editors -->\n<table><tr><td>Falls</td><td>12</td></tr></table>\n\n"
        "Text <b>in bold</b> and <span hidden>gone</span>.\n\n<script>x()</script>\n\n"
        "<details>\n<summary>More</summary>\n\nInside.\n\n</details>\n",
    )
    texts = [text for _, text in outline(made)]
    assert texts[:2] == ["Falls | 12", "Text in bold and gone."]
    assert texts[2:] == ["More", "Inside."]


def test_a_list_of_links_within_the_page_is_contents(read: Read, outline: Outline) -> None:
    made = read("a.md", "- [Purpose](#purpose)\n- [Scope](#scope)\n\n[Next](other.md)\n")
    assert outline(made, BlockRole.CONTENTS) == [("list_item", "Purpose"), ("list_item", "Scope")]
    assert outline(made) == [("paragraph", "Next")]


def test_pictures_and_directives_are_left_out(read: Read) -> None:
    made = read(
        "a.md", "{% include x.html %}\n\n![A chart](c.png)\n\nText.{: .lead}\n\n{{< note >}}\n"
    )
    assert made.text == "Text."


def test_nesting_beyond_reason_loses_no_text(read: Read) -> None:
    for deep in (">" * 3_000 + " At the bottom.", "- " * 3_000 + "At the bottom."):
        assert "At the bottom." in read("a.md", f"Before.\n\n{deep}\n").text


def test_line_ends_of_every_kind_and_other_encodings(read: Read) -> None:
    text = "# Stürze\r\n\r\nWir prüfen täglich.\rJede Pflegekraft hört zu."
    made = read("a.md", text.encode("cp1252"))
    assert made.text == "Stürze\n\nWir prüfen täglich. Jede Pflegekraft hört zu."


def test_numbers_count_on_from_the_first(read: Read) -> None:
    assert read("a.md", "0. zero\n0. one\n\nText.\n\n7) seven\n7) eight\n").text == (
        "0. zero\n1. one\n\nText.\n\n7) seven\n8) eight"
    )
