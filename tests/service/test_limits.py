"""What is too much is refused while it arrives, and nothing of it stays."""

from __future__ import annotations

import http.client
import resource
import socket

import pytest


def _empty(strict):
    return not list((strict.data / "incoming").iterdir()) and not list(
        (strict.data / "analyses").iterdir()
    )


@pytest.mark.parametrize(
    ("files", "word"),
    [
        ({"large.txt": 2_001}, "large.txt"),
        ({"1.md": 1, "2.md": 1, "3.md": 1, "4.md": 1}, "files"),
        ({"1.md": 9_001}, "request"),
    ],
)
def test_over_a_limit(strict, files, word):
    form = [("files", (name, b"x" * size)) for name, size in files.items()]
    answer = strict.client.post("/api/v1/analyses", files=form)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert word in answer.json()["detail"]
    assert _empty(strict)


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "text/plain"])
def test_a_refused_client_gets_to_read_why(strict, kind):
    # Far more than the buffers between the two hold, so that most of it is unsent at the refusal;
    # and a client that, as browsers do, looks for an answer only once everything is sent.
    connection = http.client.HTTPConnection("127.0.0.1", strict.port, timeout=20)
    connection.request("POST", "/analyses", b"x" * 30_000_000, {"Content-Type": kind})
    assert connection.getresponse().status == 413


def test_a_body_that_does_not_say_its_size(strict):
    def endless():
        yield b'--x\r\nContent-Disposition: form-data; name="organization"\r\n\r\n'
        yield from (b"y" * 1_000 for _ in range(1_000))

    answer = strict.client.post(
        "/api/v1/analyses",
        content=endless(),
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )
    assert answer.status_code == 413
    assert _empty(strict)


def test_chunks_over_the_limit_of_a_request(strict):
    part = b'--x\r\nContent-Disposition: form-data; name="files"; filename="%d"\r\n\r\n%s\r\n'

    def chunks():
        yield from (part % (number, b"y" * 1_900) for number in range(20))

    answer = strict.client.post(
        "/api/v1/analyses",
        content=chunks(),
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )
    assert answer.status_code == 413
    assert _empty(strict)


def _begin(strict, sent):
    connection = socket.create_connection(("127.0.0.1", strict.port), timeout=10)
    head = (
        b"POST /api/v1/analyses HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n"
        b"Content-Type: multipart/form-data; boundary=x\r\n\r\n"
        b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
    )
    connection.sendall(head + sent)
    return connection


def test_an_upload_broken_off_leaves_nothing(strict, until):
    connection = _begin(strict, b"z" * 1_000)
    until(lambda: list((strict.data / "incoming").iterdir()), 10)
    connection.close()
    until(lambda: _empty(strict), 10)


def test_a_client_that_stalls_is_cut_off(strict, until):
    with _begin(strict, b"z" * 10) as connection:
        assert connection.recv(1_000).startswith(b"HTTP/1.1 408 ")
    until(lambda: _empty(strict), 10)


@pytest.mark.parametrize(
    ("form", "status", "word"),
    [
        ({"data": {"kind": "hospital"}, "files": [("other", ("", b""))]}, 422, "files"),
        (
            {"data": {"kind": "spaceship"}, "files": [("files", ("a.md", b"x"))]},
            422,
            "public-health",
        ),
        ({"data": {"organization": "x" * 201}, "files": [("files", ("a.md", b"x"))]}, 422, "200"),
        ({"json": {"files": []}}, 415, "multipart"),
        (
            {"content": b"no form", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
            400,
            "malformed",
        ),
    ],
)
def test_a_form_that_makes_no_sense(strict, form, status, word):
    answer = strict.client.post("/api/v1/analyses", **form)
    assert answer.status_code == status, answer.text
    assert word in answer.json()["detail"]
    assert _empty(strict)


def test_a_browser_gets_the_form_back_with_the_reason(strict, multipart):
    answer = strict.client.post("/analyses", files=multipart("big.txt", content=b"x" * 2_001))
    assert answer.status_code == 413
    assert "Nothing was uploaded." in answer.text
    assert "big.txt" in answer.text
    assert "<form" in answer.text


def test_a_full_disk_is_said_and_the_next_upload_works(strict, multipart):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500, before[1]))
    try:
        answer = strict.client.post("/api/v1/analyses", files=multipart("a.md", content=b"x" * 999))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert answer.status_code == 507
    assert "no room left" in answer.json()["detail"]
    assert _empty(strict)
    answer = strict.client.post("/api/v1/analyses", files=multipart("a.md"))
    assert answer.status_code == 202
    assert strict.client.delete(answer.headers["location"]).status_code == 204
