"""From upload to report, over a real connection."""

from __future__ import annotations

import pytest

from lhs_evidence.report import GapReport

HOSTILE = ["../../escape.md", "CON", "..", "a" * 5_000 + ".md", "<script>alert(1)</script>.md"]
ORGANIZATION = "<script>alert(2)</script> Health"


@pytest.fixture(scope="module")
def done(service, multipart, finished):
    answer = service.client.post(
        "/api/v1/analyses",
        files=multipart("policy.md", *HOSTILE)
        + multipart("scan.xyz", content=b"\x00\x01\x02" * 50),
        data={"organization": ORGANIZATION, "kind": "clinic"},
    )
    assert answer.status_code == 202, answer.text
    return finished(service.client, answer.headers["location"])


def test_an_upload_becomes_a_report(service, done, policy):
    assert done["state"] == "done", done["reason"]
    answer = service.client.get(done["links"]["report"])
    report = GapReport.model_validate_json(answer.content)
    assert (report.organization, report.kind) == (ORGANIZATION, "clinic")
    assert any(quote.quote in policy.replace("\n", " ") for quote in report.quotes())


def test_progress_is_told(done):
    assert done["progress"]["stage"]
    assert done["started"] >= done["created"][:19]


def test_a_file_nobody_can_read_ends_in_the_report_and_not_as_an_error(done):
    [scan] = [item for item in done["summary"]["documents"] if item["name"] == "scan.xyz"]
    assert scan["status"] == "unsupported"
    assert scan["reason"]


def test_hostile_names_stay_in_their_folder(service, done):
    folder = service.data / "analyses" / done["id"] / "uploads"
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        file["name"] for file in done["files"]
    )
    assert len(done["files"]) == len(HOSTILE) + 2
    assert [path.parent for path in service.data.parent.rglob("escape.md")] == [folder]


def test_names_from_outside_are_escaped_on_every_page(service, done):
    for page in ("/", f"/analyses/{done['id']}", f"/analyses/{done['id']}/report"):
        text = service.client.get(page).text
        assert "alert(2)" in text
        assert "<script>alert" not in text


def test_the_report_page_keeps_its_own_style_and_nothing_else(service, done):
    answer = service.client.get(f"/analyses/{done['id']}/report")
    policy = answer.headers["content-security-policy"]
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert "style-src 'sha256-" in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_the_json_can_be_downloaded(service, done):
    answer = service.client.get(f"/analyses/{done['id']}/gap-report.json")
    assert answer.headers["content-disposition"] == 'attachment; filename="gap-report.json"'
    assert answer.content == service.client.get(done["links"]["report"]).content


def test_the_form_leads_to_the_page_of_its_analysis(service, multipart):
    answer = service.client.post(
        "/analyses", files=multipart("b.txt"), data={"organization": "Form Health"}
    )
    assert answer.status_code == 303
    page = service.client.get(answer.headers["location"])
    assert page.status_code == 200
    assert "Form Health" in page.text


def test_a_deleted_analysis_is_gone_with_its_files(service, multipart, finished):
    answer = service.client.post("/api/v1/analyses", files=multipart("gone.md"))
    location = answer.headers["location"]
    done = finished(service.client, location)
    assert service.client.delete(location).status_code == 204
    assert service.client.get(location).status_code == 404
    assert not (service.data / "analyses" / done["id"]).exists()


def test_the_list_has_the_newest_first_and_pages(service, done, multipart):
    service.client.post("/api/v1/analyses", files=multipart("newer.md"))
    listed = service.client.get("/api/v1/analyses").json()
    created = [item["created"] for item in listed["analyses"]]
    assert created == sorted(created, reverse=True)
    second = service.client.get("/api/v1/analyses", params={"limit": 1, "offset": 1}).json()
    assert second["analyses"][0]["id"] == listed["analyses"][1]["id"]
    assert second["total"] == listed["total"]


def test_a_fault_tells_an_incident_and_no_more(service, multipart, finished):
    answer = service.client.post("/api/v1/analyses", files=multipart("broken.md"))
    done = finished(service.client, answer.headers["location"])
    (service.data / "analyses" / done["id"] / "reports" / "gap-report.json").unlink()
    answer = service.client.get(done["links"]["report"])
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["incident"]
    assert str(service.data) not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
