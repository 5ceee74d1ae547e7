from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from lhs_evidence.report.html_format import render_html

pytestmark = pytest.mark.browser
playwright = pytest.importorskip("playwright.sync_api")

LONG = "ein_Dateiname_ohne_jede_Trennstelle_" * 6


@pytest.fixture(scope="module")
def browser() -> Iterator:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        pytest.skip("no Chromium is installed")
    with playwright.sync_playwright() as session:
        running = session.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-background-networking"]
        )
        yield running
        running.close()


@pytest.mark.parametrize("width", [320, 360, 760, 1280])
def test_nothing_runs_over_the_side_and_no_rule_is_broken(browser, renamed, tmp_path, width):
    (tmp_path / "report.html").write_bytes(render_html(renamed(LONG)))
    page = browser.new_page(viewport={"width": width, "height": 800})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto((tmp_path / "report.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert complaints == []
    # The style is in force: had its hash not matched, the browser would have dropped it.
    assert page.evaluate("getComputedStyle(document.querySelector('.skip')).position") == "absolute"
    page.close()


def test_what_is_folded_on_the_screen_is_open_in_print(browser, report, tmp_path):
    (tmp_path / "report.html").write_bytes(render_html(report))
    page = browser.new_page()
    page.goto((tmp_path / "report.html").as_uri())
    folded = page.locator("details blockquote").first
    assert not folded.is_visible()
    page.emulate_media(media="print")
    assert folded.is_visible()
    page.close()
