from __future__ import annotations

import socket
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lhs_evidence.model import BlockRole, DocumentStatus
from lhs_evidence.readers.html import reader as html
from lhs_evidence.readers.html.blocks import PageBuilder
from lhs_evidence.readers.html.reader import parse

from .conftest import Outline, Read

FURNITURE, HIDDEN, CONTENTS = BlockRole.FURNITURE, BlockRole.HIDDEN, BlockRole.CONTENTS
PROSE = "Every patient who falls is seen by a nurse within fifteen minutes of the fall. " * 3


def body(markup: str, role: BlockRole = BlockRole.BODY) -> list[tuple[str, str]]:
    return [
        (block.kind.value, " ".join(block.text.split()))
        for block in parse(markup).blocks
        if block.role is role
    ]


def test_structure_comes_from_the_tags(read: Read, outline: Outline) -> None:
    made = read(
        "page.html",
        "<html lang=en><head><title>Falls policy</title></head><body><h1>Falls</h1><p>We prevent"
        " falls.<ul><li>Screen<ul><li>on admission</ul><li>Review</ul><table><tr><th>Measure<th>"
        "Target<tr><td>Falls<td>below 2</table><pre>a\n  b</pre></body></html>",
    )
    assert outline(made) == [
        ("heading", "Falls"),
        ("paragraph", "We prevent falls."),
        ("list_item", "Screen"),
        ("list_item", "on admission"),
        ("list_item", "Review"),
        ("table_row", "Measure | Target"),
        ("table_row", "Falls | below 2"),
        ("code", "a\n  b"),
    ]
    assert [block.level for block in made.blocks[:5]] == [1, 0, 0, 1, 0]
    assert (made.title, made.language) == ("Falls policy", "en")


def test_inline_tags_do_not_cut_words_and_breaks_do_not_join_them() -> None:
    assert body("<p>pre<b>ven</b>tion<br>of <a href=x>falls</a></p>") == [
        ("paragraph", "prevention of falls")
    ]


def test_navigation_is_furniture_scripts_are_gone() -> None:
    page = (
        "<header><a href=/>Home</a></header><nav><ul><li><a href=/a>About us</a></ul></nav>"
        f"<main><h1>Falls</h1><p>{PROSE}</p></main><script>var x = 'text';</script>"
        "<footer>Riverbend Clinic</footer>"
    )
    assert body(page) == [("heading", "Falls"), ("paragraph", PROSE.strip())]
    assert [text for _, text in body(page, FURNITURE)] == ["Home", "About us", "Riverbend Clinic"]


@pytest.mark.parametrize("name", ["sidebar", "site-footer", "breadcrumbs", "cookie-banner"])
def test_parts_named_like_furniture_are_judged_by_what_is_in_them(name: str) -> None:
    page = f"<div><p>{PROSE}</p></div><div class='x {name}'><a href=/>Home</a></div>"
    assert body(page) == [("paragraph", PROSE.strip())]
    wrapped = f"<div class='{name}'><h1>Falls</h1><p>{PROSE}</p></div>"
    assert ("paragraph", PROSE.strip()) in body(wrapped)


def test_a_page_that_seems_all_navigation_is_read_all_the_same() -> None:
    assert body("<nav><p>Visitors wash their hands.</p></nav>") == [
        ("paragraph", "Visitors wash their hands.")
    ]


def test_links_to_places_on_the_page_are_contents() -> None:
    links = "".join(f"<li><a href='#s{n}'>Section {n}</a></li>" for n in range(4))
    page = f"<ul>{links}</ul><p>{PROSE}</p>"
    assert len(body(page, CONTENTS)) == 4
    assert body(page) == [("paragraph", PROSE.strip())]


@pytest.mark.parametrize(
    "secret",
    [
        "<p style='display: none'>SECRET</p>",
        "<p hidden>SECRET</p>",
        "<div style='font-size:0px'><b>SECRET</b></div>",
        "<span style='color:#FFFFFF'>SECRET</span>",
        "<p style='position:absolute;left:-9999px'>SECRET</p>",
        "<style>.gone { display:none }</style><p class='a gone'>SECRET</p>",
    ],
)
def test_text_no_visitor_sees_is_hidden(secret: str) -> None:
    page = f"<p>{PROSE}</p><div>{secret}</div><p>The end.</p>"
    assert body(page) == [("paragraph", PROSE.strip()), ("paragraph", "The end.")]
    assert body(page, HIDDEN) == [("paragraph", "SECRET")]


