"""Who may ask, and what every answer carries."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from lhs_service.app import create_app
from lhs_service.security import is_loopback
from lhs_service.settings import ServiceSettings

UNKNOWN = "0" * 32


@pytest.fixture(scope="module")
def client(tmp_path_factory, analyzer):
    app = create_app(ServiceSettings(data=tmp_path_factory.mktemp("guards")), analyzer)
    with TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False) as client:
        yield client


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "10.0.0.5:8000", "0.0.0.0", "", "[::2]", "a b"],
)
def test_a_name_of_elsewhere_is_refused(client, host):
    for path in ("/", "/health", "/api/v1/analyses"):
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code == 421


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "127.8.8.8:1", "[::1]:8000"])
def test_names_of_this_machine_are_answered(client, host):
    assert client.get("/health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    ("host", "expected"),
    [("::1", True), ("LOCALHOST", True), ("localhost.example", False), ("::", False), ("", False)],
)
def test_what_counts_as_this_machine(host, expected):
    assert is_loopback(host) is expected


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9000"},
    ],
)
def test_another_site_cannot_change_anything(client, headers):
    for method, path in (
        ("POST", "/analyses"),
        ("POST", "/api/v1/analyses"),
        ("DELETE", f"/api/v1/analyses/{UNKNOWN}"),
        ("POST", f"/analyses/{UNKNOWN}/delete"),
    ):
        assert client.request(method, path, headers=headers).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [{}, {"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://127.0.0.1:8000"}],
)
def test_our_own_pages_and_programs_can(client, headers):
    assert client.post("/api/v1/analyses", headers=headers).status_code == 415


@pytest.mark.parametrize("identity", [UNKNOWN, "x", "..%2f..%2fetc", "%00", "a" * 3_000])
def test_an_unknown_id_is_not_found_anywhere(client, identity):
    for path in ("", "/report", "/report.html"):
        answer = client.get(f"/api/v1/analyses/{identity}{path}")
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
    assert client.delete(f"/api/v1/analyses/{identity}").status_code == 404
    for path in ("", "/report", "/gap-report.json"):
        assert client.get(f"/analyses/{identity}{path}").status_code == 404
    assert client.post(f"/analyses/{identity}/delete").status_code == 404


@pytest.mark.parametrize(
    "path", ["/", "/nowhere", "/health", "/api/v1/nowhere", "/static/service.css"]
)
def test_every_answer_carries_the_guards(client, path):
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_health_says_the_version(client):
    answer = client.get("/health").json()
    assert answer["status"] == "ok"
    assert answer["version"] == client.get("/api/v1/openapi.json").json()["info"]["version"]


def test_uploads_are_for_this_user_only(client):
    data = client.app.state.desk.settings.data
    assert (data / "analyses").stat().st_mode & 0o077 == 0
