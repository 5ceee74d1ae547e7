"""The pages in a real browser: by keyboard and script, without scripts, and on a small window."""

from __future__ import annotations

import shutil

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed"),
]


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def visit(browser, service):
    """Open the home page in a window; what the page complains of fails the test."""
    contexts, complaints = [], []

    def look(**options):
        context = browser.new_context(base_url=str(service.client.base_url), **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text))
        page.goto("/")
        return page

    yield look
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def documents(tmp_path, policy):
    paths = [tmp_path / name for name in ("policy.md", "plan.txt", "notes.xyz")]
    for path in paths:
        path.write_text(policy, encoding="utf-8")
    return paths


def test_from_upload_to_report_by_keyboard(visit, documents):
    page = visit()
    page.get_by_label("Organization").press_sequentially("Kestrel Basin Health")
    page.get_by_label("Documents").set_input_files(documents[:2])
    page.get_by_label("Documents").set_input_files(documents[2:])
    assert page.locator(".chosen li").count() == 3
    page.get_by_role("button", name="Take out plan.txt").press("Enter")
    page.get_by_role("button", name="Analyze the documents").press("Enter")
    page.get_by_role("link", name="Open the gap report").press("Enter")
    page.wait_for_url("**/report")
    assert page.get_by_role("heading", level=1).inner_text() == "Kestrel Basin Health"
    shown = page.locator("#documents tbody th bdi").all_inner_texts()
    assert sorted(shown) == ["notes.xyz", "policy.md"]


def test_without_scripts_the_page_still_comes_to_its_end(visit, documents):
    page = visit(java_script_enabled=False)
    page.get_by_label("Organization").fill("Plain Health")
    page.get_by_label("Documents").set_input_files(documents)
    page.get_by_role("button", name="Analyze the documents").click()
    page.get_by_role("link", name="Open the gap report").wait_for()
    page.get_by_text("Delete this analysis").click()
    page.get_by_role("button", name="Delete for good").click()
    assert page.get_by_role("link", name="Plain Health").count() == 0


def test_too_large_a_file_is_said_before_it_is_sent(visit, tmp_path):
    page = visit()
    large = tmp_path / "large.pdf"
    with large.open("wb") as stream:
        stream.truncate(51 << 20)
    page.get_by_label("Documents").set_input_files(large)
    assert "large.pdf is over the limit" in page.locator("#files-problem").inner_text()


@pytest.mark.parametrize("path", ["/", "/analyses/{id}", "/analyses/{id}/report"])
def test_nothing_is_wider_than_a_small_window(visit, service, multipart, finished, path):
    name = "a-name-without-a-blank-" * 6 + ".md"
    form = {"organization": "An-organization-without-a-blank-" * 5}
    answer = service.client.post("/api/v1/analyses", files=multipart(name), data=form)
    done = finished(service.client, answer.headers["location"])
    page = visit(viewport={"width": 360, "height": 740})
    page.goto(path.format(id=done["id"]))
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