def test_hidden_text_is_said_aloud(read: Read) -> None:
    made = read("page.html", "<p>Seen.</p><p hidden>One</p><p hidden>Two</p>")
    assert made.warnings[0].startswith("2 hidden pieces")


@pytest.mark.parametrize(
    "shown",
    [
        "<div style='background-color:#005eb8'><p style='color:white'>SHOWN</p></div>",
        "<style>@media print { .a { display:none } }</style><p class=a>SHOWN</p>",
        "<details><summary>More</summary><p>SHOWN</p></details>",
        "<p style='color:#000'>SHOWN</p>",
        "<style>div.a{display:none} div.a{display:block}</style><div class=a>SHOWN</div>",
        "<style>span.a { display:none }</style><p class=a>SHOWN</p>",
        "<style>.a { display:none }</style><p class=a style='display: block'>SHOWN</p>",
        "<p aria-hidden=true>SHOWN</p>",
        "<noframes><body><p>SHOWN</p></body></noframes>",
        "<p aria-hidden=false style='opacity:0.9;font-size:0.9em'>SHOWN</p>",
    ],
)
def test_text_that_visitors_do_see_is_not(shown: str) -> None:
    assert ("paragraph", "SHOWN") in body(f"<p>{PROSE}</p>{shown}")


def test_a_page_that_a_script_would_show_is_read_with_a_warning(read: Read) -> None:
    made = read("page.html", "<style>#app{display:none}</style><div id=app><p>All of it.</p></div>")
    assert (made.status, made.text) == (DocumentStatus.READY, "All of it.")
    assert "hidden" in made.warnings[0]


def test_a_parser_that_gives_up_does_not_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Older versions of lxml return nothing for what is nested deep, and raise nothing."""
    monkeypatch.setattr(html, "_by_lxml", lambda _markup: PageBuilder().close())
    assert body(f"<ul><li>{PROSE}<li>Two</ul>") == [
        ("list_item", PROSE.strip()),
        ("list_item", "Two"),
    ]


def test_definitions_breaks_and_summaries_are_paragraphs() -> None:
    page = (
        "<dl><dt>Near miss<dd>An event without harm.</dl><details><summary>Who</summary>The nurse."
        "</details>First line,<br>still the first.<br><br>Second paragraph."
    )
    assert [text for _, text in body(page)] == [
        "Near miss",
        "An event without harm.",
        "Who",
        "The nurse.",
        "First line, still the first.",
        "Second paragraph.",
    ]


def test_xhtml_with_its_declarations_is_a_page(read: Read, outline: Outline) -> None:
    made = read(
        "page.xhtml",
        "<?xml version='1.0' encoding='utf-8'?><!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0//EN' "
        "'http://127.0.0.1:9/x.dtd'><html xmlns='http://www.w3.org/1999/xhtml' xml:lang='en'>"
        "<head><title>Falls policy</title></head><body><p>We prevent falls.<br/>Always.</p>"
        "</body></html>",
    )
    assert outline(made) == [("paragraph", "We prevent falls. Always.")]
    assert (made.title, made.media_type) == ("Falls policy", "text/html")


@pytest.mark.timing
def test_a_flat_page_of_20_megabytes_is_read_in_time() -> None:
    line = f"<p>{PROSE}</p>\n"
    began = time.process_time()
    blocks = parse(line * (20_000_000 // len(line))).blocks
    assert len(blocks) == 20_000_000 // len(line)
    assert time.process_time() - began < 20


def test_layout_tables_flow_and_nested_tables_stay_tables() -> None:
    page = (
        "<table><tr><td><h2>Falls</h2><p>One.</p><table><tr><td>a<td>b</table></td>"
        "<td><p>Two.</p></td></tr></table>"
    )
    assert body(page) == [
        ("heading", "Falls"),
        ("paragraph", "One."),
        ("table_row", "a | b"),
        ("paragraph", "Two."),
    ]


@pytest.mark.parametrize("tag", ["div", "span", "b", "ul><li", "table><tr><td", "font", "a href=x"])
def test_nesting_however_deep_never_gives_silence(tag: str) -> None:
    page = "<p>Before.</p>" + f"<{tag}>" * 50_000 + "At the bottom we report falls."
    began = time.monotonic()
    text = " ".join(block.text for block in parse(page).blocks)
    assert "Before." in text
    assert "At the bottom we report falls." in text
    assert time.monotonic() - began < 20


def test_unclosed_comments_and_tags_do_not_swallow_the_page() -> None:
    for broken in ("<!-- never closed ", "<p <b <i ", "<style>p{}", "<![CDATA[ "):
        page = f"<p>{PROSE}</p>{broken}"
        assert PROSE.strip() in " ".join(text for _, text in body(page))


WORDS = st.lists(st.text(alphabet="abcdefgh", min_size=1, max_size=6), min_size=1, max_size=30)
TAGS = st.sampled_from(["p", "div", "ul", "li", "td", "tr", "table", "b", "h2", "section", "br"])


BOTH_PARSERS = pytest.mark.parametrize("parser", [html._by_lxml, html._by_standard_library])


@BOTH_PARSERS
@given(words=WORDS, data=st.data())
def test_no_word_is_lost_in_broken_markup(
    parser: Callable[[str], PageBuilder], words: list[str], data: st.DataObject
) -> None:
    parts = []
    for word in words:
        tag, closing = data.draw(TAGS), data.draw(st.booleans())
        parts.append(f"<{'/' if closing else ''}{tag}> {word} ")
    found = (
        " ".join(block.text for block in parser("".join(parts)).blocks).replace("|", " ").split()
    )
    assert sorted(found) == sorted(words)


@BOTH_PARSERS
def test_both_parsers_see_the_same_page(parser: Callable[[str], PageBuilder]) -> None:
    page = parser(
        "<title>Falls</title><style>.x{display:none}</style><p>One<p>Two &amp; <i>three</i>"
        "<ul><li>a<ul><li>b</ul><li>c</ul><dl><dt>term<dd>meaning</dl><p class=x>gone</p>"
        "<table><tr><th>Unit<th>Falls<tr><td>North<td>12</table><script>if (a < b) x()</script>"
    )
    assert [(block.kind.value, block.text.strip(), block.level) for block in page.blocks] == [
        ("paragraph", "One", 0),
        ("paragraph", "Two & three", 0),
        ("list_item", "a", 0),
        ("list_item", "b", 1),
        ("list_item", "c", 0),
        ("paragraph", "term", 0),
        ("paragraph", "meaning", 0),
        ("paragraph", "gone", 0),
        ("table_row", "Unit | Falls", 0),
        ("table_row", "North | 12", 0),
    ]
    assert (page.title, page.blocks[7].role) == ("Falls", HIDDEN)


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "iso-8859-1"),
        ("cp1252", "iso-8859-1"),
        ("cp1252", "nonsense"),
        ("utf-16", "utf-8"),
        ("iso8859-2", "iso-8859-2"),
    ],
)
def test_charsets_declared_rightly_and_wrongly(read: Read, encoding: str, declared: str) -> None:
    text = "Die Pflegekräfte prüfen täglich die Stürze; Ärzte hören zu und ändern Pläne für alle."
    page = f"<html><head><meta charset={declared}></head><body><p>{text}</p></body></html>"
    assert read("page.html", page.encode(encoding)).text == text


def test_nothing_is_fetched(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError("a page reached for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    page = (
        "<!DOCTYPE html SYSTEM 'http://127.0.0.1:9/x.dtd'><link rel=stylesheet href=http://127.0.0.1:9/s.css>"
        "<p>Text.</p><img src=http://127.0.0.1:9/i.png><iframe src=file:///etc/passwd></iframe>"
    )
    assert read("page.html", page).text == "Text."


def test_a_page_without_text_has_none(read: Read) -> None:
    made = read("page.html", "<html><body><script>x()</script></body></html>")
    assert made.status is DocumentStatus.NO_TEXT
